//! `BaseExceptionGroup` and `ExceptionGroup`: making, splitting, and what `except*` does with them.

use super::base::{args_tuple, no_keywords};
use super::table::{Parts, kind_of};
use super::{Exception, Kind, payload, raise};
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, getter, method};
use crate::object::slots::Slots;
use crate::object::ty::TypeObj;
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::function::Function;
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// The row of `BaseExceptionGroup`.
pub const PARTS: Parts = Parts {
    kind: Kind::Group,
    slots: Slots { new: Some(new), init: Some(init), repr: Some(repr), str: Some(str), ..Slots::NONE },
    methods: METHODS,
    getset: FIELDS,
};

static FIELDS: &[GetSet] = &[
    getter("message", |_, this| super::get_field(this, Kind::Group, 0), "what the group is about"),
    getter("exceptions", |_, this| super::get_field(this, Kind::Group, 1), "a tuple of the members"),
];
static METHODS: &[Method] = &[
    crate::types::generic_alias::CLASS_GETITEM,
    method("derive", "($self, object, /)", Call::Two(derive), ""),
    method("split", "($self, object, /)", Call::Two(split), ""),
    method("subgroup", "($self, object, /)", Call::Two(subgroup), ""),
];

fn is_sequence(vm: &Vm, value: &Value) -> bool {
    vm.slots(value).getitem().is_some() && !value.has::<Dict>()
}

fn new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let [message, list] = args.pos else {
        return Err(vm.type_error(format_args!(
            "BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)",
            args.pos.len()
        )));
    };
    if !vm.is_str(message) {
        return Err(vm.type_error(format_args!(
            "BaseExceptionGroup.__new__() argument 1 must be str, not {}",
            vm.arg_name(message)
        )));
    }
    if !is_sequence(vm, list) {
        return Err(vm.type_error("second argument (exceptions) must be a sequence"));
    }
    let items = vm.collect(list)?;
    if items.is_empty() {
        return Err(vm.value_error("second argument (exceptions) must be a non-empty sequence"));
    }
    let mut nests_base = false;
    for (at, item) in items.iter().enumerate() {
        if !vm.is_instance(item, &vm.exc.BaseException) {
            return Err(
                vm.value_error(format_args!("Item {at} of second argument (exceptions) is not an exception"))
            );
        }
        nests_base |= !vm.is_instance(item, &vm.exc.Exception);
    }
    let ty = vm.expect_type(class)?;
    let mut class = class.clone();
    if std::ptr::eq(ty, &*vm.exc.BaseExceptionGroup) {
        if !nests_base {
            class = vm.exc.ExceptionGroup.to_value();
        }
    } else if nests_base && std::ptr::eq(ty, &*vm.exc.ExceptionGroup) {
        return Err(vm.type_error("Cannot nest BaseExceptions in an ExceptionGroup"));
    } else if nests_base && ty.is_subtype(&vm.exc.Exception) {
        return Err(vm.type_error(format_args!("Cannot nest BaseExceptions in '{}'", vm.text(&ty.name))));
    }
    // What is changed later shows as it was.
    let shown = if list.exact::<List>().is_some() || list.exact::<Tuple>().is_some() {
        None
    } else {
        Some(vm.repr(list)?)
    };
    let (tuple, kind) = (args_tuple(vm, args)?, kind_of(vm, vm.expect_type(&class)?));
    let made = vm.new_of_class(&class, |head| Exception::new(head, tuple, kind))?;
    payload(&made).set_field(vm, Kind::Group, 0, message.clone())?;
    let items = vm.take_tuple(&items)?;
    payload(&made).set_field(vm, Kind::Group, 1, items)?;
    if let Some(shown) = shown {
        payload(&made).set_field(vm, Kind::Group, 2, shown)?;
    }
    Ok(made)
}

/// The exceptions as they were given: in a list, or a tuple.
fn repr(vm: &Vm, this: &Value) -> Res {
    let items = group_items(this);
    let args = payload(this).arguments(vm);
    let in_list = args.items().get(1).is_some_and(Value::has::<List>);
    let items = if in_list { vm.new_list(items)? } else { vm.new_tuple(items)? };
    let message = vm.repr(&super::get_field(this, Kind::Group, 0)?)?;
    let shown = match payload(this).field(Kind::Group, 2).filter(|shown| !shown.is_unbound()) {
        Some(shown) => shown,
        None => vm.repr(&items)?,
    };
    vm.str_concat(&[&vm.text(&vm.type_of(this).name), "(", &vm.text(&message), ", ", &vm.text(&shown), ")"])
}

