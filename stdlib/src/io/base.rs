//! The abstract classes: what every stream has, and what it does as long as a subclass does not say otherwise.

use ryokan_vm::native::*;

use super::{DEFAULT_BUFFER_SIZE, Size, check_bytes, closed_error, unsupported};

native_type! {
    /// The base of all streams: iteration over lines, the context manager, closing at the end of life.
    "_io._IOBase" = pub struct IOBase: object {}
    flags: SUBCLASS, DICT, WEAKREF;
    slots { iter = iter; next = next; del = finalize; }
    getters {
        /// whether the stream is closed
        closed = |cx, this| has_closed(cx, this);
    }
    methods {
        /// Goes to a position and returns it: offset bytes from the start (0), from here (1) or from the end (2).
        seek(offset: &Value, whence: Value = Value::NONE => "os.SEEK_SET", /);
        /// The position.
        tell();
        /// Cuts the file off at a size, or at the position.
        truncate(size: Value = Value::NONE => "None", /);
        /// Sends on what is buffered. Nothing, where nothing is.
        flush();
        /// Sends on what is buffered and closes the file. A second call does nothing.
        close();
        /// Whether seek(), tell() and truncate() are possible.
        seekable() = refuses;
        /// Whether reading is possible.
        readable() = refuses;
        /// Whether writing is possible.
        writable() = refuses;
        /// ValueError if the stream is closed.
        _checkClosed() = check_closed_method;
        /// UnsupportedOperation if the stream is not seekable.
        _checkSeekable() = check_seekable_method;
        /// UnsupportedOperation if the stream is not readable.
        _checkReadable() = check_readable_method;
        /// UnsupportedOperation if the stream is not writable.
        _checkWritable() = check_writable_method;
        /// The number of the descriptor underneath. OSError if there is none.
        fileno();
        /// Whether a terminal is at the other end.
        isatty();
        /// The stream itself.
        __enter__() = enter;
        /// Closes the stream.
        __exit__(*args) = exit;
        /// Closes the stream, when nobody has it any more.
        __del__() = finalize_method;
        /// The next line with its end, cut off after size bytes.
        readline(size: Size = Size(-1) => "-1", /);
        /// A list of the lines that are left. With a hint, no more once so many bytes were read.
        readlines(hint: Size = Size(-1) => "-1", /);
        /// Writes each item of an iterable; adds no ends of lines.
        writelines(lines: &Value, /);
    }
}

native_type! {
    /// The base of raw streams: bytes without a buffer. read() and readall() rest on readinto().
    "_io._RawIOBase" = pub struct RawIOBase(IOBase): object {}
    flags: SUBCLASS, DICT, WEAKREF;
    methods {
        /// At most size bytes, all that are left if size is negative; None if there are none yet.
        read(size: Size = Size(-1) => "-1", /) = raw_read;
        /// All bytes that are left.
        readall();
        /// Reads into a buffer; a subclass says how.
        readinto(*args) = not_implemented;
        /// Writes bytes; a subclass says how.
        write(*args) = not_implemented;
    }
}

native_type! {
    /// The base of buffered streams of bytes: read() and write() neither give less than is asked for nor None, as far as that can be helped.
    "_io._BufferedIOBase" = pub struct BufferedIOBase(IOBase): object {}
    flags: SUBCLASS, DICT, WEAKREF;
    methods {
        /// Parts from the raw stream and returns it.
        detach() = detach_unsupported;
        /// At most size bytes, all that are left if size is negative.
        read(size: Value = Value::NONE => "-1", /) = read_unsupported;
        /// At most size bytes, by at most one read of the raw stream.
        read1(size: Value = Value::NONE => "-1", /) = read1_unsupported;
        /// Reads into a buffer; returns how many bytes.
        readinto(buffer: &Value, /) = read_into;
        /// Reads into a buffer, by at most one read of the raw stream; returns how many bytes.
        readinto1(buffer: &Value, /) = read_into1;
        /// Writes bytes; returns how many.
        write(b: &Value, /) = write_unsupported;
    }
}

