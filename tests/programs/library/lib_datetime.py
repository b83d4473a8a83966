# Dates and times: what people do with them, and their edges.
import copy, datetime as module, pickle, time
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time as clock, timedelta, timezone, tzinfo


def shown(make):
    try:
        return repr(make())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


# A calendar of meetings in two zones.
vienna, tokyo = timezone(timedelta(hours=1), "CET"), timezone(timedelta(hours=9))
first = datetime(2024, 2, 26, 9, 30, tzinfo=vienna)
for week in range(3):
    meeting = first + timedelta(weeks=week)
    print(meeting.isoformat(), meeting.astimezone(tokyo), meeting.astimezone(UTC).strftime("%A %d %B %Y, %H:%M %Z"), meeting.isocalendar())
print(sorted([first, first.astimezone(tokyo) - timedelta(seconds=1), first + timedelta(microseconds=1)]) == [first - timedelta(seconds=1), first, first + timedelta(microseconds=1)])
print(first == first.astimezone(tokyo), hash(first) == hash(first.astimezone(tokyo)), len({first, first.astimezone(UTC)}))

# Ages, leap years, ends of months.
born = date(1988, 2, 29)
for year in (1999, 2000, 2100):
    print(year, shown(lambda: born.replace(year=year)), (date(year + 1, 1, 1) - date(year, 1, 1)).days)
print((date(2024, 12, 25) - born).days, born.weekday(), born.isoweekday(), born.timetuple()[:9], born.ctime())
print([(date(y, 1, 1).isocalendar()[:], date.fromisocalendar(y, 1, 1)) for y in (2015, 2016, 2020, 2021)])
print(date.min, date.max, date.resolution, datetime.min, datetime.max, clock.min, clock.max, MINYEAR, MAXYEAR)

