//! Codes of the embedded library, read when they are wanted.
//!
//! A function's code is made of its head alone; what it runs, its constants and its names are read at its first call. The tables of a
//! unit belong to the interpreter, so that equal constants of a module are one object, as in a module that was compiled as a whole.
//! The library is part of the program: its codes were verified when it was built.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use dashu_int::ops::UnsignedAbs;
use ryokan_bytecode::image::{Datum, Head, Item, Malformed, Unit};
use ryokan_bytecode::{Code, Const, Positions, Text};

use super::{CodeObj, Whole, as_name, bytes_of, looks_like_name};
use crate::charge::Charge;
use crate::raised::Res;
use crate::types::bytes::Bytes;
use crate::types::complex::Complex;
use crate::types::set::FrozenSet;
use crate::types::slice::Slice;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::{float, int};
use crate::value::Value;
use crate::vm::Vm;

/// The units that an interpreter has opened.
#[derive(Default)]
pub struct Units(RefCell<Vec<Rc<Opened>>>);

/// A unit, and what of its tables was wanted so far.
pub struct Opened {
    unit: Unit<'static>,
    bytes: &'static [u8],
    texts: Box<[Value]>,
    consts: Box<[Value]>,
    /// For the tables.
    _charge: Charge,
}

/// Where the rest of a code stands.
pub struct Origin {
    opened: Rc<Opened>,
    head: Head,
}

impl Units {
    /// Shows the values that the tables hold.
    pub fn trace(&self, visit: &mut dyn FnMut(&Value)) {
        for opened in self.0.borrow().iter() {
            opened.texts.iter().chain(&opened.consts).for_each(&mut *visit);
        }
    }
}

impl Vm {
    /// The outermost code of a unit of the library. Runs no Python; `MemoryError`, and `SystemError` if the unit is damaged.
    pub fn library_code(&self, bytes: &'static [u8]) -> Res {
        let known = self.units.0.borrow().iter().find(|o| std::ptr::eq(o.bytes, bytes)).cloned();
        let opened = match known {
            Some(opened) => opened,
            None => {
                let unit = self.sound(Unit::open(bytes))?;
                let size = (unit.text_count() + unit.const_count()) * size_of::<Value>();
                let charge = Charge::new(self, size)?;
                let empty = |count: usize| (0..count).map(|_| Value::UNBOUND).collect();
                let (texts, consts) = (empty(unit.text_count()), empty(unit.const_count()));
                let opened = Rc::new(Opened { unit, bytes, texts, consts, _charge: charge });
                self.units.0.borrow_mut().push(opened.clone());
                opened
            }
        };
        let root = self.sound(opened.unit.root())?;
        self.code_of_head(&opened, root)
    }

    fn sound<T>(&self, result: Result<T, Malformed>) -> Res<T> {
        result.map_err(|_| self.system_error("the library of this program is damaged"))
    }

    fn unit_text(&self, opened: &Opened, index: u32) -> Res {
        let slot = self.sound(opened.texts.get(index as usize).ok_or(Malformed))?;
        if slot.is_unbound() {
            let text = self.sound(opened.unit.text(index))?;
            slot.set(match std::str::from_utf8(text) {
                Ok(text) => self.intern(text)?,
                Err(_) => self.intern_value(self.str_from_wtf8(text)?)?,
            });
        }
        Ok(slot.clone())
    }

