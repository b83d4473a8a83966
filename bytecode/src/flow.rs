//! Which locals are certainly bound where: the analysis that the compiler chooses `LOAD_FAST` by, and that the verifier
//! proves it with.
//!
//! A forward analysis over basic blocks; the state is a set of locals, and where ways meet the sets are intersected. A
//! plain local is in the set while it is certainly bound; a cell, while its slot certainly holds a cell. The first
//! [`TRACKED`] locals that are not bound throughout have a bit; the rest are followed within a block only. So the time
//! is linear in the code.
//!
//! The code's operands, targets and handlers must be in range (the verifier checks that first).

use crate::code::{Code, LocalKind};
use crate::ops::{Instr, Op};

/// How many locals have a bit.
pub const TRACKED: usize = 256;

const WORDS: usize = TRACKED / 64;

/// A set of tracked locals.
type Bits = [u64; WORDS];

/// Whether an instruction may raise. Those that save and restore a comprehension's locals may not: what they have taken away
/// for a moment, a handler never misses. (A limit of instructions is met anywhere; the VM looks again whether a cell is there.)
fn may_raise(op: Op) -> bool {
    !matches!(op, Op::LoadFastAndClear | Op::RestoreFast | Op::Swap | Op::PopTop)
}

/// How a local is followed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Track {
    /// Bound throughout.
    Always,
    /// By a bit.
    Bit(u16),
    /// Within a block.
    Nearby,
}

/// The analysis of one code object; [`Flow::enter`] and [`Flow::step`] then walk its instructions in order.
pub struct Flow<'c> {
    code: &'c Code,
    tracks: Vec<Track>,
    /// The handler that covers each instruction, as an index.
    cover: Vec<Option<u32>>,
    leader: Vec<bool>,
    /// The state at each leader that control comes to.
    states: Vec<Option<Bits>>,
    now: Bits,
    /// The block in which an untracked local was bound last.
    stamps: Vec<u32>,
    block: u32,
}

