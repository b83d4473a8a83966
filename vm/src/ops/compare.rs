//! Comparisons, identity, membership, truth; as values and as jumps.

use ryokan_bytecode::CompareOp;

use super::arith::float_of;
use super::moves::jump_overwrite;
use super::origin::share_operands;
use super::{At, Handler, a, b, c, helper, jump_next, konst, near, reg, switch};
use crate::raised::Res;
use crate::running::families::{COMPARE, COMPARE_JUMP, KR, RK, RR, TRUTH_JUMP};
use crate::types::int::unbox_word;
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

const LT: usize = CompareOp::Lt as usize;
const LE: usize = CompareOp::Le as usize;
const EQ: usize = CompareOp::Eq as usize;
const NE: usize = CompareOp::Ne as usize;
const GT: usize = CompareOp::Gt as usize;
const GE: usize = CompareOp::Ge as usize;

#[inline(always)]
fn test<T: PartialOrd, const OP: usize>(x: T, y: T) -> bool {
    match OP {
        LT => x < y,
        LE => x <= y,
        EQ => x == y,
        NE => x != y,
        GT => x > y,
        _ => x >= y,
    }
}

#[inline(always)]
unsafe fn operands<const MODE: usize>(pc: *mut u64, fp: *mut Value, consts: *const Value) -> (Word, Word) {
    // SAFETY: operands are registers and constants of the frame.
    unsafe {
        match MODE {
            RK => (reg(fp, b(pc)), konst(consts, c(pc))),
            KR => (konst(consts, b(pc)), reg(fp, c(pc))),
            _ => (reg(fp, b(pc)), reg(fp, c(pc))),
        }
    }
}

/// The answer for two immediates of one kind.
#[inline(always)]
fn quick<const OP: usize>(x: Word, y: Word) -> Option<bool> {
    if x.is_int() && y.is_int() {
        return Some(test::<i64, OP>(x.0 as i64, y.0 as i64));
    }
    if x.0 & y.0 & 2 != 0 {
        return Some(test::<f64, OP>(x.float(), y.float()));
    }
    None
}

/// The answer for boxed or mixed numbers.
#[inline(always)]
fn medium<const OP: usize>(x: Word, y: Word) -> Option<bool> {
    // Two immediate ints do not come here.
    // SAFETY: the operands are alive.
    if let (Some(p), Some(q)) = unsafe { (float_of(x), float_of(y)) } {
        return Some(test::<f64, OP>(p, q));
    }
    let (i, j) = (unbox_word(x), unbox_word(y));
    (i.is_int() && j.is_int()).then(|| test::<i64, OP>(i.0 as i64, j.0 as i64))
}

unsafe extern "C" fn value<const OP: usize, const MODE: usize>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: operands are registers of the frame.
    unsafe {
        let (x, y) = operands::<MODE>(pc, fp, consts);
        if let Some(answer) = quick::<OP>(x, y) {
            jump_overwrite!(pc, 1, fp, consts, vm, a(pc), Word::from_bool(answer))
        }
        value_slow(pc, fp, consts, vm)
    }
}
helper! { value_slow, 1, compare; }

/// The operands of a comparison as values, whatever the mode, and the operator.
fn compare_values<T>(
    at: &At<'_>,
    op: usize,
    mode: usize,
    then: impl FnOnce(&Value, &Value, CompareOp) -> Res<T>,
) -> Res<T> {
    let op = CompareOp::from_arg(op as u32).unwrap_or(CompareOp::Eq);
    let (x, y) = (at.b(), at.c());
    if mode == RR {
        share_operands(at, (x, 1), (y, 0));
    }
    let result = {
        let lent_x = (mode == KR).then(|| Borrowed::new(at.run().consts[x].word()));
        let lent_y = (mode == RK).then(|| Borrowed::new(at.run().consts[y].word()));
        let left: &Value = lent_x.as_deref().unwrap_or_else(|| at.reg(x));
        let right: &Value = lent_y.as_deref().unwrap_or_else(|| at.reg(y));
        then(left, right, op)?
    };
    if mode != KR {
        at.release(x);
    }
    if mode != RK {
        at.release(y);
    }
    Ok(result)
}

