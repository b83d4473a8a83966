//! `builtins`: the functions. (The types join their dict in `boot.rs`.)
//!
//! | file | functions |
//! |---|---|
//! | `numbers.rs` | `abs`, `divmod`, `pow`, `round`, `sum`, `min`, `max`, `bin`, `oct`, `hex`, `chr`, `ord` |
//! | `objects.rs` | attributes, types, text of objects, `dir`, `vars` |
//! | `iteration.rs` | `iter`, `next`, `all`, `any`, `sorted`, their asynchronous kin |
//! | `run.rs` | `exec`, `eval`, `compile`, `globals`, `locals`, `__import__`, `__build_class__` |
//! | `io.rs` | `print`, `input`, `open` |
//! | `scope.rs` | the calling frame's names |

mod io;
mod iteration;
mod numbers;
mod objects;
mod run;
pub mod scope;

pub use objects::{class_names, object_dir};
pub use run::{bytes_of, compile_source, run_source, runtime_warning, syntax_error, warn_here};

use crate::modules::add;
use crate::object::native::{Call, Method, method};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::value::Value;
use crate::vm::Vm;

/// `builtins.__doc__`
pub const DOC: &str = "Built-in functions, types, exceptions, and other objects.\n\nThis module provides direct access to all 'built-in'\nidentifiers of Python; for example, builtins.len is\nthe full name for the built-in function len().\n\nThis module is not normally accessed explicitly by most\napplications, but can be useful in modules that provide\nobjects with the same name as a builtin and need the built-in.";

