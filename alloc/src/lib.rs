//! The heap of Ryokan: memory that can be counted, capped and refused, with reference counts and a cycle
//! collector.
//!
//! This crate knows nothing of Python's types. An object is a block that begins with a [`Header`]; what it
//! refers to is known to the VM, which says so through [`Hooks`].
//!
//! | file | what |
//! |---|---|
//! | `header.rs` | the 8 bytes before every object: count, shape, flags |
//! | `heap.rs` | [`Heap`]: the budget, and the fast paths of allocating and freeing |
//! | `classes.rs` | which block a request gets |
//! | `slot.rs` | 64 KiB slots: pools of blocks, and their invariants |
//! | `pool.rs` | slow paths: pools come and go |
//! | `large.rs` | blocks above 32 KiB, and resizing |
//! | `arena.rs`, `mapping.rs` | memory from the system |
//! | `release.rs` | what happens at count zero, without deep recursion |
//! | `generations.rs` | who is young, and when a collection is due |
//! | `cycles.rs` | the collector: trial deletion |
//! | `quiet.rs` | the same where the heap would refuse: without memory, and running nothing |
//! | `budget.rs`, `intern.rs` | Rust collections inside the budget; the intern table |
//! | `verify.rs`, `stats.rs` | proving the invariants; counting |
//! | `traces.rs`, `places.rs` | where blocks were asked for, while somebody wants to know |
//! | `quarantine.rs`, `shadow.rs` | for tests: freed blocks wait; what AddressSanitizer is told |
//!
//! Architecture invariants: no allocation here can fail but by saying so; nothing a script does grows memory
//! that is not charged; no table is kept beside the objects for counts, tracking or freeing.
//!
//! ```
//! use ryokan_alloc::{Config, Header, HeaderFlags, Heap, ShapeId};
//!
//! let mut heap = Heap::new(Config { limit_bytes: Some(1 << 20), ..Config::default() });
//! let block = heap.alloc_object(48).expect("48 bytes fit a megabyte");
//! // SAFETY: the block has 48 bytes, and it is freed with that size.
//! unsafe {
//!     block.cast::<Header>().write(Header::new(ShapeId::new(1), HeaderFlags::empty(), 1));
//!     heap.free_object(block, 48);
//! }
//! assert_eq!(heap.alloc_buffer(10usize.pow(15)), None);
//! assert_eq!(heap.peak_bytes(), ryokan_alloc::SLOT_BYTES);
//! ```
//!
//! The first file to read is `heap.rs`.

mod arena;
mod budget;
mod classes;
mod common;
mod cycles;
mod generations;
mod header;
mod heap;
mod intern;
mod large;
mod mapping;
mod places;
mod pool;
mod quarantine;
mod quiet;
mod release;
mod shadow;
mod slot;
mod stats;
mod traces;
mod verify;

pub use arena::ARENA_BYTES;
pub use budget::{Budget, Vector};
pub use classes::{CLASS_BYTES, CLASSES, SMALL_MAX};
pub use common::{Common, SetAside};
pub use cycles::Garbage;
pub use generations::{GenerationStats, THRESHOLDS};
pub use header::{Header, HeaderFlags, IMMORTAL, KINDS, ObjPtr, ShapeId};
pub use heap::{Config, Heap, RESERVE_BYTES, Refused};
pub use intern::InternTable;
pub use places::Trail;
pub use release::{Death, Hooks, MAX_NEST, Visit, always_defers};
pub use slot::SLOT_BYTES;
pub use stats::{ArenaView, ClassStats, SlotView, Stats};
pub use verify::{HeapReport, Inexact};
