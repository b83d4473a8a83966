"""Interactive input whose last block has not ended: PyCF_DONT_IMPLY_DEDENT and PyCF_ALLOW_INCOMPLETE_INPUT."""
import codeop

DONT_IMPLY, INCOMPLETE = 0x200, 0x4000

TEXTS = [
    "if 1:\n pass", "if 1:\n pass\n", "if 1:\n pass\nelse:\n  x", "if 1:\n pass\nelse:\n  x\n", "if 1: pass", "if 1: pass\n", "x = 1", "x = 1\n",
    "if 1:\n  x # c", "if 1:\n  pass\n#c", "class A:\n def f():\n  x\n # c", "class A:\n def f():\n  x", "class A:\n def f():\n  x\n", "while 0:\n  if x:\n    y\n  z",
    "@d\ndef f():\n  pass", "with a as b:\n    c\n", "try:\n  a\nexcept B:\n  c", "def f(): return 1", "for x in y: z\n", "(\n1,", "x = '''", "if 1:", "1 +",
    "match x:\n  case 1:\n    y", "async def f():\n  await g()", "def x():\n\npass\n",
]
for text in TEXTS:
    for mode in "single", "exec":
        said = []
        for flags in 0, DONT_IMPLY, INCOMPLETE, DONT_IMPLY | INCOMPLETE:
            try:
                compile(text, "<open>", mode, flags)
                said.append("ok")
            except SyntaxError as error:
                said.append(f"{type(error).__name__}")
        print(f"{text!r:45} {mode:7}", *said)

print("codeop")
for text in TEXTS + ["if 9==3:\n   pass\nelse:\n   pass", "def x():\n\n", "\n\ndef x():\n  pass", "a = 'a\\", "", "\n", "# only a comment"]:
    for symbol in ("single", "exec", "eval") if "'" not in text else ("single", "exec"):
        try:
            code = codeop.compile_command(text, "<c>", symbol)
            said = "incomplete" if code is None else "code"
        except SyntaxError as error:
            said = type(error).__name__
        print(f"{text!r:45} {symbol:7}", said)
