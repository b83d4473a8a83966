# Sources in bytes: encodings that they name, and what they say where they are not of these.
SOURCES = [
    b"#first\n#second\xa4\n#third\n", b"#!/home/\xa4/bin/python\n", b"#first\n#\xe4\xb8\x80 third\xa4", b"#\n#\n#third\xe2\x82", b"#a\r\n#b\xa4\r\n", b'x = 1\ny = "\xa4"\n',
    b"# coding: shift_jis\n# \x85\n", b"# coding: shift_jis\n#\n#\n\x85\n", b"# coding: hex_codec\n", b"# coding: nobody\n", b"# coding: ascii\n#\n#\xe2\n", b"#coding: utf8\n#\n#\xa4\n",
    b"\xef\xbb\xbf#coding:iso-8859-15\n", b"\xef\xbb\xbf#coding: utf8\n",
]
for source in SOURCES:
    try:
        compile(source, "<source>", "exec")
        print(source, "is taken")
    except SyntaxError as error:
        print(source, error.msg, error.lineno, error.offset, ascii(error.text))

GOOD = [
    (b"# coding: iso-8859-1-" + b"x" * 40 + b'\ns = "\xc3\xa4"', None), (b'# coding: latin-1-unix\ns = "\xe4"', None), (b'# coding: UTF_8-anything\ns = "\xc3\xa4"', None),
    (b'# coding: utf8\ns = "\xc3\xa4"', None), (b'\xef\xbb\xbf# coding: utf-8\ns = "\xc3\xa4"', None), ('# coding: shift_jis\ns = "\u65e5\u672c\\\\"', "shift_jis"),
    ('# coding: euc_kr\ns = "\ud55c\uae00"', "euc_kr"), ('# coding: gb18030\ns = "\u4e2d\U00020000"', "gb18030"), ('# coding: big5\ns = "\u4e2d\u6587"', "big5"),
    ('# coding: iso2022_jp\ns = "\u65e5\u672c"', "iso2022_jp"), ('# coding: cp1252\ns = "\u20ac"', "cp1252"),
]
for source, encoding in GOOD:
    names = {}
    exec(source.encode(encoding) if encoding else source, names)
    print(encoding, ascii(names["s"]))
