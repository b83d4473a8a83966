//! `list`: a growing array of values.
//!
//! ```text
//! List:   [header 8][items ptr 8][len u32][room u32]
//! items:  a buffer of the heap, `room` words, the first `len` of them owned
//! ```
//!
//! Invariants: `len <= room`; the pointer means nothing while `room` is 0. A number in an item needs no box until somebody
//! shares it, so a list of numbers costs 8 bytes an item.
//!
//! Whoever looks at items holds no reference to them while Python code runs: that code may change the list. A list that is
//! being sorted is empty meanwhile, and its pointer is `SORTING`: any growth replaces that mark.
//!
//! Read next: `methods.rs`, `edit.rs` (slices), `sort.rs`, `merge.rs`.

use std::cell::Cell;
use std::ptr::NonNull;

use ryokan_alloc::{Header, Heap, Vector};

use super::dict::Dict;
use super::iterators::quick_next;
use super::slice::Walk;
use super::str::{Chars, Str};
use super::tuple::Tuple;
use crate::fuel::owe_bytes;
use crate::object::{Layout, Object, Ref, payload_ptr};
use crate::raised::Res;
use crate::value::{Value, Word};
use crate::vm::Vm;

mod edit;
mod merge;
mod methods;
mod ranks;
mod sort;
pub use methods::TYPE;
pub use sort::{narrow, sort, sort_by, sort_plainly};

/// The payload of `list`.
#[repr(C)]
pub struct List {
    head: Header,
    items: Cell<*mut Value>,
    len: Cell<u32>,
    room: Cell<u32>,
}
const _: () = assert!(size_of::<List>() == 24);

/// The pointer of a list whose items are being sorted elsewhere.
const SORTING: *mut Value = std::ptr::without_provenance_mut(8);

/// Most items of a list.
const MOST: usize = u32::MAX as usize;

// SAFETY: repr(C), header first; traces the items; gives them and their buffer back.
unsafe impl Object for List {
    const LAYOUT: Layout = Layout::List;
    const TRACKED: bool = true;
    /// The last item first, as `gc.get_referents` shows CPython's way.
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.items().iter().rev().for_each(visit);
    }
    fn clear(&self) {
        self.clear_all();
    }
    fn dying(&self) {
        self.clear_all();
    }
}

/// A buffer of a list that nobody reaches any more.
struct Buffer {
    items: *mut Value,
    len: usize,
    room: usize,
}

impl Buffer {
    const EMPTY: Buffer = Buffer { items: std::ptr::null_mut(), len: 0, room: 0 };

    /// The items as words. Whoever works on them moves them about, and lets no number's bits be in two places.
    fn words(&mut self) -> &mut [Word] {
        match self.len {
            0 => &mut [],
            // SAFETY: the buffer holds `len` words, and is the caller's alone.
            len => unsafe { std::slice::from_raw_parts_mut(self.items.cast(), len) },
        }
    }

    /// Gives up every item, the last one first as CPython does, and the buffer.
    #[inline(always)]
    fn free(self, heap: NonNull<Heap>) {
        // SAFETY: the buffer is the caller's alone, and holds `len` values; each is dropped once, and a heap outlives its lists.
        unsafe {
            let mut left = self.len;
            while left > 0 {
                if left >= 8 && !self.items.add(left - 1).cast::<Word>().read().is_ptr() {
                    let immediates =
                        Value::count_last_immediates(std::slice::from_raw_parts(self.items, left));
                    left -= immediates;
                    if immediates > 0 {
                        continue;
                    }
                }
                left -= 1;
                drop(self.items.add(left).read());
            }
            if self.room > 0 {
                (*heap.as_ptr()).free_buffer(NonNull::new_unchecked(self.items.cast()), self.room * 8);
            }
        }
    }
}

/// What a sort by keys works on: keys, which it owns, and words of items, which the list's buffer does.
struct Keyed(Vector<(Word, Word)>);

impl Keyed {
    /// One more key; its item comes later.
    fn push(&mut self, key: Value) {
        self.0.push((key.into_word(), Word::UNBOUND));
    }
    /// The pairs. Whoever works on them moves them about, and changes no key but to give a number its identity.
    fn pairs(&mut self) -> &mut [(Word, Word)] {
        &mut self.0
    }
}