/// The rows.
pub static FUNCTIONS: &[Method] = &[
    method(
        "__build_class__",
        "(func, name, /, *bases, **kwds)",
        Call::Full(crate::object::class_statement::build_class),
        "Internal helper function used by the class statement.",
    ),
    method(
        "__import__",
        "(name, globals=None, locals=None, fromlist=(), level=0)",
        Call::Slice(run::import),
        "Import a module.",
    ),
    method("abs", "(number, /)", Call::One(numbers::abs), "Return the absolute value of the argument."),
    method(
        "aiter",
        "(async_iterable, /)",
        Call::One(iteration::aiter),
        "Return an AsyncIterator for an AsyncIterable object.",
    ),
    method(
        "all",
        "(iterable, /)",
        Call::One(iteration::all),
        "Return True if bool(x) is True for all values x in the iterable.",
    ),
    method(
        "anext",
        "(aiterator, default=<unrepresentable>, /)",
        Call::Slice(iteration::anext),
        "Return the next item from the async iterator.",
    ),
    method(
        "any",
        "(iterable, /)",
        Call::One(iteration::any),
        "Return True if bool(x) is True for any x in the iterable.",
    ),
    method(
        "ascii",
        "(obj, /)",
        Call::One(objects::ascii),
        "Return an ASCII-only representation of an object.",
    ),
    method("bin", "(number, /)", Call::One(numbers::bin), "Return the binary representation of an integer."),
    method(
        "breakpoint",
        "(*args, **kws)",
        Call::Full(io::breakpoint),
        "Call sys.breakpointhook(*args, **kws).",
    ),
    method(
        "callable",
        "(obj, /)",
        Call::One(objects::callable),
        "Return whether the object is callable (i.e., some kind of function).",
    ),
    method(
        "chr",
        "(i, /)",
        Call::One(numbers::chr),
        "Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff.",
    ),
    method(
        "compile",
        "(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)",
        Call::Slice(run::compile),
        "Compile source into a code object that can be executed by exec() or eval().",
    ),
    method(
        "delattr",
        "(obj, name, /)",
        Call::Two(objects::delattr),
        "Deletes the named attribute from the given object.",
    ),
    method(
        "dir",
        "(object=<unrepresentable>, /)",
        Call::Slice(objects::dir),
        "Return the names in the current scope, or of an object's attributes.",
    ),
    method(
        "divmod",
        "(x, y, /)",
        Call::Two(numbers::divmod),
        "Return the tuple (x//y, x%y).  Invariant: div*y + mod == x.",
    ),
    method(
        "eval",
        "(source, /, globals=None, locals=None)",
        Call::Slice(run::eval),
        "Evaluate the given source in the context of globals and locals.",
    ),
    method(
        "exec",
        "(source, /, globals=None, locals=None, *, closure=None)",
        Call::Slice(run::exec),
        "Execute the given source in the context of globals and locals.",
    ),
    method("exit", "(code=None)", Call::Slice(io::exit), "Ends the program."),
    method(
        "format",
        "(value, format_spec='', /)",
        Call::Slice(objects::format),
        "Return type(value).__format__(value, format_spec)",
    ),
    method(
        "getattr",
        "(object, name, default=<unrepresentable>, /)",
        Call::Slice(objects::getattr),
        "Get a named attribute from an object.",
    ),
    method(
        "globals",
        "()",
        Call::Slice(run::globals),
        "Return the dictionary containing the current scope's global variables.",
    ),
    method(
        "hasattr",
        "(obj, name, /)",
        Call::Two(objects::hasattr),
        "Return whether the object has an attribute with the given name.",
    ),
    method("hash", "(obj, /)", Call::One(objects::hash), "Return the hash value for the given object."),
    method(
        "help",
        "(request=<unrepresentable>, /)",
        Call::Slice(io::help),
        "Shows the documentation of an object.",
    ),
    method(
        "hex",
        "(number, /)",
        Call::One(numbers::hex),
        "Return the hexadecimal representation of an integer.",
    ),
    method("id", "(obj, /)", Call::One(objects::id), "Return the identity of an object."),
    method(
        "input",
        "(prompt='', /)",
        Call::Slice(io::input),
        "Read a string from standard input.  The trailing newline is stripped.",
    ),
    method(
        "isinstance",
        "(obj, class_or_tuple, /)",
        Call::Quick(2, objects::surely_instance, objects::isinstance),
        "Return whether an object is an instance of a class or of a subclass thereof.",
    ),
    method(
        "issubclass",
        "(cls, class_or_tuple, /)",
        Call::Two(objects::issubclass),
        "Return whether 'cls' is derived from another class or is the same class.",
    ),
    method(
        "iter",
        "(object, sentinel=<unrepresentable>, /)",
        Call::Slice(iteration::iter),
        "Get an iterator from an object.",
    ),
    method(
        "len",
        "(obj, /)",
        Call::Quick(1, objects::len_at_hand, objects::len),
        "Return the number of items in a container.",
    ),
    method(
        "locals",
        "()",
        Call::Slice(run::locals),
        "Return a dictionary containing the current scope's local variables.",
    ),
    method(
        "max",
        "(*args, **kwargs)",
        Call::Full(numbers::max),
        "Return the largest item of an iterable or of the arguments.",
    ),
    method(
        "min",
        "(*args, **kwargs)",
        Call::Full(numbers::min),
        "Return the smallest item of an iterable or of the arguments.",
    ),
    method(
        "next",
        "(iterator, default=<unrepresentable>, /)",
        Call::Slice(iteration::next),
        "Return the next item from the iterator.",
    ),
    method("oct", "(number, /)", Call::One(numbers::oct), "Return the octal representation of an integer."),
    method(
        "open",
        "(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)",
        Call::Slice(io::open),
        "Open file and return a stream.  Raise OSError upon failure.",
    ),
    method("ord", "(character, /)", Call::One(numbers::ord), "Return the ordinal value of a character."),
    method(
        "pow",
        "(base, exp, mod=None)",
        Call::Slice(numbers::pow),
        "Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments.",
    ),
    method(
        "print",
        "(*args, sep=' ', end='\\n', file=None, flush=False)",
        Call::Full(io::print),
        "Prints the values to a stream, or to sys.stdout by default.",
    ),
    method("quit", "(code=None)", Call::Slice(io::exit), "Ends the program."),
    method(
        "repr",
        "(obj, /)",
        Call::One(objects::repr),
        "Return the canonical string representation of the object.",
    ),
    method(
        "round",
        "(number, ndigits=None)",
        Call::Slice(numbers::round),
        "Round a number to a given precision in decimal digits.",
    ),
    method(
        "setattr",
        "(obj, name, value, /)",
        Call::Three(objects::setattr),
        "Sets the named attribute on the given object to the specified value.",
    ),
    method(
        "sorted",
        "(iterable, /, *, key=None, reverse=False)",
        Call::Full(iteration::sorted),
        "Return a new list containing all items from the iterable in ascending order.",
    ),
    method(
        "sum",
        "(iterable, /, start=0)",
        Call::Slice(numbers::sum),
        "Return the sum of a 'start' value (default: 0) plus an iterable of numbers",
    ),
    method(
        "vars",
        "(object=<unrepresentable>, /)",
        Call::Slice(objects::vars),
        "Return the __dict__ attribute of an object, or locals().",
    ),
];

/// Adds what is neither function nor type.
pub fn fill(vm: &Vm, dict: &Dict) -> Res<()> {
    let constants = [
        ("None", Value::NONE),
        ("True", Value::TRUE),
        ("False", Value::FALSE),
        ("Ellipsis", Value::ELLIPSIS),
        ("NotImplemented", Value::NOT_IMPLEMENTED),
        ("__debug__", Value::TRUE),
        ("copyright", vm.str("See the licences of Ryokan.")?),
        ("credits", vm.str("Ryokan")?),
        ("license", vm.str("MIT OR Apache-2.0")?),
    ];
    for (name, value) in constants {
        add(vm, dict, name, value)?;
    }
    Ok(())
}

/// An argument of a row with a signature that was given.
pub(super) fn given(args: &[Value], at: usize) -> Option<&Value> {
    args.get(at).filter(|a| !a.is_unbound())
}

/// Makes the module, at boot: functions, types, exceptions.
pub fn make(vm: &Vm) -> Res<()> {
    crate::modules::make_at_boot(vm, "builtins", &vm.builtins)?;
    if let Some(dict) = vm.builtins.get::<Dict>() {
        vm.add_types(dict)?;
        vm.exc.fill_builtins(vm, dict)?;
    }
    Ok(())
}
