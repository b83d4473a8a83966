//! The census: what is in the heap, who holds what, and what would go with whom. For people who look at their program's memory.
//!
//! It only looks: no count changes, no Python runs, nothing is made in the heap. What it needs for that lies outside, for as long as it
//! looks. It may be taken wherever the heap might collect garbage, in the middle of native work, too.
//!
//! | file | what |
//! |---|---|
//! | `brief.rs` | a value in a few characters |
//! | `holds.rs` | how an object holds another: an item, an attribute, a variable; what the interpreter itself holds |
//! | `fields.rs` | what an object shows of itself, with labels |
//! | `picture.rs`, `draw.rs` | some objects with their fields, as data; the same as an SVG |
//! | `numbering.rs` | a number for each block, found by its address |
//! | `paths.rs` | the shortest way from a root to an object |
//! | `dominators.rs` | which objects are there only because of others; the algorithm |
//! | `tree.rs` | the same of the heap: what would be freed if an object went |
//! | `tables.rs` | counts and bytes, by type and by the line that asked for them |
//! | `report/` | all of that in one, as text, JSON and a page |

pub mod brief;
pub mod dominators;
pub mod draw;
pub mod fields;
pub mod holds;
pub mod json;
pub mod marks;
pub mod numbering;
pub mod paths;
pub mod picture;
pub mod report;
pub mod tables;
pub mod tree;

use ryokan_alloc::ObjPtr;

use crate::object::ty::{TypeFlags, TypeObj};
use crate::object::{Layout, layout_of};
use crate::types::bytearray::ByteArray;
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::set::{FrozenSet, Set};
use crate::types::str::Str;
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

/// The bytes that an object takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Size {
    /// Its block.
    pub block: usize,
    /// The buffer behind it, of builtin containers.
    pub buffer: usize,
}

impl Size {
    /// Both.
    pub fn total(self) -> usize {
        self.block + self.buffer
    }
}

/// The bytes of an object; none of a number that is not boxed.
pub fn size_of(value: &Value) -> Size {
    let buffer = if let Some(list) = value.get::<List>() {
        list.room() * 8
    } else if let Some(dict) = value.get::<Dict>() {
        dict.table_bytes()
    } else if let Some(set) = value.get::<Set>() {
        set.table_bytes()
    } else if let Some(set) = value.get::<FrozenSet>() {
        set.elements().table_bytes()
    } else {
        value.get::<ByteArray>().map_or(0, ByteArray::room)
    };
    Size { block: value.block_bytes(), buffer }
}

/// Lends an object to look at, which whoever has the pointer keeps alive.
fn lent(ptr: ObjPtr) -> Borrowed {
    Borrowed::new(Word::from_ptr(ptr))
}

/// Whether CPython would say that it lives for ever: what does so here, and the names of codes.
pub fn never_dies(value: &Value) -> bool {
    match value.header() {
        Some(header) => header.is_immortal() || value.exact::<Str>().is_some_and(Str::is_name),
        None => !value.word().needs_box(),
    }
}

/// Whether objects of its layout refer to nothing: numbers, strs, bytes. (A class of Python's that inherits from one has attributes.)
fn is_leaf(value: &Value) -> bool {
    let leaves = [Layout::Int, Layout::BigInt, Layout::Float, Layout::Complex, Layout::Str, Layout::Bytes];
    let Some(ptr) = value.object() else { return true };
    leaves.iter().any(|leaf| *leaf as u32 == layout_of(ptr) && leaf.is_exact(value.word().shape()))
}

/// Whether it is a class of Python's.
fn is_class(value: &Value) -> bool {
    value.get::<TypeObj>().is_some_and(|class| class.has(TypeFlags::HEAP))
}

impl Vm {
    /// A reference to an object that was found by looking, and that is alive.
    pub(crate) fn holding(&self, object: ObjPtr) -> Value {
        lent(object).clone()
    }
}
