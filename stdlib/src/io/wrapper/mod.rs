//! `TextIOWrapper`: text over a buffered stream of bytes.
//!
//! | file | what |
//! |---|---|
//! | `codec.rs` | encoding and decoding: of the usual encodings here, of others by the registry's objects |
//! | `setup.rs` | how it is made, changed and parted |
//! | `reading.rs`, `writing.rs` | what they say |
//! | `places.rs` | `seek` and `tell` |

use std::cell::{Cell, RefCell};

use ryokan_vm::native::*;

mod codec;
mod places;
mod reading;
mod setup;
mod writing;

use super::base::TextIOBase;
use super::buffered::{BufferedRandom, BufferedReader, BufferedWriter};
use super::file::FileIO;
use super::newline::Translation;
use super::{Size, base, no_pickle};
use codec::Coding;
use places::{seek, tell, truncate};
use reading::{next, read, readline};
use setup::{detach, init, reconfigure};
use writing::{flush, write, write_at_once};

native_type! {
    /// TextIOWrapper(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)
    ///
    /// Text over a buffered stream of bytes.
    ///
    /// encoding is the locale's unless it is given; errors says what happens to what cannot be encoded or decoded. newline says what ends
    /// lines: None reads all kinds as \n and writes the system's, '' reads all kinds as they are, others are taken as they stand. With
    /// line_buffering a write that ends a line is flushed, with write_through nothing is kept back here.
    "_io.TextIOWrapper" = pub struct TextIOWrapper(TextIOBase) {
        buffer: Slot, raw: Maybe, state: Cell<State>, finalizing: Cell<bool>,
        encoding: Slot, errors: Slot, encoder: Maybe, decoder: Maybe, coding: Coding,
        newline: Cell<Newline>, by_line: Cell<bool>, through: Cell<bool>,
        readable: Cell<bool>, seekable: Cell<bool>, telling: Cell<bool>, reads_once: Cell<bool>,
        chunk: Cell<usize>, rate: Cell<f64>,
        text: Maybe, used: Cell<usize>, snapshot: Maybe, snapshot_flags: Cell<i64>,
        pending: RefCell<Option<Vector<u8>>>, translation: Translation,
    }
    flags: SUBCLASS, DICT, WEAKREF;
    shows: "(buffer, encoding=None, errors=None, newline=None,\n              line_buffering=False, write_through=False)";
    new(*args, **names) = new;
    init(
        buffer: Value, encoding: Value = Value::NONE => "None", errors: Value = Value::NONE => "None", newline: Value = Value::NONE => "None",
        line_buffering: bool = false => "False", write_through: bool = false => "False"
    ) = init;
    slots { repr = repr; next = next; }
    at_once { write = write_at_once; stream = stream; }
    getters {
        /// the name of the buffer
        name = |cx, this| ask_attr(cx, this, "name");
        /// whether the stream is closed
        closed = |cx, this| ask_attr(cx, this, "closed");
        /// which ends of lines were met: None, a str, or a tuple of several
        newlines = newlines;
        /// the name of the error handler
        errors = errors;
        /// the buffer
        buffer = buffer;
    }
    attributes {
        /// whether the stream is about to die
        _finalizing = |_, this: Stream| this.finalizing.get(), |cx, this: Stream, value: Option<&Value>| super::file::set_flag(cx, &this.finalizing, value);
        /// how many bytes are read at a time
        _CHUNK_SIZE = chunk, set_chunk;
    }
    members {
        /// the name of the encoding
        encoding = |_, this: Stream| this.encoding.get();
        /// whether a write that ends a line is flushed
        line_buffering = |_, this: Stream| this.by_line.get();
        /// whether nothing is kept back
        write_through = |_, this: Stream| this.through.get();
    }
    methods {
        /// Flushes, parts from the buffer and returns it.
        detach();
        /// Changes what is given: encoding, error handler, ends of lines, and when it is flushed.
        reconfigure(
            *, encoding: Value = Value::NONE => "None", errors: Value = Value::NONE => "None", newline: Given = Given(None) => "None",
            line_buffering: Value = Value::NONE => "None", write_through: Value = Value::NONE => "None"
        );
        /// Writes a text; returns how many characters.
        write(text: &Value, /);
        /// At most size characters, all that are left if size is negative.
        read(size: Size = Size(-1) => "-1", /);
        /// The next line with its end, cut off after size characters.
        readline(size: i64 = -1, /);
        /// Sends on what is buffered.
        flush();
        /// Flushes and closes the buffer. A second call does nothing.
        close();
        /// The number of the descriptor underneath.
        fileno() = fileno;
        /// Whether the buffer is seekable.
        seekable();
        /// Whether the buffer is readable.
        readable();
        /// Whether the buffer is writable.
        writable();
        /// Whether a terminal is at the other end.
        isatty();
        /// Goes to a place that tell() gave, to the start, to the end (0, 2), or stays (0, 1).
        seek(cookie: Value, whence: Value = Value::NONE => "os.SEEK_SET", /);
        /// A number for the place: for seek() alone.
        tell();
        /// Flushes, and makes the file as long as a size, or as the position.
        truncate(pos: Value = Value::NONE => "None", /);
        /// Fails: a stream cannot be pickled.
        __getstate__() = getstate;
    }
}

