//! What becomes of whoever uses a block after its death, or more of it than was asked for.
//!
//! Without AddressSanitizer a quarantine keeps freed blocks, and in debug builds a pattern in them shows who wrote. With it
//! (docs/performance.md has the command) each misuse below has to end the process that commits it.

// What is tested is misuse.
#![allow(clippy::undocumented_unsafe_blocks)]

use ryokan_alloc::{Config, Header, HeaderFlags, Heap, ShapeId};
use std::ptr::NonNull;

fn object(heap: &mut Heap, bytes: usize) -> NonNull<u8> {
    let block = heap.alloc_object(bytes).expect("no cap");
    unsafe { block.cast::<Header>().write(Header::new(ShapeId::new(1), HeaderFlags::empty(), 1)) };
    block
}

#[test]
fn a_freed_block_waits() {
    let mut heap = Heap::new(Config::default());
    heap.set_quarantine(4800);
    let first = object(&mut heap, 48);
    unsafe { heap.free_object(first, 48) };
    let others: Vec<_> = (0..99).map(|_| object(&mut heap, 48)).collect();
    assert_eq!(cfg!(any(debug_assertions, asan)), !others.contains(&first));
    for p in others {
        unsafe { heap.free_object(p, 48) };
    }
    // One more, and the first may be handed out again.
    let last = object(&mut heap, 48);
    unsafe { heap.free_object(last, 48) };
    assert_eq!(object(&mut heap, 48), if cfg!(any(debug_assertions, asan)) { first } else { last });
}

#[test]
fn memory_in_quarantine_is_given_back_before_a_refusal() {
    let mut heap = Heap::new(Config { limit_bytes: Some(2 * ryokan_alloc::SLOT_BYTES), ..Config::default() });
    heap.set_quarantine(1 << 20);
    for bytes in [1000, 2000, 3000, 4000] {
        let block = heap.alloc_buffer(bytes).expect("what is not in use can be given back");
        unsafe { heap.free_buffer(block, bytes) };
    }
    heap.set_quarantine(0);
    heap.trim();
    assert_eq!(heap.used_bytes(), 0);
}

#[cfg(asan)]
mod under_the_sanitizer {
    use super::*;
    use std::hint::black_box;
    use std::process::Command;

    const NAME: &str = "RYOKAN_MISUSE";

    fn read(p: NonNull<u8>, at: usize) {
        black_box(unsafe { p.as_ptr().add(at).read_volatile() });
    }

    type Misuse = (&'static str, fn(&mut Heap));

    const MISUSES: &[Misuse] = &[
        ("the header of a dead object", |heap| {
            let p = object(heap, 48);
            unsafe { heap.free_object(p, 48) };
            read(p, 0);
        }),
        ("its last byte", |heap| {
            let p = object(heap, 48);
            unsafe { heap.free_object(p, 48) };
            read(p, 47);
        }),
        ("a dead object in quarantine, others having come", |heap| {
            heap.set_quarantine(1 << 16);
            let p = object(heap, 48);
            unsafe { heap.free_object(p, 48) };
            for _ in 0..10 {
                object(heap, 48);
            }
            read(p, 0);
        }),
        ("a freed buffer", |heap| {
            let p = heap.alloc_buffer(100).unwrap();
            unsafe { heap.free_buffer(p, 100) };
            read(p, 8);
        }),
        ("a buffer that was moved", |heap| {
            let p = heap.alloc_buffer(100).unwrap();
            unsafe { heap.resize_buffer(p, 100, 1000) };
            read(p, 8);
        }),
        ("a byte behind a buffer", |heap| {
            let p = heap.alloc_buffer(20).unwrap();
            read(p, 20);
        }),
        ("a byte behind a buffer that was made smaller", |heap| {
            let p = heap.alloc_buffer(32).unwrap();
            unsafe { heap.resize_buffer(p, 32, 25) };
            read(p, 25);
        }),
        ("a block that was never handed out", |heap| {
            let p = object(heap, 48);
            read(p, 4800);
        }),
        ("a large block", |heap| {
            let p = heap.alloc_buffer(100_000).unwrap();
            unsafe { heap.free_buffer(p, 100_000) };
            read(p, 0);
        }),
        ("a byte behind a large block", |heap| {
            let p = heap.alloc_buffer(100_000).unwrap();
            read(p, 100_000);
        }),
        ("a byte behind a block with a mapping of its own", |heap| {
            let p = heap.alloc_buffer(3_000_001).unwrap();
            read(p, 3_000_001);
        }),
        ("an object of a pool that was given back", |heap| {
            let p = object(heap, 48);
            unsafe { heap.free_object(p, 48) };
            heap.trim();
            read(p, 0);
        }),
    ];

    #[test]
    fn each_misuse_is_reported() {
        let mut heap = Heap::new(Config::default());
        if let Some(name) = std::env::var_os(NAME) {
            let (_, misuse) = MISUSES.iter().find(|(n, _)| **n == *name).expect("one of the list");
            misuse(&mut heap);
            return;
        }
        for (name, _) in MISUSES {
            let test = "under_the_sanitizer::each_misuse_is_reported";
            let me = std::env::current_exe().expect("this test");
            let done = Command::new(me)
                .args([test, "--exact", "--nocapture"])
                .env(NAME, name)
                .output()
                .expect("runs");
            let told = String::from_utf8_lossy(&done.stderr);
            assert!(
                !done.status.success() && told.contains("use-after-poison"),
                "not reported: {name}\n{told}"
            );
        }
    }
}
