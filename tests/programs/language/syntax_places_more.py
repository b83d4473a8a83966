# Texts that are refused or warned of, with the places: what finally blocks leave, stray backslashes, f-strings, patterns, <>.
import warnings
warnings.simplefilter('always')
def S(*codes, mode='exec'):
    for c in codes:
        with warnings.catch_warnings(record=True) as w:
            warnings.simplefilter('always')
            try:
                compile(c, '<s>', mode)
                r='ok'
            except SyntaxError as e:
                r=(type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset, e.text)
            except BaseException as e: r=(type(e).__name__, str(e))
        print(repr(c)[:80], '=>', r, [(str(x.message), x.lineno) for x in w])

IN_FINALLY = "def f():\n try: pass\n finally:\n  "
S(
    *(IN_FINALLY + rest for rest in (
        "while 1: return", "for x in y: return", "while 1: pass\n  else: return", "with y:\n   while 1: return",
        "while 1:\n   try: return\n   finally: return", "class A:\n   def g(s):\n    while 1: return", "if x: break",
        "class A: return", "for x in y: continue\n  else: continue",
    )),
    "while 1:\n try: pass\n finally:\n  class A:\n   break",
    "(x): (__debug__ := 3)", "x: (__debug__ := 3)", "(__debug__ := 3)", "[(__debug__ := 3) for x in y]",
    "def f[T: (__debug__ := 1)](): pass",
)
S("x = '''a\nb''' \\ 3", "x = ('''a\nb''', \\ 3)", "x = f'''a\n{y}''' \\ 3", "'''\n\n''' \\ ", "x = 1 \\ 3", "x = (1,\n 2, \\ 3)",
  "x = '''é\né''' \\ 3", "x = '''a\nb'''\ny \\ 3")
S("f'{a:{b}", "f'{a:{b}c", "f'{a:b", "f'{a:{b}\nc'", "f'''{a:{b}", "t'{a:{b}", "f'{a:{b}} {c:d")
S("f'\\{a}'", "f'\\{a} \\d'", "f'{{\\{a}'", "f'\\}}'", "rf'\\{a}'", "t'\\{a}'", "f'{a:\\{b}}'", "f'{a:\\}}'", "f'\\\\{a}'", "f'\\\\\\{a}'", "f'''\n\\{a}'''", "f'\\{a'")
S("match 1:\n case (len)(): pass", "match 1:\n case [(a.b)(1)]: pass", "match 1:\n case x if (f)(1): pass")
BARRY = "from __future__ import barry_as_FLUFL"
S("x = 1 <> 2\n" + BARRY, "from .__future__ import barry_as_FLUFL\n2 <> 3", "def f():\n " + BARRY + "\n2 <> 3", BARRY + "\n2 <> 3", BARRY + "\n2 != 3", BARRY + "; 2 <> 3", "2 <> 3")
