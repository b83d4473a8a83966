//! Counting units: see `fuel.rs`.

use super::{At, far, helper, jump_next, switch};
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// Charges what an edge costs: the unit's upper half.
pub unsafe extern "C" fn count(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: the handler's own arguments.
    unsafe {
        let fuel = (*vm).meter.fuel.get() - far(pc) as i64;
        (*vm).meter.fuel.set(fuel);
        if fuel < 0 {
            return low(pc, fp, consts, vm);
        }
        jump_next!(pc.add(1), fp, consts, vm)
    }
}

/// Charges what an edge costs, and says whose it is.
pub unsafe extern "C" fn tally(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    #[inline(never)]
    unsafe fn charge(vm: *const Vm, amount: i64) {
        // SAFETY: the live Vm.
        unsafe { (*vm).profile_charge(amount) }
    }
    // SAFETY: as above.
    unsafe {
        charge(vm, far(pc) as i64);
        count(pc, fp, consts, vm)
    }
}

/// A block begins: counts it, in the unit behind.
pub unsafe extern "C" fn block(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        *pc.add(1) += 1;
        jump_next!(pc.add(2), fp, consts, vm)
    }
}

switch! {
    low, begin_steps;
    change_over, into_steps;
}
fn begin_steps(at: At<'_>) -> Res<*mut u64> {
    // SAFETY: pc points to a unit.
    at.vm.begin_steps(at.pc, unsafe { far(at.pc) } as i64)
}
fn into_steps(at: At<'_>) -> Res<*mut u64> {
    let steps = at.code().ensure_steps(at.vm)?;
    Ok(at.run().translate(steps, at.pc, false))
}

helper! { step, 1, one_step; }
fn one_step(at: At<'_>) -> Res<()> {
    at.vm.step(at.c() as i64, at.b() as i64)
}
