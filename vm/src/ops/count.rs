//! Counting units: see `fuel.rs`.

use super::{At, far, helper, next, switch};
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
        next!(pc.add(1), fp, consts, vm)
    }
}

/// A block begins: counts it, in the unit behind.
pub unsafe extern "C" fn block(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: as above.
    unsafe {
        *pc.add(1) += 1;
        next!(pc.add(2), fp, consts, vm)
    }
}

switch! { low, change_over; }
fn change_over(at: At<'_>) -> Res<*mut u64> {
    // SAFETY: pc points to a unit.
    at.vm.change_over(at.pc, unsafe { far(at.pc) } as i64)
}

helper! { step, 1, one_step; }
fn one_step(at: At<'_>) -> Res<()> {
    // SAFETY: as above.
    at.vm.step(unsafe { far(at.pc) } as i64)
}
