//! Jumps and loops.

use super::{At, a, b, c, far, helper, near, next, put, reg, switch};
use crate::object::Layout;
use crate::raised::Res;
use crate::types::iterators::SeqIter;
use crate::types::list::List;
use crate::types::range::RangeIter;
use crate::value::{Value, Word};
use crate::vm::{Vm, breaker};

/// Ends a run: returns to Rust.
pub unsafe extern "C" fn exit(_: *mut u64, _: *mut Value, _: *const Value, _: *const Vm) {}

/// Goes on elsewhere.
pub unsafe extern "C" fn jump(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the target is a unit of the same code.
    unsafe { next!(pc.offset(far(pc)), fp, consts, vm) }
}

/// Closes a loop.
pub unsafe extern "C" fn jump_back(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        if (*vm).breaker.get() != 0 {
            return interrupted(pc, fp, consts, vm);
        }
        next!(pc.offset(far(pc)), fp, consts, vm)
    }
}

helper! { interrupted, 0, attend; }
fn attend(at: At<'_>) -> Res<()> {
    service(at.vm)
}

/// Does what the breaker asks for.
pub fn service(vm: &Vm) -> Res<()> {
    let bits = vm.breaker.replace(0);
    if bits & breaker::COLLECT != 0 {
        crate::collect::collect_due(vm);
    }
    if bits & breaker::INTERRUPT != 0 {
        return Err(vm.raise(&vm.exc.KeyboardInterrupt, ""));
    }
    Ok(())
}

macro_rules! none_jump {
    ($name:ident, $sense:expr) => {
        /// Jumps if `b` is (or is not) None.
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: as above.
            unsafe {
                let word = reg(fp, b(pc));
                let to = if (word == Word::NONE) == $sense { near(pc.add(1)) } else { 2 };
                if word.is_ptr() {
                    return release_and_jump(pc, fp, consts, vm);
                }
                next!(pc.offset(to), fp, consts, vm)
            }
        }
    };
}
none_jump!(jump_if_none, true);
none_jump!(jump_if_not_none, false);

switch! {
    release_and_jump, not_none;
    for_iter_slow, advance;
}

/// An object is not None: gives up a temporary and takes the way of "not None".
fn not_none(at: At<'_>) -> Res<*mut u64> {
    at.release(at.b());
    // SAFETY: pc points to a unit and the second unit holds the target.
    let (op, target) = unsafe { (*at.pc.cast::<u16>(), near(at.pc.add(1))) };
    Ok(at.at(if op == super::RunOp::JumpIfNotNone as u16 { target } else { 2 }))
}

helper! { get_iter, 1, make_iterator; }
fn make_iterator(at: At<'_>) -> Res<()> {
    let iterator = at.vm.iter(at.reg(at.b()))?;
    at.release(at.b());
    at.give(iterator)
}

/// `a` = the next item of `b`, or gives up the iterator and leaves the loop.
///
/// The second unit holds two targets: of the body, and of what follows the loop.
pub unsafe extern "C" fn for_iter(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: operands are registers; an object's shape says what its payload is.
    unsafe {
        let iterator = reg(fp, b(pc));
        if !iterator.is_ptr() || (*vm).breaker.get() != 0 {
            return for_iter_slow(pc, fp, consts, vm);
        }
        let shape = iterator.shape();
        if shape == Layout::RangeIter.shape() {
            let range = &*(iterator.0 as *const RangeIter);
            let left = range.left.get();
            let old = reg(fp, a(pc));
            if left != 0 && !old.is_ptr() {
                let number = range.next.get();
                range.left.set(left - 1);
                range.next.set(number.wrapping_add(range.step));
                put(fp, a(pc), Word::from_int(number));
                next!(pc.offset(near(pc.add(1))), fp, consts, vm)
            }
        } else if shape == Layout::SeqIter.shape() {
            let walk = &*(iterator.0 as *const SeqIter);
            let old = reg(fp, a(pc));
            if !old.is_ptr()
                && let Some(list) = walk.source.exact::<List>()
            {
                let at = walk.index.get();
                if at < list.len() {
                    let word = list.word(at);
                    if c(pc) != 0 || !word.needs_box() {
                        walk.index.set(at + 1);
                        word.incref();
                        put(fp, a(pc), word);
                        next!(pc.offset(near(pc.add(1))), fp, consts, vm)
                    }
                }
            }
        } else if shape == Layout::Generator.shape() {
            return super::generators::for_iter(pc, fp, consts, vm);
        }
        for_iter_slow(pc, fp, consts, vm)
    }
}

fn advance(at: At<'_>) -> Res<*mut u64> {
    let vm = at.vm;
    if vm.breaker.get() != 0 {
        service(vm)?;
    }
    let iterator = at.reg(at.b());
    if let Some(generator) = iterator.exact::<crate::types::generator::Generator>()
        && let Some(entry) = super::generators::resume_for_loop(vm, generator)?
    {
        return Ok(entry);
    }
    // SAFETY: the second unit holds the targets.
    let (body, exit) = unsafe { (near(at.pc.add(1)), far(at.pc.add(1))) };
    match vm.advance(iterator)? {
        Some(item) => {
            at.give(item)?;
            Ok(at.at(body))
        }
        None => {
            drop(iterator.take());
            Ok(at.at(exit))
        }
    }
}
