//! Statements: prepared texts, and the connection's cache of them.

use std::cell::Cell;
use std::sync::Arc;

use ryokan_sqlite::{self as sqlite, Database};
use ryokan_vm::native::*;

use super::calls::{attempt, enter};
use super::connection::Connection;
use super::errors::{error, misuse};

/// The category of limits that says how long a statement can be.
const SQL_LENGTH: i32 = 1;

native_type! {
    "sqlite3.Statement" = pub struct Statement {
        /// What SQLite made of it; nothing if there was nothing but comments.
        prepared: Own<Option<Arc<sqlite::Statement>>>,
        /// Whether it inserts, updates, deletes or replaces rows.
        pub changes_rows: Cell<bool>,
        /// Whether a cursor has it.
        pub taken: Cell<bool>,
    }
}

impl Statement {
    /// What SQLite made of it.
    pub fn prepared(&self, cx: &Cx) -> Res<Option<Arc<sqlite::Statement>>> {
        self.prepared.with(cx, |prepared| prepared.clone())
    }
}

/// The part of a text that follows spaces and comments.
fn skip_comments(mut sql: &[u8]) -> &[u8] {
    loop {
        sql = match sql {
            [b' ' | b'\t' | b'\x0c' | b'\n' | b'\r', rest @ ..] => rest,
            [b'-', b'-', rest @ ..] => match memchr::memchr(b'\n', rest) {
                Some(end) => &rest[end + 1..],
                None => &[],
            },
            [b'/', b'*', rest @ ..] => match rest.windows(2).position(|pair| pair == b"*/") {
                Some(end) => &rest[end + 2..],
                None => &[],
            },
            _ => return sql,
        };
    }
}

/// Whether a text begins with a statement that changes rows.
fn changes_rows(sql: &[u8]) -> bool {
    let sql = skip_comments(sql);
    ["insert", "update", "delete", "replace"]
        .iter()
        .any(|word| sql.get(..word.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(word.as_bytes())))
}

/// `DataError` if a text is longer than a statement can be.
pub fn check_size(cx: &Cx, database: &Database, sql: &[u8]) -> Res<()> {
    let most = enter(cx, database).limit(SQL_LENGTH, -1);
    if sql.len() > usize::try_from(most).unwrap_or(0) {
        return Err(error(cx, "DataError", "query string is too large"));
    }
    Ok(())
}

/// Prepares a statement. `DataError`, `ProgrammingError`, and what SQLite says of it.
pub fn prepare(
    cx: &Cx,
    connection: &Obj<Connection>,
    database: &Database,
    sql: &Value,
) -> Res<Obj<Statement>> {
    let text = cx.utf8(sql)?;
    let bytes = text.as_slice();
    check_size(cx, database, bytes)?;
    if bytes.contains(&0) {
        return Err(misuse(cx, "the query contains a null character"));
    }
    cx.work_on_bytes(bytes.len())?;
    let (made, behind) = attempt(cx, connection, database, |inside, handler| {
        inside.prepare(bytes, handler).map_err(|code| inside.fault_of(code))
    })?;
    if !skip_comments(&bytes[behind..]).is_empty() {
        return Err(misuse(cx, "You can only execute one statement at a time."));
    }
    let changes_rows = Cell::new(changes_rows(bytes));
    let taken = Cell::new(true);
    cx.new(Statement { prepared: Own::new(made.map(Arc::new)), changes_rows, taken })
}

/// A statement that is not in use: from the cache, or prepared. Who gets it has it alone.
pub fn cached(
    cx: &Cx,
    connection: &Obj<Connection>,
    database: &Database,
    sql: &Value,
) -> Res<Obj<Statement>> {
    let most = connection.cache_size.get();
    if most == 0 {
        return prepare(cx, connection, database, sql);
    }
    let Some(key) = Str::of(sql) else { return prepare(cx, connection, database, sql) };
    let key = key.plain(cx)?;
    let cache = connection.table(cx, &connection.cache)?;
    let hash = cx.hash(&key)?;
    if let Some(place) = cache.place_of(cx, &key, hash)? {
        let found = cache.value_at(place).and_then(|found| Obj::<Statement>::from_value(found).ok());
        cache.move_to_end(cx, place, true)?;
        return match found {
            Some(found) if !found.taken.replace(true) => Ok(found),
            _ => prepare(cx, connection, database, sql),
        };
    }
    let made = prepare(cx, connection, database, sql)?;
    cache.set(cx, &key, &made)?;
    while cache.len() > most {
        let Some(oldest) = cache.first().and_then(|first| cache.take_at(first)) else { break };
        drop(oldest);
    }
    Ok(made)
}
