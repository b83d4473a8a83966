//! `math`: rows for each function; the arithmetic itself is C's libm and CPython's own algorithms, through `pymath`.
//!
//! Errors follow CPython 3.14: a NaN that comes of no NaN is a ValueError that says what was expected, an infinity that
//! comes of finite numbers an OverflowError.
//!
//! Read next: `integer.rs` (comb, gcd, isqrt and their like).

use pymath::Error;
use ryokan_bytecode::BinaryOp;

use crate::object::native::{Call, Method, method};
use crate::raised::{Raised, Res};
use crate::types::dict::Dict;
use crate::types::float::{decode, float_of, is_exact_float, repr_text, round_scaled};
use crate::types::int::{Num, is_exact_int, is_int, view};
use crate::value::{Value, Word};
use crate::vm::Vm;

mod integer;

/// `math.__doc__`
pub const DOC: &str = "This module provides access to the mathematical functions\ndefined by the C standard.";

/// Adds the constants to the module's namespace.
pub fn fill(vm: &Vm, dict: &Dict) -> Res<()> {
    use std::f64::consts::{E, PI, TAU};
    for (name, value) in [("pi", PI), ("e", E), ("tau", TAU), ("inf", f64::INFINITY), ("nan", f64::NAN)] {
        dict.set_name(vm, &vm.intern(name)?, vm.float(value)?)?;
    }
    Ok(())
}

// ---- one or two floats -------------------------------------------------------------------------------------------

/// What went wrong with a function of floats. `expected` is said of the argument.
#[cold]
fn failed(vm: &Vm, error: &Error, expected: &str, x: f64) -> Raised {
    match error {
        Error::ERANGE => vm.overflow_error("math range error"),
        Error::EDOM if expected.is_empty() => vm.value_error("math domain error"),
        Error::EDOM => vm.value_error(format_args!("expected {expected}, got {}", repr_text(x))),
    }
}

fn one(vm: &Vm, value: &Value, function: fn(f64) -> pymath::Result<f64>, expected: &str) -> Res {
    let x = vm.as_f64(value)?;
    match function(x) {
        Ok(result) => vm.float(result),
        Err(error) => Err(failed(vm, &error, expected, x)),
    }
}

fn two(vm: &Vm, args: &[Value], function: fn(f64, f64) -> pymath::Result<f64>) -> Res {
    let (x, y) = (vm.as_f64(&args[0])?, vm.as_f64(&args[1])?);
    match function(x, y) {
        Ok(result) => vm.float(result),
        Err(error) => Err(failed(vm, &error, "", x)),
    }
}

/// A row of a function of one float: what is expected of the argument, and the doc.
macro_rules! unary {
    ($name:ident, $expected:literal, $doc:literal) => {
        method(
            stringify!($name),
            "(x, /)",
            Call::Float(|x| pymath::math::$name(x).ok(), |vm, x| one(vm, x, pymath::math::$name, $expected)),
            $doc,
        )
    };
}

/// A row of a function of two floats.
macro_rules! binary {
    ($name:ident, $signature:literal, $doc:literal) => {
        method(
            stringify!($name),
            $signature,
            Call::Slice(|vm, args| two(vm, args, pymath::math::$name)),
            $doc,
        )
    };
}

/// A row of a question about a float.
macro_rules! question {
    ($name:literal, $test:expr, $doc:literal) => {
        method(
            $name,
            "(x, /)",
            Call::One(|vm, x| {
                let test: fn(f64) -> bool = $test;
                vm.as_f64(x).map(|x| Value::bool(test(x)))
            }),
            $doc,
        )
    };
}

/// A row of a function of one float that cannot fail.
macro_rules! total {
    ($name:literal, $function:expr, $doc:literal) => {
        method(
            $name,
            "(x, /)",
            Call::Float(
                |x| {
                    let function: fn(f64) -> f64 = $function;
                    Some(function(x))
                },
                |vm, x| {
                    let function: fn(f64) -> f64 = $function;
                    vm.float(function(vm.as_f64(x)?))
                },
            ),
            $doc,
        )
    };
}

// ---- logarithms --------------------------------------------------------------------------------------------------

