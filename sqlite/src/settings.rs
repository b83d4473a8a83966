//! What a connection can be asked and told; databases as bytes.

use std::ffi::{CStr, c_char, c_int, c_void};
use std::ops::Deref;
use std::ptr::{NonNull, null_mut};

use libsqlite3_sys as ffi;

use crate::Fault;
use crate::callbacks::{self as on, Handler, with_handler};
use crate::database::Inside;

/// Bytes at an address; none if that is null.
///
/// # Safety
/// So many bytes lie there, as long as the caller uses them.
pub(crate) unsafe fn slice<'a>(start: *const c_void, len: c_int) -> &'a [u8] {
    match usize::try_from(len) {
        // SAFETY: the caller says so.
        Ok(len) if len > 0 && !start.is_null() => unsafe { std::slice::from_raw_parts(start.cast(), len) },
        _ => &[],
    }
}

/// A text of SQLite's; empty if there is none.
///
/// # Safety
/// It is null, or ends with a 0 and stays until this returns.
pub(crate) unsafe fn text(start: *const c_char) -> Option<Vec<u8>> {
    // SAFETY: the caller says so.
    (!start.is_null()).then(|| unsafe { CStr::from_ptr(start) }.to_bytes().to_vec())
}

/// Whether a text is one or more whole statements.
pub fn complete(sql: &CStr) -> bool {
    // SAFETY: it ends with a 0.
    unsafe { ffi::sqlite3_complete(sql.as_ptr()) == 1 }
}

/// What SQLite says of a result code.
pub(crate) fn error_text(code: i32) -> String {
    // SAFETY: it gives a text of its own for any number.
    let said = unsafe { text(ffi::sqlite3_errstr(code)) }.unwrap_or_default();
    String::from_utf8_lossy(&said).into_owned()
}

/// SQLite's version.
pub fn version() -> &'static str {
    ffi::SQLITE_VERSION.to_str().unwrap_or("")
}

/// 0 if it can only be used by one thread, 1 if connections can be shared, 2 if a connection belongs to a thread.
pub fn is_thread_safe() -> i32 {
    // SAFETY: it gives a number.
    unsafe { ffi::sqlite3_threadsafe() }
}

/// A text that SQLite made, and that is given back to it.
pub(crate) struct Owned(NonNull<c_char>);

impl Owned {
    /// Takes a text over, which ends with a 0.
    ///
    /// # Safety
    /// SQLite has made it for its caller, or it is null.
    pub(crate) unsafe fn new(text: *mut c_char) -> Option<Owned> {
        NonNull::new(text).map(Owned)
    }
    pub(crate) fn text(&self) -> &[u8] {
        // SAFETY: it ends with a 0, and is there until it is dropped.
        unsafe { CStr::from_ptr(self.0.as_ptr()) }.to_bytes()
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // SAFETY: SQLite has made it, and nobody uses it again.
        unsafe { ffi::sqlite3_free(self.0.as_ptr().cast()) }
    }
}

/// A database as bytes.
pub struct Image {
    start: NonNull<u8>,
    len: usize,
}

impl Deref for Image {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        // SAFETY: SQLite has made so many bytes, which are there until they are dropped.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }
}

impl Drop for Image {
    fn drop(&mut self) {
        // SAFETY: as above, and nobody uses them again.
        unsafe { ffi::sqlite3_free(self.start.as_ptr().cast()) }
    }
}

// SAFETY: bytes that belong to nobody else.
unsafe impl Send for Image {}

