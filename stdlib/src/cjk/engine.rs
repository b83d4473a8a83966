//! Whole texts: character after character, and what error handlers say of those that have no code, and of bytes that are none.
//!
//! A handler is Python: while it runs, the codec's state lies in the object whose it is, where the handler may see and change it.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::codec::{Code, Codec, Next, Read, State, Wrote};

const ILLEGAL: &str = "illegal multibyte sequence";
const INCOMPLETE: &str = "incomplete multibyte sequence";

/// What is done about errors.
pub enum Handling {
    Strict,
    Ignore,
    Replace,
    /// The handler of this name is asked.
    Asked(Value),
}

impl Handling {
    /// Of a name, or of None.
    pub fn of(name: &Value) -> Handling {
        let Some(text) = Str::of(name) else { return Handling::Strict };
        match text.ascii() {
            Some("strict") => Handling::Strict,
            Some("ignore") => Handling::Ignore,
            Some("replace") => Handling::Replace,
            _ => Handling::Asked(name.clone()),
        }
    }
}

/// What both ways have in common: the codec, its state, and the exception that all errors of a run share, as handlers see it.
pub struct Run<'a> {
    pub cx: &'a Cx,
    pub codec: &'static Codec,
    pub state: &'a Cell<State>,
    pub errors: Handling,
    exception: Option<Value>,
}

impl<'a> Run<'a> {
    pub fn new(cx: &'a Cx, codec: &'static Codec, state: &'a Cell<State>, errors: Handling) -> Run<'a> {
        Run { cx, codec, state, errors, exception: None }
    }

    /// The exception about a place. Runs Python.
    fn exception(&mut self, make: impl FnOnce() -> Raised, range: (usize, usize), reason: &str) -> Res {
        let cx = self.cx;
        if let Some(exception) = &self.exception {
            cx.set_attr(exception, "start", range.0)?;
            cx.set_attr(exception, "end", range.1)?;
            cx.set_attr(exception, "reason", reason)?;
            return Ok(exception.clone());
        }
        let raised = make();
        if !cx.is_raised(&raised, "UnicodeError") {
            return Err(raised);
        }
        Ok(self.exception.insert(cx.take_raised(raised)).clone())
    }

    /// What the handler of a name answers: what stands for the bad part, and where to go on. It may go back for ever, so it is paid for.
    /// Runs Python; `TypeError`.
    fn ask(&self, name: &Value, exception: Value, encoding: bool) -> Res<(Value, Value)> {
        self.cx.work(1)?;
        let handler = self.cx.error_handler(name)?;
        let answer = self.cx.call(&handler, (exception,))?;
        if let Some(pair) = Tuple::of(&answer)
            && let [instead, place] = pair.as_slice()
            && (Str::of(instead).is_some() || encoding && Bytes::of(instead).is_some())
            && self.cx.is_int(place)
        {
            return Ok((instead.clone(), place.clone()));
        }
        let kind = if encoding { "encoding" } else { "decoding" };
        Err(self.cx.type_error(format_args!("{kind} error handler must return (str, int) tuple")))
    }

    /// The place that a handler named. What lies before the present one is read again, and paid for. `IndexError`.
    fn place(&self, place: &Value, now: usize, len: usize) -> Res<usize> {
        let named = match self.cx.small_int(place) {
            Some(place) if place < 0 => place.saturating_add(len as i64),
            Some(place) => place,
            None => -1,
        };
        match usize::try_from(named) {
            Ok(place) if place <= len => {
                self.cx.work_on_bytes(now.saturating_sub(place))?;
                Ok(place)
            }
            _ => {
                let message = format_args!("position {named} from error handler out of bounds");
                Err(self.cx.index_error(message))
            }
        }
    }

    #[cold]
    fn broken(&self) -> Raised {
        self.cx.runtime_error("internal codec error")
    }
}

// ---- encoding -------------------------------------------------------------------------------------------------------

impl Run<'_> {
    /// Writes the characters of a str from a place on, up to the end; but if it is not the `last`, one that the next character decides
    /// about is left. Runs Python (a handler); `UnicodeEncodeError`.
    pub fn encode(&mut self, text: &Str, at: &mut usize, last: bool, out: &mut ByteWriter<'_>) -> Res<()> {
        self.cx.work_on_bytes(text.len() - *at)?;
        while *at < text.len() {
            if self.codec.ascii
                && let Some(bytes) = text.narrow()
            {
                let run = bytes[*at..].iter().take_while(|byte| byte.is_ascii()).count();
                out.push(&bytes[*at..*at + run])?;
                *at += run;
                if *at == bytes.len() {
                    break;
                }
            }
            let next = match *at + 1 {
                next if next < text.len() => Next::Char(text.at(next)),
                _ if last => Next::End,
                _ => Next::Later,
            };
            match self.write(text.at(*at), next, out)? {
                Wrote::Chars(count) => *at += count,
                Wrote::Short if !last => break,
                Wrote::Short => self.cannot_encode(text, at, text.len() - *at, INCOMPLETE, out)?,
                Wrote::Bad => self.cannot_encode(text, at, 1, ILLEGAL, out)?,
            }
        }
        Ok(())
    }

