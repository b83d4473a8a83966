//! Writing.

use std::collections::HashMap;

use ryokan_bytecode::image;

use super::{MOST_DEPTH, tag};
use crate::native::*;
use crate::types::code::CodeObj;
use crate::types::complex::Complex;
use crate::types::set::{FrozenSet, Set};
use crate::types::slice::Slice;
use crate::types::str::Str;
use crate::types::{float, int};
use crate::value::Word;

/// Digits of an int, of fifteen bits each.
const DIGIT_BITS: usize = 15;

/// Writes objects one behind the other.
pub struct Writer<'a> {
    cx: &'a Cx,
    out: ByteWriter<'a>,
    version: i64,
    allow_code: bool,
    depth: usize,
    /// The numbers of the objects that can be referred to.
    shared: HashMap<Word, u32>,
}

impl<'a> Writer<'a> {
    pub fn new(cx: &'a Cx, version: i64, allow_code: bool) -> Writer<'a> {
        Writer { cx, out: ByteWriter::new(cx), version, allow_code, depth: 0, shared: HashMap::new() }
    }

    pub fn finish(self) -> Res {
        self.out.finish()
    }

    fn byte(&mut self, byte: u8) -> Res<()> {
        self.out.push(&[byte])
    }
    fn long(&mut self, number: i32) -> Res<()> {
        self.out.push(&number.to_le_bytes())
    }
    fn size(&mut self, size: usize) -> Res<()> {
        match i32::try_from(size) {
            Ok(size) => self.long(size),
            Err(_) => Err(self.unmarshallable()),
        }
    }
    fn unmarshallable(&self) -> Raised {
        self.cx.value_error("unmarshallable object")
    }

    /// An object.
    pub fn value(&mut self, value: &Value) -> Res<()> {
        self.cx.work(1)?;
        let single = match value.word() {
            Word::NONE => Some(tag::NONE),
            Word::TRUE => Some(tag::TRUE),
            Word::FALSE => Some(tag::FALSE),
            Word::ELLIPSIS => Some(tag::ELLIPSIS),
            _ if value.is(&self.cx.vm().exc.StopIteration.to_value()) => Some(tag::STOP_ITERATION),
            _ => None,
        };
        if let Some(single) = single {
            return self.byte(single);
        }
        if self.depth >= MOST_DEPTH {
            return Err(self.cx.value_error("object too deeply nested to marshal"));
        }
        self.cx.check_stack()?;
        let Some(flag) = self.shared_flag(value)? else { return Ok(()) };
        self.depth += 1;
        let result = self.tagged(value, flag);
        self.depth -= 1;
        result
    }

    /// What is or-ed to an object's tag; nothing if a reference to it was written instead.
    fn shared_flag(&mut self, value: &Value) -> Res<Option<u8>> {
        if self.version < 3 {
            return Ok(Some(0));
        }
        if let Some(known) = self.shared.get(&value.word()) {
            let number = *known as i32;
            self.byte(tag::REF)?;
            self.long(number)?;
            return Ok(None);
        }
        let number = self.shared.len() as u32;
        self.shared.insert(value.word(), number);
        self.cx.vm().room_for_bytes(32)?;
        Ok(Some(tag::SHARED))
    }

    fn tagged(&mut self, value: &Value, flag: u8) -> Res<()> {
        if int::is_exact_int(value) {
            return self.int(value, flag);
        }
        if let Some(number) = float::float_of(value).filter(|_| float::is_exact_float(value)) {
            self.byte(flag | if self.version > 1 { tag::FLOAT } else { tag::FLOAT_TEXT })?;
            return self.float(number);
        }
        if let Some(number) = value.exact::<Complex>() {
            let (re, im) = (number.re, number.im);
            self.byte(flag | if self.version > 1 { tag::COMPLEX } else { tag::COMPLEX_TEXT })?;
            self.float(re)?;
            return self.float(im);
        }
        if let Some(bytes) = Bytes::exact(value) {
            self.byte(flag | tag::BYTES)?;
            self.size(bytes.as_slice().len())?;
            return self.out.push(bytes.as_slice());
        }
        if let Some(text) = value.exact::<Str>() {
            return self.text(text, flag);
        }
        if let Some(tuple) = Tuple::exact(value) {
            return self.tuple(&tuple, flag);
        }
        if let Some(list) = List::exact(value) {
            self.byte(flag | tag::LIST)?;
            self.size(list.len())?;
            let count = list.len();
            for index in 0..count {
                // Writing a part may run Python, through a buffer of its class.
                let Some(item) = list.get(index) else { return Err(self.unmarshallable()) };
                self.value(&item)?;
            }
            return Ok(());
        }
        if let Some(dict) = Dict::exact(value) {
            self.byte(flag | tag::DICT)?;
            let mut at = 0;
            while let Some((next, key, item)) = dict.next_item(at) {
                at = next;
                self.value(&key)?;
                self.value(&item)?;
            }
            return self.byte(tag::NULL);
        }
        self.rare(value, flag)
    }

    fn rare(&mut self, value: &Value, flag: u8) -> Res<()> {
        if value.exact::<Set>().is_some() || value.exact::<FrozenSet>().is_some() {
            let frozen = value.exact::<FrozenSet>().is_some();
            return self.set(value, flag | if frozen { tag::FROZENSET } else { tag::SET });
        }
        if let Some(code) = value.get::<CodeObj>() {
            if !self.allow_code {
                return Err(self.cx.value_error("marshalling code objects is disallowed"));
            }
            let Some(code) = code.full_code(self.cx.vm())? else { return Err(self.unmarshallable()) };
            let unit = image::write(&code);
            self.byte(flag | tag::CODE)?;
            self.size(unit.len())?;
            return self.out.push(&unit);
        }
        if let Some(slice) = value.get::<Slice>().filter(|_| self.version >= 5) {
            let parts = [slice.start.clone(), slice.stop.clone(), slice.step.clone()];
            self.byte(flag | tag::SLICE)?;
            return parts.iter().try_for_each(|part| self.value(part));
        }
        match Buffer::of(self.cx, value) {
            Ok(buffer) => {
                self.byte(flag | tag::BYTES)?;
                self.size(buffer.len())?;
                let out = &mut self.out;
                buffer.read(|bytes| out.push(bytes))
            }
            Err(raised) => {
                drop(self.cx.catch(raised, "TypeError")?);
                Err(self.unmarshallable())
            }
        }
    }

    fn int(&mut self, value: &Value, flag: u8) -> Res<()> {
        let Some(number) = int::view(value) else { return Err(self.unmarshallable()) };
        if let int::Num::Small(small) = number
            && let Ok(small) = i32::try_from(small)
        {
            self.byte(flag | tag::INT)?;
            return self.long(small);
        }
        let negative = number.is_negative();
        let magnitude = Int::of(value).map(|int| int.magnitude().to_le_bytes()).unwrap_or_default();
        let digits = number.bits().div_ceil(DIGIT_BITS);
        self.cx.work_on_bytes(magnitude.len())?;
        self.byte(flag | tag::LONG)?;
        let Ok(count) = i32::try_from(digits) else { return Err(self.unmarshallable()) };
        self.long(if negative { -count } else { count })?;
        let (mut held, mut bits, mut left) = (0_u32, 0, digits);
        for byte in magnitude.iter().copied().chain([0, 0]) {
            held |= u32::from(byte) << bits;
            bits += 8;
            if bits >= DIGIT_BITS && left > 0 {
                self.out.push(&((held & 0x7fff) as u16).to_le_bytes())?;
                held >>= DIGIT_BITS;
                bits -= DIGIT_BITS;
                left -= 1;
            }
        }
        Ok(())
    }

    fn float(&mut self, number: f64) -> Res<()> {
        if self.version > 1 {
            return self.out.push(&number.to_bits().to_le_bytes());
        }
        let format = self.cx.vm().builtin("format")?;
        let text = self.cx.call(&format, (number, ".17g"))?;
        let text = self.cx.str(&text)?;
        self.byte(text.len() as u8)?;
        self.out.push(text.as_bytes())
    }

    fn text(&mut self, text: &Str, flag: u8) -> Res<()> {
        let interned = self.version >= 3 && text.is_interned();
        let bytes = text.to_wtf8();
        if self.version >= 4 && text.is_ascii() {
            if let Ok(short) = u8::try_from(bytes.len()) {
                self.byte(flag | if interned { tag::SHORT_ASCII_INTERNED } else { tag::SHORT_ASCII })?;
                self.byte(short)?;
            } else {
                self.byte(flag | if interned { tag::ASCII_INTERNED } else { tag::ASCII })?;
                self.size(bytes.len())?;
            }
        } else {
            self.byte(flag | if interned { tag::INTERNED } else { tag::STR })?;
            self.size(bytes.len())?;
        }
        self.out.push(&bytes)
    }

    fn tuple(&mut self, tuple: &Tuple, flag: u8) -> Res<()> {
        match u8::try_from(tuple.len()) {
            Ok(short) if self.version >= 4 => {
                self.byte(flag | tag::SMALL_TUPLE)?;
                self.byte(short)?;
            }
            _ => {
                self.byte(flag | tag::TUPLE)?;
                self.size(tuple.len())?;
            }
        }
        tuple.as_slice().iter().try_for_each(|item| self.value(item))
    }

    /// The items in the order of their bytes, so that equal sets have equal bytes.
    fn set(&mut self, set: &Value, tag: u8) -> Res<()> {
        let items = self.cx.vm().collect(set)?;
        self.byte(tag)?;
        self.size(items.len())?;
        let mut pairs = Vec::new();
        for item in items {
            let mut alone = Writer::new(self.cx, self.version, self.allow_code);
            alone.depth = self.depth;
            alone.value(&item)?;
            pairs.push((alone.out.as_slice().to_vec(), item));
        }
        pairs.sort_by(|a, b| a.0.cmp(&b.0));
        pairs.iter().try_for_each(|(_, item)| self.value(item))
    }
}
