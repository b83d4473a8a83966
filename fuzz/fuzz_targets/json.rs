//! Texts: `_json` reads strings and values, and writes them, as CPython 3.14 does.
//!
//! The first byte says how a text is read and written; the rest is the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ryokan_fuzz::given::check;

/// What each input is given to.
const PROGRAM: &str = r#"
import _json, sys
class JSONDecodeError(ValueError):
    def __init__(self, message, text, place): ValueError.__init__(self, f'{message} {place}')
decoder = type(sys)('json.decoder')
decoder.JSONDecodeError = JSONDecodeError
sys.modules['json'] = type(sys)('json')
sys.modules['json'].decoder = sys.modules['json.decoder'] = decoder
def told(error):
    print(type(error).__name__, str(error)[:300])

data = DATA
how = HOW
text = data.decode(('utf-8', 'latin-1', 'utf-16-le')[how % 3], 'replace' if how & 128 or how % 3 == 2 else 'surrogateescape')
class Context:
    strict = how & 4 == 0
    object_hook = staticmethod(lambda found: ('object', found)) if how & 8 else None
    object_pairs_hook = staticmethod(lambda found: ('pairs', found)) if how & 16 else None
    parse_float = staticmethod((lambda digits: 'float ' + digits) if how & 32 else float)
    parse_int = staticmethod((lambda digits: 'int ' + digits) if how & 64 else int)
    parse_constant = staticmethod(lambda name: 'constant ' + name)
    memo = {}
made = None
try: scan = _json.make_scanner(Context)
except Exception as error: told(error)
else:
    for at in (0, 1, how - 3):
        try:
            found, end = scan(text, at)
            print(ascii(found)[:2000], end)
            made = found if at == 0 else made
        except RecursionError: print('too deep')
        except Exception as error: told(error)
for work in (_json.encode_basestring, _json.encode_basestring_ascii):
    written = work(text)
    print(ascii(written)[:1000])
    try: print(ascii(_json.scanstring(written, 1, Context.strict))[:1000])
    except Exception as error: told(error)
def default(value):
    if type(value) is set: return sorted(value)
    raise TypeError('what is that')
value = [made, {made if type(made) in (str, int, float, bool, type(None)) else (1, 2): made, text[:3]: {1}}, text, (1.5, -0.0, 1e300, 10**30), {}, [], {'k': [{}]}]
for ascii_only in (0, 1):
    encoder = _json.encode_basestring_ascii if ascii_only else _json.encode_basestring
    try:
        write = _json.make_encoder({} if how & 4 else None, default, encoder, (None, None, '  ', '')[how % 4], ': ', ', ', how & 8 != 0, how & 16 != 0, how & 32 != 0)
        print(ascii(''.join(write(value, 0)))[:3000])
    except RecursionError: print('too deep')
    except Exception as error: told(error)
"#;

fuzz_target!(|data: &[u8]| check(PROGRAM, data, |_| true));
