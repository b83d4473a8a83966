//! `tuple`: items inline behind the header, fixed for life.
//!
//! ```text
//! [header 8][item 0][item 1]..                 (1, 2): 24 bytes
//! [header 8][len 8][item 0][item 1]..          of a subclass
//! [header 8][len 8][item 0][item 1]..[hash 8]  more than 15 items, or none
//! ```
//!
//! An exact tuple of 1 to 15 items says how many in the low bits of its shape: `tuple` has sixteen fixed shapes, the first of
//! which is for those with a word for their length.
//!
//! A tuple of nothing but atoms can be part of no cycle and stays unknown to the collector, as CPython's do.
//!
//! The comparisons that tuples and lists share are here too: [`same_or_equal`] and [`compare_items`].

use std::cell::Cell;

use ryokan_alloc::ShapeId;
use ryokan_bytecode::{BinaryOp, CompareOp};

use super::iterators;
use super::plain::{leading_equals, quick_equal};
use super::slice::Slice;
use super::str::build::StrBuilder;
use crate::object::call::Args;
use crate::object::native::{Call, Method, method};
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, TypeFlags, TypeObj};
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::value::Value;
use crate::vm::Vm;

pub use crate::object::behind::Tuple;
use crate::object::behind::may_be_tracked;

impl Vm {
    /// Makes the one empty tuple, at boot. Runs no Python; `MemoryError`.
    pub fn make_empty_tuple(&self) -> Res<()> {
        self.empty_tuple.set(self.make_tuple(Layout::Tuple.shape(), 0, [0, 0], |_| Value::UNBOUND)?);
        self.make_immortal(&self.empty_tuple);
        Ok(())
    }

    /// A tuple of these items. Runs no Python; `MemoryError`.
    pub fn new_tuple(&self, items: Vec<Value>) -> Res {
        self.take_tuple(&items)
    }

    /// A tuple of `len` items, each asked for once, in order. Runs no Python but what `item` runs; `MemoryError`.
    #[inline]
    pub fn tuple_from_iter(&self, len: usize, item: impl FnMut(usize) -> Value) -> Res {
        if len == 0 {
            return Ok(self.empty_tuple.clone());
        }
        self.make_tuple(Layout::Tuple.shape(), len, [0, 0], item)
    }

    /// `(a, b)`. Runs no Python; `MemoryError`.
    #[inline]
    pub fn new_pair(&self, a: Value, b: Value) -> Res {
        self.take_tuple(&[a, b])
    }

    /// A tuple of a shape, with so many hidden items, and so many bytes that are the class's own behind all.
    pub(super) fn make_tuple(
        &self,
        shape: ShapeId,
        len: usize,
        more: [usize; 2],
        mut item: impl FnMut(usize) -> Value,
    ) -> Res {
        let mut tracked = more[1] > 0;
        let tuple = self.fill_tuple(shape, len, more, |at| {
            let value = item(at);
            tracked |= may_be_tracked(value.word());
            value
        })?;
        Ok(self.finish_tuple(tuple, tracked))
    }

    /// Tells the collector of a tuple that is whole, if it must know it.
    #[inline]
    fn finish_tuple(&self, tuple: Ref<Tuple>, tracked: bool) -> Value {
        if tracked {
            self.track_whole(&tuple);
        }
        tuple.into_value()
    }

    /// A tuple of items of another, at these indices; None stands for one that is not there. Runs no Python; `MemoryError`.
    #[inline]
    pub fn choose_items(&self, pool: &Tuple, at: &[usize]) -> Res {
        if at.is_empty() {
            return Ok(self.empty_tuple.clone());
        }
        let items = pool.items();
        let long = Layout::Tuple.shape();
        let chosen =
            self.fill_tuple(long, at.len(), [0, 0], |i| items.get(at[i]).map_or(Value::NONE, Value::clone))?;
        // What the pool need not tell the collector of, a part of it need not, either.
        Ok(self.finish_tuple(chosen, pool.is_tracked()))
    }

    /// Exchanges the items of an exact tuple, which nobody else sees, for as many others.
    #[inline(always)]
    pub fn exchange_items(&self, tuple: &Ref<Tuple>, others: &[Value]) {
        let mut tracked = false;
        for (slot, other) in tuple.items().iter().zip(others) {
            tracked |= may_be_tracked(other.word());
            let old = slot.replace(other.take());
            let _ = other.replace(old).into_word();
        }
        self.filled_again(tuple, tracked);
    }

