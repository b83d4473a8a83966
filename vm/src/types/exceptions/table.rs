//! The list of builtin exception types.
//!
//! A row is `Name: Base, parts, "doc"`. The parts are what the type has beyond its base: its kind of fields, slots,
//! methods and attributes. From the rows come [`ExcTypes`], the static descriptions, and [`make`].

use super::{Kind, base, group, os_error, simple, syntax_error, unicode};
use crate::object::class::new_builtin;
use crate::object::layout::Layout;
use crate::object::native::{GetSet, Method};
use crate::object::slots::Slots;
use crate::object::ty::{TypeDef, TypeObj, type_flag};
use crate::raised::Res;
use crate::types::TypeRef;
use crate::types::dict::Dict;
use crate::vm::Vm;

/// What a type has beyond its base.
pub struct Parts {
    /// Its fields, if they are not its base's.
    pub kind: Kind,
    /// Its slots.
    pub slots: Slots,
    /// Its methods.
    pub methods: &'static [Method],
    /// Its attributes.
    pub getset: &'static [GetSet],
}

/// Nothing at all.
const PLAIN: Parts = Parts { kind: Kind::Plain, slots: Slots::NONE, methods: &[], getset: &[] };

macro_rules! exceptions {
    ($($name:ident: $base:ident, $parts:expr, $doc:literal;)*) => {
        /// The builtin exception types.
        #[allow(non_snake_case, missing_docs, reason = "each is the type of its name")]
        pub struct ExcTypes {
            pub BaseException: TypeRef,
            $(pub $name: TypeRef,)*
        }
        impl ExcTypes {
            /// No type made yet.
            pub const fn empty() -> ExcTypes {
                ExcTypes { BaseException: TypeRef::empty(), $($name: TypeRef::empty(),)* }
            }
            /// All of them, with their names.
            pub fn all(&self) -> Vec<(&'static str, &TypeRef)> {
                vec![("BaseException", &self.BaseException), $((stringify!($name), &self.$name),)*]
            }
        }
        #[allow(non_upper_case_globals, reason = "named as the types are")]
        mod kinds {
            use super::*;
            pub const BaseException: Kind = Kind::Plain;
            $(pub const $name: Kind = $parts.kind.or($base);)*
        }
        static KINDS: &[Kind] = &[Kind::Plain, $(kinds::$name),*];
        static DEFS: &[TypeDef] = &[
            describe("BaseException", "Common base class for all exceptions", base::PARTS),
            $(describe(stringify!($name), $doc, $parts)),*
        ];
        /// Makes the types.
        pub fn make(vm: &Vm) -> Res<()> {
            let mut defs = DEFS.iter();
            let mut next = |slot: &TypeRef, base: &TypeObj| match defs.next() {
                Some(def) => make_one(vm, slot, def, base),
                None => Ok(()),
            };
            next(&vm.exc.BaseException, &vm.types.object)?;
            $(next(&vm.exc.$name, &vm.exc.$base)?;)*
            add_second_base(vm)
        }
    };
}

const fn describe(name: &'static str, doc: &'static str, parts: Parts) -> TypeDef {
    TypeDef {
        name,
        layout: Layout::Exception,
        base: None,
        flags: type_flag::BASETYPE | type_flag::HAS_DICT | type_flag::EXCEPTION,
        doc,
        slots: parts.slots,
        methods: parts.methods,
        getset: parts.getset,
    }
}

