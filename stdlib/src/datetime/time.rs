//! `time`.

use std::cell::Cell;
use std::cmp::Ordering;

use ryokan_vm::native::*;

use super::args::{self, Parameters, c_int, c_int_or};
use super::date::{UNKNOWN, expect_text, malformed};
use super::delta::Span;
use super::civil::Clock;
use super::format::{Line, Precision, Subject};
use super::parse::WrittenTime;
use super::{check_zone, formatted, parse, shown_class, zone};

native_type! {
    /// A time of day: time(hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0)
    "datetime.time" = pub struct Time { clock: Cell<Clock>, hash: Cell<i64>, zone: Slot }
    flags: SUBCLASS;
    new(*args, **names) = new_time;
    slots { repr = repr; str = str; hash = hash; compare = compare; }
    getters {
        /// the hour, from 0 to 23
        hour = |_: &Cx, this: Of<'_>| this.clock().hour;
        /// the minute, from 0 to 59
        minute = |_: &Cx, this: Of<'_>| this.clock().minute;
        /// the second, from 0 to 59
        second = |_: &Cx, this: Of<'_>| this.clock().second;
        /// the microsecond, from 0 to 999999
        microsecond = |_: &Cx, this: Of<'_>| this.clock().microsecond;
        /// the time zone, or None
        tzinfo = |_: &Cx, this: Of<'_>| this.zone();
        /// 1 for the second one of two times that clocks show twice, otherwise 0
        fold = |_: &Cx, this: Of<'_>| this.clock().fold;
    }
    methods {
        /// The time as HH:MM:SS.ffffff, with its offset; timespec says how much of it: 'auto', 'hours', 'minutes',
        /// 'seconds', 'milliseconds' or 'microseconds'.
        isoformat(timespec: Given = Given(None) => "'auto'");
        /// The time, written as a format says: %H stands for the hour, and so on.
        strftime(format: &Value);
        /// strftime(), or str() if the format is empty.
        __format__(format: &Value, /) = format;
        /// How far the zone is ahead of UTC: a timedelta or None.
        utcoffset() = utc_offset;
        /// How the zone is called: a str or None.
        tzname() = zone_name;
        /// How far the zone is ahead of its standard time: a timedelta or None.
        dst();
        /// The time with other fields.
        replace(
            hour: Given = Given(None) => "unchanged", minute: Given = Given(None) => "unchanged",
            second: Given = Given(None) => "unchanged", microsecond: Given = Given(None) => "unchanged",
            tzinfo: Given = Given(None) => "unchanged", *, fold: Given = Given(None) => "unchanged"
        );
        /// The same as replace().
        __replace__(*args, **changes) = replace_by_copy;
        /// How pickle makes it again, by a protocol.
        __reduce_ex__(proto: i64, /) = reduce_ex;
        /// How pickle makes it again.
        __reduce__() = reduce;
    }
    class_methods {
        /// The time of a text in one of the forms of ISO 8601.
        fromisoformat(string: &Value, /) = from_isoformat;
        /// The time of a text that is written as a format says.
        strptime(*args);
    }
}

type Of<'a> = This<'a, Time>;

impl Time {
    pub fn of(clock: Clock, zone: Value) -> Time {
        Time { clock: Cell::new(clock), hash: Cell::new(UNKNOWN), zone: Slot::new(zone) }
    }
    #[inline]
    pub fn clock(&self) -> Clock {
        self.clock.get()
    }
    pub fn zone(&self) -> Value {
        self.zone.get()
    }
    fn set_fold(&self, fold: u8) {
        self.clock.set(self.clock().with_fold(fold));
    }
}

// ---- making one --------------------------------------------------------------------------------------------------------

const PARAMETERS: Parameters = Parameters {
    function: "",
    names: &["hour", "minute", "second", "microsecond", "tzinfo", "fold"],
    required: 0,
    positional: 5,
};

/// The zone that stands behind the state of a pickle.
pub fn zone_of_state(cx: &Cx, given: &[Value]) -> Res {
    let zone = given.get(1).map_or(Value::NONE, Value::clone);
    check_zone(cx, &zone).map_err(|raised| match cx.catch(raised, "TypeError") {
        Ok(_) => cx.type_error("bad tzinfo state arg"),
        Err(raised) => raised,
    })?;
    Ok(zone)
}

fn new_time(cx: &Cx, class: &Value, args: Args<'_>) -> Res {
    let given = args.positional();
    if (1..=2).contains(&given.len())
        && let Some(mut state) = args::state::<6>(cx, given.first(), "time", |state| state[0] & 0x7F < 24)?
    {
        let fold = state[0] >> 7;
        state[0] &= 0x7F;
        return cx.new_of(class, Time::of(Clock::of_state(state, fold), zone_of_state(cx, given)?));
    }
    let (mut fields, mut fold, mut zone) = ([0; 4], 0, Value::NONE);
    PARAMETERS.bind(cx, args, |at, value| {
        match at {
            4 => zone = value.clone(),
            5 => fold = c_int(cx, value)?,
            _ => fields[at] = c_int(cx, value)?,
        }
        Ok(())
    })?;
    let clock = Clock::checked(cx, fields, fold)?;
    check_zone(cx, &zone)?;
    cx.new_of(class, Time::of(clock, zone))
}

