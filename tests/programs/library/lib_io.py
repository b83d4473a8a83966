# Streams: in memory, over raw streams of Python's, and over files; errors; hostile raw streams.
import _io
import builtins


def show(call, *args, **names):
    try:
        print(repr(call(*args, **names)))
    except BaseException as error:
        print(type(error).__name__, error)


print("-- classes")
for name in ("FileIO", "BytesIO", "StringIO", "BufferedReader", "BufferedWriter", "BufferedRandom", "BufferedRWPair", "TextIOWrapper"):
    print([base.__name__ for base in getattr(_io, name).__mro__])
print(_io.open is builtins.open, _io.DEFAULT_BUFFER_SIZE)
print(_io.UnsupportedOperation.__mro__, _io.BlockingIOError)

print("-- BytesIO")
b = _io.BytesIO(b"one\ntwo\nthree")
print(b.readline(), b.tell(), b.read(2), b.readlines(), b.read(), b.getvalue())
b.seek(20)
print(b.write(b"x"), b.getvalue(), b.truncate(2), b.getvalue(), b.tell())
b = _io.BytesIO(b"abc")
view = b.getbuffer()
view[1] = 90
print(b.getvalue(), view.obj.__class__)
show(b.write, b"longer than that")
show(b.close)
show(b.truncate, 1)
view.release()
b.close()
show(b.read)
show(_io.BytesIO().seek, -1)
show(_io.BytesIO().seek, 1, 9)
show(_io.BytesIO().read, "x")
show(_io.BytesIO, 5)
b = _io.BytesIO(b"hello")
a = bytearray(3)
print(b.readinto(a), a, b.readinto(memoryview(a)[:1]), a, b.__getstate__())
b.extra = 1
c = _io.BytesIO.__new__(_io.BytesIO)
c.__setstate__(b.__getstate__())
print(c.getvalue(), c.tell(), c.extra)
show(c.__setstate__, (1, 2))
show(c.__setstate__, (b"", -1, None))
show(c.__setstate__, (b"", 0, 5))
print(list(_io.BytesIO(b"a\nb\n\nc")), _io.BytesIO(b"a\nb\nc\n").readlines(3))
w = _io.BytesIO()
w.writelines([b"1", bytearray(b"2"), memoryview(b"3")])
print(w.getvalue())

print("-- StringIO")
s = _io.StringIO("one\ntwo\r\nthr\u00e9\U0001f600e\n")
print(s.readline(), s.tell(), s.read(3), s.readlines(), s.read())
for newline in (None, "", "\n", "\r", "\r\n"):
    s = _io.StringIO("a\nb\r\nc\rd", newline=newline)
    print(repr(newline), s.readlines(), repr(s.getvalue()), s.newlines)
    s = _io.StringIO(newline=newline)
    s.write("a\nb\r\nc\rd")
    print(repr(s.getvalue()), s.newlines)
show(_io.StringIO, 5)
show(_io.StringIO, "", 5)
show(_io.StringIO, "", "x")
show(_io.StringIO().write, b"x")
show(_io.StringIO().seek, 1, 1)
show(_io.StringIO().seek, -1)
show(_io.StringIO().seek, 1, 5)
show(_io.StringIO().truncate, -1)
s = _io.StringIO()
for n in range(5):
    s.write(str(n) * n)
print(s.getvalue(), s.tell(), s.seek(2), s.write("ZZZ"), s.getvalue(), s.seek(0, 2), s.truncate(4), s.getvalue())
s.seek(8)
s.write("end")
print(ascii(s.getvalue()), s.__getstate__())
s.close()
show(s.read)
show(s.getvalue)
print(s.closed)

print("-- raw streams of Python's")


class Raw(_io._RawIOBase):
    def __init__(self, pieces):
        self.pieces = list(pieces)
        self.written = []
        self.log = []

    def readable(self):
        return True

    def writable(self):
        return True

    def readinto(self, buffer):
        self.log.append(len(buffer))
        if not self.pieces:
            return 0
        piece = self.pieces.pop(0)
        if piece is None:
            return None
        n = min(len(piece), len(buffer))
        buffer[:n] = piece[:n]
        if n < len(piece):
            self.pieces.insert(0, piece[n:])
        return n

    def write(self, data):
        data = bytes(data)
        self.written.append(data[:5])
        return len(data[:5])


