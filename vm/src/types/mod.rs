//! The builtin types: one file each, ending in its table; this file is only the list.
//!
//! To add one: a row in `object/layout.rs` if its payload is new, a file here, a row below.

pub mod annotations;
pub mod async_generator;
pub mod bytearray;
pub mod bytes;
pub mod bytes_methods;
pub mod cell;
pub mod classes;
pub mod code;
pub mod complex;
pub mod coroutine;
pub mod descriptors;
pub mod dict;
pub mod dict_views;
pub mod exceptions;
pub mod facts;
pub mod float;
pub mod format;
pub mod frame;
pub mod function;
pub mod generator;
pub mod generic_alias;
pub mod int;
pub mod iterators;
pub mod layouts;
pub mod list;
pub mod mappingproxy;
pub mod memoryview;
pub mod module;
pub mod object;
pub mod plain;
pub mod plain_format;
pub mod property;
pub mod range;
pub mod records;
pub mod reduce;
pub mod set;
pub mod singletons;
pub mod slice;
pub mod str;
pub mod super_type;
pub mod threads;
pub mod traceback;
pub mod tuple;
pub mod type_type;
pub mod union;
pub mod weakref;

use crate::object::ty::{TypeDef, TypeRef};

macro_rules! builtin_types {
    ($($field:ident = $def:path $(, shown $shown:literal)?;)*) => {
        /// The builtin types.
        #[allow(missing_docs, reason = "each is the type of its name")]
        pub struct Types { $(pub $field: TypeRef),* }
        impl Types {
            /// None of them made.
            pub const fn empty() -> Types { Types { $($field: TypeRef::empty()),* } }
            /// Each with its description, and its name among the builtins if it has one.
            pub fn rows(&self) -> Vec<(&TypeRef, &'static TypeDef, Option<&'static str>)> {
                vec![$((&self.$field, &$def, builtin_types!(@shown $($shown)?))),*]
            }
        }
    };
    (@shown $shown:literal) => { Some($shown) };
    (@shown) => { None };
}

builtin_types! {
    object = object::TYPE, shown "object";
    r#type = type_type::TYPE, shown "type";
    none = singletons::NONE;
    ellipsis = singletons::ELLIPSIS;
    not_implemented = singletons::NOT_IMPLEMENTED;
    int = int::TYPE, shown "int";
    bool = int::BOOL_TYPE, shown "bool";
    float = float::TYPE, shown "float";
    complex = complex::TYPE, shown "complex";
    str = str::TYPE, shown "str";
    bytes = bytes::TYPE, shown "bytes";
    bytearray = bytearray::TYPE, shown "bytearray";
    memoryview = memoryview::TYPE, shown "memoryview";
    tuple = tuple::TYPE, shown "tuple";
    list = list::TYPE, shown "list";
    dict = dict::TYPE, shown "dict";
    set = set::TYPE, shown "set";
    frozenset = set::FROZEN_TYPE, shown "frozenset";
    set_iterator = set::ITER_TYPE;
    dict_keys = dict_views::KEYS_TYPE;
    dict_values = dict_views::VALUES_TYPE;
    dict_items = dict_views::ITEMS_TYPE;
    dict_keyiterator = dict_views::KEY_ITER_TYPE;
    dict_valueiterator = dict_views::VALUE_ITER_TYPE;
    dict_itemiterator = dict_views::ITEM_ITER_TYPE;
    dict_reversekeyiterator = dict_views::KEY_BACK_ITER_TYPE;
    dict_reversevalueiterator = dict_views::VALUE_BACK_ITER_TYPE;
    dict_reverseitemiterator = dict_views::ITEM_BACK_ITER_TYPE;
    range = range::TYPE, shown "range";
    range_iterator = range::ITER_TYPE;
    long_range_iterator = range::LONG_ITER_TYPE;
    list_iterator = iterators::LIST_ITER_TYPE;
    tuple_iterator = iterators::TUPLE_ITER_TYPE;
    str_iterator = iterators::STR_ITER_TYPE;
    ascii_iterator = iterators::ASCII_ITER_TYPE;
    bytes_iterator = iterators::BYTES_ITER_TYPE;
    bytearray_iterator = iterators::BYTE_ARRAY_ITER_TYPE;
    iterator = iterators::GET_ITEM_ITER_TYPE;
    memory_iterator = iterators::MEMORY_ITER_TYPE;
    list_reverse_iterator = iterators::LIST_REVERSE_ITER_TYPE;
    ended_iterator = iterators::ENDED_TYPE;
    callable_iterator = iterators::CALL_ITER_TYPE;
    enumerate = iterators::ENUMERATE_TYPE, shown "enumerate";
    zip = iterators::ZIP_TYPE, shown "zip";
    map = iterators::MAP_TYPE, shown "map";
    filter = iterators::FILTER_TYPE, shown "filter";
    reversed = iterators::REVERSED_TYPE, shown "reversed";
    slice = slice::TYPE, shown "slice";
    cell = cell::TYPE;
    code = code::TYPE;
    function = function::TYPE;
    method = function::METHOD_TYPE;
    classmethod = function::CLASS_METHOD_TYPE, shown "classmethod";
    staticmethod = function::STATIC_METHOD_TYPE, shown "staticmethod";
    property = property::TYPE, shown "property";
    super_type = super_type::TYPE, shown "super";
    generic_alias = generic_alias::TYPE;
    generic_alias_iterator = generic_alias::ITERATOR;
    union_type = union::TYPE;
    generator = generator::TYPE;
    coroutine = coroutine::TYPE;
    coroutine_wrapper = coroutine::WRAPPER_TYPE;
    anext_awaitable = coroutine::ANEXT_TYPE;
    async_generator = async_generator::TYPE;
    async_wrapped = async_generator::WRAPPED_TYPE;
    async_send = async_generator::SEND_TYPE;
    async_throw = async_generator::THROW_TYPE;
    module = module::TYPE;
    traceback = traceback::TYPE;
    frame = frame::TYPE;
    frame_locals = frame::proxy::TYPE;
    lock = threads::locks::LOCK_TYPE;
    rlock = threads::locks::RLOCK_TYPE;
    thread_handle = threads::handle::TYPE;
    local = threads::local::TYPE;
    weakref = weakref::TYPE;
    weakproxy = weakref::PROXY_TYPE;
    callable_proxy = weakref::CALLABLE_TYPE;
    mappingproxy = mappingproxy::TYPE;
    member = descriptors::MEMBER_TYPE;
    getset = descriptors::GETSET_TYPE;
    slot_wrapper = descriptors::WRAPPER_TYPE;
    method_wrapper = descriptors::METHOD_WRAPPER_TYPE;
    native_function = descriptors::NATIVE_TYPE;
    method_descriptor = descriptors::METHOD_TYPE;
    classmethod_descriptor = descriptors::CLASS_METHOD_TYPE;
}
