//! How long files and functions are.

use std::collections::BTreeMap;

use crate::sources;

/// A file of more lines wants to be two.
const FILE_LINES: usize = 600;
/// A function of more lines wants to be two.
const FUNCTION_LINES: usize = 70;

/// Files that may be longer: how long, and why.
const LONG_FILES: &[(&str, usize, &str)] = &[(
    "vm/src/types/str/mod.rs",
    640,
    "one payload in its widths, and the accessors that everything else is made of",
)];

/// Functions that may be longer: how long, and why.
const LONG_FUNCTIONS: &[(&str, &str, usize, &str)] = &[
    ("bytecode/src/verify/run.rs", "build", 75, "one arm a kind of instruction"),
    ("compiler/src/lower/stmt.rs", "stmt", 90, "one arm a kind of statement"),
    ("compiler/src/scope/build.rs", "stmt", 100, "one arm a kind of statement"),
    ("stdlib/src/csv/parse.rs", "step", 90, "one arm a state of the machine"),
    ("stdlib/src/pickle/load.rs", "step", 110, "one arm an opcode"),
    ("stdlib/src/pickle/load.rs", "rarer_step", 130, "one arm an opcode"),
    ("stdlib/src/sre/engine.rs", "attempt", 210, "the loop of the machine: one arm a kind of instruction"),
    ("stdlib/src/sre/loops.rs", "less_often", 95, "one arm a kind of instruction"),
];

/// The functions of a code that have a body: the name, and how many lines from `fn` to the closing brace.
fn functions(code: &str) -> Vec<(&str, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        if code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + 3..];
        let name = &rest[..rest.find(|c: char| !(c.is_alphanumeric() || "_$".contains(c))).unwrap_or(0)];
        let (mut nested, mut depth, mut end) = (0, 0, None);
        for (i, c) in rest.char_indices() {
            match c {
                '(' | '[' => nested += 1,
                ')' | ']' => nested -= 1,
                ';' if nested == 0 && depth == 0 => break,
                '{' => depth += 1,
                '}' if depth == 1 => {
                    end = Some(i);
                    break;
                }
                // What closes around it: a type or a pattern, not a function.
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                _ => {}
            }
        }
        if let Some(end) = end.filter(|_| !name.is_empty()) {
            found.push((name, rest[..end].matches('\n').count() + 1));
        }
    }
    found
}

#[test]
fn functions_are_measured_from_fn_to_brace() {
    let code = "fn a() {}\nimpl X {\n    pub fn b(x: [u8; 2]) -> fn(u8)\n    where\n    {\n        {}\n    }\n    fn c();\n}";
    assert_eq!(functions(code), [("a", 1), ("b", 5)]);
}

#[test]
fn files_say_what_they_are_and_stay_small() {
    let mut listed: BTreeMap<_, _> =
        LONG_FILES.iter().map(|(path, most, _)| (path.to_string(), *most)).collect();
    let mut wrong = Vec::new();
    for source in sources() {
        let path = source.path.as_str();
        if !source.text.starts_with("//!") {
            wrong.push(format!("{path} does not open with what it is"));
        }
        let (lines, most) = (source.text.lines().count(), listed.remove(path));
        if lines > most.unwrap_or(FILE_LINES) {
            wrong.push(format!("{path} has {lines} lines: it wants to be two files"));
        }
        if most.is_some() && lines <= FILE_LINES {
            wrong.push(format!("{path} has {lines} lines, and needs no exception any more"));
        }
    }
    wrong.extend(listed.keys().map(|path| format!("{path} is excepted and is not there")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn functions_stay_small() {
    let mut listed: BTreeMap<_, _> =
        LONG_FUNCTIONS.iter().map(|(path, name, most, _)| (format!("{path}: {name}"), *most)).collect();
    let mut wrong = Vec::new();
    for source in sources() {
        for (name, lines) in functions(&source.code()) {
            match listed.remove(&format!("{}: {name}", source.path)) {
                None if lines > FUNCTION_LINES => {
                    wrong.push(format!(
                        "{}: {name} has {lines} lines: it wants to be two functions",
                        source.path
                    ));
                }
                Some(most) if lines > most => {
                    wrong.push(format!("{}: {name} has {lines} lines, and may have {most}", source.path));
                }
                Some(_) if lines <= FUNCTION_LINES => {
                    wrong.push(format!("{}: {name} needs no exception any more", source.path));
                }
                _ => {}
            }
        }
    }
    wrong.extend(listed.keys().map(|function| format!("{function} is excepted and is not there")));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
