# Slices of arrays and of mapped bytes: numbers beyond all bounds, numbers of the program's own, and what these may change.
import array
import mmap


def told(do):
    try:
        print(do())
    except Exception as error:
        print(type(error).__name__, error)


HUGE = 1 << 70
mapped = mmap.mmap(-1, 10)
mapped[:] = b"0123456789"
for key in (slice(3, None, HUGE), slice(3, None, -HUGE), slice(HUGE), slice(-HUGE, HUGE), slice("a"), slice(0, 1, "a"), slice(0, 1, 0), slice(None, None, -1), slice(1.5), slice(8, 2, -3),
            slice(-3, None), slice(9, 7), slice(-20, -8)):
    told(lambda: array.array("b", range(10))[key])
    told(lambda: mapped[key])


class Number:
    def __init__(self, number, act=lambda: None):
        self.number, self.act = number, act

    def __index__(self):
        print("asked for", self.number)
        self.act()
        return self.number


row = array.array("b", range(10))
told(lambda: row[Number(1):Number(8):Number(2)])
told(lambda: row[Number(1, lambda: row.__delitem__(slice(4, None))):Number(8):Number(2)])
told(lambda: row.__setitem__(slice(Number(0, lambda: row.append(7)), Number(9)), array.array("b", [1]))), print(row)
told(lambda: mapped[Number(2):Number(6, lambda: mapped.close())])
