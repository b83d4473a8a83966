//! From the parser's errors to CPython's messages and places.
//!
//! CPython's parser says *where it stood* (the farthest token) and, in a second pass, tries rules for common mistakes.
//! Here the parser's first error gives the place, and its kind together with the tokens around it chooses the message.
//! What no rule knows is "invalid syntax" at the token.
//!
//! Read next: `targets.rs` (what cannot be assigned to), `strings.rs` (escapes and fields), `around.rs` (tokens).

mod around;
mod strings;
mod targets;

use ruff_python_ast::Mod;
use ruff_python_parser::{ParseErrorType, Parsed};
use ruff_text_size::Ranged;

use crate::cx::{Cx, Fail};
use crate::error::SyntaxKind;
use crate::scan::{Scanned, Scanner, Token, TokenKind};
use crate::tree::Span;

/// A message, its place in bytes, and its class.
pub struct Finding {
    kind: SyntaxKind,
    message: String,
    start: u32,
    end: u32,
}

impl Finding {
    fn new(message: impl Into<String>, start: u32, end: u32) -> Finding {
        Finding { kind: SyntaxKind::Syntax, message: message.into(), start, end }
    }

    fn at(message: impl Into<String>, token: Token) -> Finding {
        Finding::new(message, token.start, token.end)
    }
}

/// What the rules look at.
pub struct Diagnosis<'d, 'a> {
    cx: &'d Cx<'a>,
    tokens: Vec<Token>,
    /// The parser's place.
    start: u32,
    end: u32,
    /// The token there.
    here: usize,
}

/// The failure that the parser's errors mean.
pub fn diagnose(cx: &Cx<'_>, parsed: &Parsed<Mod>, scanned: &Scanned) -> Box<Fail> {
    let first = parsed.errors().iter().min_by_key(|e| e.range().start());
    let unsupported = parsed.unsupported_syntax_errors().iter().min_by_key(|e| e.range.start());
    let start = match (first, unsupported) {
        (Some(a), Some(b)) => Some(a.range().start().min(b.range.start()).to_u32()),
        (a, b) => a.map(|a| a.range().start().to_u32()).or(b.map(|b| b.range.start().to_u32())),
    };
    if let Some(error) = &scanned.error {
        let noticed = match error.span.line {
            0 => error.at,
            line => cx.offset(line, error.span.col).min(error.at),
        };
        let string = matches!(first.map(|e| &e.error), Some(ParseErrorType::Lexical(_)));
        if start.is_none_or(|start| start + 1 >= noticed || string) {
            return Box::new(Fail::Syntax(error.kind, error.message.clone(), error.span));
        }
    }
    let tokens = Scanner::run(cx, true).tokens;
    let (range, error) = match (first, unsupported) {
        (Some(e), _) => (e.range(), Some(&e.error)),
        (None, Some(e)) => (e.range, None),
        (None, None) => (Default::default(), None),
    };
    let (start, end) = (range.start().to_u32(), range.end().to_u32());
    let here = tokens.partition_point(|t| t.end <= start).min(tokens.len().saturating_sub(1));
    let diagnosis = Diagnosis { cx, tokens, start, end, here };
    let finding = diagnosis.find(error, scanned, unsupported.map(|e| e.to_string()));
    let span = diagnosis.span(&finding);
    Box::new(Fail::Syntax(finding.kind, finding.message, span))
}

impl Diagnosis<'_, '_> {
    fn span(&self, finding: &Finding) -> Span {
        self.cx.span(finding.start, finding.end)
    }

    fn find(
        &self,
        error: Option<&ParseErrorType>,
        scanned: &Scanned,
        unsupported: Option<String>,
    ) -> Finding {
        if let Some(finding) = self.unclosed(scanned) {
            return finding;
        }
        let known = match error {
            Some(error) => self.known(error),
            None => self.unsupported(&unsupported.unwrap_or_default()),
        };
        known.or_else(|| self.by_tokens()).unwrap_or_else(|| self.invalid())
    }

    /// "invalid syntax" at the token where the parser stood.
    fn invalid(&self) -> Finding {
        let token = self.token(self.here);
        let end = if token.kind == TokenKind::Newline || token.kind == TokenKind::End {
            token.start + 1
        } else {
            token.end
        };
        Finding::new("invalid syntax", token.start, end)
    }

