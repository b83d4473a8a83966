//! What is told from Rust's side of a traced run: lines and exceptions to who watches, and the limit of instructions that a script has set for
//! itself (`vm/tracing.rs`).

use crate::object::native::NativeFunction;
use crate::object::ty::TypeObj;
use crate::raised::Res;
use crate::types::function::BoundMethod;
use crate::value::Value;
use crate::vm::Vm;

/// Whether nobody is to be told of anything at the moment.
pub(super) fn is_quiet(vm: &Vm) -> bool {
    !vm.tracing.is_on() || vm.thread.in_event.get() != 0 || vm.thread.stacks.top().is_boundary()
}

/// An instruction begins, of which the limit that a script has set for itself may know.
pub(super) fn count_step(vm: &Vm) -> Res<()> {
    match vm.tracing.steps.get() {
        None => Ok(()),
        Some(0) => {
            vm.limit_steps(None);
            let class = vm.limit_class()?;
            let message = vm.str("as many instructions were executed as ryokan.limit() allows")?;
            let exception = vm.exception_of(&class, message)?;
            Err(vm.raise_value(exception))
        }
        Some(left) => {
            vm.tracing.steps.set(Some(left - 1));
            Ok(())
        }
    }
}

/// Tells who watches from Rust that a line begins.
pub(super) fn tell_of_line(vm: &Vm, line: u32) {
    let watcher = vm.tracing.watcher.borrow().clone();
    if let Some(watcher) = watcher {
        watcher.line(vm, line);
    }
}

/// Tells who watches from Rust that an exception came up, and not again.
pub(super) fn tell_of_exception(vm: &Vm, exception: &Value, again: bool) {
    let watcher = vm.tracing.watcher.borrow().clone();
    if let Some(watcher) = watcher.filter(|_| !again) {
        watcher.raised(vm, exception);
    }
}

/// A native function as a profile function sees it: a method with the object that it is of.
pub(super) fn native_shown(vm: &Vm, callable: &Value, argument: &Value) -> Res<Option<Value>> {
    let of_class =
        callable.get::<BoundMethod>().is_some_and(|method| method.function.has::<NativeFunction>());
    if of_class {
        return Ok(Some(callable.clone()));
    }
    let Some(native) = callable.get::<NativeFunction>() else { return Ok(None) };
    match (native.owner.get::<TypeObj>(), vm.slots(callable).get()) {
        (Some(_), Some(bind)) if native.this.is_unbound() => {
            let class = vm.type_of(argument).to_value();
            bind.call(vm, callable, Some(argument), &class).map(Some)
        }
        _ => Ok(Some(callable.clone())),
    }
}
