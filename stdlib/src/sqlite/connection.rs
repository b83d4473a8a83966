//! Connections: the type, and what is asked of one before it is used.

use std::cell::Cell;
use std::sync::{Arc, Mutex, Weak};

use ryokan_sqlite::{self as sqlite, Database};
use ryokan_vm::native::*;

use super::errors::{class, misuse};
use super::opening::finalize;
use super::transactions::{self, Control, Level};
use super::{blob, copies, execute, functions, hooks, opening, settings};

/// A blob that is open, until its connection is closed.
pub type OpenBlob = Mutex<Option<sqlite::Blob>>;

native_type! {
    /// SQLite database connection object.
    "sqlite3.Connection" = pub struct Connection {
        /// The connection, once it was opened.
        pub database: Own<Option<Database>>,
        /// Whether `__init__` has come to its end.
        pub ready: Cell<bool>,
        /// The thread that may use it, 0 for any.
        pub thread: Cell<u64>,
        pub detect_types: Cell<i32>,
        pub level: Cell<Option<Level>>,
        pub control: Cell<Control>,
        pub row_factory: Slot,
        pub text_factory: Slot,
        /// Statements by their texts, the one that was used last at the end; and how many there may be.
        pub cache: Slot,
        pub cache_size: Cell<usize>,
        /// What functions, aggregates and collations call, by their numbers.
        pub callables: Slot,
        /// The objects of aggregates that are under way, by numbers.
        pub instances: Slot,
        pub last_instance: Cell<u64>,
        pub authorizer: Maybe,
        pub tracer: Maybe,
        pub progress: Maybe,
        /// How many reports of progress there are to each call of that, and how many there were since.
        pub reports: Cell<(u32, u32)>,
        /// How many instructions there are between two reports.
        pub interval: Cell<u32>,
        pub blobs: Own<Vec<Weak<OpenBlob>>>,
    }
    flags: SUBCLASS;
    new(*args, **names) = new_connection;
    init(*args, **names) = opening::init;
    call(*args, **names) = execute::prepared;
    slots { del = finalize; }
    getters {
        __text_signature__ = |_, _: This<Connection>| "(sql, /)";
        total_changes = settings::total_changes;
        in_transaction = settings::in_transaction;
    }
    attributes {
        autocommit = transactions::autocommit, transactions::set_autocommit;
        isolation_level = transactions::isolation_level, transactions::set_isolation_level;
        row_factory = |_, this: This<Connection>| this.row_factory.get(), set_row_factory;
        text_factory = settings::text_factory, set_text_factory;
    }
    members {
        Warning = |cx, _: This<Connection>| class(cx, "Warning");
        Error = |cx, _: This<Connection>| class(cx, "Error");
        InterfaceError = |cx, _: This<Connection>| class(cx, "InterfaceError");
        DatabaseError = |cx, _: This<Connection>| class(cx, "DatabaseError");
        DataError = |cx, _: This<Connection>| class(cx, "DataError");
        OperationalError = |cx, _: This<Connection>| class(cx, "OperationalError");
        IntegrityError = |cx, _: This<Connection>| class(cx, "IntegrityError");
        InternalError = |cx, _: This<Connection>| class(cx, "InternalError");
        ProgrammingError = |cx, _: This<Connection>| class(cx, "ProgrammingError");
        NotSupportedError = |cx, _: This<Connection>| class(cx, "NotSupportedError");
    }
    methods {
        /// Copies the database into that of another connection, so many pages at a time.
        backup(*args, **names) = copies::backup, shows = "($self, /, target, *, pages=-1, progress=None, name='main',\n       sleep=0.25)";
        /// Opens the blob in a column of a row.
        blobopen(*args, **names) = blob::open, shows = "($self, table, column, rowid, /, *, readonly=False, name='main')";
        /// Closes it. What is not committed is lost, unless the connection commits by itself.
        close() = opening::close;
        /// Commits what was changed since the transaction began. Does nothing if there is none.
        commit() = transactions::commit;
        /// Makes a function of SQL that is an aggregate: a class with the methods step and finalize.
        create_aggregate(*args, **names) = functions::create_aggregate, shows = "($self, /, name, n_arg, aggregate_class)";
        /// Makes an order of texts, or takes it away.
        create_collation(name: &Value, callback: Value, /) = functions::create_collation;
        /// Makes a function of SQL.
        create_function(*args, **names) = functions::create_function, shows = "($self, /, name, narg, func, *, deterministic=False)";
        /// Makes an aggregate over windows, a class with the methods step, inverse, value and finalize; or takes it away.
        create_window_function(name: &Value, num_params: i32, aggregate_class: Value, /) = functions::create_window_function;
        /// A cursor, made by a factory.
        cursor(factory: Given = Given(None) => "<unrepresentable>") = settings::cursor;
        /// Puts a database that serialize() has given in the place of one of this connection.
        deserialize(*args, **names) = copies::deserialize, shows = "($self, data, /, *, name='main')";
        /// Executes a statement with a new cursor, which it gives.
        execute(*args) = execute::by_connection, shows = "($self, sql, parameters=(), /)";
        /// Executes a statement with one row of parameters after the other, with a new cursor, which it gives.
        executemany(*args) = execute::many_by_connection, shows = "($self, sql, parameters, /)";
        /// Executes the statements of a script with a new cursor, which it gives.
        executescript(*args) = execute::script_by_connection, shows = "($self, sql_script, /)";
        /// Whether an option is on.
        getconfig(op: i32, /) = settings::getconfig;
        /// A limit.
        getlimit(category: i32, /) = settings::getlimit;
        /// Makes the statements that run in it end with an error.
        interrupt() = settings::interrupt;
        /// The statements that make the database again, one after the other.
        iterdump(*, filter: Value = Value::NONE => "None") = settings::iterdump;
        /// Takes back what was changed since the transaction began. Does nothing if there is none.
        rollback() = transactions::rollback;
        /// A database of the connection as bytes.
        serialize(*, name: Given = Given(None) => "'main'") = copies::serialize;
        /// Has a function asked for permission for all that statements do.
        set_authorizer(*args, **names) = hooks::set_authorizer, shows = "($self, /, authorizer_callback)";
        /// Has a function called after each so many instructions; it can stop the statement.
        set_progress_handler(*args, **names) = hooks::set_progress_handler, shows = "($self, /, progress_handler, n)";
        /// Has a function called with each statement that begins.
        set_trace_callback(*args, **names) = hooks::set_trace_callback, shows = "($self, /, trace_callback)";
        /// Turns an option on or off.
        setconfig(op: i32, enable: bool = True, /) = settings::setconfig;
        /// Sets a limit, and gives what it was.
        setlimit(category: i32, limit: i32, /) = settings::setlimit;
        /// The connection. A transaction that is open at the end of the block is committed, or rolled back after an exception.
        __enter__() = transactions::enter_block;
        /// Commits, or rolls back if there was an exception.
        __exit__(*args) = transactions::exit, shows = "($self, type, value, traceback, /)";
    }
}

