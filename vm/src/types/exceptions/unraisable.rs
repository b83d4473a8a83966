//! Exceptions that nobody can catch: raised by a `__del__`, a weak reference's callback, or the end of a generator.
//!
//! They are reported to `sys.unraisablehook`, whose default prints them.

use super::Exception;
use crate::object::native::NativeFunction;
use crate::raised::Res;
use crate::types::function::{BoundMethod, Function};
use crate::types::generator::Generator;
use crate::types::records;
use crate::types::str::Text;
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
    if let Err(raised) = report(vm, exception, what, source) {
        drop(vm.take_raised(raised));
    }
    vm.thread.raised.set(pending);
}

fn report(vm: &Vm, exception: &Value, what: &str, source: &Value) -> Res<()> {
    let hook = vm.sys_attr("unraisablehook")?.filter(|hook| !hook.is_none() && !hook.has::<NativeFunction>());
    let Some(hook) = hook else { return print(vm, exception, what, source) };
    let class = vm.type_of(exception).to_value();
    let traceback = exception.get::<Exception>().map_or(Value::NONE, |e| e.traceback.clone());
    let message =
        if what == "in" { Value::NONE } else { vm.display(format_args!("Exception ignored {what}"))? };
    let fields = ["exc_type", "exc_value", "exc_traceback", "err_msg", "object"];
    let kind = records::class(vm, "sys", "UnraisableHookArgs", &fields, fields.len())?;
    let args =
        records::record(vm, &kind, vec![class, exception.clone(), traceback, message, source.clone()])?;
    let Err(raised) = vm.call(&hook, &[args]) else { return Ok(()) };
    // The hook's own exception is the one that is reported then.
    let failed = vm.take_raised(raised);
    print(vm, &failed, "in sys.unraisablehook", &hook)
}

/// What `sys.unraisablehook` does with its argument unless a script replaces it.
pub fn unraisable_hook(vm: &Vm, args: &Value) -> Res {
    let Some([_, exception, _, message, source]) = args.get::<Tuple>().map(Tuple::items) else {
        return Err(vm.type_error("sys.unraisablehook argument type must be UnraisableHookArgs"));
    };
    let text = vm.text(message);
    let what = text.strip_prefix("Exception ignored ").unwrap_or("in");
    print(vm, exception, what, source)?;
    Ok(Value::NONE)
}

fn print(vm: &Vm, exception: &Value, what: &str, source: &Value) -> Res<()> {
    let colon = if what == "in" { ":" } else { "" };
    let head = if source.is_none() {
        Text::written(vm, format_args!("Exception ignored {what}:"))
    } else {
        let shown = match vm.repr(source) {
            Ok(text) => vm.text(&text),
            Err(raised) => {
                drop(vm.take_raised(raised));
                Text::from("<object repr() failed>")
            }
        };
        let end = if colon.is_empty() { ":" } else { "" };
        Text::written(vm, format_args!("Exception ignored {what}{colon} {shown}{end}"))
    };
    vm.to_stderr(|out| {
        out.write_str(&head)?;
        out.write_str("\n")?;
        vm.write_exception_plainly(exception, out)
    })
}
