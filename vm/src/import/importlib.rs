//! `importlib`: CPython's own import system, which runs from the library when the interpreter starts.
//!
//! `_frozen_importlib` finds what is native or frozen; `_frozen_importlib_external`, the paths, is there if the host has the native
//! modules that it needs. Whatever `library.rs` does not do at once goes through `_find_and_load`, as in CPython.

use crate::object::Ref;
use crate::raised::{Raised, Res};
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::module::Module;
use crate::types::traceback::Traceback;
use crate::value::Value;
use crate::vm::Vm;

/// Native modules that the part for paths needs.
const FOR_PATHS: [&str; 3] = ["posix", "_io", "marshal"];

/// Runs a module of the library under a name of its own, without `importlib`.
fn run_alone(vm: &Vm, name: &str, path: &str) -> Res<Option<Ref<Module>>> {
    let Some((_, code)) = vm.host.library().and_then(|library| library.module(path)) else { return Ok(None) };
    let code = vm.library_code(code)?;
    let module = vm.new_module(name, "")?;
    vm.module_table().set_name(vm, &vm.intern(name)?, module.value().clone())?;
    let dict = module.dict_ref();
    // What the loader of frozen modules takes it for.
    dict.set_name(vm, &vm.intern("__origname__")?, vm.str("importlib._bootstrap")?)?;
    run_in(vm, &code, &dict)?;
    Ok(Some(module))
}

impl Vm {
    /// Starts `importlib`, if the host has a library. Runs Python: the library's own. Raises what that raises.
    pub fn start_importlib(&self) -> Res<()> {
        self.importlib.starting.set(true);
        let started = self.start_parts();
        self.importlib.starting.set(false);
        started
    }

    fn start_parts(&self) -> Res<()> {
        if self.host.library().is_none() || !self.importlib.module.is_unbound() {
            return Ok(());
        }
        let Some(module) = run_alone(self, "_frozen_importlib", "importlib/_bootstrap.py")? else {
            return Ok(());
        };
        let sys = self.sys_module()?;
        let imp = super::native(self, "_imp")?;
        self.call_method(module.value(), &self.intern("_install")?, &[sys, imp])?;
        self.importlib.module.set(module.value().clone());
        let paths = FOR_PATHS.iter().all(|name| crate::modules::find(self, name).is_some());
        if paths {
            self.call_method(module.value(), &self.intern("_install_external_importers")?, &[])?;
        }
        let image = self.find_and_load("_ryokan_image")?;
        self.importlib.loader.set(self.get_attr(&image, &self.intern("ImageLoader")?)?);
        if paths {
            self.call_method(&image, &self.intern("install")?, &[])?;
        }
        if let Some(path) = self.sys_attr("meta_path")?
            && let Some(finders) = path.get::<List>()
        {
            for (slot, finder) in self.importlib.finders.iter().zip(finders.items()) {
                slot.set(finder.clone());
            }
        }
        Ok(())
    }

    fn sys_module(&self) -> Res {
        let found = self.module_table().get_name(&self.intern("sys")?).cloned();
        found.ok_or_else(|| self.import_error("sys is gone"))
    }

    /// Whether the paths of `sys.path` are `importlib`'s to search.
    pub(super) fn importlib_has_paths(&self) -> bool {
        let known = !self.importlib.module.is_unbound();
        known && (self.importlib.starting.get() || !self.importlib.finders[2].is_unbound())
    }

    /// Imports a module that is not there yet, as `importlib` does.
    pub(super) fn find_and_load(&self, name: &str) -> Res {
        let import = self.builtin("__import__")?;
        let module = self.importlib.module.clone();
        let function = self.get_attr(&module, &self.intern("_find_and_load")?)?;
        let underway = &self.importlib.underway;
        underway.set(underway.get() + 1);
        let result = self.call(&function, &[self.str(name)?, import]);
        underway.set(underway.get().saturating_sub(1));
        result.map_err(|raised| self.without_importlib(raised))
    }

