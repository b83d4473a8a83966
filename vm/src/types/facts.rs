//! What CPython says of its builtin types that does not follow from how they are written here: sizes and offsets of their C structs,
//! flags, and the signatures of their constructors.

use super::classes::class::varies;
use crate::object::ty::{TypeFlags, TypeObj};

/// `__basicsize__`, `__itemsize__`, `__dictoffset__`, `__weakrefoffset__` and `__flags__`.
pub struct Facts {
    /// The first four.
    pub sizes: [i64; 4],
    /// `__flags__`
    pub flags: TpFlags,
}

impl Facts {
    /// Whether there is no `__new__`.
    pub fn forbids_new(&self) -> bool {
        self.flags.contains(TpFlags::NO_NEW)
    }
    /// `__itemsize__`
    pub fn item_size(&self) -> i64 {
        self.sizes[ITEM]
    }
    /// Whether there is more to an instance than a dict, weak references and so many members.
    pub fn has_more_than(&self, members: usize) -> bool {
        let dict = self.sizes[DICT] != 0 && !self.flags.contains(TpFlags::MANAGED_DICT);
        let places = usize::from(dict) + usize::from(self.sizes[WEAK] > 0) + members;
        self.sizes[BASIC] > 16 + 8 * places as i64
    }
}

bitflags::bitflags! {
    /// `__flags__`, with CPython's values.
    #[allow(missing_docs, reason = "each is the flag of its name")]
    #[derive(Clone, Copy, PartialEq, Eq, Debug)]
    pub struct TpFlags: u32 {
        const INLINE_VALUES = 1 << 2;
        const MANAGED_WEAKREF = 1 << 3;
        const MANAGED_DICT = 1 << 4;
        const SEQUENCE = 1 << 5;
        const MAPPING = 1 << 6;
        const NO_NEW = 1 << 7;
        const IMMUTABLE = 1 << 8;
        const HEAP = 1 << 9;
        const BASETYPE = 1 << 10;
        const VECTORCALL = 1 << 11;
        const READY = 1 << 12;
        const COLLECTED = 1 << 14;
        const ABSTRACT = 1 << 20;
        const MATCH_SELF = 1 << 22;
        const ITEMS_AT_END = 1 << 23;
        /// Which of the types that have a flag it derives from: `int` to `type`.
        const KINDS = 0xff << 24;
    }
}

const BASIC: usize = 0;
const ITEM: usize = 1;
const DICT: usize = 2;
const WEAK: usize = 3;
/// The offset of a dict that CPython keeps before the object.
const DICT_BEFORE: i64 = -1;
/// That of weak references.
const WEAK_BEFORE: i64 = -32;

/// What `type` says of a type.
pub fn of(ty: &TypeObj) -> Facts {
    let mut nearest = ty;
    while nearest.has(TypeFlags::HEAP)
        && let Some(base) = nearest.base.get::<TypeObj>()
    {
        nearest = base;
    }
    let builtin = of_builtin(nearest);
    if std::ptr::eq(nearest, ty) {
        return builtin;
    }
    let Facts { mut sizes, .. } = builtin;
    let inherited = TpFlags::MATCH_SELF | TpFlags::ITEMS_AT_END | TpFlags::KINDS;
    let mut flags = TpFlags::HEAP | TpFlags::READY | TpFlags::COLLECTED | builtin.flags & inherited;
    let members = ty.slot_words.get().saturating_sub(nearest.slot_words.get());
    sizes[BASIC] += 8 * i64::from(members);
    if ty.has(TypeFlags::HAS_DICT) && sizes[DICT] == 0 {
        sizes[DICT] = DICT_BEFORE;
        flags |= TpFlags::MANAGED_DICT;
        flags.set(TpFlags::INLINE_VALUES, sizes[ITEM] == 0);
    }
    if ty.has(TypeFlags::HAS_WEAKREF) && sizes[WEAK] == 0 && sizes[ITEM] == 0 {
        sizes[WEAK] = WEAK_BEFORE;
    }
    if sizes[WEAK] == WEAK_BEFORE {
        flags |= TpFlags::MANAGED_WEAKREF;
    }
    if ty.slots().call().is_some() && ty.slots().call() == nearest.slots().call() {
        flags |= builtin.flags & TpFlags::VECTORCALL;
    }
    let own = [
        (TypeFlags::SEQUENCE, TpFlags::SEQUENCE),
        (TypeFlags::MAPPING, TpFlags::MAPPING),
        (TypeFlags::BASETYPE, TpFlags::BASETYPE),
        (TypeFlags::ABSTRACT, TpFlags::ABSTRACT),
    ];
    flags.extend(own.iter().filter(|(flag, _)| ty.has(*flag)).map(|(_, shown)| *shown));
    Facts { sizes, flags }
}

