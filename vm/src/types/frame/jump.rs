//! `f_lineno = line`: where a trace function sends a frame.
//!
//! A frame may go on where its stack holds what the code there expects: what is more is dropped, what is less cannot be made up. So it
//! is followed what kind of value lies in each place of the stack, at each instruction.

use ryokan_bytecode::{Code, InstrIndex, LocalKind, Op};

use super::this;
use crate::raised::Res;
use crate::types::code::CodeObj;
use crate::value::Value;
use crate::vm::Vm;

/// What lies in a place of the stack.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Any object.
    Object,
    /// The absent value.
    Null,
    /// What a loop asks for its items.
    Iterator,
    /// An exception: one that is handled, or what was handled before it.
    Except,
}

/// A stack that lies on another one: its top, the number of the stack below, its depth. 0 is the empty stack.
#[derive(Clone, Copy)]
struct Node {
    kind: Kind,
    below: u32,
    depth: u32,
}

/// The stacks at each instruction of a code.
pub struct Stacks {
    nodes: Vec<Node>,
    at: Vec<Option<u32>>,
}

impl Stacks {
    /// Follows a code, which the verifier has passed.
    pub fn of(code: &Code) -> Stacks {
        let nodes = vec![Node { kind: Kind::Object, below: 0, depth: 0 }];
        let mut stacks = Stacks { nodes, at: vec![None; code.instrs.len()] };
        let mut work = vec![(InstrIndex(0), 0u32)];
        while let Some((start, mut stack)) = work.pop() {
            let mut at = start.index();
            while let Some(known) = stacks.at.get_mut(at).filter(|known| known.is_none()) {
                *known = Some(stack);
                if let Some(handler) =
                    code.handlers.iter().find(|h| (h.start..h.end).contains(&InstrIndex::of(at)))
                {
                    let kept = stacks.down_to(stack, handler.depth);
                    let caught = stacks.push(kept, Kind::Except);
                    work.push((handler.target, caught));
                }
                let Some(op) = code.instrs[at].op() else { break };
                let arg = code.instrs[at].arg();
                if op.flags().jumps {
                    let jumped = stacks.after(op, arg, stack, true);
                    work.push((InstrIndex(arg), jumped));
                }
                if op.flags().ends {
                    break;
                }
                stack = stacks.after(op, arg, stack, false);
                at += 1;
            }
        }
        stacks
    }
    fn push(&mut self, below: u32, kind: Kind) -> u32 {
        let depth = self.depth(below) + 1;
        self.nodes.push(Node { kind, below, depth });
        self.nodes.len() as u32 - 1
    }
    fn depth(&self, stack: u32) -> u32 {
        self.nodes[stack as usize].depth
    }
    fn down(&self, mut stack: u32, count: u32) -> u32 {
        for _ in 0..count {
            stack = self.nodes[stack as usize].below;
        }
        stack
    }
    fn down_to(&self, stack: u32, depth: u32) -> u32 {
        self.down(stack, self.depth(stack).saturating_sub(depth))
    }
    /// The kinds of a stack, from the top.
    fn kinds(&self, mut stack: u32) -> impl Iterator<Item = Kind> + '_ {
        std::iter::from_fn(move || {
            let node = self.nodes[stack as usize];
            stack = node.below;
            (node.depth > 0).then_some(node.kind)
        })
    }
    /// The stack behind an instruction.
    fn after(&mut self, op: Op, arg: u32, stack: u32, jumps: bool) -> u32 {
        match op {
            Op::Copy => {
                let copied = self.nodes[self.down(stack, arg.saturating_sub(1)) as usize].kind;
                return self.push(stack, copied);
            }
            Op::Swap => {
                let mut moved: Vec<Kind> = self.kinds(stack).take(arg as usize).collect();
                let last = moved.len().saturating_sub(1);
                moved.swap(0, last);
                let below = self.down(stack, arg);
                return moved.iter().rev().fold(below, |under, kind| self.push(under, *kind));
            }
            _ => {}
        }
        let effect = if jumps { op.jump_effect(arg) } else { op.effect(arg) };
        let kept = if jumps && op == Op::ForIter { 0 } else { kept(op, arg).min(effect.pops) };
        let mut stack = self.down(stack, effect.pops - kept);
        let (first, last) = match op {
            Op::PushNull => (Kind::Null, Kind::Null),
            Op::GetIter | Op::GetAiter => (Kind::Iterator, Kind::Iterator),
            Op::PushExcInfo => (Kind::Except, Kind::Except),
            Op::LoadMethod | Op::LoadSuperMethod | Op::LoadSpecial => (Kind::Object, Kind::Null),
            _ => (Kind::Object, Kind::Object),
        };
        let pushes = effect.pushes.saturating_sub(kept);
        for n in 0..pushes {
            stack = self.push(stack, if n + 1 == pushes { last } else { first });
        }
        stack
    }
    /// Whether what lies in one stack will do for another, after what is more was dropped.
    fn fits(&self, from: u32, to: u32) -> bool {
        if self.depth(from) < self.depth(to) {
            return false;
        }
        let from = self.down_to(from, self.depth(to));
        self.kinds(from).zip(self.kinds(to)).all(|(from, to)| match to {
            Kind::Object => from != Kind::Null,
            Kind::Null => true,
            _ => from == to,
        })
    }
    /// What is dropped on the way from one instruction to another, from the top: for each place, whether it holds an exception.
    pub fn dropped(&self, from: InstrIndex, to: InstrIndex) -> Vec<bool> {
        let stack = |at: InstrIndex| self.at.get(at.index()).copied().flatten().unwrap_or(0);
        let more = self.depth(stack(from)).saturating_sub(self.depth(stack(to)));
        self.kinds(stack(from)).take(more as usize).map(|kind| kind == Kind::Except).collect()
    }
    /// How deep the stack is at an instruction.
    pub fn depth_at(&self, at: InstrIndex) -> u32 {
        self.at.get(at.index()).copied().flatten().map_or(0, |stack| self.depth(stack))
    }
    /// Whether a place of the stack may be empty at an instruction, counted from the bottom.
    pub fn may_be_null(&self, at: InstrIndex, place: u32) -> bool {
        let stack = self.at.get(at.index()).copied().flatten().unwrap_or(0);
        self.nodes[self.down_to(stack, place + 1) as usize].kind == Kind::Null
    }
}

