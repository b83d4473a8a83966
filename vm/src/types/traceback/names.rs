//! What a name that was not found may have been meant to be.

use super::Traceback;
use crate::object::ty::TypeObj;
use crate::raised::Res;
use crate::suggest::closest;
use crate::types::exceptions::{Exception, Kind};
use crate::value::Value;
use crate::vm::Vm;

/// More names than these are not looked through.
const MOST_NAMES: usize = 750;
/// Longer names are not compared.
const LONGEST_NAME: usize = 40;

/// What to append to the message of a `NameError`, `AttributeError` or `ImportError`.
pub fn hint(vm: &Vm, exception: &Value) -> String {
    let Some(this) = exception.get::<Exception>() else { return String::new() };
    let field = match this.kind() {
        Kind::Import => this.field(Kind::Import, 3),
        kind @ (Kind::Name | Kind::Attribute) => this.field(kind, 0),
        _ => None,
    };
    let Some(name) = field.filter(|name| vm.is_str(name)) else { return String::new() };
    let text = vm.text(&name);
    let found = match this.kind() {
        Kind::Import => in_module(vm, this, &text),
        Kind::Attribute => in_object(vm, this, &text),
        _ => in_frame(vm, this, &name, &text),
    };
    let found = found.unwrap_or_else(|raised| {
        drop(vm.take_raised(raised));
        None
    });
    let mut hint = found.as_ref().map_or(String::new(), |found| format!(". Did you mean: '{found}'?"));
    if this.kind() == Kind::Name && is_module(vm, &name) {
        let ask = if found.is_some() { " Or did" } else { ". Did" };
        hint.push_str(&format!("{ask} you forget to import '{text}'?"));
    }
    hint
}

/// Whether the standard library has a module of that name.
fn is_module(vm: &Vm, name: &Value) -> bool {
    let listed = vm.sys_dict.get::<crate::types::dict::Dict>().and_then(|sys| {
        let key = vm.intern("stdlib_module_names").ok()?;
        sys.get_name(&key).cloned()
    });
    listed.is_some_and(|names| match vm.contains(&names, name) {
        Ok(answer) => answer,
        Err(raised) => {
            drop(vm.take_raised(raised));
            false
        }
    })
}

fn pick(name: &str, candidates: Vec<String>) -> Option<String> {
    if candidates.len() >= MOST_NAMES || name.chars().count() > LONGEST_NAME {
        return None;
    }
    closest(name, candidates.iter().map(String::as_str)).map(str::to_string)
}

/// The names that `dir` gives, sorted.
fn dir(vm: &Vm, object: &Value) -> Res<Vec<String>> {
    let name = vm.names.__dir__.clone();
    let listed = if object.has::<TypeObj>() {
        vm.call_special(object, &name, &[])?
    } else {
        let method = vm.get_attr(object, &name)?;
        Some(vm.call(&method, &[])?)
    };
    let Some(listed) = listed else { return Ok(Vec::new()) };
    let mut names: Vec<String> =
        vm.collect(&listed)?.iter().filter(|n| vm.is_str(n)).map(|n| vm.text(n).to_string()).collect();
    names.sort();
    Ok(names)
}

fn newest(this: &Exception) -> Value {
    let mut at = this.traceback.clone();
    while let Some(entry) = at.get::<Traceback>() {
        if entry.next.is_none() {
            break;
        }
        let next = entry.next.clone();
        at = next;
    }
    at
}

/// The newest frame's `self`, if it has one.
fn self_of(vm: &Vm, variables: &[(Value, Value)]) -> Option<Value> {
    variables.iter().find(|(name, _)| vm.text(name) == "self").map(|(_, value)| value.clone())
}

fn in_object(vm: &Vm, this: &Exception, name: &str) -> Res<Option<String>> {
    let object = this.field_or_none(Kind::Attribute, 1);
    let mut names = dir(vm, &object)?;
    let mut hide = !name.starts_with('_');
    if hide && let Some(entry) = newest(this).get::<Traceback>() {
        hide = !self_of(vm, &entry.variables(vm)).is_some_and(|this| this.is(&object));
    }
    if hide {
        names.retain(|n| !n.starts_with('_'));
    }
    Ok(pick(name, names))
}

fn in_module(vm: &Vm, this: &Exception, name: &str) -> Res<Option<String>> {
    let module = this.field_or_none(Kind::Import, 1);
    if !vm.is_str(&module) {
        return Ok(None);
    }
    let full = vm.text(&module);
    let top = vm.intern(full.split('.').next().unwrap_or_default())?;
    let modules = vm.modules.clone();
    let Some(module) = modules.get::<crate::types::dict::Dict>().and_then(|m| m.get_name(&top)).cloned()
    else {
        return Ok(None);
    };
    let mut names = dir(vm, &module)?;
    if !name.starts_with('_') {
        names.retain(|n| !n.starts_with('_'));
    }
    Ok(pick(name, names))
}

fn in_frame(vm: &Vm, this: &Exception, name: &Value, text: &str) -> Res<Option<String>> {
    let newest = newest(this);
    let Some(entry) = newest.get::<Traceback>() else { return Ok(None) };
    let variables = entry.variables(vm);
    let function = entry.function();
    let mut names: Vec<String> =
        variables.iter().filter(|(n, _)| vm.is_str(n)).map(|(n, _)| vm.text(n).to_string()).collect();
    for dict in [function.globals(), function.builtins()] {
        names.extend(dict.entries().filter(|e| vm.is_str(&e.key)).map(|e| vm.text(&e.key).to_string()));
    }
    if let Some(object) = self_of(vm, &variables)
        && vm
            .get_attr_opt(&object, name)
            .unwrap_or_else(|raised| {
                drop(vm.take_raised(raised));
                None
            })
            .is_some()
    {
        return Ok(Some(format!("self.{text}")));
    }
    Ok(pick(text, names))
}
