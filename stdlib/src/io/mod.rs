//! `_io`: streams.
//!
//! | file | what |
//! |---|---|
//! | `base.rs` | the abstract classes |
//! | `file.rs`, `opening.rs` | raw files; `open` |
//! | `buffered/` | the four buffered streams over a raw one |
//! | `bytes.rs`, `string.rs` | streams in memory |
//! | `newline.rs` | ends of lines: translating them, and the decoder that does |
//! | `wrapper/` | text over a buffered stream |
//!
//! A stream of ours over another one of ours works on it directly; over any other object it calls that one's methods, as CPython does.

use ryokan_vm::native::*;

pub mod base;
pub mod buffered;
pub mod bytes;
pub mod file;
pub mod newline;
pub mod opening;
pub mod string;
pub mod wrapper;

use base::{BufferedIOBase, IOBase, RawIOBase, TextIOBase};
use buffered::{BufferedRWPair, BufferedRandom, BufferedReader, BufferedWriter};
use bytes::{BytesIO, BytesIOBuffer};
use file::FileIO;
use newline::IncrementalNewlineDecoder;
use opening::{open, open_code, text_encoding};
use string::StringIO;
use wrapper::TextIOWrapper;

/// How many bytes a buffer has, unless it is said.
pub const DEFAULT_BUFFER_SIZE: usize = 128 << 10;

native_module! {
    /// Streams: raw, buffered, and of text.
    "_io" {
        consts { "DEFAULT_BUFFER_SIZE" = DEFAULT_BUFFER_SIZE; }
        types {
            IOBase, RawIOBase, BufferedIOBase, TextIOBase, FileIO, BytesIO, BytesIOBuffer, StringIO,
            BufferedReader, BufferedWriter, BufferedRandom, BufferedRWPair, TextIOWrapper, IncrementalNewlineDecoder,
        }
        fill = fill;
        functions {
            /// Opens a file and returns a stream: of text, or with b in the mode of bytes.
            ///
            /// file is a path or the number of a descriptor; mode says what for: r reads, w writes an empty file, x a new one, a appends,
            /// + does both. buffering is 0 for none (of bytes), 1 for lines (of text), or the size of the buffer. The others are for text.
            open(
                file: &Value, mode: Value = Value::UNBOUND => "'r'", buffering: Value = Value::UNBOUND => "-1",
                encoding: Value = Value::NONE => "None", errors: Value = Value::NONE => "None", newline: Value = Value::NONE => "None",
                closefd: bool = true => "True", opener: Value = Value::NONE => "None"
            );
            /// Opens a file of code to be read as bytes.
            open_code(path: &Value);
            /// The encoding that a function which passes one on to open() should take: the given one, or for None "locale", or "utf-8" in
            /// the UTF-8 mode.
            text_encoding(encoding: Value, stacklevel: i32 = 2, /);
        }
    }
}

native_state! {
    /// The state of the module.
    struct State { unsupported: Maybe }
}

fn fill(module: &Filler) -> Res<()> {
    let cx = module.cx();
    module.add("BlockingIOError", cx.builtin("BlockingIOError")?)?;
    module.add("UnsupportedOperation", unsupported_class(cx)?)
}

/// `io.UnsupportedOperation`: an `OSError` and a `ValueError`.
pub fn unsupported_class(cx: &Cx) -> Res {
    let state = cx.state::<State>()?;
    if let Some(class) = state.unsupported.get() {
        return Ok(class);
    }
    let namespace = Dict::new(cx)?;
    namespace.set(cx, &cx.intern("__module__")?, "io")?;
    let bases = (cx.builtin("OSError")?, cx.builtin("ValueError")?).into_value(cx)?;
    let class = cx.call(&cx.builtin("type")?, ("UnsupportedOperation", bases, namespace))?;
    state.unsupported.set(Some(class.clone()));
    Ok(class)
}

/// Raises it.
#[cold]
pub fn unsupported(cx: &Cx, what: &str) -> Raised {
    match unsupported_class(cx) {
        Ok(class) => cx.raise(&class, what),
        Err(raised) => raised,
    }
}

/// `ValueError: I/O operation on closed file.`
#[cold]
pub fn closed_error(cx: &Cx) -> Raised {
    cx.value_error("I/O operation on closed file.")
}

/// How much is asked for: an int, or -1 for None.
#[derive(Clone, Copy)]
pub struct Size(pub i64);

impl Size {
    /// Of an argument. Runs Python; `TypeError`.
    pub fn of(cx: &Cx, value: &Value) -> Res<Size> {
        if value.is_none() {
            return Ok(Size(-1));
        }
        if !cx.has_index(value) {
            let kind = cx.type_name(value);
            return Err(cx.type_error(format_args!("argument should be integer or None, not '{kind}'")));
        }
        cx.index(value).map(Size)
    }
}

impl<'a> FromArg<'a> for Size {
    fn from_arg(cx: &'a Cx, arg: &'a Value, _: &Place) -> Res<Size> {
        Size::of(cx, arg)
    }
}

/// What a method should have answered: bytes, or an error that is told the type.
pub fn check_bytes(cx: &Cx, value: &Value, error: impl FnOnce(&Cx, &str) -> Raised) -> Res<Bytes> {
    Bytes::of(value).ok_or(()).map_err(|()| error(cx, &cx.type_name(value)))
}

/// A buffer that can be written, of an argument.
pub fn writable(cx: &Cx, value: &Value, function: &'static str) -> Res<BufferMut> {
    let place = Place { function, parameter: "", position: 1, alone: true };
    BufferMut::from_arg(cx, value, &place)
}

/// A position or a size of a file. Runs Python; `TypeError`, `OverflowError`.
pub fn offset(cx: &Cx, value: &Value) -> Res<i64> {
    match cx.index_i128(value)?.and_then(|n| i64::try_from(n).ok()) {
        Some(offset) => Ok(offset),
        None => Err(cx.overflow_error("Python int too large to convert to C long")),
    }
}

/// Whence a position counts: the start unless it is given. Runs Python.
pub fn whence(cx: &Cx, value: &Value) -> Res<i32> {
    if value.is_none() { Ok(0) } else { i32::try_from(cx.long(value)?).map_err(|_| cx.overflow_error("signed integer is greater than maximum")) }
}

/// `TypeError`: streams are not pickled.
pub fn no_pickle(cx: &Cx, stream: &Value) -> Raised {
    cx.type_error(format_args!("cannot pickle '{}' instances", cx.class_name(stream)))
}

/// Gives a stream the attributes that `__setstate__` was given: a dict, or None.
pub fn set_dict(cx: &Cx, stream: &Value, dict: &Value, class: &str) -> Res<()> {
    if dict.is_none() {
        return Ok(());
    }
    if Dict::of(dict).is_none() {
        let kind = cx.type_name(dict);
        let which = if class.ends_with("BytesIO") { "third" } else { "fourth" };
        return Err(cx.type_error(format_args!("{which} item of state should be a dict, got a {kind}")));
    }
    cx.instance_dict(stream)?.update(cx, dict)
}
