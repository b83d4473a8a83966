//! `Context`: what a context says of results, which signals it has seen and which it raises; and which one is the current one.

#![allow(non_snake_case, reason = "Python's names")]

use std::cell::Cell;

use ryokan_vm::native::*;

use super::State;
use super::calc::{Calc, Limits, MAX_EMAX, MAX_PREC, MIN_EMIN, Rounding, flag};
use super::ops::ctx;
use super::signals::{self, SignalDict};

/// The ways of rounding, by their names.
pub const ROUNDINGS: [(&str, Rounding); 8] = [
    ("ROUND_UP", Rounding::Up),
    ("ROUND_DOWN", Rounding::Down),
    ("ROUND_CEILING", Rounding::Ceiling),
    ("ROUND_FLOOR", Rounding::Floor),
    ("ROUND_HALF_UP", Rounding::HalfUp),
    ("ROUND_HALF_DOWN", Rounding::HalfDown),
    ("ROUND_HALF_EVEN", Rounding::HalfEven),
    ("ROUND_05UP", Rounding::ZeroFiveUp),
];

native_type! {
    /// What governs arithmetic: precision, rounding, the range of exponents, and which signals raise exceptions.
    "decimal.Context" = pub struct Context {
        pub limits: Cell<Limits>,
        pub capitals: Cell<bool>,
        pub flags: Obj<SignalDict>,
        pub traps: Obj<SignalDict>,
    }
    flags: SUBCLASS;
    new(*args, **names) = new_context;
    init(
        prec: &Value = &Value::NONE => "None", rounding: &Value = &Value::NONE => "None", Emin: &Value = &Value::NONE => "None",
        Emax: &Value = &Value::NONE => "None", capitals: &Value = &Value::NONE => "None", clamp: &Value = &Value::NONE => "None",
        flags: &Value = &Value::NONE => "None", traps: &Value = &Value::NONE => "None"
    ) = init_context;
    slots { repr = repr; setattr = set_attribute; }
    attributes {
        /// Digits of a result.
        prec = |_: &Cx, this: This<Context>| this.limits.get().prec, set_prec;
        /// The largest exponent.
        Emax = |_: &Cx, this: This<Context>| this.limits.get().emax, set_emax;
        /// The least exponent of a normal number.
        Emin = |_: &Cx, this: This<Context>| this.limits.get().emin, set_emin;
        /// How results are rounded.
        rounding = |_: &Cx, this: This<Context>| rounding_name(this.limits.get().rounding), set_rounding;
        /// Whether an exponent is written with E.
        capitals = |_: &Cx, this: This<Context>| i64::from(this.capitals.get()), set_capitals;
        /// Whether exponents are kept small enough for formats of a fixed size.
        clamp = |_: &Cx, this: This<Context>| i64::from(this.limits.get().clamp), set_clamp;
        /// The signals that were seen.
        flags = |_: &Cx, this: This<Context>| this.flags.value().clone(), set_flags;
        /// The signals that raise exceptions.
        traps = |_: &Cx, this: This<Context>| this.traps.value().clone(), set_traps;
    }
    methods {
        /// The least exponent of any number: Emin - prec + 1.
        Etiny();
        /// The largest exponent of a number of all digits: Emax - prec + 1.
        Etop();
        /// No signal was seen.
        clear_flags();
        /// No signal raises an exception.
        clear_traps();
        /// A copy.
        copy();
        /// A copy.
        __copy__() = copy;
        /// How pickle makes it again.
        __reduce__() = reduce;
        /// 10.
        radix() = ctx::radix;
        /// A number of what Decimal takes, rounded as the context says.
        create_decimal(num: &Value = &Value::UNBOUND => "\"0\"", /) = ctx::create_decimal;
        /// A number of a float or an int, rounded as the context says.
        create_decimal_from_float(f: &Value, /) = ctx::create_decimal_from_float;
        /// The absolute value.
        abs(x: &Value, /) = ctx::abs;
        /// e to the power of x.
        exp(x: &Value, /) = ctx::exp;
        /// The natural logarithm.
        ln(x: &Value, /) = ctx::ln;
        /// The logarithm to the base of ten.
        log10(x: &Value, /) = ctx::log10;
        /// The exponent of the first digit.
        logb(x: &Value, /) = ctx::logb;
        /// Each digit inverted.
        logical_invert(x: &Value, /) = ctx::logical_invert;
        /// 0 - x.
        minus(x: &Value, /) = ctx::minus;
        /// The next smaller number.
        next_minus(x: &Value, /) = ctx::next_minus;
        /// The next larger number.
        next_plus(x: &Value, /) = ctx::next_plus;
        /// Without zeros behind it.
        normalize(x: &Value, /) = ctx::normalize;
        /// 0 + x.
        plus(x: &Value, /) = ctx::plus;
        /// x, rounded as the context says.
        _apply(object: &Value, /) = ctx::apply;
        /// The square root.
        sqrt(x: &Value, /) = ctx::sqrt;
        /// The nearest whole number, without signals.
        to_integral(x: &Value, /) = ctx::to_integral_value;
        /// The nearest whole number.
        to_integral_exact(x: &Value, /) = ctx::to_integral_exact;
        /// The nearest whole number, without signals.
        to_integral_value(x: &Value, /) = ctx::to_integral_value;
        /// x + y.
        add(x: &Value, y: &Value, /) = ctx::add;
        /// -1, 0 or 1, as x is smaller, equal or larger.
        compare(x: &Value, y: &Value, /) = ctx::compare;
        /// The same; every NaN signals.
        compare_signal(x: &Value, y: &Value, /) = ctx::compare_signal;
        /// x / y.
        divide(x: &Value, y: &Value, /) = ctx::divide;
        /// The whole part of x / y.
        divide_int(x: &Value, y: &Value, /) = ctx::divide_int;
        /// The whole part of x / y, and the remainder.
        divmod(x: &Value, y: &Value, /) = ctx::divmod;
        /// Digits and digits.
        logical_and(x: &Value, y: &Value, /) = ctx::logical_and;
        /// Digits or digits.
        logical_or(x: &Value, y: &Value, /) = ctx::logical_or;
        /// Digits that differ.
        logical_xor(x: &Value, y: &Value, /) = ctx::logical_xor;
        /// The larger one.
        max(x: &Value, y: &Value, /) = ctx::max;
        /// The one of larger magnitude.
        max_mag(x: &Value, y: &Value, /) = ctx::max_mag;
        /// The smaller one.
        min(x: &Value, y: &Value, /) = ctx::min;
        /// The one of smaller magnitude.
        min_mag(x: &Value, y: &Value, /) = ctx::min_mag;
        /// x * y.
        multiply(x: &Value, y: &Value, /) = ctx::multiply;
        /// The number next to x in the direction of y.
        next_toward(x: &Value, y: &Value, /) = ctx::next_toward;
        /// x with the exponent of y.
        quantize(x: &Value, y: &Value, /) = ctx::quantize;
        /// The remainder of x / y, with the sign of x.
        remainder(x: &Value, y: &Value, /) = ctx::remainder;
        /// The remainder to the nearest multiple of y.
        remainder_near(x: &Value, y: &Value, /) = ctx::remainder_near;
        /// The digits of x moved round by y places.
        rotate(x: &Value, y: &Value, /) = ctx::rotate;
        /// x with y added to its exponent.
        scaleb(x: &Value, y: &Value, /) = ctx::scaleb;
        /// The digits of x moved by y places.
        shift(x: &Value, y: &Value, /) = ctx::shift;
        /// x - y.
        subtract(x: &Value, y: &Value, /) = ctx::subtract;
        /// x * y + z, rounded once.
        fma(x: &Value, y: &Value, z: &Value, /) = ctx::fma;
        /// a ** b, or a ** b % modulo.
        power(a: &Value, b: &Value, modulo: &Value = &Value::NONE => "None") = ctx::power;
        /// The order of all numbers, exponents and NaNs included.
        compare_total(x: &Value, y: &Value, /) = ctx::compare_total;
        /// The same without signs.
        compare_total_mag(x: &Value, y: &Value, /) = ctx::compare_total_mag;
        /// x with the sign of y.
        copy_sign(x: &Value, y: &Value, /) = ctx::copy_sign;
        /// Whether both have the same exponent.
        same_quantum(x: &Value, y: &Value, /) = ctx::same_quantum;
        /// x as it is.
        canonical(x: &Value, /) = ctx::canonical;
        /// x as a number, as it is.
        copy_decimal(x: &Value, /) = ctx::copy_decimal;
        /// x without its sign.
        copy_abs(x: &Value, /) = ctx::copy_abs;
        /// x with the other sign.
        copy_negate(x: &Value, /) = ctx::copy_negate;
        /// What kind of a number x is.
        number_class(x: &Value, /) = ctx::number_class;
        /// x as a text.
        to_sci_string(x: &Value, /) = ctx::to_sci_string;
        /// x as a text in engineering's notation.
        to_eng_string(x: &Value, /) = ctx::to_eng_string;
        /// True.
        is_canonical(x: &Value, /) = ctx::is_canonical;
        /// Neither infinite nor NaN.
        is_finite(x: &Value, /) = ctx::is_finite;
        /// Whether it is infinite.
        is_infinite(x: &Value, /) = ctx::is_infinite;
        /// Whether it is a NaN.
        is_nan(x: &Value, /) = ctx::is_nan;
        /// Whether it is a finite number of full precision.
        is_normal(x: &Value, /) = ctx::is_normal;
        /// Whether it is a quiet NaN.
        is_qnan(x: &Value, /) = ctx::is_qnan;
        /// Whether it has the sign minus.
        is_signed(x: &Value, /) = ctx::is_signed;
        /// Whether it is a signaling NaN.
        is_snan(x: &Value, /) = ctx::is_snan;
        /// Whether it is too small to be normal.
        is_subnormal(x: &Value, /) = ctx::is_subnormal;
        /// Whether it is zero.
        is_zero(x: &Value, /) = ctx::is_zero;
    }
}

