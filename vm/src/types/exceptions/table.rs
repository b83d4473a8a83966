//! The list of builtin exception types.
//!
//! A row is `Name: Base, parts, "doc"`. The parts are what the type has beyond its base: its kind of fields, slots,
//! methods and attributes. From the rows come [`ExcTypes`], the static descriptions, and [`make`].

use super::{Kind, base, group, os_error, simple, syntax_error, unicode};
use crate::object::layout::Layout;
use crate::object::native::{GetSet, Method};
use crate::object::slots::Slots;
use crate::object::ty::TypeRef;
use crate::object::ty::{TypeDef, TypeFlags, TypeObj};
use crate::raised::Res;
use crate::types::classes::class::new_builtin;
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
            describe("BaseException", "What every exception derives from, requests to stop included.", base::PARTS),
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

/// Exceptions that have the `__new__` of their base.
const INHERIT_NEW: &[&str] = &[
    "AttributeError",
    "BlockingIOError",
    "BrokenPipeError",
    "ChildProcessError",
    "ConnectionAbortedError",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "ExceptionGroup",
    "FileExistsError",
    "FileNotFoundError",
    "ImportError",
    "IndentationError",
    "InterruptedError",
    "IsADirectoryError",
    "KeyError",
    "ModuleNotFoundError",
    "NameError",
    "NotADirectoryError",
    "PermissionError",
    "ProcessLookupError",
    "StopIteration",
    "SyntaxError",
    "SystemExit",
    "TabError",
    "TimeoutError",
    "UnboundLocalError",
    "_IncompleteInputError",
];

/// Whether a class has a `__new__`, which is that of `BaseException` if it has none of its own.
const fn has_new(name: &str) -> bool {
    let mut at = 0;
    while at < INHERIT_NEW.len() {
        if same(INHERIT_NEW[at], name) {
            return false;
        }
        at += 1;
    }
    true
}

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

const fn describe(name: &'static str, doc: &'static str, parts: Parts) -> TypeDef {
    TypeDef {
        name,
        layout: Layout::Exception,
        base: None,
        flags: TypeFlags::BASETYPE.union(TypeFlags::HAS_DICT).union(TypeFlags::EXCEPTION),
        doc,
        signature: None,
        slots: match parts.slots.new {
            None if has_new(name) => Slots { new: Some(base::new), ..parts.slots },
            _ => parts.slots,
        },
        methods: parts.methods,
        getset: parts.getset,
        construct: None,
        write: None,
    }
}

