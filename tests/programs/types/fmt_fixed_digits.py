# Floats with so many digits behind the point: ties, signs, zeros, large and small ones.
numbers = [0.0, -0.0, 0.5, 1.5, 2.5, -2.5, 0.25, 0.125, 0.375, 1e-3, -1e-3, 1e-20, 5e-324, 0.1, 0.2, 0.3, 2.675, 1.005, 1e15, 1e17 + 2, 123456789.123456789,
           999.9995, 0.9999999999, 9.5, 99.5, -0.004, -0.005, 2.0 ** 52 + 0.5, 2.0 ** 53, 1 / 3, 2 / 3, 1e22, float("inf"), float("nan")]
for digits in (0, 1, 2, 3, 6, 9, 10, 17):
    print(digits, [f"{n:.{digits}f}" for n in numbers])
print([f"{n:.2f}" for n in numbers], [f"{n:8.2f}|{n:08.3f}" for n in numbers])
total = 0
state = 12345
for turn in range(3000):
    state = (state * 6364136223846793005 + 1442695040888963407) % 2 ** 64
    number = (state >> 11) / 2.0 ** (state % 60) * (1 if state & 1 else -1)
    for text in (f"{number:.0f}", f"{number:.1f}", f"{number:.4f}", f"{number:.9f}"):
        total = (total * 31 + sum(map(ord, text)) + len(text)) % 1_000_000_007
    # What is written is at most half a digit away.
    if abs(number) < 2 ** 40:
        assert abs(float(f"{number:.4f}") - number) <= 0.000051 + abs(number) * 2 ** -52, number
print(total)
for cents in range(0, 400, 7):
    print(f"{cents / 8:.2f}", end=" ")
print()
