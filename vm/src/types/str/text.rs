//! The text of a str for Rust code that writes messages: a `&str` without a copy outside the heap.
//!
//! Most names are ASCII: then the text is the str itself, kept alive. Another one is converted, into an object of the heap. Where there
//! is no memory for that, the text reads as empty. Lone surrogates read as U+FFFD, but what is displayed where a str is built has them.

use std::fmt::{self, Display};
use std::ops::Deref;

use super::Str;
use crate::raised::{Raised, Res};
use crate::types::bytes::{ByteBuilder, Bytes};
use crate::value::Value;
use crate::vm::Vm;

/// See the module's page.
#[derive(Clone, Default)]
pub struct Text(Kept);

#[derive(Clone)]
enum Kept {
    /// Of the VM's own.
    Static(&'static str),
    /// An ASCII str.
    Ascii(Value),
    /// UTF-8 as a bytes object, made of a str that is not ASCII.
    Utf8(Value),
    /// The same of a str with lone surrogates, and that str.
    Lossy(Value, Value),
}

impl Default for Kept {
    fn default() -> Kept {
        Kept::Static("")
    }
}

impl Text {
    /// The text of a str; of anything else an empty one. Lone surrogates become U+FFFD.
    pub fn of(vm: &Vm, value: &Value) -> Text {
        Text(match value.get::<Str>() {
            None => Kept::default(),
            Some(text) if text.is_ascii() => Kept::Ascii(value.clone()),
            Some(text) => match utf8(vm, text) {
                Kept::Utf8(bytes) if text.chars().iter().any(|c| char::from_u32(c).is_none()) => {
                    Kept::Lossy(bytes, value.clone())
                }
                kept => kept,
            },
        })
    }

    /// What is displayed, kept as a str of the heap; empty where there is no memory for it.
    pub fn written(vm: &Vm, what: impl Display) -> Text {
        let pending = vm.thread.raised.take();
        let made = vm.display(what);
        vm.thread.raised.set(pending);
        made.map_or_else(|Raised(())| Text::default(), |value| Text::of(vm, &value))
    }

    /// Whether it reads as the str does: there is no lone surrogate in that.
    pub fn is_exact(&self) -> bool {
        !matches!(self.0, Kept::Lossy(..))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Kept::Static(text) => text,
            Kept::Ascii(value) => value.get::<Str>().and_then(Str::ascii).unwrap_or_default(),
            Kept::Utf8(value) | Kept::Lossy(value, _) => {
                let bytes = value.get::<Bytes>().map_or(&[][..], Bytes::as_slice);
                std::str::from_utf8(bytes).unwrap_or_default()
            }
        }
    }
}

fn utf8(vm: &Vm, text: &Str) -> Kept {
    let pending = vm.thread.raised.take();
    let make = || -> Res {
        let mut out = ByteBuilder::with_capacity(vm, text.byte_len())?;
        let mut one = [0; 4];
        for c in text.chars().iter() {
            out.extend(char::from_u32(c).unwrap_or('\u{FFFD}').encode_utf8(&mut one).as_bytes())?;
        }
        out.finish()
    };
    let made = make().map_or_else(|Raised(())| Kept::default(), Kept::Utf8);
    vm.thread.raised.set(pending);
    made
}

impl From<&'static str> for Text {
    fn from(text: &'static str) -> Text {
        Text(Kept::Static(text))
    }
}

impl From<Text> for String {
    fn from(text: Text) -> String {
        text.as_str().to_string()
    }
}

impl Deref for Text {
    type Target = str;
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kept::Lossy(_, original) if f.width().is_none() && f.precision().is_none() => {
                self.with_surrogates(original, f)
            }
            _ => f.pad(self.as_str()),
        }
    }
}

/// What stands for the lone surrogates in what is displayed: U+FFFD for each, known by its place in memory to who builds a str.
static STANDS: [[u8; 3]; 0x800] = [*b"\xEF\xBF\xBD"; 0x800];

/// What stands for a lone surrogate.
fn stand(surrogate: u32) -> &'static str {
    let bytes = STANDS.get((surrogate & 0x7FF) as usize);
    bytes.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
}

/// The lone surrogate that a text stands for.
#[inline]
pub(crate) fn stood_for(text: &str) -> Option<u32> {
    if text.len() != STANDS[0].len() {
        return None;
    }
    let at = text.as_ptr().addr().checked_sub(STANDS.as_ptr().addr())?;
    (at < size_of_val(&STANDS)).then(|| 0xD800 + (at / STANDS[0].len()) as u32)
}

impl Text {
    /// Displays it with the surrogates that the str has.
    fn with_surrogates(&self, original: &Value, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (text, mut from) = (self.as_str(), 0);
        let chars = original.get::<Str>().map(Str::chars);
        let each = chars.iter().flat_map(|chars| chars.iter()).zip(text.char_indices());
        for (c, (at, shown)) in each.filter(|(c, _)| char::from_u32(*c).is_none()) {
            f.write_str(&text[from..at])?;
            f.write_str(stand(c))?;
            from = at + shown.len_utf8();
        }
        f.write_str(&text[from..])
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        &**self == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        &**self == *other
    }
}

impl PartialEq<String> for Text {
    fn eq(&self, other: &String) -> bool {
        self.as_str() == other
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Text) -> bool {
        **self == **other
    }
}
