//! `dict`: compact and ordered.
//!
//! ```text
//! Dict:  [header 8][table ptr 8][len u32][keys version u32]
//! table: [Head 16][index: a power of two of u8, u16 or u32][entries: hash, key, value]
//! ```
//!
//! The index maps a hash to an entry number plus one; 0 is a free slot, the greatest number a *gap*: an entry that was
//! removed, past which probing goes on. Entries stand in the order of insertion; `used` of them are taken, `len` of those
//! are alive. A removed entry's place is not taken again before the table is made anew, but for those at the end that `popitem`
//! passes: by that who walks over a dict that changes sees what it sees in CPython. `filled` counts the index slots that are not free; a new key may take a gap, and
//! popping the last entry leaves one, so neither of both counts bounds the other. Invariants: `len <= used <= room`,
//! `len <= filled <= room < slots`; so every probe ends.
//!
//! The *keys version* names a set of keys in an order: it is 0 (nobody asked) or unique among all dicts, and goes to 0 when a
//! key is added or removed. Caches hold (version, entry number).
//!
//! A key comparison may run Python code, and that may change the dict: a probe notes the table and its count of changes
//! and starts again when either moved, unless the entry that was compared is still where it was, and only others have
//! been removed.

use std::cell::Cell;

use ryokan_alloc::Header;

use super::str::Str;
use crate::fuel::owe_bytes;
use crate::object::Ref;
use crate::raised::{Raised, Res};
use crate::value::Value;
use crate::vm::Vm;

mod addresses;
mod methods;
mod order;
mod place;
mod probe;
mod sizes;
mod table;
pub use methods::{TYPE, equal, merge, repr, update_with};
use place::Place;
use sizes::TINY;
use table::Head;
pub use table::{Entry, Quick};

/// The payload of `dict`.
#[repr(C)]
pub struct Dict {
    head: Header,
    table: Cell<*mut Head>,
    len: Cell<u32>,
    version: Cell<u32>,
}
const _: () = assert!(size_of::<Dict>() == 24);

impl Dict {
    /// An empty payload.
    pub fn new(head: Header) -> Dict {
        Dict { head, table: Cell::new(std::ptr::null_mut()), len: Cell::new(0), version: Cell::new(0) }
    }
    /// How many keys.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get() as usize
    }
    /// Whether it has no keys.
    pub fn is_empty(&self) -> bool {
        self.len.get() == 0
    }
    /// The live entries, in order. The iterator must not be held across a change.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.all_entries().iter().filter(|e| !e.key.is_unbound())
    }
    /// The first live entry at or after a number, and its number.
    pub fn next_entry(&self, from: usize) -> Option<(usize, &Entry)> {
        let all = self.all_entries();
        let found = (from..all.len()).find(|i| !all[*i].key.is_unbound());
        owe_bytes((found.unwrap_or(all.len()).saturating_sub(from)) * 16);
        found.map(|i| (i, &all[i]))
    }
    /// Moves with every change of the keys; for iterators that must notice.
    pub fn changes(&self) -> u32 {
        self.table().map_or(0, |t| t.changes)
    }
    /// The keys version, 0 if none was asked for.
    #[inline(always)]
    pub fn version(&self) -> u32 {
        self.version.get()
    }
    /// The keys version, made now if need be; 0 when all numbers have been used, and nothing may be cached any more.
    pub fn ensure_version(&self, vm: &Vm) -> u32 {
        if self.version.get() == 0 {
            let next = vm.next_keys_version.get();
            vm.next_keys_version.set(if next == 0 { 0 } else { next.wrapping_add(1) });
            self.version.set(next);
        }
        self.version.get()
    }
    /// The value of a name, as [`Dict::find_name`] finds it.
    #[inline]
    pub fn get_name(&self, name: &Value) -> Option<&Value> {
        self.find_name(name).map(|at| &self.all_entries()[at].value)
    }
    /// Sets the value of a name: a str key.
    pub fn set_name(&self, vm: &Vm, name: &Value, value: Value) -> Res<()> {
        match self.find_name(name) {
            Some(at) => {
                self.all_entries()[at].value.set(value);
                Ok(())
            }
            None => {
                let hash = name.get::<Str>().map_or(0, Str::hash);
                self.push_new(vm, hash, name.clone(), value)
            }
        }
    }
    /// Removes a name; gives the value it had.
    pub fn remove_name(&self, name: &Value) -> Option<Value> {
        let at = self.find_name(name)?;
        Some(self.kill(at).1)
    }

    /// `self[key]`, `None` if the key is missing. The value is shared.
    #[inline]
    pub fn get_item(&self, vm: &Vm, key: &Value) -> Res<Option<Value>> {
        Ok(self.find_key(vm, key)?.map(|at| self.all_entries()[at].value.clone()))
    }
    /// `self[key] = value`. The key is shared only if it is new.
    #[inline]
    pub fn set_item(&self, vm: &Vm, key: &Value, value: Value) -> Res<()> {
        let hash = vm.key_hash(key)?;
        match self.look(key, hash) {
            Place::At(at) => {
                self.all_entries()[at].value.set(value);
                Ok(())
            }
            // (Sharing a key runs nothing.)
            place => self.put(vm, place, key.clone(), hash, value),
        }
    }
    /// `del self[key]`; gives what was there.
    pub fn del_item(&self, vm: &Vm, key: &Value) -> Res<Option<(Value, Value)>> {
        Ok(self.find_key(vm, key)?.map(|at| self.kill(at)))
    }
    /// The number of the entry of a key that is hashed here.
    #[inline]
    pub fn find_key(&self, vm: &Vm, key: &Value) -> Res<Option<usize>> {
        self.find(vm, key, vm.key_hash(key)?)
    }
    /// The value of a key. The reference is into the table: clone or read it at once.
    pub fn get(&self, vm: &Vm, key: &Value, hash: i64) -> Res<Option<&Value>> {
        Ok(self.find(vm, key, hash)?.map(|at| &self.all_entries()[at].value))
    }
    /// Sets `self[key] = value`. An equal key that is already there stays.
    pub fn insert(&self, vm: &Vm, key: Value, hash: i64, value: Value) -> Res<()> {
        let place = self.look(&key, hash);
        self.put(vm, place, key, hash, value)
    }
    /// The same for a key whose place has been looked for: nothing has run since.
    #[inline(always)]
    fn put(&self, vm: &Vm, place: Place, key: Value, hash: i64, value: Value) -> Res<()> {
        match place {
            Place::At(at) => {
                self.all_entries()[at].value.set(value);
                Ok(())
            }
            Place::Free(slot) if self.has_room() => {
                self.fill(slot, Entry { hash, key, value });
                Ok(())
            }
            Place::Free(_) | Place::Nowhere => self.push_new(vm, hash, key, value),
            Place::Unknown => self.insert_slowly(vm, key, hash, value),
        }
    }
    /// The same where it takes more than a look.
    #[inline(never)]
    fn insert_slowly(&self, vm: &Vm, key: Value, hash: i64, value: Value) -> Res<()> {
        match self.find(vm, &key, hash)? {
            Some(at) => {
                self.all_entries()[at].value.set(value);
                Ok(())
            }
            None => self.push_new(vm, hash, key, value),
        }
    }
    /// Removes a key; gives what was there.
    pub fn remove(&self, vm: &Vm, key: &Value, hash: i64) -> Res<Option<(Value, Value)>> {
        Ok(self.find(vm, key, hash)?.map(|at| self.kill(at)))
    }
    /// Adds to the value of a key, which counts from 0. Runs code.
    pub fn tally(&self, vm: &Vm, key: Value, hash: i64, amount: i64) -> Res<()> {
        let Some(at) = self.find(vm, &key, hash)? else {
            return self.push_new(vm, hash, key, vm.int(amount)?);
        };
        let word = super::int::unbox_word(self.all_entries()[at].value.word());
        let sum = match word.is_int().then(|| word.int().checked_add(amount)).flatten() {
            Some(sum) => vm.int(sum)?,
            None => {
                let value = self.all_entries()[at].value.clone();
                let sum = vm.binary_op(&value, &vm.int(amount)?, ryokan_bytecode::BinaryOp::Add)?;
                return self.insert(vm, key, hash, sum);
            }
        };
        self.all_entries()[at].value.set(sum);
        Ok(())
    }
    /// Makes room for `more` new keys.
    pub fn reserve(&self, vm: &Vm, more: usize) -> Res<()> {
        let Some(want) = self.len().checked_add(more) else { return Err(vm.no_memory()) };
        let short = self.table().is_none_or(|t| t.left() < more);
        if more == 0 || !short {
            return Ok(());
        }
        if want <= TINY && self.table().is_none() { self.begin(vm) } else { self.rebuild(vm, want) }
    }
    /// Bytes of the table.
    pub fn table_bytes(&self) -> usize {
        self.table().map_or(0, |t| Head::bytes(t.log2, t.tiny))
    }
    /// A new dict with the same entries.
    pub fn copy(&self, vm: &Vm) -> Res<Ref<Dict>> {
        let copy = vm.new_dict()?;
        if !copy.copy_table(vm, self)? {
            copy.reserve(vm, self.len())?;
            for entry in self.entries() {
                copy.push_new(vm, entry.hash, entry.key.clone(), entry.value.clone())?;
            }
        }
        Ok(copy)
    }
}

