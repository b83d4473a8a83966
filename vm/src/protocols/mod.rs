//! What operators, iteration, indexing, hashing, formatting and attributes mean, whatever the types: the abstract protocols.
//!
//! Each is a method of `Vm`, so that the object model and the builtin types call them without knowing this folder.

pub mod attr;
pub mod containers;
pub mod instances;
pub mod numeric;
pub mod operators;