native_type! {
    /// The base of text streams: characters and lines.
    "_io._TextIOBase" = pub struct TextIOBase(IOBase): object {}
    flags: SUBCLASS, DICT, WEAKREF;
    getters {
        /// the name of the encoding, or None
        encoding = |_, _| Value::NONE;
        /// which ends of lines were met, or None
        newlines = |_, _| Value::NONE;
        /// the name of the error handler, or None
        errors = |_, _| Value::NONE;
    }
    methods {
        /// Parts from the buffer and returns it.
        detach() = text_detach;
        /// At most size characters, all that are left if size is negative.
        read(size: Value = Value::NONE => "-1", /) = text_read;
        /// The next line with its end.
        readline(size: Value = Value::NONE => "-1", /) = text_readline;
        /// Writes a text; returns how many characters.
        write(s: &Value, /) = text_write;
    }
}

type Base<'a> = This<'a, IOBase>;

/// The attribute by which a stream of Python's remembers that it was closed.
const CLOSED: &str = "__IOBase_closed";

fn has_closed(cx: &Cx, this: Base) -> Res<bool> {
    Ok(cx.attr_opt(this.value(), CLOSED)?.is_some())
}

/// Whether `closed` of any stream is true. Runs Python.
pub fn is_closed(cx: &Cx, stream: &Value) -> Res<bool> {
    let closed = cx.attr(stream, "closed")?;
    cx.truth(&closed)
}

/// `ValueError` if it is.
pub fn check_closed(cx: &Cx, stream: &Value) -> Res<()> {
    if is_closed(cx, stream)? { Err(closed_error(cx)) } else { Ok(()) }
}

fn check_able(cx: &Cx, stream: &Value, method: &str) -> Res<()> {
    let answer = cx.call_method(stream, method, ())?;
    match answer.is(&Value::TRUE) {
        true => Ok(()),
        false => Err(unsupported(cx, &format!("File or stream is not {method}."))),
    }
}
/// `UnsupportedOperation` unless a stream is seekable.
pub fn check_seekable(cx: &Cx, stream: &Value) -> Res<()> {
    check_able(cx, stream, "seekable")
}
/// `UnsupportedOperation` unless a stream is readable.
pub fn check_readable(cx: &Cx, stream: &Value) -> Res<()> {
    check_able(cx, stream, "readable")
}
/// `UnsupportedOperation` unless a stream is writable.
pub fn check_writable(cx: &Cx, stream: &Value) -> Res<()> {
    check_able(cx, stream, "writable")
}

// ---- what every stream has -------------------------------------------------------------------------------------------

fn iter(cx: &Cx, this: Base) -> Res {
    check_closed(cx, this.value())?;
    Ok(this.to_value())
}
fn next(cx: &Cx, this: Base) -> Res<Option<Value>> {
    let line = cx.call_method(this.value(), "readline", ())?;
    Ok(if cx.len(&line)? == 0 { None } else { Some(line) })
}

/// What every stream does at the end of its life: closes itself. What fails is reported, for nobody can catch it.
pub fn finalize_stream(cx: &Cx, stream: &Value) {
    let close = || -> Res<()> {
        if is_closed(cx, stream)? {
            return Ok(());
        }
        // Those that warn look at this. A stream of Python's may refuse it.
        if let Err(raised) = cx.set_attr(stream, "_finalizing", true) {
            drop(cx.take_raised(raised));
        }
        match cx.call_method(stream, "close", ()) {
            Ok(_) => {}
            Err(raised) => cx.unraisable_while(raised, "while finalizing file", stream),
        }
        Ok(())
    };
    cx.aside(|| {
        if let Err(raised) = close() {
            // It has no `closed`, or one that fails: it was never made.
            drop(cx.take_raised(raised));
        }
    });
}
fn finalize(cx: &Cx, this: Base) {
    finalize_stream(cx, this.value());
}
fn finalize_method(cx: &Cx, this: Base) {
    finalize_stream(cx, this.value());
}

fn seek(cx: &Cx, _: Base, _: &Value, _: Value) -> Res {
    Err(unsupported(cx, "seek"))
}
fn tell(cx: &Cx, this: Base) -> Res {
    cx.call_method(this.value(), "seek", (0, 1))
}
fn truncate(cx: &Cx, _: Base, _: Value) -> Res {
    Err(unsupported(cx, "truncate"))
}
fn fileno(cx: &Cx, _: Base) -> Res {
    Err(unsupported(cx, "fileno"))
}
fn flush(cx: &Cx, this: Base) -> Res<()> {
    if has_closed(cx, this)? { Err(closed_error(cx)) } else { Ok(()) }
}

