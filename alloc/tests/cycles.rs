//! Freeing long chains, and the collector's policy.

// Every unsafe call here is one that the test is about, or goes to the toy VM, which keeps the heap's rules
// by construction.
#![allow(clippy::undocumented_unsafe_blocks)]

mod toy;

use ryokan_alloc::{Config, HeaderFlags, Heap, ObjPtr};
use toy::{Toy, drop_ref, edge, node, set_edge};

/// a -> b -> c -> ..., held by its first node.
fn chain(toy: &mut Toy, length: u32) -> ObjPtr {
    let mut head = toy.node(0, 1, true).unwrap();
    for i in 1..length {
        let next = toy.node(i, 1, true).unwrap();
        set_edge(next, 0, Some(head));
        drop_ref(head);
        head = next;
    }
    head
}

#[test]
fn a_chain_of_a_million_is_freed_in_a_small_stack() {
    let free = || {
        let mut toy = Toy::new(Config::default(), false);
        let head = chain(&mut toy, 1_000_000);
        // Not a byte is needed to free it.
        toy.heap.set_limit(Some(0));
        drop_ref(head);
        assert_eq!(toy.verify().objects, 0);
        assert!(toy.heap.used_bytes() <= 2 * ryokan_alloc::SLOT_BYTES);
    };
    std::thread::Builder::new().stack_size(256 << 10).spawn(free).unwrap().join().unwrap();
}

#[test]
fn wide_trees_at_the_nesting_limit_are_freed() {
    for above in 40..60 {
        let mut toy = Toy::new(Config::default(), true);
        let mut top = toy.node(0, 600, true).unwrap();
        for i in 0..600 {
            // Leaves of several classes, each with a child of its own.
            let leaf = toy.node(i, 1 + i % 4 * 5, true).unwrap();
            let child = toy.node(i, 0, true).unwrap();
            set_edge(leaf, 0, Some(child));
            drop_ref(child);
            // The last made is dropped first, so that the queue of a pool grows at its front.
            set_edge(top, 599 - i, Some(leaf));
            drop_ref(leaf);
        }
        for _ in 0..above {
            let parent = toy.node(0, 1, true).unwrap();
            set_edge(parent, 0, Some(top));
            drop_ref(top);
            top = parent;
        }
        let objects = toy.verify().objects;
        drop_ref(top);
        assert_eq!(toy.log.freed.borrow().len(), objects);
        let report = toy.verify();
        assert_eq!((report.objects, report.pending), (0, 0));
    }
}

#[test]
fn a_ring_of_a_million_is_collected() {
    let mut toy = Toy::new(Config::default(), false);
    let head = chain(&mut toy, 1_000_000);
    let mut last = head;
    while let Some(next) = edge(last, 0) {
        last = next;
    }
    set_edge(last, 0, Some(head));
    assert_eq!(toy.collect(2), Some(0));
    drop_ref(head);
    assert_eq!(toy.collect(0), Some(0));
    assert_eq!(toy.collect(1), Some(0));
    assert_eq!(toy.collect(2), Some(1_000_000));
    assert_eq!(toy.verify().objects, 0);
}

#[test]
fn a_collection_that_is_refused_changes_nothing() {
    let mut toy = Toy::new(Config::default(), false);
    let head = chain(&mut toy, 100_000);
    toy.heap.set_limit(Some(0));
    assert_eq!(toy.collect(2), None);
    let report = toy.verify();
    assert_eq!((report.objects, report.tracked), (100_000, [100_000, 0, 0]));
    drop_ref(head);
    assert_eq!(toy.verify().objects, 0);
}

#[test]
fn generations_are_due_as_in_cpython() {
    let mut toy = Toy::new(Config::default(), false);
    let mut due = [0; 3];
    let mut kept = Vec::new();
    for i in 0..600_000 {
        if let Some(generation) = toy.heap.generation_due() {
            due[generation] += 1;
            toy.collect(generation).unwrap();
        }
        kept.push(toy.node(i, 1, true).unwrap());
    }
    // 299 collections in all. After 11 of generation 0 comes one of generation 1; after 11 of those, a full
    // one. 299 = (11 * 12 + 1) + (11 * 12 + 1) + (2 * 12 + 9).
    assert_eq!(due, [273, 24, 2]);
    assert_eq!(toy.heap.gc_stats.map(|s| s.collections), due);
    // Garbage of an old generation is not found by a young collection.
    set_edge(kept[0], 0, Some(kept[0]));
    drop_ref(kept.swap_remove(0));
    assert_eq!(toy.collect(1), Some(0));
    assert_eq!(toy.collect(2), Some(1));
    toy.heap.set_gc_enabled(false);
    assert!(!toy.heap.collection_due());
    kept.into_iter().for_each(drop_ref);
}

#[test]
fn what_a_finalizer_saves_leaves_the_list_with_all_it_reaches() {
    let mut toy = Toy::new(Config::default(), true);
    // Two rings, a <-> b and c <-> d; d -> b.
    let ring: Vec<ObjPtr> = (0..4).map(|i| toy.node(i, 2, true).unwrap()).collect();
    for (from, to) in [(0, 1), (1, 0), (2, 3), (3, 2)] {
        set_edge(ring[from], 0, Some(ring[to]));
    }
    set_edge(ring[3], 1, Some(ring[1]));
    ring.iter().for_each(|p| drop_ref(*p));
    let mut garbage = unsafe { toy.heap.find_garbage(0) }.unwrap();
    assert_eq!(garbage.len(), 4);
    assert_eq!(unsafe { toy.heap.still_garbage(&mut garbage) }, Ok(true));
    unsafe { ring[0].as_ref().incref() };
    assert_eq!(unsafe { toy.heap.still_garbage(&mut garbage) }, Ok(false));
    assert_eq!(garbage.objects().iter().map(|p| node(*p).id).collect::<Vec<_>>(), [2, 3]);
    toy.verify();
    toy::finish(garbage);
    assert_eq!(toy.log.freed.borrow().len(), 2);
    let report = toy.verify();
    assert_eq!((report.objects, report.tracked), (2, [0, 2, 0]));
    drop_ref(ring[0]);
    assert_eq!(toy.collect(2), Some(2));
}

#[test]
fn objects_in_the_middle_of_being_freed_are_no_candidates() {
    let mut toy = Toy::new(Config::default(), false);
    let p = toy.node(0, 1, true).unwrap();
    let q = toy.node(1, 0, true).unwrap();
    set_edge(p, 0, Some(q));
    drop_ref(q);
    unsafe { p.as_ref().set_refs(0) };
    assert_eq!(toy.collect(2), Some(0));
    unsafe { p.as_ref().set_refs(1) };
    assert!(!unsafe { p.as_ref().has(HeaderFlags::CANDIDATE | HeaderFlags::REACHED) });
    drop_ref(p);
    assert_eq!(unsafe { toy.heap.verify() }.unwrap().objects, 0);
    assert_eq!(Heap::usable_size(1), 16);
}
