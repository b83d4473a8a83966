"""Writes stdlib/src/cjk/tables.bin: what the double-byte character sets of East Asia have at each place.

    python3.14 - < stdlib/scripts/cjk_tables.py > stdlib/src/cjk/tables.bin

The file has a part for each language: its length in four bytes (little-endian), and an LZMA stream (the format with a header of 13
bytes). Unpacked, a part has two lengths of four bytes, of the runs and of the characters; then
- the runs of its tables, one table after the other: how many places have no character, how many have one, and so on, as numbers of
  seven bits a byte, least first; a table's last run ends with it;
- the low bytes of all characters, their middle bytes, and their high bytes;
- of each table how many characters are written at another place than the first one that has them, and these: the character, and the
  place, counted from 1, or 0 for none.
"""
import lzma
import struct
import sys

SQUARE = range(0xA1, 0xFF)
LOW = range(0x21, 0x7F)
LEADS = range(0x81, 0xFF)
SHIFTED = [*range(0x81, 0xA0), *range(0xE0, 0xFD)]
SHIFTED_TRAILS = [*range(0x40, 0x7F), *range(0x80, 0xFD)]
TRAILS = range(0x40, 0xFF)
JOHAB = range(0x31, 0xFF)

# Each table: the codec, the bytes before, the lead bytes, the trail bytes.
PARTS = [
    [("gb2312", b"", SQUARE, SQUARE), ("gbk", b"", LEADS, TRAILS), ("gb18030", b"", LEADS, TRAILS)],
    [("euc_jp", b"", SQUARE, SQUARE), ("euc_jp", b"\x8f", SQUARE, SQUARE), ("cp932", b"", SHIFTED, SHIFTED_TRAILS),
     ("euc_jis_2004", b"", SQUARE, SQUARE), ("iso2022_jp_2004", b"\x1b$(P", LOW, LOW)],
    [("cp949", b"", SQUARE, SQUARE), ("cp949", b"", LEADS, TRAILS), ("johab", b"", LEADS, JOHAB)],
    [("big5", b"", LEADS, TRAILS), ("cp950", b"", LEADS, TRAILS), ("big5hkscs", b"", LEADS, TRAILS)],
]


def decoded(codec, code):
    try:
        text = code.decode(codec)
    except UnicodeDecodeError:
        return None
    return text if len(text) == 1 else None


def encoded(codec, char):
    try:
        return char.encode(codec).removesuffix(b"\x1b(B")
    except UnicodeEncodeError:
        return b""


def number(n):
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return out


def runs_of(cells):
    out, run, there = bytearray(), 0, False
    for cell in cells:
        if (cell is not None) != there:
            out += number(run)
            run, there = 0, not there
        run += 1
    return out + number(run)


def others(codec, before, codes, cells):
    """The characters whose place is another than the first one that has them."""
    places, first, found = {}, {}, []
    for place, (code, cell) in enumerate(zip(codes, cells), 1):
        places[before + code] = place
        if cell is not None:
            first.setdefault(cell, place)
    for char in map(chr, range(0x80, 0x110000)):
        code = encoded(codec, char)
        place = places.get(code, 0)
        if place != first.get(char, 0) and (place or not code):
            found.append((ord(char), place))
    return number(len(found)) + b"".join(number(char) + number(place) for char, place in found)


def part(tables):
    runs, chars, rest = bytearray(), [], bytearray()
    for codec, before, leads, trails in tables:
        codes = [bytes((lead, trail)) for lead in leads for trail in trails]
        cells = [decoded(codec, before + code) for code in codes]
        runs += runs_of(cells)
        chars += [ord(cell) for cell in cells if cell is not None]
        rest += others(codec, before, codes, cells)
    planes = b"".join(bytes(char >> shift & 255 for char in chars) for shift in (0, 8, 16))
    return struct.pack("<II", len(runs), len(chars)) + runs + planes + rest


for tables in PARTS:
    filters = [{"id": lzma.FILTER_LZMA1, "preset": 9 | lzma.PRESET_EXTREME, "pb": 0, "dict_size": 1 << 18}]
    packed = lzma.compress(part(tables), lzma.FORMAT_ALONE, filters=filters)
    sys.stdout.buffer.write(struct.pack("<I", len(packed)) + packed)
