"""Writes vm/src/types/str/tables.rs: what the Unicode crates lack.

    python3.14 - < vm/scripts/unicode_tables.py > vm/src/types/str/tables.rs
"""
import sys
import unicodedata

CHARS = [chr(c) for c in range(sys.maxunicode + 1) if not 0xD800 <= c < 0xE000]
CASE_IGNORABLE_KINDS = ("Mn", "Me", "Cf", "Lm", "Sk")


def progressions(pairs):
    """Packs (code, value) pairs into (first code, count, first value, step), greedily."""
    rows = []
    for code, value in pairs:
        if rows:
            first, count, start, step = rows[-1]
            if code == first + count and value == start + (value - start if count == 1 else step * count):
                rows[-1] = (first, count + 1, start, value - start if count == 1 else step)
                continue
        rows.append((code, 1, value, 0))
    return rows


def table(name, doc, kind, rows):
    print(f"\n/// {doc}")
    print("#[rustfmt::skip]")
    print(f"pub static {name}: &[{kind}] = &[")
    line = "   "
    for row in rows:
        if len(line) + len(row) + 2 > 109:
            print(line)
            line = "   "
        line += f" {row},"
    print(line)
    print("];")


def number(value):
    return repr(float(value))


def ignorable(c):
    return ("AΣ" + c).lower()[1] == "ς" and ("AΣ" + c + "A").lower()[1] == "σ"


print(f"//! Unicode {unicodedata.unidata_version}: what neither std nor the crates tell. Written by vm/scripts/unicode_tables.py.")
rows = [f"({ord(c):#x}, &{[hex(ord(t)) for t in c.title()]})".replace("'", "")
        for c in CHARS if c.title() != c.upper()]
table("TITLE", "Title case, where it is not the upper case.", "(u32, &[u32])", rows)
rows = progressions((ord(c), unicodedata.decimal(c)) for c in CHARS if c.isdecimal())
zeros = []
for first, count, value, step in rows:
    assert value == 0 and step == 1 and count == 10, (first, count, value, step)
    zeros.append(first)
table("ZEROS", "The zeros of the decimal digits; nine digits follow each.", "u32", [hex(z) for z in zeros])
rows = progressions((ord(c), unicodedata.digit(c)) for c in CHARS if c.isdigit() and not c.isdecimal())
table("DIGITS", "Digits that are not decimal: first, count, first value, step.", "(u32, u32, i8, i8)",
      [f"({a:#x}, {n}, {v}, {s})" for a, n, v, s in rows])
rows = progressions((ord(c), unicodedata.numeric(c)) for c in CHARS if c.isnumeric() and not c.isdigit())
table("NUMBERS", "Numeric characters that are no digits: first, count, first value, step.", "(u32, u32, f64, f64)",
      [f"({a:#x}, {n}, {number(v)}, {number(s)})" for a, n, v, s in rows])
rows = [c for c in CHARS if ignorable(c) != (unicodedata.category(c) in CASE_IGNORABLE_KINDS)]
assert all(ignorable(c) for c in rows)
table("CASE_IGNORABLE", "Case-ignorable characters beyond the categories Mn, Me, Cf, Lm and Sk.", "u32",
      [hex(ord(c)) for c in rows])
