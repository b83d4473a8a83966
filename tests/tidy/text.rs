//! Rust's text as far as the rules need it: what is code, and what is a comment or a string.

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

/// The code of a text: comments and literals are left out, but for the ends of their lines.
pub fn code(text: &str) -> String {
    let (mut code, mut rest) = (String::new(), text);
    while let Some(c) = rest.chars().next() {
        let skipped = comment(rest).or_else(|| literal(rest, code.chars().next_back()));
        let len = skipped.unwrap_or(c.len_utf8());
        match skipped {
            Some(_) => code.extend(
                rest.chars().take(rest[..len.min(rest.len())].chars().count()).filter(|c| *c == '\n'),
            ),
            None => code.push(c),
        }
        rest = rest.get(len..).unwrap_or_default();
    }
    code
}

/// The names and numbers of a code.
pub fn words(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

#[test]
fn code_has_all_its_lines() {
    let text = "a /* \n */ b // c\n\"d\n\" e";
    assert_eq!(code(text), "a \n b \n\n e");
}
