//! `sys`.
//!
//! | file | what |
//! |---|---|
//! | `info.rs` | constants and named tuples |
//! | `refs.rs` | `getrefcount`, as CPython 3.14 counts |
//! | `sizes.rs` | `getsizeof`, in CPython's bytes |
//! | `hooks.rs` | `displayhook`, `excepthook`, the exception being handled |
//! | `textio.rs` | the standard streams |

mod hooks;
mod info;
mod refs;
mod sizes;
pub mod textio;

pub use hooks::{display_hook, to_stderr};
pub use sizes::size_in_cpython;

use crate::object::native::{Call, Method, method};
use crate::raised::Res;
use crate::types::str::Str;
use crate::value::{Value, Word};
use crate::vm::Vm;

pub use info::{VERSION, fill};

/// `sys.__doc__`
pub const DOC: &str = "This module provides access to some objects used or maintained by the\ninterpreter and to functions that interact strongly with the interpreter.";

/// The rows.
pub static FUNCTIONS: &[Method] = &[
    method("_getframe", "(depth=0, /)", Call::Slice(getframe), "Return a frame object from the call stack."),
    method(
        "_is_gil_enabled",
        "()",
        Call::Slice(|_, _| Ok(Value::TRUE)),
        "Return True if the GIL is currently enabled.",
    ),
    method(
        "_is_interned",
        "(string, /)",
        Call::One(is_interned),
        "Return True if the given string is \"interned\".",
    ),
    method(
        "_is_immortal",
        "(op, /)",
        Call::One(is_immortal),
        "Return True if the given object is \"immortal\".",
    ),
    method("_clear_type_cache", "()", Call::Slice(clear_type_cache), "Clear the internal type lookup cache."),
    method(
        "addaudithook",
        "(hook)",
        Call::One(|_, _| Ok(Value::NONE)),
        "Does nothing: this interpreter raises no audit events.",
    ),
    method(
        "audit",
        "(event, /, *args)",
        Call::Full(|_, _| Ok(Value::NONE)),
        "Does nothing: this interpreter raises no audit events.",
    ),
    method(
        "breakpointhook",
        "(*args, **kws)",
        Call::Full(hooks::breakpoint_hook),
        "This hook function is called by built-in breakpoint().",
    ),
    method(
        "call_tracing",
        "(func, args, /)",
        Call::Two(call_tracing),
        "Call func(*args), while tracing is enabled.",
    ),
    method(
        "displayhook",
        "(object, /)",
        Call::One(hooks::display),
        "Print an object to sys.stdout and also save it in builtins._",
    ),
    method(
        "exc_info",
        "()",
        Call::Slice(hooks::exc_info),
        "Return current exception information: (type, value, traceback).",
    ),
    method(
        "excepthook",
        "(exctype, value, traceback, /)",
        Call::Three(hooks::except_hook),
        "Handle an exception by displaying it with a traceback on sys.stderr.",
    ),
    method("exception", "()", Call::Slice(hooks::exception), "Return the current exception."),
    method(
        "exit",
        "(status=None, /)",
        Call::Slice(hooks::exit),
        "Exit the interpreter by raising SystemExit(status).",
    ),
    method(
        "get_int_max_str_digits",
        "()",
        Call::Slice(get_digits),
        "Return the maximum string digits limit for non-binary int<->str conversions.",
    ),
    method(
        "getallocatedblocks",
        "()",
        Call::Slice(allocated_blocks),
        "Return the number of memory blocks currently allocated.",
    ),
    method(
        "getdefaultencoding",
        "()",
        Call::Slice(|vm, _| vm.str("utf-8")),
        "Return the current default encoding used by the Unicode implementation.",
    ),
    method(
        "getfilesystemencodeerrors",
        "()",
        Call::Slice(|vm, _| vm.str("surrogateescape")),
        "Return the error mode used for Unicode to filename conversion.",
    ),
    method(
        "getfilesystemencoding",
        "()",
        Call::Slice(|vm, _| vm.str("utf-8")),
        "Return the encoding used to convert Unicode filenames to OS filenames.",
    ),
    method(
        "getprofile",
        "()",
        Call::Slice(|_, _| Ok(Value::NONE)),
        "Return the profiling function set with sys.setprofile.",
    ),
    method(
        "getrecursionlimit",
        "()",
        Call::Slice(get_recursion_limit),
        "Return the current value of the recursion limit.",
    ),
    method(
        "getrefcount",
        "(object, /)",
        Call::One(refs::getrefcount),
        "Return the reference count of object.",
    ),
    method(
        "getsizeof",
        "(object, default=<unrepresentable>)",
        Call::Slice(sizes::getsizeof),
        "Return the size of object in bytes, as CPython counts them.",
    ),
    method(
        "getswitchinterval",
        "()",
        Call::Slice(|vm, _| vm.float(0.005)),
        "Return the current thread switch interval.",
    ),
    method(
        "gettrace",
        "()",
        Call::Slice(|_, _| Ok(Value::NONE)),
        "Return the global debug tracing function set with sys.settrace.",
    ),
    method(
        "getunicodeinternedsize",
        "()",
        Call::Slice(interned_size),
        "Return the number of elements of the unicode interned dictionary.",
    ),
    method(
        "get_asyncgen_hooks",
        "()",
        Call::Slice(hooks::get_asyncgen_hooks),
        "Return the installed asynchronous generators hooks.",
    ),
    method(
        "set_asyncgen_hooks",
        "(firstiter=<unrepresentable>, finalizer=<unrepresentable>)",
        Call::Slice(hooks::set_asyncgen_hooks),
        "Set a finalizer for async generators objects.",
    ),
    method("intern", "(string, /)", Call::One(intern), "``Intern'' the given string."),
    method("is_finalizing", "()", Call::Slice(|_, _| Ok(Value::FALSE)), "Return True if Python is exiting."),
    method(
        "set_int_max_str_digits",
        "(maxdigits)",
        Call::Slice(set_digits),
        "Set the maximum string digits limit for non-binary int<->str conversions.",
    ),
    method(
        "setprofile",
        "(function, /)",
        Call::One(|_, _| Ok(Value::NONE)),
        "Does nothing: this interpreter does not profile.",
    ),
    method(
        "setrecursionlimit",
        "(limit, /)",
        Call::One(set_recursion_limit),
        "Set the maximum depth of the Python interpreter stack to n.",
    ),
    method(
        "setswitchinterval",
        "(interval, /)",
        Call::One(|_, _| Ok(Value::NONE)),
        "Does nothing: one thread runs.",
    ),
    method(
        "unraisablehook",
        "(unraisable, /)",
        Call::One(|_, _| Ok(Value::NONE)),
        "Handle an unraisable exception.",
    ),
];

