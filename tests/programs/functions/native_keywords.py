# Keywords of native functions: every place and order, what does not fit, and who is asked for it.
def attempt(call):
    try:
        print(repr(call()))
    except Exception as error:
        print(type(error).__name__, ascii(str(error)))


text = "a b c d"
attempt(lambda: text.split(maxsplit=1))
attempt(lambda: text.split(sep="b"))
attempt(lambda: text.split(maxsplit=1, sep=" "))
attempt(lambda: text.split(" ", maxsplit=2))
attempt(lambda: text.split(" ", 1, maxsplit=2))
attempt(lambda: text.split(" ", sep=" "))
attempt(lambda: text.split(limit=2))
attempt(lambda: text.split(maxsplit="x"))
attempt(lambda: text.split(**{"maxsplit": 1, "sep": None}))
attempt(lambda: str.split(text, maxsplit=1))
attempt(lambda: str.split(maxsplit=1))
attempt(lambda: str.split(5, maxsplit=1))
split = text.split
for _ in range(3):
    attempt(lambda: split(maxsplit=1))
attempt(lambda: sum([1, 2], start=5))
attempt(lambda: sum(start=5))
attempt(lambda: sum([1], start=2, end=3))
attempt(lambda: text.replace("a", "x", count=1))
attempt(lambda: text.encode(errors="strict", encoding="ascii"))
attempt(lambda: b"ab".decode(encoding="ascii"))
attempt(lambda: text.expandtabs(tabsize=3))
attempt(lambda: (10).to_bytes(length=2, byteorder="little"))
attempt(lambda: (10).to_bytes(byteorder="big", length=2, signed=True))
attempt(lambda: int.from_bytes(b"\x01\x02", byteorder="little"))
attempt(lambda: round(number=2.567, ndigits=1))
attempt(lambda: pow(base=2, exp=5, mod=7))
attempt(lambda: pow(2, exp=5))
attempt(lambda: len(obj=[]))
attempt(lambda: [3, 1, 2].sort(reverse=True, key=None))
attempt(lambda: [].sort(None))
attempt(lambda: [].index(value=1))
attempt(lambda: compile(source="1", filename="f", mode="eval").co_filename)
attempt(lambda: open(file="/nowhere/at/all"))
attempt(lambda: {}.get(key=1))
attempt(lambda: dict.fromkeys([1], value=2))


class Name(str):
    __hash__ = str.__hash__


attempt(lambda: text.split(**{Name("maxsplit"): 1}))
attempt(lambda: text.split(**{1: 2}))
attempt(lambda: text.split(**{"\udc80": 2}))
attempt(lambda: text.split(**{"maxsplit\0": 2}))


class Dying:
    def __del__(self):
        print("died")


# What was bound is given up when the call is over, also where it fails.
attempt(lambda: sum([], start=Dying()) and None)
attempt(lambda: text.split(maxsplit=Dying()))
attempt(lambda: text.split(wrong=Dying()))
