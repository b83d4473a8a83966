//! Moments as calendar fields, and back.

use ryokan_vm::native::*;

use super::clocks::clock;
use super::zone::{Kind, Zone};
use super::{STRUCT_TIME, c_int, counted};

pub const DAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
pub const MONTHS: [&str; 12] = [
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

/// A moment field by field, as C has it: months, days of the year and of the week (from Sunday on) begin with 0.
pub struct Moment {
    pub year: i64,
    pub month: i64,
    pub day: i64,
    pub hour: i64,
    pub minute: i64,
    pub second: i64,
    pub weekday: i64,
    pub yearday: i64,
    pub dst: i64,
    /// The zone's name, if it is known.
    pub zone: Option<String>,
    /// Seconds to the east of Greenwich.
    pub offset: i64,
}

/// Days since 1970-01-01 of a date in the Gregorian calendar; months begin with 1.
pub fn days_of(year: i64, month: i64, day: i64) -> i64 {
    // Years begin in March here, so that the leap day is the last one.
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The date of a number of days since 1970-01-01: year, month and day, from 1 on.
pub fn date_of(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

impl Moment {
    /// The moment of a time since 1970, where the clocks show `kind`; nothing if C's `int` cannot hold the year.
    fn of_seconds(seconds: i64, kind: Kind<'_>) -> Option<Moment> {
        let local = seconds.checked_add(kind.offset)?;
        let (days, rest) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let (year, month, day) = date_of(days);
        i32::try_from(year - 1900).ok()?;
        Some(Moment {
            year,
            month: month - 1,
            day,
            hour: rest / 3600,
            minute: rest / 60 % 60,
            second: rest % 60,
            weekday: (days + 4).rem_euclid(7),
            yearday: days - days_of(year, 1, 1),
            dst: i64::from(kind.dst),
            zone: Some(kind.name.to_string()),
            offset: kind.offset,
        })
    }

    /// The fields of a `struct_time` or any tuple of nine ints, whatever they are. `function` takes them.
    fn of_tuple(cx: &Cx, value: &Value, function: &str) -> Res<Moment> {
        let Some(tuple) = Tuple::of(value) else {
            return Err(cx.type_error("Tuple or struct_time argument required"));
        };
        if tuple.len() != 9 {
            return Err(cx.type_error(format_args!("{function}(): illegal time tuple argument")));
        }
        let mut n = [0; 9];
        for (at, field) in n.iter_mut().enumerate() {
            *field = i64::from(c_int(cx, &tuple.get(at).unwrap_or_default())?);
        }
        if n[0] < i64::from(i32::MIN) + 1900 {
            return Err(cx.overflow_error("year out of range"));
        }
        let mut moment = Moment {
            year: n[0],
            month: n[1] - 1,
            day: n[2],
            hour: n[3],
            minute: n[4],
            second: n[5],
            weekday: (n[6] + 1) % 7,
            yearday: n[7] - 1,
            dst: n[8].signum(),
            zone: None,
            offset: 0,
        };
        if cx.class_of(value).is(&cx.class_of_key(&STRUCT_TIME)?) {
            moment.add_zone(cx, value)?;
        }
        Ok(moment)
    }

    /// The zone of a `struct_time`.
    fn add_zone(&mut self, cx: &Cx, record: &Value) -> Res<()> {
        let zone = cx.attr(record, "tm_zone")?;
        if !zone.is_none() {
            if !cx.is_str(&zone) {
                return Err(cx.type_error("bad argument type for built-in operation"));
            }
            self.zone = Some(cx.str(&zone)?.to_string());
        }
        let offset = cx.attr(record, "tm_gmtoff")?;
        if !offset.is_none() {
            self.offset = cx.long(&offset)?;
        }
        Ok(())
    }

    /// `ValueError` if a field is not what it can be; 0 stands for the first month and the first day.
    fn check(&mut self, cx: &Cx) -> Res<()> {
        for (field, first) in [(&mut self.month, -1), (&mut self.day, 0), (&mut self.yearday, -1)] {
            if *field == first {
                *field += 1;
            }
        }
        for (value, range, what) in [
            (self.month, 0..=11, "month"),
            (self.day, 1..=31, "day of month"),
            (self.hour, 0..=23, "hour"),
            (self.minute, 0..=59, "minute"),
            (self.second, 0..=61, "seconds"),
            (self.weekday, 0..=6, "day of week"),
            (self.yearday, 0..=365, "day of year"),
        ] {
            if !range.contains(&value) {
                return Err(cx.value_error(format_args!("{what} out of range")));
            }
        }
        Ok(())
    }

    /// The same, of an argument; of now if there is none.
    pub fn of_argument(cx: &Cx, value: Option<&Value>, function: &str) -> Res<Moment> {
        let Some(value) = value else { return local(cx, now(cx)?) };
        let mut moment = Moment::of_tuple(cx, value, function)?;
        moment.check(cx)?;
        Ok(moment)
    }

    /// Seconds since 1970 where the clocks are never changed; fields may be beyond their bounds.
    pub fn local_seconds(&self) -> i64 {
        let (year, month) = (self.year + self.month.div_euclid(12), self.month.rem_euclid(12) + 1);
        let days = days_of(year, month, 1) + self.day - 1;
        days * 86_400 + self.hour * 3600 + self.minute * 60 + self.second
    }

    /// `Tue Feb  3 04:05:06 2026`
    fn plain(&self) -> String {
        let short = |names: &'static [&'static str], at: i64| {
            names.get(at as usize).and_then(|name| name.get(..3)).unwrap_or("?")
        };
        format!(
            "{} {} {:2} {:02}:{:02}:{:02} {}",
            short(&DAYS, self.weekday),
            short(&MONTHS, self.month),
            self.day,
            self.hour,
            self.minute,
            self.second,
            self.shown_year()
        )
    }

    /// C counts years from 1900 on: the last ones that it knows overflow when they are shown.
    fn shown_year(&self) -> i32 {
        ((self.year - 1900) as i32).wrapping_add(1900)
    }

    /// The record.
    fn into_record(self, cx: &Cx) -> Res {
        let year = i64::from(self.shown_year());
        // Weeks begin with Monday in Python.
        let weekday = (self.weekday + 6) % 7;
        let items = [
            year,
            self.month + 1,
            self.day,
            self.hour,
            self.minute,
            self.second,
            weekday,
            self.yearday + 1,
            self.dst,
        ];
        let mut fields = items.into_iter().map(|item| item.into_value(cx)).collect::<Res<Vec<_>>>()?;
        fields.push(self.zone.into_value(cx)?);
        fields.push(self.offset.into_value(cx)?);
        cx.record(&STRUCT_TIME, fields)
    }
}

// ---- functions ---------------------------------------------------------------------------------------------------

fn now(cx: &Cx) -> Res<i64> {
    Ok(clock(cx, Cx::now)?.as_secs() as i64)
}

/// The only argument in seconds; now by default.
fn when(cx: &Cx, args: Args<'_>, function: &str) -> Res<i64> {
    let Some(seconds) = counted(cx, args, function, 0, 1)?.first().filter(|given| !given.is_none()) else {
        return now(cx);
    };
    let whole = match cx.float_value(seconds) {
        Some(x) if x.is_nan() => return Err(cx.value_error("Invalid value NaN (not a number)")),
        // The bounds are powers of two.
        Some(x) => Some(x.floor())
            .filter(|x| (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(x))
            .map(|x| x as i64),
        None => cx.to_index(seconds)?.small(),
    };
    whole.ok_or(()).map_err(|()| cx.overflow_error("timestamp out of range for platform time_t"))
}

/// `OSError` of a year that is too large.
fn fits<T>(cx: &Cx, moment: Option<T>) -> Res<T> {
    const TOO_LARGE: i32 = 75;
    let error = || cx.os_error(&std::io::Error::from_raw_os_error(TOO_LARGE), None);
    moment.ok_or(()).map_err(|()| error())
}

/// The moment of a time in the local zone.
fn local(cx: &Cx, seconds: i64) -> Res<Moment> {
    let moment = Zone::with(cx, |zone| Moment::of_seconds(seconds, zone.at(seconds)))?;
    fits(cx, moment)
}

pub fn gmtime(cx: &Cx, args: Args<'_>) -> Res {
    let seconds = when(cx, args, "gmtime")?;
    fits(cx, Moment::of_seconds(seconds, Kind { offset: 0, dst: false, name: "GMT" }))?.into_record(cx)
}
pub fn localtime(cx: &Cx, args: Args<'_>) -> Res {
    local(cx, when(cx, args, "localtime")?)?.into_record(cx)
}
/// How far local time is ahead of UTC at a time since 1970, in seconds, and how it is called then. `OSError` if the year is too large.
pub fn zone_at<R>(cx: &Cx, seconds: i64, look: impl FnOnce(Kind<'_>) -> R) -> Res<R> {
    let found = Zone::with(cx, |zone| {
        let kind = zone.at(seconds);
        let (year, ..) = date_of(seconds.checked_add(kind.offset)?.div_euclid(86_400));
        i32::try_from(year - 1900).ok().map(|_| look(kind))
    })?;
    fits(cx, found)
}
/// The record of nine fields, without a zone.
pub fn struct_time(cx: &Cx, fields: [i64; 9]) -> Res {
    let fields = fields.map(Value::small);
    cx.record(&STRUCT_TIME, fields.into_iter().chain([Value::NONE, Value::NONE]))
}
pub fn mktime(cx: &Cx, tuple: &Value) -> Res<f64> {
    let moment = Moment::of_tuple(cx, tuple, "mktime")?;
    let seconds = Zone::with(cx, |zone| {
        let seconds = zone.to_seconds(moment.local_seconds(), moment.dst);
        Moment::of_seconds(seconds, zone.at(seconds)).map(|_| seconds)
    })?;
    match seconds {
        Some(seconds) => Ok(seconds as f64),
        None => Err(cx.overflow_error("mktime argument out of range")),
    }
}
pub fn asctime(cx: &Cx, args: Args<'_>) -> Res<String> {
    args.no_keywords(cx, "asctime")?;
    args.count(cx, "asctime", 0, 1)?;
    Moment::of_argument(cx, args.positional().first(), "asctime").map(|moment| moment.plain())
}
pub fn ctime(cx: &Cx, args: Args<'_>) -> Res<String> {
    local(cx, when(cx, args, "ctime")?).map(|moment| moment.plain())
}
