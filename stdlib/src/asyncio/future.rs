//! `Future`.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::awaiting::{awaited, awaited_by, is_exception_class};
use super::{call_soon, cancelled_error, invalid_state, known, running};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Progress {
    Pending,
    Cancelled,
    Finished,
}

native_type! {
    /// A result that is not there yet.
    ///
    /// What waits for it is called by the event loop, as soon as that runs again, when the result, or an exception, is set.
    "_asyncio.Future" = pub struct Future {
        /// The event loop; nothing before `__init__`.
        pub event_loop: Maybe,
        pub progress: Cell<Progress>,
        /// Whether it was yielded by its `__await__`.
        pub blocking: Cell<bool>,
        /// Whether an exception that nobody has asked for is to be reported.
        pub reports: Cell<bool>,
        pub source_traceback: Slot,
        /// Callbacks, each followed by its context.
        pub callbacks: Values,
        pub result: Maybe,
        pub exception: Maybe,
        pub exception_traceback: Maybe,
        pub cancel_message: Slot,
        /// The exception that a task was cancelled by, for whoever asks first.
        pub cancelled_by: Maybe,
        /// The one that awaits it, or a set of several.
        pub awaited_by: Maybe,
    }
    flags: SUBCLASS, DICT, WEAKREF;
    new(*args, **names) = new_future;
    init(*args, **names) = init_future;
    slots { repr = repr; iter = awaited; await_ = awaited; del = report; }
    getters {
        /// PENDING, CANCELLED or FINISHED.
        _state = state;
        /// The result.
        _result = |cx: &Cx, this: Fut<'_>| this.ready(cx).map(|_| this.result.get());
        /// The exception.
        _exception = |cx: &Cx, this: Fut<'_>| this.ready(cx).map(|_| this.exception.get());
        /// The event loop.
        _loop = |_: &Cx, this: Fut<'_>| this.event_loop.get();
        /// Pairs of callbacks and contexts; None if there are none.
        _callbacks = callbacks;
        /// Where it was made, in debug mode.
        _source_traceback = |_: &Cx, this: Fut<'_>| this.source_traceback.get();
        /// Those that await it.
        _asyncio_awaited_by = awaited_by;
    }
    attributes {
        /// Whether it was yielded by its own await.
        _asyncio_future_blocking = blocking, set_blocking;
        /// Whether an exception that nobody has asked for is to be reported.
        _log_traceback = reports, set_reports;
        /// What cancel() was given.
        _cancel_message = |_: &Cx, this: Fut<'_>| this.cancel_message.get(), set_cancel_message;
    }
    methods {
        /// The result. Raises the exception, if that is what there is; InvalidStateError before there is one.
        result() = result;
        /// The exception, or None. InvalidStateError before there is a result.
        exception();
        /// Sets the result.
        set_result(result: Value, /) = set_result;
        /// Sets an exception, or one of a class.
        set_exception(exception: &Value, /) = set_exception;
        /// Has a function called when there is a result.
        add_done_callback(function: Value, /, *, context: Given = Given(None) => "<unrepresentable>") = add_done_callback;
        /// Has a function not called; says how many times it would have been.
        remove_done_callback(function: &Value, /) = remove_done_callback;
        /// Says that there will be no result. False if there is one.
        cancel(msg: &Value = &Value::NONE => "None") = cancel;
        /// Whether it was cancelled.
        cancelled();
        /// Whether there is a result, an exception, or it was cancelled.
        done();
        /// The event loop.
        get_loop();
        /// The exception that says that it was cancelled.
        _make_cancelled_error() = cancellation;
    }
    class_methods {
        /// The class with a type argument.
        __class_getitem__(object: &Value, /) = class_getitem;
    }
}

pub type Fut<'a> = This<'a, Future>;

impl Future {
    /// One that is not ready to be used.
    pub fn unborn() -> Future {
        Future {
            event_loop: Maybe::EMPTY,
            progress: Cell::new(Progress::Pending),
            blocking: Cell::new(false),
            reports: Cell::new(false),
            source_traceback: Slot::default(),
            callbacks: Values::default(),
            result: Maybe::EMPTY,
            exception: Maybe::EMPTY,
            exception_traceback: Maybe::EMPTY,
            cancel_message: Slot::default(),
            cancelled_by: Maybe::EMPTY,
            awaited_by: Maybe::EMPTY,
        }
    }
    /// Its event loop. `RuntimeError` before `__init__`.
    pub fn ready(&self, cx: &Cx) -> Res {
        self.event_loop.get().ok_or(()).map_err(|()| cx.runtime_error("Future object is not initialized."))
    }
    pub fn check_ready(&self, cx: &Cx) -> Res<()> {
        self.ready(cx).map(drop)
    }
    pub fn is_pending(&self) -> bool {
        self.progress.get() == Progress::Pending
    }
}

