//! `import`: names resolved, modules found, run once, and kept in `sys.modules`.
//!
//! Where the host has a library, CPython's `importlib` does this (`importlib.rs`), but for what is found at once (`library.rs`). Without one
//! native modules come first, then the directories of `sys.path`: a package is a directory with `__init__.py` (or, if
//! nothing better is found, any directory of the name), a module a file `NAME.py`. While a module's code runs its spec
//! says `_initializing`, which is how an import cycle is told from a typo.

use crate::charge::Charge;
use crate::host::{CompileMode, CompileOptions, Source};
use crate::modules::builtins::compile_source;
use crate::modules::sys::SimpleNamespace;
use crate::native::Cx;
use crate::object::Ref;
use crate::object::call::Args;
use crate::object::native::NativeFunction;
use crate::raised::{Raised, Res};
use crate::types::dict::Dict;
use crate::types::exceptions::ExcTypes;
use crate::types::list::List;
use crate::types::module::Module;
use crate::types::str::{Str, Text};
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// How many copies of a name an import has at a time.
const COPIES: usize = 5;

pub mod importlib;
mod library;
pub mod star;
pub use library::ESSENTIAL;

/// Where a module was found.
enum Found {
    /// A file, and the directory that its submodules are in if it is a package's.
    File(String, Option<String>),
    /// Directories without `__init__.py`.
    Namespace(Vec<String>),
}

/// `import name`, as a code object means it, between globals and locals: through whatever `__import__` its builtins hold.
pub fn import(vm: &Vm, name: &Value, around: [&Value; 2], list: &Value, level: &Value) -> Res {
    let [globals, locals] = around;
    let builtins = vm.builtins_of(globals)?;
    let Some(function) = vm.builtin_of(&builtins, &vm.names.__import__)? else {
        return Err(vm.import_error("__import__ not found"));
    };
    let own = crate::modules::builtins::FUNCTIONS.iter().find(|f| f.name == "__import__");
    let replaced = match (function.exact::<NativeFunction>(), own) {
        (Some(native), Some(own)) => !std::ptr::eq(native.def, own),
        _ => true,
    };
    if replaced {
        return vm
            .call(&function, &[name.clone(), globals.clone(), locals.clone(), list.clone(), level.clone()]);
    }
    let level = vm.index_long(level)?;
    match known(vm, name, list, level)? {
        Some(module) => Ok(module),
        None => import_level(vm, name, globals, list, level),
    }
}

/// The module of a plain name, if it is there and nobody has an import under way: what most imports in functions meet.
fn known(vm: &Vm, name: &Value, list: &Value, level: i64) -> Res<Option<Value>> {
    if level != 0 || vm.importlib.underway.get() != 0 || !vm.imports_nothing() {
        return Ok(None);
    }
    let dotted = |text: &Str| text.bytes().contains(&b'.');
    if name.exact::<Str>().is_none_or(dotted) {
        return Ok(None);
    }
    let Some(module) = vm.module_table().get_name(name).filter(|module| !module.is_none()).cloned() else {
        return Ok(None);
    };
    // What a package is asked for may be a submodule.
    if !list.is_none() && vm.get_attr_opt(&module, &vm.names.__path__)?.is_some() {
        return Ok(None);
    }
    Ok(Some(module))
}

