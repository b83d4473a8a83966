//! `lock` and `RLock`.

use std::cell::Cell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ryokan_alloc::Header;

use crate::object::call::Args;
use crate::object::native::{Call, Method, method};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeFlags};
use crate::object::{Layout, Ref};
use crate::raised::Res;
use crate::types::str::args::{given, given_value};
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;
use crate::vm::gate::Gate;

/// `_thread.TIMEOUT_MAX`, in seconds.
pub const TIMEOUT_MAX: f64 = 9_223_372_036.0;

/// What a gate takes outside the heap.
pub const GATE_BYTES: usize = 64;

/// The payload of `lock`: a gate that is shut while somebody has the lock.
#[repr(C)]
pub struct LockObj {
    head: Header,
    gate: Arc<Gate>,
}

object! {
    LockObj as Lock {
        tracked: false,
        values: [],
        owned: [gate],
        dying: |_this| give_gate_back(),
    }
}

/// The payload of `RLock`.
#[repr(C)]
pub struct RLockObj {
    head: Header,
    /// The ident of the thread that has it; 0 if nobody has.
    owner: Cell<u64>,
    /// How often.
    count: Cell<u64>,
    gate: Arc<Gate>,
}

object! {
    RLockObj as RLock {
        tracked: false,
        values: [],
        plain: [owner, count],
        owned: [gate],
        dying: |_this| give_gate_back(),
    }
}

/// A gate, charged to the heap.
pub fn charged_gate(vm: &Vm, shut: bool) -> Res<Arc<Gate>> {
    if !vm.heap().charge(GATE_BYTES) {
        return Err(vm.no_memory());
    }
    Ok(Arc::new(Gate::new(shut)))
}

/// The object of a gate dies.
pub fn give_gate_back() {
    crate::vm::with_current(|vm| vm.heap().uncharge(GATE_BYTES));
}

impl Vm {
    /// An object that has a gate.
    pub(super) fn with_gate<T: crate::object::Object>(
        &self,
        shut: bool,
        make: impl FnOnce(Header, Arc<Gate>) -> T,
    ) -> Res<Ref<T>> {
        let gate = charged_gate(self, shut)?;
        self.new_object(|head| make(head, gate)).inspect_err(|_| self.heap().uncharge(GATE_BYTES))
    }
}

/// How long to wait for a lock.
#[derive(Clone, Copy)]
pub enum Patience {
    /// Not at all.
    No,
    /// So long.
    Within(Duration),
    /// For ever.
    Endless,
}

/// A number of seconds as CPython reads one: its nanoseconds.
pub fn nanoseconds(vm: &Vm, value: &Value) -> Res<i64> {
    if !vm.is_instance(value, &vm.types.float) && vm.slots(value).index().is_none() {
        let kind = vm.type_name(value);
        return Err(
            vm.type_error(format_args!("'{kind}' object cannot be interpreted as an integer or float"))
        );
    }
    let seconds = vm.as_f64(value)?;
    if seconds.is_nan() {
        return Err(vm.value_error("Invalid value NaN (not a number)"));
    }
    // Away from zero: a little time is never none.
    let nanos = (seconds * 1e9).abs().ceil().copysign(seconds);
    if nanos.abs() >= i64::MAX as f64 {
        return Err(vm.overflow_error("timestamp out of range for C PyTime_t"));
    }
    Ok(nanos as i64)
}

/// The arguments `blocking` and `timeout` of an `acquire`.
fn patience(vm: &Vm, args: &[Value]) -> Res<Patience> {
    let blocking = given(args, 1).map_or(Ok(true), |value| vm.truth(value))?;
    let nanos = given(args, 2).map_or(Ok(-1_000_000_000), |value| nanoseconds(vm, value))?;
    let endless = nanos == -1_000_000_000;
    if !blocking && !endless {
        return Err(vm.value_error("can't specify a timeout for a non-blocking call"));
    }
    if nanos < 0 && !endless {
        return Err(vm.value_error("timeout value must be a non-negative number"));
    }
    if nanos as f64 > TIMEOUT_MAX * 1e9 {
        return Err(vm.overflow_error("timeout value is too large"));
    }
    Ok(match (blocking, u64::try_from(nanos)) {
        (false, _) | (_, Ok(0)) => Patience::No,
        (true, Ok(nanos)) => Patience::Within(Duration::from_nanos(nanos)),
        (true, Err(_)) => Patience::Endless,
    })
}

