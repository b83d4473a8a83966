//! What `sys` says of exceptions and of the prompt.

use std::fmt::{self, Write};

use super::textio;
use crate::object::call::Args;
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::types::exceptions::Exception;
use crate::types::str::StrBuilder;
use crate::types::str::text::stood_for;
use crate::value::Value;
use crate::vm::Vm;

pub(super) fn exc_info(vm: &Vm, _: &[Value]) -> Res {
    let handled = vm.thread.handled.clone();
    if handled.is_none() {
        return vm.new_tuple(vec![Value::NONE, Value::NONE, Value::NONE]);
    }
    let class = vm.type_of(&handled).to_value();
    let traceback = handled.get::<Exception>().map_or(Value::NONE, |e| e.traceback.clone());
    vm.new_tuple(vec![class, handled, traceback])
}

pub(super) fn exception(vm: &Vm, _: &[Value]) -> Res {
    Ok(vm.thread.handled.clone())
}

crate::native_record! {
    /// The functions that are called for asynchronous generators: at their first turn, and instead of their end.
    static ASYNCGEN_HOOKS = "asyncgen_hooks" uncalled { firstiter, finalizer };
}

pub(super) fn get_asyncgen_hooks(vm: &Vm, _: &[Value]) -> Res {
    crate::native::Cx::of(vm).record(&ASYNCGEN_HOOKS, vm.thread.async_hooks.to_vec())
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
    for (at, slot) in vm.thread.async_hooks.iter().enumerate() {
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
    if value.has::<Exception>() {
        vm.to_stderr(|out| vm.write_exception(value, out))?;
        return Ok(Value::NONE);
    }
    let kind = vm.type_name(value);
    vm.to_stderr(|out| {
        writeln!(out, "TypeError: print_exception(): Exception expected for value, {kind} found")
    })?;
    Ok(Value::NONE)
}

impl Vm {
    /// Lets something be written to `sys.stderr`, or to the host's if that is gone. The system's own stream gets it piece by piece,
    /// however long it is; another object gets it at once. Runs Python: the `write` of that object, and what is run to write. Raises
    /// what that object raises, `OSError` of the system's stream, and `MemoryError` where writing fails otherwise.
    pub fn to_stderr(&self, write: impl FnOnce(&mut dyn Write) -> fmt::Result) -> Res<()> {
        let file = self.sys_attr("stderr")?.filter(|file| !file.is_none());
        if let Some(file) = file.filter(|file| textio::stream_of(self, file) != Some(2)) {
            let mut out = StrBuilder::new(self);
            return match write(&mut out) {
                Ok(()) => self.call_method(&file, &self.names.write, &[out.finish()?]).map(drop),
                Err(fmt::Error) => Err(self.no_memory()),
            };
        }
        let mut out = Pieces { vm: self, gathered: String::new(), failed: None };
        if write(&mut out).is_ok() {
            let _ = out.send();
        }
        out.failed.map_or(Ok(()), |error| Err(self.os_error(&error, None)))
    }
}

/// What goes to the system's standard error, some of it at a time.
struct Pieces<'v> {
    vm: &'v Vm,
    gathered: String,
    failed: Option<std::io::Error>,
}

/// So many bytes are sent at once.
const PIECE: usize = 8192;

impl Pieces<'_> {
    fn send(&mut self) -> fmt::Result {
        let text = std::mem::take(&mut self.gathered);
        self.pass(&text)
    }
    fn pass(&mut self, text: &str) -> fmt::Result {
        self.vm.host.write_stderr(text.as_bytes()).map_err(|error| {
            self.failed = Some(error);
            fmt::Error
        })
    }
}

impl Write for Pieces<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        // Standard error escapes what is not UTF-8.
        if let Some(surrogate) = stood_for(text) {
            return write!(self, "\\u{surrogate:x}");
        }
        if self.gathered.len() + text.len() > PIECE {
            self.send()?;
        }
        if text.len() > PIECE {
            return self.pass(text);
        }
        self.gathered.push_str(text);
        Ok(())
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

/// What `breakpoint()` calls, with its arguments: what `PYTHONBREAKPOINT` names at this time, `pdb.set_trace` if nothing, nothing if `0`.
pub(super) fn breakpoint_hook(vm: &Vm, args: Args<'_>) -> Res {
    let named = match ignores_environment(vm)? {
        true => None,
        false => vm.host.env("PYTHONBREAKPOINT").filter(|named| !named.is_empty()),
    };
    let path = named.as_deref().unwrap_or("pdb.set_trace");
    if path == "0" {
        return Ok(Value::NONE);
    }
    match hook_at(vm, path)? {
        Some(hook) => vm.call_args(&hook, args),
        None => {
            let message = format!("Ignoring unimportable $PYTHONBREAKPOINT: \"{path}\"");
            vm.warn("RuntimeWarning", &message, 1).map(|()| Value::NONE)
        }
    }
}

/// `-E`, `-I`
fn ignores_environment(vm: &Vm) -> Res<bool> {
    let Some(flags) = vm.sys_attr("flags")? else { return Ok(false) };
    vm.truth(&vm.get_attr(&flags, &vm.intern("ignore_environment")?)?)
}

/// What a dotted name means: an attribute of a module, which is imported, or a builtin. Runs Python.
fn hook_at(vm: &Vm, path: &str) -> Res<Option<Value>> {
    let (module, name) = match path.rsplit_once('.') {
        None => ("builtins", path),
        Some(("", _)) => return Ok(None),
        Some(parts) => parts,
    };
    let module = match vm.import_name(module) {
        Ok(module) => module,
        Err(raised) if vm.raised_is(&raised, &vm.exc.ImportError) => {
            drop(vm.take_raised(raised));
            return Ok(None);
        }
        Err(raised) => return Err(raised),
    };
    vm.get_attr_opt(&module, &vm.intern(name)?)
}
