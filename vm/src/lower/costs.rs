//! Where a metered function pays for its instructions.
//!
//! A metered run counts the *stack* instructions that it executes, exactly, but does not count one by one. Each
//! instruction has a *prepaid* amount: how many instructions were paid for before it that have not run yet, itself
//! included. That is the length of a way out of the frame (a `yield` is one), or else to the end of the loop that it is in:
//!
//! ```text
//!   prepaid(i) = 1 + min over i's successors s of prepaid(s)      prepaid(i) = 1 where such a way ends
//!   cost(i -> s)   = prepaid(s) - (prepaid(i) - 1)                what taking that edge costs
//! ```
//!
//! A branch that may leave a loop counts on staying in it. So an instruction with one successor costs nothing to leave, and
//! nor does one of a branch's two edges: a function pays once when it is entered, a loop once where it jumps back (and between
//! a FOR_ITER and its loop's body nothing is paid, so they run as one where that is possible), an `if` only for its longer
//! arm. Leaving a loop may give something back: its cost is below zero. At any moment
//!
//! ```text
//!   executed = paid - sum over the frames on the stack of what each still has prepaid
//! ```
//!
//! which is how an exception settles the account, and how a limit is met exactly (see `fuel.rs`). `yield` leaves the frame: a
//! suspended generator has nothing prepaid. A function's entry and a resumption always cost something.

use std::collections::{BTreeMap, VecDeque};

use ryokan_bytecode::{Code, Op};

use super::{Depths, decode};

/// What is prepaid before each instruction, and what its edges cost.
pub struct Costs {
    /// By instruction.
    pub prepaid: Vec<u32>,
    /// The cost of going on to the next instruction.
    pub fall: Vec<i32>,
    /// The cost of jumping.
    pub taken: Vec<i32>,
}

/// Whether the frame is left, or may not come back, at an instruction that is not a jump.
fn leaves(op: Op) -> bool {
    (op.flags().ends && !op.flags().jumps) || matches!(op, Op::YieldValue | Op::ReturnGenerator)
}

/// Whether an instruction jumps back whatever happens: the end of a loop.
fn closes(op: Op, at: usize, target: usize) -> bool {
    op.flags().ends && op.flags().jumps && target <= at
}

/// Where control comes to each instruction from, be it after a `yield`: lists in two arrays.
struct Sources {
    /// By instruction: one jump that leads there, and the instruction before it if control goes on from that.
    last: Vec<u32>,
    falls: Vec<bool>,
    /// By jump: the next one that leads to the same place.
    next: Vec<u32>,
}

const NOWHERE: u32 = u32::MAX;

impl Sources {
    fn of(code: &Code, reachable: impl Fn(usize) -> bool) -> Sources {
        let n = code.instrs.len();
        let mut sources = Sources { last: vec![NOWHERE; n], falls: vec![false; n], next: vec![NOWHERE; n] };
        for at in (0..n).filter(|at| reachable(*at)) {
            let (op, arg) = decode(code.instrs[at]);
            if op.flags().jumps {
                sources.next[at] = std::mem::replace(&mut sources.last[arg as usize], at as u32);
            }
            if !op.flags().ends && at + 1 < n {
                sources.falls[at + 1] = true;
            }
        }
        sources
    }

    fn to(&self, at: usize) -> impl Iterator<Item = usize> {
        let jump = |from: u32| (from != NOWHERE).then_some(from as usize);
        let jumps = std::iter::successors(jump(self.last[at]), move |from| jump(self.next[*from]));
        jumps.chain(self.falls[at].then(|| at - 1))
    }
}

/// In how many loops each instruction is.
///
/// A loop is what leads to a jump back to its head without passing that. Many loops in one another are looked at for so long
/// only: where depths stay too low, something is paid in a worse place, and nothing else changes.
fn nesting(code: &Code, sources: &Sources) -> Vec<u32> {
    let n = code.instrs.len();
    let mut ends: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..n {
        let (op, target) = decode(code.instrs[at]);
        if closes(op, at, target as usize) {
            ends.entry(target as usize).or_default().push(at);
        }
    }
    let mut depth = vec![0; n];
    let mut seen_for = vec![usize::MAX; n];
    let mut work = 64 * n;
    for (head, ends) in ends {
        seen_for[head] = head;
        depth[head] += 1;
        let mut open = ends;
        while let Some(at) = open.pop() {
            if seen_for[at] != head {
                seen_for[at] = head;
                depth[at] += 1;
                let before = open.len();
                open.extend(sources.to(at));
                work = work.saturating_sub(1 + open.len() - before);
            }
        }
        if work == 0 {
            break;
        }
    }
    depth
}

impl Costs {
    /// Of a verified code.
    pub(crate) fn of(code: &Code, depths: &Depths) -> Costs {
        let n = code.instrs.len();
        let reachable = |at: usize| depths.depth[at] != u32::MAX;
        let sources = Sources::of(code, reachable);
        // Of two ways on, the one that stays in more loops is counted on: the other is by the way.
        let depth = nesting(code, &sources);
        let mut aside = vec![usize::MAX; n];
        for at in (0..n).filter(|at| reachable(*at)) {
            let (op, arg) = decode(code.instrs[at]);
            let (next, target) = (at + 1, arg as usize);
            if op.flags().jumps && !op.flags().ends && next < n && depth[next] != depth[target] {
                aside[at] = if depth[next] > depth[target] { target } else { next };
            }
        }
        let mut prepaid = vec![0u32; n];
        let mut queue = VecDeque::new();
        // Ways end where the frame is left; where none leads there, at a jump back; and in odd code, anywhere.
        let drain = |prepaid: &mut [u32], queue: &mut VecDeque<usize>| {
            while let Some(at) = queue.pop_front() {
                for source in sources.to(at) {
                    if prepaid[source] == 0 && aside[source] != at {
                        prepaid[source] = prepaid[at] + 1;
                        queue.push_back(source);
                    }
                }
            }
        };
        let leaving = |at: usize| leaves(decode(code.instrs[at]).0);
        let closing = |at: usize| {
            let (op, arg) = decode(code.instrs[at]);
            closes(op, at, arg as usize)
        };
        let ends: [&dyn Fn(usize) -> bool; 3] = [&leaving, &closing, &|_| true];
        for (ends, one_by_one) in ends.into_iter().zip([false, false, true]) {
            for end in (0..n).rev().filter(|at| reachable(*at) && ends(*at)) {
                if prepaid[end] == 0 {
                    prepaid[end] = 1;
                    queue.push_back(end);
                }
                if one_by_one {
                    drain(&mut prepaid, &mut queue);
                }
            }
            drain(&mut prepaid, &mut queue);
        }
        let (mut fall, mut taken) = (vec![0; n], vec![0; n]);
        let cost = |at: usize, to: usize| prepaid[to] as i32 - (prepaid[at] as i32 - 1);
        for at in (0..n).filter(|at| reachable(*at)) {
            let (op, arg) = decode(code.instrs[at]);
            if op.flags().jumps {
                taken[at] = cost(at, arg as usize);
            }
            if !op.flags().ends && at + 1 < n {
                fall[at] = cost(at, at + 1);
            }
        }
        Costs { prepaid, fall, taken }
    }
}

/// Whether an instruction begins a block: a stretch that runs from its start to its end or to an exception.
pub(crate) fn is_leader(code: &Code, depths: &Depths, at: usize) -> bool {
    at == 0 || depths.label[at] || {
        let op = decode(code.instrs[at - 1]).0;
        op.flags().jumps || op.flags().ends || leaves(op)
    }
}