    /// `__import__` as `importlib` has it, for a name that is no text of ours: it has lone surrogates.
    #[cold]
    pub(super) fn import_wholly(&self, name: &Value, globals: &Value, list: &Value, level: i64) -> Res {
        let importlib = self.importlib.module.clone();
        let function = self.get_attr(&importlib, &self.names.__import__)?;
        let list = if list.is_none() { self.new_tuple(Vec::new())? } else { list.clone() };
        let given = [name.clone(), globals.clone(), Value::NONE, list, self.int(level)?];
        self.call(&function, &given).map_err(|raised| self.without_importlib(raised))
    }

    /// A module of `sys.modules` may still be running in another thread: waits for it. Whether it had to.
    pub(super) fn lock_unlock(&self, name: &str, module: &Value) -> Res<bool> {
        if self.importlib.underway.get() == 0 || !super::is_initializing(self, module) {
            return Ok(false);
        }
        let importlib = self.importlib.module.clone();
        self.call_method(&importlib, &self.intern("_lock_unlock_module")?, &[self.str(name)?])?;
        Ok(true)
    }

    /// Takes the frames of `importlib` out of a traceback: all of them if the import failed, else those that call a module's code.
    fn without_importlib(&self, raised: Raised) -> Raised {
        let exception = self.take_raised(raised);
        if self.is_verbose() {
            return self.raise_again(exception);
        }
        let all = self.is_instance(&exception, &self.exc.ImportError);
        let mut entries = Vec::new();
        let mut at = exception.get::<crate::types::exceptions::Exception>().map(|e| e.traceback.clone());
        while let Some(entry) = at.filter(|entry| entry.has::<Traceback>()) {
            at = entry.get::<Traceback>().map(|entry| entry.next.clone());
            entries.push(entry);
        }
        let mut kept: Vec<Value> = Vec::new();
        // Where the entries of `importlib` that stand together begin.
        let mut start = None;
        for entry in entries {
            let Some(traceback) = entry.get::<Traceback>() else { continue };
            let code = traceback.function().code();
            let filename = self.text(&code.filename);
            let own = ["<frozen importlib._bootstrap>", "<frozen importlib._bootstrap_external>"]
                .contains(&filename.as_str());
            if !own {
                start = None;
            } else if start.is_none() {
                start = Some(kept.len());
            }
            match start {
                Some(start) if all || self.text(&code.name) == "_call_with_frames_removed" => {
                    kept.truncate(start);
                }
                _ => kept.push(entry),
            }
        }
        let mut next = Value::NONE;
        for entry in kept.into_iter().rev() {
            if let Some(traceback) = entry.get::<Traceback>() {
                traceback.next.set(next);
            }
            next = entry;
        }
        if let Some(exception) = exception.get::<crate::types::exceptions::Exception>() {
            exception.traceback.set(next);
        }
        self.raise_again(exception)
    }

    fn is_verbose(&self) -> bool {
        self.sys.verbose.get() > 0
    }

    /// Sends an exception on its way again; its context stays what it is.
    fn raise_again(&self, exception: Value) -> Raised {
        let context = exception.get::<crate::types::exceptions::Exception>().map(|e| e.context.clone());
        let raised = self.raise_value(exception);
        if let (Some(context), Some(exception)) =
            (context, self.thread.raised.get::<crate::types::exceptions::Exception>())
        {
            exception.context.set(context);
        }
        raised
    }
}

/// Runs a module's code in its namespace.
pub(super) fn run_in(vm: &Vm, code: &Value, dict: &Ref<Dict>) -> Res<()> {
    if dict.get_name(&vm.names.__builtins__).is_none() {
        dict.set_name(vm, &vm.names.__builtins__, vm.builtins.clone())?;
    }
    let function = vm.new_function(code, dict.value())?;
    vm.run_code(function.value(), dict.value()).map(drop)
}
