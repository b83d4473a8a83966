//! The operators of float: the machine's, with CPython's rules for signs, zeros and errors.

use std::cmp::Ordering;

use ryokan_bytecode::CompareOp;

use super::{decode, float_of, number, truncated};
use crate::raised::{Raised, Res};
use crate::types::int::{Num, compare_ints, view};
use crate::value::Value;
use crate::vm::Vm;

/// An operand as a float; `None` if it is no float and no int. OverflowError if it is too large an int.
#[inline]
fn operand(vm: &Vm, value: &Value) -> Res<Option<f64>> {
    match float_of(value) {
        Some(x) => Ok(Some(x)),
        None => match view(value) {
            Some(n) => vm.int_as_f64(n).map(Some),
            None => Ok(None),
        },
    }
}

/// Both operands as floats; leaves the function with `NotImplemented` if one is no number.
macro_rules! operands {
    ($vm:expr, $a:expr, $b:expr) => {
        match (operand($vm, $a)?, operand($vm, $b)?) {
            (Some(x), Some(y)) => (x, y),
            _ => return Ok(Value::NOT_IMPLEMENTED),
        }
    };
}

pub fn add(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (x, y) = operands!(vm, a, b);
    vm.float(x + y)
}

pub fn subtract(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (x, y) = operands!(vm, a, b);
    vm.float(x - y)
}

pub fn multiply(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (x, y) = operands!(vm, a, b);
    vm.float(x * y)
}

fn by_zero(vm: &Vm) -> Raised {
    vm.zero_division("division by zero")
}

pub fn true_divide(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (x, y) = operands!(vm, a, b);
    if y == 0.0 { Err(by_zero(vm)) } else { vm.float(x / y) }
}

/// The remainder with the divisor's sign. The divisor is not zero.
fn float_remainder(x: f64, y: f64) -> f64 {
    let r = x % y;
    if r == 0.0 {
        return 0.0f64.copysign(y);
    }
    if (y < 0.0) != (r < 0.0) { r + y } else { r }
}

/// Quotient towards minus infinity, and remainder with the divisor's sign. The divisor is not zero.
pub fn div_mod(x: f64, y: f64) -> (f64, f64) {
    let r = x % y;
    let mut quotient = (x - r) / y;
    let remainder = if r == 0.0 {
        0.0f64.copysign(y)
    } else if (y < 0.0) != (r < 0.0) {
        quotient -= 1.0;
        r + y
    } else {
        r
    };
    if quotient == 0.0 {
        return (0.0f64.copysign(x / y), remainder);
    }
    // The quotient is nearly an integer: the nearest one is meant.
    let floor = quotient.floor();
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, remainder)
}

pub fn floor_divide(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (x, y) = operands!(vm, a, b);
    if y == 0.0 { Err(by_zero(vm)) } else { vm.float(div_mod(x, y).0) }
}

pub fn remainder(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (x, y) = operands!(vm, a, b);
    if y == 0.0 { Err(by_zero(vm)) } else { vm.float(float_remainder(x, y)) }
}

pub fn divmod(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (x, y) = operands!(vm, a, b);
    if y == 0.0 {
        return Err(by_zero(vm));
    }
    let (q, r) = div_mod(x, y);
    vm.new_tuple(vec![vm.float(q)?, vm.float(r)?])
}

pub fn power(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (x, y) = operands!(vm, a, b);
    power_of(vm, x, y)
}

pub fn power3(vm: &Vm, a: &Value, b: &Value, c: &Value) -> Res {
    if c.is_none() {
        return power(vm, a, b);
    }
    Err(vm.type_error("pow() 3rd argument not allowed unless all arguments are integers"))
}

