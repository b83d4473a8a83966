# bool and None, Ellipsis, NotImplemented; truth of objects.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


print(True, False, None, ..., NotImplemented, repr(True), str(None), type(None), type(...), type(NotImplemented))
for v in (0, 1, -1, 0.0, "", "0", b"", [], [0], (), (None,), {}, {0: 0}, set(), {0}, None, ..., range(0), range(1), 0j, object, len):
    print(bool(v), not v, "T" if v else "F", end="; ")
print()
print(True == 1, True is (1 == 1), isinstance(True, int), bool.__mro__ == (bool, int, object), True + 1, sum([True, False, True]), "ab"[True], [1, 2][False])
print(True and 0, 0 or None, None or [] or "x", 1 and 2 and 3, not 1 and 2, 1 or 1 / 0, 0 and 1 / 0)
print(True & True, True | False, True ^ True, True & 3, 2 | True, ~0, type(True ^ False).__name__, type(True ^ 0).__name__)
print(bool(), bool("False"), int(True), float(False), complex(True), str(True), repr(False), hash(True), hash(False), hash(1) == hash(True))
print({1: "int", True: "bool", 1.0: "float"}, [1, True, 1.0].count(True), {True, 1, 1.0}, True in [1], None in [None])
print(None is None, None == None, None == 0, None != False, None == False, ... is Ellipsis)
err(lambda: None < None)
err(lambda: None + 1)
err(lambda: (lambda n: n())(None))
err(lambda: None.x)
err(lambda: (lambda n: n[0])(None))
err(lambda: len(None))
err(lambda: [*None])
err(lambda: "a" in None)
err(lambda: bool(NotImplemented))
err(lambda: not NotImplemented)
err(bool, 1, 2)
err(bool, x=1)
err(type(None), 1)
err(lambda: type("B", (bool,), {}))
err(lambda: type("N", (type(None),), {}))
print(type(None)() is None, type(...)() is ..., type(NotImplemented)() is NotImplemented)


class Len:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


class Bool:
    def __init__(self, r):
        self.r = r

    def __bool__(self):
        print("asked", end=" ")
        return self.r

    def __len__(self):
        raise AssertionError("not reached")


class Raises:
    def __bool__(self):
        raise ValueError("no truth")


print(bool(Len(0)), bool(Len(3)), bool(Bool(True)), bool(Bool(False)), bool(Bool), not Bool(True))
err(bool, Bool(1))
err(bool, Bool("x"))
err(bool, Len(-1))
err(bool, Len("x"))
err(bool, Len(10**30))
err(bool, Raises())
err(lambda: 1 if Raises() else 2)
err(lambda: not Raises())
err(lambda: Raises() and 1)
err(lambda: [x for x in [1] if Raises()])
err(lambda: any([0, Raises()]))
b = Bool(True)
print((b and 1), (b or 1) is b, (not b), 1 if b else 2)
x = b and b and 5
print(x)
while b:
    print("once")
    break
print(all([]), any([]), all([1, 0, Raises()]), any([0, 2, Raises()]))
print(1 < 2 < 3, 1 < 3 < 2, (1 < 2) < 3, 1 == 1 != 2, 3 > 2 == 2, not 1 == 2)
