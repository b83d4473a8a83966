//! A value of every builtin type, and every attribute of each.
//!
//! The table says how a value of each type is made; `@` stands for an object whose special methods do harm. What attributes a
//! type has is asked of the interpreter itself ([`attributes`]): it walks `dir()` of each type, so a method that is new is
//! called without a change here. A test holds the table against the classes that the interpreter knows.

use std::sync::OnceLock;

use crate::{Settings, run};

/// Expressions for values of a type.
pub struct Receiver {
    /// What the type calls itself.
    pub name: &'static str,
    /// Ways to make one.
    pub makers: &'static [&'static str],
}

const fn receiver(name: &'static str, makers: &'static [&'static str]) -> Receiver {
    Receiver { name, makers }
}

/// Every builtin type but exceptions.
pub const RECEIVERS: &[Receiver] = &[
    receiver("NoneType", &["None"]),
    receiver("NotImplementedType", &["NotImplemented"]),
    receiver("ellipsis", &["..."]),
    receiver("object", &["object()"]),
    receiver("bool", &["True"]),
    receiver("int", &["7", "-1", "1 << 90"]),
    receiver("float", &["2.5", "1e300"]),
    receiver("complex", &["(1+2j)"]),
    receiver("str", &["'abcabc' * 5", "'a\\u1234b'", "'{0!r:>{1}}'", "'%r %s %(a)d'"]),
    receiver("bytes", &["b'abcabc' * 9", "b'%b %d'"]),
    receiver("bytearray", &["bytearray(range(100))", "bytearray(b'abc')"]),
    receiver(
        "memoryview",
        &[
            "memoryview(bytearray(64))",
            "memoryview(bytearray(64)).cast('I')",
            "memoryview(b'abc' * 9)[::-2]",
            "memoryview(@)",
        ],
    ),
    receiver("list", &["[1, @, 2, @, 3]", "list(range(100))", "[@] * 9", "[]"]),
    receiver("tuple", &["(1, @, (@, 2))", "(@,) * 9", "(1, 2, 3)"]),
    receiver(
        "dict",
        &["{1: @, 'a': 2, @: 3}", "{k: @ for k in range(20)}", "{'a': 1, 'b': 2}", "{@: @, @: @}"],
    ),
    receiver("set", &["{1, @, 'a', @}", "set(range(30))", "{@, @, @}"]),
    receiver("frozenset", &["frozenset([1, @, 'x', @])", "frozenset(range(30))"]),
    receiver("range", &["range(1, 30, 3)", "range(1 << 70)"]),
    receiver("slice", &["slice(@, @, @)", "slice(1, @)"]),
    receiver("dict_keys", &["{1: 2, @: @}.keys()"]),
    receiver("dict_values", &["{1: 2, @: @}.values()"]),
    receiver("dict_items", &["{1: 2, @: @}.items()"]),
    receiver("dict_keyiterator", &["iter({1: 2, @: @})", "iter(dict.fromkeys(range(20)))"]),
    receiver("dict_valueiterator", &["iter({1: 2, @: @}.values())"]),
    receiver("dict_itemiterator", &["iter({1: 2, @: @}.items())"]),
    receiver("dict_reversekeyiterator", &["reversed({1: 2, @: @})"]),
    receiver("dict_reversevalueiterator", &["reversed({1: 2, @: @}.values())"]),
    receiver("dict_reverseitemiterator", &["reversed({1: 2, @: @}.items())"]),
    receiver("list_iterator", &["iter([1, @, 2])"]),
    receiver("list_reverseiterator", &["reversed([1, @, 2])"]),
    receiver("tuple_iterator", &["iter((1, @, 2))"]),
    receiver("set_iterator", &["iter({1, @, 2})", "iter(set(range(20)))"]),
    receiver("str_iterator", &["iter('a\\u1234b')"]),
    receiver("str_ascii_iterator", &["iter('abc')"]),
    receiver("bytes_iterator", &["iter(b'abc')"]),
    receiver("bytearray_iterator", &["iter(bytearray(9))"]),
    receiver("range_iterator", &["iter(range(9))"]),
    receiver("longrange_iterator", &["iter(range(1 << 70, (1 << 70) + 9))"]),
    receiver("iterator", &["iter(Sequence())"]),
    receiver("callable_iterator", &["iter(lambda: (harm(7), @)[1], @)"]),
    receiver("reversed", &["reversed(Sequence())"]),
    receiver("enumerate", &["enumerate([@, 1, @])", "enumerate(Sequence(), 1 << 63)"]),
    receiver(
        "zip",
        &["zip([@, 1], Sequence())", "zip([1, 2], [1], strict=True)", "zip(Sequence(), counting(@))"],
    ),
    receiver("map", &["map(plain, [@, 1], Sequence())", "map(@, [1, 2, 3])"]),
    receiver("filter", &["filter(None, [@, @, 1])", "filter(@, [1, @, 2])"]),
    receiver("type", &["$", "Spare", "type('X', (Spare,), {'a': @})", "int"]),
    receiver("super", &["super($, $.__new__($))", "super(Spare, Spare())", "super(Spare)"]),
    receiver("property", &["property(@, @, @)", "property(plain)"]),
    receiver("classmethod", &["classmethod(@)", "classmethod(plain)"]),
    receiver("staticmethod", &["staticmethod(@)", "staticmethod(plain)"]),
    receiver("function", &["lambda *a, **b: harm(5)", "(lambda x=@: x)", "(lambda x=1, *y, z=2: (yield x))"]),
    receiver(
        "method",
        &["Sequence().__getitem__", "type(Sequence().__len__)(plain, @)", "type(Sequence().__len__)(@, @)"],
    ),
    receiver("builtin_function_or_method", &["[1, @].append", "len", "str.join", "{}.get"]),
    receiver("wrapper_descriptor", &["list.__len__", "int.__add__", "object.__init__"]),
    receiver(
        "getset_descriptor",
        &["type.__dict__['__name__']", "type.__dict__['__doc__']", "Spare.__dict__['__dict__']"],
    ),
    receiver("member_descriptor", &["Slotted.a"]),
    receiver("cell", &["(lambda x: lambda: x)(@).__closure__[0]"]),
    receiver("code", &["plain.__code__", "other.__code__"]),
    receiver("frame", &["sys._getframe()", "(lambda x: sys._getframe())(@)", "other(@).gi_frame"]),
    receiver("traceback", &["traced(@)"]),
    receiver("generator", &["counting(@)", "other(@)", "delegating([1, @])", "(x for x in [1, @, 2])"]),
    receiver("coroutine", &["waiting(@)", "waiting(Ready())"]),
    receiver("coroutine_wrapper", &["waiting(Ready()).__await__()"]),
    receiver("async_generator", &["producing(@)", "producing(Ready())"]),
    receiver("async_generator_asend", &["producing(@).asend(None)", "producing(Ready()).__anext__()"]),
    receiver("async_generator_athrow", &["producing(@).athrow(ValueError)", "producing(@).aclose()"]),
    receiver("anext_awaitable", &["anext(producing(@), 1)", "anext(producing(Ready()), @)"]),
    receiver("module", &["type(sys)('m')", "type(sys)('m', @)"]),
    receiver("_frozen_importlib.ModuleSpec", &["sys.__spec__", "gc.__spec__"]),
    receiver("_io.TextIOWrapper", &["sys.stderr"]),
    receiver(
        "mappingproxy",
        &["$.__dict__", "type(type.__dict__)({1: @, @: 2})", "type.__dict__", "type(type.__dict__)(@)"],
    ),
    receiver("types.SimpleNamespace", &["sys.implementation"]),
    receiver("types.GenericAlias", &["list[@, int]", "dict[str, @]", "type(list[int])(@, (@,))"]),
    receiver("typing.Union", &["int | list[@]", "int | str | None"]),
    receiver(
        "typing.TypeVar",
        &["_typing.TypeVar('T', default=@)", "_typing.TypeVar('T', @, @)", "_typing.TypeVar(*'TUV')"],
    ),
    receiver("typing.TypeVarTuple", &["_typing.TypeVarTuple('Ts', default=@)"]),
    receiver("typing.ParamSpec", &["_typing.ParamSpec('P', bound=@, default=@)"]),
    receiver("typing.ParamSpecArgs", &["_typing.ParamSpec('P').args", "_typing.ParamSpecArgs(@)"]),
    receiver("typing.ParamSpecKwargs", &["_typing.ParamSpec('P').kwargs", "_typing.ParamSpecKwargs(@)"]),
    receiver(
        "typing.TypeAliasType",
        &[
            "_typing.TypeAliasType('A', @)",
            "_typing.TypeAliasType('A', [@], type_params=(_typing.TypeVar('T', default=@),))",
        ],
    ),
    receiver("typing.Generic", &["_typing.Generic()"]),
    receiver("NoDefaultType", &["_typing.NoDefault"]),
    receiver(
        "_typing._ConstEvaluator",
        &[
            "_typing.TypeVar('T', default=@).evaluate_default",
            "_typing.TypeAliasType('A', (@, 1)).evaluate_value",
        ],
    ),
    receiver(
        "string.templatelib.Template",
        &["t'a{@}b{@!r}'", "type(t'')('a', t'{@}'.interpolations[0], 'b')"],
    ),
    receiver(
        "string.templatelib.Interpolation",
        &["t'{@}'.interpolations[0]", "type(t'{1}'.interpolations[0])(@, 'x', 'r', 'y')"],
    ),
    receiver("string.templatelib.TemplateIter", &["iter(t'a{@}b')"]),
    receiver(
        "itertools.accumulate",
        &["itertools.accumulate([1, @, 2], initial=@)", "itertools.accumulate([1, 2, @], @)"],
    ),
    receiver("itertools.batched", &["itertools.batched([1, @, 2, @], 2)", "itertools.batched(@, @)"]),
    receiver(
        "itertools.chain",
        &[
            "itertools.chain([1, @], [@, 2])",
            "itertools.chain(@, @)",
            "itertools.chain.from_iterable([[@], @])",
        ],
    ),
    receiver(
        "itertools.combinations",
        &["itertools.combinations([1, @, 2, @], 2)", "itertools.combinations(@, 2)"],
    ),
    receiver(
        "itertools.combinations_with_replacement",
        &["itertools.combinations_with_replacement([1, @, 2], 2)"],
    ),
    receiver("itertools.compress", &["itertools.compress([1, @, 2], [@, 1, @])", "itertools.compress(@, @)"]),
    receiver(
        "itertools.count",
        &["itertools.count(1 << 70, 2.5)", "itertools.count(@)", "itertools.count(1, @)"],
    ),
    receiver("itertools.cycle", &["itertools.cycle([1, @, 2])", "itertools.cycle(@)"]),
    receiver("itertools.dropwhile", &["itertools.dropwhile(@, [1, @, 2])"]),
    receiver(
        "itertools.filterfalse",
        &["itertools.filterfalse(@, [1, @, 2])", "itertools.filterfalse(None, [1, @, 0])"],
    ),
    receiver(
        "itertools.groupby",
        &["itertools.groupby([1, 1, @, @, 2])", "itertools.groupby([1, @, 2], @)", "itertools.groupby(@)"],
    ),
    receiver("itertools.islice", &["itertools.islice([1, @, 2, @], 1, 3)", "itertools.islice(@, @)"]),
    receiver("itertools.pairwise", &["itertools.pairwise([1, @, 2])", "itertools.pairwise(@)"]),
    receiver(
        "itertools.permutations",
        &["itertools.permutations([1, @, 2])", "itertools.permutations([1, @, 2], 2)"],
    ),
    receiver("itertools.product", &["itertools.product([1, @], [@, 2])", "itertools.product(@, repeat=2)"]),
    receiver("itertools.repeat", &["itertools.repeat(@)", "itertools.repeat(@, 3)"]),
    receiver(
        "itertools.starmap",
        &["itertools.starmap(@, [(1, @), (2,)])", "itertools.starmap(max, [(1, 2), @])"],
    ),
    receiver("itertools.takewhile", &["itertools.takewhile(@, [1, @, 2])"]),
    receiver(
        "itertools.zip_longest",
        &["itertools.zip_longest([1, @], [2])", "itertools.zip_longest([1, @], @, fillvalue=@)"],
    ),
    receiver(
        "itertools._grouper",
        &["next(itertools.groupby([1, @, 1]))[1]", "next(itertools.groupby([1, @], @))[1]"],
    ),
    receiver("itertools._tee", &["itertools.tee([1, @, 2])[0]", "itertools.tee(@)[1]"]),
    receiver("itertools._tee_dataobject", &["itertools._tee_dataobject(iter([2]), [1, @], None)"]),
    receiver(
        "collections.deque",
        &["_collections.deque([1, @, 2, @])", "_collections.deque([1, @, 2], 3)", "_collections.deque(@)"],
    ),
    receiver("collections._deque_iterator", &["iter(_collections.deque([1, @, 2]))"]),
    receiver("collections._deque_reverse_iterator", &["reversed(_collections.deque([1, @, 2]))"]),
    receiver(
        "collections.defaultdict",
        &["_collections.defaultdict(list, {'a': @})", "_collections.defaultdict(@, {1: @})"],
    ),
    receiver("collections.OrderedDict", &["_collections.OrderedDict([(1, @), ('a', 2), (@, 3)])"]),
    receiver(
        "collections._tuplegetter",
        &["_collections._tuplegetter(1, @)", "_collections._tuplegetter(0, 'doc')"],
    ),
    receiver("_struct.Struct", &["_struct.Struct('<3sHiq')", "_struct.Struct('5sP')"]),
    receiver(
        "_struct.unpack_iterator",
        &["_struct.Struct('<H').iter_unpack(b'abcdefgh')", "_struct.iter_unpack('<H', bytearray(8))"],
    ),
    receiver("weakref.ReferenceType", &["_weakref.ref(Spare)", "_weakref.ref(@, @)"]),
    receiver("weakref.ProxyType", &["_weakref.proxy(plain.__code__)", "_weakref.proxy(@, @)"]),
    receiver("weakref.CallableProxyType", &["_weakref.proxy(Spare)", "_weakref.proxy(Spare, @)"]),
    receiver("FrameLocalsProxy", &["(lambda x: sys._getframe().f_locals)(@)"]),
    receiver("memory_iterator", &["iter(memoryview(bytearray(8)))"]),
    receiver("method-wrapper", &["(1).__add__", "[@].__len__"]),
    receiver("method_descriptor", &["list.append", "dict.pop"]),
    receiver("classmethod_descriptor", &["dict.__dict__['fromkeys']"]),
    receiver("_thread.lock", &["_thread.allocate_lock()"]),
    receiver("_thread.RLock", &["_thread.RLock()"]),
    receiver("_thread._ThreadHandle", &["_thread._make_thread_handle(7)"]),
    receiver("_thread._ExceptHookArgs", &["_thread._ExceptHookArgs((ValueError, @, None, @))"]),
    receiver("time.struct_time", &["time.gmtime(0)", "time.struct_time((@,) * 9)"]),
    receiver("_thread._local", &["_thread._local()"]),
    receiver("sys.flags", &["sys.flags"]),
    receiver("sys.float_info", &["sys.float_info"]),
    receiver("sys.hash_info", &["sys.hash_info"]),
    receiver("sys.int_info", &["sys.int_info"]),
    receiver("sys.thread_info", &["sys.thread_info"]),
    receiver("sys.version_info", &["sys.version_info"]),
];

/// Exceptions that want other arguments than one of any type.
const EXCEPTIONS: &[Receiver] = &[
    receiver("BaseExceptionGroup", &["BaseExceptionGroup('g', [ValueError(@), KeyboardInterrupt(@)])"]),
    receiver(
        "ExceptionGroup",
        &["ExceptionGroup('g', [ValueError(@), ExceptionGroup('h', [OSError(2, @)])])"],
    ),
    receiver("OSError", &["OSError(2, @, @)", "OSError(@, 'x', 'f', None, 'g')", "OSError(@)"]),
    receiver(
        "SyntaxError",
        &["SyntaxError('m', ('f', 1, 2, 'text', 1, 3))", "SyntaxError(@, (@, 1, @, @))", "SyntaxError(@)"],
    ),
    receiver("ImportError", &["ImportError(@, name=@, path=@)", "ImportError(@)"]),
    receiver("AttributeError", &["AttributeError(@, name='a', obj=@)"]),
    receiver("NameError", &["NameError(@, name=@)"]),
    receiver("UnicodeDecodeError", &["UnicodeDecodeError('utf-8', b'abc\\xff', 1, 3, 'r')"]),
    receiver("UnicodeEncodeError", &["UnicodeEncodeError('utf-8', 'abc\\udc80', 1, 4, 'r')"]),
    receiver("UnicodeTranslateError", &["UnicodeTranslateError('abc', 1, 2, 'r')"]),
];

/// Types whose values no script gets hold of.
pub const HIDDEN: &[&str] = &[
    "async_generator_wrapped_value",
    "ended_iterator",
    "ryokan_stdlib::time::zone.Local",
    "ryokan_vm::modules::template.State",
    "ryokan_vm::modules::typing::lazy.State",
    "__future__._Feature",
];

/// Modules whose functions are called as if they were a type's methods, and those that are left alone, for they wait, end the
/// run, or lift its limits.
const MODULES: &[(&str, &[&str])] = &[
    ("builtins", &["input", "open", "exit", "quit", "help", "breakpoint", "copyright", "credits", "license"]),
    ("math", &[]),
    ("_bisect", &[]),
    ("_heapq", &[]),
    ("_struct", &[]),
    ("itertools", &[]),
    ("_collections", &[]),
    ("_typing", &[]),
    ("gc", &["set_debug"]),
    ("sys", &["breakpointhook", "__breakpointhook__", "setrecursionlimit"]),
    ("time", &["sleep", "clock_settime", "clock_settime_ns"]),
    ("_ryokan", &["set_memory_limit", "limit_instructions", "report_on_signal", "heap_report"]),
];

/// One attribute of a type or a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The type's name, or the module's.
    pub owner: String,
    /// The expressions for its values.
    pub makers: Vec<String>,
    /// An expression for the type (for a module, itself).
    pub class: String,
    /// Its name.
    pub name: String,
    /// Whether it can be called.
    pub is_method: bool,
    /// Whether its owner is an exception: those are many, and much alike.
    pub is_exception: bool,
}

