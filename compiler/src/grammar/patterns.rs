//! `match` and its patterns.

use super::reader::{Kind, Tok};
use super::{Grammar, Miss, Node, P, Rule};

impl Grammar<'_, '_> {
    pub(super) fn match_statement(&mut self) -> P<()> {
        first!(self:
            {
                self.match_head()?;
                self.eat(":")?;
                self.newline()?;
                self.kind(Kind::Indent)?;
                self.some(Self::case_block)?;
                self.kind(Kind::Dedent).map(drop)
            },
            self.wrong(|p| {
                p.match_head()?;
                p.line_without_colon()
            }),
            self.wrong(|p| {
                let word = p.match_head()?;
                p.colon_without_block(word, "'match' statement")
            }),
        )
    }

    fn match_head(&mut self) -> P<usize> {
        let word = self.eat("match")?;
        first!(self:
            {
                self.star_named_expression()?;
                self.eat(",")?;
                self.opt(Self::star_named_expressions).map(drop)
            },
            self.named_expression().map(drop),
        )?;
        Ok(word)
    }

    fn case_block(&mut self) -> P<()> {
        first!(self:
            self.wrong(|p| {
                p.case_head()?;
                p.line_without_colon()
            }),
            self.wrong(|p| {
                let word = p.case_head()?;
                p.colon_without_block(word, "'case' statement")
            }),
            {
                self.case_head()?;
                self.eat(":")?;
                self.block().map(drop)
            },
        )
    }

    fn case_head(&mut self) -> P<usize> {
        let word = self.eat("case")?;
        first!(self: self.open_sequence().map(drop), self.pattern().map(drop))?;
        self.opt(|p| {
            p.eat("if")?;
            p.named_expression()
        })?;
        Ok(word)
    }

    fn pattern(&mut self) -> P<Node> {
        first!(self:
            {
                let start = self.at;
                self.or_pattern()?;
                self.eat("as")?;
                self.capture_name()?;
                Ok(self.node("pattern", start))
            },
            self.wrong(|p| first!(p:
                {
                    p.or_pattern()?;
                    p.eat("as")?;
                    let name = p.eat("_")?;
                    p.tell(name, name, "cannot use '_' as a target")
                },
                {
                    p.or_pattern()?;
                    p.eat("as")?;
                    let target = p.expression()?;
                    p.tell_node(target, format!("cannot use {} as pattern target", target.what))
                },
            )),
            self.or_pattern(),
        )
    }

    fn or_pattern(&mut self) -> P<Node> {
        let start = self.at;
        let first = self.closed_pattern()?;
        let more = self.many(|p| {
            p.eat("|")?;
            p.closed_pattern()
        })?;
        Ok(if more.is_some() { self.node("pattern", start) } else { first })
    }

    fn closed_pattern(&mut self) -> P<Node> {
        self.memo(Rule::ClosedPattern, |p| {
            let start = p.at;
            first!(p:
                {
                    p.plain_pattern()?;
                    Ok(p.node("pattern", start))
                },
                {
                    p.eat("(")?;
                    let inner = p.pattern()?;
                    p.eat(")")?;
                    Ok(inner)
                },
                {
                    first!(p: p.sequence(), p.mapping(), p.class_pattern())?;
                    Ok(p.node("pattern", start))
                },
            )
        })
    }

    /// A literal, a name, an attribute.
    fn plain_pattern(&mut self) -> P<()> {
        let start = self.at;
        first!(self:
            {
                self.literal(false)?;
                if self.toks[start].kind == Kind::Start {
                    let what = "patterns may only match literals and attribute lookups";
                    self.odd_pattern.get_or_insert((start, self.at - 1, what));
                }
                Ok(())
            },
            self.capture_name(),
            self.eat("_").map(drop),
            {
                self.attribute()?;
                self.not(|p| p.eat_any(&[".", "(", "="]))
            },
        )
    }

    /// A literal; `key`: of a mapping.
    fn literal(&mut self, key: bool) -> P<()> {
        first!(self:
            {
                self.opt(|p| p.eat("-"))?;
                self.kind(Kind::Number)?;
                self.not(|p| p.eat_any(&["+", "-"]))
            },
            self.complex(),
            {
                if key {
                    self.ahead(Self::string_start)?;
                }
                self.strings().map(drop)
            },
            self.eat_any(&["None", "True", "False"]).map(drop),
        )
    }

    fn complex(&mut self) -> P<()> {
        self.opt(|p| p.eat("-"))?;
        let real = self.kind(Kind::Number)?;
        if self.is_imaginary(real) {
            return self.tell(real, real, "real number required in complex literal");
        }
        self.eat_any(&["+", "-"])?;
        let imaginary = self.kind(Kind::Number)?;
        if !self.is_imaginary(imaginary) {
            return self.tell(imaginary, imaginary, "imaginary number required in complex literal");
        }
        Ok(())
    }