    fn unit_const(&self, opened: &Opened, index: u32) -> Res {
        let slot = self.sound(opened.consts.get(index as usize).ok_or(Malformed))?;
        if !slot.is_unbound() {
            return Ok(slot.clone());
        }
        let all = |items: &[u32]| row(items, |item| self.unit_const(opened, *item));
        let made = match self.sound(opened.unit.constant(index))? {
            Datum::Plain(constant) => match constant {
                Const::None => Value::NONE,
                Const::True => Value::TRUE,
                Const::False => Value::FALSE,
                Const::Ellipsis => Value::ELLIPSIS,
                Const::Int(number) => self.int(number)?,
                Const::Float(bits) => self.float(f64::from_bits(bits))?,
                other => self.load_constant(&other)?,
            },
            Datum::BigInt(negative, magnitude) => self.int_from_bytes_le(negative, magnitude)?,
            Datum::Str(text) => {
                let bytes = self.sound(opened.unit.text(text))?;
                if looks_like_name(bytes) {
                    self.unit_text(opened, text)?
                } else {
                    self.str_from_wtf8(bytes)?
                }
            }
            Datum::Bytes(bytes) => self.bytes(bytes)?,
            Datum::Tuple(items) => self.new_tuple(all(&items)?)?,
            Datum::FrozenSet(items) => self.frozenset(&all(&items)?)?,
            Datum::Slice(parts) => {
                let parts = all(&parts)?;
                self.new_slice(parts[0].clone(), parts[1].clone(), parts[2].clone())?
            }
        };
        made.share();
        slot.set(made);
        Ok(slot.clone())
    }

    fn code_of_head(&self, opened: &Rc<Opened>, head: Head) -> Res {
        let (name, qualname) =
            (self.unit_text(opened, head.name).map(as_name)?, self.unit_text(opened, head.qualname)?);
        let filename = self.unit_text(opened, head.filename)?;
        let charge = Charge::new(self, size_of::<Origin>())?;
        let made = self.new_object(|object| CodeObj {
            head: object,
            facts: head.facts,
            name,
            qualname,
            filename,
            whole: OnceCell::new(),
            origin: Some(Box::new(Origin { opened: opened.clone(), head })),
            run: OnceCell::new(),
            charge,
            monitors: RefCell::default(),
        })?;
        Ok(made.into_value())
    }

    fn read_whole(&self, origin: &Origin) -> Res<Whole> {
        let (opened, head) = (&origin.opened, &origin.head);
        let body = self.sound(opened.unit.body(head))?;
        let consts = row(&body.consts, |item| match item {
            Item::Const(index) => self.unit_const(opened, *index),
            Item::Code(head) => self.code_of_head(opened, *head),
        })?;
        let names = row(&body.names, |name| self.unit_text(opened, *name).map(as_name))?;
        let locals = row(&body.locals, |local| self.unit_text(opened, local.0).map(as_name))?;
        // The objects are there already; whoever wants them as data asks `full_code`.
        let shown = vec![Const::Ellipsis; consts.len()];
        let positions = Positions::packed(body.positions);
        let text = |index: u32| self.sound(opened.unit.text(index)).map(Text::from_static);
        let code = body.into_code(head, shown, positions, text)?;
        Ok(Whole { code: Rc::new(code), consts, names, locals })
    }
}

/// What is made of each of a row.
fn row<T>(items: &[T], mut make: impl FnMut(&T) -> Res) -> Res<Vec<Value>> {
    let mut made = Vec::with_capacity(items.len());
    for item in items {
        made.push(make(item)?);
    }
    Ok(made)
}

impl CodeObj {
    /// What it runs, with its constants and names; read now if need be.
    pub fn ensure_whole(&self, vm: &Vm) -> Res<&Whole> {
        if let Some(whole) = self.whole.get() {
            return Ok(whole);
        }
        if let Some(origin) = &self.origin {
            vm.check_stack()?;
            let whole = vm.read_whole(origin)?;
            self.charge.add(vm, bytes_of(&whole.code))?;
            let _ = self.whole.set(Box::new(whole));
        }
        Ok(self.whole.get().expect("a code without an origin is whole from birth on"))
    }

    /// Whether it is a code of the embedded library.
    pub fn is_of_library(&self) -> bool {
        self.origin.is_some()
    }

    /// The docstring, or None.
    pub fn docstring(&self, vm: &Vm) -> Res {
        match (&self.origin, self.whole.get()) {
            (Some(origin), None) => match origin.head.doc {
                Some(doc) => vm.unit_const(&origin.opened, doc),
                None => Ok(Value::NONE),
            },
            (_, whole) => {
                let has = self.facts.flags.intersects(ryokan_bytecode::CodeFlags::HAS_DOCSTRING);
                let first = whole.filter(|_| has).and_then(|whole| whole.consts.first());
                Ok(first.cloned().unwrap_or(Value::NONE))
            }
        }
    }

