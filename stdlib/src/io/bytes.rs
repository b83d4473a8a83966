//! `BytesIO`: a stream of bytes in memory. They lie in a bytearray, which keeps its size while a view of `getbuffer` is in use.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::base::BufferedIOBase;
use super::{Size, closed_error, offset, whence, writable};

native_type! {
    /// BytesIO(initial_bytes=b'')
    ///
    /// A stream of bytes in memory, which can be read and written.
    "_io.BytesIO" = pub struct BytesIO(BufferedIOBase) { bytes: Maybe, at: Cell<usize> }
    flags: SUBCLASS, DICT, WEAKREF;
    shows: "(initial_bytes=b'')";
    new(*args, **names) = new;
    init(initial_bytes: Value = Value::NONE => "b''") = init;
    slots { iter = iter; next = next; }
    getters {
        /// whether the stream is closed
        closed = |_, this: Mem| !this.bytes.is_some();
    }
    methods {
        /// True, unless the stream is closed.
        readable() = able;
        /// True, unless the stream is closed.
        seekable() = able;
        /// True, unless the stream is closed.
        writable() = able;
        /// Lets the bytes go.
        close();
        /// Does nothing.
        flush();
        /// False.
        isatty();
        /// The position.
        tell();
        /// Writes bytes at the position; returns how many.
        write(b: &Value, /);
        /// Writes each item of an iterable.
        writelines(lines: &Value, /);
        /// At most size bytes, all that are left if size is negative.
        read1(size: Size = Size(-1) => "-1", /) = read;
        /// Reads into a buffer; returns how many bytes.
        readinto(buffer: &Value, /);
        /// The next line with its end, cut off after size bytes.
        readline(size: Size = Size(-1) => "-1", /);
        /// A list of the lines that are left. With a size, no more once so many bytes were read.
        readlines(size: Size = Size(-1) => "None", /);
        /// At most size bytes, all that are left if size is negative.
        read(size: Size = Size(-1) => "-1", /);
        /// A view of the bytes, which shows and makes changes. While there is one, the stream cannot grow or shrink.
        getbuffer();
        /// All bytes, whatever the position.
        getvalue();
        /// Goes to a position and returns it: pos bytes from the start (0), from here (1) or from the end (2).
        seek(pos: &Value, whence: Value = Value::NONE => "0", /);
        /// Cuts the bytes off at a size, or at the position.
        truncate(size: Value = Value::NONE => "None", /);
        /// What pickle keeps: the bytes, the position, and the attributes.
        __getstate__() = getstate;
        /// Puts the stream into the state that __getstate__() gave.
        __setstate__(object: &Value, /) = setstate;
        /// The size in memory, in bytes.
        __sizeof__() = size_of;
    }
}

native_type! {
    /// Whom the views of a BytesIO belong to. It keeps the stream: that cannot be closed at its end while somebody looks into it.
    "_io._BytesIOBuffer" = pub struct BytesIOBuffer { bytes: Slot, stream: Slot }
    methods {
        /// A view of the bytes.
        __buffer__(flags: BufferFlags, /) = buffer;
    }
}

type Mem<'a> = This<'a, BytesIO>;

fn new(cx: &Cx, class: &Value, _: Args) -> Res {
    let bytes = ByteArray::new(cx, &[])?.into_value();
    cx.new_of(class, BytesIO { bytes: Maybe::new(bytes), at: Cell::new(0) })
}
fn init(cx: &Cx, this: Mem, initial: Value) -> Res<()> {
    if let Some(old) = bytes_of(&this) {
        old.check_exports(cx)?;
    }
    let bytes = ByteArray::new(cx, &[])?;
    if !initial.is_none() {
        let given = Buffer::of(cx, &initial)?;
        given.read(|given| bytes.extend(cx, given))?;
    }
    this.at.set(0);
    this.bytes.set(Some(bytes.into_value()));
    Ok(())
}

/// The bytes, if the stream is not closed.
#[inline]
fn bytes_of(this: &BytesIO) -> Option<ByteArray> {
    this.bytes.get().and_then(|bytes| ByteArray::of(&bytes))
}
#[inline]
fn open(cx: &Cx, this: Mem) -> Res<ByteArray> {
    bytes_of(&this).ok_or(()).map_err(|()| closed_error(cx))
}

