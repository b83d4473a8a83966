//! What is counted is exact, and the same for every run: `--count`, `--count-json`, `--max-instructions`.

use std::process::{Command, Output, Stdio};

const PROGRAMS: &[&str] = &[
    "real/real_json",
    "generators/gen_yield_from",
    "exceptions/exc_flow",
    "types/list_sort",
    "classes/class_operators",
];

fn ryokan(options: &[&str], program: &str) -> Output {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/programs");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ryokan"));
    command.args(options).arg(format!("{program}.py")).current_dir(folder);
    command.env_remove("PYTHONHASHSEED").stdin(Stdio::null());
    command.output().expect("the command starts")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The number in the row of a name.
fn number(table: &str, name: &str) -> u64 {
    let row = table.lines().find_map(|line| line.strip_prefix(name)).expect("the table has the row");
    row.trim().replace(',', "").parse().expect("a number")
}

#[test]
fn two_runs_count_the_same() {
    for program in PROGRAMS {
        let runs = [(); 2].map(|()| ryokan(&["--count=lines"], program));
        assert!(runs[0].status.success(), "{program}: {}", text(&runs[0].stderr));
        assert!(!runs[0].stderr.is_empty());
        assert_eq!(text(&runs[0].stderr), text(&runs[1].stderr), "{program}");
    }
}

#[test]
fn blocks_add_up_to_charges() {
    for program in PROGRAMS {
        let total = number(&text(&ryokan(&["--count"], program).stderr), "instructions");
        let table = text(&ryokan(&["--count=lines"], program).stderr);
        assert_eq!(number(&table, "instructions"), total, "{program}");
        let functions = table.split("calls  function\n").nth(1).expect("a table of functions");
        let by_function = functions.lines().take_while(|line| !line.is_empty()).map(|line| {
            line.split_whitespace()
                .next()
                .expect("a number")
                .replace(',', "")
                .parse::<u64>()
                .expect("a number")
        });
        assert_eq!(by_function.sum::<u64>(), total, "{program}");
    }
}

#[test]
fn a_limit_is_met_to_the_instruction() {
    for program in PROGRAMS {
        let whole = ryokan(&["--count"], program);
        let total = number(&text(&whole.stderr), "instructions");
        for part in 1..40 {
            let limit = (total - 100) * part / 40;
            let cut = ryokan(&["--verify-heap", "--max-instructions", &limit.to_string()], program);
            let said = text(&cut.stderr);
            assert!(said.contains("heap: in order"), "{program} at {limit}: {said}");
            // Native work takes its part of the fuel, in lumps.
            let executed = format!("ryokan.InstructionLimit: {limit} instructions executed");
            assert!(said.contains(&executed), "{program} at {limit}: {said}");
        }
    }
}

/// A limit may be met anywhere: at the end of a branch that a delegating generator was resumed in, behind the end of its code, in a stub.
#[test]
fn a_limit_is_met_at_every_instruction_of_delegation() {
    for limit in 4170..4215 {
        let cut =
            ryokan(&["--verify-heap", "--max-instructions", &limit.to_string()], "generators/gen_yield_from");
        let said = text(&cut.stderr);
        let executed = format!("ryokan.InstructionLimit: {limit} instructions executed");
        assert!(said.contains("heap: in order") && said.contains(&executed), "{limit}: {said}");
    }
}

