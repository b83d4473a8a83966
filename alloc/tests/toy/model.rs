//! A heap and a plain model of it, side by side: see `model.rs`, which drives them by seeds, and the fuzz target `heap`, which
//! drives them by bytes.
//!
//! The model knows which objects exist, who refers to whom, how many references the test itself holds, and
//! each object's generation. After every step the objects that the heap freed must be the ones that the model
//! lost, and after every program `verify` must find the heap whole.

// Every unsafe call here is one that the test is about, or goes to the toy VM, which keeps the heap's rules
// by construction.
#![allow(clippy::undocumented_unsafe_blocks)]

use super::{Buffer, Random, Toy, drop_ref, edge, node, set_edge};
use ryokan_alloc::{Config, Heap, IMMORTAL, ObjPtr, SMALL_MAX};
use std::collections::{BTreeMap, BTreeSet};

struct Thing {
    at: ObjPtr,
    edges: Vec<Option<u32>>,
    held: u32,
    generation: Option<usize>,
    immortal: bool,
}

/// Both.
pub struct Model {
    toy: Toy,
    things: BTreeMap<u32, Thing>,
    buffers: Vec<Buffer>,
    charged: Vec<usize>,
    next_id: u32,
    random: Random,
}

impl Model {
    /// An empty heap and an empty model; choices come from `random`.
    pub fn new(random: Random) -> Model {
        Model {
            toy: Toy::new(Config::default(), true),
            things: BTreeMap::new(),
            buffers: Vec::new(),
            charged: Vec::new(),
            next_id: 0,
            random,
        }
    }

    /// An object that the test holds a reference to.
    fn pick_held(&mut self) -> Option<u32> {
        let held: Vec<u32> = self.things.iter().filter(|(_, t)| t.held > 0).map(|(id, _)| *id).collect();
        let i = self.random.below(held.len());
        held.get(i).copied()
    }

    /// How many references the model's objects hold to this one.
    fn referrers(&self, id: u32) -> usize {
        self.things.values().flat_map(|t| &t.edges).filter(|e| **e == Some(id)).count()
    }

    /// Removes what nobody refers to, from these objects on.
    fn lose(&mut self, from: Vec<u32>) -> BTreeSet<u32> {
        let mut lost = BTreeSet::new();
        let mut work = from;
        while let Some(id) = work.pop() {
            let dead =
                self.things.get(&id).is_some_and(|t| t.held == 0 && !t.immortal) && self.referrers(id) == 0;
            if dead {
                lost.insert(id);
                work.extend(self.things.remove(&id).unwrap().edges.into_iter().flatten());
            }
        }
        lost
    }

    fn check_freed(&mut self, lost: BTreeSet<u32>, what: &str) {
        let freed = std::mem::take(&mut *self.toy.log.freed.borrow_mut());
        assert_eq!(freed.len(), freed.iter().collect::<BTreeSet<_>>().len(), "{what}: freed twice");
        assert_eq!(freed.into_iter().collect::<BTreeSet<_>>(), lost, "{what}");
    }

    /// Whether a fuzzer's bytes are used up.
    pub fn is_over(&self) -> bool {
        self.random.is_over()
    }

    /// Does one thing to both.
    pub fn step(&mut self) {
        match self.random.below(100) {
            0..28 => self.allocate(),
            28..60 => self.link(),
            60..66 => self.hold(),
            66..84 => self.unhold(),
            84..90 => self.buffer(),
            90..93 => self.resize(),
            93..95 => self.charge(),
            95..97 => self.collect(),
            97 => self.toy.heap.trim(),
            98 => self.arm(),
            _ => self.cap(),
        }
    }

    fn edges(&mut self) -> u32 {
        match self.random.below(400) {
            399 => 140_000,
            396..399 => 5_000 + self.random.below(20_000) as u32,
            380..396 => self.random.below(600) as u32,
            _ => self.random.below(8) as u32,
        }
    }

    fn allocate(&mut self) {
        let edges = self.edges();
        let tracked = !self.random.chance(6);
        let Some(at) = self.toy.node(self.next_id, edges, tracked) else { return };
        let immortal = self.random.chance(60);
        if immortal {
            unsafe { at.as_ref().set_refs(IMMORTAL) };
        }
        let edges = vec![None; edges as usize];
        let generation = tracked.then_some(0);
        self.things.insert(self.next_id, Thing { at, edges, held: 1, generation, immortal });
        self.next_id += 1;
    }

