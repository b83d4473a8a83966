//! SQLite, made safe to call: what the module `_sqlite3` needs of it, and no more.
//!
//! A [`Database`] is a connection that any thread may hold. To work with it a thread *enters* it ([`Inside`]); others wait meanwhile, but
//! the same thread may enter again, from a callback. Statements, blobs and backups are things of a connection: they keep it alive, and
//! whoever lets go of one while another thread is inside leaves it behind, for that thread to put away.
//!
//! SQLite calls back into Rust only during a call that was given a [`Handler`], on the same thread, and only that handler. Functions,
//! aggregates and collations are numbers to SQLite, and the handler knows what they stand for.
//!
//! What a callback must not do is refused with the code `MISUSE`: to use a statement while it runs, or to run anything on a connection that
//! asks for permission, reports progress, traces or compares just then. A connection that is closed in a callback is closed when the
//! outermost call has returned.
//!
//! | file | what |
//! |---|---|
//! | `turn.rs` | whose turn it is |
//! | `database.rs` | connections: opening, closing, entering; what is left behind |
//! | `settings.rs` | what a connection can be asked and told; databases as bytes |
//! | `making.rs` | functions, aggregates, collations |
//! | `statement.rs` | statements: preparing, binding, running, columns |
//! | `callbacks.rs` | what SQLite calls, and the handler |
//! | `blob.rs`, `backup.rs` | blobs that are read and written in pieces; copies of databases |

mod backup;
mod blob;
mod callbacks;
mod database;
mod making;
mod settings;
mod statement;
mod turn;

pub use backup::Backup;
pub use blob::Blob;
pub use callbacks::{Call, Handler};
pub use database::{Database, Inside};
pub use making::Making;
pub use settings::{Image, complete, is_thread_safe, version};
pub use statement::{Bound, Statement};

/// SQLite's constants.
pub mod constants {
    pub use libsqlite3_sys::{
        SQLITE_BUSY, SQLITE_DENY, SQLITE_DETERMINISTIC, SQLITE_DONE, SQLITE_ERROR, SQLITE_LOCKED,
        SQLITE_MISUSE, SQLITE_NOMEM, SQLITE_OK, SQLITE_OPEN_CREATE, SQLITE_OPEN_READWRITE, SQLITE_OPEN_URI,
        SQLITE_ROW,
    };
}

/// What kind a value is of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "they are SQLite's")]
pub enum Kind {
    Integer,
    Float,
    Text,
    Blob,
    Null,
}

impl Kind {
    /// Of SQLite's number for it.
    fn of(number: i32) -> Kind {
        match number {
            libsqlite3_sys::SQLITE_INTEGER => Kind::Integer,
            libsqlite3_sys::SQLITE_FLOAT => Kind::Float,
            libsqlite3_sys::SQLITE_TEXT => Kind::Text,
            libsqlite3_sys::SQLITE_BLOB => Kind::Blob,
            _ => Kind::Null,
        }
    }
}

/// What went wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The result code.
    pub code: i32,
    /// The same, more exactly.
    pub extended: i32,
    /// What SQLite says of it.
    pub message: String,
}

impl Fault {
    /// Of a code alone.
    pub fn of(code: i32) -> Fault {
        Fault { code: code & 0xff, extended: code, message: settings::error_text(code) }
    }
}
