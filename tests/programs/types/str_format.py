# str.format, format of strings, %-formatting of strings, format_map.

def err(f, *args, **kw):
    try:
        r = f(*args, **kw)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


print("{} {}".format(1, "a"), "{1} {0}".format(1, 2), "{a}{b}{a}".format(a=1, b=2), "{{}} {}".format(3), "{0}{0}".format("x"), "{}".format("{}"))
print("{0[1]} {0[key]}".format({1: "one", "key": "v"}) , "{0.real} {0.imag}".format(3 + 4j), "{x[0][1]}".format(x=[[1, 2]]), "{0.__class__.__name__}".format(5))
print("{!r} {!s} {!a}".format("a", "b", "\u00e9"), "{0!r:>6}|".format("x"), "{:{}}|".format("x", 5), "{:{w}.{p}}|".format("abcdef", w=8, p=3), "{:>{}{}}".format("x", 1, 0))
for f, a, k in (("{", (), {}), ("}", (), {}), ("{}", (), {}), ("{1}", (0,), {}), ("{a}", (), {}), ("{} {0}", (1,), {}), ("{0} {}", (1,), {}), ("{!x}", (1,), {}), ("{!}", (1,), {}), ("{0[}", (1,), {}), ("{0.}", (1,), {}), ("{0[]}", (1,), {}), ("{:d}", ("x",), {}), ("{0.nope}", (1,), {}), ("{0[5]}", ([1],), {}), ("{:{:{}}}", (1, 2, 3), {}), ("{0!r", (1,), {}), ("{:", (1,), {}), ("{0]}", (1,), {}), ("{0[a]x}", ({"a": 1},), {}), ("{ 0}", (1,), {}), ("{-1}", (1,), {}), ("{0!rr}", (1,), {})):
    err(f.format, *a, **k)
for spec in ("", "s", "10", "<10", ">10", "^10", "*^10", ".2", "10.2", "-<5s", "\u20ac>6", "05", "0<5", "^1", ".0"):
    print(spec.encode("ascii", "replace"), ascii(format("abc", spec)))
for spec in ("d", "=5", "+", " ", ",", "#", "_", "x", ".", "5.", "-5", "z", "10 s", "^^^5", "1" * 30):
    err(format, "abc", spec)
print("%s|%10s|%-10s|%.2s|%r|%a|%c|%%" % ("abc", "abc", "abc", "abc", "abc", "\u00e9", "x"))
print("%(a)s %(b)r %(a)s" % {"a": 1, "b": "x"}, "%s" % [1, 2], "%s" % (("t", 1),), "%s %s" % ("a", None), "%5s%%" % 3, "" % (), "" % {}, "x" % [], "%(a)s" % {"a": (1, 2)}, "%((x))s" % {"(x)": "paren"})
err(lambda: "%s %s" % ("a",))
err(lambda: "%s" % ("a", "b"))
err(lambda: "x" % 1)
err(lambda: "%s %(a)s" % {"a": 1})
err(lambda: "%(a" % {"a": 1})
err(lambda: "%y" % 1)
err(lambda: "%s%" % 1)
err(lambda: "%*s" % ("x", 1))
err(lambda: "%.*s" % (2.5, "x"))
err(lambda: "%c" % "xy")
err(lambda: "%c" % 1.5)
print("%s" % "\u20ac" == "\u20ac", "%5.1s|" % "\U0001f600x" == "    \U0001f600|", ascii("%c" % 0x1F600), ascii("\u20ac%s" % "a"))


class D(dict):
    def __missing__(self, k):
        return f"<{k}>"


print("{a} {b}".format_map(D(a=1)), "{x.y}".format_map({"x": type("T", (), {"y": 9})}))
err("{a}".format_map, {})
err("{0}".format_map, {0: 1})


class F:
    def __format__(self, spec):
        return f"F({spec!r})"

    def __str__(self):
        return "str"

    def __repr__(self):
        return "repr"


class BadFormat:
    def __format__(self, spec):
        return 5


class Plain:
    def __str__(self):
        return "plain"


class BadRepr:
    def __repr__(self):
        return 1

    def __str__(self):
        return None


print("{} {:x y} {!s} {!r:>6} {!a}".format(F(), F(), F(), F(), F()), f"{F()} {F():a{1}b} {F()!s}", format(F()), "%s %r" % (F(), F()))
print(format(Plain()), format(Plain(), ""), f"{Plain()}", f"{Plain()!s:>8}")
err(format, Plain(), "5")
err(format, BadFormat())
err(repr, BadRepr())
err(str, BadRepr())
err(lambda: f"{BadRepr()!r}")
err(lambda: "%s" % BadRepr())
err(format, [], "5")
err(format, None, "x")
err(format, 1, 2)
err(format)
print(format(None), format([1]), format((), ""), "{:}".format({}), "{0:}{0!s:}".format(1), "{:5}{:5}|".format(True, None if False else "n"))
print(str.format("{}", 1), "{0:%Y}".format(type("T", (), {"__format__": lambda s, f: f})()), "{a.b[c].d}".format(a=type("T", (), {"b": {"c": type("U", (), {"d": "deep"})}})))
class S(str):
    def __str__(self):
        return "S!"


print("%s %s" % (S("a"), [S("b")]), f"{S('c')}", format(S("d"), "s"), "".join([S("e"), "f"]), "{}".format(S("g")), str(S("h")), S("i") + "j", S("k").upper(), type(S("l").lower()).__name__, type(S("m")[:]).__name__)
