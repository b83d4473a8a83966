# Format specifications of floats.

def err(f, *args):
    try:
        r = f(*args)
    except Exception as e:
        print(type(e).__name__, e)
    else:
        print("no error:", repr(r))


inf, nan = float("inf"), float("nan")
vals = (0.0, -0.0, 1.5, -1234567.891, 1e-7, 1e22, 0.5, 2.5, 1e300, inf, -inf, nan)
specs = ("", "f", ".0f", ".2f", "#.0f", "e", ".3e", ".0e", "E", "g", ".3g", "#.3g", "G", ".10g", "%", ".1%", "12", "<12", "^12.2f", "+.1f", " .1f", "012.3f", ",", ",.2f", "_.1f", "n", "*>15.4g", "=+12.1f", ".20f", "z.1f", ".3", "020,.2f", "F")
for v in vals:
    for s in specs:
        if v == 1e300 and s in ("f", ".2f", ",.2f", "020,.2f", "_.1f", ".20f", "%", ".1%", "F", "#.0f", ".0f", "^12.2f", "+.1f", " .1f", "012.3f", "=+12.1f", "z.1f"):
            continue
        print(v, s, repr(format(v, s)))
for s in ("d", "x", "s", "c", ".", "10.f", ",,", ".2z", "b", "1.2.3f"):
    err(format, 1.5, s)
print("%f %e %g %.2f %10.3f|%-10.3f|%+f % f %010.2f %G %E" % ((3.14159,) * 11))
print("%s %r %d %.0f %.0f %.0f %#.0f %g %g %g" % (1e16, 0.1, 2.9, 0.5, 1.5, 2.5, 3.0, 1e5, 1e6, 100000.0))
print("%5.1f%% %.3s" % (99.55, 1.23456), "%f" % 10, "%.1f" % True, "%f %F %e" % (inf, -inf, nan), "%.50f" % 0.1)
err(lambda: "%f" % "x")
err(lambda: "%f" % None)
err(lambda: "%e" % 10**400)
err(lambda: "%.1f" % (10**400,))
p, w = 3, 12
print(f"{2/3:{w}.{p}f}|{2/3:.{p}e}|{2/3:>{w}}|{2/3!r:>25}|{2/3=:.2f}|{-0.0:+}|{1e10:,}")
print("{:.2f} {:>8.3f} {:e} {x:.{n}f}".format(1.005, 2.5, 12345.678, x=1 / 7, n=5))
print(format(1.0, "n"), format(1e16, ""), format(1e15, ""), format(123456.789, ".4"), format(1e6, ".3"), format(12.0, ".3"), format(0.0001, "g"), format(0.00001, "g"))
print(format(1234.5, "010"), format(1234.5, "_>+12"), format(3.0, "5.1%"), format(1e-5, "."  "1e"), format(9.999, ".2f"), format(99999.95, ".1f"), format(0.1 + 0.2, ".17g"))
print(format(1234567.891, ",.3f"), format(1234567.1234567, ".7_f"), format(1234567.1234567, "_.7,f"))
