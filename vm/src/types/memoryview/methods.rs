//! Methods and attributes of views.

use super::cast::cast;
use super::dims::Dim;
use super::lend;
use super::{BufferFlags, Items, Lent, MemoryView, make, of, of_bytes, payload, view};
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, class_method, getter, method};
use crate::raised::{Raised, Res};
use crate::types::bytes::Bytes;
use crate::types::bytes_methods::hex;
use crate::types::str::Str;
use crate::types::str::args::{given, given_value};
use crate::value::Value;
use crate::vm::Vm;

/// `view.tobytes(order)`
fn tobytes(vm: &Vm, args: &[Value]) -> Res {
    let fortran = match given_value(args, 1) {
        None => Some(false),
        Some(order) => match order.get::<Str>() {
            Some(text) => match text.to_text().as_str() {
                "C" => Some(false),
                "F" => Some(true),
                "A" => None,
                _ => return Err(vm.value_error("order must be 'C', 'F' or 'A'")),
            },
            None => {
                let kind = vm.type_name(order);
                return Err(
                    vm.type_error(format_args!("tobytes() argument 'order' must be str or None, not {kind}"))
                );
            }
        },
    };
    let this = view(vm, &args[0])?;
    this.to_bytes(vm, fortran.unwrap_or_else(|| this.is_contiguous(true)))
}

fn tolist(vm: &Vm, this: &Value) -> Res {
    let this = view(vm, this)?;
    this.to_list(vm, 0, this.start)
}

pub(super) fn release(vm: &Vm, this: &Value) -> Res {
    let this = payload(this);
    if !this.released.get() && this.exports.get() > 0 {
        let count = this.exports.get();
        let s = if count == 1 { "" } else { "s" };
        return Err(vm.buffer_error(format_args!("memoryview has {count} exported buffer{s}")));
    }
    this.let_go();
    Ok(Value::NONE)
}

fn enter(vm: &Vm, this: &Value) -> Res {
    view(vm, this)?;
    Ok(this.clone())
}

fn exit(vm: &Vm, args: Args<'_>) -> Res {
    if !args.names.is_empty() {
        return Err(vm.type_error("memoryview.__exit__() takes no keyword arguments"));
    }
    release(vm, &args.pos[0])
}

fn toreadonly(vm: &Vm, this: &Value) -> Res {
    let of = view(vm, this)?;
    make(vm, of.source(vm)?, Items { readonly: true, ..of.items() })
}

fn to_hex(vm: &Vm, args: &[Value]) -> Res {
    let group = hex::group(vm, args)?;
    let bytes = view(vm, &args[0])?.to_bytes(vm, false)?;
    let lent = given(args, 1).map(|_| Lent::hold(args[0].clone()));
    let separator = hex::separator(vm, given(args, 1))?;
    drop(lent);
    hex::hex_of(vm, bytes.get::<Bytes>().map_or(&[], Bytes::as_slice), separator, group)
}

fn count(vm: &Vm, this: &Value, value: &Value) -> Res {
    let items = vm.iter(this)?;
    let mut count = 0;
    while let Some(item) = vm.next(&items)? {
        count += i64::from(item.is(value) || vm.equal(&item, value)?);
    }
    vm.int(count)
}

fn index(vm: &Vm, args: &[Value]) -> Res {
    let bound =
        |at: usize, default: i64| given(args, at).map_or(Ok(default), |bound| vm.index_clamped(bound));
    let (start, stop) = (bound(2, 0)?, bound(3, i64::MAX)?);
    let this = view(vm, &args[0])?;
    if this.ndim == 0 {
        return Err(vm.type_error("invalid lookup on 0-dim memory"));
    }
    if this.ndim > 1 {
        return Err(vm.raise(&vm.exc.NotImplementedError, "multi-dimensional lookup is not implemented"));
    }
    let Dim { len, stride } = this.dim(0);
    let within = |at: i64| if at < 0 { at.saturating_add(len as i64).max(0) } else { at.min(len as i64) };
    for at in within(start)..within(stop) {
        vm.work_on_bytes(4096)?;
        // Comparing may release the view.
        let place = this.start.wrapping_add_signed(stride * at as isize);
        let item = view(vm, &args[0])?.value_at(vm, place)?;
        if item.is(&args[1]) || vm.equal(&item, &args[1])? {
            return vm.int(at);
        }
    }
    Err(vm.value_error("memoryview.index(x): x not found"))
}

