//! Where CPython stands when no rule knows what is wrong, and what it says then.

use super::{Diagnosis, Finding};
use crate::Mode;
use crate::scan::{Scanned, TokenKind};
use crate::tree::Span;

impl Diagnosis<'_, '_> {
    /// "invalid syntax" at the token where the parser stood.
    pub(super) fn invalid(&self) -> Finding {
        self.invalid_at(self.farthest(self.here))
    }

    /// Where CPython stands when the parser complains of a token: some need a look at the next.
    fn farthest(&self, at: usize) -> usize {
        let before = |n: usize| at.checked_sub(n).map_or("", |n| self.text_at(n));
        let first = self.line_first(at);
        match self.text_at(at) {
            "not"
                if at > 0
                    && before(1) != "case"
                    && self.ends_operand(at - 1)
                    && self.text_at(at + 1) != "in" =>
            {
                at + 1
            }
            "," if self.is_end(at + 1) && matches!(self.first_word(), "import" | "global" | "nonlocal") => {
                at + 1
            }
            "*" if before(1) == "import" && self.first_word() == "from" => at + 1,
            "*" if self.first_word() == "case"
                && self
                    .opener(at)
                    .is_some_and(|open| self.is_call(open) && self.text_at(open - 1) != "case") =>
            {
                at
            }
            "*" if self.first_word() == "case" && before(1) != "{" => at + 2,
            "," if self.text_at(at + 1) == ":" && self.first_word() == "with" => at + 1,
            _ if self.text_at(at + 1) == ":=" && matches!(before(1), "{" | "[") => {
                self.expression(at + 2).filter(|end| self.text_at(*end) == ":").unwrap_or(at)
            }
            _ if self.first_word() == "raise" && before(1) == "raise" => self.expression(at).unwrap_or(at),
            _ if self.first_word() == "from" && self.star_of_import(at).is_some() => {
                self.star_of_import(at).unwrap_or(at)
            }
            _ if self.text_at(first) == "@"
                && at > first + 1
                && self.is_end(at)
                && self.tokens.len() <= at + 2 =>
            {
                self.tokens.len() - 1
            }
            "-" if self.first_word() == "case" => at + 1,
            _ if before(1) == "type" && at == first + 1 && self.is_name(at) => at + 1,
            _ if before(1) == "from" && before(2) == "yield" => self.expression(at).unwrap_or(at),
            _ if matches!(before(1), "{" | ",")
                && self.first_word() == "case"
                && self.is_name(at)
                && self
                    .opener(at)
                    .is_some_and(|open| self.text_at(open) == "{" && self.text_at(open + 1) != "**") =>
            {
                at + 1
            }
            _ => at,
        }
    }

    /// The star among the names of a `from`, where it may not stand.
    fn star_of_import(&self, at: usize) -> Option<usize> {
        let first = self.line_first(at);
        let word = (first..=at).find(|n| self.text_at(*n) == "import")?;
        let end = self.tokens.partition_point(|t| t.start < self.line_tokens_end().start);
        (word + 1..end).find(|n| self.text_at(*n) == "*" && matches!(self.text_at(n - 1), "," | "("))
    }

    /// "invalid syntax" at a token.
    pub(super) fn invalid_at(&self, at: usize) -> Finding {
        let token = self.token(at);
        let unended =
            self.cx.mode != Mode::Exec && token.kind == TokenKind::Newline && token.start == token.end;
        if token.kind == TokenKind::Indent {
            return self.unexpected_indent();
        }
        if token.kind == TokenKind::End || unended {
            // The end has no column.
            let last = self.cx.source.len() as u32;
            return Finding::new("invalid syntax", last, Span::ENDMARKER);
        }
        let end = if token.kind == TokenKind::Newline || token.kind == TokenKind::End {
            token.start + 1
        } else {
            token.end
        };
        Finding::new("invalid syntax", token.start, end)
    }

    /// A bracket that is open at the end of the text, if that was reached, or a later line.
    pub(super) fn unclosed(&self, scanned: &Scanned, finding: &Finding) -> Option<Finding> {
        if scanned.error.is_some() || finding.message == "unexpected indent" {
            return None;
        }
        let (byte, at) = *scanned.open.last()?;
        let line = |offset: u32| self.cx.line_col(offset).0;
        let end = if finding.end >= Span::ENDMARKER { finding.start + 1 } else { finding.end };
        let next = self.tokens.partition_point(|t| t.start < end.max(finding.seen));
        // Rules look one token past what they find; a plain error only where it might be the start of something.
        let here = self.text_at(self.here);
        let names = matches!(self.first_word(), "import" | "from" | "global" | "nonlocal")
            || self.here > 0 && self.text_at(self.here - 1) == "async";
        let start = self.element_start(self.here);
        let double =
            self.text_at(start) == "**" && !self.opener(start).is_some_and(|open| self.is_call(open));
        let operand = self.expression(self.here).is_some() && !double;
        let operand = operand && self.opener(self.here).is_none_or(|open| !self.is_parameters(open));
        let looked = finding.message != "invalid syntax"
            || operand && !names
            || matches!(here, "(" | "[" | "{") && !names
            || matches!(here, "/" | "pass" | "break" | "continue")
            || here == "**" && self.text_at(self.here.saturating_sub(1)) != ":";
        let shown = self.tokens.partition_point(|t| t.start < finding.start);
        let rest = self.is_end(next) || self.token(next).start == at;
        let reached = self.is_end(self.here) || self.is_end(shown) || looked && rest;
        let farthest = if looked { self.token(next).start } else { self.token(self.here).start };
        if !reached && line(finding.start.max(farthest)) <= line(at) {
            return None;
        }
        Some(Finding::new(format!("'{}' was never closed", char::from(byte)), at, Span::CARET))
    }
}
