//! What a tree must be like to be compiled: CPython's checks, in its order (`Python/ast.c`).

use ryokan_bytecode::Const;
use ryokan_bytecode::ast::{Class, Item, Node, Tree};

use crate::cx::{Fail, R};
use crate::error::Refusal;
use crate::lower::Lower;

/// Checks one tree.
pub struct Check<'k, 'c, 'a, 't> {
    pub lower: &'k Lower<'c, 'a>,
    pub tree: &'t Tree,
}

/// `ValueError`
fn value<T>(message: impl Into<String>) -> R<T> {
    Err(Box::new(Fail::Refused(Refusal::Value, message.into())))
}

/// `TypeError`
fn kind<T>(message: impl Into<String>) -> R<T> {
    Err(Box::new(Fail::Refused(Refusal::Type, message.into())))
}

fn ensure(holds: bool, message: impl Into<String>) -> R<()> {
    if holds { Ok(()) } else { value(message) }
}

impl<'t> Check<'_, '_, '_, 't> {
    /// The whole tree.
    pub fn root(&self, root: Node<'t>) -> R<()> {
        match root.class {
            Class::Expression => self.one(root.field(0), Class::Load),
            Class::FunctionType => {
                self.exprs(root.field(0), Class::Load, false)?;
                self.one(root.field(1), Class::Load)
            }
            _ => self.stmts(root.field(0)),
        }
    }

    fn nodes(&self, item: &'t Item) -> impl Iterator<Item = Option<Node<'t>>> + use<'t> {
        let tree = self.tree;
        tree.items(item).iter().map(move |item| item.node().map(|id| tree.node(id)))
    }
    fn len(&self, item: &Item) -> usize {
        self.tree.items(item).len()
    }
    fn filled(&self, item: &Item, what: &str, owner: &str) -> R<()> {
        ensure(self.len(item) > 0, format!("empty {what} on {owner}"))
    }

    fn place(&self, node: &Node<'_>) -> R<()> {
        let p = node.place;
        ensure(
            p.line <= p.end_line,
            format!("AST node line range ({}, {}) is not valid", p.line, p.end_line),
        )?;
        ensure(
            !(p.line < 0 && p.end_line != p.line || p.col < 0 && p.col != p.end_col),
            format!(
                "AST node column range ({}, {}) for line range ({}, {}) is not valid",
                p.col, p.end_col, p.line, p.end_line
            ),
        )?;
        ensure(
            p.line != p.end_line || p.col <= p.end_col,
            format!("line {}, column {}-{} is not a valid range", p.line, p.col, p.end_col),
        )
    }

    fn name(&self, item: &Item) -> R<()> {
        if let Item::Plain(Const::Str(text)) = item
            && let Some(name @ ("None" | "True" | "False")) = text.as_str()
        {
            return value(format!("identifier field can't represent '{name}' constant"));
        }
        Ok(())
    }

    fn stmts(&self, body: &'t Item) -> R<()> {
        for stmt in self.nodes(body) {
            match stmt {
                Some(stmt) => self.lower.deeper(|| self.stmt(stmt))?,
                None => return value("None disallowed in statement list"),
            }
        }
        Ok(())
    }
    fn body(&self, body: &'t Item, owner: &str) -> R<()> {
        self.filled(body, "body", owner)?;
        self.stmts(body)
    }
    fn exprs(&self, exprs: &'t Item, context: Class, gaps: bool) -> R<()> {
        for expr in self.tree.items(exprs) {
            if !expr.is_none() {
                self.one(expr, context)?;
            } else if !gaps {
                return value("None disallowed in expression list");
            }
        }
        Ok(())
    }

    /// An expression, if it is there. Chains that lean to the left are walked with a loop.
    fn one(&self, expr: &Item, context: Class) -> R<()> {
        let Some(id) = expr.node() else { return Ok(()) };
        let (mut node, mut context) = (self.tree.node(id), context);
        self.lower.deeper(|| {
            loop {
                self.head(&node, context)?;
                context = Class::Load;
                let left = match node.class {
                    Class::BinOp => {
                        self.one(node.field(2), Class::Load)?;
                        node.field(0)
                    }
                    Class::Attribute => node.field(0),
                    Class::Subscript => {
                        self.one(node.field(1), Class::Load)?;
                        node.field(0)
                    }
                    Class::Call => {
                        self.exprs(node.field(1), Class::Load, false)?;
                        for keyword in self.nodes(node.field(2)).flatten() {
                            self.one(keyword.field(1), Class::Load)?;
                        }
                        node.field(0)
                    }
                    _ => return self.expr(&node),
                };
                match left.node() {
                    Some(id) => node = self.tree.node(id),
                    None => return Ok(()),
                }
            }
        })
    }

    /// Place and context.
    fn head(&self, node: &Node<'t>, context: Class) -> R<()> {
        self.place(node)?;
        let own = match node.class {
            Class::Attribute | Class::Subscript => 2,
            Class::Starred | Class::Name | Class::List | Class::Tuple => 1,
            _ if context == Class::Load => return Ok(()),
            _ => {
                return value(format!(
                    "expression which can't be assigned to in {} context",
                    context.row().name
                ));
            }
        };
        if node.class == Class::Name {
            self.name(node.field(0))?;
        }
        let has = node.field(own).node().map_or(Class::Load, |id| self.tree.node(id).class);
        ensure(
            has == context,
            format!("expression must have {} context but has {} instead", context.row().name, has.row().name),
        )
    }

    fn expr(&self, node: &Node<'t>) -> R<()> {
        let field = |at: usize| node.field(at);
        let load = |at: usize| self.one(node.field(at), Class::Load);
        match node.class {
            Class::BoolOp => {
                ensure(self.len(field(1)) >= 2, "BoolOp with less than 2 values")?;
                self.exprs(field(1), Class::Load, false)
            }
            Class::UnaryOp => load(1),
            Class::NamedExpr => {
                if field(0).node().is_none_or(|id| self.tree.node(id).class != Class::Name) {
                    return kind("NamedExpr target must be a Name");
                }
                load(1)
            }
            Class::Lambda => {
                self.arguments(field(0))?;
                load(1)
            }
            Class::IfExp => (0..3).try_for_each(load),
            Class::Dict => {
                let same = self.len(field(0)) == self.len(field(1));
                ensure(same, "Dict doesn't have the same number of keys as values")?;
                self.exprs(field(0), Class::Load, true)?;
                self.exprs(field(1), Class::Load, false)
            }
            Class::Set | Class::JoinedStr | Class::TemplateStr => self.exprs(field(0), Class::Load, false),
            Class::ListComp | Class::SetComp | Class::GeneratorExp => {
                self.comprehension(field(1))?;
                load(0)
            }
            Class::DictComp => {
                self.comprehension(field(2))?;
                load(0)?;
                load(1)
            }
            Class::Compare => {
                ensure(self.len(field(2)) > 0, "Compare with no comparators")?;
                let same = self.len(field(1)) == self.len(field(2));
                ensure(same, "Compare has a different number of comparators and operands")?;
                self.exprs(field(2), Class::Load, false)?;
                load(0)
            }
            Class::Constant => match field(0) {
                Item::Odd(name) => kind(format!(
                    "got an invalid type in Constant: {}",
                    String::from_utf8_lossy(name.as_wtf8())
                )),
                _ => Ok(()),
            },
            Class::FormattedValue => {
                load(0)?;
                load(2)
            }
            Class::Interpolation => {
                load(0)?;
                load(3)
            }
            Class::Starred => self.one(field(0), self.context(node, 1)),
            Class::List | Class::Tuple => self.exprs(field(0), self.context(node, 1), false),
            Class::Slice => (0..3).try_for_each(load),
            Class::Yield | Class::YieldFrom | Class::Await => load(0),
            _ => Ok(()),
        }
    }

    fn context(&self, node: &Node<'t>, at: usize) -> Class {
        node.field(at).node().map_or(Class::Load, |id| self.tree.node(id).class)
    }

    fn comprehension(&self, generators: &'t Item) -> R<()> {
        ensure(self.len(generators) > 0, "comprehension with no generators")?;
        for generator in self.nodes(generators).flatten() {
            self.one(generator.field(0), Class::Store)?;
            self.one(generator.field(1), Class::Load)?;
            self.exprs(generator.field(2), Class::Load, false)?;
        }
        Ok(())
    }

    fn arguments(&self, item: &Item) -> R<()> {
        let Some(id) = item.node() else { return Ok(()) };
        let all = self.tree.node(id);
        for at in [0, 1, 2, 3, 5] {
            let one = all.field(at).node().map(|id| self.tree.node(id));
            for arg in self.nodes(all.field(at)).flatten().chain(one) {
                self.place(&arg)?;
                self.one(arg.field(1), Class::Load)?;
            }
        }
        let count = self.len(all.field(0)) + self.len(all.field(1));
        ensure(self.len(all.field(6)) <= count, "more positional defaults than args on arguments")?;
        let same = self.len(all.field(3)) == self.len(all.field(4));
        ensure(same, "length of kwonlyargs is not the same as kw_defaults on arguments")?;
        self.exprs(all.field(6), Class::Load, false)?;
        self.exprs(all.field(4), Class::Load, true)
    }

    fn type_params(&self, params: &'t Item) -> R<()> {
        for param in self.nodes(params) {
            let Some(param) = param else { return value("None disallowed in type parameter list") };
            self.place(&param)?;
            self.name(param.field(0))?;
            self.one(param.field(1), Class::Load)?;
            self.one(param.field(2), Class::Load)?;
        }
        Ok(())
    }

    fn stmt(&self, node: Node<'t>) -> R<()> {
        self.place(&node)?;
        let field = |at: usize| node.field(at);
        let load = |at: usize| self.one(node.field(at), Class::Load);
        let name = node.class.row().name;
        match node.class {
            Class::Delete => self.targets(field(0), Class::Del, name),
            Class::Assign => {
                self.targets(field(0), Class::Store, name)?;
                load(1)
            }
            Class::TypeAlias => {
                if field(0).node().is_none_or(|id| self.tree.node(id).class != Class::Name) {
                    return kind("TypeAlias with non-Name name");
                }
                self.one(field(0), Class::Store)?;
                self.type_params(field(1))?;
                load(2)
            }
            Class::AugAssign => {
                self.one(field(0), Class::Store)?;
                load(2)
            }
            Class::AnnAssign => {
                let is_name = field(0).node().is_some_and(|id| self.tree.node(id).class == Class::Name);
                if !is_name && node.int(3) != 0 {
                    return kind("AnnAssign with simple non-Name target");
                }
                self.one(field(0), Class::Store)?;
                load(2)?;
                load(1)
            }
            Class::Raise => {
                ensure(!field(0).is_none() || field(1).is_none(), "Raise with cause but no exception")?;
                load(0)?;
                load(1)
            }
            Class::Import => self.aliases(field(0), name),
            Class::Global | Class::Nonlocal => self.filled(field(0), "names", name),
            Class::ImportFrom => {
                ensure(node.int(2) >= 0, "Negative ImportFrom level")?;
                self.aliases(field(1), name)
            }
            Class::Return | Class::Expr => load(0),
            Class::Assert => {
                load(0)?;
                load(1)
            }
            _ => self.compound(&node, name),
        }
    }

    /// A statement with a block; any other is right as it is.
    fn compound(&self, node: &Node<'t>, name: &str) -> R<()> {
        let field = |at: usize| node.field(at);
        let load = |at: usize| self.one(node.field(at), Class::Load);
        match node.class {
            Class::FunctionDef | Class::AsyncFunctionDef => {
                self.name(field(0))?;
                self.body(field(2), name)?;
                self.type_params(field(6))?;
                self.arguments(field(1))?;
                self.exprs(field(3), Class::Load, false)?;
                load(4)
            }
            Class::ClassDef => {
                self.name(field(0))?;
                self.body(field(3), name)?;
                self.type_params(field(5))?;
                self.exprs(field(1), Class::Load, false)?;
                for keyword in self.nodes(field(2)).flatten() {
                    self.one(keyword.field(1), Class::Load)?;
                }
                self.exprs(field(4), Class::Load, false)
            }
            Class::For | Class::AsyncFor => {
                self.one(field(0), Class::Store)?;
                load(1)?;
                self.body(field(2), name)?;
                self.stmts(field(3))
            }
            Class::While | Class::If => {
                load(0)?;
                self.body(field(1), name)?;
                self.stmts(field(2))
            }
            Class::With | Class::AsyncWith => {
                self.filled(field(0), "items", name)?;
                for item in self.nodes(field(0)).flatten() {
                    self.one(item.field(0), Class::Load)?;
                    self.one(item.field(1), Class::Store)?;
                }
                self.body(field(1), name)
            }
            Class::Match => {
                load(0)?;
                self.filled(field(1), "cases", name)?;
                for case in self.nodes(field(1)).flatten() {
                    self.pattern(case.field(0), false)?;
                    self.one(case.field(1), Class::Load)?;
                    self.body(case.field(2), "match_case")?;
                }
                Ok(())
            }
            Class::Try | Class::TryStar => self.try_stmt(node, name),
            _ => Ok(()),
        }
    }

    fn aliases(&self, names: &'t Item, owner: &str) -> R<()> {
        self.filled(names, "names", owner)?;
        for alias in self.nodes(names).flatten() {
            self.name(alias.field(0))?;
            self.name(alias.field(1))?;
        }
        Ok(())
    }

    fn targets(&self, targets: &'t Item, context: Class, owner: &str) -> R<()> {
        self.filled(targets, "targets", owner)?;
        self.exprs(targets, context, false)
    }

    fn try_stmt(&self, node: &Node<'t>, name: &str) -> R<()> {
        let field = |at: usize| node.field(at);
        self.body(field(0), name)?;
        let handled = self.len(field(1)) > 0;
        let useful = handled || self.len(field(3)) > 0;
        ensure(useful, format!("{name} has neither except handlers nor finalbody"))?;
        let possible = handled || self.len(field(2)) == 0;
        ensure(possible, format!("{name} has orelse but no except handlers"))?;
        for handler in self.nodes(field(1)).flatten() {
            self.place(&handler)?;
            self.name(handler.field(1))?;
            self.one(handler.field(0), Class::Load)?;
            self.body(handler.field(2), "ExceptHandler")?;
        }
        self.stmts(field(3))?;
        self.stmts(field(2))
    }

    fn patterns(&self, patterns: &Item, star: bool) -> R<()> {
        self.tree.items(patterns).iter().try_for_each(|pattern| self.pattern(pattern, star))
    }

    fn capture(&self, name: &Item) -> R<()> {
        let blank = matches!(name, Item::Plain(Const::Str(text)) if text.as_str() == Some("_"));
        ensure(!blank, "can't capture name '_' in patterns")?;
        self.name(name)
    }

    fn pattern(&self, item: &Item, star: bool) -> R<()> {
        let Some(id) = item.node() else { return value("None disallowed in pattern list") };
        let node = self.tree.node(id);
        self.place(&node)?;
        self.lower.deeper(|| self.pattern_fields(&node, star))
    }

    fn pattern_fields(&self, node: &Node<'t>, star: bool) -> R<()> {
        let field = |at: usize| node.field(at);
        match node.class {
            Class::MatchValue => self.literal(field(0)),
            Class::MatchSingleton => {
                let fits = matches!(field(0), Item::Plain(Const::None | Const::True | Const::False));
                ensure(fits, "MatchSingleton can only contain True, False and None")
            }
            Class::MatchSequence => self.patterns(field(0), true),
            Class::MatchMapping => {
                let same = self.len(field(0)) == self.len(field(1));
                ensure(same, "MatchMapping doesn't have the same number of keys as patterns")?;
                self.capture(field(2))?;
                for key in self.tree.items(field(0)) {
                    let constant =
                        key.node().map(|id| self.tree.node(id)).filter(|k| k.class == Class::Constant);
                    let single = constant.is_some_and(|k| {
                        matches!(k.field(0), Item::Plain(Const::None | Const::True | Const::False))
                    });
                    if !single {
                        self.literal(key)?;
                    }
                }
                self.patterns(field(1), false)
            }
            Class::MatchClass => {
                let same = self.len(field(2)) == self.len(field(3));
                ensure(same, "MatchClass doesn't have the same number of keyword attributes as patterns")?;
                self.one(field(0), Class::Load)?;
                let mut class = field(0).node().map(|id| self.tree.node(id));
                while let Some(at) = class.filter(|class| class.class == Class::Attribute) {
                    class = at.field(0).node().map(|id| self.tree.node(id));
                }
                let fits = class.is_some_and(|class| class.class == Class::Name);
                ensure(fits, "MatchClass cls field can only contain Name or Attribute nodes.")?;
                self.tree.items(field(2)).iter().try_for_each(|name| self.name(name))?;
                self.patterns(field(1), false)?;
                self.patterns(field(3), false)
            }
            Class::MatchStar => {
                ensure(star, "can't use MatchStar here")?;
                self.capture(field(0))
            }
            Class::MatchAs => {
                self.capture(field(1))?;
                if field(0).is_none() {
                    return Ok(());
                }
                ensure(!field(1).is_none(), "MatchAs must specify a target name if a pattern is given")?;
                self.pattern(field(0), false)
            }
            _ => {
                ensure(self.len(field(0)) >= 2, "MatchOr requires at least 2 patterns")?;
                self.patterns(field(0), false)
            }
        }
    }

    /// What a pattern compares with.
    fn literal(&self, item: &Item) -> R<()> {
        self.one(item, Class::Load)?;
        let node = item.node().map(|id| self.tree.node(id));
        let fits = match node {
            Some(node) if node.class == Class::Constant => {
                let fits = matches!(
                    node.field(0),
                    Item::Plain(
                        Const::Int(_)
                            | Const::BigInt(..)
                            | Const::Float(_)
                            | Const::Complex(..)
                            | Const::Str(_)
                            | Const::Bytes(_)
                    )
                );
                return ensure(fits, "unexpected constant inside of a literal pattern");
            }
            Some(node) => match node.class {
                Class::Attribute | Class::JoinedStr | Class::TemplateStr => true,
                Class::UnaryOp => self.is_negative(&node, true),
                Class::BinOp => self.is_complex(&node),
                _ => false,
            },
            None => false,
        };
        ensure(fits, "patterns may only match literals and attribute lookups")
    }

    fn is_number(&self, item: &Item, real: bool, imaginary: bool) -> bool {
        let Some(node) = item.node().map(|id| self.tree.node(id)) else { return false };
        node.class == Class::Constant
            && match node.field(0) {
                Item::Plain(Const::Int(_) | Const::BigInt(..) | Const::Float(_)) => real,
                Item::Plain(Const::Complex(..)) => imaginary,
                _ => false,
            }
    }
    fn is_negative(&self, node: &Node<'t>, imaginary: bool) -> bool {
        self.context(node, 0) == Class::USub && self.is_number(node.field(1), true, imaginary)
    }
    fn is_complex(&self, node: &Node<'t>) -> bool {
        let left = node.field(0);
        let negative = left.node().map(|id| self.tree.node(id)).filter(|node| node.class == Class::UnaryOp);
        matches!(self.context(node, 1), Class::Add | Class::Sub)
            && (self.is_number(left, true, false)
                || negative.is_some_and(|node| self.is_negative(&node, false)))
            && self.is_number(node.field(2), false, true)
    }
}