/// Goes through a gate and shuts it; whether that was possible in time. Other threads run meanwhile.
fn enter(vm: &Vm, gate: &Arc<Gate>, patience: Patience) -> Res<bool> {
    if gate.shut() {
        return Ok(true);
    }
    let deadline = match patience {
        Patience::No => return Ok(false),
        Patience::Within(time) => Instant::now().checked_add(time),
        Patience::Endless => None,
    };
    let gate = gate.clone();
    vm.wait_for(deadline, move |most| gate.wait(most, true))
}

/// `lock`
pub static LOCK_TYPE: TypeDef = TypeDef {
    name: "_thread.lock",
    layout: Layout::Lock,
    flags: TypeFlags::HAS_WEAKREF,
    doc: "A lock that one thread has at a time, and any thread may release.",
    slots: Slots { new: Some(new_lock), repr: Some(lock_repr), ..Slots::NONE },
    methods: LOCK_METHODS,
    ..TypeDef::EMPTY
};

const ACQUIRE: &str = "($self, /, blocking=True, timeout=-1)";
const ACQUIRE_DOC: &str = "Take the lock, waiting for it if need be; say whether it was taken.";
const RELEASE_DOC: &str = "Let go of the lock.";
const LOCKED_DOC: &str = "Whether the lock is taken.";

static LOCK_METHODS: &[Method] = &[
    method("acquire", ACQUIRE, Call::Slice(acquire), ACQUIRE_DOC),
    method("acquire_lock", ACQUIRE, Call::Slice(acquire), "Another name of acquire()."),
    method("release", "($self, /)", Call::One(release), RELEASE_DOC),
    method("release_lock", "($self, /)", Call::One(release), "Another name of release()."),
    method("locked", "($self, /)", Call::One(locked), LOCKED_DOC),
    method("locked_lock", "($self, /)", Call::One(locked), "Another name of locked()."),
    method("_at_fork_reinit", "($self, /)", Call::One(reset), "Make the lock as new."),
    method("__enter__", "($self, /)", Call::One(enter_lock), ACQUIRE_DOC),
    method("__exit__", "($self, /, *exc_info)", Call::Full(exit_lock), RELEASE_DOC),
];

fn lock(value: &Value) -> &LockObj {
    value.get().expect("a method of lock is called with a lock")
}

/// `allocate_lock()`
pub fn allocate(vm: &Vm, _: &[Value]) -> Res {
    vm.with_gate(false, |head, gate| LockObj { head, gate }).map(Ref::into_value)
}

fn new_lock(vm: &Vm, _: &Value, args: Args<'_>) -> Res {
    if !args.names.is_empty() {
        return Err(vm.type_error("lock() takes no keyword arguments"));
    }
    match args.pos.len() {
        0 => allocate(vm, &[]),
        count => Err(vm.type_error(format_args!("lock expected 0 arguments, got {count}"))),
    }
}

fn lock_repr(vm: &Vm, value: &Value) -> Res {
    let state = if lock(value).gate.is_shut() { "locked" } else { "unlocked" };
    vm.display(format_args!("<{state} _thread.lock object at {:#x}>", vm.id(value)))
}

