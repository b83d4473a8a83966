//! `strftime`, as the C library of Linux has it in the locale "C".
//!
//! ```text
//! %[flags][width][E or O]letter        flags: _ with blanks, - unpadded, 0 with zeros, ^ upper case, # the other case
//! ```
//!
//! What is no such thing stands for itself. The C library sees a format in pieces, between characters that are not ASCII.

use ryokan_vm::native::*;

use super::calendar::{DAYS, MONTHS, Moment, days_of};
use super::zone::{self, Zone};
use super::counted;

pub fn strftime(cx: &Cx, args: Args<'_>) -> Res {
    let args = counted(cx, args, "strftime", 1, 2)?;
    let (format, tuple) = (&args[0], args.get(1));
    if !cx.is_str(format) {
        let kind = cx.arg_name(format);
        return Err(cx.type_error(format_args!("strftime() argument 1 must be str, not {kind}")));
    }
    let format = cx.code_points(format)?;
    let moment = Moment::of_argument(cx, tuple, "strftime")?;
    let zone_name = match &moment.zone {
        Some(name) => name.clone(),
        None if moment.dst < 0 => String::new(),
        None => zone::name(cx, moment.dst > 0)?,
    };
    let seconds = Zone::with(cx, |zone| zone.to_seconds(moment.local_seconds(), moment.dst))?;
    let writer = Writer { cx, moment: &moment, zone: &zone_name, seconds };
    let mut out = StrWriter::new(cx);
    let mut rest = &format[..];
    while let Some(&c) = rest.first() {
        let ascii = rest.iter().take_while(|c| matches!(c, 1..=127)).count();
        if ascii == 0 {
            out.push_char(c)?;
            rest = &rest[1..];
            continue;
        }
        let (piece, behind) = rest.split_at(ascii);
        let piece: String = piece.iter().filter_map(|c| char::from_u32(*c)).collect();
        out.push_str(&writer.piece(&piece)?.unwrap_or_default())?;
        rest = behind;
    }
    out.finish()
}

/// What a piece may become at most: room is made for it in doubles, until it is 256 times the piece of the format.
fn limit(len: usize) -> usize {
    len.saturating_mul(256).max(1024).checked_next_power_of_two().unwrap_or(usize::MAX)
}

/// What stands between `%` and the letter.
#[derive(Clone, Copy, Default)]
struct Spec {
    pad: Option<char>,
    upper: bool,
    change: bool,
    width: usize,
    modifier: Option<char>,
}

/// Writes a moment.
struct Writer<'a> {
    cx: &'a Cx,
    moment: &'a Moment,
    zone: &'a str,
    seconds: i64,
}

impl Writer<'_> {
    /// A piece of a format; nothing if it becomes too long.
    fn piece(&self, format: &str) -> Res<Option<String>> {
        let limit = limit(format.len());
        let mut out = String::new();
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            self.cx.work(1)?;
            out.push_str(&rest[..at]);
            let (spec, letter, len) = read(&rest[at..]);
            if spec.width >= limit || out.len() >= limit {
                return Ok(None);
            }
            self.conversion(&mut out, spec, letter, &rest[at..at + len]);
            rest = &rest[at + len..];
        }
        out.push_str(rest);
        Ok(Some(out).filter(|out| out.len() < limit))
    }

    /// One conversion; `whole` is how it is written.
    fn conversion(&self, out: &mut String, spec: Spec, letter: Option<char>, whole: &str) {
        let allowed = match spec.modifier {
            Some('E') => "cCxXyYntpPrRsTuzZ%",
            Some(_) => "bdeghjklmnprstuwyzBCGHIMPRSTUVWZ%",
            None => "abcdeghjklmnprstuwxyzABCDFGHIMPRSTUVWXYZ%",
        };
        let Some(letter) = letter.filter(|letter| allowed.contains(*letter)) else {
            return text(out, Spec { change: false, ..spec }, whole);
        };
        match letter {
            'a' | 'A' | 'b' | 'h' | 'B' | 'p' | 'P' | 'n' | 't' | '%' | 'Z' => self.word(out, spec, letter),
            'c' => self.several(out, spec, "%a %b %e %H:%M:%S %Y"),
            'D' | 'x' => self.several(out, spec, "%m/%d/%y"),
            'T' | 'X' => self.several(out, spec, "%H:%M:%S"),
            'R' => self.several(out, spec, "%H:%M"),
            'r' => self.several(out, spec, "%I:%M:%S %p"),
            'F' => self.several(out, spec, "%Y-%m-%d"),
            's' => text(out, spec, &self.seconds.to_string()),
            'z' => self.offset(out, spec),
            _ => self.field(out, spec, letter),
        }
    }

    /// A conversion that is short for others.
    fn several(&self, out: &mut String, spec: Spec, format: &str) {
        let mut parts = String::new();
        let mut rest = format;
        while let Some(at) = rest.find('%') {
            parts.push_str(&rest[..at]);
            let (part, letter, len) = read(&rest[at..]);
            self.conversion(&mut parts, part, letter, &rest[at..at + len]);
            rest = &rest[at + len..];
        }
        parts.push_str(rest);
        text(out, Spec { change: false, ..spec }, &parts);
    }

    fn word(&self, out: &mut String, spec: Spec, letter: char) {
        let m = self.moment;
        let name = |names: &'static [&'static str], at: i64| names.get(at as usize).copied().unwrap_or("?");
        let (day, month) = (name(&DAYS, m.weekday), name(&MONTHS, m.month));
        let half = if m.hour < 12 { "AM" } else { "PM" };
        let upper = Spec { upper: spec.upper || spec.change, ..spec };
        let lower = half.to_ascii_lowercase();
        match letter {
            'a' => text(out, upper, &day[..3.min(day.len())]),
            'A' => text(out, upper, day),
            'b' | 'h' => text(out, upper, &month[..3.min(month.len())]),
            'B' => text(out, upper, month),
            'p' if spec.change => text(out, Spec { upper: false, ..spec }, &lower),
            'p' => text(out, spec, half),
            'P' => text(out, Spec { upper: false, ..spec }, &lower),
            'n' => text(out, spec, "\n"),
            't' => text(out, spec, "\t"),
            'Z' if spec.pad == Some('-') => text(out, Spec { width: 0, ..spec }, self.zone),
            'Z' => text(out, spec, self.zone),
            _ => text(out, spec, "%"),
        }
    }

    fn field(&self, out: &mut String, spec: Spec, letter: char) {
        let m = self.moment;
        let half_day = if m.hour % 12 == 0 { 12 } else { m.hour % 12 };
        let (value, digits) = match letter {
            'Y' => (m.year, 1),
            'C' => (m.year.div_euclid(100), 1),
            'y' => (m.year.rem_euclid(100), 2),
            'G' => (iso_week(m).0, 1),
            'g' => (iso_week(m).0.rem_euclid(100), 2),
            'V' => (iso_week(m).1, 2),
            'm' => (m.month + 1, 2),
            'd' | 'e' => (m.day, 2),
            'H' | 'k' => (m.hour, 2),
            'I' | 'l' => (half_day, 2),
            'M' => (m.minute, 2),
            'S' => (m.second, 2),
            'j' => (m.yearday + 1, 3),
            'U' => ((m.yearday - m.weekday + 7) / 7, 2),
            'W' => ((m.yearday - (m.weekday + 6) % 7 + 7) / 7, 2),
            'u' => ((m.weekday + 6) % 7 + 1, 1),
            _ => (m.weekday, 1),
        };
        let pad = if matches!(letter, 'e' | 'k' | 'l') { '_' } else { '0' };
        number(out, Spec { pad: spec.pad.or(Some(pad)), ..spec }, value, digits);
    }

    /// `+0130`, of hours and minutes.
    fn offset(&self, out: &mut String, spec: Spec) {
        let m = self.moment;
        if m.dst < 0 {
            return;
        }
        let minutes = m.offset.unsigned_abs() / 60;
        text(out, spec, if m.offset < 0 { "-" } else { "+" });
        let value = (minutes / 60 * 100 + minutes % 60) as i64;
        number(out, Spec { pad: spec.pad.or(Some('0')), ..spec }, value, 4);
    }
}

