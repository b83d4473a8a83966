//! `from module import *`.

use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// The items of an `__all__`, one index after the other, as long as it has them.
fn listed_names(vm: &Vm, all: &Value) -> Res<Value> {
    if all.exact::<List>().is_some() || all.exact::<Tuple>().is_some() {
        return Ok(all.clone());
    }
    let kind = vm.type_name(all);
    if all.has::<Dict>() {
        return Err(vm.type_error(format_args!("{kind} is not a sequence")));
    }
    if vm.slots(all).getitem().is_none() {
        return Err(vm.type_error(format_args!("'{kind}' object does not support indexing")));
    }
    let names = vm.new_list_with_capacity(0)?;
    loop {
        match vm.get_item(all, &vm.int(names.len() as i64)?) {
            Ok(name) => names.push(vm, name)?,
            Err(raised) if vm.raised_is(&raised, &vm.exc.IndexError) => {
                drop(vm.take_raised(raised));
                return Ok(names.into_value());
            }
            Err(raised) => return Err(raised),
        }
    }
}

/// `from module import *` into a namespace.
pub fn import_star(vm: &Vm, module: &Value, namespace: &Value) -> Res<()> {
    let (names, listed) = match vm.get_attr_opt(module, &vm.names.__all__)? {
        Some(all) => (vm.collect(&listed_names(vm, &all)?)?, true),
        None => match vm.get_attr_opt(module, &vm.names.__dict__)? {
            Some(dict) => (vm.collect(&dict)?, false),
            None => return Err(vm.import_error("from-import-* object has no __dict__ and no __all__")),
        },
    };
    for name in names {
        let Some(text) = name.get::<Str>() else {
            let owner = vm.get_attr(module, &vm.names.__name__)?;
            let (kind, owner) = (vm.type_name(&name), vm.text(&owner));
            return Err(vm.type_error(if listed {
                format!("Item in {owner}.__all__ must be str, not {kind}")
            } else {
                format!("Key in {owner}.__dict__ must be str, not {kind}")
            }));
        };
        if !listed && !text.is_empty() && text.chars().at(0) == u32::from(b'_') {
            continue;
        }
        let value = vm.get_attr(module, &name)?;
        match namespace.exact::<Dict>() {
            Some(dict) => dict.set_name(vm, &name, value)?,
            None => vm.set_item(namespace, &name, &value)?,
        }
    }
    Ok(())
}
