//! The book: each block of Python prints what the block behind it says, here; and what it says is CPython's, where the module `ryokan` is not asked.
//! A picture is what the program beside it draws.

use std::path::Path;
use std::process::{Command, Stdio};

/// Blocks of Python, each with the output that follows it.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let parts = page.split("\n```python\n").skip(1);
    for part in parts {
        let (code, rest) = part.split_once("\n```\n").expect("a block ends");
        let rest = rest.trim_start_matches('\n');
        let output = rest.strip_prefix("```text\n").expect("an output follows a block of Python");
        let (output, _) = output.split_once("```").expect("an output ends");
        found.push((code.to_string(), output.to_string()));
    }
    found
}

fn run(code: &[&str]) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ryokan"));
    let output = command.args(code).stdin(Stdio::null()).output().expect("the command starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&output.stdout), text(&output.stderr))
}

#[test]
fn blocks_print_what_stands_behind_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/book/src");
    let summary = std::fs::read_to_string(folder.join("SUMMARY.md")).expect("readable");
    let mut count = 0;
    for line in summary.lines().filter(|line| line.starts_with("- ")) {
        let file =
            line.rsplit_once('(').and_then(|(_, file)| file.strip_suffix(')')).expect("a page has a file");
        let page = std::fs::read_to_string(folder.join(file)).expect("a page of the summary is there");
        for (code, output) in blocks(&page) {
            assert_eq!(run(&["-c", &code]), (output, String::new()), "{file}:\n{code}");
            count += 1;
        }
    }
    assert!(count >= 15, "{count} blocks");
}

#[test]
fn pictures_are_what_is_drawn() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/book/src");
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).expect("it is there") {
        let path = entry.expect("readable").path();
        if path.extension().is_none_or(|ending| ending != "md") {
            continue;
        }
        let page = std::fs::read_to_string(&path).expect("readable");
        for part in page.split("](pictures/").skip(1) {
            let (name, _) = part.split_once(".svg)").expect("a picture is an SVG");
            let picture = folder.join("pictures").join(name);
            let drawn = std::fs::read_to_string(picture.with_extension("svg")).expect("the picture is there");
            let program = picture.with_extension("py");
            let said = run(&["--deterministic", program.to_str().expect("UTF-8")]);
            assert_eq!(said, (drawn, String::new()), "{name}");
            count += 1;
        }
    }
    assert!(count >= 3, "{count} pictures");
}
