//! What the heap asks of each layout: the rows of `object/layout.rs` with the payloads that they name.

use ryokan_alloc::{Death, KINDS, ObjPtr};

use super::{
    async_generator, bytearray, bytes, cell, code, complex, coroutine, descriptors, dict, dict_views,
    exceptions, float, frame, function, generator, generic_alias, int, iterators, list, mappingproxy,
    memoryview, module, object, property, range, set, slice, str, super_type, threads, traceback, tuple,
    union, weakref,
};
use crate::object::layout::{LayoutOps, for_each_layout};
use crate::object::{Layout, Object, SHAPE_INDEX_BITS, kind, layout_of, native, ty};

macro_rules! payloads {
    ($($name:ident = $ty:path,)*) => {
        /// The payload of each layout.
        #[allow(missing_docs, reason = "each is the payload of its layout")]
        pub mod rows {
            use super::*;
            $(pub type $name = $ty;)*
        }
        $(const _: () = assert!(<$ty as Object>::LAYOUT as u32 == Layout::$name as u32);)*
        /// In the order of their numbers.
        const ROWS: [LayoutOps; Layout::COUNT - 1] = [$(LayoutOps::of::<$ty>()),*];
    };
}
for_each_layout!(payloads);

/// By number, as many as a header can say, so that none is out of bounds. What is no layout has the first one's functions.
static LAYOUTS: [LayoutOps; 1 << (24 - SHAPE_INDEX_BITS)] = {
    let mut all = [ROWS[0]; 1 << (24 - SHAPE_INDEX_BITS)];
    let mut at = 0;
    while at < ROWS.len() {
        all[at + 1] = ROWS[at];
        at += 1;
    }
    all
};

/// How an object that is exactly of a builtin type dies, by its layout.
pub const fn deaths() -> [Death; KINDS] {
    let mut all = [ROWS[0].death; KINDS];
    let mut at = 0;
    while at < ROWS.len() {
        all[at + 1] = ROWS[at].death;
        at += 1;
    }
    all
}

impl Layout {
    /// Its functions; none if it is that of free blocks.
    #[inline]
    pub fn ops(self) -> Option<&'static LayoutOps> {
        LAYOUTS.get(self as usize).filter(|_| self != Layout::Free)
    }
    /// The functions of an object's layout.
    #[inline(always)]
    pub fn ops_of(p: ObjPtr) -> &'static LayoutOps {
        let number = layout_of(p) as usize;
        debug_assert!((1..Layout::COUNT).contains(&number));
        &LAYOUTS[number]
    }
}
