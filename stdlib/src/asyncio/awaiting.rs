//! What awaits a future, and which futures await which.

use ryokan_vm::native::*;

use super::future::{Future, Progress, result};

native_type! {
    /// What awaits a future.
    "_asyncio.FutureIter" = pub struct FutureIter { future: Maybe }
    slots { iter = itself; next = next; }
    methods {
        /// Goes on, whatever is sent.
        send(object: &Value, /) = send;
        /// Raises an exception here, and waits no more.
        throw(*args) = throw;
        /// Waits no more.
        close();
    }
}

/// What `await` takes of a future.
pub fn awaited(cx: &Cx, future: This<Future>) -> Res<Obj<FutureIter>> {
    future.check_ready(cx)?;
    cx.new(FutureIter { future: Maybe::new(future.to_value()) })
}
fn next(cx: &Cx, this: This<FutureIter>) -> Res<Option<Value>> {
    let Some(future) = this.future.get() else { return Ok(None) };
    let Some(of) = This::<Future>::of(cx, &future) else { return Ok(None) };
    if of.progress.get() == Progress::Pending {
        if of.blocking.replace(true) {
            return Err(cx.runtime_error("await wasn't used with future"));
        }
        return Ok(Some(future));
    }
    this.future.set(None);
    match result(cx, of)? {
        value if value.is_none() => Ok(None),
        value => Err(cx.stop(value)),
    }
}
fn send(cx: &Cx, this: This<FutureIter>, _: &Value) -> Res {
    match next(cx, this)? {
        Some(value) => Ok(value),
        None => Err(cx.stop(Value::NONE)),
    }
}
fn throw(cx: &Cx, this: This<FutureIter>, args: Args) -> Res {
    args.count(cx, "throw", 1, 3)?;
    let given = args.positional();
    if given.len() > 1 {
        let message =
            "the (type, exc, tb) signature of throw() is deprecated, use the single-arg signature instead.";
        cx.warn("DeprecationWarning", message)?;
    }
    let (kind, value) = (&given[0], given.get(1).filter(|value| !value.is_none()));
    let exceptions = cx.builtin("BaseException")?;
    let exception = if cx.is_instance(kind, &exceptions)? {
        if value.is_some() {
            return Err(cx.type_error("instance exception may not have a separate value"));
        }
        kind.clone()
    } else if is_exception_class(cx, kind)? {
        match value {
            Some(value) if cx.is_instance(value, kind)? => value.clone(),
            Some(value) => cx.call(kind, (value,))?,
            None => cx.call(kind, ())?,
        }
    } else {
        let message = "exceptions must be classes deriving BaseException or instances of such a class";
        return Err(cx.type_error(message));
    };
    if let Some(traceback) = given.get(2).filter(|traceback| !traceback.is_none()) {
        cx.set_attr(&exception, "__traceback__", traceback)?;
    }
    this.future.set(None);
    Err(cx.raise_value(exception))
}
fn close(_: &Cx, this: This<FutureIter>) {
    this.future.set(None);
}
/// Whether a value is a class of exceptions.
pub fn is_exception_class(cx: &Cx, value: &Value) -> Res<bool> {
    if !cx.is_class(value) {
        return Ok(false);
    }
    let asked = cx.call(&cx.builtin("issubclass")?, (value, cx.builtin("BaseException")?))?;
    cx.truth(&asked)
}

// ---- who awaits whom -----------------------------------------------------------------------------------------------------

/// Notes that a future is awaited by another one, if both are of this module.
pub fn future_add_to_awaited_by(cx: &Cx, fut: &Value, waiter: &Value) -> Res<()> {
    let (Some(of), Some(_)) = (This::<Future>::of(cx, fut), This::<Future>::of(cx, waiter)) else {
        return Ok(());
    };
    // One is kept as it is, more are a set.
    let Some(first) = of.awaited_by.get() else {
        of.awaited_by.set(Some(waiter.clone()));
        return Ok(());
    };
    let set = match This::<Future>::of(cx, &first) {
        Some(_) if first.is(waiter) => return Ok(()),
        Some(_) => {
            let set = cx.call(&cx.builtin("set")?, ())?;
            cx.call_method(&set, "add", (first,))?;
            of.awaited_by.set(Some(set.clone()));
            set
        }
        None => first,
    };
    cx.call_method(&set, "add", (waiter,)).map(drop)
}
pub fn future_discard_from_awaited_by(cx: &Cx, fut: &Value, waiter: &Value) -> Res<()> {
    let (Some(of), Some(_)) = (This::<Future>::of(cx, fut), This::<Future>::of(cx, waiter)) else {
        return Ok(());
    };
    let Some(held) = of.awaited_by.get() else { return Ok(()) };
    if This::<Future>::of(cx, &held).is_some() {
        if held.is(waiter) {
            of.awaited_by.set(None);
        }
        return Ok(());
    }
    cx.call_method(&held, "discard", (waiter,)).map(drop)
}
/// Those that await a future, as a frozenset; None if none ever has.
pub fn awaited_by(cx: &Cx, this: This<Future>) -> Res {
    match this.awaited_by.get() {
        None => Ok(Value::NONE),
        Some(one) if This::<Future>::of(cx, &one).is_some() => cx.frozenset(&[one]),
        Some(set) => cx.call(&cx.builtin("frozenset")?, (set,)),
    }
}
