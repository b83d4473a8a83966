# Template, Interpolation and the iterator, as types.
Template, Interpolation = type(t''), type(t'{1}'.interpolations[0])
Iterator = type(iter(t''))
x = 1

def show(text):
    try:
        print(text, '->', repr(eval(text)))
    except Exception as error:
        print(text, '->', type(error).__name__, error)


for kind in (Template, Interpolation, Iterator):
    print(kind, kind.__module__, kind.__name__, kind.__qualname__, kind.__mro__)
for text in '''Template()
Template('a')
Template('a', 'b', 'c')
Template(Interpolation(1))
Template(Interpolation(1), Interpolation(2), 'x', 'y', Interpolation(3))
Template('', '', Interpolation(1), '')
Template(1)
Template(None)
Template('a', 5)
Template(a=1)
Template('a', a=1)
Template.__new__(Template, 'a')
Template.__new__(int)
Template[int]
Interpolation()
Interpolation(1)
Interpolation(1, 'e')
Interpolation(1, 'e', 'r', 'f')
Interpolation(1, 'e', None, 'f')
Interpolation(1, 'e', 'z')
Interpolation(1, 'e', '')
Interpolation(1, 'e', 'rr')
Interpolation(1, 'e', 5)
Interpolation(1, 5)
Interpolation(1, None)
Interpolation(1, 'e', None, 5)
Interpolation(1, 'e', None, None)
Interpolation(1, 'e', None, 'f', 5)
Interpolation(value=1, expression='e', conversion='a', format_spec='f')
Interpolation(expression='e', value=2)
Interpolation(1, other=2)
Interpolation(1, value=2)
Interpolation(1).__match_args__
Interpolation.__match_args__
Template.__match_args__
Interpolation[int]
Interpolation(1) == Interpolation(1)
Interpolation('a', 'b', 's', 'c').__reduce__()
Iterator()
iter(t'a').__iter__() is None
next(iter(t''))
next(iter(t'a'))
setattr(t'', 'strings', 1)
setattr(t'', 'values', 1)
setattr(t'', 'other', 1)
delattr(t'', 'interpolations')
setattr(Interpolation(1), 'value', 2)
setattr(Interpolation(1), 'other', 2)
type('Sub', (Template,), {})
type('Sub', (Interpolation,), {})
type('Sub', (Iterator,), {})
Template.__add__(t'a', 'b')
t'a'.__add__(t'b')
t''.strings is t''.strings
Template(*['a'] * 5).strings
Template('a', Interpolation(1)) + Template(Interpolation(2), 'b')
hash(t'a') == hash(t'a'), hash(Interpolation(1)) != 0'''.split('\n'):
    show(text)

match t'{x!r:>3}'.interpolations[0]:
    case Interpolation(value, expression, conversion, spec):
        print(value, expression, conversion, spec)
match Interpolation(1):
    case Interpolation(1, conversion='r'): print('no')
    case Interpolation(1, ''): print('yes')
print([name for name in dir(Template) if not name.startswith('_')], [name for name in dir(Interpolation) if not name.startswith('_')])

# Cycles, values that die, values that change others.
class Node:
    def __repr__(self): return 'Node'
node = Node()
node.template = t'{node}'
node.interpolation = Interpolation(node)
node.iterator = iter(node.template)
del node
__import__('gc').collect()
holder = []
template = t'{holder}'
holder.append(template.interpolations)
print(template)
class Loud:
    def __del__(self): print('gone')
template = t'{Loud()}'
values = template.values
del template
print('still here')
del values
class Other:
    def __radd__(self, left): return 'asked'
print(t'a' + Other())
parts = iter(t'a{1}b')
print(next(parts), parts.__next__().value, list(parts), list(parts))
class Text(str):
    def __len__(self): return 0
print(list(Template(Text('odd'))), Template(Text('a'), Text('b')).strings)
