//! Databases from outside: Ctrl-C and a limit of instructions end a statement, and a host without files gives no database that is one.
//! What programs see of them is tested by `tests/programs/library/sqlite_*.py`.

mod command;

use ryokan::Interpreter;

#[cfg(unix)]
use command::interrupted;
use command::ryokan;

/// A statement that would run for hours.
const ENDLESS: &str = "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n";

#[test]
fn a_limit_of_instructions_ends_a_statement() {
    let program =
        format!("import sqlite3\nsqlite3.connect(':memory:', cached_statements=0).execute('{ENDLESS}')");
    let output = ryokan(&["--max-instructions", "3000000"], &program);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("ryokan.InstructionLimit"), "{error}");
}

/// A handler of progress that wants few reports does not keep the statement from being paid for.
#[test]
fn a_rare_report_of_progress_is_no_way_round_it() {
    let program = format!(
        "import sqlite3\nc = sqlite3.connect(':memory:')\nc.set_progress_handler(lambda: 0, 2**31 - 1)\nc.execute('{ENDLESS}')"
    );
    let output = ryokan(&["--max-instructions", "3000000"], &program);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("ryokan.InstructionLimit"), "{error}");
}

/// What is copied into SQLite, and out of it for callbacks, is paid for by its length, and many open blobs cost no more than few.
#[test]
fn copies_are_work() {
    let numbers = "with recursive n(i) as (select 1 union all select i + 1 from n)";
    for work in [
        "c.executemany('delete from t where x = ?', itertools.repeat((b,)))".to_string(),
        format!("c.create_function('f', 1, lambda i: b)\nc.execute('{numbers} select sum(length(f(i))) from n').fetchall()"),
        format!("c.create_function('f', 1, lambda b: 1)\nc.execute('{numbers} select sum(f(?)) from n', (b,)).fetchall()"),
        "c.create_collation('k', lambda a, b: 0)\nc.executemany('insert into t values(?)', [('x' * 10**5,)] * 100)\n\
         while 1: c.execute('select count(*) from t a, t b where a.x = b.x collate k').fetchall()"
            .to_string(),
        "c.set_trace_callback(len)\nwhile 1: c.execute('select ?', ('x' * 10**6,)).fetchall()".to_string(),
        "c.execute('insert into t values(zeroblob(9))')\nk = []\nwhile 1: k.append(c.blobopen('t', 'x', 1))".to_string(),
    ] {
        let program = format!(
            "import itertools, sqlite3\nc = sqlite3.connect(':memory:')\nc.execute('create table t(x)')\nb = b'x' * 10**6\n{work}"
        );
        let started = std::time::Instant::now();
        let output = ryokan(&["--max-instructions", "300000"], &program);
        let error = String::from_utf8_lossy(&output.stderr);
        // In a function of SQL a limit is an error like any other.
        let ended = ["ryokan.InstructionLimit", "user-defined function raised exception"];
        assert!(ended.iter().any(|end| error.contains(end)), "{work}: {error}");
        // Generous: tests run unoptimised and side by side.
        assert!(started.elapsed().as_secs() < 20, "{work}: {:?}", started.elapsed());
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_statement() {
    for prepare in ["", "c.create_function('f', 1, lambda a: a); "] {
        let program = format!(
            "import sqlite3; c = sqlite3.connect(':memory:'); {prepare}print('ready')\n\
             try: c.execute('{ENDLESS}')\nexcept KeyboardInterrupt: print('stopped')"
        );
        assert_eq!(interrupted(&program), (Some(0), "stopped\n".to_string()));
    }
}

#[test]
fn without_files_databases_lie_in_memory() {
    let python = Interpreter::builder().build().expect("room enough");
    let path = std::env::temp_dir().join("ryokan-no-such.db");
    python.set("path", path.to_str().expect("a name")).expect("a str");
    let program = "
import _sqlite3
said = []
for name, uri in ((path, False), ('file:' + path, True), ('file::memory:', True)):
    try:
        _sqlite3.connect(name, uri=uri)
    except PermissionError as error:
        said.append(str(error))
c = _sqlite3.connect(':memory:')
c.execute('attach ? as other', (path,))
c.execute('create table other.t(a)')
c.execute('insert into other.t values(5)')
c.commit()
c.execute('vacuum into ?', (path + '2',))
said += [str(row) for row in c.execute('select * from other.t')]
c.close()
_sqlite3.connect('').close()
";
    python.exec(program).unwrap_or_else(|error| panic!("{error}"));
    let said: Vec<String> = python.get("said").expect("a list of strs");
    let refused = "the host does not allow this: files";
    assert_eq!(said, [refused, refused, refused, "(5,)"]);
    assert!(!path.exists() && !path.with_extension("db2").exists(), "files were made");
}
