//! The compiler's tree as objects.

use ryokan_bytecode::ast::{Attributes, Item, Node, Tree};

use crate::native::*;
use crate::vm::Vm;

use super::classes::{Classes, PLACE, class_object};

/// Objects for the nodes of a tree; gives that of the root. Children stand in front of their parents, so one walk makes all.
pub fn build(vm: &Vm, tree: &Tree) -> Res {
    let cx = Cx::of(vm);
    let classes = Classes::of(cx)?;
    let mut made: Vector<Value> = cx.vector(tree.len())?;
    for (count, node) in tree.nodes().enumerate() {
        if count % 1024 == 0 {
            cx.work(1024)?;
        }
        let value = match classes.mark(node.class) {
            Some(mark) => mark,
            None => object(cx, tree, &classes, &node, &made)?,
        };
        made.push(value);
    }
    match made.last() {
        Some(root) => Ok(root.clone()),
        None => Err(cx.system_error("a tree without nodes")),
    }
}

fn object(cx: &Cx, tree: &Tree, classes: &Classes, node: &Node<'_>, made: &[Value]) -> Res {
    let (vm, row) = (cx.vm(), node.class.row());
    let this = vm.new_instance(class_object(vm, &classes.node(node.class))?)?;
    let set = |name: &str, value: Value| vm.generic_set_attr(&this, &super::name(vm, name)?, Some(&value));
    for (field, item) in row.fields.iter().zip(node.fields) {
        let value = match item {
            Item::Seq(..) => {
                let items = tree.items(item);
                let list = List::new(cx, items.len())?;
                for item in items {
                    list.push(cx, plain(vm, item, made)?)?;
                }
                list.into_value()
            }
            item => plain(vm, item, made)?,
        };
        set(field.name, value)?;
    }
    if row.sum.attributes() != Attributes::No {
        let place = node.place;
        for (name, number) in PLACE.iter().zip([place.line, place.col, place.end_line, place.end_col]) {
            set(name, Value::small(i64::from(number)))?;
        }
    }
    Ok(this)
}

/// A node that is made already, or a plain value.
fn plain(vm: &Vm, item: &Item, made: &[Value]) -> Res {
    match item {
        Item::Node(id) => Ok(made.get(id.0 as usize).cloned().unwrap_or_default()),
        Item::Plain(value) => vm.load_constant(value),
        Item::None | Item::Seq(..) | Item::Odd(_) => Ok(Value::NONE),
    }
}
