//! Rules for common mistakes that look at the tokens alone, in the order in which they are tried.
//!
//! The first ones go before the parser's own words: there the parser's error does not stand where CPython's does.

use super::{Diagnosis, Finding};
use crate::scan::TokenKind;
use crate::tree::Span;

impl Diagnosis<'_, '_> {
    /// Rules that know better than the parser's own error.
    pub(super) fn early(&self) -> Option<Finding> {
        let at = self.here;
        self.field_rules()
            .or_else(|| self.alias(at))
            .or_else(|| self.else_missing(at))
            .or_else(|| self.statement_before_if(at))
            .or_else(|| self.legacy_print(at))
            .or_else(|| self.dict_key(at))
            .or_else(|| self.bare_star(at))
            .or_else(|| self.comprehension_target(at))
            .or_else(|| self.in_missing(at))
            .or_else(|| self.between_strings(at))
            .or_else(|| self.parameters(at))
            .or_else(|| self.equals(at))
    }

    /// `as` and no plain name.
    fn alias(&self, at: usize) -> Option<Finding> {
        let word = (at.saturating_sub(2)..at).rev().find(|n| self.text_at(*n) == "as")?;
        let named = self.is_name(word + 1);
        let goes_on = match self.first_word() {
            "import" | "from" => !matches!(self.text_at(word + 2), "," | ")") && !self.is_end(word + 2),
            _ => self.expression(word + 1) != Some(word + 2),
        };
        (!named || goes_on).then(|| self.bad_alias(word + 1)).flatten()
    }

    /// The `else` of a `try` that has no `except`.
    pub(super) fn else_of_try(&self) -> Option<crate::scan::Token> {
        let word = (0..=self.here.min(self.tokens.len().checked_sub(1)?))
            .rev()
            .find(|n| self.text_at(*n) == "else" && self.line_first(*n) == *n)?;
        let newline = |n: &usize| self.token(*n).kind == TokenKind::Newline;
        let lines = (word..self.here).filter(newline).count();
        let starts = self.token_after_block().start >= self.token(word).start;
        (lines <= 1 && starts && self.end >= self.token(word).start).then(|| self.token(word))
    }

    /// From a token's start to another's end.
    pub(super) fn over(&self, message: impl Into<String>, first: usize, end: usize) -> Finding {
        let last = self.token(end.saturating_sub(1).max(first));
        Finding::new(message, self.token(first).start, last.end)
    }

    /// `a if b`, and then no `else`.
    pub(super) fn else_missing(&self, at: usize) -> Option<Finding> {
        let start = self.element_start(at);
        for index in (start..at).rev() {
            if self.text_at(index) != "if" || index == start || !self.ends_operand(index - 1) {
                continue;
            }
            let end = self.disjunction(index + 1)?;
            if end > at || matches!(self.text_at(end), "else" | ":") {
                return None;
            }
            // In a comprehension, `if` begins a condition.
            let loops = (start..index).any(|n| self.text_at(n) == "for");
            let first = self.ternary_start(start, index)?;
            return (!loops).then(|| self.over("expected 'else' after 'if' expression", first, end));
        }
        None
    }

    /// Where the expression begins that ends in front of `if`.
    fn ternary_start(&self, from: usize, index: usize) -> Option<usize> {
        let mut at = from;
        while at < index {
            let fresh = at == from || !self.ends_operand(at - 1) || self.is_legacy(at - 1);
            match fresh.then(|| self.disjunction(at)).flatten() {
                Some(end) if end == index => return Some(at),
                // What begins inside of it ends with it.
                Some(end) => at = end.max(at + 1),
                None => at += 1,
            }
        }
        None
    }

    fn is_legacy(&self, at: usize) -> bool {
        matches!(self.text_at(at), "print" | "exec")
    }

    /// `pass if b else c`
    fn statement_before_if(&self, at: usize) -> Option<Finding> {
        let at = if self.text_at(at) == "if" { at.checked_sub(1)? } else { at };
        if !matches!(self.text_at(at), "pass" | "break" | "continue") {
            return None;
        }
        // The whole must be there, or another rule takes it.
        let at_if = at + 1;
        let end = (self.text_at(at_if) == "if").then(|| self.disjunction(at_if + 1)).flatten()?;
        (self.text_at(end) == "else" && self.expression(end + 1).is_some()).then(|| {
            let message = "expected expression before 'if', but statement is given";
            Finding::at(message, self.token(at))
        })
    }

