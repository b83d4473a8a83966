//! The prompt: statements are read, run and shown one by one, in `__main__`. A plain one, without editing.

use std::io::Write;

use ryokan_bytecode::CodeFlags;
use ryokan_compiler::Ending;
use ryokan_vm::host::{CompileMode, CompileOptions, Source};
use ryokan_vm::modules::builtins::compile_source;
use ryokan_vm::object::Ref;
use ryokan_vm::raised::{Raised, Res};
use ryokan_vm::types::code::CodeObj;
use ryokan_vm::types::dict::Dict;
use ryokan_vm::value::Value;
use ryokan_vm::vm::Vm;

use crate::host::HeapBudget;
use crate::options::Options;

/// Greets whoever sits there, and runs the file of `PYTHONSTARTUP`. Runs Python; raises what the file raises, `SyntaxError` too.
pub fn greet(vm: &Vm, options: &Options, main: &Ref<Dict>) -> Res<()> {
    if options.flags.quiet == 0 {
        let version =
            vm.sys_attr("version")?.map(|version| vm.text(&version).to_string()).unwrap_or_default();
        eprintln!("Python {version} on {}", std::env::consts::OS);
        if options.flags.no_site == 0 {
            eprintln!("Type \"help\", \"copyright\", \"credits\" or \"license\" for more information.");
        }
    }
    let Some(path) = options.env("PYTHONSTARTUP") else { return Ok(()) };
    match std::fs::read(&path) {
        Ok(bytes) => {
            let code = compile_source(
                vm,
                Source::Bytes(&bytes),
                &path,
                CompileMode::Exec,
                CompileOptions::default(),
            )?;
            let function = vm.new_function(&code, main.value())?;
            vm.run_code(function.value(), main.value()).map(drop)
        }
        Err(error) => {
            let what = error.to_string();
            let what = what.split(" (os error").next().unwrap_or_default();
            eprintln!(
                "Could not open PYTHONSTARTUP\nFileNotFoundError: [Errno {}] {what}: '{path}'",
                error.raw_os_error().unwrap_or(2)
            );
            Ok(())
        }
    }
}

/// What is asked for in `sys` before a line is read, if nobody has changed it.
const PROMPTS: [(&str, &str); 2] = [("ps1", ">>> "), ("ps2", "... ")];

/// Reads and runs until the input ends, or something ends the program: gives its exit code. `report` shows an exception, and says whether
/// it ends the program, and with which code. Runs Python.
pub fn run(vm: &Vm, main: &Ref<Dict>, report: impl Fn(&Vm, &Value) -> (bool, u8)) -> u8 {
    if let Err(raised) = set_prompts(vm) {
        drop(vm.take_raised(raised));
    }
    let mut session = Session { vm, main, text: String::new(), statements: 0, futures: CodeFlags::empty() };
    loop {
        ask(vm, PROMPTS[usize::from(!session.text.is_empty())].0);
        let line = match vm.host.read_stdin_line(vm.heap().room()) {
            Ok(line) if !line.is_empty() => Some(line),
            // The end of the input ends a statement too.
            _ => {
                eprintln!();
                None
            }
        };
        if line.is_none() && session.text.is_empty() {
            return 0;
        }
        match session.take(line.as_deref()) {
            Ok(false) => continue,
            Ok(true) => {}
            Err(raised) => {
                let exception = vm.take_raised(raised);
                let (ends, code) = report(vm, &exception);
                if ends {
                    return code;
                }
            }
        }
        session.text.clear();
        let _ = crate::command::flush(vm);
    }
}

fn set_prompts(vm: &Vm) -> Res<()> {
    let Some(sys) = vm.sys_dict.get::<Dict>() else { return Ok(()) };
    for (name, usual) in PROMPTS {
        if vm.sys_attr(name)?.is_none() {
            sys.set_name(vm, &vm.intern(name)?, vm.str(usual)?)?;
        }
    }
    Ok(())
}

/// Shows the prompt that `sys` has; an empty one if it has none, or none that is a text.
fn ask(vm: &Vm, name: &str) {
    let shown = vm.sys_attr(name).ok().flatten().and_then(|prompt| match vm.to_str(&prompt) {
        Ok(text) => Some(vm.text(&text).to_string()),
        Err(raised) => {
            drop(vm.take_raised(raised));
            None
        }
    });
    let mut err = std::io::stderr().lock();
    let _ = err.write_all(shown.unwrap_or_default().as_bytes());
    let _ = err.flush();
}

/// Whether a line has blanks and a comment at most.
fn is_idle(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '\x0c']);
    line.trim_end().is_empty() || line.starts_with('#')
}

/// Who sits at the prompt, and what has been typed of a statement.
struct Session<'a> {
    vm: &'a Vm,
    main: &'a Ref<Dict>,
    text: String,
    /// How many were read.
    statements: usize,
    /// What they have asked for of `__future__`.
    futures: CodeFlags,
}

