//! `set` and `frozenset`: open addressing with the hashes stored.
//!
//! ```text
//! Set:    [header 8][table ptr 8][mask u32][fill u32][used u32][finger u32][hash 8]
//! table:  mask + 1 entries (a power of two, 8 or more): [hash 8][key 8]
//! ```
//!
//! An entry is free (no key, hash 0), a gap where one was removed (no key, hash -1), or taken. `used` entries are taken,
//! `fill` are not free; `fill * 5 < mask * 3` holds after each insertion. An empty set has no table.
//!
//! A probe looks at the entry of the hash and, where there is room, at nine more in a row; then it jumps as a dict's does.
//! Sizes, probes, and the order in which the operators visit elements are CPython's (`Objects/setobject.c`), so that sets
//! of ints print in its order.
//!
//! Read next: `operations.rs`, `methods.rs`.

use std::cell::Cell;
use std::ptr::NonNull;

use ryokan_alloc::{Header, Heap};

use super::dict::int_hash;
use super::plain::{quick_equal, quick_hash};
use crate::fuel::owe_bytes;
use crate::object::{Layout, Object, Ref, payload_ptr};
use crate::raised::Res;
use crate::value::{Value, Word};
use crate::vm::Vm;
use hashes::lookup_hash;
use probe::Probe;

mod hashes;
mod methods;
mod operations;
mod probe;
pub use methods::{FROZEN_TYPE, ITER_TYPE, SetIter, TYPE};
pub use operations::{compare_plainly, intersection, union};

/// The payload of `set`.
#[repr(C)]
pub struct Set {
    head: Header,
    table: Cell<*mut SetEntry>,
    mask: Cell<u32>,
    fill: Cell<u32>,
    used: Cell<u32>,
    /// Where `pop` looks next.
    finger: Cell<u32>,
    /// The hash of a frozenset, -1 while not known.
    hash: Cell<i64>,
}
const _: () = assert!(size_of::<Set>() == 40);

/// The payload of `frozenset`.
#[repr(C)]
pub struct FrozenSet {
    set: Set,
}

#[repr(C)]
struct SetEntry {
    hash: Cell<i64>,
    key: Value,
}

impl SetEntry {
    /// Whether an element was removed here.
    fn is_gap(&self) -> bool {
        self.key.is_unbound() && self.hash.get() == GAP
    }
}

const GAP: i64 = -1;
const SMALLEST: usize = 8;

// SAFETY: repr(C), header first; traces the keys; gives them and the table back.
unsafe impl Object for Set {
    const LAYOUT: Layout = Layout::Set;
    const TRACKED: bool = true;
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.entries().iter().filter(|e| !e.key.is_unbound()).for_each(|e| visit(&e.key));
    }
    fn clear(&self) {
        self.clear_all();
    }
    fn dying(&self) {
        self.clear_all();
    }
}

// SAFETY: repr(C), begins with a Set, hence with a header; otherwise as above.
unsafe impl Object for FrozenSet {
    const LAYOUT: Layout = Layout::FrozenSet;
    const TRACKED: bool = true;
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.set.trace(visit);
    }
    fn clear(&self) {
        self.set.clear_all();
    }
    fn dying(&self) {
        self.set.clear_all();
    }
}

impl FrozenSet {
    /// What is in it.
    pub fn elements(&self) -> &Set {
        &self.set
    }
}

/// The set that a value is, frozen or not.
#[inline]
pub fn any_set(value: &Value) -> Option<&Set> {
    match value.get::<Set>() {
        Some(set) => Some(set),
        None => value.get::<FrozenSet>().map(|frozen| &frozen.set),
    }
}

/// Where a probe ended.
enum Found {
    /// At the key.
    Key(usize),
    /// At a free entry, having passed a gap or not.
    Free(usize, Option<usize>),
}

/// Whether two elements of one hash are equal, as far as that can be told at once: what is one is.
#[inline(always)]
fn equal_at_hand(a: &Value, b: &Value) -> Option<bool> {
    // (Of a float that may be NaN only its slot could tell.)
    if a.word() == b.word() && !a.word().is_float() { Some(true) } else { quick_equal(a, b) }
}

