//! A parser: what it has read so far, and what comes next. It gives one event after the other and runs nothing of Python's; who dispatches
//! them may change it between two.

use std::collections::VecDeque;
use std::rc::Rc;

use ryokan_vm::native::*;

use super::dtd::{Account, Dtd, Shared};
use super::errors::Code;
use super::events::{Event, Queued, Wants};
use super::input::{Encoding, Input, Pos};
use super::namespaces::Namespaces;
use super::{chars, prolog, scan};

/// What is being read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Nothing yet: the encoding is looked for.
    Start,
    /// Where `<?xml` may stand.
    First,
    Prolog,
    /// Between `[` and `]` of a document type.
    Subset,
    /// Behind `]`, before `>`.
    SubsetEnd,
    Content,
    Cdata,
    Epilog,
    /// A section that is left out.
    Ignored,
    Finished,
}

/// Whose text it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    Document,
    /// Of an external entity in content.
    General,
    /// Of an external parameter entity, or the external subset.
    Param,
}

/// An internal entity that is being read.
pub struct Frame {
    pub name: Rc<str>,
    pub text: Rc<str>,
    pub at: usize,
    pub param: bool,
    /// How many elements, or sections, were open where it began.
    pub level: usize,
}

/// An open element: its name as it stands there, as it is told, and how many bindings there were before it.
pub struct Tag {
    pub raw: Rc<str>,
    pub name: String,
    pub bindings: usize,
}

/// What goes on when a handler has answered.
#[derive(Clone, Debug)]
pub enum Pending {
    NotStandalone,
    /// The external subset was asked for: whether parameter entities were referred to before, and whether the document names it.
    Subset {
        had: bool,
        named: bool,
    },
    Param(Rc<str>),
    General,
}

/// How parameter entities are treated.
pub const NEVER: i32 = 0;
pub const UNLESS_STANDALONE: i32 = 1;

pub struct Machine {
    pub input: Input,
    pub phase: Phase,
    pub role: Role,
    pub frames: Vec<Frame>,
    pub tags: Vec<Tag>,
    pub namespaces: Option<Namespaces>,
    pub dtd: Shared,
    pub account: Rc<Account>,
    events: VecDeque<Queued>,
    pub pending: VecDeque<Pending>,
    /// Where the event stands that was given last.
    pub event: Pos,
    pub base: Option<String>,
    /// The encoding was told from outside.
    pub protocol: Option<String>,
    pub last: bool,
    pub failed: Option<Code>,
    pub started: bool,
    pub param_parsing: i32,
    pub foreign_dtd: bool,
    /// The document type: its name; whether a system identifier was told.
    pub doctype: Option<(String, Option<super::events::Ids>)>,
    /// Sections that are included and open.
    pub sections: usize,
    pub deferral: bool,
    before: usize,
    /// The encoding that it turns out to be.
    switch: Option<Encoding>,
    /// What is wrong, and where, as soon as all events before it are told.
    fault: Option<(Code, Pos)>,
    /// Where the last error stands in the text that is read.
    pub failed_at: usize,
    /// The entity that is declared was declared before.
    pub again: bool,
    /// Where the end of the document is told to be missing, if not behind all that was fed.
    pub end_at: Option<Pos>,
    /// How long the value of an attribute or an entity may become.
    pub most: usize,
    /// Where the last token began, as `Input::used` counts.
    token: usize,
    /// Bytes that are kept and not charged yet.
    pub owed: usize,
    charges: Vec<Charge>,
}

