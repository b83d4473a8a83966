//! What stands before the first element and behind the last: the document type, its declarations, parameter entities.

use super::chars;
use super::decl::{self, Unit};
use super::errors::Code;
use super::events::{Event, Ids, Wants};
use super::machine::{Frame, Machine, NEVER, Pending, Phase, Role};
use super::prolog::{self, Fault, Kind};

impl Machine {
    /// A token, or a declaration. Whether there was one.
    pub fn prolog(&mut self, wants: Wants) -> Result<bool, Code> {
        let last = self.text_is_last();
        let (kind, len) = match prolog::token(self.text(), self.ns(), last) {
            Ok(token) => token,
            Err(Fault::None) if self.frames.is_empty() => return self.at_end(),
            Err(Fault::None) => {
                self.close_frame();
                return Ok(true);
            }
            Err(Fault::Invalid(at)) => return self.fail(at, Code::InvalidToken),
            // The beginning of a word is enough where no word can be.
            Err(Fault::Partial) if self.phase == Phase::Epilog && self.text_begins_word() => {
                return self.fail(0, Code::Junk);
            }
            Err(_) if !last => return Ok(false),
            Err(Fault::PartialChar) => return self.fail(0, Code::PartialChar),
            Err(Fault::Partial) => return self.fail(0, Code::UnclosedToken),
        };
        match (self.phase, kind) {
            (_, Kind::Pi) => self.pi(len, wants)?,
            (_, Kind::Comment) => self.comment(len, wants)?,
            (Phase::SubsetEnd, Kind::Space) if wants.start_doctype => self.advance(len)?,
            (_, Kind::Space) => self.tell(len, Event::Other, wants)?,
            (Phase::Epilog, _) => return self.fail(0, Code::Junk),
            (Phase::SubsetEnd, Kind::DeclClose) => self.close_doctype(len, false, wants)?,
            (Phase::Prolog, Kind::Instance) => self.instance(wants),
            (Phase::Prolog, Kind::DeclOpen)
                if self.doctype.is_none() && self.text()[..len] == *b"<!DOCTYPE" =>
            {
                return self.open_doctype(wants);
            }
            (Phase::Subset, Kind::DeclOpen) => return self.declare(wants),
            (Phase::Subset, Kind::ParamRef) => self.param_ref(len, wants)?,
            (Phase::Subset, Kind::CloseBracket) if self.role == Role::Document && self.frames.is_empty() => {
                self.phase = Phase::SubsetEnd;
                if wants.start_doctype { self.advance(len)? } else { self.tell(len, Event::Other, wants)? }
            }
            (Phase::Subset, Kind::SectionOpen) if self.role == Role::Param => return self.section(wants),
            (Phase::Subset, Kind::SectionClose) if self.sections > 0 => {
                self.sections -= 1;
                self.tell(len, Event::Other, wants)?;
            }
            (_, Kind::ParamRef) => return self.fail(0, Code::ParamEntityRef),
            _ => return self.fail(0, Code::Syntax),
        }
        Ok(true)
    }
    fn text_begins_word(&self) -> bool {
        matches!(chars::at(self.text(), 0), chars::Char::Is(c, _) if chars::is_name(c))
    }
    /// The first element begins.
    fn instance(&mut self, wants: Wants) {
        if std::mem::take(&mut self.foreign_dtd) && self.doctype.is_none() {
            self.ask_subset(Ids { base: self.base.clone(), ..Ids::default() }, wants);
        }
        self.phase = Phase::Content;
    }
    /// Asks for the external subset.
    fn ask_subset(&mut self, ids: Ids, wants: Wants) {
        let mut dtd = self.dtd.borrow_mut();
        let had = std::mem::replace(&mut dtd.has_param_refs, true);
        if self.param_parsing == NEVER || !wants.external {
            return;
        }
        dtd.param_read = false;
        drop(dtd);
        self.pending.push_back(Pending::Subset { had, named: ids.system.is_some() });
        self.queue(Event::External { context: None, ids }, None);
    }

