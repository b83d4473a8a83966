//! `_thread`: threads and locks, as `threading` needs them.
//!
//! Its types are in `types/threads/`.

use std::fmt::Write;

use crate::modules::add;
use crate::object::native::{Call, Method, method};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::exceptions::Exception;
use crate::types::str::args::given;
use crate::types::str::{Str, StrBuilder};
use crate::types::threads::{handle, locks};
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// `_thread.__doc__`
pub const DOC: &str = "Threads and locks at their plainest; `threading` is made of them.";

/// The least that `stack_size` takes.
const LEAST_STACK: i64 = 53_248;
/// The signal of Ctrl-C, and the last one there is.
const SIGINT: i64 = 2;
const LAST_SIGNAL: i64 = 64;
/// How many bytes of a thread's name the system keeps.
const NAME_MAXLEN: usize = 15;

const START: &str = "(function, args, kwargs={}, /)";
const START_DOC: &str = "Start a thread that calls the function with the arguments; return its ident.";

/// The rows.
pub static FUNCTIONS: &[Method] = &[
    method("start_new_thread", START, Call::Slice(handle::start_new), START_DOC),
    method("start_new", START, Call::Slice(handle::start_new), "Another name of start_new_thread()."),
    method(
        "start_joinable_thread",
        "(function, handle=None, daemon=True)",
        Call::Slice(handle::start_joinable),
        "Start a thread that calls the function; return the handle to wait for it with.",
    ),
    method("allocate_lock", "()", Call::Slice(locks::allocate), "Make a lock."),
    method("allocate", "()", Call::Slice(locks::allocate), "Another name of allocate_lock()."),
    method("get_ident", "()", Call::Slice(get_ident), "The number of the calling thread; never 0."),
    method(
        "get_native_id",
        "()",
        Call::Slice(|vm, _| vm.int_from_u64(vm.native_thread_id())),
        "The number that the system knows the calling thread by.",
    ),
    method(
        "interrupt_main",
        "(signum=signal.SIGINT, /)",
        Call::Slice(interrupt_main),
        "Let the main thread behave as if the signal had come in.",
    ),
    method(
        "stack_size",
        "(size=0, /)",
        Call::Slice(stack_size),
        "Set the native stack of threads to come, in bytes; return what it was. 0 is the usual size.",
    ),
    method(
        "_count",
        "()",
        Call::Slice(|vm, _| vm.int(vm.threads.running.get() as i64)),
        "How many threads were started and have not ended.",
    ),
    method("exit", "()", Call::Slice(exit), "Raise SystemExit, which ends a thread silently."),
    method("exit_thread", "()", Call::Slice(exit), "Another name of exit()."),
    method("_get_name", "()", Call::Slice(get_name), "The calling thread's name, as the system has it."),
    method("set_name", "(name)", Call::Slice(set_name), "Tell the system the calling thread's name."),
    method(
        "daemon_threads_allowed",
        "()",
        Call::Slice(|vm, _| Ok(Value::bool(vm.place.rights.daemon_threads))),
        "Whether threads may outlive the main one.",
    ),
    method(
        "_is_main_interpreter",
        "()",
        Call::Slice(|vm, _| Ok(Value::bool(vm.is_first()))),
        "Whether this interpreter is the main one.",
    ),
    method(
        "_get_main_thread_ident",
        "()",
        Call::Slice(|vm, _| vm.int_from_u64(vm.threads.main_ident())),
        "The number of the main thread.",
    ),
    method(
        "_make_thread_handle",
        "(ident, /)",
        Call::One(handle::make_handle),
        "Make a handle of a thread that was started by other means.",
    ),
    method("_shutdown", "()", Call::Slice(handle::shutdown), "Wait for all threads that are no daemons."),
    method(
        "_excepthook",
        "(args, /)",
        Call::One(excepthook),
        "Report the exception that ended a thread of `threading`.",
    ),
];

/// Adds types and constants.
pub fn fill(vm: &Vm, dict: &Dict) -> Res<()> {
    for (name, ty) in [
        ("lock", &vm.types.lock),
        ("LockType", &vm.types.lock),
        ("RLock", &vm.types.rlock),
        ("_local", &vm.types.local),
        ("_ThreadHandle", &vm.types.thread_handle),
    ] {
        add(vm, dict, name, ty.to_value())?;
    }
    add(vm, dict, "error", vm.exc.RuntimeError.to_value())?;
    add(vm, dict, "TIMEOUT_MAX", vm.float(locks::TIMEOUT_MAX)?)?;
    add(vm, dict, "_NAME_MAXLEN", Value::small(NAME_MAXLEN as i64))?;
    add(vm, dict, "_ExceptHookArgs", crate::native::Cx::of(vm).class_of_key(&EXCEPT_HOOK_ARGS)?)
}