    /// Puts other items of a pool into an exact tuple of such items, which nobody else sees. The pool holds them all: none dies.
    #[inline]
    pub fn choose_again(&self, tuple: &Ref<Tuple>, pool: &[Value], at: &[usize]) {
        let none = Value::NONE;
        for (slot, at) in tuple.items().iter().zip(at) {
            let item = pool.get(*at).unwrap_or(&none);
            item.share();
            if slot.word() != item.word() {
                slot.set(item.clone());
            }
        }
        self.filled_again(tuple, false);
    }

    /// A tuple has other items: the collector may have to know it now, and its hash is another one.
    #[inline(always)]
    fn filled_again(&self, tuple: &Ref<Tuple>, tracked: bool) {
        if tracked && !tuple.is_tracked() {
            self.track_whole(tuple);
        }
        if let Some(hash) = tuple.kept_hash() {
            hash.set(0);
        }
    }

    /// A tuple that the collector does not know.
    #[inline]
    fn fill_tuple(
        &self,
        shape: ShapeId,
        len: usize,
        more: [usize; 2],
        mut item: impl FnMut(usize) -> Value,
    ) -> Res<Ref<Tuple>> {
        let tuple = self.blank_tuple(shape, len, more)?;
        let slots = if more[0] == 0 { tuple.items() } else { tuple.all_items() };
        for (at, slot) in slots.iter().enumerate() {
            // The slot is empty.
            let _ = slot.replace(item(at)).into_word();
        }
        Ok(tuple)
    }

    /// A tuple of a class: `tuple` or a subclass of it. Runs no Python but what `item` runs; `MemoryError`, and `TypeError` for another
    /// class.
    pub fn tuple_of_class(&self, class: &Value, len: usize, item: impl FnMut(usize) -> Value) -> Res {
        if class.word() == self.types.tuple.value().word() {
            return self.tuple_from_iter(len, item);
        }
        let ty = self.expect_type(class)?;
        if ty.layout != Layout::Tuple || ty.has(TypeFlags::FIELDS) {
            let name = self.text(&ty.name);
            return Err(
                self.type_error(format_args!("tuple.__new__({name}): {name} is not a subtype of tuple"))
            );
        }
        let shape = self.shapes.get(ty.root.get());
        let made = self.make_tuple(shape.id, len, [0, if shape.first == 0 { 0 } else { 8 }], item)?;
        self.note_birth(ty, &made);
        Ok(made)
    }
}

// ---- comparing items -----------------------------------------------------------------------------------------------

/// `a is b or a == b`, of two slots that may be emptied meanwhile.
pub fn same_or_equal(vm: &Vm, a: &Value, b: &Value) -> Res<bool> {
    match quick_equal(a, b) {
        Some(equal) => Ok(equal),
        None => {
            let (a, b) = (a.clone(), b.clone());
            vm.equal(&a, &b)
        }
    }
}

/// `a op b`, of two slots that may be emptied meanwhile.
fn compare_slots(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let (x, y) = (a.word(), b.word());
    if x.is_int() && y.is_int() {
        return Ok(Value::bool(op.holds(x.int().cmp(&y.int()))));
    }
    let (a, b) = (a.clone(), b.clone());
    vm.compare(&a, &b, op)
}

/// Compares two sequences by their first items that differ, else by length. The items are asked for anew each time: a
/// comparison may change a list.
pub fn compare_items<'a>(
    vm: &Vm,
    left: impl Fn() -> &'a [Value],
    right: impl Fn() -> &'a [Value],
    op: CompareOp,
) -> Res {
    let unequal = left().len() != right().len();
    match op {
        CompareOp::Eq if unequal => return Ok(Value::FALSE),
        CompareOp::Ne if unequal => return Ok(Value::TRUE),
        _ => {}
    }
    vm.work(1 + left().len().min(right().len()) as u64 / 8)?;
    let mut at = leading_equals(left(), right());
    while let (Some(a), Some(b)) = (left().get(at), right().get(at)) {
        if !same_or_equal(vm, a, b)? {
            return match (op, left().get(at), right().get(at)) {
                (CompareOp::Eq, Some(_), Some(_)) => Ok(Value::FALSE),
                (CompareOp::Ne, Some(_), Some(_)) => Ok(Value::TRUE),
                (_, Some(a), Some(b)) => compare_slots(vm, a, b, op),
                // The comparison has made one of them end here.
                _ => Ok(Value::bool(op.holds(left().len().cmp(&right().len())))),
            };
        }
        at += 1;
        // (What is left of both, which may have become shorter.)
        if let (Some(a), Some(b)) = (left().get(at..), right().get(at..)) {
            at += leading_equals(a, b);
        }
    }
    Ok(Value::bool(op.holds(left().len().cmp(&right().len()))))
}