pub type Ctx<'a> = This<'a, Context>;

/// The dicts of a context die with it, whoever has them still.
impl Drop for Context {
    fn drop(&mut self) {
        self.flags.end();
        self.traps.end();
    }
}

impl Context {
    #[inline]
    pub fn calc<'a>(&self, cx: &'a Cx) -> Calc<'a> {
        Calc::new(cx, self.limits.get())
    }
    /// Notes signals, and raises those that are trapped.
    #[inline]
    pub fn signal(&self, cx: &Cx, status: u32) -> Res<()> {
        if status == 0 {
            return Ok(());
        }
        self.flags.bits.set(self.flags.bits.get() | status);
        let trapped = status & self.traps.bits.get();
        if trapped == 0 { Ok(()) } else { Err(signals::raise(cx, trapped)) }
    }
}

// ---- making one ----------------------------------------------------------------------------------------------------------

/// A context of these values.
pub fn made(cx: &Cx, limits: Limits, capitals: bool, flags: u32, traps: u32) -> Res<Obj<Context>> {
    cx.new(body(cx, limits, capitals, flags, traps)?)
}
fn body(cx: &Cx, limits: Limits, capitals: bool, flags: u32, traps: u32) -> Res<Context> {
    Ok(Context {
        limits: Cell::new(limits),
        capitals: Cell::new(capitals),
        flags: signals::new_dict(cx, flags)?,
        traps: signals::new_dict(cx, traps)?,
    })
}
fn copied(cx: &Cx, of: &Context, flags: u32) -> Res<Obj<Context>> {
    made(cx, of.limits.get(), of.capitals.get(), flags, of.traps.bits.get())
}
/// What new contexts are made like.
fn default_context(cx: &Cx) -> Res<Obj<Context>> {
    Obj::from_value(cx.state::<State>()?.default_context.get())
        .map_err(|_| cx.system_error("_decimal is not filled"))
}
fn new_context(cx: &Cx, class: &Value, _: Args) -> Res {
    let like = default_context(cx)?;
    let made = body(cx, like.limits.get(), like.capitals.get(), 0, like.traps.bits.get())?;
    cx.new_of(class, made)
}

