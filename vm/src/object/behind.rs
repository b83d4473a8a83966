//! Values that lie behind a payload, or in a buffer of an object's own.
//!
//! How many there are is said where they lie: before them, or, of short tuples, by the shape. They are values from the birth of the
//! object on, so that whoever holds the object may look at them.

use std::cell::{Cell, RefCell};
use std::ptr::NonNull;

use ryokan_alloc::{Header, HeaderFlags, Heap, ObjPtr, ShapeId, Vector};

use super::layout::TUPLE_SHAPES;
use super::payload::{Trace, traced};
use super::{Layout, Object, Ref, ShapeBits, payload_ptr};
use crate::raised::Res;
use crate::value::{Borrowed, Value, Word};
use crate::vm::Vm;

/// The end of a payload that values lie behind: how many, and where they begin. Only `Vm::new_with_behind` makes one.
#[repr(C)]
pub struct Behind {
    count: usize,
    words: [Value; 0],
}

impl Behind {
    /// Where they lie.
    #[inline(always)]
    pub fn base(&self) -> *mut Value {
        self.words.as_ptr().cast_mut()
    }
    /// They.
    #[inline]
    pub fn values(&self) -> &[Value] {
        // SAFETY: so many values lie behind the payload, which ends here, from the object's birth on.
        unsafe { std::slice::from_raw_parts(self.base(), self.count) }
    }
}

// SAFETY: they are the object's, and it names them once.
unsafe impl Trace for Behind {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.values().iter().for_each(visit);
    }
}

/// Values in a buffer of the heap: none, or as many as [`Row::fill`] was asked for.
pub struct Row(Cell<*mut u64>);

impl Row {
    /// One of no values.
    pub const fn empty() -> Row {
        Row(Cell::new(std::ptr::null_mut()))
    }
    /// Its values.
    pub fn values(&self) -> &[Value] {
        match NonNull::new(self.0.get()) {
            // SAFETY: the buffer begins with the number of its values, from when it is made until it is given back.
            Some(first) => unsafe {
                std::slice::from_raw_parts(first.add(1).as_ptr().cast(), first.read() as usize)
            },
            None => &[],
        }
    }
    /// Gives it so many empty values, if it has none. `MemoryError`.
    pub fn fill(&self, vm: &Vm, count: usize) -> Res<()> {
        if !self.0.get().is_null() {
            return Ok(());
        }
        let Some(block) = vm.heap().alloc_buffer(Row::bytes(count)) else { return Err(vm.no_memory()) };
        let first = block.cast::<u64>();
        // SAFETY: the block has room for the number and the values.
        unsafe {
            first.write(count as u64);
            for at in 1..=count {
                first.add(at).cast::<Value>().write(Value::UNBOUND);
            }
        }
        self.0.set(first.as_ptr());
        Ok(())
    }
    /// Gives the values up, and the buffer back to the heap of its owner, which dies.
    pub fn free<T: Object>(&self, owner: &T) {
        self.clear();
        let count = self.values().len();
        if let Some(first) = NonNull::new(self.0.replace(std::ptr::null_mut())) {
            // SAFETY: `fill` made the buffer, with so many bytes, in the object's own heap; its values are given up.
            unsafe {
                Heap::heap_of(payload_ptr(owner)).as_mut().free_buffer(first.cast(), Row::bytes(count))
            };
        }
    }
    fn bytes(count: usize) -> usize {
        (1 + count) * 8
    }
}

// SAFETY: the buffer is the row's own.
unsafe impl Trace for Row {
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.values().iter().for_each(visit);
    }
    fn clear(&self) {
        self.values().iter().for_each(Trace::clear);
    }
}

/// A table of values, a power of two or none, whose places are found without a borrow.
pub struct Table {
    table: RefCell<Option<Vector<Value>>>,
    /// Where its places begin.
    places: Cell<NonNull<Value>>,
    room: Cell<usize>,
}

impl Default for Table {
    fn default() -> Table {
        Table { table: RefCell::default(), places: Cell::new(NonNull::dangling()), room: Cell::new(0) }
    }
}

impl Table {
    /// How many places there are.
    #[inline(always)]
    pub fn room(&self) -> usize {
        self.room.get()
    }
    /// The place of a number, modulo those that there are. It is to be copied, or its value exchanged, and let go of: the table itself is
    /// not exchanged meanwhile. There must be places.
    #[inline(always)]
    pub fn at(&self, number: usize) -> &Value {
        let room = self.room();
        assert!(room > 0, "a table without places");
        // SAFETY: the table has so many places, all of them values from when it came here, which is when it was said where they begin; who
        // has a place runs nothing that could bring another table.
        unsafe { self.places.get().add(number & (room - 1)).as_ref() }
    }
    /// The table, to be looked at.
    pub fn borrow(&self) -> std::cell::Ref<'_, Option<Vector<Value>>> {
        self.table.borrow()
    }
    /// Moves values about in the table, if there is one.
    pub fn with(&self, work: impl FnOnce(&mut [Value])) {
        if let Some(table) = self.table.borrow_mut().as_mut() {
            work(table);
        }
    }
    /// Takes another table, of a power of two, and gives the one that it had.
    pub fn replace(&self, table: Option<Vector<Value>>) -> Option<Vector<Value>> {
        let room = table.as_ref().map_or(0, |table| table.len());
        assert!(room == 0 || room.is_power_of_two(), "a table has places of a power of two");
        let places = table.as_ref().and_then(|table| NonNull::new(table.as_ptr().cast_mut()));
        self.places.set(places.unwrap_or(NonNull::dangling()));
        self.room.set(room);
        self.table.replace(table)
    }
}

