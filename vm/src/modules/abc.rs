//! `_abc`: which classes count as subclasses of an abstract one, remembered by class.
//!
//! A set of classes is a dict from ids to weak references: asking it runs no Python. A reference whose class has died may stand under the
//! id of another one, so what is found is compared; the dead are swept when a set has grown to twice its size.

use std::cell::Cell;

use crate::native::*;
use crate::object::ty::{TypeFlags, TypeObj};
use crate::types::facts::TpFlags;
use crate::types::weakref::WeakRef;

crate::native_state! {
    /// What all abstract classes share.
    struct State {
        /// How often a class was registered: what is remembered as no subclass holds until the next time.
        counter: Cell<u64>,
    }
}

crate::native_type! {
    /// What an abstract class remembers.
    "_abc._abc_data" = pub struct AbcData {
        registry: Slot,
        positive: Slot,
        negative: Slot,
        version: Cell<u64>,
        /// How many entries a set may have before the dead are swept.
        room: Cell<usize>,
    }
    flags: HIDDEN;
    new() = new_data;
}

crate::native_module! {
    /// The part of abstract base classes that has to be fast.
    "_abc" {
        types { AbcData }
        functions {
            /// A token that changes with each class that is registered with any abstract class.
            get_cache_token();
            /// Prepares a class: gathers the names of its abstract methods.
            _abc_init(self_: Value, /), shows = "($module, self, /)";
            /// Makes a class count as a subclass; gives the class.
            _abc_register(self_: Value, subclass: Value, /), shows = "($module, self, subclass, /)";
            /// What isinstance() asks an abstract class.
            _abc_instancecheck(self_: Value, instance: Value, /), shows = "($module, self, instance, /)";
            /// What issubclass() asks an abstract class.
            _abc_subclasscheck(self_: Value, subclass: Value, /), shows = "($module, self, subclass, /)";
            /// For tests: the registry, what is remembered as a subclass and as none, and since when.
            _get_dump(self_: Value, /), shows = "($module, self, /)";
            /// For tests: forgets which classes are registered.
            _reset_registry(self_: Value, /), shows = "($module, self, /)";
            /// For tests: forgets what is remembered.
            _reset_caches(self_: Value, /), shows = "($module, self, /)";
        }
    }
}

fn empty_data(cx: &Cx) -> Res<AbcData> {
    let (registry, positive, negative) = (Dict::new(cx)?, Dict::new(cx)?, Dict::new(cx)?);
    Ok(AbcData {
        registry: Slot::new(registry.into_value()),
        positive: Slot::new(positive.into_value()),
        negative: Slot::new(negative.into_value()),
        version: Cell::new(cx.state::<State>()?.counter.get()),
        room: Cell::new(32),
    })
}

fn new_data(cx: &Cx, class: &Value) -> Res {
    let data = empty_data(cx)?;
    cx.new_of(class, data)
}

fn get_cache_token(cx: &Cx) -> Res<u64> {
    Ok(cx.state::<State>()?.counter.get())
}

/// The data of an abstract class.
fn data_of(cx: &Cx, class: &Value) -> Res {
    let data = cx.attr(class, "_abc_impl")?;
    match data.body::<AbcData>() {
        Some(_) => Ok(data),
        None => Err(cx.type_error("_abc_impl is set to a wrong type")),
    }
}

fn body(data: &Value) -> &AbcData {
    data.body::<AbcData>().expect("data_of has looked")
}

fn set_of(slot: &Slot) -> Option<Dict> {
    Dict::of(&slot.get())
}

fn key(cx: &Cx, class: &Value) -> Res {
    cx.id(class).into_value(cx)
}

/// Whether a set has a class.
fn has(cx: &Cx, slot: &Slot, class: &Value) -> Res<bool> {
    let Some(set) = set_of(slot).filter(|set| !set.is_empty()) else { return Ok(false) };
    let found = set.get(cx, &key(cx, class)?)?;
    let alive = found.as_ref().and_then(|found| found.get::<WeakRef>()).and_then(WeakRef::upgrade);
    Ok(alive.is_some_and(|alive| alive.is(class)))
}

/// Adds a class to a set.
fn add(cx: &Cx, data: &AbcData, slot: &Slot, class: &Value) -> Res<()> {
    let Some(set) = set_of(slot) else { return Ok(()) };
    if set.len() >= data.room.get() {
        let mut dead = Vec::new();
        let mut at = 0;
        while let Some((next, key, reference)) = set.next_item(at) {
            at = next;
            if reference.get::<WeakRef>().is_none_or(|reference| reference.upgrade().is_none()) {
                dead.push(key);
            }
        }
        for key in &dead {
            set.remove(cx, key)?;
        }
        data.room.set(set.len() * 2 + 32);
    }
    let reference = cx.call(&cx.vm().types.weakref.to_value(), (class,))?;
    set.set(cx, &key(cx, class)?, reference)
}

