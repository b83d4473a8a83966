//! Whether a text that is refused could be completed by more lines: `PyCF_ALLOW_INCOMPLETE_INPUT`.

use crate::cx::{Cx, Fail};
use crate::error::SyntaxKind;
use crate::tree::Span;

/// Whether the text ends where more must follow.
pub fn is_cut_off(cx: &Cx<'_>, fail: &Fail) -> bool {
    let Fail::Syntax(_, message, span) = fail else { return false };
    if message.starts_with("unterminated string literal") {
        // A backslash in front of the last newline joins a line that is not there, unless another one escapes it.
        let Some(last) = cx.source.strip_suffix('\n') else { return cx.source.ends_with('\\') };
        return (last.len() - last.trim_end_matches('\\').len()) % 2 == 1;
    }
    cx.at_end.get()
        || span.col == Span::CARET
        || is_open(message)
        || message == "unexpected EOF while parsing"
}

/// Whether a message tells of a bracket or a text that is not closed.
pub fn is_open(message: &str) -> bool {
    message.ends_with("was never closed") || message.contains("triple-quoted")
}

/// The error of such a text: it is where the text ends, or where an open text begins.
pub fn error(cx: &Cx<'_>, fail: &Fail) -> Fail {
    let span = match fail {
        Fail::Syntax(_, message, span) if message.contains("triple-quoted") => {
            Span { end_col: Span::NO_TEXT, ..*span }
        }
        _ => end(cx),
    };
    Fail::Syntax(SyntaxKind::Incomplete, "incomplete input".to_owned(), span)
}

/// The last character of the last line: its newline, if there is one.
fn end(cx: &Cx<'_>) -> Span {
    let line = cx.last_line();
    let text = cx.shown_line(line);
    let col = text.char_indices().next_back().map_or(0, |(at, _)| at as u32);
    Span { line, col, end_line: line, end_col: Span::NO_TEXT }
}
