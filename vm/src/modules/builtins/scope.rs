//! The names that the calling frame sees.
//!
//! Native functions push no frame, so the top frame that is not the boundary of a call from Rust is the caller's.

use crate::raised::Res;
use crate::stack::Frame;
use crate::types::frame::variables::frame_locals;
use crate::value::Value;
use crate::vm::Vm;

/// The frame that called, if any Python code runs.
pub fn calling_frame(vm: &Vm) -> Option<&Frame> {
    vm.thread.stacks.iter().find(|f| !f.is_boundary())
}

/// The globals of the calling frame; the builtins if no Python code runs.
pub fn globals(vm: &Vm) -> Value {
    calling_frame(vm).map_or_else(|| vm.builtins.clone(), |f| f.function().globals.clone())
}

/// `locals()` of the calling frame.
pub fn locals(vm: &Vm) -> Res {
    match calling_frame(vm) {
        Some(frame) => frame_locals(vm, frame),
        None => Err(vm.system_error("frame does not exist")),
    }
}
