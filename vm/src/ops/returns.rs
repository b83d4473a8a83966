//! Returns: a frame is left, its registers die, and the caller goes on with the result.

use super::calls::CALL_UNITS;
use super::moves::jump_overwrite;
use super::{a, c, jump_next, put, reg};
use crate::stack::{Frame, WATCHED};
use crate::value::{Value, Word};
use crate::vm::Vm;

/// Leaves the frame with a word that the caller gets; `leave_slow` takes over where an object dies on the way. Whatever was
/// given up until then has left its register empty.
macro_rules! jump_leave_with {
    ($fp:expr, $vm:expr, $word:expr) => {{
        let word: Word = $word;
        let stacks = &(*$vm).thread.stacks;
        let frame = stacks.frame.get();
        // The last local goes first, as in CPython.
        let mut local = $fp.cast::<Word>().add((*(*frame).run).locals);
        while local > $fp.cast() {
            local = local.sub(1);
            let held = *local;
            if held.is_ptr() {
                let header = held.ptr().as_ref();
                if header.refs() == 1 {
                    return leave_slow(word, $fp, $vm);
                }
                let _ = header.decref();
                *local = Word::UNBOUND;
            }
        }
        if !(*frame).extra.is_unbound() {
            return leave_slow(word, $fp, $vm);
        }
        let caller = frame.sub(1);
        let (call, to) = ((*caller).pc, (*caller).fp);
        let callee = reg(to, a(call));
        if callee.is_ptr() {
            if callee.refs() == 1 {
                return leave_slow(word, $fp, $vm);
            }
            let _ = callee.ptr().as_ref().decref();
        }
        put(to, a(call), Word::UNBOUND);
        stacks.frame.set(caller);
        jump_overwrite!(call, CALL_UNITS, to, (*caller).consts, $vm, c(call), word)
    }};
}

/// Leaves the frame with the value of register `a`.
pub unsafe extern "C" fn return_value(pc: *mut u64, fp: *mut Value, _: *const Value, vm: *const Vm) {
    // SAFETY: the operand is a register; the caller's record is below.
    unsafe {
        let word = reg(fp, a(pc));
        put(fp, a(pc), Word::UNBOUND);
        jump_leave_with!(fp, vm, word)
    }
}

/// Leaves the frame with constant `a`.
pub unsafe extern "C" fn return_const(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        let word = super::konst(consts, a(pc));
        word.incref();
        jump_leave_with!(fp, vm, word)
    }
}

#[inline(always)]
unsafe fn leave_slow(word: Word, fp: *mut Value, vm: *const Vm) {
    // SAFETY: the value waits where the collector does not look, but nothing runs before `leave` takes it.
    unsafe {
        (*vm).dead.set(word);
        leave(std::ptr::null_mut(), fp, std::ptr::null(), vm)
    }
}

/// Leaves the frame with the word that was noted; any local may die.
#[cold]
#[inline(never)]
unsafe extern "C" fn leave(_: *mut u64, fp: *mut Value, _: *const Value, vm: *const Vm) {
    // SAFETY: by the handlers above.
    unsafe {
        let word = (*vm).dead.replace(Word::UNBOUND);
        leave_with_deaths(word, fp, vm)
    }
}

#[inline(always)]
unsafe fn leave_with_deaths(word: Word, fp: *mut Value, vm: *const Vm) {
    // SAFETY: by the handlers above.
    unsafe {
        let stacks = &(*vm).thread.stacks;
        let frame = stacks.frame.get();
        if (*frame).extra == WATCHED {
            crate::types::traceback::keep_watched(&*vm);
        }
        let locals = (*(*frame).run).locals;
        let mut at = locals;
        while at > 0 {
            at -= 1;
            let local = reg(fp, at);
            if local.is_ptr() {
                put(fp, at, Word::UNBOUND);
                local.decref();
            }
        }
        if !(*frame).extra.is_unbound() {
            drop_namespace(frame);
        }
        let caller = frame.sub(1);
        stacks.frame.set(caller);
        let (pc, fp) = ((*caller).pc, (*caller).fp);
        let (base, dst) = (a(pc), c(pc));
        let old = reg(fp, dst);
        put(fp, dst, word);
        if dst != base {
            let callee = reg(fp, base);
            put(fp, base, Word::UNBOUND);
            callee.decref();
        }
        old.decref();
        jump_next!(pc.add(CALL_UNITS), fp, (*caller).consts, vm)
    }
}

#[cold]
#[inline(never)]
unsafe fn drop_namespace(frame: *mut Frame) {
    // SAFETY: the frame is of a module or class body and owns its namespace.
    unsafe { drop(Value::from_word(std::mem::replace(&mut (*frame).extra, Word::UNBOUND))) }
}