/// The logarithm of a float or of an int of any size.
fn logarithm(vm: &Vm, value: &Value, function: fn(f64) -> pymath::Result<f64>) -> Res<f64> {
    if let Some(n) = view(value) {
        if n.is_negative() || n.is_zero() {
            return Err(vm.value_error("expected a positive input"));
        }
        let (x, exponent) = match n {
            Num::Small(n) => (n as f64, 0),
            Num::Big(big) => match big.to_f64().value() {
                x if x.is_finite() => (x, 0),
                _ => top_bits(n),
            },
        };
        let log = |x: f64| function(x).unwrap_or(f64::NAN);
        return Ok(if exponent == 0 { log(x) } else { log(x) + log(2.0) * exponent as f64 });
    }
    let x = vm.as_f64(value)?;
    function(x).map_err(|error| failed(vm, &error, "a positive input", x))
}

/// A large int as a float in [0.5, 1) and a power of two.
fn top_bits(n: Num<'_>) -> (f64, usize) {
    let bits = n.bits();
    let magnitude = n.big().into_owned().into_parts().1;
    let top = u64::try_from(&(&magnitude >> (bits - 64))).unwrap_or(u64::MAX);
    let more = magnitude.trailing_zeros().is_some_and(|zeros| zeros < bits - 64);
    let x = round_scaled(top | u64::from(more), -64).unwrap_or(0.5);
    if x == 1.0 { (0.5, bits + 1) } else { (x, bits) }
}

fn log(vm: &Vm, args: &[Value]) -> Res {
    let natural: fn(f64) -> pymath::Result<f64> = |x| pymath::math::log(x, None);
    let numerator = logarithm(vm, &args[0], natural)?;
    let Some(base) = args.get(1).and_then(Value::bound) else { return vm.float(numerator) };
    let denominator = logarithm(vm, base, natural)?;
    if denominator == 0.0 {
        return Err(vm.zero_division("division by zero"));
    }
    vm.float(numerator / denominator)
}

// ---- floats taken apart and put together -------------------------------------------------------------------------

fn frexp(vm: &Vm, value: &Value) -> Res {
    let (mantissa, exponent) = pymath::math::frexp(vm.as_f64(value)?);
    vm.new_tuple(vec![vm.float(mantissa)?, vm.int(i64::from(exponent))?])
}

fn modf(vm: &Vm, value: &Value) -> Res {
    let (fraction, whole) = pymath::math::modf(vm.as_f64(value)?);
    vm.new_tuple(vec![vm.float(fraction)?, vm.float(whole)?])
}

fn ldexp(vm: &Vm, args: &[Value]) -> Res {
    let x = vm.as_f64(&args[0])?;
    if !is_int(&args[1]) {
        return Err(vm.type_error("Expected an int as second argument to ldexp."));
    }
    let by = vm.index_clamped(&args[1])?.clamp(-1 << 40, 1 << 40);
    if x == 0.0 || !x.is_finite() {
        return vm.float(x);
    }
    let (mantissa, exponent) = decode(x);
    match round_scaled(mantissa, by + i64::from(exponent)) {
        Some(result) => vm.float(result.copysign(x)),
        None => Err(vm.overflow_error("math range error")),
    }
}

fn nextafter(vm: &Vm, args: &[Value]) -> Res {
    let (x, y) = (vm.as_f64(&args[0])?, vm.as_f64(&args[1])?);
    let steps = match args.get(2).and_then(Value::bound).filter(|s| !s.is_none()) {
        None => None,
        Some(steps) => match vm.to_big(&vm.index(steps)?).map(|n| (n.sign(), u64::try_from(n))) {
            Some((dashu_int::Sign::Negative, _)) => {
                return Err(vm.value_error("steps must be a non-negative integer"));
            }
            Some((_, Ok(steps))) => Some(steps),
            _ => Some(u64::MAX),
        },
    };
    vm.float(pymath::math::nextafter(x, y, steps))
}

fn fma(vm: &Vm, args: &[Value]) -> Res {
    match pymath::math::fma(vm.as_f64(&args[0])?, vm.as_f64(&args[1])?, vm.as_f64(&args[2])?) {
        Ok(result) => vm.float(result),
        Err(Error::EDOM) => Err(vm.value_error("invalid operation in fma")),
        Err(Error::ERANGE) => Err(vm.overflow_error("overflow in fma")),
    }
}

fn isclose(vm: &Vm, args: &[Value]) -> Res {
    let tolerance = |at: usize| args.get(at).and_then(Value::bound).map(|v| vm.as_f64(v)).transpose();
    let (a, b) = (vm.as_f64(&args[0])?, vm.as_f64(&args[1])?);
    match pymath::math::isclose(a, b, tolerance(2)?, tolerance(3)?) {
        Ok(close) => Ok(Value::bool(close)),
        Err(_) => Err(vm.value_error("tolerances must be non-negative")),
    }
}