fn new_future(cx: &Cx, class: &Value, _: Args) -> Res {
    cx.new_of(class, Future::unborn())
}
fn init_future(cx: &Cx, this: Fut<'_>, args: Args) -> Res<()> {
    if !args.positional().is_empty() {
        return Err(cx.type_error("Future() takes no positional arguments"));
    }
    args.known_names(cx, "Future", &["loop"])?;
    begin(cx, this, args.get_named(cx, "loop"))
}
/// Makes a future ready, for a loop or for the one that there is.
pub fn begin(cx: &Cx, this: Fut<'_>, event_loop: Option<&Value>) -> Res<()> {
    let event_loop = match event_loop.filter(|given| !given.is_none()) {
        Some(given) => given.clone(),
        None => running::get_event_loop(cx)?,
    };
    this.progress.set(Progress::Pending);
    this.blocking.set(false);
    this.reports.set(false);
    this.source_traceback.set(Value::NONE);
    this.callbacks.clear();
    for place in
        [&this.result, &this.exception, &this.exception_traceback, &this.cancelled_by, &this.awaited_by]
    {
        place.set(None);
    }
    this.cancel_message.set(Value::NONE);
    this.event_loop.set(Some(event_loop.clone()));
    let debug = cx.call_method(&event_loop, "get_debug", ())?;
    if cx.truth(&debug)? {
        let extract = known(cx, "asyncio.format_helpers", "extract_stack")?;
        this.source_traceback.set(cx.call(&extract, ())?);
    }
    Ok(())
}

// ---- attributes ----------------------------------------------------------------------------------------------------------

