# id(): one object, one id; reuse after freeing; differing while alive.

class Room:
    pass


a = Room()
b = Room()
print(id(a) == id(a), id(a) == id(b), id(a) != id(b), id(Room()) == id(a))
x = 1000
y = x
print(id(x) == id(y), id(x) == id(1000 + 0 * len("a")), id(x + 1) == id(x))
l = [x, x, 1000]
print(id(l[0]) == id(x), id(l[0]) == id(l[1]), id(l[2]) == id(x), len({id(v) for v in l}))
print("freed at once:", id(Room()) == id(Room()), id([]) == id([]), id(object()) == id(object()))
print("alive together:", Room() is Room(), [] is [])
i = id(a)
del a
c = Room()
i = id(c)
c = None
d = Room()
e = [Room() for _ in range(100)]
print("all apart:", len({id(r) for r in e}))
ids = {id(r) for r in e}
del e
e = [Room() for _ in range(100)]
print("mostly the same rooms again:", len(ids & {id(r) for r in e}) > 50)
f = 1.5 * 2
i = id(f)
f = 0
g = 2.5 * 2
t = (1, x)
print(id(t[1]) == id(x), id(t) == id(t[:]))
print(isinstance(id(x), int), id(x) > 0, id(None) == id(None), id(None) != id(True))


def loc():
    return id(object())


print(loc() == loc())
s = "ab" * 3
u = s
s += "c"
print(id(s) == id(u), u)
m = [1]
i = id(m)
m += [2]
print(id(m) == i)
m = m + [3]
print(id(m) == i)
tt = (1,)
keep = tt
tt += (2,)
print(tt is keep, keep)
n = 5
i = id(n)
n += 1
print(id(n) == i, id(n) == id(6), id(n - 1) == i)


def method_ids(o):
    return id(o.append) == id(o.append), o.append is o.append, o.append == o.append


print(method_ids([]))


class C:
    def m(self):
        pass


o = C()
print(o.m is o.m, o.m == o.m, C.m is C.m, o.m.__func__ is C.m, o.m.__self__ is o)
print(id(int) == id(type(5)), id(C) == id(type(o)), id(C.__dict__["m"]) == id(C.m))
print(o.__dict__ is o.__dict__, vars(o) is o.__dict__, globals() is globals(), globals()["o"] is o)
try:
    id()
except TypeError as ex:
    print(ex)
try:
    id(1, 2)
except TypeError as ex:
    print(ex)
