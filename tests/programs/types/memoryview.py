# memoryview: items, slices, casts, and what it forbids the bytearray.
def t(f, *a):
    try: print(f(*a))
    except Exception as e: print(type(e).__name__, e)
m = memoryview(b"abcdef")
print(m[0], m[-1], m[1:3].tobytes(), m[::2].tolist(), m[::-1].tobytes(), len(m), m.nbytes, m.itemsize, m.format, m.ndim, m.shape, m.strides, m.readonly, m.contiguous, m[::2].contiguous, m[::2].strides)
print(m == b"abcdef", m == bytearray(b"abcdef"), m != b"x", m == 5, hash(m) == hash(b"abcdef"), m[1:] == memoryview(b"bcdef"))
print(bytes(m[::2]), bytearray(m[::-2]), b"".join([m[:2], b"-"]), b"x" + m[:1], list(m), 97 in m, m.hex(), m.hex(":"))
w = bytearray(range(16))
v = memoryview(w)
v[0] = 255
v[1:3] = b"zz"
print(w)
t(v.__setitem__, 0, 256); t(v.__setitem__, 0, "a"); t(v.__setitem__, slice(0, 2), b"abc"); t(v.__setitem__, 100, 1); t(v.__delitem__, 0)
t(m.__setitem__, 0, 1)
t(lambda: m["a"]); t(lambda: m[10]); t(lambda: m[1, 2])
c = v.cast("I")
print(c.format, len(c), c[0], c.tolist(), c.nbytes, c.itemsize)
c[0] = 1
print(w[:4])
d = memoryview(bytearray(16)).cast("d")
d[0] = 1.5; d[1] = -2
print(d.tolist(), d.cast("B")[:8].tolist())
t(d.cast, "I"); t(memoryview(b"abc").cast, "H"); t(memoryview(b"abc").cast, "zz"); t(m[::2].cast, "B")
t(c.__setitem__, 0, -1); t(c.__setitem__, 0, 2**40); t(d.__setitem__, 0, "x")
t(w.append, 1); t(w.pop); t(w.extend, b"q"); t(w.clear)
with memoryview(w) as x:
    print(x[0])
t(lambda: x[0]); t(len, x); t(lambda: x.obj); print(x == x, x == m)
v.release(); c.release(); v.release()
w.append(7)
print(len(w), m.toreadonly().readonly, memoryview(w).toreadonly().readonly)
t(hash, memoryview(w))
t(memoryview, 5); t(memoryview); t(memoryview, "abc")
print(m.count(97), m.index(98)); t(m.index, 5)
print(int.from_bytes(m[:2], "big"), b"abc".find(m[1:2]), b"%s" % m[:2], m.obj, memoryview(m).obj, isinstance(m, memoryview))
match m[:2]:
    case [a, b]: print("seq", a, b)
print(m[3:3].tolist(), m[2:1].tobytes(), memoryview(b"")[:].tolist(), memoryview(b"\x01\x00").cast("?").tolist(), memoryview(b"ab").cast("c").tolist(), memoryview(b"\xff").cast("b")[0])
y = memoryview(bytearray(b"0123456789"))
y[2:6] = y[0:4]
print(y.tobytes())
y[::2] = b"ABCDE"
print(y.tobytes(), y[::-3].tolist())
del y
