//! The list of layouts: every kind of payload once, with its Rust type.
//!
//! From a row come the layout's number and the fixed shape of its builtin type, here; and above, where payloads are known, the
//! functions through which the heap handles such an object (`types/layouts.rs`). To add a builtin type: a row here, a file in
//! `types/`, a row in `types/mod.rs`.

use ryokan_alloc::{ObjPtr, ShapeId};

use super::SHAPE_INDEX_BITS;

pub use super::payload::LayoutOps;

/// Calls `$with!` with every row: a layout, and its payload as `types/layouts.rs` names it.
macro_rules! for_each_layout {
    ($with:ident) => {
        $with! {
            Instance = object::Instance,
            Type = ty::TypeObj,
            Int = int::IntBox,
            BigInt = int::BigInt,
            Float = float::FloatBox,
            Complex = complex::Complex,
            Str = str::Str,
            Bytes = bytes::Bytes,
            ByteArray = bytearray::ByteArray,
            MemoryView = memoryview::MemoryView,
            Tuple = tuple::Tuple,
            List = list::List,
            Dict = dict::Dict,
            DictKeys = dict_views::DictView<{ dict_views::KEYS }>,
            DictValues = dict_views::DictView<{ dict_views::VALUES }>,
            DictItems = dict_views::DictView<{ dict_views::ITEMS }>,
            DictKeyIter = dict_views::DictIter<{ dict_views::KEYS }>,
            DictValueIter = dict_views::DictIter<{ dict_views::VALUES }>,
            DictItemIter = dict_views::DictIter<{ dict_views::ITEMS }>,
            DictKeyBackIter = dict_views::DictIter<{ dict_views::KEYS_BACK }>,
            DictValueBackIter = dict_views::DictIter<{ dict_views::VALUES_BACK }>,
            DictItemBackIter = dict_views::DictIter<{ dict_views::ITEMS_BACK }>,
            MappingProxy = mappingproxy::MappingProxy,
            Set = set::Set,
            FrozenSet = set::FrozenSet,
            SetIter = set::SetIter,
            Range = range::Range,
            RangeIter = range::RangeIter,
            LongRangeIter = range::LongRangeIter,
            Slice = slice::Slice,
            Cell = cell::CellObj,
            Code = code::CodeObj,
            Function = function::Function,
            BoundMethod = function::BoundMethod,
            ClassMethod = function::ClassMethod,
            StaticMethod = function::StaticMethod,
            Property = property::Property,
            Member = descriptors::Member,
            GetSet = descriptors::GetSetObj,
            SlotWrapper = descriptors::SlotWrapper,
            NativeFunction = native::NativeFunction,
            ClassMethodDescriptor = descriptors::ClassMethodDescriptor,
            Super = super_type::Super,
            GenericAlias = generic_alias::GenericAlias,
            AliasIterator = generic_alias::AliasIterator,
            Union = union::Union,
            Generator = generator::Generator,
            CoroutineWrapper = coroutine::Wrapper,
            AnextAwaitable = coroutine::AnextAwaitable,
            AsyncWrapped = async_generator::Wrapped,
            AsyncStep = async_generator::Step,
            Exception = exceptions::Exception,
            Traceback = traceback::Traceback,
            Frame = frame::FrameObj,
            FrameLocals = frame::proxy::FrameLocals,
            Module = module::Module,
            SeqIter = iterators::SeqIter,
            TupleIter = iterators::TupleIter,
            StrIter = iterators::StrIter,
            AsciiIter = iterators::AsciiIter,
            BytesIter = iterators::BytesIter,
            ByteArrayIter = iterators::ByteArrayIter,
            GetItemIter = iterators::GetItemIter,
            MemoryIter = iterators::MemoryIter,
            ListReverseIter = iterators::ListReverseIter,
            Ended = iterators::Ended,
            CallIter = iterators::CallIter,
            Enumerate = iterators::Enumerate,
            Zip = iterators::Zip,
            Map = iterators::Map,
            Filter = iterators::Filter,
            Reversed = iterators::Reversed,
            Lock = threads::locks::LockObj,
            RLock = threads::locks::RLockObj,
            ThreadHandle = threads::handle::Handle,
            Local = threads::local::Local,
            WeakRef = weakref::WeakRef,
            Native = kind::NativeHead,
        }
    };
}
pub(crate) use for_each_layout;

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
    };
}
for_each_layout!(layouts);

/// Shapes with an index below this are of builtin types, and of no words but their payload's.
pub const FIXED_SHAPES: u32 = 128;
/// How many of them are `tuple`'s: see `types/tuple.rs`.
pub const TUPLE_SHAPES: u32 = 16;
/// The first of them.
const TUPLE_SHAPE: u32 = FIXED_SHAPES - TUPLE_SHAPES;
/// Those of layouts that two builtin types share, a pair each: see [`Layout::second`].
const PAIRS: u32 = TUPLE_SHAPE - 2 * PAIRED.len() as u32;
const PAIRED: [Layout; 3] = [Layout::NativeFunction, Layout::SlotWrapper, Layout::GetSet];
const _: () = assert!(Layout::COUNT as u32 <= PAIRS && Layout::COUNT < 1 << (24 - SHAPE_INDEX_BITS));

impl Layout {
    /// The shape of exact instances of the layout's builtin type. Its index is the layout's number, but for layouts of several
    /// shapes: theirs is the first of them, at a multiple of their number.
    #[inline(always)]
    pub const fn shape(self) -> ShapeId {
        let index = match self {
            Layout::Tuple => TUPLE_SHAPE,
            Layout::NativeFunction => PAIRS,
            Layout::SlotWrapper => PAIRS + 2,
            Layout::GetSet => PAIRS + 4,
            _ => self as u32,
        };
        ShapeId::new((self as u32) << SHAPE_INDEX_BITS | index)
    }
    /// The shape of the other builtin type of a layout that two share: `method_descriptor` beside `builtin_function_or_method`,
    /// `method-wrapper` beside `wrapper_descriptor`, and the `member_descriptor` of a builtin type beside `getset_descriptor`.
    #[inline(always)]
    pub const fn second(self) -> ShapeId {
        ShapeId::new(self.shape().number() + 1)
    }
    /// How many shapes the exact instances have.
    const fn count(self) -> u32 {
        match self {
            Layout::Tuple => TUPLE_SHAPES,
            Layout::NativeFunction | Layout::SlotWrapper | Layout::GetSet => 2,
            _ => 1,
        }
    }
    /// Whether a shape is that of exact instances of the layout's builtin type.
    #[inline(always)]
    pub const fn is_exact(self, shape: ShapeId) -> bool {
        shape.number() / self.count() == self.shape().number() / self.count()
    }
    /// The fixed shapes of the layout's builtin type.
    pub fn shapes(self) -> impl Iterator<Item = ShapeId> {
        let first = self.shape().number();
        (first..first + self.count()).map(ShapeId::new)
    }
    /// Whether an object is of an open native type, whose payload's size its kind knows.
    #[inline(always)]
    pub fn is_native(p: ObjPtr) -> bool {
        super::layout_of(p) == Layout::Native as u32
    }
}
