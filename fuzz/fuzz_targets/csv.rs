//! Rows and dialects: `_csv` reads and writes as CPython 3.14 does.
//!
//! The first byte and the four behind it make the dialect; the rest is the text that is read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ryokan_fuzz::given::check;

/// What each input is given to.
const PROGRAM: &str = r#"
import _csv
def told(error):
    print(type(error).__name__, str(error)[:300])

data = DATA
how = HOW
marks = (data[:4] + b'....')[:4].decode('latin-1')
text = data[4:].decode('utf-8', 'surrogateescape')
likely = ',;\t |"\'\\\n'
def mark(at): return likely[ord(marks[at]) % 9] if ord(marks[at]) > 99 else marks[at]
dialect = dict(delimiter=mark(0), quotechar=mark(1) if how & 1 else None, escapechar=mark(2) if how & 2 else None, doublequote=how & 4 != 0,
    skipinitialspace=how & 8 != 0, quoting=(how >> 4) % 6, strict=how & 128 != 0, lineterminator=mark(3) * (1 + how % 2))
class Out:
    def __init__(self): self.parts = []
    def write(self, part): self.parts.append(part)
lines = text.splitlines(True) if how & 64 else text.split('|')
rows = []
try:
    reader = _csv.reader(lines, **dialect)
    try:
        for row in reader:
            rows.append(row)
            if len(rows) > 30: break
    except Exception as error: told(error)
    print(ascii(rows)[:3000], reader.line_num)
except Exception as error: told(error)
rows += [[1, 2.5, None, True, 'a b', '', text[:9]], [], [''], [None], text[:5]]
out = Out()
try:
    writer = _csv.writer(out, **dialect)
    for row in rows:
        try: print(writer.writerow(row))
        except Exception as error: told(error)
except Exception as error: told(error)
print(ascii(out.parts)[:3000])
"#;

fuzz_target!(|data: &[u8]| check(PROGRAM, data, |_| true));
