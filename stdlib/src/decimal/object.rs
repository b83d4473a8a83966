//! `Decimal`: a number as an object.

use std::cell::Cell;

use dashu_int::UBig;
use dashu_int::ops::BitTest;
use ryokan_vm::native::*;

use super::State;
use super::calc::{Calc, Rounding, flag};
use super::coeff::Coeff;
use super::context::{Context, current};
use super::convert::{self, expect, operand};
use super::num::{Kind, Num};
use super::ops::{context_or_current, dec, pair, run};
use super::quick;

/// All of a number but a large coefficient.
#[derive(Clone, Copy)]
pub struct Head {
    low: u64,
    high: u64,
    exp: i64,
    digits: i64,
    pub kind: Kind,
    pub negative: bool,
    big: bool,
}

/// A finite number of at most 38 digits.
#[derive(Clone, Copy)]
pub struct Small {
    pub n: u128,
    pub exp: i64,
    pub negative: bool,
}

impl Head {
    /// The number, if it is finite and short.
    #[inline(always)]
    pub fn small(&self) -> Option<Small> {
        let n = u128::from(self.high) << 64 | u128::from(self.low);
        (self.kind == Kind::Finite && !self.big).then_some(Small {
            n,
            exp: self.exp,
            negative: self.negative,
        })
    }
    pub fn is_zero(&self) -> bool {
        self.kind == Kind::Finite && !self.big && self.low | self.high == 0
    }
}

/// A large coefficient, with what its digits take of the heap's budget.
type Digits = Own<Option<Box<(UBig, Charge)>>>;