    fn link(&mut self) {
        let (Some(a), b) = (self.pick_held(), self.pick_held()) else { return };
        let b = b.filter(|_| !self.random.chance(5));
        let thing = &self.things[&a];
        if thing.edges.is_empty() {
            return;
        }
        let i = self.random.below(thing.edges.len().min(12));
        set_edge(self.things[&a].at, i as u32, b.map(|b| self.things[&b].at));
        let old = std::mem::replace(&mut self.things.get_mut(&a).unwrap().edges[i], b);
        let lost = self.lose(old.into_iter().collect());
        self.check_freed(lost, "link");
    }

    fn hold(&mut self) {
        // Along an edge, so that objects that only others refer to come back into hand.
        let Some(a) = self.pick_held() else { return };
        let reachable: Vec<u32> = self.things[&a].edges.iter().take(12).flatten().copied().collect();
        let b = reachable.get(self.random.below(reachable.len())).copied().unwrap_or(a);
        let thing = self.things.get_mut(&b).unwrap();
        thing.held += 1;
        unsafe { thing.at.as_ref().incref() };
    }

    fn unhold(&mut self) {
        let Some(a) = self.pick_held() else { return };
        let thing = self.things.get_mut(&a).unwrap();
        thing.held -= 1;
        drop_ref(thing.at);
        let lost = self.lose(vec![a]);
        self.check_freed(lost, "unhold");
    }

    fn buffer(&mut self) {
        let sizes = [16, 100, 1000, 10_000, SMALL_MAX, SMALL_MAX + 1, 200_000, 900_000, 1_100_000, 3_000_000];
        let size = sizes[self.random.below(sizes.len())];
        let bytes = self.random.below(size) + 1;
        let seed = self.random.next() as u8;
        let i = self.random.below(self.buffers.len());
        match self.random.below(3) {
            0 => {
                let Some(at) = self.toy.heap.alloc_buffer(bytes) else { return };
                self.buffers.push(Buffer::fill(at, bytes, seed));
            }
            1 if !self.buffers.is_empty() => {
                let old = &self.buffers[i];
                let to = if self.random.chance(2) { old.bytes + old.bytes / 8 + 1 } else { bytes };
                let Some(at) = (unsafe { self.toy.heap.resize_buffer(old.at, old.bytes, to) }) else {
                    return old.check(old.bytes);
                };
                Buffer { at, bytes: old.bytes, seed: old.seed }.check(to);
                self.buffers[i] = Buffer::fill(at, to, seed);
            }
            _ if !self.buffers.is_empty() => {
                let old = self.buffers.swap_remove(i);
                old.check(old.bytes);
                unsafe { self.toy.heap.free_buffer(old.at, old.bytes) };
            }
            _ => {}
        }
    }

    fn resize(&mut self) {
        let Some(a) = self.pick_held() else { return };
        let alone = self.things[&a].held == 1 && self.referrers(a) == 0 && !self.things[&a].immortal;
        if !alone {
            return;
        }
        let to = self.edges();
        let thing = self.things.get_mut(&a).unwrap();
        let cut: Vec<u32> = thing.edges.iter().skip(to as usize).flatten().copied().collect();
        for e in thing.edges.iter_mut().skip(to as usize) {
            *e = None;
        }
        if let Some(at) = self.toy.resize(thing.at, to) {
            thing.at = at;
            thing.edges.resize(to as usize, None);
        }
        let lost = self.lose(cut);
        self.check_freed(lost, "resize");
    }

    fn charge(&mut self) {
        let bytes = self.random.below(100_000);
        if self.random.chance(2) {
            if self.toy.heap.charge(bytes) {
                self.charged.push(bytes);
            }
        } else if let Some(bytes) = self.charged.pop() {
            self.toy.heap.uncharge(bytes);
        }
    }

    fn arm(&mut self) {
        let nth = self.random.chance(3).then(|| self.random.below(40) as u64);
        self.toy.heap.set_fail_alloc(nth);
    }

    fn cap(&mut self) {
        let used = self.toy.heap.used_bytes();
        let limit = self.random.chance(2).then(|| used + self.random.below(300_000));
        self.toy.heap.set_limit(limit);
    }

    /// The objects that a collection of generation g examines.
    fn candidates(&self, g: usize) -> BTreeSet<u32> {
        let young = self.things.iter().filter(|(_, t)| t.generation.is_some_and(|of| of <= g) && !t.immortal);
        young.map(|(id, _)| *id).collect()
    }

