//! The positions of a code: a row of them, or the bytes of the library that say it, read when somebody asks.
//!
//! Most codes of the library run without anybody asking where: positions are the largest part of a code, and a traceback wants few.

use std::cell::OnceCell;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

use crate::code::Position;
use crate::image::{packed_count, unpack};

/// Positions, by rising `start`; the first starts at 0. Used as a slice.
#[derive(Clone, Default)]
pub struct Positions {
    packed: &'static [u8],
    rows: OnceCell<Vec<Position>>,
}

impl Positions {
    /// Those that bytes of a unit say, which stay, and which were looked at when the unit was made.
    pub fn packed(packed: &'static [u8]) -> Positions {
        Positions { packed, rows: OnceCell::new() }
    }

    /// How many there are. Nothing is read for that.
    pub fn count(&self) -> usize {
        self.rows.get().map_or_else(|| packed_count(self.packed), Vec::len)
    }
}

impl From<Vec<Position>> for Positions {
    fn from(rows: Vec<Position>) -> Positions {
        Positions { packed: &[], rows: OnceCell::from(rows) }
    }
}

impl Deref for Positions {
    type Target = [Position];

    fn deref(&self) -> &[Position] {
        self.rows.get_or_init(|| unpack(self.packed).unwrap_or_default())
    }
}

impl PartialEq for Positions {
    fn eq(&self, other: &Positions) -> bool {
        **self == **other
    }
}

impl Eq for Positions {}

impl Hash for Positions {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl std::fmt::Debug for Positions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        (**self).fmt(f)
    }
}
