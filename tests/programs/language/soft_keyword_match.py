# `match`, `case` and `type` as names wherever a statement may begin.
class Box: pass
match = Box(); match.a = 1; match.b = [1, 2]; print(match.a); match.b[0] += 1; print(match.b)
x = 1; match.c = x
if x: y = 1; match.d = y
def f():
    z = 1; match.e = z
    if z: pass; match.f = z
    return z; match.g = z
f()
print(sorted(match.__dict__))
x = 2; match = [x, 3]; match[0] = 5; match (match) if False else print(match)
type = 1; case = 2; print(type, case); type = case; case = type
for text in ('x = 1; match x:\n  case 1: pass', 'x = 1; match.a:\n  case 1: pass', 'x; match (x)', 'x; match [x]:\n case 1: pass', 'x; match -x',
             'x; match: int = 1', 'x; if x: pass', 'x; match.a = 1; match x: pass', 'x; match', 'x; match\ny', 'match.a; match.b; match.c = 1',
             'if x: match.a = 1; match.b = 2', 'if x: match x:\n  case 1: pass', 'while x: y; match = 1', 'x; type X = int; match = X'):
    try:
        compile(text, 'f', 'exec')
        print('fine', repr(text))
    except SyntaxError as e:
        print(repr(text), '|', e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset)
