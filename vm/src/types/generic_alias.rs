//! `types.GenericAlias`: a builtin class with type arguments, as `list[int]`.
//!
//! It stands for the class almost everywhere: calls and attributes go on to the *origin*. What it may not stand for is the
//! class of a check: `isinstance` refuses it. [`parameters`] and [`substitute`], which replace type variables among the
//! arguments, are shared with unions; so is [`push_type`], which writes one argument.

use ryokan_alloc::Header;
use ryokan_bytecode::{BinaryOp, CompareOp};

use super::union;
use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, class_method, getter, member, method};
use crate::object::payload::object;
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, TypeFlags, TypeObj};
use crate::raised::Res;
use crate::types::list::List;
use crate::types::str::build::StrBuilder;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `types.GenericAlias`.
#[repr(C)]
pub struct GenericAlias {
    head: Header,
    /// The class.
    origin: Value,
    /// Its arguments, a tuple.
    args: Value,
    /// The type variables among them, a tuple, once somebody asked.
    parameters: Value,
    /// Whether it is `*tuple[int]`, to be unpacked where it is an argument.
    starred: bool,
}

object! {
    GenericAlias {
        tracked: true,
        values: [origin, args, parameters],
        plain: [starred],
    }
}

impl GenericAlias {
    fn new(head: Header, origin: Value, args: Value, starred: bool) -> GenericAlias {
        GenericAlias { head, origin, args, parameters: Value::UNBOUND, starred }
    }
    fn items(&self) -> &[Value] {
        items(&self.args)
    }
}

/// The items of a value that is a tuple.
fn items(tuple: &Value) -> &[Value] {
    tuple.get::<Tuple>().map_or(&[], Tuple::items)
}

/// A tuple as it is; another value as the one item of a tuple.
fn as_tuple(vm: &Vm, value: &Value) -> Res {
    if value.has::<Tuple>() { Ok(value.clone()) } else { vm.new_tuple(vec![value.clone()]) }
}

impl Vm {
    /// `origin[item]` of a builtin class. Runs no Python; `MemoryError`.
    pub fn new_alias(&self, origin: &Value, item: &Value) -> Res {
        self.make_alias(origin, as_tuple(self, item)?, false)
    }

    fn make_alias(&self, origin: &Value, args: Value, starred: bool) -> Res {
        let origin = origin.clone();
        Ok(self.new_object(|head| GenericAlias::new(head, origin, args, starred))?.into_value())
    }
}

/// The row of a builtin class that takes type arguments.
pub const CLASS_GETITEM: Method = class_method(
    "__class_getitem__",
    "($type, object, /)",
    Call::Two(|vm, class, item| vm.new_alias(class, item)),
    "The class with arguments in brackets, as list[int] is written.",
);

/// The table of a builtin class that has no other methods.
pub static ONLY_CLASS_GETITEM: &[Method] = &[CLASS_GETITEM];

/// `types.GenericAlias`
pub static TYPE: TypeDef = TypeDef {
    name: "types.GenericAlias",
    layout: Layout::GenericAlias,
    flags: TypeFlags::BASETYPE.union(TypeFlags::HAS_WEAKREF),
    doc: "A class with type arguments, e.g. t = list[int].",
    slots: Slots {
        new: Some(new),
        repr: Some(|vm, this| vm.written(this, write)),
        hash: Some(hash),
        compare: Some(compare),
        call: Some(call),
        getattr: Some(getattr),
        getitem: Some(getitem),
        iter: Some(iter),
        number: numbers(&[(BinaryOp::Or, union::of_types)]),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    write: Some(write),
    ..TypeDef::EMPTY
};

fn this(value: &Value) -> &GenericAlias {
    value.get().expect("a method of GenericAlias is called with one")
}

fn new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    if !args.names.is_empty() {
        return Err(vm.type_error("GenericAlias() takes no keyword arguments"));
    }
    let [origin, given] = args.pos else {
        let count = args.pos.len();
        return Err(vm.type_error(format_args!("GenericAlias expected 2 arguments, got {count}")));
    };
    let given = as_tuple(vm, given)?;
    vm.new_of_class(class, |head| GenericAlias::new(head, origin.clone(), given, false))
}