/// The values that a context is made of, in the order in which they are given.
const NAMES: [&str; 8] = ["prec", "rounding", "Emin", "Emax", "capitals", "clamp", "flags", "traps"];

#[allow(clippy::too_many_arguments, reason = "Python's parameters")]
fn init_context(
    cx: &Cx,
    this: Ctx<'_>,
    prec: &Value,
    rounding: &Value,
    emin: &Value,
    emax: &Value,
    capitals: &Value,
    clamp: &Value,
    flags: &Value,
    traps: &Value,
) -> Res<()> {
    set_all(
        cx,
        this,
        &[prec, rounding, emin, emax, capitals, clamp, flags, traps].map(|value| Some(value.clone())),
    )
}
/// Sets what is given and not None.
fn set_all(cx: &Cx, this: Ctx<'_>, given: &[Option<Value>; 8]) -> Res<()> {
    type Set = fn(&Cx, Ctx<'_>, Option<&Value>) -> Res<()>;
    let setters: [Set; 8] =
        [set_prec, set_rounding, set_emin, set_emax, set_capitals, set_clamp, init_flags, init_traps];
    // Traps come before flags.
    for at in [0, 1, 2, 3, 4, 5, 7, 6] {
        if let Some(value) = given[at].as_ref().filter(|value| !value.is_none()) {
            setters[at](cx, this, Some(value))?;
        }
    }
    Ok(())
}

// ---- attributes ------------------------------------------------------------------------------------------------------------

#[cold]
fn not_deleted(cx: &Cx) -> Raised {
    cx.attribute_error("context attributes cannot be deleted")
}
fn number(cx: &Cx, value: Option<&Value>) -> Res<i64> {
    let Some(value) = value else { return Err(not_deleted(cx)) };
    let Some(number) = Int::of(value) else { return Err(cx.type_error("an integer is required")) };
    number.small().ok_or(()).map_err(|()| cx.overflow_error("Python int too large to convert to C ssize_t"))
}
/// Sets one of the limits to a number between bounds.
fn set_number(
    cx: &Cx,
    this: Ctx<'_>,
    value: Option<&Value>,
    (bounds, refusal): (std::ops::RangeInclusive<i64>, &str),
    set: impl FnOnce(&mut Limits, i64),
) -> Res<()> {
    let number = number(cx, value)?;
    if !bounds.contains(&number) {
        return Err(cx.value_error(refusal));
    }
    let mut limits = this.limits.get();
    set(&mut limits, number);
    this.limits.set(limits);
    Ok(())
}
fn set_prec(cx: &Cx, this: Ctx<'_>, value: Option<&Value>) -> Res<()> {
    let bounds = (1..=MAX_PREC, "valid range for prec is [1, MAX_PREC]");
    set_number(cx, this, value, bounds, |limits, n| limits.prec = n)
}
fn set_emax(cx: &Cx, this: Ctx<'_>, value: Option<&Value>) -> Res<()> {
    let bounds = (0..=MAX_EMAX, "valid range for Emax is [0, MAX_EMAX]");
    set_number(cx, this, value, bounds, |limits, n| limits.emax = n)
}
fn set_emin(cx: &Cx, this: Ctx<'_>, value: Option<&Value>) -> Res<()> {
    let bounds = (MIN_EMIN..=0, "valid range for Emin is [MIN_EMIN, 0]");
    set_number(cx, this, value, bounds, |limits, n| limits.emin = n)
}
fn set_clamp(cx: &Cx, this: Ctx<'_>, value: Option<&Value>) -> Res<()> {
    let bounds = (0..=1, "valid values for clamp are 0 or 1");
    set_number(cx, this, value, bounds, |limits, n| limits.clamp = n == 1)
}
fn set_capitals(cx: &Cx, this: Ctx<'_>, value: Option<&Value>) -> Res<()> {
    let bounds = (0..=1, "valid values for capitals are 0 or 1");
    let mut capitals = 0;
    set_number(cx, this, value, bounds, |_, n| capitals = n)?;
    this.capitals.set(capitals == 1);
    Ok(())
}
fn rounding_name(rounding: Rounding) -> &'static str {
    ROUNDINGS[rounding as usize].0
}
/// The way of rounding that a value names. `TypeError`.
pub fn rounding_of(cx: &Cx, value: &Value) -> Res<Rounding> {
    let name = if cx.is_str(value) { cx.str(value)?.to_string() } else { String::new() };
    let found = ROUNDINGS.iter().find(|(known, _)| *known == name);
    found.map(|found| found.1).ok_or(()).map_err(|()| {
        cx.type_error(
            "valid values for rounding are:\n  [ROUND_CEILING, ROUND_FLOOR, ROUND_UP, ROUND_DOWN,\n   ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN,\n   ROUND_05UP]",
        )
    })
}
fn set_rounding(cx: &Cx, this: Ctx<'_>, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(not_deleted(cx)) };
    let rounding = rounding_of(cx, value)?;
    this.limits.set(Limits { rounding, ..this.limits.get() });
    Ok(())
}
fn set_bits(cx: &Cx, of: &SignalDict, value: Option<&Value>, lists: bool) -> Res<()> {
    let Some(value) = value else { return Err(not_deleted(cx)) };
    let bits = signals::bits_given(cx, value, lists)?;
    of.bits.set(bits);
    Ok(())
}
fn set_flags(cx: &Cx, this: Ctx<'_>, value: Option<&Value>) -> Res<()> {
    set_bits(cx, &this.flags, value, false)
}
fn set_traps(cx: &Cx, this: Ctx<'_>, value: Option<&Value>) -> Res<()> {
    set_bits(cx, &this.traps, value, false)
}
fn init_flags(cx: &Cx, this: Ctx<'_>, value: Option<&Value>) -> Res<()> {
    set_bits(cx, &this.flags, value, true)
}
fn init_traps(cx: &Cx, this: Ctx<'_>, value: Option<&Value>) -> Res<()> {
    set_bits(cx, &this.traps, value, true)
}

