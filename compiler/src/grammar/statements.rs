//! Simple statements.

use super::tell::Targets;
use super::{Grammar, Miss, Node, P, Rule};

/// The operators that assign.
const AUGMENTED: &[&str] =
    &["+=", "-=", "*=", "@=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "**=", "//="];

impl Grammar<'_, '_> {
    pub(super) fn statements(&mut self) -> P<()> {
        self.some(Self::statement)
    }

    pub(super) fn statement(&mut self) -> P<()> {
        first!(self: self.compound_statement(), self.simple_statements())
    }

    pub(super) fn simple_statements(&mut self) -> P<()> {
        first!(self:
            {
                self.simple_statement()?;
                self.not(|p| p.eat(";"))?;
                self.newline().map(drop)
            },
            {
                self.simple_statement()?;
                self.many(|p| {
                    p.eat(";")?;
                    p.simple_statement()
                })?;
                self.opt(|p| p.eat(";"))?;
                self.newline().map(drop)
            },
        )
    }

    pub(super) fn simple_statement(&mut self) -> P<Node> {
        self.memo(Rule::SimpleStatement, |p| {
            let start = p.at;
            first!(p:
                p.assignment(),
                p.type_alias(),
                p.star_expressions().map(drop),
                p.return_statement(),
                p.import(),
                p.raise(),
                p.eat("pass").map(drop),
                p.delete(),
                p.yield_expression().map(drop),
                p.assert(),
                p.eat_any(&["break", "continue"]).map(drop),
                p.scope(),
            )?;
            Ok(p.node("statement", start))
        })
    }

    fn assignment(&mut self) -> P<()> {
        first!(self:
            {
                self.name()?;
                self.annotation()
            },
            {
                self.annotated_target()?;
                self.annotation()
            },
            {
                self.some(Self::target_and_equals)?;
                self.right_side()?;
                self.not(|p| p.eat("="))
            },
            {
                self.single_target()?;
                self.eat_any(AUGMENTED)?;
                match self.right_side() {
                    Err(Miss::No) => Err(Miss::Over),
                    other => other.map(drop),
                }
            },
            self.wrong(Self::wrong_assignment),
        )
    }

    fn target_and_equals(&mut self) -> P<usize> {
        self.star_targets()?;
        self.eat("=")
    }

    /// `: int = 1`
    fn annotation(&mut self) -> P<()> {
        self.eat(":")?;
        self.expression()?;
        self.opt(|p| {
            p.eat("=")?;
            p.right_side()
        })
        .map(drop)
    }

    fn wrong_assignment(&mut self) -> P<()> {
        first!(self:
            {
                let target = self.list_or_tuple()?;
                self.eat(":")?;
                self.expression()?;
                self.tell_node(target, format!("only single target (not {}) can be annotated", target.what))
            },
            {
                let target = self.star_named_expression()?;
                self.eat(",")?;
                self.many(Self::star_named_expressions)?;
                self.eat(":")?;
                self.expression()?;
                self.tell_node(target, "only single target (not tuple) can be annotated")
            },
            {
                let target = self.expression()?;
                self.eat(":")?;
                self.expression()?;
                self.tell_node(target, "illegal target for annotation")
            },
            {
                self.many(Self::target_and_equals)?;
                let value = self.star_expressions()?;
                self.eat("=")?;
                self.tell_target(value, Targets::Star)
            },
            {
                self.many(Self::target_and_equals)?;
                let value = self.yield_expression()?;
                self.eat("=")?;
                self.tell_node(value, "assignment to yield expression not possible")
            },
            {
                let target = self.star_expressions()?;
                self.eat_any(AUGMENTED)?;
                self.right_side()?;
                let what = target.what;
                self.tell_node(target, format!("'{what}' is an illegal expression for augmented assignment"))
            },
        )
    }

    fn list_or_tuple(&mut self) -> P<Node> {
        first!(self:
            self.list_display(),
            self.tuple(),
            {
                self.eat("(")?;
                let inner = self.list_or_tuple()?;
                self.eat(")")?;
                Ok(inner)
            },
        )
    }

    fn type_alias(&mut self) -> P<()> {
        self.eat("type")?;
        self.name()?;
        self.opt(Self::type_params)?;
        self.eat("=")?;
        self.expression().map(drop)
    }

    fn return_statement(&mut self) -> P<()> {
        self.eat("return")?;
        self.opt(Self::star_expressions).map(drop)
    }

    fn raise(&mut self) -> P<()> {
        self.eat("raise")?;
        self.opt(|p| {
            p.expression()?;
            p.opt(|p| {
                p.eat("from")?;
                p.expression()
            })
        })
        .map(drop)
    }

    fn delete(&mut self) -> P<()> {
        first!(self:
            {
                self.eat("del")?;
                self.del_targets()?;
                self.ahead(|p| first!(p: p.eat(";"), p.newline()))
            },
            self.wrong(|p| {
                p.eat("del")?;
                let value = p.star_expressions()?;
                p.tell_target(value, Targets::Del)
            }),
        )
    }

    fn assert(&mut self) -> P<()> {
        self.eat("assert")?;
        self.expression()?;
        self.opt(|p| {
            p.eat(",")?;
            p.expression()
        })
        .map(drop)
    }

    fn scope(&mut self) -> P<()> {
        self.eat_any(&["global", "nonlocal"])?;
        self.list(Self::name).map(drop)
    }

    // Imports.

    fn import(&mut self) -> P<()> {
        self.ahead(|p| p.eat_any(&["import", "from"]))?;
        first!(self:
            self.wrong(Self::wrong_import),
            {
                self.eat("import")?;
                self.list(Self::module_as).map(drop)
            },
            {
                self.eat("from")?;
                self.many(|p| p.eat_any(&[".", "..."]))?;
                self.dotted_name()?;
                self.eat("import")?;
                self.imported_names()
            },
            {
                self.eat("from")?;
                self.some(|p| p.eat_any(&[".", "..."]))?;
                self.eat("import")?;
                self.imported_names()
            },
        )
    }

    fn wrong_import(&mut self) -> P<()> {
        first!(self:
            {
                let word = self.eat("import")?;
                self.list(Self::dotted_name)?;
                self.eat("from")?;
                self.dotted_name()?;
                self.tell_from(word, "Did you mean to use 'from ... import ...' instead?")
            },
            {
                self.eat("import")?;
                self.no_names()
            },
        )
    }

    fn no_names(&mut self) -> P<()> {
        let newline = self.newline()?;
        self.tell_from(newline, "Expected one or more names after 'import'")
    }

    fn imported_names(&mut self) -> P<()> {
        first!(self:
            {
                self.eat("(")?;
                self.list(Self::name_as)?;
                self.opt(|p| p.eat(","))?;
                self.eat(")").map(drop)
            },
            {
                self.list(Self::name_as)?;
                self.not(|p| p.eat(","))
            },
            self.eat("*").map(drop),
            self.wrong(|p| first!(p:
                {
                    p.list(Self::name_as)?;
                    p.eat(",")?;
                    p.newline()?;
                    p.tell_last("trailing comma not allowed without surrounding parentheses")
                },
                p.no_names(),
            )),
        )
    }

    fn dotted_name(&mut self) -> P<()> {
        self.name()?;
        self.many(|p| {
            p.eat(".")?;
            p.name()
        })
        .map(drop)
    }

    fn module_as(&mut self) -> P<()> {
        self.imported_as(Self::dotted_name)
    }

    fn name_as(&mut self) -> P<()> {
        self.imported_as(|p| p.name().map(drop))
    }

    fn imported_as(&mut self, what: fn(&mut Self) -> P<()>) -> P<()> {
        first!(self:
            {
                if !self.second {
                    return Err(Miss::No);
                }
                what(self)?;
                self.eat("as")?;
                self.not(|p| {
                    p.name()?;
                    first!(p: p.eat_any(&[",", ")", ";"]), p.newline())
                })?;
                let target = self.expression()?;
                self.tell_node(target, format!("cannot use {} as import target", target.what))
            },
            {
                what(self)?;
                self.opt(|p| {
                    p.eat("as")?;
                    p.name()
                })
                .map(drop)
            },
        )
    }
}