/// The first entry from a place on that holds a key.
fn first_key(entries: &[SetEntry], from: usize) -> Option<usize> {
    let rest = entries.get(from..)?;
    let found = rest.iter().position(|entry| !entry.key.is_unbound()).map(|passed| from + passed);
    owe_bytes(found.unwrap_or(entries.len()).saturating_sub(from) * 16);
    found
}

impl Set {
    /// An empty payload.
    pub fn new(head: Header) -> Set {
        Set {
            head,
            table: Cell::new(std::ptr::null_mut()),
            mask: Cell::new(SMALLEST as u32 - 1),
            fill: Cell::new(0),
            used: Cell::new(0),
            finger: Cell::new(0),
            hash: Cell::new(-1),
        }
    }
    /// How many elements.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.used.get() as usize
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.used.get() == 0
    }
    fn mask(&self) -> usize {
        self.mask.get() as usize
    }
    /// Bytes of the table.
    pub fn table_bytes(&self) -> usize {
        if self.table.get().is_null() { 0 } else { (self.mask() + 1) * size_of::<SetEntry>() }
    }
    /// How many entries the table has, as CPython counts: at least 8.
    pub fn slots(&self) -> usize {
        self.mask() + 1
    }
    fn entries(&self) -> &[SetEntry] {
        match self.table.get() {
            table if table.is_null() => &[],
            // SAFETY: the table is this set's own and has `mask + 1` initialised entries.
            table => unsafe { std::slice::from_raw_parts(table, self.mask() + 1) },
        }
    }
    /// The next element at or after a place, to look at, with its hash; and the place after it.
    fn next_from(&self, from: usize) -> Option<(Value, i64, usize)> {
        let entries = self.entries();
        let at = first_key(entries, from)?;
        Some((entries[at].key.look(), entries[at].hash.get(), at + 1))
    }
    /// As `next_from`, but shared: for a key that is stored elsewhere.
    pub fn share_from(&self, from: usize) -> Option<(Value, i64, usize)> {
        let entries = self.entries();
        let at = first_key(entries, from)?;
        Some((entries[at].key.clone(), entries[at].hash.get(), at + 1))
    }

    /// Looks for a key. The set has a table then, even if code that ran meanwhile took it away.
    fn probe(&self, vm: &Vm, key: &Value, hash: i64) -> Res<Found> {
        'again: loop {
            if self.table.get().is_null() {
                self.make_table(vm, SMALLEST)?;
            }
            let (table, mask) = (self.table.get(), self.mask());
            let mut probe = Probe::new(hash, mask);
            let mut gap = None;
            loop {
                // SAFETY: the probe stays within the mask of the set's own table, which is checked to be the same after
                // every comparison that may run code.
                let entry = unsafe { &*table.add(probe.at) };
                let there = entry.hash.get();
                if entry.key.is_unbound() {
                    if there == 0 {
                        // SAFETY: the gap was found by this probe, in the table that was just seen to be the same.
                        if gap.is_some_and(|gap| !unsafe { &*table.add(gap) }.is_gap()) {
                            // A comparison ran code that filled it.
                            continue 'again;
                        }
                        return Ok(Found::Free(probe.at, gap));
                    }
                    gap = Some(probe.at);
                } else if there == hash {
                    let equal = match equal_at_hand(&entry.key, key) {
                        Some(equal) => equal,
                        None => {
                            let (other, key) = (entry.key.clone(), key.clone());
                            let equal = vm.equal(&other, &key)?;
                            if self.table.get() != table
                                || self.mask() != mask
                                || entry.key.word() != other.word()
                            {
                                continue 'again;
                            }
                            equal
                        }
                    };
                    if equal {
                        return Ok(Found::Key(probe.at));
                    }
                }
                probe.step();
            }
        }
    }
    /// Whether an element of a known hash is there.
    fn has(&self, vm: &Vm, key: &Value, hash: i64) -> Res<bool> {
        if self.is_empty() {
            return Ok(false);
        }
        Ok(matches!(self.probe(vm, key, hash)?, Found::Key(_)))
    }
    /// The elements and their hashes, to be looked at: nothing may run meanwhile that could change the set.
    pub(crate) fn at_hand(&self) -> impl Iterator<Item = (&Value, i64)> {
        owe_bytes(self.table_bytes());
        self.entries().iter().map(|entry| (&entry.key, entry.hash.get())).filter(|(key, _)| !key.is_unbound())
    }
    /// Whether an element of a known hash is there, as far as that can be told at once.
    pub fn has_plainly(&self, key: &Value, hash: i64) -> Option<bool> {
        let (table, mask) = (self.table.get(), self.mask());
        if table.is_null() {
            return Some(false);
        }
        let mut probe = Probe::new(hash, mask);
        loop {
            // SAFETY: the probe stays within the mask of the set's own table, and nothing runs meanwhile.
            let entry = unsafe { &*table.add(probe.at) };
            let there = entry.hash.get();
            if entry.key.is_unbound() {
                if there == 0 {
                    return Some(false);
                }
            } else if there == hash && equal_at_hand(&entry.key, key)? {
                return Some(true);
            }
            probe.step();
        }
    }
    /// `key in self`
    pub fn contains(&self, vm: &Vm, key: &Value) -> Res<bool> {
        let hash = lookup_hash(vm, key)?;
        self.has(vm, key, hash)
    }
    /// Adds an immediate int, if that takes no more than a look at its own place; whether it did.
    #[inline(always)]
    pub fn add_at_once(&self, word: Word) -> bool {
        let (table, mask) = (self.table.get(), self.mask());
        let hash = int_hash(word.int());
        if table.is_null() {
            return false;
        }
        // SAFETY: the place is within the set's own table.
        let entry = unsafe { &*table.add(hash as usize & mask) };
        if !entry.key.is_unbound() {
            // The same number may be there already.
            return entry.key.word() == word;
        }
        if entry.hash.get() != 0 || (self.fill.get() as usize + 1) * 5 >= mask * 3 {
            return false;
        }
        entry.hash.set(hash);
        drop(entry.key.replace(Value::immediate(word)));
        self.used.set(self.used.get() + 1);
        self.fill.set(self.fill.get() + 1);
        true
    }
    /// Adds what is hashed at once, if that takes no more than a look; whether it did. `take` makes the key of it where it is new, and must
    /// not run anything.
    #[inline]
    fn add_plain(&self, key: &Value, take: impl FnOnce(&Value) -> Value) -> bool {
        let Some(hash) = quick_hash(key) else { return false };
        match self.place_at_hand(key, hash) {
            Some(Found::Key(_)) => true,
            Some(Found::Free(free, None)) if (self.fill.get() as usize + 1) * 5 < self.mask() * 3 => {
                // SAFETY: the place is within the set's own table, and free.
                unsafe { put_entry(self.table.get().add(free), take(key), hash) };
                self.used.set(self.used.get() + 1);
                self.fill.set(self.fill.get() + 1);
                true
            }
            _ => false,
        }
    }
    /// Adds an element.
    #[inline]
    pub fn add(&self, vm: &Vm, key: Value) -> Res<()> {
        if key.word().is_int() && self.add_at_once(key.word()) {
            return Ok(());
        }
        let hash = vm.element_hash(&key)?;
        self.add_hashed(vm, key, hash)
    }
    fn add_hashed(&self, vm: &Vm, key: Value, hash: i64) -> Res<()> {
        let (free, gap) = match self.place_at_hand(&key, hash) {
            Some(Found::Key(_)) => return Ok(()),
            Some(Found::Free(free, gap)) => (free, gap),
            None => match self.probe(vm, &key, hash)? {
                Found::Key(_) => return Ok(()),
                Found::Free(free, gap) => (free, gap),
            },
        };
        self.fill_entry(vm, gap.unwrap_or(free), key, hash, gap.is_none())
    }
    /// Puts an element into an entry that holds none, `free` or a gap.
    #[inline(always)]
    fn fill_entry(&self, vm: &Vm, at: usize, key: Value, hash: i64, free: bool) -> Res<()> {
        let entry = &self.entries()[at];
        entry.hash.set(hash);
        drop(entry.key.replace(key));
        self.used.set(self.used.get() + 1);
        if free {
            self.fill.set(self.fill.get() + 1);
            if self.fill.get() as usize * 5 >= self.mask() * 3 {
                return self.resize(vm, self.grown());
            }
        }
        Ok(())
    }
    /// Adds to a set without gaps, in the order of their entries, the elements of another one that `wanted` names and that are not there,
    /// as long as it can tell at once; how many entries were looked at. Runs no Python; `MemoryError`.
    fn add_wanted(&self, vm: &Vm, other: &Set, wanted: impl Fn(&Value, i64) -> Option<bool>) -> Res<usize> {
        owe_bytes(other.table_bytes());
        for (at, entry) in other.entries().iter().enumerate() {
            if entry.key.is_unbound() {
                continue;
            }
            let hash = entry.hash.get();
            match wanted(&entry.key, hash) {
                Some(true) => {}
                Some(false) => continue,
                None => return Ok(at),
            }
            if self.table.get().is_null() {
                self.make_table(vm, SMALLEST)?;
            }
            match self.place_at_hand(&entry.key, hash) {
                Some(Found::Free(free, _)) => self.fill_entry(vm, free, entry.key.clone(), hash, true)?,
                Some(Found::Key(_)) => {}
                None => return Ok(at),
            }
        }
        Ok(other.entries().len())
    }
    /// Where a key is, or belongs, if that can be told without a comparison that runs code, and no gap is on the way.
    #[inline(always)]
    fn place_at_hand(&self, key: &Value, hash: i64) -> Option<Found> {
        let entries = self.entries();
        if entries.is_empty() {
            return None;
        }
        let mut probe = Probe::new(hash, entries.len() - 1);
        loop {
            let entry = entries.get(probe.at)?;
            let there = entry.hash.get();
            if entry.key.is_unbound() {
                return (there == 0).then_some(Found::Free(probe.at, None));
            }
            if there == hash && equal_at_hand(&entry.key, key)? {
                return Some(Found::Key(probe.at));
            }
            probe.step();
        }
    }
    fn grown(&self) -> usize {
        if self.len() > 50_000 { self.len() * 2 } else { self.len() * 4 }
    }
    /// Removes an element; whether it was there.
    fn remove_hashed(&self, vm: &Vm, key: &Value, hash: i64) -> Res<bool> {
        if self.is_empty() {
            return Ok(false);
        }
        let Found::Key(at) = self.probe(vm, key, hash)? else { return Ok(false) };
        drop(self.take_at(at));
        Ok(true)
    }
    /// Removes an element if it is there.
    pub fn discard(&self, vm: &Vm, key: &Value) -> Res<bool> {
        let hash = lookup_hash(vm, key)?;
        self.remove_hashed(vm, key, hash)
    }
    fn take_at(&self, at: usize) -> Value {
        let entry = &self.entries()[at];
        entry.hash.set(GAP);
        self.used.set(self.used.get() - 1);
        entry.key.take()
    }
    /// Takes some element out.
    fn pop(&self) -> Option<Value> {
        if self.is_empty() {
            return None;
        }
        let entries = self.entries();
        let mut at = self.finger.get() as usize & self.mask();
        let mut passed = 0;
        while entries[at].key.is_unbound() {
            at = (at + 1) & self.mask();
            passed += 1;
        }
        owe_bytes(passed * 16);
        self.finger.set(at as u32 + 1);
        Some(self.take_at(at))
    }
    /// Removes everything.
    pub fn clear_all(&self) {
        let (table, slots) = (self.table.replace(std::ptr::null_mut()), self.mask() + 1);
        self.mask.set(SMALLEST as u32 - 1);
        self.fill.set(0);
        self.used.set(0);
        self.hash.set(-1);
        // SAFETY: the table is no longer reachable; its keys are dropped once and its buffer is given back to the heap
        // that the set lies in.
        unsafe {
            let Some(block) = NonNull::new(table) else { return };
            for at in 0..slots {
                drop(Value::from_word((*table.add(at)).key.word()));
            }
            let mut heap = Heap::heap_of(payload_ptr(self));
            heap.as_mut().free_buffer(block.cast(), slots * size_of::<SetEntry>());
        }
    }

    /// Gives the set an empty table in place of none.
    fn make_table(&self, vm: &Vm, slots: usize) -> Res<()> {
        debug_assert!(self.table.get().is_null());
        self.table.set(new_table(vm, slots)?);
        self.mask.set(slots as u32 - 1);
        Ok(())
    }
    /// Moves the elements to a table for more than `used` of them, without gaps.
    fn resize(&self, vm: &Vm, used: usize) -> Res<()> {
        let mut slots = SMALLEST;
        while slots <= used {
            slots <<= 1;
        }
        let table = new_table(vm, slots)?;
        for entry in self.entries() {
            if !entry.key.is_unbound() {
                // SAFETY: the new table has `slots` entries, more than elements.
                unsafe { insert_clean(table, slots - 1, entry.key.take(), entry.hash.get()) };
            }
        }
        let bytes = self.table_bytes();
        let old = self.table.replace(table);
        self.mask.set(slots as u32 - 1);
        self.fill.set(self.used.get());
        if let Some(old) = NonNull::new(old) {
            // SAFETY: the old table is empty and was allocated with this size.
            unsafe { vm.heap().free_buffer(old.cast(), bytes) };
        }
        Ok(())
    }
    /// Makes room for `more` elements at once.
    pub(crate) fn make_room(&self, vm: &Vm, more: usize) -> Res<()> {
        if (self.fill.get() as usize + more) * 5 >= self.mask() * 3 {
            self.resize(vm, (self.len() + more) * 2)?;
        } else if self.table.get().is_null() {
            self.make_table(vm, SMALLEST)?;
        }
        Ok(())
    }
    /// Adds all elements of another set.
    fn merge(&self, vm: &Vm, other: &Set) -> Res<()> {
        if std::ptr::eq(self, other) || other.is_empty() {
            return Ok(());
        }
        self.make_room(vm, other.len())?;
        if self.fill.get() == 0 {
            let (table, mask) = (self.table.get(), self.mask());
            let alike = mask == other.mask() && other.fill.get() == other.used.get();
            for (at, entry) in other.entries().iter().enumerate() {
                if entry.key.is_unbound() {
                    continue;
                }
                // SAFETY: the table is empty and large enough; sharing a key runs no code.
                unsafe {
                    match alike {
                        true => put_entry(table.add(at), entry.key.clone(), entry.hash.get()),
                        false => insert_clean(table, mask, entry.key.clone(), entry.hash.get()),
                    }
                }
            }
            self.fill.set(other.used.get());
            self.used.set(other.used.get());
            return Ok(());
        }
        let mut from = self.add_wanted(vm, other, |_, _| Some(true))?;
        while let Some((key, hash, next)) = other.share_from(from) {
            from = next;
            self.add_hashed(vm, key, hash)?;
        }
        Ok(())
    }
}

