# Locals that outlive their frame where a kept exception needs them.
keep = []
def a(n):
    x = ["a", n]
    try:
        1 / 0
    except ZeroDivisionError as e:
        keep.append(e)
    raise ValueError("second")
def b(n):
    y = ["b", n]
    try:
        {}["k"]
    except KeyError as e:
        keep.append(e)
for i in range(3):
    try:
        a(i)
    except ValueError as e:
        keep.append(e)
    b(i)
for e in keep:
    t = e.__traceback__
    while t.tb_next: t = t.tb_next
    f = t.tb_frame
    print(type(e).__name__, f.f_code.co_name, {k: v for k, v in f.f_locals.items() if k in "xyn"})
