//! The type `str`: its constructor, its slots, and the table of its methods.

use std::cmp::Ordering;

use ryokan_bytecode::{BinaryOp, CompareOp};

use super::args::{bind, c_text, index_of, repeat_count, text};
use super::{Chars, Str, Text, case, codec, format_method, pad, percent, repr, search, split, translate};
use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{Call, Method, method, static_method};
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, TypeFlags};
use crate::raised::Res;
use crate::types::bytes::Bytes;
use crate::types::int::unbox_word;
use crate::types::memoryview::Lent;
use crate::types::slice::Slice;
use crate::value::Value;
use crate::vm::Vm;

/// `str`
pub static TYPE: TypeDef = TypeDef {
    name: "str",
    layout: Layout::Str,
    construct: Some(|vm, args| match args {
        [object] if object.word().is_int() => Some(crate::types::int::repr(vm, object)),
        [object] if !unbox_word(object.word()).is_unbound() => Some(vm.repr(object)),
        [object] => object.exact::<Str>().map(|_| Ok(object.clone())),
        _ => None,
    }),
    flags: TypeFlags::BASETYPE.union(TypeFlags::MATCH_SELF),
    doc: "str(object='')\nstr(bytes, encoding='utf-8', errors='strict')\n\nThe text of an object, as its \
          __str__ gives it, or the text that bytes hold in an encoding.",
    slots: Slots {
        repr: Some(repr::repr),
        str: Some(Vm::exact_str),
        hash: Some(|_, this| Ok(text(this).hash())),
        len: Some(|_, this| Ok(text(this).len())),
        iter: Some(|vm, this| vm.seq_iter(this.clone())),
        new: Some(new),
        getitem: Some(getitem),
        contains: Some(search::contains),
        compare: Some(compare),
        number: numbers(&[
            (BinaryOp::Add, add),
            (BinaryOp::Multiply, multiply),
            (BinaryOp::Remainder, percent::str_percent),
        ]),
        ..Slots::NONE
    },
    methods: METHODS,
    write: Some(repr::write),
    ..TypeDef::EMPTY
};

fn new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let exact = class.word() == vm.types.str.value().word();
    let given = args.pos.len() + args.names.len();
    // A call of the type itself without names is told of None in another word.
    let plain = exact && args.names.is_empty();
    if given > 3 && !exact {
        return Err(vm.type_error(format_args!("str() takes at most 3 arguments ({given} given)")));
    }
    let [object, encoding, errors] = bind(vm, "str", args, ["object", "encoding", "errors"], 0)?;
    let name = |value: &Value, what: &str| match value.is_none() && plain {
        true => Err(vm.type_error(format_args!("{what} must be str, not NoneType"))),
        false => value.bound().map(|v| c_text(vm, v, what)).transpose(),
    };
    let encoding_name = name(&encoding, "str() argument 'encoding'")?;
    let errors_name = name(&errors, "str() argument 'errors'")?;
    let made = match object.bound() {
        None => vm.str("")?,
        Some(object) if encoding.is_unbound() && errors.is_unbound() => vm.to_str(object)?,
        Some(object) => {
            let encoding = encoding_name.unwrap_or_else(|| Text::from("utf-8"));
            if object.has::<Str>() {
                return Err(vm.type_error("decoding str is not supported"));
            }
            // A decoder may call a handler: it gets bytes that nobody can change.
            let lent = match object.has::<Bytes>() {
                true => Some(Lent::hold(object.clone())),
                false => crate::types::bytes_methods::buffer_or_none(vm, object),
            };
            let Some(lent) = lent else {
                return Err(vm.type_error(format_args!(
                    "decoding to str: need a bytes-like object, {} found",
                    vm.type_name(object)
                )));
            };
            let bytes = lent.to_bytes(vm)?;
            super::decode::decode(
                vm,
                bytes.get().map_or(&[], Bytes::as_slice),
                &encoding,
                errors_name.as_deref(),
            )?
        }
    };
    let class = vm.expect_type(class)?;
    if std::ptr::eq(class, &*vm.types.str) {
        return Ok(made);
    }
    vm.str_of_class(class, text(&made))
}

fn getitem(vm: &Vm, this: &Value, key: &Value) -> Res {
    let body = text(this);
    if let Some(slice) = key.get::<Slice>() {
        let walk = slice.unpack(vm)?.within(body.len());
        if walk.count == 0 {
            return vm.str("");
        }
        if walk.step == 1 {
            if walk.count == body.len() {
                return vm.exact_str(this);
            }
            return vm.str_slice(body, walk.range().start, walk.range().end);
        }
        let chars = body.chars();
        if walk.step == -1
            && let Chars::One(bytes) = chars
            && let Some(run) = bytes.get(walk.at(walk.count - 1)..=walk.at(0))
        {
            let max =
                if body.is_ascii() { 0x7F } else { run.iter().max().map_or(0, |most| u32::from(*most)) };
            return vm.str_from_iter(walk.count, max, run.iter().rev().map(|byte| u32::from(*byte)));
        }
        let picked = || (0..walk.count).map(|i| chars.at(walk.at(i)));
        let max = if body.is_ascii() { 0x7F } else { picked().max().unwrap_or(0) };
        return vm.str_from_iter(walk.count, max, picked());
    }
    let Some(at) = index_of(vm, key)? else {
        return Err(
            vm.type_error(format_args!("string indices must be integers, not '{}'", vm.type_name(key)))
        );
    };
    let at = if at < 0 { at + body.len() as i64 } else { at };
    if at < 0 || at as usize >= body.len() {
        return Err(vm.index_error("string index out of range"));
    }
    vm.str_from_char(body.chars().at(at as usize))
}

