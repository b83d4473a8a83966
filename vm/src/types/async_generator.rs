//! `async_generator`, and the awaitables that drive it: of `__anext__`, `asend`, `athrow` and `aclose`.
//!
//! Its frame yields in two ways. A `yield` of its own leaves with a *wrapped* value: that ends the awaitable, whose
//! `StopIteration` carries the value. An `await` inside leaves with what the awaited object yields, which passes through the
//! awaitable to whoever drives that.

use std::cell::Cell;

use ryokan_alloc::{Header, HeaderFlags};

use super::coroutine::itself;
use super::generator::{self, Generator, Resumed, State};
use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, getter, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::raised::{Raised, Res};
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// `async_generator`
pub static TYPE: TypeDef = TypeDef {
    name: "async_generator",
    layout: Layout::Generator,
    flags: TypeFlags::NO_NEW.union(TypeFlags::HAS_WEAKREF),
    slots: Slots {
        repr: Some(generator::repr),
        aiter: Some(itself),
        anext: Some(anext),
        del: Some(del),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

static METHODS: &[Method] = &[
    method(
        "asend",
        "($self, value, /)",
        Call::Two(|vm, g, value| step(vm, g, Kind::Send, value.clone())),
        "An awaitable that runs the generator up to its next yield, whose value it gives. The\nyield that \
         waits gets this one.",
    ),
    method(
        "athrow",
        "($self, *args)",
        Call::Full(athrow),
        "An awaitable that raises an exception where the generator pauses, and gives the next\nvalue if it \
         goes on.",
    ),
    method(
        "aclose",
        "($self, /)",
        Call::One(|vm, g| step(vm, g, Kind::Close, Value::NONE)),
        "An awaitable that ends the generator by GeneratorExit where it pauses.",
    ),
    crate::types::generic_alias::CLASS_GETITEM,
];

static GETSET: &[GetSet] = &[
    generator::NAME,
    generator::QUALNAME,
    getter("ag_running", |_, g| Ok(Value::bool(this(g).awaited.get())), ""),
    getter("ag_frame", crate::types::frame::of_generator, ""),
    getter("ag_suspended", |_, g| Ok(Value::bool(this(g).state.get() == State::Suspended)), ""),
    getter("ag_code", |_, g| Ok(this(g).code.clone()), ""),
    getter("ag_await", generator::yield_from, "what the generator waits for, or None"),
];

fn this(value: &Value) -> &Generator {
    value.get().expect("a method of async_generator is called with one")
}

fn anext(vm: &Vm, g: &Value) -> Res {
    step(vm, g, Kind::Send, Value::NONE)
}

fn athrow(vm: &Vm, args: Args<'_>) -> Res {
    generator::warn_of_three(vm, "athrow", args.pos.len() - 1)?;
    let given = vm.new_tuple(args.pos[1..].to_vec())?;
    step(vm, &args.pos[0], Kind::Throw, given)
}

/// The event loop's finalizer gets the generator, if there is one; otherwise it is closed.
fn del(vm: &Vm, g: &Value) {
    let finalizer = this(g).finalizer.take();
    if !finalizer.is_unbound() && this(g).state.get() != State::Finished && !this(g).closed.get() {
        let pending = vm.thread.raised.take();
        if let Err(raised) = vm.call(&finalizer, &[g.clone()]) {
            let exception = vm.take_raised(raised);
            crate::types::exceptions::unraisable(vm, &exception, &finalizer);
        }
        vm.thread.raised.set(pending);
        return;
    }
    generator::del(vm, g);
}

/// A value that an asynchronous generator yields, on its way to the awaitable.
#[repr(C)]
pub struct Wrapped {
    head: Header,
    value: Value,
}

object! {
    Wrapped as AsyncWrapped {
        tracked: true,
        values: [value],
        clear: |this| this.value.set(Value::NONE),
    }
}

/// The type of [`wrap`]; scripts do not meet it.
pub static WRAPPED_TYPE: TypeDef = TypeDef {
    name: "async_generator_wrapped_value",
    layout: Layout::AsyncWrapped,
    flags: TypeFlags::NO_NEW,
    ..TypeDef::EMPTY
};

/// Wraps what a `yield` of an asynchronous generator gives.
pub fn wrap(vm: &Vm, value: Value) -> Res {
    Ok(vm.new_object(|head| Wrapped { head, value })?.into_value())
}

/// What an awaitable does to its generator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// `__anext__`, `asend`
    Send,
    /// `athrow`
    Throw,
    /// `aclose`
    Close,
}

/// Where an awaitable stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stage {
    Fresh,
    Running,
    Over,
}

