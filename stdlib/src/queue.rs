//! `_queue`: an unbounded queue between threads that takes no lock of its own.
//!
//! The interpreter's lock guards the items. Who finds none rests at a bell, which is rung only while somebody does.

use std::cell::Cell;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use ryokan_vm::native::*;

use crate::time::{away_from_zero, nanoseconds};

native_module! {
    /// The fast queue of the module `queue`.
    "_queue" {
        types { SimpleQueue }
        classes { "Empty" = &EMPTY; }
    }
}

native_exception! {
    static EMPTY = "_queue.Empty": "Exception";
}

native_type! {
    /// A queue without a limit: what is put first is got first.
    "_queue.SimpleQueue" = pub struct SimpleQueue {
        items: Values,
        /// How many threads wait for an item.
        waiting: Cell<usize>,
        bell: Own<Arc<Bell>>,
    }
    flags: SUBCLASS, WEAKREF;
    shows: "()";
    new(*args, **names) = new_queue;
    methods {
        /// Adds an item. It never waits: block and timeout are there for the sake of other queues.
        put(item: Value, block: bool = True, timeout: Value = Value::NONE => "None");
        /// Adds an item. It never waits.
        put_nowait(item: Value);
        /// Takes the first item; waits for one, if block is true, for timeout seconds at most if that is a number. Empty if there is none.
        get(block: bool = True, timeout: Value = Value::NONE => "None");
        /// Takes the first item. Empty if there is none.
        get_nowait();
        /// Whether there is no item now.
        empty();
        /// How many items there are now.
        qsize();
    }
    class_methods {
        /// The class with a type argument.
        __class_getitem__(object: &Value, /) = class_getitem;
    }
}

/// Counts the rings, so that none is missed between looking at the queue and resting.
pub struct Bell {
    rings: Mutex<u64>,
    rung: Condvar,
}

impl Bell {
    fn rings(&self) -> u64 {
        *self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
    fn ring(&self) {
        let mut rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        *rings = rings.wrapping_add(1);
        self.rung.notify_one();
    }
    /// Waits for a ring after so many, for some time at most; whether there was one.
    fn rest(&self, seen: u64, most: Option<Duration>) -> bool {
        let rings = self.rings.lock().unwrap_or_else(PoisonError::into_inner);
        let rings = match most {
            None => self.rung.wait_while(rings, |rings| *rings == seen).unwrap_or_else(PoisonError::into_inner),
            Some(most) => {
                let rested = self.rung.wait_timeout_while(rings, most, |rings| *rings == seen);
                rested.unwrap_or_else(PoisonError::into_inner).0
            }
        };
        *rings != seen
    }
}

fn new_queue(cx: &Cx, class: &Value, args: Args) -> Res {
    // A subclass with an `__init__` of its own has what parameters it likes.
    let init = |class: &Value| cx.attr(class, "__init__").map(|init| cx.id(&init));
    if init(class)? == init(&cx.class::<SimpleQueue>()?)? {
        if args.named().next().is_some() {
            return Err(cx.type_error("SimpleQueue() takes no keyword arguments"));
        }
        if !args.positional().is_empty() {
            return Err(cx.type_error("SimpleQueue() takes no positional arguments"));
        }
    }
    let bell = Arc::new(Bell { rings: Mutex::new(0), rung: Condvar::new() });
    cx.new_of(
        class,
        SimpleQueue { items: Values::default(), waiting: Cell::new(0), bell: Own::new(bell) },
    )
}

fn put(cx: &Cx, this: This<SimpleQueue>, item: Value, _: bool, _: Value) -> Res<()> {
    put_nowait(cx, this, item)
}

fn put_nowait(cx: &Cx, this: This<SimpleQueue>, item: Value) -> Res<()> {
    this.items.push_back(cx, item)?;
    if this.waiting.get() > 0 {
        this.bell.with(cx, |bell| bell.ring())?;
    }
    Ok(())
}

fn get(cx: &Cx, this: This<SimpleQueue>, block: bool, timeout: Value) -> Res {
    let mut deadline = None;
    if block && !timeout.is_none() {
        let Ok(time) = u64::try_from(nanoseconds(cx, &timeout, away_from_zero)?) else {
            return Err(cx.value_error("'timeout' must be a non-negative number"));
        };
        deadline = Instant::now().checked_add(Duration::from_nanos(time));
    }
    if !block {
        return get_nowait(cx, this);
    }
    loop {
        if let Some(item) = this.items.pop_front() {
            return Ok(item);
        }
        let bell = this.bell.with(cx, |bell| bell.clone())?;
        let seen = bell.rings();
        let left = deadline.map(|at| at.saturating_duration_since(Instant::now()));
        if left.is_some_and(|left| left.is_zero()) {
            return Err(none_there(cx));
        }
        this.waiting.set(this.waiting.get() + 1);
        let came = cx.wait_for(left, move |most| bell.rest(seen, most));
        this.waiting.set(this.waiting.get() - 1);
        came?;
    }
}

fn get_nowait(cx: &Cx, this: This<SimpleQueue>) -> Res {
    match this.items.pop_front() {
        Some(item) => Ok(item),
        None => Err(none_there(cx)),
    }
}

/// `Empty`, which says nothing more.
fn none_there(cx: &Cx) -> Raised {
    match cx.class_of_key(&EMPTY).and_then(|class| cx.call(&class, ())) {
        Ok(exception) => cx.raise_value(exception),
        Err(raised) => raised,
    }
}

fn empty(_: &Cx, this: This<SimpleQueue>) -> bool {
    this.items.is_empty()
}
fn qsize(_: &Cx, this: This<SimpleQueue>) -> usize {
    this.items.len()
}
fn class_getitem(cx: &Cx, class: &Value, item: &Value) -> Res {
    cx.generic_alias(class, item)
}
