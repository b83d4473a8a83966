//! System calls for the standard library, with plain numbers for descriptors and processes. Safe to call with any of them: what the
//! system refuses is an [`io::Error`].
//!
//! What the crate `rustix` has is not here; it takes a [`Fd`].

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

/// A number that Python gave for a descriptor. It may be none that is open: then the system says `EBADF`, as to any program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fd(i32);

impl Fd {
    /// The descriptor of a number. `EBADF` if it is negative.
    pub fn new(number: i32) -> io::Result<Fd> {
        if number < 0 { Err(io::Error::from_raw_os_error(libc::EBADF)) } else { Ok(Fd(number)) }
    }
    /// The number.
    pub fn number(self) -> i32 {
        self.0
    }
}

impl AsFd for Fd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        // SAFETY: the number is not -1. That it is open nobody can promise who has it from a script; no memory depends on it.
        unsafe { BorrowedFd::borrow_raw(self.0) }
    }
}

/// What a call gave that says -1 when it fails.
fn checked(result: i32) -> io::Result<i32> {
    if result == -1 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// The same of a call that gives a long.
fn checked_long(result: i64) -> io::Result<i64> {
    if result == -1 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// Closes a descriptor.
pub fn close(number: i32) -> io::Result<()> {
    // SAFETY: the call takes a number only.
    checked(unsafe { libc::close(number) }).map(drop)
}

pub mod accounts;
pub mod calls;
#[cfg(feature = "zstd")]
pub mod dictionaries;
pub mod fatal;
pub mod fill;
pub mod log;
pub mod mapping;
pub mod messages;
pub mod process;
pub mod semaphore;
pub mod sockets;
pub mod spawn;
pub mod timers;

pub use accounts::*;
pub use calls::*;
pub use fatal::*;
pub use fill::*;
pub use log::*;
pub use mapping::*;
pub use messages::*;
pub use process::*;
pub use semaphore::*;
pub use sockets::*;
pub use spawn::*;
pub use timers::*;