// ---- text ----------------------------------------------------------------------------------------------------------

/// Writes a type as an argument: a class by its name alone.
pub fn push_type(vm: &Vm, text: &mut StrBuilder<'_>, value: &Value) -> Res<()> {
    if value.word() == Value::ELLIPSIS.word() {
        return text.push_str("...");
    }
    if value.word() == vm.types.none.word() {
        return text.push_str("None");
    }
    let attr = |name: &str| vm.get_attr_opt(value, &vm.intern(name)?);
    if attr("__origin__")?.is_none() || attr("__args__")?.is_none() {
        let qualname = vm.get_attr_opt(value, &vm.names.__qualname__)?;
        let module = vm.get_attr_opt(value, &vm.names.__module__)?;
        if let (Some(qualname), Some(module)) = (qualname, module)
            && !module.is_none()
        {
            if !(vm.is_str(&module) && vm.text(&module) == "builtins") {
                text.push_value(&vm.to_str(&module)?)?;
                text.push_str(".")?;
            }
            return text.push_value(&vm.to_str(&qualname)?);
        }
    }
    vm.push_repr(value, text)
}

/// Writes types with commas between.
fn push_types(vm: &Vm, text: &mut StrBuilder<'_>, types: &[Value]) -> Res<()> {
    for (at, one) in types.iter().enumerate() {
        if at > 0 {
            text.push_str(", ")?;
        }
        match one.exact::<List>() {
            Some(list) => {
                vm.check_stack()?;
                text.push_str("[")?;
                // (To write one may change the list.)
                for at in 0..list.items().len() {
                    let Some(one) = list.items().get(at).cloned() else {
                        return Err(vm.index_error("list index out of range"));
                    };
                    if at > 0 {
                        text.push_str(", ")?;
                    }
                    push_types(vm, text, &[one])?;
                }
                text.push_str("]")?;
            }
            None => push_type(vm, text, one)?,
        }
    }
    Ok(())
}

fn write(vm: &Vm, value: &Value, text: &mut StrBuilder<'_>) -> Res<()> {
    let alias = this(value);
    if alias.starred {
        text.push_str("*")?;
    }
    push_type(vm, text, &alias.origin)?;
    text.push_str("[")?;
    if alias.items().is_empty() {
        text.push_str("()")?;
    }
    push_types(vm, text, alias.items())?;
    text.push_str("]")
}

// ---- as a value ----------------------------------------------------------------------------------------------------

fn hash(vm: &Vm, value: &Value) -> Res<i64> {
    vm.check_stack()?;
    let alias = this(value);
    let mixed = vm.hash(&alias.origin)? ^ vm.hash(&alias.args)?;
    Ok(if mixed == -1 { -2 } else { mixed })
}

fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let (CompareOp::Eq | CompareOp::Ne, Some(y)) = (op, b.get::<GenericAlias>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    let x = this(a);
    let same = x.starred == y.starred && vm.equal(&x.origin, &y.origin)? && vm.equal(&x.args, &y.args)?;
    Ok(Value::bool(same == (op == CompareOp::Eq)))
}

fn call(vm: &Vm, value: &Value, args: Args<'_>) -> Res {
    let origin = this(value).origin.clone();
    let made = vm.call_args(&origin, args)?;
    // The instance may learn what it was made by; most have no room for it.
    match vm.set_attr(&made, &vm.names.__orig_class__, Some(value)) {
        Err(raised)
            if vm.raised_is(&raised, &vm.exc.AttributeError) || vm.raised_is(&raised, &vm.exc.TypeError) =>
        {
            drop(vm.take_raised(raised));
            Ok(made)
        }
        Err(raised) => Err(raised),
        Ok(()) => Ok(made),
    }
}

