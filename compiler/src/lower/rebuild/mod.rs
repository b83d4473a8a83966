//! From plain data back to our tree: what `ast` has made, or a program of its own.
//!
//! First the tree is checked as CPython checks it; then each node becomes what lowering would have made of its source, with the same
//! folding and the same errors.
//!
//! Read next: `check.rs`, `expr.rs`, `stmt.rs`.

mod check;
mod expr;
mod stmt;

use std::cell::Cell;

use ryokan_bytecode::ast::{Class, Item, Node, Place, Tree};
use ryokan_bytecode::{CodeFlags, Const, Text};

use super::{Finally, LATE_FUTURE, Lower};
use crate::cx::{Cx, Fail, R, late};
use crate::error::{Origin, Refusal};
use crate::tree::{ConstId, Root, Span, Sym};

/// Rebuilds one tree.
struct Rebuild<'c, 'a, 't> {
    lower: Lower<'c, 'a>,
    tree: &'t Tree,
}

/// Our tree of a checked one.
pub fn rebuild<'a>(cx: &Cx<'a>, tree: &Tree) -> R<Root<'a>> {
    let Some(root) = tree.root() else { return refuse(Refusal::Value, "a tree without nodes") };
    let lower = Lower {
        cx,
        depth: Cell::new(0),
        stringify: Cell::new(cx.has_future(CodeFlags::FUTURE_ANNOTATIONS)),
        finally: Cell::new(Finally::Outside),
    };
    let root = tree.node(root);
    check::Check { lower: &lower, tree }.root(root)?;
    let this = Rebuild { lower, tree };
    match root.class {
        Class::Module | Class::Interactive => {
            this.futures(root.field(0))?;
            let doc = if root.class == Class::Module { this.doc(root.field(0))? } else { None };
            Ok(Root::Module(doc, this.body(root.field(0))?))
        }
        Class::Expression => Ok(Root::Eval(this.expr(root.field(0))?)),
        _ => refuse(Refusal::Value, "this compiler does not handle FunctionTypes"),
    }
}

fn refuse<T>(kind: Refusal, message: impl Into<String>) -> R<T> {
    Err(Box::new(Fail::Refused(kind, message.into())))
}

fn span(place: Place) -> Span {
    let number = |n: i32| u32::try_from(n).unwrap_or(0);
    Span {
        line: number(place.line),
        col: number(place.col),
        end_line: number(place.end_line),
        end_col: number(place.end_col),
    }
}

impl<'a, 't> Rebuild<'_, 'a, 't> {
    /// A node that must be there.
    fn node(&self, item: &Item) -> R<Node<'t>> {
        match item.node() {
            Some(id) => Ok(self.tree.node(id)),
            None => refuse(Refusal::Value, "a node of the tree is missing"),
        }
    }
    /// All nodes of a sequence.
    fn nodes(&self, item: &Item) -> R<Vec<Node<'t>>> {
        self.tree.items(item).iter().map(|item| self.node(item)).collect()
    }
    /// Each node of a sequence as something else.
    fn each<T>(&self, item: &Item, mut one: impl FnMut(Node<'t>) -> R<T>) -> R<&'a [T]> {
        let tree = self.tree;
        let all: R<Vec<T>> = tree.items(item).iter().map(|item| one(self.node(item)?)).collect();
        Ok(self.lower.slice(all?))
    }

    fn sym(&self, text: &Text) -> Sym {
        self.lower.cx.intern_text(text.clone())
    }
    /// A name that is read.
    fn name(&self, item: &Item) -> R<Sym> {
        match item {
            Item::Plain(Const::Str(text)) => Ok(self.sym(text)),
            _ => refuse(Refusal::Value, "a name of the tree is missing"),
        }
    }
    /// A name that is bound: `__debug__` may not be.
    fn bound(&self, item: &Item, span: Span) -> R<Sym> {
        let sym = self.name(item)?;
        if self.lower.cx.is(sym, "__debug__") {
            return late(Origin::Scopes, span, "cannot assign to __debug__");
        }
        Ok(sym)
    }
    fn bound_if(&self, item: &Item, span: Span) -> R<Option<Sym>> {
        if item.is_none() { Ok(None) } else { self.bound(item, span).map(Some) }
    }
    fn names(&self, item: &Item) -> R<&'a [Sym]> {
        let all: R<Vec<Sym>> = self.tree.items(item).iter().map(|name| self.name(name)).collect();
        Ok(self.lower.slice(all?))
    }

    /// The text of a body that begins with one.
    fn doc_text(&self, body: &Item) -> Option<&'t Text> {
        let first = self.tree.node(self.tree.items(body).first()?.node()?);
        let value = self.tree.node(first.field(0).node().filter(|_| first.class == Class::Expr)?);
        if value.class == Class::Constant { value.text(0) } else { None }
    }

    /// The docstring of a body.
    fn doc(&self, body: &Item) -> R<Option<ConstId>> {
        let cx = self.lower.cx;
        let Some(text) = self.doc_text(body).filter(|_| cx.optimize < 2) else { return Ok(None) };
        let clean = crate::literal::clean_doc(text.as_wtf8());
        cx.constant(Const::Str(Text::from_wtf8(&clean))).map(Some)
    }

    fn is_future(&self, stmt: &Node<'_>) -> bool {
        stmt.class == Class::ImportFrom
            && stmt.int(2) == 0
            && stmt.text(0).is_some_and(|module| module.as_str() == Some("__future__"))
    }

    /// Reads the future statements, which must stand first.
    fn futures(&self, body: &Item) -> R<()> {
        let skipped = usize::from(self.doc_text(body).is_some());
        let mut first = true;
        for stmt in self.nodes(body)?.into_iter().skip(skipped) {
            if !self.is_future(&stmt) {
                first = false;
            } else if first {
                for alias in self.nodes(stmt.field(1))? {
                    let name = alias.text(0).and_then(Text::as_str).unwrap_or_default();
                    self.lower.feature(name, span(alias.place))?;
                }
            } else {
                return late(Origin::Scopes, span(stmt.place), LATE_FUTURE);
            }
        }
        Ok(())
    }
}