/// Flushes a stream and marks it as closed, as `close` does where nothing else is to be done.
pub fn close_plainly(cx: &Cx, stream: &Value) -> Res<()> {
    if cx.attr_opt(stream, CLOSED)?.is_some() {
        return Ok(());
    }
    let flushed = cx.call_method(stream, "flush", ());
    match flushed {
        Ok(_) => cx.set_attr(stream, CLOSED, true),
        Err(raised) => {
            cx.aside(|| {
                if let Err(raised) = cx.set_attr(stream, CLOSED, true) {
                    drop(cx.take_raised(raised));
                }
            });
            Err(raised)
        }
    }
}
fn close(cx: &Cx, this: Base) -> Res<()> {
    close_plainly(cx, this.value())
}

fn refuses(_: &Cx, _: Base) -> bool {
    false
}
fn check_closed_method(cx: &Cx, this: Base) -> Res<()> {
    check_closed(cx, this.value())
}
fn check_seekable_method(cx: &Cx, this: Base) -> Res<bool> {
    check_seekable(cx, this.value()).map(|()| true)
}
fn check_readable_method(cx: &Cx, this: Base) -> Res<bool> {
    check_readable(cx, this.value()).map(|()| true)
}
fn check_writable_method(cx: &Cx, this: Base) -> Res<bool> {
    check_writable(cx, this.value()).map(|()| true)
}
fn isatty(cx: &Cx, this: Base) -> Res<bool> {
    check_closed(cx, this.value())?;
    Ok(false)
}
fn enter(cx: &Cx, this: Base) -> Res {
    check_closed(cx, this.value())?;
    Ok(this.to_value())
}
fn exit(cx: &Cx, this: Base, args: Args) -> Res {
    args.no_keywords(cx, "_IOBase.__exit__")?;
    cx.call_method(this.value(), "close", ())
}

/// How many bytes of what `peek` shows belong to the line.
fn ahead(cx: &Cx, stream: &Value, limit: i64, have: usize) -> Res<usize> {
    let shown = cx.call_method(stream, "peek", (1,))?;
    let bytes = check_bytes(cx, &shown, |cx, kind| {
        cx.raise_os(format_args!("peek() should have returned a bytes object, not '{kind}'"))
    })?;
    let bytes = bytes.as_slice();
    if bytes.is_empty() {
        return Ok(1);
    }
    let most = usize::try_from(limit).map_or(bytes.len(), |limit| bytes.len().min(limit - have));
    Ok(memchr::memchr(b'\n', &bytes[..most]).map_or(most, |at| at + 1))
}

fn readline(cx: &Cx, this: Base, size: Size) -> Res {
    let limit = size.0;
    let peeks = cx.attr_opt(this.value(), "peek")?.is_some();
    let mut line = ByteWriter::new(cx);
    while limit < 0 || (line.len() as i64) < limit {
        let want = if peeks { ahead(cx, this.value(), limit, line.len())? } else { 1 };
        let read = cx.call_method(this.value(), "read", (want,))?;
        let read = check_bytes(cx, &read, |cx, kind| {
            cx.raise_os(format_args!("read() should have returned a bytes object, not '{kind}'"))
        })?;
        line.push(read.as_slice())?;
        if read.as_slice().is_empty() || read.as_slice().ends_with(b"\n") {
            break;
        }
    }
    line.finish()
}

/// The lines of a stream, until they are longer than a hint, if there is one.
pub fn lines_of(cx: &Cx, stream: &Value, hint: i64) -> Res {
    if hint <= 0 {
        return List::from_iterable(cx, stream).map(List::into_value);
    }
    let (lines, mut total) = (List::new(cx, 0)?, 0);
    let iterator = cx.iter(stream)?;
    while let Some(line) = iterator.next(cx)? {
        let len = cx.len(&line)? as i64;
        lines.push(cx, line)?;
        if len > hint - total {
            break;
        }
        total += len;
    }
    Ok(lines.into_value())
}
fn readlines(cx: &Cx, this: Base, hint: Size) -> Res {
    lines_of(cx, this.value(), hint.0)
}
fn writelines(cx: &Cx, this: Base, lines: &Value) -> Res<()> {
    check_closed(cx, this.value())?;
    let lines = cx.iter(lines)?;
    while let Some(line) = lines.next(cx)? {
        drop(cx.call_method(this.value(), "write", (line,))?);
    }
    Ok(())
}

