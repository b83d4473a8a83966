//! Threads from outside: Ctrl-C, a cap on memory, a limit of instructions, and the facade. What programs see of them is tested by
//! `tests/programs/threads/threads_*.py`.

mod command;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ryokan::{Capability, Interpreter};

#[cfg(unix)]
use command::interrupted;
use command::ryokan;

/// Runs a program, which must end well; gives what it printed.
fn printed(options: &[&str], program: &str) -> String {
    let output = ryokan(options, program);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{:?}\n{error}", output.status);
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A call of the system's that waits ends at once; the program sees `KeyboardInterrupt`.
#[cfg(unix)]
#[test]
fn ctrl_c_ends_calls_that_wait() {
    let waits = [
        "import os; r, w = os.pipe(); wait = lambda: os.read(r, 1)",
        "import os; r, w = os.pipe(); file = open(r); wait = file.read",
        "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); wait = s.accept",
        "import subprocess; p = subprocess.Popen(['sleep', '100'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL); wait = p.wait",
        "import select, os; r, w = os.pipe(); wait = lambda: select.select([r], [], [])",
        "import threading; wait = threading.Event().wait",
    ];
    for wait in waits {
        let program =
            format!("{wait}\nprint('ready')\ntry: wait()\nexcept KeyboardInterrupt: print('stopped')");
        assert_eq!(interrupted(&program), (Some(0), "stopped\n".to_string()), "{wait}");
    }
}

const HELPERS: &str = "
import _thread, time
def held():
    lock = _thread.allocate_lock()
    lock.acquire()
    return lock
def attempt(function, *args):
    try:
        print('ready')
        function(*args)
        print('not interrupted')
    except KeyboardInterrupt:
        print('interrupted in', 'main' if _thread.get_ident() == _thread._get_main_thread_ident() else 'a thread')
def compute():
    while True:
        pass
";

#[test]
#[cfg(unix)]
fn ctrl_c_reaches_the_main_thread() {
    let cases = [
        ("a lock", "attempt(held().acquire)"),
        ("a lock, with time", "attempt(held().acquire, True, 1000)"),
        ("sleep", "attempt(time.sleep, 1000)"),
        ("a loop", "attempt(compute)"),
        ("a lock, while another computes", "_thread.start_new_thread(compute, ()); attempt(held().acquire)"),
        ("sleep, while another computes", "_thread.start_new_thread(compute, ()); attempt(time.sleep, 1000)"),
        ("a loop, while another computes", "_thread.start_new_thread(compute, ()); attempt(compute)"),
        ("join", "attempt(_thread.start_joinable_thread(held().acquire).join)"),
        ("join, with time", "attempt(_thread.start_joinable_thread(compute).join, 1000)"),
        (
            "an RLock",
            "lock, go = _thread.RLock(), held()\n\
             def holds():\n    lock.acquire(); go.release(); held().acquire()\n\
             _thread.start_new_thread(holds, ())\ngo.acquire()\nattempt(lock.acquire)",
        ),
        ("with", "def waits():\n    with held(): pass\nattempt(waits)"),
    ];
    for (what, program) in cases {
        let (code, rest) = interrupted(&format!("{HELPERS}\n{program}"));
        assert_eq!((code, rest.as_str()), (Some(0), "interrupted in main\n"), "{what}");
    }
    // Nobody catches it: the process dies of the signal.
    let (code, rest) = interrupted(&format!("{HELPERS}\nprint('ready')\nheld().acquire()"));
    assert_eq!((code, rest.as_str()), (None, ""));
}

/// Threads that take more than there is are refused; the others go on.
#[test]
fn a_cap_refuses_in_threads() {
    let program = "
import _thread
refused, done = [], []
def greedy():
    for _ in range(3):
        try:
            kept = []
            while True:
                kept.append(bytearray(1 << 18))
        except MemoryError:
            kept = None
            refused.append('bytes')
def deep():
    def down(n):
        return [n, down(n + 1)]
    try:
        down(0)
    except (MemoryError, RecursionError):
        refused.append('deep')
def modest(number):
    rounds = 0
    while rounds < 200:
        try:
            names = {str(n): [n] * 5 for n in range(50)}
            assert len(names) == 50
            rounds += 1
        except MemoryError:
            pass
    while True:
        try:
            done.append(number)
            return
        except MemoryError:
            pass
import sys
sys.setswitchinterval(1e-5)
def start(function):
    while True:
        try:
            return _thread.start_joinable_thread(function)
        except MemoryError:
            pass
handles = [start(f) for f in [greedy, greedy, deep] + [lambda n=n: modest(n) for n in range(5)]]
for handle in handles:
    handle.join()
# One that is refused its very first call ends there; whoever began came to the end, once.
print(len(done) == len(set(done)) > 0, set(done) <= set(range(5)), refused.count('bytes') in (3, 6), refused.count('deep') < 2)
# Threads cost memory themselves.
gate = _thread.allocate_lock()
gate.acquire()
def waits():
    with gate:
        pass
handles = []
try:
    while True:
        last = _thread.start_joinable_thread(waits)
        # The list may be refused room for a thread that has begun.
        handles.append(last)
except MemoryError:
    print('refused', 20 < len(handles) < 400)
gate.release()
last.join()
for handle in handles:
    handle.join()
handles = None
print(_thread._count())
_thread.start_joinable_thread(lambda: print('one more')).join()
";
    for options in [
        &["--memory-limit", "12M", "--verify-heap"][..],
        &["--memory-limit", "12M", "--verify-heap", "--stress=collect:50,plain,uncached"][..],
    ] {
        let expected = "True True True True\nrefused True\n0\none more\n";
        assert_eq!(printed(options, program), expected, "{options:?}");
    }
}

/// However deep threads go, what is resident stays near the cap: each pays for its native stack as it uses it, and gives back what it
/// does not use any more.
#[test]
#[cfg(target_os = "linux")]
fn a_cap_holds_for_native_stacks() {
    const DEEP: &str = "
import _thread
gate, counts = _thread.allocate_lock(), {}
gate.acquire()
class Waits:
    def __repr__(self):
        with gate:
            return 'end'
def nested(depth):
    nest = Waits()
    for _ in range(depth):
        nest = [nest]
    return nest
nests = [nested(depth) for depth in (5, 500, 5000, 20000, 60000)]
def work(nest):
    try:
        repr(nest)
        how = 'done'
    except (MemoryError, RecursionError) as error:
        how = 'refused'
    counts[how] = counts.get(how, 0) + 1
_thread.stack_size(2 ** 31)
def at_once(nests):
    handles = []
    for at in range(100):
        try:
            handles.append(_thread.start_joinable_thread(lambda nest=nests[at % len(nests)]: work(nest)))
        except MemoryError:
            pass
    for _ in range(1000):
        lock = _thread.allocate_lock()
        lock.acquire()
        lock.acquire(True, 0.0001)
    gate.release()
    for handle in handles:
        handle.join()
    gate.acquire()
at_once(nests)
print(counts['done'] > 10, counts['refused'] > 20)
counts.clear()
# The stacks are shallow again: there is room for as many as before, and for a deep one in the main thread.
gate.release()
for _ in range(20):
    _thread.start_joinable_thread(lambda: work(nests[2])).join()
print(counts)
try:
    repr(nests[4])
except (MemoryError, RecursionError) as error:
    pass
print('ready', flush=True)
input()
";
    let limit_mb = 24;
    let mut command = Command::new(env!("CARGO_BIN_EXE_ryokan"));
    command.args(["--memory-limit", &format!("{limit_mb}M"), "-c", DEEP]);
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut printed = String::new();
    while !printed.ends_with("ready\n") && out.read_line(&mut printed).expect("readable") > 0 {}
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).expect("readable");
    drop(child.stdin.take());
    assert_eq!(printed, "True True\n{'done': 20}\nready\n");
    let told = |name: &str| -> u64 {
        let found = status.lines().find_map(|line| line.strip_prefix(name)).expect("it is told");
        found.trim().trim_end_matches(" kB").parse().expect("a number")
    };
    // Pages of the program's file, which has the library in it, are the system's to keep or to drop.
    let peak_kb = told("VmHWM:") - told("RssFile:");
    assert!(peak_kb <= (limit_mb + 24) * 1024, "{peak_kb} KiB were resident");
    child.wait().expect("it ends");
}