    /// Those of these objects that only each other hold.
    fn unreachable(&self, candidates: &BTreeSet<u32>) -> BTreeSet<u32> {
        let roots = self.things.iter().filter(|(id, t)| t.held > 0 || !candidates.contains(id));
        let mut work: Vec<u32> = roots.map(|(id, _)| *id).collect();
        let mut reached = BTreeSet::new();
        while let Some(id) = work.pop() {
            if reached.insert(id) {
                work.extend(self.things[&id].edges.iter().flatten());
            }
        }
        self.things.keys().copied().filter(|id| !reached.contains(id)).collect()
    }

    fn collect(&mut self) {
        let g = self.random.below(3);
        let Ok(mut garbage) = (unsafe { self.toy.heap.find_garbage(g) }) else { return };
        let mut expected = self.unreachable(&self.candidates(g));
        for t in self.things.values_mut().filter(|t| t.generation.is_some_and(|of| of <= g)) {
            t.generation = Some((g + 1).min(2));
        }
        let found: BTreeSet<u32> = garbage.objects().iter().map(|p| node(*p).id).collect();
        assert_eq!(found, expected, "garbage of generation {g}");
        self.toy.verify();
        if !found.is_empty() && self.random.chance(2) {
            // A finalizer saves one of them, and allocates.
            let saved = *expected.iter().nth(self.random.below(expected.len())).unwrap();
            let thing = self.things.get_mut(&saved).unwrap();
            thing.held += 1;
            unsafe { thing.at.as_ref().incref() };
            self.allocate();
            expected = self.unreachable(&found);
            let Ok(all) = (unsafe { self.toy.heap.still_garbage(&mut garbage) }) else {
                // No memory to find out: what was saved must live, so nothing is cleared.
                unsafe { Heap::release_garbage(garbage) };
                return self.check_freed(BTreeSet::new(), "abandoned collection");
            };
            assert!(!all);
            let left: BTreeSet<u32> = garbage.objects().iter().map(|p| node(*p).id).collect();
            assert_eq!(left, expected, "still garbage");
            self.toy.verify();
        }
        super::finish(garbage);
        let mut outside = Vec::new();
        for id in &expected {
            outside.extend(self.things.remove(id).unwrap().edges.into_iter().flatten());
        }
        let mut lost = self.lose(outside);
        lost.extend(expected);
        self.check_freed(lost, "collect");
    }

    /// Every object, count and edge must be the same.
    pub fn compare(&self) {
        let report = self.toy.verify();
        assert_eq!(report.objects, self.things.len());
        let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
        for id in self.things.values().flat_map(|t| t.edges.iter().flatten()) {
            *counts.entry(*id).or_default() += 1;
        }
        for (id, t) in &self.things {
            assert_eq!(node(t.at).id, *id);
            let count = counts.get(id).copied().unwrap_or(0) + t.held;
            assert!(t.immortal || unsafe { t.at.as_ref().refs() } == count, "count of {id}");
            let generation = super::is_tracked(t.at).then(|| unsafe { t.at.as_ref().generation() } as usize);
            assert_eq!(generation, t.generation, "generation of {id}");
            for (i, e) in t.edges.iter().enumerate() {
                assert_eq!(edge(t.at, i as u32), e.map(|e| self.things[&e].at));
            }
        }
    }

    /// Lets everything go; the heap must be empty then.
    pub fn end(mut self) {
        self.toy.heap.set_fail_alloc(None);
        self.toy.heap.set_limit(None);
        for b in std::mem::take(&mut self.buffers) {
            b.check(b.bytes);
            unsafe { self.toy.heap.free_buffer(b.at, b.bytes) };
        }
        for bytes in std::mem::take(&mut self.charged) {
            self.toy.heap.uncharge(bytes);
        }
        for (id, t) in &self.things {
            // One reference more each, while the immortal become mortal and cycles without a tracked object
            // are broken.
            let refs = self.referrers(*id) as u32 + t.held + 1;
            unsafe { t.at.as_ref().set_refs(refs) };
        }
        for t in self.things.values().filter(|t| t.generation.is_none()) {
            super::clear(t.at);
        }
        let drops: Vec<(ObjPtr, u32)> = self.things.values().map(|t| (t.at, t.held + 1)).collect();
        for (at, held) in drops {
            (0..held).for_each(|_| drop_ref(at));
        }
        self.toy.collect(2).unwrap();
        assert_eq!(self.toy.verify().objects, 0);
        self.toy.heap.trim();
        assert_eq!(self.toy.heap.used_bytes(), 0);
        self.toy.verify();
    }
}
