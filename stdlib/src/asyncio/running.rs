//! What runs: the loop of a thread, the task of a loop, and all tasks.

use ryokan_vm::native::*;

use super::future::Future;
use super::task::Task;
use super::{State, known};

native_type! {
    /// What runs in a thread.
    "_asyncio.running" = pub struct Running {
        event_loop: Maybe,
        task: Maybe,
    }
}

/// What runs in this thread.
fn running(cx: &Cx) -> Res<Obj<Running>> {
    let (state, thread) = (cx.state::<State>()?, cx.thread_ident());
    if state.last_thread.get() == thread
        && let Some(Ok(last)) = state.last.get().map(Obj::from_value)
    {
        return Ok(last);
    }
    let threads = threads(cx, &state)?;
    let key = thread.into_value(cx)?;
    let found = match threads.get(cx, &key)? {
        Some(found) => found,
        None => {
            let made = Running { event_loop: Maybe::EMPTY, task: Maybe::EMPTY };
            let made = cx.new(made)?.into_value();
            threads.set(cx, &key, &made)?;
            made
        }
    };
    state.last_thread.set(thread);
    state.last.set(Some(found.clone()));
    Obj::from_value(found).map_err(|_| cx.system_error("what runs in a thread"))
}
fn threads(cx: &Cx, state: &State) -> Res<Dict> {
    if let Some(dict) = state.running.dict() {
        return Ok(dict);
    }
    let dict = Dict::new(cx)?;
    state.running.set(dict.value().clone());
    Ok(dict)
}

/// In a process that a fork has made nothing runs: who forks leaves loop and task behind.
pub fn forget(cx: &Cx) -> Res<()> {
    let state = cx.state::<State>()?;
    state.last.set(None);
    state.running.set(Value::NONE);
    Ok(())
}

// ---- the loop ------------------------------------------------------------------------------------------------------------

fn running_loop(cx: &Cx) -> Res<Option<Value>> {
    Ok(running(cx)?.event_loop.get())
}
pub fn get_or_none(cx: &Cx) -> Res {
    Ok(running_loop(cx)?.unwrap_or(Value::NONE))
}
pub fn get_running_loop(cx: &Cx) -> Res {
    running_loop(cx)?.ok_or(()).map_err(|()| cx.runtime_error("no running event loop"))
}
pub fn get_event_loop(cx: &Cx) -> Res {
    match running_loop(cx)? {
        Some(found) => Ok(found),
        None => {
            let policy = cx.call(&known(cx, "asyncio.events", "_get_event_loop_policy")?, ())?;
            cx.call_method(&policy, "get_event_loop", ())
        }
    }
}
pub fn set_running_loop(cx: &Cx, event_loop: &Value) -> Res<()> {
    let running = running(cx)?;
    if !event_loop.is_none() {
        running.event_loop.set(Some(event_loop.clone()));
        return Ok(());
    }
    running.event_loop.set(None);
    if !running.task.is_some() {
        // A thread that has no loop any more leaves nothing behind.
        let state = cx.state::<State>()?;
        state.last.set(None);
        threads(cx, &state)?.remove(cx, &cx.thread_ident().into_value(cx)?)?;
    }
    Ok(())
}

// ---- the task ------------------------------------------------------------------------------------------------------------

