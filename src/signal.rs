//! Signals of the system, and the timers that send them.
//!
//! A handler of the system's touches atomics alone, and writes a byte to a file that was asked for: it notes which signal has come, and
//! raises the breaker of the VM that listens. The process has one interpreter that listens: that of the command.

use std::io;
use std::sync::atomic::{AtomicI32, AtomicU64, Ordering};
use std::time::Duration;

use ryokan_vm::host::{SignalAction, SignalInfo, Signals};

/// Those that have come in, a bit each.
static COME: AtomicU64 = AtomicU64::new(0);
/// The file that is told, or -1.
static WAKE: AtomicI32 = AtomicI32::new(-1);

/// What the system calls for a signal.
pub extern "C" fn arrived(number: libc::c_int) {
    COME.fetch_or(1 << (number - 1), Ordering::Relaxed);
    crate::host::signals::raise();
    let fd = WAKE.load(Ordering::Relaxed);
    if fd >= 0 {
        let byte = number as u8;
        // SAFETY: one byte is written of one that is there; `errno` is put back, for whoever was interrupted.
        unsafe {
            let errno = *libc::__errno_location();
            let _ = libc::write(fd, (&raw const byte).cast(), 1);
            *libc::__errno_location() = errno;
        }
    }
}

/// The signals of this process.
pub struct System;

/// The calling thread runs no Python: the process's signals go to those that do, so that one that a script sends to its own process is there
/// when the call returns, and a call that waits is interrupted.
pub fn leave_to_others() {
    const SET: i32 = 2;
    // A system that refuses leaves it as it was: signals come in a moment later.
    let _ = System.mask(SET, u64::MAX);
}

/// Ends the process by the signal that Ctrl-C sends, as if nobody had listened to that.
pub fn die_of_interrupt() {
    let _ = System.set(libc::SIGINT, SignalAction::Default);
    let _ = System.mask(1, 1 << (libc::SIGINT - 1));
    // SAFETY: the call takes a number. (Who ignores the signal lives on.)
    unsafe { libc::raise(libc::SIGINT) };
}

fn answer(result: libc::c_int) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// A set of the system's of a set of bits.
fn set_of(bits: u64) -> libc::sigset_t {
    // SAFETY: a set is plain data, which `sigemptyset` makes whole; a number that is none is refused, and the set stays as it is.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        for number in (1..=64).filter(|number| bits >> (number - 1) & 1 != 0) {
            libc::sigaddset(&raw mut set, number);
        }
        set
    }
}

fn bits_of(set: &libc::sigset_t) -> u64 {
    // SAFETY: the set is whole.
    let has = |number: &i32| unsafe { libc::sigismember(set, *number) } == 1;
    (1..=64).filter(has).fold(0, |bits, number| bits | 1 << (number - 1))
}

fn time_of(time: libc::timeval) -> Duration {
    Duration::new(time.tv_sec.max(0) as u64, time.tv_usec.max(0) as u32 * 1000)
}

fn timeval(time: Duration) -> libc::timeval {
    libc::timeval {
        tv_sec: libc::time_t::try_from(time.as_secs()).unwrap_or(libc::time_t::MAX),
        tv_usec: libc::suseconds_t::from(time.subsec_micros()),
    }
}