/// An int (or bool) that fits 62 bits, without raising.
pub fn small_int(value: &Value) -> Option<i64> {
    let word = value.word();
    match word {
        Word::TRUE => return Some(1),
        Word::FALSE => return Some(0),
        _ => {}
    }
    let word = if word.is_number() { word } else { crate::types::int::unbox_number(value)? };
    word.is_int().then(|| word.int())
}

fn getframe(vm: &Vm, args: &[Value]) -> Res {
    let depth = match args.first().filter(|a| !a.is_unbound()) {
        Some(depth) => vm.index_long(depth)?.max(0),
        None => 0,
    };
    let frames = vm.stacks.iter().filter(|f| !f.is_boundary()).count() as i64;
    if depth >= frames {
        return Err(vm.value_error("call stack is not deep enough"));
    }
    vm.frame_object(depth as usize)
}

fn is_interned(vm: &Vm, value: &Value) -> Res {
    match value.get::<Str>() {
        Some(text) => Ok(Value::bool(text.is_interned())),
        None => {
            let kind = vm.type_name(value);
            Err(vm.type_error(format_args!("_is_interned() argument must be str, not {kind}")))
        }
    }
}

fn is_immortal(_: &Vm, value: &Value) -> Res {
    let immortal = value.header().map_or(!value.word().needs_box(), |header| header.is_immortal());
    Ok(Value::bool(immortal))
}

fn clear_type_cache(vm: &Vm, _: &[Value]) -> Res {
    vm.bump_epoch();
    Ok(Value::NONE)
}

fn call_tracing(vm: &Vm, function: &Value, args: &Value) -> Res {
    let args = vm.collect(args)?;
    vm.call(function, &args)
}

fn intern(vm: &Vm, value: &Value) -> Res {
    if value.exact::<Str>().is_some() {
        return vm.intern_value(value.clone());
    }
    let kind = vm.type_name(value);
    if vm.is_str(value) {
        return Err(vm.type_error(format_args!("can't intern {kind}")));
    }
    Err(vm.type_error(format_args!("intern() argument must be str, not {kind}")))
}

fn interned_size(vm: &Vm, _: &[Value]) -> Res {
    vm.int(vm.interned().len() as i64)
}

fn allocated_blocks(vm: &Vm, _: &[Value]) -> Res {
    let stats = vm.heap().stats();
    let small: usize = stats.objects.iter().chain(&stats.buffers).map(|c| c.used).sum();
    vm.int((small + stats.large_blocks) as i64)
}

fn get_recursion_limit(vm: &Vm, _: &[Value]) -> Res {
    vm.int(vm.recursion_limit.get() as i64)
}

fn set_recursion_limit(vm: &Vm, limit: &Value) -> Res {
    let limit = vm.index(limit)?;
    let limit = match small_int(&limit) {
        Some(n) if i32::try_from(n).is_ok() => n,
        Some(n) if n < 0 => return Err(vm.overflow_error("Python int too large to convert to C int")),
        _ => return Err(vm.overflow_error("Python int too large to convert to C int")),
    };
    if limit < 1 {
        return Err(vm.value_error("recursion limit must be greater or equal than 1"));
    }
    let depth = vm.stacks.iter().filter(|f| !f.is_boundary()).count() as i64;
    if depth >= limit {
        return Err(vm.recursion_error(format_args!(
            "cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low"
        )));
    }
    vm.recursion_limit.set(limit as usize);
    vm.stacks.set_limit(limit as usize);
    Ok(Value::NONE)
}

fn get_digits(vm: &Vm, _: &[Value]) -> Res {
    vm.int(vm.int_max_str_digits.get() as i64)
}

fn set_digits(vm: &Vm, args: &[Value]) -> Res {
    let digits = vm.index_long(&args[0])?;
    if digits != 0 && digits < 640 {
        return Err(vm.value_error("maxdigits must be >= 640 or 0 for unlimited"));
    }
    vm.int_max_str_digits.set(digits as usize);
    Ok(Value::NONE)
}

/// Makes the module, at boot.
pub fn make(vm: &Vm) -> Res<()> {
    crate::modules::make_at_boot(vm, "sys", &vm.sys_dict)?;
    // `builtins` was made before there was a class for specs.
    for (name, slot) in [("sys", &vm.sys_dict), ("builtins", &vm.builtins)] {
        if let Some(dict) = slot.get::<crate::types::dict::Dict>() {
            crate::modules::describe(vm, name, dict)?;
        }
    }
    Ok(())
}
