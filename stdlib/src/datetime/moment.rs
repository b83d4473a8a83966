//! `datetime`: what it is and how it is written. How it is shifted and compared stands in `shifting.rs`.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::args::{self, Parameters, c_int, c_int_or};
use super::date::{self, Date, expect_text, malformed};
use super::civil::{Clock, Day, days_in_month};
use super::format::{Line, Precision};
use super::shifting::*;
use super::time::{self, Time, push_rest, push_zone, zone_of_state};
use super::{check_zone, local, parse, shown_class, zone};
use crate::time::clock as read_clock;

native_type! {
    /// A moment: datetime(year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0)
    "datetime.datetime" = pub struct DateTime(date: Date) { clock: Cell<Clock>, zone: Slot }
    flags: SUBCLASS;
    new(*args, **names) = new_moment;
    slots { repr = repr; str = str; hash = hash; compare = compare; }
    number { Add = add; Subtract = subtract; }
    getters {
        /// the hour, from 0 to 23
        hour = |_: &Cx, this: Moment<'_>| this.clock().hour;
        /// the minute, from 0 to 59
        minute = |_: &Cx, this: Moment<'_>| this.clock().minute;
        /// the second, from 0 to 59
        second = |_: &Cx, this: Moment<'_>| this.clock().second;
        /// the microsecond, from 0 to 999999
        microsecond = |_: &Cx, this: Moment<'_>| this.clock().microsecond;
        /// the time zone, or None
        tzinfo = |_: &Cx, this: Moment<'_>| this.zone();
        /// 1 for the second one of two moments that clocks show alike, otherwise 0
        fold = |_: &Cx, this: Moment<'_>| this.clock().fold;
    }
    methods {
        /// Its day, as a date.
        date() = date_of;
        /// Its time of day, without a zone.
        time() = time_of;
        /// Its time of day, with its zone.
        timetz() = time_with_zone;
        /// The moment as text like 'Thu Jan  2 03:04:05 2020'.
        ctime();
        /// The moment as a struct_time.
        timetuple();
        /// Seconds since 1970, as a float.
        timestamp();
        /// The same moment of UTC as a struct_time.
        utctimetuple() = utc_fields;
        /// The moment as YYYY-MM-DDTHH:MM:SS.ffffff, with its offset: sep stands between day and time, timespec says
        /// how much of the time is written: 'auto', 'hours', 'minutes', 'seconds', 'milliseconds' or 'microseconds'.
        isoformat(sep: Given = Given(None) => "'T'", timespec: Given = Given(None) => "'auto'");
        /// How far the zone is ahead of UTC: a timedelta or None.
        utcoffset() = utc_offset;
        /// How the zone is called: a str or None.
        tzname() = zone_name;
        /// How far the zone is ahead of its standard time: a timedelta or None.
        dst();
        /// The moment with other fields.
        replace(
            year: Given = Given(None) => "unchanged", month: Given = Given(None) => "unchanged", day: Given = Given(None) => "unchanged",
            hour: Given = Given(None) => "unchanged", minute: Given = Given(None) => "unchanged", second: Given = Given(None) => "unchanged",
            microsecond: Given = Given(None) => "unchanged", tzinfo: Given = Given(None) => "unchanged", *,
            fold: Given = Given(None) => "unchanged"
        );
        /// The same as replace().
        __replace__(*args, **changes) = replace_by_copy;
        /// The same moment in another zone; in the local one by default.
        astimezone(tz: &Value = &Value::NONE => "None") = in_zone;
        /// How pickle makes it again, by a protocol.
        __reduce_ex__(proto: i64, /) = reduce_ex;
        /// How pickle makes it again.
        __reduce__() = reduce;
    }
    class_methods {
        /// Now, in a zone, or by local clocks.
        now(tz: &Value = &Value::NONE => "None");
        /// Now, of UTC, without a zone.
        utcnow() = utc_now;
        /// The moment of a number of seconds since 1970, in a zone, or by local clocks.
        fromtimestamp(timestamp: &Value, tz: &Value = &Value::NONE => "None") = from_timestamp;
        /// The same of UTC, without a zone.
        utcfromtimestamp(timestamp: &Value, /) = utc_from_timestamp;
        /// The moment of a text that is written as a format says.
        strptime(*args);
        /// The moment of a day and a time of day.
        combine(date: &Value, time: &Value, tzinfo: Given = Given(None) => "<unrepresentable>");
        /// The moment of a text in one of the forms of ISO 8601.
        fromisoformat(string: &Value, /) = from_isoformat;
    }
}

