//! The heap as an allocator for Rust collections: their storage is buffers of the heap, charged and
//! refusable.
//!
//! Use it with collections whose growth can fail (`try_reserve`): the others abort when they are refused.

use crate::heap::Heap;
use allocator_api2::alloc::{AllocError, Allocator, Layout};
use std::ptr::NonNull;

/// The strictest alignment that buffers have.
const MAX_ALIGN: usize = 16;

/// A vector whose storage is a buffer of a heap. It grows by `try_reserve`; what pushes beyond its room may abort.
pub type Vector<T> = allocator_api2::vec::Vec<T, Budget>;

/// An allocator that draws on a heap.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    heap: NonNull<Heap>,
}

impl Budget {
    /// # Safety
    /// The heap outlives every collection that uses this allocator or a copy of it, and none of them is used
    /// while another thread works on the heap.
    pub unsafe fn new(heap: NonNull<Heap>) -> Budget {
        Budget { heap }
    }

    /// As [`Heap::charge`].
    #[must_use = "a refused charge is a MemoryError"]
    pub fn charge(&self, bytes: usize) -> bool {
        // SAFETY: `new`'s caller promised that the heap is alive and ours.
        unsafe { (*self.heap.as_ptr()).charge(bytes) }
    }

    /// As [`Heap::uncharge`].
    pub fn uncharge(&self, bytes: usize) {
        // SAFETY: as above.
        unsafe { (*self.heap.as_ptr()).uncharge(bytes) }
    }

    /// The heap behind it.
    pub fn heap(&self) -> NonNull<Heap> {
        self.heap
    }
}

/// What to ask the heap for. A multiple of 16 gets a block that is aligned to 16. None: such an alignment is
/// not to be had.
fn bytes_of(layout: Layout) -> Option<usize> {
    match layout.align() {
        ..=8 => Some(layout.size()),
        MAX_ALIGN => layout.size().checked_next_multiple_of(MAX_ALIGN),
        _ => None,
    }
}

// SAFETY: a block stays where it is until it is freed, and belongs to one owner; copies of a `Budget` name
// the same heap, so any of them can free what another allocated. `bytes_of` is a function of the layout, so
// both sides agree on the class.
unsafe impl Allocator for Budget {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        let bytes = bytes_of(layout).ok_or(AllocError)?;
        if bytes == 0 {
            let dangling = NonNull::without_provenance(layout.align().try_into().map_err(|_| AllocError)?);
            return Ok(NonNull::slice_from_raw_parts(dangling, 0));
        }
        // SAFETY: `new`'s caller promised that the heap is alive and ours.
        let block = unsafe { (*self.heap.as_ptr()).alloc_buffer(bytes) }.ok_or(AllocError)?;
        debug_assert!(block.as_ptr().addr().is_multiple_of(layout.align()));
        Ok(NonNull::slice_from_raw_parts(block, layout.size()))
    }

    unsafe fn deallocate(&self, p: NonNull<u8>, layout: Layout) {
        let bytes = bytes_of(layout).unwrap_or(0);
        if bytes > 0 {
            // SAFETY: p came from `allocate` with this layout, so from `alloc_buffer` with these bytes.
            unsafe { (*self.heap.as_ptr()).free_buffer(p, bytes) }
        }
    }

    unsafe fn grow(&self, p: NonNull<u8>, old: Layout, new: Layout) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: as the caller promises.
        unsafe { self.resize(p, old, new) }
    }

    unsafe fn shrink(&self, p: NonNull<u8>, old: Layout, new: Layout) -> Result<NonNull<[u8]>, AllocError> {
        // SAFETY: as the caller promises.
        unsafe { self.resize(p, old, new) }
    }
}

impl Budget {
    /// # Safety
    /// As `Allocator::grow` or `Allocator::shrink`.
    unsafe fn resize(&self, p: NonNull<u8>, old: Layout, new: Layout) -> Result<NonNull<[u8]>, AllocError> {
        let (from, to) = (bytes_of(old).ok_or(AllocError)?, bytes_of(new).ok_or(AllocError)?);
        // SAFETY: p came from `allocate` with `old`: a buffer of `from` bytes, or dangling if that is 0.
        unsafe {
            if from == 0 || to == 0 {
                let block = self.allocate(new)?;
                self.deallocate(p, old);
                return Ok(block);
            }
            let block = (*self.heap.as_ptr()).resize_buffer(p, from, to).ok_or(AllocError)?;
            Ok(NonNull::slice_from_raw_parts(block, new.size()))
        }
    }
}
