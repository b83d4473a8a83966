//! Calls with names that are values, bound methods, and the context that a call runs in.

use super::cx::Cx;
use crate::object::call::Args as CallArgs;
use crate::object::native::{Call, NativeFunction};
use crate::object::ty::TypeObj;
use crate::raised::Res;
use crate::types::exceptions::stop_value;
use crate::types::generator::{Generator, Resumed};
use crate::value::{Value, Word};

/// What a coroutine has done that was resumed.
pub enum Sent {
    /// It yielded a value.
    Yielded(Value),
    /// It ended with a value.
    Returned(Value),
}

impl Cx {
    /// `callable(x)`, for who calls it again and again: a builtin function that can tell the answer at once is asked for it without a call.
    /// Runs Python.
    #[inline]
    pub fn call_one(&self, callable: &Value, x: &Value) -> Res {
        let vm = self.vm();
        if let Some(function) = callable.exact::<NativeFunction>()
            && function.this.is_unbound()
            && !function.owner.has::<TypeObj>()
        {
            match function.def.call {
                Call::Quick(1, answer, _) => {
                    let answer = answer(vm, x.word(), Word::UNBOUND);
                    if !answer.is_unbound() {
                        return Ok(Value::immediate(answer));
                    }
                }
                Call::One(f) => {
                    vm.check_stack()?;
                    return f(vm, &x.clone());
                }
                _ => {}
            }
        }
        vm.call(callable, &[x.clone()])
    }
    /// `callable(*args, **names)` of slots that end with the values of the names (strs), as many as there are. Runs Python.
    pub fn call_named(&self, callable: &Value, slots: &[Value], names: &[Value]) -> Res {
        self.vm().call_args(callable, CallArgs::split(slots, names))
    }
    /// A method: a function, bound to what it is called with first. Runs no Python; `MemoryError`.
    pub fn bind(&self, function: &Value, this: &Value) -> Res {
        self.vm().bind_method(function.clone(), this.clone())
    }
    /// `owner.name`, of a name that [`Cx::intern`] gave. Runs Python; `AttributeError`.
    pub fn attr_of(&self, owner: &Value, name: &Value) -> Res {
        self.vm().get_attr(owner, name)
    }
}

/// Coroutines, and what behaves like one.
impl Cx {
    /// `coroutine.send(None)`. Runs Python; `RuntimeError` or `ValueError` if it has ended, or is running.
    pub fn send_none(&self, coroutine: &Value) -> Res<Sent> {
        if coroutine.get::<Generator>().is_some_and(|generator| !generator.is_async()) {
            return Ok(match self.vm().resume_generator(coroutine, Ok(Value::NONE))? {
                Resumed::Yielded(value) => Sent::Yielded(value),
                Resumed::Returned(value) => Sent::Returned(value),
            });
        }
        let sent = self.call_method(coroutine, "send", (Value::NONE,));
        self.sent(sent)
    }
    /// `coroutine.throw(exception)`. Runs Python.
    pub fn throw_into(&self, coroutine: &Value, exception: &Value) -> Res<Sent> {
        let sent = self.call_method(coroutine, "throw", (exception,));
        self.sent(sent)
    }
    /// What a method has done that says by `StopIteration` that it returns.
    fn sent(&self, result: Res) -> Res<Sent> {
        match result {
            Ok(value) => Ok(Sent::Yielded(value)),
            Err(raised) => Ok(Sent::Returned(stop_value(&self.catch(raised, "StopIteration")?))),
        }
    }
    /// Whether it is a generator, and neither a coroutine nor an asynchronous generator.
    pub fn is_generator(&self, value: &Value) -> bool {
        value.get::<Generator>().is_some_and(Generator::is_plain)
    }
    /// Whether it is a coroutine of a function.
    pub fn is_coroutine(&self, value: &Value) -> bool {
        value.get::<Generator>().is_some_and(|generator| !generator.is_async() && !generator.is_plain())
    }
}

/// The context of `contextvars` that the running thread is in; None before it has one.
impl Cx {
    /// The context.
    #[inline]
    pub fn context(&self) -> Value {
        self.vm().thread.context.clone()
    }
    /// Enters another one, and gives the one that was left.
    pub fn set_context(&self, context: Value) -> Value {
        self.vm().thread.context.replace(context)
    }
}
