//! The buffered streams: `BufferedReader`, `BufferedWriter`, `BufferedRandom` and `BufferedRWPair`.
//!
//! | file | what |
//! |---|---|
//! | `core.rs` | what the first three have in common |
//! | `reading.rs`, `writing.rs` | what they do |

use ryokan_vm::native::*;

pub mod core;
mod pair;
pub mod reading;
pub mod writing;

pub use pair::BufferedRWPair;

use self::core::{Buffered, Core};
use super::base::{self, BufferedIOBase};
use super::{DEFAULT_BUFFER_SIZE, Size, no_pickle};
use reading::{next, peek, read, read1, readinto, readinto1, readline};
use writing::{flush, seek, tell, truncate, write};

/// The size of a buffer, of an argument.
#[derive(Clone, Copy)]
pub struct BufferSize(pub i64);

impl<'a> FromArg<'a> for BufferSize {
    fn from_arg(cx: &'a Cx, arg: &'a Value, _: &Place) -> Res<BufferSize> {
        cx.index(arg).map(BufferSize)
    }
}

const USUAL: BufferSize = BufferSize(DEFAULT_BUFFER_SIZE as i64);

native_type! {
    /// BufferedReader(raw, buffer_size=DEFAULT_BUFFER_SIZE)
    ///
    /// Reads a raw stream through a buffer.
    "_io.BufferedReader" = pub struct BufferedReader(BufferedIOBase) { core: Core }
    flags: SUBCLASS, DICT, WEAKREF;
    shows: "(raw, buffer_size=DEFAULT_BUFFER_SIZE)";
    new(*args, **names) = new_reader;
    init(raw: Value, buffer_size: BufferSize = USUAL => "131072") = init_reader;
    slots { repr = repr; next = next; }
    getters {
        /// whether the stream is closed
        closed = closed;
        /// the name of the raw stream
        name = name;
        /// the mode of the raw stream
        mode = mode;
    }
    attributes {
        /// whether the stream is about to die
        _finalizing = finalizing, set_finalizing;
    }
    members {
        /// the raw stream
        raw = raw;
    }
    methods {
        /// Parts from the raw stream and returns it.
        detach();
        /// Flushes the raw stream.
        flush() = flush_raw;
        /// Closes the raw stream. A second call does nothing.
        close();
        /// Whether the raw stream is seekable.
        seekable();
        /// Whether the raw stream is readable.
        readable();
        /// The number of the descriptor underneath.
        fileno();
        /// Whether a terminal is at the other end.
        isatty();
        /// Warns that the stream was not closed.
        _dealloc_warn(source: &Value, /) = dealloc_warn;
        /// At most size bytes, all that are left if size is negative; None if there are none yet.
        read(size: Size = Size(-1) => "-1", /);
        /// The bytes that were read ahead, or that one read of the raw stream gives; they stay.
        peek(size: i64 = 0, /);
        /// At most size bytes, by at most one read of the raw stream.
        read1(size: Size = Size(-1) => "-1", /);
        /// Reads into a buffer; returns how many bytes.
        readinto(buffer: &Value, /);
        /// Reads into a buffer, by at most one read of the raw stream; returns how many bytes.
        readinto1(buffer: &Value, /);
        /// The next line with its end, cut off after size bytes.
        readline(size: Size = Size(-1) => "-1", /);
        /// Goes to a position and returns it: target bytes from the start (0), from here (1) or from the end (2).
        seek(target: &Value, whence: Value = Value::NONE => "0", /);
        /// The position.
        tell();
        /// Fails: the stream cannot be written.
        truncate(pos: Value = Value::NONE => "None", /);
        /// The size in memory, in bytes.
        __sizeof__() = size_of;
        /// Fails: a stream cannot be pickled.
        __getstate__() = getstate;
    }
}

native_type! {
    /// BufferedWriter(raw, buffer_size=DEFAULT_BUFFER_SIZE)
    ///
    /// Writes to a raw stream through a buffer.
    "_io.BufferedWriter" = pub struct BufferedWriter(BufferedIOBase) { core: Core }
    flags: SUBCLASS, DICT, WEAKREF;
    shows: "(raw, buffer_size=DEFAULT_BUFFER_SIZE)";
    new(*args, **names) = new_writer;
    init(raw: Value, buffer_size: BufferSize = USUAL => "131072") = init_writer;
    slots { repr = repr; }
    getters {
        /// whether the stream is closed
        closed = closed;
        /// the name of the raw stream
        name = name;
        /// the mode of the raw stream
        mode = mode;
    }
    attributes {
        /// whether the stream is about to die
        _finalizing = finalizing, set_finalizing;
    }
    members {
        /// the raw stream
        raw = raw;
    }
    methods {
        /// Writes what is pending and closes the raw stream. A second call does nothing.
        close();
        /// Parts from the raw stream and returns it.
        detach();
        /// Whether the raw stream is seekable.
        seekable();
        /// Whether the raw stream is writable.
        writable();
        /// The number of the descriptor underneath.
        fileno();
        /// Whether a terminal is at the other end.
        isatty();
        /// Warns that the stream was not closed.
        _dealloc_warn(source: &Value, /) = dealloc_warn;
        /// Writes bytes; returns how many. They reach the raw stream when the buffer is full, or at a flush().
        write(buffer: Buffer, /);
        /// Makes the file as long as a size, or as the position.
        truncate(pos: Value = Value::NONE => "None", /);
        /// Writes what is pending to the raw stream.
        flush();
        /// Goes to a position and returns it: target bytes from the start (0), from here (1) or from the end (2).
        seek(target: &Value, whence: Value = Value::NONE => "0", /);
        /// The position.
        tell();
        /// The size in memory, in bytes.
        __sizeof__() = size_of;
        /// Fails: a stream cannot be pickled.
        __getstate__() = getstate;
    }
}

