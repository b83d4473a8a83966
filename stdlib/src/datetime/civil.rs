//! Days and times of day as plain numbers.
//!
//! What a pickle holds is taken as it is, as in CPython: a day may have the number 0 or 255 then. So nothing here indexes by a field.

use ryokan_vm::native::*;

use crate::time::{date_of, days_of};

pub const MIN_YEAR: i64 = 1;
pub const MAX_YEAR: i64 = 9999;
/// The number of the last day, counted from 1 on 0001-01-01.
pub const MAX_ORDINAL: i64 = 3_652_059;
/// The number of 1970-01-01.
pub const EPOCH: i64 = 719_163;
pub const DAY_SECONDS: i64 = 86_400;

/// A day of the calendar.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Day {
    pub year: u16,
    pub month: u8,
    pub day: u8,
}

/// A time of day. Equality and order leave `fold` out: see `Clock::key`.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    pub microsecond: u32,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
    /// 1 for the second one of two times that clocks show twice.
    pub fold: u8,
}

pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}
pub fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 31,
    }
}
/// The number of the Monday of a year's first week: the week of its first Thursday.
fn first_monday(year: i64) -> i64 {
    let first = ordinal(year, 1, 1);
    let weekday = (first + 6) % 7;
    first - weekday + if weekday > 3 { 7 } else { 0 }
}
pub fn ordinal(year: i64, month: i64, day: i64) -> i64 {
    days_of(year, month, day) + EPOCH
}

/// What is wrong with a day that is told by its week.
pub enum BadWeek {
    Year,
    Week,
    Weekday,
}

impl Day {
    pub const MIN: Day = Day { year: 1, month: 1, day: 1 };
    pub const MAX: Day = Day { year: 9999, month: 12, day: 31 };

    /// Of fields. `ValueError` if one is out of range.
    #[inline]
    pub fn checked(cx: &Cx, year: i64, month: i64, day: i64) -> Res<Day> {
        let fits = (MIN_YEAR..=MAX_YEAR).contains(&year)
            && (1..=12).contains(&month)
            && day >= 1
            && (day <= 28 || day <= days_in_month(year, month));
        if fits {
            return Ok(Day { year: year as u16, month: month as u8, day: day as u8 });
        }
        Err(Day::refused(cx, year, month, day))
    }
    #[cold]
    fn refused(cx: &Cx, year: i64, month: i64, day: i64) -> Raised {
        if !(MIN_YEAR..=MAX_YEAR).contains(&year) {
            return cx.value_error(format_args!("year must be in {MIN_YEAR}..{MAX_YEAR}, not {year}"));
        }
        if !(1..=12).contains(&month) {
            return cx.value_error(format_args!("month must be in 1..12, not {month}"));
        }
        let last = days_in_month(year, month);
        cx.value_error(format_args!(
            "day {day} must be in range 1..{last} for month {month} in year {year}"
        ))
    }
    /// Of a number, from 1 on. `OverflowError` if there is no such day.
    pub fn of_ordinal(cx: &Cx, ordinal: i64) -> Res<Day> {
        if !(1..=MAX_ORDINAL).contains(&ordinal) {
            return Err(cx.overflow_error("date value out of range"));
        }
        let (year, month, day) = date_of(ordinal - EPOCH);
        Ok(Day { year: year as u16, month: month as u8, day: day as u8 })
    }
    /// The day that is so many days later. `OverflowError` if there is no such day.
    #[inline]
    pub fn plus(self, cx: &Cx, days: i64) -> Res<Day> {
        let day = i64::from(self.day) + days;
        // Every month has so many days.
        if (1..=28).contains(&day) {
            return Ok(Day { day: day as u8, ..self });
        }
        Day::of_ordinal(cx, self.ordinal() + days)
    }
    /// Of the year, the number of the week and the weekday (Monday is 1) by ISO 8601, as fields that are not checked.
    pub fn of_week(year: i64, week: i64, weekday: i64) -> Result<(i64, i64, i64), BadWeek> {
        if !(MIN_YEAR..=MAX_YEAR).contains(&year) {
            return Err(BadWeek::Year);
        }
        // A year has 53 weeks if it begins on a Thursday, or on a Wednesday and is a leap year.
        let first = (ordinal(year, 1, 1) + 6) % 7;
        let long = first == 3 || first == 2 && is_leap(year);
        if !(1..=52 + i64::from(long)).contains(&week) {
            return Err(BadWeek::Week);
        }
        if !(1..=7).contains(&weekday) {
            return Err(BadWeek::Weekday);
        }
        let days = first_monday(year) + (week - 1) * 7 + weekday - 1;
        Ok(date_of(days - EPOCH))
    }
    /// Year, number of the week, and weekday, from 1 on, by ISO 8601.
    pub fn week(self) -> (i64, i64, i64) {
        let (number, mut year) = (self.ordinal(), i64::from(self.year));
        let mut first = first_monday(year);
        if number < first {
            year -= 1;
            first = first_monday(year);
        } else if number >= first_monday(year + 1) {
            year += 1;
            first = first_monday(year);
        }
        (year, (number - first) / 7 + 1, (number - first) % 7 + 1)
    }
    #[inline]
    pub fn ordinal(self) -> i64 {
        ordinal(self.year.into(), self.month.into(), self.day.into())
    }
    /// Monday is 0.
    pub fn weekday(self) -> i64 {
        (self.ordinal() + 6).rem_euclid(7)
    }
    /// The number within the year.
    pub fn yearday(self) -> i64 {
        self.ordinal() - ordinal(self.year.into(), 1, 1) + 1
    }
    pub fn state(self) -> [u8; 4] {
        let [high, low] = self.year.to_be_bytes();
        [high, low, self.month, self.day]
    }
    /// Of the bytes of a pickle, if they can be such.
    pub fn of_state(state: &[u8]) -> Option<Day> {
        let [high, low, month, day] = *state else { return None };
        let year = u16::from_be_bytes([high, low]);
        (1..=12).contains(&month).then_some(Day { year, month, day })
    }
}

