//! Iteration, indexing and length, whatever the types.

use ryokan_alloc::Vector;

use crate::object::ty::{TypeFlags, TypeObj};
use crate::object::{Layout, Ref};
use crate::raised::{Raised, Res};
use crate::types::dict::Dict;
use crate::types::iterators::quick_next;
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

impl Vm {
    // ---- iteration -------------------------------------------------------------------------------------------------

    /// `iter(value)`. Runs Python (`__iter__`); raises what that raises, and `TypeError` if the value cannot be iterated, or gives no
    /// iterator.
    pub fn iter(&self, value: &Value) -> Res {
        let slots = self.slots(value);
        if let Some(slot) = slots.iter() {
            let iterator = slot.call(self, value)?;
            if self.slots(&iterator).next().is_none() {
                let kind = self.type_name(&iterator);
                return Err(self.type_error(format_args!("iter() returned non-iterator of type '{kind}'")));
            }
            return Ok(iterator);
        }
        if slots.getitem().is_some() && !value.has::<Dict>() && !self.is_keyed(value) {
            return self.seq_iter(value.clone());
        }
        Err(self.type_error(format_args!("'{}' object is not iterable", self.type_name(value))))
    }

    /// Whether a value is of a builtin type whose items are asked for by keys alone.
    pub fn is_keyed(&self, value: &Value) -> bool {
        self.type_of(value).has(TypeFlags::KEYED)
    }

    /// `TypeError` unless a value is a sequence, as C means it: its items have numbers. Runs no Python.
    #[inline]
    pub fn expect_sequence(&self, value: &Value) -> Res<()> {
        if value.exact::<List>().is_some() || value.exact::<Tuple>().is_some() {
            return Ok(());
        }
        let Some(getitem) = self.slots(value).getitem() else {
            let kind = self.type_name(value);
            return Err(self.type_error(format_args!("'{kind}' object does not support indexing")));
        };
        let keyed = value.has::<Dict>() && self.types.dict.slots().getitem() == Some(getitem);
        if keyed || self.is_keyed(value) {
            return Err(self.type_error(format_args!("{} is not a sequence", self.type_name(value))));
        }
        Ok(())
    }

    /// [`Vm::advance`] for a loop of native code, which is work that a metered run pays for. Runs Python; raises as that, and
    /// as [`Vm::work`].
    #[inline(never)]
    pub fn next(&self, iterator: &Value) -> Res<Option<Value>> {
        self.next_here(iterator)
    }

    /// The same, for a loop that does little else. The commonest iterators are not asked through their types. Runs Python and raises as
    /// [`Vm::next`].
    #[inline(always)]
    pub fn next_here(&self, iterator: &Value) -> Res<Option<Value>> {
        if self.works_freely()
            && let Some(item) = quick_next(iterator)
        {
            return Ok(Some(item));
        }
        self.next_and_pay(iterator)
    }
    /// Shows what an iterator gives to `take`, until that says that it is enough. Runs Python; raises as [`Vm::next`], and what `take`
    /// raises.
    pub fn each(&self, iterator: &Value, mut take: impl FnMut(Value) -> Res<bool>) -> Res<()> {
        if iterator.word().is_ptr() && iterator.word().shape() == Layout::Generator.shape() {
            return self.each_yielded(iterator, &mut take);
        }
        while let Some(item) = self.next(iterator)? {
            if !take(item)? {
                break;
            }
        }
        Ok(())
    }
    #[inline(never)]
    fn next_and_pay(&self, iterator: &Value) -> Res<Option<Value>> {
        self.work(1)?;
        self.advance(iterator)
    }

    /// The same of an iterator in a slot that may be emptied while its type is asked; an empty one is at its end. Runs Python; raises as
    /// [`Vm::next`].
    #[inline(always)]
    pub fn next_of_slot(&self, slot: &Value) -> Res<Option<Value>> {
        if self.works_freely()
            && let Some(item) = quick_next(slot)
        {
            return Ok(Some(item));
        }
        self.next_held(slot)
    }
    #[inline(never)]
    fn next_held(&self, slot: &Value) -> Res<Option<Value>> {
        self.work(1)?;
        if slot.is_unbound() { Ok(None) } else { self.advance(&slot.clone()) }
    }

    /// `next(iterator)`: `None` at the end (a `StopIteration` without a value counts as the end). Runs Python (`__next__`); raises what
    /// that raises, but for `StopIteration`, and `TypeError` if it is no iterator.
    #[inline]
    pub fn advance(&self, iterator: &Value) -> Res<Option<Value>> {
        self.advance_here(iterator)
    }

    /// The same, for a loop that does little else. Runs Python and raises as [`Vm::advance`].
    #[inline(always)]
    pub fn advance_here(&self, iterator: &Value) -> Res<Option<Value>> {
        match self.next_or_stop(iterator) {
            Err(raised) => self.end_or_error(raised),
            result => result,
        }
    }