/// Native work of any length ends soon after the fuel does.
#[test]
fn long_native_work_is_stopped() {
    let endless = [
        "x = 10**10**8",
        "sorted(range(10**9))",
        "x = 'a'\nwhile True: x = x + x",
        "x = 'ab' * 10**6\nwhile True: x = x.replace('a', 'aab')",
        "x = ['abc' * 100] * 10**5\nwhile True: ''.join(x)",
        "pow(3**10**6, 3**10**6, 7**10**6)",
        "sum(range(10**11))",
        "max(range(10**11))",
        "10**11 in iter(range(10**12))",
        "x = 'a' * 10**6\nwhile True: x.count('b')",
        "x = [0] * 10**5\nwhile True: x.count(1)",
        "x = 3**10**5\nwhile True: x = x * x",
        "import math\nmath.factorial(10**8)",
        "while True: pass",
        "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
        "x = y = {}\nfor k in range(60): x, y = {1: x, 2: x}, {1: y, 2: y}\nx == y",
        "x = ValueError()\nfor k in range(60): x = ExceptionGroup('a', [x, x])\nx.split(TypeError)",
        "x = ValueError()\nfor k in range(60): x = ExceptionGroup('a', [x, x])\nimport sys\nwhile 1: sys.excepthook(None, x, None)",
        "x = iter(range(10**9))\nfor k in range(3000): x = zip(x)\nfor y in x: pass",
        "x = 1\nfor k in range(60): x = property(x, x, x)\nx.__isabstractmethod__",
        "import gc\nx = [[] for i in range(10**4)]\nwhile 1: gc.collect()",
        "import codecs, operator\ndef first(e):\n    e.pair = '', 0\n    codecs.register_error('h', operator.attrgetter('pair'))\n    \
         return e.pair\ncodecs.register_error('h', first)\nb'\\xff'.decode('gb2312', 'h')",
        "x = '\\u20ac' * 10**6\ny = x[:-1] + 'a'\nwhile 1: x.rfind(y[1000:])",
    ];
    for code in endless {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ryokan"));
        let started = std::time::Instant::now();
        let done = command.args(["--max-instructions", "1000000", "-c", code]).stdin(Stdio::null()).output();
        let done = done.expect("the command starts");
        let took = started.elapsed();
        let said = text(&done.stderr);
        assert!(said.contains("ryokan.InstructionLimit"), "{code}: {said}");
        // Generous: tests run unoptimised and side by side.
        assert!(took.as_secs() < 20, "{code}: {took:?}");
    }
}

/// A file to write a profile to.
fn scratch(name: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[test]
fn a_profile_adds_up_to_the_instructions() {
    for program in PROGRAMS {
        let profile = |name: &str| {
            let file = scratch(&format!("{}_{name}", program.replace('/', "_")));
            let output = ryokan(&["--count", "--profile", file.to_str().expect("UTF-8")], program);
            assert!(output.status.success(), "{program}: {}", text(&output.stderr));
            (std::fs::read_to_string(&file).expect("it was written"), text(&output.stderr))
        };
        let (stacks, table) = profile("first");
        let each = stacks.lines().map(|line| line.rsplit(' ').next().expect("a number"));
        let sum: u64 = each.map(|n| n.parse::<u64>().expect("a number")).sum();
        assert_eq!(sum, number(&table, "instructions"), "{program}");
        assert_eq!((stacks, table), profile("second"), "{program}");
        let (picture, _) = profile("picture.svg");
        assert!(
            picture.starts_with("<svg ") && picture.contains(&format!("{sum} instructions")),
            "{program}"
        );
    }
}

#[test]
fn a_profile_by_time_has_samples() {
    let file = scratch("by_time");
    let mut command = Command::new(env!("CARGO_BIN_EXE_ryokan"));
    command.arg("--profile-time").arg(&file).arg("-c");
    // As many turns as it takes for the clock to tick: CPU time, so a busy machine does no harm.
    command.arg("import time\ndef busy():\n    end = time.process_time() + 0.2\n    while time.process_time() < end: pass\nbusy()");
    assert!(command.status().expect("the command starts").success());
    let stacks = std::fs::read_to_string(&file).expect("it was written");
    assert!(stacks.lines().any(|line| line.contains("<module> (<string>:1);busy (<string>:2) ")), "{stacks}");
}

/// What is counted is the program, not how its run was asked for.
#[test]
fn options_are_not_counted() {
    let table = |options: &[&str]| text(&ryokan(options, "exc_flow").stderr);
    let file = scratch("a_name_that_is_rather_longer_than_others");
    let profiled = table(&["--count", "--profile", file.to_str().expect("UTF-8")]);
    assert_eq!(table(&["--count"]), profiled);
}
