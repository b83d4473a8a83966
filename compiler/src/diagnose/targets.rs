//! What cannot be assigned to, deleted, or bound, by CPython's names for expressions.

use ruff_python_ast::{self as ast, Expr};
use ruff_python_parser::parse_expression;
use ruff_text_size::Ranged;

use super::{Diagnosis, Finding};

/// CPython's name of a kind of expression.
fn name(expr: &Expr) -> &'static str {
    match expr {
        Expr::Attribute(_) => "attribute",
        Expr::Subscript(_) => "subscript",
        Expr::Starred(_) => "starred",
        Expr::Name(_) => "name",
        Expr::List(_) => "list",
        Expr::Tuple(_) => "tuple",
        Expr::Lambda(_) => "lambda",
        Expr::Call(_) => "function call",
        Expr::BoolOp(_) | Expr::BinOp(_) | Expr::UnaryOp(_) => "expression",
        Expr::Generator(_) => "generator expression",
        Expr::Yield(_) | Expr::YieldFrom(_) => "yield expression",
        Expr::Await(_) => "await expression",
        Expr::ListComp(_) => "list comprehension",
        Expr::SetComp(_) => "set comprehension",
        Expr::DictComp(_) => "dict comprehension",
        Expr::Dict(_) => "dict literal",
        Expr::Set(_) => "set display",
        Expr::FString(_) => "f-string expression",
        Expr::TString(_) => "t-string expression",
        Expr::StringLiteral(_) | Expr::BytesLiteral(_) | Expr::NumberLiteral(_) => "literal",
        Expr::BooleanLiteral(b) if b.value => "True",
        Expr::BooleanLiteral(_) => "False",
        Expr::NoneLiteral(_) => "None",
        Expr::EllipsisLiteral(_) => "ellipsis",
        Expr::Compare(_) => "comparison",
        Expr::If(_) => "conditional expression",
        Expr::Named(_) => "named expression",
        _ => "expression",
    }
}

/// The part of a target that is none.
fn invalid_part(expr: &Expr, deleting: bool) -> Option<&Expr> {
    match expr {
        Expr::List(ast::ExprList { elts, .. }) | Expr::Tuple(ast::ExprTuple { elts, .. }) => {
            elts.iter().find_map(|e| invalid_part(e, deleting))
        }
        Expr::Starred(_) if deleting => Some(expr),
        Expr::Starred(e) => invalid_part(&e.value, deleting),
        Expr::Name(_) | Expr::Attribute(_) | Expr::Subscript(_) => None,
        other => Some(other),
    }
}

/// Whether `target = value` is perhaps a comparison: what binds tighter than comparisons, but no display or constant name.
fn may_be_comparison(expr: &Expr) -> bool {
    !matches!(
        expr,
        Expr::Tuple(_)
            | Expr::List(_)
            | Expr::Generator(_)
            | Expr::NoneLiteral(_)
            | Expr::BooleanLiteral(_)
            | Expr::If(_)
            | Expr::Lambda(_)
            | Expr::Compare(_)
            | Expr::BoolOp(_)
            | Expr::UnaryOp(ast::ExprUnaryOp { op: ast::UnaryOp::Not, .. })
    )
}

impl Diagnosis<'_, '_> {
    fn parse(&self, start: u32, end: u32) -> Option<Expr> {
        let text = self.cx.source.get(start as usize..end as usize)?;
        // Inside brackets, so that lines may go on.
        let parsed = parse_expression(&format!("({text})")).ok()?;
        Some(*parsed.into_syntax().body)
    }

