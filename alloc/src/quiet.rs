//! Collecting where the heap would refuse: no memory is needed, and nothing but the heap runs.
//!
//! A `MemoryError` while a heap is full of garbage would be a lie. But an allocation is refused in the middle of anything: native
//! code is at work up the stack, and no finalizer may run under its feet. So this collection takes only what is *inert*
//! ([`Hooks::inert`]): what can be cleared and freed without running code of the VM's user. All else, and what that refers to,
//! counts as held from outside; the VM is asked ([`Hooks::press`]) to collect it as soon as it can.
//!
//! What native code holds is safe: it counts its references, so whatever can be reached from them is no garbage. An object that is
//! freed along and turns out not to be inert is left to the next outermost [`Heap::release`], as one that is too deep is.
//!
//! It is the trial deletion of `cycles.rs`, with two differences. The worklist is short and was made with the heap; an object for which
//! there is no room in it stays *grey*, reached and not yet traced, until another walk over the heap finds it. The garbage is not
//! listed: it is what still carries `CANDIDATE`. (Under stress it looks at young objects alone, and lists those.)

use crate::arena::ARENA_SLOTS;
use crate::cycles::{is_root, is_unreached, restore_one, subtract_one};
use crate::header::{HeaderFlags, ObjPtr};
use crate::heap::Heap;
use crate::slot::{LARGE_OFFSET, OBJECT, Slot, block, is_object};
use std::ptr::NonNull;

/// How many objects the short worklist has room for.
pub(crate) const WORKLIST: usize = 4096;

/// Reached, but not traced yet: a candidate's use of a HeaderFlags that only dead objects have otherwise.
const GREY: HeaderFlags = HeaderFlags::PENDING;

impl Heap {
    /// Frees the inert garbage of all generations; how many objects that were. Nothing where it is under way already, or where
    /// what it would free is being worked on.
    ///
    /// # Safety
    /// As for [`Heap::find_garbage`](Heap::find_garbage).
    #[cold]
    pub unsafe fn collect_quietly(&mut self) -> usize {
        // SAFETY: as the caller promises.
        unsafe { self.collect_quietly_up_to(2) }
    }

    /// The same of this generation and the younger ones.
    ///
    /// # Safety
    /// As above.
    #[cold]
    pub(crate) unsafe fn collect_quietly_up_to(&mut self, generation: usize) -> usize {
        if self.quiet || self.keep_still > 0 {
            return 0;
        }
        self.quiet = true;
        // SAFETY: as the caller promises; nothing allocates between the marking and the last restored count.
        let found = unsafe {
            let found = self.find_unreached(generation, true);
            if found > 0 {
                self.each_unreached(|heap, p| (heap.hooks.clear)(heap.context, p));
                self.each_unreached(|_, p| {
                    p.as_ref().clear_flag(HeaderFlags::CANDIDATE);
                    if p.as_ref().decref() {
                        Heap::release(p);
                    }
                });
            }
            found
        };
        self.quiet = false;
        self.gc_stats[2].collected += found;
        found
    }

    /// Gives up to `batch.len()` objects of the garbage, those that `choose` picks, each with a reference to it; how many. For a VM
    /// that was refused the list of all of them: once their finalizers have run, [`Heap::collect_quietly`] takes them.
    ///
    /// # Safety
    /// As for [`Heap::find_garbage`](Heap::find_garbage).
    #[cold]
    pub unsafe fn some_garbage(
        &mut self,
        batch: &mut [Option<ObjPtr>],
        mut choose: impl FnMut(ObjPtr) -> bool,
    ) -> usize {
        if self.quiet || self.keep_still > 0 {
            return 0;
        }
        self.quiet = true;
        let mut count = 0;
        // SAFETY: as the caller promises.
        unsafe {
            if self.find_unreached(2, false) > 0 {
                self.each_unreached(|_, p| {
                    p.as_ref().clear_flag(HeaderFlags::CANDIDATE);
                    if count < batch.len() && choose(p) {
                        batch[count] = Some(p);
                        count += 1;
                    } else {
                        // It is held by others still: nothing was cleared.
                        p.as_ref().set_refs(p.as_ref().refs() - 1);
                    }
                });
            }
        }
        self.quiet = false;
        count
    }

    /// Holds [`Heap::collect_quietly`] off, or no longer: what there is is half made.
    pub fn keep_still(&mut self, on: bool) {
        self.keep_still = if on { self.keep_still + 1 } else { self.keep_still.saturating_sub(1) };
    }

    /// While `work` runs, nothing is collected: it changes what a dying object changes too.
    pub(crate) fn keeping_still<T>(heap: NonNull<Heap>, work: impl FnOnce() -> T) -> T {
        // SAFETY: the caller's heap is alive; it is not borrowed while the work runs.
        unsafe { (*heap.as_ptr()).keep_still += 1 };
        let done = work();
        // SAFETY: as above.
        unsafe { (*heap.as_ptr()).keep_still -= 1 };
        done
    }

