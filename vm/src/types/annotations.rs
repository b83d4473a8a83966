//! `__annotate__` and `__annotations__` of functions, classes and modules (PEP 649 and 749).
//!
//! Annotations are computed when somebody asks for them: by a function of a format, of which the compiler's knows but one. What it has
//! computed is kept. Who sets the one attribute makes the other one forget.

use crate::object::ty::{TypeFlags, TypeObj};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::module::Module;
use crate::types::type_type;
use crate::value::Value;
use crate::vm::Vm;

/// The format of values (`annotationlib.Format.VALUE`).
const VALUE: i64 = 1;

/// What a function of annotations gives: a dict.
fn compute(vm: &Vm, annotate: &Value) -> Res {
    let made = vm.call(annotate, &[Value::small(VALUE)])?;
    if made.has::<Dict>() {
        return Ok(made);
    }
    let kind = vm.type_name(&made);
    Err(vm.type_error(format_args!("__annotate__ returned non-dict of type '{kind}'")))
}

fn is_callable(vm: &Vm, value: &Value) -> bool {
    vm.slots(value).call().is_some()
}

/// Refuses what is neither None nor can be called.
fn check_annotate(vm: &Vm, value: &Value) -> Res<()> {
    if value.is_none() || is_callable(vm, value) {
        return Ok(());
    }
    Err(vm.type_error("__annotate__ must be callable or None"))
}

// ---- functions -----------------------------------------------------------------------------------------------------

fn function(value: &Value) -> &Function {
    value.get().expect("a method of function is called with a function")
}

/// `__annotations__` of a function.
pub fn function_annotations(vm: &Vm, this: &Value) -> Res {
    let this = function(this);
    if this.annotations.is_unbound() {
        let annotate = this.annotate.bound().filter(|annotate| !annotate.is_none()).cloned();
        let made =
            annotate.map_or_else(|| Ok(vm.new_dict()?.into_value()), |annotate| compute(vm, &annotate))?;
        this.annotations.set(made);
    }
    Ok(this.annotations.bound().cloned().unwrap_or(Value::NONE))
}

/// Sets or deletes `__annotations__` of a function.
pub fn set_function_annotations(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    let value = match value.filter(|value| !value.is_none()) {
        Some(value) if value.has::<Dict>() => value.clone(),
        Some(_) => return Err(vm.type_error("__annotations__ must be set to a dict object")),
        None => Value::UNBOUND,
    };
    function(this).annotations.set(value);
    function(this).annotate.set(Value::NONE);
    Ok(())
}

/// `__annotate__` of a function.
pub fn function_annotate(_: &Vm, this: &Value) -> Res {
    Ok(function(this).annotate.bound().cloned().unwrap_or(Value::NONE))
}

/// Sets `__annotate__` of a function.
pub fn set_function_annotate(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(vm.type_error("__annotate__ cannot be deleted")) };
    check_annotate(vm, value)?;
    function(this).annotate.set(value.clone());
    if !value.is_none() {
        function(this).annotations.set(Value::UNBOUND);
    }
    Ok(())
}

/// A function gets the function of its annotations, which is called after it.
pub fn attach(vm: &Vm, owner: &Function, annotate: Value) -> Res<()> {
    if let Some(annotate) = annotate.get::<Function>() {
        annotate.qualname.set(vm.str_concat(&[&vm.text(&owner.qualname), ".__annotate__"])?);
    }
    owner.annotate.set(annotate);
    Ok(())
}

// ---- classes -------------------------------------------------------------------------------------------------------

fn class(value: &Value) -> &TypeObj {
    value.get().expect("a method of type is called with a type")
}

/// An entry of a class's own dict, as the class shows it.
fn own(vm: &Vm, this: &Value, name: &Value) -> Res<Option<Value>> {
    let Some(found) = class(this).dict().get_name(name).cloned() else { return Ok(None) };
    match vm.slots(&found).get() {
        Some(get) => get.call(vm, &found, None, this).map(Some),
        None => Ok(Some(found)),
    }
}

/// Takes entries out of a class's dict; says whether there were any.
fn remove(vm: &Vm, this: &Value, names: &[&Value]) -> Res<bool> {
    let mut any = false;
    for name in names {
        if class(this).dict().get_name(name).is_some() {
            type_type::put(vm, this, name, None)?;
            any = true;
        }
    }
    Ok(any)
}

