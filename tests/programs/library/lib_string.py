import _string
def t(f):
    try: print(repr(f()))
    except BaseException as e: print(type(e).__name__, e)
P=lambda s: list(_string.formatter_parser(s))
F=lambda s: (lambda r:(r[0],list(r[1])))(_string.formatter_field_name_split(s))
for s in ['', 'a', '{}', 'a{b}c', '{0!r:>{w}}', '{{', '}}', 'a{{b}}c{x}', '{', '}', 'a}', '{a', '{a!}', '{a!x', '{a!rx}', '{a:{b}}', '{a:{b', '{a:{}}}', '{a[}]}', '{a[', '{[x]}', '{a!r}', '{a!}}','{a!r:}', 'x{a:b}{c}', '{!r}', '{:}', '{{}', '{}}', '{ }', '{a{b}}', '{a[}', 'é{ü}', '{a!é:ü}', '{a:{{}}}','{!}','{a!','{a!r','{a:','{a:}', '{a!:x}']:
    print(repr(s), end=' '); t(lambda: P(s))
for s in ['', 'a', '0', '0.a', '0[1]', '0[a]', 'a.b.c[0][x].d', 'a.', 'a[', 'a[]', '.a', '[0]', 'a..b', 'a[0]b', '00', '-1', '99999999999999999999', 'a[99999999999999999999]', 'a[-1]', 'a[ 1]', '１', 'a[１]', 'a.1', '٣', 'a[٣]']:
    print(repr(s), end=' '); t(lambda: F(s))
t(lambda: P(1)); t(lambda: P(b'')); t(lambda: F(1)); t(lambda: _string.formatter_parser()); t(lambda: type(_string.formatter_parser('')));  t(lambda: type(F and _string.formatter_field_name_split('a')[1])); t(lambda: _string.formatter_parser.__text_signature__)
i=_string.formatter_parser('a{b}{'); t(lambda: next(i)); t(lambda: next(i)); t(lambda: next(i)); t(lambda:next(i,5))
