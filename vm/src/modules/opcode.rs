//! `_opcode`: what `opcode` and `dis` ask of the table of instructions.

use ryokan_bytecode::{Effect, Op, OperandKind, Special};

use crate::native::*;

crate::native_module! {
    /// The instructions of this interpreter.
    "_opcode" {
        consts {
            "ENABLE_SPECIALIZATION" = 0;
            "ENABLE_SPECIALIZATION_FT" = 0;
        }
        functions {
            /// How many values an instruction adds to the stack; with jump, when it jumps, or when it does not. None asks for the larger one.
            stack_effect(opcode: i64, oparg: Value = Value::NONE => "None", /, *, jump: Value = Value::NONE => "None"),
                shows = "($module, opcode, oparg=None, /, *, jump=None)";
            /// Whether there is such an instruction.
            is_valid(opcode: i64);
            /// Whether its operand means something.
            has_arg(opcode: i64);
            /// Whether its operand is a constant.
            has_const(opcode: i64);
            /// Whether its operand is a name.
            has_name(opcode: i64);
            /// Whether its operand is an instruction to go to.
            has_jump(opcode: i64);
            /// Whether its operand is a cell.
            has_free(opcode: i64);
            /// Whether its operand is a local.
            has_local(opcode: i64);
            /// Whether it sets up a handler of exceptions: none does.
            has_exc(opcode: i64);
            /// How the operands of BINARY_OP are named and written.
            get_nb_ops();
            /// The names of intrinsic functions of one argument: there are none.
            get_intrinsic1_descs() = none;
            /// The names of intrinsic functions of two arguments: there are none.
            get_intrinsic2_descs() = none;
            /// The special methods that LOAD_SPECIAL looks up.
            get_special_method_names();
            /// Always None: nothing is counted.
            get_specialization_stats();
            /// There are no executors: ValueError.
            get_executor(code: Value, offset: i64);
        }
    }
}

fn op(opcode: i64) -> Option<Op> {
    u8::try_from(opcode).ok().and_then(Op::from_u8)
}
fn kind(opcode: i64) -> Option<OperandKind> {
    op(opcode).map(Op::operand)
}

fn is_valid(_: &Cx, opcode: i64) -> bool {
    op(opcode).is_some()
}
fn has_arg(_: &Cx, opcode: i64) -> bool {
    kind(opcode).is_some_and(|kind| kind != OperandKind::None)
}
fn has_const(_: &Cx, opcode: i64) -> bool {
    kind(opcode) == Some(OperandKind::Const)
}
fn has_name(_: &Cx, opcode: i64) -> bool {
    kind(opcode) == Some(OperandKind::Name)
}
fn has_jump(_: &Cx, opcode: i64) -> bool {
    kind(opcode) == Some(OperandKind::Target)
}
fn is_cell(op: Op) -> bool {
    matches!(
        op,
        Op::MakeCell
            | Op::LoadClosure
            | Op::LoadDeref
            | Op::StoreDeref
            | Op::DeleteDeref
            | Op::LoadFromDictOrDeref
    )
}
fn has_free(_: &Cx, opcode: i64) -> bool {
    op(opcode).is_some_and(is_cell)
}
fn has_local(_: &Cx, opcode: i64) -> bool {
    op(opcode).is_some_and(|op| op.operand() == OperandKind::Local && !is_cell(op))
}
fn has_exc(_: &Cx, _: i64) -> bool {
    false
}

fn stack_effect(cx: &Cx, opcode: i64, oparg: Value, jump: Value) -> Res<i64> {
    let invalid = || cx.value_error("invalid opcode or oparg");
    let op = op(opcode).ok_or_else(invalid)?;
    let takes = op.operand() != OperandKind::None;
    let arg = match (takes, oparg.is_none()) {
        (true, true) => {
            return Err(cx.value_error("stack_effect: opcode requires oparg but oparg was not specified"));
        }
        (false, true) => 0,
        _ => cx.index(&oparg)?,
    };
    let arg =
        if takes { u32::try_from(arg).ok().filter(|arg| *arg < 1 << 24).ok_or_else(invalid)? } else { 0 };
    let net = |effect: Effect| i64::from(effect.pushes) - i64::from(effect.pops);
    let (stays, goes) = (net(op.effect(arg)), net(op.jump_effect(arg)));
    match () {
        () if jump.is_none() => Ok(stays.max(goes)),
        () if jump.is(&Value::TRUE) => Ok(goes),
        () if jump.is(&Value::FALSE) => Ok(stays),
        () => Err(cx.value_error("stack_effect: jump must be False, True or None")),
    }
}

fn get_nb_ops(cx: &Cx) -> Res<List> {
    let list = List::new(cx, BinaryOp::ALL.len())?;
    for op in BinaryOp::ALL {
        let mut name = String::from("NB");
        for letter in format!("{op:?}").chars() {
            if letter.is_uppercase() {
                name.push('_');
            }
            name.push(letter.to_ascii_uppercase());
        }
        list.push(cx, (name, op.text()))?;
    }
    Ok(list)
}

fn none(cx: &Cx) -> Res<List> {
    let list = List::new(cx, 1)?;
    list.push(cx, "INTRINSIC_INVALID")?;
    Ok(list)
}

fn get_special_method_names(cx: &Cx) -> Res<List> {
    let list = List::new(cx, Special::ALL.len())?;
    for special in Special::ALL {
        list.push(cx, special.text())?;
    }
    Ok(list)
}

fn get_specialization_stats(_: &Cx) {}

fn get_executor(cx: &Cx, _: Value, _: i64) -> Res {
    Err(cx.value_error("no executor exists at the specified offset"))
}
