//! Semaphores that processes share.

use std::ffi::CStr;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::checked;

/// A semaphore of the system's, which stays open as long as somebody in the process has it. Scripts see its address, and can have it by
/// that: see [`Semaphore::of_address`].
#[derive(PartialEq, Eq, Debug)]
pub struct Semaphore(usize);

/// One that is open: its address, how often it was opened, and how many have it.
struct Open {
    address: usize,
    opened: usize,
    holders: usize,
}

static OPEN: Mutex<Vec<Open>> = Mutex::new(Vec::new());

fn list() -> MutexGuard<'static, Vec<Open>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Semaphore {
    fn opened(made: *mut libc::sem_t) -> io::Result<Semaphore> {
        if made == libc::SEM_FAILED {
            return Err(io::Error::last_os_error());
        }
        let (address, mut list) = (made as usize, list());
        match list.iter_mut().find(|open| open.address == address) {
            Some(open) => (open.opened, open.holders) = (open.opened + 1, open.holders + 1),
            None => list.push(Open { address, opened: 1, holders: 1 }),
        }
        Ok(Semaphore(address))
    }
    /// Makes one of a name that none has, with a value.
    pub fn create(name: &CStr, value: u32) -> io::Result<Semaphore> {
        // SAFETY: the name ends with a 0.
        Semaphore::opened(unsafe {
            libc::sem_open(name.as_ptr(), libc::O_CREAT | libc::O_EXCL, 0o600, value)
        })
    }
    /// Opens one by its name.
    pub fn open(name: &CStr) -> io::Result<Semaphore> {
        // SAFETY: as above.
        Semaphore::opened(unsafe { libc::sem_open(name.as_ptr(), 0) })
    }
    /// One that somebody has, by its address; nothing if no open one lies there.
    pub fn of_address(address: usize) -> Option<Semaphore> {
        let mut list = list();
        let open = list.iter_mut().find(|open| open.address == address)?;
        open.holders += 1;
        Some(Semaphore(address))
    }
    /// The address.
    pub fn address(&self) -> usize {
        self.0
    }
    fn at(&self) -> *mut libc::sem_t {
        self.0 as *mut libc::sem_t
    }
    /// Makes its value less by one, if it is not 0.
    pub fn try_wait(&self) -> io::Result<()> {
        // SAFETY: it is open.
        checked(unsafe { libc::sem_trywait(self.at()) }).map(drop)
    }
    /// Waits until its value is not 0, at most until a time since 1970 (seconds, nanoseconds), and makes it less by one.
    pub fn wait_until(&self, tv_sec: i64, tv_nsec: i64) -> io::Result<()> {
        let until = libc::timespec { tv_sec, tv_nsec };
        // SAFETY: as above; the struct is whole.
        checked(unsafe { libc::sem_timedwait(self.at(), &raw const until) }).map(drop)
    }
    /// Makes its value greater by one.
    pub fn post(&self) -> io::Result<()> {
        // SAFETY: as above.
        checked(unsafe { libc::sem_post(self.at()) }).map(drop)
    }
    /// Its value.
    pub fn value(&self) -> io::Result<i32> {
        let mut value = 0;
        // SAFETY: as above; the call fills an int.
        checked(unsafe { libc::sem_getvalue(self.at(), &raw mut value) })?;
        Ok(value)
    }
}

impl Drop for Semaphore {
    fn drop(&mut self) {
        let mut list = list();
        let Some(at) = list.iter().position(|open| open.address == self.0) else { return };
        list[at].holders -= 1;
        if list[at].holders == 0 {
            let open = list.swap_remove(at);
            for _ in 0..open.opened {
                // SAFETY: it was opened as often, and nobody has it any more.
                unsafe { libc::sem_close(self.at()) };
            }
        }
    }
}

/// The greatest value.
pub const SEM_VALUE_MAX: i32 = i32::MAX;
