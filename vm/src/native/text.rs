//! Strs for code that works on their characters: a handle that lends them.

use super::collections::handle;
use super::convert::{FromArg, IntoValue, Place};
use super::cx::Cx;
use crate::object::Ref;
use crate::raised::Res;
pub use crate::types::str::Chars;
use crate::types::str::Str as StrObj;
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
