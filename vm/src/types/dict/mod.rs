//! `dict`: compact and ordered.
//!
//! ```text
//! Dict:  [header 8][table ptr 8][len u32][keys version u32]
//! table: [Head 16][index: a power of two of u8, u16 or u32][entries: hash, key, value]
//! ```
//!
//! The index maps a hash to an entry number plus one; 0 is a free slot, the greatest number a *gap*: an entry that was
//! removed, past which probing goes on. Entries stand in the order of insertion; `used` of them are taken, `len` of those
//! are alive, and the last one always is. `filled` counts the index slots that are not free; a new key may take a gap, and
//! popping the last entry leaves one, so neither of both counts bounds the other. Invariants: `len <= used <= room`,
//! `len <= filled <= room < slots`; so every probe ends.
//!
//! The *keys version* names a set of keys in an order: it is 0 (nobody asked) or unique among all dicts, and goes to 0 when a
//! key is added or removed. Caches hold (version, entry number).
//!
//! A key comparison may run Python code, and that may change the dict: a probe notes the table and its count of changes
//! and starts again when either moved.

use std::cell::Cell;
use std::ptr::NonNull;
use std::sync::atomic::Ordering;

use ryokan_alloc::{Header, Heap};

use super::str::Str;
use super::tuple::quick_equal;
use crate::fuel::owe_bytes;
use crate::object::{Layout, Object, Ref, payload_ptr};
use crate::raised::{Raised, Res};
use crate::value::{Value, Word};
use crate::vm::Vm;

mod addresses;
mod methods;
mod order;
mod table;
pub use methods::{TYPE, equal, merge, merge_pairs, repr, update_with};
pub use table::Entry;
use table::{FIRST_CHANGE, HEAD, Head, Probe, TINY, geometry, index_width};

