//! `repr` and `ascii` of text.

use super::build::StrBuilder;
use super::unicode::is_printable;
use super::{Chars, Str};
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// Writes a number in `digits` lower-case hexadecimal digits.
pub(crate) fn push_hex(out: &mut StrBuilder<'_>, number: u32, digits: u32) -> Res<()> {
    for at in (0..digits).rev() {
        let digit = number >> (4 * at) & 15;
        out.push_char(if digit < 10 { 0x30 + digit } else { 0x57 + digit })?;
    }
    Ok(())
}

/// Writes `\xhh`, `\uhhhh` or `\Uhhhhhhhh`.
pub(crate) fn push_escape(out: &mut StrBuilder<'_>, c: u32) -> Res<()> {
    let (kind, digits) = match c {
        0..0x100 => ("\\x", 2),
        0x100..0x1_0000 => ("\\u", 4),
        _ => ("\\U", 8),
    };
    out.push_str(kind)?;
    push_hex(out, c, digits)
}

/// Whether a character stands for itself between quotes (quotes themselves excepted).
fn is_plain(c: u32) -> bool {
    c != 0x5C && is_printable(c)
}

/// Appends the repr of characters; what is not ASCII is escaped if `ascii_only` says so.
pub fn push_repr(out: &mut StrBuilder<'_>, chars: Chars<'_>, ascii_only: bool) -> Res<()> {
    let has = |quote: u32| chars.iter().any(|c| c == quote);
    let quote = if has(0x27) && !has(0x22) { 0x22 } else { 0x27 };
    out.reserve(chars.len() + 2)?;
    out.push_char(quote)?;
    let mut plain_from = 0;
    for (at, c) in chars.iter().enumerate() {
        if c != quote && is_plain(c) && (c < 0x80 || !ascii_only) {
            continue;
        }
        out.push_chars(chars.slice(plain_from, at))?;
        plain_from = at + 1;
        match c {
            0x09 => out.push_str("\\t")?,
            0x0A => out.push_str("\\n")?,
            0x0D => out.push_str("\\r")?,
            0x5C => out.push_str("\\\\")?,
            c if c == quote => {
                out.push_char(0x5C)?;
                out.push_char(c)?;
            }
            c => push_escape(out, c)?,
        }
    }
    out.push_chars(chars.slice(plain_from, chars.len()))?;
    out.push_char(quote)
}

/// `repr` of a str.
pub fn repr(vm: &Vm, this: &Value) -> Res {
    vm.written(this, write)
}

/// Appends `repr` of a str.
pub fn write(_: &Vm, this: &Value, out: &mut StrBuilder<'_>) -> Res<()> {
    push_repr(out, super::args::text(this).chars(), false)
}

impl Vm {
    /// `ascii(value)`: the repr with everything beyond ASCII escaped. Runs Python and raises as [`Vm::repr`]; `MemoryError`.
    pub fn ascii(&self, value: &Value) -> Res {
        let shown = self.repr(value)?;
        let Some(text) = shown.get::<Str>().filter(|text| !text.is_ascii()) else { return Ok(shown) };
        let mut out = StrBuilder::new(self);
        for c in text.chars().iter() {
            if c < 0x80 { out.push_char(c)? } else { push_escape(&mut out, c)? }
        }
        out.finish()
    }
}
