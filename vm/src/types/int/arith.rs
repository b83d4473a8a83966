//! The operators of int.
//!
//! Two numbers of 64 bits meet in machine arithmetic; anything larger goes to `dashu-int`, after the heap was asked whether
//! the result may exist. Every function here is a slot, so it also gets what is no int, and answers `NotImplemented`.

use std::cmp::Ordering;

use dashu_int::ops::DivRem;
use dashu_int::{IBig, Sign, UBig};
use ryokan_bytecode::CompareOp;

use super::{Num, is_exact_int, magnitude_bits, scratch, view};
use crate::raised::{Raised, Res};
use crate::types::float::round_scaled;
use crate::value::Value;
use crate::vm::Vm;

/// Both operands as numbers; leaves the function with `NotImplemented` if one is no int.
macro_rules! operands {
    ($a:expr, $b:expr) => {
        match (view($a), view($b)) {
            (Some(x), Some(y)) => (x, y),
            _ => return Ok(Value::NOT_IMPLEMENTED),
        }
    };
}

pub fn add(vm: &Vm, a: &Value, b: &Value) -> Res {
    match operands!(a, b) {
        (Num::Small(x), Num::Small(y)) => vm.int_from_i128(i128::from(x) + i128::from(y)),
        (x, y) => sum(vm, x, y),
    }
}

pub fn subtract(vm: &Vm, a: &Value, b: &Value) -> Res {
    match operands!(a, b) {
        (Num::Small(x), Num::Small(y)) => vm.int_from_i128(i128::from(x) - i128::from(y)),
        (x, y) => {
            vm.room_for_bits(x.bits().max(y.bits()) as u128 + 64)?;
            vm.int_from_big(x.big().as_ref() - y.big().as_ref())
        }
    }
}

pub fn multiply(vm: &Vm, a: &Value, b: &Value) -> Res {
    match operands!(a, b) {
        (Num::Small(x), Num::Small(y)) => vm.int_from_i128(i128::from(x) * i128::from(y)),
        (x, y) => {
            let bits = x.bits() as u128 + y.bits() as u128;
            let (x, y) = (x.big(), y.big());
            let same = std::ptr::eq(x.as_ref(), y.as_ref());
            vm.room_for_work(bits, if same { scratch::SQUARE } else { scratch::PRODUCT })?;
            vm.int_from_big(if same { IBig::from(x.sqr()) } else { x.as_ref() * y.as_ref() })
        }
    }
}

fn by_zero(vm: &Vm) -> Raised {
    vm.zero_division("division by zero")
}

/// Quotient and remainder of 64-bit numbers, towards minus infinity. The divisor is not zero.
fn floor_small(x: i64, y: i64) -> (i128, i64) {
    // (The one quotient that overflows has no remainder.)
    let Some(q) = x.checked_div(y) else { return (-i128::from(x), 0) };
    let (q, r) = (i128::from(q), x % y);
    if r != 0 && (r < 0) != (y < 0) { (q - 1, r + y) } else { (q, r) }
}

/// Quotient and remainder, towards minus infinity. The divisor is not zero.
pub fn floor_div_rem(x: &IBig, y: &IBig) -> (IBig, IBig) {
    let (q, r) = x.div_rem(y);
    if !r.is_zero() && r.sign() != y.sign() { (q - IBig::ONE, r + y) } else { (q, r) }
}

/// Whether the magnitude of a divisor is certainly above that of the dividend: then the quotient is 0, or -1 where the signs differ,
/// and the remainder is the dividend, or a divisor more than it.
fn is_far_below(x: Num<'_>, y: Num<'_>) -> bool {
    matches!(y, Num::Big(_)) && x.bits() < y.bits()
}

/// The sum of two numbers, one of which may be big.
fn sum(vm: &Vm, x: Num<'_>, y: Num<'_>) -> Res {
    vm.room_for_bits(x.bits().max(y.bits()) as u128 + 64)?;
    vm.int_from_big(x.big().as_ref() + y.big().as_ref())
}

/// Whether a quotient of them is rounded down to -1 or below.
fn signs_differ(x: Num<'_>, y: Num<'_>) -> bool {
    !x.is_zero() && x.is_negative() != y.is_negative()
}

pub fn floor_divide(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (x, y) = operands!(a, b);
    if y.is_zero() {
        return Err(by_zero(vm));
    }
    match (x, y) {
        (Num::Small(x), Num::Small(y)) => vm.int_from_i128(floor_small(x, y).0),
        (x, y) if is_far_below(x, y) => vm.int(-i64::from(signs_differ(x, y))),
        (x, y) => {
            vm.room_for_work(x.bits() as u128 * 2, scratch::QUOTIENT)?;
            vm.int_from_big(floor_div_rem(&x.big(), &y.big()).0)
        }
    }
}

