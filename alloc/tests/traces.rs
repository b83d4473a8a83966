//! Traces: every block that is asked for while a heap traces is remembered until it is freed, whatever becomes of its pool.

// Every unsafe call here frees or resizes a block that the test has asked for, with its size.
#![allow(clippy::undocumented_unsafe_blocks)]

mod toy;

use ryokan_alloc::{Config, Header, HeaderFlags, Heap, Hooks, SLOT_BYTES, ShapeId, Trail};
use std::ptr::NonNull;

/// Numbers that look like chance.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn bytes(&mut self) -> usize {
        match self.below(20) {
            0 => 1 + self.below(3_000_000),
            1 => 1 + self.below(100_000),
            2..6 => 1 + self.below(4000),
            _ => 1 + self.below(200),
        }
    }
}

fn sum(heap: &Heap) -> (usize, usize) {
    let (mut count, mut bytes) = (0, 0);
    heap.each_trace(&mut |site, size| {
        assert_ne!(site, 0);
        count += 1;
        bytes += size;
    });
    (count, bytes)
}

#[test]
fn traces_follow_their_blocks() {
    let (mut heap, mut chance) = (Heap::new(Config::default()), Chance(7));
    // What was there before has no trace, and may be freed while others are traced.
    let mut old: Vec<(NonNull<u8>, usize)> = Vec::new();
    for _ in 0..2000 {
        let bytes = chance.bytes();
        old.push((heap.alloc_buffer(bytes).unwrap(), bytes));
    }
    for round in 0..3 {
        let mut blocks: Vec<(NonNull<u8>, usize)> = Vec::new();
        assert!(unsafe { heap.start_traces(None, 1, false) });
        if round != 2 {
            heap.sum_up_traces();
        }
        assert_eq!(heap.traced_bytes(), (0, 0));
        let (mut traced, mut peak) = (0, 0);
        for step in 0..6000 {
            match chance.below(10) {
                0..5 => {
                    let bytes = chance.bytes();
                    blocks.push((heap.alloc_buffer(bytes).unwrap(), bytes));
                    traced += bytes;
                }
                5..8 if !blocks.is_empty() => {
                    let (p, bytes) = blocks.swap_remove(chance.below(blocks.len()));
                    unsafe { heap.free_buffer(p, bytes) };
                    traced -= bytes;
                }
                8 if !old.is_empty() => {
                    let (p, bytes) = old.swap_remove(chance.below(old.len()));
                    unsafe { heap.free_buffer(p, bytes) };
                }
                _ if !blocks.is_empty() => {
                    let at = chance.below(blocks.len());
                    let (p, bytes) = blocks[at];
                    let more = chance.bytes();
                    blocks[at] = (unsafe { heap.resize_buffer(p, bytes, more) }.unwrap(), more);
                    // A block that moves is there twice for a moment.
                    peak = peak.max(traced + more);
                    traced = traced - bytes + more;
                }
                _ => {}
            }
            peak = peak.max(traced);
            assert_eq!(heap.traced_bytes().0, traced, "step {step}");
            assert!(heap.traced_bytes().1 <= peak);
            if step % 1000 == 0 {
                assert_eq!(sum(&heap), (blocks.len(), traced));
                unsafe { heap.verify() }.unwrap();
            }
        }
        heap.reset_traced_peak();
        assert_eq!(heap.traced_bytes(), (traced, traced));
        let keep = round == 1;
        if keep {
            heap.clear_traces();
            assert_eq!((sum(&heap), heap.traced_bytes()), ((0, 0), (0, 0)));
            unsafe { heap.verify() }.unwrap();
        }
        heap.stop_traces();
        assert_eq!((heap.traced_bytes(), heap.external_bytes()), ((0, 0), 0));
        unsafe { heap.verify() }.unwrap();
        blocks.into_iter().for_each(|(p, bytes)| unsafe { heap.free_buffer(p, bytes) });
        unsafe { heap.verify() }.unwrap();
    }
    old.into_iter().for_each(|(p, bytes)| unsafe { heap.free_buffer(p, bytes) });
    heap.trim();
    assert_eq!(heap.used_bytes(), 0);
}

