//! Exceptions that nobody can catch: raised by a `__del__`, a weak reference's callback, or the end of a generator.
//!
//! They are reported to `sys.unraisablehook`, whose default prints them.

use super::Exception;
use crate::object::kind::ClassKey;
use crate::object::native::NativeFunction;
use crate::object::ty::TypeDef;
use crate::raised::Res;
use crate::types::function::{BoundMethod, Function};
use crate::types::generator::Generator;
use crate::types::records::{self, Fields};
use crate::types::str::Text;
use crate::types::traceback;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// Reports an exception that came from a finalizer (a function, a method or a generator).
pub fn unraisable(vm: &Vm, exception: &Value, source: &Value) {
    let what = if source.has::<Generator>() {
        "while closing generator"
    } else if source.has::<Function>() || source.has::<BoundMethod>() {
        "while calling deallocator"
    } else {
        "in"
    };
    unraisable_message(vm, exception, what, source);
}

/// The same, with what the interpreter was doing: `Exception ignored {what} {repr(source)}`; `in` means that there is nothing
/// to say about it.
pub fn unraisable_message(vm: &Vm, exception: &Value, what: &str, source: &Value) {
    let pending = vm.thread.raised.take();
    // What native code has raised tells at least where the program stands.
    if let Some(payload) = exception.get::<Exception>()
        && payload.traceback.is_none()
    {
        match traceback::here(vm) {
            Ok(here) => payload.traceback.set(here),
            Err(raised) => drop(vm.take_raised(raised)),
        }
    }
    if let Err(raised) = report(vm, exception, what, source) {
        drop(vm.take_raised(raised));
    }
    vm.thread.raised.set(pending);
}

/// What is said of an exception: the message, if there is one, and the object that is named behind it.
fn message(vm: &Vm, what: &str, source: &Value) -> Res<(Value, Value)> {
    if what == "in" {
        return Ok((Value::NONE, source.clone()));
    }
    if source.is_none() {
        return Ok((vm.display(format_args!("Exception ignored {what}"))?, Value::NONE));
    }
    let text = shown(vm, source);
    Ok((vm.display(format_args!("Exception ignored {what} {text}"))?, Value::NONE))
}

fn shown(vm: &Vm, source: &Value) -> Text {
    match vm.repr(source) {
        Ok(text) => vm.text(&text),
        Err(raised) => {
            drop(vm.take_raised(raised));
            Text::from("<object repr() failed>")
        }
    }
}

fn report(vm: &Vm, exception: &Value, what: &str, source: &Value) -> Res<()> {
    let (message, object) = message(vm, what, source)?;
    let hook = vm.sys_attr("unraisablehook")?.filter(|hook| !hook.is_none() && !hook.has::<NativeFunction>());
    let Some(hook) = hook else { return print(vm, exception, &message, &object) };
    let class = vm.type_of(exception).to_value();
    let traceback = exception.get::<Exception>().map_or(Value::NONE, |e| e.traceback.clone());
    let values = [class, exception.clone(), traceback, message, object];
    let kind = vm.native_class(&HOOK_ARGS)?;
    let args = records::record(vm, kind.value(), values.to_vec())?;
    let Err(raised) = vm.call(&hook, &[args]) else { return Ok(()) };
    // The hook's own exception is the one that is reported then.
    let failed = vm.take_raised(raised);
    print(vm, &failed, &vm.str("Exception ignored in sys.unraisablehook")?, &hook)
}

static HOOK_ARGS_DEF: TypeDef = records::def(
    "sys.UnraisableHookArgs",
    "What the hook for exceptions that nobody can catch is called with.",
    records::Maker::Sequence,
);
/// What `sys.unraisablehook` is called with.
static HOOK_ARGS: ClassKey = ClassKey::new(|vm| {
    let items = &["exc_type", "exc_value", "exc_traceback", "err_msg", "object"];
    Ok(records::builtin(vm, &HOOK_ARGS_DEF, Fields { items, hidden: &[] })?.into_value())
});

/// What `sys.unraisablehook` does with its argument unless a script replaces it.
pub fn unraisable_hook(vm: &Vm, args: &Value) -> Res {
    let Some([_, exception, _, message, object]) = args.get::<Tuple>().map(Tuple::items) else {
        return Err(vm.type_error("sys.unraisablehook argument type must be UnraisableHookArgs"));
    };
    print(vm, exception, message, object)?;
    Ok(Value::NONE)
}

fn print(vm: &Vm, exception: &Value, message: &Value, object: &Value) -> Res<()> {
    let message =
        if message.is_none() { Text::from("Exception ignored in") } else { vm.text(&vm.to_str(message)?) };
    let head = if object.is_none() {
        Text::written(vm, format_args!("{message}:"))
    } else {
        Text::written(vm, format_args!("{message}: {}", shown(vm, object)))
    };
    vm.to_stderr(|out| {
        writeln!(out, "{head}")?;
        vm.write_exception_plainly(exception, out)
    })
}
