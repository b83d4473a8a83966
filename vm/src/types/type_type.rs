//! `type`: calling a class, attributes of classes, and the methods of `type` itself.

use ryokan_bytecode::BinaryOp;

use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, attribute, class_method, getter, member, method};
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, TypeFlags, TypeObj};
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::types::annotations;
use crate::types::classes::bases;
use crate::types::classes::class;
use crate::types::classes::trampoline::{self, has_python_new};
use crate::types::descriptors::GetSetObj;
use crate::types::dict::Dict;
use crate::types::facts;
use crate::types::str::Str;
use crate::types::str::codec::{Codec, encode_as};
use crate::types::str::errors::Errors;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// `type`
pub static TYPE: TypeDef = TypeDef {
    name: "type",
    layout: Layout::Type,
    construct: Some(|vm, args| match args {
        [object] => Some(Ok(vm.type_of(object).to_value())),
        _ => None,
    }),
    flags: TypeFlags::BASETYPE.union(TypeFlags::HAS_DICT).union(TypeFlags::HAS_WEAKREF),
    doc: "type(object)\ntype(name, bases, namespace, **keywords)\n\nThe class of an object; or a new class \
          with this name, these bases, and the\nnamespace's entries as its attributes. The keywords go to \
          __init_subclass__.",
    slots: Slots {
        repr: Some(repr),
        call: Some(call),
        getattr: Some(getattr),
        setattr: Some(setattr),
        new: Some(new),
        init: Some(init),
        number: numbers(&[(BinaryOp::Or, crate::types::union::of_types)]),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

fn this(value: &Value) -> &TypeObj {
    value.get().expect("a method of type is called with a type")
}

fn repr(vm: &Vm, value: &Value) -> Res {
    vm.display(format_args!("<class '{}'>", this(value).full_name(vm)))
}

/// Calls a class.
pub fn call(vm: &Vm, value: &Value, args: Args<'_>) -> Res {
    let ty = this(value);
    if args.names.is_empty()
        && !ty.has(TypeFlags::HEAP)
        && let Some(made) = ty.def.and_then(|def| def.construct).and_then(|construct| construct(vm, args.pos))
    {
        return made;
    }
    if std::ptr::eq(ty, &*vm.types.r#type) && args.pos.len() != 3 {
        return Err(vm.type_error(match args.pos.len() {
            1 if !args.names.is_empty() => "type() takes no keyword arguments",
            _ => "type() takes 1 or 3 arguments",
        }));
    }
    let Some(new) = ty.slots().new() else {
        return Err(vm.type_error(format_args!("cannot create '{}' instances", ty.full_name(vm))));
    };
    if ty.has(TypeFlags::NO_NEW) {
        return Err(vm.type_error(format_args!("cannot create '{}' instances", ty.full_name(vm))));
    }
    // Whether it is an instance of the class, which may be gone when `__new__` has run.
    let word = ty.word();
    let is_made = |made: &Value| {
        let kind = vm.type_of(made);
        kind.word() == word || value.get::<TypeObj>().is_some_and(|ty| kind.is_subtype(ty))
    };
    let init = ty.slots().init();
    let plain_new = Some(new) == vm.types.object.slots().new();
    let plain_init = init == vm.types.object.slots().init();
    let exception = vm.exc.Exception.slots();
    if args.names.is_empty() && Some(new) == exception.new() && init == exception.init() {
        // An exception's `__new__` keeps the arguments, which is all that its `__init__` does.
        return new.call(vm, value, args);
    }
    // What is written in Python may give an instance of a subclass, which has another `__init__`.
    if plain_init && !has_python_new(ty) {
        return new.call(vm, value, args);
    }
    let made = if args.is_empty() {
        new.call(vm, value, args)?
    } else if plain_new && !ty.has(TypeFlags::ABSTRACT) && ty.layout == Layout::Instance {
        vm.new_instance(ty)?
    } else {
        // Both see the arguments: `__new__` gets copies.
        let mut copies = vm.vector(args.len())?;
        copies.extend(args.pos.iter().chain(args.named).cloned());
        new.call(vm, value, Args::split(&copies, args.names))?
    };
    if is_made(&made)
        && let Some(init) = vm.slots(&made).init()
    {
        init.call(vm, &made, args)?;
    }
    Ok(made)
}

fn getattr(vm: &Vm, value: &Value, name: &Value) -> Res {
    if !name.has::<Str>() {
        return Err(
            vm.type_error(format_args!("attribute name must be string, not '{}'", vm.type_name(name)))
        );
    }
    let ty = this(value);
    let name = &vm.intern_value(name.clone())?;
    let meta = vm.type_of(value);
    let from_meta = meta.lookup(vm, name);
    if let Some(descriptor) = &from_meta {
        let slots = vm.slots(descriptor);
        if let (Some(get), true) = (slots.get(), slots.set().is_some()) {
            return get.call(vm, descriptor, Some(value), &meta.to_value());
        }
    }
    if let Some(found) = ty.lookup(vm, name) {
        return match vm.slots(&found).get() {
            Some(get) => get.call(vm, &found, None, value),
            None => Ok(found),
        };
    }
    match from_meta {
        Some(found) => match vm.slots(&found).get() {
            Some(get) => get.call(vm, &found, Some(value), &meta.to_value()),
            None => Ok(found),
        },
        None => Err(vm.no_attribute(value, name)),
    }
}

fn setattr(vm: &Vm, value: &Value, name: &Value, new: Option<&Value>) -> Res<()> {
    let ty = this(value);
    if !name.has::<Str>() {
        if !ty.has(TypeFlags::HEAP) && !ty.has(TypeFlags::MUTABLE) {
            let (shown, kind) = (vm.repr(name)?, ty.full_name(vm));
            let shown = vm.text(&shown);
            return Err(
                vm.type_error(format_args!("cannot set {shown} attribute of immutable type '{kind}'"))
            );
        }
        return Err(
            vm.type_error(format_args!("attribute name must be string, not '{}'", vm.type_name(name)))
        );
    }
    if !ty.has(TypeFlags::HEAP) && (!ty.has(TypeFlags::MUTABLE) || vm.is_dunder(name)) {
        return Err(vm.type_error(format_args!(
            "cannot set '{}' attribute of immutable type '{}'",
            vm.text(name),
            ty.full_name(vm)
        )));
    }
    // As in CPython a class keeps its attributes under plain strs.
    let name = &vm.intern_value(vm.exact_str(name)?)?;
    if let Some(descriptor) = vm.type_of(value).lookup(vm, name)
        && let Some(set) = vm.slots(&descriptor).set()
    {
        return set.call(vm, &descriptor, value, new);
    }
    put(vm, value, name, new)?;
    trampoline::attribute_changed(vm, ty, name)
}

/// Sets or deletes what a class's dict holds. Caches hear of it before the old value goes, whose end may run Python.
pub fn put(vm: &Vm, class: &Value, name: &Value, new: Option<&Value>) -> Res<()> {
    let ty = this(class);
    let old = ty.dict().get_name(name).cloned();
    match new {
        Some(new) => ty.set_own(vm, name, new.clone())?,
        None if old.is_none() => return Err(vm.no_attribute(class, name)),
        None => drop(ty.remove_own(vm, name)),
    }
    // Another value in the same place is no news to whoever knows the place, if both are only values.
    let values = |old: &Value, new: &Value| vm.is_plain_attribute(old) && vm.is_plain_attribute(new);
    if !old.as_ref().zip(new).is_some_and(|(old, new)| values(old, new)) || vm.is_dunder(name) {
        vm.type_changed(name);
    }
    Ok(())
}

fn new(vm: &Vm, meta: &Value, args: Args<'_>) -> Res {
    let [name, bases, namespace] = args.pos else {
        let count = args.pos.len();
        return Err(vm.type_error(format_args!("type.__new__() takes exactly 3 arguments ({count} given)")));
    };
    if !vm.is_str(name) {
        return Err(
            vm.type_error(format_args!("type.__new__() argument 1 must be str, not {}", vm.arg_name(name)))
        );
    }
    if !bases.has::<Tuple>() {
        return Err(vm.type_error(format_args!(
            "type.__new__() argument 2 must be tuple, not {}",
            vm.arg_name(bases)
        )));
    }
    let Ok(dict) = Ref::<Dict>::from_value(namespace.clone()) else {
        return Err(vm.type_error(format_args!(
            "type.__new__() argument 3 must be dict, not {}",
            vm.arg_name(namespace)
        )));
    };
    check_name(vm, name)?;
    // A base's metaclass that makes its classes in its own way is asked instead.
    if bases.get::<Tuple>().is_some_and(|bases| bases.items().iter().all(Value::has::<TypeObj>)) {
        let bases = bases.get::<Tuple>().map_or(&[][..], Tuple::items);
        let winner = bases::winner(vm, meta, bases)?;
        if winner.word() != meta.word()
            && let Some(other) = winner.get::<TypeObj>().and_then(|winner| winner.slots().new())
            && Some(other) != vm.types.r#type.slots().new()
        {
            return other.call(vm, &winner, args);
        }
    }
    class::new_class(vm, meta, name, bases, &dict, args)
}

/// Fails if the name of a type has a null character or a lone surrogate in it.
fn check_name(vm: &Vm, name: &Value) -> Res<()> {
    if name.get::<Str>().is_some_and(|name| !name.is_ascii()) {
        encode_as(vm, name, Codec::Utf8, Errors::named("strict"))?;
    }
    match name.get::<Str>().is_some_and(|name| name.chars().iter().any(|c| c == 0)) {
        true => Err(vm.value_error("type name must not contain null characters")),
        false => Ok(()),
    }
}

fn init(vm: &Vm, _: &Value, args: Args<'_>) -> Res<()> {
    if args.pos.len() == 1 || args.pos.len() == 3 {
        return Ok(());
    }
    Err(vm.type_error("type.__init__() takes 1 or 3 arguments"))
}

static METHODS: &[Method] = &[
    method(
        "mro",
        "($self, /)",
        Call::One(mro),
        "A list of the class and its bases in the order in which attributes are looked up. A\nmetaclass may \
         override it.",
    ),
    method(
        "__subclasses__",
        "($self, /)",
        Call::One(subclasses),
        "The living classes that name this one among their bases.",
    ),
    method(
        "__instancecheck__",
        "($self, instance, /)",
        Call::Two(instance_check),
        "Whether the object's class is this one, or derives from it.",
    ),
    method(
        "__subclasscheck__",
        "($self, subclass, /)",
        Call::Two(subclass_check),
        "Whether the other class is this one, or derives from it.",
    ),
    method(
        "__dir__",
        "($self, /)",
        Call::One(dir),
        "The names of the class and of its bases. Those of its metaclass are left out.",
    ),
    method(
        "__sizeof__",
        "($self, /)",
        Call::One(sizeof),
        "The bytes of the class itself, as CPython would count them.",
    ),
    class_method(
        "__prepare__",
        "($cls, *args, **kwargs)",
        Call::Full(prepare),
        "The mapping in which a class body runs: here a new, empty dict.",
    ),
];

static GETSET: &[GetSet] = &[
    attribute("__name__", |_, t| Ok(this(t).name.clone()), set_name, ""),
    attribute("__qualname__", |_, t| Ok(this(t).qualname.clone()), set_qualname, ""),
    attribute("__bases__", |_, t| Ok(this(t).bases.clone()), set_bases, ""),
    attribute("__module__", module, set_module, ""),
    attribute("__abstractmethods__", abstract_methods, set_abstract_methods, ""),
    attribute("__doc__", doc, set_doc, ""),
    attribute("__annotations__", annotations::class_annotations, annotations::set_class_annotations, ""),
    attribute("__annotate__", annotations::class_annotate, annotations::set_class_annotate, ""),
    attribute("__type_params__", type_params, set_type_params, ""),
    getter("__mro__", |_, t| Ok(this(t).mro.bound().cloned().unwrap_or(Value::NONE)), ""),
    member("__base__", |_, t| Ok(this(t).base.clone()), ""),
    getter("__dict__", |vm, t| vm.new_mapping_proxy(this(t).dict.clone()), ""),
    getter("__text_signature__", text_signature, ""),
    member("__flags__", |vm, t| vm.int(facts::of(this(t)).flags.bits().into()), ""),
    member("__basicsize__", |vm, t| vm.int(facts::of(this(t)).sizes[0]), ""),
    member("__itemsize__", |vm, t| vm.int(facts::of(this(t)).sizes[1]), ""),
    member("__dictoffset__", |vm, t| vm.int(facts::of(this(t)).sizes[2]), ""),
    member("__weakrefoffset__", |vm, t| vm.int(facts::of(this(t)).sizes[3]), ""),
];

fn text_signature(vm: &Vm, t: &Value) -> Res {
    let known = this(t).def.and_then(|def| def.signature.or_else(|| facts::signature(def.name)));
    known.map_or(Ok(Value::NONE), |signature| vm.str(signature))
}

/// `TypeError` where the attribute of a builtin type would change.
pub fn heap_only(vm: &Vm, ty: &TypeObj, name: &str) -> Res<()> {
    if ty.has(TypeFlags::HEAP) {
        return Ok(());
    }
    Err(vm.type_error(format_args!("cannot set '{name}' attribute of immutable type '{}'", ty.full_name(vm))))
}
/// The new value of an attribute that every class has. `TypeError` for a builtin type, and where it would be deleted.
fn kept<'a>(vm: &Vm, ty: &TypeObj, name: &str, value: Option<&'a Value>) -> Res<&'a Value> {
    heap_only(vm, ty, name)?;
    value.ok_or(()).map_err(|()| {
        let kind = vm.text(&ty.name);
        vm.type_error(format_args!("cannot delete '{name}' attribute of immutable type '{kind}'"))
    })
}
/// The same where it must be a str.
fn kept_str<'a>(vm: &Vm, ty: &TypeObj, name: &str, value: Option<&'a Value>) -> Res<&'a Value> {
    let value = kept(vm, ty, name, value)?;
    if vm.is_str(value) {
        return Ok(value);
    }
    let (kind, given) = (vm.text(&ty.name), vm.type_name(value));
    Err(vm.type_error(format_args!("can only assign string to {kind}.{name}, not '{given}'")))
}
fn set_name(vm: &Vm, t: &Value, value: Option<&Value>) -> Res<()> {
    let name = kept_str(vm, this(t), "__name__", value)?;
    check_name(vm, name)?;
    this(t).name.set(name.clone());
    Ok(())
}
fn set_qualname(vm: &Vm, t: &Value, value: Option<&Value>) -> Res<()> {
    let name = kept_str(vm, this(t), "__qualname__", value)?;
    this(t).qualname.set(name.clone());
    Ok(())
}
fn set_bases(vm: &Vm, t: &Value, value: Option<&Value>) -> Res<()> {
    bases::change_bases(vm, this(t), kept(vm, this(t), "__bases__", value)?)
}
fn from_dict(t: &Value, name: &Value) -> Option<Value> {
    // What `type` itself has under such a name is the attribute of the others.
    let is_type = this(t).def.is_some_and(|def| std::ptr::eq(def, &TYPE));
    this(t).dict().get_name(name).filter(|found| !(is_type && found.has::<GetSetObj>())).cloned()
}
fn module(vm: &Vm, t: &Value) -> Res {
    // What instances of a builtin type have under this name is not the module of the type.
    if let (Some(def), false) = (this(t).def, this(t).has(TypeFlags::HEAP)) {
        return def
            .name
            .rsplit_once('.')
            .map_or(Ok(vm.names.builtins.clone()), |(module, _)| vm.intern(module));
    }
    match from_dict(t, &vm.names.__module__) {
        Some(found) => Ok(found),
        None => Ok(vm.names.builtins.clone()),
    }
}
fn set_in_dict(vm: &Vm, t: &Value, name: &Value, value: Option<&Value>) -> Res<()> {
    heap_only(vm, this(t), &vm.text(name))?;
    put(vm, t, name, value)
}
fn set_module(vm: &Vm, t: &Value, value: Option<&Value>) -> Res<()> {
    kept(vm, this(t), "__module__", value)?;
    set_in_dict(vm, t, &vm.names.__module__, value)
}
fn abstract_methods(vm: &Vm, t: &Value) -> Res {
    match from_dict(t, &vm.names.__abstractmethods__) {
        Some(found) => Ok(found),
        None => Err(vm.attribute_error("__abstractmethods__")),
    }
}
fn set_abstract_methods(vm: &Vm, t: &Value, value: Option<&Value>) -> Res<()> {
    if value.is_none() && from_dict(t, &vm.names.__abstractmethods__).is_none() {
        return Err(vm.attribute_error("__abstractmethods__"));
    }
    set_in_dict(vm, t, &vm.names.__abstractmethods__, value)?;
    let ty = this(t);
    let any = value.map_or(Ok(false), |v| vm.truth(v))?;
    let mut flags = ty.flags.get();
    flags.set(TypeFlags::ABSTRACT, any);
    ty.flags.set(flags);
    Ok(())
}
fn doc(vm: &Vm, t: &Value) -> Res {
    if let Some(def) = this(t).def
        && !def.doc.is_empty()
    {
        return vm.str(def.doc);
    }
    match from_dict(t, &vm.names.__doc__) {
        Some(found) => match vm.slots(&found).get() {
            Some(get) => get.call(vm, &found, None, t),
            None => Ok(found),
        },
        None => Ok(Value::NONE),
    }
}
fn set_doc(vm: &Vm, t: &Value, value: Option<&Value>) -> Res<()> {
    kept(vm, this(t), "__doc__", value)?;
    set_in_dict(vm, t, &vm.names.__doc__, value)
}
fn type_params(vm: &Vm, t: &Value) -> Res {
    Ok(from_dict(t, &vm.names.__type_params__).unwrap_or(vm.empty_tuple.clone()))
}
fn set_type_params(vm: &Vm, t: &Value, value: Option<&Value>) -> Res<()> {
    kept(vm, this(t), "__type_params__", value)?;
    set_in_dict(vm, t, &vm.names.__type_params__, value)
}

