//! What goes wrong: raising, catching, warnings.

use std::fmt::Display;

use super::convert::{Arguments, IntoValue};
use super::cx::Cx;
use crate::object::kind::ClassKey;
use crate::raised::{Raised, Res};
use crate::types::exceptions::Exception;
use crate::value::Value;

/// Errors.
impl Cx {
    /// Raises an instance of an exception class with one text.
    #[cold]
    pub fn raise(&self, class: &Value, message: impl Display) -> Raised {
        match self.vm().expect_type(class) {
            Ok(class) => self.vm().raise(class, message),
            Err(raised) => raised,
        }
    }
    /// Raises an instance of the builtin exception of a name with one text.
    #[cold]
    pub fn raise_builtin(&self, name: &str, message: impl Display) -> Raised {
        match self.builtin(name) {
            Ok(class) => self.raise(&class, message),
            Err(raised) => raised,
        }
    }
    /// Raises an instance of the class of a key with one text. Runs Python as [`Cx::class_of_key`].
    #[cold]
    pub fn raise_of(&self, key: &'static ClassKey, message: impl Display) -> Raised {
        match self.class_of_key(key) {
            Ok(class) => self.raise(&class, message),
            Err(raised) => raised,
        }
    }
    /// Raises an exception object, as `raise value` does. `TypeError` if it is none. Runs Python where a context that it had dies by
    /// it.
    #[cold]
    pub fn raise_value(&self, exception: Value) -> Raised {
        if !exception.has::<Exception>() {
            return self.type_error("exceptions must derive from BaseException");
        }
        self.vm().raise_value(exception)
    }
    /// Raises the `OSError` of an I/O error, of the subclass that belongs to its number.
    #[cold]
    pub fn os_error(&self, error: &std::io::Error, filename: Option<&str>) -> Raised {
        self.vm().os_error(error, filename)
    }
    /// Raises the `OSError` of an error number, about one or two files, each as the caller named it.
    #[cold]
    pub fn os_error_about(&self, number: i32, filename: Option<&Value>, filename2: Option<&Value>) -> Raised {
        let vm = self.vm();
        let text = crate::types::exceptions::errno::text(number);
        let Some(filename2) = filename2 else { return vm.raise_os_error(number, &text, filename) };
        let args = (number, text, filename.cloned(), Value::NONE, filename2);
        match args.pass(self, |args| vm.call(&vm.exc.OSError.to_value(), args)) {
            Ok(exception) => vm.raise_value(exception),
            Err(raised) => raised,
        }
    }
    /// `MemoryError`
    #[cold]
    pub fn no_memory(&self) -> Raised {
        self.vm().no_memory()
    }
    /// `StopIteration(value)`: how an awaitable's `next` gives its result. (At the end without a result it gives nothing.)
    #[cold]
    pub fn stop(&self, value: impl IntoValue) -> Raised {
        let made = value
            .into_value(self)
            .and_then(|value| self.vm().new_exception(&self.vm().exc.StopIteration, vec![value]));
        match made {
            Ok(exception) => self.vm().raise_value(exception),
            Err(raised) => raised,
        }
    }
    /// `StopAsyncIteration`: what an asynchronous iterator's `anext` raises at its end.
    #[cold]
    pub fn stop_async(&self) -> Raised {
        match self.vm().new_exception(&self.vm().exc.StopAsyncIteration, Vec::new()) {
            Ok(exception) => self.vm().raise_value(exception),
            Err(raised) => raised,
        }
    }
    /// `KeyError(key)`
    #[cold]
    pub fn key_error(&self, key: Value) -> Raised {
        match self.vm().new_exception(&self.vm().exc.KeyError, vec![key]) {
            Ok(exception) => self.vm().raise_value(exception),
            Err(raised) => raised,
        }
    }
    /// Catches what is on its way, if it is of a class that the VM has by that name (`"StopIteration"`, `"TypeError"`). Runs no Python;
    /// raises it again otherwise.
    pub fn catch(&self, raised: Raised, class: &str) -> Res<Value> {
        let class = self.vm().builtin(class);
        match class {
            Ok(class) if class.get().is_some_and(|class| self.vm().raised_is(&raised, class)) => {
                Ok(self.vm().take_raised(raised))
            }
            _ => Err(raised),
        }
    }
    /// Reports what was raised where nobody can catch it, in something about `source`. Runs Python (`sys.unraisablehook`).
    #[cold]
    pub fn unraisable(&self, raised: Raised, source: &Value) {
        let exception = self.vm().take_raised(raised);
        crate::types::exceptions::unraisable(self.vm(), &exception, source);
    }
    /// The same, with what was being done in words: `"Exception ignored while finalizing file"`. Runs Python as that.
    #[cold]
    pub fn unraisable_while(&self, raised: Raised, doing: &str, source: &Value) {
        let exception = self.vm().take_raised(raised);
        crate::types::exceptions::unraisable_message(self.vm(), &exception, doing, source);
    }
    /// Raises an exception again, with another one, which came first, as its cause. Runs Python where the context and the cause that it
    /// had die by it.
    #[cold]
    pub fn because(&self, later: Raised, first: Value) -> Raised {
        let later = self.vm().take_raised(later);
        if let Some(exception) = later.get::<Exception>() {
            exception.context.set(first.clone());
            exception.cause.set(first);
            exception.suppress.set(true);
        }
        self.vm().raise_value(later)
    }
    /// `OSError` with a text alone.
    #[cold]
    pub fn raise_os(&self, message: impl Display) -> Raised {
        self.vm().raise(&self.vm().exc.OSError, message)
    }
    /// Issues a warning of a builtin category, so many calls further out than this one (1 is where the program stands), about an object.
    /// Runs Python; raises it where the filters say so.
    pub fn warn_about(&self, category: &str, message: &str, level: i64, source: Option<&Value>) -> Res<()> {
        let vm = self.vm();
        vm.warn_from(&vm.builtin(category)?, &vm.str(message)?, level, &[], source)
    }
    /// What is on its way is put aside while `work` runs, and is on its way again then. What `work` raises would be lost: it must take
    /// that itself, and can give nothing that says that something is raised, for a [`Raised`] is no `Copy`.
    pub fn aside<T: Copy>(&self, work: impl FnOnce() -> T) -> T {
        let pending = self.vm().thread.raised.take();
        let done = work();
        self.vm().thread.raised.set(pending);
        done
    }
    /// Does what must be done whatever came of what was done before. Where both fail, the later error has the earlier as its context.
    /// Runs Python as `work`, and as [`Cx::chain`].
    pub fn finally<T>(&self, done: Res<T>, work: impl FnOnce() -> Res<()>) -> Res<T> {
        let first = match done {
            Ok(value) => return work().map(|()| value),
            Err(raised) => self.take_raised(raised),
        };
        match work() {
            Ok(()) => {
                self.vm().thread.raised.set(first);
                Err(Raised(()))
            }
            Err(later) => Err(self.chain(later, first)),
        }
    }
    /// The exception of what is on its way, which is on its way no more.
    pub fn take_raised(&self, raised: Raised) -> Value {
        self.vm().take_raised(raised)
    }
    /// Whether what is on its way is of a class that the VM has by that name.
    pub fn is_raised(&self, raised: &Raised, class: &str) -> bool {
        let class = self.vm().builtin(class);
        class.is_ok_and(|class| class.get().is_some_and(|class| self.vm().raised_is(raised, class)))
    }
    /// Raises an exception again, with another one, which came first, as its context. Runs Python where the context that it had dies by
    /// it.
    #[cold]
    pub fn chain(&self, later: Raised, first: Value) -> Raised {
        let later = self.vm().take_raised(later);
        if !later.is(&first)
            && let Some(exception) = later.get::<Exception>()
        {
            exception.context.set(first);
        }
        self.vm().raise_value(later)
    }
    /// Issues a warning of a builtin category (`"DeprecationWarning"`). Runs Python; raises it where the filters say so.
    pub fn warn(&self, category: &str, message: &str) -> Res<()> {
        self.vm().warn(category, message, 1)
    }
}

macro_rules! errors {
    ($($name:ident $ty:literal)*) => {
        impl Cx {
            $(#[doc = concat!("Raises a `", $ty, "`.")]
            #[cold]
            pub fn $name(&self, message: impl Display) -> Raised {
                self.vm().$name(message)
            })*
        }
    };
}

errors! {
    type_error "TypeError"
    value_error "ValueError"
    index_error "IndexError"
    attribute_error "AttributeError"
    overflow_error "OverflowError"
    zero_division "ZeroDivisionError"
    runtime_error "RuntimeError"
    system_error "SystemError"
    buffer_error "BufferError"
    import_error "ImportError"
}