fn acquire(vm: &Vm, args: &[Value]) -> Res {
    let patience = patience(vm, args)?;
    enter(vm, &lock(&args[0]).gate, patience).map(Value::bool)
}
fn enter_lock(vm: &Vm, value: &Value) -> Res {
    enter(vm, &lock(value).gate, Patience::Endless).map(Value::bool)
}
fn release(vm: &Vm, value: &Value) -> Res {
    if lock(value).gate.open() { Ok(Value::NONE) } else { Err(vm.runtime_error("release unlocked lock")) }
}
fn exit_lock(vm: &Vm, args: Args<'_>) -> Res {
    release(vm, &args.pos[0])
}
fn locked(_: &Vm, value: &Value) -> Res {
    Ok(Value::bool(lock(value).gate.is_shut()))
}
fn reset(_: &Vm, value: &Value) -> Res {
    lock(value).gate.open();
    Ok(Value::NONE)
}

/// `RLock`
pub static RLOCK_TYPE: TypeDef = TypeDef {
    name: "_thread.RLock",
    layout: Layout::RLock,
    flags: TypeFlags::BASETYPE.union(TypeFlags::HAS_WEAKREF),
    slots: Slots { new: Some(new_rlock), repr: Some(rlock_repr), init: Some(init_rlock), ..Slots::NONE },
    methods: RLOCK_METHODS,
    ..TypeDef::EMPTY
};

static RLOCK_METHODS: &[Method] = &[
    method(
        "acquire",
        ACQUIRE,
        Call::Slice(acquire_rlock),
        "Take the lock, once more if this thread has it already; say whether it was taken.",
    ),
    method(
        "release",
        "($self, /)",
        Call::One(release_rlock),
        "Let go of the lock once; the last time gives it to others.",
    ),
    method("locked", "($self, /)", Call::One(rlock_locked), LOCKED_DOC),
    method("_is_owned", "($self, /)", Call::One(is_owned), "Whether this thread has the lock."),
    method(
        "_recursion_count",
        "($self, /)",
        Call::One(recursion_count),
        "How often this thread has taken the lock.",
    ),
    method(
        "_acquire_restore",
        "($self, state, /)",
        Call::Two(acquire_restore),
        "Take the lock as _release_save() found it.",
    ),
    method(
        "_release_save",
        "($self, /)",
        Call::One(release_save),
        "Let go of the lock altogether; say how it was held.",
    ),
    method("_at_fork_reinit", "($self, /)", Call::One(reset_rlock), "Make the lock as new."),
    method("__enter__", "($self, /)", Call::One(enter_rlock), ACQUIRE_DOC),
    method("__exit__", "($self, /, *exc_info)", Call::Full(exit_rlock), RELEASE_DOC),
];

fn rlock(value: &Value) -> &RLockObj {
    value.get().expect("a method of RLock is called with an RLock")
}

fn new_rlock(vm: &Vm, class: &Value, _: Args<'_>) -> Res {
    let gate = charged_gate(vm, false)?;
    let made =
        vm.new_of_class(class, |head| RLockObj { head, owner: Cell::new(0), count: Cell::new(0), gate });
    made.inspect_err(|_| vm.heap().uncharge(GATE_BYTES))
}

/// Whatever the constructor is given means nothing.
fn init_rlock(_: &Vm, _: &Value, _: Args<'_>) -> Res<()> {
    Ok(())
}

fn rlock_repr(vm: &Vm, value: &Value) -> Res {
    let this = rlock(value);
    let state = if this.count.get() > 0 { "locked" } else { "unlocked" };
    vm.display(format_args!(
        "<{state} {} object owner={} count={} at {:#x}>",
        vm.type_of(value).full_name(vm),
        this.owner.get(),
        this.count.get(),
        vm.id(value)
    ))
}

/// Takes the lock; whether that was possible in time.
fn take(vm: &Vm, value: &Value, patience: Patience) -> Res<bool> {
    let this = rlock(value);
    let me = vm.threads.ident();
    if this.owner.get() == me {
        let Some(count) = this.count.get().checked_add(1) else {
            return Err(vm.overflow_error("Internal lock count overflowed"));
        };
        this.count.set(count);
        return Ok(true);
    }
    // Kept: the object may lose its other references meanwhile.
    let value = value.clone();
    if !enter(vm, &rlock(&value).gate, patience)? {
        return Ok(false);
    }
    rlock(&value).owner.set(me);
    rlock(&value).count.set(1);
    Ok(true)
}

