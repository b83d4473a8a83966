//! A Python error on its way: one word; the exception itself waits in the VM.

use crate::value::Value;

/// Says that an exception waits in `Vm::raised`. Only the functions that put one there make a `Raised`.
#[derive(Debug)]
#[must_use]
pub struct Raised(pub(crate) ());

/// What almost everything returns.
pub type Res<T = Value> = Result<T, Raised>;
