//! Signals that a program dies of: what is said before.

use std::io;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicI32, Ordering};

/// Where it is said, or -1.
static FILE: AtomicI32 = AtomicI32::new(-1);
/// What was done at each signal before; nothing while nothing is said.
static BEFORE: Mutex<Vec<(i32, libc::sigaction)>> = Mutex::new(Vec::new());

/// The signals, and how they are called.
const SIGNALS: [(i32, &str); 5] = [
    (libc::SIGBUS, "Fatal Python error: Bus error\n\n"),
    (libc::SIGILL, "Fatal Python error: Illegal instruction\n\n"),
    (libc::SIGFPE, "Fatal Python error: Floating-point exception\n\n"),
    (libc::SIGABRT, "Fatal Python error: Aborted\n\n"),
    (libc::SIGSEGV, "Fatal Python error: Segmentation fault\n\n"),
];

/// Whether one of them is such a signal.
pub fn is_fatal(signal: i32) -> bool {
    SIGNALS.iter().any(|(number, _)| *number == signal)
}

/// From now on it is said to a file which of the signals the program dies of.
pub fn tell_of_fatal(fd: i32) -> io::Result<()> {
    FILE.store(fd, Ordering::Relaxed);
    let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
    if !before.is_empty() {
        return Ok(());
    }
    for (signal, _) in SIGNALS {
        // SAFETY: both structs are whole; the handler does only what may be done in one.
        let old = unsafe {
            let mut new: libc::sigaction = std::mem::zeroed();
            let mut old: libc::sigaction = std::mem::zeroed();
            new.sa_sigaction = on_fatal as *const () as usize;
            new.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_NODEFER;
            crate::checked(libc::sigaction(signal, &raw const new, &raw mut old))?;
            old
        };
        before.push((signal, old));
    }
    Ok(())
}

/// It is said no more. Whether it was.
pub fn keep_silent() -> bool {
    let mut before = BEFORE.lock().unwrap_or_else(PoisonError::into_inner);
    let told = !before.is_empty();
    for (signal, old) in before.drain(..) {
        // SAFETY: the struct is what the system gave.
        unsafe { libc::sigaction(signal, &raw const old, std::ptr::null_mut()) };
    }
    FILE.store(-1, Ordering::Relaxed);
    told
}

/// The handler: says it, and leaves the rest to the system. A page that is missing of a mapping is no reason to die.
extern "C" fn on_fatal(signal: i32, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
    // SAFETY: the system passes a whole struct; what is called may be called in a handler.
    unsafe {
        if signal == libc::SIGBUS && crate::mapping::replace_missing(info) {
            return;
        }
        let fd = FILE.load(Ordering::Relaxed);
        if let Some((_, text)) = SIGNALS.iter().find(|(number, _)| *number == signal) {
            let _ = libc::write(fd, text.as_ptr().cast(), text.len());
        }
        libc::signal(signal, libc::SIG_DFL);
        libc::raise(signal);
    }
}
