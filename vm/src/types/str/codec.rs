//! Encodings: which there are, and turning text into bytes. Turning bytes into text is in `decode.rs`.
//!
//! UTF-7, UTF-8 (with and without a mark), UTF-16, UTF-32, ASCII and Latin-1 are here; any other is looked for in
//! the package `encodings`.

use super::args::{c_text, given, text};
use super::decode::decode_as;
use super::errors::{Encoding, Errors, Handler};
use super::search::Unit;
use super::{Chars, Text, escapes, utf7};
use crate::raised::Res;
use crate::types::bytes::ByteBuilder;
use crate::value::Value;
use crate::vm::Vm;

/// The encodings that need no Python code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "each is the encoding of its name")]
pub enum Codec {
    Utf8,
    /// UTF-8 with a mark at the beginning.
    Utf8Sig,
    Utf7,
    Ascii,
    Latin1,
    Utf16(Order),
    Utf32(Order),
    /// As a literal writes it.
    Escape,
    /// As a raw literal once did.
    RawEscape,
}

/// The order of the bytes of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// Told by a mark at the beginning; the machine's own without one.
    Marked,
    /// Least significant first.
    Little,
    /// Most significant first.
    Big,
}

/// No encoding known here has a longer name.
const LONGEST_NAME: usize = 200;

/// A name as the registry knows it: lower case, runs of other characters being one underscore.
pub fn normal_name(name: &str) -> String {
    let mut normal = String::with_capacity(name.len().min(64));
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            normal.push(c.to_ascii_lowercase());
        } else if !normal.ends_with('_') && !normal.is_empty() && c.is_ascii() {
            normal.push('_');
        }
    }
    normal.truncate(normal.trim_end_matches('_').len());
    normal
}

/// The encoding of a name, if it is one of these.
pub fn codec_of(name: &str) -> Option<Codec> {
    // As almost everybody writes them.
    match name {
        "utf-8" | "utf8" | "UTF-8" => return Some(Codec::Utf8),
        "ascii" => return Some(Codec::Ascii),
        "latin-1" | "latin1" => return Some(Codec::Latin1),
        _ if name.len() > LONGEST_NAME => return None,
        _ => {}
    }
    Some(match normal_name(name).as_str() {
        "utf_8" | "utf8" | "u8" | "utf" | "cp65001" | "utf8_ucs2" | "utf8_ucs4" => Codec::Utf8,
        "utf_8_sig" => Codec::Utf8Sig,
        "utf_7" | "utf7" | "u7" | "unicode_1_1_utf_7" => Codec::Utf7,
        "ascii" | "us_ascii" | "646" | "ansi_x3.4_1968" | "iso646_us" | "us" | "cp367" | "ibm367" => {
            Codec::Ascii
        }
        "latin_1" | "latin1" | "latin" | "l1" | "iso_8859_1" | "iso8859_1" | "iso8859" | "8859" | "cp819"
        | "ibm819" => Codec::Latin1,
        "utf_16" | "utf16" | "u16" => Codec::Utf16(Order::Marked),
        "utf_16_le" | "utf_16le" | "unicodelittleunmarked" => Codec::Utf16(Order::Little),
        "utf_16_be" | "utf_16be" | "unicodebigunmarked" => Codec::Utf16(Order::Big),
        "utf_32" | "utf32" | "u32" => Codec::Utf32(Order::Marked),
        "utf_32_le" | "utf_32le" => Codec::Utf32(Order::Little),
        "utf_32_be" | "utf_32be" => Codec::Utf32(Order::Big),
        "unicode_escape" | "unicodeescape" => Codec::Escape,
        "raw_unicode_escape" | "rawunicodeescape" => Codec::RawEscape,
        _ => return None,
    })
}

/// In development mode (`-X dev`) the names of an encoding and of what becomes of errors are looked up even where nothing needs them.
pub(super) fn check_names(vm: &Vm, encoding: &str, errors: Option<&str>) -> Res<()> {
    let errors = errors.unwrap_or("strict");
    if !vm.sys.dev_mode.get() || vm.sys.finalizing.get() {
        return Ok(());
    }
    if codec_of(encoding).is_none() {
        vm.lookup_codec(encoding)?;
    }
    let standard = Errors::named(errors).handler != Handler::Unknown;
    if !standard && vm.registered_error_handler(&vm.str(errors)?)?.is_none() {
        return Err(vm.lookup_error(format_args!("unknown error handler name '{errors}'")));
    }
    Ok(())
}

