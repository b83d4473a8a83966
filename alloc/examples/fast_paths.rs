//! The fast paths, each in a function of its own, to count what they compile to:
//!
//! ```text
//! CARGO_PROFILE_RELEASE_LTO=off cargo rustc --release -p ryokan-alloc --example fast_paths -- --emit asm
//! ```
//!
//! and then the `probe_` functions in `target/release/examples/fast_paths-*.s`.

use ryokan_alloc::{Config, Header, HeaderFlags, Heap, ObjPtr, ShapeId};
use std::ptr::NonNull;

#[unsafe(no_mangle)]
#[inline(never)]
pub fn probe_alloc_48(heap: &mut Heap) -> Option<NonNull<u8>> {
    heap.alloc_object(48)
}

/// # Safety
/// As `free_object`.
#[unsafe(no_mangle)]
#[inline(never)]
pub unsafe fn probe_free_48(heap: &mut Heap, p: NonNull<u8>) {
    // SAFETY: as the caller promises.
    unsafe { heap.free_object(p, 48) }
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn probe_alloc_buffer(heap: &mut Heap, bytes: usize) -> Option<NonNull<u8>> {
    heap.alloc_buffer(bytes)
}

/// # Safety
/// As `free_buffer`.
#[unsafe(no_mangle)]
#[inline(never)]
pub unsafe fn probe_free_buffer(heap: &mut Heap, p: NonNull<u8>, bytes: usize) {
    // SAFETY: as the caller promises.
    unsafe { heap.free_buffer(p, bytes) }
}

#[unsafe(no_mangle)]
#[inline(never)]
pub fn probe_incref(p: &Header) {
    p.incref();
}

/// # Safety
/// As `release`.
#[unsafe(no_mangle)]
#[inline(never)]
pub unsafe fn probe_decref(p: ObjPtr) {
    // SAFETY: as the caller promises.
    unsafe {
        if p.as_ref().decref() {
            Heap::release(p)
        }
    }
}

/// # Safety
/// As `track`.
#[unsafe(no_mangle)]
#[inline(never)]
pub unsafe fn probe_track(heap: &mut Heap, p: ObjPtr) {
    // SAFETY: as the caller promises.
    unsafe { heap.track(p) }
}

fn main() {
    let mut heap = Heap::new(Config::default());
    let p = probe_alloc_48(&mut heap).expect("no cap");
    let q = probe_alloc_buffer(&mut heap, 48).expect("no cap");
    // SAFETY: an object of 48 bytes that gets a header; a buffer of 48 bytes.
    unsafe {
        p.cast::<Header>().write(Header::new(ShapeId::new(1), HeaderFlags::empty(), 2));
        probe_incref(p.cast::<Header>().as_ref());
        probe_track(&mut heap, p.cast());
        probe_decref(p.cast());
        heap.untrack(p.cast());
        probe_free_48(&mut heap, p);
        probe_free_buffer(&mut heap, q, 48);
    }
}
