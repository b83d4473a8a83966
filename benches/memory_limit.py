#!/usr/bin/env python3
"""Does a memory limit hold, and does the script go on correctly after it?

    python3 benches/memory_limit.py target/release/ryokan [--limit 64M] [NAME...]

Each script grows one thing until it is refused, catches MemoryError (or RecursionError),
lets go, computes on, and prints "ok". Wanted: that output, exit status 0 (also of
`--verify-heap`: the heap is whole and every count exact), no signal, and peak resident
memory under the limit plus SLACK_MIB (the binary itself and its stack; what is written of an
uncaught exception must not be copied either: a script may say with which status it ends).
"""

import os
import sys
import tempfile

SLACK_MIB = 24
SECONDS = 60

# Appended to every script: what was refused must not have bent anything.
AFTER = """
squares = [i * i for i in range(1000)]
words = {str(i): i for i in range(1000)}
text = ",".join(words)
assert sum(squares) == 332833500 and len(words) == 1000 and words["999"] == 999
assert len(text) == 3889 and text.split(",")[500] == "500"
assert sorted(squares, reverse=True)[0] == 998001 and 3**100 % 1000 == 1
try:
    1 / 0
except ZeroDivisionError as e:
    assert str(e) == "division by zero"
print("ok")
"""


def grow(setup, step):
    """A script that repeats `step` until refused, in a function so that all of it is let go."""
    body = "\n".join("            " + line for line in step.splitlines())
    pre = "\n".join("    " + line for line in setup.splitlines())
    return f"def grow():\n{pre}\n    try:\n        while True:\n{body}\n    except (MemoryError, RecursionError):\n        return True\n\n\nassert grow()\n"


def refused(expression):
    """A script whose one expression must be refused at once."""
    return f"try:\n    {expression}\n    raise SystemExit('was not refused')\nexcept MemoryError:\n    pass\n"


LONG = 28_000_000


def long_text(expression, before="pass"):
    """A script whose expression is about `n`, a text so long that not much more than a copy of it has room."""
    return f"def run():\n    n = 'a' * {LONG}\n    {before}\n    try:\n        {expression}\n    except Exception:\n        pass\n\n\nrun()\n"