// ---- arguments of sequences ----------------------------------------------------------------------------------------

/// The index that `container[key]` means, if the key is one; a slice is told apart before.
pub fn index_of(vm: &Vm, kind: &str, key: &Value) -> Res<i64> {
    if key.word().is_int() {
        return Ok(key.word().int());
    }
    if vm.slots(key).index().is_none() {
        let given = vm.type_name(key);
        return Err(vm.type_error(format_args!("{kind} indices must be integers or slices, not {given}")));
    }
    fitting(vm, key)
}

/// A number as an index; `IndexError` if it is too great for one.
fn fitting(vm: &Vm, key: &Value) -> Res<i64> {
    let index = vm.index(key)?;
    vm.as_i64(&index).ok_or_else(|| {
        let kind = vm.type_name(key);
        vm.index_error(format_args!("cannot fit '{kind}' into an index-sized integer"))
    })
}

/// The index that a key of a sequence means.
pub fn sequence_index(vm: &Vm, key: &Value) -> Res<i64> {
    if key.word().is_int() {
        return Ok(key.word().int());
    }
    if vm.slots(key).index().is_none() {
        return Err(
            vm.type_error(format_args!("sequence index must be integer, not '{}'", vm.type_name(key)))
        );
    }
    fitting(vm, key)
}

/// The place of an index that may count from the end.
pub fn place(index: i64, len: usize) -> Option<usize> {
    let at = if index < 0 { index + len as i64 } else { index };
    (0..len as i64).contains(&at).then_some(at as usize)
}

/// The start and stop of `index(value, start, stop)`, before they meet a sequence.
pub fn search_bounds(vm: &Vm, args: &[Value]) -> Res<[i64; 2]> {
    let bound = |at: usize, default: i64| -> Res<i64> {
        let Some(value) = args.get(at).and_then(Value::bound) else { return Ok(default) };
        if vm.slots(value).index().is_none() {
            return Err(vm.type_error("slice indices must be integers or have an __index__ method"));
        }
        vm.index_clamped(value)
    };
    Ok([bound(0, 0)?, bound(1, i64::MAX)?])
}

/// What bounds mean for a sequence of `len` items: negative ones count from its end.
pub fn search_range(bounds: [i64; 2], len: usize) -> std::ops::Range<usize> {
    let [start, stop] =
        bounds.map(|n| if n < 0 { n.saturating_add(len as i64).max(0) as usize } else { n as usize });
    start..stop
}

/// How `sequence * count` counts; `None` if the count is no number.
pub fn repeat_count(vm: &Vm, count: &Value) -> Res<Option<usize>> {
    if vm.slots(count).index().is_none() {
        return Ok(None);
    }
    let Some(times) = vm.as_i64(&vm.index(count)?) else {
        let kind = vm.type_name(count);
        return Err(vm.overflow_error(format_args!("cannot fit '{kind}' into an index-sized integer")));
    };
    // A negative count is none.
    Ok(Some(usize::try_from(times).unwrap_or(0)))
}

/// The only argument of a type that takes one iterable, if it was given.
pub fn iterable_arg(vm: &Vm, kind: &str, checks_names: bool, args: Args<'_>) -> Res<Option<Value>> {
    iterable_arg_of(vm, kind, None, checks_names, args)
}

/// The same for a class of such a type, which goes by its own name where it is given too many.
pub fn iterable_arg_of(
    vm: &Vm,
    kind: &str,
    class: Option<&TypeObj>,
    checks_names: bool,
    args: Args<'_>,
) -> Res<Option<Value>> {
    if checks_names && !args.names.is_empty() {
        return Err(vm.type_error(format_args!("{kind}() takes no keyword arguments")));
    }
    match args.pos {
        [] => Ok(None),
        [one] => Ok(Some(one.take())),
        more => {
            let name = class.map(|class| vm.text(&class.name));
            let name = name.as_deref().unwrap_or(kind);
            Err(vm.type_error(format_args!("{name} expected at most 1 argument, got {}", more.len())))
        }
    }
}

/// Writes `open item, item close`.
pub fn join_reprs<'a>(
    vm: &Vm,
    text: &mut StrBuilder<'_>,
    open: &str,
    items: impl Fn(usize) -> Option<Value> + 'a,
    close: impl Fn(usize) -> &'a str,
) -> Res<()> {
    text.push_str(open)?;
    let mut at = 0;
    while let Some(item) = items(at) {
        if at > 0 {
            text.push_str(", ")?;
        }
        vm.push_repr(&item, text)?;
        at += 1;
        if at.is_multiple_of(64) {
            vm.work(64)?;
        }
    }
    text.push_str(close(at))
}

