//! Modules of the library, imported at once: what `importlib` would do for them, where nobody has changed how it finds modules.
//!
//! The module, its spec and its loader are those that `importlib` would make.

use super::as_path;
use super::importlib::run_in;
use crate::host::Library;
use crate::object::call::Args;
use crate::raised::Res;
use crate::types::list::List;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// A module of the library.
struct LibraryModule {
    file: &'static str,
    is_package: bool,
    frozen: bool,
}

/// Imports a module of the library, whose parent is imported already; nothing if that is `importlib`'s to do, because it is no module
/// of the library, or might be found elsewhere first.
pub(super) fn import(vm: &Vm, name: &str, key: &Value, path: Option<&Value>) -> Res<Option<Value>> {
    let Some(library) = vm.host.library() else { return Ok(None) };
    if !is_pristine(vm)? {
        return Ok(None);
    }
    if let Some(found) = frozen(vm, library, name) {
        return load(vm, library, name, key, &found).map(Some);
    }
    let short = name.rsplit_once('.').map_or(name, |(_, short)| short);
    let found = match path {
        Some(path) => in_package(library, path, short),
        None => on_path(vm, library, short)?,
    };
    match found {
        Some(found) => load(vm, library, name, key, &found).map(Some),
        None => Ok(None),
    }
}

/// Whether `sys.meta_path` is as it was at the start.
fn is_pristine(vm: &Vm) -> Res<bool> {
    let Some(path) = vm.sys_attr("meta_path")? else { return Ok(false) };
    let Some(path) = path.exact::<List>() else { return Ok(false) };
    let own = vm.importlib.finders.iter().filter(|finder| !finder.is_unbound());
    Ok(!path.is_empty() && path.items().iter().map(Value::word).eq(own.map(Value::word)))
}

/// What is frozen whether or not the rest is.
pub const ESSENTIAL: &[&str] =
    &["_frozen_importlib", "_frozen_importlib_external", "_ryokan_image", "zipimport"];

fn frozen(vm: &Vm, library: &dyn Library, name: &str) -> Option<LibraryModule> {
    let rows = library.frozen();
    let at = rows.binary_search_by_key(&name, |row| row.0).ok()?;
    // Those are for tests of `importlib`, which does them itself.
    if name.starts_with("__") || vm.importlib.elsewhere.get() && !ESSENTIAL.contains(&name) {
        return None;
    }
    Some(LibraryModule { file: rows[at].1, is_package: false, frozen: true })
}

/// A module in a folder of the library.
fn in_folder(library: &dyn Library, folder: &str, short: &str) -> Option<LibraryModule> {
    let base = if folder.is_empty() { short.to_string() } else { format!("{folder}/{short}") };
    let row = |file: &str| library.module(file).map(|module| module.0);
    if let Some(file) = row(&format!("{base}/__init__.py")) {
        return Some(LibraryModule { file, is_package: true, frozen: false });
    }
    row(&format!("{base}.py")).map(|file| LibraryModule { file, is_package: false, frozen: false })
}

/// A module of a package whose `__path__` is a folder of the library and nothing else.
fn in_package(library: &dyn Library, path: &Value, short: &str) -> Option<LibraryModule> {
    let [only] = path.exact::<List>()?.items() else { return None };
    let folder = as_path(only.exact::<Str>()?)?;
    let folder = folder.strip_prefix(library.root())?.strip_prefix('/')?;
    in_folder(library, folder, short)
}

/// A module on `sys.path`, if the library has it and no folder before it could.
fn on_path(vm: &Vm, library: &dyn Library, short: &str) -> Res<Option<LibraryModule>> {
    let Some(found) = in_folder(library, "", short) else { return Ok(None) };
    let Some(path) = vm.sys_attr("path")? else { return Ok(None) };
    let Some(path) = path.exact::<List>() else { return Ok(None) };
    for entry in path.items() {
        let Some(entry) = entry.exact::<Str>() else { return Ok(None) };
        let Some(entry) = as_path(entry) else { continue };
        if entry == library.root() {
            return Ok(Some(found));
        }
        let base = if entry.is_empty() { vm.host.cwd().unwrap_or_default() } else { entry };
        let candidate = format!("{}/{short}", base.trim_end_matches('/'));
        let is_folder = vm.host.is_dir(&base);
        if !is_folder && vm.host.is_file(&base) {
            return Ok(None);
        }
        if is_folder
            && (vm.host.is_dir(&candidate)
                || [".py", ".pyc", ".so"].iter().any(|end| vm.host.is_file(&format!("{candidate}{end}"))))
        {
            return Ok(None);
        }
    }
    Ok(None)
}

