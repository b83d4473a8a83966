//! What becomes a number: ints, floats, texts, tuples; and what a number becomes: an int, a float, a hash.

use dashu_int::UBig;
use dashu_int::ops::Gcd;
use ryokan_vm::native::*;

use super::calc::{Calc, Limits, Rounding, flag};
use super::coeff::{Coeff, room, ten_to};
use super::context::Context;
use super::num::{Kind, Num};
use super::object::{Dec, Decimal, made, made_of};

/// The prime that hashes of numbers are remainders of, and the reciprocal of ten there.
const PRIME: u128 = (1 << 61) - 1;
const TENTH: u128 = 2_075_258_708_292_324_556;

// ---- operands ----------------------------------------------------------------------------------------------------------------

/// A number or an int as a number; nothing for anything else.
#[inline]
pub fn operand(cx: &Cx, value: &Value) -> Res<Option<Num>> {
    if let Some(decimal) = value.body::<Decimal>() {
        return decimal.num(cx).map(Some);
    }
    match Int::of(value) {
        Some(int) => of_int(cx, &int).map(Some),
        None => Ok(None),
    }
}
/// The same where it must be one. `TypeError`.
#[inline]
pub fn expect(cx: &Cx, value: &Value) -> Res<Num> {
    operand(cx, value)?.ok_or(()).map_err(|()| unsupported(cx, value))
}
pub fn expect_all<const N: usize>(cx: &Cx, values: [&Value; N]) -> Res<[Num; N]> {
    let mut out = [const { Num::NAN }; N];
    for (at, value) in values.into_iter().enumerate() {
        out[at] = expect(cx, value)?;
    }
    Ok(out)
}
/// A number as an object: itself, or one that is made of an int.
pub fn as_decimal(cx: &Cx, value: &Value) -> Res<Obj<Decimal>> {
    match Obj::from_value(value.clone()) {
        Ok(decimal) => Ok(decimal),
        Err(_) => {
            let made = made(cx, expect(cx, value)?)?;
            Obj::from_value(made).map_err(|_| cx.system_error("a number that is none"))
        }
    }
}
#[cold]
fn unsupported(cx: &Cx, value: &Value) -> Raised {
    let kind = cx.type_name(value);
    cx.type_error(format_args!("conversion from {kind} to Decimal is not supported"))
}

pub fn of_int(cx: &Cx, int: &Int) -> Res<Num> {
    if let Some(small) = int.small() {
        return Ok(Num::of_int(small.into()));
    }
    cx.room_for_bytes(int.bits() / 8)?;
    Num::new(cx, int.is_negative(), Coeff::of(int.magnitude().into_owned()), 0)
}
/// The number that a float is, exactly.
pub fn of_float(cx: &Cx, x: f64) -> Res<Num> {
    if x.is_nan() {
        return Ok(Num::NAN);
    }
    if x.is_infinite() {
        return Ok(Num::infinity(x < 0.0));
    }
    let negative = x.is_sign_negative();
    if x == 0.0 {
        return Ok(Num::zero(negative, 0));
    }
    let bits = x.to_bits();
    let (fraction, power) = (bits & ((1 << 52) - 1), ((bits >> 52) & 0x7FF) as i64);
    let (mantissa, power) = if power == 0 { (fraction, -1074) } else { (fraction | 1 << 52, power - 1075) };
    let zeros = mantissa.trailing_zeros();
    let (mantissa, power) = (UBig::from(mantissa >> zeros), power + i64::from(zeros));
    if power >= 0 {
        return Num::new(cx, negative, Coeff::of(mantissa << power as usize), 0);
    }
    // m / 2^k is m * 5^k / 10^k.
    let coeff = mantissa * UBig::from(5u8).pow(-power as usize);
    Num::new(cx, negative, Coeff::of(coeff), power)
}
/// What `from_float` takes.
pub fn of_float_or_int(cx: &Cx, value: &Value) -> Res<Num> {
    if let Some(int) = Int::of(value) {
        return of_int(cx, &int);
    }
    match cx.float_value(value) {
        Some(x) => of_float(cx, x),
        None => Err(cx.type_error("argument must be int or float")),
    }
}

