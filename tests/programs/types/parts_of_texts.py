# Subscripts and slices of strs, lists and tuples: constants and variables, inside and outside of the bounds, subclasses and odd bounds.
def attempt(call):
    try:
        print(repr(call()))
    except Exception as error:
        print(type(error).__name__, error)


class Text(str):
    def __getitem__(self, key):
        return ("asked", key)


class Plain(str):
    pass


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value

    def __repr__(self):
        return f"Index({self.value})"


texts = ["", "a", "hello", "h\xe9llo", "h\u0142llo", "h\U0001f600llo", "\udc80x", Text("hello"), Plain("hello")]
for text in texts:
    print(ascii(text), len(text))
    for call in (
        lambda: text[0],
        lambda: text[1],
        lambda: text[-1],
        lambda: text[-9],
        lambda: text[300],
        lambda: text[True],
        lambda: text[1:],
        lambda: text[:1],
        lambda: text[:],
        lambda: text[-2:],
        lambda: text[:-2],
        lambda: text[3:1],
        lambda: text[1:99],
        lambda: text[-99:2],
        lambda: text[::2],
        lambda: text[::-1],
        lambda: text["x"],
        lambda: text[1.0],
        lambda: text["a":],
    ):
        attempt(lambda: ascii(call()))
    for at in (0, 1, -1, -6, 5, True, 2**70, -(2**70), Index(1), Index(-1), None, 1.5, "x"):
        shown = getattr(at, "value", at)
        attempt(lambda: (shown, ascii(text[at])))
        attempt(lambda: (shown, ascii(text[at:])))
        attempt(lambda: (shown, ascii(text[:at])))
        attempt(lambda: (shown, ascii(text[at:at])))

# The whole of an exact str or tuple is itself; a list is copied.
for whole in ("hello", (1, 2, 3), [1, 2, 3], b"hello", Plain("hello")):
    start, stop = 0, len(whole)
    print([whole[:] is whole, whole[0:] is whole, whole[:99] is whole, whole[start:] is whole, whole[start:stop] is whole])

# A character below 256 is one object, whoever made it.
word, at, t, f = "wtf\xff", 2, "t", "f"
print(word[2] is word[at], word[at] is f, word[3] is chr(255), word[1:2] is t, word[at : at + 1] is f)


def dying():
    return "".join(["t", "e", "m", "p"])


print(dying()[0], dying()[-1], dying()[1:], dying()[:2], [c for c in dying()][1:3], (*dying(),)[1:3])


class Shrinking(list):
    pass


class Clears:
    def __init__(self, target, value):
        self.target, self.value = target, value

    def __index__(self):
        self.target.clear()
        return self.value


for kind in (list, Shrinking):
    items = kind(range(10))
    attempt(lambda: items[Clears(items, 2) : 8])
    items = kind(range(10))
    attempt(lambda: items[2 : Clears(items, 8)])

total = 0
for line in ("one two", "three", ""):
    i = 0
    while i < len(line):
        if line[i] == " ":
            total += 100
        total += ord(line[i])
        i += 1
    total += len(line[1:]) + len(line[:-1])
print(total)
