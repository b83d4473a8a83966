# Huffman coding of bytes: tree, codes, bit packing, decoding.
class Node:
    def __init__(self, n, sym=None, l=None, r=None): self.n, self.sym, self.l, self.r = n, sym, l, r
    @property
    def order(self): return self.n, min(self.symbols())
    def symbols(self):
        if self.sym is not None: yield self.sym
        else: yield from self.l.symbols(); yield from self.r.symbols()
def build(data):
    if not data: raise ValueError("nothing to code")
    count = {}
    for b in data: count[b] = count.get(b, 0) + 1
    nodes = [Node(n, s) for s, n in count.items()]
    while len(nodes) > 1:
        nodes.sort(key=lambda x: x.order, reverse=True)
        a, b = nodes.pop(), nodes.pop()
        nodes.append(Node(a.n + b.n, None, a, b))
    return nodes[0]
def codes(t, prefix=""):
    if t.sym is not None: return {t.sym: prefix or "0"}
    return codes(t.l, prefix + "0") | codes(t.r, prefix + "1")
def pack(bits):
    pad = -len(bits) % 8
    return bytes([pad]) + int("1" + bits + "0" * pad, 2).to_bytes((len(bits) + pad) // 8 + 1, "big")[1:]
def unpack(data): return "".join(f"{b:08b}" for b in data[1:])[: -data[0] or None]
def decode(bits, t):
    out, n = bytearray(), t
    for b in bits:
        if n.sym is None: n = n.l if b == "0" else n.r
        if n.sym is not None: out.append(n.sym); n = t
    return bytes(out)
for text in ("abracadabra", "aaaa", "the inn has a hundred rooms and a hundred keys, and every key knows its room", "h\u00e9 \u20ac \U0001f600", "".join(chr(33 + i % 90) * (i % 7 + 1) for i in range(90))):
    data = text.encode()
    t = build(data)
    c = codes(t)
    bits = "".join(c[b] for b in data)
    p = pack(bits)
    assert unpack(p) == bits and decode(bits, t) == data
    assert not any(a != b and b.startswith(a) for a in c.values() for b in c.values())
    print(len(data), len(p), len(c), f"{len(bits) / len(data):.3f} bits", p[:12].hex(), [(bytes([s]), c[s]) for s in sorted(c, key=lambda s: (len(c[s]), s))[:5]])
try: build(b"")
except ValueError as e: print(e)
