//! `_codecs`: the registry of codecs and error handlers, and the codecs of the core as functions that tell how much they used.
//!
//! | file | what |
//! |---|---|
//! | `handlers.rs` | the standard error handlers as functions |
//! | `charmap.rs` | the codec that goes by a table |
//! | `escape.rs` | the escapes of bytes literals |

mod charmap;
mod escape;
pub mod handlers;

use crate::object::native::{Call, Method, method};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::memoryview::{BufferFlags, Lent};
use crate::types::str::Str;
use crate::types::str::args::{c_text, given, given_value};
use crate::types::str::codec::{Codec, Order, encode_as};
use crate::types::str::decode::decode_part;
use crate::types::str::errors::Errors;
use crate::value::Value;
use crate::vm::Vm;

/// `_codecs.__doc__`
pub const DOC: &str = "Codecs and error handlers: those that are registered, and those of the core.";

/// Functions that encode and decode in one of the core's codecs; which arguments each takes, and whether bytes are the last ones of
/// a text unless that is told.
macro_rules! codecs {
    ($($encode:literal $takes:ident $decode:literal $whether:ident $codec:expr,)*) => {
        [$(
            method(
                $encode,
                codecs!($takes),
                Call::Slice(|vm, args| encode(vm, args, $encode, $codec)),
                "The text in bytes, and how many characters that were.",
            ),
            method(
                $decode,
                codecs!($whether),
                Call::Slice(|vm, args| decode(vm, args, $decode, $codec)),
                "The text that bytes mean, and how many of them were used: unless they are final, what is begun at\ntheir end is \
                 left.",
            ),
        )*]
    };
    (text) => { "(str, errors=None, /)" };
    (ordered) => { "(str, errors=None, byteorder=0, /)" };
    (pieces) => { "(data, errors=None, final=False, /)" };
    (whole) => { "(data, errors=None, /)" };
}

static CODECS: [Method; 20] = codecs! {
    "utf_7_encode" text "utf_7_decode" pieces Codec::Utf7,
    "utf_8_encode" text "utf_8_decode" pieces Codec::Utf8,
    "utf_16_encode" ordered "utf_16_decode" pieces Codec::Utf16(Order::Marked),
    "utf_16_le_encode" text "utf_16_le_decode" pieces Codec::Utf16(Order::Little),
    "utf_16_be_encode" text "utf_16_be_decode" pieces Codec::Utf16(Order::Big),
    "utf_32_encode" ordered "utf_32_decode" pieces Codec::Utf32(Order::Marked),
    "utf_32_le_encode" text "utf_32_le_decode" pieces Codec::Utf32(Order::Little),
    "utf_32_be_encode" text "utf_32_be_decode" pieces Codec::Utf32(Order::Big),
    "latin_1_encode" text "latin_1_decode" whole Codec::Latin1,
    "ascii_encode" text "ascii_decode" whole Codec::Ascii,
};

