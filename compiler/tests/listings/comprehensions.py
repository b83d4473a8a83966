[x for x in y if x if z]
{x for x in y}
{k: v for k, v in y}
def f(y):
    x = 1
    return [x + z for x in y for z in x], (x for x in y), [a for a in [1]]
