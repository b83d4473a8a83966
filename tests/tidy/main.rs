//! House rules as a test: who may know whom, the size of files, where unsafe code lies, and what the release binary's
//! handlers hold.

use std::collections::BTreeMap;
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

/// The bytes of a comment that a text begins with.
fn comment(text: &str) -> Option<usize> {
    if text.starts_with("//") {
        return Some(text.find('\n').unwrap_or(text.len()));
    }
    if !text.starts_with("/*") {
        return None;
    }
    let (mut depth, mut at) = (1, 2);
    while depth > 0 && at < text.len() {
        match text.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    Some(at)
}

/// The bytes of a string or a character that a text begins with, `before` being what stands before it.
fn literal(text: &str, before: Option<char>) -> Option<usize> {
    let bytes = text.as_bytes();
    let behind = |mark: &str, from: usize| text.get(from..)?.find(mark).map(|at| from + at + mark.len());
    match bytes[0] {
        b'"' => {
            let mut at = 1;
            while at < bytes.len() && bytes[at] != b'"' {
                at += if bytes[at] == b'\\' { 2 } else { 1 };
            }
            Some(at + 1)
        }
        // A raw string; a name may end in `r`, but no name stands before a quote.
        b'r' if before.is_none_or(|c| matches!(c, 'b' | 'c') || !(c.is_alphanumeric() || c == '_')) => {
            let hashes = bytes[1..].iter().take_while(|b| **b == b'#').count();
            let end = format!("\"{}", "#".repeat(hashes));
            (bytes.get(1 + hashes) == Some(&b'"')).then(|| behind(&end, 2 + hashes))?
        }
        // A character, or a lifetime.
        b'\'' if bytes.get(1) == Some(&b'\\') => behind("'", 3),
        b'\'' => {
            let end = 1 + text[1..].chars().next()?.len_utf8();
            (bytes.get(end) == Some(&b'\'')).then_some(end + 1)
        }
        _ => None,
    }
}

/// How often code says `unsafe`: blocks, functions, traits and impls, outside comments and strings.
fn unsafe_blocks(text: &str) -> usize {
    let (mut code, mut rest) = (String::new(), text);
    while let Some(c) = rest.chars().next() {
        let skipped = comment(rest).or_else(|| literal(rest, code.chars().next_back()));
        if skipped.is_none() {
            code.push(c);
        }
        rest = rest.get(skipped.unwrap_or(c.len_utf8())..).unwrap_or_default();
    }
    code.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| *word == "unsafe").count()
}

#[test]
fn unsafe_blocks_are_counted_in_code_alone() {
    let text = r##"
        // unsafe { } /* unsafe */
        /* unsafe /* unsafe */ unsafe */ unsafe fn f<'a>(s: &'a str) {}
        const A: &str = "unsafe \" unsafe"; const B: &[u8] = br#"unsafe " \"#; const C: char = '"';
        unsafe impl T for U { fn not_unsafe_here() { let c = '\''; unsafe { g('\\', "\\") } } }
    "##;
    assert_eq!(unsafe_blocks(text), 3);
}

/// What `docs/ARCHITECTURE.md` says of unsafe code: how many blocks each file may have. A row of its table names a folder, then files
/// with their numbers, then the fact that they stand on.
fn unsafe_table() -> BTreeMap<String, usize> {
    let page = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).expect("readable");
    let mut table = BTreeMap::new();
    for line in page.lines().skip_while(|line| *line != "## Unsafe").filter(|line| line.starts_with("| `")) {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let folder = cells.next().unwrap_or_default().trim_matches('`');
        let files = cells.next().unwrap_or_default();
        assert!(cells.next().is_some_and(|fact| fact.len() > 20), "no fact: {line}");
        for file in files.split(", ") {
            let (name, count) = file.split_once(' ').unwrap_or_else(|| panic!("no number: {file}"));
            let path = format!("{folder}{}.rs", name.trim_matches('`'));
            let count = count.parse().unwrap_or_else(|_| panic!("no number: {file}"));
            assert!(table.insert(path.clone(), count).is_none(), "{path} is listed twice");
        }
    }
    table
}

/// So many files of `vm/` may have unsafe blocks.
const UNSAFE_FILES: usize = 60;

#[test]
fn unsafe_code_has_an_address() {
    let mut listed = unsafe_table();
    let (mut wrong, mut in_vm) = (Vec::new(), 0);
    for path in sources() {
        let count = unsafe_blocks(&std::fs::read_to_string(&path).expect("readable"));
        let shown = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
        in_vm += usize::from(count > 0 && shown.starts_with("vm/"));
        match listed.remove(&shown) {
            None if count > 0 => wrong.push(format!("{shown} has {count} and is not listed")),
            Some(_) if count == 0 => wrong.push(format!("{shown} has none and is listed")),
            Some(most) if count > most => wrong.push(format!("{shown} has {count}, {most} are listed")),
            _ => {}
        }
    }
    wrong.extend(listed.keys().map(|path| format!("{path} is listed and is not there")));
    assert!(wrong.is_empty(), "unsafe blocks, against docs/ARCHITECTURE.md:\n{}", wrong.join("\n"));
    assert!(in_vm <= UNSAFE_FILES, "{in_vm} files of vm/ have unsafe blocks");
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
