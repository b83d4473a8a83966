#!/usr/bin/env python3
"""Is long native work paid for? Endless loops of one long operation each must meet the limit of instructions soon.

    python3 benches/endless.py target/release/ryokan [--seconds 20] [NAME...]

Each loop runs with `--max-instructions 1000000`. Wanted: `InstructionLimit` within the seconds.
"""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

BIG = 10**7
LOOPS = {
    # Text and bytes: comparing, searching, hashing.
    "bytes_eq": ("a = bytes(10**7); b = bytes(10**7)", "a == b"),
    "bytes_lt": ("a = bytes(10**7); b = bytes(10**7)", "a < b"),
    "bytes_in": ("a = bytes(10**7)", "b'x' in a"),
    "bytes_in_int": ("a = bytes(10**7)", "1 in a"),
    "bytes_hash": ("a = bytearray(10**7)", "hash(bytes(a))"),
    "str_eq": ("a = 'a' * 10**7; b = 'a' * 10**7 + ''; b = b[:-1] + 'a'", "a == b"),
    "str_lt": ("a = 'a' * 10**7; b = a[:-1] + 'b'", "a < b"),
    "str_in": ("a = 'a' * 10**7", "'b' in a"),
    "str_in_hard": ("a = 'a' * 10**6; b = 'a' * 1000 + 'b'", "b in a"),
    "str_in_tuple": ("a = 'a' * 10**7; b = a[:-1] + 'a'; t = (b,)", "a in t"),
    "str_in_dict": ("a = 'a' * 10**7; d = {a: 1}; b = a[:-1] + 'a'", "d[b]"),
    "bytearray_eq": ("a = bytearray(10**7); b = bytearray(10**7)", "a == b"),
    "bytearray_lt": ("a = bytearray(10**7); b = bytearray(10**7)", "a < b"),
    "bytearray_in": ("a = bytearray(10**7)", "b'x' in a"),
    "memoryview_eq": ("a = memoryview(bytes(10**7)); b = memoryview(bytes(10**7))", "a == b"),
    "memoryview_eq_cast": ("a = memoryview(bytes(8 * 10**6)).cast('d'); b = memoryview(bytes(8 * 10**6)).cast('q')", "a == b"),
    "memoryview_bytes": ("a = memoryview(bytes(10**7))", "a.tobytes()"),
    "memoryview_list": ("a = memoryview(bytes(10**6))", "a.tolist()"),
    "memoryview_hex": ("a = memoryview(bytes(10**6))", "a.hex()"),
    "memoryview_set": ("a = memoryview(bytearray(10**7)); b = bytes(10**7)", "a[:] = b"),
    "memoryview_in": ("a = memoryview(bytes(10**6))", "1 in a"),
    "memoryview_step": ("a = memoryview(bytes(10**7))[::2]", "a.tobytes()"),
    # Methods of str.
    **{f"str_{m.split('(')[0]}_{i}": ("a = ' ' * 10**6 + 'aBc\\t\\n' * 10**6; t = {97: 'xy'}", f"a.{m}") for i, m in enumerate([
        "strip()", "lstrip()", "rstrip('\\n')", "strip(' ')", "split()", "split('B')", "rsplit()", "splitlines()", "partition('Q')", "rpartition('Q')",
        "upper()", "lower()", "title()", "swapcase()", "capitalize()", "casefold()", "translate(t)", "replace('B', 'b')", "replace('q', 'b')", "find('q')",
        "rfind('q')", "index('c\\t\\n a')" if False else "count('q')", "count('a')", "encode()", "encode('utf-16')", "expandtabs()", "isspace()", "isascii()", "isprintable()",
        "isidentifier()", "isalnum()", "islower()", "isupper()", "istitle()", "center(10**7)", "zfill(10**7)", "join('ab')", "startswith('  ')", "endswith('q')",
        "removeprefix('q')", "format()", "__mul__(2)", "__add__('a')", "__getitem__(slice(None, None, 2))", "__getitem__(slice(1, None))", "__contains__('q')", "__hash__()", "__repr__()", "__str__()",
    ])},
    "str_isdigit": ("a = '1' * 10**7", "a.isdigit()"),
    "str_isalpha": ("a = 'a' * 10**7", "a.isalpha()"),
    "str_strip_all": ("a = ' ' * 10**7", "a.strip()"),
    "str_strip_many": ("a = 'x' * 10**6; b = 'abcdefghijk' * 1000", "a.strip(b)"),
    "str_percent": ("a = 'a' * 10**7", "'%s' % a"),
    "str_format": ("a = 'a' * 10**7", "'{}'.format(a)"),
    "str_fstring": ("a = 'a' * 10**7", "f'{a}b'"),
    "str_repr": ("a = '\\n' * 10**6", "repr(a)"),
    "str_ascii": ("a = '\\u20ac' * 10**6", "ascii(a)"),
    "str_iter": ("a = 'a' * 10**6", "list(a)"),
    "str_reversed": ("a = 'a' * 10**6", "a[::-1]"),
    "str_join": ("a = ['a'] * 10**6", "''.join(a)"),
    "str_concat": ("a = 'a' * 10**7", "a + a"),
    "str_maketrans": ("a = 'ab' * 10**6", "str.maketrans(a, a)"),
    "str_ord": ("a = 'a' * 10**7", "try: ord(a)\n    except TypeError: pass"),
    "str_int": ("a = '1' * 4000", "int(a)"),
    "str_float": ("a = '1' * 10**6", "float(a)"),
    "str_eq_wide": ("a = '\\u20ac' * 10**7; b = a[:-1] + '\\u20ac'", "a == b"),
    "str_compare_min": ("a = 'a' * 10**7; b = a[:-1] + 'b'", "min(a, b)"),
    # Methods of bytes and bytearray.
    **{f"{t}_{m.split('(')[0]}_{i}": (f"a = {t}(b' ' * 10**6 + b'aBc\\t\\n' * 10**6)", f"a.{m}") for t in ("bytes", "bytearray") for i, m in enumerate([
        "strip()", "lstrip()", "rstrip(b'\\n')", "split()", "split(b'B')", "rsplit()", "splitlines()", "partition(b'Q')", "rpartition(b'Q')", "upper()",
        "lower()", "title()", "swapcase()", "capitalize()", "translate(bytes(range(256)))", "replace(b'B', b'b')", "replace(b'q', b'b')", "find(b'q')", "rfind(b'q')", "count(b'q')",
        "count(b'a')", "decode('latin-1')", "decode()", "expandtabs()", "isspace()", "isascii()", "isalnum()", "islower()", "isupper()", "istitle()",
        "center(10**7)", "zfill(10**7)", "hex()", "hex(':')", "startswith(b'  ')", "endswith(b'q')", "__mul__(2)", "__add__(b'a')", "__getitem__(slice(None, None, 2))", "__getitem__(slice(1, None))",
        "__contains__(b'q')", "__repr__()", "removeprefix(b'q')",
    ])},
    "bytes_fromhex": ("a = '00' * 10**6", "bytes.fromhex(a)"),
    "bytes_of_list": ("a = [1] * 10**6", "bytes(a)"),
    "bytes_join": ("a = [b'a'] * 10**6", "b''.join(a)"),
    "bytes_percent": ("a = b'a' * 10**7", "b'%s' % a"),
    "bytes_iter": ("a = bytes(10**6)", "list(a)"),
    "bytearray_insert": ("a = bytearray(10**7)", "a.insert(0, 1)"),
    "bytearray_insert_mid": ("a = bytearray(10**7)", "a.insert(5 * 10**6, 1)"),
    "bytearray_pop": ("a = bytearray(10**7)", "a.pop(1000); a.append(1)"),
    "bytearray_del": ("a = bytearray(10**7)", "del a[1000]; a.append(1)"),
    "bytearray_del_slice": ("a = bytearray(10**7)", "del a[1000:1002]; a.extend(b'ab')"),
    "bytearray_set_slice": ("a = bytearray(10**7)", "a[1000:1001] = b'ab'; a.pop()"),
    "bytearray_set_step": ("a = bytearray(10**7); b = bytes(5 * 10**6)", "a[::2] = b"),
    "bytearray_remove": ("a = bytearray(10**7)", "a.remove(0); a.append(0)"),
    "bytearray_reverse": ("a = bytearray(10**7)", "a.reverse()"),
    "bytearray_copy": ("a = bytearray(10**7)", "a.copy()"),
    "bytearray_extend": ("a = bytearray(10**6); l = [0] * 10**6", "a[:] = l"),
    "bytearray_imul": ("a = bytearray(10**6)", "a *= 1"),
    "bytearray_del_step": ("", "a = bytearray(10**6); del a[::2]"),
    # Lists and tuples.
    "list_eq": ("a = [1] * 10**6; b = [1] * 10**6", "a == b"),
    "list_lt": ("a = [1] * 10**6; b = [1] * 10**6", "a < b"),
    "list_in": ("a = [1] * 10**6", "2 in a"),
    "list_index": ("a = [1] * 10**6 + [2]", "a.index(2)"),
    "list_count": ("a = [1] * 10**6", "a.count(1)"),
    "list_remove": ("a = [1] * 10**6", "a.remove(1); a.append(1)"),
    "list_insert": ("a = [1] * 10**6", "a.insert(0, 1)"),
    "list_pop": ("a = [1] * 10**6", "a.pop(0); a.append(1)"),
    "list_del": ("a = [1] * 10**6", "del a[0]; a.append(1)"),
    "list_del_slice": ("a = [1] * 10**6", "del a[0:2]; a += (1, 1)"),
    "list_set_slice": ("a = [1] * 10**6", "a[0:1] = (1, 1); a.pop()"),
    "list_reverse": ("a = [1] * 10**6", "a.reverse()"),
    "list_copy": ("a = [1] * 10**6", "a.copy()"),
    "list_slice": ("a = [1] * 10**6", "a[1:]"),
    "list_step": ("a = [1] * 10**6", "a[::2]"),
    "list_add": ("a = [1] * 10**6", "a + a"),
    "list_mul": ("a = [1] * 10**5", "a * 10"),
    "list_extend": ("a = [1] * 10**6", "b = []; b.extend(a)"),
    "list_star": ("a = [1] * 10**6", "[*a]"),
    "list_sort": ("a = [1] * 10**6", "a.sort()"),
    "list_clear": ("a = [None] * 10**6", "b = a[:]; b.clear()"),
    "list_repr": ("a = [1] * 10**5", "repr(a)"),
    "list_small_slice_eq": ("a = [1] * 3000; b = [1] * 3000", "a == b"),
    "tuple_eq": ("a = (1,) * 10**6; b = tuple([1] * 10**6)", "a == b"),
    "tuple_lt": ("a = (1,) * 10**6; b = tuple([1] * 10**6)", "a < b"),
    "tuple_hash": ("a = (1,) * 10**6", "hash(a)"),
    "tuple_in": ("a = (1,) * 10**6", "2 in a"),
    "tuple_index": ("a = (1,) * 10**6 + (2,)", "a.index(2)"),
    "tuple_count": ("a = (1,) * 10**6", "a.count(2)"),
    "tuple_of_list": ("a = [1] * 10**6", "tuple(a)"),
    "tuple_slice": ("a = (1,) * 10**6", "a[1:]"),
    "tuple_call": ("a = (1,) * 10**5\ndef f(*a): pass", "f(*a)"),
    "tuple_unpack": ("a = (1,) * 10**6", "b, *c = a"),
    "tuple_nested_eq": ("a = b = ()\nfor i in range(90): a, b = (a, a), (b, b)", "a == b"),
    "tuple_nested_hash": ("a = ()\nfor i in range(90): a = (a, a)", "hash(a)"),
    # Dicts and sets.
    "dict_collide": ("d = {i * 2**61 - i: i for i in range(1)}\nfor i in range(3000): d[(2**61 - 1) * i + 1] = i", "d.get((2**61 - 1) * 5000 + 1)"),
    "dict_collide_make": ("", "d = {(2**61 - 1) * i: i for i in range(10**4)}"),
    "set_collide": ("s = {(2**61 - 1) * i for i in range(3000)}", "(2**61 - 1) * 5000 in s"),
    "set_collide_make": ("", "s = set((2**61 - 1) * i for i in range(10**4))"),
    "dict_collide_low": ("d = {i << 40: i for i in range(10**4)}", "d.get(1 << 39)"),
    "set_collide_low": ("s = {i << 40 for i in range(10**4)}", "(1 << 39) in s"),
    "dict_eq": ("a = dict.fromkeys(range(10**6)); b = dict(a)", "a == b"),
    "dict_copy": ("a = dict.fromkeys(range(10**6))", "a.copy()"),
    "dict_update": ("a = dict.fromkeys(range(10**6)); b = {}", "b.update(a)"),
    "dict_or": ("a = dict.fromkeys(range(10**6))", "a | a"),
    "dict_keys_list": ("a = dict.fromkeys(range(10**6))", "list(a)"),
    "dict_items_list": ("a = dict.fromkeys(range(10**5))", "list(a.items())"),
    "dict_values_in": ("a = dict.fromkeys(range(10**6))", "5 in a.values()"),
    "dict_keys_eq": ("a = dict.fromkeys(range(10**6)); b = dict(a)", "a.keys() == b.keys()"),
    "dict_keys_and": ("a = dict.fromkeys(range(10**6)); b = dict(a)", "a.keys() & b.keys()"),
    "dict_keys_le": ("a = dict.fromkeys(range(10**6)); b = dict(a)", "a.keys() <= b.keys()"),
    "dict_keys_disjoint": ("a = dict.fromkeys(range(10**6)); b = dict.fromkeys(range(10**6, 2 * 10**6))", "a.keys().isdisjoint(b)"),
    "dict_fromkeys": ("a = range(10**6)", "dict.fromkeys(a)"),
    "dict_clear": ("a = dict.fromkeys(range(10**6))", "b = a.copy(); b.clear()"),
    "dict_first": ("a = dict.fromkeys(range(10**6))\nfor i in range(999999): del a[i]", "next(iter(a))"),
    "dict_popitem": ("a = dict.fromkeys(range(10**6))", "a.popitem(); a[1] = 1"),
    "dict_repr": ("a = dict.fromkeys(range(10**5))", "repr(a)"),
    "set_eq": ("a = set(range(10**6)); b = set(a)", "a == b"),
    "set_le": ("a = set(range(10**6)); b = set(a)", "a <= b"),
    "set_or": ("a = set(range(10**6)); b = set(a)", "a | b"),
    "set_and": ("a = set(range(10**6)); b = set(a)", "a & b"),
    "set_sub": ("a = set(range(10**6)); b = set(a)", "a - b"),
    "set_xor": ("a = set(range(10**6)); b = set(a)", "a ^ b"),
    "set_isdisjoint": ("a = set(range(10**6)); b = set(range(10**6, 2 * 10**6))", "a.isdisjoint(b)"),
    "set_update": ("a = set(range(10**6)); b = set()", "b.update(a)"),
    "set_iand": ("a = set(range(10**6)); b = set(a)", "a &= b"),
    "set_copy": ("a = set(range(10**6))", "a.copy()"),
    "set_of_list": ("a = list(range(10**6))", "set(a)"),
    "set_pop": ("a = set(range(10**6))\nfor i in range(999999): a.discard(i)", "a.pop(); a.add(999999)"),
    "set_iter": ("a = set(range(10**6))\nfor i in range(999999): a.discard(i)", "next(iter(a))"),
    "frozenset_hash": ("a = list(range(10**6))", "hash(frozenset(a))"),
    # Numbers.
    "int_mul": ("a = 3**10**5", "a * a"),
    "int_add": ("a = 3**10**6", "a + a"),
    "int_eq": ("a = 3**10**6; b = 3**10**6 + 0", "a == b"),
    "int_lt": ("a = 3**10**6; b = a + 1", "a < b"),
    "int_shift": ("a = 1 << 10**7", "a >> 1"),
    "int_or": ("a = 1 << 10**7", "a | 1"),
    "int_neg": ("a = 1 << 10**7", "-a"),
    "int_hash": ("a = 1 << 10**7", "hash(a)"),
    "int_divmod": ("a = 3**10**5; b = 7**4 * 10**4", "divmod(a, b)"),
    "int_div_big": ("a = 3**10**5; b = 7**10**4", "a // b"),
    "int_pow": ("", "3**10**5"),
    "int_pow_mod": ("a = 3**10**4", "pow(a, a, a + 2)"),
    "int_str": ("import sys; sys.set_int_max_str_digits(0); a = 3**10**5", "str(a)"),
    "int_hex": ("a = 1 << 10**6", "hex(a)"),
    "int_parse": ("import sys; sys.set_int_max_str_digits(0); a = '1' * 10**5", "int(a)"),
    "int_parse_hex": ("a = 'f' * 10**6", "int(a, 16)"),
    "int_bytes": ("a = 1 << 10**7", "a.to_bytes(2 * 10**6)"),
    "int_from_bytes": ("a = bytes(10**6)", "int.from_bytes(a)"),
    "int_from_list": ("a = [1] * 10**5", "int.from_bytes(a)"),
    "int_bit_count": ("a = (1 << 10**7) - 1", "a.bit_count()"),
    "int_float": ("a = 1 << 1000", "float(a)"),
    "int_true_div": ("a = 1 << 10**7; b = a + 1", "a / b"),
    "int_format": ("import sys; sys.set_int_max_str_digits(0); a = 3**10**5", "f'{a:,}'"),
    "gcd": ("import math; a = 3**10**4; b = 7**10**4", "math.gcd(a, b)"),
    "isqrt": ("import math; a = 3**10**5", "math.isqrt(a)"),
    "factorial": ("import math", "math.factorial(10**4)"),
    "comb": ("import math", "math.comb(10**5, 5 * 10**4)"),
    "perm": ("import math", "math.perm(10**4)"),
    "fsum": ("import math; a = [1.0] * 10**6", "math.fsum(a)"),
    "prod": ("import math; a = [1] * 10**6", "math.prod(a)"),
    "dist": ("import math; a = [1.0] * 10**6", "math.dist(a, a)"),
    "hypot": ("import math; a = [1.0] * 10**5", "math.hypot(*a)"),
    "sumprod": ("import math; a = [1] * 10**6", "math.sumprod(a, a)"),
    "range_in": ("a = range(10**9)", "1.5 in a"),
    "range_count": ("a = range(10**9)", "a.count('x')"),
    "range_index": ("a = range(10**9)", "a.index(1.5)"),
    "range_in_iter": ("a = range(10**9)", "-1 in iter(a)"),
    "float_format": ("", "f'{1.5:.100000f}'"),
    "float_round": ("", "round(1e300, -200)"),
    # Builtins.
    "sum": ("a = [1] * 10**6", "sum(a)"),
    "sum_float": ("a = [1.5] * 10**6", "sum(a)"),
    "sum_lists": ("a = [[1]] * 3000", "sum(a, [])"),
    "any": ("a = [0] * 10**6", "any(a)"),
    "all": ("a = [1] * 10**6", "all(a)"),
    "max": ("a = [1] * 10**6", "max(a)"),
    "zip": ("a = [1] * 10**5", "list(zip(a, a))"),
    "map": ("a = [1] * 10**6", "list(map(abs, a))"),
    "filter": ("a = [0] * 10**6", "list(filter(None, a))"),
    "enumerate": ("a = [0] * 10**5", "list(enumerate(a))"),
    "reversed": ("a = [0] * 10**6", "list(reversed(a))"),
    "sorted": ("a = [0] * 10**6", "sorted(a)"),
    "filter_none": ("a = range(10**9)", "next(filter(lambda: 0, ()), 0) or any(filter(None, (0,) * 10**6))"),
    "dir": ("class A: pass\nfor i in range(10**5): setattr(A, 'a%d' % i, i)", "dir(A)"),
    "vars_copy": ("class A: pass\nfor i in range(10**5): setattr(A, 'a%d' % i, i)", "dict(vars(A))"),
    "locals": ("exec('def f():\\n' + ''.join('    a%d = 1\\n' % i for i in range(5000)) + '    while 1: locals()')", "f()"),
    "gc_collect": ("import gc; a = [[] for i in range(10**6)]", "gc.collect()"),
    "gc_get_objects": ("import gc; a = [[] for i in range(10**6)]", "gc.get_objects()"),
    "gc_get_referrers": ("import gc; a = [[] for i in range(10**6)]", "gc.get_referrers(a)"),
    "gc_get_referents": ("import gc; a = [[] for i in range(10**6)]", "gc.get_referents(a)"),
    "gc_freeze": ("import gc; a = [[] for i in range(10**6)]", "gc.get_stats()"),
    "verify": ("import ryokan; a = [[] for i in range(10**6)]", "ryokan.verify()"),
    "heap_stats": ("import ryokan; a = [[] for i in range(10**6)]", "ryokan.heap_stats()"),
    "compile": ("a = 'x = 1\\n' * 10**5", "compile(a, 'f', 'exec')"),
    "eval": ("a = '+'.join(['1'] * 1000)", "eval(a)"),
    "exec_error": ("a = 'x = 1\\n' * 10**5 + '('", "try: exec(a)\n    except SyntaxError: pass"),
    "mro_chain": ("class A: pass\nfor i in range(300): A = type('A', (A,), {})\na = A()", "hasattr(a, 'x')"),
    "mro_chain_set": ("class A: pass\nB = A\nfor i in range(300): A = type('A', (A,), {})\na = A()", "B.x = 1; a.x"),
    "many_subclasses": ("class A: pass\nl = [type('B', (A,), {}) for i in range(10**4)]", "A.__len__ = lambda s: 1"),
    "subclasses": ("class A: pass\nl = [type('B', (A,), {}) for i in range(10**4)]", "A.__subclasses__()"),
    "isinstance_deep": ("t = int\nfor i in range(50): t = (t, t)", "isinstance('', t)"),
    "isinstance_wide": ("t = (int,) * 10**6", "isinstance('', t)"),
    "issubclass_chain": ("class A: pass\nB = A\nfor i in range(300): A = type('A', (A,), {})", "issubclass(A, int)"),
    "except_wide": ("t = (ValueError,) * 10**6", "try: [][1]\n    except t: pass\n    except IndexError: pass"),
    "getattr_default": ("class A: pass\nfor i in range(300): A = type('A', (A,), {})\na = A()", "getattr(a, 'zz', None)"),
    "startswith_tuple": ("t = ('b',) * 10**6", "'a'.startswith(t)"),
    "union": ("u = int\nfor i in range(300): u = u | type('A', (), {})", "u == u; hash(u)"),
    "slice_indices": ("s = slice(None, None, 1 << 10**6)", "s.indices(1 << 10**6)"),
    "print_big": ("import sys; a = 'a' * 10**6", "repr(a) == a"),
    "exception_notes": ("e = ValueError()\nfor i in range(10**4): e.add_note('x')", "repr(e.__notes__)"),
    "time_strftime": ("import time; a = '%Y' * 10**5", "time.strftime(a)"),
    "match_class": ("a = {i: i for i in range(10**5)}", "match a:\n        case {1: 1, **rest}: pass"),
    "deep_repr": ("a = []\nfor i in range(300): a = [a, a]", "repr(a)"),
    "list_collide_sort": ("a = ['a' * 10**5 + str(i) for i in range(100)]", "a.sort()"),
    "max_strs": ("a = ['a' * 10**6 + str(i) for i in range(10)]", "max(a)"),
    "class_make": ("ns = {'a%d' % i: i for i in range(10**4)}", "type('A', (), ns)"),
    "kwargs": ("k = {'a%d' % i: i for i in range(10**5)}\ndef f(**k): pass", "f(**k)"),
    "code_replace": ("def f(): pass\nexec('def f():\\n' + ' x=1\\n' * 10**5)", "f.__code__.replace()"),
    "code_eq": ("exec('def f():\\n' + ' x=1\\n' * 10**5)\na = f.__code__; b = a.replace()", "a == b; hash(a)"),
}
DONE = """
"""


