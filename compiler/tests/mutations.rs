//! The verifier takes anything: codes with words changed at random are passed or refused, never a panic or a hang; and
//! one that is passed has a depth at each instruction that control can come to.

use ryokan_bytecode::{Code, Const, Instr, InstrIndex, Op, Rule, verify};
use ryokan_compiler::{Mode, Options, Unlimited, compile};
use std::rc::Rc;

struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % end.max(1)
    }
}

fn sources() -> Vec<Rc<Code>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/listings");
    let mut codes = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
        if entry.path().extension().is_some_and(|e| e == "py") {
            let source = std::fs::read_to_string(entry.path()).expect("text");
            let code =
                compile(&source, "m", Mode::Exec, &Options::default(), &Unlimited).expect("it compiles");
            let mut work = vec![code];
            while let Some(code) = work.pop() {
                work.extend(code.consts.iter().filter_map(|c| match c {
                    Const::Code(inner) => Some(inner.clone()),
                    _ => None,
                }));
                codes.push(code);
            }
        }
    }
    codes
}

#[test]
fn changed_words() {
    let mut random = Random(7);
    let (mut passed, mut refused) = (0, 0);
    for code in sources() {
        for _ in 0..200 {
            let mut changed = (*code).clone();
            for _ in 0..1 + random.below(3) {
                let len = changed.instrs.len();
                let at = random.below(len);
                let old = changed.instrs[at];
                changed.instrs[at] = match random.below(4) {
                    0 => Instr::new(Op::ALL[random.below(Op::ALL.len())], old.arg()),
                    1 => Instr(old.0 & 255 | (random.below(len + 2) as u32) << 8),
                    2 => changed.instrs[random.below(len)],
                    _ => Instr(random.below(usize::MAX) as u32),
                };
            }
            if !changed.handlers.is_empty() && random.below(4) == 0 {
                let at = random.below(changed.handlers.len());
                changed.handlers[at].depth = random.below(4) as u32;
                changed.handlers[at].target = InstrIndex::of(random.below(changed.instrs.len()));
            }
            match verify(&changed) {
                Ok(verified) => {
                    passed += 1;
                    assert_eq!(verified.depths[0], Some(0));
                }
                Err(_) => refused += 1,
            }
        }
    }
    assert!(passed > 0 && refused > passed, "{passed} passed, {refused} refused");
}

fn simple(instrs: &[(Op, u32)]) -> Code {
    let code = compile("x", "m", Mode::Exec, &Options::default(), &Unlimited).expect("it compiles");
    let mut code = (*code).clone();
    code.instrs = instrs.iter().map(|(op, arg)| Instr::new(*op, *arg)).collect();
    code.positions = code.positions[..1].to_vec().into();
    code.stack_size = 4;
    code
}

#[test]
fn rules() {
    let cases: &[(Rule, &[(Op, u32)])] = &[
        (Rule::End, &[(Op::Nop, 0)]),
        (Rule::Depth, &[(Op::PopTop, 0), (Op::LoadConst, 0), (Op::ReturnValue, 0)]),
        (Rule::Depth, &[(Op::LoadConst, 0), (Op::JumpBackward, 0)]),
        (Rule::Null, &[(Op::PushNull, 0), (Op::ReturnValue, 0)]),
        (Rule::Operand, &[(Op::LoadConst, 99), (Op::ReturnValue, 0)]),
        (Rule::Direction, &[(Op::LoadConst, 0), (Op::PopJumpIfTrue, 0), (Op::JumpForward, 0)]),
        (Rule::Kind, &[(Op::LoadConst, 0), (Op::LoadConst, 0), (Op::ListAppend, 1), (Op::ReturnValue, 0)]),
        (Rule::Kind, &[(Op::LoadConst, 0), (Op::PopExcept, 0), (Op::JumpBackward, 0)]),
        (Rule::Function, &[(Op::LoadConst, 0), (Op::MakeFunction, 0), (Op::ReturnValue, 0)]),
        (Rule::Generator, &[(Op::LoadConst, 0), (Op::YieldValue, 0), (Op::ReturnValue, 0)]),
        (Rule::Prologue, &[(Op::CopyFreeVars, 1), (Op::LoadConst, 0), (Op::ReturnValue, 0)]),
    ];
    for (rule, instrs) in cases {
        let fault = verify(&simple(instrs)).expect_err(&format!("{instrs:?}"));
        assert_eq!(fault.rule, *rule, "{instrs:?}: {fault}");
    }
}

#[test]
fn deep_constants() {
    let mut value = Const::None;
    for _ in 0..100_000 {
        value = Const::Tuple([value].into());
    }
    let mut code = simple(&[(Op::LoadConst, 0), (Op::ReturnValue, 0)]);
    code.consts = vec![value];
    assert_eq!(verify(&code).expect_err("too deep").rule, Rule::Nesting);
    let template = simple(&[(Op::LoadConst, 0), (Op::ReturnValue, 0)]);
    let mut nested = template.clone();
    for _ in 0..100_000 {
        let mut outer = template.clone();
        outer.consts = vec![Const::Code(Rc::new(nested))];
        nested = outer;
    }
    assert_eq!(verify(&nested).expect_err("too deep").rule, Rule::Nesting);
}
