//! The classes of nodes, made of the table.

use ryokan_bytecode::ast::{Attributes, Class, Field, Kind, Many, ROWS, Row};

use crate::native::*;
use crate::object::Ref;
use crate::object::ty::TypeObj;
use crate::types::classes::class::new_builtin;
use crate::vm::Vm;

use super::node;

/// The names of what a node says about its place.
pub const PLACE: [&str; 4] = ["lineno", "col_offset", "end_lineno", "end_col_offset"];

/// `AST`
pub static AST: ClassKey = ClassKey::new(|vm| {
    let class = new_builtin(vm, &node::DEF, &vm.types.object)?;
    crate::types::classes::class::add_dict_attribute(vm, &class, &crate::types::classes::class::DICT_ROW)?;
    for attribute in ["_fields", "__match_args__", "_attributes"] {
        class.set_own(vm, &vm.intern(attribute)?, vm.empty_tuple.clone())?;
    }
    Ok(class.into_value())
});

crate::native_state! {
    /// The classes, by the numbers of the table; and the one object of each class that has neither fields nor a place.
    pub struct Classes { sums: Values, nodes: Values, marks: Values }
}

impl Classes {
    /// Those of the interpreter, made at the first call.
    pub fn of(cx: &Cx) -> Res<Obj<Classes>> {
        let state = cx.state::<Classes>()?;
        if state.marks.is_empty() {
            let made = Classes::make(cx)?;
            // Making classes may run Python, which may have come here.
            if state.marks.is_empty() {
                state.sums.extend_from_values(cx, &made.sums)?;
                state.nodes.extend_from_values(cx, &made.nodes)?;
                state.marks.extend_from_values(cx, &made.marks)?;
            }
        }
        Ok(state)
    }

    /// The class of a sum or product.
    pub fn sum(&self, kind: Kind) -> Value {
        self.sums.get(kind as usize).unwrap_or_default()
    }
    /// A class of nodes.
    pub fn node(&self, class: Class) -> Value {
        self.nodes.get(class as usize).unwrap_or_default()
    }
    /// The one object of a class without fields.
    pub fn mark(&self, class: Class) -> Option<Value> {
        self.marks.get(class as usize).filter(|mark| !mark.is_none())
    }

    fn make(cx: &Cx) -> Res<Classes> {
        let made = Classes::default();
        let base = cx.class_of_key(&AST)?;
        let mut nodes = vec![Value::NONE; ROWS.len()];
        for kind in Kind::ALL {
            if kind.is_plain() {
                made.sums.push_back(cx, Value::NONE)?;
                continue;
            }
            let row = kind.classes().next().filter(|_| kind.is_product());
            let fields = row.map_or(&[][..], |row| row.fields);
            let doc = row.map_or_else(|| alternatives(*kind), Row::signature);
            let sum = new_class(cx, kind.name(), &base, fields, &doc)?;
            set_places(cx, &sum, kind.attributes())?;
            made.sums.push_back(cx, sum.clone())?;
            for row in kind.classes() {
                let node = if kind.is_product() {
                    sum.clone()
                } else {
                    new_class(cx, row.name, &sum, row.fields, &row.signature())?
                };
                nodes[row.class as usize] = node;
            }
        }
        for (row, node) in ROWS.iter().zip(nodes) {
            let is_mark = row.fields.is_empty() && row.sum.attributes() == Attributes::No;
            let mark =
                if is_mark { cx.vm().new_instance(class_object(cx.vm(), &node)?)? } else { Value::NONE };
            made.marks.push_back(cx, mark)?;
            set_field_types(cx, &made, &node, row)?;
            made.nodes.push_back(cx, node)?;
        }
        Ok(made)
    }
}

/// A class as the VM has it.
pub fn class_object<'a>(vm: &Vm, class: &'a Value) -> Res<&'a TypeObj> {
    class.get::<TypeObj>().ok_or_else(|| vm.system_error("a class of nodes that is none"))
}

fn names(cx: &Cx, names: impl Iterator<Item = &'static str>) -> Res {
    let names: Vec<&str> = names.collect();
    Ok(Tuple::try_from_fn(cx, names.len(), |at| cx.intern(names[at]))?.into_value())
}

fn new_class(cx: &Cx, name: &str, base: &Value, fields: &[Field], doc: &str) -> Res {
    let namespace = Dict::new(cx)?;
    let listed = names(cx, fields.iter().map(|field| field.name))?;
    namespace.set_str(cx, "_fields", listed.clone())?;
    namespace.set_str(cx, "__match_args__", listed)?;
    namespace.set_str(cx, "__module__", cx.intern("ast")?)?;
    namespace.set_str(cx, "__doc__", doc)?;
    let bases = (base,).into_value(cx)?;
    let class = cx.call(&cx.builtin("type")?, (cx.intern(name)?, bases, namespace))?;
    for field in fields.iter().filter(|field| field.many == Many::Opt) {
        cx.set_attr(&class, field.name, Value::NONE)?;
    }
    Ok(class)
}

fn set_places(cx: &Cx, class: &Value, attributes: Attributes) -> Res<()> {
    let count = if attributes == Attributes::No { 0 } else { PLACE.len() };
    cx.set_attr(class, "_attributes", names(cx, PLACE[..count].iter().copied())?)?;
    if attributes == Attributes::Start {
        for end in &PLACE[2..] {
            cx.set_attr(class, end, Value::NONE)?;
        }
    }
    Ok(())
}

/// What a class is made of, as annotations say it.
fn set_field_types(cx: &Cx, classes: &Classes, class: &Value, row: &Row) -> Res<()> {
    let types = Dict::new(cx)?;
    for field in row.fields {
        let one = match field.kind {
            Kind::Identifier | Kind::String => cx.builtin("str")?,
            Kind::Int => cx.builtin("int")?,
            Kind::Constant => cx.builtin("object")?,
            kind => classes.sum(kind),
        };
        let all = match field.many {
            Many::One => one,
            Many::Opt => crate::types::union::of_types(cx.vm(), &one, &Value::NONE)?,
            Many::Seq | Many::Gaps => cx.generic_alias(&cx.builtin("list")?, &one)?,
        };
        types.set_str(cx, field.name, all)?;
    }
    cx.set_attr(class, "_field_types", types.value())?;
    cx.set_attr(class, "__annotations__", types.into_value())
}

/// A sum as the grammar writes it.
fn alternatives(kind: Kind) -> String {
    let all: Vec<String> = kind.classes().map(Row::signature).collect();
    let plain = kind.classes().all(|row| row.fields.is_empty());
    let between = if plain { " | ".to_owned() } else { format!("\n{}| ", " ".repeat(kind.name().len() + 1)) };
    format!("{} = {}", kind.name(), all.join(&between))
}

/// Adds the classes to the module.
pub fn fill(module: &Filler) -> Res<()> {
    let cx = module.cx();
    let classes = Classes::of(cx)?;
    module.add("AST", cx.class_of_key(&AST)?)?;
    for kind in Kind::ALL.iter().filter(|kind| !kind.is_plain()) {
        module.add(kind.name(), classes.sum(*kind))?;
        for row in kind.classes() {
            module.add(row.name, classes.node(row.class))?;
        }
    }
    Ok(())
}

/// The class `AST`.
pub fn base(vm: &Vm) -> Res<Ref<TypeObj>> {
    vm.native_class(&AST)
}
