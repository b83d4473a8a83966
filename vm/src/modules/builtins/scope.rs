//! The names that the calling frame sees.
//!
//! Native functions push no frame, so the top frame that is not the boundary of a call from Rust is the caller's.

use crate::raised::Res;
use crate::stack::Frame;
use crate::types::dict::Dict;
use crate::types::frame::variables::frame_locals;
use crate::types::module::Module;
use crate::value::Value;
use crate::vm::Vm;

/// The frame that called, if any Python code runs.
pub fn calling_frame(vm: &Vm) -> Option<&Frame> {
    vm.thread.stacks.iter().find(|f| !f.is_boundary())
}

/// The globals of the calling frame; those of `__main__` if another interpreter calls; the builtins if no Python code runs.
pub fn globals(vm: &Vm) -> Value {
    match calling_frame(vm) {
        Some(frame) => frame.function().globals.clone(),
        None => main_of_call(vm).unwrap_or_else(|| vm.builtins.clone()),
    }
}

/// The namespace of `__main__`, which a call from another interpreter is in.
fn main_of_call(vm: &Vm) -> Option<Value> {
    let modules: &Dict = vm.modules.get().filter(|_| !vm.is_first())?;
    let main: &Module = modules.get_name(&vm.names.__main__)?.get()?;
    Some(main.dict_ref().into_value())
}

/// `locals()` of the calling frame.
pub fn locals(vm: &Vm) -> Res {
    match calling_frame(vm) {
        Some(frame) => frame_locals(vm, frame),
        None => match main_of_call(vm) {
            Some(main) => Ok(main),
            None => Err(vm.system_error("frame does not exist")),
        },
    }
}
