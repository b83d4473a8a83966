"""A dict that loses, gains or changes entries while one of its keys is compared."""


class Key:
    def __init__(self, name, act=None):
        self.name, self.act, self.asked = name, act, 0

    def __hash__(self):
        return 1

    def __eq__(self, other):
        self.asked += 1
        act, self.act = self.act, None
        if act:
            act()
        return False

    def __repr__(self):
        return self.name


ACTS = {
    "popitem": lambda d: lambda: d.popitem(), "clear": lambda d: lambda: d.clear(), "grow": lambda d: lambda: d.update({i: i for i in range(20)}), "one more": lambda d: lambda: d.__setitem__("new", 1),
    "remove and add": lambda d: lambda: (d.popitem(), d.__setitem__("new", 1)), "refill": lambda d: lambda: (d.clear(), d.update(a=1, b=2)), "first goes": lambda d: lambda: d.pop(next(iter(d))),
    "value": lambda d: lambda: d.__setitem__(next(iter(d)), "changed"),
}
USES = {
    "get": lambda d, k: d.get(k), "in": lambda d, k: k in d, "set": lambda d, k: d.__setitem__(k, 9), "setdefault": lambda d, k: d.setdefault(k, 8), "pop": lambda d, k: d.pop(k, "none"), "del": lambda d, k: d.__delitem__(k),
    "tally": lambda d, k: d.update({k: 7}),
}
for act, make in ACTS.items():
    for use, how in USES.items():
        d = {}
        held = [Key(f"k{i}") for i in range(4)]
        for i, key in enumerate(held):
            d[key] = i
        asked = Key("asked")
        asked.act = make(d)
        for key in held:
            key.asked = 0
        try:
            result = how(d, asked)
        except KeyError as error:
            result = f"KeyError {error}"
        shown = {str(k): v for k, v in d.items()}
        print(f"{act:15} {use:11} {result!s:16} asked {asked.asked} left {len(shown)} {list(shown)[:5]}")
