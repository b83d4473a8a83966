//! Readers and writers of streams of bytes.

use ryokan_vm::native::*;

use super::incremental::{Decoding, Encoding, arguments, codec_of, ready, set_errors};

// ---- the reader -----------------------------------------------------------------------------------------------------

native_type! {
    "_multibytecodec.MultibyteStreamReader" = pub struct MultibyteStreamReader { decoding: Decoding, stream: Slot }
    flags: SUBCLASS;
    new(*args, **names) = new_reader;
    init(*args, **names) = ready;
    attributes {
        /// How errors are handled.
        errors = |_, this: This<MultibyteStreamReader>| this.decoding.errors.get(),
            |cx: &Cx, this: This<MultibyteStreamReader>, value| set_errors(cx, &this.decoding.errors, value);
    }
    members {
        /// The stream of bytes.
        stream = |_, this: This<MultibyteStreamReader>| this.stream.get();
    }
    methods {
        /// The text of so many bytes, or of all that are left.
        read(sizeobj: Value = Value::NONE => "None", /);
        /// The text of a line of bytes, or of its beginning.
        readline(sizeobj: Value = Value::NONE => "None", /);
        /// The text of so many bytes, or of all that are left, as a list of lines.
        readlines(sizehintobj: Value = Value::NONE => "None", /);
        /// Forgets bytes that are not read yet.
        reset() = reset_reader;
    }
}

fn new_reader(cx: &Cx, class: &Value, args: Args) -> Res {
    let (stream, errors) = arguments(cx, "StreamReader", "stream", args)?;
    let decoding = Decoding::new(codec_of(cx, class)?, errors);
    cx.new_of(class, MultibyteStreamReader { decoding, stream: Slot::new(stream) })
}

/// A number of bytes; -1 for all. `TypeError`, `OverflowError`.
fn size_of(cx: &Cx, size: &Value) -> Res<i64> {
    if size.is_none() {
        return Ok(-1);
    }
    if !cx.is_int(size) {
        return Err(cx.type_error("arg 1 must be an integer"));
    }
    let size = cx.small_int(size);
    size.ok_or(()).map_err(|()| cx.overflow_error("Python int too large to convert to C ssize_t"))
}

/// The text of what a method of the stream gives, asked again for a byte more as long as that is no character. Runs Python.
fn read_by(cx: &Cx, this: This<MultibyteStreamReader>, method: &str, size: &Value) -> Res {
    let mut size = size_of(cx, size)?;
    let mut out = StrWriter::new(cx);
    while size != 0 {
        let stream = this.stream.get();
        let bytes = match size {
            0.. => cx.call_method(&stream, method, (size,))?,
            _ => cx.call_method(&stream, method, ())?,
        };
        let Some(given) = Bytes::of(&bytes) else {
            let kind = cx.type_name(&bytes);
            let message = format_args!("stream function returned a non-bytes object ({kind})");
            return Err(cx.type_error(message));
        };
        let ended = given.as_slice().is_empty();
        this.decoding.decode(cx, &bytes, ended || size < 0, false, &mut out)?;
        if size < 0 || ended || !out.is_empty() {
            break;
        }
        size = 1;
    }
    out.finish()
}

fn read(cx: &Cx, this: This<MultibyteStreamReader>, size: Value) -> Res {
    read_by(cx, this, "read", &size)
}
fn readline(cx: &Cx, this: This<MultibyteStreamReader>, size: Value) -> Res {
    read_by(cx, this, "readline", &size)
}
fn readlines(cx: &Cx, this: This<MultibyteStreamReader>, size: Value) -> Res {
    let text = read_by(cx, this, "read", &size)?;
    cx.call_method(&text, "splitlines", (true,))
}
fn reset_reader(_: &Cx, this: This<MultibyteStreamReader>) {
    this.decoding.reset();
}

// ---- the writer -----------------------------------------------------------------------------------------------------

native_type! {
    "_multibytecodec.MultibyteStreamWriter" = pub struct MultibyteStreamWriter { encoding: Encoding, stream: Slot }
    flags: SUBCLASS;
    new(*args, **names) = new_writer;
    init(*args, **names) = ready;
    attributes {
        /// How errors are handled.
        errors = |_, this: This<MultibyteStreamWriter>| this.encoding.errors.get(),
            |cx: &Cx, this: This<MultibyteStreamWriter>, value| set_errors(cx, &this.encoding.errors, value);
    }
    members {
        /// The stream of bytes.
        stream = |_, this: This<MultibyteStreamWriter>| this.stream.get();
    }
    methods {
        /// Writes a text to the stream.
        write(strobj: Value, /);
        /// Writes the texts of a sequence to the stream.
        writelines(lines: Value, /);
        /// Writes what is still to be written.
        reset() = reset_writer;
    }
}

fn new_writer(cx: &Cx, class: &Value, args: Args) -> Res {
    let (stream, errors) = arguments(cx, "StreamWriter", "stream", args)?;
    let encoding = Encoding::new(codec_of(cx, class)?, errors);
    cx.new_of(class, MultibyteStreamWriter { encoding, stream: Slot::new(stream) })
}

fn write(cx: &Cx, this: This<MultibyteStreamWriter>, text: Value) -> Res<()> {
    let bytes = this.encoding.encode(cx, &text, false)?;
    cx.call_method(&this.stream.get(), "write", (bytes,)).map(drop)
}
fn writelines(cx: &Cx, this: This<MultibyteStreamWriter>, lines: Value) -> Res<()> {
    if let Err(raised) = cx.expect_sequence(&lines) {
        drop(cx.catch(raised, "TypeError")?);
        return Err(cx.type_error("arg must be a sequence object"));
    }
    let mut at = 0;
    while at < cx.len(&lines)? {
        write(cx, this, cx.item_at(&lines, at as i64)?)?;
        at += 1;
    }
    Ok(())
}
fn reset_writer(cx: &Cx, this: This<MultibyteStreamWriter>) -> Res<()> {
    match this.encoding.flush(cx)? {
        Some(bytes) if Bytes::of(&bytes).is_some_and(|bytes| !bytes.as_slice().is_empty()) => {
            cx.call_method(&this.stream.get(), "write", (bytes,)).map(drop)
        }
        _ => Ok(()),
    }
}
