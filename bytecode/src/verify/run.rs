//! The way of control through a code, with what is known of each stack slot.

use super::kinds::{Bad, Kind, Stack, Stacks};
use super::{Broken, Rule, Verified};
use crate::code::{Code, Const, LocalKind};
use crate::flow::Flow;
use crate::operand::FunctionPart;
use crate::ops::{Instr, Op};

/// Steps that are allowed for each instruction.
const WORK: u64 = 400;

struct Run<'c> {
    code: &'c Code,
    stacks: Stacks,
    /// The stack at each instruction that is jumped to, as known so far.
    states: Vec<Option<Stack>>,
    leader: Vec<bool>,
    depths: Vec<Option<u32>>,
    work: Vec<u32>,
    /// The handler that was told last, if nothing below its depth has changed since.
    told: Option<usize>,
}

pub(super) fn run(code: &Code) -> Result<Verified, Broken> {
    let len = code.instrs.len();
    let mut run = Run {
        code,
        stacks: Stacks::new((len as u64 + 1000) * WORK),
        states: vec![None; len],
        leader: vec![false; len],
        depths: vec![None; len],
        work: Vec::new(),
        told: None,
    };
    for instr in &code.instrs {
        if instr.op().is_some_and(|op| op.flags().jumps) {
            run.leader[instr.arg() as usize] = true;
        }
    }
    for handler in &code.handlers {
        run.leader[handler.target.index()] = true;
    }
    run.meet(0, Stacks::EMPTY).map_err(|rule| (rule, Some(0)))?;
    while let Some(start) = run.work.pop() {
        run.block(start as usize)?;
    }
    bound(code, &run.depths)?;
    Ok(Verified { depths: run.depths })
}

/// Rule 19, by the shared analysis.
fn bound(code: &Code, depths: &[Option<u32>]) -> Result<(), Broken> {
    let mut flow = Flow::new(code);
    for (at, instr) in code.instrs.iter().enumerate() {
        flow.enter(at as u32);
        let local = instr.arg();
        let is_plain = |local: u32| code.locals[local as usize].kind == LocalKind::Plain;
        let needs = match instr.op() {
            Some(Op::LoadFast | Op::LoadDeref | Op::StoreDeref | Op::DeleteDeref) => true,
            Some(Op::LoadClosure | Op::LoadFromDictOrDeref) => true,
            // A cell's slot is only saved while there is a cell in it.
            Some(Op::LoadFastAndClear) => !is_plain(local),
            _ => false,
        };
        if needs && depths[at].is_some() && !flow.is_bound(local) {
            return Err((Rule::Bound, Some(at as u32)));
        }
        flow.step(*instr);
    }
    Ok(())
}

fn rule(bad: Bad) -> Rule {
    match bad {
        Bad::Shallow => Rule::Depth,
        Bad::Work => Rule::Work,
        Bad::Mixed => Rule::Kind,
    }
}

