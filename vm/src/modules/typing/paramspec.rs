//! `ParamSpec`, and the `args` and `kwargs` of one.

use std::cell::Cell;

use super::lazy::{Lazy, no_default};
use super::variables::{Variance, either, shown};
use super::{bound_arguments, call_typing, flag, not_a_base, sign};
use crate::native::*;

crate::native_type! {
    /// The parameters of a callable that a generic class, function or alias leaves open: def wrap[**P]. A
    /// function that takes them is declared with *args: P.args, **kwargs: P.kwargs.
    "typing.ParamSpec" = pub struct ParamSpec { name: Slot, bound: Slot, default: Lazy, variance: Cell<Variance> }
    flags: DICT, HIDDEN, WEAKREF;
    new(*args, **names) = new_spec;
    slots { repr = spec_repr; }
    number { Or = either; }
    getters {
        /// the positional parameters
        args = |cx: &Cx, this: This<ParamSpec>| cx.new(ParamSpecArgs { origin: Slot::new(this.to_value()) });
        /// the parameters by name
        kwargs = |cx: &Cx, this: This<ParamSpec>| cx.new(ParamSpecKwargs { origin: Slot::new(this.to_value()) });
        /// the parameters that it stands for if none are given
        __default__ = spec_default;
        evaluate_default = |cx: &Cx, this: This<ParamSpec>| this.default.evaluator(cx);
    }
    members {
        __name__ = |_, this: This<ParamSpec>| this.name.get();
        __bound__ = |_, this: This<ParamSpec>| this.bound.get();
        __covariant__ = |_, this: This<ParamSpec>| this.variance.get().co;
        __contravariant__ = |_, this: This<ParamSpec>| this.variance.get().contra;
        __infer_variance__ = |_, this: This<ParamSpec>| this.variance.get().inferred;
    }
    methods {
        __typing_subst__(arg: Value, /) = spec_subst;
        __typing_prepare_subst__(alias: Value, args: Value, /) = spec_prepare;
        __mro_entries__(object: Value, /) = spec_as_base;
        __reduce__() = spec_reduce;
        has_default() = spec_has_default;
    }
}

impl ParamSpec {
    /// That of a type parameter.
    pub fn of_parameter(cx: &Cx, name: &Value) -> Res {
        let (name, variance) = (Slot::new(name.clone()), Cell::new(Variance::INFERRED));
        Ok(cx
            .new(ParamSpec { name, bound: Slot::default(), default: Lazy::default(), variance })?
            .into_value())
    }
    /// The default.
    pub fn default(&self) -> &Lazy {
        &self.default
    }
}

fn new_spec(cx: &Cx, class: &Value, args: Args) -> Res {
    const SIGNATURE: &str = "(name, *, bound=None, covariant=False, contravariant=False, infer_variance=False, \
                             default=NoDefault)";
    let slots = bound_arguments(cx, "paramspec", SIGNATURE, args)?;
    let given = |at: usize| slots.get(at).and_then(Value::bound).cloned();
    let at = |at: usize| flag(cx, slots.get(at));
    let variance = Variance::checked(cx, at(2)?, at(3)?, at(4)?)?;
    let default = given(5).map_or_else(|| no_default(cx), Ok)?;
    let body = ParamSpec {
        name: Slot::new(given(0).unwrap_or_default()),
        bound: Slot::new(given(1).unwrap_or(Value::NONE)),
        default: Lazy::known(default),
        variance: Cell::new(variance),
    };
    let made = cx.new_of(class, body)?;
    sign(cx, &made)?;
    Ok(made)
}
fn spec_repr(cx: &Cx, this: This<ParamSpec>) -> Res {
    shown(cx, this.variance.get(), &this.name.get())
}
fn spec_default(cx: &Cx, this: This<ParamSpec>) -> Res {
    this.default.get(cx)?.map_or_else(|| no_default(cx), Ok)
}
fn spec_has_default(cx: &Cx, this: This<ParamSpec>) -> Res<bool> {
    this.default.is_default(cx)
}
fn spec_subst(cx: &Cx, this: This<ParamSpec>, arg: Value) -> Res {
    call_typing(cx, "_paramspec_subst", (this.value(), arg))
}
fn spec_prepare(cx: &Cx, this: This<ParamSpec>, alias: Value, args: Value) -> Res {
    call_typing(cx, "_paramspec_prepare_subst", (this.value(), alias, args))
}
fn spec_as_base(cx: &Cx, _: This<ParamSpec>, _: Value) -> Res {
    Err(not_a_base(cx, ParamSpec::KIND.def))
}
fn spec_reduce(_: &Cx, this: This<ParamSpec>) -> Value {
    this.name.get()
}

