//! What copy and pickle ask of an object, as `object` answers: `__reduce_ex__`, `__reduce__`, `__getstate__`.
//!
//! Protocols 0 and 1 are the business of the module `copyreg`. From 2 on the answer names the function that makes a bare object, what
//! it is called with, the state, and the items of lists and dicts.

use super::facts;
use crate::object::Layout;
use crate::object::native::NativeFunction;
use crate::object::ty::TypeFlags;
use crate::raised::{Raised, Res};
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// `object.__reduce__`
pub fn reduce(vm: &Vm, this: &Value) -> Res {
    by_protocol(vm, this, 0)
}

/// `object.__reduce_ex__`: a class that defines `__reduce__` is asked by that.
pub fn reduce_ex(vm: &Vm, this: &Value, protocol: &Value) -> Res {
    let protocol = vm.index_long(protocol)?;
    if let Some(own) = vm.get_attr_opt(this, &vm.names.__reduce__)? {
        let of_class = vm.get_attr(&vm.type_of(this).to_value(), &vm.names.__reduce__)?;
        let default = vm.types.object.dict().get_name(&vm.names.__reduce__).cloned();
        if default.is_none_or(|default| !default.is(&of_class)) {
            return vm.call(&own, &[]);
        }
    }
    by_protocol(vm, this, protocol)
}

/// `object.__getstate__`
pub fn getstate(vm: &Vm, this: &Value) -> Res {
    default_state(vm, this, false)
}

fn copyreg(vm: &Vm, name: &str) -> Res {
    let module = vm.import_name("copyreg")?;
    vm.get_attr(&module, &vm.intern(name)?)
}

fn by_protocol(vm: &Vm, this: &Value, protocol: i64) -> Res {
    if protocol >= 2 {
        return reduce_to_new(vm, this);
    }
    vm.call(&copyreg(vm, "_reduce_ex")?, &[this.clone(), vm.int(protocol)?])
}

#[cold]
fn cannot_pickle(vm: &Vm, this: &Value) -> Raised {
    vm.type_error(format_args!("cannot pickle '{}' object", vm.type_name(this)))
}

fn reduce_to_new(vm: &Vm, this: &Value) -> Res {
    let ty = vm.type_of(this);
    let class = ty.to_value();
    if ty.slots().new().is_none() || ty.has(TypeFlags::NO_NEW) || facts::of(ty).forbids_new() {
        return Err(cannot_pickle(vm, this));
    }
    let (args, named) = new_arguments(vm, this)?;
    let has_args = args.is_some();
    let given = args.as_ref().and_then(|args| args.get::<Tuple>()).map_or(&[][..], Tuple::items);
    let (function, args) = match named {
        Some(named) if named.get::<Dict>().is_some_and(|named| !named.is_empty()) => {
            let args = args.clone().unwrap_or(vm.empty_tuple.clone());
            (copyreg(vm, "__newobj_ex__")?, vec![class, args, named])
        }
        _ => {
            let mut all = vec![class];
            all.extend(given.iter().cloned());
            (copyreg(vm, "__newobj__")?, all)
        }
    };
    let args = vm.new_tuple(args)?;
    let state = state_of(vm, this, !has_args && !this.has::<List>() && !this.has::<Dict>())?;
    let items = if this.has::<List>() { vm.iter(this)? } else { Value::NONE };
    let pairs = if this.has::<Dict>() {
        vm.iter(&vm.call_method(this, &vm.intern("items")?, &[])?)?
    } else {
        Value::NONE
    };
    vm.new_tuple(vec![function, args, state, items, pairs])
}

/// What `__new__` is called with, by position and by name, if the class says so.
fn new_arguments(vm: &Vm, this: &Value) -> Res<(Option<Value>, Option<Value>)> {
    if let Some(found) = vm.call_special(this, &vm.intern("__getnewargs_ex__")?, &[])? {
        let Some(pair) = found.get::<Tuple>() else {
            let kind = vm.type_name(&found);
            return Err(vm.type_error(format_args!("__getnewargs_ex__ should return a tuple, not '{kind}'")));
        };
        let [args, named] = pair.items() else {
            let len = pair.items().len();
            return Err(vm.value_error(format_args!(
                "__getnewargs_ex__ should return a tuple of length 2, not {len}"
            )));
        };
        for (at, value, right, what) in
            [("first", args, args.has::<Tuple>(), "tuple"), ("second", named, named.has::<Dict>(), "dict")]
        {
            if !right {
                let kind = vm.type_name(value);
                return Err(vm.type_error(format_args!(
                    "{at} item of the tuple returned by __getnewargs_ex__ must be a {what}, not '{kind}'"
                )));
            }
        }
        return Ok((Some(args.clone()), Some(named.clone())));
    }
    match vm.call_special(this, &vm.intern("__getnewargs__")?, &[])? {
        Some(args) if args.has::<Tuple>() => Ok((Some(args), None)),
        Some(other) => {
            let kind = vm.type_name(&other);
            Err(vm.type_error(format_args!("__getnewargs__ should return a tuple, not '{kind}'")))
        }
        None => Ok((None, None)),
    }
}

