# How the functions are called, and what they say to a wrong call.
import _bisect
from _bisect import *


def t(src):
    try:
        print(src, '->', eval(src))
    except BaseException as e:
        print(src, '!!', type(e).__name__, e)


for name in ('bisect_left', 'bisect_right', 'insort_left', 'insort_right'):
    f = getattr(_bisect, name)
    print(name, f.__name__, f.__text_signature__, f.__module__)
    for rest in ("", "[1]", "[1], 1, 0, 1, None", "[1], 1, 0, 1, 2, 3", "[1], 1, -1", "[1], 1, -10**30", "[1], 1, 10**30", "[1], 1, 0, 10**30", "[1], 1, 'a'", "[1], 1, 0, 'a'", "[1], 1, 0.5",
                 "[1], 1, None", "[1], 1, 0, None", "[1], 1, hi=0", "[1], 1, lo=1, hi=0", "[1], 1, 5, 3", "[1], x=1", "a=[1], x=2, lo=0, hi=1, key=None", "[1], 1, a=3", "[1], 1, foo=3", "[1], 1, ke=3",
                 "[1], 1, key=5", "[1], 1, key=len", "['a', 'bb'], 1, key=len", "5, 1", "{1: 2}, 1", "{1}, 1", "'abc', 'b'", "(1, 2, 3), 2", "range(10), 5", "[1, 'a', 2], 1.5", "[None], 1", "[1], None",
                 "[1, 2, 3], 2, 0, 9", "[1, 2, 3], 5, 0, 9", "[1, 2, 3], 2, True", "[1, 2, 3], 2, 0, 2**62", "[1, 2, 3], 2, hi=-1", "[1, 2, 3], 2, hi=-2", "[1j], 1"):
        t(f"{name}({rest})")
print(sorted(n for n in dir(_bisect) if n[0] != '_'))
