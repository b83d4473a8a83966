//! What expressions are made of: names, literals, displays, comprehensions.

use super::reader::Kind;
use super::{Grammar, Miss, Node, P};

impl Grammar<'_, '_> {
    pub(super) fn atom(&mut self) -> P<Node> {
        let start = self.at;
        first!(self:
            {
                self.name()?;
                Ok(self.node("name", start))
            },
            {
                self.eat("True")?;
                Ok(self.node("True", start))
            },
            {
                self.eat("False")?;
                Ok(self.node("False", start))
            },
            {
                self.eat("None")?;
                Ok(self.node("None", start))
            },
            {
                self.ahead(Self::string_start)?;
                self.strings()
            },
            {
                self.kind(Kind::Number)?;
                Ok(self.node("literal", start))
            },
            {
                self.ahead(|p| p.eat("("))?;
                first!(self: self.tuple(), self.group(), self.generator())
            },
            {
                self.ahead(|p| p.eat("["))?;
                first!(self: self.list_display(), self.list_comprehension())
            },
            {
                self.ahead(|p| p.eat("{"))?;
                first!(self: self.dict(), self.set(), self.dict_comprehension(), self.set_comprehension())
            },
            {
                self.eat("...")?;
                Ok(self.node("ellipsis", start))
            },
        )
    }

    fn group(&mut self) -> P<Node> {
        first!(self:
            {
                self.eat("(")?;
                let value = first!(self: self.yield_expression(), self.named_expression())?;
                self.eat(")")?;
                Ok(value)
            },
            self.wrong(Self::wrong_group),
        )
    }

    fn wrong_group(&mut self) -> P<()> {
        first!(self:
            {
                self.eat("(")?;
                let value = self.starred_expression()?;
                self.eat(")")?;
                self.tell_node(value, "cannot use starred expression here")
            },
            {
                self.eat("(")?;
                let stars = self.eat("**")?;
                self.expression()?;
                self.eat(")")?;
                self.tell(stars, stars, "cannot use double starred expression here")
            },
        )
    }

    pub(super) fn list_display(&mut self) -> P<Node> {
        let start = self.eat("[")?;
        let items = self.opt(Self::star_named_expressions)?.unwrap_or_default();
        self.eat("]")?;
        Ok(self.parent("list", start, &items))
    }

    pub(super) fn tuple(&mut self) -> P<Node> {
        let start = self.eat("(")?;
        let items = self.opt(|p| {
            let mut items = vec![p.star_named_expression()?];
            p.eat(",")?;
            items.extend(p.opt(Self::star_named_expressions)?.unwrap_or_default());
            Ok(items)
        })?;
        self.eat(")")?;
        Ok(self.parent("tuple", start, &items.unwrap_or_default()))
    }

    fn set(&mut self) -> P<Node> {
        let start = self.eat("{")?;
        self.star_named_expressions()?;
        self.eat("}")?;
        Ok(self.node("set display", start))
    }

    fn dict(&mut self) -> P<Node> {
        let start = self.at;
        first!(self:
            {
                self.eat("{")?;
                self.opt(Self::pairs)?;
                self.eat("}")?;
                Ok(self.node("dict literal", start))
            },
            // (Of all the rules for mistakes the only one that takes part in the first pass.)
            {
                self.eat("{")?;
                self.wrong_pairs()?;
                Err(Miss::No)
            },
        )
    }

    fn pairs(&mut self) -> P<()> {
        self.list(Self::pair_or_mapping)?;
        self.opt(|p| p.eat(","))?;
        Ok(())
    }

    fn pair_or_mapping(&mut self) -> P<()> {
        first!(self:
            {
                self.eat("**")?;
                self.bitwise_or().map(drop)
            },
            self.pair(),
        )
    }

    fn pair(&mut self) -> P<()> {
        self.expression()?;
        self.eat(":")?;
        self.expression().map(drop)
    }

    fn wrong_pairs(&mut self) -> P<()> {
        first!(self:
            {
                self.list(Self::pair_or_mapping)?;
                self.eat(",")?;
                self.wrong_pair()
            },
            self.wrong_pair_value(),
        )
    }

    fn wrong_pair(&mut self) -> P<()> {
        first!(self:
            {
                let key = self.expression()?;
                self.not(|p| p.eat(":"))?;
                self.tell_key(key)
            },
            self.wrong_pair_value(),
        )
    }

