//! `generator`, `coroutine`, `async_generator`: a suspended frame as an object.
//!
//! The generator owns its frame's registers, behind its payload; it runs on them where they are. It stands at the unit that
//! suspended it: `RETURN_GENERATOR` before the first resumption, a `YIELD` after.
//!
//! ```text
//! [header 8][fields ..][how many][register 0][register 1]..
//! ```

use std::cell::Cell;

use ryokan_alloc::{Header, ObjPtr};
use ryokan_bytecode::{CodeFlags, Handler, InstrIndex, Op};

use crate::object::behind::Behind;
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, attribute, getter, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::object::{Layout, Ref};
use crate::raised::{Raised, Res};
use crate::running::RunCode;
use crate::types::code::CodeObj;
use crate::types::function::Function;
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

/// Where a generator stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Never resumed.
    Created,
    /// At a `yield`.
    Suspended,
    /// On the stack.
    Running,
    /// Returned or failed.
    Finished,
}

/// The payload of `generator`, `coroutine` and `async_generator`.
#[repr(C)]
pub struct Generator {
    head: Header,
    /// The function.
    pub function: Value,
    /// Its code at the creation, which stays though the function may get another.
    pub code: Value,
    /// The running form of that code.
    pub run: *const RunCode,
    /// `__name__` and `__qualname__`; empty: its code's.
    name: Value,
    qualname: Value,
    /// The unit that suspended it.
    pub pc: Cell<*mut u64>,
    /// Where it stands.
    pub state: Cell<State>,
    /// Whether it is an asynchronous generator.
    pub asynchronous: bool,
    /// Of an asynchronous generator: an awaitable of it runs; it has been closed; the event loop knows it.
    pub awaited: Cell<bool>,
    /// See above.
    pub closed: Cell<bool>,
    /// See above.
    pub told: Cell<bool>,
    /// How many exceptions its code handles, each within the one before: the `except` blocks that it is in.
    pub handling: Cell<u16>,
    /// The event loop's finalizer of an asynchronous generator, or empty; of a coroutine, who made it (`cr_origin`); of a module that
    /// awaits, its namespace, if that is not its globals.
    pub finalizer: Value,
    /// The exception that it handles while it is suspended, or empty.
    pub handled: Value,
    /// The exception that its caller handles while it runs.
    pub caller_handled: Value,
    /// The object of its frame, once somebody has asked for it: see `types/frame/`.
    pub frame: Value,
    registers: Behind,
}

object! {
    Generator {
        tracked: true,
        values: [function, code, name, qualname, finalizer, handled, caller_handled, frame],
        behind: registers,
        plain: [run, pc, state, asynchronous, awaited, closed, told, handling],
        clear: |this| this.let_go(),
        dying: |this| match this.state.get() {
            State::Finished => {
                crate::types::frame::generator_ends(this, || InstrIndex(0));
                debug_assert!(this.registers().iter().all(|register| !register.word().is_ptr()));
            }
            _ => this.let_go(),
        },
    }
}

/// Whether a generator has ended, so that nothing is to be done when it dies.
#[inline(always)]
pub fn has_ended(ptr: ObjPtr) -> bool {
    let object = Borrowed::new(Word::from_ptr(ptr));
    object.get::<Generator>().is_some_and(|generator| generator.state.get() == State::Finished)
}

/// Whether a code is a module's.
fn is_module(code: &CodeObj) -> bool {
    !code.flags().intersects(CodeFlags::NEWLOCALS)
}