/// The payload of `dict`.
#[repr(C)]
pub struct Dict {
    head: Header,
    table: Cell<*mut Head>,
    len: Cell<u32>,
    version: Cell<u32>,
}
const _: () = assert!(size_of::<Dict>() == 24);

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
    fn dying(&self) {
        self.clear_all();
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
            Some(table) => unsafe {
                std::slice::from_raw_parts(Head::entries(self.table.get()), table.used as usize)
            },
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
        // SAFETY: the table has an entry of that number, since no key has come or gone since it was found.
        unsafe { &*Head::entries(self.table.get()).add(number as usize) }
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

    /// Finds a key without running Python code: by identity, or as equal strs. For namespaces.
    #[inline]
    pub fn find_name(&self, name: &Value) -> Option<usize> {
        let text = name.get::<Str>()?;
        let table = self.table.get();
        if table.is_null() {
            return None;
        }
        let hash = text.hash();
        // SAFETY: the probe stays within the index; numbers in it, but for gaps, are of initialised entries.
        unsafe {
            let gap = (*table).gap();
            let mut probe = Probe::new(hash, (*table).slots());
            loop {
                let number = Head::index(table, probe.slot);
                if number == 0 {
                    return None;
                }
                if number != gap {
                    let entry = &*Head::entries(table).add(number - 1);
                    if entry.key.word() == name.word()
                        || (entry.hash == hash && entry.key.get::<Str>().is_some_and(|k| k.equals(text)))
                    {
                        return Some(number - 1);
                    }
                }
                probe.step();
            }
        }
    }
    /// Finds a short number among keys that are immediates: see `addresses.rs`.
    fn find_small(&self, number: i64) -> Option<usize> {
        let (word, table) = (Word::from_int(number), self.table.get());
        if table.is_null() {
            return None;
        }
        // SAFETY: the table is the dict's own, and no code runs; a probe stays within its slots, which name entries of it.
        unsafe {
            let gap = (*table).gap();
            let mut probe = Probe::new(int_hash(number), (*table).slots());
            loop {
                match Head::index(table, probe.slot) {
                    0 => return None,
                    at if at != gap && (*Head::entries(table).add(at - 1)).key.word() == word => {
                        return Some(at - 1);
                    }
                    _ => probe.step(),
                }
            }
        }
    }
    /// The value of a str, or of a short number, where it is found without running code.
    pub fn find_plain(&self, key: &Value) -> Option<&Value> {
        let at = match super::int::unbox_word(key.word()) {
            word if word.is_int() => self.find_small(word.int())?,
            _ => self.find_name(key)?,
        };
        Some(&self.all_entries()[at].value)
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

    /// The value of a key that is found at once: a str whose hash is known, or an immediate int, which is in the dict itself. `None`
    /// says nothing: an equal key may be there.
    ///
    /// # Safety
    /// The key is alive.
    #[inline(always)]
    pub unsafe fn quick(&self, key: Word) -> Option<&Value> {
        let table = self.table.get();
        // SAFETY: the shape says what the key is; the rest as in `find_name`.
        unsafe {
            let hash = match key {
                _ if key.is_int() => int_hash(key.int()),
                _ if key.is_ptr() && key.shape() == Layout::Str.shape() => {
                    (*(key.0 as *const Str)).known_hash()?
                }
                _ => return None,
            };
            if table.is_null() {
                return None;
            }
            let mut probe = Probe::new(hash, (*table).slots());
            loop {
                let number = Head::index(table, probe.slot);
                if number == 0 {
                    return None;
                }
                if number != (*table).gap() {
                    let entry = &*Head::entries(table).add(number - 1);
                    if entry.key.word() == key {
                        return Some(&entry.value);
                    }
                    if entry.hash == hash {
                        return None;
                    }
                }
                probe.step_unpaid();
                if probe.steps == Probe::PAID {
                    return None;
                }
            }
        }
    }

    /// The number of the entry of a key.
    pub fn find(&self, vm: &Vm, key: &Value, hash: i64) -> Res<Option<usize>> {
        let text = key.exact::<Str>();
        'again: loop {
            let table = self.table.get();
            if table.is_null() {
                return Ok(None);
            }
            // SAFETY: a probe stays within the slots of the dict's own table, which name entries of it; the table is checked to be the
            // same, and unchanged, after a comparison.
            unsafe {
                let changes = (*table).changes;
                let gap = (*table).gap();
                let mut probe = Probe::new(hash, (*table).slots());
                loop {
                    let number = Head::index(table, probe.slot);
                    if number == 0 {
                        return Ok(None);
                    }
                    if number != gap {
                        let entry = &*Head::entries(table).add(number - 1);
                        if same_key(&entry.key, key) {
                            return Ok(Some(number - 1));
                        }
                        if entry.hash == hash {
                            let known = match (text, entry.key.exact::<Str>()) {
                                (Some(text), Some(other)) => Some(text.equals(other)),
                                _ => quick_equal(&entry.key, key),
                            };
                            let equal = match known {
                                Some(equal) => equal,
                                None => {
                                    let (other, key) = (entry.key.clone(), key.clone());
                                    let equal = vm.equal(&other, &key)?;
                                    if self.table.get() != table || (*table).changes != changes {
                                        continue 'again;
                                    }
                                    equal
                                }
                            };
                            if equal {
                                return Ok(Some(number - 1));
                            }
                        }
                    }
                    probe.step();
                }
            }
        }
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
        match self.find(vm, key, hash)? {
            Some(at) => {
                self.all_entries()[at].value.set(value);
                Ok(())
            }
            None => self.push_new(vm, hash, key.clone(), value),
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
    /// Removes the entry at a number; gives its key and value.
    pub fn kill(&self, at: usize) -> (Value, Value) {
        let entry = &self.all_entries()[at];
        assert!(!entry.key.is_unbound());
        let taken = (entry.key.take(), entry.value.take());
        let table = self.table.get();
        // SAFETY: the dict has entries, hence a table, and a slot of the entry's probe holds its number.
        unsafe {
            let mut probe = Probe::new(entry.hash, (*table).slots());
            while Head::index(table, probe.slot) != at + 1 {
                probe.step();
            }
            Head::set_index(table, probe.slot, (*table).gap());
            (*table).changes = (*table).changes.wrapping_add(1);
            if at == 0 {
                (*Head::entries(table)).hash = 1;
            }
            while (*table).used > 0
                && (*Head::entries(table).add((*table).used as usize - 1)).key.is_unbound()
            {
                (*table).used -= 1;
            }
        }
        self.len.set(self.len.get() - 1);
        self.version.set(0);
        taken
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
    /// Adds a key that is known not to be there.
    pub fn push_new(&self, vm: &Vm, hash: i64, key: Value, value: Value) -> Res<()> {
        if self.table().is_none_or(|t| t.left() == 0) {
            let len = self.len();
            self.rebuild(vm, if len < TINY { TINY } else { (len * 2).max(5) })?;
        }
        // SAFETY: `rebuild` made sure of a table with room.
        unsafe {
            let table = self.table.get();
            let number = (*table).used as usize;
            Head::link(table, hash, number + 1);
            Head::entries(table).add(number).write(Entry { hash, key, value });
            (*table).used += 1;
            (*table).changes = (*table).changes.wrapping_add(1);
        }
        self.len.set(self.len.get() + 1);
        self.version.set(0);
        Ok(())
    }
    /// Makes room for `more` new keys.
    pub fn reserve(&self, vm: &Vm, more: usize) -> Res<()> {
        let Some(want) = self.len().checked_add(more) else { return Err(vm.no_memory()) };
        let short = self.table().is_none_or(|t| t.left() < more);
        if more > 0 && short { self.rebuild(vm, want) } else { Ok(()) }
    }
    /// Moves the live entries to a table with room for `want`.
    fn rebuild(&self, vm: &Vm, want: usize) -> Res<()> {
        self.rebuild_behind(vm, want, 0)
    }
    /// The same, behind so many removed entries (of those wanted).
    #[cold]
    fn rebuild_behind(&self, vm: &Vm, want: usize, removed: usize) -> Res<()> {
        let Some((log2, tiny)) = geometry(want.max(self.len() + removed + 1)) else {
            return Err(vm.no_memory());
        };
        let Some(block) = vm.heap().alloc_buffer(Head::bytes(log2, tiny)) else { return Err(vm.no_memory()) };
        // SAFETY: the block holds head, index and entries; live entries are moved bit by bit and the old table is freed
        // without dropping them.
        unsafe {
            let new = block.cast::<Head>().as_ptr();
            let changes = match self.table() {
                Some(old) => old.changes.wrapping_add(1),
                None => FIRST_CHANGE.fetch_add(0x9E37_79B9, Ordering::Relaxed),
            };
            new.write(Head { log2, tiny, filled: 0, used: 0, changes });
            std::ptr::write_bytes(Head::index_base(new), 0, index_width(log2) << log2);
            for at in 0..removed {
                let entry = Entry { hash: removed as i64, key: Value::UNBOUND, value: Value::UNBOUND };
                Head::entries(new).add(at).write(entry);
            }
            (*new).used = removed as u32;
            for entry in self.entries() {
                let number = (*new).used as usize;
                Head::link(new, entry.hash, number + 1);
                std::ptr::copy_nonoverlapping(entry, Head::entries(new).add(number), 1);
                (*new).used += 1;
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
                let entry = Head::entries(old).add(at);
                drop((*entry).key.take());
                drop((*entry).value.take());
            }
            free_table(Heap::heap_of(payload_ptr(self)).as_mut(), old);
        }
    }
    /// Copies the table of another dict into one that has none, unless a smaller table would do or there is nothing to copy.
    fn copy_table(&self, vm: &Vm, other: &Dict) -> Res<bool> {
        let Some(table) = other.table() else { return Ok(true) };
        let (log2, tiny) = (table.log2, table.tiny);
        if geometry(other.len()) != Some((log2, tiny)) || !self.table.get().is_null() {
            return Ok(other.is_empty());
        }
        let Some(block) = vm.heap().alloc_buffer(Head::bytes(log2, tiny)) else { return Err(vm.no_memory()) };
        // SAFETY: the block is as large as the other table: head and index are copied bit by bit, and each entry is shared.
        unsafe {
            let (old, new) = (other.table.get(), block.cast::<Head>().as_ptr());
            std::ptr::copy_nonoverlapping(
                old.cast::<u8>(),
                new.cast::<u8>(),
                HEAD + (index_width(log2) << log2),
            );
            (*new).changes = FIRST_CHANGE.fetch_add(0x9E37_79B9, Ordering::Relaxed);
            for (at, entry) in other.all_entries().iter().enumerate() {
                let (key, value) = (entry.key.clone(), entry.value.clone());
                Head::entries(new).add(at).write(Entry { hash: entry.hash, key, value });
            }
            self.table.set(new);
        }
        self.len.set(other.len.get());
        self.version.set(0);
        Ok(true)
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

/// Whether both are one object. Bits of a float prove nothing for NaN: two of them in two slots are two objects.
#[inline(always)]
fn same_key(a: &Value, b: &Value) -> bool {
    a.word() == b.word() && !(a.word().is_float() && a.word().float().is_nan())
}

unsafe fn free_table(heap: &mut Heap, table: *mut Head) {
    if let Some(block) = NonNull::new(table) {
        // SAFETY: made by `rebuild` with these very bytes.
        unsafe { heap.free_buffer(block.cast(), Head::bytes((*table).log2, (*table).tiny)) }
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
    /// A new empty dict.
    pub fn new_dict(&self) -> Res<Ref<Dict>> {
        self.new_object(Dict::new)
    }

    /// The hash of a key of a dict, with a dict's own message if there is none.
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

    /// Says what an unhashable value was meant to be.
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

    /// Whether two keys of equal hash are equal: identity first, then `==`.
    #[inline]
    pub fn keys_equal(&self, a: &Value, b: &Value) -> Res<bool> {
        super::tuple::same_or_equal(self, a, b)
    }
}
