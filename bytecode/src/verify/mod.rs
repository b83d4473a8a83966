//! The verifier: what a `Code` must keep so that the VM may run it without looking.
//!
//! The VM checks none of this again; whoever made the code (the compiler, a cache file, a fuzzer), code that
//! [`verify`] has passed cannot make it unsafe. Each rule below has its variant of [`Rule`].
//!
//! # The rules
//!
//! Of the whole:
//!
//!  1. *Nesting*: code objects and tuples among constants nest at most [`MAX_NESTING`] deep; a code object is a constant
//!     of its own, never in a tuple.
//!  2. *Constants*: text is generalised UTF-8; a big int has no leading zero byte and does not fit an `i64`; what a
//!     frozenset holds is hashable.
//!  3. *Size*: there is at least one instruction and at most 2^24; locals and stack together are at most
//!     [`MAX_FRAME_SLOTS`].
//!  4. *Parameters*: the counts fit the locals; locals stand in the order parameters (plain or cells), other plain ones,
//!     cells, free variables.
//!  5. *Positions*: they rise strictly, the first stands at 0, none beyond the end.
//!  6. *Handlers*: ranges are not empty, rise, and do not overlap (of nested ones the inner has the instruction);
//!     targets exist.
//!
//! Of each instruction:
//!
//!  7. *Opcode*: it is one.
//!  8. *Operand*: a constant, name, local, target or member that exists; none where none is read; counts within what
//!     the row allows.
//!  9. *Direction*: `JUMP_BACKWARD` goes back (or stays), every other jump forward.
//! 10. *Local*: `*_FAST` is for plain locals (`LOAD_FAST_AND_CLEAR`, `RESTORE_FAST` for any), cells for `MAKE_CELL`,
//!     `*_DEREF`, `LOAD_CLOSURE`.
//! 11. *Prologue*: `COPY_FREE_VARS` is the first instruction of exactly the code that has free variables, and copies all;
//!     `RETURN_GENERATOR` stands once in exactly the code that is a generator, after nothing but it and `MAKE_CELL`,
//!     and `POP_TOP` follows.
//! 12. *Generator*: only a generator yields.
//!
//! Along every way that control can take:
//!
//! 13. *End*: it does not run off the end.
//! 14. *Depth*: the stack's depth at an instruction is one number, never negative, never above `stack_size`; it is at
//!     least the depth of the handler that covers the instruction, and what the instruction uses up lies above that
//!     depth (but for `YIELD_VALUE`: thrown into, it leaves some value where its own was). What `RETURN_VALUE` returns is all
//!     that is on the stack.
//! 15. *Null*: an absent value is taken only where the row says so (`self_or_null`, `null`, `mapping_or_null`) and by
//!     `POP_TOP` and `SWAP`; `CALL_FUNCTION_EX` has one under its arguments.
//! 16. *Kind*: lists, sets, dicts, tuples, texts, names and previous exceptions are what the row says, made by the
//!     instructions that make them (see `kinds.rs`).
//! 17. *Saved*: what `LOAD_FAST_AND_CLEAR` pushes is only moved, dropped, or put back in the same local.
//! 18. *Function*: `MAKE_FUNCTION` takes a code constant; if that has free variables, the next thing that happens to the
//!     function is that it gets a closure of as many cells.
//! 19. *Bound*: `LOAD_FAST` finds a bound local; what uses a cell finds one (`flow.rs`).
//! 20. *Work*: following the kinds of stack slots ends within work linear in the code.
//!
//! What is *not* promised: that any other value has a certain type. `FOR_ITER`, `SEND`, `RERAISE` and so on must bear any
//! value where they expect an iterator or an exception.

mod kinds;
mod run;

use std::fmt;

use crate::code::{Code, CodeFlags, Const, InstrIndex, LocalKind, MAX_FRAME_SLOTS, Text};
use crate::operand::{BinaryOp, Common, CompareOp, Conversion, FunctionPart, OperandKind, Special, TypeForm};
use crate::ops::{Instr, Op};

