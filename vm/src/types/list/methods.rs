//! The slots and methods of `list`.

use std::ops::Range;

use ryokan_bytecode::{BinaryOp, CompareOp};

use super::List;
use crate::object::call::Args;
use crate::object::native::{Call, Method, method};
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, TypeFlags};
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::types::iterators;
use crate::types::plain::leading_others;
use crate::types::slice::Slice;
use crate::types::str::StrBuilder;
use crate::types::tuple::{self, Tuple};
use crate::value::Value;
use crate::vm::Vm;

/// `list`
pub static TYPE: TypeDef = TypeDef {
    name: "list",
    layout: Layout::List,
    construct: Some(construct),
    flags: TypeFlags::BASETYPE.union(TypeFlags::SEQUENCE).union(TypeFlags::MATCH_SELF),
    doc: "A sequence of items that can be changed and can grow.\n\nWithout an argument it is empty; an \
          iterable gives it its items.",
    slots: Slots {
        new: Some(|vm, class, _| vm.new_of_class(class, List::new)),
        init: Some(init),
        repr: Some(|vm, this| vm.written(this, write)),
        len: Some(|_, this| Ok(list(this).len())),
        iter: Some(|vm, this| iterators::walk::<{ iterators::LIST }>(vm, this.clone())),
        getitem: Some(getitem),
        setitem: Some(setitem),
        contains: Some(contains),
        compare: Some(compare),
        number: numbers(&[(BinaryOp::Add, add), (BinaryOp::Multiply, multiply)]),
        in_place: numbers(&[(BinaryOp::Add, extend_in_place), (BinaryOp::Multiply, repeat_in_place)]),
        ..Slots::NONE
    },
    methods: METHODS,
    write: Some(write),
    ..TypeDef::EMPTY
};

fn list(value: &Value) -> &List {
    value.get().expect("a method of list is called with a list")
}

fn construct(vm: &Vm, args: &[Value]) -> Option<Res> {
    match args {
        [] => Some(vm.new_list_from(&[])),
        [source] => match source.exact::<Tuple>() {
            Some(tuple) => Some(extended(vm, tuple.items())),
            None => Some(extended(vm, source.exact::<List>()?.items())),
        },
        _ => None,
    }
}

/// A new list, which `extend` gave its items: its room is what that makes.
fn extended(vm: &Vm, items: &[Value]) -> Res {
    let list = vm.new_list_with_capacity(0)?;
    list.extend_from(vm, items)?;
    Ok(list.into_value())
}

fn init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    let ty = vm.type_of(this);
    let checks = vm.same_attr(ty, &vm.types.list, &vm.names.__new__);
    let source = tuple::iterable_arg(vm, "list", checks, args)?;
    list(this).clear_all();
    match source {
        Some(source) => list(this).extend(vm, &source),
        None => Ok(()),
    }
}

fn write(vm: &Vm, this: &Value, text: &mut StrBuilder<'_>) -> Res<()> {
    let list = list(this);
    if list.is_empty() {
        return text.push_str("[]");
    }
    let written = vm.repr_guard(this, || {
        tuple::join_reprs(vm, text, "[", |at| list.items().get(at).map(Value::look), |_| "]")
    })?;
    written.map_or_else(|| text.push_str("[...]"), Ok)
}

fn getitem(vm: &Vm, this: &Value, key: &Value) -> Res {
    let list = list(this);
    if let Some(slice) = key.get::<Slice>() {
        return list.read_slice(vm, slice);
    }
    match tuple::place(tuple::index_of(vm, "list", key)?, list.len()) {
        Some(at) => Ok(list.slot(at).clone()),
        None => Err(vm.index_error("list index out of range")),
    }
}

fn setitem(vm: &Vm, this: &Value, key: &Value, value: Option<&Value>) -> Res<()> {
    let list = list(this);
    match (key.get::<Slice>(), value) {
        (Some(slice), Some(value)) => return list.assign_slice(vm, this, slice, value),
        (Some(slice), None) => return list.delete_slice(vm, slice),
        _ => {}
    }
    let index = tuple::index_of(vm, "list", key)?;
    let Some(at) = tuple::place(index, list.len()) else {
        return Err(vm.index_error("list assignment index out of range"));
    };
    match value {
        Some(value) => list.set(at, value.clone()),
        None => drop(list.remove(at)),
    }
    Ok(())
}

