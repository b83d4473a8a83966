//! `function`, `method`, `classmethod`, `staticmethod`.

mod method;
mod wrappers;

use std::cell::Cell;

use ryokan_alloc::Header;
use ryokan_bytecode::CodeFlags;

use crate::object::call::Args;
use crate::object::native::{GetSet, attribute, member};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::running::RunCode;
use crate::types::annotations;
use crate::types::cell::CellObj;
use crate::types::code::CodeObj;
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::types::str::args::bind;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

pub use method::{BoundMethod, METHOD_TYPE};
pub use wrappers::{CLASS_METHOD_TYPE, ClassMethod, STATIC_METHOD_TYPE, StaticMethod, wrapped};

/// The payload of `function`.
#[repr(C)]
pub struct Function {
    head: Header,
    /// The running form; null until the first call.
    pub run: Cell<*const RunCode>,
    /// `__code__`
    pub code: Value,
    /// `__globals__`
    pub globals: Value,
    /// `__builtins__`, a dict.
    pub builtins: Value,
    /// `__closure__`: a tuple of cells, or None.
    pub closure: Value,
    /// `__defaults__`: a tuple, or None.
    pub defaults: Value,
    /// `__kwdefaults__`: a dict, or None.
    pub kwdefaults: Value,
    /// `__name__`
    pub name: Value,
    /// `__qualname__`
    pub qualname: Value,
    /// `__doc__`
    pub doc: Value,
    /// `__module__`
    pub module: Value,
    /// `__annotations__` once computed; empty before.
    pub annotations: Value,
    /// `__annotate__`, or None.
    pub annotate: Value,
    /// `__type_params__`
    pub type_params: Value,
    /// `__dict__`; empty until asked for.
    pub dict: Value,
}

impl Function {
    /// The code.
    pub fn code(&self) -> &CodeObj {
        self.code.get().expect("a function's code is a code object")
    }
    /// The globals.
    pub fn globals(&self) -> &Dict {
        self.globals.get().expect("a function's globals are a dict")
    }
    /// The builtins.
    pub fn builtins(&self) -> &Dict {
        self.builtins.get().expect("a function's builtins are a dict")
    }
}

object! {
    Function {
        tracked: true,
        values: [
            code, globals, builtins, closure, defaults, kwdefaults, name, qualname, doc, module, annotations, annotate,
            type_params, dict
        ],
        plain: [run],
        // Code and globals stay: the function may still be called while the garbage is taken apart.
        clear: |this| {
            for value in [
                &this.closure, &this.defaults, &this.kwdefaults, &this.annotations, &this.annotate, &this.type_params,
                &this.dict,
            ] {
                value.set(Value::UNBOUND);
            }
            for value in [&this.doc, &this.module] {
                value.set(Value::NONE);
            }
        },
    }
}

impl Vm {
    /// A function of a code object. Runs no Python; `MemoryError`, and as [`Vm::library_code`].
    pub fn new_function(&self, code: &Value, globals: &Value) -> Res<Ref<Function>> {
        let builtins = self.builtins_of(globals)?;
        self.new_function_with(code, globals, builtins)
    }
    /// The same, where the builtins are known. Runs no Python and raises as [`Vm::new_function`].
    pub fn new_function_with(&self, code: &Value, globals: &Value, builtins: Value) -> Res<Ref<Function>> {
        let object: &CodeObj = code.get().expect("MAKE_FUNCTION takes a code constant");
        let doc = object.docstring(self)?;
        let namespace = globals.get::<Dict>();
        // (A module's name is the first thing in it.)
        let name = &self.names.__name__;
        let module = namespace.and_then(|g| g.entry_named(0, name.word()).or_else(|| g.get_name(name)));
        let module = module.cloned().unwrap_or(Value::NONE);
        self.new_object(|head| Function {
            head,
            run: Cell::new(object.run_ptr()),
            code: code.clone(),
            globals: globals.clone(),
            builtins,
            closure: Value::NONE,
            defaults: Value::NONE,
            kwdefaults: Value::NONE,
            name: object.name.clone(),
            qualname: object.qualname.clone(),
            doc,
            module,
            annotations: Value::UNBOUND,
            annotate: Value::NONE,
            type_params: Value::UNBOUND,
            dict: Value::UNBOUND,
        })
    }