impl Drop for Keyed {
    fn drop(&mut self) {
        for (key, _) in self.0.drain(..) {
            // SAFETY: each key was given up to the pairs, and is given up once.
            drop(unsafe { Value::from_word(key) });
        }
    }
}

/// Whether one str sorts before another: words of an array that is being sorted, all of which are strs.
#[inline]
fn str_less(a: Word, b: Word) -> bool {
    debug_assert!([a, b].iter().all(|word| word.is_ptr() && word.shape() == Layout::Str.shape()));
    // SAFETY: the sort has looked at each word's shape (`kind_of`), and its array keeps them alive.
    let (a, b) = unsafe { (&*(a.0 as *const Str), &*(b.0 as *const Str)) };
    match (a.chars(), b.chars()) {
        (Chars::One(a), Chars::One(b)) => a < b,
        (a, b) => a.iter().lt(b.iter()),
    }
}

impl List {
    /// An empty payload.
    pub fn new(head: Header) -> List {
        List { head, items: Cell::new(std::ptr::null_mut()), len: Cell::new(0), room: Cell::new(0) }
    }
    /// How many items.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get() as usize
    }
    /// Whether there are none.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.len.get() == 0
    }
    /// How many items there is room for.
    pub fn room(&self) -> usize {
        self.room.get() as usize
    }
    /// The slot of an item. The reference is into the buffer: not to be held while anything may change it.
    #[inline(always)]
    pub fn slot(&self, at: usize) -> &Value {
        &self.items()[at]
    }
    /// The same, of an item that the caller has just seen to be there.
    ///
    /// # Safety
    /// `at` is below the length.
    #[inline(always)]
    pub unsafe fn slot_unchecked(&self, at: usize) -> &Value {
        debug_assert!(at < self.len());
        // SAFETY: the first `len` words are initialised, and `at` is below.
        unsafe { &*self.items.get().add(at) }
    }
    /// The items, not to be held while Python code may run.
    #[inline(always)]
    pub fn items(&self) -> &[Value] {
        let len = self.len();
        if len == 0 {
            return &[];
        }
        // SAFETY: a list with items has a buffer, whose first `len` words are owned values.
        unsafe { std::slice::from_raw_parts(self.items.get(), len) }
    }
    fn heap(&self) -> NonNull<Heap> {
        // SAFETY: a list is an object of a live heap.
        unsafe { Heap::heap_of(payload_ptr(self)) }
    }
    /// Puts an item at the end if there is room, without asking the heap.
    ///
    /// # Safety
    /// The list takes over the reference that the word stands for, if the answer is true.
    #[inline(always)]
    pub unsafe fn try_push_word(&self, word: Word) -> bool {
        let len = self.len.get();
        if len >= self.room.get() {
            return false;
        }
        // SAFETY: the slot is within the buffer and holds nothing yet.
        unsafe { self.items.get().add(len as usize).cast::<Word>().write(word) };
        self.len.set(len + 1);
        true
    }
    /// Puts a share of an item at the end, if there is room.
    pub fn share_if_room(&self, item: &Value) {
        if self.len.get() < self.room.get() {
            // SAFETY: there is room, and the clone is the list's.
            unsafe { self.try_push_word(item.clone().into_word()) };
        }
    }
    /// Appends an item.
    #[inline]
    pub fn push(&self, vm: &Vm, value: Value) -> Res<()> {
        if self.len.get() >= self.room.get() {
            self.reserve(vm, 1)?;
        }
        // SAFETY: there is room, and the value is given up to the list.
        let pushed = unsafe { self.try_push_word(value.into_word()) };
        debug_assert!(pushed);
        Ok(())
    }
    /// Makes room for `more` items, and a little more than that if the list grows.
    pub fn reserve(&self, vm: &Vm, more: usize) -> Res<()> {
        let want = self.len().saturating_add(more);
        if want <= self.room() {
            return Ok(());
        }
        // An eighth of spare room makes a row of appends linear: 4, 8, 16, 24, 32, 40, 52, 64, ..
        let room = want.saturating_add((want >> 3) + 6) & !3;
        // Many items at once get little to spare.
        let room = if more > room.saturating_sub(want) { want.saturating_add(3) & !3 } else { room };
        self.resize(vm, room)
    }
    /// Makes room for `more` items and no more.
    pub fn reserve_exact(&self, vm: &Vm, more: usize) -> Res<()> {
        let want = self.len().saturating_add(more);
        if want <= self.room() { Ok(()) } else { self.resize(vm, want) }
    }
    /// Makes room for `more` items at once: no more than that if they are the first.
    fn reserve_many(&self, vm: &Vm, more: usize) -> Res<()> {
        if self.room() == 0 { self.reserve_exact(vm, more) } else { self.reserve(vm, more) }
    }
    /// Gives the list a buffer of another size, not below `len`; the first one is of whole blocks.
    fn resize(&self, vm: &Vm, room: usize) -> Res<()> {
        let old = self.room();
        let room = if old == 0 { room.saturating_add(room & 1) } else { room };
        if room > MOST {
            return Err(vm.no_memory());
        }
        // SAFETY: a buffer of `old` words is this list's own; the heap moves its contents.
        let made = unsafe {
            match old {
                0 => vm.heap().alloc_buffer(room * 8),
                _ => vm.heap().resize_buffer(
                    NonNull::new_unchecked(self.items.get().cast()),
                    old * 8,
                    room * 8,
                ),
            }
        };
        let Some(made) = made else { return Err(vm.no_memory()) };
        self.items.set(made.as_ptr().cast());
        self.room.set(room as u32);
        Ok(())
    }
    /// Gives back room after items went: down to what the rest needs if more than half is free.
    fn shrink(&self) {
        let (len, room) = (self.len(), self.room());
        if room > 0 && len < room >> 1 {
            let want = if len == 0 { 0 } else { (len + (len >> 3) + 6) & !3 };
            let mut heap = self.heap();
            // SAFETY: the buffer is this list's alone, of `room` words, and of the heap that the list lies in; no word lies in what
            // is given back. A refusal leaves the larger buffer.
            unsafe {
                let items = NonNull::new_unchecked(self.items.get().cast());
                if want == 0 {
                    heap.as_mut().free_buffer(items, room * 8);
                    self.items.set(std::ptr::null_mut());
                    self.room.set(0);
                } else if want < room
                    && let Some(made) = heap.as_mut().resize_buffer(items, room * 8, want * 8)
                {
                    self.items.set(made.as_ptr().cast());
                    self.room.set(want as u32);
                }
            }
        }
    }
    /// Replaces an item within bounds.
    pub fn set(&self, at: usize, value: Value) {
        self.slot(at).set(value);
    }
    /// Inserts an item before another, or at the end.
    pub fn insert(&self, vm: &Vm, at: usize, value: Value) -> Res<()> {
        self.reserve(vm, 1)?;
        let len = self.len();
        let at = at.min(len);
        owe_bytes((len - at) * 8);
        // SAFETY: there is room for one more; the words behind `at` move up by one.
        unsafe {
            let slot = self.items.get().add(at);
            std::ptr::copy(slot, slot.add(1), len - at);
            slot.write(value);
        }
        self.len.set(len as u32 + 1);
        Ok(())
    }
    /// Takes an item within bounds out.
    pub fn remove(&self, at: usize) -> Value {
        let len = self.len();
        assert!(at < len);
        owe_bytes((len - at) * 8);
        // SAFETY: the word is taken over; those behind it move down by one.
        let value = unsafe {
            let slot = self.items.get().add(at);
            let value = slot.read();
            if at + 1 < len {
                std::ptr::copy(slot.add(1), slot, len - at - 1);
            }
            value
        };
        self.len.set(len as u32 - 1);
        self.shrink();
        value
    }
    /// Drops the items from `len` on, the last one first.
    pub fn truncate(&self, len: usize) {
        while self.len() > len {
            let last = self.len.get() - 1;
            self.len.set(last);
            // SAFETY: the word is outside of the list now and is dropped once.
            drop(unsafe { self.items.get().add(last as usize).read() });
        }
        self.shrink();
    }
    /// Takes the buffer away; the list is empty then.
    #[inline(always)]
    fn take_buffer(&self) -> Buffer {
        if self.room.get() == 0 {
            return Buffer::EMPTY;
        }
        let items = self.items.replace(std::ptr::null_mut());
        Buffer { items, len: self.len.replace(0) as usize, room: self.room.replace(0) as usize }
    }
    /// Removes everything.
    #[inline]
    pub fn clear_all(&self) {
        self.take_buffer().free(self.heap());
    }
    /// Reverses the items in place.
    pub fn reverse(&self) {
        // SAFETY: the words of the list are swapped among themselves, and nothing else looks at them meanwhile.
        unsafe { std::slice::from_raw_parts_mut(self.raw(), self.len()) }.reverse();
    }
    /// The words, as raw memory.
    fn raw(&self) -> *mut Word {
        if self.room.get() == 0 { NonNull::dangling().as_ptr() } else { self.items.get().cast() }
    }
    /// Appends shares of items that no code changes meanwhile.
    pub fn extend_from(&self, vm: &Vm, items: &[Value]) -> Res<()> {
        self.reserve_many(vm, items.len())?;
        // SAFETY: there is room behind the items; the clones are the list's.
        unsafe {
            let mut to = self.raw().add(self.len());
            for item in items {
                to.write(item.clone().into_word());
                to = to.add(1);
            }
        }
        self.len.set((self.len() + items.len()) as u32);
        Ok(())
    }
    /// Exchanges items from `start` on with all those of another list, of which there are not more.
    pub fn exchange(&self, start: usize, other: &List) {
        let count = other.len();
        assert!(start + count <= self.len() && !std::ptr::eq(self, other));
        let (mine, its) = (self.raw().wrapping_add(start), other.raw());
        for at in 0..count {
            // SAFETY: both ranges are items of their lists, which are two.
            unsafe { std::ptr::swap(mine.add(at), its.add(at)) };
        }
    }
    /// Moves the items of a walk upwards to the end of `removed`, which has room for them, and puts shares of `new` where the first one
    /// stood; this list has room for those. No code runs meanwhile.
    fn move_words(&self, walk: Walk, removed: &List, new: &[Value]) {
        let (start, step, count, len) = (walk.start as usize, walk.step as usize, walk.count, self.len());
        assert!(
            walk.fits(len)
                && count + removed.len() <= removed.room()
                && len - count + new.len() <= self.room()
        );
        // SAFETY: the words of the removed items move to `removed`, the gaps close, the new words fill the hole; none is
        // dropped or doubled, and no code runs in between.
        unsafe {
            let base = self.raw();
            let mut to = start;
            if step == 1 {
                let behind = removed.raw().add(removed.len());
                std::ptr::copy_nonoverlapping(base.add(start), behind, count);
                removed.len.set((removed.len() + count) as u32);
            } else {
                for i in 0..count {
                    let at = start + i * step;
                    removed.try_push_word(*base.add(at));
                    let next = if i + 1 < count { at + step } else { at + 1 };
                    let run = next - at - 1;
                    std::ptr::copy(base.add(at + 1), base.add(to), run);
                    to += run;
                }
            }
            let tail = if count == 0 { start } else { start + (count - 1) * step + 1 };
            std::ptr::copy(base.add(tail), base.add(to + new.len()), len - tail);
            for (i, item) in new.iter().enumerate() {
                base.add(to + i).write(item.clone().into_word());
            }
        }
        self.len.set((len - count + new.len()) as u32);
    }
    /// Appends `count` rounds of shares of `items`, which the list may own, as far as there is room.
    fn push_rounds(&self, items: &[Value], count: usize) {
        if let [item] = items {
            item.share();
            let word: Word = item.word();
            let mut left = count.min(self.room() - self.len());
            if !word.is_ptr() {
                // SAFETY: there is room for so many, and nothing counts what is no object.
                unsafe { std::slice::from_raw_parts_mut(self.raw().add(self.len()), left) }.fill(word);
                self.len.set((self.len() + left) as u32);
                return;
            }
            while left > 0 {
                // SAFETY: the item is alive; each copy counts as a reference, and there is room for it.
                unsafe {
                    word.incref();
                    self.try_push_word(word);
                }
                left -= 1;
            }
            return;
        }
        for _ in 0..count {
            items.iter().for_each(|item| self.share_if_room(item));
        }
    }
    /// Appends the items of an iterable.
    pub fn extend(&self, vm: &Vm, iterable: &Value) -> Res<()> {
        if let Some(tuple) = iterable.exact::<Tuple>() {
            return self.extend_from(vm, tuple.items());
        }
        // A list of any class that is added to itself is as long as it was.
        let itself = || iterable.get::<List>().filter(|other| std::ptr::eq(*other, self));
        if let Some(other) = iterable.exact::<List>().or_else(itself) {
            let count = other.len();
            self.reserve_many(vm, count)?;
            if !std::ptr::eq(other, self) {
                return self.extend_from(vm, other.items());
            }
            // This list itself: it is long enough, and its buffer moves no more.
            for at in 0..count {
                self.share_if_room(other.slot(at));
            }
            return Ok(());
        }
        if let Some(dict) = iterable.exact::<Dict>() {
            self.reserve(vm, dict.len())?;
            for entry in dict.entries() {
                self.share_if_room(&entry.key);
            }
            return Ok(());
        }
        let iterator = vm.iter(iterable)?;
        let hint = vm.length_hint(iterable)?;
        // Where both together are too many, the hint may be wrong.
        let total = self.len().saturating_add(hint);
        if total <= isize::MAX as usize {
            if total >= isize::MAX as usize / 16 {
                return Err(vm.no_memory());
            }
            if self.is_empty() && hint > 0 { self.reserve_exact(vm, hint)? } else { self.reserve(vm, hint)? }
        }
        self.extend_unasked(vm, &iterator)
    }
    /// Appends what an iterator gives, whose length nobody has asked for.
    pub fn extend_unasked(&self, vm: &Vm, iterator: &Value) -> Res<()> {
        self.extend_with(vm, iterator)?;
        if self.room() > 0 && self.is_empty() {
            self.shrink();
        }
        Ok(())
    }
    /// Appends what an iterator has still to give.
    pub fn extend_with(&self, vm: &Vm, iterator: &Value) -> Res<()> {
        // As many as can be shared as they lie there, where no Python runs.
        let mut count = 0;
        while let Some(item) = quick_next(iterator) {
            self.push(vm, item)?;
            count += 1;
            if count == 64 {
                vm.work(std::mem::take(&mut count))?;
            }
        }
        vm.work(count)?;
        if vm.add_rest(iterator, Ref::from_payload(self).value())? {
            return Ok(());
        }
        vm.each(iterator, |item| self.push(vm, item).map(|()| true))
    }
}

