//! Content: elements, text, references.

use std::collections::HashSet;
use std::rc::Rc;

use super::chars;
use super::errors::Code;
use super::events::{Event, Wants};
use super::machine::{Frame, Machine, Pending, Phase, Role, Tag};
use super::scan::{self, Token};

impl Machine {
    /// A token of content. Whether there was one.
    pub fn content(&mut self, wants: Wants) -> Result<bool, Code> {
        let (text, last) = (self.text(), self.text_is_last());
        let token = match self.phase {
            Phase::Cdata => scan::cdata(text),
            _ => scan::content(text, self.ns()),
        };
        let raw = |machine: &Machine, len: usize| chars::string(&machine.text()[..len]);
        match token {
            Token::Text(len) => {
                let len = self.told_at_once(len);
                let text = raw(self, len);
                self.tell(len, Event::Text(text), wants)?;
            }
            Token::TrailingBrackets(len) if last => {
                let text = raw(self, len);
                self.tell(len, Event::Text(text), wants)?;
            }
            Token::Newline(len) => self.tell(len, Event::Text("\n".into()), wants)?,
            Token::TrailingCr if last => {
                // What is missing behind it is told to be missing here.
                self.end_at = self.frames.is_empty().then_some(self.event);
                self.tell(1, Event::Text("\n".into()), wants)?;
            }
            Token::Start { len, empty } => self.start(len, empty, wants)?,
            Token::End(len) => self.end(len, wants)?,
            Token::Reference(len) => self.reference(len, wants)?,
            Token::Numbered(len) => match chars::numbered(&raw(self, len)) {
                Some(c) => self.tell(len, Event::Text(c.into()), wants)?,
                None => return self.fail(0, Code::BadCharRef),
            },
            Token::Pi(len) => self.pi(len, wants)?,
            Token::Comment(len) => self.comment(len, wants)?,
            Token::Cdata(len) => {
                self.tell(len, Event::StartCdata, wants)?;
                self.phase = Phase::Cdata;
            }
            Token::CdataEnd(len) => {
                self.tell(len, Event::EndCdata, wants)?;
                self.phase = Phase::Content;
            }
            Token::Invalid(at) => return self.fail(at, Code::InvalidToken),
            Token::None => return self.text_end(),
            _ if !last => return Ok(false),
            _ if self.phase == Phase::Cdata && token != Token::PartialChar => {
                return self.fail(0, Code::UnclosedCdata);
            }
            Token::PartialChar => return self.fail(0, Code::PartialChar),
            _ => return self.fail(0, Code::UnclosedToken),
        }
        Ok(true)
    }
    /// How much of a text is told in one piece: Expat tells what it has to encode anew in pieces.
    fn told_at_once(&self, len: usize) -> usize {
        const PIECE: usize = 1024;
        if len <= PIECE || !self.frames.is_empty() || self.input.is_utf8() {
            return len;
        }
        let text = self.text();
        (1..=PIECE).rev().find(|&at| text[at] & 0xC0 != 0x80).unwrap_or(len)
    }
    /// An event of a token of so many bytes, which are used then.
    pub fn tell(&mut self, len: usize, event: Event, wants: Wants) -> Result<(), Code> {
        let raw = wants.raw.then(|| chars::string(&self.text()[..len]));
        self.queue(event, raw);
        self.advance(len)
    }
    pub fn pi(&mut self, len: usize, wants: Wants) -> Result<(), Code> {
        let (target, data) = scan::pi_parts(&self.text()[..len]);
        if target == b"xml" {
            return self.fail(0, Code::MisplacedXmlPi);
        }
        let event = Event::Pi { target: chars::string(target), data: lines(data) };
        self.tell(len, event, wants)
    }
    pub fn comment(&mut self, len: usize, wants: Wants) -> Result<(), Code> {
        let event = Event::Comment(lines(&self.text()[4..len - 3]));
        self.tell(len, event, wants)
    }
    /// Nothing is left of the text that is read.
    fn text_end(&mut self) -> Result<bool, Code> {
        let Some(frame) = self.frames.last() else { return self.at_end() };
        if frame.level != self.tags.len() || self.phase == Phase::Cdata {
            return Err(Code::AsyncEntity);
        }
        self.close_frame();
        Ok(true)
    }
    /// Where a token was told as text, and had to be encoded anew for that, Expat stands behind it.
    fn moves_on(&mut self, told: bool) {
        if told && self.frames.is_empty() && !self.input.is_utf8() {
            self.event = self.input.pos;
        }
    }
    /// An internal entity has been read.
    pub fn close_frame(&mut self) {
        if let Some(frame) = self.frames.pop()
            && let Some(entity) = self.dtd.borrow_mut().entities(frame.param).get_mut(&frame.name)
        {
            entity.open = false;
        }
    }