fn opcode(at: &At<'_>) -> u16 {
    // SAFETY: pc points to a unit.
    unsafe { *at.pc.cast::<u16>() }
}

fn compare(at: At<'_>) -> Res<()> {
    let [op, mode] = COMPARE.parts(opcode(&at));
    let result = compare_values(&at, op, mode, |x, y, op| at.vm.compare(x, y, op))?;
    at.give(result)
}

unsafe extern "C" fn jump<const OP: usize, const MODE: usize, const SENSE: bool, const BACK: bool>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: operands are registers of the frame; the second unit holds the target.
    unsafe {
        let (x, y) = operands::<MODE>(pc, fp, consts);
        let answer;
        if x.is_int() && y.is_int() {
            answer = test::<i64, OP>(x.0 as i64, y.0 as i64);
        } else if x.0 & y.0 & 2 != 0 {
            answer = test::<f64, OP>(x.float(), y.float());
        } else {
            return jump_medium::<OP, MODE, SENSE, BACK>(pc, fp, consts, vm);
        }
        if answer == SENSE {
            if BACK && (*vm).breaker.get() != 0 {
                return super::control::interrupted(pc, fp, consts, vm);
            }
            jump_next!(pc.offset(near(pc.add(1))), fp, consts, vm)
        }
        jump_next!(pc.wrapping_add(2), fp, consts, vm)
    }
}

#[cold]
#[inline(never)]
unsafe extern "C" fn jump_medium<const OP: usize, const MODE: usize, const SENSE: bool, const BACK: bool>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: as above. Boxed numbers in temporaries are given up by the general path.
    unsafe {
        let (x, y) = operands::<MODE>(pc, fp, consts);
        if BACK && (*vm).breaker.get() != 0 {
            return super::control::interrupted(pc, fp, consts, vm);
        }
        if let Some(answer) = medium::<OP>(x, y)
            && super::arith::give_up::<MODE>(pc, fp, vm, x, y)
        {
            if answer == SENSE {
                jump_next!(pc.offset(near(pc.add(1))), fp, consts, vm)
            }
            jump_next!(pc.wrapping_add(2), fp, consts, vm)
        }
        jump_slow(pc, fp, consts, vm)
    }
}

switch! {
    jump_slow, compare_and_jump;
    truth_slow, truth_and_jump;
}

fn compare_and_jump(at: At<'_>) -> Res<*mut u64> {
    let [op, mode, sense, _] = COMPARE_JUMP.parts(opcode(&at));
    let sense = sense == 1;
    let answer = compare_values(&at, op, mode, |x, y, op| {
        let result = at.vm.compare(x, y, op)?;
        at.vm.truth(&result)
    })?;
    // SAFETY: the second unit holds the target.
    let taken = unsafe { near(at.pc.add(1)) };
    Ok(at.at(if answer == sense { taken } else { 2 }))
}

unsafe extern "C" fn truth_jump<const SENSE: bool, const BACK: bool>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: as above.
    unsafe {
        let word = reg(fp, b(pc));
        let answer;
        if word == Word::TRUE {
            answer = true;
        } else if word == Word::FALSE || word == Word::NONE {
            answer = false;
        } else if word.is_int() {
            answer = word.int() != 0;
        } else {
            return truth_slow(pc, fp, consts, vm);
        }
        if BACK && (*vm).breaker.get() != 0 {
            return super::control::interrupted(pc, fp, consts, vm);
        }
        if answer == SENSE {
            jump_next!(pc.offset(near(pc.add(1))), fp, consts, vm)
        }
        jump_next!(pc.wrapping_add(2), fp, consts, vm)
    }
}

fn truth_and_jump(at: At<'_>) -> Res<*mut u64> {
    let [sense, back] = TRUTH_JUMP.parts(opcode(&at));
    if back == 1 && at.vm.breaker.get() != 0 {
        super::tracing::service_and_go_on(at.vm)?;
    }
    let src = at.b();
    let answer = at.vm.truth(at.reg(src))?;
    // A value that is only shown stays.
    if at.c() == 0 {
        at.release(src);
    }
    // SAFETY: the second unit holds the target.
    let taken = unsafe { near(at.pc.add(1)) };
    Ok(at.at(if answer == (sense == 1) { taken } else { 2 }))
}