impl Generator {
    /// The namespace of a module that awaits, if that is not its globals.
    pub fn namespace(&self) -> Option<&Value> {
        (is_module(self.code()) && self.flag() == CodeFlags::COROUTINE)
            .then(|| self.finalizer.bound())
            .flatten()
    }
    /// Where its registers lie.
    #[inline(always)]
    pub fn base(&self) -> *mut Value {
        self.registers.base()
    }
    /// Whether it can be resumed.
    #[inline(always)]
    pub fn is_suspended(&self) -> bool {
        matches!(self.state.get(), State::Created | State::Suspended)
    }
    /// The registers that it owns.
    pub fn registers(&self) -> &[Value] {
        self.registers.values()
    }
    /// Lets go of its registers, if it does not run, and of its finalizer.
    fn let_go(&self) {
        if self.flag() == CodeFlags::ASYNC_GENERATOR {
            self.finalizer.set(Value::UNBOUND);
        }
        if self.state.get() != State::Running {
            let before = self.state.replace(State::Finished);
            crate::types::frame::generator_ends(self, || self.last_instr(before));
            self.registers().iter().rev().for_each(|register| register.set(Value::UNBOUND));
        }
    }
    /// Where its frame stands, if it does not run any more.
    fn last_instr(&self, state: State) -> InstrIndex {
        match (state, self.code().run()) {
            (State::Created, _) | (_, None) => crate::types::frame::first_instr(self.code()),
            (_, Some(run)) => run.instr_at(self.pc.get()),
        }
    }
    /// Whether it waits at a `yield` of its own, outside of every block that an exception could be caught in or that has to clean up.
    fn guards_nothing(&self) -> bool {
        let code = &self.code().code;
        let is_end = |handler: Handler| {
            code.instrs
                .get(handler.target.index())
                .is_some_and(|instr| instr.op() == Some(Op::StopIterationError))
        };
        code.handler(self.last_instr(self.state.get())).is_none_or(is_end) && self.delegate().is_none()
    }
    /// The register below the one that its `yield` has given the value of: what it delegates to, if it does.
    pub fn top_register(&self) -> Option<&Value> {
        if self.state.get() != State::Suspended {
            return None;
        }
        // It stands at a `YIELD`, whose operand is a register.
        let given = self.code().run()?.first_operand(self.pc.get())?;
        self.registers().get(given.checked_sub(1)?)
    }
    /// Its code.
    pub fn code(&self) -> &CodeObj {
        self.code.get().expect("a generator has a code")
    }
    /// `__name__`
    pub fn name(&self) -> &Value {
        self.name.bound().unwrap_or(&self.code().name)
    }
    /// `__qualname__`
    pub fn qualname(&self) -> &Value {
        self.qualname.bound().unwrap_or(&self.code().qualname)
    }
    /// Of which kind it is: a flag of its code.
    pub fn flag(&self) -> CodeFlags {
        let kinds = CodeFlags::COROUTINE | CodeFlags::ASYNC_GENERATOR;
        self.code().flags() & kinds
    }
    /// Whether it is an asynchronous generator.
    pub fn is_async(&self) -> bool {
        self.flag() == CodeFlags::ASYNC_GENERATOR
    }
    /// Whether it is neither that nor a coroutine.
    pub fn is_plain(&self) -> bool {
        self.flag().is_empty()
    }
    /// How messages name it.
    pub fn kind(&self) -> &'static str {
        match self.flag() {
            CodeFlags::COROUTINE => "coroutine",
            CodeFlags::ASYNC_GENERATOR => "async generator",
            _ => "generator",
        }
    }
}

impl Vm {
    /// A generator of a function at its creation, with empty registers. Runs no Python; `MemoryError`.
    pub fn new_generator(&self, body: &Function, run: &RunCode, pc: *mut u64) -> Res<Ref<Generator>> {
        let code = run.object();
        let flags = code.flags();
        let named = |own: &Value, codes: &Value| if own.is(codes) { Value::UNBOUND } else { own.clone() };
        let (name, qualname) = (named(&body.name, &code.name), named(&body.qualname, &code.qualname));
        let shape = match flags & (CodeFlags::COROUTINE | CodeFlags::ASYNC_GENERATOR) {
            kind if kind.is_empty() => Layout::Generator.shape(),
            CodeFlags::COROUTINE => self.types.coroutine.root.get(),
            _ => self.types.async_generator.root.get(),
        };
        let origin = match flags.intersects(CodeFlags::COROUTINE) {
            true if self.thread.origin_depth.get() > 0 && !is_module(code) => self.coroutine_origin(run)?,
            _ => Value::UNBOUND,
        };
        self.new_with_behind(
            shape,
            run.registers,
            |made: &Generator| &made.registers,
            |head, registers| Generator {
                head,
                function: Ref::from_payload(body).into_value(),
                code: code.as_value(),
                run,
                name,
                qualname,
                pc: Cell::new(pc),
                state: Cell::new(State::Created),
                asynchronous: flags.intersects(CodeFlags::ASYNC_GENERATOR),
                awaited: Cell::new(false),
                closed: Cell::new(false),
                told: Cell::new(false),
                handling: Cell::new(0),
                finalizer: origin,
                handled: Value::UNBOUND,
                caller_handled: Value::UNBOUND,
                frame: Value::UNBOUND,
                registers,
            },
        )
    }
}

