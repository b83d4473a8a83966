//! Transactions: who begins and ends them.

use ryokan_sqlite::{Database, constants as sql};
use ryokan_vm::native::*;

use super::calls::attempt;
use super::connection::Connection;

/// What `autocommit` is where the isolation level says when a transaction begins.
pub const LEGACY: i32 = -1;

/// How a transaction begins that a statement needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    Plain,
    Deferred,
    Immediate,
    Exclusive,
}

impl Level {
    const ALL: [Level; 4] = [Level::Plain, Level::Deferred, Level::Immediate, Level::Exclusive];

    /// Its name.
    fn name(self) -> &'static str {
        match self {
            Level::Plain => "",
            Level::Deferred => "DEFERRED",
            Level::Immediate => "IMMEDIATE",
            Level::Exclusive => "EXCLUSIVE",
        }
    }
    /// The statement that begins the transaction.
    pub fn begin(self) -> &'static str {
        match self {
            Level::Plain => "BEGIN ",
            Level::Deferred => "BEGIN DEFERRED",
            Level::Immediate => "BEGIN IMMEDIATE",
            Level::Exclusive => "BEGIN EXCLUSIVE",
        }
    }
    /// Of a value: nothing for None. `TypeError`, `ValueError`.
    pub fn of(cx: &Cx, value: &Value) -> Res<Option<Level>> {
        if value.is_none() {
            return Ok(None);
        }
        let Some(text) = Str::of(value) else {
            return Err(cx.type_error("isolation_level must be str or None"));
        };
        if text.chars().iter().any(|c| c == 0) {
            return Err(cx.value_error("embedded null character"));
        }
        // What is no text for SQLite is an error of its own.
        cx.utf8(value)?;
        let name = text.ascii().unwrap_or("?");
        let found = Level::ALL.into_iter().find(|level| level.name().eq_ignore_ascii_case(name));
        let known = "isolation_level string must be '', 'DEFERRED', 'IMMEDIATE', or 'EXCLUSIVE'";
        found.map(Some).ok_or(()).map_err(|()| cx.value_error(known))
    }
}

/// Whether a connection commits by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Control {
    /// As the isolation level says.
    Legacy,
    /// After each statement.
    On,
    /// Never: there is always a transaction.
    Off,
}

impl Control {
    /// Of a value. `ValueError`.
    pub fn of(cx: &Cx, value: &Value) -> Res<Control> {
        match cx.plain(value) {
            Plain::Bool(true) => Ok(Control::On),
            Plain::Bool(false) => Ok(Control::Off),
            _ if cx.is_int(value) && cx.small_int(value) == Some(LEGACY.into()) => Ok(Control::Legacy),
            _ => Err(cx.value_error("autocommit must be True, False, or sqlite3.LEGACY_TRANSACTION_CONTROL")),
        }
    }
}

/// Executes a statement without parameters and rows.
pub fn run(cx: &Cx, connection: &Obj<Connection>, database: &Database, statement: &str) -> Res<()> {
    run_where(cx, connection, database, None, statement)
}

/// The same where a transaction is open, or where none is, if that is asked for: no other thread comes in between.
pub fn run_where(
    cx: &Cx,
    connection: &Obj<Connection>,
    database: &Database,
    open: Option<bool>,
    statement: &str,
) -> Res<()> {
    attempt(cx, connection, database, |inside, handler| {
        if open.is_some_and(|open| open == inside.is_autocommit()) {
            return Ok(());
        }
        let (made, _) =
            inside.prepare(statement.as_bytes(), handler).map_err(|code| inside.fault_of(code))?;
        let Some(made) = made else { return Ok(()) };
        match inside.step(&made, handler) {
            sql::SQLITE_DONE | sql::SQLITE_ROW => {
                inside.reset(&made, handler);
                Ok(())
            }
            code => Err(inside.fault_of(code)),
        }
    })
}

/// Ends the transaction by a statement, if it is one of the connection's; where there is always one, begins the next.
fn end(cx: &Cx, this: This<'_, Connection>, statement: &str) -> Res<()> {
    let database = this.usable(cx)?;
    match this.control.get() {
        Control::On => Ok(()),
        Control::Legacy => run_where(cx, &this.object(), &database, Some(true), statement),
        Control::Off => {
            run(cx, &this.object(), &database, statement)?;
            run(cx, &this.object(), &database, "BEGIN")
        }
    }
}

pub fn commit(cx: &Cx, this: This<'_, Connection>) -> Res<()> {
    end(cx, this, "COMMIT")
}
pub fn rollback(cx: &Cx, this: This<'_, Connection>) -> Res<()> {
    end(cx, this, "ROLLBACK")
}

pub fn enter_block(cx: &Cx, this: This<'_, Connection>) -> Res {
    this.open(cx)?;
    Ok(this.to_value())
}

pub fn exit(cx: &Cx, this: This<'_, Connection>, args: Args<'_>) -> Res<bool> {
    args.count(cx, "__exit__", 3, 3)?;
    if args.positional().iter().any(|given| !given.is_none()) {
        rollback(cx, this)?;
        return Ok(false);
    }
    let Err(raised) = commit(cx, this) else { return Ok(false) };
    // Another process may have a lock on the database, which is to be set free at least.
    let first = cx.take_raised(raised);
    match rollback(cx, this) {
        Ok(()) => Err(cx.raise_value(first)),
        Err(later) => Err(cx.chain(later, first)),
    }
}

pub fn isolation_level(cx: &Cx, this: This<'_, Connection>) -> Res<Option<&'static str>> {
    this.open(cx)?;
    Ok(this.level.get().map(Level::name))
}

pub fn set_isolation_level(cx: &Cx, this: This<'_, Connection>, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(cx.attribute_error("cannot delete attribute")) };
    let level = Level::of(cx, value)?;
    if level.is_none() {
        // From now on it commits by itself: what was begun ends.
        commit(cx, this)?;
    }
    this.level.set(level);
    Ok(())
}

pub fn autocommit(cx: &Cx, this: This<'_, Connection>) -> Res {
    this.usable(cx)?;
    match this.control.get() {
        Control::Legacy => LEGACY.into_value(cx),
        Control::On => Ok(Value::bool(true)),
        Control::Off => Ok(Value::bool(false)),
    }
}

pub fn set_autocommit(cx: &Cx, this: This<'_, Connection>, value: Option<&Value>) -> Res<()> {
    let database = this.usable(cx)?;
    let Some(value) = value else {
        return Err(cx.attribute_error("cannot delete autocommit attribute"));
    };
    let control = Control::of(cx, value)?;
    match control {
        Control::On => run_where(cx, &this.object(), &database, Some(true), "COMMIT")?,
        Control::Off => run_where(cx, &this.object(), &database, Some(false), "BEGIN")?,
        Control::Legacy => {}
    }
    this.control.set(control);
    Ok(())
}