impl Clock {
    pub const MIN: Clock = Clock { microsecond: 0, hour: 0, minute: 0, second: 0, fold: 0 };
    pub const MAX: Clock = Clock { microsecond: 999_999, hour: 23, minute: 59, second: 59, fold: 0 };

    /// Of hour, minute, second, microsecond. `ValueError` if one is out of range.
    #[inline]
    pub fn checked(cx: &Cx, fields: [i64; 4], fold: i64) -> Res<Clock> {
        let [hour, minute, second, microsecond] = fields;
        let fits = (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second)
            && (0..1_000_000).contains(&microsecond)
            && (0..2).contains(&fold);
        if !fits {
            return Err(Clock::refused(cx, fields, fold));
        }
        Ok(Clock {
            microsecond: microsecond as u32,
            hour: hour as u8,
            minute: minute as u8,
            second: second as u8,
            fold: fold as u8,
        })
    }
    #[cold]
    fn refused(cx: &Cx, fields: [i64; 4], fold: i64) -> Raised {
        let bounds = [("hour", 23), ("minute", 59), ("second", 59), ("microsecond", 999_999)];
        for ((what, most), value) in bounds.into_iter().zip(fields) {
            if !(0..=most).contains(&value) {
                return cx.value_error(format_args!("{what} must be in 0..{most}, not {value}"));
            }
        }
        cx.value_error(format_args!("fold must be either 0 or 1, not {fold}"))
    }
    /// Of seconds since midnight, less than a day of them, and microseconds.
    #[inline]
    pub fn of_parts(seconds: u32, microsecond: u32) -> Clock {
        Clock {
            microsecond,
            hour: (seconds / 3600) as u8,
            minute: (seconds / 60 % 60) as u8,
            second: (seconds % 60) as u8,
            fold: 0,
        }
    }
    /// Seconds since midnight.
    #[inline]
    pub fn seconds(self) -> i64 {
        i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second)
    }
    /// The fields as one number, in their order.
    #[inline]
    pub fn key(self) -> u64 {
        let fields = [(self.hour, 40), (self.minute, 32), (self.second, 24)];
        fields.iter().map(|(field, by)| u64::from(*field) << by).sum::<u64>() | u64::from(self.microsecond)
    }
    pub fn with_fold(self, fold: u8) -> Clock {
        Clock { fold, ..self }
    }
    pub fn state(self) -> [u8; 6] {
        let [_, high, middle, low] = self.microsecond.to_be_bytes();
        [self.hour, self.minute, self.second, high, middle, low]
    }
    /// Of the bytes of a pickle.
    pub fn of_state(state: [u8; 6], fold: u8) -> Clock {
        let [hour, minute, second, high, middle, low] = state;
        Clock { microsecond: u32::from_be_bytes([0, high, middle, low]), hour, minute, second, fold }
    }
}
