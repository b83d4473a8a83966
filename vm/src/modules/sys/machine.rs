//! `sys`: what concerns the machine under the interpreter, of which it has little: no extension modules that the system's loader
//! brings, and no trampolines for a profiler of the system.

use crate::object::native::{Call, Method, method};
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

pub(super) static FUNCTIONS: &[Method] = &[
    method(
        "getdlopenflags",
        "()",
        Call::Slice(|vm, _| vm.int(i64::from(vm.sys.dlopen_flags.get()))),
        "The flags that extension modules would be loaded with: `RTLD_` constants of `os`.",
    ),
    method(
        "setdlopenflags",
        "(flags, /)",
        Call::One(set_dlopen_flags),
        "Sets the flags that extension modules would be loaded with. Here there are none: the number is\nremembered.",
    ),
    method(
        "activate_stack_trampoline",
        "(backend, /)",
        Call::One(activate_trampoline),
        "Lets a profiler of the system see functions of Python. ValueError: this interpreter has nothing\nthat it could see.",
    ),
    method(
        "deactivate_stack_trampoline",
        "()",
        Call::Slice(|_, _| Ok(Value::NONE)),
        "Ends what activate_stack_trampoline began: nothing.",
    ),
    method(
        "is_stack_trampoline_active",
        "()",
        Call::Slice(|_, _| Ok(Value::FALSE)),
        "Whether a profiler of the system sees functions of Python. It never does.",
    ),
];

fn set_dlopen_flags(vm: &Vm, flags: &Value) -> Res {
    let flags = vm.index(flags)?;
    let small = super::small_int(&flags).and_then(|flags| i32::try_from(flags).ok());
    let flags = small.ok_or_else(|| vm.overflow_error("Python int too large to convert to C int"))?;
    vm.sys.dlopen_flags.set(flags);
    Ok(Value::NONE)
}

fn activate_trampoline(vm: &Vm, backend: &Value) -> Res {
    let backend = crate::types::str::args::c_text(vm, backend, "activate_stack_trampoline() argument")?;
    match backend.as_str() {
        "perf" | "perf_jit" => Err(vm.value_error("perf trampoline not available")),
        other => Err(vm.value_error(format_args!("invalid backend: {other}"))),
    }
}