    /// A declaration as a whole; nothing if it is not all there yet.
    fn unit(&mut self, to_bracket: bool) -> Result<Option<Unit>, Code> {
        let last = self.text_is_last();
        let unit = Unit::read(self.text(), self.ns(), last, to_bracket);
        let Some(mut unit) = unit else { return Ok(None) };
        if self.role == Role::Param {
            self.expand_unit(&mut unit)?;
        }
        Ok(Some(unit))
    }
    /// Puts the tokens of parameter entities in the places where they are referred to.
    fn expand_unit(&mut self, unit: &mut Unit) -> Result<(), Code> {
        let mut levels = vec![(std::mem::take(&mut unit.tokens), 0, None)];
        while let Some((tokens, at, _)) = levels.last_mut() {
            let Some(&token) = tokens.get(*at) else {
                if let Some(name) = levels.pop().and_then(|(_, _, name): (_, _, Option<String>)| name) {
                    self.close_param(&name);
                }
                continue;
            };
            *at += 1;
            if token.kind != Ok(Kind::ParamRef) {
                unit.tokens.push(token);
                continue;
            }
            let name = chars::string(&unit.text[token.from + 1..token.to - 1]);
            if let Some(text) = self.open_param(&name, token.at)? {
                if !self.account.made(text.len()) {
                    return Err(Code::Amplification);
                }
                levels.push((unit.tokens_of(&text, token.at, self.ns()), 0, Some(name)));
            }
        }
        Ok(())
    }
    /// Uses a declaration, and tells what it means: each event before the token at its place. Tokens are told as text if it was not
    /// `handled`.
    fn finish(&mut self, unit: &Unit, handled: bool, wants: Wants, events: Told) -> Result<(), Code> {
        let again = match handled {
            true if std::mem::take(&mut self.again) => unit.told_again(),
            true => unit.choices_again(),
            false => Vec::new(),
        };
        let mut events = events.into_iter().peekable();
        let mut used = 0;
        let tells = |at: usize| wants.raw && (!handled || again.binary_search(&at).is_ok());
        for (at, token) in unit.tokens.iter().enumerate() {
            let place = token.at.min(unit.len);
            let mut told = false;
            while let Some((place, event)) = events.next_if(|(place, _)| *place <= token.at) {
                self.advance(place - used)?;
                used = place;
                told = matches!(event, Event::Unparsed { .. });
                self.tell_here(event, None);
            }
            if token.from < token.to && !told && tells(at) {
                self.advance(place - used)?;
                used = place;
                self.tell_here(Event::Other, Some(chars::string(&unit.text[token.from..token.to])));
            }
        }
        for (place, event) in events {
            let pos = self.pos_of(place - used);
            self.queue_at(pos, event, None);
        }
        self.advance(unit.len - used)
    }
    /// An event that stands where the text begins that is read.
    fn tell_here(&mut self, event: Event, raw: Option<String>) {
        if let Event::NotStandalone = event {
            self.pending.push_back(Pending::NotStandalone);
        }
        let pos = self.pos_of(0);
        self.queue_at(pos, event, raw);
    }
    /// A declaration is wrong: what stands before that is told.
    fn finish_wrong<T>(
        &mut self,
        mut unit: Unit,
        handled: bool,
        wants: Wants,
        events: Told,
        wrong: decl::Wrong,
    ) -> Result<T, Code> {
        let (at, code) = wrong;
        let ends = |token: &decl::Token| token.at + (token.to - token.from).max(1);
        let before = unit.tokens.iter().position(|token| ends(token) > at);
        unit.tokens.truncate(before.unwrap_or(unit.tokens.len()));
        let pos = self.pos_of(at);
        unit.len = unit.tokens.last().map_or(0, ends).min(unit.len);
        self.finish(&unit, handled, wants, events)?;
        self.event = pos;
        Err(code)
    }

    fn open_doctype(&mut self, wants: Wants) -> Result<bool, Code> {
        let Some(mut unit) = self.unit(true)? else { return Ok(false) };
        let handled = wants.start_doctype;
        let told = match decl::doctype(&unit) {
            Ok(told) => told,
            Err(wrong) => return self.finish_wrong(unit, handled, wants, Vec::new(), wrong),
        };
        let (name, internal, mut events) = (told.name, told.internal, Vec::new());
        let ids = Ids { base: self.base.clone(), ..told.ids };
        if ids.system.is_some() {
            let mut dtd = self.dtd.borrow_mut();
            dtd.has_param_refs = true;
            if !dtd.standalone && self.param_parsing == NEVER && wants.not_standalone {
                events.push((told.system_at, Event::NotStandalone));
            }
        }
        let end = unit.tokens.last().map_or(0, |token| token.at);
        if handled {
            let Ids { system, public, .. } = ids.clone();
            events.push((end, Event::StartDoctype { name: name.clone(), system, public, internal }));
        }
        self.doctype = Some((name, ids.system.is_some().then_some(ids)));
        if internal {
            self.phase = Phase::Subset;
            self.finish(&unit, handled, wants, events)?;
            return Ok(true);
        }
        // The token that ends it is told by itself.
        unit.tokens.pop();
        unit.len = end;
        self.finish(&unit, handled, wants, events)?;
        self.phase = Phase::SubsetEnd;
        self.event = self.pos_of(0);
        self.close_doctype(1, handled, wants)?;
        Ok(true)
    }
    /// The document type ends. `told`: the token that ends it had another event.
    fn close_doctype(&mut self, len: usize, told: bool, wants: Wants) -> Result<(), Code> {
        let system = self.doctype.as_mut().and_then(|(_, ids)| ids.take());
        if system.is_some() || self.foreign_dtd {
            let ids = system.unwrap_or_else(|| Ids { base: self.base.clone(), ..Ids::default() });
            self.foreign_dtd = false;
            self.ask_subset(ids, wants);
        }
        self.phase = Phase::Prolog;
        if wants.end_doctype {
            self.queue(Event::EndDoctype, None);
            return self.advance(len);
        }
        if told { self.advance(len) } else { self.tell(len, Event::Other, wants) }
    }

