//! Declarations: their tokens, and what they tell.

use super::chars;
use super::errors::Code;
use super::events::{ANY, CHOICE, EMPTY, Ids, MIXED, Model, NAME, Part, SEQUENCE};
use super::prolog::{self, Fault, Kind};

/// A token of a declaration: where in the text of the unit it stands, and where in the document; or why there is none.
#[derive(Clone, Copy, Debug)]
pub struct Token {
    pub kind: Result<Kind, Fault>,
    pub from: usize,
    pub to: usize,
    pub at: usize,
}

/// The tokens of a declaration, up to what ends it or to what is wrong.
#[derive(Debug)]
pub struct Unit {
    /// The text of the declaration, and behind it those of entities.
    pub text: Vec<u8>,
    pub tokens: Vec<Token>,
    /// How long the declaration is.
    pub len: usize,
}

/// What is wrong, and where.
pub type Wrong = (usize, Code);

impl Unit {
    /// Reads one; nothing if it is not all there, and more can follow.
    pub fn read(text: &[u8], namespaces: bool, last: bool, to_bracket: bool) -> Option<Unit> {
        let (mut tokens, mut at) = (Vec::new(), 0);
        loop {
            let (kind, len) = match prolog::token(&text[at..], namespaces, last) {
                Ok((kind, len)) => (Ok(kind), len),
                Err(Fault::Invalid(place)) => (Err(Fault::Invalid(place)), 0),
                Err(_) if !last => return None,
                Err(fault) => (Err(fault), 0),
            };
            tokens.push(Token { kind, from: at, to: at + len, at });
            at += len;
            let ends = match kind {
                Ok(Kind::DeclClose) | Err(_) => true,
                Ok(Kind::OpenBracket) => to_bracket,
                // Nothing of a declaration is like these: no need to go on.
                Ok(Kind::Pi | Kind::Comment | Kind::Instance | Kind::SectionClose) => true,
                Ok(Kind::DeclOpen) => tokens.len() > 1,
                _ => false,
            };
            if ends {
                return Some(Unit { text: text[..at].to_vec(), tokens, len: at });
            }
        }
    }
    /// The tokens of the text of an entity, which all stand in one place.
    pub fn tokens_of(&mut self, text: &str, at: usize, namespaces: bool) -> Vec<Token> {
        let base = self.text.len();
        self.text.extend_from_slice(text.as_bytes());
        let (mut made, mut from) = (Vec::new(), 0);
        loop {
            let (kind, len) = match prolog::token(&text.as_bytes()[from..], namespaces, true) {
                Ok((kind, len)) => (Ok(kind), len),
                Err(Fault::None) => return made,
                Err(fault) => (Err(fault), 0),
            };
            made.push(Token { kind, from: base + from, to: base + from + len, at });
            from += len;
            if kind.is_err() {
                return made;
            }
        }
    }
    /// The tokens `|` of a model that are not the first in their group: Expat tells them as text even to who is told the model.
    pub fn choices_again(&self) -> Vec<usize> {
        let (mut again, mut groups) = (Vec::new(), Vec::new());
        if !self.text.starts_with(b"<!ELEMENT") {
            return again;
        }
        for (at, token) in self.tokens.iter().enumerate() {
            match token.kind {
                Ok(Kind::Open) => groups.push(false),
                Ok(Kind::Close(_)) => drop(groups.pop()),
                // In a model with text they are something else.
                Ok(Kind::Pound) => return Vec::new(),
                Ok(Kind::Or) => {
                    if let Some(seen) = groups.last_mut()
                        && std::mem::replace(seen, true)
                    {
                        again.push(at);
                    }
                }
                _ => {}
            }
        }
        again
    }
    /// The tokens of an entity that is declared again which Expat tells as text even to who is told of entities.
    pub fn told_again(&self) -> Vec<usize> {
        const WORDS: [&[u8]; 3] = [b"SYSTEM", b"PUBLIC", b"NDATA"];
        let shown = |token: &Token| match token.kind {
            Ok(Kind::Name) => !WORDS.contains(&&self.text[token.from..token.to]),
            kind => kind == Ok(Kind::Literal),
        };
        (0..self.tokens.len()).filter(|&at| shown(&self.tokens[at])).collect()
    }
    fn cursor(&self) -> Cursor<'_> {
        Cursor { unit: self, next: 0 }
    }
}

/// Goes over the tokens, spaces left out.
struct Cursor<'a> {
    unit: &'a Unit,
    next: usize,
}

