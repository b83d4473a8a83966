//! From a unit's labelled instructions to a `Code`.
//!
//! In order: what only handlers come to moves to the end, jumps to jumps are threaded, what cannot be reached goes, idle jumps and `NOP`s go, constants that nothing
//! loads go; then locals are numbered, loads of locals that may be unbound become checked ones (by the same analysis
//! that the verifier uses), and the exception table and positions are made.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;
use ryokan_bytecode::{
    Code, CodeFlags, Const, Handler, Instr, InstrIndex, LocalKind, LocalVar, MAX_FRAME_SLOTS, Op, Position,
    Text, flow,
};

use crate::cx::{Cx, Fail, R};
use crate::emit::{HandlerState, Ins, LocalList, LocalRef, Unit};
use crate::tree::Span;

/// The code of a unit, which is used up.
pub fn assemble(cx: &Cx<'_>, unit: &mut Unit<'_>) -> R<Code> {
    let mut ins = std::mem::take(&mut unit.ins);
    let targets: Vec<u32> = unit.labels.iter().map(|l| l.at.unwrap_or(u32::MAX)).collect();
    resolve(&mut ins, &targets);
    let target_of = |h: &HandlerState| targets.get(h.target.0 as usize).copied().unwrap_or(u32::MAX);
    let mut handler_targets: Vec<u32> = unit.handlers.iter().map(target_of).collect();
    let mut ins = lay_out(&ins, &mut handler_targets);
    thread_jumps(&mut ins);
    let handler_target = |id: u32| handler_targets[id as usize];
    let mut keep = reachable(&ins, handler_target);
    line_exits(&mut ins);
    drop_idle(&mut ins, &mut keep);
    let new_index = renumber(&keep);
    let (locals, slots) = locals(cx, unit);
    if locals.len() + unit.max_depth as usize > MAX_FRAME_SLOTS as usize {
        return Err(Box::new(Fail::Overflow));
    }
    let consts = used_constants(unit, &mut ins, &keep);
    let kept: Vec<Ins> = ins.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(ins, _)| *ins).collect();
    cx.charge(kept.len() * (size_of::<Instr>() + size_of::<Position>()))?;
    let handlers = exception_table(&kept, unit, |id| new_index[handler_target(id) as usize]);
    let instrs = encode(&kept, &new_index, &slots)?;
    let positions = positions(&kept, &instrs);
    let mut code = Code {
        name: unit.name.clone(),
        qualname: unit.qualname.clone(),
        filename: Text::from(cx.filename),
        first_line: unit.first_line,
        arg_count: unit.arg_count,
        posonly_count: unit.posonly_count,
        kwonly_count: unit.kwonly_count,
        flags: unit.flags,
        stack_size: unit.max_depth,
        instrs,
        consts,
        names: unit.names.iter().map(|name| cx.text(*name)).collect(),
        locals,
        handlers,
        positions: positions.into(),
    };
    check_loads(&mut code);
    Ok(code)
}

/// Labels become indices.
fn resolve(ins: &mut [Ins], targets: &[u32]) {
    for ins in ins.iter_mut().filter(|ins| ins.op.flags().jumps) {
        ins.arg = targets[ins.arg as usize];
    }
}

/// The instructions that control comes to: first those that it comes to without exception, then the handlers'.
fn lay_out(ins: &[Ins], handler_targets: &mut [u32]) -> Vec<Ins> {
    let warm = reachable(ins, |_| u32::MAX);
    let all = reachable(ins, |id| handler_targets[id as usize]);
    let mut order: Vec<u32> = (0..ins.len() as u32).filter(|at| warm[*at as usize]).collect();
    order.extend((0..ins.len() as u32).filter(|at| all[*at as usize] && !warm[*at as usize]));
    let mut laid: Vec<Ins> = Vec::with_capacity(order.len() + 8);
    let mut new_index = vec![u32::MAX; ins.len()];
    for (n, at) in order.iter().enumerate() {
        let one = ins[*at as usize];
        new_index[*at as usize] = laid.len() as u32;
        // An end without a line is of the line that comes to it: each that jumps there gets its own.
        let exit = if one.op == Op::JumpForward { exit_at(ins, &one) } else { None };
        if let Some(exit) = exit {
            laid.extend(exit);
            continue;
        }
        laid.push(one);
        if !one.op.flags().ends && order.get(n + 1) != Some(&(at + 1)) {
            // What followed stands elsewhere now.
            let jump = Ins { op: Op::JumpForward, arg: at + 1, ..one };
            match exit_at(ins, &jump) {
                Some(exit) => laid.extend(exit),
                None => laid.push(jump),
            }
        }
    }
    let ways = ways_to(ins, &order);
    let moved = |old: u32| new_index.get(old as usize).copied().unwrap_or(u32::MAX);
    for at in 0..laid.len() {
        // (Those that are added below stand behind.)
        let one = laid[at];
        if !one.op.flags().jumps {
            continue;
        }
        let copied = is_branch(one.op) && ways[one.arg as usize] > 1;
        let exit = if copied { exit_at(ins, &one) } else { None };
        if let Some(exit) = exit.filter(|exit| exit.last().is_some_and(|last| last.op != Op::JumpForward)) {
            laid[at].arg = laid.len() as u32;
            laid.extend(exit);
            continue;
        }
        // The jump that ends a loop's body, too, is of the line that comes to it.
        let back = if copied { back_at(ins, &one) } else { None };
        if let Some(to) = back {
            laid[at].arg = laid.len() as u32;
            laid.push(Ins { op: Op::JumpForward, arg: moved(to), ..one });
            continue;
        }
        laid[at].arg = moved(one.arg);
        if one.op != Op::JumpForward && laid[at].arg as usize <= at {
            // Only plain jumps go back: by way of one.
            let back = Ins { op: Op::JumpForward, arg: laid[at].arg, ..one };
            laid[at].arg = laid.len() as u32;
            laid.push(back);
        }
    }
    handler_targets.iter_mut().for_each(|target| *target = moved(*target));
    laid
}

