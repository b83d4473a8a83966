# Who begins and ends transactions, and what a connection shows of it.
import sqlite3
import os
import tempfile

folder = tempfile.mkdtemp()
path = os.path.join(folder, "a.db")


def tell(what, function, *args, **names):
    try:
        print(what, "->", function(*args, **names))
    except sqlite3.Error as error:
        print(what, "->", type(error).__name__, error, getattr(error, "sqlite_errorname", None))
    except Exception as error:
        print(what, "->", type(error).__name__, error)


def traced(connection):
    seen = []
    connection.set_trace_callback(seen.append)
    return seen


# The old way: a transaction begins before the first statement that changes rows.
for level in ("", "DEFERRED", "immediate", "Exclusive", None):
    connection = sqlite3.connect(":memory:", isolation_level=level)
    connection.execute("create table t(a)")
    seen = traced(connection)
    connection.execute("insert into t values(1)")
    state = connection.in_transaction
    connection.execute("select * from t").fetchall()
    connection.commit()
    connection.commit()
    print(repr(level), repr(connection.isolation_level), state, connection.in_transaction, seen)
    connection.close()

# As PEP 249 has it.
for mode in (True, False, sqlite3.LEGACY_TRANSACTION_CONTROL):
    connection = sqlite3.connect(":memory:", autocommit=mode)
    seen = traced(connection)
    print(mode, connection.autocommit, connection.in_transaction)
    connection.execute("create table t(a)")
    connection.execute("insert into t values(1)")
    connection.rollback()
    tell("after the rollback", lambda: connection.execute("select * from t").fetchall())
    connection.autocommit = not mode
    print(connection.autocommit, connection.in_transaction)
    connection.close()
    print(seen)

for value in (5, "x", None, 2**100):
    tell("autocommit", setattr, connection, "autocommit", value)
    tell("autocommit at first", sqlite3.connect, ":memory:", autocommit=value)
connection = sqlite3.connect(":memory:")
for value in ("now", 5, "DEFERRED\0", b"", "\u0130"):
    tell("level", setattr, connection, "isolation_level", value)
tell("level", delattr, connection, "isolation_level")
tell("autocommit", delattr, connection, "autocommit")

# The context manager.
connection.execute("create table t(a unique)")
with connection as same:
    print(same is connection)
    connection.execute("insert into t values(1)")
try:
    with connection:
        connection.execute("insert into t values(2)")
        connection.execute("insert into t values(1)")
except sqlite3.IntegrityError as error:
    print(error, error.sqlite_errorcode, error.sqlite_errorname)
print(connection.execute("select * from t").fetchall(), connection.in_transaction, connection.total_changes)

# executescript commits what was begun.
connection.execute("insert into t values(7)")
connection.executescript("create table u(b); insert into u values(1); insert into u values(2);")
print(connection.in_transaction, connection.execute("select count(*) from u").fetchone())
connection.close()

# Two connections to one file.
one = sqlite3.connect(path, timeout=0)
two = sqlite3.connect(path, timeout=0)
one.execute("create table t(a)")
one.execute("insert into t values(1)")
tell("while the other writes", two.execute, "insert into t values(2)")
print(two.in_transaction, two.execute("select count(*) from t").fetchone())
two.rollback()
one.commit()
two.execute("insert into t values(2)")
two.commit()
print(one.execute("select a from t order by a").fetchall())

# A commit that fails in the context manager is followed by a rollback.
one.execute("pragma foreign_keys = on")
one.executescript("create table p(a primary key); create table c(a references p(a) deferrable initially deferred)")
try:
    with one:
        one.execute("insert into c values(5)")
except sqlite3.IntegrityError as error:
    print(error, one.in_transaction)
one.execute("savepoint s")
one.execute("insert into t values(3)")
one.execute("rollback to s")
one.execute("release s")
one.commit()
print(one.execute("select count(*) from t").fetchone())
tell("twice", one.executescript, "begin; begin")
one.close()
two.close()

tell("closed", one.commit)
tell("closed", one.execute, "select 1")
tell("closed", lambda: one.in_transaction)
tell("closed", one.__enter__)
tell("closed", one.close)
tell("another folder", sqlite3.connect, os.path.join(folder, "no", "such.db"))
readonly = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
tell("read only", readonly.execute, "insert into t values(1)")
readonly.close()
os.remove(path)
os.rmdir(folder)