// ---- args and kwargs -----------------------------------------------------------------------------------------------

crate::native_type! {
    /// The positional parameters that a ParamSpec stands for: what P.args gives.
    "typing.ParamSpecArgs" = pub struct ParamSpecArgs { origin: Slot }
    flags: WEAKREF;
    new(*args, **names) = new_args;
    slots { repr = args_repr; compare = args_compare; }
    members {
        __origin__ = |_, this: This<ParamSpecArgs>| this.origin.get();
    }
    methods {
        __mro_entries__(object: Value, /) = args_as_base;
    }
}

crate::native_type! {
    /// The parameters by name that a ParamSpec stands for: what P.kwargs gives.
    "typing.ParamSpecKwargs" = pub struct ParamSpecKwargs { origin: Slot }
    flags: WEAKREF;
    new(*args, **names) = new_kwargs;
    slots { repr = kwargs_repr; compare = kwargs_compare; }
    members {
        __origin__ = |_, this: This<ParamSpecKwargs>| this.origin.get();
    }
    methods {
        __mro_entries__(object: Value, /) = kwargs_as_base;
    }
}

fn origin_of(cx: &Cx, function: &'static str, args: Args) -> Res<Slot> {
    let slots = written::bind(cx, function, "(origin)", args.into_call())?;
    Ok(Slot::new(slots.into_iter().next().unwrap_or_default()))
}
fn new_args(cx: &Cx, class: &Value, args: Args) -> Res {
    let origin = origin_of(cx, "paramspecargs", args)?;
    cx.new_of(class, ParamSpecArgs { origin })
}
fn new_kwargs(cx: &Cx, class: &Value, args: Args) -> Res {
    let origin = origin_of(cx, "paramspeckwargs", args)?;
    cx.new_of(class, ParamSpecKwargs { origin })
}
/// The name of a `ParamSpec`, or the repr of what else was given for one.
fn part_repr(cx: &Cx, origin: &Value, part: &str) -> Res {
    let mut text = StrWriter::new(cx);
    match This::<ParamSpec>::of(cx, origin) {
        Some(spec) => text.push_value(&spec.name.get())?,
        None => text.push_str(&cx.repr(origin)?)?,
    }
    text.push_str(part)?;
    text.finish()
}
fn args_repr(cx: &Cx, this: This<ParamSpecArgs>) -> Res {
    part_repr(cx, &this.origin.get(), ".args")
}
fn kwargs_repr(cx: &Cx, this: This<ParamSpecKwargs>) -> Res {
    part_repr(cx, &this.origin.get(), ".kwargs")
}
/// Two parts of one kind are equal if what they are parts of is.
fn same_part(cx: &Cx, left: Value, right: Option<Value>, op: CompareOp) -> Res {
    match (op, right) {
        (CompareOp::Eq | CompareOp::Ne, Some(right)) => cx.compare(&left, op, &right),
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}
fn args_compare(cx: &Cx, this: This<ParamSpecArgs>, other: &Value, op: CompareOp) -> Res {
    let other = This::<ParamSpecArgs>::of(cx, other).map(|other| other.origin.get());
    same_part(cx, this.origin.get(), other, op)
}
fn kwargs_compare(cx: &Cx, this: This<ParamSpecKwargs>, other: &Value, op: CompareOp) -> Res {
    let other = This::<ParamSpecKwargs>::of(cx, other).map(|other| other.origin.get());
    same_part(cx, this.origin.get(), other, op)
}
fn args_as_base(cx: &Cx, _: This<ParamSpecArgs>, _: Value) -> Res {
    Err(not_a_base(cx, ParamSpecArgs::KIND.def))
}
fn kwargs_as_base(cx: &Cx, _: This<ParamSpecKwargs>, _: Value) -> Res {
    Err(not_a_base(cx, ParamSpecKwargs::KIND.def))
}
