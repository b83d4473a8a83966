"""Local time in the zone that TZ names."""
import time

print(time.timezone, time.altzone, time.daylight, time.tzname)
for s in (0, 1e9, 1720000000, 1700000000, -3e9, 4e9, 1e11, -86400 * 365 * 100, 1774746000, 1774745999):
    m = time.localtime(s)
    print(s, tuple(m), m.tm_zone, m.tm_gmtoff, time.mktime(m), time.strftime('%Z %z %s', m), time.ctime(s))
for fields in ((2026, 7, 1, 12, 0, 0), (2026, 1, 1, 12, 0, 0), (2026, 3, 29, 2, 30, 0), (2026, 10, 25, 2, 30, 0)):
    print(fields, [time.mktime(fields + (0, 0, dst)) for dst in (0, 1)],
          [time.strftime('%Z|%z|%s', fields + (0, 0, dst)) for dst in (0, 1)], time.strftime('%Z|%z', fields + (0, 0, -1)))
for fields in ((2026, 7, 1, 12, 0, 0), (2026, 1, 1, 12, 0, 0), (2025, 19, 1, 12, 0, -7200), (2026, -5, 35, 99, 0, -100)):
    print(fields, time.mktime(fields + (0, 0, -1)), time.mktime(fields + (6, 400, -1)))
time.tzset()
print(time.timezone, time.altzone, time.daylight, time.tzname)
