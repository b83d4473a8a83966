//! A value is one word.
//!
//! ```text
//! ......000   pointer to an object (8-aligned, never null)
//! ......x01   int of 62 bits, shifted left by 2
//! .......1.   float: rotl(bits + (3 << 60), 4); holds 0.0, -0.0, infinities, NaNs and |x| in [2^-255, 2^257)
//! ......100   None, True, False, Ellipsis, NotImplemented, and UNBOUND: "no value here"
//! ```
//!
//! [`Word`] is that word as a number: copying it means nothing. [`Value`] *owns* a reference: `clone` makes another and
//! `drop` gives it up. Words live in registers and handlers, Values everywhere else; a slot of memory is either.
//!
//! # Lazy identity
//!
//! An immediate number outside -5..=256 lives in exactly one slot. `clone` is the moment when a second reference would be
//! made: it boxes the number *in the slot it is called on* (which is why a `Value` is a `Cell`) and copies the pointer.
//! Moving (`take`, passing by value) is free. Code that only looks at a number reads it with [`Value::word`] or
//! `as_int`, and must not store what it read anywhere that lasts. If no memory is left for the box, the bits are copied: the
//! number loses its identity, which is the least harm.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::ptr::NonNull;

use ryokan_alloc::{Header, Heap, ObjPtr, ShapeId};

/// A value's bits, without ownership. Only this crate makes one of a number: a pointer among the bits must be an object's.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Word(pub(crate) u64);

const _: () = assert!(size_of::<Value>() == 8 && size_of::<Word>() == 8);

const fn special(number: u64) -> Word {
    Word(number << 3 | 0b100)
}

impl Word {
    /// No value: an empty slot.
    pub const UNBOUND: Word = special(0);
    /// `None`
    pub const NONE: Word = special(1);
    /// `False`
    pub const FALSE: Word = special(2);
    /// `True`
    pub const TRUE: Word = special(3);
    /// `...`
    pub const ELLIPSIS: Word = special(4);
    /// `NotImplemented`
    pub const NOT_IMPLEMENTED: Word = special(5);
    /// How many special words there are.
    pub const SPECIALS: u64 = 6;

    /// The least and the greatest immediate int.
    pub const INT_MIN: i64 = -(1 << 61);
    /// See [`Word::INT_MIN`].
    pub const INT_MAX: i64 = (1 << 61) - 1;

    /// Where a small object lies in its arena: the same in every run, as its address is not. A table that is indexed by it forgets the
    /// same entries each time, and what is counted does not depend on where the system put the heap.
    #[inline(always)]
    pub const fn within_arena(self) -> u64 {
        self.0 & (ryokan_alloc::ARENA_BYTES as u64 - 1)
    }

    /// Whether it points to an object.
    #[inline(always)]
    pub const fn is_ptr(self) -> bool {
        self.0 & 7 == 0
    }
    /// Whether it is an immediate int.
    #[inline(always)]
    pub const fn is_int(self) -> bool {
        self.0 & 3 == 1
    }
    /// Whether it is an immediate float.
    #[inline(always)]
    pub const fn is_float(self) -> bool {
        self.0 & 2 != 0
    }
    /// Whether it is one of the named words.
    #[inline(always)]
    pub const fn is_special(self) -> bool {
        self.0 & 7 == 4
    }
    /// Whether it is an immediate number.
    #[inline(always)]
    pub const fn is_number(self) -> bool {
        self.0 & 3 != 0
    }
    /// Whether the slot is empty.
    #[inline(always)]
    pub const fn is_unbound(self) -> bool {
        self.0 == Word::UNBOUND.0
    }
    /// Whether it is an immediate number that has no identity yet: any but the ints -5 to 256.
    #[inline(always)]
    pub const fn needs_box(self) -> bool {
        // The distance from the word of -5, its two tag bits turned to the top: below 262 for those ints alone.
        let distance = self.0.wrapping_sub(Word::from_int(-5).0).rotate_right(2);
        self.is_number() && distance > 261
    }

