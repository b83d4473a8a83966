//! `_ThreadHandle`: what others know of a thread; and how threads begin and end.

use std::cell::Cell;
use std::sync::Arc;

use ryokan_alloc::Header;

use super::locks::{Patience, give_gate_back, join_patience, pass};
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, getter, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::object::{Layout, Ref};
use crate::raised::{Raised, Res};
use crate::types::dict::Dict;
use crate::types::exceptions::unraisable_message;
use crate::types::str::Text;
use crate::types::str::args::{given, given_value};
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;
use crate::vm::gate::Gate;
use crate::vm::threads::NotStarted;

/// How far a handle's thread has come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    NotStarted,
    Running,
    Done,
}

/// The payload of `_ThreadHandle`. Its gate is shut until the thread has ended.
#[repr(C)]
pub struct Handle {
    head: Header,
    ident: Cell<u64>,
    stage: Cell<Stage>,
    gate: Arc<Gate>,
}

object! {
    Handle as ThreadHandle {
        tracked: false,
        values: [],
        plain: [ident, stage],
        owned: [gate],
        dying: |_this| give_gate_back(),
    }
}

impl Handle {
    /// The thread has ended, or is to be taken for one that has.
    fn end(&self, vm: &Vm) {
        self.stage.set(Stage::Done);
        self.gate.open_for_all();
        vm.threads.joined_at_end.borrow_mut().retain(|(_, gate)| !Arc::ptr_eq(gate, &self.gate));
    }
}

