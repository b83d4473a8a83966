//! `tzinfo`, and `timezone`, a zone whose clocks are always the same time ahead of UTC.

use ryokan_vm::native::*;

use super::delta::{Span, TimeDelta, made, span_of};
use super::moment::DateTime;
use super::shifting;
use super::{Fixed, format, shown_class};

native_type! {
    /// What time zones have in common: the methods that a subclass is to write, and fromutc(), which rests on them.
    "datetime.tzinfo" = pub struct TzInfo: object {}
    flags: SUBCLASS;
    new(*args, **names) = new_zone;
    methods {
        /// How the zone is called at a datetime: a str or None.
        tzname(dt: &Value, /) = no_name;
        /// How far the zone's clocks are ahead of UTC at a datetime: a timedelta or None.
        utcoffset(dt: &Value, /) = no_offset;
        /// How far they are ahead of standard time: a timedelta or None.
        dst(dt: &Value, /) = no_dst;
        /// The datetime in this zone of one that shows UTC but has this zone.
        fromutc(dt: &Value, /) = from_utc;
        /// How pickle makes it again.
        __reduce__() = reduce;
    }
}

native_type! {
    /// A zone whose clocks are always the same time ahead of UTC.
    "datetime.timezone" = pub struct TimeZone(TzInfo) { offset: Obj<TimeDelta>, name: Maybe }
    new(offset: &Value, name: Given = Given(None) => "<unrepresentable>") = new_fixed;
    slots { repr = repr; str = str; hash = hash; compare = compare; }
    methods {
        /// How the zone is called: the name that it was given, or UTC with its offset.
        tzname(dt: &Value, /) = fixed_name;
        /// How far the zone's clocks are ahead of UTC.
        utcoffset(dt: &Value, /) = fixed_offset;
        /// None.
        dst(dt: &Value, /) = fixed_dst;
        /// The datetime in this zone of one that shows UTC but has this zone.
        fromutc(dt: &Value, /) = fixed_from_utc;
        /// What the constructor takes to make it again.
        __getinitargs__() = init_args;
    }
}

// ---- asking a zone -----------------------------------------------------------------------------------------------------

/// What a zone answers to `utcoffset` or `dst` about a moment: None or a `timedelta` of less than a day. Runs Python; `TypeError`,
/// `ValueError`.
pub fn ask(cx: &Cx, zone: &Value, method: &str, about: &Value) -> Res {
    if zone.is_none() {
        return Ok(Value::NONE);
    }
    if let Some(fixed) = zone.body::<TimeZone>() {
        return if method == "dst" { Ok(Value::NONE) } else { (&fixed.offset).into_value(cx) };
    }
    let answer = cx.call_method(zone, method, (about,))?;
    if answer.is_none() {
        return Ok(answer);
    }
    match span_of(&answer) {
        Some(span) => check_offset(cx, span, &answer).map(|()| answer),
        None => {
            let kind = cx.type_name(&answer);
            Err(cx.type_error(format_args!("tzinfo.{method}() must return None or timedelta, not '{kind}'")))
        }
    }
}
/// The same, as a span.
pub fn offset(cx: &Cx, zone: &Value, method: &str, about: &Value) -> Res<Option<Span>> {
    if let Some(fixed) = zone.body::<TimeZone>().filter(|_| method == "utcoffset") {
        return Ok(Some(fixed.offset.span()));
    }
    Ok(span_of(&ask(cx, zone, method, about)?))
}
/// What a zone answers to `tzname`: None or a str. Runs Python; `TypeError`.
pub fn name(cx: &Cx, zone: &Value, about: &Value) -> Res {
    if zone.is_none() {
        return Ok(Value::NONE);
    }
    if let Some(fixed) = zone.body::<TimeZone>() {
        return fixed.shown(cx);
    }
    let answer = cx.call_method(zone, "tzname", (about,))?;
    if answer.is_none() || cx.is_str(&answer) {
        return Ok(answer);
    }
    let kind = cx.type_name(&answer);
    Err(cx.type_error(format_args!("tzinfo.tzname() must return None or a string, not '{kind}'")))
}
/// `ValueError` unless an offset is less than a day.
fn check_offset(cx: &Cx, span: Span, shown: &Value) -> Res<()> {
    const DAY: Span = Span { days: 1, ..Span::ZERO };
    const BEFORE: Span = Span { days: -1, ..Span::ZERO };
    if BEFORE < span && span < DAY {
        return Ok(());
    }
    let shown = cx.repr(shown)?;
    Err(cx.value_error(format_args!(
        "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not {shown}"
    )))
}

