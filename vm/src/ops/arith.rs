//! Binary and unary operators on numbers, with everything else behind one cold jump.
//!
//! The fast path looks at two immediates of the same kind. An instruction that has met floats looks for them first
//! (`binary_float`), until it meets two ints. The *medium* path, cold but inline, also takes boxed numbers and mixed ones. The slow
//! path is the operator protocol; it finds the operator, and whether it was the in-place form, in the stack code.

use super::moves::jump_overwrite;
use super::operators::{general, negative_slow};
use super::{Handler, a, b, c, jump_next, konst, put, reg};
use crate::object::Layout;
use crate::running::families::{self, Arith, FLOATS_FIRST, KR, RK, RR};
use crate::types::float::FloatBox;
use crate::types::int::unbox_word;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// What an operator does with immediates; `None` where the general path must.
trait Fast {
    /// Whether there is a form that looks for floats first.
    const FLOATS: bool = false;
    fn ints(x: Word, y: Word) -> Option<Word>;
    fn floats(_x: f64, _y: f64) -> Option<f64> {
        None
    }
}

struct Add;
struct Subtract;
struct Multiply;
struct FloorDivide;
struct Remainder;
struct TrueDivide;
struct And;
struct Or;
struct Xor;
struct LeftShift;
struct RightShift;
struct Power;
struct Never;

impl Fast for Add {
    const FLOATS: bool = true;
    #[inline(always)]
    fn ints(x: Word, y: Word) -> Option<Word> {
        // Tags are 01: taking one away leaves the sum tagged.
        (x.0 as i64).checked_add((y.0 - 1) as i64).map(|sum| Word(sum as u64))
    }
    #[inline(always)]
    fn floats(x: f64, y: f64) -> Option<f64> {
        Some(x + y)
    }
}
impl Fast for Subtract {
    const FLOATS: bool = true;
    #[inline(always)]
    fn ints(x: Word, y: Word) -> Option<Word> {
        (x.0 as i64).checked_sub((y.0 - 1) as i64).map(|difference| Word(difference as u64))
    }
    #[inline(always)]
    fn floats(x: f64, y: f64) -> Option<f64> {
        Some(x - y)
    }
}
impl Fast for Multiply {
    const FLOATS: bool = true;
    #[inline(always)]
    fn ints(x: Word, y: Word) -> Option<Word> {
        ((x.0 - 1) as i64).checked_mul(y.int()).map(|product| Word(product as u64 | 1))
    }
    #[inline(always)]
    fn floats(x: f64, y: f64) -> Option<f64> {
        Some(x * y)
    }
}
impl Fast for FloorDivide {
    #[inline(always)]
    fn ints(x: Word, y: Word) -> Option<Word> {
        let (n, d) = (x.int(), y.int());
        if d == 0 {
            return None;
        }
        // 62-bit operands: the quotient overflows neither i64 nor, but for INT_MIN // -1, the immediate range.
        let (q, r) = (n / d, n % d);
        Word::try_int(if r != 0 && (r ^ d) < 0 { q - 1 } else { q })
    }
    #[inline(always)]
    fn floats(_: f64, _: f64) -> Option<f64> {
        None
    }
}
impl Fast for Remainder {
    #[inline(always)]
    fn ints(x: Word, y: Word) -> Option<Word> {
        let (n, d) = (x.int(), y.int());
        if d == 0 {
            return None;
        }
        let r = n % d;
        Some(Word::from_int(if r != 0 && (r ^ d) < 0 { r + d } else { r }))
    }
}
impl Fast for TrueDivide {
    const FLOATS: bool = true;
    #[inline(always)]
    fn ints(x: Word, y: Word) -> Option<Word> {
        let (n, d) = (x.int(), y.int());
        const EXACT: i64 = 1 << 53;
        if d == 0 || n.abs() > EXACT || d.abs() > EXACT {
            return None;
        }
        Word::try_float(n as f64 / d as f64)
    }
    #[inline(always)]
    fn floats(x: f64, y: f64) -> Option<f64> {
        if y == 0.0 { None } else { Some(x / y) }
    }
}
impl Fast for And {
    #[inline(always)]
    fn ints(x: Word, y: Word) -> Option<Word> {
        Some(Word(x.0 & y.0))
    }
}
impl Fast for Or {
    #[inline(always)]
    fn ints(x: Word, y: Word) -> Option<Word> {
        Some(Word(x.0 | y.0))
    }
}
impl Fast for Xor {
    #[inline(always)]
    fn ints(x: Word, y: Word) -> Option<Word> {
        Some(Word((x.0 ^ y.0) | 1))
    }
}
impl Fast for LeftShift {
    #[inline(always)]
    fn ints(x: Word, y: Word) -> Option<Word> {
        let (n, by) = (x.int(), y.int());
        if !(0..62).contains(&by) {
            return None;
        }
        let shifted = n << by;
        if shifted >> by == n { Word::try_int(shifted) } else { None }
    }
}
impl Fast for RightShift {
    #[inline(always)]
    fn ints(x: Word, y: Word) -> Option<Word> {
        let by = y.int();
        if by < 0 { None } else { Some(Word::from_int(x.int() >> by.min(63))) }
    }
}
impl Fast for Power {
    #[inline(always)]
    fn ints(x: Word, y: Word) -> Option<Word> {
        let exponent = u32::try_from(y.int()).ok()?;
        Word::try_int(x.int().checked_pow(exponent)?)
    }
    #[inline(always)]
    fn floats(x: f64, y: f64) -> Option<f64> {
        // Of positive numbers, without overflow; the rest has rules of its own.
        if x <= 0.0 || !x.is_finite() || !y.is_finite() {
            return None;
        }
        let power = power(x, y);
        power.is_finite().then_some(power)
    }
}
/// `x ** y`, out of line: a handler holds no call through a pointer, and the library's `pow` is one.
#[inline(never)]
fn power(x: f64, y: f64) -> f64 {
    x.powf(y)
}

