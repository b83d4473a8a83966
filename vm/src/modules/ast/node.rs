//! `AST`: how nodes are made, copied and pickled.
//!
//! CPython: `Parser/asdl_c.py`, which writes `Python/Python-ast.c`.

use crate::native::*;
use crate::object::call::Args as CallArgs;
use crate::object::native::{Call, Method, method};
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::types::generic_alias::GenericAlias;
use crate::types::union::Union;
use crate::vm::Vm;
use ryokan_bytecode::ast::{Class, Kind};

use super::classes::Classes;
use super::show;

pub static DEF: TypeDef = TypeDef {
    name: "ast.AST",
    flags: TypeFlags::BASETYPE.union(TypeFlags::HEAP).union(TypeFlags::HAS_DICT),
    slots: Slots {
        repr: Some(show::repr),
        init: Some(init),
        new: Some(|vm, class, _| vm.new_instance(vm.expect_type(class)?)),
        getattr: Some(|vm, this, name| vm.generic_get_attr(this, name)),
        setattr: Some(|vm, this, name, value| vm.generic_set_attr(this, name, value)),
        ..Slots::NONE
    },
    methods: METHODS,
    ..TypeDef::EMPTY
};

static METHODS: &[Method] = &[
    method("__reduce__", "($self, /)", Call::One(reduce), ""),
    method(
        "__replace__",
        "($self, /, **fields)",
        Call::Full(replace),
        "A copy of the node in which these fields have other values.",
    ),
];

/// What a class says about its instances; nothing if it does not.
fn of_class(cx: &Cx, this: &Value, name: &str) -> Res<Option<Value>> {
    cx.attr_opt(&cx.class_of(this), name)
}

fn deprecated(cx: &Cx, message: std::fmt::Arguments<'_>) -> Res<()> {
    cx.warn("DeprecationWarning", &message.to_string())
}

/// Fields by position and by name; those that are left out have defaults, or are missed.
fn init(vm: &Vm, this: &Value, args: CallArgs<'_>) -> Res<()> {
    let cx = Cx::of(vm);
    let Some(fields) = of_class(cx, this, "_fields")? else {
        let class = cx.type_name(this);
        return Err(cx.attribute_error(format_args!("type object '{class}' has no attribute '_fields'")));
    };
    let count = cx.len(&fields)?;
    let missing = Values::default();
    for at in 0..count {
        missing.push_back(cx, cx.item_at(&fields, at as i64)?)?;
    }
    if count < args.pos.len() {
        let s = if count == 1 { "" } else { "s" };
        let name = cx.class_name(this);
        return Err(
            cx.type_error(format_args!("{name} constructor takes at most {count} positional argument{s}"))
        );
    }
    for value in args.pos {
        let Some(name) = missing.pop_front() else { break };
        vm.set_attr(this, &name, Some(value))?;
    }
    for (name, value) in args.names.iter().zip(args.named) {
        named(cx, this, &fields, name, &missing)?;
        vm.set_attr(this, name, Some(value))?;
    }
    if missing.is_empty() { Ok(()) } else { defaults(cx, this, &missing) }
}

/// A named argument: a field that was not given yet, or an attribute of the class.
fn named(cx: &Cx, this: &Value, fields: &Value, name: &Value, missing: &Values) -> Res<()> {
    if cx.contains(fields, name)? {
        for at in 0..missing.len() {
            let Some(field) = missing.get(at) else { break };
            if cx.same_or_equal(&field, name)? {
                missing.remove(at);
                return Ok(());
            }
        }
        let (class, shown) = (cx.class_name(this), cx.repr(name)?);
        return Err(cx.type_error(format_args!("{class} got multiple values for argument {shown}")));
    }
    let attributes = of_class(cx, this, "_attributes")?;
    if attributes.map_or(Ok(false), |attributes| cx.contains(&attributes, name))? {
        return Ok(());
    }
    let (class, shown) = (cx.type_name(this), cx.repr(name)?);
    deprecated(
        cx,
        format_args!(
            "{class}.__init__ got an unexpected keyword argument {shown}. Support for arbitrary keyword arguments is \
             deprecated and will be removed in Python 3.15."
        ),
    )
}

