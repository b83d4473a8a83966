//! Connections: opening, closing, entering; and what is left behind for who is inside.

use std::ffi::CStr;
use std::marker::PhantomData;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};

use libsqlite3_sys as ffi;

use crate::Fault;
use crate::callbacks::without_handler;
use crate::turn::Turn;

/// A connection to a database; a clone is the same connection.
#[derive(Clone)]
pub struct Database(pub(crate) Arc<Shared>);

/// What all that belongs to a connection has in common.
pub(crate) struct Shared {
    raw: *mut ffi::sqlite3,
    turn: Turn,
    /// Whether it was closed, as far as its users know.
    closed: AtomicBool,
    /// Whether SQLite was told so. Written by who has the turn.
    ended: AtomicBool,
    /// Whether a backup writes to it: nothing else may be done with it then.
    reserved: AtomicBool,
    /// How many callbacks are under way in which it must not be changed. Written by who has the turn.
    frozen: AtomicU32,
    left: Mutex<Vec<Left>>,
    /// Taken by who interrupts, and by who closes.
    interrupting: Mutex<()>,
}

/// Something that was let go of while another thread was inside.
pub(crate) enum Left {
    Statement(*mut ffi::sqlite3_stmt),
    Blob(*mut ffi::sqlite3_blob),
    /// With the connection that it writes to.
    Backup(*mut ffi::sqlite3_backup, Arc<Shared>),
}

// SAFETY: whatever uses these pointers has the turn, or the lock that is named for it.
unsafe impl Send for Shared {}
// SAFETY: as above.
unsafe impl Sync for Shared {}

impl Shared {
    fn left(&self) -> MutexGuard<'_, Vec<Left>> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
    /// Puts something away that nobody uses any more: now, or when the one who is inside comes out.
    pub(crate) fn leave_behind(self: &Arc<Shared>, thing: Left) {
        self.left().push(thing);
        self.tidy_up();
    }
    /// Puts away what was left behind, if nobody is inside.
    fn tidy_up(self: &Arc<Shared>) {
        while !self.left().is_empty() && self.turn.try_take() {
            let outermost = self.turn.depth() == 1;
            if outermost {
                self.put_away();
            }
            self.turn.give();
            if !outermost {
                return;
            }
        }
    }
    /// Puts away what was left behind, and ends the connection if it was closed. The caller has the turn, and nothing runs.
    fn put_away(&self) {
        loop {
            let Some(thing) = self.left().pop() else { break };
            // SAFETY: its owner is gone, and nobody else knows it; no call of SQLite's is under way on this connection.
            without_handler(|| unsafe {
                match &thing {
                    Left::Statement(raw) => ffi::sqlite3_finalize(*raw),
                    Left::Blob(raw) => ffi::sqlite3_blob_close(*raw),
                    Left::Backup(raw, target) => {
                        let code = ffi::sqlite3_backup_finish(*raw);
                        target.reserve(false);
                        code
                    }
                }
            });
        }
        // SQLite does not know of a backup that it is the target of.
        if self.is_closed() && !self.is_reserved() && !self.ended.load(Ordering::Relaxed) {
            self.end();
        }
    }
    /// Closes the connection, if nothing of it is left that somebody may use; otherwise that is tried again when one of those goes.
    fn end(&self) {
        let guard = self.interrupting.lock().unwrap_or_else(PoisonError::into_inner);
        // SAFETY: it was opened and is not closed yet; the caller has the turn, or is the last who knows it. As long as there are
        // statements, blobs or backups SQLite refuses.
        let code = without_handler(|| unsafe { ffi::sqlite3_close(self.raw) });
        self.ended.store(code == ffi::SQLITE_OK, Ordering::Relaxed);
        drop(guard);
    }
    pub(crate) fn is_closed(&self) -> bool {
        self.closed.load(Ordering::Relaxed)
    }
    /// Sets whether a backup writes to it.
    pub(crate) fn reserve(&self, reserved: bool) {
        self.reserved.store(reserved, Ordering::Relaxed);
    }
    pub(crate) fn is_reserved(&self) -> bool {
        self.reserved.load(Ordering::Relaxed)
    }
    /// Does `work`, a callback, during which the connection must not be changed.
    pub(crate) fn freeze<R>(&self, work: impl FnOnce() -> R) -> R {
        self.frozen.fetch_add(1, Ordering::Relaxed);
        let done = work();
        self.frozen.fetch_sub(1, Ordering::Relaxed);
        done
    }
    pub(crate) fn is_frozen(&self) -> bool {
        self.frozen.load(Ordering::Relaxed) > 0
    }
    /// The turn, for a backup, which needs two.
    pub(crate) fn turn(&self) -> &Turn {
        &self.turn
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.closed.store(true, Ordering::Relaxed);
        self.put_away();
    }
}