pub fn remainder(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (x, y) = operands!(a, b);
    if y.is_zero() {
        return Err(by_zero(vm));
    }
    match (x, y) {
        (Num::Small(x), Num::Small(y)) => vm.int(floor_small(x, y).1),
        (x, y) if is_far_below(x, y) => {
            if signs_differ(x, y) {
                sum(vm, x, y)
            } else {
                vm.exact_int(a)
            }
        }
        (x, y) => {
            vm.room_for_work(x.bits() as u128 * 2, scratch::QUOTIENT)?;
            let (x, y) = (x.big(), y.big());
            let r = x.as_ref() % y.as_ref();
            let r = if !r.is_zero() && r.sign() != y.sign() { r + y.as_ref() } else { r };
            vm.int_from_big(r)
        }
    }
}

/// `divmod(a, b)`
pub fn divmod(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (x, y) = operands!(a, b);
    if y.is_zero() {
        return Err(by_zero(vm));
    }
    let (q, r) = match (x, y) {
        (Num::Small(x), Num::Small(y)) => {
            let (q, r) = floor_small(x, y);
            (vm.int_from_i128(q)?, vm.int(r)?)
        }
        (x, y) if is_far_below(x, y) => match signs_differ(x, y) {
            true => (vm.int(-1)?, sum(vm, x, y)?),
            false => (vm.int(0)?, vm.exact_int(a)?),
        },
        (x, y) => {
            vm.room_for_work(x.bits() as u128 * 3, scratch::QUOTIENT)?;
            let (q, r) = floor_div_rem(&x.big(), &y.big());
            (vm.int_from_big(q)?, vm.int_from_big(r)?)
        }
    };
    vm.new_pair(q, r)
}

/// `divmod(b, a)`
pub fn reflected_divmod(vm: &Vm, a: &Value, b: &Value) -> Res {
    divmod(vm, b, a)
}

/// The quotient as the nearest float, ties to even; `None` if it is too large.
pub fn true_divide(x: Num<'_>, y: Num<'_>) -> Option<f64> {
    const EXACT: u64 = 1 << 53;
    if let (Num::Small(x), Num::Small(y)) = (x, y)
        && x.unsigned_abs() <= EXACT
        && y.unsigned_abs() <= EXACT
    {
        return Some(x as f64 / y as f64);
    }
    let negative = x.is_negative() != y.is_negative();
    let sign = |v: f64| if negative { -v } else { v };
    if x.is_zero() {
        return Some(sign(0.0));
    }
    let difference = x.bits() as i64 - y.bits() as i64;
    if difference > 1024 {
        return None;
    }
    if difference < -1076 {
        return Some(sign(0.0));
    }
    // A quotient of 63 or 64 bits, whose last bit also says whether anything follows.
    let shift = 63 - difference;
    let (n, d) = (magnitude(x), magnitude(y));
    let (n, d) = if shift >= 0 { (n << shift as usize, d) } else { (n, d << (-shift) as usize) };
    let (q, r) = n.div_rem(&d);
    let q = u64::try_from(&q).unwrap_or(u64::MAX) | u64::from(!r.is_zero());
    round_scaled(q, -shift).map(sign)
}

fn magnitude(x: Num<'_>) -> UBig {
    x.big().into_owned().into_parts().1
}

pub fn true_divide_values(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (x, y) = operands!(a, b);
    if y.is_zero() {
        return Err(by_zero(vm));
    }
    vm.room_for_work(x.bits() as u128 * 3, scratch::QUOTIENT)?;
    match true_divide(x, y) {
        Some(quotient) => vm.float(quotient),
        None => Err(vm.overflow_error("integer division result too large for a float")),
    }
}

pub fn left_shift(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (x, y) = operands!(a, b);
    if y.is_negative() {
        return Err(vm.value_error("negative shift count"));
    }
    if x.is_zero() {
        return vm.int(0);
    }
    let Num::Small(by) = y else { return Err(vm.overflow_error("too many digits in integer")) };
    if let Num::Small(n) = x
        && by < 64
    {
        return vm.int_from_i128(i128::from(n) << by);
    }
    vm.room_for_bits(x.bits() as u128 + by as u128 + 64)?;
    vm.int_from_big(x.big().as_ref() << by as usize)
}

