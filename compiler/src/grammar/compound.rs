//! Compound statements.

use super::reader::Kind;
use super::tell::Targets;
use super::{Grammar, Miss, Node, P, Rule};

const NO_COLON: &str = "expected ':'";
const TWO_KINDS: &str = "cannot have both 'except' and 'except*' on the same 'try'";

impl Grammar<'_, '_> {
    pub(super) fn compound_statement(&mut self) -> P<()> {
        first!(self:
            {
                self.ahead(|p| p.eat_any(&["def", "@", "async"]))?;
                self.decorated(Self::function)
            },
            self.if_statement(),
            {
                self.ahead(|p| p.eat_any(&["class", "@"]))?;
                self.decorated(Self::class)
            },
            {
                self.ahead(|p| p.eat_any(&["with", "async"]))?;
                self.with_statement()
            },
            {
                self.ahead(|p| p.eat_any(&["for", "async"]))?;
                self.for_statement()
            },
            {
                self.ahead(|p| p.eat("try"))?;
                self.try_statement()
            },
            {
                self.ahead(|p| p.eat("while"))?;
                self.while_statement()
            },
            self.match_statement(),
        )
    }

    pub(super) fn block(&mut self) -> P<Node> {
        self.memo(Rule::Block, |p| {
            let start = p.at;
            first!(p:
                {
                    p.newline()?;
                    p.kind(Kind::Indent)?;
                    p.statements()?;
                    p.kind(Kind::Dedent)?;
                    Ok(p.node("block", start))
                },
                {
                    p.simple_statements()?;
                    Ok(p.node("block", start))
                },
                p.wrong(|p| {
                    p.no_block()?;
                    p.tell_indent("expected an indented block")
                }),
            )
        })
    }

    /// The end of a line, and no deeper line.
    pub(super) fn no_block(&mut self) -> P<()> {
        self.newline()?;
        self.not(|p| p.kind(Kind::Indent))
    }

    /// `:`, and no block, of what token `at` begins.
    pub(super) fn colon_without_block(&mut self, at: usize, what: &str) -> P<()> {
        self.eat(":")?;
        self.no_block()?;
        let (line, _) = self.cx.line_col(self.toks[at].start);
        self.tell_indent(format!("expected an indented block after {what} on line {line}"))
    }

    /// The end of a line where `:` is missing.
    pub(super) fn line_without_colon(&mut self) -> P<()> {
        self.newline()?;
        self.tell_last(NO_COLON)
    }

    fn colon_and_block(&mut self) -> P<()> {
        self.eat(":")?;
        self.block().map(drop)
    }

    fn decorated(&mut self, what: fn(&mut Self) -> P<()>) -> P<()> {
        first!(self:
            {
                self.some(|p| {
                    p.eat("@")?;
                    p.named_expression()?;
                    p.newline()
                })?;
                what(self)
            },
            what(self),
        )
    }

    // Classes and functions.

    fn class(&mut self) -> P<()> {
        first!(self:
            self.wrong(|p| {
                p.class_head()?;
                p.line_without_colon()
            }),
            self.wrong(|p| {
                let word = p.class_head()?;
                p.colon_without_block(word, "class definition")
            }),
            {
                self.class_head()?;
                self.colon_and_block()
            },
        )
    }

    fn class_head(&mut self) -> P<usize> {
        let word = self.eat("class")?;
        self.name()?;
        self.opt(Self::type_params)?;
        self.opt(|p| {
            p.eat("(")?;
            p.opt(Self::arguments)?;
            p.eat(")")
        })?;
        Ok(word)
    }

    fn function(&mut self) -> P<()> {
        first!(self:
            self.wrong(|p| {
                p.opt(|p| p.eat("async"))?;
                let word = p.function_head(false)?;
                p.colon_without_block(word, "function definition")
            }),
            {
                if !self.second {
                    return Err(Miss::No);
                }
                self.opt(|p| p.eat("async"))?;
                self.function_head(true)?;
                self.must(":")?;
                self.block().map(drop)
            },
            {
                self.function_head(false)?;
                self.colon_and_block()
            },
            {
                self.eat("async")?;
                self.function_head(false)?;
                self.colon_and_block()
            },
        )
    }

    /// `forced`: nothing but a bracket may follow the name.
    fn function_head(&mut self, forced: bool) -> P<usize> {
        let word = self.eat("def")?;
        self.name()?;
        self.opt(Self::type_params)?;
        if forced {
            self.must("(")?
        } else {
            self.eat("(")?
        };
        self.opt(Self::function_parameters)?;
        self.eat(")")?;
        self.opt(|p| {
            p.eat("->")?;
            p.expression()
        })?;
        Ok(word)
    }

    // Conditions and loops.

    fn if_statement(&mut self) -> P<()> {
        self.condition_and_block("if")?;
        self.many(|p| p.condition_and_block("elif"))?;
        self.opt(Self::else_block).map(drop)
    }