/// What runs in this thread, whose loop must be that one.
fn running_in(cx: &Cx, event_loop: &Value) -> Res<Obj<Running>> {
    let running = running(cx)?;
    if running.event_loop.is(event_loop) {
        return Ok(running);
    }
    let shown = cx.repr(event_loop)?;
    Err(cx.runtime_error(format_args!("loop {shown} is not the running loop")))
}
pub fn enter(cx: &Cx, event_loop: &Value, task: &Value) -> Res<()> {
    let running = running_in(cx, event_loop)?;
    let Some(other) = running.task.get() else {
        running.task.set(Some(task.clone()));
        return Ok(());
    };
    let (task, other) = (cx.repr(task)?, cx.repr(&other)?);
    let message = format_args!("Cannot enter into task {task} while another task {other} is being executed.");
    Err(cx.runtime_error(message))
}
pub fn leave(cx: &Cx, event_loop: &Value, task: &Value) -> Res<()> {
    let running = running_in(cx, event_loop)?;
    if running.task.is(task) {
        running.task.set(None);
        return Ok(());
    }
    let other = running.task.get().unwrap_or(Value::NONE);
    let (task, other) = (cx.repr(task)?, cx.repr(&other)?);
    let message = format_args!("Invalid attempt to leave task {task} while task {other} is entered.");
    Err(cx.runtime_error(message))
}
/// Another task, or None, runs in a loop; gives the one that has.
pub fn swap(cx: &Cx, event_loop: &Value, task: &Value) -> Res {
    let running = running_in(cx, event_loop)?;
    let task = if task.is_none() { None } else { Some(task.clone()) };
    let old = running.task.take();
    running.task.set(task);
    Ok(old.unwrap_or(Value::NONE))
}
/// The two arguments of a function, loop and task.
fn loop_and_task(cx: &Cx, function: &str, args: Args) -> Res<(Value, Value)> {
    args.known_names(cx, function, &["loop", "task"])?;
    let given = args.positional();
    if given.len() > 2 {
        let count = given.len();
        let message = format_args!("{function}() takes at most 2 positional arguments ({count} given)");
        return Err(cx.type_error(message));
    }
    let get = |at: usize, name: &str| match given.get(at).or_else(|| args.get_named(cx, name)) {
        Some(value) => Ok(value.clone()),
        None => {
            let place = at + 1;
            let message = format_args!("{function}() missing required argument '{name}' (pos {place})");
            Err(cx.type_error(message))
        }
    };
    Ok((get(0, "loop")?, get(1, "task")?))
}
pub fn enter_task(cx: &Cx, args: Args) -> Res<()> {
    let (event_loop, task) = loop_and_task(cx, "_enter_task", args)?;
    enter(cx, &event_loop, &task)
}
pub fn leave_task(cx: &Cx, args: Args) -> Res<()> {
    let (event_loop, task) = loop_and_task(cx, "_leave_task", args)?;
    leave(cx, &event_loop, &task)
}
pub fn swap_current_task(cx: &Cx, args: Args) -> Res {
    let (event_loop, task) = loop_and_task(cx, "_swap_current_task", args)?;
    swap(cx, &event_loop, &task)
}
/// The argument `loop`, or else the running loop.
fn loop_of(cx: &Cx, function: &str, args: Args) -> Res {
    args.known_names(cx, function, &["loop"])?;
    args.count(cx, function, 0, 1)?;
    match args.positional().first().or_else(|| args.get_named(cx, "loop")).filter(|given| !given.is_none()) {
        Some(given) => Ok(given.clone()),
        None => get_running_loop(cx),
    }
}
pub fn current_task(cx: &Cx, args: Args) -> Res<Option<Value>> {
    let event_loop = loop_of(cx, "current_task", args)?;
    let mine = running(cx)?;
    if mine.event_loop.is(&event_loop) {
        return Ok(mine.task.get());
    }
    let state = cx.state::<State>()?;
    let (threads, mut at) = (threads(cx, &state)?, 0);
    while let Some((next, _, other)) = threads.next_item(at) {
        if let Some(other) = other.body::<Running>()
            && other.event_loop.is(&event_loop)
        {
            return Ok(other.task.get());
        }
        at = next;
    }
    Ok(None)
}

// ---- all tasks -----------------------------------------------------------------------------------------------------------