SCRIPTS = {
    "list": grow("x = []", "x.append(x)"),
    "list_floats": grow("x = []\ni = 0.5", "i += 1.0\nx.append(i)"),
    "list_double": grow("x = [0]", "x += x"),
    "list_of_lists": grow("x = []", "x.append([1, 2, 3])"),
    "dict": grow("x = {}\ni = 0", "i += 1\nx[i] = i"),
    "dict_str": grow("x = {}\ni = 0", "i += 1\nx['key%d' % i] = None"),
    "set": grow("x = set()\ni = 0", "i += 1\nx.add(i)"),
    "str": grow("x = 'ab'", "x = x + x"),
    "str_append": grow("x = 'a' * 1000\ny = x", "y += x"),
    "str_join": grow("x = ['abc' * 100]", "x = x * 2\ny = ''.join(x)"),
    "str_format": grow("n = 1", "n *= 2\ny = '%*d' % (n, 5)"),
    "str_replace": grow("x = 'ab'", "x = x.replace('a', 'aab')"),
    "bytes": grow("x = b'ab'", "x = x + x"),
    "bytearray": grow("x = bytearray(b'abc')", "x.extend(x)"),
    "bytearray_append": grow("x = bytearray(1000)\ny = bytearray()", "y += x"),
    "int_square": grow("x = 12345678901234567890", "x *= x"),
    "int_shift": grow("x = 1\nn = 1", "n *= 2\nx = 1 << n"),
    "tuples_nested": grow("x = ()", "x = (x,)"),
    "tuple_double": grow("x = (1,)", "x = x + x"),
    "dicts_nested": grow("x = {}", "x = {'next': x}"),
    "instances": "class P:\n    def __init__(self, n):\n        self.next = n\n\n\n" + grow("x = None", "x = P(x)"),
    "cycles": "class P:\n    pass\n\n\n" + grow("keep = []", "a = P()\na.me = a\na.data = [0] * 100\nkeep.append(a)"),
    "classes": grow("x = []", "x.append(type('C', (), {}))"),
    "closures": grow("x = None", "x = (lambda v: lambda: v)(x)"),
    "functions": grow("x = []", "x.append(lambda: 0)"),
    "generators": grow("def g(p):\n    yield p\nx = None", "x = g(x)\nnext(x)"),
    "generator_chain": grow("x = iter(())", "x = (v for v in x)"),
    "attributes": "class P:\n    pass\n\n\n" + grow("x = P()\ni = 0", "i += 1\nsetattr(x, 'a%d' % i, i)"),
    "exceptions": grow("x = None", "e = ValueError(x)\ne.__context__ = None\nx = e"),
    "sources": grow("x = []\ni = 0", "i += 1\nx.append(compile('a%d = %d' % (i, i), 'f', 'exec'))"),
    "recursion": "def f(n):\n    return f(n + 1) + 1\n\n\ntry:\n    f(0)\nexcept (RecursionError, MemoryError):\n    pass\n",
    "recursion_unlimited": "import sys\n\nsys.setrecursionlimit(10**9)\n\n\ndef f(n):\n    return f(n + 1) + 1\n\n\ntry:\n    f(0)\nexcept (RecursionError, MemoryError):\n    pass\n",
    "comprehension": "try:\n    x = [i for i in range(10**9)]\nexcept MemoryError:\n    pass\n",
    "star_call": "def f(*a):\n    return a\n\n\nx = (0,) * 1000\ntry:\n    while True:\n        x = f(*x, *x)\nexcept MemoryError:\n    x = None\n",
    "sorted_big": "try:\n    x = sorted(range(10**9))\nexcept MemoryError:\n    pass\n",
    "huge_list": refused("[0] * 10**12"),
    "huge_tuple": refused("(0,) * 10**12"),
    "huge_str": refused("'x' * 10**12"),
    "huge_bytes": refused("bytes(10**12)"),
    "huge_bytearray": refused("bytearray(10**12)"),
    "huge_range_list": refused("list(range(10**10))"),
    "huge_center": refused("'x'.center(10**12)"),
    "huge_format": refused("format(1, '1000000000000')"),
    "huge_shift": refused("1 << 10**13"),
    "huge_pow": refused("3 ** 10**12"),
    "huge_to_bytes": refused("(1).to_bytes(10**12)"),
    "huge_zfill": refused("'x'.zfill(10**12)"),
    "huge_expandtabs": refused("('\\t' * 1000).expandtabs(10**9)"),
    "source_100_mb": "def run():\n    try:\n        compile('x = 1\\n' * (100 * 2**20 // 6), 'f', 'exec')\n        raise SystemExit('was not refused')\n    except MemoryError:\n        pass\n\n\nrun()\n",
    "source_from_disk": "def run():\n    s = 'x = [' + '1, ' * 3000000 + ']'\n    compile(s, 'f', 'exec')\n\n\ntry:\n    run()\nexcept MemoryError:\n    pass\n",
    "garbage_lists": "for i in range(300000):\n    a = []\n    a.append(a)\n    a.append('x' * 1000)\n",
    "garbage_big": "def make():\n    a = [bytes(10**6)]\n    a.append(a)\n\n\nfor i in range(500):\n    make()\nb = [make() for i in range(100)]\nb.extend(map(lambda i: make(), range(100)))\n",
    "garbage_finalizers": "class P:\n    dead = 0\n\n    def __del__(self):\n        P.dead += 1\n\n\nfor i in range(20000):\n    p = P()\n    p.me = p\n    p.data = bytearray(10000)\np = None\nassert P.dead > 10000\n",
    "garbage_generators": "def g():\n    try:\n        yield me\n    finally:\n        pass\n\n\nfor i in range(20000):\n    me = [g(), bytes(5000)]\n    next(me[0])\n    me.append(me)\n",
    "garbage_dropped": "for i in range(5):\n    x = []\n    x.append(x)\n    x.append(bytearray(30000000))\n    x = None\n    y = bytearray(40000000)\n    y = None\n",
    "garbage_while_disabled": "import gc\n\ngc.disable()\ntry:\n    while 1:\n        a = []\n        a.append(a)\nexcept MemoryError:\n    pass\nassert gc.collect() > 100000\ngc.enable()\n",
    "kept_exceptions": grow("x = []", "try:\n    [0] * 10**9\nexcept MemoryError as e:\n    x.append([e, [0] * 100])"),
    "long_name": "n = 'a' * 10000000\ntry:\n    getattr(1, n)\nexcept (AttributeError, MemoryError):\n    pass\nn = None\n",
    "wide_pages": grow("x = []", "try:\n    [0] * 7000000 + [len(x)]\nexcept MemoryError as e:\n    x.append([e, [0] * 50000])"),
    "code_swapped": "def make(n):\n    space = {}\n    exec('def f():\\n' + f'    x = {n}\\n' * 200, space)\n    return space['f'].__code__\n\n\ndef swap(code):\n    swap.__code__ = code\n\n\nfirst = swap.__code__\nfor i in range(3000):\n    swap(make(i))\n    swap.__code__ = first\n",
    "code_kept": grow("x = []", "x.append(compile('a = 1\\nb = [a, 2, 3]\\ndef f(x): return x + 1\\n' * 30, 'f', 'exec'))"),
    "lambdas_by_exec": grow("x = []", "d = {}\nexec('f = lambda x, y=1: [x + y for _ in range(3)]', d)\nd['f'](1)\nx.append(d)"),
    "lambdas_by_eval": grow("x = []", "x.append(eval('lambda x: x + 1'))\nx[-1](1)"),
    "classes_of_methods": grow("x = []", "class C:\n    def f(self):\n        return self\nx.append(C().f())"),
    "shapes": "class P:\n    pass\n\n\n" + grow("x = []\ni = 0", "i += 1\nx.append(P())\nsetattr(x[-1], 'b%d' % i, 1)"),
    "handlers_at_the_cap": "class P:\n    pass\n\n\ndef grow():\n    i = 0\n    while True:\n        i += 1\n        x.append(P())\n        setattr(x[-1], 'b%d' % i, 1)\n\n\nx = []\nfor k in range(300):\n    try:\n        grow()\n    except (MemoryError, RecursionError) as e:\n        a = [len(str(k)), f'{k} refused', {'e': e}]\n        del a\nx = None\n",
    "frames_kept": "import sys\n\n\ndef f():\n    a = [0] * 50\n    return sys._getframe()\n\n\n" + grow("x = []", "x.append(f())"),
    "tracebacks_kept": "def f(n):\n    a = [0] * 50\n    if n:\n        f(n - 1)\n    raise ValueError\n\n\n" + grow("x = []", "try:\n    f(20)\nexcept ValueError as e:\n    x.append(e)"),
    "long_import": long_text("__import__(n)"),
    "long_import_dotted": long_text("__import__(n + '.b')"),
    "long_import_from": long_text("__import__('sys', fromlist=[n])"),
    "long_import_relative": long_text("__import__('b', {'__package__': n}, None, (), 1)"),
    "long_keyword": long_text("run(**{n: 1})"),
    "long_keyword_native": long_text("sorted([], **{n: 1})"),
    "long_keyword_type": long_text("int(**{n: 1})"),
    "long_getattr": long_text("getattr(1, n)"),
    "long_hasattr": long_text("hasattr(1, n)"),
    "long_setattr": long_text("setattr(1, n, 2)"),
    "long_delattr": long_text("delattr(1, n)"),
    "long_getattr_class": long_text("getattr(int, n)"),
    "long_getattr_module": long_text("getattr(__import__('sys'), n)"),
    "long_float": long_text("float(n)"),
    "long_int": long_text("int(n)"),
    "long_complex": long_text("complex(n)"),
    "long_float_digits": long_text("float('1' * len(n))"),
    "long_complex_digits": long_text("complex('1' * len(n))"),
    "long_float_underscores": long_text("float('1_' * (len(n) // 2))"),
    "long_float_hex": long_text("float.fromhex('0x' + '1' * len(n))"),
    "long_open": long_text("open(n)"),
    "long_encode": long_text("'a'.encode(n)"),
    "long_decode": long_text("b'a'.decode(n)"),
    "long_bytes": long_text("bytes('a', n)"),
    "long_strftime": long_text("__import__('time').strftime(n)"),
    "long_strftime_years": long_text("__import__('time').strftime('%Y' * (len(n) // 2))"),
    "long_class": long_text("type(n, (), {}).other"),
    "long_class_instance": long_text("type(n, (), {})().other"),
    "long_class_operand": long_text("type(n, (), {})() + 1"),
    "long_class_argument": long_text("type(n, (), {})(1)"),
    "long_ascii": long_text("ascii('\\xe9' * (len(n) // 3))"),
    "long_format_spec": long_text("format(1, n)"),
    "long_format_nested": long_text("'{:{}}'.format(1, n)"),
    "long_percent": long_text("'%.28000000d' % 1"),
    "long_percent_float": long_text("'%.28000000f' % 1.5"),
    "long_bin": long_text("bin(1 << len(n))"),
    "long_compile_name": long_text("compile('1', n, 'eval')"),
    "long_compile_wrong": long_text("compile('1 1', n, 'eval')"),
    "long_source": long_text("exec('x = ' + n)"),
    "long_source_string": long_text("exec('x = ' + repr(n))"),
    "long_source_comment": long_text("exec('#' + n)"),
    "long_source_lines": long_text("exec('\\n' * len(n))"),
    "long_source_nested": long_text("exec('(' * len(n))"),
    "long_function_attribute": long_text("setattr(run, n, 1)"),
    "long_path": long_text("import nothing_there", "__import__('sys').path.insert(0, n)"),
    "long_slots": long_text("type('C', (), {'__slots__': [n]})"),
    "long_mapping_key": long_text("{}[n]"),
    "long_eval": long_text("eval(n)"),
    "long_syntax_error": long_text("raise SyntaxError(n, (n, 1, 1, n))"),
    "long_exception_repr": long_text("repr(ValueError(n, n))"),
    # Through types of the library.
    "deque": grow("from collections import deque\nx = deque()", "x.append([0] * 20)"),
    "deque_self": grow("from collections import deque\nx = deque([1, 2, 3])", "x.extend(x)"),
    "ordered_dict": grow("from collections import OrderedDict\nx = OrderedDict()\ni = 0", "i += 1\nx[i] = i\nx.move_to_end(i, last=False)"),
    "defaultdict": grow("from collections import defaultdict\nx = defaultdict(list)\ni = 0", "i += 1\nx[i % 100000].append(i)"),
    "counter": grow("from collections import Counter\nx = Counter()\ni = 0", "i += 1\nx.update((i, str(i)))"),
    "namedtuples": grow("from collections import namedtuple\nP = namedtuple('P', 'a b')\nx = []", "x.append(P(len(x), [x]))"),
    "chain_maps": grow("from collections import ChainMap\nx = [ChainMap()]", "x.append(x[-1].new_child({}) if len(x) % 50 else ChainMap())"),
    "array": grow("from array import array\nx = array('d')", "x.append(1.5)"),
    "array_double": grow("from array import array\nx = array('i', [1, 2])", "x.extend(x)"),
    "bytes_io": grow("from io import BytesIO\nx = BytesIO()", "x.write(b'abc' * 1000)"),
    "bytes_io_seek": grow("from io import BytesIO\nx = BytesIO()\ni = 1", "i *= 2\nx.seek(i)\nx.write(b'a')"),
    "string_io": grow("from io import StringIO\nx = StringIO()", "x.write('ab\\u20ac' * 1000)"),
    "lru_cache": grow("from functools import lru_cache\nx = lru_cache(maxsize=None)(lambda a: [a])\ni = 0", "i += 1\nx(i)"),
    "lru_cache_bound": grow("from functools import lru_cache\nx = lru_cache(maxsize=10**9)(lambda a: [a])\ni = 0", "i += 1\nx(i)"),
    "partials": grow("from functools import partial\nx = print", "x = partial(x, x)\nx.a = x"),
    "regex_groups": grow("import re\nx = re.compile('(.)' * 100)\nn = 'a' * 1000\nkept = []", "kept.extend(x.finditer(n))"),
    "regex_findall": grow("import re\nx = 'ab '", "x += x\nre.findall(r'(a)(b)', x)"),
    "regex_sub": grow("import re\nx = 'ab'", "x = re.sub('a', 'aab', x)"),
    "regex_backtracking": grow("import re\nx = 'a'", "x += x\nre.match('(?:(a)|b)*?c', x)"),
    "regex_compile": grow("import re\nx = []", "x.append(re._compiler.compile('(a|b)*c[d-f]' + str(len(x))))"),
    "pickle_dumps": grow("import pickle\nx = [1]", "x = x + x\npickle.dumps([x, [str(i) for i in range(len(x))]])"),
    "pickle_loads": grow("import pickle\nx = pickle.dumps([[i] for i in range(1000)])\nkept = []", "kept.append(pickle.loads(x))"),
    "pickle_bomb": "import pickle\n\ntry:\n    pickle.loads(b'\\x8e' + (10**12).to_bytes(8, 'little'))\nexcept (MemoryError, EOFError, pickle.UnpicklingError):\n    pass\ntry:\n    pickle.loads(b'](' + b'K\\x01' * 9_000_000 + b'e.')\nexcept MemoryError:\n    pass\n",
    "json_dumps": grow("import json\nx = ['ab']", "x = x + x\njson.dumps(x)"),
    "json_loads": grow("import json\nx = json.dumps([{'a': [1.5]}] * 1000)\nkept = []", "kept.append(json.loads(x))"),
    "zlib_compress": grow("import zlib\nx = b'ab'", "x = x + x\nzlib.compress(x, 0)"),
    "zlib_bomb": "import zlib\n\npart, maker = bytes(10**6), zlib.compressobj(9)\nx = b''.join([maker.compress(part) for i in range(500)]) + maker.flush()\ntry:\n    zlib.decompress(x)\n    raise SystemExit('was not refused')\nexcept MemoryError:\n    pass\ndel part, maker, x\n",
    "zlib_objects": grow("import zlib\nx = []", "x.append(zlib.compressobj())\nx[-1].compress(b'abc')"),
    "product": "import itertools\n\ntry:\n    itertools.product(range(10**7), range(10**7))\n    raise SystemExit('was not refused')\nexcept MemoryError:\n    pass\n",
    "product_repeat": "import itertools\n\ntry:\n    itertools.product('ab', repeat=10**8)\n    raise SystemExit('was not refused')\nexcept MemoryError:\n    pass\n",
    "combinations": grow("import itertools\nn = 1", "n *= 2\nnext(itertools.combinations(range(n), n))"),
    "tee": grow("import itertools\na, b = itertools.tee(itertools.count(0.5))", "next(a)"),
    "accumulate": grow("import itertools\nx = itertools.accumulate(itertools.repeat((1,)), lambda a, b: a + a)", "next(x)"),
    "csv_field": "import csv, itertools, sys\n\ncsv.field_size_limit(sys.maxsize)\ntry:\n    next(csv.reader(itertools.chain(['\"'], itertools.repeat('a' * 1000))))\nexcept MemoryError:\n    pass\n",
    "csv_rows": grow("import csv\nx = []\nr = csv.reader(iter(lambda: 'a,b,1.5', None))", "x.append(next(r))"),
    "csv_writer": grow("import csv, io\nx = io.StringIO()\nw = csv.writer(x)", "w.writerow(['abc' * 300, 1.5, None])"),
    "struct_pack": "import struct\n\ntry:\n    struct.pack('1000000000000x')\n    raise SystemExit('was not refused')\nexcept MemoryError:\n    pass\n",
    "struct_unpack": "import struct\n\ntry:\n    struct.unpack('30000000B', bytes(30000000))\n    raise SystemExit('was not refused')\nexcept MemoryError:\n    pass\n",
    "heap_queue": grow("import heapq\nx = []", "heapq.heappush(x, (len(x), 'a'))"),
    "queue": grow("import queue\nx = queue.SimpleQueue()", "x.put([0] * 20)"),
    "weak_refs": grow("import weakref\nclass P:\n    pass\nx = weakref.WeakValueDictionary()\nkept = []", "kept.append(P())\nx[len(kept)] = kept[-1]"),
    "base64": grow("import base64\nx = b'ab'", "x = base64.b64encode(x + x)"),
    "datetimes": grow("from datetime import datetime, timedelta\nx = [datetime(2000, 1, 1)]\nd = timedelta(seconds=1)", "x.append(x[-1] + d)"),
    "fractions": grow("from fractions import Fraction\nx = []", "x.append(Fraction(len(x), 7) + 1)"),
    "dataclasses": grow("from dataclasses import dataclass\n@dataclass\nclass P:\n    a: int\n    b: list\nx = []", "x.append(P(len(x), [x]))"),
    "contexts": grow("import contextvars\nv = contextvars.ContextVar('v')\nx = []", "v.set([0])\nx.append(contextvars.copy_context())"),
    "threads_locks": grow("import _thread\nx = []", "x.append(_thread.allocate_lock())"),
    "arguments": "def f(*a):\n    return len(a)\n\n\ntry:\n    f(*range(3_000_000))\nexcept MemoryError:\n    pass\n",
    "arguments_native": "try:\n    max(*range(3_000_000))\nexcept MemoryError:\n    pass\n",
    "keywords": "def f():\n    pass\n\n\ntry:\n    f(**{str(i): i for i in range(150_000)})\nexcept (TypeError, MemoryError):\n    pass\n",
    "sorted_keys": "try:\n    sorted(range(2_000_000), key=str)\nexcept MemoryError:\n    pass\n",
    "int_from_bytes": "try:\n    int.from_bytes(bytes(28_000_000), 'little')\n    int.from_bytes([1] * 3_000_000, 'little')\nexcept MemoryError:\n    pass\n",
    "int_text": "import sys\n\nsys.set_int_max_str_digits(0)\ntry:\n    str(1 << 1_000_000)\n    hex(1 << 100_000_000)\nexcept MemoryError:\n    pass\n",
    "int_product": "try:\n    a = (1 << 90_000_000) - 1\n    b = a * a\nexcept MemoryError:\n    pass\na = None\n",
    "printed": "class Nowhere:\n    def write(self, text):\n        pass\n\n\ntry:\n    print('a' * 28_000_000, *range(100_000), file=Nowhere())\nexcept MemoryError:\n    pass\n",
    "twice": grow("x = []", "x.append([0] * 1000)") + grow("x = {}\ni = 0", "i += 1\nx[i] = [i]") + grow("x = []", "x.append([0] * 1000)"),
    "in_handler": "def f():\n    x = []\n    try:\n        try:\n            while True:\n                x.append([0] * 100)\n        except MemoryError:\n            while True:\n                x.append([0] * 100)\n    except MemoryError as e:\n        assert isinstance(e.__context__, MemoryError)\n\n\nf()\n",
}