native_type! {
    /// A decimal number: Decimal(value="0", context=None)
    ///
    /// The value is an int, a float, a text, another number, or a tuple of sign, digits and exponent. It is taken as it is, whatever the
    /// context, which only says whether a text that is no number raises InvalidOperation.
    "decimal.Decimal" = pub struct Decimal { pub head: Cell<Head>, digits: Digits, pub hash: Cell<i64> }
    flags: SUBCLASS;
    new(value: &Value = &Value::UNBOUND => "\"0\"", context: &Value = &Value::NONE => "None") = new_decimal;
    slots {
        repr = repr; str = str; hash = hash; bool = is_true; compare = compare; neg = neg; pos = pos; abs = abs; int = to_int;
        float = to_float; pow3 = power_modulo;
    }
    number {
        Add = add; Subtract = subtract; Multiply = multiply; TrueDivide = divide; FloorDivide = divide_int; Remainder = remainder;
        Power = power;
    }
    getters {
        /// The number itself.
        real = |_: &Cx, this: Dec<'_>| this.to_value();
        /// 0.
        imag = |cx: &Cx, _: Dec<'_>| made(cx, Num::zero(false, 0));
    }
    methods {
        /// The exponent of the first digit.
        adjusted();
        /// The number as a fraction in lowest terms.
        as_integer_ratio();
        /// Sign, digits and exponent.
        as_tuple();
        /// The number itself.
        canonical() = itself;
        /// -1, 0 or 1, as it is smaller, equal or larger.
        compare(other: &Value, context: &Value = &Value::NONE => "None") = dec::compare;
        /// The same; every NaN signals.
        compare_signal(other: &Value, context: &Value = &Value::NONE => "None") = dec::compare_signal;
        /// The order of all numbers, exponents and NaNs included.
        compare_total(other: &Value, context: &Value = &Value::NONE => "None") = dec::compare_total;
        /// The same without signs.
        compare_total_mag(other: &Value, context: &Value = &Value::NONE => "None") = dec::compare_total_mag;
        /// The number itself.
        conjugate() = itself;
        /// The number without its sign.
        copy_abs();
        /// The number with the other sign.
        copy_negate();
        /// The number with the sign of another one.
        copy_sign(other: &Value, context: &Value = &Value::NONE => "None") = dec::copy_sign;
        /// e to the power of the number.
        exp(context: &Value = &Value::NONE => "None") = dec::exp;
        /// self * other + third, rounded once.
        fma(other: &Value, third: &Value, context: &Value = &Value::NONE => "None") = dec::fma;
        /// True.
        is_canonical() = dec::is_canonical;
        /// Neither infinite nor NaN.
        is_finite() = dec::is_finite;
        /// Whether it is infinite.
        is_infinite() = dec::is_infinite;
        /// Whether it is a NaN.
        is_nan() = dec::is_nan;
        /// Whether it is a finite number of full precision.
        is_normal(context: &Value = &Value::NONE => "None") = dec::is_normal;
        /// Whether it is a quiet NaN.
        is_qnan() = dec::is_qnan;
        /// Whether it has the sign minus.
        is_signed() = dec::is_signed;
        /// Whether it is a signaling NaN.
        is_snan() = dec::is_snan;
        /// Whether it is too small to be normal.
        is_subnormal(context: &Value = &Value::NONE => "None") = dec::is_subnormal;
        /// Whether it is zero.
        is_zero() = dec::is_zero;
        /// The natural logarithm.
        ln(context: &Value = &Value::NONE => "None") = dec::ln;
        /// The logarithm to the base of ten.
        log10(context: &Value = &Value::NONE => "None") = dec::log10;
        /// The exponent of the first digit, as a number.
        logb(context: &Value = &Value::NONE => "None") = dec::logb;
        /// Digits and digits.
        logical_and(other: &Value, context: &Value = &Value::NONE => "None") = dec::logical_and;
        /// Each digit inverted.
        logical_invert(context: &Value = &Value::NONE => "None") = dec::logical_invert;
        /// Digits or digits.
        logical_or(other: &Value, context: &Value = &Value::NONE => "None") = dec::logical_or;
        /// Digits that differ.
        logical_xor(other: &Value, context: &Value = &Value::NONE => "None") = dec::logical_xor;
        /// The larger one.
        max(other: &Value, context: &Value = &Value::NONE => "None") = dec::max;
        /// The one of larger magnitude.
        max_mag(other: &Value, context: &Value = &Value::NONE => "None") = dec::max_mag;
        /// The smaller one.
        min(other: &Value, context: &Value = &Value::NONE => "None") = dec::min;
        /// The one of smaller magnitude.
        min_mag(other: &Value, context: &Value = &Value::NONE => "None") = dec::min_mag;
        /// The next smaller number.
        next_minus(context: &Value = &Value::NONE => "None") = dec::next_minus;
        /// The next larger number.
        next_plus(context: &Value = &Value::NONE => "None") = dec::next_plus;
        /// The next number in the direction of another one.
        next_toward(other: &Value, context: &Value = &Value::NONE => "None") = dec::next_toward;
        /// Without zeros behind it.
        normalize(context: &Value = &Value::NONE => "None") = dec::normalize;
        /// What kind of a number it is.
        number_class(context: &Value = &Value::NONE => "None") = dec::number_class;
        /// The number with the exponent of another one.
        quantize(exp: &Value, rounding: &Value = &Value::NONE => "None", context: &Value = &Value::NONE => "None") = dec::quantize;
        /// 10.
        radix();
        /// The remainder to the nearest multiple.
        remainder_near(other: &Value, context: &Value = &Value::NONE => "None") = dec::remainder_near;
        /// The digits moved round.
        rotate(other: &Value, context: &Value = &Value::NONE => "None") = dec::rotate;
        /// Whether both have the same exponent.
        same_quantum(other: &Value, context: &Value = &Value::NONE => "None") = dec::same_quantum;
        /// The number with something added to its exponent.
        scaleb(other: &Value, context: &Value = &Value::NONE => "None") = dec::scaleb;
        /// The digits moved.
        shift(other: &Value, context: &Value = &Value::NONE => "None") = dec::shift;
        /// The square root.
        sqrt(context: &Value = &Value::NONE => "None") = dec::sqrt;
        /// The number as a text in engineering's notation.
        to_eng_string(context: &Value = &Value::NONE => "None") = dec::to_eng_string;
        /// The nearest whole number, without signals.
        to_integral(rounding: &Value = &Value::NONE => "None", context: &Value = &Value::NONE => "None") = dec::to_integral_value;
        /// The nearest whole number.
        to_integral_exact(rounding: &Value = &Value::NONE => "None", context: &Value = &Value::NONE => "None") = dec::to_integral_exact;
        /// The nearest whole number, without signals.
        to_integral_value(rounding: &Value = &Value::NONE => "None", context: &Value = &Value::NONE => "None") = dec::to_integral_value;
        /// The least whole number that is not smaller.
        __ceil__() = ceil;
        /// The number as a complex one.
        __complex__() = to_complex;
        /// The number itself.
        __copy__() = itself;
        /// The number itself.
        __deepcopy__(object: &Value, /) = deepcopy;
        /// Quotient and remainder.
        __divmod__(value: &Value, /) = divmod;
        /// The largest whole number that is not larger.
        __floor__() = floor;
        /// The number as a format says.
        __format__(*args, **names) = format;
        /// Quotient and remainder of another one by this.
        __rdivmod__(value: &Value, /) = rdivmod;
        /// How pickle makes it again.
        __reduce__() = reduce;
        /// The nearest whole number, or a number of so many digits behind the point.
        __round__(*args) = round;
        /// Bytes in memory.
        __sizeof__() = size_of;
        /// The whole part.
        __trunc__() = trunc;
    }
    class_methods {
        /// The number that a float or an int is, exactly.
        from_float(f: &Value, /);
        /// The number that a number of another kind is, exactly.
        from_number(number: &Value, /);
    }
}