impl Signals for System {
    fn set(&self, number: i32, action: SignalAction) -> io::Result<()> {
        let handler = match action {
            SignalAction::Default => libc::SIG_DFL,
            SignalAction::Ignore => libc::SIG_IGN,
            SignalAction::Notify => arrived as *const () as libc::sighandler_t,
        };
        // SAFETY: the struct is whole, and the handler touches atomics alone. Calls that it interrupts end, as CPython has it, and whoever
        // made them makes them again.
        unsafe {
            let mut new: libc::sigaction = std::mem::zeroed();
            new.sa_sigaction = handler;
            libc::sigemptyset(&raw mut new.sa_mask);
            answer(libc::sigaction(number, &raw const new, std::ptr::null_mut()))
        }
    }
    fn get(&self, number: i32) -> Option<SignalAction> {
        // SAFETY: the struct is whole.
        let handler = unsafe {
            let mut old: libc::sigaction = std::mem::zeroed();
            answer(libc::sigaction(number, std::ptr::null(), &raw mut old)).ok()?;
            old.sa_sigaction
        };
        match handler {
            libc::SIG_DFL => Some(SignalAction::Default),
            own if own == crate::refused::aborted as *const () as libc::sighandler_t => {
                Some(SignalAction::Default)
            }
            libc::SIG_IGN => Some(SignalAction::Ignore),
            own if own == arrived as *const () as libc::sighandler_t => Some(SignalAction::Notify),
            _ => None,
        }
    }
    fn take(&self) -> u64 {
        COME.swap(0, Ordering::Relaxed)
    }
    fn waits(&self, fd: i32) -> io::Result<bool> {
        // SAFETY: the call takes numbers; a descriptor that is none is refused.
        match unsafe { libc::fcntl(fd, libc::F_GETFL) } {
            -1 => Err(io::Error::last_os_error()),
            flags => Ok(flags & libc::O_NONBLOCK == 0),
        }
    }
    fn send(&self, pidfd: i32, number: i32, flags: u32) -> io::Result<()> {
        let info = std::ptr::null::<libc::siginfo_t>();
        // SAFETY: the call takes numbers, and nothing is told of the signal.
        answer(
            unsafe { libc::syscall(libc::SYS_pidfd_send_signal, pidfd, number, info, flags) } as libc::c_int
        )
    }
    fn wake(&self, fd: i32) -> i32 {
        WAKE.swap(fd, Ordering::Relaxed)
    }
    fn alarm(&self, seconds: u32) -> u32 {
        // SAFETY: the call takes a number.
        unsafe { libc::alarm(seconds) }
    }
    fn timer(&self, which: i32, set: Option<(Duration, Duration)>) -> io::Result<(Duration, Duration)> {
        let zero = libc::timeval { tv_sec: 0, tv_usec: 0 };
        let mut old = libc::itimerval { it_interval: zero, it_value: zero };
        // SAFETY: both structs are whole.
        let result = unsafe {
            match set {
                Some((first, interval)) => {
                    let new = libc::itimerval { it_interval: timeval(interval), it_value: timeval(first) };
                    libc::setitimer(which as _, &raw const new, &raw mut old)
                }
                None => libc::getitimer(which as _, &raw mut old),
            }
        };
        answer(result)?;
        Ok((time_of(old.it_value), time_of(old.it_interval)))
    }
    fn raise(&self, number: i32) -> io::Result<()> {
        // SAFETY: the call takes a number, and refuses one that is none.
        answer(unsafe { libc::raise(number) })
    }
    fn kill_thread(&self, thread: u64, number: i32) -> io::Result<()> {
        let thread = libc::pid_t::try_from(thread).map_err(|_| io::Error::from_raw_os_error(libc::ESRCH))?;
        // SAFETY: the call takes numbers; a thread that has ended is refused.
        let result = unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), thread, number) };
        answer(result as libc::c_int)
    }
    fn mask(&self, how: i32, set: u64) -> io::Result<u64> {
        let set = set_of(set);
        let mut old = set_of(0);
        let how = match how {
            0 => libc::SIG_BLOCK,
            1 => libc::SIG_UNBLOCK,
            2 => libc::SIG_SETMASK,
            other => other,
        };
        // SAFETY: both sets are whole.
        match unsafe { libc::pthread_sigmask(how, &raw const set, &raw mut old) } {
            0 => Ok(bits_of(&old)),
            error => Err(io::Error::from_raw_os_error(error)),
        }
    }
    fn pending(&self) -> io::Result<u64> {
        let mut set = set_of(0);
        // SAFETY: the set is whole.
        answer(unsafe { libc::sigpending(&raw mut set) })?;
        Ok(bits_of(&set))
    }
    fn wait(&self, set: u64, most: Option<Duration>) -> io::Result<Option<SignalInfo>> {
        let set = set_of(set);
        let most = most.unwrap_or(Duration::MAX);
        let time = libc::timespec {
            tv_sec: libc::time_t::try_from(most.as_secs()).unwrap_or(libc::time_t::MAX),
            tv_nsec: libc::c_long::from(most.subsec_nanos()),
        };
        // SAFETY: the structs are whole, and the fields that are read are those of a signal that somebody sent.
        unsafe {
            let mut info: libc::siginfo_t = std::mem::zeroed();
            if libc::sigtimedwait(&raw const set, &raw mut info, &raw const time) < 0 {
                let error = io::Error::last_os_error();
                return match error.raw_os_error() {
                    Some(libc::EAGAIN | libc::EINTR) => Ok(None),
                    _ => Err(error),
                };
            }
            Ok(Some(SignalInfo {
                number: info.si_signo,
                code: info.si_code,
                errno: info.si_errno,
                pid: info.si_pid(),
                uid: info.si_uid(),
                status: info.si_status(),
                band: 0,
            }))
        }
    }
    fn ends_calls(&self, number: i32, ends: bool) -> io::Result<()> {
        // SAFETY: the struct is whole; only a flag of it changes.
        unsafe {
            let mut action: libc::sigaction = std::mem::zeroed();
            answer(libc::sigaction(number, std::ptr::null(), &raw mut action))?;
            if ends {
                action.sa_flags &= !libc::SA_RESTART;
            } else {
                action.sa_flags |= libc::SA_RESTART;
            }
            answer(libc::sigaction(number, &raw const action, std::ptr::null_mut()))
        }
    }
    fn describe(&self, number: i32) -> Option<String> {
        // SAFETY: the text is a whole one, which nobody changes while the lock of the interpreter is held.
        let text = unsafe {
            let text = libc::strsignal(number);
            if text.is_null() { return None } else { std::ffi::CStr::from_ptr(text) }
        };
        let text = text.to_string_lossy().into_owned();
        (!text.starts_with("Unknown signal")).then_some(text)
    }
}
