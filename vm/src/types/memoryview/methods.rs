//! Methods and attributes of views.

use super::items::{is_byte, item_bytes, unpack};
use super::{MemoryView, buffer_method, make, payload, release_method, view};
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, getter, method};
use crate::raised::{Raised, Res};
use crate::types::str::Str;
use crate::types::str::args::given;
use crate::value::Value;
use crate::vm::Vm;

/// `view.tobytes(order)`
pub fn tobytes(vm: &Vm, args: &[Value]) -> Res {
    if let Some(order) = given(args, 1).filter(|order| !order.is_none()) {
        let known = order.get::<Str>().is_some_and(|t| matches!(t.to_text().as_str(), "C" | "F" | "A"));
        if !known {
            return Err(vm.value_error("order must be 'C', 'F' or 'A'"));
        }
    }
    view(vm, &args[0])?.to_vec(vm)
}

fn tolist(vm: &Vm, this: &Value) -> Res {
    let this = view(vm, this)?;
    let list = vm.new_list_with_capacity(this.len)?;
    for at in 0..this.len {
        list.push(vm, unpack(vm, this.format, this.item(at))?)?;
    }
    Ok(list.into_value())
}

pub(super) fn release(_: &Vm, this: &Value) -> Res {
    payload(this).let_go();
    Ok(Value::NONE)
}

fn enter(vm: &Vm, this: &Value) -> Res {
    view(vm, this)?;
    Ok(this.clone())
}

fn exit(vm: &Vm, args: Args<'_>) -> Res {
    release(vm, &args.pos[0])
}

fn toreadonly(vm: &Vm, this: &Value) -> Res {
    let of = view(vm, this)?;
    make(vm, of.source(), (of.start, of.len, of.stride), of.format, true)
}

fn cast(vm: &Vm, args: &[Value]) -> Res {
    let of = view(vm, &args[0])?;
    let Some(text) = given(args, 1).and_then(|format| format.get::<Str>()) else {
        let kind = given(args, 1).map_or("None".to_string(), |format| vm.type_name(format).to_string());
        return Err(vm.type_error(format_args!("cast() argument 'format' must be str, not {kind}")));
    };
    if given(args, 2).is_some_and(|shape| !shape.is_none()) {
        return Err(vm.raise(&vm.exc.NotImplementedError, "memoryview: views of more than one dimension"));
    }
    let text = text.to_text();
    let letter = match text.strip_prefix('@').unwrap_or(&text).as_bytes() {
        [letter] => *letter,
        _ => 0,
    };
    let Some(size) = item_bytes(letter) else {
        return Err(vm.value_error(
            "memoryview: destination format must be a native single character format prefixed with an optional '@'",
        ));
    };
    if !of.is_contiguous() {
        return Err(vm.type_error("memoryview: casts are restricted to C-contiguous views"));
    }
    if !is_byte(of.format) && !is_byte(letter) {
        return Err(vm.type_error("memoryview: cannot cast between two non-byte formats"));
    }
    let bytes = of.len * of.item_bytes();
    if bytes % size != 0 {
        return Err(vm.type_error("memoryview: length is not a multiple of itemsize"));
    }
    make(vm, of.source(), (of.start, bytes / size, size as isize), letter, of.readonly)
}

fn hex(vm: &Vm, args: Args<'_>) -> Res {
    let bytes = view(vm, &args.pos[0])?.to_vec(vm)?;
    let name = vm.intern("hex")?;
    let method = vm.get_attr(&bytes, &name)?;
    vm.call_args(&method, Args { pos: &args.pos[1..], ..args })
}

fn count(vm: &Vm, this: &Value, value: &Value) -> Res {
    let items = tolist(vm, this)?;
    vm.call_method(&items, &vm.intern("count")?, &[value.clone()])
}

fn index(vm: &Vm, args: &[Value]) -> Res {
    let items = tolist(vm, &args[0])?;
    let rest: Vec<Value> = args[1..].iter().filter(|value| !value.is_unbound()).cloned().collect();
    match vm.call_method(&items, &vm.intern("index")?, &rest) {
        Err(raised) if vm.raised_is(&raised, &vm.exc.ValueError) => {
            drop(vm.take_raised(raised));
            Err(vm.value_error("memoryview.index(x): x not found"))
        }
        result => result,
    }
}

fn single(vm: &Vm, number: i64) -> Res {
    vm.new_tuple(vec![vm.int(number)?])
}

type Get = fn(&Vm, &MemoryView) -> Res;

