//! Code that no compiler makes: the verifier refuses it, or it runs without harm, as what it says.

use std::rc::Rc;

use ryokan::SystemHost;
use ryokan_bytecode::{Code, CodeFlags, Handler, Instr, InstrIndex, Op, Position, Text, verify};
use ryokan_vm::vm::{Vm, VmConfig};

/// A module's code of these instructions. Its only constant is `None`.
fn code(instrs: &[(Op, u32)], handlers: Vec<Handler>) -> Code {
    Code {
        name: Text::from("made"),
        qualname: Text::from("made"),
        filename: Text::from("by hand"),
        first_line: 1,
        arg_count: 0,
        posonly_count: 0,
        kwonly_count: 0,
        flags: CodeFlags::empty(),
        stack_size: 4,
        instrs: instrs.iter().map(|(op, arg)| Instr::new(*op, *arg)).collect(),
        consts: vec![ryokan_bytecode::Const::None],
        names: Vec::new(),
        locals: Vec::new(),
        handlers,
        positions: vec![Position { start: InstrIndex(0), line: 1, end_line: 1, col: 0, end_col: 1 }].into(),
    }
}

/// Runs a code with so much fuel, if any. Gives the type of what it returns or raises, and the instructions counted; afterwards every
/// reference count must be exact.
fn run(code: &Code, fuel: Option<u64>) -> (String, u64) {
    let config = VmConfig { max_instructions: fuel, ..VmConfig::default() };
    let vm = Vm::new(&config, Box::new(SystemHost::new())).expect("room enough");
    let entered = vm.enter();
    let result = ryokan::interpreter::main_namespace(&vm).and_then(|main| {
        let code = vm.load_code(&Rc::new(code.clone()))?;
        let function = vm.new_function(&code, main.value())?;
        vm.run_code(function.value(), main.value())
    });
    let end = match result {
        Ok(value) => vm.type_name(&value).to_string(),
        Err(raised) => vm.type_name(&vm.take_raised(raised)).to_string(),
    };
    let counted = vm.instructions();
    ryokan::finish::finish(&vm);
    if let Err(fault) = vm.verify_exact() {
        panic!("{fault}");
    }
    drop(entered);
    (end, counted)
}

#[test]
fn a_handler_that_nothing_reaches_is_not_looked_at() {
    let [start, end, target] = [3, 4, 4].map(InstrIndex);
    let handler = Handler { start, end, target, depth: 0 };
    // What it would do makes no sense: the verifier has not seen it, and nobody else may either.
    let made = code(
        &[
            (Op::Resume, 0),
            (Op::LoadConst, 0),
            (Op::ReturnValue, 0),
            (Op::Nop, 0),
            (Op::PopTop, 0),
            (Op::PopTop, 0),
            (Op::PopTop, 0),
            (Op::PopTop, 0),
            (Op::LoadConst, 0),
            (Op::ReturnValue, 0),
        ],
        vec![handler],
    );
    verify(&made).expect("what is reached is in order");
    assert_eq!(run(&made, None).0, "NoneType");
    assert_eq!(run(&made, Some(1000)), ("NoneType".to_string(), 3));
}

#[test]
fn a_return_leaves_nothing_behind() {
    let made =
        code(&[(Op::Resume, 0), (Op::LoadConst, 0), (Op::LoadConst, 0), (Op::ReturnValue, 0)], Vec::new());
    assert!(verify(&made).is_err());
}

/// Loops without a way out, loops that share a head, jumps into a loop: whatever is charged where, an endless run ends with its fuel.
#[test]
fn odd_loops_are_paid_for() {
    let shapes: [&[(Op, u32)]; 4] = [
        &[(Op::Resume, 0), (Op::JumpBackward, 1)],
        &[(Op::Resume, 0), (Op::Nop, 0), (Op::LoadConst, 0), (Op::PopJumpIfTrue, 1), (Op::JumpBackward, 1)],
        &[
            (Op::Resume, 0),
            (Op::LoadConst, 0),
            (Op::PopJumpIfFalse, 4),
            (Op::Nop, 0),
            (Op::LoadConst, 0),
            (Op::PopJumpIfTrue, 3),
            (Op::JumpBackward, 3),
        ],
        &[
            (Op::Resume, 0),
            (Op::JumpForward, 3),
            (Op::Nop, 0),
            (Op::LoadConst, 0),
            (Op::PopTop, 0),
            (Op::JumpBackward, 2),
        ],
    ];
    for (at, instrs) in shapes.into_iter().enumerate() {
        let made = code(instrs, Vec::new());
        if let Err(fault) = verify(&made) {
            // Jumps back that are conditional are not in the contract.
            assert!(instrs.iter().any(|i| i.0 == Op::PopJumpIfTrue), "{at}: {fault:?}");
            continue;
        }
        assert_eq!(run(&made, Some(12_345)), ("InstructionLimit".to_string(), 12_345), "{at}");
    }
}
