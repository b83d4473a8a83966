//! `timedelta`.

use std::cell::Cell;

use dashu_int::IBig;
use ryokan_vm::native::*;

use super::args::Parameters;
use super::ratio::{div, floor_div, modulo, mul, divmod, rdivmod};
use super::{format, shown_class};

pub const MAX_DAYS: i32 = 999_999_999;
const SECOND: i128 = 1_000_000;
pub const DAY: i128 = 86_400 * SECOND;
/// What a hash that is not known yet is.
const UNKNOWN: i64 = -1;

/// A span: seconds are less than a day of them, microseconds less than a second, and both are not negative. So their order is that of
/// the spans.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct Span {
    pub days: i32,
    pub seconds: i32,
    pub microseconds: i32,
}

native_type! {
    /// A span of time: timedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)
    ///
    /// Arguments are added up. Each is an int or a float, and may be negative. What is kept is exact to the microsecond.
    "datetime.timedelta" = pub struct TimeDelta { span: Cell<Span>, hash: Cell<i64> }
    flags: SUBCLASS;
    new(*args, **names) = new_delta;
    slots { repr = repr; str = str; hash = hash; bool = is_long; compare = compare; neg = negative; pos = positive; abs = absolute; }
    number { Add = add; Subtract = subtract; Multiply = mul; FloorDivide = floor_div; Remainder = modulo; TrueDivide = div; }
    members {
        /// Number of days.
        days = |_: &Cx, this: Delta<'_>| this.span().days;
        /// Number of seconds, at least 0 and less than a day of them.
        seconds = |_: &Cx, this: Delta<'_>| this.span().seconds;
        /// Number of microseconds, at least 0 and less than a second of them.
        microseconds = |_: &Cx, this: Delta<'_>| this.span().microseconds;
    }
    methods {
        /// The whole span in seconds, as a float.
        total_seconds();
        /// How pickle makes it again.
        __reduce__() = reduce;
        /// The pair of quotient and remainder.
        __divmod__(value: &Value, /) = divmod;
        /// The same of a value divided by the span.
        __rdivmod__(value: &Value, /) = rdivmod;
    }
}

pub type Delta<'a> = This<'a, TimeDelta>;

impl TimeDelta {
    pub fn of(span: Span) -> TimeDelta {
        TimeDelta { span: Cell::new(span), hash: Cell::new(UNKNOWN) }
    }
    #[inline]
    pub fn span(&self) -> Span {
        self.span.get()
    }
}

/// The span of a value, if it is a `timedelta`.
#[inline]
pub fn span_of(value: &Value) -> Option<Span> {
    value.body::<TimeDelta>().map(TimeDelta::span)
}
#[inline]
pub fn made(cx: &Cx, span: Span) -> Res {
    Ok(cx.new(TimeDelta::of(span))?.into_value())
}

impl Span {
    pub const ZERO: Span = Span { days: 0, seconds: 0, microseconds: 0 };

    /// Of parts that may be beyond their bounds (and are small enough to be added up). `OverflowError`.
    #[inline]
    pub fn normal(cx: &Cx, days: i64, seconds: i64, microseconds: i64) -> Res<Span> {
        let (mut days, mut seconds, mut microseconds) = (days, seconds, microseconds);
        if !(0..1_000_000).contains(&microseconds) {
            seconds += microseconds.div_euclid(1_000_000);
            microseconds = microseconds.rem_euclid(1_000_000);
        }
        if !(0..86_400).contains(&seconds) {
            days += seconds.div_euclid(86_400);
            seconds = seconds.rem_euclid(86_400);
        }
        if days.abs() > MAX_DAYS.into() {
            return Err(too_long(cx, days));
        }
        Ok(Span { days: days as i32, seconds: seconds as i32, microseconds: microseconds as i32 })
    }
    /// Of microseconds. `OverflowError`.
    pub fn of_micros(cx: &Cx, micros: i128) -> Res<Span> {
        let (days, rest) = (micros.div_euclid(DAY), micros.rem_euclid(DAY) as i64);
        match i32::try_from(days) {
            Ok(days) => Span::normal(cx, days.into(), rest / 1_000_000, rest % 1_000_000),
            Err(_) => Err(far_too_long(cx)),
        }
    }
    /// In microseconds.
    #[inline]
    pub fn micros(self) -> i128 {
        i128::from(self.days) * DAY
            + i128::from(i64::from(self.seconds) * 1_000_000 + i64::from(self.microseconds))
    }
    /// In whole seconds.
    pub fn whole_seconds(self) -> i64 {
        i64::from(self.days) * 86_400 + i64::from(self.seconds)
    }
    pub fn plus(self, cx: &Cx, other: Span, sign: i64) -> Res<Span> {
        Span::normal(
            cx,
            i64::from(self.days) + sign * i64::from(other.days),
            i64::from(self.seconds) + sign * i64::from(other.seconds),
            i64::from(self.microseconds) + sign * i64::from(other.microseconds),
        )
    }
    pub fn negated(self, cx: &Cx) -> Res<Span> {
        Span::ZERO.plus(cx, self, -1)
    }
    pub fn is_zero(self) -> bool {
        self == Span::ZERO
    }
    /// As CPython's hash of the three numbers.
    pub fn hash(self, cx: &Cx) -> i64 {
        let of = |number: i32| if number == -1 { -2 } else { i64::from(number) };
        cx.hash_of_items(&[of(self.days), of(self.seconds), of(self.microseconds)])
    }
}