# Scripts that end with an exception that nobody catches: nothing is appended to them.
UNCAUGHT = {
    "uncaught": f"raise ValueError('a' * {LONG})\n",
    "uncaught_key": f"{{}}['a' * {LONG}]\n",
    "uncaught_exit": f"raise SystemExit('a' * {LONG})\n",
    "uncaught_note": f"e = ValueError('x')\ne.add_note('a' * {LONG})\nraise e\n",
    "uncaught_group": f"raise ExceptionGroup('a' * {LONG // 2}, [ValueError('a' * {LONG // 2})])\n",
    "uncaught_syntax": f"raise SyntaxError('x', ('a' * {LONG // 2}, 1, 1, 'a' * {LONG // 2}))\n",
    "uncaught_class": f"raise type('a' * {LONG}, (Exception,), {{}})('a')\n",
    "uncaught_in_del": f"class P:\n    def __del__(self):\n        raise ValueError('a' * {LONG})\n\n\nP()\nraise ValueError\n",
}


def run(binary, limit, path):
    """(exit code, or minus the signal; peak resident MiB; stdout; stderr)"""
    out, err = (os.path.join(os.path.dirname(path), n) for n in ("out", "err"))
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
            os.dup2(os.open(err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
            import resource

            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            os.execvp(binary[0], [*binary, "--verify-heap", "--memory-limit", limit, path])
        finally:
            os._exit(127)
    _, status, usage = os.wait4(pid, 0)
    unit = 1 if sys.platform == "darwin" else 1024
    # Only the end of it: what this process has resident when it forks is part of the child's peak.
    texts = []
    for name in (out, err):
        with open(name, "rb") as f:
            f.seek(max(0, os.path.getsize(name) - 2000))
            texts.append(f.read().decode(errors="replace"))
    return os.waitstatus_to_exitcode(status), usage.ru_maxrss * unit / 2**20, *texts


def main():
    args = sys.argv[1:]
    limit = "64M"
    if "--limit" in args:
        at = args.index("--limit")
        limit = args[at + 1]
        del args[at : at + 2]
    if not args:
        sys.exit(__doc__)
    binary, names = args[:1], args[1:] or [*SCRIPTS, *UNCAUGHT]
    most = int(limit.rstrip("MmKkGg")) * {"K": 1 / 1024, "G": 1024}.get(limit[-1].upper(), 1) + SLACK_MIB
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "script.py")
        for name in names:
            with open(path, "w") as f:
                f.write(UNCAUGHT[name] if name in UNCAUGHT else SCRIPTS[name] + AFTER)
            code, peak, out, err = run(binary, limit, path)
            wrong = []
            if code != (name in UNCAUGHT):
                wrong.append(f"signal {-code}" if code < 0 else f"exit status {code}")
            if out != "ok\n" and name not in UNCAUGHT:
                wrong.append(f"printed {out[-80:]!r}")
            if peak > most:
                wrong.append(f"peak over {most:.0f} MiB")
            if wrong and err:
                wrong.append(err.strip().splitlines()[-1][-120:])
            failed += bool(wrong)
            print(f"{name:<22}{peak:>8.1f} MiB  {'; '.join(wrong) or 'ok'}", flush=True)
    print(f"{len(names) - failed} of {len(names)} hold the limit of {limit}")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
