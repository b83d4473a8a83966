//! The command: what to run, how it is run, and how the process ends. Its options are read in `options.rs`.

use std::ffi::{OsStr, OsString};
use std::io::{IsTerminal, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use ryokan_vm::census::report::flamegraph;
use ryokan_vm::fuel::Count;
use ryokan_vm::host::{CompileMode, CompileOptions, Host, Source};
use ryokan_vm::modules::builtins::compile_source;
use ryokan_vm::object::Ref;
use ryokan_vm::profile::By;
use ryokan_vm::raised::{Raised, Res};
use ryokan_vm::types::code::CodeObj;
use ryokan_vm::types::dict::Dict;
use ryokan_vm::types::str::codec::from_system;
use ryokan_vm::value::Value;
use ryokan_vm::vm::runtime::Maker;
use ryokan_vm::vm::{Vm, VmConfig};

use crate::SystemHost;
use crate::dedent::dedented;
use crate::explain;
use crate::host::{read_at_most, signals};
use crate::options::{Limit, Options, Parsed, Program, parse};
use crate::uncaught::{self, report};

/// Native stack of the thread that runs scripts, and what of it the interpreter may use.
const STACK: usize = 64 << 20;
const STACK_RESERVE: usize = 2 << 20;
/// The cap of a run that is to be the same each time, and was given none.
const DETERMINISTIC_LIMIT: usize = 8 << 30;

/// Runs the command, as the arguments of the process say; gives its exit status.
pub fn main() -> ExitCode {
    crate::host::close_as_before();
    let options = match parse() {
        Ok(Parsed::Run(options)) => options,
        Ok(Parsed::Say(text)) => {
            let said = std::io::stdout().write_all(text.as_bytes());
            return if said.is_ok() { ExitCode::SUCCESS } else { ExitCode::from(120) };
        }
        Ok(Parsed::Wrong(text)) => {
            eprint!("{text}");
            return ExitCode::from(2);
        }
        Ok(Parsed::Fatal(text)) => {
            eprint!("{text}");
            return ExitCode::from(1);
        }
        Err(error) => {
            eprintln!("ryokan: {error}");
            return ExitCode::from(2);
        }
    };
    // A process with few addresses (`ulimit -v`) gets a smaller stack.
    let options: Arc<Options> = Arc::from(options);
    for stack in [STACK, STACK / 4, STACK / 8] {
        let options = options.clone();
        // As much must be left for all else.
        if Vec::<u8>::new().try_reserve_exact(2 * stack + STACK_RESERVE).is_err() {
            continue;
        }
        let thread = std::thread::Builder::new().name("python".to_string()).stack_size(stack);
        let process = std::process::id();
        let program = move || {
            let code = run(&options, stack);
            if std::process::id() != process {
                // A child made by `fork` has no other thread, which could tell its exit status.
                std::process::exit(i32::from(interrupted_or(code)));
            }
            code
        };
        let Ok(running) = thread.spawn(program) else { continue };
        crate::signal::leave_to_others();
        return match running.join() {
            Ok(code) => ExitCode::from(interrupted_or(code)),
            Err(_) => ExitCode::from(134),
        };
    }
    eprintln!("ryokan: the system has too little memory to run in");
    ExitCode::from(1)
}

/// The exit status of the process; but one that was interrupted dies of the signal, which tells a shell to stop as well.
fn interrupted_or(code: u8) -> u8 {
    if uncaught::interrupted() {
        crate::signal::die_of_interrupt();
    }
    code
}

/// The program's source, the name of its file, and where its modules are.
struct Loaded {
    bytes: Vec<u8>,
    filename: String,
    /// `sys.path[0]`
    folder: Option<OsString>,
    /// `__file__`
    file: Option<OsString>,
    /// Who runs it.
    runs: Runs,
}

/// Who runs a program.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    /// We do.
    Source,
    /// Whoever sits at the prompt.
    Prompt,
    /// `runpy`, as a module.
    Module,
    /// `runpy`, from a folder or zip file: that is `sys.path[0]`.
    Container,
}

