//! Calls with names that are values, bound methods, and the context that a call runs in.

use super::cx::Cx;
use crate::object::call::Args as CallArgs;
use crate::raised::Res;
use crate::value::Value;

impl Cx {
    /// `callable(*args, **names)` of slots that end with the values of the names (strs), as many as there are. Runs Python.
    pub fn call_named(&self, callable: &Value, slots: &[Value], names: &[Value]) -> Res {
        self.vm().call_args(callable, CallArgs::split(slots, names))
    }
    /// A method: a function, bound to what it is called with first.
    pub fn bind(&self, function: &Value, this: &Value) -> Res {
        self.vm().bind_method(function.clone(), this.clone())
    }
    /// `owner.name`, of a name that [`Cx::intern`] gave. Runs Python; `AttributeError`.
    pub fn attr_of(&self, owner: &Value, name: &Value) -> Res {
        self.vm().get_attr(owner, name)
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