    /// `if` or `elif`, its condition, and its block.
    fn condition_and_block(&mut self, word: &'static str) -> P<()> {
        self.ahead(|p| p.eat(word))?;
        first!(self:
            self.wrong(|p| {
                p.eat(word)?;
                p.named_expression()?;
                p.line_without_colon()
            }),
            self.wrong(|p| {
                let at = p.eat(word)?;
                p.named_expression()?;
                p.colon_without_block(at, &format!("'{word}' statement"))
            }),
            {
                self.eat(word)?;
                self.named_expression()?;
                self.colon_and_block()
            },
        )
    }

    fn else_block(&mut self) -> P<()> {
        first!(self:
            self.wrong(|p| {
                let word = p.eat("else")?;
                p.colon_without_block(word, "'else' statement")
            }),
            self.wrong(|p| {
                p.eat("else")?;
                p.colon_and_block()?;
                p.eat("elif")?;
                p.tell_last("'elif' block follows an 'else' block")
            }),
            {
                self.eat("else")?;
                self.must(":")?;
                self.block().map(drop)
            },
        )
    }

    fn while_statement(&mut self) -> P<()> {
        first!(self:
            self.wrong(|p| {
                p.eat("while")?;
                p.named_expression()?;
                p.line_without_colon()
            }),
            self.wrong(|p| {
                let word = p.eat("while")?;
                p.named_expression()?;
                p.colon_without_block(word, "'while' statement")
            }),
            {
                self.eat("while")?;
                self.named_expression()?;
                self.colon_and_block()?;
                self.opt(Self::else_block).map(drop)
            },
        )
    }

    fn for_statement(&mut self) -> P<()> {
        first!(self:
            self.wrong(|p| {
                p.for_head()?;
                p.line_without_colon()
            }),
            self.wrong(|p| {
                let word = p.for_head()?;
                p.colon_without_block(word, "'for' statement")
            }),
            self.for_loop(),
            {
                self.eat("async")?;
                self.for_loop()
            },
            self.wrong(Self::wrong_for_target),
        )
    }

    fn for_head(&mut self) -> P<usize> {
        self.opt(|p| p.eat("async"))?;
        let word = self.eat("for")?;
        self.star_targets()?;
        self.eat("in")?;
        self.star_expressions()?;
        Ok(word)
    }

    fn for_loop(&mut self) -> P<()> {
        self.eat("for")?;
        self.star_targets()?;
        self.eat("in")?;
        // From here on it is a loop, whatever follows.
        let sure = |miss| if miss == Miss::No { Miss::Over } else { miss };
        self.star_expressions().map_err(sure)?;
        self.colon_and_block().map_err(sure)?;
        self.opt(Self::else_block).map(drop)
    }

    // `with`

    fn with_statement(&mut self) -> P<()> {
        first!(self:
            self.wrong(|p| {
                let word = p.with_head(false)?;
                p.colon_without_block(word, "'with' statement")
            }),
            self.wrong(|p| {
                let word = p.with_head(true)?;
                p.colon_without_block(word, "'with' statement")
            }),
            self.with_items_in_brackets(),
            self.with_items(),
            {
                self.eat("async")?;
                self.with_items_in_brackets()
            },
            {
                self.eat("async")?;
                self.with_items()
            },
            self.wrong(|p| {
                p.with_head(false)?;
                p.line_without_colon()
            }),
            self.wrong(|p| {
                p.with_head(true)?;
                p.line_without_colon()
            }),
        )
    }

    fn with_items(&mut self) -> P<()> {
        self.eat("with")?;
        self.list(Self::with_item)?;
        self.colon_and_block()
    }

    fn with_items_in_brackets(&mut self) -> P<()> {
        self.eat("with")?;
        self.eat("(")?;
        self.list(Self::with_item)?;
        self.opt(|p| p.eat(","))?;
        self.eat(")")?;
        self.colon_and_block()
    }

    fn with_head(&mut self, brackets: bool) -> P<usize> {
        self.opt(|p| p.eat("async"))?;
        let word = self.eat("with")?;
        if brackets {
            self.eat("(")?;
        }
        self.list(|p| {
            if brackets {
                p.expressions()?
            } else {
                p.expression()?
            };
            p.opt(|p| {
                p.eat("as")?;
                p.star_target()
            })
        })?;
        if brackets {
            self.opt(|p| p.eat(","))?;
            self.eat(")")?;
        }
        Ok(word)
    }

    fn with_item(&mut self) -> P<()> {
        let ends = |p: &mut Self| p.ahead(|p| p.eat_any(&[",", ")", ":"]));
        first!(self:
            {
                self.expression()?;
                self.eat("as")?;
                self.star_target()?;
                ends(self)
            },
            self.wrong(|p| {
                p.expression()?;
                p.eat("as")?;
                let target = p.expression()?;
                p.ahead(|p| p.eat_any(&[",", ")", ":"]))?;
                p.tell_target(target, Targets::Star)
            }),
            self.expression().map(drop),
        )
    }

