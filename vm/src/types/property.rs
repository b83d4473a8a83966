//! `property`: an attribute computed by functions.

use ryokan_alloc::Header;

use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, attribute, member, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::raised::{Raised, Res};
use crate::types::function::Function;
use crate::types::str::args::bind;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `property`. What is not there is None; a name that is not known is empty.
#[repr(C)]
pub struct Property {
    head: Header,
    /// `fget`
    pub getter: Value,
    /// `fset`
    pub setter: Value,
    /// `fdel`
    pub deleter: Value,
    doc: Value,
    name: Value,
    /// Whether the docstring is the getter's.
    getter_doc: std::cell::Cell<bool>,
}

impl Property {
    fn values(&self) -> [&Value; 5] {
        [&self.getter, &self.setter, &self.deleter, &self.doc, &self.name]
    }
}

object! {
    Property {
        tracked: true,
        values: [getter, setter, deleter, doc, name],
        plain: [getter_doc],
        clear: |this| this.values().into_iter().for_each(|value| value.set(Value::NONE)),
    }
}

/// `property`
pub static TYPE: TypeDef = TypeDef {
    name: "property",
    layout: Layout::Property,
    flags: TypeFlags::BASETYPE,
    doc: "Property attribute.\n\n  fget\n    function to be used for getting an attribute value\n  fset\n    function to be \
          used for setting an attribute value\n  fdel\n    function to be used for del'ing an attribute\n  doc\n    \
          docstring\n\nTypical use is to define a managed attribute x:\n\nclass C(object):\n    def getx(self): return \
          self._x\n    def setx(self, value): self._x = value\n    def delx(self): del self._x\n    x = property(getx, \
          setx, delx, \"I'm the 'x' property.\")\n\nDecorators make defining new properties or modifying existing ones \
          easy:\n\nclass C(object):\n    @property\n    def x(self):\n        \"I am the 'x' property.\"\n        return \
          self._x\n    @x.setter\n    def x(self, value):\n        self._x = value\n    @x.deleter\n    def x(self):\n\
          \u{20}       del self._x",
    slots: Slots { get: Some(get), set: Some(set), new: Some(new), init: Some(init), ..Slots::NONE },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

fn this(value: &Value) -> &Property {
    value.get().expect("a method of property is called with a property")
}

fn new(vm: &Vm, class: &Value, _: Args<'_>) -> Res {
    vm.new_of_class(class, |head| Property {
        head,
        getter: Value::NONE,
        setter: Value::NONE,
        deleter: Value::NONE,
        doc: Value::NONE,
        name: Value::UNBOUND,
        getter_doc: std::cell::Cell::new(false),
    })
}

fn init(vm: &Vm, value: &Value, args: Args<'_>) -> Res<()> {
    let given = bind(vm, "property", args, ["fget", "fset", "fdel", "doc"], 0)?;
    let [getter, setter, deleter, doc] = given.map(|v| if v.is_unbound() { Value::NONE } else { v });
    fill(vm, value, [getter, setter, deleter], doc)
}

/// Sets the functions and the docstring, which is the getter's if none is given.
fn fill(vm: &Vm, value: &Value, functions: [Value; 3], doc: Value) -> Res<()> {
    let property = this(value);
    let [getter, setter, deleter] = functions;
    property.getter.set(getter.clone());
    property.setter.set(setter);
    property.deleter.set(deleter);
    property.name.set(Value::UNBOUND);
    property.getter_doc.set(false);
    let mut doc = doc;
    if doc.is_none() && !getter.is_none() {
        doc = vm.get_attr_opt(&getter, &vm.names.__doc__)?.unwrap_or(Value::NONE);
        property.getter_doc.set(!doc.is_none());
    }
    property.doc.set(doc.clone());
    if std::ptr::eq(vm.type_of(value), &*vm.types.property) {
        return Ok(());
    }
    // An instance of a subclass has it as an attribute of its own, where the class's docstring cannot hide it. If it can have none, a
    // docstring that was given is dropped; that of a getter is not.
    match vm.set_attr(value, &vm.names.__doc__, Some(&doc)) {
        Err(raised) if !this(value).getter_doc.get() && vm.raised_is(&raised, &vm.exc.AttributeError) => {
            drop(vm.take_raised(raised));
            Ok(())
        }
        done => done,
    }
}

/// `property 'x' of 'C' object has no setter`
fn refuse(vm: &Vm, property: &Value, owner: &Value, what: &str) -> Raised {
    let kind = vm.text(&vm.type_of(owner).qualname);
    let name = match name_of(vm, property) {
        Ok(Some(name)) => match vm.repr(&name) {
            Ok(text) => format!(" {}", vm.text(&text)),
            Err(raised) => return raised,
        },
        Ok(None) => String::new(),
        Err(raised) => return raised,
    };
    vm.attribute_error(format_args!("property{name} of '{kind}' object has no {what}"))
}

/// The name it was given in a class, or that of its getter.
fn name_of(vm: &Vm, property: &Value) -> Res<Option<Value>> {
    let property = this(property);
    if let Some(name) = property.name.bound() {
        return Ok(Some(name.clone()));
    }
    if property.getter.is_none() {
        return Ok(None);
    }
    if let Some(function) = property.getter.get::<Function>() {
        return Ok(Some(function.name.clone()));
    }
    vm.get_attr_opt(&property.getter, &vm.names.__name__)
}

fn get(vm: &Vm, value: &Value, owner: Option<&Value>, _: &Value) -> Res {
    let Some(owner) = owner else { return Ok(value.clone()) };
    let getter = this(value).getter.clone();
    if getter.is_none() {
        return Err(refuse(vm, value, owner, "getter"));
    }
    vm.call(&getter, &[owner.clone()])
}

fn set(vm: &Vm, value: &Value, owner: &Value, new: Option<&Value>) -> Res<()> {
    let property = this(value);
    match new {
        Some(new) => {
            let setter = property.setter.clone();
            if setter.is_none() {
                return Err(refuse(vm, value, owner, "setter"));
            }
            vm.call(&setter, &[owner.clone(), new.clone()]).map(drop)
        }
        None => {
            let deleter = property.deleter.clone();
            if deleter.is_none() {
                return Err(refuse(vm, value, owner, "deleter"));
            }
            vm.call(&deleter, &[owner.clone()]).map(drop)
        }
    }
}

static METHODS: &[Method] = &[
    method(
        "getter",
        "($self, object, /)",
        Call::Two(with_getter),
        "The same property, but read by this function.",
    ),
    method(
        "setter",
        "($self, object, /)",
        Call::Two(with_setter),
        "The same property, but written by this function. As a decorator it makes a property writable.",
    ),
    method(
        "deleter",
        "($self, object, /)",
        Call::Two(with_deleter),
        "The same property, but deleted by this function.",
    ),
    method(
        "__set_name__",
        "($self, owner, name, /)",
        Call::Full(set_name),
        "Called by the class that the property is put into: remembers its name, for messages.",
    ),
];
static GETSET: &[GetSet] = &[
    member("fget", |_, p| Ok(this(p).getter.clone()), ""),
    member("fset", |_, p| Ok(this(p).setter.clone()), ""),
    member("fdel", |_, p| Ok(this(p).deleter.clone()), ""),
    attribute("__doc__", get_doc, set_doc, ""),
    attribute("__name__", get_name, put_name, ""),
    attribute("__isabstractmethod__", is_abstract, not_writable, ""),
];

fn not_writable(vm: &Vm, _: &Value, _: Option<&Value>) -> Res<()> {
    Err(vm.attribute_error("attribute '__isabstractmethod__' of 'property' objects is not writable"))
}

/// A copy with one function replaced.
fn copy_with(vm: &Vm, value: &Value, at: usize, function: &Value) -> Res {
    let old = this(value);
    let mut functions = [old.getter.clone(), old.setter.clone(), old.deleter.clone()];
    if !function.is_none() {
        functions[at] = function.clone();
    }
    // A docstring taken from the getter is taken from the new one.
    let doc = if old.getter_doc.get() && !functions[0].is_none() { Value::NONE } else { old.doc.clone() };
    let [getter, setter, deleter] = functions;
    let class = vm.type_of(value).to_value();
    let made = vm.call(&class, &[getter, setter, deleter, doc])?;
    if let Some(new) = made.get::<Property>() {
        new.name.set(this(value).name.clone());
    }
    Ok(made)
}
fn with_getter(vm: &Vm, value: &Value, function: &Value) -> Res {
    copy_with(vm, value, 0, function)
}
fn with_setter(vm: &Vm, value: &Value, function: &Value) -> Res {
    copy_with(vm, value, 1, function)
}
fn with_deleter(vm: &Vm, value: &Value, function: &Value) -> Res {
    copy_with(vm, value, 2, function)
}
fn set_name(vm: &Vm, args: Args<'_>) -> Res {
    let [property, _, name] = args.pos else {
        let given = args.pos.len().saturating_sub(1);
        let message = format!("__set_name__() takes 2 positional arguments but {given} were given");
        return Err(vm.type_error(message));
    };
    this(property).name.set(name.clone());
    Ok(Value::NONE)
}

fn get_doc(_: &Vm, value: &Value) -> Res {
    Ok(this(value).doc.clone())
}
fn set_doc(_: &Vm, value: &Value, doc: Option<&Value>) -> Res<()> {
    this(value).doc.set(doc.cloned().unwrap_or(Value::NONE));
    Ok(())
}
fn get_name(vm: &Vm, value: &Value) -> Res {
    match name_of(vm, value)? {
        Some(name) => Ok(name),
        None => Err(vm.no_attribute(value, &vm.names.__name__)),
    }
}
fn put_name(_: &Vm, value: &Value, name: Option<&Value>) -> Res<()> {
    this(value).name.set(name.cloned().unwrap_or(Value::UNBOUND));
    Ok(())
}

/// Whether any of the functions is abstract.
fn is_abstract(vm: &Vm, value: &Value) -> Res {
    vm.work(1)?;
    let property = this(value);
    for function in [property.getter.clone(), property.setter.clone(), property.deleter.clone()] {
        if function.is_none() {
            continue;
        }
        if let Some(mark) = vm.get_attr_opt(&function, &vm.names.__isabstractmethod__)?
            && vm.truth(&mark)?
        {
            return Ok(Value::TRUE);
        }
    }
    Ok(Value::FALSE)
}
