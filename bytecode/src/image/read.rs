//! Reading a unit: as a whole ([`read`]), or piece by piece ([`Unit`]).

use std::rc::Rc;

use super::{HEADER_WORDS, MAGIC, Malformed, VERSION, tag};
use crate::code::{Code, CodeFlags, Const, Facts, Handler, InstrIndex, LocalKind, LocalVar, Position, Text};
use crate::ops::Instr;
use crate::positions::Positions;
use crate::verify::MAX_NESTING;

type Res<T> = Result<T, Malformed>;

/// A table: where the ends of its entries stand, how many they are, and where the first one begins.
#[derive(Clone, Copy)]
struct Table {
    ends: usize,
    count: usize,
    first: usize,
}

/// A unit whose tables are where it says; nothing else of it has been looked at.
#[derive(Clone, Copy)]
pub struct Unit<'b> {
    bytes: &'b [u8],
    texts: Table,
    consts: Table,
    root: usize,
}

/// A constant, whose parts are places in the tables.
pub enum Datum<'b> {
    /// One of those that are no objects of their own.
    Plain(Const),
    /// Any other int: whether it is negative, and its magnitude, little-endian.
    BigInt(bool, &'b [u8]),
    /// A str: a text.
    Str(u32),
    /// A bytes.
    Bytes(&'b [u8]),
    /// A tuple of constants that stand before this one.
    Tuple(Vec<u32>),
    /// A frozenset of such.
    FrozenSet(Vec<u32>),
    /// A slice of such.
    Slice([u32; 3]),
}

/// What stands in front of a code. Texts and constants are places in the tables.
#[derive(Clone, Copy)]
pub struct Head {
    /// `co_name`
    pub name: u32,
    /// `co_qualname`
    pub qualname: u32,
    /// `co_filename`
    pub filename: u32,
    /// What a function object wants to know.
    pub facts: Facts,
    /// The docstring.
    pub doc: Option<u32>,
    start: usize,
    end: usize,
}

/// A constant of a code.
pub enum Item {
    /// One of the table.
    Const(u32),
    /// An inner code.
    Code(Head),
}

/// The rest of a code, its constants still places in the tables.
pub struct Body<'b> {
    /// As in [`Code`].
    pub stack_size: u32,
    /// As in [`Code`].
    pub instrs: Vec<Instr>,
    /// As in [`Code`].
    pub consts: Vec<Item>,
    /// As in [`Code`].
    pub names: Vec<u32>,
    /// As in [`Code`].
    pub locals: Vec<(u32, LocalKind, bool)>,
    /// As in [`Code`].
    pub handlers: Vec<Handler>,
    /// As in [`Code`], to be read by [`unpack`] or [`Positions::packed`].
    pub positions: &'b [u8],
}

impl Body<'_> {
    /// The code, of these constants and positions; `text` gives the texts of the table.
    pub fn into_code<E>(
        self,
        head: &Head,
        consts: Vec<Const>,
        positions: Positions,
        text: impl Fn(u32) -> Result<Text, E>,
    ) -> Result<Code, E> {
        let Facts { first_line, arg_count, posonly_count, kwonly_count, flags, .. } = head.facts;
        let mut names = Vec::with_capacity(self.names.len());
        for name in self.names {
            names.push(text(name)?);
        }
        let mut locals = Vec::with_capacity(self.locals.len());
        for (name, kind, hidden) in self.locals {
            locals.push(LocalVar { name: text(name)?, kind, hidden });
        }
        Ok(Code {
            name: text(head.name)?,
            qualname: text(head.qualname)?,
            filename: text(head.filename)?,
            first_line,
            arg_count,
            posonly_count,
            kwonly_count,
            flags,
            stack_size: self.stack_size,
            instrs: self.instrs,
            consts,
            names,
            locals,
            handlers: self.handlers,
            positions,
        })
    }
}

