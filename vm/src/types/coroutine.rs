//! `coroutine`, what its `__await__` gives, and the awaitable of `anext(iterator, default)`.
//!
//! A coroutine is a [`Generator`] of another type: it cannot be iterated, only awaited.

use ryokan_alloc::Header;
use ryokan_bytecode::CodeFlags;

use super::generator::{self, Generator, State};
use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, getter, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::raised::{Raised, Res};
use crate::value::Value;
use crate::vm::Vm;

const SEND_DOC: &str = "Sends a value into coroutine code, as what it waits for, and runs it up to its next \
                        pause.\nGives what it awaits there; at its end StopIteration has the result.";
const THROW_DOC: &str = "Raises an exception in coroutine code, where it pauses. Gives what it awaits next, \
                         if it goes on.";
const CLOSE_DOC: &str = "Raises GeneratorExit inside coroutine code, where it pauses, so that it ends. \
                         RuntimeError if it\nawaits something more.";

/// `coroutine`
pub static TYPE: TypeDef = TypeDef {
    name: "coroutine",
    layout: Layout::Generator,
    flags: TypeFlags::NO_NEW.union(TypeFlags::HAS_WEAKREF),
    slots: Slots { repr: Some(generator::repr), await_: Some(wrapper), del: Some(del), ..Slots::NONE },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

static METHODS: &[Method] = &[
    method("send", "($self, arg, /)", Call::Two(generator::send), SEND_DOC),
    method("throw", "($self, *args)", Call::Full(generator::throw), THROW_DOC),
    method("close", "($self, /)", Call::One(generator::close), CLOSE_DOC),
    crate::types::generic_alias::CLASS_GETITEM,
];

static GETSET: &[GetSet] = &[
    GetSet { doc: "name of the coroutine", ..generator::NAME },
    GetSet { doc: "name of the coroutine, with those of what it was made in", ..generator::QUALNAME },
    getter("cr_running", |_, g| Ok(Value::bool(this(g).state.get() == State::Running)), ""),
    getter("cr_frame", crate::types::frame::of_generator, ""),
    getter("cr_suspended", |_, g| Ok(Value::bool(this(g).state.get() == State::Suspended)), ""),
    getter("cr_code", |_, g| Ok(this(g).code.clone()), ""),
    getter(
        "cr_origin",
        |_, g| match this(g).namespace() {
            Some(_) => Ok(Value::NONE),
            None => Ok(this(g).finalizer.bound().cloned().unwrap_or(Value::NONE)),
        },
        "",
    ),
    getter("cr_await", generator::yield_from, "what the coroutine waits for, or None"),
];

fn this(value: &Value) -> &Generator {
    value.get().expect("a method of coroutine is called with a coroutine")
}

/// A coroutine that nobody awaited says so; a suspended one runs its `finally` blocks.
fn del(vm: &Vm, g: &Value) {
    if this(g).state.get() == State::Created { warn_unawaited(vm, g) } else { generator::del(vm, g) }
}

/// Says that nobody has awaited a coroutine: the library does, which shows lines of those who made it.
pub fn warn_unawaited(vm: &Vm, g: &Value) {
    let pending = vm.thread.raised.take();
    let told = vm.warnings_module(true).and_then(|warnings| {
        let Some(warnings) = warnings else { return Ok(false) };
        let Some(warn) = vm.get_attr_opt(&warnings, &vm.intern("_warn_unawaited_coroutine")?)? else {
            return Ok(false);
        };
        vm.call(&warn, &[g.clone()]).map(|_| true)
    });
    let warned = match told {
        Ok(warned) => warned,
        Err(raised) => {
            let warned = vm.raised_is(&raised, &vm.exc.RuntimeWarning);
            ignore(vm, raised, g, "while finalizing coroutine");
            warned
        }
    };
    if !warned {
        let name = vm.text(this(g).qualname());
        let message = format!("coroutine '{name}' was never awaited");
        if let Err(raised) = vm.warn_of(&message, g) {
            ignore(vm, raised, g, "while finalizing coroutine");
        }
    }
    vm.thread.raised.set(pending);
}

/// The payload of `coroutine_wrapper`.
#[repr(C)]
pub struct Wrapper {
    head: Header,
    coroutine: Value,
}

object! {
    Wrapper as CoroutineWrapper {
        tracked: true,
        values: [coroutine],
        clear: |this| this.coroutine.set(Value::NONE),
    }
}

fn wrapper(vm: &Vm, coroutine: &Value) -> Res {
    let coroutine = coroutine.clone();
    Ok(vm.new_object(|head| Wrapper { head, coroutine })?.into_value())
}

/// `coroutine_wrapper`
pub static WRAPPER_TYPE: TypeDef = TypeDef {
    name: "coroutine_wrapper",
    layout: Layout::CoroutineWrapper,
    flags: TypeFlags::NO_NEW,
    doc: "What await iterates when it is given a coroutine.",
    slots: Slots { iter: Some(itself), next: Some(wrapper_next), ..Slots::NONE },
    methods: WRAPPER_METHODS,
    ..TypeDef::EMPTY
};

static WRAPPER_METHODS: &[Method] = &[
    method("send", "($self, arg, /)", Call::Two(|vm, w, arg| generator::send(vm, inside(w), arg)), SEND_DOC),
    method("throw", "($self, *args)", Call::Full(wrapper_throw), THROW_DOC),
    method("close", "($self, /)", Call::One(|vm, w| generator::close(vm, inside(w))), CLOSE_DOC),
];

fn inside(value: &Value) -> &Value {
    let wrapper: &Wrapper = value.get().expect("a method of coroutine_wrapper is called with one");
    &wrapper.coroutine
}
fn wrapper_next(vm: &Vm, value: &Value) -> Res<Option<Value>> {
    generator::send(vm, inside(value), &Value::NONE).map(Some)
}
fn wrapper_throw(vm: &Vm, args: Args<'_>) -> Res {
    let mut all = args.pos.to_vec();
    all[0] = inside(&args.pos[0]).clone();
    generator::throw(vm, Args { pos: &all, ..args })
}

/// `iter(iterator)`, and `__await__` of what is its own iterator.
pub fn itself(_: &Vm, this: &Value) -> Res {
    Ok(this.clone())
}

impl Vm {
    /// The iterator that awaiting an object means: a coroutine itself, or what its `__await__` gives. `None`: it cannot be
    /// awaited. Runs Python (`__await__`); raises what that raises, and `TypeError` if it gives no iterator, or a coroutine.
    pub fn awaitable_iterator(&self, value: &Value) -> Res<Option<Value>> {
        if let Some(generator) = value.get::<Generator>() {
            let flags = generator.code().flags();
            if flags.intersects(CodeFlags::COROUTINE | CodeFlags::ITERABLE_COROUTINE) {
                return Ok(Some(value.clone()));
            }
        }
        let Some(slot) = self.slots(value).await_() else { return Ok(None) };
        let iterator = slot.call(self, value)?;
        if iterator.get::<Generator>().is_some_and(|g| g.flag() == CodeFlags::COROUTINE) {
            return Err(self.type_error("__await__() returned a coroutine"));
        }
        if self.slots(&iterator).next().is_none() {
            return Err(self.type_error(format_args!(
                "__await__() returned non-iterator of type '{}'",
                self.type_name(&iterator)
            )));
        }
        Ok(Some(iterator))
    }
}

/// The payload of `anext_awaitable`.
#[repr(C)]
pub struct AnextAwaitable {
    head: Header,
    wrapped: Value,
    default: Value,
}

object! {
    AnextAwaitable {
        tracked: true,
        values: [wrapped, default],
        clear: |this| {
            this.wrapped.set(Value::NONE);
            this.default.set(Value::NONE);
        },
    }
}

/// What `anext(iterator, default)` gives: the awaitable of the next item, which ends with the default.
pub fn anext_or(vm: &Vm, wrapped: Value, default: Value) -> Res {
    Ok(vm.new_object(|head| AnextAwaitable { head, wrapped, default })?.into_value())
}

/// `anext_awaitable`
pub static ANEXT_TYPE: TypeDef = TypeDef {
    name: "anext_awaitable",
    layout: Layout::AnextAwaitable,
    flags: TypeFlags::NO_NEW,
    slots: Slots { iter: Some(itself), await_: Some(itself), next: Some(anext_next), ..Slots::NONE },
    methods: ANEXT_METHODS,
    ..TypeDef::EMPTY
};

static ANEXT_METHODS: &[Method] = &[
    method("send", "($self, *args)", Call::Full(|vm, args| anext_call(vm, args, "send")), ""),
    method("throw", "($self, *args)", Call::Full(|vm, args| anext_call(vm, args, "throw")), ""),
    method("close", "($self, /)", Call::Full(|vm, args| anext_call(vm, args, "close")), ""),
];

fn anext_this(value: &Value) -> &AnextAwaitable {
    value.get().expect("a method of anext_awaitable is called with one")
}

/// What the wrapped awaitable is driven by.
fn anext_iterator(vm: &Vm, this: &AnextAwaitable) -> Res {
    let Some(iterator) = vm.awaitable_iterator(&this.wrapped)? else {
        return Err(vm.type_error(format_args!("'{}' object can't be awaited", vm.type_name(&this.wrapped))));
    };
    // A coroutine has no `__next__`; its wrapper has.
    if iterator.get::<Generator>().is_some_and(|g| g.flag() == CodeFlags::COROUTINE) {
        return wrapper(vm, &iterator);
    }
    Ok(iterator)
}

/// The end of the iteration is the default.
fn anext_end(vm: &Vm, this: &AnextAwaitable, raised: Raised) -> Raised {
    if !vm.raised_is(&raised, &vm.exc.StopAsyncIteration) {
        return raised;
    }
    drop(vm.take_raised(raised));
    vm.stop_iteration(this.default.clone())
}

fn anext_next(vm: &Vm, value: &Value) -> Res<Option<Value>> {
    let this = anext_this(value);
    let iterator = anext_iterator(vm, this)?;
    match vm.next_or_stop(&iterator) {
        Ok(Some(item)) => Ok(Some(item)),
        Ok(None) => Err(vm.stop_iteration(Value::NONE)),
        Err(raised) => Err(anext_end(vm, this, raised)),
    }
}

fn anext_call(vm: &Vm, args: Args<'_>, name: &str) -> Res {
    let this = anext_this(&args.pos[0]);
    let iterator = anext_iterator(vm, this)?;
    let method = vm.get_attr(&iterator, &vm.intern(name)?)?;
    let rest = Args { pos: &args.pos[1..], ..args };
    vm.call_args(&method, rest).map_err(|raised| anext_end(vm, this, raised))
}

impl Vm {
    /// A `RuntimeWarning` about an object that dies.
    pub(super) fn warn_of(&self, message: &str, source: &Value) -> Res<()> {
        let category = self.builtin("RuntimeWarning")?;
        self.warn_from(&category, &self.str(message)?, 1, &[], Some(source))
    }
}

/// Reports what came up while nobody could catch it.
pub(super) fn ignore(vm: &Vm, raised: Raised, source: &Value, what: &str) {
    let exception = vm.take_raised(raised);
    crate::types::exceptions::unraisable_message(vm, &exception, what, source);
}
