//! The facade: interpreters come, run, fail, and go, many in one process.

use ryokan::{Capability, Interpreter, Stress};

const PROGRAM: &str = "
import gc
class Room:
    def __init__(self, n):
        self.n, self.door, self.big, self.text = n, self, 10**50 + n, 'room %d' % n
    def __del__(self):
        gone.append(self.n)
gone = []
def keys(n):
    for i in range(n):
        yield Room(i)
waiting = keys(3)
next(waiting)
table = {Room(i): [Room(j) for j in range(i)] for i in range(5)}
closed = [lambda: i for i in range(3)]
array = bytearray(b'abc') * 1000
try:
    raise ValueError(table)
except ValueError as e:
    kept = e
code = compile('x = 1', '<text>', 'exec')
";

#[test]
fn interpreters_come_and_go() {
    for turn in 0..20 {
        let python =
            Interpreter::builder().memory_limit(64 << 20).hash_seed(turn).build().expect("room enough");
        python.exec(PROGRAM).expect("it runs");
        assert_eq!(
            python.eval_to_string("len(table), closed[0](), kept.args[0] is table").expect("it runs"),
            "(5, 2, True)"
        );
        let error = python.exec("table[1]").expect_err("no such key");
        assert!(error.traceback.ends_with("KeyError: 1\n"), "{error}");
    }
}

/// Every protocol that goes from value to value looks at the native stack: with little of it, what nests deeply is refused.
#[test]
fn deep_values_are_refused_on_a_small_stack() {
    let work = || {
        let python = Interpreter::builder().native_stack(512 << 10).build().expect("room enough");
        python
            .exec(&include_str!("regressions/deep_protocols.py").replace("DEEP = 3_000", "DEEP = 20_000"))
            .expect("whatever is refused is caught");
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work).expect("a thread starts");
    thread.join().expect("it ends");
}

#[test]
fn several_live_side_by_side() {
    let first = Interpreter::builder().build().expect("room enough");
    let second = Interpreter::builder().build().expect("room enough");
    first.exec("x = [1]").expect("it runs");
    second.exec("x = 'two'").expect("it runs");
    drop(Interpreter::builder().build());
    assert_eq!(first.eval_to_string("x").expect("it runs"), "[1]");
    drop(first);
    assert_eq!(second.eval_to_string("x").expect("it runs"), "'two'");
}

#[test]
fn limits_hold_and_nothing_is_lost() {
    let python = Interpreter::builder()
        .memory_limit(32 << 20)
        .max_instructions(3_000_000)
        .stress(Stress {
            collect_every: Some(5),
            young_quietly: false,
            quiet_every: None,
            plain_code: true,
            no_caches: true,
            quarantine: true,
        })
        .build()
        .expect("room enough");
    python.exec(PROGRAM).expect("it runs");
    let error = python.exec("x = [0] * 10**9").expect_err("too large");
    assert!(error.traceback.contains("MemoryError"), "{error}");
    assert_eq!(python.eval_to_string("6 * 7").expect("it goes on"), "42");
    let error = python.exec("while True: pass").expect_err("endless");
    assert!(error.traceback.contains("InstructionLimit"), "{error}");
}

/// Fills the heap to the last byte, over and over; each handler needs a little.
const AT_THE_CAP: &str = "
class P:
    pass


def grow():
    i = 0
    while True:
        i += 1
        x.append(P())
        setattr(x[-1], 'b%d' % i, 1)


x = []
for k in range(40):
    try:
        grow()
    except (MemoryError, RecursionError) as e:
        a = [len(str(k)), f'{k} refused', {'e': e}]
        del a
x = None
";

#[test]
fn a_handler_at_the_cap_has_room() {
    let python = Interpreter::builder().memory_limit(16 << 20).build().expect("room enough");
    python.exec(AT_THE_CAP).expect("it is handled each time");
}

/// Arguments are copied to registers above the frames, and boxed and packed there while memory gets short.
const MANY_ARGUMENTS: &str = "
def f(*a, **k):
    return len(a) + len(k)


def g(a, *b, c=1):
    return len(b)


def h():
    yield f(*range(n))


