//! Codes made of plain data, with their constants as objects.
//!
//! Loading walks the tree once, from the leaves up; equal constants of one tree are one object, as CPython's compiler makes
//! them: the loader keeps a table while it works.

use std::collections::HashMap;
use std::rc::Rc;

use ryokan_bytecode::{Code, Const, Op};

use crate::charge::Charge;
use crate::raised::Res;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

struct Loader<'a> {
    vm: &'a Vm,
    known: HashMap<Const, Value>,
}

impl Vm {
    /// Makes the object of a verified code. Runs no Python; `MemoryError`, and as [`Vm::check_stack`].
    pub fn load_code(&self, code: &Rc<Code>) -> Res {
        Loader { vm: self, known: HashMap::new() }.code(code)
    }

    /// The same of a program, whose literals are kept while it runs, as its text is in CPython: what is not `folded` of its constants.
    /// Runs no Python; `MemoryError`, and as [`Vm::check_stack`].
    pub fn load_program(&self, code: &Rc<Code>, folded: &[Const]) -> Res {
        let mut loader = Loader { vm: self, known: HashMap::new() };
        let made = loader.code(code)?;
        folded.iter().for_each(|constant| drop(loader.known.remove(constant)));
        let is_text =
            |constant: &Const| !matches!(constant, Const::Tuple(_) | Const::FrozenSet(_) | Const::Slice(_));
        loader.known.retain(|constant, _| is_text(constant));
        let charge = Charge::new(self, loader.known.len() * size_of::<Value>())?;
        // (In an order that is the same each time.)
        let mut values: Vec<Value> = loader.known.into_values().collect();
        values.sort_by_key(Value::object);
        self.literals.replace(Some((values, charge)));
        Ok(made)
    }

    /// A constant as a new object. Runs no Python; `MemoryError`, and as [`Vm::check_stack`].
    pub fn load_constant(&self, constant: &Const) -> Res {
        Loader { vm: self, known: HashMap::new() }.constant(constant)
    }
}

/// A str that a code has for a name.
pub(super) fn as_name(value: Value) -> Value {
    value.get::<Str>().into_iter().for_each(Str::mark_name);
    value
}

/// The names that calls and patterns give are names too, which stand in constants.
pub(super) fn mark_keywords(code: &Code, consts: &[Value]) {
    for pair in code.instrs.windows(2) {
        if pair[0].op() == Some(Op::LoadConst) && matches!(pair[1].op(), Some(Op::CallKw | Op::MatchClass)) {
            let names = consts.get(pair[0].arg() as usize).and_then(|value| value.get::<Tuple>());
            let names = names.into_iter().flat_map(Tuple::items);
            names.filter_map(|name| name.get::<Str>()).for_each(Str::mark_name);
        }
    }
}

/// What a code takes outside the heap. Small blocks take more than they hold.
pub(super) fn bytes_of(code: &Code) -> usize {
    let names = code.names.iter().chain(code.locals.iter().map(|local| &local.name));
    let texts: usize = names.map(|name| name.as_wtf8().len()).sum();
    let constants = code.consts.iter().map(|constant| match constant {
        Const::Str(text) => text.as_wtf8().len(),
        Const::Bytes(bytes) => bytes.len(),
        _ => 0,
    });
    let tables = code.instrs.len() * 4 + code.positions.count() * 20 + code.handlers.len() * 24;
    let values = (code.consts.len() + code.names.len() + code.locals.len()) * 48;
    tables + values + texts + constants.sum::<usize>() + 768
}

/// Whether a str constant is interned: what could be a name.
pub fn looks_like_name(text: &[u8]) -> bool {
    text.iter().all(|c| c.is_ascii_alphanumeric() || *c == b'_')
}

impl Loader<'_> {
    fn code(&mut self, code: &Rc<Code>) -> Res {
        self.vm.check_stack()?;
        let consts = code.consts.iter().map(|c| self.constant(c)).collect::<Res<Vec<_>>>()?;
        self.vm.code_object(code.clone(), consts)
    }

    fn constant(&mut self, constant: &Const) -> Res {
        match constant {
            Const::None => return Ok(Value::NONE),
            Const::True => return Ok(Value::TRUE),
            Const::False => return Ok(Value::FALSE),
            Const::Ellipsis => return Ok(Value::ELLIPSIS),
            Const::Code(code) => return self.code(code),
            _ => {}
        }
        if let Some(known) = self.known.get(constant) {
            return Ok(known.clone());
        }
        self.vm.check_stack()?;
        let made = self.fresh(constant)?;
        self.known.insert(constant.clone(), made.clone());
        Ok(made)
    }

    fn fresh(&mut self, constant: &Const) -> Res {
        let vm = self.vm;
        let all = |this: &mut Self, items: &[Const]| {
            items.iter().map(|c| this.constant(c)).collect::<Res<Vec<_>>>()
        };
        let made = match constant {
            Const::Int(number) => vm.int(*number)?,
            Const::BigInt(negative, magnitude) => vm.int_from_bytes_le(*negative, magnitude)?,
            Const::Float(bits) => vm.float(f64::from_bits(*bits))?,
            Const::Complex(real, imag) => vm.complex(f64::from_bits(*real), f64::from_bits(*imag))?,
            Const::Str(text) => {
                let value = vm.str_from_wtf8(text.as_wtf8())?;
                return if looks_like_name(text.as_wtf8()) { vm.intern_value(value) } else { Ok(value) };
            }
            Const::Bytes(bytes) => vm.bytes(bytes)?,
            Const::Tuple(items) => {
                let items = all(self, items)?;
                vm.new_tuple(items)?
            }
            Const::FrozenSet(items) => {
                let items = all(self, items)?;
                vm.frozenset(&items)?
            }
            Const::Slice(parts) => {
                let parts = all(self, &parts[..])?;
                vm.new_slice(parts[0].clone(), parts[1].clone(), parts[2].clone())?
            }
            Const::None | Const::True | Const::False | Const::Ellipsis | Const::Code(_) => Value::NONE,
        };
        made.share();
        Ok(made)
    }
}