    /// A bracket that is open at the end of the text.
    fn unclosed(&self, scanned: &Scanned) -> Option<Finding> {
        if scanned.error.is_some() {
            return None;
        }
        let (byte, at) = *scanned.open.last()?;
        let line = |offset: u32| self.cx.line_col(offset).0;
        let at_end = matches!(self.token(self.here).kind, TokenKind::Newline | TokenKind::End);
        if self.start < at || (line(self.start) == line(at) && !at_end) {
            return None;
        }
        Some(Finding::new(format!("'{}' was never closed", char::from(byte)), at, at))
    }

    fn unsupported(&self, message: &str) -> Option<Finding> {
        let end = self.start + if message.contains("dictionary") { 2 } else { 0 };
        if message.contains("dictionary unpacking") {
            return Some(Finding::new(
                "dict unpacking cannot be used in dict comprehension",
                self.start,
                end,
            ));
        }
        if message.contains("iterable unpacking in a") {
            return Some(Finding::new(
                "iterable unpacking cannot be used in comprehension",
                self.start,
                self.end,
            ));
        }
        None
    }

    /// What the parser's own kind of error says.
    fn known(&self, error: &ParseErrorType) -> Option<Finding> {
        use ParseErrorType as E;
        let here = self.token(self.here);
        let plain = |message: &str| Some(Finding::new(message, self.start, self.end));
        match error {
            E::InvalidAssignmentTarget => Some(self.assignment_target()),
            E::InvalidNamedAssignmentTarget => {
                let name = self.expression_name(self.start, self.end);
                plain(&format!("cannot use assignment expressions with {name}"))
            }
            E::InvalidAugmentedAssignmentTarget => {
                let name = self.expression_name(self.start, self.end);
                plain(&format!("'{name}' is an illegal expression for augmented assignment"))
            }
            E::InvalidAnnotatedAssignmentTarget => plain("illegal target for annotation"),
            E::InvalidDeleteTarget => Some(self.delete_target()),
            E::UnexpectedIndentation => Some(self.unexpected_indent()),
            E::InvalidStarredExpressionUsage if self.is_dict_value() => None,
            E::InvalidStarredExpressionUsage => plain("can't use starred expression here"),
            E::IterableUnpackingInComprehension => {
                plain("iterable unpacking cannot be used in comprehension")
            }
            E::UnparenthesizedGeneratorExpression => plain("Generator expression must be parenthesized"),
            E::PositionalAfterKeywordArgument => {
                self.before_close("positional argument follows keyword argument")
            }
            E::PositionalAfterKeywordUnpacking => {
                self.before_close("positional argument follows keyword argument unpacking")
            }
            E::InvalidArgumentUnpackingOrder => {
                let message = "iterable argument unpacking follows keyword argument unpacking";
                Some(Finding::new(message, self.argument_start(), self.close_after(self.end)))
            }
            E::NonDefaultParamAfterDefaultParam => {
                plain("parameter without a default follows parameter with a default")
            }
            E::ParamAfterVarKeywordParam => plain("arguments cannot follow var-keyword argument"),
            E::VarParameterWithDefault => {
                let equals = self.find_text(self.here, "=").unwrap_or(here);
                let double = self.text_before(equals, 2) == "**";
                let what = if double { "var-keyword" } else { "var-positional" };
                Some(Finding::at(format!("{what} argument cannot have default value"), equals))
            }
            E::ExpectedKeywordParam => {
                let star = self.star_before();
                Some(Finding::at("named arguments must follow bare *", star))
            }
            E::EmptyImportNames => self.empty_import(),
            E::EmptyTypeParams => {
                Some(Finding::new("Type parameter list cannot be empty", here.start, here.start))
            }
            E::InvalidMatchPatternTarget => plain("cannot use '_' as a target"),
            E::ExpectedImaginaryNumber => plain("imaginary number required in complex literal"),
            E::ExpectedRealNumber => plain("real number required in complex literal"),
            E::ExpectedToken { expected, found } => self.expected(&expected.to_string(), &found.to_string()),
            E::FStringError(_) | E::TStringError(_) => self.field_error(&error.to_string()),
            E::Lexical(_) => self.lexical(&error.to_string()),
            E::OtherError(message) => self.other(message),
            _ => None,
        }
    }

    fn expected(&self, expected: &str, _found: &str) -> Option<Finding> {
        let here = self.token(self.here);
        if expected.contains('`') && expected.contains(':') {
            if self.text(here) == "=" && self.header_tests() {
                let (start, end) = self.around_equals(self.here);
                let message = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
                return Some(Finding::new(message, start, end));
            }
            if self.is_header() && (here.kind == TokenKind::Newline || !self.header_tests()) {
                let what = if self.wants_parens() { "expected '('" } else { "expected ':'" };
                return Some(Finding::new(what, here.start, here.end.max(here.start + 1)));
            }
        }
        if expected.contains("else") && here.kind == TokenKind::Newline {
            let start = self.operand_start(self.here);
            return Some(Finding::new("expected 'else' after 'if' expression", start, here.start));
        }
        None
    }