/// The payload of `async_generator_asend` and `async_generator_athrow`.
#[repr(C)]
pub struct Step {
    head: Header,
    generator: Value,
    /// The value to send, or the tuple of what to throw.
    given: Value,
    kind: Kind,
    stage: Cell<Stage>,
}

object! {
    Step as AsyncStep {
        tracked: true,
        values: [generator, given],
        plain: [kind, stage],
        // The generator's class stays true to its name: only what it was to get goes.
        clear: |this| this.given.set(Value::NONE),
    }
}

/// The first awaitable of a generator tells the event loop of it.
fn tell_loop(vm: &Vm, g: &Value) -> Res<()> {
    let generator = this(g);
    if generator.told.replace(true) {
        return Ok(());
    }
    let [first, finalizer] = &vm.thread.async_hooks;
    if !finalizer.is_none() {
        generator.finalizer.set(finalizer.clone());
    }
    if !first.is_none() {
        vm.call(&first.clone(), &[g.clone()])?;
    }
    Ok(())
}

fn step(vm: &Vm, g: &Value, kind: Kind, given: Value) -> Res {
    tell_loop(vm, g)?;
    let ty = if kind == Kind::Send { &vm.types.async_send } else { &vm.types.async_throw };
    let generator = g.clone();
    let make = |head| Step { head, generator, given, kind, stage: Cell::new(Stage::Fresh) };
    let made = vm.new_shaped(ty.root.get(), size_of::<Step>(), make)?.into_value();
    // Its death is to take the long way, by its finalizer, though its shape is that of its layout.
    if let Some(header) = made.header() {
        header.set_flag(HeaderFlags::WEAKREFS);
    }
    Ok(made)
}

/// `async_generator_asend`
pub static SEND_TYPE: TypeDef = TypeDef { name: "async_generator_asend", ..STEP };
/// `async_generator_athrow`
pub static THROW_TYPE: TypeDef = TypeDef { name: "async_generator_athrow", ..STEP };

const STEP: TypeDef = TypeDef {
    name: "",
    layout: Layout::AsyncStep,
    flags: TypeFlags::NO_NEW,
    slots: Slots {
        iter: Some(itself),
        await_: Some(itself),
        next: Some(next),
        del: Some(warn_fresh),
        ..Slots::NONE
    },
    methods: STEP_METHODS,
    ..TypeDef::EMPTY
};

static STEP_METHODS: &[Method] = &[
    method("send", "($self, arg, /)", Call::Two(send), ""),
    method("throw", "($self, *args)", Call::Full(throw), ""),
    method("close", "($self, /)", Call::One(close), ""),
];

fn of(value: &Value) -> &Step {
    value.get().expect("a method of an awaitable is called with one")
}

/// One that nobody has awaited says so.
fn warn_fresh(vm: &Vm, value: &Value) {
    let step = of(value);
    let Some(generator) = step.generator.get::<Generator>().filter(|_| step.stage.get() == Stage::Fresh)
    else {
        return;
    };
    let method = match step.kind {
        Kind::Send => "asend",
        Kind::Throw => "athrow",
        Kind::Close => "aclose",
    };
    let pending = vm.thread.raised.take();
    let name = vm.text(generator.qualname());
    let message = format!("coroutine method '{method}' of '{name}' was never awaited");
    if let Err(raised) = vm.warn_of(&message, value) {
        super::coroutine::ignore(vm, raised, &step.generator, "while finalizing async generator");
    }
    vm.thread.raised.set(pending);
}