// ---- rounding to ints --------------------------------------------------------------------------------------------

fn floor(vm: &Vm, value: &Value) -> Res {
    round_to_int(vm, value, &vm.names.__floor__, f64::floor)
}

fn ceil(vm: &Vm, value: &Value) -> Res {
    round_to_int(vm, value, &vm.names.__ceil__, f64::ceil)
}

fn round_to_int(vm: &Vm, value: &Value, name: &Value, round: fn(f64) -> f64) -> Res {
    if !is_exact_float(value) {
        if is_exact_int(value) {
            return Ok(value.clone());
        }
        if let Some(result) = vm.call_special(value, name, &[])? {
            return Ok(result);
        }
    }
    vm.int_from_f64(round(vm.as_f64(value)?))
}

fn trunc(vm: &Vm, value: &Value) -> Res {
    if is_exact_float(value) {
        return vm.int_from_f64(vm.as_f64(value)?);
    }
    match vm.call_special(value, &vm.names.__trunc__, &[])? {
        Some(result) => Ok(result),
        None => {
            Err(vm.type_error(format_args!("type {} doesn't define __trunc__ method", vm.type_name(value))))
        }
    }
}

// ---- sums and products -------------------------------------------------------------------------------------------

fn fsum(vm: &Vm, iterable: &Value) -> Res {
    let items = vm.iter(iterable)?;
    let mut raised = None;
    let sum = pymath::math::fsum(std::iter::from_fn(|| {
        let item = vm.next(&items).and_then(|item| item.map(|v| vm.as_f64(&v)).transpose());
        item.unwrap_or_else(|error| {
            raised = Some(error);
            None
        })
    }));
    if let Some(raised) = raised {
        return Err(raised);
    }
    match sum {
        Ok(sum) => vm.float(sum),
        Err(Error::ERANGE) => Err(vm.overflow_error("intermediate overflow in fsum")),
        Err(Error::EDOM) => Err(vm.value_error("-inf + inf in fsum")),
    }
}

fn coordinates(vm: &Vm, values: &[Value]) -> Res<Vec<f64>> {
    values.iter().map(|value| vm.as_f64(value)).collect()
}

fn hypot(vm: &Vm, args: &[Value]) -> Res {
    vm.float(pymath::math::hypot(&coordinates(vm, args)?))
}

fn dist(vm: &Vm, args: &[Value]) -> Res {
    let (p, q) = (vm.collect(&args[0])?, vm.collect(&args[1])?);
    if p.len() != q.len() {
        return Err(vm.value_error("both points must have the same number of dimensions"));
    }
    vm.float(pymath::math::dist(&coordinates(vm, &p)?, &coordinates(vm, &q)?))
}

fn prod(vm: &Vm, args: &[Value]) -> Res {
    let items = vm.iter(&args[0])?;
    let mut product = args.get(1).and_then(Value::bound).map_or(Value::small(1), Value::take);
    while let Some(item) = vm.next(&items)? {
        product = vm.binary_op(&product, &item, BinaryOp::Multiply)?;
    }
    Ok(product)
}

/// A sum in three floats, each far below the one before.
#[derive(Clone, Copy, Default)]
struct Triple {
    high: f64,
    low: f64,
    tiny: f64,
}

/// A sum, and what rounding lost of it.
fn exact_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let part = sum - a;
    (sum, (a - (sum - part)) + (b - part))
}

impl Triple {
    fn add_product(self, x: f64, y: f64) -> Triple {
        let product = x * y;
        let lost = x.mul_add(y, -product);
        let (high, lost_high) = exact_sum(self.high, product);
        let (low, lost_low) = exact_sum(self.low, lost);
        let (low, lost_sum) = exact_sum(low, lost_high);
        Triple { high, low, tiny: self.tiny + lost_low + lost_sum }
    }
    fn value(self) -> f64 {
        let (high, low) = exact_sum(self.low, self.high);
        self.tiny + low + high
    }
}

/// The running sum of `sumprod`: ints first, then floats in extended precision, then whatever comes.
struct SumProd<'a> {
    vm: &'a Vm,
    total: Value,
    ints: Option<i64>,
    floats: Option<(Triple, bool)>,
}

