//! How an interpreter ends: modules go in CPython's order, so that every `__del__` runs when it would there.
//!
//! 0. Threads that are no daemons are waited for, and what `atexit` knows is called; further interpreters end; then no other thread runs
//!    any more.
//! 1. The garbage is collected, and `gc.callbacks` is told of it. What `sys` holds for the prompt and the last exception is let go.
//! 2. Every entry of `sys.modules` becomes None: a module that nobody else holds dies, and with it what only its names held.
//! 3. A full collection takes the cycles that functions make with their globals.
//! 4. Modules that still live have their names set to None: those with one leading underscore first.
//!
//! Where the process ends anyway, and nothing that is alive has anything to do when it dies, nobody can tell whether modules went: they stay.

use ryokan_vm::collect::{collect, collect_at_end, is_anyone_to_hear};
use ryokan_vm::object::Ref;
use ryokan_vm::object::ty::TypeFlags;
use ryokan_vm::raised::Res;
use ryokan_vm::types::dict::Dict;
use ryokan_vm::types::exceptions::unraisable_message;
use ryokan_vm::types::module::Module;
use ryokan_vm::value::Value;
use ryokan_vm::vm::Vm;

/// Names of `sys` that hold a script's objects.
const HELD_BY_SYS: &[&str] = &[
    "path",
    "argv",
    "ps1",
    "ps2",
    "last_exc",
    "last_type",
    "last_value",
    "last_traceback",
    "path_hooks",
    "path_importer_cache",
    "meta_path",
];

/// The standard streams, as `sys` holds them on the side.
const STREAMS: [&str; 3] = ["stdin", "stdout", "stderr"];

/// Ends an interpreter whose process goes on. Runs Python (threads, `atexit`, what dies); what that raises has nobody left to go to,
/// and is reported or dropped.
pub fn finish(vm: &Vm) {
    begin(vm);
    take_apart(vm);
}

/// Ends an interpreter with its process. Runs Python as [`finish`].
pub fn finish_process(vm: &Vm) {
    begin(vm);
    if is_anyone_to_hear(vm, &kept_streams(vm)) {
        take_apart(vm);
    }
}

/// Lets what runs besides the program come to its end, and gives the standard streams back their names.
fn begin(vm: &Vm) {
    wait_for_threads(vm);
    ryokan_vm::modules::atexit::run(vm);
    end_others(vm);
    vm.end_threads();
    vm.sys.finalizing.set(true);
    let Some(sys) = vm.sys_dict.get::<Dict>() else { return };
    for stream in STREAMS {
        if let (Some(original), Ok(key)) = (kept_stream(vm, stream), vm.intern(stream)) {
            let _ = sys.set_name(vm, &key, original);
        }
    }
}

/// `sys.__stdin__` and its like.
fn kept_stream(vm: &Vm, name: &str) -> Option<Value> {
    let key = vm.intern(&format!("__{name}__")).ok()?;
    vm.sys_dict.get::<Dict>()?.get_name(&key).cloned()
}

/// The standard streams, and what of ours they are made of: these live as long as `sys`.
fn kept_streams(vm: &Vm) -> Vec<Value> {
    let mut kept: Vec<Value> = STREAMS.iter().filter_map(|name| kept_stream(vm, name)).collect();
    for part in ["buffer", "raw"] {
        // (Looking into an object of a class of somebody else's could run anything.)
        let ours: Vec<Value> =
            kept.iter().filter(|stream| !vm.type_of(stream).has(TypeFlags::HEAP)).cloned().collect();
        for stream in ours {
            match vm.intern(part).and_then(|name| vm.get_attr_opt(&stream, &name)) {
                Ok(found) => kept.extend(found),
                Err(raised) => drop(vm.take_raised(raised)),
            }
        }
    }
    kept
}

/// Takes the garbage, if that is not switched off, and then the modules apart.
fn take_apart(vm: &Vm) {
    if vm.heap().gc_enabled() {
        collect(vm, 2);
    }
    if let Some(sys) = vm.sys_dict.get::<Dict>() {
        for name in HELD_BY_SYS {
            set_none(vm, sys, name);
        }
    }
    if let Some(builtins) = vm.builtins.get::<Dict>() {
        set_none(vm, builtins, "_");
    }
    if let Some(modules) = vm.modules.get::<Dict>() {
        let keys: Vec<Value> = modules.entries().map(|e| e.key.clone()).collect();
        for key in keys {
            let keep = ["sys", "builtins"].contains(&vm.text(&key).as_str());
            if !keep {
                let _ = modules.set_name(vm, &key, Value::NONE);
            }
        }
        modules.clear_all();
    }
    vm.importlib.forget();
    vm.forget_codecs();
    collect_at_end(vm);
    vm.natives.forget();
    let mut left = living_modules(vm);
    while let Some(module) = left.pop() {
        if let Some(module) = module.get::<Module>() {
            clear(vm, module.dict());
        }
    }
    collect_at_end(vm);
}

/// The interpreters that scripts have made, and not closed. They are told of it.
fn end_others(vm: &Vm) {
    if !vm.has_others() {
        return;
    }
    let cx = ryokan_vm::native::Cx::of(vm);
    let told = cx.warn("RuntimeWarning", "remaining subinterpreters; close them with Interpreter.close()");
    if let Err(raised) = told {
        cx.unraisable(raised, &Value::NONE);
    }
    vm.end_other_interpreters();
}

/// `threading`, if it was imported, waits for its threads that are no daemons. What it raises is reported.
fn wait_for_threads(vm: &Vm) {
    let wait = || -> Res<()> {
        let Some(modules) = vm.modules.get::<Dict>() else { return Ok(()) };
        let Some(threading) = modules.get_name(&vm.intern("threading")?).cloned() else { return Ok(()) };
        vm.call_method(&threading, &vm.intern("_shutdown")?, &[]).map(drop)
    };
    if let Err(raised) = wait() {
        let exception = vm.take_raised(raised);
        unraisable_message(vm, &exception, "on threading shutdown", &Value::NONE);
    }
}

fn set_none(vm: &Vm, dict: &Dict, name: &str) {
    if let Ok(key) = vm.intern(name)
        && dict.get_name(&key).is_some()
    {
        let _ = dict.set_name(vm, &key, Value::NONE);
    }
}

/// Modules that somebody still holds, `sys` and `builtins` left out.
fn living_modules(vm: &Vm) -> Vec<Value> {
    let spared = [&vm.sys_dict, &vm.builtins];
    let is_spared = |module: &Module| spared.iter().any(|d| d.word() == module.dict_ref().value().word());
    let found = vm.living::<Module>().into_iter().filter(|module| !is_spared(module));
    found.map(Ref::into_value).collect()
}

/// Sets a module's names to None, as CPython does: first what begins with one underscore, then the rest but the builtins.
fn clear(vm: &Vm, dict: &Dict) {
    for private in [true, false] {
        let keys: Vec<Value> = dict.entries().map(|e| e.key.clone()).collect();
        for key in keys {
            let name = vm.text(&key);
            let is_private = name.starts_with('_') && !name.starts_with("__");
            if is_private == private && name != "__builtins__" {
                let _ = dict.set_name(vm, &key, Value::NONE);
            }
        }
    }
}