/// The rows that are not those of `CODECS`.
pub static FUNCTIONS: &[Method] = &[
    method(
        "register",
        "(search_function, /)",
        Call::Slice(|vm, args| vm.register_codec(&args[0]).map(|()| Value::NONE)),
        "Adds a function that is asked for codecs: given a name it returns four functions or None.\nTypeError if it cannot be called.",
    ),
    method(
        "unregister",
        "(search_function, /)",
        Call::Slice(|vm, args| vm.unregister_codec(&args[0]).map(|()| Value::NONE)),
        "Takes a search function away again, and forgets what was found.",
    ),
    method(
        "lookup",
        "(encoding, /)",
        Call::Slice(|vm, args| {
            let name = c_text(vm, &args[0], "lookup() argument")?;
            vm.lookup_codec(&name)
        }),
        "The functions of a codec: encoder, decoder, reader, writer. LookupError if there is none of that\nname.",
    ),
    method(
        "encode",
        "(obj, encoding='utf-8', errors='strict')",
        Call::Slice(|vm, args| code(vm, args, 0)),
        "What a codec's encoder makes of an object. LookupError if there is no such codec.",
    ),
    method(
        "decode",
        "(obj, encoding='utf-8', errors='strict')",
        Call::Slice(|vm, args| code(vm, args, 1)),
        "What a codec's decoder makes of an object. LookupError if there is no such codec.",
    ),
    method(
        "register_error",
        "(errors, handler, /)",
        Call::Slice(|vm, args| {
            c_text(vm, &args[0], "register_error() argument 1")?;
            vm.register_error_handler(&args[0], &args[1]).map(|()| Value::NONE)
        }),
        "Gives an error handler a name. It is called with the exception, and returns what stands for the bad\npart, and where to go \
         on. TypeError if it cannot be called.",
    ),
    method(
        "_unregister_error",
        "(errors, /)",
        Call::Slice(handlers::unregister),
        "Takes an error handler away again; says whether there was one. ValueError for the standard ones.",
    ),
    method(
        "lookup_error",
        "(name, /)",
        Call::Slice(|vm, args| {
            c_text(vm, &args[0], "lookup_error() argument")?;
            handlers::lookup(vm, &args[0])
        }),
        "The error handler of a name. LookupError if there is none.",
    ),
    method(
        "utf_16_ex_decode",
        "(data, errors=None, byteorder=0, final=False,\n                 /)",
        Call::Slice(|vm, args| ordered(vm, args, "utf_16_ex_decode", Codec::Utf16)),
        "As utf_16_decode(), in an order that is given: -1 little, 1 big, 0 as a mark tells; gives it, too.",
    ),
    method(
        "utf_32_ex_decode",
        "(data, errors=None, byteorder=0, final=False,\n                 /)",
        Call::Slice(|vm, args| ordered(vm, args, "utf_32_ex_decode", Codec::Utf32)),
        "As utf_32_decode(), in an order that is given: -1 little, 1 big, 0 as a mark tells; gives it, too.",
    ),
    method(
        "unicode_escape_encode",
        "(str, errors=None, /)",
        Call::Slice(|vm, args| encode(vm, args, "unicode_escape_encode", Codec::Escape)),
        "The text as a literal would write it, and how many characters that were.",
    ),
    method(
        "unicode_escape_decode",
        "(data, errors=None, final=True, /)",
        Call::Slice(|vm, args| decode(vm, args, "unicode_escape_decode", Codec::Escape)),
        "The text that a literal would mean, and how many bytes were used.",
    ),
    method(
        "raw_unicode_escape_encode",
        "(str, errors=None, /)",
        Call::Slice(|vm, args| encode(vm, args, "raw_unicode_escape_encode", Codec::RawEscape)),
        "The text in Latin-1, with escapes for all else, and how many characters that were.",
    ),
    method(
        "raw_unicode_escape_decode",
        "(data, errors=None, final=True, /)",
        Call::Slice(|vm, args| decode(vm, args, "raw_unicode_escape_decode", Codec::RawEscape)),
        "The text of Latin-1 with escapes for characters, and how many bytes were used.",
    ),
    method(
        "readbuffer_encode",
        "(data, errors=None, /)",
        Call::Slice(|vm, args| {
            let bytes = data(vm, &args[0], true)?;
            errors_of(vm, "readbuffer_encode", args)?;
            pair(vm, vm.bytes(bytes.as_slice())?, bytes.as_slice().len())
        }),
        "A copy of an object's bytes, and how many they are.",
    ),
    method(
        "charmap_encode",
        "(str, errors=None, mapping=None, /)",
        Call::Slice(charmap::encode),
        "The text by a table of characters, and how many characters that were.",
    ),
    method(
        "charmap_decode",
        "(data, errors=None, mapping=None, /)",
        Call::Slice(charmap::decode),
        "The text by a table of bytes, and how many bytes were used.",
    ),
    method(
        "charmap_build",
        "(map, /)",
        Call::Slice(charmap::build),
        "The table for charmap_encode() that a str of the characters by their bytes means.",
    ),
    method(
        "escape_encode",
        "(data, errors=None, /)",
        Call::Slice(escape::encode),
        "Bytes as a literal would write them, and how many they are.",
    ),
    method(
        "escape_decode",
        "(data, errors=None, /)",
        Call::Slice(escape::decode),
        "The bytes that a literal would mean, and how many were used. ValueError for an escape that is none.",
    ),
];

/// Adds the codecs.
pub fn fill(vm: &Vm, dict: &Dict) -> Res<()> {
    crate::modules::add_functions(vm, dict, "_codecs", &CODECS)
}

/// The name of the error handler among a function's arguments.
fn errors_of(vm: &Vm, function: &str, args: &[Value]) -> Res<crate::types::str::Text> {
    match given_value(args, 1) {
        Some(name) if vm.is_str(name) => Ok(vm.text(name)),
        Some(other) => {
            let kind = vm.type_name(other);
            Err(vm.type_error(format_args!("{function}() argument 2 must be str or None, not {kind}")))
        }
        None => Ok(crate::types::str::Text::from("strict")),
    }
}