/// A time of a class: what the class gives if it is a subclass. Runs Python then.
fn of_class(cx: &Cx, class: &Value, fields: [i64; 4], zone: Value, fold: i64) -> Res {
    if class.is(&cx.class::<Time>()?) {
        let clock = Clock::checked(cx, fields, fold)?;
        check_zone(cx, &zone)?;
        return Ok(cx.new(Time::of(clock, zone))?.into_value());
    }
    let [hour, minute, second, microsecond] = fields;
    let made = cx.call(class, (hour, minute, second, microsecond, zone))?;
    if fold != 0
        && let Some(made) = made.body::<Time>()
    {
        if fold != 1 {
            Clock::checked(cx, [0; 4], fold)?;
        }
        made.set_fold(1);
    }
    Ok(made)
}

/// What a text says, as far as it is a time of day: the fields, and the zone. `ValueError`.
pub fn read(cx: &Cx, written: &WrittenTime) -> Res<([i64; 4], Value)> {
    let zone = match written.offset {
        None => Value::NONE,
        Some(micros) => zone::of_span(cx, Span::of_micros(cx, micros.into())?)?,
    };
    Ok((written.clock, zone))
}
#[cold]
pub fn no_midnight(cx: &Cx) -> Raised {
    cx.value_error("minute, second, and microsecond must be 0 when hour is 24")
}

fn from_isoformat(cx: &Cx, class: &Value, string: &Value) -> Res {
    let text = expect_text(cx, string)?;
    let read_ascii = |text: &str| parse::time(text.strip_prefix('T').unwrap_or(text).as_bytes());
    let Some(Ok(mut written)) = text.ascii().map(read_ascii) else { return Err(malformed(cx, string)) };
    if written.clock[0] == 24 {
        if written.clock != [24, 0, 0, 0] {
            return Err(no_midnight(cx));
        }
        written.clock[0] = 0;
    }
    let (fields, zone) = read(cx, &written)?;
    of_class(cx, class, fields, zone, 0)
}
fn strptime(cx: &Cx, class: &Value, args: Args<'_>) -> Res {
    super::strptime(cx, class, args, "_strptime_datetime_time")
}

// ---- what it does ------------------------------------------------------------------------------------------------------