for n in (70_000, 150_000, 300_000, 600_000, 900_000):
    for call in (lambda: f(*range(n)), lambda: g(*range(n), c=2), lambda: f(*range(n), **{str(i): i for i in range(n // 9)}),
                 lambda: list(h()), lambda: max(*range(n)), lambda: f.__call__(*range(n))):
        try:
            call()
        except MemoryError:
            pass
";

#[test]
fn many_arguments_stay_where_they_are_at_the_cap() {
    for megabytes in [9, 12, 16, 24] {
        let python = Interpreter::builder().memory_limit(megabytes << 20).build().expect("room enough");
        python.exec(MANY_ARGUMENTS).expect("what does not fit is refused");
        assert_eq!(python.eval_to_string("f(*range(100))").expect("it goes on"), "100");
    }
}

#[test]
fn too_small_a_limit_is_refused() {
    for kilobytes in [1, 10, 100, 200, 300, 400] {
        // It is refused, or it works.
        if let Some(python) = Interpreter::builder().memory_limit(kilobytes << 10).build() {
            let _ = python.eval_to_string("1 + 1");
        }
    }
}

#[path = "../examples/embed.rs"]
mod embed;

#[test]
fn the_example_runs() {
    embed::main().expect("every error in it is expected");
}

/// What an embedder has not allowed is refused, and what needs it can be imported all the same.
#[test]
fn the_outside_is_denied_by_default() {
    let python = Interpreter::builder().build().expect("room enough");
    let error = python.exec("import time\ntime.time()").expect_err("no clock");
    assert_eq!(
        (error.class.as_str(), error.message.as_str()),
        ("PermissionError", "the host does not allow this: clock")
    );
    let error = python.exec("open('/etc/hostname')").expect_err("no files");
    assert_eq!(error.class, "PermissionError");
    let python = Interpreter::builder().allow(Capability::Clock).build().expect("room enough");
    python.exec("import time\nassert time.time() > 1e9").expect("there is a clock");
}

/// Values of Rust's go in and come out; what does not fit is an error.
#[test]
fn values_go_in_and_come_out() {
    let python = Interpreter::builder().build().expect("room enough");
    python.set("x", (1, "a", Some(2.5), None::<i64>)).expect("they fit");
    assert_eq!(python.eval_to_string("x").expect("it runs"), "(1, 'a', 2.5, None)");
    assert_eq!(
        python.get::<(i64, String, f64, Option<i64>)>("x").expect("they fit"),
        (1, "a".into(), 2.5, None)
    );
    assert_eq!(python.call::<i64>("len", (vec![1, 2, 3],)).expect("it runs"), 3);
    assert_eq!(
        python.eval::<Vec<Vec<u8>>>("[[1, 2], range(3)]").expect("they fit"),
        [vec![1, 2], vec![0, 1, 2]]
    );
    let table: std::collections::BTreeMap<String, bool> = python.eval("{'a': 1, 'b': 0}").expect("they fit");
    assert_eq!(table.into_iter().collect::<Vec<_>>(), [("a".to_string(), true), ("b".to_string(), false)]);
    let class = |source: &str| python.eval::<u8>(source).expect_err("it does not fit").class;
    assert_eq!(
        [class("256"), class("-1"), class("'a'"), class("nothing")],
        ["OverflowError", "OverflowError", "TypeError", "NameError"]
    );
}

/// A limit of time ends what computes, what waits and what catches everything; the interpreter goes on.
#[test]
fn time_is_limited() {
    let most = std::time::Duration::from_millis(200);
    let python =
        Interpreter::builder().allow(Capability::Clock).time_limit(most).build().expect("room enough");
    let class = |source: &str| python.exec(source).expect_err("it ends").class;
    assert_eq!(class("while True: pass"), "TimeLimit");
    assert_eq!(class("while True:\n try:\n  while True: pass\n except BaseException: pass"), "TimeLimit");
    assert_eq!(class("import time\ntime.sleep(1000)"), "TimeLimit");
    assert_eq!(class("sum(range(10**12))"), "TimeLimit");
    assert_eq!(class("import _thread\nl = _thread.allocate_lock()\nl.acquire()\nl.acquire()"), "TimeLimit");
    python
        .exec("try:\n while True: pass\nexcept BaseException as e: ended = type(e).__name__")
        .expect("it may tidy up, once");
    assert_eq!(python.eval_to_string("ended").expect("it runs"), "'TimeLimit'");
    let endless_text = "class E(Exception):\n def __str__(self):\n  while True: pass\nraise E";
    assert_eq!(class(endless_text), "E");
    python
        .exec("class Endless:\n def __del__(self):\n  while True: pass\nkept = Endless()")
        .expect("it runs");
}