/// `a = not b`
pub unsafe extern "C" fn not(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: operands are registers.
    unsafe {
        let word = reg(fp, b(pc));
        let answer = match word {
            Word::TRUE => Word::FALSE,
            Word::FALSE | Word::NONE => Word::TRUE,
            word if word.is_int() => Word::from_bool(word.int() == 0),
            _ => return not_slow(pc, fp, consts, vm),
        };
        jump_overwrite!(pc, 1, fp, consts, vm, a(pc), answer)
    }
}

macro_rules! identity {
    ($name:ident, $slow:ident, $sense:expr) => {
        /// Whether `b` and `c` are (or are not) one object.
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: operands are registers of the top frame.
            unsafe {
                let (x, y) = (reg(fp, b(pc)), reg(fp, c(pc)));
                let locals = (*(*(*vm).thread.stacks.frame.get()).run).locals;
                let owned = |at: usize, word: Word| word.is_ptr() && at >= locals;
                if x.is_number() || y.is_number() || owned(b(pc), x) || owned(c(pc), y) {
                    return $slow(pc, fp, consts, vm);
                }
                jump_overwrite!(pc, 1, fp, consts, vm, a(pc), Word::from_bool((x == y) == $sense))
            }
        }
    };
}
identity!(is, is_slow, true);
identity!(is_not, is_not_slow, false);

helper! {
    not_slow, 1, negate;
    is_slow, 1, same;
    is_not_slow, 1, different;
    contains, 1, member;
    not_contains, 1, no_member;
}

fn negate(at: At<'_>) -> Res<()> {
    let answer = at.vm.truth(at.reg(at.b()))?;
    at.release(at.b());
    at.give(Value::bool(!answer))
}
fn identical(at: &At<'_>) -> bool {
    let (x, y) = (at.b(), at.c());
    let answer = at.reg(x).is(at.reg(y));
    at.release(y);
    at.release(x);
    answer
}
fn same(at: At<'_>) -> Res<()> {
    at.give(Value::bool(identical(&at)))
}
fn different(at: At<'_>) -> Res<()> {
    at.give(Value::bool(!identical(&at)))
}
fn is_member(at: &At<'_>) -> Res<bool> {
    let (x, y) = (at.b(), at.c());
    let answer = at.vm.contains(at.reg(y), at.reg(x))?;
    at.release(x);
    at.release(y);
    Ok(answer)
}
fn member(at: At<'_>) -> Res<()> {
    let answer = is_member(&at)?;
    at.give(Value::bool(answer))
}
fn no_member(at: At<'_>) -> Res<()> {
    let answer = is_member(&at)?;
    at.give(Value::bool(!answer))
}

macro_rules! values {
    ($op:ident) => {
        [value::<$op, RR>, value::<$op, RK>, value::<$op, KR>]
    };
}
macro_rules! jumps {
    ($op:ident) => {
        [jumps!($op RR), jumps!($op RK), jumps!($op KR)]
    };
    ($op:ident $mode:ident) => {
        [jump::<$op, $mode, false, false>, jump::<$op, $mode, false, true>, jump::<$op, $mode, true, false>, jump::<$op, $mode, true, true>]
    };
}

/// Comparisons that leave a value, by operator and operand mode.
pub const VALUES: [[Handler; 3]; 6] =
    [values!(LT), values!(LE), values!(EQ), values!(NE), values!(GT), values!(GE)];
/// Comparisons that jump, by operator, operand mode, and sense and direction.
pub const JUMPS: [[[Handler; 4]; 3]; 6] =
    [jumps!(LT), jumps!(LE), jumps!(EQ), jumps!(NE), jumps!(GT), jumps!(GE)];
/// Jumps on truth, by sense and direction.
pub const TRUTHS: [[Handler; 2]; 2] = [
    [truth_jump::<false, false>, truth_jump::<false, true>],
    [truth_jump::<true, false>, truth_jump::<true, true>],
];
