//! `UnicodeEncodeError`, `UnicodeDecodeError`, `UnicodeTranslateError`: what could not be coded, and where.

use super::base::{no_keywords, set_args};
use super::table::Parts;
use super::{Kind, field, payload};
use crate::object::call::Args;
use crate::object::native::{GetSet, attribute};
use crate::object::slots::Slots;
use crate::raised::Res;
use crate::types::bytes::Bytes;
use crate::types::memoryview::{BufferFlags, Lent};
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

/// The row of `UnicodeEncodeError`.
pub const ENCODE: Parts = Parts {
    kind: Kind::Unicode,
    slots: Slots { init: Some(encode_init), str: Some(encode_str), ..Slots::NONE },
    methods: &[],
    getset: FIELDS,
};
/// The row of `UnicodeDecodeError`.
pub const DECODE: Parts = Parts {
    kind: Kind::Unicode,
    slots: Slots { init: Some(decode_init), str: Some(decode_str), ..Slots::NONE },
    methods: &[],
    getset: FIELDS,
};
/// The row of `UnicodeTranslateError`.
pub const TRANSLATE: Parts = Parts {
    kind: Kind::Unicode,
    slots: Slots { init: Some(translate_init), str: Some(translate_str), ..Slots::NONE },
    methods: &[],
    getset: FIELDS,
};

const ENCODING: usize = 0;
const OBJECT: usize = 1;
const START: usize = 2;
const END: usize = 3;
const REASON: usize = 4;

static FIELDS: &[GetSet] = &[
    field!("encoding", Unicode, 0, "the name of the encoding"),
    field!("object", Unicode, 1, "what was to be converted"),
    attribute(
        "start",
        |_, e| super::get_field(e, Kind::Unicode, START),
        set_start,
        "the index of the first bad item",
    ),
    attribute(
        "end",
        |_, e| super::get_field(e, Kind::Unicode, END),
        set_end,
        "the index behind the last bad item",
    ),
    field!("reason", Unicode, 4, "why they are bad"),
];

fn set_start(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    set_position(vm, this, START, value)
}
fn set_end(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    set_position(vm, this, END, value)
}
fn set_position(vm: &Vm, this: &Value, field: usize, value: Option<&Value>) -> Res<()> {
    match value {
        Some(value) if vm.slots(value).index().is_some() => {
            let place = vm.int(vm.index_i64(value)?)?;
            payload(this).set_field(vm, Kind::Unicode, field, place)
        }
        Some(_) => Err(vm.type_error("an integer is required")),
        None => Err(vm.type_error("can't delete numeric/char attribute")),
    }
}

/// Takes arguments in the order of `fields`; all of them are needed.
fn take(vm: &Vm, this: &Value, args: Args<'_>, fields: &[usize], bytes: bool) -> Res<()> {
    no_keywords(vm, this, args)?;
    set_args(vm, this, args)?;
    let (wanted, given) = (fields.len(), args.pos.len());
    if wanted != given {
        return Err(vm.type_error(format_args!("function takes exactly {wanted} arguments ({given} given)")));
    }
    for (at, (field, value)) in fields.iter().zip(args.pos).enumerate() {
        let kind = vm.type_name(value);
        let bad = match *field {
            START | END if vm.slots(value).index().is_none() => {
                Some(format!("'{kind}' object cannot be interpreted as an integer"))
            }
            START | END => None,
            OBJECT if bytes => None,
            _ if !vm.is_str(value) => {
                Some(format!("argument {} must be str, not {}", at + 1, vm.arg_name(value)))
            }
            _ => None,
        };
        if let Some(message) = bad {
            return Err(vm.type_error(message));
        }
    }
    for (field, value) in fields.iter().zip(args.pos) {
        let value = match *field {
            START | END => vm.int(vm.index_i64(value)?)?,
            // What is no bytes object is copied, so that it stays as it was.
            OBJECT if bytes && !value.has::<Bytes>() => copied(vm, value)?,
            _ => value.clone(),
        };
        payload(this).set_field(vm, Kind::Unicode, *field, value)?;
    }
    Ok(())
}

/// The bytes of an object that lends them.
fn copied(vm: &Vm, value: &Value) -> Res {
    let lent = Lent::of(vm, value, BufferFlags::SIMPLE)?;
    vm.bytes(lent.as_slice())
}

