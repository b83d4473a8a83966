"""A scheduler of tasks with heapq and datetime: recurring work, priorities, calendars."""
import calendar
import heapq
import itertools
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta, timezone, tzinfo
from graphlib import CycleError, TopologicalSorter


@dataclass(order=True)
class Job:
    when: datetime
    priority: int
    number: int
    name: str = field(compare=False)
    action: object = field(compare=False, repr=False)
    every: timedelta | None = field(default=None, compare=False)
    cancelled: bool = field(default=False, compare=False, repr=False)


class Scheduler:
    def __init__(self, now):
        self.now, self.queue, self.numbers, self.log = now, [], itertools.count(1), []

    def at(self, when, name, action, *, priority=0, every=None):
        if when < self.now:
            raise ValueError(f"{when:%H:%M} is in the past")
        job = Job(when, -priority, next(self.numbers), name, action, every)
        heapq.heappush(self.queue, job)
        return job

    def after(self, name, action, **span):
        options = {k: span.pop(k) for k in ("priority", "every") if k in span}
        return self.at(self.now + timedelta(**span), name, action, **options)

    def run(self, until):
        while self.queue and self.queue[0].when <= until:
            job = heapq.heappop(self.queue)
            if job.cancelled:
                continue
            self.now = job.when
            try:
                result = job.action(self)
            except Exception as error:
                result = f"failed: {error!r}"
            self.log.append(f"{self.now:%a %H:%M:%S} {job.name:<8} {result}")
            if job.every:
                self.at(self.now + job.every, job.name, job.action, priority=-job.priority, every=job.every)
        self.now = until


class Summer(tzinfo):
    """An hour more from April to September."""

    def utcoffset(self, when):
        return timedelta(hours=1) + self.dst(when)

    def dst(self, when):
        return timedelta(hours=4 <= when.month <= 9)

    def tzname(self, when):
        return "SUM" if self.dst(when) else "WIN"


start = datetime(2024, 2, 28, 22, 0)
s = Scheduler(start)
s.after("backup", lambda s: f"#{len(s.log)}", hours=1, every=timedelta(hours=8))
s.after("mail", lambda s: s.after("reply", lambda _: "sent", minutes=30).name, hours=1, priority=5)
s.at(start + timedelta(days=1), "leap", lambda s: s.now.date().replace(day=29))
s.at(start + timedelta(hours=2), "crash", lambda s: 1 // 0)
cancelled = s.after("never", lambda s: "no", seconds=1)
cancelled.cancelled = True
print(s.queue[0], cancelled < s.queue[-1], heapq.nsmallest(2, s.queue)[1].name, max(s.queue).name)
s.run(datetime(2024, 3, 1))
print(*s.log, sep="\n")
print(len(s.queue), s.now, repr(s.now), s.queue[0].when - s.now)
try:
    s.at(start, "late", print)
except ValueError as e:
    print(e)

d = datetime(2024, 2, 29, 23, 59, 59, 999999)
print(d + timedelta(microseconds=1), d.isoformat(" ", "milliseconds"), d.timetuple()[:8], tuple(d.isocalendar()), d.weekday(), d.toordinal())
print(d.replace(tzinfo=UTC).timestamp(), datetime.fromtimestamp(0, timezone.utc), datetime.fromtimestamp(-1.5, UTC))
print(timedelta(days=-1, hours=5), repr(timedelta(seconds=-1)), timedelta(1) / timedelta(hours=7), divmod(timedelta(10), timedelta(3)), timedelta(hours=1) * 2.5, -timedelta.resolution, abs(timedelta.min) > timedelta.max if False else timedelta.max)
for text in ("2024-02-30", "2024-W09-4", "20240229T101112", "2024-02-29T10:11:12.345678+05:30", "x"):
    try:
        print(repr(datetime.fromisoformat(text)))
    except ValueError as e:
        print("ValueError", e)
zone = timezone(timedelta(hours=-3, minutes=-30), "NST")
aware = datetime(2024, 7, 1, 12, tzinfo=Summer())
print(aware, aware.tzname(), aware.astimezone(zone), aware.astimezone(timezone.utc).tzinfo, aware == aware.astimezone(zone), aware.dst(), f"{aware:%d.%m.%y %I%p %j %U %z %Z %%}")
for attempt in (lambda: aware < datetime(2024, 1, 1), lambda: date(2023, 2, 29), lambda: date.max + timedelta(1), lambda: timezone(timedelta(days=1)), lambda: d - 1, lambda: time(25), lambda: datetime.strptime("1/2", "%Y-%m"), lambda: datetime(2024, 1, 1) == date(2024, 1, 1)):
    try:
        print(attempt())
    except (TypeError, ValueError, OverflowError) as e:
        print(type(e).__name__)
print(datetime.strptime("Thu 29 Feb 2024 04:05 PM -0130", "%a %d %b %Y %I:%M %p %z"), date(2024, 2, 29) - date(2023, 3, 1), time(1, 2, 3), time.fromisoformat("04:05:06.7"), datetime.combine(date.min, time.max), MAXYEAR)
print(calendar.TextCalendar(6).formatmonth(2024, 2), calendar.isleap(1900), calendar.monthrange(2024, 2), calendar.day_abbr[3])
print([d.day for d in calendar.Calendar().itermonthdates(2024, 9)][:8], calendar.timegm((2000, 1, 1, 0, 0, 0)))

graph = {"deploy": {"test", "package"}, "test": {"build"}, "package": {"build"}, "build": {"fetch"}}
sorter = TopologicalSorter(graph)
sorter.prepare()
while sorter.is_active():
    ready = sorted(sorter.get_ready())
    print("->", *ready)
    sorter.done(*ready)
try:
    list(TopologicalSorter({"a": ["b"], "b": ["a"]}).static_order())
except CycleError as e:
    print(e.args[0], sorted(set(e.args[1])))
print(list(heapq.merge([1, 4, 9], [2, 3, 10], reverse=False)), heapq.nlargest(2, "kdazb"), list(heapq.merge("db", "ca", reverse=True)))
