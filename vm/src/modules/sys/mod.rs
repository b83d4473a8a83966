//! `sys`.
//!
//! | file | what |
//! |---|---|
//! | `info.rs` | constants and named tuples |
//! | `refs.rs` | `getrefcount`, as CPython 3.14 counts |
//! | `sizes.rs` | `getsizeof`, in CPython's bytes |
//! | `hooks.rs` | `displayhook`, `excepthook`, the exception being handled |
//! | `tracing.rs`, `monitoring.rs` | trace and profile functions; tools that are told of events |
//! | `audit.rs` | `audit`, `addaudithook` |
//! | `machine.rs` | flags of the system's loader, profilers of the system |
//! | `textio.rs` | the standard streams |

mod audit;
mod hooks;
mod info;
mod jit;
mod machine;
mod monitoring;
mod namespace;
mod refs;
mod sizes;
pub mod textio;
mod tracing;

pub use hooks::display_hook;
pub use info::{Flags, bag, set_flags};
pub use namespace::SimpleNamespace;

use crate::census::never_dies;
use crate::object::native::{Call, Method, method};
use crate::object::ty::{TypeFlags, TypeObj};
use crate::raised::Res;
use crate::types::str::Str;
use crate::value::{Value, Word};
use crate::vm::{LEAST_MAX_STR_DIGITS, Vm};

pub use info::{VERSION, fill};

/// `sys.__doc__`
pub const DOC: &str = "The interpreter itself: how it was started, what it has loaded, its limits and its \
                       hooks.";