/// The text of a number that is given as a tuple of sign, digits and exponent.
fn text_of_tuple(cx: &Cx, value: &Value) -> Res<String> {
    let parts = Tuple::from_iterable(cx, value)?;
    let [sign, digits, exponent] = parts.as_slice() else {
        return Err(cx.value_error("argument must be a sequence of length 3"));
    };
    let mut text = match Int::of(sign).and_then(|sign| sign.small()) {
        Some(0) => String::new(),
        Some(1) => "-".to_string(),
        _ => return Err(cx.value_error("sign must be an integer with the value 0 or 1")),
    };
    let (special, exponent) = if cx.is_str(exponent) {
        let name = match cx.str(exponent)?.as_str() {
            "F" => "Inf",
            "n" => "NaN",
            "N" => "sNaN",
            _ => {
                let message = "string argument in the third position must be 'F', 'n' or 'N'";
                return Err(cx.value_error(message));
            }
        };
        (Some(name), 0)
    } else {
        let Some(int) = Int::of(exponent) else {
            return Err(cx.value_error("exponent must be an integer"));
        };
        let fits = int.small().ok_or(());
        (None, fits.map_err(|()| cx.overflow_error("Python int too large to convert to C ssize_t"))?)
    };
    text.push_str(special.unwrap_or(""));
    let refused = || cx.value_error("coefficient must be a tuple of digits");
    if Tuple::of(digits).is_none() && List::of(digits).is_none() {
        return Err(refused());
    }
    let digits = Tuple::from_iterable(cx, digits)?;
    cx.room_for_bytes(digits.len())?;
    cx.work(digits.len() as u64)?;
    if digits.is_empty() && special.is_none() {
        text.push('0');
    }
    for digit in digits.as_slice() {
        match Int::of(digit).and_then(|digit| digit.small()) {
            // Infinities have no digits, but may be given some.
            Some(0..=9) if special == Some("Inf") => {}
            Some(digit @ 0..=9) => text.push(char::from(b'0' + digit as u8)),
            _ => return Err(refused()),
        }
    }
    if special.is_none() {
        text.push_str(&format!("E{exponent}"));
    }
    Ok(text)
}
fn is_sequence(value: &Value) -> bool {
    Tuple::of(value).is_some() || List::of(value).is_some()
}

/// `Decimal(value)`: exactly what the value is. The context only says what is raised.
pub fn exactly(cx: &Cx, class: &Value, context: &Context, value: &Value) -> Res {
    let mut calc = context.calc(cx);
    let n = if let Some(decimal) = value.body::<Decimal>() {
        if class.is(&cx.class::<Decimal>()?) && cx.is_exact::<Decimal>(value) {
            return Ok(value.clone());
        }
        decimal.num(cx)?
    } else if let Some(text) = Str::of(value) {
        match text.ascii().filter(|text| text.len() < 64 && !text.contains('_')) {
            Some(text) => calc.exact_of(text.trim().as_bytes())?,
            None => calc.exact_of(&super::text::ascii(cx, &text, true)?)?,
        }
    } else if let Some(int) = Int::of(value) {
        of_int(cx, &int)?
    } else if is_sequence(value) {
        calc.exact_of(text_of_tuple(cx, value)?.as_bytes())?
    } else if let Some(x) = cx.float_value(value) {
        context.signal(cx, flag::FLOAT_OPERATION)?;
        of_float(cx, x)?
    } else {
        return Err(unsupported(cx, value));
    };
    context.signal(cx, calc.status)?;
    made_of(cx, class, n)
}
/// `context.create_decimal(value)`: the same, rounded as the context says.
pub fn created(cx: &Cx, context: &Context, value: &Value) -> Res {
    let mut calc = context.calc(cx);
    let n = if value.is_unbound() {
        return made(cx, Num::zero(false, 0));
    } else if let Some(decimal) = value.body::<Decimal>() {
        calc.of_number(decimal.num(cx)?)?
    } else if let Some(text) = Str::of(value) {
        calc.of_text(&super::text::ascii(cx, &text, false)?)?
    } else if let Some(int) = Int::of(value) {
        calc.finish(of_int(cx, &int)?)?
    } else if is_sequence(value) {
        calc.of_text(text_of_tuple(cx, value)?.as_bytes())?
    } else if let Some(x) = cx.float_value(value) {
        context.signal(cx, flag::FLOAT_OPERATION)?;
        calc.finish(of_float(cx, x)?)?
    } else {
        return Err(unsupported(cx, value));
    };
    context.signal(cx, calc.status)?;
    made(cx, n)
}