/// Each allocation in turn is refused while threads begin, work and end: every count is exact afterwards.
#[test]
fn refusals_leave_counts_exact() {
    let program = "
import _thread
def work():
    local.x = [1]
    try:
        {}['k']
    except KeyError:
        pass
def run():
    global local
    try:
        lock, again, local = _thread.allocate_lock(), _thread.RLock(), _thread._local()
        handles = [_thread.start_joinable_thread(work) for _ in range(2)]
        with lock, again:
            local.y = 1
        for handle in handles:
            handle.join()
    except MemoryError:
        pass
run()
while _thread._count():
    pass
";
    for nth in (1..400).step_by(7) {
        let nth = nth.to_string();
        let output = ryokan(&["--fail-alloc", &nth, "--verify-heap"], program);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(error.contains("heap: in order"), "{nth}: {error}");
    }
}

#[test]
fn a_limit_of_instructions_is_all_threads() {
    let endless = "
import _thread
def compute():
    while True:
        pass
for _ in range(3):
    _thread.start_new_thread(compute, ())
while True:
    pass
";
    let output = ryokan(&["--max-instructions", "200000"], endless);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("ryokan.InstructionLimit"), "{error}");
    // The main thread waits, and the limit is met by another one.
    let waits = "
import _thread
lock = _thread.allocate_lock()
lock.acquire()
def compute():
    try:
        while True:
            pass
    finally:
        lock.release()