/// Which of two texts comes first, by code points.
pub fn order(a: &Str, b: &Str) -> Ordering {
    crate::fuel::owe_bytes(a.byte_len().min(b.byte_len()));
    match (a.chars(), b.chars()) {
        (Chars::One(x), Chars::One(y)) => x.cmp(y),
        (x, y) => x.iter().cmp(y.iter()),
    }
}

fn compare(_: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let (Some(x), Some(y)) = (a.get::<Str>(), b.get::<Str>()) else { return Ok(Value::NOT_IMPLEMENTED) };
    Ok(Value::bool(match op {
        CompareOp::Eq => x.equals(y),
        CompareOp::Ne => !x.equals(y),
        CompareOp::Lt => order(x, y).is_lt(),
        CompareOp::Le => order(x, y).is_le(),
        CompareOp::Gt => order(x, y).is_gt(),
        CompareOp::Ge => order(x, y).is_ge(),
    }))
}

/// `left + right`
pub fn add(vm: &Vm, left: &Value, right: &Value) -> Res {
    let Some(head) = left.get::<Str>() else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(tail) = right.get::<Str>() else {
        let kind = vm.type_name(right);
        return Err(vm.type_error(format_args!("can only concatenate str (not \"{kind}\") to str")));
    };
    if head.is_empty() {
        return vm.exact_str(right);
    }
    if tail.is_empty() {
        return vm.exact_str(left);
    }
    super::build::join_texts(vm, None, 2, |at| Some(if at == 0 { head } else { tail }))
}