exceptions! {
    BaseExceptionGroup: BaseException, group::PARTS, "A combination of multiple unrelated exceptions.";
    Exception: BaseException, PLAIN, "Common base class for all non-exit exceptions.";
    GeneratorExit: BaseException, PLAIN, "Request that a generator exit.";
    KeyboardInterrupt: BaseException, PLAIN, "Program interrupted by user.";
    SystemExit: BaseException, simple::EXIT, "Request to exit from the interpreter.";
    ExceptionGroup: BaseExceptionGroup, PLAIN, "";
    ArithmeticError: Exception, PLAIN, "Base class for arithmetic errors.";
    AssertionError: Exception, PLAIN, "Assertion failed.";
    AttributeError: Exception, simple::ATTRIBUTE, "Attribute not found.";
    BufferError: Exception, PLAIN, "Buffer error.";
    EOFError: Exception, PLAIN, "Read beyond end of file.";
    ImportError: Exception, simple::IMPORT, "Import can't find module, or can't find name in module.";
    LookupError: Exception, PLAIN, "Base class for lookup errors.";
    MemoryError: Exception, PLAIN, "Out of memory.";
    NameError: Exception, simple::NAME, "Name not found globally.";
    OSError: Exception, os_error::PARTS, "Base class for I/O related errors.";
    ReferenceError: Exception, PLAIN, "Weak ref proxy used after referent went away.";
    RuntimeError: Exception, PLAIN, "Unspecified run-time error.";
    StopAsyncIteration: Exception, PLAIN, "Signal the end from iterator.__anext__().";
    StopIteration: Exception, simple::STOP, "Signal the end from iterator.__next__().";
    SyntaxError: Exception, syntax_error::PARTS, "Invalid syntax.";
    SystemError: Exception, PLAIN,
        "Internal error in the Python interpreter.\n\nPlease report this to the Python maintainer, along with the \
         traceback,\nthe Python version, and the hardware/OS platform and version.";
    TypeError: Exception, PLAIN, "Inappropriate argument type.";
    ValueError: Exception, PLAIN, "Inappropriate argument value (of correct type).";
    Warning: Exception, PLAIN, "Base class for warning categories.";
    FloatingPointError: ArithmeticError, PLAIN, "Floating-point operation failed.";
    OverflowError: ArithmeticError, PLAIN, "Result too large to be represented.";
    ZeroDivisionError: ArithmeticError, PLAIN, "Second argument to a division or modulo operation was zero.";
    BlockingIOError: OSError, PLAIN, "I/O operation would block.";
    ChildProcessError: OSError, PLAIN, "Child process error.";
    ConnectionError: OSError, PLAIN, "Connection error.";
    FileExistsError: OSError, PLAIN, "File already exists.";
    FileNotFoundError: OSError, PLAIN, "File not found.";
    InterruptedError: OSError, PLAIN, "Interrupted by signal.";
    IsADirectoryError: OSError, PLAIN, "Operation doesn't work on directories.";
    NotADirectoryError: OSError, PLAIN, "Operation only works on directories.";
    PermissionError: OSError, PLAIN, "Not enough permissions.";
    ProcessLookupError: OSError, PLAIN, "Process not found.";
    TimeoutError: OSError, PLAIN, "Timeout expired.";
    BrokenPipeError: ConnectionError, PLAIN, "Broken pipe.";
    ConnectionAbortedError: ConnectionError, PLAIN, "Connection aborted.";
    ConnectionRefusedError: ConnectionError, PLAIN, "Connection refused.";
    ConnectionResetError: ConnectionError, PLAIN, "Connection reset.";
    IndentationError: SyntaxError, PLAIN, "Improper indentation.";
    TabError: IndentationError, PLAIN, "Improper mixture of spaces and tabs.";
    _IncompleteInputError: SyntaxError, PLAIN, "incomplete input.";
    IndexError: LookupError, PLAIN, "Sequence index out of range.";
    KeyError: LookupError, simple::KEY, "Mapping key not found.";
    ModuleNotFoundError: ImportError, PLAIN, "Module not found.";
    NotImplementedError: RuntimeError, PLAIN, "Method or function hasn't been implemented yet.";
    PythonFinalizationError: RuntimeError, PLAIN, "Operation blocked during Python finalization.";
    RecursionError: RuntimeError, PLAIN, "Recursion limit exceeded.";
    UnboundLocalError: NameError, PLAIN, "Local name referenced but not bound to a value.";
    UnicodeError: ValueError, PLAIN, "Unicode related error.";
    UnicodeDecodeError: UnicodeError, unicode::DECODE, "Unicode decoding error.";
    UnicodeEncodeError: UnicodeError, unicode::ENCODE, "Unicode encoding error.";
    UnicodeTranslateError: UnicodeError, unicode::TRANSLATE, "Unicode translation error.";
    BytesWarning: Warning, PLAIN,
        "Base class for warnings about bytes and buffer related problems, mostly\nrelated to conversion from str or \
         comparing to str.";
    DeprecationWarning: Warning, PLAIN, "Base class for warnings about deprecated features.";
    EncodingWarning: Warning, PLAIN, "Base class for warnings about encodings.";
    FutureWarning: Warning, PLAIN,
        "Base class for warnings about constructs that will change semantically\nin the future.";
    ImportWarning: Warning, PLAIN, "Base class for warnings about probable mistakes in module imports";
    PendingDeprecationWarning: Warning, PLAIN,
        "Base class for warnings about features which will be deprecated\nin the future.";
    ResourceWarning: Warning, PLAIN, "Base class for warnings about resource usage.";
    RuntimeWarning: Warning, PLAIN, "Base class for warnings about dubious runtime behavior.";
    SyntaxWarning: Warning, PLAIN, "Base class for warnings about dubious syntax.";
    UnicodeWarning: Warning, PLAIN,
        "Base class for warnings about Unicode related problems, mostly\nrelated to conversion problems.";
    UserWarning: Warning, PLAIN, "Base class for warnings generated by user code.";
}

