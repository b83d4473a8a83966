"""The recursion limit and generators: who calls a generator function beyond it is refused, however the frames came about."""
import itertools
import sys


def nest(n):
    if n == 0: yield 1; return
    yield from nest(n-1)
for n in (900, 990, 1005, 2000, 5000):
    try: print(n, list(nest(n)))
    except RecursionError as e: print(n, 'RecursionError', e)
def enc(l):
    yield '['
    for x in l:
        yield from enc(x)
    yield ']'
l=[]
for i in range(3000): l=[l]
try: print(len(''.join(enc(l))))
except RecursionError as e: print('RE', e)
def sieve(it):
    p = next(it)
    yield p
    yield from sieve(x for x in it if x % p)
try:
    print(list(itertools.islice(sieve(itertools.count(2)), 1200))[-1])
except RecursionError as e: print('RE', e)
