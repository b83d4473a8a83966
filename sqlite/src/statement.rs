//! Statements: preparing, binding, running, columns.

use std::ffi::{c_int, c_void};
use std::ptr::{null, null_mut};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use libsqlite3_sys as ffi;

use crate::callbacks::{Handler, with_handler};
use crate::database::{Inside, Left, Shared};
use crate::settings::text;
use crate::{Database, Kind};

/// A statement that was prepared. It keeps its connection alive, and can still be run when that is closed.
pub struct Statement {
    shared: Arc<Shared>,
    raw: *mut ffi::sqlite3_stmt,
    /// Whether a call is under way on it. Written by who is inside.
    running: AtomicBool,
}

// SAFETY: whoever uses the pointer is inside of the connection, alone.
unsafe impl Send for Statement {}
// SAFETY: as above.
unsafe impl Sync for Statement {}

impl Drop for Statement {
    fn drop(&mut self) {
        self.shared.leave_behind(Left::Statement(self.raw));
    }
}

impl Statement {
    /// The connection.
    pub fn database(&self) -> Database {
        Database(self.shared.clone())
    }
}

/// A value for a parameter.
#[derive(Clone, Copy, PartialEq, Debug)]
#[allow(missing_docs, reason = "they are SQLite's")]
pub enum Bound<'a> {
    Null,
    Integer(i64),
    Float(f64),
    Text(&'a str),
    Blob(&'a [u8]),
}

impl Inside<'_> {
    /// Prepares the first statement of a text: the statement, if there is one but comments, and the place behind it. An error is a code.
    pub fn prepare(&self, sql: &[u8], handler: &dyn Handler) -> Result<(Option<Statement>, usize), i32> {
        let Some(db) = self.changeable() else { return Err(ffi::SQLITE_MISUSE) };
        let len = c_int::try_from(sql.len()).map_err(|_| ffi::SQLITE_TOOBIG)?;
        let (mut raw, mut rest) = (null_mut(), null());
        let start = sql.as_ptr().cast();
        // SAFETY: the text is given with its length, and there are places for both results.
        let code = with_handler(self.shared, handler, || unsafe {
            ffi::sqlite3_prepare_v2(db, start, len, &mut raw, &mut rest)
        });
        let running = AtomicBool::new(false);
        let made = (!raw.is_null()).then(|| Statement { shared: self.shared.clone(), raw, running });
        if code != ffi::SQLITE_OK {
            return Err(code);
        }
        let behind = (rest as usize).saturating_sub(sql.as_ptr() as usize).min(sql.len());
        Ok((made, if rest.is_null() { sql.len() } else { behind }))
    }
    /// A statement to look at: one of this connection on which no call is under way.
    fn idle(&self, statement: &Statement) -> Option<*mut ffi::sqlite3_stmt> {
        let idle = Arc::ptr_eq(self.shared, &statement.shared) && !statement.running.load(Ordering::Relaxed);
        idle.then_some(statement.raw)
    }
    /// The same to be changed.
    fn changed(&self, statement: &Statement) -> Option<*mut ffi::sqlite3_stmt> {
        let free = !self.shared.is_frozen() && !self.shared.is_reserved();
        self.idle(statement).filter(|_| free)
    }
    /// A call on a statement that may call back.
    fn run(
        &self,
        statement: &Statement,
        handler: &dyn Handler,
        call: unsafe extern "C" fn(*mut ffi::sqlite3_stmt) -> c_int,
    ) -> i32 {
        let Some(raw) = self.changed(statement) else { return ffi::SQLITE_MISUSE };
        statement.running.store(true, Ordering::Relaxed);
        // SAFETY: the statement is there as long as it is borrowed, and nobody else uses it: it is marked as running.
        let code = with_handler(self.shared, handler, || unsafe { call(raw) });
        statement.running.store(false, Ordering::Relaxed);
        code
    }
    /// Runs a statement until its next row or its end. Gives a code: `ROW`, `DONE`, or that of an error.
    pub fn step(&self, statement: &Statement, handler: &dyn Handler) -> i32 {
        self.run(statement, handler, ffi::sqlite3_step)
    }
    /// Puts a statement back to its beginning. Gives a code: that of its last run.
    pub fn reset(&self, statement: &Statement, handler: &dyn Handler) -> i32 {
        self.run(statement, handler, ffi::sqlite3_reset)
    }
    /// Gives a parameter a value, which is copied. Gives a code.
    pub fn bind(&self, statement: &Statement, parameter: i32, value: Bound<'_>) -> i32 {
        let Some(raw) = self.changed(statement) else { return ffi::SQLITE_MISUSE };
        // SAFETY: the statement is idle, and this thread is inside; bytes are given with their length, and copied.
        unsafe {
            let copy = ffi::SQLITE_TRANSIENT();
            match value {
                Bound::Null => ffi::sqlite3_bind_null(raw, parameter),
                Bound::Integer(number) => ffi::sqlite3_bind_int64(raw, parameter, number),
                Bound::Float(number) => ffi::sqlite3_bind_double(raw, parameter, number),
                Bound::Text(text) => {
                    let (start, len) = (text.as_ptr().cast(), text.len() as u64);
                    ffi::sqlite3_bind_text64(raw, parameter, start, len, copy, ffi::SQLITE_UTF8 as u8)
                }
                Bound::Blob(bytes) => {
                    let start = bytes.as_ptr().cast();
                    ffi::sqlite3_bind_blob64(raw, parameter, start, bytes.len() as u64, copy)
                }
            }
        }
    }
    /// How many parameters there are.
    pub fn parameters(&self, statement: &Statement) -> i32 {
        // SAFETY: as above. So with those that follow.
        self.idle(statement).map_or(0, |raw| unsafe { ffi::sqlite3_bind_parameter_count(raw) })
    }
    /// The name of a parameter, with the mark that it begins with, if it has one.
    pub fn parameter_name(&self, statement: &Statement, parameter: i32) -> Option<Vec<u8>> {
        // SAFETY: as above; the name is copied.
        self.idle(statement).and_then(|raw| unsafe { text(ffi::sqlite3_bind_parameter_name(raw, parameter)) })
    }
    /// Whether it changes nothing.
    pub fn is_readonly(&self, statement: &Statement) -> bool {
        // SAFETY: as above.
        self.idle(statement).is_some_and(|raw| unsafe { ffi::sqlite3_stmt_readonly(raw) != 0 })
    }
    /// How many columns its rows have.
    pub fn columns(&self, statement: &Statement) -> i32 {
        // SAFETY: as above.
        self.idle(statement).map_or(0, |raw| unsafe { ffi::sqlite3_column_count(raw) })
    }
    /// How many columns the row has that it stands at; 0 if there is none.
    pub fn row_columns(&self, statement: &Statement) -> i32 {
        // SAFETY: as above.
        self.idle(statement).map_or(0, |raw| unsafe { ffi::sqlite3_data_count(raw) })
    }
    /// The name of a column.
    pub fn column_name(&self, statement: &Statement, column: i32) -> Option<Vec<u8>> {
        // SAFETY: as above; the name is copied.
        self.idle(statement).and_then(|raw| unsafe { text(ffi::sqlite3_column_name(raw, column)) })
    }
    /// The type that a column was declared with.
    pub fn column_type(&self, statement: &Statement, column: i32) -> Option<Vec<u8>> {
        // SAFETY: as above.
        self.idle(statement).and_then(|raw| unsafe { text(ffi::sqlite3_column_decltype(raw, column)) })
    }
    /// Of which kind the value of a column is.
    pub fn kind(&self, statement: &Statement, column: i32) -> Kind {
        // SAFETY: as above; a column that is not there is NULL.
        let kind = |raw| unsafe { ffi::sqlite3_column_type(raw, column) };
        self.idle(statement).map_or(Kind::Null, |raw| Kind::of(kind(raw)))
    }
    /// The value of a column as an integer.
    pub fn integer(&self, statement: &Statement, column: i32) -> i64 {
        // SAFETY: as above.
        self.idle(statement).map_or(0, |raw| unsafe { ffi::sqlite3_column_int64(raw, column) })
    }
    /// The value of a column as a float.
    pub fn float(&self, statement: &Statement, column: i32) -> f64 {
        // SAFETY: as above.
        self.idle(statement).map_or(0.0, |raw| unsafe { ffi::sqlite3_column_double(raw, column) })
    }
    /// The bytes of a column: where they lie, and how many they are.
    fn place(&self, statement: &Statement, column: i32) -> (*const c_void, usize) {
        let Some(raw) = self.idle(statement) else { return (null(), 0) };
        // SAFETY: as above. Text and blob are taken as what they are, and anything else becomes a text.
        unsafe {
            let start = match Kind::of(ffi::sqlite3_column_type(raw, column)) {
                Kind::Blob => ffi::sqlite3_column_blob(raw, column),
                Kind::Null => null(),
                _ => ffi::sqlite3_column_text(raw, column).cast(),
            };
            let len = ffi::sqlite3_column_bytes(raw, column);
            (start, if start.is_null() { 0 } else { usize::try_from(len).unwrap_or(0) })
        }
    }
    /// How many bytes the value of a column has, as a text or a blob.
    pub fn len(&self, statement: &Statement, column: i32) -> usize {
        self.place(statement, column).1
    }
    /// Copies those bytes, as many as there is room for; how many there were.
    pub fn copy(&self, statement: &Statement, column: i32, into: &mut [u8]) -> usize {
        let (start, len) = self.place(statement, column);
        let count = len.min(into.len());
        if count > 0 {
            // SAFETY: the bytes stay where they are until the statement is used again, which this thread alone can do; they are SQLite's,
            // so that they are not in `into`.
            unsafe { start.cast::<u8>().copy_to_nonoverlapping(into.as_mut_ptr(), count) };
        }
        len
    }
}
