//! Heap reports of the command: at the end, on a signal, and when memory is refused. What they tell is `ryokan_vm::census::report`.

use std::io::{IsTerminal, Write};
use std::rc::Rc;

use ryokan_vm::census::report::{Format, Occasion, Report};
use ryokan_vm::raised::Res;
use ryokan_vm::value::Value;
use ryokan_vm::vm::Vm;
use ryokan_vm::vm::reports::Wish;

use crate::options::Options;

/// So many frames of a traceback are kept of each allocation, for the flamegraph.
pub const FRAMES: u16 = 16;

/// Writes a report to a file; whether that was possible.
fn write(vm: &Vm, path: &str, occasion: Occasion) -> bool {
    let shows = std::io::stderr().is_terminal();
    let mut tell = |what: &str| {
        if shows {
            // Nobody minds if it is not seen.
            let _ = write!(std::io::stderr(), "\r\x1b[Kheap report: {what} ..");
        }
    };
    let report = Report::telling(vm, occasion, &mut tell);
    tell("writing");
    let written = std::fs::write(path, report.write(Format::of_file(path).unwrap_or(Format::Text)));
    if shows {
        let _ = write!(std::io::stderr(), "\r\x1b[K");
    }
    if let Err(error) = &written {
        eprintln!("ryokan: cannot write '{path}': {error}");
    }
    written.is_ok()
}

/// Lets allocations be traced, and reports be made for refused memory and for a signal, as the options ask. The library has started.
/// Runs Python (`_signal.signal`); raises what that raises, and `MemoryError`.
pub fn begin(vm: &Vm, options: &Options) -> Res<()> {
    let (at_end, refused) = (options.heap_report.clone(), options.on_memory_error.clone());
    if at_end.is_none() && refused.is_none() {
        return Ok(());
    }
    let asked = at_end.clone();
    vm.set_reporter(Some(Rc::new(move |vm, wish| {
        let (path, occasion) = match wish {
            Wish::MemoryError => (&refused, Occasion::MemoryError),
            Wish::Signal => (&asked, Occasion::Signal),
        };
        if let Some(path) = path {
            write(vm, path, occasion);
        }
    })));
    if at_end.is_some() {
        // (It does nothing where that was begun already.)
        // (Which stacks crowd hangs on where the system has put them.)
        let folds = !options.deterministic;
        if options.xoption("tracemalloc") != Some("0") && !vm.start_tracing_memory(FRAMES, folds) {
            return Err(vm.no_memory());
        }
        listen(vm)?;
    }
    Ok(())
}

/// `SIGUSR1` asks for a report, until the program has a handler of its own for it.
fn listen(vm: &Vm) -> Res<()> {
    if ryokan_vm::modules::find(vm, "_signal").is_none() {
        return Ok(());
    }
    let signal = vm.import_name("_signal")?;
    let own = vm.import_name("_ryokan")?;
    let handler = vm.get_attr(&own, &vm.intern("report_on_signal")?)?;
    let number = Value::small(i64::from(libc::SIGUSR1));
    vm.call_method(&signal, &vm.intern("signal")?, &[number, handler]).map(drop)
}

/// The program has ended, and its modules are still there: the report that was asked for; false if it cannot be written.
pub fn at_end(vm: &Vm, options: &Options) -> bool {
    options.heap_report.as_ref().is_none_or(|path| write(vm, path, Occasion::End))
}
