# Exporters that release, resize, raise and come back while their bytes are in use, and values that do so while they are converted.
import gc, sys
def t(name, f):
    try: r = f(); r = r if isinstance(r, str) else repr(r)
    except BaseException as e: r = type(e).__name__ + ': ' + str(e)[:100]
    print(name, '->', r)
LOG = []
sys.unraisablehook = lambda what: print('unraisable', repr(what.exc_value), what.err_msg)
class Keep:
    def __init__(self): self.d = bytearray(b'abcdef'); self.m = memoryview(self.d)
    def __buffer__(self, f): return self.m
    def __release_buffer__(self, v): LOG.append(('rel', v is self.m))
k = Keep(); x = memoryview(k)
t('inner release', lambda: k.m.release())
y = x[1:]; z = memoryview(x)
t('release x', lambda: x.release()); print(LOG); t('y', lambda: y.tolist()); y.release(); print(LOG); t('z', lambda: z.tolist()); z.release(); print(LOG)
t('inner release', lambda: k.m.release()); t('again', lambda: memoryview(k))
k = Keep(); a = memoryview(k); b = memoryview(k)
t('two', lambda: k.m.release())
o = a.obj; print(type(o).__name__, type(o).__module__); a.release(); print(LOG); del o
b = None; print(LOG)
class Rec:
    def __buffer__(self, f): return memoryview(self)
t('rec', lambda: memoryview(Rec()))
class RelRaises:
    def __buffer__(self, f): return memoryview(b'xyz')
    def __release_buffer__(self, v): raise KeyError('boom')
t('relraises', lambda: b'q' + RelRaises())
class RelReenters:
    def __init__(self): self.n = 0
    def __buffer__(self, f): return memoryview(b'xyz')
    def __release_buffer__(self, v):
        self.n += 1
        if self.n < 5: bytes(self)
r = RelReenters(); t('reenter', lambda: bytes(r)); print(r.n)
class RelWhile:
    def __init__(self, ba): self.ba = ba
    def __buffer__(self, f): return memoryview(self.ba)
    def __release_buffer__(self, v):
        v.release()
        try: self.ba.append(1); LOG.append('appended')
        except BufferError as e: LOG.append(str(e))
LOG.clear(); ba = bytearray(b'12'); w = RelWhile(ba); t('relwhile', lambda: b'-'.join([w, w])); print(LOG, ba)
class NoMv:
    def __buffer__(self, f): return bytearray(b'x')
class Released:
    def __buffer__(self, f):
        m = memoryview(b'abc'); m.release(); return m
class Restrict: 
    __buffer__ = None
class Inst: pass
i = Inst(); i.__buffer__ = lambda f: memoryview(b'x')
class St:
    @staticmethod
    def __buffer__(f): return memoryview(b'st')
class Cl:
    @classmethod
    def __buffer__(cls, f): return memoryview(cls.__name__.encode())
class Prop:
    @property
    def __buffer__(self): return lambda f: memoryview(b'prop')
class NoArg:
    def __buffer__(self): return memoryview(b'')
for n, v in [('nomv', NoMv()), ('released', Released()), ('none', Restrict()), ('inst', i), ('st', St()), ('cl', Cl()), ('prop', Prop()), ('noarg', NoArg()), ('cls', Cl)]:
    t(n, lambda: memoryview(v).tobytes()); t(n + ' bytes', lambda: bytes(v)); t(n + ' join', lambda: b''.join([v])); t(n + ' eq', lambda: (memoryview(b'st') == v, bytearray(b'st') == v, b'st' == v)); t(n + ' int', lambda: int(v)); t(n + ' find', lambda: b'a'.find(v))
class E1:
    def __buffer__(self, f): raise SystemExit(3)
for f in (lambda: b'a' + E1(), lambda: bytearray(b'a') == E1(), lambda: b'a'.join([E1()]), lambda: b'a'.find(E1()), lambda: int(E1()), lambda: str(E1(), 'ascii'), lambda: b'a'.startswith(E1()), lambda: memoryview(b'a') == E1(), lambda: bytes(E1()), lambda: E1() in b'a', lambda: bytearray().extend(E1()), lambda: b'%b' % E1()):
    t('E1', f)
# bytearray held while views live
for name in ('append', 'extend', 'insert', 'pop', 'remove', 'clear', 'reverse', 'resize', 'iadd', 'imul', 'del', 'setslice', 'init', 'delslice', 'setext', 'imul1', 'imul0', 'same', 'copy', 'ext0', 'iadd0', 'resize same', 'popempty', 'translate', 'delext', 'init0'):
    ba = bytearray(b'abcd'); m = memoryview(ba)
    def op():
        global ba
        match name:
            case 'append': ba.append(1)
            case 'extend': ba.extend(b'x')
            case 'ext0': ba.extend(b'')
            case 'insert': ba.insert(0, 1)
            case 'pop': ba.pop()
            case 'remove': ba.remove(97)
            case 'clear': ba.clear()
            case 'reverse': ba.reverse()
            case 'resize': ba.resize(9)
            case 'resize same': ba.resize(4)
            case 'iadd': ba += b'x'
            case 'iadd0': ba += b''
            case 'imul': ba *= 2
            case 'imul1': ba *= 1
            case 'imul0': ba *= 0
            case 'del': del ba[0]
            case 'delslice': del ba[1:2]
            case 'delext': del ba[::2]
            case 'setslice': ba[0:1] = b'xy'
            case 'setext': ba[::2] = b'zz'
            case 'same': ba[0:2] = b'zz'
            case 'init': ba.__init__(b'zzzz')
            case 'init0': ba.__init__()
            case 'copy': return ba.copy()
            case 'translate': return ba.translate(None)
        return ba
    t(name, op); m.release(); print(ba)
# __eq__ that releases in count and index
class Eq:
    def __init__(self, act): self.act = act
    def __eq__(self, o): self.act(); return False
for act in ('release', 'resize', 'both'):
    ba = bytearray(b'abcd'); m = memoryview(ba)
    def a():
        if act != 'resize': m.release()
        if act != 'release': ba.clear()
    t(f'count {act}', lambda: m.count(Eq(a))); t(f'index {act}', lambda: m.index(Eq(a))); t(f'in {act}', lambda: Eq(a) in m); print(ba)
class Ix:
    def __init__(self, act, v=1): self.act = act; self.v = v
    def __index__(self): self.act(); return self.v
for n, f in {'idx2': lambda m, i: m.cast('B', (2, 3))[i, i], 'set2': lambda m, i: m.cast('B', (2, 3)).__setitem__((0, i), i), 'slice': lambda m, i: m[i:i:i].tolist(), 'cast': lambda m, i: m.cast('B', [i]), 'hex': lambda m, i: m.hex('-', i), 'index': lambda m, i: m.index(97, i, i), '_ff': lambda m, i: memoryview._from_flags(m, i).tolist(), 'buf': lambda m, i: m.__buffer__(i).tolist(), 'setslice': lambda m, i: m.__setitem__(slice(0, i), b'z')}.items():
    ba = bytearray(b'abcdef'); m = memoryview(ba)
    def act(): m.release(); ba.clear()
    t(f'{n} rel', lambda: f(m, Ix(act))); print(ba)
it = iter(memoryview(bytearray(b'ab'))); print(next(it), next(it), next(it, 'end'), next(it, 'end'))
ba = bytearray(b'abc'); m = memoryview(ba); it = iter(m); next(it); m.release(); t('iter released', lambda: next(it))
match memoryview(b'abc'):
    case [a, *r]: print('seq', a, r)