/// In a large heap most tables are brief: an eighth of a byte for each byte of the smallest blocks less, and still every trace is right,
/// whatever becomes of the blocks, and also when all is summed up from then on.
#[test]
fn tables_of_full_pools_are_brief() {
    let (mut heap, mut chance) = (Heap::new(Config::default()), Chance(11));
    assert!(unsafe { heap.start_traces(None, 1, false) });
    let before = heap.external_bytes();
    let mut blocks: Vec<(NonNull<u8>, usize)> = Vec::new();
    let mut bytes = 0;
    let more = |heap: &mut Heap, blocks: &mut Vec<(NonNull<u8>, usize)>, size: usize| {
        blocks.push((heap.alloc_buffer(size).unwrap(), size));
        size
    };
    while bytes < 40 << 20 {
        // Small blocks of a few lengths, and one of many lengths now and then.
        let size = if chance.below(200) == 0 { chance.bytes() } else { 9 + chance.below(40) };
        bytes += more(&mut heap, &mut blocks, size);
    }
    let tables = heap.external_bytes() - before;
    assert!(tables * 12 < heap.used_bytes(), "{tables} of {}", heap.used_bytes());
    assert_eq!(sum(&heap), (blocks.len(), bytes));
    unsafe { heap.verify() }.unwrap();
    for round in 0..60_000 {
        let at = chance.below(blocks.len());
        let (p, size) = blocks[at];
        match chance.below(3) {
            0 => {
                bytes -= size;
                blocks.swap_remove(at);
                unsafe { heap.free_buffer(p, size) };
            }
            1 => {
                let size = 9 + chance.below(40);
                bytes += more(&mut heap, &mut blocks, size);
            }
            _ => {
                let new = 9 + chance.below(40);
                blocks[at] = (unsafe { heap.resize_buffer(p, size, new) }.unwrap(), new);
                bytes = bytes - size + new;
            }
        }
        if round % 20_000 == 0 {
            assert_eq!(sum(&heap), (blocks.len(), bytes));
            unsafe { heap.verify() }.unwrap();
        }
    }
    assert_eq!(sum(&heap), (blocks.len(), bytes));
    heap.sum_up_traces();
    assert_eq!((sum(&heap), heap.traced_bytes().0), ((blocks.len(), bytes), bytes));
    for (p, size) in blocks.drain(..blocks.len() / 2) {
        bytes -= size;
        unsafe { heap.free_buffer(p, size) };
    }
    assert_eq!((sum(&heap), heap.traced_bytes().0), ((blocks.len(), bytes), bytes));
    unsafe { heap.verify() }.unwrap();
    heap.stop_traces();
    blocks.into_iter().for_each(|(p, size)| unsafe { heap.free_buffer(p, size) });
    heap.trim();
    assert_eq!((heap.used_bytes(), heap.external_bytes()), (0, 0));
}

/// Where there is no memory to make a table whole, its blocks lose their traces, and nothing else does.
#[test]
fn what_a_cap_leaves_no_room_for_loses_its_trace() {
    let mut heap = Heap::new(Config::default());
    assert!(unsafe { heap.start_traces(None, 1, false) });
    let blocks: Vec<_> = (0..2_000_000).map(|_| heap.alloc_buffer(16).unwrap()).collect();
    heap.set_limit(Some(heap.used_bytes() + 100_000));
    heap.sum_up_traces();
    let (count, bytes) = sum(&heap);
    assert!(count > 0 && count < blocks.len() && bytes == 16 * count);
    assert_eq!(heap.traced_bytes().0, bytes);
    unsafe { heap.verify() }.unwrap();
    blocks.into_iter().for_each(|p| unsafe { heap.free_buffer(p, 16) });
    assert_eq!(heap.traced_bytes().0, 0);
    heap.stop_traces();
    heap.trim();
    assert_eq!((heap.used_bytes(), heap.external_bytes()), (0, 0));
}

