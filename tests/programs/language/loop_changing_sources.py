# Loops over texts and over the keys and values of dicts that change meanwhile, shrink, end early, or are of classes of their own.
def told(work):
    try:
        return work()
    except RuntimeError as error:
        return f"RuntimeError: {error}"


def keys(d, act):
    seen = []
    for key in d:
        seen.append(key)
        act(d, key)
    return seen


def values(d, act):
    seen = []
    for value in d.values():
        seen.append(value)
        act(d, value)
    return seen


def same(d, it):
    pass


def overwrite(d, it):
    for key in d:
        d[key] = it


def add(d, it):
    d[f"{it}+"] = 1


def swap(d, it):
    if it in d:
        d.pop(it)
        d[f"{it}'"] = 0


for walk in keys, values:
    for act in same, overwrite, add, swap:
        print(walk.__name__, act.__name__, told(lambda: walk({"a": 1, "b": 2.5, "c": 2 ** 70}, act)), told(lambda: walk({}, act)))


class Upper(str):
    def __iter__(self):
        return iter(self.upper())


class Plain(str):
    pass


class Backwards(dict):
    def __iter__(self):
        return reversed(list(self.keys()))


def letters(text):
    out = []
    for char in text:
        out.append(char)
    return out


for text in "abc", "", "a", "äöü", "a\u20ac\U0001f600", "x" * 5, Upper("abc"), Plain("abc"), Plain("ä"), "\x00\x7f\x80":
    print(letters(text))
print(keys(Backwards(a=1, b=2), same), values(Backwards(a=1, b=2), same))
for source in "text", {"k": 1}, {"k": 1}.values(), [1], "ü", {1: 2}.keys(), (3,), {4}, range(2), b"b", {"q": 0}.items():
    for item in source:
        print(item, end=" ")
print()
it = iter("abcdef")
for first in it:
    print(first, next(it), end=" ")
print(list(it))
d = {n: str(n) for n in range(6)}
it = iter(d)
for key in it:
    print(key, next(it), it.__length_hint__(), end=" ")
print(next(it, "end"))
numbers = {"a": 2.5, "b": 1000, "c": -7}
kept = [value for value in numbers.values()]
print(all(kept[at] is numbers[key] for at, key in enumerate(numbers)))
for value in numbers.values():
    last = value
print(last is numbers["c"])
