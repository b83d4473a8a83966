//! From a file's bytes to text: byte order mark, PEP 263 coding cookie, newlines.

use std::borrow::Cow;

use crate::error::{CompileError, Origin, SyntaxError, SyntaxKind};

/// Newlines as the tokenizer of CPython sees them: `\r\n` and `\r` are `\n`.
pub fn normalise(source: &str) -> Cow<'_, str> {
    if !source.contains('\r') {
        return Cow::Borrowed(source);
    }
    Cow::Owned(source.replace("\r\n", "\n").replace('\r', "\n"))
}

fn error(filename: &str, line: u32, message: String) -> CompileError {
    CompileError::Syntax(Box::new(SyntaxError {
        kind: SyntaxKind::Syntax,
        message,
        filename: filename.to_owned(),
        line,
        col: 0,
        end_line: line,
        end_col: 0,
        statement: (0, 0),
        origin: Origin::Text,
        text: None,
    }))
}

/// The encoding that one of the first two lines names.
fn cookie(source: &[u8]) -> Option<String> {
    for line in source.split(|b| *b == b'\n' || *b == b'\r').take(2) {
        let text = line.trim_ascii_start();
        let text = text.strip_prefix(b"\x0c").unwrap_or(text);
        if let Some(comment) = text.strip_prefix(b"#") {
            let comment = String::from_utf8_lossy(comment);
            for (at, _) in comment.match_indices("coding") {
                let rest = &comment[at + 6..];
                let Some(rest) = rest.strip_prefix([':', '=']) else { continue };
                let name: String = rest
                    .trim_start_matches([' ', '\t'])
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || "-_.".contains(*c))
                    .collect();
                if !name.is_empty() {
                    return Some(name);
                }
            }
        } else if !text.is_empty() {
            return None;
        }
    }
    None
}

/// The text of a file.
pub fn decode<'s>(source: &'s [u8], filename: &str) -> Result<Cow<'s, str>, CompileError> {
    let (source, has_bom) = match source.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, true),
        None => (source, false),
    };
    let named = cookie(source);
    let name = named.as_deref().unwrap_or("utf-8");
    let plain: String = name.to_ascii_lowercase().replace('_', "-");
    let utf8 = plain == "utf-8" || plain == "utf8" || plain.starts_with("utf-8-");
    if has_bom && !utf8 {
        let latin = matches!(plain.as_str(), "latin-1" | "iso-8859-1" | "iso-latin-1");
        let shown = if latin { "iso-8859-1" } else { name };
        return Err(error(filename, 1, format!("encoding problem: {shown} with BOM")));
    }
    if utf8 {
        return from_utf8(source, filename, named.is_some() || has_bom);
    }
    match plain.as_str() {
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "l1" | "8859" | "cp819" => {
            Ok(Cow::Owned(source.iter().map(|b| char::from(*b)).collect()))
        }
        "ascii" | "us-ascii" | "646" => match source.iter().position(|b| !b.is_ascii()) {
            None => from_utf8(source, filename, true),
            Some(at) => Err(error(
                filename,
                line_of(source, at),
                format!(
                    "(unicode error) 'ascii' codec can't decode byte 0x{:02x} in position {at}: ordinal not in range(128)",
                    source[at]
                ),
            )),
        },
        _ => Err(CompileError::Encoding(name.to_string())),
    }
}

fn line_of(source: &[u8], at: usize) -> u32 {
    source[..at].iter().filter(|b| **b == b'\n').count() as u32 + 1
}

fn from_utf8<'s>(source: &'s [u8], filename: &str, declared: bool) -> Result<Cow<'s, str>, CompileError> {
    let bad = match std::str::from_utf8(source) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(bad) => bad,
    };
    let at = bad.valid_up_to();
    let byte = source[at];
    let line = line_of(source, at);
    if !declared {
        return Err(error(
            filename,
            line,
            format!(
                "Non-UTF-8 code starting with '\\x{byte:02x}' on line {line}, but no encoding declared; see \
                 https://peps.python.org/pep-0263/ for details"
            ),
        ));
    }
    let reason = match bad.error_len() {
        None => "unexpected end of data",
        Some(_) if !(0xC2..=0xF4).contains(&byte) => "invalid start byte",
        Some(_) => "invalid continuation byte",
    };
    let start = source[..at].iter().rposition(|b| *b == b'\n').map_or(0, |n| n + 1);
    let message = format!(
        "(unicode error) 'utf-8' codec can't decode byte 0x{byte:02x} in position {}: {reason}",
        at - start
    );
    Err(error(filename, line, message))
}
