//! What is executed in another interpreter: texts and codes that want nothing, and functions that need nothing but builtins.

use ryokan_vm::native::*;

use super::load::Load;
use super::pack::pack_bytes;

/// Where a script says that it is.
const FILENAME: &str = "<script>";

/// A script as the bytes of its code. Runs Python (warnings); `TypeError` for what is none, `SyntaxError`, and `ValueError` for a function
/// that wants arguments, gives something or is a closure.
pub fn pack_script(cx: &Cx, script: &Value) -> Res<Load> {
    let code = match script {
        code if cx.is_code(code) => checked(cx, code.clone())?,
        function if cx.is_function(function) => checked(cx, cx.attr(function, "__code__")?)?,
        text if cx.is_str(text) => compile(cx, text)?,
        bytes => match Buffer::of(cx, bytes) {
            Ok(buffer) => {
                cx.room_for_bytes(buffer.len())?;
                let copy = buffer.read(|bytes| Bytes::new(cx, bytes))?;
                compile(cx, copy.value())?
            }
            Err(raised) if cx.is_raised(&raised, "TypeError") => {
                drop(cx.take_raised(raised));
                let shown = cx.repr(script)?;
                return Err(cx.type_error(format_args!("unsupported script {shown}")));
            }
            Err(raised) => return Err(raised),
        },
    };
    pack_bytes(cx, cx.code_as_bytes(&code)?.as_slice())
}

fn compile(cx: &Cx, source: &Value) -> Res {
    let slots = [
        source.clone(),
        FILENAME.into_value(cx)?,
        "exec".into_value(cx)?,
        Value::TRUE,
        Value::small(0),
    ];
    let names = [cx.intern("dont_inherit")?, cx.intern("optimize")?];
    cx.call_named(&cx.builtin("compile")?, &slots, &names)
}

/// A code that can be a script.
fn checked(cx: &Cx, code: Value) -> Res {
    let Some(facts) = cx.code_facts(&code)? else { return Err(cx.type_error("expected a code object")) };
    let wrong = match () {
        () if facts.is_closure => "closures not supported",
        () if facts.takes_args => "code with args not supported",
        () if !facts.returns_only_none => "code that returns a value is not a script",
        () => return Ok(code),
    };
    Err(cx.value_error(wrong))
}

/// Whether a function is all in its code: `ValueError` if it has defaults, is a closure, or reads globals that are no builtins.
pub fn check_stateless(cx: &Cx, function: &Value) -> Res<()> {
    let refuse = |what: &str| Err(cx.value_error(format_args!("{what} not supported")));
    let has = |name: &str| -> Res<bool> {
        let part = cx.attr(function, name)?;
        Ok(!part.is_none() && cx.len(&part)? > 0)
    };
    if has("__defaults__")? {
        return refuse("defaults");
    }
    if has("__kwdefaults__")? {
        return refuse("keyword defaults");
    }
    if !cx.attr(function, "__closure__")?.is_none() {
        return refuse("closures");
    }
    let Some(facts) = cx.code_facts(&cx.attr(function, "__code__")?)? else { return refuse("such code") };
    let globals = Dict::of(&cx.attr(function, "__globals__")?);
    let builtins = Dict::of(&cx.attr(function, "__builtins__")?);
    let (Some(globals), Some(builtins)) = (globals, builtins) else { return refuse("globals") };
    for name in &facts.reads {
        cx.work(1)?;
        if globals.get(cx, name)?.is_some() || builtins.get(cx, name)?.is_none() {
            return refuse("globals");
        }
    }
    Ok(())
}
