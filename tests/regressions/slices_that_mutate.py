"""Bounds of slices, and indices, whose __index__ changes the sequence: its length is read afterwards."""


class At:
    """An index that does something first, and counts how often it is asked."""

    def __init__(self, number, act=lambda: None):
        self.number, self.act, self.asked = number, act, 0

    def __index__(self):
        self.asked += 1
        self.act()
        return self.number


def outcome(action):
    try:
        return action()
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def slices(act):
    """Slices of every form, one part of which acts."""
    for make in (
        lambda i: slice(i(0), 50),
        lambda i: slice(i(3), None),
        lambda i: slice(0, i(50)),
        lambda i: slice(None, None, i(1)),
        lambda i: slice(i(0), 50, 2),
        lambda i: slice(60, 2, i(-3)),
        lambda i: slice(i(-1), None, -1),
        lambda i: slice(i(40), i(2), i(-1)),
        lambda i: slice(i(1 << 70), i(-(1 << 70)), i(-1)),
        lambda i: slice(i(90), i(10)),
    ):
        yield make(lambda number: At(number, act))


def set_item(container, key, value):
    container[key] = value


def del_item(container, key):
    del container[key]


CHANGES = {
    "clear": lambda s: s.clear(),
    "shrink": lambda s: s.__delitem__(slice(5, None)),
    "front": lambda s: s.__delitem__(slice(0, 90)),
    "grow": lambda s: s.extend(b"0123456789" * 30),
    "refill": lambda s: (s.clear(), s.extend(b"abc")),
    "nothing": lambda s: None,
}

for kind in (list, bytearray):
    for name, change in CHANGES.items():
        for number in range(10):
            made = kind(range(100))
            one = list(slices(lambda: change(made)))[number]
            got = outcome(lambda: made[one])
            print(kind.__name__, name, number, "get", got if isinstance(got, str) else (sum(got), len(got)), len(made))
            for value in (b"xyz", b"", [1, 2], made):
                made = value if value is made else kind(range(100))
                value = made if value is made else value
                one = list(slices(lambda: change(made)))[number]
                if kind is bytearray and name == "grow":
                    continue  # how often it grows is told below
                print("  set", outcome(lambda: set_item(made, one, value)), len(made), sum(made))
            made = kind(range(100))
            one = list(slices(lambda: change(made)))[number]
            print("  del", outcome(lambda: del_item(made, one)), len(made), sum(made))
        for index in (0, -1, 4, 99, -100):
            for value in (7, At(7)):
                made = kind(range(100))
                act = lambda: change(made)
                if isinstance(value, At):
                    value.act = act
                got = [outcome(lambda: made[At(index, act)])]
                made = kind(range(100))
                got.append(outcome(lambda: set_item(made, At(index, act), 8)))
                if kind is bytearray:
                    made = kind(range(100))
                    got.append(outcome(lambda: set_item(made, index, value)))
                made = kind(range(100))
                got.append(outcome(lambda: del_item(made, At(index, act))))
                made = kind(range(100))
                got.append(outcome(lambda: made.pop(At(index, act))))
                made = kind(range(100))
                got.append(outcome(lambda: made.insert(At(index, act), 9)))
                print("  at", index, got, len(made), sum(made))

print("How often the parts are asked")
for kind in (list, bytearray, tuple, bytes, lambda s: s, lambda s: memoryview(bytearray(s)), lambda s: "x" * len(s)):
    for value in (None, b"ab", bytearray(b"ab"), memoryview(b"ab"), [1, 2], 5):
        for step in (1, 2):
            made = kind(range(10))
            parts = [At(0), At(2 * step), At(step)]
            key = slice(*parts)
            got = [outcome(lambda: made[key]) and [p.asked for p in parts]]
            got.append(outcome(lambda: set_item(made, key, value)))
            got.append([p.asked for p in parts])
            got.append(outcome(lambda: del_item(made, key)))
            got.append([p.asked for p in parts])
            print(type(made).__name__, type(value).__name__, step, got)

print("Order and errors")
said = []
def tell(number, name):
    return At(number, lambda: said.append(name))
def fail():
    raise ArithmeticError("no index")
for key in (slice(tell(1, "start"), tell(2, "stop"), tell(0, "step")), slice(At(0, fail), tell(2, "stop"), tell(1, "step")),
            slice("a", tell(2, "stop"), tell(1, "step")), slice(tell(1, "start"), 1.5, tell(1, "step"))):
    for made in ([1, 2], bytearray(2), (1, 2), b"12", "12", memoryview(b"12"), range(2)):
        said.clear()
        print(type(made).__name__, outcome(lambda: made[key]), said)
    print(outcome(lambda: key.indices(At(5, lambda: said.append("length")))), said)

print("A view released on the way")
for act in ("get", "set", "key", "slice", "slice value", "cast"):
    data = bytearray(b"abcdefgh")
    view = memoryview(data)
    def let_go():
        view.release()
        data.clear()
    if act == "get":
        got = outcome(lambda: view[At(2, let_go)])
    elif act == "set":
        got = outcome(lambda: set_item(view, 2, At(65, let_go)))
    elif act == "key":
        got = outcome(lambda: set_item(view, At(2, let_go), 65))
    elif act == "slice":
        got = outcome(lambda: view[At(0, let_go):5])
    elif act == "slice value":
        got = outcome(lambda: set_item(view, slice(0, 8, 2), memoryview(view)[4:]))
    else:
        got = outcome(lambda: view.cast("H")[At(3, let_go)])
    if act != "slice":  # CPython holds on to the bytes while it makes the slice
        print(act, got, data)

print("Bounds of searches and of slots")
for kind in (list, tuple):
    made = kind(range(20))
    print(outcome(lambda: made.index(12, At(-9), At(15))), outcome(lambda: made.index(3, At(-(1 << 70)), At(1 << 70))))
made = list(range(20))
print(outcome(lambda: made.index(19, At(-1, made.clear))), made)
made = list(range(20))
print(outcome(lambda: made.index(5, 0, At(-1, lambda: made.extend([5] * 9)))), len(made))
for kind in (bytes, bytearray, str):
    made = "abcabc" * 3 if kind is str else kind(b"abcabc" * 3)
    c = "c" if kind is str else b"c"
    for name in ("find", "rfind", "index", "rindex", "count", "startswith", "endswith"):
        def act():
            if kind is bytearray:
                made.clear()
                made.extend(b"ccc")
        print(kind.__name__, name, outcome(lambda: getattr(made, name)(c, At(1, act), At(-1, act))))
class Text(str):
    def __len__(self):
        return 1
class Data(bytes):
    def __len__(self):
        return 1
for sep in (Text(""), Text("ab"), Data(b""), Data(b"ab"), Text("-"), [0], [], 5):
    print(outcome(lambda: b"abc".hex(sep)) != 5)