/// Fields that were not given: a list is empty, a context is `Load()`, an optional one is the class's, any other is missed.
fn defaults(cx: &Cx, this: &Value, missing: &Values) -> Res<()> {
    let Some(types) = of_class(cx, this, "_field_types")? else { return Ok(()) };
    let Some(types) = Dict::of(&types) else {
        return Err(cx.system_error("_field_types is no dict"));
    };
    let classes = Classes::of(cx)?;
    let context = classes.sum(Kind::ExprContext);
    while let Some(name) = missing.pop_front() {
        let class = cx.type_name(this);
        let shown = cx.repr(&name)?;
        match types.get(cx, &name)? {
            None => deprecated(
                cx,
                format_args!(
                    "Field {shown} is missing from {class}._field_types. This will become an error in Python 3.15."
                ),
            )?,
            Some(kind) if kind.has::<Union>() => {}
            Some(kind) if kind.has::<GenericAlias>() => {
                let list = List::new(cx, 0)?.into_value();
                cx.vm().set_attr(this, &name, Some(&list))?;
            }
            Some(kind) if kind.is(&context) => {
                let load = classes.mark(Class::Load).unwrap_or_default();
                cx.vm().set_attr(this, &name, Some(&load))?;
            }
            Some(_) => deprecated(
                cx,
                format_args!(
                    "{class}.__init__ missing 1 required positional argument: {shown}. This will become an error in \
                     Python 3.15."
                ),
            )?,
        }
    }
    Ok(())
}

/// The class, Nones for the fields, and the dict.
fn reduce(vm: &Vm, this: &Value) -> Res {
    let cx = Cx::of(vm);
    let dict = cx.attr_opt(this, "__dict__")?;
    let class = cx.class_of(this);
    let Some(dict) = dict else { return (class, ()).into_value(cx) };
    let mut count = 0;
    if let (Some(fields), Some(dict)) = (of_class(cx, this, "_fields")?, Dict::of(&dict)) {
        let len = cx.len(&fields)?;
        while count < len && dict.get(cx, &cx.item_at(&fields, count as i64)?)?.is_some() {
            count += 1;
        }
    }
    let nones = Tuple::from_fn(cx, count, |_| Value::NONE)?;
    (class, nones, dict).into_value(cx)
}

/// A copy in which named fields have other values.
fn replace(vm: &Vm, args: CallArgs<'_>) -> Res {
    let cx = Cx::of(vm);
    let [this] = args.pos else {
        return Err(cx.type_error("__replace__() takes no positional arguments"));
    };
    let dict = cx.attr_opt(this, "__dict__")?.and_then(|dict| Dict::of(&dict));
    let known = [Values::default(), Values::default()];
    for (list, known) in ["_fields", "_attributes"].into_iter().zip(&known) {
        let Some(names) = of_class(cx, this, list)? else { continue };
        for at in 0..cx.len(&names)? {
            known.push_back(cx, cx.item_at(&names, at as i64)?)?;
        }
    }
    check_replaced(cx, this, &known, dict.as_ref(), args)?;
    let payload = Dict::new(cx)?;
    for (known, at) in known.iter().flat_map(|known| (0..known.len()).map(move |at| (known, at))) {
        let Some(name) = known.get(at) else { break };
        if let Some(value) = dict.as_ref().map_or(Ok(None), |dict| dict.get(cx, &name))? {
            payload.set(cx, &name, value)?;
        }
    }
    for (name, value) in args.names.iter().zip(args.named) {
        payload.set(cx, name, value)?;
    }
    let (mut names, mut values) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some((next, name, value)) = payload.next_item(at) {
        names.push(vm.intern_value(name)?);
        values.push(value);
        at = next;
    }
    vm.call_args(&cx.class_of(this), CallArgs { pos: &[], names: &names, named: &values })
}

fn check_replaced(
    cx: &Cx,
    this: &Value,
    known: &[Values; 2],
    dict: Option<&Dict>,
    args: CallArgs<'_>,
) -> Res<()> {
    for name in args.names {
        let mut found = false;
        for (known, at) in known.iter().flat_map(|known| (0..known.len()).map(move |at| (known, at))) {
            let Some(field) = known.get(at) else { break };
            found = found || cx.same_or_equal(&field, name)?;
        }
        if !found {
            let (class, shown) = (cx.type_name(this), cx.repr(name)?);
            return Err(cx.type_error(format_args!(
                "{class}.__replace__ got an unexpected keyword argument {shown}."
            )));
        }
    }
    let types = of_class(cx, this, "_field_types")?.and_then(|types| Dict::of(&types));
    let mut missing = Vec::new();
    for at in 0..known[0].len() {
        let Some(name) = known[0].get(at) else { break };
        let given = args.names.iter().any(|given| given.is(&name));
        let kept = dict.map_or(Ok(None), |dict| dict.get(cx, &name))?.is_some();
        let optional = types.as_ref().map_or(Ok(None), |types| types.get(cx, &name))?;
        if !given && !kept && !optional.is_some_and(|kind| kind.has::<Union>()) {
            missing.push(cx.repr(&name)?.to_string());
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    missing.sort();
    let (class, count) = (cx.type_name(this), missing.len());
    let s = if count == 1 { "" } else { "s" };
    let all = missing.join(", ");
    Err(cx.type_error(format_args!("{class}.__replace__ missing {count} keyword argument{s}: {all}.")))
}
