"""Words of a text: counts, an index, anagrams, a concordance, a Markov chain, and differences."""
import bisect
import difflib
import random
import re
import string
import unicodedata
from collections import ChainMap, Counter, defaultdict, deque
from itertools import islice, pairwise

TEXT = """\
The owl and the pussy-cat went to sea in a beautiful pea-green boat;
They took some honey, and plenty of money, wrapped up in a five-pound note.
The owl looked up to the stars above, and sang to a small guitar,
"O lovely Pussy, O Pussy, my love, what a beautiful Pussy you are!"
Café crème, naïve façade: ÉTÉ été; don't stop — it's 12 o'clock.
"""


def words(text):
    yield from re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", text.casefold())


def strip_accents(word):
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def index(lines):
    where = defaultdict(set)
    for number, line in enumerate(lines, 1):
        for word in words(line):
            where[word].add(number)
    return where


def concordance(text, word, width=14):
    for match in re.finditer(rf"\b{re.escape(word)}\b", text, re.IGNORECASE):
        left = text[max(0, match.start() - width):match.start()].replace("\n", " ")
        right = text[match.end():match.end() + width].replace("\n", " ")
        yield f"{left:>{width}}[{match[0]}]{right:<{width}}"


def anagrams(candidates):
    families = defaultdict(list)
    for word in candidates:
        families["".join(sorted(word))].append(word)
    return sorted(family for family in families.values() if len(family) > 1)


class Markov:
    def __init__(self, tokens, order=2):
        self.order, self.table = order, defaultdict(list)
        window = deque(maxlen=order)
        for token in tokens:
            if len(window) == order:
                self.table[tuple(window)].append(token)
            window.append(token)

    def walk(self, seed):
        rng = random.Random(seed)
        state = rng.choice(sorted(self.table))
        yield from state
        while following := self.table.get(state):
            token = rng.choice(following)
            yield token
            state = (*state[1:], token)


def closest(word, vocabulary):
    at = bisect.bisect_left(vocabulary, word)
    return vocabulary[max(at - 1, 0):at + 1], difflib.get_close_matches(word, vocabulary, n=2, cutoff=0.5)


count = Counter(words(TEXT))
print(count.most_common(6), sum(count.values()), len(count))
for length, group in sorted(Counter(map(len, count)).items()):
    print(f"{length:2}: {group:2} {'*' * group}")
where = index(TEXT.splitlines())
print({w: sorted(n) for w, n in sorted(where.items()) if len(n) > 1})
print(*concordance(TEXT, "pussy"), sep="\n")
print(anagrams("listen silent enlist cat act dog god owl".split()))
print(sorted({strip_accents(w) for w in count if not w.isascii()}), [unicodedata.name(c) for c in "é—"])
letters = Counter(c for c in TEXT.lower() if c in string.ascii_lowercase)
print("".join(c for c, _ in sorted(letters.items(), key=lambda p: (-p[1], p[0]))))
print(sorted(set(string.ascii_lowercase) - set(letters)))
print(Counter(a + b for a, b in pairwise(c for c in TEXT.lower() if c.isalpha())).most_common(4))
print(" ".join(islice(Markov(words(TEXT * 3)).walk(7), 14)))
vocabulary = sorted(count)
print(closest("beautifull", vocabulary), closest("pusy", vocabulary))
scope = ChainMap({"a": 1}, {"a": 2, "b": 3})
scope["c"] = 4
print(scope, scope.new_child({"b": 0})["b"], sorted(scope), scope.parents)
table = str.maketrans({"ß": "ss", "-": " ", "'": None})
print("groß-artig don't".translate(table), string.capwords("the  owl and"), "ǅ".swapcase(), "ﬁn".upper(), "İ".lower() == "i̇")

old, new = TEXT.splitlines(), TEXT.replace("owl", "hen").replace("small ", "").splitlines()
print(*difflib.unified_diff(old, new, "old.txt", "new.txt", n=0, lineterm=""), sep="\n")
print(*list(difflib.ndiff(old[2:3], new[2:3])), sep="\n")
matcher = difflib.SequenceMatcher(None, "qabxcd", "abycdf")
print([(op, matcher.a[a:b], matcher.b[c:d]) for op, a, b, c, d in matcher.get_opcodes()], round(matcher.ratio(), 3))
print(list(difflib.context_diff(["a\n", "b\n"], ["a\n", "c\n"], "x", "y")))
print("".join(difflib.restore(difflib.ndiff(["one\n", "two\n"], ["one\n", "too\n"]), 2)), end="")
