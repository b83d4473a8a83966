//! What happens where the system refuses memory to Rust's own collections.
//!
//! Whatever a script sizes is charged to its heap and may be refused: a `MemoryError`. What is left are small things (a message, a
//! table of the compiler), for which Rust knows no refusal: it aborts. So the process keeps a *ballast*, which it gives
//! back to the system at the first refusal of something small; and when that is used up as well, it ends with a message and an exit
//! status instead of a signal.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

/// Addresses kept for bad times, never touched before.
const BALLAST: usize = 4 << 20;
/// What is larger than this is asked for by somebody who can do without.
const SMALL: usize = 256 << 10;

/// The system's allocator, and the ballast.
pub struct Allocator;

static HELD: AtomicPtr<u8> = AtomicPtr::new(std::ptr::null_mut());
/// Whether the last thing that was asked for was refused.
static REFUSED: AtomicBool = AtomicBool::new(false);

fn layout() -> Layout {
    Layout::from_size_align(BALLAST, 4096).unwrap_or(Layout::new::<u64>())
}

/// Takes the ballast, and makes an abort for want of memory an ordinary end. Faults of memory are the system's again: Rust's own handlers
/// would keep a first signal that somebody sends to themselves.
pub fn prepare() {
    // SAFETY: the layout is not empty; the handler only writes and ends the process.
    unsafe {
        HELD.store(System.alloc(layout()), Ordering::Relaxed);
        libc::signal(libc::SIGABRT, aborted as *const () as libc::sighandler_t);
        libc::signal(libc::SIGSEGV, libc::SIG_DFL);
        libc::signal(libc::SIGBUS, libc::SIG_DFL);
        // One at a time runs: a second arena of the system's allocator would only be one more to begin, which grows by single pages.
        #[cfg(all(target_os = "linux", target_env = "gnu"))]
        libc::mallopt(libc::M_ARENA_MAX, 1);
    }
}

/// What the system calls where somebody aborts: we for want of memory, or another process by a signal.
pub extern "C" fn aborted(number: libc::c_int) {
    if !REFUSED.load(Ordering::Relaxed) {
        // Some other fault: as if nobody listened.
        // SAFETY: both calls are allowed in a handler.
        unsafe {
            libc::signal(number, libc::SIG_DFL);
            libc::raise(number);
        }
        return;
    }
    let text = b"ryokan: the system has no more memory\n";
    // SAFETY: both calls are allowed in a handler.
    unsafe {
        libc::write(2, text.as_ptr().cast(), text.len());
        libc::_exit(1)
    }
}

/// Gives the ballast back; whether there was one.
#[cold]
fn give_up() -> bool {
    let held = HELD.swap(std::ptr::null_mut(), Ordering::Relaxed);
    if held.is_null() {
        return false;
    }
    // SAFETY: it came from `prepare`, and only one thread gets it out of `HELD`.
    unsafe { System.dealloc(held, layout()) };
    true
}

/// Asks again, after the ballast is gone.
#[cold]
fn refused(bytes: usize, again: impl Fn() -> *mut u8) -> *mut u8 {
    let made = if bytes <= SMALL && give_up() { again() } else { std::ptr::null_mut() };
    REFUSED.store(made.is_null(), Ordering::Relaxed);
    made
}

// SAFETY: every block is the system allocator's.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: by the caller.
        let made = unsafe { System.alloc(layout) };
        // SAFETY: by the caller; the first attempt has changed nothing.
        let again = || unsafe { System.alloc(layout) };
        if made.is_null() { refused(layout.size(), again) } else { made }
    }
    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: by the caller.
        let made = unsafe { System.alloc_zeroed(layout) };
        // SAFETY: by the caller; the first attempt has changed nothing.
        let again = || unsafe { System.alloc_zeroed(layout) };
        if made.is_null() { refused(layout.size(), again) } else { made }
    }
    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: by the caller.
        unsafe { System.dealloc(block, layout) }
    }
    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, bytes: usize) -> *mut u8 {
        // SAFETY: by the caller.
        let made = unsafe { System.realloc(block, layout, bytes) };
        // SAFETY: by the caller; the first attempt has changed nothing.
        let again = || unsafe { System.realloc(block, layout, bytes) };
        if made.is_null() { refused(bytes, again) } else { made }
    }
}
