"""The Mandelbrot set in text: floats, nested loops, characters by depth."""

import sys


def depth(cx, cy, most):
    x = y = 0.0
    for n in range(most):
        xx, yy = x * x, y * y
        if xx + yy > 4.0:
            return n
        x, y = xx - yy + cx, 2 * x * y + cy
    return most


def picture(width=72, height=28, most=60, shades=" .:-=+*#%@"):
    for row in range(height):
        cy = 1.2 - 2.4 * row / (height - 1)
        line = (depth(-2.1 + 2.9 * col / (width - 1), cy, most) for col in range(width))
        yield "".join(shades[n * (len(shades) - 1) // most] for n in line)


if __name__ == "__main__":
    width = int(sys.argv[1]) if len(sys.argv) > 1 else 72
    print("\n".join(picture(width)))
