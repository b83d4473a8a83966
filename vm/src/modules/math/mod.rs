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
pub const DOC: &str = "Functions and constants for real numbers.\n\nMost take and give floats. An argument \
                       outside a function's domain raises\nValueError, a result that is too large \
                       OverflowError; a NaN passes through.";

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
        "The angle from 0 to pi, in radians, that has this cosine."
    ),
    unary!(acosh, "argument value not less than 1", "The number from 0 up that has this hyperbolic cosine."),
    unary!(
        asin,
        "a number in range from -1 up to 1",
        "The angle from -pi/2 to pi/2, in radians, that has this sine."
    ),
    unary!(asinh, "", "The number that has this hyperbolic sine."),
    unary!(atan, "", "The angle from -pi/2 to pi/2, in radians, that has this tangent."),
    binary!(
        atan2,
        "(y, x, /)",
        "The angle from -pi to pi, in radians, of the point (x, y) as seen from the origin,\ncounted from \
         the x axis."
    ),
    unary!(atanh, "a number between -1 and 1", "The number that has this hyperbolic tangent."),
    unary!(cbrt, "", "The number whose third power is x; it is negative if x is."),
    method(
        "ceil",
        "(x, /)",
        Call::One(ceil),
        "x rounded up to a whole number. The type of x may answer with __ceil__; a float gives an int.",
    ),
    method(
        "comb",
        "(n, k, /)",
        Call::Slice(integer::comb),
        "How many sets of k members n things have, as an int: 0 if k exceeds n.\n\nValueError if one of \
         them is negative, TypeError if it is no integer.",
    ),
    binary!(copysign, "(x, y, /)", "abs(x), with a minus if y has one. The sign of -0.0 counts."),
    unary!(cos, "a finite input", "The cosine of an angle in radians. ValueError if x is infinite."),
    unary!(cosh, "", "The hyperbolic cosine: (exp(x) + exp(-x)) / 2."),
    total!("degrees", pymath::math::degrees, "An angle in degrees that is given in radians."),
    method(
        "dist",
        "(p, q, /)",
        Call::Slice(dist),
        "How far two points are apart in a straight line.\n\nEach is an iterable of coordinates; ValueError \
         unless they have equally many.",
    ),
    unary!(
        erf,
        "",
        "The error function: twice the integral of exp(-t*t) from 0 to x, over the square root of pi."
    ),
    unary!(erfc, "", "1 - erf(x), exact also where erf(x) is nearly 1."),
    unary!(exp, "", "e to the power x."),
    unary!(exp2, "", "Two to the power x."),
    unary!(expm1, "", "exp(x) less one, exact also where x is so small that exp(x) rounds to 1."),
    total!("fabs", f64::abs, "x without its sign, always a float."),
    method(
        "factorial",
        "(n, /)",
        Call::One(integer::factorial),
        "The product of the whole numbers from 1 to n, as an int. ValueError if n is negative.",
    ),
    method(
        "floor",
        "(x, /)",
        Call::One(floor),
        "x rounded down to a whole number. The type of x may answer with __floor__; a float gives an int.",
    ),
    method(
        "fma",
        "(x, y, z, /)",
        Call::Slice(fma),
        "x * y + z, rounded once at the end rather than after the product too.",
    ),
    binary!(
        fmod,
        "(x, y, /)",
        "What is left of x when y has been taken away as often as it fits. It has the sign of\nx, where x % \
         y has that of y."
    ),
    method(
        "frexp",
        "(x, /)",
        Call::One(frexp),
        "A pair (m, e) with x == m * 2**e, in which abs(m) lies in [0.5, 1).\n\nZero, infinities and NaN \
         come back as they are, with 0 for e.",
    ),
    method(
        "fsum",
        "(seq, /)",
        Call::One(fsum),
        "The sum of an iterable's numbers as a float, as if nothing were rounded before the end.",
    ),
    unary!(
        gamma,
        "a noninteger or positive integer",
        "The gamma function, for which gamma(n + 1) is n! at whole numbers. ValueError at 0\nand at \
         negative whole numbers."
    ),
    method(
        "gcd",
        "(*integers)",
        Call::Slice(integer::gcd),
        "The largest integer that divides all arguments; 0 if they are all 0, or there are none.",
    ),
    method(
        "hypot",
        "(*coordinates)",
        Call::Slice(hypot),
        "The length of the vector with these coordinates; 0.0 without any.\n\nNo square in between \
         overflows. With two of them it is the long side of a right triangle.",
    ),
    method(
        "isclose",
        "(a, b, *, rel_tol=1e-09, abs_tol=0.0)",
        Call::Slice(isclose),
        "Whether a and b differ by little: by at most abs_tol, or by at most rel_tol times\nthe larger \
         magnitude of the two.\n\nAn infinity is near itself only, a NaN near nothing. ValueError if a \
         tolerance is negative.",
    ),
    question!("isfinite", |x| x.is_finite(), "Whether x is an ordinary number: not infinite, no NaN."),
    question!("isinf", |x| x.is_infinite(), "Whether x is inf or -inf."),
    question!("isnan", |x| x.is_nan(), "Whether x is a NaN."),
    method(
        "isqrt",
        "(n, /)",
        Call::One(integer::isqrt),
        "The largest int whose square is at most n. ValueError if n is negative.",
    ),
    method(
        "lcm",
        "(*integers)",
        Call::Slice(integer::lcm),
        "The least positive integer that all arguments divide; 0 if one of them is 0, and 1\nwithout \
         arguments.",
    ),
    method(
        "ldexp",
        "(x, i, /)",
        Call::Slice(ldexp),
        "x times 2**i, without a detour over a power that might overflow. It puts together\nwhat frexp() \
         takes apart.",
    ),
    unary!(
        lgamma,
        "a noninteger or positive integer",
        "The natural logarithm of abs(gamma(x)), also where gamma(x) would overflow."
    ),
    method(
        "log",
        "(x, base=None, /)",
        Call::Slice(log),
        "log(x)\nlog(x, base)\n\nThe power to which base, or e if there is none, is raised to give x. An \
         int may be\nof any size. ValueError unless x is above 0.",
    ),
    method(
        "log10",
        "(x, /)",
        Call::One(|vm, x| vm.float(logarithm(vm, x, pymath::math::log10)?)),
        "The power of ten that gives x, more exact than log(x, 10). ValueError unless x is above 0.",
    ),
    unary!(
        log1p,
        "argument value > -1",
        "log(1 + x), exact also where x is so small that 1 + x rounds to 1."
    ),
    method(
        "log2",
        "(x, /)",
        Call::One(|vm, x| vm.float(logarithm(vm, x, pymath::math::log2)?)),
        "The power of two that gives x, more exact than log(x, 2). ValueError unless x is above 0.",
    ),
    method(
        "modf",
        "(x, /)",
        Call::One(modf),
        "A pair of floats that add up to x: what stands after the point, and what stands before it.\n\nBoth \
         are negative, or -0.0, if x is.",
    ),
    method(
        "nextafter",
        "(x, y, /, *, steps=None)",
        Call::Slice(nextafter),
        "The float that is one step, or so many steps, from x on the way to y; y itself if it is passed.\n\n\
         ValueError if steps is negative.",
    ),
    method(
        "perm",
        "(n, k=None, /)",
        Call::Slice(integer::perm),
        "In how many orders k of n things can be laid out, as an int: 0 if k exceeds n.\nWithout k it is \
         all n.\n\nValueError if one of them is negative, TypeError if it is no integer.",
    ),
    binary!(
        pow,
        "(x, y, /)",
        "x to the power y as a float. ValueError for a fraction as the power of a negative\nnumber, or a \
         negative one of 0."
    ),
    method(
        "prod",
        "(iterable, /, *, start=1)",
        Call::Slice(prod),
        "start times every item of an iterable, from left to right.",
    ),
    total!("radians", pymath::math::radians, "An angle in radians that is given in degrees."),
    binary!(
        remainder,
        "(x, y, /)",
        "x less the multiple of y that is nearest to it; of two that are equally near, the\neven multiple. \
         Nothing is rounded."
    ),
    unary!(sin, "a finite input", "The sine of an angle in radians. ValueError if x is infinite."),
    unary!(sinh, "", "The hyperbolic sine: (exp(x) - exp(-x)) / 2."),
    unary!(
        sqrt,
        "a nonnegative input",
        "The number from 0 up whose square is x. ValueError if x is negative."
    ),
    method(
        "sumprod",
        "(p, q, /)",
        Call::Slice(sumprod),
        "Each item of p times its partner in q, all of it added up. ValueError unless they are equally \
         long.\n\nFloats are added in more digits than a float has, and rounded at the end.",
    ),
    unary!(tan, "a finite input", "The tangent of an angle in radians. ValueError if x is infinite."),
    unary!(tanh, "", "The hyperbolic tangent, sinh(x) / cosh(x), which lies between -1 and 1."),
    method(
        "trunc",
        "(x, /)",
        Call::One(trunc),
        "x without what stands after its point. The type of x answers with __trunc__; a float gives an int.",
    ),
    total!("ulp", pymath::math::ulp, "How far it is from abs(x) to the next larger float."),
];