/// Deepest nesting of constants.
pub const MAX_NESTING: usize = 512;

/// The rule that is broken; see the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs)]
pub enum Rule {
    Nesting,
    Constants,
    Size,
    Parameters,
    Positions,
    Handlers,
    Opcode,
    Operand,
    Direction,
    Local,
    Prologue,
    Generator,
    End,
    Depth,
    Null,
    Kind,
    Saved,
    Function,
    Bound,
    Work,
}

/// Where which rule is broken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// The rule.
    pub rule: Rule,
    /// The code's qualified name.
    pub code: String,
    /// The instruction, if it is one's.
    pub at: Option<u32>,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => write!(f, "rule {:?} is broken by instruction {at} of {}", self.rule, self.code),
            None => write!(f, "rule {:?} is broken by {}", self.rule, self.code),
        }
    }
}

impl std::error::Error for Fault {}

/// What the verifier knows of a code that keeps the rules.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verified {
    /// The stack depth before each instruction; `None` for one that control never comes to.
    pub depths: Vec<Option<u32>>,
}

/// A broken rule, before the code is named.
type Broken = (Rule, Option<u32>);

/// Verifies a code object and all in it; gives what is known of the outermost one.
pub fn verify(code: &Code) -> Result<Verified, Fault> {
    let mut first = None;
    let mut work = vec![(code, 0)];
    while let Some((code, depth)) = work.pop() {
        let named = |(rule, at): Broken| Fault {
            rule,
            code: String::from_utf8_lossy(code.qualname.as_wtf8()).into_owned(),
            at,
        };
        constants(code, depth, &mut work).map_err(named)?;
        let verified = one(code).map_err(named)?;
        first.get_or_insert(verified);
    }
    Ok(first.unwrap_or(Verified { depths: Vec::new() }))
}

/// Verifies one code object, not those in it.
pub fn verify_one(code: &Code) -> Result<Verified, Fault> {
    one(code).map_err(|(rule, at)| Fault {
        rule,
        code: String::from_utf8_lossy(code.qualname.as_wtf8()).into_owned(),
        at,
    })
}

fn one(code: &Code) -> Result<Verified, Broken> {
    let len = code.instrs.len();
    let slots = code.locals.len().saturating_add(code.stack_size as usize);
    if len == 0 || len > Instr::MAX_ARG as usize || slots > MAX_FRAME_SLOTS as usize {
        return Err((Rule::Size, None));
    }
    parameters(code)?;
    positions(code)?;
    handlers(code)?;
    for (at, instr) in code.instrs.iter().enumerate() {
        let broken = |rule| (rule, Some(at as u32));
        let op = instr.op().ok_or(broken(Rule::Opcode))?;
        operand(code, op, instr.arg()).map_err(broken)?;
        if op.flags().jumps && (instr.arg() as usize <= at) != (op == Op::JumpBackward) {
            return Err(broken(Rule::Direction));
        }
    }
    prologue(code)?;
    run::run(code)
}

fn constants<'c>(code: &'c Code, depth: usize, work: &mut Vec<(&'c Code, usize)>) -> Result<(), Broken> {
    let texts = code.names.iter().chain(code.locals.iter().map(|l| &l.name));
    for text in texts.chain([&code.name, &code.qualname, &code.filename]) {
        is_text(text).then_some(()).ok_or((Rule::Constants, None))?;
    }
    let mut stack: Vec<(&Const, usize, bool)> = code.consts.iter().map(|c| (c, depth, true)).collect();
    while let Some((value, depth, outermost)) = stack.pop() {
        if depth >= MAX_NESTING {
            return Err((Rule::Nesting, None));
        }
        let fine = match value {
            Const::Code(inner) if outermost => {
                work.push((inner, depth + 1));
                true
            }
            Const::Code(_) => return Err((Rule::Nesting, None)),
            Const::Tuple(items) => {
                stack.extend(items.iter().map(|c| (c, depth + 1, false)));
                true
            }
            Const::FrozenSet(items) => {
                stack.extend(items.iter().map(|c| (c, depth + 1, false)));
                true
            }
            Const::Slice(parts) => {
                stack.extend(parts.iter().map(|c| (c, depth + 1, false)));
                true
            }
            Const::Str(text) => is_text(text),
            Const::BigInt(_, bytes) => bytes.len() >= 8 && bytes.last() != Some(&0) && !fits(value),
            _ => true,
        };
        fine.then_some(()).ok_or((Rule::Constants, None))?;
    }
    Ok(())
}

