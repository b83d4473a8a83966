//! The two analyses that save boxes: which loads are a local's last, and which locals are only peeked.

use ryokan_bytecode::{Code, Op};

use super::{Depths, decode};

/// How the consumer of a stack slot uses it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Use {
    /// Looks at it: nobody gets a reference that lasts.
    Peek,
    /// Binds it to a local.
    Store(u16),
    /// Anything else.
    Share,
}

/// What the analyses found.
pub struct Uses {
    /// For each instruction that loads a local: whether the local is dead afterwards.
    pub last: Vec<bool>,
    /// For each local: whether every load of it is a peek.
    pub peeked: Vec<bool>,
}

/// Who consumes the value that instruction `at` leaves in the slot `depth`.
pub fn consumer(code: &Code, depths: &Depths, at: usize, depth: u32) -> Use {
    let mut i = at + 1;
    while i < code.instrs.len() && !depths.label[i] {
        let (op, arg) = decode(code.instrs[i]);
        let before = depths.depth[i];
        let effect = op.effect(arg);
        if before.saturating_sub(effect.pops) <= depth {
            return usage(op, arg, before - effect.pops, depth);
        }
        if op.flags().jumps || op.flags().ends {
            return Use::Share;
        }
        i += 1;
    }
    Use::Share
}

/// How an operation uses the slot `depth`; its lowest operand lies in slot `base`.
fn usage(op: Op, arg: u32, base: u32, depth: u32) -> Use {
    match op {
        Op::BinaryOp
        | Op::CompareOp
        | Op::UnaryNegative
        | Op::UnaryPositive
        | Op::UnaryInvert
        | Op::UnaryNot => Use::Peek,
        Op::PopJumpIfFalse | Op::PopJumpIfTrue | Op::PopJumpIfNone | Op::PopJumpIfNotNone => Use::Peek,
        Op::BinarySubscr | Op::BinarySlice | Op::DeleteSubscr | Op::PopTop => Use::Peek,
        // The container and the key are looked at; the value (the lowest) is stored. A new key of a dict is shared.
        Op::StoreSubscr if depth == base + 1 => Use::Peek,
        Op::FormatSimple | Op::FormatWithSpec => Use::Share,
        Op::StoreFast => Use::Store(arg as u16),
        _ => Use::Share,
    }
}

impl Uses {
    /// Analyses a verified code.
    pub fn of(code: &Code, depths: &Depths) -> Uses {
        let n = code.instrs.len();
        let mut uses = Uses { last: vec![false; n], peeked: vec![true; code.locals.len()] };
        for (local, var) in code.locals.iter().enumerate() {
            if var.kind != ryokan_bytecode::LocalKind::Plain {
                uses.peeked[local] = false;
            }
        }
        for at in 0..n {
            let (op, arg) = decode(code.instrs[at]);
            if depths.depth[at] == u32::MAX {
                continue;
            }
            match op {
                Op::LoadFast | Op::LoadFastCheck
                    if consumer(code, depths, at, depths.depth[at]) != Use::Peek =>
                {
                    uses.peeked[arg as usize] = false;
                }
                Op::MakeCell | Op::LoadClosure => uses.peeked[arg as usize] = false,
                _ => {}
            }
        }
        // (The bodies of modules and most classes have none.)
        if (1..=64).contains(&code.locals.len()) {
            uses.liveness(code, depths);
        }
        uses
    }

    /// Backward liveness of locals as bit sets; a raise may go to any handler whose range holds the instruction.
    fn liveness(&mut self, code: &Code, depths: &Depths) {
        let n = code.instrs.len();
        let mut live = vec![0u64; n + 1];
        // Where control only ever goes forward, everything behind an instruction is known when it is looked at.
        let goes_back = |at: usize| {
            let (op, arg) = decode(code.instrs[at]);
            op.flags().jumps && arg as usize <= at
        };
        let loops = (0..n).any(goes_back) || code.handlers.iter().any(|handler| handler.target < handler.end);
        let mut changed = true;
        while changed {
            changed = false;
            for at in (0..n).rev() {
                if depths.depth[at] == u32::MAX {
                    continue;
                }
                let (op, arg) = decode(code.instrs[at]);
                let flags = op.flags();
                let mut out = if flags.ends { 0 } else { live[at + 1] };
                if flags.jumps {
                    out |= live[arg as usize];
                }
                let into = |out: u64| match op {
                    Op::LoadFast | Op::LoadFastCheck | Op::DeleteFast | Op::MakeCell | Op::LoadClosure => {
                        out | 1 << arg
                    }
                    Op::LoadDeref | Op::StoreDeref | Op::DeleteDeref | Op::LoadFromDictOrDeref => {
                        out | 1 << arg
                    }
                    Op::StoreFast | Op::RestoreFast => out & !(1 << arg),
                    Op::LoadFastAndClear => out | 1 << arg,
                    _ => out,
                };
                let mut before = into(out);
                for handler in &code.handlers {
                    if handler.start.index() <= at && at < handler.end.index() {
                        before |= live[handler.target.index()];
                        out |= live[handler.target.index()];
                    }
                }
                if matches!(op, Op::LoadFast) {
                    self.last[at] = out >> arg & 1 == 0;
                }
                if before != live[at] {
                    live[at] = before;
                    changed = loops;
                }
            }
        }
    }
}
