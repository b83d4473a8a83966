# Who takes bytes takes those of any exporter: what each asks for, what it makes of a refusal, and when it gives the bytes back.
import sys

sys.unraisablehook = lambda what: LOG.append(('unraisable', type(what.exc_value).__name__, str(what.exc_value)))
LOG = []
class B:
    def __init__(self, d=b'hello', name='B'): self.d = bytearray(d); self.name = name
    def __buffer__(self, flags): LOG.append(('buf', self.name, flags)); return memoryview(self.d)
    def __release_buffer__(self, v): LOG.append(('rel', self.name, type(v).__name__, bytes(v))); v.release()
    def __repr__(self): return f'B({self.name})'
class RB:
    def __buffer__(self, f): raise ValueError('no')
class IB(B):
    def __index__(self): LOG.append('index'); return 104
class BB(B):
    def __bytes__(self): LOG.append('bytes'); return b'viabytes'
class SB(bytes):
    def __buffer__(self, f): LOG.append(('SB', f)); return memoryview(b'other')
class SA(bytearray):
    def __buffer__(self, f): LOG.append(('SA', f)); return super().__buffer__(f)
    def __release_buffer__(self, v):
        LOG.append(('SArel', bytes(v), v.readonly))
        try: memoryview(v)
        except Exception as e: LOG.append((type(e).__name__, str(e)))
        super().__release_buffer__(v)
class RO(bytes):
    def __release_buffer__(self, v): LOG.append(('ROrel', bytes(v)))
def show(value):
    return f'view of {bytes(value)}' if isinstance(value, memoryview) else repr(value)
def t(name, f):
    LOG.clear()
    try: r = show(f())
    except BaseException as e: r = type(e).__name__ + ': ' + str(e)
    print(name, '->', r.split(' at 0x')[0], LOG)
mk = {'B': B, 'RB': RB, 'IB': IB, 'BB': BB, 'SB': lambda: SB(b'hello'), 'SA': lambda: SA(b'hello'), 'RO': lambda: RO(b'hello'), 'mv': lambda: memoryview(b'hello'), 'mvs': lambda: memoryview(b'h.e.l.l.o.')[::2], 'mv2': lambda: memoryview(b'hell').cast('B', (2,2)), 'mvI': lambda: memoryview(b'hell').cast('I'), 'int': lambda: 104, 'str': lambda: 'hello', 'none': lambda: None}
ops = {
 'find': lambda b, x: b.find(x), 'rfind': lambda b, x: b.rfind(x), 'index': lambda b, x: b.index(x), 'rindex': lambda b, x: b.rindex(x), 'count': lambda b, x: b.count(x, 0, 100),
 'in': lambda b, x: x in b, 'split': lambda b, x: b.split(x), 'rsplit': lambda b, x: b.rsplit(x, 1), 'partition': lambda b, x: [type(y).__name__ if not isinstance(y, (bytes, bytearray)) else y for y in b.partition(x)], 'rpartition': lambda b, x: [type(y).__name__ if not isinstance(y, (bytes, bytearray)) else y for y in b.rpartition(x)],
 'replace1': lambda b, x: b.replace(x, b'z'), 'replace2': lambda b, x: b.replace(b'l', x), 'replace3': lambda b, x: b.replace(x, x, 1),
 'strip': lambda b, x: b.strip(x), 'lstrip': lambda b, x: b.lstrip(x), 'rstrip': lambda b, x: b.rstrip(x),
 'startswith': lambda b, x: b.startswith(x), 'endswith': lambda b, x: b.endswith(x), 'sw_tuple': lambda b, x: b.startswith((b'q', x)),
 'translate': lambda b, x: b.translate(x), 'translate_del': lambda b, x: b.translate(None, x), 'maketrans': lambda b, x: len(b.maketrans(x, x)), 'removeprefix': lambda b, x: b.removeprefix(x), 'removesuffix': lambda b, x: b.removesuffix(x),
 'join': lambda b, x: b.join([b'1', x, b'2']), 'join1': lambda b, x: b.join([x]), 'fromhex': lambda b, x: type(b).fromhex(x),
 'add': lambda b, x: b + x, 'radd': lambda b, x: x + b, 'eq': lambda b, x: b == x, 'ne': lambda b, x: b != x, 'req': lambda b, x: x == b, 'lt': lambda b, x: b < x, 'gt': lambda b, x: b > x, 'rlt': lambda b, x: x < b,
 'mod': lambda b, x: b'[%b]' % x, 'mods': lambda b, x: b'[%s]' % (x,), 'modc': lambda b, x: b'[%c]' % (x,), 'modbase': lambda b, x: type(b)(b'%b') % x,
 'center': lambda b, x: b.center(9, x), 'mul': lambda b, x: b * x if not isinstance(x, int) else 0,
 'ctor': lambda b, x: type(b)(x), 'hexsep': lambda b, x: b.hex(x),
}
for bt in (bytes, bytearray):
    for on, op in ops.items():
        for mn, m in mk.items():
            b = bt(b'say hello there'); x = m()
            t(f'{bt.__name__} {on} {mn}', lambda: op(b, x))
            del x
