# Generators and closures: numbers flow through pipelines.
def count(most):
    n = 0
    while n < most:
        yield n
        n += 1


def keep(test):
    def stage(source):
        for item in source:
            if test(item):
                yield item

    return stage


def change(work):
    return lambda source: (work(item) for item in source)


def pairs(source):
    last = None
    for item in source:
        if last is not None:
            yield last, item
        last = item


def chain(source, *stages):
    for stage in stages:
        source = stage(source)
    return source


def flat(*sources):
    for source in sources:
        yield from source


def average():
    total = n = 0
    while True:
        value = yield total / n if n else None
        total, n = total + value, n + 1


numbers = chain(count(6000), keep(lambda n: n % 3), change(lambda n: n * n % 101), pairs)
mean = average()
next(mean)
last = None
for a, b in numbers:
    last = mean.send(a - b if a > b else b - a)
print(last, sum(flat(range(500), count(500), (n for n in range(500)))))
