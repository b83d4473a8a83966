# t-strings: texts, interpolations, and the expressions as they are written.
x, y, name = 5, 'why', 'n'

def show(text):
    try:
        print(text, '->', repr(eval(text)))
    except Exception as error:
        print(text, '->', type(error).__name__, error)


CASES = [
    "t''",
    "t'plain'",
    "t'{x}'",
    "t'{x}{y}'",
    "t'a{x}b{y!r}c{name!s:>5}d{x!a:}'",
    "t'{x:{y}}'",
    "t'{x!r:{x}{y!r}}'",
    "t'{x:{x:{x}}}'",
    "t'{x=}'",
    "t'{x = }'",
    "t'{x=!s}'",
    "t'{x=:>5}'",
    "t'{ x = !r:{x}}'",
    "t'{{}}'",
    "t'{{{x}}}'",
    "t'{x:{{}}}'",
    "t'{ x }'",
    "t'{  x  + 1  }'",
    "t'{(x)}'",
    "t'{ ( x ) }'",
    "t'{x,}'",
    "t'{x, y}'",
    "t'{*[x], y}'",
    "t'{x!r }'",
    "t'{x  !r}'",
    "t'{x  :5}'",
    "t'{[i for i in range(3)]}'",
    "t'{ {1: 2}[1] }'",
    "t'{(lambda: 1)()}'",
    "t'{(lambda z=1: z)() }'",
    "t'{x if x else y}'",
    "t'{(z := 5)}'",
    "t'{x == 5}'",
    "t'{x != 5}'",
    "t'{x <= 5 >= 5}'",
    "t'{x:=5}'",
    't\'{"}"}\'',
    't\'{"a" "b"!r}\'',
    't\'{y["a":] if 0 else x}\'',
    't\'{f"{x}"}\'',
    't\'{t"{x}"}\'',
    "t'a' t'b'",
    "t'a{x}' t'{y}b'",
    "t'' t''",
    "rt'\\n{x}\\{y}'",
    "Rt'{x:\\d}'",
    "tR'\\{x}'",
    "T'{x}'",
    "t'\\n{x}\\x41\\N{BULLET}'",
    "t'{x:\\n}'",
    't"""{\nx\n}"""',
    't"""{x # a comment\n}"""',
    't"""{ # first } = !\nx # second \'\n}"""',
    't"""{x # = }\n=}"""',
    't"""{"#" # comment\n}"""',
    "(t'a'\n t'{x}')",
    "list(t'a{x}b')",
    "list(t'{x}{y}')",
    "list(t'')",
    "[*t'a']",
    "[type(part).__name__ for part in t'{x} {y}']",
    "t'{x}{y}'.values",
    "t'{x}'.strings",
    "t'{x!r:>5}'.interpolations[0].format_spec",
    "t'{undefined}'",
    "t'{1 / 0}'",
    "t'{x:{undefined}}'",
    "t'{x}' == t'{x}'",
    "t'a' + t'b{x}' + t'{y}c'",
    "t'a' + 'b'",
    "'a' + t'b'",
    "t'a' + 5",
    "5 + t'a'",
    "t'a' * 2",
    "t'a'[0]",
    "len(t'a')",
    "t'a' < t'b'",
    "bool(t'')",
    "str(t'{x}')",
    'f\'{t"{x}"}\'',
    "'%s' % t'a'",
    "t'{x}'.missing",
    "t'{x!z}'",
    "t'{}'",
    "t'{ }'",
    "t'{x'",
    "t'}'",
    "t'{x!}'",
    "t'{!r}'",
    "t'{:5}'",
    "t'{=}'",
    "t'{lambda: 1}'",
    "t'{*x}'",
    "t'{x y}'",
    "t'{x;}'",
    "t'{yield}'",
    "t'{x:{x:{x:{x}}}}'",
    "'a' t'b'",
    "t'a' 'b'",
    "t'a' f'b'",
    "f'a' t'b'",
    "b'a' t'b'",
    "t'a' b'b'",
    "t'a{x}' 'b' t'c'",
    "u'a' t'b'",
    "ut'a'",
    "bt'a'",
    "ft'a'",
    "tf'a'",
    "tt'a'",
    "rtb'a'",
]
for text in CASES:
    show(text)

# In order, once each.
def note(value):
    print('note', value)
    return value
print(t'{note(1)}{note(2):{note(3)}}{note(4)!r:{note(5)}}')
big = 'x' * 3
wide = eval("t'" + '{x}' * 500 + "'")
print(len(wide.strings), len(wide.interpolations), set(wide.strings), set(wide.values))
def f():
    local = 1
    return t'{local}{x}', [t'{i}' for i in range(2)], lambda: t'{local}'
one, many, later = f()
print(one.values, [t.values for t in many], later().values)
async def waits():
    return t'{await inner()}'
async def inner():
    return 7
try:
    waits().send(None)
except StopIteration as stop:
    print(stop.value)
def gives():
    t = t'{(yield 1)}'
    yield t.values
g = gives()
next(g)
print(g.send('sent'))
match t'{x}'.interpolations[0]:
    case type(value=5): print('no')
    case other: print(other.value)