    /// CPython's name of the expression between two places.
    pub(super) fn expression_name(&self, start: u32, end: u32) -> &'static str {
        if self.cx.source[start as usize..].starts_with('*') {
            return "starred";
        }
        self.parse(start, end).map_or("expression", |e| name(&e))
    }

    pub(super) fn assignment_target(&self) -> Finding {
        let (start, end) = (self.start, self.end);
        let Some(expr) = self.parse(start, end) else {
            let at = self.tokens.partition_point(|t| t.start < end);
            return self.else_missing(at).unwrap_or_else(|| self.invalid_at(at));
        };
        if self.first_word() == "for"
            && let Expr::Compare(compare) = &expr
        {
            return self.for_comparison(compare);
        }
        let part = invalid_part(&expr, false).unwrap_or(&expr);
        // The copy that was parsed has a bracket in front.
        let place = |at: u32| start + at - 1;
        let (from, to) = match std::ptr::eq(part, &expr) {
            true => (start, end),
            false => (place(part.start().to_u32()), place(part.end().to_u32())),
        };
        let what = name(part);
        if let Some(finding) = self.first_equals(part) {
            return finding;
        }
        let yields = matches!(part, Expr::Yield(_) | Expr::YieldFrom(_));
        let after = self.tokens.partition_point(|t| t.start < to);
        if yields && self.in_parens(start) && self.text_at(after) == "=" {
            return self.invalid_at(after);
        }
        if yields && !self.in_parens(start) {
            return Finding::new("assignment to yield expression not possible", from, to);
        }
        let grouped = std::ptr::eq(part, &expr)
            && self.in_parens(start)
            && !matches!(
                part,
                Expr::Tuple(_) | Expr::Generator(_) | Expr::NoneLiteral(_) | Expr::BooleanLiteral(_)
            );
        if self.perhaps_comparison(to) && (grouped || may_be_comparison(part)) {
            let message = format!("cannot assign to {what} here. Maybe you meant '==' instead of '='?");
            return Finding::new(message, from, to);
        }
        Finding::new(format!("cannot assign to {what}"), from, to)
    }

    /// `for a < b in c`: a comparison that is none of `in` is no target, and nothing is said of it.
    fn for_comparison(&self, compare: &ast::ExprCompare) -> Finding {
        let left = invalid_part(&compare.left, false);
        if let (Some(ast::CmpOp::In), Some(left)) = (compare.ops.first(), left) {
            let place = |at: u32| self.start + at - 1;
            let (from, to) = (place(left.start().to_u32()), place(left.end().to_u32()));
            return Finding::new(format!("cannot assign to {}", name(left)), from, to);
        }
        if self.in_parens(self.start) {
            let close = self.tokens.partition_point(|t| t.start < self.end);
            return self.invalid_at(close + 1);
        }
        let after = self.start + compare.left.end().to_u32() - 1;
        self.invalid_at(self.tokens.partition_point(|t| t.start < after))
    }

    /// `a = b == c = 1`: the first `=` is taken for a comparison.
    fn first_equals(&self, part: &Expr) -> Option<Finding> {
        if !matches!(part, Expr::Compare(_) | Expr::BoolOp(_)) {
            return None;
        }
        let first = self.line_first(self.here);
        let equals = (first..self.here).find(|n| self.text_at(*n) == "=" && self.opener(*n).is_none())?;
        self.comparison_equals(self.element_start(equals), equals)
    }

    fn in_parens(&self, start: u32) -> bool {
        self.cx.source[..start as usize].trim_end().ends_with('(')
    }

    /// Whether the place is followed by one `=` and a value, and nothing is assigned before or after.
    fn perhaps_comparison(&self, end: u32) -> bool {
        let mut at = self.tokens.partition_point(|t| t.start < end);
        while self.text(self.token(at)) == ")" && self.in_parens(self.start) {
            at += 1;
        }
        if self.text(self.token(at)) != "=" {
            return false;
        }
        let line_end = self.line_tokens_end().start;
        let others = |t: &&crate::scan::Token| t.start < line_end && matches!(self.text(**t), "=" | ":=");
        let after = self.tokens[at + 1..].iter().filter(others).count();
        let line_start = self.tokens[..at].iter().rposition(|t| t.kind == crate::scan::TokenKind::Newline);
        let before = self.tokens[line_start.map_or(0, |n| n + 1)..at].iter().filter(others).count();
        after == 0 && before == 0
    }

    /// Where the node of an expression begins: brackets that only group are no part of it.
    pub(super) fn node_start(&self, first: usize, end: usize) -> u32 {
        let (from, to) = (self.token(first).start, self.token(end.saturating_sub(1)).end);
        // The copy that was parsed has a bracket in front.
        self.parse(from, to).map_or(from, |e| from + e.start().to_u32().saturating_sub(1))
    }

    /// The place of an expression without the brackets that only group it.
    pub(super) fn inside_parens(&self, start: u32, end: u32) -> (u32, u32) {
        let Some(expr) = self.parse(start, end) else { return (start, end) };
        let place = |at: u32| start + at - 1;
        (place(expr.start().to_u32()), place(expr.end().to_u32()))
    }

    /// A target that cannot have an annotation: told where there is an annotation.
    pub(super) fn annotation_target(&self) -> Option<Finding> {
        let colon = self.tokens.partition_point(|t| t.start < self.end);
        let fine = self.text_at(colon) == ":"
            && self.opener(colon).is_none()
            && self.expression(colon + 1).is_some();
        let starred = self.text_at(self.here) == "*";
        if self.text_at(self.here) == "lambda"
            && let Some(finding) = self.lambda_parameters(self.here + 1)
        {
            return Some(finding);
        }
        (fine && !starred)
            .then(|| Finding::new("illegal target for annotation", self.start, self.end))
            .or_else(|| Some(self.invalid_at(colon)))
    }

    /// A starred expression where there may be none; where the grammar has no star at all, it is just wrong.
    pub(super) fn starred(&self) -> Option<Finding> {
        let at = self.here;
        let message = match at.checked_sub(1).map(|n| self.text_at(n)) {
            Some("=") if self.first_word() == "type" => return Some(self.invalid()),
            Some("->") => return Some(Finding::at("expected ':'", self.token(at - 1))),
            Some("(") if self.text_at(self.primary_after(at)) == ")" => "cannot use starred expression here",
            None | Some("=" | "return" | "yield" | "," | "in" | "[" | "{" | "(" | ";") => {
                "can't use starred expression here"
            }
            Some(text)
                if text.len() > 1 && text.ends_with('=') && !matches!(text, "==" | "<=" | ">=" | "!=") =>
            {
                "can't use starred expression here"
            }
            Some(_) if self.is_end(at - 1) => "can't use starred expression here",
            Some(_) => return Some(self.invalid()),
        };
        let next = self.primary_after(at);
        if matches!(self.text_at(next), ":") && self.opener(at).is_some() {
            return Some(Finding::at("invalid syntax", self.token(next)));
        }
        let inside = self.opener(at).is_some_and(|open| self.text_at(open) == "{");
        if inside && self.text_at(at - 1) == "," && self.is_dict(at) {
            return Some(self.invalid());
        }
        let loops = self.opener(at).is_some() && at > 0 && self.text_at(at - 1) == "in";
        if loops {
            return Some(self.invalid());
        }
        Some(Finding::new(message, self.start, self.end))
    }

    fn primary_after(&self, star: usize) -> usize {
        self.bitwise(star + 1).unwrap_or(star + 1)
    }

    pub(super) fn delete_target(&self) -> Finding {
        let (start, end) = (self.start, self.end);
        match self.parse(start, end) {
            Some(expr) => {
                let part = invalid_part(&expr, true).unwrap_or(&expr);
                let inner = !std::ptr::eq(part, &expr);
                let place = |at: u32| start + at - 1;
                let (from, to) = match inner {
                    true => (place(part.start().to_u32()), place(part.end().to_u32())),
                    false => (start, end),
                };
                Finding::new(format!("cannot delete {}", name(part)), from, to)
            }
            None if self.cx.source[start as usize..].starts_with('*') => {
                Finding::new("cannot delete starred", start, end)
            }
            None => self.invalid(),
        }
    }

    /// What is wrong with the parameters of a lambda, which the parser has taken for a target.
    fn lambda_parameters(&self, first: usize) -> Option<Finding> {
        let colon = self.find_text(first, ":").map_or(self.end, |t| t.start);
        let mut at = first;
        while self.token(at).start < colon {
            match self.text_at(at) {
                "*" | "**" if self.is_name(at + 1) && self.text_at(at + 2) == "=" => {
                    let what = if self.text_at(at) == "*" { "var-positional" } else { "var-keyword" };
                    let message = format!("{what} argument cannot have default value");
                    return Some(Finding::at(message, self.token(at + 2)));
                }
                "*" | "**" | "," | "/" => at += 1,
                "=" => at = self.expression(at + 1).unwrap_or(at + 1),
                _ if self.is_name(at) => at += 1,
                _ => return Some(self.invalid_at(at)),
            }
        }
        None
    }
}