fn getitem(vm: &Vm, value: &Value, item: &Value) -> Res {
    let args = substitute(vm, value, &this(value).args.clone(), &parameters_of(vm, value)?, item)?;
    let alias = this(value);
    vm.make_alias(&alias.origin, vm.new_tuple(args)?, alias.starred)
}

/// `*alias` gives one item: the alias marked for unpacking.
fn iter(vm: &Vm, value: &Value) -> Res {
    let alias = this(value);
    let alias = vm.make_alias(&alias.origin, alias.args.clone(), true)?;
    Ok(vm.new_object(|head| AliasIterator { head, alias })?.into_value())
}

/// The payload of `generic_alias_iterator`: what it gives, and None when it has.
#[repr(C)]
pub struct AliasIterator {
    head: Header,
    alias: Value,
}

object! {
    AliasIterator as AliasIterator {
        tracked: true,
        values: [alias],
        clear: |this| this.alias.set(Value::NONE),
    }
}

/// `generic_alias_iterator`
pub static ITERATOR: TypeDef = TypeDef {
    name: "generic_alias_iterator",
    layout: Layout::AliasIterator,
    flags: TypeFlags::NO_NEW,
    slots: Slots { iter: Some(itself), next: Some(next), ..Slots::NONE },
    methods: ITERATOR_METHODS,
    ..TypeDef::EMPTY
};

static ITERATOR_METHODS: &[Method] =
    &[method("__reduce__", "($self, /)", Call::One(reduce_iterator), "What pickle needs to make it again.")];

fn left(value: &Value) -> &Value {
    let iterator: &AliasIterator =
        value.get().expect("a method of generic_alias_iterator is called with one");
    &iterator.alias
}
fn itself(_: &Vm, value: &Value) -> Res {
    Ok(value.clone())
}
fn next(_: &Vm, value: &Value) -> Res<Option<Value>> {
    Ok(Some(left(value).replace(Value::NONE)).filter(|alias| !alias.is_none()))
}
fn reduce_iterator(vm: &Vm, value: &Value) -> Res {
    let iter = vm.builtin_of_caller("iter")?;
    // What gives an alias to unpack is the iterator of the plain one.
    let source = match left(value).get::<GenericAlias>() {
        Some(alias) => vm.make_alias(&alias.origin, alias.args.clone(), false)?,
        None => vm.new_tuple(Vec::new())?,
    };
    vm.new_pair(iter, vm.new_tuple(vec![source])?)
}

// ---- attributes ----------------------------------------------------------------------------------------------------

/// Attributes of the alias itself.
const OWN: &[&str] = &[
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
];
/// Attributes that the origin does not lend.
const BLOCKED: &[&str] = &["__bases__", "__copy__", "__deepcopy__"];

fn getattr(vm: &Vm, value: &Value, name: &Value) -> Res {
    if vm.is_str(name) {
        let text = vm.text(name);
        if !OWN.contains(&text.as_str()) && !BLOCKED.contains(&text.as_str()) {
            let origin = this(value).origin.clone();
            return vm.get_attr(&origin, name);
        }
    }
    vm.generic_get_attr(value, name)
}

static GETSET: &[GetSet] = &[
    member("__origin__", |_, value| Ok(this(value).origin.clone()), ""),
    member("__args__", |_, value| Ok(this(value).args.clone()), ""),
    member("__unpacked__", |_, value| Ok(Value::bool(this(value).starred)), ""),
    getter("__parameters__", parameters_of, "a tuple of the type variables that its arguments leave open"),
    getter("__typing_unpacked_tuple_args__", unpacked_args, ""),
];