pub type Moment<'a> = This<'a, DateTime>;

impl DateTime {
    pub fn of(day: Day, clock: Clock, zone: Value) -> DateTime {
        DateTime { date: Date::of(day), clock: Cell::new(clock), zone: Slot::new(zone) }
    }
    #[inline]
    pub fn day(&self) -> Day {
        self.date.day()
    }
    #[inline]
    pub fn clock(&self) -> Clock {
        self.clock.get()
    }
    pub fn zone(&self) -> Value {
        self.zone.get()
    }
    pub fn set_zone(&self, zone: Value) {
        self.zone.set(zone);
    }
    /// Whether both have the very same zone.
    pub fn shares_zone(&self, other: &DateTime) -> bool {
        self.zone.is(&other.zone.look())
    }
    fn set_fold(&self, fold: u8) {
        self.clock.set(self.clock().with_fold(fold));
    }
    pub fn hash_or(&self, find: impl FnOnce() -> Res<i64>) -> Res<i64> {
        self.date.hash_or(find)
    }
    /// The fields, without the fold, as bytes.
    pub fn state(&self) -> [u8; 10] {
        let ([a, b, c, d], [e, f, g, h, i, j]) = (self.day().state(), self.clock().state());
        [a, b, c, d, e, f, g, h, i, j]
    }
}

// ---- making one --------------------------------------------------------------------------------------------------------

const PARAMETERS: Parameters = Parameters {
    function: "",
    names: &["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"],
    required: 3,
    positional: 8,
};

fn new_moment(cx: &Cx, class: &Value, args: Args<'_>) -> Res {
    let given = args.positional();
    if (1..=2).contains(&given.len())
        && let Some(state) = args::state::<10>(cx, given.first(), "datetime", |state| (1..=12).contains(&(state[2] & 0x7F)))?
    {
        let [a, b, c, d, e, f, g, h, i, j] = state;
        let clock = Clock::of_state([e, f, g, h, i, j], c >> 7);
        if let Some(day) = Day::of_state(&[a, b, c & 0x7F, d]) {
            return cx.new_of(class, DateTime::of(day, clock, zone_of_state(cx, given)?));
        }
    }
    let (mut fields, mut fold, mut zone) = ([0; 7], 0, Value::NONE);
    PARAMETERS.bind(cx, args, |at, value| {
        match at {
            7 => zone = value.clone(),
            8 => fold = c_int(cx, value)?,
            _ => fields[at] = c_int(cx, value)?,
        }
        Ok(())
    })?;
    cx.new_of(class, checked(cx, fields, zone, fold)?)
}
/// Of fields. `ValueError`, `TypeError`.
fn checked(cx: &Cx, fields: [i64; 7], zone: Value, fold: i64) -> Res<DateTime> {
    let [year, month, day, hour, minute, second, microsecond] = fields;
    let day = Day::checked(cx, year, month, day)?;
    let clock = Clock::checked(cx, [hour, minute, second, microsecond], fold)?;
    check_zone(cx, &zone)?;
    Ok(DateTime::of(day, clock, zone))
}
/// A moment of a class: what the class gives if it is a subclass. Runs Python then.
fn of_class(cx: &Cx, class: &Value, fields: [i64; 7], zone: Value, fold: i64) -> Res {
    if class.is(&cx.class::<DateTime>()?) {
        return Ok(cx.new(checked(cx, fields, zone, fold)?)?.into_value());
    }
    let [a, b, c, d, e, f, g] = fields.map(Value::small);
    let made = cx.call(class, &[a, b, c, d, e, f, g, zone][..])?;
    if fold != 0
        && let Some(made) = made.body::<DateTime>()
    {
        if fold != 1 {
            Clock::checked(cx, [0; 4], fold)?;
        }
        made.set_fold(1);
    }
    Ok(made)
}
/// The fields of a day and a time of day.
fn joined(day: Day, clock: Clock) -> [i64; 7] {
    let of = |field: u8| i64::from(field);
    let Clock { hour, minute, second, microsecond, .. } = clock;
    [day.year.into(), of(day.month), of(day.day), of(hour), of(minute), of(second), microsecond.into()]
}
/// A moment of a class, of fields that are in order.
fn of_fields(cx: &Cx, class: &Value, day: Day, clock: Clock, zone: Value) -> Res {
    if class.is(&cx.class::<DateTime>()?) {
        return Ok(cx.new(DateTime::of(day, clock, zone))?.into_value());
    }
    of_class(cx, class, joined(day, clock), zone, clock.fold.into())
}
/// A moment of the class of another one.
pub fn like(cx: &Cx, model: &Value, day: Day, clock: Clock, zone: Value) -> Res {
    if cx.is_exact::<DateTime>(model) {
        return Ok(cx.new(DateTime::of(day, clock, zone))?.into_value());
    }
    of_fields(cx, &cx.class_of(model), day, clock, zone)
}