/// Makes one type and fills its slot. Every exception type has a root shape of its own, with a word for the dict.
fn make_one(vm: &Vm, slot: &TypeRef, def: &'static TypeDef, base: &TypeObj) -> Res<()> {
    let made = new_builtin(vm, def, base)?;
    if base.def.map(kind_of_def) != Some(kind_of_def(def)) && !std::ptr::eq(base, &*vm.types.object) {
        made.add_flags(type_flag::FIELDS);
    }
    if vm.shapes.get(made.root.get()).ext == 0 {
        let ext = (size_of::<super::Exception>() / 8) as u16;
        let root = vm.shapes.root(vm, &made, false, ext, ext, 1)?;
        made.set_root(root.id);
    }
    slot.set(made.into_value());
    Ok(())
}

/// `ExceptionGroup` is an `Exception` too.
fn add_second_base(vm: &Vm) -> Res<()> {
    let exc = &vm.exc;
    let (group, base) = (exc.ExceptionGroup.to_value(), exc.BaseExceptionGroup.to_value());
    let (exception, root) = (exc.Exception.to_value(), exc.BaseException.to_value());
    let object = vm.types.object.to_value();
    exc.ExceptionGroup.bases.set(vm.new_tuple(vec![base.clone(), exception.clone()])?);
    exc.ExceptionGroup.mro.set(vm.new_tuple(vec![group, base, exception, root, object])?);
    exc.ExceptionGroup.list_in_bases(vm)?;
    vm.bump_epoch();
    Ok(())
}

impl ExcTypes {
    /// Puts the types under their names into the dict of `builtins`, the old names of `OSError` included.
    pub fn fill_builtins(&self, vm: &Vm, dict: &Dict) -> Res<()> {
        for (name, ty) in self.all() {
            dict.set_name(vm, &vm.intern(name)?, ty.to_value())?;
        }
        for name in ["EnvironmentError", "IOError"] {
            dict.set_name(vm, &vm.intern(name)?, self.OSError.to_value())?;
        }
        Ok(())
    }
}

/// The kind of a builtin type's own row.
fn kind_of_def(def: &'static TypeDef) -> Kind {
    let offset = (std::ptr::from_ref(def) as usize).wrapping_sub(DEFS.as_ptr() as usize);
    KINDS.get(offset / size_of::<TypeDef>()).copied().unwrap_or(Kind::Plain)
}

/// The fields that instances of a type have: those of its first base in the MRO that says so.
pub fn kind_of(_: &Vm, ty: &TypeObj) -> Kind {
    if let Some(def) = ty.def {
        return kind_of_def(def);
    }
    let defs = ty.mro_items().iter().filter_map(|class| class.get::<TypeObj>().and_then(|ty| ty.def));
    defs.map(kind_of_def).find(|kind| *kind != Kind::Plain).unwrap_or(Kind::Plain)
}
