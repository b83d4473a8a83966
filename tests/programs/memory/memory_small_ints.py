# Which ints are one object: -5..256 everywhere, others by constant sharing only.

def f257():
    return 257


def g257():
    return 257


def minus5():
    return -5


def minus6():
    return -6


a = 257
b = 257
print("same module, two statements:", a is b)
print("two functions:", f257() is g257(), f257() is f257())
print("module and function:", a is f257())
print("small across functions:", minus5() is -5, f257() - 1 is g257() - 1)
m6a, m6b = minus6(), minus6()
print("minus six:", m6a is m6b)
ns = {}
exec("c = 257\nd = 257\ne = 256", ns)
print("one exec:", ns["c"] is ns["d"], "against module:", ns["c"] is a, "small:", ns["e"] is 255 + 1 if False else ns["e"] is (a - 1))
ns2 = {}
exec("c = 257", ns2)
print("two execs:", ns["c"] is ns2["c"])
print("eval twice:", eval("257") is eval("257"), eval("256") is eval("256"))


def edge(n):
    # made at run time, twice
    return n + 0 is n + 0, n * 1 is n, int(str(n)) is int(str(n))


for n in (-7, -6, -5, -4, -1, 0, 1, 255, 256, 257, 258, 1000, 10**20):
    x = n + 0
    y = n - 0
    z = int(str(n))
    print(n, x is n, x is y, z is x, int(n) is n, +n is n, abs(n) is n, n.__index__() is n)
x = 256
y = 255 + True
print(x is y, x + 1 is y + 1, x - 261 is y - 261, x - 262 is y - 262)
for op in (lambda p, q: p + q, lambda p, q: p * q, lambda p, q: p - q, lambda p, q: p // q, lambda p, q: p % q, lambda p, q: p & q, lambda p, q: p | q, lambda p, q: p ^ q, lambda p, q: p << 1, lambda p, q: p >> 1, lambda p, q: p**2):
    r1, r2 = op(15, 7), op(15, 7)
    s1, s2 = op(1500, 700), op(1500, 700)
    print(r1, r1 is r2, s1, s1 is s2)
print(len("x" * 200) is len("y" * 200), len("x" * 300) is len("y" * 300), ord("\u00ff") is ord("\u00ff"), ord("\u0200") is ord("\u0200"))
i = 250
seen = []
while i < 262:
    i += 1
    seen.append(i)
    j = int(str(i))
    print(i, j is i, seen[-1] is i, end="; ")
print()
for k in range(254, 260):
    for q in range(254, 260):
        if k == q:
            print(k, k is q, end="; ")
print()
print(sum([100, 100]) is sum([150, 50]), sum([1000, 1]) is sum([1000, 1]), min(1000, a) is a, max([a, 1]) is a, divmod(1000, 3)[1] is 2 - 1, round(a) is a, pow(2, 8) is pow(16, 2), pow(2, 9) is pow(2, 9))
print((lambda: 300)() is (lambda: 300)(), [257][0] is a, (257,)[0] is a, {1: 257}[1] is a)


def consts():
    p = 1000
    q = 1000
    t = (1000, 2)
    u = [1000, 3]
    r = 10 * 100
    s = 1000.0
    return p is q, p is t[0], p is u[0], p is r, p == s


print(consts())


def default(v=1000):
    w = 1000
    return v is w


print(default())


class K:
    n = 1000
    k = 1000
    same = n is k

    def get(self):
        return 1000


print(K.same, K.n is K.k, K.n is K().get(), K().get() is K().get())
lit = [500, 500, 250 + 250]
print(lit[0] is lit[1], lit[0] is lit[2])
print(type(True).__name__, True is (1 == 1))
