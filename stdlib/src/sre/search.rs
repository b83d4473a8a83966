//! Searching: where an attempt is worth while, and attempts from there on.

use super::chars::Unit;
use super::engine::{Machine, Outcome};
use super::program::{Program, Start};

/// The first place from one on where a match may begin.
#[inline]
fn candidate<U: Unit>(program: &Program, units: &[U], from: usize) -> Option<usize> {
    let last = units.len().checked_sub(program.least)?;
    if from > last {
        return None;
    }
    let found = match &program.start {
        Start::Anywhere => from,
        Start::Begin => (from == 0).then_some(0)?,
        Start::Text { text, .. } => from + U::find(&units[from..], &program.texts[*text as usize])?,
        Start::Behind(text) => {
            let text = &program.texts[*text as usize];
            let back = from.saturating_sub(text.chars.len());
            back + U::find(&units[back..], text)? + text.chars.len()
        }
        Start::Bytes { bytes: [a, b, c], set } => match U::bytes(&units[from..]) {
            Some(units) => from + memchr::memchr3(*a, *b, *c, units)?,
            None => within(program, units, from, *set)?,
        },
        Start::In(set) => within(program, units, from, *set)?,
    };
    (found <= last).then_some(found)
}

/// The first place with a character of a set of beginnings.
#[inline]
fn within<U: Unit>(program: &Program, units: &[U], from: usize, set: u32) -> Option<usize> {
    let first = &program.firsts[set as usize];
    let fits = |unit: &U| {
        let c = (*unit).into();
        if U::BYTE || c < 256 { first.low[(c & 0xFF) as usize] } else { first.high }
    };
    units[from..].iter().position(fits).map(|at| from + at)
}

impl Machine {
    /// Goes on with a search. The next attempt begins at `start`, unless one is under way.
    pub fn search<U: Unit>(&mut self, program: &Program, units: &[U]) -> Outcome {
        loop {
            if !self.running {
                let from = self.start;
                let Some(at) = candidate(program, units, from) else {
                    self.budget -= (units.len().saturating_sub(from) / 64) as i64;
                    return Outcome::Failed;
                };
                self.budget -= ((at - from) / 64) as i64;
                if at > from {
                    self.must_advance = false;
                }
                if let Start::Text { text, whole: true } = &program.start {
                    self.start = at;
                    self.at = at + program.texts[*text as usize].chars.len();
                    return Outcome::Matched;
                }
                self.begin(at);
            }
            match self.attempt(program, units) {
                Outcome::Failed => {
                    (self.running, self.must_advance) = (false, false);
                    self.start = self.skip.max(self.start + 1);
                    if self.start > units.len() {
                        return Outcome::Failed;
                    }
                }
                other => return other,
            }
        }
    }
    /// Goes on with an attempt at `start` alone.
    pub fn try_here<U: Unit>(&mut self, program: &Program, units: &[U]) -> Outcome {
        if !self.running {
            if self.start > units.len() {
                return Outcome::Failed;
            }
            self.begin(self.start);
        }
        self.attempt(program, units)
    }
}