fn new_table(vm: &Vm, slots: usize) -> Res<*mut SetEntry> {
    let bytes = slots.checked_mul(size_of::<SetEntry>()).filter(|_| slots <= 1 << 31);
    let Some(block) = bytes.and_then(|bytes| vm.heap().alloc_buffer(bytes)) else {
        return Err(vm.no_memory());
    };
    let table = block.cast::<SetEntry>().as_ptr();
    for at in 0..slots {
        // SAFETY: the block has room for `slots` entries.
        unsafe { table.add(at).write(SetEntry { hash: Cell::new(0), key: Value::UNBOUND }) };
    }
    Ok(table)
}

/// Fills a free entry.
unsafe fn put_entry(entry: *mut SetEntry, key: Value, hash: i64) {
    // SAFETY: the entry is initialised and holds no key.
    unsafe {
        (*entry).hash.set(hash);
        drop((*entry).key.replace(key));
    }
}

/// Puts a key that is known not to be there into a table without gaps.
unsafe fn insert_clean(table: *mut SetEntry, mask: usize, key: Value, hash: i64) {
    let mut probe = Probe::new(hash, mask);
    // SAFETY: the probe stays within the table, which has a free entry.
    unsafe {
        while !(*table.add(probe.at)).key.is_unbound() {
            probe.step();
        }
        put_entry(table.add(probe.at), key, hash);
    }
}

impl Vm {
    /// A new empty set. Runs no Python; `MemoryError`.
    pub fn new_set(&self) -> Res<Ref<Set>> {
        self.new_object(Set::new)
    }
    /// A frozenset of these elements. Runs Python (`__hash__`, `__eq__`); raises what that raises, `TypeError` for what has no hash, and
    /// `MemoryError`.
    pub fn frozenset(&self, items: &[Value]) -> Res {
        let made = self.new_object(|head| FrozenSet { set: Set::new(head) })?;
        for item in items {
            made.set.add(self, item.clone())?;
        }
        Ok(made.into_value())
    }
}