fn of_builtin(ty: &TypeObj) -> Facts {
    let mut at = Some(ty);
    while let Some(builtin) = at {
        let name = builtin.def.map_or("", |def| def.name);
        let exception = ty.has(TypeFlags::EXCEPTION);
        if let Some((_, sizes, flags)) = FACTS.iter().find(|row| row.0 == name) {
            return Facts { sizes: sizes.map(i64::from), flags: TpFlags::from_bits_retain(*flags) };
        }
        // Exceptions that are not listed are like their base.
        at = builtin.base.get::<TypeObj>().filter(|_| exception);
    }
    let mut flags = TpFlags::IMMUTABLE | TpFlags::READY | TpFlags::COLLECTED;
    if ty.has(TypeFlags::MUTABLE) {
        flags ^= TpFlags::IMMUTABLE | TpFlags::HEAP;
    }
    flags.set(TpFlags::BASETYPE, ty.has(TypeFlags::BASETYPE));
    flags.set(TpFlags::NO_NEW, ty.has(TypeFlags::NO_NEW));
    flags.set(TpFlags::SEQUENCE, ty.has(TypeFlags::SEQUENCE));
    flags.set(TpFlags::MAPPING, ty.has(TypeFlags::MAPPING));
    let item = if varies(ty.layout) { 8 } else { 0 };
    Facts { sizes: [16, item, 0, 0], flags }
}

/// `__text_signature__` of a builtin type.
pub fn signature(name: &str) -> Option<&'static str> {
    SIGNATURES.iter().find(|row| row.0 == name).map(|row| row.1)
}

/// `__text_signature__` of a function or method where CPython's is another than its row's; empty for None.
pub fn row_signature(owner: &str, name: &str) -> Option<&'static str> {
    let is_row = |full: &str| {
        full.strip_suffix(name).and_then(|rest| rest.strip_suffix('.')).is_some_and(|rest| rest == owner)
    };
    ROW_SIGNATURES.iter().find(|row| is_row(row.0)).map(|row| row.1)
}