traced! { Table: [table] }

/// The payload of `tuple`.
///
/// Behind the items of an exact tuple with a word for its length lies a word for its hash.
///
/// A record (`types/records.rs`) has hidden items behind the others, which are attributes only: the upper bits of its length say how
/// many.
#[repr(C)]
pub struct Tuple {
    head: Header,
    words: [u64; 0],
}

/// Where the number of hidden items begins in the word of the length.
const HIDDEN: u32 = 48;
/// Words of a record before its first item.
pub const RECORD_WORDS: u16 = 2;
/// The most items that a shape can tell of.
const MOST: u32 = TUPLE_SHAPES - 1;
/// The shape of exact tuples with a word for their length.
const LONG: ShapeId = Layout::Tuple.shape();
const _: () = assert!(LONG.number().is_multiple_of(TUPLE_SHAPES) && size_of::<Tuple>() == 8);

// SAFETY: repr(C), header first; `trace` visits and `finish` drops the items that lie behind; the length never
// changes, so `size` is what was allocated. Tracking is decided by who fills it.
unsafe impl Object for Tuple {
    const LAYOUT: Layout = Layout::Tuple;
    const FIXED: bool = false;
    /// The last item first, as `gc.get_referents` shows CPython's way.
    fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.all_items().iter().rev().for_each(visit);
    }
    fn dying(&self) {
        self.all_items().iter().rev().for_each(Value::give_up);
    }
    fn size(&self) -> usize {
        match self.len_in_shape() {
            len if len.wrapping_sub(1) < MOST => 8 + len as usize * 8,
            0 => 24 + self.items().len() * 8,
            _ => 16 + self.all_items().len() * 8,
        }
    }
}

impl Tuple {
    /// Whether the collector knows it.
    #[inline]
    pub fn is_tracked(&self) -> bool {
        self.head.has(HeaderFlags::TRACKED)
    }
    /// The length that the shape tells of: 1 to [`MOST`], or any other number if it tells of none.
    #[inline(always)]
    fn len_in_shape(&self) -> u32 {
        self.head.shape().number().wrapping_sub(LONG.number())
    }
    /// The items.
    #[inline(always)]
    pub fn items(&self) -> &[Value] {
        let len = self.len_in_shape();
        // SAFETY: behind the header lie as many values as the shape says, or else a word that says it and then as many, from the
        // tuple's birth to its end.
        unsafe {
            let words = self.words.as_ptr();
            if len.wrapping_sub(1) < MOST {
                std::slice::from_raw_parts(words.cast(), len as usize)
            } else {
                std::slice::from_raw_parts(words.add(1).cast(), (*words & ((1 << HIDDEN) - 1)) as usize)
            }
        }
    }
    /// Where the hash is kept once it is known, 0 before; a tuple whose length its shape tells of keeps none.
    pub fn kept_hash(&self) -> Option<&Cell<i64>> {
        if self.head.shape() != LONG {
            return None;
        }
        let end = self.items().as_ptr_range().end;
        // SAFETY: behind the items of such a tuple lies that word, from its birth to its end.
        Some(unsafe { &*end.cast::<Cell<i64>>() })
    }
    /// The items, and the hidden ones behind them.
    pub(crate) fn all_items(&self) -> &[Value] {
        let items = self.items();
        if self.len_in_shape().wrapping_sub(1) < MOST {
            return items;
        }
        // SAFETY: as above; the upper bits count the values that lie behind the items.
        unsafe {
            let hidden = *self.words.as_ptr() >> HIDDEN;
            std::slice::from_raw_parts(items.as_ptr(), items.len() + hidden as usize)
        }
    }
}

/// Whether an object could ever be part of a reference cycle.
#[inline]
pub fn may_be_tracked(word: Word) -> bool {
    if !word.is_ptr() {
        return false;
    }
    let of_python = !word.shape().is_fixed();
    let is_tracked = || Borrowed::new(word).header().is_some_and(|header| header.has(HeaderFlags::TRACKED));
    of_python || is_tracked() || Layout::ops_of(word.ptr()).tracked
}

