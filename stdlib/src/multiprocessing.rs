//! `_multiprocessing`: locks and semaphores that processes share.
//!
//! A semaphore of the system's stays open as long as an object has it. What waits gives the interpreter's lock away, and looks after
//! signals in between.

use std::cell::Cell;
use std::ffi::CString;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use ryokan_system::{self as system, Semaphore};
use ryokan_vm::native::*;

native_module! {
    /// Locks and semaphores that processes share.
    "_multiprocessing" {
        types { SemLock }
        fill = fill;
        functions {
            /// Removes the name of a semaphore.
            sem_unlink(name: &Value, /);
        }
    }
}

const RECURSIVE_MUTEX: i64 = 0;
const SEMAPHORE: i64 = 1;

fn fill(module: &Filler<'_>) -> Res<()> {
    let cx = module.cx();
    let flags = Dict::new(cx)?;
    flags.set_str(cx, "HAVE_SEM_OPEN", 1)?;
    flags.set_str(cx, "HAVE_SEM_TIMEDWAIT", 1)?;
    module.add_to_type::<SemLock>("SEM_VALUE_MAX", system::SEM_VALUE_MAX)?;
    module.add("flags", flags)
}

native_type! {
    /// A semaphore, or a lock that its owner can take again.
    "_multiprocessing.SemLock" = struct SemLock {
        semaphore: Own<Arc<Semaphore>>,
        kind: Cell<i64>,
        maxvalue: Cell<i64>,
        /// How often it was taken here, and by which thread last.
        count: Cell<i64>,
        owner: Cell<u64>,
        name: Slot,
    }
    flags: SUBCLASS;
    new(kind: i32, value: i32, maxvalue: i32, name: &Value, unlink: bool) = new;
    members {
        /// the address of the system's semaphore
        handle = handle;
        /// 0: the owner can take it again; 1: a semaphore
        kind = |_: &Cx, this: Lock<'_>| this.kind.get();
        /// the greatest value
        maxvalue = |_: &Cx, this: Lock<'_>| this.maxvalue.get();
        /// the name, or None
        name = |_: &Cx, this: Lock<'_>| this.name.get();
    }
    methods {
        /// Takes it; waits until it can, or for so many seconds, or not at all. Whether it was taken.
        acquire(block: bool = True, timeout: &Value = &Value::NONE => "None");
        /// Gives it back.
        release();
        /// How often this process has taken it and not given it back.
        _count() = count;
        /// Whether this thread has it.
        _is_mine() = is_mine;
        /// Its value.
        _get_value() = value;
        /// Whether its value is 0.
        _is_zero() = is_zero;
        /// Forgets what was taken: a new process has taken nothing.
        _after_fork() = after_fork;
        /// Takes it.
        __enter__() = enter;
        /// Gives it back.
        __exit__(exc_type: &Value = &Value::NONE => "None", exc_value: &Value = &Value::NONE => "None", exc_tb: &Value = &Value::NONE => "None", /) = exit;
    }
    class_methods {
        /// Opens one of another process by its name, or has it by its address.
        _rebuild(handle: i64, kind: i32, maxvalue: i32, name: &Value, /) = rebuild;
    }
}

type Lock<'a> = This<'a, SemLock>;

fn failed(cx: &Cx, error: &io::Error) -> Raised {
    cx.os_error(error, None)
}
fn c_name(cx: &Cx, function: &str, name: &Value) -> Res<CString> {
    if !cx.is_str(name) {
        let kind = cx.arg_name(name);
        return Err(cx.type_error(format_args!("{function} must be str, not {kind}")));
    }
    CString::new(cx.str(name)?.as_str()).map_err(|_| cx.value_error("embedded null character"))
}
fn sem_unlink(cx: &Cx, name: &Value) -> Res<()> {
    cx.require(Capability::Processes)?;
    let name = c_name(cx, "sem_unlink() argument", name)?;
    system::sem_unlink(&name).map(drop).map_err(|error| failed(cx, &error))
}
fn made(cx: &Cx, class: &Value, opened: Semaphore, kind: i32, maxvalue: i32, name: &Value) -> Res {
    let lock = SemLock {
        semaphore: Own::new(Arc::new(opened)),
        kind: Cell::new(kind.into()),
        maxvalue: Cell::new(maxvalue.into()),
        count: Cell::new(0),
        owner: Cell::new(0),
        name: Slot::new(name.clone()),
    };
    cx.new_of(class, lock)
}
fn new(cx: &Cx, class: &Value, kind: i32, value: i32, maxvalue: i32, name: &Value, unlink: bool) -> Res {
    if ![RECURSIVE_MUTEX, SEMAPHORE].contains(&kind.into()) {
        return Err(cx.value_error("unrecognized kind"));
    }
    cx.require(Capability::Processes)?;
    let text = c_name(cx, "SemLock() argument 4", name)?;
    let opened = Semaphore::create(&text, value as u32).map_err(|error| failed(cx, &error))?;
    if unlink {
        system::sem_unlink(&text).map_err(|error| failed(cx, &error))?;
    }
    let kept = if unlink { Value::NONE } else { name.clone() };
    made(cx, class, opened, kind, maxvalue, &kept)
}
fn rebuild(cx: &Cx, class: &Value, handle: i64, kind: i32, maxvalue: i32, name: &Value) -> Res {
    cx.require(Capability::Processes)?;
    let opened = if name.is_none() {
        let found = Semaphore::of_address(handle as usize);
        found.ok_or(()).map_err(|()| cx.value_error("no semaphore has this handle"))?
    } else {
        let text = c_name(cx, "_rebuild() argument 4", name)?;
        Semaphore::open(&text).map_err(|error| failed(cx, &error))?
    };
    made(cx, class, opened, kind, maxvalue, name)
}

