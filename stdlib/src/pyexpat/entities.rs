//! Values: of attributes, and of entities that are declared. Entities that stand in them are expanded, one inside the other without
//! calling anything again.

use std::rc::Rc;

use super::chars::{self, Char, Stop};
use super::errors::Code;
use super::machine::{Machine, Role};

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
                    let Some(len) = reference_len(&level.text.as_bytes()[level.at..]) else {
                        return self.fail(place, Code::InvalidToken);
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
                            None => return self.fail(place, Code::BadCharRef),
                        }
                        continue;
                    }
                    let name = &reference[1..len - 1];
                    match chars::predefined(name) {
                        Some(c) => out.push(c),
                        None => levels.extend(self.open_in_value(name, place, declared)?),
                    }
                }
                Char::Is(c @ (' ' | '\t' | '\r' | '\n'), _) => {
                    let cr_lf = c == '\r' && level.text.as_bytes().get(level.at + 1) == Some(&b'\n');
                    level.at += 1 + usize::from(cr_lf);
                    if cdata || !(out.is_empty() || out.ends_with(' ')) {
                        out.push(' ');
                    }
                }
                Char::Is('<', _) => return self.fail(place, Code::InvalidToken),
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
    fn open_in_value(&mut self, name: &str, at: usize, declared: bool) -> Result<Option<Level>, Code> {
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
        self.fail(at, code)
    }

    /// The text of an entity that is declared, of its literal: characters that are told by number are put in, and parameter entities, where
    /// they may stand.
    pub fn entity_value(&mut self, text: &[u8], offset: usize) -> Result<String, Code> {
        let mut levels = vec![Level { name: None, text: chars::string(text).into(), at: 0 }];
        let mut out = String::with_capacity(text.len());
        let done = self.expand_entity(&mut levels, &mut out, offset);
        for name in levels.iter().filter_map(|level| level.name.as_ref()) {
            self.set_open(true, name, false);
        }
        done.map(|()| out)
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
                    let Some(len) = reference_len(&level.text.as_bytes()[level.at..]) else {
                        return self.fail(place, Code::InvalidToken);
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
                    let rest = &level.text.as_bytes()[level.at..];
                    let end = match chars::name(rest, 1, true, self.ns()) {
                        Stop::At(end) if rest[end] == b';' => end,
                        _ => return self.fail(place, Code::InvalidToken),
                    };
                    let name = chars::string(&rest[1..end]);
                    level.at += end + 1;
                    if self.role != Role::Param && self.frames.is_empty() {
                        return self.fail(place, Code::ParamEntityRef);
                    }
                    if let Some(text) = self.open_param(&name, place)? {
                        levels.push(Level { name: Some(name.into()), text, at: 0 });
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

/// How long a reference is, up to its semicolon.
fn reference_len(text: &[u8]) -> Option<usize> {
    match text.get(1)? {
        b'#' => {
            let hex = text.get(2) == Some(&b'x');
            let from = if hex { 3 } else { 2 };
            let good = |byte: &u8| if hex { byte.is_ascii_hexdigit() } else { byte.is_ascii_digit() };
            let count = text[from..].iter().position(|byte| !good(byte))?;
            (count > 0 && text[from + count] == b';').then_some(from + count + 1)
        }
        _ => match chars::name(text, 1, true, false) {
            Stop::At(end) if text[end] == b';' => Some(end + 1),
            _ => None,
        },
    }
}
