//! `TypeVar` and `TypeVarTuple`.

use std::cell::Cell;

use super::lazy::{Lazy, no_default};
use super::{bound_arguments, call_typing, flag, not_a_base, sign, unpacked};
use crate::native::*;

/// How a type variable varies, as it was declared.
#[derive(Clone, Copy, Default)]
pub struct Variance {
    /// `covariant`
    pub co: bool,
    /// `contravariant`
    pub contra: bool,
    /// Found out by type checkers.
    pub inferred: bool,
}

impl Variance {
    /// That of a type parameter.
    pub const INFERRED: Variance = Variance { co: false, contra: false, inferred: true };

    /// Of a constructor's flags. `ValueError` if they contradict each other.
    pub fn checked(cx: &Cx, co: bool, contra: bool, inferred: bool) -> Res<Variance> {
        if co && contra {
            return Err(cx.value_error("Bivariant types are not supported."));
        }
        if inferred && (co || contra) {
            return Err(cx.value_error("Variance cannot be specified with infer_variance."));
        }
        Ok(Variance { co, contra, inferred })
    }
    /// What stands before the name.
    pub fn sign(self) -> &'static str {
        match self {
            Variance { inferred: true, .. } => "",
            Variance { co: true, .. } => "+",
            Variance { contra: true, .. } => "-",
            _ => "~",
        }
    }
}

/// The repr of a variable.
pub fn shown(cx: &Cx, variance: Variance, name: &Value) -> Res {
    let mut text = StrWriter::new(cx);
    text.push_str(variance.sign())?;
    text.push_value(name)?;
    text.finish()
}

// ---- TypeVar -------------------------------------------------------------------------------------------------------

crate::native_type! {
    /// A type that generic classes, functions and aliases leave open: class Box[T]. It may have a bound
    /// (T: int), constraints of which it is one (T: (int, str)), and a default (T = int). They are
    /// computed when they are first asked for.
    "typing.TypeVar" = pub struct TypeVar {
        name: Slot, bound: Lazy, constraints: Lazy, default: Lazy, variance: Cell<Variance>
    }
    flags: DICT, HIDDEN, WEAKREF;
    new(*args, **names) = new_type_var;
    slots { repr = type_var_repr; }
    number { Or = either; }
    getters {
        __bound__ = type_var_bound;
        __constraints__ = type_var_constraints;
        __default__ = type_var_default;
        evaluate_bound = |cx: &Cx, this: This<TypeVar>| this.bound.evaluator(cx);
        evaluate_constraints = |cx: &Cx, this: This<TypeVar>| this.constraints.evaluator(cx);
        evaluate_default = |cx: &Cx, this: This<TypeVar>| this.default.evaluator(cx);
    }
    members {
        __name__ = |_, this: This<TypeVar>| this.name.get();
        __covariant__ = |_, this: This<TypeVar>| this.variance.get().co;
        __contravariant__ = |_, this: This<TypeVar>| this.variance.get().contra;
        __infer_variance__ = |_, this: This<TypeVar>| this.variance.get().inferred;
    }
    methods {
        __typing_subst__(arg: Value, /) = type_var_subst;
        __typing_prepare_subst__(alias: Value, args: Value, /) = type_var_prepare;
        __mro_entries__(object: Value, /) = type_var_as_base;
        __reduce__() = type_var_reduce;
        has_default() = type_var_has_default;
    }
}

impl TypeVar {
    /// That of a type parameter.
    pub fn of_parameter(cx: &Cx, name: &Value, bound: Lazy, constraints: Lazy) -> Res {
        let (default, variance) = (Lazy::default(), Cell::new(Variance::INFERRED));
        Ok(cx
            .new(TypeVar { name: Slot::new(name.clone()), bound, constraints, default, variance })?
            .into_value())
    }
    /// The default.
    pub fn default(&self) -> &Lazy {
        &self.default
    }
}

fn new_type_var(cx: &Cx, class: &Value, args: Args) -> Res {
    const SIGNATURE: &str = "(name, *, bound=None, covariant=False, contravariant=False, infer_variance=False, \
                             default=NoDefault)";
    let constraints = args.positional().get(1..).unwrap_or_default();
    let slots = bound_arguments(cx, "typevar", SIGNATURE, args.first(1))?;
    let given = |at: usize| slots.get(at).and_then(Value::bound).cloned();
    let at = |at: usize| flag(cx, slots.get(at));
    let variance = Variance::checked(cx, at(2)?, at(3)?, at(4)?)?;
    let bound = match given(1).filter(|bound| !bound.is_none()) {
        Some(bound) => Some(call_typing(cx, "_type_check", (bound, "Bound must be a type."))?),
        None => None,
    };
    let default = given(5).map_or_else(|| no_default(cx), Ok)?;
    let constraints = match constraints.len() {
        0 => Lazy::default(),
        1 => return Err(cx.type_error("A single constraint is not allowed")),
        _ if bound.is_some() => {
            return Err(cx.type_error("Constraints cannot be combined with bound=..."));
        }
        len => Lazy::known(Tuple::from_fn(cx, len, |at| constraints[at].clone())?.into_value()),
    };
    let body = TypeVar {
        name: Slot::new(given(0).unwrap_or_default()),
        bound: bound.map_or_else(Lazy::default, Lazy::known),
        constraints,
        default: Lazy::known(default),
        variance: Cell::new(variance),
    };
    let made = cx.new_of(class, body)?;
    sign(cx, &made)?;
    Ok(made)
}

/// `left | right` of type variables: a union of what `typing` takes for types.
pub fn either(cx: &Cx, left: &Value, right: &Value) -> Res {
    crate::types::union::of_checked(cx.vm(), left, right)
}

