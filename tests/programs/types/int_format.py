# Format specifications for ints, by format(), %-formatting and f-strings.

def err(f, *args):
    try:
        r = f(*args)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


specs = ["", "d", "5", "<5", ">5", "^5", "=+6", "05", "+", " ", "-", "x", "X", "#x", "#X", "o", "#o", "b", "#b", "#010b", ",", "_", "_x", "_b", "*^12", "010,", "c", "n", "e", "f", ".2f", "g", "%", "#06x", "=8", "x>8d"]
for s in specs:
    for v in (0, 42, -42, 1234567):
        if s == "c" and not 0 <= v < 1000:
            continue
        print(repr(s), v, repr(format(v, s)))
for v in (10**25, -(10**25)):
    print(format(v, ","), format(v, "_"), format(v, "_x"), format(v, "40,d"), format(v, "*<40_"), format(v, "e"), format(v, "+.3g"))
err(format, 5, "s")
err(format, 5, ".2")
err(format, 5, ".2d")
err(format, 5, ",x")
err(format, 5, "_c")
err(format, 5, "+c")
err(format, 5, "q")
err(format, -1, "c")
err(format, 0x110000, "c")
err(format, 5, "10 5")
err(format, 5, ",_")
err(format, 5, "d,")
err(format, 5, "zd")
err(format, 5, "#c")
err(format, 5, 5)
print(format(True), format(True, "d"), format(True, "5"), format(False, "x"), f"{True:s}" if False else "-")
err(format, True, "s")
print("%d %5d|%-5d|%05d %+d % d %i %u" % (42, 42, 42, 42, 42, 42, 42, 42))
print("%x %X %#x %#X %o %#o %08x %-8x|" % (255, 255, 255, 255, 8, 8, 255, 255))
print("%x %o %d" % (-255, -8, -(10**20)), "%d" % 3.99, "%d" % True, "%s %r" % (10**20, -1), "%.3d" % 7, "%+.5x" % 255, "%c%c" % (65, "B"))
err(lambda: "%d" % "3")
err(lambda: "%x" % 3.5)
err(lambda: "%c" % "ab")
err(lambda: "%c" % -1)
err(lambda: "%d %d" % 1)
err(lambda: "%d" % (1, 2))
err(lambda: "%q" % 1)
err(lambda: "%" % 1)
err(lambda: "%(a)d" % 1)
err(lambda: "%(a)d" % {"b": 1})
print("%*d|%-*d|%.*f" % (6, 42, 6, 42, 2, 3.14159), "%(n)05d %(n)x" % {"n": 99}, "100%%" % ())
w, n = 12, 3735928559
print(f"{n:{w}}|{n:<{w}}|{n:^{w}}|{n:#{w}x}|{n:0{w},}|{-n:={w}}")
print("{:d} {:>{}} {0!r:>5}".format(1, 2, 4) if False else "{0:d} {1:>{2}} {0!r:>5}".format(1, 2, 4))
