//! `time`: clocks and calendars. Local time is UTC: the host tells no time zone.

use std::time::Duration;

use ryokan_vm::native::*;

native_module! {
    /// Clocks, sleeping, and conversions between seconds, calendar fields and text.
    "time" {
        consts { "timezone" = 0; "altzone" = 0; "daylight" = 0; "tzname" = ("UTC", "UTC"); }
        classes { "struct_time" = &STRUCT_TIME; }
        functions {
            /// Seconds that have passed since 1970-01-01 00:00 UTC, by the system's clock, which may be set back.
            time();
            /// As time(), but a whole number of nanoseconds.
            time_ns();
            /// Seconds of a clock that never goes backwards. Only differences between two readings mean something.
            monotonic();
            /// As monotonic(), but a whole number of nanoseconds.
            monotonic_ns();
            /// Seconds of the clock with the finest resolution, for timing short stretches.
            perf_counter() = monotonic;
            /// As perf_counter(), but a whole number of nanoseconds.
            perf_counter_ns() = monotonic_ns;
            /// Seconds of processor time that this process has used, in its own code and in the
            /// system's. Sleep is not counted.
            process_time();
            /// As process_time(), but a whole number of nanoseconds.
            process_time_ns();
            /// Seconds of processor time that this thread has used.
            thread_time() = process_time;
            /// As thread_time(), but a whole number of nanoseconds.
            thread_time_ns() = process_time_ns;
            /// Waits at least this many seconds, fractions included. Raises ValueError if the number is negative.
            sleep(seconds: Value, /);
            /// The struct_time in UTC of a number of seconds since 1970, or of now.
            gmtime(seconds: Option<Value> = None, /);
            /// The struct_time in the local time zone of a number of seconds since 1970, or of now.
            localtime(seconds: Option<Value> = None, /);
            /// The seconds since 1970 of nine calendar fields in local time, as a float: the
            /// inverse of localtime().
            mktime(tuple: Value, /);
            /// Nine calendar fields, or the local time now, as text like 'Tue Feb  3 04:05:06 2026'.
            asctime(tuple: Option<Value> = None, /);
            /// A number of seconds since 1970, or now, in local time and as asctime() writes it.
            ctime(seconds: Option<Value> = None, /);
            /// Nine calendar fields, or the local time now, written as a format says: %Y stands for
            /// the year, %H for the hour, and so on.
            strftime(format: Text, tuple: Option<Value> = None, /);
        }
    }
}

native_record! {
    /// A moment as calendar fields.
    static STRUCT_TIME = "time.struct_time" {
        tm_year, tm_mon, tm_mday, tm_hour, tm_min, tm_sec, tm_wday, tm_yday, tm_isdst
    };
}

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

/// The time of a clock, if the host lets scripts have one.
fn clock(cx: &Cx, read: fn(&Cx) -> Duration) -> Res<Duration> {
    cx.require(Capability::Clock)?;
    Ok(read(cx))
}
fn seconds(time: Duration) -> f64 {
    time.as_nanos() as f64 * 1e-9
}
fn nanos(time: Duration) -> i64 {
    time.as_nanos() as i64
}

fn time(cx: &Cx) -> Res<f64> {
    clock(cx, Cx::now).map(seconds)
}
fn time_ns(cx: &Cx) -> Res<i64> {
    clock(cx, Cx::now).map(nanos)
}
fn monotonic(cx: &Cx) -> Res<f64> {
    clock(cx, Cx::monotonic).map(seconds)
}
fn monotonic_ns(cx: &Cx) -> Res<i64> {
    clock(cx, Cx::monotonic).map(nanos)
}
fn process_time(cx: &Cx) -> Res<f64> {
    clock(cx, Cx::cpu_time).map(seconds)
}
fn process_time_ns(cx: &Cx) -> Res<i64> {
    clock(cx, Cx::cpu_time).map(nanos)
}