// ---- tuple ---------------------------------------------------------------------------------------------------------

/// `tuple`
pub static TYPE: TypeDef = TypeDef {
    name: "tuple",
    layout: Layout::Tuple,
    construct: Some(construct),
    write: Some(write),
    flags: TypeFlags::BASETYPE.union(TypeFlags::SEQUENCE).union(TypeFlags::MATCH_SELF),
    doc: "A sequence of items that does not change.\n\nWithout an argument it is empty; an iterable gives \
          it its items. A tuple is returned as it is.",
    slots: Slots {
        new: Some(new),
        repr: Some(|vm, this| vm.written(this, write)),
        hash: Some(hash),
        len: Some(|_, this| Ok(tuple(this).items().len())),
        iter: Some(|vm, this| iterators::walk::<{ iterators::TUPLE }>(vm, this.clone())),
        getitem: Some(getitem),
        contains: Some(contains),
        compare: Some(compare),
        number: numbers(&[(BinaryOp::Add, add), (BinaryOp::Multiply, multiply)]),
        ..Slots::NONE
    },
    methods: METHODS,
    ..TypeDef::EMPTY
};

fn tuple(value: &Value) -> &Tuple {
    value.get().expect("a method of tuple is called with a tuple")
}

fn construct(vm: &Vm, args: &[Value]) -> Option<Res> {
    let [source] = args else { return None };
    if source.exact::<Tuple>().is_some() {
        return Some(Ok(source.clone()));
    }
    Some(vm.share_tuple(source.exact::<List>()?.items()))
}

fn new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let exact = class.word() == vm.types.tuple.value().word();
    let own_init = vm.expect_type(class)?;
    let checks = exact || vm.same_attr(own_init, &vm.types.object, &vm.names.__init__);
    let Some(source) = iterable_arg(vm, "tuple", checks, args)? else {
        return vm.tuple_of_class(class, 0, |_| Value::UNBOUND);
    };
    if exact && source.exact::<Tuple>().is_some() {
        return Ok(source);
    }
    if let Some(other) = source.exact::<Tuple>() {
        return vm.tuple_of_class(class, other.items().len(), |at| other.items()[at].clone());
    }
    let list = if source.exact::<List>().is_some() || source.exact::<Dict>().is_some() {
        vm.list_of(&source)?
    } else {
        // Who makes a tuple does not ask how many there will be.
        let iterator = vm.iter(&source)?;
        let list = vm.new_list_with_capacity(0)?;
        list.extend_unasked(vm, &iterator)?;
        list
    };
    vm.tuple_of_class(class, list.len(), |at| list.slot(at).take())
}

fn write(vm: &Vm, this: &Value, text: &mut StrBuilder<'_>) -> Res<()> {
    let items = tuple(this).items();
    if items.is_empty() {
        return text.push_str("()");
    }
    let close = |count| if count == 1 { ",)" } else { ")" };
    let written =
        vm.repr_guard(this, || join_reprs(vm, text, "(", |at| items.get(at).map(Value::look), close))?;
    written.map_or_else(|| text.push_str("(...)"), Ok)
}

/// The hash of the items' hashes: xxHash's long form without its tail, as CPython has it.
pub fn hash_of<T, E>(items: &[T], mut hash: impl FnMut(&T) -> Result<i64, E>) -> Result<i64, E> {
    const PRIME_1: u64 = 11_400_714_785_074_694_791;
    const PRIME_2: u64 = 14_029_467_366_897_019_727;
    const PRIME_5: u64 = 2_870_177_450_012_600_261;
    let mut sum = PRIME_5;
    for item in items {
        let lane = hash(item)? as u64;
        sum = sum.wrapping_add(lane.wrapping_mul(PRIME_2)).rotate_left(31).wrapping_mul(PRIME_1);
    }
    sum = sum.wrapping_add(items.len() as u64 ^ PRIME_5 ^ 3_527_539);
    Ok(if sum == u64::MAX { 1_546_275_796 } else { sum as i64 })
}

fn hash(vm: &Vm, this: &Value) -> Res<i64> {
    let tuple = tuple(this);
    let kept = tuple.kept_hash();
    if let Some(hash) = kept.map(Cell::get).filter(|hash| *hash != 0) {
        return Ok(hash);
    }
    vm.work(1 + tuple.items().len() as u64 / 8)?;
    let hash = hash_of(tuple.items(), |item| vm.hash(item))?;
    if let Some(kept) = kept {
        kept.set(hash);
    }
    Ok(hash)
}

