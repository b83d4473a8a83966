//! Proving that the heap is whole: every invariant that `heap.rs`, `slot.rs`, `arena.rs`, `release.rs` and
//! `generations.rs` state, checked by walking everything.
//!
//! For tests, fuzzing and `--verify`. The tables it needs meanwhile are Rust's own memory and not charged.

use crate::arena::RETAINED_SLOTS;
use crate::classes::CLASSES;
use crate::header::{Header, HeaderFlags, ObjPtr};
use crate::heap::Heap;
use crate::slot::{
    BUFFER, FreeBlock, OBJECT, SLOT_BYTES, Slot, State, block, block_index, large_of, no_pool, read_free,
    slot_of,
};
use crate::stats::Stats;
use std::collections::{HashMap, HashSet};
use std::ptr::NonNull;

/// What a walk over a whole heap saw.
#[derive(Clone, Debug)]
pub struct HeapReport {
    pub objects: usize,
    /// Tracked objects by generation.
    pub tracked: [usize; 3],
    /// References that objects hold to objects.
    pub references: usize,
    /// Objects waiting to be freed.
    pub pending: usize,
    pub immortal: usize,
    pub stats: Stats,
}

/// An object whose count is not the number of references to it.
#[derive(Clone, Copy, Debug)]
pub struct Inexact {
    pub object: ObjPtr,
    pub counted: u32,
    pub found: u32,
}

/// What one slot knows about its blocks.
struct Seen {
    free: HashSet<usize>,
    /// By block: references found to it.
    references: Vec<u32>,
}

type Checked = Result<(), String>;

macro_rules! check {
    ($holds:expr, $($message:tt)*) => {
        if !$holds {
            return Err(format!($($message)*));
        }
    };
}

impl Heap {
    /// Walks everything and checks every invariant. Err says which one does not hold, and where.
    ///
    /// # Safety
    /// The hooks are installed and sound, and no object is half made or half freed.
    pub unsafe fn verify(&self) -> Result<HeapReport, String> {
        let mut report = HeapReport {
            objects: 0,
            tracked: [0; 3],
            references: 0,
            pending: 0,
            immortal: 0,
            stats: self.stats(),
        };
        // SAFETY: the slots on the heap's lists are live, and their blocks are as their headers say; each
        // check is made before what it guards is relied upon.
        unsafe {
            let mut seen = self.check_slots()?;
            self.check_lists(&seen)?;
            self.check_charge()?;
            self.check_objects(&mut seen, &mut report)?;
            self.check_counts(&seen)?;
        }
        Ok(report)
    }

    /// As [`Heap::verify`], and compares every count with the references found: in objects, and among the `roots`, which
    /// visit each reference that is held from outside. Gives the mortal objects whose counts differ.
    ///
    /// # Safety
    /// As for `verify`; the roots are live objects.
    pub unsafe fn verify_exact(
        &self,
        roots: &mut dyn FnMut(&mut dyn FnMut(ObjPtr)),
    ) -> Result<(HeapReport, Vec<Inexact>), String> {
        // SAFETY: as in `verify`.
        unsafe {
            let report = self.verify()?;
            let mut found: HashMap<ObjPtr, u32> = HashMap::new();
            roots(&mut |p| *found.entry(p).or_default() += 1);
            self.for_each_object(&mut |p| {
                found.entry(p).or_default();
                (self.hooks.trace)(self.context, p, &mut |c: ObjPtr| *found.entry(c).or_default() += 1);
            });
            let mut off: Vec<Inexact> = found
                .into_iter()
                .map(|(object, found)| Inexact { object, counted: object.as_ref().refs(), found })
                .filter(|i| !i.object.as_ref().is_immortal() && i.counted != i.found)
                .collect();
            off.sort_by_key(|i| i.object);
            Ok((report, off))
        }
    }

