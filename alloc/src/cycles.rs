//! The cycle collector: trial deletion in place.
//!
//! An object is garbage if every reference to it comes from garbage. To find out, the references that
//! *candidates* (the tracked objects of the generations collected) hold to each other are subtracted from
//! their real counts. What is left above zero is held from outside; everything reachable from there lives.
//! CPython does the same on copies of the counts (`Python/gc.c`, `deduce_unreachable`); here there are no
//! copies, so each count has to come back exactly:
//!
//! ```text
//!   mark       every candidate gets CANDIDATE
//!   subtract   for each candidate p, for each reference p -> c to a candidate:   c.refs -= 1
//!   scan       from each candidate with refs > 0: REACHED, and tracing it:       c.refs += 1, REACHED too
//!   gather     for each candidate that is not REACHED, tracing it:               c.refs += 1
//!   clear      flags off, survivors one generation older
//! ```
//!
//! Where the scan has reached as many as were marked, there is nothing to gather.
//!
//! Each candidate is traced exactly twice, once with -1 and once with +1, and nothing changes in between, so
//! all counts are restored. The only memory needed is the worklist of the scan, which then becomes the list
//! of garbage; it is reserved after the marking, and if the heap refuses, only flags have to be taken back.
//!
//! Not candidates: immortal objects, what has settled, and objects that are being freed (count 0). What those
//! refer to therefore stays.
//!
//! Finalizers, weak references and clearing (PEP 442) are the VM's; it holds the list between the calls:
//! `find_garbage`, weak references and finalizers, `still_garbage`, clear each object, `release_garbage`.
//! All the while the garbage is *condemned*: it is of no generation, and who lists objects leaves it out.

use crate::budget::Budget;
use crate::header::{CONDEMNED, HeaderFlags, ObjPtr};
use crate::heap::{Heap, RESERVE_BYTES, Refused};
use crate::slot::{OBJECT, Slot, each_object};
use allocator_api2::vec::Vec;
use std::ptr::NonNull;

/// Unreachable objects, each held by one extra reference. Give it to [`Heap::release_garbage`]; dropping it
/// leaks the objects. It must not outlive its heap.
#[must_use = "the objects are held until they are released"]
pub struct Garbage {
    objects: Vec<ObjPtr, Budget>,
    /// The generation of those that live on.
    age: u8,
}

impl Garbage {
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    pub fn objects(&self) -> &[ObjPtr] {
        &self.objects
    }
}

impl Heap {
    /// Finds the tracked objects of this generation and the younger ones that only each other hold. The
    /// survivors move one generation up. Refused: no memory for the list; nothing has changed, and the next
    /// attempt is due later.
    ///
    /// # Safety
    /// The hooks are installed and sound, and every counted reference is either traced from its object or
    /// held from outside the heap's objects.
    pub unsafe fn find_garbage(&mut self, generation: usize) -> Result<Garbage, Refused> {
        let generation = generation.min(2);
        self.count_collection(generation);
        // SAFETY: hooks and counts are the caller's promise; `walk` gives live objects, `trace` live
        // referents, and nothing is allocated or freed between the marking and the end but the list.
        unsafe {
            let (candidates, tracked) = self.mark(generation);
            self.examined = candidates;
            let Some(mut list) = self.worklist(candidates) else {
                self.walk(generation, |p| p.as_ref().clear_flag(HeaderFlags::CANDIDATE));
                return Err(Refused);
            };
            let few = tracked <= FEW;
            // Where they are few, they are found once. (A refusal would be nobody's.)
            let lists = few && !self.is_counting();
            let mut found = if lists { self.worklist(tracked) } else { None };
            let mut ahead = Lookahead::new(few);
            self.walk(generation, |p| {
                if p.as_ref().has(HeaderFlags::CANDIDATE) {
                    self.subtract(p, &mut ahead);
                }
                if let Some(found) = &mut found
                    && p.as_ref().is_tracked_up_to(generation as u8)
                {
                    found.push(p);
                }
            });
            ahead.drain(|c| subtract_one(c));
            let found = found.as_deref();
            let mut reached = 0;
            self.walk_found(generation, found, |p| {
                if is_root(p) {
                    reached += self.scan(p, &mut list, &mut ahead);
                }
            });
            reached += self.scan_rest(&mut list, &mut ahead);
            if reached < candidates {
                self.walk_found(generation, found, |p| {
                    if is_unreached(p) {
                        list.push(p);
                    }
                });
                self.restore(&list);
            }
            let top = generation as u8;
            self.walk_found(generation, found, |p| p.as_ref().end_examination(top));
            self.age_slots(generation);
            self.count_survivors(generation, candidates - list.len());
            list.iter().for_each(|p| p.as_ref().set_generation(CONDEMNED));
            Ok(Garbage { objects: list, age: (top + 1).min(2) })
        }
    }