fn repr(cx: &Cx, this: Of<'_>) -> Res {
    let (class, clock, zone) = (shown_class(cx, this.value()), this.clock(), this.zone());
    let mut out = StrWriter::new(cx);
    out.push_str(&format!("{class}({}, {}", clock.hour, clock.minute))?;
    push_rest(cx, &mut out, clock)?;
    push_zone(cx, &mut out, &zone)?;
    if clock.fold != 0 {
        out.push_str(", fold=1")?;
    }
    out.push_str(")")?;
    out.finish()
}
/// Seconds and microseconds, as far as there are any.
pub fn push_rest(_: &Cx, out: &mut StrWriter<'_>, clock: Clock) -> Res<()> {
    match (clock.second, clock.microsecond) {
        (0, 0) => Ok(()),
        (second, 0) => out.push_str(&format!(", {second}")),
        (second, microsecond) => out.push_str(&format!(", {second}, {microsecond}")),
    }
}
pub fn push_zone(cx: &Cx, out: &mut StrWriter<'_>, zone: &Value) -> Res<()> {
    if zone.is_none() {
        return Ok(());
    }
    out.push_str(", tzinfo=")?;
    out.push_value(&cx.repr(zone)?.into_value(cx)?)
}
fn offset(cx: &Cx, this: Of<'_>) -> Res<Option<Span>> {
    zone::offset(cx, &this.zone(), "utcoffset", &Value::NONE)
}
fn written(cx: &Cx, this: Of<'_>, precision: Precision) -> Res {
    let mut line = Line::default();
    line.clock(this.clock(), precision);
    if let Some(offset) = offset(cx, this)? {
        line.offset(offset, ":");
    }
    line.as_str().into_value(cx)
}
fn isoformat(cx: &Cx, this: Of<'_>, timespec: Given) -> Res {
    written(cx, this, Precision::of(cx, &timespec, 1)?)
}
fn str(cx: &Cx, this: Of<'_>) -> Res {
    if cx.is_exact::<Time>(this.value()) {
        return written(cx, this, Precision::Auto);
    }
    cx.call_method(this.value(), "isoformat", ())
}
fn strftime(cx: &Cx, this: Of<'_>, format: &Value) -> Res {
    args::expect_str(cx, "strftime", 1, format)?;
    let clock = this.clock();
    let of = |field: u8| i64::from(field);
    let fields = [1900, 1, 1, of(clock.hour), of(clock.minute), of(clock.second), 0, 1, -1];
    let fields = Tuple::from_fn(cx, fields.len(), |at| Value::small(fields[at]))?.into_value();
    let (microsecond, zone) = (clock.microsecond, this.zone());
    Subject { fields, microsecond, zone, asked: &Value::NONE }.strftime(cx, format)
}
fn format(cx: &Cx, this: Of<'_>, format: &Value) -> Res {
    formatted(cx, this.value(), format)
}
fn utc_offset(cx: &Cx, this: Of<'_>) -> Res {
    zone::ask(cx, &this.zone(), "utcoffset", &Value::NONE)
}
fn dst(cx: &Cx, this: Of<'_>) -> Res {
    zone::ask(cx, &this.zone(), "dst", &Value::NONE)
}
fn zone_name(cx: &Cx, this: Of<'_>) -> Res {
    zone::name(cx, &this.zone(), &Value::NONE)
}
fn hash(cx: &Cx, this: Of<'_>) -> Res<i64> {
    if this.hash.get() == UNKNOWN {
        let clock = this.clock();
        let hash = match offset(cx, this)? {
            None => cx.hash_of_bytes(&clock.state()),
            Some(offset) => {
                let since = Span::normal(cx, 0, clock.seconds(), clock.microsecond.into())?;
                since.plus(cx, offset, -1)?.hash(cx)
            }
        };
        this.hash.set(hash);
    }
    Ok(this.hash.get())
}
fn compare(cx: &Cx, this: Of<'_>, other: &Value, op: CompareOp) -> Res {
    let Some(that) = This::<Time>::of(cx, other) else { return Ok(Value::NOT_IMPLEMENTED) };
    let plain = this.clock().key().cmp(&that.clock().key());
    if this.zone.is(&that.zone.look()) {
        return Ok(Value::bool(op.holds(plain)));
    }
    let order: Ordering = match (offset(cx, this)?, offset(cx, that)?) {
        (a, b) if a == b => plain,
        (Some(a), Some(b)) => {
            let of = |clock: Clock, ahead: Span| (clock.seconds() - ahead.whole_seconds(), clock.microsecond);
            of(this.clock(), a).cmp(&of(that.clock(), b))
        }
        _ if op == CompareOp::Eq => return Ok(Value::FALSE),
        _ if op == CompareOp::Ne => return Ok(Value::TRUE),
        _ => return Err(cx.type_error("can't compare offset-naive and offset-aware times")),
    };
    Ok(Value::bool(op.holds(order)))
}
/// The fields of a time, where others are not given.
pub fn replaced(cx: &Cx, old: Clock, new: [Given; 4]) -> Res<[i64; 4]> {
    let mut fields = [old.hour.into(), old.minute.into(), old.second.into(), i64::from(old.microsecond)];
    for (field, given) in fields.iter_mut().zip(new) {
        *field = c_int_or(cx, given, *field)?;
    }
    Ok(fields)
}
#[allow(clippy::too_many_arguments, reason = "the method has as many")]
fn replace(
    cx: &Cx,
    this: Of<'_>,
    hour: Given,
    minute: Given,
    second: Given,
    microsecond: Given,
    tzinfo: Given,
    fold: Given,
) -> Res {
    let old = this.clock();
    let fields = replaced(cx, old, [hour, minute, second, microsecond])?;
    let zone = tzinfo.0.unwrap_or_else(|| this.zone());
    let fold = c_int_or(cx, fold, old.fold.into())?;
    of_class(cx, &cx.class_of(this.value()), fields, zone, fold)
}

/// What `copy.replace` calls: the method `replace` of the type, whatever a subclass has.
fn replace_by_copy(cx: &Cx, this: Of<'_>, args: Args<'_>) -> Res {
    let replace = cx.attr(&cx.class::<Time>()?, "replace")?;
    args.call(cx, &cx.bind(&replace, this.value())?)
}

// ---- pickling ----------------------------------------------------------------------------------------------------------

/// What pickle makes it of; the fold is told by protocols from 4 on.
fn reduced(cx: &Cx, this: Of<'_>, proto: i64) -> Res {
    let (clock, zone) = (this.clock(), this.zone());
    let mut state = clock.state();
    if proto > 3 && clock.fold != 0 {
        state[0] |= 0x80;
    }
    let (class, state) = (cx.class_of(this.value()), Bytes::new(cx, &state)?);
    if zone.is_none() { (class, (state,)).into_value(cx) } else { (class, (state, zone)).into_value(cx) }
}
fn reduce_ex(cx: &Cx, this: Of<'_>, proto: i64) -> Res {
    reduced(cx, this, proto)
}
fn reduce(cx: &Cx, this: Of<'_>) -> Res {
    reduced(cx, this, 2)
}
