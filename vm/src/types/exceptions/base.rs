//! `BaseException`: making, showing, and the attributes that every exception has.

use super::table::Parts;
use super::{Exception, Kind, payload, raise};
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, attribute, method};
use crate::object::slots::Slots;
use crate::object::ty::{TypeFlags, TypeObj};
use crate::raised::{Raised, Res};
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::str::Text;
use crate::types::traceback::Traceback;
use crate::value::Value;
use crate::vm::Vm;

/// The row of `BaseException`.
pub const PARTS: Parts = Parts {
    kind: Kind::Plain,
    slots: Slots { repr: Some(repr), str: Some(str), new: Some(new), init: Some(init), ..Slots::NONE },
    methods: METHODS,
    getset: GETSET,
};

/// `BaseException.__new__`: keeps the positional arguments.
pub fn new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let tuple = args_tuple(vm, args)?;
    let kind = super::table::kind_of(vm, vm.expect_type(class)?);
    vm.new_of_class(class, |head| Exception::new(head, tuple, kind))
}

/// The positional arguments as a tuple; the caller keeps them.
pub fn args_tuple(vm: &Vm, args: Args<'_>) -> Res {
    vm.tuple_from_iter(args.pos.len(), |at| args.pos[at].clone())
}

/// Fails if there are named arguments.
pub fn no_keywords(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    if args.names.is_empty() {
        return Ok(());
    }
    Err(vm.type_error(format_args!("{}() takes no keyword arguments", vm.type_name(this))))
}

/// `BaseException.__init__`
pub fn init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    no_keywords(vm, this, args)?;
    set_args(vm, this, args)
}

/// Keeps the positional arguments in `args`.
pub fn set_args(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    payload(this).args.set(args_tuple(vm, args)?);
    Ok(())
}

/// `BaseException.__str__`
pub fn str(vm: &Vm, this: &Value) -> Res {
    let args = payload(this).arguments(vm);
    match args.items() {
        [] => Ok(vm.empty_str.clone()),
        [one] => vm.to_str(one),
        _ => vm.to_str(args.value()),
    }
}

fn repr(vm: &Vm, this: &Value) -> Res {
    let name = vm.type_name(this);
    let args = payload(this).arguments(vm);
    match args.items() {
        [] => vm.display(format_args!("{name}()")),
        [one] => {
            let inner = vm.repr(one)?;
            vm.str_concat(&[&name, "(", &vm.text(&inner), ")"])
        }
        _ => {
            let inner = vm.repr(args.value())?;
            vm.str_concat(&[&name, &vm.text(&inner)])
        }
    }
}

/// The name of an exception's type as a traceback shows it: with its module, unless that is `builtins` or `__main__`.
pub fn full_type_name(vm: &Vm, exception: &Value) -> String {
    let ty = vm.type_of(exception);
    let name = vm.text(&ty.qualname);
    match ty.lookup(vm, &vm.names.__module__) {
        Some(module) if vm.is_str(&module) => match vm.text(&module).as_str() {
            "builtins" | "__main__" => name.to_string(),
            module => format!("{module}.{name}"),
        },
        Some(_) => format!("<unknown>.{name}"),
        None => name.to_string(),
    }
}

/// Makes an exception of what `raise` or `throw` was given: a class is called.
pub fn normalise(vm: &Vm, value: Value) -> Result<Value, Option<Raised>> {
    if value.has::<Exception>() {
        return Ok(value);
    }
    if !raise::is_exception_class(&value) {
        return Err(None);
    }
    // What `BaseException` alone makes and fills is made at once.
    if let Some(ty) = value.exact::<TypeObj>()
        && makes_with(ty, new)
        && inits_with(ty, init)
        && !ty.has(TypeFlags::ABSTRACT)
    {
        return Ok(vm.bare_exception(ty, Vec::new()).map_err(Some)?.into_value());
    }
    let made = vm.call(&value, &[]).map_err(Some)?;
    if made.has::<Exception>() {
        return Ok(made);
    }
    let class = vm.repr(&value).map_err(Some)?;
    Err(Some(vm.type_error(format_args!(
        "calling {} should have returned an instance of BaseException, not {}",
        vm.text(&class),
        vm.full_name_of(&made)
    ))))
}

