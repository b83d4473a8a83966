//! `sys.settrace`, `sys.setprofile` and what goes with them; the depth to which coroutines remember who made them.

use crate::raised::Res;
use crate::value::Value;
use crate::vm::ThreadState;
use crate::vm::Vm;

/// Whether a run may be traced: one whose instructions are counted runs in forms of its own.
pub fn may_trace(vm: &Vm) -> Res<()> {
    match vm.meter.is_on() {
        true => Err(vm.runtime_error("a run whose instructions are counted cannot be traced")),
        false => Ok(()),
    }
}

fn set(vm: &Vm, slot: &Value, function: &Value) -> Res {
    if !function.is_none() {
        may_trace(vm)?;
    }
    let old = slot.replace(function.clone());
    vm.tracing_changed();
    vm.trace_frames();
    drop(old);
    Ok(Value::NONE)
}

/// `sys.settrace(function)`
pub fn set_trace(vm: &Vm, function: &Value) -> Res {
    set(vm, &vm.thread.trace_function, function)
}

/// The same in all threads.
fn set_everywhere(vm: &Vm, slot: fn(&ThreadState) -> &Value, function: &Value) -> Res {
    if !function.is_none() {
        may_trace(vm)?;
    }
    let mut old = Vec::new();
    vm.each_thread(&mut |_, thread| old.push(slot(thread).replace(function.clone())));
    vm.tracing_changed();
    vm.trace_frames();
    drop(old);
    Ok(Value::NONE)
}

/// `sys._settraceallthreads(function)`
pub fn set_trace_everywhere(vm: &Vm, function: &Value) -> Res {
    set_everywhere(vm, |thread| &thread.trace_function, function)
}

/// `sys._setprofileallthreads(function)`
pub fn set_profile_everywhere(vm: &Vm, function: &Value) -> Res {
    set_everywhere(vm, |thread| &thread.profile_function, function)
}

/// `sys.gettrace()`
pub fn get_trace(vm: &Vm, _: &[Value]) -> Res {
    Ok(vm.thread.trace_function.clone())
}

/// `sys.setprofile(function)`
pub fn set_profile(vm: &Vm, function: &Value) -> Res {
    set(vm, &vm.thread.profile_function, function)
}

/// `sys.getprofile()`
pub fn get_profile(vm: &Vm, _: &[Value]) -> Res {
    Ok(vm.thread.profile_function.clone())
}

/// `sys.call_tracing(func, args)`: of what the call does is told, though a trace function is under way.
pub fn call_tracing(vm: &Vm, function: &Value, args: &Value) -> Res {
    if !args.has::<crate::types::tuple::Tuple>() {
        let kind = vm.type_name(args);
        return Err(vm.type_error(format_args!("call_tracing() argument 2 must be tuple, not {kind}")));
    }
    let args = vm.collect(args)?;
    let under_way = vm.thread.in_event.replace(0);
    let result = vm.call(function, &args);
    vm.thread.in_event.set(under_way);
    result
}

/// `sys.set_coroutine_origin_tracking_depth(depth)`
pub fn set_origin_depth(vm: &Vm, args: &[Value]) -> Res {
    match u32::try_from(vm.index_c_int(&args[0])?) {
        Ok(depth) => vm.thread.origin_depth.set(depth),
        Err(_) => return Err(vm.value_error("depth must be >= 0")),
    }
    Ok(Value::NONE)
}

/// `sys.get_coroutine_origin_tracking_depth()`
pub fn get_origin_depth(vm: &Vm, _: &[Value]) -> Res {
    vm.int(i64::from(vm.thread.origin_depth.get()))
}