fn able(cx: &Cx, this: Mem) -> Res<bool> {
    open(cx, this).map(|_| true)
}
fn flush(cx: &Cx, this: Mem) -> Res<()> {
    open(cx, this).map(drop)
}
fn isatty(cx: &Cx, this: Mem) -> Res<bool> {
    open(cx, this).map(|_| false)
}
fn tell(cx: &Cx, this: Mem) -> Res<usize> {
    open(cx, this)?;
    Ok(this.at.get())
}
fn close(cx: &Cx, this: Mem) -> Res<()> {
    if let Some(bytes) = bytes_of(&this) {
        bytes.check_exports(cx)?;
    }
    this.bytes.set(None);
    Ok(())
}

/// Takes bytes from the position on, at most so many.
fn take(cx: &Cx, this: Mem, bytes: &ByteArray, most: usize) -> Res {
    let at = this.at.get();
    let taken = bytes.read(|bytes| {
        let left = bytes.get(at..).unwrap_or(&[]);
        Bytes::new(cx, &left[..left.len().min(most)])
    })?;
    this.at.set(at + taken.as_slice().len());
    Ok(taken.into_value())
}
/// How long the next line is, at most so many bytes.
fn line_length(this: Mem, bytes: &ByteArray, most: usize) -> usize {
    bytes.read(|bytes| {
        let left = bytes.get(this.at.get()..).unwrap_or(&[]);
        let left = &left[..left.len().min(most)];
        memchr::memchr(b'\n', left).map_or(left.len(), |at| at + 1)
    })
}
fn most(size: Size) -> usize {
    usize::try_from(size.0).unwrap_or(usize::MAX)
}

fn read(cx: &Cx, this: Mem, size: Size) -> Res {
    let bytes = open(cx, this)?;
    take(cx, this, &bytes, most(size))
}
fn readline(cx: &Cx, this: Mem, size: Size) -> Res {
    let bytes = open(cx, this)?;
    take(cx, this, &bytes, line_length(this, &bytes, most(size)))
}
fn readlines(cx: &Cx, this: Mem, size: Size) -> Res<List> {
    let bytes = open(cx, this)?;
    let (lines, mut total) = (List::new(cx, 0)?, 0);
    loop {
        let length = line_length(this, &bytes, usize::MAX);
        if length == 0 {
            return Ok(lines);
        }
        cx.work_on_bytes(length)?;
        lines.push(cx, take(cx, this, &bytes, length)?)?;
        total += length;
        if size.0 > 0 && total as i64 >= size.0 {
            return Ok(lines);
        }
    }
}
fn readinto(cx: &Cx, this: Mem, buffer: &Value) -> Res<usize> {
    open(cx, this)?;
    let buffer = writable(cx, buffer, "readinto")?;
    let bytes = open(cx, this)?;
    let at = this.at.get();
    // The buffer could be a view of these very bytes.
    let mut copy = ByteWriter::new(cx);
    bytes.read(|bytes| {
        let left = bytes.get(at..).unwrap_or(&[]);
        copy.push(&left[..left.len().min(buffer.len())])
    })?;
    buffer.write(0, copy.as_slice());
    this.at.set(at + copy.len());
    Ok(copy.len())
}
fn iter(cx: &Cx, this: Mem) -> Res {
    open(cx, this)?;
    Ok(this.to_value())
}
fn next(cx: &Cx, this: Mem) -> Res<Option<Value>> {
    let bytes = open(cx, this)?;
    match line_length(this, &bytes, usize::MAX) {
        0 => Ok(None),
        length => take(cx, this, &bytes, length).map(Some),
    }
}

/// Puts bytes at the position; what lies between the end and that is filled with zeros.
fn put(cx: &Cx, this: Mem, target: &ByteArray, source: &[u8]) -> Res<()> {
    if source.is_empty() {
        return Ok(());
    }
    let at = this.at.get();
    let Some(end) = at.checked_add(source.len()) else { return Err(cx.overflow_error("new buffer size too large")) };
    if at == target.len() {
        target.extend(cx, source)?;
    } else {
        if end > target.len() {
            target.resize(cx, end)?;
        }
        target.write(at, source);
    }
    this.at.set(end);
    Ok(())
}
fn write(cx: &Cx, this: Mem, source: &Value) -> Res<usize> {
    let target = open(cx, this)?;
    if let Some(source) = Bytes::exact(source) {
        let source = source.as_slice();
        cx.work_on_bytes(source.len())?;
        put(cx, this, &target, source)?;
        return Ok(source.len());
    }
    let source = Buffer::of(cx, source)?;
    let mut copy = ByteWriter::new(cx);
    source.read(|bytes| copy.push(bytes))?;
    drop(source);
    // Asking for the buffer may have run Python.
    let target = open(cx, this)?;
    put(cx, this, &target, copy.as_slice())?;
    Ok(copy.len())
}
fn writelines(cx: &Cx, this: Mem, lines: &Value) -> Res<()> {
    open(cx, this)?;
    let lines = cx.iter(lines)?;
    while let Some(line) = lines.next(cx)? {
        write(cx, this, &line)?;
    }
    Ok(())
}