for mn, m in mk.items():
    x = m()
    t(f'int {mn}', lambda: int(x)); t(f'intb {mn}', lambda: int(x, 16)); t(f'float {mn}', lambda: float(x)); t(f'complex {mn}', lambda: complex(x))
    t(f'str {mn}', lambda: str(x, 'ascii')); t(f'from_bytes {mn}', lambda: int.from_bytes(x)); t(f'eval {mn}', lambda: eval(x, {'hello': 5}))
    t(f'exec {mn}', lambda: exec(x, {'hello': 5, 'other': 1})); t(f'mv {mn}', lambda: memoryview(x).tolist()); t(f'mvobj {mn}', lambda: type(memoryview(x).obj).__name__)
    t(f'ff {mn}', lambda: memoryview._from_flags(x, 0).tolist()); t(f'ffw {mn}', lambda: memoryview._from_flags(x, 1).readonly)
    t(f'decode {mn}', lambda: x.decode())
    for on, op in {'extend': lambda a, x: a.extend(x), 'iadd': lambda a, x: a.__iadd__(x) is a, 'set': lambda a, x: a.__setitem__(slice(1, 3), x), 'set2': lambda a, x: a.__setitem__(slice(0, 10, 2), x), 'init': lambda a, x: a.__init__(x), 'append': lambda a, x: a.append(x), 'setitem': lambda a, x: a.__setitem__(0, x), 'remove': lambda a, x: a.remove(x), 'insert': lambda a, x: a.insert(0, x)}.items():
        a = bytearray(b'0123456789')
        t(f'ba.{on} {mn}', lambda: (op(a, x), a))
    for on, op in {'set': lambda a, x: a.__setitem__(slice(1, 6), x), 'eq': lambda a, x: a == x, 'item': lambda a, x: a.__setitem__(0, x)}.items():
        a = bytearray(b'0123456789')
        t(f'mv.{on} {mn}', lambda: (op(memoryview(a), x), a))
a = bytearray(b'abc')
t('self iadd', lambda: a.__iadd__(a)); t('self ext', lambda: (a.extend(a), a)); t('self set', lambda: (a.__setitem__(slice(0, 1), a), a)); t('self init', lambda: (a.__init__(a), a)); t('self join', lambda: a.join([a, a])); t('self replace', lambda: a.replace(a, a))
m = memoryview(a)
t('m iadd', lambda: a.__iadd__(m)); t('m ext', lambda: (a.extend(m), a)); t('m set', lambda: (a.__setitem__(slice(0, 1), m), a)); t('m set same', lambda: (a.__setitem__(slice(0, len(a)), m), a)); t('m init', lambda: (a.__init__(m), a))
m.release()
