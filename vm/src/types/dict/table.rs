//! The table of a dict: its head, the index behind it, and the entries behind that; and what looks for an entry, adds one or removes
//! one. The page of `mod.rs` draws them.

use std::ptr::NonNull;

use ryokan_alloc::Heap;

use super::probe::Probe;
use super::sizes::{TINY, TINY_LOG2, geometry, index_width, room_of};
use super::{Dict, int_hash};
use crate::object::{Layout, Object, payload_ptr};
use crate::raised::Res;
use crate::types::plain::quick_equal;
use crate::types::str::Str;
use crate::value::{Value, Word};
use crate::vm::Vm;

#[repr(C)]
pub(super) struct Head {
    /// log2 of the index slots.
    pub(super) log2: u8,
    /// Whether there is room for three entries only.
    pub(super) tiny: bool,
    /// Index slots that are not free.
    pub(super) filled: u32,
    /// Entries taken, removed ones included.
    pub(super) used: u32,
    /// Moved by every insertion of a new key and every removal.
    pub(super) changes: u32,
}
pub(super) const HEAD: usize = size_of::<Head>();
const _: () = assert!(HEAD == 16);

/// An entry; removed if its key is empty. (What the hash of a removed entry 0 says: see `order.rs`.)
#[repr(C)]
pub struct Entry {
    /// The key's hash.
    pub hash: i64,
    /// The key.
    pub key: Value,
    /// The value.
    pub value: Value,
}

/// What a look for a key at hand came to.
pub enum Quick<'a> {
    /// Its value.
    Item(&'a Value),
    /// There is none: the slot of the index that ends its probe, and its hash.
    Free(usize, i64),
    /// That takes more than a look.
    Unknown,
}

impl Head {
    pub(super) const fn bytes(log2: u8, tiny: bool) -> usize {
        HEAD + (index_width(log2) << log2) + room_of(log2, tiny) * size_of::<Entry>()
    }
    #[inline(always)]
    pub(super) fn room(&self) -> usize {
        room_of(self.log2, self.tiny)
    }
    /// How many new keys there is room for.
    #[inline(always)]
    pub(super) fn left(&self) -> usize {
        self.room() - self.filled.max(self.used) as usize
    }
    #[inline(always)]
    pub(super) fn slots(&self) -> usize {
        1 << self.log2
    }
    /// What stands in the index for a removed entry.
    pub(super) fn gap(&self) -> usize {
        match index_width(self.log2) {
            1 => usize::from(u8::MAX),
            2 => usize::from(u16::MAX),
            _ => u32::MAX as usize,
        }
    }
    #[inline(always)]
    pub(super) unsafe fn index_base(table: *mut Head) -> *mut u8 {
        // SAFETY: the index follows the head.
        unsafe { table.cast::<u8>().add(HEAD) }
    }
    #[inline(always)]
    pub(super) unsafe fn index(table: *mut Head, slot: usize) -> usize {
        // SAFETY: slot < slots.
        unsafe {
            let base = Head::index_base(table);
            match index_width((*table).log2) {
                1 => usize::from(*base.add(slot)),
                2 => usize::from(*base.cast::<u16>().add(slot)),
                _ => *base.cast::<u32>().add(slot) as usize,
            }
        }
    }
    pub(super) unsafe fn set_index(table: *mut Head, slot: usize, number: usize) {
        // SAFETY: slot < slots.
        unsafe {
            let base = Head::index_base(table);
            match index_width((*table).log2) {
                1 => *base.add(slot) = number as u8,
                2 => *base.cast::<u16>().add(slot) = number as u16,
                _ => *base.cast::<u32>().add(slot) = number as u32,
            }
        }
    }
    #[inline(always)]
    pub(super) unsafe fn entries(table: *mut Head) -> *mut Entry {
        // SAFETY: the entries follow the index, which is a multiple of 8 bytes long.
        unsafe { Head::index_base(table).add(index_width((*table).log2) << (*table).log2).cast() }
    }
    /// The first slot of the probe of a hash that holds no entry.
    unsafe fn free_slot(table: *mut Head, hash: i64) -> usize {
        // SAFETY: probes stay within the index, which has a free slot.
        unsafe {
            let gap = (*table).gap();
            let mut probe = Probe::new(hash, (*table).slots());
            loop {
                let there = Head::index(table, probe.slot);
                if there == 0 || there == gap {
                    return probe.slot;
                }
                probe.step();
            }
        }
    }
    /// Puts a number into a slot that holds no entry.
    #[inline(always)]
    unsafe fn link_at(table: *mut Head, slot: usize, number: usize) {
        // SAFETY: by the caller.
        unsafe {
            (*table).filled += u32::from(Head::index(table, slot) == 0);
            Head::set_index(table, slot, number);
        }
    }
    /// Puts the numbers of all entries from one on into an index that has no gap.
    pub(super) unsafe fn link_all(table: *mut Head, from: usize) {
        /// The same for an index of these numbers.
        unsafe fn link<N: Copy + PartialEq + Default + TryFrom<usize>>(table: *mut Head, from: usize) {
            // SAFETY: by the caller: probes stay within the index, which has a free slot behind the last.
            unsafe {
                let (index, slots) = (Head::index_base(table).cast::<N>(), (*table).slots());
                let entries = Head::entries(table);
                for at in from..(*table).used as usize {
                    let mut probe = Probe::new((*entries.add(at)).hash, slots);
                    while *index.add(probe.slot) != N::default() {
                        probe.step();
                    }
                    // (Each number has the width of its index.)
                    *index.add(probe.slot) = N::try_from(at + 1).unwrap_or_default();
                }
                (*table).filled = (*table).used - from as u32;
            }
        }
        // SAFETY: by the caller; the width is the table's.
        unsafe {
            match index_width((*table).log2) {
                1 => link::<u8>(table, from),
                2 => link::<u16>(table, from),
                _ => link::<u32>(table, from),
            }
        }
    }
}

