//! Reading text: a chunk of bytes at a time is decoded, and given away as it is asked for.

use ryokan_vm::native::*;

use super::super::buffered::BufferedReader;
use super::super::buffered::reading;
use super::super::{Size, unsupported};
use super::codec;
use super::writing::send;
use super::{Newline, Stream, TextIOWrapper, check, check_open};

/// The text that is decoded and not given yet.
fn left(this: Stream) -> Option<(Str, usize)> {
    let text = Str::of(&this.text.get()?)?;
    let used = this.used.get().min(text.len());
    Some((text, used))
}

/// Gives at most so many characters of it.
fn take(cx: &Cx, this: Stream, most: usize) -> Res {
    let Some((text, used)) = left(this) else { return cx.intern("") };
    let end = used + most.min(text.len() - used);
    this.used.set(end);
    text.slice(cx, used, end)
}

/// Reads and decodes another chunk; whether it is not the end. Runs Python.
fn read_chunk(cx: &Cx, this: Stream, hint: usize) -> Res<bool> {
    if !codec::decodes(this) {
        return Err(unsupported(cx, "not readable"));
    }
    let before = if this.telling.get() { Some(codec::state(cx, this)?) } else { None };
    let mut size = this.chunk.get();
    if hint > 0 {
        // So many characters are wanted: about so many bytes.
        size = size.max((hint as f64 * this.rate.get().max(1.0)) as usize);
    }
    let buffer = this.buffer.get();
    let read = match This::<BufferedReader>::of(cx, &buffer) {
        Some(reader) if cx.is_exact::<BufferedReader>(&buffer) && this.reads_once.get() => {
            reading::read1(cx, reader, Size(size as i64))?
        }
        _ => cx.call_method(&buffer, if this.reads_once.get() { "read1" } else { "read" }, (size,))?,
    };
    let chunk = match Bytes::of(&read) {
        Some(bytes) => bytes,
        None => match Buffer::of(cx, &read) {
            Ok(buffer) => buffer.read(|bytes| Bytes::new(cx, bytes))?,
            Err(raised) => {
                drop(cx.take_raised(raised));
                let (method, kind) = (if this.reads_once.get() { "read1" } else { "read" }, cx.type_name(&read));
                return Err(cx.type_error(format_args!(
                    "underlying {method}() should have returned a bytes-like object, not '{kind}'"
                )));
            }
        },
    };
    let ended = chunk.as_slice().is_empty();
    let text = codec::decode(cx, this, &chunk, ended)?;
    let length = cx.len(&text)?;
    this.text.set(Some(text));
    this.used.set(0);
    this.rate.set(if length > 0 { chunk.as_slice().len() as f64 / length as f64 } else { 0.0 });
    if let Some((kept, flags)) = before {
        let mut next = ByteWriter::new(cx);
        next.push(kept.as_slice())?;
        next.push(chunk.as_slice())?;
        this.snapshot_flags.set(flags);
        this.snapshot.set(Some(next.finish()?));
    }
    Ok(!(ended && length == 0))
}

pub fn read(cx: &Cx, this: Stream, size: Size) -> Res {
    check(cx, this)?;
    check_open(cx, this)?;
    if !codec::decodes(this) {
        return Err(unsupported(cx, "not readable"));
    }
    send(cx, this)?;
    let Ok(size) = usize::try_from(size.0) else { return read_all(cx, this) };
    let first = take(cx, this, size)?;
    let mut have = cx.len(&first)?;
    if have == size {
        return Ok(first);
    }
    let mut out = StrWriter::new(cx);
    out.push_value(&first)?;
    while have < size {
        if !read_chunk(cx, this, size - have)? {
            break;
        }
        let piece = take(cx, this, size - have)?;
        have += cx.len(&piece)?;
        out.push_value(&piece)?;
    }
    out.finish()
}

fn read_all(cx: &Cx, this: Stream) -> Res {
    let bytes = cx.call_method(&this.buffer.get(), "read", ())?;
    if bytes.is_none() {
        let made = cx.call(&cx.builtin("BlockingIOError")?, (libc::EAGAIN, "Read returned None.", 0))?;
        return Err(cx.raise_value(made));
    }
    let Some(bytes) = Bytes::of(&bytes) else {
        let kind = cx.type_name(&bytes);
        return Err(cx.type_error(format_args!(
            "underlying read() should have returned a bytes-like object, not '{kind}'"
        )));
    };
    let rest = codec::decode(cx, this, &bytes, true)?;
    let first = take(cx, this, usize::MAX)?;
    this.text.set(None);
    this.used.set(0);
    this.snapshot.set(None);
    if cx.len(&first)? == 0 {
        return Ok(rest);
    }
    let mut out = StrWriter::new(cx);
    out.push_value(&first)?;
    out.push_value(&rest)?;
    out.finish()
}