impl<'c> Flow<'c> {
    /// Analyses.
    pub fn new(code: &'c Code) -> Flow<'c> {
        let len = code.instrs.len();
        let mut flow = Flow {
            code,
            tracks: tracks(code),
            cover: cover(code),
            leader: vec![false; len],
            states: vec![None; len],
            now: [0; WORDS],
            stamps: vec![0; code.locals.len()],
            block: 0,
        };
        flow.find_leaders();
        flow.solve();
        flow
    }

    fn find_leaders(&mut self) {
        let len = self.leader.len();
        let mut mark = |at: usize| {
            if at < len {
                self.leader[at] = true;
            }
        };
        mark(0);
        for (at, instr) in self.code.instrs.iter().enumerate() {
            let Some(flags) = instr.op().map(Op::flags) else { continue };
            if flags.jumps {
                mark(instr.arg() as usize);
            }
            if flags.jumps || flags.ends {
                mark(at + 1);
            }
        }
        for handler in &self.code.handlers {
            mark(handler.target.index());
        }
    }

    fn solve(&mut self) {
        let mut work = Vec::new();
        let mut entry = [0; WORDS];
        for (at, local) in self.code.locals.iter().enumerate() {
            // Parameters come bound; a parameter that is a cell is not one yet.
            if (at as u32) < self.code.parameter_count() && local.kind == LocalKind::Plain {
                set(&mut entry, self.tracks[at], true);
            }
        }
        self.meet(0, entry, &mut work);
        while let Some(start) = work.pop() {
            self.block(start as usize, &mut work);
        }
    }

    /// Runs through the block that starts at `start`.
    fn block(&mut self, start: usize, work: &mut Vec<u32>) {
        let Some(mut now) = self.states[start] else { return };
        let mut told: Option<u32> = None;
        for at in start.. {
            if at >= self.code.instrs.len() {
                return;
            }
            if at > start && self.leader[at] {
                return self.meet(at, now, work);
            }
            let instr = self.code.instrs[at];
            let Some(op) = instr.op() else { return };
            if let Some(handler) = self.cover[at]
                && told != self.cover[at]
                && may_raise(op)
            {
                self.meet(self.code.handlers[handler as usize].target.index(), now, work);
                told = Some(handler);
            }
            if self.effect(op, instr, &mut now) {
                // Something was unbound: handlers must hear of it.
                told = None;
            }
            let flags = op.flags();
            if flags.jumps {
                self.meet(instr.arg() as usize, now, work);
            }
            if flags.ends {
                return;
            }
        }
    }

    /// What an instruction does to the state; whether it took something away.
    fn effect(&self, op: Op, instr: Instr, now: &mut Bits) -> bool {
        let track = |local: u32| self.tracks.get(local as usize).copied().unwrap_or(Track::Nearby);
        match op {
            Op::StoreFast | Op::LoadFastCheck | Op::MakeCell => set(now, track(instr.arg()), true),
            Op::DeleteFast | Op::LoadFastAndClear => {
                set(now, track(instr.arg()), false);
                return true;
            }
            Op::RestoreFast => {
                // A cell's slot was saved while it held a cell; a value may have been saved as unbound.
                let is_cell =
                    self.code.locals.get(instr.arg() as usize).is_some_and(|l| l.kind != LocalKind::Plain);
                set(now, track(instr.arg()), is_cell);
                return !is_cell;
            }
            Op::CopyFreeVars => {
                for (at, local) in self.code.locals.iter().enumerate() {
                    if local.kind == LocalKind::Free {
                        set(now, self.tracks[at], true);
                    }
                }
            }
            _ => {}
        }
        false
    }

    fn meet(&mut self, at: usize, state: Bits, work: &mut Vec<u32>) {
        let Some(slot) = self.states.get_mut(at) else { return };
        let merged = match slot {
            None => state,
            Some(old) => std::array::from_fn(|k| old[k] & state[k]),
        };
        if *slot != Some(merged) {
            *slot = Some(merged);
            work.push(at as u32);
        }
    }

    /// The walk comes to instruction `at`.
    pub fn enter(&mut self, at: u32) {
        if self.leader[at as usize] {
            self.now = self.states[at as usize].unwrap_or([0; WORDS]);
            self.block += 1;
        }
    }

    /// The walk has passed this instruction.
    pub fn step(&mut self, instr: Instr) {
        let Some(op) = instr.op() else { return };
        let mut now = self.now;
        self.effect(op, instr, &mut now);
        self.now = now;
        let stamp = match op {
            Op::StoreFast | Op::LoadFastCheck | Op::MakeCell => self.block,
            Op::DeleteFast | Op::LoadFastAndClear => 0,
            Op::RestoreFast => match self.code.locals[instr.arg() as usize].kind {
                LocalKind::Plain => 0,
                _ => self.block,
            },
            Op::CopyFreeVars => {
                for (at, local) in self.code.locals.iter().enumerate() {
                    if local.kind == LocalKind::Free {
                        self.stamps[at] = self.block;
                    }
                }
                return;
            }
            _ => return,
        };
        if let Some(slot) = self.stamps.get_mut(instr.arg() as usize) {
            *slot = stamp;
        }
    }

    /// Whether a plain local is certainly bound here, or a cell's slot certainly holds a cell.
    pub fn is_bound(&self, local: u32) -> bool {
        match self.tracks.get(local as usize) {
            Some(Track::Always) => true,
            Some(Track::Bit(bit)) => self.now[usize::from(*bit) / 64] >> (bit % 64) & 1 != 0,
            Some(Track::Nearby) => self.stamps[local as usize] == self.block,
            None => false,
        }
    }
}

fn set(bits: &mut Bits, track: Track, value: bool) {
    if let Track::Bit(bit) = track {
        let (word, mask) = (usize::from(bit) / 64, 1 << (bit % 64));
        if value {
            bits[word] |= mask;
        } else {
            bits[word] &= !mask;
        }
    }
}

fn tracks(code: &Code) -> Vec<Track> {
    let mut always: Vec<bool> = code.locals.iter().map(|l| l.kind == LocalKind::Plain).collect();
    let params = (code.parameter_count() as usize).min(always.len());
    always[params..].fill(false);
    for (at, instr) in code.instrs.iter().enumerate() {
        let local = always.get_mut(instr.arg() as usize);
        match instr.op() {
            Some(Op::DeleteFast | Op::LoadFastAndClear) => {
                if let Some(local) = local {
                    *local = false;
                }
            }
            // Cells are made, and free variables come, at the start, and stay.
            Some(Op::CopyFreeVars) if at == 0 => {}
            _ => {}
        }
    }
    let mut next = 0;
    always
        .into_iter()
        .map(|always| match always {
            true => Track::Always,
            false if next < TRACKED as u16 => {
                next += 1;
                Track::Bit(next - 1)
            }
            false => Track::Nearby,
        })
        .collect()
}

fn cover(code: &Code) -> Vec<Option<u32>> {
    let mut cover = vec![None; code.instrs.len()];
    for (number, handler) in code.handlers.iter().enumerate() {
        let range = handler.start.index()..handler.end.index().min(cover.len());
        if let Some(part) = cover.get_mut(range) {
            part.fill(Some(number as u32));
        }
    }
    cover
}

/// The plain loads (checked or not) of locals that may be unbound.
pub fn maybe_unbound(code: &Code) -> Vec<u32> {
    let mut flow = Flow::new(code);
    let mut found = Vec::new();
    for (at, instr) in code.instrs.iter().enumerate() {
        flow.enter(at as u32);
        if matches!(instr.op(), Some(Op::LoadFast | Op::LoadFastCheck)) && !flow.is_bound(instr.arg()) {
            found.push(at as u32);
        }
        // A load that will be checked binds from here on, as far as the code knows.
        flow.step(match instr.op() {
            Some(Op::LoadFast) => Instr::new(Op::LoadFastCheck, instr.arg()),
            _ => *instr,
        });
    }
    found
}