    // `try`

    fn try_statement(&mut self) -> P<()> {
        first!(self:
            self.wrong(Self::wrong_try),
            {
                self.try_head()?;
                self.finally_block()
            },
            {
                self.try_head()?;
                self.some(Self::except_block)?;
                self.try_tail()
            },
            {
                self.try_head()?;
                self.some(Self::except_star_block)?;
                self.try_tail()
            },
        )
    }

    fn try_head(&mut self) -> P<()> {
        self.eat("try")?;
        self.must(":")?;
        self.block().map(drop)
    }

    fn try_tail(&mut self) -> P<()> {
        self.opt(Self::else_block)?;
        self.opt(Self::finally_block).map(drop)
    }

    fn wrong_try(&mut self) -> P<()> {
        first!(self:
            {
                let word = self.eat("try")?;
                self.colon_without_block(word, "'try' statement")
            },
            {
                self.eat("try")?;
                self.colon_and_block()?;
                self.not(|p| p.eat_any(&["except", "finally"]))?;
                self.tell_last("expected 'except' or 'finally' block")
            },
            {
                self.eat("try")?;
                self.eat(":")?;
                self.many(Self::block)?;
                self.some(Self::except_block)?;
                let word = self.eat("except")?;
                let star = self.eat("*")?;
                self.expression()?;
                self.opt(Self::as_name)?;
                self.eat(":")?;
                self.tell(word, star, TWO_KINDS)
            },
            {
                self.eat("try")?;
                self.eat(":")?;
                self.many(Self::block)?;
                self.some(Self::except_star_block)?;
                let word = self.eat("except")?;
                self.opt(|p| {
                    p.expression()?;
                    p.opt(Self::as_name)
                })?;
                self.eat(":")?;
                self.tell(word, word, TWO_KINDS)
            },
        )
    }

    fn as_name(&mut self) -> P<usize> {
        self.eat("as")?;
        self.name()
    }

    fn finally_block(&mut self) -> P<()> {
        first!(self:
            self.wrong(|p| {
                let word = p.eat("finally")?;
                p.colon_without_block(word, "'finally' statement")
            }),
            {
                self.eat("finally")?;
                self.must(":")?;
                self.block().map(drop)
            },
        )
    }

    fn except_block(&mut self) -> P<()> {
        first!(self:
            self.wrong(|p| {
                let word = p.except_head()?;
                p.colon_without_block(word, "'except' statement")
            }),
            self.wrong(|p| {
                let word = p.eat("except")?;
                p.colon_without_block(word, "'except' statement")
            }),
            {
                self.eat("except")?;
                self.handled()
            },
            {
                self.eat("except")?;
                self.colon_and_block()
            },
            self.wrong(|p| {
                p.eat("except")?;
                p.wrong_handled("except")
            }),
        )
    }

    fn except_star_block(&mut self) -> P<()> {
        first!(self:
            self.wrong(|p| {
                let word = p.eat("except")?;
                p.eat("*")?;
                p.expression()?;
                p.opt(Self::as_name)?;
                p.colon_without_block(word, "'except*' statement")
            }),
            {
                self.eat("except")?;
                self.eat("*")?;
                self.handled()
            },
            self.wrong(|p| {
                p.eat("except")?;
                p.eat("*")?;
                p.wrong_handled("except*")
            }),
        )
    }

    fn except_head(&mut self) -> P<usize> {
        let word = self.eat("except")?;
        self.expression()?;
        self.opt(Self::as_name)?;
        Ok(word)
    }

    /// The exceptions of a handler, and its block.
    fn handled(&mut self) -> P<()> {
        first!(self:
            {
                self.expression()?;
                self.colon_and_block()
            },
            {
                self.expression()?;
                self.as_name()?;
                self.colon_and_block()
            },
            {
                self.expressions()?;
                self.colon_and_block()
            },
        )
    }

    fn wrong_handled(&mut self, word: &str) -> P<()> {
        first!(self:
            {
                let first = self.expression()?;
                self.eat(",")?;
                self.expressions()?;
                self.as_name()?;
                self.eat(":")?;
                let message = "multiple exception types must be parenthesized when using 'as'";
                self.tell_from(first.first, message)
            },
            {
                self.expression()?;
                self.opt(Self::as_name)?;
                self.line_without_colon()
            },
            {
                if word == "except" {
                    return self.line_without_colon();
                }
                first!(self: self.newline(), self.eat(":"))?;
                self.tell_last("expected one or more exception types")
            },
            {
                self.expression()?;
                self.eat("as")?;
                let target = self.expression()?;
                self.colon_and_block()?;
                self.tell_node(target, format!("cannot use {word} statement with {}", target.what))
            },
        )
    }
}
