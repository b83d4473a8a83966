"""Names of characters and of sequences: in literals, in codecs and in `unicodedata`."""
import unicodedata

NAMES = """BULLET|bullet|TANGUT IDEOGRAPH-17000|tangut ideograph-17000|TANGUT IDEOGRAPH-18D08|TANGUT IDEOGRAPH-187F8
TANGUT IDEOGRAPH-017000|TANGUT IDEOGRAPH-|TANGUT IDEOGRAPH-G|CJK UNIFIED IDEOGRAPH-4E00|cjk unified ideograph-4e00
CJK UNIFIED IDEOGRAPH-04E00|CJK UNIFIED IDEOGRAPH-2EBF0|CJK UNIFIED IDEOGRAPH-2A6E0|CJK COMPATIBILITY IDEOGRAPH-F900
HANGUL SYLLABLE GA|Hangul Syllable ga|HANGUL SYLLABLE |NUSHU CHARACTER-1B170|KHITAN SMALL SCRIPT CHARACTER-18B00
NULL|LF|VS256|KEYCAP NUMBER SIGN|keycap digit nine|LATIN SMALL LETTER R WITH TILDE|GEORGIAN LETTER U-BRJGU
TAMIL SYLLABLE KSSA|no such thing|BULLET |X\u00e9""".replace("\n", "|").split("|")


def tried(action):
    try:
        return ascii(action())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


for name in NAMES:
    print(ascii(name))
    print("  lookup", tried(lambda: unicodedata.lookup(name)))
    print("  old   ", tried(lambda: unicodedata.ucd_3_2_0.lookup(name)))
    if name.isascii():
        escape = "\\N{%s}" % name
        print("  codec ", tried(lambda: escape.encode().decode("unicode_escape")))
        print("  text  ", tried(lambda: eval(f"'<{escape}>'")))
        print("  field ", tried(lambda: eval(f"f'{{{{{escape}{{1}}{escape}'")))
        print("  raw   ", tried(lambda: eval(f"r'{escape}' rf'{escape[:2]}'")))
        print("  bytes ", tried(lambda: eval(f"rb'{escape}'")))

# All sequences of one kind, and names of what characters are called.
print(ascii([unicodedata.lookup(f"KEYCAP DIGIT {digit}") for digit in ("ZERO", "ONE", "TWO")]))
for c in "\U00017000", "\U000187F7", "\U000187F8", "\U00018D08", "\u4e00", "\uac00", "\ue000", "\0":
    print(ascii(c), unicodedata.name(c, None), ascii(c.encode("ascii", "namereplace")))
