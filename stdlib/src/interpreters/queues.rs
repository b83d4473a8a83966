//! `_interpqueues`: queues that all interpreters of a program share.
//!
//! They lie in the runtime, with what was put into them in the form that belongs to no heap. A queue goes when whoever has said that he
//! needs it has said that he does not any more, and no object that stands for it is on its way.

use std::collections::VecDeque;
use std::sync::Arc;

use ryokan_vm::native::*;

use super::load::{Crossing, Load};
use super::pack::{Fallback, lacks_room, pack};
use super::unpack::unpack;
use super::{Named, error_under, is_class, keep_needed, pay_for, unbound_op};

native_module! {
    /// Queues between interpreters, at their plainest; concurrent.interpreters is made of them.
    "_interpqueues" {
        classes {
            "QueueError" = &QUEUE_ERROR;
            "QueueNotFoundError" = &NOT_FOUND;
        }
        functions {
            /// Makes a queue; gives its ID. It is as if nobody had said yet that he needs it.
            create(maxsize: i64, unboundop: i32 = -1, fallback: i32 = -1), shows = "";
            /// Takes a queue away, with what is in it.
            destroy(qid: Value), shows = "";
            /// The IDs of all queues, each with what becomes of items whose interpreter has ended, and of objects that are not shareable.
            list_all();
            /// Adds an object.
            put(qid: Value, obj: Value, unboundop: i32 = -1, fallback: i32 = -1), shows = "";
            /// Takes the first object, and what it stands for if its interpreter has ended.
            get(qid: Value), shows = "";
            /// Says that a queue is needed.
            bind(qid: Value), shows = "";
            /// Says that it is not any more.
            release(qid: Value), shows = "";
            /// How many objects it has room for.
            get_maxsize(qid: Value), shows = "";
            /// What becomes of items whose interpreter has ended, and of objects that are not shareable, where put() says nothing else.
            get_queue_defaults(qid: Value), shows = "";
            /// Whether there is no room for another one.
            is_full(qid: Value), shows = "";
            /// How many objects are in it.
            get_count(qid: Value), shows = "";
            /// Says which classes stand for queues, and for the errors of those that are empty or full.
            _register_heap_types(queuetype: Value, emptyerror: Value, fullerror: Value) = register, shows = "";
        }
    }
}

native_exception! {
    /// Indicates that a queue-related error happened.
    static QUEUE_ERROR = "concurrent.interpreters.QueueError": "RuntimeError";
}
static NOT_FOUND: ClassKey = ClassKey::new(|vm| {
    let cx = Cx::of(vm);
    let base = cx.class_of_key(&QUEUE_ERROR)?;
    error_under(cx, "concurrent.interpreters", "QueueNotFoundError", &base, "")
});

native_state! {
    /// The classes that stand for queues and their errors.
    struct Classes { queue: Slot, empty: Slot, full: Slot }
}

/// What a queue and an item are charged for, besides what is in the item.
const QUEUE_BYTES: usize = size_of::<Queue>() + 64;
const ITEM_BYTES: usize = 2 * size_of::<Item>();

/// An object in a queue.
struct Item {
    /// Nothing: its interpreter has ended.
    load: Option<Load>,
    from: i64,
    unbound: i32,
    _room: SetAside,
}

struct Queue {
    id: i64,
    max: i64,
    unbound: i32,
    fallback: i32,
    items: VecDeque<Item>,
    /// How many need it; and whether anybody has said so.
    refs: u64,
    was_bound: bool,
    /// Those that are on their way have it, too.
    token: Arc<()>,
    _room: SetAside,
}

impl Queue {
    fn is_full(&self) -> bool {
        self.max > 0 && self.items.len() as i64 >= self.max
    }
    fn is_needed(&self) -> bool {
        !self.was_bound || self.refs > 0 || Arc::strong_count(&self.token) > 1
    }
}

/// All queues of a program.
#[derive(Default)]
struct Queues {
    last: i64,
    all: Vec<Queue>,
}

impl InCommon for Queues {
    fn interpreter_ended(&mut self, id: i64) {
        const REMOVE: i32 = 1;
        for queue in &mut self.all {
            queue.items.retain(|item| item.from != id || item.unbound != REMOVE);
            queue.items.iter_mut().filter(|item| item.from == id).for_each(|item| item.load = None);
        }
    }
}

/// What there is to say of a queue that is not to be had.
enum Wrong {
    NotThere,
    NotBound,
    Empty,
    Full,
    NoMemory,
}

