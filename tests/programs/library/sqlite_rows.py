# Cursors, rows and their factories.
import collections.abc
import gc
import sqlite3
import weakref


def tell(what, function, *args, **names):
    try:
        print(what, "->", function(*args, **names))
    except Exception as error:
        print(what, "->", type(error).__name__, error)


connection = sqlite3.connect(":memory:")
cursor = connection.cursor()
print(cursor.description, cursor.rowcount, cursor.lastrowid, cursor.arraysize, cursor.connection is connection, cursor.fetchone())
cursor.execute("create table t(id integer primary key, name text)")
cursor.executemany("insert into t(name) values(?)", ([name] for name in "abcdefg"))
print(cursor.rowcount, cursor.lastrowid, cursor.description)
cursor.execute("insert into t(name) values('h')")
print(cursor.rowcount, cursor.lastrowid)
cursor.execute("update t set name = upper(name) where id > 5")
print(cursor.rowcount, connection.total_changes)
print(cursor.execute("select id, name as n from t") is cursor, cursor.description, cursor.rowcount)
print(cursor.fetchone(), next(cursor), cursor.fetchmany(), cursor.fetchmany(2), cursor.fetchmany(size=0), list(cursor), cursor.fetchall(), cursor.fetchone())
cursor.arraysize = 3
cursor.execute("select id from t")
print(cursor.fetchmany(), cursor.arraysize)
cursor.execute("delete from t where id > 6 returning id")
print(cursor.rowcount, cursor.fetchall(), cursor.rowcount)
for value in (-1, 2**32, "x", None, 1.5):
    tell("arraysize", setattr, cursor, "arraysize", value)
    tell("fetchmany", cursor.fetchmany, value)
tell("readonly", setattr, cursor, "description", 5)
tell("readonly", setattr, cursor, "rowcount", 5)
tell("sizes", cursor.setinputsizes, [1])
tell("sizes", cursor.setoutputsize, 5)
tell("many rows", cursor.executemany, "select ?", [(1,)])
tell("no rows", cursor.executemany, "insert into t(name) values(?)", 5)
tell("wrong", sqlite3.Cursor, 5)
tell("wrong", sqlite3.Cursor)


def recursive():
    cursor.execute("select 1")
    yield (1,)


tell("recursive", cursor.executemany, "insert into t(name) values(?)", recursive())
cursor.close()
tell("closed", cursor.fetchone)
tell("closed", cursor.execute, "select 1")


class Half(sqlite3.Cursor):
    def __init__(self, connection):
        pass


tell("half", Half(connection).execute, "select 1")
tell("half", Half(connection).close)

# Factories of rows.
connection.row_factory = lambda cursor, row: dict(zip([column[0] for column in cursor.description], row))
print(connection.execute("select 1 as a, 'x' as b").fetchall())
connection.row_factory = sqlite3.Row
row = connection.execute("select 1 as a, 'x' as Bc, 3 as a").fetchone()
print(type(row), len(row), tuple(row), row.keys(), row["a"], row["BC"], row[1], row[-1], row[:2], row[::-1], list(reversed(row)), "x" in row, [*row])
for key in ("c", 3, -4, 1.0, None, "\xe4", 2**70, slice(None, None, 0)):
    tell(repr(key), row.__getitem__, key)
same = connection.execute("select 1 as a, 'x' as Bc, 3 as a").fetchone()
other = connection.execute("select 1 as a, 'x' as bc, 3 as a").fetchone()
print(row == same, row != same, hash(row) == hash(same), row == other, row == tuple(row), isinstance(row, collections.abc.Sequence))
tell("order", lambda: row < same)
tell("making", sqlite3.Row, 1, ())
tell("making", sqlite3.Row, connection.cursor(), [])
tell("making", sqlite3.Row)
print(sqlite3.Row(connection.cursor(), (1, 2)).keys(), {row: 1}[same])


class Named(sqlite3.Row):
    def __getattr__(self, name):
        return self[name]


connection.row_factory = Named
print(connection.execute("select 5 as five").fetchone().five)
connection.row_factory = None
cursor = connection.cursor()
cursor.row_factory = lambda cursor, row: row[0]
print(cursor.execute("select 1 union select 2").fetchall())
tell("factory", connection.cursor, lambda connection: 5)
tell("factory", connection.cursor, None)


class Own(sqlite3.Cursor):
    def execute(self, sql, *args):
        print("own", sql)
        return super().execute(sql, *args)


print(type(connection.cursor(Own)).__name__, connection.cursor(factory=Own).execute("select 7").fetchone())


class Connection(sqlite3.Connection):
    def cursor(self):
        return super().cursor(Own)


own = sqlite3.connect(":memory:", factory=Connection)
print(type(own).__name__, own.execute("select 8").fetchone(), own("select 1").__class__)
own.close()

# Statements and cursors that die.
reference = weakref.ref(cursor)
del cursor
gc.collect()
print(reference())
open_one = connection.execute("select id from t")
next(open_one)
tell("in use", connection.execute, "drop table t")
del open_one
gc.collect()
connection.execute("drop table t")
cursors = [connection.execute("select 1") for _ in range(5)]
print([c.fetchall() for c in cursors])

# A new life of a connection; an old cursor has its old statement.
connection.execute("create table old(a)")
connection.executemany("insert into old values(?)", [(i,) for i in range(5)])
cursor = connection.execute("select a from old")
print(next(cursor))
connection.__init__(":memory:")
print(cursor.fetchall())
tell("new", connection.execute, "select * from old")
connection.close()
for name in ("Error", "DatabaseError", "Warning", "NotSupportedError"):
    print(getattr(connection, name), getattr(sqlite3, name).__mro__[1].__name__)