/// Reads from front to back.
struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl<'b> Reader<'b> {
    fn byte(&mut self) -> Res<u8> {
        let byte = *self.bytes.get(self.at).ok_or(Malformed)?;
        self.at += 1;
        Ok(byte)
    }
    #[inline(always)]
    fn long(&mut self) -> Res<u64> {
        // Most numbers are small.
        match self.bytes.get(self.at) {
            Some(byte) if *byte < 0x80 => {
                self.at += 1;
                Ok(u64::from(*byte))
            }
            _ => self.longer(),
        }
    }
    fn longer(&mut self) -> Res<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let group = u64::from(byte & 0x7f);
            if shift == 63 && group > 1 {
                return Err(Malformed);
            }
            number |= group << shift;
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err(Malformed)
    }
    fn signed(&mut self) -> Res<i64> {
        let number = self.long()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }
    fn number(&mut self) -> Res<u32> {
        u32::try_from(self.long()?).map_err(|_| Malformed)
    }
    /// How many entries follow, each of at least one byte.
    fn count(&mut self) -> Res<usize> {
        let count = self.number()? as usize;
        if count <= self.bytes.len() - self.at { Ok(count) } else { Err(Malformed) }
    }
    fn many<T>(&mut self, mut one: impl FnMut(&mut Self) -> Res<T>) -> Res<Vec<T>> {
        let count = self.count()?;
        // (What is no unit may claim many.)
        let mut items = Vec::with_capacity(count.min(1024));
        for _ in 0..count {
            items.push(one(self)?);
        }
        Ok(items)
    }
    /// A number that differs by so much from another one.
    fn beside(&mut self, other: u32) -> Res<u32> {
        let sum = i64::from(other).checked_add(self.signed()?).ok_or(Malformed)?;
        u32::try_from(sum).map_err(|_| Malformed)
    }
}

fn word(bytes: &[u8], at: usize) -> Res<usize> {
    let word = bytes.get(at..at.checked_add(4).ok_or(Malformed)?).ok_or(Malformed)?;
    Ok(u32::from_le_bytes(word.try_into().map_err(|_| Malformed)?) as usize)
}

impl<'b> Unit<'b> {
    /// Opens a unit.
    pub fn open(bytes: &'b [u8]) -> Res<Unit<'b>> {
        if bytes.get(..4) != Some(&MAGIC[..]) || bytes.len() < HEADER_WORDS * 4 {
            return Err(Malformed);
        }
        if word(bytes, 4)? != VERSION as usize {
            return Err(Malformed);
        }
        let table = |count: usize, ends: usize| -> Res<Table> {
            let first = count.checked_mul(4).and_then(|size| size.checked_add(ends)).ok_or(Malformed)?;
            if first <= bytes.len() { Ok(Table { ends, count, first }) } else { Err(Malformed) }
        };
        let texts = table(word(bytes, 8)?, word(bytes, 12)?)?;
        let consts = table(word(bytes, 16)?, word(bytes, 20)?)?;
        Ok(Unit { bytes, texts, consts, root: word(bytes, 24)? })
    }

    /// How many texts there are.
    pub fn text_count(&self) -> usize {
        self.texts.count
    }

    /// How many constants there are.
    pub fn const_count(&self) -> usize {
        self.consts.count
    }

    fn entry(&self, table: Table, index: u32) -> Res<&'b [u8]> {
        let index = index as usize;
        if index >= table.count {
            return Err(Malformed);
        }
        let end = word(self.bytes, table.ends + index * 4)?;
        let start = if index == 0 { 0 } else { word(self.bytes, table.ends + index * 4 - 4)? };
        let place = |offset: usize| table.first.checked_add(offset).ok_or(Malformed);
        self.bytes.get(place(start)?..place(end)?).ok_or(Malformed)
    }

    /// A text, which should be generalised UTF-8.
    pub fn text(&self, index: u32) -> Res<&'b [u8]> {
        self.entry(self.texts, index)
    }

    /// A constant.
    pub fn constant(&self, index: u32) -> Res<Datum<'b>> {
        let entry = self.entry(self.consts, index)?;
        let (tag, rest) = entry.split_first().ok_or(Malformed)?;
        let bits = |at: usize| -> Res<u64> {
            let bytes = rest.get(at..at + 8).ok_or(Malformed)?;
            Ok(u64::from_le_bytes(bytes.try_into().map_err(|_| Malformed)?))
        };
        let mut reader = Reader { bytes: rest, at: 0 };
        let mut row = || -> Res<Vec<u32>> {
            let mut items = Vec::new();
            while reader.at < rest.len() {
                let item = reader.number()?;
                if item >= index {
                    return Err(Malformed);
                }
                items.push(item);
            }
            Ok(items)
        };
        Ok(match *tag {
            tag::NONE => Datum::Plain(Const::None),
            tag::TRUE => Datum::Plain(Const::True),
            tag::FALSE => Datum::Plain(Const::False),
            tag::ELLIPSIS => Datum::Plain(Const::Ellipsis),
            tag::INT => Datum::Plain(Const::Int(reader.signed()?)),
            tag::POSITIVE => Datum::BigInt(false, rest),
            tag::NEGATIVE => Datum::BigInt(true, rest),
            tag::FLOAT => Datum::Plain(Const::Float(bits(0)?)),
            tag::COMPLEX => Datum::Plain(Const::Complex(bits(0)?, bits(8)?)),
            tag::STR => Datum::Str(reader.number()?),
            tag::BYTES => Datum::Bytes(rest),
            tag::TUPLE => Datum::Tuple(row()?),
            tag::FROZENSET => Datum::FrozenSet(row()?),
            tag::SLICE => Datum::Slice(row()?.try_into().map_err(|_| Malformed)?),
            _ => return Err(Malformed),
        })
    }

    /// The outermost code.
    pub fn root(&self) -> Res<Head> {
        head(&mut Reader { bytes: self.bytes, at: self.root })
    }

    /// The rest of a code of this unit.
    pub fn body(&self, head: &Head) -> Res<Body<'b>> {
        let bytes = self.bytes.get(..head.end).ok_or(Malformed)?;
        let mut reader = Reader { bytes, at: head.start };
        let body = body(&mut reader)?;
        let free = body.locals.iter().filter(|local| local.1 == LocalKind::Free).count();
        let doc = match (head.doc, body.consts.first()) {
            (Some(doc), Some(Item::Const(first))) => doc == *first,
            (Some(_), _) => false,
            (None, _) => true,
        };
        if free != head.facts.free_count as usize || !doc {
            return Err(Malformed);
        }
        Ok(body)
    }
}

