//! Patterns of `match`.

use ruff_python_ast as ast;
use ruff_text_size::Ranged;
use ryokan_bytecode::Const;

use super::Lower;
use crate::cx::{R, late, syntax};
use crate::error::Origin;
use crate::tree::*;

impl<'c, 'a> Lower<'c, 'a> {
    /// A pattern.
    pub(super) fn pattern(&self, pattern: &ast::Pattern) -> R<&'a Pattern<'a>> {
        let span = self.span(pattern);
        let kind = self.deeper(|| self.pattern_kind(pattern, span))?;
        Ok(self.cx.bump.alloc(Pattern { span, kind }))
    }

    fn patterns<'p>(&self, patterns: impl IntoIterator<Item = &'p ast::Pattern>) -> R<&'a [&'a Pattern<'a>]> {
        let all: R<Vec<_>> = patterns.into_iter().map(|p| self.pattern(p)).collect();
        Ok(self.slice(all?))
    }

    /// The parser takes patterns side by side for a sequence.
    pub(super) fn commas(&self, patterns: &[ast::Pattern]) -> R<()> {
        for pair in patterns.windows(2) {
            let (from, to) = (pair[0].end().to_usize(), pair[1].start().to_usize());
            let between = self.cx.source.get(from..to).unwrap_or_default();
            let code = between.lines().map(|line| line.split('#').next().unwrap_or_default());
            if !code.into_iter().any(|line| line.contains(',')) {
                return syntax(self.span(&pair[1]), "invalid syntax");
            }
        }
        Ok(())
    }

    fn pattern_kind(&self, pattern: &ast::Pattern, span: Span) -> R<PatternKind<'a>> {
        Ok(match pattern {
            ast::Pattern::MatchValue(p) => {
                if matches!(&*p.value, ast::Expr::FString(_) | ast::Expr::TString(_)) {
                    return late(
                        Origin::Code,
                        span,
                        "patterns may only match literals and attribute lookups",
                    );
                }
                PatternKind::Value(self.expr(&p.value)?)
            }
            ast::Pattern::MatchSingleton(p) => PatternKind::Singleton(self.cx.constant(match p.value {
                ast::Singleton::None => Const::None,
                ast::Singleton::True => Const::True,
                ast::Singleton::False => Const::False,
            })?),
            ast::Pattern::MatchSequence(p) => {
                let stars = p.patterns.iter().filter(|p| p.is_match_star()).count();
                if stars > 1 {
                    return late(Origin::Code, span, "multiple starred names in sequence pattern");
                }
                self.commas(&p.patterns)?;
                PatternKind::Sequence(self.patterns(&p.patterns)?)
            }
            ast::Pattern::MatchMapping(p) => {
                let keys: R<Vec<_>> = p.keys.iter().map(|key| self.expr(key)).collect();
                let rest =
                    p.rest.as_ref().map(|rest| self.checked_name(rest.id.as_str(), span)).transpose()?;
                PatternKind::Mapping { keys: self.slice(keys?), patterns: self.patterns(&p.patterns)?, rest }
            }
            ast::Pattern::MatchClass(p) => {
                let mut names = Vec::new();
                for keyword in &p.arguments.keywords {
                    let name = self.checked_name(keyword.attr.id.as_str(), self.span(&keyword.pattern))?;
                    if names.contains(&name) {
                        let message =
                            format!("attribute name repeated in class pattern: {}", keyword.attr.id.as_str());
                        return late(Origin::Code, self.span(&keyword.pattern), message);
                    }
                    names.push(name);
                }
                PatternKind::Class {
                    class: self.expr(&p.cls)?,
                    patterns: self.patterns(&p.arguments.patterns)?,
                    names: self.slice(names),
                    attrs: self.patterns(p.arguments.keywords.iter().map(|k| &k.pattern))?,
                }
            }
            ast::Pattern::MatchStar(p) => PatternKind::Star(
                p.name.as_ref().map(|n| self.checked_name(n.id.as_str(), span)).transpose()?,
            ),
            ast::Pattern::MatchAs(p) => PatternKind::As(
                p.pattern.as_ref().map(|inner| self.pattern(inner)).transpose()?,
                p.name.as_ref().map(|name| self.checked_name(name.id.as_str(), span)).transpose()?,
            ),
            ast::Pattern::MatchOr(p) => PatternKind::Or(self.patterns(&p.patterns)?),
        })
    }
}