// ---- tzinfo ------------------------------------------------------------------------------------------------------------

fn new_zone(cx: &Cx, class: &Value, _: Args<'_>) -> Res {
    cx.new_plain(class)
}
#[cold]
fn unwritten(cx: &Cx, method: &str) -> Res {
    Err(cx.raise_builtin("NotImplementedError", format_args!("a tzinfo subclass must implement {method}()")))
}
fn no_name(cx: &Cx, _: This<'_, TzInfo>, _: &Value) -> Res {
    unwritten(cx, "tzname")
}
fn no_offset(cx: &Cx, _: This<'_, TzInfo>, _: &Value) -> Res {
    unwritten(cx, "utcoffset")
}
fn no_dst(cx: &Cx, _: This<'_, TzInfo>, _: &Value) -> Res {
    unwritten(cx, "dst")
}
/// `TypeError` or `ValueError` unless a value is a `datetime` of this zone.
fn expect_own<'a>(cx: &Cx, zone: &Value, moment: &'a Value) -> Res<This<'a, DateTime>> {
    let Some(own) = This::<DateTime>::of(cx, moment) else {
        return Err(cx.type_error("fromutc: argument must be a datetime"));
    };
    if own.zone().is(zone) { Ok(own) } else { Err(cx.value_error("fromutc: dt.tzinfo is not self")) }
}
fn from_utc(cx: &Cx, this: This<'_, TzInfo>, moment: &Value) -> Res {
    let zone = this.value();
    let own = expect_own(cx, zone, moment)?;
    let needs = |what: &str| cx.value_error(format_args!("fromutc: non-None {what}() result required"));
    let ahead = offset(cx, &own.zone(), "utcoffset", moment)?.ok_or(()).map_err(|()| needs("utcoffset"))?;
    let dst = offset(cx, &own.zone(), "dst", moment)?.ok_or(()).map_err(|()| needs("dst"))?;
    let standard = shifting::shifted(cx, own, ahead.plus(cx, dst, -1)?, 1)?;
    let Some(dst) = offset(cx, zone, "dst", &standard)? else {
        return Err(cx.value_error("fromutc: tz.dst() gave inconsistent results; cannot convert"));
    };
    if dst.is_zero() {
        return Ok(standard);
    }
    shifting::shifted(cx, This::expect(cx, &standard)?, dst, 1)
}
fn reduce(cx: &Cx, this: This<'_, TzInfo>) -> Res {
    let args = match cx.attr_opt(this.value(), "__getinitargs__")? {
        Some(method) => cx.call(&method, ())?,
        None => ().pass(cx, |_| Tuple::from_fn(cx, 0, |_| Value::NONE))?.into_value(),
    };
    let state = cx.call_method(this.value(), "__getstate__", ())?;
    (cx.class_of(this.value()), args, state).into_value(cx)
}

// ---- timezone ----------------------------------------------------------------------------------------------------------

/// UTC, the one of the interpreter.
pub fn utc(cx: &Cx) -> Res {
    let fixed = cx.state::<Fixed>()?;
    if let Some(utc) = fixed.utc.get() {
        return Ok(utc);
    }
    let made = cx.new(TimeZone { offset: cx.new(TimeDelta::of(Span::ZERO))?, name: Maybe::EMPTY })?.into_value();
    fixed.utc.set(Some(made.clone()));
    Ok(made)
}
/// The zone that is ahead of UTC by a span. `ValueError` if that is a day or more.
pub fn of_span(cx: &Cx, span: Span) -> Res {
    if span.is_zero() {
        return utc(cx);
    }
    of_offset(cx, made(cx, span)?, None)
}
/// The same of a `timedelta`, with a name or without.
pub fn of_offset(cx: &Cx, offset: Value, name: Option<Value>) -> Res {
    let Ok(offset) = Obj::<TimeDelta>::from_value(offset) else {
        return Err(cx.system_error("an offset is a timedelta"));
    };
    if name.is_none() && offset.span().is_zero() {
        return utc(cx);
    }
    check_offset(cx, offset.span(), offset.value())?;
    let zone = TimeZone { offset, name: name.map_or(Maybe::EMPTY, Maybe::new) };
    Ok(cx.new(zone)?.into_value())
}

