//! `TypeAliasType`: what a `type` statement binds.

use super::lazy::{Lazy, no_default};
use super::{as_arguments, bound_arguments, calling_module, default_of, unpacked};
use crate::native::*;
use crate::types::function::Function;

crate::native_type! {
    /// Another name for a type, as type Pair[T] = tuple[T, T] makes it. Its value is computed when it is
    /// first asked for, so that it may name what is defined later, or itself.
    "typing.TypeAliasType" = pub struct TypeAliasType { name: Slot, type_params: Maybe, value: Lazy, module: Maybe }
    flags: UNIONABLE;
    new(*args, **names) = new_alias;
    slots { repr = alias_name; getitem = subscript; iter = alias_iter; }
    number { Or = either; }
    getters {
        __value__ = alias_value;
        __type_params__ = alias_type_params;
        __parameters__ = alias_parameters;
        __module__ = alias_module;
        evaluate_value = |cx: &Cx, this: This<TypeAliasType>| this.value.evaluator(cx);
    }
    members {
        __name__ = |_, this: This<TypeAliasType>| this.name.get();
    }
    methods {
        __reduce__() = alias_reduce;
    }
}

impl TypeAliasType {
    /// That of a statement; its type parameters are a tuple or None.
    pub fn of_statement(cx: &Cx, name: &Value, type_params: &Value, compute: &Value) -> Res {
        let type_params = Maybe::new(Tuple::exact(type_params).map_or(Value::UNBOUND, Tuple::into_value));
        let (name, value) = (Slot::new(name.clone()), Lazy::computed(compute));
        Ok(cx.new(TypeAliasType { name, type_params, value, module: Maybe::EMPTY })?.into_value())
    }
}

fn new_alias(cx: &Cx, class: &Value, args: Args) -> Res {
    let slots = bound_arguments(cx, "typealias", "(name, value, *, type_params=())", args)?;
    let given = |at: usize| slots.get(at).and_then(Value::bound).cloned();
    let type_params = match given(2) {
        None => Maybe::EMPTY,
        Some(given) => {
            let Some(params) = Tuple::of(&given) else {
                return Err(cx.type_error("type_params must be a tuple"));
            };
            check_params(cx, &params)?;
            Maybe::new(if params.is_empty() { Value::UNBOUND } else { given })
        }
    };
    let body = TypeAliasType {
        name: Slot::new(given(0).unwrap_or_default()),
        type_params,
        value: Lazy::known(given(1).unwrap_or_default()),
        module: Maybe::new(calling_module(cx).unwrap_or(Value::UNBOUND)),
    };
    cx.new_of(class, body)
}

/// `TypeError` unless all are type parameters, those with a default behind those without.
fn check_params(cx: &Cx, params: &Tuple) -> Res<()> {
    let mut had_default = false;
    for param in params.as_slice() {
        let Some(default) = default_of(param) else {
            return Err(cx.type_error(format_args!("Expected a type param, got {}", cx.repr(param)?)));
        };
        let missing = default.get(cx)?.is_none_or(|found| no_default(cx).is_ok_and(|none| found.is(&none)));
        if missing && had_default {
            return Err(cx.type_error(format_args!(
                "non-default type parameter '{}' follows default type parameter",
                cx.repr(param)?
            )));
        }
        had_default |= !missing;
    }
    Ok(())
}

fn alias_name(_: &Cx, this: This<TypeAliasType>) -> Value {
    this.name.get()
}
fn either(cx: &Cx, left: &Value, right: &Value) -> Res {
    crate::types::union::of_types(cx.vm(), left, right)
}
fn subscript(cx: &Cx, this: This<TypeAliasType>, item: &Value) -> Res {
    if !this.type_params.is_some() {
        return Err(cx.type_error("Only generic type aliases are subscriptable"));
    }
    cx.generic_alias(this.value(), item)
}
fn alias_iter(cx: &Cx, this: This<TypeAliasType>) -> Res {
    unpacked(cx, this.value())
}
fn alias_value(cx: &Cx, this: This<TypeAliasType>) -> Res<Option<Value>> {
    this.value.get(cx)
}
fn alias_type_params(cx: &Cx, this: This<TypeAliasType>) -> Res {
    this.type_params.get().map_or_else(|| Ok(cx.vm().empty_tuple.clone()), Ok)
}
fn alias_parameters(cx: &Cx, this: This<TypeAliasType>) -> Res {
    as_arguments(cx, &alias_type_params(cx, this)?)
}
/// The module of who made it: of the function of its value, where a statement did.
fn alias_module(_: &Cx, this: This<TypeAliasType>) -> Value {
    let compute = this.value.function();
    let of_function = || compute.as_ref()?.get::<Function>()?.module.bound().cloned();
    this.module.get().or_else(of_function).unwrap_or(Value::NONE)
}
fn alias_reduce(_: &Cx, this: This<TypeAliasType>) -> Value {
    this.name.get()
}
