//! `divmod` and `pow` of three.

use ryokan_bytecode::BinaryOp;

use crate::object::ty::TypeObj;
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// Calls a special method of a number; `None` if there is none or it answers `NotImplemented`.
fn attempt(vm: &Vm, this: &Value, name: &Value, args: &[Value]) -> Res<Option<Value>> {
    let found = vm.call_special(this, name, args)?;
    Ok(found.filter(|f| !f.is_not_implemented()))
}

/// Asks two numbers by the names of a special method and of its reflection, a subclass that has its own first.
fn ask_both(
    vm: &Vm,
    (left, right): (&Value, &Value),
    (name, reflected): (&Value, &Value),
) -> Res<Option<Value>> {
    let (l, r) = (vm.type_of(left).to_value(), vm.type_of(right).to_value());
    let (Some(lt), Some(rt)) = (l.get::<TypeObj>(), r.get::<TypeObj>()) else {
        return Err(vm.system_error("a type that is none"));
    };
    let differ = l.word() != r.word();
    let swapped = differ && rt.is_subtype(lt) && !vm.same_attr(lt, rt, reflected);
    if swapped && let Some(found) = attempt(vm, right, reflected, &[left.clone()])? {
        return Ok(Some(found));
    }
    if let Some(found) = attempt(vm, left, name, &[right.clone()])? {
        return Ok(Some(found));
    }
    if differ && !swapped { attempt(vm, right, reflected, &[left.clone()]) } else { Ok(None) }
}

impl Vm {
    /// `divmod(left, right)`. Runs Python; `TypeError` if they do not go together.
    pub fn divmod(&self, left: &Value, right: &Value) -> Res {
        let both = |ty: &TypeObj| [left, right].iter().all(|v| std::ptr::eq(self.type_of(v), ty));
        if both(&self.types.int) {
            return crate::types::int::divmod(self, left, right);
        }
        let names = (&self.names.__divmod__, &self.names.__rdivmod__);
        if let Some(found) = ask_both(self, (left, right), names)? {
            return Ok(found);
        }
        Err(self.type_error(format_args!(
            "unsupported operand type(s) for divmod(): '{}' and '{}'",
            self.type_name(left),
            self.type_name(right)
        )))
    }

    /// `pow(base, exponent, modulus)`, where a modulus of None is none. Runs Python; `TypeError` if they do not go together.
    pub fn power(&self, base: &Value, exponent: &Value, modulus: &Value) -> Res {
        if modulus.is_none() {
            return self.binary_op(base, exponent, BinaryOp::Power);
        }
        let slot = |operand: &Value| self.slots(operand).pow3();
        let (left, right, third) = (slot(base), slot(exponent), slot(modulus));
        let right = right.filter(|right| left != Some(*right));
        let third = third.filter(|third| left != Some(*third) && right != Some(*third));
        // (The left operand's class may be another when the right one has answered.)
        let class = self.type_of(base).to_value();
        let derives = class.get::<TypeObj>().is_some_and(|class| self.type_of(exponent).is_subtype(class));
        let (first, second) = if derives && left.is_some() { (right, left) } else { (left, right) };
        for slot in [first, second, third].into_iter().flatten() {
            let answer = slot.call(self, base, exponent, modulus)?;
            if !answer.is_not_implemented() {
                return Ok(answer);
            }
        }
        Err(self.type_error(format_args!(
            "unsupported operand type(s) for ** or pow(): '{}', '{}', '{}'",
            self.type_name(base),
            self.type_name(exponent),
            self.type_name(modulus)
        )))
    }
}