/// How many of the values that an instruction takes it leaves as they were.
fn kept(op: Op, arg: u32) -> u32 {
    match op {
        Op::ListAppend | Op::ListExtend | Op::SetAdd | Op::SetUpdate => arg,
        Op::MapAdd | Op::DictUpdate | Op::DictMerge => arg,
        Op::CheckExcMatch | Op::MatchMapping | Op::MatchSequence | Op::GetLen | Op::ImportFrom => 1,
        Op::GetAnext | Op::Send => 1,
        Op::ForIter => 1,
        Op::MatchKeys => 2,
        Op::WithExceptStart => 4,
        _ => 0,
    }
}

/// `f_lineno = line`: where a trace function is told of a line, the frame goes on at another.
pub(super) fn set_lineno(vm: &Vm, value: &Value, line: Option<&Value>) -> Res<()> {
    let Some(line) = line else {
        return Err(vm.attribute_error("attribute 'f_lineno' of 'frame' objects cannot be deleted"));
    };
    if !vm.is_instance(line, &vm.types.int) {
        return Err(vm.value_error("lineno must be an integer"));
    }
    let object = this(value);
    let record = object.live(vm).map_or(std::ptr::null(), std::ptr::from_ref);
    if vm.thread.in_event.get() == 0 || record.is_null() {
        return Err(vm.value_error("f_lineno can only be set in a trace function"));
    }
    if std::ptr::eq(vm.thread.at_call.get(), record) {
        return Err(vm.value_error("can't jump from the 'call' trace event of a new frame"));
    }
    if !std::ptr::eq(vm.thread.at_line.get(), record) {
        return Err(vm.value_error("can only jump from a 'line' trace event"));
    }
    let line = i64::from(vm.index_c_int(line)?);
    let target = line_target(vm, object.code(), line, object.instr_now(vm))?;
    let kinds = object.code().code.locals.iter().map(|local| local.kind);
    let unbound = object.with_registers(vm, |registers| {
        kinds
            .zip(registers)
            .filter(|(kind, register)| *kind == LocalKind::Plain && register.is_unbound())
            .count()
    });
    if unbound > 0 {
        let plural = if unbound == 1 { "" } else { "s" };
        let message = format!("assigning None to {unbound} unbound local{plural}");
        vm.warn("RuntimeWarning", &message, 1)?;
    }
    vm.thread.jump_to.set(target);
    Ok(())
}

/// The instruction at which a frame that stands at `from` goes on at a line, or at the next one that has any.
fn line_target(vm: &Vm, code: &CodeObj, line: i64, from: InstrIndex) -> Res<InstrIndex> {
    let full = code.full_code(vm)?;
    let code = full.as_deref().unwrap_or(&code.code);
    if line < i64::from(code.first_line) {
        return Err(vm.value_error(format_args!("line {line} comes before the current code block")));
    }
    vm.work(code.instrs.len() as u64)?;
    let lines = code.positions.iter().map(|position| position.line).filter(|have| i64::from(*have) >= line);
    let Some(line) = lines.min() else {
        return Err(vm.value_error(format_args!("line {line} comes after the current code block")));
    };
    let stacks = Stacks::of(code);
    let Some(start) = stacks.at.get(from.index()).copied().flatten() else {
        return Err(vm.value_error("can't jump from unreachable code"));
    };
    // What is yielded is not on the stack any more.
    let yields = code.op_at(from) == Some(Op::YieldValue);
    let start = stacks.down(start, u32::from(yields));
    // Of the places where the line begins, the one that needs most of what there is.
    let mut best: Option<(InstrIndex, u32)> = None;
    let mut refused = "cannot find bytecode for specified line";
    let mut last = 0;
    for position in code.positions.iter().filter(|position| position.line != 0) {
        if std::mem::replace(&mut last, position.line) == position.line || position.line != line {
            continue;
        }
        match stacks.at.get(position.start.index()).copied().flatten() {
            Some(stack) if stacks.fits(start, stack) => {
                if best.is_none_or(|(_, depth)| stacks.depth(stack) > depth) {
                    best = Some((position.start, stacks.depth(stack)));
                }
            }
            Some(stack) => refused = explain(stacks.kinds(stack).next()),
            None => refused = "can't jump into an exception handler, or code may be unreachable",
        }
    }
    best.map(|(at, _)| at).ok_or_else(|| vm.value_error(refused))
}

/// Why a frame cannot go where that lies on the stack.
fn explain(top: Option<Kind>) -> &'static str {
    match top {
        Some(Kind::Except) => "can't jump into an 'except' block as there's no exception",
        Some(Kind::Iterator) => "can't jump into the body of a for loop",
        _ => "incompatible stacks",
    }
}