/// Reads the program, of at most so many bytes; or what to say on standard error if it cannot be read, and the exit code.
fn load(options: &Options, most: usize) -> Result<Loaded, (String, u8)> {
    match &options.program {
        Program::Code(code) => {
            // What is not UTF-8 is refused when the interpreter has started.
            let bytes = dedented(&code.to_string_lossy()).into_bytes();
            Ok(Loaded {
                bytes,
                filename: "<string>".to_string(),
                folder: Some(OsString::new()),
                file: None,
                runs: Runs::Source,
            })
        }
        Program::Stdin if options.flags.interactive > 0 || std::io::stdin().is_terminal() => Ok(Loaded {
            bytes: Vec::new(),
            filename: "<stdin>".to_string(),
            folder: Some(OsString::new()),
            file: None,
            runs: Runs::Prompt,
        }),
        Program::Stdin => {
            let bytes = read_at_most(std::io::stdin().lock(), most)
                .map_err(|e| (format!("ryokan: standard input: {e}"), 1))?;
            Ok(Loaded {
                bytes,
                filename: "<stdin>".to_string(),
                folder: Some(OsString::new()),
                file: Some("<stdin>".into()),
                runs: Runs::Source,
            })
        }
        Program::Module(_) => {
            // The whole path of the working directory: the module may change it.
            let folder = std::env::current_dir().map(PathBuf::into_os_string);
            let folder = Some(folder.unwrap_or_default());
            Ok(Loaded { bytes: Vec::new(), filename: String::new(), folder, file: None, runs: Runs::Module })
        }
        Program::File(path) => load_file(path, most),
    }
}

fn load_file(given: &OsStr, most: usize) -> Result<Loaded, (String, u8)> {
    let full = std::path::absolute(given).map_or_else(|_| given.to_owned(), PathBuf::into_os_string);
    let filename = full.to_string_lossy().into_owned();
    let container = |folder: OsString, filename: String| Loaded {
        bytes: Vec::new(),
        filename,
        folder: Some(folder),
        file: None,
        runs: Runs::Container,
    };
    if Path::new(&full).is_dir() {
        return Ok(container(full, filename));
    }
    let bytes = std::fs::File::open(&full).and_then(|file| read_at_most(file, most)).map_err(|error| {
        let number = error.raw_os_error().unwrap_or(5);
        let what = error.to_string();
        let what = what.split(" (os error").next().unwrap_or_default();
        (format!("ryokan: can't open file '{filename}': [Errno {number}] {what}"), 2)
    })?;
    if is_zip(&bytes) {
        return Ok(container(full, filename));
    }
    // Modules are searched where the file really is, not where a link to it lies.
    let real = std::fs::canonicalize(&full).unwrap_or_else(|_| full.clone().into());
    let folder = real.parent().map(|folder| folder.as_os_str().to_owned());
    Ok(Loaded { bytes, filename, folder, file: Some(full), runs: Runs::Source })
}

/// Whether bytes end as a zip file does: with the record of its directory, and perhaps a comment behind that.
fn is_zip(bytes: &[u8]) -> bool {
    const RECORD: usize = 22;
    let tail = &bytes[bytes.len().saturating_sub(RECORD + usize::from(u16::MAX))..];
    tail.len() >= RECORD && tail[..tail.len() - RECORD + 4].windows(4).any(|part| part == b"PK\x05\x06")
}

/// The key of hashes, if it is not to be a random one; an error if the variable is none.
fn hash_seed(options: &Options) -> Result<Option<u64>, std::num::ParseIntError> {
    if let Some(seed) = options.env("PYTHONHASHSEED").filter(|seed| seed != "random") {
        return seed.parse::<u32>().map(|seed| Some(u64::from(seed)));
    }
    // What is counted is to be the same each time, and the order of a set of strs is part of it.
    let counted =
        options.count != Count::Off || options.max_instructions.is_some() || options.profile.is_some();
    Ok((counted || options.deterministic).then_some(0))
}

/// The cap on the heap.
fn memory_limit(options: &Options) -> Option<usize> {
    match options.memory_limit {
        // What the system has free is chance.
        Limit::System if options.deterministic => Some(DETERMINISTIC_LIMIT),
        Limit::System => crate::memory::available(),
        Limit::None => None,
        Limit::Bytes(bytes) => Some(bytes),
    }
}

