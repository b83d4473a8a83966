//! CPython's syntax errors as data: `errors.txt` says what CPython says, `errors_known.txt` where we differ. An unlisted
//! difference fails, and so does a listed one that has come right.

use std::collections::HashSet;

use ryokan_compiler::{CompileError, Mode, Options, Unlimited, compile};

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some(other) => out.push(other),
                None => {}
            },
            c => out.push(c),
        }
    }
    out
}

fn said(source: &str) -> String {
    match compile(source, "f", Mode::Exec, &Options::default(), &Unlimited) {
        Ok(_) => "ok\t\t".to_owned(),
        Err(CompileError::Syntax(e)) => {
            format!("{}\t{}:{}\t{}", e.kind.name(), e.line, e.col, e.message)
        }
        Err(other) => other.to_string(),
    }
}

#[test]
fn errors() {
    let known: HashSet<&str> =
        include_str!("errors_known.txt").lines().filter(|l| !l.starts_with('#')).collect();
    let mut wrong = String::new();
    for line in include_str!("errors.txt").lines().filter(|l| !l.starts_with("# ")) {
        let Some((source, wanted)) = line.split_once('\t') else { continue };
        let got = said(&unescape(source));
        match (got == wanted, known.contains(source)) {
            (true, true) => wrong.push_str(&format!("comes right now: {source}\n")),
            (false, false) => wrong.push_str(&format!("{source}\n  want {wanted}\n  got  {got}\n")),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