fn acquire_rlock(vm: &Vm, args: &[Value]) -> Res {
    let patience = patience(vm, args)?;
    take(vm, &args[0], patience).map(Value::bool)
}
fn enter_rlock(vm: &Vm, value: &Value) -> Res {
    take(vm, value, Patience::Endless).map(Value::bool)
}
fn release_rlock(vm: &Vm, value: &Value) -> Res {
    let this = rlock(value);
    if this.count.get() == 0 || this.owner.get() != vm.threads.ident() {
        return Err(vm.runtime_error("cannot release un-acquired lock"));
    }
    this.count.set(this.count.get() - 1);
    if this.count.get() == 0 {
        this.owner.set(0);
        this.gate.open();
    }
    Ok(Value::NONE)
}
fn exit_rlock(vm: &Vm, args: Args<'_>) -> Res {
    release_rlock(vm, &args.pos[0])
}
fn rlock_locked(_: &Vm, value: &Value) -> Res {
    Ok(Value::bool(rlock(value).gate.is_shut()))
}
fn is_owned(vm: &Vm, value: &Value) -> Res {
    Ok(Value::bool(rlock(value).owner.get() == vm.threads.ident()))
}
fn recursion_count(vm: &Vm, value: &Value) -> Res {
    let this = rlock(value);
    let own = this.owner.get() == vm.threads.ident();
    vm.int_from_u64(if own { this.count.get() } else { 0 })
}
fn acquire_restore(vm: &Vm, value: &Value, state: &Value) -> Res {
    let Some(tuple) = state.get::<Tuple>() else {
        let kind = vm.type_name(state);
        return Err(
            vm.type_error(format_args!("_acquire_restore() argument 1 must be 2-item tuple, not {kind}"))
        );
    };
    let [count, owner] = tuple.items() else {
        let count = tuple.items().len();
        return Err(vm.type_error(format_args!(
            "_acquire_restore() argument 1 must be tuple of length 2, not {count}"
        )));
    };
    let (count, owner) = (vm.index_long(&count.clone())?, vm.index_long(&owner.clone())?);
    let value = value.clone();
    enter(vm, &rlock(&value).gate, Patience::Endless)?;
    rlock(&value).count.set(count.max(0) as u64);
    rlock(&value).owner.set(owner.max(0) as u64);
    Ok(Value::NONE)
}
fn release_save(vm: &Vm, value: &Value) -> Res {
    let this = rlock(value);
    if this.count.get() == 0 || this.owner.get() != vm.threads.ident() {
        return Err(vm.runtime_error("cannot release un-acquired lock"));
    }
    let state = vm.new_tuple(vec![vm.int_from_u64(this.count.get())?, vm.int_from_u64(this.owner.get())?])?;
    this.count.set(0);
    this.owner.set(0);
    this.gate.open();
    Ok(state)
}
fn reset_rlock(_: &Vm, value: &Value) -> Res {
    let this = rlock(value);
    this.count.set(0);
    this.owner.set(0);
    this.gate.open();
    Ok(Value::NONE)
}

/// The argument `timeout` of a `join`.
pub fn join_patience(vm: &Vm, args: &[Value]) -> Res<Patience> {
    let Some(value) = given_value(args, 1) else { return Ok(Patience::Endless) };
    let nanos = nanoseconds(vm, value)?;
    Ok(u64::try_from(nanos).map_or(Patience::Endless, |nanos| Patience::Within(Duration::from_nanos(nanos))))
}

/// Waits until a gate is open, and leaves it so; whether it is.
pub fn pass(vm: &Vm, gate: &Arc<Gate>, patience: Patience) -> Res<bool> {
    if !gate.is_shut() {
        return Ok(true);
    }
    let deadline = match patience {
        Patience::No => return Ok(false),
        Patience::Within(time) => Instant::now().checked_add(time),
        Patience::Endless => None,
    };
    let gate = gate.clone();
    vm.wait_for(deadline, move |most| gate.wait(most, false))
}