exceptions! {
    BaseExceptionGroup: BaseException, group::PARTS,
        "A message and the exceptions that it sums up, which may be of any kind.";
    Exception: BaseException, PLAIN,
        "What a program may want to catch: all exceptions but those that end a program or a generator.";
    GeneratorExit: BaseException, PLAIN, "Ends a generator or a coroutine at its close().";
    KeyboardInterrupt: BaseException, PLAIN, "The user has pressed Ctrl-C, or whatever else interrupts.";
    SystemExit: BaseException, simple::EXIT,
        "Ends the program when nobody catches it; its code says how it went.";
    ExceptionGroup: BaseExceptionGroup, PLAIN, "";
    ArithmeticError: Exception, PLAIN, "A calculation has no result, or none that can be stored.";
    AssertionError: Exception, PLAIN, "The condition of an assert statement was false.";
    AttributeError: Exception, simple::ATTRIBUTE,
        "An object lacks the attribute, or does not let it be changed.";
    BufferError: Exception, PLAIN, "Memory cannot be used in this way while a view of it exists.";
    EOFError: Exception, PLAIN, "The input was over before anything was read.";
    ImportError: Exception, simple::IMPORT, "A module, or a name in it, could not be imported.";
    LookupError: Exception, PLAIN, "A container has nothing under this key or index.";
    MemoryError: Exception, PLAIN, "What was to be made is larger than the memory that is left.";
    NameError: Exception, simple::NAME, "No variable of this name is bound.";
    OSError: Exception, os_error::PARTS, "The system refused a request; errno is its reason.";
    ReferenceError: Exception, PLAIN, "A weak proxy was used whose object no longer lives.";
    RuntimeError: Exception, PLAIN, "Something went wrong for which there is no other class.";
    StopAsyncIteration: Exception, PLAIN, "An asynchronous iterator has no more items.";
    StopIteration: Exception, simple::STOP,
        "An iterator has no more items; value is what its generator returned.";
    SyntaxError: Exception, syntax_error::PARTS, "A source text is not Python; its attributes say where.";
    SystemError: Exception, PLAIN, "The interpreter has a fault: a script should not be able to cause this.";
    TypeError: Exception, PLAIN, "An operation does not accept objects of this type.";
    ValueError: Exception, PLAIN, "The type is right, but the operation does not accept this value.";
    Warning: Exception, PLAIN, "What the warnings module shows or raises; it has a class for each sort.";
    FloatingPointError: ArithmeticError, PLAIN, "A class for traps of floats, which nothing raises.";
    OverflowError: ArithmeticError, PLAIN, "A number does not fit where it has to go.";
    ZeroDivisionError: ArithmeticError, PLAIN, "A number was to be divided by zero.";
    BlockingIOError: OSError, PLAIN, "A stream that does not wait was not ready.";
    ChildProcessError: OSError, PLAIN, "A process that was started could not be waited for.";
    ConnectionError: OSError, PLAIN, "The other end of a connection makes trouble.";
    FileExistsError: OSError, PLAIN, "A file was to be made under a name that is taken.";
    FileNotFoundError: OSError, PLAIN, "The system knows no file or folder of this name.";
    InterruptedError: OSError, PLAIN, "A signal cut a request to the system short.";
    IsADirectoryError: OSError, PLAIN, "A folder was given where a file is needed.";
    NotADirectoryError: OSError, PLAIN, "A file was given where a folder is needed.";
    PermissionError: OSError, PLAIN, "The system does not allow this user to do that.";
    ProcessLookupError: OSError, PLAIN, "There is no process of this number.";
    TimeoutError: OSError, PLAIN, "The system waited as long as it was told to, in vain.";
    BrokenPipeError: ConnectionError, PLAIN, "Nobody reads any more what is written.";
    ConnectionAbortedError: ConnectionError, PLAIN, "The other end gave up while the connection was made.";
    ConnectionRefusedError: ConnectionError, PLAIN, "Nobody listens at this address.";
    ConnectionResetError: ConnectionError, PLAIN, "The other end cut the connection.";
    IndentationError: SyntaxError, PLAIN, "A line does not begin in the column where it should.";
    TabError: IndentationError, PLAIN,
        "Tabs and spaces at the beginning of lines leave open which line is deeper.";
    _IncompleteInputError: SyntaxError, PLAIN, "A text is fine so far, but a statement in it has no end.";
    IndexError: LookupError, PLAIN, "A sequence has no item at this index.";
    KeyError: LookupError, simple::KEY, "A mapping has nothing under this key.";
    ModuleNotFoundError: ImportError, PLAIN, "No module of this name is to be found.";
    NotImplementedError: RuntimeError, PLAIN, "A method is left for subclasses to write.";
    PythonFinalizationError: RuntimeError, PLAIN, "The interpreter is going down and starts nothing new.";
    RecursionError: RuntimeError, PLAIN, "More calls are open at once than the interpreter allows.";
    UnboundLocalError: NameError, PLAIN, "A local variable was read before anything was assigned to it.";
    UnicodeError: ValueError, PLAIN, "A text and bytes could not be converted into each other.";
    UnicodeDecodeError: UnicodeError, unicode::DECODE, "Some bytes mean no character in this encoding.";
    UnicodeEncodeError: UnicodeError, unicode::ENCODE, "Some character has no bytes in this encoding.";
    UnicodeTranslateError: UnicodeError, unicode::TRANSLATE,
        "Some character could not be replaced by another.";
    BytesWarning: Warning, PLAIN, "Bytes were used as text, or compared with it.";
    DeprecationWarning: Warning, PLAIN, "To programmers: something will be gone in a later version.";
    EncodingWarning: Warning, PLAIN, "A file was opened without saying in which encoding it is.";
    FutureWarning: Warning, PLAIN, "To users: something will have another meaning in a later version.";
    ImportWarning: Warning, PLAIN, "An import worked, but is probably not what was meant.";
    PendingDeprecationWarning: Warning, PLAIN,
        "To programmers: something will be called deprecated in a later version.";
    ResourceWarning: Warning, PLAIN, "Something was dropped that should have been closed.";
    RuntimeWarning: Warning, PLAIN, "A program does something at run time that is probably wrong.";
    SyntaxWarning: Warning, PLAIN, "A source text is Python, but probably not what was meant.";
    UnicodeWarning: Warning, PLAIN, "A text is probably not handled as its characters need.";
    UserWarning: Warning, PLAIN, "What a program warns of itself, unless it names another class.";
}

/// Makes one type and fills its slot. Every exception type has a root shape of its own, with a word for the dict.
fn make_one(vm: &Vm, slot: &TypeRef, def: &'static TypeDef, base: &TypeObj) -> Res<()> {
    let made = new_builtin(vm, def, base)?;
    if base.def.map(kind_of_def) != Some(kind_of_def(def)) && !std::ptr::eq(base, &*vm.types.object) {
        made.add_flags(TypeFlags::FIELDS);
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