    // ---- elements ----------------------------------------------------------------------------------------------------

    fn start(&mut self, len: usize, empty: bool, wants: Wants) -> Result<(), Code> {
        let text = self.text()[..len].to_vec();
        let mut spans = Vec::new();
        // It was scanned before.
        let _ = scan::attributes(&text, self.ns(), |name, value| spans.push((name, value)));
        let end = spans.first().map_or(len, |&((from, _), _)| from);
        let name = chars::string(&text[1..end]);
        let name = name.trim_end_matches(|c: char| " \t\r\n/>".contains(c));
        let raw: Rc<str> = name.into();
        let mut attributes = self.attributes_of(&text, &spans, name)?;
        let specified = attributes.len();
        self.add_defaults(name, &mut attributes);
        let bindings = self.namespaces.as_ref().map_or(0, |namespaces| namespaces.len());
        let (name, specified) = match self.expand_names(name, &mut attributes, specified) {
            Ok(expanded) => expanded,
            Err(code) => {
                // What an element bound that is one tag is let go of all the same.
                if empty {
                    self.unbind(bindings);
                }
                return Err(code);
            }
        };
        let shown = wants.raw.then(|| chars::string(&text));
        self.queue(Event::Start { name: name.clone(), attributes, specified, empty }, shown);
        self.advance(len)?;
        if empty {
            // Its end stands behind it only for who is told of its beginning, too.
            if wants.start && wants.end && self.frames.is_empty() {
                self.event = self.pos_of(0);
            }
            self.queue(Event::End { name }, None);
            self.moves_on(wants.raw && !wants.start && !wants.end);
            self.unbind(bindings);
            self.close_element();
        } else {
            self.keep(80 + raw.len() + name.len())?;
            self.tags.push(Tag { raw, name, bindings });
        }
        Ok(())
    }
    fn attributes_of(
        &mut self,
        text: &[u8],
        spans: &[((usize, usize), (usize, usize))],
        element: &str,
    ) -> Result<Vec<(String, String)>, Code> {
        let types = self.dtd.borrow().attributes.get(element).cloned();
        let (mut made, mut seen) = (Vec::with_capacity(spans.len()), HashSet::new());
        for &((from, to), value) in spans {
            if !seen.insert(&text[from..to]) {
                return self.fail(from, Code::DuplicateAttribute);
            }
            let name = chars::string(&text[from..to]);
            let declared = types.as_ref().and_then(|types| types.iter().find(|known| *known.name == *name));
            let cdata = declared.is_none_or(|known| known.cdata);
            let value = self.attribute_value(&text[value.0..value.1], value.0, cdata, false)?;
            made.push((name, value));
        }
        Ok(made)
    }
    /// Adds attributes that were not specified and have a default.
    fn add_defaults(&self, element: &str, attributes: &mut Vec<(String, String)>) {
        let dtd = self.dtd.borrow();
        let Some(declared) = dtd.attributes.get(element) else { return };
        let specified = attributes.len();
        let given: HashSet<String> = attributes[..specified].iter().map(|(name, _)| name.clone()).collect();
        for attribute in declared {
            if let Some(default) = &attribute.default
                && !given.contains(&*attribute.name)
            {
                attributes.push((attribute.name.to_string(), default.to_string()));
            }
        }
    }
    fn end(&mut self, len: usize, wants: Wants) -> Result<(), Code> {
        let text = &self.text()[2..len - 1];
        let end = text.iter().position(|&byte| chars::is_space(byte)).unwrap_or(text.len());
        let least = self.frames.last().map_or(0, |frame| frame.level);
        if self.tags.len() == least {
            return self.fail(0, Code::AsyncEntity);
        }
        match self.tags.last() {
            Some(tag) if tag.raw.as_bytes() == &text[..end] => {}
            _ => return self.fail(2, Code::TagMismatch),
        }
        let Some(tag) = self.tags.pop() else { return Ok(()) };
        self.release(80 + tag.raw.len() + tag.name.len());
        self.tell(len, Event::End { name: tag.name }, wants)?;
        self.moves_on(wants.raw && !wants.end);
        self.unbind(tag.bindings);
        self.close_element();
        Ok(())
    }
    /// Where the outermost element has ended, its document ends.
    fn close_element(&mut self) {
        if self.tags.is_empty() && self.role == Role::Document && self.frames.is_empty() {
            self.phase = Phase::Epilog;
        }
    }

