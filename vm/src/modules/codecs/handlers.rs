//! The standard error handlers as functions: an exception in, what stands for the bad part and where to go on out.

use ryokan_bytecode::names::character_name;

use crate::object::native::{Call, Method, method};
use crate::raised::Res;
use crate::types::bytes::{ByteBuilder, Bytes};
use crate::types::exceptions::{Exception, Kind};
use crate::types::str::args::c_text;
use crate::types::str::build::StrBuilder;
use crate::types::str::codec::{Codec, codec_of, encode_as};
use crate::types::str::errors::{Errors, Handler};
use crate::types::str::repr::push_escape;
use crate::types::str::{Str, codec::Order};
use crate::value::Value;
use crate::vm::Vm;

macro_rules! handlers {
    ($($name:literal $function:literal $handler:ident $doc:literal,)*) => {
        static HANDLERS: &[(&str, Method)] = &[$((
            $name,
            method($function, "(exception, /)", Call::Slice(|vm, args| handle(vm, &args[0], Handler::$handler)), $doc),
        )),*];
    };
}
handlers! {
    "strict" "strict_errors" Strict "Raises the exception.",
    "ignore" "ignore_errors" Ignore "Leaves the bad part out.",
    "replace" "replace_errors" Replace "Puts a question mark, or U+FFFD, in place of the bad part.",
    "xmlcharrefreplace" "xmlcharrefreplace_errors" XmlCharRefReplace "Puts XML character references in place of the bad part.",
    "backslashreplace" "backslashreplace_errors" BackslashReplace "Puts escapes in place of the bad part.",
    "namereplace" "namereplace_errors" NameReplace "Puts escapes by names in place of the bad part.",
    "surrogateescape" "surrogateescape" SurrogateEscape "Lets lone surrogates stand for bytes.",
    "surrogatepass" "surrogatepass" SurrogatePass "Lets surrogates through.",
}

/// The handler of a name: one that was registered, or a standard one, which is registered then.
pub fn lookup(vm: &Vm, name: &Value) -> Res {
    if let Some(known) = vm.registered_error_handler(name)? {
        return Ok(known);
    }
    let text = vm.text(name);
    let Some((_, row)) = HANDLERS.iter().find(|(known, _)| *known == text.as_str()) else {
        return Err(vm.lookup_error(format_args!("unknown error handler name '{text}'")));
    };
    let function = vm.new_native(row, Value::UNBOUND, vm.intern("_codecs")?)?;
    vm.register_error_handler(name, &function)?;
    Ok(function)
}

pub fn unregister(vm: &Vm, args: &[Value]) -> Res {
    let text = c_text(vm, &args[0], "_unregister_error() argument")?;
    if HANDLERS.iter().any(|(known, _)| *known == text.as_str()) {
        return Err(vm.value_error(format_args!("cannot un-register built-in error handler '{text}'")));
    }
    vm.unregister_error_handler(&args[0]).map(Value::bool)
}

/// What an exception says of the bad part.
struct Bad {
    object: Value,
    start: usize,
    end: usize,
}

fn bad_part(exception: &Value) -> Option<Bad> {
    let fields = exception.get::<Exception>().filter(|e| e.kind() == Kind::Unicode)?;
    let object = fields.field(Kind::Unicode, 1)?;
    let len = object.get::<Str>().map(Str::len).or_else(|| object.get::<Bytes>().map(Bytes::len))?;
    let place = |at: usize| {
        let found = fields.field(Kind::Unicode, at)?;
        usize::try_from(if found.word().is_int() { found.word().int() } else { 0 }).ok()
    };
    let start = place(2)?.min(len.saturating_sub(1));
    let end = place(3)?.clamp(start, len).max((start + 1).min(len));
    Some(Bad { object, start, end })
}

fn handle(vm: &Vm, exception: &Value, handler: Handler) -> Res {
    if handler == Handler::Strict {
        if !vm.is_instance(exception, &vm.exc.BaseException) {
            return Err(vm.type_error("codec must pass exception instance"));
        }
        return Err(vm.raise_value(exception.clone()));
    }
    let decoding = vm.is_instance(exception, &vm.exc.UnicodeDecodeError);
    let encoding = vm.is_instance(exception, &vm.exc.UnicodeEncodeError);
    let translating = vm.is_instance(exception, &vm.exc.UnicodeTranslateError);
    use Handler as H;
    let fits = match handler {
        H::Ignore | H::Replace | H::BackslashReplace => decoding || encoding || translating,
        H::XmlCharRefReplace | H::NameReplace => encoding,
        _ => encoding || decoding,
    };
    let Some(bad) = bad_part(exception).filter(|_| fits) else {
        let kind = vm.type_name(exception);
        return Err(vm.type_error(format_args!("don't know how to handle {kind} in error callback")));
    };
    vm.work((bad.end - bad.start) as u64)?;
    match handler {
        H::SurrogateEscape => escape_surrogates(vm, exception, &bad),
        H::SurrogatePass => pass_surrogates(vm, exception, &bad),
        _ => instead(vm, &bad, handler, encoding),
    }
}

