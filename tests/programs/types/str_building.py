# Building strings in many ways; appending must not change the strings shared before.
s = ""
kept = []
for i in range(2000):
    s += chr(97 + i % 26)
    if i % 500 == 0:
        kept.append(s)
print(len(s), [len(k) for k in kept], kept[1][:5], s[-5:], s.count("z"))
t = s
s += "!"
print(len(t), len(s), t == s[:-1], t is s)


def build(n):
    out = ""
    for i in range(n):
        out += str(i) + ","
    return out


print(len(build(1000)), build(12))
wide = ""
for c in "ab\u00e9\u20ac\U0001f600c":
    wide += c
    print(ascii(wide), len(wide), wide.isascii())
for c in "c\U0001f600\u20ac":
    wide = wide.replace(c, "")
    print(ascii(wide), hash(wide) == hash("".join(list(wide))))
parts = ["%d" % i for i in range(50)]
print("".join(parts) == build(50).replace(",", ""), "-".join(parts)[:20], " ".join(reversed(parts))[:20])
d = {}
for i in range(300):
    d["k" + str(i)] = "v" * (i % 5)
print(len(d), d["k299"], "".join(d.values()).count("v"), "k%d" % 77 in d, f"k{300}" in d)
rev = ""
for c in "inn of keys":
    rev = c + rev
print(rev, rev[::-1], "".join(sorted(rev)).strip(), rev.title())


class Log:
    def __init__(self):
        self.text = ""

    def __iadd__(self, line):
        self.text += line + "\n"
        return self


log = Log()
first = log.text
for w in ("one", "two", "three"):
    log += w
print(repr(first), repr(log.text), log.text.splitlines())
a = ["x"]
b = a[0]
a[0] += "y"
a[0] *= 3
print(a, b)
x = y = "same"
x += ""
print(x is y)
x += "r"
y = "ot" + y[2:]
print(x, y)


def hexdump(data):
    for at in range(0, len(data), 8):
        row = data[at : at + 8]
        yield f"{at:04x}  {row.hex(' '):<23}  {''.join(chr(c) if 32 <= c < 127 else '.' for c in row)}"


print(*hexdump("The key \u9375 opens\n".encode()), sep="\n")
caesar = lambda s, k: "".join(chr((ord(c) - 97 + k) % 26 + 97) if c.islower() else c for c in s)
print(caesar("names are keys", 7), caesar(caesar("names are keys", 7), -7))
runs = []
for c in "aaabccd":
    if runs and runs[-1][0] == c:
        runs[-1][1] += 1
    else:
        runs.append([c, 1])
print("".join(f"{c}{n}" for c, n in runs), "".join(c * n for c, n in runs))