fn run(options: &Arc<Options>, stack: usize) -> u8 {
    let memory_limit = memory_limit(options);
    let loaded = match load(options, memory_limit.unwrap_or(usize::MAX)) {
        Ok(loaded) => loaded,
        Err((message, code)) => {
            eprintln!("{message}");
            return code;
        }
    };
    let Ok(hash_seed) = hash_seed(options) else {
        eprintln!(
            "Fatal Python error: config_init_hash_seed: PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]\nPython runtime state: preinitialized\n"
        );
        return 1;
    };
    let host = host_for(options);
    if matches!(options.program, Program::Code(_)) {
        host.note_source(&loaded.filename, &String::from_utf8_lossy(&loaded.bytes));
    }
    let config = VmConfig {
        memory_limit,
        // The start of the library is not the program's.
        fail_alloc: None,
        stress: options.stress,
        profile: options.profile.as_ref().map(|(by, _)| *by),
        count: options.count,
        max_instructions: options.max_instructions,
        native_stack_bytes: stack - STACK_RESERVE,
        hash_seed,
    };
    let others = like_the_first(options, &loaded, &host, &config);
    let Some(vm) = Vm::new(&config, Box::new(host)) else {
        eprintln!("ryokan: the memory limit is too small for the interpreter itself");
        return 1;
    };
    vm.allow_interpreters(others);
    let entered = vm.enter();
    if options.deterministic {
        vm.fix_chance();
    }
    signals::listen(&vm);
    if matches!(options.profile, Some((By::Time, _))) && !signals::tick(&vm) {
        eprintln!("ryokan: no clock of CPU time to profile by");
    }
    let mut code = run_to_the_end(&vm, options, loaded);
    // Whoever counts or checks wants to see that everything goes.
    let whole = options.verify || options.count != Count::Off;
    if !crate::reports::at_end(&vm, options) {
        code = 1;
    }
    code = end(&vm, whole).unwrap_or(code);
    signals::ignore();
    code = tell(&vm, options, code);
    drop(entered);
    // The process ends: taking the heap apart block by block would only cost time.
    std::mem::forget(vm);
    code
}

/// Runs the program, and the prompt behind it; the exit code.
fn run_to_the_end(vm: &Vm, options: &Options, loaded: Loaded) -> u8 {
    let at_prompt = loaded.runs == Runs::Prompt;
    // Whoever wants to look around afterwards is not sent away by a `SystemExit` of the program.
    let inspects = options.flags.inspect > 0 && !at_prompt;
    let mut ended = (false, 0);
    if let Err(raised) = start(vm, options, loaded) {
        let exception = vm.take_raised(raised);
        ended = report(vm, &exception, inspects);
    }
    let listens = options.flags.interactive > 0 || std::io::stdin().is_terminal();
    if !ended.0 && (at_prompt || inspects && listens) {
        return prompt(vm).unwrap_or(ended.1);
    }
    ended.1
}

fn host_for(options: &Options) -> SystemHost {
    let host = SystemHost::new().allowing_all();
    let host = if options.unbuffered { host.unbuffered() } else { host };
    if options.deterministic { host.with_own_clock() } else { host }
}

/// What makes further interpreters, which begin as the first one does.
fn like_the_first(
    options: &Arc<Options>,
    loaded: &Loaded,
    host: &SystemHost,
    config: &VmConfig,
) -> Arc<dyn Maker> {
    let folder = first_folder(options, loaded);
    let (options, verify) = (options.clone(), options.verify);
    let config = VmConfig { fail_alloc: options.fail_alloc, ..config.clone() };
    crate::others::others(host, &config, verify, move |vm| {
        if options.deterministic {
            vm.fix_chance();
        }
        crate::startup::prepare(vm, &options, folder.as_deref())
    })
}

/// The folder that is put in front of `sys.path`.
fn first_folder(options: &Options, loaded: &Loaded) -> Option<OsString> {
    let is_container = loaded.runs == Runs::Container;
    loaded.folder.clone().filter(|_| is_container || !options.flags.safe_path)
}

/// Tells what was asked for: counts, a profile, the state of the heap. Gives the exit code.
fn tell(vm: &Vm, options: &Options, mut code: u8) -> u8 {
    if options.count != Count::Off {
        code = tell_counts(vm, options).unwrap_or(code);
    }
    if let Some((by, path)) = &options.profile {
        code = write_profile(vm, options, *by, path).unwrap_or(code);
    }
    if options.verify {
        code = verify(vm).unwrap_or(code);
    }
    code
}

/// The prompt, when the program has ended; the exit code.
fn prompt(vm: &Vm) -> Option<u8> {
    let main = crate::interpreter::known_main(vm)?;
    Some(crate::prompt::run(vm, &main, |vm, exception| report(vm, exception, false)))
}