crate::native_record! {
    /// What the hook for the exceptions of threads is called with.
    static EXCEPT_HOOK_ARGS = "_thread._ExceptHookArgs" { exc_type, exc_value, exc_traceback, thread };
}

fn get_ident(vm: &Vm, _: &[Value]) -> Res {
    vm.int_from_u64(vm.threads.ident())
}

fn exit(vm: &Vm, _: &[Value]) -> Res {
    let exception = vm.new_exception(&vm.exc.SystemExit, Vec::new())?;
    Err(vm.raise_value(exception))
}

fn interrupt_main(vm: &Vm, args: &[Value]) -> Res {
    let signal = given(args, 0).map_or(Ok(SIGINT), |signal| vm.index_c_int(signal).map(i64::from))?;
    if !(1..=LAST_SIGNAL).contains(&signal) {
        return Err(vm.value_error("signal number out of range"));
    }
    if signal == SIGINT {
        vm.interrupt_main()?;
    } else if !vm.signals.handlers[signal as usize].is_unbound() {
        vm.simulate_signal(signal as i32);
        vm.handle_signals()?;
    }
    Ok(Value::NONE)
}

fn stack_size(vm: &Vm, args: &[Value]) -> Res {
    let size = given(args, 0).map_or(Ok(0), |size| vm.index_i64(size))?;
    if size != 0 && size < LEAST_STACK {
        return Err(vm.value_error(format_args!("size must be at least {LEAST_STACK} bytes")));
    }
    let before = vm.threads.stack_bytes.replace(size as usize);
    vm.int(before as i64)
}

fn set_name(vm: &Vm, args: &[Value]) -> Res {
    let Some(_) = args[0].get::<Str>() else {
        let kind = vm.arg_name(&args[0]);
        return Err(vm.type_error(format_args!("set_name() argument 'name' must be str, not {kind}")));
    };
    let name = vm.text(&args[0]);
    let name = name.as_str().split('\0').next().unwrap_or_default();
    let mut end = name.len().min(NAME_MAXLEN);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    vm.host.name_thread(&name[..end]);
    Ok(Value::NONE)
}

fn get_name(vm: &Vm, _: &[Value]) -> Res {
    vm.str(&vm.host.thread_name().unwrap_or_default())
}

/// Writes what `threading` says of an exception that nobody caught: to `sys.stderr`, or to the one that the thread began with.
fn excepthook(vm: &Vm, args: &Value) -> Res {
    let items = args.get::<Tuple>().map(|tuple| tuple.items().to_vec()).unwrap_or_default();
    let [class, exception, _, thread] = items.as_slice() else {
        return Err(vm.type_error("_thread.excepthook argument type must be ExceptHookArgs"));
    };
    if class.is(&vm.exc.SystemExit.to_value()) {
        return Ok(Value::NONE);
    }
    let attribute = |name: &str| -> Res<Option<Value>> {
        if thread.is_none() { Ok(None) } else { vm.get_attr_opt(thread, &vm.intern(name)?) }
    };
    let file = match vm.sys_attr("stderr")?.filter(|file| !file.is_none()) {
        Some(file) => Some(file),
        None => attribute("_stderr")?.filter(|file| !file.is_none()),
    };
    let Some(file) = file else { return Ok(Value::NONE) };
    let name = match attribute("name")? {
        Some(name) => vm.to_str(&name)?,
        None => vm.display(vm.threads.ident())?,
    };
    let mut text = StrBuilder::new(vm);
    let mut written = writeln!(text, "Exception in thread {}:", vm.text(&name));
    if exception.has::<Exception>() {
        written = written.and_then(|()| vm.write_exception(exception, &mut text));
    }
    written.map_err(|_| vm.no_memory())?;
    vm.call_method(&file, &vm.names.write, &[text.finish()?])?;
    let flush = vm.get_attr_opt(&file, &vm.names.flush)?;
    if let Some(flush) = flush {
        vm.call(&flush, &[])?;
    }
    Ok(Value::NONE)
}
