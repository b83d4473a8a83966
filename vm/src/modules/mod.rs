//! Native modules: the list, and how one is made.
//!
//! A module is a row: its name, its table of functions, and a function that adds what is not a function. Rows are made
//! into modules when they are first imported; `builtins` and `sys` at boot. A host may bring further rows
//! (`Host::native_modules`), which is how the standard library's native part comes in.
//!
//! | file | module |
//! |---|---|
//! | `builtins/` | `builtins` |
//! | `sys/` | `sys` |
//! | `codecs/` | `_codecs` |
//! | `ast/` | `_ast` |
//! | `gc.rs`, `future.rs` | those |
//! | `imp.rs` | `_imp` |
//! | `abc.rs`, `types.rs`, `opcode.rs`, `atexit.rs` | `_abc`, `_types`, `_opcode`, `atexit` |
//! | `suggestions.rs` | `_suggestions` |
//! | `signal.rs` | `_signal` |
//! | `marshal/` | `marshal` |
//! | `thread.rs` | `_thread` |
//! | `tracemalloc.rs` | `_tracemalloc` |
//! | `typing/` | `_typing` |
//! | `template.rs` | what t-strings make; `string.templatelib` names it |
//! | `warnings.rs` | `_warnings` |
//! | `weakref.rs` | `_weakref` |
//! | `ryokan/` | `_ryokan`: the heap seen from inside, for `ryokan.py` in the library |

#![allow(clippy::cloned_ref_to_slice_refs, reason = "a callee may move its arguments out of their slots")]

pub mod abc;
pub mod ast;
pub mod atexit;
pub mod builtins;
pub mod codecs;
pub mod future;
pub mod gc;
pub mod imp;
pub mod marshal;
pub mod opcode;
pub mod ryokan;
pub mod signal;
pub mod suggestions;
pub mod sys;
pub mod template;
pub mod thread;
pub mod tracemalloc;
pub mod types;
pub mod typing;
pub mod warnings;
pub mod weakref;

use crate::object::Ref;
use crate::object::native::Method;
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::exceptions::errno;
use crate::types::module::Module;
use crate::value::Value;
use crate::vm::Vm;

/// A native module.
pub struct NativeModule {
    /// Its name.
    pub name: &'static str,
    /// Its docstring.
    pub doc: &'static str,
    /// Its functions.
    pub functions: &'static [Method],
    /// Adds everything else to its dict.
    pub fill: fn(&Vm, &Dict) -> Res<()>,
}

/// Those that the VM brings itself.
pub static MODULES: &[NativeModule] = &[
    NativeModule {
        name: "builtins",
        doc: builtins::DOC,
        functions: builtins::FUNCTIONS,
        fill: builtins::fill,
    },
    NativeModule { name: "sys", doc: sys::DOC, functions: sys::FUNCTIONS, fill: sys::fill },
    NativeModule { name: "_thread", doc: thread::DOC, functions: thread::FUNCTIONS, fill: thread::fill },
    NativeModule {
        name: "_warnings",
        doc: warnings::DOC,
        functions: warnings::FUNCTIONS,
        fill: warnings::fill,
    },
    NativeModule { name: "_weakref", doc: weakref::DOC, functions: weakref::FUNCTIONS, fill: weakref::fill },
    NativeModule { name: "_codecs", doc: codecs::DOC, functions: codecs::FUNCTIONS, fill: codecs::fill },
    NativeModule { name: "gc", doc: gc::DOC, functions: gc::FUNCTIONS, fill: gc::fill },
    NativeModule { name: "__future__", doc: future::DOC, functions: &[], fill: future::fill },
    NativeModule {
        name: "_abc",
        doc: abc::MODULE.doc,
        functions: abc::MODULE.functions,
        fill: abc::MODULE.fill,
    },
    NativeModule {
        name: "atexit",
        doc: atexit::MODULE.doc,
        functions: atexit::MODULE.functions,
        fill: atexit::MODULE.fill,
    },
    NativeModule {
        name: "_suggestions",
        doc: suggestions::MODULE.doc,
        functions: suggestions::MODULE.functions,
        fill: suggestions::MODULE.fill,
    },
    NativeModule {
        name: "_opcode",
        doc: opcode::MODULE.doc,
        functions: opcode::MODULE.functions,
        fill: opcode::MODULE.fill,
    },
    NativeModule {
        name: "_signal",
        doc: signal::MODULE.doc,
        functions: signal::MODULE.functions,
        fill: signal::MODULE.fill,
    },
    NativeModule {
        name: "_types",
        doc: types::MODULE.doc,
        functions: types::MODULE.functions,
        fill: types::MODULE.fill,
    },
    NativeModule {
        name: "_imp",
        doc: imp::MODULE.doc,
        functions: imp::MODULE.functions,
        fill: imp::MODULE.fill,
    },
    NativeModule {
        name: "marshal",
        doc: marshal::MODULE.doc,
        functions: marshal::MODULE.functions,
        fill: marshal::MODULE.fill,
    },
    NativeModule {
        name: "_ast",
        doc: ast::MODULE.doc,
        functions: ast::MODULE.functions,
        fill: ast::MODULE.fill,
    },
    NativeModule {
        name: "_tracemalloc",
        doc: tracemalloc::MODULE.doc,
        functions: tracemalloc::MODULE.functions,
        fill: tracemalloc::MODULE.fill,
    },
    NativeModule {
        name: "_typing",
        doc: typing::MODULE.doc,
        functions: typing::MODULE.functions,
        fill: typing::MODULE.fill,
    },
    NativeModule { name: "_ryokan", doc: ryokan::DOC, functions: ryokan::FUNCTIONS, fill: ryokan::fill },
];

