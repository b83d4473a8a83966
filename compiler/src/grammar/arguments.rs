//! Arguments of calls.

use super::{Grammar, Miss, Node, P, Rule};

/// What arguments there are.
#[derive(Default)]
struct Args {
    /// Those without a name, and the last of them.
    count: usize,
    last: Option<Node>,
    /// Whether there is a `**`.
    doubled: bool,
}

/// What an argument is.
enum Arg {
    Plain(Node),
    Named,
    Doubled,
}

impl Args {
    fn add(&mut self, arg: Arg) {
        match arg {
            Arg::Plain(node) => (self.count, self.last) = (self.count + 1, Some(node)),
            Arg::Named => {}
            Arg::Doubled => self.doubled = true,
        }
    }
}

const MAYBE_EQUAL: &str = "invalid syntax. Maybe you meant '==' or ':=' instead of '='?";
const NO_GENERATOR: &str = "Generator expression must be parenthesized";

impl Grammar<'_, '_> {
    pub(super) fn arguments(&mut self) -> P<Node> {
        self.memo(Rule::Arguments, |p| {
            let start = p.at;
            first!(p:
                {
                    p.args()?;
                    p.opt(|p| p.eat(","))?;
                    p.ahead(|p| p.eat(")"))?;
                    Ok(p.node("arguments", start))
                },
                p.wrong(Self::wrong_arguments),
            )
        })
    }

    fn args(&mut self) -> P<Args> {
        let mut args = Args::default();
        first!(self:
            {
                let plain = self.list(Self::plain_argument)?;
                plain.into_iter().for_each(|node| args.add(Arg::Plain(node)));
                let named = self.opt(|p| {
                    p.eat(",")?;
                    p.named_arguments()
                })?;
                named.into_iter().flatten().for_each(|arg| args.add(arg));
                Ok(())
            },
            {
                self.named_arguments()?.into_iter().for_each(|arg| args.add(arg));
                Ok(())
            },
        )?;
        Ok(args)
    }

    /// An argument without a name.
    fn plain_argument(&mut self) -> P<Node> {
        first!(self:
            self.starred_expression(),
            {
                let value = first!(self: self.assignment_expression(), self.unnamed_expression())?;
                self.not(|p| p.eat("="))?;
                Ok(value)
            },
        )
    }

    fn named_arguments(&mut self) -> P<Vec<Arg>> {
        first!(self:
            {
                let mut args = self.list(Self::named_or_starred)?;
                self.eat(",")?;
                args.extend(self.list(Self::named_or_doubled)?);
                Ok(args)
            },
            self.list(Self::named_or_starred),
            self.list(Self::named_or_doubled),
        )
    }

    pub(super) fn starred_expression(&mut self) -> P<Node> {
        first!(self:
            self.wrong(|p| {
                let star = p.eat("*")?;
                p.expression()?;
                p.eat("=")?;
                let value = p.expression()?;
                p.tell(star, value.last, "cannot assign to iterable argument unpacking")
            }),
            {
                let star = self.eat("*")?;
                let value = self.expression()?;
                Ok(self.parent("starred", star, &[value]))
            },
            self.wrong(|p| {
                p.eat("*")?;
                p.tell_last("Invalid star expression")
            }),
        )
    }

    fn named(&mut self) -> P<Arg> {
        self.name()?;
        self.eat("=")?;
        self.expression()?;
        Ok(Arg::Named)
    }

    fn named_or_starred(&mut self) -> P<Arg> {
        first!(self:
            self.wrong(Self::wrong_named),
            self.named(),
            self.starred_expression().map(Arg::Plain),
        )
    }

    fn named_or_doubled(&mut self) -> P<Arg> {
        first!(self:
            self.wrong(Self::wrong_named),
            self.named(),
            {
                self.eat("**")?;
                self.expression()?;
                Ok(Arg::Doubled)
            },
        )
    }

    fn wrong_named(&mut self) -> P<()> {
        first!(self:
            {
                let word = self.eat_any(&["True", "False", "None"])?;
                let equals = self.eat("=")?;
                let text = self.text(word);
                self.tell(word, equals, format!("cannot assign to {text}"))
            },
            {
                let name = self.name()?;
                let equals = self.eat("=")?;
                self.expression()?;
                self.clauses()?;
                self.tell(name, equals, MAYBE_EQUAL)
            },
            {
                self.not(|p| {
                    p.name()?;
                    p.eat("=")
                })?;
                let value = self.expression()?;
                let equals = self.eat("=")?;
                let message = "expression cannot contain assignment, perhaps you meant \"==\"?";
                self.tell(value.first, equals, message)
            },
            {
                let stars = self.eat("**")?;
                self.expression()?;
                self.eat("=")?;
                let value = self.expression()?;
                self.tell(stars, value.last, "cannot assign to keyword argument unpacking")
            },
        )
    }

    fn wrong_arguments(&mut self) -> P<()> {
        first!(self:
            {
                first!(self:
                    {
                        self.list(Self::plain_argument)?;
                        self.eat(",")?;
                        self.named_arguments()
                    },
                    self.named_arguments(),
                )?;
                let comma = self.eat(",")?;
                self.list(|p| {
                    p.starred_expression()?;
                    p.not(|p| p.eat("="))
                })?;
                self.tell_from(comma, "iterable argument unpacking follows keyword argument unpacking")
            },
            {
                let value = self.expression()?;
                let last = self.clauses()?;
                self.eat(",")?;
                self.opt(|p| first!(p: p.args().map(drop), {
                    p.expression()?;
                    p.clauses().map(drop)
                }))?;
                self.tell(value.first, last.last, NO_GENERATOR)
            },
            {
                let name = self.name()?;
                let equals = self.eat("=")?;
                self.expression()?;
                self.clauses()?;
                self.tell(name, equals, MAYBE_EQUAL)
            },
            {
                self.opt(|p| {
                    p.args()?;
                    p.eat(",")
                })?;
                let name = self.name()?;
                let equals = self.eat("=")?;
                self.ahead(|p| p.eat_any(&[",", ")"]))?;
                self.tell(name, equals, "expected argument value expression")
            },
            {
                let args = self.args()?;
                let last = self.clauses()?;
                match args.last.filter(|_| args.count > 1) {
                    Some(value) => self.tell(value.first, last.last, NO_GENERATOR),
                    None => Err(Miss::Over),
                }
            },
            {
                self.args()?;
                self.eat(",")?;
                let value = self.expression()?;
                let last = self.clauses()?;
                self.tell(value.first, last.last, NO_GENERATOR)
            },
            {
                let args = self.args()?;
                self.eat(",")?;
                self.args()?;
                let unpacking = if args.doubled { " unpacking" } else { "" };
                self.tell_last(format!("positional argument follows keyword argument{unpacking}"))
            },
        )
    }
}
