//! String literals decoded from the source, where the parser's own decoding loses something: lone surrogates, and characters whose
//! names it does not know.

use ryokan_bytecode::names::character_named;

use crate::cx::Cx;
use crate::tree::Span;

/// Appends a code point in generalised UTF-8.
pub fn push_code_point(out: &mut Vec<u8>, code: u32) {
    match char::from_u32(code) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend_from_slice(&[
            0xE0 | (code >> 12) as u8,
            0x80 | (code >> 6 & 0x3F) as u8,
            0x80 | (code & 0x3F) as u8,
        ]),
    }
}

/// Whether the parser may have decoded a literal otherwise: it knows no surrogates, and leaves a text empty where it does not know a name.
pub fn may_be_lost(raw: &str, decoded: &str) -> bool {
    decoded.contains('\u{FFFD}') && (raw.contains("\\u") || raw.contains("\\U"))
        || decoded.is_empty() && raw.contains("\\N")
}

/// Decodes the inside of a literal that is not raw; in an f-string doubled braces are one.
pub fn decode(raw: &str, braces: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let bytes = raw.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let byte = bytes[at];
        if braces && (byte == b'{' || byte == b'}') && bytes.get(at + 1) == Some(&byte) {
            out.push(byte);
            at += 2;
        } else if byte == b'\\' && at + 1 < bytes.len() {
            at = escape(raw, at + 1, &mut out);
        } else {
            out.push(byte);
            at += 1;
        }
    }
    out
}

/// Decodes the escape whose letter is at `at`; gives where it ends.
fn escape(raw: &str, at: usize, out: &mut Vec<u8>) -> usize {
    let bytes = raw.as_bytes();
    let simple = match bytes[at] {
        b'\n' => return at + 1,
        b'\\' => b'\\',
        b'\'' => b'\'',
        b'"' => b'"',
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => 10,
        b'r' => 13,
        b't' => 9,
        b'v' => 11,
        b'0'..=b'7' => {
            let len = bytes[at..].iter().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
            push_code_point(out, u32::from_str_radix(&raw[at..at + len], 8).unwrap_or(0));
            return at + len;
        }
        b'x' => return hex(raw, at, 2, out),
        b'u' => return hex(raw, at, 4, out),
        b'U' => return hex(raw, at, 8, out),
        b'N' => {
            if let Some(len) = raw[at..].find('}')
                && let Some(c) = raw.get(at + 2..at + len).and_then(character_named)
            {
                push_code_point(out, c as u32);
                return at + len + 1;
            }
            out.push(b'\\');
            return at;
        }
        _ => {
            out.push(b'\\');
            return at;
        }
    };
    out.push(simple);
    at + 1
}

fn hex(raw: &str, at: usize, len: usize, out: &mut Vec<u8>) -> usize {
    match raw.get(at + 1..at + 1 + len).and_then(|digits| u32::from_str_radix(digits, 16).ok()) {
        Some(code) if code < 0x11_0000 => {
            push_code_point(out, code);
            at + 1 + len
        }
        _ => {
            out.push(b'\\');
            at
        }
    }
}

/// Warns of a backslash before a field of an f-string, which ends the text before it. `start` is the byte of the source where that stands.
pub fn warn_brace(cx: &Cx<'_>, raw: &str, start: u32) {
    let escapes = raw.len() - raw.trim_end_matches('\\').len();
    if escapes % 2 == 1 {
        let (line, col) = cx.line_col(start + raw.len() as u32 - 1);
        let span = Span { line, col, end_line: line, end_col: col + 2 };
        let brace = cx.source.as_bytes().get(start as usize + raw.len()).copied().map_or('{', char::from);
        cx.warn_text(span, meaningless(brace));
    }
}

fn meaningless(letter: char) -> String {
    format!(
        "\"\\{letter}\" is an invalid escape sequence. Such sequences will not work in the future. \
         Did you mean \"\\\\{letter}\"? A raw string is also an option."
    )
}

/// Warns of the first escape that means nothing. `start` is the byte of the source where `raw` stands.
pub fn warn_escapes(cx: &Cx<'_>, raw: &str, start: u32, bytes_literal: bool) {
    let bytes = raw.as_bytes();
    let mut at = 0;
    while let Some(found) = raw[at..].find('\\') {
        at += found + 1;
        let Some(letter) = raw[at..].chars().next() else { return };
        let octal = bytes[at..].iter().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
        let (line, col) = cx.line_col(start + at as u32 - 1);
        let span = Span { line, col, end_line: line, end_col: col + 2 };
        if octal == 3 && bytes[at] > b'3' {
            let text = &raw[at..at + 3];
            cx.warn_text(span, format!("\"\\{text}\" is an invalid octal escape sequence. Such sequences will not work in the future. Did you mean \"\\\\{text}\"? A raw string is also an option."));
            return;
        } else if !"\n\\'\"abfnrtvx01234567".contains(letter) && (bytes_literal || !"uUN".contains(letter)) {
            cx.warn_text(span, meaningless(letter));
            return;
        }
        at += letter.len_utf8();
    }
}

/// A docstring without the indentation that its lines share.
pub fn clean_doc(doc: &[u8]) -> Vec<u8> {
    let doc = expand_tabs(doc);
    let mut lines = doc.split(|b| *b == b'\n');
    let first = lines.next().unwrap_or_default();
    let spaces = |line: &[u8]| line.iter().take_while(|b| **b == b' ').count();
    let margin = lines.clone().filter(|line| spaces(line) < line.len()).map(spaces).min().unwrap_or(0);
    let mut out = first[spaces(first)..].to_vec();
    for line in lines {
        out.push(b'\n');
        out.extend_from_slice(&line[spaces(line).min(margin)..]);
    }
    out
}

fn expand_tabs(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut column = 0;
    for byte in text {
        match byte {
            b'\t' => {
                let width = 8 - column % 8;
                out.extend(std::iter::repeat_n(b' ', width));
                column += width;
            }
            b'\n' | b'\r' => {
                out.push(*byte);
                column = 0;
            }
            _ => {
                out.push(*byte);
                column += usize::from(*byte & 0xC0 != 0x80);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn surrogates_survive() {
        assert_eq!(decode(r"a\ud800b", false), b"a\xED\xA0\x80b");
        assert_eq!(decode(r"{{\n", true), b"{\n");
        assert_eq!(decode(r"\N{BULLET}", false), "\u{2022}".as_bytes());
    }

    #[test]
    fn docstrings_lose_their_margin() {
        assert_eq!(clean_doc(b"\n    doc\n      more\n    "), b"\ndoc\n  more\n");
        assert_eq!(clean_doc(b"  one"), b"one");
    }
}
