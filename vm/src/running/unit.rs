//! Reading a unit: its operands, and the two targets that it may hold.

#![allow(clippy::missing_safety_doc, reason = "one contract for all: `pc` points to a unit of lowered code")]

/// The first operand of the unit at `pc`.
#[inline(always)]
pub unsafe fn a(pc: *mut u64) -> usize {
    // SAFETY: pc points to a unit of lowered code.
    unsafe { usize::from(*pc.cast::<u16>().add(1)) }
}
/// The second.
#[inline(always)]
pub unsafe fn b(pc: *mut u64) -> usize {
    // SAFETY: as above.
    unsafe { usize::from(*pc.cast::<u16>().add(2)) }
}
/// The third.
#[inline(always)]
pub unsafe fn c(pc: *mut u64) -> usize {
    // SAFETY: as above.
    unsafe { usize::from(*pc.cast::<u16>().add(3)) }
}
/// The upper half of a unit: a target relative to the unit.
#[inline(always)]
pub unsafe fn far(pc: *mut u64) -> isize {
    // SAFETY: as above.
    unsafe { *pc.cast::<i32>().add(1) as isize }
}
/// The lower half.
#[inline(always)]
pub unsafe fn near(pc: *mut u64) -> isize {
    // SAFETY: as above.
    unsafe { *pc.cast::<i32>() as isize }
}
