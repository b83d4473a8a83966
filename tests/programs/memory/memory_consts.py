# Identity of constants: strings, tuples, floats, None; across code objects.
import sys


def f():
    return "wtf!"


def g():
    return "wtf!"


def long1():
    return "a long string, with spaces and punctuation: nothing like a name at all"


def long2():
    return "a long string, with spaces and punctuation: nothing like a name at all"


a = "wtf"
b = "wtf"
print("wtf:", a is b, a is "".join(["w", "tf"]), a is sys.intern("".join(["w", "tf"])))
a = "wtf!"
b = "wtf!"
print("wtf!, one code object:", a is b)
print("wtf!, two functions:", f() is g(), f() is f(), f() is a)
print("long, two functions:", long1() is long2(), long1() is long1())
ns = {}
exec("c = 'wtf!'\nd = 'wtf!'\ne = 'wtf'\nh = 'a b'", ns)
print("exec:", ns["c"] is ns["d"], ns["c"] is a, ns["e"] is "wtf".upper().lower(), ns["h"] is eval("'a b'"))
w = "wtf"
print("across exec, name-like:", ns["e"] is w, eval("'wtf'") is w, eval("'wtf!'") is a)
print("empty and single:", str() is "x"[:0], "abc"[1] is "xbz"[1], chr(97) is "a"[0], chr(233) is "\u00e9x"[0], chr(300) is chr(300), "".join([]) is str(), "ab"[0:1] is "cba"[-1])
print("folded:", "ab" + "cd" is "".join(["abcd"]) if False else ("ab" + "cd") is eval("'abcd'"), ("a" * 20) is eval("'a' * 20"), "a-" * 3 is "b"[0:0] + "a-a-a-")
x, y = "x" * 5000, "x" * 5000
print("big repeats:", x is y, len(x))
s = "name"
t = s + ""
u = "" + s
v = s[:]
print("same when nothing changes:", t is s, u is s, v is s, str(s) is s, s.strip() is s, s.replace("z", "q") is s, s.lower() is s, s * 1 is s, s.ljust(2) is s, s[0:100] is s, "".join([s]) is s, s.translate({}) is s, s.format() is s, ("%s" % s) is s, f"{s}" is s, s.removeprefix("z") is s, s.expandtabs() is s, s.zfill(1) is s, s.split(",")[0] is s, s.partition(",")[0] is s)
p, q = "run time", "run " + s[:0] + "time"
print("run time:", p == q, p is q, sys.intern(p) is p, sys.intern(q) is p, sys.intern(q) is sys.intern("".join(["run", " time"])))
try:
    sys.intern(5)
except TypeError as e:
    print(e)
class S(str):
    pass
try:
    sys.intern(S("x"))
except TypeError as e:
    print(e)


def tup1():
    return (1, 2, "x")


def tup2():
    return (1, 2, "x")


t1 = (1, 2, 3)
t2 = (1, 2, 3)
print("tuples:", t1 is t2, tup1() is tup1(), tup1() is tup2(), tuple() is tuple([]), t1[:] is t1, tuple(t1) is t1, t1 * 1 is t1, t1 + () is t1, () + t1 is t1, tuple([1]) is tuple([1]), t1[1:1] is tuple())
f1 = 1.5
f2 = 1.5


def fl():
    return 1.5


print("floats:", f1 is f2, fl() is fl(), fl() is f1, float(f1) is f1, +f1 is f1, f1 + 0 is f1, f1 * 1.0 is f1, abs(f1) is f1, float("1.5") is f1, round(f1, 5) is f1)
c1 = 1j
c2 = 1j
print("complex:", c1 is c2, complex(c1) is c1, +c1 is c1)
z1, z2 = 0.0, -0.0
print("signed zero:", z1 is z2, z1 == z2)
i1, i2, i3 = 1, 1.0, True
print("kinds apart:", i1 is i2, i1 is i3)
b1 = b"bytes!"
b2 = b"bytes!"
print("bytes:", b1 is b2, bytes(b1) is b1, b1[:] is b1, b1 + b"" is b1, b1[:0] is bytes(), b"a"[0:1] is b"ba"[1:], bytes([97]) is b1[:0] + bytes([97]), bytes([1, 2]) is bytes([1, 2]))
fs = frozenset([1])
print("frozenset:", frozenset(fs) is fs, frozenset() is frozenset(), fs.copy() is fs, fs | set() is fs)
print("attribute names:", list(type("C", (), {"attr_x": 1}).__dict__)[0] is "".join(["attr", "_x"]), list({"key": 1})[0] is list({"key": 2})[0])


class C:
    def __init__(self):
        self.some_name = 1


print([k is "some_name"[:] for k in C().__dict__] if False else [k is n for k, n in zip(C().__dict__, ["some_name"])])
n = None
print(n is None, (lambda: None)() is None, print is print, type(n) is type(None), Ellipsis is ..., NotImplemented is NotImplemented)
r1 = range(0)
print(range(5) is range(5), [] is [], {} is {}, (lambda: 0) is (lambda: 0), object() is object(), [1][0] is 1 + 0)
def k1(): return -1000
def k2(): return "x" "y!"
print(k1() is k1(), k2() is k2(), (lambda: 2**20)() is (lambda: 1 << 20)(), [(lambda: 1000) for _ in "ab"][0]() is [(lambda: 1000) for _ in "ab"][1]())
g1 = [lambda: 7000 for _ in range(2)]
print(g1[0]() is g1[1](), g1[0].__code__ is g1[1].__code__)