    /// Writes a character.
    #[inline]
    fn write(&self, c: u32, next: Next, out: &mut ByteWriter<'_>) -> Res<Wrote> {
        let (mut state, mut code) = (self.state.get(), Code::default());
        let wrote = (self.codec.write)(self.codec, &mut state, c, next, &mut code);
        if let Wrote::Chars(_) = wrote {
            self.state.set(state);
            out.push(code.as_slice())?;
        }
        Ok(wrote)
    }

    /// Writes what ends a text.
    pub fn end(&self, out: &mut ByteWriter<'_>) -> Res<()> {
        let (mut state, mut code) = (self.state.get(), Code::default());
        (self.codec.end)(&mut state, &mut code);
        self.state.set(state);
        out.push(code.as_slice())
    }

    #[cold]
    fn cannot_encode(
        &mut self,
        text: &Str,
        at: &mut usize,
        count: usize,
        reason: &str,
        out: &mut ByteWriter<'_>,
    ) -> Res<()> {
        let (start, end) = (*at, *at + count);
        if let Handling::Ignore | Handling::Replace = self.errors {
            *at = end;
            if let Handling::Replace = self.errors
                && self.write(u32::from(b'?'), Next::Later, out)? != Wrote::Chars(1)
            {
                out.push(b"?")?;
            }
            return Ok(());
        }
        let (cx, name) = (self.cx, self.codec.name);
        let make = || cx.encode_error(name, text.value(), start, end, reason);
        let exception = self.exception(make, (start, end), reason)?;
        let Handling::Asked(handler) = &self.errors else { return Err(cx.raise_value(exception)) };
        let (instead, place) = self.ask(handler, exception, true)?;
        match (Str::of(&instead), Bytes::of(&instead)) {
            (Some(instead), _) => {
                let mut run = Run::new(cx, self.codec, self.state, Handling::Strict);
                run.encode(&instead, &mut 0, true, out)?;
            }
            (_, Some(bytes)) => out.push(bytes.as_slice())?,
            _ => {}
        }
        *at = self.place(&place, end, text.len())?;
        Ok(())
    }
}

// ---- decoding -------------------------------------------------------------------------------------------------------

