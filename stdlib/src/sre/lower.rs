//! From the tree of a pattern to its program.

use ryokan_vm::native::*;

use super::chars::{Fold, Item, Literal, Set};
use super::codes::{FOREVER, at, category};
use super::program::{Branch, First, Next, Op, Program, Start};
use super::tree::{Greed, Node, Test};

/// How many nodes are looked at for what a sequence begins with.
const LOOK_AHEAD: usize = 64;
/// How deep.
const DEPTH: u32 = 24;

/// Makes a program.
pub struct Lowering<'a> {
    cx: &'a Cx,
    program: Program,
    /// Whether where a match began is asked for later: by a reference to a group.
    looks_back: bool,
    /// The sets of `\w`, of ASCII and of Unicode, once they are wanted.
    words: [Option<u32>; 2],
    /// How many tables there may be until memory is asked for.
    room: usize,
}

/// Something that may be long is lowered.
type Done = Res<()>;

/// The program of a tree.
pub fn lower(cx: &Cx, tree: &[Node], sets: Vec<Set>, groups: u32, print: u64) -> Res<Program> {
    let marks = groups as usize * 2;
    let program = Program {
        ops: Vec::new(),
        sets,
        texts: Vec::new(),
        branches: Vec::new(),
        firsts: Vec::new(),
        slots: marks,
        marks,
        start: Start::Anywhere,
        least: 0,
        print,
    };
    let mut this = Lowering { cx, program, looks_back: false, words: [None; 2], room: 512 };
    this.looks_back = refers(cx, tree)?;
    this.sequence(tree, &First::ANY)?;
    this.emit(Op::Accept);
    this.program.least = least(cx, tree)? as usize;
    this.begin(tree)?;
    this.program.trim();
    Ok(this.program)
}

