"""The names that a partial was given in a state, or by whoever changed its dict, are those of parameters."""
import functools
import pickle


def shown(a, *, key=0):
    print(a, key)


made = functools.partial(shown, 1)
made.__setstate__((shown, (1,), {''.join(['k', 'ey']): 2}, None))
made()
pickle.loads(pickle.dumps(functools.partial(sorted, reverse=True)))([1])
print(pickle.loads(pickle.dumps(functools.partial(sorted, reverse=True)))([1, 3, 2]))
made.keywords[''.join(['ke', 'y'])] = 3
made()
made = functools.partial(shown)
made.keywords[''.join(['ke', 'y'])] = 4
made(5)
pickle.loads(pickle.dumps(functools.partial(print, sep='-')))(1, 2)