impl<'a> Cursor<'a> {
    fn next(&mut self) -> Result<Token, Wrong> {
        loop {
            let Some(&token) = self.unit.tokens.get(self.next) else {
                return Err((self.unit.len, Code::NoElements));
            };
            self.next += 1;
            return match token.kind {
                Ok(Kind::Space) => continue,
                Ok(Kind::ParamRef) => Err((token.at, Code::ParamEntityRef)),
                Ok(_) => Ok(token),
                Err(Fault::Invalid(place)) => Err((token.at + place, Code::InvalidToken)),
                Err(Fault::None) => Err((token.at, Code::NoElements)),
                Err(Fault::Partial) => Err((token.at, Code::UnclosedToken)),
                Err(Fault::PartialChar) => Err((token.at, Code::PartialChar)),
            };
        }
    }
    fn text(&self, token: Token) -> &'a [u8] {
        &self.unit.text[token.from..token.to]
    }
    fn string(&self, token: Token) -> String {
        chars::string(self.text(token))
    }
    fn kind(token: Token) -> Kind {
        token.kind.unwrap_or(Kind::Space)
    }
    /// A token of a kind.
    fn expect(&mut self, kind: Kind) -> Result<Token, Wrong> {
        let token = self.next()?;
        if Self::kind(token) == kind { Ok(token) } else { Err((token.at, Code::Syntax)) }
    }
    fn name(&mut self) -> Result<String, Wrong> {
        let token = self.expect(Kind::Name)?;
        Ok(self.string(token))
    }
    /// The name of an element or an attribute.
    fn full_name(&mut self) -> Result<String, Wrong> {
        let token = self.next()?;
        match Self::kind(token) {
            Kind::Name | Kind::Prefixed => Ok(self.string(token)),
            _ => Err((token.at, Code::Syntax)),
        }
    }
    /// What a literal holds, and where.
    fn literal(&mut self) -> Result<(&'a [u8], usize), Wrong> {
        let token = self.expect(Kind::Literal)?;
        let text = self.text(token);
        Ok((&text[1..text.len() - 1], token.at + 1))
    }
    /// A public identifier, with its spaces reduced.
    fn public(&mut self) -> Result<String, Wrong> {
        let (text, at) = self.literal()?;
        let good = |byte: u8| byte.is_ascii_alphanumeric() || b" \r\n-'()+,./:=?;!*#@$_%".contains(&byte);
        if let Some(place) = text.iter().position(|&byte| !good(byte)) {
            return Err((at + place, Code::PublicId));
        }
        let text = chars::string(text);
        Ok(text.split([' ', '\r', '\n']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "))
    }
    /// `SYSTEM ".."` or `PUBLIC ".." ".."`, behind the word; and where the system identifier stands.
    fn ids(&mut self, word: Token) -> Result<(Ids, usize), Wrong> {
        let mut ids = Ids::default();
        match self.text(word) {
            b"SYSTEM" => {}
            b"PUBLIC" => ids.public = Some(self.public()?),
            _ => return Err((word.at, Code::Syntax)),
        }
        let (system, at) = self.literal()?;
        ids.system = Some(chars::string(system));
        Ok((ids, at - 1))
    }
}

/// The word at the beginning; it was looked at before.
fn begin(unit: &Unit) -> Result<Cursor<'_>, Wrong> {
    let mut cursor = unit.cursor();
    cursor.next()?;
    Ok(cursor)
}

/// What a document type tells.
pub struct Doctype {
    pub name: String,
    pub ids: Ids,
    pub system_at: usize,
    pub internal: bool,
}

pub fn doctype(unit: &Unit) -> Result<Doctype, Wrong> {
    let mut cursor = begin(unit)?;
    let name = cursor.full_name()?;
    let (mut ids, mut system_at) = (Ids::default(), 0);
    let mut token = cursor.next()?;
    if Cursor::kind(token) == Kind::Name {
        (ids, system_at) = cursor.ids(token)?;
        token = cursor.next()?;
    }
    match Cursor::kind(token) {
        Kind::OpenBracket => Ok(Doctype { name, ids, system_at, internal: true }),
        Kind::DeclClose => Ok(Doctype { name, ids, system_at, internal: false }),
        _ => Err((token.at, Code::Syntax)),
    }
}

/// Whether a section is included.
pub fn section(unit: &Unit) -> Result<bool, Wrong> {
    let mut cursor = begin(unit)?;
    let word = cursor.expect(Kind::Name)?;
    let included = match cursor.text(word) {
        b"INCLUDE" => true,
        b"IGNORE" => false,
        _ => return Err((word.at, Code::Syntax)),
    };
    cursor.expect(Kind::OpenBracket)?;
    Ok(included)
}

/// What a declaration of an entity tells. A literal stands with its place.
pub struct EntityTold<'a> {
    pub name: String,
    pub param: bool,
    pub literal: Option<(&'a [u8], usize)>,
    pub ids: Ids,
    pub at: usize,
    /// What stands behind it is wrong.
    pub wrong: Option<Wrong>,
}

