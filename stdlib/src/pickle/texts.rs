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
    /// `int(text)`. Runs Python; `ValueError`.
    fn int_of(&self, text: &[u8]) -> Res {
        let text = self.decoded(c_string(text), "utf-8")?;
        self.cx.call(&self.cx.builtin("int")?, (text, 10))
    }
    /// An index, as a line says it.
    pub fn index_line(&mut self) -> Res<i64> {
        let line = self.full_line()?;
        self.index_of(&line)
    }
    /// The same, and the object on top, which is to be remembered under it.
    pub fn index_line_and_top(&mut self) -> Res<(i64, Value)> {
        let line = self.full_line()?;
        let value = self.stack.top()?;
        Ok((self.index_of(&line)?, value))
    }
    fn index_of(&self, line: &[u8]) -> Res<i64> {
        let number = self.int_of(line)?;
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
            None => self.int_of(&line).map_err(|raised| match cx.catch(raised, "ValueError") {
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
        let made = self.int_of(text)?;
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
        let shown = || String::from_utf8_lossy(&text[..text.len().min(200)]).into_owned();
        let (number, rest) = match float_prefix(text).and_then(|len| std::str::from_utf8(&text[..len]).ok()) {
            Some(number) => (number, &text[number.len()..]),
            None => return Err(cx.value_error(format_args!("could not convert string to float: '{}'", shown()))),
        };
        let value = cx.call(&cx.builtin("float")?, (number,))?;
        let is_infinite = cx.float_value(&value).is_some_and(f64::is_infinite);
        if is_infinite && number.bytes().any(|byte| byte.is_ascii_digit()) {
            return Err(cx.overflow_error(format_args!("value too large to convert to float: '{}'", shown())));
        }
        if !matches!(rest, [] | [b'\n', ..]) {
            return Err(cx.value_error("could not convert string to float"));
        }
        self.stack.push(value)
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
        let cx = self.cx;
        let line = self.input.line()?;
        let text = &line[..line.len().saturating_sub(1)];
        let decoded = cx.call_method(&cx.import("_codecs")?, "raw_unicode_escape_decode", (text,))?;
        let made = cx.item_at(&decoded, 0)?;
        self.stack.push(made)
    }
    /// A size of eight bytes. `OverflowError` if no object can be so large.
    pub fn size(&self, bytes: [u8; 8], what: &str) -> Res<usize> {
        let size = u64::from_le_bytes(bytes);
        usize::try_from(size).ok().filter(|size| *size <= isize::MAX as usize).ok_or(()).map_err(|()| {
            let most = isize::MAX;
            let message = format_args!("{what} exceeds system's maximum size of {most} bytes");
            self.cx.overflow_error(message)
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
                Ok(_) => cx.raise_of(&UNPICKLING_ERROR, "persistent IDs in protocol 0 must be ASCII strings"),
                Err(raised) => raised,
            }
        })
    }
}

/// How much of a text is a float.
fn float_prefix(text: &[u8]) -> Option<usize> {
    let digits = |from: usize| text[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let sign = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    for word in ["infinity", "inf", "nan"] {
        if text[sign..].get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes())) {
            return Some(sign + word.len());
        }
    }
    let whole = digits(sign);
    let mut end = sign + whole;
    if text.get(end) == Some(&b'.') {
        let part = digits(end + 1);
        if whole + part > 0 {
            end += 1 + part;
        }
    }
    if end == sign {
        return None;
    }
    if matches!(text.get(end), Some(b'e' | b'E')) {
        let from = end + 1 + usize::from(matches!(text.get(end + 1), Some(b'+' | b'-')));
        let power = if from <= text.len() { digits(from) } else { 0 };
        if power > 0 {
            end = from + power;
        }
    }
    Some(end)
}

/// The number that C's `strtol` reads in a whole text, if it fits.
fn strtol(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?.trim_start_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return if text.is_empty() { Some(0) } else { None };
    }
    text.parse().ok()
}
