//! The names that the calling frame sees.
//!
//! Native functions push no frame, so the top frame that is not the boundary of a call from Rust is the caller's.

use ryokan_bytecode::LocalKind;

use crate::raised::Res;
use crate::stack::Frame;
use crate::types::cell::CellObj;
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

/// The namespace of a frame, or a new dict of a function's locals.
pub fn frame_locals(vm: &Vm, frame: &Frame) -> Res {
    if let Some(namespace) = frame.namespace()
        && !has_hidden(frame)
    {
        return Ok(namespace.clone());
    }
    let dict = vm.new_dict()?;
    let code = frame.run().object();
    for ((local, name), slot) in code.code.locals.iter().zip(&code.locals).zip(frame.locals()) {
        if vm.text(name).starts_with('.') {
            continue;
        }
        let value = match (local.kind, slot.get::<CellObj>()) {
            (LocalKind::Plain, _) | (_, None) => slot.bound(),
            (_, Some(cell)) => cell.content.bound(),
        };
        if let Some(value) = value {
            dict.set_name(vm, name, value.clone())?;
        }
    }
    Ok(dict.into_value())
}

/// Whether an inlined comprehension runs in a frame: its variables are registers even in a module's or class body.
fn has_hidden(frame: &Frame) -> bool {
    let code = &frame.run().object().code;
    code.locals.iter().zip(frame.locals()).any(|(local, slot)| local.hidden && !slot.is_unbound())
}
