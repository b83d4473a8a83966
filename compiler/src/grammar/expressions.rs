//! Expressions, from the loosest operator to the tightest.

use super::reader::Kind;
use super::{Grammar, Miss, Node, P, Rule};

/// The comparisons that are one word.
const COMPARISONS: &[&str] = &["==", "!=", "<>", "<=", "<", ">=", ">"];

impl Grammar<'_, '_> {
    pub(super) fn expressions(&mut self) -> P<Node> {
        self.tuple_of(Self::expression)
    }

    pub(super) fn star_expressions(&mut self) -> P<Node> {
        self.tuple_of(Self::star_expression)
    }

    /// One element, or a tuple of several without brackets.
    fn tuple_of(&mut self, element: fn(&mut Self) -> P<Node>) -> P<Node> {
        let start = self.at;
        let items = self.list(element)?;
        let comma = self.opt(|p| p.eat(","))?.is_some();
        match items[..] {
            [only] if !comma => Ok(only),
            _ => Ok(self.parent("tuple", start, &items)),
        }
    }

    pub(super) fn star_expression(&mut self) -> P<Node> {
        self.memo(Rule::StarExpression, |p| first!(p: p.starred_operand(), p.expression()))
    }

    /// `*` and an operand.
    fn starred_operand(&mut self) -> P<Node> {
        let star = self.eat("*")?;
        let value = self.bitwise_or()?;
        Ok(self.parent("starred", star, &[value]))
    }

    pub(super) fn star_named_expressions(&mut self) -> P<Vec<Node>> {
        let items = self.list(Self::star_named_expression)?;
        self.opt(|p| p.eat(","))?;
        Ok(items)
    }

    pub(super) fn star_named_expression(&mut self) -> P<Node> {
        first!(self: self.starred_operand(), self.named_expression())
    }

    pub(super) fn assignment_expression(&mut self) -> P<Node> {
        let name = self.name()?;
        self.eat(":=")?;
        self.expression()?;
        Ok(self.node("named expression", name))
    }

    pub(super) fn named_expression(&mut self) -> P<Node> {
        first!(self:
            self.assignment_expression(),
            self.wrong(|p| p.memo(Rule::WrongNamed, Self::wrong_named_expression).map(drop)),
            self.unnamed_expression(),
        )
    }

    /// An expression that no `:=` follows.
    pub(super) fn unnamed_expression(&mut self) -> P<Node> {
        let value = self.expression()?;
        self.not(|p| p.eat(":="))?;
        Ok(value)
    }

    fn wrong_named_expression(&mut self) -> P<Node> {
        first!(self:
            {
                let target = self.expression()?;
                self.eat(":=")?;
                self.expression()?;
                self.tell_node(target, format!("cannot use assignment expressions with {}", target.what))
            },
            {
                let name = self.name()?;
                self.eat("=")?;
                let value = self.bitwise_or()?;
                self.not(|p| p.eat_any(&["=", ":="]))?;
                let message = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
                self.tell(name, value.last, message)
            },
            {
                self.not(|p| first!(p:
                    p.list_display(), p.tuple(), p.generator(),
                    p.eat_any(&["True", "None", "False"]).map(|at| p.node("literal", at))
                ))?;
                let target = self.bitwise_or()?;
                self.eat("=")?;
                self.bitwise_or()?;
                self.not(|p| p.eat_any(&["=", ":="]))?;
                let what = target.what;
                self.tell_node(target, format!("cannot assign to {what} here. Maybe you meant '==' instead of '='?"))
            },
        )
    }

    pub(super) fn expression(&mut self) -> P<Node> {
        self.memo(Rule::Expression, |p| {
            first!(p:
                p.wrong(Self::wrong_expression),
                p.wrong(Self::wrong_legacy_expression),
                p.conditional(),
                p.disjunction(),
                p.lambda(),
            )
        })
    }