    /// How many objects the last [`Heap::find_garbage`] examined.
    pub fn examined(&self) -> usize {
        self.examined
    }

    /// Looks again, after code has run that may have taken new references to the garbage. What is held from
    /// outside now, and what can be reached from there, leaves the list. True: nothing left it, all is
    /// garbage still. Refused: no memory to find out; the list is as before.
    ///
    /// # Safety
    /// As for `find_garbage`, whose result `garbage` is.
    pub unsafe fn still_garbage(&mut self, garbage: &mut Garbage) -> Result<bool, Refused> {
        let before = garbage.len();
        // SAFETY: as in `find_garbage`; the list's objects are alive, since it holds a reference to each.
        unsafe {
            let mut list = self.worklist(before).ok_or(Refused)?;
            for p in &garbage.objects {
                let header = p.as_ref();
                if !header.is_immortal() {
                    header.set_flag(HeaderFlags::CANDIDATE);
                    header.set_refs(header.refs() - 1);
                }
            }
            let mut ahead = Lookahead::new(false);
            for p in garbage.objects.iter().filter(|p| p.as_ref().has(HeaderFlags::CANDIDATE)) {
                self.subtract(*p, &mut ahead);
            }
            ahead.drain(|c| subtract_one(c));
            for p in &garbage.objects {
                if is_root(*p) {
                    let _ = self.scan(*p, &mut list, &mut ahead);
                }
            }
            let _ = self.scan_rest(&mut list, &mut ahead);
            list.extend(garbage.objects.iter().filter(|p| is_unreached(**p)));
            self.restore(&list);
            for p in &garbage.objects {
                if !is_unreached(*p) {
                    p.as_ref().set_generation(garbage.age);
                }
                p.as_ref().clear_flag(HeaderFlags::CANDIDATE | HeaderFlags::REACHED);
            }
            garbage.objects = list;
        }
        Ok(garbage.len() == before)
    }

    /// Releases the objects that only the list still holds: what the finalizers did has taken them apart.
    ///
    /// # Safety
    /// `garbage` came from this heap, and its objects may be freed.
    pub unsafe fn release_freed(garbage: &mut Garbage) {
        // SAFETY: as the caller promises.
        while unsafe { release_last(garbage) } {}
    }

    /// Drops the references that the list holds; objects that nobody else holds are released. What is left lives on.
    ///
    /// # Safety
    /// `garbage` came from this heap.
    pub unsafe fn release_garbage(mut garbage: Garbage) {
        // SAFETY: as the caller promises; the list's reference keeps each object alive until it is given up. The most are
        // freed before any is one of a generation again, and can be seen.
        unsafe {
            release_last(&mut garbage);
            for p in garbage.objects() {
                p.as_ref().set_generation(garbage.age);
                if p.as_ref().decref() {
                    Heap::release(*p);
                }
            }
        }
    }

    /// Marks the candidates, and counts them, and what is tracked.
    unsafe fn mark(&self, generation: usize) -> (usize, usize) {
        let (mut candidates, mut tracked) = (0, 0);
        // SAFETY: `walk` gives live objects.
        unsafe {
            self.walk(generation, |p| {
                let header = p.as_ref();
                if header.is_tracked_up_to(generation as u8) {
                    tracked += 1;
                    if (header.refs() as i32) > 0 {
                        header.set_flag(HeaderFlags::CANDIDATE);
                        candidates += 1;
                    }
                }
            });
        }
        (candidates, tracked)
    }

    /// An empty list with room for `objects` objects.
    fn worklist(&mut self, objects: usize) -> Option<Vec<ObjPtr, Budget>> {
        // SAFETY: `Garbage` says that it must not outlive the heap, and the other lists live inside one
        // method of it.
        let mut list = Vec::new_in(unsafe { Budget::new(NonNull::from(&mut *self)) });
        // The objects may carry marks by now. A short list fits in the reserve.
        self.keep_still(true);
        let short = objects * size_of::<ObjPtr>() <= RESERVE_BYTES / 2 && !self.is_counting();
        if short {
            self.open_reserve();
        }
        let made = list.try_reserve_exact(objects);
        if short {
            self.close_reserve();
        }
        self.keep_still(false);
        made.ok().map(|()| list)
    }

    /// Takes the references that a candidate holds to candidates out of their counts, all but those that stay
    /// in `ahead`.
    unsafe fn subtract(&self, p: ObjPtr, ahead: &mut Lookahead) {
        // SAFETY: `p` is a live object; the hook is sound and reports live objects.
        unsafe {
            (self.hooks.trace)(self.context, p, &mut |c: ObjPtr| {
                if let Some(c) = ahead.exchange(c) {
                    subtract_one(c);
                }
            });
        }
    }