    /// Messages that the parser gives as text.
    fn other(&self, message: &str) -> Option<Finding> {
        let here = self.token(self.here);
        let plain = |message: &str| Some(Finding::new(message, self.start, self.end));
        if message.starts_with("Expected an indented block after") {
            return Some(self.missing_block());
        }
        match message {
            "Only single target (not tuple) can be annotated" => {
                let tuple = self.text(here) != "(";
                let end = if tuple { here.end } else { self.end };
                Some(Finding::new("only single target (not tuple) can be annotated", self.start, end))
            }
            "Only single target (not list) can be annotated" => {
                plain("only single target (not list) can be annotated")
            }
            "Only one '*' parameter allowed" | "Only one '*' separator allowed" => {
                Some(Finding::at("* argument may appear only once", here))
            }
            "Only one '/' separator allowed" => Some(Finding::at("/ may appear only once", here)),
            "'/' parameter must appear before '*' parameter" => {
                Some(Finding::at("/ must be ahead of *", here))
            }
            "Positional patterns cannot follow keyword patterns" => {
                plain("positional patterns follow keyword patterns")
            }
            "Expected `except` or `finally` after `try` block" => {
                let end = if here.kind == TokenKind::Newline { here.start } else { here.end };
                let at = self.token_after_block();
                let end = if at.start == here.start { end } else { at.end };
                Some(Finding::new("expected 'except' or 'finally' block", at.start, end))
            }
            "Cannot have both 'except' and 'except*' on the same 'try'" => {
                let end = self.tokens.get(self.here + 1).map_or(here.end, |t| t.end);
                let message = "cannot have both 'except' and 'except*' on the same 'try'";
                Some(Finding::new(message, here.start, end))
            }
            "Expected one or more exception types" => {
                let next = self.token(self.here);
                Some(Finding::new("expected one or more exception types", next.start, next.start + 1))
            }
            "Multiple exception types must be parenthesized when using `as`" => {
                let end = self.find_text(self.here, ":").map_or(self.end, |colon| colon.start);
                let message = "multiple exception types must be parenthesized when using 'as'";
                Some(Finding::new(message, self.start, end))
            }
            "Trailing comma not allowed" if self.first_word() == "from" => {
                let after = self.tokens.get(self.here + 1).copied().unwrap_or(here);
                let at = if self.text(here) == "," { after } else { here };
                let message = "trailing comma not allowed without surrounding parentheses";
                Some(Finding::new(message, at.start, at.start + 1))
            }
            "Expected symbol after `as`" | "Expected name after `as`" => self.bad_alias(self.here),
            _ if message.contains("mixed") || message.contains("mix ") => Some(self.mixed_literals()),
            _ => None,
        }
    }

    fn lexical(&self, message: &str) -> Option<Finding> {
        if message.contains("unicode") || message.contains("Unicode") {
            return self.bad_escape();
        }
        None
    }

    /// Where an `as` is followed by what is no name.
    pub(super) fn bad_alias(&self, at: usize) -> Option<Finding> {
        let what = match self.first_word() {
            "import" | "from" => "import",
            "case" => "pattern",
            _ => return None,
        };
        let end = self.primary_end(at);
        let here = self.token(at);
        let name = self.expression_name(here.start, end);
        Some(Finding::new(format!("cannot use {name} as {what} target"), here.start, end))
    }

    /// Literals of different kinds next to each other.
    fn mixed_literals(&self) -> Finding {
        let is_string = |t: &&Token| matches!(t.kind, TokenKind::String | TokenKind::FString);
        let strings = self.tokens[self.here..].iter().take_while(is_string).count().max(1);
        let (first, last) = (self.token(self.here), self.token(self.here + strings - 1));
        if self.text(first).to_ascii_lowercase().starts_with('t')
            || self.text(last).to_ascii_lowercase().starts_with('t')
        {
            let message = "cannot mix t-string literals with string or bytes literals";
            return Finding::new(message, first.start, last.end);
        }
        let next = self.token(self.here + strings);
        Finding::new("cannot mix bytes and nonbytes literals", next.start, next.end.max(next.start + 1))
    }

    fn empty_import(&self) -> Option<Finding> {
        let here = self.token(self.here);
        let end = self.line_tokens_end();
        (here.kind == TokenKind::Newline || self.start >= end.start)
            .then(|| Finding::new("Expected one or more names after 'import'", end.start, end.start))
    }
}
