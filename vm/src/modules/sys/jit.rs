//! `sys._jit`: whether code is compiled to the machine's own while it runs. It never is.

use crate::modules::NativeModule;
use crate::object::native::{Call, Method, method};
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// The module's row; `sys` has it as an attribute.
pub static MODULE: NativeModule = NativeModule {
    name: "sys._jit",
    doc: "What is known of just-in-time compilation.",
    functions: FUNCTIONS,
    fill: |_, _| Ok(()),
};

static FUNCTIONS: &[Method] = &[
    method("is_available", "()", Call::Slice(no), "Whether this interpreter has a JIT compiler."),
    method("is_enabled", "()", Call::Slice(no), "Whether it is switched on."),
    method("is_active", "()", Call::Slice(no), "Whether the calling frame runs what it has made."),
];

fn no(_: &Vm, _: &[Value]) -> Res {
    Ok(Value::FALSE)
}
