//! `--deterministic`: two runs are the same to the byte, reports of the heap included.

use std::path::Path;
use std::process::{Command, Stdio};

/// Programs of the suite, and what they ask of chance besides.
const PROGRAMS: &[&str] = &[
    "language/annot_classes",
    "generators/async_gen",
    "classes/class_operators",
    "library/codecs_core",
    "language/comprehensions",
    "types/dict_keys_custom",
    "exceptions/exc_flow",
    "generators/gen_yield_from",
    "types/list_sort",
    "real/real_json",
];

/// More, whose output would be another each time.
const CODES: &[&str] = &[
    "print(id(object()), [id([]) for _ in range(3)], object(), lambda: 0)",
    "print({object() for _ in range(3)}, {f'word{n}' for n in range(20)})",
    "import time\nprint(time.time(), time.monotonic(), time.perf_counter(), time.process_time(), time.localtime())",
    "import datetime\nprint(datetime.datetime.now(), datetime.date.today())",
    "import random\nprint(random.random(), random.Random().random(), random.sample(range(100), 10))",
    "import os, secrets\nprint(os.urandom(8), secrets.token_hex(), os.getrandom(4))",
    "import uuid\nprint(uuid.uuid4(), uuid.uuid4())",
    "import time\nstart = time.monotonic()\ntime.sleep(0.01)\nprint(time.monotonic() - start)",
    "import tempfile\nprint(next(tempfile._get_candidate_names()))",
    "import ryokan\nkept = [bytearray(n) for n in range(200)]\nprint(ryokan.snapshot(), ryokan.room(kept), ryokan.heap_report())",
    "big = [bytes(2_000_000 + n) for n in range(4)]\nprint([id(b) for b in big], hash(print), hash(big[0]))",
    "import weakref\nclass A: pass\na = A()\nprint(weakref.ref(a), a.__init__, A.__dict__.get, hash(a.__init__))",
];

/// What is asked for, and the file that it is written to.
const REPORTS: &[(&str, &str)] = &[
    ("--heap-report", "json"),
    ("--heap-report", "html"),
    ("--heap-report", "txt"),
    ("--explain", "page.html"),
];

/// The output of a run and the report that it wrote.
fn run(nth: usize, (option, kind): (&str, &str), what: &[&str]) -> (Vec<u8>, Vec<u8>, String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs");
    let report = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("deterministic{nth}.{kind}"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_ryokan"));
    command.args(["--deterministic", "--explain-steps", "300"]).arg(option).arg(&report).args(what);
    command.current_dir(folder).stdin(Stdio::null()).env_remove("PYTHONHASHSEED");
    let output = command.output().expect("the command starts");
    assert!(output.status.success(), "{what:?}: {}", String::from_utf8_lossy(&output.stderr));
    (output.stdout, output.stderr, std::fs::read_to_string(report).expect("it was written"))
}

fn same(what: &[&str]) {
    for report in REPORTS {
        let (first, second) = (run(1, *report, what), run(2, *report, what));
        assert_eq!(String::from_utf8_lossy(&first.0), String::from_utf8_lossy(&second.0), "{what:?}");
        assert_eq!(first.1, second.1, "{what:?}");
        assert!(first.2 == second.2, "{what:?}: the reports differ ({report:?})");
    }
}

#[test]
fn two_runs_are_the_same() {
    for program in PROGRAMS {
        same(&[&format!("{program}.py")]);
    }
    for code in CODES {
        same(&["-c", code]);
    }
}
