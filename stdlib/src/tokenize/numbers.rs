//! Numbers.

use ryokan_vm::native::*;

use super::kinds::NUMBER;
use super::lines::{END, Lines};
use super::scan::{Scanner, is, one_of};

fn is_digit(c: u32) -> bool {
    (u32::from(b'0')..=u32::from(b'9')).contains(&c)
}

/// A base that a prefix names.
struct Base {
    name: &'static str,
    is_digit: fn(u8) -> bool,
}

fn base_of(letter: u32) -> Option<Base> {
    let (name, is_digit): (_, fn(u8) -> bool) = match u8::try_from(letter).ok()? {
        b'x' | b'X' => ("hexadecimal", |c| c.is_ascii_hexdigit()),
        b'o' | b'O' => ("octal", |c| matches!(c, b'0'..=b'7')),
        b'b' | b'B' => ("binary", |c| matches!(c, b'0' | b'1')),
        _ => return None,
    };
    Some(Base { name, is_digit })
}

impl Scanner {
    /// A number whose first character, a digit, was read.
    pub fn number(&mut self, lines: Lines, first: u32) -> Res<u8> {
        if !is(first, b'0') {
            let c = self.decimal_tail(lines)?;
            return self.behind_digits(lines, c);
        }
        let c = self.take(lines)?;
        if let Some(base) = base_of(c) {
            return self.of_base(lines, base);
        }
        // Zeros alone are fine; what begins with them must be a float, or imaginary.
        let mut c = c;
        let mut zero = true;
        loop {
            if is(c, b'_') {
                c = self.take(lines)?;
                if !is_digit(c) {
                    self.text.back(c);
                    return Err(self.text.error(lines, "invalid decimal literal"));
                }
            }
            if !is(c, b'0') {
                break;
            }
            c = self.take(lines)?;
        }
        let behind_zeros = self.text.at;
        if is_digit(c) {
            zero = false;
            c = self.decimal_tail(lines)?;
        }
        if !zero && !self.extra && !one_of(c, b".eEjJ") {
            self.text.back(c);
            let from = self.start - self.text.line_start + 1;
            let to = behind_zeros - self.text.line_start;
            let message = "leading zeros in decimal integer literals are not permitted; use an 0o prefix for octal integers";
            return Err(self.text.error_at(lines, message, from, Some(to)));
        }
        self.behind_digits(lines, c)
    }
    /// What follows the point of a float, whose first digit there was read.
    pub fn fraction(&mut self, lines: Lines) -> Res<u8> {
        let c = self.decimal_tail(lines)?;
        self.exponent(lines, c)
    }
    /// Digits, of which the first was read, with single underscores between them; what comes behind them.
    fn decimal_tail(&mut self, lines: Lines) -> Res<u32> {
        loop {
            let mut c = self.take(lines)?;
            while is_digit(c) {
                c = self.take(lines)?;
            }
            if !is(c, b'_') {
                return Ok(c);
            }
            c = self.take(lines)?;
            if !is_digit(c) {
                self.text.back(c);
                return Err(self.text.error(lines, "invalid decimal literal"));
            }
        }
    }
    /// What may follow whole digits: `c` was read.
    fn behind_digits(&mut self, lines: Lines, c: u32) -> Res<u8> {
        if !is(c, b'.') {
            return self.exponent(lines, c);
        }
        let mut c = self.take(lines)?;
        if is_digit(c) {
            c = self.decimal_tail(lines)?;
        }
        self.exponent(lines, c)
    }
    fn exponent(&mut self, lines: Lines, mut c: u32) -> Res<u8> {
        if one_of(c, b"eE") {
            let e = c;
            c = self.take(lines)?;
            if one_of(c, b"+-") {
                c = self.take(lines)?;
                if !is_digit(c) {
                    self.text.back(c);
                    return Err(self.text.error(lines, "invalid decimal literal"));
                }
            } else if !is_digit(c) {
                self.text.back(c);
                return self.end(lines, e, "decimal");
            }
            c = self.decimal_tail(lines)?;
        }
        if one_of(c, b"jJ") {
            c = self.take(lines)?;
            return self.end(lines, c, "imaginary");
        }
        self.end(lines, c, "decimal")
    }
    /// Digits of a base whose prefix was read.
    fn of_base(&mut self, lines: Lines, base: Base) -> Res<u8> {
        let digit = |c: u32| u8::try_from(c).is_ok_and(base.is_digit);
        let decimal = base.name != "hexadecimal";
        let wrong = |c: u32| {
            let digit = char::from_u32(c).unwrap_or_default();
            format!("invalid digit '{digit}' in {} literal", base.name)
        };
        let mut c = self.take(lines)?;
        loop {
            if is(c, b'_') {
                c = self.take(lines)?;
            }
            if !digit(c) {
                if decimal && is_digit(c) {
                    return Err(self.text.error(lines, &wrong(c)));
                }
                self.text.back(c);
                return Err(self.text.error(lines, &format!("invalid {} literal", base.name)));
            }
            while digit(c) {
                c = self.take(lines)?;
            }
            if !is(c, b'_') {
                break;
            }
        }
        if decimal && is_digit(c) {
            return Err(self.text.error(lines, &wrong(c)));
        }
        self.end(lines, c, base.name)
    }
    /// The number is over, and `c` is the character behind it, which was read: one that could go on with a name is an error, unless
    /// it begins one of the keywords that can follow a number.
    fn end(&mut self, lines: Lines, c: u32, name: &str) -> Res<u8> {
        self.text.back(c);
        if self.extra || c == END || c >= 128 {
            return Ok(NUMBER);
        }
        let message = format!("invalid {name} literal");
        let rest = self.text.slice(self.text.at, self.text.at + 4);
        let begins = |word: &[u8]| {
            rest.len() >= word.len() && word.iter().zip(rest).all(|(a, b)| u32::from(*a) == *b)
        };
        const KEYWORDS: [&[u8]; 8] = [b"and", b"else", b"for", b"if", b"in", b"is", b"or", b"not"];
        if KEYWORDS.iter().any(|word| begins(word)) {
            self.text.warn(lines, &message, &message)?;
        } else if super::scan::in_name(c) {
            return Err(self.text.error(lines, &message));
        }
        Ok(NUMBER)
    }
}
