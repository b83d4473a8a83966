//! Interpreters that scripts make: what limits an interpreter was built with hold for all of them together, and they end with it.

use std::time::{Duration, Instant};

use ryokan::{Capability, Interpreter};

/// Makes interpreters, and shows what is told of what they raise.
const BEGIN: &str = "
import _interpreters
from concurrent import interpreters
def told(made, script):
    told = _interpreters.exec(made.id, script)
    return told and told.formatted
def number(made, expression):
    return int(_interpreters.exec(made.id, f'raise Exception({expression})').msg)
FILL = '''
kept = []
try:
    while True: kept.append(bytes(100_000))
except MemoryError: pass
'''
";

fn seconds(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64()
}

#[test]
fn one_cap_holds_for_all() {
    const CAP: usize = 96 << 20;
    let python = Interpreter::builder().memory_limit(CAP).build().expect("room enough");
    python.exec(BEGIN).expect("it runs");
    python.exec("one, two = interpreters.create(), interpreters.create()").expect("room enough");
    python.exec("first = (told(one, FILL), number(one, 'len(kept)'))").expect("it runs");
    python.exec("second = (told(two, FILL), number(two, 'len(kept)'))").expect("it runs");
    let (first, second): (i64, i64) =
        (python.eval("first[1]").expect("it is there"), python.eval("second[1]").expect("it is there"));
    assert_eq!(python.eval_to_string("first[0], second[0]").expect("it is there"), "(None, None)");
    assert!(first * 100_000 > CAP as i64 / 3, "{first} blocks");
    assert!(second * 100_000 < CAP as i64 / 10, "{second} blocks");
    // Nothing is left for the first one either, until another gives it back.
    let error = python.exec("big = bytes(20_000_000)").expect_err("there is no room");
    assert_eq!(error.class, "MemoryError");
    python
        .exec("assert told(one, 'del kept') is None; big = bytes(20_000_000); del big")
        .expect("there is room");
    python.exec("one.close(); two.close()").expect("they end");
}

#[test]
fn what_waits_in_queues_is_charged() {
    const CAP: usize = 64 << 20;
    let python = Interpreter::builder().memory_limit(CAP).build().expect("room enough");
    python.exec(BEGIN).expect("it runs");
    python
        .exec(
            "
queue, block, count = interpreters.create_queue(), bytes(1_000_000), 0
try:
    while True:
        queue.put(block)
        count += 1
except MemoryError: pass
",
        )
        .expect("it is caught");
    let count: i64 = python.eval("count").expect("it is there");
    assert!((CAP as i64 / 2..CAP as i64).contains(&(count * 1_000_000)), "{count} blocks");
    // What is taken out is made before its copy goes: there must be room for one.
    python
        .exec("del block\nfor _ in range(count): queue.get()\nbig = bytes(20_000_000)")
        .expect("it has come back");
}

#[test]
fn one_limit_of_instructions_holds_for_all() {
    let build = || Interpreter::builder().max_instructions(40_000_000).build().expect("room enough");
    let python = build();
    python.exec(BEGIN).expect("it runs");
    // Another one may have nearly all of it.
    python
        .exec("made = interpreters.create(); assert told(made, 'for n in range(2_000_000): pass') is None")
        .expect("it runs");
    python.exec("assert 'InstructionLimit' in told(made, 'while True: pass')").expect("it was told");
    let error = python.exec("while True: pass").expect_err("the limit is met");
    assert_eq!(error.class, "InstructionLimit");
    // And whoever makes one after the other pays for them.
    let python = build();
    python.exec(BEGIN).expect("it runs");
    let error = python.exec("while True: interpreters.create().close()").expect_err("the limit is met");
    assert_eq!(error.class, "InstructionLimit");
}

#[test]
fn a_limit_of_time_holds_for_all() {
    let python = Interpreter::builder().time_limit(Duration::from_secs(20)).build().expect("room enough");
    python.exec(BEGIN).expect("it runs");
    drop(python);
    let python = Interpreter::builder().time_limit(Duration::from_secs(3)).build().expect("room enough");
    let mut error = None;
    let took = seconds(|| {
        let script = "import _interpreters; _interpreters.exec(_interpreters.create(), 'while True: pass'); x = 1\nwhile True: pass";
        error = python.exec(script).err();
    });
    assert_eq!(error.map(|error| error.class).as_deref(), Some("TimeLimit"));
    assert!(took < 10.0, "{took} s");
}