/// Settings of the process, before SQLite is used: names of databases are URIs only where a connection says so, and files are read, not
/// mapped: the process would die of a mapped one that another process cuts off.
fn begin() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the one option takes an int, the other one two of 64 bits. If SQLite is in use already it refuses, and nothing has
        // happened.
        unsafe {
            ffi::sqlite3_config(ffi::SQLITE_CONFIG_URI, 0);
            ffi::sqlite3_config(ffi::SQLITE_CONFIG_MMAP_SIZE, 0i64, 0i64);
        }
    });
}

impl Database {
    /// Opens a database, with flags `SQLITE_OPEN_*`, by a file system of SQLite's or by its usual one. Foreign keys are not enforced, as
    /// SQLite has it by itself. An error has SQLite's text.
    pub fn open(name: &CStr, flags: i32, files: Option<&CStr>) -> Result<Database, Fault> {
        begin();
        let mut raw = null_mut();
        // SAFETY: the texts end with a 0, and there is a place for the connection.
        let code = unsafe {
            ffi::sqlite3_open_v2(name.as_ptr(), &mut raw, flags, files.map_or(null(), CStr::as_ptr))
        };
        if raw.is_null() {
            return Err(Fault::of(ffi::SQLITE_NOMEM));
        }
        let database = Database(Arc::new(Shared {
            raw,
            turn: Turn::default(),
            closed: AtomicBool::new(false),
            ended: AtomicBool::new(false),
            reserved: AtomicBool::new(false),
            frozen: AtomicU32::new(0),
            left: Mutex::default(),
            interrupting: Mutex::default(),
        }));
        if code != ffi::SQLITE_OK {
            return Err(database.enter().fault());
        }
        let inside = database.enter();
        inside.set_config(ffi::SQLITE_DBCONFIG_ENABLE_FKEY, false);
        // It takes an address from whoever calls it.
        inside.forbid_function(c"fts3_tokenizer", 1);
        inside.forbid_function(c"fts3_tokenizer", 2);
        drop(inside);
        Ok(database)
    }
    /// Enters it, when it is the thread's turn.
    pub fn enter(&self) -> Inside<'_> {
        self.0.turn.take();
        Inside { shared: &self.0, here: PhantomData }
    }
    /// Enters it if no other thread is inside.
    pub fn try_enter(&self) -> Option<Inside<'_>> {
        self.0.turn.try_take().then(|| Inside { shared: &self.0, here: PhantomData })
    }
    /// Waits until no other thread is inside.
    pub fn wait(&self) {
        drop(self.enter());
    }
    /// Whether it was closed, and nothing of it is left.
    pub fn has_ended(&self) -> bool {
        self.0.ended.load(Ordering::Relaxed)
    }
    /// Whether both are the same connection.
    pub fn is(&self, other: &Database) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
    /// Makes the statement that runs end with the code `INTERRUPT`. Any thread may do so.
    pub fn interrupt(&self) {
        let guard = self.0.interrupting.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.0.ended.load(Ordering::Relaxed) {
            // SAFETY: the connection is not closed before the lock is given back; the call may come from any thread.
            unsafe { ffi::sqlite3_interrupt(self.0.raw) };
        }
        drop(guard);
    }
}

/// A thread is inside of a connection, and no other is.
pub struct Inside<'a> {
    pub(crate) shared: &'a Arc<Shared>,
    /// It belongs to its thread.
    here: PhantomData<*const ()>,
}

impl Inside<'_> {
    /// The connection, unless it is closed.
    pub(crate) fn raw(&self) -> Option<*mut ffi::sqlite3> {
        (!self.shared.is_closed()).then_some(self.shared.raw)
    }
    /// The same to be asked, as long as something of it is left.
    pub(crate) fn left(&self) -> Option<*mut ffi::sqlite3> {
        (!self.shared.ended.load(Ordering::Relaxed)).then_some(self.shared.raw)
    }
    /// The same for what changes it: not while a callback that forbids it is under way, nor while a backup writes to it.
    pub(crate) fn changeable(&self) -> Option<*mut ffi::sqlite3> {
        self.raw().filter(|_| !self.shared.is_frozen() && !self.shared.is_reserved())
    }
    /// Closes it: nobody can use it any more. SQLite is told when the outermost call has returned.
    pub fn close(&self) {
        self.shared.closed.store(true, Ordering::Relaxed);
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        if self.shared.turn.depth() == 1 {
            self.shared.put_away();
        }
        self.shared.turn.give();
        self.shared.tidy_up();
    }
}