fn next(vm: &Vm, value: &Value) -> Res<Option<Value>> {
    send(vm, value, &Value::NONE).map(Some)
}

/// Resumes the generator: what it yields, wrapped or not; its end is `StopAsyncIteration`.
fn resume(vm: &Vm, g: &Value, sent: &Value) -> Res {
    if this(g).state.get() == State::Created && !sent.is_none() {
        return Err(vm.type_error("can't send non-None value to a just-started async generator"));
    }
    match vm.resume_generator(g, Ok(sent.clone()))? {
        Resumed::Yielded(value) => Ok(value),
        Resumed::Returned(_) => Err(vm.stop_async_iteration()),
    }
}

fn raise_into(vm: &Vm, g: &Value, args: &[Value]) -> Res {
    let exception = generator::thrown(vm, args)?;
    generator::throw_into(vm, g, exception, args)
}

fn ends(vm: &Vm, raised: &Raised) -> bool {
    vm.raised_is(raised, &vm.exc.StopAsyncIteration) || vm.raised_is(raised, &vm.exc.GeneratorExit)
}

impl Step {
    fn generator(&self) -> &Generator {
        this(&self.generator)
    }

    fn over(&self) {
        self.stage.set(Stage::Over);
        self.dies_plainly();
    }

    /// It has been awaited: its finalizer has nothing to say.
    fn dies_plainly(&self) {
        self.head.clear_flag(HeaderFlags::WEAKREFS);
    }

    fn reused(&self, vm: &Vm) -> Raised {
        vm.runtime_error(match self.kind {
            Kind::Send => "cannot reuse already awaited __anext__()/asend()",
            _ => "cannot reuse already awaited aclose()/athrow()",
        })
    }

    /// Begins, unless another awaitable of the generator runs.
    fn begin(&self, vm: &Vm) -> Res<()> {
        if self.generator().awaited.get() {
            self.over();
            return Err(vm.runtime_error(match self.kind {
                Kind::Send => "anext(): asynchronous generator is already running",
                Kind::Throw => "athrow(): asynchronous generator is already running",
                Kind::Close => "aclose(): asynchronous generator is already running",
            }));
        }
        Ok(())
    }

    fn start(&self) {
        self.stage.set(Stage::Running);
        self.dies_plainly();
        self.generator().awaited.set(true);
    }

    /// What the generator gave, as the awaitable's own: a value that it yielded ends the awaitable.
    fn outcome(&self, vm: &Vm, result: Res) -> Res<Outcome> {
        let generator = self.generator();
        match result {
            Err(raised) => {
                if ends(vm, &raised) {
                    generator.closed.set(true);
                }
                generator.awaited.set(false);
                self.over();
                Err(raised)
            }
            Ok(value) => match value.get::<Wrapped>() {
                Some(wrapped) => {
                    generator.awaited.set(false);
                    self.over();
                    Ok(Outcome::Ends(wrapped.value.clone()))
                }
                None => Ok(Outcome::Waits(value)),
            },
        }
    }

    /// The same; the end is a `StopIteration`.
    fn unwrap(&self, vm: &Vm, result: Res) -> Res {
        match self.outcome(vm, result)? {
            Outcome::Waits(value) => Ok(value),
            Outcome::Ends(value) => Err(vm.stop_iteration(value)),
        }
    }

    /// Resumes the generator for an `asend()` or `__anext__()` that is not over, and may begin.
    fn go_on(&self, vm: &Vm, sent: &Value) -> Res {
        let begins = self.stage.get() == Stage::Fresh;
        if begins {
            self.start();
        }
        resume(vm, &self.generator, if begins && sent.is_none() { &self.given } else { sent })
    }

