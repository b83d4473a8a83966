//! `time`: clocks and calendars. Local time is UTC: the host tells no time zone.

use std::time::Duration;

use crate::modules::{add, records};
use crate::object::native::{Call, Method, method};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::str::StrBuilder;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// `time.__doc__`
pub const DOC: &str = "Clocks, sleeping, and conversions between seconds, calendar fields and text.";

/// The rows.
pub static FUNCTIONS: &[Method] = &[
    method(
        "time",
        "()",
        Call::Slice(|vm, _| seconds(vm, vm.host.now())),
        "Seconds that have passed since 1970-01-01 00:00 UTC, by the system's clock, which may be set back.",
    ),
    method(
        "time_ns",
        "()",
        Call::Slice(|vm, _| nanos(vm, vm.host.now())),
        "As time(), but a whole number of nanoseconds.",
    ),
    method(
        "monotonic",
        "()",
        Call::Slice(|vm, _| seconds(vm, vm.host.monotonic())),
        "Seconds of a clock that never goes backwards. Only differences between two readings mean something.",
    ),
    method(
        "monotonic_ns",
        "()",
        Call::Slice(|vm, _| nanos(vm, vm.host.monotonic())),
        "As monotonic(), but a whole number of nanoseconds.",
    ),
    method(
        "perf_counter",
        "()",
        Call::Slice(|vm, _| seconds(vm, vm.host.monotonic())),
        "Seconds of the clock with the finest resolution, for timing short stretches.",
    ),
    method(
        "perf_counter_ns",
        "()",
        Call::Slice(|vm, _| nanos(vm, vm.host.monotonic())),
        "As perf_counter(), but a whole number of nanoseconds.",
    ),
    method(
        "process_time",
        "()",
        Call::Slice(|vm, _| seconds(vm, vm.host.cpu_time())),
        "Seconds of processor time that this process has used, in its own code and in the\nsystem's. Sleep \
         is not counted.",
    ),
    method(
        "process_time_ns",
        "()",
        Call::Slice(|vm, _| nanos(vm, vm.host.cpu_time())),
        "As process_time(), but a whole number of nanoseconds.",
    ),
    method(
        "thread_time",
        "()",
        Call::Slice(|vm, _| seconds(vm, vm.host.cpu_time())),
        "Seconds of processor time that this thread has used.",
    ),
    method(
        "thread_time_ns",
        "()",
        Call::Slice(|vm, _| nanos(vm, vm.host.cpu_time())),
        "As thread_time(), but a whole number of nanoseconds.",
    ),
    method(
        "sleep",
        "(seconds, /)",
        Call::One(sleep),
        "Waits at least this many seconds, fractions included. Raises ValueError if the number is negative.",
    ),
    method(
        "gmtime",
        "(seconds=None, /)",
        Call::Slice(gmtime),
        "The struct_time in UTC of a number of seconds since 1970, or of now.",
    ),
    method(
        "localtime",
        "(seconds=None, /)",
        Call::Slice(localtime),
        "The struct_time in the local time zone of a number of seconds since 1970, or of now.",
    ),
    method(
        "mktime",
        "(tuple, /)",
        Call::One(mktime),
        "The seconds since 1970 of nine calendar fields in local time, as a float: the\ninverse of \
         localtime().",
    ),
    method(
        "asctime",
        "(tuple=None, /)",
        Call::Slice(asctime),
        "Nine calendar fields, or the local time now, as text like 'Tue Feb  3 04:05:06 2026'.",
    ),
    method(
        "ctime",
        "(seconds=None, /)",
        Call::Slice(ctime),
        "A number of seconds since 1970, or now, in local time and as asctime() writes it.",
    ),
    method(
        "strftime",
        "(format, tuple=None, /)",
        Call::Slice(strftime),
        "Nine calendar fields, or the local time now, written as a format says: %Y stands for\nthe year, %H \
         for the hour, and so on.",
    ),
];

const FIELDS: &[&str] =
    &["tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst"];
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Adds the constants and `struct_time`.
pub fn fill(vm: &Vm, dict: &Dict) -> Res<()> {
    add(vm, dict, "struct_time", records::class(vm, "time", "struct_time", FIELDS, FIELDS.len())?)?;
    add(vm, dict, "timezone", Value::small(0))?;
    add(vm, dict, "altzone", Value::small(0))?;
    add(vm, dict, "daylight", Value::small(0))?;
    let utc = vm.str("UTC")?;
    add(vm, dict, "tzname", vm.new_tuple(vec![utc.clone(), utc])?)
}