    fn conditional(&mut self) -> P<Node> {
        let first = self.at;
        self.disjunction()?;
        self.eat("if")?;
        self.disjunction()?;
        self.eat("else")?;
        self.expression()?;
        Ok(self.node("conditional expression", first))
    }

    /// An expression below which no mistake is looked for.
    fn expression_as_it_is(&mut self) -> P<Node> {
        let before = std::mem::replace(&mut self.second, false);
        let result = first!(self: self.conditional(), self.disjunction(), self.lambda());
        self.second = before;
        result
    }

    fn is_legacy(&self, node: Node) -> bool {
        node.what == "name" && matches!(self.text(node.first), "print" | "exec")
    }

    fn wrong_expression(&mut self) -> P<()> {
        first!(self:
            self.wrong_between_strings(),
            self.wrong_side_by_side(),
            {
                let value = self.disjunction()?;
                self.eat("if")?;
                let condition = self.disjunction()?;
                self.not(|p| p.eat_any(&["else", ":"]))?;
                self.tell(value.first, condition.last, "expected 'else' after 'if' expression")
            },
            {
                self.disjunction()?;
                self.eat("if")?;
                self.disjunction()?;
                self.eat("else")?;
                self.not(Self::expression)?;
                self.tell_next("expected expression after 'else', but statement is given")
            },
            {
                let word = self.eat_any(&["pass", "break", "continue"])?;
                self.eat("if")?;
                self.disjunction()?;
                self.eat("else")?;
                self.simple_statement()?;
                self.tell(word, word, "expected expression before 'if', but statement is given")
            },
            {
                let word = self.eat("lambda")?;
                self.opt(Self::lambda_parameters)?;
                let colon = self.eat(":")?;
                let field = self.at;
                self.kind(Kind::Middle)?;
                let letter = self.letter(field);
                let message = format!("{letter}-string: lambda expressions are not allowed without parentheses");
                self.tell(word, colon, message)
            },
        )
    }

    /// `"a" b "c"`
    fn wrong_between_strings(&mut self) -> P<()> {
        self.kind(Kind::String)?;
        let start = self.at;
        let last = self.some(|p| {
            p.not(|p| p.kind(Kind::String))?;
            p.expression_as_it_is()
        })?;
        self.kind(Kind::String)?;
        self.tell(start, last.last, "invalid syntax. Is this intended to be part of the string?")
    }

    /// Two expressions, and nothing between them.
    fn wrong_side_by_side(&mut self) -> P<()> {
        self.not(|p| first!(p: { p.name()?; p.kind(Kind::String) }, p.soft()))?;
        let left = self.disjunction()?;
        let right = self.expression_as_it_is()?;
        let outside = self.toks.get(self.at - 1).is_none_or(|tok| tok.level == 0);
        if self.is_legacy(left) || outside {
            return Err(Miss::Over);
        }
        self.tell(left.first, right.last, "invalid syntax. Perhaps you forgot a comma?")
    }

    fn wrong_legacy_expression(&mut self) -> P<()> {
        let name = self.name()?;
        self.not(|p| p.eat("("))?;
        let value = self.star_expressions()?;
        let text = self.text(name);
        if !matches!(text, "print" | "exec") {
            return Err(Miss::Over);
        }
        let message = format!("Missing parentheses in call to '{text}'. Did you mean {text}(...)?");
        self.tell(name, value.last, message)
    }

    pub(super) fn yield_expression(&mut self) -> P<Node> {
        first!(self:
            {
                let word = self.eat("yield")?;
                self.eat("from")?;
                self.expression()?;
                Ok(self.node("yield expression", word))
            },
            {
                let word = self.eat("yield")?;
                self.opt(Self::star_expressions)?;
                Ok(self.node("yield expression", word))
            },
        )
    }

    /// What stands on the right of `=`.
    pub(super) fn right_side(&mut self) -> P<Node> {
        first!(self: self.yield_expression(), self.star_expressions())
    }

    fn lambda(&mut self) -> P<Node> {
        let word = self.eat("lambda")?;
        self.opt(Self::lambda_parameters)?;
        self.eat(":")?;
        self.expression()?;
        Ok(self.node("lambda", word))
    }

