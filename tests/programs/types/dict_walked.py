# A dict that changes while somebody walks over it: what each walk sees, and where it fails.
def tried(walk, steps):
    seen = []
    try:
        for number, item in enumerate(walk):
            seen.append(item)
            if number < len(steps):
                steps[number]()
    except RuntimeError as e:
        return seen, str(e)
    return seen


def walks(d):
    return {
        "keys": iter(d), "values": iter(d.values()), "items": iter(d.items()),
        "keys back": reversed(d), "values back": reversed(d.values()), "items back": reversed(d.items()),
    }


def again(d, key):
    def change():
        value = d.pop(key)
        d[key] = value
    return change


def emptied(d, new):
    def change():
        d.clear()
        d.update(new)
    return change


CASES = {
    "only one again": ({0: 0}, lambda d: again(d, 0)),
    "first again": ({0: 0, 1: 1, 2: 2}, lambda d: again(d, 0)),
    "last again": ({0: 0, 1: 1, 2: 2}, lambda d: again(d, 2)),
    "middle again": ({0: 0, 1: 1, 2: 2}, lambda d: again(d, 1)),
    "emptied": ({0: 0, 1: 1, 2: 2}, lambda d: emptied(d, {})),
    "filled anew": ({0: 0, 1: 1, 2: 2}, lambda d: emptied(d, {7: 7, 8: 8, 9: 9})),
    "one more": ({0: 0, 1: 1, 2: 2}, lambda d: lambda: d.update({5: 5})),
    "one less": ({0: 0, 1: 1, 2: 2}, lambda d: lambda: d.pop(1)),
    "other value": ({0: 0, 1: 1, 2: 2}, lambda d: lambda: d.update({2: 9})),
}
for name, (start, change) in CASES.items():
    for kind in walks({}):
        d = dict(start)
        print(name, "|", kind, "|", tried(walks(d)[kind], [change(d)]))

# popitem gives places back, del does not.
d = {i: i for i in range(4)}
walk = iter(d)
next(walk)
d.popitem()
d[9] = 9
print(list(walk))
d = {i: i for i in range(4)}
walk = iter(d)
next(walk)
del d[3]
d[9] = 9
try:
    print([next(walk) for _ in range(3)], next(walk, "end"))
except RuntimeError as e:
    print(e)

d = {f"k{i}": i for i in range(1000)}
for i in range(1, 1000):
    del d[f"k{i}"]
back = [reversed(d), reversed(d.keys()), reversed(d.values()), reversed(d.items())]
d.clear()
d["k0"] = 0
print([list(walk) for walk in back])
d = dict.fromkeys(range(10))
for i in range(7):
    del d[i]
back = [reversed(d), reversed(d.values()), reversed(d.items())]
for walk in back:
    next(walk)
d.clear()
d.update(dict.fromkeys(range(10)))
for i in range(3, 10):
    del d[i]
for walk in back:
    try:
        print(list(walk))
    except RuntimeError as e:
        print(e)

# Many removals at the end, then everything that asks for the last.
d = {i: -i for i in range(50)}
for i in range(20, 50):
    del d[i]
print(next(reversed(d)), d.popitem(), len(d), list(d)[-1])
d[1] = "x"
d["new"] = 1
print(list(d)[-2:], next(reversed(d.items())))
for key in list(d):
    del d[key]
print(d, list(reversed(d)), len(d))
try:
    d.popitem()
except KeyError as e:
    print(e)
for i in range(1000):
    d[i] = i
    del d[i]
print(d, d.get(999), 0 in d)
d["a"] = 1
print(d, d.copy(), {**d}, d | {"b": 2})

import collections

o = collections.OrderedDict.fromkeys(range(8))
for i in (7, 6, 5):
    del o[i]
o.move_to_end(0)
o.move_to_end(4, last=False)
print(list(o), next(reversed(o)), o.popitem(), o.popitem(last=False), list(o))
for key in list(o):
    del o[key]
print(o, list(reversed(o)))
try:
    o.popitem(last=False)
except KeyError as e:
    print(e)
