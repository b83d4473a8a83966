//! Lists, dicts, tuples, strs and bytes, as native code makes and uses them.
//!
//! Each is an owned reference to a builtin's object. Whatever is taken out of one is owned, too: the object may change meanwhile.

use ryokan_alloc::Vector;

use super::convert::{Arguments, FromArg, IntoValue, Place};
use super::cx::{Cx, Iter};
use super::module::Args;
use crate::object::Ref;
use crate::object::kind::NativeType;
use crate::object::payload::traced;
use crate::object::ty::TypeFlags;
use crate::raised::{Raised, Res};
use crate::types::bytes::Bytes as BytesObj;
use crate::types::dict::{self, Dict as DictObj};
use crate::types::dict_views::{self, DictView};
use crate::types::list::{List as ListObj, narrow};
use crate::types::str::{Str, StrBuilder};
use crate::types::tuple::Tuple as TupleObj;
use crate::value::Value;

/// A handle: an owned reference to an object of a builtin's layout.
macro_rules! handle {
    ($(#[$doc:meta])* $name:ident($object:ty), $what:literal) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(pub(super) Ref<$object>);

        impl $name {
            /// The value as one, if it is one or of a subclass.
            pub fn of(value: &Value) -> Option<$name> {
                Ref::from_value(value.clone()).ok().map($name)
            }
            /// The value as one, if it is exactly one: nothing of Python's can override what is done with it.
            #[inline]
            pub fn exact(value: &Value) -> Option<$name> {
                value.exact::<$object>().map(|object| $name(Ref::from_payload(object)))
            }
            /// The value.
            pub fn value(&self) -> &Value {
                self.0.value()
            }
            /// The value, still owned.
            pub fn into_value(self) -> Value {
                self.0.into_value()
            }
        }
        impl IntoValue for $name {
            #[inline]
            fn into_value(self, _: &Cx) -> Res {
                Ok(self.0.into_value())
            }
        }
        impl<'a> FromArg<'a> for $name {
            #[inline]
            fn from_arg(cx: &'a Cx, arg: &'a Value, place: &Place) -> Res<$name> {
                $name::of(arg).ok_or(()).map_err(|()| place.must_be(cx, $what, arg))
            }
        }
    };
}

pub(super) use handle;

handle! {
    /// A list.
    List(ListObj), "list"
}
handle! {
    /// A dict.
    Dict(DictObj), "dict"
}
handle! {
    /// A tuple.
    Tuple(TupleObj), "tuple"
}
handle! {
    /// A bytes object.
    Bytes(BytesObj), "bytes"
}

impl List {
    /// The items, for this crate.
    pub(super) fn items(&self) -> &[Value] {
        self.0.items()
    }
    /// An empty one with room for so many items.
    pub fn new(cx: &Cx, room: usize) -> Res<List> {
        cx.vm().new_list_with_capacity(room).map(List)
    }
    /// Of the items of an iterable. Runs Python.
    pub fn from_iterable(cx: &Cx, iterable: &Value) -> Res<List> {
        cx.vm().list_of(iterable).map(List)
    }
    /// How many items there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// The item at an index, if there is one.
    #[inline]
    pub fn get(&self, index: usize) -> Option<Value> {
        self.0.items().get(index).cloned()
    }
    /// Adds an item behind the last.
    #[inline]
    pub fn push(&self, cx: &Cx, item: impl IntoValue) -> Res<()> {
        self.0.push(cx.vm(), item.into_value(cx)?)
    }
    /// Makes room for so many more.
    pub fn reserve(&self, cx: &Cx, more: usize) -> Res<()> {
        self.0.reserve(cx.vm(), more)
    }
    /// Adds shares of values, as far as there is room.
    pub(super) fn add_shares(&self, values: &[Value]) {
        values.iter().for_each(|value| self.0.share_if_room(value));
    }
    /// Adds what an iterator has still to give. Runs Python.
    pub fn extend_with(&self, cx: &Cx, iterator: Iter) -> Res<()> {
        self.0.extend_with(cx.vm(), &iterator.into_value())
    }
    /// Puts an item before the one at an index, or last.
    pub fn insert(&self, cx: &Cx, index: usize, item: Value) -> Res<()> {
        self.0.insert(cx.vm(), index.min(self.0.len()), item)
    }
    /// Puts a value in an item's place; `IndexError` if there is no such item. The old one may die, which may run Python.
    pub fn set(&self, cx: &Cx, index: usize, item: Value) -> Res<()> {
        if index >= self.0.len() {
            return Err(cx.index_error("list assignment index out of range"));
        }
        self.0.set(index, item);
        Ok(())
    }
    /// Exchanges two items.
    #[inline]
    pub fn swap(&self, a: usize, b: usize) {
        let items = self.0.items();
        if let (Some(a), Some(b)) = (items.get(a), items.get(b)) {
            let one = a.take();
            a.set(b.replace(one));
        }
    }
    /// Takes the last item.
    pub fn pop(&self) -> Option<Value> {
        self.0.len().checked_sub(1).map(|last| self.0.remove(last))
    }
}

impl Dict {
    /// The handle of a dict of the VM.
    pub(crate) fn of_ref(dict: Ref<DictObj>) -> Dict {
        Dict(dict)
    }
    /// An empty one.
    pub fn new(cx: &Cx) -> Res<Dict> {
        cx.vm().new_dict().map(Dict)
    }
    /// How many items there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// The value of a key. Runs Python: hashes and compares.
    pub fn get(&self, cx: &Cx, key: &Value) -> Res<Option<Value>> {
        self.0.get_item(cx.vm(), key)
    }
    /// The value of a key that is a str. Runs Python where a key that is no str has its hash (`__eq__`).
    pub fn get_str(&self, cx: &Cx, key: &str) -> Res<Option<Value>> {
        self.0.get_item(cx.vm(), &cx.vm().intern(key)?)
    }
    /// Sets the value of a key. Runs Python.
    pub fn set(&self, cx: &Cx, key: &Value, value: impl IntoValue) -> Res<()> {
        let value = value.into_value(cx)?;
        self.0.set_item(cx.vm(), key, value)
    }
    /// Sets the value of a key that is a str. Runs Python as that, and where the old value dies.
    pub fn set_str(&self, cx: &Cx, key: &str, value: impl IntoValue) -> Res<()> {
        self.set(cx, &cx.vm().intern(key)?, value)
    }
    /// Takes a key out and gives its value, if it was there. Runs Python.
    pub fn remove(&self, cx: &Cx, key: &Value) -> Res<Option<Value>> {
        Ok(self.0.del_item(cx.vm(), key)?.map(|(_, value)| value))
    }
    /// The next item at or behind a position, and where to go on; the dict may change between two calls.
    pub fn next_item(&self, from: usize) -> Option<(usize, Value, Value)> {
        self.0.next_entry(from).map(|(at, entry)| (at + 1, entry.key.clone(), entry.value.clone()))
    }
    /// Lets go of all items. They may die, which may run Python.
    pub fn clear(&self) {
        self.0.clear_all();
    }
    /// A copy.
    pub fn copy(&self, cx: &Cx) -> Res<Dict> {
        self.0.copy(cx.vm()).map(Dict)
    }
    /// As `dict(..)` and `dict.update(..)` take their arguments; messages are `dict`'s. Runs Python.
    pub fn update_with(&self, cx: &Cx, args: Args) -> Res<()> {
        dict::update_with(cx.vm(), self.value(), "dict", args.into_call())
    }
    /// `dict.update(self, mapping)`: of a mapping (whatever has `keys`). Runs Python.
    pub fn update(&self, cx: &Cx, mapping: &Value) -> Res<()> {
        self.0.update(cx.vm(), mapping)
    }
    /// Sets the keys of another dict to its values. Runs Python, unless this one is empty; `RuntimeError` if the other changes meanwhile.
    pub fn merge(&self, cx: &Cx, other: &Dict) -> Res<()> {
        dict::merge(cx.vm(), &self.0, &other.0, true)
    }
    /// `dict.__repr__(self)`. Runs Python.
    pub fn repr(&self, cx: &Cx) -> Res {
        dict::repr(cx.vm(), self.value())
    }
    /// Whether both have the same keys in the same order, and equal values, as far as that can be told without running Python.
    pub fn certainly_same(&self, other: &Dict) -> bool {
        self.0.certainly_same(&other.0)
    }
    /// Whether both have equal values for the same keys. Runs Python.
    pub fn equal(&self, cx: &Cx, other: &Dict) -> Res<bool> {
        dict::equal(cx.vm(), &self.0, &other.0)
    }
    /// Sets the value of a key whose hash is known. Runs Python: compares.
    pub fn insert(&self, cx: &Cx, key: Value, hash: i64, value: Value) -> Res<()> {
        self.0.insert(cx.vm(), key, hash, value)
    }
    /// The value of a key, which becomes the one given if the key is missing. Runs Python.
    pub fn get_or_set(&self, cx: &Cx, key: Value, value: Value) -> Res {
        let hash = cx.vm().key_hash(&key)?;
        if let Some(found) = self.0.get(cx.vm(), &key, hash)? {
            return Ok(found.clone());
        }
        self.0.push_new(cx.vm(), hash, key, value.clone())?;
        Ok(value)
    }
    /// Adds to the value of a key whose hash is known; a missing one counts from 0. Runs Python.
    pub fn tally(&self, cx: &Cx, key: Value, hash: i64, amount: i64) -> Res<()> {
        self.0.tally(cx.vm(), key, hash, amount)
    }
    /// What `object.__sizeof__` says of it.
    pub fn size_of(&self, cx: &Cx) -> usize {
        cx.vm().size_in_cpython(self.value())
    }
    /// Whether a value is a dict whose class has `dict`'s own attributes under these names.
    pub fn keeps(cx: &Cx, value: &Value, names: &[&str]) -> Res<bool> {
        let vm = cx.vm();
        for name in names {
            if !value.has::<DictObj>() || !vm.same_attr(vm.type_of(value), &vm.types.dict, &vm.intern(name)?)
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The places of entries: numbers that hold until a key is added or removed, which [`Dict::changes`] tells.
impl Dict {
    /// Another number after each change of the keys or their order.
    #[inline]
    pub fn changes(&self) -> u32 {
        self.0.changes()
    }
    /// The place of a key whose hash is known. Runs Python: compares.
    pub fn place_of(&self, cx: &Cx, key: &Value, hash: i64) -> Res<Option<usize>> {
        self.0.find(cx.vm(), key, hash)
    }
    /// `KeyError` if the key at a place is not found by the hash that it has now. Runs Python: hashes and compares, unless the key is of a
    /// builtin type.
    pub fn check_found(&self, cx: &Cx, place: usize) -> Res<()> {
        let Some(key) = self.key_at(place).filter(|key| cx.vm().type_of(key).has(TypeFlags::HEAP)) else {
            return Ok(());
        };
        match self.place_of(cx, &key, cx.hash(&key)?)? {
            Some(_) => Ok(()),
            None => Err(cx.key_error(key)),
        }
    }
    /// Whether every key is of a builtin type.
    pub fn has_plain_keys(&self, cx: &Cx) -> bool {
        crate::fuel::owe_bytes(self.0.len() * 8);
        self.0.entries().all(|entry| !cx.vm().type_of(&entry.key).has(TypeFlags::HEAP))
    }
    /// The place of the first entry.
    pub fn first(&self) -> Option<usize> {
        self.0.first_entry()
    }
    /// The place of the last entry.
    pub fn last(&self) -> Option<usize> {
        self.0.last_entry()
    }
    /// The next place.
    #[inline]
    pub fn after(&self, place: usize) -> Option<usize> {
        self.0.next_entry(place + 1).map(|(at, _)| at)
    }
    /// The place before.
    pub fn before(&self, place: usize) -> Option<usize> {
        self.0.entry_before(place)
    }
    /// The key at a place.
    #[inline]
    pub fn key_at(&self, place: usize) -> Option<Value> {
        self.0.all_entries().get(place).and_then(|entry| entry.key.bound().cloned())
    }
    /// The value at a place.
    #[inline]
    pub fn value_at(&self, place: usize) -> Option<Value> {
        self.0.all_entries().get(place).and_then(|entry| entry.value.bound().cloned())
    }
    /// Both as a tuple.
    #[inline]
    pub fn pair_at(&self, cx: &Cx, place: usize) -> Res<Option<Value>> {
        match (self.key_at(place), self.value_at(place)) {
            (Some(key), Some(value)) => cx.vm().new_pair(key, value).map(Some),
            _ => Ok(None),
        }
    }
    /// Takes the key and the value at a place out.
    pub fn take_at(&self, place: usize) -> Option<(Value, Value)> {
        let there = self.0.all_entries().get(place).is_some_and(|entry| !entry.key.is_unbound());
        there.then(|| self.0.kill(place))
    }
    /// Moves the entry at a place to an end.
    pub fn move_to_end(&self, cx: &Cx, place: usize, last: bool) -> Res<()> {
        if self.key_at(place).is_none() {
            return Ok(());
        }
        if last { self.0.move_last(cx.vm(), place) } else { self.0.move_first(cx.vm(), place) }
    }
}

/// What a view of a dict shows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Its keys.
    Keys,
    /// Its values.
    Values,
    /// Both, as pairs.
    Items,
}

impl Dict {
    /// A view, of a native type that extends `dict_keys`, `dict_values` or `dict_items`.
    pub fn view<T: NativeType>(&self, cx: &Cx, view: View) -> Res {
        let vm = cx.vm();
        let class = &vm.native_type(T::KIND)?.to_value();
        let dict = self.value().clone();
        match view {
            View::Keys => vm.new_of_class(class, |head| DictView::<{ dict_views::KEYS }>::of(head, dict)),
            View::Values => vm.new_of_class(class, |head| DictView::<{ dict_views::VALUES }>::of(head, dict)),
            View::Items => vm.new_of_class(class, |head| DictView::<{ dict_views::ITEMS }>::of(head, dict)),
        }
    }
    /// The dict behind a view.
    pub fn viewed(view: &Value) -> Option<Dict> {
        dict_views::viewed(view).and_then(Dict::of)
    }
}

impl Tuple {
    /// The items, for this crate.
    pub(super) fn items(&self) -> &[Value] {
        self.0.items()
    }
    /// Of so many items, each made by its index.
    pub fn from_fn(cx: &Cx, len: usize, item: impl FnMut(usize) -> Value) -> Res<Tuple> {
        let made = cx.vm().tuple_from_iter(len, item)?;
        Ref::from_value(made).map(Tuple).map_err(|_| cx.system_error("a tuple was made"))
    }
    /// The same where making an item may fail; no Python may run in there.
    pub fn try_from_fn(cx: &Cx, len: usize, mut item: impl FnMut(usize) -> Res) -> Res<Tuple> {
        let mut failed = None;
        let made = Tuple::from_fn(cx, len, |at| match failed {
            Some(_) => Value::NONE,
            None => item(at).unwrap_or_else(|raised| {
                failed = Some(raised);
                Value::NONE
            }),
        })?;
        failed.map_or(Ok(made), Err)
    }
    /// Of items of this one, at these indices. (None stands for one that is not there.)
    #[inline]
    pub fn choose(&self, cx: &Cx, at: &[usize]) -> Res {
        cx.vm().choose_items(&self.0, at)
    }
    /// Of the items of an iterable. Runs Python.
    pub fn from_iterable(cx: &Cx, iterable: &Value) -> Res<Tuple> {
        if let Some(tuple) = Tuple::exact(iterable) {
            return Ok(tuple);
        }
        let items = cx.vm().list_of(iterable)?;
        Tuple::from_fn(cx, items.len(), |at| items.slot(at).take())
    }
    /// A value that is given away as one, if it is exactly one; otherwise it is given back.
    #[inline]
    pub fn from_exact(value: Value) -> Result<Tuple, Value> {
        if value.exact::<TupleObj>().is_none() {
            return Err(value);
        }
        Ref::from_value(value).map(Tuple)
    }
    /// The items, which never change: to look at, or to clone.
    #[inline]
    pub fn as_slice(&self) -> &[Value] {
        self.0.items()
    }
    /// How many items there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.0.items().len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.items().is_empty()
    }
    /// The item at an index, if there is one.
    #[inline]
    pub fn get(&self, index: usize) -> Option<Value> {
        self.0.items().get(index).cloned()
    }
}

/// The items of a tuple, as `callable(*tuple)` passes them. If nobody else has the tuple, they are moved.
impl Arguments for Tuple {
    #[inline]
    fn pass<R>(self, cx: &Cx, call: impl FnOnce(&[Value]) -> Res<R>) -> Res<R> {
        let len = self.len();
        // Nobody sees the empty tuple: it dies before the call.
        let moves = self.value().word().refs() == 1;
        let give = |item: &Value| if moves { item.take() } else { item.clone() };
        if let [one, two] = self.as_slice() {
            let pair = [give(one), give(two)];
            drop(self);
            return call(&pair);
        }
        let mut many = cx.vector(len)?;
        many.extend(self.as_slice().iter().map(give));
        drop(self);
        call(&many)
    }
}

impl Bytes {
    /// A copy of bytes.
    pub fn new(cx: &Cx, bytes: &[u8]) -> Res<Bytes> {
        let made = cx.vm().bytes(bytes)?;
        Bytes::of(&made).ok_or(()).map_err(|()| cx.system_error("bytes were made"))
    }
    /// The bytes, which never change.
    pub fn as_slice(&self) -> &[u8] {
        self.0.as_slice()
    }
}

/// A str that is being written, in the heap's budget.
pub struct StrWriter<'a>(pub(super) StrBuilder<'a>);

impl<'a> StrWriter<'a> {
    /// An empty one.
    pub fn new(cx: &'a Cx) -> StrWriter<'a> {
        StrWriter(StrBuilder::new(cx.vm()))
    }
    /// Adds text.
    pub fn push_str(&mut self, text: &str) -> Res<()> {
        self.0.push_str(text)
    }
    /// Adds a code point (a lone surrogate, too).
    pub fn push_char(&mut self, c: u32) -> Res<()> {
        self.0.push_char(c)
    }
    /// Adds a str.
    pub fn push_value(&mut self, text: &Value) -> Res<()> {
        self.0.push_value(text)
    }
    /// The str.
    pub fn finish(self) -> Res {
        self.0.finish()
    }
}

impl Cx {
    /// The item of a list or tuple at an index, as the fast way of `sequence[index]` for any sequence. Runs Python.
    #[inline]
    pub fn item_at(&self, sequence: &Value, index: i64) -> Res {
        let items = match (sequence.exact::<ListObj>(), sequence.exact::<TupleObj>()) {
            (Some(list), _) => list.items(),
            (_, Some(tuple)) => tuple.items(),
            _ => return self.vm().get_item(sequence, &self.vm().int(index)?),
        };
        match usize::try_from(index).ok().and_then(|index| items.get(index)) {
            Some(item) => Ok(item.clone()),
            None => self.vm().get_item(sequence, &self.vm().int(index)?),
        }
    }
    /// The same of an item that is only compared: see [`Value::look`]. Runs Python as that.
    #[inline]
    pub fn look_at(&self, sequence: &Value, index: i64) -> Res {
        let items = match (sequence.exact::<ListObj>(), sequence.exact::<TupleObj>()) {
            (Some(list), _) => list.items(),
            (_, Some(tuple)) => tuple.items(),
            _ => return self.item_at(sequence, index),
        };
        match usize::try_from(index).ok().and_then(|index| items.get(index)) {
            Some(item) => Ok(item.look()),
            None => self.item_at(sequence, index),
        }
    }
    /// Searches in a sorted list or tuple for where a value belongs between two indices, behind its equals if `behind`, as far as that
    /// can be told without running Python: gives the indices that it lies between then.
    pub fn narrow(&self, sequence: &Value, low: i64, high: i64, value: &Value, behind: bool) -> (i64, i64) {
        let items = match (sequence.exact::<ListObj>(), sequence.exact::<TupleObj>()) {
            (Some(list), _) => list.items(),
            (_, Some(tuple)) => tuple.items(),
            _ => return (low, high),
        };
        match (usize::try_from(low), usize::try_from(high)) {
            (Ok(from), Ok(to)) if from <= to && to <= items.len() => {
                let (from, to) = narrow(items, from, to, value, behind);
                (from as i64, to as i64)
            }
            _ => (low, high),
        }
    }
    /// The code points of a str, lone surrogates too; none of another value. Runs no Python; `MemoryError`.
    pub fn code_points(&self, text: &Value) -> Res<Vector<u32>> {
        let Some(text) = text.get::<Str>() else { return self.vector(0) };
        let mut points = self.vector(text.len())?;
        points.extend(text.chars().iter());
        Ok(points)
    }
    /// `RuntimeError`: what a loop goes over has changed meanwhile.
    #[cold]
    pub fn changed_during_iteration(&self, what: &str) -> Raised {
        self.runtime_error(format_args!("{what} mutated during iteration"))
    }
}

traced! { Tuple: [0] }
traced! { Bytes: [0] }
