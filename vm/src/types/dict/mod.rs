//! `dict`: compact and ordered.
//!
//! ```text
//! Dict:  [header 8][table ptr 8][len u32][keys version u32]
//! table: [Head 16][index: a power of two of u8, u16 or u32][entries: hash, key, value]
//! ```
//!
//! The index maps a hash to an entry number plus one (0 is free, and a deleted entry keeps its number with an empty key:
//! probing goes on past it). Entries stand in the order of insertion; `used` of them are taken, `len` of those are alive.
//! Invariants: `len <= used <= room`, `room <= slots * 2/3`, the index has at least one free slot.
//!
//! The *keys version* names a set of keys in an order: it is 0 (nobody asked) or unique among all dicts, and goes to 0 when a
//! key is added or removed. Caches hold (version, entry number).
//!
//! A key comparison may run Python code, and that may change the dict: a probe notes the table and the version of
//! its shape and starts again when either moved.

use std::cell::Cell;
use std::ptr::NonNull;

use ryokan_alloc::{Header, Heap};

use super::str::Str;
use crate::object::{Layout, Object, Ref, payload_ptr};
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

mod methods;
pub use methods::TYPE;

/// The payload of `dict`.
#[repr(C)]
pub struct Dict {
    head: Header,
    table: Cell<*mut Head>,
    len: Cell<u32>,
    version: Cell<u32>,
}
const _: () = assert!(size_of::<Dict>() == 24);

#[repr(C)]
struct Head {
    /// log2 of the index slots.
    log2: u32,
    /// Entries there is room for.
    room: u32,
    /// Entries taken, dead ones included.
    used: u32,
    /// How often the table changed its keys: moved by every insertion of a new key and every removal.
    changes: u32,
}
const HEAD: usize = size_of::<Head>();

/// An entry; dead if its key is empty.
#[repr(C)]
pub struct Entry {
    /// The key's hash.
    pub hash: i64,
    /// The key.
    pub key: Value,
    /// The value.
    pub value: Value,
}

impl Head {
    fn index_width(log2: u32) -> usize {
        match log2 {
            0..=7 => 1,
            8..=15 => 2,
            _ => 4,
        }
    }
    fn bytes(log2: u32, room: u32) -> usize {
        HEAD + (Head::index_width(log2) << log2) + room as usize * size_of::<Entry>()
    }
    fn slots(&self) -> usize {
        1 << self.log2
    }
    unsafe fn index_base(&self) -> *mut u8 {
        // SAFETY: the index follows the head.
        unsafe { std::ptr::from_ref(self).cast_mut().cast::<u8>().add(HEAD) }
    }
    unsafe fn index(&self, slot: usize) -> usize {
        // SAFETY: slot < slots.
        unsafe {
            match Head::index_width(self.log2) {
                1 => usize::from(*self.index_base().add(slot)),
                2 => usize::from(*self.index_base().cast::<u16>().add(slot)),
                _ => *self.index_base().cast::<u32>().add(slot) as usize,
            }
        }
    }
    unsafe fn set_index(&self, slot: usize, number: usize) {
        // SAFETY: slot < slots.
        unsafe {
            match Head::index_width(self.log2) {
                1 => *self.index_base().add(slot) = number as u8,
                2 => *self.index_base().cast::<u16>().add(slot) = number as u16,
                _ => *self.index_base().cast::<u32>().add(slot) = number as u32,
            }
        }
    }
    unsafe fn entries(&self) -> *mut Entry {
        // SAFETY: the entries follow the index, which is a multiple of 8 bytes long.
        unsafe { self.index_base().add(Head::index_width(self.log2) << self.log2).cast() }
    }
}

/// Slots and entries of the smallest table, and of the next ones.
fn geometry(entries: usize) -> Option<(u32, u32)> {
    if entries <= 3 {
        return Some((3, 3));
    }
    let mut log2 = 3u32;
    while ((1usize << log2) * 2 / 3) < entries {
        log2 += 1;
        if log2 > 31 {
            return None;
        }
    }
    Some((log2, ((1u64 << log2) * 2 / 3) as u32))
}

struct Probe {
    slot: usize,
    perturb: u64,
    mask: usize,
}

impl Probe {
    fn new(hash: i64, slots: usize) -> Probe {
        let mask = slots - 1;
        Probe { slot: hash as usize & mask, perturb: hash as u64, mask }
    }
    fn step(&mut self) {
        self.perturb >>= 5;
        self.slot = (self.slot.wrapping_mul(5).wrapping_add(self.perturb as usize).wrapping_add(1)) & self.mask;
    }
}

