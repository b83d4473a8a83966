# Text is found at the same places as slices say, whatever the widths of both.
def naive(h, n):
    for i in range(len(h) - len(n) + 1):
        if h[i:i+len(n)] == n: return i
    return -1
def rnaive(h, n):
    for i in range(len(h) - len(n), -1, -1):
        if h[i:i+len(n)] == n: return i
    return -1
bad = 0
alphabets = ['ab\u20ac', 'a\u0201\u0102', 'ab\U0001f600', '\u0101\u0102\u0201', 'aab']
state = 1
def rnd(n):
    global state
    state = (state * 1103515245 + 12345) & 0x7fffffff
    return (state >> 8) % n
for turn in range(1500):
    al = alphabets[rnd(5)]
    h = ''.join(al[rnd(len(al))] for _ in range(rnd(60)))
    n = ''.join(al[rnd(2)] for _ in range(5 + rnd(4))) if rnd(2) else h[rnd(20):][:5 + rnd(9)]
    if not n: continue
    if h.find(n) != naive(h, n) or h.rfind(n) != rnaive(h, n) or (n in h) != (naive(h, n) >= 0): bad += 1; print(ascii(h), ascii(n))
print(bad)
a = '\u0201' * 3000; b = '\u0102' * 1000
print(a.find(b), a.rfind(b), (a + b).find(b), (b + a).rfind(b), ('\u20ac' * 4000).find('a' * 5), ('\u20ac' * 4000 + 'aaaaaa').rfind('aaaaaa'))