    // ---- references --------------------------------------------------------------------------------------------------

    fn reference(&mut self, len: usize, wants: Wants) -> Result<(), Code> {
        let name = chars::string(&self.text()[1..len - 1]);
        if let Some(c) = chars::predefined(&name) {
            return self.tell(len, Event::Text(c.into()), wants);
        }
        let dtd = self.dtd.clone();
        let mut dtd = dtd.borrow_mut();
        let (must_be, found) = (!dtd.has_param_refs || dtd.standalone, dtd.general.get_mut(name.as_str()));
        let Some(entity) = found else {
            return match must_be {
                true => self.fail(0, Code::UndefinedEntity),
                false => self.skip(len, name, wants),
            };
        };
        if must_be && !entity.is_internal {
            return self.fail(0, Code::EntityDeclaredInPe);
        }
        if entity.open {
            return self.fail(0, Code::RecursiveEntityRef);
        }
        if entity.ids.notation.is_some() {
            return self.fail(0, Code::BinaryEntityRef);
        }
        if let Some(text) = &entity.text {
            if !wants.expand {
                return self.skip(len, name, wants);
            }
            entity.open = true;
            let frame = Frame { name: name.into(), text: text.clone(), at: 0, param: false, level: self.tags.len() };
            // What comes of it stands where the reference does.
            self.advance(len)?;
            self.frames.push(frame);
            return Ok(());
        }
        if wants.external {
            let mut ids = entity.ids.clone();
            ids.notation = None;
            entity.open = true;
            let context = self.context(&dtd);
            if let Some(entity) = dtd.general.get_mut(name.as_str()) {
                entity.open = false;
            }
            self.pending.push_back(Pending::General);
            return self.tell(len, Event::External { context: Some(context), ids }, wants);
        }
        self.tell(len, Event::Other, wants)
    }
    /// An entity is not expanded.
    fn skip(&mut self, len: usize, name: String, wants: Wants) -> Result<(), Code> {
        let event = if wants.skipped { Event::Skipped { name, param: false } } else { Event::Other };
        self.tell(len, event, wants)
    }
    /// What holds where an external entity stands: bindings of prefixes, and entities that are open.
    fn context(&self, dtd: &super::dtd::Dtd) -> String {
        let mut parts = self.namespaces.as_ref().map_or(Vec::new(), |namespaces| namespaces.context());
        let open = dtd.general.iter().filter(|(_, entity)| entity.open);
        let mut open: Vec<String> = open.map(|(name, _)| name.to_string()).collect();
        open.sort();
        parts.extend(open);
        parts.join("\u{C}")
    }
}

/// A text whose lines end in one way.
fn lines(text: &[u8]) -> String {
    let text = chars::string(text);
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}
