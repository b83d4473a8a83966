//! The type of a function as comments of type checkers write it: `(int, *str, **Any) -> List[int]`.

use ruff_python_parser::{ParseError, parse_parenthesized_expression_range};
use ruff_text_size::{TextRange, TextSize};
use ryokan_bytecode::ast::{Class, Item, Place, Tree};

use super::Describe;
use crate::cx::{Cx, R, syntax};
use crate::scan::{Scanned, Scanner, Token, TokenKind};

/// Reads the whole text as the type of a function.
pub fn function_type(cx: &Cx<'_>, scanned: &Scanned) -> R<Tree> {
    if let Some(error) = &scanned.error {
        return syntax(error.span, error.message.clone());
    }
    let tokens = Scanner::run(cx, true).tokens;
    let reader = Reader { describe: Describe::new(cx), tokens: &tokens };
    let close = reader.closing()?;
    let arguments = reader.arguments(close)?;
    let arrow = reader.expect(close + 1, "->")?;
    let end =
        reader.tokens.iter().skip(arrow).position(|t| matches!(t.kind, TokenKind::Newline | TokenKind::End));
    let end = end.map_or(tokens.len(), |at| at + arrow);
    let returns = reader.expression(arrow, end)?;
    if let Some(more) =
        tokens.iter().skip(end).find(|t| !matches!(t.kind, TokenKind::Newline | TokenKind::End))
    {
        return syntax(cx.span(more.start, more.end), "invalid syntax");
    }
    let describe = reader.describe;
    let arguments = describe.seq(arguments);
    describe.add(Class::FunctionType, Place::default(), [arguments, returns])?;
    Ok(describe.tree.into_inner())
}

struct Reader<'t, 'c, 'a> {
    describe: Describe<'c, 'a>,
    tokens: &'t [Token],
}

impl Reader<'_, '_, '_> {
    fn text(&self, at: usize) -> &str {
        let source = self.describe.lower.cx.source;
        self.tokens.get(at).and_then(|t| source.get(t.start as usize..t.end as usize)).unwrap_or_default()
    }

    /// "invalid syntax" at a token.
    fn refuse<T>(&self, at: usize) -> R<T> {
        let cx = self.describe.lower.cx;
        let len = cx.source.len() as u32;
        let (start, end) = self.tokens.get(at).map_or((len, len), |t| (t.start, t.end));
        syntax(cx.span(start.min(len), end.min(len)), "invalid syntax")
    }

    /// The token behind an operator that must stand here: the scanner may have cut it in two.
    fn expect(&self, at: usize, operator: &str) -> R<usize> {
        if self.text(at) == operator {
            return Ok(at + 1);
        }
        let both = format!("{}{}", self.text(at), self.text(at + 1));
        if both == operator { Ok(at + 2) } else { self.refuse(at) }
    }

    /// The bracket that closes the first.
    fn closing(&self) -> R<usize> {
        self.expect(0, "(")?;
        let mut depth = 0_usize;
        for at in 0..self.tokens.len() {
            match self.text(at) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Ok(at);
            }
        }
        self.refuse(self.tokens.len())
    }

    /// The types of the arguments, of which `*` and `**` may mark the last.
    fn arguments(&self, close: usize) -> R<Vec<Item>> {
        let mut all = Vec::new();
        let (mut at, mut stars) = (1, 0);
        while at < close {
            let (mut end, mut depth) = (at, 0_usize);
            while end < close && (depth > 0 || self.text(end) != ",") {
                match self.text(end) {
                    "(" | "[" | "{" => depth += 1,
                    ")" | "]" | "}" => depth -= 1,
                    _ => {}
                }
                end += 1;
            }
            let marks = match self.text(at) {
                "**" => 2,
                "*" => 1,
                _ => 0,
            };
            if stars > 0 && marks <= stars || end + 1 == close {
                return self.refuse(if end + 1 == close { close } else { at });
            }
            stars = marks;
            all.push(self.expression(at + usize::from(marks > 0), end)?);
            at = end + 1;
        }
        Ok(all)
    }

    /// The tokens between these as one expression.
    fn expression(&self, first: usize, end: usize) -> R<Item> {
        let (Some(from), Some(to)) =
            (self.tokens.get(first), end.checked_sub(1).and_then(|at| self.tokens.get(at)))
        else {
            return self.refuse(first);
        };
        if first >= end {
            return self.refuse(first);
        }
        let range = TextRange::new(TextSize::new(from.start), TextSize::new(to.end));
        match parse_parenthesized_expression_range(self.describe.lower.cx.source, range) {
            Ok(parsed) => self.describe.expr(&parsed.syntax().body),
            Err(ParseError { location, .. }) => {
                let cx = self.describe.lower.cx;
                syntax(cx.span(location.start().to_u32(), location.end().to_u32()), "invalid syntax")
            }
        }
    }
}
