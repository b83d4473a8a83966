//! `_datetime`: dates, times of day, moments, the spans between them, and time zones. CPython's C interface to it, `datetime_CAPI`, is
//! left out: there is no C here.
//!
//! | file | what |
//! |---|---|
//! | `civil.rs` | days and times of day as plain numbers: the calendar, bounds, states of pickles |
//! | `args.rs` | arguments as the constructors take them |
//! | `parse.rs` | the forms of ISO 8601 |
//! | `format.rs` | writing them, and `strftime` |
//! | `local.rs` | local time, and numbers of seconds since 1970 |
//! | `delta.rs`, `ratio.rs` | `timedelta`, and its products and quotients |
//! | `zone.rs` | `tzinfo` and `timezone` |
//! | `date.rs`, `iso.rs` | `date`, and what `isocalendar()` gives |
//! | `time.rs` | `time` |
//! | `moment.rs`, `shifting.rs` | `datetime`, and its arithmetic, comparison and zones |

use ryokan_vm::native::*;

pub mod args;
mod date;
mod delta;
mod civil;
mod format;
mod iso;
mod local;
mod moment;
mod parse;
mod ratio;
mod shifting;
mod time;
mod zone;

use date::Date;
use delta::{Span, TimeDelta};
use civil::{Clock, Day};
use moment::DateTime;
use time::Time;
use zone::{TimeZone, TzInfo};

native_module! {
    /// Dates and times.
    "_datetime" {
        consts {
            "MINYEAR" = civil::MIN_YEAR;
            "MAXYEAR" = civil::MAX_YEAR;
        }
        types { Date, Time, DateTime, TimeDelta, TzInfo, TimeZone }
        fill = fill;
    }
}

native_state! {
    /// UTC, and the moment that seconds are counted from.
    struct Fixed { utc: Maybe, epoch: Maybe }
}

/// The constants of the module and of its types.
fn fill(module: &Filler<'_>) -> Res<()> {
    module.add("datetime_CAPI", module.cx().capsule("datetime.datetime_CAPI")?)?;
    let cx = module.cx();
    let delta = |days, seconds, microseconds| cx.new(TimeDelta::of(Span { days, seconds, microseconds }));
    module.add_to_type::<TimeDelta>("resolution", delta(0, 0, 1)?)?;
    module.add_to_type::<TimeDelta>("min", delta(-delta::MAX_DAYS, 0, 0)?)?;
    module.add_to_type::<TimeDelta>("max", delta(delta::MAX_DAYS, 86_399, 999_999)?)?;

    module.add_to_type::<Date>("min", cx.new(Date::of(Day::MIN))?)?;
    module.add_to_type::<Date>("max", cx.new(Date::of(Day::MAX))?)?;
    module.add_to_type::<Date>("resolution", delta(1, 0, 0)?)?;

    let none = || Value::NONE;
    module.add_to_type::<Time>("min", cx.new(Time::of(Clock::MIN, none()))?)?;
    module.add_to_type::<Time>("max", cx.new(Time::of(Clock::MAX, none()))?)?;
    module.add_to_type::<Time>("resolution", delta(0, 0, 1)?)?;

    module.add_to_type::<DateTime>("min", cx.new(DateTime::of(Day::MIN, Clock::MIN, none()))?)?;
    module.add_to_type::<DateTime>("max", cx.new(DateTime::of(Day::MAX, Clock::MAX, none()))?)?;
    module.add_to_type::<DateTime>("resolution", delta(0, 0, 1)?)?;

    let utc = zone::utc(cx)?;
    module.add_to_type::<TimeZone>("utc", &utc)?;
    module.add_to_type::<TimeZone>("min", zone::of_span(cx, Span { days: -1, seconds: 60, microseconds: 0 })?)?;
    module.add_to_type::<TimeZone>("max", zone::of_span(cx, Span { days: 0, seconds: 86_340, microseconds: 0 })?)?;
    module.add("UTC", utc)
}

/// The full name of the class of a value, as the module's reprs show it.
fn shown_class(cx: &Cx, value: &Value) -> Text {
    cx.type_name(value)
}

/// `TypeError` unless a value is what can be a `tzinfo`.
fn check_zone(cx: &Cx, zone: &Value) -> Res<()> {
    if zone.is_none() || This::<TzInfo>::of(cx, zone).is_some() || zone.body::<TimeZone>().is_some() {
        return Ok(());
    }
    let kind = cx.type_name(zone);
    Err(cx.type_error(format_args!("tzinfo argument must be None or of a tzinfo subclass, not type '{kind}'")))
}

/// `strptime` of a class, which is written in Python, in the module `_strptime`.
fn strptime(cx: &Cx, class: &Value, args: Args<'_>, function: &str) -> Res {
    args.no_keywords(cx, "strptime")?;
    let [text, format] = args.positional() else {
        let given = args.positional().len();
        return Err(cx.type_error(format_args!("strptime() takes exactly 2 arguments ({given} given)")));
    };
    args::expect_str(cx, "strptime", 1, text)?;
    args::expect_str(cx, "strptime", 2, format)?;
    cx.call_method(&cx.import("_strptime")?, function, (class, text, format))
}

/// A method `__format__`: `strftime`, or `str` where the format is empty.
fn formatted(cx: &Cx, this: &Value, format: &Value) -> Res {
    args::expect_str(cx, "__format__", 1, format)?;
    if Str::of(format).is_some_and(|format| format.is_empty()) {
        return cx.str(this)?.into_value(cx);
    }
    cx.call_method(this, "strftime", (format,))
}
