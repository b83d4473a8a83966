//! `_weakref`: weak references as the module `weakref` needs them. What they are is in `types/weakref/`.

use crate::modules::add;
use crate::object::call::Args;
use crate::object::native::{Call, Method, method};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::weakref::{WeakRef, proxy};
use crate::value::Value;
use crate::vm::Vm;

/// `_weakref.__doc__`
pub const DOC: &str = "References that do not keep their object alive.";

/// The rows.
pub static FUNCTIONS: &[Method] = &[
    method(
        "getweakrefcount",
        "(object, /)",
        Call::Slice(|vm, args| vm.int(vm.weak.count(&args[0]) as i64)),
        "How many weak references and proxies an object has.",
    ),
    method(
        "getweakrefs",
        "(object, /)",
        Call::Slice(|vm, args| vm.new_list(vm.weak.all(&args[0]))),
        "The weak references and proxies of an object, as a list.",
    ),
    method(
        "proxy",
        "(object, callback=None, /)",
        Call::Full(|vm, args: Args<'_>| proxy(vm, args)),
        "A proxy for an object: what is done to it is done to the object, as long as that lives;\nthen there is a ReferenceError. \
         callback is called with the proxy when the object dies.",
    ),
    method(
        "_remove_dead_weakref",
        "(dct, key, /)",
        Call::Slice(remove_dead),
        "Removes an item from a dict if its value is a weak reference to an object that is dead.",
    ),
];

/// Adds the types.
pub fn fill(vm: &Vm, dict: &Dict) -> Res<()> {
    add(vm, dict, "ref", vm.types.weakref.to_value())?;
    add(vm, dict, "ReferenceType", vm.types.weakref.to_value())?;
    add(vm, dict, "ProxyType", vm.types.weakproxy.to_value())?;
    add(vm, dict, "CallableProxyType", vm.types.callable_proxy.to_value())
}

fn remove_dead(vm: &Vm, args: &[Value]) -> Res {
    let Some(dict) = args[0].get::<Dict>() else {
        let kind = vm.type_name(&args[0]);
        return Err(vm.type_error(format_args!("_remove_dead_weakref() argument 1 must be dict, not {kind}")));
    };
    let Some(found) = dict.get_item(vm, &args[1])? else { return Ok(Value::NONE) };
    let Some(reference) = found.get::<WeakRef>() else {
        return Err(vm.type_error("not a weakref"));
    };
    if reference.upgrade().is_none() {
        drop(dict.remove(vm, &args[1], vm.hash(&args[1])?)?);
    }
    Ok(Value::NONE)
}