// ---- results -----------------------------------------------------------------------------------------------------------------

/// A number as an int, rounded in a way.
pub fn to_int(cx: &Cx, context: &Context, n: &Num, rounding: Rounding) -> Res {
    match n.kind {
        Kind::Finite => {}
        Kind::Infinite => return Err(cx.overflow_error("cannot convert Infinity to integer")),
        _ => return Err(cx.value_error("cannot convert NaN to integer")),
    }
    let mut calc = Calc::new(cx, Limits { rounding, ..context.limits.get() });
    let whole = calc.rounded_to_integral(n, false)?;
    let coeff = whole.coeff.shifted_left(cx, whole.exp.max(0))?;
    let magnitude = dashu_int::IBig::from(coeff.big());
    (if n.negative { -magnitude } else { magnitude }).into_value(cx)
}
pub fn to_float(cx: &Cx, n: &Num) -> Res<f64> {
    match n.kind {
        Kind::Signaling => Err(cx.value_error("cannot convert signaling NaN to float")),
        Kind::Quiet => Ok(if n.negative { -f64::NAN } else { f64::NAN }),
        _ => {
            let text = super::text::text_of(cx, n, true, false)?;
            Ok(text.parse().unwrap_or(f64::NAN))
        }
    }
}
/// The fraction that a number is, in lowest terms.
pub fn to_ratio(cx: &Cx, n: &Num) -> Res {
    match n.kind {
        Kind::Finite => {}
        Kind::Infinite => return Err(cx.overflow_error("cannot convert Infinity to integer ratio")),
        _ => return Err(cx.value_error("cannot convert NaN to integer ratio")),
    }
    if n.is_zero() {
        return (0, 1).into_value(cx);
    }
    let mut above = n.coeff.shifted_left(cx, n.exp.max(0))?.big();
    let mut below = ten_to(cx, (-n.exp).max(0))?;
    room(cx, n.digits.saturating_add(n.exp.abs()))?;
    let divisor = (&above).gcd(&below);
    above /= &divisor;
    below /= &divisor;
    let above = dashu_int::IBig::from(above);
    (if n.negative { -above } else { above }, dashu_int::IBig::from(below)).into_value(cx)
}
/// The hash: that of any number of the same value.
pub fn hash(cx: &Cx, this: Dec<'_>) -> Res<i64> {
    let known = this.hash.get();
    if known != -1 {
        return Ok(known);
    }
    let n = this.num(cx)?;
    let made = match n.kind {
        Kind::Signaling => return Err(cx.type_error("Cannot hash a signaling NaN value")),
        // As that of any object: by its address.
        Kind::Quiet => (cx.id(this.value()) as u64).rotate_right(4) as i64,
        Kind::Infinite => 314_159,
        Kind::Finite => {
            let coeff = match &n.coeff {
                Coeff::Small(small) => small % PRIME,
                Coeff::Big(big) => u128::try_from(&(big % UBig::from(PRIME))).unwrap_or(0),
            };
            let base = if n.exp >= 0 { 10 } else { TENTH };
            (coeff * power_mod(base, n.exp.unsigned_abs()) % PRIME) as i64
        }
    };
    let made = if n.negative && n.kind != Kind::Quiet { -made } else { made };
    let made = if made == -1 { -2 } else { made };
    this.hash.set(made);
    Ok(made)
}
fn power_mod(base: u128, mut times: u64) -> u128 {
    let (mut made, mut power) = (1u128, base);
    while times > 0 {
        if times & 1 == 1 {
            made = made * power % PRIME;
        }
        power = power * power % PRIME;
        times >>= 1;
    }
    made
}