impl Inside<'_> {
    /// What a code means that was given just now.
    pub fn fault_of(&self, code: i32) -> Fault {
        let said = self.fault();
        if said.code == code & 0xff { said } else { Fault::of(code) }
    }
    /// What went wrong last.
    pub fn fault(&self) -> Fault {
        let Some(raw) = self.left() else { return Fault::of(ffi::SQLITE_MISUSE) };
        // SAFETY: the connection is open; the text is copied before anything else is asked of it.
        let (code, extended, said) = unsafe {
            (ffi::sqlite3_errcode(raw), ffi::sqlite3_extended_errcode(raw), text(ffi::sqlite3_errmsg(raw)))
        };
        let message = String::from_utf8_lossy(&said.unwrap_or_default()).into_owned();
        Fault { code: code & 0xff, extended, message }
    }
    /// How many rows the last statement has changed.
    pub fn changes(&self) -> i64 {
        // SAFETY: the connection is open. So with all that follow.
        self.raw().map_or(0, |raw| unsafe { ffi::sqlite3_changes64(raw) })
    }
    /// How many rows were changed since it was opened.
    pub fn total_changes(&self) -> i64 {
        // SAFETY: as above.
        self.raw().map_or(0, |raw| unsafe { ffi::sqlite3_total_changes64(raw) })
    }
    /// The number of the row that was inserted last.
    pub fn last_row(&self) -> i64 {
        // SAFETY: as above.
        self.raw().map_or(0, |raw| unsafe { ffi::sqlite3_last_insert_rowid(raw) })
    }
    /// Whether no transaction is open.
    pub fn is_autocommit(&self) -> bool {
        // SAFETY: as above.
        self.raw().is_none_or(|raw| unsafe { ffi::sqlite3_get_autocommit(raw) != 0 })
    }
    /// Sets a limit and gives what it was; a negative one is not set. -1 if there is no such limit.
    pub fn limit(&self, category: i32, limit: i32) -> i32 {
        // SAFETY: as above; any number can be given.
        self.raw().map_or(-1, |raw| unsafe { ffi::sqlite3_limit(raw, category, limit) })
    }
    /// How long to wait for a database that others use, in milliseconds.
    pub fn set_timeout(&self, milliseconds: i32) {
        // SAFETY: as above.
        self.raw().map(|raw| unsafe { ffi::sqlite3_busy_timeout(raw, milliseconds) });
    }
    /// Sets an option that is on or off, or asks for it; gives how it is then, or a code. Options of another kind are refused.
    fn config(&self, option: i32, value: c_int) -> Result<bool, i32> {
        let Some(raw) = self.changeable() else { return Err(ffi::SQLITE_MISUSE) };
        let switches = ffi::SQLITE_DBCONFIG_ENABLE_FKEY..=ffi::SQLITE_DBCONFIG_ENABLE_COMMENTS;
        if !switches.contains(&option) {
            return Err(ffi::SQLITE_MISUSE);
        }
        let mut now: c_int = 0;
        // SAFETY: as above; all options of that range take an int, and a place for one.
        match unsafe { ffi::sqlite3_db_config(raw, option, value, &raw mut now) } {
            ffi::SQLITE_OK => Ok(now != 0),
            code => Err(code),
        }
    }
    /// Whether an option is on. An error is a code.
    pub fn get_config(&self, option: i32) -> Result<bool, i32> {
        self.config(option, -1)
    }
    /// Turns an option on or off, and gives a code.
    pub fn set_config(&self, option: i32, on: bool) -> i32 {
        match self.config(option, on.into()) {
            Ok(now) if now == on => ffi::SQLITE_OK,
            Ok(_) => ffi::SQLITE_ERROR,
            Err(code) => code,
        }
    }
    /// Whether the handler is asked for permission. Gives a code.
    pub fn set_authorizer(&self, on: bool) -> i32 {
        let Some(raw) = self.raw() else { return ffi::SQLITE_MISUSE };
        // SAFETY: as above; the function is what SQLite takes it for.
        unsafe {
            ffi::sqlite3_set_authorizer(raw, if on { Some(on::on_authorize) } else { None }, null_mut())
        }
    }
    /// After how many instructions of a statement the handler is told of progress, again and again; never if that is not above 0.
    pub fn set_progress(&self, instructions: i32) {
        let Some(raw) = self.raw() else { return };
        // SAFETY: as above.
        unsafe { ffi::sqlite3_progress_handler(raw, instructions, Some(on::on_progress), null_mut()) }
    }
    /// Whether the handler is told of statements that begin. Gives a code.
    pub fn set_trace(&self, on: bool) -> i32 {
        let Some(raw) = self.raw() else { return ffi::SQLITE_MISUSE };
        let (mask, call) = if on { (ffi::SQLITE_TRACE_STMT, Some(on::on_trace as _)) } else { (0, None) };
        // SAFETY: as above.
        unsafe { ffi::sqlite3_trace_v2(raw, mask, call, null_mut()) }
    }
    /// A database of the connection as bytes; nothing if there is none of that name, or no memory.
    pub fn serialize(&self, name: &CStr, handler: &dyn Handler) -> Option<Image> {
        let raw = self.changeable()?;
        let mut len = 0;
        // SAFETY: as above; there is a place for the length.
        let start = with_handler(self.shared, handler, || unsafe {
            ffi::sqlite3_serialize(raw, name.as_ptr(), &mut len, 0)
        });
        Some(Image { start: NonNull::new(start)?, len: usize::try_from(len).ok()? })
    }
    /// Puts bytes in the place of a database of the connection. Gives a code.
    pub fn deserialize(&self, name: &CStr, bytes: &[u8], handler: &dyn Handler) -> i32 {
        let Some(raw) = self.changeable() else { return ffi::SQLITE_MISUSE };
        let len = bytes.len();
        // SAFETY: the memory that is asked for has room for the bytes, and belongs to SQLite from then on, also if it fails.
        with_handler(self.shared, handler, || unsafe {
            let copy = ffi::sqlite3_malloc64(len as u64).cast::<u8>();
            if copy.is_null() && len > 0 {
                return ffi::SQLITE_NOMEM;
            }
            if len > 0 {
                copy.copy_from_nonoverlapping(bytes.as_ptr(), len);
            }
            let flags = ffi::SQLITE_DESERIALIZE_FREEONCLOSE | ffi::SQLITE_DESERIALIZE_RESIZEABLE;
            ffi::sqlite3_deserialize(raw, name.as_ptr(), copy, len as i64, len as i64, flags)
        })
    }
}
