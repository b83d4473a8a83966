//! Runs that are the same each time: what addresses and chance would decide is fixed.
//!
//! Objects are numbered by where in the heap they lie, and not by where the system has put the heap: `id()`, hashes of identities and
//! the `at 0x..` of reprs are the same in each run. What asks for chance gets a stream that begins the same. Clocks are the host's
//! matter, and so are threads that follow each other as time has it.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use ryokan_alloc::{ARENA_BYTES, ObjPtr};

use super::Vm;

/// Where numbers of objects in arenas, and of those with mappings of their own, begin.
const IN_ARENAS: usize = 0x7F00_0000_0000;
const APART: usize = 0x7E00_0000_0000;

/// See the module's page.
#[derive(Default)]
pub struct Fixed {
    on: Cell<bool>,
    /// The state of the stream of chance.
    chance: Cell<u64>,
    /// Mappings that were asked for, in that order.
    apart: RefCell<HashMap<usize, usize>>,
}

impl Vm {
    /// From now on nothing is left to chance.
    pub fn fix_chance(&self) {
        self.fixed.on.set(true);
    }

    /// Fills bytes in place of chance; false: the system's is to be asked.
    pub fn fixed_bytes(&self, bytes: &mut [u8]) -> bool {
        if !self.fixed.on.get() {
            return false;
        }
        for byte in bytes {
            // SplitMix64, a byte of each number.
            let state = self.fixed.chance.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
            self.fixed.chance.set(state);
            let mixed = (state ^ state >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
            *byte = (mixed >> 56) as u8;
        }
        true
    }

    /// An object's number: its address, or what stands for it.
    #[inline]
    pub fn address(&self, object: ObjPtr) -> usize {
        if self.fixed.on.get() { self.fixed_address(object) } else { object.addr().get() }
    }

    #[cold]
    fn fixed_address(&self, object: ObjPtr) -> usize {
        let address = object.addr().get();
        if let Some(arena) = self.arena_of(object) {
            return IN_ARENAS + arena as usize * ARENA_BYTES + address % ARENA_BYTES;
        }
        let mut apart = self.fixed.apart.borrow_mut();
        let next = apart.len();
        APART + *apart.entry(address).or_insert(next) * ARENA_BYTES
    }
}
