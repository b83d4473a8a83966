//! Comparisons, identity, membership, truth; as values and as jumps.

use ryokan_bytecode::CompareOp;

use super::arith::{float_of, give_up, give_up_last, operands};
use super::callees::{LOOKED_AT, ask};
use super::moves::jump_overwrite;
use super::origin::share_operands;
use super::run::{release_dead, set_dead};
use super::{At, Handler, a, b, c, helper, is_instance, jump_next, near, put, reg, switch};
use crate::object::Layout;
use crate::object::ty::TypeFlags;
use crate::raised::Res;
use crate::running::families::{COMPARE, COMPARE_JUMP, KR, RK, RR, TRUTH_JUMP};
use crate::running::ops::RunOp;
use crate::types::classes::trampoline;
use crate::types::int::unbox_word;
use crate::types::plain::{quick_compare, quick_contains, quick_truth};
use crate::types::str::Str;
use crate::value::{Value, Word};
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

/// The answer for builtin values that can be told at once (`types/plain.rs`): 0 or 1, or 2 if it cannot.
#[inline(never)]
unsafe fn plainly<const MODE: usize>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    op: CompareOp,
) -> u8 {
    // SAFETY: operands are registers and constants of the frame.
    unsafe {
        let x = if MODE == KR { consts.add(b(pc)) } else { fp.add(b(pc)).cast_const() };
        let y = if MODE == RK { consts.add(c(pc)) } else { fp.add(c(pc)).cast_const() };
        told(quick_compare(&*x, &*y, op))
    }
}

/// Whether two texts are equal: 0 or 1.
#[inline(never)]
unsafe fn same_text(x: Word, y: Word) -> u8 {
    // SAFETY: the caller has looked at both shapes.
    unsafe { u8::from((*(x.0 as *const Str)).equals(&*(y.0 as *const Str))) }
}

/// The answer for texts, boxed or mixed numbers and other builtin values, as [`told`].
#[inline(always)]
unsafe fn at_once<const OP: usize, const MODE: usize>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
) -> u8 {
    // SAFETY: operands are registers and constants of the frame.
    unsafe {
        let (x, y) = operands::<MODE>(pc, fp, consts);
        if (OP == EQ || OP == NE)
            && x.is_ptr()
            && y.is_ptr()
            && x.shape() == Layout::Str.shape()
            && y.shape() == Layout::Str.shape()
        {
            return same_text(x, y) ^ u8::from(OP == NE);
        }
        if is_instance(x) || is_instance(y) {
            return 2;
        }
        match medium::<OP>(x, y) {
            Some(answer) => u8::from(answer),
            None => plainly::<MODE>(pc, fp, consts, CompareOp::ALL[OP]),
        }
    }
}

/// An answer that a handler takes out of a call: one word.
#[inline(always)]
fn told(answer: Option<bool>) -> u8 {
    answer.map_or(2, u8::from)
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
        value_medium::<OP, MODE>(pc, fp, consts, vm)
    }
}

/// The same of boxed or mixed numbers, and of other builtin values that can be told at once.
#[inline(never)]
unsafe extern "C" fn value_medium<const OP: usize, const MODE: usize>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: as above.
    unsafe {
        let (x, y) = operands::<MODE>(pc, fp, consts);
        let answer = at_once::<OP, MODE>(pc, fp, consts);
        let answered = Word::from_bool(answer == 1);
        if answer != 2 && give_up::<MODE>(pc, fp, vm, x, y) {
            jump_overwrite!(pc, 1, fp, consts, vm, a(pc), answered)
        }
        // An operand dies. The destination is a temporary: an operand's, which is given up, or a dead one.
        if answer != 2
            && a(pc) >= (*(*(*vm).thread.stacks.frame.get()).run).locals
            && let Some(dead) = give_up_last::<MODE>(pc, fp, vm, x, y)
        {
            put(fp, a(pc), answered);
            set_dead(vm, dead);
            return release_dead(pc.wrapping_add(1), fp, consts, vm);
        }
        value_slow(pc, fp, consts, vm)
    }
}
switch! { value_slow, compare; }

