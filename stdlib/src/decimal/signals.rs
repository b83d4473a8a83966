//! The signals: their classes, and the dicts of them that a context has for its flags and its traps.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::State;
use super::calc::flag;

/// The signals, in the order of the dicts, with their bits.
pub const SIGNALS: [(&str, u32); 9] = [
    ("InvalidOperation", flag::INVALID),
    ("FloatOperation", flag::FLOAT_OPERATION),
    ("DivisionByZero", flag::DIVISION_BY_ZERO),
    ("Overflow", flag::OVERFLOW),
    ("Underflow", flag::UNDERFLOW),
    ("Subnormal", flag::SUBNORMAL),
    ("Inexact", flag::INEXACT),
    ("Rounded", flag::ROUNDED),
    ("Clamped", flag::CLAMPED),
];
/// The conditions that are the signal `InvalidOperation`, in the order in which an exception lists them.
const CONDITIONS: [(&str, u32); 5] = [
    ("InvalidOperation", flag::INVALID_OPERATION),
    ("ConversionSyntax", flag::CONVERSION_SYNTAX),
    ("DivisionImpossible", flag::DIVISION_IMPOSSIBLE),
    ("DivisionUndefined", flag::DIVISION_UNDEFINED),
    ("InvalidContext", flag::INVALID_CONTEXT),
];
/// The classes with their bases, in the order in which they are made. A base that is none of these is a builtin.
const CLASSES: [(&str, &[&str]); 14] = [
    ("DecimalException", &["ArithmeticError"]),
    ("InvalidOperation", &["DecimalException"]),
    ("FloatOperation", &["DecimalException", "TypeError"]),
    ("DivisionByZero", &["DecimalException", "ZeroDivisionError"]),
    ("Inexact", &["DecimalException"]),
    ("Rounded", &["DecimalException"]),
    ("Clamped", &["DecimalException"]),
    ("Subnormal", &["DecimalException"]),
    ("Overflow", &["Inexact", "Rounded"]),
    ("Underflow", &["Inexact", "Rounded", "Subnormal"]),
    ("ConversionSyntax", &["InvalidOperation"]),
    ("DivisionImpossible", &["InvalidOperation"]),
    ("DivisionUndefined", &["InvalidOperation", "ZeroDivisionError"]),
    ("InvalidContext", &["InvalidOperation"]),
];

const INVALID_SIGNAL: &str = "valid values for signals are:\n  [InvalidOperation, FloatOperation, DivisionByZero,\n   Overflow, Underflow, Subnormal, Inexact, Rounded,\n   Clamped]";

native_type! {
    "decimal.SignalDictMixin" = pub struct SignalDict {
        pub bits: Cell<u32>,
        /// Whether it belongs to a context.
        valid: Cell<bool>,
    }
    flags: SUBCLASS;
    new(*args, **names) = new_invalid;
    slots { repr = repr; len = len; iter = iter; getitem = get; setitem = set; compare = compare; }
    methods {
        /// The signals as a dict.
        copy();
    }
}

/// Makes the classes of signals, and the class of dicts of them.
pub fn make_classes(cx: &Cx, state: &State) -> Res<()> {
    let made = Dict::new(cx)?;
    let kind = cx.builtin("type")?;
    for (name, bases) in CLASSES {
        let bases = Tuple::try_from_fn(cx, bases.len(), |at| match made.get_str(cx, bases[at])? {
            Some(base) => Ok(base),
            None => cx.builtin(bases[at]),
        })?;
        let names = Dict::new(cx)?;
        names.set_str(cx, "__module__", "decimal")?;
        let class = cx.call(&kind, (name, bases.value().clone(), names.into_value()))?;
        made.set_str(cx, name, class)?;
    }
    state.classes.set(made.into_value());
    let mapping = cx.attr(&cx.import("collections.abc")?, "MutableMapping")?;
    let meta = cx.class_of(&mapping);
    let bases = (cx.class::<SignalDict>()?, mapping).into_value(cx)?;
    let class = cx.call(&meta, ("SignalDict", bases, Dict::new(cx)?.into_value()))?;
    state.signal_dict.set(class);
    Ok(())
}

/// The class of a signal or condition.
pub fn class_of(cx: &Cx, name: &str) -> Res {
    let classes = cx.state::<State>()?.classes.dict();
    let class = classes.map(|classes| classes.get_str(cx, name)).transpose()?.flatten();
    class.ok_or(()).map_err(|()| cx.system_error("_decimal is not filled"))
}

/// Raises the exception of the signals that are trapped.
#[cold]
pub fn raise(cx: &Cx, trapped: u32) -> Raised {
    let make = || -> Res {
        let list = List::new(cx, 1)?;
        for (name, bits) in CONDITIONS.iter().chain(&SIGNALS[1..]) {
            if trapped & bits != 0 {
                list.push(cx, class_of(cx, name)?)?;
            }
        }
        let first = SIGNALS.iter().find(|(_, bits)| trapped & bits != 0).map_or("DecimalException", |s| s.0);
        cx.call(&class_of(cx, first)?, (list.into_value(),))
    };
    match make() {
        Ok(exception) => cx.raise_value(exception),
        Err(raised) => raised,
    }
}

#[cold]
fn key_error(cx: &Cx, message: &str) -> Raised {
    match message.into_value(cx) {
        Ok(message) => cx.key_error(message),
        Err(raised) => raised,
    }
}

/// The bits of a signal's class.
fn bits_of(cx: &Cx, class: &Value) -> Res<u32> {
    for (name, bits) in SIGNALS {
        if class_of(cx, name)?.is(class) {
            return Ok(bits);
        }
    }
    Err(key_error(cx, INVALID_SIGNAL))
}

