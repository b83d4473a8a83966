//! From the parser's tree to plain data: what `ast` shows of a source, with every place.
//!
//! Nothing is folded here, and what later steps refuse is not looked for: that is as CPython's parser leaves it.
//!
//! Read next: `expr.rs`, `stmt.rs`, `pattern.rs`, `strings.rs`.

mod expr;
mod function_type;
mod pattern;
mod stmt;
mod strings;

use std::cell::{Cell, RefCell};

use ruff_python_ast as ast;
use ruff_text_size::Ranged;
use ryokan_bytecode::Const;
use ryokan_bytecode::ast::{Class, Item, Place, Tree};

use super::{Finally, Lower};
use crate::cx::{Cx, R};
use crate::tree::Span;

pub use function_type::function_type;

/// Describes one source.
pub struct Describe<'c, 'a> {
    lower: Lower<'c, 'a>,
    tree: RefCell<Tree>,
    charged: Cell<usize>,
}

impl<'c, 'a> Describe<'c, 'a> {
    fn new(cx: &'c Cx<'a>) -> Describe<'c, 'a> {
        let lower = Lower {
            cx,
            depth: Cell::new(0),
            stringify: Cell::new(false),
            finally: Cell::new(Finally::Outside),
        };
        Describe { lower, tree: RefCell::default(), charged: Cell::new(0) }
    }

    /// Describes what was parsed.
    /// `ignores` are the lines and tags of the comments that ignore types.
    pub fn root(cx: &'c Cx<'a>, parsed: &ast::Mod, single: bool, ignores: &[(u32, &str)]) -> R<Tree> {
        let this = Describe::new(cx);
        match parsed {
            ast::Mod::Expression(e) => {
                let body = this.expr(&e.body)?;
                this.add(Class::Expression, Place::default(), [body])?;
            }
            ast::Mod::Module(m) => {
                let body = this.body(&m.body)?;
                let class = if single { Class::Interactive } else { Class::Module };
                let mut all = Vec::new();
                for (line, tag) in ignores {
                    all.push(this.add(
                        Class::TypeIgnore,
                        Place::default(),
                        [Item::int(i64::from(*line)), Item::text(tag)],
                    )?);
                }
                let ignores = this.seq(all);
                this.add(class, Place::default(), if single { vec![body] } else { vec![body, ignores] })?;
            }
        }
        Ok(this.tree.into_inner())
    }

    /// An expression by itself, which was looked at before.
    pub fn piece(cx: &'c Cx<'a>, expr: &ast::Expr) -> R<(Tree, Item)> {
        let this = Describe::new(cx);
        let again = cx.again.replace(true);
        let root = this.expr(expr);
        cx.again.set(again);
        Ok((this.tree.into_inner(), root?))
    }

    fn place(&self, node: impl Ranged) -> Place {
        place_of(self.lower.span(node))
    }

    /// Adds a node, and pays for it.
    fn add(&self, class: Class, place: Place, fields: impl IntoIterator<Item = Item>) -> R<Item> {
        let bytes = Tree::NODE_BYTES + class.row().fields.len() * Tree::ITEM_BYTES;
        self.charged.set(self.charged.get() + bytes);
        if self.charged.get() > 16 * 1024 {
            self.lower.cx.charge(self.charged.take())?;
        }
        Ok(self.tree.borrow_mut().add(class, place, fields))
    }

    /// A node without fields and place.
    fn mark(&self, class: Class) -> R<Item> {
        self.add(class, Place::default(), [])
    }

    fn seq(&self, items: Vec<Item>) -> Item {
        self.charged.set(self.charged.get() + items.len() * Tree::ITEM_BYTES);
        self.tree.borrow_mut().seq(items)
    }

    fn each<'n, T: 'n>(
        &self,
        nodes: impl IntoIterator<Item = &'n T>,
        one: impl Fn(&'n T) -> R<Item>,
    ) -> R<Item> {
        let all: R<Vec<Item>> = nodes.into_iter().map(one).collect();
        Ok(self.seq(all?))
    }

    fn constant(&self, place: Place, value: Const, kind: Item) -> R<Item> {
        let extra = match &value {
            Const::Str(text) => text.as_wtf8().len(),
            Const::Bytes(bytes) | Const::BigInt(_, bytes) => bytes.len(),
            _ => 0,
        };
        self.charged.set(self.charged.get() + extra);
        self.add(Class::Constant, place, [Item::Plain(value), kind])
    }

    fn names(&self, names: &[ast::Identifier]) -> Item {
        self.seq(names.iter().map(|name| Item::text(name.id.as_str())).collect())
    }
}

fn place_of(span: Span) -> Place {
    let Span { line, col, end_line, end_col } = span;
    Place { line: line as i32, col: col as i32, end_line: end_line as i32, end_col: end_col as i32 }
}

fn name(name: &Option<ast::Identifier>) -> Item {
    name.as_ref().map_or(Item::None, |name| Item::text(name.id.as_str()))
}
