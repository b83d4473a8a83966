//! Moving values between registers, and to a register out of what a loop walks, where they lie there as they are.

use super::control::{by_slot, end_loop, for_iter_slow, for_other};
use super::{At, a, b, c, helper, jump_next, konst, near, put, reg};
use crate::object::Layout;
use crate::raised::Res;
use crate::types::dict_views::{DictIter, KEYS, VALUES};
use crate::types::iterators::AsciiIter;
use crate::types::range::RangeIter;
use crate::types::str::Str;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// Puts a word that is owned in a register, and gives up what was there.
macro_rules! jump_overwrite {
    ($pc:expr, $len:expr, $fp:expr, $consts:expr, $vm:expr, $index:expr, $word:expr) => {{
        let index = $index;
        let old = $crate::ops::reg($fp, index);
        $crate::ops::put($fp, index, $word);
        if old.is_ptr() && old.ptr().as_ref().decref() {
            $crate::ops::run::set_dead($vm, old);
            return $crate::ops::run::release_dead($pc.wrapping_add($len), $fp, $consts, $vm);
        }
        $crate::ops::jump_next!($pc.wrapping_add($len), $fp, $consts, $vm)
    }};
}
pub(crate) use jump_overwrite;

/// Counts a reference to a word that gets another slot. Where a number without identity must not be copied (`$share`), it
/// leaves for `$slow` instead.
macro_rules! jump_unless_counted {
    ($word:expr, $share:expr, $slow:expr) => {{
        let word: $crate::value::Word = $word;
        if word.is_ptr() {
            word.ptr().as_ref().incref();
        } else if $share && word.needs_box() {
            return $slow;
        }
    }};
}
pub(crate) use jump_unless_counted;

/// `a = b`, sharing.
pub unsafe extern "C" fn move_share(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: operands are registers of the frame.
    unsafe {
        let word = reg(fp, b(pc));
        jump_unless_counted!(word, true, move_boxed(pc, fp, consts, vm));
        jump_overwrite!(pc, 1, fp, consts, vm, a(pc), word)
    }
}
helper! { move_boxed, 1, box_and_share; }
helper! { box_source, 0, give_identity; }
/// The number in register `a` is about to be shared: boxes it, and runs the instruction again.
fn give_identity(at: At<'_>) -> Res<()> {
    at.reg(at.a()).share();
    if at.reg(at.a()).word().needs_box() { Err(at.vm.no_memory()) } else { Ok(()) }
}
fn box_and_share(at: At<'_>) -> Res<()> {
    at.give(at.reg(at.b()).clone())
}

/// `a = b` where `b` is dead: a number's bits are copied.
pub unsafe extern "C" fn move_last(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        let word = reg(fp, b(pc));
        word.incref();
        jump_overwrite!(pc, 1, fp, consts, vm, a(pc), word)
    }
}

/// `a = b`, emptying the temporary `b`.
pub unsafe extern "C" fn move_temp(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        let word = reg(fp, b(pc));
        put(fp, b(pc), Word::UNBOUND);
        jump_overwrite!(pc, 1, fp, consts, vm, a(pc), word)
    }
}

/// `a = constant b`
pub unsafe extern "C" fn load_k(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        let word = konst(consts, b(pc));
        word.incref();
        jump_overwrite!(pc, 1, fp, consts, vm, a(pc), word)
    }
}

/// Empties `a`.
pub unsafe extern "C" fn null(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe { jump_overwrite!(pc, 1, fp, consts, vm, a(pc), Word::UNBOUND) }
}

/// Gives up the temporary `a`.
pub unsafe extern "C" fn drop_temp(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe { jump_overwrite!(pc, 1, fp, consts, vm, a(pc), Word::UNBOUND) }
}

/// `a = b`, sharing a temporary; `a` is a dead one.
pub unsafe extern "C" fn copy_temp(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        let word = reg(fp, b(pc));
        jump_unless_counted!(word, true, move_boxed(pc, fp, consts, vm));
        put(fp, a(pc), word);
        jump_next!(pc.wrapping_add(1), fp, consts, vm)
    }
}