/// Reads a conversion: what it is, its letter, and how long it is.
fn read(format: &str) -> (Spec, Option<char>, usize) {
    let mut spec = Spec::default();
    let mut at = 1;
    let mut chars = format.char_indices().skip(1).peekable();
    while let Some((_, c)) = chars.next_if(|(_, c)| "_-0^#".contains(*c)) {
        match c {
            '^' => spec.upper = true,
            '#' => spec.change = true,
            _ => spec.pad = Some(c),
        }
        at += 1;
    }
    while let Some((_, c)) = chars.next_if(|(_, c)| c.is_ascii_digit()) {
        spec.width = spec.width.saturating_mul(10).saturating_add(c as usize - '0' as usize);
        at += 1;
    }
    if let Some((_, c)) = chars.next_if(|(_, c)| matches!(c, 'E' | 'O')) {
        spec.modifier = Some(c);
        at += 1;
    }
    let letter = chars.next().map(|(_, c)| c);
    (spec, letter, at + letter.map_or(0, char::len_utf8))
}

/// Text, padded in front.
fn text(out: &mut String, spec: Spec, text: &str) {
    let pad = if spec.pad == Some('0') { '0' } else { ' ' };
    out.extend(std::iter::repeat_n(pad, spec.width.saturating_sub(text.len())));
    if spec.upper {
        out.push_str(&text.to_ascii_uppercase());
    } else {
        out.push_str(text);
    }
}

/// A number of so many digits at least.
fn number(out: &mut String, spec: Spec, value: i64, digits: usize) {
    let (sign, shown) = (if value < 0 { "-" } else { "" }, value.unsigned_abs().to_string());
    let least = if spec.pad == Some('-') { 0 } else { digits };
    let fill = spec.width.max(least).saturating_sub(sign.len() + shown.len());
    if spec.pad == Some('0') {
        out.push_str(sign);
        out.extend(std::iter::repeat_n('0', fill));
    } else {
        out.extend(std::iter::repeat_n(' ', fill));
        out.push_str(sign);
    }
    out.push_str(&shown);
}

/// The year and the number of a week as ISO 8601 counts them: weeks begin on Monday and belong to the year of their Thursday.
fn iso_week(m: &Moment) -> (i64, i64) {
    let leap = |year: i64| i64::from(days_of(year + 1, 1, 1) - days_of(year, 1, 1) == 366);
    // The days since the Monday of the year's first week.
    let since = |yearday: i64| {
        let big = 3 * 7;
        yearday - (yearday - m.weekday + 4 + big * 20).rem_euclid(7) + 3
    };
    let here = since(m.yearday);
    if here < 0 {
        let before = m.year - 1;
        return (before, since(m.yearday + 365 + leap(before)) / 7 + 1);
    }
    let beyond = since(m.yearday - 365 - leap(m.year));
    if beyond >= 0 { (m.year + 1, beyond / 7 + 1) } else { (m.year, here / 7 + 1) }
}
