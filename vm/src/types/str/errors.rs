//! What to do with text or bytes that a codec cannot translate: the standard error handlers, and the two
//! exceptions.

use std::cell::Cell;

use ryokan_bytecode::names::character_name;

use super::Str;
use super::build::StrBuilder;
use super::repr::push_escape;
use crate::raised::{Raised, Res};
use crate::types::bytes::{ByteBuilder, Bytes};
use crate::value::Value;
use crate::vm::Vm;

/// The standard error handlers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "each is the handler of its name")]
pub enum Handler {
    Strict,
    Ignore,
    Replace,
    SurrogateEscape,
    SurrogatePass,
    BackslashReplace,
    XmlCharRefReplace,
    NameReplace,
    /// None of them: an error once it is needed.
    Unknown,
}

/// A handler, and the name it was asked for by.
#[derive(Clone, Copy)]
pub struct Errors<'a> {
    /// Which.
    pub handler: Handler,
    /// Its name.
    pub name: &'a str,
}

impl<'a> Errors<'a> {
    /// The handler of a name.
    pub fn named(name: &'a str) -> Errors<'a> {
        let handler = match name {
            "strict" => Handler::Strict,
            "ignore" => Handler::Ignore,
            "replace" => Handler::Replace,
            "surrogateescape" => Handler::SurrogateEscape,
            "surrogatepass" => Handler::SurrogatePass,
            "backslashreplace" => Handler::BackslashReplace,
            "xmlcharrefreplace" => Handler::XmlCharRefReplace,
            "namereplace" => Handler::NameReplace,
            _ => Handler::Unknown,
        };
        Errors { handler, name }
    }
}

fn raise_made(vm: &Vm, made: Res) -> Raised {
    match made {
        Ok(exception) => vm.raise_value(exception),
        Err(raised) => raised,
    }
}

/// Raises `UnicodeEncodeError`.
#[cold]
pub fn encode_error(
    vm: &Vm,
    encoding: &str,
    object: &Value,
    start: usize,
    end: usize,
    reason: &str,
) -> Raised {
    let make = || {
        let arguments = [
            vm.str(encoding)?,
            object.clone(),
            Value::small(start as i64),
            Value::small(end as i64),
            vm.str(reason)?,
        ];
        vm.call(&vm.exc.UnicodeEncodeError.to_value(), &arguments)
    };
    raise_made(vm, make())
}

/// Raises `UnicodeDecodeError`.
#[cold]
pub fn decode_error(vm: &Vm, encoding: &str, bytes: &[u8], start: usize, end: usize, reason: &str) -> Raised {
    let make = || {
        let arguments = [
            vm.str(encoding)?,
            vm.bytes(bytes)?,
            Value::small(start as i64),
            Value::small(end as i64),
            vm.str(reason)?,
        ];
        vm.call(&vm.exc.UnicodeDecodeError.to_value(), &arguments)
    };
    raise_made(vm, make())
}

/// A str that is being encoded: who encodes it, and how errors are handled.
pub struct Encoding<'a> {
    /// The VM.
    pub vm: &'a Vm,
    /// The encoding's name in messages.
    pub name: &'a str,
    /// Why characters cannot be encoded.
    pub reason: &'a str,
    /// The str.
    pub object: &'a Value,
    /// The handler.
    pub errors: Errors<'a>,
    /// What a handler gives may have characters below this.
    pub limit: u32,
    /// Bytes that a handler gives come in units of so many.
    pub unit: usize,
}

