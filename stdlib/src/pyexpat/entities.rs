//! Values: of attributes, and of entities that are declared. Entities that stand in them are expanded, one inside the other without
//! calling anything again.

use std::rc::Rc;

use super::chars::{self, Char, Stop};
use super::errors::Code;
use super::machine::{Machine, Role};
use super::scan::{self, Token};

/// An entity that is expanded in a value; or the value itself, which has no name.
struct Level {
    name: Option<Rc<str>>,
    text: Rc<str>,
    at: usize,
}

impl Machine {
    /// The value of an attribute, of a text that stands so far behind the beginning of the token. What is not `cdata` has its spaces
    /// reduced. `declared`: it is a default.
    pub fn attribute_value(
        &mut self,
        text: &[u8],
        offset: usize,
        cdata: bool,
        declared: bool,
    ) -> Result<String, Code> {
        let mut out = String::with_capacity(text.len());
        if !text.iter().any(|byte| matches!(byte, b'&' | b'\t' | b'\r' | b'\n' | b' ')) {
            return Ok(chars::string(text));
        }
        let mut levels = vec![Level { name: None, text: chars::string(text).into(), at: 0 }];
        let done = self.expand_value(&mut levels, &mut out, offset, cdata, declared);
        for name in levels.iter().filter_map(|level| level.name.as_ref()) {
            self.set_open(false, name, false);
        }
        done?;
        if !cdata && out.ends_with(' ') {
            out.pop();
        }
        Ok(out)
    }
    fn set_open(&mut self, param: bool, name: &str, open: bool) {
        if let Some(entity) = self.dtd.borrow_mut().entities(param).get_mut(name) {
            entity.open = open;
        }
    }
    fn expand_value(
        &mut self,
        levels: &mut Vec<Level>,
        out: &mut String,
        offset: usize,
        cdata: bool,
        declared: bool,
    ) -> Result<(), Code> {
        let mut base = 0;
        while let Some(level) = levels.last_mut() {
            let own = level.name.is_none();
            if own {
                base = level.at;
            }
            let place = offset + base;
            match chars::at(level.text.as_bytes(), level.at) {
                Char::End => {
                    if let Some(name) = levels.pop().and_then(|level| level.name) {
                        self.set_open(false, &name, false);
                    }
                }
                Char::Is('&', _) => {
                    let len = match scan::reference(&level.text.as_bytes()[level.at..], self.ns()) {
                        Token::Reference(len) | Token::Numbered(len) => len,
                        Token::Invalid(bad) => return self.wrong(own, place + bad, Code::InvalidToken),
                        _ => return self.wrong(own, place, Code::InvalidToken),
                    };
                    let reference = chars::string(&level.text.as_bytes()[level.at..level.at + len]);
                    level.at += len;
                    if !own && !self.account.made(len) {
                        return Err(Code::Amplification);
                    }
                    if reference.starts_with("&#") {
                        match chars::numbered(&reference) {
                            Some(' ') if !cdata && (out.is_empty() || out.ends_with(' ')) => {}
                            Some(c) => out.push(c),
                            None => return self.wrong(own, place, Code::BadCharRef),
                        }
                        continue;
                    }
                    let name = &reference[1..len - 1];
                    match chars::predefined(name) {
                        Some(c) => out.push(c),
                        None => levels.extend(self.open_in_value(name, own.then_some(place), declared)?),
                    }
                }
                Char::Is(c @ (' ' | '\t' | '\r' | '\n'), _) => {
                    let cr_lf = c == '\r' && level.text.as_bytes().get(level.at + 1) == Some(&b'\n');
                    level.at += 1 + usize::from(cr_lf);
                    if cdata || !(out.is_empty() || out.ends_with(' ')) {
                        out.push(' ');
                    }
                }
                Char::Is('<', _) => return self.wrong(own, place, Code::InvalidToken),
                Char::Is(c, len) => {
                    level.at += len;
                    out.push(c);
                    if !own && !self.account.made(len) {
                        return Err(Code::Amplification);
                    }
                    if out.len() > self.most {
                        return Err(Code::NoRoom);
                    }
                }
                Char::Invalid | Char::Partial => return self.fail(place, Code::InvalidToken),
            }
        }
        Ok(())
    }
    /// An entity in the value of an attribute; nothing if it is skipped.
    fn open_in_value(&mut self, name: &str, at: Option<usize>, declared: bool) -> Result<Option<Level>, Code> {
        let dtd = self.dtd.clone();
        let mut dtd = dtd.borrow_mut();
        let must_be = match declared {
            true => {
                self.role == Role::Document
                    && (if dtd.standalone { self.frames.is_empty() } else { !dtd.has_param_refs })
            }
            false => !dtd.has_param_refs || dtd.standalone,
        };
        // Of these two Expat does not say where they stand.
        let Some(entity) = dtd.general.get_mut(name) else {
            return if must_be { Err(Code::UndefinedEntity) } else { Ok(None) };
        };
        let code = match &entity.text {
            _ if must_be && !entity.is_internal => return Err(Code::EntityDeclaredInPe),
            _ if entity.open => Code::RecursiveEntityRef,
            _ if entity.ids.notation.is_some() => Code::BinaryEntityRef,
            None => Code::AttributeExternalEntityRef,
            Some(text) => {
                entity.open = true;
                return Ok(Some(Level { name: Some(name.into()), text: text.clone(), at: 0 }));
            }
        };
        self.wrong(at.is_some(), at.unwrap_or(0), code)
    }
    /// An error at a place in a value; in an entity's text it stands where the token does.
    fn wrong<T>(&mut self, own: bool, at: usize, code: Code) -> Result<T, Code> {
        if own { self.fail(at, code) } else { Err(code) }
    }

