# A comparison of keys that removes other keys from the dict goes on where it was.
import weakref


class Key:
    def __init__(self, value, hash=None):
        self.value, self.hash = value, value if hash is None else hash

    def __hash__(self):
        return self.hash

    def __eq__(self, other):
        calls.append((self.value, other.value))
        act()
        return self.value == other.value


def nothing():
    pass


calls, act = [], nothing
d = weakref.WeakKeyDictionary()
keys = [Key(i) for i in range(4)]
for key in keys:
    d[key] = key.value
del key
keys = list(d.keys())
keys.reverse()
act = lambda: keys.pop()
count = 0
for key in keys:
    count += 1
    del d[key]
print(len(d), count, len(calls))

for name, change in {
    "others go": lambda: d.pop("other", None),
    "it goes": lambda: d.clear(),
    "one comes": lambda: d.setdefault("new"),
    "many come": lambda: d.update(dict.fromkeys(range(100, 150))),
}.items():
    act, calls = nothing, []
    d = {Key(1, 7): "one", Key(2, 7): "two", "other": 1}
    calls.clear()
    ran = []

    def act():
        if not ran:
            ran.append(1)
            change()

    print(name, d.get(Key(2, 7), "none"), len(d))
