# Sudoku: constraint propagation with search.
ROWS, DIGITS = "ABCDEFGHI", "123456789"
cells = [r + c for r in ROWS for c in DIGITS]
units = [[r + c for c in DIGITS] for r in ROWS] + [[r + c for r in ROWS] for c in DIGITS] + [[r + c for r in rs for c in cs] for rs in ("ABC", "DEF", "GHI") for cs in ("123", "456", "789")]
of = {c: [u for u in units if c in u] for c in cells}
peers = {c: sorted({p for u in of[c] for p in u} - {c}) for c in cells}
steps = 0
class Contradiction(Exception): pass
def assign(v, c, d):
    for other in v[c].replace(d, ""): remove(v, c, other)
def remove(v, c, d):
    if d not in v[c]: return
    v[c] = v[c].replace(d, "")
    if not v[c]: raise Contradiction(c)
    if len(v[c]) == 1:
        for p in peers[c]: remove(v, p, v[c])
    for u in of[c]:
        places = [x for x in u if d in v[x]]
        if not places: raise Contradiction(d + " in " + u[0])
        if len(places) == 1 and len(v[places[0]]) > 1: assign(v, places[0], d)
def search(v):
    global steps
    steps += 1
    if all(len(x) == 1 for x in v.values()): return v
    _, c = min((len(v[c]), c) for c in cells if len(v[c]) > 1)
    for d in v[c]:
        w = dict(v)
        try: assign(w, c, d); return search(w)
        except Contradiction: continue
    raise Contradiction("no digit fits " + c)
def solve(text):
    v = dict.fromkeys(cells, DIGITS)
    for c, d in zip(cells, text, strict=True):
        if d in DIGITS: assign(v, c, d)
    return search(v)
def show(v):
    for i, r in enumerate(ROWS):
        if i and i % 3 == 0: print("------+-------+------")
        print(" | ".join(" ".join(v[r + c] for c in DIGITS[k : k + 3]) for k in (0, 3, 6)))
base = [(i * 3 + i // 3 + j) % 9 + 1 for i in range(9) for j in range(9)]
def puzzle(keep, mul):
    return "".join(str(d) if (i * mul + i // 5) % 7 < keep else "." for i, d in enumerate(base))
print(len(peers["E5"]), peers["A1"][:6])
for p in (puzzle(4, 5), puzzle(3, 3)):
    steps = 0
    print(p)
    s = solve(p)
    show(s)
    assert all(sorted(s[c] for c in u) == list(DIGITS) for u in units) and all(d in (".", s[c]) for c, d in zip(cells, p))
    print("searches:", steps)
for bad in ("11" + "." * 79, "12345678." + "........9" + "." * 63, "12"):
    try: solve(bad); print("solved")
    except Contradiction as e: print("contradiction:", e)
    except ValueError as e: print(e)
