//! Out of the form in which objects cross: each time a new object of the interpreter that it has come to.

use ryokan_vm::native::*;

use super::load::{Crossing, Letters, Load, ViewOf};
use super::primitives::NOT_SHAREABLE;

native_state! {
    /// The program's file, executed once as if it were imported, for pickles that name what is in it.
    struct State { file: Slot, main: Slot }
}

native_type! {
    "_interpreters.CrossInterpreterBufferView" = pub struct BufferView { bytes: Slot, readonly: std::cell::Cell<bool> }
    methods {
        /// The bytes that have crossed.
        __buffer__(flags: BufferFlags, /) = buffer;
    }
}

fn buffer(cx: &Cx, this: This<BufferView>, flags: BufferFlags) -> Res {
    cx.export(this.value(), &this.bytes.get(), b'B', this.readonly.get(), flags)
}

/// The object. Runs Python where it was pickled; raises what that raises, `NotShareableError` as its consequence.
pub fn unpack(cx: &Cx, load: &Load) -> Res {
    item(cx, &mut load.items.iter())
}

/// The next one, with what is in it.
fn item(cx: &Cx, items: &mut std::slice::Iter<'_, Crossing>) -> Res {
    cx.check_stack()?;
    cx.work(1)?;
    let Some(item) = items.next() else { return Ok(Value::NONE) };
    match item {
        Crossing::None => Ok(Value::NONE),
        Crossing::Bool(truth) => Ok(Value::bool(*truth)),
        Crossing::Int(number) => number.into_value(cx),
        Crossing::Float(number) => number.into_value(cx),
        Crossing::Str(letters) => text(cx, letters),
        Crossing::Bytes(bytes) => {
            cx.work_on_bytes(bytes.len())?;
            bytes.into_value(cx)
        }
        Crossing::Tuple(len) => {
            Tuple::try_from_fn(cx, *len, |_| self::item(cx, items)).map(Tuple::into_value)
        }
        Crossing::View(view) => self::view(cx, view),
        Crossing::Queue { id, .. } => super::queues::unpack_queue(cx, *id),
        Crossing::Channel { id, end, is_object, token } => {
            super::channels::unpack_channel(cx, *id, *end, *is_object, token)
        }
        Crossing::Function(code) => {
            let code = cx.code_of_bytes(code)?;
            cx.function_of_code(&code, &cx.main_namespace()?)
        }
        Crossing::Pickle(bytes, file) => {
            unpickle(cx, bytes, file.as_deref().and_then(|file| std::str::from_utf8(file).ok()))
        }
    }
}

fn text(cx: &Cx, letters: &Letters) -> Res {
    let chars = match letters {
        Letters::One(letters) => Chars::One(letters),
        Letters::Two(letters) => Chars::Two(letters),
        Letters::Four(letters) => Chars::Four(letters),
    };
    cx.work_on_bytes(chars.len())?;
    chars.into_value(cx)
}

fn view(cx: &Cx, view: &ViewOf) -> Res {
    cx.work_on_bytes(view.bytes.len())?;
    let bytes = match view.readonly {
        true => (*view.bytes).into_value(cx)?,
        false => ByteArray::new(cx, &view.bytes)?.value().clone(),
    };
    let readonly = std::cell::Cell::new(view.readonly);
    let holder = cx.new(BufferView { bytes: Slot::new(bytes), readonly })?;
    let whole = cx.call(&cx.builtin("memoryview")?, (holder,))?;
    if &*view.format == "B" && view.shape.len() == 1 {
        return Ok(whole);
    }
    let shape = List::new(cx, view.shape.len())?;
    for size in &view.shape {
        shape.push(cx, *size)?;
    }
    cx.call_method(&whole, "cast", (&*view.format, shape.into_value()))
}

fn unpickle(cx: &Cx, bytes: &[u8], file: Option<&str>) -> Res {
    cx.work_on_bytes(bytes.len())?;
    let bytes = bytes.into_value(cx)?;
    let loads = cx.attr(&cx.import("pickle")?, "loads")?;
    let first = match cx.call(&loads, (&bytes,)) {
        Ok(object) => return Ok(object),
        Err(raised) => raised,
    };
    let first = match cx.catch(first, "AttributeError") {
        Ok(first) => first,
        Err(other) => return Err(refused(cx, other)),
    };
    // What is missing in this `__main__` is in the program's, perhaps.
    if let Some(file) = file
        && cx.str(&first)?.as_str().contains("__main__")
        && let Some(main) = program(cx, file)?
    {
        let modules = cx.sys_attr("modules")?.unwrap_or_default();
        let own = cx.item(&modules, "__main__")?;
        cx.set_item(&modules, "__main__", main)?;
        let object = cx.call(&loads, (&bytes,));
        let mut failed = None;
        cx.aside(|| {
            if let Err(raised) = cx.set_item(&modules, "__main__", own) {
                failed = Some(cx.take_raised(raised));
            }
        });
        if let Some(failed) = failed {
            return Err(cx.raise_value(failed));
        }
        if object.is_ok() {
            return object;
        }
        return object.map_err(|raised| refused(cx, raised));
    }
    let first = cx.raise_value(first);
    Err(refused(cx, first))
}

/// `NotShareableError`, for what a pickle has raised.
fn refused(cx: &Cx, raised: Raised) -> Raised {
    if super::pack::is_grave(cx, &raised) {
        return raised;
    }
    let cause = cx.take_raised(raised);
    let later = cx.raise_of(&NOT_SHAREABLE, "object could not be unpickled");
    super::caused(cx, later, cause)
}

/// The module that the program's file makes under another name; nothing if it cannot be executed.
fn program(cx: &Cx, file: &str) -> Res<Option<Value>> {
    let state = cx.state::<State>()?;
    let known = state.file.get();
    if cx.is_str(&known) && cx.str(&known)?.as_str() == file {
        return Ok(Some(state.main.get()).filter(|main| !main.is_none()));
    }
    let name = "<fake __main__>";
    let made = cx.import("runpy").and_then(|runpy| {
        let run = cx.attr(&runpy, "run_path")?;
        let names = [cx.intern("run_name")?];
        let namespace = cx.call_named(&run, &[file.into_value(cx)?, name.into_value(cx)?], &names)?;
        let module = cx.call(&cx.class_of(&runpy), ("__main__",))?;
        cx.call_method(&cx.attr(&module, "__dict__")?, "update", (namespace,))?;
        Ok(module)
    });
    let module = match made {
        Ok(module) => module,
        Err(raised) if super::pack::is_grave(cx, &raised) => return Err(raised),
        Err(raised) => {
            drop(cx.take_raised(raised));
            Value::NONE
        }
    };
    state.file.set(file.into_value(cx)?);
    state.main.set(module.clone());
    Ok(Some(module).filter(|module| !module.is_none()))
}
