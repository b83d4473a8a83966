//! What becomes of an exception that nobody has caught: it is shown, and says how the process ends.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};

use ryokan_vm::raised::Res;
use ryokan_vm::types::dict::Dict;
use ryokan_vm::types::exceptions::Exception;
use ryokan_vm::value::Value;
use ryokan_vm::vm::Vm;

/// Whether the program ended by a KeyboardInterrupt that nobody has caught.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether the program ended by a KeyboardInterrupt that nobody has caught.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Shows an uncaught exception: whether it ends the process even where a prompt would follow, and the exit code that it means. With
/// `inspects` a `SystemExit` is shown as any other. Runs Python.
pub fn report(vm: &Vm, exception: &Value, inspects: bool) -> (bool, u8) {
    let exits = |exception: &Value| !inspects && vm.is_instance(exception, &vm.exc.SystemExit);
    if exits(exception) {
        return (true, exit_code(vm, exception));
    }
    if let Err(raised) = show(vm, exception, &exits) {
        let other = vm.take_raised(raised);
        if exits(&other) {
            return (true, exit_code(vm, &other));
        }
        // Not even memory for the message was left.
        let _ = vm.host.write_stderr(format!("{}\n", vm.type_name(exception)).as_bytes());
    }
    if vm.is_instance(exception, &vm.exc.KeyboardInterrupt) {
        INTERRUPTED.store(true, Ordering::Relaxed);
        return (false, 130);
    }
    (false, 1)
}

/// Notes the exception in `sys`, and lets `sys.excepthook` show it. Runs Python; raises what ends the process by `exits` instead, and
/// `MemoryError`.
fn show(vm: &Vm, exception: &Value, exits: &dyn Fn(&Value) -> bool) -> Res<()> {
    let class = vm.type_of(exception).to_value();
    let traceback = exception.get::<Exception>().map_or(Value::NONE, |e| e.traceback.clone());
    if let Some(sys) = vm.sys_dict.get::<Dict>() {
        let noted = [
            ("last_exc", exception),
            ("last_type", &class),
            ("last_value", exception),
            ("last_traceback", &traceback),
        ];
        for (name, value) in noted {
            sys.set_name(vm, &vm.intern(name)?, value.clone())?;
        }
    }
    let print = || write(vm, |out| vm.write_exception(exception, out));
    let Some(hook) = vm.sys_attr("excepthook")? else {
        write(vm, |out| out.write_str("sys.excepthook is missing\n"))?;
        return print();
    };
    let original = vm.sys_attr("__excepthook__")?;
    if original.is_some_and(|o| o.is(&hook)) {
        return print();
    }
    let Err(raised) = vm.call(&hook, &[class, exception.clone(), traceback]) else { return Ok(()) };
    let other = vm.take_raised(raised);
    if exits(&other) {
        return Err(vm.raise_value(other));
    }
    write(vm, |out| {
        out.write_str("Error in sys.excepthook:\n")?;
        vm.write_exception(&other, out)?;
        out.write_str("\nOriginal exception was:\n")?;
        vm.write_exception(exception, out)
    })
}

/// Lets something be written to standard error, unless a script has set that to None.
fn write(vm: &Vm, write: impl FnOnce(&mut dyn fmt::Write) -> fmt::Result) -> Res<()> {
    match vm.sys_attr("stderr")? {
        Some(file) if file.is_none() => Ok(()),
        _ => vm.to_stderr(write),
    }
}

/// Writes an object and the end of a line to `sys.stderr`, or to the host's if that is gone.
fn say(vm: &Vm, object: &Value) -> Res<()> {
    let text = vm.to_str(object)?;
    match vm.sys_attr("stderr")?.filter(|file| !file.is_none()) {
        Some(file) => {
            vm.call_method(&file, &vm.names.write, &[text])?;
            vm.call_method(&file, &vm.names.write, &[vm.str("\n")?]).map(drop)
        }
        None => write(vm, |out| writeln!(out, "{}", vm.text(&text))),
    }
}

/// The exit code that a `SystemExit` carries; anything but an int is printed.
fn exit_code(vm: &Vm, exception: &Value) -> u8 {
    let code = || -> Res<Value> { vm.get_attr(exception, &vm.names.code) };
    let code = match code() {
        Ok(code) => code,
        Err(raised) => {
            drop(vm.take_raised(raised));
            return 1;
        }
    };
    if code.is_none() {
        return 0;
    }
    if vm.is_instance(&code, &vm.types.int) {
        // An int that no C long holds reads as -1.
        return vm.as_i64(&code).map_or(255, |number| number as u8);
    }
    if let Err(raised) = say(vm, &code) {
        drop(vm.take_raised(raised));
    }
    1
}
