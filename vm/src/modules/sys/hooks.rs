//! What `sys` says of exceptions and of the prompt.

use crate::modules::records;
use crate::object::call::Args;
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::exceptions::Exception;
use crate::value::Value;
use crate::vm::Vm;

pub(super) fn exc_info(vm: &Vm, _: &[Value]) -> Res {
    let handled = vm.handled.clone();
    if handled.is_none() {
        return vm.new_tuple(vec![Value::NONE, Value::NONE, Value::NONE]);
    }
    let class = vm.type_of(&handled).to_value();
    let traceback = handled.get::<Exception>().map_or(Value::NONE, |e| e.traceback.clone());
    vm.new_tuple(vec![class, handled, traceback])
}

pub(super) fn exception(vm: &Vm, _: &[Value]) -> Res {
    Ok(vm.handled.clone())
}

pub(super) fn get_asyncgen_hooks(vm: &Vm, _: &[Value]) -> Res {
    if vm.async_hooks_class.is_unbound() {
        let made = records::class(vm, "builtins", "asyncgen_hooks", &["firstiter", "finalizer"], 2)?;
        vm.async_hooks_class.set(made);
    }
    records::record(vm, &vm.async_hooks_class, vm.async_hooks.to_vec())
}

pub(super) fn set_asyncgen_hooks(vm: &Vm, args: &[Value]) -> Res {
    let given = |at: usize| args.get(at).filter(|a| !a.is_unbound());
    // Both are looked at before either is set.
    for (at, name) in [(1, "finalizer"), (0, "firstiter")] {
        if let Some(hook) = given(at)
            && !hook.is_none()
            && vm.slots(hook).call().is_none()
        {
            let kind = vm.type_name(hook);
            return Err(vm.type_error(format_args!("callable {name} expected, got {kind}")));
        }
    }
    for (at, slot) in vm.async_hooks.iter().enumerate() {
        if let Some(hook) = given(at) {
            slot.set(hook.clone());
        }
    }
    Ok(Value::NONE)
}

pub(super) fn exit(vm: &Vm, args: &[Value]) -> Res {
    let status = args.first().filter(|a| !a.is_unbound()).cloned();
    // A tuple's items are the arguments of the exception, None is no argument.
    let args = match status {
        None => Vec::new(),
        Some(status) if status.is_none() => Vec::new(),
        Some(status) => match status.get::<crate::types::tuple::Tuple>() {
            Some(tuple) => tuple.items().to_vec(),
            None => vec![status],
        },
    };
    let error = vm.call(&vm.exc.SystemExit.to_value(), &args)?;
    Err(vm.raise_value(error))
}

pub(super) fn except_hook(vm: &Vm, _: &Value, value: &Value, _: &Value) -> Res {
    let text = if value.has::<Exception>() {
        vm.print_exception(value)
    } else {
        let shown = vm.repr(value)?;
        format!(
            "TypeError: print_exception(): Exception expected for value, {} found\n{}\n",
            vm.type_name(value),
            vm.text(&shown)
        )
    };
    write_stderr(vm, &text)?;
    Ok(Value::NONE)
}

/// Writes a text to `sys.stderr`, or to the host's if that is gone.
pub fn write_stderr(vm: &Vm, text: &str) -> Res<()> {
    match vm.sys_attr("stderr")? {
        Some(file) if !file.is_none() => vm.call_method(&file, &vm.names.write, &[vm.str(text)?]).map(drop),
        _ => vm.host.write_stderr(text.as_bytes()).map_err(|e| vm.os_error(&e, None)),
    }
}

/// What a prompt does with the value of an expression.
pub fn display_hook(vm: &Vm, value: &Value) -> Res<()> {
    let Some(hook) = vm.sys_attr("displayhook")? else {
        return Err(vm.runtime_error("lost sys.displayhook"));
    };
    vm.call(&hook, &[value.clone()]).map(drop)
}

pub(super) fn display(vm: &Vm, value: &Value) -> Res {
    if value.is_none() {
        return Ok(Value::NONE);
    }
    let Some(builtins) = vm.builtins.get::<Dict>() else {
        return Err(vm.runtime_error("lost builtins module"));
    };
    let last = vm.intern("_")?;
    builtins.set_name(vm, &last, Value::NONE)?;
    let file = match vm.sys_attr("stdout")? {
        Some(file) if !file.is_none() => file,
        _ => return Err(vm.runtime_error("lost sys.stdout")),
    };
    let shown = vm.repr(value)?;
    vm.call_method(&file, &vm.names.write, &[shown])?;
    vm.call_method(&file, &vm.names.write, &[vm.str("\n")?])?;
    builtins.set_name(vm, &last, value.clone())?;
    Ok(Value::NONE)
}

pub(super) fn breakpoint_hook(vm: &Vm, _: Args<'_>) -> Res {
    let debugger = vm.import_name("pdb")?;
    vm.call_method(&debugger, &vm.intern("set_trace")?, &[])
}