#[test]
fn tables_are_charged_and_may_be_refused() {
    let mut heap = Heap::new(Config { limit_bytes: Some(4 * SLOT_BYTES), ..Config::default() });
    assert!(unsafe { heap.start_traces(None, 1, false) });
    heap.sum_up_traces();
    let mut blocks = Vec::new();
    while let Some(p) = heap.alloc_buffer(16) {
        blocks.push(p);
        assert!(heap.used_bytes() <= 4 * SLOT_BYTES);
    }
    // The table of a pool of the smallest blocks is half as large as the pool.
    assert!(heap.external_bytes() >= SLOT_BYTES / 3 && blocks.len() < 4 * SLOT_BYTES / 16);
    assert_eq!(sum(&heap), (blocks.len(), 16 * blocks.len()));
    unsafe { heap.verify() }.unwrap();
    blocks.into_iter().for_each(|p| unsafe { heap.free_buffer(p, 16) });
    heap.stop_traces();
    heap.trim();
    assert_eq!(heap.used_bytes(), 0);
}

#[test]
fn objects_have_sites_unless_they_are_paused() {
    let mut heap = Heap::new(Config::default());
    let object = |heap: &mut Heap, bytes| {
        let block = heap.alloc_object(bytes).unwrap();
        unsafe { block.cast::<Header>().write(Header::new(ShapeId::new(1), HeaderFlags::empty(), 1)) };
        block
    };
    assert!(unsafe { heap.start_traces(None, 1, false) });
    let first = object(&mut heap, 48);
    let large = object(&mut heap, 1 << 20);
    heap.pause_traces();
    let second = object(&mut heap, 48);
    heap.resume_traces();
    let sites = [first, large, second].map(|p| unsafe { heap.site_of(p.cast()) });
    assert_eq!(sites, [1, 1, 0]);
    unsafe { heap.free_object(first, 48) };
    assert_eq!(heap.traced_bytes().0, 1 << 20);
    // Another block in the same place is another one.
    let third = object(&mut heap, 48);
    assert_eq!((third, unsafe { heap.site_of(third.cast()) }), (first, 1));
    unsafe {
        heap.free_object(large, 1 << 20);
        heap.free_object(second, 48);
        heap.free_object(third, 48);
    }
    assert_eq!(heap.traced_bytes().0, 0);
}

/// A stack of records, and the sites of what its top three records say.
struct Stack {
    records: Vec<[usize; 7]>,
    top: *const usize,
    asked: usize,
}

impl Stack {
    fn set(&mut self, depth: usize, word: usize) {
        self.records[depth][0] = word;
        self.top = (&raw const self.records[depth]).cast();
    }

    fn depth(&self) -> usize {
        (self.top.addr() - self.records.as_ptr().addr()) / Trail::STRIDE
    }

    fn site(&self) -> u32 {
        let depth = self.depth();
        (0..3).fold(0, |site, below| site * 16 + self.records[depth - below][0] as u32)
    }
}

unsafe fn site_of_stack(
    stack: *mut std::ffi::c_void,
    _: &mut dyn FnMut(usize) -> bool,
    _: u32,
) -> Option<(u32, Option<usize>)> {
    let stack = unsafe { &mut *stack.cast::<Stack>() };
    stack.asked += 1;
    Some((stack.site(), Some(2)))
}

#[test]
fn places_that_are_known_have_the_sites_that_they_had() {
    let (mut heap, mut chance) = (Heap::new(Config::default()), Chance(3));
    let mut stack =
        Box::new(Stack { records: vec![[0; 7]; Trail::UNDER + 12], top: std::ptr::null(), asked: 0 });
    stack.set(Trail::UNDER, 1);
    heap.set_hooks(Hooks { site: site_of_stack, ..toy::hooks() }, (&raw mut *stack).cast());
    let trail = Trail { top: &raw const stack.top };
    assert!(unsafe { heap.start_traces(Some(trail), 3, false) });
    let mut objects = Vec::new();
    for step in 0..20_000 {
        stack.set(Trail::UNDER + chance.below(10), 1 + chance.below(3));
        if step == 10_000 {
            heap.sum_up_traces();
        }
        let bytes = 16 + chance.below(40);
        let block = heap.alloc_object(bytes).unwrap();
        unsafe { block.cast::<Header>().write(Header::new(ShapeId::new(1), HeaderFlags::empty(), 1)) };
        assert_eq!(unsafe { heap.site_of(block.cast()) }, stack.site(), "step {step}");
        objects.push((block, bytes, stack.site()));
        if objects.len() > 100 {
            let (block, bytes, _) = objects.swap_remove(chance.below(100));
            unsafe { heap.free_object(block, bytes) };
        }
    }
    assert!(stack.asked < 19_000, "it is asked each time");
    let mut sites = Vec::new();
    heap.each_trace(&mut |site, bytes| sites.push((site, bytes)));
    let mut wanted: Vec<(u32, usize)> = objects.iter().map(|(_, bytes, site)| (*site, *bytes)).collect();
    sites.sort_unstable();
    wanted.sort_unstable();
    assert_eq!(sites, wanted);
    assert_eq!(heap.traced_bytes().0, wanted.iter().map(|(_, bytes)| bytes).sum::<usize>());
    heap.forget_places();
    objects.into_iter().for_each(|(block, bytes, _)| unsafe { heap.free_object(block, bytes) });
    heap.stop_traces();
}

