"""Three classics on grids: the game of life, a maze, and a sudoku."""
import random
import re
from collections import Counter, deque
from itertools import product


class Life:
    def __init__(self, cells=()):
        self.cells = frozenset(cells)

    @classmethod
    def parse(cls, text):
        return cls((x, y) for y, row in enumerate(text.split()) for x, c in enumerate(row) if c == "#")

    def step(self):
        near = Counter((x + dx, y + dy) for x, y in self.cells for dx, dy in product((-1, 0, 1), repeat=2) if dx or dy)
        return Life(cell for cell, n in near.items() if n == 3 or (n == 2 and cell in self.cells))

    def __iter__(self):
        board = self
        while board.cells:
            yield board
            board = board.step()

    def __str__(self):
        if not self.cells:
            return "(empty)"
        xs, ys = zip(*self.cells)
        return "\n".join(
            "".join(".#"[(x, y) in self.cells] for x in range(min(xs), max(xs) + 1)) for y in range(min(ys), max(ys) + 1)
        )


def life():
    glider = Life.parse(".#. ..# ###")
    for generation, board in zip(range(5), glider):
        print(f"generation {generation}:\n{board}")
    blinker = Life.parse("###")
    print(blinker.step().step().cells == blinker.cells, Life.parse("#").step())
    acorn = Life.parse(".#..... ...#... ##..###")
    for _ in range(120):
        acorn = acorn.step()
    print("acorn after 120:", len(acorn.cells))


def maze(width, height, seed):
    rng = random.Random(seed)
    grid = [["#"] * (2 * width + 1) for _ in range(2 * height + 1)]
    stack, seen = [(0, 0)], {(0, 0)}
    grid[1][1] = " "
    while stack:
        x, y = stack[-1]
        ways = [
            (dx, dy) for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -1))
            if 0 <= x + dx < width and 0 <= y + dy < height and (x + dx, y + dy) not in seen
        ]
        if not ways:
            stack.pop()
            continue
        dx, dy = rng.choice(ways)
        grid[2 * y + 1 + dy][2 * x + 1 + dx] = " "
        grid[2 * (y + dy) + 1][2 * (x + dx) + 1] = " "
        stack.append((x + dx, y + dy))
        seen.add(stack[-1])
    return grid


def solve_maze(grid):
    start, goal = (1, 1), (len(grid[0]) - 2, len(grid) - 2)
    came, todo = {start: None}, deque([start])
    while todo:
        x, y = at = todo.popleft()
        if at == goal:
            break
        for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -1)):
            to = x + dx, y + dy
            if grid[to[1]][to[0]] == " " and to not in came:
                came[to] = at
                todo.append(to)
    steps = 0
    while at is not None:
        grid[at[1]][at[0]] = "."
        at = came[at]
        steps += 1
    return steps


SUDOKU = """
53..7.... 6..195... .98....6.
8...6...3 4..8.3..1 7...2...6
.6....28. ...419..5 ....8..79
"""
PEERS = {
    (r, c): {(i, j) for i, j in product(range(9), repeat=2) if (i, j) != (r, c) and (i == r or j == c or (i // 3, j // 3) == (r // 3, c // 3))}
    for r, c in product(range(9), repeat=2)
}


def sudoku(board, depth=0):
    free = [cell for cell, v in board.items() if not v]
    if not free:
        return board, depth
    choices = {cell: set(range(1, 10)) - {board[p] for p in PEERS[cell]} for cell in free}
    cell = min(free, key=lambda cell: (len(choices[cell]), cell))
    for value in sorted(choices[cell]):
        if done := sudoku({**board, cell: value}, depth + 1):
            return done
    return None


life()
grid = maze(9, 5, 2024)
print("\n".join(map("".join, grid)))
print("steps:", solve_maze(grid))
print("\n".join("".join(row) for row in grid))
digits = re.sub(r"\s", "", SUDOKU)
board = {cell: int(d) if d != "." else 0 for cell, d in zip(product(range(9), repeat=2), digits)}
solved, depth = sudoku(board)
for r in range(9):
    if r and r % 3 == 0:
        print("------+-------+------")
    print(" | ".join(" ".join(str(solved[r, c]) for c in range(b, b + 3)) for b in (0, 3, 6)))
print("guesses:", depth, "valid:", all(sorted(solved[r, c] for c in range(9)) == list(range(1, 10)) for r in range(9)))
print(sudoku({**board, (0, 2): 5}))