fn state(cx: &Cx, this: Fut<'_>) -> Res<&'static str> {
    this.check_ready(cx)?;
    Ok(match this.progress.get() {
        Progress::Pending => "PENDING",
        Progress::Cancelled => "CANCELLED",
        Progress::Finished => "FINISHED",
    })
}
fn callbacks(cx: &Cx, this: Fut<'_>) -> Res {
    this.check_ready(cx)?;
    if this.callbacks.is_empty() {
        return Ok(Value::NONE);
    }
    let list = List::new(cx, this.callbacks.len() / 2)?;
    let mut at = 0;
    while let (Some(function), Some(context)) = (this.callbacks.get(at), this.callbacks.get(at + 1)) {
        list.push(cx, (function, context))?;
        at += 2;
    }
    Ok(list.into_value())
}
#[cold]
fn undeletable(cx: &Cx, name: &str) -> Raised {
    cx.attribute_error(format_args!("attribute '{name}' of '_asyncio.Future' objects cannot be deleted"))
}
fn blocking(cx: &Cx, this: Fut<'_>) -> Res<bool> {
    let ready = this.event_loop.is_some();
    if !ready {
        this.check_ready(cx)?;
    }
    Ok(this.blocking.get())
}
fn set_blocking(cx: &Cx, this: Fut<'_>, value: Option<&Value>) -> Res<()> {
    this.check_ready(cx)?;
    let Some(value) = value else { return Err(undeletable(cx, "_asyncio_future_blocking")) };
    this.blocking.set(cx.truth(value)?);
    Ok(())
}
fn reports(cx: &Cx, this: Fut<'_>) -> Res<bool> {
    this.check_ready(cx)?;
    Ok(this.reports.get())
}
fn set_reports(cx: &Cx, this: Fut<'_>, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(undeletable(cx, "_log_traceback")) };
    if cx.truth(value)? {
        return Err(cx.value_error("_log_traceback can only be set to False"));
    }
    this.reports.set(false);
    Ok(())
}
fn set_cancel_message(cx: &Cx, this: Fut<'_>, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(undeletable(cx, "_cancel_message")) };
    this.cancel_message.set(value.clone());
    Ok(())
}
fn class_getitem(cx: &Cx, class: &Value, item: &Value) -> Res {
    cx.generic_alias(class, item)
}
fn repr(cx: &Cx, this: Fut<'_>) -> Res<Text> {
    this.check_ready(cx)?;
    let shown = cx.call(&known(cx, "asyncio.base_futures", "_future_repr")?, (this.value(),))?;
    cx.str(&shown)
}

// ---- results -------------------------------------------------------------------------------------------------------------

/// What a future that is done has come to: its result, or else its exception, raised.
pub fn result(cx: &Cx, this: Fut<'_>) -> Res {
    match outcome(cx, this)? {
        Ok(result) => Ok(result),
        Err(exception) => Err(cx.raise_value(exception)),
    }
}
/// The same, where the exception that was set is not raised.
pub fn outcome(cx: &Cx, this: Fut<'_>) -> Res<Result<Value, Value>> {
    match this.progress.get() {
        Progress::Cancelled => return Err(cx.raise_value(cancellation(cx, this)?)),
        Progress::Pending if !this.event_loop.is_some() => {
            return Err(invalid_state(cx, "Future object is not initialized."));
        }
        Progress::Pending => return Err(invalid_state(cx, "Result is not set.")),
        Progress::Finished => {}
    }
    this.reports.set(false);
    let Some(exception) = this.exception.get() else {
        return Ok(Ok(this.result.get().unwrap_or(Value::NONE)));
    };
    cx.set_attr(&exception, "__traceback__", this.exception_traceback.take().unwrap_or(Value::NONE))?;
    Ok(Err(exception))
}
pub fn exception(cx: &Cx, this: Fut<'_>) -> Res<Option<Value>> {
    match this.progress.get() {
        Progress::Cancelled => return Err(cx.raise_value(cancellation(cx, this)?)),
        Progress::Pending if !this.event_loop.is_some() => {
            return Err(invalid_state(cx, "Future object is not initialized."));
        }
        Progress::Pending => return Err(invalid_state(cx, "Exception is not set.")),
        Progress::Finished => {}
    }
    this.reports.set(false);
    Ok(this.exception.get())
}
pub fn set_result(cx: &Cx, this: Fut<'_>, result: Value) -> Res<()> {
    this.check_ready(cx)?;
    if !this.is_pending() {
        return Err(invalid_state(cx, "invalid state"));
    }
    this.result.set(Some(result));
    this.progress.set(Progress::Finished);
    schedule(cx, this)
}
pub fn set_exception(cx: &Cx, this: Fut<'_>, exception: &Value) -> Res<()> {
    this.check_ready(cx)?;
    if !this.is_pending() {
        return Err(invalid_state(cx, "invalid state"));
    }
    let mut exception = exception.clone();
    if is_exception_class(cx, &exception)? {
        exception = cx.call(&exception, ())?;
        if !this.is_pending() {
            return Err(invalid_state(cx, "invalid state"));
        }
    }
    if !cx.is_instance(&exception, &cx.builtin("BaseException")?)? {
        return Err(cx.type_error("invalid exception object"));
    }
    if cx.is_instance(&exception, &cx.builtin("StopIteration")?)? {
        let message = "StopIteration interacts badly with generators and cannot be raised into a Future";
        let other = cx.call(&cx.builtin("RuntimeError")?, (message,))?;
        cx.set_attr(&other, "__cause__", &exception)?;
        cx.set_attr(&other, "__context__", &exception)?;
        exception = other;
    }
    this.exception_traceback.set(Some(cx.attr(&exception, "__traceback__")?));
    this.exception.set(Some(exception));
    this.progress.set(Progress::Finished);
    schedule(cx, this)?;
    this.reports.set(true);
    Ok(())
}
pub fn cancel(cx: &Cx, this: Fut<'_>, message: &Value) -> Res<bool> {
    this.check_ready(cx)?;
    this.reports.set(false);
    if !this.is_pending() {
        return Ok(false);
    }
    this.progress.set(Progress::Cancelled);
    this.cancel_message.set(message.clone());
    schedule(cx, this)?;
    Ok(true)
}
/// The exception of a future that was cancelled: the one that a task was, once, or a new one.
pub fn cancellation(cx: &Cx, this: Fut<'_>) -> Res {
    if let Some(exception) = this.cancelled_by.take() {
        return Ok(exception);
    }
    let (class, message) = (cancelled_error(cx)?, this.cancel_message.get());
    if message.is_none() { cx.call(&class, ()) } else { cx.call(&class, (message,)) }
}
pub fn cancelled(_: &Cx, this: Fut<'_>) -> bool {
    this.progress.get() == Progress::Cancelled
}
pub fn done(_: &Cx, this: Fut<'_>) -> bool {
    !this.is_pending()
}
fn get_loop(cx: &Cx, this: Fut<'_>) -> Res {
    this.ready(cx)
}

// ---- callbacks -----------------------------------------------------------------------------------------------------------

/// Has the loop call all callbacks.
fn schedule(cx: &Cx, this: Fut<'_>) -> Res<()> {
    if this.callbacks.is_empty() {
        return Ok(());
    }
    let event_loop = this.ready(cx)?;
    let callbacks = Values::default();
    callbacks.extend_from_values(cx, &this.callbacks)?;
    this.callbacks.clear();
    while let (Some(function), Some(context)) = (callbacks.pop_front(), callbacks.pop_front()) {
        call_soon(cx, &event_loop, function, Some(this.to_value()), context)?;
    }
    Ok(())
}
/// Has a function called, in a context, when there is a result.
pub fn when_done(cx: &Cx, this: Fut<'_>, function: Value, context: Value) -> Res<()> {
    let Some(event_loop) = this.event_loop.get() else {
        return Err(cx.runtime_error("uninitialized Future object"));
    };
    if !this.is_pending() {
        return call_soon(cx, &event_loop, function, Some(this.to_value()), context);
    }
    this.callbacks.reserve(cx, 2)?;
    this.callbacks.push_back(cx, function)?;
    this.callbacks.push_back(cx, context)
}
pub fn add_done_callback(cx: &Cx, this: Fut<'_>, function: Value, context: Given) -> Res<()> {
    let context = match context.0 {
        Some(context) => context,
        None => crate::contextvars::copied(cx)?,
    };
    when_done(cx, this, function, context)
}
pub fn remove_done_callback(cx: &Cx, this: Fut<'_>, function: &Value) -> Res<usize> {
    this.check_ready(cx)?;
    // They are taken out one by one, and those that stay are put behind the last: comparing runs Python, which may do what it likes
    // with the others.
    let (mut left, mut removed) = (this.callbacks.len() / 2, 0);
    while left > 0 {
        left -= 1;
        let (Some(held), Some(context)) = (this.callbacks.pop_front(), this.callbacks.pop_front()) else {
            break;
        };
        let same = cx.same_or_equal(&held, function);
        match same {
            Ok(true) => removed += 1,
            Ok(false) if !this.is_pending() => {}
            kept => {
                this.callbacks.push_back(cx, held)?;
                this.callbacks.push_back(cx, context)?;
                if let Err(raised) = kept {
                    (0..left * 2).for_each(|_| turn(cx, this));
                    return Err(raised);
                }
            }
        }
    }
    Ok(removed)
}
/// Puts what is first last.
fn turn(cx: &Cx, this: Fut<'_>) {
    if let Some(first) = this.callbacks.pop_front()
        && let Err(raised) = this.callbacks.push_back(cx, first)
    {
        drop(cx.take_raised(raised));
    }
}

// ---- the end -------------------------------------------------------------------------------------------------------------

/// Tells the loop of something that went wrong with an object which dies.
pub fn tell(cx: &Cx, this: Fut<'_>, what: &str, message: &str, exception: Option<Value>) {
    let tell = || -> Res<()> {
        let Some(event_loop) = this.event_loop.get() else { return Ok(()) };
        let context = Dict::new(cx)?;
        if what == "task" {
            context.set_str(cx, what, this.value())?;
        }
        context.set_str(cx, "message", message)?;
        if let Some(exception) = exception {
            context.set_str(cx, "exception", exception)?;
        }
        if what != "task" {
            context.set_str(cx, what, this.value())?;
        }
        if !this.source_traceback.is_none() {
            context.set_str(cx, "source_traceback", this.source_traceback.get())?;
        }
        cx.call_method(&event_loop, "call_exception_handler", (context.into_value(),)).map(drop)
    };
    cx.aside(|| {
        if let Err(raised) = tell() {
            cx.unraisable(raised, this.value());
        }
    });
}
/// A future dies: an exception that nobody has asked for is reported.
pub fn report(cx: &Cx, this: Fut<'_>) {
    if !this.reports.replace(false) {
        return;
    }
    let name = cx.short_type_name(this.value());
    tell(cx, this, "future", &format!("{name} exception was never retrieved"), this.exception.get());
}