#[cold]
fn too_long(cx: &Cx, days: i64) -> Raised {
    cx.overflow_error(format_args!("days={days}; must have magnitude <= {MAX_DAYS}"))
}
/// The error of days that do not fit C's `int`.
#[cold]
pub fn far_too_long(cx: &Cx) -> Raised {
    cx.overflow_error("Python int too large to convert to C int")
}

// ---- making one --------------------------------------------------------------------------------------------------------

const PARAMETERS: Parameters = Parameters {
    function: "__new__",
    names: &["days", "seconds", "microseconds", "milliseconds", "minutes", "hours", "weeks"],
    required: 0,
    positional: 7,
};
/// Microseconds of each.
const UNITS: [i64; 7] =
    [86_400_000_000, 1_000_000, 1, 1_000, 60_000_000, 3_600_000_000, 604_800_000_000];
/// The order in which they are added up: from the smallest on.
const ORDER: [usize; 7] = [2, 3, 1, 4, 5, 0, 6];

/// A sum of microseconds: nearly always of few digits.
#[derive(Default)]
struct Sum {
    small: i128,
    big: IBig,
    /// What fractions of microseconds add up to.
    rest: f64,
}

impl Sum {
    fn add_int(&mut self, number: &Int, unit: i64) {
        match number.small() {
            Some(n) => self.small += i128::from(n) * i128::from(unit),
            None => self.big += &*number.big() * IBig::from(unit),
        }
    }
    fn add_float(&mut self, cx: &Cx, x: f64, unit: i64) -> Res<()> {
        let whole = cx.int_of_float(x.trunc())?;
        if let Some(whole) = Int::of(&whole) {
            self.add_int(&whole, unit);
        }
        let part = x.fract() * unit as f64;
        self.small += part.trunc() as i128;
        self.rest += part.fract();
        Ok(())
    }
    /// The sum, with the fractions rounded half to even. `OverflowError`.
    fn total(self, cx: &Cx) -> Res<i128> {
        let whole = self.big + IBig::from(self.small);
        let Ok(whole) = i128::try_from(&whole) else { return Err(far_too_long(cx)) };
        let mut rest = self.rest.round();
        if (rest - self.rest).abs() == 0.5 {
            let odd = if whole & 1 == 1 { 1.0 } else { 0.0 };
            rest = 2.0 * ((self.rest + odd) * 0.5).round() - odd;
        }
        Ok(whole + rest as i128)
    }
}

fn new_delta(cx: &Cx, class: &Value, args: Args<'_>) -> Res {
    if let Some(span) = plain(args) {
        let [days, seconds, microseconds] = span;
        return of_class(cx, class, Span::normal(cx, days, seconds, microseconds)?);
    }
    let mut given: [Option<Value>; 7] = Default::default();
    PARAMETERS.bind(cx, args, |at, value| {
        given[at] = Some(value.clone());
        Ok(())
    })?;
    let mut sum = Sum::default();
    for at in ORDER {
        let Some(value) = &given[at] else { continue };
        match (Int::of(value), cx.float_value(value)) {
            (Some(number), _) => sum.add_int(&number, UNITS[at]),
            (_, Some(x)) => sum.add_float(cx, x, UNITS[at])?,
            _ => {
                let (name, kind) = (PARAMETERS.names[at], cx.type_name(value));
                let message = format_args!("unsupported type for timedelta {name} component: {kind}");
                return Err(cx.type_error(message));
            }
        }
    }
    of_class(cx, class, Span::of_micros(cx, sum.total(cx)?)?)
}
/// Days, seconds and microseconds, if no more is given, by position and as ints that are not large.
fn plain(args: Args<'_>) -> Option<[i64; 3]> {
    let given = args.positional();
    if args.named_count() > 0 || given.len() > 3 {
        return None;
    }
    let mut parts = [0; 3];
    for (part, value) in parts.iter_mut().zip(given) {
        *part = Int::exact_small(value).filter(|n| i32::try_from(*n).is_ok())?;
    }
    Some(parts)
}
fn of_class(cx: &Cx, class: &Value, span: Span) -> Res {
    cx.new_of(class, TimeDelta::of(span))
}

