//! The VM: objects, builtin types, and the loop that runs code over a heap.
//!
//! Reading order: `value.rs` (what a value is), `object/mod.rs` (what an object is), `running/mod.rs` (the running form),
//! `ops/mod.rs` and `ops/arith.rs` (handlers), `types/cell.rs` (a builtin type at its smallest), `vm/mod.rs` (the state).
//!
//! Architecture invariants: nothing here knows the compiler, files, clocks or the terminal, but through `host.rs`; every byte that a
//! script can cause to exist is charged to the heap; no Python call uses the native stack, but through a builtin.

mod ages;
pub mod bind;
pub mod boot;
pub mod census;
pub mod charge;
pub mod collect;
pub mod counts;
pub mod fuel;
pub mod hooks;
pub mod host;
pub mod import;
pub mod lower;
pub mod modules;
pub mod native;
pub mod object;
pub mod ops;
pub mod profile;
pub mod protocols;
pub mod raised;
pub mod roots;
pub mod running;
pub mod sites;
mod spread;
pub mod stack;
pub mod stress;
pub mod suggest;
pub mod types;
pub mod value;
pub mod vm;

pub use host::Host;
pub use raised::{Raised, Res};
pub use value::Value;
pub use vm::{Vm, VmConfig};
