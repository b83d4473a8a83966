//! Strs for code that works on their characters: a handle that lends them, and properties of characters.

use super::collections::{StrWriter, handle};
use super::convert::{FromArg, IntoValue, Place};
use super::cx::Cx;
use crate::object::Ref;
use crate::object::payload::traced;
use crate::raised::Res;
pub use crate::types::str::Chars;
use crate::types::str::Str as StrObj;
pub use crate::types::str::unicode;
use crate::value::Value;

handle! {
    /// A str: its characters never change.
    Str(StrObj), "str"
}

impl Str {
    /// The characters, in the width that they are stored in.
    #[inline]
    pub fn chars(&self) -> Chars<'_> {
        self.0.chars()
    }
    /// How many characters there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether there are none.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Whether all characters are ASCII.
    #[inline]
    pub fn is_ascii(&self) -> bool {
        self.0.is_ascii()
    }
    /// The characters as Rust's text, if all are ASCII.
    #[inline]
    pub fn ascii(&self) -> Option<&str> {
        self.0.ascii()
    }
    /// A part of it (both places lie within its length, in this order); the str itself if that is all of an exact str.
    #[inline]
    pub fn slice(&self, cx: &Cx, start: usize, end: usize) -> Res {
        if start == 0 && end == self.len() {
            return cx.vm().exact_str(self.value());
        }
        cx.vm().str_slice(&self.0, start, end)
    }
}

traced! { Str: [0] }

/// A str of the characters.
impl IntoValue for Chars<'_> {
    fn into_value(self, cx: &Cx) -> Res {
        cx.vm().str_from(self)
    }
}

impl StrWriter<'_> {
    /// Adds characters.
    pub fn push_chars(&mut self, chars: Chars<'_>) -> Res<()> {
        self.0.push_chars(chars)
    }
    /// How many characters were written.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether none were.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
