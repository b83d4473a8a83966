# Text: wrapping, justifying, columns, tables.
TEXT = """An inn of a hundred rooms keeps a hundred keys. A key is a name on a board, and a room is a thing with walls; a key may hang on many hooks, but it opens one room only. When the last key is handed in, the room is swept, and the next guest may have it."""
def wrap(text, width):
    line, n = [], 0
    for w in text.split():
        if line and n + len(line) + len(w) > width: yield line; line, n = [], 0
        line.append(w); n += len(w)
    if line: yield line
def justify(words, width):
    if len(words) == 1: return words[0].ljust(width)
    gaps, spare = len(words) - 1, width - sum(map(len, words))
    out = ""
    for i, w in enumerate(words[:-1]): out += w + " " * (spare // gaps + (i < spare % gaps))
    return out + words[-1]
def minimal(text, width):
    words = text.split()
    best = [0] + [None] * len(words)
    back = [0] * (len(words) + 1)
    for j in range(1, len(words) + 1):
        n = -1
        for i in range(j - 1, -1, -1):
            n += len(words[i]) + 1
            if n > width: break
            cost = best[i] + (0 if j == len(words) else (width - n) ** 3)
            if best[j] is None or cost <= best[j]: best[j], back[j] = cost, i
    lines, j = [], len(words)
    while j: lines.append(" ".join(words[back[j]:j])); j = back[j]
    return lines[::-1], best[-1]
for width in (24, 40):
    ls = list(wrap(TEXT, width))
    print("+" + "-" * width + "+")
    for l in ls[:-1]: print("|" + justify(l, width) + "|")
    print("|" + " ".join(ls[-1]).ljust(width) + "|")
    print("+" + "-" * width + "+")
lines, cost = minimal(TEXT, 30)
print(cost, *lines, sep="\n")
for l in wrap(TEXT[:80], 30): print(" ".join(l).center(30, "."), " ".join(l).rjust(30), sep="|")
def table(rows):
    ws = [max(len(str(r[i])) for r in rows) for i in range(len(rows[0]))]
    return "\n".join(" | ".join(f"{c:<{w}}" if isinstance(c, str) else f"{c:>{w}}" for c, w in zip(r, ws)) for r in rows)
freq = {}
for w in TEXT.lower().replace(".", "").replace(",", "").replace(";", "").split(): freq[w] = freq.get(w, 0) + 1
print(table([("word", "n", "len")] + [(w, n, len(w)) for w, n in sorted(freq.items(), key=lambda p: (-p[1], p[0]))[:8]]))
def columns(items, n):
    rows = -(-len(items) // n)
    return [items[i::rows] for i in range(rows)]
for r in columns(sorted(freq)[:17], 4): print("".join(w.ljust(12) for w in r).rstrip())
