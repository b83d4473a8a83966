//! The operations as methods: of numbers, with a context that may be given, and of contexts.

use ryokan_vm::native::*;

use super::calc::Calc;
use super::context::{Context, Ctx, current, rounding_of};
use super::convert::{expect, expect_all};
use super::num::{Kind, Num};
use super::object::{Dec, Decimal, made};
use super::quick;

type Unary = fn(&mut Calc<'_>, &Num) -> Res<Num>;
type Binary = fn(&mut Calc<'_>, &Num, &Num) -> Res<Num>;

/// The context that a method was given, or else the current one. `TypeError`.
#[inline]
pub fn context_or_current(cx: &Cx, given: &Value) -> Res<Obj<Context>> {
    if given.is_none() {
        return current(cx);
    }
    Obj::from_value(given.clone()).map_err(|_| cx.type_error("optional argument must be a context"))
}
/// Runs a calculation in a context, and gives its number if none of its signals is trapped.
#[inline]
pub fn run(cx: &Cx, context: &Context, work: impl FnOnce(&mut Calc<'_>) -> Res<Num>) -> Res {
    let mut calc = context.calc(cx);
    let result = work(&mut calc)?;
    context.signal(cx, calc.status)?;
    made(cx, result)
}
fn dec_unary(cx: &Cx, this: Dec<'_>, context: &Value, op: Unary) -> Res {
    let context = context_or_current(cx, context)?;
    run(cx, &context, |calc| op(calc, &this.num(cx)?))
}
fn dec_binary(cx: &Cx, this: Dec<'_>, other: &Value, context: &Value, op: Binary) -> Res {
    let context = context_or_current(cx, context)?;
    let other = expect(cx, other)?;
    run(cx, &context, |calc| op(calc, &this.num(cx)?, &other))
}
fn ctx_unary(cx: &Cx, this: Ctx<'_>, x: &Value, op: Unary) -> Res {
    let x = expect(cx, x)?;
    run(cx, &this, |calc| op(calc, &x))
}
fn ctx_binary(cx: &Cx, this: Ctx<'_>, x: &Value, y: &Value, op: Binary) -> Res {
    let [x, y] = expect_all(cx, [x, y])?;
    run(cx, &this, |calc| op(calc, &x, &y))
}

fn compare(calc: &mut Calc<'_>, a: &Num, b: &Num) -> Res<Num> {
    calc.compare(a, b, false)
}
fn compare_signal(calc: &mut Calc<'_>, a: &Num, b: &Num) -> Res<Num> {
    calc.compare(a, b, true)
}
fn compare_total(calc: &mut Calc<'_>, a: &Num, b: &Num) -> Res<Num> {
    Ok(super::shaping::of_order(a.cmp_total(calc.cx, b)?))
}
fn compare_total_mag(calc: &mut Calc<'_>, a: &Num, b: &Num) -> Res<Num> {
    Ok(super::shaping::of_order(a.cmp_total_abs(calc.cx, b)?))
}
fn copy_sign(_: &mut Calc<'_>, a: &Num, b: &Num) -> Res<Num> {
    Ok(a.clone().with_sign(b.negative))
}
fn next_minus(calc: &mut Calc<'_>, a: &Num) -> Res<Num> {
    calc.next(a, false)
}
fn next_plus(calc: &mut Calc<'_>, a: &Num) -> Res<Num> {
    calc.next(a, true)
}
fn max(calc: &mut Calc<'_>, a: &Num, b: &Num) -> Res<Num> {
    calc.choose(a, b, true, false)
}
fn max_mag(calc: &mut Calc<'_>, a: &Num, b: &Num) -> Res<Num> {
    calc.choose(a, b, true, true)
}
fn min(calc: &mut Calc<'_>, a: &Num, b: &Num) -> Res<Num> {
    calc.choose(a, b, false, false)
}
fn min_mag(calc: &mut Calc<'_>, a: &Num, b: &Num) -> Res<Num> {
    calc.choose(a, b, false, true)
}
fn logical_and(calc: &mut Calc<'_>, a: &Num, b: &Num) -> Res<Num> {
    calc.logical(a, b, |a, b| a & b)
}
fn logical_or(calc: &mut Calc<'_>, a: &Num, b: &Num) -> Res<Num> {
    calc.logical(a, b, |a, b| a | b)
}
fn logical_xor(calc: &mut Calc<'_>, a: &Num, b: &Num) -> Res<Num> {
    calc.logical(a, b, |a, b| a ^ b)
}
fn to_integral_value(calc: &mut Calc<'_>, a: &Num) -> Res<Num> {
    calc.rounded_to_integral(a, false)
}
fn to_integral_exact(calc: &mut Calc<'_>, a: &Num) -> Res<Num> {
    calc.rounded_to_integral(a, true)
}
fn same_quantum(a: &Num, b: &Num) -> bool {
    match (a.kind, b.kind) {
        (Kind::Finite, Kind::Finite) => a.exp == b.exp,
        (Kind::Infinite, Kind::Infinite) => true,
        _ => a.is_nan() && b.is_nan(),
    }
}
fn is_normal(context: &Context, a: &Num) -> bool {
    a.is_finite() && !a.is_zero() && a.adjusted() >= context.limits.get().emin
}
fn is_subnormal(context: &Context, a: &Num) -> bool {
    a.is_finite() && !a.is_zero() && a.adjusted() < context.limits.get().emin
}

/// What a number is, whatever the context.
macro_rules! queries {
    ($($name:ident = |$n:ident| $is:expr;)*) => {
        mod dec_queries {
            use super::*;
            $(pub fn $name(_: &Cx, this: Dec<'_>) -> bool {
                let $n = this.head.get();
                $is
            })*
        }
        mod ctx_queries {
            use super::*;
            $(pub fn $name(cx: &Cx, _: Ctx<'_>, x: &Value) -> Res<bool> {
                let x = super::super::convert::as_decimal(cx, x)?;
                let $n = x.head.get();
                Ok($is)
            })*
        }
    };
}
queries! {
    is_finite = |n| n.kind == Kind::Finite;
    is_infinite = |n| n.kind == Kind::Infinite;
    is_nan = |n| matches!(n.kind, Kind::Quiet | Kind::Signaling);
    is_qnan = |n| n.kind == Kind::Quiet;
    is_signed = |n| n.negative;
    is_snan = |n| n.kind == Kind::Signaling;
    is_zero = |n| n.is_zero();
}

macro_rules! unary {
    (@dec $($name:ident = $op:path;)*) => {
        $(pub fn $name(cx: &Cx, this: Dec<'_>, context: &Value) -> Res {
            dec_unary(cx, this, context, |calc, a| $op(calc, a))
        })*
    };
    (@ctx $($name:ident = $op:path;)*) => {
        $(pub fn $name(cx: &Cx, this: Ctx<'_>, x: &Value) -> Res {
            ctx_unary(cx, this, x, |calc, a| $op(calc, a))
        })*
    };
}
macro_rules! binary {
    (@dec $($name:ident = $op:path;)*) => {
        $(pub fn $name(cx: &Cx, this: Dec<'_>, other: &Value, context: &Value) -> Res {
            dec_binary(cx, this, other, context, |calc, a, b| $op(calc, a, b))
        })*
    };
    (@ctx $($name:ident = $op:path;)*) => {
        $(pub fn $name(cx: &Cx, this: Ctx<'_>, x: &Value, y: &Value) -> Res {
            ctx_binary(cx, this, x, y, |calc, a, b| $op(calc, a, b))
        })*
    };
}

/// Methods of numbers.
pub mod dec {
    pub use super::dec_queries::*;
    use super::*;

    unary! { @dec
        exp = Calc::exp; ln = Calc::ln; log10 = Calc::log10; logb = Calc::logb; sqrt = Calc::sqrt;
        logical_invert = Calc::logical_invert; normalize = Calc::reduce;
        next_minus = super::next_minus; next_plus = super::next_plus;
    }
    binary! { @dec
        compare = super::compare; compare_signal = super::compare_signal;
        compare_total = super::compare_total; compare_total_mag = super::compare_total_mag;
        copy_sign = super::copy_sign; max = super::max; max_mag = super::max_mag; min = super::min;
        min_mag = super::min_mag; next_toward = Calc::next_toward; remainder_near = Calc::rem_near;
        logical_and = super::logical_and; logical_or = super::logical_or; logical_xor = super::logical_xor;
        rotate = Calc::rotate; scaleb = Calc::scaleb; shift = Calc::shift;
    }

    pub fn is_canonical(_: &Cx, _: Dec<'_>) -> bool {
        true
    }
    pub fn quantize(cx: &Cx, this: Dec<'_>, exp: &Value, rounding: &Value, context: &Value) -> Res {
        if rounding.is_none()
            && context.is_none()
            && let Some(made) = quick::operator(cx, this.value(), exp, quick::quantize)
        {
            return made;
        }
        let context = context_or_current(cx, context)?;
        let rounding = if rounding.is_none() { None } else { Some(rounding_of(cx, rounding)?) };
        let exp = expect(cx, exp)?;
        run(cx, &context, |calc| {
            calc.limits.rounding = rounding.unwrap_or(calc.limits.rounding);
            calc.quantize(&this.num(cx)?, &exp)
        })
    }
    fn integral(cx: &Cx, this: Dec<'_>, rounding: &Value, context: &Value, tells: bool) -> Res {
        let context = context_or_current(cx, context)?;
        let rounding = if rounding.is_none() { None } else { Some(rounding_of(cx, rounding)?) };
        run(cx, &context, |calc| {
            calc.limits.rounding = rounding.unwrap_or(calc.limits.rounding);
            calc.rounded_to_integral(&this.num(cx)?, tells)
        })
    }
    pub fn to_integral_value(cx: &Cx, this: Dec<'_>, rounding: &Value, context: &Value) -> Res {
        integral(cx, this, rounding, context, false)
    }
    pub fn to_integral_exact(cx: &Cx, this: Dec<'_>, rounding: &Value, context: &Value) -> Res {
        integral(cx, this, rounding, context, true)
    }
    pub fn fma(cx: &Cx, this: Dec<'_>, other: &Value, third: &Value, context: &Value) -> Res {
        let context = context_or_current(cx, context)?;
        let [other, third] = expect_all(cx, [other, third])?;
        run(cx, &context, |calc| calc.fma(&this.num(cx)?, &other, &third))
    }
    pub fn same_quantum(cx: &Cx, this: Dec<'_>, other: &Value, context: &Value) -> Res<bool> {
        context_or_current(cx, context)?;
        Ok(super::same_quantum(&this.num(cx)?, &expect(cx, other)?))
    }
    pub fn is_normal(cx: &Cx, this: Dec<'_>, context: &Value) -> Res<bool> {
        Ok(super::is_normal(&*context_or_current(cx, context)?, &this.num(cx)?))
    }
    pub fn is_subnormal(cx: &Cx, this: Dec<'_>, context: &Value) -> Res<bool> {
        Ok(super::is_subnormal(&*context_or_current(cx, context)?, &this.num(cx)?))
    }
    pub fn number_class(cx: &Cx, this: Dec<'_>, context: &Value) -> Res<&'static str> {
        Ok(context_or_current(cx, context)?.calc(cx).number_class(&this.num(cx)?))
    }
    pub fn to_eng_string(cx: &Cx, this: Dec<'_>, context: &Value) -> Res<String> {
        let context = context_or_current(cx, context)?;
        super::super::text::text_of(cx, &this.num(cx)?, context.capitals.get(), true)
    }
}

/// Methods of contexts.
pub mod ctx {
    pub use super::ctx_queries::*;
    use super::*;
    use crate::decimal::convert;

    unary! { @ctx
        exp = Calc::exp; ln = Calc::ln; log10 = Calc::log10; logb = Calc::logb; sqrt = Calc::sqrt;
        logical_invert = Calc::logical_invert; normalize = Calc::reduce;
        next_minus = super::next_minus; next_plus = super::next_plus;
        abs = Calc::abs; minus = Calc::minus; plus = Calc::plus;
        to_integral_value = super::to_integral_value; to_integral_exact = super::to_integral_exact;
    }
    binary! { @ctx
        compare = super::compare; compare_signal = super::compare_signal;
        compare_total = super::compare_total; compare_total_mag = super::compare_total_mag;
        copy_sign = super::copy_sign; max = super::max; max_mag = super::max_mag; min = super::min;
        min_mag = super::min_mag; next_toward = Calc::next_toward; remainder_near = Calc::rem_near;
        logical_and = super::logical_and; logical_or = super::logical_or; logical_xor = super::logical_xor;
        rotate = Calc::rotate; scaleb = Calc::scaleb; shift = Calc::shift; quantize = Calc::quantize;
        add = Calc::add; subtract = Calc::sub; multiply = Calc::mul; divide = Calc::div;
        divide_int = Calc::divide_int; remainder = Calc::rem;
    }

    pub fn radix(cx: &Cx, _: Ctx<'_>) -> Res {
        made(cx, Num::of_int(10))
    }
    pub fn divmod(cx: &Cx, this: Ctx<'_>, x: &Value, y: &Value) -> Res {
        let [x, y] = expect_all(cx, [x, y])?;
        pair(cx, &this, &x, &y)
    }
    pub fn fma(cx: &Cx, this: Ctx<'_>, x: &Value, y: &Value, z: &Value) -> Res {
        let [x, y, z] = expect_all(cx, [x, y, z])?;
        run(cx, &this, |calc| calc.fma(&x, &y, &z))
    }
    pub fn power(cx: &Cx, this: Ctx<'_>, a: &Value, b: &Value, modulo: &Value) -> Res {
        let [a, b] = expect_all(cx, [a, b])?;
        if modulo.is_none() {
            return run(cx, &this, |calc| calc.pow(&a, &b));
        }
        let modulo = expect(cx, modulo)?;
        run(cx, &this, |calc| calc.pow_mod(&a, &b, &modulo))
    }
    pub fn same_quantum(cx: &Cx, _: Ctx<'_>, x: &Value, y: &Value) -> Res<bool> {
        let [x, y] = expect_all(cx, [x, y])?;
        Ok(super::same_quantum(&x, &y))
    }
    /// A number within the context, as it is otherwise.
    pub fn apply(cx: &Cx, this: Ctx<'_>, x: &Value) -> Res {
        let x = expect(cx, x)?;
        run(cx, &this, |calc| calc.finish(x))
    }
    pub fn is_canonical(cx: &Cx, this: Ctx<'_>, x: &Value) -> Res<bool> {
        canonical(cx, this, x).map(|_| true)
    }
    pub fn canonical(cx: &Cx, _: Ctx<'_>, x: &Value) -> Res {
        match x.body::<Decimal>() {
            Some(_) => Ok(x.clone()),
            None => Err(cx.type_error("argument must be a Decimal")),
        }
    }
    pub fn copy_decimal(cx: &Cx, _: Ctx<'_>, x: &Value) -> Res {
        Ok(convert::as_decimal(cx, x)?.into_value())
    }
    pub fn copy_abs(cx: &Cx, _: Ctx<'_>, x: &Value) -> Res {
        made(cx, expect(cx, x)?.with_sign(false))
    }
    pub fn copy_negate(cx: &Cx, _: Ctx<'_>, x: &Value) -> Res {
        made(cx, expect(cx, x)?.negated())
    }
    pub fn is_normal(cx: &Cx, this: Ctx<'_>, x: &Value) -> Res<bool> {
        Ok(super::is_normal(&this, &expect(cx, x)?))
    }
    pub fn is_subnormal(cx: &Cx, this: Ctx<'_>, x: &Value) -> Res<bool> {
        Ok(super::is_subnormal(&this, &expect(cx, x)?))
    }
    pub fn number_class(cx: &Cx, this: Ctx<'_>, x: &Value) -> Res<&'static str> {
        Ok(this.calc(cx).number_class(&expect(cx, x)?))
    }
    pub fn to_sci_string(cx: &Cx, this: Ctx<'_>, x: &Value) -> Res<String> {
        super::super::text::text_of(cx, &expect(cx, x)?, this.capitals.get(), false)
    }
    pub fn to_eng_string(cx: &Cx, this: Ctx<'_>, x: &Value) -> Res<String> {
        super::super::text::text_of(cx, &expect(cx, x)?, this.capitals.get(), true)
    }
    pub fn create_decimal(cx: &Cx, this: Ctx<'_>, num: &Value) -> Res {
        convert::created(cx, &this, num)
    }
    pub fn create_decimal_from_float(cx: &Cx, this: Ctx<'_>, f: &Value) -> Res {
        let exact = convert::of_float_or_int(cx, f)?;
        run(cx, &this, |calc| calc.finish(exact))
    }
}

/// Quotient and remainder as a pair.
pub fn pair(cx: &Cx, context: &Context, x: &Num, y: &Num) -> Res {
    let mut calc = context.calc(cx);
    let (quotient, rest) = calc.divmod(x, y)?;
    context.signal(cx, calc.status)?;
    (made(cx, quotient)?, made(cx, rest)?).into_value(cx)
}
