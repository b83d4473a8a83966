//! Writing objects: which kind an object is, those without parts, and what stands for one that was written before.

use ryokan_vm::native::*;

use super::buffer::PickleBuffer;
use super::memo::Memo;
use super::op;
use super::output::Output;
use super::pickler::Pickler;
use super::{PICKLING_ERROR, State, noted};

/// Writes one pickle.
pub struct Saver<'a> {
    pub cx: &'a Cx,
    pub pickler: &'a Pickler,
    pub state: Obj<State>,
    pub out: Output<'a>,
    pub protocol: u8,
    /// What is asked for a name of each object.
    pub identify: Option<Value>,
    /// What is asked how an object is made again, before its class is.
    pub reducer: Option<Value>,
    /// How many collections this one lies in that were told to be fast, and those beyond the first few of them.
    pub nesting: usize,
    pub underway: Memo,
    /// Whether an instance's attributes can be written as its dict without making one: nobody sees what is remembered.
    pub unseen: bool,
    /// The instances of which that was done, with the places of their dicts in the memo: see `settle`.
    pub unmade: Vector<(usize, Value)>,
    /// A class whose instances are nothing but their attributes, and when that was so.
    pub plain_class: Option<(Value, u32)>,
}

impl<'a> Saver<'a> {
    pub fn new(cx: &'a Cx, pickler: &'a Pickler, out: Output<'a>) -> Res<Saver<'a>> {
        Ok(Saver {
            cx,
            pickler,
            state: cx.state::<State>()?,
            out,
            protocol: pickler.protocol.get(),
            identify: None,
            reducer: None,
            nesting: 0,
            underway: Memo::default(),
            unseen: false,
            unmade: cx.vector(0)?,
            plain_class: None,
        })
    }
    /// Writes a whole pickle. Runs Python, as all that writes an object does.
    pub fn whole(&mut self, object: &Value) -> Res<()> {
        if self.protocol >= 2 {
            self.out.push(&[op::PROTO, self.protocol])?;
            self.out.framing = self.protocol >= 4;
        }
        self.save(object)?;
        self.out.byte(op::STOP)?;
        self.out.end_frame();
        self.out.framing = false;
        Ok(())
    }
    /// Whether opcodes are binary: a script may change that at any time.
    #[inline]
    pub fn binary(&self) -> bool {
        self.pickler.binary.get() != 0
    }
    /// Whether Python sees each object, so that it must keep its identity.
    #[inline]
    pub fn is_watched(&self) -> bool {
        self.identify.is_some()
    }
    #[cold]
    pub fn error(&self, message: impl std::fmt::Display) -> Raised {
        self.cx.raise_of(&PICKLING_ERROR, message)
    }
    #[cold]
    pub fn noted(&self, raised: Raised, note: impl FnOnce() -> Res<String>) -> Raised {
        noted(self.cx, raised, note)
    }

    /// The empty tuple.
    pub fn nothing(&self) -> Res {
        Ok(Tuple::from_fn(self.cx, 0, |_| Value::NONE)?.into_value())
    }

    /// Writes an object.
    #[inline]
    pub fn save(&mut self, object: &Value) -> Res<()> {
        self.out.between()?;
        if self.identify.is_some() && self.identified(object)? {
            return Ok(());
        }
        self.save_itself(object)
    }
    /// The same of one whose name is not asked for.
    fn save_itself(&mut self, object: &Value) -> Res<()> {
        self.cx.work(1)?;
        let kind = self.cx.plain(object);
        match kind {
            Plain::None => return self.out.byte(op::NONE),
            Plain::Bool(truth) => return self.bool(truth),
            Plain::Int => return self.int(object),
            Plain::Float => return self.float(object),
            _ => {}
        }
        if let Some(number) = self.pickler.memo.get(object) {
            return self.get(number);
        }
        match kind {
            Plain::Str => return self.str(object),
            Plain::Bytes => return self.bytes(object),
            _ => self.cx.check_stack()?,
        }
        match kind {
            Plain::Tuple => self.tuple(object),
            Plain::Dict => self.dict(object),
            Plain::List => self.list(object),
            Plain::Set => self.set(object),
            Plain::FrozenSet => self.frozenset(object),
            Plain::ByteArray => self.bytearray(object),
            _ => match PickleBuffer::of(object) {
                Some(buffer) => self.buffer(object, buffer),
                None => self.other(kind, object),
            },
        }
    }

    /// Writes the name of an object, if it has one; whether it has.
    fn identified(&mut self, object: &Value) -> Res<bool> {
        let Some(identify) = &self.identify else { return Ok(false) };
        let name = self.cx.call(identify, (object,))?;
        if name.is_none() {
            return Ok(false);
        }
        if self.binary() {
            self.out.between()?;
            self.save_itself(&name)?;
            self.out.byte(op::BINPERSID)?;
            return Ok(true);
        }
        let text = self.cx.str_value(&name)?;
        let Some(ascii) = Str::of(&text).filter(Str::is_ascii) else {
            return Err(self.error("persistent IDs in protocol 0 must be ASCII strings"));
        };
        self.out.byte(op::PERSID)?;
        self.out.push(ascii.ascii().unwrap_or_default().as_bytes())?;
        self.out.byte(b'\n')?;
        Ok(true)
    }

    /// Remembers an object that was just written.
    #[inline]
    pub fn put(&mut self, object: &Value) -> Res<()> {
        if self.pickler.fast.get() != 0 {
            return Ok(());
        }
        let number = self.pickler.memo.len();
        self.pickler.memo.put(self.cx, object, number as i64)?;
        self.number(number)
    }
    /// Writes that the object on top gets a number.
    pub fn number(&mut self, number: usize) -> Res<()> {
        if self.protocol >= 4 {
            self.out.byte(op::MEMOIZE)
        } else if !self.binary() {
            self.line(op::PUT, number as i64)
        } else if let Ok(number) = u8::try_from(number) {
            self.out.push(&[op::BINPUT, number])
        } else if let Ok(number) = u32::try_from(number) {
            self.with_u32(op::LONG_BINPUT, number)
        } else {
            Err(self.error("memo id too large for LONG_BINPUT"))
        }
    }
    /// Refers to an object that was written.
    pub fn get(&mut self, number: i64) -> Res<()> {
        if !self.binary() {
            self.line(op::GET, number)
        } else if let Ok(number) = u8::try_from(number) {
            self.out.push(&[op::BINGET, number])
        } else if let Ok(number) = u32::try_from(number) {
            self.with_u32(op::LONG_BINGET, number)
        } else {
            Err(self.error("memo id too large for LONG_BINGET"))
        }
    }
    /// An opcode, and a number in a line.
    fn line(&mut self, code: u8, number: i64) -> Res<()> {
        let text = format!("{}{number}\n", char::from(code));
        self.out.push(text.as_bytes())
    }
    /// An opcode, and four bytes.
    fn with_u32(&mut self, code: u8, number: u32) -> Res<()> {
        let [a, b, c, d] = number.to_le_bytes();
        self.out.push(&[code, a, b, c, d])
    }

    fn bool(&mut self, truth: bool) -> Res<()> {
        match (self.protocol >= 2, truth) {
            (true, true) => self.out.byte(op::NEWTRUE),
            (true, false) => self.out.byte(op::NEWFALSE),
            (false, true) => self.out.push(b"I01\n"),
            (false, false) => self.out.push(b"I00\n"),
        }
    }
    fn int(&mut self, object: &Value) -> Res<()> {
        match self.cx.small_int(object).and_then(|number| i32::try_from(number).ok()) {
            Some(number) if !self.binary() => self.line(op::INT, i64::from(number)),
            Some(number @ 0..=0xff) => self.out.push(&[op::BININT1, number as u8]),
            Some(number @ 0x100..=0xffff) => self.out.push(&[op::BININT2, number as u8, (number >> 8) as u8]),
            Some(number) => self.with_u32(op::BININT, number as u32),
            None => self.long(object),
        }
    }
    fn long(&mut self, object: &Value) -> Res<()> {
        let cx = self.cx;
        let Some(number) = Int::of(object) else { return Ok(()) };
        if self.protocol < 2 {
            let text = cx.repr(object)?;
            self.out.byte(op::LONG)?;
            self.out.push(text.as_bytes())?;
            return self.out.push(b"L\n");
        }
        // Two's complement, with a bit for the sign, in as few bytes as that takes.
        let (negative, bits) = (number.is_negative(), number.bits());
        let mut bytes = if let Some(small) = number.small() {
            small.to_le_bytes().to_vec()
        } else {
            cx.room_for_bytes(bits / 4)?;
            let mut bytes = number.magnitude().to_le_bytes().into_vec();
            if negative {
                complement(&mut bytes);
            }
            bytes
        };
        bytes.resize(bits / 8 + 1, if negative { 0xff } else { 0 });
        if let [.., before, 0xff] = bytes[..]
            && negative
            && before & 0x80 != 0
        {
            bytes.pop();
        }
        if let Ok(len) = u8::try_from(bytes.len()) {
            self.out.push(&[op::LONG1, len])?;
        } else if let Ok(len) = i32::try_from(bytes.len()) {
            self.with_u32(op::LONG4, len as u32)?;
        } else {
            return Err(cx.overflow_error("int too large to pickle"));
        }
        cx.work_on_bytes(bytes.len())?;
        self.out.push(&bytes)
    }
    fn float(&mut self, object: &Value) -> Res<()> {
        let number = self.cx.float_value(object).unwrap_or_default();
        if self.binary() {
            let [a, b, c, d, e, f, g, h] = number.to_be_bytes();
            return self.out.push(&[op::BINFLOAT, a, b, c, d, e, f, g, h]);
        }
        let text = self.cx.float_text(number);
        self.out.byte(op::FLOAT)?;
        self.out.push(text.as_bytes())?;
        self.out.byte(b'\n')
    }

    /// Bytes with a header that says how many they are: of one byte, of four, of eight.
    fn counted(&mut self, codes: [Option<u8>; 3], what: &str, data: &[u8], payload: Option<&Value>) -> Res<()> {
        let len = data.len() as u64;
        let mut header = [0; 9];
        header[1..].copy_from_slice(&len.to_le_bytes());
        let (code, used) = match codes {
            [Some(short), _, _] if len <= 0xff => (short, 2),
            [_, Some(usual), _] if len <= 0xffff_ffff => (usual, 5),
            [_, _, Some(long)] if self.protocol >= 4 => (long, 9),
            _ => {
                let message =
                    format_args!("serializing a {what} larger than 4 GiB requires pickle protocol 4 or higher");
                return Err(self.cx.overflow_error(message));
            }
        };
        header[0] = code;
        self.out.data(&header[..used], data, payload)
    }
    fn str(&mut self, object: &Value) -> Res<()> {
        let Some(text) = Str::of(object) else { return Ok(()) };
        if !self.binary() {
            return self.raw_str(object, &text);
        }
        let codes = [Some(op::SHORT_BINUNICODE).filter(|_| self.protocol >= 4), Some(op::BINUNICODE), Some(op::BINUNICODE8)];
        if let Some(ascii) = text.ascii() {
            self.counted(codes, "string", ascii.as_bytes(), None)?;
        } else {
            let encoded = encoded(self.cx, &text)?;
            self.counted(codes, "string", encoded.as_slice(), None)?;
        }
        self.put(object)
    }
    /// A str in a line of Latin-1: characters that it does not have, and some that a line cannot have, are escaped.
    fn raw_str(&mut self, object: &Value, text: &Str) -> Res<()> {
        self.out.byte(op::UNICODE)?;
        self.cx.work_on_bytes(text.len())?;
        for c in text.chars().iter() {
            match c {
                0 | 0x0a | 0x0d | 0x1a | 0x5c | 0x100..=0xffff => self.out.push(format!("\\u{c:04x}").as_bytes())?,
                0x1_0000.. => self.out.push(format!("\\U{c:08x}").as_bytes())?,
                _ => self.out.byte(c as u8)?,
            }
        }
        self.out.byte(b'\n')?;
        self.put(object)
    }
    fn bytes(&mut self, object: &Value) -> Res<()> {
        let cx = self.cx;
        let Some(bytes) = Bytes::of(object) else { return Ok(()) };
        if self.protocol >= 3 {
            self.in_band(bytes.as_slice(), false, object)?;
            return self.put(object);
        }
        // Protocols that know no bytes say how they are encoded.
        let args = if bytes.as_slice().is_empty() {
            (cx.builtin("bytes")?, self.nothing()?).into_value(cx)?
        } else {
            let text = Chars::One(bytes.as_slice()).into_value(cx)?;
            (self.state.encode.get(), (text, self.state.latin1.get())).into_value(cx)?
        };
        self.reduced_again(&args, object)
    }
    fn bytearray(&mut self, object: &Value) -> Res<()> {
        let cx = self.cx;
        let Some(array) = ByteArray::of(object) else { return Ok(()) };
        if self.protocol < 5 {
            let class = cx.builtin("bytearray")?;
            let args = if array.is_empty() {
                (class, self.nothing()?).into_value(cx)?
            } else {
                (class, (array.read(|bytes| bytes.into_value(cx))?,)).into_value(cx)?
            };
            return self.reduced_again(&args, object);
        }
        if array.len() >= super::output::FRAME_TARGET {
            // A stream may change it while it is written.
            let copy = array.read(|bytes| Bytes::new(cx, bytes))?;
            self.in_band(copy.as_slice(), true, object)?;
        } else {
            let out = &mut self.out;
            array.read(|bytes| out.data(&array_header(bytes.len()), bytes, None))?;
        }
        self.put(object)
    }
    /// The data of a bytes or bytearray object.
    pub fn in_band(&mut self, data: &[u8], writable: bool, payload: &Value) -> Res<()> {
        if writable {
            return self.out.data(&array_header(data.len()), data, Some(payload));
        }
        let codes = [Some(op::SHORT_BINBYTES), Some(op::BINBYTES), Some(op::BINBYTES8)];
        self.counted(codes, "bytes object", data, Some(payload))
    }
    fn buffer(&mut self, object: &Value, buffer: &PickleBuffer) -> Res<()> {
        let cx = self.cx;
        if self.protocol < 5 {
            return Err(self.error("PickleBuffer can only be pickled with protocol >= 5"));
        }
        let view = buffer.view(cx)?;
        if !buffer.is_contiguous() {
            let message = "PickleBuffer can not be pickled when pointing to a non-contiguous buffer";
            return Err(self.error(message));
        }
        let writable = !buffer.is_readonly();
        let in_band = match self.pickler.callback.get() {
            Some(callback) => self.settle().and_then(|()| cx.truth(&cx.call(&callback, (object,))?))?,
            None => true,
        };
        if !in_band {
            self.out.byte(op::NEXT_BUFFER)?;
            return if writable { Ok(()) } else { self.out.byte(op::READONLY_BUFFER) };
        }
        let data = Bytes::of(&cx.call_method(&view, "tobytes", ("A",))?);
        let data = data.ok_or(()).map_err(|()| cx.type_error("a bytes-like object is required"))?;
        self.in_band(data.as_slice(), writable, object)?;
        self.put(object)
    }
}

fn array_header(len: usize) -> [u8; 9] {
    let mut header = [op::BYTEARRAY8; 9];
    header[1..].copy_from_slice(&(len as u64).to_le_bytes());
    header
}

/// The two's complement of a magnitude.
fn complement(bytes: &mut [u8]) {
    let mut carry = true;
    for byte in bytes {
        let (sum, over) = (!*byte).overflowing_add(u8::from(carry));
        (*byte, carry) = (sum, over);
    }
}

/// UTF-8, of lone surrogates, too.
fn encoded<'a>(cx: &'a Cx, text: &Str) -> Res<ByteWriter<'a>> {
    let mut out = ByteWriter::new(cx);
    for c in text.chars().iter() {
        let low = |shift: u32| 0x80 | (c >> shift) as u8 & 0x3f;
        match c {
            0..0x80 => out.push(&[c as u8])?,
            0x80..0x800 => out.push(&[0xc0 | (c >> 6) as u8, low(0)])?,
            0x800..0x1_0000 => out.push(&[0xe0 | (c >> 12) as u8, low(6), low(0)])?,
            _ => out.push(&[0xf0 | (c >> 18) as u8, low(12), low(6), low(0)])?,
        }
    }
    Ok(out)
}