    /// The int; meaningful only if [`Word::is_int`].
    #[inline(always)]
    pub const fn int(self) -> i64 {
        self.0 as i64 >> 2
    }
    /// An immediate int of a number that fits.
    #[inline(always)]
    pub const fn from_int(number: i64) -> Word {
        Word((number << 2) as u64 | 1)
    }
    /// An immediate int, if the number fits.
    #[inline(always)]
    pub const fn try_int(number: i64) -> Option<Word> {
        if number >= Word::INT_MIN && number <= Word::INT_MAX { Some(Word::from_int(number)) } else { None }
    }
    /// The float; meaningful only if [`Word::is_float`].
    #[inline(always)]
    pub const fn float(self) -> f64 {
        f64::from_bits(self.0.rotate_right(4).wrapping_sub(3 << 60))
    }
    /// The float's word if it can be immediate.
    #[inline(always)]
    pub const fn try_float(number: f64) -> Option<Word> {
        let bits = number.to_bits().wrapping_add(3 << 60).rotate_left(4);
        if bits & 2 != 0 { Some(Word(bits)) } else { None }
    }
    /// `True` or `False`.
    #[inline(always)]
    pub const fn from_bool(truth: bool) -> Word {
        Word(Word::FALSE.0 + ((truth as u64) << 3))
    }
    /// The object; meaningful only if [`Word::is_ptr`].
    #[inline(always)]
    pub fn ptr(self) -> ObjPtr {
        debug_assert!(self.is_ptr() && self.0 != 0);
        // SAFETY: a pointer word is never null: words are made from ObjPtr only.
        unsafe { NonNull::new_unchecked(self.0 as *mut Header) }
    }
    /// A pointer's word.
    #[inline(always)]
    pub fn from_ptr(ptr: ObjPtr) -> Word {
        Word(ptr.as_ptr() as u64)
    }
    /// The shape of the object; meaningful only if [`Word::is_ptr`].
    #[inline(always)]
    pub fn shape(self) -> ShapeId {
        // SAFETY: a pointer word of a live slot points to a live object.
        unsafe { self.ptr().as_ref().shape() }
    }
    /// How often the object is referred to; meaningful only if [`Word::is_ptr`].
    #[inline(always)]
    pub fn refs(self) -> u32 {
        // SAFETY: a pointer word of a live slot points to a live object.
        unsafe { self.ptr().as_ref().refs() }
    }
    /// Counts one more reference, if it is a pointer.
    ///
    /// # Safety
    /// It is the word of a live slot, and whoever gets the new reference gives it up once.
    #[inline(always)]
    pub unsafe fn incref(self) {
        if self.is_ptr() {
            // SAFETY: a pointer word of a live slot points to a live object.
            unsafe { self.ptr().as_ref().incref() }
        }
    }
    /// Gives up one reference, if it is a pointer, and frees the object with its last.
    ///
    /// # Safety
    /// The caller owns the reference, and it is in no slot any more: freeing may run code.
    #[inline(always)]
    pub unsafe fn decref(self) {
        if self.is_ptr() {
            // SAFETY: the reference that is given up kept the object alive until now.
            unsafe {
                if self.ptr().as_ref().decref() {
                    Heap::release(self.ptr());
                }
            }
        }
    }
}

/// An owned reference. See the module's page. It is not `Send`: what is done without the lock cannot have one ([`Vm::blocking`]).
///
/// [`Vm::blocking`]: crate::vm::Vm::blocking
#[repr(transparent)]
pub struct Value(Cell<u64>, PhantomData<*const ()>);

impl Value {
    /// `None`
    pub const NONE: Value = Value(Cell::new(Word::NONE.0), PhantomData);
    /// `True`
    pub const TRUE: Value = Value(Cell::new(Word::TRUE.0), PhantomData);
    /// `False`
    pub const FALSE: Value = Value(Cell::new(Word::FALSE.0), PhantomData);
    /// `...`
    pub const ELLIPSIS: Value = Value(Cell::new(Word::ELLIPSIS.0), PhantomData);
    /// `NotImplemented`
    pub const NOT_IMPLEMENTED: Value = Value(Cell::new(Word::NOT_IMPLEMENTED.0), PhantomData);
    /// An empty slot.
    pub const UNBOUND: Value = Value(Cell::new(Word::UNBOUND.0), PhantomData);