_thread.start_new_thread(compute, ())
lock.acquire()
while True:
    pass
";
    let output = ryokan(&["--max-instructions", "200000"], waits);
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!((output.status.code(), error.contains("ryokan.InstructionLimit")), (Some(1), true), "{error}");
}

/// Threads that follow one another execute the same number of instructions each time, but for their waiting; where threads take turns
/// none is lost.
#[test]
fn instructions_are_counted_whoever_executes_them() {
    let count = |work: &str| -> u64 {
        let program = format!(
            "import _thread, ryokan, sys\nsys.setswitchinterval(1e-6)\n\
             def work():\n    for n in range(5000):\n        n * n\n\
             before = ryokan.instructions()\n{work}\nprint(ryokan.instructions() - before)"
        );
        printed(&["--max-instructions", "100000000"], &program).trim().parse().expect("a number")
    };
    let one_by_one = "for _ in range(4): _thread.start_joinable_thread(work).join()";
    let at_once = "for h in [_thread.start_joinable_thread(work) for _ in range(4)]: h.join()";
    let (once, again) = (count(one_by_one), count(one_by_one));
    // Calls are paid for by the dozen, and how many a thread makes while it waits is the system's matter.
    assert!(once.abs_diff(again) <= 2, "{once}, then {again}");
    let turns = count(at_once);
    assert!(turns.abs_diff(once) < 500, "{turns} at once, {once} one by one");
}

/// A profile tells whose instructions they are, whichever thread runs.
#[test]
fn a_profile_knows_the_threads_apart() {
    let file = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("threads");
    let program = "
import _thread, sys
sys.setswitchinterval(1e-6)
def inner():
    for _ in range(300):
        pass
def first():
    for _ in range(20):
        inner()
def second():
    for _ in range(20):
        inner()
handles = [_thread.start_joinable_thread(f) for f in (first, second)]
for handle in handles:
    handle.join()
";
    let output = ryokan(&["--profile", file.to_str().expect("UTF-8")], program);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(&file).expect("it was written");
    let _ = std::fs::remove_file(&file);
    let amount = |stack: &str| -> u64 {
        let found = text.lines().find(|line| line.starts_with(stack));
        let number = found.and_then(|line| line.rsplit(' ').next()).and_then(|number| number.parse().ok());
        number.unwrap_or_else(|| panic!("no {stack} in\n{text}"))
    };
    let (first, second) = (amount("first (<string>:7);inner "), amount("second (<string>:10);inner "));
    assert_eq!(first, second, "{text}");
    assert!(!text.contains("<module> (<string>:2);inner"), "{text}");
}

/// The heap is in order while an object dies in a thread that waits.
#[test]
fn a_death_that_waits_is_in_order() {
    let program = "
import _thread, gc, ryokan
gate, entered = _thread.allocate_lock(), _thread.allocate_lock()
gate.acquire(); entered.acquire()
class Waits:
    def __del__(self):
        entered.release()
        gate.acquire()
box = [[Waits()], [1]]
handle = _thread.start_joinable_thread(box.clear)
entered.acquire()
print(ryokan.verify()['pending'], gc.collect() >= 0, gc.collect())
deep = None
for _ in range(5000):
    deep = [deep]
del deep
print(ryokan.verify()['pending'])
gate.release()
handle.join()
";
    assert_eq!(printed(&["--verify-heap"], program), "0 True 0\n0\n");
}