impl Vm {
    /// A tuple of `len` items, to be filled at once, of a shape, with so many hidden ones and so many bytes behind them. The collector
    /// does not know it yet.
    #[inline(always)]
    pub(crate) fn blank_tuple(
        &self,
        shape: ShapeId,
        len: usize,
        [hidden, behind]: [usize; 2],
    ) -> Res<Ref<Tuple>> {
        if shape == LONG && len.wrapping_sub(1) < MOST as usize {
            return self.blank_short_tuple(len);
        }
        // An exact tuple has no hidden items, and a word for its hash.
        let kept = if shape == LONG { 8 } else { 0 };
        debug_assert!(kept == 0 || hidden == 0);
        let bytes = (len + hidden).checked_mul(8).and_then(|n| n.checked_add(16 + behind + kept));
        let Some(bytes) = bytes.filter(|n| *n < 1 << HIDDEN) else { return Err(self.no_memory()) };
        let tuple = self.new_shaped(shape, bytes, |head| Tuple { head, words: [] })?;
        let word = (&raw const tuple.words).cast::<u64>().cast_mut();
        // SAFETY: the block begins with a word for the length and ends with one for the hash, if it is kept, which nobody has read yet.
        unsafe {
            word.write(len as u64 | (hidden as u64) << HIDDEN);
            if kept > 0 {
                tuple.items().as_ptr_range().end.cast::<i64>().cast_mut().write(0);
            }
        }
        Ok(tuple)
    }

    /// A tuple of empty items that its shape tells the length of.
    #[inline(always)]
    fn blank_short_tuple(&self, len: usize) -> Res<Ref<Tuple>> {
        debug_assert!(len.wrapping_sub(1) < MOST as usize);
        let block: Option<ObjPtr> = self.heap().alloc_object(8 + len * 8).map(NonNull::cast);
        let Some(block) = block else { return Err(self.no_memory()) };
        // SAFETY: the block has room for the header and the items.
        unsafe {
            block.write(Header::new(ShapeId::new(LONG.number() + len as u32), HeaderFlags::empty(), 1));
            for at in 1..=len {
                block.cast::<u64>().add(at).as_ptr().write_volatile(Word::UNBOUND.0);
            }
            Ok(Ref::from_value_unchecked(Value::from_word(Word::from_ptr(block))))
        }
    }

    /// A tuple of values that are moved out of their slots, which lie side by side. Runs no Python; `MemoryError`: then nothing was moved.
    #[inline]
    pub fn take_tuple(&self, slots: &[Value]) -> Res {
        self.gather_tuple(slots, Value::take)
    }

    /// A tuple of shares of items that lie side by side. Runs no Python; `MemoryError`.
    #[inline]
    pub fn share_tuple(&self, items: &[Value]) -> Res {
        self.gather_tuple(items, Value::clone)
    }

    /// A tuple of what `take` gives of values that lie side by side, which is each of them.
    #[inline(always)]
    fn gather_tuple(&self, values: &[Value], take: impl Fn(&Value) -> Value) -> Res {
        let len = values.len();
        // A long one has a word for its length before the items.
        let (block, first) = match len {
            0 => return Ok(self.empty_tuple.clone()),
            len if len <= MOST as usize => (self.heap().alloc_object(8 + len * 8).map(NonNull::cast), 1),
            _ => (Some(self.blank_long_tuple(len)?), 2),
        };
        let Some(block): Option<ObjPtr> = block else { return Err(self.no_memory()) };
        let mut tracked = false;
        // SAFETY: the block has room for the header and the items, and is a tuple when it has the former, as a long one has already, whose
        // items are empty; `take` makes at most a box.
        unsafe {
            let mut place = block.cast::<Value>().as_ptr().add(first);
            for value in values {
                let value = take(value);
                tracked |= may_be_tracked(value.word());
                place.write(value);
                place = place.add(1);
            }
            if first == 1 {
                let shape = ShapeId::new(LONG.number() + len as u32);
                block.write(Header::new(shape, HeaderFlags::empty(), 1));
            }
            if tracked {
                self.track(block);
            }
            Ok(Value::from_word(Word::from_ptr(block)))
        }
    }

    /// A tuple that its shape tells no length of, as a pointer that is its only reference.
    #[inline(never)]
    fn blank_long_tuple(&self, len: usize) -> Res<ObjPtr> {
        Ok(self.blank_tuple(LONG, len, [0, 0])?.into_value().into_word().ptr())
    }

    /// A new object with `count` empty values behind its payload, which ends with what `make` is given and `at` finds again.
    pub(crate) fn new_with_behind<T: Object>(
        &self,
        shape: ShapeId,
        count: usize,
        at: impl FnOnce(&T) -> &Behind,
        make: impl FnOnce(Header, Behind) -> T,
    ) -> Res<Ref<T>> {
        let bytes = size_of::<T>() + count * 8;
        let made = self.new_shaped(shape, bytes, |head| make(head, Behind { count, words: [] }))?;
        let behind = at(&made);
        let end = std::ptr::from_ref::<T>(&made).addr() + size_of::<T>();
        assert!(
            behind.base().addr() == end && behind.count == count,
            "the values do not lie behind the payload"
        );
        Ok(made)
    }
}
