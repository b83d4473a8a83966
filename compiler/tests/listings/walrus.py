if (n := f()) > 1: print(n)
[(m := x) for x in y]
def g():
    return [(k := x) for x in y], k