/// Operator and mode of a comparison, and the answer that jumps, if it is one that jumps.
fn parts(at: &At<'_>) -> (CompareOp, usize, Option<bool>) {
    let number = at.opcode();
    let (op, mode, sense) = if usize::from(number) < COMPARE_JUMP.base() {
        let [op, mode] = COMPARE.parts(number);
        (op, mode, None)
    } else {
        let [op, mode, sense, _] = COMPARE_JUMP.parts(number);
        (op, mode, Some(sense == 1))
    };
    (CompareOp::from_arg(op as u32).unwrap_or(CompareOp::Eq), mode, sense)
}

/// Goes on with the result of a comparison.
fn conclude(at: At<'_>, mode: usize, sense: Option<bool>, result: Value) -> Res<*mut u64> {
    let Some(sense) = sense else {
        at.release_operands(mode);
        at.give(result)?;
        return Ok(at.at(1));
    };
    let answer = at.vm.truth(&result)?;
    at.release_operands(mode);
    // SAFETY: the second unit holds the target.
    let taken = unsafe { near(at.pc.add(1)) };
    Ok(at.at(if answer == sense { taken } else { 2 }))
}

/// A comparison, of either kind. A method of a class of Python's that only the left operand has is asked by a frame.
fn compare(at: At<'_>) -> Res<*mut u64> {
    let (op, mode, sense) = parts(&at);
    if mode == RR {
        share_operands(&at, (at.b(), 1), (at.c(), 0));
    }
    if mode != KR && at.reg(at.b()).object().is_some() && at.vm.type_of(at.reg(at.b())).has(TypeFlags::HEAP) {
        let asked = at.with_operands(mode, |left, right| {
            let method = at.vm.own_comparison(left, right, op)?;
            ask(&at, &method, [left.clone(), right.clone()], &LOOKED_AT).ok()
        });
        if let Some(entry) = asked {
            return Ok(entry);
        }
    }
    let result = at.with_operands(mode, |left, right| at.vm.compare(left, right, op))?;
    conclude(at, mode, sense, result)
}

/// The left operand has answered.
pub fn answered(at: At<'_>, result: &Value) -> Res<*mut u64> {
    let (op, mode, sense) = parts(&at);
    let result = match result.is_not_implemented() {
        false => result.clone(),
        true => at.with_operands(mode, |left, right| at.vm.reflected_comparison(left, right, op))?,
    };
    conclude(at, mode, sense, result)
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
            if BACK && (*vm).breaker.is_raised() {
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
        if BACK && (*vm).breaker.is_raised() {
            return super::control::interrupted(pc, fp, consts, vm);
        }
        let answer = at_once::<OP, MODE>(pc, fp, consts);
        if answer != 2
            && let Some(dead) = give_up_last::<MODE>(pc, fp, vm, x, y)
        {
            let to = pc.offset(if (answer == 1) == SENSE { near(pc.add(1)) } else { 2 });
            if !dead.is_unbound() {
                set_dead(vm, dead);
                return release_dead(to, fp, consts, vm);
            }
            jump_next!(to, fp, consts, vm)
        }
        jump_slow(pc, fp, consts, vm)
    }
}

switch! {
    jump_slow, compare;
    truth_slow, truth_and_jump;
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
            return truth_medium::<SENSE, BACK>(pc, fp, consts, vm);
        }
        if BACK && (*vm).breaker.is_raised() {
            return super::control::interrupted(pc, fp, consts, vm);
        }
        if answer == SENSE {
            jump_next!(pc.offset(near(pc.add(1))), fp, consts, vm)
        }
        jump_next!(pc.wrapping_add(2), fp, consts, vm)
    }
}

/// The same of other builtin values. One that is only shown stays; one in a temporary is given up, and may die.
#[inline(never)]
unsafe extern "C" fn truth_medium<const SENSE: bool, const BACK: bool>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: as above.
    unsafe {
        let answer = truth_of(vm, fp.add(b(pc)));
        if answer == 2 || (BACK && (*vm).breaker.is_raised()) {
            return truth_slow(pc, fp, consts, vm);
        }
        let to = pc.offset(if (answer == 1) == SENSE { near(pc.add(1)) } else { 2 });
        let word = reg(fp, b(pc));
        if c(pc) == 0 && word.is_ptr() && b(pc) >= (*(*(*vm).thread.stacks.frame.get()).run).locals {
            put(fp, b(pc), Word::UNBOUND);
            if word.ptr().as_ref().decref() {
                set_dead(vm, word);
                return release_dead(to, fp, consts, vm);
            }
        }
        jump_next!(to, fp, consts, vm)
    }
}

