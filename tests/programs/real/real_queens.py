# N queens three ways: sets with backtracking, bit masks, a generator with permutations.
def solve(n):
    cols, up, down, place, out = set(), set(), set(), [], []

    def row(r):
        if r == n:
            out.append(tuple(place))
            return
        for c in range(n):
            if c in cols or r + c in up or r - c in down:
                continue
            cols.add(c); up.add(r + c); down.add(r - c); place.append(c)
            row(r + 1)
            cols.remove(c); up.remove(r + c); down.remove(r - c); place.pop()

    row(0)
    return out


def count_bits(n):
    full = (1 << n) - 1

    def go(cols, a, b):
        if cols == full:
            return 1
        free, total = full & ~(cols | a | b), 0
        while free:
            bit = free & -free
            free ^= bit
            total += go(cols | bit, (a | bit) << 1 & full, (b | bit) >> 1)
        return total

    return go(0, 0, 0)


def permutations(items):
    if not items:
        yield ()
    for i, x in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1 :]):
            yield (x, *rest)


def by_permutation(n):
    for p in permutations(tuple(range(n))):
        if len({p[i] + i for i in range(n)}) == len({p[i] - i for i in range(n)}) == n:
            yield p


for n in range(1, 8):
    s = solve(n)
    print(n, len(s), count_bits(n), s[:1])
print(list(by_permutation(5)) == solve(5), list(by_permutation(6)))
for board in solve(6)[:2]:
    print("\n".join(" ".join("Q" if c == q else "." for c in range(6)) for q in board), end="\n\n")
