//! `object`: plain instances, and what every type inherits.

use ryokan_alloc::Header;
use ryokan_bytecode::CompareOp;

use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, attribute, class_method, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags, TypeObj};
use crate::raised::Res;
use crate::types::facts;
use crate::types::reduce;
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of a plain instance: nothing; its attributes lie behind.
#[repr(C)]
pub struct Instance {
    head: Header,
}

object! {
    Instance {
        tracked: true,
        values: [],
    }
}

impl Instance {
    /// A payload.
    pub fn new(head: Header) -> Instance {
        Instance { head }
    }
}

/// `object`
pub static TYPE: TypeDef = TypeDef {
    name: "object",
    layout: Layout::Instance,
    flags: TypeFlags::BASETYPE,
    doc: "The class from which all others derive.\n\nAn instance of object itself has no attributes of its \
          own, and takes none.",
    slots: Slots {
        repr: Some(repr),
        str: Some(str),
        hash: Some(hash),
        getattr: Some(getattr),
        setattr: Some(setattr),
        new: Some(new),
        init: Some(init),
        compare: Some(compare),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

fn repr(vm: &Vm, this: &Value) -> Res {
    vm.display(format_args!("<{} object at {:#x}>", vm.type_of(this).full_name(vm), vm.id(this)))
}

fn str(vm: &Vm, this: &Value) -> Res {
    vm.repr(this)
}

fn hash(vm: &Vm, this: &Value) -> Res<i64> {
    Ok(vm.id_hash(this))
}

fn getattr(vm: &Vm, this: &Value, name: &Value) -> Res {
    vm.generic_get_attr(this, name)
}

fn setattr(vm: &Vm, this: &Value, name: &Value, value: Option<&Value>) -> Res<()> {
    vm.generic_set_attr(this, name, value)
}

fn new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let ty = vm.expect_type(class)?;
    if !args.is_empty() {
        excess_args(vm, ty, true)?;
    }
    if ty.has(TypeFlags::ABSTRACT) {
        return Err(abstract_error(vm, ty));
    }
    if ty.layout != Layout::Instance {
        return Err(vm.type_error(format_args!(
            "object.__new__({0}) is not safe, use {0}.__new__()",
            vm.text(&ty.name)
        )));
    }
    vm.new_instance(ty)
}

fn init(vm: &Vm, this: &Value, args: Args<'_>) -> Res<()> {
    if args.is_empty() { Ok(()) } else { excess_args(vm, vm.type_of(this), false) }
}

/// Arguments that neither `__new__` nor `__init__` would take are an error; which of the two complains depends on which is
/// overridden.
fn excess_args(vm: &Vm, ty: &TypeObj, in_new: bool) -> Res<()> {
    let object = &vm.types.object;
    let own_new = !vm.same_attr(ty, object, &vm.names.__new__);
    let own_init = !vm.same_attr(ty, object, &vm.names.__init__);
    let name = ty.def.map_or_else(|| vm.text(&ty.name), |def| crate::types::str::Text::from(def.name));
    if in_new {
        if own_new {
            return Err(
                vm.type_error("object.__new__() takes exactly one argument (the type to instantiate)")
            );
        }
        if !own_init {
            return Err(vm.type_error(format_args!("{name}() takes no arguments")));
        }
    } else {
        if own_init {
            return Err(
                vm.type_error("object.__init__() takes exactly one argument (the instance to initialize)")
            );
        }
        let never_made =
            ty.slots().new().is_none() || ty.has(TypeFlags::NO_NEW) || facts::of(ty).forbids_new();
        if !own_new && !never_made {
            return Err(vm.type_error(format_args!(
                "{name}.__init__() takes exactly one argument (the instance to initialize)"
            )));
        }
    }
    Ok(())
}

fn abstract_error(vm: &Vm, ty: &TypeObj) -> crate::raised::Raised {
    let listed = ty.dict().get_name(&vm.names.__abstractmethods__).cloned();
    let items = match vm.collect(listed.as_ref().unwrap_or(&vm.empty_tuple)) {
        Ok(items) => items,
        Err(raised) => return raised,
    };
    let mut names: Vec<String> = items.iter().map(|v| format!("'{}'", vm.text(v))).collect();
    names.sort();
    let class = vm.text(&ty.name);
    let plural = if names.len() == 1 { "" } else { "s" };
    vm.type_error(format_args!(
        "Can't instantiate abstract class {} without an implementation for abstract method{plural} {}",
        class,
        names.join(", ")
    ))
}

/// `object.__eq__` and its like.
pub fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    match op {
        CompareOp::Eq if a.is(b) => Ok(Value::TRUE),
        CompareOp::Ne => match vm.slots(a).compare() {
            // The inverse of the type's own ==.
            Some(compare) => match compare.call(vm, a, b, CompareOp::Eq)? {
                answer if answer.is_not_implemented() => Ok(answer),
                answer => Ok(Value::bool(!vm.truth(&answer)?)),
            },
            None => Ok(Value::NOT_IMPLEMENTED),
        },
        _ => Ok(Value::NOT_IMPLEMENTED),
    }
}