fn init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    no_keywords(vm, this, args)?;
    super::base::set_args(vm, this, args)
}

/// The exceptions in a group; none if it is no group.
pub fn group_items(group: &Value) -> Vec<Value> {
    let exceptions = group.get::<Exception>().and_then(|e| e.field(Kind::Group, 1));
    exceptions.as_ref().and_then(|list| list.get::<Tuple>()).map_or(Vec::new(), |all| all.items().to_vec())
}

fn is_group(vm: &Vm, value: &Value) -> bool {
    vm.is_instance(value, &vm.exc.BaseExceptionGroup)
}

fn str(vm: &Vm, this: &Value) -> Res {
    let count = group_items(this).len();
    let message = vm.to_str(&payload(this).field_or_none(Kind::Group, 0))?;
    let plural = if count == 1 { "" } else { "s" };
    vm.display(format_args!("{} ({count} sub-exception{plural})", vm.text(&message)))
}

fn derive(vm: &Vm, this: &Value, exceptions: &Value) -> Res {
    let class = vm.exc.BaseExceptionGroup.to_value();
    let message = payload(this).field_or_none(Kind::Group, 0);
    vm.call(&class, &[message, exceptions.clone()])
}

/// What a look into a group costs. Groups that hold others twice are met over and over.
const WORK_OF_GROUP: u64 = 4;

// ---- splitting -----------------------------------------------------------------------------------------------------

/// What is looked for in a group.
enum Matcher {
    /// Exceptions of a type, or of one of a tuple's.
    Type(Value),
    /// Exceptions for which a function answers true.
    Predicate(Value),
    /// These very exceptions.
    Instances(Vec<Word>),
}

impl Matcher {
    fn of(vm: &Vm, value: &Value) -> Res<Matcher> {
        if value.has::<Function>() {
            return Ok(Matcher::Predicate(value.clone()));
        }
        let all_types = |tuple: &Tuple| tuple.items().iter().all(raise::is_exception_class);
        if raise::is_exception_class(value) || value.get::<Tuple>().is_some_and(all_types) {
            return Ok(Matcher::Type(value.clone()));
        }
        if vm.slots(value).call().is_some() && !value.has::<TypeObj>() {
            return Ok(Matcher::Predicate(value.clone()));
        }
        Err(vm.type_error(
            "expected an exception type, a tuple of exception types, or a callable (other than a class)",
        ))
    }
    fn accepts(&self, vm: &Vm, exception: &Value) -> Res<bool> {
        match self {
            Matcher::Type(kind) => Ok(raise::matches(vm, exception, kind)),
            Matcher::Predicate(function) => {
                let answer = vm.call(function, &[exception.clone()])?;
                vm.truth(&answer)
            }
            Matcher::Instances(words) => Ok(!is_group(vm, exception) && words.contains(&exception.word())),
        }
    }
}

/// The two parts of an exception: what matches, and (if it is wanted) what does not.
type Parted = (Option<Value>, Option<Value>);

fn part(vm: &Vm, exception: &Value, matcher: &Matcher, rest_wanted: bool) -> Res<Parted> {
    if matcher.accepts(vm, exception)? {
        return Ok((Some(exception.clone()), None));
    }
    if !is_group(vm, exception) {
        return Ok((None, rest_wanted.then(|| exception.clone())));
    }
    vm.check_stack()?;
    vm.work(WORK_OF_GROUP)?;
    let (mut matched, mut rest) = (Vec::new(), Vec::new());
    for inner in group_items(exception) {
        let (yes, no) = part(vm, &inner, matcher, rest_wanted)?;
        matched.extend(yes);
        rest.extend(no);
    }
    Ok((subset(vm, exception, matched)?, subset(vm, exception, rest)?))
}

/// A group like `group` with some of its exceptions; none if there are none.
fn subset(vm: &Vm, group: &Value, exceptions: Vec<Value>) -> Res<Option<Value>> {
    if exceptions.is_empty() {
        return Ok(None);
    }
    let list = vm.new_list(exceptions)?;
    let made = vm.call_method(group, &vm.intern("derive")?, &[list])?;
    if !is_group(vm, &made) {
        return Err(vm.type_error("derive must return an instance of BaseExceptionGroup"));
    }
    let (from, to) = (payload(group), payload(&made));
    to.traceback.set(from.traceback.clone());
    to.context.set(from.context.clone());
    raise::set_cause(&made, from.cause.clone());
    if let Some(notes) = vm.get_attr_opt(group, &vm.names.__notes__)?
        && is_sequence(vm, &notes)
    {
        let copy = vm.list_of(&notes)?.into_value();
        vm.set_attr(&made, &vm.names.__notes__, Some(&copy))?;
    }
    Ok(Some(made))
}

