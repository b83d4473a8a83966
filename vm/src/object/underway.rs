//! The objects whose repr is under way: a list that contains itself is shown as `[...]`.
//!
//! Most of what is shown is nested a few levels deep: the first ones are looked through. What is nested deeper is looked up,
//! so that showing it takes time by its depth, not by the square of it. The native stack bounds how many there are.

use std::collections::{HashSet, TryReserveError};

use ryokan_alloc::ObjPtr;

/// How many are looked through.
const FEW: usize = 16;

/// See the module's page.
#[derive(Default)]
pub struct Underway {
    first: Vec<ObjPtr>,
    deeper: HashSet<ObjPtr>,
}

impl Underway {
    /// Whether an object is among them.
    pub fn contains(&self, object: ObjPtr) -> bool {
        self.first.contains(&object) || (!self.deeper.is_empty() && self.deeper.contains(&object))
    }
    /// Begins with an object that is not among them.
    pub fn begin(&mut self, object: ObjPtr) -> Result<(), TryReserveError> {
        if self.first.len() < FEW {
            self.first.try_reserve(1)?;
            self.first.push(object);
        } else {
            self.deeper.try_reserve(1)?;
            self.deeper.insert(object);
        }
        Ok(())
    }
    /// Ends with an object.
    pub fn end(&mut self, object: ObjPtr) {
        if !self.deeper.remove(&object) {
            self.first.retain(|one| *one != object);
        }
    }
}