impl Run<'_> {
    /// Reads bytes from a place on, up to a character that is not there as a whole. Runs Python (a handler); `UnicodeDecodeError`.
    pub fn decode(&mut self, bytes: &Bytes, at: &mut usize, out: &mut StrWriter<'_>) -> Res<()> {
        self.cx.work_on_bytes(bytes.as_slice().len() - *at)?;
        loop {
            match self.read_on(bytes.as_slice(), at, out)? {
                Read::Bad(count) => self.cannot_decode(bytes, at, count, ILLEGAL, out)?,
                Read::Broken => return Err(self.broken()),
                _ => return Ok(()),
            }
        }
    }

    /// Reads characters up to an error, or to the end: then it is `Short`.
    fn read_on(&self, bytes: &[u8], at: &mut usize, out: &mut StrWriter<'_>) -> Res<Read> {
        let codec = self.codec;
        let mut state = self.state.get();
        let stopped = loop {
            if codec.ascii {
                let run = bytes[*at..].iter().take_while(|byte| byte.is_ascii()).count();
                if run > 0 {
                    out.push_chars(Chars::One(&bytes[*at..*at + run]))?;
                    *at += run;
                }
            }
            let rest = &bytes[*at..];
            if rest.is_empty() {
                break Read::Short;
            }
            match (codec.read)(codec, &mut state, rest) {
                Read::Char(c, count) => {
                    out.push_char(c)?;
                    *at += count;
                }
                Read::Pair([one, other], count) => {
                    out.push_char(one)?;
                    out.push_char(other)?;
                    *at += count;
                }
                Read::Nothing(count) => *at += count,
                stopped => break stopped,
            }
        };
        self.state.set(state);
        Ok(stopped)
    }

    /// What is left at the end is no character. Runs Python (a handler); `UnicodeDecodeError`.
    #[cold]
    pub fn incomplete(&mut self, bytes: &Bytes, at: &mut usize, out: &mut StrWriter<'_>) -> Res<()> {
        let count = bytes.as_slice().len() - *at;
        self.cannot_decode(bytes, at, count, INCOMPLETE, out)
    }

    /// Reads all bytes: what is left at the end is an error, again and again, as long as a handler goes back.
    pub fn decode_all(&mut self, bytes: &Bytes, out: &mut StrWriter<'_>) -> Res<()> {
        let mut at = 0;
        while at < bytes.as_slice().len() {
            self.decode(bytes, &mut at, out)?;
            if at < bytes.as_slice().len() {
                self.incomplete(bytes, &mut at, out)?;
            }
        }
        Ok(())
    }

    #[cold]
    fn cannot_decode(
        &mut self,
        bytes: &Bytes,
        at: &mut usize,
        count: usize,
        reason: &str,
        out: &mut StrWriter<'_>,
    ) -> Res<()> {
        let (start, end) = (*at, *at + count);
        if let Handling::Replace = self.errors {
            out.push_char(0xFFFD)?;
        }
        if let Handling::Ignore | Handling::Replace = self.errors {
            *at = end;
            return Ok(());
        }
        let (cx, name) = (self.cx, self.codec.name);
        let make = || cx.decode_error(name, bytes.as_slice(), start, end, reason);
        let exception = self.exception(make, (start, end), reason)?;
        let Handling::Asked(handler) = &self.errors else { return Err(cx.raise_value(exception)) };
        let (instead, place) = self.ask(handler, exception, false)?;
        out.push_value(&instead)?;
        *at = self.place(&place, end, bytes.as_slice().len())?;
        Ok(())
    }
}

// ---- what is given --------------------------------------------------------------------------------------------------

/// The name of an error handler. `UnicodeEncodeError` if it has lone surrogates, `ValueError` if there is a 0 in it.
pub fn check_name(cx: &Cx, errors: &Value) -> Res<()> {
    match cx.utf8(errors)?.as_slice().contains(&0) {
        true => Err(cx.value_error("embedded null character")),
        false => Ok(()),
    }
}

/// The text that is given: a str, or what `str()` makes of it. Runs Python.
pub fn text_of(cx: &Cx, input: &Value) -> Res<Str> {
    if let Some(text) = Str::of(input) {
        return Ok(text);
    }
    let text = cx.str_value(input)?;
    Str::of(&text).ok_or(()).map_err(|()| cx.system_error("a str was made"))
}

/// Bytes that nobody can change: those before, and those of an object, which lends them as long as the second one lives. What is before is
/// asked for when Python has run, which may have changed it. Runs Python; `TypeError`, `BufferError`.
pub fn bytes_of<B: AsRef<[u8]>>(cx: &Cx, input: &Value, before: impl FnOnce() -> B) -> Res<(Bytes, Buffer)> {
    let lent = Buffer::of(cx, input)?;
    let before = before();
    if let Some(bytes) = Bytes::exact(input)
        && before.as_ref().is_empty()
    {
        return Ok((bytes, lent));
    }
    cx.work_on_bytes(lent.len())?;
    let mut out = ByteWriter::new(cx);
    out.push(before.as_ref())?;
    lent.read(|bytes| out.push(bytes))?;
    let joined = Bytes::of(&out.finish()?).ok_or(()).map_err(|()| cx.system_error("bytes were written"))?;
    Ok((joined, lent))
}