fn semaphore(cx: &Cx, this: Lock<'_>) -> Res<Arc<Semaphore>> {
    this.semaphore.with(cx, |semaphore| Arc::clone(semaphore))
}
fn handle(cx: &Cx, this: Lock<'_>) -> Res<usize> {
    Ok(semaphore(cx, this)?.address())
}
fn has(cx: &Cx, this: Lock<'_>) -> bool {
    this.count.get() > 0 && this.owner.get() == cx.thread_ident()
}
fn is_mine(cx: &Cx, this: Lock<'_>) -> bool {
    has(cx, this)
}
fn count(_: &Cx, this: Lock<'_>) -> i64 {
    this.count.get()
}
fn value(cx: &Cx, this: Lock<'_>) -> Res<i32> {
    semaphore(cx, this)?.value().map(|value| value.max(0)).map_err(|error| failed(cx, &error))
}
fn is_zero(cx: &Cx, this: Lock<'_>) -> Res<bool> {
    value(cx, this).map(|value| value == 0)
}
fn after_fork(_: &Cx, this: Lock<'_>) {
    this.count.set(0);
}
fn taken(cx: &Cx, this: Lock<'_>) {
    this.count.set(this.count.get() + 1);
    this.owner.set(cx.thread_ident());
}

/// Waits for a semaphore without the interpreter's lock: pieces of this length, between which signals are heeded.
const PIECE: Duration = Duration::from_millis(500);

fn wait(cx: &Cx, semaphore: &Semaphore, timeout: Option<Duration>) -> Res<bool> {
    let mut result = Ok(());
    let come = cx.wait_for(timeout, |most| {
        let piece = most.map_or(PIECE, |most| most.min(PIECE));
        // The clock that the system waits by, whichever one the host shows.
        let until = std::time::SystemTime::now() + piece;
        let until = until.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        match semaphore.wait_until(until.as_secs() as i64, until.subsec_nanos().into()) {
            Ok(()) => true,
            Err(error) if matches!(error.raw_os_error(), Some(libc::ETIMEDOUT | libc::EINTR)) => false,
            Err(error) => {
                result = Err(error);
                true
            }
        }
    })?;
    result.map_err(|error| failed(cx, &error)).map(|()| come)
}
fn acquire(cx: &Cx, this: Lock<'_>, block: bool, timeout: &Value) -> Res<bool> {
    if this.kind.get() == RECURSIVE_MUTEX && has(cx, this) {
        this.count.set(this.count.get() + 1);
        return Ok(true);
    }
    let mut time = None;
    if block && !timeout.is_none() {
        let seconds = cx.float(timeout)?.max(0.0);
        time = Some(Duration::try_from_secs_f64(seconds).map_err(|_| cx.overflow_error("timeout is too large"))?);
    }
    let semaphore = semaphore(cx, this)?;
    let came = match semaphore.try_wait() {
        Ok(()) => true,
        Err(error) if !matches!(error.raw_os_error(), Some(libc::EAGAIN | libc::EINTR)) => {
            return Err(failed(cx, &error));
        }
        Err(_) => block && wait(cx, &semaphore, time)?,
    };
    if came {
        taken(cx, this);
    }
    Ok(came)
}
fn release(cx: &Cx, this: Lock<'_>) -> Res<()> {
    if this.kind.get() == RECURSIVE_MUTEX {
        if !has(cx, this) {
            return Err(cx.raise_builtin("AssertionError", "attempt to release recursive lock not owned by thread"));
        }
        if this.count.get() > 1 {
            this.count.set(this.count.get() - 1);
            return Ok(());
        }
    } else if i64::from(value(cx, this)?) >= this.maxvalue.get() {
        return Err(cx.value_error("semaphore or lock released too many times"));
    }
    // Who waits for it may have it at once: so it is forgotten here before.
    this.count.set(this.count.get() - 1);
    semaphore(cx, this)?.post().map_err(|error| {
        this.count.set(this.count.get() + 1);
        failed(cx, &error)
    })
}
fn enter(cx: &Cx, this: Lock<'_>) -> Res<bool> {
    acquire(cx, this, true, &Value::NONE)
}
fn exit(cx: &Cx, this: Lock<'_>, _: &Value, _: &Value, _: &Value) -> Res<()> {
    release(cx, this)
}