# Spans.
span = timedelta(days=-1, hours=5, milliseconds=7.5)
print(repr(span), span, -span, abs(span), span.total_seconds(), span / 7, span // 7, span * 2.5, span % timedelta(hours=3), divmod(span, timedelta(minutes=7)))
print(timedelta(microseconds=0.5), timedelta(microseconds=1.5), timedelta(microseconds=2.5), timedelta.min, timedelta.max)
for make in (
    lambda: timedelta.max + timedelta.resolution, lambda: -timedelta.max, lambda: timedelta(10**9), lambda: span / 0, lambda: span // timedelta(),
    lambda: span * float("nan"), lambda: timedelta("x"), lambda: span + 1, lambda: 5 // span, lambda: timedelta(10**30, -86400 * 10**30),
    lambda: date.max + timedelta(1), lambda: date(2023, 2, 29), lambda: datetime(2020, 1, 1, 24), lambda: clock(1, fold=2), lambda: date("x", 1, 1),
    lambda: date(1), lambda: datetime(2020, 1, 1, 1, 1, 1, 1, None, 1), lambda: clock(tzinfo=5), lambda: date(2020, 1, 1) < datetime(2020, 1, 1),
    lambda: datetime(2020, 1, 1) < datetime(2020, 1, 1, tzinfo=UTC), lambda: datetime(2020, 1, 1) == datetime(2020, 1, 1, tzinfo=UTC),
    lambda: datetime(2020, 1, 1) - datetime(2020, 1, 1, tzinfo=UTC), lambda: date.fromordinal(0), lambda: date.fromisocalendar(2020, 54, 1),
    lambda: timezone(timedelta(1)), lambda: timezone(timedelta(0)) is UTC, lambda: UTC.utcoffset(1), lambda: tzinfo().utcoffset(None),
    lambda: datetime.fromtimestamp(float("nan")), lambda: datetime.fromtimestamp(1e20, UTC), lambda: datetime.combine(date.min, 5),
):
    print(shown(make))

# The forms of ISO 8601.
for text in (
    "2024-02-29", "20240229", "2024-W09-4", "2024W094", "2024-W09", "2023-02-29", "2024-060", "2024-02-29T12", "2024-02-29 12:30", "20240229T123045",
    "2024-02-29T12:30:45.123456789Z", "2024-02-29T12:30:45,5+05:30", "2024-02-29T24:00", "2024-12-31T24:00:00", "2024-02-29T24:01", "2024-02-29T12:30:45.+01:00",
    "2024-02-29T12:30-23:59:59.999999", "2024-02-29T12:30+24:00", "2024-02-29é12", "",
):
    print(text, shown(lambda: datetime.fromisoformat(text)), shown(lambda: date.fromisoformat(text)), sep=" | ")
for text in ("12", "T12", "1230", "12:30:45.5+01", "25:00", "24:00", "12:3"):
    print(text, shown(lambda: clock.fromisoformat(text)), sep=" | ")
moment = datetime(2024, 2, 29, 12, 30, 45, 67, tzinfo=timezone(timedelta(hours=-3, seconds=-7)))
for spec in ("auto", "hours", "minutes", "seconds", "milliseconds", "microseconds", "days"):
    print(spec, shown(lambda: moment.isoformat(" ", spec)), shown(lambda: moment.timetz().isoformat(spec)))
print(moment.strftime("%Y/%m/%d %H:%M:%S.%f %z %:z %Z %j %U %% %p"), date(7, 1, 2).strftime("%Y %G %C %F"), format(moment, "%H:%M"), format(moment))
print(datetime.strptime("29.02.2024 12:30 +0530", "%d.%m.%Y %H:%M %z"), date.strptime("2024-02-29", "%Y-%m-%d"), clock.strptime("07:08", "%H:%M"))
print(shown(lambda: datetime.strptime("x", "%Y")), shown(lambda: datetime.strptime(5, "%Y")))

# Numbers of seconds, rounded half to even.
for seconds in (0, 1.5e-6, 2.5e-6, -1.5e-6, 1709209845.999999, -62135596800, 253402300799):
    print(seconds, datetime.fromtimestamp(seconds, UTC), datetime.fromtimestamp(seconds, UTC).timestamp())


# A zone written in Python: summer time, a gap and a fold.
class Summer(tzinfo):
    def utcoffset(self, dt):
        return timedelta(hours=1) + self.dst(dt)

    def dst(self, dt):
        if dt is None:
            return timedelta(0)
        begins, ends = datetime(dt.year, 3, 31, 2), datetime(dt.year, 10, 27, 3)
        naive = dt.replace(tzinfo=None)
        if ends - timedelta(hours=1) <= naive < ends:
            return timedelta(hours=0 if dt.fold else 1)
        return timedelta(hours=1) if begins <= naive < ends else timedelta(0)

    def tzname(self, dt):
        return "CEST" if self.dst(dt) else "CET"


summer = Summer()
for hour in range(3):
    utc = datetime(2024, 10, 27, hour, tzinfo=summer)
    local = summer.fromutc(utc)
    print(utc.time(), local, local.fold, local.tzname(), hash(local) == hash(local.replace(fold=0)))
twice = datetime(2024, 10, 27, 2, 30, tzinfo=summer)
print(twice.replace(fold=1).astimezone(UTC) - twice.astimezone(UTC), twice == twice.replace(fold=1), twice.replace(fold=1).timetuple().tm_isdst)

# Subclasses and copies.
class Day(date):
    def __new__(cls, *args, label="plain"):
        self = super().__new__(cls, *args)
        self.label = label
        return self


class Stamp(datetime):
    pass


day = Day(2024, 2, 29, label="leap")
print(type(day + timedelta(1)).__name__, (day + timedelta(1)).label, day.replace(day=1).label, type(Day.fromisoformat("2024-01-01")).__name__, day)
print(type(Stamp(2024, 1, 1) - timedelta(1)).__name__, type(Stamp.fromtimestamp(0, UTC)).__name__, repr(Stamp(2024, 1, 1, fold=1)), isinstance(Stamp(1, 1, 1), date))
for thing in (date(2024, 2, 29), clock(1, 2, fold=1), moment, span, UTC, vienna, first, Stamp(2024, 1, 1, fold=1), first.isocalendar()):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(thing, protocol))
        assert again == thing and (protocol < 4 or getattr(again, "fold", 0) == getattr(thing, "fold", 0)), (thing, protocol)
    assert copy.copy(thing) == thing == copy.deepcopy(thing)
print(date(2024, 2, 29).__reduce__(), clock(1, fold=1).__reduce_ex__(4), vienna.__reduce__()[:2], copy.replace(moment, year=2028).year)
print(date(b"\x07\xe8\x02\x1d"), shown(lambda: date(b"\x07\xe8\x0d\x1d")), shown(lambda: datetime(b"\x07\xe8\x82\x1d\x01\x02\x03\x00\x00\x04", UTC)))


# What runs in between may do anything.
class Clearing(tzinfo):
    def utcoffset(self, dt):
        kept.clear()
        return timedelta(hours=1)

    dst = tzname = lambda self, dt: None


kept = [datetime(2024, 1, 1, tzinfo=Clearing()), datetime(2024, 1, 1, tzinfo=UTC)]
print(kept[0] < kept[1], kept)
kept = [datetime(2024, 1, 1, tzinfo=Clearing())]
print(hash(kept[0]) == hash(datetime(2023, 12, 31, 23, tzinfo=UTC)), kept)
for name in ("_CAPI", "datetime_CAPI"):
    assert name != "_CAPI" or not hasattr(module, name)
