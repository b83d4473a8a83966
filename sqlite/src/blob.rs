//! Blobs that are read and written in pieces.

use std::ffi::{CStr, c_int};
use std::ptr::null_mut;
use std::sync::Arc;

use libsqlite3_sys as ffi;

use crate::callbacks::{Handler, with_handler};
use crate::database::{Inside, Left, Shared};

/// A blob of a row.
pub struct Blob {
    shared: Arc<Shared>,
    raw: *mut ffi::sqlite3_blob,
}

// SAFETY: whoever uses the pointer is inside of the connection, alone.
unsafe impl Send for Blob {}
// SAFETY: as above.
unsafe impl Sync for Blob {}

impl Drop for Blob {
    fn drop(&mut self) {
        self.shared.leave_behind(Left::Blob(self.raw));
    }
}

impl Inside<'_> {
    /// Opens the blob of a column in a row, of a table in a database, to be read, or to be written too. An error is a code.
    pub fn open_blob(
        &self,
        [database, table, column]: [&CStr; 3],
        row: i64,
        writable: bool,
        handler: &dyn Handler,
    ) -> Result<Blob, i32> {
        let Some(db) = self.changeable() else { return Err(ffi::SQLITE_MISUSE) };
        let mut raw = null_mut();
        // SAFETY: the connection is open, the texts end with a 0, and there is a place for the blob.
        let code = with_handler(self.shared, handler, || unsafe {
            let (database, table, column) = (database.as_ptr(), table.as_ptr(), column.as_ptr());
            ffi::sqlite3_blob_open(db, database, table, column, row, writable.into(), &mut raw)
        });
        if code != ffi::SQLITE_OK || raw.is_null() {
            return Err(code);
        }
        Ok(Blob { shared: self.shared.clone(), raw })
    }
    /// A blob of this connection that can be used now.
    fn usable(&self, blob: &Blob) -> Option<*mut ffi::sqlite3_blob> {
        let ours = Arc::ptr_eq(self.shared, &blob.shared);
        (ours && self.changeable().is_some()).then_some(blob.raw)
    }
    /// How many bytes a blob has.
    pub fn blob_len(&self, blob: &Blob) -> usize {
        let len = match Arc::ptr_eq(self.shared, &blob.shared) {
            // SAFETY: the blob is there as long as it is borrowed.
            true => unsafe { ffi::sqlite3_blob_bytes(blob.raw) },
            false => 0,
        };
        usize::try_from(len).unwrap_or(0)
    }
    /// Reads as many bytes as there is room for, from a place on. Gives a code.
    pub fn read_blob(&self, blob: &Blob, at: usize, into: &mut [u8]) -> i32 {
        let (Some(raw), Ok(at), Ok(len)) =
            (self.usable(blob), c_int::try_from(at), c_int::try_from(into.len()))
        else {
            return ffi::SQLITE_MISUSE;
        };
        // SAFETY: as above; the buffer is given with its length, and a place that is none is refused.
        unsafe { ffi::sqlite3_blob_read(raw, into.as_mut_ptr().cast(), len, at) }
    }
    /// Writes bytes from a place on. Gives a code.
    pub fn write_blob(&self, blob: &Blob, at: usize, bytes: &[u8]) -> i32 {
        let (Some(raw), Ok(at), Ok(len)) =
            (self.usable(blob), c_int::try_from(at), c_int::try_from(bytes.len()))
        else {
            return ffi::SQLITE_MISUSE;
        };
        // SAFETY: as above.
        unsafe { ffi::sqlite3_blob_write(raw, bytes.as_ptr().cast(), len, at) }
    }
}
