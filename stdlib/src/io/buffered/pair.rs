//! `BufferedRWPair`: a stream that is read and another one that is written, as one.

use ryokan_vm::native::*;

use super::super::base::{self, BufferedIOBase};
use super::{BufferSize, BufferedReader, BufferedWriter, USUAL};

native_type! {
    /// BufferedRWPair(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE)
    ///
    /// Reads one raw stream and writes another, each through a buffer: for the two ends of a socket or a pair of pipes.
    "_io.BufferedRWPair" = pub struct BufferedRWPair(BufferedIOBase) { reader: Maybe, writer: Maybe }
    flags: SUBCLASS, DICT, WEAKREF;
    shows: "(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)";
    new(*args, **names) = new;
    init(reader: &Value, writer: &Value, buffer_size: BufferSize = USUAL => "131072", /) = init;
    getters {
        /// whether the writer is closed
        closed = closed;
    }
    methods {
        /// As of the reader.
        read(*args) = read;
        /// As of the reader.
        peek(*args) = peek;
        /// As of the reader.
        read1(*args) = read1;
        /// As of the reader.
        readinto(*args) = readinto;
        /// As of the reader.
        readinto1(*args) = readinto1;
        /// As of the writer.
        write(*args) = write;
        /// As of the writer.
        flush();
        /// As of the reader.
        readable();
        /// As of the writer.
        writable();
        /// Closes the writer, then the reader.
        close();
        /// Whether one of them is a terminal.
        isatty();
    }
}

type Both<'a> = This<'a, BufferedRWPair>;

fn new(cx: &Cx, class: &Value, _: Args) -> Res {
    cx.new_of(class, BufferedRWPair { reader: Maybe::default(), writer: Maybe::default() })
}
fn init(cx: &Cx, this: Both, reader: &Value, writer: &Value, size: BufferSize) -> Res<()> {
    base::check_readable(cx, reader)?;
    base::check_writable(cx, writer)?;
    let reader = cx.call(&cx.class::<BufferedReader>()?, (reader, size.0))?;
    let writer = cx.call(&cx.class::<BufferedWriter>()?, (writer, size.0))?;
    this.reader.set(Some(reader));
    this.writer.set(Some(writer));
    Ok(())
}

fn end(cx: &Cx, end: &Maybe) -> Res {
    end.get().ok_or(()).map_err(|()| cx.value_error("I/O operation on uninitialized object"))
}
fn ask(cx: &Cx, of: &Maybe, method: &str, args: Args) -> Res {
    args.call(cx, &cx.attr(&end(cx, of)?, method)?)
}
fn ask_plainly(cx: &Cx, of: &Maybe, method: &str) -> Res {
    cx.call_method(&end(cx, of)?, method, ())
}
fn read(cx: &Cx, this: Both, args: Args) -> Res {
    ask(cx, &this.reader, "read", args)
}
fn peek(cx: &Cx, this: Both, args: Args) -> Res {
    ask(cx, &this.reader, "peek", args)
}
fn read1(cx: &Cx, this: Both, args: Args) -> Res {
    ask(cx, &this.reader, "read1", args)
}
fn readinto(cx: &Cx, this: Both, args: Args) -> Res {
    ask(cx, &this.reader, "readinto", args)
}
fn readinto1(cx: &Cx, this: Both, args: Args) -> Res {
    ask(cx, &this.reader, "readinto1", args)
}
fn write(cx: &Cx, this: Both, args: Args) -> Res {
    ask(cx, &this.writer, "write", args)
}
fn flush(cx: &Cx, this: Both) -> Res {
    ask_plainly(cx, &this.writer, "flush")
}
fn readable(cx: &Cx, this: Both) -> Res {
    ask_plainly(cx, &this.reader, "readable")
}
fn writable(cx: &Cx, this: Both) -> Res {
    ask_plainly(cx, &this.writer, "writable")
}
fn closed(cx: &Cx, this: Both) -> Res {
    match this.writer.get() {
        Some(writer) => cx.attr(&writer, "closed"),
        None => Err(cx.runtime_error("the BufferedRWPair object is being garbage-collected")),
    }
}
fn isatty(cx: &Cx, this: Both) -> Res {
    let answer = ask_plainly(cx, &this.writer, "isatty")?;
    if answer.is(&Value::FALSE) { ask_plainly(cx, &this.reader, "isatty") } else { Ok(answer) }
}
fn close(cx: &Cx, this: Both) -> Res {
    let first = ask_plainly(cx, &this.writer, "close").err().map(|raised| cx.take_raised(raised));
    let closed = ask_plainly(cx, &this.reader, "close");
    match (first, closed) {
        (None, closed) => closed,
        (Some(first), Ok(_)) => Err(cx.raise_value(first)),
        (Some(first), Err(later)) => Err(cx.chain(later, first)),
    }
}
