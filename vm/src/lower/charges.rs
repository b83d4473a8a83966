//! Where a metered function pays for its instructions.
//!
//! A metered run counts the *stack* instructions that it executes, exactly, but does not count one by one. Each
//! instruction has a *prepaid* amount: how many instructions were paid for before it that have not run yet, itself
//! included. That is the length of the shortest way out of the function:
//!
//! ```text
//!   prepaid(i) = 1 + min over i's successors s of prepaid(s)      prepaid(i) = 1 where i leaves the frame
//!   charge(i -> s) = prepaid(s) - (prepaid(i) - 1)                what taking that edge costs
//! ```
//!
//! So a charge is never negative, an instruction with one successor costs nothing to leave, and of a branch's two
//! edges one is free: a function pays once when it is entered, a loop once for each iteration, and an `if` only for its
//! longer arm. At any moment
//!
//! ```text
//!   executed = charged - sum over the frames on the stack of what each still has prepaid
//! ```
//!
//! which is how an exception settles the account, and how a limit is met exactly (see `fuel.rs`). `yield` leaves the frame: a
//! suspended generator has nothing prepaid. A loop without a way out is given one at its end.

use std::collections::VecDeque;

use ryokan_bytecode::{Code, Op};

use super::{Layout, decode};

/// What is prepaid before each instruction, and what its edges cost.
pub struct Charges {
    /// By instruction.
    pub prepaid: Vec<u32>,
    /// The cost of going on to the next instruction.
    pub fall: Vec<u32>,
    /// The cost of jumping.
    pub taken: Vec<u32>,
}

/// Whether the frame is left, or may not come back, at an instruction that is not a jump.
fn leaves(op: Op) -> bool {
    (op.flags().ends && !op.flags().jumps) || matches!(op, Op::YieldValue | Op::ReturnGenerator)
}

impl Charges {
    /// Of a verified code.
    pub(crate) fn of(code: &Code, layout: &Layout) -> Charges {
        let n = code.instrs.len();
        let reachable = |at: usize| layout.depth[at] != u32::MAX;
        let mut sources = vec![Vec::new(); n];
        for at in (0..n).filter(|at| reachable(*at)) {
            let (op, arg) = decode(code.instrs[at]);
            if op.flags().jumps {
                sources[arg as usize].push(at);
            }
            if !op.flags().ends && !leaves(op) && at + 1 < n {
                sources[at + 1].push(at);
            }
        }
        let mut prepaid = vec![0u32; n];
        let mut queue = VecDeque::new();
        for at in (0..n).filter(|at| reachable(*at) && leaves(decode(code.instrs[*at]).0)) {
            prepaid[at] = 1;
            queue.push_back(at);
        }
        loop {
            while let Some(at) = queue.pop_front() {
                for &source in &sources[at] {
                    if prepaid[source] == 0 {
                        prepaid[source] = prepaid[at] + 1;
                        queue.push_back(source);
                    }
                }
            }
            // The end of a loop that nothing leads out of.
            let endless = |at: &usize| reachable(*at) && prepaid[*at] == 0;
            let jump = |at: &usize| decode(code.instrs[*at]).0.flags().ends;
            let Some(end) = (0..n).rev().filter(endless).find(jump).or_else(|| (0..n).rev().find(endless))
            else {
                break;
            };
            prepaid[end] = 1;
            queue.push_back(end);
        }
        let (mut fall, mut taken) = (vec![0; n], vec![0; n]);
        for at in (0..n).filter(|at| reachable(*at)) {
            let (op, arg) = decode(code.instrs[at]);
            let rest = prepaid[at] - 1;
            if op.flags().jumps {
                taken[at] = prepaid[arg as usize] - rest;
            }
            if !op.flags().ends && at + 1 < n {
                fall[at] = prepaid[at + 1] - rest;
            }
        }
        Charges { prepaid, fall, taken }
    }
}

/// Whether an instruction begins a block: a stretch that runs from its start to its end or to an exception.
pub(crate) fn is_leader(code: &Code, layout: &Layout, at: usize) -> bool {
    at == 0 || layout.label[at] || {
        let op = decode(code.instrs[at - 1]).0;
        op.flags().jumps || op.flags().ends || leaves(op)
    }
}