impl Vm {
    /// The name of a value's type as messages with a module show it.
    fn full_name_of(&self, value: &Value) -> Text {
        let class = self.type_of(value).to_value();
        self.repr(&class).map_or_else(
            |raised| {
                drop(self.take_raised(raised));
                self.type_name(value)
            },
            |text| self.text(&text),
        )
    }
}

static METHODS: &[Method] = &[
    method(
        "with_traceback",
        "($self, object, /)",
        Call::Two(with_traceback),
        "Replaces the traceback and returns the exception itself.",
    ),
    method(
        "add_note",
        "($self, object, /)",
        Call::Two(add_note_method),
        "Puts a text at the end of __notes__, whose lines a traceback shows after the message.",
    ),
    method("__reduce__", "($self, /)", Call::One(reduce), ""),
    method("__setstate__", "($self, object, /)", Call::Two(setstate), ""),
];

fn with_traceback(vm: &Vm, this: &Value, traceback: &Value) -> Res {
    set_traceback(vm, this, Some(traceback))?;
    Ok(this.clone())
}

fn add_note_method(vm: &Vm, this: &Value, note: &Value) -> Res {
    if !vm.is_str(note) {
        return Err(vm.type_error(format_args!("add_note() argument must be str, not {}", vm.arg_name(note))));
    }
    append_note(vm, this, note)?;
    Ok(Value::NONE)
}

/// Adds a note to an exception.
pub fn add_note(vm: &Vm, exception: &Value, note: &str) -> Res<()> {
    append_note(vm, exception, &vm.str(note)?)
}

fn append_note(vm: &Vm, this: &Value, note: &Value) -> Res<()> {
    let name = &vm.names.__notes__;
    let notes = match vm.get_attr_opt(this, name)? {
        Some(notes) => notes,
        None => {
            let notes = vm.new_list(Vec::new())?;
            vm.set_attr(this, name, Some(&notes))?;
            notes
        }
    };
    if !notes.has::<List>() {
        return Err(vm.type_error("Cannot add note: __notes__ is not a list"));
    }
    vm.call_method(&notes, &vm.names.append, &[note.clone()]).map(drop)
}

/// The class and arguments to make it again, and its dict if it has one with something in it.
pub fn reduce_with(vm: &Vm, this: &Value, args: Value, state: Option<Value>) -> Res {
    let class = vm.type_of(this).to_value();
    let mut parts = vec![class, args];
    parts.extend(state);
    vm.new_tuple(parts)
}

/// The instance's dict if it has anything in it.
pub fn state_of(vm: &Vm, this: &Value) -> Res<Option<Value>> {
    if vm.shape_of(this).is_some_and(|shape| !shape.dict_mode && shape.count == 0) {
        return Ok(None);
    }
    Ok(vm.instance_dict(this)?.map(|dict| dict.into_value()))
}

fn reduce(vm: &Vm, this: &Value) -> Res {
    let state = state_of(vm, this)?;
    reduce_with(vm, this, get_args(vm, this)?, state)
}

fn setstate(vm: &Vm, this: &Value, state: &Value) -> Res {
    if state.is_none() {
        return Ok(Value::NONE);
    }
    let Some(dict) = state.get::<Dict>() else {
        return Err(vm.type_error("state is not a dictionary"));
    };
    let entries: Vec<(Value, Value)> = dict.entries().map(|e| (e.key.clone(), e.value.clone())).collect();
    for (name, value) in entries {
        vm.set_attr(this, &name, Some(&value))?;
    }
    Ok(Value::NONE)
}

static GETSET: &[GetSet] = &[
    attribute(
        "__suppress_context__",
        |_, this| Ok(Value::bool(payload(this).suppress.get())),
        set_suppress,
        "",
    ),
    attribute("__dict__", get_dict, set_dict, ""),
    attribute("args", get_args, set_args_attribute, ""),
    attribute("__traceback__", |_, this| Ok(payload(this).traceback.clone()), set_traceback, ""),
    attribute(
        "__context__",
        |_, this| Ok(payload(this).context.clone()),
        set_context,
        "the exception that was being handled when this one was raised",
    ),
    attribute(
        "__cause__",
        |_, this| Ok(payload(this).cause.clone()),
        set_cause,
        "the exception that a raise ... from named as the reason",
    ),
];