    /// `print x`, `exec x`
    fn legacy_print(&self, at: usize) -> Option<Finding> {
        let first = self.line_first(at);
        let word = (first..=at).find(|n| {
            self.is_legacy(*n)
                && (*n == 0 || self.text_at(n - 1) != ".")
                && self.text_at(n + 1) != "("
                && self.text_at(n + 1) != "["
                && *n < at
                && !self.is_end(n + 1)
        })?;
        let end = self.star_expressions(word + 1)?;
        let name = self.text_at(word);
        if self.text_at(end) == "if"
            && let Some(condition) = self.disjunction(end + 1)
        {
            return self.else_missing(condition);
        }
        // What goes on from `print` as from any name is only told where the whole fails there.
        if at == word + 1 || end >= at {
            let message = format!("Missing parentheses in call to '{name}'. Did you mean {name}(...)?");
            return Some(self.over(message, word, end));
        }
        None
    }

    /// Where the display or call that holds token `at` is a dict, its brace.
    fn dict_brace(&self, at: usize) -> Option<usize> {
        let open = self.opener(at)?;
        if self.text_at(open) != "{" || self.token(open).kind == TokenKind::Field {
            return None;
        }
        if self.text_at(open + 1) == "**" {
            return (self.element_start(at) > open + 1).then_some(open);
        }
        let key = self.expression(open + 1)?;
        (self.text_at(key) == ":" && key < at && self.element_start(at) > open + 1).then_some(open)
    }

    /// Whether token `at` stands in a dict, after its first element.
    pub(super) fn is_dict(&self, at: usize) -> bool {
        self.dict_brace(at).is_some()
    }

    /// An element of a dict without `:`.
    fn dict_key(&self, at: usize) -> Option<Finding> {
        if self.first_word() == "case" {
            return None;
        }
        if matches!(self.text_at(at), "}" | ",") && at > 1 && self.text_at(at - 1) == ":" {
            let open = self.opener(at)?;
            if self.text_at(open) == "{" && self.token(open).kind != TokenKind::Field {
                let message = "expression expected after dictionary key and ':'";
                return Some(Finding::at(message, self.token(at - 1)));
            }
        }
        let open = self.dict_brace(at)?;
        if (open..at).any(|n| self.text_at(n) == "for" && self.opener(n) == Some(open)) {
            return None;
        }
        let start = self.element_start(at);
        let end = self.expression(start)?;
        if end > at || self.text_at(end) == ":" || self.text_at(start) == "**" {
            return None;
        }
        let last = self.token(end - 1).end;
        Some(Finding::new("':' expected after dictionary key", last.saturating_sub(1), Span::CARET))
    }

    /// `*` without anything.
    pub(super) fn bare_star(&self, at: usize) -> Option<Finding> {
        let star = match self.text_at(at) {
            "*" => at,
            _ => at.checked_sub(1)?,
        };
        let next = self.text_at(star + 1);
        if self.text_at(star) != "*" || star == 0 || !matches!(next, ")" | "]" | "}" | ",") {
            return None;
        }
        let open = self.opener(star)?;
        let begins = matches!(self.text_at(star - 1), "(" | "[" | "{" | ",");
        (begins && !self.is_parameters(open) && !self.is_import() && !self.is_type_params(open))
            .then(|| Finding::at("Invalid star expression", self.token(star + 1)))
    }

    pub(super) fn is_import(&self) -> bool {
        matches!(self.first_word(), "import" | "from")
    }

