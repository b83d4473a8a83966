//! Operators, comparison, truth, hashes and text, whatever the types.

use ryokan_bytecode::{BinaryOp, CompareOp};

use crate::object::slots::{Guarded, Unary};
use crate::object::ty::{TypeFlags, TypeObj, Write};
use crate::raised::{Raised, Res};
use crate::types::classes::trampoline;
use crate::types::function::Function;
use crate::types::plain_format::quick_format;
use crate::types::str::{Str, StrBuilder};
use crate::value::{Value, Word};
use crate::vm::Vm;

/// The operator and its in-place form as messages write them.
fn symbol(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Power => "** or pow()",
        BinaryOp::InplacePower => "**=",
        _ => op.text(),
    }
}

/// The comparison that says the same of exchanged operands.
fn swapped(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Lt => CompareOp::Gt,
        CompareOp::Le => CompareOp::Ge,
        CompareOp::Gt => CompareOp::Lt,
        CompareOp::Ge => CompareOp::Le,
        same => same,
    }
}

/// Whether a type answers `+` or `*` as a builtin sequence: it joins or repeats, and is no number.
fn is_sequences(ty: &TypeObj, op: BinaryOp) -> bool {
    let slot = ty.slots().number(op as usize);
    slot.is_some_and(|slot| !trampoline::is_operator(slot, op))
        && ty.slots().number(BinaryOp::Subtract as usize).is_none()
}

/// Whether a type answers `+=` or `*=` as a builtin sequence.
fn grows_in_place(ty: &TypeObj, op: BinaryOp) -> bool {
    matches!(op, BinaryOp::Add | BinaryOp::Multiply)
        && ty.slots().in_place(op as usize).is_some_and(|slot| !trampoline::is_in_place(slot, op))
}

/// Whether `left *= right` does not ask a sequence on the right: what could be a sequence itself does not.
fn keeps_to_itself(left: &TypeObj, right: &TypeObj, op: BinaryOp) -> bool {
    let slots = left.slots();
    op == BinaryOp::Multiply
        && is_sequences(right, op)
        && (left.has(TypeFlags::HEAP)
            || slots.len().is_some()
            || slots.getitem().is_some()
            || slots.contains().is_some())
}

impl Vm {
    // ---- operators -------------------------------------------------------------------------------------------------

    /// `left op right`. Runs Python: the operands' methods. Raises what they raise, and `TypeError` if none of them answers.
    #[inline(always)]
    pub fn binary_op(&self, left: &Value, right: &Value, op: BinaryOp) -> Res {
        let ((plain, in_place), mut asked) = (op.plain(), false);
        if in_place && let Some(slot) = self.slots(left).in_place(plain as usize) {
            // What makes a sequence longer where it lies comes after what Python's classes have of the operator; but what a class
            // inherits of `+=` is a method of its own, which comes first.
            let own = plain == BinaryOp::Add && self.type_of(left).has(TypeFlags::HEAP);
            if grows_in_place(self.type_of(left), plain) && !own {
                asked = true;
                let result = trampoline::answer_in_python(self, plain, left, right)?;
                if !result.is_not_implemented() {
                    return Ok(result);
                }
            }
            let result = slot.call(self, left, right)?;
            if !result.is_not_implemented() {
                return Ok(result);
            }
        }
        let result = match in_place && keeps_to_itself(self.type_of(left), self.type_of(right), plain) {
            false => self.ask_both(left, right, plain, asked)?,
            true => match self.slots(left).number(plain as usize) {
                Some(slot) => slot.call(self, left, right)?,
                None => Value::NOT_IMPLEMENTED,
            },
        };
        if !result.is_not_implemented() {
            return Ok(result);
        }
        Err(self.unsupported(left, right, op))
    }

    /// The method, a function of Python's, that is asked first for `left op right`: the left operand's.
    pub fn own_operator(&self, left: &Value, right: &Value, op: BinaryOp) -> Option<Value> {
        let (plain, in_place) = op.plain();
        let (x, y) = (self.type_of(left), self.type_of(right));
        let slot = x.slots().number(plain as usize)?;
        // What the right operand's class has in Python too may stand first.
        if !trampoline::is_operator(slot, plain)
            || (in_place && x.slots().in_place(plain as usize).is_some())
            || (!std::ptr::eq(x, y) && y.slots().number(plain as usize) == Some(slot))
            || (!std::ptr::eq(x, y) && y.is_subtype(x))
        {
            return None;
        }
        x.lookup(self, self.operator_name(plain as usize)).filter(|found| found.exact::<Function>().is_some())
    }