// ---- raw streams -----------------------------------------------------------------------------------------------------

fn raw_read(cx: &Cx, this: This<RawIOBase>, size: Size) -> Res {
    let Ok(size) = usize::try_from(size.0) else { return cx.call_method(this.value(), "readall", ()) };
    let buffer = ByteArray::new(cx, &[])?;
    buffer.resize(cx, size)?;
    let read = cx.call_method(this.value(), "readinto", (buffer.value(),))?;
    if read.is_none() {
        return Ok(read);
    }
    let count = cx.index(&read)?;
    match usize::try_from(count) {
        Ok(count) if count <= buffer.len() => Ok(buffer.read(|bytes| Bytes::new(cx, &bytes[..count]))?.into_value()),
        _ => Err(cx.value_error(format_args!("readinto returned {count} outside buffer size {size}"))),
    }
}
fn readall(cx: &Cx, this: This<RawIOBase>) -> Res {
    let mut all = ByteWriter::new(cx);
    loop {
        let read = cx.call_method(this.value(), "read", (DEFAULT_BUFFER_SIZE,))?;
        if read.is_none() {
            if all.is_empty() {
                return Ok(read);
            }
            break;
        }
        let read = check_bytes(cx, &read, |cx, _| cx.type_error("read() should return bytes"))?;
        if read.as_slice().is_empty() {
            break;
        }
        all.push(read.as_slice())?;
    }
    all.finish()
}
fn not_implemented(cx: &Cx, _: This<RawIOBase>, _: Args) -> Res {
    Err(cx.raise_value(cx.call(&cx.builtin("NotImplementedError")?, ())?))
}

// ---- buffered streams ------------------------------------------------------------------------------------------------

type Buffered<'a> = This<'a, BufferedIOBase>;

fn detach_unsupported(cx: &Cx, _: Buffered) -> Res {
    Err(unsupported(cx, "detach"))
}
fn read_unsupported(cx: &Cx, _: Buffered, _: Value) -> Res {
    Err(unsupported(cx, "read"))
}
fn read1_unsupported(cx: &Cx, _: Buffered, _: Value) -> Res {
    Err(unsupported(cx, "read1"))
}
fn write_unsupported(cx: &Cx, _: Buffered, _: &Value) -> Res {
    Err(unsupported(cx, "write"))
}
fn read_into(cx: &Cx, this: Buffered, buffer: &Value) -> Res<usize> {
    read_by(cx, this.value(), buffer, "read")
}
fn read_into1(cx: &Cx, this: Buffered, buffer: &Value) -> Res<usize> {
    read_by(cx, this.value(), buffer, "read1")
}
/// Reads into a buffer by a method that gives bytes.
fn read_by(cx: &Cx, stream: &Value, buffer: &Value, method: &str) -> Res<usize> {
    let buffer = super::writable(cx, buffer, method_of(method))?;
    let read = cx.call_method(stream, method, (buffer.len(),))?;
    let read = check_bytes(cx, &read, |cx, _| cx.type_error("read() should return bytes"))?;
    let (len, most) = (read.as_slice().len(), buffer.len());
    if len > most {
        return Err(cx.value_error(format_args!(
            "read() returned too much data: {most} bytes requested, {len} returned"
        )));
    }
    buffer.write(0, read.as_slice());
    Ok(len)
}
fn method_of(reads: &str) -> &'static str {
    if reads == "read" { "readinto" } else { "readinto1" }
}

// ---- text streams ----------------------------------------------------------------------------------------------------

type Text<'a> = This<'a, TextIOBase>;

fn text_detach(cx: &Cx, _: Text) -> Res {
    Err(unsupported(cx, "detach"))
}
fn text_read(cx: &Cx, _: Text, _: Value) -> Res {
    Err(unsupported(cx, "read"))
}
fn text_readline(cx: &Cx, _: Text, _: Value) -> Res {
    Err(unsupported(cx, "readline"))
}
fn text_write(cx: &Cx, _: Text, _: &Value) -> Res {
    Err(unsupported(cx, "write"))
}
