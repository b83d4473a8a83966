//! `cmath`: functions of complex numbers, over pymath, which follows CPython bit for bit.

use num_complex::Complex64;
use pymath::cmath as functions;
use ryokan_vm::native::*;

native_module! {
    /// Functions of complex numbers.
    "cmath" {
        consts {
            "e" = std::f64::consts::E; "pi" = std::f64::consts::PI; "tau" = std::f64::consts::TAU;
            "inf" = f64::INFINITY; "nan" = f64::NAN;
        }
        fill = fill;
        functions {
            /// The arc cosine.
            acos(z: &Value, /);
            /// The inverse hyperbolic cosine.
            acosh(z: &Value, /);
            /// The arc sine.
            asin(z: &Value, /);
            /// The inverse hyperbolic sine.
            asinh(z: &Value, /);
            /// The arc tangent.
            atan(z: &Value, /);
            /// The inverse hyperbolic tangent.
            atanh(z: &Value, /);
            /// The cosine.
            cos(z: &Value, /);
            /// The hyperbolic cosine.
            cosh(z: &Value, /);
            /// e raised to a power.
            exp(z: &Value, /);
            /// The logarithm to base 10.
            log10(z: &Value, /);
            /// The sine.
            sin(z: &Value, /);
            /// The hyperbolic sine.
            sinh(z: &Value, /);
            /// The square root.
            sqrt(z: &Value, /);
            /// The tangent.
            tan(z: &Value, /);
            /// The hyperbolic tangent.
            tanh(z: &Value, /);
            /// The logarithm, to base e or to another one.
            log(z: &Value, base: Given = Given(None) => "<unrepresentable>", /);
            /// The angle.
            phase(z: &Value, /);
            /// The distance from zero, and the angle.
            polar(z: &Value, /);
            /// The number of a distance from zero and an angle.
            rect(r: f64, phi: f64, /);
            /// Whether neither part is infinite or a NaN.
            isfinite(z: &Value, /);
            /// Whether a part is infinite.
            isinf(z: &Value, /);
            /// Whether a part is a NaN.
            isnan(z: &Value, /);
            /// Whether two numbers are near each other: by a part of the larger one, or by a distance.
            isclose(a: &Value, b: &Value, *, rel_tol: f64 = 1e-9 => "1e-09", abs_tol: f64 = 0.0);
        }
    }
}

fn fill(module: &Filler) -> Res<()> {
    module.add("infj", module.cx().new_complex(0.0, f64::INFINITY)?)?;
    module.add("nanj", module.cx().new_complex(0.0, f64::NAN)?)
}

/// A number. Runs Python; `TypeError`.
fn number(cx: &Cx, value: &Value) -> Res<Complex64> {
    if !cx.is_numeric(value) && cx.attr_opt(&cx.class_of(value), "__complex__")?.is_none() {
        let kind = cx.type_name(value);
        return Err(cx.type_error(format_args!("must be real number, not {kind}")));
    }
    let (re, im) = cx.complex(value)?;
    Ok(Complex64::new(re, im))
}

/// A result, or the error that it stands for.
fn checked<T>(cx: &Cx, result: pymath::Result<T>) -> Res<T> {
    result.map_err(|error| match error {
        pymath::Error::EDOM => cx.value_error("math domain error"),
        pymath::Error::ERANGE => cx.overflow_error("math range error"),
    })
}

macro_rules! of_one {
    ($($name:ident)*) => { $(
        fn $name(cx: &Cx, z: &Value) -> Res {
            let made = checked(cx, functions::$name(number(cx, z)?))?;
            cx.new_complex(made.re, made.im)
        }
    )* };
}
of_one! { acos acosh asin asinh atan atanh cos cosh exp log10 sin sinh sqrt tan tanh }

fn log(cx: &Cx, z: &Value, base: Given) -> Res {
    let (z, base) = (number(cx, z)?, base.0.map(|base| number(cx, &base)).transpose()?);
    let made = checked(cx, functions::log(z, base))?;
    cx.new_complex(made.re, made.im)
}
fn phase(cx: &Cx, z: &Value) -> Res<f64> {
    let z = number(cx, z)?;
    checked(cx, functions::phase(z))
}
fn polar(cx: &Cx, z: &Value) -> Res<(f64, f64)> {
    let z = number(cx, z)?;
    checked(cx, functions::polar(z))
}
fn rect(cx: &Cx, r: f64, phi: f64) -> Res {
    let made = checked(cx, functions::rect(r, phi))?;
    cx.new_complex(made.re, made.im)
}
fn isfinite(cx: &Cx, z: &Value) -> Res<bool> {
    Ok(functions::isfinite(number(cx, z)?))
}
fn isinf(cx: &Cx, z: &Value) -> Res<bool> {
    Ok(functions::isinf(number(cx, z)?))
}
fn isnan(cx: &Cx, z: &Value) -> Res<bool> {
    Ok(functions::isnan(number(cx, z)?))
}
fn isclose(cx: &Cx, a: &Value, b: &Value, rel_tol: f64, abs_tol: f64) -> Res<bool> {
    if rel_tol < 0.0 || abs_tol < 0.0 {
        return Err(cx.value_error("tolerances must be non-negative"));
    }
    let (a, b) = (number(cx, a)?, number(cx, b)?);
    checked(cx, functions::isclose(a, b, Some(rel_tol), Some(abs_tol)))
}
