//! Codes of patterns, mutated: `_sre` refuses them, or runs them without harm over texts of all widths.
//!
//! The first byte says with which flags and texts. A word of the code is one byte; 254 stands before two bytes, and 255 before four. What a
//! pattern finds is compared by `fuzz/regex.py`: codes that no compiler made mean nothing in particular, so that they run here alone.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ryokan_fuzz::given::check;

/// What each input is given to.
const PROGRAM: &str = r#"
import _sre
data, code, at = DATA, [], 0
how = HOW
while at < len(data):
    wide = {254: 2, 255: 4}.get(data[at], 0)
    code.append(int.from_bytes(data[at + 1:at + 1 + wide], 'little') if wide else data[at])
    at += 1 + wide
texts = ['', 'a', 'aab ab1_', 'xabcabc\n' * 9, '\xe9a\xdfA ' * 5, '\u20acab\u03b1' * 7, '\U0001f600a\U0001d538' * 6, 'a' * 70]
flags = (0, 32, 2, 8, 16, 34, 256, 40)[how % 8]
for groups in (0, 1, 3):
    for bytes_only in (0, 1):
        try:
            made = _sre.compile(b'p' if bytes_only else 'p', flags, code, groups, {'n': groups} if groups else {}, (None, 'n', None, None)[:groups + 1])
        except Exception as error:
            print(type(error).__name__, error)
            continue
        for text in texts[how // 32:][:3]:
            if bytes_only: text = text.encode()
            for work in (made.match, made.search, made.fullmatch, made.findall, made.split, lambda t: made.sub(t[:1] * 2, t), lambda t: [m.span() for m in made.finditer(t, 1, 9)]):
                try:
                    found = work(text)
                    if type(found) is _sre.compile('', 0, [1], 0, {}, (None,)).match('').__class__: found = found.groups(), found.span(), found.lastindex, found.regs
                    print(repr(found)[:200])
                except Exception as error: print(type(error).__name__, error)
"#;

fuzz_target!(|data: &[u8]| check(PROGRAM, data, |_| false));
