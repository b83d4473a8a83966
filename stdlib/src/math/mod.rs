//! `math`: the arithmetic itself is C's libm and CPython's own algorithms, through `pymath`.
//!
//! Errors follow CPython 3.14: a NaN that comes of no NaN is a ValueError that says what was expected, an infinity that comes of finite
//! numbers an OverflowError. What a function of one float gives without an error, a call gets from its namesake in `at_once`, which
//! needs neither a conversion nor the interpreter.
//!
//! | file | what |
//! |---|---|
//! | `powers.rs` | powers, roots, exponentials and logarithms |
//! | `angles.rs` | trigonometric and hyperbolic functions |
//! | `special.rs` | the error function and the gamma function |
//! | `floats.rs` | how floats are made: parts, neighbours, remainders, rounding to ints |
//! | `sums.rs` | sums, products and distances of many numbers |
//! | `integers.rs` | factorials, binomials, divisors, roots of ints |

use pymath::Error;
use ryokan_vm::native::*;

mod angles;
mod floats;
mod integers;
mod powers;
mod special;
mod sums;

use angles::*;
use floats::*;
use integers::*;
use powers::*;
use special::*;
use sums::*;

native_module! {
    /// Functions and constants for real numbers.
    ///
    /// Most take and give floats. An argument outside a function's domain raises
    /// ValueError, a result that is too large OverflowError; a NaN passes through.
    "math" {
        consts {
            "pi" = std::f64::consts::PI;
            "e" = std::f64::consts::E;
            "tau" = std::f64::consts::TAU;
            "inf" = f64::INFINITY;
            "nan" = f64::NAN;
        }
        functions {
            /// The angle from 0 to pi, in radians, that has this cosine.
            acos(x: f64, /), at_once = at_once::acos;
            /// The number from 0 up that has this hyperbolic cosine.
            acosh(x: f64, /), at_once = at_once::acosh;
            /// The angle from -pi/2 to pi/2, in radians, that has this sine.
            asin(x: f64, /), at_once = at_once::asin;
            /// The number that has this hyperbolic sine.
            asinh(x: f64, /), at_once = at_once::asinh;
            /// The angle from -pi/2 to pi/2, in radians, that has this tangent.
            atan(x: f64, /), at_once = at_once::atan;
            /// The angle from -pi to pi, in radians, of the point (x, y) as seen from the origin,
            /// counted from the x axis.
            atan2(y: f64, x: f64, /);
            /// The number that has this hyperbolic tangent.
            atanh(x: f64, /), at_once = at_once::atanh;
            /// The number whose third power is x; it is negative if x is.
            cbrt(x: f64, /), at_once = at_once::cbrt;
            /// x rounded up to a whole number. The type of x may answer with __ceil__; a float gives an int.
            ceil(x: &Value, /);
            /// How many sets of k members n things have, as an int: 0 if k exceeds n.
            ///
            /// ValueError if one of them is negative, TypeError if it is no integer.
            comb(n: Int, k: Int, /);
            /// abs(x), with a minus if y has one. The sign of -0.0 counts.
            copysign(x: f64, y: f64, /);
            /// The cosine of an angle in radians. ValueError if x is infinite.
            cos(x: f64, /), at_once = at_once::cos;
            /// The hyperbolic cosine: (exp(x) + exp(-x)) / 2.
            cosh(x: f64, /), at_once = at_once::cosh;
            /// An angle in degrees that is given in radians.
            degrees(x: f64, /), at_once = at_once::degrees;
            /// How far two points are apart in a straight line.
            ///
            /// Each is an iterable of coordinates; ValueError unless they have equally many.
            dist(p: &Value, q: &Value, /);
            /// The error function: twice the integral of exp(-t*t) from 0 to x, over the square root of pi.
            erf(x: f64, /), at_once = at_once::erf;
            /// 1 - erf(x), exact also where erf(x) is nearly 1.
            erfc(x: f64, /), at_once = at_once::erfc;
            /// e to the power x.
            exp(x: f64, /), at_once = at_once::exp;
            /// Two to the power x.
            exp2(x: f64, /), at_once = at_once::exp2;
            /// exp(x) less one, exact also where x is so small that exp(x) rounds to 1.
            expm1(x: f64, /), at_once = at_once::expm1;
            /// x without its sign, always a float.
            fabs(x: f64, /), at_once = at_once::fabs;
            /// The product of the whole numbers from 1 to n, as an int. ValueError if n is negative.
            factorial(n: Int, /);
            /// x rounded down to a whole number. The type of x may answer with __floor__; a float gives an int.
            floor(x: &Value, /);
            /// x * y + z, rounded once at the end rather than after the product too.
            fma(x: f64, y: f64, z: f64, /);
            /// What is left of x when y has been taken away as often as it fits. It has the sign of
            /// x, where x % y has that of y.
            fmod(x: f64, y: f64, /);
            /// A pair (m, e) with x == m * 2**e, in which abs(m) lies in [0.5, 1).
            ///
            /// Zero, infinities and NaN come back as they are, with 0 for e.
            frexp(x: f64, /);
            /// The sum of an iterable's numbers as a float, as if nothing were rounded before the end.
            fsum(seq: Iter, /);
            /// The gamma function, for which gamma(n + 1) is n! at whole numbers. ValueError at 0
            /// and at negative whole numbers.
            gamma(x: f64, /), at_once = at_once::gamma;
            /// The largest integer that divides all arguments; 0 if they are all 0, or there are none.
            gcd(*integers);
            /// The length of the vector with these coordinates; 0.0 without any.
            ///
            /// No square in between overflows. With two of them it is the long side of a right triangle.
            hypot(*coordinates);
            /// Whether a and b differ by little: by at most abs_tol, or by at most rel_tol times
            /// the larger magnitude of the two.
            ///
            /// An infinity is near itself only, a NaN near nothing. ValueError if a tolerance is negative.
            isclose(a: f64, b: f64, *, rel_tol: f64 = 1e-09, abs_tol: f64 = 0.0);
            /// Whether x is an ordinary number: not infinite, no NaN.
            isfinite(x: f64, /);
            /// Whether x is inf or -inf.
            isinf(x: f64, /);
            /// Whether x is a NaN.
            isnan(x: f64, /);
            /// The largest int whose square is at most n. ValueError if n is negative.
            isqrt(n: Int, /);
            /// The least positive integer that all arguments divide; 0 if one of them is 0, and 1
            /// without arguments.
            lcm(*integers);
            /// x times 2**i, without a detour over a power that might overflow. It puts together
            /// what frexp() takes apart.
            ldexp(x: f64, i: &Value, /);
            /// The natural logarithm of abs(gamma(x)), also where gamma(x) would overflow.
            lgamma(x: f64, /), at_once = at_once::lgamma;
            /// log(x)
            /// log(x, base)
            ///
            /// The power to which base, or e if there is none, is raised to give x. An int may be
            /// of any size. ValueError unless x is above 0.
            log(x: &Value, base: Value = Value::UNBOUND => "None", /), shows = "";
            /// The power of ten that gives x, more exact than log(x, 10). ValueError unless x is above 0.
            log10(x: &Value, /);
            /// log(1 + x), exact also where x is so small that 1 + x rounds to 1.
            log1p(x: f64, /), at_once = at_once::log1p;
            /// The power of two that gives x, more exact than log(x, 2). ValueError unless x is above 0.
            log2(x: &Value, /);
            /// A pair of floats that add up to x: what stands after the point, and what stands before it.
            ///
            /// Both are negative, or -0.0, if x is.
            modf(x: f64, /);
            /// The float that is one step, or so many steps, from x on the way to y; y itself if it is passed.
            ///
            /// ValueError if steps is negative.
            nextafter(x: f64, y: f64, /, *, steps: Option<Int> = None);
            /// In how many orders k of n things can be laid out, as an int: 0 if k exceeds n.
            /// Without k it is all n.
            ///
            /// ValueError if one of them is negative, TypeError if it is no integer.
            perm(n: Int, k: Option<Int> = None, /);
            /// x to the power y as a float. ValueError for a fraction as the power of a negative
            /// number, or a negative one of 0.
            pow(x: f64, y: f64, /);
            /// start times every item of an iterable, from left to right.
            prod(iterable: Iter, /, *, start: Value = Value::small(1) => "1");
            /// An angle in radians that is given in degrees.
            radians(x: f64, /), at_once = at_once::radians;
            /// x less the multiple of y that is nearest to it; of two that are equally near, the
            /// even multiple. Nothing is rounded.
            remainder(x: f64, y: f64, /);
            /// The sine of an angle in radians. ValueError if x is infinite.
            sin(x: f64, /), at_once = at_once::sin;
            /// The hyperbolic sine: (exp(x) - exp(-x)) / 2.
            sinh(x: f64, /), at_once = at_once::sinh;
            /// The number from 0 up whose square is x. ValueError if x is negative.
            sqrt(x: f64, /), at_once = at_once::sqrt;
            /// Each item of p times its partner in q, all of it added up. ValueError unless they are equally long.
            ///
            /// Floats are added in more digits than a float has, and rounded at the end.
            sumprod(p: Iter, q: Iter, /);
            /// The tangent of an angle in radians. ValueError if x is infinite.
            tan(x: f64, /), at_once = at_once::tan;
            /// The hyperbolic tangent, sinh(x) / cosh(x), which lies between -1 and 1.
            tanh(x: f64, /), at_once = at_once::tanh;
            /// x without what stands after its point. The type of x answers with __trunc__; a float gives an int.
            trunc(x: &Value, /);
            /// How far it is from abs(x) to the next larger float.
            ulp(x: f64, /), at_once = at_once::ulp;
        }
    }
}