/// The truth of a value: 0 or 1, or 2 if its type must be asked. An instance is true whose class has neither a `__bool__` nor a `__len__`.
#[inline(always)]
unsafe fn truth_of(vm: *const Vm, value: *const Value) -> u8 {
    // SAFETY: the live Vm, and a register of the frame.
    let (vm, value) = unsafe { (&*vm, &*value) };
    if !is_instance(value.word()) {
        return truth_of_builtin(value);
    }
    let slots = vm.type_of(value).slots();
    told((slots.bool().is_none() && slots.len().is_none()).then_some(true))
}
#[inline(never)]
fn truth_of_builtin(value: &Value) -> u8 {
    told(quick_truth(value))
}

fn truth_and_jump(at: At<'_>) -> Res<*mut u64> {
    let [_, back] = TRUTH_JUMP.parts(at.opcode());
    if back == 1 && at.vm.breaker.is_raised() {
        super::tracing::service_and_go_on(at.vm)?;
    }
    if let Some(entry) = ask_truth(&at) {
        return Ok(entry);
    }
    let answer = at.vm.truth(at.reg(at.b()))?;
    take_branch(at, answer)
}
fn take_branch(at: At<'_>, answer: bool) -> Res<*mut u64> {
    let [sense, _] = TRUTH_JUMP.parts(at.opcode());
    // A value that is only shown stays.
    if at.c() == 0 {
        at.release(at.b());
    }
    // SAFETY: the second unit holds the target.
    let taken = unsafe { near(at.pc.add(1)) };
    Ok(at.at(if answer == (sense == 1) { taken } else { 2 }))
}

/// Pushes the frame of a `__bool__`, or a `__len__` where there is none, of the value in `b`; nothing if it has neither from Python.
fn ask_truth(at: &At<'_>) -> Option<*mut u64> {
    let (vm, value) = (at.vm, at.reg(at.b()));
    value.object()?;
    let ty = vm.type_of(value);
    if !ty.has(TypeFlags::HEAP) || !ty.slots().bool().is_some_and(trampoline::is_bool) {
        return None;
    }
    let method = ty.lookup(vm, &vm.names.__bool__)?;
    ask(at, &method, [value.clone()], &LOOKED_AT).ok()
}

/// The `__bool__` of a value has answered, for a jump or for `not`.
pub fn truth_answered(at: At<'_>, result: &Value) -> Res<*mut u64> {
    let answer = match result.word() {
        Word::TRUE => true,
        Word::FALSE => false,
        _ => {
            let kind = at.vm.type_name(result);
            return Err(at.vm.type_error(format_args!("__bool__ should return bool, returned {kind}")));
        }
    };
    if at.opcode() == RunOp::Not as u16 {
        at.release(at.b());
        at.give(Value::bool(!answer))?;
        return Ok(at.at(1));
    }
    take_branch(at, answer)
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
            _ => return not_medium(pc, fp, consts, vm),
        };
        jump_overwrite!(pc, 1, fp, consts, vm, a(pc), answer)
    }
}

#[inline(never)]
unsafe extern "C" fn not_medium(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: operands are registers.
    unsafe {
        let answer = truth_of(vm, fp.add(b(pc)));
        // (There is one operand: it counts as the left of two, the right one a constant.)
        if answer == 2 || !give_up::<RK>(pc, fp, vm, reg(fp, b(pc)), Word::UNBOUND) {
            return not_slow(pc, fp, consts, vm);
        }
        jump_overwrite!(pc, 1, fp, consts, vm, a(pc), Word::from_bool(answer == 0))
    }
}

macro_rules! none_jump {
    ($name:ident, $sense:expr) => {
        /// Jumps if `b` is (or is not) None; `c` says whether it is a temporary.
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: as above.
            unsafe {
                let word = reg(fp, b(pc));
                // A temporary that holds an object is given up.
                if word.is_ptr() && c(pc) != 0 {
                    if word.ptr().as_ref().refs() == 1 {
                        return release_and_jump(pc, fp, consts, vm);
                    }
                    let _ = word.ptr().as_ref().decref();
                    put(fp, b(pc), Word::UNBOUND);
                }
                if (word == Word::NONE) == $sense {
                    jump_next!(pc.offset(near(pc.add(1))), fp, consts, vm)
                }
                jump_next!(pc.wrapping_add(2), fp, consts, vm)
            }
        }
    };
}
none_jump!(jump_if_none, true);
none_jump!(jump_if_not_none, false);