impl Encoding<'_> {
    /// Deals with the characters from `start` to `end`, none of which the encoding has; gives where to go on. `put` appends a
    /// character below the limit in the encoding, `pass` a lone surrogate, if the encoding can; plain bytes are
    /// appended only where `bytes` says so.
    pub fn handle(
        &self,
        out: &mut ByteBuilder<'_>,
        (start, end): (usize, usize),
        put: fn(&mut ByteBuilder<'_>, u8) -> Res<()>,
        pass: Option<fn(&mut ByteBuilder<'_>, u32) -> Res<()>>,
        bytes: bool,
    ) -> Res<usize> {
        let vm = self.vm;
        let Some(text) = self.object.get::<Str>() else { return Ok(end) };
        if self.errors.handler == Handler::Unknown {
            return self.ask(out, (start, end), put);
        }
        let chars = text.chars();
        let fail = |at| Err(encode_error(vm, self.name, self.object, at, end, self.reason));
        for at in start..end {
            let c = chars.at(at);
            match self.errors.handler {
                Handler::Ignore => {}
                Handler::Replace => put(out, b'?')?,
                Handler::SurrogateEscape if bytes && (0xDC80..=0xDCFF).contains(&c) => out.push(c as u8)?,
                Handler::SurrogatePass if (0xD800..0xE000).contains(&c) => match pass {
                    Some(pass) => pass(out, c)?,
                    None => return fail(at),
                },
                Handler::NameReplace if let Some(name) = character_name(c) => {
                    b"\\N{".iter().try_for_each(|b| put(out, *b))?;
                    name.bytes().try_for_each(|b| put(out, b))?;
                    put(out, b'}')?;
                }
                Handler::BackslashReplace | Handler::NameReplace => {
                    let mut escape = StrBuilder::new(vm);
                    push_escape(&mut escape, c)?;
                    escape.chars().iter().try_for_each(|c| put(out, c as u8))?;
                }
                Handler::XmlCharRefReplace => {
                    put(out, b'&')?;
                    put(out, b'#')?;
                    c.to_string().bytes().try_for_each(|b| put(out, b))?;
                    put(out, b';')?;
                }
                Handler::Strict | Handler::SurrogateEscape | Handler::SurrogatePass => return fail(at),
                Handler::Unknown => {}
            }
        }
        Ok(end)
    }

    /// Asks a registered handler.
    #[cold]
    fn ask(
        &self,
        out: &mut ByteBuilder<'_>,
        (start, end): (usize, usize),
        put: fn(&mut ByteBuilder<'_>, u8) -> Res<()>,
    ) -> Res<usize> {
        let vm = self.vm;
        let raised = encode_error(vm, self.name, self.object, start, end, self.reason);
        let exception = vm.take_raised(raised);
        let len = self.object.get::<Str>().map_or(0, Str::len);
        let (instead, given) = vm.ask_error_handler(self.errors.name, &exception, true)?;
        let at = vm.place_of_handler(given, len)?;
        vm.work(1)?;
        if let Some(bytes) = instead.get::<Bytes>() {
            if bytes.len() % self.unit != 0 {
                return Err(vm.raise_value(exception));
            }
            out.extend(bytes.as_slice())?;
            return Ok(at);
        }
        let chars = instead.get::<Str>().map(Str::chars);
        for c in chars.iter().flat_map(|chars| chars.iter()) {
            if c >= self.limit {
                return Err(vm.raise_value(exception));
            }
            put(out, c as u8)?;
        }
        Ok(at)
    }
}

/// Bytes that are being decoded.
pub struct Decoding<'a> {
    /// The VM.
    pub vm: &'a Vm,
    /// The encoding's name in messages.
    pub name: &'a str,
    /// All of the bytes.
    pub bytes: &'a [u8],
    /// The handler.
    pub errors: Errors<'a>,
    /// Whether no bytes will follow: what is begun at the end is an error then, and otherwise left.
    pub last: bool,
    /// How many of the bytes were left at the end.
    pub left: Cell<usize>,
    /// Decodes from a place on, where nothing is begun: what a handler has put in the place of the bytes.
    pub again: &'a dyn Fn(&Decoding<'_>, usize) -> Res,
}

impl Decoding<'_> {
    /// Leaves the bytes from `at` on for later.
    pub fn stop(&self, out: StrBuilder<'_>, at: usize) -> Res {
        self.left.set(self.bytes.len() - at);
        out.finish()
    }

    /// Deals with the bytes from `start` to `end`, which the encoding does not have; gives where to go on.
    /// `pass` reads a lone surrogate at a place and says how many bytes it took.
    pub fn handle(
        &self,
        out: &mut StrBuilder<'_>,
        (start, end): (usize, usize),
        reason: &str,
        pass: fn(&[u8]) -> Option<(u32, usize)>,
    ) -> Res<usize> {
        let vm = self.vm;
        let fail = || Err(decode_error(vm, self.name, self.bytes, start, end, reason));
        match self.errors.handler {
            Handler::Strict => fail(),
            Handler::Ignore => Ok(end),
            Handler::Replace => out.push_char(0xFFFD).map(|()| end),
            Handler::SurrogateEscape => {
                let high = self.bytes[start..end].iter().take(4).take_while(|b| **b >= 0x80);
                let mut at = start;
                for byte in high {
                    out.push_char(0xDC00 + u32::from(*byte))?;
                    at += 1;
                }
                if at == start { fail() } else { Ok(at) }
            }
            Handler::SurrogatePass => match pass(&self.bytes[start..]) {
                Some((c, count)) => out.push_char(c).map(|()| start + count),
                None => fail(),
            },
            Handler::BackslashReplace => {
                self.bytes[start..end].iter().try_for_each(|b| push_escape(out, u32::from(*b)))?;
                Ok(end)
            }
            Handler::XmlCharRefReplace | Handler::NameReplace => {
                Err(vm.type_error("don't know how to handle UnicodeDecodeError in error callback"))
            }
            Handler::Unknown => {
                let raised = decode_error(vm, self.name, self.bytes, start, end, reason);
                let exception = vm.take_raised(raised);
                let object = vm.intern("object")?;
                let before = vm.get_attr(&exception, &object)?;
                let (instead, given) = vm.ask_error_handler(self.errors.name, &exception, false)?;
                vm.work(1)?;
                // The handler may have put other bytes in the place of these.
                let after = vm.get_attr(&exception, &object)?;
                let Some(bytes) = after.get::<Bytes>() else {
                    return Err(vm.type_error("object attribute must be bytes"));
                };
                let at = vm.place_of_handler(given, bytes.len())?;
                out.push_value(&instead)?;
                if after.is(&before) { Ok(at) } else { self.go_on_in(out, bytes.as_slice(), at) }
            }
        }
    }

    /// Decodes other bytes from a place on, which take the place of all that was left of these; gives the end of these.
    fn go_on_in(&self, out: &mut StrBuilder<'_>, bytes: &[u8], at: usize) -> Res<usize> {
        self.vm.check_stack()?;
        let other = Decoding { bytes, left: Cell::new(0), ..*self };
        out.push_value(&(self.again)(&other, at)?)?;
        self.left.set(other.left.get());
        Ok(self.bytes.len())
    }
}
