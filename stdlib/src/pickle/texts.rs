//! Numbers, strs and bytes of a pickle: what lines and counted bytes say.

use ryokan_vm::native::*;

use super::UNPICKLING_ERROR;
use super::input::truncated;
use super::load::Loader;

/// What a C string says: as far as a NUL.
fn c_string(line: &[u8]) -> &[u8] {
    line.split(|byte| *byte == 0).next().unwrap_or_default()
}

impl Loader<'_> {
    /// A line that says something, with its newline.
    fn full_line(&mut self) -> Res<Vector<u8>> {
        let line = self.input.line()?;
        if line.len() < 2 { Err(truncated(self.cx)) } else { Ok(line) }
    }
    /// The str of bytes, of an encoding.
    pub fn decoded(&self, bytes: &[u8], encoding: &str) -> Res {
        self.cx.call_method(&bytes.into_value(self.cx)?, "decode", (encoding,))
    }
    /// `int(text, 0)`. Runs Python; `ValueError`.
    fn int_of(&self, text: &[u8], base: i64) -> Res {
        let text = self.decoded(c_string(text), "utf-8")?;
        self.cx.call(&self.cx.builtin("int")?, (text, base))
    }
    /// An index, as a line says it.
    pub fn index_line(&mut self) -> Res<i64> {
        let line = self.full_line()?;
        let number = self.int_of(&line, 10)?;
        self.cx.index(&number).map_err(|raised| match self.cx.catch(raised, "IndexError") {
            Ok(_) => self.cx.overflow_error("Python int too large to convert to C ssize_t"),
            Err(raised) => raised,
        })
    }
    /// An int, or a bool, as a line says it.
    pub fn int_line(&mut self) -> Res<()> {
        let cx = self.cx;
        let line = self.full_line()?;
        let text = c_string(&line);
        let bare = text.strip_suffix(b"\n").unwrap_or(text);
        let made = match strtol(bare) {
            Some(number @ (0 | 1)) if line.len() == 3 => Value::bool(number == 1),
            Some(number) => number.into_value(cx)?,
            None => self.int_of(&line, 0).map_err(|raised| match cx.catch(raised, "ValueError") {
                Ok(_) => cx.value_error("could not convert string to int"),
                Err(raised) => raised,
            })?,
        };
        self.stack.push(made)
    }
    /// An int, as a line says it that may end in `L`.
    pub fn long_line(&mut self) -> Res<()> {
        let line = self.full_line()?;
        let text = match &line[..] {
            [text @ .., b'L', _] => text,
            text => text,
        };
        let made = self.int_of(text, 0)?;
        self.stack.push(made)
    }
    /// An int of so many bytes, in two's complement, the lowest first.
    pub fn long(&mut self, count: i64) -> Res<()> {
        let cx = self.cx;
        let Ok(count) = usize::try_from(count) else {
            return Err(cx.raise_of(&UNPICKLING_ERROR, "LONG pickle has negative byte count"));
        };
        let made = if count <= 16 {
            let bytes = self.input.take(count)?;
            let filler = if bytes.last().is_some_and(|byte| byte & 0x80 != 0) { 0xff } else { 0 };
            let mut all = [filler; 16];
            all[..count].copy_from_slice(bytes);
            i128::from_le_bytes(all).into_value(cx)?
        } else {
            let bytes = self.input.bytes(count)?;
            let from_bytes = cx.attr(&cx.builtin("int")?, "from_bytes")?;
            let slots = [bytes, cx.intern("little")?, Value::TRUE];
            cx.call_named(&from_bytes, &slots, &[cx.intern("signed")?])?
        };
        self.stack.push(made)
    }
    /// A float, as a line says it.
    pub fn float_line(&mut self) -> Res<()> {
        let cx = self.cx;
        let line = self.full_line()?;
        let text = c_string(&line);
        let text = text.strip_suffix(b"\n").unwrap_or(text);
        let shown = String::from_utf8_lossy(text);
        // What `float` takes beyond the number itself, this does not.
        let plain = !text.is_empty() && !text.iter().any(|byte| *byte == b'_' || byte.is_ascii_whitespace() || *byte >= 0x80);
        if !plain {
            let starts = text.first().is_some_and(|byte| byte.is_ascii_digit() || b"+-.".contains(byte));
            let message = match starts && !text.is_empty() {
                true => "could not convert string to float".to_string(),
                false => format!("could not convert string to float: {:?}", shown).replace('"', "'"),
            };
            return Err(cx.value_error(message));
        }
        let number = cx.call(&cx.builtin("float")?, (&*shown,))?;
        if cx.float_value(&number).is_some_and(f64::is_infinite) && !shown.to_ascii_lowercase().contains("inf") {
            return Err(cx.overflow_error(format_args!("value too large to convert to float: {shown}")));
        }
        self.stack.push(number)
    }

    /// The str of bytes that Python 2 had as a str; or the bytes, if that is the encoding.
    fn old_str(&self, bytes: Value) -> Res {
        if self.encoding == "bytes" {
            return Ok(bytes);
        }
        self.cx.call_method(&bytes, "decode", (self.encoding.as_str(), self.errors.as_str()))
    }
    /// A str of Python 2, as a line says it: in quotes.
    pub fn string_line(&mut self) -> Res<()> {
        let cx = self.cx;
        let line = self.input.line()?;
        let text = &line[..line.len().saturating_sub(1)];
        let quoted = match text {
            [open @ (b'\'' | b'"'), quoted @ .., close] if open == close => quoted,
            _ => return Err(cx.raise_of(&UNPICKLING_ERROR, "the STRING opcode argument must be quoted")),
        };
        let unescaped = cx.call_method(&cx.import("_codecs")?, "escape_decode", (quoted,))?;
        let bytes = cx.item_at(&unescaped, 0)?;
        let made = self.old_str(bytes)?;
        self.stack.push(made)
    }
    /// A str of Python 2, of counted bytes.
    pub fn string(&mut self, count: i64) -> Res<()> {
        let Ok(count) = usize::try_from(count) else {
            return Err(self.cx.raise_of(&UNPICKLING_ERROR, "BINSTRING pickle has negative byte count"));
        };
        let bytes = self.sized_bytes(count)?;
        let made = self.old_str(bytes)?;
        self.stack.push(made)
    }
    /// A number of bytes that are to lie in one piece.
    fn sized_bytes(&mut self, count: usize) -> Res {
        self.cx.work_on_bytes(count)?;
        self.input.take(count)?.into_value(self.cx)
    }
    /// A str, as a line says it in Latin-1 with escapes.
    pub fn unicode_line(&mut self) -> Res<()> {
        let line = self.input.line()?;
        let made = self.decoded(&line[..line.len().saturating_sub(1)], "raw-unicode-escape")?;
        self.stack.push(made)
    }
    /// A size of eight bytes. `UnpicklingError` if no object can be so large.
    pub fn size(&self, bytes: [u8; 8], what: &str) -> Res<usize> {
        let size = u64::from_le_bytes(bytes);
        usize::try_from(size).ok().filter(|size| *size <= isize::MAX as usize).ok_or(()).map_err(|()| {
            let most = isize::MAX;
            let message = format_args!("{what} exceeds system's maximum size of {most} bytes");
            self.cx.raise_of(&UNPICKLING_ERROR, message)
        })
    }
    /// A str of counted bytes in UTF-8, which may have lone surrogates.
    #[inline]
    pub fn unicode(&mut self, count: usize) -> Res<()> {
        let cx = self.cx;
        cx.work_on_bytes(count)?;
        let bytes = self.input.take(count)?;
        let made = if bytes.is_ascii() {
            Chars::One(bytes).into_value(cx)?
        } else if let Ok(text) = std::str::from_utf8(bytes) {
            text.into_value(cx)?
        } else {
            let bytes = bytes.into_value(cx)?;
            cx.call_method(&bytes, "decode", ("utf-8", "surrogatepass"))?
        };
        self.stack.push(made)
    }
    pub fn bytes(&mut self, count: usize) -> Res<()> {
        let made = self.input.bytes(count)?;
        self.stack.push(made)
    }
    pub fn bytearray(&mut self, count: usize) -> Res<()> {
        let bytes = self.input.bytes(count)?;
        let made = match Bytes::of(&bytes) {
            Some(bytes) => ByteArray::new(self.cx, bytes.as_slice())?.into_value(),
            None => bytes,
        };
        self.stack.push(made)
    }
    /// A name in a line. `UnicodeDecodeError`.
    pub fn name_line(&mut self, encoding: &str) -> Res {
        let line = self.full_line()?;
        self.decoded(&line[..line.len() - 1], encoding)
    }
    /// The name that an object has outside, in a line.
    pub fn outside_name(&mut self) -> Res {
        let cx = self.cx;
        let line = self.input.line()?;
        self.decoded(&line[..line.len().saturating_sub(1)], "ascii").map_err(|raised| {
            match cx.catch(raised, "UnicodeDecodeError") {
                Ok(first) => {
                    let message = "persistent IDs in protocol 0 must be ASCII strings";
                    cx.chain(cx.raise_of(&UNPICKLING_ERROR, message), first)
                }
                Err(raised) => raised,
            }
        })
    }
}

/// The number that C's `strtol` reads in a whole text with a base of its own choice, if it fits.
fn strtol(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', next, ..] if next.is_ascii_hexdigit() => (16, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| char::from(byte).is_digit(base)) {
        return None;
    }
    let magnitude = i128::from_str_radix(digits, base).ok()?;
    i64::try_from(if negative { -magnitude } else { magnitude }).ok()
}
