//! `cell`: a variable that outlives its frame.

use ryokan_alloc::Header;
use ryokan_bytecode::CompareOp;

use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{GetSet, attribute};
use crate::object::payload::object;
use crate::object::slots::Slots;
use crate::object::ty::TypeDef;
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `cell`.
#[repr(C)]
pub struct CellObj {
    head: Header,
    /// The content, or nothing.
    pub content: Value,
}

object! {
    CellObj as Cell {
        tracked: true,
        values: [content],
        clear: |this| this.content.set(Value::UNBOUND),
    }
}

impl Vm {
    /// A new cell. Runs no Python; `MemoryError`.
    pub fn new_cell(&self, content: Value) -> Res {
        Ok(self.new_object(|head| CellObj { head, content })?.into_value())
    }
}

/// `cell`
pub static TYPE: TypeDef = TypeDef {
    name: "cell",
    layout: Layout::Cell,
    doc: "A variable of a function that inner functions use, too. Two cells compare as what they hold; an empty one is less.",
    slots: Slots { repr: Some(repr), new: Some(new), compare: Some(compare), ..Slots::NONE },
    getset: GETSET,
    ..TypeDef::EMPTY
};

fn new(vm: &Vm, _: &Value, args: Args<'_>) -> Res {
    if !args.names.is_empty() {
        return Err(vm.type_error("cell() takes no keyword arguments"));
    }
    if args.pos.len() > 1 {
        return Err(vm.type_error(format_args!("cell expected at most 1 argument, got {}", args.pos.len())));
    }
    vm.new_cell(args.pos.first().map_or(Value::UNBOUND, Value::take))
}

fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    let (Some(a), Some(b)) = (a.get::<CellObj>(), b.get::<CellObj>()) else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    match (a.content.bound().cloned(), b.content.bound().cloned()) {
        (Some(a), Some(b)) => vm.compare(&a, &b, op),
        (a, b) => Ok(Value::bool(op.holds(a.is_some().cmp(&b.is_some())))),
    }
}

static GETSET: &[GetSet] = &[attribute("cell_contents", contents, set_contents, "")];

fn this(value: &Value) -> &CellObj {
    value.get().expect("a method of cell is called with a cell")
}

fn contents(vm: &Vm, cell: &Value) -> Res {
    match this(cell).content.bound() {
        Some(content) => Ok(content.clone()),
        None => Err(vm.value_error("Cell is empty")),
    }
}

fn set_contents(_: &Vm, cell: &Value, value: Option<&Value>) -> Res<()> {
    this(cell).content.set(value.cloned().unwrap_or(Value::UNBOUND));
    Ok(())
}

fn repr(vm: &Vm, cell: &Value) -> Res {
    let content = match this(cell).content.bound() {
        Some(content) => format!("{} object at {:#x}", vm.type_name(content), vm.id(content)),
        None => "empty".to_string(),
    };
    vm.display(format_args!("<cell at {:#x}: {content}>", vm.id(cell)))
}
