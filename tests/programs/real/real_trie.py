# A trie: insertion, prefixes, deletion, wildcard search, longest common prefix, edit distance.
class Trie:
    def __init__(self): self.kids, self.value, self.end = {}, None, False
    def walk(self, key):
        n = self
        for c in key:
            n = n.kids.get(c)
            if n is None: return None
        return n
    def __setitem__(self, key, v):
        n = self
        for c in key: n = n.kids.setdefault(c, Trie())
        n.value, n.end = v, True
    def __getitem__(self, key):
        n = self.walk(key)
        if n is None or not n.end: raise KeyError(key)
        return n.value
    def __contains__(self, key): return (n := self.walk(key)) is not None and n.end
    def __delitem__(self, key):
        def go(n, i):
            if i == len(key):
                if not n.end: raise KeyError(key)
                n.end, n.value = False, None
            else:
                if key[i] not in n.kids: raise KeyError(key)
                if go(n.kids[key[i]], i + 1): del n.kids[key[i]]
            return not n.kids and not n.end
        go(self, 0)
    def __iter__(self): return self.keys()
    def keys(self, prefix=""):
        if self.end: yield prefix
        for c in sorted(self.kids): yield from self.kids[c].keys(prefix + c)
    def starting(self, p): return list(n.keys(p)) if (n := self.walk(p)) else []
    def __len__(self): return self.end + sum(map(len, self.kids.values()))
    def nodes(self): return 1 + sum(k.nodes() for k in self.kids.values())
    def match(self, pat, prefix=""):
        if not pat:
            if self.end: yield prefix
            return
        for c in (sorted(self.kids) if pat[0] == "?" else pat[0]):
            if c in self.kids: yield from self.kids[c].match(pat[1:], prefix + c)
    def near(self, word, most):
        def go(n, prefix, row):
            if n.end and row[-1] <= most: yield prefix, row[-1]
            if min(row) > most: return
            for c in sorted(n.kids):
                new = [row[0] + 1]
                for i, w in enumerate(word): new.append(min(new[-1] + 1, row[i + 1] + 1, row[i] + (w != c)))
                yield from go(n.kids[c], prefix + c, new)
        yield from go(self, "", list(range(len(word) + 1)))
    def common(self):
        n, p = self, ""
        while len(n.kids) == 1 and not n.end: (c, n), = n.kids.items(); p += c
        return p
words = "room rooms roof root key keys keyed keeper keep inn inner innkeeper in guest guests quest \u5bbf \u5bbf\u6cca".split()
t = Trie()
for i, w in enumerate(words): t[w] = i
print(len(t), t.nodes(), list(t) == sorted(words), t["keep"], t["\u5bbf\u6cca"], "roo" in t, "inn" in t)
print(t.starting("key"), t.starting("inn"), t.starting("zz"), list(t.match("roo?")), list(t.match("???")), list(t.match("?uest")))
print(list(t.near("rook", 1)), list(t.near("kep", 1)), list(t.near("guess", 2)))
for k in ("roo", "zzz", ""):
    try: t[k]
    except KeyError as e: print("KeyError", e)
    try: del t[k]
    except KeyError as e: print("KeyError", e)
before = t.nodes()
for w in ("keys", "rooms", "innkeeper", "in"): del t[w]
print(len(t), before - t.nodes(), list(t), t.walk("innk"))
s = Trie()
for w in ("interval", "intern", "internet"): s[w] = None
s[""] = "root"
print(s.common(), s[""], len(s))
del s[""]
print(s.common(), len(s))