/// Whether something refers to a group.
fn refers(cx: &Cx, nodes: &[Node]) -> Res<bool> {
    cx.check_stack()?;
    for node in nodes {
        let found = match node {
            Node::Ref { .. } => true,
            Node::If { .. } => true,
            Node::Branch(arms) => {
                let mut any = false;
                for arm in arms {
                    any |= refers(cx, arm)?;
                }
                any
            }
            Node::Repeat { body, .. } | Node::Look { body, .. } | Node::Atomic(body) => refers(cx, body)?,
            _ => false,
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// How many characters a sequence takes at least.
fn least(cx: &Cx, nodes: &[Node]) -> Res<u64> {
    cx.check_stack()?;
    let mut sum = 0_u64;
    for node in nodes {
        let width = match node {
            Node::One(_) => 1,
            Node::Branch(arms) => {
                let mut fewest = u64::MAX;
                for arm in arms {
                    fewest = fewest.min(least(cx, arm)?);
                }
                fewest
            }
            Node::Repeat { min, body, .. } => least(cx, body)?.saturating_mul(u64::from(*min)),
            Node::Atomic(body) => least(cx, body)?,
            Node::If { yes, no, .. } => least(cx, yes)?.min(least(cx, no)?),
            _ => 0,
        };
        sum = sum.saturating_add(width);
    }
    Ok(sum.min(u64::from(u32::MAX)))
}

impl Lowering<'_> {
    fn emit(&mut self, op: Op) -> usize {
        self.program.ops.push(op);
        self.program.ops.len() - 1
    }
    fn here(&self) -> u32 {
        self.program.ops.len() as u32
    }
    /// So many registers.
    fn slots(&mut self, count: usize) -> u32 {
        self.program.slots += count;
        (self.program.slots - count) as u32
    }
    fn text(&mut self, chars: Vec<u32>) -> u32 {
        self.program.texts.push(Literal::new(chars));
        self.program.texts.len() as u32 - 1
    }
    /// The set of `\w`.
    fn word(&mut self, unicode: bool) -> u32 {
        if let Some(set) = self.words[usize::from(unicode)] {
            return set;
        }
        let number = if unicode { category::UNI_WORD } else { category::WORD };
        self.program.sets.push(Set::new(vec![Item::Category(number)], Fold::Exact, false));
        let set = self.program.sets.len() as u32 - 1;
        self.words[usize::from(unicode)] = Some(set);
        set
    }

    // ---- what something begins with ----------------------------------------------------------------------------------

    fn first_of_test(&self, test: Test) -> First {
        let mut first = First { high: true, ..First::NONE };
        match test {
            Test::All => first.low = [true; 256],
            Test::Any => {
                first.low = [true; 256];
                first.low[usize::from(b'\n')] = false;
            }
            Test::Char(c) => {
                first.high = c > 255;
                if let Ok(c) = u8::try_from(c) {
                    first.low[usize::from(c)] = true;
                }
            }
            Test::Not(c) => {
                first.low = [true; 256];
                if let Ok(c) = u8::try_from(c) {
                    first.low[usize::from(c)] = false;
                }
            }
            Test::In(set) => {
                let set = &self.program.sets[set as usize];
                first.low = set.low;
                first.high = !set.is_low();
            }
        }
        first
    }
    /// What a sequence may begin with, and what follows it.
    fn first(&self, nodes: &[Node], follow: &First, depth: u32) -> First {
        let mut first = First::NONE;
        if depth > DEPTH {
            return First::ANY;
        }
        for (at, node) in nodes.iter().enumerate() {
            if at > LOOK_AHEAD {
                return First::ANY;
            }
            let mut one = self.first_of_node(node, depth);
            let goes_on = std::mem::take(&mut one.empty);
            first.add(&one);
            if !goes_on {
                return first;
            }
        }
        first.add(follow);
        first
    }
    /// The same of a node; `empty` if it may take nothing.
    fn first_of_node(&self, node: &Node, depth: u32) -> First {
        let nothing = First { empty: true, ..First::NONE };
        let own = |body: &[Node]| self.first(body, &nothing, depth + 1);
        match node {
            Node::Fail => First::NONE,
            Node::One(test) => self.first_of_test(*test),
            Node::At(_) | Node::Mark(_) | Node::Look { .. } => nothing,
            Node::Branch(arms) => {
                let mut first = First::NONE;
                if arms.len() > LOOK_AHEAD * 16 || depth > DEPTH {
                    return First::ANY;
                }
                arms.iter().for_each(|arm| first.add(&own(arm)));
                first
            }
            Node::Repeat { min, max, body, .. } => {
                let mut first = if *max == 0 { nothing.clone() } else { own(body) };
                first.empty |= *min == 0;
                first
            }
            Node::Atomic(body) => own(body),
            Node::Ref { .. } => First::ANY,
            Node::If { yes, no, .. } => {
                let mut first = own(yes);
                first.add(&own(no));
                first
            }
        }
    }
    /// What is known of what follows a repeated test.
    fn next(&mut self, test: Test, follow: &First, opens: bool) -> Next {
        if follow.empty {
            return Next::Open;
        }
        let own = self.first_of_test(test);
        let common = own.low.iter().zip(&follow.low).any(|(a, b)| *a && *b) || (own.high && follow.high);
        if !common {
            return if opens { Next::OtherFirst } else { Next::Other };
        }
        let mut chars = (0..256).filter(|c| follow.low[*c as usize]);
        match (chars.next(), chars.next(), follow.high) {
            (Some(only), None, false) => Next::Char(only),
            _ => {
                self.program.firsts.push(follow.clone());
                Next::In(self.program.firsts.len() as u32 - 1)
            }
        }
    }

    // ---- nodes -------------------------------------------------------------------------------------------------------

    fn sequence(&mut self, nodes: &[Node], follow: &First) -> Done {
        self.cx.check_stack()?;
        self.cx.work(1)?;
        let mut at = 0;
        while at < nodes.len() {
            let run = nodes[at..].iter().take_while(|node| matches!(node, Node::One(Test::Char(_)))).count();
            if run > 1 {
                let chars = nodes[at..at + run].iter().map(|node| match node {
                    Node::One(Test::Char(c)) => *c,
                    _ => 0,
                });
                let text = self.text(chars.collect());
                self.emit(Op::Text(text));
                at += run;
                continue;
            }
            self.node(&nodes[at], &nodes[at + 1..], follow)?;
            at += 1;
        }
        self.ask_for_room()
    }
    /// Asks for the memory that tables take, now and then.
    fn ask_for_room(&mut self) -> Done {
        let tables = self.program.branches.len() * 8 + self.program.firsts.len();
        if tables < self.room {
            return Ok(());
        }
        self.room = tables + 512;
        self.cx.room_for_bytes(self.room * size_of::<First>())
    }
    fn node(&mut self, node: &Node, rest: &[Node], follow: &First) -> Done {
        match node {
            Node::Fail => drop(self.emit(Op::Fail)),
            Node::One(test) => drop(self.emit(Op::One(*test))),
            Node::At(place) => self.place(*place),
            Node::Mark(mark) => drop(self.emit(Op::Mark(*mark))),
            Node::Branch(arms) => self.branch(arms, &self.first(rest, follow, 0))?,
            Node::Repeat { min, max, greed, body } => {
                self.repeat((*min, *max), *greed, body, rest, follow)?;
            }
            Node::Look { behind, negative, body } => self.look(*behind, *negative, body)?,
            Node::Atomic(body) => {
                let slot = self.slots(1);
                self.emit(Op::Atomic { slot });
                // What follows has no say in what is taken once and for all.
                self.sequence(body, &First::ANY)?;
                self.emit(Op::Done { slot });
            }
            Node::Ref { group, fold } => drop(self.emit(Op::Ref { group: *group, fold: *fold })),
            Node::If { group, yes, no } => {
                let next = self.first(rest, follow, 0);
                let choice = self.emit(Op::If { group: *group, no: 0 });
                self.sequence(yes, &next)?;
                let jump = self.emit(Op::Jump(0));
                self.program.ops[choice] = Op::If { group: *group, no: self.here() };
                self.sequence(no, &next)?;
                self.program.ops[jump] = Op::Jump(self.here());
            }
        }
        Ok(())
    }
    fn place(&mut self, place: u32) {
        let op = match place {
            at::BEGINNING | at::BEGINNING_STRING => Op::Begin,
            at::BEGINNING_LINE => Op::BeginLine,
            at::END => Op::EndOrNewline,
            at::END_LINE => Op::EndLine,
            at::END_STRING => Op::End,
            boundary => {
                let unicode = boundary >= at::UNI_BOUNDARY;
                let negative = matches!(boundary, at::NON_BOUNDARY | at::LOC_NON_BOUNDARY | at::UNI_NON_BOUNDARY);
                Op::Boundary { set: self.word(unicode), negative }
            }
        };
        self.emit(op);
    }
    fn look(&mut self, behind: u32, negative: bool, body: &[Node]) -> Done {
        let slot = self.slots(1);
        let look = self.emit(if negative {
            Op::LookNot { slot, behind, after: 0 }
        } else {
            Op::Look { slot, behind }
        });
        self.sequence(body, &First::ANY)?;
        self.emit(if negative { Op::SeenNot { slot } } else { Op::Seen { slot } });
        if negative {
            self.program.ops[look] = Op::LookNot { slot, behind, after: self.here() };
        }
        Ok(())
    }
    /// At most 64 arms in one table; the others are a branch in its last arm.
    fn branch(&mut self, arms: &[Vec<Node>], follow: &First) -> Done {
        let (mut jumps, mut rest) = (Vec::new(), arms);
        loop {
            let (here, others) = if rest.len() > 64 { rest.split_at(63) } else { rest.split_at(rest.len()) };
            let mut table =
                Branch { arms: Vec::new(), low: Box::new([0; 256]), high: 0, end: 0 };
            let number = self.program.branches.len();
            for (at, arm) in here.iter().enumerate() {
                self.cx.work(16)?;
                add_arm(&mut table, at, &self.first(arm, follow, 0));
            }
            if !others.is_empty() {
                add_arm(&mut table, here.len(), &First::ANY);
            }
            self.program.branches.push(table);
            self.emit(Op::Branch(number as u32));
            for arm in here {
                let begins = self.here();
                self.program.branches[number].arms.push(begins);
                self.sequence(arm, follow)?;
                jumps.push(self.emit(Op::Jump(0)));
            }
            if others.is_empty() {
                break;
            }
            let begins = self.here();
            self.program.branches[number].arms.push(begins);
            rest = others;
        }
        let behind = self.here();
        jumps.into_iter().for_each(|jump| self.program.ops[jump] = Op::Jump(behind));
        Ok(())
    }
    fn repeat(
        &mut self,
        (min, max): (u32, u32),
        greed: Greed,
        body: &[Node],
        rest: &[Node],
        follow: &First,
    ) -> Done {
        if let [Node::One(test)] = body {
            let after = self.first(rest, follow, 0);
            return self.repeat_one((min, max), greed, *test, rest, &after);
        }
        let slot = self.slots(if greed == Greed::Possessive { 3 } else { 2 });
        self.emit(Op::Enter { slot });
        let again = self.emit(Op::Fail);
        let exit = self.emit(Op::Jump(0));
        let begins = self.here();
        // What follows a turn is another turn, or what follows the loop; it has no say in turns that are kept.
        let mut next = First::ANY;
        if greed != Greed::Possessive {
            next = self.first(rest, follow, 0);
            next.add(&self.first(body, &First::ANY, 0));
        }
        self.sequence(body, &next)?;
        let turn = match greed {
            Greed::Greedy => Op::Again { slot, body: begins, min, max },
            Greed::Lazy => Op::Until { slot, body: begins, min, max },
            Greed::Possessive => Op::Keep { slot, body: begins, min, max },
        };
        self.emit(match greed {
            Greed::Possessive => Op::Kept { slot, again: again as u32 },
            _ => Op::Jump(again as u32),
        });
        self.program.ops[again] = turn;
        self.program.ops[exit] = Op::Jump(self.here());
        Ok(())
    }
    fn repeat_one(
        &mut self,
        (min, max): (u32, u32),
        greed: Greed,
        test: Test,
        rest: &[Node],
        after: &First,
    ) -> Done {
        // A test that opens the pattern, repeated without an end: a match that fails behind it fails for all that begin within.
        let opens = self.program.ops.iter().all(|op| matches!(op, Op::Mark(_)))
            && min > 0
            && max == FOREVER
            && !self.looks_back;
        let next = match greed {
            Greed::Possessive => Next::Other,
            Greed::Greedy if min > 0 && self.ends_a_word(test, rest) => Next::Other,
            Greed::Greedy => self.next(test, after, opens),
            Greed::Lazy => match self.next(test, after, false) {
                // What does not stop at the next thing never does: that is found by the test itself.
                Next::Other => self.next_as_it_is(after),
                next => next,
            },
        };
        self.emit(match greed {
            Greed::Lazy => Op::Few { test, min, max, next },
            _ => Op::Many { test, min, max, next },
        });
        Ok(())
    }
    fn next_as_it_is(&mut self, after: &First) -> Next {
        self.program.firsts.push(after.clone());
        Next::In(self.program.firsts.len() as u32 - 1)
    }
    /// Whether characters of words are repeated, and a boundary of the same kind of words follows: all of a word is taken then.
    fn ends_a_word(&mut self, test: Test, rest: &[Node]) -> bool {
        let unicode = match rest.first() {
            Some(Node::At(at::BOUNDARY | at::LOC_BOUNDARY)) => false,
            Some(Node::At(at::UNI_BOUNDARY)) => true,
            _ => return false,
        };
        let own = self.first_of_test(test);
        let word = self.word(unicode);
        let set = &self.program.sets[word as usize];
        // Of the characters above 255 it is known of one set alone.
        let high = !own.high
            || matches!(test, Test::In(number) if unicode && self.program.sets[number as usize].is_unicode_word());
        high && own.low.iter().zip(&set.low).all(|(a, b)| !*a || *b)
    }

    // ---- where a match begins ----------------------------------------------------------------------------------------

    fn begin(&mut self, tree: &[Node]) -> Done {
        let bare: Vec<&Node> = tree.iter().skip_while(|node| matches!(node, Node::Mark(_))).collect();
        if matches!(bare.first(), Some(Node::At(at::BEGINNING | at::BEGINNING_STRING))) {
            self.program.start = Start::Begin;
            return Ok(());
        }
        if let Some(Node::Look { behind, negative: false, body }) = bare.first() {
            let chars = body.iter().map_while(|node| match node {
                Node::One(Test::Char(c)) => Some(*c),
                _ => None,
            });
            let chars: Vec<u32> = chars.collect();
            if !chars.is_empty() && chars.len() == body.len() && chars.len() == *behind as usize {
                self.program.start = Start::Behind(self.text(chars));
                return Ok(());
            }
        }
        let mut chars: Vec<u32> = Vec::new();
        for node in tree {
            match node {
                Node::One(Test::Char(c)) => chars.push(*c),
                Node::Mark(_) => {}
                _ => break,
            }
        }
        let whole = chars.len() == tree.len();
        if !chars.is_empty() {
            let text = self.text(chars);
            self.program.start = Start::Text { text, whole };
            return Ok(());
        }
        let first = self.first(tree, &First::ANY, 0);
        if first.empty || (first.high && first.low.iter().all(|may| *may)) {
            return Ok(());
        }
        let low: Vec<u8> = (0..=255).filter(|c| first.low[usize::from(*c)]).collect();
        self.program.firsts.push(first);
        let set = self.program.firsts.len() as u32 - 1;
        self.program.start = match low[..] {
            [a] => Start::Bytes { bytes: [a, a, a], set },
            [a, b] => Start::Bytes { bytes: [a, b, b], set },
            [a, b, c] => Start::Bytes { bytes: [a, b, c], set },
            _ => Start::In(set),
        };
        Ok(())
    }
}

/// Adds what an arm may begin with to a table.
fn add_arm(table: &mut Branch, at: usize, first: &First) {
    let bit = 1_u64 << at;
    for (mask, may) in table.low.iter_mut().zip(&first.low) {
        if *may || first.empty {
            *mask |= bit;
        }
    }
    if first.high || first.empty {
        table.high |= bit;
    }
    if first.empty {
        table.end |= bit;
    }
}
