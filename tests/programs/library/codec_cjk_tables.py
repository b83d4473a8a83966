# The codecs of East Asia have CPython's tables: digests of what each character is written as, and each pair of bytes read as.
import codecs
import zlib

NAMES = """gb2312 gbk gb18030 hz big5 cp950 big5hkscs shift_jis cp932 euc_jp shift_jisx0213 shift_jis_2004 euc_jisx0213 euc_jis_2004
euc_kr cp949 johab iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_3 iso2022_jp_2004 iso2022_jp_ext iso2022_kr""".split()
BEFORE = {"euc_jp": [b"\x8f"], "euc_jisx0213": [b"\x8f"], "euc_jis_2004": [b"\x8f"], "hz": [b"~{"]}
ESCAPES = [b"\x1b$B", b"\x1b$(D", b"\x1b$(O", b"\x1b$(P", b"\x1b$(Q", b"\x1b$(C", b"\x1b$)C\x0e", b"\x1b$A"]


def marked(error):
    return f"<{error.start},{error.end}>", error.end


codecs.register_error("marked", marked)
PARTS = ["".join(map(chr, range(at, at + 0x100))) for at in [*range(0, 0xFB00, 0x100), *range(0xFE00, 0x10100, 0x100), *range(0x20000, 0x2A100, 0x700)]]
for name in NAMES:
    encode, decode = codecs.lookup(name)[:2]
    written = read = 0
    for part in PARTS:
        written = zlib.crc32(encode(part, "marked")[0], written)
    for before in BEFORE.get(name, ESCAPES if "2022" in name else []) + [b""]:
        step = 7 if before.startswith(b"\x1b") else 5
        for lead in range(0x21, 0x7F) if before.startswith((b"\x1b", b"~")) else range(0x80, 0x100):
            text = "|".join(decode(before + bytes((lead, trail)), "marked")[0] for trail in range(lead % step, 0x100, step))
            read = zlib.crc32(text.encode("utf-8", "surrogatepass"), read)
    print(f"{name:16} {written:08x} {read:08x}")

# Four bytes of GB 18030, and letters that spell a syllable in EUC-KR.
for number in (0, 1, 35, 36, 7921, 19043, 33000, 39393, 39419, 39420, 50000, 188999, 189000, 200000, 1237575, 1237576):
    digits = bytes((0x81 + number // 12600, 0x30 + number // 1260 % 10, 0x81 + number // 10 % 126, 0x30 + number % 10))
    text = digits.decode("gb18030", "marked")
    print(digits.hex(), ascii(text), text.encode("gb18030", "marked").hex())
for letters in ("a1bfd4", "a1bfa1", "a2c0aa", "beD3be", "b8c5d4", "a3bfd4", "a1d4d4", "a1bfb8", "a1bfff"):
    first, vowel, last = bytes.fromhex(letters)
    spelled = bytes((0xA4, 0xD4, 0xA4, first, 0xA4, vowel, 0xA4, last))
    print(spelled.hex(), ascii(spelled.decode("euc_kr", "marked")))
print("".join(map(chr, range(0xAC00, 0xAC10))).encode("euc_kr"))

# Characters that have one code for two.
for name, text in [("big5hkscs", "\xca\u0304\xca\u030c\xea\u0304\xea\u030c\xca\xea\xcaa"), ("euc_jis_2004", "\u304b\u309a\u304b\xe6\u0300\xe6\u02e9\u02e5\u02e9"),
                   ("shift_jisx0213", "\u30c8\u309a\u30c8\u0254\u0301"), ("iso2022_jp_3", "\u304b\u309a\u304ba\u9b1d"), ("iso2022_jp_2004", "\u304b\u309a\u304b\u9b1c\U0002000b\u4ff1")]:
    code = text.encode(name)
    print(name, code, ascii(code.decode(name)) == ascii(text))
