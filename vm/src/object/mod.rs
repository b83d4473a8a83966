//! Objects: a header, a payload whose Rust type the *layout* names, and for instances of classes the attribute slots.
//!
//! ```text
//! [refs: u32][shape: 24 bits | flags: 8 bits]   Header, of ryokan-alloc
//! [payload]                                     a repr(C) struct that begins with the header
//! [ext][slot 0][slot 1]..                       only where the shape says so: see shape.rs
//! ```
//!
//! A shape's upper bits are its layout, so one shift tells what the payload is ([`layout_of`]), and one compare whether an
//! object is exactly of a builtin type ([`Layout::shape`]). [`Object`] is the one unsafe trait; its duties are numbered.
//!
//! Read next: `layout.rs` (the list), `shape.rs`, `slots.rs` (what operators mean for a type), `call.rs`; above them
//! `protocols/`, and `types/classes/`.

pub mod behind;
pub mod call;
pub mod kind;
pub mod layout;
pub mod native;
mod number;
pub mod payload;
pub mod shape;
mod short;
pub mod slots;
pub mod ty;
pub mod underway;

use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr::NonNull;

use ryokan_alloc::{Header, Heap, ObjPtr, ShapeId};

use crate::value::{Value, Word};
pub use layout::Layout;

/// How many low bits of a shape count the shapes.
pub const SHAPE_INDEX_BITS: u32 = 17;

/// What the bits of a shape's number say.
pub trait ShapeBits: Copy {
    /// The number of its layout.
    fn layout(self) -> u32;
    /// Its place in the table of shapes.
    fn index(self) -> u32;
    /// Whether it is of a layout.
    fn is_of(self, layout: Layout) -> bool;
    /// Whether it is a builtin type's, and of no words but its payload's.
    fn is_fixed(self) -> bool;
}

impl ShapeBits for ShapeId {
    #[inline(always)]
    fn layout(self) -> u32 {
        self.number() >> SHAPE_INDEX_BITS
    }
    #[inline(always)]
    fn index(self) -> u32 {
        self.number() & ((1 << SHAPE_INDEX_BITS) - 1)
    }
    #[inline(always)]
    fn is_of(self, layout: Layout) -> bool {
        self.layout() == layout as u32
    }
    #[inline(always)]
    fn is_fixed(self) -> bool {
        self.index() < layout::FIXED_SHAPES
    }
}

/// The payload type of an object.
///
/// # Safety
/// 1. The type is `repr(C)` and begins with a [`Header`].
/// 2. `LAYOUT` is its own row in `layout.rs`.
/// 3. `trace` visits every `Value` that the payload owns, each once, and nothing else.
/// 4. `clear` may drop some of them, leaving the object valid. `dying` gives up what the drop of the fields does not: buffers and
///    the values in them, each once. It makes no new reference to the object.
/// 5. `size` is the size in bytes of payload as allocated; `FIXED` is only true if it is always that of the struct.
/// 6. `OWNS` is only false if `dying` does nothing and no field has anything to drop.
///
/// `object!` of `payload.rs` writes this for all payloads that are made of fields, and meets the duties.
pub unsafe trait Object: Sized + 'static {
    /// The row.
    const LAYOUT: Layout;
    /// Whether the collector must know such objects.
    const TRACKED: bool = false;
    /// Whether every object has the size of the struct: `size` is not overridden.
    const FIXED: bool = true;
    /// Whether there is anything to give up when an object dies.
    const OWNS: bool = true;
    /// Visits every owned value.
    fn trace(&self, _visit: &mut dyn FnMut(&Value)) {}
    /// Breaks reference cycles through this object.
    fn clear(&self) {}
    /// The object is dead, and its fields will be dropped: gives up what else it owns.
    fn dying(&self) {}
    /// Bytes of the payload.
    fn size(&self) -> usize {
        size_of::<Self>()
    }
}

/// The layout of an object.
#[inline(always)]
pub fn layout_of(ptr: ObjPtr) -> u32 {
    // SAFETY: an ObjPtr in the VM points to a live object.
    unsafe { ptr.as_ref().shape().layout() }
}

/// Whether an object is garbage that the collector takes apart.
pub fn is_condemned(ptr: ObjPtr) -> bool {
    // SAFETY: an ObjPtr in the VM points to a live object.
    unsafe { ptr.as_ref().is_condemned() }
}

/// An owned reference to an object whose payload is known.
#[repr(transparent)]
pub struct Ref<T: Object>(Value, PhantomData<T>);

