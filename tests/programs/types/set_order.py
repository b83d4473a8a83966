"""In which order sets have their elements, by the way they were made: of dicts, views, other sets."""


def numbers(seed, count, below=1 << 20):
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) % 2147483648
        yield seed % below


for count in (2, 3, 5, 6, 8, 12, 20, 40, 100):
    first, second = list(numbers(count, count)), list(numbers(count + 1, 2 * count))
    d = {n: n % 7 for n in first}
    e = {n: n % 5 for n in second + first[: count // 2]}
    few = first[::3] + second[::4]
    made = {
        "dict": set(d), "frozen": frozenset(d), "list": set(first), "keys": set(d.keys()), "generator": set(n for n in first), "comprehension": {n for n in first}, "copy": set(d).copy(), "of a set": set(set(d)),
        "keys - list": d.keys() - few, "keys - dict": d.keys() - e, "keys - keys": d.keys() - e.keys(), "keys & list": d.keys() & few, "keys & keys": d.keys() & e.keys(), "list & keys": few & d.keys(),
        "keys | list": d.keys() | few, "keys | keys": d.keys() | e.keys(), "keys ^ keys": d.keys() ^ e.keys(), "keys ^ list": d.keys() ^ few, "items - items": d.items() - e.items(), "items ^ items": d.items() ^ e.items(),
        "items ^ back": e.items() ^ d.items(), "items & items": d.items() & e.items(), "items | items": d.items() | e.items(), "set - keys": set(d) - e.keys(), "set & keys": set(d) & e.keys(), "set | keys": set(d) | e.keys(),
        "set ^ keys": set(d) ^ e.keys(), "set - set": set(d) - set(e), "set & set": set(d) & set(e), "set | set": set(d) | set(e), "set ^ set": set(d) ^ set(e), "union": set(d).union(e, few), "difference": set(d).difference(few, e),
        "intersection": set(d).intersection(e, few),
    }
    changed = set(d)
    changed.update(e, few)
    made["update"] = changed.copy()
    changed.difference_update(first)
    made["difference_update"] = changed.copy()
    changed.symmetric_difference_update(few)
    made["symmetric"] = changed.copy()
    changed &= set(e)
    made["&="] = changed
    for name, value in made.items():
        shown = list(value)
        print(count, name, len(shown), shown if count < 9 else hash(tuple(shown)))


class Odd(dict):
    def __iter__(self):
        return iter([3, 1, 2])


print(Odd({9: 1}).keys() - [], Odd({9: 1}).keys() | [5], set(Odd({9: 1})))
print({1: [2]}.items() ^ {1: [2]}.items(), {1: [2], 3: 4}.items() ^ {1: [2]}.items())
try:
    {1: [2]}.items() ^ {1: [3]}.items()
except TypeError as error:
    print(error)