    /// Marks `root` and what can be reached from it, and puts the references of all these back; what is in
    /// `ahead` at the end is still to do. How many were marked. The list is empty before and after.
    unsafe fn scan(&self, root: ObjPtr, list: &mut Vec<ObjPtr, Budget>, ahead: &mut Lookahead) -> usize {
        let mut marked = 0;
        // SAFETY: as in `subtract`. Each candidate is pushed at most once, when it becomes REACHED, so the
        // list's reserved room is enough.
        unsafe {
            root.as_ref().set_flag(HeaderFlags::REACHED);
            list.push(root);
            while let Some(p) = list.pop() {
                marked += 1;
                (self.hooks.trace)(self.context, p, &mut |c: ObjPtr| {
                    if let Some(c) = ahead.exchange(c)
                        && restore_one(c)
                    {
                        reach(c, list);
                    }
                });
            }
        }
        marked
    }

    /// Finishes the scan: works off what is in `ahead`, and what that leads to.
    unsafe fn scan_rest(&self, list: &mut Vec<ObjPtr, Budget>, ahead: &mut Lookahead) -> usize {
        let mut marked = 0;
        while let Some(c) = ahead.take() {
            // SAFETY: as in `scan`.
            unsafe {
                if restore_one(c) {
                    marked += self.scan(c, list, ahead);
                }
            }
        }
        marked
    }

    /// Puts the references of the garbage back, and takes one to each of its objects.
    unsafe fn restore(&self, garbage: &[ObjPtr]) {
        let mut ahead = Lookahead::new(false);
        // SAFETY: as in `subtract`.
        unsafe {
            for p in garbage {
                (self.hooks.trace)(self.context, *p, &mut |c: ObjPtr| {
                    if let Some(c) = ahead.exchange(c) {
                        restore_one(c);
                    }
                });
                p.as_ref().incref();
            }
            ahead.drain(|c| {
                restore_one(c);
            });
        }
    }

    /// Calls `f` for every live object that may be of this generation or a younger one.
    pub(crate) unsafe fn walk(&self, generation: usize, mut f: impl FnMut(ObjPtr)) {
        if generation >= 2 {
            // SAFETY: the caller's `f` neither allocates nor frees.
            unsafe { self.each_block_with_object(&mut f) };
            return;
        }
        for age in 0..=generation {
            let mut slot: *mut Slot = self.aged[age];
            while !slot.is_null() {
                // SAFETY: `aged` lists live slots, and only slots of objects ever age.
                unsafe {
                    each_object(slot, &mut f);
                    slot = (*slot).aged_next;
                }
            }
        }
    }

    /// The same for those that have been found before, if they have.
    unsafe fn walk_found(&self, generation: usize, found: Option<&[ObjPtr]>, mut f: impl FnMut(ObjPtr)) {
        match found {
            Some(found) => found.iter().for_each(|p| f(*p)),
            // SAFETY: as for `walk`.
            None => unsafe { self.walk(generation, f) },
        }
    }

    /// Freezes what is tracked: no collection looks at it until it is thawed, and what it refers to lives (`gc.freeze`).
    ///
    /// # Safety
    /// No object is half made.
    pub unsafe fn freeze(&mut self) {
        // SAFETY: `walk` gives live objects.
        unsafe {
            self.walk(2, |p| {
                if p.as_ref().is_tracked_up_to(2) {
                    p.as_ref().freeze();
                }
            });
        }
        self.counts = [0; 3];
    }

    /// Gives the frozen objects back to the collector, as old ones.
    ///
    /// # Safety
    /// As for [`Heap::freeze`].
    pub unsafe fn thaw(&mut self) {
        // SAFETY: as above.
        unsafe {
            self.walk(2, |p| {
                if p.as_ref().is_frozen() {
                    p.as_ref().thaw();
                }
            });
        }
    }

    /// Lets those tracked objects settle that `lasts` names: what will hardly ever be garbage need not be looked at by every collection.
    /// What they refer to lives as long as they do.
    ///
    /// # Safety
    /// As for [`Heap::freeze`]; `lasts` neither allocates objects nor frees any.
    pub unsafe fn settle(&mut self, lasts: impl Fn(ObjPtr) -> bool) {
        let mut settled = 0;
        // SAFETY: `walk` gives live objects.
        unsafe {
            self.walk(2, |p| {
                if p.as_ref().is_tracked_up_to(2) && lasts(p) {
                    p.as_ref().settle();
                    settled += 1;
                }
            });
        }
        self.counts[0] = self.counts[0].saturating_sub(settled);
    }