impl Vm {
    /// Who makes a coroutine: a tuple of file, line and name for each of the calls around it, the innermost first.
    #[cold]
    fn coroutine_origin(&self, run: &RunCode) -> Res {
        let own = |frame: &crate::stack::Frame| std::ptr::eq(frame.run, run) && frame.generator().is_none();
        let mut frames = self.thread.stacks.iter().filter(|frame| !frame.is_boundary()).peekable();
        // The function's own frame may be there, which the coroutine replaces.
        frames.next_if(|frame| own(frame));
        let mut calls = Vec::new();
        for frame in frames.take(self.thread.origin_depth.get() as usize) {
            let code = frame.run().object();
            let line = code.code.position(frame.run().instr_at(frame.pc)).line;
            let line = Value::small(i64::from(line));
            calls.push(self.new_tuple(vec![code.filename.clone(), line, code.name.clone()])?);
        }
        self.new_tuple(calls)
    }
}

/// `generator`
pub static TYPE: TypeDef = TypeDef {
    name: "generator",
    layout: Layout::Generator,
    flags: TypeFlags::HAS_WEAKREF,
    slots: Slots { repr: Some(repr), iter: Some(iter), next: Some(next), del: Some(del), ..Slots::NONE },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

fn this(value: &Value) -> &Generator {
    value.get().expect("a method of generator is called with a generator")
}

static METHODS: &[Method] = &[
    method(
        "send",
        "($self, arg, /)",
        Call::Two(send),
        "Resumes at the yield that waits, whose value this is, and gives what is yielded\nnext. \
         StopIteration at the end has the result.\n\nA generator that has not begun takes None only.",
    ),
    method(
        "throw",
        "($self, *args)",
        Call::Full(throw),
        "Raises an exception at the yield that waits. Gives what is yielded next, if the generator goes on.",
    ),
    crate::types::generic_alias::CLASS_GETITEM,
    method(
        "close",
        "($self, /)",
        Call::One(close),
        "Raises GeneratorExit at the yield that waits, so that the generator ends.\nRuntimeError if it \
         yields once more.",
    ),
];

/// `__name__`, of the three types.
pub(super) const NAME: GetSet =
    attribute("__name__", |_, g| Ok(this(g).name().clone()), set_name, "as in the def statement");
/// `__qualname__`, of the three types.
pub(super) const QUALNAME: GetSet = attribute(
    "__qualname__",
    |_, g| Ok(this(g).qualname().clone()),
    set_qualname,
    "with the names of the classes and functions around it",
);

static GETSET: &[GetSet] = &[
    NAME,
    QUALNAME,
    getter("gi_running", |_, g| Ok(Value::bool(this(g).state.get() == State::Running)), ""),
    getter("gi_suspended", |_, g| Ok(Value::bool(this(g).state.get() == State::Suspended)), ""),
    getter("gi_frame", crate::types::frame::of_generator, ""),
    getter("gi_code", |_, g| Ok(this(g).code.clone()), ""),
    getter("gi_yieldfrom", yield_from, "what yield from iterates at the moment, or None"),
];

fn set_text(vm: &Vm, slot: &Value, what: &str, value: Option<&Value>) -> Res<()> {
    match value {
        Some(value) if vm.is_str(value) => {
            slot.set(value.clone());
            Ok(())
        }
        _ => Err(vm.type_error(format_args!("{what} must be set to a string object"))),
    }
}
fn set_name(vm: &Vm, g: &Value, value: Option<&Value>) -> Res<()> {
    set_text(vm, &this(g).name, "__name__", value)
}
fn set_qualname(vm: &Vm, g: &Value, value: Option<&Value>) -> Res<()> {
    set_text(vm, &this(g).qualname, "__qualname__", value)
}
/// `repr(generator)`
pub(super) fn repr(vm: &Vm, g: &Value) -> Res {
    let kind = this(g).kind().replace(' ', "_");
    vm.display(format_args!("<{kind} object {} at {:#x}>", vm.text(this(g).qualname()), vm.id(g)))
}
fn iter(_: &Vm, g: &Value) -> Res {
    Ok(g.clone())
}

/// What a resumption gave.
pub enum Resumed {
    /// A value, yielded.
    Yielded(Value),
    /// The end, with the returned value.
    Returned(Value),
}

impl Vm {
    /// `StopIteration(value)` if a generator ended with a value.
    pub fn stop_iteration(&self, value: Value) -> Raised {
        let args = if value.is_none() { Vec::new() } else { vec![value] };
        match self.new_exception(&self.exc.StopIteration, args) {
            Ok(exception) => self.raise_value(exception),
            Err(raised) => raised,
        }
    }
}

impl Vm {
    /// `StopAsyncIteration()`: an asynchronous generator ended.
    pub fn stop_async_iteration(&self) -> Raised {
        match self.new_exception(&self.exc.StopAsyncIteration, Vec::new()) {
            Ok(exception) => self.raise_value(exception),
            Err(raised) => raised,
        }
    }
}

fn next(vm: &Vm, g: &Value) -> Res<Option<Value>> {
    match vm.resume_generator(g, Ok(Value::NONE))? {
        Resumed::Yielded(value) => Ok(Some(value)),
        Resumed::Returned(value) if value.is_none() => Ok(None),
        Resumed::Returned(value) => Err(vm.stop_iteration(value)),
    }
}
fn finish(vm: &Vm, g: &Value, resumed: Resumed) -> Res {
    match resumed {
        Resumed::Yielded(value) => Ok(value),
        Resumed::Returned(_) if this(g).flag() == CodeFlags::ASYNC_GENERATOR => {
            Err(vm.stop_async_iteration())
        }
        Resumed::Returned(value) => Err(vm.stop_iteration(value)),
    }
}
/// `generator.send(value)`
pub(super) fn send(vm: &Vm, g: &Value, value: &Value) -> Res {
    if this(g).state.get() == State::Created && !value.is_none() {
        return Err(
            vm.type_error(format_args!("can't send non-None value to a just-started {}", this(g).kind()))
        );
    }
    let resumed = vm.resume_generator(g, Ok(value.clone()))?;
    finish(vm, g, resumed)
}

/// Warns of more than one argument to `throw` or `athrow`.
pub(super) fn warn_of_three(vm: &Vm, name: &str, given: usize) -> Res<()> {
    if given < 2 {
        return Ok(());
    }
    if given > 3 {
        return Err(vm.type_error(format_args!("{name} expected at most 3 arguments, got {given}")));
    }
    let message = format!(
        "the (type, exc, tb) signature of {name}() is deprecated, use the single-arg signature instead."
    );
    vm.warn("DeprecationWarning", &message, 1)
}

/// An exception of a class; what its making raises comes in its place.
fn made(vm: &Vm, kind: &Value, args: &[Value]) -> Value {
    let made = vm.call(kind, args).and_then(|made| match made.has::<crate::types::exceptions::Exception>() {
        true => Ok(made),
        false => {
            let class = vm.repr(kind)?;
            let (class, given) = (vm.text(&class), vm.type_name(&made));
            Err(vm.type_error(format_args!(
                "calling {class} should have returned an instance of BaseException, not {given}"
            )))
        }
    });
    made.unwrap_or_else(|raised| vm.take_raised(raised))
}

/// The exception that `throw` was asked for, made.
pub(super) fn thrown(vm: &Vm, args: &[Value]) -> Res {
    let [kind, rest @ ..] = args else {
        return Err(vm.type_error("throw expected at least 1 argument, got 0"));
    };
    if let Some(traceback) = rest.get(1)
        && !traceback.is_none()
        && !traceback.has::<crate::types::traceback::Traceback>()
    {
        return Err(vm.type_error("throw() third argument must be a traceback object"));
    }
    let exception = if vm.is_instance(kind, &vm.exc.BaseException) {
        if rest.first().is_some_and(|v| !v.is_none()) {
            return Err(vm.type_error("instance exception may not have a separate value"));
        }
        kind.clone()
    } else if kind.get::<crate::object::ty::TypeObj>().is_some_and(|ty| ty.is_subtype(&vm.exc.BaseException))
    {
        match rest.first() {
            Some(value) if vm.is_instance_of(value, kind)? => value.clone(),
            Some(value) if value.is_none() => made(vm, kind, &[]),
            Some(value) => match value.get::<crate::types::tuple::Tuple>() {
                Some(tuple) => made(vm, kind, &tuple.items().to_vec()),
                None => made(vm, kind, &[value.clone()]),
            },
            None => made(vm, kind, &[]),
        }
    } else {
        return Err(vm.type_error(format_args!(
            "exceptions must be classes or instances deriving from BaseException, not {}",
            vm.type_name(kind)
        )));
    };
    if let (Some(traceback), Some(payload)) =
        (rest.get(1), exception.get::<crate::types::exceptions::Exception>())
        && !traceback.is_none()
    {
        payload.traceback.set(traceback.clone());
    }
    Ok(exception)
}

/// `generator.throw(..)`
pub(super) fn throw(vm: &Vm, args: Args<'_>) -> Res {
    let g = &args.pos[0];
    if !args.names.is_empty() {
        return Err(vm.type_error(format_args!("{}.throw() takes no keyword arguments", this(g).kind())));
    }
    warn_of_three(vm, "throw", args.pos.len() - 1)?;
    let exception = thrown(vm, &args.pos[1..])?;
    throw_into(vm, g, exception, &args.pos[1..])
}

/// Throws an exception into a generator: into what it delegates to, if it does.
pub fn throw_into(vm: &Vm, g: &Value, exception: Value, args: &[Value]) -> Res {
    vm.check_stack()?;
    let inner = g.get::<Generator>().and_then(Generator::delegate);
    if let Some(inner) = inner {
        let close_only = vm.is_instance(&exception, &vm.exc.GeneratorExit);
        if close_only {
            this(g).state.set(State::Running);
            let closed = close_iterator(vm, &inner);
            this(g).state.set(State::Suspended);
            if let Err(raised) = closed {
                // The generator that goes on may be the last one to hold it.
                drop(inner);
                let exception = vm.take_raised(raised);
                let resumed = vm.resume_generator(g, Err(exception))?;
                return finish(vm, g, resumed);
            }
        }
        let asked = !close_only && !inner.has::<Generator>();
        let method = if asked { vm.get_attr_opt(&inner, &vm.names.throw)? } else { None };
        if !close_only && (method.is_some() || inner.has::<Generator>()) {
            vm.work(4)?;
            let result = vm.in_frame_of(this(g), || match &method {
                Some(method) => vm.call(method, &args.to_vec()),
                None => throw_into(vm, &inner, exception, args),
            });
            drop((method, inner));
            return match result {
                Ok(value) => Ok(value),
                Err(raised) if vm.raised_is(&raised, &vm.exc.StopIteration) => {
                    // The inner iterator ended: its value is the value of the `yield from`.
                    let value = crate::types::exceptions::stop_value(&vm.take_raised(raised));
                    let resumed = vm.resume_after_delegate(g, value)?;
                    finish(vm, g, resumed)
                }
                Err(raised) => {
                    let exception = vm.take_raised(raised);
                    let resumed = vm.resume_generator(g, Err(exception))?;
                    finish(vm, g, resumed)
                }
            };
        }
    }
    let resumed = vm.resume_generator(g, Err(exception))?;
    finish(vm, g, resumed)
}

/// Closes what a generator delegates to, if it can be closed.
fn close_iterator(vm: &Vm, inner: &Value) -> Res<()> {
    if inner.has::<Generator>() {
        return close(vm, inner).map(drop);
    }
    match vm.get_attr_opt(inner, &vm.names.close) {
        Ok(Some(method)) => vm.call(&method, &[]).map(drop),
        Ok(None) => Ok(()),
        Err(raised) => {
            let exception = vm.take_raised(raised);
            super::exceptions::unraisable_message(vm, &exception, "while closing generator", inner);
            Ok(())
        }
    }
}

/// `generator.close()`
pub fn close(vm: &Vm, g: &Value) -> Res {
    match this(g).state.get() {
        State::Created => {
            this(g).let_go();
            return Ok(Value::NONE);
        }
        State::Finished => return Ok(Value::NONE),
        State::Running => return Err(vm.value_error(format_args!("{} already executing", this(g).kind()))),
        State::Suspended => {}
    }
    if !vm.tracing.is_on() && this(g).guards_nothing() {
        // Nobody would see the exception.
        this(g).let_go();
        return Ok(Value::NONE);
    }
    let exit = vm.new_exception(&vm.exc.GeneratorExit, Vec::new())?;
    let args = [exit.clone()];
    match throw_into(vm, g, exit, &args) {
        Ok(_) => Err(vm.runtime_error(format_args!("{} ignored GeneratorExit", this(g).kind()))),
        Err(raised) if vm.raised_is(&raised, &vm.exc.StopIteration) => {
            let stop = vm.take_raised(raised);
            Ok(crate::types::exceptions::stop_value(&stop))
        }
        Err(raised) if vm.raised_is(&raised, &vm.exc.GeneratorExit) => {
            drop(vm.take_raised(raised));
            Ok(Value::NONE)
        }
        Err(raised) => Err(raised),
    }
}

/// What it delegates to, or None.
pub(super) fn yield_from(_: &Vm, g: &Value) -> Res {
    Ok(g.get::<Generator>().and_then(Generator::delegate).unwrap_or(Value::NONE))
}

/// A suspended generator that nobody will resume runs its `finally` blocks.
pub(super) fn del(vm: &Vm, g: &Value) {
    if this(g).state.get() != State::Suspended {
        return;
    }
    let pending = vm.thread.raised.take();
    if let Err(raised) = close(vm, g) {
        let exception = vm.take_raised(raised);
        crate::types::exceptions::unraisable(vm, &exception, g);
    }
    vm.thread.raised.set(pending);
}