impl Run<'_> {
    /// Control comes to `at` with this stack.
    fn meet(&mut self, at: usize, stack: Stack) -> Result<(), Rule> {
        let merged = match self.states[at] {
            None => stack,
            Some(old) if self.stacks.depth(old) != self.stacks.depth(stack) => return Err(Rule::Depth),
            Some(old) => self.stacks.meet(old, stack).map_err(rule)?,
        };
        if self.states[at] != Some(merged) {
            self.states[at] = Some(merged);
            self.work.push(at as u32);
        }
        Ok(())
    }

    fn block(&mut self, start: usize) -> Result<(), Broken> {
        let Some(mut stack) = self.states[start] else { return Ok(()) };
        self.told = None;
        // Handlers are sorted: the one that covers `at` is found by walking along with it.
        let mut next_handler = self.code.handlers.partition_point(|h| h.end.index() <= start);
        for at in start..self.code.instrs.len() {
            let broken = |rule: Rule| (rule, Some(at as u32));
            if at > start && self.leader[at] {
                return self.meet(at, stack).map_err(broken);
            }
            let instr = self.code.instrs[at];
            let Some(op) = instr.op() else { return Err(broken(Rule::Opcode)) };
            self.depths[at] = Some(self.stacks.depth(stack));
            while self.code.handlers.get(next_handler).is_some_and(|h| h.end.index() <= at) {
                next_handler += 1;
            }
            if self.code.handlers.get(next_handler).is_some_and(|h| h.start.index() <= at) {
                self.tell(next_handler, op, instr.arg(), stack).map_err(broken)?;
            }
            if op.flags().jumps {
                let jumped = self.jumped(op, stack).map_err(broken)?;
                self.meet(instr.arg() as usize, jumped).map_err(broken)?;
            }
            self.forget_told(op, instr.arg(), stack);
            stack = self.step(op, instr, stack).map_err(broken)?;
            if self.stacks.depth(stack) > self.code.stack_size {
                return Err(broken(Rule::Depth));
            }
            if op == Op::ReturnValue && self.stacks.depth(stack) != 0 {
                return Err(broken(Rule::Depth));
            }
            if op.flags().ends {
                return Ok(());
            }
        }
        Err((Rule::End, Some(self.code.instrs.len() as u32 - 1)))
    }

    /// Tells the handler of an instruction what stack it may find.
    fn tell(&mut self, handler: usize, op: Op, arg: u32, stack: Stack) -> Result<(), Rule> {
        let entry = self.code.handlers[handler];
        let depth = self.stacks.depth(stack);
        if depth < entry.depth + used_up(op, arg) {
            return Err(Rule::Depth);
        }
        if self.told == Some(handler) {
            return Ok(());
        }
        let cut = self.stacks.cut(stack, entry.depth).map_err(rule)?;
        self.told = Some(handler);
        let caught = self.stacks.push(cut, Kind::Value);
        self.meet(entry.target.index(), caught)
    }

    /// An instruction that reaches below a handler's depth makes the handler worth telling again.
    fn forget_told(&mut self, op: Op, arg: u32, stack: Stack) {
        let Some(handler) = self.told else { return };
        let touched = if op == Op::Swap { arg } else { op.effect(arg).pops };
        if self.stacks.depth(stack) < self.code.handlers[handler].depth.saturating_add(touched) {
            self.told = None;
        }
    }

    /// The stack where a jump goes.
    fn jumped(&mut self, op: Op, stack: Stack) -> Result<Stack, Rule> {
        match op {
            Op::ForIter => {
                let below = self.value(stack)?;
                Ok(below)
            }
            Op::Send => {
                let below = self.value(stack)?;
                self.value(below)?;
                Ok(self.stacks.push(below, Kind::Value))
            }
            Op::JumpForward | Op::JumpBackward => Ok(stack),
            // The conditional jumps.
            _ => self.value(stack),
        }
    }

    fn pop(&mut self, stack: Stack) -> Result<(Kind, Stack), Rule> {
        self.stacks.pop(stack).map_err(rule)
    }

    /// Pops a value.
    fn value(&mut self, stack: Stack) -> Result<Stack, Rule> {
        let (kind, below) = self.pop(stack)?;
        match kind {
            kind if kind.is_value() => Ok(below),
            Kind::Saved(_) => Err(Rule::Saved),
            Kind::Unclosed(_) => Err(Rule::Function),
            Kind::Previous => Err(Rule::Kind),
            _ => Err(Rule::Null),
        }
    }

    fn values(&mut self, stack: Stack, count: u32) -> Result<Stack, Rule> {
        (0..count).try_fold(stack, |stack, _| self.value(stack))
    }

    /// Pops a value or its absence.
    fn value_or_null(&mut self, stack: Stack) -> Result<Stack, Rule> {
        match self.pop(stack)? {
            (Kind::Null | Kind::MaybeNull, below) => Ok(below),
            _ => self.value(stack),
        }
    }

    /// Pops a slot of a kind that `fits`.
    fn kind(&mut self, stack: Stack, fits: impl Fn(Kind) -> bool) -> Result<Stack, Rule> {
        let (kind, below) = self.pop(stack)?;
        if fits(kind) { Ok(below) } else { Err(Rule::Kind) }
    }

    fn push(&mut self, stack: Stack, kind: Kind) -> Stack {
        self.stacks.push(stack, kind)
    }

    /// The stack after an instruction, where control goes on to the next.
    fn step(&mut self, op: Op, instr: Instr, stack: Stack) -> Result<Stack, Rule> {
        let arg = instr.arg();
        match op {
            Op::PopTop => Ok(self.pop(stack)?.1),
            Op::Swap => self.stacks.swap(stack, arg).map_err(rule),
            Op::Copy => {
                let kind = self.stacks.peek(stack, arg).map_err(rule)?;
                match kind {
                    kind if kind.is_value() => Ok(self.push(stack, kind)),
                    Kind::Saved(_) => Err(Rule::Saved),
                    Kind::Unclosed(_) => Err(Rule::Function),
                    Kind::Previous => Err(Rule::Kind),
                    _ => Err(Rule::Null),
                }
            }
            Op::PushNull => Ok(self.push(stack, Kind::Null)),
            Op::LoadConst => {
                let kind = self.const_kind(arg);
                Ok(self.push(stack, kind))
            }
            Op::LoadFastAndClear => Ok(self.push(stack, Kind::Saved(arg))),
            Op::RestoreFast => match self.pop(stack)? {
                (Kind::Saved(local), below) if local == arg => Ok(below),
                _ => Err(Rule::Saved),
            },
            Op::LoadClosure => Ok(self.push(stack, Kind::Cell)),
            Op::ReturnGenerator if self.stacks.depth(stack) != 0 => Err(Rule::Prologue),
            Op::Call | Op::CallKw | Op::CallFunctionEx => self.call(op, arg, stack),
            Op::MakeFunction | Op::SetFunctionAttribute => self.function(op, arg, stack),
            Op::LoadMethod | Op::LoadSuperMethod | Op::LoadSpecial => {
                let below = self.values(stack, op.effect(arg).pops)?;
                let callable = self.push(below, Kind::Value);
                Ok(self.push(callable, Kind::MaybeNull))
            }
            Op::PushExcInfo => {
                let below = self.value(stack)?;
                let previous = self.push(below, Kind::Previous);
                Ok(self.push(previous, Kind::Value))
            }
            Op::PopExcept => self.kind(stack, |kind| kind == Kind::Previous),
            Op::WithExceptStart => {
                let below = self.value(stack)?;
                let below = self.kind(below, |kind| kind == Kind::Previous)?;
                let below = self.value_or_null(below)?;
                self.value(below)?;
                Ok(self.push(stack, Kind::Value))
            }
            _ => self.build(op, arg, stack),
        }
    }

    fn const_kind(&self, arg: u32) -> Kind {
        match &self.code.consts[arg as usize] {
            Const::Str(_) => Kind::Str,
            Const::Tuple(items) if items.iter().all(|i| matches!(i, Const::Str(_))) => {
                Kind::Names(items.len() as u32)
            }
            Const::Tuple(_) => Kind::Tuple,
            Const::Code(_) => Kind::Code(arg),
            _ => Kind::Value,
        }
    }

    fn call(&mut self, op: Op, arg: u32, stack: Stack) -> Result<Stack, Rule> {
        let mut below = stack;
        match op {
            Op::CallFunctionEx => {
                below = self.value_or_null(below)?;
                below = self.value(below)?;
                below = match self.pop(below)? {
                    (Kind::Null, below) => below,
                    _ => return Err(Rule::Null),
                };
            }
            _ => {
                if op == Op::CallKw {
                    below = self.kind(below, |kind| matches!(kind, Kind::Names(count) if count <= arg))?;
                }
                below = self.values(below, arg)?;
                below = self.value_or_null(below)?;
            }
        }
        below = self.value(below)?;
        Ok(self.push(below, Kind::Value))
    }

    fn function(&mut self, op: Op, arg: u32, stack: Stack) -> Result<Stack, Rule> {
        let (top, below) = self.pop(stack)?;
        if op == Op::MakeFunction {
            let Kind::Code(index) = top else { return Err(Rule::Function) };
            let Const::Code(code) = &self.code.consts[index as usize] else { return Err(Rule::Function) };
            let free = code.locals.iter().filter(|l| l.kind == LocalKind::Free).count() as u32;
            let made = if free == 0 { Kind::Function } else { Kind::Unclosed(free) };
            return Ok(self.push(below, made));
        }
        let (value, below) = self.pop(below)?;
        let fine = match (FunctionPart::from_arg(arg), top) {
            (Some(FunctionPart::Closure), Kind::Unclosed(count)) => value == Kind::Cells(count),
            (_, Kind::Unclosed(_)) => return Err(Rule::Function),
            // In a generic function's scope they come as arguments: the VM checks their types.
            (Some(FunctionPart::Defaults | FunctionPart::KwDefaults), Kind::Function) => value.is_value(),
            (Some(FunctionPart::Annotate), Kind::Function) => value == Kind::Function,
            _ => return Err(Rule::Function),
        };
        if fine { Ok(self.push(below, Kind::Function)) } else { Err(Rule::Kind) }
    }

    /// What builds and fills containers and texts; anything else takes values and leaves values.
    fn build(&mut self, op: Op, arg: u32, stack: Stack) -> Result<Stack, Rule> {
        let fills = |this: &mut Self, kind: Kind, values: u32| {
            let rest = this.values(stack, values)?;
            match this.stacks.peek(rest, arg).map_err(rule)? == kind {
                true => Ok(rest),
                false => Err(Rule::Kind),
            }
        };
        let made = match op {
            Op::ListAppend | Op::ListExtend => return fills(self, Kind::List, 1),
            Op::SetAdd | Op::SetUpdate => return fills(self, Kind::Set, 1),
            Op::DictUpdate => return fills(self, Kind::Dict, 1),
            Op::DictMerge => {
                let rest = fills(self, Kind::Dict, 1)?;
                // The callable that a message names.
                self.stacks.peek(rest, arg.saturating_add(3)).map_err(rule)?;
                return Ok(rest);
            }
            Op::MapAdd => return fills(self, Kind::Dict, 2),
            Op::BuildList => Kind::List,
            Op::BuildSet => Kind::Set,
            Op::BuildMap => Kind::Dict,
            Op::BuildTuple => return self.tuple(arg, stack),
            Op::ListToTuple => {
                let below = self.kind(stack, |kind| kind == Kind::List)?;
                return Ok(self.push(below, Kind::Tuple));
            }
            Op::PrepReraiseStar => {
                let below = self.kind(stack, |kind| kind == Kind::List)?;
                let below = self.value(below)?;
                return Ok(self.push(below, Kind::Value));
            }
            Op::BuildString => {
                let below =
                    (0..arg).try_fold(stack, |stack, _| self.kind(stack, |kind| kind == Kind::Str))?;
                return Ok(self.push(below, Kind::Str));
            }
            Op::FormatSimple | Op::FormatWithSpec | Op::ConvertValue => Kind::Str,
            Op::BuildInterpolation => {
                let below = self.values(stack, arg & 1)?;
                let below = self.kind(below, |kind| kind == Kind::Str)?;
                let below = self.value(below)?;
                return Ok(self.push(below, Kind::Value));
            }
            Op::BuildTemplate => {
                let below = self.kind(stack, Kind::is_tuple)?;
                let below = self.kind(below, Kind::is_tuple)?;
                return Ok(self.push(below, Kind::Value));
            }
            Op::MatchClass => {
                let below = self.kind(stack, |kind| matches!(kind, Kind::Names(_)))?;
                let below = self.values(below, 2)?;
                return Ok(self.push(below, Kind::Value));
            }
            Op::MatchKeys => {
                let below = self.kind(stack, Kind::is_tuple)?;
                self.value(below)?;
                return Ok(self.push(stack, Kind::Value));
            }
            // These leave what they look at as it is.
            Op::MatchMapping | Op::MatchSequence | Op::GetLen | Op::GetAnext | Op::ForIter => {
                self.value(stack)?;
                return Ok(self.push(stack, Kind::Value));
            }
            _ => Kind::Value,
        };
        let effect = op.effect(arg);
        let below = self.values(stack, effect.pops)?;
        // More than the stack can hold is refused before it is made.
        if effect.pushes > self.code.stack_size {
            return Err(Rule::Depth);
        }
        Ok((0..effect.pushes).fold(below, |stack, _| self.push(stack, made)))
    }

    fn tuple(&mut self, count: u32, stack: Stack) -> Result<Stack, Rule> {
        let mut below = stack;
        let mut cells = count > 0;
        for _ in 0..count {
            let (kind, _) = self.pop(below)?;
            cells &= kind == Kind::Cell;
            below = self.value(below)?;
        }
        Ok(self.push(below, if cells { Kind::Cells(count) } else { Kind::Tuple }))
    }
}

/// How many slots an instruction uses up, when it raises: those that its row does not leave as they were.
fn used_up(op: Op, arg: u32) -> u32 {
    match op {
        Op::Copy | Op::Swap | Op::YieldValue => 0,
        Op::ListAppend | Op::ListExtend | Op::SetAdd | Op::SetUpdate | Op::DictUpdate | Op::DictMerge => 1,
        Op::MapAdd => 2,
        Op::MatchMapping | Op::MatchSequence | Op::MatchKeys | Op::GetLen | Op::GetAnext => 0,
        Op::WithExceptStart => 0,
        Op::CheckExcMatch | Op::Send => 1,
        // Without an item it drops the iterator.
        _ => op.effect(arg).pops,
    }
}