/// The rows.
pub static FUNCTIONS: &[Method] = &[
    method(
        "_getframe",
        "(depth=0, /)",
        Call::Slice(getframe),
        "The frame that runs, or the one so many calls further out. ValueError if there are not so many.",
    ),
    method(
        "_current_frames",
        "()",
        Call::Slice(current_frames),
        "A dict of each thread's topmost frame, by the thread's ident.",
    ),
    method(
        "_get_cpu_count_config",
        "()",
        Call::Slice(|vm, _| Ok(Value::small(vm.sys.cpu_count.get().map_or(-1, i64::from)))),
        "How many processors os.cpu_count() is to tell of; -1 for as many as there are.",
    ),
    method(
        "_is_gil_enabled",
        "()",
        Call::Slice(|_, _| Ok(Value::TRUE)),
        "Always True: one thread runs Python at a time.",
    ),
    method(
        "_is_interned",
        "(string, /)",
        Call::One(is_interned),
        "Whether the text is the one that intern() keeps for its value.",
    ),
    method(
        "_is_immortal",
        "(op, /)",
        Call::One(is_immortal),
        "Whether the object lives as long as the interpreter, so that its references are not counted.",
    ),
    method(
        "_clear_type_cache",
        "()",
        Call::Slice(clear_type_cache),
        "Forgets what was remembered about attributes of types. Nothing but speed depends on it.",
    ),
    method(
        "_clear_internal_caches",
        "()",
        Call::Slice(|vm, _| {
            vm.bump_epoch();
            Ok(Value::NONE)
        }),
        "Forgets what was remembered about attributes of types. Nothing but speed depends on it.",
    ),
    method(
        "_settraceallthreads",
        "(function, /)",
        Call::Watch(|vm, args| tracing::set_trace_everywhere(vm, &args[0])),
        "Sets the trace function of all threads, or none for None.",
    ),
    method(
        "_setprofileallthreads",
        "(function, /)",
        Call::One(tracing::set_profile_everywhere),
        "Sets the profile function of all threads, or none for None.",
    ),
    method(
        "_clear_type_descriptors",
        "(type, /)",
        Call::One(clear_type_descriptors),
        "Takes __dict__ and __weakref__ out of a class's namespace, for dataclasses, which make a class anew.",
    ),
    method(
        "addaudithook",
        "(hook)",
        Call::One(audit::add_hook),
        "Adds a function that audit() calls with the event and a tuple of its arguments. The interpreter itself raises\nno events.",
    ),
    method(
        "audit",
        "(event, /, *args)",
        Call::Full(audit::audit),
        "Tells the functions that addaudithook() was given of an event. What one raises goes on from here.",
    ),
    method(
        "breakpointhook",
        "(*args, **kws)",
        Call::Full(hooks::breakpoint_hook),
        "What breakpoint() calls, unless it was replaced: what PYTHONBREAKPOINT names, or pdb.set_trace.",
    ),
    method(
        "call_tracing",
        "(func, args, /)",
        Call::Two(tracing::call_tracing),
        "Calls func with the items of args and returns its answer. What it does is traced, even if\na trace function calls \
         this.",
    ),
    method(
        "_debugmallocstats",
        "()",
        Call::Slice(sizes::debug_malloc_stats),
        "Writes to standard error what the heap holds: pools and blocks by size class, large blocks,\narenas, and what is \
         charged in all.",
    ),
    method(
        "displayhook",
        "(object, /)",
        Call::One(hooks::display),
        "What an expression at the prompt is given to: writes its repr and keeps it as\nbuiltins._, or does \
         nothing for None.",
    ),
    method(
        "exc_info",
        "()",
        Call::Slice(hooks::exc_info),
        "The exception that is being handled, as (type, value, traceback): three times None if there is \
         none.",
    ),
    method(
        "excepthook",
        "(exctype, value, traceback, /)",
        Call::Three(hooks::except_hook),
        "What an uncaught exception is given to: writes it, with its traceback, to the error stream.",
    ),
    method("exception", "()", Call::Slice(hooks::exception), "The exception that is being handled, or None."),
    method(
        "exit",
        "(status=None, /)",
        Call::Slice(hooks::exit),
        "Ends the program by raising SystemExit: with success for None, with a number as the\nexit code, or \
         with 1 after writing any other object to the error stream.",
    ),
    method(
        "is_remote_debug_enabled",
        "()",
        Call::Slice(|_, _| Ok(Value::FALSE)),
        "Always False: no other process can have this one run something.",
    ),
    method(
        "remote_exec",
        "(pid, script)",
        Call::Two(|vm, _, _| Err(vm.runtime_error("Remote debugging is not enabled"))),
        "Would have the Python process of an ident run a script; RuntimeError, for that is not possible.",
    ),
    method(
        "get_int_max_str_digits",
        "()",
        Call::Slice(get_digits),
        "The most decimal digits that int and str convert into each other; 0 if any number will do.",
    ),
    method(
        "getallocatedblocks",
        "()",
        Call::Slice(allocated_blocks),
        "How many blocks of memory are in use for objects and their buffers.",
    ),
    method(
        "getdefaultencoding",
        "()",
        Call::Slice(|vm, _| vm.str("utf-8")),
        "The encoding of str.encode() and bytes.decode() where none is given: always 'utf-8'.",
    ),
    method(
        "getfilesystemencodeerrors",
        "()",
        Call::Slice(|vm, _| vm.str("surrogateescape")),
        "What happens to bytes of a file name that are no UTF-8: always 'surrogateescape'.",
    ),
    method(
        "getfilesystemencoding",
        "()",
        Call::Slice(|vm, _| vm.str("utf-8")),
        "The encoding of file names: always 'utf-8'.",
    ),
    method(
        "getprofile",
        "()",
        Call::Slice(tracing::get_profile),
        "The profile function of this thread, or None.",
    ),
    method(
        "getrecursionlimit",
        "()",
        Call::Slice(get_recursion_limit),
        "How many calls may be open at once before RecursionError.",
    ),
    method(
        "getrefcount",
        "(object, /)",
        Call::One(refs::getrefcount),
        "How many references the object has, this call's own among them.",
    ),
    method(
        "getsizeof",
        "(object, default=<unrepresentable>)",
        Call::Slice(sizes::getsizeof),
        "The bytes that CPython would need for the object, what it refers to left aside. The\ndefault is \
         for types that do not say; without one they raise TypeError.",
    ),
    method(
        "getswitchinterval",
        "()",
        Call::Slice(get_switch_interval),
        "How many seconds a thread may run before another gets its turn.",
    ),
    method("gettrace", "()", Call::Slice(tracing::get_trace), "The trace function of this thread, or None."),
    method(
        "settrace",
        "(function, /)",
        Call::Watch(|vm, args| tracing::set_trace(vm, &args[0])),
        "Sets the trace function of this thread, or none for None. It is called with a frame, an event and its\nargument \
         when a function is entered; what it gives back is called at the lines of that function.",
    ),
    method(
        "set_coroutine_origin_tracking_depth",
        "(depth)",
        Call::Slice(tracing::set_origin_depth),
        "How many frames a coroutine remembers of who made it: cr_origin.",
    ),
    method(
        "get_coroutine_origin_tracking_depth",
        "()",
        Call::Slice(tracing::get_origin_depth),
        "What set_coroutine_origin_tracking_depth() has set.",
    ),
    method(
        "_current_exceptions",
        "()",
        Call::Slice(current_exceptions),
        "A dict of the exception that each thread handles, or None, by the thread's ident.",
    ),
    method(
        "_getframemodulename",
        "(depth=0)",
        Call::Slice(frame_module_name),
        "The name of the module whose function runs, or of the one so many calls further out; None if there is none.",
    ),
    method(
        "getunicodeinternedsize",
        "()",
        Call::Slice(interned_size),
        "How many texts intern() keeps, those of the interpreter itself included.",
    ),
    method(
        "get_asyncgen_hooks",
        "()",
        Call::Slice(hooks::get_asyncgen_hooks),
        "The two functions set by set_asyncgen_hooks(), as a record with fields firstiter and finalizer.",
    ),
    method(
        "set_asyncgen_hooks",
        "(firstiter=<unrepresentable>, finalizer=<unrepresentable>)",
        Call::Slice(hooks::set_asyncgen_hooks),
        "Sets which functions get an asynchronous generator: firstiter when it is first\niterated, \
         finalizer when it is dropped before its end. None removes one; one that is\nnot given stays.",
    ),
    method(
        "intern",
        "(string, /)",
        Call::One(intern),
        "The one str that is kept for this value. Two such texts with equal characters are the same object.",
    ),
    method(
        "is_finalizing",
        "()",
        Call::Slice(|vm, _| Ok(Value::bool(vm.sys.finalizing.get()))),
        "Whether the interpreter is being taken down.",
    ),
    method(
        "set_int_max_str_digits",
        "(maxdigits)",
        Call::Slice(set_digits),
        "Sets the most decimal digits that int and str convert into each other: 0 for no\nlimit, else at \
         least 640, or ValueError.",
    ),
    method(
        "setprofile",
        "(function, /)",
        Call::One(tracing::set_profile),
        "Sets the profile function of this thread, or none for None: it is called with a frame, an event\nand its argument \
         when functions are entered and left.",
    ),
    method(
        "setrecursionlimit",
        "(limit, /)",
        Call::One(set_recursion_limit),
        "Sets how many calls may be open at once before RecursionError.\n\nValueError for less than 1, \
         RecursionError if more are open already.",
    ),
    method(
        "setswitchinterval",
        "(interval, /)",
        Call::One(set_switch_interval),
        "Set how long a thread may run while another one waits, in seconds.",
    ),
    method(
        "unraisablehook",
        "(unraisable, /)",
        Call::One(crate::types::exceptions::unraisable_hook),
        "What is told of an exception that has no caller to go to; this one writes it to standard error.",
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
        Some(depth) => i64::from(vm.index_c_int(depth)?.max(0)),
        None => 0,
    };
    let frames = vm.thread.stacks.iter().filter(|f| !f.is_boundary()).count() as i64;
    if depth >= frames {
        return Err(vm.value_error("call stack is not deep enough"));
    }
    vm.frame_object(depth as usize)
}

