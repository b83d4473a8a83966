//! `_struct`: records of C as bytes.
//!
//! A format is read once (`format.rs`), and kept by the `Struct` or by the module, which remembers the last hundred formats.
//! Packing runs Python: a record is written to a buffer of its own, and the format stays whatever happens to its owner.

mod format;
mod items;

use std::cell::Cell;
use std::rc::Rc;

use ryokan_vm::native::*;

use format::{Format, Places};

native_module! {
    /// Conversions between Python's values and the bytes of C's records.
    ///
    /// A format says what a record consists of: an order (@ = < > !), then letters with counts, such as '<2hq'.
    "_struct" {
        types { Struct }
        classes { "error" = &ERROR; }
        functions {
            /// How many bytes a record of the format has.
            calcsize(format: Value, /);
            /// The bytes of a record with these items: pack(format, item, ...).
            pack(*args);
            /// Writes a record into a buffer at an offset: pack_into(format, buffer, offset, item, ...).
            pack_into(*args);
            /// A tuple of the items in a record that fills the buffer.
            unpack(format: &Value, buffer: &Value, /);
            /// A tuple of the items in the record that begins at an offset of the buffer.
            unpack_from(format: &Value, /, buffer: &Value, offset: i64 = 0);
            /// An iterator of the records that fill the buffer, each a tuple of items.
            iter_unpack(format: Value, buffer: Value, /);
            /// Forgets the formats that were read.
            _clearcache() = clear_cache;
        }
    }
}

native_exception! {
    /// What does not fit a format.
    static ERROR = "struct.error": "Exception";
}

native_state! {
    /// Formats that were read: a dict of the `Struct`s. And the one that was asked for last: its text, and what it says.
    struct State { known: Maybe, last: Maybe, last_read: Own<Option<Rc<Format>>> }
}

/// So many formats are remembered.
const MOST_KNOWN: usize = 100;

