//! Lowering: verified stack code becomes the running form, at a function's first call.
//!
//! # The running form
//!
//! Three-address code over registers: locals, then one temporary for each slot of the operand stack (`nlocals + depth`).
//! An instruction is a 64-bit unit `[op: u16][a: u16][b: u16][c: u16]` and, for some, further units (caches, targets).
//! Its opcodes and handlers are in `ops/`.
//!
//! # How a stack slot disappears
//!
//! Lowering runs the stack code abstractly. `LOAD_FAST` and `LOAD_CONST` emit nothing: the slot is [`Slot::Local`] or
//! [`Slot::Const`], and the consumer names the local or constant as its operand. A slot that must exist (an
//! argument of a call, a value that lives across a jump) is *materialised* in its temporary. Before a local is bound anew, pending
//! slots that name it are materialised; at labels and jumps, all are.
//!
//! # Peek, move, share
//!
//! An operand of arithmetic, comparison, indexing or a truth test is peeked: the handler looks at the register. A temporary is
//! moved. Everything else shares (`Value::clone`, which boxes a number in its slot). Two analyses (`flow.rs`) save boxes:
//! a local whose value is dead after a load gives its number away by copying the bits, and a local that is *only*
//! ever peeked may receive copied bits, for nobody can ask such a number who it is.
//!
//! Invariant: a dead temporary never holds a pointer. Whoever consumes a temporary leaves an immediate in it.

mod emit;
mod flow;

use ryokan_bytecode::{Code, Effect, Instr, Op};

use crate::raised::Res;
use crate::types::code::CodeObj;
use crate::value::{Value, Word};
use crate::vm::Vm;

/// The running form of a code.
pub struct RunCode {
    /// The units. Handlers write caches and better opcodes into them.
    pub units: Box<[u64]>,
    /// Constants: `[immediate or object]`, see `Lower::constant`.
    pub consts: Box<[Value]>,
    /// Locals, cells and free variables.
    pub locals: usize,
    /// All registers.
    pub registers: usize,
    /// Parameters, if a call needs nothing but so many positional arguments; otherwise -1.
    pub simple_args: i64,
    /// (first unit, instruction), rising: where each stack instruction's units begin.
    pub map: Box<[(u32, u32)]>,
    /// (instruction, unit) of the targets of exception handlers.
    pub targets: Box<[(u32, u32)]>,
}

impl RunCode {
    /// Where it begins.
    pub fn entry(&self) -> *mut u64 {
        self.units.as_ptr().cast_mut()
    }
    /// The stack instruction that a unit was made for.
    pub fn instr_at(&self, pc: *const u64) -> u32 {
        let unit = (pc as usize).wrapping_sub(self.units.as_ptr() as usize) / 8;
        let after = self.map.partition_point(|m| m.0 as usize <= unit);
        self.map[after.max(1) - 1].1
    }
    /// The unit of a handler's target.
    pub fn target(&self, instr: u32) -> *mut u64 {
        let at = self.targets.iter().position(|t| t.0 == instr).expect("every handler's target has a unit");
        self.entry().wrapping_add(self.targets[at].1 as usize)
    }
    /// About how much memory it takes.
    pub fn bytes(&self) -> usize {
        self.units.len() * 8 + self.consts.len() * 8 + self.map.len() * 8 + self.targets.len() * 8 + 128
    }
    /// Visits its constants.
    pub fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        self.consts.iter().for_each(visit);
    }
}

/// What the abstract stack knows of a slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slot {
    /// In its temporary.
    Temp,
    /// In the temporary of another depth: swapped there, and not moved yet.
    At(u16),
    /// The value of a local, not loaded yet; `last` if the local is dead after this load.
    Local { local: u16, last: bool },
    /// A constant of the code.
    Const(u32),
    /// A small int.
    Small(u16),
    /// The absent self of a call.
    Null,
    /// A global, not looked up yet; `at` is its load's instruction.
    Global { name: u32 },
}

/// Lowers a code.
pub fn lower(vm: &Vm, code: &CodeObj) -> Res<RunCode> {
    let stack = code.code.stack_size as usize;
    let registers = code.code.locals.len() + stack + 4;
    if registers > usize::from(u16::MAX) || code.names.len() > usize::from(u16::MAX) {
        return Err(vm.system_error("too many locals, names or values on the stack in one function"));
    }
    emit::run(vm, code)
}

/// The depth of the stack at each instruction, and whether control comes there by a jump.
pub(crate) struct Layout {
    /// Depth before the instruction; `u32::MAX` if it is unreachable.
    pub depth: Vec<u32>,
    /// Whether it is a target of a jump or handler, or the start of a handler's range.
    pub label: Vec<bool>,
}

impl Layout {
    /// Walks a verified code.
    pub fn of(code: &Code) -> Layout {
        let n = code.instrs.len();
        let mut layout = Layout { depth: vec![u32::MAX; n], label: vec![false; n] };
        let mut work = vec![(0u32, 0u32)];
        for handler in &code.handlers {
            layout.label[handler.target as usize] = true;
            layout.label[handler.start as usize] = true;
            work.push((handler.target, handler.depth + 1));
        }
        while let Some((mut at, mut depth)) = work.pop() {
            while (at as usize) < n && layout.depth[at as usize] == u32::MAX {
                layout.depth[at as usize] = depth;
                let (op, arg) = decode(code.instrs[at as usize]);
                let flags = op.flags();
                if flags.jumps {
                    layout.label[arg as usize] = true;
                    work.push((arg, apply(depth, op.jump_effect(arg))));
                }
                if flags.ends {
                    break;
                }
                depth = apply(depth, op.effect(arg));
                at += 1;
            }
        }
        layout
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