/// Exchanges two temporaries.
pub unsafe extern "C" fn swap_temps(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        let (x, y) = (reg(fp, a(pc)), reg(fp, b(pc)));
        put(fp, a(pc), y);
        put(fp, b(pc), x);
        jump_next!(pc.wrapping_add(1), fp, consts, vm)
    }
}

helper! {
    take_local, 1, take;
    load_far_k, 1, far_constant;
}

/// Goes on where `b` is the object of `Common` that `c` names, and jumps if it is another.
pub unsafe extern "C" fn unless_common(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: operands are registers; the second unit holds the target.
    unsafe {
        if reg(fp, b(pc)) == (*vm).common(c(pc) as u32).word() {
            jump_next!(pc.wrapping_add(2), fp, consts, vm)
        }
        jump_next!(pc.offset(near(pc.add(1))), fp, consts, vm)
    }
}

/// `a = constant c:b` of the code.
fn far_constant(at: At<'_>) -> Res<()> {
    at.give(at.code().consts[at.b() | at.c() << 16].clone())
}

fn take(at: At<'_>) -> Res<()> {
    at.give(at.reg(at.b()).take())
}

macro_rules! for_entries {
    ($name:ident, $kind:ident, $layout:ident, $part:ident) => {
        #[doc = concat!("`FOR_ITER` over the ", stringify!($part), "s of a dict. The end, and a dict that has changed, are the iterator's.")]
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: operands are registers; an object's shape says what its payload is.
            unsafe {
                let iterator = reg(fp, b(pc));
                if !iterator.is_ptr() || iterator.shape() != Layout::$layout.shape() {
                    return for_other(pc, fp, consts, vm);
                }
                let walk = &*(iterator.0 as *const DictIter<$kind>);
                if !(*vm).breaker.is_raised()
                    && let Some((at, entry)) = walk.coming()
                {
                    let word = entry.$part.word();
                    jump_unless_counted!(word, c(pc) == 0, for_iter_slow(pc, fp, consts, vm));
                    walk.pass(at);
                    jump_overwrite!(pc.offset(near(pc.add(1))), 0, fp, consts, vm, a(pc), word)
                }
                by_slot(pc, fp, consts, vm)
            }
        }
    };
}
for_entries!(for_keys, KEYS, DictKeyIter, key);
for_entries!(for_values, VALUES, DictValueIter, value);

/// `FOR_ITER` over a text of ASCII.
pub unsafe extern "C" fn for_text(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        let iterator = reg(fp, b(pc));
        if !iterator.is_ptr() || iterator.shape() != Layout::AsciiIter.shape() {
            return for_other(pc, fp, consts, vm);
        }
        let walk = &*(iterator.0 as *const AsciiIter);
        let (source, at) = (walk.source.word(), walk.index.get());
        if !(*vm).breaker.is_raised() && source.is_ptr() && source.shape() == Layout::Str.shape() {
            let bytes = (*(source.0 as *const Str)).bytes();
            if at < bytes.len()
                && let Some(char) = (*vm).known_char(u32::from(*bytes.get_unchecked(at)))
            {
                walk.index.set(at + 1);
                let word = char.into_word();
                jump_overwrite!(pc.offset(near(pc.add(1))), 0, fp, consts, vm, a(pc), word)
            }
        }
        by_slot(pc, fp, consts, vm)
    }
}

/// `FOR_ITER` over a range.
pub unsafe extern "C" fn for_range(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: operands are registers; an object's shape says what its payload is.
    unsafe {
        let iterator = reg(fp, b(pc));
        if !iterator.is_ptr() || iterator.shape() != Layout::RangeIter.shape() {
            return for_other(pc, fp, consts, vm);
        }
        if (*vm).breaker.is_raised() {
            return for_iter_slow(pc, fp, consts, vm);
        }
        let range = &*(iterator.0 as *const RangeIter);
        let left = range.left.get();
        if left > 0 {
            let number = range.next.get();
            range.left.set(left - 1);
            range.next.set(number.wrapping_add(range.step));
            let word = Word::from_int(number);
            jump_overwrite!(pc.offset(near(pc.add(1))), 0, fp, consts, vm, a(pc), word)
        }
        if left < 0 || iterator.refs() != 1 {
            return for_iter_slow(pc, fp, consts, vm);
        }
        end_loop(pc, fp, consts, vm)
    }
}
