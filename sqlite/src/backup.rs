//! Copies of databases, made page by page.

use std::ffi::CStr;
use std::ptr::null_mut;
use std::sync::Arc;

use libsqlite3_sys as ffi;

use crate::callbacks::without_handler;
use crate::database::{Left, Shared};
use crate::{Database, Fault};

/// A copy that is being made. Until it ends its target is of no other use.
pub struct Backup {
    source: Arc<Shared>,
    target: Arc<Shared>,
    raw: *mut ffi::sqlite3_backup,
}

// SAFETY: whoever uses the pointer is inside of both connections, alone.
unsafe impl Send for Backup {}

impl Drop for Backup {
    fn drop(&mut self) {
        if !self.raw.is_null() {
            self.source.leave_behind(Left::Backup(self.raw, self.target.clone()));
        }
    }
}

/// Enters two connections and does `work`; nothing if another thread is inside of the second one.
fn inside_both<R>(source: &Arc<Shared>, target: &Arc<Shared>, work: impl FnOnce() -> R) -> Option<R> {
    let (source, target) = (Database(source.clone()), Database(target.clone()));
    let outer = source.enter();
    // Who waits for the second while he has the first may be waited for by another who does the opposite.
    let inner = target.try_enter()?;
    let done = work();
    drop(inner);
    drop(outer);
    Some(done)
}

impl Backup {
    /// Begins to copy a database of one connection to the main one of another.
    pub fn begin(source: &Database, name: &CStr, target: &Database) -> Result<Backup, Fault> {
        let (from, to) = (&source.0, &target.0);
        let made = inside_both(from, to, || {
            let (Some(from_raw), Some(to_raw)) = (source.enter().changeable(), target.enter().changeable())
            else {
                return Err(Fault::of(ffi::SQLITE_MISUSE));
            };
            if source.is(target) || to.turn().depth() > 2 {
                return Err(Fault::of(ffi::SQLITE_BUSY));
            }
            // SAFETY: both connections are open, this thread is inside of both, and the texts end with a 0.
            let raw = without_handler(|| unsafe {
                ffi::sqlite3_backup_init(to_raw, c"main".as_ptr(), from_raw, name.as_ptr())
            });
            if raw.is_null() {
                return Err(target.enter().fault());
            }
            to.reserve(true);
            Ok(Backup { source: from.clone(), target: to.clone(), raw })
        });
        made.unwrap_or_else(|| Err(Fault::of(ffi::SQLITE_BUSY)))
    }
    /// Copies so many pages, all if it is negative, also if one of the two was closed meanwhile. Gives a code, `DONE` at the end.
    pub fn step(&mut self, pages: i32) -> i32 {
        if self.source.is_frozen() {
            return ffi::SQLITE_MISUSE;
        }
        let raw = self.raw;
        // SAFETY: the copy has not ended, and this thread is inside of both connections.
        let step = || without_handler(|| unsafe { ffi::sqlite3_backup_step(raw, pages) });
        inside_both(&self.source, &self.target, step).unwrap_or(ffi::SQLITE_BUSY)
    }
    /// How many pages are left, and how many there are, as of the last step.
    pub fn pages(&self) -> (i32, i32) {
        let raw = self.raw;
        // SAFETY: as above.
        let ask = || unsafe { (ffi::sqlite3_backup_remaining(raw), ffi::sqlite3_backup_pagecount(raw)) };
        inside_both(&self.source, &self.target, ask).unwrap_or((0, 0))
    }
    /// Ends it. What went wrong, if anything did.
    pub fn finish(mut self) -> Result<(), Fault> {
        let source = Database(self.source.clone());
        let target = Database(self.target.clone());
        let inside = source.enter();
        let raw = std::mem::replace(&mut self.raw, null_mut());
        // SAFETY: as above; it is ended once.
        let code = without_handler(|| unsafe { ffi::sqlite3_backup_finish(raw) });
        target.0.reserve(false);
        drop(inside);
        if code == ffi::SQLITE_OK { Ok(()) } else { Err(target.enter().fault_of(code)) }
    }
}