    /// `[x, y for ..]`
    fn comprehension_target(&self, at: usize) -> Option<Finding> {
        let word = match self.text_at(at) {
            "for" => at,
            "async" if self.text_at(at + 1) == "for" => at + 1,
            _ => return None,
        };
        let open = self.opener(at)?;
        let display = match self.text_at(open) {
            "[" => open == 0 || !self.ends_operand(open - 1),
            "{" => self.token(open).kind != TokenKind::Field,
            _ => false,
        };
        if !display || self.dict_brace(at).is_some() || self.star_expressions(open + 1) != Some(at) {
            return None;
        }
        let comma = (open + 1..at).any(|n| self.text_at(n) == "," && self.opener(n) == Some(open));
        // The clauses are read to their end, where the bracket may be found to be open.
        let (targets, _) = self.targets(word + 1)?;
        let end = (self.text_at(targets) == "in").then(|| self.disjunction(targets + 1)).flatten()?;
        comma.then(|| {
            let message = "did you forget parentheses around the comprehension target?";
            let mut finding = self.over(message, open + 1, at);
            finding.seen = self.token(end - 1).end;
            finding
        })
    }

    /// The targets of a `for`: the index after them, and whether there is a comma.
    fn targets(&self, at: usize) -> Option<(usize, bool)> {
        let mut at = at;
        let mut comma = false;
        loop {
            let star = usize::from(self.text_at(at) == "*");
            match self.primary(at + star) {
                Some(end) => at = end,
                None if comma && star == 0 => return Some((at, true)),
                None => return None,
            }
            if self.text_at(at) != "," {
                return Some((at, comma));
            }
            comma = true;
            at += 1;
        }
    }

    /// A comprehension's `for x` without `in`.
    fn in_missing(&self, at: usize) -> Option<Finding> {
        let open = self.opener(at)?;
        let word =
            (open + 1..at).rev().find(|n| self.text_at(*n) == "for" && self.opener(*n) == Some(open))?;
        if word == open + 1 {
            return None;
        }
        let (end, _) = self.targets(word + 1)?;
        let targets = self.tokens.get(word + 1..end)?;
        let plain = targets.iter().all(|t| t.kind != TokenKind::Number && t.kind != TokenKind::String);
        let called = self.text_at(end - 1) == ")" && self.opener(end - 1).is_some_and(|o| self.is_call(o));
        let token = self.token(end);
        (end <= at && plain && !called && self.text(token) != "in" && !self.is_end(end))
            .then(|| Finding::at("'in' expected after for-loop variables", token))
    }

    /// `"a" b "c"`
    fn between_strings(&self, at: usize) -> Option<Finding> {
        let string = |n: usize| {
            self.tokens.get(n).is_some_and(|t| matches!(t.kind, TokenKind::String | TokenKind::FString))
        };
        if at == 0 || !string(at - 1) {
            return None;
        }
        let plain = |n: &usize| {
            self.is_name(*n)
                || self.token(*n).kind == TokenKind::Number
                || matches!(self.text_at(*n), "True" | "False" | "None")
        };
        let words = (at..self.tokens.len()).take_while(plain).count();
        (words > 0 && string(at + words))
            .then(|| self.over("invalid syntax. Is this intended to be part of the string?", at, at + words))
    }

    /// Mistakes among parameters.
    fn parameters(&self, at: usize) -> Option<Finding> {
        let first = self.line_first(at);
        let head = if self.text_at(first) == "async" { first + 1 } else { first };
        if self.text_at(head) == "def"
            && self.text_at(head + 2) == "["
            && at > head + 2
            && at <= self.matching(head + 2)
        {
            let empty = self.text_at(at - 1) == "[" && self.text_at(at) == "]";
            let wrong = || Finding::at("expected '('", self.token(head + 2));
            // Where the bracket is open at the end of the text, that is told.
            let closed = self.text_at(self.matching(head + 2)) == "]";
            return self.bound_of_star(at).or_else(|| (!empty && closed).then(wrong));
        }
        if self.text_at(head) == "def" && self.text_at(head + 2) == "[" && at == self.matching(head + 2) + 1 {
            return Some(Finding::at("expected '('", self.token(at)));
        }
        if self.text_at(at) == ":" && at > 0 && self.text_at(at - 1) == "->" {
            return Some(Finding::at("expected ':'", self.token(at - 1)));
        }
        if let Some(finding) = self.bound_of_star(at) {
            return Some(finding);
        }
        let open = match self.text_at(at) {
            "(" => Some(at),
            "lambda" if self.text_at(at + 1) == "(" => Some(at + 1),
            _ => at.checked_sub(1).filter(|n| self.text_at(*n) == "("),
        };
        if let Some(open) = open
            && let Some(what) = self.parameter_list(open)
        {
            let close = self.matching(open);
            if self.text_at(close) == ")" && close > open + 1 {
                let message = format!("{what} parameters cannot be parenthesized");
                return Some(self.over(message, open, close + 1));
            }
        }
        let open = self.opener(at).filter(|open| self.is_parameters(*open));
        if let Some(open) = open {
            if at > 0 && self.text_at(at - 1) == "=" && matches!(self.text_at(at), ")" | ",") {
                return Some(Finding::at("expected default value expression", self.token(at - 1)));
            }
            let star = (open + 1..at).any(|n| self.text_at(n) == "*" && self.opener(n) == Some(open));
            let first = at == open + 1 || self.text_at(at - 1) == "lambda";
            if self.text_at(at) == "/" && first && self.text_at(at + 1) == "," {
                return Some(Finding::at("at least one argument must precede /", self.token(at)));
            }
            if self.text_at(at) == "/" && star {
                return Some(Finding::at("/ must be ahead of *", self.token(at)));
            }
        }
        None
    }

