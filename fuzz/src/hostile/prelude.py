# What every hostile program begins with. `T` holds what harm can reach: the receiver and the arguments of the operation
# under way, and what came of earlier ones. Special methods call harm(k): k chooses the victim and the act.
import _bisect, _collections, _heapq, _struct, _thread, _weakref, _typing, builtins, errno, gc, itertools, math, _ryokan, sys, time

T = []
DROPS = []
G = globals()
left = 300
depth = 0


class Spare:
    pass


class Slotted:
    __slots__ = ('a', 'b')


class Listed(list):
    pass


class Sequence:
    def __len__(self): return 3
    def __getitem__(self, at):
        harm(at if type(at) is int else 1)
        if type(at) is int and at > 6: raise IndexError
        return at


class Table(dict):
    def __getitem__(self, key):
        harm(len(self))
        return dict.__getitem__(self, key)
    def __setitem__(self, key, value):
        dict.__setitem__(self, key, value)
        harm(len(self) * 3)
    def __missing__(self, key):
        raise KeyError(key)


class Named(str):
    pass


def tell(name, _print=print):
    try: _print(name)
    except BaseException: pass


def plain(*args, **named):
    return args


def other(x, y=(), *, z=None):
    a, b, c = x, y, z
    return (yield [a, b, c])


def counting(x):
    for at in range(9):
        yield (x, at)


def delegating(x):
    try: return (yield from x)
    finally: harm(9)


async def waiting(x):
    return await x


async def producing(x):
    try:
        yield x
        yield await x
    finally: harm(3)


class Ready:
    def __await__(self):
        yield 1
        return 2


async def entering(x):
    async with x as y: harm(4)
    return y


async def looping(x):
    async for y in x: harm(6)
    return [y async for y in x]


def traced(x):
    try: raise ValueError(x)
    except ValueError as error: return error.__traceback__


def linked(error, x):
    error.__context__ = error.__cause__ = x
    return error


def within(x, y):
    x.a = y
    return x


def stop():
    if left < 0 or left % 7 == 0: raise StopIteration


def lost():
    if left < 0 or left % 7 == 0: raise IndexError


def absent(): raise AttributeError
def ended(): raise StopAsyncIteration


def reach(x):
    if x is not G and x is not T and x is not ACTS and x is not G['__builtins__']: T.append(x)


class Harmless:
    def __init__(self, *args): pass


def made(c, *args):
    try: return c(*args)
    except BaseException: return Harmless()


# ---- acts: each does one thing to a victim; what the victim cannot do raises, which is taken for done


def empty(x, k): x.clear()
def shorten(x, k): del x[k % 3:]
def lengthen(x, k): x.extend(range(k % 99))
def insert(x, k): x.insert(k % 5, k)
def replace(x, k): x[:] = [k] * (k % 50)
def refill(x, k):
    x.clear()
    for at in range(k % 40): x[at] = at
def refill_set(x, k):
    x.clear()
    for at in range(k % 40): x.add(at * 8)
def take(x, k): x.pop()
def take_pair(x, k): x.popitem()
def discard_all(x, k):
    for y in list(x): x.discard(y)
def delete_all(x, k):
    for y in list(x): del x[y]
def release(x, k): x.release()
def export(x, k): T.append(memoryview(x))
def step(x, k): next(x)
def exhaust(x, k):
    for _ in range(50): next(x)
