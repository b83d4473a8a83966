//! Exceptions: one payload for all of their types.
//!
//! ```text
//! [header][args][traceback][context][cause][fields][suppress, kind][slot 0: an attribute, or the dict]
//! ```
//!
//! What only some types have (`StopIteration.value`, `OSError.errno`) are *fields*: a buffer with as many
//! values as the [`Kind`] has fields, and none until one of them is set. They are read and written through rows of the
//! type's table, so `vars(e)` does not show them.
//!
//! Read next: `table.rs` (the list of types), `raise.rs` (what `raise`, `except` and `except*` do), `base.rs`
//! (`BaseException`), then one file a kind: `simple.rs`, `syntax_error.rs`, `os_error.rs`, `unicode.rs`, `group.rs`.

use std::cell::Cell;

use ryokan_alloc::Header;

use crate::object::Ref;
use crate::object::behind::Row;
use crate::object::payload::{Trace, object};
use crate::object::ty::TypeObj;
use crate::raised::{Raised, Res};
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

mod base;
pub mod errno;
mod group;
mod os_error;
mod raise;
mod simple;
mod syntax_error;
mod table;
mod unicode;
mod unraisable;

pub use base::{add_note, full_type_name, normalise};
pub use group::{group_items, prep_reraise_star, split_for_star};
pub use raise::{
    chain, is_exception_class, matches, note_missing, note_name, note_name_and_obj, raise_object, set_cause,
    set_context, stop_value,
};
pub use syntax_error::syntax_fields;
pub use table::{ExcTypes, make};
pub use unraisable::{unraisable, unraisable_hook, unraisable_message};

/// Which fields an exception has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Kind {
    /// None of its own.
    Plain,
    /// `StopIteration`: value.
    Stop,
    /// `SystemExit`: code.
    Exit,
    /// `ImportError`: msg, name, path, name_from.
    Import,
    /// `AttributeError`: name, obj.
    Attribute,
    /// `NameError`: name.
    Name,
    /// `OSError`: errno, strerror, filename, filename2, characters_written.
    Os,
    /// `SyntaxError`: msg, filename, lineno, offset, text, end_lineno, end_offset, print_file_and_line, _metadata.
    Syntax,
    /// The three Unicode errors: encoding, object, start, end, reason.
    Unicode,
    /// `BaseExceptionGroup`: message, exceptions (a tuple), how they show if they were given as neither a tuple nor a list.
    Group,
}

impl Kind {
    /// How many fields.
    pub const fn fields(self) -> usize {
        match self {
            Kind::Plain => 0,
            Kind::Stop | Kind::Exit | Kind::Name => 1,
            Kind::Attribute => 2,
            Kind::Group => 3,
            Kind::Import => 4,
            Kind::Os | Kind::Unicode => 5,
            Kind::Syntax => 9,
        }
    }
    /// This kind, unless it is plain.
    const fn or(self, base: Kind) -> Kind {
        if matches!(self, Kind::Plain) { base } else { self }
    }
}

/// The payload of every exception.
#[repr(C)]
pub struct Exception {
    head: Header,
    /// `args`, a tuple.
    pub args: Value,
    /// `__traceback__`: a traceback, or None.
    pub traceback: Value,
    /// `__context__`: an exception, or None.
    pub context: Value,
    /// `__cause__`: an exception, or None.
    pub cause: Value,
    /// The fields: none, or `kind.fields()` of them.
    fields: Row,
    /// `__suppress_context__`
    pub suppress: Cell<bool>,
    kind: Kind,
}
const _: () = assert!(size_of::<Exception>() == 56);

object! {
    Exception {
        tracked: true,
        values: [args, traceback, context, cause],
        traced: [fields],
        plain: [suppress, kind],
        clear: |this| this.let_go(),
        dying: |this| {
            this.let_go();
            this.fields.free(this);
        },
    }
}

impl Exception {
    /// A payload. `args` must be a tuple.
    pub fn new(head: Header, args: Value, kind: Kind) -> Exception {
        Exception {
            head,
            args,
            traceback: Value::NONE,
            context: Value::NONE,
            cause: Value::NONE,
            fields: Row::empty(),
            suppress: Cell::new(false),
            kind,
        }
    }
    /// Lets go of where it came through and what it came after.
    pub fn forget(&self) {
        [&self.traceback, &self.context, &self.cause].iter().for_each(|value| value.set(Value::NONE));
        self.suppress.set(false);
    }
    /// Which fields it has.
    pub fn kind(&self) -> Kind {
        self.kind
    }
    /// `args`, as a share of the caller's own: a script may replace it whenever Python code runs.
    pub fn arguments(&self, vm: &Vm) -> Ref<Tuple> {
        let args = if self.args.has::<Tuple>() { &self.args } else { &vm.empty_tuple };
        Ref::from_value(args.clone()).unwrap_or_else(|_| unreachable!("the empty tuple is a tuple"))
    }
    /// Lets go of all that it refers to.
    fn let_go(&self) {
        [&self.args, &self.traceback, &self.context, &self.cause]
            .iter()
            .for_each(|value| value.set(Value::NONE));
        self.fields.clear();
    }
    /// A share of a field, if it is of that kind and the field was set: a script may replace it whenever Python code runs.
    pub fn field(&self, kind: Kind, index: usize) -> Option<Value> {
        if self.kind != kind {
            return None;
        }
        self.fields.values().get(index).and_then(Value::bound).cloned()
    }
    /// A field as attributes show it: None if it was not set.
    pub fn field_or_none(&self, kind: Kind, index: usize) -> Value {
        self.field(kind, index).unwrap_or(Value::NONE)
    }
    /// Sets a field. An exception of another kind is left alone.
    pub fn set_field(&self, vm: &Vm, kind: Kind, index: usize, value: Value) -> Res<()> {
        if self.kind != kind {
            return Ok(());
        }
        self.fields.fill(vm, kind.fields())?;
        self.fields.values()[index].set(value);
        Ok(())
    }
}

