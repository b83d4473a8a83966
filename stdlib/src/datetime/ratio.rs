//! Products and quotients of spans: exact, and rounded half to even where they must be.

use dashu_int::IBig;
use dashu_int::ops::DivRemEuclid;
use ryokan_vm::native::*;

use super::delta::{Delta, Span, far_too_long, made, span_of};

/// `numerator / denominator`, rounded half to even.
fn nearest(numerator: &IBig, denominator: &IBig) -> IBig {
    let (numerator, denominator) = if *denominator < IBig::ZERO {
        (-numerator, -denominator)
    } else {
        (numerator.clone(), denominator.clone())
    };
    let (quotient, rest) = numerator.div_rem_euclid(&denominator);
    let twice = IBig::from(rest) << 1;
    let odd = &quotient % 2 != 0;
    if twice > denominator || twice == denominator && odd { quotient + IBig::ONE } else { quotient }
}
/// The same of numbers that fit.
fn nearest_small(numerator: i128, denominator: i128) -> i128 {
    let (numerator, denominator) =
        if denominator < 0 { (-numerator, -denominator) } else { (numerator, denominator) };
    let (quotient, rest) = (numerator.div_euclid(denominator), numerator.rem_euclid(denominator));
    let up = rest > denominator - rest || rest == denominator - rest && quotient & 1 == 1;
    quotient + i128::from(up)
}

/// A span of so many microseconds. `OverflowError`.
fn of_big(cx: &Cx, micros: &IBig) -> Res {
    match i128::try_from(micros) {
        Ok(micros) => made(cx, Span::of_micros(cx, micros)?),
        Err(_) => Err(far_too_long(cx)),
    }
}

/// A float as a fraction. `ValueError` of a NaN, `OverflowError` of an infinity; a subclass is asked for its `as_integer_ratio`, which
/// runs Python.
fn ratio(cx: &Cx, value: &Value, x: f64) -> Res<(IBig, IBig)> {
    if cx.exact_float(value).is_some() {
        if x.is_nan() {
            return Err(cx.value_error("cannot convert NaN to integer ratio"));
        }
        if x.is_infinite() {
            return Err(cx.overflow_error("cannot convert Infinity to integer ratio"));
        }
        return Ok(exact_ratio(x));
    }
    let pair = cx.call_method(value, "as_integer_ratio", ())?;
    let Some(pair) = Tuple::of(&pair) else {
        let kind = cx.type_name(&pair);
        return Err(cx.type_error(format_args!(
            "unexpected return type from as_integer_ratio(): expected tuple, not '{kind}'"
        )));
    };
    let [numerator, denominator] = pair.as_slice() else {
        return Err(cx.value_error("as_integer_ratio() must return a 2-tuple"));
    };
    let part = |value: &Value| -> Res<IBig> { Ok(cx.to_index(value)?.big().into_owned()) };
    Ok((part(numerator)?, part(denominator)?))
}
/// A finite float as a fraction: the denominator is a power of two.
fn exact_ratio(x: f64) -> (IBig, IBig) {
    let bits = x.abs().to_bits();
    let (exponent, fraction) = ((bits >> 52) as i32, bits & ((1 << 52) - 1));
    let (mantissa, exponent) =
        if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) };
    let spare = if exponent < 0 { mantissa.trailing_zeros().min(exponent.unsigned_abs()) } else { 0 };
    let (mantissa, exponent) = (IBig::from(mantissa >> spare), exponent + spare as i32);
    let numerator = if x < 0.0 { -mantissa } else { mantissa };
    match exponent {
        0.. => (numerator << exponent as usize, IBig::ONE),
        _ => (numerator, IBig::ONE << exponent.unsigned_abs() as usize),
    }
}

/// A large int as a factor or divisor: only its sign counts where a span is not zero.
fn big_of(number: &Int) -> IBig {
    number.big().into_owned()
}