/// The moment of a time since 1970: by local clocks, or of UTC, or in a zone.
fn at(cx: &Cx, class: &Value, seconds: i64, microsecond: i64, zone: &Value, is_local: bool) -> Res {
    let (day, clock) = local::fields_of(cx, seconds, microsecond, is_local)?;
    let moment = of_fields(cx, class, day, clock, zone.clone())?;
    if zone.is_none() { Ok(moment) } else { cx.call_method(zone, "fromutc", (moment,)) }
}
fn at_now(cx: &Cx, class: &Value, zone: &Value, is_local: bool) -> Res {
    let now = read_clock(cx, Cx::now)?;
    at(cx, class, now.as_secs() as i64, now.subsec_micros().into(), zone, is_local)
}
fn now(cx: &Cx, class: &Value, tz: &Value) -> Res {
    check_zone(cx, tz)?;
    at_now(cx, class, tz, tz.is_none())
}
/// Warns of a constructor whose result has no zone, and says what has one.
fn warn_of_utc(cx: &Cx, old: &str, new: &str) -> Res<()> {
    let message = format!(
        "datetime.datetime.{old}() is deprecated and scheduled for removal in a future version. Use timezone-aware objects to represent datetimes in UTC: datetime.datetime.{new}."
    );
    cx.warn("DeprecationWarning", &message)
}
fn utc_now(cx: &Cx, class: &Value) -> Res {
    warn_of_utc(cx, "utcnow", "now(datetime.UTC)")?;
    at_now(cx, class, &Value::NONE, false)
}
fn from_timestamp(cx: &Cx, class: &Value, timestamp: &Value, tz: &Value) -> Res {
    check_zone(cx, tz)?;
    let (seconds, micros) = local::seconds_and_micros(cx, timestamp)?;
    at(cx, class, seconds, micros, tz, tz.is_none())
}
fn utc_from_timestamp(cx: &Cx, class: &Value, timestamp: &Value) -> Res {
    warn_of_utc(cx, "utcfromtimestamp", "fromtimestamp(timestamp, datetime.UTC)")?;
    let (seconds, micros) = local::seconds_and_micros(cx, timestamp)?;
    at(cx, class, seconds, micros, &Value::NONE, false)
}
fn strptime(cx: &Cx, class: &Value, args: Args<'_>) -> Res {
    super::strptime(cx, class, args, "_strptime_datetime_datetime")
}
fn combine(cx: &Cx, class: &Value, date: &Value, time: &Value, tzinfo: Given) -> Res {
    let wrong = |position: usize, what: &str, given: &Value| {
        let kind = cx.arg_name(given);
        cx.type_error(format_args!("combine() argument {position} must be datetime.{what}, not {kind}"))
    };
    let Some(day) = date.body::<Date>().map(Date::day) else { return Err(wrong(1, "date", date)) };
    let Some(of_day) = time.body::<Time>() else { return Err(wrong(2, "time", time)) };
    let (clock, zone) = (of_day.clock(), tzinfo.0.unwrap_or_else(|| of_day.zone()));
    of_class(cx, class, joined(day, clock), zone, clock.fold.into())
}