impl Machine {
    pub fn new(cx: &Cx, protocol: Option<String>, namespaces: Option<Namespaces>) -> Res<Machine> {
        Ok(Machine {
            input: Input::new(cx, Encoding::Utf8)?,
            phase: Phase::Start,
            role: Role::Document,
            frames: Vec::new(),
            tags: Vec::new(),
            namespaces,
            dtd: Shared::default(),
            account: Rc::default(),
            events: VecDeque::new(),
            pending: VecDeque::new(),
            event: Pos::default(),
            base: None,
            protocol,
            last: false,
            failed: None,
            started: false,
            param_parsing: NEVER,
            foreign_dtd: false,
            doctype: None,
            sections: 0,
            deferral: true,
            before: 0,
            switch: None,
            fault: None,
            failed_at: 0,
            again: false,
            end_at: None,
            most: usize::MAX,
            token: 0,
            owed: 0,
            charges: Vec::new(),
        })
    }
    /// One for an external entity of this document: of a parameter entity, or of an entity in a context.
    pub fn external(&self, cx: &Cx, context: Option<&str>, protocol: Option<String>) -> Res<Machine> {
        let mut made = Machine::new(cx, protocol, self.namespaces.as_ref().map(Namespaces::inherit))?;
        made.base = self.base.clone();
        made.account = self.account.clone();
        made.param_parsing = self.param_parsing;
        made.deferral = self.deferral;
        let Some(context) = context else {
            made.role = Role::Param;
            made.dtd = self.dtd.clone();
            return Ok(made);
        };
        made.role = Role::General;
        let mut dtd: Dtd = self.dtd.borrow().clone();
        made.charges.push(cx.charge(dtd.bytes)?);
        for part in context.split('\u{C}').filter(|part| !part.is_empty()) {
            match (part.split_once('='), &mut made.namespaces) {
                (Some((prefix, uri)), Some(namespaces)) => namespaces.restore(prefix, uri),
                (None, _) => {
                    if let Some(entity) = dtd.general.get_mut(part) {
                        entity.open = true;
                    }
                }
                _ => {}
            }
        }
        made.dtd = Rc::new(std::cell::RefCell::new(dtd));
        Ok(made)
    }
    pub fn ns(&self) -> bool {
        self.namespaces.is_some()
    }
    /// Adds an event that stands where the last one stands.
    pub fn queue(&mut self, event: Event, raw: Option<String>) {
        let pos = self.event;
        self.events.push_back(Queued { event, raw, pos });
    }
    /// The same at another place.
    pub fn queue_at(&mut self, pos: Pos, event: Event, raw: Option<String>) {
        self.events.push_back(Queued { event, raw, pos });
    }
    /// Takes more of a document. `MemoryError`.
    pub fn feed(&mut self, cx: &Cx, bytes: &[u8], last: bool) -> Res<()> {
        self.started = true;
        if self.role == Role::Param {
            self.dtd.borrow_mut().param_read = true;
        }
        self.last = last;
        self.account.fed(bytes.len());
        self.token = 0;
        self.input.feed(cx, bytes)
    }
    /// Charges what is kept.
    pub fn settle(&mut self, cx: &Cx) -> Res<()> {
        if self.owed >= 4096 {
            self.charges.push(cx.charge(std::mem::take(&mut self.owed))?);
        }
        Ok(())
    }
    /// What was fed is not looked at before there is much more of it, if the last look found no whole token.
    pub fn is_deferred(&self) -> bool {
        self.deferral && !self.last && self.before > 0 && self.input.rest().len() < 2 * self.before
    }
    /// All that was fed has been read: how much of it is left is remembered.
    pub fn note_rest(&mut self, before: usize) {
        let left = self.input.rest().len();
        self.before = if left == before { left } else { 0 };
    }

    /// The next event; nothing if more has to be fed, or all was read.
    pub fn next(&mut self, wants: Wants) -> Result<Option<(Event, Option<String>)>, Code> {
        loop {
            if let Some(queued) = self.events.pop_front() {
                self.event = queued.pos;
                return Ok(Some((queued.event, queued.raw)));
            }
            if self.switch.is_some() {
                return Ok(Some((Event::Switch, None)));
            }
            if self.phase == Phase::Finished {
                return Ok(None);
            }
            if self.frames.is_empty() {
                self.event = self.input.pos;
                self.token = self.input.used();
            }
            if let Some((code, pos)) = self.fault {
                self.event = pos;
                return Err(code);
            }
            match self.step(wants) {
                Ok(true) => {}
                Ok(false) => return Ok(None),
                // What came before is told first.
                Err(code) => self.fault = Some((code, self.event)),
            }
        }
    }
    /// Whether all has been read.
    pub fn is_over(&self) -> bool {
        self.phase == Phase::Finished
    }
    /// How many bytes reading what is there may take for a while: declarations take more.
    pub fn room(&self) -> usize {
        let each = match self.phase {
            Phase::Start | Phase::First | Phase::Prolog | Phase::Subset => 48,
            _ => 4,
        };
        self.input.rest().len().saturating_mul(each)
    }
    pub fn has_entities(&self) -> bool {
        let dtd = self.dtd.borrow();
        !dtd.general.is_empty() || !dtd.params.is_empty()
    }
    /// How much is there; nothing if it is not looked at yet.
    pub fn begin(&self) -> Option<usize> {
        (!self.is_deferred()).then(|| self.input.rest().len())
    }
    /// What was fed, from the last token on.
    pub fn input_context(&self) -> &[u8] {
        self.input.since(self.token)
    }
    /// Reads a token. Whether there was one.
    fn step(&mut self, wants: Wants) -> Result<bool, Code> {
        match self.phase {
            Phase::Start => self.detect(),
            Phase::First => self.first(),
            Phase::Prolog | Phase::Subset | Phase::SubsetEnd | Phase::Epilog => self.prolog(wants),
            Phase::Ignored => self.ignored(wants),
            Phase::Content | Phase::Cdata => self.content(wants),
            Phase::Finished => Ok(false),
        }
    }
    /// The text that is read now: of an internal entity, or what was fed.
    pub fn text(&self) -> &[u8] {
        match self.frames.last() {
            Some(frame) => &frame.text.as_bytes()[frame.at..],
            None => self.input.rest(),
        }
    }
    /// Whether nothing will follow that text.
    pub fn text_is_last(&self) -> bool {
        !self.frames.is_empty() || self.last
    }
    /// Uses so many bytes of it.
    pub fn advance(&mut self, len: usize) -> Result<(), Code> {
        match self.frames.last_mut() {
            Some(frame) => {
                frame.at += len;
                if self.account.made(len) { Ok(()) } else { Err(Code::Amplification) }
            }
            None => {
                self.input.advance(len);
                Ok(())
            }
        }
    }
    /// Where something of it stands. In an internal entity all stands where that was referred to.
    pub fn pos_of(&self, len: usize) -> Pos {
        if self.frames.is_empty() { self.input.pos_of(len) } else { self.event }
    }
    /// An error at a place.
    pub fn fail<T>(&mut self, at: usize, code: Code) -> Result<T, Code> {
        self.failed_at = at;
        self.event = self.pos_of(at);
        Err(code)
    }