/// Name, sizes and offsets, flags.
#[rustfmt::skip]
static FACTS: &[(&str, [i16; 4], u32)] = &[
    ("AttributeError", [88, 0, 16, 0], 0x40005502),
    ("BaseException", [72, 0, 16, 0], 0x40005502),
    ("BaseExceptionGroup", [96, 0, 16, 0], 0x40005502),
    ("ExceptionGroup", [96, 0, 16, -32], 0x40005608),
    ("FrameLocalsProxy", [24, 0, 0, 0], 0x5142),
    ("ImportError", [104, 0, 16, 0], 0x40005502),
    ("NameError", [80, 0, 16, 0], 0x40005502),
    ("NoDefaultType", [16, 0, 0, 0], 0x1102),
    ("NoneType", [16, 0, 0, 0], 0x1102),
    ("NotImplementedType", [16, 0, 0, 0], 0x1102),
    ("OSError", [112, 0, 16, 0], 0x40005502),
    ("PyCapsule", [64, 0, 0, 0], 0x5182),
    ("StopIteration", [80, 0, 16, 0], 0x40005502),
    ("SyntaxError", [144, 0, 16, 0], 0x40005502),
    ("SystemExit", [80, 0, 16, 0], 0x40005502),
    ("UnicodeDecodeError", [112, 0, 16, 0], 0x40005502),
    ("UnicodeEncodeError", [112, 0, 16, 0], 0x40005502),
    ("UnicodeTranslateError", [112, 0, 16, 0], 0x40005502),
    ("_asyncio.Future", [112, 0, -1, -32], 0x571c),
    ("_asyncio.Task", [168, 0, -1, -32], 0x571c),
    ("_contextvars.Context", [48, 0, 0, 32], 0x5102),
    ("_contextvars.ContextVar", [64, 0, 0, 0], 0x5102),
    ("_contextvars.Token", [48, 0, 0, 0], 0x5102),
    ("_multiprocessing.SemLock", [56, 0, 0, 0], 0x5700),
    ("_struct.Struct", [56, 0, 0, 48], 0x5700),
    ("_thread.RLock", [40, 0, 0, -32], 0x5708),
    ("_thread._ExceptHookArgs", [32, 8, 0, 0], 0x4405220),
    ("_thread._ThreadHandle", [24, 0, 0, 0], 0x5300),
    ("_thread._local", [56, 0, 0, 32], 0x5700),
    ("_thread.lock", [24, 0, 0, -32], 0x5308),
    ("anext_awaitable", [32, 0, 0, 0], 0x5182),
    ("async_generator", [152, 8, 0, 16], 0x5182),
    ("async_generator_asend", [40, 0, 0, 0], 0x5182),
    ("async_generator_athrow", [40, 0, 0, 0], 0x5182),
    ("async_generator_wrapped_value", [24, 0, 0, 0], 0x5182),
    ("asyncgen_hooks", [32, 8, 0, 0], 0x4405122),
    ("bool", [24, 4, 0, 0], 0x1401102),
    ("builtin_function_or_method", [56, 0, 0, 40], 0x5982),
    ("bytearray", [56, 0, 0, 0], 0x401502),
    ("bytearray_iterator", [32, 0, 0, 0], 0x5182),
    ("bytes", [33, 1, 0, 0], 0x8401502),
    ("bytes_iterator", [32, 0, 0, 0], 0x5182),
    ("callable_iterator", [32, 0, 0, 0], 0x5182),
    ("cell", [24, 0, 0, 0], 0x5102),
    ("classmethod", [32, 0, 24, 0], 0x5502),
    ("classmethod_descriptor", [56, 0, 0, 0], 0x5182),
    ("code", [208, 2, 0, 144], 0x1102),
    ("collections.OrderedDict", [112, 0, 96, 104], 0x20405542),
    ("collections._deque_iterator", [56, 0, 0, 0], 0x5300),
    ("collections._deque_reverse_iterator", [56, 0, 0, 0], 0x5300),
    ("collections._tuplegetter", [32, 0, 0, 0], 0x5300),
    ("collections.defaultdict", [56, 0, 0, 0], 0x20405740),
    ("collections.deque", [216, 0, 0, 208], 0x5720),
    ("complex", [32, 0, 0, 0], 0x1502),
    ("coroutine", [152, 8, 0, 16], 0x5182),
    ("coroutine_wrapper", [24, 0, 0, 0], 0x5182),
    ("datetime.IsoCalendarDate", [40, 8, 0, 0], 0x4405320),
    ("datetime.date", [32, 0, 0, 0], 0x1502),
    ("datetime.datetime", [48, 0, 0, 0], 0x1502),
    ("datetime.time", [40, 0, 0, 0], 0x1502),
    ("datetime.timedelta", [40, 0, 0, 0], 0x1502),
    ("datetime.timezone", [32, 0, 0, 0], 0x1102),
    ("datetime.tzinfo", [16, 0, 0, 0], 0x1502),
    ("decimal.Context", [104, 0, 0, 0], 0x5700),
    ("decimal.ContextManager", [32, 0, 0, 0], 0x5380),
    ("decimal.Decimal", [104, 0, 0, 0], 0x5700),
    ("decimal.SignalDictMixin", [24, 0, 0, 0], 0x5700),
    ("dict", [48, 0, 0, 0], 0x20405542),
    ("dict_itemiterator", [56, 0, 0, 0], 0x5182),
    ("dict_items", [24, 0, 0, 0], 0x5182),
    ("dict_keyiterator", [56, 0, 0, 0], 0x5182),
    ("dict_keys", [24, 0, 0, 0], 0x5182),
    ("dict_reverseitemiterator", [56, 0, 0, 0], 0x5182),
    ("dict_reversekeyiterator", [56, 0, 0, 0], 0x5182),
    ("dict_reversevalueiterator", [56, 0, 0, 0], 0x5182),
    ("dict_valueiterator", [56, 0, 0, 0], 0x5182),
    ("dict_values", [24, 0, 0, 0], 0x5182),
    ("ellipsis", [16, 0, 0, 0], 0x1102),
    ("enumerate", [56, 0, 0, 0], 0x5502),
    ("filter", [32, 0, 0, 0], 0x5502),
    ("float", [24, 0, 0, 0], 0x401502),
    ("frame", [152, 8, 0, 0], 0x5182),
    ("frozenset", [200, 0, 0, 192], 0x405502),
    ("function", [152, 0, 88, 96], 0x25902),
    ("generator", [152, 8, 0, 16], 0x5182),
    ("generic_alias_iterator", [24, 0, 0, 0], 0x5182),
    ("getset_descriptor", [48, 0, 0, 0], 0x5182),
    ("int", [24, 4, 0, 0], 0x1401502),
    ("iterator", [32, 0, 0, 0], 0x5182),
    ("itertools._grouper", [32, 0, 0, 0], 0x5300),
    ("itertools._tee", [48, 0, 0, 32], 0x5300),
    ("itertools._tee_dataobject", [496, 0, 0, 0], 0x5300),
    ("itertools.accumulate", [56, 0, 0, 0], 0x5700),
    ("itertools.batched", [40, 0, 0, 0], 0x5700),
    ("itertools.chain", [32, 0, 0, 0], 0x5700),
    ("itertools.combinations", [56, 0, 0, 0], 0x5700),
    ("itertools.combinations_with_replacement", [56, 0, 0, 0], 0x5700),
    ("itertools.compress", [32, 0, 0, 0], 0x5700),
    ("itertools.count", [40, 0, 0, 0], 0x5700),
    ("itertools.cycle", [40, 0, 0, 0], 0x5700),
    ("itertools.dropwhile", [40, 0, 0, 0], 0x5700),
    ("itertools.filterfalse", [32, 0, 0, 0], 0x5700),
    ("itertools.groupby", [72, 0, 0, 0], 0x5700),
    ("itertools.islice", [56, 0, 0, 0], 0x5700),
    ("itertools.pairwise", [40, 0, 0, 0], 0x5700),
    ("itertools.permutations", [64, 0, 0, 0], 0x5700),
    ("itertools.product", [48, 0, 0, 0], 0x5700),
    ("itertools.repeat", [32, 0, 0, 0], 0x5700),
    ("itertools.starmap", [32, 0, 0, 0], 0x5700),
    ("itertools.takewhile", [40, 0, 0, 0], 0x5700),
    ("itertools.zip_longest", [56, 0, 0, 0], 0x5700),
    ("list", [40, 0, 0, 0], 0x2405522),
    ("list_iterator", [32, 0, 0, 0], 0x5182),
    ("list_reverseiterator", [32, 0, 0, 0], 0x5182),
    ("longrange_iterator", [40, 0, 0, 0], 0x1182),
    ("map", [40, 0, 0, 0], 0x5502),
    ("mappingproxy", [24, 0, 0, 0], 0x5142),
    ("member_descriptor", [48, 0, 0, 0], 0x5182),
    ("memory_iterator", [48, 0, 0, 0], 0x5182),
    ("memoryview", [144, 8, 0, 136], 0x5122),
    ("method", [48, 0, 0, 32], 0x5902),
    ("method-wrapper", [32, 0, 0, 0], 0x5182),
    ("method_descriptor", [56, 0, 0, 0], 0x25982),
    ("mmap.mmap", [88, 0, 0, 72], 0x5700),
    ("module", [56, 0, 16, 40], 0x5502),
    ("object", [16, 0, 0, 0], 0x1502),
    ("odict_iterator", [64, 0, 0, 0], 0x5182),
    ("odict_values", [24, 0, 0, 0], 0x5102),
    ("property", [64, 0, 0, 0], 0x5502),
    ("range", [48, 0, 0, 0], 0x1122),
    ("range_iterator", [40, 0, 0, 0], 0x1182),
    ("reversed", [32, 0, 0, 0], 0x5502),
    ("set", [200, 0, 0, 192], 0x405502),
    ("set_iterator", [48, 0, 0, 0], 0x5182),
    ("slice", [40, 0, 0, 0], 0x5102),
    ("staticmethod", [32, 0, 24, 0], 0x5502),
    ("str", [64, 0, 0, 0], 0x10401502),
    ("str_ascii_iterator", [32, 0, 0, 0], 0x5182),
    ("str_iterator", [32, 0, 0, 0], 0x5182),
    ("string.templatelib.Interpolation", [48, 0, 0, 0], 0x5102),
    ("string.templatelib.Template", [32, 0, 0, 0], 0x5102),
    ("struct.error", [72, 0, 16, -32], 0x40005608),
    ("super", [40, 0, 0, 0], 0x5502),
    ("sys.UnraisableHookArgs", [32, 8, 0, 0], 0x4405122),
    ("sys.flags", [56, 8, 0, 0], 0x44051a2),
    ("sys.float_info", [32, 8, 0, 0], 0x4405122),
    ("sys.hash_info", [32, 8, 0, 0], 0x4405122),
    ("sys.int_info", [32, 8, 0, 0], 0x4405122),
    ("sys.thread_info", [32, 8, 0, 0], 0x4405122),
    ("sys.version_info", [32, 8, 0, 0], 0x44051a2),
    ("time.struct_time", [48, 8, 0, 0], 0x4405220),
    ("traceback", [40, 0, 0, 0], 0x5102),
    ("tuple", [32, 8, 0, 0], 0x4405522),
    ("tuple_iterator", [32, 0, 0, 0], 0x5182),
    ("type", [936, 40, 264, 368], 0x80805d02),
    ("types.GenericAlias", [64, 0, 0, 40], 0x5d02),
    ("types.SimpleNamespace", [24, 0, 16, 0], 0x5502),
    ("typing.ParamSpec", [56, 0, -1, -32], 0x531c),
    ("typing.TypeAliasType", [56, 0, 0, 0], 0x5102),
    ("typing.TypeVar", [80, 0, -1, -32], 0x531c),
    ("typing.TypeVarTuple", [40, 0, -1, -32], 0x531c),
    ("typing.Union", [56, 0, 0, 48], 0x5182),
    ("weakref.CallableProxyType", [64, 0, 0, 0], 0x5182),
    ("weakref.ProxyType", [64, 0, 0, 0], 0x5182),
    ("weakref.ReferenceType", [64, 0, 0, 0], 0x5d02),
    ("wrapper_descriptor", [56, 0, 0, 0], 0x25182),
    ("zip", [48, 0, 0, 0], 0x5502),
];

