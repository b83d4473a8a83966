//! Statements.

use ryokan_bytecode::Const;
use ryokan_bytecode::ast::{Class, Item, Node};

use super::{Rebuild, refuse, span};
use crate::cx::{R, late};
use crate::error::{Origin, Refusal};
use crate::lower::{Finally, LATE_FUTURE};
use crate::tree::{
    Alias, Case, Class as ClassStmt, E, Function, Handler, Kind, ScopeCell, Span, Stmt, StmtKind, TypeAlias,
    TypeParam, TypeParamKind, WithItem,
};

impl<'a, 't> Rebuild<'_, 'a, 't> {
    /// The statements of a block.
    pub(super) fn body(&self, body: &Item) -> R<&'a [Stmt<'a>]> {
        self.each(body, |stmt| {
            let place = span(stmt.place);
            let kind = self.lower.deeper(|| self.stmt(&stmt, place))?;
            self.lower.cx.charge_arena()?;
            Ok(Stmt { span: place, kind })
        })
    }

    /// A block inside another statement, where no future import may stand.
    fn inner(&self, body: &Item) -> R<&'a [Stmt<'a>]> {
        if let Some(stmt) = self.nodes(body)?.iter().find(|stmt| self.is_future(stmt)) {
            return late(Origin::Scopes, span(stmt.place), LATE_FUTURE);
        }
        self.body(body)
    }

    fn inner_as(&self, finally: Finally, body: &Item) -> R<&'a [Stmt<'a>]> {
        let before = self.lower.finally.replace(finally);
        let result = self.inner(body);
        self.lower.finally.set(before);
        result
    }

    /// The body of a loop.
    fn looped(&self, body: &Item) -> R<&'a [Stmt<'a>]> {
        self.inner_as(Finally::Outside, body)
    }

    fn stmt(&self, node: &Node<'t>, place: Span) -> R<StmtKind<'a>> {
        let field = |at: usize| node.field(at);
        Ok(match node.class {
            Class::Expr => StmtKind::Expr(self.expr(field(0))?),
            Class::Assign => StmtKind::Assign(self.targets(field(0))?, self.expr(field(1))?),
            Class::AugAssign => {
                let target = self.node(field(0))?;
                if !matches!(target.class, Class::Name | Class::Attribute | Class::Subscript) {
                    let number = target.class as usize - Class::BoolOp as usize + 1;
                    let message = format!("invalid node type ({number}) for augmented assignment");
                    return refuse(Refusal::System, message);
                }
                let op = self.operator(field(1))?.in_place();
                StmtKind::AugAssign(self.target(field(0))?, op, self.expr(field(2))?)
            }
            Class::AnnAssign => {
                let target = self.target(field(0))?;
                let Some(annotation) = self.annotation(field(1))? else {
                    return refuse(Refusal::Value, "an annotation is missing");
                };
                let (value, simple) = (self.optional(field(2))?, node.int(3) != 0);
                StmtKind::AnnAssign {
                    target,
                    annotation,
                    value,
                    simple,
                    conditional: std::cell::Cell::new(None),
                }
            }
            Class::Return => {
                self.lower.leaves_finally("return", place);
                StmtKind::Return(self.optional(field(0))?)
            }
            Class::Delete => self.delete(field(0))?,
            Class::Raise => StmtKind::Raise(self.optional(field(0))?, self.optional(field(1))?),
            Class::Assert => {
                let test = self.expr(field(0))?;
                if matches!(self.lower.const_of(test), Some(Const::Tuple(items)) if !items.is_empty())
                    || matches!(test.kind, Kind::Tuple(_))
                {
                    self.lower.cx.warn(place, "assertion is always true, perhaps remove parentheses?");
                }
                StmtKind::Assert(test, self.optional(field(1))?)
            }
            Class::Pass => StmtKind::Pass,
            Class::Break => {
                self.lower.leaves_finally("break", place);
                StmtKind::Break
            }
            Class::Continue => {
                self.lower.leaves_finally("continue", place);
                StmtKind::Continue
            }
            Class::Global => StmtKind::Global(self.names(field(0))?),
            Class::Nonlocal => StmtKind::Nonlocal(self.names(field(0))?),
            Class::Import => StmtKind::Import(self.aliases(field(0))?),
            Class::ImportFrom => self.import_from(node)?,
            _ => return self.compound(node, place),
        })
    }

    fn targets(&self, item: &Item) -> R<&'a [E<'a>]> {
        let all: R<Vec<_>> = self.tree.items(item).iter().map(|item| self.target(item)).collect();
        Ok(self.lower.slice(all?))
    }

    fn delete(&self, item: &Item) -> R<StmtKind<'a>> {
        let names = self.nodes(item)?;
        let is_debug = |node: &&Node<'_>| {
            node.class == Class::Name && node.text(0).is_some_and(|name| name.as_str() == Some("__debug__"))
        };
        if let Some(name) = names.iter().find(is_debug) {
            return late(Origin::Scopes, span(name.place), "cannot delete __debug__");
        }
        Ok(StmtKind::Delete(self.targets(item)?))
    }

    fn compound(&self, node: &Node<'t>, place: Span) -> R<StmtKind<'a>> {
        let field = |at: usize| node.field(at);
        Ok(match node.class {
            Class::If => self.if_stmt(node)?,
            Class::While => {
                StmtKind::While(self.expr(field(0))?, self.looped(field(1))?, self.inner(field(2))?)
            }
            Class::For | Class::AsyncFor => {
                let is_async = node.class == Class::AsyncFor;
                let iter = self.expr(field(1))?;
                StmtKind::For {
                    target: self.target(field(0))?,
                    iter: if is_async { iter } else { self.lower.iterable(iter)? },
                    body: self.looped(field(2))?,
                    orelse: self.inner(field(3))?,
                    is_async,
                }
            }
            Class::With | Class::AsyncWith => {
                let items = self.each(field(0), |item| {
                    let target =
                        if item.field(1).is_none() { None } else { Some(self.target(item.field(1))?) };
                    Ok(WithItem { context: self.expr(item.field(0))?, target })
                })?;
                StmtKind::With {
                    items,
                    body: self.inner(field(1))?,
                    is_async: node.class == Class::AsyncWith,
                }
            }
            Class::Try | Class::TryStar => self.try_stmt(node)?,
            Class::Match => {
                let subject = self.expr(field(0))?;
                let cases = self.each(field(1), |case| {
                    Ok(Case {
                        pattern: self.pattern(case.field(0))?,
                        guard: self.optional(case.field(1))?,
                        body: self.inner(case.field(2))?,
                    })
                })?;
                StmtKind::Match(subject, cases)
            }
            Class::FunctionDef | Class::AsyncFunctionDef => self.function(node, place)?,
            Class::ClassDef => self.class(node, place)?,
            Class::TypeAlias => StmtKind::TypeAlias(self.lower.cx.bump.alloc(TypeAlias {
                name: self.target(field(0))?,
                type_params: self.type_params(field(1))?,
                type_scope: ScopeCell::default(),
                value: self.expr(field(2))?,
                scope: ScopeCell::default(),
            })),
            _ => return refuse(Refusal::Value, "a node of the tree is no statement"),
        })
    }

    fn aliases(&self, item: &Item) -> R<&'a [Alias]> {
        self.each(item, |alias| {
            let place = span(alias.place);
            let name = self.name(alias.field(0))?;
            let asname = self.bound_if(alias.field(1), place)?;
            if asname.is_none() {
                self.bound(alias.field(0), place)?;
            }
            Ok(Alias { name, asname, span: place })
        })
    }

    fn import_from(&self, node: &Node<'t>) -> R<StmtKind<'a>> {
        let first = self.nodes(node.field(1))?.into_iter().next();
        let star = first.is_some_and(|alias| alias.text(0).is_some_and(|name| name.as_str() == Some("*")));
        Ok(StmtKind::ImportFrom {
            module: if node.field(0).is_none() { None } else { Some(self.name(node.field(0))?) },
            names: if star { &[] } else { self.aliases(node.field(1))? },
            star,
            level: u32::try_from(node.int(2)).unwrap_or(0),
        })
    }

    /// An `if` that is all of the `else` is a further branch.
    fn if_stmt(&self, node: &Node<'t>) -> R<StmtKind<'a>> {
        let mut branches = Vec::new();
        let mut at = *node;
        loop {
            branches.push((self.expr(at.field(0))?, self.inner(at.field(1))?));
            match self.tree.items(at.field(2)) {
                [Item::Node(only)] if self.tree.node(*only).class == Class::If => at = self.tree.node(*only),
                _ => break,
            }
        }
        let orelse = self.inner(at.field(2))?;
        Ok(StmtKind::If(self.lower.slice(branches), orelse))
    }

    fn try_stmt(&self, node: &Node<'t>) -> R<StmtKind<'a>> {
        let all = self.tree.items(node.field(1)).len();
        let mut count = 0;
        let handlers = |this: &Self| {
            this.each(node.field(1), |handler| {
                let place = span(handler.place);
                count += 1;
                if handler.field(0).is_none() && count != all {
                    return late(Origin::Code, place, "default 'except:' must be last");
                }
                Ok(Handler {
                    kind: this.optional(handler.field(0))?,
                    name: this.bound_if(handler.field(1), place)?,
                    body: this.inner(handler.field(2))?,
                    span: place,
                })
            })
        };
        let handlers = { handlers }(self)?;
        Ok(StmtKind::Try {
            body: self.inner(node.field(0))?,
            handlers,
            orelse: self.inner(node.field(2))?,
            finals: self.inner_as(Finally::Inside, node.field(3))?,
            star: node.class == Class::TryStar,
        })
    }

    fn function(&self, node: &Node<'t>, place: Span) -> R<StmtKind<'a>> {
        Ok(StmtKind::Function(self.lower.cx.bump.alloc(Function {
            name: self.bound(node.field(0), place)?,
            is_async: node.class == Class::AsyncFunctionDef,
            decorators: self.exprs(node.field(3))?,
            type_params: self.type_params(node.field(6))?,
            type_scope: ScopeCell::default(),
            params: self.params(node.field(1))?,
            returns: self.annotation(node.field(4))?,
            annotate_scope: ScopeCell::default(),
            doc: self.doc(node.field(2))?,
            body: self.inner_as(Finally::Outside, node.field(2))?,
            scope: ScopeCell::default(),
        })))
    }

    fn class(&self, node: &Node<'t>, place: Span) -> R<StmtKind<'a>> {
        Ok(StmtKind::Class(self.lower.cx.bump.alloc(ClassStmt {
            name: self.bound(node.field(0), place)?,
            decorators: self.exprs(node.field(4))?,
            type_params: self.type_params(node.field(5))?,
            type_scope: ScopeCell::default(),
            bases: self.exprs(node.field(1))?,
            keywords: self.keywords(node.field(2))?,
            doc: self.doc(node.field(3))?,
            body: self.inner(node.field(3))?,
            scope: ScopeCell::default(),
        })))
    }

    fn type_params(&self, item: &Item) -> R<&'a [TypeParam<'a>]> {
        self.each(item, |param| {
            let place = span(param.place);
            let name = self.bound(param.field(0), place)?;
            let (kind, default) = match param.class {
                Class::TypeVar => {
                    let bound = self.optional(param.field(1))?;
                    (TypeParamKind::Var(bound, ScopeCell::default()), param.field(2))
                }
                Class::TypeVarTuple => (TypeParamKind::Tuple, param.field(1)),
                _ => (TypeParamKind::Spec, param.field(1)),
            };
            let default = self.optional(default)?;
            Ok(TypeParam { name, kind, default, default_scope: ScopeCell::default(), span: place })
        })
    }
}