fn sleep(cx: &Cx, time: Value) -> Res<()> {
    if !cx.is_number(&time) {
        let kind = cx.type_name(&time);
        return Err(
            cx.type_error(format_args!("'{kind}' object cannot be interpreted as an integer or float"))
        );
    }
    let seconds = cx.float(&time)?;
    if seconds.is_nan() {
        return Err(cx.value_error("Invalid value NaN (not a number)"));
    }
    if seconds < 0.0 {
        return Err(cx.value_error("sleep length must be non-negative"));
    }
    let Ok(time) = Duration::try_from_secs_f64(seconds) else {
        return Err(cx.overflow_error("timestamp too large to convert to C PyTime_t"));
    };
    cx.require(Capability::Clock)?;
    cx.sleep(time)
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
    fn of_tuple(cx: &Cx, value: &Value) -> Res<Moment> {
        let Some(tuple) = Tuple::of(value) else {
            return Err(cx.type_error("Tuple or struct_time argument required"));
        };
        if tuple.len() != 9 {
            return Err(cx.type_error("time tuple must have exactly 9 elements"));
        }
        let mut n = [0; 9];
        for (at, field) in n.iter_mut().enumerate() {
            *field = cx.long(&tuple.get(at).unwrap_or_default())?;
        }
        let within = |value: i64, least: i64, most: i64, what: &str| -> Res<i64> {
            if (least..=most).contains(&value) {
                Ok(value)
            } else {
                Err(cx.value_error(format_args!("{what} out of range")))
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

    fn format(&self, format: &str, out: &mut StrWriter<'_>) -> Res<()> {
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

/// The moment of an optional argument in seconds; now by default.
fn moment(cx: &Cx, given: Option<Value>) -> Res<Moment> {
    let seconds = match given {
        None => clock(cx, Cx::now)?.as_secs() as i64,
        Some(seconds) => {
            let seconds = cx.float(&seconds)?.floor();
            if seconds.is_nan() {
                return Err(cx.value_error("Invalid value NaN (not a number)"));
            }
            if seconds.abs() > 6.7e16 {
                return Err(cx.overflow_error("timestamp out of range for platform time_t"));
            }
            seconds as i64
        }
    };
    Ok(Moment::of_seconds(seconds))
}

fn gmtime(cx: &Cx, seconds: Option<Value>) -> Res {
    struct_time(cx, seconds, "GMT")
}
fn localtime(cx: &Cx, seconds: Option<Value>) -> Res {
    struct_time(cx, seconds, "UTC")
}
/// The record; zone and offset are attributes that are no items.
fn struct_time(cx: &Cx, seconds: Option<Value>, zone: &str) -> Res {
    let fields = moment(cx, seconds)?.fields();
    let made = cx.record(&STRUCT_TIME, fields.iter().copied())?;
    cx.set_attr(&made, "tm_zone", zone)?;
    cx.set_attr(&made, "tm_gmtoff", 0)?;
    Ok(made)
}
fn mktime(cx: &Cx, tuple: Value) -> Res<f64> {
    Ok(Moment::of_tuple(cx, &tuple)?.seconds() as f64)
}
/// The moment of an optional tuple; now by default.
fn of_fields(cx: &Cx, tuple: Option<Value>) -> Res<Moment> {
    tuple.map_or_else(|| moment(cx, None), |tuple| Moment::of_tuple(cx, &tuple))
}
fn asctime(cx: &Cx, tuple: Option<Value>) -> Res<String> {
    of_fields(cx, tuple).map(|moment| moment.plain())
}
fn ctime(cx: &Cx, seconds: Option<Value>) -> Res<String> {
    moment(cx, seconds).map(|moment| moment.plain())
}
fn strftime(cx: &Cx, format: Text, tuple: Option<Value>) -> Res {
    let mut out = StrWriter::new(cx);
    of_fields(cx, tuple)?.format(format.as_str(), &mut out)?;
    out.finish()
}
