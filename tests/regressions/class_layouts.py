# Which base lends its layout, what may take another's place, and what an MRO may hold.
module = type(__builtins__) if not isinstance(__builtins__, dict) else type(__import__('sys'))

def told(function, *args):
    try:
        return function(*args)
    except (TypeError, ValueError) as e:
        return f'{type(e).__name__}: {e}'

class L1: __slots__ = ()
class L2: __slots__ = 'a',
class L3: __slots__ = 'b',
class L4(L2): __slots__ = 'c',
class L5(L2): __slots__ = ()
class L6(L2): __slots__ = 'd',
class Plain: pass

def base(*bases, **members):
    return type('X', bases, members).__base__.__name__

for bases in [(L1, L2), (L2, L1), (L1, L2, Plain), (Plain, L2), (L2, L3), (L2, L4), (L4, L2), (L4, L6), (L5, L6), (L6, L5), (L5, L3),
              (list, dict), (int, str), (L1, list), (list, L2), (OSError, SyntaxError), (OSError, ValueError), (ValueError, OSError),
              (UnicodeDecodeError, UnicodeEncodeError), (StopIteration, SystemExit), (KeyError, AttributeError), (ImportError, OSError),
              (ExceptionGroup, ValueError), (bool,), (type(None),), (module, Plain), (type, Plain), (type, module), (range,), (tuple, L2),
              (NameError, ImportError), (TabError, SyntaxError), (SystemExit, KeyboardInterrupt)]:
    print([b.__name__ for b in bases], told(base, *bases))

# Members that do not share their storage.
class Both(L4, L5): __slots__ = 'e',
x = Both()
x.a, x.c, x.e = 1, 2, 3
print(x.a, x.c, x.e)

# The order of members is their own: classes with the same ones may be exchanged.
class Ab: __slots__ = 'a', 'b'
class Ba: __slots__ = 'b', 'a'
x = Ab()
x.a, x.b = 1, 2
x.__class__ = Ba
print(type(x).__name__, x.a, x.b)

class D(Plain): pass
class E: __slots__ = ()
class E2: __slots__ = ()
class S: __slots__ = 'a',
class S1: __slots__ = 'a',
class SS(S): __slots__ = ()
class SD(S): pass
class SD2(S1): pass
class Di: __slots__ = '__dict__',
class W: __slots__ = '__weakref__',
class DW: __slots__ = '__dict__', '__weakref__'
class AS(Plain): __slots__ = ()
class ASa(Plain): __slots__ = 'a',
class ASb(Plain): __slots__ = 'a',
class Li(list): pass
class Li1(list): pass
class LE(list): __slots__ = ()
class LS(list): __slots__ = 'a',
class LS1(list): __slots__ = 'a',
class I(int): pass
class I1(int): pass
class IE(int): __slots__ = ()
class T(tuple): pass
class T1(tuple): pass
class M(module): pass
class ME(module): __slots__ = ()
class MS(module): __slots__ = 'a',
class X(Exception): pass
class X1(Exception): pass
class XV(ValueError): pass
class XO(OSError): pass
class Mang: __slots__ = '__a',
class _Mang: __slots__ = '__a',
kinds = [Plain, D, E, E2, S, S1, SS, SD, SD2, Di, W, DW, AS, ASa, ASb, Li, Li1, LE, LS, LS1, I, I1, IE, T, T1, M, ME, MS, X, X1, XV,
         XO, Mang, _Mang]

def make(kind):
    return kind('m') if issubclass(kind, module) else kind()

for kind in kinds + [module]:
    fine, errors = [], set()
    for new in kinds + [object, list, module]:
        x = make(kind)
        try:
            x.__class__ = new
        except TypeError as e:
            errors.add(str(e).replace(f"'{new.__name__}'", 'new').replace(f"'{kind.__name__}'", 'old'))
        else:
            fine.append(type(x).__name__)
    print(kind.__name__, fine, sorted(errors))

# Attributes survive, and many exchanges cost nothing.
x = Plain()
x.a = 1
for _ in range(1000):
    x.__class__ = D
    x.b = 2
    x.__class__ = Plain
print(x.__dict__)

# Metaclasses.
class Meta(type): pass
class Meta2(type):
    def hello(cls): return 'hello ' + cls.__name__
class Made(metaclass=Meta): a = 1
Made.__class__ = Meta2
print(type(Made).__name__, Made.hello(), Made().a)
print(told(setattr, Made, '__class__', type), told(setattr, Plain, '__class__', Meta))

# `__bases__`
class B1: pass
class B2: pass
class BS: __slots__ = 'a',
class BS1: __slots__ = 'a',
class BE: __slots__ = ()
for old in B1, BS, BE, list, Exception:
    for new in B2, BS1, BE, BS, dict, OSError, Exception, object, Li, (B2, BS), (BE, B2), 5, (), (5,):
        new = new if isinstance(new, tuple) else (new,)
        for members in {}, {'__slots__': ()}:
            C = type('C', (old,), dict(members))
            print(old.__name__, [getattr(n, '__name__', n) for n in new], told(setattr, C, '__bases__', new), C.__base__.__name__)
class P: pass
class Q(P): pass
print(told(setattr, P, '__bases__', (Q,)), told(setattr, P, '__bases__', (P,)))

# What `mro` may give.
class Mro(type):
    answer = None
    def mro(cls):
        return Mro.answer(cls) if Mro.answer else super().mro()
def with_mro(answer, *bases, **members):
    Mro.answer = answer
    try:
        return [c.__name__ for c in Mro('C', bases, members).__mro__]
    except (TypeError, ValueError) as e:
        return f'{type(e).__name__}: {e}'
    finally:
        Mro.answer = None
for answer in (lambda c: [c, list, object], lambda c: [c, S, object], lambda c: [c, 5], lambda c: [c, int], lambda c: [], lambda c: 5,
               lambda c: [c, Plain, object], lambda c: [c, type(None), object], lambda c: [c, Exception], lambda c: (c,),
               lambda c: [c, 'x'], lambda c: [c, E, c, object], lambda c: [c, dict], None):
    print(with_mro(answer), with_mro(answer, list), with_mro(answer, S, __slots__=()))
class Kept(metaclass=Mro): x = 1
print(Kept.x, type(Kept()).__name__, Kept.mro())

# `__slots__` that are too many or none at all.
print(told(type, 'X', (), {'__slots__': ['a', 5]}), told(type, 'X', (), {'__slots__': ['a b']}), told(type, 'X', (), {'__slots__': 'a', 'a': 1}))
print(told(type, 'X', (int,), {'__slots__': 'a'}), told(type, 'X', (Plain,), {'__slots__': '__dict__'}), told(type, 'X', (Plain,), {'__slots__': '__weakref__'}))
Wide = type('Wide', (), {'__slots__': ['a%d' % i for i in range(3000)]})
x = Wide()
x.a0, x.a2999 = 1, 2
print(x.a0, x.a2999, hasattr(x, 'a1'))
for count in 65_534, 65_535, 65_536, 65_537, 70_000, 131_073:
    try:
        C = type('C', (), {'__slots__': ['a%d' % i for i in range(count)]})
        x = C()
        x.a0, x.a1 = 1, 2
        assert (x.a0, x.a1) == (1, 2)
    except TypeError:
        pass
print('ok')
