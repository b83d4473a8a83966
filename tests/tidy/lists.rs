//! What is listed once, and whole.

use crate::{root, sources};

/// The Rust names of the stack instructions, from the rows of their table.
fn opcodes() -> Vec<String> {
    let table = std::fs::read_to_string(root().join("bytecode/src/ops.rs")).expect("readable");
    let row = |line: &str| {
        let (shown, rest) = line.trim().split_once(" = ")?;
        let (name, rest) = rest.split_once(" (")?;
        let is_row = shown.chars().all(|c| c.is_ascii_uppercase() || c == '_') && rest.contains("--");
        is_row.then(|| name.to_string())
    };
    let found: Vec<String> = table.lines().filter_map(row).collect();
    assert!(
        found.len() > 100 && found.contains(&"LoadFast".into()),
        "the rows are not what this test takes them for"
    );
    found
}

#[test]
fn one_list_of_opcodes() {
    for source in sources() {
        let again = source.text.contains("LOAD_FAST_CHECK = ") && source.path != "bytecode/src/ops.rs";
        assert!(!again, "{} lists the opcodes again", source.path);
    }
}

/// A row that nothing emits is one that nobody needs, or an emission that was forgotten: the one edit of a new opcode that Rust's
/// compiler does not ask for.
#[test]
fn every_opcode_is_emitted() {
    let emits: String =
        sources().iter().filter(|s| s.path.starts_with("compiler/src/")).map(|s| s.code()).collect();
    let never = |name: &&String| {
        let named = format!("Op::{name}");
        !emits
            .match_indices(&named)
            .any(|(at, _)| !emits[at + named.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    let opcodes = opcodes();
    let missing: Vec<_> = opcodes.iter().filter(never).collect();
    assert!(missing.is_empty(), "compiler/src emits these opcodes nowhere: {missing:?}");
}

/// The slots of a type are called through `Guarded` (`object/slots.rs`); the bare table is for who makes types alone.
#[test]
fn tables_of_slots_are_for_classes() {
    let allowed = ["vm/src/object/slots.rs", "vm/src/types/classes/"];
    for source in sources().iter().filter(|s| !allowed.iter().any(|path| s.path.starts_with(path))) {
        let code: String = source.code().split_whitespace().collect();
        assert!(!code.contains("slots().table()"), "{} takes a table of slots", source.path);
    }
}