/// The place of the first item, within bounds, that is or equals the needle.
fn find(vm: &Vm, list: &List, needle: &Value, bounds: Range<usize>) -> Res<Option<usize>> {
    vm.work_on_bytes(bounds.end.min(list.len()).saturating_sub(bounds.start) * 16)?;
    let mut at = bounds.start;
    // The comparison may make the list shorter.
    while at < bounds.end.min(list.len()) {
        at += leading_others(&list.items()[at..bounds.end.min(list.len())], needle);
        if at >= bounds.end.min(list.len()) {
            break;
        }
        if tuple::same_or_equal(vm, list.slot(at), needle)? {
            return Ok(Some(at));
        }
        at += 1;
    }
    Ok(None)
}

fn contains(vm: &Vm, this: &Value, needle: &Value) -> Res<bool> {
    Ok(find(vm, list(this), needle, 0..usize::MAX)?.is_some())
}

fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let (Some(a), Some(b)) = (a.get::<List>(), b.get::<List>()) else { return Ok(Value::NOT_IMPLEMENTED) };
    tuple::compare_items(vm, || a.items(), || b.items(), op)
}

fn add(vm: &Vm, a: &Value, b: &Value) -> Res {
    let Some(left) = a.get::<List>() else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(right) = b.get::<List>() else {
        let kind = vm.type_name(b);
        return Err(vm.type_error(format_args!("can only concatenate list (not \"{kind}\") to list")));
    };
    let sum = vm.new_list_with_capacity(left.len() + right.len())?;
    sum.extend_from(vm, left.items())?;
    sum.extend_from(vm, right.items())?;
    Ok(sum.into_value())
}

fn multiply(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (this, count) = if a.has::<List>() { (a, b) } else { (b, a) };
    match tuple::repeat_count(vm, count)? {
        Some(count) => list(this).repeated(vm, count),
        None => Ok(Value::NOT_IMPLEMENTED),
    }
}

fn extend_in_place(vm: &Vm, this: &Value, other: &Value) -> Res {
    list(this).extend(vm, other)?;
    Ok(this.clone())
}

fn repeat_in_place(vm: &Vm, this: &Value, count: &Value) -> Res {
    let Some(count) = tuple::repeat_count(vm, count)? else { return Ok(Value::NOT_IMPLEMENTED) };
    list(this).repeat(vm, count)?;
    Ok(this.clone())
}

static METHODS: &[Method] = &[
    crate::types::generic_alias::CLASS_GETITEM,
    method("__getitem__", "($self, index, /)", Call::Two(getitem), "What self[index] gives."),
    method(
        "__reversed__",
        "($self, /)",
        Call::One(reversed),
        "An iterator over the items from the last to the first.",
    ),
    method(
        "__sizeof__",
        "($self, /)",
        Call::One(sizeof),
        "The bytes that CPython would need for the list, its items left aside.",
    ),
    method("clear", "($self, /)", Call::One(clear), "Empties the list."),
    method("copy", "($self, /)", Call::One(copy), "A new list with the same items."),
    method("append", "($self, object, /)", Call::Push(append), "Puts an object behind the last item."),
    method(
        "insert",
        "($self, index, object, /)",
        Call::Three(insert),
        "Puts an object before the item at an index, or at an end if the index lies beyond it.",
    ),
    method(
        "extend",
        "($self, iterable, /)",
        Call::Two(extend),
        "Puts every item of an iterable behind the last.",
    ),
    method(
        "pop",
        "($self, index=-1, /)",
        Call::Take(last, pop),
        "Takes an item out, the last if no index is given, and returns it. IndexError if there is none.",
    ),
    method(
        "remove",
        "($self, value, /)",
        Call::Two(remove),
        "Takes out the first item that equals value. ValueError if there is none.",
    ),
    method(
        "index",
        "($self, value, start=0, stop=sys.maxsize, /)",
        Call::Slice(index),
        "The index of the first item equal to value in self[start:stop]. ValueError if there is none.",
    ),
    method("count", "($self, value, /)", Call::Two(count), "How many items equal value."),
    method("reverse", "($self, /)", Call::One(reverse), "Turns the list round: the last item comes first."),
    method(
        "sort",
        "($self, /, *, key=None, reverse=False)",
        Call::Slice(sort),
        "Puts the items in order, the smallest first, and returns None.\n\nEqual ones stay as they were \
         among themselves. They are compared by what key gives\nfor each, called once an item; reverse puts \
         the largest first.",
    ),
];

