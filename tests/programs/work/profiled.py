# cProfile of a program: counts are exact, times are somebody's.
import cProfile
import io
import pstats


def leaf(n):
    return n + 1


def branch(n):
    return leaf(n) + sum(map(leaf, range(n)))


def recursive(n):
    return 1 if n <= 0 else recursive(n - 1) + len("x")


def fails():
    try:
        leaf(None)
    except TypeError:
        return "failed"


def numbers():
    for n in range(5):
        yield leaf(n)


def main():
    for n in range(10):
        branch(n)
    recursive(20)
    fails()
    list(numbers())
    sorted([3, 1, 2], key=leaf)


profile = cProfile.Profile()
profile.runcall(main)
with profile:
    leaf(1)
stats = pstats.Stats(profile)
names = {"leaf", "branch", "recursive", "fails", "numbers", "main", "<built-in method builtins.sum>", "<built-in method builtins.len>", "<built-in method builtins.sorted>"}
for (file, line, name), (primitive, calls, own, total, callers) in sorted(stats.stats.items(), key=lambda item: item[0][2]):
    if name in names:
        print(name, primitive, calls, own <= total, sorted((caller[2], counts[1]) for caller, counts in callers.items()))
text = io.StringIO()
pstats.Stats(profile, stream=text).strip_dirs().sort_stats("ncalls").print_stats("leaf|recursive")
print([line.split()[0] for line in text.getvalue().splitlines() if "(leaf)" in line or "(recursive)" in line])
text = io.StringIO()
pstats.Stats(profile, stream=text).strip_dirs().print_callers("recursive")
print("recursive" in text.getvalue(), "main" in text.getvalue())