fn mro(vm: &Vm, t: &Value) -> Res {
    let bases = this(t).bases.clone();
    vm.new_list(bases::linearise(vm, this(t), bases.get::<Tuple>().map_or(&[][..], Tuple::items))?)
}
fn subclasses(vm: &Vm, t: &Value) -> Res {
    // CPython's weak references to garbage are cleared before finalizers run.
    let alive = this(t).subclasses().into_iter().map(Ref::into_value);
    vm.new_list(
        alive
            .filter(|class| class.object().is_some_and(|class| !crate::object::is_condemned(class)))
            .collect(),
    )
}
fn instance_check(vm: &Vm, t: &Value, value: &Value) -> Res {
    vm.plain_is_instance(value, t).map(Value::bool)
}
fn subclass_check(vm: &Vm, t: &Value, sub: &Value) -> Res {
    vm.plain_is_subclass(sub, t).map(Value::bool)
}
fn dir(vm: &Vm, t: &Value) -> Res {
    let names = vm.new_dict()?;
    vm.class_names(this(t), &names)?;
    vm.list_of(names.value()).map(Ref::into_value)
}
fn sizeof(vm: &Vm, this: &Value) -> Res {
    Ok(Value::small(vm.size_in_cpython(this) as i64))
}
fn prepare(vm: &Vm, _: Args<'_>) -> Res {
    Ok(vm.new_dict()?.into_value())
}