/// Encodes a str: gives a bytes object.
pub fn encode(vm: &Vm, object: &Value, encoding: &str, errors: Option<&str>) -> Res {
    check_names(vm, encoding, errors)?;
    let Some(codec) = codec_of(encoding) else {
        let result = call_registered(vm, object, encoding, errors, 0)?;
        if !result.has::<crate::types::bytes::Bytes>() {
            return Err(vm.type_error(format_args!(
                "'{encoding}' encoder returned '{}' instead of 'bytes'; \
                 use codecs.encode() to encode to arbitrary types",
                vm.type_name(&result)
            )));
        }
        return Ok(result);
    };
    encode_as(vm, object, codec, Errors::named(errors.unwrap_or("strict"))).map_err(|raised| match is_direct(
        encoding,
    ) {
        true => raised,
        false => vm.note_codec(raised, "encoding", encoding),
    })
}

/// Encodes a str in one of the encodings known here.
pub fn encode_as(vm: &Vm, object: &Value, codec: Codec, errors: Errors<'_>) -> Res {
    let chars = text(object).chars();
    let ascii = text(object).is_ascii();
    match (codec, chars) {
        (Codec::Utf8 | Codec::Ascii, Chars::One(s)) if ascii => vm.bytes(s),
        (Codec::Latin1, Chars::One(s)) => vm.bytes(s),
        (Codec::Utf8, _) => utf8(vm, object, errors, &[]),
        (Codec::Utf8Sig, _) => utf8(vm, object, errors, b"\xEF\xBB\xBF"),
        (Codec::Ascii, _) => narrow(vm, object, errors, "ascii", 0x80, "ordinal not in range(128)"),
        (Codec::Latin1, _) => narrow(vm, object, errors, "latin-1", 0x100, "ordinal not in range(256)"),
        (Codec::Utf16(order), _) => wide(vm, object, errors, order, 2),
        (Codec::Utf32(order), _) => wide(vm, object, errors, order, 4),
        (Codec::Utf7, _) => utf7::encode(vm, object),
        (Codec::Escape, _) => escapes::encode(vm, object, false),
        (Codec::RawEscape, _) => escapes::encode(vm, object, true),
    }
}

fn put_byte(out: &mut ByteBuilder<'_>, byte: u8) -> Res<()> {
    out.push(byte)
}

fn put_wtf8(out: &mut ByteBuilder<'_>, c: u32) -> Res<()> {
    let follow = |shift: u32| 0x80 | (c >> shift & 63) as u8;
    match c {
        0..0x80 => out.push(c as u8),
        0x80..0x800 => out.extend(&[0xC0 | (c >> 6) as u8, follow(0)]),
        0x800..0x1_0000 => out.extend(&[0xE0 | (c >> 12) as u8, follow(6), follow(0)]),
        _ => out.extend(&[0xF0 | (c >> 18) as u8, follow(12), follow(6), follow(0)]),
    }
}

/// The end of the run of characters from `at` on that all fail the test.
fn run_end(chars: Chars<'_>, at: usize, bad: impl Fn(u32) -> bool) -> usize {
    (at..chars.len()).find(|i| !bad(chars.at(*i))).unwrap_or(chars.len())
}

/// How long units are in UTF-8; `None` if lone surrogates are among them.
fn utf8_len<U: Unit>(units: &[U]) -> Option<usize> {
    let mut len = units.len();
    for chunk in units.chunks(1024) {
        let (mut more, mut surrogates) = (0, 0);
        for unit in chunk {
            let c: u32 = (*unit).into();
            more += u32::from(c >= 0x80) + u32::from(c >= 0x800) + u32::from(c >= 0x1_0000);
            surrogates += u32::from(c & !0x7FF == 0xD800);
        }
        if surrogates > 0 {
            return None;
        }
        len += more as usize;
    }
    Some(len)
}

/// Writes bytes where there is room for them; gives the room behind them.
#[inline(always)]
fn put<const N: usize>(to: &mut [u8], bytes: [u8; N]) -> &mut [u8] {
    let (head, rest) = to.split_first_chunk_mut().expect("the bytes were counted");
    *head = bytes;
    rest
}

