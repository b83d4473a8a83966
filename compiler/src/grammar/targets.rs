//! What is assigned to, and what is deleted.

use super::tell::Targets;
use super::{Grammar, Miss, Node, P, Rule};

impl Grammar<'_, '_> {
    pub(super) fn star_targets(&mut self) -> P<Node> {
        let start = self.at;
        first!(self:
            {
                let target = self.star_target()?;
                self.not(|p| p.eat(","))?;
                Ok(target)
            },
            {
                let targets = self.list(Self::star_target)?;
                self.opt(|p| p.eat(","))?;
                Ok(self.parent("tuple", start, &targets))
            },
        )
    }

    pub(super) fn star_target(&mut self) -> P<Node> {
        self.memo(Rule::StarTarget, |p| {
            first!(p:
                {
                    let star = p.eat("*")?;
                    p.not(|p| p.eat("*"))?;
                    let target = p.star_target()?;
                    Ok(p.parent("starred", star, &[target]))
                },
                p.target_with_atom(),
            )
        })
    }

    fn target_with_atom(&mut self) -> P<Node> {
        self.memo(Rule::StarAtomTarget, |p| first!(p: p.attribute_or_subscript(), p.star_atom()))
    }

    /// A target that is a part of something.
    fn attribute_or_subscript(&mut self) -> P<Node> {
        let start = self.at;
        first!(self:
            {
                self.target_primary()?;
                self.eat(".")?;
                self.name()?;
                self.not(Self::goes_on)?;
                Ok(self.node("attribute", start))
            },
            {
                self.target_primary()?;
                self.eat("[")?;
                self.slices()?;
                self.eat("]")?;
                self.not(Self::goes_on)?;
                Ok(self.node("subscript", start))
            },
        )
    }

    fn star_atom(&mut self) -> P<Node> {
        let start = self.at;
        first!(self:
            {
                self.name()?;
                Ok(self.node("name", start))
            },
            {
                self.eat("(")?;
                let target = self.target_with_atom()?;
                self.eat(")")?;
                Ok(target)
            },
            {
                self.eat("(")?;
                self.opt(Self::star_target_tuple)?;
                self.eat(")")?;
                Ok(self.node("tuple", start))
            },
            {
                self.eat("[")?;
                self.opt(|p| {
                    p.list(Self::star_target)?;
                    p.opt(|p| p.eat(","))
                })?;
                self.eat("]")?;
                Ok(self.node("list", start))
            },
        )
    }

    fn star_target_tuple(&mut self) -> P<()> {
        self.star_target()?;
        self.eat(",")?;
        self.opt(|p| {
            p.list(Self::star_target)?;
            p.opt(|p| p.eat(","))
        })
        .map(drop)
    }

    pub(super) fn single_target(&mut self) -> P<Node> {
        let start = self.at;
        first!(self:
            self.attribute_or_subscript(),
            {
                self.name()?;
                Ok(self.node("name", start))
            },
            {
                self.eat("(")?;
                let target = self.single_target()?;
                self.eat(")")?;
                Ok(target)
            },
        )
    }

    /// A target that may be annotated, if it is no name.
    pub(super) fn annotated_target(&mut self) -> P<Node> {
        first!(self:
            {
                self.eat("(")?;
                let target = self.single_target()?;
                self.eat(")")?;
                Ok(target)
            },
            self.attribute_or_subscript(),
        )
    }

    /// What an attribute or subscript is taken of: more of them follow.
    fn target_primary(&mut self) -> P<Node> {
        self.memo(Rule::TargetPrimary, |p| {
            let start = p.at;
            let mut value = p.atom()?;
            p.ahead(Self::goes_on)?;
            while let Some(what) = p.opt(|p| p.target_trailer())? {
                value = p.node(what, start);
            }
            Ok(value)
        })
    }

    fn target_trailer(&mut self) -> P<&'static str> {
        first!(self:
            {
                self.eat(".")?;
                self.name()?;
                self.ahead(Self::goes_on)?;
                Ok("attribute")
            },
            {
                self.eat("[")?;
                self.slices()?;
                self.eat("]")?;
                self.ahead(Self::goes_on)?;
                Ok("subscript")
            },
            {
                self.generator()?;
                self.ahead(Self::goes_on)?;
                Ok("function call")
            },
            {
                self.eat("(")?;
                self.opt(Self::arguments)?;
                self.eat(")")?;
                self.ahead(Self::goes_on)?;
                Ok("function call")
            },
        )
    }

    fn goes_on(&mut self) -> P<usize> {
        self.eat_any(&["(", "[", "."])
    }

    pub(super) fn del_targets(&mut self) -> P<()> {
        self.list(Self::del_target)?;
        self.opt(|p| p.eat(",")).map(drop)
    }

    fn del_target(&mut self) -> P<Node> {
        self.memo(Rule::DelTarget, |p| first!(p: p.attribute_or_subscript(), p.del_atom()))
    }

    fn del_atom(&mut self) -> P<Node> {
        let start = self.at;
        first!(self:
            {
                self.name()?;
                Ok(self.node("name", start))
            },
            {
                self.eat("(")?;
                let target = self.del_target()?;
                self.eat(")")?;
                Ok(target)
            },
            {
                self.eat("(")?;
                self.opt(Self::del_targets)?;
                self.eat(")")?;
                Ok(self.node("tuple", start))
            },
            {
                self.eat("[")?;
                self.opt(Self::del_targets)?;
                self.eat("]")?;
                Ok(self.node("list", start))
            },
        )
    }

    /// `for f() in x`
    pub(super) fn wrong_for_target(&mut self) -> P<()> {
        first!(self: {
            self.opt(|p| p.eat("async"))?;
            self.eat("for")?;
            let value = self.star_expressions()?;
            self.tell_target(value, Targets::For)
        })
    }
}