    /// The dict of builtins that code with these globals uses. Runs no Python; `MemoryError`.
    pub fn builtins_of(&self, globals: &Value) -> Res {
        let Some(found) = globals.get::<Dict>().and_then(|g| g.get_name(&self.names.__builtins__)) else {
            return Ok(self.builtins.clone());
        };
        if let Some(module) = found.get::<crate::types::module::Module>() {
            return Ok(module.dict_ref().into_value());
        }
        if found.exact::<Dict>().is_some() {
            return Ok(found.clone());
        }
        // Handlers know builtins as a dict: an empty one stands for anything else, which is asked for what it does not have.
        let stand_in = self.new_dict()?;
        stand_in.set_name(self, &self.names.__builtins_behind__, found.clone())?;
        Ok(stand_in.into_value())
    }

    /// What a function's dict of builtins stands for: itself, unless globals named something else. Runs no Python.
    pub fn builtins_behind(&self, builtins: &Value) -> Value {
        let behind = builtins.get::<Dict>().and_then(|dict| dict.get_name(&self.names.__builtins_behind__));
        behind.unwrap_or(builtins).clone()
    }

    /// A name of a function's builtins. Runs Python (`__getitem__` of what stands for them); raises what that raises but `KeyError`.
    pub fn builtin_of(&self, builtins: &Value, name: &Value) -> Res<Option<Value>> {
        if let Some(found) = builtins.get::<Dict>().and_then(|dict| dict.get_name(name)) {
            return Ok(Some(found.clone()));
        }
        self.builtin_behind(builtins, name)
    }

    /// A name that the dict of a function's builtins does not have: what it stands for may. Runs Python and raises as
    /// [`Vm::builtin_of`].
    pub fn builtin_behind(&self, builtins: &Value, name: &Value) -> Res<Option<Value>> {
        let behind = self.builtins_behind(builtins);
        if behind.is(builtins) { Ok(None) } else { self.get_name_opt(&behind, name) }
    }
}

fn function(value: &Value) -> &Function {
    value.get().expect("a method of function is called with a function")
}

/// `function`
pub static TYPE: TypeDef = TypeDef {
    name: "function",
    doc: "What def and lambda make: code, with the names that it finds outside, and defaults.",
    layout: Layout::Function,
    flags: TypeFlags::HAS_WEAKREF,
    slots: Slots {
        repr: Some(repr),
        call: Some(call),
        get: Some(get),
        new: Some(new),
        getattr: Some(getattr),
        setattr: Some(setattr),
        ..Slots::NONE
    },
    getset: GETSET,
    ..TypeDef::EMPTY
};

fn repr(vm: &Vm, this: &Value) -> Res {
    vm.display(format_args!("<function {} at {:#x}>", vm.text(&function(this).qualname), vm.id(this)))
}

fn call(vm: &Vm, this: &Value, args: Args<'_>) -> Res {
    vm.call_function(this, args)
}

fn get(vm: &Vm, this: &Value, owner: Option<&Value>, _: &Value) -> Res {
    match owner {
        Some(owner) => vm.bind_method(this.clone(), owner.clone()),
        None => Ok(this.clone()),
    }
}

/// `function(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)`
fn new(vm: &Vm, _: &Value, args: Args<'_>) -> Res {
    let names = ["code", "globals", "name", "argdefs", "closure", "kwdefaults"];
    let [code, globals, name, defaults, closure, kwdefaults] = bind(vm, "function", args, names, 2)?;
    let wrong = |argument: &str, wanted: &str, given: &Value| {
        let kind = vm.arg_name(given);
        vm.type_error(format_args!("function() argument '{argument}' must be {wanted}, not {kind}"))
    };
    if !code.has::<CodeObj>() {
        return Err(wrong("code", "code", &code));
    }
    if !globals.has::<Dict>() {
        return Err(wrong("globals", "dict", &globals));
    }
    let given = |value: &Value| !value.is_unbound() && !value.is_none();
    if given(&name) && !vm.is_str(&name) {
        return Err(vm.type_error("arg 3 (name) must be None or string"));
    }
    if given(&defaults) && !defaults.has::<Tuple>() {
        return Err(vm.type_error("arg 4 (defaults) must be None or tuple"));
    }
    let made = vm.new_function(&code, &globals)?;
    check_closure(vm, made.code(), given(&closure).then_some(&closure))?;
    if given(&kwdefaults) && !kwdefaults.has::<Dict>() {
        return Err(vm.type_error("arg 6 (kwdefaults) must be None or dict"));
    }
    let parts = [(&made.name, name), (&made.defaults, defaults), (&made.closure, closure)];
    for (slot, value) in parts.into_iter().chain([(&made.kwdefaults, kwdefaults)]) {
        if given(&value) {
            slot.set(value);
        }
    }
    Ok(made.into_value())
}