fn reversed(vm: &Vm, this: &Value) -> Res {
    iterators::walk_back(vm, this.clone())
}
fn sizeof(_: &Vm, this: &Value) -> Res {
    // As CPython counts: its object without the collector's header, and the room.
    Ok(Value::small(40 + list(this).room() as i64 * 8))
}
fn clear(_: &Vm, this: &Value) -> Res {
    list(this).clear_all();
    Ok(Value::NONE)
}
fn copy(vm: &Vm, this: &Value) -> Res {
    vm.new_list_from(list(this).items())
}
fn append(vm: &Vm, this: &Value, item: &Value) -> Res {
    list(this).push(vm, item.take())?;
    Ok(Value::NONE)
}
fn insert(vm: &Vm, this: &Value, index: &Value, item: &Value) -> Res {
    let index = vm.index_i64(index)?;
    let list = list(this);
    let len = list.len() as i64;
    let at = if index < 0 { (index + len).max(0) } else { index.min(len) };
    list.insert(vm, at as usize, item.take())?;
    Ok(Value::NONE)
}
fn extend(vm: &Vm, this: &Value, iterable: &Value) -> Res {
    list(this).extend(vm, iterable)?;
    Ok(Value::NONE)
}
/// Takes the last item out, if there is one.
fn last(this: &Value) -> Option<Value> {
    let list = this.get::<List>()?;
    list.len().checked_sub(1).map(|at| list.remove(at))
}
fn pop(vm: &Vm, args: &[Value]) -> Res {
    let index = match args.get(1).and_then(Value::bound) {
        Some(index) => vm.index_i64(index)?,
        None => -1,
    };
    let list = list(&args[0]);
    if list.is_empty() {
        return Err(vm.index_error("pop from empty list"));
    }
    match tuple::place(index, list.len()) {
        Some(at) => Ok(list.remove(at)),
        None => Err(vm.index_error("pop index out of range")),
    }
}
fn remove(vm: &Vm, this: &Value, value: &Value) -> Res {
    let list = list(this);
    match find(vm, list, value, 0..usize::MAX)? {
        Some(at) => {
            // The comparison may have made the list shorter.
            if at < list.len() {
                drop(list.remove(at));
            }
            Ok(Value::NONE)
        }
        None => Err(vm.value_error("list.remove(x): x not in list")),
    }
}
fn index(vm: &Vm, args: &[Value]) -> Res {
    let list = list(&args[0]);
    let bounds = tuple::search_bounds(vm, &args[2..])?;
    match find(vm, list, &args[1], tuple::search_range(bounds, list.len()))? {
        Some(at) => Ok(Value::small(at as i64)),
        None => Err(vm.value_error("list.index(x): x not in list")),
    }
}
fn count(vm: &Vm, this: &Value, needle: &Value) -> Res {
    let list = list(this);
    vm.work_on_bytes(list.len() * 16)?;
    let (mut at, mut count) = (0, 0);
    while at < list.len() {
        at += leading_others(&list.items()[at..], needle);
        if at >= list.len() {
            break;
        }
        count += i64::from(tuple::same_or_equal(vm, list.slot(at), needle)?);
        at += 1;
    }
    Ok(Value::small(count))
}
fn reverse(vm: &Vm, this: &Value) -> Res {
    vm.work_on_bytes(list(this).len() * 8)?;
    list(this).reverse();
    Ok(Value::NONE)
}
fn sort(vm: &Vm, args: &[Value]) -> Res {
    let key = args.get(1).and_then(Value::bound).filter(|key| !key.is_none());
    let reverse = match args.get(2).and_then(Value::bound) {
        Some(reverse) => vm.truth(reverse)?,
        None => false,
    };
    let this = Ref::from_payload(list(&args[0]));
    super::sort(vm, &this, key, reverse)?;
    Ok(Value::NONE)
}
