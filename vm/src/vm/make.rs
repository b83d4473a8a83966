//! Making objects: a block of the heap, a header, a payload; and the collector hears of it.

use ryokan_alloc::{Header, HeaderFlags, ObjPtr, ShapeId};

use super::Vm;
use super::breaker::BreakerFlags;
use crate::object::{Object, Ref, ShapeBits, payload_ptr};
use crate::raised::Res;
use crate::value::{Value, Word};

impl Vm {
    /// A new object of a builtin type: `make` gets the header and gives the payload. Runs no Python; `MemoryError`.
    #[inline]
    pub fn new_object<T: Object>(&self, make: impl FnOnce(Header) -> T) -> Res<Ref<T>> {
        self.try_new_object(make).ok_or_else(|| self.no_memory())
    }

    /// The same; nothing if there is no memory, and no exception.
    #[inline(always)]
    fn try_new_object<T: Object>(&self, make: impl FnOnce(Header) -> T) -> Option<Ref<T>> {
        let block = self.heap().alloc_object(size_of::<T>())?;
        // SAFETY: the block has the payload's size.
        unsafe {
            block.cast::<T>().as_ptr().write(make(Vm::newborn::<T>(T::LAYOUT.shape())));
            Some(self.born(block.cast()))
        }
    }

    /// The same on behalf of a value, with no Vm at hand: of the one that works on this thread.
    #[inline(always)]
    pub(crate) fn try_new_for_value<T: Object>(make: impl FnOnce(Header) -> T) -> Option<Ref<T>> {
        // SAFETY: what is done with values is done while their Vm works.
        unsafe { super::current() }.try_new_object(make)
    }

    /// The header of a new object.
    #[inline(always)]
    fn newborn<T: Object>(shape: ShapeId) -> Header {
        Header::new(shape, if T::TRACKED { HeaderFlags::TRACKED } else { HeaderFlags::empty() }, 1)
    }

    /// Takes a new object over, and tells the collector if it must know.
    ///
    /// # Safety
    /// It is whole, its layout is `T`'s, and nobody else has it.
    #[inline(always)]
    unsafe fn born<T: Object>(&self, ptr: ObjPtr) -> Ref<T> {
        if T::TRACKED {
            // SAFETY: the object is whole, and the collector does not know it yet.
            unsafe { self.heap().track_born(ptr) };
            if self.heap().collection_due() {
                self.breaker.raise(BreakerFlags::COLLECT);
            }
        }
        // SAFETY: its layout is `T`'s, and its first count is nobody's yet.
        unsafe { Ref::from_value_unchecked(Value::from_word(Word::from_ptr(ptr))) }
    }

    /// A new object of a shape whose layout is `T`'s, in `bytes` bytes; words behind the payload are empty slots. Runs no Python;
    /// `MemoryError`.
    #[inline]
    pub fn new_shaped<T: Object>(
        &self,
        shape: ShapeId,
        bytes: usize,
        make: impl FnOnce(Header) -> T,
    ) -> Res<Ref<T>> {
        let Some(block) = self.heap().alloc_object(bytes) else { return Err(self.no_memory()) };
        assert!(shape.is_of(T::LAYOUT) && bytes >= size_of::<T>());
        // SAFETY: the block has as many bytes; the words behind are filled before anyone sees them.
        unsafe {
            block.cast::<T>().as_ptr().write(make(Vm::newborn::<T>(shape)));
            let mut at = size_of::<T>();
            // Volatile: a loop of a few rounds is not worth vector instructions.
            let empty = |at: usize| block.add(at).cast::<u64>().as_ptr().write_volatile(Word::UNBOUND.0);
            while at + 16 <= bytes.min(256) {
                empty(at);
                empty(at + 8);
                at += 16;
            }
            while at + 8 <= bytes {
                block.add(at).cast::<u64>().as_ptr().write(Word::UNBOUND.0);
                at += 8;
            }
            Ok(self.born(block.cast()))
        }
    }

    /// Tells the collector of an object that was just made.
    ///
    /// # Safety
    /// It is whole, and the collector does not know it yet.
    #[inline]
    pub(crate) unsafe fn track_newborn(&self, ptr: ObjPtr) {
        // SAFETY: as the caller says.
        unsafe { self.heap().track_born(ptr) };
        if self.heap().collection_due() {
            self.breaker.raise(BreakerFlags::COLLECT);
        }
    }

    /// Tells the collector of an object.
    ///
    /// # Safety
    /// The object must be live and whole.
    #[inline]
    pub unsafe fn track(&self, ptr: ObjPtr) {
        // SAFETY: the object is live and whole.
        unsafe { self.heap().track(ptr) };
        if self.heap().collection_due() {
            self.breaker.raise(BreakerFlags::COLLECT);
        }
    }

    /// Tells the collector of an object that was made without its knowing.
    #[inline]
    pub(crate) fn track_whole<T: Object>(&self, object: &Ref<T>) {
        // SAFETY: an object that is referred to is live and whole.
        unsafe { self.track(payload_ptr::<T>(object)) };
    }

    /// Makes an object immortal: it is never counted or freed again.
    pub fn make_immortal(&self, value: &Value) {
        if let Some(ptr) = value.object() {
            // SAFETY: the value keeps the object alive.
            unsafe { ptr.as_ref().set_refs(ryokan_alloc::IMMORTAL) };
        }
    }
}