    /// Whose parameters a bracket stands among.
    fn parameter_list(&self, bracket: usize) -> Option<&'static str> {
        let fresh = |n: usize| matches!(self.text_at(n), "(" | "," | "lambda");
        if bracket == 0 || !fresh(bracket - 1) {
            return None;
        }
        if let Some(open) = self.opener(bracket)
            && self.is_parameters(open)
            && self.star_expressions(bracket) == Some(self.matching(bracket) + 1)
        {
            return Some("Function");
        }
        let start = self.line_first(bracket);
        let word = (start..bracket).rev().find(|n| matches!(self.text_at(*n), "lambda" | ":" | "="))?;
        (self.text_at(word) == "lambda" && self.opener(word) == self.opener(bracket))
            .then_some("Lambda expression")
    }

    /// `*Ts: int`
    fn bound_of_star(&self, at: usize) -> Option<Finding> {
        if self.text_at(at) != ":" || at < 2 {
            return None;
        }
        let what = match self.text_at(at - 2) {
            "*" => "TypeVarTuple",
            "**" => "ParamSpec",
            _ => return None,
        };
        let open = self.opener(at)?;
        let owner = open.checked_sub(2).map(|n| self.text_at(n));
        let end = self.expression(at + 1)?;
        if self.text_at(open) != "[" || !matches!(owner, Some("def" | "class" | "type")) {
            return None;
        }
        let kind = if self.text_at(at + 1) == "(" { "constraints" } else { "bound" };
        Some(self.over(format!("cannot use {kind} with {what}"), at, end))
    }

    /// `=` where a value is wanted.
    fn equals(&self, at: usize) -> Option<Finding> {
        // The parser may stand at the target's first token.
        let equals = match self.text_at(at) {
            "=" => at,
            _ if at > 0 && self.text_at(at - 1) == "=" => at - 1,
            "for" if self.text_at(self.element_start(at) + 1) == "=" => self.element_start(at) + 1,
            _ => {
                let end = self.expression(at)?;
                (self.text_at(end) == "=").then_some(end)?
            }
        };
        let open = self.opener(equals);
        let start = self.element_start(equals);
        match open {
            Some(open) if self.is_parameters(open) || self.token(open).kind == TokenKind::Field => None,
            Some(_) if self.first_word() == "case" => Some(self.unequal(at, equals)),
            Some(open) if self.is_call(open) => self.argument_equals(start, equals),
            Some(open) if self.text_at(open) == "[" && self.is_type_params(open) => None,
            Some(_) => self.comparison_equals(start, equals).or_else(|| Some(self.unequal(at, equals))),
            None if self.header_tests() => {
                let start = self.test_start(equals);
                self.comparison_equals(start, equals).or_else(|| Some(self.unequal(at, equals)))
            }
            None => None,
        }
    }

    /// A plain error at an `=`, or after it.
    fn unequal(&self, at: usize, equals: usize) -> Finding {
        self.invalid_at(at.max(equals))
    }

    fn is_type_params(&self, open: usize) -> bool {
        open > 1 && self.text_at(open) == "[" && matches!(self.text_at(open - 2), "def" | "class" | "type")
    }

    /// The first token of a header's condition.
    fn test_start(&self, at: usize) -> usize {
        let first = self.line_first(at);
        let start = self.element_start(at);
        let condition = (first..at).rev().find(|n| self.text_at(*n) == "if" && self.opener(*n).is_none());
        match condition.filter(|_| self.first_word() == "case") {
            Some(word) => word + 1,
            None if start == first => first + 1,
            None => start,
        }
    }

    /// `=` in a condition or display, perhaps meant as a comparison.
    pub(super) fn comparison_equals(&self, start: usize, equals: usize) -> Option<Finding> {
        let end = self.bitwise(equals + 1)?;
        if matches!(self.text_at(end), "=" | ":=") || self.bitwise(start) != Some(equals) {
            return None;
        }
        if start + 1 == equals && self.is_name(start) {
            let message = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
            let mut finding = self.over(message, start, end);
            finding.seen = finding.end;
            return Some(finding);
        }
        let (from, to) = (self.token(start).start, self.token(equals - 1).end);
        let name = self.expression_name(from, to);
        if matches!(name, "list" | "tuple" | "generator expression" | "True" | "False" | "None") {
            return None;
        }
        let message = format!("cannot assign to {name} here. Maybe you meant '==' instead of '='?");
        Some(Finding { seen: self.token(end - 1).end, ..Finding::new(message, from, to) })
    }

    /// `f(expr=..)`
    fn argument_equals(&self, start: usize, equals: usize) -> Option<Finding> {
        if self.expression(start) != Some(equals) || start == equals {
            return None;
        }
        let end = self.token(equals).end;
        if start + 1 == equals && self.is_name(start) {
            let value = self.expression(equals + 1);
            return match value.map(|value| (value, self.text_at(value))) {
                None if matches!(self.text_at(equals + 1), ")" | ",") => {
                    Some(self.over("expected argument value expression", start, equals + 1))
                }
                Some((_, "for")) => {
                    let message = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
                    Some(self.over(message, start, equals + 1))
                }
                _ => None,
            };
        }
        let from = self.node_start(start, equals);
        let target = self.text_at(start);
        if start + 1 == equals && matches!(target, "True" | "False" | "None") {
            return Some(Finding::new(format!("cannot assign to {target}"), from, end));
        }
        let message = "expression cannot contain assignment, perhaps you meant \"==\"?";
        Some(Finding::new(message, from, end))
    }

    /// Two expressions side by side in brackets.
    pub(super) fn comma_missing(&self, at: usize) -> Option<Finding> {
        let open = self.opener(at)?;
        if self.is_import() || self.first_word() == "case" {
            return None;
        }
        let from = self.element_start(at);
        let start = (from..at).find(|n| {
            let fresh = match self.is_parameters(open) {
                true => *n > from && matches!(self.text_at(n - 1), ":" | "="),
                false => *n == from || self.begins_after(*n),
            };
            let named = self.is_name(*n) && !matches!(self.text_at(*n), "match" | "case" | "_" | "type");
            let string = self
                .tokens
                .get(n + 1)
                .is_some_and(|t| matches!(t.kind, TokenKind::String | TokenKind::FString));
            let skipped = self.is_name(*n) && (!named || string);
            fresh && !skipped && self.disjunction(*n) == Some(at)
        })?;
        let end = self.expression(at)?;
        Some(self.over("invalid syntax. Perhaps you forgot a comma?", start, end))
    }

    /// Whether an expression may begin at `at`, inside an element.
    fn begins_after(&self, at: usize) -> bool {
        let before = self.text_at(at - 1);
        match before {
            // A starred element of a call is an expression; one of a display is less.
            "*" | "**" => {
                let fresh = at > 1 && matches!(self.text_at(at - 2), "(" | ",");
                fresh && self.opener(at).is_some_and(|o| self.is_call(o))
            }
            ":" | "=" | ":=" | "else" | "yield" => true,
            _ => false,
        }
    }
}