/// The weak references to tasks of this module, by the addresses of these.
fn tasks(cx: &Cx, state: &State) -> Res<Dict> {
    if let Some(dict) = state.tasks.dict() {
        return Ok(dict);
    }
    let dict = Dict::new(cx)?;
    state.tasks.set(dict.value().clone());
    Ok(dict)
}
/// A `WeakSet` or set of tasks of other classes.
fn others(cx: &Cx, place: &Slot, module: &str, class: &str) -> Res {
    if place.is_none() {
        place.set(cx.call(&known(cx, module, class)?, ())?);
    }
    Ok(place.get())
}
fn scheduled_others(cx: &Cx) -> Res {
    others(cx, &cx.state::<State>()?.others, "weakref", "WeakSet")
}
fn eager_others(cx: &Cx) -> Res {
    others(cx, &cx.state::<State>()?.eager_others, "builtins", "set")
}
pub fn register(cx: &Cx, task: &Value) -> Res<()> {
    let state = cx.state::<State>()?;
    let weak = match state.weak.get() {
        Some(weak) => weak,
        None => {
            let weak = known(cx, "weakref", "ref")?;
            state.weak.set(Some(weak.clone()));
            weak
        }
    };
    let reference = cx.call(&weak, (task,))?;
    tasks(cx, &state)?.set(cx, &cx.id(task).into_value(cx)?, reference)
}
pub fn unregister(cx: &Cx, task: &Value) -> Res<()> {
    let state = cx.state::<State>()?;
    tasks(cx, &state)?.remove(cx, &cx.id(task).into_value(cx)?).map(drop)
}
pub fn register_task(cx: &Cx, task: &Value) -> Res<()> {
    match task.body::<Task>() {
        Some(_) => register(cx, task),
        None => cx.call_method(&scheduled_others(cx)?, "add", (task,)).map(drop),
    }
}
pub fn unregister_task(cx: &Cx, task: &Value) -> Res<()> {
    match task.body::<Task>() {
        Some(_) => unregister(cx, task),
        None => cx.call_method(&scheduled_others(cx)?, "discard", (task,)).map(drop),
    }
}
pub fn register_eager_task(cx: &Cx, task: &Value) -> Res<()> {
    match task.body::<Task>() {
        Some(_) => register(cx, task),
        None => cx.call_method(&eager_others(cx)?, "add", (task,)).map(drop),
    }
}
pub fn unregister_eager_task(cx: &Cx, task: &Value) -> Res<()> {
    match task.body::<Task>() {
        Some(_) => unregister(cx, task),
        None => cx.call_method(&eager_others(cx)?, "discard", (task,)).map(drop),
    }
}
/// The loop of a future of any class.
pub fn loop_of_future(cx: &Cx, future: &Value) -> Res {
    if let Some(body) = future.body::<Future>()
        && (cx.is_exact::<Future>(future) || cx.is_exact::<Task>(future))
    {
        return body.ready(cx);
    }
    match cx.attr_opt(future, "get_loop")? {
        Some(method) => cx.call(&method, ()),
        None => cx.attr(future, "_loop"),
    }
}
pub fn all_tasks(cx: &Cx, args: Args) -> Res {
    let event_loop = loop_of(cx, "all_tasks", args)?;
    let state = cx.state::<State>()?;
    let (list, tasks) = (List::new(cx, 8)?, tasks(cx, &state)?);
    let mut at = 0;
    while let Some((next, _, reference)) = tasks.next_item(at) {
        cx.work(1)?;
        let task = cx.call(&reference, ())?;
        if !task.is_none() {
            list.push(cx, task)?;
        }
        at = next;
    }
    for others in [eager_others(cx)?, scheduled_others(cx)?] {
        let others = List::from_iterable(cx, &others)?;
        (0..others.len()).filter_map(|at| others.get(at)).try_for_each(|other| list.push(cx, other))?;
    }
    let found = cx.call(&cx.builtin("set")?, ())?;
    let mut at = 0;
    while let Some(task) = list.get(at) {
        let done = cx.call_method(&task, "done", ())?;
        if !cx.truth(&done)? && loop_of_future(cx, &task)?.is(&event_loop) {
            cx.call_method(&found, "add", (&task,))?;
        }
        at += 1;
    }
    Ok(found)
}
