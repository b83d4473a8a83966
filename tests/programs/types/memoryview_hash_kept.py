# The hash of a view is kept: it outlives the release, and what the bytes are asked.
asked = []


class Bytes(bytes):
    def __hash__(self):
        asked.append(len(self))
        return super().__hash__()


data = Bytes(b"some bytes")
view = memoryview(data)
print(hash(view) == hash(b"some bytes"), len(asked))
print(hash(view) == hash(b"some bytes"), len(asked))
view.release()
print(hash(view) == hash(b"some bytes"), len(asked))

fresh = memoryview(b"other")
fresh.release()
for released in fresh, memoryview(bytearray(b"writable")):
    try:
        hash(released)
    except ValueError as e:
        print(e)