pub type Stream<'a> = This<'a, TextIOWrapper>;

/// How a stream stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum State {
    Unmade,
    Ready,
    Detached,
}

/// What ends lines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Newline {
    /// Any kind is read as `\n`; `\n` is written.
    Universal,
    /// Any kind, read as it is.
    Any,
    Lf,
    Cr,
    CrLf,
}

impl Newline {
    /// What a value of `newline` says.
    pub fn of(cx: &Cx, value: &Value) -> Res<Newline> {
        if value.is_none() {
            return Ok(Newline::Universal);
        }
        match cx.str(value)?.as_str() {
            "" => Ok(Newline::Any),
            "\n" => Ok(Newline::Lf),
            "\r" => Ok(Newline::Cr),
            "\r\n" => Ok(Newline::CrLf),
            other => Err(cx.value_error(format_args!("illegal newline value: {other}"))),
        }
    }
    /// Whether all kinds are told apart when reading.
    pub fn is_universal(self) -> bool {
        matches!(self, Newline::Universal | Newline::Any)
    }
}

fn new(cx: &Cx, class: &Value, _: Args) -> Res {
    let made = TextIOWrapper {
        buffer: Slot::default(),
        raw: Maybe::default(),
        state: Cell::new(State::Unmade),
        finalizing: Cell::new(false),
        encoding: Slot::default(),
        errors: Slot::default(),
        encoder: Maybe::default(),
        decoder: Maybe::default(),
        coding: Coding::default(),
        newline: Cell::new(Newline::Universal),
        by_line: Cell::new(false),
        through: Cell::new(false),
        readable: Cell::new(false),
        seekable: Cell::new(false),
        telling: Cell::new(false),
        reads_once: Cell::new(false),
        chunk: Cell::new(8192),
        rate: Cell::new(0.0),
        text: Maybe::default(),
        used: Cell::new(0),
        snapshot: Maybe::default(),
        snapshot_flags: Cell::new(0),
        pending: RefCell::new(None),
        translation: Translation::default(),
    };
    cx.new_of(class, made)
}

/// `ValueError` unless there is a buffer.
#[inline]
pub fn check(cx: &Cx, this: Stream) -> Res<()> {
    match this.state.get() {
        State::Ready => Ok(()),
        State::Unmade => Err(cx.value_error("I/O operation on uninitialized object")),
        State::Detached => Err(cx.value_error("underlying buffer has been detached")),
    }
}

/// The buffer, which whatever runs Python may part from the stream.
pub fn buffer_of(cx: &Cx, this: Stream) -> Res {
    check(cx, this)?;
    Ok(this.buffer.get())
}

/// The same, and if it is closed.
#[inline]
pub fn check_open(cx: &Cx, this: Stream) -> Res<()> {
    check(cx, this)?;
    if cx.is_exact::<TextIOWrapper>(this.value())
        && let Some(raw) = this.raw.look()
        && let Some(file) = raw.body::<FileIO>()
    {
        return if file.is_closed() { Err(super::closed_error(cx)) } else { Ok(()) };
    }
    base::check_closed(cx, this.value())
}

/// Whether a buffer is exactly one of ours.
pub fn is_ours(cx: &Cx, buffer: &Value) -> bool {
    cx.is_exact::<BufferedWriter>(buffer)
        || cx.is_exact::<BufferedReader>(buffer)
        || cx.is_exact::<BufferedRandom>(buffer)
}