impl Attribute {
    /// Whether it is a special method.
    pub fn is_special(&self) -> bool {
        self.is_method && self.name.starts_with("__") && self.name.ends_with("__")
    }
    /// Owner and name.
    pub fn path(&self) -> String {
        format!("{}.{}", self.owner, self.name)
    }
}

/// Prints the attributes of every owner, a line each.
const WALK: &str = "
import sys
def walk(owner, x, skip=()):
    for name in dir(x):
        if name in skip or name in ('None', 'True', 'False', '__debug__'): continue
        try: value = getattr(x, name)
        except AttributeError: value = None
        print(owner, name, 'call' if callable(value) and not isinstance(value, type) else 'data')
def exceptions(base):
    yield base
    for sub in type.__subclasses__(base): yield from exceptions(sub)
seen = []
for x in exceptions(BaseException):
    if x in seen or x.__module__ != 'builtins': continue
    seen.append(x)
    walk('E ' + x.__name__, x)
";

fn discover() -> Vec<Attribute> {
    let mut source = format!("{}\nleft = -1\n{WALK}", super::PRELUDE);
    for (at, receiver) in RECEIVERS.iter().enumerate() {
        let maker = plain(receiver.makers[0]);
        source += &format!("walk('T {at}', type({maker}))\n");
    }
    for (at, (module, skip)) in MODULES.iter().enumerate() {
        source += &format!("import {module}\nwalk('M {at}', {module}, {skip:?})\n");
    }
    let outcome = run(&source, &Settings { fuel: 50_000_000, ..Settings::default() });
    assert_eq!(outcome.error, None, "the walk over the types fails: {}", outcome.message);
    String::from_utf8_lossy(&outcome.out).lines().filter_map(attribute).collect()
}