fn seek(cx: &Cx, this: Mem, pos: &Value, from: Value) -> Res<usize> {
    let (pos, from) = (offset(cx, pos)?, whence(cx, &from)?);
    let bytes = open(cx, this)?;
    let base = match from {
        0 if pos < 0 => return Err(cx.value_error(format_args!("negative seek value {pos}"))),
        0 => 0,
        1 => this.at.get(),
        2 => bytes.len(),
        _ => return Err(cx.value_error(format_args!("invalid whence ({from}, should be 0, 1 or 2)"))),
    };
    let Some(at) = (base as i64).checked_add(pos) else { return Err(cx.overflow_error("new position too large")) };
    this.at.set(usize::try_from(at).unwrap_or(0));
    Ok(this.at.get())
}
fn truncate(cx: &Cx, this: Mem, size: Value) -> Res<i64> {
    let bytes = open(cx, this)?;
    bytes.check_exports(cx)?;
    let size = if size.is_none() { this.at.get() as i64 } else { Size::of(cx, &size)?.0 };
    let Ok(length) = usize::try_from(size) else {
        return Err(cx.value_error(format_args!("negative size value {size}")));
    };
    let bytes = open(cx, this)?;
    if length < bytes.len() {
        bytes.resize(cx, length)?;
    }
    Ok(size)
}
fn getvalue(cx: &Cx, this: Mem) -> Res<Bytes> {
    open(cx, this)?.read(|bytes| Bytes::new(cx, bytes))
}
fn getbuffer(cx: &Cx, this: Mem) -> Res {
    let bytes = open(cx, this)?.into_value();
    let owner = cx.new(BytesIOBuffer { bytes: Slot::new(bytes), stream: Slot::new(this.to_value()) })?;
    cx.call(&cx.builtin("memoryview")?, (owner,))
}
fn buffer(cx: &Cx, this: This<BytesIOBuffer>, flags: BufferFlags) -> Res {
    cx.export(this.value(), &this.bytes.get(), b'B', false, flags)
}

fn getstate(cx: &Cx, this: Mem) -> Res {
    let bytes = getvalue(cx, this)?;
    let dict = cx.instance_dict(this.value())?;
    let dict = if dict.is_empty() { Value::NONE } else { cx.call_method(dict.value(), "copy", ())? };
    (bytes, this.at.get(), dict).into_value(cx)
}
fn setstate(cx: &Cx, this: Mem, state: &Value) -> Res<()> {
    let parts = match Tuple::of(state) {
        Some(parts) if parts.len() >= 3 => parts,
        _ => {
            let kind = cx.type_name(state);
            return Err(cx.type_error(format_args!(
                "{}.__setstate__ argument should be 3-tuple, got {kind}",
                cx.type_name(this.value())
            )));
        }
    };
    let [bytes, at, dict, ..] = parts.as_slice() else { return Err(cx.system_error("three items")) };
    open(cx, this)?.check_exports(cx)?;
    init(cx, this, bytes.clone())?;
    let name = cx.type_name(this.value());
    if !cx.is_int(at) {
        let kind = cx.type_name(at);
        return Err(cx.type_error(format_args!("second item of state must be an integer, not {kind}")));
    }
    let Ok(at) = usize::try_from(cx.index(at)?) else {
        return Err(cx.value_error("position value cannot be negative"));
    };
    this.at.set(at);
    super::set_dict(cx, this.value(), dict, &name)
}
fn size_of(cx: &Cx, this: Mem) -> usize {
    let _ = cx;
    64 + bytes_of(&this).map_or(0, |bytes| if bytes.is_empty() { 0 } else { bytes.len() + 33 })
}