/// `_ThreadHandle`
pub static TYPE: TypeDef = TypeDef {
    name: "_thread._ThreadHandle",
    layout: Layout::ThreadHandle,
    flags: TypeFlags::HAS_WEAKREF,
    slots: Slots { new: Some(new), repr: Some(repr), ..Slots::NONE },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

static METHODS: &[Method] = &[
    method("join", "($self, timeout=None, /)", Call::Slice(join), "Wait until the thread has ended."),
    method("is_done", "($self, /)", Call::One(is_done), "Whether the thread has ended."),
    method("_set_done", "($self, /)", Call::One(set_done), "Take the thread for one that has ended."),
];
static GETSET: &[GetSet] = &[getter("ident", |vm, value| vm.int_from_u64(this(value).ident.get()), "")];

fn this(value: &Value) -> &Handle {
    value.get().expect("a method of _ThreadHandle is called with one")
}

fn make(vm: &Vm, ident: u64, stage: Stage) -> Res<Ref<Handle>> {
    vm.with_gate(true, |head, gate| Handle { head, ident: Cell::new(ident), stage: Cell::new(stage), gate })
}

fn new(vm: &Vm, _: &Value, _: Args<'_>) -> Res {
    make(vm, 0, Stage::NotStarted).map(Ref::into_value)
}

fn repr(vm: &Vm, value: &Value) -> Res {
    vm.display(format_args!("<_thread._ThreadHandle object: ident={}>", this(value).ident.get()))
}

fn join(vm: &Vm, args: &[Value]) -> Res {
    let patience = join_patience(vm, args)?;
    let handle = this(&args[0]);
    match handle.stage.get() {
        Stage::NotStarted => return Err(vm.runtime_error("thread not started")),
        Stage::Running if handle.ident.get() == vm.threads.ident() => {
            return Err(vm.runtime_error("Cannot join current thread"));
        }
        Stage::Running => {}
        Stage::Done => return Ok(Value::NONE),
    }
    pass(vm, &handle.gate, patience)?;
    Ok(Value::NONE)
}

fn is_done(_: &Vm, value: &Value) -> Res {
    Ok(Value::bool(this(value).stage.get() == Stage::Done))
}

fn set_done(vm: &Vm, value: &Value) -> Res {
    if this(value).stage.get() == Stage::NotStarted {
        return Err(vm.runtime_error("thread not started"));
    }
    this(value).end(vm);
    Ok(Value::NONE)
}

/// `_make_thread_handle(ident)`
pub fn make_handle(vm: &Vm, ident: &Value) -> Res {
    if !vm.is_instance(ident, &vm.types.int) {
        return Err(vm.type_error("ident must be an integer"));
    }
    let ident = vm.as_i64(ident).and_then(|ident| u64::try_from(ident).ok());
    let Some(ident) = ident else { return Err(vm.overflow_error("ident is out of range")) };
    make(vm, ident, Stage::Running).map(Ref::into_value)
}

/// `start_new_thread(function, args, kwargs={}, /)`
pub fn start_new(vm: &Vm, args: &[Value]) -> Res {
    let (function, positional) = (&args[0], &args[1]);
    if vm.slots(function).call().is_none() {
        return Err(vm.type_error("first arg must be callable"));
    }
    if !positional.has::<Tuple>() {
        return Err(vm.type_error("2nd arg must be a tuple"));
    }
    let named = given(args, 2);
    if named.is_some_and(|named| !named.has::<Dict>()) {
        return Err(vm.type_error("optional 3rd arg must be a dictionary"));
    }
    check_rights(vm, false)?;
    let named = named.cloned().unwrap_or_default();
    let (function, positional) = (function.clone(), positional.clone());
    let started = vm.start_thread(move |vm| run(vm, &function, &positional, &named));
    match started {
        Ok(ident) => vm.int_from_u64(ident),
        Err(why) => Err(not_started(vm, why)),
    }
}

/// `start_joinable_thread(function, handle=None, daemon=True)`
pub fn start_joinable(vm: &Vm, args: &[Value]) -> Res {
    let function = &args[0];
    if vm.slots(function).call().is_none() {
        return Err(vm.type_error("thread function must be callable"));
    }
    let handle = match given_value(args, 1) {
        None => make(vm, 0, Stage::NotStarted)?,
        Some(handle) => {
            Ref::from_value(handle.clone()).map_err(|_| vm.type_error("'handle' must be a _ThreadHandle"))?
        }
    };
    let daemon = given(args, 2).map_or(Ok(true), |daemon| vm.truth(daemon))?;
    if handle.stage.get() != Stage::NotStarted {
        return Err(vm.runtime_error("thread already started"));
    }
    check_rights(vm, daemon)?;
    let (function, own) = (function.clone(), handle.clone());
    let started = vm.start_thread(move |vm| {
        run(vm, &function, &vm.empty_tuple, &Value::UNBOUND);
        drop(function);
        own.end(vm);
    });
    let ident = started.map_err(|why| not_started(vm, why))?;
    handle.ident.set(ident);
    handle.stage.set(Stage::Running);
    if !daemon {
        vm.threads.joined_at_end.borrow_mut().push((ident, handle.gate.clone()));
    }
    Ok(handle.into_value())
}

/// Whether this interpreter may start threads.
fn check_rights(vm: &Vm, daemon: bool) -> Res<()> {
    let rights = &vm.place.rights;
    if !rights.threads {
        return Err(vm.runtime_error("thread is not supported for isolated subinterpreters"));
    }
    if daemon && !rights.daemon_threads {
        return Err(vm.runtime_error("daemon threads are disabled in this (sub)interpreter"));
    }
    Ok(())
}

fn not_started(vm: &Vm, why: NotStarted) -> Raised {
    match why {
        NotStarted::Raised(raised) => raised,
        NotStarted::Refused => vm.runtime_error("can't start new thread"),
        NotStarted::Ending => {
            vm.raise(&vm.exc.PythonFinalizationError, "can't create new thread at interpreter shutdown")
        }
    }
}

/// What a thread does: calls its function, and reports what that raises, unless it is `SystemExit`.
fn run(vm: &Vm, function: &Value, positional: &Value, named: &Value) {
    let done = vm.call_star(function, positional, named);
    if let Err(raised) = done {
        let exception = vm.take_raised(raised);
        if !vm.is_instance(&exception, &vm.exc.SystemExit) {
            report(vm, &exception, function);
        }
    }
    super::local::forget_thread(vm);
}

/// Says what ended a thread. The function is part of the message: the hook gets no object.
fn report(vm: &Vm, exception: &Value, function: &Value) {
    let shown = match vm.repr(function) {
        Ok(shown) => vm.text(&shown),
        Err(raised) => {
            drop(vm.take_raised(raised));
            Text::from("<object repr() failed>")
        }
    };
    let what = Text::written(vm, format_args!("in thread started by {shown}"));
    unraisable_message(vm, exception, &what, &Value::NONE);
}

impl Vm {
    /// `function(*positional, **named)`; `named` may be empty.
    pub(crate) fn call_star(&self, function: &Value, positional: &Value, named: &Value) -> Res {
        let mut slots: Vec<Value> =
            positional.get::<Tuple>().map_or(Vec::new(), |tuple| tuple.items().to_vec());
        let mut names = Vec::new();
        if let Some(dict) = named.get::<Dict>() {
            for entry in dict.entries() {
                if !self.is_str(&entry.key) {
                    return Err(self.type_error("keywords must be strings"));
                }
                names.push(entry.key.clone());
                slots.push(entry.value.clone());
            }
            for name in &mut names {
                *name = self.intern_value(name.clone())?;
            }
        }
        self.call_args(function, Args::split(&slots, &names))
    }
}

/// `_shutdown()`: waits for all threads that are no daemons. If a signal comes in it is reported, and nobody is waited for any more.
pub fn shutdown(vm: &Vm, _: &[Value]) -> Res {
    let me = vm.threads.ident();
    loop {
        let next = vm.threads.joined_at_end.borrow().iter().find(|(ident, _)| *ident != me).cloned();
        let Some((ident, gate)) = next else { return Ok(Value::NONE) };
        if let Err(raised) = pass(vm, &gate, Patience::Endless) {
            let exception = vm.take_raised(raised);
            let what = "while joining a thread in _thread._shutdown()";
            unraisable_message(vm, &exception, what, &Value::NONE);
            return Ok(Value::NONE);
        }
        vm.threads.joined_at_end.borrow_mut().retain(|(other, _)| *other != ident);
    }
}