/// The bytes of a text, where a surrogate that separates day and time is a `T`. `UnicodeEncodeError` of any other one.
fn bytes_of(cx: &Cx, text: &Str) -> Res<Option<Vector<u8>>> {
    const LONGEST: usize = 64;
    if text.len() < 7 || text.len() > 1 << 20 {
        return Ok(None);
    }
    let mut bytes = cx.vector(text.len() * 4)?;
    let mut separators = [7, 8, 10].into_iter();
    let is_surrogate = |at: usize| at < text.len() && (0xD800..0xE000).contains(&text.chars().at(at));
    let separator = separators.find(|at| is_surrogate(*at));
    for at in 0..text.len() {
        let c = if separator == Some(at) { u32::from('T') } else { text.chars().at(at) };
        match char::from_u32(c) {
            Some(c) => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => return Ok(None),
        }
    }
    cx.work((text.len() / LONGEST) as u64)?;
    Ok(Some(bytes))
}
fn from_isoformat(cx: &Cx, class: &Value, string: &Value) -> Res {
    let text = expect_text(cx, string)?;
    let parsed = match text.ascii() {
        Some(text) if text.len() >= 7 => parse_moment(text.as_bytes()),
        Some(_) => Err(parse::Malformed),
        None => match bytes_of(cx, &text)? {
            Some(bytes) => parse_moment(&bytes),
            None => Err(parse::Malformed),
        },
    };
    let Ok(((mut year, mut month, mut day), mut written)) = parsed else { return Err(malformed(cx, string)) };
    // A zone that is wrong is complained of first.
    let (_, zone) = time::read(cx, &written)?;
    if written.clock[0] == 24 && month <= 12 {
        let last = days_in_month(year, month);
        if day <= last {
            if written.clock != [24, 0, 0, 0] {
                return Err(time::no_midnight(cx));
            }
            written.clock[0] = 0;
            day += 1;
            if day > last {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
    }
    let [hour, minute, second, microsecond] = written.clock;
    of_class(cx, class, [year, month, day, hour, minute, second, microsecond], zone, 0)
}
/// The fields of a day and what is written behind it.
fn parse_moment(text: &[u8]) -> Result<((i64, i64, i64), parse::WrittenTime), parse::Malformed> {
    let end = parse::separator(text)?;
    let day = parse::date(text, end)?;
    if text.len().saturating_sub(end) <= 1 {
        // What separates the day from nothing is no part of it.
        return match text.len() > end {
            true => Err(parse::Malformed),
            false => Ok((day, parse::WrittenTime { clock: [0; 4], offset: None })),
        };
    }
    let wide = match text[end] {
        0..0x80 => 1,
        c if c & 0xF0 == 0xE0 => 3,
        c if c & 0xF0 == 0xF0 => 4,
        _ => 2,
    };
    Ok((day, parse::time(text.get(end + wide..).unwrap_or_default())?))
}

// ---- parts -------------------------------------------------------------------------------------------------------------

fn date_of(cx: &Cx, this: Moment<'_>) -> Res<Obj<Date>> {
    cx.new(Date::of(this.day()))
}
fn time_of(cx: &Cx, this: Moment<'_>) -> Res<Obj<Time>> {
    cx.new(Time::of(this.clock(), Value::NONE))
}
fn time_with_zone(cx: &Cx, this: Moment<'_>) -> Res<Obj<Time>> {
    cx.new(Time::of(this.clock(), this.zone()))
}
#[allow(clippy::too_many_arguments, reason = "the method has as many")]
fn replace(
    cx: &Cx,
    this: Moment<'_>,
    year: Given,
    month: Given,
    day: Given,
    hour: Given,
    minute: Given,
    second: Given,
    microsecond: Given,
    tzinfo: Given,
    fold: Given,
) -> Res {
    let old = this.clock();
    let (year, month, day) = date::replaced(cx, this.day(), year, month, day)?;
    let [hour, minute, second, microsecond] = time::replaced(cx, old, [hour, minute, second, microsecond])?;
    let zone = tzinfo.0.unwrap_or_else(|| this.zone());
    let fold = c_int_or(cx, fold, old.fold.into())?;
    let fields = [year, month, day, hour, minute, second, microsecond];
    of_class(cx, &cx.class_of(this.value()), fields, zone, fold)
}
fn utc_offset(cx: &Cx, this: Moment<'_>) -> Res {
    zone::ask(cx, &this.zone(), "utcoffset", this.value())
}
fn dst(cx: &Cx, this: Moment<'_>) -> Res {
    zone::ask(cx, &this.zone(), "dst", this.value())
}
fn zone_name(cx: &Cx, this: Moment<'_>) -> Res {
    zone::name(cx, &this.zone(), this.value())
}

// ---- as text -----------------------------------------------------------------------------------------------------------

fn repr(cx: &Cx, this: Moment<'_>) -> Res {
    let (class, day, clock, zone) = (shown_class(cx, this.value()), this.day(), this.clock(), this.zone());
    let mut out = StrWriter::new(cx);
    let (Day { year, month, day }, Clock { hour, minute, .. }) = (day, clock);
    out.push_str(&format!("{class}({year}, {month}, {day}, {hour}, {minute}"))?;
    push_rest(cx, &mut out, clock)?;
    if clock.fold != 0 {
        out.push_str(", fold=1")?;
    }
    push_zone(cx, &mut out, &zone)?;
    out.push_str(")")?;
    out.finish()
}
fn written(cx: &Cx, this: Moment<'_>, between: u32, precision: Precision) -> Res {
    let (mut line, mut rest) = (Line::default(), Line::default());
    line.day(this.day());
    let offset = zone::offset(cx, &this.zone(), "utcoffset", this.value())?;
    let plain = u8::try_from(between).ok().filter(u8::is_ascii);
    let out = match plain {
        Some(between) => {
            line.push(between);
            &mut line
        }
        None => &mut rest,
    };
    out.clock(this.clock(), precision);
    if let Some(offset) = offset {
        out.offset(offset, ":");
    }
    if plain.is_some() {
        return line.as_str().into_value(cx);
    }
    let mut text = StrWriter::new(cx);
    text.push_str(line.as_str())?;
    text.push_char(between)?;
    text.push_str(rest.as_str())?;
    text.finish()
}
fn isoformat(cx: &Cx, this: Moment<'_>, sep: Given, timespec: Given) -> Res {
    let between = match &sep.0 {
        None => 'T'.into(),
        Some(sep) => {
            let what = "isoformat() argument 1 must be a unicode character, not";
            match Str::of(sep) {
                Some(text) if text.len() == 1 => text.chars().at(0),
                Some(text) => {
                    return Err(cx.type_error(format_args!("{what} a string of length {}", text.len())));
                }
                None => return Err(cx.type_error(format_args!("{what} {}", cx.arg_name(sep)))),
            }
        }
    };
    written(cx, this, between, Precision::of(cx, &timespec, 2)?)
}
fn str(cx: &Cx, this: Moment<'_>) -> Res {
    if cx.is_exact::<DateTime>(this.value()) {
        return written(cx, this, ' '.into(), Precision::Auto);
    }
    cx.call_method(this.value(), "isoformat", (" ",))
}
fn ctime(cx: &Cx, this: Moment<'_>) -> Res {
    Line::default().ctime(this.day(), this.clock()).as_str().into_value(cx)
}
fn timetuple(cx: &Cx, this: Moment<'_>) -> Res {
    let dst = zone::offset(cx, &this.zone(), "dst", this.value())?;
    date::fields(cx, this.day(), this.clock(), dst.map_or(-1, |dst| i64::from(!dst.is_zero())))
}

/// What `copy.replace` calls: the method `replace` of the type, whatever a subclass has.
fn replace_by_copy(cx: &Cx, this: Moment<'_>, args: Args<'_>) -> Res {
    let replace = cx.attr(&cx.class::<DateTime>()?, "replace")?;
    args.call(cx, &cx.bind(&replace, this.value())?)
}

// ---- pickling ----------------------------------------------------------------------------------------------------------

/// What pickle makes it of; the fold is told by protocols from 4 on.
fn reduced(cx: &Cx, this: Moment<'_>, proto: i64) -> Res {
    let (mut state, zone) = (this.state(), this.zone());
    if proto > 3 && this.clock().fold != 0 {
        state[2] |= 0x80;
    }
    let (class, state) = (cx.class_of(this.value()), Bytes::new(cx, &state)?);
    if zone.is_none() { (class, (state,)).into_value(cx) } else { (class, (state, zone)).into_value(cx) }
}
fn reduce_ex(cx: &Cx, this: Moment<'_>, proto: i64) -> Res {
    reduced(cx, this, proto)
}
fn reduce(cx: &Cx, this: Moment<'_>) -> Res {
    reduced(cx, this, 2)
}
