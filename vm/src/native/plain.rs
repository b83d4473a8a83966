//! What objects plainly are, for code that writes them down and makes them again: exact builtin types, sets, own attributes.

use ryokan_alloc::ShapeId;

use super::collections::{Dict, List, Tuple, handle};
use super::convert::{FromArg, IntoValue, Place};
use super::cx::Cx;
use crate::object::Ref;
use crate::object::call::Args as CallArgs;
use crate::object::shape::EXT_AT_END;
use crate::object::ty::{TypeFlags, TypeObj};
use crate::raised::Res;
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::dict::Dict as DictObj;
use crate::types::int::is_exact_int;
use crate::types::list::List as ListObj;
use crate::types::set::{FrozenSet, Set as SetObj, any_set};
use crate::types::str::Str;
use crate::types::tuple::Tuple as TupleObj;
use crate::value::{Borrowed, Value, Word};

/// What an object is exactly, subclasses left out.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "each is the builtin type of its name")]
pub enum Plain {
    None,
    Bool(bool),
    Int,
    Float,
    Str,
    Bytes,
    ByteArray,
    List,
    Tuple,
    Dict,
    Set,
    FrozenSet,
    /// A class whose class is `type`.
    Class,
    Function,
    Other,
}

handle! {
    /// A set that is not frozen.
    Set(SetObj), "set"
}

impl Set {
    /// An empty one.
    pub fn new(cx: &Cx) -> Res<Set> {
        cx.vm().new_set().map(Set)
    }
    /// How many elements it has.
    pub fn len(&self) -> usize {
        self.0.len()
    }
    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// Adds an element. Runs Python: hashes and compares.
    pub fn add(&self, cx: &Cx, element: Value) -> Res<()> {
        self.0.add(cx.vm(), element)
    }
}

impl List {
    /// The item at an index to look at: see [`Value::look`].
    #[inline]
    pub fn look(&self, index: usize) -> Option<Value> {
        self.0.items().get(index).map(Value::look)
    }
}

impl Dict {
    /// As [`Dict::next_item`], for code that only looks at key and value: see [`Value::look`].
    #[inline]
    pub fn look_next(&self, from: usize) -> Option<(usize, Value, Value)> {
        self.0.next_entry(from).map(|(at, entry)| (at + 1, entry.key.look(), entry.value.look()))
    }
}

impl Tuple {
    /// Of the last so many values of a vector, which are moved.
    pub fn from_last(cx: &Cx, values: &mut ryokan_alloc::Vector<Value>, count: usize) -> Res<Tuple> {
        let from = values.len().saturating_sub(count);
        let made = Tuple::from_fn(cx, values.len() - from, |at| values[from + at].take())?;
        values.truncate(from);
        Ok(made)
    }
}

impl Cx {
    /// What a value is exactly.
    #[inline]
    pub fn plain(&self, value: &Value) -> Plain {
        let word = value.word();
        if word.is_number() {
            return if word.is_int() { Plain::Int } else { Plain::Float };
        }
        match word {
            Word::NONE => Plain::None,
            Word::TRUE => Plain::Bool(true),
            Word::FALSE => Plain::Bool(false),
            _ if !word.is_ptr() => Plain::Other,
            _ if value.exact::<Str>().is_some() => Plain::Str,
            _ if value.exact::<TupleObj>().is_some() => Plain::Tuple,
            _ if value.exact::<DictObj>().is_some() => Plain::Dict,
            _ if value.exact::<ListObj>().is_some() => Plain::List,
            _ if value.exact::<Bytes>().is_some() => Plain::Bytes,
            _ => self.rarer(value),
        }
    }
    fn rarer(&self, value: &Value) -> Plain {
        let types = &self.vm().types;
        if is_exact_int(value) {
            return Plain::Int;
        }
        if self.exact_float(value).is_some() {
            return Plain::Float;
        }
        if value.exact::<SetObj>().is_some() {
            return Plain::Set;
        }
        if value.exact::<FrozenSet>().is_some() {
            return Plain::FrozenSet;
        }
        if value.exact::<ByteArray>().is_some() {
            return Plain::ByteArray;
        }
        let class = self.vm().type_of(value);
        if std::ptr::eq(class, &*types.r#type) {
            Plain::Class
        } else if std::ptr::eq(class, &*types.function) {
            Plain::Function
        } else {
            Plain::Other
        }
    }
    /// The next element of a set, frozen or not, at or behind a place, and where to go on; the set may change between two calls.
    pub fn next_element(&self, set: &Value, from: usize) -> Option<(usize, Value)> {
        any_set(set)?.share_from(from).map(|(element, _, next)| (next, element))
    }
    /// How many elements a set has, frozen or not; 0 of another value.
    pub fn element_count(&self, set: &Value) -> usize {
        any_set(set).map_or(0, SetObj::len)
    }
    /// A frozenset of these elements. Runs Python: hashes and compares.
    pub fn frozenset(&self, elements: &[Value]) -> Res {
        self.vm().frozenset(elements)
    }
    /// Whether a value is a class.
    pub fn is_class(&self, value: &Value) -> bool {
        value.has::<TypeObj>()
    }
    /// Whether a class can make instances at all: whether it has a `__new__`.
    pub fn makes_instances(&self, class: &Value) -> bool {
        class
            .get::<TypeObj>()
            .is_some_and(|class| class.slots().new().is_some() && !class.has(TypeFlags::NO_NEW))
    }
    /// The exact str of a name as the Vm's table has it. Runs no Python; `MemoryError`.
    pub fn intern_value(&self, name: Value) -> Res {
        self.vm().intern_value(name)
    }
    /// Sets an instance's own attribute, past descriptors and `__setattr__`, as `instance.__dict__[name] = value` does for a `name` that is
    /// an exact str. `false`, and nothing has happened, if that would ask something of Python's for `__dict__`, or the instance has
    /// none. Runs Python where the value that it had dies; `MemoryError`.
    pub fn set_own(&self, instance: &Value, name: &Value, value: &Value) -> Res<bool> {
        let vm = self.vm();
        let class = vm.type_of(instance);
        if !crate::types::classes::class::has_plain_dict(vm, class)
            || class.slots().getattr() != vm.types.object.slots().getattr()
        {
            return Ok(false);
        }
        let name = vm.intern_value(name.clone())?;
        vm.set_own_attr(instance, &name, Some(value))
    }
}

