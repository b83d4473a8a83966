//! What `raise`, `except` and a dying `__del__` do with exceptions.

use super::{Exception, Kind, base};
use crate::object::ty::{TypeFlags, TypeObj};
use crate::raised::Raised;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// Whether it is an exception class: its instances have the payload of exceptions.
pub fn is_exception_class(value: &Value) -> bool {
    value.get::<TypeObj>().is_some_and(|ty| ty.has(TypeFlags::EXCEPTION))
}

/// Sets `__context__` to the exception being handled, unless that is the very same one. Where the chain of contexts leads
/// back to it, the chain is cut there first.
pub fn set_context(vm: &Vm, exception: &Value) {
    let handled = vm.thread.handled.clone();
    let Some(this) = exception.get::<Exception>() else { return };
    if handled.is_none() || handled.is_unbound() || handled.is(exception) {
        return;
    }
    cut_chain(&handled, exception);
    this.context.set(handled);
}

/// Removes `exception` from the chain of contexts that begins at `from`.
fn cut_chain(from: &Value, exception: &Value) {
    let (mut at, mut slow, mut step) = (from.clone(), from.clone(), false);
    for passed in 1u64.. {
        if passed.is_multiple_of(64) {
            crate::fuel::owe(16);
        }
        let Some(current) = at.get::<Exception>() else { return };
        let next = current.context.clone();
        if next.is_none() {
            return;
        }
        if next.is(exception) {
            current.context.set(Value::NONE);
            return;
        }
        at = next;
        // A cycle that does not hold the exception is left alone.
        if at.is(&slow) {
            return;
        }
        if step {
            let follow = slow.get::<Exception>().map_or(Value::NONE, |e| e.context.clone());
            slow = follow;
        }
        step = !step;
    }
}

/// Notes the name (and object) of the failed lookup in the exception on its way, which is silent where no memory is left.
pub fn note_name_and_obj(vm: &Vm, name: Option<&Value>, obj: Option<&Value>) {
    let exception = vm.thread.raised.clone();
    let Some(this) = exception.get::<Exception>() else { return };
    let name_at = match this.kind() {
        kind @ (Kind::Attribute | Kind::Name) => (kind, 0),
        Kind::Import => (Kind::Import, 1),
        _ => return,
    };
    let mut noted = Ok(());
    if let Some(name) = name {
        noted = this.set_field(vm, name_at.0, name_at.1, name.clone());
    }
    if let Some(obj) = obj {
        noted = noted.and_then(|()| this.set_field(vm, Kind::Attribute, 1, obj.clone()));
    }
    if let Err(raised) = noted {
        drop(vm.take_raised(raised));
        vm.thread.raised.set(exception);
    }
}

/// Notes name and object in an `AttributeError` on its way that tells of neither.
#[cold]
pub fn note_missing(vm: &Vm, name: &Value, obj: &Value) {
    let exception = vm.thread.raised.clone();
    if let Some(this) = exception.get::<Exception>()
        && this.kind() == Kind::Attribute
        && (0..2).all(|at| this.field(Kind::Attribute, at).is_none_or(|value| value.is_none()))
    {
        note_name_and_obj(vm, Some(name), Some(obj));
    }
}

impl Vm {
    /// `NameError: name 'x' is not defined`
    pub fn undefined_name(&self, name: &Value) -> Raised {
        let raised = self.name_error(format_args!("name '{}' is not defined", self.text(name)));
        note_name(self, name);
        raised
    }
}

/// Notes the name of a failed lookup in the exception on its way.
pub fn note_name(vm: &Vm, name: &Value) {
    note_name_and_obj(vm, Some(name), None);
}

/// The `raise` statement: of a class or an instance, perhaps `from` a cause.
pub fn raise_object(vm: &Vm, value: Value, cause: Option<Value>) -> Raised {
    let exception = match base::normalise(vm, value) {
        Ok(exception) => exception,
        Err(Some(raised)) => return raised,
        Err(None) => return vm.type_error("exceptions must derive from BaseException"),
    };
    if let Some(cause) = cause {
        let cause = if cause.is_none() {
            cause
        } else {
            match base::normalise(vm, cause) {
                Ok(cause) => cause,
                Err(Some(raised)) => return raised,
                Err(None) => return vm.type_error("exception causes must derive from BaseException"),
            }
        };
        set_cause(&exception, cause);
    }
    vm.raise_value(exception)
}

/// Whether an exception is of a class, or of one of a tuple's, past `__instancecheck__`.
pub fn matches(vm: &Vm, exception: &Value, kind: &Value) -> bool {
    if let Some(ty) = kind.get::<TypeObj>() {
        return ty.has(TypeFlags::EXCEPTION) && vm.is_instance(exception, ty);
    }
    kind.get::<Tuple>().is_some_and(|tuple| {
        crate::fuel::owe_bytes(tuple.items().len() * 16);
        tuple.items().iter().any(|kind| matches(vm, exception, kind))
    })
}

/// The value of a `StopIteration`.
pub fn stop_value(exception: &Value) -> Value {
    exception.get::<Exception>().map_or(Value::NONE, |e| e.field_or_none(Kind::Stop, 0))
}

/// Sets `__cause__`, which hides the context.
pub fn set_cause(exception: &Value, cause: Value) {
    if let Some(this) = exception.get::<Exception>() {
        this.cause.set(cause);
        this.suppress.set(true);
    }
}

/// Sets `__context__`.
pub fn chain(exception: &Value, context: Value) {
    if let Some(this) = exception.get::<Exception>()
        && !context.is(exception)
    {
        this.context.set(context);
    }
}
