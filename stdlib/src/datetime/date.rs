//! `date`.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::args::{self, Parameters, c_int, c_int_or};
use super::delta::{Span, made, span_of};
use super::civil::{BadWeek, Clock, Day, MAX_ORDINAL};
use super::format::{Line, Subject};
use super::moment::DateTime;
use super::{formatted, iso, local, parse, shown_class};
use crate::time::{clock, struct_time};

/// What a hash that is not known yet is.
pub const UNKNOWN: i64 = -1;

native_type! {
    /// A day of the calendar: date(year, month, day)
    "datetime.date" = pub struct Date { day: Cell<Day>, hash: Cell<i64> }
    flags: SUBCLASS;
    new(*args, **names) = new_date;
    slots { repr = repr; str = isoformat; hash = hash; compare = compare; }
    number { Add = add; Subtract = subtract; }
    getters {
        /// the year, from 1 to 9999
        year = |_: &Cx, this: This<'_, Date>| i32::from(this.day().year);
        /// the month, from 1 to 12
        month = |_: &Cx, this: This<'_, Date>| this.day().month;
        /// the day of the month, from 1 on
        day = |_: &Cx, this: This<'_, Date>| this.day().day;
    }
    methods {
        /// The day as text like 'Thu Jan  2 00:00:00 2020'.
        ctime();
        /// The day, written as a format says: %Y stands for the year, and so on.
        strftime(format: &Value);
        /// strftime(), or str() if the format is empty.
        __format__(format: &Value, /) = format;
        /// The day as YYYY-MM-DD.
        isoformat();
        /// Year, number of the week and weekday by ISO 8601, as a tuple with names.
        isocalendar();
        /// The weekday: Monday is 1.
        isoweekday();
        /// The number of the day: 0001-01-01 is 1.
        toordinal();
        /// The weekday: Monday is 0.
        weekday();
        /// The day as a struct_time.
        timetuple();
        /// The day with other fields.
        replace(year: Given = Given(None) => "unchanged", month: Given = Given(None) => "unchanged", day: Given = Given(None) => "unchanged");
        /// The same as replace().
        __replace__(*args, **changes) = replace_by_copy;
        /// How pickle makes it again.
        __reduce__() = reduce;
    }
    class_methods {
        /// The local day of a number of seconds since 1970.
        fromtimestamp(timestamp: &Value, /) = from_timestamp;
        /// The day of a number: 1 is 0001-01-01.
        fromordinal(ordinal: &Value, /) = from_ordinal;
        /// The day of a text in one of the forms of ISO 8601.
        fromisoformat(string: &Value, /) = from_isoformat;
        /// The day of a year, the number of a week and a weekday, as isocalendar() gives them.
        fromisocalendar(year: &Value, week: &Value, day: &Value) = from_isocalendar;
        /// The day of a text that is written as a format says.
        strptime(*args);
        /// The local day of now.
        today();
    }
}

impl Date {
    pub fn of(day: Day) -> Date {
        Date { day: Cell::new(day), hash: Cell::new(UNKNOWN) }
    }
    #[inline]
    pub fn day(&self) -> Day {
        self.day.get()
    }
    /// The hash, if it is known, or what `find` finds.
    pub fn hash_or(&self, find: impl FnOnce() -> Res<i64>) -> Res<i64> {
        if self.hash.get() == UNKNOWN {
            self.hash.set(find()?);
        }
        Ok(self.hash.get())
    }
}

type This_<'a> = This<'a, Date>;

// ---- making one --------------------------------------------------------------------------------------------------------

const PARAMETERS: Parameters =
    Parameters { function: "", names: &["year", "month", "day"], required: 3, positional: 3 };

fn new_date(cx: &Cx, class: &Value, args: Args<'_>) -> Res {
    let given = args.positional();
    if given.len() == 1
        && let Some(state) = args::state::<4>(cx, given.first(), "date", |state| (1..=12).contains(&state[2]))?
        && let Some(day) = Day::of_state(&state)
    {
        return cx.new_of(class, Date::of(day));
    }
    let mut fields = [0; 3];
    PARAMETERS.bind(cx, args, |at, value| c_int(cx, value).map(|number| fields[at] = number))?;
    let [year, month, day] = fields;
    cx.new_of(class, Date::of(Day::checked(cx, year, month, day)?))
}