    /// The same for `aclose`: a value that the generator yielded is an error, its end is the awaitable's.
    fn closing(&self, vm: &Vm, result: Res) -> Res {
        let generator = self.generator();
        match result {
            Ok(value) if !value.has::<Wrapped>() => Ok(value),
            Ok(_) => {
                generator.awaited.set(false);
                self.over();
                Err(vm.runtime_error("async generator ignored GeneratorExit"))
            }
            Err(raised) => {
                generator.awaited.set(false);
                self.over();
                if !ends(vm, &raised) {
                    return Err(raised);
                }
                drop(vm.take_raised(raised));
                Err(vm.stop_iteration(Value::NONE))
            }
        }
    }

    fn finish(&self, vm: &Vm, result: Res) -> Res {
        if self.kind == Kind::Close { self.closing(vm, result) } else { self.unwrap(vm, result) }
    }
}

/// What came of a step: the generator waits for something, or the awaitable has ended with a value.
pub enum Outcome {
    /// What it yields for whoever drives it.
    Waits(Value),
    /// What `await` gives.
    Ends(Value),
}

/// What `send` of an `asend()` or `__anext__()` comes to, without an exception for its end; None: it is something else, or over, or another
/// one runs.
pub fn sent_on(vm: &Vm, value: &Value, sent: &Value) -> Option<Res<Outcome>> {
    let step: &Step = value.get()?;
    let waits = match step.stage.get() {
        Stage::Fresh => !step.generator().awaited.get(),
        Stage::Running => true,
        Stage::Over => false,
    };
    (waits && step.kind == Kind::Send).then(|| step.outcome(vm, step.go_on(vm, sent)))
}

fn send(vm: &Vm, value: &Value, sent: &Value) -> Res {
    let step = of(value);
    let g = &step.generator;
    if step.stage.get() == Stage::Over {
        return Err(step.reused(vm));
    }
    if step.kind == Kind::Send {
        if step.stage.get() == Stage::Fresh {
            step.begin(vm)?;
        }
        return step.unwrap(vm, step.go_on(vm, sent));
    }
    if step.generator().state.get() == State::Finished {
        step.over();
        return Err(vm.stop_iteration(Value::NONE));
    }
    if step.stage.get() == Stage::Running {
        return step.finish(vm, resume(vm, g, sent));
    }
    step.begin(vm)?;
    if step.generator().closed.get() {
        step.over();
        return Err(vm.stop_async_iteration());
    }
    if !sent.is_none() {
        return Err(vm.runtime_error("can't send non-None value to a just-started coroutine"));
    }
    step.start();
    if step.kind == Kind::Close {
        step.generator().closed.set(true);
        let exit = [vm.exc.GeneratorExit.to_value()];
        return step.closing(vm, raise_into(vm, g, &exit));
    }
    let given = step.given.clone();
    let args = given.get::<Tuple>().map_or(&[][..], Tuple::items);
    match step.unwrap(vm, raise_into(vm, g, args)) {
        Err(raised) => {
            step.generator().awaited.set(false);
            step.over();
            Err(raised)
        }
        yielded => yielded,
    }
}

fn throw(vm: &Vm, args: Args<'_>) -> Res {
    let step = of(&args.pos[0]);
    if step.stage.get() == Stage::Over {
        return Err(step.reused(vm));
    }
    if step.stage.get() == Stage::Fresh {
        step.begin(vm)?;
        step.start();
    }
    step.finish(vm, raise_into(vm, &step.generator, &args.pos[1..]))
}

fn close(vm: &Vm, value: &Value) -> Res {
    if of(value).stage.get() == Stage::Over {
        return Ok(Value::NONE);
    }
    let args = [value.clone(), vm.exc.GeneratorExit.to_value()];
    match throw(vm, Args { pos: &args, names: &[], named: &[] }) {
        Ok(_) => Err(vm.runtime_error("coroutine ignored GeneratorExit")),
        Err(raised) if ends(vm, &raised) || vm.raised_is(&raised, &vm.exc.StopIteration) => {
            drop(vm.take_raised(raised));
            Ok(Value::NONE)
        }
        Err(raised) => Err(raised),
    }
}
