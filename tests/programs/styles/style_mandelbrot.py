"""The Mandelbrot set with complex numbers: a picture of text, areas by sampling, orbits, Newton's fractal."""
import cmath
import sys

SHADES = " .:-=+*#%@"


def escape(c, most):
    z = 0j
    for count in range(most):
        if abs(z) > 2:
            return count
        z = z * z + c
    return most


def picture(width, height, centre=-0.7 + 0j, scale=3.0, most=40):
    step = complex(scale / width, -scale / width * 2)
    rows = []
    for y in range(height):
        row = ""
        for x in range(width):
            c = centre + complex((x - width / 2) * step.real, (y - height / 2) * step.imag)
            row += SHADES[escape(c, most) * (len(SHADES) - 1) // most]
        rows.append(row)
    return rows


def area(side, most):
    inside = sum(escape(complex(-2 + 2.5 * x / side, 1.25 * y / side), most) == most for x in range(side) for y in range(side))
    return 2 * inside / side**2 * 2.5 * 1.25


def orbit(c, length):
    z, seen = 0j, []
    for _ in range(length):
        z = z**2 + c
        seen.append(complex(round(z.real, 6), round(z.imag, 6)))
    return seen


def newton(z, roots, most=30):
    for count in range(most):
        if not z:
            break
        z -= (z**3 - 1) / (3 * z**2)
        for at, root in enumerate(roots):
            if abs(z - root) < 1e-9:
                return at, count
    return len(roots), most


def fractal(size):
    roots = [cmath.exp(2j * cmath.pi * k / 3) for k in range(3)]
    return ["".join("abc."[newton(complex(x, y) / size * 2, roots)[0]] for x in range(-size, size + 1)) for y in range(-size // 2, size // 2 + 1)]


for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 1):
    shown, share, basins = picture(60, 21), area(40, 50), fractal(12)
print(*(row.rstrip() for row in shown), sep="\n")
print(f"area {share:.4f}")
print(*basins, sep="\n")
print(orbit(-1 + 0j, 4), orbit(1j, 5), orbit(0.25 + 0j, 3))
print(max(abs(z) for z in orbit(-0.12 + 0.74j, 50)) < 2, escape(0.5 + 0.5j, 100), escape(-2 + 0j, 100))
z = complex(3, -4)
print(abs(z), z.conjugate(), z * z.conjugate(), z / (1 + 1j), -z, z == 3 - 4j, f"{z:.1f}", complex("1-2j"), z**-1)
