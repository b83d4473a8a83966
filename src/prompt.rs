//! The prompt: statements are read, run and shown one by one, in `__main__`. A plain one, without editing.

use std::io::Write;

use ryokan_vm::host::{CompileMode, CompileOptions, Source};
use ryokan_vm::modules::builtins::compile_source;
use ryokan_vm::object::Ref;
use ryokan_vm::raised::Res;
use ryokan_vm::types::dict::Dict;
use ryokan_vm::value::Value;
use ryokan_vm::vm::Vm;

use crate::options::Options;

/// Words that begin a statement which only an empty line ends.
const COMPOUND: [&str; 11] =
    ["if", "for", "while", "try", "with", "def", "class", "async", "match", "@", "else"];

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

/// Reads and runs until the input ends, or something ends the program: gives its exit code. `report` shows an exception, and says what it
/// means for the program's end, if it ends it. Runs Python.
pub fn run(vm: &Vm, main: &Ref<Dict>, report: impl Fn(&Vm, &Value) -> (bool, u8)) -> u8 {
    let mut text = String::new();
    let mut statements = 0;
    loop {
        ask(vm, if text.is_empty() { ("ps1", ">>> ") } else { ("ps2", "... ") });
        let line = match vm.host.read_stdin_line(vm.heap().room()) {
            Ok(line) if !line.is_empty() => String::from_utf8_lossy(&line).into_owned(),
            // The end of the input ends a statement too.
            _ if !text.is_empty() => {
                eprintln!();
                String::new()
            }
            _ => {
                eprintln!();
                return 0;
            }
        };
        text.push_str(&line);
        if text.trim().is_empty() {
            text.clear();
            continue;
        }
        match one(vm, main, &text, line.trim().is_empty(), &mut statements) {
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
        text.clear();
        let _ = crate::command::flush(vm);
    }
}

/// Shows the prompt that `sys` has.
fn ask(vm: &Vm, (name, usual): (&str, &str)) {
    let shown = vm.sys_attr(name).ok().flatten().and_then(|prompt| match vm.to_str(&prompt) {
        Ok(text) => Some(vm.text(&text).to_string()),
        Err(raised) => {
            drop(vm.take_raised(raised));
            None
        }
    });
    let mut err = std::io::stderr().lock();
    let _ = err.write_all(shown.as_deref().unwrap_or(usual).as_bytes());
    let _ = err.flush();
}

/// Runs a statement; whether it was whole. Its file is named by its number, by which `linecache` knows its lines; what shows it says
/// `<stdin>`.
fn one(vm: &Vm, main: &Ref<Dict>, text: &str, ended: bool, statements: &mut usize) -> Res<bool> {
    let first = text.trim_start();
    let compound = COMPOUND.iter().any(|word| {
        first
            .strip_prefix(word)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    }) || first.starts_with('@');
    if compound && !ended && vm.host.parses(vm, text) {
        return Ok(false);
    }
    let filename = format!("<stdin-{statements}>");
    vm.host.note_source(&filename, text);
    let compiled = |how| compile_source(vm, Source::Text(text), &filename, CompileMode::Single, how);
    let code = match compiled(CompileOptions::default()) {
        Ok(code) => code,
        Err(raised) if vm.raised_is(&raised, &vm.exc.SyntaxError) => {
            let error = vm.take_raised(raised);
            let how = CompileOptions { allow_incomplete: true, ..CompileOptions::default() };
            let open = compiled(how).is_err_and(|again| {
                let open = vm.raised_is(&again, &vm.exc._IncompleteInputError);
                drop(vm.take_raised(again));
                open
            });
            if open && !ended {
                return Ok(false);
            }
            if !open && vm.host.parses(vm, text) {
                *statements += 1;
            } else {
                // What cannot be read has no number.
                vm.set_attr(&error, &vm.intern("filename")?, Some(&vm.str("<stdin>")?))?;
            }
            return Err(vm.raise_value(error));
        }
        Err(raised) => return Err(raised),
    };
    *statements += 1;
    if let Err(raised) = note_lines(vm, &code, text) {
        // Somebody has changed the module: it shows no lines then.
        drop(vm.take_raised(raised));
    }
    let function = vm.new_function(&code, main.value())?;
    vm.run_code(function.value(), main.value())?;
    Ok(true)
}

/// Tells `linecache` the lines of a statement. Runs Python.
fn note_lines(vm: &Vm, code: &Value, text: &str) -> Res<()> {
    let module = vm.import_name("linecache")?;
    let parts = [code.clone(), vm.str(text)?, vm.str("<stdin>")?];
    vm.call_method(&module, &vm.intern("_register_code")?, &parts).map(drop)
}
