//! Turning bytes into text.

use std::cell::Cell;

use super::args::given;
use super::build::StrBuilder;
use super::codec::{Codec, Order, call_registered, check_names, codec_of, is_direct};
use super::errors::{Decoding, Errors};
use super::{Chars, escapes, utf7};
use crate::raised::Res;
use crate::types::memoryview::{self, BufferFlags};
use crate::value::Value;
use crate::vm::Vm;

/// Decodes bytes. The slice must not be of an object that Python code could change meanwhile.
pub fn decode(vm: &Vm, bytes: &[u8], encoding: &str, errors: Option<&str>) -> Res {
    check_names(vm, encoding, errors)?;
    if bytes.is_empty() {
        // Nobody is asked what nothing means.
        return Ok(vm.empty_str.clone());
    }
    let Some(codec) = codec_of(encoding) else {
        let result = call_registered(
            vm,
            &memoryview::of(vm, &vm.bytes(bytes)?, BufferFlags::SIMPLE)?,
            encoding,
            errors,
            1,
        )?;
        if !vm.is_str(&result) {
            return Err(vm.type_error(format_args!(
                "'{encoding}' decoder returned '{}' instead of 'str'; \
                 use codecs.decode() to decode to arbitrary types",
                vm.type_name(&result)
            )));
        }
        return Ok(result);
    };
    decode_as(vm, bytes, codec, Errors::named(errors.unwrap_or("strict"))).map_err(|raised| {
        match is_direct(encoding) {
            true => raised,
            false => vm.note_codec(raised, "decoding", encoding),
        }
    })
}

/// Decodes bytes in one of the encodings known here.
pub fn decode_as(vm: &Vm, bytes: &[u8], codec: Codec, errors: Errors<'_>) -> Res {
    decode_part(vm, bytes, codec, errors, true).map(|(text, _)| text)
}

/// The same where more bytes may follow, if these are not the `last`; gives how many were used, too.
pub fn decode_part(
    vm: &Vm,
    bytes: &[u8],
    codec: Codec,
    errors: Errors<'_>,
    last: bool,
) -> Res<(Value, usize)> {
    let left = Cell::new(0);
    let job = Decoding { vm, name: "utf-8", bytes, errors, last, left, again: &utf8 };
    let text = decode_by(&job, codec)?;
    Ok((text, bytes.len() - job.left.get()))
}

fn decode_by(job: &Decoding<'_>, codec: Codec) -> Res {
    let (vm, bytes, errors, last) = (job.vm, job.bytes, job.errors, job.last);
    // Those that call themselves otherwise; what they leave is told to `job`.
    let named = |name: &'static str, from: usize, again: &dyn Fn(&Decoding<'_>, usize) -> Res| {
        let other = Decoding { vm, name, bytes, errors, last, left: Cell::new(0), again };
        let made = again(&other, from);
        job.left.set(other.left.get());
        made
    };
    match codec {
        Codec::Latin1 => vm.str_from(Chars::One(bytes)),
        Codec::Utf8 => utf8(job, 0),
        Codec::Utf8Sig => {
            let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            utf8(&Decoding { vm, name: "utf-8", bytes, errors, last, left: Cell::new(0), again: &utf8 }, 0)
        }
        Codec::Utf7 => named("utf7", 0, &utf7::decode),
        Codec::Ascii => named("ascii", 0, &ascii),
        Codec::Escape => named("unicodeescape", 0, &|job, at| escapes::decode(job, at, false)),
        Codec::RawEscape => named("rawunicodeescape", 0, &|job, at| escapes::decode(job, at, true)),
        Codec::Utf16(order) => {
            let (big, from) = match (order, bytes) {
                (Order::Marked, [0xFF, 0xFE, ..]) => (false, 2),
                (Order::Marked, [0xFE, 0xFF, ..]) => (true, 2),
                _ => (order == Order::Big, 0),
            };
            let name = if big { "utf-16-be" } else { "utf-16-le" };
            named(name, from, &|job, at| utf16(job, big, at))
        }
        Codec::Utf32(order) => {
            let (big, from) = match (order, bytes) {
                (Order::Marked, [0xFF, 0xFE, 0, 0, ..]) => (false, 4),
                (Order::Marked, [0, 0, 0xFE, 0xFF, ..]) => (true, 4),
                _ => (order == Order::Big, 0),
            };
            let name = if big { "utf-32-be" } else { "utf-32-le" };
            named(name, from, &|job, at| utf32(job, big, at))
        }
    }
}

fn is_surrogate(c: u32) -> bool {
    (0xD800..0xE000).contains(&c)
}

