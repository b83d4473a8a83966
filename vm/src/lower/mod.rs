//! Lowering: verified stack code becomes the running form, at a function's first call.
//!
//! # How a stack slot disappears
//!
//! Lowering runs the stack code abstractly. `LOAD_FAST` and `LOAD_CONST` emit nothing: the slot is `StackValue::Local` or
//! `StackValue::Const`, and the consumer names the local or constant as its operand. A slot that must exist (an
//! argument of a call, a value that lives across a jump) is *materialised* in its temporary. Before a local is bound anew, pending
//! slots that name it are materialised; at labels and jumps, all are.
//!
//! # Peek, move, share
//!
//! An operand of arithmetic, comparison, indexing or a truth test is peeked: the handler looks at the register. A temporary is
//! moved. Everything else shares (`Value::clone`, which boxes a number in its slot). Two analyses (`uses.rs`) save boxes:
//! a local whose value is dead after a load gives its number away by copying the bits, and a local that is *only*
//! ever peeked may receive copied bits, for nobody can ask such a number who it is.
//!
//! Invariant: a dead temporary never holds a pointer. Whoever consumes a temporary leaves an immediate in it.

mod costs;
mod emit;
mod pending;
mod uses;

use ryokan_bytecode::{Code, Effect, Instr, Op};

use crate::raised::Res;
use crate::running::{Form, RunCode};
use crate::types::code::CodeObj;
use crate::value::Word;
use crate::vm::Vm;

impl CodeObj {
    /// Lowers it.
    pub fn lower(&self, vm: &Vm, form: Form) -> Res<RunCode> {
        let stack = self.code.stack_size as usize;
        let registers = self.code.locals.len() + stack + 4;
        if registers > usize::from(u16::MAX) {
            return Err(vm.overflow_error("too many locals or values on the stack in one function"));
        }
        Ok(emit::run(vm, self, form))
    }
}

/// The depth of the stack at each instruction, and whether control comes there by a jump.
pub(crate) struct Depths {
    /// Depth before the instruction; `u32::MAX` if it is unreachable.
    pub depth: Vec<u32>,
    /// Whether it is a target of a jump or handler, or the start of a handler's range.
    pub label: Vec<bool>,
}

impl Depths {
    /// Walks a verified code.
    pub fn of(code: &Code) -> Depths {
        let n = code.instrs.len();
        let mut depths = Depths { depth: vec![u32::MAX; n], label: vec![false; n] };
        let mut work = vec![(0u32, 0u32)];
        // By instruction, one more than the index of its handler. A handler is only reached from a range that is: the verifier has
        // not looked at any other.
        let mut cover = vec![0; n];
        for (index, handler) in code.handlers.iter().enumerate() {
            depths.label[handler.target.index()] = true;
            depths.label[handler.start.index()] = true;
            cover[handler.start.index()..handler.end.index()].fill(index + 1);
        }
        let mut reached = vec![false; code.handlers.len()];
        while let Some((mut at, mut depth)) = work.pop() {
            while (at as usize) < n && depths.depth[at as usize] == u32::MAX {
                depths.depth[at as usize] = depth;
                if let Some(index) = usize::checked_sub(cover[at as usize], 1)
                    && !std::mem::replace(&mut reached[index], true)
                {
                    let handler = &code.handlers[index];
                    work.push((handler.target.0, handler.depth + 1));
                }
                let (op, arg) = decode(code.instrs[at as usize]);
                let flags = op.flags();
                if flags.jumps {
                    depths.label[arg as usize] = true;
                    work.push((arg, apply(depth, op.jump_effect(arg))));
                }
                if flags.ends {
                    break;
                }
                depth = apply(depth, op.effect(arg));
                at += 1;
            }
        }
        depths
    }
}

/// The depth after an effect.
pub(crate) fn apply(depth: u32, effect: Effect) -> u32 {
    (depth + effect.pushes).saturating_sub(effect.pops)
}

/// An instruction of verified code.
pub(crate) fn decode(instr: Instr) -> (Op, u32) {
    (instr.op().expect("the code is verified"), instr.arg())
}

/// The word of a small int constant.
pub(crate) fn small_word(number: u16) -> Word {
    Word::from_int(i64::from(number))
}