#[test]
fn others_may_do_what_the_first_one_may() {
    let script = format!(
        "{BEGIN}made = interpreters.create()
seen = told(made, 'import os; os.getcwd()'), told(made, 'open(\"/dev/null\")'), told(made, 'import sys; sys.exit()')"
    );
    for (allowed, wanted) in [(false, "PermissionError"), (true, "None")] {
        let mut builder = Interpreter::builder();
        if allowed {
            builder = builder.allow(Capability::Files).allow(Capability::Environment);
        }
        let python = builder.build().expect("room enough");
        python.exec(&script).expect("it runs");
        let seen: Vec<String> = python.eval("[str(one).split(':')[0] for one in seen]").expect("it is there");
        assert_eq!(seen, [wanted, wanted, "SystemExit"]);
    }
}

#[test]
fn programs_do_not_see_each_other() {
    let (one, two) = (
        Interpreter::builder().build().expect("room enough"),
        Interpreter::builder().build().expect("room enough"),
    );
    one.exec("import _interpreters, _interpqueues; _interpreters.create(); _interpqueues.create(1, 3, -1)")
        .expect("it runs");
    two.exec("import _interpreters, _interpqueues").expect("it runs");
    assert_eq!(one.eval_to_string("_interpreters.list_all()").expect("it runs"), "[(0, 1), (1, 5)]");
    assert_eq!(
        two.eval_to_string("_interpreters.list_all(), _interpqueues.list_all()").expect("it runs"),
        "([(0, 1)], [])"
    );
}

/// The interpreter ends while threads are at work in others: they stop, and it does not wait for them.
#[test]
fn those_at_work_stop_at_the_end() {
    let python = Interpreter::builder().allow(Capability::Clock).build().expect("room enough");
    python
        .exec(
            "
import _interpreters, _thread, time
for script in ('while True: pass', 'import time; time.sleep(1000)'):
    made = _interpreters.create()
    _thread.start_new_thread(_interpreters.exec, (made, script))
    while not _interpreters.is_running(made): time.sleep(0.01)
",
        )
        .expect("it runs");
    let took = seconds(|| drop(python));
    assert!(took < 20.0, "{took} s");
}

#[test]
fn whichever_allocation_is_refused_somebody_is_told() {
    let script = format!(
        "{BEGIN}
made = interpreters.create()
queue = interpreters.create_queue()
made.prepare_main(queue=queue)
made.exec('queue.put((1, [2])); del queue')
assert queue.get() == (1, [2])
assert made.call(sorted, [2, 1]) == [1, 2]
made.close()
"
    );
    let mut refused = 0;
    for nth in (1..40_000).step_by(1_993) {
        let python = Interpreter::builder().fail_alloc(nth).build().expect("room enough");
        if let Err(error) = python.exec(&script) {
            assert!(error.traceback.contains("MemoryError"), "{nth}: {error}");
            refused += 1;
        }
    }
    assert!(refused > 3, "{refused}");
}

/// On a small native stack nobody gets into another interpreter that could not run there.
#[test]
fn too_little_stack_is_told() {
    let work = || {
        let python = Interpreter::builder().native_stack(640 << 10).build().expect("room enough");
        python
            .exec(
                "
import _interpreters, sys
sys.setrecursionlimit(100_000)
def nest(depth):
    # Sorting calls the key from native code, which takes some of the native stack.
    if depth == 0:
        _interpreters.destroy(_interpreters.create())
        return 'made'
    return min([sorted([depth], key=lambda _: seen.add(nest(depth - 1)))], key=len) and 'made'
seen = set()
for depth in range(0, 1200, 60):
    try: nest(depth)
    except RecursionError as error: seen.add(str(error))
",
            )
            .expect("it is caught");
        let seen: Vec<String> = python.eval("sorted(seen)").expect("it is there");
        assert!(seen.iter().any(|told| told == "made"), "{seen:?}");
        assert!(
            seen.iter().any(|told| told == "too little stack is left for another interpreter"),
            "{seen:?}"
        );
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(work).expect("a thread starts");
    thread.join().expect("it ends");
}
