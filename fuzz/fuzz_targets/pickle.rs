//! Pickles, mutated: `_pickle` reads them without harm, and CPython 3.14 makes the same of them.
//!
//! The first byte says how a pickle is read; the rest is the pickle. What it can name is a handful of classes. What was read is shown, and
//! written again in every protocol, byte for byte as CPython writes it. (The names of Python 2 are a table of the library, which is not
//! here.) Without `RYOKAN_PYTHON` the programs are only run.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ryokan_fuzz::given::check;

/// What each pickle is given to.
const PROGRAM: &str = r#"
import _pickle, binascii, _io as io
class Plain: pass
class Slots: __slots__ = ('a', 'b')
class State:
    def __getstate__(self): return self.__dict__.get('kept', 7)
    def __setstate__(self, state): self.kept = state
class Named:
    def __new__(cls, *args, key=0):
        self = object.__new__(cls)
        self.args = args, key
        return self
    def __getnewargs_ex__(self): return self.args[0][:2], {'key': self.args[1]}
class Items(list):
    def __reduce_ex__(self, protocol): return Items, (), None, iter(list(self))
class Pairs(dict):
    def __reduce_ex__(self, protocol): return Pairs, (), {'n': 1}, None, iter(list(self.items()))
class Alone:
    def __reduce__(self): return 'ALONE'
ALONE = Alone()
here = dict(Plain=Plain, Slots=Slots, State=State, Named=Named, Items=Items, Pairs=Pairs, ALONE=ALONE)
known = {('__main__', name): found for name, found in here.items()}
for found in (list, dict, set, frozenset, tuple, float, complex, object, int, bool): known['builtins', found.__name__] = found
globals().update(here)
class Reader(_pickle.Unpickler):
    def find_class(self, module, name):
        if (module, name) in known: return known[module, name]
        raise _pickle.UnpicklingError('not known')
    def persistent_load(self, name): return ('outside', name)
class Peeks(io.BytesIO):
    def peek(self, count):
        at = self.tell()
        found = self.read(min(count, 5))
        self.seek(at)
        return found
class Lines:
    def __init__(self, data): self.file = io.BytesIO(data)
    def read(self, count): return self.file.read(count)
    def readline(self): return self.file.readline()
def shown(value, depth=0):
    if depth > 6: return '..'
    kind = type(value)
    if kind in (list, tuple, Items): return f'{kind.__name__}({", ".join(shown(item, depth + 1) for item in list(value)[:20])})'
    if kind in (set, frozenset): return f'{kind.__name__}({", ".join(sorted(shown(item, depth + 1) for item in value))})'
    if kind in (dict, Pairs): return f'{kind.__name__}({", ".join(shown(key, depth + 1) + ": " + shown(item, depth + 1) for key, item in list(value.items())[:20])})'
    if kind in (Plain, State, Named): return f'{kind.__name__}{shown(value.__dict__, depth + 1)}'
    if kind is Slots: return f'Slots({[shown(getattr(value, name, None), depth + 1) for name in "ab"]})'
    if kind in (int, float, complex, str, bytes, bytearray, bool, type(None)): return repr(value)[:300]
    return kind.__name__
def told(error):
    text = str(error)
    return type(error).__name__, '0x' if ' 0x' in text else text[:200], getattr(error, '__notes__', None)
def read(file, **how):
    try: return [Reader(file, buffers=iter([b'one', bytearray(b'two')]), **how).load()]
    except RecursionError: print('too deep')
    except Exception as error: print(*told(error))
data = DATA
how = HOW
kind = (io.BytesIO, Peeks, Lines)[how % 3]
how //= 3
names = dict(encoding=('ASCII', 'bytes', 'latin1')[how % 3], fix_imports=False)
made = read(kind(data), **names)
if made:
    print(shown(made[0])[:4000])
    for protocol in range(6):
        try:
            written = _pickle.dumps(made[0], protocol, fix_imports=False)
            print(protocol, len(written), binascii.crc32(written))
        except RecursionError: print('too deep')
        except Exception as error: print(*told(error))
"#;

fuzz_target!(|data: &[u8]| check(PROGRAM, data, |_| true));