impl SumProd<'_> {
    fn add_total(&mut self, term: &Value) -> Res<()> {
        self.total = self.vm.binary_op(&self.total, term, BinaryOp::Add)?;
        Ok(())
    }
    fn leave_ints(&mut self) -> Res<()> {
        match self.ints.take() {
            Some(sum) if sum != 0 => self.add_total(&self.vm.int(sum)?),
            _ => Ok(()),
        }
    }
    fn leave_floats(&mut self) -> Res<()> {
        match self.floats.take() {
            Some((sum, true)) => self.add_total(&self.vm.float(sum.value())?),
            _ => Ok(()),
        }
    }
    fn add(&mut self, p: &Value, q: &Value) -> Res<()> {
        if let Some(sum) = self.ints {
            let exact = is_exact_int(p) && is_exact_int(q);
            let product = self.vm.as_i64(p).zip(self.vm.as_i64(q)).and_then(|(x, y)| x.checked_mul(y));
            if let (true, Some(sum)) = (exact, product.and_then(|product| sum.checked_add(product))) {
                self.ints = Some(sum);
                return Ok(());
            }
            self.leave_ints()?;
        }
        if let Some((sum, _)) = self.floats {
            if let Some((x, y)) = float_pair(p, q) {
                let next = sum.add_product(x, y);
                if next.high.is_finite() {
                    self.floats = Some((next, true));
                    return Ok(());
                }
            }
            self.leave_floats()?;
        }
        let term = self.vm.binary_op(p, q, BinaryOp::Multiply)?;
        self.add_total(&term)
    }
}

/// Both as floats, if one is a float and the other a float, an int or a bool that has a nearest float.
fn float_pair(p: &Value, q: &Value) -> Option<(f64, f64)> {
    let exact = |value: &Value| if is_exact_float(value) { float_of(value) } else { None };
    let number = |value: &Value| {
        exact(value).or_else(|| {
            let plain = is_exact_int(value) || matches!(value.word(), Word::TRUE | Word::FALSE);
            match view(value).filter(|_| plain)? {
                Num::Small(n) => Some(n as f64),
                Num::Big(n) => Some(n.to_f64().value()).filter(|x| x.is_finite()),
            }
        })
    };
    match (exact(p), exact(q)) {
        (None, None) => None,
        _ => Some((number(p)?, number(q)?)),
    }
}

fn sumprod(vm: &Vm, args: &[Value]) -> Res {
    let (ps, qs) = (vm.iter(&args[0])?, vm.iter(&args[1])?);
    let mut sum =
        SumProd { vm, total: Value::small(0), ints: Some(0), floats: Some((Triple::default(), false)) };
    loop {
        match (vm.next(&ps)?, vm.next(&qs)?) {
            (Some(p), Some(q)) => sum.add(&p, &q)?,
            (None, None) => break,
            _ => return Err(vm.value_error("Inputs are not the same length")),
        }
    }
    sum.leave_ints()?;
    sum.leave_floats()?;
    Ok(sum.total)
}

// ---- the table ---------------------------------------------------------------------------------------------------

