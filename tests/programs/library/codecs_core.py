"""Codecs of the core, the registry, error handlers of one's own and the standard ones as functions."""
import _codecs
import _warnings

_warnings._acquire_lock()
_warnings.filters.insert(0, ("ignore", None, DeprecationWarning, None, 0))
_warnings._filters_mutated_lock_held()
_warnings._release_lock()

codecs = _codecs

def t(f, *a):
    try: print(a, f(*a))
    except Exception as e: print(a, type(e).__name__, e, getattr(e,'__notes__',None))
t(lambda b: b.decode('unicode_escape'), rb'\d\400\8')
t(_codecs.unicode_escape_decode, rb'ab\x4', None, False)
t(_codecs.unicode_escape_decode, rb'ab\x4', 'strict', True)
t(_codecs.unicode_escape_decode, 'é\\n')
t(_codecs.raw_unicode_escape_decode, 'é\\u0041')
t(_codecs.raw_unicode_escape_decode, rb'\\u0041\u0041\u00', 'strict', False)
t(_codecs.unicode_escape_decode, b"a\\\nb\\\r\nc\\\n")
t(_codecs.raw_unicode_escape_decode, b"a\\\nb")
t(_codecs.utf_8_decode, b'ab\xc3', 'strict')
t(_codecs.utf_8_decode, b'ab\xc3', None, True)
t(_codecs.utf_16_decode, b'\xff\xfea\0b', 'strict', False)
t(_codecs.utf_16_ex_decode, b'\xff\xfea\0b', 'strict', 0, False)
t(_codecs.utf_8_encode, 'é', None)
t(_codecs.charmap_encode, 'aé', 'strict', {97: 98, 233: b'xy'})
t(_codecs.charmap_encode, 'aéb', 'strict', {97: 98, 233: None})
t(_codecs.charmap_encode, 'aé', 'replace', {97: 98, 63: 64})
t(_codecs.charmap_encode, 'aé', 'strict', {97: 300})
t(_codecs.charmap_encode, 'aé', 'strict', {97: 'x'})
t(_codecs.charmap_decode, b'ab\x80', 'strict', 'x'*98)
t(_codecs.charmap_decode, b'ab\x80', 'replace', {97: 'xyz', 98: 120, 128: None})
t(_codecs.charmap_decode, b'ab\x80', 'strict', {97: 'xyz', 98: 0x110000})
t(_codecs.charmap_decode, b'ab\x80', 'strict', {97: 'xyz', 98: b'x'})
t(_codecs.charmap_decode, b'ab\x80', 'strict', None)
t(_codecs.charmap_build, 'abc')
t(_codecs.escape_decode, rb'\x41\n\q\101')
t(_codecs.escape_decode, rb'\x4')
t(_codecs.escape_decode, rb'\x4', 'replace')
t(_codecs.escape_decode, rb'\x4', 'foo')
t(_codecs.escape_encode, b'a\n\'\\\xff')
t(_codecs.escape_encode, 'a')
t(_codecs.readbuffer_encode, 'é')
t(_codecs.lookup, 'nope')
t(_codecs.lookup_error, 'nope')
t(_codecs.lookup_error, 'strict')
t(_codecs.register_error, 'x', 5)
t(_codecs.register, 5)
t(_codecs.encode, 'é', 'ascii')
t(_codecs.decode, b'\xff', 'utf-8')
t(_codecs.decode, 5, 'utf-8')
codecs.register_error('h', lambda e: ('<%d>' % e.start, e.end))
codecs.register_error('hb', lambda e: (b'\xff\xfe', e.end))
codecs.register_error('neg', lambda e: ('?', -1))
codecs.register_error('far', lambda e: ('?', 100))
codecs.register_error('bad', lambda e: 5)
codecs.register_error('bad2', lambda e: ('a', 'b'))
codecs.register_error('uni', lambda e: ('é', e.end))
codecs.register_error('unis', lambda e: ('€', e.end))
def rs(e): raise KeyError(1)
codecs.register_error('raise', rs)
for h in ('h', 'hb', 'far', 'bad', 'bad2', 'uni', 'unis', 'raise', 'nope'):
    for enc in ('ascii', 'latin-1', 'utf-8', 'utf-16-le', 'utf-32-le'):
        t(lambda h, enc: 'a\ud800\u0100b'.encode(enc, h), h, enc)
    for enc in ('ascii', 'utf-8', 'utf-16-le', 'unicode_escape', 'raw_unicode_escape'):
        t(lambda h, enc: b'a\xff\\xb\\u1'.decode(enc, h), h, enc)
t(lambda: 'aé'.encode('ascii', 'neg')) if 0 else None
for n in ('strict', 'ignore', 'replace', 'xmlcharrefreplace', 'backslashreplace', 'namereplace', 'surrogateescape', 'surrogatepass'):
    f = codecs.lookup_error(n)
    print(n, f)
    for e in (UnicodeEncodeError('ascii', 'aé\udc80\ud800b', 1, 4, 'r'), UnicodeDecodeError('utf-8', b'a\xe9\xff\xed\xa0\x80b', 1, 6, 'r'), UnicodeTranslateError('aéb', 1, 2, 'r'), UnicodeEncodeError('utf-16-le', 'a\ud800', 1, 2, 'r'), 5, ValueError()):
        t(f, e)
