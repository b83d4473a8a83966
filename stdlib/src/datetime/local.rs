//! Local time, and numbers of seconds since 1970.
//!
//! Here a moment is a number of seconds, of UTC or as local clocks show them, counted from the day with the number 0 on.

use ryokan_vm::native::*;

use super::delta::{Span, made};
use super::civil::{Clock, DAY_SECONDS, Day, EPOCH, MAX_ORDINAL, MAX_YEAR, MIN_YEAR};
use super::zone;
use crate::time::{date_of, zone_at};

/// 1970.
pub const EPOCH_SECONDS: i64 = EPOCH * DAY_SECONDS;
/// Clocks are set back by less.
const MOST_FOLD: i64 = 24 * 3600;

/// Seconds of a day and a time of day.
pub fn seconds_of(day: Day, clock: Clock) -> i64 {
    day.ordinal() * DAY_SECONDS + clock.seconds()
}

/// What local clocks show at a time of UTC. `ValueError` if the year is out of range, `OSError` if it is far out.
fn local(cx: &Cx, utc: i64) -> Res<i64> {
    let shown = utc + zone_at(cx, utc - EPOCH_SECONDS, |kind| kind.offset)?;
    check(cx, shown)?;
    Ok(shown)
}
/// `ValueError` unless seconds are of a year that a date can have.
fn check(cx: &Cx, seconds: i64) -> Res<()> {
    let ordinal = seconds.div_euclid(DAY_SECONDS);
    if (1..=MAX_ORDINAL).contains(&ordinal) {
        return Ok(());
    }
    let year = date_of(ordinal - EPOCH).0;
    Err(cx.value_error(format_args!("year must be in {MIN_YEAR}..{MAX_YEAR}, not {year}")))
}

/// The time of UTC at which local clocks show one. Of two `fold` chooses the later one; of a time that clocks skip it is told as if they
/// had been changed already, or not yet. Tries both offsets that are near.
pub fn to_utc(cx: &Cx, shown: i64, fold: bool) -> Res<i64> {
    let ahead = local(cx, shown)? - shown;
    let first = shown - ahead;
    let at_first = local(cx, first)?;
    let other = if at_first == shown {
        // There may be another solution before, or behind.
        let probe = if fold { first + MOST_FOLD } else { first - MOST_FOLD };
        let other = local(cx, probe)? - probe;
        if other == ahead {
            return Ok(first);
        }
        other
    } else {
        at_first - first
    };
    let second = shown - other;
    if local(cx, second)? == shown {
        return Ok(second);
    }
    if at_first == shown {
        return Ok(first);
    }
    Ok(if fold { first.min(second) } else { first.max(second) })
}

/// The zone that local clocks are in at a time since 1970.
pub fn zone_of(cx: &Cx, since_epoch: i64) -> Res {
    let (ahead, name) = zone_at(cx, since_epoch, |kind| (kind.offset, kind.name.to_string()))?;
    let ahead = made(cx, Span::normal(cx, 0, ahead, 0)?)?;
    zone::of_offset(cx, ahead, Some(name.into_value(cx)?))
}

/// Day and time of day of a time since 1970: as local clocks show it, with its fold, or of UTC.
pub fn fields_of(cx: &Cx, since_epoch: i64, microsecond: i64, is_local: bool) -> Res<(Day, Clock)> {
    let ahead = if is_local { zone_at(cx, since_epoch, |kind| kind.offset)? } else { 0 };
    let utc = in_range(cx, since_epoch)? + EPOCH_SECONDS;
    let shown = utc + ahead;
    check(cx, shown)?;
    let fold = is_local && is_fold(cx, utc, shown)?;
    let day = Day::of_ordinal(cx, shown.div_euclid(DAY_SECONDS))?;
    let clock = Clock::of_parts(shown.rem_euclid(DAY_SECONDS) as u32, microsecond as u32);
    Ok((day, clock.with_fold(fold.into())))
}
/// Whether local clocks have shown a time before: they were set back within the last day.
fn is_fold(cx: &Cx, utc: i64, shown: i64) -> Res<bool> {
    let change = shown - local(cx, utc - MOST_FOLD)? - MOST_FOLD;
    Ok(change < 0 && local(cx, utc + change)? == shown)
}
/// Seconds that can be added to without overflow; `OSError`, as the system says it of a year that is too large.
fn in_range(cx: &Cx, seconds: i64) -> Res<i64> {
    const TOO_LARGE: i32 = 75;
    let (year, ..) = date_of(seconds.div_euclid(DAY_SECONDS));
    if i32::try_from(year - 1900).is_ok() {
        return Ok(seconds);
    }
    Err(cx.os_error(&std::io::Error::from_raw_os_error(TOO_LARGE), None))
}

#[cold]
fn out_of_range(cx: &Cx) -> Raised {
    cx.overflow_error("timestamp out of range for platform time_t")
}
fn int_seconds(cx: &Cx, value: &Value) -> Res<i64> {
    let whole = cx.to_index(value)?.small();
    whole.ok_or(()).map_err(|()| out_of_range(cx))
}
/// A number of seconds without its fraction, rounded down. Runs Python; `TypeError`, `ValueError`, `OverflowError`.
pub fn whole_seconds(cx: &Cx, value: &Value) -> Res<i64> {
    match cx.float_value(value) {
        Some(x) => in_i64(cx, x, x.floor()),
        None => int_seconds(cx, value),
    }
}
/// A whole float as an int, of a number that may be none.
fn in_i64(cx: &Cx, x: f64, whole: f64) -> Res<i64> {
    if x.is_nan() {
        return Err(cx.value_error("Invalid value NaN (not a number)"));
    }
    // The bounds are powers of two.
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&whole) {
        return Ok(whole as i64);
    }
    Err(out_of_range(cx))
}
/// A number of seconds, and microseconds beyond it, rounded half to even. Runs Python; `TypeError`, `ValueError`, `OverflowError`.
pub fn seconds_and_micros(cx: &Cx, value: &Value) -> Res<(i64, i64)> {
    let Some(x) = cx.float_value(value) else {
        if !cx.has_index(value) {
            let kind = cx.full_type_name(value);
            return Err(cx.type_error(format_args!("argument must be int or float, not {kind}")));
        }
        return Ok((int_seconds(cx, value)?, 0));
    };
    let mut whole = x.trunc();
    let mut micros = ((x - whole) * 1e6).round_ties_even();
    if micros >= 1e6 {
        (micros, whole) = (micros - 1e6, whole + 1.0);
    } else if micros < 0.0 {
        (micros, whole) = (micros + 1e6, whole - 1.0);
    }
    Ok((in_i64(cx, x, whole)?, micros as i64))
}