impl TimeZone {
    fn is_utc(&self) -> bool {
        !self.name.is_some() && self.offset.span().is_zero()
    }
    /// How it is called.
    fn shown(&self, cx: &Cx) -> Res {
        if let Some(name) = self.name.get() {
            return Ok(name);
        }
        if self.is_utc() {
            return "UTC".into_value(cx);
        }
        let mut line = format::Line::default();
        line.push_str("UTC");
        line.offset(self.offset.span(), ":").as_str().into_value(cx)
    }
}

type Zone<'a> = This<'a, TimeZone>;

fn new_fixed(cx: &Cx, _: &Value, offset: &Value, name: Given) -> Res {
    if span_of(offset).is_none() {
        let kind = cx.arg_name(offset);
        let message = format_args!("timezone() argument 1 must be datetime.timedelta, not {kind}");
        return Err(cx.type_error(message));
    }
    if let Some(name) = &name.0 {
        super::args::expect_str(cx, "timezone", 2, name)?;
    }
    of_offset(cx, offset.clone(), name.0)
}
fn repr(cx: &Cx, this: Zone<'_>) -> Res {
    if this.value().is(&utc(cx)?) {
        return "datetime.timezone.utc".into_value(cx);
    }
    let (class, offset) = (shown_class(cx, this.value()), cx.repr(this.offset.value())?);
    let mut out = StrWriter::new(cx);
    out.push_str(&format!("{class}({offset}"))?;
    if let Some(name) = this.name.get() {
        out.push_str(", ")?;
        out.push_value(cx.repr(&name)?.into_value(cx).as_ref().unwrap_or(&Value::NONE))?;
    }
    out.push_str(")")?;
    out.finish()
}
fn str(cx: &Cx, this: Zone<'_>) -> Res {
    this.shown(cx)
}
fn hash(cx: &Cx, this: Zone<'_>) -> Res<i64> {
    Ok(this.offset.span().hash(cx))
}
fn compare(_: &Cx, this: Zone<'_>, other: &Value, op: CompareOp) -> Res {
    let Some(other) = other.body::<TimeZone>() else { return Ok(Value::NOT_IMPLEMENTED) };
    let same = this.offset.span() == other.offset.span();
    Ok(match op {
        CompareOp::Eq => Value::bool(same),
        CompareOp::Ne => Value::bool(!same),
        _ => Value::NOT_IMPLEMENTED,
    })
}
/// `TypeError` unless a zone is asked about a moment, or about none.
fn check_about(cx: &Cx, about: &Value, method: &str) -> Res<()> {
    if about.is_none() || about.body::<DateTime>().is_some() {
        return Ok(());
    }
    let kind = cx.type_name(about);
    Err(cx.type_error(format_args!("{method}(dt) argument must be a datetime instance or None, not {kind}")))
}
fn fixed_name(cx: &Cx, this: Zone<'_>, about: &Value) -> Res {
    check_about(cx, about, "tzname")?;
    this.shown(cx)
}
fn fixed_offset(cx: &Cx, this: Zone<'_>, about: &Value) -> Res {
    check_about(cx, about, "utcoffset")?;
    (&this.offset).into_value(cx)
}
fn fixed_dst(cx: &Cx, _: Zone<'_>, about: &Value) -> Res<()> {
    check_about(cx, about, "dst")
}
fn fixed_from_utc(cx: &Cx, this: Zone<'_>, moment: &Value) -> Res {
    let own = expect_own(cx, this.value(), moment)?;
    shifting::shifted(cx, own, this.offset.span(), 1)
}
fn init_args(cx: &Cx, this: Zone<'_>) -> Res {
    match this.name.get() {
        Some(name) => (&this.offset, name).into_value(cx),
        None => (&this.offset,).into_value(cx),
    }
}