    /// Looks for the encoding in the first bytes.
    fn detect(&mut self) -> Result<bool, Code> {
        let known = self.protocol.as_deref().and_then(Encoding::named);
        if self.protocol.is_some() && known.is_none() {
            let name = self.protocol.clone().unwrap_or_default();
            self.phase = Phase::First;
            self.queue(Event::Encoding(name), None);
            return Ok(true);
        }
        // In content, what was told from outside counts more than what the bytes look like.
        let content = self.role == Role::General;
        let latin = matches!(known, Some(Encoding::Latin1));
        let wide = matches!(known, Some(Encoding::Utf16 { .. }));
        let encoding = match self.input.rest() {
            [] => return self.at_end(),
            [0xFE, 0xFF, ..] if !(content && latin) => Some(Encoding::Utf16 { big: true }),
            [0xFF, 0xFE, ..] if !(content && latin) => Some(Encoding::Utf16 { big: false }),
            [0xEF, 0xBB, 0xBF, ..] if !(content && (latin || wide)) => None,
            [0xEF] | [0xEF, 0xBB] | [0xFE | 0xFF | 0 | b'<'] if !self.last => return Ok(false),
            [0xEF] | [0xEF, 0xBB] | [0xFE | 0xFF | 0] => return self.fail(0, Code::UnclosedToken),
            [0, _, ..] if !content => Some(Encoding::Utf16 { big: true }),
            [_, 0, ..] if !content => Some(Encoding::Utf16 { big: false }),
            [_] if !self.last && wide => return Ok(false),
            _ => known.filter(|known| !matches!(known, Encoding::Utf8)),
        };
        self.phase = Phase::First;
        self.switch = encoding;
        Ok(true)
    }
    /// Takes what is left as of the encoding that was found. `MemoryError`.
    pub fn switch(&mut self, cx: &Cx) -> Res<()> {
        match self.switch.take() {
            Some(encoding) => self.input.switch(cx, encoding),
            None => Ok(()),
        }
    }
    /// Where `<?xml` may stand.
    fn first(&mut self) -> Result<bool, Code> {
        if self.input.pos.byte == 0 && self.input.rest().starts_with("\u{FEFF}".as_bytes()) {
            self.input.advance(3);
            self.event = self.input.pos;
        }
        let rest = self.input.rest();
        let begins = b"<?xml";
        if rest.len() <= begins.len() && begins.starts_with(rest) && !self.last {
            return Ok(false);
        }
        self.phase = match self.role {
            Role::Document => Phase::Prolog,
            Role::General => Phase::Content,
            Role::Param => Phase::Subset,
        };
        if !rest.starts_with(begins) {
            return Ok(true);
        }
        match scan::pi(rest, self.ns()) {
            scan::Token::Pi(len) if scan::pi_parts(&rest[..len]).0 == b"xml" => self.declaration(len),
            scan::Token::Partial | scan::Token::PartialChar if !self.last => {
                self.phase = Phase::First;
                Ok(false)
            }
            _ => Ok(true),
        }
    }
    fn declaration(&mut self, len: usize) -> Result<bool, Code> {
        let text = self.input.rest()[..len].to_vec();
        let external = self.role != Role::Document;
        let told = match prolog::declaration(&text, external) {
            Ok(told) => told,
            Err(at) => return self.fail(at, if external { Code::TextDecl } else { Code::XmlDecl }),
        };
        let standalone = told.standalone.map_or(-1, i32::from);
        if standalone == 1 {
            self.dtd.borrow_mut().standalone = true;
            if self.param_parsing == UNLESS_STANDALONE {
                self.param_parsing = NEVER;
            }
        }
        let encoding = told.encoding.as_ref().map(|(name, _)| name.clone());
        let event = Event::XmlDecl { version: told.version, encoding, standalone };
        self.queue(event, Some(chars::string(&text)));
        let Some((name, at)) = told.encoding.filter(|_| self.protocol.is_none()) else {
            self.input.advance(len);
            return Ok(true);
        };
        let wide = matches!(self.input.encoding, Encoding::Utf16 { .. });
        match Encoding::named(&name) {
            Some(Encoding::Utf16 { .. }) if wide => {}
            Some(Encoding::Utf16 { .. }) => return self.fail(at, Code::IncorrectEncoding),
            Some(_) if wide => return self.fail(at, Code::IncorrectEncoding),
            Some(Encoding::Utf8) => {}
            Some(other) => self.switch = Some(other),
            None => {
                let pos = self.pos_of(at);
                self.queue_at(pos, Event::Encoding(name), None);
            }
        }
        self.input.advance(len);
        Ok(true)
    }
    /// The table of an encoding that was asked for, or nothing if nobody has one. `MemoryError`.
    pub fn answer_encoding(&mut self, cx: &Cx, table: Option<Box<[Option<char>; 256]>>) -> Res<bool> {
        let Some(table) = table.filter(|_| !matches!(self.input.encoding, Encoding::Utf16 { .. })) else {
            return Ok(false);
        };
        // The characters of ASCII that XML is written in must mean themselves, and nothing else may mean them.
        let counts = |c: char| (' '..'\u{7F}').contains(&c) && !"$@\\^`{}~".contains(c) || "\t\n\r".contains(c);
        let fits = |byte: u8| match table[byte as usize] {
            Some(c) if c.is_ascii() && counts(c) => c == byte as char,
            _ => !counts(byte as char),
        };
        if !(0..=255).all(fits) {
            return Ok(false);
        }
        self.input.switch(cx, Encoding::Table(table))?;
        Ok(true)
    }

