# How often functions are called, by whom, and how long they take: the raw profiler, and cProfile.
import _lsprof
import cProfile
import io
import pstats


def show(call, *args, **names):
    try:
        print(repr(call(*args, **names))[:150])
    except BaseException as error:
        print(type(error).__name__, error)


def name(code):
    return getattr(code, "co_name", code)


def report(profiler):
    for entry in sorted(profiler.getstats(), key=lambda entry: name(entry.code)):
        calls = sorted((name(call.code), call.callcount, call.reccallcount) for call in entry.calls) if entry.calls else entry.calls
        print(name(entry.code), entry.callcount, entry.reccallcount, entry.inlinetime <= entry.totaltime + 1e-9, calls)


def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def numbers():
    yield 1
    yield 2


def main():
    fib(5)
    list(numbers())
    sorted([3, 1])
    [].append(1)
    try:
        int("x")
    except ValueError:
        pass

    class A:
        pass

    A()
    "abc".upper()
    max([1, 2], key=lambda x: -x)


profiler = _lsprof.Profiler()
profiler.enable()
main()
profiler.disable()
report(profiler)
print("-- without subcalls and native functions")
profiler = _lsprof.Profiler(subcalls=False, builtins=False)
profiler.enable(subcalls=False, builtins=False)
main()
profiler.disable()
report(profiler)
profiler.clear()
report(profiler)

print("-- a clock of one's own")
time = 0


def clock():
    global time
    time += 1
    return time


for unit in (0, 0.5):
    profiler = _lsprof.Profiler(clock, unit)
    profiler.enable()
    fib(2)
    profiler.disable()
    print([(entry.totaltime, entry.inlinetime, [(call.totaltime, call.inlinetime) for call in entry.calls]) for entry in profiler.getstats() if name(entry.code) == "fib"])

print("-- refused")
show(_lsprof.Profiler, 1, "a")
show(_lsprof.Profiler, x=1)
show(profiler.enable, 1, 2, 3)
first, second = _lsprof.Profiler(), _lsprof.Profiler()
first.enable()
show(second.enable)
show(first.enable)
first.disable()
show(first.disable)
print(_lsprof.profiler_entry.__match_args__, _lsprof.profiler_subentry.__match_args__)

print("-- cProfile")
profile = cProfile.Profile()
profile.enable()
main()
profile.disable()
stats = pstats.Stats(profile, stream=io.StringIO())
print(sorted((key[2], value[0], value[1]) for key, value in stats.stats.items()))
with cProfile.Profile() as profile:
    fib(3)
print(sorted(name(entry.code) for entry in profile.getstats() if name(entry.code) == "fib"), cProfile.Profile().runcall(fib, 7))
stream = io.StringIO()
pstats.Stats(profile, stream=stream).sort_stats("ncalls").print_callees("fib")
print("fib" in stream.getvalue())