fn encode_init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    take(vm, this, args, &[ENCODING, OBJECT, START, END, REASON], false)
}
fn decode_init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    take(vm, this, args, &[ENCODING, OBJECT, START, END, REASON], true)
}
fn translate_init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    take(vm, this, args, &[OBJECT, START, END, REASON], false)
}

/// The text of a field as `str` shows it.
fn shown(vm: &Vm, this: &Value, field: usize) -> Res<String> {
    match payload(this).field(Kind::Unicode, field) {
        Some(value) => Ok(vm.text(&vm.to_str(&value)?).to_string()),
        None => Ok("<NULL>".to_string()),
    }
}
fn number(vm: &Vm, this: &Value, field: usize) -> i64 {
    payload(this).field(Kind::Unicode, field).and_then(|v| vm.exception_int(&v)).unwrap_or(0)
}
/// The one character at fault, if there is one.
fn character(vm: &Vm, this: &Value, object: &Value) -> Option<u32> {
    let (start, end) = (number(vm, this, START), number(vm, this, END));
    let text: &Str = object.get()?;
    let at = usize::try_from(start).ok().filter(|at| *at < text.len())?;
    (end == start.wrapping_add(1)).then(|| text.chars().at(at))
}
fn escaped(c: u32) -> String {
    match c {
        0..0x100 => format!("\\x{c:02x}"),
        0x100..0x1_0000 => format!("\\u{c:04x}"),
        _ => format!("\\U{c:08x}"),
    }
}
/// What was to be coded, when a `__str__` of another field may have taken it away; without it `str` is empty.
fn object_of(vm: &Vm, this: &Value, fits: fn(&Value) -> bool, what: &str) -> Res {
    match payload(this).field(Kind::Unicode, OBJECT) {
        Some(object) if fits(&object) => Ok(object),
        Some(_) => Err(vm.type_error(format_args!("UnicodeError 'object' attribute must be a {what}"))),
        None => Err(vm.type_error("UnicodeError 'object' attribute is not set")),
    }
}
fn is_set(this: &Value) -> bool {
    payload(this).field(Kind::Unicode, OBJECT).is_some()
}
fn is_text(value: &Value) -> bool {
    value.has::<Str>()
}

fn encode_str(vm: &Vm, this: &Value) -> Res {
    if !is_set(this) {
        return Ok(vm.empty_str.clone());
    }
    let (reason, encoding) = (shown(vm, this, REASON)?, shown(vm, this, ENCODING)?);
    let object = object_of(vm, this, is_text, "string")?;
    let (start, end) = (number(vm, this, START), number(vm, this, END));
    vm.str(&match character(vm, this, &object) {
        Some(c) => {
            let c = escaped(c);
            format!("'{encoding}' codec can't encode character '{c}' in position {start}: {reason}")
        }
        None => {
            let last = end.wrapping_sub(1);
            format!("'{encoding}' codec can't encode characters in position {start}-{last}: {reason}")
        }
    })
}

fn decode_str(vm: &Vm, this: &Value) -> Res {
    if !is_set(this) {
        return Ok(vm.empty_str.clone());
    }
    let (reason, encoding) = (shown(vm, this, REASON)?, shown(vm, this, ENCODING)?);
    let object = object_of(vm, this, |value| value.has::<Bytes>(), "bytes")?;
    let (start, end) = (number(vm, this, START), number(vm, this, END));
    let byte = match usize::try_from(start) {
        Ok(at) if end == start.wrapping_add(1) => {
            object.get::<Bytes>().and_then(|bytes| bytes.as_slice().get(at).copied())
        }
        _ => None,
    };
    vm.str(&match byte {
        Some(byte) => {
            format!("'{encoding}' codec can't decode byte 0x{byte:02x} in position {start}: {reason}")
        }
        None => {
            let last = end.wrapping_sub(1);
            format!("'{encoding}' codec can't decode bytes in position {start}-{last}: {reason}")
        }
    })
}

fn translate_str(vm: &Vm, this: &Value) -> Res {
    if !is_set(this) {
        return Ok(vm.empty_str.clone());
    }
    let reason = shown(vm, this, REASON)?;
    let object = object_of(vm, this, is_text, "string")?;
    let (start, end) = (number(vm, this, START), number(vm, this, END));
    vm.str(&match character(vm, this, &object) {
        Some(c) => format!("can't translate character '{}' in position {start}: {reason}", escaped(c)),
        None => {
            let last = end.wrapping_sub(1);
            format!("can't translate characters in position {start}-{last}: {reason}")
        }
    })
}
