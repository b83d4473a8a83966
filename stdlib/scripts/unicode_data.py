"""Writes stdlib/src/unicodedata/data.txt: what the crates lack of Unicode 16, and in what Unicode 3.2 was different.

    python3.14 - < stdlib/scripts/unicode_data.py > stdlib/src/unicodedata/data.txt

A section begins with @ and its name. Its items are `first:value`, up to the next item (values of none are empty), or, where `@@` marks a
section of single characters, `character:value`. Numbers are hexadecimal.
"""
import unicodedata

ALL = [chr(c) for c in range(0x110000)]
OLD = unicodedata.ucd_3_2_0


def section(name, items):
    print(name)
    line = ""
    for item in items:
        if len(line) + len(item) > 130:
            print(line)
            line = ""
        line += item + " "
    print(line)


def ranges(name, value):
    items, last = [], ""
    for c in ALL:
        now = value(c)
        if now != last:
            items.append(f"{ord(c):X}:{now}")
            last = now
    section("@" + name, items)


def singles(name, value):
    section("@@" + name, [f"{ord(c):X}:{value(c)}" for c in ALL if value(c) is not None])


def changed(name, what=str):
    new, old = getattr(unicodedata, name), getattr(OLD, name)
    ranges("old_" + name, lambda c: "" if new(c) == old(c) else what(old(c)) or "-")


def decomposition(of):
    def found(c):
        text = of(c)
        return None if not text or "AC00" <= f"{ord(c):04X}" <= "D7A3" and len(f"{ord(c):X}") == 4 else text.replace(" ", ",")
    return found


def old_decomposition(c):
    old, new = OLD.decomposition(c), unicodedata.decomposition(c)
    return None if old == new or OLD.category(c) == "Cn" else old.replace(" ", ",") or "-"


def old_number(name):
    def found(c):
        old, new = (getattr(of, name)(c, None) for of in (OLD, unicodedata))
        return None if old == new or OLD.category(c) == "Cn" else "-" if old is None else str(old)
    return found


ranges("bidirectional", unicodedata.bidirectional)
ranges("east_asian_width", lambda c: unicodedata.east_asian_width(c))
ranges("mirrored", lambda c: "1" if unicodedata.mirrored(c) else "")
singles("decomposition", decomposition(unicodedata.decomposition))
changed("category")
changed("bidirectional")
changed("east_asian_width")
changed("mirrored")
changed("combining")
singles("old_decomposition", old_decomposition)
singles("old_decimal", old_number("decimal"))
singles("old_numeric", old_number("numeric"))