/// `__import__(name, globals, None, list, level)`
pub fn import_level(vm: &Vm, name: &Value, globals: &Value, list: &Value, level: i64) -> Res {
    if !vm.is_str(name) {
        return Err(vm.type_error("module name must be a string"));
    }
    let text = vm.text(name);
    if !text.is_exact() && vm.importlib_has_paths() {
        return vm.import_wholly(name, globals, list, level);
    }
    let name = text;
    // Paths, keys and messages are made of it.
    let _copies = Charge::new(vm, name.len().saturating_mul(COPIES))?;
    let full = if level > 0 { resolve(vm, globals, &name, level as usize)? } else { name.to_string() };
    if full.is_empty() {
        return Err(vm.value_error("Empty module name"));
    }
    let module = vm.import_name(&full)?;
    if !list.is_none() && vm.truth(list)? {
        if vm.get_attr_opt(&module, &vm.names.__path__)?.is_some() {
            import_submodules(vm, &module, list, false)?;
        }
        return Ok(module);
    }
    match name.split_once('.') {
        // `import a.b` binds `a`.
        Some((front, _)) => {
            let top = &full[..full.len() - (name.len() - front.len())];
            vm.import_name(top)
        }
        None => Ok(module),
    }
}

/// Imports the names of a `from` list, or of `__all__`, that are submodules rather than attributes.
fn import_submodules(vm: &Vm, module: &Value, list: &Value, is_all: bool) -> Res<()> {
    let package = vm.get_attr(module, &vm.names.__name__)?;
    for item in vm.collect(list)? {
        if !vm.is_str(&item) {
            let kind = vm.type_name(&item);
            let whose =
                if is_all { format!("{}.__all__", vm.text(&package)) } else { "``from list''".into() };
            return Err(vm.type_error(format_args!("Item in {whose} must be str, not {kind}")));
        }
        if vm.text(&item) == "*" {
            // The list of the module itself is not asked for another one.
            if !is_all && let Some(all) = vm.get_attr_opt(module, &vm.names.__all__)? {
                import_submodules(vm, module, &all, true)?;
            }
            continue;
        }
        if vm.get_attr_opt(module, &item)?.is_some() {
            continue;
        }
        let (package, item) = (vm.text(&package), vm.text(&item));
        let _copies = Charge::new(vm, (package.len() + item.len()).saturating_mul(COPIES))?;
        let full = format!("{package}.{item}");
        if let Err(raised) = vm.import_name(&full) {
            // A submodule that is not there is no error yet: IMPORT_FROM will say so.
            let missing = vm.raised_is(&raised, &vm.exc.ModuleNotFoundError) && {
                let named = vm.get_attr_opt(&vm.thread.raised.clone(), &vm.names.name);
                named.is_ok_and(|n| n.is_some_and(|n| vm.text(&n) == full))
            };
            if !missing {
                return Err(raised);
            }
            drop(vm.take_raised(raised));
        }
    }
    Ok(())
}

/// The package that a relative import in these globals starts from; empty if there is none.
fn package_of(vm: &Vm, globals: &Value) -> Res<Text> {
    let Some(globals) = globals.get::<Dict>() else { return Err(vm.type_error("globals must be a dict")) };
    let entry = |name: &Value| globals.get_name(name).filter(|v| !v.is_none()).cloned();
    let parent = |spec: &Value| vm.get_attr(spec, &vm.intern("parent")?);
    if let Some(package) = entry(&vm.names.__package__) {
        if !vm.is_str(&package) {
            return Err(vm.type_error("package must be a string"));
        }
        if let Some(spec) = entry(&vm.names.__spec__)
            && !vm.equal(&package, &parent(&spec)?)?
        {
            vm.warn("DeprecationWarning", "__package__ != __spec__.parent", 1)?;
        }
        return Ok(vm.text(&package));
    }
    if let Some(spec) = entry(&vm.names.__spec__) {
        let package = parent(&spec)?;
        if !vm.is_str(&package) {
            return Err(vm.type_error("__spec__.parent must be a string"));
        }
        return Ok(vm.text(&package));
    }
    let message = "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__";
    vm.warn("ImportWarning", message, 1)?;
    let Some(own) = globals.get_name(&vm.names.__name__).cloned() else {
        return Err(vm.raise(&vm.exc.KeyError, "'__name__' not in globals"));
    };
    if !vm.is_str(&own) {
        return Err(vm.type_error("__name__ must be a string"));
    }
    let own = vm.text(&own);
    Ok(match (globals.get_name(&vm.names.__path__), own.rsplit_once('.')) {
        (Some(_), _) => own,
        (None, Some((package, _))) => Text::written(vm, package),
        (None, None) => Text::default(),
    })
}

