//! Writing dates and times: ISO 8601, and `strftime`.

use ryokan_vm::native::*;

use super::delta::Span;
use super::civil::{Clock, Day};
use super::zone;
use crate::time::{DAYS, MONTHS};

/// A short line of ASCII. What does not fit is left out; the longest that is written has 70 characters.
pub struct Line {
    bytes: [u8; 96],
    len: usize,
}

impl Default for Line {
    fn default() -> Line {
        Line { bytes: [0; 96], len: 0 }
    }
}

impl Line {
    #[inline]
    pub fn push(&mut self, c: u8) {
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = c;
            self.len += 1;
        }
    }
    pub fn push_str(&mut self, text: &str) {
        text.bytes().for_each(|c| self.push(c));
    }
    /// Writes a number with so many digits at least.
    #[inline]
    pub fn number(&mut self, number: u32, digits: usize) -> &mut Line {
        let (mut text, mut rest, mut at) = ([b'0'; 10], number, 10);
        while rest > 0 {
            at -= 1;
            text[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        text[at.min(10 - digits)..].iter().for_each(|c| self.push(*c));
        self
    }
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }

    /// `2020-01-02`
    pub fn day(&mut self, day: Day) -> &mut Line {
        self.number(day.year.into(), 4).push(b'-');
        self.number(day.month.into(), 2).push(b'-');
        self.number(day.day.into(), 2)
    }
    /// `03:04:05.000006`, as far as `precision` says.
    pub fn clock(&mut self, clock: Clock, precision: Precision) -> &mut Line {
        self.number(clock.hour.into(), 2);
        if precision == Precision::Hours {
            return self;
        }
        self.push(b':');
        self.number(clock.minute.into(), 2);
        if precision == Precision::Minutes {
            return self;
        }
        self.push(b':');
        self.number(clock.second.into(), 2);
        match precision {
            Precision::Auto if clock.microsecond == 0 => {}
            Precision::Milliseconds => {
                self.push(b'.');
                self.number(clock.microsecond / 1000, 3);
            }
            Precision::Auto | Precision::Microseconds => {
                self.push(b'.');
                self.number(clock.microsecond, 6);
            }
            _ => {}
        }
        self
    }
    /// `+01:30`, with the text between its parts that is given.
    pub fn offset(&mut self, offset: Span, between: &str) -> &mut Line {
        let micros = offset.micros();
        self.push(if micros < 0 { b'-' } else { b'+' });
        let (seconds, micros) = ((micros.unsigned_abs() / 1_000_000) as u32, micros.unsigned_abs() % 1_000_000);
        self.number(seconds / 3600, 2).push_str(between);
        self.number(seconds / 60 % 60, 2);
        if seconds % 60 != 0 || micros != 0 {
            self.push_str(between);
            self.number(seconds % 60, 2);
        }
        if micros != 0 {
            self.push(b'.');
            self.number(micros as u32, 6);
        }
        self
    }
    /// `Thu Jan  2 03:04:05 2020`
    pub fn ctime(&mut self, day: Day, clock: Clock) -> &mut Line {
        let short = |names: &'static [&'static str], at: i64| {
            usize::try_from(at).ok().and_then(|at| names.get(at)?.get(..3)).unwrap_or("?")
        };
        self.push_str(short(&DAYS, (day.weekday() + 1) % 7));
        self.push(b' ');
        self.push_str(short(&MONTHS, i64::from(day.month) - 1));
        self.push(b' ');
        if day.day < 10 {
            self.push(b' ');
        }
        self.number(day.day.into(), 1).push(b' ');
        self.clock(clock, Precision::Seconds).push(b' ');
        self.number(day.year.into(), 4)
    }
}

/// What `isoformat` writes of a time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Precision {
    /// Microseconds, if there are any.
    Auto,
    Hours,
    Minutes,
    Seconds,
    Milliseconds,
    Microseconds,
}

impl Precision {
    /// Of the argument `timespec`, which is the one of that number. `TypeError`, `ValueError`.
    pub fn of(cx: &Cx, given: &Given, position: usize) -> Res<Precision> {
        let Some(given) = &given.0 else { return Ok(Precision::Auto) };
        super::args::expect_str(cx, "isoformat", position, given)?;
        match cx.str(given)?.as_str() {
            "auto" => Ok(Precision::Auto),
            "hours" => Ok(Precision::Hours),
            "minutes" => Ok(Precision::Minutes),
            "seconds" => Ok(Precision::Seconds),
            "milliseconds" => Ok(Precision::Milliseconds),
            "microseconds" => Ok(Precision::Microseconds),
            text if text.contains('\0') => Err(cx.value_error("embedded null character")),
            _ => Err(cx.value_error("Unknown timespec value")),
        }
    }
}