static METHODS: &[Method] = &[
    method("__mro_entries__", "($self, bases, /)", Call::Two(mro_entries), ""),
    method("__instancecheck__", "($self, instance, /)", Call::Two(instance_check), ""),
    method("__subclasscheck__", "($self, cls, /)", Call::Two(subclass_check), ""),
    method("__reduce__", "($self, /)", Call::One(reduce), ""),
    method("__dir__", "($self, /)", Call::One(dir), ""),
];

fn mro_entries(vm: &Vm, value: &Value, _: &Value) -> Res {
    vm.new_tuple(vec![this(value).origin.clone()])
}

fn instance_check(vm: &Vm, _: &Value, _: &Value) -> Res {
    Err(vm.type_error("isinstance() argument 2 cannot be a parameterized generic"))
}

fn subclass_check(vm: &Vm, _: &Value, _: &Value) -> Res {
    Err(vm.type_error("issubclass() argument 2 cannot be a parameterized generic"))
}

fn unpacked_args(vm: &Vm, value: &Value) -> Res {
    let alias = this(value);
    let unpacks = alias.starred && alias.origin.word() == vm.types.tuple.word();
    Ok(if unpacks { alias.args.clone() } else { Value::NONE })
}

fn reduce(vm: &Vm, value: &Value) -> Res {
    let alias = this(value);
    if alias.starred {
        let plain = vm.make_alias(&alias.origin, alias.args.clone(), false)?;
        let iterator = vm.iter(&plain)?;
        return vm.new_pair(vm.builtin_of_caller("next")?, vm.new_tuple(vec![iterator])?);
    }
    vm.new_pair(vm.types.generic_alias.to_value(), vm.new_pair(alias.origin.clone(), alias.args.clone())?)
}

fn dir(vm: &Vm, value: &Value) -> Res {
    let listed = vm.call(&vm.builtin("dir")?, &[this(value).origin.clone()])?;
    let names = vm.list_of(&listed)?;
    for own in OWN {
        if !names.items().iter().any(|name| vm.is_str(name) && vm.text(name) == *own) {
            names.push(vm, vm.intern(own)?)?;
        }
    }
    Ok(names.into_value())
}

// ---- type variables ------------------------------------------------------------------------------------------------

fn parameters_of(vm: &Vm, value: &Value) -> Res {
    let alias = this(value);
    if alias.parameters.is_unbound() {
        let found = parameters(vm, alias.items())?;
        alias.parameters.set(found);
    }
    Ok(alias.parameters.clone())
}

/// The type variables among type arguments, each once, as a tuple.
pub fn parameters(vm: &Vm, args: &[Value]) -> Res {
    let mut found = Vec::new();
    gather(vm, args, &mut found)?;
    vm.new_tuple(found)
}

fn gather(vm: &Vm, args: &[Value], found: &mut Vec<Value>) -> Res<()> {
    fn add(found: &mut Vec<Value>, value: &Value) {
        if !found.iter().any(|f| f.is(value)) {
            found.push(value.clone());
        }
    }
    vm.check_stack()?;
    for arg in args {
        // A class's own attribute of that name is a descriptor.
        if arg.has::<TypeObj>() {
            continue;
        }
        if let Some(tuple) = arg.exact::<Tuple>() {
            gather(vm, tuple.items(), found)?;
        } else if let Some(list) = arg.exact::<List>() {
            gather(vm, &list.items().to_vec(), found)?;
        } else if vm.get_attr_opt(arg, &vm.intern("__typing_subst__")?)?.is_some() {
            add(found, arg);
        } else if let Some(inner) = vm.get_attr_opt(arg, &vm.intern("__parameters__")?)? {
            items(&inner).iter().for_each(|one| add(found, one));
        }
    }
    Ok(())
}