fn is_interned(vm: &Vm, value: &Value) -> Res {
    match value.get::<Str>() {
        Some(text) => Ok(Value::bool(text.is_interned())),
        None => {
            let kind = vm.arg_name(value);
            Err(vm.type_error(format_args!("_is_interned() argument must be str, not {kind}")))
        }
    }
}

fn is_immortal(_: &Vm, value: &Value) -> Res {
    Ok(Value::bool(never_dies(value)))
}

fn clear_type_cache(vm: &Vm, _: &[Value]) -> Res {
    let message = "sys._clear_type_cache() is deprecated and scheduled for removal in a future version. \
                   Use sys._clear_internal_caches() instead.";
    vm.warn("DeprecationWarning", message, 1)?;
    vm.bump_epoch();
    Ok(Value::NONE)
}

fn clear_type_descriptors(vm: &Vm, value: &Value) -> Res {
    let Some(class) = value.get::<TypeObj>() else {
        let kind = vm.arg_name(value);
        return Err(
            vm.type_error(format_args!("_clear_type_descriptors() argument must be type, not {kind}"))
        );
    };
    if !class.has(TypeFlags::HEAP) {
        return Err(vm.type_error("argument is immutable"));
    }
    for name in ["__dict__", "__weakref__"] {
        let name = vm.intern(name)?;
        if class.dict().get_name(&name).is_some() {
            crate::types::type_type::put(vm, value, &name, None)?;
        }
    }
    Ok(Value::NONE)
}

