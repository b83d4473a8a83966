//! House rules as a test: who may know whom, the size of files, and what the release binary's handlers hold.

use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Each package and the packages of ours that it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("bytecode", &[]),
    ("compiler", &["bytecode"]),
    ("alloc", &[]),
    ("vm", &["bytecode", "alloc"]),
    ("stdlib", &["vm", "compiler"]),
];

#[test]
fn arrows_point_one_way() {
    for (package, allowed) in ARROWS {
        let manifest =
            std::fs::read_to_string(root().join(package).join("Cargo.toml")).expect("every package has one");
        let used = manifest
            .lines()
            .skip_while(|line| *line != "[dependencies]")
            .filter_map(|line| line.strip_prefix("ryokan-"))
            .map(|rest| rest.split(['.', ' ', '=']).next().unwrap_or_default());
        for name in used {
            assert!(allowed.contains(&name), "{package} must not know {name}");
        }
    }
}

/// Every Rust file of ours.
fn sources() -> Vec<PathBuf> {
    fn walk(folder: &Path, list: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).expect("a folder of ours") {
            let path = entry.expect("readable").path();
            if path.is_dir() {
                walk(&path, list);
            } else if path.extension().is_some_and(|e| e == "rs") {
                list.push(path);
            }
        }
    }
    let mut list = Vec::new();
    for folder in ["bytecode/src", "compiler/src", "alloc/src", "vm/src", "stdlib/src", "src"] {
        walk(&root().join(folder), &mut list);
    }
    list
}

/// A file of more lines has grown past its job.
const LINES: usize = 1000;

#[test]
fn files_say_what_they_are_and_stay_small() {
    for path in sources() {
        let text = std::fs::read_to_string(&path).expect("readable");
        let shown = path.strip_prefix(root()).unwrap_or(&path).display();
        assert!(text.starts_with("//!"), "{shown} does not open with what it is");
        let lines = text.lines().count();
        assert!(lines <= LINES, "{shown} has {lines} lines: it wants to be two files");
    }
}

#[test]
fn one_list_of_opcodes() {
    let table = std::fs::read_to_string(root().join("bytecode/src/ops.rs")).expect("readable");
    assert!(table.contains("LOAD_FAST = LoadFast"));
    for path in sources() {
        let text = std::fs::read_to_string(&path).expect("readable");
        let again = text.contains("LOAD_FAST_CHECK = ") && !path.ends_with("ops.rs");
        assert!(!again, "{} lists the opcodes again", path.display());
    }
}

/// Looks at the handlers of the release binary, if it has been built and `objdump` is at hand.
#[test]
fn handlers_hold_no_indirect_call() {
    let binary = root().join("target/release/ryokan");
    if !binary.exists() {
        println!("no release binary: the handlers were not looked at");
        return;
    }
    let Ok(output) = Command::new("objdump").args(["-d", "--no-show-raw-insn", "-C"]).arg(&binary).output()
    else {
        println!("no objdump: the handlers were not looked at");
        return;
    };
    let text = String::from_utf8_lossy(&output.stdout);
    let (mut handler, mut seen, mut bad) = (None, 0, Vec::new());
    for line in text.lines() {
        if let Some(name) = line.strip_suffix(">:").and_then(|l| l.split_once('<')).map(|(_, name)| name) {
            // Handlers are the functions of `ops` that are not helpers' inner functions.
            let ours =
                name.starts_with("ryokan_vm::ops::") && !name.contains("{{") && !name.ends_with("::call");
            handler = ours.then(|| name.to_string());
        } else if let Some(name) = &handler {
            if line.contains("jmp    *") {
                seen += 1;
            }
            if line.contains("call   *") && is_handler(name) {
                bad.push(format!("{name}: {}", line.trim()));
            }
        }
    }
    assert!(seen > 100, "only {seen} dispatches seen: the handlers are not where this test looks");
    assert!(bad.is_empty(), "indirect calls in handlers:\n{}", bad.join("\n"));
}

/// Handlers have one signature and are named in the table; helpers (which may call through slots) are listed by what they take.
fn is_handler(name: &str) -> bool {
    let table = std::fs::read_to_string(root().join("vm/src/ops/mod.rs")).unwrap_or_default();
    let short = name.trim_start_matches("ryokan_vm::ops::").split('<').next().unwrap_or(name);
    table.contains(&format!("= {short},"))
}
