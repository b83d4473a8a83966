//! What happens when a count reaches zero.
//!
//! `release` calls the VM's `dealloc`, which drops what the object refers to, which may call `release` again.
//! A long chain would overflow the native stack, so beyond `MAX_NEST` levels the VM is asked, which knows the
//! stack, whether an object is only to be queued; the outermost `release` works the queue off in a loop
//! (CPython's trashcan, which looks at the stack, too).
//!
//! The queue needs no memory: a queued object is marked `PENDING` where it lies, its slot counts such objects
//! and remembers the first, and the slots that have some are linked. For a chain, where one object at a time
//! waits, the first is the one, and nothing is searched. `refs` of a queued object stays 0, so whoever looks
//! at it (a weak reference, say) sees that it is dead.
//!
//! ```text
//!   slot.pending == number of PENDING objects in the slot, none of them below pending_first
//!   slot.pending > 0  <=>  the slot is on Heap::pending
//! ```

use crate::header::{Header, HeaderFlags, KINDS, ObjPtr};
use crate::heap::Heap;
use crate::slot::{Slot, block, block_index, is_object, slot_of};
use std::cell::Cell;
use std::ffi::c_void;
use std::ptr::NonNull;

/// How deep `release` nests before it may queue.
pub const MAX_NEST: u32 = 50;

/// Who is shown references. Any closure is one.
pub trait Visit {
    /// A reference.
    fn one(&mut self, p: ObjPtr);
    /// Words that lie side by side: those whose low three bits are 0 are addresses of objects, each a reference; the others are none.
    fn many(&mut self, words: &[Cell<u64>]);
}

impl<F: FnMut(ObjPtr)> Visit for F {
    #[inline(always)]
    fn one(&mut self, p: ObjPtr) {
        self(p)
    }
    fn many(&mut self, words: &[Cell<u64>]) {
        for word in words {
            if word.get() & 7 == 0
                && let Some(p) = NonNull::new(word.get() as *mut Header)
            {
                self(p);
            }
        }
    }
}

/// How an object of a kind dies: see [`Hooks::deaths`].
pub type Death = unsafe fn(heap: *mut Heap, p: ObjPtr);

/// What the heap must be told about objects. The context is the one given to [`Heap::set_hooks`].
#[derive(Clone, Copy)]
pub struct Hooks {
    /// By the kind of an object ([`Header::kind`]): what `dealloc` does, for one that has none of the `uncommon` bits in its header's word.
    /// What may call `release` again does so in [`Heap::let_die`].
    pub deaths: &'static [Death; KINDS],
    /// Bits of a header's word: an object that has any of them dies by `dealloc`.
    pub uncommon: u32,
    /// The object's count reached zero: drop what it refers to, untrack it and free its block; or resurrect
    /// it (a finalizer may). May call anything of the heap.
    pub dealloc: unsafe fn(context: *mut c_void, p: ObjPtr),
    /// Show `visit` every *counted* reference that the object holds, once for each, the same ones each
    /// time until the object changes. Must not allocate, free, or change a count.
    pub trace: unsafe fn(context: *mut c_void, p: ObjPtr, visit: &mut dyn Visit),
    /// The size in bytes that the object's block was asked for with.
    pub size: unsafe fn(context: *mut c_void, p: ObjPtr) -> usize,
    /// The heap is about to refuse: give back what is charged but not needed now. The answer is how many bytes of
    /// what [`Heap::charge`] granted are free; the heap takes them off itself. Must not touch the heap.
    pub reclaim: unsafe fn(context: *mut c_void) -> usize,
    /// Whether an object whose count reached zero must wait, lest the native stack overflow.
    pub defers: unsafe fn(context: *mut c_void, p: ObjPtr) -> bool,
    /// Whether clearing and freeing the object runs nothing of the VM's users: no finalizer, no code. Must not change anything.
    pub inert: unsafe fn(context: *mut c_void, p: ObjPtr) -> bool,
    /// Drop what an inert object refers to; it stays an object.
    pub clear: unsafe fn(context: *mut c_void, p: ObjPtr),
    /// The heap nears its cap: collect as soon as finalizers may run ([`Heap::generation_due`] says so then). Must not touch the heap.
    pub press: unsafe fn(context: *mut c_void),
    /// A block is about to be asked for, or resized, while the heap traces: the number of the place where, not 0; and how many records under
    /// the top one of the VM's stack make a difference to it, none if the place cannot be known by such. What the VM keeps to know the place
    /// again, it charges by `charge` beforehand, which says whether that was granted; None if it was not. Must not touch the heap.
    ///
    /// `crowd` is 0, or how many stacks were met of late that had the same two records on top, but others below: then few records should
    /// make a difference, two if it is above 16. The heap tells it only if it was started for that ([`Heap::start_traces`]).
    pub site: unsafe fn(
        context: *mut c_void,
        charge: &mut dyn FnMut(usize) -> bool,
        crowd: u32,
    ) -> Option<(u32, Option<usize>)>,
}