/// Writes units in UTF-8 where there is as much room as they take.
fn write_utf8<U: Unit>(units: &[U], mut to: &mut [u8]) {
    for unit in units {
        let c: u32 = (*unit).into();
        let follow = |shift: u32| 0x80 | (c >> shift & 63) as u8;
        to = match c {
            0..0x80 => put(to, [c as u8]),
            0x80..0x800 => put(to, [0xC0 | (c >> 6) as u8, follow(0)]),
            0x800..0x1_0000 => put(to, [0xE0 | (c >> 12) as u8, follow(6), follow(0)]),
            _ => put(to, [0xF0 | (c >> 18) as u8, follow(12), follow(6), follow(0)]),
        };
    }
}

/// UTF-8, behind a mark, of a text that has no lone surrogates: measured first, then written once.
fn whole_utf8<U: Unit>(vm: &Vm, units: &[U], mark: &[u8]) -> Option<Res> {
    let len = mark.len() + utf8_len(units)?;
    Some(vm.bytes_with(len, |to| {
        let (head, rest) = to.split_at_mut(mark.len());
        head.copy_from_slice(mark);
        write_utf8(units, rest);
    }))
}

fn utf8(vm: &Vm, object: &Value, errors: Errors<'_>, mark: &[u8]) -> Res {
    let whole = match text(object).chars() {
        Chars::One(s) => whole_utf8(vm, s, mark),
        Chars::Two(s) => whole_utf8(vm, s, mark),
        Chars::Four(s) => whole_utf8(vm, s, mark),
    };
    if let Some(whole) = whole {
        return whole;
    }
    let job = Encoding {
        vm,
        name: "utf-8",
        reason: "surrogates not allowed",
        object,
        errors,
        limit: 0x80,
        unit: 1,
    };
    let chars = text(object).chars();
    let surrogate = |c: u32| (0xD800..0xE000).contains(&c);
    let mut out = ByteBuilder::with_capacity(vm, mark.len() + chars.len())?;
    out.extend(mark)?;
    let mut at = 0;
    while at < chars.len() {
        let c = chars.at(at);
        if surrogate(c) {
            let end = run_end(chars, at, surrogate);
            at = job.handle(&mut out, (at, end), put_byte, Some(put_wtf8), true)?;
        } else {
            put_wtf8(&mut out, c)?;
            at += 1;
        }
    }
    out.finish()
}

fn narrow(vm: &Vm, object: &Value, errors: Errors<'_>, name: &str, limit: u32, reason: &str) -> Res {
    let job = Encoding { vm, name, reason, object, errors, limit, unit: 1 };
    let chars = text(object).chars();
    let mut out = ByteBuilder::with_capacity(vm, chars.len())?;
    let mut at = 0;
    while at < chars.len() {
        let c = chars.at(at);
        if c >= limit {
            let end = run_end(chars, at, |c| c >= limit);
            at = job.handle(&mut out, (at, end), put_byte, None, true)?;
        } else {
            out.push(c as u8)?;
            at += 1;
        }
    }
    out.finish()
}

fn put_16<const BIG: bool>(out: &mut ByteBuilder<'_>, unit: u32) -> Res<()> {
    let unit = unit as u16;
    out.extend(&if BIG { unit.to_be_bytes() } else { unit.to_le_bytes() })
}

fn put_32<const BIG: bool>(out: &mut ByteBuilder<'_>, unit: u32) -> Res<()> {
    out.extend(&if BIG { unit.to_be_bytes() } else { unit.to_le_bytes() })
}

