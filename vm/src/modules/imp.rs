//! `_imp`: what `importlib` asks of the interpreter: native modules, frozen ones, and the library that is part of the program.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use crate::native::*;
use crate::types::code::CodeObj;

/// The number that cache files begin with: CPython's line end, and a number of ours, which changes with what is in them.
pub const MAGIC: u32 = 0x0a0d_5200 | ryokan_bytecode::image::VERSION;

crate::native_state! {
    /// The lock that is held while the tables of imports change.
    struct State { lock: Slot }
}

crate::native_module! {
    /// The interpreter's side of imports.
    "_imp" {
        consts {
            "check_hash_based_pycs" = "default";
            "pyc_magic_number_token" = i64::from(MAGIC);
        }
        fill = fill;
        functions {
            /// Whether a thread holds the lock of imports.
            lock_held();
            /// Waits for the lock of imports, and takes it. A thread may take it again.
            acquire_lock();
            /// Gives the lock of imports back. RuntimeError if the thread does not hold it.
            release_lock();
            /// The endings of the files of extension modules: none, for there are none.
            extension_suffixes();
            /// 1 if a module of the name is native, -1 if it cannot be made again, else 0.
            is_builtin(name: Value, /);
            /// Whether a module of the name is frozen.
            is_frozen(name: Value, /);
            /// Whether a frozen module is a package.
            is_frozen_package(name: Value, /);
            /// What is known of a frozen module, or None: its data if they are asked for, whether it is a package, and its first name.
            find_frozen(name: Value, /, *, withdata: bool = false => "False");
            /// The code of a frozen module.
            get_frozen_object(name: Value, data: Value = Value::NONE => "None", /);
            /// Imports a frozen module, and gives it, or None if there is none of the name.
            init_frozen(name: Value, /);
            /// Makes a native module for a spec.
            create_builtin(spec: Value, /);
            /// Does nothing more: a native module is whole when it is made.
            exec_builtin(mod_: Value, /), shows = "($module, mod, /)";
            /// There are no extension modules: ImportError.
            create_dynamic(spec: Value, file: Value = Value::NONE => "<unrepresentable>", /);
            /// There are no extension modules: does nothing.
            exec_dynamic(mod_: Value, /), shows = "($module, mod, /)";
            /// The hash of a source that a cache file is checked by, as eight bytes.
            source_hash(key: i64, source: Buffer), shows = "($module, /, key, source)";
            /// Says that a code, and all in it from the same file, is of another file.
            _fix_co_filename(code: Value, path: Value, /);
            /// The names of all frozen modules.
            _frozen_module_names();
            /// For tests: 1 to import frozen modules, -1 not to import those that can be found elsewhere, 0 for what was at the start.
            _override_frozen_modules_for_tests(override_: i64, /) = override_frozen, shows = "($module, override, /)";
            /// For tests: does nothing, for there are no extension modules.
            _override_multi_interp_extensions_check(override_: i64, /) = override_check, shows = "($module, override, /)";
            /// The code of a module of the library, by the path of its file; None if there is none.
            _library_code(path: Value, /);
            /// The bytes of a file of the library; None if there is none.
            _library_data(path: Value, /);
            /// The names in a folder of the library, those of folders with a slash; None if there is no such folder.
            _library_list(path: Value, /);
        }
    }
}

fn fill(module: &Filler) -> Res<()> {
    let root = module.cx().vm().host.library().map(|library| library.root());
    module.add("_library_root", root)
}

fn lock(cx: &Cx) -> Res {
    let state = cx.state::<State>()?;
    let known = state.lock.get();
    if !known.is_none() && !known.is_unbound() {
        return Ok(known);
    }
    let thread = cx.import("_thread")?;
    let made = cx.call_method(&thread, "RLock", ())?;
    cx.state::<State>()?.lock.set(made.clone());
    Ok(made)
}

fn lock_held(cx: &Cx) -> Res<bool> {
    let locked = cx.call_method(&lock(cx)?, "locked", ())?;
    cx.truth(&locked)
}
fn acquire_lock(cx: &Cx) -> Res<()> {
    cx.call_method(&lock(cx)?, "acquire", ()).map(drop)
}
fn release_lock(cx: &Cx) -> Res<()> {
    let lock = lock(cx)?;
    let owned = cx.call_method(&lock, "_is_owned", ())?;
    if !cx.truth(&owned)? {
        return Err(cx.runtime_error("not holding the import lock"));
    }
    cx.call_method(&lock, "release", ()).map(drop)
}
fn extension_suffixes(cx: &Cx) -> Res<List> {
    List::new(cx, 0)
}

