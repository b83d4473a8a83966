//! `module`: a namespace.

use ryokan_alloc::Header;

use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, attribute, member, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::types::annotations;
use crate::types::dict::Dict;
use crate::types::str::Text;
use crate::types::str::args::bind;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `module`.
#[repr(C)]
pub struct Module {
    head: Header,
    /// `__dict__`
    pub dict: Value,
}

object! {
    Module {
        tracked: true,
        values: [dict],
    }
}

impl Module {
    /// The namespace.
    pub fn dict(&self) -> &Dict {
        self.dict.get().expect("a module has a dict from its birth to its end")
    }
    /// A new reference to the namespace.
    pub fn dict_ref(&self) -> Ref<Dict> {
        Ref::from_payload(self.dict())
    }
    /// The message for an attribute that is not there.
    pub fn missing_attribute(&self, vm: &Vm, name: &Text) -> Text {
        let dict = self.dict();
        let Some(own) = dict.get_name(&vm.names.__name__).filter(|n| vm.is_str(n)).map(|n| vm.text(n)) else {
            return Text::written(vm, format_args!("module has no attribute '{name}'"));
        };
        let spec = dict.get_name(&vm.names.__spec__).cloned().filter(|spec| !spec.is_none());
        if let Some(spec) = spec {
            let read = |part: &str| {
                let found = vm.intern(part).and_then(|part| vm.get_attr_opt(&spec, &part));
                found.unwrap_or_else(|raised| {
                    drop(vm.take_raised(raised));
                    None
                })
            };
            let circular = "(most likely due to a circular import)";
            let located = read("has_location").is_some_and(|v| v.is(&Value::TRUE));
            let origin = if located { read("origin").filter(|origin| vm.is_str(origin)) } else { None };
            let is_initializing = read("_initializing").is_some_and(|v| v.is(&Value::TRUE));
            if let Some(advice) = origin.as_ref().and_then(|origin| hides(vm, &own, origin, is_initializing))
            {
                return Text::written(vm, format_args!("module '{own}' has no attribute '{name}' {advice}"));
            }
            if is_initializing {
                return match origin {
                    Some(origin) => {
                        let origin = vm.text(&origin);
                        Text::written(
                            vm,
                            format_args!(
                                "partially initialized module '{own}' from '{origin}' has no attribute '{name}' {circular}"
                            ),
                        )
                    }
                    None => Text::written(
                        vm,
                        format_args!(
                            "partially initialized module '{own}' has no attribute '{name}' {circular}"
                        ),
                    ),
                };
            }
            let unfinished = read("_uninitialized_submodules").and_then(|list| vm.collect(&list).ok());
            if unfinished.is_some_and(|list| list.iter().any(|sub| vm.text(sub) == *name)) {
                return Text::written(
                    vm,
                    format_args!("cannot access submodule '{name}' of module '{own}' {circular}"),
                );
            }
        }
        Text::written(vm, format_args!("module '{own}' has no attribute '{name}'"))
    }
}

/// What is said of a module that may hide another one, because it lies where the program does: one of the library, or, if it is still
/// being initialized, any.
pub fn hides(vm: &Vm, own: &str, origin: &Value, is_initializing: bool) -> Option<String> {
    let first = vm.sys.first_path.get()?;
    let origin = vm.text(origin);
    let file = origin.strip_suffix("/__init__.py").unwrap_or(&origin);
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    let first = if first.is_empty() { vm.host.cwd().ok()? } else { first.clone() };
    if folder != first {
        return None;
    }
    let names = vm.sys_attr("stdlib_module_names").ok().flatten();
    let key = vm.str(own).ok()?;
    let is_library = names.is_some_and(|names| {
        vm.contains(&names, &key).unwrap_or_else(|raised| {
            drop(vm.take_raised(raised));
            false
        })
    });
    if is_library {
        return Some(format!(
            "(consider renaming '{origin}' since it has the same name as the standard library module named '{own}' \
             and prevents importing that standard library module)"
        ));
    }
    is_initializing.then(|| {
        format!("(consider renaming '{origin}' if it has the same name as a library you intended to import)")
    })
}

impl Vm {
    /// A new module; an empty docstring is None. Runs no Python; `MemoryError`.
    pub fn new_module(&self, name: &str, doc: &str) -> Res<Ref<Module>> {
        let dict = self.new_dict()?.into_value();
        let made = self.new_object(|head| Module { head, dict })?;
        let doc = if doc.is_empty() { Value::NONE } else { self.str(doc)? };
        fill(self, &made, self.intern(name)?, doc)?;
        Ok(made)
    }
}

/// What every module's dict begins with.
fn fill(vm: &Vm, module: &Module, name: Value, doc: Value) -> Res<()> {
    let (dict, names) = (module.dict(), &vm.names);
    dict.set_name(vm, &names.__name__, name)?;
    dict.set_name(vm, &names.__doc__, doc)?;
    for rest in [&names.__package__, &names.__loader__, &names.__spec__] {
        dict.set_name(vm, rest, Value::NONE)?;
    }
    Ok(())
}

