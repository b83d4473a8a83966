# Shortest paths with a binary heap written by hand; checked against Bellman-Ford.
class Heap:
    def __init__(self, items=()):
        self.a = []
        for i in items: self.push(i)
    def __len__(self): return len(self.a)
    def push(self, x):
        a = self.a
        a.append(x)
        i = len(a) - 1
        while i and a[i] < a[(i - 1) // 2]:
            p = (i - 1) // 2
            a[i], a[p] = a[p], a[i]
            i = p
    def pop(self):
        a = self.a
        if not a: raise IndexError("pop from an empty heap")
        top, last = a[0], a.pop()
        if a:
            a[0], i = last, 0
            while (c := 2 * i + 1) < len(a):
                if c + 1 < len(a) and a[c + 1] < a[c]: c += 1
                if a[i] <= a[c]: break
                a[i], a[c] = a[c], a[i]
                i = c
        return top
def dijkstra(g, s):
    dist, back, heap = {s: 0}, {}, Heap([(0, s)])
    while heap:
        d, u = heap.pop()
        if d > dist[u]: continue
        for v, w in g.get(u, {}).items():
            if (nd := d + w) < dist.get(v, float("inf")):
                dist[v], back[v] = nd, u
                heap.push((nd, v))
    return dist, back
def path(back, t):
    p = [t]
    while p[-1] in back: p.append(back[p[-1]])
    return p[::-1]
def bellman(g, s):
    d = {s: 0}
    for _ in range(len(g)):
        for u in g:
            for v, w in g[u].items():
                if u in d and d[u] + w < d.get(v, float("inf")): d[v] = d[u] + w
    return d
h = Heap((i * 37 % 101, i) for i in range(100))
out = [h.pop() for _ in range(100)]
print(out == sorted(out), out[:4], len(h))
try: h.pop()
except IndexError as e: print(e)
towns = {"Inn": {"Bridge": 4, "Mill": 2}, "Mill": {"Bridge": 1, "Hill": 7}, "Bridge": {"Hill": 3, "Sea": 9.5}, "Hill": {"Sea": 2}, "Sea": {}, "Island": {}}
d, b = dijkstra(towns, "Inn")
print(d, path(b, "Sea"), "Island" in d)
g, s = {}, 1
for u in range(60):
    g[u] = {}
    for _ in range(4):
        s = s * 48271 % 2147483647
        g[u][s % 60] = s // 60 % 50 + 1
d, b = dijkstra(g, 0)
print(d == bellman(g, 0), len(d), sorted(d.items(), key=lambda p: (p[1], p[0]))[-5:], path(b, max(d, key=lambda k: (d[k], k))))
grid = ["1163751742", "1381373672", "2136511328", "3694931569", "7463417111", "1319128137", "1359912421", "3125421639", "1293138521", "2311944581"]
gg = {(x, y): {(x + dx, y + dy): int(grid[y + dy][x + dx]) for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -1)) if 0 <= x + dx < 10 and 0 <= y + dy < 10} for y in range(10) for x in range(10)}
d, b = dijkstra(gg, (0, 0))
print(d[9, 9], path(b, (9, 9)))
