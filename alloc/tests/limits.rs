//! Caps, the reserve, refused allocations, and memory given back.

// Every unsafe call here is one that the test is about, or goes to the toy VM, which keeps the heap's rules
// by construction.
#![allow(clippy::undocumented_unsafe_blocks)]

mod toy;

use ryokan_alloc::{
    Config, Header, HeaderFlags, Heap, InternTable, ObjPtr, RESERVE_BYTES, SLOT_BYTES, SMALL_MAX, ShapeId,
};
use std::ptr::NonNull;
use toy::{Toy, drop_ref, set_edge};

#[test]
fn absurd_requests_are_refused_at_once() {
    for limit_bytes in [None, Some(1 << 30)] {
        let mut heap = Heap::new(Config { limit_bytes, fail_alloc: None });
        for bytes in
            [10usize.pow(18), usize::MAX, usize::MAX - 63, usize::MAX / 2, isize::MAX as usize, 1 << 62]
        {
            assert_eq!(heap.alloc_buffer(bytes), None);
            assert_eq!(heap.alloc_object(bytes), None);
            assert!(limit_bytes.is_none() || !heap.charge(bytes));
            Heap::usable_size(bytes);
        }
        assert_eq!(heap.used_bytes(), 0);
        assert!(heap.charge(100) && !heap.charge(usize::MAX - 50));
        let p = heap.alloc_buffer(100_000).unwrap();
        assert_eq!(unsafe { heap.resize_buffer(p, 100_000, usize::MAX) }, None);
        assert_eq!(unsafe { heap.resize_buffer(p, 100_000, 10usize.pow(18)) }, None);
        unsafe { heap.free_buffer(p, 100_000) };
        heap.uncharge(100);
        unsafe { heap.verify() }.unwrap();
    }
}

#[test]
fn the_cap_holds_and_is_soft_only_for_the_reserve() {
    let limit = 20 * SLOT_BYTES;
    let mut toy = Toy::new(Config { limit_bytes: Some(limit), fail_alloc: None }, false);
    let mut nodes = Vec::new();
    while let Some(p) = toy.node(0, 4, true) {
        nodes.push(p);
        assert!(toy.heap.used_bytes() <= limit);
    }
    assert_eq!(toy.heap.used_bytes(), limit);
    assert_eq!(toy.heap.peak_bytes(), limit);
    assert_eq!(toy.heap.alloc_object(SMALL_MAX), None);
    toy.heap.open_reserve();
    toy.heap.open_reserve();
    let error = toy.node(0, 9, true).expect("the reserve has room for another pool");
    toy.heap.close_reserve();
    assert!(toy.heap.used_bytes() <= limit + RESERVE_BYTES);
    assert!(toy.heap.charge(RESERVE_BYTES - SLOT_BYTES));
    toy.heap.uncharge(RESERVE_BYTES - SLOT_BYTES);
    toy.heap.close_reserve();
    assert!(!toy.heap.charge(0x100) && toy.node(0, 1000, false).is_none());
    toy.verify();
    drop_ref(error);
    nodes.into_iter().for_each(drop_ref);
    // Refused until now; freeing made room, and pools that only wait are given back for other classes.
    let all = toy.heap.alloc_buffer(limit - 128 - 4 * SLOT_BYTES).unwrap();
    unsafe { toy.heap.free_buffer(all, limit - 128 - 4 * SLOT_BYTES) };
    assert_eq!(toy.verify().objects, 0);
}

#[test]
fn a_cap_below_what_is_used_refuses_until_enough_is_freed() {
    let mut heap = Heap::new(Config::default());
    let p = heap.alloc_buffer(10 << 20).unwrap();
    heap.set_limit(Some(1 << 20));
    assert_eq!(heap.alloc_buffer(100), None);
    let p =
        unsafe { heap.resize_buffer(p, 10 << 20, 900_000) }.expect("shrinking is always possible in place");
    assert!(heap.used_bytes() <= 1 << 20);
    assert!(heap.alloc_buffer(100).is_some());
    unsafe { heap.free_buffer(p, 900_000) };
    unsafe { heap.verify() }.unwrap();
}

