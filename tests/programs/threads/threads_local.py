# _local: attributes that each thread has for itself.
import _thread
import gc


def attempt(what, function, *args):
    try:
        print(what, function(*args))
    except Exception as error:
        print(what, type(error).__name__, error)


def in_thread(function):
    _thread.start_joinable_thread(function).join()


class Dies:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        where = "main" if _thread.get_ident() == _thread._get_main_thread_ident() else "a thread"
        print(self.name, "dies in", where)


local = _thread._local()
local.x = 1
print(local.__dict__, local.x, vars(local), hasattr(local, "y"), getattr(local, "y", "none"))
print(repr(local).split(" at ")[0], "x" in dir(local))


def first():
    attempt("x", lambda: local.x)
    local.y = 2
    print(local.__dict__)
    local.dies = Dies("a thread's")


in_thread(first)
print(local.__dict__)
attempt("argument", _thread._local, 1)
attempt("number", getattr, local, 5)
attempt("number", setattr, local, 5, 1)
attempt("dict", setattr, local, "__dict__", {})


class Named(_thread._local):
    kind = "class"

    def __init__(self, *args, **named):
        print("init", args, named)
        self.args = args

    def method(self):
        return self.args

    @property
    def fixed(self):
        return "fixed"


named = Named(1, 2, k=3)
print(named.__dict__, named.method(), named.kind, named.fixed)
named.kind = "own"
print(named.kind, named.__dict__)
del named.kind
print(named.kind)
attempt("property", setattr, named, "fixed", 1)
attempt("missing", delattr, named, "zz")
attempt("missing", getattr, named, "zz")
attempt("dict", delattr, named, "__dict__")


def second():
    print(named.__dict__, named.args, named.kind)
    named.args = "second's"


in_thread(second)
print(named.args)


class Once(_thread._local):
    made = 0

    def __init__(self):
        Once.made += 1
        if Once.made > 1:
            raise ValueError(f"made {Once.made} times")


once = Once()


def third():
    attempt("once", lambda: once.x)
    attempt("once", lambda: once.x)


in_thread(third)


class Slotted(_thread._local):
    __slots__ = ("shared",)


slotted = Slotted()
slotted.shared = 5
slotted.own = 1
in_thread(lambda: print(slotted.shared, slotted.__dict__))


class Loop(_thread._local):
    def __init__(self):
        self.me = self


loop = Loop()
loop.dies = Dies("a loop's")
del loop
print(gc.collect() > 0)


def fourth():
    global kept
    kept.dies = Dies("a global's")


kept = _thread._local()
in_thread(fourth)
print("behind")
kept.dies = Dies("main's")
del kept


# What dies with a thread may look at a local once more.
class Looks:
    def __del__(self):
        last.seen = "again"
        print(last.__dict__)


last = _thread._local()


def fifth():
    last.looks = Looks()


in_thread(fifth)
print(last.__dict__)

# Many threads, many locals.
locals_ = [_thread._local() for _ in range(20)]
sums = []


def many(number):
    for at, one in enumerate(locals_):
        one.value = number * at
    sums.append(sum(one.value for one in locals_))


handles = [_thread.start_joinable_thread(lambda number=number: many(number)) for number in range(8)]
for handle in handles:
    handle.join()
print(sorted(sums), [hasattr(one, "value") for one in locals_].count(True))