raw = Raw([b"abc", b"d\nef", b"gh"])
print(raw.read(2), raw.readall(), raw.read(1))
r = _io.BufferedReader(Raw([b"abc", b"d\nef", b"gh"]), 8)
print(r.peek(), r.read(5), r.read1(1), r.read1(), r.readline(), r.read(), r.raw.log)
r = _io.BufferedReader(Raw([b"abc", None, b"def"]), 8)
print(r.read(5), r.read(2), r.read(), r.read())
r = _io.BufferedReader(Raw([None]), 8)
print(r.read(), r.read(3), r.read1(5))
print(list(_io.BufferedReader(Raw([b"a\nb", b"c\n", b"\n", b"last"]))))
w = _io.BufferedWriter(Raw([]), 8)
print(w.write(b"12345"), w.raw.written, w.write(b"6789"), w.raw.written, w.write(b"x" * 20), w.raw.written)
w.flush()
print(w.raw.written)
show(w.read)
show(w.write, "text")
show(_io.BufferedReader(Raw([])).write, b"")
pair = _io.BufferedRWPair(Raw([b"in"]), Raw([]), 4)
print(pair.read(), pair.write(b"out"), pair.flush(), pair.readable(), pair.writable(), pair.closed, pair.close(), pair.closed)


class Liar(Raw):
    answer = 0

    def readinto(self, buffer):
        return self.answer

    def write(self, data):
        return self.answer


for answer in (-1, 10**6, "x", 2.5):
    Liar.answer = answer
    show(_io.BufferedReader(Liar([]), 8).read, 3)
    show(Liar([]).read, 3)
    w = _io.BufferedWriter(Liar([]), 2)
    show(w.write, b"12345678")
    Liar.answer = 5
    del w


class Reentrant(Raw):
    def readinto(self, buffer):
        return self.outer.read(1) and 0


again = Reentrant([])
again.outer = _io.BufferedReader(again)
try:
    again.outer.read(1)
except RuntimeError as error:
    print(str(error).startswith("reentrant call inside <_io.BufferedReader"))


class Shy(_io._RawIOBase):
    pass


show(_io.BufferedReader, Shy())
show(_io.BufferedWriter, Shy())
show(_io.BufferedRandom, Shy())
show(_io.BufferedReader, Raw([]), 0)
show(_io.BufferedReader.__new__(_io.BufferedReader).read)
show(_io.TextIOWrapper.__new__(_io.TextIOWrapper).read)
d = _io.BufferedReader(Raw([b"x"]))
d.detach()
show(d.read)
show(d.detach)

print("-- text")
for newline in (None, "", "\n", "\r", "\r\n"):
    t = _io.TextIOWrapper(_io.BytesIO(b"a\nb\r\nc\rd\r\n"), "utf-8", newline=newline)
    print(repr(newline), t.readlines(), t.newlines)
    t = _io.TextIOWrapper(_io.BytesIO(b"a\nb\r\nc\rd\r\n"), "utf-8", newline=newline)
    t._CHUNK_SIZE = 1
    print([t.readline(3) for _ in range(9)])
    out = _io.BytesIO()
    t = _io.TextIOWrapper(out, "utf-8", newline=newline)
    t.write("x\ny\r\nz\rw\n")
    t.flush()
    print(out.getvalue())
t = _io.TextIOWrapper(_io.BytesIO("h\u00e9\nw\U0001f600rld\n".encode()), "utf-8")
t._CHUNK_SIZE = 3
places = []
while True:
    places.append(t.tell())
    if not t.read(1):
        break
print(len(places), places[:3])
for place in places:
    t.seek(place)
    print(ascii(t.read()), end=" ")
print()
for encoding, data in (("ascii", b"a\xffb"), ("utf-8", b"a\xff\xc3"), ("latin-1", b"a\xff")):
    for errors in ("strict", "ignore", "replace", "surrogateescape", "backslashreplace"):
        show(lambda: ascii(_io.TextIOWrapper(_io.BytesIO(data), encoding, errors).read()))
for encoding, errors in (("ascii", "strict"), ("ascii", "xmlcharrefreplace"), ("latin-1", "replace"), ("utf-8", "surrogatepass")):
    out = _io.BytesIO()
    t = _io.TextIOWrapper(out, encoding, errors)
    show(t.write, "x\u00e9\u20ac\udc80")
    t.flush()
    print(out.getvalue())
    t.detach()
