//! Writing a unit.

use std::collections::HashMap;

use super::{HEADER_WORDS, MAGIC, VERSION, tag};
use crate::code::{Code, CodeFlags, Const, Facts, LocalKind, Text};

/// The tables as they grow, and the codes.
#[derive(Default)]
struct Writer<'c> {
    texts: HashMap<&'c [u8], u32>,
    text_ends: Vec<u32>,
    text_bytes: Vec<u8>,
    consts: HashMap<&'c Const, u32>,
    const_ends: Vec<u32>,
    const_bytes: Vec<u8>,
}

/// Writes a code and all in it. The tree must not nest deeper than the verifier allows.
pub fn write(code: &Code) -> Vec<u8> {
    let mut writer = Writer::default();
    let mut codes = Vec::new();
    writer.code(code, &mut codes);
    let mut out = Vec::new();
    out.extend(MAGIC);
    let texts_at = HEADER_WORDS * 4;
    let consts_at = texts_at + writer.text_ends.len() * 4 + writer.text_bytes.len();
    let codes_at = consts_at + writer.const_ends.len() * 4 + writer.const_bytes.len();
    let words = [
        VERSION,
        writer.text_ends.len() as u32,
        texts_at as u32,
        writer.const_ends.len() as u32,
        consts_at as u32,
        codes_at as u32,
    ];
    out.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    out.extend(writer.text_ends.iter().flat_map(|end| end.to_le_bytes()));
    out.extend(&writer.text_bytes);
    out.extend(writer.const_ends.iter().flat_map(|end| end.to_le_bytes()));
    out.extend(&writer.const_bytes);
    out.extend(&codes);
    out
}

/// A number, in groups of seven bits.
fn number(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// A number with a sign: small ones of both signs are short.
fn signed(out: &mut Vec<u8>, value: i64) {
    number(out, (value << 1 ^ value >> 63) as u64);
}

impl<'c> Writer<'c> {
    fn text(&mut self, text: &'c Text) -> u64 {
        let bytes = text.as_wtf8();
        if let Some(known) = self.texts.get(bytes) {
            return u64::from(*known);
        }
        let index = self.text_ends.len() as u32;
        self.text_bytes.extend(bytes);
        self.text_ends.push(self.text_bytes.len() as u32);
        self.texts.insert(bytes, index);
        u64::from(index)
    }

    fn constant(&mut self, constant: &'c Const) -> u64 {
        if let Some(known) = self.consts.get(constant) {
            return u64::from(*known);
        }
        let mut out = Vec::new();
        match constant {
            Const::None | Const::Code(_) => out.push(tag::NONE),
            Const::True => out.push(tag::TRUE),
            Const::False => out.push(tag::FALSE),
            Const::Ellipsis => out.push(tag::ELLIPSIS),
            Const::Int(value) => {
                out.push(tag::INT);
                signed(&mut out, *value);
            }
            Const::BigInt(negative, magnitude) => {
                out.push(if *negative { tag::NEGATIVE } else { tag::POSITIVE });
                out.extend(&magnitude[..]);
            }
            Const::Float(bits) => {
                out.push(tag::FLOAT);
                out.extend(bits.to_le_bytes());
            }
            Const::Complex(real, imag) => {
                out.push(tag::COMPLEX);
                out.extend(real.to_le_bytes());
                out.extend(imag.to_le_bytes());
            }
            Const::Str(text) => {
                out.push(tag::STR);
                let index = self.text(text);
                number(&mut out, index);
            }
            Const::Bytes(bytes) => {
                out.push(tag::BYTES);
                out.extend(&bytes[..]);
            }
            Const::Tuple(items) => self.row(tag::TUPLE, items, &mut out),
            Const::FrozenSet(items) => self.row(tag::FROZENSET, items, &mut out),
            Const::Slice(parts) => self.row(tag::SLICE, &parts[..], &mut out),
        }
        // What it consists of has come before it.
        let index = self.const_ends.len() as u32;
        self.const_bytes.extend(&out);
        self.const_ends.push(self.const_bytes.len() as u32);
        self.consts.insert(constant, index);
        u64::from(index)
    }

    fn row(&mut self, tag: u8, items: &'c [Const], out: &mut Vec<u8>) {
        out.push(tag);
        for item in items {
            let index = self.constant(item);
            number(out, index);
        }
    }

    fn code(&mut self, code: &'c Code, out: &mut Vec<u8>) {
        for text in [&code.name, &code.qualname, &code.filename] {
            let index = self.text(text);
            number(out, index);
        }
        let Facts { first_line, arg_count, posonly_count, kwonly_count, flags, free_count } = code.facts();
        let numbers = [first_line, arg_count, posonly_count, kwonly_count, flags.bits(), free_count];
        numbers.iter().for_each(|value| number(out, u64::from(*value)));
        let doc = code.consts.first().filter(|_| code.flags.intersects(CodeFlags::HAS_DOCSTRING));
        let doc = doc.map_or(0, |doc| self.constant(doc) + 1);
        number(out, doc);
        let mut body = Vec::new();
        self.body(code, &mut body);
        number(out, body.len() as u64);
        out.append(&mut body);
    }

    fn body(&mut self, code: &'c Code, out: &mut Vec<u8>) {
        number(out, u64::from(code.stack_size));
        number(out, code.instrs.len() as u64);
        for instr in &code.instrs {
            out.push(instr.0 as u8);
            number(out, u64::from(instr.0 >> 8));
        }
        number(out, code.consts.len() as u64);
        for constant in &code.consts {
            match constant {
                Const::Code(inner) => {
                    number(out, 0);
                    self.code(inner, out);
                }
                other => {
                    let index = self.constant(other);
                    number(out, index + 1);
                }
            }
        }
        number(out, code.names.len() as u64);
        for name in &code.names {
            let index = self.text(name);
            number(out, index);
        }
        number(out, code.locals.len() as u64);
        for local in &code.locals {
            let index = self.text(&local.name);
            number(out, index);
            let kind = match local.kind {
                LocalKind::Plain => 0,
                LocalKind::Cell => 1,
                LocalKind::CellOnly => 2,
                LocalKind::Free => 3,
            };
            out.push(kind | u8::from(local.hidden) << 2);
        }
        number(out, code.handlers.len() as u64);
        for handler in &code.handlers {
            [handler.start.0, handler.end.0, handler.target.0, handler.depth]
                .iter()
                .for_each(|value| number(out, u64::from(*value)));
        }
        number(out, code.positions.len() as u64);
        let (mut start, mut line) = (0, 0);
        for position in code.positions.iter() {
            number(out, u64::from(position.start.0.wrapping_sub(start)));
            signed(out, i64::from(position.line) - i64::from(line));
            signed(out, i64::from(position.end_line) - i64::from(position.line));
            number(out, u64::from(position.col));
            signed(out, i64::from(position.end_col) - i64::from(position.col));
            (start, line) = (position.start.0, position.line);
        }
    }
}