    /// Takes over the reference that a word stands for.
    ///
    /// # Safety
    /// The word must be an immediate, or a pointer with a reference that nobody else gives up.
    #[inline(always)]
    pub const unsafe fn from_word(word: Word) -> Value {
        Value(Cell::new(word.0), PhantomData)
    }
    /// A new reference to an object.
    ///
    /// # Safety
    /// The pointer must be of a live object.
    #[inline(always)]
    pub unsafe fn from_ptr(ptr: ObjPtr) -> Value {
        // SAFETY: the object is alive.
        unsafe { ptr.as_ref().incref() };
        Value(Cell::new(Word::from_ptr(ptr).0), PhantomData)
    }
    /// An immediate's value.
    #[inline(always)]
    pub fn immediate(word: Word) -> Value {
        assert!(!word.is_ptr());
        Value(Cell::new(word.0), PhantomData)
    }
    /// The bits, to look at.
    #[inline(always)]
    pub fn word(&self) -> Word {
        Word(self.0.get())
    }
    /// Gives the reference up to whoever gets the word.
    #[inline(always)]
    pub fn into_word(self) -> Word {
        let word = self.word();
        std::mem::forget(self);
        word
    }
    /// Moves the value out of its slot and leaves the slot empty.
    #[inline(always)]
    pub(crate) fn take(&self) -> Value {
        Value(Cell::new(self.0.replace(Word::UNBOUND.0)), PhantomData)
    }
    /// A value to look at: a new reference, or a copy of a number, which keeps no identity. For arithmetic and comparisons of
    /// numbers, where no script sees which number it is.
    #[inline(always)]
    pub fn look(&self) -> Value {
        if self.word().is_number() { Value(Cell::new(self.0.get()), PhantomData) } else { self.clone() }
    }
    /// Gives up what is in the slot, if anything is, after the slot is empty.
    #[inline(always)]
    pub(crate) fn give_up(&self) {
        let old = self.word();
        if old.is_ptr() {
            self.0.set(Word::UNBOUND.0);
            // SAFETY: the slot owned the reference, and is empty now.
            unsafe { old.decref() };
        }
    }
    /// Puts a value in the slot and gives up the one that was there, after the slot is whole again.
    #[inline(always)]
    pub(crate) fn set(&self, value: Value) {
        let old = Word(self.0.replace(value.into_word().0));
        // SAFETY: the slot owned the reference, and holds another one now.
        unsafe { old.decref() };
    }
    /// Puts a value in the slot and returns the one that was there.
    #[inline(always)]
    pub(crate) fn replace(&self, value: Value) -> Value {
        Value(Cell::new(self.0.replace(value.into_word().0)), PhantomData)
    }
    /// The words of values that lie side by side.
    pub(crate) fn words_of(values: &[Value]) -> &[Cell<u64>] {
        // SAFETY: a value is such a cell and nothing else.
        unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), values.len()) }
    }
    /// A short int, always immediate. The number must lie within 61 bits and a sign.
    #[inline(always)]
    pub fn small(number: i64) -> Value {
        debug_assert!((Word::INT_MIN..=Word::INT_MAX).contains(&number));
        Value(Cell::new(Word::from_int(number).0), PhantomData)
    }
    /// An int that is immediate; nothing if it must be an object.
    #[inline(always)]
    pub fn try_int(number: i64) -> Option<Value> {
        Word::try_int(number).map(Value::immediate)
    }
    /// A float that is immediate; nothing if it must be an object.
    #[inline(always)]
    pub fn try_float(number: f64) -> Option<Value> {
        Word::try_float(number).map(Value::immediate)
    }
    /// `True` or `False`.
    #[inline(always)]
    pub fn bool(truth: bool) -> Value {
        Value(Cell::new(Word::from_bool(truth).0), PhantomData)
    }
    /// Whether both are the same object, or the same immediate in the sense of `is`: two slots that hold the same number
    /// outside -5..=256 hold two objects.
    #[inline(always)]
    pub fn is(&self, other: &Value) -> bool {
        self.0.get() == other.0.get() && (!self.word().needs_box() || std::ptr::eq(self, other))
    }
    /// Whether the slot is empty.
    #[inline(always)]
    pub fn is_unbound(&self) -> bool {
        self.word().is_unbound()
    }
    /// Whether it is `None`.
    #[inline(always)]
    pub fn is_none(&self) -> bool {
        self.0.get() == Word::NONE.0
    }
    /// Whether it is `NotImplemented`.
    #[inline(always)]
    pub fn is_not_implemented(&self) -> bool {
        self.0.get() == Word::NOT_IMPLEMENTED.0
    }
    /// `None` for an empty slot.
    #[inline(always)]
    pub fn bound(&self) -> Option<&Value> {
        if self.is_unbound() { None } else { Some(self) }
    }
    /// The address of the object, if it is one.
    #[inline(always)]
    pub fn object(&self) -> Option<ObjPtr> {
        if self.word().is_ptr() { Some(self.word().ptr()) } else { None }
    }
    /// Gives the number in this slot its identity: boxes it, if it is an immediate that needs a box.
    #[inline(always)]
    pub fn share(&self) {
        if self.word().needs_box() {
            self.share_slow();
        }
    }
    #[cold]
    #[inline(never)]
    fn share_slow(&self) {
        if let Some(boxed) = self.word().boxed() {
            self.0.set(boxed.0);
        }
    }
}