/// `__annotations__` of a class.
pub fn class_annotations(vm: &Vm, this: &Value) -> Res {
    let names = &vm.names;
    if !class(this).has(TypeFlags::HEAP) {
        return Err(vm.no_attribute(this, &names.__annotations__));
    }
    // Under `from __future__ import annotations` the body has filled a dict.
    for name in [&names.__annotations__, &names.__annotations_cache__] {
        if let Some(found) = own(vm, this, name)? {
            return Ok(found);
        }
    }
    let annotate = vm.get_attr(this, &names.__annotate__)?;
    let made = if is_callable(vm, &annotate) { compute(vm, &annotate)? } else { vm.new_dict()?.into_value() };
    type_type::put(vm, this, &names.__annotations_cache__, Some(&made))?;
    Ok(made)
}

/// Sets or deletes `__annotations__` of a class.
pub fn set_class_annotations(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    let names = &vm.names;
    type_type::heap_only(vm, class(this), "__annotations__")?;
    let plain = class(this).dict().get_name(&names.__annotations__).is_some();
    let place = if plain { &names.__annotations__ } else { &names.__annotations_cache__ };
    match value {
        Some(_) => type_type::put(vm, this, place, value)?,
        None if !remove(vm, this, &[place])? => return Err(vm.attribute_error("__annotations__")),
        None => {}
    }
    remove(vm, this, &[&names.__annotate_func__, &names.__annotate__]).map(drop)
}

/// `__annotate__` of a class.
pub fn class_annotate(vm: &Vm, this: &Value) -> Res {
    let names = &vm.names;
    if !class(this).has(TypeFlags::HEAP) {
        return Err(vm.no_attribute(this, &names.__annotate__));
    }
    for name in [&names.__annotate__, &names.__annotate_func__] {
        if let Some(found) = own(vm, this, name)? {
            return Ok(found);
        }
    }
    type_type::put(vm, this, &names.__annotate_func__, Some(&Value::NONE))?;
    Ok(Value::NONE)
}

/// Sets `__annotate__` of a class.
pub fn set_class_annotate(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    type_type::heap_only(vm, class(this), "__annotate__")?;
    let Some(value) = value else { return Err(vm.type_error("cannot delete __annotate__ attribute")) };
    check_annotate(vm, value)?;
    type_type::put(vm, this, &vm.names.__annotate_func__, Some(value))?;
    if !value.is_none() {
        remove(vm, this, &[&vm.names.__annotations_cache__])?;
    }
    Ok(())
}

// ---- modules -------------------------------------------------------------------------------------------------------

fn namespace(value: &Value) -> &Dict {
    value.get::<Module>().expect("a method of module is called with a module").dict()
}

/// `__annotations__` of a module.
pub fn module_annotations(vm: &Vm, this: &Value) -> Res {
    let names = &vm.names;
    if let Some(found) = namespace(this).get_name(&names.__annotations__) {
        return Ok(found.clone());
    }
    let unfinished = is_initializing(vm, this)?;
    let annotate = namespace(this).get_name(&names.__annotate__).cloned();
    let made = match annotate.filter(|annotate| is_callable(vm, annotate)) {
        Some(annotate) => compute(vm, &annotate)?,
        None => vm.new_dict()?.into_value(),
    };
    // While the module's body runs, more may come.
    if !unfinished {
        namespace(this).set_name(vm, &names.__annotations__, made.clone())?;
    }
    Ok(made)
}

/// Whether a module is being imported, as its spec says.
fn is_initializing(vm: &Vm, this: &Value) -> Res<bool> {
    let Some(spec) = namespace(this).get_name(&vm.names.__spec__).filter(|spec| !spec.is_none()).cloned()
    else {
        return Ok(false);
    };
    let found = vm.get_attr_opt(&spec, &vm.intern("_initializing")?)?;
    found.map_or(Ok(false), |found| vm.truth(&found))
}

/// Sets or deletes `__annotations__` of a module.
pub fn set_module_annotations(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    let (dict, names) = (namespace(this), &vm.names);
    match value {
        Some(value) => dict.set_name(vm, &names.__annotations__, value.clone())?,
        None if dict.remove_name(&names.__annotations__).is_none() => {
            return Err(vm.attribute_error("__annotations__"));
        }
        None => {}
    }
    drop(namespace(this).remove_name(&names.__annotate__));
    Ok(())
}

/// `__annotate__` of a module.
pub fn module_annotate(vm: &Vm, this: &Value) -> Res {
    let (dict, name) = (namespace(this), &vm.names.__annotate__);
    if let Some(found) = dict.get_name(name) {
        return Ok(found.clone());
    }
    dict.set_name(vm, name, Value::NONE)?;
    Ok(Value::NONE)
}

/// Sets `__annotate__` of a module.
pub fn set_module_annotate(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(vm.type_error("cannot delete __annotate__ attribute")) };
    check_annotate(vm, value)?;
    namespace(this).set_name(vm, &vm.names.__annotate__, value.clone())?;
    if !value.is_none() {
        drop(namespace(this).remove_name(&vm.names.__annotations__));
    }
    Ok(())
}
