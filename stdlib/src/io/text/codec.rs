//! Encoding and decoding. UTF-8, ASCII and Latin-1 are done here; any other encoding has an encoder and a decoder of the registry's.

use std::cell::{Cell, RefCell};

use ryokan_vm::native::*;

use super::super::newline::{IncrementalNewlineDecoder, state_of};
use super::{Newline, Stream};

/// The encoding of a stream, if it is one that is done here.
#[derive(Default)]
pub struct Coding {
    codec: Cell<Option<Codec>>,
    /// Bytes of a character that has not come whole yet.
    kept: RefCell<Vec<u8>>,
}

ryokan_vm::traced! { nothing: [] Coding; }

impl Coding {
    /// The encoding from now on.
    pub fn set(&self, codec: Option<Codec>) {
        self.codec.set(codec);
        self.kept.borrow_mut().truncate(0);
    }
    /// The encoding, if it is done here.
    #[inline]
    pub fn codec(&self) -> Option<Codec> {
        self.codec.get()
    }
    /// Whether it is UTF-8.
    pub fn is_utf8(&self) -> bool {
        self.codec.get() == Some(Codec::Utf8)
    }
    /// Whether ASCII is written as it is.
    #[inline]
    pub fn keeps_ascii(&self) -> bool {
        self.codec.get().is_some()
    }
}

/// The encoding of a name, if it is done here.
pub fn ours(cx: &Cx, name: &str) -> Option<Codec> {
    cx.codec(name).filter(|codec| matches!(codec, Codec::Utf8 | Codec::Ascii | Codec::Latin1))
}

/// The name of the error handler.
fn errors_of(cx: &Cx, this: Stream) -> Res<String> {
    Ok(cx.str(&this.errors.get())?.to_string())
}

/// Whether there is something that decodes.
pub fn decodes(this: Stream) -> bool {
    this.readable.get() && (this.coding.codec().is_some() || this.decoder.is_some())
}

/// The bytes of a text. Runs Python.
pub fn encode(cx: &Cx, this: Stream, text: &Value) -> Res {
    if let Some(codec) = this.coding.codec() {
        return cx.encode(text, codec, &errors_of(cx, this)?);
    }
    match this.encoder.get() {
        Some(encoder) => cx.call_method(&encoder, "encode", (text,)),
        None => Err(super::super::unsupported(cx, "not writable")),
    }
}

/// The text of the next bytes, with ends of lines translated. After the `last` nothing follows. Runs Python.
pub fn decode(cx: &Cx, this: Stream, bytes: &Bytes, last: bool) -> Res {
    let Some(codec) = this.coding.codec() else {
        let Some(decoder) = this.decoder.get() else { return Err(super::super::unsupported(cx, "not readable")) };
        let text = match This::<IncrementalNewlineDecoder>::of(cx, &decoder) {
            Some(ours) if cx.is_exact::<IncrementalNewlineDecoder>(&decoder) => {
                super::super::newline::decode(cx, ours, bytes.value().clone(), last)?
            }
            _ => cx.call_method(&decoder, "decode", (bytes.value(), last))?,
        };
        if !cx.is_str(&text) {
            let kind = cx.type_name(&text);
            return Err(cx.type_error(format_args!("decoder should return a string result, not '{kind}'")));
        }
        return Ok(text);
    };
    let text = decode_here(cx, this, codec, bytes.as_slice(), last)?;
    match this.newline.get() {
        newline if newline.is_universal() => {
            this.translation.pass(cx, text, newline == Newline::Universal, last)
        }
        _ => Ok(text),
    }
}

fn decode_here(cx: &Cx, this: Stream, codec: Codec, bytes: &[u8], last: bool) -> Res {
    cx.work_on_bytes(bytes.len())?;
    if codec != Codec::Utf8 {
        let errors = if codec == Codec::Latin1 { String::new() } else { errors_of(cx, this)? };
        return cx.decode(bytes, codec, &errors, true).map(|(text, _)| text);
    }
    let kept = std::mem::take(&mut *this.coding.kept.borrow_mut());
    if kept.is_empty() && bytes.is_ascii() {
        return cx.latin1(bytes);
    }
    let errors = errors_of(cx, this)?;
    let joined;
    let bytes = if kept.is_empty() {
        bytes
    } else {
        joined = {
            let mut joined = ByteWriter::new(cx);
            joined.push(&kept)?;
            joined.push(bytes)?;
            joined
        };
        joined.as_slice()
    };
    match cx.decode(bytes, codec, &errors, last) {
        Ok((text, used)) => {
            this.coding.kept.borrow_mut().extend_from_slice(&bytes[used..]);
            Ok(text)
        }
        Err(raised) => {
            *this.coding.kept.borrow_mut() = kept;
            Err(raised)
        }
    }
}

/// What the decoder has kept, and how it stands. Runs Python.
pub fn state(cx: &Cx, this: Stream) -> Res<(Bytes, i64)> {
    if this.coding.codec().is_some() {
        let kept = Bytes::new(cx, &this.coding.kept.borrow())?;
        return Ok((kept, i64::from(this.translation.held.get())));
    }
    let Some(decoder) = this.decoder.get() else { return Ok((Bytes::new(cx, &[])?, 0)) };
    let state = cx.call_method(&decoder, "getstate", ())?;
    let (kept, flags) = state_of(cx, &state, "illegal decoder state")?;
    let Some(kept) = Bytes::of(&kept) else {
        let kind = cx.type_name(&kept);
        return Err(cx.type_error(format_args!("illegal decoder state: the first item should be a bytes object, not '{kind}'")));
    };
    Ok((kept, flags))
}

/// Puts the decoder into a state. Runs Python.
pub fn set_state(cx: &Cx, this: Stream, kept: &[u8], flags: i64) -> Res<()> {
    if this.coding.codec().is_some() {
        *this.coding.kept.borrow_mut() = kept.to_vec();
        this.translation.held.set(flags & 1 != 0);
        return Ok(());
    }
    let Some(decoder) = this.decoder.get() else { return Ok(()) };
    if kept.is_empty() && flags == 0 {
        return cx.call_method(&decoder, "reset", ()).map(drop);
    }
    cx.call_method(&decoder, "setstate", ((kept, flags).into_value(cx)?,)).map(drop)
}

/// The encoder begins anew at the start of a file, where it writes its mark, and goes on elsewhere. Runs Python.
pub fn restart_encoder(cx: &Cx, this: Stream, at_start: bool) -> Res<()> {
    if this.coding.codec().is_some() {
        return Ok(());
    }
    match this.encoder.get() {
        Some(encoder) if at_start => cx.call_method(&encoder, "reset", ()).map(drop),
        Some(encoder) => cx.call_method(&encoder, "setstate", (i64::from(!at_start),)).map(drop),
        None => Ok(()),
    }
}

/// What `newlines` says.
pub fn newlines(cx: &Cx, this: Stream) -> Res {
    if this.coding.codec().is_some() {
        return if decodes(this) && this.newline.get().is_universal() {
            this.translation.seen.get().into_value(cx)
        } else {
            Ok(Value::NONE)
        };
    }
    match this.decoder.get() {
        Some(decoder) => Ok(cx.attr_opt(&decoder, "newlines")?.unwrap_or(Value::NONE)),
        None => Ok(Value::NONE),
    }
}
