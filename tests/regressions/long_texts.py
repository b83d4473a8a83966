# Errors and results about texts of any length: what they say stays whole.
import time

LONG = "a" * 100_000


def told(what, *args):
    try:
        result = what(*args)
    except Exception as e:
        result = f"{type(e).__name__}: {e}"
    text = str(result)
    print(len(text), text[:60], "...", text[-30:])


def plain():
    pass


def named(spam, eggs=1):
    pass


class P:
    pass


for name in (LONG, "é" * 100_000, "short"):
    told(getattr, 1, name)
    told(getattr, P, name)
    told(getattr, P(), name)
    told(getattr, time, name)
    told(setattr, 1, name, 2)
    told(delattr, P(), name)
    told(lambda: plain(**{name: 1}))
    told(lambda: int(**{name: 1}))
    told(lambda: sorted([], **{name: 1}))
    told(__import__, name)
    told(__import__, "time", None, None, (name,))
    told("a".encode, name)
    told(b"a".decode, name)
    told(float, name)
    told(complex, name)
    told(int, name)
    told(open, "/nowhere/" + name[:100])
    told(lambda: type(name[:40], (), {})() + 1)
    told(lambda: type(name[:40], (), {}).other)
    told(ascii, name)
told(lambda: named(1, egg=2))
told(lambda: named(1, **{"eggs" * 20: 2}))
told(float, "1" * 300)
told(float, "1_0" * 100)
told(complex, " 1_0j ")
told(bin, 1 << 70_000)
told(lambda: format(1 << 9_000, "_x"))
told(lambda: "%+.3000d" % 7)
told(lambda: "%.300f" % 1.5)
told(bytes, "abc", "latin-1", "strict")
told(bytearray, "abc", "ascii")
told(bytes, "abc", "no such")
told(time.strftime, "%%%Y-%m-%d%n%H%t" * 500, (2026, 1, 2, 3, 4, 5, 0, 2, 0))
told(time.strftime, "%F %T %R é %D", (2026, 1, 2, 3, 4, 5, 0, 2, 0))