#[test]
fn large_buffers_grow_in_place() {
    let mut heap = Heap::new(Config::default());
    let mut bytes = 2 << 20;
    let mut p = heap.alloc_buffer(bytes).unwrap();
    let mut moves = 0;
    while bytes < 64 << 20 {
        let more = bytes + bytes / 8;
        let q = unsafe { heap.resize_buffer(p, bytes, more) }.unwrap();
        moves += (p != q) as u32;
        (p, bytes) = (q, more);
    }
    assert!(moves <= 5, "{moves} moves for five doublings");
    assert!(heap.used_bytes() < bytes + 2 * 4096);
    unsafe { heap.free_buffer(p, bytes) };
    assert_eq!(heap.used_bytes(), 0);
}

#[test]
fn an_open_reserve_holds_the_refusal_back() {
    let mut heap = Heap::new(Config { limit_bytes: None, fail_alloc: Some(2) });
    assert!(heap.alloc_buffer(20).is_some());
    heap.open_reserve();
    assert!(heap.alloc_buffer(20).is_some() && heap.alloc_object(5000).is_some() && heap.charge(1));
    heap.close_reserve();
    assert_eq!(heap.counted_allocations(), 1);
    assert_eq!(heap.alloc_buffer(20), None);
    assert!(heap.alloc_buffer(20).is_some());
}

/// A bit of everything. Gives up cleanly where an allocation is refused.
fn script(toy: &mut Toy, kept: &mut Vec<ObjPtr>, table: &mut InternTable) -> Option<()> {
    for i in 0..40 {
        let p = toy.node(i, i % 7, true)?;
        kept.push(p);
        if i % 7 > 0 {
            set_edge(p, 0, Some(kept[i as usize / 2]));
        }
        table.insert(hash(p), p, hash).ok()?;
    }
    let buffer = toy.heap.alloc_buffer(1000)?;
    match unsafe { toy.heap.resize_buffer(buffer, 1000, 200_000) } {
        Some(larger) => unsafe { toy.heap.free_buffer(larger, 200_000) },
        None => {
            unsafe { toy.heap.free_buffer(buffer, 1000) };
            return None;
        }
    }
    if !toy.heap.charge(5000) {
        return None;
    }
    toy.heap.uncharge(5000);
    for generation in 0..3 {
        toy.collect(generation)?;
    }
    kept.push(toy.node(99, 200_000, true)?);
    Some(())
}