impl Hooks {
    /// All bits of a header's word: every object dies by `dealloc`.
    pub const ALL: u32 = u32::MAX;
    /// [`Hooks::deaths`] where every object dies by `dealloc`.
    pub const NO_DEATHS: &'static [Death; KINDS] = &[no_death; KINDS];
    /// Hooks of a heap without objects.
    pub(crate) const NONE: Hooks = Hooks {
        deaths: Hooks::NO_DEATHS,
        uncommon: Hooks::ALL,
        dealloc: no_dealloc,
        trace: no_trace,
        size: no_size,
        reclaim: no_reclaim,
        defers: always_defers,
        inert: not_inert,
        clear: no_dealloc,
        press: no_press,
        site: no_site,
    };
}

unsafe fn no_dealloc(_: *mut c_void, _: ObjPtr) {}

unsafe fn no_death(_: *mut Heap, _: ObjPtr) {}

unsafe fn no_trace(_: *mut c_void, _: ObjPtr, _: &mut dyn Visit) {}

unsafe fn no_size(_: *mut c_void, _: ObjPtr) -> usize {
    0
}

unsafe fn not_inert(_: *mut c_void, _: ObjPtr) -> bool {
    false
}

unsafe fn no_press(_: *mut c_void) {}

unsafe fn no_site(_: *mut c_void, _: &mut dyn FnMut(usize) -> bool, _: u32) -> Option<(u32, Option<usize>)> {
    Some((1, None))
}

unsafe fn no_reclaim(_: *mut c_void) -> usize {
    0
}

/// [`Hooks::defers`] of who knows nothing of the stack.
///
/// # Safety
/// None.
pub unsafe fn always_defers(_: *mut c_void, _: ObjPtr) -> bool {
    true
}

impl Heap {
    /// Installs the VM's side of the heap. To be called before the first object is made; what the hooks do is
    /// the caller's responsibility wherever an `unsafe` method of the heap calls them.
    pub fn set_hooks(&mut self, hooks: Hooks, context: *mut c_void) {
        self.hooks = hooks;
        self.context = context;
    }

    /// Frees an object whose count reached zero: now, or soon if this is deep inside other releases. When the
    /// outermost call returns, nothing is pending.
    ///
    /// # Safety
    /// `p` is an object of a live heap with hooks, its count is 0, and it was not released before.
    #[cold]
    #[inline(never)]
    pub unsafe fn release(p: ObjPtr) {
        // SAFETY: as the caller promises. The heap is used through a raw pointer, and no reference to it
        // lives across the hook, which may use the heap itself.
        unsafe {
            let heap = Heap::heap_of(p).as_ptr();
            let header = p.as_ref();
            debug_assert!(header.refs() == 0 && !header.has(HeaderFlags::PENDING));
            let hooks = &raw const (*heap).hooks;
            if header.word() & (*hooks).uncommon == 0 {
                return (*hooks).deaths[header.kind()](heap, p);
            }
            Heap::let_die(heap, p, |heap| Heap::die_in_general(heap, p));
        }
    }

    /// Lets an object die by [`Hooks::dealloc`].
    ///
    /// # Safety
    /// As for that.
    #[inline]
    pub unsafe fn die_in_general(heap: *mut Heap, p: ObjPtr) {
        // SAFETY: as the caller promises.
        unsafe { ((*heap).hooks.dealloc)((*heap).context, p) }
    }

