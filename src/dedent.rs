//! The margin of a program that is given as text: `-c` lets all of it be indented.

/// The text without the blanks with which each line begins that has anything else; lines of blanks are empty then. Where the lines have
/// no such margin, the text is as it was.
pub fn dedented(text: &str) -> String {
    let margin = margin(text);
    if margin == 0 {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match is_blank(line) {
            true => out.push_str(if line.ends_with('\n') { "\n" } else { "" }),
            false => out.push_str(&line[margin..]),
        }
    }
    out
}

/// Only spaces and tabs are blanks here: a line that has a `\r` or a form feed has something else.
fn is_blank(line: &str) -> bool {
    line.trim_end_matches('\n').bytes().all(|byte| matches!(byte, b' ' | b'\t'))
}

/// How many bytes all lines begin with that are not blank.
fn margin(text: &str) -> usize {
    let mut common: Option<&str> = None;
    for line in text.split('\n').filter(|line| !is_blank(line)) {
        let own = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        let shared = common.map_or(own.len(), |common| {
            common.bytes().zip(own.bytes()).take_while(|(one, other)| one == other).count()
        });
        common = Some(&own[..shared]);
    }
    common.map_or(0, str::len)
}

#[test]
fn margins_are_what_all_lines_have() {
    for (text, without) in [
        ("  a\n  b", "a\nb"),
        ("\n  a\n\n    b\n  \n", "\na\n\n  b\n\n"),
        ("  a\n  ", "a\n"),
        (" \ta\n \t\tb", "a\n\tb"),
        // A tab is no space, a comment is a line, and so is one that ends with a `\r`.
        ("  a\n\tb", "  a\n\tb"),
        ("  a\n# c\n   \n", "  a\n# c\n   \n"),
        ("  a\r\n\r\n  b", "  a\r\n\r\n  b"),
        ("  a\r\n  b", "a\r\nb"),
        ("   ", "   "),
        ("", ""),
    ] {
        assert_eq!(dedented(text), without, "{text:?}");
    }
}