/// As of any object, in the words that a type with a way of its own has where there is no such attribute.
fn set_attribute(cx: &Cx, this: Ctx<'_>, name: &Value, value: Option<&Value>) -> Res<()> {
    let Err(raised) = cx.set_plain_attr(this.value(), name, value) else { return Ok(()) };
    if !cx.is_raised(&raised, "AttributeError") {
        return Err(raised);
    }
    let exception = cx.take_raised(raised);
    let message = cx.str(&exception)?;
    match message.as_str().strip_suffix(" and no __dict__ for setting new attributes") {
        Some(message) => Err(cx.attribute_error(message)),
        None => Err(cx.raise_value(exception)),
    }
}

// ---- what it does ----------------------------------------------------------------------------------------------------------

fn repr(_: &Cx, this: Ctx<'_>) -> String {
    let limits = this.limits.get();
    format!(
        "Context(prec={}, rounding={}, Emin={}, Emax={}, capitals={}, clamp={}, flags={}, traps={})",
        limits.prec,
        rounding_name(limits.rounding),
        limits.emin,
        limits.emax,
        u8::from(this.capitals.get()),
        u8::from(limits.clamp),
        signals::shown(this.flags.bits.get()),
        signals::shown(this.traps.bits.get()),
    )
}
fn Etiny(_: &Cx, this: Ctx<'_>) -> i64 {
    this.limits.get().etiny()
}
fn Etop(_: &Cx, this: Ctx<'_>) -> i64 {
    this.limits.get().etop()
}
fn clear_flags(_: &Cx, this: Ctx<'_>) {
    this.flags.bits.set(0);
}
fn clear_traps(_: &Cx, this: Ctx<'_>) {
    this.traps.bits.set(0);
}
fn copy(cx: &Cx, this: Ctx<'_>) -> Res<Obj<Context>> {
    copied(cx, &this, this.flags.bits.get())
}
fn reduce(cx: &Cx, this: Ctx<'_>) -> Res {
    let limits = this.limits.get();
    let values = [
        limits.prec.into_value(cx)?,
        rounding_name(limits.rounding).into_value(cx)?,
        limits.emin.into_value(cx)?,
        limits.emax.into_value(cx)?,
        i64::from(this.capitals.get()).into_value(cx)?,
        i64::from(limits.clamp).into_value(cx)?,
        signals::listed(cx, this.flags.bits.get())?,
        signals::listed(cx, this.traps.bits.get())?,
    ];
    let values = Tuple::from_fn(cx, values.len(), |at| values[at].clone())?;
    (cx.class_of(this.value()), values.value()).into_value(cx)
}