impl Vm {
    /// A new list that holds these items. Runs no Python; `MemoryError`.
    pub fn new_list(&self, items: Vec<Value>) -> Res {
        let list = self.new_list_with_capacity(items.len())?;
        for item in items {
            list.push(self, item)?;
        }
        Ok(list.into_value())
    }
    /// A new empty list with room for so many items. Runs no Python; `MemoryError`.
    #[inline]
    pub fn new_list_with_capacity(&self, room: usize) -> Res<Ref<List>> {
        let list = self.new_object(List::new)?;
        if room > 0 {
            if room > MOST {
                return Err(self.no_memory());
            }
            let Some(made) = self.heap().alloc_buffer(room * 8) else { return Err(self.no_memory()) };
            list.items.set(made.as_ptr().cast());
            list.room.set(room as u32);
        }
        Ok(list)
    }
    /// A new list that shares `walk.count` items of another, which has them all. Runs no Python; `MemoryError`.
    pub fn new_list_walk(&self, source: &List, walk: Walk) -> Res {
        assert!(walk.fits(source.len()));
        let list = self.new_list_with_capacity(walk.count)?;
        let (mut from, mut to) = (source.raw().wrapping_offset(walk.start as isize), list.raw());
        for _ in 0..walk.count {
            // SAFETY: the walk stays within the source; there is room, and the clone is the list's.
            unsafe { to.write((*from.cast::<Value>()).clone().into_word()) };
            from = from.wrapping_offset(walk.step as isize);
            to = to.wrapping_add(1);
        }
        list.len.set(walk.count as u32);
        Ok(list.into_value())
    }
    /// A new list that shares these items; no code changes them meanwhile. Runs no Python; `MemoryError`.
    pub fn new_list_from(&self, items: &[Value]) -> Res {
        let list = self.new_list_with_capacity(items.len())?;
        list.extend_from(self, items)?;
        Ok(list.into_value())
    }
}
