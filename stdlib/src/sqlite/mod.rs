//! `_sqlite3`: databases of SQLite.
//!
//! The engine is SQLite itself, in C, which `ryokan-sqlite` makes safe to call; it is behind the feature `sqlite`, and without it there is
//! no such module. What takes its time runs without the interpreter's lock; where SQLite calls back, the lock is taken for as long as Python
//! runs (`calls.rs`). A thread that wants a connection in which another one is waits for it without the lock, so that neither waits for the
//! other.
//!
//! What SQLite calls lies in the connection's own fields, where the collector sees it: SQLite knows numbers only.
//!
//! Every statement reports its progress, which is how it is paid for and stopped. What SQLite itself allocates is outside of the heap.
//! Where the host allows no files, databases lie in memory, whatever their names.
//!
//! | file | what |
//! |---|---|
//! | `constants.rs`, `errors.rs` | numbers; exceptions, and which of them a fault is |
//! | `connection.rs`, `opening.rs`, `settings.rs` | connections: the type, opening and closing, what they can be told |
//! | `transactions.rs` | beginning, committing, rolling back |
//! | `calls.rs`, `functions.rs`, `hooks.rs` | calling SQLite, and being called: functions and aggregates; what watches a connection |
//! | `statement.rs`, `bind.rs`, `adapt.rs` | statements, their parameters, adapters and converters |
//! | `cursor.rs`, `execute.rs`, `fetch.rs`, `row.rs` | cursors: the type, running statements, rows |
//! | `blob.rs`, `copies.rs` | blobs; backups, databases as bytes |
//! | `args.rs` | arguments, where CPython warns of how they are given |

use std::cell::Cell;

use ryokan_vm::native::*;

mod adapt;
mod args;
mod bind;
mod blob;
mod calls;
mod connection;
mod constants;
mod copies;
mod cursor;
mod errors;
mod execute;
mod fetch;
mod functions;
mod hooks;
mod opening;
mod row;
mod settings;
mod statement;
mod transactions;

use blob::Blob;
use connection::Connection;
use cursor::Cursor;
use row::Row;

native_module! {
    "_sqlite3" {
        consts {
            "sqlite_version" = ryokan_sqlite::version(); "threadsafety" = threadsafety();
            "LEGACY_TRANSACTION_CONTROL" = transactions::LEGACY;
            "PARSE_COLNAMES" = constants::PARSE_COLNAMES; "PARSE_DECLTYPES" = constants::PARSE_DECLTYPES;
        }
        types { Blob, Connection, Cursor, adapt::PrepareProtocol, Row }
        fill = fill;
        functions {
            /// Makes an object one that can be stored: what its adapter gives, or the other object.
            adapt(*args) = adapt::adapt_args, shows = "($module, obj, proto=PrepareProtocolType, alt=<unrepresentable>, /)";
            /// Whether a text ends with a whole statement.
            complete_statement(statement: &Value);
            /// Opens a database, as a connection of a class.
            connect(*args, **names) = opening::connect, shows = "($module, /, database, timeout=5.0, detect_types=0,\n        isolation_level='', check_same_thread=True,\n        factory=ConnectionType, cached_statements=128, uri=False, *,\n        autocommit=sqlite3.LEGACY_TRANSACTION_CONTROL)";
            /// Says whether what callbacks raise is reported.
            enable_callback_tracebacks(enable: i32, /);
            /// Has instances of a type stored as what a function makes of them.
            register_adapter(r#type: Value, adapter: Value, /) = adapt::register_adapter;
            /// Has values of a declared type, by its name, become what a function makes of their bytes.
            register_converter(typename: &Value, converter: Value, /) = adapt::register_converter;
        }
    }
}

native_state! {
    /// What all connections have in common.
    pub struct State {
        /// The exceptions by their names.
        pub errors: Slot,
        /// The adapters by pairs of a type and a protocol.
        pub adapters: Slot,
        /// The converters by the names of types, in capitals.
        pub converters: Slot,
        /// Whether one of the types that are stored as they are has an adapter.
        pub base_adapted: Cell<bool>,
        /// Whether what callbacks raise is reported.
        pub reports: Cell<bool>,
        /// The number of the last function, aggregate or collation that was made.
        pub last: Cell<u64>,
    }
}

/// What the DB-API calls the way in which threads may share things.
fn threadsafety() -> i32 {
    match ryokan_sqlite::is_thread_safe() {
        1 => 3,
        2 => 1,
        _ => 0,
    }
}

fn fill(module: &Filler<'_>) -> Res<()> {
    let cx = module.cx();
    let state = cx.state::<State>()?;
    errors::FAMILY.fill(module, errors::FAMILY.make(cx, |_, _| Ok(()))?, &state.errors)?;
    for (name, slot) in [("adapters", &state.adapters), ("converters", &state.converters)] {
        if slot.is_none() {
            slot.set(Dict::new(cx)?.into_value());
        }
        module.add(name, slot.get())?;
    }
    constants::fill(module)
}

fn complete_statement(cx: &Cx, statement: &Value) -> Res<bool> {
    let text = args::c_text(cx, statement, "complete_statement() argument 'statement'")?;
    cx.work_on_bytes(text.as_bytes().len())?;
    Ok(ryokan_sqlite::complete(&text))
}

fn enable_callback_tracebacks(cx: &Cx, enable: i32) -> Res<()> {
    cx.state::<State>()?.reports.set(enable != 0);
    Ok(())
}