/// A closure is a tuple of as many cells as the code has free variables; without any it may be left out.
fn check_closure(vm: &Vm, code: &CodeObj, closure: Option<&Value>) -> Res<()> {
    let free = code.free_count();
    let cells = match closure.map(Value::get::<Tuple>) {
        Some(Some(tuple)) => tuple.items(),
        Some(None) => return Err(vm.type_error("arg 5 (closure) must be None or tuple")),
        None if free > 0 => return Err(vm.type_error("arg 5 (closure) must be tuple")),
        None => &[],
    };
    if cells.len() != free {
        return Err(vm.value_error(format_args!(
            "{} requires closure of length {free}, not {}",
            vm.text(&code.name),
            cells.len()
        )));
    }
    match cells.iter().find(|cell| !cell.has::<CellObj>()) {
        Some(other) => {
            let kind = vm.type_name(other);
            Err(vm.type_error(format_args!("arg 5 (closure) expected cell, found {kind}")))
        }
        None => Ok(()),
    }
}

fn own_dict<'a>(vm: &Vm, this: &'a Function) -> Res<&'a Dict> {
    if this.dict.is_unbound() {
        this.dict.set(vm.new_dict()?.into_value());
    }
    Ok(this.dict.get().expect("just made"))
}

fn getattr(vm: &Vm, this: &Value, name: &Value) -> Res {
    if let Some(found) = function(this).dict.get::<Dict>().and_then(|d| d.get_name(name)).cloned()
        && vm.types.function.lookup(vm, name).is_none()
    {
        return Ok(found);
    }
    vm.generic_get_attr(this, name)
}

fn setattr(vm: &Vm, this: &Value, name: &Value, value: Option<&Value>) -> Res<()> {
    if !name.has::<Str>() {
        return vm.generic_set_attr(this, name, value);
    }
    let name = &vm.intern_value(name.clone())?;
    if let Some(descriptor) = vm.types.function.lookup(vm, name)
        && vm.slots(&descriptor).set().is_some()
    {
        return vm.generic_set_attr(this, name, value);
    }
    let dict = own_dict(vm, function(this))?;
    match value {
        Some(value) => dict.set_name(vm, name, value.clone()),
        None => match dict.remove_name(name) {
            Some(_) => Ok(()),
            None => Err(vm.no_attribute(this, name)),
        },
    }
}

/// Reads and writes one part of a function.
macro_rules! part {
    ($get:ident, $set:ident, $field:ident, $default:expr) => {
        fn $get(_: &Vm, this: &Value) -> Res {
            Ok(function(this).$field.bound().cloned().unwrap_or($default))
        }
        fn $set(_: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
            function(this).$field.set(value.cloned().unwrap_or($default));
            Ok(())
        }
    };
}
part!(get_doc, set_doc, doc, Value::NONE);
part!(get_module, set_module, module, Value::NONE);
part!(get_defaults, store_defaults, defaults, Value::NONE);
part!(get_kwdefaults, store_kwdefaults, kwdefaults, Value::NONE);
fn set_defaults(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    if value.is_some_and(|v| !v.is_none() && !v.has::<Tuple>()) {
        return Err(vm.type_error("__defaults__ must be set to a tuple object"));
    }
    store_defaults(vm, this, value)
}
fn set_kwdefaults(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    if value.is_some_and(|v| !v.is_none() && !v.has::<Dict>()) {
        return Err(vm.type_error("__kwdefaults__ must be set to a dict object"));
    }
    store_kwdefaults(vm, this, value)
}

