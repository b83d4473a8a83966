"""Sets and dicts that are changed while a hash, a comparison or a finalizer of theirs runs."""
import gc


class Key:
    """Keys of one hash; the next comparison, hash or end acts."""

    act = None

    def __init__(self, name, hashed=1, equal=False):
        self.name, self.hashed, self.equal = name, hashed, equal

    @staticmethod
    def do():
        act, Key.act = Key.act, None
        if act:
            act()

    def __hash__(self):
        Key.do()
        return self.hashed

    def __eq__(self, other):
        Key.do()
        return self is other or self.equal

    def __repr__(self):
        Key.do()
        return self.name


class Dying(Key):
    def __del__(self):
        Key.do()


def outcome(action):
    try:
        return action()
    except Exception as e:
        return f"{type(e).__name__}: {e}"


def check(made):
    """What can be said of a set or dict that is whole, whatever is in it."""
    listed = list(made)
    whole = [len(made) == len(listed) == len({id(key) for key in listed})]
    whole.append(all(key in made for key in listed))
    taken = 0
    while made:
        if isinstance(made, dict):
            made.popitem()
        else:
            made.pop()
        taken += 1
        assert taken < 10_000, "no end"
    whole.append(taken == len(listed))
    made |= {1: 2} if isinstance(made, dict) else {1}
    return whole + [len(made)]


def fill(made, *keys):
    for key in keys:
        if isinstance(made, dict):
            made[key] = key
        else:
            made.add(key)


def changes(made, spare):
    """Changes of a set or dict, and of what is in it."""
    yield lambda: made.clear()
    yield lambda: (made.clear(), fill(made, *range(100, 104)))
    yield lambda: (made.clear(), fill(made, *spare))
    yield lambda: fill(made, *spare)
    yield lambda: fill(made, *range(1000, 1100))
    yield lambda: [made.pop(key) if isinstance(made, dict) else made.discard(key) for key in list(made)[:2]]
    yield lambda: [(made.pop(key, 0) if isinstance(made, dict) else made.discard(key), fill(made, Key("new"))) for key in list(made)[:2]]
    yield lambda: (made.clear(), gc.collect())
    yield lambda: made.__init__()
    yield lambda: made.update(dict.fromkeys(range(40)) if isinstance(made, dict) else range(40))


def uses(made, probe, other):
    """Uses of a set that look keys up."""
    yield lambda: probe in made
    yield lambda: made.add(probe)
    yield lambda: made.discard(probe)
    yield lambda: made.remove(probe)
    yield lambda: made.update([probe, 5, 6, 7])
    yield lambda: made.update({probe: 1})
    yield lambda: made.update(other)
    yield lambda: len(made | other)
    yield lambda: len(made & other) < 100
    yield lambda: len(made - other) < 100
    yield lambda: len(made ^ other) < 500
    yield lambda: len(made.intersection([probe, 1])) < 5
    yield lambda: made.intersection_update(other)
    yield lambda: made.difference_update(other)
    yield lambda: made.difference_update([probe, probe])
    yield lambda: made.symmetric_difference_update(other)
    yield lambda: made.symmetric_difference_update([probe])
    yield lambda: made == other
    yield lambda: made <= other
    yield lambda: made.isdisjoint(other)
    yield lambda: made.issubset([probe])
    yield lambda: made.issuperset([probe])
    yield lambda: frozenset(other) in made
    yield lambda: made in {frozenset(other)}


def dict_uses(made, probe, other):
    """Uses of a dict that look keys up."""
    yield lambda: probe in made
    yield lambda: made.__setitem__(probe, 1)
    yield lambda: made.__delitem__(probe)
    yield lambda: made[probe]
    yield lambda: made.get(probe)
    yield lambda: made.setdefault(probe, 3)
    yield lambda: made.pop(probe)
    yield lambda: made.pop(probe, 4)
    yield lambda: made.update(other)
    yield lambda: made.update([(probe, 1), (5, 5)])
    yield lambda: made.update(a=1)
    yield lambda: made.__ior__(other)
    yield lambda: len(made | other) < 500
    yield lambda: len(dict.fromkeys(other, 1)) > 0
    yield lambda: made == other
    yield lambda: made.items() == other.items()
    yield lambda: made.keys() <= other.keys()
    yield lambda: len(made.keys() & other.keys()) < 100
    yield lambda: len(made.keys() | other.keys()) < 500
    yield lambda: len(made.keys() - other.keys()) < 500
    yield lambda: (probe, 1) in made.items()
    yield lambda: made.keys().isdisjoint(other)
    yield lambda: len({**made, **other}) < 500
    yield lambda: (lambda **names: len(names))(**{str(k): 1 for k in made}) < 500


done = 0
for kind in (set, dict):
    for use in range(24):
        for change in range(10):
            for gaps in (0, 1, 2):
                for key in (Key, Dying):
                    keys = [key("abcdef"[at]) for at in range(6)]
                    made, other = kind(), kind()
                    fill(made, *keys[:4])
                    fill(other, *keys[2:])
                    for _ in range(gaps):
                        made.pop(keys.pop(0)) if kind is dict else made.discard(keys.pop(0))
                    probe = key("probe", equal=change % 3 == 0)
                    action = list((set and uses if kind is set else dict_uses)(made, probe, other))[use]
                    act = list(changes(made, [Key("x"), Key("y"), probe]))[change]
                    del keys
                    Key.act = act
                    outcome(action)
                    Key.act = None
                    whole = check(made)
                    if whole != [True, True, True, 1]:
                        print(kind.__name__, use, change, gaps, key.__name__, whole)
                    check(other)
                    done += 1
print(done)

print("A gap that is filled meanwhile")
a, b, c, d = (Key(name) for name in "abcd")
made = {a, b}
made.remove(a)
Key.act = lambda: made.add(c)
made.add(d)
print(len(made), len(list(made)), check(made))

print("Iteration")
for kind in (set, dict):
    for change in range(10):
        made = kind()
        fill(made, Key("a"), Key("b"), 3, 4)
        act = list(changes(made, [Key("x")]))[change]
        def walk(made):
            for number, key in enumerate(made):
                if number == 1:
                    act()
                assert number < 10_000
            return number
        end = outcome(lambda: walk(made))
        if change == 6:
            end = None  # whether the new keys are seen depends on when the table grew
        print(kind.__name__, change, str(end)[:12], check(made))
        made = kind()
        fill(made, Key("a"), Key("b"), 3, 4)
        for function in (repr, str, list, sorted, tuple):
            Key.act = list(changes(made, [Key("x")]))[change]
            outcome(lambda: function(made))
            Key.act = None
        check(made)

print("Names")
class Thing:
    pass
thing, on = Thing(), False
class Name(str):
    def __hash__(self):
        if on:
            vars(thing).clear()
            gc.collect()
        return str.__hash__(self)
    __eq__ = str.__eq__
vars(thing)[Name("first")] = 1
for number in range(50):
    vars(thing)["a%d" % number] = number
on = True
print(len(dir(thing)) > 20, len(vars(thing)))
class Odd(type):
    pass
on = False
made = Odd("Made", (), {Name("first"): 1, "second": 2})
on = True
print("second" in dir(made), "second" in dir(made()))

print("Abstract methods")
for items in (["b", "a"], iter(["z"]), ("q",)):
    class Abstract:
        pass
    class Methods:
        def __iter__(self):
            del Abstract.__abstractmethods__
            gc.collect()
            return iter(items)
        def __bool__(self):
            return True
    Abstract.__abstractmethods__ = Methods()
    print(type(outcome(Abstract)))
