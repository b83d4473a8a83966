//! Parameters of functions and lambdas, and those of types.

use super::{Grammar, Miss, Node, P, Rule};

/// Whose parameters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// Of a function: annotated, up to `)`.
    Function,
    /// Of a lambda: plain names, up to `:`.
    Lambda,
}

use Of::{Function, Lambda};

impl Of {
    fn close(self) -> &'static str {
        if self == Function { ")" } else { ":" }
    }
}

impl Grammar<'_, '_> {
    pub(super) fn function_parameters(&mut self) -> P<()> {
        first!(self: self.wrong(|p| p.wrong_parameters(Function)), self.parameters(Function))
    }

    pub(super) fn lambda_parameters(&mut self) -> P<()> {
        first!(self: self.wrong(|p| p.wrong_parameters(Lambda)), self.parameters(Lambda))
    }

    fn parameters(&mut self, of: Of) -> P<()> {
        first!(self:
            {
                self.slash_plain(of)?;
                self.many(|p| p.plain(of))?;
                self.many(|p| p.defaulted(of))?;
                self.opt(|p| p.star_etc(of)).map(drop)
            },
            {
                self.slash_defaulted(of)?;
                self.many(|p| p.defaulted(of))?;
                self.opt(|p| p.star_etc(of)).map(drop)
            },
            {
                self.some(|p| p.plain(of))?;
                self.many(|p| p.defaulted(of))?;
                self.opt(|p| p.star_etc(of)).map(drop)
            },
            {
                self.some(|p| p.defaulted(of))?;
                self.opt(|p| p.star_etc(of)).map(drop)
            },
            self.star_etc(of),
        )
    }

    /// The end of what stands among parameters: its comma, or the end of them all.
    fn ends(&mut self, of: Of) -> P<()> {
        first!(self: self.eat(",").map(drop), self.ahead(|p| p.eat(of.close())))
    }

    /// The end of a parameter. Behind the comma of a function's there may be a comment with its type: the token that stands there is read.
    fn parameter_ends(&mut self, of: Of) -> P<()> {
        first!(self:
            {
                self.eat(",")?;
                if of == Function {
                    self.look()?;
                }
                Ok(())
            },
            self.ahead(|p| p.eat(of.close())),
        )
    }

    fn slash_plain(&mut self, of: Of) -> P<()> {
        self.some(|p| p.plain(of))?;
        self.eat("/")?;
        self.ends(of)
    }

    fn slash_defaulted(&mut self, of: Of) -> P<()> {
        self.many(|p| p.plain(of))?;
        self.some(|p| p.defaulted(of))?;
        self.eat("/")?;
        self.ends(of)
    }

    fn slash(&mut self, of: Of) -> P<()> {
        first!(self: self.slash_plain(of), self.slash_defaulted(of))
    }

    fn parameter(&mut self, of: Of) -> P<Node> {
        let name = self.name()?;
        if of == Function {
            self.opt(|p| {
                p.eat(":")?;
                p.expression()
            })?;
        }
        Ok(self.node("name", name))
    }

    /// Without a default.
    fn plain(&mut self, of: Of) -> P<Node> {
        let node = self.parameter(of)?;
        self.parameter_ends(of)?;
        Ok(node)
    }

    fn defaulted(&mut self, of: Of) -> P<()> {
        self.parameter(of)?;
        self.default()?;
        self.parameter_ends(of)
    }

    fn maybe_defaulted(&mut self, of: Of) -> P<()> {
        self.parameter(of)?;
        self.opt(Self::default)?;
        self.parameter_ends(of)
    }

    fn default(&mut self) -> P<()> {
        first!(self:
            {
                self.eat("=")?;
                self.expression().map(drop)
            },
            self.wrong(|p| {
                let equals = p.eat("=")?;
                p.ahead(|p| p.eat_any(&[")", ","]))?;
                p.tell(equals, equals, "expected default value expression")
            }),
        )
    }

    /// `*args`, names behind it, `**kwargs`.
    fn star_etc(&mut self, of: Of) -> P<()> {
        first!(self:
            self.wrong(|p| p.wrong_star_etc(of)),
            {
                self.eat("*")?;
                self.plain(of)?;
                self.many(|p| p.maybe_defaulted(of))?;
                self.opt(|p| p.keywords(of)).map(drop)
            },
            {
                if of == Lambda {
                    return Err(Miss::No);
                }
                self.eat("*")?;
                self.name()?;
                self.eat(":")?;
                self.star_expression()?;
                self.parameter_ends(of)?;
                self.many(|p| p.maybe_defaulted(of))?;
                self.opt(|p| p.keywords(of)).map(drop)
            },
            {
                self.eat("*")?;
                self.eat(",")?;
                self.some(|p| p.maybe_defaulted(of))?;
                self.opt(|p| p.keywords(of)).map(drop)
            },
            self.keywords(of),
        )
    }

    fn keywords(&mut self, of: Of) -> P<()> {
        first!(self:
            self.wrong(|p| p.wrong_keywords(of)),
            {
                self.eat("**")?;
                self.plain(of).map(drop)
            },
        )
    }