/// Where the count of changes of a new table begins.
fn first_change(vm: &Vm) -> u32 {
    let next = vm.next_table.get().wrapping_add(0x9E37_79B9);
    vm.next_table.replace(next)
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
    fn dying(&self) {
        self.clear_all();
    }
}

impl Dict {
    #[inline(always)]
    pub(super) fn table(&self) -> Option<&Head> {
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
    /// The index, whose numbers have this width.
    #[inline(always)]
    pub(super) fn numbers<N: Copy>(&self) -> &[N] {
        match self.table() {
            // SAFETY: the index has so many numbers of the width, which is looked at.
            Some(table) if index_width(table.log2) == size_of::<N>() => unsafe {
                std::slice::from_raw_parts(Head::index_base(self.table.get()).cast(), table.slots())
            },
            _ => &[],
        }
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
    /// The value of the entry at a number, if its key is that very object.
    #[inline]
    pub fn entry_named(&self, number: u32, name: Word) -> Option<&Value> {
        let entry = self.all_entries().get(number as usize)?;
        (entry.key.word() == name).then_some(&entry.value)
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
    /// The value of a key that is found at once: a str whose hash is known, or an immediate int, which is in the dict itself. `None`
    /// says nothing: an equal key may be there.
    ///
    /// # Safety
    /// The key is alive.
    #[inline(always)]
    pub unsafe fn quick(&self, key: Word) -> Option<&Value> {
        // SAFETY: by the caller.
        match unsafe { self.quick_look(key) } {
            Quick::Item(value) => Some(value),
            _ => None,
        }
    }
    /// The same, and whether there is no such key: then the slot of the index where it belongs, and its hash.
    ///
    /// # Safety
    /// The key is alive.
    #[inline(always)]
    pub unsafe fn quick_look(&self, key: Word) -> Quick<'_> {
        let table = self.table.get();
        // SAFETY: the shape says what the key is; the rest as in `find_name`.
        unsafe {
            let hash = match key {
                _ if key.is_int() => int_hash(key.int()),
                _ if key.is_ptr() && key.shape() == Layout::Str.shape() => {
                    let Some(hash) = (*(key.0 as *const Str)).known_hash() else { return Quick::Unknown };
                    hash
                }
                _ => return Quick::Unknown,
            };
            if table.is_null() {
                return Quick::Unknown;
            }
            let mut probe = Probe::new(hash, (*table).slots());
            loop {
                let number = Head::index(table, probe.slot);
                if number == 0 {
                    return Quick::Free(probe.slot, hash);
                }
                if number != (*table).gap() {
                    let entry = &*Head::entries(table).add(number - 1);
                    if entry.key.word() == key {
                        return Quick::Item(&entry.value);
                    }
                    if entry.hash == hash {
                        return Quick::Unknown;
                    }
                }
                probe.step_unpaid();
                if probe.steps == Probe::PAID {
                    return Quick::Unknown;
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
                let mut changes = (*table).changes;
                let (gap, log2) = ((*table).gap(), (*table).log2);
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
                                        // As in CPython: other keys may be gone.
                                        if self.table.get() != table
                                            || (*table).log2 != log2
                                            || self.entry_named(number as u32 - 1, other.word()).is_none()
                                        {
                                            continue 'again;
                                        }
                                        changes = (*table).changes;
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
        }
        self.len.set(self.len.get() - 1);
        self.version.set(0);
        taken
    }
    /// Forgets the removed entries behind the last live one: new keys come right behind that. Who walks over the entries may not notice a
    /// key that does.
    pub(super) fn forget_end(&self) {
        let all = self.all_entries();
        let end = all.iter().rposition(|entry| !entry.key.is_unbound()).map_or(0, |last| last + 1);
        crate::fuel::owe_bytes((all.len() - end) * 16);
        let table = self.table.get();
        if end < all.len() {
            // SAFETY: a dict with entries has a table; nobody has a reference to the entries that go, which are empty.
            unsafe { (*table).used = end as u32 };
        }
    }
    /// Gives the smallest table the room that its index has. Every entry keeps its number, a removed one, too.
    fn widen(&self, vm: &Vm) -> Res<()> {
        let bytes = Head::bytes(TINY_LOG2, false);
        let Some(block) = vm.heap().alloc_buffer(bytes) else { return Err(vm.no_memory()) };
        let old = self.table.get();
        // SAFETY: the dict's own table, the smallest one: the wider one has the same head and index, and the entries that are taken move to
        // it bit by bit. Its block is freed without dropping them.
        unsafe {
            let new = block.cast::<Head>().as_ptr();
            let taken = (*old).used as usize * size_of::<Entry>();
            let bytes = HEAD + (index_width(TINY_LOG2) << TINY_LOG2) + taken;
            std::ptr::copy_nonoverlapping(old.cast::<u8>(), new.cast::<u8>(), bytes);
            (*new).tiny = false;
            (*new).changes = (*old).changes.wrapping_add(1);
            self.table.set(new);
            free_table(vm.heap(), old);
        }
        Ok(())
    }
    /// Takes the smallest table, in place of none.
    pub(super) fn begin(&self, vm: &Vm) -> Res<()> {
        const { assert!(index_width(TINY_LOG2) << TINY_LOG2 == 8) };
        let Some(block) = vm.heap().alloc_buffer(const { Head::bytes(TINY_LOG2, true) }) else {
            return Err(vm.no_memory());
        };
        let new = block.cast::<Head>().as_ptr();
        // SAFETY: the block has room for the head, and behind it for an index of eight bytes.
        unsafe {
            new.write(Head { log2: TINY_LOG2, tiny: true, filled: 0, used: 0, changes: first_change(vm) });
            Head::index_base(new).cast::<u64>().write(0);
        }
        self.table.set(new);
        Ok(())
    }
    /// Adds a key that is known not to be there.
    pub fn push_new(&self, vm: &Vm, hash: i64, key: Value, value: Value) -> Res<()> {
        if self.table.get().is_null() {
            self.begin(vm)?;
        } else if self.table().is_some_and(|t| t.tiny && t.left() == 0) {
            self.widen(vm)?;
        } else if self.table().is_none_or(|t| t.left() == 0) {
            let len = self.len();
            self.rebuild(vm, if len < TINY { TINY } else { (len * 2).max(5) })?;
        }
        // SAFETY: `rebuild` made sure of a table.
        let slot = unsafe { Head::free_slot(self.table.get(), hash) };
        self.fill(slot, Entry { hash, key, value });
        Ok(())
    }
    /// Adds an entry, for which there is room; its number goes into this slot of the index, the first free one of the probe of its hash.
    #[inline]
    pub fn fill(&self, slot: usize, entry: Entry) {
        assert!(self.table().is_some_and(|table| table.left() > 0 && slot < table.slots()));
        // SAFETY: the table has room, and the slot.
        unsafe {
            let table = self.table.get();
            let number = (*table).used as usize;
            Head::link_at(table, slot, number + 1);
            Head::entries(table).add(number).write(entry);
            (*table).used += 1;
            (*table).changes = (*table).changes.wrapping_add(1);
        }
        self.len.set(self.len.get() + 1);
        self.version.set(0);
    }
    /// Moves the live entries to a table with room for `want`.
    pub(super) fn rebuild(&self, vm: &Vm, want: usize) -> Res<()> {
        self.rebuild_behind(vm, want, 0)
    }
    /// The same, behind so many removed entries (of those wanted).
    #[cold]
    pub(super) fn rebuild_behind(&self, vm: &Vm, want: usize, removed: usize) -> Res<()> {
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
                None => first_change(vm),
            };
            new.write(Head { log2, tiny, filled: 0, used: 0, changes });
            std::ptr::write_bytes(Head::index_base(new), 0, index_width(log2) << log2);
            for at in 0..removed {
                let entry = Entry { hash: removed as i64, key: Value::UNBOUND, value: Value::UNBOUND };
                Head::entries(new).add(at).write(entry);
            }
            (*new).used = removed as u32;
            let (all, live) = (self.all_entries(), self.len());
            let behind = Head::entries(new).add(removed);
            if all.len() == live {
                std::ptr::copy_nonoverlapping(all.as_ptr(), behind, live);
            } else {
                for (at, entry) in self.entries().enumerate() {
                    std::ptr::copy_nonoverlapping(entry, behind.add(at), 1);
                }
            }
            (*new).used += live as u32;
            Head::link_all(new, removed);
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
    pub(super) fn copy_table(&self, vm: &Vm, other: &Dict) -> Res<bool> {
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
            (*new).changes = first_change(vm);
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
    /// Puts the number of removed entries into the first of them.
    pub(super) fn note_removed(&self, count: usize) {
        if self.all_entries().first().is_some_and(|entry| entry.key.is_unbound()) {
            // SAFETY: the dict's own table has an entry 0, and no reference to it is alive.
            unsafe { (*Head::entries(self.table.get())).hash = count as i64 };
        }
    }
    /// Puts an entry whose key is not there into the removed one before entry `first`.
    pub(super) fn push_before(&self, first: usize, entry: Entry) {
        let at = first - 1;
        assert!(self.all_entries()[at].key.is_unbound());
        // SAFETY: the dict's own table has that entry, which owns nothing, and no reference to it is alive.
        unsafe {
            let table = self.table.get();
            Head::link_at(table, Head::free_slot(table, entry.hash), at + 1);
            Head::entries(table).add(at).write(entry);
            (*table).changes = (*table).changes.wrapping_add(1);
        }
        self.len.set(self.len.get() + 1);
        self.version.set(0);
    }
}

/// Whether both are one object. Bits of a float prove nothing for NaN: two of them in two slots are two objects.
#[inline(always)]
pub(super) fn same_key(a: &Value, b: &Value) -> bool {
    a.word() == b.word() && !(a.word().is_float() && a.word().float().is_nan())
}

unsafe fn free_table(heap: &mut Heap, table: *mut Head) {
    if let Some(block) = NonNull::new(table) {
        // SAFETY: made by `rebuild` with these very bytes.
        unsafe { heap.free_buffer(block.cast(), Head::bytes((*table).log2, (*table).tiny)) }
    }
}
