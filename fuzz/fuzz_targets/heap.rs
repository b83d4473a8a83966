//! Sequences of operations on a heap, with refused allocations and changing caps, against the model of `alloc/tests`.
//!
//! Each byte or two is a choice. The heap is verified and compared with the model after every sixteenth step, and at the end. One input
//! in four is about an intern table instead, whose hashes are few, so that many entries share one.
#![no_main]

#[path = "../../alloc/tests/toy/mod.rs"]
mod toy;

use std::collections::BTreeMap;
use std::ptr::NonNull;

use libfuzzer_sys::fuzz_target;
use ryokan_alloc::{Config, Header, HeaderFlags, Heap, InternTable, ObjPtr, ShapeId};
use toy::Random;
use toy::model::Model;

/// Steps of an input: the model looks at every object for each.
const STEPS: usize = 600;

/// The size of an entry: a header and its name.
const ENTRY: usize = size_of::<Header>() + 8;

/// The name of an entry: the number behind its header.
fn name(p: ObjPtr) -> u64 {
    // SAFETY: the caller's objects are entries, which live until they are taken out.
    unsafe { p.as_ptr().add(1).cast::<u64>().read() }
}

/// Sixteen names share a hash.
fn hash(name: u64) -> u64 {
    (name / 16).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Entries are looked up, added and removed while allocations are refused and the cap moves; the model is a map.
fn intern(data: &[u8]) {
    let mut heap = Heap::new(Config::default());
    // SAFETY: the heap is boxed, and outlives the table.
    let mut table = unsafe { InternTable::new(NonNull::from(&mut *heap)) };
    let mut model: BTreeMap<u64, ObjPtr> = BTreeMap::new();
    for pair in data.chunks_exact(2) {
        let (what, wanted) = (pair[0], u64::from(pair[0] & 7) << 8 | u64::from(pair[1]));
        let found = table.find(hash(wanted), |p| name(p) == wanted);
        assert_eq!(found, model.get(&wanted).copied(), "looked for {wanted}");
        match (what >> 3, found) {
            (0..=19, None) => {
                let Some(block) = heap.alloc_object(ENTRY) else { continue };
                let entry = block.cast::<Header>();
                // SAFETY: the block is fresh and has room for a header and a name.
                unsafe {
                    entry.write(Header::new(ShapeId::new(1), HeaderFlags::empty(), 1));
                    entry.add(1).cast::<u64>().write(wanted);
                }
                if table.insert(hash(wanted), entry, |p| hash(name(p))).is_ok() {
                    model.insert(wanted, entry);
                } else {
                    // SAFETY: allocated above with this size.
                    unsafe { heap.free_object(block, ENTRY) };
                }
            }
            (16..=27, Some(entry)) => {
                assert!(table.remove(hash(wanted), entry));
                assert!(!table.remove(hash(wanted), entry), "removed twice");
                model.remove(&wanted);
                // SAFETY: nobody refers to it any more.
                unsafe { heap.free_object(entry.cast(), ENTRY) };
            }
            (28..=29, _) => heap.set_fail_alloc((pair[1] > 0).then(|| u64::from(pair[1]))),
            (30, _) => heap.set_limit(Some(heap.used_bytes() + usize::from(pair[1]) * 64)),
            (31, _) => heap.set_limit(None),
            _ => {}
        }
        assert_eq!(table.len(), model.len());
    }
    let mut entries: Vec<ObjPtr> = table.iter().collect();
    let mut expected: Vec<ObjPtr> = model.into_values().collect();
    entries.sort();
    expected.sort();
    assert_eq!(entries, expected);
    drop(table);
    for entry in expected {
        // SAFETY: the table is gone, and each is freed once.
        unsafe { heap.free_object(entry.cast(), ENTRY) };
    }
    heap.set_limit(None);
    heap.set_fail_alloc(None);
    heap.trim();
    assert_eq!(heap.used_bytes(), 0);
}

fuzz_target!(|data: &[u8]| {
    if let Some((first, rest)) = data.split_first()
        && first % 4 == 3
    {
        return intern(rest);
    }
    let mut model = Model::new(Random::Bytes(data.to_vec().into_iter()));
    for step in 1..=STEPS {
        if model.is_over() {
            break;
        }
        model.step();
        if step % 16 == 0 {
            model.compare();
        }
    }
    model.compare();
    model.end();
});
