def total(values):
    summe = 0
    for v in values:
        summe += v
    return sume


total([1, 2])