switch! { release_and_jump, not_none; }

/// An object is not None: gives up a temporary and takes the way of "not None".
fn not_none(at: At<'_>) -> Res<*mut u64> {
    at.release(at.b());
    // SAFETY: pc points to a unit and the second unit holds the target.
    let (op, target) = unsafe { (*at.pc.cast::<u16>(), near(at.pc.add(1))) };
    Ok(at.at(if op == RunOp::JumpIfNotNone as u16 { target } else { 2 }))
}

macro_rules! identity {
    ($name:ident, $slow:ident, $sense:expr) => {
        /// Whether `b` and `c` are (or are not) one object.
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: operands are registers of the top frame.
            unsafe {
                let (x, y) = (reg(fp, b(pc)), reg(fp, c(pc)));
                if x.is_number() || y.is_number() || !give_up::<RR>(pc, fp, vm, x, y) {
                    return $slow(pc, fp, consts, vm);
                }
                jump_overwrite!(pc, 1, fp, consts, vm, a(pc), Word::from_bool((x == y) == $sense))
            }
        }
    };
}
identity!(is, is_slow, true);
identity!(is_not, is_not_slow, false);

macro_rules! membership {
    ($name:ident, $slow:ident, $sense:expr) => {
        /// Whether `b` is (or is not) in `c`.
        pub unsafe extern "C" fn $name(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
            // SAFETY: operands are registers of the top frame.
            unsafe {
                let answer = has(fp.add(c(pc)), fp.add(b(pc)));
                if answer == 2 || !give_up::<RR>(pc, fp, vm, reg(fp, b(pc)), reg(fp, c(pc))) {
                    return $slow(pc, fp, consts, vm);
                }
                jump_overwrite!(pc, 1, fp, consts, vm, a(pc), Word::from_bool((answer == 1) == $sense))
            }
        }
    };
}
membership!(contains, contains_slow, true);
membership!(not_contains, not_contains_slow, false);

/// Whether a builtin container has an item: 0 or 1, or 2 if its type must be asked.
#[inline(never)]
unsafe fn has(container: *const Value, item: *const Value) -> u8 {
    // SAFETY: both are registers of the frame.
    told(unsafe { quick_contains(&*container, &*item) })
}

switch! {
    not_slow, negate;
    contains_slow, member;
    not_contains_slow, member;
}
helper! {
    is_slow, 1, same;
    is_not_slow, 1, different;
}

fn negate(at: At<'_>) -> Res<*mut u64> {
    if let Some(entry) = ask_truth(&at) {
        return Ok(entry);
    }
    let answer = at.vm.truth(at.reg(at.b()))?;
    at.release(at.b());
    at.give(Value::bool(!answer))?;
    Ok(at.at(1))
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
/// `a = b in c`, or the contrary.
fn member(at: At<'_>) -> Res<*mut u64> {
    let (vm, item, container) = (at.vm, at.b(), at.c());
    let ty = vm.type_of(at.reg(container));
    if ty.has(TypeFlags::HEAP)
        && ty.slots().contains().is_some_and(trampoline::is_contains)
        && let Some(method) = ty.lookup(vm, &vm.names.__contains__)
        && let Ok(entry) = ask(&at, &method, [at.reg(container).clone(), at.reg(item).clone()], &LOOKED_AT)
    {
        return Ok(entry);
    }
    let answer = vm.contains(at.reg(container), at.reg(item))?;
    found(at, answer)
}
/// Goes on with what `in` has found.
fn found(at: At<'_>, answer: bool) -> Res<*mut u64> {
    at.release(at.b());
    at.release(at.c());
    at.give(Value::bool(answer == (at.opcode() == RunOp::Contains as u16)))?;
    Ok(at.at(1))
}
/// The `__contains__` of a container has answered.
pub fn membership_answered(at: At<'_>, result: &Value) -> Res<*mut u64> {
    let answer = at.vm.truth(result)?;
    found(at, answer)
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