    /// `left op right` after the left operand's own method has answered `NotImplemented`. Runs Python; raises as [`Vm::binary_op`].
    #[cold]
    pub fn reflected_op(&self, left: &Value, right: &Value, op: BinaryOp) -> Res {
        let (plain, in_place) = op.plain();
        let (x, y) = (self.type_of(left), self.type_of(right));
        let joins = plain == BinaryOp::Add && is_sequences(y, BinaryOp::Add);
        let alone = in_place && keeps_to_itself(x, y, plain);
        if !(std::ptr::eq(x, y) || joins || alone)
            && let Some(slot) = y.slots().number(plain as usize)
        {
            let result = slot.call(self, left, right)?;
            if !result.is_not_implemented() {
                return Ok(result);
            }
        }
        Err(self.unsupported(left, right, op))
    }

    /// `left op right`, or `NotImplemented`. Runs Python; raises what the methods raise.
    pub fn try_binary(&self, left: &Value, right: &Value, op: BinaryOp) -> Res {
        self.ask_both(left, right, op, false)
    }

    /// The same; whether the methods of Python's have been `asked`, which come before a builtin sequence's own.
    fn ask_both(&self, left: &Value, right: &Value, op: BinaryOp, asked: bool) -> Res {
        let (x, y) = (self.type_of(left), self.type_of(right));
        let first = x.slots().number(op as usize);
        let mut second = y.slots().number(op as usize);
        // A sequence joins what stands behind it.
        if std::ptr::eq(x, y) || first == second || (op == BinaryOp::Add && is_sequences(y, op)) {
            second = None;
        }
        if let (Some(slot), Some(reflected)) = (first, second)
            && y.is_subtype(x)
        {
            let result = reflected.call(self, left, right)?;
            if !result.is_not_implemented() {
                return Ok(result);
            }
            return slot.call(self, left, right);
        }
        if let Some(slot) = first {
            if matches!(op, BinaryOp::Add | BinaryOp::Multiply) && is_sequences(x, op) {
                if !asked {
                    let result = trampoline::answer_in_python(self, op, left, right)?;
                    if !result.is_not_implemented() {
                        return Ok(result);
                    }
                }
                second = second.filter(|slot| !trampoline::is_operator(*slot, op));
            }
            let result = slot.call(self, left, right)?;
            if !result.is_not_implemented() {
                return Ok(result);
            }
        }
        match second {
            Some(slot) => slot.call(self, left, right),
            None => Ok(Value::NOT_IMPLEMENTED),
        }
    }

    #[cold]
    fn unsupported(&self, left: &Value, right: &Value, op: BinaryOp) -> Raised {
        let (plain, _) = op.plain();
        // Sequences complain of what they cannot be joined to, or multiplied by.
        let sequence = |v: &Value| is_sequences(self.type_of(v), BinaryOp::Multiply);
        if plain == BinaryOp::Multiply {
            let alone = op != plain && keeps_to_itself(self.type_of(left), self.type_of(right), plain);
            let other = if sequence(left) || (op != plain && grows_in_place(self.type_of(left), plain)) {
                Some(right)
            } else if sequence(right) && !alone {
                Some(left)
            } else {
                None
            };
            if let Some(other) = other {
                return self.type_error(format_args!(
                    "can't multiply sequence by non-int of type '{}'",
                    self.type_name(other)
                ));
            }
        }
        let (x, y) = (self.type_name(left), self.type_name(right));
        self.type_error(format_args!("unsupported operand type(s) for {}: '{x}' and '{y}'", symbol(op)))
    }

    fn unary_op(&self, value: &Value, slot: Option<Guarded<Unary>>, sign: &str) -> Res {
        match slot {
            Some(slot) => slot.call(self, value),
            None => Err(self
                .type_error(format_args!("bad operand type for unary {sign}: '{}'", self.type_name(value)))),
        }
    }
    /// `-value`. Runs Python; `TypeError` if the type has no such operator.
    pub fn negative(&self, value: &Value) -> Res {
        self.unary_op(value, self.slots(value).neg(), "-")
    }
    /// `+value`. Runs Python; `TypeError` if the type has no such operator.
    pub fn positive(&self, value: &Value) -> Res {
        self.unary_op(value, self.slots(value).pos(), "+")
    }
    /// `~value`. Runs Python; `TypeError` if the type has no such operator.
    pub fn invert(&self, value: &Value) -> Res {
        self.unary_op(value, self.slots(value).invert(), "~")
    }
    /// `abs(value)`. Runs Python; `TypeError` if the type has no such operator.
    pub fn absolute(&self, value: &Value) -> Res {
        match self.slots(value).abs() {
            Some(slot) => slot.call(self, value),
            None => {
                Err(self.type_error(format_args!("bad operand type for abs(): '{}'", self.type_name(value))))
            }
        }
    }

