# What SQLite has built in: full-text search, JSON, trees of rectangles, windows, generated columns; limits, options, errors.
import sqlite3
import threading


def tell(what, function, *args, **names):
    try:
        print(what, "->", function(*args, **names))
    except Exception as error:
        print(what, "->", type(error).__name__, error, getattr(error, "sqlite_errorname", ""))


connection = sqlite3.connect(":memory:")
ask = lambda sql, *args: connection.execute(sql, args).fetchall()

connection.execute("create virtual table doc using fts5(title, body, tokenize='porter')")
connection.executemany("insert into doc values(?, ?)", [
    ("Foxes", "The quick brown fox jumps over the lazy dog"),
    ("Dogs", "A dog barks; dogs bark at foxes"),
    ("Snakes", "A snake neither jumps nor barks"),
])
print(ask("select title from doc where doc match 'fox' order by rank"))
print(ask("select title from doc where doc match 'barking OR jumped' order by title"))
print(ask("select highlight(doc, 1, '[', ']') from doc where doc match '\"lazy dog\"'"))
print(ask("select snippet(doc, 1, '<', '>', '..', 3) from doc where doc match 'body: dog NOT quick'"))
tell("syntax", ask, "select * from doc where doc match '\"'")

print(ask("select json_extract('{\"a\": [1, {\"b\": \"c\"}]}', '$.a[1].b'), json_array(1, 'x', null), json_object('k', 1.5)"))
print(ask("select key, value from json_each('[10, 20]')"), ask("select '{\"a\": 5}' ->> 'a'"))
tell("json", ask, "select json('{')")

connection.execute("create virtual table box using rtree(id, x0, x1, y0, y1)")
connection.executemany("insert into box values(?, ?, ?, ?, ?)", [(i, i, i + 1, i, i + 2) for i in range(50)])
print(ask("select id from box where x0 >= 10 and x1 <= 14 order by id"))

connection.execute("create table g(a integer not null check (a < 100) unique, b generated always as (a * 2))")
connection.executemany("insert into g(a) values(?)", [(i,) for i in (3, 1, 2)])
print(ask("select a, b, row_number() over (order by a desc), sum(a) over () from g"))
print(ask("insert into g(a) values(3) on conflict do update set a = 30 returning a, b"))
for sql in ("insert into g(a) values(1)", "insert into g(a) values(500)", "insert into g(a) values(null)", "select * from missing",
            "selec 1", "select missing(1)", "create table g(a)", "insert into g values(1, 2, 3)", "attach 'x' as main",
            "select abs(-9223372036854775808)", "pragma user_version = 7", "select zeroblob(2000000000)"):
    tell(sql, ask, sql)
print(ask("pragma user_version"), ask("pragma foreign_keys"))

# Limits and options.
for category in (sqlite3.SQLITE_LIMIT_SQL_LENGTH, sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER):
    old = connection.setlimit(category, 20)
    print(connection.getlimit(category))
    tell("too long", ask, "select 1 as a_long_name_of_a_column")
    connection.setlimit(category, old)
tell("limit", connection.getlimit, 999)
tell("limit", connection.setlimit, 999, 1)
tell("limit", connection.setlimit, 0, 2**40)
option = sqlite3.SQLITE_DBCONFIG_ENABLE_FKEY
print(connection.getconfig(option), connection.setconfig(option), connection.getconfig(option), connection.setconfig(option, False), connection.getconfig(option))
tell("option", connection.getconfig, 5)
tell("option", connection.setconfig, -1)

# Statements.
print([sqlite3.complete_statement(text) for text in ("select 1;", "select 1", "", "-- ;", "create trigger a after insert on b begin select 1;")])
tell("complete", sqlite3.complete_statement, 5)
connection.execute("/* begin */ insert into g(a) values(50) -- end")
print(connection.in_transaction, connection.execute("select 1; /* unclosed").fetchall())
for sql in ("select 1; select 2", "select 1; x", "select 1; /* */ -", "select 1; -"):
    tell(sql, ask, sql)
script = connection.cursor().executescript
tell("script", script, "select 1\0")
tell("script", script, 5)
tell("script", script, "create table a(b); nonsense; create table c(d)")
print(ask("select name from sqlite_master where name in ('a', 'c')"))

# Threads.
found = []


def use(which):
    try:
        found.append(which.execute("select count(*) from g").fetchone())
    except sqlite3.ProgrammingError as error:
        found.append(str(error).split(".")[0])


shared = sqlite3.connect(":memory:", check_same_thread=False)
shared.execute("create table g(a)")
for which in (connection, shared):
    thread = threading.Thread(target=use, args=(which,))
    thread.start()
    thread.join()
print(found)


def write(number):
    for i in range(20):
        shared.execute("insert into g values(?)", (number * 100 + i,))


shared.create_function("twice", 1, lambda a: a * 2)
shared.execute("create trigger tr after insert on g begin select twice(new.a); end")
threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(shared.execute("select count(*), count(distinct a), sum(twice(a)) from g").fetchone())

# Interrupted from another thread, or from a function.
shared.create_function("stop", 0, lambda: shared.interrupt())
tell("interrupted", lambda: shared.execute(
    "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n where stop() is null").fetchall())
shared.close()
connection.close()
tell("closed", connection.interrupt)
