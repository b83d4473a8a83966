# function() and cell(): what they take, and what they refuse.

def free():
    variable = 1
    def inner(): return variable
    return inner
def plain(a=0, *, b=0): return a, b
Function, Cell = type(plain), type(free().__closure__[0])
code, inner = plain.__code__, free().__code__
closure = free().__closure__


def show(text):
    try:
        print(text, '->', eval(text))
    except Exception as error:
        print(text, '->', type(error).__name__, error)


for text in '''Function()
Function(code)
Function(5, {})
Function(code, 5)
Function(code, {}, 5)
Function(code, {}, 'n', 5)
Function(code, {}, 'n', (1,), 5)
Function(code, {}, 'n', (1,), closure)
Function(inner, {})
Function(inner, {}, None, None, ())
Function(inner, {}, None, None, (5,))
Function(inner, {}, None, None, (1, 2))
Function(inner, {}, None, None, 5)
Function(inner, {}, None, None, [closure[0]])
Function(inner, {}, None, None, closure, 5)
Function(inner, {}, None, None, closure)()
Function(inner, {}, None, None, (Cell('mine'),))()
Function(inner, {}, None, None, (Cell(),))()
Function(code, {}, 1, 2, 3, 4, 5)
Function(code, {}, other=1)
Function(code, globals={})()
Function(code=code, globals={}, name='n', argdefs=(7,), closure=None, kwdefaults={'b': 8})()
Function(code, {}, 'n').__name__
Function(code, {}, 'n').__qualname__
Function(code, {'__name__': 'given'}).__module__
Function(code, {}).__module__
Function(code, {}, None, (5,), None, {}).__kwdefaults__
Function(code, {}, argdefs=(1, 2, 3)).__defaults__
Cell(1, 2)
Cell(a=1)
Cell(1) == Cell(1)
Cell(1) < Cell(2)
Cell(2) <= Cell(1)
Cell() == Cell()
Cell() < Cell(1)
Cell(1) > Cell()
Cell() != Cell(1)
Cell() >= Cell()
Cell(1) == 1
Cell(1) < 1
Cell(1) < Cell('a')
hash(Cell())
Cell(5).cell_contents
Cell().cell_contents'''.split('\n'):
    show(text)
c = Cell()
c.cell_contents = [c]
print(c.cell_contents[0] is c)
del c.cell_contents
del c.cell_contents
show('c.cell_contents')
c.cell_contents = c
show('c == c') if False else None
try:
    c == c
except RecursionError:
    print('RecursionError')
class Clears:
    def __eq__(self, other):
        del first.cell_contents
        return True
first, second = Cell(Clears()), Cell(Clears())
print(first == second, first == second, first < second)
for name in ('__closure__', '__globals__', '__builtins__'):
    try:
        setattr(plain, name, None)
    except AttributeError as error:
        print(error)