/// `x ** y`: a float, or a complex number if the base is negative and the exponent no integer.
pub fn power_of(vm: &Vm, x: f64, y: f64) -> Res {
    if let Some(special) = special_power(x, y) {
        return vm.float(special);
    }
    if x == 0.0 && y < 0.0 {
        return Err(vm.zero_division("zero to a negative power"));
    }
    if x < 0.0 && y.floor() != y {
        return crate::types::complex::power_of(vm, (x, 0.0), (y, 0.0));
    }
    let negate = x < 0.0 && is_odd(y);
    let result = if x == -1.0 { 1.0 } else { x.abs().powf(y) };
    if result.is_infinite() {
        let message = vm.str("Numerical result out of range")?;
        let exception = vm.new_exception(&vm.exc.OverflowError, vec![Value::small(34), message])?;
        return Err(vm.raise_value(exception));
    }
    vm.float(if negate { -result } else { result })
}

/// Whether a float is an odd integer.
fn is_odd(y: f64) -> bool {
    y.abs() % 2.0 == 1.0
}

/// The powers that no computation is needed for: those of and by zero, one, infinity and NaN.
fn special_power(x: f64, y: f64) -> Option<f64> {
    if y == 0.0 {
        return Some(1.0);
    }
    if x.is_nan() {
        return Some(x);
    }
    if y.is_nan() {
        return Some(if x == 1.0 { 1.0 } else { y });
    }
    if y.is_infinite() {
        return Some(match x.abs() {
            1.0 => 1.0,
            size if (y > 0.0) == (size > 1.0) => f64::INFINITY,
            _ => 0.0,
        });
    }
    if x.is_infinite() {
        return Some(match (y > 0.0, is_odd(y)) {
            (true, true) => x,
            (true, false) => x.abs(),
            (false, true) => 0.0f64.copysign(x),
            (false, false) => 0.0,
        });
    }
    if x == 0.0 && y > 0.0 {
        return Some(if is_odd(y) { x } else { 0.0 });
    }
    None
}

/// The order of a float and an int, exactly; `None` for NaN.
fn compare_with_int(x: f64, n: Num<'_>) -> Option<Ordering> {
    const EXACT: u64 = 1 << 53;
    match n {
        _ if x.is_nan() => None,
        _ if x.is_infinite() => Some(if x > 0.0 { Ordering::Greater } else { Ordering::Less }),
        Num::Small(n) if n.unsigned_abs() <= EXACT => x.partial_cmp(&(n as f64)),
        n => {
            // Beyond 2^53 the integer part decides; where it ties, the fraction is zero or the int is smaller than that.
            let whole = truncated(x);
            let whole = i64::try_from(&whole).map_or(Num::Big(&whole), Num::Small);
            Some(compare_ints(whole, n).then_with(|| x.fract().partial_cmp(&0.0).unwrap_or(Ordering::Equal)))
        }
    }
}

pub fn compare(_: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let order = match (float_of(a), float_of(b)) {
        (Some(x), Some(y)) => x.partial_cmp(&y),
        (Some(x), None) => match view(b) {
            Some(n) => compare_with_int(x, n),
            None => return Ok(Value::NOT_IMPLEMENTED),
        },
        (None, Some(y)) => match view(a) {
            Some(n) => compare_with_int(y, n).map(Ordering::reverse),
            None => return Ok(Value::NOT_IMPLEMENTED),
        },
        (None, None) => return Ok(Value::NOT_IMPLEMENTED),
    };
    Ok(Value::bool(match order {
        Some(order) => op.holds(order),
        None => op == CompareOp::Ne,
    }))
}

/// The hash of a number modulo 2^61 - 1; `None` for NaN, whose hash is its identity's.
pub fn hash_float(x: f64) -> Option<i64> {
    const BITS: i32 = 61;
    const MODULUS: u64 = (1 << BITS) - 1;
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 { 314_159 } else { -314_159 });
    }
    if x == 0.0 {
        return Some(0);
    }
    // A power of two turns the bits round: 2^61 leaves 1.
    let (mantissa, exponent) = decode(x);
    let turn = exponent.rem_euclid(BITS) as u32;
    let residue = (u128::from(mantissa) << turn) % u128::from(MODULUS);
    let hash = if x < 0.0 { -(residue as i64) } else { residue as i64 };
    Some(if hash == -1 { -2 } else { hash })
}

