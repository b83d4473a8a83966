def check(x):
    assert x > 0 and x < 10, f"out of range: {x}"


check(50)