    /// Every pool and large block by itself.
    unsafe fn check_slots(&self) -> Result<HashMap<*mut Slot, Seen>, String> {
        let mut slots = HashMap::new();
        // SAFETY: as in `verify`.
        unsafe {
            for base in self.arenas.pools() {
                let pool = base.cast::<Slot>().as_ptr();
                check!((*pool).state != State::Large, "{pool:?}: a large block where a pool should be");
                slots.insert(pool, self.check_pool(pool)?);
            }
            check!(slots.len() == self.pools, "{} pools found, {} counted", slots.len(), self.pools);
            for kind in [OBJECT, BUFFER] {
                let mut slot = self.large[kind];
                let mut prev = std::ptr::null_mut();
                while !slot.is_null() {
                    check!((*slot).heap.cast_const() == &raw const *self, "{slot:?}: of another heap");
                    check!(
                        (*slot).state == State::Large && (*slot).kind as usize == kind,
                        "{slot:?}: not large"
                    );
                    check!((*slot).prev == prev, "{slot:?}: broken list of large blocks");
                    check!(
                        (*slot).used() == 1 && (*slot).extended == 1,
                        "{slot:?}: a large block is one block"
                    );
                    let seen = Seen { free: HashSet::new(), references: vec![0] };
                    check!(slots.insert(slot, seen).is_none(), "{slot:?}: twice on a list");
                    prev = slot;
                    slot = (*slot).next;
                }
            }
            for p in self.quarantine.blocks() {
                let slot = slot_of(p);
                let pool = slots.get_mut(&slot);
                let seen = pool.ok_or_else(|| format!("{p:?}: in quarantine, but in no pool"))?;
                let index = block_index(slot, p).filter(|i| *i < (*slot).extended as usize);
                let index = index.ok_or_else(|| format!("{p:?}: in quarantine, but no block"))?;
                check!(seen.free.insert(index), "{p:?}: in quarantine, but free or twice");
            }
        }
        Ok(slots)
    }

    unsafe fn check_pool(&self, pool: *mut Slot) -> Result<Seen, String> {
        // SAFETY: as in `verify`; a link is followed only after it was found to be a block of this pool.
        unsafe {
            let slot = &*pool;
            check!(slot.heap.cast_const() == &raw const *self, "{pool:?}: of another heap");
            check!((slot.class as usize) < CLASSES && slot.kind < 2, "{pool:?}: no such class");
            let fresh = Slot::pool(slot.heap, slot.kind as usize, slot.class as usize, slot.arena);
            check!(slot.block_bytes == fresh.block_bytes, "{pool:?}: block size");
            check!(slot.capacity == fresh.capacity && slot.extended <= slot.capacity, "{pool:?}: capacity");
            let mut free = HashSet::new();
            let mut link = slot.free;
            while let Some(p) = NonNull::new(link) {
                check!(slot_of(p) == pool, "{pool:?}: free list leads to {p:?}");
                let index = block_index(pool, p).filter(|i| *i < slot.extended as usize);
                let index = index.ok_or_else(|| format!("{pool:?}: free list leads into a block: {p:?}"))?;
                check!(free.insert(index), "{pool:?}: free list has a loop at {p:?}");
                let FreeBlock { zero, next } = read_free(p);
                check!(slot.kind as usize == BUFFER || zero == 0, "{p:?}: a free block has a header");
                link = next;
            }
            let used = slot.used() as usize;
            check!(used + free.len() == slot.extended as usize, "{pool:?}: used + free != extended");
            check!(
                (slot.state == State::Full) != slot.has_room()
                    || matches!(slot.state, State::Current | State::Open | State::Watched),
                "{pool:?}: state"
            );
            check!(
                (slot.state == State::Watched)
                    == (slot.state != State::Open
                        && self.traces.as_ref().is_some_and(|traces| traces.summed))
                    && (slot.state != State::Watched || slot.countdown == 1),
                "{pool:?}: watched or not"
            );
            check!(slot.state != State::Full || slot.countdown == 1, "{pool:?}: a full pool's countdown");
            Ok(Seen { free, references: vec![0; slot.extended as usize] })
        }
    }