    /// Operands of one kind of operators.
    fn chain(&mut self, operand: fn(&mut Self) -> P<Node>, operators: &[&str]) -> P<Node> {
        let mut left = operand(self)?;
        while self
            .opt(|p| {
                p.eat_any(operators)?;
                operand(p)
            })?
            .is_some()
        {
            left = Node { what: "expression", last: self.at - 1, kids: (0, 0), ..left };
        }
        Ok(left)
    }

    pub(super) fn disjunction(&mut self) -> P<Node> {
        self.memo(Rule::Disjunction, |p| {
            let start = p.at;
            let chain = p.chain(Self::conjunction, &["or"])?;
            Ok(p.spread(chain, start))
        })
    }

    fn conjunction(&mut self) -> P<Node> {
        self.memo(Rule::Conjunction, |p| {
            let start = p.at;
            let chain = p.chain(Self::inversion, &["and"])?;
            Ok(p.spread(chain, start))
        })
    }

    /// What operators make of others begins and ends with their brackets.
    fn spread(&self, node: Node, start: usize) -> Node {
        if node.what == "expression" && node.last + 1 == self.at {
            Node { first: start, ..node }
        } else {
            node
        }
    }

    fn inversion(&mut self) -> P<Node> {
        self.memo(Rule::Inversion, |p| {
            first!(p:
                {
                    let word = p.eat("not")?;
                    p.inversion()?;
                    Ok(p.node("expression", word))
                },
                p.comparison(),
            )
        })
    }

    fn comparison(&mut self) -> P<Node> {
        let start = self.at;
        let left = self.bitwise_or()?;
        let mut within = None;
        while let Some(operator) = self.opt(Self::compared)? {
            within = within.or(Some(operator == "in"));
        }
        match within {
            None => Ok(left),
            // The comparison itself can be no target; of what stands in front of `in` the parts are looked at.
            Some(true) => Ok(self.parent("comparison", start, &[left])),
            Some(false) => Ok(self.parent("comparison", start, &[Node { what: "name", ..left }])),
        }
    }

