//! What is told of an exception that nobody caught in another interpreter: its class, its texts and its traceback, as texts.

use ryokan_vm::native::*;

use super::load::Load;
use super::pack::pack_texts;
use super::unpack::unpack;

/// What is told, packed. What cannot be told, for want of memory or of time, is left out. Runs Python (the exception's `__str__`,
/// `traceback`); raises nothing.
pub fn pack_caught(cx: &Cx, exception: &Value) -> Load {
    let class = cx.class_of(exception);
    let text = |of: Res| match of {
        Ok(text) if cx.is_str(&text) => text,
        Ok(_) => Value::NONE,
        Err(raised) => {
            drop(cx.take_raised(raised));
            Value::NONE
        }
    };
    let name = text(cx.attr(&class, "__name__"));
    let qualname = text(cx.attr(&class, "__qualname__"));
    let module = text(cx.attr(&class, "__module__"));
    let message = text(cx.str(exception).and_then(|message| message.into_value(cx)));
    let formatted = text(formatted(cx, &module, &qualname, &message));
    let shown = text(display(cx, exception));
    pack_texts(cx, &[name, qualname, module, message, formatted, shown])
}

/// `module.Class: message`
fn formatted(cx: &Cx, module: &Value, qualname: &Value, message: &Value) -> Res {
    let mut writer = StrWriter::new(cx);
    if qualname.is_none() {
        return Ok(message.clone());
    }
    let is_plain =
        module.is_none() || ["builtins", "__main__"].contains(&cx.str(module)?.as_str());
    if !is_plain {
        writer.push_value(module)?;
        writer.push_str(".")?;
    }
    writer.push_value(qualname)?;
    if !message.is_none() {
        writer.push_str(": ")?;
        writer.push_value(message)?;
    }
    writer.finish()
}

/// The traceback and the exception, as they would be printed, without the end of the last line.
pub fn display(cx: &Cx, exception: &Value) -> Res {
    let traceback = cx.import("traceback")?;
    let lines = cx.call_method(&traceback, "format_exception", (exception,))?;
    let text = cx.call_method(&"".into_value(cx)?, "join", (lines,))?;
    cx.call_method(&text, "rstrip", ("\n",))
}

/// What was told, as `_interpreters` gives it. Runs no Python; `MemoryError`.
pub fn unpack_caught(cx: &Cx, load: &Load) -> Res {
    let told = unpack(cx, load)?;
    let told = Tuple::of(&told).filter(|told| told.len() == 6);
    let Some(told) = told else { return Err(cx.system_error("an exception was told otherwise")) };
    let [name, qualname, module, message, formatted, shown] = told.as_slice() else {
        return Err(cx.system_error("an exception was told otherwise"));
    };
    let class = [("__name__", name), ("__qualname__", qualname), ("__module__", module)];
    let class = cx.new_namespace(&class)?;
    cx.new_namespace(&[("type", &class), ("msg", message), ("formatted", formatted), ("errdisplay", shown)])
}
