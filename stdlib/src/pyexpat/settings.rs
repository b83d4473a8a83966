//! What a parser can be asked and told beside reading.

use ryokan_vm::native::*;

use super::drive::flush;
use super::errors::Code;
use super::parser::{Parser, on};

/// A str, or None. `TypeError` about an argument.
pub fn text_or_none(cx: &Cx, value: &Value, argument: impl std::fmt::Display) -> Res<Option<String>> {
    if value.is_none() {
        return Ok(None);
    }
    if cx.is_str(value) {
        return String::from_python(cx, value).map(Some);
    }
    let kind = cx.arg_name(value);
    Err(cx.type_error(format_args!("{argument} must be str or None, not {kind}")))
}

pub fn handler(this: &Parser, at: usize) -> Value {
    this.handlers.get(at).unwrap_or(Value::NONE)
}
/// Sets a handler, or takes it away. Runs Python: text that waits is told to the old one.
pub fn set_handler(cx: &Cx, this: This<Parser>, at: usize, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(no_deleting(cx)) };
    if at == on::CHARACTER_DATA {
        flush(cx, this)?;
    }
    match at {
        on::DEFAULT => this.expand.set(false),
        on::DEFAULT_EXPAND => this.expand.set(true),
        _ => {}
    }
    drop(this.handlers.replace(at, value.clone()));
    Ok(())
}
#[cold]
fn no_deleting(cx: &Cx) -> Raised {
    cx.runtime_error("Cannot delete attribute")
}

pub fn error_code(cx: &Cx, this: This<Parser>) -> Res<i64> {
    this.machine.with(cx, |machine| machine.failed.map_or(0, |code| code as i64))
}
pub fn line(cx: &Cx, this: This<Parser>) -> Res<u64> {
    this.machine.with(cx, |machine| machine.event.line)
}
pub fn column(cx: &Cx, this: This<Parser>) -> Res<u64> {
    this.machine.with(cx, |machine| machine.event.column)
}
pub fn byte(cx: &Cx, this: This<Parser>) -> Res<i64> {
    this.machine.with(cx, |machine| if machine.started { machine.event.byte as i64 } else { -1 })
}

fn flag(cx: &Cx, value: Option<&Value>) -> Res<bool> {
    match value {
        Some(value) => bool::from_python(cx, value),
        None => Err(no_deleting(cx)),
    }
}
pub fn buffer_text(cx: &Cx, this: This<Parser>) -> Res<bool> {
    this.buffer.with(cx, |buffer| buffer.is_some())
}
pub fn set_buffer_text(cx: &Cx, this: This<Parser>, value: Option<&Value>) -> Res<()> {
    let on = flag(cx, value)?;
    if !on {
        flush(cx, this)?;
    }
    this.buffer.with(cx, |buffer| match (on, &buffer) {
        (true, None) => *buffer = Some(String::new()),
        (false, Some(_)) => *buffer = None,
        _ => {}
    })
}
pub fn buffer_used(cx: &Cx, this: This<Parser>) -> Res<usize> {
    this.buffer.with(cx, |buffer| buffer.as_ref().map_or(0, String::len))
}
pub fn set_buffer_size(cx: &Cx, this: This<Parser>, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(no_deleting(cx)) };
    if !cx.is_instance(value, &cx.builtin("int")?)? {
        return Err(cx.type_error("buffer_size must be an integer"));
    }
    let size = match cx.index_i128(value)? {
        Some(size) if size <= 0 => return Err(cx.value_error("buffer_size must be greater than zero")),
        Some(size) if size <= i128::from(i32::MAX) => size as usize,
        _ => {
            let most = i32::MAX;
            return Err(cx.value_error(format_args!("buffer_size must not be greater than {most}")));
        }
    };
    if size != this.buffer_size.get() {
        flush(cx, this)?;
        this.buffer_size.set(size);
    }
    Ok(())
}
pub fn prefixes(cx: &Cx, this: This<Parser>) -> Res<bool> {
    this.machine.with(cx, |machine| machine.namespaces.as_ref().is_some_and(|names| names.prefixes))
}
pub fn set_prefixes(cx: &Cx, this: This<Parser>, value: Option<&Value>) -> Res<()> {
    let on = flag(cx, value)?;
    this.machine.with(cx, |machine| {
        if let Some(names) = &mut machine.namespaces {
            names.prefixes = on;
        }
    })
}
pub fn set_ordered(cx: &Cx, this: This<Parser>, value: Option<&Value>) -> Res<()> {
    this.ordered.set(flag(cx, value)?);
    Ok(())
}
pub fn set_specified(cx: &Cx, this: This<Parser>, value: Option<&Value>) -> Res<()> {
    this.specified.set(flag(cx, value)?);
    Ok(())
}

