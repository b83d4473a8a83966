//! The variables of a frame by name, wherever they lie: in registers, in cells, in the object of a frame that has ended, or in a
//! namespace. What `locals()` gives.

use std::collections::{HashMap, HashSet};

use ryokan_alloc::ObjPtr;
use ryokan_bytecode::LocalKind;

use super::{FrameObj, live};
use crate::raised::Res;
use crate::stack::Frame;
use crate::types::cell::CellObj;
use crate::types::code::CodeObj;
use crate::types::dict::Dict;
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

/// The value of a variable from its register: cells are looked into.
fn content(kind: LocalKind, register: &Value) -> &Value {
    match (kind, register.get::<CellObj>()) {
        (LocalKind::Plain, _) | (_, None) => register,
        (_, Some(cell)) => &cell.content,
    }
}

/// The names and values of a code's bound variables, from the values of its registers. A comprehension's variable with the name of a cell
/// stands for both: it shows its own value while it has one.
pub fn named(code: &CodeObj, registers: &[Value]) -> Vec<(Value, Value)> {
    let variables = || code.code.locals.iter().map(|local| local.kind).zip(&code.locals).zip(registers);
    let of_kind = |plain: bool| {
        let found = variables().filter(move |((kind, _), _)| (*kind == LocalKind::Plain) == plain);
        found.map(|((kind, name), register)| (name.object(), content(kind, register)))
    };
    // (Of two cells with one name the first.)
    let cells: HashMap<_, _> = of_kind(false).rev().collect();
    let hides: HashSet<_> = match cells.is_empty() {
        true => HashSet::new(),
        false => of_kind(true).map(|(name, _)| name).collect(),
    };
    let bound = variables().filter_map(|((kind, name), register)| {
        let value = match content(kind, register) {
            _ if kind != LocalKind::Plain && hides.contains(&name.object()) => return None,
            own if own.is_unbound() && kind == LocalKind::Plain => cells.get(&name.object())?,
            own => own,
        };
        (!value.is_unbound()).then(|| (name.clone(), value.clone()))
    });
    bound.collect()
}

/// The same of a live frame.
pub fn live_variables(record: &Frame) -> Vec<(Value, Value)> {
    named(record.run().object(), record.locals())
}

/// Whether an inlined comprehension runs in a frame: its variables are registers even in a module's or class body.
pub fn has_hidden(code: &CodeObj, registers: &[Value]) -> bool {
    code.code.locals.iter().zip(registers).any(|(local, slot)| local.hidden && !slot.is_unbound())
}