    /// What `release` does around the death of an object that may bring other ones: `die` lets it die now, or it waits.
    ///
    /// # Safety
    /// As for [`Heap::release`]; `die` does what [`Hooks::dealloc`] does.
    #[inline(always)]
    pub unsafe fn let_die(heap: *mut Heap, p: ObjPtr, die: impl FnOnce(*mut Heap)) {
        // SAFETY: as in `release`.
        unsafe {
            if (*heap).quiet || (*heap).release_depth >= MAX_NEST {
                return Heap::release_or_defer(heap, p);
            }
            (*heap).release_depth += 1;
            die(heap);
            if (*heap).release_depth == 1 && !(*heap).pending.is_null() {
                Heap::release_pending(heap);
            }
            (*heap).release_depth -= 1;
        }
    }

    /// The same where the object may have to wait: deep in other deaths, or in a quiet collection.
    ///
    /// # Safety
    /// As for [`Heap::release`].
    #[cold]
    #[inline(never)]
    unsafe fn release_or_defer(heap: *mut Heap, p: ObjPtr) {
        // SAFETY: as in `release`. What waits is freed by the outermost release that is not quiet.
        unsafe {
            let (hooks, context) = ((*heap).hooks, (*heap).context);
            let waits = (*heap).quiet && !(hooks.inert)(context, p);
            if waits || (*heap).release_depth >= MAX_NEST && (hooks.defers)(context, p) {
                return (*heap).defer(p);
            }
            (*heap).release_depth += 1;
            (hooks.dealloc)(context, p);
            (*heap).release_depth -= 1;
        }
    }

    /// Frees what waits.
    ///
    /// # Safety
    /// As for [`Heap::release`].
    #[cold]
    #[inline(never)]
    unsafe fn release_pending(heap: *mut Heap) {
        // SAFETY: as in `release`.
        unsafe {
            while let Some(next) = (*heap).next_pending() {
                ((*heap).hooks.dealloc)((*heap).context, next);
            }
        }
    }

    /// Frees what waits: a quiet collection leaves there what it must not free itself, and no other death may come.
    ///
    /// # Safety
    /// As for [`Heap::release`]; nothing of the heap is borrowed.
    pub unsafe fn release_waiting(heap: NonNull<Heap>) {
        let heap = heap.as_ptr();
        // SAFETY: as in `release`.
        unsafe {
            if (*heap).release_depth > 0 || (*heap).quiet {
                return;
            }
            (*heap).release_depth = 1;
            Heap::release_pending(heap);
            (*heap).release_depth = 0;
        }
    }

    /// Queues an object to be freed.
    ///
    /// # Safety
    /// `p` is an object of this heap with count 0.
    unsafe fn defer(&mut self, p: ObjPtr) {
        let slot = slot_of(p);
        // SAFETY: as the caller promises: the slot is live, and p is one of its blocks.
        unsafe {
            p.as_ref().set_flag(HeaderFlags::PENDING);
            let index = block_index(slot, p).expect("an object starts a block") as u16;
            if (*slot).pending == 0 {
                (*slot).pending_next = self.pending;
                self.pending = slot;
                (*slot).pending_first = index;
            } else {
                (*slot).pending_first = (*slot).pending_first.min(index);
            }
            (*slot).pending += 1;
        }
    }

    /// Takes an object off the queue.
    fn next_pending(&mut self) -> Option<ObjPtr> {
        let slot: *mut Slot = self.pending;
        if slot.is_null() {
            return None;
        }
        // SAFETY: a slot with pending objects is in use, so it is live; its blocks below `extended` can be
        // read.
        unsafe {
            let mut i = (*slot).pending_first as usize;
            loop {
                debug_assert!(i < (*slot).extended as usize);
                let p = block(slot, i).cast::<Header>();
                i += 1;
                if is_object(p) && p.as_ref().has(HeaderFlags::PENDING) {
                    p.as_ref().clear_flag(HeaderFlags::PENDING);
                    (*slot).pending -= 1;
                    (*slot).pending_first = i as u16;
                    if (*slot).pending == 0 {
                        self.pending = (*slot).pending_next;
                    }
                    return Some(p);
                }
            }
        }
    }
}