impl Value {
    #[cold]
    #[inline(never)]
    fn clone_slow(&self) -> Value {
        self.share_slow();
        // SAFETY: the clone gives the reference up.
        unsafe { self.word().incref() };
        Value(Cell::new(self.0.get()), PhantomData)
    }
}

/// Drops values, the last one first, as registers are let go.
pub(crate) fn drop_from_last(mut values: Vec<Value>) {
    while let Some(last) = values.pop() {
        drop(last);
    }
}

/// Whether none of eight words is an object's: without a branch, so that vectors do it.
#[inline(always)]
fn hold_nothing(words: &[Cell<u64>; 8]) -> bool {
    // The low bits of an object's word are 0: no other's sum with 7 stays below 8.
    words.iter().fold(8, |others, word| others & ((word.get() & 7) + 7)) != 0
}

impl Value {
    /// How many values at the end of a slice, in eights, are no objects: they need not be dropped.
    #[inline]
    pub(crate) fn count_last_immediates(values: &[Value]) -> usize {
        let (_, eights) = Value::words_of(values).as_rchunks::<8>();
        eights.iter().rev().take_while(|words| hold_nothing(words)).count() * 8
    }
}

impl Clone for Value {
    #[inline(always)]
    fn clone(&self) -> Value {
        let word = self.word();
        if word.is_ptr() {
            // SAFETY: the clone gives the reference up.
            unsafe { word.incref() };
        } else if word.needs_box() {
            return self.clone_slow();
        }
        Value(Cell::new(word.0), PhantomData)
    }
}

impl Drop for Value {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: the value owns its reference, and is gone.
        unsafe { self.word().decref() };
    }
}

impl Default for Value {
    fn default() -> Value {
        Value::UNBOUND
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.word().fmt(f)
    }
}

impl fmt::Debug for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            w if w.is_float() => write!(f, "{:?}", w.float()),
            w if w.is_int() => write!(f, "{}", w.int()),
            w if w.is_ptr() => write!(f, "<object {:#x} of shape {:#x}>", w.0, w.shape().number()),
            w => write!(f, "<special {}>", w.0 >> 3),
        }
    }
}

/// A slot that nobody owns: a borrowed [`Value`] made of a word, for passing an immediate or a pointer that lives elsewhere.
///
/// Sharing through it boxes a copy, so it must not be made of a number that has a slot of its own.
pub struct Borrowed {
    slot: std::mem::ManuallyDrop<Value>,
    lent: Word,
}

impl Borrowed {
    /// Lends a word whose object outlives the loan.
    #[inline(always)]
    pub fn new(word: Word) -> Borrowed {
        Borrowed { slot: std::mem::ManuallyDrop::new(Value(Cell::new(word.0), PhantomData)), lent: word }
    }
}

impl Drop for Borrowed {
    #[inline(always)]
    fn drop(&mut self) {
        if self.slot.word() != self.lent {
            // SAFETY: the number was boxed here: the box is ours.
            unsafe { self.slot.word().decref() };
        }
    }
}

impl std::ops::Deref for Borrowed {
    type Target = Value;
    #[inline(always)]
    fn deref(&self) -> &Value {
        &self.slot
    }
}
