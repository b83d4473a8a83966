# Comparisons and keys that change the sequence, or fail.
from _bisect import *

for f in (bisect_left, bisect_right, insort_left, insort_right):
    for how in ('clear', 'pop', 'append', 'insert', 'swap'):
        class Item:
            def __init__(self, n):
                self.n = n

            def __lt__(self, other):
                if how == 'clear':
                    a.clear()
                elif how == 'pop' and a:
                    a.pop()
                elif how == 'append':
                    a.append(Item(99))
                elif how == 'insert':
                    a.insert(0, Item(-1))
                elif how == 'swap':
                    a.reverse()
                return self.n < other.n

            def __repr__(self):
                return f'I{self.n}'

        for x in (-5, 3, 50):
            a = [Item(n) for n in range(9)]
            try:
                print(f.__name__, how, x, f(a, Item(x)), len(a), a)
            except Exception as e:
                print(f.__name__, how, x, type(e).__name__, e, len(a), a)

for f in (bisect_left, bisect_right, insort_left, insort_right):
    a = list(range(10))

    def key(item):
        del a[5:]
        return item

    try:
        print(f(a, 9, key=key), a)
    except IndexError as e:
        print(e, a)


class Odd:
    def __init__(self, answer):
        self.answer = answer

    def __lt__(self, other):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


class Truth:
    def __bool__(self):
        raise ValueError('truth')


for answer in (NotImplemented, [], [1], None, 0.0, Truth(), ValueError('less')):
    for f in (bisect_left, bisect_right):
        for a, x in (([Odd(answer)] * 3, 5), ([5] * 3, Odd(answer))):
            try:
                print(f.__name__, type(answer).__name__, f(a, x))
            except (TypeError, ValueError) as e:
                print(f.__name__, type(answer).__name__, type(e).__name__, e)


# A number's own comparison comes second to that of a subclass.
class Big(int):
    def __lt__(self, other):
        print('lt', int(self), int(other))
        return int(self) < int(other)

    def __gt__(self, other):
        print('gt', int(self), int(other))
        return int(self) > int(other)


print(bisect_left([1, 2, 3], Big(2)), bisect_right([1, 2, 3], Big(2)), bisect_left([Big(1), Big(2)], 2), bisect_right([Big(1), Big(2)], 2), bisect_right([1.0, 2.0], Big(1)))


class Less:
    """Is only compared from the other side."""

    def __gt__(self, other):
        return True


print(bisect_right([Less(), Less()], 3), bisect_left([1, 2], Less()))