/// The functions.
pub static FUNCTIONS: &[Method] = &[
    unary!(
        acos,
        "a number in range from -1 up to 1",
        "Return the arc cosine (measured in radians) of x.\n\nThe result is between 0 and pi."
    ),
    unary!(acosh, "argument value not less than 1", "Return the inverse hyperbolic cosine of x."),
    unary!(
        asin,
        "a number in range from -1 up to 1",
        "Return the arc sine (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2."
    ),
    unary!(asinh, "", "Return the inverse hyperbolic sine of x."),
    unary!(
        atan,
        "",
        "Return the arc tangent (measured in radians) of x.\n\nThe result is between -pi/2 and pi/2."
    ),
    binary!(
        atan2,
        "(y, x, /)",
        "Return the arc tangent (measured in radians) of y/x.\n\nUnlike atan(y/x), the signs of both x and y are considered."
    ),
    unary!(atanh, "a number between -1 and 1", "Return the inverse hyperbolic tangent of x."),
    unary!(cbrt, "", "Return the cube root of x."),
    method(
        "ceil",
        "(x, /)",
        Call::One(ceil),
        "Return the ceiling of x as an Integral.\n\nThis is the smallest integer >= x.",
    ),
    method(
        "comb",
        "(n, k, /)",
        Call::Slice(integer::comb),
        "Number of ways to choose k items from n items without repetition and without order.\n\nEvaluates to n! / (k! * (n - \
         k)!) when k <= n and evaluates\nto zero when k > n.\n\nAlso called the binomial coefficient because it is \
         equivalent\nto the coefficient of k-th term in polynomial expansion of the\nexpression (1 + x)**n.\n\nRaises \
         TypeError if either of the arguments are not integers.\nRaises ValueError if either of the arguments are negative.",
    ),
    binary!(
        copysign,
        "(x, y, /)",
        "Return a float with the magnitude (absolute value) of x but the sign of y.\n\nOn platforms that support signed \
         zeros, copysign(1.0, -0.0)\nreturns -1.0.\n"
    ),
    unary!(cos, "a finite input", "Return the cosine of x (measured in radians)."),
    unary!(cosh, "", "Return the hyperbolic cosine of x."),
    total!("degrees", pymath::math::degrees, "Convert angle x from radians to degrees."),
    method(
        "dist",
        "(p, q, /)",
        Call::Slice(dist),
        "Return the Euclidean distance between two points p and q.\n\nThe points should be specified as sequences (or \
         iterables) of\ncoordinates.  Both inputs must have the same dimension.\n\nRoughly equivalent to:\n    sqrt(sum((px - \
         qx) ** 2.0 for px, qx in zip(p, q)))",
    ),
    unary!(erf, "", "Error function at x."),
    unary!(erfc, "", "Complementary error function at x."),
    unary!(exp, "", "Return e raised to the power of x."),
    unary!(exp2, "", "Return 2 raised to the power of x."),
    unary!(
        expm1,
        "",
        "Return exp(x)-1.\n\nThis function avoids the loss of precision involved in the direct evaluation of exp(x)-1 for \
         small x."
    ),
    total!("fabs", f64::abs, "Return the absolute value of the float x."),
    method("factorial", "(n, /)", Call::One(integer::factorial), "Find n!."),
    method(
        "floor",
        "(x, /)",
        Call::One(floor),
        "Return the floor of x as an Integral.\n\nThis is the largest integer <= x.",
    ),
    method(
        "fma",
        "(x, y, z, /)",
        Call::Slice(fma),
        "Fused multiply-add operation.\n\nCompute (x * y) + z with a single round.",
    ),
    binary!(fmod, "(x, y, /)", "Return fmod(x, y), according to platform C.\n\nx % y may differ."),
    method(
        "frexp",
        "(x, /)",
        Call::One(frexp),
        "Return the mantissa and exponent of x, as pair (m, e).\n\nIf x is a finite nonzero number, then m is a float \
         with\n0.5 <= abs(m) < 1.0 and an integer e is such that\nx == m * 2**e exactly.  Else, return (x, 0).",
    ),
    method(
        "fsum",
        "(seq, /)",
        Call::One(fsum),
        "Return an accurate floating-point sum of values in the iterable seq.\n\nAssumes IEEE-754 floating-point arithmetic.",
    ),
    unary!(gamma, "a noninteger or positive integer", "Gamma function at x."),
    method("gcd", "(*integers)", Call::Slice(integer::gcd), "Greatest Common Divisor."),
    method(
        "hypot",
        "(*coordinates)",
        Call::Slice(hypot),
        "Multidimensional Euclidean distance from the origin to a point.\n\nRoughly equivalent to:\n    sqrt(sum(x**2 for x in \
         coordinates))\n\nFor a two dimensional point (x, y), gives the hypotenuse\nusing the Pythagorean theorem:  sqrt(x*x \
         + y*y).\n\nFor example, the hypotenuse of a 3/4/5 right triangle is:\n\n    >>> hypot(3.0, 4.0)\n    5.0",
    ),
    method(
        "isclose",
        "(a, b, *, rel_tol=1e-09, abs_tol=0.0)",
        Call::Slice(isclose),
        "Determine whether two floating-point numbers are close in value.\n\n  rel_tol\n    maximum difference for being \
         considered \"close\", relative to the\n    magnitude of the input values\n  abs_tol\n    maximum difference for being \
         considered \"close\", regardless of the\n    magnitude of the input values\n\nReturn True if a is close in value to \
         b, and False otherwise.\n\nFor the values to be considered close, the difference between them\nmust be smaller than \
         at least one of the tolerances.\n\n-inf, inf and NaN behave similarly to the IEEE 754 Standard.  That\nis, NaN is \
         not close to anything, even itself.  inf and -inf are\nonly close to themselves.",
    ),
    question!(
        "isfinite",
        |x| x.is_finite(),
        "Return True if x is neither an infinity nor a NaN, and False otherwise."
    ),
    question!(
        "isinf",
        |x| x.is_infinite(),
        "Return True if x is a positive or negative infinity, and False otherwise."
    ),
    question!("isnan", |x| x.is_nan(), "Return True if x is a NaN (not a number), and False otherwise."),
    method(
        "isqrt",
        "(n, /)",
        Call::One(integer::isqrt),
        "Return the integer part of the square root of the input.",
    ),
    method("lcm", "(*integers)", Call::Slice(integer::lcm), "Least Common Multiple."),
    method(
        "ldexp",
        "(x, i, /)",
        Call::Slice(ldexp),
        "Return x * (2**i).\n\nThis is essentially the inverse of frexp().",
    ),
    unary!(
        lgamma,
        "a noninteger or positive integer",
        "Natural logarithm of absolute value of Gamma function at x."
    ),
    method(
        "log",
        "(x, base=None, /)",
        Call::Slice(log),
        "log(x, [base=math.e])\nReturn the logarithm of x to the given base.\n\nIf the base is not specified, returns the \
         natural logarithm (base e) of x.",
    ),
    method(
        "log10",
        "(x, /)",
        Call::One(|vm, x| vm.float(logarithm(vm, x, pymath::math::log10)?)),
        "Return the base 10 logarithm of x.",
    ),
    unary!(
        log1p,
        "argument value > -1",
        "Return the natural logarithm of 1+x (base e).\n\nThe result is computed in a way which is accurate for x near zero."
    ),
    method(
        "log2",
        "(x, /)",
        Call::One(|vm, x| vm.float(logarithm(vm, x, pymath::math::log2)?)),
        "Return the base 2 logarithm of x.",
    ),
    method(
        "modf",
        "(x, /)",
        Call::One(modf),
        "Return the fractional and integer parts of x.\n\nBoth results carry the sign of x and are floats.",
    ),
    method(
        "nextafter",
        "(x, y, /, *, steps=None)",
        Call::Slice(nextafter),
        "Return the floating-point value the given number of steps after x towards y.\n\nIf steps is not specified or is None, \
         it defaults to 1.\n\nRaises a TypeError, if x or y is not a double, or if steps is not\nan integer.  Raises \
         ValueError if steps is negative.",
    ),
    method(
        "perm",
        "(n, k=None, /)",
        Call::Slice(integer::perm),
        "Number of ways to choose k items from n items without repetition and with order.\n\nEvaluates to n! / (n - k)! when \
         k <= n and evaluates\nto zero when k > n.\n\nIf k is not specified or is None, then k defaults to n\nand the function \
         returns n!.\n\nRaises TypeError if either of the arguments are not integers.\nRaises ValueError if either of the \
         arguments are negative.",
    ),
    binary!(pow, "(x, y, /)", "Return x**y (x to the power of y)."),
    method(
        "prod",
        "(iterable, /, *, start=1)",
        Call::Slice(prod),
        "Calculate the product of all the elements in the input iterable.\n\nThe default start value for the product is \
         1.\n\nWhen the iterable is empty, return the start value.  This function is\nintended specifically for use with \
         numeric values and may reject\nnon-numeric types.",
    ),
    total!("radians", pymath::math::radians, "Convert angle x from degrees to radians."),
    binary!(
        remainder,
        "(x, y, /)",
        "Difference between x and the closest integer multiple of y.\n\nReturn x - n*y where n*y is the closest integer \
         multiple of y.\nIn the case where x is exactly halfway between two multiples of\ny, the nearest even value of n is \
         used. The result is always exact."
    ),
    unary!(sin, "a finite input", "Return the sine of x (measured in radians)."),
    unary!(sinh, "", "Return the hyperbolic sine of x."),
    unary!(sqrt, "a nonnegative input", "Return the square root of x."),
    method(
        "sumprod",
        "(p, q, /)",
        Call::Slice(sumprod),
        "Return the sum of products of values from two iterables p and q.\n\nRoughly equivalent to:\n\n    \
         sum(map(operator.mul, p, q, strict=True))\n\nFor float and mixed int/float inputs, the intermediate products\nand \
         sums are computed with extended precision.",
    ),
    unary!(tan, "a finite input", "Return the tangent of x (measured in radians)."),
    unary!(tanh, "", "Return the hyperbolic tangent of x."),
    method(
        "trunc",
        "(x, /)",
        Call::One(trunc),
        "Truncates the Real x to the nearest Integral toward 0.\n\nUses the __trunc__ magic method.",
    ),
    total!("ulp", pymath::math::ulp, "Return the value of the least significant bit of the float x."),
];