/// `module`
pub static TYPE: TypeDef = TypeDef {
    name: "module",
    layout: Layout::Module,
    flags: TypeFlags::BASETYPE.union(TypeFlags::HAS_DICT).union(TypeFlags::HAS_WEAKREF),
    doc: "A namespace with a name, as an import makes it. The name is a str, the docstring any object.",
    slots: Slots {
        repr: Some(repr),
        getattr: Some(getattr),
        new: Some(new),
        init: Some(init),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

fn this(value: &Value) -> &Module {
    value.get().expect("a method of module is called with a module")
}

static METHODS: &[Method] = &[method(
    "__dir__",
    "($self, /)",
    Call::One(dir),
    "The names in the namespace, or what its function __dir__ lists if it has one.",
)];
static GETSET: &[GetSet] = &[
    member("__dict__", |_, m| Ok(this(m).dict.clone()), ""),
    attribute("__annotations__", annotations::module_annotations, annotations::set_module_annotations, ""),
    attribute("__annotate__", annotations::module_annotate, annotations::set_module_annotate, ""),
];

fn new(vm: &Vm, class: &Value, _: Args<'_>) -> Res {
    let dict = vm.new_dict()?.into_value();
    vm.new_of_class(class, |head| Module { head, dict })
}

fn init(vm: &Vm, module: &Value, args: Args<'_>) -> Res<()> {
    let [name, doc] = bind(vm, "module", args, ["name", "doc"], 1)?;
    if !vm.is_str(&name) {
        return Err(
            vm.type_error(format_args!("module() argument 'name' must be str, not {}", vm.arg_name(&name)))
        );
    }
    let doc = if doc.is_unbound() { Value::NONE } else { doc };
    fill(vm, this(module), name, doc)
}

fn getattr(vm: &Vm, module: &Value, name: &Value) -> Res {
    match find(vm, module, name)? {
        Some(found) => Ok(found),
        None => Err(vm.no_attribute(module, name)),
    }
}

/// Looks in the type and the dict, then asks the module's own `__getattr__`. `None` where nobody knows the name: the message, for
/// which the module's spec is asked, is only made for who wants it. (So specs that are modules themselves are not asked in turn.)
pub fn find(vm: &Vm, module: &Value, name: &Value) -> Res<Option<Value>> {
    let failed = match vm.find_attr(module, name) {
        Ok(None) => None,
        Err(raised) if vm.raised_is(&raised, &vm.exc.AttributeError) => Some(raised),
        found => return found,
    };
    let hook = this(module).dict().get_name(&vm.names.__getattr__).cloned();
    match (hook, failed) {
        (Some(hook), failed) => {
            if let Some(raised) = failed {
                drop(vm.take_raised(raised));
            }
            vm.call(&hook, &[name.clone()]).map(Some)
        }
        (None, Some(raised)) => Err(raised),
        (None, None) => Ok(None),
    }
}

fn repr(vm: &Vm, module: &Value) -> Res {
    let dict = this(module).dict();
    let part = |name: &Value| dict.get_name(name).cloned().filter(|v| !v.is_none());
    let shown = |value: Option<Value>| match value {
        Some(value) => vm.repr(&value).map(|text| vm.text(&text)),
        None => Ok(Text::from("'?'")),
    };
    if let Some(spec) = part(&vm.names.__spec__) {
        let read = |name: &str| -> Res<Option<Value>> {
            Ok(Some(vm.get_attr(&spec, &vm.intern(name)?)?).filter(|value| !value.is_none()))
        };
        let name = shown(read("name")?)?;
        let Some(origin) = read("origin")? else {
            return match read("loader")? {
                Some(loader) => vm.display(format_args!("<module {name} ({})>", shown(Some(loader))?)),
                None => vm.display(format_args!("<module {name}>")),
            };
        };
        let has_location = match read("has_location")? {
            Some(has_location) => vm.truth(&has_location)?,
            None => false,
        };
        return match has_location {
            true => vm.display(format_args!("<module {name} from {}>", shown(Some(origin))?)),
            false => vm.display(format_args!("<module {name} ({})>", vm.text(&vm.to_str(&origin)?))),
        };
    }
    let name = shown(part(&vm.names.__name__))?;
    match (part(&vm.names.__file__), part(&vm.names.__loader__)) {
        (Some(file), _) => vm.display(format_args!("<module {name} from {}>", shown(Some(file))?)),
        (None, Some(loader)) => vm.display(format_args!("<module {name} ({})>", shown(Some(loader))?)),
        (None, None) => vm.display(format_args!("<module {name}>")),
    }
}

fn dir(vm: &Vm, module: &Value) -> Res {
    // (A subclass may give another, or what is none.)
    let shown = vm.get_attr(module, &vm.names.__dict__)?;
    let Some(dict) = shown.get::<Dict>() else {
        return Err(vm.type_error("<module>.__dict__ is not a dictionary"));
    };
    if let Some(hook) = dict.get_name(&vm.names.__dir__).cloned() {
        return vm.call(&hook, &[]);
    }
    vm.new_list(dict.entries().map(|entry| entry.key.clone()).collect())
}
