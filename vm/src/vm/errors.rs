//! Raising: exceptions on their way, one method for each class that native code raises, and `MemoryError`.

use std::fmt::Display;

use super::Vm;
use crate::object::ty::TypeObj;
use crate::raised::{Raised, Res};
use crate::value::Value;

impl Vm {
    /// Sends an exception on its way. `exception` must be an instance of an exception type. Runs Python where a context that it had
    /// dies by it.
    pub fn raise_value(&self, exception: Value) -> Raised {
        crate::types::exceptions::set_context(self, &exception);
        self.thread.raised.set(exception);
        Raised(())
    }

    /// Makes and raises an exception with one str argument.
    #[cold]
    pub fn raise(&self, ty: &TypeObj, message: impl Display) -> Raised {
        let made = self.display(message).and_then(|text| self.new_exception(ty, vec![text]));
        match made {
            Ok(exception) => self.raise_value(exception),
            Err(raised) => raised,
        }
    }

    /// Takes the exception that is on its way.
    pub fn take_raised(&self, _raised: Raised) -> Value {
        debug_assert!(!self.thread.raised.is_unbound(), "what was on its way has been lost");
        self.thread.raised.take()
    }

    /// Whether the exception on its way is of a type.
    pub fn raised_is(&self, _raised: &Raised, ty: &TypeObj) -> bool {
        self.is_instance(&self.thread.raised, ty)
    }

    /// `MemoryError`: a new one out of the heap's reserve, or the one made beforehand if that is used up too.
    #[cold]
    pub fn no_memory(&self) -> Raised {
        if let Some(raised) = self.volume_is_used_up() {
            return raised;
        }
        if self.making_memory_error.replace(true) {
            // Making one has failed: whoever tried it takes the other way.
            return Raised(());
        }
        if self.exc.MemoryError.value().is_unbound() {
            // The VM is not born yet, and will not be.
            return Raised(());
        }
        self.tell_of_refusal();
        self.heap().open_reserve();
        let fresh = self.new_exception(&self.exc.MemoryError, Vec::new());
        self.heap().close_reserve();
        self.making_memory_error.set(false);
        match fresh {
            Ok(exception) => {
                crate::types::exceptions::set_context(self, &exception);
                self.thread.raised.set(exception);
            }
            Err(_) => {
                if let Some(last) = self.memory_error.get::<crate::types::exceptions::Exception>() {
                    last.forget();
                }
                self.thread.raised.set(self.memory_error.clone());
            }
        }
        Raised(())
    }

    /// Prepares the MemoryError of last resort. Runs no Python; `MemoryError`.
    pub fn prepare_memory_error(&self) -> Res<()> {
        self.memory_error.set(self.new_exception(&self.exc.MemoryError, Vec::new())?);
        self.make_immortal(&self.memory_error);
        Ok(())
    }
}

macro_rules! errors {
    ($($name:ident $ty:ident)*) => {
        impl Vm {
            $(#[doc = concat!("Raises a `", stringify!($ty), "`.")]
            #[cold]
            pub fn $name(&self, message: impl Display) -> Raised {
                self.raise(&self.exc.$ty, message)
            })*
        }
    };
}

errors! {
    type_error TypeError
    value_error ValueError
    index_error IndexError
    attribute_error AttributeError
    overflow_error OverflowError
    zero_division ZeroDivisionError
    name_error NameError
    unbound_local UnboundLocalError
    runtime_error RuntimeError
    recursion_error RecursionError
    system_error SystemError
    lookup_error LookupError
    buffer_error BufferError
    import_error ImportError
    assertion_error AssertionError
}
