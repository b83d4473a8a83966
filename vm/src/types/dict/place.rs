//! Where a key is in a dict, or belongs: as far as that can be told by a look.

use super::probe::Probe;
use super::sizes::index_width;
use super::table::same_key;
use super::{Dict, Entry};
use crate::types::plain::quick_equal;
use crate::value::Value;

/// What a look for a key came to.
pub(super) enum Place {
    /// The entry of the key.
    At(usize),
    /// There is none, and this slot of the index is for it.
    Free(usize),
    /// There is no table yet.
    Nowhere,
    /// That takes a comparison that may run code, or more than a look.
    Unknown,
}

impl Dict {
    /// Looks for a key of a known hash. Runs nothing.
    #[inline]
    pub(super) fn look(&self, key: &Value, hash: i64) -> Place {
        match self.table().map(|table| index_width(table.log2)) {
            Some(1) => look_in::<u8>(self.numbers(), self.all_entries(), key, hash),
            Some(2) => look_in::<u16>(self.numbers(), self.all_entries(), key, hash),
            Some(_) => look_in::<u32>(self.numbers(), self.all_entries(), key, hash),
            None => Place::Nowhere,
        }
    }
    /// The value of a key of a known hash, or that there is none; `None` where that takes more than a look.
    pub fn find_plainly(&self, key: &Value, hash: i64) -> Option<Option<&Value>> {
        match self.look(key, hash) {
            Place::At(at) => Some(Some(&self.all_entries()[at].value)),
            Place::Free(_) | Place::Nowhere => Some(None),
            Place::Unknown => None,
        }
    }
    /// Whether there is room for one more key.
    #[inline]
    pub fn has_room(&self) -> bool {
        self.table().is_some_and(|table| table.left() > 0)
    }
}

/// [`Dict::look`] in an index of numbers of entries.
#[inline(always)]
fn look_in<N: Copy + Into<u32>>(index: &[N], entries: &[Entry], key: &Value, hash: i64) -> Place {
    let mut probe = Probe::new(hash, index.len());
    let mut passed = None;
    while let Some(&number) = index.get(probe.slot) {
        let number: u32 = number.into();
        if number == 0 {
            return Place::Free(passed.unwrap_or(probe.slot));
        }
        match entries.get(number as usize - 1) {
            // A gap: no table has so many entries.
            None => {
                passed.get_or_insert(probe.slot);
            }
            Some(entry) if same_key(&entry.key, key) => return Place::At(number as usize - 1),
            Some(entry) if entry.hash == hash => match quick_equal(&entry.key, key) {
                Some(true) => return Place::At(number as usize - 1),
                Some(false) => {}
                None => break,
            },
            Some(_) => {}
        }
        probe.step_unpaid();
        if probe.steps == Probe::PAID {
            break;
        }
    }
    Place::Unknown
}
