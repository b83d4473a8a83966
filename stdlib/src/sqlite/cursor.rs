//! Cursors: the type, and what is asked of one before it is used.

use std::cell::Cell;

use ryokan_sqlite::Database;
use ryokan_vm::native::*;

use super::args::place;
use super::calls::call;
use super::connection::Connection;
use super::errors::misuse;
use super::fetch::next as next_row;
use super::statement::Statement;
use super::{execute, fetch};

native_type! {
    /// SQLite database cursor class.
    "sqlite3.Cursor" = pub struct Cursor {
        pub connection: Slot,
        /// The statement that runs, as long as it has rows to give.
        pub statement: Maybe,
        pub description: Slot,
        pub last_row: Slot,
        pub row_count: Cell<i64>,
        pub array_size: Cell<u32>,
        pub row_factory: Slot,
        /// What converts the columns; None where nothing does.
        pub converters: Slot,
        /// Whether `__init__` has come to its end.
        pub ready: Cell<bool>,
        pub closed: Cell<bool>,
        /// Whether a call is under way.
        pub locked: Cell<bool>,
    }
    flags: SUBCLASS, WEAKREF;
    new(*args, **names) = new_cursor;
    init(*args, **names) = init;
    slots { iter = itself; next = next_row; del = finalize; }
    attributes {
        arraysize = |_, this: This<Cursor>| this.array_size.get(), set_array_size;
        row_factory = |_, this: This<Cursor>| this.row_factory.get(), set_row_factory;
    }
    members {
        connection = |_, this: This<Cursor>| this.connection.get();
        description = |_, this: This<Cursor>| this.description.get();
        lastrowid = |_, this: This<Cursor>| this.last_row.get();
        rowcount = |_, this: This<Cursor>| this.row_count.get();
    }
    methods {
        /// Closes it.
        close();
        /// Executes a statement with parameters, a sequence or a mapping.
        execute(*args) = execute::execute, shows = "($self, sql, parameters=(), /)";
        /// Executes a statement that changes rows with one row of parameters after the other.
        executemany(*args) = execute::execute_many, shows = "($self, sql, seq_of_parameters, /)";
        /// Executes the statements of a script; a transaction that is open is committed before.
        executescript(sql_script: &Value, /) = execute::execute_script;
        /// All rows that are left.
        fetchall() = fetch::fetch_all;
        /// The next rows, as many as are asked for or as arraysize says, or those that are left.
        fetchmany(size: Given = Given(None) => "1") = fetch::fetch_many;
        /// The next row, or None.
        fetchone() = fetch::fetch_one;
        /// Does nothing.
        setinputsizes(sizes: &Value, /) = set_input_sizes;
        /// Does nothing.
        setoutputsize(size: &Value, column: Value = Value::NONE => "None", /) = set_output_size;
    }
}

fn new_cursor(cx: &Cx, class: &Value, _: Args<'_>) -> Res {
    cx.new_of(
        class,
        Cursor {
            connection: Slot::default(),
            statement: Maybe::EMPTY,
            description: Slot::default(),
            last_row: Slot::default(),
            row_count: Cell::new(0),
            array_size: Cell::new(0),
            row_factory: Slot::default(),
            converters: Slot::default(),
            ready: Cell::new(false),
            closed: Cell::new(false),
            locked: Cell::new(false),
        },
    )
}

fn init(cx: &Cx, this: This<'_, Cursor>, args: Args<'_>) -> Res<()> {
    args.no_keywords(cx, "Cursor")?;
    args.count(cx, "Cursor", 1, 1)?;
    let connection = args.positional()[0].clone();
    let Some(body) = This::<Connection>::of(cx, &connection) else {
        let kind = cx.arg_name(&connection);
        return Err(cx.type_error(format_args!("Cursor() argument 1 must be sqlite3.Connection, not {kind}")));
    };
    if this.locked.get() {
        return Err(recursive(cx));
    }
    this.release(cx)?;
    this.connection.set(connection.clone());
    this.closed.set(false);
    this.row_count.set(-1);
    this.array_size.set(1);
    this.last_row.set(Value::NONE);
    this.description.set(Value::NONE);
    this.row_factory.set(Value::NONE);
    body.check_thread(cx)?;
    this.ready.set(true);
    Ok(())
}