/// The text of an argument that must be a str.
fn name_of(cx: &Cx, function: &str, name: &Value) -> Res<Text> {
    match cx.is_str(name) {
        true => cx.str(name),
        false => {
            let kind = cx.arg_name(name);
            Err(cx.type_error(format_args!("{function}() argument 1 must be str, not {kind}")))
        }
    }
}

fn is_builtin(cx: &Cx, name: Value) -> Res<i64> {
    let name = name_of(cx, "is_builtin", &name)?;
    Ok(match name.as_str() {
        "sys" | "builtins" => -1,
        _ if crate::modules::find(cx.vm(), &name).is_some() => 1,
        _ => 0,
    })
}

/// The file of a frozen module.
fn frozen_file(cx: &Cx, name: &str) -> Option<&'static str> {
    let vm = cx.vm();
    let rows = vm.host.library()?.frozen();
    let at = rows.binary_search_by_key(&name, |row| row.0).ok()?;
    let essential = crate::import::ESSENTIAL.contains(&name);
    (essential || !vm.importlib.elsewhere.get()).then_some(rows[at].1)
}

fn is_package(name: &str, file: &str) -> bool {
    file.ends_with("/__init__.py") && !name.ends_with(".__init__")
}

/// The name under which a module is in the library, if it is.
fn first_name(name: &str, file: &str) -> Option<String> {
    match name {
        "__hello_only__" => None,
        "_frozen_importlib" | "_frozen_importlib_external" => {
            Some(name.replacen("_frozen_importlib", "importlib._bootstrap", 1))
        }
        _ if name.ends_with(".__init__") => Some(format!("<{}", name.trim_end_matches(".__init__"))),
        _ => Some(file.trim_end_matches(".py").trim_end_matches("/__init__").replace('/', ".")),
    }
}

fn is_frozen(cx: &Cx, name: Value) -> Res<bool> {
    let name = name_of(cx, "is_frozen", &name)?;
    Ok(frozen_file(cx, &name).is_some())
}

/// There is no frozen module of the name.
fn no_such(cx: &Cx, name: &Value) -> Raised {
    let message = match cx.repr(name) {
        Ok(shown) => format!("No such frozen object named {}", shown.as_str().trim_matches('\'')),
        Err(raised) => return raised,
    };
    crate::import::error(cx.vm(), |e| &e.ImportError, &message, &[(&cx.vm().names.name, name.clone())])
}

fn is_frozen_package(cx: &Cx, name: Value) -> Res<bool> {
    let text = name_of(cx, "is_frozen_package", &name)?;
    match frozen_file(cx, &text) {
        Some(file) => Ok(is_package(&text, file)),
        None => Err(no_such(cx, &name)),
    }
}

fn find_frozen(cx: &Cx, name: Value, withdata: bool) -> Res {
    let text = name_of(cx, "find_frozen", &name)?;
    let Some(file) = frozen_file(cx, &text) else { return Ok(Value::NONE) };
    let data = match cx.vm().host.library().and_then(|library| library.module(file)) {
        Some((_, code)) if withdata => {
            let bytes = Bytes::new(cx, code)?;
            let class = cx.attr(&cx.import("builtins")?, "memoryview")?;
            cx.call(&class, (bytes,))?
        }
        _ => Value::NONE,
    };
    (data, is_package(&text, file), first_name(&text, file)).into_value(cx)
}

fn library_code_of(cx: &Cx, file: &str) -> Res<Option<Value>> {
    match cx.vm().host.library().and_then(|library| library.module(file)) {
        Some((_, code)) => cx.vm().library_code(code).map(Some),
        None => Ok(None),
    }
}