fn new_connection(cx: &Cx, class: &Value, _: Args<'_>) -> Res {
    cx.new_of(
        class,
        Connection {
            database: Own::default(),
            ready: Cell::new(false),
            thread: Cell::new(0),
            detect_types: Cell::new(0),
            level: Cell::new(None),
            control: Cell::new(Control::Legacy),
            row_factory: Slot::default(),
            text_factory: Slot::default(),
            cache: Slot::default(),
            cache_size: Cell::new(0),
            callables: Slot::default(),
            instances: Slot::default(),
            last_instance: Cell::new(0),
            authorizer: Maybe::EMPTY,
            tracer: Maybe::EMPTY,
            progress: Maybe::EMPTY,
            reports: Cell::new((0, 0)),
            interval: Cell::new(0),
            blobs: Own::default(),
        },
    )
}

fn set_row_factory(cx: &Cx, this: This<'_, Connection>, value: Option<&Value>) -> Res<()> {
    set_factory(cx, &this.row_factory, "row_factory", value)
}
fn set_text_factory(cx: &Cx, this: This<'_, Connection>, value: Option<&Value>) -> Res<()> {
    set_factory(cx, &this.text_factory, "text_factory", value)
}
fn set_factory(cx: &Cx, slot: &Slot, name: &str, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else {
        return Err(cx.attribute_error(format_args!("cannot delete {name} attribute")));
    };
    slot.set(value.clone());
    Ok(())
}

impl Connection {
    /// The connection, if it is open. `ProgrammingError`.
    pub fn open(&self, cx: &Cx) -> Res<Database> {
        if !self.ready.get() {
            return Err(misuse(cx, "Base Connection.__init__ not called."));
        }
        let database = self.database.with(cx, |database| database.clone())?;
        database.ok_or(()).map_err(|()| misuse(cx, "Cannot operate on a closed database."))
    }
    /// The same for the thread that runs.
    pub fn usable(&self, cx: &Cx) -> Res<Database> {
        self.check_thread(cx)?;
        self.open(cx)
    }
    /// `ProgrammingError` if another thread must use it.
    pub fn check_thread(&self, cx: &Cx) -> Res<()> {
        let (owner, this) = (self.thread.get(), cx.thread_ident());
        if !self.ready.get() || owner == 0 || owner == this {
            return Ok(());
        }
        Err(misuse(
            cx,
            format_args!(
                "SQLite objects created in a thread can only be used in that same thread. The object was created in thread id {owner} and \
                 this is thread id {this}."
            ),
        ))
    }
    /// The dict in a slot, made at first use.
    pub fn table(&self, cx: &Cx, slot: &Slot) -> Res<Dict> {
        if let Some(there) = slot.dict() {
            return Ok(there);
        }
        let made = Dict::new(cx)?;
        slot.set(made.value().clone());
        Ok(made)
    }
    /// Keeps an eye on a blob that was opened.
    pub fn watch(&self, cx: &Cx, blob: &Arc<OpenBlob>) -> Res<()> {
        self.blobs.with(cx, |blobs| {
            // Looking at all of them costs nothing where it makes room, or there is twice the room then.
            if blobs.len() == blobs.capacity() {
                blobs.retain(|blob| blob.strong_count() > 0);
                blobs.reserve(blobs.len() + 1);
            }
            blobs.push(Arc::downgrade(blob));
        })
    }
}
