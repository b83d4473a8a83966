"""Word statistics of a text: built in, or on standard input with `-`."""

import sys

TEXT = """The inn stands where the road leaves the river. Its keeper knows every room by its key and every key by its
hook. "A name," she says, "is only a key; the room is what it opens." Two guests may hold keys to one room. A room to
which nobody holds a key is swept before the day is over, and the next guest finds it as new. When two rooms hold only
each other's keys, the keeper finds them on her round at night."""


def words(text):
    word = []
    for c in text + " ":
        if c.isalpha() or c == "'" and word:
            word.append(c.lower())
        elif word:
            yield "".join(word).rstrip("'")
            word.clear()


def report(text, top=8):
    all_words = list(words(text))
    count, by_length = {}, {}
    for w in all_words:
        count[w] = count.get(w, 0) + 1
        by_length.setdefault(len(w), set()).add(w)
    yield f"{len(text)} characters, {len(all_words)} words, {len(count)} different"
    yield f"longest: {max(count, key=lambda w: (len(w), w))}; mean length {sum(map(len, all_words)) / max(1, len(all_words)):.2f}"
    most = max(count.values())
    for w, n in sorted(count.items(), key=lambda p: (-p[1], p[0]))[:top]:
        yield f"{w:>10} {n:>3} {'#' * (n * 30 // most)}"
    for n, ws in sorted(by_length.items()):
        yield f"{n:>3} letters: {len(ws):>3}  {', '.join(sorted(ws)[:5])}{', ...' if len(ws) > 5 else ''}"
    pairs = {}
    for a, b in zip(all_words, all_words[1:]):
        pairs[a, b] = pairs.get((a, b), 0) + 1
    yield "pairs: " + "; ".join(f"{a} {b} ({n})" for (a, b), n in sorted(pairs.items(), key=lambda p: (-p[1], p[0]))[:5])


if __name__ == "__main__":
    print("\n".join(report(sys.stdin.read() if "-" in sys.argv[1:] else TEXT)))
