# Files in memory: an index of words, a table of records, and the edges.
import mmap, os, struct, tempfile


def shown(make):
    try:
        return repr(make())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "text")
    with open(path, "wb") as file:
        file.write(b"the quick brown fox jumps over the lazy dog\n" * 200)

    with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as text:
        print(len(text), text.find(b"fox"), text.rfind(b"fox"), text.find(b"cat"), text[4:9], text[-4:], text[::1000])
        print(text.readline(), text.tell(), text.read(9), text.read_byte(), text.seek(-4, os.SEEK_END), text.read(), text.read())
        count, at = 0, text.find(b"the", 0)
        while at >= 0:
            count, at = count + 1, text.find(b"the", at + 1)
        print(count)
        text[4:9] = b"QUICK"
        text[0] = ord("T")
        text[10:20:3] = b"####"
        text.seek(40)
        print(text.write(b"DOG\n"), text.tell(), text.flush())
        text.move(100, 0, 20)
        print(text[:44], text[100:120])
        for make in (
            lambda: text[10**6], lambda: text["x"], lambda: text.__setitem__(0, 300), lambda: text.__setitem__(0, b"x"), lambda: text.__setitem__(slice(0, 2), b"abc"),
            lambda: text.__delitem__(0), lambda: text.seek(-1), lambda: text.seek(0, 9), lambda: text.flush(1, 2), lambda: text.move(0, 0, 10**6), lambda: text.read("x"),
            lambda: text.write("x"), lambda: mmap.mmap(file.fileno(), 10**7), lambda: mmap.mmap(-1, 0), lambda: mmap.mmap(-1, 10, access=9), lambda: mmap.mmap(-1),
        ):
            print(shown(make))
        text.resize(8192)
        print(len(text), text.size(), os.path.getsize(path), repr(text))
        view = memoryview(text)
        print(view[:5].tobytes(), view.readonly, view.obj is text, shown(text.close), shown(lambda: text.resize(4096)))
        view[0:3] = b"tHe"
        view.release()
    print(text.closed, repr(text), shown(lambda: text[0]), shown(lambda: len(text)))
    with open(path, "rb") as file:
        print(file.read(9), os.path.getsize(path))
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as text:
            print(memoryview(text).readonly, shown(lambda: text.write(b"x")), shown(lambda: text.__setitem__(0, 1)), shown(lambda: text.resize(1)))
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY) as text:
            text[:3] = b"own"
            print(text[:9], text.flush())
        print(file.read(0), open(path, "rb").read(3))

    # Records of a fixed size, changed in place.
    record = struct.Struct("<i8sd")
    path = os.path.join(folder, "table")
    with open(path, "wb") as file:
        file.truncate(record.size * 50)
    with open(path, "r+b") as file, mmap.mmap(file.fileno(), 0) as table:
        for number in range(50):
            record.pack_into(table, number * record.size, number, b"name%d" % number, number / 4)
        print(record.unpack_from(table, 7 * record.size), sum(row[0] for row in record.iter_unpack(table)))
    print(record.unpack_from(open(path, "rb").read(), 49 * record.size))
    with open(path, "rb") as file:
        print(shown(lambda: mmap.mmap(file.fileno(), 0, offset=1 << 20)))
    open(path, "wb").close()
    with open(path, "rb") as file:
        print(shown(lambda: mmap.mmap(file.fileno(), 0)))

# Memory that a child sees, too.
with mmap.mmap(-1, 4096) as shared:
    child = os.fork()
    if child == 0:
        shared[:5] = b"child"
        os._exit(0)
    os.waitpid(child, 0)
    print(shared[:6], shown(shared.size), shown(lambda: shared.resize(8192)))


# A value that closes what it is put into.
class Closing:
    def __index__(self):
        memory.close()
        return 1


for make in (lambda: memory.__setitem__(0, Closing()), lambda: memory[Closing()], lambda: memory[Closing() : 5], lambda: memory.read(Closing()), lambda: memory.find(b"x", Closing())):
    memory = mmap.mmap(-1, 100)
    print(shown(make))