fn wrong(cx: &Cx, id: i64, wrong: Wrong) -> Raised {
    let (key, what) = match wrong {
        Wrong::NotThere => return cx.raise_of(&NOT_FOUND, format_args!("queue {id} not found")),
        Wrong::NotBound => return cx.raise_of(&QUEUE_ERROR, format_args!("queue {id} not bound")),
        Wrong::NoMemory => return cx.no_memory(),
        Wrong::Empty => ("empty", "empty"),
        Wrong::Full => ("full", "full"),
    };
    match classes(cx) {
        Ok(classes) => {
            let class = if key == "empty" { classes.empty.get() } else { classes.full.get() };
            cx.raise(&class, format_args!("queue {id} is {what}"))
        }
        Err(raised) => raised,
    }
}

impl Queues {
    fn find(&mut self, id: i64) -> Result<&mut Queue, Wrong> {
        self.purge();
        self.all.iter_mut().find(|queue| queue.id == id).ok_or(Wrong::NotThere)
    }
    /// Lets those go that nobody needs any more.
    fn purge(&mut self) {
        keep_needed(&mut self.all, Queue::is_needed);
    }
}

/// Does something with a queue.
fn with<T>(cx: &Cx, qid: &Value, look: impl FnOnce(&mut Queue) -> Result<T, Wrong>) -> Res<T> {
    let id = NAMED.id(cx, qid)?;
    with_id(cx, id, look)
}
fn with_id<T>(cx: &Cx, id: i64, look: impl FnOnce(&mut Queue) -> Result<T, Wrong>) -> Res<T> {
    pay_for(cx, cx.in_common(|queues: &mut Queues| queues.all.len()))?;
    cx.in_common(|queues: &mut Queues| look(queues.find(id)?)).map_err(|why| wrong(cx, id, why))
}

/// How messages name the IDs.
const NAMED: Named = Named("queue");

// ---- the objects that stand for queues -------------------------------------------------------------------------------

/// The classes; the module that knows them is imported if it was not.
fn classes(cx: &Cx) -> Res<Obj<Classes>> {
    let state = cx.state::<Classes>()?;
    if state.queue.is_none() {
        cx.import("concurrent.interpreters._queues")?;
    }
    if state.queue.is_none() {
        return Err(cx.runtime_error("failed to import concurrent.interpreters._queues"));
    }
    Ok(state)
}

fn register(cx: &Cx, queuetype: Value, emptyerror: Value, fullerror: Value) -> Res<()> {
    if !is_class(cx, &queuetype, "object")? {
        return Err(cx.type_error("expected a type for 'queuetype'"));
    }
    for (class, name) in [(&emptyerror, "emptyerror"), (&fullerror, "fullerror")] {
        if !is_class(cx, class, "BaseException")? {
            return Err(cx.type_error(format_args!("expected an exception type for '{name}'")));
        }
    }
    let state = cx.state::<Classes>()?;
    state.queue.set(queuetype);
    state.empty.set(emptyerror);
    state.full.set(fullerror);
    Ok(())
}

/// Whether an object stands for a queue.
pub fn is_queue(cx: &Cx, value: &Value) -> Res<bool> {
    let class = cx.state::<Classes>()?.queue.get();
    Ok(!class.is_none() && cx.class_of(value).is(&class))
}

/// The queue that an object stands for, on its way.
pub fn pack_queue(cx: &Cx, value: &Value) -> Res<Crossing> {
    let id = NAMED.id(cx, &cx.attr(value, "_id")?)?;
    with_id(cx, id, |queue| Ok(Crossing::Queue { id, _token: queue.token.clone() }))
}

/// The object that stands for a queue here.
pub fn unpack_queue(cx: &Cx, id: i64) -> Res {
    let class = classes(cx)?.queue.get();
    cx.call(&class, (id,))
}

// ---- the functions ---------------------------------------------------------------------------------------------------

/// What becomes of objects that are not shareable: 0 they are refused, 1 all is tried; -1 means the default.
pub fn fallback_of(cx: &Cx, fallback: i32, default: i32) -> Res<i32> {
    match fallback {
        -1 => Ok(default),
        0 | 1 => Ok(fallback),
        _ => Err(cx.value_error(format_args!("unsupported fallback {fallback}"))),
    }
}

