//! What the machine code of handlers holds: jumps, and no indirect call.
//!
//! Read off the release binary. A handler is what the table of `ops/mod.rs` points to, every instance of a generic one by itself, and
//! what such a function jumps to: its slow paths.
//!
//! Where the environment says `CI`, a binary that is missing, or older than the sources, fails (`.ci/run` builds it first). Elsewhere
//! the test says why it looks at nothing.

#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use ryokan_vm::running::families::OPCODES;

use crate::{FOLDERS, root, walk};

/// The release binary; or why there is nothing to look at.
fn release_binary() -> Result<PathBuf, String> {
    let binary = root().join("target/release/ryokan");
    let built = changed(&binary).ok_or("there is no release binary: cargo build --release")?;
    // (Cargo builds again what is older than a source, and may leave what is older than a manifest.)
    let mut files = Vec::new();
    for folder in FOLDERS {
        walk(&root().join(folder), &mut files);
    }
    match files.iter().find(|file| changed(file).is_some_and(|at| at > built)) {
        Some(file) => {
            Err(format!("the release binary is older than {}: cargo build --release", file.display()))
        }
        None => Ok(binary),
    }
}

fn changed(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|data| data.modified()).ok()
}

/// What `objdump` says of the binary.
fn objdump(binary: &Path, options: &[&str]) -> Result<String, String> {
    let output = Command::new("objdump").args(options).arg(binary).output();
    let output = output.map_err(|error| format!("objdump cannot be run: {error}"))?;
    assert!(output.status.success(), "objdump {options:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn hex(text: &str) -> Option<u64> {
    u64::from_str_radix(text.trim_start_matches("0x"), 16).ok()
}

/// The addresses in the table of handlers.
fn table(binary: &Path) -> Result<Vec<u64>, String> {
    let symbols = objdump(binary, &["-t", "-C"])?;
    let row = symbols.lines().find(|line| line.ends_with(" ryokan_vm::ops::TABLE"));
    let row = row.expect("the binary has the table of handlers, and its name");
    let address = row.split_whitespace().next().and_then(hex).expect("an address");
    let bytes = row.split_whitespace().rev().nth(1).and_then(hex).expect("a size");
    let (from, to) = (format!("--start-address={address}"), format!("--stop-address={}", address + bytes));
    let dump = objdump(binary, &["-s", &from, &to])?;
    // Rows of an address and up to four groups of eight digits, byte by byte.
    let groups = dump
        .lines()
        .filter_map(|line| line.strip_prefix(' '))
        .flat_map(|line| line[..line.len().min(48)].split(' ').skip(1).take(4));
    let digits: String = groups.filter(|group| group.len() == 8).collect();
    let swapped = |digits: &str| hex(digits).map(u64::swap_bytes);
    Ok((0..digits.len() / 16).filter_map(|at| swapped(&digits[at * 16..at * 16 + 16])).collect())
}

/// A function of the binary.
struct Function {
    name: String,
    instructions: Vec<String>,
}

/// All of them, by address.
fn functions(binary: &Path) -> Result<BTreeMap<u64, Function>, String> {
    let text = objdump(binary, &["-d", "--no-show-raw-insn", "-C"])?;
    let mut found = BTreeMap::new();
    let mut open: Option<&mut Function> = None;
    for line in text.lines() {
        let head = line.strip_suffix(">:").and_then(|line| line.split_once(" <"));
        if let Some((address, name)) = head.and_then(|(at, name)| Some((hex(at)?, name))) {
            let function = Function { name: name.to_string(), instructions: Vec::new() };
            open = Some(found.entry(address).or_insert(function));
        } else if let (Some(function), Some((_, instruction))) = (&mut open, line.split_once(":\t")) {
            function.instructions.push(instruction.to_string());
        }
    }
    Ok(found)
}

/// Where an instruction jumps to, if it says so.
fn target(instruction: &str) -> Option<u64> {
    let mut parts = instruction.split_whitespace();
    parts.next().filter(|mnemonic| mnemonic.starts_with('j'))?;
    parts.next().and_then(hex)
}

/// Looks at every handler; how many there are, and what is wrong with them.
fn look(binary: &Path) -> Result<(), String> {
    let (entries, functions) = (table(binary)?, functions(binary)?);
    assert_eq!(entries.len(), OPCODES, "the table in the binary is not that of the sources");
    let (mut seen, mut open) = (BTreeSet::new(), entries);
    let (mut dispatches, mut bad) = (0, Vec::new());
    while let Some(at) = open.pop() {
        if !seen.insert(at) {
            continue;
        }
        let function = functions.get(&at).expect("a handler is a function");
        for instruction in &function.instructions {
            dispatches += usize::from(instruction.contains("jmp    *"));
            if instruction.contains("call   *") {
                bad.push(format!("{}: {instruction}", function.name));
            }
            open.extend(target(instruction).filter(|to| *to != at && functions.contains_key(to)));
        }
    }
    println!("{} handlers, {dispatches} dispatches", seen.len());
    assert!(
        dispatches > seen.len() / 2,
        "{dispatches} dispatches in {} handlers: they are not jumps",
        seen.len()
    );
    assert!(bad.is_empty(), "indirect calls in handlers:\n{}", bad.join("\n"));
    Ok(())
}

#[test]
fn handlers_hold_no_indirect_call() {
    if let Err(why) = release_binary().and_then(|binary| look(&binary)) {
        assert!(std::env::var_os("CI").is_none(), "the handlers were not looked at: {why}");
        eprintln!("the handlers were not looked at: {why}");
    }
}
