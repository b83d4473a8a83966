//! Writing text. It is encoded at once; the bytes wait until they are a chunk, a line ends, or somebody flushes.

use ryokan_vm::native::*;

use super::super::buffered::core::Buffered;
use super::super::buffered::writing::{flush_core, write_bytes};
use super::super::buffered::BufferedWriter;
use super::super::unsupported;
use super::codec;
use super::{Newline, State, Stream, TextIOWrapper, check, check_open};

/// Sends what is pending to the buffer. Runs Python.
pub fn send(cx: &Cx, this: Stream) -> Res<()> {
    let Some(mut bytes) = this.pending.take() else { return Ok(()) };
    if bytes.is_empty() {
        *this.pending.borrow_mut() = Some(bytes);
        return Ok(());
    }
    let buffer = this.buffer.get();
    let sent = match buffer.body::<BufferedWriter>().filter(|_| cx.is_exact::<BufferedWriter>(&buffer)) {
        Some(writer) => write_bytes(cx, writer.core(), &buffer, &bytes).map(drop),
        None => match Bytes::new(cx, &bytes) {
            Ok(copy) => cx.call_method(&buffer, "write", (copy,)).map(drop),
            Err(raised) => Err(raised),
        },
    };
    bytes.truncate(0);
    // What was written meanwhile by others stays.
    let mut pending = this.pending.borrow_mut();
    if pending.is_none() {
        *pending = Some(bytes);
    }
    sent
}

/// Flushes the buffer. Runs Python.
fn flush_buffer(cx: &Cx, this: Stream) -> Res<()> {
    let buffer = this.buffer.get();
    match buffer.body::<BufferedWriter>().filter(|_| cx.is_exact::<BufferedWriter>(&buffer)) {
        Some(writer) => {
            if writer.core().is_closed(cx)? {
                return Err(cx.value_error("flush of closed file"));
            }
            flush_core(cx, writer.core(), &buffer)
        }
        None => cx.call_method(&buffer, "flush", ()).map(drop),
    }
}

/// Adds bytes to what is pending; whether they are a chunk now.
fn keep(cx: &Cx, this: Stream, bytes: &[u8]) -> Res<bool> {
    let mut pending = match this.pending.take() {
        Some(pending) => pending,
        None => cx.vector(bytes.len().max(256))?,
    };
    let room = if pending.capacity() - pending.len() < bytes.len() {
        cx.reserve(&mut pending, bytes.len())
    } else {
        Ok(())
    };
    if room.is_ok() {
        pending.extend_from_slice(bytes);
    }
    let full = pending.len() >= this.chunk.get();
    *this.pending.borrow_mut() = Some(pending);
    room.map(|()| full)
}

/// A text that needs no translation, in ASCII: the short way of `print`.
#[inline]
pub fn write_at_once(cx: &Cx, this: Stream, text: &Value) -> Res<bool> {
    let Some(text) = Str::of(text) else { return Ok(false) };
    let plain = this.state.get() == State::Ready
        && this.coding.keeps_ascii()
        && !matches!(this.newline.get(), Newline::Cr | Newline::CrLf)
        && !this.text.is_some()
        && !this.snapshot.is_some();
    match text.ascii() {
        Some(ascii) if plain => {
            check_open(cx, this)?;
            if !this.writes() {
                return Ok(false);
            }
            finish(cx, this, ascii.as_bytes(), this.by_line.get() && memchr::memchr2(b'\n', b'\r', ascii.as_bytes()).is_some())?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

impl TextIOWrapper {
    /// Whether text can be written.
    #[inline]
    fn writes(&self) -> bool {
        self.encoder.is_some()
    }
}

/// Keeps encoded bytes, and sends them on where that is due.
fn finish(cx: &Cx, this: Stream, bytes: &[u8], ends_line: bool) -> Res<()> {
    let full = if bytes.len() > this.chunk.get() && this.pending.borrow().as_ref().is_some_and(|p| !p.is_empty()) {
        // What is long does not wait behind what is pending.
        send(cx, this)?;
        keep(cx, this, bytes)?
    } else {
        keep(cx, this, bytes)?
    };
    if full || ends_line || this.through.get() {
        send(cx, this)?;
    }
    if ends_line { flush_buffer(cx, this) } else { Ok(()) }
}

pub fn write(cx: &Cx, this: Stream, text: &Value) -> Res<usize> {
    let Some(given) = Str::of(text) else {
        let kind = cx.arg_name(text);
        return Err(cx.type_error(format_args!("write() argument must be str, not {kind}")));
    };
    check(cx, this)?;
    check_open(cx, this)?;
    if !this.writes() {
        return Err(unsupported(cx, "not writable"));
    }
    let length = given.len();
    cx.work_on_bytes(length)?;
    let has_lf = given.find(b'\n', 0, length).is_some();
    let ends_line = this.by_line.get() && (has_lf || given.find(b'\r', 0, length).is_some());
    let text = match this.newline.get() {
        Newline::Cr if has_lf => cx.call_method(text, "replace", ("\n", "\r"))?,
        Newline::CrLf if has_lf => cx.call_method(text, "replace", ("\n", "\r\n"))?,
        _ => text.clone(),
    };
    let ascii = Str::of(&text).filter(|_| this.coding.keeps_ascii());
    match ascii.as_ref().and_then(Str::ascii) {
        Some(ascii) => finish(cx, this, ascii.as_bytes(), ends_line)?,
        None => {
            let encoded = codec::encode(cx, this, &text)?;
            let Some(bytes) = Bytes::of(&encoded) else {
                let kind = cx.type_name(&encoded);
                return Err(cx.type_error(format_args!("encoder should return a bytes object, not '{kind}'")));
            };
            finish(cx, this, bytes.as_slice(), ends_line)?;
        }
    }
    forget_text(cx, this)?;
    Ok(length)
}

/// What was read ahead is of no use any more.
fn forget_text(cx: &Cx, this: Stream) -> Res<()> {
    if this.text.is_some() || this.snapshot.is_some() {
        this.text.set(None);
        this.used.set(0);
        this.snapshot.set(None);
        if codec::decodes(this) {
            codec::set_state(cx, this, &[], 0)?;
        }
    }
    Ok(())
}

pub fn flush(cx: &Cx, this: Stream) -> Res<()> {
    check(cx, this)?;
    check_open(cx, this)?;
    this.telling.set(this.seekable.get());
    send(cx, this)?;
    flush_buffer(cx, this)
}