    /// An operator of comparison, and its right side.
    fn compared(&mut self) -> P<&'static str> {
        first!(self:
            {
                self.eat_any(COMPARISONS)?;
                self.bitwise_or()?;
                Ok("")
            },
            {
                self.eat("not")?;
                self.eat("in")?;
                self.bitwise_or()?;
                Ok("not in")
            },
            {
                self.eat("in")?;
                self.bitwise_or()?;
                Ok("in")
            },
            {
                self.eat("is")?;
                self.eat("not")?;
                self.bitwise_or()?;
                Ok("is not")
            },
            {
                self.eat("is")?;
                self.bitwise_or()?;
                Ok("is")
            },
            self.wrong(|p| {
                let less = p.eat("<")?;
                let greater = p.eat(">")?;
                if p.toks[less].end != p.toks[greater].start {
                    return Err(Miss::No);
                }
                p.tell(less, greater, "invalid syntax.  Maybe you meant '!=' instead of '<>'?")
            }),
        )
    }

    pub(super) fn bitwise_or(&mut self) -> P<Node> {
        self.memo(Rule::BitwiseOr, |p| {
            let start = p.at;
            let chain = p.chain(Self::bitwise_xor, &["|"])?;
            Ok(p.spread(chain, start))
        })
    }

    fn bitwise_xor(&mut self) -> P<Node> {
        self.memo(Rule::BitwiseXor, |p| {
            let start = p.at;
            let chain = p.chain(Self::bitwise_and, &["^"])?;
            Ok(p.spread(chain, start))
        })
    }

    fn bitwise_and(&mut self) -> P<Node> {
        self.memo(Rule::BitwiseAnd, |p| {
            let start = p.at;
            let chain = p.chain(Self::shift, &["&"])?;
            Ok(p.spread(chain, start))
        })
    }

    fn shift(&mut self) -> P<Node> {
        self.memo(Rule::Shift, |p| {
            let start = p.at;
            let mistake: Option<Node> = p.opt(|p| p.wrong(Self::wrong_arithmetic))?;
            debug_assert!(mistake.is_none());
            let chain = p.chain(Self::sum, &["<<", ">>"])?;
            Ok(p.spread(chain, start))
        })
    }

    /// `a + not b`
    fn wrong_arithmetic(&mut self) -> P<()> {
        self.sum()?;
        self.eat_any(&["+", "-", "*", "/", "%", "//", "@"])?;
        let word = self.eat("not")?;
        let value = self.inversion()?;
        self.tell(word, value.last, "'not' after an operator must be parenthesized")
    }

    fn sum(&mut self) -> P<Node> {
        self.memo(Rule::Sum, |p| {
            let start = p.at;
            let chain = p.chain(Self::term, &["+", "-"])?;
            Ok(p.spread(chain, start))
        })
    }

    fn term(&mut self) -> P<Node> {
        self.memo(Rule::Term, |p| {
            let start = p.at;
            let mistake: Option<Node> = p.opt(|p| p.wrong(Self::wrong_factor))?;
            debug_assert!(mistake.is_none());
            let chain = p.chain(Self::factor, &["*", "/", "//", "%", "@"])?;
            Ok(p.spread(chain, start))
        })
    }

    /// `- not a`
    fn wrong_factor(&mut self) -> P<()> {
        self.eat_any(&["+", "-", "~"])?;
        let word = self.eat("not")?;
        let value = self.factor()?;
        self.tell(word, value.last, "'not' after an operator must be parenthesized")
    }

    fn factor(&mut self) -> P<Node> {
        self.memo(Rule::Factor, |p| {
            first!(p:
                {
                    let sign = p.eat_any(&["+", "-", "~"])?;
                    p.factor()?;
                    Ok(p.node("expression", sign))
                },
                {
                    let first = p.at;
                    p.await_primary()?;
                    p.eat("**")?;
                    p.factor()?;
                    Ok(p.node("expression", first))
                },
                p.await_primary(),
            )
        })
    }

    fn await_primary(&mut self) -> P<Node> {
        self.memo(Rule::AwaitPrimary, |p| {
            first!(p:
                {
                    let word = p.eat("await")?;
                    p.primary()?;
                    Ok(p.node("await expression", word))
                },
                p.primary(),
            )
        })
    }

    pub(super) fn primary(&mut self) -> P<Node> {
        self.memo(Rule::Primary, |p| {
            let start = p.at;
            let mut value = p.atom()?;
            while let Some(what) = p.opt(Self::trailer)? {
                value = p.node(what, start);
            }
            Ok(value)
        })
    }

    /// An attribute, a call, a subscript behind a value.
    pub(super) fn trailer(&mut self) -> P<&'static str> {
        first!(self:
            {
                self.eat(".")?;
                self.name()?;
                Ok("attribute")
            },
            {
                self.generator()?;
                Ok("function call")
            },
            {
                self.eat("(")?;
                self.opt(Self::arguments)?;
                self.eat(")")?;
                Ok("function call")
            },
            {
                self.eat("[")?;
                self.slices()?;
                self.eat("]")?;
                Ok("subscript")
            },
        )
    }

    pub(super) fn slices(&mut self) -> P<()> {
        first!(self:
            {
                self.slice()?;
                self.not(|p| p.eat(","))
            },
            {
                self.list(|p| first!(p: p.slice(), p.starred_expression().map(drop)))?;
                self.opt(|p| p.eat(","))?;
                Ok(())
            },
        )
    }

    fn slice(&mut self) -> P<()> {
        first!(self:
            {
                self.opt(Self::expression)?;
                self.eat(":")?;
                self.opt(Self::expression)?;
                self.opt(|p| {
                    p.eat(":")?;
                    p.opt(Self::expression)
                })?;
                Ok(())
            },
            self.named_expression().map(drop),
        )
    }
}