#[rustfmt::skip]
static SIGNATURES: &[(&str, &str)] = &[
    ("NoneType", "()"),
    ("NotImplementedType", "()"),
    ("_asyncio.Future", "(*, loop=None)"),
    ("_asyncio.Task", "(coro, *, loop=None, name=None, context=None, eager_start=False)"),
    ("_thread._local", "()"),
    ("_thread.lock", "()"),
    ("bool", "(object=False, /)"),
    ("classmethod", "(function, /)"),
    ("code", "(argcount, posonlyargcount, kwonlyargcount, nlocals, stacksize,\n     flags, codestring, constants, names, varnames, filename, name,\n     qualname, firstlineno, linetable, exceptiontable, freevars=(),\n     cellvars=(), /)"),
    ("collections.deque", "([iterable[, maxlen]])"),
    ("complex", "(real=0, imag=0)"),
    (
        "decimal.Context",
        "(prec=None, rounding=None, Emin=None, Emax=None, capitals=None, clamp=None, flags=None, traps=None)",
    ),
    ("decimal.Decimal", "(value=\"0\", context=None)"),
    ("ellipsis", "()"),
    ("enumerate", "(iterable, start=0)"),
    ("filter", "(function, iterable, /)"),
    ("float", "(x=0, /)"),
    ("frozenset", "(iterable=(), /)"),
    ("function", "(code, globals, name=None, argdefs=None, closure=None,\n         kwdefaults=None)"),
    ("itertools._tee", "(iterable, /)"),
    ("itertools.accumulate", "(iterable, func=None, *, initial=None)"),
    ("itertools.batched", "(iterable, n, *, strict=False)"),
    ("itertools.chain", "(*iterables)"),
    ("itertools.combinations", "(iterable, r)"),
    ("itertools.combinations_with_replacement", "(iterable, r)"),
    ("itertools.compress", "(data, selectors)"),
    ("itertools.count", "(start=0, step=1)"),
    ("itertools.cycle", "(iterable, /)"),
    ("itertools.dropwhile", "(predicate, iterable, /)"),
    ("itertools.filterfalse", "(function, iterable, /)"),
    ("itertools.groupby", "(iterable, key=None)"),
    ("itertools.pairwise", "(iterable, /)"),
    ("itertools.permutations", "(iterable, r=None)"),
    ("itertools.product", "(*iterables, repeat=1)"),
    ("itertools.starmap", "(function, iterable, /)"),
    ("itertools.takewhile", "(predicate, iterable, /)"),
    ("itertools.zip_longest", "(*iterables, fillvalue=None)"),
    ("list", "(iterable=(), /)"),
    ("map", "(function, iterable, /, *iterables, strict=False)"),
    ("mappingproxy", "(mapping)"),
    ("memoryview", "(object)"),
    ("method", "(function, instance, /)"),
    ("module", "(name, doc=None)"),
    ("object", "()"),
    ("property", "(fget=None, fset=None, fdel=None, doc=None)"),
    ("reversed", "(sequence, /)"),
    ("set", "(iterable=(), /)"),
    ("staticmethod", "(function, /)"),
    ("traceback", "(tb_next, tb_frame, tb_lasti, tb_lineno)"),
    ("tuple", "(iterable=(), /)"),
    ("types.GenericAlias", "(origin, args, /)"),
    ("types.SimpleNamespace", "(mapping_or_iterable=(), /, **kwargs)"),
    ("zip", "(*iterables, strict=False)"),
];