// ---- the current one -------------------------------------------------------------------------------------------------------

/// The context of the thread, or task. It is looked for again where a variable of the thread's context may have changed.
#[inline]
pub fn current(cx: &Cx) -> Res<Obj<Context>> {
    let state = cx.state::<State>()?;
    let serial = crate::contextvars::serial(cx);
    if serial != 0
        && serial == state.current_at.get()
        && let Ok(known) = Obj::from_value(state.current.get())
    {
        return Ok(known);
    }
    looked_up(cx, &state)
}
#[cold]
fn looked_up(cx: &Cx, state: &State) -> Res<Obj<Context>> {
    let variable = state.variable.get();
    let found = match crate::contextvars::value_of(cx, &variable)? {
        Some(found) => found,
        None => {
            let made = copied(cx, &*default_context(cx)?, 0)?.into_value();
            drop(cx.call_method(&variable, "set", (&made,))?);
            made
        }
    };
    state.current.set(found.clone());
    state.current_at.set(crate::contextvars::serial(cx));
    Obj::from_value(found).map_err(|_| cx.system_error("the current context is none"))
}
pub fn set_current(cx: &Cx, context: &Value) -> Res<()> {
    let Some(given) = context.body::<Context>() else {
        return Err(cx.type_error("argument must be a context"));
    };
    let state = cx.state::<State>()?;
    let shared = [&state.default_context, &state.basic_context, &state.extended_context];
    let context = match shared.iter().any(|of| of.is(context)) {
        true => copied(cx, given, 0)?.into_value(),
        false => context.clone(),
    };
    cx.call_method(&state.variable.get(), "set", (context,)).map(drop)
}

