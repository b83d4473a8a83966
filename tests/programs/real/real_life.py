# Conway's game of life: on sets of cells and on a grid, which must agree.
def step(cells):
    near = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    near[x + dx, y + dy] = near.get((x + dx, y + dy), 0) + 1
    return {c for c, n in near.items() if n == 3 or n == 2 and c in cells}


class Grid:
    def __init__(self, w, h, cells=()):
        self.w, self.h = w, h
        self.rows = [[False] * w for _ in range(h)]
        for x, y in cells:
            self[x, y] = True

    def __getitem__(self, at):
        return self.rows[at[1] % self.h][at[0] % self.w]

    def __setitem__(self, at, v):
        self.rows[at[1] % self.h][at[0] % self.w] = v

    def around(self, x, y):
        return sum(self[x + dx, y + dy] for dx in (-1, 0, 1) for dy in (-1, 0, 1) if (dx, dy) != (0, 0))

    def next(self):
        g = Grid(self.w, self.h)
        for y in range(self.h):
            for x in range(self.w):
                n = self.around(x, y)
                g[x, y] = n == 3 or self[x, y] and n == 2
        return g

    def __str__(self):
        return "\n".join("".join(".#"[c] for c in r) for r in self.rows)

    def __iter__(self):
        return ((x, y) for y in range(self.h) for x in range(self.w) if self[x, y])


def parse(text):
    return {(x, y) for y, line in enumerate(text.split()) for x, c in enumerate(line) if c == "#"}


glider = parse(".#. ..# ###")
cells, grid = {(x + 2, y + 2) for x, y in glider}, Grid(16, 12, {(x + 2, y + 2) for x, y in glider})
for i in range(9):
    assert set(grid) == cells
    if i % 4 == 0:
        print(f"generation {i}: {len(cells)} cells, {sorted(cells)}")
        print(grid)
    cells, grid = step(cells), grid.next()
r = parse(".## ##. .#.")
sizes = []
for i in range(60):
    sizes.append(len(r))
    r = step(r)
print(sizes)
print(step(step(parse("###"))) == parse("###"), step(parse("## ##")) == parse("## ##"))
