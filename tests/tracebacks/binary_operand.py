a, b, c = 1, "two", 3
result = a * 2 + b + c