/// A day of a class: what the class gives if it is a subclass. Runs Python then.
fn of_class(cx: &Cx, class: &Value, (year, month, day): (i64, i64, i64)) -> Res {
    if class.is(&cx.class::<Date>()?) {
        return Ok(cx.new(Date::of(Day::checked(cx, year, month, day)?))?.into_value());
    }
    cx.call(class, (year, month, day))
}
fn of_day(cx: &Cx, class: &Value, day: Day) -> Res {
    of_class(cx, class, (day.year.into(), day.month.into(), day.day.into()))
}
/// A day of the class of another one.
fn like(cx: &Cx, model: &Value, day: Day) -> Res {
    if cx.is_exact::<Date>(model) {
        return Ok(cx.new(Date::of(day))?.into_value());
    }
    of_day(cx, &cx.class_of(model), day)
}

fn from_timestamp(cx: &Cx, class: &Value, timestamp: &Value) -> Res {
    let (day, _) = local::fields_of(cx, local::whole_seconds(cx, timestamp)?, 0, true)?;
    of_day(cx, class, day)
}
fn today(cx: &Cx, class: &Value) -> Res {
    if class.is(&cx.class::<Date>()?) {
        let now = clock(cx, Cx::now)?.as_secs() as i64;
        return of_day(cx, class, local::fields_of(cx, now, 0, true)?.0);
    }
    let now = cx.call_method(&cx.import("time")?, "time", ())?;
    cx.call_method(class, "fromtimestamp", (now,))
}
fn from_ordinal(cx: &Cx, class: &Value, ordinal: &Value) -> Res {
    let ordinal = c_int(cx, ordinal)?;
    if ordinal < 1 {
        return Err(cx.value_error("ordinal must be >= 1"));
    }
    if ordinal > MAX_ORDINAL {
        let (year, month, day) = crate::time::date_of(ordinal - super::civil::EPOCH);
        return Err(Day::checked(cx, year, month, day).map_or_else(|raised| raised, |_| cx.system_error("a day")));
    }
    of_day(cx, class, Day::of_ordinal(cx, ordinal)?)
}
/// The error of a text that has none of the forms.
#[cold]
pub fn malformed(cx: &Cx, text: &Value) -> Raised {
    match cx.repr(text) {
        Ok(shown) => cx.value_error(format_args!("Invalid isoformat string: {shown}")),
        Err(raised) => raised,
    }
}
/// `TypeError` unless it is a str.
pub fn expect_text(cx: &Cx, value: &Value) -> Res<Str> {
    Str::of(value).ok_or(()).map_err(|()| cx.type_error("fromisoformat: argument must be str"))
}
fn from_isoformat(cx: &Cx, class: &Value, string: &Value) -> Res {
    let text = expect_text(cx, string)?;
    let text = text.ascii().filter(|text| matches!(text.len(), 7 | 8 | 10));
    match text.map(|text| parse::date(text.as_bytes(), text.len())) {
        Some(Ok(fields)) => of_class(cx, class, fields),
        _ => Err(malformed(cx, string)),
    }
}
fn from_isocalendar(cx: &Cx, class: &Value, year: &Value, week: &Value, day: &Value) -> Res {
    let mut fields = [0; 3];
    for (field, value) in fields.iter_mut().zip([year, week, day]) {
        *field = c_int(cx, value).or_else(|raised| {
            cx.catch(raised, "OverflowError")?;
            Err(cx.value_error("ISO calendar component out of range"))
        })?;
    }
    let [year, week, day] = fields;
    match Day::of_week(year, week, day) {
        Ok(fields) => of_class(cx, class, fields),
        Err(BadWeek::Year) => Err(Day::checked(cx, year, 1, 1).map_or_else(|raised| raised, |_| cx.system_error("a year"))),
        Err(BadWeek::Week) => Err(cx.value_error(format_args!("Invalid week: {week}"))),
        Err(BadWeek::Weekday) => {
            Err(cx.value_error(format_args!("Invalid weekday: {day} (range is [1, 7])")))
        }
    }
}
fn strptime(cx: &Cx, class: &Value, args: Args<'_>) -> Res {
    super::strptime(cx, class, args, "_strptime_datetime_date")
}

// ---- what it does ------------------------------------------------------------------------------------------------------

