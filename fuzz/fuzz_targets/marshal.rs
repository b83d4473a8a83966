//! Marshalled values, mutated: `marshal` reads them without harm, and CPython 3.14 makes the same of them.
//!
//! The first byte says how they are read; the rest is what is read. Codes are each implementation's own: what may have one is only read here.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ryokan_fuzz::given::check;

/// What each input is given to.
const PROGRAM: &str = r#"
import marshal, binascii
def told(error):
    print(type(error).__name__, str(error)[:300])

def shown(value, depth=0):
    if depth > 6: return '..'
    kind = type(value)
    if kind in (list, tuple): return f'{kind.__name__}({", ".join(shown(item, depth + 1) for item in value[:20])})'
    if kind in (set, frozenset): return f'{kind.__name__}({", ".join(sorted(shown(item, depth + 1) for item in value))})'
    if kind is dict: return f'dict({", ".join(shown(key, depth + 1) + ": " + shown(item, depth + 1) for key, item in list(value.items())[:20])})'
    if kind is slice: return f'slice({shown(value.start, depth + 1)}, {shown(value.stop, depth + 1)}, {shown(value.step, depth + 1)})'
    if kind in (int, float, complex, str, bytes, bool, type(None), type(...), type): return ascii(value)[:300]
    return kind.__name__
data = DATA
how = HOW
try: made = [marshal.loads(data, allow_code=how % 2 == 0)]
except RecursionError: print('too deep')
except Exception as error: told(error)
else:
    print(shown(made[0])[:4000])
    for version in range(6):
        try: print(version, len(marshal.dumps(made[0], version)) > 0)
        except RecursionError: print('too deep')
        except Exception as error: told(error)
        else:
            try: print(shown(marshal.loads(marshal.dumps(made[0], version)))[:4000])
            except RecursionError: print('too deep')
            except Exception as error: told(error)
"#;

fuzz_target!(|data: &[u8]| check(PROGRAM, data, |given| !given.iter().any(|byte| byte & 0x7f == b'c')));