/// One line of the walk.
fn attribute(line: &str) -> Option<Attribute> {
    let mut words = line.split(' ');
    let (kind, owner, name, how) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let is_method = how == "call";
    let (owner, makers, class) = match kind {
        "T" => {
            let receiver = &RECEIVERS[owner.parse::<usize>().ok()?];
            let class = format!("type({})", plain(receiver.makers[0]));
            (receiver.name.to_string(), receiver.makers.iter().map(|m| m.to_string()).collect(), class)
        }
        "E" => {
            let special = EXCEPTIONS.iter().find(|e| e.name == owner);
            let usual = || vec![format!("{owner}(@)"), format!("{owner}(@, 1, @)"), format!("{owner}()")];
            let makers = special.map_or_else(usual, |e| e.makers.iter().map(|m| m.to_string()).collect());
            (owner.to_string(), makers, owner.to_string())
        }
        _ => {
            let module = MODULES[owner.parse::<usize>().ok()?].0.to_string();
            (module.clone(), vec![module.clone()], module)
        }
    };
    Some(Attribute { owner, makers, class, name: name.to_string(), is_method, is_exception: kind == "E" })
}

/// An expression with harmless objects in it.
fn plain(maker: &str) -> String {
    maker.replace('@', "Spare()").replace('$', "Spare")
}