/// The classes of a set that live.
fn living(slot: &Slot) -> Vec<Value> {
    let mut found = Vec::new();
    let Some(set) = set_of(slot) else { return found };
    let mut at = 0;
    while let Some((next, _, reference)) = set.next_item(at) {
        at = next;
        found.extend(reference.get::<WeakRef>().and_then(WeakRef::upgrade));
    }
    found
}

fn is_abstract(cx: &Cx, value: &Value) -> Res<bool> {
    match cx.attr_opt(value, "__isabstractmethod__")? {
        Some(flag) => cx.truth(&flag),
        None => Ok(false),
    }
}

/// What the class declares itself to be for patterns.
const COLLECTIONS: [(TpFlags, TypeFlags); 2] =
    [(TpFlags::SEQUENCE, TypeFlags::SEQUENCE), (TpFlags::MAPPING, TypeFlags::MAPPING)];

fn _abc_init(cx: &Cx, class: Value) -> Res<()> {
    let names = cx.attr(&class, "__dict__")?;
    let found = cx.vm().new_set()?;
    for item in cx.vm().collect(&cx.call_method(&names, "items", ())?)? {
        let pair = cx.vm().collect(&item)?;
        if let [name, value] = &pair[..]
            && is_abstract(cx, value)?
        {
            found.add(cx.vm(), name.clone())?;
        }
    }
    for base in cx.vm().collect(&cx.attr(&class, "__bases__")?)? {
        let Some(inherited) = cx.attr_opt(&base, "__abstractmethods__")? else { continue };
        for name in cx.vm().collect(&inherited)? {
            let value = cx.vm().get_attr_opt(&class, &name)?;
            if let Some(value) = value
                && is_abstract(cx, &value)?
            {
                found.add(cx.vm(), name)?;
            }
        }
    }
    let names = cx.vm().frozenset(&cx.vm().collect(found.value())?)?;
    cx.set_attr(&class, "__abstractmethods__", names)?;
    let data = cx.new(empty_data(cx)?)?;
    cx.set_attr(&class, "_abc_impl", data)?;
    // A class of the library says in its own dict which patterns it matches.
    let Some(ty) = class.get::<TypeObj>() else { return Ok(()) };
    let key = cx.intern("__abc_tpflags__")?;
    if let Some(flags) = ty.dict().get_name(&key).cloned() {
        let Some(flags) = cx.small_int(&flags) else { return Ok(()) };
        let flags = TpFlags::from_bits_truncate(flags as u32);
        let asked: Vec<TypeFlags> =
            COLLECTIONS.iter().filter(|row| flags.contains(row.0)).map(|row| row.1).collect();
        match asked[..] {
            [] => {}
            [flag] => ty.add_flags(flag),
            _ => {
                return Err(cx.type_error(
                    "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING",
                ));
            }
        }
        ty.dict().remove_name(&key);
    }
    Ok(())
}

/// Lets a class, and all that derive from it, match patterns as the class does that it was registered with.
fn set_flags(cx: &Cx, class: &Value, flag: TypeFlags) -> Res<()> {
    cx.check_stack()?;
    let Some(ty) = class.get::<TypeObj>() else { return Ok(()) };
    if ty.has(TypeFlags::SEQUENCE | TypeFlags::MAPPING) || !ty.has(TypeFlags::HEAP) {
        return Ok(());
    }
    ty.add_flags(flag);
    ty.subclasses().iter().try_for_each(|sub| set_flags(cx, sub.value(), flag))
}

fn _abc_register(cx: &Cx, class: Value, subclass: Value) -> Res {
    if !subclass.has::<TypeObj>() {
        return Err(cx.type_error("Can only register classes"));
    }
    if cx.vm().is_subclass_of(&subclass, &class)? {
        return Ok(subclass);
    }
    if cx.vm().is_subclass_of(&class, &subclass)? {
        return Err(cx.runtime_error("Refusing to create an inheritance cycle"));
    }
    let data = data_of(cx, &class)?;
    add(cx, body(&data), &body(&data).registry, &subclass)?;
    let state = cx.state::<State>()?;
    state.counter.set(state.counter.get() + 1);
    if let Some(ty) = class.get::<TypeObj>() {
        for flag in [TypeFlags::SEQUENCE, TypeFlags::MAPPING] {
            if ty.has(flag) {
                set_flags(cx, &subclass, flag)?;
            }
        }
    }
    Ok(subclass)
}