    /// What an error in an iterator means: a `StopIteration` is its end.
    #[cold]
    #[inline(never)]
    pub(crate) fn end_or_error(&self, raised: Raised) -> Res<Option<Value>> {
        if self.raised_is(&raised, &self.exc.StopIteration) {
            drop(self.take_raised(raised));
            return Ok(None);
        }
        Err(raised)
    }

    /// `next(iterator)` that keeps `StopIteration`, whose value somebody wants. Runs Python; raises what `__next__` raises, and `TypeError`
    /// if it is no iterator.
    #[inline]
    pub fn next_or_stop(&self, iterator: &Value) -> Res<Option<Value>> {
        match (self.slots(iterator).next(), self.enough_stack()) {
            (Some(slot), Some(enough)) => slot.call_with(enough, self, iterator),
            _ => self.next_at_limit(iterator),
        }
    }
    #[cold]
    #[inline(never)]
    fn next_at_limit(&self, iterator: &Value) -> Res<Option<Value>> {
        match self.slots(iterator).next() {
            Some(slot) => slot.call(self, iterator),
            None => Err(self.no_iterator(iterator)),
        }
    }

    #[cold]
    #[inline(never)]
    fn no_iterator(&self, value: &Value) -> Raised {
        self.type_error(format_args!("'{}' object is not an iterator", self.type_name(value)))
    }

    /// The items of an iterable, in a vector. For what is small, or at hand already. Runs Python but for exact tuples and lists; raises
    /// what the iteration raises, `TypeError` if there is none, and `MemoryError`.
    pub fn collect(&self, iterable: &Value) -> Res<Vector<Value>> {
        let made;
        let items = match (iterable.exact::<Tuple>(), iterable.exact::<List>()) {
            (Some(tuple), _) => tuple.items(),
            (_, Some(list)) => list.items(),
            _ => {
                made = self.listed(iterable)?;
                made.items()
            }
        };
        let mut vector = self.vector(items.len())?;
        vector.extend(items.iter().cloned());
        Ok(vector)
    }

    /// `list(iterable)`. Runs Python; raises what the iteration raises, `TypeError` if there is none, and `MemoryError`.
    pub fn list_of(&self, iterable: &Value) -> Res<Ref<List>> {
        let made = self.new_list(Vec::new())?;
        let list = Ref::<List>::from_value(made).unwrap_or_else(|_| unreachable!("new_list makes a list"));
        list.extend(self, iterable)?;
        Ok(list)
    }

    /// A new list of the items of an iterable, which is asked for its iterator, and not for its length. Runs Python and raises as
    /// [`Vm::list_of`].
    pub fn listed(&self, iterable: &Value) -> Res<Ref<List>> {
        let plain = iterable.exact::<List>().is_some() || iterable.exact::<Tuple>().is_some();
        if plain { self.list_of(iterable) } else { self.list_of(&self.iter(iterable)?) }
    }

    /// `operator.length_hint(value, 0)`. Runs Python (`__len__`, `__length_hint__`); raises what that raises but for `TypeError`, and
    /// `TypeError`, `OverflowError` or `ValueError` if the latter gives no int, too large a one, or a negative one.
    pub fn length_hint(&self, value: &Value) -> Res<usize> {
        // A TypeError means that nothing is known.
        let unknown = |raised: Raised| {
            if !self.raised_is(&raised, &self.exc.TypeError) {
                return Err(raised);
            }
            drop(self.take_raised(raised));
            Ok(())
        };
        if let Some(slot) = self.slots(value).len() {
            match slot.call(self, value) {
                Ok(len) => return Ok(len),
                Err(raised) => unknown(raised)?,
            }
        }
        let name = self.names.__length_hint__.clone();
        let hint = match self.call_special(value, &name, &[]) {
            Ok(None) => return Ok(0),
            Ok(Some(hint)) if hint.is(&Value::NOT_IMPLEMENTED) => return Ok(0),
            Ok(Some(hint)) => hint,
            Err(raised) => return unknown(raised).map(|()| 0),
        };
        if self.as_i64(&hint).is_none() && !crate::types::int::is_int(&hint) {
            let kind = self.type_name(&hint);
            return Err(self.type_error(format_args!("__length_hint__ must be an integer, not {kind}")));
        }
        let hint = crate::types::str::args::size(self, &hint)?;
        usize::try_from(hint).map_err(|_| self.value_error("__length_hint__() should return >= 0"))
    }

    /// `len(value)`. Runs Python (`__len__`); raises what that raises, and `TypeError` if there is no length.
    pub fn length(&self, value: &Value) -> Res<usize> {
        match self.slots(value).len() {
            Some(slot) => slot.call(self, value),
            None => {
                Err(self.type_error(format_args!("object of type '{}' has no len()", self.type_name(value))))
            }
        }
    }

