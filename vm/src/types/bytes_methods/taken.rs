//! Bytes that are taken for a text or a number: `-b` warns of them, and `-bb` refuses them.

use ryokan_bytecode::CompareOp;

use crate::raised::Res;
use crate::types::bytearray::ByteArray;
use crate::value::Value;
use crate::vm::Vm;

/// What a comparison with something that has no bytes comes to: nothing. Runs Python and raises as [`Vm::warn`], where `-b` was given.
pub fn unlike(vm: &Vm, this: &Value, other: &Value, op: CompareOp) -> Res {
    if vm.sys.bytes_warning.get() && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        warn(vm, this, other)?;
    }
    Ok(Value::NOT_IMPLEMENTED)
}

#[cold]
fn warn(vm: &Vm, this: &Value, other: &Value) -> Res<()> {
    let own = if this.has::<ByteArray>() { "bytearray" } else { "bytes" };
    let kind = match () {
        () if vm.is_str(other) => "string",
        () if own == "bytes" && vm.is_instance(other, &vm.types.int) => "int",
        () => return Ok(()),
    };
    vm.warn("BytesWarning", &format!("Comparison between {own} and {kind}"), 1)
}

/// `str(this)`: what `repr` shows. Runs Python and raises as [`Vm::warn`], where `-b` was given; and raises as `repr`.
pub fn shown(vm: &Vm, this: &Value, repr: fn(&Vm, &Value) -> Res) -> Res {
    if vm.sys.bytes_warning.get() {
        let own = if this.has::<ByteArray>() { "bytearray" } else { "bytes" };
        vm.warn("BytesWarning", &format!("str() on a {own} instance"), 1)?;
    }
    repr(vm, this)
}