/// The absolute name of a relative import.
fn resolve(vm: &Vm, globals: &Value, name: &str, level: usize) -> Res<String> {
    let package = package_of(vm, globals)?;
    if package.is_empty() {
        return Err(vm.import_error("attempted relative import with no known parent package"));
    }
    let _copies = Charge::new(vm, package.len().saturating_mul(COPIES))?;
    let mut base = package.as_str();
    for _ in 1..level {
        match base.rsplit_once('.') {
            Some((outer, _)) => base = outer,
            None => return Err(vm.import_error("attempted relative import beyond top-level package")),
        }
    }
    Ok(if name.is_empty() { base.to_string() } else { format!("{base}.{name}") })
}

/// `ImportError` with its attributes. `name_from` is the attribute that a module lacks.
pub(crate) fn error(
    vm: &Vm,
    ty: fn(&ExcTypes) -> &crate::object::ty::TypeObj,
    message: &str,
    parts: &[(&Value, Value)],
) -> Raised {
    let make = || -> Res {
        let names: Vec<Value> = parts.iter().map(|p| p.0.clone()).collect();
        let named: Vec<Value> = parts.iter().map(|p| p.1.clone()).collect();
        let text = [vm.str(message)?];
        vm.call_args(&ty(&vm.exc).to_value(), Args { pos: &text, names: &names, named: &named })
    };
    match make() {
        Ok(exception) => vm.raise_value(exception),
        Err(raised) => raised,
    }
}

fn not_found(vm: &Vm, name: &str, message: &str) -> Raised {
    match vm.str(name) {
        Ok(text) => error(vm, |e| &e.ModuleNotFoundError, message, &[(&vm.names.name, text)]),
        Err(raised) => raised,
    }
}

impl Vm {
    fn module_table(&self) -> &Dict {
        self.modules.get().expect("sys.modules is a dict from the VM's boot on")
    }

    /// The module of an absolute name: `a.b` gives `a.b`, imported now if need be. Runs Python, and other threads while one of them
    /// imports it; raises what the module and the import system raise, `ModuleNotFoundError` if there is none, and as
    /// [`Vm::check_stack`] and [`Vm::wait_for`].
    pub fn import_name(&self, name: &str) -> Res {
        let key = self.intern(name)?;
        if self.module_table().get_name(&key).is_some() {
            self.wait_for_import(name)?;
        }
        if let Some(known) = self.module_table().get_name(&key).cloned() {
            if !known.is_none() {
                // An import by another thread that failed meanwhile has taken the module away: this one tries anew.
                let gone = || self.module_table().get_name(&key).is_none();
                if self.lock_unlock(name, &known)? && gone() {
                    return self.find_and_load(name);
                }
                return Ok(known);
            }
            if !self.importlib_has_paths() {
                return Err(not_found(self, name, &format!("import of {name} halted; None in sys.modules")));
            }
            return self.find_and_load(name);
        }
        self.check_stack()?;
        let parent = match name.rsplit_once('.') {
            Some((outer, _)) => {
                let parent = self.import_name(outer)?;
                // Importing the package may have imported the module.
                if let Some(known) = self.module_table().get_name(&key).cloned() {
                    return Ok(known);
                }
                Some((outer, parent))
            }
            None => None,
        };
        let directories = match &parent {
            Some((outer, parent)) => match self.get_attr_opt(parent, &self.names.__path__)? {
                Some(path) => path,
                None if self.importlib_has_paths() => return self.find_and_load(name),
                None => {
                    let message = format!("No module named '{name}'; '{outer}' is not a package");
                    return Err(not_found(self, name, &message));
                }
            },
            None if self.importlib.module.is_unbound() && crate::modules::find(self, name).is_some() => {
                return native(self, name);
            }
            None if crate::modules::find(self, name).is_some() => return self.find_and_load(name),
            None => self.sys_attr("path")?.unwrap_or(Value::NONE),
        };
        let module = library::import(self, name, &key, parent.as_ref().map(|_| &directories))?;
        if let Some(module) = module {
            return self.bind_in_parent(name, parent.map(|(_, parent)| parent).as_ref(), module);
        }
        if self.importlib_has_paths() {
            return self.find_and_load(name);
        }
        let short = name.rsplit_once('.').map_or(name, |(_, short)| short);
        let Some(found) = search(self, &directories, short)? else {
            return Err(not_found(self, name, &format!("No module named '{name}'")));
        };
        let module = load(self, name, &key, found)?;
        self.bind_in_parent(name, parent.map(|(_, parent)| parent).as_ref(), module)
    }