pub fn getcontext(cx: &Cx) -> Res<Obj<Context>> {
    current(cx)
}
pub fn setcontext(cx: &Cx, context: &Value) -> Res<()> {
    set_current(cx, context)
}

native_type! {
    "decimal.ContextManager" = pub struct ContextManager { local: Slot, global: Slot }
    methods {
        /// Makes the context the current one.
        __enter__() = enter;
        /// Makes the one before the current one again.
        __exit__(*args) = exit;
    }
}

pub fn localcontext(cx: &Cx, args: Args) -> Res<Obj<ContextManager>> {
    let global = current(cx)?;
    let mut given: [Option<Value>; 8] = Default::default();
    let mut of = args.positional().first().cloned();
    if args.positional().len() > 1 {
        let count = args.positional().len();
        return Err(
            cx.type_error(format_args!("function takes at most 1 positional argument ({count} given)"))
        );
    }
    for (name, value) in args.named() {
        let name = cx.str(name)?;
        match NAMES.iter().position(|known| *known == name.as_str()) {
            Some(at) => given[at] = Some(value.clone()),
            None if name.as_str() == "ctx" && of.is_none() => of = Some(value.clone()),
            None => {
                let name = name.as_str();
                let message = format_args!("this function got an unexpected keyword argument '{name}'");
                return Err(cx.type_error(message));
            }
        }
    }
    let of = of.filter(|of| !of.is_none()).unwrap_or_else(|| global.value().clone());
    let Some(like) = of.body::<Context>() else {
        return Err(cx.type_error("optional argument must be a context"));
    };
    let local = copied(cx, like, like.flags.bits.get())?;
    let value = local.value().clone();
    if let Some(this) = This::of(cx, &value) {
        set_all(cx, this, &given)?;
    }
    cx.new(ContextManager { local: Slot::new(value), global: Slot::new(global.into_value()) })
}
fn enter(cx: &Cx, this: This<ContextManager>) -> Res {
    set_current(cx, &this.local.get())?;
    Ok(this.local.get())
}
fn exit(cx: &Cx, this: This<ContextManager>, _: Args) -> Res<bool> {
    set_current(cx, &this.global.get())?;
    Ok(false)
}

pub fn IEEEContext(cx: &Cx, bits: i64) -> Res<Obj<Context>> {
    if bits <= 0 || bits > 512 || bits % 32 != 0 {
        return Err(cx.value_error("argument must be a multiple of 32, with a maximum of 512"));
    }
    let emax = 3 * (1 << (bits / 16 + 3));
    let limits =
        Limits { prec: 9 * (bits / 32) - 2, emax, emin: 1 - emax, rounding: Rounding::HalfEven, clamp: true };
    made(cx, limits, true, 0, 0)
}

/// The contexts that the module has ready.
pub fn ready(cx: &Cx, prec: i64, rounding: Rounding, traps: u32) -> Res {
    let limits = Limits { prec, emax: 999_999, emin: -999_999, rounding, clamp: false };
    Ok(made(cx, limits, true, 0, traps)?.into_value())
}
/// The traps of `DefaultContext`.
pub const DEFAULT_TRAPS: u32 = flag::INVALID | flag::DIVISION_BY_ZERO | flag::OVERFLOW;