/// How many ways lead to each instruction: jumps, and what stands before it.
fn ways_to(ins: &[Ins], order: &[u32]) -> Vec<u32> {
    let mut ways = vec![0; ins.len() + 1];
    for at in order {
        let one = &ins[*at as usize];
        if one.op.flags().jumps
            && let Some(ways) = ways.get_mut(one.arg as usize)
        {
            *ways += 1;
        }
        if !one.op.flags().ends {
            ways[*at as usize + 1] += 1;
        }
    }
    ways
}

/// Whether it jumps or goes on.
fn is_branch(op: Op) -> bool {
    op.flags().jumps && !op.flags().ends && op != Op::Send
}

/// The most instructions that an end is copied with: those of a class's.
const LONGEST_EXIT: usize = 12;

/// The instructions without a line that a jump goes to, at once or by way of other jumps, as far as the next jump to a line or the
/// end: `return None`, what a class ends with, what ends a handler, or the end of a `finally` that passes an exception on. They are
/// of the jump's line.
fn exit_at(ins: &[Ins], jump: &Ins) -> Option<Vec<Ins>> {
    let mut at = jump.arg as usize;
    let mut exit: Vec<Ins> = Vec::new();
    for _ in 0..64 {
        let next = ins.get(at)?;
        if next.span.line != 0 {
            return None;
        }
        match next.op {
            Op::Nop => at += 1,
            Op::JumpForward if ins.get(next.arg as usize)?.span.line == 0 => at = next.arg as usize,
            op => {
                let ends =
                    matches!(op, Op::ReturnValue | Op::JumpForward) || op == Op::Reraise && next.arg == 0;
                if exit.len() > LONGEST_EXIT || !ends && (op.flags().jumps || op.flags().ends) {
                    return None;
                }
                exit.push(Ins { span: jump.span, ..*next });
                if ends {
                    // (A jump alone is no end.)
                    return Some(exit).filter(|exit| exit.len() > 1 || op != Op::JumpForward);
                }
                at += 1;
            }
        }
    }
    None
}

/// Where a branch goes back to, at once or by way of other jumps, none of which has a line.
fn back_at(ins: &[Ins], branch: &Ins) -> Option<u32> {
    let mut at = branch.arg;
    for _ in 0..64 {
        let next = ins.get(at as usize).filter(|next| next.span.line == 0)?;
        match next.op {
            Op::Nop => at += 1,
            Op::JumpForward if next.arg <= at => return Some(next.arg),
            Op::JumpForward => at = next.arg,
            _ => return None,
        }
    }
    None
}

/// A jump to a jump goes where that one goes; a conditional one only forwards.
fn thread_jumps(ins: &mut [Ins]) {
    for at in 0..ins.len() {
        let op = ins[at].op;
        let plain = op == Op::JumpForward;
        let conditional =
            matches!(op, Op::PopJumpIfTrue | Op::PopJumpIfFalse | Op::PopJumpIfNone | Op::PopJumpIfNotNone);
        if !plain && !conditional {
            continue;
        }
        let mut target = ins[at].arg as usize;
        for _ in 0..64 {
            let Some(next) = ins.get(target) else { break };
            let own_line = next.span.line != 0 && next.span.line != ins[at].span.line;
            if next.op != Op::JumpForward || next.arg as usize == target || own_line {
                break;
            }
            let to = next.arg as usize;
            if conditional && to <= at {
                break;
            }
            target = to;
        }
        ins[at].arg = target as u32;
    }
}

