//! `_asyncio`: futures and tasks, which task runs in which loop, and what tasks there are.
//!
//! | file | what |
//! |---|---|
//! | `future.rs`, `awaiting.rs` | futures; what awaits one, and who awaits whom |
//! | `task.rs`, `step.rs` | tasks; a step of one, from the coroutine's being resumed to what its yield means |
//! | `running.rs` | the loop and the task that run in a thread, and the list of tasks |

mod awaiting;
mod future;
pub mod running;
mod step;
mod task;

use std::cell::Cell;

use ryokan_vm::native::*;

use awaiting::{future_add_to_awaited_by, future_discard_from_awaited_by};
use future::Future;
use running::{
    all_tasks, current_task, enter_task, get_event_loop, get_or_none, get_running_loop, leave_task,
    register_eager_task, register_task, set_running_loop, swap_current_task, unregister_eager_task,
    unregister_task,
};
use task::Task;

native_module! {
    /// Accelerator module for asyncio
    "_asyncio" {
        types { Future, Task }
        functions {
            /// The task that runs in a loop, or in the running one; None if there is none.
            current_task(*args, **names) = current_task, shows = "($module, /, loop=None)";
            /// The tasks of a loop, or of the running one, that are not done.
            all_tasks(*args, **names) = all_tasks, shows = "($module, /, loop=None)";
            /// Notes a task that was scheduled.
            _register_task(task: &Value) = register_task;
            /// Notes a task that begins at once.
            _register_eager_task(task: &Value) = register_eager_task;
            /// Forgets a task that was scheduled.
            _unregister_task(task: &Value) = unregister_task;
            /// Forgets a task that began at once.
            _unregister_eager_task(task: &Value) = unregister_eager_task;
            /// A task begins to run in a loop.
            _enter_task(*args, **names) = enter_task, shows = "($module, /, loop, task)";
            /// A task ceases to run in a loop.
            _leave_task(*args, **names) = leave_task, shows = "($module, /, loop, task)";
            /// Another task, or none, runs in a loop; gives the one that has.
            _swap_current_task(*args, **names) = swap_current_task, shows = "($module, /, loop, task)";
            /// The loop that runs in this thread, or else that of the policy.
            get_event_loop();
            /// The loop that runs in this thread. RuntimeError if there is none.
            get_running_loop();
            /// The loop that runs in this thread, or None.
            _get_running_loop() = get_or_none;
            /// Says which loop runs in this thread.
            _set_running_loop(loop_: &Value, /) = set_running_loop, shows = "($module, loop, /)";
            /// Notes that a future is awaited by another one.
            future_add_to_awaited_by(fut: &Value, waiter: &Value, /);
            /// The same no more.
            future_discard_from_awaited_by(fut: &Value, waiter: &Value, /);
        }
    }
}

native_state! {
    pub struct State {
        /// What runs in threads, by their numbers; and the one that was asked for last, with its number.
        pub running: Slot,
        pub last: Maybe,
        pub last_thread: Cell<u64>,
        /// Tasks of this module as weak references, by their addresses.
        pub tasks: Slot,
        /// Tasks of other classes, as a `WeakSet`, and those of them that begin at once, as a set.
        pub others: Slot,
        pub eager_others: Slot,
        /// How many tasks got a name of their number.
        pub named: Cell<u64>,
        /// What is used of other modules, by `module.name`.
        pub known: Slot,
        /// The name `context`.
        pub context_name: Maybe,
        /// The class of weak references.
        pub weak: Maybe,
    }
}

/// What a module has under a name; it is looked up once.
fn known(cx: &Cx, module: &str, name: &str) -> Res {
    let state = cx.state::<State>()?;
    let dict = match state.known.dict() {
        Some(dict) => dict,
        None => {
            let dict = Dict::new(cx)?;
            state.known.set(dict.value().clone());
            dict
        }
    };
    let key = format!("{module}.{name}");
    if let Some(found) = dict.get_str(cx, &key)? {
        return Ok(found);
    }
    let found = cx.attr(&cx.import(module)?, name)?;
    dict.set_str(cx, &key, found.clone())?;
    Ok(found)
}
fn cancelled_error(cx: &Cx) -> Res {
    known(cx, "asyncio.exceptions", "CancelledError")
}
#[cold]
fn invalid_state(cx: &Cx, message: impl std::fmt::Display) -> Raised {
    match known(cx, "asyncio.exceptions", "InvalidStateError") {
        Ok(class) => cx.raise(&class, message),
        Err(raised) => raised,
    }
}
/// Whether what is on its way is an exception of a class; if so, the exception, which is on its way no more.
fn caught(cx: &Cx, raised: Raised, class: &Value) -> Res<Value> {
    let exception = cx.take_raised(raised);
    match cx.is_instance(&exception, class) {
        Ok(true) => Ok(exception),
        Ok(false) => Err(cx.raise_value(exception)),
        Err(raised) => Err(raised),
    }
}
/// `loop.call_soon(callback, *args, context=context)`
fn call_soon(cx: &Cx, of: &Value, callback: Value, arg: Option<Value>, context: Value) -> Res<()> {
    let state = cx.state::<State>()?;
    let name = match state.context_name.get() {
        Some(name) => name,
        None => {
            let name = cx.intern("context")?;
            state.context_name.set(Some(name.clone()));
            name
        }
    };
    let method = cx.attr(of, "call_soon")?;
    match arg {
        Some(arg) => cx.call_named(&method, &[callback, arg, context], &[name])?,
        None => cx.call_named(&method, &[callback, context], &[name])?,
    };
    Ok(())
}
