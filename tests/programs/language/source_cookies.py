# A cookie in one of the first two lines says how a source is written, whatever ends the lines.
HEADS = [
    b"# coding: latin-1",
    b"#x\n# coding: latin-1",
    b"\n# coding: latin-1",
    b"\n\n# coding: latin-1",
    b"x=1\n# coding: latin-1",
    b" \t\x0c# coding=latin-1",
    b"#x\n\n# coding: latin-1",
    b"# coding: nope",
    b"#x\n# vim: set fileencoding=latin-1 :",
    b"'''\n# coding: latin-1\n'''",
    b"\\\n# coding: latin-1",
    b"#coding:latin-1 # coding: utf-8",
    b"# coding: latin-1\n# coding: utf-8",
    b"  # coding:\tlatin-1",
]

for newline in (b"\n", b"\r\n", b"\r"):
    for head in HEADS:
        source = (head + b"\nshown = ascii('\xe4')\n").replace(b"\n", newline)
        names = {}
        try:
            exec(compile(source, "<source>", "exec"), names)
            print(source, names["shown"])
        except SyntaxError as error:
            print(source, error.msg, error.lineno, error.offset, error.text)
