# select() walks a list while fileno() shortens it; a class that has no abstract methods says so.
import abc
import select
import socket


def short(count):
    items = []
    ends = socket.socketpair()

    class Falls:
        def fileno(self):
            if items:
                del items[-1]
            return ends[0].fileno()

    items[:] = [Falls() for _ in range(count)]
    found = select.select([], items, [], 0)
    print(count, [len(part) for part in found], len(items))
    for end in ends:
        end.close()


for count in (0, 1, 2, 9, 10):
    short(count)

for kind in (type, int, abc.ABCMeta, abc.ABC):
    try:
        print(kind.__name__, kind.__abstractmethods__)
    except AttributeError as error:
        print(kind.__name__, 'AttributeError', error)


class Meta(type, abc.ABC):
    def x(self):
        return 1


print(Meta('A', (), {}).x(), Meta.__abstractmethods__)