/// Starts the library and runs the program in `__main__`.
fn start(vm: &Vm, options: &Options, loaded: Loaded) -> Res<()> {
    let folder = first_folder(options, &loaded);
    // What the library makes lives until the end: the collector would look at it for nothing.
    vm.heap().set_gc_enabled(false);
    let prepared = vm.meter.without_limit(|| crate::startup::prepare(vm, options, folder.as_deref()));
    vm.heap().set_gc_enabled(true);
    prepared?;
    // The options are not the program's.
    vm.begin_counts();
    vm.heap().set_fail_alloc(options.fail_alloc);
    crate::reports::begin(vm, options)?;
    let main = crate::interpreter::main_namespace(vm)?;
    match (&options.program, loaded.runs) {
        (Program::Module(name), _) => run_module(vm, name, true),
        (_, Runs::Container) => run_module(vm, "__main__", false),
        (_, Runs::Prompt) => {
            crate::startup::set_main_loader(vm, &main, None)?;
            crate::prompt::greet(vm, options, &main)
        }
        _ => {
            let result = run_source(vm, options, loaded, &main);
            // The text is there no more, however far it came.
            drop(vm.literals.take());
            result
        }
    }
}

/// Compiles the program's source and runs it in `__main__`.
fn run_source(vm: &Vm, options: &Options, loaded: Loaded, main: &Ref<Dict>) -> Res<()> {
    if let Program::Code(text) = &options.program
        && text.to_str().is_none()
    {
        return Err(not_decoded(vm, text));
    }
    if let Some(file) = &loaded.file {
        main.set_name(vm, &vm.names.__file__, from_system(vm, file.as_bytes())?)?;
        main.set_name(vm, &vm.intern("__cached__")?, Value::NONE)?;
    }
    // What comes in by the standard input is no file that a loader could read.
    let read = loaded.file.as_deref().filter(|_| !matches!(options.program, Program::Stdin));
    crate::startup::set_main_loader(vm, main, read)?;
    let optimize = options.flags.optimize.clamp(0, 2) as u8;
    let how = CompileOptions { optimize, program: true, ..CompileOptions::default() };
    let bytes = loaded.bytes.len();
    if !vm.heap().charge(bytes) {
        return Err(vm.no_memory());
    }
    let source = match options.skip_first_line {
        // The line stays, empty: lines keep their numbers.
        true => &loaded.bytes[loaded.bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes)..],
        false => &loaded.bytes[..],
    };
    let code = compile_source(vm, Source::Bytes(source), &loaded.filename, CompileMode::Exec, how);
    // What a metered run counts is the program's alone.
    if let (Program::Code(_), Ok(code)) = (&options.program, &code)
        && !vm.meter.is_on()
    {
        note_lines(vm, code, &String::from_utf8_lossy(&loaded.bytes), &loaded.filename);
    }
    let odd_name = loaded.file.as_ref().filter(|file| file.to_str().is_none());
    let code = code.and_then(|code| {
        if let Some(file) = odd_name {
            CodeObj::rename_file(vm, &code, &from_system(vm, file.as_bytes())?)?;
        }
        Ok(code)
    });
    let steps = options.explain_steps;
    let recorder = options
        .explain
        .as_ref()
        .map(|path| (path, std::rc::Rc::new(explain::Recorder::new(&loaded.filename, &loaded.bytes, steps))));
    drop(loaded);
    vm.heap().uncharge(bytes);
    let code = code?;
    if options.dis {
        let code: Option<&CodeObj> = code.get();
        if let Some(code) = code {
            let listing = ryokan_bytecode::dis::listing(&code.code);
            vm.host.write_stdout(listing.as_bytes()).map_err(|e| vm.os_error(&e, None))?;
        }
        return Ok(());
    }
    let function = vm.new_function(&code, main.value())?;
    drop(code);
    options.stress.begin_program(vm);
    if let Some((_, recorder)) = &recorder {
        vm.watch(Some(recorder.clone()));
    }
    let result = vm.run_code(function.value(), main.value()).map(drop);
    let Some((path, recorder)) = recorder else { return result };
    let raised = result.is_err().then(|| ryokan_vm::census::brief::brief(vm, &vm.thread.raised));
    explain::write(vm, path, &recorder, raised);
    result
}

/// What is raised of a program on the command line that is not UTF-8.
fn not_decoded(vm: &Vm, text: &OsStr) -> Raised {
    let encoded = || vm.call_method(&from_system(vm, text.as_bytes())?, &vm.intern("encode")?, &[]);
    eprintln!("Unable to decode the command from the command line:");
    encoded().err().unwrap_or_else(|| vm.value_error("the command is not UTF-8"))
}

