//! What must not go wrong, whoever uses it how: things that outlive their connection, threads, callbacks that do what they must not.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::sync::mpsc::channel;

use ryokan_sqlite::constants::*;
use ryokan_sqlite::{Backup, Bound, Call, Database, Handler, Making, Statement};

/// Runs something in each callback, and keeps what it says.
struct Hears<'a> {
    work: &'a dyn Fn() -> i32,
    said: RefCell<Vec<i32>>,
}

impl<'a> Hears<'a> {
    fn new(work: &'a dyn Fn() -> i32) -> Hears<'a> {
        Hears { work, said: RefCell::default() }
    }
    fn hear(&self) {
        let said = (self.work)();
        self.said.borrow_mut().push(said);
    }
}

impl Handler for Hears<'_> {
    fn call(&self, _: u64, call: Call<'_>) {
        assert!(call.kept(true).is_none(), "it is no aggregate");
        self.hear();
        call.set_integer(1);
    }
    fn step(&self, _: u64, call: Call<'_>) {
        let kept = call.kept(true).expect("there is memory");
        kept.set(kept.get() + 1);
    }
    fn inverse(&self, _: u64, _: Call<'_>) {}
    fn value(&self, _: u64, _: Call<'_>) {}
    fn finish(&self, _: u64, call: Call<'_>) {
        call.set_integer(call.kept(false).map_or(0, |kept| kept.get() as i64));
    }
    fn compare(&self, _: u64, left: &[u8], right: &[u8]) -> Ordering {
        self.hear();
        left.cmp(right)
    }
    fn authorize(&self, _: i32, _: [Option<&[u8]>; 4]) -> i32 {
        self.hear();
        SQLITE_OK
    }
    fn progress(&self) -> bool {
        self.hear();
        false
    }
    fn trace(&self, _: &[u8], _: Result<&[u8], i32>) {
        self.hear();
    }
    fn gone(&self, _: u64) {
        self.hear();
    }
}

fn memory() -> Database {
    Database::open(c":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, None).expect("it opens")
}

fn prepare(database: &Database, sql: &str, handler: &dyn Handler) -> Result<Statement, i32> {
    let made = database.enter().prepare(sql.as_bytes(), handler)?;
    Ok(made.0.expect("there is a statement"))
}

/// Runs a statement to its end; the code, and the integers of its first column.
fn run(database: &Database, sql: &str, handler: &dyn Handler) -> (i32, Vec<i64>) {
    let statement = match prepare(database, sql, handler) {
        Ok(statement) => statement,
        Err(code) => return (code, Vec::new()),
    };
    let inside = database.enter();
    let mut rows = Vec::new();
    loop {
        match inside.step(&statement, handler) {
            SQLITE_ROW => rows.push(inside.integer(&statement, 0)),
            code => return (code, rows),
        }
    }
}

#[test]
fn a_statement_outlives_its_connection() {
    let none = || 0;
    let hears = Hears::new(&none);
    let database = memory();
    let statement = prepare(&database, "select 1 union select 2", &hears).expect("it is one");
    assert_eq!(database.enter().step(&statement, &hears), SQLITE_ROW);
    database.enter().close();
    assert!(!database.has_ended(), "the statement is there");
    assert_eq!(run(&database, "select 1", &hears).0, SQLITE_MISUSE);
    assert_eq!(statement.database().enter().step(&statement, &hears), SQLITE_ROW);
    assert_eq!(database.enter().integer(&statement, 0), 2);
    assert_eq!(database.enter().bind(&statement, 1, Bound::Null), SQLITE_MISUSE);
    drop(statement);
    assert!(database.has_ended());
    database.interrupt();
}

#[test]
fn what_is_dropped_while_another_thread_is_inside_is_put_away_later() {
    let none = || 0;
    let database = memory();
    let statement = prepare(&database, "select 1", &Hears::new(&none)).expect("it is one");
    let (here, there) = (channel(), channel());
    std::thread::scope(|scope| {
        let other = &database;
        scope.spawn(move || {
            let inside = other.enter();
            here.0.send(()).expect("it is waited for");
            there.1.recv().expect("it comes");
            inside.close();
        });
        here.1.recv().expect("it comes");
        assert!(database.try_enter().is_none());
        drop(statement);
        there.0.send(()).expect("it is waited for");
    });
    database.wait();
    assert!(database.has_ended());
}

/// In a function nearly all is allowed, but not to use the statement that runs, nor is the connection closed before it has returned.
#[test]
fn a_function_cannot_pull_its_statement_away() {
    let none = || 0;
    let database = memory();
    let quiet = Hears::new(&none);
    let inside = database.enter();
    assert_eq!(inside.create_function(c"f", 0, 0, (Making::Function, 1), &quiet), SQLITE_OK);
    assert_eq!(inside.create_function(c"n", 1, 0, (Making::Aggregate, 2), &quiet), SQLITE_OK);
    let statement = prepare(&database, "select f() union all select 2", &quiet).expect("it is one");
    let pull = || {
        let inside = database.enter();
        assert_eq!(run(&database, "select n(a) from (select 1 as a union select 2)", &quiet).1, [2]);
        assert_eq!(inside.step(&statement, &quiet), SQLITE_MISUSE);
        assert_eq!(inside.reset(&statement, &quiet), SQLITE_MISUSE);
        assert_eq!(inside.len(&statement, 0), 0);
        inside.close();
        0
    };
    let hears = Hears::new(&pull);
    assert_eq!(inside.step(&statement, &hears), SQLITE_ROW);
    assert_eq!(inside.step(&statement, &hears), SQLITE_ROW);
    assert_eq!((inside.integer(&statement, 0), hears.said.borrow().len()), (2, 1));
    drop(statement);
    drop(inside);
    assert!(database.has_ended());
}

#[test]
fn who_watches_changes_nothing() {
    let none = || 0;
    let database = memory();
    let quiet = Hears::new(&none);
    let change = || run(&database, "create table t(a)", &quiet).0;
    let hears = Hears::new(&change);
    let inside = database.enter();
    inside.set_authorizer(true);
    inside.set_trace(true);
    inside.set_progress(1);
    assert_eq!(inside.create_collation(c"c", Some(1), &quiet), SQLITE_OK);
    let sql = "select 1 from (select 'a' as x union select 'b') order by x collate c";
    assert_eq!(run(&database, sql, &hears), (SQLITE_DONE, vec![1, 1]));
    let said = hears.said.borrow();
    assert!(said.len() > 5 && said.iter().all(|code| *code == SQLITE_MISUSE), "{said:?}");
}

#[test]
fn the_target_of_a_backup_is_of_no_other_use() {
    let none = || 0;
    let quiet = Hears::new(&none);
    let (source, target) = (memory(), memory());
    assert_eq!(run(&source, "create table t as select 5 as a", &quiet).0, SQLITE_DONE);
    let mut copy = Backup::begin(&source, c"main", &target).expect("it begins");
    assert_eq!(run(&target, "select 1", &quiet).0, SQLITE_MISUSE);
    target.enter().close();
    assert!(!target.has_ended(), "SQLite writes to it");
    assert_eq!(copy.step(-1), SQLITE_DONE);
    copy.finish().expect("it went well");
    target.wait();
    assert!(target.has_ended());

    let target = memory();
    let copy = Backup::begin(&source, c"main", &target).expect("it begins");
    drop(copy);
    assert_eq!(run(&target, "select 1", &quiet), (SQLITE_DONE, vec![1]));
    assert!(Backup::begin(&source, c"none", &target).is_err());
    assert!(Backup::begin(&source, c"main", &source).is_err());
}

#[test]
fn functions_that_take_addresses_fail() {
    let none = || 0;
    let quiet = Hears::new(&none);
    let database = memory();
    for sql in ["select fts3_tokenizer('simple')", "select fts3_tokenizer('x', zeroblob(8))"] {
        assert_eq!(run(&database, sql, &quiet).0, SQLITE_ERROR);
    }
    assert_eq!(run(&database, "pragma mmap_size = 1000000", &quiet).1, [] as [i64; 0]);
}