/// What control can come to.
fn reachable(ins: &[Ins], handler_target: impl Fn(u32) -> u32) -> Vec<bool> {
    let mut seen = vec![false; ins.len()];
    let mut work = vec![0u32];
    while let Some(start) = work.pop() {
        // (A target beyond the end is none.)
        let mut at = start as usize;
        while at < ins.len() && !seen[at] {
            seen[at] = true;
            let one = ins[at];
            if one.op.flags().jumps {
                work.push(one.arg);
            }
            if one.handler.0 != 0 {
                work.push(handler_target(one.handler.0));
            }
            if one.op.flags().ends {
                break;
            }
            at += 1;
        }
    }
    seen
}

/// What only a branch comes to, and has no line, is of the branch's line: what a function ends with behind a loop.
fn line_exits(ins: &mut [Ins]) {
    let mut jumps_to = vec![0u32; ins.len() + 1];
    for one in ins.iter().filter(|one| one.op.flags().jumps) {
        if let Some(count) = jumps_to.get_mut(one.arg as usize) {
            *count += 1;
        }
    }
    for at in 0..ins.len() {
        let flags = ins[at].op.flags();
        if !flags.jumps || flags.ends || ins[at].op == Op::Send {
            continue;
        }
        let (span, mut to) = (ins[at].span, ins[at].arg as usize);
        let falls = to
            .checked_sub(1)
            .and_then(|before| ins.get(before))
            .is_some_and(|before| !before.op.flags().ends);
        let first = to;
        let alone =
            |at: usize, next: &Ins| next.op == Op::JumpForward || jumps_to[at] <= u32::from(at == first);
        while let Some(next) = ins.get_mut(to).filter(|next| next.span.line == 0 && !falls && alone(to, next))
        {
            next.span = span;
            if next.op.flags().ends {
                break;
            }
            to += 1;
        }
    }
}

/// Drops jumps to what follows, and `NOP`s whose line others have: what follows takes it, if it has none and nothing else leads there.
fn drop_idle(ins: &mut [Ins], keep: &mut [bool]) {
    let mut is_target = vec![false; ins.len()];
    for (at, one) in ins.iter().enumerate() {
        if keep[at]
            && one.op.flags().jumps
            && let Some(target) = is_target.get_mut(one.arg as usize)
        {
            *target |= one.op != Op::JumpForward || one.arg as usize != at + 1;
        }
    }
    for _ in 0..3 {
        let mut changed = false;
        let mut next: Option<usize> = None;
        for at in (0..ins.len()).rev().filter(|at| keep[*at]).collect::<Vec<_>>() {
            let line = ins[at].span.line;
            let next_line = next.map_or(0, |n| ins[n].span.line);
            // (Where something is left out, others may lead to what follows by it.)
            let alone = next.is_some_and(|next| (at + 1..=next).all(|at| !is_target[at]));
            let shared = line == 0 || line == next_line || (alone && next_line == 0) || {
                let before = (0..at).rev().find(|b| keep[*b]);
                before.is_some_and(|b| ins[b].span.line == line && !ins[b].op.flags().ends)
            };
            let idle = match ins[at].op {
                Op::Nop => shared && next.is_some(),
                Op::JumpForward => {
                    let target = ins[at].arg as usize;
                    target > at
                        && next.is_some_and(|n| n >= target && (target..n).all(|k| !keep[k]))
                        && shared
                }
                _ => false,
            };
            if idle {
                if let Some(n) = next.filter(|n| alone && ins[*n].span.line == 0) {
                    // Its line is gone through where what follows has none.
                    ins[n].span = ins[at].span;
                }
                keep[at] = false;
                changed = true;
            } else {
                next = Some(at);
            }
        }
        if !changed {
            break;
        }
    }
}

/// The new index of each instruction; of one that goes, that of the next.
fn renumber(keep: &[bool]) -> Vec<u32> {
    let mut next = 0;
    let mut new_index = Vec::with_capacity(keep.len() + 1);
    for keep in keep {
        new_index.push(next);
        next += u32::from(*keep);
    }
    new_index.push(next);
    new_index
}

/// The locals in their order, and the slot of each reference.
struct Slots {
    cells: Vec<u32>,
    free: u32,
}

fn locals(cx: &Cx<'_>, unit: &Unit<'_>) -> (Vec<LocalVar>, Slots) {
    let mut locals: Vec<LocalVar> = unit
        .vars
        .iter()
        .enumerate()
        .map(|(at, name)| LocalVar {
            name: cx.text(*name),
            kind: LocalKind::Plain,
            hidden: unit.hidden.contains(&(at as u32)),
        })
        .collect();
    let params: FxHashMap<_, _> =
        unit.vars[..unit.params as usize].iter().enumerate().map(|(at, n)| (*n, at)).collect();
    let mut cells = Vec::with_capacity(unit.cells.len());
    for name in &unit.cells {
        match params.get(name) {
            Some(at) => {
                locals[*at].kind = LocalKind::Cell;
                cells.push(*at as u32);
            }
            None => {
                cells.push(locals.len() as u32);
                locals.push(LocalVar { name: cx.text(*name), kind: LocalKind::CellOnly, hidden: false });
            }
        }
    }
    let free = locals.len() as u32;
    for name in &unit.frees {
        locals.push(LocalVar { name: cx.text(*name), kind: LocalKind::Free, hidden: false });
    }
    (locals, Slots { cells, free })
}

