//! A tree as `ast` shows it when constants are to be folded (`PyCF_OPTIMIZED_AST`): what CPython does to a tree before it is compiled.
//!
//! `__debug__` is its value, numbers of patterns are one constant each, and at the second level docstrings go.

use ryokan_bytecode::ast::{Class, Item, Node, Place, Tree};
use ryokan_bytecode::{BinaryOp, Const};

use crate::fold;
use crate::tree::UnaryOp;

/// The tree, folded, for a level of `-O`.
pub fn optimize(old: &Tree, level: u8) -> Tree {
    let mut new = Tree::default();
    // Children stand in front of their parents: what each has become.
    let mut made: Vec<Item> = Vec::with_capacity(old.len());
    for node in old.nodes() {
        let fields: Vec<Item> = node.fields.iter().map(|field| moved(old, &mut new, &made, field)).collect();
        let item = folded(&mut new, &node, fields, level);
        made.push(item);
    }
    new
}

fn moved(old: &Tree, new: &mut Tree, made: &[Item], item: &Item) -> Item {
    match item {
        Item::Node(id) => made[id.0 as usize].clone(),
        Item::Seq(..) => {
            let items: Vec<Item> = old.items(item).iter().map(|one| moved(old, new, made, one)).collect();
            new.seq(items)
        }
        other => other.clone(),
    }
}

/// A node whose children are done.
fn folded(new: &mut Tree, node: &Node<'_>, mut fields: Vec<Item>, level: u8) -> Item {
    match node.class {
        Class::Name
            if node.text(0).is_some_and(|name| name.as_str() == Some("__debug__"))
                && is(new, &fields[1], Class::Load) =>
        {
            let value = if level == 0 { Const::True } else { Const::False };
            return new.add(Class::Constant, node.place, [Item::Plain(value)]);
        }
        Class::MatchValue => fields[0] = number(new, &fields[0]),
        Class::MatchMapping => {
            let keys: Vec<Item> = new.items(&fields[0]).to_vec();
            let keys: Vec<Item> = keys.iter().map(|key| number(new, key)).collect();
            fields[0] = new.seq(keys);
        }
        Class::Module | Class::FunctionDef | Class::AsyncFunctionDef | Class::ClassDef if level >= 2 => {
            let body = node.class.row().fields.iter().position(|field| field.name == "body");
            if let Some(body) = body {
                fields[body] = without_docstring(new, &fields[body]);
            }
        }
        _ => {}
    }
    new.add(node.class, node.place, fields)
}

fn is(tree: &Tree, item: &Item, class: Class) -> bool {
    item.node().is_some_and(|id| tree.node(id).class == class)
}

fn constant<'t>(tree: &'t Tree, item: &Item) -> Option<&'t Const> {
    let node = tree.node(item.node()?);
    match (node.class, node.field(0)) {
        (Class::Constant, Item::Plain(value)) => Some(value),
        _ => None,
    }
}

/// The number of a pattern, as one constant: a sign, or a sum with an imaginary number.
fn number(tree: &mut Tree, item: &Item) -> Item {
    let Some(id) = item.node() else { return item.clone() };
    let node = tree.node(id);
    let place = node.place;
    let value = match node.class {
        Class::UnaryOp if is(tree, node.field(0), Class::USub) => {
            constant(tree, node.field(1)).and_then(|value| fold::unary(UnaryOp::Negative, value))
        }
        Class::BinOp => {
            let (left, op, right) = (node.field(0).clone(), node.field(1), node.field(2).clone());
            let op = match op.node().map(|op| tree.node(op).class) {
                Some(Class::Add) => BinaryOp::Add,
                Some(Class::Sub) => BinaryOp::Subtract,
                _ => return item.clone(),
            };
            let left = number(tree, &left);
            match (constant(tree, &left), constant(tree, &right)) {
                (Some(left), Some(right)) => fold::binary(left, op, right),
                _ => None,
            }
        }
        _ => None,
    };
    match value {
        Some(value) => tree.add(Class::Constant, place, [Item::Plain(value)]),
        None => item.clone(),
    }
}

/// A body without its docstring; where there is nothing else, `pass`.
fn without_docstring(tree: &mut Tree, body: &Item) -> Item {
    let stmts = tree.items(body).to_vec();
    let Some(first) = stmts.first().and_then(Item::node) else { return body.clone() };
    let node = tree.node(first);
    let text = (node.class == Class::Expr).then(|| constant(tree, node.field(0))).flatten();
    if !matches!(text, Some(Const::Str(_))) {
        return body.clone();
    }
    // (That `pass` is as long as the word.)
    let begin = node.place;
    let place = Place { end_line: begin.line, end_col: begin.col + 4, ..begin };
    let mut rest = stmts[1..].to_vec();
    if rest.is_empty() {
        rest.push(tree.add(Class::Pass, place, []));
    }
    tree.seq(rest)
}
