//! The machine that runs a program over a subject.
//!
//! It keeps its choices on a stack of its own, and has no reference into the subject while it does not run: where its budget is used up,
//! or its stack is full, it says so and is run again later. Nothing that it calls runs Python.

use ryokan_vm::native::{Cx, Res, Vector};

use super::chars::{Fold, Unit};
use super::program::{NOWHERE, Next, Op, Program};
use super::tree::Test;

/// Something to be done when what was tried last has failed.
#[derive(Clone, Copy)]
pub enum Entry {
    /// Go on elsewhere.
    Choice { pc: u32, at: usize },
    /// Other arms of a branch, as bits.
    Arms { pc: u32, at: usize, arms: u64 },
    /// A repeated character may be given back, down to a place.
    Less { pc: u32, low: usize, at: usize },
    /// One more character may be taken, and so many in all.
    More { pc: u32, left: u32, at: usize },
    /// A turn of a loop was tried: do without it.
    Turn { pc: u32, at: usize, last: usize },
    /// A turn of a lazy loop may be tried.
    Try { pc: u32, at: usize },
    /// Only a turn is taken back.
    Back { pc: u32, last: usize },
    /// Registers of a loop get their values back.
    Loop { slot: u32, turns: usize, last: usize },
    /// A group's place gets its value back, and the number of the last group.
    Mark { slot: u32, last: u32, at: usize },
    /// Where something was looked from.
    Place { at: usize },
}

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// With a match.
    Matched,
    /// Without one.
    Failed,
    /// Its budget is used up: it goes on from here.
    Paused,
    /// Its stack is full: it goes on from here when there is more room.
    Full,
}

/// The state of a run.
pub struct Machine {
    /// Registers.
    pub slots: Vector<usize>,
    /// Choices.
    pub stack: Vector<Entry>,
    /// The number of the group that was closed last, from 1; 0 if none was.
    pub last: u32,
    /// The next instruction.
    pc: usize,
    /// The place; that where a match ended.
    pub at: usize,
    /// Where the attempt began.
    pub start: usize,
    /// Whether the match must reach the end.
    pub whole: bool,
    /// Whether a match must not be empty where the attempt begins.
    pub must_advance: bool,
    /// What may still be done until a pause.
    pub budget: i64,
    /// No match begins before this place.
    pub skip: usize,
    /// Whether an attempt is under way.
    pub running: bool,
}

/// How much is done between two pauses.
pub const BUDGET: i64 = 8192;

#[inline(always)]
fn passes<U: Unit>(program: &Program, test: Test, unit: U) -> bool {
    match test {
        Test::Any => unit.into() != u32::from(b'\n'),
        Test::All => true,
        Test::Char(c) => unit.into() == c,
        Test::Not(c) => unit.into() != c,
        Test::In(set) => program.sets[set as usize].has(unit),
    }
}

/// How many units in front pass a test. What is tested is decided once.
#[inline]
fn run_of<U: Unit>(program: &Program, test: Test, units: &[U]) -> usize {
    let end = units.len();
    match test {
        Test::All => end,
        Test::Any => U::position(units, u32::from(b'\n')).unwrap_or(end),
        Test::Char(c) => units.iter().position(|unit| (*unit).into() != c).unwrap_or(end),
        Test::Not(c) => U::position(units, c).unwrap_or(end),
        Test::In(set) => {
            let set = &program.sets[set as usize];
            units.iter().position(|unit| !set.has(*unit)).unwrap_or(end)
        }
    }
}

/// Whether what follows a repeat may begin at a place.
#[inline(always)]
fn may_follow<U: Unit>(program: &Program, next: Next, units: &[U], at: usize) -> bool {
    match next {
        Next::Open | Next::Other | Next::OtherFirst => true,
        Next::Char(c) => units.get(at).is_some_and(|unit| (*unit).into() == c),
        Next::In(first) => {
            let first = &program.firsts[first as usize];
            units.get(at).is_some_and(|unit| {
                let c = (*unit).into();
                if U::BYTE || c < 256 { first.low[(c & 0xFF) as usize] } else { first.high }
            })
        }
    }
}