static GETSET: &[GetSet] = &[
    attribute("__doc__", get_doc, set_doc, ""),
    attribute("__module__", get_module, set_module, ""),
    attribute("__defaults__", get_defaults, set_defaults, ""),
    attribute("__kwdefaults__", get_kwdefaults, set_kwdefaults, ""),
    attribute("__name__", get_name, set_name, ""),
    attribute("__qualname__", get_qualname, set_qualname, ""),
    attribute("__code__", get_code, set_code, ""),
    attribute("__dict__", get_dict, set_dict, ""),
    attribute(
        "__annotations__",
        annotations::function_annotations,
        annotations::set_function_annotations,
        "",
    ),
    attribute("__annotate__", annotations::function_annotate, annotations::set_function_annotate, ""),
    attribute("__type_params__", get_type_params, set_type_params, ""),
    member("__globals__", |_, this| Ok(function(this).globals.clone()), ""),
    member("__builtins__", |vm, this| Ok(vm.builtins_behind(&function(this).builtins)), ""),
    member("__closure__", |_, this| Ok(function(this).closure.clone()), ""),
];

fn set_str(vm: &Vm, slot: &Value, what: &str, value: Option<&Value>) -> Res<()> {
    match value {
        Some(value) if vm.is_str(value) => {
            slot.set(value.clone());
            Ok(())
        }
        _ => Err(vm.type_error(format_args!("{what} must be set to a string object"))),
    }
}
fn get_name(_: &Vm, this: &Value) -> Res {
    Ok(function(this).name.clone())
}
fn set_name(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    set_str(vm, &function(this).name, "__name__", value)
}
fn get_qualname(_: &Vm, this: &Value) -> Res {
    Ok(function(this).qualname.clone())
}
fn set_qualname(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    set_str(vm, &function(this).qualname, "__qualname__", value)
}
fn get_code(_: &Vm, this: &Value) -> Res {
    Ok(function(this).code.clone())
}
fn set_code(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    let this = function(this);
    let Some(code) = value.and_then(|v| v.get::<CodeObj>()) else {
        return Err(vm.type_error("__code__ must be set to a code object"));
    };
    let (free, given) = (code.free_count(), this.closure.get::<Tuple>().map_or(0, |t| t.items().len()));
    if free != given {
        return Err(vm.value_error(format_args!(
            "{}() requires a code object with {given} free vars, not {free}",
            vm.text(&this.name)
        )));
    }
    if (code.flags() ^ this.code().flags()).intersects(CodeFlags::MAKES_GENERATOR) {
        vm.warn(
            "DeprecationWarning",
            "Assigning a code object of non-matching type is deprecated (e.g., from a generator to a plain function)",
            1,
        )?;
    }
    vm.retire_code(this);
    this.run.set(code.run_ptr());
    this.code.set(value.cloned().unwrap_or(Value::NONE));
    Ok(())
}
impl Vm {
    /// A function is about to get another code: what runs of the old one keeps it.
    fn retire_code(&self, function: &Function) {
        if !self.any_frame(|frame| std::ptr::eq(frame.func, function)) {
            return;
        }
        let mut retired = self.retired.borrow_mut();
        let mut ended = Vec::new();
        if retired.len() == retired.capacity() {
            // Before the list grows, what runs no longer leaves it.
            let runs = |code: &Value| {
                let form = code.get::<CodeObj>().map_or(std::ptr::null(), CodeObj::run_ptr);
                self.any_frame(|frame| std::ptr::eq(frame.run, form))
            };
            ended = retired.extract_if(.., |code| !runs(code)).collect();
        }
        retired.push(function.code.clone());
        drop(retired);
        drop(ended);
    }
}
fn get_dict(vm: &Vm, this: &Value) -> Res {
    own_dict(vm, function(this))?;
    Ok(function(this).dict.clone())
}
fn set_dict(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    match value {
        Some(value) if value.has::<Dict>() => {
            function(this).dict.set(value.clone());
            Ok(())
        }
        Some(value) => Err(vm.type_error(format_args!(
            "__dict__ must be set to a dictionary, not a '{}'",
            vm.type_name(value)
        ))),
        None => Err(vm.type_error("cannot delete __dict__")),
    }
}
fn get_type_params(vm: &Vm, this: &Value) -> Res {
    Ok(function(this).type_params.bound().cloned().unwrap_or(vm.empty_tuple.clone()))
}
fn set_type_params(vm: &Vm, this: &Value, value: Option<&Value>) -> Res<()> {
    match value {
        Some(value) if value.has::<Tuple>() => {
            function(this).type_params.set(value.clone());
            Ok(())
        }
        _ => Err(vm.type_error("__type_params__ must be set to a tuple")),
    }
}