fn answer(vm: &Vm, instead: Value, at: usize) -> Res {
    vm.new_tuple(vec![instead, vm.int(at as i64)?])
}

fn instead(vm: &Vm, bad: &Bad, handler: Handler, encoding: bool) -> Res {
    let mut out = StrBuilder::new(vm);
    let bytes = bad.object.get::<Bytes>().map(Bytes::as_slice);
    match (handler, bytes) {
        (Handler::Replace, Some(_)) => out.push_char(0xFFFD)?,
        (Handler::BackslashReplace, Some(bytes)) => {
            bytes[bad.start..bad.end].iter().try_for_each(|b| push_escape(&mut out, u32::from(*b)))?;
        }
        _ => {}
    }
    let chars = bad.object.get::<Str>().map(Str::chars);
    for at in bad.start..bad.end {
        let Some(c) = chars.as_ref().map(|chars| chars.at(at)) else { break };
        match handler {
            Handler::Replace => out.push_char(if encoding { 0x3F } else { 0xFFFD })?,
            Handler::XmlCharRefReplace => out.push_str(&format!("&#{c};"))?,
            Handler::NameReplace if let Some(name) = character_name(c) => {
                out.push_str(&format!("\\N{{{name}}}"))?;
            }
            Handler::NameReplace | Handler::BackslashReplace => push_escape(&mut out, c)?,
            _ => {}
        }
    }
    answer(vm, out.finish()?, bad.end)
}

fn escape_surrogates(vm: &Vm, exception: &Value, bad: &Bad) -> Res {
    if let Some(text) = bad.object.get::<Str>() {
        let mut out = ByteBuilder::new(vm);
        for at in bad.start..bad.end {
            match text.chars().at(at) {
                c @ 0xDC80..=0xDCFF => out.push(c as u8)?,
                _ => return Err(vm.raise_value(exception.clone())),
            }
        }
        return answer(vm, out.finish()?, bad.end);
    }
    let bytes = bad.object.get::<Bytes>().map_or(&[][..], |b| &b.as_slice()[bad.start..bad.end]);
    let mut out = StrBuilder::new(vm);
    let high = bytes.iter().take(4).take_while(|b| **b >= 0x80).count();
    for byte in &bytes[..high] {
        out.push_char(0xDC00 + u32::from(*byte))?;
    }
    if high == 0 {
        return Err(vm.raise_value(exception.clone()));
    }
    answer(vm, out.finish()?, bad.start + high)
}

/// Surrogates as the encoding would write them, if it is one of Unicode's.
fn pass_surrogates(vm: &Vm, exception: &Value, bad: &Bad) -> Res {
    let name = exception.get::<Exception>().and_then(|e| e.field(Kind::Unicode, 0));
    let codec = name.filter(|name| vm.is_str(name)).and_then(|name| codec_of(&vm.text(&name)));
    let codec = match codec {
        Some(codec @ (Codec::Utf8 | Codec::Utf16(_) | Codec::Utf32(_))) => codec,
        _ => return Err(vm.raise_value(exception.clone())),
    };
    let codec = match codec {
        Codec::Utf16(Order::Marked) => Codec::Utf16(Order::Little),
        Codec::Utf32(Order::Marked) => Codec::Utf32(Order::Little),
        other => other,
    };
    let errors = Errors { handler: Handler::SurrogatePass, name: "surrogatepass" };
    if let Some(text) = bad.object.get::<Str>() {
        let mut part = StrBuilder::new(vm);
        for at in bad.start..bad.end {
            match text.chars().at(at) {
                c @ 0xD800..0xE000 => part.push_char(c)?,
                _ => return Err(vm.raise_value(exception.clone())),
            }
        }
        return answer(vm, encode_as(vm, &part.finish()?, codec, errors)?, bad.end);
    }
    let all = bad.object.get::<Bytes>().map_or(&[][..], Bytes::as_slice);
    let rest = &all[bad.start..];
    let found = match (codec, rest) {
        (Codec::Utf8, [0xED, b @ 0xA0..=0xBF, c @ 0x80..=0xBF, ..]) => {
            Some((0xD000 | u32::from(b & 63) << 6 | u32::from(c & 63), 3))
        }
        (Codec::Utf16(Order::Little), [a, b, ..]) => Some((u32::from(u16::from_le_bytes([*a, *b])), 2)),
        (Codec::Utf16(_), [a, b, ..]) => Some((u32::from(u16::from_be_bytes([*a, *b])), 2)),
        (Codec::Utf32(Order::Little), [a, b, c, d, ..]) => Some((u32::from_le_bytes([*a, *b, *c, *d]), 4)),
        (Codec::Utf32(_), [a, b, c, d, ..]) => Some((u32::from_be_bytes([*a, *b, *c, *d]), 4)),
        _ => None,
    };
    match found {
        Some((c @ 0xD800..0xE000, count)) => {
            let mut out = StrBuilder::new(vm);
            out.push_char(c)?;
            answer(vm, out.finish()?, bad.start + count)
        }
        _ => Err(vm.raise_value(exception.clone())),
    }
}
