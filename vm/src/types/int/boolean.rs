//! `bool`: two immediates that are ints.

use super::{arith, view};
use crate::object::Layout;
use crate::object::call::Args;
use crate::object::slots::{Slots, numbers};
use crate::object::ty::TypeDef;
use crate::raised::Res;
use crate::types::plain::quick_truth;
use crate::value::{Value, Word};
use crate::vm::Vm;
use ryokan_bytecode::BinaryOp;

/// `bool`
pub static BOOL_TYPE: TypeDef = TypeDef {
    name: "bool",
    construct: Some(|_, args| match args {
        [value] => quick_truth(value).map(|truth| Ok(Value::bool(truth))),
        _ => None,
    }),
    layout: Layout::BigInt,
    base: Some(&super::TYPE),
    doc: "bool(object=False)\n\nTrue or False, whichever an object counts as in a condition. As ints they \
          are 1 and 0.\n\nNo class can derive from it.",
    slots: Slots {
        repr: Some(repr),
        new: Some(new),
        invert: Some(invert),
        bool: Some(|_, this| Ok(this.word() == Word::TRUE)),
        number: numbers(&[(BinaryOp::And, and), (BinaryOp::Or, or), (BinaryOp::Xor, xor)]),
        ..Slots::NONE
    },
    ..TypeDef::EMPTY
};

fn invert(vm: &Vm, this: &Value) -> Res {
    let message = "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the bitwise \
                   inversion of the underlying int object and is usually not what you expect from negating a bool. Use the 'not' \
                   operator for boolean negation or ~int(x) if you really want the bitwise inversion of the underlying int.";
    vm.warn("DeprecationWarning", message, 1)?;
    arith::invert(vm, this)
}

fn repr(vm: &Vm, this: &Value) -> Res {
    vm.intern(if this.word() == Word::TRUE { "True" } else { "False" })
}

fn new(vm: &Vm, _: &Value, args: Args<'_>) -> Res {
    if !args.names.is_empty() {
        return Err(vm.type_error("bool() takes no keyword arguments"));
    }
    match args.pos {
        [] => Ok(Value::FALSE),
        [value] => Ok(Value::bool(vm.truth(value)?)),
        _ => Err(vm.type_error(format_args!("bool expected at most 1 argument, got {}", args.pos.len()))),
    }
}

/// The truth of a bool itself.
fn truth(value: &Value) -> Option<bool> {
    match value.word() {
        Word::TRUE => Some(true),
        Word::FALSE => Some(false),
        _ => None,
    }
}

macro_rules! logic {
    ($($name:ident $op:tt)*) => {
        $(fn $name(vm: &Vm, a: &Value, b: &Value) -> Res {
            match (truth(a), truth(b)) {
                (Some(x), Some(y)) => Ok(Value::bool(x $op y)),
                _ if view(a).is_none() || view(b).is_none() => Ok(Value::NOT_IMPLEMENTED),
                _ => arith::$name(vm, a, b),
            }
        })*
    };
}
logic! { and & or | xor ^ }