#[cold]
fn recursive(cx: &Cx) -> Raised {
    misuse(cx, "Recursive use of cursors not allowed.")
}

impl Cursor {
    /// Its connection, if it was made with one.
    fn connection(&self) -> Option<Obj<Connection>> {
        Obj::from_value(self.connection.get()).ok()
    }
    /// The connection of a cursor that can be used now. `ProgrammingError`.
    pub fn usable(&self, cx: &Cx) -> Res<(Obj<Connection>, Database)> {
        let connection = match self.connection() {
            Some(connection) if self.ready.get() => connection,
            _ => return Err(misuse(cx, "Base Cursor.__init__ not called.")),
        };
        if self.closed.get() {
            return Err(misuse(cx, "Cannot operate on a closed cursor."));
        }
        if self.locked.get() {
            return Err(recursive(cx));
        }
        let database = connection.usable(cx)?;
        Ok((connection, database))
    }
    /// Lets the statement go that runs, back at its beginning.
    pub fn release(&self, cx: &Cx) -> Res<()> {
        let statement = self.statement.take().map(Obj::<Statement>::from_value);
        let Some(Ok(statement)) = statement else { return Ok(()) };
        if let (Some(prepared), Some(connection)) = (statement.prepared(cx)?, self.connection()) {
            let database = prepared.database();
            call(cx, &connection, &database, |inside, handler| inside.reset(&prepared, handler))?;
        }
        statement.taken.set(false);
        Ok(())
    }
    /// The same of one that has come to its end.
    pub fn finish(&self) {
        let statement = self.statement.take().map(Obj::<Statement>::from_value);
        if let Some(Ok(statement)) = statement {
            statement.taken.set(false);
        }
    }
    /// Does `work` while nobody else may use the cursor.
    pub fn alone<T>(&self, work: impl FnOnce() -> Res<T>) -> Res<T> {
        self.locked.set(true);
        let done = work();
        self.locked.set(false);
        done
    }
}

/// A cursor dies: what its statement holds locked is set free.
fn finalize(cx: &Cx, this: This<'_, Cursor>) {
    cx.aside(|| {
        if let Err(raised) = this.release(cx) {
            cx.unraisable(raised, this.value());
        }
    });
}

fn close(cx: &Cx, this: This<'_, Cursor>) -> Res<()> {
    let Some(connection) = this.connection().filter(|_| this.ready.get()) else {
        return Err(misuse(cx, "Base Cursor.__init__ not called."));
    };
    if this.locked.get() {
        return Err(recursive(cx));
    }
    connection.usable(cx)?;
    this.release(cx)?;
    this.closed.set(true);
    Ok(())
}

/// A count of rows. `ValueError`, `OverflowError`.
pub fn count(cx: &Cx, value: &Value, kind: &str) -> Res<u32> {
    let number = cx.to_index(value)?;
    if number.is_negative() {
        return Err(cx.value_error("Cannot convert negative int"));
    }
    let fits = number.small().and_then(|number| u32::try_from(number).ok());
    fits.ok_or(()).map_err(|()| cx.overflow_error(format_args!("Python int too large {kind} uint32_t")))
}

fn set_array_size(cx: &Cx, this: This<'_, Cursor>, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else {
        let message = "attribute 'arraysize' of 'sqlite3.Cursor' objects cannot be deleted";
        return Err(cx.attribute_error(message));
    };
    this.array_size.set(count(cx, value, "to convert to C")?);
    Ok(())
}

fn set_row_factory(cx: &Cx, this: This<'_, Cursor>, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else {
        return Err(cx.attribute_error("cannot delete row_factory attribute"));
    };
    this.row_factory.set(value.clone());
    Ok(())
}

fn set_input_sizes(_: &Cx, _: This<'_, Cursor>, _: &Value) {}
fn set_output_size(_: &Cx, _: This<'_, Cursor>, _: &Value, _: Value) {}

/// `TypeError` unless a value is a str, the first argument of a function.
pub fn expect_sql<'a>(cx: &Cx, sql: Option<&'a Value>, function: &'static str) -> Res<&'a Value> {
    match sql {
        Some(sql) if cx.is_str(sql) => Ok(sql),
        Some(sql) => Err(Place { parameter: "", ..place(function, "") }.must_be(cx, "str", sql)),
        None => Err(cx.system_error("an argument that is asked for is missing")),
    }
}