/// The product of a span and a number.
fn product(cx: &Cx, span: Span, factor: &Value) -> Res {
    let micros = span.micros();
    if let Some(number) = Int::of(factor) {
        return match number.small() {
            Some(n) => match micros.checked_mul(n.into()) {
                Some(product) => made(cx, Span::of_micros(cx, product)?),
                None => Err(far_too_long(cx)),
            },
            None if micros == 0 => made(cx, Span::ZERO),
            None => Err(far_too_long(cx)),
        };
    }
    let Some(x) = cx.float_value(factor) else { return Ok(Value::NOT_IMPLEMENTED) };
    let (numerator, denominator) = ratio(cx, factor, x)?;
    quotient(cx, IBig::from(micros) * numerator, denominator)
}
fn quotient(cx: &Cx, numerator: IBig, denominator: IBig) -> Res {
    if denominator == IBig::ZERO {
        return Err(cx.zero_division("division by zero"));
    }
    of_big(cx, &nearest(&numerator, &denominator))
}

pub fn mul(cx: &Cx, left: &Value, right: &Value) -> Res {
    match (span_of(left), span_of(right)) {
        (Some(span), None) => product(cx, span, right),
        (None, Some(span)) => product(cx, span, left),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

pub fn div(cx: &Cx, left: &Value, right: &Value) -> Res {
    let Some(span) = span_of(left) else { return Ok(Value::NOT_IMPLEMENTED) };
    let micros = span.micros();
    if let Some(other) = span_of(right) {
        let (left, right) = (micros.into_value(cx)?, other.micros().into_value(cx)?);
        if other.is_zero() {
            return Err(cx.zero_division("division by zero"));
        }
        return cx.binary(BinaryOp::TrueDivide, &left, &right);
    }
    if let Some(number) = Int::of(right) {
        return match number.small() {
            Some(0) => Err(cx.zero_division("division by zero")),
            Some(n) => made(cx, Span::of_micros(cx, nearest_small(micros, n.into()))?),
            None => quotient(cx, micros.into(), big_of(&number)),
        };
    }
    let Some(x) = cx.float_value(right) else { return Ok(Value::NOT_IMPLEMENTED) };
    let (numerator, denominator) = ratio(cx, right, x)?;
    quotient(cx, IBig::from(micros) * denominator, numerator)
}

pub fn floor_div(cx: &Cx, left: &Value, right: &Value) -> Res {
    let Some(span) = span_of(left) else { return Ok(Value::NOT_IMPLEMENTED) };
    if let Some(other) = span_of(right) {
        return parts(cx, span, other)?.0.into_value(cx);
    }
    let Some(number) = Int::of(right) else { return Ok(Value::NOT_IMPLEMENTED) };
    let micros = span.micros();
    let floor = match number.small() {
        Some(0) => return Err(cx.zero_division("division by zero")),
        Some(n) => floor(micros, n.into()).0,
        // The divisor is larger than any span.
        None => -i128::from(micros != 0 && (micros < 0) != number.is_negative()),
    };
    made(cx, Span::of_micros(cx, floor)?)
}

/// Quotient and remainder, which has the divisor's sign.
fn floor(left: i128, right: i128) -> (i128, i128) {
    let (quotient, rest) = (left / right, left % right);
    if rest != 0 && (rest < 0) != (right < 0) { (quotient - 1, rest + right) } else { (quotient, rest) }
}
/// The same of spans.
fn parts(cx: &Cx, left: Span, right: Span) -> Res<(i128, i128)> {
    if right.is_zero() {
        return Err(cx.zero_division("division by zero"));
    }
    Ok(floor(left.micros(), right.micros()))
}

pub fn modulo(cx: &Cx, left: &Value, right: &Value) -> Res {
    match (span_of(left), span_of(right)) {
        (Some(left), Some(right)) => made(cx, Span::of_micros(cx, parts(cx, left, right)?.1)?),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn pair(cx: &Cx, left: Option<Span>, right: Option<Span>) -> Res {
    let (Some(left), Some(right)) = (left, right) else { return Ok(Value::NOT_IMPLEMENTED) };
    let (quotient, rest) = parts(cx, left, right)?;
    (quotient, made(cx, Span::of_micros(cx, rest)?)?).into_value(cx)
}
pub fn divmod(cx: &Cx, this: Delta<'_>, value: &Value) -> Res {
    pair(cx, Some(this.span()), span_of(value))
}
pub fn rdivmod(cx: &Cx, this: Delta<'_>, value: &Value) -> Res {
    pair(cx, span_of(value), Some(this.span()))
}
