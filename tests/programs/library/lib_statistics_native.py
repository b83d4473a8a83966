"""`_statistics`: quantiles of the normal distribution."""
import statistics
from _statistics import _normal_dist_inv_cdf as quantile


def attempt(*args):
    try:
        return quantile(*args)
    except Exception as e:
        return f"{type(e).__name__}: {e}"


for p in 0.5, 0.074999, 0.075, 0.925, 0.9250001, 0.02, 0.98, 1e-5, 1 - 1e-9, 1e-11, 1.3887943864964e-11, 1e-12, 1e-100, 1e-300, 5e-324, 0.1 + 0.2, 1 - 2**-53:
    print(p, quantile(p, 0.0, 1.0), quantile(p, 100, 15))
for args in (0.0, 0, 1), (1.0, 0, 1), (1.5, 0, 1), (-1, 0, 1), (0.5, 0, 0), (0.5, 0, -1), (float("nan"), 0, 1), (0.3, float("inf"), 1), (0.3, 0, float("nan")), ("x", 0, 1), (0.5, 0), (True, 0, 1):
    print(args, attempt(*args))
d = statistics.NormalDist(10, 2)
print([d.inv_cdf(k / 8) for k in range(1, 8)], d.quantiles(4), statistics.NormalDist.from_samples([1, 2, 3, 4]).inv_cdf(0.9))
print(all(abs(d.cdf(d.inv_cdf(k / 100)) - k / 100) < 1e-12 for k in range(1, 100)))