    /// A reference to a parameter entity between declarations.
    fn param_ref(&mut self, len: usize, wants: Wants) -> Result<(), Code> {
        let name = chars::string(&self.text()[1..len - 1]);
        let shared = self.dtd.clone();
        let mut dtd = shared.borrow_mut();
        let must_be = self.role == Role::Document && dtd.standalone && self.frames.is_empty();
        dtd.has_param_refs = true;
        let standalone = dtd.standalone;
        let mut raw = true;
        if self.param_parsing == NEVER {
            dtd.keep = standalone;
        } else {
            match dtd.params.get_mut(name.as_str()) {
                None if must_be => return self.fail(0, Code::UndefinedEntity),
                Some(entity) if must_be && !entity.is_internal => return self.fail(0, Code::EntityDeclaredInPe),
                None => {
                    dtd.keep = standalone;
                    if wants.skipped {
                        self.queue(Event::Skipped { name, param: true }, None);
                        raw = false;
                    }
                }
                Some(entity) if entity.open => return self.fail(0, Code::RecursiveEntityRef),
                Some(entity) => match entity.text.clone() {
                    Some(text) => {
                        entity.open = true;
                        self.advance(len)?;
                        let frame = Frame { name: name.into(), text, at: 0, param: true, level: self.sections };
                        self.frames.push(frame);
                        return Ok(());
                    }
                    None if wants.external => {
                        entity.open = true;
                        let ids = entity.ids.clone();
                        dtd.param_read = false;
                        self.pending.push_back(Pending::Param(name.into()));
                        self.queue(Event::External { context: None, ids }, None);
                        return self.advance(len);
                    }
                    None => dtd.keep = standalone,
                },
            }
        }
        drop(dtd);
        if self.param_parsing == NEVER && !standalone && wants.not_standalone {
            self.ask_standalone();
        }
        if raw { self.tell(len, Event::Other, wants) } else { self.advance(len) }
    }

    /// `<![ INCLUDE [` or `<![ IGNORE [`
    fn section(&mut self, wants: Wants) -> Result<bool, Code> {
        let Some(unit) = self.unit(true)? else { return Ok(false) };
        let included = match decl::section(&unit) {
            Ok(included) => included,
            Err(wrong) => return self.finish_wrong(unit, false, wants, Vec::new(), wrong),
        };
        self.finish(&unit, false, wants, Vec::new())?;
        if included {
            self.sections += 1;
        } else {
            self.phase = Phase::Ignored;
        }
        Ok(true)
    }
    /// What a section holds that is ignored.
    pub fn ignored(&mut self, wants: Wants) -> Result<bool, Code> {
        match prolog::ignored(self.text()) {
            Ok(len) => {
                self.phase = Phase::Subset;
                self.tell(len, Event::Other, wants)?;
                Ok(true)
            }
            Err(Fault::Invalid(at)) => self.fail(at, Code::InvalidToken),
            Err(_) if self.text_is_last() => self.fail(0, Code::Syntax),
            Err(_) => Ok(false),
        }
    }

    // ---- declarations ------------------------------------------------------------------------------------------------