fn _abc_instancecheck(cx: &Cx, class: Value, instance: Value) -> Res {
    let data = data_of(cx, &class)?;
    let claimed = cx.vm().get_attr_opt(&instance, &cx.vm().names.__class__)?;
    let claimed = claimed.unwrap_or_else(|| cx.class_of(&instance));
    if has(cx, &body(&data).positive, &claimed)? {
        return Ok(Value::TRUE);
    }
    let real = cx.class_of(&instance);
    if real.is(&claimed) {
        let current = body(&data).version.get() == cx.state::<State>()?.counter.get();
        if current && has(cx, &body(&data).negative, &claimed)? {
            return Ok(Value::FALSE);
        }
        return cx.call_method(&class, "__subclasscheck__", (claimed,));
    }
    let answer = cx.call_method(&class, "__subclasscheck__", (claimed,))?;
    if cx.truth(&answer)? {
        return Ok(answer);
    }
    cx.call_method(&class, "__subclasscheck__", (real,))
}

fn _abc_subclasscheck(cx: &Cx, class: Value, subclass: Value) -> Res<bool> {
    if !subclass.has::<TypeObj>() {
        return Err(cx.type_error("issubclass() arg 1 must be a class"));
    }
    let value = data_of(cx, &class)?;
    let data = body(&value);
    if has(cx, &data.positive, &subclass)? {
        return Ok(true);
    }
    let counter = cx.state::<State>()?.counter.get();
    if data.version.get() < counter {
        data.negative.set(Dict::new(cx)?.into_value());
        data.version.set(counter);
    } else if has(cx, &data.negative, &subclass)? {
        return Ok(false);
    }
    let hooked = cx.call_method(&class, "__subclasshook__", (&subclass,))?;
    if hooked.is(&Value::TRUE) {
        add(cx, data, &data.positive, &subclass)?;
        return Ok(true);
    }
    if hooked.is(&Value::FALSE) {
        add(cx, data, &data.negative, &subclass)?;
        return Ok(false);
    }
    if !hooked.is(&Value::NOT_IMPLEMENTED) {
        let error = cx.vm().builtin("AssertionError")?;
        return Err(cx.raise(&error, "__subclasshook__ must return either False, True, or NotImplemented"));
    }
    let direct = match (subclass.get::<TypeObj>(), class.get::<TypeObj>()) {
        (Some(sub), Some(class)) => sub.is_subtype(class),
        _ => false,
    };
    if direct {
        add(cx, data, &data.positive, &subclass)?;
        return Ok(true);
    }
    if has(cx, &data.registry, &subclass)? {
        return Ok(true);
    }
    if is_below(cx, &class, data, &subclass)? {
        add(cx, data, &data.positive, &subclass)?;
        return Ok(true);
    }
    add(cx, data, &data.negative, &subclass)?;
    Ok(false)
}

/// Whether a class is a subclass of one that is registered, or of a subclass.
fn is_below(cx: &Cx, class: &Value, data: &AbcData, subclass: &Value) -> Res<bool> {
    for registered in living(&data.registry) {
        if cx.vm().is_subclass_of(subclass, &registered)? {
            return Ok(true);
        }
    }
    let subclasses = cx.call_method(class, "__subclasses__", ())?;
    if List::of(&subclasses).is_none() {
        return Err(cx.type_error("__subclasses__() must return a list"));
    }
    for sub in cx.vm().collect(&subclasses)? {
        if cx.vm().is_subclass_of(subclass, &sub)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn _get_dump(cx: &Cx, class: Value) -> Res {
    let value = data_of(cx, &class)?;
    let data = body(&value);
    let shown = |slot: &Slot| -> Res {
        let set = cx.vm().new_set()?;
        for class in living(slot) {
            set.add(cx.vm(), cx.call(&cx.vm().types.weakref.to_value(), (class,))?)?;
        }
        Ok(set.into_value())
    };
    (shown(&data.registry)?, shown(&data.positive)?, shown(&data.negative)?, data.version.get())
        .into_value(cx)
}

fn _reset_registry(cx: &Cx, class: Value) -> Res<()> {
    let value = data_of(cx, &class)?;
    body(&value).registry.set(Dict::new(cx)?.into_value());
    Ok(())
}

fn _reset_caches(cx: &Cx, class: Value) -> Res<()> {
    let value = data_of(cx, &class)?;
    body(&value).positive.set(Dict::new(cx)?.into_value());
    body(&value).negative.set(Dict::new(cx)?.into_value());
    Ok(())
}