    /// A module becomes an attribute of its package.
    fn bind_in_parent(&self, name: &str, parent: Option<&Value>, module: Value) -> Res {
        let short = name.rsplit_once('.').map_or(name, |(_, short)| short);
        if let Some(parent) = parent {
            self.set_attr(parent, &self.intern(short)?, Some(&module))?;
        }
        Ok(module)
    }
}

/// So many bytes a path can have that the system takes.
const LONGEST_PATH: usize = 4096;

/// A text as a path: none if the system would refuse it for its length, so that it need not be copied.
fn as_path(text: &Str) -> Option<String> {
    (text.byte_len() <= LONGEST_PATH).then(|| text.to_text())
}

/// Looks for a module in directories.
fn search(vm: &Vm, directories: &Value, name: &str) -> Res<Option<Found>> {
    if !(directories.has::<List>() || directories.has::<Tuple>()) {
        return Ok(None);
    }
    let mut portions = Vec::new();
    for directory in vm.collect(directories)? {
        let Some(text) = directory.get::<Str>() else { continue };
        vm.room_for_bytes((text.byte_len() + name.len()) as u128 * COPIES as u128)?;
        let base = match text.is_empty() {
            true => match vm.host.cwd() {
                Ok(cwd) => cwd,
                Err(_) => continue,
            },
            false => match as_path(text) {
                Some(path) => path,
                None => continue,
            },
        };
        let place = format!("{}/{name}", base.trim_end_matches('/'));
        let init = format!("{place}/__init__.py");
        if vm.host.is_file(&init) {
            return Ok(Some(Found::File(init, Some(place))));
        }
        let file = format!("{place}.py");
        if vm.host.is_file(&file) {
            return Ok(Some(Found::File(file, None)));
        }
        if vm.host.is_dir(&place) {
            portions.push(place);
        }
    }
    Ok((!portions.is_empty()).then_some(Found::Namespace(portions)))
}

/// Makes a spec: an object of the class of `sys.__spec__`.
fn spec(vm: &Vm, name: &str, parts: Vec<(&str, Value)>) -> Res {
    let sys = vm.sys_dict.get::<Dict>().and_then(|d| d.get_name(&vm.names.__spec__)).cloned();
    let Some(class) = sys.filter(|s| !s.is_none()).map(|s| vm.type_of(&s).to_value()) else {
        return Ok(Value::NONE);
    };
    let known = !vm.importlib.module.is_unbound();
    let given = if known { vec![vm.str(name)?, Value::NONE] } else { Vec::new() };
    let made = vm.call(&class, &given)?;
    let parent = if parts.iter().any(|p| p.0 == "submodule_search_locations" && !p.1.is_none()) {
        name
    } else {
        name.rsplit_once('.').map_or("", |(outer, _)| outer)
    };
    let mut all = vec![("name", vm.str(name)?), ("loader", Value::NONE)];
    all.extend(parts);
    if !known {
        all.push(("parent", vm.str(parent)?));
    }
    all.push(("_initializing", Value::TRUE));
    for (key, value) in all {
        vm.set_attr(&made, &vm.intern(key)?, Some(&value))?;
    }
    Ok(made)
}