def iterate(x, k): T.append(iter(x))
def close(x, k): x.close()
def send(x, k): x.send(None if k & 16 else k)
def throw(x, k): x.throw(ValueError(k))
def reclass(x, k): x.__class__ = (Spare, Slotted, Listed, type(victim(k // 3)))[k % 4]
def rebase(x, k):
    c = x if isinstance(x, type) else type(x)
    c.__bases__ = ((Spare,), (Listed,), (object,), (type(victim(k)),))[k % 4]
def strip(x, k): x.__dict__.clear()
def redict(x, k): x.__dict__ = {'a': x}
def attributes(x, k):
    for name in 'abcdefgh'[:k % 9]: setattr(x, name, k)
def unattribute(x, k):
    for name in list(x.__dict__): delattr(x, name)
def reclassed_methods(x, k):
    c = x if isinstance(x, type) else type(x)
    for name in list(c.__dict__): delattr(c, name)
def remethod(x, k):
    c = x if isinstance(x, type) else type(x)
    setattr(c, NAMES[k % len(NAMES)], (None, plain, len, list.__len__, 5, other, Spare)[k % 7])
def recode(x, k): x.__code__ = (plain, other, counting, waiting)[k % 4].__code__
def redefault(x, k): x.__defaults__, x.__kwdefaults__ = (k,) * (k % 4), {'z': x}
def reargs(x, k): x.args = (x, k) * (k % 3)
def rechain(x, k): x.__context__ = x.__cause__ = victim(k // 5)
def retrace(x, k): x.__traceback__ = None
def retrace_self(x, k): x.tb_next = x
def fields(x, k):
    for name in ('filename', 'filename2', 'strerror', 'errno', 'msg', 'text', 'lineno', 'name', 'obj', 'object', 'reason', 'start', 'end', 'value', 'code'):
        try: setattr(x, name, (k, None, 'y' * (k % 9), x)[k % 4])
        except Exception: pass
def recell(x, k): x.cell_contents = k
def uncell(x, k): del x.cell_contents
def reinit(x, k): x.__init__(*([5], (), ([1, 2], [3]), ('ab',), (x,), (b'abc', 1))[k % 6])
def restate(x, k): x.__setstate__((0, 1, -1, 1 << 70, None, (1, 2))[k % 6])
def rename(x, k): x.__name__, x.__qualname__ = 'n' * (k % 9), 'q' * (k % 9)
def unframe(x, k): x.clear()
def callers(x, k):
    frame = sys._getframe(k % 5)
    T.append(frame)
    if frame.f_locals is not G: frame.f_locals.clear()
def finish(x, k): x.__del__()
def forget(x, k): T.clear()
def drop(x, k):
    T.clear()
    for f in DROPS: f()
    for name in [n for n in G if n[0] == 'v' and n[1:].isdigit()]: G[name] = None
def drop_and_collect(x, k):
    drop(x, k)
    x = None
    gc.collect()
    churn(x, k)
def collect(x, k): gc.collect(k % 3)
def churn(x, k):
    T.append([bytearray(n) for n in range(8, 200, 16)] + [[n] * (n % 9) for n in range(40)] + [Spare() for _ in range(20)])
def tuples(x, k): T.append([(n, n + 1) for n in range(200)])
def feed(x, k):
    found = gc.get_objects()
    reach(found[k * 7919 % len(found)])
def feed_newest(x, k):
    for y in gc.get_objects(generation=0)[-(k % 5) - 1:]: reach(y)
def referrers(x, k):
    found = gc.get_referrers(x)
    reach(found[k % len(found)])
def referents(x, k):
    found = gc.get_referents(x, type(x))
    reach(found[k % len(found)])
def show(x, k): (repr, str, ascii, format, '{0} {0!r}'.format)[k % 5](x)
def ask(x, k): (hash, len, bool, iter, dir, id, callable, list, tuple, set, sorted)[k % 11](x)
def same(x, k): x == victim(k // 7), x < victim(k // 3), x in [x]
def subclass(x, k): T.append(type('S', (x if isinstance(x, type) else type(x),), {NAMES[k % len(NAMES)]: plain}))
def instance(x, k): T.append(type(x).__new__(type(x)))
def fail(x, k): raise (ValueError, KeyError, StopIteration, MemoryError, RecursionError, IndexError, AttributeError, GeneratorExit)[k % 8](x)


ACTS = [
    empty, shorten, lengthen, insert, replace, refill, refill_set, take, take_pair, discard_all, delete_all, release, export,
    step, exhaust, iterate, close, send, throw, reclass, rebase, strip, redict, attributes, unattribute, reclassed_methods,
    remethod, recode, redefault, reargs, rechain, retrace, retrace_self, fields, recell, uncell, reinit, restate, rename,
    unframe, callers, finish, forget, drop, drop_and_collect, collect, churn, tuples, feed, feed_newest, referrers, referents,
    show, ask, same, subclass, instance, fail,
]  # fmt: skip
# Acts that any victim suffers: a program that knows nothing of its victim asks for these.
BY_TYPE = {
    list: [empty, shorten, lengthen, insert, replace, take, reinit],
    dict: [empty, refill, take_pair, delete_all, reinit],
    set: [empty, refill_set, take, discard_all, reinit],
    bytearray: [empty, shorten, lengthen, replace, export, reinit],
    memoryview: [release],
    type: [rebase, reclassed_methods, remethod, subclass],
    type(plain): [recode, redefault, rename, attributes],
}


def victim(k):
    return T[k % len(T)] if T else None


def harm(k):
    """One act on one victim; after `left` of them, and where harm does harm, nothing."""
    global left, depth
    left -= 1
    if left < 0 or depth > 2: return
    depth += 1
    try:
        x = victim(k)
        acts = ACTS
        if k & 64:
            for base, some in BY_TYPE.items():
                if isinstance(x, base): acts = some
        acts[k // 3 % len(acts)](x, k)
    except BaseException:
        if k % 11 == 0: raise
    finally:
        depth -= 1


def use(x, k):
    """Looks at what an operation gave, or works on with it."""
    global depth
    for at in range(3):
        try:
            how = (k + at * 5) % 8
            if how == 0: repr(x)
            elif how == 1: hash(x)
            elif how == 2:
                for y, _ in zip(x, range(20)): harm(k + at)
            elif how == 3: x == victim(k)
            elif how == 4: len(x), bool(x)
            elif how == 5: x(victim(k))
            elif how == 6: x.send(None)
            else: [*x], {**x}
        except BaseException: pass
    if type(x) is not int: T.append(x)
    del T[12:]


def attempt(f, k):
    """Runs an operation; what it raises is shown, as whoever prints a traceback would."""
    T.clear()
    DROPS.clear()
    try: use(f(), k)
    except BaseException as error:
        try:
            T.append(error)
            harm(k)
            if k % 4 == 0: str(error), repr(error)
        except BaseException: pass


def every(call, *args):
    """A call with each number of arguments."""
    for count in range(len(args) + 1):
        try: use(call(*args[:count]), count)
        except BaseException: pass


def drive(x, k):
    """Runs a coroutine or a generator a few steps."""
    for at in range(6):
        try: x.send(None)
        except StopIteration: return
        except BaseException: pass
        harm(k + at)


def deep(make, count):
    x = make(None)
    for _ in range(count):
        x = make(x)
    return x