def run(binary, name, seconds):
    setup, step = LOOPS[name]
    code = f"{setup}\nwhile 1:\n    {step}\n"
    command = [binary, "--memory-limit", "2G", "--max-instructions", "1000000", "-"]
    if "for i in range(10**" in setup or "range(5000)" in setup or "999999" in setup or "300)" in setup:
        command[4] = "30000000"
    started = time.time()
    try:
        done = subprocess.run(command, input=code, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return f"not stopped in {seconds} s"
    took = time.time() - started
    last = done.stderr.strip().splitlines()[-1:] or [""]
    if "InstructionLimit" not in last[0]:
        return f"{took:.1f} s, exit status {done.returncode}: {last[0][:100]}"
    return None


def main():
    args, seconds = sys.argv[1:], 20
    if "--seconds" in args:
        at = args.index("--seconds")
        seconds = float(args[at + 1])
        del args[at : at + 2]
    if not args:
        sys.exit(__doc__)
    names, failed = args[1:] or list(LOOPS), 0
    with ThreadPoolExecutor(2) as pool:
        for name, wrong in zip(names, pool.map(lambda n: run(args[0], n, seconds), names)):
            failed += bool(wrong)
            if wrong:
                print(f"{name:<28}{wrong}", flush=True)
    print(f"{len(names) - failed} of {len(names)} meet the limit")
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
