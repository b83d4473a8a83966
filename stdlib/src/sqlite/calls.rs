//! Calling SQLite, and being called by it.
//!
//! What takes its time, or may call back, runs without the interpreter's lock ([`call`]): the thread enters the connection then, and a
//! callback takes the lock for as long as it runs. What is quick and calls nobody runs with the lock ([`enter`]); if another thread is inside
//! it is waited for without it.

use std::cell::RefCell;
use std::cmp::Ordering;

use ryokan_sqlite::{Call, Database, Fault, Handler, Inside};
use ryokan_vm::native::*;

use super::connection::Connection;
use super::{errors, functions, hooks};

/// What a call of SQLite's costs at least, in instructions.
const CALL: u64 = 20;

/// Enters a connection with the lock.
pub fn enter<'a>(cx: &Cx, database: &'a Database) -> Inside<'a> {
    loop {
        if let Some(inside) = database.try_enter() {
            return inside;
        }
        cx.blocking(|| database.wait());
    }
}

/// Does `work` with a connection, without the lock. Raises what a callback has raised that ended it, and what [`Cx::work`] does.
pub fn call<T: Send>(
    cx: &Cx,
    connection: &Obj<Connection>,
    database: &Database,
    work: impl FnOnce(&Inside<'_>, &dyn Handler) -> T + Send,
) -> Res<T> {
    cx.work(CALL)?;
    cx.check_stack()?;
    let kept = Kept { connection, raised: Maybe::EMPTY };
    let (done, gone) = cx.blocking_with(&kept, |away| {
        let inside = database.enter();
        let hears = Hears { away, gone: RefCell::default() };
        let done = work(&inside, &hears);
        (done, hears.gone.into_inner())
    });
    for number in gone {
        // What it was may die now: the call has returned.
        functions::forget(cx, connection, number)?;
    }
    match kept.raised.take() {
        Some(exception) => Err(cx.raise_value(exception)),
        None => Ok(done),
    }
}

/// The same of work that may fail.
pub fn attempt<T: Send>(
    cx: &Cx,
    connection: &Obj<Connection>,
    database: &Database,
    work: impl FnOnce(&Inside<'_>, &dyn Handler) -> Result<T, Fault> + Send,
) -> Res<T> {
    call(cx, connection, database, work)?.map_err(|fault| errors::raise(cx, &fault))
}

/// What a call keeps for its callbacks: the connection, and what one of them has raised that ends it.
pub struct Kept<'a> {
    pub connection: &'a Obj<Connection>,
    pub raised: Maybe,
}

impl Kept<'_> {
    /// Keeps what was raised for the end of the call.
    pub fn keep(&self, cx: &Cx, raised: Raised) {
        self.raised.set(Some(cx.take_raised(raised)));
    }
}

/// Who hears what SQLite calls: takes the lock, and goes to the connection.
struct Hears<'a, 'b, 'c> {
    away: &'a Away<'b, Kept<'c>>,
    gone: RefCell<Vec<u64>>,
}

impl Handler for Hears<'_, '_, '_> {
    fn call(&self, function: u64, call: Call<'_>) {
        self.away.back(|cx, kept| functions::on_call(cx, kept, function, call));
    }
    fn step(&self, aggregate: u64, call: Call<'_>) {
        self.away.back(|cx, kept| functions::on_row(cx, kept, aggregate, call, "step"));
    }
    fn inverse(&self, aggregate: u64, call: Call<'_>) {
        self.away.back(|cx, kept| functions::on_row(cx, kept, aggregate, call, "inverse"));
    }
    fn value(&self, aggregate: u64, call: Call<'_>) {
        self.away.back(|cx, kept| functions::on_value(cx, kept, aggregate, call));
    }
    fn finish(&self, aggregate: u64, call: Call<'_>) {
        self.away.back(|cx, kept| functions::on_finish(cx, kept, aggregate, call));
    }
    fn compare(&self, collation: u64, left: &[u8], right: &[u8]) -> Ordering {
        self.away.back(|cx, kept| functions::on_compare(cx, kept, collation, left, right))
    }
    fn authorize(&self, action: i32, about: [Option<&[u8]>; 4]) -> i32 {
        self.away.back(|cx, kept| hooks::on_authorize(cx, kept, action, about))
    }
    fn progress(&self) -> bool {
        self.away.back(hooks::on_progress)
    }
    fn trace(&self, sql: &[u8], expanded: Result<&[u8], i32>) {
        self.away.back(|cx, kept| hooks::on_trace(cx, kept, sql, expanded));
    }
    fn gone(&self, number: u64) {
        self.gone.borrow_mut().push(number);
    }
}
