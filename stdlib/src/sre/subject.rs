//! What is searched, and runs of the machine over it.

use std::rc::Rc;

use ryokan_vm::native::*;

use super::engine::{BUDGET, Machine, Outcome};
use super::pattern::{Kind, Pattern};
use super::program::{NOWHERE, Program};

/// What is searched: the characters of a str, or bytes, which are lent as long as this is held.
pub enum Subject {
    /// A str.
    Text(Str),
    /// A bytes object.
    Bytes(Bytes),
    /// Other bytes.
    Lent(Buffer),
}

impl Subject {
    /// Of a value. Runs Python; `TypeError` if it is none, or not of the kind that a pattern searches.
    pub fn of(cx: &Cx, value: &Value, kind: Kind) -> Res<Subject> {
        let subject = if let Some(text) = Str::of(value) {
            Subject::Text(text)
        } else if let Some(bytes) = Bytes::exact(value) {
            Subject::Bytes(bytes)
        } else {
            Subject::Lent(lent(cx, value)?)
        };
        match (kind, subject.is_text()) {
            (Kind::Text, false) => Err(cx.type_error("cannot use a string pattern on a bytes-like object")),
            (Kind::Bytes, true) => Err(cx.type_error("cannot use a bytes pattern on a string-like object")),
            _ => Ok(subject),
        }
    }
    /// Whether it is a str.
    pub fn is_text(&self) -> bool {
        matches!(self, Subject::Text(_))
    }
    /// How many characters or bytes there are.
    pub fn len(&self) -> usize {
        match self {
            Subject::Text(text) => text.len(),
            Subject::Bytes(bytes) => bytes.as_slice().len(),
            Subject::Lent(buffer) => buffer.len(),
        }
    }
    /// Looks at the characters. No Python may run meanwhile.
    #[inline]
    fn look<R>(&self, look: impl FnOnce(Chars) -> R) -> R {
        match self {
            Subject::Text(text) => look(text.chars()),
            Subject::Bytes(bytes) => look(Chars::One(bytes.as_slice())),
            Subject::Lent(buffer) => buffer.read(|bytes| look(Chars::One(bytes))),
        }
    }
    /// A part, as a str or as bytes; what would lie behind the end is left out.
    pub fn slice(&self, cx: &Cx, start: usize, end: usize) -> Res {
        let len = self.len();
        let (start, end) = (start.min(len), end.min(len).max(start.min(len)));
        match self {
            Subject::Text(text) => text.slice(cx, start, end),
            Subject::Bytes(bytes) if start == 0 && end == len => Ok(bytes.value().clone()),
            Subject::Bytes(bytes) => bytes.as_slice()[start..end].into_value(cx),
            Subject::Lent(buffer) => {
                // Memory is taken before the bytes are looked at.
                let mut out = ByteWriter::zeros(cx, end - start)?;
                buffer.read(|bytes| {
                    if let Some(part) = bytes.get(start..end) {
                        out.as_mut_slice().copy_from_slice(part);
                    }
                });
                out.finish()
            }
        }
    }
    /// Adds a part to bytes or to a str that are written.
    pub fn add_to(&self, cx: &Cx, out: &mut Out, start: usize, end: usize) -> Res<()> {
        match (self, out) {
            (Subject::Text(text), Out::Text(out)) => out.push_chars(text.chars().slice(start, end)),
            (Subject::Bytes(bytes), Out::Bytes(out)) => out.push(&bytes.as_slice()[start..end]),
            (_, out) => out.add(cx, &self.slice(cx, start, end)?),
        }
    }
    /// Nothing, as a str or as bytes.
    pub fn nothing(&self, cx: &Cx) -> Res {
        if self.is_text() { "".into_value(cx) } else { (&[][..]).into_value(cx) }
    }
}

/// The bytes of a value.
pub fn lent(cx: &Cx, value: &Value) -> Res<Buffer> {
    Buffer::of(cx, value).or_else(|raised| {
        drop(cx.catch(raised, "TypeError")?);
        let kind = cx.type_name(value);
        Err(cx.type_error(format_args!("expected string or bytes-like object, got '{kind}'")))
    })
}

/// A result that is written piece by piece.
pub enum Out<'a> {
    /// A str.
    Text(StrWriter<'a>),
    /// Bytes.
    Bytes(ByteWriter<'a>),
    /// Pieces of whatever type, which are joined in the end.
    Pieces(List),
}

impl Out<'_> {
    /// Adds a piece.
    pub fn add(&mut self, cx: &Cx, piece: &Value) -> Res<()> {
        match self {
            Out::Text(out) => out.push_value(piece),
            Out::Bytes(out) => Bytes::of(piece).map_or(Ok(()), |bytes| out.push(bytes.as_slice())),
            Out::Pieces(list) => list.push(cx, piece),
        }
    }
    /// What was written. Runs Python; `TypeError` if a piece cannot be joined.
    pub fn finish(self, cx: &Cx, subject: &Subject) -> Res {
        match self {
            Out::Text(out) => out.finish(),
            Out::Bytes(out) => out.finish(),
            Out::Pieces(list) => cx.call_method(&subject.nothing(cx)?, "join", (list,)),
        }
    }
}