/// Keeps the lines of a code that is in no file for `linecache`.
fn note_lines(vm: &Vm, code: &Value, text: &str, filename: &str) {
    let note = || vm.new_tuple(vec![code.clone(), vm.str(text)?, vm.str(filename)?]);
    match note() {
        Ok(program) => vm.keep_program(program),
        // Tracebacks show no lines then.
        Err(raised) => drop(vm.take_raised(raised)),
    }
}

/// Runs a module as the program, through `runpy`.
fn run_module(vm: &Vm, name: &str, sets_argv: bool) -> Res<()> {
    let runpy = vm.import_name("runpy")?;
    let function = vm.get_attr(&runpy, &vm.intern("_run_module_as_main")?)?;
    vm.call(&function, &[vm.str(name)?, Value::bool(sets_argv)]).map(drop)
}

/// Ends the interpreter, as a `whole` or with the process; the exit code if the output cannot be sent, which is told once.
fn end(vm: &Vm, whole: bool) -> Option<u8> {
    let first = flush(vm);
    match whole {
        true => crate::finish::finish(vm),
        false => crate::finish::finish_process(vm),
    }
    first.or_else(|| flush(vm))
}

/// Flushes the standard streams; the exit code if that fails for the output.
pub(crate) fn flush(vm: &Vm) -> Option<u8> {
    let mut code = None;
    if let Err((exception, name)) = flush_stream(vm, "stdout") {
        let what = format!("while flushing sys.{name}");
        ryokan_vm::types::exceptions::unraisable_message(vm, &exception, &what, &Value::NONE);
        code = Some(120);
    }
    // Whom could one tell that nobody hears?
    let _ = flush_stream(vm, "stderr");
    let host = vm.host.flush_stdout();
    code.or(host.is_err().then_some(120))
}

/// Flushes one of them, unless it is gone or closed.
fn flush_stream<'a>(vm: &Vm, name: &'a str) -> Result<(), (Value, &'a str)> {
    let flush = || -> Res<()> {
        let Some(stream) = vm.sys_attr(name)?.filter(|stream| !stream.is_none()) else { return Ok(()) };
        let closed = vm.get_attr_opt(&stream, &vm.intern("closed")?);
        let closed = match closed {
            Ok(Some(closed)) => vm.truth(&closed).unwrap_or(false),
            Ok(None) => false,
            Err(raised) => {
                drop(vm.take_raised(raised));
                false
            }
        };
        if closed { Ok(()) } else { vm.call_method(&stream, &vm.names.flush, &[]).map(drop) }
    };
    flush().map_err(|raised| (vm.take_raised(raised), name))
}

/// Prints what was counted; the exit code if that fails.
fn tell_counts(vm: &Vm, options: &Options) -> Option<u8> {
    let report = vm.report_counts();
    if options.say_counts {
        let _ = std::io::stderr().write_all(crate::counts::as_text(&report).as_bytes());
    }
    let path = options.count_json.as_ref()?;
    let error = std::fs::write(path, crate::counts::as_json(&report)).err()?;
    eprintln!("ryokan: cannot write '{path}': {error}");
    Some(1)
}

/// Writes the profile; the exit code if that fails.
fn write_profile(vm: &Vm, options: &Options, by: By, path: &str) -> Option<u8> {
    let stacks = vm.profile.stacks();
    let unit = if by == By::Instructions { "instructions" } else { "ms of CPU time" };
    let title = options.argv.first().map_or_else(|| "ryokan".into(), |name| name.to_string_lossy());
    let written = if path.ends_with(".svg") {
        flamegraph::as_svg(&stacks, &title, unit)
    } else {
        flamegraph::as_text(&stacks)
    };
    if vm.profile.full.get() {
        eprintln!("ryokan: the profile has too many different stacks; some count for their callers");
    }
    let error = std::fs::write(path, written).err()?;
    eprintln!("ryokan: cannot write '{path}': {error}");
    Some(1)
}

/// Checks the heap and says so; the exit code if a rule is broken.
fn verify(vm: &Vm) -> Option<u8> {
    match vm.verify_exact() {
        Ok(report) => {
            let outside = report.stats.external_bytes;
            eprintln!("heap: in order, {} objects, {} bytes outside", report.objects, outside);
            None
        }
        Err(fault) => {
            eprintln!("heap: NOT in order: {fault}");
            Some(99)
        }
    }
}
