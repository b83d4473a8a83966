//! What AddressSanitizer is told about blocks.
//!
//! The sanitizer watches Rust's own allocator. An arena is one mapping to it, in which every byte may be
//! read, so a block that is used after it was freed would go unseen. Therefore, in a build under it
//! (`-Zsanitizer=address`, cfg `asan`), what nobody may touch is *hidden*, and the sanitizer reports who does:
//!
//! ```text
//!   hidden:  free slots of an arena        blocks of a pool that are free, or were never handed out
//!            blocks in quarantine          the rest of a block behind the bytes that were asked for
//! ```
//!
//! The heap itself reads and writes the first words of free blocks, and shows them meanwhile. In other builds
//! nothing of this file is left.

use std::ptr::NonNull;

#[cfg(asan)]
mod sanitizer {
    use std::ffi::{c_int, c_void};

    unsafe extern "C" {
        pub(super) fn __asan_poison_memory_region(start: *const c_void, bytes: usize);
        pub(super) fn __asan_unpoison_memory_region(start: *const c_void, bytes: usize);
        pub(super) fn __asan_address_is_poisoned(address: *const c_void) -> c_int;
    }
}

/// From now on nobody may touch these bytes.
///
/// # Safety
/// They are ours.
#[inline(always)]
pub(crate) unsafe fn hide(p: NonNull<u8>, bytes: usize) {
    #[cfg(asan)]
    // SAFETY: the caller says that the memory is ours; its content stays as it is.
    unsafe {
        sanitizer::__asan_poison_memory_region(p.as_ptr().cast(), bytes);
    }
    let _ = (p, bytes);
}

/// These bytes may be touched again.
///
/// # Safety
/// They are ours.
#[inline(always)]
pub(crate) unsafe fn show(p: NonNull<u8>, bytes: usize) {
    #[cfg(asan)]
    // SAFETY: as above.
    unsafe {
        sanitizer::__asan_unpoison_memory_region(p.as_ptr().cast(), bytes);
    }
    let _ = (p, bytes);
}

/// Shows the first `bytes` bytes of `room`, and hides the others.
///
/// # Safety
/// They are ours, and `bytes <= room`.
#[inline(always)]
pub(crate) unsafe fn show_only(p: NonNull<u8>, bytes: usize, room: usize) {
    if cfg!(asan) {
        // SAFETY: as the caller promises.
        unsafe {
            hide(p.add(bytes), room - bytes);
            show(p, bytes);
        }
    }
}

/// Whether a byte is hidden; never, in other builds.
#[inline(always)]
pub(crate) fn is_hidden<T>(p: NonNull<T>) -> bool {
    #[cfg(asan)]
    // SAFETY: the sanitizer looks at its own memory, whatever the address is.
    return unsafe { sanitizer::__asan_address_is_poisoned(p.as_ptr().cast()) != 0 };
    #[cfg(not(asan))]
    {
        let _ = p;
        false
    }
}