    /// Leaves `CANDIDATE` on what nothing but itself reaches, with one reference more to each; how many those are. All counts are
    /// otherwise as before.
    unsafe fn find_unreached(&mut self, generation: usize, inert_only: bool) -> usize {
        let mut list = std::mem::take(&mut self.worklist);
        let (mut candidates, mut reached, mut greys) = (0, 0, false);
        let mut few = Vec::new();
        // SAFETY: the walks give live objects, `trace` live referents; nothing is allocated or freed.
        unsafe {
            self.walk(generation, |p| {
                let header = p.as_ref();
                let tracked = match generation {
                    2 => header.has(HeaderFlags::TRACKED),
                    younger => header.is_tracked_up_to(younger as u8),
                };
                let counts = tracked && (header.refs() as i32) > 0;
                if counts && (!inert_only || (self.hooks.inert)(self.context, p)) {
                    header.set_flag(HeaderFlags::CANDIDATE);
                    candidates += 1;
                    if generation < 2 {
                        few.push(p);
                    }
                }
            });
            if candidates == 0 {
                self.worklist = list;
                return 0;
            }
            self.each_marked(generation, &few, |p| {
                if p.as_ref().has(HeaderFlags::CANDIDATE) {
                    (self.hooks.trace)(self.context, p, &mut |c: ObjPtr| subtract_one(c));
                }
            });
            self.each_marked(generation, &few, |p| {
                if is_root(p) {
                    p.as_ref().set_flag(HeaderFlags::REACHED);
                    reached += self.reach(p, &mut list, &mut greys);
                }
            });
            while std::mem::take(&mut greys) {
                self.each_marked(generation, &few, |p| {
                    if p.as_ref().has(HeaderFlags::CANDIDATE) && p.as_ref().has(GREY) {
                        p.as_ref().clear_flag(GREY);
                        reached += self.reach(p, &mut list, &mut greys);
                    }
                });
            }
            let unreached = candidates - reached;
            if unreached > 0 {
                self.each_marked(generation, &few, |p| {
                    if is_unreached(p) {
                        (self.hooks.trace)(self.context, p, &mut |c: ObjPtr| {
                            restore_one(c);
                        });
                        p.as_ref().incref();
                    }
                });
            }
            self.each_marked(generation, &few, |p| {
                if p.as_ref().has(HeaderFlags::REACHED) {
                    p.as_ref().clear_flag(HeaderFlags::CANDIDATE | HeaderFlags::REACHED);
                }
            });
            self.worklist = list;
            unreached
        }
    }

    /// Calls `f` for what may be a candidate: all there is, or of the younger generations those that are listed.
    unsafe fn each_marked(&self, generation: usize, few: &[ObjPtr], f: impl FnMut(ObjPtr)) {
        match generation {
            // SAFETY: as the caller promises.
            2 => unsafe { self.walk(2, f) },
            _ => few.iter().copied().for_each(f),
        }
    }

    /// Traces an object and what it leads to, as far as the worklist goes; how many were traced.
    unsafe fn reach(&self, root: ObjPtr, list: &mut Vec<ObjPtr>, greys: &mut bool) -> usize {
        let (mut traced, mut next) = (0, Some(root));
        while let Some(p) = next {
            traced += 1;
            // SAFETY: as in `find_unreached`. The list never grows beyond its room.
            unsafe {
                (self.hooks.trace)(self.context, p, &mut |c: ObjPtr| {
                    if !restore_one(c) {
                        return;
                    }
                    c.as_ref().set_flag(HeaderFlags::REACHED);
                    if list.len() < list.capacity() {
                        list.push(c);
                    } else {
                        c.as_ref().set_flag(GREY);
                        *greys = true;
                    }
                });
            }
            next = list.pop();
        }
        traced
    }

    /// Calls `f` for everything unreached. It may free what it is given, and more: every step looks anew at what there is.
    unsafe fn each_unreached(&mut self, mut f: impl FnMut(&mut Heap, ObjPtr)) {
        let mut index = 0;
        while index < self.arenas.table.len() {
            for at in 0..ARENA_SLOTS {
                let mut i = 0;
                while let Some(pool) = self.arenas.pool_at(index, at).map(|p| p.cast::<Slot>().as_ptr()) {
                    // SAFETY: a slot that is marked as a pool is one, and its blocks below `extended` can be read.
                    let p: ObjPtr = unsafe {
                        if (*pool).kind as usize != OBJECT || i >= (*pool).extended as usize {
                            break;
                        }
                        block(pool, i).cast()
                    };
                    i += 1;
                    // SAFETY: as above.
                    if unsafe { is_object(p) && is_unreached(p) } {
                        f(self, p);
                    }
                }
            }
            index += 1;
        }
        // What is stepped on is held until the step to its neighbour is done.
        let mut slot = self.large[OBJECT];
        let mut held = Held(None);
        while !slot.is_null() {
            // SAFETY: the list holds live large blocks, this one at least until `held` is replaced.
            unsafe {
                let p: ObjPtr = NonNull::new_unchecked(slot.cast::<u8>().add(LARGE_OFFSET)).cast();
                drop(std::mem::replace(&mut held, Held::new(p)));
                if is_unreached(p) {
                    f(self, p);
                }
                slot = (*slot).next;
            }
        }
    }
}

/// A reference to an object that is not being freed already.
struct Held(Option<ObjPtr>);

impl Held {
    /// # Safety
    /// The object is alive, or being freed by somebody up the stack.
    unsafe fn new(p: ObjPtr) -> Held {
        // SAFETY: as the caller promises; a block whose header is not written yet is nobody's.
        let header = unsafe { p.as_ref() };
        let counts = !header.shape().is_none() && header.refs() != 0;
        if counts {
            header.incref();
        }
        Held(counts.then_some(p))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(p) = self.0 {
            // SAFETY: the reference keeps the object alive until here.
            unsafe {
                if p.as_ref().decref() {
                    Heap::release(p);
                }
            }
        }
    }
}
