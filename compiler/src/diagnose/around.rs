//! The tokens around an error, and the rules that need nothing else.

use super::expr::KEYWORDS;
use super::{Diagnosis, Finding};
use crate::error::SyntaxKind;
use crate::scan::{Token, TokenKind};
use crate::tree::Span;

impl Diagnosis<'_, '_> {
    /// A token; past the end, the last.
    pub(super) fn token(&self, at: usize) -> Token {
        let last = self.cx.source.len() as u32;
        let end = Token { kind: TokenKind::End, start: last, end: last };
        self.tokens.get(at).or(self.tokens.last()).copied().unwrap_or(end)
    }

    pub(super) fn text(&self, token: Token) -> &str {
        self.cx.source.get(token.start as usize..token.end as usize).unwrap_or_default()
    }

    pub(super) fn text_at(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| self.text(*t))
    }

    /// The source before a token and the name in front of it.
    pub(super) fn text_before(&self, token: Token, len: usize) -> &str {
        let at = self.tokens.partition_point(|t| t.start < token.start);
        let star = self.token(at.saturating_sub(2));
        let text = self.text(star);
        if text.len() == len { text } else { "" }
    }

    /// The first token of the logical line.
    pub(super) fn line_first(&self, at: usize) -> usize {
        let at = at.min(self.tokens.len());
        let ends = |t: &Token| matches!(t.kind, TokenKind::Newline | TokenKind::Indent | TokenKind::Dedent);
        self.tokens[..at].iter().rposition(ends).map_or(0, |n| n + 1)
    }

    /// The first word of the logical line.
    pub(super) fn first_word(&self) -> &str {
        let first = self.line_first(self.here);
        match self.text_at(first) {
            "async" => self.text_at(first + 1),
            word => word,
        }
    }

    /// Whether the line begins a block.
    pub(super) fn is_header(&self) -> bool {
        const HEADERS: &[&str] = &[
            "if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def", "class",
            "match", "case",
        ];
        HEADERS.contains(&self.first_word())
    }

    /// Whether the line's header holds a condition.
    pub(super) fn header_tests(&self) -> bool {
        match self.first_word() {
            "if" | "elif" | "while" | "@" => true,
            "match" => {
                let end = self.tokens.partition_point(|t| t.start < self.line_tokens_end().start);
                end > 0 && self.text_at(end - 1) == ":"
            }
            "case" => self.between(self.line_first(self.here)).any(|word| word == "if"),
            _ => false,
        }
    }

    /// `def` and a name, without a bracket.
    pub(super) fn wants_parens(&self) -> bool {
        let first = self.line_first(self.here);
        self.first_word() == "def"
            && self.here.saturating_sub(first) <= 3
            && !self.between(first).any(|t| t == "(")
    }

    fn between(&self, first: usize) -> impl Iterator<Item = &str> {
        self.tokens[first..self.here.max(first)].iter().map(|t| self.text(*t))
    }

    pub(super) fn find_text(&self, from: usize, wanted: &str) -> Option<Token> {
        self.tokens.get(from..)?.iter().find(|t| self.text(**t) == wanted).copied()
    }

    /// The end of the logical line.
    pub(super) fn line_tokens_end(&self) -> Token {
        let ends = |t: &&Token| matches!(t.kind, TokenKind::Newline | TokenKind::End);
        self.tokens[self.here.min(self.tokens.len())..]
            .iter()
            .find(ends)
            .copied()
            .unwrap_or(self.token(self.here))
    }

    /// The call's closing bracket after a place.
    pub(super) fn close_after(&self, from: u32) -> u32 {
        let at = self.tokens.partition_point(|t| t.start < from);
        self.find_text(at, ")").map_or(from, |t| t.start)
    }

    pub(super) fn before_close(&self, message: &str) -> Option<Finding> {
        let at = self.close_after(self.end);
        Some(Finding::new(message, at, at + 1))
    }

    /// Where the argument in front of this one begins.
    pub(super) fn argument_start(&self) -> u32 {
        let at = self.tokens[..self.here.min(self.tokens.len())].iter().rposition(|t| self.text(*t) == ",");
        match at {
            Some(comma) => self.tokens[comma].start,
            None => self.start,
        }
    }

    /// The first token after the block that ends at the error.
    pub(super) fn token_after_block(&self) -> Token {
        let rest = self.tokens.get(self.here..).unwrap_or_default();
        let skip = |t: &&Token| !matches!(t.kind, TokenKind::Dedent | TokenKind::Indent);
        let found = rest.iter().find(skip).copied().unwrap_or(self.token(self.here));
        if found.kind == TokenKind::End {
            // CPython stands at the end of the last line.
            let last = self.cx.source.trim_end_matches('\n').len() as u32;
            return Token { start: last, end: Span::NO_TEXT, ..found };
        }
        found
    }

    /// A block that is not indented.
    pub(super) fn missing_block(&self) -> Finding {
        let mut at = self.here;
        while matches!(self.token(at).kind, TokenKind::Dedent | TokenKind::Newline)
            && at + 1 < self.tokens.len()
        {
            at += 1;
        }
        let next = self.token(at);
        // The header is the line in front.
        let newline =
            self.tokens[..at.min(self.tokens.len())].iter().rposition(|t| t.kind == TokenKind::Newline);
        let first = self.line_first(newline.unwrap_or(0));
        let word = self.text_at(first);
        let word = if word == "async" { self.text_at(first + 1) } else { word };
        let (line, _) = self.cx.line_col(self.token(first).start);
        let what = match word {
            "def" => "function definition".to_owned(),
            "class" => "class definition".to_owned(),
            "except" if self.text_at(first + 1) == "*" => "'except*' statement".to_owned(),
            word => format!("'{word}' statement"),
        };
        let mut finding =
            Finding::at(format!("expected an indented block after {what} on line {line}"), next);
        if next.kind == TokenKind::End {
            self.cx.at_end.set(true);
            let last = self.cx.source.trim_end_matches('\n').len() as u32;
            (finding.start, finding.end) = (last, Span::NO_TEXT);
        }
        finding.kind = SyntaxKind::Indentation;
        finding
    }

    pub(super) fn unexpected_indent(&self) -> Finding {
        let at = self.token(self.here).end.max(self.start);
        let (line, _) = self.cx.line_col(at);
        let text = self.cx.line_text(line).unwrap_or_default();
        let indent = (text.len() - text.trim_start().len()) as u32;
        let start = self.cx.offset(line, indent.saturating_sub(1));
        let mut finding = Finding::new("unexpected indent", start, Span::NO_TEXT);
        finding.kind = SyntaxKind::Indentation;
        finding
    }

    /// Whether a token can end an operand.
    pub(super) fn ends_operand(&self, at: usize) -> bool {
        let token = self.token(at);
        match token.kind {
            TokenKind::Number | TokenKind::String | TokenKind::FString => true,
            TokenKind::Name => {
                let text = self.text(token);
                !KEYWORDS.contains(&text) || matches!(text, "None" | "True" | "False")
            }
            TokenKind::Op => matches!(self.text(token), ")" | "]" | "}" | "..."),
            _ => false,
        }
    }

    /// Where the primary that begins at token `at` ends.
    pub(super) fn primary_end(&self, at: usize) -> u32 {
        let mut at = at;
        let mut end = self.token(at).end;
        if matches!(self.text_at(at), "(" | "[" | "{") {
            at = self.matching(at);
            end = self.token(at).end;
        } else if self.token(at).kind == TokenKind::FString {
            at += 1;
            while at < self.tokens.len() && self.token(at).kind != TokenKind::FString {
                at += 1;
            }
            end = self.token(at).end;
        }
        loop {
            match self.text_at(at + 1) {
                "." => at += 2,
                "(" | "[" => at = self.matching(at + 1),
                _ => return end,
            }
            end = self.token(at).end;
        }
    }

    /// The bracket that closes the one at `at`.
    pub(super) fn matching(&self, at: usize) -> usize {
        let mut depth = 0;
        for (offset, token) in self.tokens[at..].iter().enumerate() {
            match self.text(*token) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return at + offset;
            }
        }
        self.tokens.len().saturating_sub(1)
    }

    /// Whether the error stands where a dict's value does.
    pub(super) fn is_dict_value(&self) -> bool {
        self.here > 0
            && self.text_at(self.here - 1) == ":"
            && self.in_brackets(self.here)
            && !self.opener(self.here).is_some_and(|open| self.is_parameters(open))
    }

    pub(super) fn in_brackets(&self, at: usize) -> bool {
        let mut depth = 0i32;
        for token in self.tokens[..at.min(self.tokens.len())].iter().rev() {
            match self.text(*token) {
                ")" | "]" | "}" => depth += 1,
                "(" | "[" | "{" => depth -= 1,
                _ => {}
            }
            if depth < 0 {
                return true;
            }
            if token.kind == TokenKind::Newline && depth == 0 {
                return false;
            }
        }
        false
    }

    /// Rules that look at tokens only, after the parser's own words.
    pub(super) fn by_tokens(&self) -> Option<Finding> {
        self.comma_missing(self.here).or_else(|| self.keyword_rules(self.here))
    }

    fn keyword_rules(&self, at: usize) -> Option<Finding> {
        let here = self.token(at);
        let text = self.text(here);
        let before = if at > 0 { self.text_at(at - 1) } else { "" };
        let split = text == ">" && before == "<" && self.token(at - 1).end == here.start;
        let left = at.checked_sub(if split { 2 } else { 1 });
        if (text == "<>" || split) && left.is_some_and(|left| self.ends_operand(left)) {
            let start = if text == "<>" { here.start } else { here.start - 1 };
            return Some(Finding::new(
                "invalid syntax.  Maybe you meant '!=' instead of '<>'?",
                start,
                here.end,
            ));
        }
        let before = if before == "else" || here.kind != TokenKind::End {
            before
        } else {
            self.text_at(at.saturating_sub(2))
        };
        if before == "else" && self.first_word() != "else" {
            let end = here.end.max(here.start + 1);
            let message = "expected expression after 'else', but statement is given";
            return Some(Finding::new(message, here.start, end));
        }
        if self.first_word() == "import" && text == "from" {
            let start = self.token(self.line_first(at)).start;
            let message = "Did you mean to use 'from ... import ...' instead?";
            return Some(Finding::new(message, start, self.line_tokens_end().start));
        }
        let of_params = self.opener(at).is_some_and(|open| self.is_parameters(open));
        if before == ":" && text == "*" && self.in_brackets(at) && !of_params {
            let end = self.primary_end(at + 1);
            return Some(Finding::new(
                "cannot use a starred expression in a dictionary value",
                here.start,
                end,
            ));
        }
        let first = self.line_first(at);
        if self.first_word() == "def" && at > 1 && self.text_at(at - 2) == "def" && self.is_name(at - 1) {
            return Some(Finding::new("expected '('", here.start, here.end.max(here.start + 1)));
        }
        let augmented =
            text.len() > 1 && text.ends_with('=') && !matches!(text, "==" | "!=" | "<=" | ">=" | ":=");
        if augmented
            && self.star_expressions(first) == Some(at)
            && self.tokens[first..at].iter().any(|t| self.text(*t) == ",")
        {
            let message = "'tuple' is an illegal expression for augmented assignment";
            return Some(Finding::new(message, self.token(first).start, self.token(at - 1).end));
        }
        None
    }
}
