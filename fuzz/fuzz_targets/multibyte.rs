//! The codecs of East Asia: what one makes of bytes and of a text as a whole, it makes of them in pieces and by streams, and CPython 3.14
//! makes the same.
//!
//! The first byte says which codec and which error handler; the rest is the bytes, and a text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ryokan_fuzz::given::check;

/// What each input is given to. Pieces may end where the beginning of a character is longer than what a decoder remembers.
const PROGRAM: &str = r#"
import _codecs, _io, _multibytecodec as m
import _codecs_cn, _codecs_hk, _codecs_iso2022, _codecs_jp, _codecs_kr, _codecs_tw
NAMES = (
    (_codecs_cn, 'gb2312'), (_codecs_cn, 'gbk'), (_codecs_cn, 'gb18030'), (_codecs_cn, 'hz'), (_codecs_hk, 'big5hkscs'),
    (_codecs_iso2022, 'iso2022_kr'), (_codecs_iso2022, 'iso2022_jp'), (_codecs_iso2022, 'iso2022_jp_1'), (_codecs_iso2022, 'iso2022_jp_2'),
    (_codecs_iso2022, 'iso2022_jp_2004'), (_codecs_iso2022, 'iso2022_jp_3'), (_codecs_iso2022, 'iso2022_jp_ext'),
    (_codecs_jp, 'shift_jis'), (_codecs_jp, 'cp932'), (_codecs_jp, 'euc_jp'), (_codecs_jp, 'shift_jis_2004'), (_codecs_jp, 'euc_jis_2004'),
    (_codecs_jp, 'euc_jisx0213'), (_codecs_jp, 'shift_jisx0213'), (_codecs_kr, 'euc_kr'), (_codecs_kr, 'cp949'), (_codecs_kr, 'johab'),
    (_codecs_tw, 'big5'), (_codecs_tw, 'cp950'))
data, how = DATA, HOW
def back(error):
    'Goes on behind the error, or back, some times.'
    global turns
    turns += 1
    return ('?', error.end) if turns % 3 or turns > 9 else ('<' + 'x' * (error.end - error.start), error.end - len(error.object))
_codecs.register_error('back', back)
module, name = NAMES[how % 24]
errors = ('strict', 'ignore', 'replace', 'backslashreplace', 'surrogateescape', 'xmlcharrefreplace', 'namereplace', 'back', 'strict', 'replace')[how // 24 % 10]
# These two go back into what a decoder that gets pieces has at its end, and may leave some of it there.
steady = errors not in ('back', 'surrogateescape')
codec = module.getcodec(name)
class Encoder(m.MultibyteIncrementalEncoder): pass
class Decoder(m.MultibyteIncrementalDecoder): pass
class Reader(m.MultibyteStreamReader): pass
class Writer(m.MultibyteStreamWriter): pass
Encoder.codec = Decoder.codec = Reader.codec = Writer.codec = codec
def attempt(work, *args):
    global turns
    turns = 0
    try: return work(*args)
    except (UnicodeError, TypeError, RuntimeError, IndexError) as error: return type(error).__name__, str(error)[:200]
size = data[0] % 7 + 1 if data else 1
def decoded():
    decoder = Decoder(errors)
    return ''.join([decoder.decode(data[at:at + size]) for at in range(0, len(data), size)]) + decoder.decode(b'', True)
def read():
    reader = Reader(_io.BytesIO(data), errors)
    return ''.join(iter(lambda: reader.read(size), ''))
whole, pieces = attempt(codec.decode, data, errors), attempt(decoded)
print(ascii(whole)[:3000])
print(ascii(pieces)[:3000])
print(ascii(attempt(read))[:3000])
if type(pieces) is str and type(whole[0]) is str and steady: assert pieces == whole[0], 'decoded in pieces'
def restored():
    decoder, found = Decoder(errors), []
    for at in range(0, len(data), size):
        state, decoder = decoder.getstate(), Decoder(errors)
        decoder.setstate(state)
        found.append(decoder.decode(data[at:at + size]))
    return ''.join(found) + decoder.decode(b'', True)
if type(pieces) is str and steady: assert restored() == pieces, 'restored'
text = data.decode('utf-16-le', 'replace') if len(data) % 2 else data.decode('utf-8', 'surrogateescape')
for text in (text, whole[0] if type(whole[0]) is str and len(whole) == 2 and type(whole[1]) is int else ''):
    def encoded():
        encoder = Encoder(errors)
        return b''.join([encoder.encode(text[at:at + size]) for at in range(0, len(text), size)]) + encoder.encode('', True)
    def written():
        out = _io.BytesIO()
        writer = Writer(out, errors)
        writer.writelines([text[at:at + size] for at in range(0, len(text), size)])
        writer.reset()
        return out.getvalue()
    whole_bytes, pieces = attempt(codec.encode, text, errors), attempt(encoded)
    print(ascii(whole_bytes)[:3000])
    print(ascii(pieces)[:3000])
    print(ascii(attempt(written))[:3000])
    if type(pieces) is bytes and type(whole_bytes[0]) is bytes and steady: assert pieces == whole_bytes[0], 'encoded in pieces'
"#;

fuzz_target!(|data: &[u8]| check(PROGRAM, data, |_| true));
