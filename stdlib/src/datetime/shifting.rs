//! `datetime` in time: sums and differences, comparison, hashes, and other zones.

use std::cmp::Ordering;

use ryokan_vm::native::*;

use super::delta::{Span, in_seconds, made, span_of};
use super::civil::{Clock, DAY_SECONDS, Day};
use super::moment::{DateTime, Moment, like};
use super::{Fixed, check_zone, date, local, zone};

/// How far the zone of a moment is ahead of UTC. Runs Python.
fn offset(cx: &Cx, this: Moment<'_>) -> Res<Option<Span>> {
    zone::offset(cx, &this.zone(), "utcoffset", this.value())
}
/// Day and time of day, so much later or earlier. `OverflowError`.
fn moved(cx: &Cx, this: &DateTime, by: Span, sign: i64) -> Res<(Day, Clock)> {
    let (day, clock) = (this.day(), this.clock());
    let mut micros = i64::from(clock.microsecond) + sign * i64::from(by.microseconds);
    let mut seconds = clock.seconds() + sign * i64::from(by.seconds);
    let mut days = sign * i64::from(by.days);
    if !(0..1_000_000).contains(&micros) {
        seconds += micros.div_euclid(1_000_000);
        micros = micros.rem_euclid(1_000_000);
    }
    if !(0..DAY_SECONDS).contains(&seconds) {
        days += seconds.div_euclid(DAY_SECONDS);
        seconds = seconds.rem_euclid(DAY_SECONDS);
    }
    Ok((day.plus(cx, days)?, Clock::of_parts(seconds as u32, micros as u32)))
}
/// The moment that is so much later, or earlier, of the same class and zone. `OverflowError`.
pub fn shifted(cx: &Cx, this: Moment<'_>, by: Span, sign: i64) -> Res {
    let (day, clock) = moved(cx, &this, by, sign)?;
    like(cx, this.value(), day, clock, this.zone())
}