fn frame_module_name(vm: &Vm, args: &[Value]) -> Res {
    let depth = match args.first().filter(|a| !a.is_unbound()) {
        Some(depth) => usize::try_from(vm.index_long(depth)?.max(0)).unwrap_or(usize::MAX),
        None => 0,
    };
    let frame = vm.thread.stacks.iter().filter(|frame| !frame.is_boundary()).nth(depth);
    Ok(frame.map_or(Value::NONE, |frame| frame.function().module.bound().cloned().unwrap_or(Value::NONE)))
}

fn current_exceptions(vm: &Vm, _: &[Value]) -> Res {
    let mut found = Vec::new();
    vm.each_thread(&mut |ident, thread| found.push((ident, thread.handled.clone())));
    let dict = vm.new_dict()?;
    for (ident, exception) in found {
        let key = vm.int_from_u64(ident)?;
        dict.set_item(vm, &key, exception)?;
    }
    Ok(dict.into_value())
}

fn intern(vm: &Vm, value: &Value) -> Res {
    if value.exact::<Str>().is_some() {
        return vm.intern_value(value.clone());
    }
    let kind = vm.arg_name(value);
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
    vm.int(vm.sys.recursion_limit.get() as i64)
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
    let depth = vm.thread.stacks.iter().filter(|f| !f.is_boundary()).count() as i64;
    if depth >= limit {
        return Err(vm.recursion_error(format_args!(
            "cannot set the recursion limit to {limit} at the recursion depth {depth}: the limit is too low"
        )));
    }
    vm.sys.recursion_limit.set(limit as usize);
    vm.thread.stacks.set_limit(limit as usize);
    Ok(Value::NONE)
}

fn current_frames(vm: &Vm, _: &[Value]) -> Res {
    let dict = vm.new_dict()?;
    for ident in vm.threads.idents() {
        if let Some(frame) = vm.top_frame_object(ident)? {
            let key = vm.int_from_u64(ident)?;
            let hash = vm.hash(&key)?;
            dict.insert(vm, key, hash, frame)?;
        }
    }
    Ok(dict.into_value())
}

fn get_switch_interval(vm: &Vm, _: &[Value]) -> Res {
    vm.float(vm.threads.lock.interval().as_micros() as f64 * 1e-6)
}

fn set_switch_interval(vm: &Vm, interval: &Value) -> Res {
    let seconds = vm.as_f64(interval)?;
    if seconds <= 0.0 {
        return Err(vm.value_error("switch interval must be strictly positive"));
    }
    vm.threads.lock.set_interval(std::time::Duration::from_micros((seconds * 1e6) as u64));
    Ok(Value::NONE)
}

fn get_digits(vm: &Vm, _: &[Value]) -> Res {
    vm.int(vm.sys.int_max_str_digits.get() as i64)
}

fn set_digits(vm: &Vm, args: &[Value]) -> Res {
    let digits = vm.index_long(&args[0])?;
    if digits != 0 && digits < LEAST_MAX_STR_DIGITS as i64 {
        return Err(
            vm.value_error(format_args!("maxdigits must be >= {LEAST_MAX_STR_DIGITS} or 0 for unlimited"))
        );
    }
    vm.sys.int_max_str_digits.set(digits as usize);
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
    info::streams(vm)
}