    /// Every list has the slots it should, and no others.
    unsafe fn check_lists(&self, slots: &HashMap<*mut Slot, Seen>) -> Checked {
        let mut listed = HashSet::new();
        let mut current = 0;
        let mut aged = HashSet::new();
        // SAFETY: as in `verify`: a list's members are looked up among the live slots before they are read.
        unsafe {
            for (kind, class) in (0..2).flat_map(|k| (0..CLASSES).map(move |c| (k, c))) {
                let pool = self.open_pool(kind, class);
                check!(
                    self.traces.is_none() || self.current[kind][class] == no_pool(),
                    "a current pool while the heap traces"
                );
                if pool != no_pool() {
                    check!(slots.contains_key(&pool), "current pool {pool:?} does not exist");
                    let state = if self.is_tracing() { State::Open } else { State::Current };
                    check!((*pool).state == state, "current pool {pool:?} is {:?}", (*pool).state);
                    check!(!self.is_counting(), "a current pool while allocations are counted");
                    current += 1;
                }
                let mut pool = self.available[kind][class];
                while !pool.is_null() {
                    check!(slots.contains_key(&pool), "listed pool {pool:?} does not exist");
                    let fits = ((*pool).kind as usize, (*pool).class as usize) == (kind, class);
                    check!(fits && is_to_be_listed(&*pool), "listed pool {pool:?}");
                    check!(listed.insert(pool), "{pool:?}: listed twice");
                    pool = (*pool).next;
                }
            }
            for age in 0..2 {
                let mut slot = self.aged[age];
                while !slot.is_null() {
                    check!(slots.contains_key(&slot), "aged slot {slot:?} does not exist");
                    check!(
                        (*slot).age as usize == age && (*slot).kind as usize == OBJECT,
                        "aged slot {slot:?}"
                    );
                    check!(aged.insert(slot), "{slot:?}: aged twice");
                    slot = (*slot).aged_next;
                }
            }
            let (mut want_listed, mut want_current, mut want_aged, mut waiting) = (0, 0, 0, 0);
            for slot in slots.keys().map(|pool| &**pool) {
                want_listed += is_to_be_listed(slot) as usize;
                want_current += matches!(slot.state, State::Current | State::Open) as usize;
                want_aged += (slot.age < 2) as usize;
                waiting += (slot.pending > 0) as usize;
            }
            check!(want_listed == listed.len(), "{} pools are listed, {want_listed} should be", listed.len());
            check!(want_current == current, "{current} pools are current, {want_current} think so");
            check!(want_aged == aged.len(), "{} slots are aged, {want_aged} think so", aged.len());
            let mut slot = self.pending;
            while !slot.is_null() && waiting > 0 {
                check!(slots.contains_key(&slot) && (*slot).pending > 0, "{slot:?}: pending without reason");
                waiting -= 1;
                slot = (*slot).pending_next;
            }
            check!(waiting == 0 && slot.is_null(), "slots with pending objects are not on the list");
        }
        Ok(())
    }

    /// The charge is the sum of its parts; the arenas' counts fit their bits.
    fn check_charge(&self) -> Checked {
        check!(self.traces_add_up(), "the traces' sum is another");
        let stats = self.stats();
        let sum = self.pools * SLOT_BYTES + stats.large_bytes + self.external;
        check!(sum == self.charged, "charged {} for what should be {sum}", self.charged);
        check!(self.charged <= self.peak, "charged {} above the peak {}", self.charged, self.peak);
        let (mut retained, mut empty, mut taken) = (0, 0, 0);
        for arena in &self.arenas.table {
            check!(
                arena.free & arena.pools == 0 && arena.dirty & !arena.free == 0,
                "an arena's bits overlap"
            );
            check!(arena.map.is_some() || arena.free | arena.pools == 0, "a vacant arena has slots");
            retained += arena.dirty.count_ones();
            empty += (arena.free == u16::MAX) as u32;
            taken += if arena.map.is_some() { arena.free.count_zeros() as usize } else { 0 };
        }
        check!(retained == self.arenas.retained && retained <= RETAINED_SLOTS, "{retained} slots retained");
        check!(empty == self.arenas.empty && empty <= 1, "{empty} empty arenas");
        let mut runs = 0;
        for kind in [OBJECT, BUFFER] {
            let mut slot = self.large[kind];
            while !slot.is_null() {
                // SAFETY: the list holds live large blocks of this heap.
                unsafe {
                    runs += (*large_of(slot)).slots() as usize;
                    slot = (*slot).next;
                }
            }
        }
        check!(taken == self.pools + runs, "{taken} slots taken for {} pools and {runs} of runs", self.pools);
        Ok(())
    }

