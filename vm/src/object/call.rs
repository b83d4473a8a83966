//! Arguments of a call, and calling from Rust.
//!
//! A call's arguments lie in consecutive slots: the positional ones, then the values of the named ones, whose names stand
//! in a slice of their own. The slots are the callee's to move out of (`Value::take`): a caller that still needs a value
//! passes a clone.

use ryokan_alloc::Vector;

use super::Layout;
use super::native::NativeFunction;
use super::ty::TypeObj;
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// The arguments of a call.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    /// Positional arguments.
    pub pos: &'a [Value],
    /// Names of the named arguments: interned strs.
    pub names: &'a [Value],
    /// Their values.
    pub named: &'a [Value],
}

impl<'a> Args<'a> {
    /// No arguments.
    pub const NONE: Args<'static> = Args { pos: &[], names: &[], named: &[] };

    /// Positional arguments only.
    pub fn pos(pos: &'a [Value]) -> Args<'a> {
        Args { pos, names: &[], named: &[] }
    }
    /// Slots that end with the values of the named arguments.
    pub fn split(slots: &'a [Value], names: &'a [Value]) -> Args<'a> {
        let (pos, named) = slots.split_at(slots.len() - names.len());
        Args { pos, names, named }
    }
    /// How many arguments in all.
    pub fn len(&self) -> usize {
        self.pos.len() + self.named.len()
    }
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The value of a named argument.
    pub fn named(&self, name: &Value) -> Option<&'a Value> {
        self.names.iter().position(|n| n.is(name)).map(|at| &self.named[at])
    }
}

impl Vm {
    /// `callable(*args)`. Runs Python; raises what the callable raises, and `TypeError` if it is none.
    pub fn call(&self, callable: &Value, args: &[Value]) -> Res {
        self.call_args(callable, Args::pos(args))
    }

    /// `callable(*args, **named)`. Runs Python; raises what the callable raises, and `TypeError` if it is none.
    pub fn call_args(&self, callable: &Value, args: Args<'_>) -> Res {
        // The callable may lie in a slot that the call overwrites (a property's getter, an item): it is held meanwhile.
        if callable.word().is_ptr() && callable.word().shape() == Layout::Function.shape() {
            return self.call_function(&callable.clone(), args);
        }
        if let Some(function) = callable.exact::<NativeFunction>()
            && function.this.is_unbound()
            && !function.owner.has::<TypeObj>()
        {
            // A module's function, which is no method of anything.
            let _held = callable.clone();
            self.check_stack()?;
            return self.call_native(function, args);
        }
        match self.slots(callable).call() {
            Some(call) => call.call(self, &callable.clone(), args),
            None => {
                Err(self.type_error(format_args!("'{}' object is not callable", self.type_name(callable))))
            }
        }
    }

    /// The slots of a call with one more argument before the others, which are moved out. Runs no Python; `MemoryError`.
    pub fn led_by(&self, first: Value, args: Args<'_>) -> Res<Vector<Value>> {
        let mut slots = self.vector(args.len() + 1)?;
        slots.push(first);
        slots.extend(args.pos.iter().chain(args.named).map(Value::take));
        Ok(slots)
    }

    /// Calls a method by name: `owner.name(*args)`, as an attribute lookup would find it. Runs Python; raises as [`Vm::get_attr`] and
    /// [`Vm::call`].
    pub fn call_method(&self, owner: &Value, name: &Value, args: &[Value]) -> Res {
        let method = self.get_attr(owner, name)?;
        self.call(&method, args)
    }

    /// Calls a special method: looked up on the type, past the instance. `None` if the type has none. Runs Python; raises what the method,
    /// and a descriptor that it is reached by, raises.
    pub fn call_special(&self, owner: &Value, name: &Value, args: &[Value]) -> Res<Option<Value>> {
        let Some(found) = self.lookup_special(owner, name)? else { return Ok(None) };
        match found {
            Special::Unbound(function) => match args {
                [] => self.call(&function, &[owner.clone()]),
                [x] => self.call(&function, &[owner.clone(), x.take()]),
                args => self.call(&function, &self.led_by(owner.clone(), Args::pos(args))?),
            }
            .map(Some),
            Special::Bound(callable) => self.call(&callable, args).map(Some),
        }
    }

    /// Looks a special method up on the type of `owner`. Runs Python where it is a descriptor; raises what that raises.
    pub fn lookup_special(&self, owner: &Value, name: &Value) -> Res<Option<Special>> {
        let ty = self.type_of(owner);
        let Some(found) = ty.lookup(self, name) else { return Ok(None) };
        if self.is_method_like(&found) {
            return Ok(Some(Special::Unbound(found)));
        }
        match self.slots(&found).get() {
            Some(get) => Ok(Some(Special::Bound(get.call(self, &found, Some(owner), &ty.to_value())?))),
            None => Ok(Some(Special::Bound(found))),
        }
    }
}

impl Vm {
    /// How messages name a callable: `f()`. Runs Python (`__qualname__`, `__module__`, `__str__`).
    pub fn callable_name(&self, callable: &Value) -> String {
        let name = self.qualified_name(callable).unwrap_or_else(|raised| {
            drop(self.take_raised(raised));
            None
        });
        name.unwrap_or_else(|| match self.to_str(callable) {
            Ok(shown) => self.text(&shown).to_string(),
            Err(raised) => {
                drop(self.take_raised(raised));
                format!("{} object", self.type_name(callable))
            }
        })
    }
    /// `module.qualname()`, if it has a qualified name.
    fn qualified_name(&self, callable: &Value) -> Res<Option<String>> {
        let Some(name) = self.get_attr_opt(callable, &self.names.__qualname__)? else { return Ok(None) };
        let name = self.to_str(&name)?;
        let module = self.get_attr_opt(callable, &self.names.__module__)?.unwrap_or(Value::NONE);
        let shown = !module.is_none() && self.text(&module) != "builtins";
        let module = if shown { format!("{}.", self.text(&self.to_str(&module)?)) } else { String::new() };
        Ok(Some(format!("{module}{}()", self.text(&name))))
    }
}

/// A special method that was found.
pub enum Special {
    /// To be called with the owner as its first argument.
    Unbound(Value),
    /// To be called as it is.
    Bound(Value),
}
