//! A toy VM: objects that are nothing but a row of references. Tests drive the heap through it.

#![allow(dead_code)]

pub mod model;

use ryokan_alloc::{Config, Garbage, Header, HeaderFlags, Heap, Hooks, ObjPtr, ShapeId, Visit};
use std::cell::RefCell;
use std::ffi::c_void;
use std::ptr::NonNull;

/// `edges` references follow.
#[repr(C)]
pub struct Node {
    pub header: Header,
    pub edges: u32,
    pub id: u32,
}

pub struct Toy {
    pub heap: Box<Heap>,
    pub log: Box<Log>,
}

/// What the hooks saw.
#[derive(Default)]
pub struct Log {
    pub freed: RefCell<Vec<u32>>,
    pub keep_log: bool,
}

pub fn bytes(edges: u32) -> usize {
    size_of::<Node>() + 8 * edges as usize
}

pub fn node(p: ObjPtr) -> &'static Node {
    unsafe { &*p.as_ptr().cast() }
}

fn slot(p: ObjPtr, i: u32) -> *mut Option<ObjPtr> {
    assert!(i < node(p).edges);
    unsafe { p.as_ptr().cast::<u8>().add(bytes(i)).cast() }
}

pub fn edge(p: ObjPtr, i: u32) -> Option<ObjPtr> {
    unsafe { *slot(p, i) }
}

pub fn drop_ref(p: ObjPtr) {
    unsafe {
        if p.as_ref().decref() {
            Heap::release(p);
        }
    }
}

pub fn set_edge(p: ObjPtr, i: u32, to: Option<ObjPtr>) {
    if let Some(q) = to {
        unsafe { q.as_ref().incref() };
    }
    let old = unsafe { std::mem::replace(&mut *slot(p, i), to) };
    if let Some(q) = old {
        drop_ref(q);
    }
}

pub fn clear(p: ObjPtr) {
    for i in 0..node(p).edges {
        set_edge(p, i, None);
    }
}

unsafe fn dealloc(context: *mut c_void, p: ObjPtr) {
    unsafe {
        let heap = Heap::heap_of(p).as_ptr();
        (*heap).untrack(p);
        clear(p);
        let log = &*context.cast::<Log>();
        if log.keep_log {
            log.freed.borrow_mut().push(node(p).id);
        }
        (*heap).free_object(p.cast(), bytes(node(p).edges));
    }
}

unsafe fn trace(_: *mut c_void, p: ObjPtr, visit: &mut dyn Visit) {
    (0..node(p).edges).filter_map(|i| edge(p, i)).for_each(|edge| visit.one(edge));
}

/// The heap frees nothing by itself: the model does not know of that.
unsafe fn inert(_: *mut c_void, _: ObjPtr) -> bool {
    false
}

unsafe fn clear_node(_: *mut c_void, p: ObjPtr) {
    clear(p);
}

unsafe fn press(_: *mut c_void) {}

unsafe fn site(_: *mut c_void, _: &mut dyn FnMut(usize) -> bool, _: u32) -> Option<(u32, Option<usize>)> {
    Some((1, None))
}

unsafe fn reclaim(_: *mut c_void) -> usize {
    0
}

unsafe fn size(_: *mut c_void, p: ObjPtr) -> usize {
    bytes(node(p).edges)
}

/// What the heap of a toy asks of it.
pub fn hooks() -> Hooks {
    Hooks {
        deaths: Hooks::NO_DEATHS,
        uncommon: Hooks::ALL,
        dealloc,
        trace,
        size,
        reclaim,
        defers: ryokan_alloc::always_defers,
        inert,
        clear: clear_node,
        press,
        site,
    }
}

impl Toy {
    pub fn new(config: Config, keep_log: bool) -> Toy {
        let mut log = Box::new(Log { keep_log, ..Log::default() });
        let mut heap = Heap::new(config);
        heap.set_hooks(hooks(), (&raw mut *log).cast());
        Toy { heap, log }
    }

