//! How a text stream is made, changed and parted from its buffer.

use ryokan_vm::native::*;

use super::super::buffered::core::Buffered;
use super::super::buffered::{BufferedRandom, BufferedReader, BufferedWriter};
use super::super::file::FileIO;
use super::super::newline::{IncrementalNewlineDecoder, Seen};
use super::super::opening::flag;
use super::super::unsupported;
use super::codec;
use super::{Newline, State, Stream, buffer_of};

/// The encoding that is meant by none: the locale's.
fn default_encoding(cx: &Cx) -> Res {
    cx.intern(if flag(cx, "utf8_mode")? { "utf-8" } else { "UTF-8" })
}

fn text_or_none(cx: &Cx, value: &Value, function: &str, name: &str) -> Res<()> {
    if value.is_none() || cx.is_str(value) {
        return Ok(());
    }
    let kind = cx.arg_name(value);
    Err(cx.type_error(format_args!("{function}() argument '{name}' must be str or None, not {kind}")))
}

#[allow(clippy::too_many_arguments, reason = "they are Python's")]
pub fn init(
    cx: &Cx,
    this: Stream,
    buffer: Value,
    encoding: Value,
    errors: Value,
    newline: Value,
    line_buffering: bool,
    write_through: bool,
) -> Res<()> {
    this.state.set(State::Unmade);
    for (value, name) in [(&encoding, "encoding"), (&errors, "errors"), (&newline, "newline")] {
        text_or_none(cx, value, "TextIOWrapper", name)?;
    }
    let newline = Newline::of(cx, &newline)?;
    if encoding.is_none() && flag(cx, "warn_default_encoding")? {
        cx.warn_about("EncodingWarning", "'encoding' argument not specified", 1, None)?;
    }
    let is_default = encoding.is_none() || cx.str(&encoding)?.as_str() == "locale";
    let encoding = if is_default { default_encoding(cx)? } else { encoding };
    let errors = if errors.is_none() { cx.intern("strict")? } else { errors };
    check_names(cx, &encoding, &errors)?;
    for place in [&this.encoder, &this.decoder, &this.text, &this.snapshot, &this.raw] {
        place.set(None);
    }
    this.used.set(0);
    this.rate.set(0.0);
    *this.pending.borrow_mut() = None;
    this.chunk.set(8192);
    this.by_line.set(line_buffering);
    this.through.set(write_through);
    set_codecs(cx, this, &buffer, encoding, errors, newline)?;
    let ours = buffer.body::<BufferedReader>().map(Buffered::core);
    let ours = ours.or_else(|| buffer.body::<BufferedWriter>().map(Buffered::core));
    let ours = ours.or_else(|| buffer.body::<BufferedRandom>().map(Buffered::core));
    if super::is_ours(cx, &buffer)
        && let Some(core) = ours
        && cx.is_exact::<FileIO>(&core.raw.look())
    {
        this.raw.set(Some(core.raw.get()));
    } else if cx.is_exact::<FileIO>(&buffer) {
        // The standard output has no buffer where the host does not want one.
        this.raw.set(Some(buffer.clone()));
    }
    let seekable = cx.call_method(&buffer, "seekable", ())?;
    let seekable = cx.truth(&seekable)?;
    this.seekable.set(seekable);
    this.telling.set(seekable);
    this.reads_once.set(cx.attr_opt(&buffer, "read1")?.is_some());
    this.buffer.set(buffer);
    this.state.set(State::Ready);
    place_encoder(cx, this)
}

/// Lets an encoder that writes a mark at the start of a file know that this is not there. UTF-16 and UTF-32 have none where nobody can seek.
fn place_encoder(cx: &Cx, this: Stream) -> Res<()> {
    if !this.encoder.is_some() {
        return Ok(());
    }
    let at_start = if this.seekable.get() {
        let at = cx.call_method(&buffer_of(cx, this)?, "tell", ())?;
        !cx.truth(&at)?
    } else {
        !matches!(cx.codec(&cx.str(&this.encoding.get())?), Some(Codec::Utf16(_) | Codec::Utf32(_)))
    };
    if at_start { Ok(()) } else { codec::restart_encoder(cx, this, false) }
}

/// `LookupError` unless there are such an encoding and such an error handler; `ValueError` if there is a 0 in a name.
fn check_names(cx: &Cx, encoding: &Value, errors: &Value) -> Res<()> {
    for name in [encoding, errors] {
        if Str::of(name).is_some_and(|name| name.ascii().is_none()) {
            // One that is no text is no name.
            drop(cx.call_method(name, "encode", ("utf-8",))?);
        }
        if cx.str(name)?.contains('\0') {
            return Err(cx.value_error("embedded null character"));
        }
    }
    if flag(cx, "dev_mode")? && !cx.has_error_handler(errors)? {
        let name = cx.str(errors)?;
        return Err(cx.raise_builtin("LookupError", format_args!("unknown error handler name '{name}'")));
    }
    Ok(())
}

