//! The list of layouts: every kind of payload once, with its Rust type.
//!
//! From a row come the layout's number, the fixed shape of its builtin type, and the four functions through which the
//! heap handles such an object. To add a builtin type: a row here, a file in `types/`, a row in `types/mod.rs`.

use ryokan_alloc::{Heap, ObjPtr};

use super::{Object, SHAPE_INDEX_BITS};
use crate::value::Value;

/// What the heap needs of a layout.
pub struct LayoutOps {
    /// See [`Object::trace`].
    pub trace: unsafe fn(ObjPtr, &mut dyn FnMut(&Value)),
    /// See [`Object::clear`].
    pub clear: unsafe fn(ObjPtr),
    /// Gives up all that a dead object owns: [`Object::dying`], and its fields.
    pub finish: unsafe fn(ObjPtr),
    /// See [`Object::size`].
    pub size: unsafe fn(ObjPtr) -> usize,
    /// See [`Object::TRACKED`].
    pub tracked: bool,
    /// The fixed part of the payload, in bytes.
    pub payload_bytes: usize,
    /// Finishes a dead object that has nothing behind its payload, and frees its block.
    pub dealloc: unsafe fn(*mut Heap, ObjPtr),
}

impl LayoutOps {
    const fn of<T: Object>() -> LayoutOps {
        unsafe fn trace<T: Object>(p: ObjPtr, visit: &mut dyn FnMut(&Value)) {
            // SAFETY: the table is indexed by the object's own layout.
            unsafe { (*p.as_ptr().cast::<T>()).trace(visit) }
        }
        unsafe fn clear<T: Object>(p: ObjPtr) {
            // SAFETY: the table is indexed by the object's own layout.
            unsafe { (*p.as_ptr().cast::<T>()).clear() }
        }
        unsafe fn finish<T: Object>(p: ObjPtr) {
            // SAFETY: the layout says that it is a `T`; it is dead, and the caller uses no field of it again.
            unsafe {
                let this = p.as_ptr().cast::<T>();
                (*this).dying();
                std::ptr::drop_in_place(this);
            }
        }
        unsafe fn size<T: Object>(p: ObjPtr) -> usize {
            // SAFETY: the table is indexed by the object's own layout.
            unsafe { (*p.as_ptr().cast::<T>()).size() }
        }
        unsafe fn dealloc<T: Object>(heap: *mut Heap, p: ObjPtr) {
            // SAFETY: the layout says that it is a `T`, which is dead. The heap is not borrowed while `finish` runs, which may use it.
            unsafe {
                let this = p.as_ptr().cast::<T>();
                let bytes = if T::FIXED { size_of::<T>() } else { (*this).size() };
                if T::OWNS {
                    finish::<T>(p);
                }
                (*heap).free_object(p.cast(), bytes);
            }
        }
        LayoutOps {
            trace: trace::<T>,
            clear: clear::<T>,
            finish: finish::<T>,
            size: size::<T>,
            tracked: T::TRACKED,
            payload_bytes: size_of::<T>(),
            dealloc: dealloc::<T>,
        }
    }
}