impl Vm {
    /// Keeps a program that is in no file for `linecache`: a tuple of its code, its text and what it is called. Runs no Python.
    pub fn keep_program(&self, program: Value) {
        self.untold.set(program);
    }
}

/// Lets `linecache` know the lines of a program that is in no file.
fn tell_lines(vm: &Vm, linecache: &Value) {
    let program = vm.untold.take();
    let Some(parts) = program.get::<Tuple>() else { return };
    let tell = || -> Res<()> {
        let register = vm.get_attr(linecache, &vm.intern("_register_code")?)?;
        vm.call(&register, parts.items()).map(drop)
    };
    if let Err(raised) = tell() {
        // Tracebacks show no lines then.
        drop(vm.take_raised(raised));
    }
}

/// Makes the module, and runs it.
fn load(vm: &Vm, library: &'static dyn Library, name: &str, key: &Value, found: &LibraryModule) -> Res {
    let Some((_, code)) = library.module(found.file) else {
        return Err(vm.import_error("the library is damaged"));
    };
    let code = vm.library_code(code)?;
    let full = format!("{}/{}", library.root(), found.file);
    let (file, full_name) = (vm.str(&full)?, vm.str(name)?);
    let importlib = vm.importlib.module.clone();
    let class = vm.get_attr(&importlib, &vm.intern("ModuleSpec")?)?;
    let (loader, origin) = if found.frozen {
        (vm.importlib.finders[1].clone(), vm.str("frozen")?)
    } else {
        (vm.call(&vm.importlib.loader.clone(), &[full_name.clone(), file.clone()])?, file.clone())
    };
    let names = [vm.intern("origin")?, vm.intern("is_package")?];
    let named = [origin, Value::bool(found.is_package)];
    let spec =
        vm.call_args(&class, Args { pos: &[full_name, loader.clone()], names: &names, named: &named })?;
    let set = |attribute: &str, value: Value| vm.set_attr(&spec, &vm.intern(attribute)?, Some(&value));
    let module = vm.new_module(name, "")?;
    let dict = module.dict_ref();
    let own_names = &vm.names;
    if found.frozen {
        let state = super::frozen_state(vm, &full, name)?;
        set("loader_state", state)?;
    } else {
        set("_set_fileattr", Value::TRUE)?;
    }
    if found.is_package {
        let folder = full.rsplit_once('/').map_or("", |(folder, _)| folder);
        let locations = vm.new_list(vec![vm.str(folder)?])?;
        set("submodule_search_locations", locations.clone())?;
        dict.set_name(vm, &own_names.__path__, locations)?;
    }
    let package = if found.is_package { name } else { name.rsplit_once('.').map_or("", |(outer, _)| outer) };
    dict.set_name(vm, &own_names.__package__, vm.str(package)?)?;
    dict.set_name(vm, &own_names.__loader__, loader)?;
    dict.set_name(vm, &own_names.__spec__, spec.clone())?;
    dict.set_name(vm, &own_names.__file__, file)?;
    set("_initializing", Value::TRUE)?;
    let table = vm.module_table();
    table.set_name(vm, key, module.value().clone())?;
    let importing = vm.begin_import(name);
    // What a module of the library makes as it is imported lives on.
    let young = vm.heap().young();
    let ran = run_in(vm, &code, &dict);
    vm.heap().expect_to_stay(young);
    if let Err(raised) = ran {
        // The traceback's frames may look at the module: it goes, they stay.
        let _ = table.remove_name(key);
        return Err(raised);
    }
    vm.set_attr(&spec, &vm.intern("_initializing")?, Some(&Value::FALSE))?;
    drop(importing);
    if name == "linecache" {
        tell_lines(vm, module.value());
    }
    match table.get_name(key) {
        Some(module) => Ok(module.clone()),
        None => Err(super::error(vm, |e| &e.KeyError, &format!("'{name}'"), &[])),
    }
}