fn seconds(vm: &Vm, time: Duration) -> Res {
    vm.float(time.as_nanos() as f64 * 1e-9)
}
fn nanos(vm: &Vm, time: Duration) -> Res {
    vm.int(time.as_nanos() as i64)
}

fn sleep(vm: &Vm, time: &Value) -> Res {
    if !vm.is_instance(time, &vm.types.float) && vm.slots(time).index().is_none() {
        let kind = vm.type_name(time);
        return Err(
            vm.type_error(format_args!("'{kind}' object cannot be interpreted as an integer or float"))
        );
    }
    let seconds = vm.as_f64(time)?;
    if seconds.is_nan() {
        return Err(vm.value_error("Invalid value NaN (not a number)"));
    }
    if seconds < 0.0 {
        return Err(vm.value_error("sleep length must be non-negative"));
    }
    let Ok(time) = Duration::try_from_secs_f64(seconds) else {
        return Err(vm.overflow_error("timestamp too large to convert to C PyTime_t"));
    };
    vm.host.flush_stdout().map_err(|e| vm.os_error(&e, None))?;
    vm.host.sleep(time);
    Ok(Value::NONE)
}

/// A moment in UTC, field by field.
struct Moment {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    weekday: i64,
    yearday: i64,
}

/// Days since 1970-01-01 of a date in the Gregorian calendar.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March here, so that the leap day is the last one.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

impl Moment {
    fn of_seconds(seconds: i64) -> Moment {
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let shifted = days + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * march + 2) / 5 + 1;
        let month = if march < 10 { march + 3 } else { march - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        Moment {
            year,
            month,
            day,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
            weekday: (days + 3).rem_euclid(7),
            yearday: days - days_of(year, 1, 1) + 1,
        }
    }

    fn fields(&self) -> [i64; 9] {
        [self.year, self.month, self.day, self.hour, self.minute, self.second, self.weekday, self.yearday, 0]
    }

    /// From a `struct_time` or any tuple of nine ints.
    fn of_tuple(vm: &Vm, value: &Value) -> Res<Moment> {
        let Some(tuple) = value.get::<Tuple>() else {
            return Err(vm.type_error("Tuple or struct_time argument required"));
        };
        if tuple.items().len() != 9 {
            return Err(vm.type_error("time tuple must have exactly 9 elements"));
        }
        let n = tuple.items().iter().map(|v| vm.index_long(v)).collect::<Res<Vec<_>>>()?;
        let within = |value: i64, least: i64, most: i64, what: &str| -> Res<i64> {
            if (least..=most).contains(&value) {
                Ok(value)
            } else {
                Err(vm.value_error(format_args!("{what} out of range")))
            }
        };
        Ok(Moment {
            year: n[0],
            month: within(n[1].max(1), 1, 12, "month")?,
            day: within(n[2].max(1), 1, 31, "day of month")?,
            hour: within(n[3], 0, 23, "hour")?,
            minute: within(n[4], 0, 59, "minute")?,
            second: within(n[5], 0, 61, "seconds")?,
            weekday: within(n[6].rem_euclid(7), 0, 6, "day of week")?,
            yearday: within(n[7].max(1), 1, 366, "day of year")?,
        })
    }

    fn plain(&self) -> String {
        format!(
            "{} {} {:2} {:02}:{:02}:{:02} {}",
            &DAYS[self.weekday as usize][..3],
            &MONTHS[self.month as usize - 1][..3],
            self.day,
            self.hour,
            self.minute,
            self.second,
            self.year
        )
    }

