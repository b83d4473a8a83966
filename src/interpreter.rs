//! The facade: an interpreter to embed.

use std::fmt;
use std::time::{Duration, Instant};

use ryokan_vm::host::{CompileMode, CompileOptions, Host, Source};
use ryokan_vm::modules::builtins::compile_source;
use ryokan_vm::native::{Arguments, Capability, Cx, FromPython, IntoValue, NativeModule};
use ryokan_vm::object::Ref;
use ryokan_vm::raised::{Raised, Res};
use ryokan_vm::stress::Stress;
use ryokan_vm::types::dict::Dict;
use ryokan_vm::types::module::Module;
use ryokan_vm::value::Value;
use ryokan_vm::vm::{Vm, VmConfig};

use crate::SystemHost;
use crate::watch::Watch;

/// How an [`Interpreter`] is made. Until [`Builder::build`] everything is only noted.
pub struct Builder {
    config: VmConfig,
    time_limit: Option<Duration>,
    allowed: Vec<Capability>,
    modules: Vec<&'static NativeModule>,
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
    /// How long each call of the interpreter may take ([`Interpreter::exec`], `eval`, `call`): what still runs then meets
    /// `ryokan.TimeLimit`, which it may catch once, to tidy up.
    pub fn time_limit(mut self, most: Duration) -> Builder {
        self.time_limit = Some(most);
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
    /// Lets scripts reach a part of the outside; without this they have the three standard streams, and nothing else.
    pub fn allow(mut self, what: Capability) -> Builder {
        self.allowed.push(what);
        self
    }
    /// Lets scripts import a native module: see `ryokan::native`.
    pub fn module(mut self, module: &'static NativeModule) -> Builder {
        self.modules.push(module);
        self
    }
    /// Another world than the system: what it allows and which modules it has is its own matter, and [`Builder::allow`] and
    /// [`Builder::module`] count for nothing.
    pub fn host(mut self, host: Box<dyn Host>) -> Builder {
        self.host = Some(host);
        self
    }
    /// Makes it; `None` if the memory limit is too small, or the system has no thread to look at the clock. Runs Python: the library
    /// starts.
    pub fn build(self) -> Option<Interpreter> {
        let mut others = None;
        let host = self.host.unwrap_or_else(|| {
            let host = self.allowed.into_iter().fold(SystemHost::new(), SystemHost::allowing);
            let host = self.modules.into_iter().fold(host, SystemHost::with_module);
            others = Some(crate::others::others(&host, &self.config, false, crate::startup::start_library));
            Box::new(host)
        });
        // The start of the library is not the script's.
        let config = VmConfig { fail_alloc: None, ..self.config.clone() };
        let mut made = Interpreter::of(Vm::new(&config, host)?)?;
        if let Some(others) = others {
            made.vm.allow_interpreters(others);
        }
        made.vm.heap().set_fail_alloc(self.config.fail_alloc);
        self.config.stress.begin_program(&made.vm);
        if let Some(most) = self.time_limit {
            made.limit = Some((most, Watch::start(made.vm.alarm())?));
        }
        Some(made)
    }
}

/// An exception that nobody caught.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The name of its class: `ValueError`.
    pub class: String,
    /// Its text, as `str(exception)` gives it.
    pub message: String,
    /// The traceback and the exception, as the command prints them.
    pub traceback: String,
}

impl Error {
    /// Takes what is on its way. Python runs: `__str__` of the exception.
    fn of(vm: &Vm, raised: Raised) -> Error {
        let exception = vm.take_raised(raised);
        let class = vm.type_name(&exception).to_string();
        let message = match vm.to_str(&exception) {
            Ok(text) => vm.text(&text).to_string(),
            Err(raised) => {
                drop(vm.take_raised(raised));
                String::new()
            }
        };
        Error { class, message, traceback: vm.print_exception(&exception) }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.traceback.trim_end())
    }
}

impl std::error::Error for Error {}

/// A Python interpreter with a heap of its own. Several live side by side and share nothing.
///
/// It stays on the thread that built it, which is its main one: neither it nor anything of it can be sent to another.
///
/// ```compile_fail,E0277
/// fn send<T: Send>(_: T) {}
/// send(ryokan::Interpreter::builder().build());
/// ```
///
/// Scripts may start threads, and make interpreters that are like this one. They run while the interpreter works (in [`exec`](Interpreter::exec), say) and in
/// [`blocking`](Interpreter::blocking), one at a time. When the interpreter is dropped, which runs Python (`atexit`, `__del__`), those
/// that `threading` waits for are waited for; any other stops where it is, for ever: its thread of the system stays, parked, and its
/// native stack with it.
pub struct Interpreter {
    /// The namespace of `__main__`. Declared first: it goes before the VM does.
    main: Option<Ref<Dict>>,
    /// How long a call may take, and who looks at the clock.
    limit: Option<(Duration, Watch)>,
    vm: Box<Vm>,
}

/// A call of the interpreter, until it ends: others run besides, and its limit of time holds.
struct Timed<'a>(&'a Interpreter);

impl<'a> Timed<'a> {
    fn begin(python: &'a Interpreter) -> Timed<'a> {
        python.vm.wake_others();
        if let Some((most, watch)) = &python.limit {
            let until = Instant::now().checked_add(*most);
            python.vm.set_deadline(until);
            watch.set(until);
        }
        Timed(python)
    }
}

impl Drop for Timed<'_> {
    fn drop(&mut self) {
        if let Some((_, watch)) = &self.0.limit {
            watch.set(None);
            self.0.vm.set_deadline(None);
        }
        self.0.vm.rest_others();
    }
}