/// Whether a big int would fit an `i64`.
fn fits(value: &Const) -> bool {
    let Const::BigInt(negative, bytes) = value else { return true };
    let Ok(bytes) = <[u8; 8]>::try_from(&bytes[..]) else { return bytes.len() < 8 };
    let magnitude = u64::from_le_bytes(bytes);
    magnitude <= i64::MAX as u64 || (*negative && magnitude == 1 << 63)
}

/// Whether bytes are generalised UTF-8: UTF-8 in which surrogates may stand.
fn is_text(text: &Text) -> bool {
    let mut rest = text.as_wtf8();
    loop {
        match std::str::from_utf8(rest) {
            Ok(_) => return true,
            Err(bad) => match &rest[bad.valid_up_to()..] {
                [0xED, 0xA0..=0xBF, 0x80..=0xBF, after @ ..] => rest = after,
                _ => return false,
            },
        }
    }
}

fn parameters(code: &Code) -> Result<(), Broken> {
    let broken = Err((Rule::Parameters, None));
    let flags = CodeFlags::VARARGS | CodeFlags::VARKEYWORDS;
    let stars = u64::from((code.flags & flags).bits().count_ones());
    let count = u64::from(code.arg_count) + u64::from(code.kwonly_count) + stars;
    if code.posonly_count > code.arg_count || count > code.locals.len() as u64 {
        return broken;
    }
    let mut stage = 0;
    for (at, local) in code.locals.iter().enumerate() {
        let own = match local.kind {
            LocalKind::Plain | LocalKind::Cell if (at as u64) < count => 0,
            LocalKind::Plain => 1,
            LocalKind::CellOnly if at as u64 >= count => 2,
            LocalKind::Free if at as u64 >= count => 3,
            _ => return broken,
        };
        if own < stage {
            return broken;
        }
        stage = own;
    }
    Ok(())
}

fn positions(code: &Code) -> Result<(), Broken> {
    let rising = code.positions.windows(2).all(|pair| pair[0].start < pair[1].start);
    let first = code.positions.first().is_none_or(|p| p.start == InstrIndex(0));
    let last = code.positions.last().is_none_or(|p| p.start.index() < code.instrs.len());
    if rising && first && last { Ok(()) } else { Err((Rule::Positions, None)) }
}

fn handlers(code: &Code) -> Result<(), Broken> {
    let len = InstrIndex::of(code.instrs.len());
    let fine = code
        .handlers
        .iter()
        .all(|h| h.start < h.end && h.end <= len && h.target < len && h.depth < code.stack_size);
    let apart = code.handlers.windows(2).all(|pair| pair[0].end <= pair[1].start);
    if fine && apart { Ok(()) } else { Err((Rule::Handlers, None)) }
}