    /// What a handler says to the event that it was asked about: whether the document may go on.
    pub fn answer(&mut self, goes_on: bool) -> Result<(), Code> {
        let Some(pending) = self.pending.pop_front() else { return Ok(()) };
        match &pending {
            Pending::NotStandalone if !goes_on => return Err(Code::NotStandalone),
            _ if !goes_on => return Err(Code::ExternalEntityHandling),
            _ => {}
        }
        let mut dtd = self.dtd.borrow_mut();
        let read = dtd.param_read;
        match pending {
            Pending::Subset { had, named } => {
                if !read && !named {
                    dtd.has_param_refs = had;
                }
            }
            Pending::Param(name) => {
                if let Some(entity) = dtd.params.get_mut(&name) {
                    entity.open = false;
                }
                if !read {
                    dtd.keep = dtd.standalone;
                }
            }
            Pending::NotStandalone | Pending::General => return Ok(()),
        }
        let asks = read && !dtd.standalone;
        drop(dtd);
        if asks {
            self.ask_standalone_first();
        }
        Ok(())
    }
    /// Asks whether the document may not be standalone, before all that waits.
    fn ask_standalone_first(&mut self) {
        self.pending.push_front(Pending::NotStandalone);
        let pos = self.event;
        self.events.push_front(Queued { event: Event::NotStandalone, raw: None, pos });
    }
    /// Asks whether the document may not be standalone.
    pub fn ask_standalone(&mut self) {
        self.pending.push_back(Pending::NotStandalone);
        self.queue(Event::NotStandalone, None);
    }

    /// Nothing is left of what was fed. Whether the end was reached well.
    pub fn at_end(&mut self) -> Result<bool, Code> {
        if !self.last {
            return Ok(false);
        }
        if self.input.is_cut() {
            return self.fail(0, Code::UnclosedToken);
        }
        let well = match (self.role, self.phase) {
            (_, Phase::Cdata) => Err(Code::UnclosedCdata),
            (Role::General, _) if !self.tags.is_empty() => Err(Code::AsyncEntity),
            (Role::Param, _) if self.sections > 0 || self.phase == Phase::Ignored => Err(Code::IncompletePe),
            (Role::General | Role::Param, _) | (_, Phase::Epilog) => Ok(()),
            _ => Err(Code::NoElements),
        };
        match well {
            Ok(()) => {
                self.phase = Phase::Finished;
                Ok(false)
            }
            Err(code) => {
                self.event = self.end_at.unwrap_or(self.input.pos);
                Err(code)
            }
        }
    }

    /// So many bytes are kept from now on.
    pub fn keep(&mut self, bytes: usize) -> Result<(), Code> {
        self.owed += bytes;
        if self.account.kept(bytes) { Ok(()) } else { Err(Code::NoMemory) }
    }
    /// So many bytes are not kept any more. What was charged for them stays so.
    pub fn release(&mut self, bytes: usize) {
        self.owed = self.owed.saturating_sub(bytes);
        self.account.freed(bytes);
    }
}