/// The hash of a small int.
#[inline(always)]
pub fn int_hash(number: i64) -> i64 {
    const MODULUS: i64 = (1 << 61) - 1;
    let hash = if number.unsigned_abs() < MODULUS as u64 { number } else { number % MODULUS };
    if hash == -1 { -2 } else { hash }
}

impl Vm {
    /// A new empty dict. Runs no Python; `MemoryError`.
    pub fn new_dict(&self) -> Res<Ref<Dict>> {
        self.new_object(Dict::new)
    }

    /// The hash of a key of a dict, with a dict's own message if there is none. Runs Python (`__hash__`); raises what that raises, and
    /// `TypeError`.
    #[inline]
    pub fn key_hash(&self, key: &Value) -> Res<i64> {
        if let Some(text) = key.exact::<Str>() {
            return Ok(text.hash());
        }
        if key.word().is_int() {
            return Ok(int_hash(key.word().int()));
        }
        self.hash(key).map_err(|raised| self.unusable(raised, key, "a dict key"))
    }

    /// Says what an unhashable value was meant to be. Runs Python (the `str` of what was raised).
    #[cold]
    pub fn unusable(&self, raised: Raised, value: &Value, role: &str) -> Raised {
        if !std::ptr::eq(self.type_of(&self.thread.raised), &*self.exc.TypeError) {
            return raised;
        }
        let cause = self.take_raised(raised);
        match self.to_str(&cause) {
            Ok(text) => {
                let kind = self.type_of(value).full_name(self);
                let kind = kind.strip_prefix("__main__.").unwrap_or(&kind);
                self.type_error(format_args!("cannot use '{kind}' as {role} ({})", self.text(&text)))
            }
            Err(raised) => raised,
        }
    }

    /// Whether two keys of equal hash are equal: identity first, then `==`. Runs Python (`__eq__`); raises what that raises.
    #[inline]
    pub fn keys_equal(&self, a: &Value, b: &Value) -> Res<bool> {
        super::tuple::same_or_equal(self, a, b)
    }
}
