# A number that is looked at and then meets a method written in Python is the one object that its container holds.
seen = []
class O:
    def __radd__(self, o): seen.append(o); return 1
    __rmul__ = __rsub__ = __radd__
    __add__ = __mul__ = __iadd__ = __radd__
    def __eq__(self, o): seen.append(o); return False
    __lt__ = __gt__ = __le__ = __ge__ = __ne__ = __eq__
    def __getitem__(self, o): seen.append(o); return 1
    __delitem__ = __contains__ = __getitem__
    def __setitem__(self, o, v): seen.append(o)
    __hash__ = None
class P: pass
class S: __slots__ = 'num'
CASES = """
p.num * o | p.num
p.num + o | p.num
s.num + o | s.num
l[0] + o | l[0]
l[i] + o | l[i]
l[-1] + o | l[-1]
d['k'] + o | d['k']
d[k] + o | d[k]
t[0] < o | t[0]
t[i] < o | t[i]
o == l[0] | l[0]
l[0] == o | l[0]
l[i] != o | l[i]
o + l[0] | l[0]
o * p.num | p.num
o in l | l[0]
l[0] in o | l[0]
o[l[0]] | l[0]
o[p.num] | p.num
o[p.num] = 1 | p.num
o[t[0]] = 1 | t[0]
del o[l[0]] | l[0]
q.num * o | q.num
g[0] + o | g[0]
n + o | n
p.l[0] + o | p.l[0]
p.p.num + o | p.p.num
p.l[0] < o.__class__() | p.l[0]
r = 1 if l[0] < o else 0 | l[0]
if o == p.num: pass | p.num
while p.num < o: break | p.num
x = l[0]; x + o | l[0]
x = p.num; x + o | p.num
x = p.num; o[x] | p.num
for x in l: x + o; break | l[0]
for x in t: o == x; break | t[0]
for x in d.values(): x + o; break | d['k']
x, y = l[:1] + [1]; x + o | l[0]
x, y = t; x + o | t[0]
[x + o for x in l[:1]] | l[0]
o += l[0] | l[0]
(lambda: c + o)() | c
c + o | c
x = p; x.num + o | p.num
(p.num + o) + 1 | p.num
p.l[0] + o + 1 | p.l[0]
l[0:1][0] + o | l[0]
p.num - o | p.num
o.__radd__(p.num) | p.num
z[0][0] + o | z[0][0]
z[0][0] == o | z[0][0]
"""
def number():
    number.last += 1.5
    return number.last * 1.0
number.last = 1000.25
TEMPLATE = """
def f(p, s, l, d, t, o, i, k, c, z):
    lambda: c
    {}
    return seen and seen[0] is {}
"""
for case in CASES.strip().splitlines():
    text, place = case.split(" | ")
    scope = {"seen": seen, "g": [number()], "n": number(), "q": P()}
    scope["q"].num = number()
    exec(TEMPLATE.format(text, place), scope)
    for turn in range(3):
        p, s = P(), S()
        p.num = number(); s.num = number(); p.l = [number()]; p.p = P(); p.p.num = number()
        seen.clear()
        ok = scope["f"](p, s, [number()], {"k": number(), 1000: number()}, (number(), 1), O(), 0, 1000, number(), [[number()]])
        if not ok: print(text, turn, ok)
print("done")