fn utf8(job: &Decoding<'_>, mut from: usize) -> Res {
    let whole = &job.bytes[from..];
    if whole.is_ascii() {
        return job.vm.str_from_ascii(whole);
    }
    let mut rest = match std::str::from_utf8(whole) {
        Ok(text) => return job.vm.str(text),
        Err(error) => error,
    };
    let pass = |bytes: &[u8]| match bytes {
        [0xED, b @ 0xA0..=0xBF, c @ 0x80..=0xBF, ..] => {
            Some((0xD000 | u32::from(b & 63) << 6 | u32::from(c & 63), 3))
        }
        _ => None,
    };
    let mut out = StrBuilder::new(job.vm);
    loop {
        let start = from + rest.valid_up_to();
        out.push_str(std::str::from_utf8(&job.bytes[from..start]).unwrap_or_default())?;
        let (reason, end) = match rest.error_len() {
            _ if !(0xC2..0xF5).contains(&job.bytes[start]) => ("invalid start byte", start + 1),
            // Of a surrogate that a handler may let through.
            Some(_) if !job.last && matches!(job.bytes[start..], [0xED, 0xA0..=0xBF]) => {
                return job.stop(out, start);
            }
            Some(count) => ("invalid continuation byte", start + count),
            None if !job.last => return job.stop(out, start),
            None => ("unexpected end of data", job.bytes.len()),
        };
        from = job.handle(&mut out, (start, end), reason, pass)?;
        match std::str::from_utf8(&job.bytes[from..]) {
            Ok(text) => {
                out.push_str(text)?;
                return out.finish();
            }
            Err(error) => rest = error,
        }
    }
}

fn ascii(job: &Decoding<'_>, mut at: usize) -> Res {
    if job.bytes[at..].is_ascii() {
        return job.vm.str_from_ascii(&job.bytes[at..]);
    }
    let mut out = StrBuilder::new(job.vm);
    while let Some(byte) = job.bytes.get(at) {
        if *byte < 0x80 {
            out.push_char(u32::from(*byte))?;
            at += 1;
        } else {
            at = job.handle(&mut out, (at, at + 1), "ordinal not in range(128)", |_| None)?;
        }
    }
    out.finish()
}

fn utf16(job: &Decoding<'_>, big: bool, mut at: usize) -> Res {
    let bytes = job.bytes;
    let unit = |at: usize| {
        let pair = [bytes[at], bytes[at + 1]];
        u32::from(if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
    };
    let pass: fn(&[u8]) -> Option<(u32, usize)> = if big {
        |b| {
            b.first_chunk()
                .map(|b| u32::from(u16::from_be_bytes(*b)))
                .filter(|c| is_surrogate(*c))
                .map(|c| (c, 2))
        }
    } else {
        |b| {
            b.first_chunk()
                .map(|b| u32::from(u16::from_le_bytes(*b)))
                .filter(|c| is_surrogate(*c))
                .map(|c| (c, 2))
        }
    };
    let mut out = StrBuilder::new(job.vm);
    out.reserve(bytes.len() / 2)?;
    while at < bytes.len() {
        let (reason, end) = if bytes.len() - at < 2 {
            if !job.last {
                return job.stop(out, at);
            }
            ("truncated data", bytes.len())
        } else {
            match unit(at) {
                c if !is_surrogate(c) => {
                    out.push_char(c)?;
                    at += 2;
                    continue;
                }
                c if c >= 0xDC00 => ("illegal encoding", at + 2),
                _ if bytes.len() - at < 4 && !job.last => return job.stop(out, at),
                _ if bytes.len() - at < 4 => ("unexpected end of data", bytes.len()),
                c => match unit(at + 2) {
                    low @ 0xDC00..0xE000 => {
                        out.push_char(0x1_0000 + ((c & 0x3FF) << 10) + (low & 0x3FF))?;
                        at += 4;
                        continue;
                    }
                    _ => ("illegal UTF-16 surrogate", at + 2),
                },
            }
        };
        at = job.handle(&mut out, (at, end), reason, pass)?;
    }
    out.finish()
}

fn utf32(job: &Decoding<'_>, big: bool, mut at: usize) -> Res {
    let bytes = job.bytes;
    let pass: fn(&[u8]) -> Option<(u32, usize)> = if big {
        |b| b.first_chunk().map(|b| u32::from_be_bytes(*b)).filter(|c| is_surrogate(*c)).map(|c| (c, 4))
    } else {
        |b| b.first_chunk().map(|b| u32::from_le_bytes(*b)).filter(|c| is_surrogate(*c)).map(|c| (c, 4))
    };
    let mut out = StrBuilder::new(job.vm);
    out.reserve(bytes.len() / 4)?;
    while at < bytes.len() {
        let (reason, end) = match bytes[at..].first_chunk::<4>() {
            None if !job.last => return job.stop(out, at),
            None => ("truncated data", bytes.len()),
            Some(word) => match if big { u32::from_be_bytes(*word) } else { u32::from_le_bytes(*word) } {
                c if is_surrogate(c) => ("code point in surrogate code point range(0xd800, 0xe000)", at + 4),
                c if c > 0x10_FFFF => ("code point not in range(0x110000)", at + 4),
                c => {
                    out.push_char(c)?;
                    at += 4;
                    continue;
                }
            },
        };
        at = job.handle(&mut out, (at, end), reason, pass)?;
    }
    out.finish()
}

/// `decode(encoding, errors)` of bytes that stand still.
pub(crate) fn decode_method(vm: &Vm, bytes: &[u8], args: &[Value]) -> Res {
    if given(args, 1).is_none() && given(args, 2).is_none() {
        return decode_as(vm, bytes, Codec::Utf8, Errors::named("strict"));
    }
    let (encoding, errors) = super::codec::names(vm, args, "decode")?;
    decode(vm, bytes, &encoding, errors.as_deref())
}
