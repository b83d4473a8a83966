#!/usr/bin/env python3
"""Things 100,000 deep must never crash: they work, or raise what a script can catch.

    python3 benches/deep.py COMMAND [ARG...]      each case in a process of COMMAND
    COMMAND benches/deep.py --case NAME           one case

A case prints what happened ("worked", or the exception's type). Wanted: exit status 0.
"""

import sys

N = 100_000


def nest(n=N):
    x = []
    for _ in range(n):
        x = [x]
    return x


class Chain:
    def __init__(self, next):
        self.next = next


def freed(make, n=N):
    x = None
    for _ in range(n):
        x = make(x)
    del x


def closures():
    f = None
    for _ in range(N):
        f = (lambda g: lambda: g)(f)
    del f


def generators():
    g = iter(())
    for _ in range(N):
        g = (v for v in g)
    try:
        list(g)
    finally:
        del g


def contexts():
    e = None
    for i in range(N):
        n = ValueError(i)
        n.__context__ = e
        e = n
    del e


def mapped():
    it = iter([1])
    for _ in range(N):
        it = map(abs, it)
    list(it)


def tower(make, n=N, bottom=None):
    """`n` things, each made of the one before."""
    x = bottom
    for _ in range(n):
        x = make(x)
    return x


def dicts():
    return tower(lambda x: {"k": x})


def classes():
    c = type("C", (), {"a": 1})
    for _ in range(2000):
        c = type("C", (c,), {})
    return c.a, len(c.__mro__), isinstance(c(), c.__mro__[1500]), repr(c())


class Asks:
    """Each special method asks the next object, through native code."""

    def __init__(self, next):
        self.next = next

    def __repr__(self):
        return repr(self.next)

    def __str__(self):
        return "%s" % self.next

    def __format__(self, spec):
        return f"{self.next:>3}"

    def __eq__(self, other):
        return [self.next] == [other]

    def __lt__(self, other):
        return self.next < other

    def __hash__(self):
        return hash((self.next,))

    def __getattr__(self, name):
        return getattr(self.next, name)

    def __getitem__(self, key):
        return self.next[key]

    def __contains__(self, item):
        return item in self.next

    def __iter__(self):
        return iter(self.next)

    def __len__(self):
        return len(self.next)

    def __bool__(self):
        return bool(self.next)

    def __index__(self):
        return range(10)[self.next]

    def __int__(self):
        return int(self.next)

    def __add__(self, other):
        return sum([self.next], other)

    def __call__(self, x):
        return list(map(self.next, [x]))[0]

    def __instancecheck__(self, x):
        return isinstance(x, self.next)

    @property
    def value(self):
        return self.next.value

    def __setattr__(self, name, value):
        if name == "next":
            object.__setattr__(self, name, value)
        else:
            setattr(self.next, name, value)

    def __dir__(self):
        return dir(self.next)

    def __round__(self):
        return round(self.next)

    def __enter__(self):
        with self.next:
            return self


def asks(what):
    return lambda: what(tower(Asks, bottom=5))


def delegated():
    def g(n):
        if n:
            yield from g(n - 1)
        yield n

    return sum(g(5000))


def delegated_far():
    sys.setrecursionlimit(10**8)
    return delegated()


PROXY, ALIAS, METHOD = type(type.__dict__), type(list[int]), type((lambda self: 1).__get__(1))
# More than fit on any native stack.
MANY = 1_000_000


def specs(n):
    def made(spec):
        m = type(sys)("m")
        m.__spec__ = spec
        return m

    return tower(made, n)


def chained(attribute):
    e = None
    for i in range(N):
        n = ValueError(i)
        setattr(n, attribute, e)
        e = n
    raise e


def grouped():
    e = ValueError(0)
    for i in range(N):
        e = ExceptionGroup("g", [e])
    try:
        raise e
    except* ValueError:
        pass


def sort_key(n):
    return sorted([n], key=sort_key)


def filtered(n):
    return list(filter(filtered, [n + 1]))


def mapping(n):
    return list(map(mapping, [n + 1]))


def reduced(n):
    return max([n, n], key=reduced)


def joined(n):
    return "".join(joined(n + 1) for _ in (1,))