// SAFETY: repr(C), header first; traces keys and values of live entries; frees its table.
unsafe impl Object for Dict {
    const LAYOUT: Layout = Layout::Dict;
    const TRACKED: bool = true;
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        for entry in self.entries() {
            visit(&entry.key);
            visit(&entry.value);
        }
    }
    fn clear(&self) {
        self.clear_all();
    }
    unsafe fn finish(this: *mut Self) {
        // SAFETY: the object is dead but whole.
        unsafe { (*this).clear_all() }
    }
}

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
    #[inline(always)]
    fn table(&self) -> Option<&Head> {
        // SAFETY: null, or a table of this dict's own.
        unsafe { self.table.get().as_ref() }
    }
    /// Every entry taken, dead ones (with an empty key) included.
    pub fn all_entries(&self) -> &[Entry] {
        match self.table() {
            // SAFETY: `used` entries are initialised.
            Some(table) => unsafe { std::slice::from_raw_parts(table.entries(), table.used as usize) },
            None => &[],
        }
    }
    /// The live entries, in order. The iterator must not be held across a change.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.all_entries().iter().filter(|e| !e.key.is_unbound())
    }
    /// The entry at a number from a cache.
    ///
    /// # Safety
    /// The number came from this dict (or one with the same keys version) and the version has not moved.
    #[inline(always)]
    pub unsafe fn entry_unchecked(&self, number: u32) -> &Entry {
        // SAFETY: by the caller.
        unsafe { &*(*self.table.get()).entries().add(number as usize) }
    }
    /// The first live entry at or after a number, and its number.
    pub fn next_entry(&self, from: usize) -> Option<(usize, &Entry)> {
        let all = self.all_entries();
        (from..all.len()).find(|i| !all[*i].key.is_unbound()).map(|i| (i, &all[i]))
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
    /// The keys version, made now if need be.
    pub fn ensure_version(&self, vm: &Vm) -> u32 {
        if self.version.get() == 0 {
            let next = vm.next_keys_version.get();
            vm.next_keys_version.set(next.wrapping_add(1));
            self.version.set(next);
        }
        self.version.get()
    }

    /// Finds a key without running Python code: by identity, or as equal strs. For namespaces.
    #[inline]
    pub fn find_name(&self, name: &Value) -> Option<usize> {
        let text = name.get::<Str>()?;
        let table = self.table()?;
        let hash = text.hash();
        let mut probe = Probe::new(hash, table.slots());
        loop {
            // SAFETY: the probe stays within the index; numbers in it are of initialised entries.
            unsafe {
                let number = table.index(probe.slot);
                if number == 0 {
                    return None;
                }
                let entry = &*table.entries().add(number - 1);
                if entry.key.word() == name.word()
                    || (entry.hash == hash && entry.key.get::<Str>().is_some_and(|k| k.equals(text)))
                {
                    return Some(number - 1);
                }
            }
            probe.step();
        }
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

    /// The number of the entry of a key.
    pub fn find(&self, vm: &Vm, key: &Value, hash: i64) -> Res<Option<usize>> {
        let text = key.exact::<Str>();
        'again: loop {
            let Some(table) = self.table() else { return Ok(None) };
            let (base, changes) = (self.table.get(), table.changes);
            let mut probe = Probe::new(hash, table.slots());
            loop {
                // SAFETY: as in `find_name`; the table is checked to be the same after a comparison.
                unsafe {
                    let number = table.index(probe.slot);
                    if number == 0 {
                        return Ok(None);
                    }
                    let entry = &*table.entries().add(number - 1);
                    if !entry.key.is_unbound() {
                        if entry.key.word() == key.word() {
                            return Ok(Some(number - 1));
                        }
                        let both = text.zip(entry.key.exact::<Str>());
                        if let Some((text, other)) = both {
                            if entry.hash == hash && text.equals(other) {
                                return Ok(Some(number - 1));
                            }
                        } else if entry.hash == hash {
                            let other = entry.key.clone();
                            let equal = vm.keys_equal(&other, key)?;
                            if self.table.get() != base || (*base).changes != changes {
                                continue 'again;
                            }
                            if equal {
                                return Ok(Some(number - 1));
                            }
                        }
                    }
                }
                probe.step();
            }
        }
    }
    /// The value of a key. The reference is into the table: clone or read it at once.
    pub fn get(&self, vm: &Vm, key: &Value, hash: i64) -> Res<Option<&Value>> {
        Ok(self.find(vm, key, hash)?.map(|at| &self.all_entries()[at].value))
    }
    /// Sets `self[key] = value`. An equal key that is already there stays.
    pub fn insert(&self, vm: &Vm, key: Value, hash: i64, value: Value) -> Res<()> {
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
    /// Removes the entry at a number.
    pub fn kill(&self, at: usize) -> (Value, Value) {
        let entry = &self.all_entries()[at];
        // SAFETY: the dict has entries, hence a table.
        unsafe { (*self.table.get()).changes += 1 };
        self.len.set(self.len.get() - 1);
        self.version.set(0);
        (entry.key.take(), entry.value.take())
    }
    /// Adds a key that is known not to be there.
    pub fn push_new(&self, vm: &Vm, hash: i64, key: Value, value: Value) -> Res<()> {
        let full = self.table().is_none_or(|t| t.used == t.room);
        if full {
            let len = self.len();
            let want = if len < 3 { 3 } else { (len * 2).max(5) };
            self.rebuild(vm, want)?;
        }
        // SAFETY: `rebuild` made sure of a table with room.
        unsafe {
            let table = &mut *self.table.get();
            let number = table.used as usize;
            let mut probe = Probe::new(hash, table.slots());
            while table.index(probe.slot) != 0 {
                probe.step();
            }
            table.set_index(probe.slot, number + 1);
            table.entries().add(number).write(Entry { hash, key, value });
            table.used += 1;
            table.changes += 1;
        }
        self.len.set(self.len.get() + 1);
        self.version.set(0);
        Ok(())
    }
    /// Makes room for `more` new keys.
    pub fn reserve(&self, vm: &Vm, more: usize) -> Res<()> {
        let Some(want) = self.len().checked_add(more) else { return Err(vm.no_memory()) };
        if self.table().is_none_or(|t| (t.room as usize) < t.used as usize + more) { self.rebuild(vm, want) } else { Ok(()) }
    }
    /// Moves the live entries to a table with room for `want`.
    fn rebuild(&self, vm: &Vm, want: usize) -> Res<()> {
        let Some((log2, room)) = geometry(want.max(self.len() + 1)) else { return Err(vm.no_memory()) };
        let bytes = Head::bytes(log2, room);
        let Some(block) = vm.heap().alloc_buffer(bytes) else { return Err(vm.no_memory()) };
        // SAFETY: the block holds head, index and entries; live entries are moved bit by bit and the old table is freed
        // without dropping them.
        unsafe {
            let new = block.cast::<Head>().as_ptr();
            let changes = self.changes().wrapping_add(1);
            new.write(Head { log2, room, used: 0, changes });
            let table = &mut *new;
            std::ptr::write_bytes(table.index_base(), 0, Head::index_width(log2) << log2);
            for entry in self.entries() {
                let mut probe = Probe::new(entry.hash, table.slots());
                while table.index(probe.slot) != 0 {
                    probe.step();
                }
                table.set_index(probe.slot, table.used as usize + 1);
                std::ptr::copy_nonoverlapping(entry, table.entries().add(table.used as usize), 1);
                table.used += 1;
            }
            let old = self.table.replace(new);
            free_table(vm.heap(), old);
        }
        self.version.set(0);
        Ok(())
    }
    /// Removes everything.
    pub fn clear_all(&self) {
        let old = self.table.replace(std::ptr::null_mut());
        self.len.set(0);
        self.version.set(0);
        if old.is_null() {
            return;
        }
        // SAFETY: the table is no longer reachable; its entries are dropped once and its block freed.
        unsafe {
            for at in 0..(*old).used as usize {
                let entry = (*old).entries().add(at);
                drop((*entry).key.take());
                drop((*entry).value.take());
            }
            free_table(Heap::heap_of(payload_ptr(self)).as_mut(), old);
        }
    }
    /// Bytes of the table.
    pub fn table_bytes(&self) -> usize {
        self.table().map_or(0, |t| Head::bytes(t.log2, t.room))
    }
    /// A new dict with the same entries.
    pub fn copy(&self, vm: &Vm) -> Res<Ref<Dict>> {
        let copy = vm.new_dict()?;
        if !self.is_empty() {
            copy.reserve(vm, self.len())?;
            for entry in self.entries() {
                copy.push_new(vm, entry.hash, entry.key.clone(), entry.value.clone())?;
            }
        }
        Ok(copy)
    }
}

unsafe fn free_table(heap: &mut Heap, table: *mut Head) {
    if let Some(block) = NonNull::new(table) {
        // SAFETY: made by `rebuild` with these very bytes.
        unsafe { heap.free_buffer(block.cast(), Head::bytes((*table).log2, (*table).room)) }
    }
}

impl Vm {
    /// A new empty dict.
    pub fn new_dict(&self) -> Res<Ref<Dict>> {
        self.new_object(Dict::new)
    }

    /// Whether two keys of equal hash are equal: identity first, then `==`.
    #[inline]
    pub fn keys_equal(&self, a: &Value, b: &Value) -> Res<bool> {
        let (x, y) = (a.word(), b.word());
        if x == y {
            return Ok(true);
        }
        if x.is_int() && y.is_int() {
            return Ok(false);
        }
        if let (Some(x), Some(y)) = (a.exact::<Str>(), b.exact::<Str>()) {
            return Ok(x.equals(y));
        }
        self.equal(a, b)
    }
}

