//! The forms of ISO 8601 that `fromisoformat` takes.
//!
//! Texts are bytes of UTF-8; behind their end stands 0, as in C. What CPython lets pass is let pass: a date of ten characters without
//! hyphens whose last two are anything, minutes of an offset beyond 59.

use super::civil::{BadWeek, Day};

/// A text that has none of the forms.
pub struct Malformed;
type Parsed<T> = Result<T, Malformed>;

/// A time of day as it is written, and the offset from UTC, in microseconds, if there is one.
pub struct WrittenTime {
    /// Hour, minute, second, microsecond.
    pub clock: [i64; 4],
    pub offset: Option<i64>,
}

fn at(text: &[u8], place: usize) -> u8 {
    text.get(place).copied().unwrap_or(0)
}

/// A number of so many digits from a place on.
#[inline]
fn digits(text: &[u8], place: usize, count: usize) -> Parsed<i64> {
    let mut number = 0;
    for c in text.get(place..place + count).ok_or(Malformed)? {
        let digit = c.wrapping_sub(b'0');
        if digit > 9 {
            return Err(Malformed);
        }
        number = number * 10 + i64::from(digit);
    }
    Ok(number)
}

/// The fields of a date that is written in the first `len` bytes; they are not checked.
pub fn date(text: &[u8], len: usize) -> Parsed<(i64, i64, i64)> {
    let year = digits(text, 0, 4)?;
    let hyphen = at(text, 4) == b'-';
    let mut place = 4 + usize::from(hyphen);
    // A second hyphen stands where a first one does.
    let between = |place: &mut usize| {
        let right = !hyphen || at(text, *place) == b'-';
        *place += usize::from(hyphen);
        if right { Ok(()) } else { Err(Malformed) }
    };
    if at(text, place) == b'W' {
        let week = digits(text, place + 1, 2)?;
        place += 3;
        let mut weekday = 1;
        if place < len {
            between(&mut place)?;
            weekday = digits(text, place, 1)?;
        }
        return Day::of_week(year, week, weekday).map_err(|bad| match bad {
            BadWeek::Year | BadWeek::Week | BadWeek::Weekday => Malformed,
        });
    }
    let month = digits(text, place, 2)?;
    place += 2;
    between(&mut place)?;
    Ok((year, month, digits(text, place, 2)?))
}

/// The fields of `HH[:MM[:SS[.ffffff]]]`, or the same without colons, up to `end`; and whether something follows.
fn clock(text: &[u8], start: usize, end: usize) -> Parsed<([i64; 4], bool)> {
    let mut fields = [0; 4];
    let (mut place, mut colons) = (start, true);
    for unit in 0..3 {
        fields[unit] = digits(text, place, 2)?;
        let c = at(text, place + 2);
        place += 3;
        if unit == 0 {
            colons = c == b':';
        }
        if place >= end {
            return if matches!(c, b'.' | b',') { Err(Malformed) } else { Ok((fields, c != 0)) };
        }
        match c {
            b':' if colons && unit < 2 => {}
            b':' if colons => return Err(Malformed),
            b'.' | b',' if unit < 2 => return Err(Malformed),
            b'.' | b',' => break,
            _ if !colons => place -= 1,
            _ => return Err(Malformed),
        }
    }
    let count = end.saturating_sub(place).min(6);
    fields[3] = digits(text, place, count)? * 10_i64.pow(6 - count as u32);
    let rest = text.get(place + count..).unwrap_or_default();
    let follows = rest.iter().find(|c| !c.is_ascii_digit()).is_some_and(|c| *c != 0);
    Ok((fields, follows))
}

/// A time of day with or without an offset.
pub fn time(text: &[u8]) -> Parsed<WrittenTime> {
    let end = text.len();
    let zone = text.iter().position(|c| (*c == b'+') | (*c == b'-') | (*c == b'Z')).unwrap_or(end);
    let (fields, follows) = clock(text, 0, zone)?;
    if zone >= end {
        return if follows { Err(Malformed) } else { Ok(WrittenTime { clock: fields, offset: None }) };
    }
    if at(text, zone) == b'Z' {
        let last = at(text, zone + 1) == 0;
        return if last { Ok(WrittenTime { clock: fields, offset: Some(0) }) } else { Err(Malformed) };
    }
    let ([hours, minutes, seconds, micros], follows) = clock(text, zone + 1, end)?;
    if follows {
        return Err(Malformed);
    }
    let offset = (hours * 3600 + minutes * 60 + seconds) * 1_000_000 + micros;
    let offset = if at(text, zone) == b'-' { -offset } else { offset };
    Ok(WrittenTime { clock: fields, offset: Some(offset) })
}

/// Where the date of a date and a time ends. A week may or may not have a weekday, which the digits behind it tell.
pub fn separator(text: &[u8]) -> Parsed<usize> {
    let len = text.len();
    if len == 7 {
        return Ok(7);
    }
    match (at(text, 4), at(text, 5)) {
        (b'-', b'W') if at(text, 8) == b'-' && len == 9 => Err(Malformed),
        // `2020-W01-00` is a week and an hour.
        (b'-', b'W') if at(text, 8) == b'-' && !at(text, 10).is_ascii_digit() => Ok(10),
        (b'-', b'W') => Ok(8),
        (b'-', _) => Ok(10),
        (b'W', _) => {
            let digits = text.iter().skip(7).take_while(|c| c.is_ascii_digit()).count();
            let place = 7 + digits;
            Ok(match place {
                ..9 => place,
                _ if place % 2 == 0 => 7,
                _ => 8,
            })
        }
        _ => Ok(8),
    }
}