    // ---- containers ------------------------------------------------------------------------------------------------

    /// The value that a mapping has under a name. Runs Python (`__getitem__`, unless it is a dict); raises what that raises but `KeyError`.
    pub fn get_name_opt(&self, mapping: &Value, name: &Value) -> Res<Option<Value>> {
        if let Some(dict) = mapping.exact::<Dict>() {
            return Ok(dict.get_name(name).cloned());
        }
        match self.get_item(mapping, name) {
            Ok(value) => Ok(Some(value)),
            Err(raised) if self.raised_is(&raised, &self.exc.KeyError) => {
                drop(self.take_raised(raised));
                Ok(None)
            }
            Err(raised) => Err(raised),
        }
    }

    /// `container[key]`. Runs Python (`__getitem__`, `__class_getitem__`); raises what that raises, and `TypeError` if there is none.
    pub fn get_item(&self, container: &Value, key: &Value) -> Res {
        if let Some(slot) = self.slots(container).getitem() {
            return slot.call(self, container, key);
        }
        if let Some(ty) = container.get::<TypeObj>() {
            // The metaclass has no such method: its instances would inherit it.
            if container.word() == self.types.r#type.word() {
                return self.new_alias(container, key);
            }
            let name = self.names.__class_getitem__.clone();
            if let Some(found) = self.get_attr_opt(container, &name)?
                && !found.is_none()
            {
                return self.call(&found, &[key.clone()]);
            }
            return Err(self.type_error(format_args!("type '{}' is not subscriptable", self.text(&ty.name))));
        }
        Err(self.type_error(format_args!("'{}' object is not subscriptable", self.type_name(container))))
    }

    /// `container[key] = value`. Runs Python (`__setitem__`); raises what that raises, and `TypeError` if there is none.
    pub fn set_item(&self, container: &Value, key: &Value, value: &Value) -> Res<()> {
        match self.slots(container).setitem() {
            Some(slot) => slot.call(self, container, key, Some(value)),
            None => Err(self.type_error(format_args!(
                "'{}' object does not support item assignment",
                self.type_name(container)
            ))),
        }
    }

    /// `del container[key]`. Runs Python (`__delitem__`); raises what that raises, and `TypeError` if there is none.
    pub fn del_item(&self, container: &Value, key: &Value) -> Res<()> {
        match self.slots(container).setitem() {
            Some(slot) => slot.call(self, container, key, None),
            None => {
                let slots = self.slots(container);
                let holds = slots.getitem().is_some() || slots.contains().is_some() || slots.len().is_some();
                let sequence = holds || self.type_of(container).has(TypeFlags::HEAP);
                let verb = if sequence && self.slots(key).index().is_some() { "doesn't" } else { "does not" };
                let kind = self.type_name(container);
                Err(self.type_error(format_args!("'{kind}' object {verb} support item deletion")))
            }
        }
    }

    /// A list of what the method `keys` of a mapping gives. Runs Python (`keys`, and the iteration); raises what that raises, and
    /// `TypeError` if it gives nothing that can be iterated over.
    pub fn mapping_keys(&self, mapping: &Value) -> Res {
        let keys = self.call_method(mapping, &self.names.keys, &[])?;
        if keys.exact::<List>().is_some() {
            return Ok(keys);
        }
        let iterator =
            self.iter(&keys).map_err(|raised| match self.raised_is(&raised, &self.exc.TypeError) {
                true => {
                    drop(self.take_raised(raised));
                    let (owner, kind) = (self.type_name(mapping), self.type_name(&keys));
                    self.type_error(format_args!("{owner}.keys() returned a non-iterable (type {kind})"))
                }
                false => raised,
            })?;
        Ok(self.list_of(&iterator)?.into_value())
    }

    #[cold]
    #[inline(never)]
    fn no_container(&self, value: &Value) -> Raised {
        let kind = self.type_name(value);
        self.type_error(format_args!("argument of type '{kind}' is not a container or iterable"))
    }

    /// `item in container`. Runs Python (`__contains__`, `__iter__`, `__eq__`); raises what that raises, and `TypeError` if there is none.
    pub fn contains(&self, container: &Value, item: &Value) -> Res<bool> {
        let slots = self.slots(container);
        if let Some(slot) = slots.contains() {
            return slot.call(self, container, item);
        }
        if slots.iter().is_none() && (slots.getitem().is_none() || self.is_keyed(container)) {
            return Err(self.no_container(container));
        }
        let iterator =
            self.iter(container).map_err(|raised| match self.raised_is(&raised, &self.exc.TypeError) {
                true => {
                    drop(self.take_raised(raised));
                    self.no_container(container)
                }
                false => raised,
            })?;
        while let Some(candidate) = self.next(&iterator)? {
            if self.equal(&candidate, item)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
