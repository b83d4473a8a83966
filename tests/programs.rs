//! Programs with CPython 3.14's output beside them.
//!
//! `tests/programs/TOPIC/NAME.py` must print `NAME.out`, and so must `tests/regressions/NAME.py`, which holds what fuzzing found;
//! `tests/tracebacks/NAME.py` must print `NAME.err` on standard error. The expected files are CPython's (`tests/update` makes
//! them). Programs that are known to differ stand in `known.txt` with the reason: an unlisted failure fails the test, and so does
//! a listed program that passes. Programs and regressions run once more under stress (`--stress`, see `vm/src/stress.rs`): no
//! cache, nothing fused, a collection at every third object. What then differs for a good reason stands in `stressed.txt`. The topics
//! that are about what lives how long run a third time, with a collection at every allocation (`always.txt`); all do if
//! `RYOKAN_ALL_TOPICS` is set.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The programs of a folder, and of its folders, one for each topic; by name.
fn programs(folder: &str) -> Vec<PathBuf> {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).expect("the folder is part of the repository");
        entries.map(|entry| entry.expect("readable").path()).collect()
    };
    let (topics, mut list): (Vec<_>, Vec<_>) =
        entries(&root().join(folder)).into_iter().partition(|path| path.is_dir());
    list.extend(topics.iter().flat_map(|topic| entries(topic)));
    list.retain(|path| path.is_file() && path.extension().is_some_and(|e| e == "py"));
    list.sort_by(|a, b| a.file_name().cmp(&b.file_name()));
    assert!(
        list.windows(2).all(|two| two[0].file_name() != two[1].file_name()),
        "two programs have one name"
    );
    list
}

/// `known.txt`, `stressed.txt` or `always.txt` of a folder: program, reason.
fn known(folder: &str, file: &str) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(root().join(folder).join(file)).unwrap_or_default();
    text.lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| line.split_once(": ").expect("a line of known.txt is `program: reason`"))
        .map(|(name, reason)| (name.to_string(), reason.to_string()))
        .collect()
}

fn run(program: &Path, options: &[&str]) -> std::process::Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ryokan"));
    command.args(options);
    command.arg(program.file_name().expect("a file")).current_dir(program.parent().expect("a folder"));
    // What the shell around the tests sets is none of theirs: unbuffered output, say, mixes lines of threads.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"PYTHON")) {
        command.env_remove(name);
    }
    command.env("PYTHONHASHSEED", "0").stdin(Stdio::null());
    command.output().expect("the command starts")
}

/// Runs `check` over a folder's programs on two threads and compares the failures with the known ones.
fn judge(folder: &str, exceptions: &str, check: impl Fn(&Path) -> Result<(), String> + Sync) {
    judge_some(folder, exceptions, |_| true, check);
}

/// The same of those that are `wanted`.
fn judge_some(
    folder: &str,
    exceptions: &str,
    wanted: impl Fn(&Path) -> bool,
    check: impl Fn(&Path) -> Result<(), String> + Sync,
) {
    let mut list = programs(folder);
    let mut known = known(folder, exceptions);
    for name in known.keys() {
        assert!(
            list.iter().any(|p| p.file_stem().is_some_and(|s| s.to_string_lossy() == **name)),
            "no program {name}"
        );
    }
    list.retain(|program| wanted(program));
    known.retain(|name, _| list.iter().any(|p| p.file_stem().is_some_and(|s| s.to_string_lossy() == **name)));
    assert!(!list.is_empty());
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(program) = list.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let name = program.file_stem().expect("a file").to_string_lossy().into_owned();
                    match (check(program), known.get(&name)) {
                        (Err(why), None) => failures.lock().expect("whole").push(format!("{name}: {why}")),
                        (Ok(()), Some(_)) => failures
                            .lock()
                            .expect("whole")
                            .push(format!("{name}: passes, but is in {exceptions}")),
                        _ => {}
                    }
                }
            });
        }
    });
    let failures = failures.into_inner().expect("whole");
    assert!(
        failures.is_empty(),
        "{} of {} in {folder}:\n{}",
        failures.len(),
        list.len(),
        failures.join("\n")
    );
    println!("{folder}: {} programs, {} of them known to differ", list.len(), known.len());
}

/// The first line in which two texts differ.
fn difference(expected: &str, got: &str) -> Result<(), String> {
    if expected == got {
        return Ok(());
    }
    let (mut a, mut b) = (expected.lines(), got.lines());
    let mut number = 0;
    loop {
        number += 1;
        match (a.next(), b.next()) {
            (Some(x), Some(y)) if x == y => {}
            (x, y) => return Err(format!("line {number}: expected {x:?}, got {y:?}")),
        }
    }
}

/// Runs a folder's programs and compares what they print.
fn outputs_of(folder: &str, exceptions: &str, options: &[&str]) {
    judge(folder, exceptions, |program| output_of(program, options));
}

/// Runs a program and compares what it prints.
fn output_of(program: &Path, options: &[&str]) -> Result<(), String> {
    let expected = std::fs::read_to_string(program.with_extension("out")).map_err(|e| e.to_string())?;
    let output = run(program, options);
    let got = String::from_utf8_lossy(&output.stdout).into_owned();
    difference(&expected, &got).map_err(|why| {
        let stderr = String::from_utf8_lossy(&output.stderr);
        format!("{why} ({}; {})", output.status, stderr.lines().last().unwrap_or_default())
    })?;
    if output.status.success() { Ok(()) } else { Err(format!("{}", output.status)) }
}

const STRESS: &[&str] = &["--stress=collect:3,plain,uncached", "--verify-heap"];

const ALWAYS: &[&str] = &["--stress=always", "--verify-heap"];

/// What runs with a collection at every allocation where not everything does.
const LIVES: &[&str] = &["classes", "exceptions", "frames", "functions", "generators", "memory"];
/// Of these, what takes minutes so: a million turns.
const LONG: &[&str] = &["instances_of_no_types"];

#[test]
fn outputs() {
    outputs_of("tests/programs", "known.txt", &[]);
}

#[test]
fn outputs_under_stress() {
    outputs_of("tests/programs", "stressed.txt", STRESS);
}

#[test]
fn outputs_collecting_always() {
    let all = std::env::var_os("RYOKAN_ALL_TOPICS").is_some();
    let topic = |program: &Path| program.parent().and_then(Path::file_name).map(|name| name.to_os_string());
    let long = |program: &Path| program.file_stem().is_some_and(|name| LONG.iter().any(|long| name == *long));
    let wanted = |program: &Path| {
        all || !long(program) && topic(program).is_some_and(|topic| LIVES.iter().any(|known| topic == *known))
    };
    judge_some("tests/programs", "always.txt", wanted, |program| output_of(program, ALWAYS));
    outputs_of("tests/regressions", "always.txt", ALWAYS);
}

#[test]
fn regressions() {
    outputs_of("tests/regressions", "known.txt", &["--verify-heap"]);
    outputs_of("tests/regressions", "stressed.txt", STRESS);
}

#[test]
fn tracebacks() {
    judge("tests/tracebacks", "known.txt", |program| {
        let expected = std::fs::read_to_string(program.with_extension("err")).map_err(|e| e.to_string())?;
        let output = run(program, &[]);
        let folder = format!("{}/", program.parent().expect("a folder").display());
        let got = String::from_utf8_lossy(&output.stderr).replace(&folder, "");
        difference(&expected, &got)
    });
}