fn split(vm: &Vm, this: &Value, kind: &Value) -> Res {
    let matcher = Matcher::of(vm, kind)?;
    let (matched, rest) = part(vm, this, &matcher, true)?;
    vm.new_tuple(vec![matched.unwrap_or(Value::NONE), rest.unwrap_or(Value::NONE)])
}

fn subgroup(vm: &Vm, this: &Value, kind: &Value) -> Res {
    let matcher = Matcher::of(vm, kind)?;
    Ok(part(vm, this, &matcher, false)?.0.unwrap_or(Value::NONE))
}

// ---- except* -------------------------------------------------------------------------------------------------------

/// What an `except*` clause does: the rest that goes on, and what the clause handles (None if nothing). A lone exception that
/// matches is handled in a group of its own.
pub fn split_for_star(vm: &Vm, exception: &Value, kind: &Value) -> Res<(Value, Value)> {
    if exception.is_none() {
        return Ok((Value::NONE, Value::NONE));
    }
    if raise::matches(vm, exception, kind) {
        if is_group(vm, exception) {
            return Ok((Value::NONE, exception.clone()));
        }
        let wrapped = new_group(vm, "", vm.new_tuple(vec![exception.clone()])?)?;
        payload(&wrapped).traceback.set(crate::types::traceback::here(vm)?);
        return Ok((Value::NONE, wrapped));
    }
    if !is_group(vm, exception) {
        return Ok((exception.clone(), Value::NONE));
    }
    let pair = vm.call_method(exception, &vm.intern("split")?, &[kind.clone()])?;
    let name = vm.type_name(exception);
    let Some(tuple) = pair.get::<Tuple>() else {
        return Err(
            vm.type_error(format_args!("{name}.split must return a tuple, not {}", vm.type_name(&pair)))
        );
    };
    match tuple.items() {
        [matched, rest, ..] => Ok((rest.clone(), matched.clone())),
        items => Err(vm.type_error(format_args!(
            "{name}.split must return a 2-tuple, got tuple of size {}",
            items.len()
        ))),
    }
}

fn new_group(vm: &Vm, message: &str, exceptions: Value) -> Res {
    let class = vm.exc.BaseExceptionGroup.to_value();
    vm.call(&class, &[vm.str(message)?, exceptions])
}

/// Whether an exception went through an `except*` clause unchanged: a part of the original group.
fn same_origin(a: &Exception, b: &Exception) -> bool {
    a.traceback.is(&b.traceback) && a.cause.is(&b.cause) && a.context.is(&b.context)
}

fn leaves(vm: &Vm, exception: &Value, into: &mut Vec<Word>) -> Res<()> {
    if !is_group(vm, exception) {
        into.push(exception.word());
        return Ok(());
    }
    vm.check_stack()?;
    vm.work(WORK_OF_GROUP)?;
    group_items(exception).iter().try_for_each(|inner| leaves(vm, inner, into))
}

/// What is raised after the `except*` clauses: `list` holds what they raised and what none of them handled.
pub fn prep_reraise_star(vm: &Vm, original: &Value, list: &Value) -> Res {
    let all = list.get::<List>().map_or(Vec::new(), |list| list.items().to_vec());
    if all.is_empty() {
        return Ok(Value::NONE);
    }
    if !is_group(vm, original) {
        // A lone exception: at most one clause ran, and at most one exception comes of it.
        return Ok(all[0].clone());
    }
    let (mut raised, mut unhandled) = (Vec::new(), Vec::new());
    for exception in all.into_iter().filter(|e| !e.is_none()) {
        let same = is_group(vm, &exception) && same_origin(payload(&exception), payload(original));
        if same { unhandled.push(exception) } else { raised.push(exception) }
    }
    let mut kept = Vec::new();
    unhandled.iter().try_for_each(|exception| leaves(vm, exception, &mut kept))?;
    let projection = part(vm, original, &Matcher::Instances(kept), false)?.0;
    if raised.is_empty() {
        return Ok(projection.unwrap_or(Value::NONE));
    }
    raised.extend(projection);
    match raised.pop() {
        Some(only) if raised.is_empty() => Ok(only),
        Some(last) => {
            raised.push(last);
            new_group(vm, "", vm.new_list(raised)?)
        }
        None => Ok(Value::NONE),
    }
}
