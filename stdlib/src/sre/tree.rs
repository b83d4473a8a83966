//! From the code of `re._compiler` to a tree, which is sound whatever the code was.

use ryokan_vm::native::*;

use super::chars::{Fold, Item, Set};
use super::codes::{at, category, op};

/// What one character must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Test {
    /// No newline.
    Any,
    /// Whatever it is.
    All,
    /// This.
    Char(u32),
    /// Another one.
    Not(u32),
    /// Of a set, by its number.
    In(u32),
}

/// How a repeat takes what it can get.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Greed {
    /// As much as it can, and gives back.
    Greedy,
    /// As little as it must.
    Lazy,
    /// As much as it can, and keeps it.
    Possessive,
}

/// A part of a pattern.
pub enum Node {
    /// Never matches.
    Fail,
    /// One character.
    One(Test),
    /// A position, by its number.
    At(u32),
    /// Where a group begins (even numbers) or ends.
    Mark(u32),
    /// One of several.
    Branch(Vec<Vec<Node>>),
    /// Again and again.
    Repeat { min: u32, max: u32, greed: Greed, body: Vec<Node> },
    /// Whether something matches here, or so many characters before.
    Look { behind: u32, negative: bool, body: Vec<Node> },
    /// What matches once and for all.
    Atomic(Vec<Node>),
    /// What a group has matched.
    Ref { group: u32, fold: Fold },
    /// One of two, by whether a group has matched.
    If { group: u32, yes: Vec<Node>, no: Vec<Node> },
}

/// The code is none that the compiler makes.
pub struct Invalid;

/// What reading gives: an error of Python's, or the code is invalid.
pub enum Refused {
    /// The code.
    Code,
    /// An error that is on its way.
    Raised(Raised),
}

impl From<Invalid> for Refused {
    fn from(_: Invalid) -> Refused {
        Refused::Code
    }
}
impl From<Raised> for Refused {
    fn from(raised: Raised) -> Refused {
        Refused::Raised(raised)
    }
}

type Read<T> = Result<T, Refused>;

/// Reads code.
pub struct Reader<'a> {
    cx: &'a Cx,
    code: &'a [u32],
    groups: u32,
    /// The sets so far.
    pub sets: Vec<Set>,
    /// Nodes so far: what the tree takes.
    pub nodes: usize,
}

/// Bytes that a node takes, about.
const NODE_BYTES: usize = 2 * size_of::<Node>();

