//! Patterns of `match`.

use ruff_python_ast as ast;
use ryokan_bytecode::Const;
use ryokan_bytecode::ast::{Class, Item};

use super::Describe;
use crate::cx::R;

impl Describe<'_, '_> {
    /// A pattern.
    pub(super) fn pattern(&self, pattern: &ast::Pattern) -> R<Item> {
        self.lower.deeper(|| self.pattern_fields(pattern))
    }

    fn patterns(&self, patterns: &[ast::Pattern]) -> R<Item> {
        self.each(patterns, |pattern| self.pattern(pattern))
    }

    fn pattern_fields(&self, pattern: &ast::Pattern) -> R<Item> {
        let (class, fields) = match pattern {
            ast::Pattern::MatchValue(p) => (Class::MatchValue, vec![self.expr(&p.value)?]),
            ast::Pattern::MatchSingleton(p) => {
                let value = match p.value {
                    ast::Singleton::None => Const::None,
                    ast::Singleton::True => Const::True,
                    ast::Singleton::False => Const::False,
                };
                (Class::MatchSingleton, vec![Item::Plain(value)])
            }
            ast::Pattern::MatchSequence(p) => {
                self.lower.commas(&p.patterns)?;
                (Class::MatchSequence, vec![self.patterns(&p.patterns)?])
            }
            ast::Pattern::MatchMapping(p) => {
                let fields = vec![
                    self.each(&p.keys, |key| self.expr(key))?,
                    self.patterns(&p.patterns)?,
                    super::name(&p.rest),
                ];
                (Class::MatchMapping, fields)
            }
            ast::Pattern::MatchClass(p) => {
                let keywords = &p.arguments.keywords;
                let names = keywords.iter().map(|keyword| Item::text(keyword.attr.id.as_str()));
                let fields = vec![
                    self.expr(&p.cls)?,
                    self.patterns(&p.arguments.patterns)?,
                    self.seq(names.collect()),
                    self.each(keywords, |keyword| self.pattern(&keyword.pattern))?,
                ];
                (Class::MatchClass, fields)
            }
            ast::Pattern::MatchStar(p) => (Class::MatchStar, vec![super::name(&p.name)]),
            ast::Pattern::MatchAs(p) => {
                let inner = p.pattern.as_ref().map_or(Ok(Item::None), |inner| self.pattern(inner))?;
                (Class::MatchAs, vec![inner, super::name(&p.name)])
            }
            ast::Pattern::MatchOr(p) => (Class::MatchOr, vec![self.patterns(&p.patterns)?]),
        };
        self.add(class, self.place(pattern), fields)
    }
}
