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

/// An error in a line of a source, whose text it shows; the columns are those where it begins and ends.
fn error(
    filename: &str,
    source: &[u8],
    line: u32,
    (col, end_col): (u32, i32),
    message: String,
) -> CompileError {
    let text = lines(source).nth(line as usize - 1).unwrap_or_default();
    CompileError::Syntax(Box::new(SyntaxError {
        kind: SyntaxKind::Syntax,
        message,
        filename: filename.to_owned(),
        line,
        col,
        end_line: line,
        end_col,
        statement: (0, 0),
        origin: Origin::Text,
        text: Some(String::from_utf8_lossy(text).into_owned()),
    }))
}

/// The lines of a source, without their ends: a newline, a carriage return, or both.
fn lines(source: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(source);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(at) = text.iter().position(|b| matches!(b, b'\n' | b'\r')) else { return rest.take() };
        let end = if text[at..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = Some(&text[at + end..]);
        Some(&text[..at])
    })
}

/// The encoding that one of the first two lines names, and which line.
fn cookie(source: &[u8]) -> Option<(String, u32)> {
    for (line, number) in lines(source).take(2).zip(1..) {
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
                    return Some((name, number));
                }
            }
        } else if !text.is_empty() {
            return None;
        }
    }
    None
}

/// The first null byte of a program's file, where nothing in front of the end of its line is refused before it.
fn null_byte(source: &[u8], filename: &str, is_utf8: bool) -> Option<CompileError> {
    let at = source.iter().position(|b| *b == 0)?;
    let end = source[at..].iter().position(|b| *b == b'\n').map_or(source.len(), |n| at + n);
    if is_utf8 && std::str::from_utf8(&source[..end]).is_err() {
        return None;
    }
    let message = "source code cannot contain null bytes".to_string();
    Some(error(filename, &source[..at], line_of(source, at), (0, 0), message))
}

/// The text of a file; a program's is read by lines.
pub fn decode<'s>(source: &'s [u8], filename: &str, is_program: bool) -> Result<Cow<'s, str>, CompileError> {
    let (source, has_bom) = match source.strip_prefix(b"\xEF\xBB\xBF") {
        Some(rest) => (rest, true),
        None => (source, false),
    };
    let named = cookie(source);
    let name = named.as_ref().map_or("utf-8", |(name, _)| name);
    let plain: String = name.to_ascii_lowercase().replace('_', "-");
    // Two names are known with anything behind them, and no further than twelve characters.
    let short: String = plain.chars().take(12).collect();
    let is =
        |known: &str| short.strip_prefix(known).is_some_and(|rest| rest.is_empty() || rest.starts_with('-'));
    let latin = ["latin-1", "iso-8859-1", "iso-latin-1"].into_iter().any(is);
    if let Some((_, line)) = named
        && has_bom
        && !is("utf-8")
    {
        let shown = if latin { "iso-8859-1" } else { name };
        let end = lines(source).nth(line as usize - 1).map_or(0, <[u8]>::len) as i32;
        let message = format!("encoding problem: {shown} with BOM");
        return Err(error(filename, source, line, (0, end), message));
    }
    if is_program && let Some(error) = null_byte(source, filename, is("utf-8")) {
        return Err(error);
    }
    if is("utf-8") {
        return from_utf8(source, filename, named.is_some() || has_bom, is_program);
    }
    // Other names of what is known here; where it does not fit, the codec that the library has says why.
    match plain.as_str() {
        _ if latin => Ok(Cow::Owned(source.iter().map(|b| char::from(*b)).collect())),
        "latin1" | "iso8859-1" | "l1" | "8859" | "cp819" => {
            Ok(Cow::Owned(source.iter().map(|b| char::from(*b)).collect()))
        }
        "utf8" => std::str::from_utf8(source)
            .map(Cow::Borrowed)
            .map_err(|_| CompileError::Encoding(name.to_string())),
        "ascii" | "us-ascii" | "646" if source.is_ascii() => from_utf8(source, filename, true, false),
        _ => Err(CompileError::Encoding(name.to_string())),
    }
}

fn line_of(source: &[u8], at: usize) -> u32 {
    lines(&source[..at]).count() as u32
}

fn from_utf8<'s>(
    source: &'s [u8],
    filename: &str,
    declared: bool,
    is_program: bool,
) -> Result<Cow<'s, str>, CompileError> {
    let bad = match std::str::from_utf8(source) {
        Ok(text) => return Ok(Cow::Borrowed(text)),
        Err(bad) => bad,
    };
    let at = bad.valid_up_to();
    let byte = source[at];
    let line = line_of(source, at);
    // The first two lines are read for a cookie, before they are counted.
    let told = if is_program && !declared && line == 2 { 1 } else { line };
    let start = source[..at].iter().rposition(|b| matches!(b, b'\n' | b'\r')).map_or(0, |n| n + 1);
    let column =
        std::str::from_utf8(&source[start..at]).map_or(0, |before| before.chars().count()) as u32 + 1;
    let (columns, message) = if declared {
        let reason = match bad.error_len() {
            None => "unexpected end of data",
            Some(_) if !(0xC2..=0xF4).contains(&byte) => "invalid start byte",
            Some(_) => "invalid continuation byte",
        };
        let place = at - start;
        let said = format!("'utf-8' codec can't decode byte 0x{byte:02x} in position {place}: {reason}");
        ((0, 0), format!("(unicode error) {said}"))
    } else {
        let file = if is_program { format!(" in file {filename}") } else { String::new() };
        let message = format!(
            "Non-UTF-8 code starting with '\\x{byte:02x}'{file} on line {told}, but no encoding declared; see \
             https://peps.python.org/pep-0263/ for details"
        );
        ((column, column as i32), message)
    };
    let mut error = error(filename, source, line, columns, message);
    if let CompileError::Syntax(error) = &mut error {
        (error.line, error.end_line) = (told, told);
    }
    Err(error)
}