impl Fast for Never {
    #[inline(always)]
    fn ints(_: Word, _: Word) -> Option<Word> {
        None
    }
}

/// The operands of the unit at `pc`.
#[inline(always)]
pub unsafe fn operands<const MODE: usize>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
) -> (Word, Word) {
    // SAFETY: operands are registers and constants of the frame.
    unsafe {
        match MODE {
            RK => (reg(fp, b(pc)), konst(consts, c(pc))),
            KR => (konst(consts, b(pc)), reg(fp, c(pc))),
            _ => (reg(fp, b(pc)), reg(fp, c(pc))),
        }
    }
}

unsafe extern "C" fn binary<O: Fast, const MODE: usize, const LOCAL: bool>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: operands are registers of the frame.
    unsafe {
        let (x, y) = operands::<MODE>(pc, fp, consts);
        let result;
        if x.is_int() && y.is_int() {
            match O::ints(x, y) {
                Some(word) => result = word,
                None => return medium::<O, MODE>(pc, fp, consts, vm),
            }
        } else if x.0 & y.0 & 2 != 0 {
            match O::floats(x.float(), y.float()).and_then(Word::try_float) {
                Some(word) => result = word,
                None => return medium::<O, MODE>(pc, fp, consts, vm),
            }
            if O::FLOATS {
                *pc.cast::<u16>() += FLOATS_FIRST;
            }
        } else {
            if O::FLOATS && (x.is_float() || y.is_float()) {
                *pc.cast::<u16>() += FLOATS_FIRST;
                return mixed::<O, MODE>(pc, fp, consts, vm);
            }
            return medium::<O, MODE>(pc, fp, consts, vm);
        }
        if LOCAL {
            jump_overwrite!(pc, 1, fp, consts, vm, a(pc), result)
        }
        put(fp, a(pc), result);
        jump_next!(pc.wrapping_add(1), fp, consts, vm)
    }
}

/// The same, where the last numbers were floats.
unsafe extern "C" fn binary_float<O: Fast, const MODE: usize, const LOCAL: bool>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: as above.
    unsafe {
        let (x, y) = operands::<MODE>(pc, fp, consts);
        if x.0 & y.0 & 2 == 0 {
            return mixed::<O, MODE>(pc, fp, consts, vm);
        }
        let Some(result) = O::floats(x.float(), y.float()).and_then(Word::try_float) else {
            return medium::<O, MODE>(pc, fp, consts, vm);
        };
        if LOCAL {
            jump_overwrite!(pc, 1, fp, consts, vm, a(pc), result)
        }
        put(fp, a(pc), result);
        jump_next!(pc.wrapping_add(1), fp, consts, vm)
    }
}

