# What is stored as what; adapters and converters.
import datetime
import sqlite3
import warnings


def tell(what, function, *args, **names):
    try:
        print(what, "->", function(*args, **names))
    except Exception as error:
        print(what, "->", type(error).__name__, error)


connection = sqlite3.connect(":memory:")
one = lambda value: connection.execute("select typeof(?1), ?1", (value,)).fetchone()


class Text(str):
    pass


class Number(int):
    def __index__(self):
        return 5


for value in (None, True, 0, -1, 2**63 - 1, -2**63, 1.5, float("inf"), float("nan"), "", "text", "a\0b", "ünïcödé \U0001f40d",
              b"", b"\0\1", bytearray(b"ab"), memoryview(b"cd"), Text("sub"), Number(7)):
    print(repr(value) if not isinstance(value, memoryview) else "view", one(value))
for value in (2**63, -2**63 - 1, "\ud800", object, 1j, [], {}, memoryview(b"abcd")[::2]):
    tell("cannot be stored", one, value)

# Text that is none.
tell("broken", lambda: connection.execute("select cast(x'61ff62' as text) as name").fetchone())
for factory in (bytes, bytearray, lambda raw: raw.decode("latin-1"), str):
    connection.text_factory = factory
    print(connection.execute("select 'tëxt', x'00', 1, null").fetchone())
connection.text_factory = 5
tell("no factory", lambda: connection.execute("select 'a'").fetchone())
tell("no factory", delattr, connection, "text_factory")
connection.close()


# Adapters, and what an object says itself.
class Point:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return f"Point({self.x}, {self.y})"


class Says(Point):
    def __conform__(self, protocol):
        print("asked for", protocol is sqlite3.PrepareProtocol)
        return f"{self.x}/{self.y}"


class SaysNo(Point):
    def __conform__(self, protocol):
        return None


class Fails(Point):
    def __init__(self, error):
        self.error = error

    def __conform__(self, protocol):
        raise self.error


sqlite3.register_adapter(Point, lambda point: f"{point.x};{point.y}")
sqlite3.register_converter("point", lambda raw: Point(*map(int, raw.split(b";"))))
connection = sqlite3.connect(":memory:", detect_types=sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES)
connection.execute("create table t(p point, q Point(3), r, d date, s timestamp)")
connection.execute("insert into t(p, q, r) values(?, ?, ?)", (Point(1, 2), Point(3, 4), Says(5, 6)))
print(connection.execute("select p, q, r from t").fetchall())
cursor = connection.execute('select p, r as "r [point]", p as "x [none]", p as "plain" from t where 0')
print([column[0] for column in cursor.description])
print(connection.execute("select p as \"p [POINT]\", '9;9' as \"c [point]\", null as \"d [point]\" from t").fetchall())
tell("no", connection.execute, "select ?", (SaysNo(1, 2),))
tell("type error", connection.execute, "select ?", (Fails(TypeError("swallowed")),))
tell("other error", connection.execute, "select ?", (Fails(LookupError("told")),))
tell("converter fails", lambda: connection.execute("select 'x' as \"a [point]\"").fetchall())
print(sqlite3.adapt(5, sqlite3.PrepareProtocol, "other"), sqlite3.adapt(Point(1, 1)))
tell("no adapter", sqlite3.adapt, 5)
tell("no adapter", sqlite3.adapt, 5, int)
tell("bad", sqlite3.register_converter, 5, 5)
tell("bad", sqlite3.register_adapter, {}, 5)

# Dates, as the library has always stored them, with a warning.
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter("always")
    connection.execute("insert into t(d, s) values(?, ?)", (datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 1, 2, 3, 40)))
    print(connection.execute("select d, s from t where d is not null").fetchall())
    print([warning.category.__name__ for warning in seen])

# A type that is stored as it is can have an adapter, too.
sqlite3.register_adapter(int, lambda number: number * 2)
print(connection.execute("select ?, ?", (21, True)).fetchone())
del sqlite3.adapters[int, sqlite3.PrepareProtocol]
print(connection.execute("select ?", (21,)).fetchone())


# Parameters.
execute = connection.execute
print(execute("select ?, ?2, ?", (1, 2, 3)).fetchone())
print(execute("select :a, @b, $c, :a", {"a": 1, "b": 2, "c": 3, "d": 4}).fetchone())
print(execute("select :a", type("D", (dict,), {"__missing__": lambda self, key: key * 2})()).fetchone())


class Sequence:
    def __len__(self):
        return 2

    def __getitem__(self, index):
        return index * 10


class Empties:
    def __conform__(self, protocol):
        parameters.clear()
        return "gone"


print(execute("select ?, ?", Sequence()).fetchone(), execute("select ?, ?", "ab").fetchone(), execute("select ?", [5]).fetchone())
parameters = [Empties(), 1]
for sql, given in (("select ?", ()), ("select ?", (1, 2)), ("select :a", (1,)), ("select ?", {"a": 1}), ("select :a", {}), ("select ?", 5),
                   ("select ?", {1}), ("select ?, ?", parameters), ("select 1; select 2", ()), ("select '", ()), ("select 1\0", ()), ("", ())):
    tell(repr(sql), lambda: execute(sql, given).fetchall())
for sql in (5, b"select 1", None, "select '\ud800'"):
    tell("sql", execute, sql)
connection.close()
