//! The encodings that need no Python code, and looking for characters of strs.

use super::collections::Bytes;
use super::cx::Cx;
use super::text::{Chars, Str};
use crate::raised::{Raised, Res};
pub use crate::types::str::codec::Codec;
use crate::types::str::codec::{codec_of, encode_as};
use crate::types::str::decode::decode_part;
use crate::types::str::errors::{self, Errors};
use crate::value::Value;

/// Looking for characters.
impl Str {
    /// The same text as a plain str, if it is of a subclass.
    pub fn plain(&self, cx: &Cx) -> Res {
        cx.vm().exact_str(self.value())
    }
    /// Its bytes, if no character is above 255: one each.
    #[inline]
    pub fn narrow(&self) -> Option<&[u8]> {
        match self.chars() {
            Chars::One(bytes) => Some(bytes),
            _ => None,
        }
    }
    /// The character at an index within bounds.
    #[inline]
    pub fn at(&self, index: usize) -> u32 {
        self.chars().at(index)
    }
    /// The index of the first of an ASCII character from `start` on and before `end`.
    #[inline]
    pub fn find(&self, c: u8, start: usize, end: usize) -> Option<usize> {
        let found = match self.chars().slice(start, end) {
            Chars::One(bytes) => memchr::memchr(c, bytes),
            Chars::Two(units) => units.iter().position(|unit| *unit == u16::from(c)),
            Chars::Four(units) => units.iter().position(|unit| *unit == u32::from(c)),
        };
        found.map(|at| at + start)
    }
    /// The same of the first of two.
    pub fn find_either(&self, a: u8, b: u8, start: usize, end: usize) -> Option<usize> {
        let found = match self.chars().slice(start, end) {
            Chars::One(bytes) => memchr::memchr2(a, b, bytes),
            wide => wide.iter().position(|c| c == u32::from(a) || c == u32::from(b)),
        };
        found.map(|at| at + start)
    }
}

/// Encodings that need no Python code.
impl Cx {
    /// The one of a name, if it is one of these.
    pub fn codec(&self, name: &str) -> Option<Codec> {
        codec_of(name)
    }
    /// The bytes of a str. Runs Python (an error handler); `UnicodeEncodeError`.
    pub fn encode(&self, text: &Value, codec: Codec, errors: &str) -> Res {
        encode_as(self.vm(), text, codec, Errors::named(errors))
    }
    /// The UTF-8 of a str. Runs no Python; `UnicodeEncodeError` if it has lone surrogates, `MemoryError`.
    pub fn utf8(&self, text: &Value) -> Res<Bytes> {
        let encoded = self.encode(text, Codec::Utf8, "strict")?;
        Bytes::of(&encoded).ok_or(()).map_err(|()| self.system_error("a str has bytes"))
    }
    /// The text of bytes, and how many of them it took: if they are not the `last`, what may be the beginning of a character is left.
    /// Runs Python (an error handler), so the bytes must be nobody else's; `UnicodeDecodeError`.
    pub fn decode(&self, bytes: &[u8], codec: Codec, errors: &str, last: bool) -> Res<(Value, usize)> {
        decode_part(self.vm(), bytes, codec, Errors::named(errors), last)
    }
    /// The text of bytes as the system has them: UTF-8, and what is none of it as lone surrogates. Runs no Python; `MemoryError`.
    pub fn from_system(&self, bytes: &[u8]) -> Res {
        if bytes.is_ascii() {
            return self.vm().str_from_ascii(bytes);
        }
        self.decode(bytes, Codec::Utf8, "surrogateescape", true).map(|(text, _)| text)
    }
    /// A str of characters of at most a byte each. Runs no Python; `MemoryError`.
    pub fn latin1(&self, bytes: &[u8]) -> Res {
        self.vm().str_from(Chars::One(bytes))
    }
    /// A str of code points. Runs no Python; `MemoryError`.
    pub fn str_of_points(&self, points: &[u32]) -> Res {
        self.vm().str_from_chars(points)
    }
    /// The UTF-8 that a str is in file names: lone surrogates stand for bytes. Runs no Python; `UnicodeEncodeError`, `MemoryError`.
    pub fn to_system(&self, text: &Value) -> Res {
        crate::types::str::codec::to_system(self.vm(), text)
    }
    /// The codec of the registry under a name: what `codecs.lookup` gives. Runs Python (search functions); `LookupError`.
    pub fn lookup_codec(&self, name: &str) -> Res {
        self.vm().lookup_codec(name)
    }
    /// The error handler of a name, as `codecs.lookup_error` gives it. Runs Python where the name is of a subclass of str (`__hash__`,
    /// `__eq__`); `LookupError`.
    pub fn error_handler(&self, name: &Value) -> Res {
        crate::modules::codecs::handlers::lookup(self.vm(), name)
    }
    /// Raises the `UnicodeEncodeError` about the characters of a str from `start` to `end`.
    #[cold]
    pub fn encode_error(
        &self,
        encoding: &str,
        text: &Value,
        start: usize,
        end: usize,
        reason: &str,
    ) -> Raised {
        errors::encode_error(self.vm(), encoding, text, start, end, reason)
    }
    /// Raises the `UnicodeDecodeError` about the bytes from `start` to `end`.
    #[cold]
    pub fn decode_error(
        &self,
        encoding: &str,
        bytes: &[u8],
        start: usize,
        end: usize,
        reason: &str,
    ) -> Raised {
        errors::decode_error(self.vm(), encoding, bytes, start, end, reason)
    }
    /// The error handler of a name, if there is one: a standard one, or one that was registered. Runs Python where the name is of a
    /// subclass of str (`__hash__`, `__eq__`).
    pub fn has_error_handler(&self, name: &Value) -> Res<bool> {
        use crate::types::str::errors::Handler;
        let known = Errors::named(&self.vm().text(name)).handler != Handler::Unknown;
        Ok(known || self.vm().registered_error_handler(name)?.is_some())
    }
}
