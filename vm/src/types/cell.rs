//! `cell`: a variable that outlives its frame.

use ryokan_alloc::Header;

use crate::object::Layout;
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
    /// A new cell.
    pub fn new_cell(&self, content: Value) -> Res {
        Ok(self.new_object(|head| CellObj { head, content })?.into_value())
    }
}

/// `cell`
pub static TYPE: TypeDef = TypeDef {
    name: "cell",
    layout: Layout::Cell,
    slots: Slots { repr: Some(repr), new: Some(new), ..Slots::NONE },
    getset: GETSET,
    ..TypeDef::EMPTY
};

fn new(vm: &Vm, _: &Value, args: crate::object::call::Args<'_>) -> Res {
    vm.new_cell(args.pos.first().map_or(Value::UNBOUND, Value::take))
}

static GETSET: &[GetSet] = &[attribute("cell_contents", contents, set_contents, "")];

fn this(value: &Value) -> &CellObj {
    value.get().expect("a method of cell is called with a cell")
}

fn contents(vm: &Vm, cell: &Value) -> Res {
    match this(cell).content.bound() {
        Some(content) => Ok(content.clone()),
        None => Err(vm.value_error("cell is empty")),
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
