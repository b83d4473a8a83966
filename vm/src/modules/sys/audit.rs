//! `sys.addaudithook` and `sys.audit`: a script's own events. The interpreter raises none but the one for a new hook.

use crate::object::call::Args;
use crate::raised::Res;
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

/// Calls the hooks, which may add others meanwhile.
fn tell(vm: &Vm, event: &Value, given: &[Value]) -> Res<()> {
    let hooks = vm.tracing.audit_hooks.borrow().clone();
    if hooks.is_empty() {
        return Ok(());
    }
    let given = vm.new_tuple(given.to_vec())?;
    hooks.iter().try_for_each(|hook| vm.call(hook, &[event.clone(), given.clone()]).map(drop))
}

/// `sys.addaudithook(hook)`: one that refuses it with an `Exception` is obeyed without a word.
pub(super) fn add_hook(vm: &Vm, hook: &Value) -> Res {
    match tell(vm, &vm.str("sys.addaudithook")?, &[]) {
        Ok(()) => vm.tracing.audit_hooks.borrow_mut().push(hook.clone()),
        Err(raised) if vm.raised_is(&raised, &vm.exc.Exception) => drop(vm.take_raised(raised)),
        Err(raised) => return Err(raised),
    }
    Ok(Value::NONE)
}

/// `sys.audit(event, *args)`
pub(super) fn audit(vm: &Vm, args: Args<'_>) -> Res {
    if !args.names.is_empty() {
        return Err(vm.type_error("sys.audit() takes no keyword arguments"));
    }
    let Some((event, given)) = args.pos.split_first() else {
        return Err(vm.type_error("audit expected at least 1 argument, got 0"));
    };
    let Some(text) = event.get::<Str>() else {
        return Err(vm.type_error(format_args!("audit() argument 1 must be str, not {}", vm.arg_name(event))));
    };
    if text.chars().iter().any(|c| c == 0) {
        return Err(vm.value_error("embedded null character"));
    }
    tell(vm, event, given)?;
    Ok(Value::NONE)
}
