# Blobs in pieces, backups, dumps, and databases as bytes.
import io
import os
import sqlite3


def tell(what, function, *args, **names):
    try:
        print(what, "->", function(*args, **names))
    except Exception as error:
        print(what, "->", type(error).__name__, error)


connection = sqlite3.connect(":memory:")
connection.execute("create table t(b blob, n text)")
connection.execute("insert into t values(?, 'one')", (bytes(range(16)),))
connection.execute("insert into t values(zeroblob(4), null)")
blob = connection.blobopen("t", "b", 1)
print(len(blob), blob.read(4), blob.tell(), blob.read(), blob.read(), blob.tell())
for offset, origin in ((0, os.SEEK_SET), (3, os.SEEK_CUR), (-2, os.SEEK_END), (17, 0), (-1, 0), (1, 1), (0, 5), (2**31 - 1, 1)):
    tell(("seek", offset, origin), lambda: (blob.seek(offset, origin), blob.tell())[1])
blob.seek(0)
blob.write(b"abc")
blob.write(bytearray(b"d"))
print(blob.tell(), blob[0:6], blob[-1], blob[0], blob[::5], blob[5:2], blob[100:])
blob[0] = 65
blob[1:3] = b"xy"
blob[4:10:2] = memoryview(b"123")
print(blob[:])
for key in (16, -17, "a", 1.5, 2**70, slice(0, 4, 0), slice(5, 0, -1), slice("a", None)):
    tell(("get", key), lambda: blob[key])
for key, value in ((0, 256), (0, -1), (0, b"a"), (99, 0), (slice(0, 2), b"a"), (slice(0, 2), None), (slice(0, 0), b""), (slice(9, 2, -1), b""), (1.5, 1)):
    tell(("set", key, value), blob.__setitem__, key, value)
tell("delete", blob.__delitem__, 0)
tell("delete", blob.__delitem__, slice(0, 1))
tell("too long", blob.write, b"x" * 20)
tell("iter", iter, blob)
with connection.blobopen("t", "b", 2, readonly=True, name="main") as second:
    print(second.read())
    tell("read only", second.write, b"x")
tell("closed", second.read)
tell("closed", len, second)
connection.execute("update t set b = 'other' where rowid = 1")
tell("changed", blob.read)
blob.close()
blob.close()
for args in (("t", "b", 9), ("t", "x", 1), ("x", "b", 1), ("t", "b", "1"), ("t", "b", 2**70), ("t", "b"), (5, "b", 1)):
    tell(args, connection.blobopen, *args)
tell("making", sqlite3.Blob)

# Backups.
target = sqlite3.connect(":memory:")
connection.commit()
steps = []
connection.execute("create table big(a)")
connection.executemany("insert into big values(?)", [("x" * 500,) for _ in range(40)])
connection.commit()
connection.backup(target, pages=2, progress=lambda *args: steps.append(args))
print(steps[0][0] == sqlite3.SQLITE_OK, steps[-1][:2], len(steps) > 3, target.execute("select count(*) from big").fetchone())
changed = []


def change(status, remaining, total):
    if not changed:
        connection.execute("insert into big values('new')")
        connection.commit()
    changed.append(remaining)


connection.backup(target, pages=4, progress=change)
print(target.execute("select count(*) from big").fetchone())


def fail(*args):
    raise LookupError("enough")


tell("progress fails", connection.backup, target, progress=fail)
print(target.execute("select 1").fetchone())
for args, names in (((5,), {}), ((connection,), {}), ((target, 5), {}), ((target,), {"progress": 5}), ((target,), {"name": "no"}), ((target,), {"pages": "a"}), ((), {})):
    tell("backup", connection.backup, *args, **names)
target.execute("begin")
target.execute("create table x(a)")
tell("in a transaction", connection.backup, target)
target.close()
tell("closed", connection.backup, target)

# Databases as bytes.
connection.execute("drop table big")
connection.execute("vacuum")
image = connection.serialize()
print(type(image), len(image) % 4096, image[:15])
copy = sqlite3.connect(":memory:")
copy.deserialize(image)
print(copy.execute("select * from t").fetchall())
copy.execute("insert into t values(1, 'more')")
tell("no database", copy.serialize, name="x")
copy.rollback()
copy.deserialize(b"nothing that is a database")
tell("broken", copy.execute, "select * from t")
for data in (5, None, [], memoryview(b"abcd")[::2]):
    tell("bytes", copy.deserialize, data)
copy.close()

# The statements that make a database again.
connection.executescript("""
    create view v as select n from t; create index i on t(n); create table "q""q"(a, b);
    insert into "q""q" values('it''s', x'00ff'); insert into "q""q" values(1.5, null);
    create trigger r after insert on t begin delete from "q""q"; end;
""")
script = list(connection.iterdump())
print("\n".join(script))
again = sqlite3.connect(":memory:")
again.executescript("".join(script))
print(list(again.iterdump()) == script, list(connection.iterdump(filter="q%"))[1:-1])
again.close()
connection.close()
tell("closed", connection.iterdump)
tell("closed", connection.serialize)
