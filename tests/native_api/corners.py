import corners, gc

said = []
def say(*what):
    said.append(' '.join(map(str, what)))
def fails(function, *args, **named):
    try:
        say('result', function(*args, **named))
    except Exception as e:
        say(type(e).__name__, e)

# The module, its constants, its docstrings.
say(corners.LEVEL, corners.NAMES, repr(corners.__doc__))
say(repr(corners.show.__doc__), corners.show.__text_signature__, corners.nothing.__text_signature__)
say(corners.also_nothing is corners.nothing, corners.nothing())
say(corners.every.__text_signature__, corners.fail.__text_signature__, corners.show)

# Arguments: by position, by name, left out; and what is said when they do not fit.
say(corners.show(2), corners.show(2, 5, 'q', last=3), corners.show(1, z='z'), corners.every(1, 2, k=3))
fails(corners.show)
fails(corners.show, 'x')
fails(corners.show, 1, 'x')
fails(corners.show, 1, 2, 3)
fails(corners.show, 1, 2, z=4)
fails(corners.show, 1, y=4)
fails(corners.show, 1, 2, 'a', True)
fails(corners.show, 1, lost=1)
fails(corners.root, 'x')
fails(corners.root, -1)
fails(corners.root, 2.25)
fails(corners.nothing, 1)

# An exception of its own, a record, state that lasts, callbacks.
fails(corners.fail)
fails(corners.fail, 'so')
say(corners.Error.__mro__[1].__name__, corners.Error.__module__, corners.Error.__doc__)
say(corners.point(1, 2), corners.point(3, 4).y, corners.Point.__doc__, tuple(corners.point(5, 6)))
say(corners.calls(), corners.calls(), corners.calls())
say(corners.apply(lambda a, b, n: (a is b, n), 10 ** 20))
say(repr(corners.caught(corners.fail)))
fails(corners.caught, lambda: 1 // 0)

# A type: construction, slots, getters, methods, class methods.
Ring = corners.Ring
r = Ring([1, 2, 3.5])
r.append('x')
say(len(r), r, list(r), r[1], r.limit, Ring.make(7).limit, Ring.append.__text_signature__)
say(repr(Ring.__doc__), Ring.__module__, Ring.__qualname__, Ring.put.__text_signature__)
r += (4, 5)
say(list(r), r.pop(), 5 in r, 4 in r)
for function in (lambda: Ring.append(3, 4), lambda: r.append(), lambda: r.put(1), lambda: Ring([1], 2, 3),
                 lambda: Ring(zz=1), lambda: type(iter(r))(), lambda: r.put(1, 2, deep=3), lambda: r[9], lambda: Ring().pop(),
                 lambda: Ring.make('x'), lambda: Ring(3), lambda: setattr(r, 'limit', 2), lambda: setattr(Ring, 'x', 1)):
    fails(function)

# Subclasses, with slots and without; cycles through the fields are found.
class Other(Ring):
    def __len__(self):
        return 99

    def __getitem__(self, i):
        return -i


o = Other([1])
o.append(2)
say(len(o), o[5], list(o), o.pop(), len(r), r[1])
say([(a, b) for a, b in Ring([(1, 2), [3, 4], 'ab', (5, 6)])], [*Ring('xy')])
for bad in (1, (1,), (1, 2, 3)):
    fails(lambda: [a for a, b in Ring([(0, 0), bad])])
for n in range(20):
    r.append(n)
say([r.pop() for _ in range(20)], list(r))


class Slotted(Ring):
    __slots__ = ('a', '__dict__')
s = Slotted([r, 2])
s.a, s.b = 5, 6
s.append(s)
say(s, s.a, s.b, list(s)[0] is r, [c.__name__ for c in Slotted.__mro__])
gc.collect()
del s
say(gc.collect() > 0)
class Own(Ring):
    def __init__(self, *args, **named):
        self.args = args
    def append(self, x):
        super().append((x, x))
own = Own([1])
own.append(2)
say(list(own), own.args)
fails(lambda: type('Both', (Ring, dict), {}))
fails(lambda: Ring.__new__(int))

# A type that extends dict by members.
d = corners.Dictionary(list, items={1: 2})
d[5].append(4)
say(dict(d), d, d.factory.__name__, len(d), isinstance(d, dict), corners.Dictionary.__bases__)
class Extended(corners.Dictionary):
    __slots__ = ('q',)
e = Extended(int)
e.q = e
e['x'] += 1
say(dict(e), e.q is e)
gc.collect()
del e
say(gc.collect() > 0)
fails(lambda: corners.Dictionary.factory.__get__({}))

# Awaitables and asynchronous iterators: a loop of ours drives them.
async def waits():
    first = await corners.Pause(2, 'rest')
    second = await corners.Pause(0)
    return first, second, [n async for n in corners.Ticks(3)]
def run(coroutine):
    turns = []
    while True:
        try:
            turns.append(coroutine.send(None))
        except StopIteration as end:
            return turns, end.value
say(run(waits()))
async def fails_inside():
    try:
        await corners.Pause(5)
    except KeyError as e:
        return 'caught', e.args
c = fails_inside()
c.send(None)
try:
    c.throw(KeyError('k'))
except StopIteration as end:
    say(end.value)
fails(lambda: run(corners.Pause(1, 'sent')))
pause = corners.Pause(1)
say(pause.send('kept'))
fails(pause.send, None)

# A context manager with attributes, called with names, added.
with corners.Guard() as g:
    raise ValueError('swallowed')
def raises():
    with g:
        raise KeyError('kept')
fails(raises)
g.note = 5
say(g.log, g.note, g.__dict__, g(a=1, b=2), g.log, g + corners.Guard(), corners.Guard.add(2), corners.Guard.add(b=5, a=1))
fails(lambda: g + 1)
fails(lambda: delattr(g, 'log'))
g.log = 3
fails(g)
g.me = g
gc.collect()
del g
say(gc.collect() > 0)

# Buffers: of native types, and of anything.
grid = corners.Grid()
view = memoryview(grid)
view[1] = 258
say(view.format, view.tolist(), view.obj is grid, bytes(grid)[:8], grid.measure(grid), grid.measure(view), grid.measure(b'abc'))
fails(grid.measure, 3)
fails(grid.measure, memoryview(b'abcdef')[::2])
fails(grid.wipe, b'abc')
array = bytearray(b'abc')
grid.wipe(array)
grid.wipe(grid)
say(array, view.tolist())

# Work without the lock that comes back, and items by key.
seen = []
say(corners.away(lambda number: seen.append(number) or corners.away(lambda n: n + 1, number), 4), seen)
fails(corners.away, lambda number: 1 // number, 3)
fails(corners.away, 'no', 1)
cabinet = corners.Cabinet()
say(cabinet['key'], cabinet[0], cabinet.open(1, 2), corners.Cabinet.open.__text_signature__)
fails(iter, cabinet)
fails(lambda: 1 in cabinet)
fails(reversed, cabinet)