pub fn add(cx: &Cx, left: &Value, right: &Value) -> Res {
    if let Some(moment) = This::<DateTime>::of(cx, left) {
        return span_of(right).map_or(Ok(Value::NOT_IMPLEMENTED), |by| shifted(cx, moment, by, 1));
    }
    match (span_of(left), This::<DateTime>::of(cx, right)) {
        (Some(by), Some(moment)) => shifted(cx, moment, by, 1),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}
pub fn subtract(cx: &Cx, left: &Value, right: &Value) -> Res {
    let Some(this) = This::<DateTime>::of(cx, left) else { return Ok(Value::NOT_IMPLEMENTED) };
    if let Some(by) = span_of(right) {
        return shifted(cx, this, by, -1);
    }
    let Some(that) = This::<DateTime>::of(cx, right) else { return Ok(Value::NOT_IMPLEMENTED) };
    made(cx, difference(cx, this, that)?)
}
/// The span between two moments. Runs Python; `TypeError` if only one has an offset.
fn difference(cx: &Cx, this: Moment<'_>, that: Moment<'_>) -> Res<Span> {
    if this.shares_zone(&that) {
        return plain_difference(cx, &this, &that);
    }
    match (offset(cx, this)?, offset(cx, that)?) {
        (None, None) => plain_difference(cx, &this, &that),
        (Some(a), Some(b)) => {
            let difference = plain_difference(cx, &this, &that)?;
            if a == b { Ok(difference) } else { difference.plus(cx, a.plus(cx, b, -1)?, -1) }
        }
        _ => Err(cx.type_error("can't subtract offset-naive and offset-aware datetimes")),
    }
}
/// The same of what clocks show.
fn plain_difference(cx: &Cx, this: &DateTime, that: &DateTime) -> Res<Span> {
    let days = this.day().ordinal() - that.day().ordinal();
    let (a, b) = (this.clock(), that.clock());
    let micros = i64::from(a.microsecond) - i64::from(b.microsecond);
    Span::normal(cx, days, a.seconds() - b.seconds(), micros)
}

// ---- comparison --------------------------------------------------------------------------------------------------------

fn plain_order(this: &DateTime, that: &DateTime) -> Ordering {
    (this.day(), this.clock().key()).cmp(&(that.day(), that.clock().key()))
}

pub fn compare(cx: &Cx, this: Moment<'_>, other: &Value, op: CompareOp) -> Res {
    let Some(that) = This::<DateTime>::of(cx, other) else { return Ok(Value::NOT_IMPLEMENTED) };
    if this.shares_zone(&that) {
        return Ok(Value::bool(op.holds(plain_order(&this, &that))));
    }
    let (a, b) = (offset(cx, this)?, offset(cx, that)?);
    let mut order = match (a, b) {
        (a, b) if a == b => plain_order(&this, &that),
        (Some(_), Some(_)) => difference(cx, this, that)?.cmp(&Span::ZERO),
        _ if op == CompareOp::Eq => return Ok(Value::FALSE),
        _ if op == CompareOp::Ne => return Ok(Value::TRUE),
        _ => return Err(cx.type_error("can't compare offset-naive and offset-aware datetimes")),
    };
    // Of two zones, a moment that clocks show twice equals none.
    let equality = matches!(op, CompareOp::Eq | CompareOp::Ne);
    if equality && order.is_eq() && (is_twofold(cx, this, a)? || is_twofold(cx, that, b)?) {
        order = Ordering::Greater;
    }
    Ok(Value::bool(op.holds(order)))
}
/// Whether a moment with the other fold has another offset.
fn is_twofold(cx: &Cx, this: Moment<'_>, own: Option<Span>) -> Res<bool> {
    let clock = this.clock();
    let flipped = DateTime::of(this.day(), clock.with_fold(1 - clock.fold.min(1)), this.zone());
    let flipped = cx.new(flipped)?;
    Ok(zone::offset(cx, &flipped.zone(), "utcoffset", flipped.value())? != own)
}

pub fn hash(cx: &Cx, this: Moment<'_>) -> Res<i64> {
    this.hash_or(|| {
        // Both moments that clocks show alike have the same hash.
        let unfolded = match this.clock().fold {
            0 => this.to_value(),
            _ => like(cx, this.value(), this.day(), this.clock().with_fold(0), this.zone())?,
        };
        match zone::offset(cx, &this.zone(), "utcoffset", &unfolded)? {
            None => Ok(cx.hash_of_bytes(&this.state())),
            Some(offset) => {
                let clock = this.clock();
                let since =
                    Span::normal(cx, this.day().ordinal(), clock.seconds(), clock.microsecond.into())?;
                Ok(since.plus(cx, offset, -1)?.hash(cx))
            }
        }
    })
}

// ---- other zones, and seconds since 1970 -------------------------------------------------------------------------------

/// 1970, in UTC.
fn epoch(cx: &Cx) -> Res {
    let fixed = cx.state::<Fixed>()?;
    if let Some(epoch) = fixed.epoch.get() {
        return Ok(epoch);
    }
    let day = Day { year: 1970, month: 1, day: 1 };
    let made = cx.new(DateTime::of(day, Clock::MIN, zone::utc(cx)?))?.into_value();
    fixed.epoch.set(Some(made.clone()));
    Ok(made)
}
/// Seconds since 1970 at which local clocks show a moment, with one fold or the other.
fn local_seconds(cx: &Cx, this: Moment<'_>, fold: bool) -> Res<i64> {
    let shown = local::seconds_of(this.day(), this.clock());
    Ok(local::to_utc(cx, shown, fold)? - local::EPOCH_SECONDS)
}
/// The zone in which local clocks show a moment. Of one that they skip, `fold` chooses the zone before or behind.
fn local_zone(cx: &Cx, this: Moment<'_>) -> Res {
    let fold = this.clock().fold != 0;
    let (seconds, other) = (local_seconds(cx, this, fold)?, local_seconds(cx, this, !fold)?);
    let chosen = if other != seconds && (other > seconds) == fold { other } else { seconds };
    local::zone_of(cx, chosen)
}
pub fn timestamp(cx: &Cx, this: Moment<'_>) -> Res {
    if this.zone().is_none() {
        let seconds = local_seconds(cx, this, this.clock().fold != 0)?;
        return (seconds as f64 + f64::from(this.clock().microsecond) / 1e6).into_value(cx);
    }
    let epoch = epoch(cx)?;
    in_seconds(cx, difference(cx, this, This::expect(cx, &epoch)?)?.micros())
}
pub fn utc_fields(cx: &Cx, this: Moment<'_>) -> Res {
    let (day, clock) = match offset(cx, this)? {
        Some(ahead) => moved(cx, &this, ahead, -1)?,
        None => (this.day(), this.clock()),
    };
    date::fields(cx, day, clock, 0)
}
pub fn in_zone(cx: &Cx, this: Moment<'_>, zone: &Value) -> Res {
    check_zone(cx, zone)?;
    let own = this.zone();
    if own.is(zone) && !own.is_none() {
        return Ok(this.to_value());
    }
    let mut ahead = None;
    if !own.is_none() {
        ahead = zone::offset(cx, &own, "utcoffset", this.value())?;
    }
    let ahead = match ahead {
        Some(ahead) => ahead,
        // Local clocks show it.
        None => {
            let local = local_zone(cx, this)?;
            zone::offset(cx, &local, "utcoffset", this.value())?.unwrap_or_default()
        }
    };
    let moment = shifted(cx, this, ahead, -1)?;
    let Some(result) = This::<DateTime>::of(cx, &moment) else {
        return Err(cx.type_error("a subclass of datetime made something else"));
    };
    result.set_zone(zone::utc(cx)?);
    let zone = match zone.is_none() {
        true => {
            let epoch = epoch(cx)?;
            local::zone_of(cx, difference(cx, result, This::expect(cx, &epoch)?)?.whole_seconds())?
        }
        false => zone.clone(),
    };
    result.set_zone(zone.clone());
    cx.call_method(&zone, "fromutc", (&moment,))
}