    /// Every object's header and references; every block that is neither free nor an object.
    unsafe fn check_objects(&self, slots: &mut HashMap<*mut Slot, Seen>, report: &mut HeapReport) -> Checked {
        let mut references: HashMap<(*mut Slot, usize), u32> = HashMap::new();
        // SAFETY: as in `verify`; a referent is looked up among the live blocks before it is read.
        unsafe {
            for (&slot, seen) in slots.iter() {
                if (*slot).kind as usize == BUFFER {
                    continue;
                }
                let mut pending = 0;
                for i in (0..(*slot).extended as usize).filter(|i| !seen.free.contains(i)) {
                    let p = block(slot, i).cast::<Header>();
                    self.check_object(slot, p, report)?;
                    let waits = p.as_ref().has(HeaderFlags::PENDING);
                    check!(!waits || i >= (*slot).pending_first as usize, "{p:?}: pending before the first");
                    pending += waits as usize;
                    // What dies is taken apart at the moment: nobody can tell what of it is still there.
                    if p.as_ref().refs() == 0 && !waits {
                        continue;
                    }
                    let mut wrong = None;
                    (self.hooks.trace)(self.context, p, &mut |c: ObjPtr| {
                        report.references += 1;
                        let target = slot_of(c);
                        let live = slots.get(&target).and_then(|seen| {
                            let index = block_index(target, c)?;
                            let used = index < (*target).extended as usize && !seen.free.contains(&index);
                            (used && (*target).kind as usize == OBJECT).then_some(index)
                        });
                        match live {
                            Some(index) => *references.entry((target, index)).or_default() += 1,
                            None => wrong = Some(c),
                        }
                    });
                    if let Some(c) = wrong {
                        return Err(format!("{p:?} refers to {c:?}, which is no live object"));
                    }
                }
                check!(pending == (*slot).pending as usize, "{slot:?}: {pending} objects are pending");
                report.pending += pending;
            }
        }
        for ((slot, index), count) in references {
            if let Some(seen) = slots.get_mut(&slot) {
                seen.references[index] = count;
            }
        }
        Ok(())
    }

    unsafe fn check_object(&self, slot: *mut Slot, p: ObjPtr, report: &mut HeapReport) -> Checked {
        // SAFETY: the caller found p to be a block of this live slot that is not free.
        unsafe {
            let header = p.as_ref();
            check!(!header.shape().is_none(), "{p:?}: in use, but without a header");
            check!(
                !header.has(HeaderFlags::CANDIDATE | HeaderFlags::REACHED),
                "{p:?}: the collector's flags are on"
            );
            report.objects += 1;
            report.immortal += header.is_immortal() as usize;
            if header.has(HeaderFlags::TRACKED) {
                report.tracked[header.generation().min(2) as usize] += 1;
                check!((*slot).age <= header.generation(), "{p:?}: younger than its slot");
            } else {
                check!(
                    header.generation() == 0 || header.is_frozen() || header.is_settled(),
                    "{p:?}: untracked, but of a generation"
                );
            }
            check!(
                !header.has(HeaderFlags::PENDING) || header.refs() == 0,
                "{p:?}: pending, but referred to"
            );
            let dying = header.has(HeaderFlags::PENDING) || self.release_depth > 0;
            check!(header.refs() != 0 || dying, "{p:?}: no references, but alive");
            if header.refs() == 0 && !header.has(HeaderFlags::PENDING) {
                return Ok(());
            }
            let size = Heap::usable_size((self.hooks.size)(self.context, p));
            let block_bytes = match (*slot).state {
                State::Large => (*large_of(slot)).charged - crate::slot::LARGE_OFFSET,
                _ => (*slot).block_bytes as usize,
            };
            check!(size == block_bytes, "{p:?}: wants a block of {size} bytes and has one of {block_bytes}");
        }
        Ok(())
    }

    /// No object is referred to more often than it counts.
    unsafe fn check_counts(&self, slots: &HashMap<*mut Slot, Seen>) -> Checked {
        for (&slot, seen) in slots {
            for (i, found) in seen.references.iter().enumerate().filter(|(_, found)| **found > 0) {
                // SAFETY: only live objects were counted.
                let (p, header) = unsafe {
                    let p = block(slot, i).cast::<Header>();
                    (p, p.as_ref())
                };
                let enough = header.is_immortal() || header.refs() >= *found;
                check!(enough, "{p:?}: counts {} references, has {found}", header.refs());
            }
        }
        Ok(())
    }
}

/// Whether a pool is to be on the list of those with room.
fn is_to_be_listed(slot: &Slot) -> bool {
    slot.state == State::Listed || slot.state == State::Watched && slot.has_room()
}
