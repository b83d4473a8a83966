//! Objects as a tree for the compiler.

use ryokan_bytecode::ast::Class;

use crate::host::CompileMode;
use crate::native::*;
use crate::vm::Vm;

use super::classes::{self, Classes};

/// Whether a value is a node: its class inherits from `AST`.
pub fn is_node(vm: &Vm, value: &Value) -> Res<bool> {
    Ok(vm.is_instance(value, &*classes::base(vm)?))
}

/// `TypeError` unless a node is what a mode compiles.
pub fn expect_root(vm: &Vm, node: &Value, mode: CompileMode) -> Res<()> {
    let cx = Cx::of(vm);
    let class = match mode {
        CompileMode::Exec => Class::Module,
        CompileMode::Eval => Class::Expression,
        CompileMode::Single => Class::Interactive,
        CompileMode::FunctionType => Class::FunctionType,
    };
    if cx.is_instance(node, &Classes::of(cx)?.node(class))? {
        return Ok(());
    }
    let name = class.row().name;
    Err(cx.type_error(format_args!("expected {name} node, got {}", cx.class_name(node))))
}