/// The row of a name.
pub fn find(vm: &Vm, name: &str) -> Option<&'static NativeModule> {
    let own = MODULES.iter().find(|m| m.name == name);
    own.or_else(|| vm.host.native_modules().iter().copied().find(|m| m.name == name))
}

/// Every name there is a row for.
pub fn names(vm: &Vm) -> Vec<&'static str> {
    let mut names: Vec<&str> = MODULES.iter().map(|m| m.name).collect();
    names.extend(vm.host.native_modules().iter().map(|m| m.name));
    names.sort_unstable();
    names
}

/// Makes a module of a row.
pub fn make(vm: &Vm, row: &'static NativeModule) -> Res<Ref<Module>> {
    let module = vm.new_module(row.name, row.doc)?;
    add_functions(vm, module.dict(), row.name, row.functions)?;
    (row.fill)(vm, module.dict())?;
    describe(vm, row.name, module.dict())?;
    Ok(module)
}

/// Says in a native module's dict where it comes from.
pub fn describe(vm: &Vm, name: &str, dict: &Dict) -> Res<()> {
    dict.set_name(vm, &vm.names.__package__, vm.empty_str.clone())?;
    dict.set_name(vm, &vm.names.__spec__, crate::import::native_spec(vm, name)?)
}

/// Adds functions to a module's dict.
pub fn add_functions(vm: &Vm, dict: &Dict, module: &str, functions: &'static [Method]) -> Res<()> {
    let owner = vm.intern(module)?;
    for row in functions {
        let function = vm.new_native(row, Value::UNBOUND, owner.clone())?;
        dict.set_name(vm, &vm.intern(row.name)?, function)?;
    }
    Ok(())
}

/// Adds a value to a module's dict.
pub fn add(vm: &Vm, dict: &Dict, name: &str, value: Value) -> Res<()> {
    dict.set_name(vm, &vm.intern(name)?, value)
}

/// Makes a module that the VM itself needs: its dict goes to `slot` first, so that its rows may look at it.
pub fn make_at_boot(vm: &Vm, name: &str, slot: &Value) -> Res<()> {
    let Some(row) = MODULES.iter().find(|m| m.name == name) else {
        return Err(vm.system_error("no such module"));
    };
    let module = vm.new_module(row.name, row.doc)?;
    slot.set(module.dict_ref().into_value());
    add_functions(vm, module.dict(), row.name, row.functions)?;
    (row.fill)(vm, module.dict())?;
    match vm.modules.get::<Dict>() {
        Some(modules) => modules.set_name(vm, &vm.intern(row.name)?, module.into_value()),
        None => Err(vm.system_error("sys.modules is made first")),
    }
}

impl Vm {
    /// A builtin by name. Runs no Python; `NameError` if there is none, `MemoryError`.
    pub fn builtin(&self, name: &str) -> Res {
        let key = self.intern(name)?;
        match self.builtins.get::<Dict>().and_then(|d| d.get_name(&key)) {
            Some(found) => Ok(found.clone()),
            None => Err(self.undefined_name(&key)),
        }
    }

    /// The same as the code that runs knows it. Runs Python where the code's builtins are no dict; `AttributeError` if there is none.
    pub fn builtin_of_caller(&self, name: &str) -> Res {
        let key = self.intern(name)?;
        let caller = builtins::scope::calling_frame(self);
        let builtins = caller.map_or(&self.builtins, |frame| &frame.function().builtins).clone();
        self.builtin_of(&builtins, &key)?.ok_or(()).map_err(|()| self.attribute_error(name))
    }

    /// An attribute of `sys`, if it is there. Runs no Python; `MemoryError`.
    pub fn sys_attr(&self, name: &str) -> Res<Option<Value>> {
        let key = self.intern(name)?;
        Ok(self.sys_dict.get::<Dict>().and_then(|d| d.get_name(&key)).cloned())
    }

    /// Raises the `OSError` that an I/O error is, of the subclass that belongs to its number.
    pub fn os_error(&self, error: &std::io::Error, filename: Option<&str>) -> crate::raised::Raised {
        if error.kind() == std::io::ErrorKind::OutOfMemory {
            return self.no_memory();
        }
        let number = errno::number(error);
        let text = if error.raw_os_error().is_some() { errno::text(number) } else { error.to_string() };
        match filename.map(|name| self.str(name)).transpose() {
            Ok(filename) => self.raise_os_error(number, &text, filename.as_ref()),
            Err(raised) => raised,
        }
    }
}