/// Every attribute of every type, exception and module of the table.
pub fn attributes() -> &'static [Attribute] {
    static FOUND: OnceLock<Vec<Attribute>> = OnceLock::new();
    FOUND.get_or_init(discover)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Prints every class that a new interpreter knows, but exceptions.
    const CLASSES: &str = "
def walk(x):
    if x in seen: return
    seen.add(x)
    for sub in type.__subclasses__(x): walk(sub)
seen = set()
walk(object)
for x in seen:
    if not issubclass(x, BaseException): print(repr(x)[8:-2])
";

    #[test]
    fn every_class_of_the_interpreter_is_in_the_table() {
        let source = format!("{}\nleft = -1\n{CLASSES}", super::super::PRELUDE);
        let outcome = run(&source, &Settings::default());
        assert_eq!(outcome.error, None, "{}", outcome.message);
        let known: Vec<&str> = RECEIVERS.iter().map(|r| r.name).chain(HIDDEN.iter().copied()).collect();
        let missing: Vec<String> = String::from_utf8_lossy(&outcome.out)
            .lines()
            .filter(|name| !known.contains(name) && !name.starts_with("__main__."))
            .map(str::to_string)
            .collect();
        assert!(missing.is_empty(), "no receivers in the table: {missing:?}");
    }

    #[test]
    fn makers_make_what_they_say() {
        let mut source = format!("{}\nleft = -1\n", super::super::PRELUDE);
        for receiver in RECEIVERS {
            let maker = plain(receiver.makers[0]);
            source += &format!("print({:?}, repr(type({maker}))[8:-2])\n", receiver.name);
        }
        let outcome = run(&source, &Settings { fuel: 10_000_000, ..Settings::default() });
        assert_eq!(outcome.error, None, "{}", outcome.message);
        for line in String::from_utf8_lossy(&outcome.out).lines() {
            let (wanted, made) = line.split_once(' ').expect("two words");
            assert_eq!(wanted, made);
        }
    }
}