impl<T: Object> Ref<T> {
    /// Takes over a value that is known to hold a `T`.
    #[inline]
    pub fn from_value(value: Value) -> Result<Ref<T>, Value> {
        if value.get::<T>().is_some() { Ok(Ref(value, PhantomData)) } else { Err(value) }
    }
    /// Takes over a value that holds a `T`.
    ///
    /// # Safety
    /// Its layout is `T`'s.
    #[inline(always)]
    pub unsafe fn from_value_unchecked(value: Value) -> Ref<T> {
        debug_assert!(value.get::<T>().is_some());
        Ref(value, PhantomData)
    }
    /// The value, still owned.
    #[inline(always)]
    pub fn into_value(self) -> Value {
        self.0
    }
    /// The value.
    #[inline(always)]
    pub fn value(&self) -> &Value {
        &self.0
    }
    /// A new reference as a value.
    #[inline(always)]
    pub fn to_value(&self) -> Value {
        self.0.clone()
    }
    /// A new reference from a borrowed payload.
    #[inline]
    pub fn from_payload(payload: &T) -> Ref<T> {
        Ref(payload_value(payload), PhantomData)
    }
}

impl<T: Object> Clone for Ref<T> {
    fn clone(&self) -> Self {
        Ref(self.0.clone(), PhantomData)
    }
}

impl<T: Object> Deref for Ref<T> {
    type Target = T;
    #[inline(always)]
    fn deref(&self) -> &T {
        // SAFETY: a Ref is only made of a value whose layout is T's, and it keeps the object alive.
        unsafe { &*(self.0.word().0 as *const T) }
    }
}

/// The address of a payload as an object.
#[inline(always)]
pub fn payload_ptr<T: Object>(payload: &T) -> ObjPtr {
    NonNull::from(payload).cast::<Header>()
}

/// Gives back to an object's heap what was charged for what the object owns.
pub fn uncharge<T: Object>(payload: &T, bytes: usize) {
    if bytes != 0 {
        // SAFETY: a borrowed payload is part of an object, which lies in a heap; the borrow of the heap lasts one call.
        unsafe { Heap::heap_of(payload_ptr(payload)).as_mut().uncharge(bytes) };
    }
}

/// A new reference to the object of a payload.
#[inline]
pub fn payload_value<T: Object>(payload: &T) -> Value {
    let ptr = payload_ptr(payload);
    // SAFETY: a borrowed payload is part of an object that is alive: `dying` asks for no reference (duty 4).
    unsafe {
        debug_assert!(ptr.as_ref().refs() != 0, "a reference to what is dying");
        Value::from_ptr(ptr)
    }
}

impl Value {
    /// The payload, if the object's layout is `T`'s (the object may be of a subclass).
    #[inline(always)]
    pub fn get<T: Object>(&self) -> Option<&T> {
        let word = self.word();
        if word.is_ptr() && layout_of(word.ptr()) == T::LAYOUT as u32 {
            // SAFETY: the layout says what the payload is (duty 2), and `self` keeps the object alive.
            Some(unsafe { &*(word.0 as *const T) })
        } else {
            None
        }
    }
    /// The payload, if the object is exactly of the builtin type that the layout belongs to.
    #[inline(always)]
    pub fn exact<T: Object>(&self) -> Option<&T> {
        let word = self.word();
        if word.is_ptr() && T::LAYOUT.is_exact(word.shape()) {
            // SAFETY: the builtin type's shape says what the payload is (duty 2), and `self` keeps the object alive.
            Some(unsafe { &*(word.0 as *const T) })
        } else {
            None
        }
    }
    /// The object's header, if it is one.
    #[inline]
    pub fn header(&self) -> Option<&Header> {
        // SAFETY: `self` keeps the object alive.
        self.object().map(|ptr| unsafe { ptr.as_ref() })
    }
    /// Bytes of the object's block; 0 if it is none.
    pub fn block_bytes(&self) -> usize {
        // SAFETY: `self` keeps the object alive, whose header says where its block ends.
        self.object().map_or(0, |ptr| unsafe { Heap::block_size(ptr) })
    }
    /// Whether the object's layout is `T`'s.
    #[inline(always)]
    pub fn has<T: Object>(&self) -> bool {
        self.get::<T>().is_some()
    }
}

impl Word {
    /// Looks at the payload of an object that is alive, if it is exactly of the builtin type that the layout belongs to.
    #[inline(always)]
    pub fn peek<T: Object, R>(self, at: impl FnOnce(&T) -> R) -> Option<R> {
        if self.is_ptr() && T::LAYOUT.is_exact(self.shape()) {
            // SAFETY: the builtin type's shape says what the payload is (duty 2); a word whose shape is asked for is alive.
            Some(at(unsafe { &*(self.0 as *const T) }))
        } else {
            None
        }
    }
    /// As [`Value::get`], of a word that lives as long as the caller knows.
    ///
    /// # Safety
    /// The object must live for `'a`.
    #[inline(always)]
    pub unsafe fn get<'a, T: Object>(self) -> Option<&'a T> {
        if self.is_ptr() && layout_of(self.ptr()) == T::LAYOUT as u32 {
            // SAFETY: the layout says what the payload is; the caller keeps it alive.
            Some(unsafe { &*(self.0 as *const T) })
        } else {
            None
        }
    }
}
