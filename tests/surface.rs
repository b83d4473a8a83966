//! What a program can see of the builtin types and functions is what CPython 3.14 shows, but for what `docs/surface.md` lists.
//!
//! `surface/walk.py` prints it, and `surface/cpython.txt` is what CPython printed: `python3.14 - < tests/surface/walk.py` makes it.
//! `cargo test --test surface` compares.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

/// The prefixes of lines that may differ: those of the list's code spans that name an attribute or a type.
fn explained() -> Vec<&'static str> {
    let list = include_str!("../docs/surface.md");
    let rows = list.lines().filter(|line| line.starts_with("| `"));
    let names =
        rows.filter_map(|row| row.split('|').nth(1)).flat_map(|names| names.split('`').skip(1).step_by(2));
    names.collect()
}

#[test]
fn builtins_show_what_cpython_shows() {
    let program = std::fs::File::open(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/surface/walk.py"));
    let run = Command::new(env!("CARGO_BIN_EXE_ryokan"))
        .arg("-")
        .stdin(Stdio::from(program.expect("the program is there")))
        .output()
        .expect("the interpreter runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let shown = String::from_utf8_lossy(&run.stdout);
    let (ours, theirs): (BTreeSet<&str>, BTreeSet<&str>) =
        (shown.lines().collect(), include_str!("surface/cpython.txt").lines().collect());
    assert!(theirs.len() > 2000);
    let explained = explained();
    let mut used = BTreeSet::new();
    let mut wrong = Vec::new();
    for line in ours.symmetric_difference(&theirs) {
        let name = line.split(' ').next().unwrap_or_default();
        // A row names an attribute, or all of a type by an asterisk.
        let fits = |row: &&&str| match row.strip_suffix('*') {
            Some(start) => name.starts_with(start) || format!("{name}.") == *start,
            None => name == **row,
        };
        match explained.iter().find(fits) {
            Some(row) => {
                used.insert(*row);
            }
            None => wrong
                .push(format!("{} {line}", if theirs.contains(line) { "missing:" } else { "not there:" })),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // What no longer differs is not listed.
    let stale: Vec<_> = explained.iter().filter(|row| !used.contains(*row)).collect();
    assert!(stale.is_empty(), "listed, but as in CPython: {stale:?}");
}