/// Whether a text is at a place, case being disregarded so: where it ends.
fn same_text<U: Unit>(units: &[U], from: usize, to: usize, at: usize, fold: Fold) -> Option<usize> {
    let (text, end) = (units.get(from..to)?, at + (to - from));
    let there = units.get(at..end)?;
    let same = text.iter().zip(there).all(|(a, b)| {
        let (a, b) = ((*a).into(), (*b).into());
        a == b || (fold != Fold::Exact && fold.lower(a) == fold.lower(b))
    });
    same.then_some(end)
}

#[inline]
fn is_boundary<U: Unit>(program: &Program, set: u32, units: &[U], at: usize) -> bool {
    let set = &program.sets[set as usize];
    let word = |at: usize| units.get(at).is_some_and(|unit| set.has(*unit));
    (at > 0 && word(at - 1)) != word(at)
}

impl Machine {
    /// One at rest, without registers.
    pub fn new(cx: &Cx) -> Res<Machine> {
        Ok(Machine {
            slots: cx.vector(8)?,
            stack: cx.vector(32)?,
            last: 0,
            pc: 0,
            at: 0,
            start: 0,
            whole: false,
            must_advance: false,
            budget: 0,
            skip: 0,
            running: false,
        })
    }
    /// Begins an attempt at a place. Registers of groups are as they were at the very beginning: a failed attempt has restored them.
    pub fn begin(&mut self, at: usize) {
        (self.pc, self.at, self.start, self.skip) = (0, at, at, 0);
        self.running = true;
    }
    /// Forgets all matches.
    pub fn reset(&mut self) {
        self.slots.fill(NOWHERE);
        self.stack.clear();
        (self.last, self.running) = (0, false);
    }
    /// The register of the loop of an instruction.
    fn slot_of(program: &Program, pc: u32) -> usize {
        match program.ops[pc as usize] {
            Op::Again { slot, .. } | Op::Until { slot, .. } | Op::Keep { slot, .. } => slot as usize,
            _ => 0,
        }
    }
    /// Takes choices until one can be taken: where to go on, or nothing if there are none.
    #[inline]
    fn back<U: Unit>(&mut self, program: &Program, units: &[U]) -> Option<(usize, usize)> {
        loop {
            match self.stack.pop()? {
                Entry::Choice { pc, at } => return Some((pc as usize, at)),
                Entry::Mark { slot, last, at } => {
                    self.slots[slot as usize] = at;
                    self.last = last;
                }
                Entry::Less { pc, low, at } => {
                    let Op::Many { next, .. } = program.ops[pc as usize] else { continue };
                    let mut at = at;
                    while !may_follow(program, next, units, at) {
                        if at == low {
                            at = NOWHERE;
                            break;
                        }
                        at -= 1;
                        self.budget -= 1;
                    }
                    if at == NOWHERE {
                        continue;
                    }
                    if at > low {
                        // There was room for this entry.
                        self.stack.push(Entry::Less { pc, low, at: at - 1 });
                    }
                    return Some((pc as usize + 1, at));
                }
                Entry::More { pc, left, at } => {
                    if let Some(taken) = self.more(program, units, pc, left, at) {
                        return Some(taken);
                    }
                }
                Entry::Arms { pc, at, arms } => {
                    let Op::Branch(branch) = program.ops[pc as usize] else { continue };
                    let rest = arms & (arms - 1);
                    if rest != 0 {
                        self.stack.push(Entry::Arms { pc, at, arms: rest });
                    }
                    let arm = program.branches[branch as usize].arms[arms.trailing_zeros() as usize];
                    return Some((arm as usize, at));
                }
                Entry::Turn { pc, at, last } => {
                    let slot = Self::slot_of(program, pc);
                    self.slots[slot] -= 1;
                    self.slots[slot + 1] = last;
                    return Some((pc as usize + 1, at));
                }
                Entry::Back { pc, last } => {
                    let slot = Self::slot_of(program, pc);
                    self.slots[slot] -= 1;
                    self.slots[slot + 1] = last;
                }
                Entry::Try { pc, at } => {
                    let Op::Until { slot, body, .. } = program.ops[pc as usize] else { continue };
                    let slot = slot as usize;
                    self.stack.push(Entry::Back { pc, last: self.slots[slot + 1] });
                    self.slots[slot] += 1;
                    self.slots[slot + 1] = at;
                    return Some((body as usize, at));
                }
                Entry::Loop { slot, turns, last } => {
                    self.slots[slot as usize] = turns;
                    self.slots[slot as usize + 1] = last;
                }
                Entry::Place { .. } => {}
            }
        }
    }
    /// A lazy repeat takes one more, and then as many as it must until what follows may begin.
    fn more<U: Unit>(
        &mut self,
        program: &Program,
        units: &[U],
        pc: u32,
        left: u32,
        at: usize,
    ) -> Option<(usize, usize)> {
        let Op::Few { test, next, .. } = program.ops[pc as usize] else { return None };
        let (mut left, mut at) = (left, at);
        let from = at;
        let found = match next {
            // Whatever stands between passes.
            Next::Char(c) if test == Test::All => match U::position(units.get(at + 1..)?, c) {
                Some(step) if left as usize > step => {
                    at += step + 1;
                    true
                }
                _ => {
                    self.budget -= ((units.len() - at) / 16) as i64;
                    false
                }
            },
            _ => loop {
                if at - from >= left as usize || !units.get(at).is_some_and(|unit| passes(program, test, *unit)) {
                    break false;
                }
                at += 1;
                if may_follow(program, next, units, at) {
                    break true;
                }
            },
        };
        self.budget -= ((at - from) / 16) as i64;
        if !found {
            return None;
        }
        if left != u32::MAX {
            left -= (at - from) as u32;
        }
        if left > 0 {
            self.stack.push(Entry::More { pc, left, at });
        }
        Some((pc as usize + 1, at))
    }