/// `x * 2^exponent` where that is a float.
pub fn scale(x: f64, exponent: i64) -> f64 {
    let power = |e: i64| f64::from_bits(((e + 1023) as u64) << 52);
    let (mut x, mut left) = (x, exponent.clamp(-4000, 4000));
    while left != 0 {
        let step = left.clamp(-1022, 1023);
        x *= power(step);
        left -= step;
    }
    x
}

/// `mantissa * 2^exponent` as the nearest float, ties to even, subnormal ones included; `None` if it is too large.
pub fn round_scaled(mantissa: u64, exponent: i64) -> Option<f64> {
    if mantissa == 0 {
        return Some(0.0);
    }
    let bits = 64 - i64::from(mantissa.leading_zeros());
    let top = bits + exponent;
    if top > 1024 {
        return None;
    }
    let keep = (top + 1074).min(53);
    if keep < 0 {
        return Some(0.0);
    }
    let drop = (bits - keep).max(0) as u32;
    let kept = mantissa.checked_shr(drop).unwrap_or(0);
    let rest = mantissa - kept.checked_shl(drop).unwrap_or(0);
    let half = if drop == 0 { u64::MAX } else { 1 << (drop - 1) };
    let kept = kept + u64::from(drop != 0 && (rest > half || (rest == half && kept & 1 == 1)));
    let value = scale(kept as f64, exponent + i64::from(drop));
    if value.is_infinite() { None } else { Some(value) }
}

/// `round(x, ndigits)`: ties to even, of the exact value.
pub fn round(vm: &Vm, args: &[Value]) -> Res {
    let x = number(&args[0]);
    let Some(digits) = args.get(1).and_then(Value::bound).filter(|d| !d.is_none()) else {
        return vm.int_from_f64(x.round_ties_even());
    };
    let digits = vm.index_clamped(digits)?;
    // 323 places after the point tell any two floats apart; 10^308 is above half of any float.
    if !x.is_finite() || x == 0.0 || digits > 323 {
        return vm.float(x);
    }
    if digits < -308 {
        return vm.float(0.0f64.copysign(x));
    }
    let rounded =
        if digits >= 0 { round_places(x, digits as usize) } else { round_tens(x, -digits as usize) };
    if rounded.is_infinite() {
        return Err(vm.overflow_error("rounded value too large to represent"));
    }
    vm.float(rounded)
}

fn round_places(x: f64, places: usize) -> f64 {
    format!("{x:.places$}").parse().unwrap_or(x)
}

/// Rounds to a multiple of 10^tens.
fn round_tens(x: f64, tens: usize) -> f64 {
    // The exact digits before the point, and whether anything follows.
    let whole = format!("{:.0}", x.trunc().abs());
    let digits = whole.as_bytes();
    if digits.len() < tens {
        return 0.0f64.copysign(x);
    }
    let (head, tail) = digits.split_at(digits.len() - tens);
    let exact_half = tail[0] == b'5' && tail[1..].iter().all(|d| *d == b'0') && x.fract() == 0.0;
    let odd = head.last().is_some_and(|d| d % 2 == 1);
    let up = if exact_half { odd } else { tail[0] >= b'5' };
    let mut head: Vec<u8> = std::iter::once(b'0').chain(head.iter().copied()).collect();
    if up {
        for digit in head.iter_mut().rev() {
            if *digit == b'9' {
                *digit = b'0';
            } else {
                *digit += 1;
                break;
            }
        }
    }
    let text = format!("{}e{tens}", String::from_utf8_lossy(&head));
    text.parse::<f64>().unwrap_or(0.0).copysign(x)
}
