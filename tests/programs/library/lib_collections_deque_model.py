# deque: long random histories against a list.
from _collections import deque
seed = 99
def random(n):
    global seed
    seed = (seed * 1103515245 + 12345) % 2147483648
    return (seed >> 8) % n
for limit in (None, 1, 2, 7, 8, 20):
    d, model = deque(maxlen=limit), []
    for step in range(4000):
        what = random(16); n = len(model)
        if what < 2: d.append(step); model.append(step)
        elif what == 2: d.appendleft(step); model.insert(0, step)
        elif what == 3 and n: assert d.pop() == model.pop()
        elif what == 4 and n: assert d.popleft() == model.pop(0)
        elif what in (5, 6) and n:
            k = random(3 * n + 1) - n - n // 2
            d.rotate(k); k %= n
            model = model[n - k:] + model[:n - k]
        elif what == 7 and n != limit:
            k = random(n + 4) - 2
            d.insert(k, step)
            if k < 0: k = max(k + n, 0)
            model.insert(k, step)
        elif what == 8 and n:
            k = random(n); del d[k]; del model[k]
        elif what == 9: d.reverse(); model.reverse()
        elif what == 10:
            more = [step] * random(5); d.extend(more); model.extend(more)
        elif what == 11:
            more = tuple(range(random(4))); d.extendleft(more); model = list(reversed(more)) + model
        elif what == 12: e = d.copy(); assert e == d and list(e) == list(d); d = e
        elif what == 13 and n < 30: d = d + deque([1, step]); model += [1, step]
        elif what == 14 and n < 20: k = random(4); d = d * k; model = model * k
        elif what == 15 and n:
            x = model[random(n)]; assert d.index(x) == model.index(x) and d.count(x) == model.count(x)
            d.remove(x); model.remove(x)
        if limit is not None and len(model) > limit:
            if what == 2 or what == 11: model = model[:limit]
            else: model = model[-limit:]
        if len(model) > 60:
            while len(model) > 5: d.popleft(); model.pop(0)
        assert len(d) == len(model)
        if step % 3 == 0: assert list(d) == model, (step, what, d, model)
        if step % 11 == 0: assert list(reversed(d)) == model[::-1] and [d[i] for i in range(len(d))] == model
    print(limit, len(d), sum(d))
