//! What a pattern becomes: instructions of a backtracking machine, and what is known of how a match begins.
//!
//! Registers hold places in the subject. First come those of the groups, two each; then those of loops (how many turns were begun, and
//! where the last one was), then the heights of the stack where something atomic began.

use super::chars::{Fold, Literal, Set};
use super::tree::Test;

/// No place: of a group that has not matched.
pub const NOWHERE: usize = usize::MAX;

/// An instruction. Where it fails, the machine takes the last choice that is left.
#[derive(Clone, Copy, Debug)]
pub enum Op {
    /// Fails.
    Fail,
    /// The whole pattern has matched.
    Accept,
    /// One character.
    One(Test),
    /// Characters in a row, by the number of the literal.
    Text(u32),
    /// At the beginning.
    Begin,
    /// Behind a newline, or at the beginning.
    BeginLine,
    /// At the end.
    End,
    /// At the end, or at a newline before it.
    EndOrNewline,
    /// At a newline, or at the end.
    EndLine,
    /// Whether a word, of characters of a set, begins or ends.
    Boundary { set: u32, negative: bool },
    /// Sets a group's place.
    Mark(u32),
    /// Goes on elsewhere.
    Jump(u32),
    /// One of several arms, by the number of their table.
    Branch(u32),
    /// One character again and again, as often as it goes. `next` is what follows it.
    Many { test: Test, min: u32, max: u32, next: Next },
    /// The same, as seldom as it goes.
    Few { test: Test, min: u32, max: u32, next: Next },
    /// A loop is entered: its registers are set.
    Enter { slot: u32 },
    /// Another turn of a loop, or what follows: the more turns the better.
    Again { slot: u32, body: u32, min: u32, max: u32 },
    /// The same: the fewer turns the better.
    Until { slot: u32, body: u32, min: u32, max: u32 },
    /// The same, where each turn is taken once and for all, and all that are to be had. `slot + 2` is the height of the stack.
    Keep { slot: u32, body: u32, min: u32, max: u32 },
    /// A turn of it has matched.
    Kept { slot: u32, again: u32 },
    /// Looks whether something matches, so many characters before; the height of the stack is kept.
    Look { slot: u32, behind: u32 },
    /// It does: goes back to where it was looked from.
    Seen { slot: u32 },
    /// Looks whether something does not match.
    LookNot { slot: u32, behind: u32, after: u32 },
    /// It does match.
    SeenNot { slot: u32 },
    /// Something atomic begins; the height of the stack is kept.
    Atomic { slot: u32 },
    /// It has matched: its choices go.
    Done { slot: u32 },
    /// What a group has matched.
    Ref { group: u32, fold: Fold },
    /// Goes on elsewhere if a group has not matched.
    If { group: u32, no: u32 },
}

/// What follows a repeat of one character, as far as it is known.
#[derive(Clone, Copy, Debug)]
pub enum Next {
    /// Nothing is known.
    Open,
    /// This character.
    Char(u32),
    /// One of a set of beginnings.
    In(u32),
    /// One that the repeated test refuses: there is nothing to give back.
    Other,
    /// The same, of the first thing in a pattern: no match begins within what was repeated.
    OtherFirst,
}

/// A place where the machine chooses among up to 64 arms by the next character.
pub struct Branch {
    /// Where the arms begin.
    pub arms: Vec<u32>,
    /// Which arms may begin with a character below 256, as bits.
    pub low: Box<[u64; 256]>,
    /// Which may begin with another one.
    pub high: u64,
    /// Which may match at the end.
    pub end: u64,
}

impl Branch {
    /// Bytes that it takes, what lies elsewhere included.
    fn size(&self) -> usize {
        size_of::<Branch>() + size_of_val(&*self.low) + self.arms.capacity() * size_of::<u32>()
    }
}

/// What a part of a pattern may begin with.
#[derive(Clone)]
pub struct First {
    /// The characters below 256.
    pub low: [bool; 256],
    /// Whether it may be another one.
    pub high: bool,
    /// Whether it may match without a character; then nothing is known of what comes.
    pub empty: bool,
}

impl First {
    /// Nothing.
    pub const NONE: First = First { low: [false; 256], high: false, empty: false };
    /// Anything.
    pub const ANY: First = First { low: [true; 256], high: true, empty: true };

    /// Adds what another one may be.
    pub fn add(&mut self, other: &First) {
        self.low.iter_mut().zip(other.low).for_each(|(a, b)| *a |= b);
        self.high |= other.high;
        self.empty |= other.empty;
    }
}

/// How a search finds where a match may begin.
pub enum Start {
    /// Anywhere.
    Anywhere,
    /// At the beginning alone.
    Begin,
    /// With characters in a row; `whole` if the pattern is these and no more.
    Text { text: u32, whole: bool },
    /// Behind characters in a row.
    Behind(u32),
    /// With one of up to three bytes, in a subject of bytes, as a set says.
    Bytes { bytes: [u8; 3], set: u32 },
    /// With one of a set of beginnings.
    In(u32),
}

/// A pattern that can be matched.
pub struct Program {
    /// The instructions; the first one is the beginning, the last one accepts.
    pub ops: Vec<Op>,
    /// Sets of characters.
    pub sets: Vec<Set>,
    /// Characters in a row.
    pub texts: Vec<Literal>,
    /// Tables of arms.
    pub branches: Vec<Branch>,
    /// Sets of beginnings.
    pub firsts: Vec<First>,
    /// How many registers there are.
    pub slots: usize,
    /// How many of them are places of groups.
    pub marks: usize,
    /// Where a match may begin.
    pub start: Start,
    /// How many characters a match has at least.
    pub least: usize,
    /// A number that tells code from other code.
    pub print: u64,
}

impl Program {
    /// Gives back the room that its tables were given ahead of use: there are few entries in most, and some are large.
    pub fn trim(&mut self) {
        self.ops.shrink_to_fit();
        self.sets.shrink_to_fit();
        self.texts.shrink_to_fit();
        self.branches.shrink_to_fit();
        self.firsts.shrink_to_fit();
    }

    /// Bytes that it takes, about.
    pub fn bytes(&self) -> usize {
        let sets: usize = self.sets.iter().map(Set::bytes).sum();
        let texts: usize = self.texts.iter().map(Literal::size).sum();
        let branches: usize = self.branches.iter().map(Branch::size).sum();
        size_of::<Program>()
            + self.ops.len() * size_of::<Op>()
            + sets
            + texts
            + branches
            + self.firsts.len() * size_of::<First>()
    }
}