native_type! {
    /// BufferedRandom(raw, buffer_size=DEFAULT_BUFFER_SIZE)
    ///
    /// Reads and writes a seekable raw stream through a buffer.
    "_io.BufferedRandom" = pub struct BufferedRandom(BufferedIOBase) { core: Core }
    flags: SUBCLASS, DICT, WEAKREF;
    shows: "(raw, buffer_size=DEFAULT_BUFFER_SIZE)";
    new(*args, **names) = new_random;
    init(raw: Value, buffer_size: BufferSize = USUAL => "131072") = init_random;
    slots { repr = repr; next = next; }
    getters {
        /// whether the stream is closed
        closed = closed;
        /// the name of the raw stream
        name = name;
        /// the mode of the raw stream
        mode = mode;
    }
    attributes {
        /// whether the stream is about to die
        _finalizing = finalizing, set_finalizing;
    }
    members {
        /// the raw stream
        raw = raw;
    }
    methods {
        /// Writes what is pending and closes the raw stream. A second call does nothing.
        close();
        /// Parts from the raw stream and returns it.
        detach();
        /// Whether the raw stream is seekable.
        seekable();
        /// Whether the raw stream is readable.
        readable();
        /// Whether the raw stream is writable.
        writable();
        /// The number of the descriptor underneath.
        fileno();
        /// Whether a terminal is at the other end.
        isatty();
        /// Warns that the stream was not closed.
        _dealloc_warn(source: &Value, /) = dealloc_warn;
        /// Writes what is pending to the raw stream.
        flush();
        /// Goes to a position and returns it: target bytes from the start (0), from here (1) or from the end (2).
        seek(target: &Value, whence: Value = Value::NONE => "0", /);
        /// The position.
        tell();
        /// Makes the file as long as a size, or as the position.
        truncate(pos: Value = Value::NONE => "None", /);
        /// At most size bytes, all that are left if size is negative; None if there are none yet.
        read(size: Size = Size(-1) => "-1", /);
        /// At most size bytes, by at most one read of the raw stream.
        read1(size: Size = Size(-1) => "-1", /);
        /// Reads into a buffer; returns how many bytes.
        readinto(buffer: &Value, /);
        /// Reads into a buffer, by at most one read of the raw stream; returns how many bytes.
        readinto1(buffer: &Value, /);
        /// The next line with its end, cut off after size bytes.
        readline(size: Size = Size(-1) => "-1", /);
        /// The bytes that were read ahead, or that one read of the raw stream gives; they stay.
        peek(size: i64 = 0, /);
        /// Writes bytes; returns how many. They reach the raw stream when the buffer is full, or at a flush().
        write(buffer: Buffer, /);
        /// The size in memory, in bytes.
        __sizeof__() = size_of;
        /// Fails: a stream cannot be pickled.
        __getstate__() = getstate;
    }
}

macro_rules! buffered {
    ($($ty:ident $new:ident)*) => { $(
        impl Buffered for $ty {
            #[inline(always)]
            fn core(&self) -> &Core {
                &self.core
            }
        }
        fn $new(cx: &Cx, class: &Value, _: Args) -> Res {
            cx.new_of(class, $ty { core: Core::default() })
        }
    )* };
}
buffered! { BufferedReader new_reader BufferedWriter new_writer BufferedRandom new_random }

fn init_reader(cx: &Cx, this: This<BufferedReader>, raw: Value, size: BufferSize) -> Res<()> {
    this.core.unmake();
    base::check_readable(cx, &raw)?;
    this.core.begin(cx, &raw, size.0, true, false)
}
fn init_writer(cx: &Cx, this: This<BufferedWriter>, raw: Value, size: BufferSize) -> Res<()> {
    this.core.unmake();
    base::check_writable(cx, &raw)?;
    this.core.begin(cx, &raw, size.0, false, true)
}
fn init_random(cx: &Cx, this: This<BufferedRandom>, raw: Value, size: BufferSize) -> Res<()> {
    this.core.unmake();
    base::check_seekable(cx, &raw)?;
    base::check_readable(cx, &raw)?;
    base::check_writable(cx, &raw)?;
    this.core.begin(cx, &raw, size.0, true, true)
}

