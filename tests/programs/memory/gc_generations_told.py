# The generations that the collector is asked for, and what builtin functions and methods refer to.
import gc
import types


def told(work):
    try:
        print("ok", work())
    except Exception as e:
        print(type(e).__name__, e)


for generation in -1, -2, 0, 2, 3, None, "x", 1.5, True, 10**30, -10**30:
    told(lambda: type(gc.get_objects(generation=generation)))
    told(lambda: type(gc.get_objects(generation)))
    told(lambda: type(gc.collect(generation)))
mine = [1]
for method in len, mine.append, ",".join, dict.fromkeys, dict.__init__, mine.__add__, str.join, object.__new__, gc.collect:
    print([value.__name__ if isinstance(value, types.ModuleType) else value for value in gc.get_referents(method)])