pub fn right_shift(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (x, y) = operands!(a, b);
    if y.is_negative() {
        return Err(vm.value_error("negative shift count"));
    }
    let all_gone = if x.is_negative() { -1 } else { 0 };
    match (x, y) {
        (Num::Small(n), Num::Small(by)) => vm.int(n >> by.min(63)),
        (_, Num::Big(_)) => vm.int(all_gone),
        (Num::Big(n), Num::Small(by)) if by as usize >= magnitude_bits(n) => vm.int(all_gone),
        (Num::Big(n), Num::Small(by)) => {
            vm.room_for_bits((magnitude_bits(n) - by as usize) as u128 + 64)?;
            vm.int_from_big(n >> by as usize)
        }
    }
}

macro_rules! bitwise {
    ($($name:ident $op:tt)*) => {
        $(pub fn $name(vm: &Vm, a: &Value, b: &Value) -> Res {
            match operands!(a, b) {
                (Num::Small(x), Num::Small(y)) => vm.int(x $op y),
                (x, y) => {
                    vm.room_for_bits(x.bits().max(y.bits()) as u128 + 64)?;
                    vm.int_from_big(x.big().as_ref() $op y.big().as_ref())
                }
            }
        })*
    };
}
bitwise! { and & or | xor ^ }

fn number(value: &Value) -> Num<'_> {
    view(value).unwrap_or(Num::Small(0))
}

pub fn negative(vm: &Vm, this: &Value) -> Res {
    match number(this) {
        Num::Small(n) => vm.int_from_i128(-i128::from(n)),
        Num::Big(n) => {
            vm.room_for_bits(magnitude_bits(n) as u128)?;
            vm.int_from_big(-n)
        }
    }
}

/// `+n`, `int(n)`, `n.conjugate()`, ...: the int itself, or its number if it is of a subclass.
pub fn positive(vm: &Vm, this: &Value) -> Res {
    if is_exact_int(this) { Ok(this.clone()) } else { vm.exact_int(this) }
}

pub fn absolute(vm: &Vm, this: &Value) -> Res {
    if number(this).is_negative() { negative(vm, this) } else { positive(vm, this) }
}

pub fn invert(vm: &Vm, this: &Value) -> Res {
    match number(this) {
        Num::Small(n) => vm.int(!n),
        Num::Big(n) => {
            vm.room_for_bits(magnitude_bits(n) as u128)?;
            vm.int_from_big(!n)
        }
    }
}

pub fn truth(_: &Vm, this: &Value) -> Res<bool> {
    Ok(!number(this).is_zero())
}

/// The order of two numbers.
pub fn compare_ints(x: Num<'_>, y: Num<'_>) -> Ordering {
    match (x, y) {
        (Num::Small(x), Num::Small(y)) => x.cmp(&y),
        // A big number lies beyond every small one.
        (Num::Small(_), Num::Big(y)) => {
            if y.sign() == Sign::Negative {
                Ordering::Greater
            } else {
                Ordering::Less
            }
        }
        (Num::Big(x), Num::Small(_)) => {
            if x.sign() == Sign::Negative {
                Ordering::Less
            } else {
                Ordering::Greater
            }
        }
        (Num::Big(x), Num::Big(y)) => x.cmp(y),
    }
}

pub fn compare(_: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let (x, y) = operands!(a, b);
    Ok(Value::bool(op.holds(compare_ints(x, y))))
}

/// The prime that all numeric hashes are taken by.
pub const HASH_MODULUS: u64 = (1 << 61) - 1;

/// The hash of a number: its magnitude modulo the prime, with its sign; never -1.
pub fn hash_number(x: Num<'_>) -> i64 {
    if let Num::Big(n) = &x {
        crate::fuel::owe_bytes(n.as_sign_words().1.len() * 64);
    }
    let residue = match x {
        Num::Small(n) => n.unsigned_abs() % HASH_MODULUS,
        // 2^64 leaves 8.
        Num::Big(n) => n.as_sign_words().1.iter().rev().fold(0, |sum, word| {
            ((u128::from(sum) * 8 + u128::from(word % HASH_MODULUS)) % u128::from(HASH_MODULUS)) as u64
        }),
    } as i64;
    match if x.is_negative() { -residue } else { residue } {
        -1 => -2,
        hash => hash,
    }
}

pub fn hash(_: &Vm, this: &Value) -> Res<i64> {
    Ok(hash_number(number(this)))
}

/// `float(n)`
pub fn to_float(vm: &Vm, this: &Value) -> Res {
    vm.float(vm.int_as_f64(number(this))?)
}

impl Vm {
    /// The nearest float. Runs no Python; `OverflowError` if there is none.
    pub fn int_as_f64(&self, x: Num<'_>) -> Res<f64> {
        let value = match x {
            Num::Small(n) => n as f64,
            Num::Big(n) => n.to_f64().value(),
        };
        if value.is_infinite() {
            Err(self.overflow_error("int too large to convert to float"))
        } else {
            Ok(value)
        }
    }
}