/// The other operand of an immediate float: an int, or a boxed float that a local holds; otherwise `None`.
#[inline(always)]
unsafe fn other_float(word: Word, index: usize, vm: *const Vm) -> Option<f64> {
    if word.is_int() {
        return exact_float(word.int());
    }
    // SAFETY: the shape says what the payload is; the top frame is the handler's.
    unsafe {
        if word.is_ptr()
            && word.shape() == Layout::Float.shape()
            && index < (*(*(*vm).thread.stacks.frame.get()).run).locals
        {
            return Some((*(word.0 as *const FloatBox)).value);
        }
    }
    None
}

/// An immediate float, and another number that nothing has to be done about but to look at it.
#[inline(never)]
unsafe extern "C" fn mixed<O: Fast, const MODE: usize>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: as above.
    unsafe {
        let (x, y) = operands::<MODE>(pc, fp, consts);
        let pair = if x.is_float() {
            other_float(y, c(pc), vm).map(|q| (x.float(), q))
        } else if y.is_float() {
            other_float(x, b(pc), vm).map(|p| (p, y.float()))
        } else {
            None
        };
        if let Some((p, q)) = pair
            && let Some(word) = O::floats(p, q).and_then(Word::try_float)
        {
            jump_overwrite!(pc, 1, fp, consts, vm, a(pc), word)
        }
        medium::<O, MODE>(pc, fp, consts, vm)
    }
}

/// A number as a float, if that is exact.
#[inline(always)]
pub unsafe fn float_of(word: Word) -> Option<f64> {
    if word.is_float() {
        return Some(word.float());
    }
    if word.is_int() {
        return exact_float(word.int());
    }
    if word.is_ptr() && word.shape() == Layout::Float.shape() {
        // SAFETY: the shape says what the payload is.
        return Some(unsafe { (*(word.0 as *const FloatBox)).value });
    }
    None
}

/// Whether a word is an object other than a boxed number.
#[inline(always)]
fn is_no_number(word: Word) -> bool {
    word.is_ptr() && word.shape() != Layout::Float.shape() && word.shape() != Layout::Int.shape()
}

/// One or both numbers are boxed, or one is an int and the other a float; or they are not what the form expects.
#[inline(never)]
unsafe extern "C" fn medium<O: Fast, const MODE: usize>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: as above.
    unsafe {
        let (x, y) = operands::<MODE>(pc, fp, consts);
        if is_no_number(x) || is_no_number(y) {
            return general(pc, fp, consts, vm);
        }
        let word;
        let floats = !(x.is_int() && y.is_int());
        if floats
            && let Some(p) = float_of(x)
            && let Some(q) = float_of(y)
        {
            let Some(result) = O::floats(p, q).and_then(Word::try_float) else {
                return general(pc, fp, consts, vm);
            };
            word = result;
        } else {
            let (i, j) = (unbox_word(x), unbox_word(y));
            if !i.is_int() || !j.is_int() {
                return boxed_floats::<O, MODE>(pc, fp, consts, vm);
            }
            let number = *pc.cast::<u16>();
            if O::FLOATS && number >= families::FLOATS.base() as u16 {
                *pc.cast::<u16>() = number - FLOATS_FIRST;
            }
            let Some(result) = O::ints(i, j) else { return general(pc, fp, consts, vm) };
            word = result;
        }
        if !give_up::<MODE>(pc, fp, vm, x, y) {
            return general(pc, fp, consts, vm);
        }
        jump_overwrite!(pc, 1, fp, consts, vm, a(pc), word)
    }
}

/// Two boxed floats, or one and a boxed int.
#[inline(never)]
unsafe extern "C" fn boxed_floats<O: Fast, const MODE: usize>(
    pc: *mut u64,
    fp: *mut Value,
    consts: *const Value,
    vm: *const Vm,
) {
    // SAFETY: as above.
    unsafe {
        let (x, y) = operands::<MODE>(pc, fp, consts);
        if let Some(p) = float_of(unbox_word(x))
            && let Some(q) = float_of(unbox_word(y))
            && let Some(word) = O::floats(p, q).and_then(Word::try_float)
            && give_up::<MODE>(pc, fp, vm, x, y)
        {
            jump_overwrite!(pc, 1, fp, consts, vm, a(pc), word)
        }
        general(pc, fp, consts, vm)
    }
}

