//! How far an expression goes: a recognizer over the tokens, without a tree.
//!
//! What stands in brackets is taken on trust. Each function takes the index of the first token and gives the index after
//! the last, or `None` where nothing of that kind begins. Nothing here recurses: nesting is loops.

use super::Diagnosis;
use crate::scan::TokenKind;

/// Words that are no names.
pub const KEYWORDS: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def",
    "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is",
    "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

const ARITHMETIC: &[&str] = &["+", "-", "*", "/", "//", "%", "@", "**", "<<", ">>", "&", "|", "^"];
const COMPARISONS: &[&str] = &["<", ">", "==", "!=", "<=", ">=", "in", "is"];

impl Diagnosis<'_, '_> {
    /// Whether a token is a name, not a keyword.
    pub(super) fn is_name(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|t| t.kind == TokenKind::Name && !KEYWORDS.contains(&self.text(*t)))
    }

    /// Whether a token ends the text, the line or the block.
    pub(super) fn is_end(&self, at: usize) -> bool {
        self.tokens.get(at).is_none_or(|t| {
            matches!(t.kind, TokenKind::Newline | TokenKind::End | TokenKind::Dedent | TokenKind::Indent)
        })
    }

    /// A name, literal, or what is in brackets.
    fn atom(&self, at: usize) -> Option<usize> {
        let token = self.tokens.get(at)?;
        match token.kind {
            TokenKind::Name if matches!(self.text(*token), "None" | "True" | "False") => Some(at + 1),
            TokenKind::Name => self.is_name(at).then_some(at + 1),
            TokenKind::Number => Some(at + 1),
            TokenKind::String | TokenKind::FString => {
                let mut at = at;
                loop {
                    match self.tokens.get(at)?.kind {
                        TokenKind::String => at += 1,
                        TokenKind::FString if self.opens_fstring(at) => at = self.fstring_end(at)?,
                        _ => return Some(at),
                    }
                }
            }
            _ => match self.text(*token) {
                "(" | "[" | "{" => {
                    let close = self.matching(at);
                    matches!(self.text_at(close), ")" | "]" | "}").then_some(close + 1)
                }
                "..." => Some(at + 1),
                _ => None,
            },
        }
    }

    pub(super) fn opens_fstring(&self, at: usize) -> bool {
        !self.text_at(at).starts_with(['"', '\''])
    }

    /// The index after an f-string's end.
    pub(super) fn fstring_end(&self, at: usize) -> Option<usize> {
        let mut depth = 0;
        for (offset, token) in self.tokens[at..].iter().enumerate() {
            if token.kind == TokenKind::FString {
                depth += if self.opens_fstring(at + offset) { 1 } else { -1 };
                if depth == 0 {
                    return Some(at + offset + 1);
                }
            }
        }
        None
    }

    /// An atom, its attributes, calls and subscripts.
    pub(super) fn primary(&self, at: usize) -> Option<usize> {
        let mut at = self.atom(at)?;
        loop {
            match self.text_at(at) {
                "." if self.is_name(at + 1) => at += 2,
                "(" | "[" => {
                    let close = self.matching(at);
                    if !matches!(self.text_at(close), ")" | "]") {
                        return Some(at);
                    }
                    at = close + 1;
                }
                _ => return Some(at),
            }
        }
    }

    fn factor(&self, at: usize) -> Option<usize> {
        let mut at = at;
        while matches!(self.text_at(at), "+" | "-" | "~") {
            at += 1;
        }
        if self.text_at(at) == "await" {
            at += 1;
        }
        self.primary(at)
    }

    /// What binds tighter than comparisons.
    pub(super) fn bitwise(&self, at: usize) -> Option<usize> {
        let mut end = self.factor(at)?;
        while ARITHMETIC.contains(&self.text_at(end)) {
            match self.factor(end + 1) {
                Some(next) => end = next,
                None => break,
            }
        }
        Some(end)
    }

    /// `not`, comparisons, `and`, `or`.
    pub(super) fn disjunction(&self, at: usize) -> Option<usize> {
        let mut at = at;
        let mut end = None;
        loop {
            while self.text_at(at) == "not" {
                at += 1;
            }
            let Some(mut last) = self.bitwise(at) else { return end };
            loop {
                let operator = self.text_at(last);
                let next = match operator {
                    "not" if self.text_at(last + 1) == "in" => last + 2,
                    "is" if self.text_at(last + 1) == "not" => last + 2,
                    _ if COMPARISONS.contains(&operator) => last + 1,
                    _ => break,
                };
                match self.bitwise(next) {
                    Some(next) => last = next,
                    None => break,
                }
            }
            end = Some(last);
            if !matches!(self.text_at(last), "and" | "or") {
                return end;
            }
            at = last + 1;
        }
    }

    /// The `:` of a lambda.
    fn lambda_colon(&self, at: usize) -> Option<usize> {
        let mut at = at + 1;
        while !self.is_end(at) {
            match self.text_at(at) {
                ":" => return Some(at),
                "(" | "[" | "{" => at = self.matching(at),
                _ => {}
            }
            at += 1;
        }
        None
    }

    /// A lambda, a conditional expression, or less.
    pub(super) fn expression(&self, at: usize) -> Option<usize> {
        let mut at = at;
        let mut end = None;
        loop {
            while self.text_at(at) == "lambda" {
                match self.lambda_colon(at) {
                    Some(colon) => at = colon + 1,
                    None => return end,
                }
            }
            let Some(last) = self.disjunction(at) else { return end };
            end = Some(last);
            if self.text_at(last) != "if" {
                return end;
            }
            match self.disjunction(last + 1) {
                Some(other) if self.text_at(other) == "else" => at = other + 1,
                _ => return end,
            }
        }
    }

    /// Expressions, starred or not, between commas.
    pub(super) fn star_expressions(&self, at: usize) -> Option<usize> {
        let mut at = at;
        let mut end = None;
        loop {
            let element = match self.text_at(at) {
                "*" => self.bitwise(at + 1),
                _ => self.expression(at),
            };
            let Some(last) = element else { return end };
            if self.text_at(last) != "," {
                return Some(last);
            }
            end = Some(last + 1);
            at = last + 1;
        }
    }

    /// The innermost bracket that is open at a token.
    pub(super) fn opener(&self, at: usize) -> Option<usize> {
        let mut depth = 0;
        for index in (0..at.min(self.tokens.len())).rev() {
            match self.text_at(index) {
                ")" | "]" | "}" => depth += 1,
                "(" | "[" | "{" if depth == 0 => return Some(index),
                "(" | "[" | "{" => depth -= 1,
                _ => {}
            }
        }
        None
    }

    /// Where the element that holds token `at` begins: after the bracket's opening, its last comma, or the line's start.
    pub(super) fn element_start(&self, at: usize) -> usize {
        let mut depth = 0;
        for index in (0..at.min(self.tokens.len())).rev() {
            match self.text_at(index) {
                ")" | "]" | "}" => depth += 1,
                "(" | "[" | "{" if depth == 0 => return index + 1,
                "(" | "[" | "{" => depth -= 1,
                "," if depth == 0 => return index + 1,
                _ if depth == 0 && self.is_end(index) => return index + 1,
                _ => {}
            }
        }
        0
    }

    /// Whether the bracket at `at` holds a call's arguments (or a class's bases).
    pub(super) fn is_call(&self, at: usize) -> bool {
        self.text_at(at) == "(" && at > 0 && self.ends_operand(at - 1) && !self.is_parameters(at)
    }

    /// Whether the bracket at `at` holds a function's parameters.
    pub(super) fn is_parameters(&self, at: usize) -> bool {
        if self.text_at(at) != "(" || at < 2 {
            return false;
        }
        let mut name = at - 1;
        if self.text_at(name) == "]" {
            let Some(open) = self.opener(name) else { return false };
            if open == 0 {
                return false;
            }
            name = open - 1;
        }
        name > 0 && self.text_at(name - 1) == "def"
    }
}
