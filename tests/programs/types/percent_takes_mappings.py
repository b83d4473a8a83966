# What % takes for a mapping: what finds items by keys, and not what only counts them.
import array
import collections


def told(work):
    try:
        print("ok", repr(work()))
    except Exception as e:
        print(type(e).__name__, e)


class Counted(collections.deque):
    pass


class Asked(collections.deque):
    def __getitem__(self, key):
        return key


class Getter:
    def __getitem__(self, key):
        return "got " + str(key)


class Listed(list):
    pass


class Meta(type):
    def __getitem__(self, key):
        return key


class Class(metaclass=Meta):
    pass


things = [collections.deque(), collections.deque([1]), Counted(), Asked(), Getter(), Listed(), [], {}, range(0),
          array.array("i"), b"", bytearray(), collections.UserList(), collections.ChainMap(), Class, {}.keys(), set(), 1, None, ()]
for thing in things:
    print(type(thing).__name__)
    told(lambda: "ab" % thing)
    told(lambda: b"ab" % thing)
    told(lambda: "%(a)s" % thing)