    /// The text of an entity that is declared, of its literal: characters that are told by number are put in, and parameter entities, where
    /// they may stand. It is told up to what is wrong in it.
    pub fn entity_value(&mut self, text: &[u8], offset: usize) -> (String, Result<(), Code>) {
        let mut levels = vec![Level { name: None, text: chars::string(text).into(), at: 0 }];
        let mut out = String::with_capacity(text.len());
        let done = self.expand_entity(&mut levels, &mut out, offset);
        for name in levels.iter().filter_map(|level| level.name.as_ref()) {
            self.set_open(true, name, false);
        }
        (out, done)
    }
    fn expand_entity(&mut self, levels: &mut Vec<Level>, out: &mut String, offset: usize) -> Result<(), Code> {
        let mut base = 0;
        while let Some(level) = levels.last_mut() {
            let own = level.name.is_none();
            if own {
                base = level.at;
            }
            let place = offset + base;
            let from = level.at;
            match chars::at(level.text.as_bytes(), level.at) {
                Char::End => {
                    if let Some(name) = levels.pop().and_then(|level| level.name) {
                        self.set_open(true, &name, false);
                    }
                    continue;
                }
                Char::Is('&', _) => {
                    let len = match scan::reference(&level.text.as_bytes()[level.at..], self.ns()) {
                        Token::Reference(len) | Token::Numbered(len) => len,
                        Token::Invalid(bad) if own => return self.fail(place + bad, Code::InvalidToken),
                        _ => return self.fail(place, Code::InvalidToken),
                    };
                    let reference = chars::string(&level.text.as_bytes()[level.at..level.at + len]);
                    level.at += len;
                    match reference.starts_with("&#") {
                        false => out.push_str(&reference),
                        true => match chars::numbered(&reference) {
                            Some(c) => out.push(c),
                            None => return self.fail(place, Code::BadCharRef),
                        },
                    }
                }
                Char::Is('%', _) => {
                    let rest = level.text.clone();
                    let (len, inner) = self.param_in_value(&rest.as_bytes()[from..], own, place)?;
                    level.at += len;
                    if let Some(inner) = inner {
                        levels.push(inner);
                        continue;
                    }
                }
                Char::Is('\r', _) => {
                    let cr_lf = level.text.as_bytes().get(level.at + 1) == Some(&b'\n');
                    level.at += 1 + usize::from(cr_lf);
                    out.push('\n');
                }
                Char::Is(c, len) => {
                    level.at += len;
                    out.push(c);
                }
                Char::Invalid | Char::Partial => return self.fail(place, Code::InvalidToken),
            }
            if !own {
                let used = levels.last().map_or(0, |level| level.at - from);
                if !self.account.made(used) {
                    return Err(Code::Amplification);
                }
                if out.len() > self.most {
                    return Err(Code::NoRoom);
                }
            }
        }
        Ok(())
    }
    /// A parameter entity at the beginning of what is left of a value: how long the reference is, and the entity, unless it is skipped.
    fn param_in_value(
        &mut self,
        rest: &[u8],
        own: bool,
        place: usize,
    ) -> Result<(usize, Option<Level>), Code> {
        let end = match chars::name(rest, 1, scan::without_prefix(self.ns())) {
            Stop::At(end) if rest[end] == b';' => end,
            Stop::At(bad) | Stop::Bad(bad) if own => return self.fail(place + bad, Code::InvalidToken),
            _ => return self.fail(place, Code::InvalidToken),
        };
        if self.role != Role::Param && self.frames.is_empty() {
            return self.fail(place, Code::ParamEntityRef);
        }
        let name = chars::string(&rest[1..end]);
        let text = self.open_param(&name, place)?;
        Ok((end + 1, text.map(|text| Level { name: Some(name.into()), text, at: 0 })))
    }
    /// Opens a parameter entity inside of a declaration: its text; nothing if it is skipped.
    pub fn open_param(&mut self, name: &str, at: usize) -> Result<Option<Rc<str>>, Code> {
        let dtd = self.dtd.clone();
        let mut dtd = dtd.borrow_mut();
        let standalone = dtd.standalone;
        match dtd.params.get_mut(name) {
            Some(entity) if entity.open => self.fail(at, Code::RecursiveEntityRef),
            Some(entity) if entity.text.is_some() => {
                entity.open = true;
                Ok(entity.text.clone())
            }
            _ => {
                dtd.keep = standalone;
                Ok(None)
            }
        }
    }
    /// A parameter entity inside of a declaration has been read.
    pub fn close_param(&mut self, name: &str) {
        self.set_open(true, name, false);
    }
}