fn hash(p: ObjPtr) -> u64 {
    (p.as_ptr().addr() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

#[test]
fn whichever_allocation_is_refused_the_heap_stays_whole() {
    let run = |nth: u64| {
        let mut toy = Toy::new(Config { limit_bytes: None, fail_alloc: Some(nth) }, false);
        let mut table = unsafe { InternTable::new(NonNull::from(&mut *toy.heap)) };
        let mut kept = Vec::new();
        let done = script(&mut toy, &mut kept, &mut table).is_some();
        let counted = toy.heap.counted_allocations();
        toy.verify();
        for p in &kept {
            table.remove(hash(*p), *p);
        }
        assert!(table.is_empty());
        drop(table);
        kept.into_iter().for_each(drop_ref);
        assert_eq!(toy.verify().objects, 0);
        toy.heap.trim();
        assert_eq!(toy.heap.used_bytes(), 0);
        (done, counted)
    };
    let (done, total) = run(u64::MAX);
    assert!(done && total > 50, "{total} allocations");
    for nth in 1..=total {
        let (done, counted) = run(nth);
        assert!(!done && counted == nth, "allocation {nth} of {total} was not refused");
    }
    assert!(run(total + 1).0);
}

#[test]
fn the_interns_find_what_they_hold() {
    let mut toy = Toy::new(Config::default(), false);
    let mut table = unsafe { InternTable::new(NonNull::from(&mut *toy.heap)) };
    let nodes: Vec<ObjPtr> = (0..5000).map(|i| toy.node(i, 0, false).unwrap()).collect();
    let before = toy.heap.used_bytes();
    for p in &nodes {
        assert_eq!(table.find(hash(*p), |q| q == *p), None);
        table.insert(hash(*p), *p, hash).unwrap();
    }
    assert!(table.bytes() > 5000 * 9 && toy.heap.used_bytes() - before >= table.bytes());
    for p in nodes.iter().step_by(2) {
        assert!(table.remove(hash(*p), *p) && !table.remove(hash(*p), *p));
    }
    assert_eq!((table.len(), table.iter().count()), (2500, 2500));
    for (i, p) in nodes.iter().enumerate() {
        assert_eq!(table.find(hash(*p), |q| q == *p), (i % 2 == 1).then_some(*p));
    }
    // Full, and no byte to grow with: what is there stays there.
    toy.heap.set_limit(Some(0));
    let before = table.len();
    let more = nodes.iter().step_by(2).chain(&nodes).find(|p| table.insert(hash(**p), **p, hash).is_err());
    assert!(more.is_some() && table.len() > before);
    assert_eq!(table.find(hash(nodes[1]), |q| q == nodes[1]), Some(nodes[1]));
}

#[test]
fn empty_pools_and_arenas_go_back() {
    let mut toy = Toy::new(Config::default(), false);
    let nodes: Vec<ObjPtr> = (0..200_000).map(|i| toy.node(i, 6, true).unwrap()).collect();
    let full = toy.heap.stats();
    assert!(full.arenas >= 12 && full.used_bytes >= 200_000 * 64);
    nodes.into_iter().for_each(drop_ref);
    let empty = toy.heap.stats();
    assert!(empty.pools() <= 2, "{empty}");
    assert!(empty.arenas <= 3, "{empty}");
    assert_eq!(toy.verify().objects, 0);
}

#[test]
fn any_object_names_its_heap() {
    let (mut a, mut b) = (Toy::new(Config::default(), false), Toy::new(Config::default(), false));
    for edges in [0, 5, 1000, 5000, 200_000] {
        let (p, q) = (a.node(0, edges, false).unwrap(), b.node(0, edges, false).unwrap());
        unsafe {
            assert_eq!(Heap::heap_of(p).as_ptr(), &raw mut *a.heap);
            assert_eq!(Heap::heap_of(q).as_ptr(), &raw mut *b.heap);
        }
    }
}

#[test]
fn a_count_that_reaches_the_sign_bit_stays_there() {
    let header = Header::new(ShapeId::new(1), HeaderFlags::empty(), i32::MAX as u32 - 1);
    header.incref();
    assert!(!header.is_immortal() && header.refs() == i32::MAX as u32);
    header.incref();
    assert!(header.is_immortal());
    header.incref();
    assert!(!header.decref() && !header.decref() && header.is_immortal());
}

#[test]
fn heaps_that_share_a_cap_stay_below_it_together() {
    const CAP: usize = 8 << 20;
    const BLOCK: usize = 100_000;
    let mut first = Heap::new(Config { limit_bytes: Some(CAP), fail_alloc: None });
    let mut second = Heap::new(Config::default());
    second.join(first.share());
    assert_eq!((first.limit(), second.limit()), (Some(CAP), Some(CAP)));
    let mut blocks = Vec::new();
    while let Some(block) = first.alloc_buffer(BLOCK) {
        blocks.push(block);
    }
    assert!(first.used_bytes() > CAP - CAP / 8, "{} bytes", first.used_bytes());
    assert_eq!(second.alloc_buffer(BLOCK), None);
    assert!(second.set_aside(BLOCK).is_none());
    // What the first one gives back, the other one can have.
    for block in blocks.drain(1..) {
        // SAFETY: it came from this heap, with this size, and nobody uses it.
        unsafe { first.free_buffer(block, BLOCK) };
    }
    first.give_rest_back();
    let aside = second.set_aside(CAP / 2).expect("there is room");
    assert!(second.alloc_buffer(CAP / 2).is_none());
    drop(aside);
    assert!(second.alloc_buffer(CAP / 2).is_some());
    assert!(first.used_bytes() + second.used_bytes() <= CAP);
    // And so what a heap leaves that goes.
    drop(second);
    assert!(first.alloc_buffer(CAP / 2).is_some());
    // A lower cap holds for whoever asks.
    first.set_limit(Some(CAP / 2));
    assert!(first.alloc_buffer(BLOCK).is_none());
    first.set_limit(None);
    assert!(first.alloc_buffer(CAP).is_some());
}