/// What a slot of attributes falls back to, and calls past attributes.
impl Cx {
    /// `object.__getattribute__(owner, name)`. Runs Python; `AttributeError`.
    pub fn plain_attr(&self, owner: &Value, name: &Value) -> Res {
        self.vm().generic_get_attr(owner, name)
    }
    /// `object.__setattr__(owner, name, value)`, or `__delattr__` without a value. Runs Python; `AttributeError`.
    pub fn set_plain_attr(&self, owner: &Value, name: &Value, value: Option<&Value>) -> Res<()> {
        self.vm().generic_set_attr(owner, name, value)
    }
    /// What a class's `__new__` makes, which is asked past the class's attributes, as a call of the class does. Runs Python; `TypeError` if
    /// the class has none.
    pub fn new_instance(&self, class: &Value, args: &Tuple, names: Option<&Dict>) -> Res {
        let vm = self.vm();
        let new = class.get::<TypeObj>().and_then(|class| class.slots().new());
        let Some(new) = new.filter(|_| self.makes_instances(class)) else {
            return Err(vm.type_error(format_args!("cannot create '{}' instances", self.type_name(class))));
        };
        let Some(names) = names.filter(|names| !names.is_empty()) else {
            let mut slots = vm.vector(args.len())?;
            slots.extend(args.as_slice().iter().cloned());
            return new.call(vm, class, CallArgs::pos(&slots));
        };
        self.spread(args.len(), args.as_slice().iter().cloned(), names, |vm, spread| {
            new.call(vm, class, spread)
        })
    }
}

/// What protocols ask of an object.
impl Cx {
    /// `owner.name`, of a name that [`Cx::intern`] gave, or nothing if there is no such attribute. Runs Python.
    pub fn attr_opt_of(&self, owner: &Value, name: &Value) -> Res<Option<Value>> {
        self.vm().get_attr_opt(owner, name)
    }
    /// `owner.name = value`, of a name that is any value. Runs Python; `TypeError` if it is no str.
    pub fn set_attr_of(&self, owner: &Value, name: &Value, value: &Value) -> Res<()> {
        self.vm().set_attr(owner, name, Some(value))
    }
    /// Whether a value is an iterator: whether it has a `__next__`.
    pub fn is_iterator(&self, value: &Value) -> bool {
        self.vm().slots(value).next().is_some()
    }
}

impl List {
    /// Moves the last so many values of a vector to its end.
    pub fn extend_from_last(
        &self,
        cx: &Cx,
        values: &mut ryokan_alloc::Vector<Value>,
        count: usize,
    ) -> Res<()> {
        self.reserve(cx, count)?;
        let from = values.len().saturating_sub(count);
        for at in from..values.len() {
            self.push(cx, values[at].take())?;
        }
        values.truncate(from);
        Ok(())
    }
}

/// The attributes of an instance that has no dict yet: their names, in order.
pub struct OwnAttributes {
    names: Vec<Word>,
    shape: ShapeId,
    first: u16,
}

impl OwnAttributes {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
    /// The name and the value of one, to look at; nothing if the instance is not what it was.
    #[inline]
    pub fn look(&self, cx: &Cx, instance: &Value, at: usize) -> Option<(Value, Value)> {
        let name = self.names.get(at)?;
        if instance.object().is_none() || instance.word().shape() != self.shape {
            return None;
        }
        // The type keeps the names of its shapes.
        let name = Value::clone(&Borrowed::new(*name));
        Some((name, cx.vm().word_slot(instance, self.first + at as u16).look()))
    }
}

/// Instances that are nothing but their class and their attributes.
impl Cx {
    /// A number that moves whenever a class changes.
    #[inline]
    pub fn class_epoch(&self) -> u32 {
        self.vm().epoch.get()
    }
    /// Whether all that `object.__reduce_ex__` tells of an object from protocol 2 on is its class and its own attributes, which are not looked
    /// at. Holds for all instances of the class until a class changes. Runs Python.
    pub fn is_plain_instance(&self, object: &Value) -> Res<bool> {
        crate::types::reduce::is_plain(self.vm(), object)
    }
    /// The own attributes of such an instance, if it has no dict yet, and they are none that this asks for.
    pub fn own_attributes(&self, instance: &Value, except: &[&Value]) -> Option<OwnAttributes> {
        let shape = self.vm().shape_of(instance)?;
        if shape.ext == 0 || shape.ext == EXT_AT_END || shape.dict_mode {
            return None;
        }
        let names = shape.names();
        if except.iter().any(|name| names.contains(&name.word())) {
            return None;
        }
        Some(OwnAttributes { names, shape: instance.word().shape(), first: shape.first })
    }
}