fn get_args(vm: &Vm, this: &Value) -> Res {
    Ok(payload(this).arguments(vm).into_value())
}

fn set_args_attribute(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(vm.type_error("args may not be deleted")) };
    let items = vm.collect(value)?;
    let tuple = vm.take_tuple(&items)?;
    payload(this).args.set(tuple);
    Ok(())
}

fn get_dict(vm: &Vm, this: &Value) -> Res {
    Ok(vm.instance_dict(this)?.map_or(Value::NONE, |dict| dict.into_value()))
}

fn set_dict(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    match value {
        Some(value) if value.has::<Dict>() => vm.set_instance_dict(this, value),
        Some(value) => Err(vm.type_error(format_args!(
            "__dict__ must be set to a dictionary, not a '{}'",
            vm.type_name(value)
        ))),
        None => Err(vm.type_error("cannot delete __dict__")),
    }
}

fn set_suppress(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    let truth = match value {
        Some(value) if value.is(&Value::TRUE) => true,
        Some(value) if value.is(&Value::FALSE) => false,
        Some(_) => return Err(vm.type_error("attribute value type must be bool")),
        None => return Err(vm.type_error("can't delete numeric/char attribute")),
    };
    payload(this).suppress.set(truth);
    Ok(())
}

fn set_traceback(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(vm.type_error("__traceback__ may not be deleted")) };
    if !value.is_none() && !value.has::<Traceback>() {
        return Err(vm.type_error("__traceback__ must be a traceback or None"));
    }
    payload(this).traceback.set(value.clone());
    Ok(())
}

fn set_context(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(vm.type_error("__context__ may not be deleted")) };
    if !value.is_none() && !value.has::<Exception>() {
        return Err(vm.type_error("exception context must be None or derive from BaseException"));
    }
    payload(this).context.set(value.clone());
    Ok(())
}

fn set_cause(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(vm.type_error("__cause__ may not be deleted")) };
    if !value.is_none() && !value.has::<Exception>() {
        return Err(vm.type_error("exception cause must be None or derive from BaseException"));
    }
    raise::set_cause(this, value.clone());
    Ok(())
}

/// Moves the named arguments that are allowed into fields, in the order of `allowed`.
pub fn take_keywords(vm: &Vm, this: &Value, args: Args<'_>, allowed: &[(&str, usize)]) -> Res<()> {
    let exception = payload(this);
    let kind = exception.kind();
    for (name, value) in args.names.iter().zip(args.named) {
        let text = vm.text(name);
        let Some((_, index)) = allowed.iter().find(|(known, _)| *known == text.as_str()) else {
            let shown = base_name(vm, this, kind);
            let known: Vec<&str> = allowed.iter().map(|(known, _)| *known).collect();
            return Err(vm.unexpected_keyword(&shown, name, &known));
        };
        exception.set_field(vm, kind, *index, value.clone())?;
    }
    Ok(())
}

/// The name of the builtin type that gives a kind its fields, for messages.
fn base_name(vm: &Vm, this: &Value, kind: Kind) -> String {
    match kind {
        Kind::Import => "ImportError".to_string(),
        Kind::Attribute => "AttributeError".to_string(),
        Kind::Name => "NameError".to_string(),
        _ => vm.type_name(this).to_string(),
    }
}

/// Whether a class is one written in Rust whose `__init__` is this very function.
pub fn inits_with(ty: &TypeObj, init: fn(&Vm, &Value, Args<'_>) -> Res<()>) -> bool {
    ty.slots().init().is_some_and(|own| own.is(init))
}

/// Whether a class makes its instances with this very function.
pub fn makes_with(ty: &TypeObj, new: fn(&Vm, &Value, Args<'_>) -> Res) -> bool {
    ty.slots().new().is_some_and(|own| own.is(new))
}