t = _io.TextIOWrapper(_io.BytesIO(b"abc\ndef\n"), "utf-8")
next(t)
show(t.tell)
print(list(t), t.tell())
show(t.seek, 1, 1)
show(t.seek, 1, 2)
show(t.seek, -1)
show(t.seek, 0, 7)
show(t.write, 5)
print(t.seek(0), t.read(2), t.seek(0, 1), t.read(), t.seek(0, 2))
show(t.reconfigure, newline=5)
t.seek(0)
t.read(1)
show(t.reconfigure, encoding="latin-1")
t.close()
for name in ("read", "readline", "tell", "flush", "__next__", "isatty"):
    show(getattr(t, name))
print(t.closed, t.detach.__name__)
out = _io.BytesIO()
t = _io.TextIOWrapper(out, "ascii", line_buffering=True)
t.write("no end")
print(out.getvalue(), t.line_buffering)
t.write(" here\n")
print(out.getvalue())
t.reconfigure(encoding="utf-8", errors="replace", line_buffering=False, write_through=True)
t.write("\u00e9")
print(out.getvalue(), t.encoding, t.errors, t.line_buffering, t.write_through)
print(t.detach() is out)
show(t.read)
show(repr, t)
show(_io.TextIOWrapper, 5)
show(_io.TextIOWrapper, _io.BytesIO(), 5)
show(_io.TextIOWrapper, _io.BytesIO(), "utf-8", "strict", "x")
show(_io.TextIOWrapper(_io.BytesIO(), "utf-8").__getstate__)

print("-- a buffer of Python's under text")


class Pieces(_io._BufferedIOBase):
    def __init__(self, *pieces):
        self.pieces = list(pieces)

    def readable(self):
        return True

    def read1(self, size=-1):
        return self.pieces.pop(0) if self.pieces else b""

    def read(self, size=-1):
        return self.read1()


print(list(_io.TextIOWrapper(Pieces(b"\xc3", b"\xa9\r", b"\nx"), "utf-8")))
show(_io.TextIOWrapper(Pieces("text"), "utf-8").readline)
show(_io.TextIOWrapper(Pieces(None), "utf-8").read, 1)

print("-- decoder of ends of lines")
d = _io.IncrementalNewlineDecoder(None, True)
print(repr(d.decode("a\r")), d.getstate(), repr(d.decode("\nb\r\r\n")), repr(d.decode("", True)), d.newlines)
d.reset()
print(d.newlines, d.getstate(), d.setstate((b"", 1)), repr(d.decode("x")))
d = _io.IncrementalNewlineDecoder(None, False)
print(repr(d.decode("a\r\nb\rc\n")), d.newlines)
show(d.decode, 5)
show(d.setstate, 5)

print("-- closing")


class Closes(_io._RawIOBase):
    def __init__(self, name):
        self.name = name

    def writable(self):
        return True

    def flush(self):
        print("flush", self.name, self.closed)
        super().flush()

    def close(self):
        print("close", self.name)
        super().close()


with Closes("a") as a:
    pass
print(a.closed)
show(a.__enter__)
show(a.flush)
b = Closes("b")
del b
w = _io.BufferedWriter(Closes("c"))
del w


class Fails(Closes):
    def flush(self):
        raise OSError("flush")

    def close(self):
        raise OSError("close")


show(_io._IOBase().seek, 0)
show(_io._IOBase().tell)
show(_io._IOBase().fileno)
show(_io._IOBase().truncate)
show(_io._TextIOBase().read)
show(_io._BufferedIOBase().read)
show(_io._BufferedIOBase().detach)
show(_io._RawIOBase().readinto, bytearray(1))
print(_io._IOBase().readable(), _io._IOBase().isatty(), _io._TextIOBase().encoding)

print("-- errors of open")
show(open, "a\0b")
show(open, 1.5)
show(open, "x", "q")
show(open, "x", "rw")
show(open, "x", "rbt")
show(open, "x", "rr")
show(open, "x", "rb", encoding="utf-8")
show(open, "x", "r", 0)
show(open, "/nonexistent/file")
show(open, "/")
show(open, -1)
show(open, "/dev/null", newline="q")
show(_io.FileIO, "x", "q")
show(_io.FileIO, "lib_io.py", closefd=False)
show(_io.FileIO, "lib_io.py", opener=lambda *args: "x")
show(_io.FileIO, "lib_io.py", opener=lambda *args: -3)
show(_io.text_encoding, "x")
