# Who makes a sequence may ask beforehand how many items there will be: what becomes of each answer.

import sys

class Hinted:
    def __init__(self, answer):
        self.answer, self.left = answer, 3
    def __iter__(self):
        return self
    def __next__(self):
        self.left -= 1
        if self.left < 0:
            raise StopIteration
        return self.left
    def __length_hint__(self):
        if isinstance(self.answer, BaseException):
            raise self.answer
        return self.answer

class Sized(Hinted):
    def __len__(self):
        if isinstance(self.answer, BaseException):
            raise self.answer
        return 2
    def __length_hint__(self):
        return 'not asked'

def extended(start, items):
    start.extend(items)
    return start

makers = {
    'list': list, 'tuple': tuple, 'sorted': sorted, 'bytes': bytes, 'bytearray': bytearray, 'set': set,
    'list.extend': lambda items: extended([9], items), 'bytearray.extend': lambda items: extended(bytearray(b'x'), items),
    '+=': lambda items: [9].__iadd__(items), 'star': lambda items: [*items], 'star tuple': lambda items: (*items,),
    'slice': lambda items: [7].__setitem__(slice(0, 1), items), 'map': lambda items: list(map(int, items)),
}
for kind in Hinted, Sized:
    for answer in 0, 1, 100, True, -1, 2 ** 62, sys.maxsize, 2 ** 64, 'x', 1.5, None, NotImplemented, TypeError('t'), ValueError('v'), KeyError('k'):
        for name, make in makers.items():
            try:
                result = make(kind(answer))
            except Exception as error:
                result = f'{type(error).__name__} {error}'
            print(kind.__name__, repr(answer), name, result)
