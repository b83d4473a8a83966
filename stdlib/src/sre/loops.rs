//! Instructions about loops, atomic groups and looking around.

use ryokan_vm::native::Vector;

use super::engine::{Entry, Machine};
use super::program::{NOWHERE, Op};

/// Lets go of choices above a height, and keeps what is to be restored.
fn cut(stack: &mut Vector<Entry>, height: usize) {
    let mut kept = height;
    for at in height..stack.len() {
        let entry = match stack[at] {
            Entry::Turn { pc, last, .. } => Entry::Back { pc, last },
            entry @ (Entry::Back { .. } | Entry::Loop { .. } | Entry::Mark { .. }) => entry,
            _ => continue,
        };
        stack[kept] = entry;
        kept += 1;
    }
    stack.truncate(kept);
}

impl Machine {
    /// The instructions that are about loops, atomic groups and looking around; none of them looks at the subject.
    pub(super) fn less_often(&mut self, op: Op, pc: usize, at: usize) -> Option<(usize, usize)> {
        let number = pc as u32;
        match op {
            Op::Enter { slot } => {
                let place = slot as usize;
                let (turns, last) = (self.slots[place], self.slots[place + 1]);
                self.stack.push(Entry::Loop { slot, turns, last });
                (self.slots[place], self.slots[place + 1]) = (0, NOWHERE);
                Some((pc + 1, at))
            }
            Op::Again { slot, body, min, max } => {
                let slot = slot as usize;
                let (turns, last) = (self.slots[slot], self.slots[slot + 1]);
                if turns < min as usize {
                    self.stack.push(Entry::Back { pc: number, last });
                } else if goes_on(turns, max) && at != last {
                    self.stack.push(Entry::Turn { pc: number, at, last });
                    self.slots[slot + 1] = at;
                } else {
                    return Some((pc + 1, at));
                }
                self.slots[slot] = turns + 1;
                Some((body as usize, at))
            }
            Op::Until { slot, body, min, max } => {
                let slot = slot as usize;
                let (turns, last) = (self.slots[slot], self.slots[slot + 1]);
                if turns < min as usize {
                    self.stack.push(Entry::Back { pc: number, last });
                    self.slots[slot] = turns + 1;
                    return Some((body as usize, at));
                }
                if goes_on(turns, max) && at != last {
                    self.stack.push(Entry::Try { pc: number, at });
                }
                Some((pc + 1, at))
            }
            Op::Keep { slot, body, min, max } => {
                let slot = slot as usize;
                let (turns, last) = (self.slots[slot], self.slots[slot + 1]);
                let height = self.stack.len();
                if turns < min as usize {
                    self.stack.push(Entry::Back { pc: number, last });
                } else if goes_on(turns, max) && at != last {
                    self.stack.push(Entry::Turn { pc: number, at, last });
                    self.slots[slot + 1] = at;
                } else {
                    return Some((pc + 1, at));
                }
                self.slots[slot + 2] = height;
                self.slots[slot] = turns + 1;
                Some((body as usize, at))
            }
            Op::Kept { slot, again } => {
                self.cut_to(slot as usize + 2);
                Some((again as usize, at))
            }
            Op::Atomic { slot } => {
                self.slots[slot as usize] = self.stack.len();
                Some((pc + 1, at))
            }
            Op::Done { slot } => {
                self.cut_to(slot as usize);
                Some((pc + 1, at))
            }
            Op::Look { slot, behind } => {
                let there = at.checked_sub(behind as usize)?;
                self.slots[slot as usize] = self.stack.len();
                self.stack.push(Entry::Place { at });
                Some((pc + 1, there))
            }
            Op::Seen { slot } => {
                let height = self.slots[slot as usize];
                let Some(Entry::Place { at }) = self.stack.get(height).copied() else { return None };
                self.cut_to(slot as usize);
                Some((pc + 1, at))
            }
            Op::LookNot { slot, behind, after } => {
                let Some(there) = at.checked_sub(behind as usize) else { return Some((after as usize, at)) };
                self.slots[slot as usize] = self.stack.len();
                self.stack.push(Entry::Choice { pc: after, at });
                Some((pc + 1, there))
            }
            Op::SeenNot { slot } => {
                // What was set meanwhile is restored by failing; what could be chosen must not be.
                let height = self.slots[slot as usize];
                self.cut_to(slot as usize);
                debug_assert!(self.stack.len() >= height);
                None
            }
            _ => None,
        }
    }
    fn cut_to(&mut self, slot: usize) {
        let height = self.slots[slot];
        self.budget -= (self.stack.len().saturating_sub(height) / 4) as i64;
        cut(&mut self.stack, height);
    }
}

#[inline(always)]
fn goes_on(turns: usize, max: u32) -> bool {
    max == u32::MAX || turns < max as usize
}