pub fn set_base(cx: &Cx, this: This<Parser>, base: Text) -> Res<()> {
    this.machine.with(cx, |machine| machine.base = Some(base.to_string()))
}
pub fn base(cx: &Cx, this: This<Parser>) -> Res<Option<String>> {
    this.machine.with(cx, |machine| machine.base.clone())
}
pub fn input_context(cx: &Cx, this: This<Parser>) -> Res {
    if !this.busy.get() {
        return Ok(Value::NONE);
    }
    let mut out = ByteWriter::new(cx);
    this.machine.with(cx, |machine| out.push(machine.input_context()))??;
    out.finish()
}
pub fn set_param_parsing(cx: &Cx, this: This<Parser>, flag: i32) -> Res<i32> {
    this.machine.with(cx, |machine| {
        if machine.started {
            return 0;
        }
        machine.param_parsing = flag;
        1
    })
}
pub fn use_foreign_dtd(cx: &Cx, this: This<Parser>, flag: bool) -> Res<()> {
    let set = this.machine.with(cx, |machine| {
        if !machine.started {
            machine.foreign_dtd = flag;
        }
        !machine.started
    })?;
    if set { Ok(()) } else { Err(this.error(cx, Code::CantChange as i64, None)) }
}
pub fn deferral(cx: &Cx, this: This<Parser>) -> Res<bool> {
    this.machine.with(cx, |machine| machine.deferral)
}
pub fn set_deferral(cx: &Cx, this: This<Parser>, enabled: bool) -> Res<()> {
    this.machine.with(cx, |machine| machine.deferral = enabled)
}

/// `ExpatError` unless a factor is one, and the parser that of a document.
fn check_factor(cx: &Cx, this: This<Parser>, factor: f64) -> Res<()> {
    let invalid = |message| Err(this.error(cx, Code::InvalidArgument as i64, Some(message)));
    if this.is_external() {
        return invalid("parser must be a root parser");
    }
    // What is no number is not.
    if factor >= 1.0 { Ok(()) } else { invalid("'max_factor' must be at least 1.0") }
}
pub fn set_amplification(cx: &Cx, this: This<Parser>, factor: f64) -> Res<()> {
    check_factor(cx, this, factor)?;
    this.machine.with(cx, |machine| machine.account.most.set(factor))
}
fn threshold_of(cx: &Cx, this: This<Parser>, threshold: &Value) -> Res<u64> {
    let threshold = match cx.index_i128(threshold)? {
        Some(number) if number < 0 => return Err(cx.value_error("Cannot convert negative int")),
        Some(number) => u64::try_from(number).ok(),
        None => None,
    };
    let Some(threshold) = threshold else {
        return Err(cx.overflow_error("Python int too large for C unsigned long long"));
    };
    if this.is_external() {
        let message = Some("parser must be a root parser");
        return Err(this.error(cx, Code::InvalidArgument as i64, message));
    }
    Ok(threshold)
}
/// The same of what is kept of a document.
pub fn set_kept_amplification(cx: &Cx, this: This<Parser>, factor: f64) -> Res<()> {
    check_factor(cx, this, factor)?;
    this.machine.with(cx, |machine| machine.account.most_kept.set(factor))
}
pub fn set_kept_threshold(cx: &Cx, this: This<Parser>, threshold: Value) -> Res<()> {
    let threshold = threshold_of(cx, this, &threshold)?;
    this.machine.with(cx, |machine| machine.account.threshold_kept.set(threshold))
}
pub fn set_threshold(cx: &Cx, this: This<Parser>, threshold: Value) -> Res<()> {
    let threshold = threshold_of(cx, this, &threshold)?;
    this.machine.with(cx, |machine| machine.account.threshold.set(threshold))
}