/// How a pattern is tried.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// At every place from the first one on.
    Search,
    /// At the first place.
    Here,
}

native_state! {
    /// A machine that nobody uses, for the next run.
    pub struct Spare { machine: Own<Option<Machine>> }
}

/// A spare machine keeps a stack of at most so many choices.
const SPARE_CHOICES: usize = 1024;

/// A pattern at work on a subject.
pub struct Run<'a> {
    cx: &'a Cx,
    /// The pattern's program.
    pub program: Rc<Program>,
    /// The subject.
    pub subject: Subject,
    machine: Machine,
    /// Where the search began.
    pub pos: usize,
    /// Where the subject ends, as the caller sees it.
    pub end: usize,
}

impl<'a> Run<'a> {
    /// Of a pattern over a value, between two places. Runs Python; `TypeError`.
    pub fn new(cx: &'a Cx, pattern: &Pattern, string: &Value, pos: i64, endpos: i64) -> Res<Run<'a>> {
        let subject = Subject::of(cx, string, pattern.kind())?;
        let len = subject.len() as i64;
        let (pos, end) = (pos.clamp(0, len) as usize, endpos.clamp(0, len) as usize);
        let program = pattern.program(cx)?;
        let spare = cx.state::<Spare>()?.machine.with(cx, Option::take)?;
        let mut machine = match spare {
            Some(machine) => machine,
            None => Machine::new(cx)?,
        };
        cx.reserve(&mut machine.slots, program.slots)?;
        machine.slots.clear();
        machine.slots.resize(program.slots, NOWHERE);
        (machine.start, machine.must_advance, machine.whole) = (pos, false, false);
        Ok(Run { cx, program, subject, machine, pos, end })
    }
    /// The match must reach the end.
    pub fn whole(mut self) -> Self {
        self.machine.whole = true;
        self
    }
    /// Goes on where another run has stopped.
    pub fn resume(&mut self, start: usize, must_advance: bool) {
        (self.machine.start, self.machine.must_advance) = (start, must_advance);
    }
    /// Finds the next match. Runs Python (a handler of a signal); `MemoryError`, and what [`Cx::work`] raises.
    pub fn find(&mut self, how: How) -> Res<bool> {
        if self.pos > self.end {
            return Ok(false);
        }
        self.machine.reset();
        loop {
            self.machine.budget = BUDGET;
            let (machine, program, end) = (&mut self.machine, &*self.program, self.end);
            let outcome = self.subject.look(|chars| {
                let end = end.min(chars.len());
                match (chars, how) {
                    (Chars::One(units), How::Search) => machine.search(program, &units[..end]),
                    (Chars::Two(units), How::Search) => machine.search(program, &units[..end]),
                    (Chars::Four(units), How::Search) => machine.search(program, &units[..end]),
                    (Chars::One(units), How::Here) => machine.try_here(program, &units[..end]),
                    (Chars::Two(units), How::Here) => machine.try_here(program, &units[..end]),
                    (Chars::Four(units), How::Here) => machine.try_here(program, &units[..end]),
                }
            });
            self.cx.work((BUDGET - self.machine.budget) as u64 / 2 + 1)?;
            match outcome {
                Outcome::Matched => return Ok(true),
                Outcome::Failed => return Ok(false),
                Outcome::Paused => {}
                Outcome::Full => {
                    let more = self.machine.stack.capacity().max(64);
                    self.cx.reserve(&mut self.machine.stack, more)?;
                }
            }
        }
    }
    /// Where the match begins and ends.
    #[inline]
    pub fn span(&self) -> (usize, usize) {
        (self.machine.start, self.machine.at)
    }
    /// Where a group (from 0, the first one) begins and ends, if it has matched.
    #[inline]
    pub fn group(&self, group: usize) -> Option<(usize, usize)> {
        let places = (self.machine.slots[group * 2], self.machine.slots[group * 2 + 1]);
        (places.0 != NOWHERE && places.1 != NOWHERE).then_some(places)
    }
    /// How many groups there are.
    pub fn groups(&self) -> usize {
        self.program.marks / 2
    }
    /// The places of groups.
    pub fn marks(&self) -> &[usize] {
        &self.machine.slots[..self.program.marks]
    }
    /// The number of the group that was closed last, from 1; 0 if there is none.
    pub fn last(&self) -> u32 {
        self.machine.last
    }
    /// What comes next begins where the match ended, and is not empty if that was.
    pub fn advance(&mut self) {
        self.machine.must_advance = self.machine.at == self.machine.start;
        self.machine.start = self.machine.at;
    }
    /// Where the next attempt begins, and whether it must not be empty.
    pub fn next(&self) -> (usize, bool) {
        (self.machine.start, self.machine.must_advance)
    }
    /// The text of the match.
    pub fn text(&self) -> Res {
        let (start, end) = self.span();
        self.subject.slice(self.cx, start, end)
    }
    /// Lets the machine go, for others to use.
    pub fn end(mut self) -> Res<()> {
        if self.machine.stack.capacity() > SPARE_CHOICES || self.machine.slots.capacity() > SPARE_CHOICES {
            return Ok(());
        }
        self.machine.stack.clear();
        let machine = self.machine;
        self.cx.state::<Spare>()?.machine.with(self.cx, |spare| *spare = Some(machine))
    }
}
