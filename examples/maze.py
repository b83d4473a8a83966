"""Carve a maze, find the shortest way through it, draw both."""

import sys

WAYS = ((0, -1), (1, 0), (0, 1), (-1, 0))


def dice(seed):
    while True:
        seed = seed * 6364136223846793005 + 1442695040888963407 & (1 << 64) - 1
        yield seed >> 33


def carve(width, height, seed):
    roll, seen, open_, stack = dice(seed), {(0, 0)}, set(), [(0, 0)]
    while stack:
        x, y = stack[-1]
        free = [(x + dx, y + dy) for dx, dy in WAYS if 0 <= x + dx < width and 0 <= y + dy < height and (x + dx, y + dy) not in seen]
        if not free:
            stack.pop()
            continue
        to = free[next(roll) % len(free)]
        seen.add(to)
        open_.add(frozenset(((x, y), to)))
        stack.append(to)
    return open_


def solve(open_, start, end):
    back, queue = {start: None}, [start]
    for x, y in queue:
        if (x, y) == end:
            break
        for dx, dy in WAYS:
            to = x + dx, y + dy
            if to not in back and frozenset(((x, y), to)) in open_:
                back[to] = x, y
                queue.append(to)
    path = []
    while end:
        path.append(end)
        end = back[end]
    return path[::-1]


def draw(width, height, open_, path=()):
    path = set(path)
    yield "+" + "---+" * width
    for y in range(height):
        row, below = "|", "+"
        for x in range(width):
            row += " o " if (x, y) in path else "   "
            row += " " if frozenset(((x, y), (x + 1, y))) in open_ else "|"
            below += "   +" if frozenset(((x, y), (x, y + 1))) in open_ else "---+"
        yield row
        yield below


if __name__ == "__main__":
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    w, h = 16, 9
    ways = carve(w, h, seed)
    path = solve(ways, (0, 0), (w - 1, h - 1))
    print("\n".join(draw(w, h, ways, path)))
    print(f"{len(ways)} openings, {len(path)} steps")
