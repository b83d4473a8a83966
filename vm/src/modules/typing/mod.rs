//! `_typing`: type variables, aliases and the base of generic classes, as the compiler makes them (PEP 695 and 696).
//!
//! | file | what |
//! |---|---|
//! | `lazy.rs` | a value that is computed when somebody asks; `NoDefault` |
//! | `variables.rs` | `TypeVar`, `TypeVarTuple` |
//! | `paramspec.rs` | `ParamSpec`, its `args` and `kwargs` |
//! | `alias.rs` | `TypeAliasType` |
//! | `generic.rs` | `Generic` |
//!
//! What is rarely done (substituting type variables, checking types, subscripting generic classes) is Python's, in `typing`: it is
//! imported when it is needed.

mod alias;
mod generic;
mod lazy;
mod paramspec;
mod variables;

use ryokan_bytecode::TypeForm;

use crate::native::*;
use crate::object::ty::TypeDef;
use crate::types::function::Function;
use crate::vm::Vm;

use alias::TypeAliasType;
use lazy::Lazy;
use paramspec::{ParamSpec, ParamSpecArgs, ParamSpecKwargs};
use variables::{TypeVar, TypeVarTuple};

crate::native_module! {
    /// What the module typing is built on.
    "_typing" {
        types { TypeVar, ParamSpec, TypeVarTuple, ParamSpecArgs, ParamSpecKwargs, TypeAliasType }
        classes { "Generic" = &generic::GENERIC; }
        fill = fill;
        functions {
            /// Gives its argument.
            _idfunc(x: Value, /) = same;
        }
    }
}

fn fill(module: &Filler) -> Res<()> {
    module.add("Union", module.cx().vm().types.union_type.to_value())?;
    module.add("NoDefault", lazy::no_default(module.cx())?)
}

fn same(_: &Cx, x: Value) -> Value {
    x
}

/// What `BUILD_TYPE_FORM` makes of its arguments: as many as the verifier has seen, but in code that the compiler has not made of any
/// types.
pub fn build(vm: &Vm, form: u32, args: &[Value]) -> Res {
    let cx = Cx::of(vm);
    let form = TypeForm::from_arg(form);
    let unnamed = matches!(form, Some(TypeForm::Generic | TypeForm::SetDefault | TypeForm::SetTypeParams));
    if !unnamed && !args.first().is_some_and(|name| cx.is_str(name)) {
        return Err(cx.system_error("the name of a type parameter or alias is no str"));
    }
    match (form, args) {
        (Some(TypeForm::TypeVar), [name]) => {
            TypeVar::of_parameter(cx, name, Lazy::default(), Lazy::default())
        }
        (Some(TypeForm::TypeVarBound), [name, bound]) => {
            TypeVar::of_parameter(cx, name, Lazy::computed(bound), Lazy::default())
        }
        (Some(TypeForm::TypeVarConstraints), [name, constraints]) => {
            TypeVar::of_parameter(cx, name, Lazy::default(), Lazy::computed(constraints))
        }
        (Some(TypeForm::ParamSpec), [name]) => ParamSpec::of_parameter(cx, name),
        (Some(TypeForm::TypeVarTuple), [name]) => TypeVarTuple::of_parameter(cx, name),
        (Some(TypeForm::TypeAlias), [name, params, value]) => {
            TypeAliasType::of_statement(cx, name, params, value)
        }
        (Some(TypeForm::Generic), [params]) => generic::base(cx, params),
        (Some(TypeForm::SetDefault), [param, compute]) => {
            if let Some(default) = default_of(param) {
                default.compute_by(compute);
            }
            Ok(param.clone())
        }
        (Some(TypeForm::SetTypeParams), [function, params]) => {
            if let (Some(function), true) = (function.get::<Function>(), Tuple::exact(params).is_some()) {
                function.type_params.set(params.clone());
            }
            Ok(function.clone())
        }
        _ => Err(cx.system_error("a form of types that is not known")),
    }
}

/// The default of a type parameter, if it is one.
fn default_of(param: &Value) -> Option<&Lazy> {
    let variable = param.body::<TypeVar>().map(TypeVar::default);
    let many = param.body::<TypeVarTuple>().map(TypeVarTuple::default);
    let spec = param.body::<ParamSpec>().map(ParamSpec::default);
    variable.or(many).or(spec)
}

/// Calls a function of `typing`. Runs Python; `ImportError`.
fn call_typing(cx: &Cx, function: &str, args: impl Arguments) -> Res {
    let typing = cx.import("typing")?;
    cx.call(&cx.attr(&typing, function)?, args)
}

/// `typing.Unpack[value]`
fn unpack(cx: &Cx, value: &Value) -> Res {
    let typing = cx.import("typing")?;
    cx.item(&cx.attr(&typing, "Unpack")?, value)
}

/// What `*value` gives in a list of types: the value marked as unpacked, and nothing else.
fn unpacked(cx: &Cx, value: &Value) -> Res {
    let one = (unpack(cx, value)?,).into_value(cx)?;
    Ok(cx.iter(&one)?.into_value())
}

/// Type parameters as arguments: each `TypeVarTuple` among them is unpacked.
fn as_arguments(cx: &Cx, params: &Value) -> Res {
    let Ok(params) = Tuple::from_exact(params.clone()) else { return Ok(params.clone()) };
    if !params.as_slice().iter().any(|one| one.body::<TypeVarTuple>().is_some()) {
        return Ok(params.into_value());
    }
    let list = List::new(cx, params.len())?;
    for one in params.as_slice() {
        let one = if one.body::<TypeVarTuple>().is_some() { unpack(cx, one)? } else { one.clone() };
        list.push(cx, one)?;
    }
    Ok(Tuple::from_iterable(cx, list.value())?.into_value())
}

/// Says in an object's `__module__` which module's code has made it.
fn sign(cx: &Cx, made: &Value) -> Res<()> {
    cx.set_attr(made, "__module__", calling_module(cx).unwrap_or_default())
}

/// The `__module__` of the function that runs.
fn calling_module(cx: &Cx) -> Option<Value> {
    let frame = crate::modules::builtins::scope::calling_frame(cx.vm())?;
    frame.function().module.bound().filter(|module| !module.is_none()).cloned()
}

/// The arguments of a constructor, of which the first is a str: CPython names the constructor in its own way.
fn bound_arguments(cx: &Cx, function: &'static str, signature: &'static str, args: Args) -> Res<Vec<Value>> {
    let slots = written::bind(cx, function, signature, args.into_call())?;
    match slots.first() {
        Some(name) if cx.is_str(name) => Ok(slots),
        Some(other) => Err(cx.type_error(format_args!(
            "{function}() argument 'name' must be str, not {}",
            cx.type_name(other)
        ))),
        None => Err(cx.system_error("a constructor without arguments")),
    }
}

/// A flag among bound arguments.
fn flag(cx: &Cx, given: Option<&Value>) -> Res<bool> {
    given.and_then(Value::bound).map_or(Ok(false), |value| cx.truth(value))
}

/// What nobody may subclass.
fn not_a_base(cx: &Cx, def: &TypeDef) -> Raised {
    cx.type_error(format_args!("Cannot subclass an instance of {}", written::short_name(def.name)))
}