/// Type arguments with the type variables replaced by the items of a subscript, in order.
pub fn substitute(vm: &Vm, owner: &Value, args: &Value, parameters: &Value, item: &Value) -> Res<Vec<Value>> {
    let parameters = items(parameters);
    if parameters.is_empty() {
        return Err(vm.type_error(format_args!("{} is not a generic class", vm.text(&vm.repr(owner)?))));
    }
    let mut given = spread(vm, item)?;
    for parameter in parameters {
        // A variable may rearrange the items, or supply its default.
        if let Some(prepare) = vm.get_attr_opt(parameter, &vm.intern("__typing_prepare_subst__")?)?
            && !prepare.is_none()
        {
            given = vm.call(&prepare, &[owner.clone(), as_tuple(vm, &given)?])?;
        }
    }
    let given = as_tuple(vm, &given)?;
    let given = items(&given);
    if given.len() != parameters.len() {
        return Err(vm.type_error(format_args!(
            "Too {} arguments for {}; actual {}, expected {}",
            if given.len() > parameters.len() { "many" } else { "few" },
            vm.text(&vm.repr(owner)?),
            given.len(),
            parameters.len()
        )));
    }
    let mut made = Vec::new();
    for arg in items(args) {
        replace(vm, arg, parameters, given, &mut made)?;
    }
    Ok(made)
}

/// The items of a subscript: `*tuple[int, str]` stands for the types in it, unless it is as long as one likes.
fn spread(vm: &Vm, item: &Value) -> Res {
    let mut spread = Vec::new();
    for one in items(&as_tuple(vm, item)?) {
        let inner = match one.has::<TypeObj>() {
            true => None,
            false => vm.get_attr_opt(one, &vm.intern("__typing_unpacked_tuple_args__")?)?,
        };
        match inner.as_ref().and_then(|inner| inner.get::<Tuple>()).map(Tuple::items) {
            Some(inner) if !inner.last().is_some_and(|last| last.is(&Value::ELLIPSIS)) => {
                spread.extend(inner.iter().cloned());
            }
            _ => spread.push(one.clone()),
        }
    }
    vm.new_tuple(spread)
}

/// Appends one argument, its variables replaced.
fn replace(vm: &Vm, arg: &Value, parameters: &[Value], given: &[Value], made: &mut Vec<Value>) -> Res<()> {
    vm.check_stack()?;
    let replacement = |one: &Value| {
        parameters.iter().position(|p| p.is(one)).map_or_else(|| one.clone(), |at| given[at].clone())
    };
    if arg.has::<TypeObj>() {
        made.push(arg.clone());
        return Ok(());
    }
    if arg.exact::<Tuple>().is_some() || arg.exact::<List>().is_some() {
        let mut inner = Vec::new();
        for one in vm.collect(arg)? {
            replace(vm, &one, parameters, given, &mut inner)?;
        }
        made.push(if arg.has::<List>() { vm.new_list(inner)? } else { vm.new_tuple(inner)? });
        return Ok(());
    }
    let unpacks = match vm.get_attr_opt(arg, &vm.intern("__typing_is_unpacked_typevartuple__")?)? {
        Some(flag) => vm.truth(&flag)?,
        None => false,
    };
    let new = if let Some(subst) = vm.get_attr_opt(arg, &vm.intern("__typing_subst__")?)? {
        vm.call(&subst, &[replacement(arg)])?
    } else {
        let inner = vm.get_attr_opt(arg, &vm.intern("__parameters__")?)?.unwrap_or(vm.empty_tuple.clone());
        if items(&inner).is_empty() {
            arg.clone()
        } else {
            let mut subscript = Vec::new();
            for one in items(&inner) {
                // The items of a variable that stands for many are spread.
                match replacement(one) {
                    many if many.has::<Tuple>() => subscript.extend(items(&many).iter().cloned()),
                    single => subscript.push(single),
                }
            }
            vm.get_item(arg, &vm.new_tuple(subscript)?)?
        }
    };
    match new.get::<Tuple>() {
        Some(many) if unpacks => made.extend(many.items().iter().cloned()),
        _ => made.push(new),
    }
    Ok(())
}