fn ask(cx: &Cx, this: Stream, method: &str) -> Res {
    check(cx, this)?;
    cx.call_method(&buffer_of(cx, this)?, method, ())
}
fn ask_attr(cx: &Cx, this: Stream, name: &str) -> Res {
    check(cx, this)?;
    cx.attr(&buffer_of(cx, this)?, name)
}
fn fileno(cx: &Cx, this: Stream) -> Res {
    ask(cx, this, "fileno")
}
fn seekable(cx: &Cx, this: Stream) -> Res {
    ask(cx, this, "seekable")
}
fn readable(cx: &Cx, this: Stream) -> Res {
    ask(cx, this, "readable")
}
fn writable(cx: &Cx, this: Stream) -> Res {
    ask(cx, this, "writable")
}
fn isatty(cx: &Cx, this: Stream) -> Res {
    ask(cx, this, "isatty")
}
fn buffer(cx: &Cx, this: Stream) -> Res {
    check(cx, this)?;
    Ok(this.buffer.get())
}
fn errors(cx: &Cx, this: Stream) -> Res {
    if this.state.get() == State::Unmade {
        check(cx, this)?;
    }
    Ok(this.errors.get())
}
fn newlines(cx: &Cx, this: Stream) -> Res {
    check(cx, this)?;
    codec::newlines(cx, this)
}
fn chunk(cx: &Cx, this: Stream) -> Res<usize> {
    check(cx, this)?;
    Ok(this.chunk.get())
}
fn set_chunk(cx: &Cx, this: Stream, value: Option<&Value>) -> Res<()> {
    check(cx, this)?;
    let Some(value) = value else { return Err(cx.attribute_error("attribute '_CHUNK_SIZE' of '_io.TextIOWrapper' objects cannot be deleted")) };
    let size = match cx.index_i128(value)?.and_then(|size| i64::try_from(size).ok()) {
        Some(size) => size,
        None => return Err(cx.value_error("cannot fit 'int' into an index-sized integer")),
    };
    match usize::try_from(size) {
        Ok(size) if size > 0 => {
            this.chunk.set(size);
            Ok(())
        }
        _ => Err(cx.value_error("a strictly positive integer is required")),
    }
}
fn getstate(cx: &Cx, this: Stream) -> Res {
    Err(no_pickle(cx, this.value()))
}

fn close(cx: &Cx, this: Stream) -> Res {
    check(cx, this)?;
    let closed = cx.attr(this.value(), "closed")?;
    // Asking may have parted it from its buffer, which somebody else closes then.
    if cx.truth(&closed)? || this.state.get() == State::Detached {
        return Ok(Value::NONE);
    }
    if this.finalizing.get()
        && let Err(raised) = cx.call_method(&buffer_of(cx, this)?, "_dealloc_warn", (this.value(),))
    {
        drop(cx.take_raised(raised));
    }
    let flushed = cx.call_method(this.value(), "flush", ());
    let first = flushed.err().map(|raised| cx.take_raised(raised));
    let closed = buffer_of(cx, this).and_then(|buffer| cx.call_method(&buffer, "close", ()));
    match (first, closed) {
        (None, closed) => closed,
        (Some(first), Ok(_)) => Err(cx.raise_value(first)),
        (Some(first), Err(later)) => Err(cx.chain(later, first)),
    }
}

/// The number of the standard stream that this is, with nothing pending, if text of it is written in UTF-8 to the descriptor of that
/// number: the interpreter may then write there itself.
fn stream(cx: &Cx, this: Stream) -> Option<u8> {
    let raw = this.raw.get()?;
    let number = raw.body::<FileIO>().map(FileIO::number).filter(|number| (0..=2).contains(number))?;
    if !this.coding.is_utf8() || this.state.get() != State::Ready {
        return None;
    }
    if number > 0 && cx.call_method(this.value(), "flush", ()).map_err(|raised| drop(cx.take_raised(raised))).is_err() {
        return None;
    }
    u8::try_from(number).ok()
}

fn repr(cx: &Cx, this: Stream) -> Res {
    if this.state.get() == State::Unmade {
        check(cx, this)?;
    }
    let class = cx.type_name(this.value());
    let mut out = StrWriter::new(cx);
    out.push_str(&format!("<{class}"))?;
    for attribute in ["name", "mode"] {
        let found = match cx.attr_opt(this.value(), attribute) {
            Ok(found) => found,
            Err(raised) => {
                drop(cx.catch(raised, "ValueError")?);
                None
            }
        };
        if let Some(value) = found {
            let shown = cx.repr_once(this.value(), || cx.repr(&value)?.into_value(cx))?;
            let Some(shown) = shown else {
                return Err(cx.runtime_error(format_args!("reentrant call inside {class}.__repr__")));
            };
            out.push_str(&format!(" {attribute}="))?;
            out.push_value(&shown)?;
        }
    }
    out.push_str(" encoding=")?;
    out.push_str(&cx.repr(&this.encoding.get())?)?;
    out.push_str(">")?;
    out.finish()
}
