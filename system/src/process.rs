//! Processes: a second one, another program, waiting; and the environment.

use std::ffi::{CStr, CString, OsStr};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use crate::{checked, checked_long};

/// Makes a second process: gives its number here, and 0 there.
pub fn fork() -> io::Result<i32> {
    // SAFETY: the new process has this thread alone. What others held there is not used: the caller sees to that.
    checked(unsafe { libc::fork() })
}

/// Texts for a call that takes a row of them.
pub(crate) fn row(texts: &[CString]) -> Vec<*const libc::c_char> {
    texts.iter().map(|text| text.as_ptr()).chain([std::ptr::null()]).collect()
}

/// Runs another program in this process; returns only if that fails.
pub fn exec(path: &CStr, args: &[CString], environment: Option<&[CString]>) -> io::Error {
    let (args, environment) = (row(args), environment.map(row));
    // SAFETY: texts that end with a 0, in rows that end with none, and outlive the call.
    unsafe {
        match environment {
            Some(environment) => libc::execve(path.as_ptr(), args.as_ptr(), environment.as_ptr()),
            None => libc::execv(path.as_ptr(), args.as_ptr()),
        }
    };
    io::Error::last_os_error()
}
/// The same of an open file.
pub fn exec_fd(fd: i32, args: &[CString], environment: &[CString]) -> io::Error {
    let (args, environment) = (row(args), row(environment));
    // SAFETY: as above.
    unsafe { libc::fexecve(fd, args.as_ptr(), environment.as_ptr()) };
    io::Error::last_os_error()
}

/// Waits for a child: its number (0 if none has ended), how it ended, and what it used.
pub fn wait4(pid: i32, options: i32) -> io::Result<(i32, i32, libc::rusage)> {
    // SAFETY: zeros are a value of the struct, which the call takes whole.
    unsafe {
        let (mut status, mut usage) = (0, std::mem::zeroed());
        let pid = checked(libc::wait4(pid, &mut status, options, &mut usage))?;
        Ok((pid, status, usage))
    }
}
/// Waits for a change of children: process, user, signal, status and code; nothing if there was none.
pub fn waitid(kind: u32, id: u32, options: i32) -> io::Result<Option<[i32; 5]>> {
    // SAFETY: zeros are a value of the struct, which the call fills for a child that has changed; then these fields are there.
    unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        checked(libc::waitid(kind as libc::idtype_t, id, &mut info, options))?;
        if info.si_pid() == 0 {
            return Ok(None);
        }
        Ok(Some([info.si_pid(), info.si_uid() as i32, info.si_signo, info.si_status(), info.si_code]))
    }
}

/// The environment: names and values.
pub fn environment() -> Vec<(Vec<u8>, Vec<u8>)> {
    std::env::vars_os().map(|(name, value)| (name.into_vec(), value.into_vec())).collect()
}
/// Sets a variable, or removes it.
///
/// Other threads of the process must not look at the environment by other ways than Rust's and the C library's meanwhile.
pub fn set_variable(name: &[u8], value: Option<&[u8]>) {
    let name = OsStr::from_bytes(name);
    // SAFETY: Rust's own readers take the same lock. Others in this process are the C library's, and are called by the one thread that
    // has the interpreter's lock, as this is.
    unsafe {
        match value {
            Some(value) => std::env::set_var(name, OsStr::from_bytes(value)),
            None => std::env::remove_var(name),
        }
    }
}

/// Signals are handled in the usual way again: for a child that is about to run another program.
pub fn restore_signals() {
    for signal in [libc::SIGPIPE, libc::SIGXFSZ] {
        // SAFETY: no handler of ours is set.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
}

/// Which descriptors are open, from one on; closes them but for those that are kept, which stand in order.
pub fn close_others(from: i32, keep: &[i32]) {
    let mut next = from;
    for kept in keep.iter().copied().filter(|kept| *kept >= from) {
        close_range(next, kept - 1);
        next = kept + 1;
    }
    close_range(next, i32::MAX);
}
/// Closes descriptors, both ends included. What cannot be closed is passed over.
pub fn close_range(from: i32, to: i32) {
    if from > to || to < 0 {
        return;
    }
    // SAFETY: the call takes numbers only.
    let done = unsafe { libc::syscall(libc::SYS_close_range, from.max(0) as u32, to as u32, 0) };
    if checked_long(done).is_err() {
        // SAFETY: as above.
        let most = unsafe { libc::sysconf(libc::_SC_OPEN_MAX) };
        for number in from.max(0)..=to.min(i32::try_from(most).unwrap_or(i32::MAX)) {
            let _ = crate::close(number);
        }
    }
}

/// Makes a second process at a pseudo-terminal of its own: its number and this end; 0 there.
pub fn forkpty() -> io::Result<(i32, i32)> {
    let mut terminal = -1;
    let (name, how, size) = (std::ptr::null_mut(), std::ptr::null_mut(), std::ptr::null_mut());
    // SAFETY: as of `fork`; the place is a number.
    let pid = checked(unsafe { libc::forkpty(&mut terminal, name, how, size) })?;
    Ok((pid, terminal))
}
/// Makes a terminal the controlling one.
pub fn login_tty(fd: i32) -> io::Result<()> {
    // SAFETY: the call takes a number only.
    checked(unsafe { libc::login_tty(fd) }).map(drop)
}
/// Both ends of a pseudo-terminal.
pub fn openpty() -> io::Result<(i32, i32)> {
    let (mut ours, mut theirs) = (-1, -1);
    let (name, how, size) = (std::ptr::null_mut(), std::ptr::null_mut(), std::ptr::null_mut());
    // SAFETY: the places are numbers.
    checked(unsafe { libc::openpty(&mut ours, &mut theirs, name, how, size) })?;
    for fd in [ours, theirs] {
        crate::fcntl(fd, libc::F_SETFD, i64::from(libc::FD_CLOEXEC))?;
    }
    Ok((ours, theirs))
}
