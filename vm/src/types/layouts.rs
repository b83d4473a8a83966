//! What the heap asks of each layout: the rows of `object/layout.rs` with the payloads that they name.

use ryokan_alloc::ObjPtr;

use super::{
    async_generator, bytearray, bytes, cell, code, complex, coroutine, descriptors, dict, dict_views,
    exceptions, float, frame, function, generator, generic_alias, int, iterators, list, mappingproxy,
    memoryview, module, object, property, range, set, slice, str, super_type, threads, traceback, tuple,
    union,
};
use crate::object::layout::{LayoutOps, for_each_layout};
use crate::object::{Layout, Object, kind, layout_of, native, ty};

macro_rules! payloads {
    ($($name:ident = $ty:path,)*) => {
        /// The payload of each layout.
        #[allow(missing_docs, reason = "each is the payload of its layout")]
        pub mod rows {
            use super::*;
            $(pub type $name = $ty;)*
        }
        $(const _: () = assert!(<$ty as Object>::LAYOUT as u32 == Layout::$name as u32);)*
        /// By layout number, less one.
        static LAYOUTS: [LayoutOps; Layout::COUNT - 1] = [$(LayoutOps::of::<$ty>()),*];
    };
}
for_each_layout!(payloads);

impl Layout {
    /// Its functions; none if it is that of free blocks.
    #[inline]
    pub fn ops(self) -> Option<&'static LayoutOps> {
        LAYOUTS.get((self as usize).wrapping_sub(1))
    }
    /// The functions of an object's layout.
    #[inline(always)]
    pub fn ops_of(p: ObjPtr) -> &'static LayoutOps {
        let number = layout_of(p) as usize;
        debug_assert!((1..=LAYOUTS.len()).contains(&number));
        // SAFETY: every object is born with a header that says one of the layouts, and keeps it.
        unsafe { LAYOUTS.get_unchecked(number - 1) }
    }
}
