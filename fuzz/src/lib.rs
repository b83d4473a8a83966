//! What the targets share: an interpreter in a box, and a generator of programs.
//!
//! | file | what |
//! |---|---|
//! | `lib.rs` | [`with_vm`]: a VM whose host captures what is printed and refuses everything else (but files, if they are wanted), with fuel and a cap |
//! | `programs.rs` | [`programs::generate`]: a valid Python program from bytes |
//! | `hostile/` | [`hostile::generate`]: a program whose special methods do harm |
//! | `oracle.rs` | a CPython process that runs programs |
//! | `given.rs` | [`given::check`]: a program that is given an input's bytes, here and under CPython |
//!
//! Every VM here has a cap on its memory and a limit of instructions, so no input hangs a worker.

pub mod choices;
pub mod given;
pub mod hostile;
pub mod oracle;
pub mod programs;

use std::io::{self, Write};
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};

use ryokan::SystemHost;
use ryokan_bytecode::Code;
use ryokan_vm::host::{Capability, CompileOptions, CompileMode, CompileWarning, Host, HostCompileError, Source};
use ryokan_vm::modules::builtins::compile_source;
use ryokan_vm::native::NativeModule;
use ryokan_vm::raised::Res;
use ryokan_vm::stress::Stress;
use ryokan_vm::value::Value;
use ryokan_vm::vm::runtime::Maker;
use ryokan_vm::vm::{Vm, VmConfig};

/// A host that keeps what is printed, has a compiler and the library, and nothing else, or files besides.
struct Captured {
    out: Arc<Mutex<Vec<u8>>>,
    /// What a program may print.
    most: usize,
    /// Whether it may read files.
    files: bool,
    /// The compiler is the command's.
    system: SystemHost,
}

impl Host for Captured {
    fn allows(&self, what: Capability) -> bool {
        self.files && what == Capability::Files
    }
    fn native_modules(&self) -> &[&'static NativeModule] {
        self.system.native_modules()
    }
    fn write_stdout(&self, bytes: &[u8]) -> io::Result<()> {
        if std::env::var_os("RYOKAN_FUZZ_ECHO").is_some() {
            let _ = io::stdout().write_all(bytes);
        }
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        if out.len() + bytes.len() > self.most {
            return Err(io::ErrorKind::StorageFull.into());
        }
        out.extend_from_slice(bytes);
        Ok(())
    }
    fn parses(&self, vm: &Vm, source: &str) -> bool {
        self.system.parses(vm, source)
    }
    fn compile(
        &self,
        vm: &Vm,
        source: Source<'_>,
        filename: &str,
        mode: CompileMode,
        how: CompileOptions,
        warnings: &mut Vec<CompileWarning>,
    ) -> Result<Rc<Code>, HostCompileError> {
        self.system.compile(vm, source, filename, mode, how, warnings)
    }
}

/// How a program is run.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// How it is stressed.
    pub stress: Stress,
    /// The allocation that is refused.
    pub fail_alloc: Option<u64>,
    /// Instructions that may be executed.
    pub fuel: u64,
    /// Bytes that the heap may take.
    pub cap: usize,
    /// Whether it may read files.
    pub files: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        let stress = Stress { quarantine: true, ..Stress::default() };
        Settings { stress, fail_alloc: None, fuel: 300_000, cap: 64 << 20, files: false }
    }
}

/// What became of a program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// What it printed.
    pub out: Vec<u8>,
    /// The type of the exception that nobody caught.
    pub error: Option<String>,
    /// That exception's last line.
    pub message: String,
}

impl Outcome {
    /// Whether it ended because fuel or memory did: such ends are no one's fault and say little.
    pub fn was_stopped(&self) -> bool {
        matches!(self.error.as_deref(), Some("InstructionLimit" | "MemoryError" | "OSError"))
    }
    /// As text, for messages.
    pub fn shown(&self) -> String {
        format!("{}[{:?}: {}]", String::from_utf8_lossy(&self.out), self.error, self.message)
    }
}

