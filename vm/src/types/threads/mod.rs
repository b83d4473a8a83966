//! The types of `_thread`.
//!
//! | file | what |
//! |---|---|
//! | `locks.rs` | `lock`, `RLock` |
//! | `handle.rs` | `_ThreadHandle`; how threads begin and end |
//! | `local.rs` | `_local` |
//!
//! How threads follow one another is told in `vm/threads.rs` and `vm/lock.rs`; what they wait for is a gate of `vm/gate.rs`.

pub mod handle;
pub mod local;
pub mod locks;