/// A native module, made now if need be.
pub(crate) fn native(vm: &Vm, name: &str) -> Res {
    let key = vm.intern(name)?;
    if let Some(known) = vm.module_table().get_name(&key) {
        return Ok(known.clone());
    }
    let Some(row) = crate::modules::find(vm, name) else {
        return Err(not_found(vm, name, &format!("No module named '{name}'")));
    };
    let module = crate::modules::make(vm, row)?.into_value();
    vm.module_table().set_name(vm, &key, module.clone())?;
    Ok(module)
}

/// What the loader of frozen modules keeps of one.
fn frozen_state(vm: &Vm, filename: &str, name: &str) -> Res {
    let class = Cx::of(vm).class::<SimpleNamespace>()?;
    let parts = vec![("filename", vm.str(filename)?), ("origname", vm.str(name)?)];
    crate::modules::sys::bag(vm, &class, parts)
}

/// The spec of a native module; none if `importlib` makes it.
pub fn native_spec(vm: &Vm, name: &str) -> Res {
    if vm.host.library().is_some() {
        return Ok(Value::NONE);
    }
    let made = spec(vm, name, vec![("origin", vm.str("built-in")?)])?;
    if !made.is_none() {
        vm.set_attr(&made, &vm.intern("_initializing")?, Some(&Value::bool(false)))?;
    }
    Ok(made)
}

/// Makes the module and runs its code. What is in `sys.modules` afterwards is the module.
fn load(vm: &Vm, name: &str, key: &Value, found: Found) -> Res {
    let module: Ref<Module> = vm.new_module(name, "")?;
    let dict = module.dict_ref();
    let names = &vm.names;
    dict.set_name(vm, &names.__doc__, Value::NONE)?;
    let (file, locations) = match &found {
        Found::File(file, place) => (Some(file.clone()), place.as_ref().map(|p| vec![p.clone()])),
        Found::Namespace(portions) => (None, Some(portions.clone())),
    };
    let locations = match locations {
        Some(list) => {
            let list = list.iter().map(|p| vm.str(p)).collect::<Res<Vec<_>>>()?;
            vm.new_list(list)?
        }
        None => Value::NONE,
    };
    let origin = match &file {
        Some(file) => vm.str(file)?,
        None => Value::NONE,
    };
    let package =
        if locations.is_none() { name.rsplit_once('.').map_or("", |(outer, _)| outer) } else { name };
    let parts = vec![
        ("origin", origin.clone()),
        ("submodule_search_locations", locations.clone()),
        ("has_location", Value::bool(file.is_some())),
        ("cached", Value::NONE),
    ];
    let spec = spec(vm, name, parts)?;
    dict.set_name(vm, &names.__package__, vm.str(package)?)?;
    dict.set_name(vm, &names.__loader__, Value::NONE)?;
    dict.set_name(vm, &names.__spec__, spec.clone())?;
    if !locations.is_none() {
        dict.set_name(vm, &names.__path__, locations)?;
    }
    if file.is_some() {
        dict.set_name(vm, &names.__file__, origin)?;
    }
    let table = vm.module_table();
    table.set_name(vm, key, module.value().clone())?;
    let importing = vm.begin_import(name);
    if let Some(file) = &file
        && let Err(raised) = execute(vm, file, &dict)
    {
        // The traceback's frames may look at the module: it goes, they stay.
        let _ = table.remove_name(key);
        return Err(raised);
    }
    if !spec.is_none() {
        vm.set_attr(&spec, &vm.intern("_initializing")?, Some(&Value::bool(false)))?;
    }
    drop(importing);
    match table.get_name(key) {
        Some(module) => Ok(module.clone()),
        None => Err(error(vm, |e| &e.KeyError, &format!("'{name}'"), &[])),
    }
}

