//! Timers that are read as files, and reading and writing with flags.

use std::io;

use crate::{checked, checked_long};

/// Seconds and nanoseconds of a count of nanoseconds.
fn timespec(nanoseconds: i64) -> libc::timespec {
    let (seconds, rest) = (nanoseconds.div_euclid(1_000_000_000), nanoseconds.rem_euclid(1_000_000_000));
    libc::timespec { tv_sec: seconds, tv_nsec: rest }
}
fn nanoseconds(time: libc::timespec) -> i64 {
    time.tv_sec.saturating_mul(1_000_000_000).saturating_add(time.tv_nsec)
}

/// Makes a timer of a clock.
pub fn timerfd_create(clock: i32, flags: i32) -> io::Result<i32> {
    // SAFETY: the call takes numbers only.
    checked(unsafe { libc::timerfd_create(clock, flags) })
}
/// Sets a timer: when it goes off first and how often then, in nanoseconds. Gives what it was set to.
pub fn timerfd_settime(fd: i32, flags: i32, initial: i64, interval: i64) -> io::Result<(i64, i64)> {
    let wanted = libc::itimerspec { it_interval: timespec(interval), it_value: timespec(initial) };
    let mut old = libc::itimerspec { it_interval: timespec(0), it_value: timespec(0) };
    // SAFETY: both structs are whole.
    checked(unsafe { libc::timerfd_settime(fd, flags, &wanted, &mut old) })?;
    Ok((nanoseconds(old.it_value), nanoseconds(old.it_interval)))
}
/// When a timer goes off next, and how often then, in nanoseconds.
pub fn timerfd_gettime(fd: i32) -> io::Result<(i64, i64)> {
    let mut now = libc::itimerspec { it_interval: timespec(0), it_value: timespec(0) };
    // SAFETY: the struct is whole.
    checked(unsafe { libc::timerfd_gettime(fd, &mut now) })?;
    Ok((nanoseconds(now.it_value), nanoseconds(now.it_interval)))
}

/// Reads from a place, with flags.
pub fn pread_with(fd: i32, offset: i64, bytes: &mut [u8], flags: i32) -> io::Result<usize> {
    let part = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
    // SAFETY: one part, of as many bytes as there are.
    checked_long(unsafe { libc::preadv2(fd, &part, 1, offset, flags) } as i64).map(|count| count as usize)
}
/// Writes to a place, with flags.
pub fn pwrite_with(fd: i32, offset: i64, bytes: &[u8], flags: i32) -> io::Result<usize> {
    let part = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    // SAFETY: one part, of as many bytes as there are; the call only reads them.
    checked_long(unsafe { libc::pwritev2(fd, &part, 1, offset, flags) } as i64).map(|count| count as usize)
}