/// The payload of an exception that the caller has checked.
pub fn payload(value: &Value) -> &Exception {
    value.get().expect("a method of an exception is called with one")
}

/// Reads a field of an exception, as an attribute.
fn get_field(this: &Value, kind: Kind, index: usize) -> Res {
    Ok(payload(this).field_or_none(kind, index))
}

/// Writes a field, as an attribute; no value deletes it.
fn put_field(vm: &Vm, this: &Value, kind: Kind, index: usize, value: Option<&Value>) -> Res<()> {
    payload(this).set_field(vm, kind, index, value.cloned().unwrap_or(Value::UNBOUND))
}

/// A row of a type's table for a field.
macro_rules! field {
    ($name:literal, $kind:ident, $index:literal, $doc:literal) => {
        crate::object::native::attribute(
            $name,
            |_, this| super::get_field(this, super::Kind::$kind, $index),
            |vm, this, value| super::put_field(vm, this, super::Kind::$kind, $index, value),
            $doc,
        )
    };
}
use field;

impl Vm {
    /// A class of exceptions as a script would write it: `class name(base)` of a module, with a docstring if that is not empty. Runs
    /// Python where `base` is a class of Python's (`__init_subclass__`); raises what that raises, and `MemoryError`.
    pub fn new_exception_class(&self, module: &str, name: &str, base: &TypeObj, doc: &str) -> Res {
        let namespace = self.new_dict()?;
        namespace.set_name(self, &self.names.__module__, self.intern(module)?)?;
        if !doc.is_empty() {
            namespace.set_name(self, &self.names.__doc__, self.str(doc)?)?;
        }
        let bases = self.new_tuple(vec![base.to_value()])?;
        self.call(&self.types.r#type.to_value(), &[self.intern(name)?, bases, namespace.into_value()])
    }
    /// A new exception of a class that the VM has made, with a message. What a script may have put in the class is not asked: a limit is
    /// raised where no Python may run. Runs no Python; `MemoryError`.
    pub(crate) fn exception_of(&self, class: &Value, message: Value) -> Res {
        match class.get::<TypeObj>() {
            Some(ty) => self.new_exception(ty, vec![message]),
            None => Err(self.system_error("an exception's class is none")),
        }
    }
    /// A new exception with these arguments, made without asking `__new__` or `__init__`: for types of the VM's own. Runs no Python,
    /// for the place that a `SyntaxError` gets is a tuple; `MemoryError`, and `TypeError` if that has too few or too many items.
    pub fn new_exception(&self, ty: &TypeObj, args: Vec<Value>) -> Res {
        let made = self.bare_exception(ty, args)?;
        let exception: &Exception = &made;
        let args = exception.arguments(self);
        let first = args.items().first();
        match exception.kind() {
            Kind::Stop => {
                if let Some(value) = first {
                    exception.set_field(self, Kind::Stop, 0, value.clone())?;
                }
            }
            Kind::Exit => simple::set_code(self, exception)?,
            Kind::Import => {
                if let [message] = args.items() {
                    exception.set_field(self, Kind::Import, 0, message.clone())?;
                }
            }
            Kind::Os => os_error::take_args(self, exception, false)?,
            Kind::Syntax => syntax_error::take_args(self, exception)?,
            _ => {}
        }
        Ok(made.into_value())
    }

    /// A new exception whose fields are not set.
    pub(super) fn bare_exception(&self, ty: &TypeObj, args: Vec<Value>) -> Res<Ref<Exception>> {
        let args = if args.is_empty() { self.empty_tuple.clone() } else { self.new_tuple(args)? };
        let kind = table::kind_of(self, ty);
        let shape = self.shapes.get(ty.root.get());
        let bytes = (shape.words() * 8).max(size_of::<Exception>());
        let made = self.new_shaped(shape.id, bytes, |head| Exception::new(head, args, kind))?;
        self.note_birth(ty, made.value());
        Ok(made)
    }

    /// Raises a `KeyError` of a key.
    #[cold]
    pub fn key_error(&self, key: &Value) -> Raised {
        match self.new_exception(&self.exc.KeyError, vec![key.clone()]) {
            Ok(exception) => self.raise_value(exception),
            Err(raised) => raised,
        }
    }

    /// Raises an `OSError`, or the subclass of it that the error number stands for.
    #[cold]
    pub fn raise_os_error(&self, errno: i32, message: &str, filename: Option<&Value>) -> Raised {
        match os_error::make(self, errno, message, filename) {
            Ok(exception) => self.raise_value(exception),
            Err(raised) => raised,
        }
    }
}
