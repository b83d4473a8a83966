//! From the parser's errors to CPython's messages and places.
//!
//! CPython's parser says *where it stood* (the farthest token) and, in a second pass, tries rules for common mistakes.
//! Here the parser's first error gives the place, and its kind together with the tokens around it chooses the message.
//! What no rule knows is "invalid syntax" at the token.
//!
//! Read next: `rules.rs` (common mistakes), `targets.rs` (what cannot be assigned to), `strings.rs` (escapes and fields),
//! `place.rs` (where a plain error stands), `around.rs` and `expr.rs` (tokens, and how far expressions go).

mod around;
mod expr;
mod place;
mod rules;
mod strings;
mod targets;

use ruff_python_ast::Mod;
use ruff_python_parser::{ParseError, ParseErrorType, Parsed, UnsupportedSyntaxError};
use ruff_text_size::Ranged;

use crate::Mode;
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
    /// How far the rule looked, if farther than the end.
    seen: u32,
}

impl Finding {
    fn new(message: impl Into<String>, start: u32, end: u32) -> Finding {
        Finding { kind: SyntaxKind::Syntax, message: message.into(), start, end, seen: 0 }
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
pub fn diagnose(
    cx: &Cx<'_>,
    errors: &[&ParseError],
    unsupported: &[UnsupportedSyntaxError],
    scanned: &Scanned,
) -> Box<Fail> {
    let first = errors.iter().min_by_key(|e| e.range().start());
    let unsupported = unsupported.iter().min_by_key(|e| e.range.start());
    let start = match (first, unsupported) {
        (Some(a), Some(b)) => Some(a.range().start().min(b.range.start()).to_u32()),
        (a, b) => a.map(|a| a.range().start().to_u32()).or(b.map(|b| b.range.start().to_u32())),
    };
    if let Some(error) = &scanned.error {
        let noticed = match error.span.line {
            0 => error.at,
            line => cx.offset(line, error.span.col).min(error.at),
        };
        // CPython reads on to the end of the text, and tells of what its tokenizer says there before its own finding;
        // only not of the indentation.
        let lexical = error.kind == SyntaxKind::Syntax && !error.message.ends_with("was never closed");
        let indented = matches!(first.map(|e| &e.error), Some(ParseErrorType::UnexpectedIndentation))
            && error.kind == SyntaxKind::Syntax
            && start.is_some_and(|start| start < error.at);
        let lexical = lexical && !indented;
        let string = matches!(first.map(|e| &e.error), Some(ParseErrorType::Lexical(_)));
        if lexical || !indented && start.is_none_or(|start| start + 1 >= noticed || string) {
            cx.read_to.set(scanned.read_to(cx, error));
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
    // The end of the last line has no text of its own, but is a token.
    let before = |t: &Token| t.end <= start && !(t.kind == TokenKind::Newline && t.start == start);
    let here = tokens.partition_point(before).min(tokens.len().saturating_sub(1));
    let diagnosis = Diagnosis { cx, tokens, start, end, here };
    diagnosis.note_statement();
    let rest = &diagnosis.tokens[here.min(diagnosis.tokens.len())..];
    // (In a bracket the end of the last line ends nothing.)
    let is_end = |t: &Token| match t.kind {
        TokenKind::End | TokenKind::Dedent => true,
        TokenKind::Newline => !scanned.open.is_empty(),
        _ => false,
    };
    cx.at_end.set(rest.iter().all(is_end));
    let finding = diagnosis.find(error, scanned, unsupported.map(|e| e.to_string()));
    let span = diagnosis.span(&finding);
    cx.read_to.set(diagnosis.read_to(&finding));
    Box::new(Fail::Syntax(finding.kind, finding.message, span))
}

/// The star of an element at the top of an expression: `eval` takes none, though a statement would.
pub fn bare_star(cx: &Cx<'_>, parsed: &Parsed<Mod>) -> Option<Span> {
    if !cx.source.contains('*') {
        return None;
    }
    let mut depth = 0;
    // Lambdas whose parameters are being read, outside of brackets: a star among these is theirs.
    let mut lambdas = 0;
    let mut fresh = true;
    for token in Scanner::run(cx, true).tokens {
        let text = &cx.source[token.start as usize..token.end as usize];
        match (token.kind, text) {
            (TokenKind::Indent, _) => return None,
            (_, "lambda") if depth == 0 => lambdas += 1,
            (TokenKind::Op, ":") if depth == 0 && lambdas > 0 => lambdas -= 1,
            (TokenKind::Op, "*") if fresh && depth == 0 && lambdas == 0 => {
                let later = parsed.errors().iter().all(|e| e.range().start().to_u32() >= token.start);
                return later.then(|| cx.span(token.start, token.end));
            }
            (TokenKind::Op, "(" | "[" | "{") => depth += 1,
            (TokenKind::Op, ")" | "]" | "}") => depth -= 1,
            _ => {}
        }
        fresh = text == ",";
    }
    None
}

impl Diagnosis<'_, '_> {
    /// The line that the tokenizer had come to.
    fn read_to(&self, finding: &Finding) -> u32 {
        let line = |offset: u32| self.cx.line_col(offset).0;
        if finding.message.ends_with("was never closed") {
            return self.cx.last_line();
        }
        let end = if finding.end >= Span::ENDMARKER { finding.start } else { finding.end };
        let here = self.tokens.get(self.here).map_or(0, |t| t.start);
        let farthest = here.max(end.saturating_sub(1)).max(finding.seen.saturating_sub(1)).max(finding.start);
        line(farthest).min(self.cx.last_line())
    }

    fn span(&self, finding: &Finding) -> Span {
        match finding.end {
            Span::ENDMARKER => {
                let line = self.cx.last_line();
                Span { line, col: Span::CARET, end_line: line, end_col: Span::CARET }
            }
            // The end of a last line without a newline is a token without a place: its column is one less.
            _ if self.cx.mode != Mode::Exec && finding.start as usize >= self.cx.source.len() => {
                let span = self.cx.span(finding.start, finding.start);
                Span { col: span.col.saturating_sub(1), end_col: Span::NO_TEXT, ..span }
            }
            end @ (Span::CARET | Span::NO_TEXT) => {
                Span { end_col: end, ..self.cx.span(finding.start, finding.start) }
            }
            end => {
                let span = self.cx.span(finding.start, end);
                let (line, col) = self.cx.line_col(end.saturating_sub(1).max(finding.start));
                // A newline is part of its line.
                if span.end_col == 0 && span.end_line > line {
                    Span { end_line: line, end_col: col + 1, ..span }
                } else {
                    span
                }
            }
        }
    }

    /// Notes where the last whole statement in front of the error begins: the sibling in front of it, or of a block
    /// that it is the first of.
    fn note_statement(&self) {
        let mut depth = 0;
        let mut at = self.line_first(self.here);
        while at > 0 {
            match self.token(at - 1).kind {
                TokenKind::Dedent => {
                    depth += 1;
                    at -= 1;
                }
                TokenKind::Indent => {
                    // The header of the block: its siblings come next.
                    depth = (depth - 1).max(-1);
                    at -= 1;
                }
                _ => {
                    at = self.line_first(at - 1);
                    match depth {
                        0 => {
                            let (line, col) = self.cx.line_col(self.token(at).start);
                            return self.cx.statement.set((line, col));
                        }
                        -1 => depth = 0,
                        _ => {}
                    }
                }
            }
        }
    }

    fn find(
        &self,
        error: Option<&ParseErrorType>,
        scanned: &Scanned,
        unsupported: Option<String>,
    ) -> Finding {
        let known = |error: Option<&ParseErrorType>| match error {
            Some(error) => self.known(error),
            None => self.unsupported(&unsupported.unwrap_or_default()),
        };
        let finding = self
            .early()
            .or_else(|| known(error))
            .or_else(|| self.by_tokens())
            .unwrap_or_else(|| self.invalid());
        self.unclosed(scanned, &finding).unwrap_or(finding)
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
            E::InvalidAnnotatedAssignmentTarget => self.annotation_target(),
            E::InvalidDeleteTarget => Some(self.delete_target()),
            E::UnexpectedIndentation => Some(self.unexpected_indent()),
            E::SimpleAndCompoundStatementOnSameLine if self.text(here) == "match" => self.match_name(),
            E::InvalidStarredExpressionUsage if self.is_dict_value() => None,
            E::InvalidStarredExpressionUsage if self.first_word() == "type" => Some(self.invalid()),
            E::InvalidStarredExpressionUsage => self.starred(),
            E::IterableUnpackingInComprehension => {
                plain("iterable unpacking cannot be used in comprehension")
            }
            E::UnparenthesizedGeneratorExpression => self.bare_generator(),
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
            E::ExpectedKeywordParam => self.bare_parameter_star(),
            E::EmptyImportNames => self.empty_import(),
            E::EmptyTypeParams if self.text(here) != "]" => Some(self.invalid()),
            E::EmptyTypeParams => {
                Some(Finding::new("Type parameter list cannot be empty", here.start, here.start))
            }
            E::InvalidMatchPatternTarget if self.here > 0 && self.text_at(self.here - 1) != "as" => {
                Some(self.invalid())
            }
            E::InvalidMatchPatternTarget => plain("cannot use '_' as a target"),
            E::ExpectedImaginaryNumber | E::ExpectedRealNumber if !self.is_number(self.here) => {
                Some(self.no_number())
            }
            E::ExpectedImaginaryNumber => plain("imaginary number required in complex literal"),
            E::ExpectedRealNumber => plain("real number required in complex literal"),
            E::ExpectedToken { expected, found } => self.expected(&expected.to_string(), &found.to_string()),
            E::FStringError(_) | E::TStringError(_) => self.field_error(&error.to_string()),
            E::Lexical(_) => self.lexical(&error.to_string()),
            E::OtherError(message) => self.other(message),
            _ => None,
        }
    }

    /// A `match` statement behind a `;`, where `match` is a name: its expression may be annotated, but no more.
    fn match_name(&self) -> Option<Finding> {
        let end = self.expression(self.here)?;
        Some(self.invalid_at(if self.text_at(end) == ":" { end + 1 } else { end }))
    }

    fn expected(&self, expected: &str, _found: &str) -> Option<Finding> {
        let here = self.token(self.here);
        if expected.contains('`') && expected.contains(':') {
            const FORCED: &[&str] = &["def", "else", "try", "finally"];
            let forced = FORCED.contains(&self.first_word());
            if self.first_word() == "except" && here.kind == TokenKind::Newline && !self.is_except_header() {
                return None;
            }
            if self.is_header() && (here.kind == TokenKind::Newline || forced) {
                let what = if self.wants_parens() { "expected '('" } else { "expected ':'" };
                return Some(Finding::new(what, here.start, here.end.max(here.start + 1)));
            }
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
            "Only one '*' parameter allowed" | "Only one '*' separator allowed"
                if self.text_at(self.here + 1) != "," && !self.is_name(self.here + 1) =>
            {
                Some(self.invalid())
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
                let at = self.else_of_try().unwrap_or_else(|| self.token_after_block());
                let end = at.end;
                Some(Finding::new("expected 'except' or 'finally' block", at.start, end))
            }
            "Cannot have both 'except' and 'except*' on the same 'try'" => {
                let star = self.tokens.get(self.here + 1).filter(|t| self.text(**t) == "*");
                let end = star.map_or(here.end, |t| t.end);
                let message = "cannot have both 'except' and 'except*' on the same 'try'";
                Some(Finding::new(message, here.start, end))
            }
            "Expected one or more exception types" if self.text_at(self.here.saturating_sub(1)) != "*" => {
                Some(self.invalid())
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
            return self.bad_escape().or_else(|| self.bad_text_escape());
        }
        None
    }

    /// Where an `as` is followed by what is no name.
    pub(super) fn bad_alias(&self, at: usize) -> Option<Finding> {
        let after = self.expression(at)?;
        let what = match self.first_word() {
            "import" | "from" => "import target",
            "case" => "pattern target",
            "except" if self.text_at(after) == ":" => {
                let first = self.line_first(self.here);
                if self.text_at(first + 1) == "*" { "except* statement" } else { "except statement" }
            }
            _ => return None,
        };
        let (start, end) = (self.token(at).start, self.token(after - 1).end);
        let name = self.expression_name(start, end);
        let (start, end) = self.inside_parens(start, end);
        let message = match what {
            "except statement" | "except* statement" => format!("cannot use {what} with {name}"),
            _ => format!("cannot use {name} as {what}"),
        };
        Some(Finding::new(message, start, end))
    }

    /// A number, or a sign and a number.
    fn is_number(&self, at: usize) -> bool {
        let at = if self.text_at(at) == "-" { at + 1 } else { at };
        self.token(at).kind == TokenKind::Number
    }

    /// What is no number in a pattern's arithmetic.
    fn no_number(&self) -> Finding {
        let at = self.here;
        if self.text_at(at) == "-" {
            return self.invalid_at(at + 1);
        }
        // On the right of the operator, the token; on the left, the operator.
        let right = at > 0 && matches!(self.text_at(at - 1), "+" | "-");
        self.invalid_at(if right { at } else { self.primary(at).unwrap_or(at) })
    }

    /// A generator expression among other arguments; if it is one.
    fn bare_generator(&self) -> Option<Finding> {
        let after = self.tokens.partition_point(|t| t.start < self.end);
        if self.first_word() == "class" {
            let word = (self.here..after).find(|n| self.text_at(*n) == "for").unwrap_or(self.here);
            return Some(self.invalid_at(word));
        }
        if !matches!(self.text_at(after), "," | ")") && !self.is_end(after) {
            return Some(self.invalid_at(after));
        }
        Some(Finding::new("Generator expression must be parenthesized", self.start, self.end))
    }

    /// `*` among parameters, and no names after it.
    fn bare_parameter_star(&self) -> Option<Finding> {
        let upto = (self.here + 1).min(self.tokens.len());
        let star = (0..upto).rev().find(|n| self.text_at(*n) == "*")?;
        let mut next = star + 1;
        if !matches!(self.text_at(next), ")" | "," | ":") {
            return Some(self.invalid_at(next));
        }
        let lambda = self.opener(star).is_none_or(|open| !self.is_parameters(open));
        if self.text_at(next) == "," && lambda {
            next += 1;
        }
        let place = if lambda { next } else { star };
        Some(Finding::at("named arguments must follow bare *", self.token(place)))
    }

    /// `except`, `except E`, `except E as name`, and nothing else.
    fn is_except_header(&self) -> bool {
        let first = self.line_first(self.here);
        let value = if self.text_at(first + 1) == "*" { first + 2 } else { first + 1 };
        match self.expression(value) {
            None => value == self.here,
            Some(end) if self.text_at(end) == "as" => end + 2 == self.here,
            Some(end) => end == self.here,
        }
    }

    /// Literals of different kinds next to each other.
    fn mixed_literals(&self) -> Finding {
        let first = self.token(self.here);
        let (mut at, mut kinds) = (self.here, [false; 2]);
        while let Some(end) = match self.token(at).kind {
            TokenKind::String => Some(at + 1),
            TokenKind::FString => self.fstring_end(at),
            _ => None,
        } {
            let prefix = self.text_at(at).split(['\'', '"']).next().unwrap_or_default();
            kinds[usize::from(prefix.contains(['t', 'T']))] = true;
            if kinds == [true; 2] {
                let message = "cannot mix t-string literals with string or bytes literals";
                return Finding::new(message, first.start, self.token(end - 1).end);
            }
            at = end;
        }
        let next = self.token(at.max(self.here + 1));
        Finding::new("cannot mix bytes and nonbytes literals", next.start, next.end.max(next.start + 1))
    }

    fn empty_import(&self) -> Option<Finding> {
        let here = self.token(self.here);
        let end = self.line_tokens_end();
        (here.kind == TokenKind::Newline || self.start >= end.start)
            .then(|| Finding::new("Expected one or more names after 'import'", end.start, end.start))
    }
}