/// Reads a head, and goes behind the body.
fn head(reader: &mut Reader<'_>) -> Res<Head> {
    let mut next = || reader.number();
    let head = Head {
        name: next()?,
        qualname: next()?,
        filename: next()?,
        facts: Facts {
            first_line: next()?,
            arg_count: next()?,
            posonly_count: next()?,
            kwonly_count: next()?,
            flags: CodeFlags::from_bits_retain(next()?),
            free_count: next()?,
        },
        doc: next()?.checked_sub(1),
        start: 0,
        end: 0,
    };
    if head.doc.is_some() != head.facts.flags.intersects(CodeFlags::HAS_DOCSTRING) {
        return Err(Malformed);
    }
    let len = reader.count()?;
    let start = reader.at;
    reader.at += len;
    Ok(Head { start, end: reader.at, ..head })
}

fn body<'b>(reader: &mut Reader<'b>) -> Res<Body<'b>> {
    let stack_size = reader.number()?;
    let instrs = reader.many(|reader| {
        let (op, arg) = (reader.byte()?, reader.number()?);
        if arg > Instr::MAX_ARG { Err(Malformed) } else { Ok(Instr(arg << 8 | u32::from(op))) }
    })?;
    let consts = reader.many(|reader| match reader.number()? {
        0 => Ok(Item::Code(head(reader)?)),
        index => Ok(Item::Const(index - 1)),
    })?;
    let names = reader.many(Reader::number)?;
    let locals = reader.many(|reader| {
        let (name, bits) = (reader.number()?, reader.byte()?);
        let kind = match bits & 3 {
            0 => LocalKind::Plain,
            1 => LocalKind::Cell,
            2 => LocalKind::CellOnly,
            _ => LocalKind::Free,
        };
        Ok((name, kind, bits & 4 != 0))
    })?;
    let handlers = reader.many(|reader| {
        let mut next = || reader.number().map(InstrIndex);
        let (start, end, target) = (next()?, next()?, next()?);
        Ok(Handler { start, end, target, depth: reader.number()? })
    })?;
    // They are the last part.
    let positions = &reader.bytes[reader.at..];
    Ok(Body { stack_size, instrs, consts, names, locals, handlers, positions })
}

/// The positions that a body ends with.
pub fn unpack(packed: &[u8]) -> Res<Vec<Position>> {
    let mut reader = Reader { bytes: packed, at: 0 };
    let (mut start, mut line) = (0_u32, 0);
    let positions = reader.many(|reader| {
        start = start.checked_add(reader.number()?).ok_or(Malformed)?;
        line = reader.beside(line)?;
        let end_line = reader.beside(line)?;
        let col = reader.number()?;
        Ok(Position { start: InstrIndex(start), line, end_line, col, end_col: reader.beside(col)? })
    })?;
    if reader.at == packed.len() { Ok(positions) } else { Err(Malformed) }
}

/// How many positions a body ends with.
pub fn packed_count(packed: &[u8]) -> usize {
    Reader { bytes: packed, at: 0 }.count().unwrap_or(0)
}