    fn wrong_parameters(&mut self, of: Of) -> P<()> {
        first!(self:
            {
                let slash = self.eat("/")?;
                self.eat(",")?;
                self.tell(slash, slash, "at least one argument must precede /")
            },
            {
                self.slash(of)?;
                self.many(|p| p.maybe_defaulted(of))?;
                let slash = self.eat("/")?;
                self.tell(slash, slash, "/ may appear only once")
            },
            {
                self.opt(|p| p.slash_plain(of))?;
                self.many(|p| p.plain(of))?;
                first!(self: self.slash_defaulted(of), self.some(|p| p.defaulted(of)))?;
                let plain = self.plain(of)?;
                self.tell_node(plain, "parameter without a default follows parameter with a default")
            },
            {
                self.many(|p| p.plain(of))?;
                let open = self.eat("(")?;
                match of {
                    Function => self.some(|p| p.plain(of)).map(drop)?,
                    Lambda => self.list(|p| p.parameter(of)).map(drop)?,
                }
                self.opt(|p| p.eat(","))?;
                let close = self.eat(")")?;
                let what = if of == Function { "Function" } else { "Lambda expression" };
                self.tell(open, close, format!("{what} parameters cannot be parenthesized"))
            },
            {
                self.opt(|p| p.slash(of))?;
                self.many(|p| p.maybe_defaulted(of))?;
                self.eat("*")?;
                first!(self: self.eat(",").map(drop), self.plain(of).map(drop))?;
                self.many(|p| p.maybe_defaulted(of))?;
                let slash = self.eat("/")?;
                self.tell(slash, slash, "/ must be ahead of *")
            },
            {
                self.some(|p| p.maybe_defaulted(of))?;
                self.eat("/")?;
                let star = self.eat("*")?;
                self.tell(star, star, "expected comma between / and *")
            },
        )
    }

    fn wrong_star_etc(&mut self, of: Of) -> P<()> {
        let bare = "named arguments must follow bare *";
        first!(self:
            {
                let star = self.eat("*")?;
                first!(self: self.eat(of.close()), {
                    self.eat(",")?;
                    self.eat_any(&[of.close(), "**"])
                })?;
                match of {
                    Function => self.tell(star, star, bare),
                    Lambda => self.tell_last(bare),
                }
            },
            {
                self.eat("*")?;
                self.parameter(of)?;
                let equals = self.eat("=")?;
                self.tell(equals, equals, "var-positional argument cannot have default value")
            },
            {
                self.eat("*")?;
                first!(self: self.plain(of).map(drop), self.eat(",").map(drop))?;
                self.many(|p| p.maybe_defaulted(of))?;
                let star = self.eat("*")?;
                first!(self: self.plain(of).map(drop), self.eat(",").map(drop))?;
                self.tell(star, star, "* argument may appear only once")
            },
        )
    }

    fn wrong_keywords(&mut self, of: Of) -> P<()> {
        let follows = "arguments cannot follow var-keyword argument";
        first!(self:
            {
                self.eat("**")?;
                self.parameter(of)?;
                let equals = self.eat("=")?;
                self.tell(equals, equals, "var-keyword argument cannot have default value")
            },
            {
                self.eat("**")?;
                self.parameter(of)?;
                self.eat(",")?;
                let next = self.parameter(of)?;
                self.tell_node(next, follows)
            },
            {
                self.eat("**")?;
                self.parameter(of)?;
                self.eat(",")?;
                let next = self.eat_any(&["*", "**", "/"])?;
                self.tell(next, next, follows)
            },
        )
    }

    // Parameters of types.

    pub(super) fn type_params(&mut self) -> P<()> {
        first!(self:
            self.wrong(|p| {
                p.eat("[")?;
                let close = p.eat("]")?;
                p.tell_from(close, "Type parameter list cannot be empty")
            }),
            {
                self.eat("[")?;
                self.list(|p| p.memo(Rule::TypeParam, Self::type_param))?;
                self.opt(|p| p.eat(","))?;
                self.eat("]").map(drop)
            },
        )
    }

    fn type_param(&mut self) -> P<Node> {
        let start = self.at;
        first!(self:
            {
                self.name()?;
                self.opt(|p| {
                    p.eat(":")?;
                    p.expression()
                })?;
                self.opt(Self::type_default)?;
                Ok(self.node("name", start))
            },
            self.wrong(|p| first!(p: p.bound_of("*", "TypeVarTuple"), p.bound_of("**", "ParamSpec"))),
            {
                self.eat("*")?;
                self.name()?;
                self.opt(|p| {
                    p.eat("=")?;
                    p.star_expression()
                })?;
                Ok(self.node("name", start))
            },
            {
                self.eat("**")?;
                self.name()?;
                self.opt(Self::type_default)?;
                Ok(self.node("name", start))
            },
        )
    }

    fn type_default(&mut self) -> P<Node> {
        self.eat("=")?;
        self.expression()
    }

    /// A bound where there may be none.
    fn bound_of(&mut self, stars: &str, what: &str) -> P<()> {
        self.eat(stars)?;
        self.name()?;
        let colon = self.eat(":")?;
        let bound = self.expression()?;
        let kind = if bound.what == "tuple" { "constraints" } else { "bound" };
        self.tell_from(colon, format!("cannot use {kind} with {what}"))
    }
}