/// An attribute of a view that is not released.
fn of_live(vm: &Vm, this: &Value, get: Get) -> Result<Value, Raised> {
    get(vm, view(vm, this)?)
}

/// `__buffer__` of a builtin.
pub const BUFFER: Method = method(
    "__buffer__",
    "($self, flags, /)",
    Call::Two(buffer_method),
    "A memoryview of the bytes. The flags say what is asked of it: 1, that they can be written.",
);
/// `__release_buffer__` of a builtin.
pub const RELEASE_BUFFER: Method = method(
    "__release_buffer__",
    "($self, buffer, /)",
    Call::Two(release_method),
    "Releases a memoryview that __buffer__() gave.",
);

pub(super) static METHODS: &[Method] = &[
    method(
        "release",
        "($self, /)",
        Call::One(release),
        "Lets go of the bytes. Any use of the view afterwards is a ValueError.",
    ),
    method(
        "tobytes",
        "($self, /, order='C')",
        Call::Slice(tobytes),
        "The viewed bytes, copied into a bytes object.",
    ),
    method(
        "hex",
        "($self, *args, **kwargs)",
        Call::Full(hex),
        "The viewed bytes as pairs of hexadecimal digits; takes the arguments of bytes.hex().",
    ),
    method(
        "tolist",
        "($self, /)",
        Call::One(tolist),
        "A list of the items, numbers or single bytes as the format says.",
    ),
    method(
        "cast",
        "($self, /, format, shape=None)",
        Call::Slice(cast),
        "The same memory with items of another format. One of the two formats must have items of one byte.",
    ),
    method(
        "toreadonly",
        "($self, /)",
        Call::One(toreadonly),
        "A view of the same memory through which nothing can be written.",
    ),
    method("count", "($self, value, /)", Call::Two(count), "How many items equal value."),
    method(
        "index",
        "($self, value, start=0, stop=9223372036854775807, /)",
        Call::Slice(index),
        "At which index the first item equal to value stands, from start up to stop.\nValueError if there \
         is none.",
    ),
    BUFFER,
    RELEASE_BUFFER,
    method("__enter__", "($self, /)", Call::One(enter), ""),
    method("__exit__", "($self, *args)", Call::Full(exit), ""),
    crate::types::generic_alias::CLASS_GETITEM,
];

pub(super) static GETSET: &[GetSet] = &[
    getter("obj", |vm, v| of_live(vm, v, |_, v| Ok(v.owner())), "the object whose memory this is"),
    getter(
        "nbytes",
        |vm, v| of_live(vm, v, |vm, v| vm.int((v.len * v.item_bytes()) as i64)),
        "how many bytes all items take together",
    ),
    getter(
        "readonly",
        |vm, v| of_live(vm, v, |_, v| Ok(Value::bool(v.readonly))),
        "whether writing is refused",
    ),
    getter(
        "itemsize",
        |vm, v| of_live(vm, v, |_, v| Ok(Value::small(v.item_bytes() as i64))),
        "how many bytes one item takes",
    ),
    getter(
        "format",
        |vm, v| of_live(vm, v, |vm, v| vm.str(&(v.format as char).to_string())),
        "what an item is, by a letter of the struct module",
    ),
    getter(
        "ndim",
        |vm, v| of_live(vm, v, |_, _| Ok(Value::small(1))),
        "how many dimensions there are: always 1",
    ),
    getter(
        "shape",
        |vm, v| of_live(vm, v, |vm, v| single(vm, v.len as i64)),
        "a tuple with the number of items",
    ),
    getter(
        "strides",
        |vm, v| of_live(vm, v, |vm, v| single(vm, v.stride as i64)),
        "a tuple with the distance in bytes from one item to the next",
    ),
    getter(
        "suboffsets",
        |vm, v| of_live(vm, v, |vm, _| vm.new_tuple(vec![])),
        "always (): no item is reached through a pointer",
    ),
    getter(
        "c_contiguous",
        |vm, v| of_live(vm, v, |_, v| Ok(Value::bool(v.is_contiguous()))),
        "whether the items follow each other without gaps",
    ),
    getter(
        "f_contiguous",
        |vm, v| of_live(vm, v, |_, v| Ok(Value::bool(v.is_contiguous()))),
        "whether the items follow each other without gaps; with one dimension the order of\ncolumns and \
         rows is the same",
    ),
    getter(
        "contiguous",
        |vm, v| of_live(vm, v, |_, v| Ok(Value::bool(v.is_contiguous()))),
        "whether the items follow each other without gaps, in whichever order",
    ),
];