/// How much a constant is: constants in it, how deep they nest, and what it holds itself, in bytes or references.
struct Extent {
    size: usize,
    depth: usize,
    held: usize,
}

/// Everything of a unit at once.
struct Whole<'b> {
    unit: Unit<'b>,
    texts: Vec<Text>,
    consts: Vec<Const>,
    /// How many constants each one is, with all in it: a small unit must not stand for a huge tree.
    sizes: Vec<usize>,
    /// How deep each one nests.
    depths: Vec<usize>,
    /// How many more constants the codes may have.
    room: usize,
}

/// Reads a whole unit.
pub fn read(bytes: &[u8]) -> Res<Rc<Code>> {
    let unit = Unit::open(bytes)?;
    let texts = (0..unit.text_count() as u32)
        .map(|index| unit.text(index).map(Text::from_wtf8))
        .collect::<Res<Vec<_>>>()?;
    // The entries of a table may overlap; together they are no longer than the unit, or it is a bomb.
    if texts.iter().map(|text| text.as_wtf8().len()).sum::<usize>() > bytes.len() {
        return Err(Malformed);
    }
    let room = bytes.len().saturating_mul(16);
    let mut whole = Whole { unit, texts, consts: Vec::new(), sizes: Vec::new(), depths: Vec::new(), room };
    let mut all = 0_usize;
    for index in 0..unit.const_count() as u32 {
        let (constant, Extent { size, depth, held }) = whole.constant(index)?;
        all = all.saturating_add(held);
        if size > room || all > bytes.len() || depth > MAX_NESTING {
            return Err(Malformed);
        }
        whole.consts.push(constant);
        whole.sizes.push(size);
        whole.depths.push(depth);
    }
    let root = unit.root()?;
    whole.code(&root, 0)
}

impl Whole<'_> {
    fn text(&self, index: u32) -> Res<Text> {
        self.texts.get(index as usize).cloned().ok_or(Malformed)
    }

    /// Constants that have been read.
    fn row(&self, items: &[u32]) -> Res<(Vec<Const>, Extent)> {
        let mut extent = Extent { size: 1, depth: 0, held: items.len() };
        let items = items.iter().map(|item| {
            let item = *item as usize;
            extent.size = extent.size.saturating_add(*self.sizes.get(item).ok_or(Malformed)?);
            extent.depth = extent.depth.max(*self.depths.get(item).ok_or(Malformed)?);
            self.consts.get(item).cloned().ok_or(Malformed)
        });
        let items = items.collect::<Res<Vec<_>>>()?;
        extent.depth += 1;
        Ok((items, extent))
    }

    /// A constant whose parts have been read.
    fn constant(&self, index: u32) -> Res<(Const, Extent)> {
        let alone = |held: usize| Extent { size: 1, depth: 0, held };
        Ok(match self.unit.constant(index)? {
            Datum::Plain(constant) => (constant, alone(1)),
            Datum::BigInt(negative, magnitude) => {
                (Const::BigInt(negative, magnitude.into()), alone(magnitude.len()))
            }
            Datum::Str(text) => (Const::Str(self.text(text)?), alone(1)),
            Datum::Bytes(bytes) => (Const::Bytes(bytes.into()), alone(bytes.len())),
            Datum::Tuple(items) => {
                let (items, extent) = self.row(&items)?;
                (Const::Tuple(items.into()), extent)
            }
            Datum::FrozenSet(items) => {
                let (items, extent) = self.row(&items)?;
                (Const::FrozenSet(items.into()), extent)
            }
            Datum::Slice(parts) => {
                let (parts, extent) = self.row(&parts)?;
                let parts: [Const; 3] = parts.try_into().map_err(|_| Malformed)?;
                (Const::Slice(Rc::new(parts)), extent)
            }
        })
    }

    fn code(&mut self, head: &Head, depth: usize) -> Res<Rc<Code>> {
        if depth > MAX_NESTING {
            return Err(Malformed);
        }
        let body = self.unit.body(head)?;
        let consts = body.consts.iter().map(|item| match item {
            Item::Const(index) => {
                let index = *index as usize;
                let size = *self.sizes.get(index).ok_or(Malformed)?;
                self.room = self.room.checked_sub(size).ok_or(Malformed)?;
                Ok(self.consts[index].clone())
            }
            Item::Code(head) => Ok(Const::Code(self.code(head, depth + 1)?)),
        });
        let consts = consts.collect::<Res<Vec<_>>>()?;
        let positions = unpack(body.positions)?.into();
        body.into_code(head, consts, positions, |index| self.text(index)).map(Rc::new)
    }
}