pub type Dec<'a> = This<'a, Decimal>;

impl Decimal {
    fn of(cx: &Cx, n: Num) -> Res<Decimal> {
        let (word, digits) = match n.coeff {
            Coeff::Small(word) => (word, None),
            Coeff::Big(big) => {
                let charge = cx.charge(big.bit_len() / 8 + 16)?;
                (0, Some(Box::new((big, charge))))
            }
        };
        let head = Head {
            low: word as u64,
            high: (word >> 64) as u64,
            exp: n.exp,
            digits: n.digits,
            kind: n.kind,
            negative: n.negative,
            big: digits.is_some(),
        };
        Ok(Decimal { head: Cell::new(head), digits: Own::new(digits), hash: Cell::new(-1) })
    }
    /// The number. The digits of a large one are copied.
    #[inline]
    pub fn num(&self, cx: &Cx) -> Res<Num> {
        let head = self.head.get();
        let coeff = match head.big {
            false => Coeff::Small(u128::from(head.high) << 64 | u128::from(head.low)),
            true => self.large(cx)?,
        };
        Ok(Num { kind: head.kind, negative: head.negative, exp: head.exp, digits: head.digits, coeff })
    }
    #[cold]
    fn large(&self, cx: &Cx) -> Res<Coeff> {
        let bytes = self.head.get().digits as usize / 2;
        cx.room_for_bytes(bytes)?;
        cx.work_on_bytes(bytes)?;
        let copy = |digits: &mut Option<Box<(UBig, Charge)>>| digits.as_ref().map(|digits| digits.0.clone());
        Ok(self.digits.with(cx, copy)?.map_or(Coeff::ZERO, Coeff::Big))
    }
}

/// A number as an object.
#[inline]
pub fn made(cx: &Cx, n: Num) -> Res {
    Ok(cx.new(Decimal::of(cx, n)?)?.into_value())
}
/// A short number as an object.
#[inline(always)]
pub fn made_small(cx: &Cx, small: Small, digits: i64) -> Res {
    let head = Head {
        low: small.n as u64,
        high: (small.n >> 64) as u64,
        exp: small.exp,
        digits,
        kind: Kind::Finite,
        negative: small.negative,
        big: false,
    };
    let body = Decimal { head: Cell::new(head), digits: Own::new(None), hash: Cell::new(-1) };
    Ok(cx.new(body)?.into_value())
}
/// The same as an instance of a subclass, which is called with the number.
pub fn made_of(cx: &Cx, class: &Value, n: Num) -> Res {
    cx.new_of(class, Decimal::of(cx, n)?)
}
fn new_decimal(cx: &Cx, class: &Value, value: &Value, context: &Value) -> Res {
    let context = context_or_current(cx, context)?;
    if value.is_unbound() {
        return made_of(cx, class, Num::zero(false, 0));
    }
    convert::exactly(cx, class, &context, value)
}
/// What a class method makes: an instance of its class, which is called if it is another one.
fn of_class(cx: &Cx, class: &Value, n: Num) -> Res {
    let made = made(cx, n)?;
    if class.is(&cx.class::<Decimal>()?) { Ok(made) } else { cx.call(class, (made,)) }
}
fn from_float(cx: &Cx, class: &Value, f: &Value) -> Res {
    let n = convert::of_float_or_int(cx, f)?;
    of_class(cx, class, n)
}
fn from_number(cx: &Cx, class: &Value, number: &Value) -> Res {
    let n = match cx.float_value(number) {
        Some(x) => convert::of_float(cx, x)?,
        None => expect(cx, number)?,
    };
    of_class(cx, class, n)
}

