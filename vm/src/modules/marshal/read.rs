//! Reading.

use super::{MOST_DEPTH, load_unit, tag};
use crate::native::*;
use crate::types::set::Set;

/// Where the bytes come from.
enum Source<'a> {
    Bytes(&'a [u8]),
    File(Value),
}

/// Reads one object.
pub struct Reader<'a> {
    cx: &'a Cx,
    source: Source<'a>,
    allow_code: bool,
    depth: usize,
    /// What can be referred to; empty where it is not whole yet.
    shared: Vector<Value>,
}

/// What stands where an object could: one, or the mark of a dict's end.
type Found = Option<Value>;

impl<'a> Reader<'a> {
    pub fn of_bytes(cx: &'a Cx, bytes: &'a [u8], allow_code: bool) -> Res<Reader<'a>> {
        Ok(Reader { cx, source: Source::Bytes(bytes), allow_code, depth: 0, shared: cx.vector(0)? })
    }
    pub fn of_file(cx: &'a Cx, file: Value, allow_code: bool) -> Res<Reader<'a>> {
        Ok(Reader { cx, source: Source::File(file), allow_code, depth: 0, shared: cx.vector(0)? })
    }

    /// The object.
    pub fn whole(mut self) -> Res {
        match self.value()? {
            Some(value) => Ok(value),
            None => Err(self.cx.type_error("NULL object in marshal data for object")),
        }
    }

    fn short(&self) -> Raised {
        let file = matches!(self.source, Source::File(_));
        eof(self.cx, if file { "EOF read where not expected" } else { "marshal data too short" })
    }
    fn bad(&self, what: &str) -> Raised {
        self.cx.value_error(format_args!("bad marshal data ({what})"))
    }

    /// So many bytes.
    fn take(&mut self, count: usize) -> Res<std::borrow::Cow<'a, [u8]>> {
        self.cx.work_on_bytes(count)?;
        match &mut self.source {
            Source::Bytes(bytes) => match bytes.split_at_checked(count) {
                Some((taken, rest)) => {
                    *bytes = rest;
                    Ok(taken.into())
                }
                None => Err(self.short()),
            },
            Source::File(file) => {
                let file = file.clone();
                self.take_from(&file, count).map(Into::into)
            }
        }
    }

    fn take_from(&self, file: &Value, count: usize) -> Res<Vec<u8>> {
        if count == 0 {
            return Ok(Vec::new());
        }
        let class = self.cx.vm().builtin("bytearray")?;
        let room = self.cx.call(&class, (count,))?;
        let view = self.cx.call(&self.cx.vm().builtin("memoryview")?, (&room,))?;
        let got = self.cx.call_method(file, "readinto", (&view,))?;
        let got = self.cx.index(&got)?;
        if got > count as i64 {
            return Err(self.cx.value_error(format_args!(
                "read() returned too much data: {count} bytes requested, {got} returned"
            )));
        }
        if got < count as i64 {
            return Err(self.short());
        }
        drop(view);
        self.cx.vm().room_for_bytes(count as u128)?;
        Ok(Buffer::of(self.cx, &room)?.read(<[u8]>::to_vec))
    }

    fn array<const N: usize>(&mut self) -> Res<[u8; N]> {
        let bytes = match self.take(N) {
            Err(raised) if N == 1 => {
                drop(self.cx.catch(raised, "EOFError")?);
                return Err(eof(self.cx, "EOF read where not expected"));
            }
            taken => taken?,
        };
        <[u8; N]>::try_from(&bytes[..]).map_err(|_| self.short())
    }
    fn long(&mut self) -> Res<i32> {
        self.array().map(i32::from_le_bytes)
    }
    fn size(&mut self, what: &str) -> Res<usize> {
        let size = self.long()?;
        usize::try_from(size).map_err(|_| self.bad(&format!("{what} size out of range")))
    }

    /// The next object, if it is one.
    fn value(&mut self) -> Res<Found> {
        self.cx.work(1)?;
        self.cx.check_stack()?;
        let tag = match self.take(1) {
            Ok(byte) => byte[0],
            Err(raised) => {
                drop(self.cx.catch(raised, "EOFError")?);
                return Err(eof(self.cx, "EOF read where object expected"));
            }
        };
        if self.depth >= MOST_DEPTH {
            return Err(self.cx.value_error("recursion limit exceeded"));
        }
        self.depth += 1;
        let result = self.tagged(tag & !tag::SHARED, tag & tag::SHARED != 0);
        self.depth -= 1;
        result
    }

    /// A part of something, which must be an object.
    fn part(&mut self, of: &str) -> Res {
        match self.value()? {
            Some(value) => Ok(value),
            None => Err(self.cx.type_error(format_args!("NULL object in marshal data for {of}"))),
        }
    }

    /// Keeps an object that may be referred to.
    fn keep(&mut self, shared: bool, value: Value) -> Res {
        if shared {
            self.cx.vm().reserve(&mut self.shared, 1)?;
            self.shared.extend([value.clone()]);
        }
        Ok(value)
    }

    /// A place for an object that will be there when its parts are.
    fn reserve(&mut self, shared: bool) -> Res<Option<usize>> {
        self.keep(shared, Value::UNBOUND)?;
        Ok(shared.then(|| self.shared.len() - 1))
    }
    fn settle(&mut self, place: Option<usize>, value: Value) -> Res {
        if let Some(place) = place {
            self.shared[place].set(value.clone());
        }
        Ok(value)
    }

    fn tagged(&mut self, tag: u8, shared: bool) -> Res<Found> {
        let value = match tag {
            tag::NULL => return Ok(None),
            tag::NONE => Value::NONE,
            tag::TRUE => Value::TRUE,
            tag::FALSE => Value::FALSE,
            tag::ELLIPSIS => Value::ELLIPSIS,
            tag::STOP_ITERATION => self.cx.vm().exc.StopIteration.to_value(),
            tag::REF => {
                let number = self.long()?;
                let found = usize::try_from(number).ok().and_then(|number| self.shared.get(number));
                match found.filter(|value| !value.is_unbound()) {
                    Some(value) => value.clone(),
                    None => return Err(self.bad("invalid reference")),
                }
            }
            tag::LIST
            | tag::DICT
            | tag::SET
            | tag::FROZENSET
            | tag::TUPLE
            | tag::SMALL_TUPLE
            | tag::SLICE => self.collection(tag, shared)?,
            tag::CODE => {
                if !self.allow_code {
                    return Err(self.cx.value_error("unmarshalling code objects is disallowed"));
                }
                let place = self.reserve(shared)?;
                let size = self.size("code")?;
                let unit = self.take(size)?;
                let code = load_unit(self.cx, &unit)?;
                self.settle(place, code)?
            }
            _ => {
                let made = self.plain(tag)?;
                self.keep(shared, made)?
            }
        };
        Ok(Some(value))
    }

    fn collection(&mut self, tag: u8, shared: bool) -> Res {
        match tag {
            tag::LIST => {
                let size = self.size("list")?;
                let list = List::new(self.cx, 0)?;
                self.keep(shared, list.value().clone())?;
                for _ in 0..size {
                    let item = self.part("list")?;
                    list.push(self.cx, item)?;
                }
                Ok(list.into_value())
            }
            tag::DICT => {
                let dict = Dict::new(self.cx)?;
                self.keep(shared, dict.value().clone())?;
                while let Some(key) = self.value()? {
                    let Some(value) = self.value()? else { break };
                    dict.set(self.cx, &key, value)?;
                }
                Ok(dict.into_value())
            }
            tag::SET => {
                let size = self.size("set")?;
                let set = self.cx.vm().new_set()?;
                self.keep(shared, set.value().clone())?;
                for _ in 0..size {
                    let item = self.part("set")?;
                    add(self.cx, &set, item)?;
                }
                Ok(set.into_value())
            }
            tag::FROZENSET => {
                let size = self.size("set")?;
                let place = self.reserve(shared)?;
                let set = self.cx.vm().new_set()?;
                for _ in 0..size {
                    let item = self.part("set")?;
                    add(self.cx, &set, item)?;
                }
                let items = self.cx.vm().collect(set.value())?;
                let made = self.cx.vm().frozenset(&items)?;
                self.settle(place, made)
            }
            tag::SLICE => {
                let place = self.reserve(shared)?;
                let (start, stop, step) = (self.part("slice")?, self.part("slice")?, self.part("slice")?);
                let made = self.cx.vm().new_slice(start, stop, step)?;
                self.settle(place, made)
            }
            _ => {
                let size = match tag {
                    tag::SMALL_TUPLE => usize::from(self.array::<1>()?[0]),
                    _ => self.size("tuple")?,
                };
                let place = self.reserve(shared)?;
                let mut items = self.cx.vm().vector(0)?;
                for _ in 0..size {
                    let item = self.part("tuple")?;
                    self.cx.vm().reserve(&mut items, 1)?;
                    items.extend([item]);
                }
                let made = Tuple::from_fn(self.cx, items.len(), |at| items[at].clone())?;
                self.settle(place, made.into_value())
            }
        }
    }

    /// A number, a text, bytes.
    fn plain(&mut self, tag: u8) -> Res {
        let vm = self.cx.vm();
        match tag {
            tag::INT => {
                let number = self.long()?;
                vm.int(i64::from(number))
            }
            tag::INT64 => {
                let number = i64::from_le_bytes(self.array()?);
                vm.int(number)
            }
            tag::LONG => self.int(),
            tag::FLOAT => {
                let bits = u64::from_le_bytes(self.array()?);
                vm.float(f64::from_bits(bits))
            }
            tag::COMPLEX => {
                let (re, im) = (u64::from_le_bytes(self.array()?), u64::from_le_bytes(self.array()?));
                vm.complex(f64::from_bits(re), f64::from_bits(im))
            }
            tag::FLOAT_TEXT => {
                let number = self.float_text()?;
                vm.float(number)
            }
            tag::COMPLEX_TEXT => {
                let (re, im) = (self.float_text()?, self.float_text()?);
                vm.complex(re, im)
            }
            tag::BYTES => {
                let size = self.size("bytes object")?;
                let bytes = self.take(size)?;
                vm.bytes(&bytes)
            }
            tag::STR | tag::INTERNED => {
                let size = self.size("string")?;
                let bytes = self.take(size)?;
                self.text(&bytes, tag == tag::INTERNED)
            }
            tag::ASCII | tag::ASCII_INTERNED => {
                let size = self.size("string")?;
                let bytes = self.take(size)?;
                self.latin(&bytes, tag == tag::ASCII_INTERNED)
            }
            tag::SHORT_ASCII | tag::SHORT_ASCII_INTERNED => {
                let size = usize::from(self.array::<1>()?[0]);
                let bytes = self.take(size)?;
                self.latin(&bytes, tag == tag::SHORT_ASCII_INTERNED)
            }
            _ => Err(self.bad("unknown type code")),
        }
    }

    /// An int in digits of fifteen bits.
    fn int(&mut self) -> Res {
        let count = self.long()?;
        let digits = count.unsigned_abs() as usize;
        if count == i32::MIN {
            return Err(self.bad("long size out of range"));
        }
        let bytes = self.take(digits.saturating_mul(2))?;
        let _room = Charge::new(self.cx.vm(), bytes.len())?;
        let mut magnitude = Vec::with_capacity(bytes.len());
        let (mut held, mut bits) = (0_u32, 0);
        let mut last = 0;
        for pair in bytes.chunks_exact(2) {
            last = u16::from_le_bytes([pair[0], pair[1]]);
            if last > 0x7fff {
                return Err(self.bad("digit out of range in long"));
            }
            held |= u32::from(last) << bits;
            bits += 15;
            while bits >= 8 {
                magnitude.push(held as u8);
                held >>= 8;
                bits -= 8;
            }
        }
        magnitude.push(held as u8);
        if digits > 0 && last == 0 {
            return Err(self.bad("unnormalized long data"));
        }
        self.cx.vm().int_from_bytes_le(count < 0, &magnitude)
    }

    fn float_text(&mut self) -> Res<f64> {
        let size = usize::from(self.array::<1>()?[0]);
        let bytes = self.take(size)?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let fits = !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit() || b"+-.eEinfat".contains(&c));
        match text.parse() {
            Ok(number) if fits => Ok(number),
            _ => Err(self.cx.value_error(format_args!("could not convert string to float: '{text}'"))),
        }
    }

    /// Text in UTF-8, in which surrogates may stand.
    fn text(&self, bytes: &[u8], interned: bool) -> Res {
        let made = match std::str::from_utf8(bytes) {
            Ok(text) => text.into_value(self.cx)?,
            Err(_) => {
                let raw = Bytes::new(self.cx, bytes)?;
                self.cx.call_method(raw.value(), "decode", ("utf-8", "surrogatepass"))?
            }
        };
        self.interned(made, interned)
    }
    /// Text of one byte a character.
    fn latin(&self, bytes: &[u8], interned: bool) -> Res {
        let made = match std::str::from_utf8(bytes) {
            Ok(text) if text.is_ascii() => text.into_value(self.cx)?,
            _ => bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into_value(self.cx)?,
        };
        self.interned(made, interned)
    }
    fn interned(&self, made: Value, interned: bool) -> Res {
        if interned { self.cx.vm().intern_value(made) } else { Ok(made) }
    }
}

fn eof(cx: &Cx, message: &str) -> Raised {
    cx.vm().raise(&cx.vm().exc.EOFError, message)
}

/// Adds to a set; what cannot be hashed is refused as by `set.add`.
fn add(cx: &Cx, set: &Set, item: Value) -> Res<()> {
    cx.vm().element_hash(&item)?;
    set.add(cx.vm(), item)
}