    /// Goes on with an attempt.
    pub fn attempt<U: Unit>(&mut self, program: &Program, units: &[U]) -> Outcome {
        let (mut pc, mut at) = (self.pc, self.at);
        /// Stops until something is done about it.
        macro_rules! stop {
            ($outcome:expr) => {{
                (self.pc, self.at) = (pc, at);
                return $outcome;
            }};
        }
        /// Sees to it that two entries can be pushed.
        macro_rules! room {
            () => {
                if self.stack.len() + 2 > self.stack.capacity() {
                    stop!(Outcome::Full);
                }
            };
        }
        loop {
            let went_on = match program.ops[pc] {
                Op::One(test) => match units.get(at) {
                    Some(unit) if passes(program, test, *unit) => {
                        (pc, at) = (pc + 1, at + 1);
                        true
                    }
                    _ => false,
                },
                Op::Text(text) => {
                    let text = &program.texts[text as usize].chars[..];
                    let there = units.get(at..at + text.len());
                    let same = |there: &[U]| there.iter().zip(text).all(|(a, b)| (*a).into() == *b);
                    if there.is_some_and(same) {
                        (pc, at) = (pc + 1, at + text.len());
                        true
                    } else {
                        false
                    }
                }
                Op::Mark(mark) => {
                    room!();
                    let slot = mark as usize;
                    self.stack.push(Entry::Mark { slot: mark, last: self.last, at: self.slots[slot] });
                    self.slots[slot] = at;
                    if mark & 1 == 1 {
                        self.last = mark / 2 + 1;
                    }
                    pc += 1;
                    true
                }
                Op::Many { test, min, max, next } => {
                    room!();
                    let most = (max as usize).min(units.len() - at);
                    let count = run_of(program, test, &units[at..at + most]);
                    self.budget -= (count / 16) as i64;
                    let low = at + min as usize;
                    if matches!(next, Next::OtherFirst) {
                        self.skip = at + count;
                    }
                    if count < min as usize {
                        false
                    } else if matches!(next, Next::Other | Next::OtherFirst) {
                        (pc, at) = (pc + 1, at + count);
                        true
                    } else if may_follow(program, next, units, at + count) {
                        at += count;
                        if at > low {
                            self.stack.push(Entry::Less { pc: pc as u32, low, at: at - 1 });
                        }
                        pc += 1;
                        true
                    } else {
                        if at + count > low {
                            self.stack.push(Entry::Less { pc: pc as u32, low, at: at + count - 1 });
                        }
                        false
                    }
                }
                Op::Few { test, min, max, next } => {
                    room!();
                    let least = min as usize;
                    let there = units.get(at..at.saturating_add(least));
                    if there.is_some_and(|there| run_of(program, test, there) == least) {
                        at += least;
                        let left = if max == u32::MAX { max } else { max - min };
                        if may_follow(program, next, units, at) {
                            if left > 0 {
                                self.stack.push(Entry::More { pc: pc as u32, left, at });
                            }
                            pc += 1;
                            true
                        } else if let Some(taken) = self.more(program, units, pc as u32, left, at) {
                            (pc, at) = taken;
                            true
                        } else {
                            false
                        }
                    } else {
                        false
                    }
                }
                Op::Branch(branch) => {
                    room!();
                    let table = &program.branches[branch as usize];
                    let arms = match units.get(at) {
                        Some(unit) => {
                            let c = (*unit).into();
                            if U::BYTE || c < 256 { table.low[(c & 0xFF) as usize] } else { table.high }
                        }
                        None => table.end,
                    };
                    if arms == 0 {
                        false
                    } else {
                        let rest = arms & (arms - 1);
                        if rest != 0 {
                            self.stack.push(Entry::Arms { pc: pc as u32, at, arms: rest });
                        }
                        pc = table.arms[arms.trailing_zeros() as usize] as usize;
                        true
                    }
                }
                Op::Jump(target) => {
                    pc = target as usize;
                    true
                }
                Op::Accept => {
                    let refused = (self.whole && at != units.len()) || (self.must_advance && at == self.start);
                    if !refused {
                        stop!(Outcome::Matched);
                    }
                    false
                }
                Op::Fail => false,
                Op::Boundary { set, negative } => {
                    let holds = is_boundary(program, set, units, at) != negative;
                    pc += 1;
                    holds
                }
                Op::Begin => {
                    pc += 1;
                    at == 0
                }
                Op::BeginLine => {
                    pc += 1;
                    at == 0 || units[at - 1].into() == u32::from(b'\n')
                }
                Op::End => {
                    pc += 1;
                    at == units.len()
                }
                Op::EndLine => {
                    pc += 1;
                    units.get(at).is_none_or(|unit| (*unit).into() == u32::from(b'\n'))
                }
                Op::EndOrNewline => {
                    pc += 1;
                    let left = units.len() - at;
                    left == 0 || (left == 1 && units[at].into() == u32::from(b'\n'))
                }
                Op::Ref { group, fold } => {
                    let (from, to) = (self.slots[group as usize * 2], self.slots[group as usize * 2 + 1]);
                    let there = from != NOWHERE && to != NOWHERE && from <= to;
                    self.budget -= if there { (to - from) as i64 / 16 } else { 0 };
                    match there.then(|| same_text(units, from, to, at, fold)).flatten() {
                        Some(end) => {
                            (pc, at) = (pc + 1, end);
                            true
                        }
                        None => false,
                    }
                }
                Op::If { group, no } => {
                    let (from, to) = (self.slots[group as usize * 2], self.slots[group as usize * 2 + 1]);
                    let there = from != NOWHERE && to != NOWHERE && from <= to;
                    pc = if there { pc + 1 } else { no as usize };
                    true
                }
                op => {
                    room!();
                    match self.less_often(op, pc, at) {
                        Some(there) => {
                            (pc, at) = there;
                            // A loop may go on without ever failing.
                            self.budget -= 1;
                            if self.budget < 0 {
                                stop!(Outcome::Paused);
                            }
                            true
                        }
                        None => false,
                    }
                }
            };
            if went_on {
                continue;
            }
            self.budget -= 1;
            match self.back(program, units) {
                Some(there) => (pc, at) = there,
                None => return Outcome::Failed,
            }
            if self.budget < 0 {
                stop!(Outcome::Paused);
            }
        }
    }
}