impl Slots {
    fn slot(&self, local: LocalRef) -> u32 {
        match local.parts() {
            (LocalList::Var, at) => at as u32,
            (LocalList::Cell, at) => self.cells[at],
            (LocalList::Free, at) => self.free + at as u32,
        }
    }
}

/// The constants that the kept instructions load, renumbered; a docstring stays the first.
fn used_constants(unit: &mut Unit<'_>, ins: &mut [Ins], keep: &[bool]) -> Vec<Const> {
    let all = std::mem::take(&mut unit.consts);
    let mut map: FxHashMap<u32, u32> = FxHashMap::default();
    let mut used = Vec::new();
    if unit.flags.intersects(CodeFlags::HAS_DOCSTRING) && !all.is_empty() {
        map.insert(0, 0);
        used.push(all[0].clone());
    }
    for (ins, _) in ins.iter_mut().zip(keep).filter(|(ins, keep)| **keep && ins.op == Op::LoadConst) {
        ins.arg = match map.entry(ins.arg) {
            Entry::Occupied(there) => *there.get(),
            Entry::Vacant(new) => {
                used.push(all[ins.arg as usize].clone());
                *new.insert(used.len() as u32 - 1)
            }
        };
    }
    used
}

fn exception_table(kept: &[Ins], unit: &Unit<'_>, target: impl Fn(u32) -> u32) -> Vec<Handler> {
    let mut table = Vec::new();
    let mut at = 0;
    for run in kept.chunk_by(|a, b| a.handler == b.handler) {
        let (start, end) = (at, at + run.len());
        at = end;
        let id = run[0].handler.0;
        if id != 0 {
            let depth = unit.handlers[id as usize].depth;
            let (start, end) = (InstrIndex::of(start), InstrIndex::of(end));
            table.push(Handler { start, end, target: InstrIndex(target(id)), depth });
        }
    }
    table
}

fn encode(kept: &[Ins], new_index: &[u32], slots: &Slots) -> R<Vec<Instr>> {
    use ryokan_bytecode::OperandKind;
    let mut instrs = Vec::with_capacity(kept.len());
    for (at, ins) in kept.iter().enumerate() {
        let (mut op, mut arg) = (ins.op, ins.arg);
        match op.operand() {
            OperandKind::Target => {
                arg = new_index[arg as usize];
                if op == Op::JumpForward && arg as usize <= at {
                    op = Op::JumpBackward;
                }
            }
            OperandKind::Local => arg = slots.slot(LocalRef(arg)),
            _ => {}
        }
        if arg > Instr::MAX_ARG {
            return Err(Box::new(Fail::Overflow));
        }
        instrs.push(Instr::new(op, arg));
    }
    Ok(instrs)
}

/// The positions; what has none has that of what comes before it, if control comes from there alone. (A jump that is come to by others,
/// too, is of the line before it all the same: it is where a loop is interrupted.)
fn positions(kept: &[Ins], instrs: &[Instr]) -> Vec<Position> {
    let mut is_target = vec![false; kept.len() + 1];
    for (one, encoded) in kept.iter().zip(instrs).filter(|(one, _)| one.op.flags().jumps) {
        is_target[encoded.arg() as usize] |= one.op != Op::Send;
    }
    let mut positions: Vec<Position> = Vec::new();
    let mut last = Span::NONE;
    let mut falls = false;
    for (at, ins) in kept.iter().enumerate() {
        let follows = falls && (!is_target[at] || ins.op == Op::JumpForward);
        let span = if ins.span.line == 0 && follows { last } else { ins.span };
        if at == 0 || span != last {
            let Span { line, col, end_line, end_col } = span;
            positions.push(Position { start: InstrIndex::of(at), line, end_line, col, end_col });
        }
        last = span;
        falls = !ins.op.flags().ends;
    }
    positions
}

/// Loads of locals that may be unbound become checked ones.
fn check_loads(code: &mut Code) {
    let unbound = flow::maybe_unbound(code);
    for at in unbound {
        let instr = code.instrs[at as usize];
        if instr.op() == Some(Op::LoadFast) {
            code.instrs[at as usize] = Instr::new(Op::LoadFastCheck, instr.arg());
        }
    }
}