native_type! {
    /// A format that was read once, to pack and unpack records by.
    "_struct.Struct" = pub struct Struct { text: Slot, format: Own<Option<Rc<Format>>> }
    flags: SUBCLASS, WEAKREF;
    new(*args, **names) = new_struct;
    init(format: Value) = init_struct;
    slots { repr = struct_repr; }
    getters {
        /// The format's text.
        format = text_of;
        /// How many bytes a record has.
        size = size_of;
    }
    methods {
        /// The bytes of a record with these items.
        pack(*values) = struct_pack;
        /// Writes a record into a buffer at an offset: pack_into(buffer, offset, item, ...).
        pack_into(*values) = struct_pack_into;
        /// A tuple of the items in a record that fills the buffer.
        unpack(buffer: Viewed<'_>, /) = struct_unpack;
        /// A tuple of the items in the record that begins at an offset of the buffer.
        unpack_from(buffer: Viewed<'_>, offset: i64 = 0) = struct_unpack_from;
        /// An iterator of the records that fill the buffer, each a tuple of items.
        iter_unpack(buffer: Buffer, /) = struct_iter_unpack;
        /// Bytes that the object takes.
        __sizeof__() = struct_sizeof;
    }
}

native_type! {
    /// Gives the records of a buffer one after the other.
    "_struct.unpack_iterator" = struct Records { format: Own<Rc<Format>>, buffer: BufferSlot, at: Cell<usize> }
    slots { iter = itself; next = next_record; }
    at_once { pairs = next_pair; }
    methods {
        /// How many records are left.
        __length_hint__() = records_left;
    }
}

// ---- formats ---------------------------------------------------------------------------------------------------------

/// The text of a format as its `Struct` shows it, and its bytes.
fn format_text(cx: &Cx, format: &Value) -> Res<(Value, Bytes)> {
    if let Some(bytes) = Bytes::of(format) {
        // (A byte that is not ASCII is no code: there is no such `Struct` to show it.)
        let text = cx.call_method(format, "decode", ("ascii", "surrogateescape"))?;
        return Ok((text, bytes));
    }
    if !cx.is_str(format) {
        let kind = cx.type_name(format);
        return Err(
            cx.type_error(format_args!("Struct() argument 1 must be a str or bytes object, not {kind}"))
        );
    }
    let encoded = cx.call_method(format, "encode", ("ascii",))?;
    let bytes = Bytes::of(&encoded).ok_or(()).map_err(|()| cx.type_error("encoding gave no bytes"))?;
    Ok((format.clone(), bytes))
}

/// The format of a text that a function of the module was given, by the module's memory.
fn known(cx: &Cx, format: &Value) -> Res<Rc<Format>> {
    let state = cx.state::<State>()?;
    if state.last.is(format)
        && let Some(read) = state.last_read.with(cx, |read| read.clone())?
    {
        return Ok(read);
    }
    let read = known_in(cx, &state, format)?;
    state.last_read.with(cx, |last| *last = Some(read.clone()))?;
    state.last.set(Some(format.clone()));
    Ok(read)
}

/// The same of a text that is not the one that was asked for last.
fn known_in(cx: &Cx, state: &State, format: &Value) -> Res<Rc<Format>> {
    let table = match state.known.get().and_then(|known| Dict::of(&known)) {
        Some(table) => table,
        None => {
            let table = Dict::new(cx)?;
            state.known.set(Some(table.value().clone()));
            table
        }
    };
    if let Some(found) = table.get(cx, format)?.and_then(|found| Obj::<Struct>::from_value(found).ok()) {
        return format_of(cx, &found);
    }
    let (text, bytes) = format_text(cx, format)?;
    // A function takes bytes that are not ASCII as a str of that kind.
    cx.call_method(&text, "encode", ("ascii",))?;
    let read = Rc::new(Format::parse(cx, bytes.as_slice())?);
    let made = cx.new(Struct { text: Slot::new(text), format: Own::new(Some(read.clone())) })?;
    if table.len() >= MOST_KNOWN {
        table.clear();
    }
    table.set(cx, format, made)?;
    Ok(read)
}

/// The format of a `Struct`; `RuntimeError` if it never got one.
fn format_of(cx: &Cx, this: &Struct) -> Res<Rc<Format>> {
    let format = this.format.with(cx, |format| format.clone())?;
    format.ok_or(()).map_err(|()| no_format(cx))
}

/// Does something with the format of a `Struct`, in which no Python may run: it could give the object another one.
#[inline(always)]
fn with_format<R>(cx: &Cx, this: &Struct, then: impl FnOnce(&Format) -> Res<R>) -> Res<R> {
    this.format.with(cx, |format| match format {
        Some(format) => then(format),
        None => Err(no_format(cx)),
    })?
}

#[cold]
fn no_format(cx: &Cx) -> Raised {
    cx.runtime_error("Struct object is not initialized")
}

fn clear_cache(cx: &Cx) -> Res<()> {
    let state = cx.state::<State>()?;
    state.last.set(None);
    state.known.set(None);
    Ok(())
}

fn new_struct(cx: &Cx, class: &Value, _: Args) -> Res {
    cx.new_of(class, Struct { text: Slot::default(), format: Own::new(None) })
}
fn init_struct(cx: &Cx, this: This<Struct>, format: Value) -> Res<()> {
    let (text, bytes) = format_text(cx, &format)?;
    let read = Rc::new(Format::parse(cx, bytes.as_slice())?);
    this.format.with(cx, |place| *place = Some(read))?;
    this.text.set(text);
    Ok(())
}
fn struct_repr(cx: &Cx, this: This<Struct>) -> Res {
    let name = cx.class_name(this.value());
    let text = cx.repr(&text_of(cx, this)?)?;
    format_args!("{name}({text})").into_value(cx)
}
fn text_of(cx: &Cx, this: This<Struct>) -> Res {
    format_of(cx, &this)?;
    Ok(this.text.get())
}
fn size_of(cx: &Cx, this: This<Struct>) -> Res<i64> {
    this.format.with(cx, |format| format.as_ref().map_or(-1, |format| format.size as i64))
}
fn struct_sizeof(cx: &Cx, this: This<Struct>) -> Res<usize> {
    // CPython's figures: the object, and a record of 32 bytes for each code and for their end.
    Ok(56 + 32 * (format_of(cx, &this)?.groups + 1))
}

// ---- packing ---------------------------------------------------------------------------------------------------------

/// Writes a record to bytes that are zeros.
fn write(cx: &Cx, format: &Format, to: &mut [u8], values: &[Value]) -> Res<()> {
    if format.codes.len() == format.items {
        for (code, value) in format.codes.iter().zip(values) {
            items::pack(cx, &mut to[code.offset..code.offset + code.size], value, code, format.big)?;
        }
        return Ok(());
    }
    for ((code, at), value) in format.places().zip(values) {
        items::pack(cx, &mut to[at..at + code.size], value, code, format.big)?;
    }
    Ok(())
}

/// Records of at most so many bytes are written on the native stack.
const SHORT: usize = 64;

/// Writes a record, and does something with its bytes.
#[inline]
fn with_record<R>(cx: &Cx, format: &Format, values: &[Value], then: impl FnOnce(&[u8]) -> Res<R>) -> Res<R> {
    cx.work_on_bytes(format.size)?;
    let mut short = [0; SHORT];
    if let Some(record) = short.get_mut(..format.size) {
        write(cx, format, record, values)?;
        return then(record);
    }
    let mut out = ByteWriter::zeros(cx, format.size)?;
    write(cx, format, out.as_mut_slice(), values)?;
    then(out.as_slice())
}

/// `struct.error` unless there are as many items as the format has.
fn check_count(cx: &Cx, function: &str, format: &Format, given: usize) -> Res<()> {
    if given == format.items {
        return Ok(());
    }
    let wanted = format.items;
    Err(cx.raise_of(&ERROR, format_args!("{function} expected {wanted} items for packing (got {given})")))
}

fn pack_values(cx: &Cx, format: &Format, values: &[Value]) -> Res {
    check_count(cx, "pack", format, values.len())?;
    with_record(cx, format, values, |bytes| bytes.into_value(cx))
}

/// Where a record begins that is to be written or read at an offset, which counts from the end if it is negative.
#[inline]
fn place(cx: &Cx, offset: i64, len: usize, format: &Format, packs: bool) -> Res<usize> {
    match usize::try_from(offset) {
        Ok(at) if at <= len && len - at >= format.size => Ok(at),
        _ => unusual_place(cx, offset, len, format, packs),
    }
}

/// The same of an offset that counts from the end, or is none for this buffer.
#[inline(never)]
fn unusual_place(cx: &Cx, offset: i64, len: usize, format: &Format, packs: bool) -> Res<usize> {
    let size = format.size;
    let mut at = offset;
    if offset < 0 {
        if offset + size as i64 > 0 {
            let what = if packs { "no space to pack" } else { "not enough data to unpack" };
            return Err(cx.raise_of(&ERROR, format_args!("{what} {size} bytes at offset {offset}")));
        }
        at += len as i64;
        if at < 0 {
            return Err(cx.raise_of(&ERROR, format_args!("offset {offset} out of range for {len}-byte buffer")));
        }
    }
    let at = at as usize;
    if len < at || len - at < size {
        let least = size as u128 + at as u128;
        let (function, verb) = if packs { ("pack_into", "packing") } else { ("unpack_from", "unpacking") };
        return Err(cx.raise_of(
            &ERROR,
            format_args!(
                "{function} requires a buffer of at least {least} bytes for {verb} {size} bytes at offset {at} (actual buffer size is {len})"
            ),
        ));
    }
    Ok(at)
}

fn pack_values_into(cx: &Cx, format: &Format, args: &[Value]) -> Res<()> {
    let [buffer, rest @ ..] = args else {
        return Err(cx.raise_of(&ERROR, "pack_into expected buffer argument"));
    };
    let [offset, values @ ..] = rest else {
        return Err(cx.raise_of(&ERROR, "pack_into expected offset argument"));
    };
    check_count(cx, "pack_into", format, values.len())?;
    let buffer = writable(cx, buffer)?;
    let offset = match cx.small_int(offset) {
        Some(offset) => offset,
        None => match cx.index_i128(offset)?.and_then(|n| i64::try_from(n).ok()) {
            Some(offset) => offset,
            None => return Err(cx.index_error("cannot fit 'int' into an index-sized integer")),
        },
    };
    let at = place(cx, offset, buffer.len(), format, true)?;
    with_record(cx, format, values, |bytes| {
        buffer.write(at, bytes);
        Ok(())
    })
}

/// The bytes of an argument that can be written.
fn writable(cx: &Cx, value: &Value) -> Res<BufferMut> {
    let found = match BufferMut::of(cx, value) {
        Ok(found) => found,
        Err(raised) => {
            drop(cx.catch(raised, "Exception")?);
            None
        }
    };
    found.ok_or(()).map_err(|()| {
        let kind = cx.arg_name(value);
        cx.type_error(format_args!("argument must be read-write bytes-like object, not {kind}"))
    })
}

fn calcsize(cx: &Cx, format: Value) -> Res<usize> {
    Ok(known(cx, &format)?.size)
}
fn pack(cx: &Cx, args: Args) -> Res {
    args.no_keywords(cx, "_struct.pack")?;
    let [format, values @ ..] = args.positional() else { return Err(cx.type_error("missing format argument")) };
    pack_values(cx, &*known(cx, format)?, values)
}
fn pack_into(cx: &Cx, args: Args) -> Res<()> {
    args.no_keywords(cx, "_struct.pack_into")?;
    let [format, rest @ ..] = args.positional() else { return Err(cx.type_error("missing format argument")) };
    pack_values_into(cx, &*known(cx, format)?, rest)
}
fn struct_pack(cx: &Cx, this: This<Struct>, args: Args) -> Res {
    args.no_keywords(cx, "Struct.pack")?;
    pack_values(cx, &*format_of(cx, &this)?, args.positional())
}
fn struct_pack_into(cx: &Cx, this: This<Struct>, args: Args) -> Res<()> {
    args.no_keywords(cx, "Struct.pack_into")?;
    pack_values_into(cx, &*format_of(cx, &this)?, args.positional())
}

// ---- unpacking -------------------------------------------------------------------------------------------------------

/// The items of a record. Nothing but the items is made in here, for the bytes are lent; the work is paid for before.
fn read(cx: &Cx, format: &Format, record: &[u8]) -> Res<Tuple> {
    if format.codes.len() == format.items {
        return Tuple::try_from_fn(cx, format.items, |at| match format.codes.get(at) {
            Some(code) => {
                items::unpack(cx, &record[code.offset..code.offset + code.size], code, format.big)
            }
            None => Ok(Value::NONE),
        });
    }
    let mut places = format.places();
    Tuple::try_from_fn(cx, format.items, |_| item(cx, format, record, &mut places))
}

/// The next item of a record.
#[inline]
fn item(cx: &Cx, format: &Format, record: &[u8], places: &mut Places) -> Res {
    match places.next() {
        Some((code, at)) => items::unpack(cx, &record[at..at + code.size], code, format.big),
        None => Err(cx.system_error("a format with fewer codes than items")),
    }
}

#[inline]
fn unpack_buffer(cx: &Cx, format: &Format, bytes: &[u8]) -> Res<Tuple> {
    if bytes.len() != format.size {
        let size = format.size;
        return Err(cx.raise_of(&ERROR, format_args!("unpack requires a buffer of {size} bytes")));
    }
    cx.work_on_bytes(format.size)?;
    read(cx, format, bytes)
}
#[inline]
fn unpack_at(cx: &Cx, format: &Format, bytes: &[u8], offset: i64) -> Res<Tuple> {
    let at = place(cx, offset, bytes.len(), format, false)?;
    cx.work_on_bytes(format.size)?;
    read(cx, format, &bytes[at..at + format.size])
}
fn records(cx: &Cx, format: Rc<Format>, buffer: Buffer) -> Res<Obj<Records>> {
    if format.size == 0 {
        return Err(cx.raise_of(&ERROR, "cannot iteratively unpack with a struct of length 0"));
    }
    if !buffer.len().is_multiple_of(format.size) {
        let size = format.size;
        let message = format_args!("iterative unpacking requires a buffer of a multiple of {size} bytes");
        return Err(cx.raise_of(&ERROR, message));
    }
    cx.new(Records { format: Own::new(format), buffer: BufferSlot::new(buffer), at: Cell::new(0) })
}

fn unpack(cx: &Cx, format: &Value, buffer: &Value) -> Res<Tuple> {
    let format = known(cx, format)?;
    Viewed::of(cx, buffer)?.read(|bytes| unpack_buffer(cx, &format, bytes))
}
fn unpack_from(cx: &Cx, format: &Value, buffer: &Value, offset: i64) -> Res<Tuple> {
    let format = known(cx, format)?;
    Viewed::of(cx, buffer)?.read(|bytes| unpack_at(cx, &format, bytes, offset))
}
fn iter_unpack(cx: &Cx, format: Value, buffer: Value) -> Res<Obj<Records>> {
    let format = known(cx, &format)?;
    records(cx, format, Buffer::of(cx, &buffer)?)
}
fn struct_unpack(cx: &Cx, this: This<Struct>, buffer: Viewed<'_>) -> Res<Tuple> {
    buffer.read(|bytes| with_format(cx, &this, |format| unpack_buffer(cx, format, bytes)))
}
fn struct_unpack_from(cx: &Cx, this: This<Struct>, buffer: Viewed<'_>, offset: i64) -> Res<Tuple> {
    buffer.read(|bytes| with_format(cx, &this, |format| unpack_at(cx, format, bytes, offset)))
}
fn struct_iter_unpack(cx: &Cx, this: This<Struct>, buffer: Buffer) -> Res<Obj<Records>> {
    records(cx, format_of(cx, &this)?, buffer)
}

/// Does something with the next record, if there is one.
#[inline]
fn with_next<R>(cx: &Cx, this: This<Records>, then: impl FnOnce(&Format, &[u8]) -> Res<R>) -> Res<Option<R>> {
    let size = this.format.with(cx, |format| format.size)?;
    let at = this.at.get();
    this.at.set(at + size);
    cx.work_on_bytes(size)?;
    let record = this.format.with(cx, |format| {
        this.buffer.read(|bytes| bytes.get(at..at + size).map(|record| then(format, record)))
    })?;
    if let Some(record) = record.flatten() {
        return record.map(Some);
    }
    // The buffer is let go with the last record.
    this.buffer.end();
    Ok(None)
}

fn next_record(cx: &Cx, this: This<Records>) -> Res<Option<Value>> {
    with_next(cx, this, |format, bytes| read(cx, format, bytes).map(Tuple::into_value))
}
fn next_pair(cx: &Cx, this: This<Records>) -> Res<Pair> {
    if this.format.with(cx, |format| format.items)? != 2 {
        return Ok(Pair::Whole);
    }
    let pair = with_next(cx, this, |format, bytes| {
        let mut places = format.places();
        let first = item(cx, format, bytes, &mut places)?;
        Ok(Pair::Of(first, item(cx, format, bytes, &mut places)?))
    })?;
    Ok(pair.unwrap_or(Pair::End))
}
fn records_left(cx: &Cx, this: This<Records>) -> Res<usize> {
    let size = this.format.with(cx, |format| format.size)?;
    Ok(this.buffer.len().saturating_sub(this.at.get()) / size)
}