fn from_flags(vm: &Vm, args: &[Value]) -> Res {
    let asked = BufferFlags::from_bits_retain(vm.index_c_int(&args[2])?);
    of(vm, &args[1], asked)
}

/// `object.__buffer__(flags)` of a builtin.
fn buffer_method(vm: &Vm, object: &Value, asked: &Value) -> Res {
    let asked = BufferFlags::of(vm, asked)?;
    if object.has::<MemoryView>() { lend::lend(vm, object, asked) } else { of_bytes(vm, object, asked) }
}

/// `object.__release_buffer__(view)` of a builtin.
fn release_method(vm: &Vm, object: &Value, given: &Value) -> Res {
    let Some(of) = given.get::<MemoryView>() else {
        return Err(vm.type_error("expected a memoryview object"));
    };
    if of.released.get() || of.restricted.get() {
        return Err(vm.value_error("memoryview's buffer has already been released"));
    }
    if !of.owner().is(object) {
        return Err(vm.value_error("memoryview's buffer is not this object"));
    }
    release(vm, given)
}

/// A number of each dimension.
fn each_dim(vm: &Vm, this: &MemoryView, number: fn(Dim) -> i64) -> Res {
    vm.new_tuple(this.dims().map(|dim| vm.int(number(dim))).collect::<Res<Vec<Value>>>()?)
}

/// The format as text.
fn format(vm: &Vm, this: &MemoryView) -> Res {
    let letter = [b'@', this.format.letter];
    vm.str_from_ascii(&letter[usize::from(!this.format.marked)..])
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
        "The viewed bytes, copied into a bytes object: in the order 'C' the last index goes up first, in\n'F' \
         the first; 'A' is 'F' for a view that lies in that order, else 'C'.",
    ),
    method(
        "hex",
        "($self, /, sep=<unrepresentable>, bytes_per_sep=1)",
        Call::Slice(to_hex),
        "The viewed bytes as pairs of hexadecimal digits; takes the arguments of bytes.hex().",
    ),
    method(
        "tolist",
        "($self, /)",
        Call::One(tolist),
        "A list of the items, numbers or single bytes as the format says; of lists, where there are more\n\
         dimensions than one.",
    ),
    method(
        "cast",
        "($self, /, format, shape=<unrepresentable>)",
        Call::Slice(cast),
        "The same memory with items of another format, in as many dimensions as shape has lengths. One of\nthe \
         two formats must have items of one byte, and one of the two views one dimension.",
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
        "($self, value, start=0, stop=sys.maxsize, /)",
        Call::Slice(index),
        "At which index the first item equal to value stands, from start up to stop.\nValueError if there \
         is none.",
    ),
    class_method(
        "_from_flags",
        "($type, /, object, flags)",
        Call::Slice(from_flags),
        "A view of what an object exports if it is asked for what the flags say.",
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
        |vm, v| of_live(vm, v, |vm, v| vm.int(v.bytes() as i64)),
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
    getter("format", |vm, v| of_live(vm, v, format), "what an item is, by a letter of the struct module"),
    getter(
        "ndim",
        |vm, v| of_live(vm, v, |_, v| Ok(Value::small(v.ndim.into()))),
        "how many dimensions there are",
    ),
    getter(
        "shape",
        |vm, v| of_live(vm, v, |vm, v| each_dim(vm, v, |dim| dim.len as i64)),
        "a tuple with the number of items in each dimension",
    ),
    getter(
        "strides",
        |vm, v| of_live(vm, v, |vm, v| each_dim(vm, v, |dim| dim.stride as i64)),
        "a tuple with the distance in bytes from one item to the next, in each dimension",
    ),
    getter(
        "suboffsets",
        |vm, v| of_live(vm, v, |vm, _| vm.new_tuple(vec![])),
        "always (): no item is reached through a pointer",
    ),
    getter(
        "c_contiguous",
        |vm, v| of_live(vm, v, |_, v| Ok(Value::bool(v.is_contiguous(false)))),
        "whether the items follow each other without gaps, the last index going up first",
    ),
    getter(
        "f_contiguous",
        |vm, v| of_live(vm, v, |_, v| Ok(Value::bool(v.is_contiguous(true)))),
        "whether the items follow each other without gaps, the first index going up first",
    ),
    getter(
        "contiguous",
        |vm, v| of_live(vm, v, |_, v| Ok(Value::bool(v.is_contiguous(false) || v.is_contiguous(true)))),
        "whether the items follow each other without gaps, in either order",
    ),
];
