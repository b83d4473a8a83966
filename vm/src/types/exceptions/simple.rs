//! `StopIteration`, `SystemExit`, `KeyError`, `ImportError`, `AttributeError`, `NameError`.

use super::base::{no_keywords, set_args, take_keywords};
use super::table::Parts;
use super::{Exception, Kind, base, field, payload};
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, method};
use crate::object::slots::Slots;
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

/// The row of `StopIteration`.
pub const STOP: Parts = Parts {
    kind: Kind::Stop,
    slots: Slots { init: Some(stop_init), ..Slots::NONE },
    methods: &[],
    getset: STOP_FIELDS,
};
static STOP_FIELDS: &[GetSet] = &[field!("value", Stop, 0, "what the generator returned")];

fn stop_init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    no_keywords(vm, this, args)?;
    set_args(vm, this, args)?;
    let value = args.pos.first().map_or(Value::UNBOUND, Value::clone);
    payload(this).set_field(vm, Kind::Stop, 0, value)
}

/// The row of `SystemExit`.
pub const EXIT: Parts = Parts {
    kind: Kind::Exit,
    slots: Slots { init: Some(exit_init), ..Slots::NONE },
    methods: &[],
    getset: EXIT_FIELDS,
};
static EXIT_FIELDS: &[GetSet] =
    &[field!("code", Exit, 0, "the exit code, or what is written before the program fails")];

fn exit_init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    no_keywords(vm, this, args)?;
    set_args(vm, this, args)?;
    set_code(vm, payload(this))
}

/// Sets a `SystemExit`'s code from its arguments: the only one, or all of them.
pub fn set_code(vm: &Vm, exception: &Exception) -> Res<()> {
    let args = exception.arguments(vm);
    let code = match args.items() {
        [] => return Ok(()),
        [one] => one.clone(),
        _ => args.to_value(),
    };
    exception.set_field(vm, Kind::Exit, 0, code)
}

/// The row of `KeyError`.
pub const KEY: Parts = Parts {
    kind: Kind::Plain,
    slots: Slots { str: Some(key_str), ..Slots::NONE },
    methods: &[],
    getset: &[],
};

/// A lone key is shown as its repr, so that an empty one can be seen.
fn key_str(vm: &Vm, this: &Value) -> Res {
    match payload(this).arguments(vm).items() {
        [key] => vm.repr(key),
        _ => base::str(vm, this),
    }
}

/// The row of `NameError`.
pub const NAME: Parts = Parts {
    kind: Kind::Name,
    slots: Slots { init: Some(name_init), ..Slots::NONE },
    methods: &[],
    getset: NAME_FIELDS,
};
static NAME_FIELDS: &[GetSet] = &[field!("name", Name, 0, "the name that was looked up")];

fn name_init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    set_args(vm, this, args)?;
    take_keywords(vm, this, args, &[("name", 0)])
}

/// The row of `AttributeError`.
pub const ATTRIBUTE: Parts = Parts {
    kind: Kind::Attribute,
    slots: Slots { init: Some(attribute_init), ..Slots::NONE },
    methods: ATTRIBUTE_METHODS,
    getset: ATTRIBUTE_FIELDS,
};
static ATTRIBUTE_FIELDS: &[GetSet] = &[
    field!("name", Attribute, 0, "which attribute was asked for"),
    field!("obj", Attribute, 1, "whose attribute it was"),
];
static ATTRIBUTE_METHODS: &[Method] = &[
    method("__getstate__", "($self, /)", Call::One(attribute_state), ""),
    method("__reduce__", "($self, /)", Call::One(attribute_reduce), ""),
];

fn attribute_init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    set_args(vm, this, args)?;
    take_keywords(vm, this, args, &[("name", 0), ("obj", 1)])
}

/// The state to pickle: the dict with the name, and without the object, which could be anything.
fn attribute_state(vm: &Vm, this: &Value) -> Res {
    let args = payload(this).arguments(vm).into_value();
    state_with(vm, this, &[("name", Kind::Attribute, 0)], Some(args))
}
fn attribute_reduce(vm: &Vm, this: &Value) -> Res {
    let state = attribute_state(vm, this)?;
    base::reduce_with(vm, this, payload(this).arguments(vm).into_value(), Some(state))
}

/// The instance's dict (copied) with those of the fields that are set; None if that is empty and there are no args.
fn state_with(vm: &Vm, this: &Value, fields: &[(&str, Kind, usize)], args: Option<Value>) -> Res {
    let own = base::state_of(vm, this)?;
    let state = match own.as_ref().and_then(|own| own.get::<Dict>()) {
        Some(dict) => dict.copy(vm)?,
        None => vm.new_dict()?,
    };
    for (name, kind, index) in fields {
        if let Some(value) = payload(this).field(*kind, *index) {
            state.set_name(vm, &vm.intern(name)?, value)?;
        }
    }
    if let Some(args) = args {
        state.set_name(vm, &vm.names.args, args)?;
    }
    Ok(if state.is_empty() { Value::NONE } else { state.into_value() })
}

/// The row of `ImportError`.
pub const IMPORT: Parts = Parts {
    kind: Kind::Import,
    slots: Slots { init: Some(import_init), str: Some(import_str), ..Slots::NONE },
    methods: IMPORT_METHODS,
    getset: IMPORT_FIELDS,
};
static IMPORT_FIELDS: &[GetSet] = &[
    field!("msg", Import, 0, "what went wrong"),
    field!("name", Import, 1, "which module was asked for"),
    field!("path", Import, 2, "the file in which it was found, if any"),
    field!("name_from", Import, 3, "what was to be taken out of the module"),
];
static IMPORT_METHODS: &[Method] = &[method("__reduce__", "($self, /)", Call::One(import_reduce), "")];

fn import_init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    set_args(vm, this, args)?;
    // Who is initialised anew forgets what it was told before.
    for field in 0..IMPORT_FIELDS.len() {
        payload(this).set_field(vm, Kind::Import, field, Value::UNBOUND)?;
    }
    take_keywords(vm, this, args, &[("name", 1), ("path", 2), ("name_from", 3)])?;
    match args.pos {
        [message] => payload(this).set_field(vm, Kind::Import, 0, message.clone()),
        _ => Ok(()),
    }
}
fn import_str(vm: &Vm, this: &Value) -> Res {
    match payload(this).field(Kind::Import, 0) {
        Some(message) if message.exact::<Str>().is_some() => Ok(message),
        _ => base::str(vm, this),
    }
}
fn import_reduce(vm: &Vm, this: &Value) -> Res {
    let fields = [("name", Kind::Import, 1), ("path", Kind::Import, 2), ("name_from", Kind::Import, 3)];
    let state = state_with(vm, this, &fields, None)?;
    let state = if state.is_none() { None } else { Some(state) };
    base::reduce_with(vm, this, payload(this).arguments(vm).into_value(), state)
}