impl FrameObj {
    /// Does something with the registers of its variables, wherever they lie. Nothing that may run Python.
    pub(super) fn with_registers<R>(&self, vm: &Vm, then: impl FnOnce(&[Value]) -> R) -> R {
        let mut then = Some(then);
        let count = self.code().locals.len();
        let of_generator = self.with_generator(|generator| {
            let registers = generator.registers();
            then.take().map(|then| then(&registers[..count.min(registers.len())]))
        });
        if let Some(Some(done)) = of_generator {
            return done;
        }
        let then = then.take().expect("it was not called");
        match live(vm, self.record.get(), &self.function) {
            Some(record) => then(record.locals()),
            None => then(&self.locals.borrow()),
        }
    }
    /// The names and values of the frame's variables; those of a namespace if it has one.
    pub fn variables(&self, vm: &Vm) -> Vec<(Value, Value)> {
        if let Some(dict) = self.namespace.get::<Dict>() {
            return dict.entries().map(|e| (e.key.clone(), e.value.clone())).collect();
        }
        self.bound_variables(vm)
    }
    /// The names and values of those that are registers.
    pub(super) fn bound_variables(&self, vm: &Vm) -> Vec<(Value, Value)> {
        self.with_registers(vm, |registers| named(self.code(), registers))
    }
    /// The name of the variable that refers to an object, or to a cell that is it.
    pub fn variable_of(&self, vm: &Vm, object: ObjPtr) -> Option<String> {
        let at =
            self.with_registers(vm, |registers| registers.iter().position(|r| r.object() == Some(object)))?;
        self.code().locals.get(at)?.get::<Str>().map(Str::to_text)
    }
    /// Of the variables with the name of the one at an index, the first that is bound; else the last.
    pub(super) fn in_force(&self, vm: &Vm, index: usize) -> usize {
        let names = &self.code().locals;
        let mut same = (index..names.len()).filter(|at| names[*at].is(&names[index]));
        let bound = same.clone().find(|at| self.variable(vm, *at).is_some());
        bound.or(same.next_back()).unwrap_or(index)
    }
    /// The value of one of them.
    pub(super) fn variable(&self, vm: &Vm, index: usize) -> Option<Value> {
        let kind = self.code().code.locals.get(index)?.kind;
        self.with_registers(vm, |registers| content(kind, registers.get(index)?).bound().cloned())
    }
    /// Writes one. What a register held stays alive as long as the frame, which may be using it.
    pub(super) fn write(&self, vm: &Vm, index: usize, value: Value) -> Res<()> {
        let Some(local) = self.code().code.locals.get(index) else { return Ok(()) };
        let kept = self.overwritten.borrow().len() < self.overwritten.borrow().capacity();
        if !kept {
            let more = self.overwritten.borrow().capacity().max(4);
            if !vm.heap().charge(more * 8) {
                return Err(vm.no_memory());
            }
            self.overwritten.borrow_mut().reserve_exact(more);
        }
        let count = self.code().locals.len();
        if self.with_registers(vm, |registers| registers.len()) < count {
            // The frame has ended, and was cleared.
            self.make_locals(vm, count)?;
        }
        let old = self.with_registers(vm, |registers| match registers.get(index) {
            None => value,
            Some(register) => match (local.kind, register.get::<CellObj>()) {
                (LocalKind::Plain, _) | (_, None) => register.replace(value),
                (_, Some(cell)) => cell.content.replace(value),
            },
        });
        if !old.is_unbound() {
            self.overwritten.borrow_mut().push(old);
        }
        Ok(())
    }
    /// Room for the locals of a frame that has none any more.
    fn make_locals(&self, vm: &Vm, count: usize) -> Res<()> {
        let locals: Vec<Value> = (0..count).map(|_| Value::UNBOUND).collect();
        if !vm.heap().charge(locals.capacity() * 8) {
            return Err(vm.no_memory());
        }
        self.drop_locals();
        *self.locals.borrow_mut() = locals;
        Ok(())
    }
    /// The dict of what was stored under other names, if anything was.
    pub(super) fn extra(&self) -> Option<&Dict> {
        self.extra.get()
    }
    /// The same, made if need be.
    pub(super) fn make_extra(&self, vm: &Vm) -> Res<&Dict> {
        if self.extra.is_unbound() {
            self.extra.set(vm.new_dict()?.into_value());
        }
        Ok(self.extra.get().expect("just made"))
    }
}

/// `f_locals`: the namespace of a module's or class body, otherwise a proxy of the variables.
pub fn f_locals(vm: &Vm, value: &Value) -> Res {
    let object = super::this(value);
    let hidden = object.with_registers(vm, |registers| has_hidden(object.code(), registers));
    if !object.namespace.is_unbound() && !hidden {
        return Ok(object.namespace.clone());
    }
    super::proxy::new_proxy(vm, value)
}

/// The namespace of a frame, or a new dict of its variables and of what was stored beside them.
pub fn frame_locals(vm: &Vm, frame: &Frame) -> Res {
    let code = frame.run().object();
    if let Some(namespace) = frame.namespace()
        && !has_hidden(code, frame.locals())
    {
        return Ok(namespace.clone());
    }
    let known = super::has_object(vm, frame);
    let extra = known.as_ref().and_then(|object| super::this(object).extra.bound().cloned());
    let variables = live_variables(frame);
    let dict = vm.new_dict()?;
    for (name, value) in variables {
        dict.set_name(vm, &name, value)?;
    }
    if let Some(extra) = extra {
        dict.update(vm, &extra)?;
    }
    Ok(dict.into_value())
}