    fn is_imaginary(&self, at: usize) -> bool {
        self.text(at).ends_with(['j', 'J'])
    }

    fn capture_name(&mut self) -> P<()> {
        self.not(|p| p.eat("_"))?;
        self.name()?;
        self.not(|p| p.eat_any(&[".", "(", "="]))
    }

    /// A name and its attributes, at least one.
    fn attribute(&mut self) -> P<()> {
        self.name()?;
        self.some(|p| {
            p.eat(".")?;
            p.name()
        })
        .map(drop)
    }

    fn name_or_attribute(&mut self) -> P<()> {
        first!(self: self.attribute(), self.name().map(drop))
    }

    fn sequence(&mut self) -> P<()> {
        first!(self:
            {
                self.eat("[")?;
                self.opt(Self::sequence_items)?;
                self.eat("]").map(drop)
            },
            {
                self.eat("(")?;
                self.opt(Self::open_sequence)?;
                self.eat(")").map(drop)
            },
        )
    }

    fn open_sequence(&mut self) -> P<()> {
        self.sequence_item()?;
        self.eat(",")?;
        self.opt(Self::sequence_items).map(drop)
    }

    fn sequence_items(&mut self) -> P<()> {
        self.list(Self::sequence_item)?;
        self.opt(|p| p.eat(",")).map(drop)
    }

    fn sequence_item(&mut self) -> P<Node> {
        first!(self: self.memo(Rule::StarPattern, Self::star_pattern), self.pattern())
    }

    fn star_pattern(&mut self) -> P<Node> {
        let star = self.eat("*")?;
        first!(self: self.capture_name(), self.eat("_").map(drop))?;
        Ok(self.node("pattern", star))
    }

    fn mapping(&mut self) -> P<()> {
        let start = self.at;
        first!(self:
            {
                self.eat("{")?;
                self.eat("}").map(drop)
            },
            {
                self.eat("{")?;
                self.rest_of_mapping()
            },
            {
                self.eat("{")?;
                self.list(Self::key_and_pattern)?;
                self.eat(",")?;
                self.rest_of_mapping()
            },
            {
                self.eat("{")?;
                self.list(Self::key_and_pattern)?;
                self.opt(|p| p.eat(","))?;
                self.eat("}").map(drop)
            },
        )?;
        self.note_keys(start);
        Ok(())
    }

    /// Notes a mapping with an f-string among its keys.
    fn note_keys(&mut self, first: usize) {
        let toks = &self.toks[first..self.at];
        let key = |pair: &[Tok<'_>]| pair[1].kind == Kind::Start && matches!(pair[0].text, "{" | ",");
        if toks.windows(2).any(key) {
            let what = "mapping pattern keys may only match literals and attribute lookups";
            self.odd_pattern.get_or_insert((first, self.at - 1, what));
        }
    }

    fn rest_of_mapping(&mut self) -> P<()> {
        self.eat("**")?;
        self.capture_name()?;
        self.opt(|p| p.eat(","))?;
        self.eat("}").map(drop)
    }

    fn key_and_pattern(&mut self) -> P<()> {
        first!(self: self.literal(true), self.attribute())?;
        self.eat(":")?;
        self.pattern().map(drop)
    }

    fn class_pattern(&mut self) -> P<()> {
        first!(self:
            {
                self.class_and_bracket()?;
                self.eat(")").map(drop)
            },
            {
                self.class_and_bracket()?;
                self.list(Self::pattern)?;
                self.class_end()
            },
            {
                self.class_and_bracket()?;
                self.list(Self::keyword_pattern)?;
                self.class_end()
            },
            {
                self.class_and_bracket()?;
                self.list(Self::pattern)?;
                self.eat(",")?;
                self.list(Self::keyword_pattern)?;
                self.class_end()
            },
            self.wrong(|p| {
                p.class_and_bracket()?;
                p.opt(|p| {
                    p.list(Self::pattern)?;
                    p.eat(",")
                })?;
                p.list(Self::keyword_pattern)?;
                p.eat(",")?;
                let after = p.list(Self::pattern)?;
                let (first, last) = (after[0].first, after[after.len() - 1].last);
                p.tell(first, last, "positional patterns follow keyword patterns")
            }),
        )
    }

    fn class_and_bracket(&mut self) -> P<()> {
        self.name_or_attribute()?;
        self.eat("(").map(drop)
    }

    fn class_end(&mut self) -> P<()> {
        self.opt(|p| p.eat(","))?;
        self.eat(")").map(drop)
    }

    fn keyword_pattern(&mut self) -> P<()> {
        self.name()?;
        self.eat("=")?;
        self.pattern().map(drop)
    }
}
