//! How floats are made: their parts and neighbours, remainders, and rounding to ints.

use pymath::Error;
use ryokan_vm::native::*;

use super::{failed, of_any_float, of_two_floats};

of_any_float! {
    degrees = pymath::math::degrees;
    fabs = f64::abs;
    radians = pymath::math::radians;
    ulp = pymath::math::ulp;
}

of_two_floats! {
    copysign;
    fmod;
    remainder;
}

pub fn isfinite(_: &Cx, x: f64) -> bool {
    x.is_finite()
}
pub fn isinf(_: &Cx, x: f64) -> bool {
    x.is_infinite()
}
pub fn isnan(_: &Cx, x: f64) -> bool {
    x.is_nan()
}
pub fn isclose(cx: &Cx, a: f64, b: f64, rel_tol: f64, abs_tol: f64) -> Res<bool> {
    let close = pymath::math::isclose(a, b, Some(rel_tol), Some(abs_tol));
    close.map_err(|_| cx.value_error("tolerances must be non-negative"))
}

// ---- taken apart and put together --------------------------------------------------------------------------------

pub fn frexp(_: &Cx, x: f64) -> (f64, i32) {
    pymath::math::frexp(x)
}
pub fn modf(_: &Cx, x: f64) -> (f64, f64) {
    pymath::math::modf(x)
}
pub fn ldexp(cx: &Cx, x: f64, i: &Value) -> Res<f64> {
    let Some(exponent) = Int::of(i) else {
        return Err(cx.type_error("Expected an int as second argument to ldexp."));
    };
    let limit = if exponent.is_negative() { i32::MIN } else { i32::MAX };
    let exponent = exponent.small().and_then(|n| i32::try_from(n).ok()).unwrap_or(limit);
    pymath::math::ldexp(x, exponent).map_err(|error| failed(cx, error, "", x))
}
pub fn nextafter(cx: &Cx, x: f64, y: f64, steps: Option<Int>) -> Res<f64> {
    let steps = match steps {
        Some(steps) if steps.is_negative() => {
            return Err(cx.value_error("steps must be a non-negative integer"));
        }
        // There are fewer floats than 2^64.
        Some(steps) => Some(u64::try_from(&*steps.magnitude()).unwrap_or(u64::MAX)),
        None => None,
    };
    Ok(pymath::math::nextafter(x, y, steps))
}
pub fn fma(cx: &Cx, x: f64, y: f64, z: f64) -> Res<f64> {
    pymath::math::fma(x, y, z).map_err(|error| match error {
        Error::EDOM => cx.value_error("invalid operation in fma"),
        Error::ERANGE => cx.overflow_error("overflow in fma"),
    })
}

// ---- rounded to ints ---------------------------------------------------------------------------------------------

pub fn floor(cx: &Cx, x: &Value) -> Res {
    round_to_int(cx, x, "__floor__", f64::floor)
}
pub fn ceil(cx: &Cx, x: &Value) -> Res {
    round_to_int(cx, x, "__ceil__", f64::ceil)
}

/// A float is rounded, an int is what it is, anything else answers by a method or is taken for a float.
fn round_to_int(cx: &Cx, x: &Value, method: &str, round: fn(f64) -> f64) -> Res {
    if let Some(x) = cx.exact_float(x) {
        return cx.int_of_float(round(x));
    }
    if Int::is_exact(x) {
        return Ok(x.clone());
    }
    match cx.call_special(x, method, ())? {
        Some(rounded) => Ok(rounded),
        None => cx.int_of_float(round(cx.float(x)?)),
    }
}

pub fn trunc(cx: &Cx, x: &Value) -> Res {
    if let Some(x) = cx.exact_float(x) {
        return cx.int_of_float(x);
    }
    match cx.call_special(x, "__trunc__", ())? {
        Some(whole) => Ok(whole),
        None => {
            let kind = cx.type_name(x);
            Err(cx.type_error(format_args!("type {kind} doesn't define __trunc__ method")))
        }
    }
}