    /// What stands behind a key and `:` and is no value.
    fn wrong_pair_value(&mut self) -> P<()> {
        first!(self:
            {
                self.expression()?;
                self.eat(":")?;
                let star = self.eat("*")?;
                self.bitwise_or()?;
                self.tell_from(star, "cannot use a starred expression in a dictionary value")
            },
            {
                self.expression()?;
                let colon = self.eat(":")?;
                self.ahead(|p| p.eat_any(&["}", ","]))?;
                self.tell(colon, colon, "expression expected after dictionary key and ':'")
            },
        )
    }

    // Comprehensions.

    /// `for x in y if z ..`: the last part of it.
    pub(super) fn clauses(&mut self) -> P<Node> {
        self.some(Self::clause)
    }

    fn clause(&mut self) -> P<Node> {
        first!(self:
            {
                self.eat("async")?;
                self.clause_of()
            },
            self.clause_of(),
            self.wrong(Self::wrong_clause),
            self.wrong(Self::wrong_for_target),
        )
    }

    fn clause_of(&mut self) -> P<Node> {
        self.eat("for")?;
        self.star_targets()?;
        self.eat("in")?;
        let sure = |miss| if miss == Miss::No { Miss::Over } else { miss };
        let value = self.disjunction().map_err(sure)?;
        let condition = self.many(|p| {
            p.eat("if")?;
            p.disjunction()
        })?;
        Ok(condition.unwrap_or(value))
    }

    fn wrong_clause(&mut self) -> P<()> {
        self.opt(|p| p.eat("async"))?;
        self.eat("for")?;
        self.list(Self::bitwise_or)?;
        self.opt(|p| p.eat(","))?;
        self.not(|p| p.eat("in"))?;
        self.tell_last("'in' expected after for-loop variables")
    }

    fn list_comprehension(&mut self) -> P<Node> {
        self.comprehension("[", "]", "list comprehension")
    }

    fn set_comprehension(&mut self) -> P<Node> {
        self.comprehension("{", "}", "set comprehension")
    }

    fn comprehension(&mut self, open: &str, close: &str, what: &'static str) -> P<Node> {
        let start = self.at;
        first!(self:
            {
                self.eat(open)?;
                self.named_expression()?;
                self.clauses()?;
                self.eat(close)?;
                Ok(self.node(what, start))
            },
            self.wrong(Self::wrong_comprehension),
        )
    }

    pub(super) fn generator(&mut self) -> P<Node> {
        let start = self.at;
        first!(self:
            {
                self.eat("(")?;
                first!(self: self.assignment_expression(), self.unnamed_expression())?;
                self.clauses()?;
                self.eat(")")?;
                Ok(self.node("generator expression", start))
            },
            self.wrong(Self::wrong_comprehension),
        )
    }

    fn dict_comprehension(&mut self) -> P<Node> {
        let start = self.at;
        first!(self:
            {
                self.eat("{")?;
                self.pair()?;
                self.clauses()?;
                self.eat("}")?;
                Ok(self.node("dict comprehension", start))
            },
            self.wrong(|p| {
                p.eat("{")?;
                let stars = p.eat("**")?;
                p.bitwise_or()?;
                p.clauses()?;
                p.eat("}")?;
                p.tell(stars, stars, "dict unpacking cannot be used in dict comprehension")
            }),
        )
    }

    fn wrong_comprehension(&mut self) -> P<()> {
        const TARGET: &str = "did you forget parentheses around the comprehension target?";
        first!(self:
            {
                self.eat_any(&["[", "(", "{"])?;
                let value = self.starred_expression()?;
                self.clauses()?;
                self.tell_node(value, "iterable unpacking cannot be used in comprehension")
            },
            {
                self.eat_any(&["[", "{"])?;
                let value = self.star_named_expression()?;
                self.eat(",")?;
                let more = self.star_named_expressions()?;
                self.clauses()?;
                let last = more.last().map_or(value.last, |node| node.last);
                self.tell(value.first, last, TARGET)
            },
            {
                self.eat_any(&["[", "{"])?;
                let value = self.star_named_expression()?;
                let comma = self.eat(",")?;
                self.clauses()?;
                self.tell(value.first, comma, TARGET)
            },
        )
    }
}