impl Interpreter {
    /// The settings of a new one.
    pub fn builder() -> Builder {
        let config = VmConfig { native_stack_bytes: 1 << 20, ..VmConfig::default() };
        Builder { config, time_limit: None, allowed: Vec::new(), modules: Vec::new(), host: None }
    }

    fn of(vm: Box<Vm>) -> Option<Interpreter> {
        let entered = vm.enter();
        vm.meter.without_limit(|| crate::startup::start_library(&vm)).ok()?;
        let main = main_namespace(&vm);
        vm.begin_counts();
        drop(entered);
        Some(Interpreter { main: Some(main.ok()?), limit: None, vm })
    }

    fn main(&self) -> &Ref<Dict> {
        self.main.as_ref().expect("it is there until the interpreter goes")
    }

    /// Runs statements in `__main__`. Runs Python; what nobody catches is an error, a `SyntaxError` too.
    pub fn exec(&self, source: &str) -> Result<(), Error> {
        self.work(|vm| run(vm, source, CompileMode::Exec, self.main()).map(drop))
    }

    /// Evaluates an expression in `__main__`; gives its `repr`. Runs Python; errors as of [`exec`](Interpreter::exec).
    pub fn eval_to_string(&self, source: &str) -> Result<String, Error> {
        self.work(|vm| {
            let value = run(vm, source, CompileMode::Eval, self.main())?;
            let shown = vm.repr(&value)?;
            Ok(vm.text(&shown).to_string())
        })
    }

    /// Evaluates an expression in `__main__`; gives its value as Rust's. Runs Python; errors as of [`exec`](Interpreter::exec), and
    /// `TypeError` or `OverflowError` if the value is of another type.
    pub fn eval<T: FromPython>(&self, source: &str) -> Result<T, Error> {
        self.work(|vm| T::from_python(Cx::of(vm), &run(vm, source, CompileMode::Eval, self.main())?))
    }

    /// The value of a name of `__main__`, or of attributes of it: `config.rooms`. Runs Python (attributes); `NameError` or
    /// `AttributeError` if there is none, and as [`eval`](Interpreter::eval).
    pub fn get<T: FromPython>(&self, name: &str) -> Result<T, Error> {
        self.work(|vm| T::from_python(Cx::of(vm), &self.find(vm, name)?))
    }

    /// Sets a name of `__main__`. Runs Python where the value that it had dies; `MemoryError`.
    pub fn set(&self, name: &str, value: impl IntoValue) -> Result<(), Error> {
        self.work(|vm| {
            let value = value.into_value(Cx::of(vm))?;
            self.main().set_name(vm, &vm.intern(name)?, value)
        })
    }

    /// Calls what a name of `__main__` stands for, with Rust's values: `python.call::<i64>("add", (1, 2))`. Runs Python; errors as of
    /// [`get`](Interpreter::get), and what the callable raises.
    pub fn call<T: FromPython>(&self, name: &str, args: impl Arguments) -> Result<T, Error> {
        self.work(|vm| {
            let cx = Cx::of(vm);
            let result = cx.call(&self.find(vm, name)?, args)?;
            T::from_python(cx, &result)
        })
    }

    /// What a dotted name means in `__main__`, or among the builtins.
    fn find(&self, vm: &Vm, name: &str) -> Res {
        let mut parts = name.split('.');
        let first = vm.intern(parts.next().unwrap_or_default())?;
        let mut found = match self.main().get_name(&first).cloned() {
            Some(found) => found,
            None => vm.builtin(&vm.text(&first))?,
        };
        for part in parts {
            found = vm.get_attr(&found, &vm.intern(part)?)?;
        }
        Ok(found)
    }

    /// Does something that takes its time, while threads that scripts have started run: otherwise they run only while the interpreter
    /// works. Python runs in those threads; what they raise is theirs.
    pub fn blocking<T>(&self, work: impl FnOnce() -> T + Send) -> T {
        let _entered = self.vm.enter();
        self.vm.wake_others();
        let done = self.vm.blocking(work);
        self.vm.rest_others();
        done
    }

    /// The VM, for what the facade does not offer. Whoever works with it makes it the thread's current one before: [`Vm::enter`].
    pub fn vm(&self) -> &Vm {
        &self.vm
    }

    fn work<T>(&self, work: impl FnOnce(&Vm) -> Res<T>) -> Result<T, Error> {
        let _entered = self.vm.enter();
        let timed = Timed::begin(self);
        let result = work(&self.vm);
        drop(timed);
        result.map_err(|raised| {
            // The exception's own `__str__` runs, in a time of its own.
            let _timed = Timed::begin(self);
            Error::of(&self.vm, raised)
        })
    }
}

impl Drop for Interpreter {
    fn drop(&mut self) {
        let _entered = self.vm.enter();
        let timed = Timed::begin(self);
        crate::finish::finish(&self.vm);
        drop(timed);
        // The namespace's own reference goes while the VM still works.
        self.main = None;
    }
}

/// Makes `__main__`; gives its namespace. Runs no Python; `MemoryError`, and `SystemError` if `sys.modules` is gone.
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

/// The namespace of `__main__`, if it is there.
pub fn known_main(vm: &Vm) -> Option<Ref<Dict>> {
    let modules: &Dict = vm.modules.get()?;
    let module: &Module = modules.get_name(&vm.names.__main__)?.get()?;
    Some(module.dict_ref())
}

fn run(vm: &Vm, source: &str, mode: CompileMode, namespace: &Ref<Dict>) -> Res {
    let code = compile_source(vm, Source::Text(source), "<string>", mode, CompileOptions::default())?;
    let function = vm.new_function(&code, namespace.value())?;
    vm.run_code(function.value(), namespace.value())
}