    /// The code with all its constants, as plain data; none if one of them is no constant.
    pub fn full_code(&self, vm: &Vm) -> Res<Option<Rc<Code>>> {
        vm.check_stack()?;
        let whole = self.ensure_whole(vm)?;
        let mut consts = Vec::new();
        for value in &whole.consts {
            match vm.as_constant(value)? {
                Some(constant) => consts.push(constant),
                None => return Ok(None),
            }
        }
        if consts == whole.code.consts {
            return Ok(Some(whole.code.clone()));
        }
        let mut code = (*whole.code).clone();
        code.consts = consts;
        Ok(Some(Rc::new(code)))
    }
}

impl Vm {
    /// A number, bytes, frozenset or slice as the constant that it is.
    fn as_plain_constant(&self, value: &Value) -> Res<Option<Const>> {
        if let Some(number) = self.as_i64(value).filter(|_| int::is_exact_int(value)) {
            return Ok(Some(Const::Int(number)));
        }
        if let Some(number) = int::view(value).filter(|_| int::is_exact_int(value)) {
            let magnitude = number.big().into_owned().unsigned_abs().to_le_bytes();
            return Ok(Some(Const::BigInt(number.is_negative(), magnitude[..].into())));
        }
        if let Some(number) = float::float_of(value).filter(|_| float::is_exact_float(value)) {
            return Ok(Some(Const::Float(number.to_bits())));
        }
        if let Some(number) = value.exact::<Complex>() {
            return Ok(Some(Const::Complex(number.re.to_bits(), number.im.to_bits())));
        }
        if let Some(bytes) = value.exact::<Bytes>() {
            return Ok(Some(Const::Bytes(bytes.as_slice().into())));
        }
        if let Some(slice) = value.get::<Slice>() {
            let parts = self.constants(&[slice.start.clone(), slice.stop.clone(), slice.step.clone()])?;
            let parts = parts.and_then(|parts| <[Const; 3]>::try_from(parts).ok());
            return Ok(parts.map(|parts| Const::Slice(Rc::new(parts))));
        }
        if value.exact::<FrozenSet>().is_some() {
            return Ok(self.constants(&self.collect(value)?)?.map(|items| Const::FrozenSet(items.into())));
        }
        Ok(None)
    }

    /// Values as constants, none of them a code, if they are.
    fn constants(&self, values: &[Value]) -> Res<Option<Vec<Const>>> {
        let mut items = Vec::new();
        for value in values {
            match self.as_constant(value)? {
                Some(Const::Code(_)) | None => return Ok(None),
                Some(item) => items.push(item),
            }
        }
        Ok(Some(items))
    }

    /// A value as the constant that it is, if it is one. Runs no Python; `MemoryError`, and as [`Vm::check_stack`] and
    /// [`Vm::library_code`].
    pub fn as_constant(&self, value: &Value) -> Res<Option<Const>> {
        self.check_stack()?;
        let found = match () {
            () if value.is_none() => Const::None,
            () if value.is(&Value::TRUE) => Const::True,
            () if value.is(&Value::FALSE) => Const::False,
            () if value.is(&Value::ELLIPSIS) => Const::Ellipsis,
            () => {
                if let Some(code) = value.get::<CodeObj>() {
                    return Ok(code.full_code(self)?.map(Const::Code));
                }
                if let Some(text) = value.exact::<Str>() {
                    Const::Str(Text::from_wtf8(&text.to_wtf8()))
                } else if let Some(tuple) = value.exact::<Tuple>() {
                    let Some(items) = self.constants(tuple.items())? else { return Ok(None) };
                    Const::Tuple(items.into())
                } else {
                    return self.as_plain_constant(value);
                }
            }
        };
        Ok(Some(found))
    }
}
