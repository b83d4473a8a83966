//! The facade: an interpreter to embed.

use std::fmt;

use ryokan_vm::host::{CompileFlags, CompileMode, Host, Source};
use ryokan_vm::modules::builtins::compile_source;
use ryokan_vm::object::Ref;
use ryokan_vm::raised::{Raised, Res};
use ryokan_vm::stress::Stress;
use ryokan_vm::types::dict::Dict;
use ryokan_vm::value::Value;
use ryokan_vm::vm::{Vm, VmConfig};

use crate::SystemHost;

/// How an [`Interpreter`] is made.
pub struct Builder {
    config: VmConfig,
    host: Option<Box<dyn Host>>,
}

impl Builder {
    /// Caps the heap at so many bytes.
    pub fn memory_limit(mut self, bytes: usize) -> Builder {
        self.config.memory_limit = Some(bytes);
        self
    }
    /// Refuses the Nth allocation after the start, for tests.
    pub fn fail_alloc(mut self, nth: u64) -> Builder {
        self.config.fail_alloc = Some(nth);
        self
    }
    /// Runs so that bugs show: see [`Stress`].
    pub fn stress(mut self, stress: Stress) -> Builder {
        self.config.stress = stress;
        self
    }
    /// How many instructions may be executed before `ryokan.InstructionLimit` is raised.
    pub fn max_instructions(mut self, most: u64) -> Builder {
        self.config.max_instructions = Some(most);
        self
    }
    /// How much native stack the interpreter may use on the thread that builds it.
    pub fn native_stack(mut self, bytes: usize) -> Builder {
        self.config.native_stack_bytes = bytes;
        self
    }
    /// The key of str hashes; random otherwise.
    pub fn hash_seed(mut self, seed: u64) -> Builder {
        self.config.hash_seed = Some(seed);
        self
    }
    /// What the scripts may reach; the whole system otherwise.
    pub fn host(mut self, host: Box<dyn Host>) -> Builder {
        self.host = Some(host);
        self
    }
    /// Makes it; `None` if the memory limit is too small.
    pub fn build(self) -> Option<Interpreter> {
        let host = self.host.unwrap_or_else(|| Box::new(SystemHost::new()));
        Interpreter::of(Vm::new(&self.config, host)?)
    }
}

/// An exception that nobody caught.
#[derive(Debug)]
pub struct Error {
    /// The traceback and the exception, as the command prints them.
    pub traceback: String,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.traceback.trim_end())
    }
}

impl std::error::Error for Error {}

/// A Python interpreter with a heap of its own. Several live side by side and share nothing.
pub struct Interpreter {
    /// The namespace of `__main__`. Declared first: it goes before the VM does.
    main: Ref<Dict>,
    vm: Box<Vm>,
}

impl Interpreter {
    /// The settings of a new one.
    pub fn builder() -> Builder {
        let config = VmConfig { native_stack_bytes: 1 << 20, ..VmConfig::default() };
        Builder { config, host: None }
    }

    fn of(vm: Box<Vm>) -> Option<Interpreter> {
        let entered = vm.enter();
        let main = main_namespace(&vm);
        vm.begin_counts();
        drop(entered);
        Some(Interpreter { main: main.ok()?, vm })
    }

    /// Runs statements in `__main__`.
    pub fn exec(&self, source: &str) -> Result<(), Error> {
        self.work(|vm| run(vm, source, CompileMode::Exec, &self.main).map(drop))
    }

    /// Evaluates an expression in `__main__`; gives its `repr`.
    pub fn eval_to_string(&self, source: &str) -> Result<String, Error> {
        self.work(|vm| {
            let value = run(vm, source, CompileMode::Eval, &self.main)?;
            let shown = vm.repr(&value)?;
            Ok(vm.text(&shown).to_string())
        })
    }

    /// The VM, for what the facade does not offer.
    pub fn vm(&self) -> &Vm {
        &self.vm
    }

    fn work<T>(&self, work: impl FnOnce(&Vm) -> Res<T>) -> Result<T, Error> {
        let _entered = self.vm.enter();
        work(&self.vm).map_err(|raised: Raised| {
            let exception = self.vm.take_raised(raised);
            Error { traceback: self.vm.print_exception(&exception) }
        })
    }
}

impl Drop for Interpreter {
    fn drop(&mut self) {
        let _entered = self.vm.enter();
        crate::finish::finish(&self.vm);
        self.main.value().set(Value::UNBOUND);
    }
}

/// Makes `__main__`; gives its namespace.
pub fn main_namespace(vm: &Vm) -> Res<Ref<Dict>> {
    let module = vm.new_module("__main__", "")?;
    let dict = module.dict_ref();
    dict.set_name(vm, &vm.names.__doc__, Value::NONE)?;
    let modules: &Dict = vm.modules.get().ok_or(()).map_err(|()| vm.system_error("sys.modules is gone"))?;
    if let Some(builtins) = modules.get_name(&vm.names.builtins) {
        dict.set_name(vm, &vm.names.__builtins__, builtins.clone())?;
    }
    modules.set_name(vm, &vm.names.__main__, module.into_value())?;
    Ok(dict)
}

fn run(vm: &Vm, source: &str, mode: CompileMode, namespace: &Ref<Dict>) -> Res {
    let code = compile_source(vm, Source::Text(source), "<string>", mode, CompileFlags::default())?;
    let function = vm.new_function(&code, namespace.value())?;
    vm.run_code(function.value(), namespace.value())
}
