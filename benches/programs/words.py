# Strings and dicts: a text is made, split, counted and sorted.
state = 12345


def chance(n):
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return state // 65536 % n


stems = ["key", "room", "door", "heap", "name", "wall", "light", "stair"]
ends = ["", "s", "ed", "ing", "er", "ly"]
text = " ".join(stems[chance(8)] + ends[chance(6)] for _ in range(4000))
counts = {}
for word in text.split():
    counts[word] = counts.get(word, 0) + 1
lengths = {}
for word, n in counts.items():
    lengths.setdefault(len(word), []).append((n, word.upper()))
top = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:3]
print(len(counts), top, {k: max(v) for k, v in sorted(lengths.items())})
print(text.replace("room", "hall").count("hall"), text.title()[:30])
