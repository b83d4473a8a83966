sorted([1, "a", None], key=lambda v: v + 1)