/// The bytes of an argument; of a str, if that is fine, those of its UTF-8.
fn data(vm: &Vm, value: &Value, text: bool) -> Res<Lent> {
    if text && vm.is_str(value) {
        return Lent::of(
            vm,
            &encode_as(vm, value, Codec::Utf8, Errors::named("strict"))?,
            BufferFlags::SIMPLE,
        );
    }
    Lent::of(vm, value, BufferFlags::SIMPLE)
}

fn pair(vm: &Vm, made: Value, count: usize) -> Res {
    vm.new_tuple(vec![made, vm.int(count as i64)?])
}

fn text_of<'a>(vm: &Vm, function: &str, value: &'a Value) -> Res<&'a Str> {
    value.get::<Str>().ok_or_else(|| {
        let kind = vm.arg_name(value);
        vm.type_error(format_args!("{function}() argument 1 must be str, not {kind}"))
    })
}

fn encode(vm: &Vm, args: &[Value], function: &str, codec: Codec) -> Res {
    let count = text_of(vm, function, &args[0])?.len();
    let errors = errors_of(vm, function, args)?;
    let told = given(args, 2).map_or(Ok(0), |order| vm.index_c_int(order))?;
    let codec = match codec {
        Codec::Utf16(Order::Marked) => Codec::Utf16(order(told)),
        Codec::Utf32(Order::Marked) => Codec::Utf32(order(told)),
        other => other,
    };
    pair(vm, encode_as(vm, &args[0], codec, Errors::named(&errors))?, count)
}

/// The order that a number tells: -1 little, 1 big, 0 the one of a mark.
fn order(told: i32) -> Order {
    match told {
        0 => Order::Marked,
        ..0 => Order::Little,
        _ => Order::Big,
    }
}

fn decode(vm: &Vm, args: &[Value], function: &str, codec: Codec) -> Res {
    let text = matches!(codec, Codec::Escape | Codec::RawEscape);
    let bytes = data(vm, &args[0], text)?;
    let errors = errors_of(vm, function, args)?;
    let always = matches!(codec, Codec::Latin1 | Codec::Ascii);
    let last = given(args, 2).map_or(Ok(text || always), |last| vm.truth(last))?;
    let (made, used) = decode_part(vm, bytes.as_slice(), codec, Errors::named(&errors), last)?;
    pair(vm, made, used)
}

/// UTF-16 or UTF-32 in an order that is told, and tells the order.
fn ordered(vm: &Vm, args: &[Value], function: &str, codec: fn(Order) -> Codec) -> Res {
    let bytes = data(vm, &args[0], false)?;
    let errors = errors_of(vm, function, args)?;
    let order = order(given(args, 2).map_or(Ok(0), |order| vm.index_c_int(order))?);
    let last = given(args, 3).map_or(Ok(false), |last| vm.truth(last))?;
    let marked = match (codec(Order::Marked), bytes.as_slice()) {
        (Codec::Utf32(_), [0xFF, 0xFE, 0, 0, ..]) | (Codec::Utf16(_), [0xFF, 0xFE, ..]) => -1,
        (Codec::Utf32(_), [0, 0, 0xFE, 0xFF, ..]) | (Codec::Utf16(_), [0xFE, 0xFF, ..]) => 1,
        _ => 0,
    };
    let told = match order {
        Order::Marked => marked,
        Order::Little => -1,
        Order::Big => 1,
    };
    let (made, used) = decode_part(vm, bytes.as_slice(), codec(order), Errors::named(&errors), last)?;
    vm.new_tuple(vec![made, vm.int(used as i64)?, Value::small(told)])
}

/// `encode` (0) and `decode` (1) by any codec.
fn code(vm: &Vm, args: &[Value], which: usize) -> Res {
    let (encoding, errors) =
        crate::types::str::codec::names(vm, args, if which == 0 { "encode" } else { "decode" })?;
    let handler = Errors::named(errors.as_deref().unwrap_or("strict"));
    let way = if which == 0 { "encoding" } else { "decoding" };
    let known = crate::types::str::codec::codec_of(&encoding);
    let done = match known {
        Some(codec) if which == 0 && vm.is_str(&args[0]) => encode_as(vm, &args[0], codec, handler),
        Some(codec) if which == 1 => data(vm, &args[0], false)
            .and_then(|bytes| decode_part(vm, bytes.as_slice(), codec, handler, true).map(|(text, _)| text)),
        _ => {
            let info = vm.lookup_codec(&encoding)?;
            vm.call_codec(&info, which, &args[0], errors.as_deref())
        }
    };
    done.map_err(|raised| vm.note_codec(raised, way, &encoding))
}