    // ---- comparison ------------------------------------------------------------------------------------------------

    /// The method, a function of Python's, that is asked first for `left op right`: the left operand's.
    pub fn own_comparison(&self, left: &Value, right: &Value, op: CompareOp) -> Option<Value> {
        let (x, y) = (self.type_of(left), self.type_of(right));
        let slot = x.slots().compare()?;
        if !trampoline::is_compare(slot) || (!std::ptr::eq(x, y) && y.is_subtype(x)) {
            return None;
        }
        let name = trampoline::comparison_name(self, op);
        x.lookup(self, name).filter(|found| found.exact::<Function>().is_some())
    }

    /// `left op right` after the left operand's own method has answered `NotImplemented`. Runs Python; raises as [`Vm::compare`].
    #[cold]
    pub fn reflected_comparison(&self, left: &Value, right: &Value, op: CompareOp) -> Res {
        if let Some(slot) = self.slots(right).compare() {
            let result = slot.call(self, right, left, swapped(op))?;
            if !result.is_not_implemented() {
                return Ok(result);
            }
        }
        self.compare_identity(left, right, op)
    }

    /// `left op right`, as a value. Runs Python: the operands' methods. Raises what they raise, and `TypeError` for an order that none of
    /// them knows.
    pub fn compare(&self, left: &Value, right: &Value, op: CompareOp) -> Res {
        self.check_stack()?;
        let swapped = swapped(op);
        // All that is asked of the types is asked before a method runs, which may change them.
        let (x, y) = (self.type_of(left), self.type_of(right));
        let (first, second) = (x.slots().compare(), y.slots().compare());
        let reflected_first = second.is_some() && !std::ptr::eq(x, y) && y.is_subtype(x);
        let straight = (first, left, right, op);
        let reflected = (second, right, left, swapped);
        let order = if reflected_first { [reflected, straight] } else { [straight, reflected] };
        for (slot, this, other, op) in order {
            let Some(slot) = slot else { continue };
            let result = slot.call(self, this, other, op)?;
            if !result.is_not_implemented() {
                return Ok(result);
            }
        }
        self.compare_identity(left, right, op)
    }

    /// What `left op right` is where no method answers.
    fn compare_identity(&self, left: &Value, right: &Value, op: CompareOp) -> Res {
        match op {
            CompareOp::Eq => Ok(Value::bool(left.is(right))),
            CompareOp::Ne => Ok(Value::bool(!left.is(right))),
            _ => Err(self.type_error(format_args!(
                "'{}' not supported between instances of '{}' and '{}'",
                op.text(),
                self.type_name(left),
                self.type_name(right)
            ))),
        }
    }

    /// The truth of `left op right`. Runs Python; raises what the comparison and the truth of its result raise.
    pub fn compare_bool(&self, left: &Value, right: &Value, op: CompareOp) -> Res<bool> {
        let result = self.compare(left, right, op)?;
        self.truth(&result)
    }

    /// Identity, or the truth of `==`: what containers mean by equal. Runs Python; raises as [`Vm::compare_bool`].
    pub fn equal(&self, left: &Value, right: &Value) -> Res<bool> {
        if left.is(right) || (left.word() == right.word() && left.word().is_int()) {
            return Ok(true);
        }
        self.compare_bool(left, right, CompareOp::Eq)
    }

    /// `bool(value)`. Runs Python (`__bool__`, `__len__`); raises what that raises.
    #[inline]
    pub fn truth(&self, value: &Value) -> Res<bool> {
        match value.word() {
            Word::TRUE => return Ok(true),
            Word::FALSE | Word::NONE => return Ok(false),
            word if word.is_int() => return Ok(word.int() != 0),
            word if word.is_float() => return Ok(word.float() != 0.0),
            _ => {}
        }
        let slots = self.slots(value);
        if let Some(slot) = slots.bool() {
            return slot.call(self, value);
        }
        match slots.len() {
            Some(slot) => Ok(slot.call(self, value)? != 0),
            None => Ok(true),
        }
    }

    /// `hash(value)`. Runs Python (`__hash__`); raises what that raises, and `TypeError` if the value has no hash.
    pub fn hash(&self, value: &Value) -> Res<i64> {
        if let Some(text) = value.exact::<Str>() {
            return Ok(text.hash());
        }
        let word = value.word();
        if word.is_int() {
            let number = word.int();
            const MODULUS: i64 = (1 << 61) - 1;
            if number > -MODULUS && number < MODULUS {
                return Ok(if number == -1 { -2 } else { number });
            }
        }
        match self.slots(value).hash() {
            Some(slot) => slot.call(self, value),
            None => Err(self.unhashable_type(value)),
        }
    }

