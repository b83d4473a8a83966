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
            (Phase::SubsetEnd, Kind::DeclClose) => self.close_doctype(len, wants)?,
            (Phase::Prolog, Kind::Instance) => self.instance(wants),
            (Phase::Prolog, Kind::DeclOpen)
                if self.doctype.is_none() && self.text().starts_with(b"<!DOCTYPE") =>
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
    /// Tells the tokens of a declaration that has no handler of its own, and uses it.
    fn finish(&mut self, unit: &Unit, handled: bool, wants: Wants) -> Result<(), Code> {
        let mut used = 0;
        if wants.raw && !handled {
            for token in unit.tokens.iter().filter(|token| token.to <= unit.len) {
                let raw = chars::string(&unit.text[token.from..token.to]);
                let pos = self.pos_of(0);
                self.queue_at(pos, Event::Other, Some(raw));
                self.advance(token.to - used)?;
                used = token.to;
            }
        }
        self.advance(unit.len - used)
    }

    fn open_doctype(&mut self, wants: Wants) -> Result<bool, Code> {
        let Some(unit) = self.unit(true)? else { return Ok(false) };
        let told = match decl::doctype(&unit) {
            Ok(told) => told,
            Err((at, code)) => return self.fail(at, code),
        };
        let ids = Ids { base: self.base.clone(), ..told.ids };
        if ids.system.is_some() {
            let mut dtd = self.dtd.borrow_mut();
            dtd.has_param_refs = true;
            let asks = !dtd.standalone && self.param_parsing == NEVER && wants.not_standalone;
            drop(dtd);
            if asks {
                self.event = self.pos_of(told.system_at);
                self.ask_standalone();
            }
        }
        let end = unit.tokens.last().map_or(0, |token| token.at);
        if wants.start_doctype {
            let Ids { system, public, .. } = ids.clone();
            let event = Event::StartDoctype { name: told.name.clone(), system, public, internal: told.internal };
            self.queue_at(self.pos_of(end), event, None);
        }
        self.doctype = Some((told.name, ids.system.is_some().then_some(ids)));
        if told.internal {
            self.phase = Phase::Subset;
            self.finish(&unit, wants.start_doctype, wants)?;
            return Ok(true);
        }
        // The token that ends it is told by itself.
        let mut before = unit;
        before.tokens.pop();
        before.len = end;
        self.finish(&before, wants.start_doctype, wants)?;
        self.phase = Phase::SubsetEnd;
        self.event = self.pos_of(0);
        self.close_doctype(1, wants)?;
        Ok(true)
    }
    fn close_doctype(&mut self, len: usize, wants: Wants) -> Result<(), Code> {
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
        if wants.start_doctype { self.advance(len) } else { self.tell(len, Event::Other, wants) }
    }

    /// A reference to a parameter entity between declarations.
    fn param_ref(&mut self, len: usize, wants: Wants) -> Result<(), Code> {
        let name = chars::string(&self.text()[1..len - 1]);
        let shared = self.dtd.clone();
        let mut dtd = shared.borrow_mut();
        let must_be = self.role == Role::Document
            && (if dtd.standalone { self.frames.is_empty() } else { !dtd.has_param_refs });
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
        if !standalone && wants.not_standalone {
            self.ask_standalone();
        }
        if raw { self.tell(len, Event::Other, wants) } else { self.advance(len) }
    }

    /// `<![ INCLUDE [` or `<![ IGNORE [`
    fn section(&mut self, wants: Wants) -> Result<bool, Code> {
        let Some(unit) = self.unit(true)? else { return Ok(false) };
        let included = match decl::section(&unit) {
            Ok(included) => included,
            Err((at, code)) => return self.fail(at, code),
        };
        self.finish(&unit, false, wants)?;
        if included {
            self.sections += 1;
        } else {
            self.phase = Phase::Ignored;
        }
        Ok(true)
    }
    /// What a section holds that is ignored.
    pub fn ignored(&mut self) -> Result<bool, Code> {
        match prolog::ignored(self.text()) {
            Ok(len) => {
                self.phase = Phase::Subset;
                self.advance(len)?;
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
        let word = chars::string(&unit.text[unit.tokens[0].from..unit.tokens[0].to]);
        let keep = self.dtd.borrow().keep;
        let handled = match &*word {
            "<!ELEMENT" => {
                match decl::element(&unit) {
                    Ok((name, model, at)) if wants.element => {
                        self.queue_at(self.pos_of(at), Event::Element { name, model }, None);
                    }
                    Ok(_) => {}
                    Err((at, code)) => return self.fail(at, code),
                }
                wants.element
            }
            "<!ATTLIST" => {
                self.attlist(&unit, keep, wants)?;
                keep && wants.attlist
            }
            "<!ENTITY" => {
                self.entity(&unit, keep, wants)?;
                keep && wants.entity
            }
            "<!NOTATION" => {
                match decl::notation(&unit) {
                    Ok((name, ids, at)) if wants.notation => {
                        let ids = Ids { base: self.base.clone(), ..ids };
                        self.queue_at(self.pos_of(at), Event::Notation { name, ids }, None);
                    }
                    Ok(_) => {}
                    Err((at, code)) => return self.fail(at, code),
                }
                wants.notation
            }
            _ => return self.fail(0, Code::Syntax),
        };
        self.finish(&unit, handled, wants)?;
        Ok(true)
    }
    fn attlist(&mut self, unit: &Unit, keep: bool, wants: Wants) -> Result<(), Code> {
        let (element, attributes, wrong) = decl::attlist(unit);
        for told in attributes {
            let default = match &told.default {
                Some((literal, at)) => {
                    self.event = self.pos_of(*at - 1);
                    Some(self.attribute_value(literal, *at, told.kind == "CDATA", true)?)
                }
                None => None,
            };
            if !keep {
                continue;
            }
            let attribute = super::dtd::Attribute {
                name: told.name.as_str().into(),
                cdata: told.kind == "CDATA",
                default: default.as_deref().map(Into::into),
            };
            self.dtd.borrow_mut().declare_attribute(&element, attribute);
            if wants.attlist {
                let (element, pos) = (element.clone(), self.pos_of(told.at));
                let decl::Told { name: attribute, kind, required, .. } = told;
                let event = Event::Attlist { element, attribute, kind, default, required };
                self.queue_at(pos, event, None);
            }
        }
        self.keep_dtd()?;
        match wrong {
            Some((at, code)) => self.fail(at, code),
            None => Ok(()),
        }
    }
    fn entity(&mut self, unit: &Unit, keep: bool, wants: Wants) -> Result<(), Code> {
        let told = match decl::entity(unit) {
            Ok(told) => told,
            Err((at, code)) => return self.fail(at, code),
        };
        let text = match &told.literal {
            Some((literal, at)) => Some(self.entity_value(literal, *at)?),
            None => None,
        };
        if !keep || (!told.param && chars::predefined(&told.name).is_some()) {
            return Ok(());
        }
        let ids = Ids { base: told.literal.is_none().then(|| self.base.clone()).flatten(), ..told.ids };
        let is_internal = self.role == Role::Document && self.frames.is_empty();
        let entity = super::dtd::Entity {
            text: text.as_deref().map(Into::into),
            ids: ids.clone(),
            open: false,
            is_internal,
        };
        if !self.dtd.borrow_mut().declare(told.param, &told.name, entity) {
            return Ok(());
        }
        self.keep_dtd()?;
        let pos = self.pos_of(told.at);
        let ids = Ids { base: self.base.clone(), ..ids };
        if ids.notation.is_some() && wants.unparsed {
            self.queue_at(pos, Event::Unparsed { name: told.name, ids }, None);
        } else if wants.entity {
            let event = Event::Entity { name: told.name, param: told.param, value: text, ids };
            self.queue_at(pos, event, None);
        }
        Ok(())
    }
    /// What was declared is kept.
    fn keep_dtd(&mut self) -> Result<(), Code> {
        let bytes = std::mem::take(&mut self.dtd.borrow_mut().bytes_new);
        self.keep(bytes)
    }
}