macro_rules! layouts {
    ($($name:ident = $ty:path,)*) => {
        /// What an object's payload is.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        #[repr(u32)]
        pub enum Layout {
            /// Free blocks of the heap.
            Free,
            $(#[doc = stringify!($ty)] $name),*
        }
        impl Layout {
            /// How many there are, the free one included.
            pub const COUNT: usize = 1 $(+ { let _ = Layout::$name; 1 })*;
            /// All of them, in order.
            pub const ALL: &[Layout] = &[Layout::Free, $(Layout::$name),*];
        }
        /// The payload of each layout.
        #[allow(missing_docs, reason = "each is the payload of its layout")]
        pub mod rows {
            $(pub type $name = $ty;)*
        }
        $(const _: () = assert!(<$ty as Object>::LAYOUT as u32 == Layout::$name as u32);)*
        /// By layout number, less one.
        pub static LAYOUTS: [LayoutOps; Layout::COUNT - 1] = [$(LayoutOps::of::<$ty>()),*];
    };
}

layouts! {
    Instance = crate::types::object::Instance,
    Type = crate::object::ty::TypeObj,
    Int = crate::types::int::IntBox,
    BigInt = crate::types::int::BigInt,
    Float = crate::types::float::FloatBox,
    Complex = crate::types::complex::Complex,
    Str = crate::types::str::Str,
    Bytes = crate::types::bytes::Bytes,
    ByteArray = crate::types::bytearray::ByteArray,
    MemoryView = crate::types::memoryview::MemoryView,
    Tuple = crate::types::tuple::Tuple,
    List = crate::types::list::List,
    Dict = crate::types::dict::Dict,
    DictKeys = crate::types::dict_views::DictView<{ crate::types::dict_views::KEYS }>,
    DictValues = crate::types::dict_views::DictView<{ crate::types::dict_views::VALUES }>,
    DictItems = crate::types::dict_views::DictView<{ crate::types::dict_views::ITEMS }>,
    DictKeyIter = crate::types::dict_views::DictIter<{ crate::types::dict_views::KEYS }>,
    DictValueIter = crate::types::dict_views::DictIter<{ crate::types::dict_views::VALUES }>,
    DictItemIter = crate::types::dict_views::DictIter<{ crate::types::dict_views::ITEMS }>,
    DictKeyBackIter = crate::types::dict_views::DictIter<{ crate::types::dict_views::KEYS_BACK }>,
    DictValueBackIter = crate::types::dict_views::DictIter<{ crate::types::dict_views::VALUES_BACK }>,
    DictItemBackIter = crate::types::dict_views::DictIter<{ crate::types::dict_views::ITEMS_BACK }>,
    MappingProxy = crate::types::mappingproxy::MappingProxy,
    Set = crate::types::set::Set,
    FrozenSet = crate::types::set::FrozenSet,
    SetIter = crate::types::set::SetIter,
    Range = crate::types::range::Range,
    RangeIter = crate::types::range::RangeIter,
    LongRangeIter = crate::types::range::LongRangeIter,
    Slice = crate::types::slice::Slice,
    Cell = crate::types::cell::CellObj,
    Code = crate::types::code::CodeObj,
    Function = crate::types::function::Function,
    BoundMethod = crate::types::function::BoundMethod,
    ClassMethod = crate::types::function::ClassMethod,
    StaticMethod = crate::types::function::StaticMethod,
    Property = crate::types::property::Property,
    Member = crate::types::descriptors::Member,
    GetSet = crate::types::descriptors::GetSetObj,
    SlotWrapper = crate::types::descriptors::SlotWrapper,
    NativeFunction = crate::object::native::NativeFunction,
    Super = crate::types::super_type::Super,
    GenericAlias = crate::types::generic_alias::GenericAlias,
    Union = crate::types::union::Union,
    Generator = crate::types::generator::Generator,
    CoroutineWrapper = crate::types::coroutine::Wrapper,
    AnextAwaitable = crate::types::coroutine::AnextAwaitable,
    AsyncWrapped = crate::types::async_generator::Wrapped,
    AsyncStep = crate::types::async_generator::Step,
    Exception = crate::types::exceptions::Exception,
    Traceback = crate::types::traceback::Traceback,
    Frame = crate::types::frame::FrameObj,
    Module = crate::types::module::Module,
    SeqIter = crate::types::iterators::SeqIter,
    TupleIter = crate::types::iterators::TupleIter,
    StrIter = crate::types::iterators::StrIter,
    AsciiIter = crate::types::iterators::AsciiIter,
    BytesIter = crate::types::iterators::BytesIter,
    ByteArrayIter = crate::types::iterators::ByteArrayIter,
    GetItemIter = crate::types::iterators::GetItemIter,
    ListReverseIter = crate::types::iterators::ListReverseIter,
    Ended = crate::types::iterators::Ended,
    CallIter = crate::types::iterators::CallIter,
    Enumerate = crate::types::iterators::Enumerate,
    Zip = crate::types::iterators::Zip,
    Map = crate::types::iterators::Map,
    Filter = crate::types::iterators::Filter,
    Reversed = crate::types::iterators::Reversed,
    Native = crate::object::kind::NativeHead,
}

/// Shapes with an index below this are of builtin types, and of no words but their payload's.
pub const FIXED_SHAPES: u32 = 128;
/// How many of them are `tuple`'s: see `types/tuple.rs`.
pub const TUPLE_SHAPES: u32 = 16;
/// The first of them.
const TUPLE_SHAPE: u32 = FIXED_SHAPES - TUPLE_SHAPES;
const _: () = assert!(Layout::COUNT as u32 <= TUPLE_SHAPE && Layout::COUNT < 1 << (24 - SHAPE_INDEX_BITS));

impl Layout {
    /// The shape of exact instances of the layout's builtin type. Its index is the layout's number, but for tuples: theirs is the
    /// first of several.
    #[inline(always)]
    pub const fn shape(self) -> u32 {
        let index = if matches!(self, Layout::Tuple) { TUPLE_SHAPE } else { self as u32 };
        (self as u32) << SHAPE_INDEX_BITS | index
    }
    /// Whether a shape is that of exact instances of the layout's builtin type.
    #[inline(always)]
    pub const fn is_exact(self, shape: u32) -> bool {
        match self {
            Layout::Tuple => shape / TUPLE_SHAPES == Layout::Tuple.shape() / TUPLE_SHAPES,
            _ => shape == self.shape(),
        }
    }
    /// The fixed shapes of the layout's builtin type.
    pub const fn shapes(self) -> std::ops::Range<u32> {
        let count = if matches!(self, Layout::Tuple) { TUPLE_SHAPES } else { 1 };
        self.shape()..self.shape() + count
    }
    /// Whether an object is of an open native type, whose payload's size its kind knows.
    #[inline(always)]
    pub fn is_native(p: ObjPtr) -> bool {
        super::layout_of(p) == Layout::Native as u32
    }
    /// The functions of an object's layout.
    #[inline(always)]
    pub fn ops_of(p: ObjPtr) -> &'static LayoutOps {
        let number = super::layout_of(p) as usize;
        debug_assert!((1..=LAYOUTS.len()).contains(&number));
        // SAFETY: every object is born with a header that says one of the layouts, and keeps it.
        unsafe { LAYOUTS.get_unchecked(number - 1) }
    }
}