/// The word of the top record alone says where the stack stands.
unsafe fn site_of_top(
    stack: *mut std::ffi::c_void,
    _: &mut dyn FnMut(usize) -> bool,
    _: u32,
) -> Option<(u32, Option<usize>)> {
    let stack = unsafe { &mut *stack.cast::<Stack>() };
    Some((stack.records[stack.depth()][0] as u32 | 1, Some(0)))
}

#[test]
fn places_are_told_apart_whatever_their_addresses_and_words_are() {
    let mut heap = Heap::new(Config::default());
    let records = vec![[0; 7]; Trail::UNDER + 4000];
    let mut stack = Box::new(Stack { records, top: std::ptr::null(), asked: 0 });
    stack.set(Trail::UNDER, 1);
    heap.set_hooks(Hooks { site: site_of_top, ..toy::hooks() }, (&raw mut *stack).cast());
    let trail = Trail { top: &raw const stack.top };
    assert!(unsafe { heap.start_traces(Some(trail), 1, false) });
    // Address and word together are the same bits for all of them.
    let bits = stack.records.as_ptr().addr() | 0xFFFF_FFFF;
    for depth in 0..4000 {
        let address = (&raw const stack.records[Trail::UNDER + depth]).addr();
        stack.set(Trail::UNDER + depth, address ^ bits);
        let block = heap.alloc_object(48).expect("there is memory");
        assert_eq!(unsafe { heap.site_of(block.cast()) }, (address ^ bits) as u32 | 1);
        unsafe { heap.free_object(block, 48) };
    }
}

unsafe fn site_of_crowd(
    stack: *mut std::ffi::c_void,
    _: &mut dyn FnMut(usize) -> bool,
    crowd: u32,
) -> Option<(u32, Option<usize>)> {
    let stack = unsafe { &mut *stack.cast::<Stack>() };
    stack.asked += 1;
    Some(if crowd > 0 { (9, Some(1)) } else { (stack.site(), Some(2)) })
}

/// How often the VM is asked for places of stacks whose top two records are the same, and whose third ones never; and the last site.
fn asked_for_a_crowd(folds: bool) -> (usize, u32) {
    let mut heap = Heap::new(Config::default());
    let mut stack =
        Box::new(Stack { records: vec![[0; 7]; Trail::UNDER + 12], top: std::ptr::null(), asked: 0 });
    heap.set_hooks(Hooks { site: site_of_crowd, ..toy::hooks() }, (&raw mut *stack).cast());
    stack.set(Trail::UNDER + 2, 1);
    assert!(unsafe { heap.start_traces(Some(Trail { top: &raw const stack.top }), 3, folds) });
    let mut last = 0;
    for third in 0..200 {
        stack.set(Trail::UNDER, 1000 + third);
        stack.set(Trail::UNDER + 2, 1);
        let block = heap.alloc_object(16).unwrap();
        unsafe { block.cast::<Header>().write(Header::new(ShapeId::new(1), HeaderFlags::empty(), 1)) };
        last = unsafe { heap.site_of(block.cast()) };
        assert!(last == stack.site() || last == 9);
        unsafe { heap.free_object(block, 16) };
    }
    heap.stop_traces();
    (stack.asked, last)
}

#[test]
fn a_crowd_of_stacks_is_told_of_where_the_vm_folds_them() {
    let (asked, last) = asked_for_a_crowd(true);
    assert!(asked < 12 && last == 9, "asked {asked} times, {last}");
    let (asked, last) = asked_for_a_crowd(false);
    assert!(asked == 200 && last != 9, "asked {asked} times, {last}");
}