/// Where a line ends in a text from `start` on, or that it does not; then from where on to search when more has come.
fn find_end(newline: Newline, text: &Str, start: usize) -> Result<usize, usize> {
    let end = text.len();
    match newline {
        // What was translated has no other ends.
        Newline::Universal | Newline::Lf => text.find(b'\n', start, end).map(|at| at + 1).ok_or(end),
        Newline::Cr => text.find(b'\r', start, end).map(|at| at + 1).ok_or(end),
        Newline::Any => match text.find_either(b'\r', b'\n', start, end) {
            None => Err(end),
            Some(at) if text.at(at) == u32::from(b'\r') && at + 1 < end && text.at(at + 1) == u32::from(b'\n') => {
                Ok(at + 2)
            }
            Some(at) => Ok(at + 1),
        },
        Newline::CrLf => {
            let mut from = start;
            while let Some(at) = text.find(b'\r', from, end) {
                if at + 1 == end {
                    return Err(at);
                }
                if text.at(at + 1) == u32::from(b'\n') {
                    return Ok(at + 2);
                }
                from = at + 1;
            }
            Err(end)
        }
    }
}

/// The next line, of at most so many characters. Runs Python.
pub fn line(cx: &Cx, this: Stream, limit: Option<usize>) -> Res {
    check_open(cx, this)?;
    send(cx, this)?;
    let newline = this.newline.get();
    if let Some((text, used)) = left(this)
        && let Ok(end) = find_end(newline, &text, used)
    {
        let end = limit.map_or(end, |limit| end.min(used + limit));
        this.used.set(end);
        return text.slice(cx, used, end);
    }
    // What came before, and from where on to search it.
    let mut line = take(cx, this, limit.unwrap_or(usize::MAX))?;
    let mut searched = 0;
    loop {
        let Some(have) = Str::of(&line) else { return Ok(line) };
        let length = have.len();
        if limit.is_some_and(|limit| length >= limit) {
            return Ok(line);
        }
        if length > 0 && searched < length && newline == Newline::CrLf {
            searched = length - usize::from(have.at(length - 1) == u32::from(b'\r'));
        } else {
            searched = length;
        }
        if !read_chunk(cx, this, 0)? {
            this.text.set(None);
            this.used.set(0);
            this.snapshot.set(None);
            return Ok(line);
        }
        let Some((chunk, _)) = left(this) else { continue };
        cx.work_on_bytes(chunk.len())?;
        // An end of two characters may begin in what came before.
        let joins = searched < length;
        let (text, from) = if joins { (glue(cx, &line, chunk.value())?, searched) } else { (chunk.value().clone(), 0) };
        let Some(text) = Str::of(&text) else { continue };
        let before = if joins { length } else { 0 };
        let (end, ended) = match find_end(newline, &text, from) {
            Ok(end) => (end, true),
            Err(_) => (text.len(), false),
        };
        let mut used = end - before;
        if let Some(limit) = limit {
            used = used.min(limit - length);
        }
        this.used.set(used);
        let piece = chunk.slice(cx, 0, used)?;
        line = if length == 0 { piece } else { glue(cx, &line, &piece)? };
        if ended || limit.is_some_and(|limit| length + used >= limit) {
            return Ok(line);
        }
    }
}

fn glue(cx: &Cx, first: &Value, second: &Value) -> Res {
    let mut out = StrWriter::new(cx);
    out.push_value(first)?;
    out.push_value(second)?;
    out.finish()
}

pub fn readline(cx: &Cx, this: Stream, size: i64) -> Res {
    check(cx, this)?;
    line(cx, this, usize::try_from(size).ok())
}

pub fn next(cx: &Cx, this: Stream) -> Res<Option<Value>> {
    check(cx, this)?;
    this.telling.set(false);
    let line = if cx.is_exact::<TextIOWrapper>(this.value()) {
        line(cx, this, None)?
    } else {
        let line = cx.call_method(this.value(), "readline", ())?;
        if !cx.is_str(&line) {
            let kind = cx.type_name(&line);
            return Err(cx.raise_os(format_args!("readline() should have returned a str object, not '{kind}'")));
        }
        line
    };
    if Str::of(&line).is_none_or(|line| line.is_empty()) {
        this.snapshot.set(None);
        this.telling.set(this.seekable.get());
        return Ok(None);
    }
    Ok(Some(line))
}