fn create(cx: &Cx, maxsize: i64, unboundop: i32, fallback: i32) -> Res<i64> {
    let unbound = unbound_op(cx, unboundop, 3)?;
    let fallback = fallback_of(cx, fallback, 1)?;
    let room = cx.set_aside(QUEUE_BYTES)?;
    let made = cx.in_common(|queues: &mut Queues| {
        queues.purge();
        queues.all.try_reserve(1).ok()?;
        queues.last += 1;
        queues.all.push(Queue {
            id: queues.last,
            max: maxsize,
            unbound,
            fallback,
            items: VecDeque::new(),
            refs: 0,
            was_bound: false,
            token: Arc::default(),
            _room: room,
        });
        Some(queues.last)
    });
    made.ok_or(()).map_err(|()| cx.no_memory())
}

fn destroy(cx: &Cx, qid: Value) -> Res<()> {
    let id = NAMED.id(cx, &qid)?;
    let gone = cx.in_common(|queues: &mut Queues| {
        queues.purge();
        let at = queues.all.iter().position(|queue| queue.id == id)?;
        Some(queues.all.remove(at))
    });
    gone.map(drop).ok_or(()).map_err(|()| wrong(cx, id, Wrong::NotThere))
}

fn list_all(cx: &Cx) -> Res<Vec<(i64, i32, i32)>> {
    let count = cx.in_common(|queues: &mut Queues| queues.all.len());
    let _room = cx.charge(count * size_of::<(i64, i32, i32)>())?;
    Ok(cx.in_common(|queues: &mut Queues| {
        queues.purge();
        let shown = queues.all.iter().rev().take(count);
        shown.map(|queue| (queue.id, queue.unbound, queue.fallback)).collect()
    }))
}

fn put(cx: &Cx, qid: Value, obj: Value, unboundop: i32, fallback: i32) -> Res<()> {
    let id = NAMED.id(cx, &qid)?;
    let (unbound, default, full) =
        with_id(cx, id, |queue| Ok((queue.unbound, queue.fallback, queue.is_full())))?;
    let unbound = unbound_op(cx, unboundop, unbound)?;
    let fallback = Fallback::of(fallback_of(cx, fallback, default)?);
    if full {
        return Err(wrong(cx, id, Wrong::Full));
    }
    let load = pack(cx, &obj, fallback)?;
    let item = Item { load: Some(load), from: cx.interpreter_id(), unbound, _room: cx.set_aside(ITEM_BYTES)? };
    with_id(cx, id, |queue| {
        if queue.is_full() {
            return Err(Wrong::Full);
        }
        queue.items.try_reserve(1).map_err(|_| Wrong::NoMemory)?;
        queue.items.push_back(item);
        Ok(())
    })
}

fn get(cx: &Cx, qid: Value) -> Res<(Value, Value)> {
    let id = NAMED.id(cx, &qid)?;
    let item = with_id(cx, id, |queue| queue.items.pop_front().ok_or(Wrong::Empty))?;
    let Some(load) = &item.load else { return Ok((Value::NONE, Value::small(i64::from(item.unbound)))) };
    let unpacked = unpack(cx, load);
    if unpacked.as_ref().is_err_and(|raised| lacks_room(cx, raised)) {
        // It stays in the queue, if that is still there.
        cx.in_common(|queues: &mut Queues| {
            if let Ok(queue) = queues.find(id)
                && queue.items.try_reserve(1).is_ok()
            {
                queue.items.push_front(item);
            }
        });
    }
    Ok((unpacked?, Value::NONE))
}

fn bind(cx: &Cx, qid: Value) -> Res<()> {
    with(cx, &qid, |queue| {
        queue.refs += 1;
        queue.was_bound = true;
        Ok(())
    })
}

fn release(cx: &Cx, qid: Value) -> Res<()> {
    with(cx, &qid, |queue| {
        queue.refs = queue.refs.checked_sub(1).ok_or(Wrong::NotBound)?;
        Ok(())
    })
}

fn get_maxsize(cx: &Cx, qid: Value) -> Res<i64> {
    with(cx, &qid, |queue| Ok(queue.max))
}

fn get_queue_defaults(cx: &Cx, qid: Value) -> Res<(i32, i32)> {
    with(cx, &qid, |queue| Ok((queue.unbound, queue.fallback)))
}

fn is_full(cx: &Cx, qid: Value) -> Res<bool> {
    with(cx, &qid, |queue| Ok(queue.is_full()))
}

fn get_count(cx: &Cx, qid: Value) -> Res<usize> {
    with(cx, &qid, |queue| Ok(queue.items.len()))
}