/// Finds the encoder and the decoder.
fn set_codecs(cx: &Cx, this: Stream, buffer: &Value, encoding: Value, errors: Value, newline: Newline) -> Res<()> {
    let name = cx.str(&encoding)?;
    let readable = cx.call_method(buffer, "readable", ())?;
    let readable = cx.truth(&readable)?;
    let writable = cx.call_method(buffer, "writable", ())?;
    let writable = cx.truth(&writable)?;
    this.readable.set(readable);
    this.newline.set(newline);
    this.translation.held.set(false);
    this.translation.seen.set(Seen::default());
    let ours = codec::ours(cx, &name);
    this.coding.set(ours);
    if ours.is_some() {
        this.encoder.set(writable.then_some(Value::TRUE));
        this.decoder.set(None);
    } else {
        let info = text_codec(cx, &name)?;
        let made = |part: &str| -> Res { cx.call_method(&info, part, (&errors,)) };
        let decoder = if readable { Some(made("incrementaldecoder")?) } else { None };
        let decoder = match decoder {
            Some(decoder) if newline.is_universal() => {
                let class = cx.class::<IncrementalNewlineDecoder>()?;
                Some(cx.call(&class, (decoder, newline == Newline::Universal))?)
            }
            decoder => decoder,
        };
        this.decoder.set(decoder);
        this.encoder.set(if writable { Some(made("incrementalencoder")?) } else { None });
    }
    this.encoding.set(encoding);
    this.errors.set(errors);
    Ok(())
}

/// A codec of the registry; `LookupError` if it is none between text and bytes.
fn text_codec(cx: &Cx, name: &str) -> Res {
    let info = cx.lookup_codec(name)?;
    if let Some(is_text) = cx.attr_opt(&info, "_is_text_encoding")?
        && !cx.truth(&is_text)?
    {
        let class = cx.builtin("LookupError")?;
        return Err(cx.raise(
            &class,
            format_args!("'{name}' is not a text encoding; use codecs.open() to handle arbitrary codecs"),
        ));
    }
    Ok(info)
}

pub fn reconfigure(
    cx: &Cx,
    this: Stream,
    encoding: Value,
    errors: Value,
    newline: Given,
    line_buffering: Value,
    write_through: Value,
) -> Res<()> {
    super::check(cx, this)?;
    text_or_none(cx, &encoding, "reconfigure", "encoding")?;
    text_or_none(cx, &errors, "reconfigure", "errors")?;
    let newline = newline.0;
    if let Some(newline) = &newline {
        text_or_none(cx, newline, "reconfigure", "newline")?;
    }
    if this.text.is_some() && (!encoding.is_none() || !errors.is_none() || newline.is_some()) {
        return Err(unsupported(
            cx,
            "It is not possible to set the encoding or newline of stream after the first read",
        ));
    }
    let newline = newline.map(|newline| Newline::of(cx, &newline)).transpose()?;
    let by_line = if line_buffering.is_none() { this.by_line.get() } else { cx.truth(&line_buffering)? };
    let through = if write_through.is_none() { this.through.get() } else { cx.truth(&write_through)? };
    drop(cx.call_method(this.value(), "flush", ())?);
    super::check(cx, this)?;
    if !encoding.is_none() || !errors.is_none() || newline.is_some() {
        change(cx, this, encoding, errors, newline)?;
    }
    this.by_line.set(by_line);
    this.through.set(through);
    Ok(())
}

fn change(cx: &Cx, this: Stream, encoding: Value, errors: Value, newline: Option<Newline>) -> Res<()> {
    let errors = match (errors.is_none(), encoding.is_none()) {
        (false, _) => errors,
        (true, true) => this.errors.get(),
        (true, false) => cx.intern("strict")?,
    };
    let encoding = match encoding.is_none() {
        true => this.encoding.get(),
        false if cx.str(&encoding)?.as_str() == "locale" => default_encoding(cx)?,
        false => encoding,
    };
    if cx.str(&encoding)?.contains('\0') {
        return Err(cx.raise_builtin("LookupError", format_args!("unknown encoding: {}", cx.str(&encoding)?)));
    }
    check_names(cx, &encoding, &errors)?;
    let newline = newline.unwrap_or(this.newline.get());
    let buffer = buffer_of(cx, this)?;
    set_codecs(cx, this, &buffer, encoding, errors, newline)?;
    place_encoder(cx, this)
}

pub fn detach(cx: &Cx, this: Stream) -> Res {
    super::check(cx, this)?;
    drop(cx.call_method(this.value(), "flush", ())?);
    super::check(cx, this)?;
    this.state.set(State::Detached);
    this.raw.set(None);
    Ok(this.buffer.replace(Value::NONE))
}