/// Makes further interpreters, for programs that want some: as bare as the first one.
struct Company {
    out: Arc<Mutex<Vec<u8>>>,
    files: bool,
    config: VmConfig,
}

impl Maker for Company {
    fn config(&self) -> VmConfig {
        self.config.clone()
    }
    fn host(&self) -> Box<dyn Host> {
        Box::new(Captured { out: self.out.clone(), most: 1 << 20, files: self.files, system: SystemHost::new() })
    }
    fn start(&self, vm: &Vm) -> Res<()> {
        ryokan::interpreter::main_namespace(vm).map(drop)
    }
    fn finish(&self, vm: &Vm) {
        ryokan::finish::finish(vm);
        if let Err(fault) = vm.verify_exact() {
            panic!("the heap of interpreter {} is not in order: {fault}", vm.place.id);
        }
    }
}

/// Runs what `work` does with a new VM; then the VM's heap must be in order, every count exact.
pub fn with_vm(settings: &Settings, work: impl FnOnce(&Vm) -> Res) -> Outcome {
    let out: Arc<Mutex<Vec<u8>>> = Arc::default();
    let host = Captured { out: out.clone(), most: 1 << 20, files: settings.files, system: SystemHost::new() };
    let config = VmConfig {
        memory_limit: Some(settings.cap),
        fail_alloc: settings.fail_alloc,
        stress: settings.stress,
        max_instructions: Some(settings.fuel),
        native_stack_bytes: 1 << 20,
        hash_seed: Some(0),
        ..VmConfig::default()
    };
    let vm = Vm::new(&config, Box::new(host)).expect("the cap is enough for an interpreter");
    vm.allow_interpreters(Arc::new(Company { out: out.clone(), files: settings.files, config: config.clone() }));
    let entered = vm.enter();
    let (mut error, mut message) = (None, String::new());
    if let Err(raised) = work(&vm) {
        // What happens on the way out may be refused nothing.
        let exception = vm.take_raised(raised);
        vm.heap().set_fail_alloc(None);
        error = Some(vm.type_name(&exception).to_string());
        let text = vm.print_exception(&exception);
        message = text.trim_end().lines().last().unwrap_or_default().to_string();
    }
    vm.heap().set_fail_alloc(None);
    // What finalizers print on the way out is not compared: when they run is the interpreter's affair.
    let printed = out.lock().unwrap_or_else(PoisonError::into_inner).clone();
    ryokan::finish::finish(&vm);
    if let Err(fault) = vm.verify_exact() {
        panic!("the heap is not in order: {fault}");
    }
    drop(entered);
    drop(vm);
    Outcome { out: printed, error, message }
}

/// Prints what an input stands for, if `RYOKAN_FUZZ_SHOW` is set.
pub fn show(text: impl FnOnce() -> String) {
    if std::env::var_os("RYOKAN_FUZZ_SHOW").is_some() {
        println!("{}", text());
    }
}

/// Runs a program's text.
pub fn run(source: &str, settings: &Settings) -> Outcome {
    with_vm(settings, |vm| {
        let main = ryokan::interpreter::main_namespace(vm)?;
        let code =
            compile_source(vm, Source::Text(source), "<string>", CompileMode::Exec, CompileOptions::default())?;
        let function = vm.new_function(&code, main.value())?;
        drop(code);
        vm.run_code(function.value(), main.value())
    })
}

/// Runs a verified code.
pub fn run_code(code: &Rc<Code>, settings: &Settings) -> Outcome {
    with_vm(settings, |vm| {
        let main = ryokan::interpreter::main_namespace(vm)?;
        let code: Value = vm.load_code(code)?;
        let function = vm.new_function(&code, main.value())?;
        drop(code);
        vm.run_code(function.value(), main.value())
    })
}