/// The functions of one float that a call may ask at once: the result, or nothing where there is an error to raise.
mod at_once {
    pub use super::angles::at_once::*;
    pub use super::floats::at_once::*;
    pub use super::powers::at_once::*;
    pub use super::special::at_once::*;
}

/// What went wrong with a function of floats. `expected` is said of the argument.
#[cold]
fn failed(cx: &Cx, error: Error, expected: &str, x: f64) -> Raised {
    match error {
        Error::ERANGE => cx.overflow_error("math range error"),
        Error::EDOM if expected.is_empty() => cx.value_error("math domain error"),
        Error::EDOM => cx.value_error(format_args!("expected {expected}, got {}", cx.float_text(x))),
    }
}

/// Defines functions of one float, and their namesakes in `at_once`, after those of `pymath`; each with what it expects of the argument.
macro_rules! of_one_float {
    ($($name:ident $expected:literal;)*) => {
        $(pub fn $name(cx: &Cx, x: f64) -> Res<f64> {
            pymath::math::$name(x).map_err(|error| failed(cx, error, $expected, x))
        })*
        pub mod at_once {
            $(pub fn $name(x: f64) -> Option<f64> {
                pymath::math::$name(x).ok()
            })*
        }
    };
}

/// Defines functions of one float that cannot fail, and their namesakes in `at_once`.
macro_rules! of_any_float {
    ($($name:ident = $function:path;)*) => {
        $(pub fn $name(_: &Cx, x: f64) -> f64 {
            $function(x)
        })*
        pub mod at_once {
            $(pub fn $name(x: f64) -> Option<f64> {
                Some($function(x))
            })*
        }
    };
}

/// Defines functions of two floats.
macro_rules! of_two_floats {
    ($($name:ident;)*) => {
        $(pub fn $name(cx: &Cx, x: f64, y: f64) -> Res<f64> {
            pymath::math::$name(x, y).map_err(|error| failed(cx, error, "", x))
        })*
    };
}

use {of_any_float, of_one_float, of_two_floats};
