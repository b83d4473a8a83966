//! Powers, roots, exponentials and logarithms.

use ryokan_vm::native::*;

use super::{failed, of_one_float, of_two_floats};

of_one_float! {
    cbrt "";
    exp "";
    exp2 "";
    expm1 "";
    log1p "argument value > -1";
    sqrt "a nonnegative input";
}

of_two_floats! {
    pow;
}

/// The logarithm of a float or of an int of any size.
fn logarithm(cx: &Cx, value: &Value, function: fn(f64) -> pymath::Result<f64>) -> Res<f64> {
    if let Some(x) = cx.exact_float(value) {
        return function(x).map_err(|error| failed(cx, error, "a positive input", x));
    }
    let Some(number) = Int::of(value) else {
        let x = cx.float(value)?;
        return function(x).map_err(|error| failed(cx, error, "a positive input", x));
    };
    if number.is_negative() || number.is_zero() {
        return Err(cx.value_error("expected a positive input"));
    }
    let log = |x: f64| function(x).unwrap_or(f64::NAN);
    Ok(match number.to_f64() {
        Some(x) => log(x),
        None => {
            let (x, exponent) = number.to_scaled_f64();
            log(x) + log(2.0) * exponent as f64
        }
    })
}

pub fn log(cx: &Cx, x: &Value, base: Value) -> Res<f64> {
    let natural: fn(f64) -> pymath::Result<f64> = |x| pymath::math::log(x, None);
    let numerator = logarithm(cx, x, natural)?;
    let Some(base) = base.bound() else { return Ok(numerator) };
    let denominator = logarithm(cx, base, natural)?;
    if denominator == 0.0 {
        return Err(cx.zero_division("division by zero"));
    }
    Ok(numerator / denominator)
}
pub fn log2(cx: &Cx, x: &Value) -> Res<f64> {
    logarithm(cx, x, pymath::math::log2)
}
pub fn log10(cx: &Cx, x: &Value) -> Res<f64> {
    logarithm(cx, x, pymath::math::log10)
}