// ---- what it does ------------------------------------------------------------------------------------------------------

fn repr(cx: &Cx, this: Delta<'_>) -> Res {
    let Span { days, seconds, microseconds } = this.span();
    let parts = [("days", days), ("seconds", seconds), ("microseconds", microseconds)];
    let parts: Vec<String> =
        parts.iter().filter(|(_, n)| *n != 0).map(|(name, n)| format!("{name}={n}")).collect();
    let class = shown_class(cx, this.value());
    let parts = if parts.is_empty() { "0".to_string() } else { parts.join(", ") };
    format_args!("{class}({parts})").into_value(cx)
}
fn str(cx: &Cx, this: Delta<'_>) -> Res {
    let Span { days, seconds, microseconds } = this.span();
    let mut line = format::Line::default();
    if days != 0 {
        let s = if days.abs() == 1 { "" } else { "s" };
        line.push_str(&format!("{days} day{s}, "));
    }
    line.number(seconds as u32 / 3600, 1).push(b':');
    line.number(seconds as u32 / 60 % 60, 2).push(b':');
    line.number(seconds as u32 % 60, 2);
    if microseconds != 0 {
        line.push(b'.');
        line.number(microseconds as u32, 6);
    }
    line.as_str().into_value(cx)
}
fn hash(cx: &Cx, this: Delta<'_>) -> Res<i64> {
    if this.hash.get() == UNKNOWN {
        this.hash.set(this.span().hash(cx));
    }
    Ok(this.hash.get())
}
fn is_long(_: &Cx, this: Delta<'_>) -> Res<bool> {
    Ok(!this.span().is_zero())
}
fn compare(_: &Cx, this: Delta<'_>, other: &Value, op: CompareOp) -> Res {
    Ok(match span_of(other) {
        Some(other) => Value::bool(op.holds(this.span().cmp(&other))),
        None => Value::NOT_IMPLEMENTED,
    })
}
fn negative(cx: &Cx, this: Delta<'_>) -> Res {
    made(cx, this.span().negated(cx)?)
}
fn positive(cx: &Cx, this: Delta<'_>) -> Res {
    made(cx, this.span())
}
fn absolute(cx: &Cx, this: Delta<'_>) -> Res {
    if this.span().days < 0 { negative(cx, this) } else { positive(cx, this) }
}
fn sum(cx: &Cx, left: &Value, right: &Value, sign: i64) -> Res {
    match (span_of(left), span_of(right)) {
        (Some(left), Some(right)) => made(cx, left.plus(cx, right, sign)?),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn add(cx: &Cx, left: &Value, right: &Value) -> Res {
    sum(cx, left, right, 1)
}
fn subtract(cx: &Cx, left: &Value, right: &Value) -> Res {
    sum(cx, left, right, -1)
}
/// Microseconds in seconds, rounded once.
pub fn in_seconds(cx: &Cx, micros: i128) -> Res {
    // Both are exact as floats, so that the quotient is rounded once.
    if micros.unsigned_abs() < 1 << 53 {
        return (micros as f64 / 1e6).into_value(cx);
    }
    cx.binary(BinaryOp::TrueDivide, &micros.into_value(cx)?, &Value::small(1_000_000))
}
fn total_seconds(cx: &Cx, this: Delta<'_>) -> Res {
    in_seconds(cx, this.span().micros())
}
fn reduce(cx: &Cx, this: Delta<'_>) -> Res {
    let Span { days, seconds, microseconds } = this.span();
    (cx.class_of(this.value()), (days, seconds, microseconds)).into_value(cx)
}