    fn format(&self, format: &str, out: &mut StrBuilder<'_>) -> Res<()> {
        let mut chars = format.chars();
        let half = if self.hour % 12 == 0 { 12 } else { self.hour % 12 };
        let (day, month) = (DAYS[self.weekday as usize], MONTHS[self.month as usize - 1]);
        let monday_week = (self.yearday + 6 - self.weekday) / 7;
        let sunday_week = (self.yearday + 6 - (self.weekday + 1) % 7) / 7;
        while let Some(c) = chars.next() {
            if c != '%' {
                out.push_char(c.into())?;
                continue;
            }
            match chars.next() {
                Some('Y') => out.push_str(&self.year.to_string()),
                Some('y') => out.push_str(&format!("{:02}", self.year.rem_euclid(100))),
                Some('C') => out.push_str(&format!("{:02}", self.year.div_euclid(100))),
                Some('m') => out.push_str(&format!("{:02}", self.month)),
                Some('d') => out.push_str(&format!("{:02}", self.day)),
                Some('e') => out.push_str(&format!("{:2}", self.day)),
                Some('H') => out.push_str(&format!("{:02}", self.hour)),
                Some('I') => out.push_str(&format!("{half:02}")),
                Some('M') => out.push_str(&format!("{:02}", self.minute)),
                Some('S') => out.push_str(&format!("{:02}", self.second)),
                Some('p') => out.push_str(if self.hour < 12 { "AM" } else { "PM" }),
                Some('j') => out.push_str(&format!("{:03}", self.yearday)),
                Some('a') => out.push_str(&day[..3]),
                Some('A') => out.push_str(day),
                Some('b' | 'h') => out.push_str(&month[..3]),
                Some('B') => out.push_str(month),
                Some('w') => out.push_str(&((self.weekday + 1) % 7).to_string()),
                Some('u') => out.push_str(&(self.weekday + 1).to_string()),
                Some('U') => out.push_str(&format!("{sunday_week:02}")),
                Some('W') => out.push_str(&format!("{monday_week:02}")),
                Some('Z') => out.push_str("UTC"),
                Some('z') => out.push_str("+0000"),
                Some('n') => out.push_char('\n'.into()),
                Some('t') => out.push_char('\t'.into()),
                Some('%') => out.push_char('%'.into()),
                Some('c') => out.push_str(&self.plain()),
                Some('x' | 'D') => self.format("%m/%d/%y", out),
                Some('X' | 'T') => self.format("%H:%M:%S", out),
                Some('R') => self.format("%H:%M", out),
                Some('r') => self.format("%I:%M:%S %p", out),
                Some('F') => self.format("%Y-%m-%d", out),
                Some('s') => out.push_str(&self.seconds().to_string()),
                Some(other) => out.push_char('%'.into()).and_then(|()| out.push_char(other.into())),
                None => out.push_char('%'.into()),
            }?;
        }
        Ok(())
    }

    fn seconds(&self) -> i64 {
        days_of(self.year, self.month, self.day) * 86_400 + self.hour * 3600 + self.minute * 60 + self.second
    }
}

fn given(args: &[Value], at: usize) -> Option<&Value> {
    args.get(at).filter(|a| !a.is_unbound() && !a.is_none())
}

/// The moment of an optional argument in seconds; now by default.
fn moment(vm: &Vm, args: &[Value]) -> Res<Moment> {
    let seconds = match given(args, 0) {
        None => vm.host.now().as_secs() as i64,
        Some(seconds) => {
            let seconds = vm.as_f64(seconds)?.floor();
            if seconds.is_nan() {
                return Err(vm.value_error("Invalid value NaN (not a number)"));
            }
            if seconds.abs() > 6.7e16 {
                return Err(vm.overflow_error("timestamp out of range for platform time_t"));
            }
            seconds as i64
        }
    };
    Ok(Moment::of_seconds(seconds))
}

fn gmtime(vm: &Vm, args: &[Value]) -> Res {
    struct_time(vm, args, "GMT")
}
fn localtime(vm: &Vm, args: &[Value]) -> Res {
    struct_time(vm, args, "UTC")
}
/// The named tuple; zone and offset are attributes that are no items.
fn struct_time(vm: &Vm, args: &[Value], zone: &str) -> Res {
    let fields = moment(vm, args)?.fields().iter().map(|n| vm.int(*n)).collect::<Res<Vec<_>>>()?;
    let module = vm.import_name("time")?;
    let class = vm.get_attr(&module, &vm.intern("struct_time")?)?;
    let made = records::record(vm, &class, fields)?;
    vm.set_attr(&made, &vm.intern("tm_zone")?, Some(&vm.str(zone)?))?;
    vm.set_attr(&made, &vm.intern("tm_gmtoff")?, Some(&Value::small(0)))?;
    Ok(made)
}
fn mktime(vm: &Vm, tuple: &Value) -> Res {
    vm.float(Moment::of_tuple(vm, tuple)?.seconds() as f64)
}
fn asctime(vm: &Vm, args: &[Value]) -> Res {
    let moment = match given(args, 0) {
        Some(tuple) => Moment::of_tuple(vm, tuple)?,
        None => moment(vm, &[])?,
    };
    vm.str(&moment.plain())
}
fn ctime(vm: &Vm, args: &[Value]) -> Res {
    vm.str(&moment(vm, args)?.plain())
}
fn strftime(vm: &Vm, args: &[Value]) -> Res {
    if !vm.is_str(&args[0]) {
        let kind = vm.type_name(&args[0]);
        return Err(vm.type_error(format_args!("strftime() argument 1 must be str, not {kind}")));
    }
    let moment = match given(args, 1) {
        Some(tuple) => Moment::of_tuple(vm, tuple)?,
        None => moment(vm, &[])?,
    };
    let mut out = StrBuilder::new(vm);
    moment.format(&vm.text(&args[0]), &mut out)?;
    out.finish()
}