// ---- operators -----------------------------------------------------------------------------------------------------------------

/// An operator of two operands, each of which is a number or an int.
#[inline(never)]
fn operator(
    cx: &Cx,
    left: &Value,
    right: &Value,
    op: impl FnOnce(&mut Calc<'_>, &Num, &Num) -> Res<Num>,
) -> Res {
    let (Some(a), Some(b)) = (operand(cx, left)?, operand(cx, right)?) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let context = current(cx)?;
    run(cx, &context, |calc| op(calc, &a, &b))
}
fn add(cx: &Cx, left: &Value, right: &Value) -> Res {
    match quick::operator(cx, left, right, quick::add) {
        Some(made) => made,
        None => operator(cx, left, right, |calc, a, b| calc.add(a, b)),
    }
}
fn subtract(cx: &Cx, left: &Value, right: &Value) -> Res {
    match quick::operator(cx, left, right, quick::sub) {
        Some(made) => made,
        None => operator(cx, left, right, |calc, a, b| calc.sub(a, b)),
    }
}
fn multiply(cx: &Cx, left: &Value, right: &Value) -> Res {
    match quick::operator(cx, left, right, quick::mul) {
        Some(made) => made,
        None => operator(cx, left, right, |calc, a, b| calc.mul(a, b)),
    }
}
fn divide(cx: &Cx, left: &Value, right: &Value) -> Res {
    match quick::operator(cx, left, right, quick::div) {
        Some(made) => made,
        None => operator(cx, left, right, |calc, a, b| calc.div(a, b)),
    }
}
fn divide_int(cx: &Cx, left: &Value, right: &Value) -> Res {
    operator(cx, left, right, |calc, a, b| calc.divide_int(a, b))
}
fn remainder(cx: &Cx, left: &Value, right: &Value) -> Res {
    operator(cx, left, right, |calc, a, b| calc.rem(a, b))
}
fn power(cx: &Cx, left: &Value, right: &Value) -> Res {
    operator(cx, left, right, |calc, a, b| calc.pow(a, b))
}
fn power_modulo(cx: &Cx, base: &Value, exp: &Value, modulus: &Value) -> Res {
    let Some(modulus) = operand(cx, modulus)? else { return Ok(Value::NOT_IMPLEMENTED) };
    operator(cx, base, exp, |calc, a, b| calc.pow_mod(a, b, &modulus))
}
fn divmod_of(cx: &Cx, left: &Value, right: &Value) -> Res {
    let (Some(a), Some(b)) = (operand(cx, left)?, operand(cx, right)?) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    pair(cx, &*current(cx)?, &a, &b)
}
fn divmod(cx: &Cx, this: Dec<'_>, other: &Value) -> Res {
    divmod_of(cx, this.value(), other)
}
fn rdivmod(cx: &Cx, this: Dec<'_>, other: &Value) -> Res {
    divmod_of(cx, other, this.value())
}
fn neg(cx: &Cx, this: Dec<'_>) -> Res {
    run(cx, &*current(cx)?, |calc| calc.minus(&this.num(cx)?))
}
fn pos(cx: &Cx, this: Dec<'_>) -> Res {
    run(cx, &*current(cx)?, |calc| calc.plus(&this.num(cx)?))
}
fn abs(cx: &Cx, this: Dec<'_>) -> Res {
    run(cx, &*current(cx)?, |calc| calc.abs(&this.num(cx)?))
}

/// Both operands of a comparison as numbers, if they can be compared.
fn compared(cx: &Cx, this: Dec<'_>, other: &Value, op: CompareOp) -> Res<Option<(Num, Num)>> {
    let mine = this.num(cx)?;
    if let Some(other) = operand(cx, other)? {
        return Ok(Some((mine, other)));
    }
    let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
    let float = match cx.float_value(other) {
        Some(x) => Some(x),
        None if equality && cx.is_instance(other, &cx.builtin("complex")?)? => {
            let (real, imaginary) = cx.complex(other)?;
            if imaginary != 0.0 {
                return Ok(None);
            }
            Some(real)
        }
        None => None,
    };
    if let Some(x) = float {
        let context = current(cx)?;
        if equality {
            // Noted, but never raised.
            context.flags.bits.set(context.flags.bits.get() | flag::FLOAT_OPERATION);
        } else {
            context.signal(cx, flag::FLOAT_OPERATION)?;
        }
        return Ok(Some((mine, convert::of_float(cx, x)?)));
    }
    let rational = cx.state::<State>()?.rational.get();
    if !cx.is_instance(other, &rational)? {
        return Ok(None);
    }
    let (above, below) = (cx.attr(other, "numerator")?, cx.attr(other, "denominator")?);
    let whole = |part: &Value| match Int::of(part) {
        Some(int) => convert::of_int(cx, &int),
        None => Err(cx.type_error("argument must be an integer")),
    };
    let (above, below) = (whole(&above)?, whole(&below)?);
    let scaled = Num { exp: 0, ..mine.clone() };
    let mut calc = Calc::new(cx, super::calc::Limits::MAX);
    let product =
        if mine.is_finite() { Num { exp: mine.exp, ..calc.exact_product(&scaled, &below)? } } else { mine };
    Ok(Some((product, above)))
}
fn compare(cx: &Cx, this: Dec<'_>, other: &Value, op: CompareOp) -> Res {
    match quick::compare(this.value(), other) {
        Some(order) => Ok(Value::bool(op.holds(order))),
        None => compare_any(cx, this, other, op),
    }
}
#[inline(never)]
fn compare_any(cx: &Cx, this: Dec<'_>, other: &Value, op: CompareOp) -> Res {
    let Some((a, b)) = compared(cx, this, other, op)? else { return Ok(Value::NOT_IMPLEMENTED) };
    if a.is_nan() || b.is_nan() {
        let signals = a.kind == Kind::Signaling || b.kind == Kind::Signaling;
        if signals || !matches!(op, CompareOp::Eq | CompareOp::Ne) {
            current(cx)?.signal(cx, flag::INVALID_OPERATION)?;
        }
        return Ok(Value::bool(op == CompareOp::Ne));
    }
    Ok(Value::bool(op.holds(a.cmp(cx, &b)?)))
}

// ---- what it becomes -------------------------------------------------------------------------------------------------------------

fn text(cx: &Cx, this: Dec<'_>, context: &Context) -> Res<String> {
    super::text::text_of(cx, &this.num(cx)?, context.capitals.get(), false)
}
fn repr(cx: &Cx, this: Dec<'_>) -> Res {
    let text = text(cx, this, &*current(cx)?)?;
    format_args!("Decimal('{text}')").into_value(cx)
}
fn str(cx: &Cx, this: Dec<'_>) -> Res {
    let context = current(cx)?;
    if let Some(small) = this.head.get().small() {
        return super::text::Line::of(small, this.head.get().digits, context.capitals.get())
            .as_str()
            .into_value(cx);
    }
    text(cx, this, &context)?.into_value(cx)
}
fn hash(cx: &Cx, this: Dec<'_>) -> Res<i64> {
    convert::hash(cx, this)
}
fn is_true(_: &Cx, this: Dec<'_>) -> Res<bool> {
    Ok(!this.head.get().is_zero())
}
fn whole(cx: &Cx, this: Dec<'_>, rounding: Rounding) -> Res {
    convert::to_int(cx, &*current(cx)?, &this.num(cx)?, rounding)
}
fn to_int(cx: &Cx, this: Dec<'_>) -> Res {
    whole(cx, this, Rounding::Down)
}
fn trunc(cx: &Cx, this: Dec<'_>) -> Res {
    whole(cx, this, Rounding::Down)
}
fn ceil(cx: &Cx, this: Dec<'_>) -> Res {
    whole(cx, this, Rounding::Ceiling)
}
fn floor(cx: &Cx, this: Dec<'_>) -> Res {
    whole(cx, this, Rounding::Floor)
}
fn round(cx: &Cx, this: Dec<'_>, args: Args) -> Res {
    args.count(cx, "__round__", 0, 1)?;
    let Some(places) = args.positional().first() else { return whole(cx, this, Rounding::HalfEven) };
    let Some(places) = Int::of(places) else {
        return Err(cx.type_error("optional arg must be an integer"));
    };
    let too_large = |()| cx.overflow_error("Python int too large to convert to C ssize_t");
    let places = places.small().ok_or(()).map_err(too_large)?;
    let quantum = Num { exp: places.checked_neg().unwrap_or(i64::MAX), ..Num::ONE };
    run(cx, &*current(cx)?, |calc| calc.quantize(&this.num(cx)?, &quantum))
}
fn to_float(cx: &Cx, this: Dec<'_>) -> Res<f64> {
    convert::to_float(cx, &this.num(cx)?)
}
fn to_complex(cx: &Cx, this: Dec<'_>) -> Res {
    cx.new_complex(to_float(cx, this)?, 0.0)
}
fn as_integer_ratio(cx: &Cx, this: Dec<'_>) -> Res {
    convert::to_ratio(cx, &this.num(cx)?)
}
fn adjusted(_: &Cx, this: Dec<'_>) -> i64 {
    let head = this.head.get();
    if head.kind == Kind::Finite { head.exp + head.digits - 1 } else { 0 }
}
fn as_tuple(cx: &Cx, this: Dec<'_>) -> Res {
    let n = this.num(cx)?;
    let (text, exponent) = match n.kind {
        Kind::Finite => (n.coeff.text(cx)?, n.exp.into_value(cx)?),
        Kind::Infinite => ("0".to_string(), "F".into_value(cx)?),
        Kind::Quiet | Kind::Signaling => {
            let text = if n.digits > 0 { n.coeff.text(cx)? } else { String::new() };
            (text, if n.kind == Kind::Quiet { "n" } else { "N" }.into_value(cx)?)
        }
    };
    cx.work(text.len() as u64)?;
    let digit = |at: usize| Value::small(i64::from(text.as_bytes()[at] - b'0'));
    let digits = Tuple::from_fn(cx, text.len(), digit)?;
    let class = cx.state::<State>()?.decimal_tuple.get();
    cx.call(&class, (i64::from(n.negative), digits.value(), exponent))
}
fn itself(_: &Cx, this: Dec<'_>) -> Value {
    this.to_value()
}
fn deepcopy(_: &Cx, this: Dec<'_>, _: &Value) -> Value {
    this.to_value()
}
fn copy_abs(cx: &Cx, this: Dec<'_>) -> Res {
    made(cx, this.num(cx)?.with_sign(false))
}
fn copy_negate(cx: &Cx, this: Dec<'_>) -> Res {
    made(cx, this.num(cx)?.negated())
}
fn radix(cx: &Cx, _: Dec<'_>) -> Res {
    made(cx, Num::of_int(10))
}
fn reduce(cx: &Cx, this: Dec<'_>) -> Res {
    let text = cx.str(this.value())?.into_value(cx)?;
    (cx.class_of(this.value()), (text,)).into_value(cx)
}
/// As CPython has it: words of 19 digits, four of which lie in the object.
fn size_of(_: &Cx, this: Dec<'_>) -> i64 {
    let words = (this.head.get().digits + 18) / 19;
    120 + if words > 4 { words * 8 } else { 0 }
}
fn format(cx: &Cx, this: Dec<'_>, args: Args) -> Res {
    args.no_keywords(cx, "Decimal.__format__")?;
    args.count(cx, "__format__", 1, 2)?;
    let (format, by) = (&args.positional()[0], args.positional().get(1));
    if !cx.is_str(format) {
        return Err(cx.type_error("format arg must be str"));
    }
    let format = cx.str(format)?;
    let context = current(cx)?;
    let n = this.num(cx)?;
    let text = super::format::format(&mut context.calc(cx), &n, format.as_str(), by, context.capitals.get())?;
    text.into_value(cx)
}
