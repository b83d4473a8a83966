# What functions of native modules say to wrong calls.
import _csv
import _functools
import _operator
import bz2
import gc
import io
import marshal
import re
import struct


def told(text):
    try:
        print(text, "ok", eval(text))
    except Exception as e:
        print(text, type(e).__name__, e)


class Source:
    def __init__(self, data):
        self.file = io.BytesIO(data)

    def read(self, count=-1):
        return self.file.read(count)

    def readinto(self, room):
        return self.file.readinto(room)


for data in b"", b"x", b"[", b"i", b"i\0", b"s\1\0\0\0", b"(", b"(\1\0\0\0", b"{", b"g\0", b"z\2a", b"z", b"f", b"f\3a", b")":
    told(f"marshal.loads({data})")
    told(f"marshal.load(Source({data}))")
for mode in "''", "'+'", "'b'", "'bt'", "'rw'", "None", "1":
    told(f"open('/nowhere', {mode})")
for text in ["open('/nowhere', buffering=None)", "bz2.BZ2Decompressor(1)", "bz2.BZ2Decompressor(1, foo=1)", "bz2.BZ2Decompressor(foo=1)",
             "_csv.writer(None, 'x')", "_csv.writer('x', foo=1)", "_csv.reader([], 'x')", "_functools._lru_cache_wrapper(foo=1)",
             "_functools._lru_cache_wrapper(1, 2, 3, 4, foo=1)", "_functools._lru_cache_wrapper(1, 2, 3, foo=1)",
             "_operator._compare_digest(None, 'x')", "_operator._compare_digest(None, b'x')", "_operator._compare_digest(1, 1.5)",
             "_operator._compare_digest('x', b'x')", "struct.unpack_from(None, None)", "struct.unpack_from('i', None)",
             "struct.unpack_from([], None)", "io.BytesIO().__exit__(a=1)", "io.StringIO().__exit__(None, None, None)",
             "re.compile('a').__init__(1)", "re.match('a', 'a').__init__(1)", "gc.get_referents(a=1)", "gc.get_referrers(a=1)",
             "gc.set_threshold(a=1)", "gc.set_threshold()"]:
    told(text)