fn getitem(vm: &Vm, this: &Value, key: &Value) -> Res {
    let tuple = tuple(this);
    if let Some(slice) = key.get::<Slice>() {
        let walk = slice.unpack(vm)?.within(tuple.items().len());
        if walk.count == tuple.items().len() && walk.step == 1 && this.exact::<Tuple>().is_some() {
            return Ok(this.clone());
        }
        if walk.step == 1 {
            return vm.share_tuple(&tuple.items()[walk.range()]);
        }
        return vm.tuple_from_iter(walk.count, |i| tuple.items()[walk.at(i)].clone());
    }
    match place(index_of(vm, "tuple", key)?, tuple.items().len()) {
        Some(at) => Ok(tuple.items()[at].clone()),
        None => Err(vm.index_error("tuple index out of range")),
    }
}

fn contains(vm: &Vm, this: &Value, needle: &Value) -> Res<bool> {
    vm.work_on_bytes(tuple(this).items().len() * 16)?;
    for item in tuple(this).items() {
        if same_or_equal(vm, item, needle)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let (Some(a), Some(b)) = (a.get::<Tuple>(), b.get::<Tuple>()) else { return Ok(Value::NOT_IMPLEMENTED) };
    compare_items(vm, || a.items(), || b.items(), op)
}

fn add(vm: &Vm, a: &Value, b: &Value) -> Res {
    let Some(left) = a.get::<Tuple>() else { return Ok(Value::NOT_IMPLEMENTED) };
    let Some(right) = b.get::<Tuple>() else {
        let kind = vm.type_name(b);
        return Err(vm.type_error(format_args!("can only concatenate tuple (not \"{kind}\") to tuple")));
    };
    if left.items().is_empty() && b.exact::<Tuple>().is_some() {
        return Ok(b.clone());
    }
    if right.items().is_empty() && a.exact::<Tuple>().is_some() {
        return Ok(a.clone());
    }
    let (left, right) = (left.items(), right.items());
    vm.tuple_from_iter(left.len() + right.len(), |at| match left.get(at) {
        Some(item) => item.clone(),
        None => right[at - left.len()].clone(),
    })
}

fn multiply(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (this, count) = if a.has::<Tuple>() { (a, b) } else { (b, a) };
    let Some(count) = repeat_count(vm, count)? else { return Ok(Value::NOT_IMPLEMENTED) };
    let tuple = tuple(this);
    if (count == 1 || tuple.items().is_empty()) && this.exact::<Tuple>().is_some() {
        return Ok(this.clone());
    }
    match tuple.items().len().checked_mul(count) {
        Some(total) => vm.tuple_from_iter(total, |at| tuple.items()[at % tuple.items().len()].clone()),
        None => Err(vm.no_memory()),
    }
}

static METHODS: &[Method] = &[
    crate::types::generic_alias::CLASS_GETITEM,
    method("__getnewargs__", "($self, /)", Call::One(getnewargs), ""),
    method(
        "index",
        "($self, value, start=0, stop=sys.maxsize, /)",
        Call::Slice(index),
        "The index of the first item equal to value in self[start:stop]. ValueError if there is none.",
    ),
    method("count", "($self, value, /)", Call::Two(count), "How many items equal value."),
];

fn getnewargs(vm: &Vm, this: &Value) -> Res {
    let items = tuple(this).items();
    let copy = vm.tuple_from_iter(items.len(), |at| items[at].clone())?;
    vm.new_tuple(vec![copy])
}

fn index(vm: &Vm, args: &[Value]) -> Res {
    let items = tuple(&args[0]).items();
    let bounds = search_range(search_bounds(vm, &args[2..])?, items.len());
    let range = bounds.start..bounds.end.min(items.len());
    vm.work_on_bytes(range.len() * 16)?;
    for at in range {
        if same_or_equal(vm, &items[at], &args[1])? {
            return Ok(Value::small(at as i64));
        }
    }
    Err(vm.value_error("tuple.index(x): x not in tuple"))
}

fn count(vm: &Vm, this: &Value, needle: &Value) -> Res {
    vm.work_on_bytes(tuple(this).items().len() * 16)?;
    let mut count = 0;
    for item in tuple(this).items() {
        count += i64::from(same_or_equal(vm, item, needle)?);
    }
    Ok(Value::small(count))
}

/// The tuple that a value is, kept alive.
pub fn tuple_ref(value: &Value) -> Option<Ref<Tuple>> {
    Ref::from_value(value.clone()).ok()
}