    /// `<!ENTITY ..>` and its like.
    fn declare(&mut self, wants: Wants) -> Result<bool, Code> {
        let Some(unit) = self.unit(false)? else { return Ok(false) };
        let keep = self.dtd.borrow().keep;
        let mut events = Vec::new();
        let (handled, done) = match &unit.text[unit.tokens[0].from..unit.tokens[0].to] {
            b"<!ELEMENT" => (wants.element, element(&unit, wants, &mut events)),
            b"<!ATTLIST" => (keep && wants.attlist, self.attlist(&unit, keep, wants, &mut events)),
            b"<!ENTITY" => (keep && wants.entity, self.entity(&unit, keep, wants, &mut events)),
            b"<!NOTATION" => (wants.notation, self.notation(&unit, wants, &mut events)),
            _ => return self.fail(0, Code::Syntax),
        };
        match done {
            Ok(()) => self.finish(&unit, handled, wants, events).map(|()| true),
            Err(Fails::At(wrong)) => self.finish_wrong(unit, handled, wants, events, wrong),
            Err(Fails::Value(at, code)) => {
                let pos = self.event;
                let wrong = self.finish_wrong(unit, handled, wants, events, (at, code));
                self.event = pos;
                wrong
            }
        }
    }
    fn notation(&mut self, unit: &Unit, wants: Wants, events: &mut Told) -> Result<(), Fails> {
        let (name, ids, at) = decl::notation(unit)?;
        if wants.notation {
            let ids = Ids { base: self.base.clone(), ..ids };
            events.push((at, Event::Notation { name, ids }));
        }
        Ok(())
    }
    fn attlist(&mut self, unit: &Unit, keep: bool, wants: Wants, events: &mut Told) -> Result<(), Fails> {
        let (element, attributes, wrong) = decl::attlist(unit);
        for told in attributes {
            let default = match &told.default {
                _ if !keep => continue,
                Some((literal, at)) => {
                    self.event = self.pos_of(*at - 1);
                    let value = self.attribute_value(literal, *at, told.kind == "CDATA", true);
                    Some(value.map_err(|code| Fails::Value(*at - 1, code))?)
                }
                None => None,
            };
            let attribute = super::dtd::Attribute {
                name: told.name.as_str().into(),
                cdata: told.kind == "CDATA",
                default: default.as_deref().map(Into::into),
            };
            self.dtd.borrow_mut().declare_attribute(&element, attribute);
            if wants.attlist {
                let decl::Told { name: attribute, kind, required, at, .. } = told;
                let element = element.clone();
                events.push((at, Event::Attlist { element, attribute, kind, default, required }));
            }
        }
        self.keep_dtd()?;
        wrong.map_or(Ok(()), |wrong| Err(wrong.into()))
    }
    fn entity(&mut self, unit: &Unit, keep: bool, wants: Wants, events: &mut Told) -> Result<(), Fails> {
        let told = decl::entity(unit)?;
        self.again = !told.param && chars::predefined(&told.name).is_some();
        if !keep || self.again {
            return Ok(());
        }
        let (mut text, mut done, mut at) = (None, Ok(()), told.at);
        if let Some((literal, from)) = told.literal {
            self.event = self.pos_of(from - 1);
            let (value, wrong) = self.entity_value(literal, from);
            if wrong.is_err() {
                at = self.failed_at;
            }
            (text, done) = (Some(value), wrong.map_err(|code| Fails::Value(from - 1, code)));
        }
        if let (Ok(()), Some(wrong)) = (&done, told.wrong) {
            done = Err(wrong.into());
        }
        let ids = Ids { base: self.base.clone(), ..told.ids };
        let is_internal = self.role == Role::Document && self.frames.is_empty();
        let entity = super::dtd::Entity {
            text: text.as_deref().map(Into::into),
            ids: ids.clone(),
            open: false,
            is_internal,
        };
        if !self.dtd.borrow_mut().declare(told.param, &told.name, entity) {
            self.again = true;
            return done;
        }
        self.keep_dtd()?;
        if ids.notation.is_some() && wants.unparsed {
            events.push((at, Event::Unparsed { name: told.name, ids }));
        } else if wants.entity {
            let event = Event::Entity { name: told.name, param: told.param, value: text, ids };
            events.push((at, event));
        }
        done
    }
    /// What was declared is kept.
    fn keep_dtd(&mut self) -> Result<(), Fails> {
        let bytes = std::mem::take(&mut self.dtd.borrow_mut().bytes_new);
        self.keep(bytes).map_err(|code| Fails::Value(usize::MAX, code))
    }
}

/// Events of a declaration, each with its place in that.
type Told = Vec<(usize, Event)>;

/// What is wrong with a declaration: something at a place, or in a value that begins there, and the parser knows where.
enum Fails {
    At(decl::Wrong),
    Value(usize, Code),
}

impl From<decl::Wrong> for Fails {
    fn from(wrong: decl::Wrong) -> Fails {
        Fails::At(wrong)
    }
}

fn element(unit: &Unit, wants: Wants, events: &mut Told) -> Result<(), Fails> {
    let (name, model, at, wrong) = decl::element(unit)?;
    if wants.element {
        events.push((at, Event::Element { name, model }));
    }
    wrong.map_or(Ok(()), |wrong| Err(wrong.into()))
}