// ---- what is the raw stream's ----------------------------------------------------------------------------------------

fn ask<T: Buffered>(cx: &Cx, this: This<T>, method: &str) -> Res {
    this.core().check(cx)?;
    cx.call_method(&this.core().raw.get(), method, ())
}
fn seekable<T: Buffered>(cx: &Cx, this: This<T>) -> Res {
    ask(cx, this, "seekable")
}
fn readable<T: Buffered>(cx: &Cx, this: This<T>) -> Res {
    ask(cx, this, "readable")
}
fn writable<T: Buffered>(cx: &Cx, this: This<T>) -> Res {
    ask(cx, this, "writable")
}
fn fileno<T: Buffered>(cx: &Cx, this: This<T>) -> Res {
    ask(cx, this, "fileno")
}
fn isatty<T: Buffered>(cx: &Cx, this: This<T>) -> Res {
    ask(cx, this, "isatty")
}
fn flush_raw<T: Buffered>(cx: &Cx, this: This<T>) -> Res {
    ask(cx, this, "flush")
}
fn closed<T: Buffered>(cx: &Cx, this: This<T>) -> Res {
    this.core().check(cx)?;
    cx.attr(&this.core().raw.get(), "closed")
}
fn name<T: Buffered>(cx: &Cx, this: This<T>) -> Res {
    this.core().check(cx)?;
    cx.attr(&this.core().raw.get(), "name")
}
fn mode<T: Buffered>(cx: &Cx, this: This<T>) -> Res {
    this.core().check(cx)?;
    cx.attr(&this.core().raw.get(), "mode")
}
fn raw<T: Buffered>(_: &Cx, this: This<T>) -> Value {
    this.core().raw.get()
}
fn finalizing<T: Buffered>(_: &Cx, this: This<T>) -> bool {
    this.core().finalizing.get()
}
fn set_finalizing<T: Buffered>(cx: &Cx, this: This<T>, value: Option<&Value>) -> Res<()> {
    super::file::set_flag(cx, &this.core().finalizing, value)
}
fn size_of<T: Buffered>(_: &Cx, this: This<T>) -> usize {
    BODY + this.core().size.get()
}
/// What the object takes without its buffer, in CPython's bytes.
const BODY: usize = 152;
fn getstate<T: Buffered>(cx: &Cx, this: This<T>) -> Res {
    Err(no_pickle(cx, this.value()))
}

// ---- the end ---------------------------------------------------------------------------------------------------------

fn detach<T: Buffered>(cx: &Cx, this: This<T>) -> Res {
    this.core().check(cx)?;
    drop(cx.call_method(this.value(), "flush", ())?);
    Ok(this.core().detach())
}

/// Tells the raw stream that this one was not closed.
fn dealloc_warn<T: Buffered>(cx: &Cx, this: This<T>, source: &Value) {
    let raw = this.core().raw.get();
    if raw.is_none() {
        return;
    }
    if let Err(raised) = cx.call_method(&raw, "_dealloc_warn", (source,)) {
        drop(cx.take_raised(raised));
    }
}

fn close<T: Buffered>(cx: &Cx, this: This<T>) -> Res {
    let core = this.core();
    core.check(cx)?;
    {
        let _locked = core.lock(cx, this.value())?;
        if core.is_closed(cx)? {
            return Ok(Value::NONE);
        }
        if core.finalizing.get() {
            dealloc_warn(cx, this, this.value());
        }
    }
    // Flushing takes the lock itself, and a subclass may do more.
    let flushed = cx.call_method(this.value(), "flush", ());
    let first = flushed.err().map(|raised| cx.take_raised(raised));
    let closed = {
        let _locked = core.lock(cx, this.value())?;
        let closed = cx.call_method(&core.raw.get(), "close", ());
        core.forget_ahead();
        if let Ok(mut buffer) = core.ahead.try_borrow_mut() {
            *buffer = None;
        }
        closed
    };
    match (first, closed) {
        (None, closed) => closed,
        (Some(first), Ok(_)) => Err(cx.raise_value(first)),
        (Some(first), Err(later)) => Err(cx.chain(later, first)),
    }
}

fn repr<T: Buffered>(cx: &Cx, this: This<T>) -> Res {
    let class = cx.type_name(this.value());
    let name = match cx.attr_opt(this.value(), "name") {
        Ok(name) => name,
        Err(raised) => {
            drop(cx.catch(raised, "ValueError")?);
            None
        }
    };
    let Some(name) = name else { return format_args!("<{class}>").into_value(cx) };
    let shown = cx.repr_once(this.value(), || cx.repr(&name)?.into_value(cx))?;
    match shown {
        Some(shown) => format_args!("<{class} name={}>", cx.str(&shown)?).into_value(cx),
        None => Err(cx.runtime_error(format_args!("reentrant call inside {class}.__repr__"))),
    }
}