def evaluated(n=0):
    return eval("evaluated(n)", {"evaluated": evaluated, "n": n})


def constructed(n=0):
    class C:
        def __init__(self):
            constructed(n + 1)

    return C()


def metaclassed(n=0):
    class M(type):
        def __new__(m, *a):
            metaclassed(n + 1)

    class C(metaclass=M):
        pass


class DiesChained:
    def __init__(self, next):
        self.next = next

    def __del__(self):
        self.next = None


def collected():
    import gc

    class Node:
        def __init__(self, other):
            self.other, self.me = other, self

        def __del__(self):
            gc.collect()

    tower(Node, 200)
    return gc.collect()


def rings():
    import gc

    first = x = [None]
    for _ in range(N):
        x = [x]
    first[0] = x
    del first, x
    return gc.collect()


def far(f):
    """With the limit of frames out of the way only memory and the native stack are left."""

    def run():
        sys.setrecursionlimit(10**9)
        return f()

    return run


def suite(line):
    return "".join(" " * i + line + "\n" for i in range(N // 100)) + " " * (N // 100) + "pass\n"


CASES = {
    "lists_freed": lambda: freed(lambda x: [x]),
    "tuples_freed": lambda: freed(lambda x: (x,)),
    "dicts_freed": lambda: freed(lambda x: {"k": x}),
    "instances_freed": lambda: freed(Chain),
    "closures_freed": closures,
    "contexts_freed": contexts,
    "lists_compared": lambda: nest() == nest(),
    "lists_ordered": lambda: nest() < nest(),
    "lists_printed": lambda: repr(nest()),
    "tuple_hashed": lambda: hash(eval_tuple()),
    "list_in_itself": lambda: nest() in nest(),
    "generators": generators,
    "maps": mapped,
    "recursion": lambda: down(0),
    "parentheses": lambda: eval("(" * N + "1" + ")" * N),
    "brackets": lambda: eval("[" * N + "]" * N),
    "braces": lambda: eval("{1:" * N + "2" + "}" * N),
    "minuses": lambda: eval("-" * N + "1"),
    "nots": lambda: eval("not " * N + "1"),
    "powers": lambda: eval("1" + "**1" * N),
    "terms": lambda: eval("1" + "+1" * N),
    "terms_names": lambda: eval("x" + "+x" * N, {"x": 1}),
    "ands": lambda: eval("1" + " and 1" * N),
    "comparisons": lambda: eval("1" + "<1" * N),
    "subscripts": lambda: eval("x" + "[0]" * N, {"x": [1]}),
    "attributes": lambda: eval("x" + ".real" * N, {"x": 1}),
    "calls": lambda: eval("f" + "()" * N, {"f": 1}),
    "lambdas": lambda: eval("lambda: " * N + "1"),
    "conditionals": lambda: eval("1 if 0 else " * N + "2"),
    "fstrings": lambda: eval("f'{" * 100 + "1" + "}'" * 100),
    "comprehensions": lambda: eval("[" * N + "1" + " for x in y]" * N, {"y": ()}),
    "functions": lambda: exec(suite("def f():")),
    "classes": lambda: exec(suite("class C:")),
    "ifs": lambda: exec(suite("if 1:")),
    "withs": lambda: exec(suite("with x:"), {"x": None}),
    "tries": lambda: exec("".join(" " * i + "try:\n" for i in range(1000)) + " " * 1000 + "pass\n"),
    "elifs": lambda: exec("if 0: pass\n" + "elif 0: pass\n" * N),
    "patterns": lambda: exec("match 1:\n case " + "[" * N + "x" + "]" * N + ": pass\n"),
    "targets": lambda: exec("(" * N + "x" + ",)" * N + " = 1"),
    "assignments": lambda: exec("x = " * N + "1"),
    "statements": lambda: exec("x = 1\n" * N),
    "open_parentheses": lambda: eval("(" * N),
    "decorators": lambda: exec("@f\n" * N + "def g(): pass\n", {"f": lambda g: g}),
    "string_parts": lambda: eval("'a' " * N),
    "dicts_compared": lambda: dicts() == dicts(),
    "dicts_printed": lambda: repr(dicts()),
    "dicts_copied": lambda: [dicts().copy(), dict(dicts())],
    "tuples_compared": lambda: eval_tuple() == eval_tuple(),
    "tuples_ordered": lambda: eval_tuple() < eval_tuple(),
    "tuples_printed": lambda: repr(eval_tuple()),
    "lists_sorted": lambda: sorted([nest(), nest(), nest()]),
    "lists_in_set": lambda: {eval_tuple(), eval_tuple()},
    "lists_formatted": lambda: f"{nest()}" + "%s" % nest() + "{}".format(nest()),
    "frozensets": lambda: tower(lambda x: frozenset([x]), bottom=1),
    "frozensets_compared": lambda: tower(lambda x: frozenset([x]), 1000) == tower(lambda x: frozenset([x]), 1000),
    "slices": lambda: repr(tower(lambda x: slice(x), 10000)),
    "slices_hashed": lambda: hash(tower(lambda x: slice(x))),
    "methods": lambda: repr(tower(lambda x: (lambda s: s).__get__(x), 10000, bottom=1)),
    "aliases": lambda: repr(tower(lambda x: list[x], bottom=int)),
    "aliases_hashed": lambda: hash(tower(lambda x: list[x], bottom=int)),
    "aliases_called": lambda: tower(lambda x: list[x], 1000, bottom=int)(),
    "unions": lambda: repr(tower(lambda x: list[x] | None, bottom=int)),
    "isinstance_tuples": lambda: isinstance(1, eval_tuple()),
    "issubclass_tuples": lambda: issubclass(int, eval_tuple()),
    "except_tuples": lambda: exec("try: 1 / 0\nexcept t: pass", {"t": tower(lambda x: (x,), bottom=KeyError)}),
    "startswith_tuples": lambda: "a".startswith(eval_tuple()),
    "percent_tuples": lambda: "%s" % (eval_tuple(),),
    "partials": lambda: tower(lambda f: lambda: f(), bottom=int)(),
    "zips": lambda: list(tower(lambda x: zip(x), bottom=[1])),
    "filters": lambda: list(tower(lambda x: filter(None, x), bottom=[1])),
    "enumerates": lambda: list(tower(lambda x: enumerate(x), bottom=[1])),
    "reversed": lambda: list(tower(lambda x: iter(x), bottom=[1])),
    "hints": lambda: tower(lambda x: map(abs, x), bottom=[1]).__reduce__,
    "properties": lambda: tower(property).__get__(1),
    "staticmethods": lambda: repr(tower(staticmethod, bottom=len)),
    "staticmethods_called": lambda: tower(staticmethod, bottom=len)([]),
    "classmethods": lambda: tower(classmethod, bottom=len).__get__(1)(),
    "class_tower": classes,
    "class_wide": lambda: type("C", tuple(type("B", (), {}) for _ in range(3000)), {}),
    "repr_asks": asks(repr),
    "str_asks": asks(str),
    "format_asks": asks(format),
    "eq_asks": asks(lambda x: x == 1),
    "lt_asks": asks(lambda x: sorted([x, x])),
    "hash_asks": asks(hash),
    "getattr_asks": asks(lambda x: x.nothing),
    "hasattr_asks": asks(lambda x: hasattr(x, "nothing")),
    "getitem_asks": asks(lambda x: x[0]),
    "contains_asks": asks(lambda x: 1 in x),
    "iter_asks": asks(list),
    "len_asks": asks(len),
    "bool_asks": asks(lambda x: not x),
    "index_asks": asks(lambda x: [1][x]),
    "int_asks": asks(int),
    "add_asks": asks(lambda x: x + 1),
    "call_asks": asks(lambda x: x(1)),
    "instance_asks": asks(lambda x: isinstance(1, x)),
    "property_asks": asks(lambda x: x.value),
    "setattr_asks": asks(lambda x: setattr(x, "a", 1)),
    "dir_asks": asks(dir),
    "round_asks": asks(round),
    "with_asks": asks(lambda x: x.__enter__()),
    "repr_asks_far": far(asks(repr)),
    "hash_asks_far": far(asks(hash)),
    "eq_asks_far": far(asks(lambda x: x == 1)),
    "delegated": delegated,
    "delegated_far": delegated_far,
    "contexts_raised": lambda: chained("__context__"),
    "causes_raised": lambda: chained("__cause__"),
    "groups": grouped,
    "next_of_enumerates": lambda: next(tower(enumerate, MANY, iter([1]))),
    "next_of_maps": lambda: next(tower(lambda x: map(abs, x), MANY, iter([1]))),
    "next_of_zips": lambda: next(tower(zip, MANY, iter([1]))),
    "next_of_filters": lambda: next(tower(lambda x: filter(None, x), MANY, iter([1]))),
    "tuple_hashed_far": lambda: hash(tower(lambda x: (x,), MANY, ())),
    "tuple_key_far": lambda: {tower(lambda x: (x,), MANY, ()): 1},
    "slice_hashed_far": lambda: hash(tower(lambda x: slice(x, None), MANY)),
    "method_hashed_far": lambda: hash(tower(lambda x: METHOD(x, 1), MANY, len)),
    "method_called_far": lambda: tower(lambda x: METHOD(x, 1), MANY, lambda *a: 1)(),
    "method_named_far": lambda: tower(lambda x: METHOD(x, 1), MANY, len).__name__,
    "method_equal_far": lambda: tower(lambda x: METHOD(x, 1), MANY, len) == tower(lambda x: METHOD(x, 1), MANY, len),
    "proxy_item": lambda: tower(PROXY, MANY, {1: 2})[1],
    "proxy_iterated": lambda: iter(tower(PROXY, MANY, {1: 2})),
    "proxy_joined": lambda: tower(PROXY, MANY, {1: 2}) | {},
    "proxy_equal": lambda: tower(PROXY, MANY, {1: 2}) == {},
    "proxy_length": lambda: len(tower(PROXY, MANY, {1: 2})),
    "proxy_contains": lambda: 1 in tower(PROXY, MANY, {1: 2}),
    "proxy_get": lambda: tower(PROXY, MANY, {1: 2}).get(1),
    "alias_attribute": lambda: tower(lambda x: ALIAS(x, (int,)), MANY, list).append,
    "alias_called_far": lambda: tower(lambda x: ALIAS(x, (int,)), MANY, list)(),
    "alias_hashed_far": lambda: hash(tower(lambda x: ALIAS(x, (int,)), MANY, list)),
    "abstract_classmethods": lambda: tower(classmethod, MANY, len).__isabstractmethod__,
    "abstract_staticmethods": lambda: tower(staticmethod, MANY, len).__isabstractmethod__,
    "abstract_properties": lambda: tower(property, MANY, len).__isabstractmethod__,
    "property_named_far": lambda: tower(property, MANY, len).__name__,
    "property_doc_far": lambda: tower(property, MANY, len).__doc__,
    "staticmethod_named_far": lambda: tower(staticmethod, MANY, len).__name__,
    "staticmethods_called_far": lambda: tower(staticmethod, MANY, lambda: 1)(),
    "module_specs": lambda: getattr(specs(N), "nothing", 1),
    "module_specs_missing": lambda: specs(N).nothing,
    "sort_key": lambda: sort_key(1),
    "sort_key_far": far(lambda: sort_key(1)),
    "filter_recursion": lambda: filtered(1),
    "map_recursion": lambda: mapping(1),
    "map_recursion_far": far(lambda: mapping(1)),
    "max_recursion": lambda: reduced(1),
    "join_recursion": far(lambda: joined(1)),
    "eval_recursion": evaluated,
    "eval_recursion_far": far(evaluated),
    "init_recursion": constructed,
    "init_recursion_far": far(constructed),
    "metaclass_recursion": metaclassed,
    "metaclass_recursion_far": far(metaclassed),
    "del_chain": lambda: freed(DiesChained),
    "del_collects": collected,
    "rings": rings,
    "recursion_far": far(lambda: down(0)),
    "calls_nested": lambda: eval("f(" * N + ")" * N, {"f": len}),
    "lists_source": lambda: eval("[" * 90 + "]" * 90),
    "string_concatenated": lambda: eval("+".join(["'a'"] * N)),
    "string_percent": lambda: eval("%".join(["'%s'"] * N)),
    "dots": lambda: exec("import " + ".".join("a" * 1000)),
    "keywords": lambda: eval("dict(" + ",".join("a%d=1" % i for i in range(N)) + ")"),
    "arguments": lambda: eval("max(" + "1," * N + ")"),
    "spread": lambda: eval("max(" + "*x," * 1000 + ")", {"x": [1] * 1000}),
    "parameters": lambda: exec("def f(" + ",".join("a%d" % i for i in range(N)) + "): pass"),
    "bases": lambda: exec("class C(" + ",".join(["object"] * 2000) + "): pass"),
    "locals": lambda: exec("def f():\n" + "".join(" a%d = 1\n" % i for i in range(N)) + "f()"),
    "names": lambda: exec("".join("a%d = 1\n" % i for i in range(N))),
    "constants": lambda: eval("[" + ",".join(str(i * 1000) for i in range(N)) + "]"),
    "dict_display": lambda: eval("{" + ",".join("%d: [%d]" % (i, i) for i in range(N)) + "}"),
    "walrus": lambda: eval("(a:=" * N + "1" + ")" * N),
    "awaits": lambda: exec("async def f():\n " + "await " * N + "1"),
    "stars": lambda: exec("*" * N + "a = 1"),
    "slashes": lambda: eval("1" + "//1" * N),
    "tildes": lambda: eval("~" * N + "1"),
    "fstring_parts": lambda: eval("f'" + "{1}" * N + "'"),
    "fstring_specs": lambda: eval("f'" + "{1:" * N + "}" * N + "'"),
    "unpack_nested": lambda: exec("[" * 150 + "a" + "]" * 150 + " = x", {"x": nest(150)}),
    "generators_nested": lambda: eval("(" * 150 + "1" + " for x in ())" * 150),
    "excepts": lambda: exec("try: pass\n" + "except E: pass\n" * N),
    "cases": lambda: exec("match 1:\n" + " case 2: pass\n" * 20000),
    "or_patterns": lambda: exec("match 1:\n case " + "|".join(["2"] * N) + ": pass"),
    "globals": lambda: exec("def f():\n global " + ",".join("a%d" % i for i in range(N))),
    "dels": lambda: exec("del " + ",".join("a%d" % i for i in range(N))),
    "asserts": lambda: exec("assert 1, 2\n" * N),
    "backslashes": lambda: exec("x = 1 + \\\n" * N + "1"),
    "comments": lambda: exec("#\n" * N),
    "annotations": lambda: exec("".join("a%d: int\n" % i for i in range(N))),
    "json_like": lambda: eval("[{'a':" * 60 + "1" + "}]" * 60),
    "type_unions": lambda: eval("int" + " | int" * N),
}


def eval_tuple():
    t = ()
    for _ in range(N):
        t = (t,)
    return t


def down(n):
    return down(n + 1)


# What a script can expect of something so deep.
# (SystemError: more constants or names in one function than there are operands for.)
FINE = (RecursionError, MemoryError, SyntaxError, TypeError, OverflowError, AttributeError, ValueError, NameError, ImportError, SystemError)


def one(name):
    try:
        CASES[name]()
        print("worked")
    except BaseException as e:
        if not isinstance(e, FINE):
            raise
        print(type(e).__name__)


def main():
    import subprocess

    command = sys.argv[1:] or [sys.executable]
    failed = 0
    for name in CASES:
        try:
            done = subprocess.run([*command, __file__, "--case", name], capture_output=True, text=True, timeout=120)
            said = done.stdout.strip() if done.returncode == 0 else f"FAILED, exit {done.returncode}: {done.stderr.strip()[-160:]}"
            failed += done.returncode != 0
        except subprocess.TimeoutExpired:
            said = "FAILED, 120 s were not enough"
            failed += 1
        print(f"{name:<18} {said}", flush=True)
    print(f"{len(CASES) - failed} of {len(CASES)} end in order")
    sys.exit(failed != 0)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--case"]:
        one(sys.argv[2])
    else:
        main()