/// Who imports what another thread is importing waits for it; where each waits for the other, one goes on with what there is.
#[test]
fn imports_in_several_threads() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("imports");
    std::fs::create_dir_all(&folder).expect("writable");
    let slow = "import time, _thread\nimporters.append(_thread.get_ident())\ntime.sleep(0.02)\nvalue = 5\n";
    let files = [
        ("slow_module.py", slow.replace("importers", "__import__('sys').importers")),
        ("failing_module.py", format!("{slow}\n1 / 0\n").replace("importers", "__import__('sys').importers")),
        ("first_module.py", "import time\ntime.sleep(0.02)\nimport second_module\nvalue = 1\n".to_string()),
        ("second_module.py", "import time\ntime.sleep(0.02)\nimport first_module\nvalue = 2\n".to_string()),
        (
            "start.py",
            "import _thread, sys
sys.importers, seen = [], []
def run(*functions):
    for handle in [_thread.start_joinable_thread(f) for f in functions]:
        handle.join()
def slow():
    import slow_module
    seen.append(slow_module.value)
run(*[slow] * 4)
print(seen, len(sys.importers))
def failing():
    try:
        import failing_module
    except ZeroDivisionError as error:
        seen.append('failed')
seen.clear()
run(*[failing] * 3)
print(seen, len(sys.importers), 'failing_module' in sys.modules)
def first():
    import first_module
    seen.append(first_module.value)
def second():
    import second_module
    seen.append(second_module.value)
seen.clear()
run(first, second)
print(sorted(seen))
"
            .to_string(),
        ),
    ];
    for (name, text) in &files {
        std::fs::write(folder.join(name), text).expect("writable");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_ryokan")).arg(folder.join("start.py")).output();
    let output = output.expect("the command starts");
    let expected = "[5, 5, 5, 5] 1\n['failed', 'failed', 'failed'] 4 False\n[1, 2]\n";
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(String::from_utf8_lossy(&output.stdout), expected, "{error}");
}

/// Threads of an interpreter run while it works, and stop when it is dropped.
#[test]
fn threads_of_an_embedded_interpreter() {
    let interpreter = Interpreter::builder().allow(Capability::Clock).build().expect("there is memory");
    interpreter
        .exec(
            "import _thread, time\nn = 0\nstop = False\n\
             def count():\n    global n\n    while not stop:\n        n += 1\n\
             handle = _thread.start_joinable_thread(count)\n\
             while n == 0:\n    time.sleep(0.001)\n",
        )
        .expect("it runs");
    let read = || interpreter.eval_to_string("n").expect("it runs").parse::<u64>().expect("a number");
    // Nothing runs between two calls.
    let before = read();
    std::thread::sleep(Duration::from_millis(20));
    assert!(read() - before < 1_000_000);
    interpreter.exec("stop = True\nhandle.join()").expect("it runs");
    interpreter
        .exec(
            "def sleeps():\n    while True: time.sleep(0.0001)\n\
             def waits(): lock.acquire(timeout=0.01)\n\
             lock = _thread.allocate_lock(); lock.acquire()\nstop = False\n\
             for f in (count, sleeps, waits): _thread.start_new_thread(f, ())\ntime.sleep(0.005)",
        )
        .expect("it runs");
    drop(interpreter);
    // What waited with a limit of time has woken since, and touched nothing.
    std::thread::sleep(Duration::from_millis(50));
}

/// Interpreters on several threads of the system have nothing to do with each other.
#[test]
fn interpreters_side_by_side() {
    std::thread::scope(|scope| {
        for number in 0..3 {
            scope.spawn(move || {
                let interpreter = Interpreter::builder().build().expect("there is memory");
                interpreter
                    .exec(&format!(
                        "import _thread\nfound = []\n\
                         def work():\n    for n in range(2000): pass\n    found.append({number})\n\
                         for h in [_thread.start_joinable_thread(work) for _ in range(3)]: h.join()"
                    ))
                    .expect("it runs");
                assert_eq!(
                    interpreter.eval_to_string("found").expect("it runs"),
                    format!("[{number}, {number}, {number}]")
                );
            });
        }
    });
}

/// Work without the lock lets other threads run.
#[test]
fn blocking_work_lets_others_run() {
    let interpreter = Interpreter::builder().build().expect("there is memory");
    interpreter
        .exec("import _thread\ndone = []\n_thread.start_new_thread(done.append, (1,))")
        .expect("it runs");
    let started = Instant::now();
    while interpreter.eval_to_string("done").expect("it runs") != "[1]" {
        assert!(started.elapsed() < Duration::from_secs(60), "the thread never ran");
        interpreter.blocking(|| std::thread::sleep(Duration::from_millis(1)));
    }
}