static METHODS: &[Method] = &[
    method(
        "__format__",
        "($self, format_spec, /)",
        Call::Two(format),
        "str(self), for classes without a format of their own. TypeError unless the spec is empty.",
    ),
    method(
        "__sizeof__",
        "($self, /)",
        Call::One(sizeof),
        "The bytes of the object itself, as CPython would count them.",
    ),
    method(
        "__dir__",
        "($self, /)",
        Call::One(dir),
        "The names that dir() lists: those in the object's dict, and those of its class and its bases.",
    ),
    method("__reduce__", "($self, /)", Call::One(reduce::reduce), "As __reduce_ex__, with protocol 0."),
    method(
        "__reduce_ex__",
        "($self, protocol, /)",
        Call::Two(reduce::reduce_ex),
        "How copy and pickle make the object again: a function, its arguments, and the state.",
    ),
    method(
        "__getstate__",
        "($self, /)",
        Call::One(reduce::getstate),
        "What copy and pickle keep of the object: its dict, and its slots if it has any.",
    ),
    class_method(
        "__init_subclass__",
        "($type, /)",
        Call::One(init_subclass),
        "Called with a new class that derives from this one. It does nothing; a class\noverrides it to \
         learn of that.",
    ),
    class_method(
        "__subclasshook__",
        "($type, object, /)",
        Call::Two(subclasshook),
        "What issubclass() asks an abstract class first. True or False is the answer;\nNotImplemented \
         leaves it to the usual rules.",
    ),
];

static GETSET: &[GetSet] = &[attribute(
    "__class__",
    get_class,
    set_class,
    "the class, which another one of the same layout can replace",
)];

fn get_class(vm: &Vm, this: &Value) -> Res {
    Ok(vm.type_of(this).to_value())
}

fn set_class(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(vm.type_error("can't delete __class__ attribute")) };
    let Some(new) = value.get::<TypeObj>() else {
        return Err(vm.type_error(format_args!(
            "__class__ must be set to a class, not '{}' object",
            vm.type_name(value)
        )));
    };
    vm.change_class(this, new)
}

fn format(vm: &Vm, this: &Value, spec: &Value) -> Res {
    let Some(text) = spec.get::<Str>() else {
        return Err(
            vm.type_error(format_args!("__format__() argument must be str, not {}", vm.arg_name(spec)))
        );
    };
    if !text.is_empty() {
        return Err(vm.type_error(format_args!(
            "unsupported format string passed to {}.__format__",
            vm.type_name(this)
        )));
    }
    vm.to_str(this)
}

fn sizeof(vm: &Vm, this: &Value) -> Res {
    Ok(Value::small(vm.size_in_cpython(this) as i64))
}

fn dir(vm: &Vm, this: &Value) -> Res {
    vm.object_dir(this)
}

fn init_subclass(_: &Vm, _: &Value) -> Res {
    Ok(Value::NONE)
}

fn subclasshook(_: &Vm, _: &Value, _: &Value) -> Res {
    Ok(Value::NOT_IMPLEMENTED)
}