    /// `TypeError: unhashable type`
    #[cold]
    pub fn unhashable_type(&self, value: &Value) -> Raised {
        self.type_error(format_args!("unhashable type: '{}'", self.type_name(value)))
    }

    /// `id(value)`: an object's address; of an immediate, a number that no object has.
    pub fn id(&self, value: &Value) -> usize {
        value.share();
        let word = value.word();
        if word.is_ptr() {
            self.address(word.ptr())
        } else {
            (word.0 as usize).wrapping_mul(16) & 0xFFFF_FFF0 | 0x10_0000_0000
        }
    }

    /// The hash of an identity.
    pub fn id_hash(&self, value: &Value) -> i64 {
        let id = self.id(value) as u64;
        match id.rotate_right(4) as i64 {
            -1 => -2,
            hash => hash,
        }
    }

    // ---- text ------------------------------------------------------------------------------------------------------

    /// `repr(value)`. Runs Python (`__repr__`); raises what that raises, `TypeError` if it gives no str, and `RecursionError`.
    pub fn repr(&self, value: &Value) -> Res {
        self.check_stack()?;
        let result = match self.slots(value).repr() {
            Some(slot) => slot.call(self, value)?,
            None => {
                return self.display(format_args!(
                    "<{} object at {:#x}>",
                    self.type_name(value),
                    self.id(value)
                ));
            }
        };
        if self.is_str(&result) {
            Ok(result)
        } else {
            Err(self
                .type_error(format_args!("__repr__ returned non-string (type {})", self.type_name(&result))))
        }
    }

    /// Appends `repr(value)` to a text. Runs Python and raises as [`Vm::repr`].
    pub fn push_repr(&self, value: &Value, text: &mut StrBuilder<'_>) -> Res<()> {
        if let Some(write) = self.type_of(value).def.and_then(|def| def.write) {
            self.check_stack()?;
            return write(self, value, text);
        }
        text.push_value(&self.repr(value)?)
    }

    /// What is written to an empty text. Runs Python and raises as `write` does; `MemoryError`.
    pub fn written(&self, value: &Value, write: Write) -> Res {
        let mut text = StrBuilder::new(self);
        write(self, value, &mut text)?;
        text.finish()
    }

    /// `str(value)`. Runs Python (`__str__`, `__repr__`); raises what that raises, `TypeError` if it gives no str, and `RecursionError`.
    pub fn to_str(&self, value: &Value) -> Res {
        if value.exact::<Str>().is_some() {
            return Ok(value.clone());
        }
        self.check_stack()?;
        let result = match self.slots(value).str() {
            Some(slot) => slot.call(self, value)?,
            None => return self.repr(value),
        };
        if self.is_str(&result) {
            Ok(result)
        } else {
            Err(self
                .type_error(format_args!("__str__ returned non-string (type {})", self.type_name(&result))))
        }
    }

    /// `format(value, spec)`. Runs Python (`__format__`); raises what that raises, and `TypeError` if it gives no str.
    pub fn format(&self, value: &Value, spec: &Value) -> Res {
        if spec.get::<Str>().is_some_and(Str::is_empty) {
            if value.exact::<Str>().is_some() {
                return Ok(value.clone());
            }
            if value.word().is_number() {
                return self.to_str(value);
            }
        }
        if let Some(text) = quick_format(self, value, spec) {
            return text;
        }
        match self.call_special(value, &self.names.__format__, &[spec.clone()])? {
            Some(result) if self.is_str(&result) => Ok(result),
            Some(result) => Err(self
                .type_error(format_args!("__format__ must return a str, not {}", self.type_name(&result)))),
            None => {
                Err(self.type_error(format_args!("Type {} doesn't define __format__", self.type_name(value))))
            }
        }
    }

    /// Runs `then` unless the repr of this object is already under way; `None` if it is. Runs no Python but what `then` runs; raises what
    /// that raises, `MemoryError`, and as [`Vm::work`].
    pub fn repr_guard<T>(&self, object: &Value, then: impl FnOnce() -> Res<T>) -> Res<Option<T>> {
        let Some(ptr) = object.object() else { return then().map(Some) };
        if self.thread.repr_active.borrow().contains(ptr) {
            return Ok(None);
        }
        self.work(1)?;
        if self.thread.repr_active.borrow_mut().begin(ptr).is_err() {
            return Err(self.no_memory());
        }
        let result = then();
        self.thread.repr_active.borrow_mut().end(ptr);
        result.map(Some)
    }
}