fn type_var_repr(cx: &Cx, this: This<TypeVar>) -> Res {
    shown(cx, this.variance.get(), &this.name.get())
}
fn type_var_bound(cx: &Cx, this: This<TypeVar>) -> Res<Option<Value>> {
    this.bound.get(cx)
}
fn type_var_constraints(cx: &Cx, this: This<TypeVar>) -> Res {
    match this.constraints.get(cx)? {
        Some(constraints) => Ok(constraints),
        None => Ok(cx.vm().empty_tuple.clone()),
    }
}
fn type_var_default(cx: &Cx, this: This<TypeVar>) -> Res {
    this.default.get(cx)?.map_or_else(|| no_default(cx), Ok)
}
fn type_var_has_default(cx: &Cx, this: This<TypeVar>) -> Res<bool> {
    this.default.is_default(cx)
}
fn type_var_subst(cx: &Cx, this: This<TypeVar>, arg: Value) -> Res {
    call_typing(cx, "_typevar_subst", (this.value(), arg))
}
/// The arguments of an alias, to which the default is added where they end before the variable.
fn type_var_prepare(cx: &Cx, this: This<TypeVar>, alias: Value, args: Value) -> Res {
    let params = cx.attr(&alias, "__parameters__")?;
    let given = cx.len(&args)?;
    let index = index_of(cx, &params, this.value())?;
    if index < given {
        return Ok(args);
    }
    if index == given {
        let default = type_var_default(cx, this)?;
        if !default.is(&no_default(cx)?) {
            return cx.binary(BinaryOp::Add, &args, &(default,).into_value(cx)?);
        }
    }
    Err(cx.type_error(format_args!(
        "Too few arguments for {}; actual {given}, expected at least {}",
        cx.str(&alias)?,
        index + 1
    )))
}
/// Where a sequence has an item that equals the variable.
fn index_of(cx: &Cx, params: &Value, variable: &Value) -> Res<usize> {
    let (items, mut at) = (cx.iter(params)?, 0);
    while let Some(item) = items.next(cx)? {
        if cx.same_or_equal(&item, variable)? {
            return Ok(at);
        }
        at += 1;
    }
    Err(cx.value_error("sequence.index(x): x not in sequence"))
}
fn type_var_as_base(cx: &Cx, _: This<TypeVar>, _: Value) -> Res {
    Err(not_a_base(cx, TypeVar::KIND.def))
}
fn type_var_reduce(_: &Cx, this: This<TypeVar>) -> Value {
    this.name.get()
}

// ---- TypeVarTuple --------------------------------------------------------------------------------------------------

crate::native_type! {
    /// Any number of types that a generic class, function or alias leaves open: class Row[*Ts]. It is
    /// unpacked where it is used: tuple[*Ts].
    "typing.TypeVarTuple" = pub struct TypeVarTuple { name: Slot, default: Lazy }
    flags: DICT, HIDDEN, WEAKREF;
    new(*args, **names) = new_tuple;
    slots { repr = tuple_name; iter = tuple_iter; }
    getters {
        /// the types that it stands for if none are given
        __default__ = tuple_default;
        evaluate_default = |cx: &Cx, this: This<TypeVarTuple>| this.default.evaluator(cx);
    }
    members {
        __name__ = |_, this: This<TypeVarTuple>| this.name.get();
    }
    methods {
        __typing_subst__(arg: Value, /) = tuple_subst;
        __typing_prepare_subst__(alias: Value, args: Value, /) = tuple_prepare;
        __mro_entries__(object: Value, /) = tuple_as_base;
        __reduce__() = tuple_reduce;
        has_default() = tuple_has_default;
    }
}

impl TypeVarTuple {
    /// That of a type parameter.
    pub fn of_parameter(cx: &Cx, name: &Value) -> Res {
        Ok(cx.new(TypeVarTuple { name: Slot::new(name.clone()), default: Lazy::default() })?.into_value())
    }
    /// The default.
    pub fn default(&self) -> &Lazy {
        &self.default
    }
}

fn new_tuple(cx: &Cx, class: &Value, args: Args) -> Res {
    let slots = bound_arguments(cx, "typevartuple", "(name, *, default=NoDefault)", args)?;
    let given = |at: usize| slots.get(at).and_then(Value::bound).cloned();
    let default = given(1).map_or_else(|| no_default(cx), Ok)?;
    let body = TypeVarTuple { name: Slot::new(given(0).unwrap_or_default()), default: Lazy::known(default) };
    let made = cx.new_of(class, body)?;
    sign(cx, &made)?;
    Ok(made)
}
fn tuple_name(_: &Cx, this: This<TypeVarTuple>) -> Value {
    this.name.get()
}
fn tuple_iter(cx: &Cx, this: This<TypeVarTuple>) -> Res {
    unpacked(cx, this.value())
}
fn tuple_default(cx: &Cx, this: This<TypeVarTuple>) -> Res {
    this.default.get(cx)?.map_or_else(|| no_default(cx), Ok)
}
fn tuple_has_default(cx: &Cx, this: This<TypeVarTuple>) -> Res<bool> {
    this.default.is_default(cx)
}
fn tuple_subst(cx: &Cx, _: This<TypeVarTuple>, _: Value) -> Res {
    Err(cx.type_error("Substitution of bare TypeVarTuple is not supported"))
}
fn tuple_prepare(cx: &Cx, this: This<TypeVarTuple>, alias: Value, args: Value) -> Res {
    call_typing(cx, "_typevartuple_prepare_subst", (this.value(), alias, args))
}
fn tuple_as_base(cx: &Cx, _: This<TypeVarTuple>, _: Value) -> Res {
    Err(not_a_base(cx, TypeVarTuple::KIND.def))
}
fn tuple_reduce(_: &Cx, this: This<TypeVarTuple>) -> Value {
    this.name.get()
}