fn multiply(vm: &Vm, left: &Value, right: &Value) -> Res {
    let (this, count) = if left.has::<Str>() { (left, right) } else { (right, left) };
    match repeat_count(vm, count)? {
        Some(count) => pad::repeat(vm, this, count),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn getnewargs(vm: &Vm, this: &Value) -> Res {
    vm.new_tuple(vec![vm.str_from(text(this).chars())?])
}

static METHODS: &[Method] = &[
    method(
        "__format__",
        "($self, format_spec, /)",
        Call::Two(crate::types::format::format_method),
        "The text, formatted as the spec says.",
    ),
    method("__getnewargs__", "($self, /)", Call::One(getnewargs), ""),
    method(
        "capitalize",
        "($self, /)",
        Call::One(case::capitalize),
        "The first character in title case, the rest in lower case.",
    ),
    method(
        "casefold",
        "($self, /)",
        Call::One(case::casefold),
        "The text for comparing without regard to case.",
    ),
    method(
        "center",
        "($self, width, fillchar=' ', /)",
        Call::Slice(pad::center),
        "The text in the middle of a width.",
    ),
    method(
        "count",
        "($self, sub, start=None, end=None, /)",
        Call::Slice(search::count),
        "How often sub occurs in self[start:end], without overlaps.",
    ),
    method(
        "encode",
        "($self, /, encoding='utf-8', errors='strict')",
        Call::Slice(codec::encode_method),
        "The text as bytes in an encoding; errors says what to do with characters that it lacks.",
    ),
    method(
        "endswith",
        "($self, suffix, start=None, end=None, /)",
        Call::Slice(search::endswith),
        "Whether self[start:end] ends with a suffix, or with one of a tuple.",
    ),
    method(
        "expandtabs",
        "($self, /, tabsize=8)",
        Call::Slice(pad::expandtabs),
        "Every tab replaced by spaces up to the next column that tabsize divides.",
    ),
    method(
        "find",
        "($self, sub, start=None, end=None, /)",
        Call::Slice(search::find_method),
        "The least index where sub is found within self[start:end], or -1.",
    ),
    method(
        "format",
        "($self, /, *args, **kwargs)",
        Call::Full(format_method::format),
        "The text with its fields in braces replaced by the arguments that they name.",
    ),
    method(
        "format_map",
        "($self, mapping, /)",
        Call::Two(format_method::format_map),
        "The text with its fields in braces replaced by what a mapping has under their names.",
    ),
    method(
        "index",
        "($self, sub, start=None, end=None, /)",
        Call::Slice(search::index),
        "As find, but it is a ValueError if sub is not found.",
    ),
    method(
        "isalnum",
        "($self, /)",
        Call::One(case::isalnum),
        "Whether there are characters, all of them letters or numbers.",
    ),
    method(
        "isalpha",
        "($self, /)",
        Call::One(case::isalpha),
        "Whether there are characters, all of them letters.",
    ),
    method("isascii", "($self, /)", Call::One(case::isascii), "Whether every character is below U+0080."),
    method(
        "isdecimal",
        "($self, /)",
        Call::One(case::isdecimal),
        "Whether there are characters, all of them decimal digits.",
    ),
    method(
        "isdigit",
        "($self, /)",
        Call::One(case::isdigit),
        "Whether there are characters, all of them digits.",
    ),
    method("isidentifier", "($self, /)", Call::One(case::isidentifier), "Whether the text could be a name."),
    method(
        "islower",
        "($self, /)",
        Call::One(case::islower),
        "Whether there are letters with case, all of them lower case.",
    ),
    method(
        "isnumeric",
        "($self, /)",
        Call::One(case::isnumeric),
        "Whether there are characters, all of them numeric.",
    ),
    method(
        "isprintable",
        "($self, /)",
        Call::One(case::isprintable),
        "Whether repr would show every character as it is.",
    ),
    method(
        "isspace",
        "($self, /)",
        Call::One(case::isspace),
        "Whether there are characters, all of them white space.",
    ),
    method(
        "istitle",
        "($self, /)",
        Call::One(case::istitle),
        "Whether there are words, and capitals stand at their beginnings only.",
    ),
    method(
        "isupper",
        "($self, /)",
        Call::One(case::isupper),
        "Whether there are letters with case, all of them upper case.",
    ),
    method(
        "join",
        "($self, iterable, /)",
        Call::Two(split::join),
        "The strs of an iterable, with this one between them.",
    ),
    method(
        "ljust",
        "($self, width, fillchar=' ', /)",
        Call::Slice(pad::ljust),
        "The text at the left of a width.",
    ),
    method("lower", "($self, /)", Call::One(case::lower), "The text in lower case."),
    method(
        "lstrip",
        "($self, chars=None, /)",
        Call::Slice(split::lstrip),
        "Without white space, or without any of chars, at the beginning.",
    ),
    static_method(
        "maketrans",
        "(x, y=None, z=None, /)",
        Call::Slice(translate::maketrans),
        "A table for translate, of a dict or of two strs of the same length (and characters to delete).",
    ),
    method(
        "partition",
        "($self, sep, /)",
        Call::Two(split::partition),
        "What stands before the first sep, sep itself, and what comes after it.",
    ),
    method(
        "removeprefix",
        "($self, prefix, /)",
        Call::Two(search::removeprefix),
        "Without a prefix, if it is there.",
    ),
    method(
        "removesuffix",
        "($self, suffix, /)",
        Call::Two(search::removesuffix),
        "Without a suffix, if it is there.",
    ),
    method(
        "replace",
        "($self, old, new, /, count=-1)",
        Call::Slice(search::replace),
        "With new in the place of old, everywhere or count times.",
    ),
    method(
        "rfind",
        "($self, sub, start=None, end=None, /)",
        Call::Slice(search::rfind_method),
        "The greatest index where sub is found within self[start:end], or -1.",
    ),
    method(
        "rindex",
        "($self, sub, start=None, end=None, /)",
        Call::Slice(search::rindex),
        "As rfind, but it is a ValueError if sub is not found.",
    ),
    method(
        "rjust",
        "($self, width, fillchar=' ', /)",
        Call::Slice(pad::rjust),
        "The text at the right of a width.",
    ),
    method(
        "rpartition",
        "($self, sep, /)",
        Call::Two(split::rpartition),
        "What stands before the last sep, sep itself, and what comes after it.",
    ),
    method(
        "rsplit",
        "($self, /, sep=None, maxsplit=-1)",
        Call::Slice(split::rsplit),
        "The parts between seps, or between runs of white space, split from the right.",
    ),
    method(
        "rstrip",
        "($self, chars=None, /)",
        Call::Slice(split::rstrip),
        "Without white space, or without any of chars, at the end.",
    ),
    method(
        "split",
        "($self, /, sep=None, maxsplit=-1)",
        Call::Slice(split::split),
        "The parts between seps, or between runs of white space.",
    ),
    method(
        "splitlines",
        "($self, /, keepends=False)",
        Call::Slice(split::splitlines),
        "The lines, with their ends if keepends is true.",
    ),
    method(
        "startswith",
        "($self, prefix, start=None, end=None, /)",
        Call::Slice(search::startswith),
        "Whether self[start:end] begins with a prefix, or with one of a tuple.",
    ),
    method(
        "strip",
        "($self, chars=None, /)",
        Call::Slice(split::strip),
        "Without white space, or without any of chars, at both ends.",
    ),
    method("swapcase", "($self, /)", Call::One(case::swapcase), "With upper and lower case exchanged."),
    method("title", "($self, /)", Call::One(case::title), "Every word in title case."),
    method(
        "translate",
        "($self, table, /)",
        Call::Two(translate::translate),
        "Every character replaced by what a table has under its number.",
    ),
    method("upper", "($self, /)", Call::One(case::upper), "The text in upper case."),
    method(
        "zfill",
        "($self, width, /)",
        Call::Two(pad::zfill),
        "Filled with zeros, behind a sign, up to a width.",
    ),
];