    /// A node with one reference, the caller's.
    pub fn node(&mut self, id: u32, edges: u32, tracked: bool) -> Option<ObjPtr> {
        unsafe {
            let p = self.heap.alloc_object(bytes(edges))?.cast::<Node>();
            p.write(Node { header: Header::new(ShapeId::new(7), HeaderFlags::empty(), 1), edges, id });
            let p = p.cast::<Header>();
            for i in 0..edges {
                slot(p, i).write(None);
            }
            if tracked {
                self.heap.track(p);
            }
            Some(p)
        }
    }

    /// Changes how many edges a node has that nobody else refers to; edges that fall away are cleared first.
    pub fn resize(&mut self, p: ObjPtr, edges: u32) -> Option<ObjPtr> {
        let old = node(p).edges;
        for i in edges..old {
            set_edge(p, i, None);
        }
        unsafe {
            let moved = self.heap.resize_object(p.cast(), bytes(old), bytes(edges))?.cast::<Header>();
            (*moved.as_ptr().cast::<Node>()).edges = edges;
            for i in old..edges {
                slot(moved, i).write(None);
            }
            Some(moved)
        }
    }

    /// A whole collection without finalizers. Gives how many objects were garbage, or None if refused.
    pub fn collect(&mut self, generation: usize) -> Option<usize> {
        unsafe {
            let garbage = self.heap.find_garbage(generation).ok()?;
            Some(finish(garbage))
        }
    }

    pub fn verify(&self) -> ryokan_alloc::HeapReport {
        match unsafe { self.heap.verify() } {
            Ok(report) => report,
            Err(broken) => panic!("{broken}"),
        }
    }
}

/// Clears and releases garbage.
pub fn finish(garbage: Garbage) -> usize {
    let found = garbage.len();
    for p in garbage.objects() {
        clear(*p);
    }
    unsafe { Heap::release_garbage(garbage) };
    found
}

pub fn is_tracked(p: ObjPtr) -> bool {
    unsafe { p.as_ref().has(HeaderFlags::TRACKED) }
}

/// A block of raw storage whose content says whether it was kept.
pub struct Buffer {
    pub at: NonNull<u8>,
    pub bytes: usize,
    pub seed: u8,
}

impl Buffer {
    pub fn fill(at: NonNull<u8>, bytes: usize, seed: u8) -> Buffer {
        let buffer = Buffer { at, bytes, seed };
        for i in buffer.samples(bytes) {
            unsafe { at.as_ptr().add(i).write(seed ^ i as u8) };
        }
        buffer
    }

    pub fn check(&self, bytes: usize) {
        for i in self.samples(bytes) {
            assert_eq!(
                unsafe { self.at.as_ptr().add(i).read() },
                self.seed ^ i as u8,
                "byte {i} of {}",
                self.bytes
            );
        }
    }

    fn samples(&self, bytes: usize) -> impl Iterator<Item = usize> + use<> {
        let step = if self.bytes > 4096 { 509 } else { 1 };
        (0..bytes.min(self.bytes)).step_by(step)
    }
}

/// Where choices come from: xorshift64*, which is enough for tests and the same everywhere, or the bytes of a fuzzer.
pub enum Random {
    Seed(u64),
    Bytes(std::vec::IntoIter<u8>),
}

impl Random {
    pub fn next(&mut self) -> u64 {
        match self {
            Random::Seed(state) => {
                *state ^= *state >> 12;
                *state ^= *state << 25;
                *state ^= *state >> 27;
                state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
            }
            Random::Bytes(bytes) => {
                let mut number =
                    |count| (0..count).fold(0, |n, _| n << 8 | u64::from(bytes.next().unwrap_or(0)));
                // Most choices are between a few things.
                let first = number(1);
                if first & 0x80 == 0 { first } else { first << 16 | number(2) }
            }
        }
    }

    /// Whether a fuzzer's bytes are used up.
    pub fn is_over(&self) -> bool {
        matches!(self, Random::Bytes(bytes) if bytes.len() == 0)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }
}