#[rustfmt::skip]
static ROW_SIGNATURES: &[(&str, &str)] = &[
    ("str.maketrans", "(x, y=<unrepresentable>, z=<unrepresentable>, /)"),
    ("_asyncio.Future.add_done_callback", "($self, fn, /, *, context=<unrepresentable>)"),
    ("_asyncio.Future.remove_done_callback", "($self, fn, /)"),
    ("BaseException.__setstate__", "($self, state, /)"),
    ("BaseException.add_note", "($self, note, /)"),
    ("BaseException.with_traceback", "($self, tb, /)"),
    ("BaseExceptionGroup.derive", "($self, excs, /)"),
    ("BaseExceptionGroup.split", "($self, matcher_value, /)"),
    ("BaseExceptionGroup.subgroup", "($self, matcher_value, /)"),
    ("builtins.__build_class__", ""),
    ("builtins.__import__", "($module, /, name, globals=None, locals=None, fromlist=(),\n           level=0)"),
    ("builtins.abs", "($module, x, /)"),
    ("anext_awaitable.send", "($self, object, /)"),
    ("anext_awaitable.throw", ""),
    ("async_generator.asend", "($self, object, /)"),
    ("async_generator.athrow", ""),
    ("async_generator_asend.send", "($self, object, /)"),
    ("async_generator_asend.throw", ""),
    ("async_generator_athrow.send", "($self, object, /)"),
    ("async_generator_athrow.throw", ""),
    ("bytearray.count", "($self, sub[, start[, end]], /)"),
    ("bytearray.endswith", "($self, suffix[, start[, end]], /)"),
    ("bytearray.find", "($self, sub[, start[, end]], /)"),
    ("bytearray.fromhex", "($type, string, /)"),
    ("bytearray.hex", "($self, /, sep=<unrepresentable>, bytes_per_sep=1)"),
    ("bytearray.index", "($self, sub[, start[, end]], /)"),
    ("bytearray.rfind", "($self, sub[, start[, end]], /)"),
    ("bytearray.rindex", "($self, sub[, start[, end]], /)"),
    ("bytearray.startswith", "($self, prefix[, start[, end]], /)"),
    ("bytes.count", "($self, sub[, start[, end]], /)"),
    ("bytes.endswith", "($self, suffix[, start[, end]], /)"),
    ("bytes.find", "($self, sub[, start[, end]], /)"),
    ("bytes.fromhex", "($type, string, /)"),
    ("bytes.hex", "($self, /, sep=<unrepresentable>, bytes_per_sep=1)"),
    ("bytes.index", "($self, sub[, start[, end]], /)"),
    ("bytes.rfind", "($self, sub[, start[, end]], /)"),
    ("bytes.rindex", "($self, sub[, start[, end]], /)"),
    ("bytes.startswith", "($self, prefix[, start[, end]], /)"),
    ("builtins.compile", "($module, /, source, filename, mode, flags=0,\n        dont_inherit=False, optimize=-1, *, _feature_version=-1)"),
    ("coroutine.send", "($self, object, /)"),
    ("coroutine.throw", ""),
    ("coroutine_wrapper.send", "($self, object, /)"),
    ("coroutine_wrapper.throw", ""),
    ("dict.update", ""),
    ("dict_items.isdisjoint", "($self, object, /)"),
    ("dict_keys.isdisjoint", "($self, object, /)"),
    ("builtins.dir", ""),
    ("generator.send", "($self, object, /)"),
    ("generator.throw", ""),
    ("builtins.getattr", ""),
    ("builtins.iter", ""),
    ("builtins.max", ""),
    ("memoryview.__exit__", "($self, /, *exc_info)"),
    ("memoryview.cast", "($self, /, format, shape=<unrepresentable>)"),
    ("memoryview.hex", "($self, /, sep=<unrepresentable>, bytes_per_sep=1)"),
    ("memoryview.index", "($self, value, start=0, stop=sys.maxsize, /)"),
    ("builtins.min", ""),
    ("builtins.next", ""),
    ("builtins.open", "($module, /, file, mode='r', buffering=-1, encoding=None,\n     errors=None, newline=None, closefd=True, opener=None)"),
    ("str.count", "($self, sub[, start[, end]], /)"),
    ("str.endswith", "($self, suffix[, start[, end]], /)"),
    ("str.find", "($self, sub[, start[, end]], /)"),
    ("str.index", "($self, sub[, start[, end]], /)"),
    ("str.rfind", "($self, sub[, start[, end]], /)"),
    ("str.rindex", "($self, sub[, start[, end]], /)"),
    ("str.startswith", "($self, prefix[, start[, end]], /)"),
    ("type.__prepare__", "($cls, name, bases, /, **kwds)"),
    ("builtins.vars", ""),
    ("types.GenericAlias.__instancecheck__", "($self, object, /)"),
    ("types.GenericAlias.__mro_entries__", "($self, object, /)"),
    ("types.GenericAlias.__subclasscheck__", "($self, object, /)"),
    ("types.SimpleNamespace.__replace__", "($self, /, **changes)"),
    ("typing.Union.__mro_entries__", "($self, object, /)"),
];