/// Runs a file's code in a namespace.
fn execute(vm: &Vm, file: &str, dict: &Ref<Dict>) -> Res<()> {
    let bytes = vm.host.read_file(file, vm.heap().room()).map_err(|e| vm.os_error(&e, Some(file)))?;
    if !vm.heap().charge(bytes.len()) {
        return Err(vm.no_memory());
    }
    let code = compile_source(vm, Source::Bytes(&bytes), file, CompileMode::Exec, CompileOptions::default());
    vm.heap().uncharge(bytes.len());
    drop(bytes);
    let code = code?;
    dict.set_name(vm, &vm.names.__builtins__, vm.builtins.clone())?;
    let function = vm.new_function(&code, dict.value())?;
    vm.run_code(function.value(), dict.value()).map(drop)
}

/// Whether a module's code is still running.
pub fn is_initializing(vm: &Vm, module: &Value) -> bool {
    let flag = || -> Res<bool> {
        let Some(spec) = vm.get_attr_opt(module, &vm.names.__spec__)? else { return Ok(false) };
        match vm.get_attr_opt(&spec, &vm.intern("_initializing")?)? {
            Some(flag) => vm.truth(&flag),
            None => Ok(false),
        }
    };
    match flag() {
        Ok(answer) => answer,
        Err(raised) => {
            drop(vm.take_raised(raised));
            false
        }
    }
}

/// The `name` of `from module import name`.
pub fn import_from(vm: &Vm, module: &Value, name: &Value) -> Res {
    if let Some(found) = vm.get_attr_opt(module, name)? {
        return Ok(found);
    }
    let attribute = vm.text(name);
    let owner = vm.get_attr_opt(module, &vm.names.__name__)?.filter(|n| vm.is_str(n));
    // A submodule in an import cycle is in `sys.modules` before it is its package's attribute.
    if let Some(owner) = &owner {
        let key = vm.intern(&Text::written(vm, format_args!("{}.{attribute}", vm.text(owner))))?;
        if let Some(found) = vm.module_table().get_name(&key).filter(|m| !m.is_none()) {
            return Ok(found.clone());
        }
    }
    let file = vm.get_attr_opt(module, &vm.names.__file__)?.filter(|f| vm.is_str(f));
    let place = file.as_ref().map_or(Text::from("unknown location"), |f| vm.text(f));
    let shown = owner.as_ref().map_or(Text::from("<unknown module name>"), |o| vm.text(o));
    let _message = Charge::new(vm, (place.len() + shown.len() + attribute.len()).saturating_mul(2))?;
    let spec = vm.get_attr_opt(module, &vm.names.__spec__)?.filter(|spec| !spec.is_none());
    let origin = match &spec {
        Some(spec)
            if vm.get_attr_opt(spec, &vm.intern("has_location")?)?.is_some_and(|v| v.is(&Value::TRUE)) =>
        {
            vm.get_attr_opt(spec, &vm.intern("origin")?)?.filter(|origin| vm.is_str(origin))
        }
        _ => None,
    };
    let advice = match (&origin, &owner) {
        (Some(origin), Some(_)) => {
            crate::types::module::hides(vm, &shown, origin, is_initializing(vm, module))
        }
        _ => None,
    };
    let message = if let Some(advice) = advice {
        format!("cannot import name '{attribute}' from '{shown}' {advice}")
    } else if is_initializing(vm, module) {
        format!(
            "cannot import name '{attribute}' from partially initialized module '{shown}' \
             (most likely due to a circular import) ({place})"
        )
    } else {
        format!("cannot import name '{attribute}' from '{shown}' ({place})")
    };
    let parts = [
        (&vm.names.name, owner.unwrap_or(Value::NONE)),
        (&vm.names.path, file.unwrap_or(Value::NONE)),
        (&vm.names.name_from, name.clone()),
    ];
    Err(error(vm, |e| &e.ImportError, &message, &parts))
}