fn get_frozen_object(cx: &Cx, name: Value, data: Value) -> Res {
    let text = name_of(cx, "get_frozen_object", &name)?;
    if !data.is_none() {
        let data = Buffer::of(cx, &data)?;
        if data.is_empty() {
            return Err(no_such(cx, &name));
        }
        return data.read(|bytes| super::marshal::load_unit(cx, bytes));
    }
    let code = match frozen_file(cx, &text) {
        Some(file) => library_code_of(cx, file)?,
        None => None,
    };
    code.ok_or_else(|| no_such(cx, &name))
}

fn init_frozen(cx: &Cx, name: Value) -> Res {
    let text = name_of(cx, "init_frozen", &name)?;
    if frozen_file(cx, &text).is_none() {
        return Ok(Value::NONE);
    }
    cx.import(&text)
}

fn create_builtin(cx: &Cx, spec: Value) -> Res {
    let name = cx.attr(&spec, "name")?;
    if !cx.is_str(&name) {
        let kind = cx.type_name(&name);
        return Err(cx.type_error(format_args!("name must be string, not {kind}")));
    }
    let name = name_of(cx, "create_builtin", &name)?;
    if name == "sys" || name == "builtins" {
        return crate::import::native(cx.vm(), &name);
    }
    match crate::modules::find(cx.vm(), &name) {
        Some(row) => Ok(crate::modules::make(cx.vm(), row)?.into_value()),
        None => Ok(Value::NONE),
    }
}

fn exec_builtin(_: &Cx, _: Value) -> i64 {
    0
}

fn create_dynamic(cx: &Cx, spec: Value, _: Value) -> Res {
    let vm = cx.vm();
    let (name, origin) = (cx.attr(&spec, "name")?, cx.attr(&spec, "origin")?);
    let message = "this interpreter loads no extension modules";
    let parts = [(&vm.names.name, name), (&vm.names.path, origin)];
    Err(crate::import::error(vm, |e| &e.ImportError, message, &parts))
}

fn exec_dynamic(_: &Cx, _: Value) -> i64 {
    0
}

fn source_hash(cx: &Cx, key: i64, source: Buffer) -> Res<Bytes> {
    cx.work_on_bytes(source.len())?;
    let hash = source.read(|bytes| {
        let mut hasher = SipHasher13::new_with_keys(key as u64, 0);
        hasher.write(bytes);
        hasher.finish()
    });
    Bytes::new(cx, &hash.to_le_bytes())
}

fn _fix_co_filename(cx: &Cx, code: Value, path: Value) -> Res<()> {
    if !code.has::<CodeObj>() {
        let kind = cx.arg_name(&code);
        return Err(cx.type_error(format_args!("_fix_co_filename() argument 1 must be code, not {kind}")));
    }
    if !cx.is_str(&path) {
        let kind = cx.arg_name(&path);
        return Err(cx.type_error(format_args!("_fix_co_filename() argument 2 must be str, not {kind}")));
    }
    CodeObj::rename_file(cx.vm(), &code, &path)
}

fn _frozen_module_names(cx: &Cx) -> Res<List> {
    let rows = cx.vm().host.library().map(|library| library.frozen()).unwrap_or_default();
    let list = List::new(cx, rows.len())?;
    for (name, _) in rows {
        list.push(cx, *name)?;
    }
    Ok(list)
}

fn override_frozen(cx: &Cx, given: i64) {
    cx.vm().importlib.elsewhere.set(given < 0);
}

fn override_check(_: &Cx, _: i64) -> i64 {
    0
}

fn _library_code(cx: &Cx, path: Value) -> Res<Option<Value>> {
    library_code_of(cx, &name_of(cx, "_library_code", &path)?)
}

fn _library_data(cx: &Cx, path: Value) -> Res {
    let path = name_of(cx, "_library_data", &path)?;
    let Some(found) = cx.vm().host.library().and_then(|library| library.source(&path, cx.vm().heap().room()))
    else {
        return Ok(Value::NONE);
    };
    let data = found.map_err(|error| cx.os_error(&error, None))?;
    Ok(Bytes::new(cx, &data)?.into_value())
}

fn _library_list(cx: &Cx, path: Value) -> Res {
    let path = name_of(cx, "_library_list", &path)?;
    let Some(names) = cx.vm().host.library().and_then(|library| library.list(&path)) else {
        return Ok(Value::NONE);
    };
    let list = List::new(cx, names.len())?;
    for name in names {
        list.push(cx, name)?;
    }
    Ok(list.into_value())
}
