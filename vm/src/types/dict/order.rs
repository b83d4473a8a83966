//! The order of a dict's entries: its ends, and moving an entry to one of them, for `OrderedDict`.
//!
//! To make room before the first entry, the table is made anew with removed entries at its beginning. Those that are removed at
//! the beginning are not passed one by one again and again: if entry 0 is removed, its hash is a number of entries, all of them
//! removed, from the beginning on.

use super::{Dict, Entry};
use crate::raised::Res;
use crate::types::plain::quick_equal;
use crate::value::Value;
use crate::vm::Vm;

impl Dict {
    /// The number of the first entry.
    pub fn first_entry(&self) -> Option<usize> {
        let all = self.all_entries();
        if self.is_empty() {
            return None;
        }
        let begin = match all.first()? {
            entry if entry.key.is_unbound() => entry.hash.max(1) as usize,
            _ => return Some(0),
        };
        let first = (begin..all.len()).find(|at| !all[*at].key.is_unbound())?;
        if first > begin {
            crate::fuel::owe_bytes((first - begin) * 16);
            self.note_removed(first);
        }
        Some(first)
    }
    /// The number of the last entry; behind it there is none then, not even a removed one.
    pub fn last_entry(&self) -> Option<usize> {
        self.forget_end();
        self.all_entries().len().checked_sub(1)
    }
    /// The number of the last entry before one.
    pub fn entry_before(&self, number: usize) -> Option<usize> {
        let all = self.all_entries();
        all[..number.min(all.len())].iter().rposition(|entry| !entry.key.is_unbound())
    }
    /// Whether two dicts have the same keys in the same order, and equal values, as far as that can be told without running code.
    pub fn certainly_same(&self, other: &Dict) -> bool {
        let equal = |a: &Value, b: &Value| quick_equal(a, b) == Some(true);
        let same =
            |(a, b): (&Entry, &Entry)| a.hash == b.hash && equal(&a.key, &b.key) && equal(&a.value, &b.value);
        crate::fuel::owe_bytes(self.len() * 16);
        self.len() == other.len() && self.entries().zip(other.entries()).all(same)
    }
    /// Moves the entry of a number behind the last one. `MemoryError`.
    pub fn move_last(&self, vm: &Vm, number: usize) -> Res<()> {
        if Some(number) == self.last_entry() {
            return Ok(());
        }
        let number = self.with_room(vm, number, 0)?;
        let hash = self.all_entries()[number].hash;
        let (key, value) = self.kill(number);
        self.push_new(vm, hash, key, value)
    }
    /// Moves the entry of a number before the first one. `MemoryError`.
    pub fn move_first(&self, vm: &Vm, number: usize) -> Res<()> {
        let Some(first) = self.first_entry() else { return Ok(()) };
        if number == first {
            return Ok(());
        }
        let number = if first == 0 { self.with_room(vm, number, self.len().max(4))? } else { number };
        let Some(first) = self.first_entry() else { return Ok(()) };
        let hash = self.all_entries()[number].hash;
        let (key, value) = self.kill(number);
        // `first` was made more than 0.
        self.push_before(first, Entry { hash, key, value });
        self.note_removed(first - 1);
        Ok(())
    }
    /// Sees to room for a new entry behind the last, or to `before` removed ones before the first; gives the number that the entry has
    /// then.
    fn with_room(&self, vm: &Vm, number: usize, before: usize) -> Res<usize> {
        if before == 0 && self.table().is_some_and(|table| table.left() > 0) {
            return Ok(number);
        }
        let rank = self.all_entries()[..number].iter().filter(|entry| !entry.key.is_unbound()).count();
        self.rebuild_behind(vm, self.len() * 2 + before, before)?;
        Ok(before + rank)
    }
}