impl Session<'_> {
    /// Takes a line, or the end of the input, and runs the statement if that is whole now: whether nothing is left of it. Runs Python;
    /// raises what that raises, and `SyntaxError`.
    fn take(&mut self, line: Option<&[u8]>) -> Res<bool> {
        let line = match line.map(std::str::from_utf8) {
            // What is not UTF-8 is refused, with the statement that it belongs to.
            Some(Err(_)) => return Err(not_decoded(self.vm, line.unwrap_or_default())),
            Some(Ok(line)) => Some(line.replace("\r\n", "\n")),
            None => None,
        };
        let vm = self.vm;
        let ending = |text: &str| ryokan_compiler::ending(text, &HeapBudget(vm));
        let first = self.text.is_empty();
        let between = first || ending(&self.text) == Ending::Line;
        let ended = line.as_ref().is_none_or(|line| between && !first && line == "\n");
        let line = line.unwrap_or_default();
        if first && is_idle(&line) {
            self.statements += 1;
            return Ok(true);
        }
        self.text.push_str(&line);
        // What the input's end cuts off is read on; and a line of blanks says nothing, within a block either.
        let cut = !ended && !line.ends_with('\n');
        if cut || !ended && (between && is_idle(&line) || ending(&self.text) == Ending::Joined) {
            return Ok(false);
        }
        let text = self.text.clone();
        self.one(&text, ended)
    }

    fn compile(&self, source: Source<'_>, filename: &str, ended: bool) -> Res {
        let how = CompileOptions {
            inherited: self.futures,
            open_blocks: !ended,
            allow_incomplete: !ended,
            ..CompileOptions::default()
        };
        compile_source(self.vm, source, filename, CompileMode::Single, how)
    }

    /// Whether whole lines are no statement, nor the beginning of one.
    fn is_wrong(&self, text: &str, filename: &str) -> bool {
        let vm = self.vm;
        let how =
            CompileOptions { inherited: self.futures, allow_incomplete: true, ..CompileOptions::default() };
        compile_source(vm, Source::Text(text), filename, CompileMode::Single, how).is_err_and(|raised| {
            let syntax = vm.raised_is(&raised, &vm.exc.SyntaxError);
            let error = vm.take_raised(raised);
            syntax && !vm.is_instance(&error, &vm.exc._IncompleteInputError) && !is_open(vm, &error)
        })
    }

    /// Runs a statement; whether it was whole. Its file is named by its number, by which `linecache` knows its lines; what shows it says
    /// `<stdin>`.
    fn one(&mut self, text: &str, ended: bool) -> Res<bool> {
        let vm = self.vm;
        let filename = format!("<stdin-{}>", self.statements);
        vm.host.note_source(&filename, text);
        // A newline would end a block; but one behind a line that a backslash has joined ends that line alone.
        let part = text.strip_suffix('\n').filter(|_| !ended);
        let part = part.map(|part| match part {
            joined if joined.ends_with("\\\n") => format!("{text}#"),
            // Nor does such a backslash join what is not there.
            escaped if escaped.ends_with('\\') => format!("{part} "),
            part => part.to_string(),
        });
        let code = match self.compile(Source::Text(part.as_deref().unwrap_or(text)), &filename, ended) {
            Err(raised) if part.is_some() && vm.raised_is(&raised, &vm.exc.SyntaxError) => {
                let error = vm.take_raised(raised);
                let open = vm.is_instance(&error, &vm.exc._IncompleteInputError) || is_open(vm, &error);
                // What its line's end cuts off (`1 +`) is wrong.
                if open && !self.is_wrong(text, &filename) {
                    return Ok(false);
                }
                // Which error it is, and where, the whole lines say.
                self.compile(Source::Text(text), &filename, true)
            }
            code => code,
        };
        let code = match code {
            Err(raised) if vm.raised_is(&raised, &vm.exc.SyntaxError) => {
                let error = vm.take_raised(raised);
                let how = CompileOptions { inherited: self.futures, ..CompileOptions::default() };
                if vm
                    .host
                    .parse(vm, Source::Text(text), &filename, CompileMode::Single, how, &mut Vec::new())
                    .is_ok()
                {
                    self.statements += 1;
                } else {
                    // What cannot be read has no number.
                    vm.set_attr(&error, &vm.intern("filename")?, Some(&vm.str("<stdin>")?))?;
                }
                return Err(vm.raise_value(error));
            }
            code => code?,
        };
        self.statements += 1;
        if let Some(code) = code.get::<CodeObj>() {
            self.futures |= code.flags() & CodeFlags::FUTURES;
        }
        if let Err(raised) = note_lines(vm, &code, text) {
            // Somebody has changed the module: it shows no lines then.
            drop(vm.take_raised(raised));
        }
        let function = vm.new_function(&code, self.main.value())?;
        vm.run_code(function.value(), self.main.value())?;
        Ok(true)
    }
}

/// Whether a syntax error tells of a bracket that is not closed yet.
fn is_open(vm: &Vm, error: &Value) -> bool {
    let Ok(message) = vm.get_attr(error, &vm.names.msg) else { return false };
    vm.is_str(&message) && vm.text(&message).ends_with("was never closed")
}

/// What is raised of a line that is not UTF-8.
fn not_decoded(vm: &Vm, line: &[u8]) -> Raised {
    let refused = || -> Res {
        let Err(raised) = vm.call_method(&vm.bytes(line)?, &vm.intern("decode")?, &[]) else {
            return Ok(Value::NONE);
        };
        let error = vm.take_raised(raised);
        let message = vm.display(format_args!("(unicode error) {}", vm.text(&vm.to_str(&error)?)))?;
        let place = [vm.str("<stdin>")?, Value::small(0), Value::small(0), vm.str("")?];
        vm.call(&vm.exc.SyntaxError.to_value(), &[message, vm.new_tuple(place.to_vec())?])
    };
    refused().map_or_else(|raised| raised, |error| vm.raise_value(error))
}

/// Tells `linecache` the lines of a statement. Runs Python.
fn note_lines(vm: &Vm, code: &Value, text: &str) -> Res<()> {
    let module = vm.import_name("linecache")?;
    let parts = [code.clone(), vm.str(text)?, vm.str("<stdin>")?];
    vm.call_method(&module, &vm.intern("_register_code")?, &parts).map(drop)
}
