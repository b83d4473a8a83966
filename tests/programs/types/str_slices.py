# Indexing and slicing of strings of all three widths; iteration.

def err(f, *args):
    try:
        r = f(*args)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", ascii(r))


texts = ["abcdefg", "caf\u00e9 x", "\u20acuro\u4e2d\u6587!", "a\U0001f600b\U0001f601c"]
bounds = (None, 0, 1, 3, -1, -3, 100, -100)
for t in texts:
    print(ascii(t), len(t), [ascii(c) for c in t], ascii(t[0]), ascii(t[-1]))
    for i in bounds:
        print(*[ascii(t[i:j]) for j in bounds])
    for step in (2, -1, -2, 3, 100, -100):
        print(step, ascii(t[::step]), ascii(t[1::step]), ascii(t[:1:step]), ascii(t[-2:0:step]))
s = "abc"
err(lambda: s[3])
err(lambda: s[-4])
err(lambda: s["a"])
err(lambda: s[1.0])
err(lambda: s[::0])
err(lambda: s["a":])
err(lambda: s[None])
err(lambda: s[10**30])
err(lambda: s[1, 2])
print(s[-(10**30) : 10**30], s[10**30 :] == "", s[True], s[False:True])


def assign():
    s[0] = "x"


def delete():
    del s[0]


err(assign)
err(delete)
w = texts[3]
print(len(w[1]), w[1] == "\U0001f600", ascii(w[::2]), w[::2].isascii(), len(w[::2]), w[0::2] == "abc", hash(w[0::2]) == hash("abc"))
print(ascii(texts[2][1:4]), texts[2][1:4] == "uro", {"uro": 1}[texts[2][1:4]], texts[1][:3] == "caf")
u = "\u20ac" * 3 + "a"
print(ascii(u[3:]), ascii(u + "b"), ascii(u.replace("\u20ac", "e")), u.find("a"), u.count("\u20ac"), "\U0001f600" in u, "\u20ac" in "abc", ascii(u.strip("\u20ac")), ascii("abc".replace("b", "\U0001f600")))
for i, c in enumerate(w):
    print(i, ascii(c), ord(c), end="; ")
print()
it = iter("xy")
print(next(it), next(it), next(it, "end"), type(it).__name__)
print("".join(w[i] for i in range(len(w) - 1, -1, -1)) == w[::-1])
sl = slice(1, 3)
print("hello"[sl], w[sl] == w[1:3], "hello"[slice(None)], "hello"[slice(None, None, -1)])
n = 0
for c in "abc" * 1000:
    n += c == "b"
print(n)
pal = "A man a plan".lower().replace(" ", "")
print(pal == pal[::-1], [pal[i : i + 3] for i in range(0, len(pal), 3)])
