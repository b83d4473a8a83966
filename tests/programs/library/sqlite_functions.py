# Functions, aggregates, windows, orders, and what watches a connection.
import sqlite3
import sys


def tell(what, function, *args, **names):
    try:
        print(what, "->", function(*args, **names))
    except Exception as error:
        print(what, "->", type(error).__name__, error, getattr(error, "sqlite_errorname", ""))


connection = sqlite3.connect(":memory:")
ask = lambda sql, *args: connection.execute(sql, args).fetchall()

connection.create_function("show", -1, lambda *args: repr(args))
print(ask("select show(), show(1, 2.5, 'ü', x'00ff', null)"))
connection.create_function("twice", 1, lambda value: value * 2, deterministic=True)
print(ask("select twice(4), twice('ab'), twice(1.5), twice(x'0a')"))
for value in (None, True, 2**62, 2**63, 1.5, float("nan"), "a\0b", b"b", bytearray(b"c"), memoryview(b"d"), object(), [], "\ud800"):
    connection.create_function("give", 0, lambda: value)
    tell(type(value).__name__, ask, "select give(), typeof(give())")


def fail(*args):
    raise args[0] if args else ZeroDivisionError("no")


for error in (ValueError("v"), MemoryError(), OverflowError(), KeyboardInterrupt()):
    connection.create_function("fail", 0, lambda: fail(error))
    tell(type(error).__name__, ask, "select fail()")
tell("undecodable", ask, "select show(cast(x'ff' as text))")
tell("too few", connection.create_function, "f", -2, len)
tell("too many", connection.create_function, "f", 1_000_000, len)
tell("name", connection.create_function, 5, 1, len)
tell("missing", connection.create_function, "f", 1)
tell("wrong count", ask, "select twice(1, 2)")

# A function may use the connection that calls it.
connection.execute("create table log(a)")


def logs(value):
    connection.execute("insert into log values(?)", (value,))
    return connection.execute("select count(*) from log").fetchone()[0]


connection.create_function("logs", 1, logs)
print(ask("select logs(10), logs(20)"), ask("select * from log"))


# But not the cursor.
cursor = connection.cursor()
connection.create_function("again", 0, lambda: cursor.execute("select 1") and 1)
tell("again", cursor.execute, "select again()")


class Total:
    def __init__(self):
        self.total = 0

    def step(self, *values):
        self.total += sum(values)

    def inverse(self, *values):
        self.total -= sum(values)

    def value(self):
        return self.total

    def finalize(self):
        return self.total


connection.create_aggregate("total2", -1, Total)
connection.execute("create table t(k, v)")
connection.executemany("insert into t values(?, ?)", [("a", 1), ("b", 2), ("a", 3), ("c", 5), ("b", 8)])
print(ask("select k, total2(v) from t group by k order by k"), ask("select total2(v) from t where 0"), ask("select total2(1, 2, v) from t"))
connection.create_window_function("running", 1, Total)
print(ask("select v, running(v) over (order by v rows between 1 preceding and 1 following) from t"))
connection.create_window_function("running", 1, None)
tell("taken away", ask, "select running(v) from t")


def part(name, function):
    return type("Part", (Total,), {name: function})


for name in ("__init__", "step", "finalize"):
    connection.create_aggregate("bad", 1, part(name, fail))
    tell(name, ask, "select bad(v) from t")
for name in ("step", "inverse", "value"):
    connection.create_window_function("bad", 1, part(name, fail))
    tell(name, ask, "select bad(v) over (order by v rows between 1 preceding and 1 following) from t")
connection.create_aggregate("bad", 1, type("No", (), {}))
tell("no step", ask, "select bad(v) from t")
connection.create_aggregate("bad", 1, type("No", (), {"step": lambda *args: None}))
tell("no finalize", ask, "select bad(v) from t")

# Orders.
connection.create_collation("backwards", lambda a, b: (a < b) - (a > b))
print(ask("select distinct k from t order by k collate backwards"))
connection.create_collation("fails", fail)
tell("fails", ask, "select distinct k from t order by k collate fails")
connection.create_collation("same", lambda a, b: None)
print(len(ask("select distinct k from t order by k collate same")))
connection.create_collation("backwards", None)
tell("taken away", ask, "select k from t order by k collate backwards")
tell("not callable", connection.create_collation, "x", 5)
tell("surrogate", connection.create_collation, "\udc80", None)

# Permission.
asked = []


def authorize(*args):
    asked.append(args)
    return answer(*args)


for answer in (lambda *args: sqlite3.SQLITE_OK, lambda *args: sqlite3.SQLITE_DENY, lambda action, a, b, *rest: sqlite3.SQLITE_IGNORE if b == "v" else 0,
               lambda *args: None, lambda *args: 1.0, lambda *args: 2**40, fail):
    asked.clear()
    connection.set_authorizer(authorize)
    tell("authorizer", ask, "select k, v from t limit 1")
    print(asked[:1])
connection.set_authorizer(None)
print(len(ask("select * from t")))

# Progress.
calls = 0


def progress():
    global calls
    calls += 1
    return calls > 50


connection.set_progress_handler(progress, 10)
tell("stopped", ask, "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n limit 1")
print(calls)
connection.set_progress_handler(lambda: fail(), 1)
tell("fails", ask, "select 1 + 2")
connection.set_progress_handler(None, 1)
print(ask("select 3"))

# Statements that begin.
seen = []
connection.set_trace_callback(seen.append)
ask("select ?, ?", "it's", None)
connection.commit()
connection.set_trace_callback(None)
ask("select 5")
print(seen)

# What callbacks raise is reported if that is wanted.
sqlite3.enable_callback_tracebacks(True)
connection.create_function("fail", 0, fail)
sys.unraisablehook = lambda report: print("reported", report.exc_type.__name__, report.exc_value, report.err_msg.partition(" at 0x")[0], report.object)
tell("reported", ask, "select fail()")
sqlite3.enable_callback_tracebacks(False)
tell("not reported", ask, "select fail()")
connection.close()