// ---- strftime ----------------------------------------------------------------------------------------------------------

/// What `strftime` writes: the fields for `time.strftime`, and what that does not know.
pub struct Subject<'a> {
    pub fields: Value,
    pub microsecond: u32,
    pub zone: Value,
    /// What the zone is asked about.
    pub asked: &'a Value,
}

impl Subject<'_> {
    /// Writes it as a format (a str) says. Runs Python.
    pub fn strftime(&self, cx: &Cx, format: &Value) -> Res {
        let Some(text) = Str::of(format) else { return Err(cx.type_error("a format is a str")) };
        cx.work_on_bytes(text.len())?;
        let (mut out, mut copied, mut at) = (None, 0, 0);
        let letter = |at: usize| if at < text.len() { char::from_u32(text.chars().at(at)) } else { None };
        while at + 1 < text.len() {
            if letter(at) != Some('%') {
                at += 1;
                continue;
            }
            if let Some((spec, len)) = Spec::of(letter(at + 1), letter(at + 2))
                && let Some(written) = self.written(cx, spec)?
            {
                let out = out.get_or_insert_with(|| StrWriter::new(cx));
                out.push_value(&text.slice(cx, copied, at)?)?;
                out.push_value(&written)?;
                at += 1 + len;
                copied = at;
                continue;
            }
            // What is none of ours is left to `time.strftime`, with the character behind it, which may be a second `%`.
            at += 2;
        }
        let format = match out {
            None => format.clone(),
            Some(mut out) => {
                out.push_value(&text.slice(cx, copied, text.len())?)?;
                out.finish()?
            }
        };
        cx.call(&cx.attr(&cx.import("time")?, "strftime")?, (format, &self.fields))
    }
    /// What a conversion writes; nothing if it is to be written by `time.strftime`.
    fn written(&self, cx: &Cx, spec: Spec) -> Res<Option<Value>> {
        let mut line = Line::default();
        match spec {
            Spec::Micros => drop(line.number(self.microsecond, 6)),
            Spec::Offset(between) => {
                if let Some(offset) = zone::offset(cx, &self.zone, "utcoffset", self.asked)? {
                    line.offset(offset, between);
                }
            }
            Spec::Name => {
                let name = zone::name(cx, &self.zone, self.asked)?;
                if !name.is_none() {
                    let name = cx.call_method(&name, "replace", ("%", "%%"))?;
                    if !cx.is_str(&name) {
                        return Err(cx.type_error("tzname.replace() did not return a string"));
                    }
                    return Ok(Some(name));
                }
            }
            Spec::Year(letter) => {
                let year = cx.long(&cx.item_at(&self.fields, 0)?)?;
                // Four digits are written as they are; C pads no year.
                if year >= 1000 {
                    return Ok(None);
                }
                let year = if letter == 'G' { self.week_year(cx)? } else { year };
                let shown = format!("{year:04}");
                let shown = if letter == 'C' { &shown[..shown.len() - 2] } else { &shown };
                line.push_str(shown);
                line.push_str(if letter == 'F' { "-%m-%d" } else { "" });
            }
        }
        line.as_str().into_value(cx).map(Some)
    }
    /// The year that the week belongs to.
    fn week_year(&self, cx: &Cx) -> Res<i64> {
        let strftime = cx.attr(&cx.import("time")?, "strftime")?;
        let year = cx.call(&strftime, ("%G", &self.fields))?;
        cx.long(&cx.call(&cx.builtin("int")?, (year,))?)
    }
}

/// A conversion that `time.strftime` does not know, or writes otherwise.
#[derive(Clone, Copy)]
enum Spec {
    Micros,
    Offset(&'static str),
    Name,
    Year(char),
}

impl Spec {
    /// Of the two characters behind a `%`, and how many of them it takes.
    fn of(first: Option<char>, second: Option<char>) -> Option<(Spec, usize)> {
        match (first?, second) {
            ('f', _) => Some((Spec::Micros, 1)),
            ('z', _) => Some((Spec::Offset(""), 1)),
            (':', Some('z')) => Some((Spec::Offset(":"), 2)),
            ('Z', _) => Some((Spec::Name, 1)),
            (letter @ ('Y' | 'G' | 'C' | 'F'), _) => Some((Spec::Year(letter), 1)),
            _ => None,
        }
    }
}
