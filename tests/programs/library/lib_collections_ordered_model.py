# OrderedDict: long random histories against a list of pairs.
from _collections import OrderedDict
seed = 12345
def random(n):
    global seed
    seed = (seed * 1103515245 + 12345) % 2147483648
    return (seed >> 8) % n

def history(steps, keys):
    od, model = OrderedDict(), []
    for step in range(steps):
        what, key = random(9), random(keys)
        at = [i for i, (k, v) in enumerate(model) if k == key]
        if what < 3:
            od[key] = step
            if at: model[at[0]] = (key, step)
            else: model.append((key, step))
        elif what == 3 and at:
            del od[key]
            del model[at[0]]
        elif what in (4, 5) and at:
            od.move_to_end(key, last=False)
            model.insert(0, model.pop(at[0]))
        elif what == 6 and at:
            od.move_to_end(key)
            model.append(model.pop(at[0]))
        elif what == 7 and model and random(3) == 0:
            assert od.popitem(last=False) == model.pop(0)
        elif what == 8 and model and random(3) == 0:
            assert od.popitem() == model.pop()
        if step % 7 == 0:
            assert list(od.items()) == model
            assert list(reversed(od)) == [k for k, v in reversed(model)]
            assert list(dict(od).items()) == model and list(od.copy().items()) == model
    assert list(od.items()) == model and len(od) == len(model)
    for key in range(keys):
        assert (key in od) == any(k == key for k, v in model)
    return len(model), hash(tuple(model))

for keys in (1, 2, 3, 5, 9, 40, 200):
    print(keys, history(600, keys))

# A cache of the keys used last, and a queue that goes round.
cache = OrderedDict()
for i in range(3000):
    key = i * i % 97
    if key in cache: cache.move_to_end(key)
    cache[key] = i
    if len(cache) > 20: cache.popitem(last=False)
print(list(cache.items()))
ring = OrderedDict((i, str(i)) for i in range(50))
for i in range(2000):
    key, value = ring.popitem(last=False)
    ring[key] = value
print(list(ring)[:5], len(ring))
for i in range(2000):
    ring.move_to_end(next(reversed(ring)), last=False)
print(list(ring)[:5], len(ring))
while ring:
    ring.popitem(last=False)
    if len(ring) % 10 == 0: ring.move_to_end(next(iter(ring), None)) if ring else None
print(ring)
ring['a'] = 1
ring.move_to_end('a', last=False)
ring['b'] = 2
ring.move_to_end('b', last=False)
print(ring, ring.pop('b'), ring)
