//! The facade: interpreters come, run, fail, and go, many in one process.

use ryokan::{Interpreter, Stress};

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

#[test]
fn too_small_a_limit_is_refused() {
    for kilobytes in [1, 10, 100, 200, 300, 400] {
        // It is refused, or it works.
        if let Some(python) = Interpreter::builder().memory_limit(kilobytes << 10).build() {
            let _ = python.eval_to_string("1 + 1");
        }
    }
}
