//! Classes: types made from tables at boot, and those that Python makes.
//!
//! `class.rs` makes both; `bases.rs` says whose layout a class has and in which order its bases are searched, `members.rs` which words
//! its instances have of their own, `inherit.rs` which slots of builtin types it takes over, `trampoline.rs` how its special methods become
//! slots; `statement.rs` is the class statement.

pub mod bases;
pub mod builtin;
pub mod class;
pub mod inherit;
pub mod members;
pub mod statement;
pub mod trampoline;
