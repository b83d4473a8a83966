# bytes and bytearray.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


b = b"Hello, World"
print(b, b[0], b[-1], b[1:4], b[::-1], b[::2], len(b), list(b[:3]), b"a" + b"b", b"ab" * 3, 72 in b, b"World" in b, bytes(3), bytes([1, 2, 255]), bytes("é", "utf-8"), bytes(b"x"), bytes(range(5)))
print(repr(b"\x00\n\t\r\\'\xff"), repr(b'"'), repr(b"'\""), str(b"x"), b"\x41\101\n", rb"\x41", b"a" b"b")
for m in ("upper", "lower", "title", "capitalize", "swapcase", "hex", "isalpha", "isalnum", "isdigit", "isspace", "isupper", "islower", "istitle", "isascii", "strip", "split"):
    print(m, getattr(b, m)(), getattr(bytearray(b"a1 \xff"), m)())
print(b.find(b"o"), b.rfind(b"o"), b.find(111), b.index(b"W"), b.count(b"l"), b.count(108), b.startswith(b"He"), b.endswith((b"x", b"ld")), b.replace(b"l", b"L", 2), b.partition(b", "), b.rpartition(b"o"), b.split(b","), b"a b  c".split(), b"a,b,c".rsplit(b",", 1), b"a\nb\r\nc".splitlines(), b",".join([b"x", bytearray(b"y")]))
print(b"xx".center(6, b"*"), b"x".ljust(3) + b"|", b"7".zfill(3), b" a ".strip(), b"xay".strip(b"xy"), b"a\tb".expandtabs(4), b"abc".translate(bytes.maketrans(b"ab", b"xy")), b"abcabc".translate(None, b"b"), b"abc".removeprefix(b"a"), b"abc".removesuffix(b"c"))
print(bytes.fromhex("de ad BE EF"), b"\xde\xad".hex(":"), b"abcdef".hex("-", 2), b"abcdef".hex("_", -4), bytes.fromhex(b"41"))
print("%s" % b"x", b"%s %d %x %5.2f %r %a %c|%-5d|" % (b"x", 5, 255, 1.5, "q", "é", 65, 3), b"%b%%" % b"q", b"%(k)s" % {b"k": b"v"})
for f in (lambda: b[100], lambda: b["a"], lambda: b + "x", lambda: b"a" < "a", lambda: bytes("x"), lambda: bytes([256]), lambda: bytes([-1]), lambda: bytes(-1), lambda: bytes(["a"]), lambda: bytes(1.5), lambda: b.find("x"), lambda: b.index(b"zz"), lambda: b.find(256), lambda: 256 in b, lambda: "a" in b, lambda: b.split(b""), lambda: b",".join(["x"]), lambda: b.startswith("x"), lambda: b"x".center(5, b"ab"), lambda: bytes.fromhex("4"), lambda: bytes.fromhex("4g"), lambda: b"%d" % "x", lambda: b"%s" % "x", lambda: b"%c" % 300, lambda: b.replace(b"a"), lambda: bytes.maketrans(b"a", b"bc"), lambda: b.translate(b"x"), lambda: bytes(5, "ascii"), lambda: bytes("a", "b", "c", "d"), lambda: bytes(10**30), lambda: b.decode("ascii", "x", "y"), lambda: b.nope, lambda: b"ab".hex("xx")):
    err(f)
err(lambda: setitem(b, 0, 1))


def setitem(o, i, v):
    o[i] = v


err(setitem, b, 0, 1)
print(b"abc" == bytearray(b"abc"), hash(b"abc") == hash(bytes([97, 98, 99])), b"a" < b"b", b"a" == "a", b"" == b"", sorted([b"b", b"a", b"ab"]), bool(b""), max(b"abc"))
a = bytearray(b"abc")
print(a, repr(a), a[0], a[1:], type(a[1:]).__name__, a + b"d", type(a + b"d").__name__, type(b"d" + a).__name__, a * 2)
a.append(100)
a.extend(b"ef")
a.extend([103])
a += b"h"
a[0] = 65
a[1:3] = b"--long--"
del a[-1]
a.insert(0, 33)
print(a, a.pop(), a.pop(0), a, len(a))
a.remove(45)
a.reverse()
print(a, a.count(b"-"), a.copy() is a)
a[::2] = b"x" * len(a[::2])
print(a)
del a[1::2]
print(a, a.clear(), a)
a = bytearray(range(10))
a[2:5] = [7]
a[5:] = b""
a *= 2
print(a, list(a), a.hex(), bytearray(3), bytearray("x", "ascii"), bytearray(b"x").decode())
for f, args in ((setitem, (a, 0, 256)), (setitem, (a, 0, -1)), (setitem, (a, 0, "x")), (setitem, (a, 100, 1)), (setitem, (a, slice(0, 4, 2), b"abc")), (setitem, (a, slice(0, 1), "x")), (setitem, (a, slice(0, 1), 5)), (a.append, (256,)), (a.append, ("x",)), (a.extend, ("x",)), (a.extend, ([300],)), (a.extend, (5,)), (a.remove, (99,)), (bytearray().pop, ()), (a.pop, (50,)), (hash, (a,)), (a.insert, (0,)), (bytearray, ("x",)), (bytearray, ([1, "a"],)), (lambda: {a: 1}, ())):
    err(f, *args)
c = a
c += b"!"
print(c is a, a.startswith(b"\x00\x01"), a.find(7), a.index(7), a.replace(b"\x07", b"seven"), a.upper() is a, bytes(a) == a, a == bytes(a), a > b"", a.isalnum())
m = memoryview(b"abc")
print(m[0], m[1:].tobytes(), len(m), m.tolist(), bytes(m), m == b"abc", m.readonly)
w = bytearray(b"abc")
v = memoryview(w)
v[0] = 90
print(w, v.readonly)
err(w.append, 1)
v.release()
w.append(1)
print(w)