/// What `__getstate__` gives; the default fails where there is more to an object than it would keep, if that is `required`.
fn state_of(vm: &Vm, this: &Value, required: bool) -> Res {
    let method = vm.get_attr(this, &vm.intern("__getstate__")?)?;
    let is_default = method.exact::<NativeFunction>().is_some_and(|function| {
        function.this.is(this)
            && function.def.name == "__getstate__"
            && function.owner.is(vm.types.object.value())
    });
    if is_default { default_state(vm, this, required) } else { vm.call(&method, &[]) }
}

/// The dict of the instance, if there is something in it; and with it, the values of members, if there are some.
fn default_state(vm: &Vm, this: &Value, required: bool) -> Res {
    let facts = facts::of(vm.type_of(this));
    if required && facts.item_size() != 0 {
        return Err(vm.type_error(format_args!("cannot pickle {} objects", vm.type_name(this))));
    }
    let dict = match vm.instance_dict(this)? {
        Some(dict) if !dict.is_empty() => dict.to_value(),
        _ => Value::NONE,
    };
    let names = slot_names(vm, this)?;
    let count = names.get::<List>().map_or(0, List::len);
    if required && facts.has_more_than(count) {
        return Err(cannot_pickle(vm, this));
    }
    let mut slots = None;
    // Reading a member may change the list.
    for at in 0..count {
        let Some(name) = names.get::<List>().filter(|list| at < list.len()).map(|list| list.slot(at).clone())
        else {
            break;
        };
        if !name.has::<Str>() {
            return Err(
                vm.type_error(format_args!("attribute name must be string, not '{}'", vm.type_name(&name)))
            );
        }
        if let Some(value) = vm.get_attr_opt(this, &name)? {
            let kept = match &slots {
                Some(kept) => kept,
                None => slots.insert(vm.new_dict()?),
            };
            kept.set_item(vm, &name, value)?;
        }
    }
    match slots {
        Some(slots) => vm.new_tuple(vec![dict, slots.into_value()]),
        None => Ok(dict),
    }
}

/// Whether there is nothing to an object that `object.__reduce_ex__` would tell of it but its class and its own attributes: no class on its
/// way has a say, and it has neither members nor items. The object's own attributes are not looked at. Runs Python.
pub fn is_plain(vm: &Vm, this: &Value) -> Res<bool> {
    let ty = vm.type_of(this);
    if ty.layout != Layout::Instance
        || !ty.has(TypeFlags::HEAP)
        || ty.slots().getattr() != vm.types.object.slots().getattr()
    {
        return Ok(false);
    }
    let names = &vm.names;
    let unchanged = [&names.__reduce_ex__, &names.__reduce__, &names.__getstate__, &names.__class__];
    let absent = [&names.__getnewargs__, &vm.intern("__getnewargs_ex__")?];
    let base = &vm.types.object;
    if !unchanged.iter().all(|name| vm.same_attr(ty, base, name))
        || absent.iter().any(|name| ty.lookup(vm, name).is_some())
    {
        return Ok(false);
    }
    let facts = facts::of(ty);
    let cannot = ty.slots().new().is_none() || ty.has(TypeFlags::NO_NEW) || facts.forbids_new();
    if cannot || facts.item_size() != 0 || facts.has_more_than(0) {
        return Ok(false);
    }
    let members = slot_names(vm, this)?;
    Ok(members.is_none() || members.get::<List>().is_some_and(List::is_empty))
}

/// The list of the members' names, which the class may have ready; None if it has no such list.
fn slot_names(vm: &Vm, this: &Value) -> Res {
    let ty = vm.type_of(this);
    let known = ty.dict().get_name(&vm.intern("__slotnames__")?).cloned();
    let names = match known {
        Some(known) => known,
        None => vm.call(&copyreg(vm, "_slotnames")?, &[ty.to_value()])?,
    };
    if names.has::<List>() || names.is_none() {
        return Ok(names);
    }
    let kind = vm.type_of(this).full_name(vm);
    Err(vm.type_error(format_args!(
        "{kind}.__slotnames__ should be a list or None, not {}",
        vm.type_name(&names)
    )))
}
