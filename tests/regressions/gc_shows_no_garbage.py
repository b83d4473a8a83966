# While garbage is taken apart, nobody is shown it.
import gc
gc.disable()

class Big: __slots__ = tuple('a%d' % i for i in range(400))
class Late:
    def __del__(self):
        for o in gc.get_objects():
            kind = type(o)
            if kind is type(make) and o.__name__ == 'inner':
                found.append(o)
                cells.extend(o.__closure__ or ())
            elif kind is Big or kind is Holder or kind is list and o and o[0] == 'mark':
                found.append(o)
        found.extend(o for o in gc.get_referrers(marker) if o is not globals())
class Holder:
    def __init__(self, o): self.o = o
    def __del__(self): self.o.a1 = Late()
def make():
    a = Big()
    a.a0 = Holder(a)
    def inner(): return a
    a.a2 = inner
    a.a3 = ['mark', a, marker]
    a.a4 = (a, inner)
    class Local:
        made = a, marker
    a.a5 = Local, Local()
marker = object()
found, cells = [], []
for i in range(5): make()
print(gc.collect() > 0, found, cells)
for cell in cells:
    if not cell:
        {cell}.pop()

# Finalizers do not see it either, and what they save is whole.
class Seen:
    def __init__(self): self.me = self
    def __del__(self):
        found.extend(o for o in gc.get_objects() if type(o) is Seen)
        print(gc.is_tracked(self), gc.is_finalized(self))
        saved.append(self)
saved = []
Seen()
Seen()
gc.collect()
print(found, [x.me is x for x in saved], sum(type(o) is Seen for o in gc.get_objects()))
saved.clear()
gc.collect()
print(sum(type(o) is Seen for o in gc.get_objects()))