pub fn entity(unit: &Unit) -> Result<EntityTold<'_>, Wrong> {
    let mut cursor = begin(unit)?;
    let mut token = cursor.next()?;
    let param = Cursor::kind(token) == Kind::Percent;
    if param {
        token = cursor.next()?;
    }
    if Cursor::kind(token) != Kind::Name {
        return Err((token.at, Code::Syntax));
    }
    let name = cursor.string(token);
    let token = cursor.next()?;
    if Cursor::kind(token) == Kind::Literal {
        let text = cursor.text(token);
        let literal = Some((&text[1..text.len() - 1], token.at + 1));
        let wrong = cursor.expect(Kind::DeclClose).err();
        return Ok(EntityTold { name, param, literal, ids: Ids::default(), at: token.at, wrong });
    }
    let (mut ids, _) = cursor.ids(token)?;
    let token = cursor.next()?;
    let at = token.at;
    if !param && cursor.text(token) == b"NDATA" {
        let notation = cursor.expect(Kind::Name)?;
        ids.notation = Some(cursor.string(notation));
        let (at, wrong) = (notation.at, cursor.expect(Kind::DeclClose).err());
        return Ok(EntityTold { name, param, literal: None, ids, at, wrong });
    }
    match Cursor::kind(token) {
        Kind::DeclClose => Ok(EntityTold { name, param, literal: None, ids, at, wrong: None }),
        _ => Err((token.at, Code::Syntax)),
    }
}

pub fn notation(unit: &Unit) -> Result<(String, Ids, usize), Wrong> {
    let mut cursor = begin(unit)?;
    let name = cursor.name()?;
    let word = cursor.next()?;
    if cursor.text(word) == b"PUBLIC" {
        let mut ids = Ids { public: Some(cursor.public()?), ..Ids::default() };
        let token = cursor.next()?;
        if Cursor::kind(token) == Kind::Literal {
            let text = cursor.text(token);
            ids.system = Some(chars::string(&text[1..text.len() - 1]));
            cursor.expect(Kind::DeclClose)?;
        } else if Cursor::kind(token) != Kind::DeclClose {
            return Err((token.at, Code::Syntax));
        }
        return Ok((name, ids, token.at));
    }
    let (ids, at) = cursor.ids(word)?;
    cursor.expect(Kind::DeclClose)?;
    Ok((name, ids, at))
}

/// An attribute that is declared. A default stands with its place.
pub struct Told<'a> {
    pub name: String,
    pub kind: String,
    pub default: Option<(&'a [u8], usize)>,
    pub required: bool,
    pub at: usize,
}

/// The element and its attributes, as far as they are right.
pub fn attlist(unit: &Unit) -> (String, Vec<Told<'_>>, Option<Wrong>) {
    let (mut element, mut told) = (String::new(), Vec::new());
    let mut read = || -> Result<(), Wrong> {
        let mut cursor = begin(unit)?;
        element = cursor.full_name()?;
        loop {
            let token = cursor.next()?;
            match Cursor::kind(token) {
                Kind::DeclClose => return Ok(()),
                Kind::Name | Kind::Prefixed => {
                    let name = cursor.string(token);
                    told.push(attribute(&mut cursor, name)?);
                }
                _ => return Err((token.at, Code::Syntax)),
            }
        }
    };
    let wrong = read().err();
    (element, told, wrong)
}

fn attribute<'a>(cursor: &mut Cursor<'a>, name: String) -> Result<Told<'a>, Wrong> {
    const KINDS: [&[u8]; 8] =
        [b"CDATA", b"ID", b"IDREF", b"IDREFS", b"ENTITY", b"ENTITIES", b"NMTOKEN", b"NMTOKENS"];
    let token = cursor.next()?;
    let kind = match (Cursor::kind(token), cursor.text(token)) {
        (Kind::Name, b"NOTATION") => {
            cursor.expect(Kind::Open)?;
            format!("NOTATION{}", group(cursor, false)?)
        }
        (Kind::Name, word) if KINDS.contains(&word) => chars::string(word),
        (Kind::Open, _) => group(cursor, true)?,
        _ => return Err((token.at, Code::Syntax)),
    };
    let token = cursor.next()?;
    let literal = |token: Token| {
        let text = cursor.text(token);
        Some((&text[1..text.len() - 1], token.at + 1))
    };
    let (default, required, at) = match (Cursor::kind(token), cursor.text(token)) {
        (Kind::Pound, b"#REQUIRED") => (None, true, token.at),
        (Kind::Pound, b"#IMPLIED") => (None, false, token.at),
        (Kind::Pound, b"#FIXED") => {
            let token = cursor.expect(Kind::Literal)?;
            let text = cursor.text(token);
            (Some((&text[1..text.len() - 1], token.at + 1)), true, token.at)
        }
        (Kind::Literal, _) => (literal(token), false, token.at),
        _ => return Err((token.at, Code::Syntax)),
    };
    Ok(Told { name, kind, default, required, at })
}

