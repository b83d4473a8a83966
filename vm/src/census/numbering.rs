//! A number for each block that an object may lie in, found by its address alone.
//!
//! Blocks of a slot have consecutive numbers, in the order of their addresses. Tables that a walk needs are indexed by them, so that none
//! maps addresses. Numbers hold as long as nothing is allocated.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use ryokan_alloc::{ObjPtr, SLOT_BYTES};

use crate::spread::Spread;
use crate::value::Word;
use crate::vm::Vm;

/// The blocks of a slot.
#[derive(Clone, Copy)]
struct Place {
    first: u32,
    block_bytes: u32,
    first_block: usize,
}

/// See the module's page.
#[derive(Default)]
pub struct Numbering {
    slots: HashMap<usize, Place, BuildHasherDefault<Spread>>,
    /// The same, by rising numbers.
    places: Vec<Place>,
    blocks: usize,
}

impl Numbering {
    /// Numbers the blocks of a heap; nothing if there is no memory for that, or there are too many.
    pub fn of(vm: &Vm) -> Option<Numbering> {
        let (mut made, mut enough) = (Numbering::default(), true);
        vm.heap().each_slot(&mut |slot, _| {
            enough &= slot.block_bytes <= u32::MAX as usize || !slot.pool;
            let room = made.slots.try_reserve(1).is_ok() && made.places.try_reserve(1).is_ok();
            if !slot.objects || !enough || !room {
                enough &= !slot.objects;
                return;
            }
            let block_bytes = if slot.pool { slot.block_bytes as u32 } else { u32::MAX };
            let place = Place { first: made.blocks as u32, block_bytes, first_block: slot.first_block };
            made.slots.insert(slot.address, place);
            made.places.push(place);
            made.blocks += slot.extended;
        });
        (enough && u32::try_from(made.blocks).is_ok_and(|blocks| blocks < u32::MAX)).then_some(made)
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        self.blocks
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.blocks == 0
    }
    /// An object's number.
    #[inline]
    pub fn number(&self, ptr: ObjPtr) -> usize {
        let address = ptr.addr().get();
        match self.slots.get(&(address & !(SLOT_BYTES - 1))) {
            Some(place) => {
                place.first as usize + address.wrapping_sub(place.first_block) / place.block_bytes as usize
            }
            // No object of this heap lies there.
            None => usize::MAX,
        }
    }
    /// The object of a number that some object has.
    pub fn object(&self, number: u32) -> ObjPtr {
        let place = self.places[self.places.partition_point(|place| place.first <= number) - 1];
        let offset = (number - place.first) as usize * place.block_bytes as usize;
        Word((place.first_block + offset) as u64).ptr()
    }
}