fn repr(cx: &Cx, this: This_<'_>) -> Res {
    let (class, Day { year, month, day }) = (shown_class(cx, this.value()), this.day());
    format_args!("{class}({year}, {month}, {day})").into_value(cx)
}
fn isoformat(cx: &Cx, this: This_<'_>) -> Res {
    Line::default().day(this.day()).as_str().into_value(cx)
}
fn ctime(cx: &Cx, this: This_<'_>) -> Res {
    Line::default().ctime(this.day(), Clock::MIN).as_str().into_value(cx)
}
fn hash(cx: &Cx, this: This_<'_>) -> Res<i64> {
    this.hash_or(|| Ok(cx.hash_of_bytes(&this.day().state())))
}
/// A date is not compared with a `datetime`, which is one, too.
fn compare(_: &Cx, this: This_<'_>, other: &Value, op: CompareOp) -> Res {
    Ok(match other.body::<Date>() {
        Some(other_date) if other.body::<DateTime>().is_none() => Value::bool(op.holds(this.day().cmp(&other_date.day()))),
        _ => Value::NOT_IMPLEMENTED,
    })
}
/// The day of a value that is a date and no `datetime`.
fn day_of(value: &Value) -> Option<Day> {
    value.body::<Date>().filter(|_| value.body::<DateTime>().is_none()).map(Date::day)
}
fn shifted(cx: &Cx, model: &Value, day: Day, by: Span, sign: i64) -> Res {
    like(cx, model, day.plus(cx, sign * i64::from(by.days))?)
}
fn add(cx: &Cx, left: &Value, right: &Value) -> Res {
    match (day_of(left), span_of(right)) {
        (Some(day), Some(by)) => return shifted(cx, left, day, by, 1),
        (Some(_), None) => return Ok(Value::NOT_IMPLEMENTED),
        _ => {}
    }
    match (span_of(left), day_of(right)) {
        (Some(by), Some(day)) => shifted(cx, right, day, by, 1),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn subtract(cx: &Cx, left: &Value, right: &Value) -> Res {
    let Some(day) = day_of(left) else { return Ok(Value::NOT_IMPLEMENTED) };
    if let Some(by) = span_of(right) {
        return shifted(cx, left, day, by, -1);
    }
    match day_of(right) {
        Some(other) => made(cx, Span::normal(cx, day.ordinal() - other.ordinal(), 0, 0)?),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn strftime(cx: &Cx, this: This_<'_>, format: &Value) -> Res {
    args::expect_str(cx, "strftime", 1, format)?;
    let fields = cx.call_method(this.value(), "timetuple", ())?;
    // A datetime without a strftime of its own comes here, too: then it has a zone.
    let (microsecond, zone) = match this.value().body::<DateTime>() {
        Some(moment) => (moment.clock().microsecond, moment.zone()),
        None => (0, Value::NONE),
    };
    Subject { fields, microsecond, zone, asked: this.value() }.strftime(cx, format)
}
fn format(cx: &Cx, this: This_<'_>, format: &Value) -> Res {
    formatted(cx, this.value(), format)
}
fn isocalendar(cx: &Cx, this: This_<'_>) -> Res {
    iso::made(cx, this.day().week())
}
fn isoweekday(_: &Cx, this: This_<'_>) -> i64 {
    this.day().weekday() + 1
}
fn toordinal(_: &Cx, this: This_<'_>) -> i64 {
    this.day().ordinal()
}
fn weekday(_: &Cx, this: This_<'_>) -> i64 {
    this.day().weekday()
}
/// The `struct_time` of a moment.
pub fn fields(cx: &Cx, day: Day, clock: Clock, dst: i64) -> Res {
    let of = |field: u8| i64::from(field);
    struct_time(
        cx,
        [
            day.year.into(),
            of(day.month),
            of(day.day),
            of(clock.hour),
            of(clock.minute),
            of(clock.second),
            day.weekday(),
            day.yearday(),
            dst,
        ],
    )
}
fn timetuple(cx: &Cx, this: This_<'_>) -> Res {
    fields(cx, this.day(), Clock::MIN, -1)
}
/// The fields of a day, where others are not given.
pub fn replaced(cx: &Cx, old: Day, year: Given, month: Given, day: Given) -> Res<(i64, i64, i64)> {
    let year = c_int_or(cx, year, old.year.into())?;
    let month = c_int_or(cx, month, old.month.into())?;
    Ok((year, month, c_int_or(cx, day, old.day.into())?))
}
fn replace(cx: &Cx, this: This_<'_>, year: Given, month: Given, day: Given) -> Res {
    let fields = replaced(cx, this.day(), year, month, day)?;
    of_class(cx, &cx.class_of(this.value()), fields)
}
/// What `copy.replace` calls: the method `replace` of the type, whatever a subclass has.
fn replace_by_copy(cx: &Cx, this: This_<'_>, args: Args<'_>) -> Res {
    let replace = cx.attr(&cx.class::<Date>()?, "replace")?;
    args.call(cx, &cx.bind(&replace, this.value())?)
}
fn reduce(cx: &Cx, this: This_<'_>) -> Res {
    (cx.class_of(this.value()), (Bytes::new(cx, &this.day().state())?,)).into_value(cx)
}
