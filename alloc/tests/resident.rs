//! What the system says: resident memory stays below the charge, and goes back. Alone in its process, because
//! the number is the process's.

#![cfg(target_os = "linux")]
// Every unsafe call here goes to blocks that the test itself allocated with that size.
#![allow(clippy::undocumented_unsafe_blocks)]

use ryokan_alloc::{Config, Header, HeaderFlags, Heap, ShapeId};

const MIB: usize = 1 << 20;

fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[test]
#[cfg_attr(asan, ignore = "the sanitizer's own memory is resident too")]
fn resident_memory_follows_the_charge() {
    const OBJECTS: usize = 400_000;
    let mut objects = vec![None; OBJECTS];
    objects.fill(Some(std::ptr::NonNull::<u8>::dangling()));
    let before = resident();
    let mut heap = Heap::new(Config::default());
    for p in &mut objects {
        let block = heap.alloc_object(120).unwrap();
        unsafe { block.cast::<Header>().write(Header::new(ShapeId::new(1), HeaderFlags::empty(), 1)) };
        *p = Some(block);
    }
    let big = heap.alloc_buffer(32 * MIB).unwrap();
    assert!(heap.used_bytes() >= OBJECTS * 120 + 32 * MIB);
    // The big buffer is charged, but nobody touched it.
    assert!(resident() - before <= heap.used_bytes() - 30 * MIB);
    unsafe { big.as_ptr().write_bytes(1, 32 * MIB) };
    assert!(resident() - before <= heap.used_bytes() + 3 * MIB);
    let big = unsafe { heap.resize_buffer(big, 32 * MIB, 2 * MIB) }.unwrap();
    assert!(resident() - before <= heap.used_bytes() + 3 * MIB);
    unsafe { heap.free_buffer(big, 2 * MIB) };
    for p in objects.iter().flatten() {
        unsafe { heap.free_object(*p, 120) };
    }
    assert!(heap.used_bytes() <= 2 * ryokan_alloc::SLOT_BYTES);
    assert!(resident() - before <= 5 * MIB, "{} bytes stay resident", resident() - before);
}