/// Gives up objects in temporaries, but for the destination, which is written next; `false`, and nothing done, if one of them would die.
#[inline(always)]
pub unsafe fn give_up<const MODE: usize>(
    pc: *mut u64,
    fp: *mut Value,
    vm: *const Vm,
    x: Word,
    y: Word,
) -> bool {
    // SAFETY: operands are registers of the top frame.
    unsafe {
        if (MODE == KR || !x.is_ptr()) && (MODE == RK || !y.is_ptr()) {
            return true;
        }
        let locals = (*(*(*vm).thread.stacks.frame.get()).run).locals;
        if (MODE == KR || b(pc) < locals) && (MODE == RK || c(pc) < locals) {
            return true;
        }
        let goes = |index: usize, word: Word| word.is_ptr() && index != a(pc) && index >= locals;
        let x_goes = MODE != KR && goes(b(pc), x);
        // One object in both operands may have no other reference than these two.
        let last = 1 + u32::from(x == y);
        if x_goes && x.refs() == last {
            return false;
        }
        if MODE != RK && goes(c(pc), y) {
            if y.refs() == last && (x_goes || x != y) {
                return false;
            }
            let _ = y.ptr().as_ref().decref();
            put(fp, c(pc), Word::UNBOUND);
        }
        if x_goes {
            let _ = x.ptr().as_ref().decref();
            put(fp, b(pc), Word::UNBOUND);
        }
        true
    }
}

/// Gives up objects in temporaries. The one that dies of it is left to the caller: `Some`, or `UNBOUND` inside if none does. `None`, and
/// nothing done, if both would.
#[inline(always)]
pub unsafe fn give_up_last<const MODE: usize>(
    pc: *mut u64,
    fp: *mut Value,
    vm: *const Vm,
    x: Word,
    y: Word,
) -> Option<Word> {
    // SAFETY: as above.
    unsafe {
        let locals = (*(*(*vm).thread.stacks.frame.get()).run).locals;
        let temp = |index: usize, word: Word| index >= locals && word.is_ptr();
        let (x_goes, y_goes) = (MODE != KR && temp(b(pc), x), MODE != RK && temp(c(pc), y));
        if x_goes && y_goes && x != y && x.refs() == 1 && y.refs() == 1 {
            return None;
        }
        let mut dead = Word::UNBOUND;
        if x_goes {
            put(fp, b(pc), Word::UNBOUND);
            if x.ptr().as_ref().decref() {
                dead = x;
            }
        }
        if y_goes {
            put(fp, c(pc), Word::UNBOUND);
            if y.ptr().as_ref().decref() {
                dead = y;
            }
        }
        Some(dead)
    }
}

/// An int as a float, if that is exact.
#[inline(always)]
fn exact_float(number: i64) -> Option<f64> {
    if number.unsigned_abs() <= 1 << 53 { Some(number as f64) } else { None }
}

/// `a = -b`
pub unsafe extern "C" fn negative(pc: *mut u64, fp: *mut Value, consts: *const Value, vm: *const Vm) {
    // SAFETY: operands are registers of the frame.
    unsafe {
        let word = reg(fp, b(pc));
        let result = match word {
            word if word.is_int() => Word::try_int(-word.int()),
            word if word.is_float() => Word::try_float(-word.float()),
            _ => None,
        };
        let Some(result) = result else { return negative_slow(pc, fp, consts, vm) };
        jump_overwrite!(pc, 1, fp, consts, vm, a(pc), result)
    }
}

macro_rules! group {
    ($op:ident) => {
        [
            binary::<$op, { RR }, false>,
            binary::<$op, { RR }, true>,
            binary::<$op, RK, false>,
            binary::<$op, RK, true>,
            binary::<$op, KR, false>,
            binary::<$op, KR, true>,
        ]
    };
}

macro_rules! floats {
    ($op:ident) => {
        [
            binary_float::<$op, { RR }, false>,
            binary_float::<$op, { RR }, true>,
            binary_float::<$op, RK, false>,
            binary_float::<$op, RK, true>,
            binary_float::<$op, KR, false>,
            binary_float::<$op, KR, true>,
        ]
    };
}

/// The forms that look for floats first, of the operators that have one.
pub const FLOATS: [[Handler; 6]; Arith::FLOATING] = [
    floats!(Add),
    floats!(Subtract),
    floats!(Multiply),
    group!(FloorDivide),
    group!(Remainder),
    floats!(TrueDivide),
];

/// Handlers by operator, operand mode and destination; the order of [`Arith`].
pub const HANDLERS: [[Handler; 6]; Arith::COUNT] = [
    group!(Add),
    group!(Subtract),
    group!(Multiply),
    group!(FloorDivide),
    group!(Remainder),
    group!(TrueDivide),
    group!(And),
    group!(Or),
    group!(Xor),
    group!(LeftShift),
    group!(RightShift),
    group!(Power),
    group!(Never),
];