/// Signals as a list of their classes.
pub fn listed(cx: &Cx, status: u32) -> Res {
    let list = List::new(cx, 1)?;
    for (name, bits) in SIGNALS {
        if status & bits != 0 {
            list.push(cx, class_of(cx, name)?)?;
        }
    }
    Ok(list.into_value())
}

/// Signals as a context shows them: in the order of their bits.
pub fn shown(status: u32) -> String {
    let mut names: Vec<&str> = Vec::new();
    for bit in (0..15).map(|at| 1 << at).filter(|bit| status & bit != 0) {
        let name = SIGNALS.iter().find(|(_, bits)| bit & bits != 0).map_or("", |signal| signal.0);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    format!("[{}]", names.join(", "))
}

/// The bits of what a context is given for its flags or traps: a dict, or where that is allowed a list. Runs Python.
pub fn bits_given(cx: &Cx, value: &Value, lists: bool) -> Res<u32> {
    if let Some(dict) = This::<SignalDict>::of(cx, value) {
        check(cx, dict)?;
        return Ok(dict.bits.get());
    }
    if let (true, Some(list)) = (lists, List::of(value)) {
        let (mut bits, mut at) = (0, 0);
        while let Some(item) = list.get(at) {
            bits |= bits_of(cx, &item)?;
            at += 1;
        }
        return Ok(bits);
    }
    let Some(dict) = Dict::of(value) else {
        return Err(cx.type_error("argument must be a signal dict"));
    };
    if dict.len() != SIGNALS.len() {
        return Err(key_error(cx, "invalid signal dict"));
    }
    let mut given = 0;
    for (name, bits) in SIGNALS {
        match dict.get(cx, &class_of(cx, name)?)? {
            Some(value) if cx.truth(&value)? => given |= bits,
            Some(_) => {}
            None => return Err(key_error(cx, "invalid signal dict")),
        }
    }
    Ok(given)
}

/// A dict of signals for a context.
pub fn new_dict(cx: &Cx, bits: u32) -> Res<Obj<SignalDict>> {
    let class = cx.state::<State>()?.signal_dict.get();
    let made = cx.new_of(&class, SignalDict { bits: Cell::new(bits), valid: Cell::new(true) })?;
    Obj::from_value(made).map_err(|_| cx.system_error("_decimal is not filled"))
}
fn new_invalid(cx: &Cx, class: &Value, _: Args) -> Res {
    cx.new_of(class, SignalDict { bits: Cell::new(0), valid: Cell::new(false) })
}

impl SignalDict {
    /// Its context is no more.
    pub fn end(&self) {
        self.valid.set(false);
    }
}

type Signals<'a> = This<'a, SignalDict>;

fn check(cx: &Cx, this: Signals<'_>) -> Res<()> {
    if this.valid.get() { Ok(()) } else { Err(cx.value_error("invalid signal dict")) }
}
fn repr(cx: &Cx, this: Signals<'_>) -> Res<String> {
    check(cx, this)?;
    let mut parts = Vec::new();
    for (name, bits) in SIGNALS {
        let truth = if this.bits.get() & bits != 0 { "True" } else { "False" };
        parts.push(format!("<class 'decimal.{name}'>:{truth}"));
    }
    Ok(format!("{{{}}}", parts.join(", ")))
}
fn len(cx: &Cx, this: Signals<'_>) -> Res<usize> {
    check(cx, this)?;
    Ok(SIGNALS.len())
}
fn iter(cx: &Cx, this: Signals<'_>) -> Res<Iter> {
    check(cx, this)?;
    cx.iter(Tuple::try_from_fn(cx, SIGNALS.len(), |at| class_of(cx, SIGNALS[at].0))?.value())
}
fn get(cx: &Cx, this: Signals<'_>, key: &Value) -> Res<bool> {
    check(cx, this)?;
    Ok(this.bits.get() & bits_of(cx, key)? != 0)
}
fn set(cx: &Cx, this: Signals<'_>, key: &Value, value: Option<&Value>) -> Res<()> {
    check(cx, this)?;
    let Some(value) = value else { return Err(cx.value_error("signal keys cannot be deleted")) };
    let bits = bits_of(cx, key)?;
    let truth = cx.truth(value)?;
    let others = this.bits.get() & !bits;
    this.bits.set(if truth { others | bits } else { others });
    Ok(())
}
fn compare(cx: &Cx, this: Signals<'_>, other: &Value, op: CompareOp) -> Res {
    check(cx, this)?;
    let same = match op {
        CompareOp::Eq => true,
        CompareOp::Ne => false,
        _ => return Ok(Value::NOT_IMPLEMENTED),
    };
    let bits = if This::<SignalDict>::of(cx, other).is_some() || Dict::of(other).is_some() {
        if let Some(other) = This::<SignalDict>::of(cx, other) {
            check(cx, other)?;
        }
        match bits_given(cx, other, false) {
            Ok(bits) => bits,
            Err(raised) => {
                cx.catch(raised, "KeyError")?;
                return Ok(Value::NOT_IMPLEMENTED);
            }
        }
    } else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    Ok(Value::bool((this.bits.get() == bits) == same))
}
fn copy(cx: &Cx, this: Signals<'_>) -> Res {
    check(cx, this)?;
    let dict = Dict::new(cx)?;
    for (name, bits) in SIGNALS {
        dict.set(cx, &class_of(cx, name)?, this.bits.get() & bits != 0)?;
    }
    Ok(dict.into_value())
}