/// Words between parentheses, as they are told.
fn group(cursor: &mut Cursor<'_>, any: bool) -> Result<String, Wrong> {
    let mut made = String::from("(");
    loop {
        let token = cursor.next()?;
        match Cursor::kind(token) {
            Kind::Name => made.push_str(&cursor.string(token)),
            Kind::Nmtoken | Kind::Prefixed if any => made.push_str(&cursor.string(token)),
            _ => return Err((token.at, Code::Syntax)),
        }
        let token = cursor.next()?;
        match Cursor::kind(token) {
            Kind::Or => made.push('|'),
            Kind::Close(0) => break,
            _ => return Err((token.at, Code::Syntax)),
        }
    }
    made.push(')');
    Ok(made)
}

// ---- models of content -----------------------------------------------------------------------------------------------

fn quantifier(byte: u8) -> i64 {
    match byte {
        b'?' => 1,
        b'*' => 2,
        b'+' => 3,
        _ => 0,
    }
}

fn part(kind: i64) -> Part {
    Part { kind, quantifier: 0, name: None, below: Vec::new() }
}

/// The element, the model of its content, where that ends, and what is wrong behind it.
pub fn element(unit: &Unit) -> Result<(String, Model, usize, Option<Wrong>), Wrong> {
    let mut cursor = begin(unit)?;
    let name = cursor.full_name()?;
    let token = cursor.next()?;
    let (model, at) = match (Cursor::kind(token), cursor.text(token)) {
        (Kind::Name, b"EMPTY") => (vec![part(EMPTY)], token.at),
        (Kind::Name, b"ANY") => (vec![part(ANY)], token.at),
        (Kind::Open, _) => model(&mut cursor)?,
        _ => return Err((token.at, Code::Syntax)),
    };
    let wrong = cursor.expect(Kind::DeclClose).err();
    Ok((name, model, at, wrong))
}

/// A model behind its first parenthesis.
fn model(cursor: &mut Cursor<'_>) -> Result<(Model, usize), Wrong> {
    let mut model = vec![part(SEQUENCE)];
    let mut token = cursor.next()?;
    if Cursor::kind(token) == Kind::Pound && cursor.text(token) == b"#PCDATA" {
        return mixed(cursor);
    }
    // The groups that are open, each with what stands between its parts.
    let mut open: Vec<(usize, Option<Kind>)> = vec![(0, None)];
    loop {
        let Some(&(group, _)) = open.last() else { return Err((token.at, Code::Syntax)) };
        let place = model.len();
        match Cursor::kind(token) {
            Kind::Open => {
                model.push(part(SEQUENCE));
                model[group].below.push(place);
                open.push((place, None));
                token = cursor.next()?;
                continue;
            }
            Kind::Name | Kind::Prefixed => {
                model.push(Part { name: Some(cursor.string(token)), ..part(NAME) });
                model[group].below.push(place);
            }
            Kind::NameQuantified(byte) => {
                let text = cursor.text(token);
                let name = Some(chars::string(&text[..text.len() - 1]));
                model.push(Part { quantifier: quantifier(byte), name, ..part(NAME) });
                model[group].below.push(place);
            }
            _ => return Err((token.at, Code::Syntax)),
        }
        // Behind a part: another one follows, or groups end.
        loop {
            token = cursor.next()?;
            let Some((group, between)) = open.last_mut() else { return Err((token.at, Code::Syntax)) };
            match (Cursor::kind(token), *between) {
                (kind @ (Kind::Or | Kind::Comma), known) if known.is_none_or(|known| known == kind) => {
                    *between = Some(kind);
                    model[*group].kind = if kind == Kind::Or { CHOICE } else { SEQUENCE };
                    token = cursor.next()?;
                    break;
                }
                (Kind::Close(byte), _) => {
                    model[*group].quantifier = quantifier(byte);
                    open.pop();
                    if open.is_empty() {
                        return Ok((model, token.at));
                    }
                }
                _ => return Err((token.at, Code::Syntax)),
            }
        }
    }
}

/// Text, and elements in between.
fn mixed(cursor: &mut Cursor<'_>) -> Result<(Model, usize), Wrong> {
    let mut model = vec![part(MIXED)];
    loop {
        let token = cursor.next()?;
        match Cursor::kind(token) {
            Kind::Or => {
                let name = Some(cursor.full_name()?);
                let place = model.len();
                model.push(Part { name, ..part(NAME) });
                model[0].below.push(place);
            }
            Kind::Close(byte @ (0 | b'*')) if byte == b'*' || model.len() == 1 => {
                model[0].quantifier = quantifier(byte);
                return Ok((model, token.at));
            }
            _ => return Err((token.at, Code::Syntax)),
        }
    }
}
