//! The order in which instances whose classes have a `__del__` were made: garbage is finalized by age, as CPython's is.
//!
//! An object leaves the table when its finalizer runs. The table only says an order: an object that there was no memory to note is
//! finalized behind those that are known, and one that lost its class's `__del__` stays noted under its address.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use ryokan_alloc::{ObjPtr, Vector};

use crate::object::ty::{TypeFlags, TypeObj};
use crate::spread::Spread;
use crate::value::Value;
use crate::vm::Vm;

/// What an object in the table is charged, in bytes.
const ENTRY_BYTES: usize = 32;

/// See the module's page.
#[derive(Default)]
pub struct Ages {
    next: Cell<u64>,
    known: RefCell<HashMap<usize, u64, BuildHasherDefault<Spread>>>,
}

impl Vm {
    /// A new instance of a class holds it, and is noted if a finalizer of Python's will run for it.
    #[inline(always)]
    pub(crate) fn note_birth(&self, ty: &TypeObj, made: &Value) {
        ty.hold_for_instance();
        if ty.slots().del().is_some() && ty.has(TypeFlags::HEAP) {
            self.ages.note(self, made.word().ptr());
        }
    }
}

impl Ages {
    /// An object was made.
    #[cold]
    pub fn note(&self, vm: &Vm, made: ObjPtr) {
        let mut known = self.known.borrow_mut();
        if !vm.heap().charge(ENTRY_BYTES) {
            return;
        }
        let age = self.next.get();
        self.next.set(age + 1);
        if known.try_reserve(1).is_err() || known.insert(made.as_ptr().addr(), age).is_some() {
            vm.heap().uncharge(ENTRY_BYTES);
        }
    }
    /// An object's finalizer runs.
    pub fn forget(&self, vm: &Vm, finalized: ObjPtr) {
        if self.known.borrow_mut().remove(&finalized.as_ptr().addr()).is_some() {
            vm.heap().uncharge(ENTRY_BYTES);
        }
    }
    /// Those of some objects that are known, the oldest first; none where there is no memory for the list.
    pub fn in_order(&self, vm: &Vm, objects: &[ObjPtr]) -> Vector<ObjPtr> {
        let (known, mut aged) = (self.known.borrow(), Vector::new_in(vm.budget()));
        if !known.is_empty() {
            let of = |object: &ObjPtr| known.get(&object.as_ptr().addr()).copied();
            let count = objects.iter().filter(|object| of(object).is_some()).count();
            if aged.try_reserve_exact(count).is_ok() {
                aged.extend(objects.iter().copied().filter(|object| of(object).is_some()));
                aged.sort_unstable_by_key(|object| of(object));
            }
        }
        aged
    }
}