impl<'a> Reader<'a> {
    /// Of a pattern with so many groups.
    pub fn new(cx: &'a Cx, code: &'a [u32], groups: u32) -> Reader<'a> {
        Reader { cx, code, groups, sets: Vec::new(), nodes: 0 }
    }
    /// The whole pattern.
    pub fn pattern(&mut self) -> Read<Vec<Node>> {
        // What the compiler knows of the pattern stands in front; it is found out again here.
        let from = match self.code {
            [op::INFO, skip, ..] => 1 + *skip as usize,
            _ => 0,
        };
        self.ended(from, self.code.len(), op::SUCCESS)
    }
    fn word(&self, at: usize, end: usize) -> Result<u32, Invalid> {
        if at < end { self.code.get(at).copied().ok_or(Invalid) } else { Err(Invalid) }
    }
    /// The place that a skip leads to, which must not be beyond an end.
    fn target(&self, at: usize, end: usize) -> Result<usize, Invalid> {
        let target = at + self.word(at, end)? as usize;
        if target > at && target <= end { Ok(target) } else { Err(Invalid) }
    }
    /// A sequence that ends with an operator.
    fn ended(&mut self, from: usize, end: usize, with: u32) -> Read<Vec<Node>> {
        let last = end.checked_sub(1).ok_or(Invalid)?;
        if self.word(last, end)? != with || from > last {
            return Err(Refused::Code);
        }
        self.sequence(from, last)
    }
    /// A sequence.
    fn sequence(&mut self, from: usize, end: usize) -> Read<Vec<Node>> {
        self.cx.check_stack()?;
        self.cx.work(1)?;
        let (mut nodes, mut at) = (Vec::new(), from);
        while at < end {
            let (node, next) = self.node(at, end)?;
            self.nodes += 1;
            if self.nodes.is_multiple_of(256) {
                self.cx.work(256)?;
                self.cx.room_for_bytes(self.nodes * NODE_BYTES)?;
            }
            nodes.push(node);
            at = next;
        }
        Ok(nodes)
    }
    /// A node, and where the next one begins.
    fn node(&mut self, at: usize, end: usize) -> Read<(Node, usize)> {
        let op = self.word(at, end)?;
        let one = |test, next| Ok((Node::One(test), next));
        match op {
            op::FAILURE => Ok((Node::Fail, at + 1)),
            op::ANY => one(Test::Any, at + 1),
            op::ANY_ALL => one(Test::All, at + 1),
            op::LITERAL => one(Test::Char(self.word(at + 1, end)?), at + 2),
            op::NOT_LITERAL => one(Test::Not(self.word(at + 1, end)?), at + 2),
            op::LITERAL_IGNORE => self.cased(at, end, Fold::Ascii, false),
            op::LITERAL_LOC_IGNORE => self.cased(at, end, Fold::Locale, false),
            op::LITERAL_UNI_IGNORE => self.cased(at, end, Fold::Unicode, false),
            op::NOT_LITERAL_IGNORE => self.cased(at, end, Fold::Ascii, true),
            op::NOT_LITERAL_LOC_IGNORE => self.cased(at, end, Fold::Locale, true),
            op::NOT_LITERAL_UNI_IGNORE => self.cased(at, end, Fold::Unicode, true),
            op::IN => self.set(at, end, Fold::Exact),
            op::IN_IGNORE => self.set(at, end, Fold::Ascii),
            op::IN_LOC_IGNORE => self.set(at, end, Fold::Locale),
            op::IN_UNI_IGNORE => self.set(at, end, Fold::Unicode),
            op::AT => {
                let place = self.word(at + 1, end)?;
                if place > at::UNI_NON_BOUNDARY { Err(Refused::Code) } else { Ok((Node::At(place), at + 2)) }
            }
            op::MARK => {
                let mark = self.word(at + 1, end)?;
                if mark / 2 >= self.groups { Err(Refused::Code) } else { Ok((Node::Mark(mark), at + 2)) }
            }
            op::BRANCH => self.branch(at, end),
            op::REPEAT_ONE => self.repeat(at, end, Greed::Greedy, true),
            op::MIN_REPEAT_ONE => self.repeat(at, end, Greed::Lazy, true),
            op::POSSESSIVE_REPEAT_ONE => self.repeat(at, end, Greed::Possessive, true),
            op::REPEAT => self.until(at, end),
            op::POSSESSIVE_REPEAT => self.possessive(at, end),
            op::ATOMIC_GROUP => {
                let next = self.target(at + 1, end)?;
                Ok((Node::Atomic(self.ended(at + 2, next, op::SUCCESS)?), next))
            }
            op::ASSERT | op::ASSERT_NOT => {
                let (next, behind) = (self.target(at + 1, end)?, self.word(at + 2, end)?);
                let body = self.ended(at + 3, next, op::SUCCESS)?;
                Ok((Node::Look { behind, negative: op == op::ASSERT_NOT, body }, next))
            }
            op::GROUPREF => self.reference(at, end, Fold::Exact),
            op::GROUPREF_IGNORE => self.reference(at, end, Fold::Ascii),
            op::GROUPREF_LOC_IGNORE => self.reference(at, end, Fold::Locale),
            op::GROUPREF_UNI_IGNORE => self.reference(at, end, Fold::Unicode),
            op::GROUPREF_EXISTS => self.condition(at, end),
            _ => Err(Refused::Code),
        }
    }
    fn add_set(&mut self, set: Set) -> u32 {
        self.sets.push(set);
        self.sets.len() as u32 - 1
    }
    /// A set of one character and those that differ in case, or of all others.
    fn cased(&mut self, at: usize, end: usize, fold: Fold, negative: bool) -> Read<(Node, usize)> {
        let c = self.word(at + 1, end)?;
        let mut items = vec![Item::Char(c)];
        if fold == Fold::Locale {
            items.push(Item::Char(fold.lower(c)));
        }
        let set = self.add_set(Set::new(items, fold, negative));
        Ok((Node::One(Test::In(set)), at + 2))
    }
    /// A set that is spelled out.
    fn set(&mut self, at: usize, end: usize, fold: Fold) -> Read<(Node, usize)> {
        let next = self.target(at + 1, end)?;
        self.cx.work(64 + (next - at) as u64)?;
        let (mut items, mut at) = (Vec::new(), at + 2);
        loop {
            let (op, first) = (self.word(at, next)?, at + 1);
            at = match op {
                op::FAILURE => break,
                op::NEGATE => {
                    items.push(Item::Negate);
                    first
                }
                op::LITERAL => {
                    items.push(Item::Char(self.word(first, next)?));
                    first + 1
                }
                op::RANGE | op::RANGE_UNI_IGNORE => {
                    let (from, to) = (self.word(first, next)?, self.word(first + 1, next)?);
                    items.push(if op == op::RANGE { Item::Range(from, to) } else { Item::RangeIgnore(from, to) });
                    first + 2
                }
                op::CATEGORY => {
                    let number = self.word(first, next)?;
                    if number > category::UNI_NOT_LINEBREAK {
                        return Err(Refused::Code);
                    }
                    items.push(Item::Category(number));
                    first + 1
                }
                op::CHARSET => {
                    items.push(Item::Bits(self.bits(first, next)?));
                    first + 8
                }
                op::BIGCHARSET => {
                    let (item, behind) = self.blocks(first, next)?;
                    items.push(item);
                    behind
                }
                _ => return Err(Refused::Code),
            };
        }
        if at + 1 != next {
            return Err(Refused::Code);
        }
        let set = self.add_set(Set::new(items, fold, false));
        if self.sets.len().is_multiple_of(64) {
            self.cx.room_for_bytes(self.sets.len() * size_of::<Set>())?;
        }
        Ok((Node::One(Test::In(set)), next))
    }
    fn bits(&self, at: usize, end: usize) -> Result<[u32; 8], Invalid> {
        let words = self.code.get(at..at + 8).filter(|_| at + 8 <= end);
        words.and_then(|words| words.try_into().ok()).ok_or(Invalid)
    }
    /// A set of many blocks: how many, the index as bytes, the blocks.
    fn blocks(&self, at: usize, end: usize) -> Result<(Item, usize), Invalid> {
        let (count, mut index) = (self.word(at, end)? as usize, Box::new([0; 256]));
        for (word, place) in index.chunks_exact_mut(4).enumerate() {
            place.copy_from_slice(&self.word(at + 1 + word, end)?.to_le_bytes());
        }
        if count > 256 || index.iter().any(|block| usize::from(*block) >= count) {
            return Err(Invalid);
        }
        let blocks: Result<Vec<_>, _> = (0..count).map(|n| self.bits(at + 65 + 8 * n, end)).collect();
        Ok((Item::Blocks(index, blocks?), at + 65 + 8 * count))
    }
    fn branch(&mut self, at: usize, end: usize) -> Read<(Node, usize)> {
        let (mut arms, mut at, mut behind) = (Vec::new(), at + 1, None);
        while self.word(at, end)? != op::FAILURE {
            let next = self.target(at, end)?;
            // An arm ends with a jump behind the last one.
            let jump = next.checked_sub(2).filter(|jump| *jump > at).ok_or(Invalid)?;
            let target = self.target(jump + 1, end)?;
            if self.word(jump, end)? != op::JUMP || *behind.get_or_insert(target) != target {
                return Err(Refused::Code);
            }
            arms.push(self.sequence(at + 1, jump)?);
            at = next;
        }
        match behind {
            Some(target) if target == at + 1 => Ok((Node::Branch(arms), target)),
            _ => Err(Refused::Code),
        }
    }
    fn bounds(&self, at: usize, end: usize) -> Result<(u32, u32), Invalid> {
        let (min, max) = (self.word(at, end)?, self.word(at + 1, end)?);
        if min <= max { Ok((min, max)) } else { Err(Invalid) }
    }
    /// A repeat of one character.
    fn repeat(&mut self, at: usize, end: usize, greed: Greed, single: bool) -> Read<(Node, usize)> {
        let next = self.target(at + 1, end)?;
        let (min, max) = self.bounds(at + 2, next)?;
        let body = self.ended(at + 4, next, op::SUCCESS)?;
        if single && !matches!(body[..], [Node::One(_) | Node::Fail]) {
            return Err(Refused::Code);
        }
        Ok((Node::Repeat { min, max, greed, body }, next))
    }
    fn possessive(&mut self, at: usize, end: usize) -> Read<(Node, usize)> {
        // The skip leads to the operator at the end.
        let last = self.target(at + 1, end)?;
        let (min, max) = self.bounds(at + 2, last)?;
        let body = self.ended(at + 4, last + 1, op::SUCCESS)?;
        Ok((Node::Repeat { min, max, greed: Greed::Possessive, body }, last + 1))
    }
    fn until(&mut self, at: usize, end: usize) -> Read<(Node, usize)> {
        let last = self.target(at + 1, end)?;
        let (min, max) = self.bounds(at + 2, last)?;
        let greed = match self.word(last, end)? {
            op::MAX_UNTIL => Greed::Greedy,
            op::MIN_UNTIL => Greed::Lazy,
            _ => return Err(Refused::Code),
        };
        let body = self.sequence(at + 4, last)?;
        Ok((Node::Repeat { min, max, greed, body }, last + 1))
    }
    fn reference(&mut self, at: usize, end: usize, fold: Fold) -> Read<(Node, usize)> {
        let group = self.word(at + 1, end)?;
        if group >= self.groups { Err(Refused::Code) } else { Ok((Node::Ref { group, fold }, at + 2)) }
    }
    fn condition(&mut self, at: usize, end: usize) -> Read<(Node, usize)> {
        let group = self.word(at + 1, end)?;
        // The skip is told from the word in front of it.
        let no = at + 1 + self.word(at + 2, end)? as usize;
        if group >= self.groups || no < at + 3 || no > end {
            return Err(Refused::Code);
        }
        // With another way to go, the first one ends with a jump over it.
        let jump = no.checked_sub(2).filter(|jump| *jump >= at + 3);
        if let Some(jump) = jump
            && self.word(jump, end)? == op::JUMP
            && let Ok(behind) = self.target(jump + 1, end)
            && behind >= no
            && let Ok(yes) = self.sequence(at + 3, jump)
        {
            let no = self.sequence(no, behind)?;
            return Ok((Node::If { group, yes, no }, behind));
        }
        Ok((Node::If { group, yes: self.sequence(at + 3, no)?, no: Vec::new() }, no))
    }
}