/// Whether an operand names something that there is.
fn operand(code: &Code, op: Op, arg: u32) -> Result<(), Rule> {
    let index = arg as usize;
    let local = code.locals.get(index).map(|l| l.kind);
    let fine = match op.operand() {
        OperandKind::None => arg == 0,
        OperandKind::Count => count(op, arg),
        OperandKind::Const => index < code.consts.len(),
        OperandKind::Name => index < code.names.len(),
        OperandKind::Local => local.is_some(),
        OperandKind::Target => index < code.instrs.len(),
        OperandKind::Binary => BinaryOp::from_arg(arg).is_some(),
        OperandKind::Compare => CompareOp::from_arg(arg).is_some(),
        OperandKind::Convert => Conversion::from_arg(arg).is_some_and(|c| c != Conversion::None),
        OperandKind::Common => Common::from_arg(arg).is_some(),
        OperandKind::Special => Special::from_arg(arg).is_some(),
        OperandKind::Part => FunctionPart::from_arg(arg).is_some(),
        OperandKind::Form => TypeForm::from_arg(arg).is_some(),
    };
    if !fine {
        return Err(Rule::Operand);
    }
    let plain = local == Some(LocalKind::Plain);
    let fine = match op {
        Op::LoadFast | Op::LoadFastCheck | Op::StoreFast | Op::DeleteFast => plain,
        Op::MakeCell | Op::LoadClosure | Op::LoadDeref | Op::StoreDeref | Op::DeleteDeref => !plain,
        Op::LoadFromDictOrDeref => !plain,
        _ => true,
    };
    if fine { Ok(()) } else { Err(Rule::Local) }
}

/// Whether a number is one that the row allows; those that count stack values are also bounded by the stack.
fn count(op: Op, arg: u32) -> bool {
    match op {
        Op::Copy | Op::ListAppend | Op::ListExtend | Op::SetAdd | Op::SetUpdate => arg >= 1,
        Op::MapAdd | Op::DictUpdate | Op::DictMerge => arg >= 1,
        Op::Swap => arg >= 2,
        Op::LoadSmallInt => arg <= 255,
        Op::BuildSlice => arg == 2 || arg == 3,
        Op::IsOp | Op::ContainsOp | Op::YieldValue => arg <= 1,
        Op::RaiseVarargs | Op::GetAwaitable => arg <= 2,
        Op::BuildInterpolation => arg <= 7,
        _ => true,
    }
}

fn prologue(code: &Code) -> Result<(), Broken> {
    let broken = |at: usize| Err((Rule::Prologue, Some(at as u32)));
    let free = code.locals.iter().filter(|l| l.kind == LocalKind::Free).count();
    let copies = match code.instrs.first() {
        Some(first) if first.op() == Some(Op::CopyFreeVars) => first.arg() as usize,
        _ => 0,
    };
    if copies != free {
        return broken(0);
    }
    let generator = code.flags.intersects(CodeFlags::MAKES_GENERATOR);
    let is_start = |op: Option<Op>| matches!(op, Some(Op::CopyFreeVars | Op::MakeCell));
    let start = code.instrs.iter().take_while(|i| is_start(i.op())).count();
    for (at, instr) in code.instrs.iter().enumerate() {
        match instr.op() {
            Some(Op::CopyFreeVars) if at != 0 || free == 0 => return broken(at),
            Some(Op::ReturnGenerator) if !generator || at != start => return broken(at),
            Some(Op::YieldValue) if !generator => return Err((Rule::Generator, Some(at as u32))),
            _ => {}
        }
    }
    let op_at = |at: usize| code.instrs.get(at).and_then(|i| i.op());
    if generator && (op_at(start) != Some(Op::ReturnGenerator) || op_at(start + 1) != Some(Op::PopTop)) {
        return broken(start);
    }
    // Nothing jumps back into the prologue.
    let end = if generator { start + 2 } else { start };
    let jumps = code.instrs.iter().filter(|i| i.op().is_some_and(|op| op.flags().jumps));
    let into =
        jumps.map(|i| i.arg()).chain(code.handlers.iter().map(|h| h.target.0)).any(|t| (t as usize) < end);
    let covered = code.handlers.first().is_some_and(|h| h.start.index() < end);
    if into || covered { broken(0) } else { Ok(()) }
}