fn wide(vm: &Vm, object: &Value, errors: Errors<'_>, order: Order, bytes: usize) -> Res {
    let big = order == Order::Big;
    let name = match (bytes, order) {
        (2, Order::Marked) => "utf-16",
        (2, Order::Little) => "utf-16-le",
        (2, Order::Big) => "utf-16-be",
        (_, Order::Marked) => "utf-32",
        (_, Order::Little) => "utf-32-le",
        (_, Order::Big) => "utf-32-be",
    };
    type Put = fn(&mut ByteBuilder<'_>, u32) -> Res<()>;
    type PutByte = fn(&mut ByteBuilder<'_>, u8) -> Res<()>;
    let (put, put_ascii): (Put, PutByte) = match (bytes, big) {
        (2, false) => (put_16::<false>, |out, b| put_16::<false>(out, u32::from(b))),
        (2, true) => (put_16::<true>, |out, b| put_16::<true>(out, u32::from(b))),
        (_, false) => (put_32::<false>, |out, b| put_32::<false>(out, u32::from(b))),
        (_, true) => (put_32::<true>, |out, b| put_32::<true>(out, u32::from(b))),
    };
    let reason = "surrogates not allowed";
    let job = Encoding { vm, name, reason, object, errors, limit: 0x80, unit: bytes };
    let chars = text(object).chars();
    let mut out = ByteBuilder::with_capacity(vm, (chars.len() + 1).saturating_mul(bytes))?;
    if order == Order::Marked {
        put(&mut out, 0xFEFF)?;
    }
    let mut at = 0;
    while at < chars.len() {
        let c = chars.at(at);
        if (0xD800..0xE000).contains(&c) {
            at = job.handle(&mut out, (at, at + 1), put_ascii, Some(put), false)?;
            continue;
        }
        at += 1;
        if c > 0xFFFF && bytes == 2 {
            put(&mut out, 0xD7C0 + (c >> 10))?;
            put(&mut out, 0xDC00 | c & 0x3FF)?;
        } else {
            put(&mut out, c)?;
        }
    }
    out.finish()
}

// ---- encodings written in Python --------------------------------------------------------------------------

/// Encodes (`which` 0) or decodes (1) by a codec that is registered.
#[cold]
pub(super) fn call_registered(
    vm: &Vm,
    object: &Value,
    encoding: &str,
    errors: Option<&str>,
    which: usize,
) -> Res {
    let info = vm.lookup_codec(encoding)?;
    if let Some(is_text) = vm.get_attr_opt(&info, &vm.intern("_is_text_encoding")?)?
        && !vm.truth(&is_text)?
    {
        let way = if which == 0 { "encode" } else { "decode" };
        return Err(vm.lookup_error(format_args!(
            "'{encoding}' is not a text encoding; use codecs.{way}() to handle arbitrary codecs"
        )));
    }
    let way = if which == 0 { "encoding" } else { "decoding" };
    vm.call_codec(&info, which, object, errors).map_err(|raised| vm.note_codec(raised, way, encoding))
}

/// Whether a name is one of those that are never looked for in the registry. With any other, a failure is noted.
pub fn is_direct(encoding: &str) -> bool {
    const DIRECT: [&str; 12] = [
        "utf_8",
        "utf8",
        "utf_16",
        "utf16",
        "utf_32",
        "utf32",
        "ascii",
        "us_ascii",
        "latin_1",
        "latin1",
        "iso_8859_1",
        "iso8859_1",
    ];
    encoding.len() < 12 && DIRECT.contains(&encoding.to_ascii_lowercase().replace('-', "_").as_str())
}

// ---- methods ----------------------------------------------------------------------------------------------

/// The arguments `encoding` and `errors` of encode and decode.
pub(crate) fn names(vm: &Vm, args: &[Value], function: &str) -> Res<(Text, Option<Text>)> {
    let named = |at: usize, what: &str| -> Res<Option<Text>> {
        given(args, at).map(|name| c_text(vm, name, &format!("{function}() argument '{what}'"))).transpose()
    };
    Ok((named(1, "encoding")?.unwrap_or_else(|| Text::from("utf-8")), named(2, "errors")?))
}

pub(super) fn encode_method(vm: &Vm, args: &[Value]) -> Res {
    if given(args, 1).is_none() && given(args, 2).is_none() {
        return encode_as(vm, &args[0], Codec::Utf8, Errors::named("strict"));
    }
    let (encoding, errors) = names(vm, args, "encode")?;
    encode(vm, &args[0], &encoding, errors.as_deref())
}

/// The text of bytes as the system has them: UTF-8, and what is none of it as lone surrogates.
pub fn from_system(vm: &Vm, bytes: &[u8]) -> Res {
    decode_as(vm, bytes, Codec::Utf8, Errors { handler: Handler::SurrogateEscape, name: "surrogateescape" })
}

/// The text of a str in UTF-8, as files and the system take it: lone surrogates stand for bytes.
pub fn to_system(vm: &Vm, object: &Value) -> Res {
    encode_as(vm, object, Codec::Utf8, Errors { handler: Handler::SurrogateEscape, name: "surrogateescape" })
}