    /// Calls `f` for every object of the heap but those that are being freed (their count is 0).
    ///
    /// # Safety
    /// `f` neither allocates objects nor frees any.
    pub unsafe fn for_each_object(&self, f: &mut dyn FnMut(ObjPtr)) {
        // SAFETY: as the caller promises.
        unsafe {
            self.each_block_with_object(&mut |p| {
                if p.as_ref().refs() != 0 {
                    f(p);
                }
            });
        }
    }

    pub(crate) unsafe fn each_block_with_object(&self, f: &mut dyn FnMut(ObjPtr)) {
        // SAFETY: pools and large blocks on the lists are live; the ones of kind OBJECT hold objects.
        unsafe {
            for base in self.arenas.pools() {
                let pool = base.cast::<Slot>().as_ptr();
                if (*pool).kind as usize == OBJECT {
                    each_object(pool, &mut *f);
                }
            }
            let mut slot = self.large[OBJECT];
            while !slot.is_null() {
                each_object(slot, &mut *f);
                slot = (*slot).next;
            }
        }
    }
}

/// Releases, in one pass, the objects that only the list still holds. True: there were some.
unsafe fn release_last(garbage: &mut Garbage) -> bool {
    let (before, age) = (garbage.objects.len(), garbage.age);
    garbage.objects.retain(|p| {
        // SAFETY: the list's reference keeps the object alive until it is given up here.
        unsafe {
            let last = p.as_ref().refs() == 1;
            if last {
                p.as_ref().set_generation(age);
                if p.as_ref().decref() {
                    Heap::release(*p);
                }
            }
            !last
        }
    });
    garbage.objects.len() != before
}

/// A candidate that is held from outside, and not reached yet.
pub(crate) unsafe fn is_root(p: ObjPtr) -> bool {
    // SAFETY: the caller has a live object.
    let header = unsafe { p.as_ref() };
    header.refs() > 0 && header.has(HeaderFlags::CANDIDATE) && !header.has(HeaderFlags::REACHED)
}

/// Marks a candidate, and lists it. Out of line, for of many references one is the first.
#[inline(never)]
unsafe fn reach(p: ObjPtr, list: &mut Vec<ObjPtr, Budget>) {
    // SAFETY: the caller has a live object.
    unsafe { p.as_ref().set_flag(HeaderFlags::REACHED) };
    list.push(p);
}

pub(crate) unsafe fn is_unreached(p: ObjPtr) -> bool {
    // SAFETY: the caller has a live object.
    let header = unsafe { p.as_ref() };
    header.has(HeaderFlags::CANDIDATE) && !header.has(HeaderFlags::REACHED)
}

/// Takes one reference to a candidate out of its count.
pub(crate) unsafe fn subtract_one(p: ObjPtr) {
    // SAFETY: the caller has a live object.
    let header = unsafe { p.as_ref() };
    if header.has(HeaderFlags::CANDIDATE) {
        assert!(header.refs() != 0, "an object is referred to more often than it counts");
        header.set_refs(header.refs() - 1);
    }
}

/// Puts one reference to a candidate back into its count. True: it was not reached before.
pub(crate) unsafe fn restore_one(p: ObjPtr) -> bool {
    // SAFETY: the caller has a live object.
    let header = unsafe { p.as_ref() };
    if !header.has(HeaderFlags::CANDIDATE) {
        return false;
    }
    header.set_refs(header.refs() + 1);
    !header.has(HeaderFlags::REACHED)
}

/// So many objects are found once in a collection, by a list of them, and their headers are near: 256 KB of addresses, 2 MB of lines of a
/// cache.
const FEW: usize = 1 << 15;

/// Objects whose headers are on their way from memory. The collector spends its time waiting for headers, in
/// an order that no processor guesses; so each is asked for early, and looked at a few objects later.
struct Lookahead {
    waiting: [Option<ObjPtr>; 16],
    next: usize,
    /// A few objects are near: each is looked at at once.
    near: bool,
}

impl Lookahead {
    fn new(near: bool) -> Lookahead {
        Lookahead { waiting: [None; 16], next: 0, near }
    }
    /// Puts an object in and takes the one out that has waited longest.
    #[inline]
    fn exchange(&mut self, p: ObjPtr) -> Option<ObjPtr> {
        if self.near {
            return Some(p);
        }
        #[cfg(target_arch = "x86_64")]
        // SAFETY: a prefetch has no effect but on the cache, whatever the address.
        unsafe {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            _mm_prefetch::<_MM_HINT_T0>(p.as_ptr().cast());
        }
        self.next = (self.next + 1) % self.waiting.len();
        self.waiting[self.next].replace(p)
    }

    /// Takes any object out.
    fn take(&mut self) -> Option<ObjPtr> {
        self.waiting.iter_mut().find_map(Option::take)
    }

    fn drain(&mut self, mut f: impl FnMut(ObjPtr)) {
        while let Some(p) = self.take() {
            f(p);
        }
    }
}
