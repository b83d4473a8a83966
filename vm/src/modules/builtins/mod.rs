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

pub use run::{bytes_of, compile_source, run_source, symbols, syntax_error};

use ryokan_bytecode::Common;

use crate::modules::add;
use crate::object::native::{Call, Method, method};
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::value::Value;
use crate::vm::Vm;

/// `builtins.__doc__`
pub const DOC: &str = "The names that every module can use without importing them: functions, types,\n\
                       exceptions and constants.\n\nImport this module to reach one whose name a module has \
                       taken for something else.";

/// The rows.
pub static FUNCTIONS: &[Method] = &[
    method(
        "__build_class__",
        "(func, name, /, *bases, **kwds)",
        Call::Full(crate::types::classes::statement::build_class),
        "What a class statement calls: runs the body in a namespace and gives that to the metaclass.",
    ),
    method(
        "__import__",
        "(name, globals=None, locals=None, fromlist=(), level=0)",
        Call::Slice(run::import),
        "What an import statement calls: loads a module and returns it.\n\nWithout a fromlist that is the \
         package at the beginning of a dotted name. level\ncounts the dots of a relative import. \
         importlib.import_module() is handier in\nprograms.",
    ),
    method(
        "abs",
        "(number, /)",
        Call::One(numbers::abs),
        "The distance of a number from zero, by its type's __abs__.",
    ),
    method(
        "aiter",
        "(async_iterable, /)",
        Call::One(iteration::aiter),
        "The asynchronous iterator of an object, by its type's __aiter__.",
    ),
    method(
        "all",
        "(iterable, /)",
        Call::One(iteration::all),
        "Whether no item is false. It stops at the first that is; without items it is True.",
    ),
    method(
        "anext",
        "(aiterator, default=<unrepresentable>, /)",
        Call::Slice(iteration::anext),
        "An awaitable of an asynchronous iterator's next item. At the end it gives the\ndefault, if there \
         is one.",
    ),
    method(
        "any",
        "(iterable, /)",
        Call::One(iteration::any),
        "Whether an item is true. It stops at the first that is; without items it is False.",
    ),
    method(
        "ascii",
        "(obj, /)",
        Call::One(objects::ascii),
        "What repr() gives, with escapes in the place of characters beyond ASCII.",
    ),
    method(
        "bin",
        "(number, /)",
        Call::One(numbers::bin),
        "An integer in base two as text: digits behind 0b.",
    ),
    method(
        "breakpoint",
        "(*args, **kws)",
        Call::Full(io::breakpoint),
        "Stops for the debugger: hands its arguments to sys.breakpointhook.",
    ),
    method(
        "callable",
        "(obj, /)",
        Call::One(objects::callable),
        "Whether an object's type says how to call it.",
    ),
    method(
        "chr",
        "(i, /)",
        Call::One(numbers::chr),
        "The text of one character that has this code point, from 0 to 0x10ffff. Any other\nnumber is a \
         ValueError.",
    ),
    method(
        "compile",
        "(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, _feature_version=-1)",
        Call::Slice(run::compile),
        "A code object of source text.\n\nThe mode is 'exec' for statements, 'eval' for one expression, \
         'single' for one\nstatement at a prompt. SyntaxError if the text is no such thing.",
    ),
    method(
        "delattr",
        "(obj, name, /)",
        Call::Two(objects::delattr),
        "What del obj.name does, for a name that is computed.",
    ),
    method(
        "dir",
        "(object=<unrepresentable>, /)",
        Call::Slice(objects::dir),
        "The sorted names of an object's attributes, as its type's __dir__ lists them, or\nthose that the \
         caller can see.",
    ),
    method(
        "divmod",
        "(x, y, /)",
        Call::Two(numbers::divmod),
        "The floor of x / y and the remainder, as a pair. The remainder has the sign of y.",
    ),
    method(
        "eval",
        "(source, /, globals=None, locals=None)",
        Call::Slice(run::eval),
        "The value of an expression, which is text or a code object.\n\nIts names are looked up in the two \
         mappings, or in those of the caller.",
    ),
    method(
        "exec",
        "(source, /, globals=None, locals=None, *, closure=None)",
        Call::Slice(run::exec),
        "Runs statements, which are text or a code object, and returns None.\n\nNames are looked up and \
         bound in the two mappings, or in those of the caller.\nclosure has the cells for a code object \
         that has free variables.",
    ),
    method("exit", "(code=None)", Call::Slice(io::exit), "Ends the program."),
    method(
        "format",
        "(value, format_spec='', /)",
        Call::Slice(objects::format),
        "A value as text, in the way its type's __format__ reads the spec.",
    ),
    method(
        "getattr",
        "(object, name, default=<unrepresentable>, /)",
        Call::Slice(objects::getattr),
        "What object.name gives, for a name that is computed. The default is returned where\nthat would \
         raise AttributeError.",
    ),
    method(
        "globals",
        "()",
        Call::Slice(run::globals),
        "The namespace of the module whose code calls this: a dict to read and to change.",
    ),
    method(
        "hasattr",
        "(obj, name, /)",
        Call::Two(objects::hasattr),
        "Whether getattr() finds the name, rather than raise AttributeError.",
    ),
    method(
        "hash",
        "(obj, /)",
        Call::One(objects::hash),
        "The int by which dicts and sets file an object, equal for equal objects. TypeError\nif its type \
         has none.",
    ),
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
        "An integer in base sixteen as text: lower-case digits behind 0x.",
    ),
    method("id", "(obj, /)", Call::One(objects::id), "An int that no other living object shares."),
    method(
        "input",
        "(prompt='', /)",
        Call::Slice(io::input),
        "Shows the prompt and reads a line, which it returns without its end. EOFError if\nnothing is left \
         to read.",
    ),
    method(
        "isinstance",
        "(obj, class_or_tuple, /)",
        Call::Quick(2, objects::surely_instance, objects::isinstance),
        "Whether an object's class is this one, derives from it, or says so with\n__instancecheck__. A \
         tuple or a union asks for any of its members.",
    ),
    method(
        "issubclass",
        "(cls, class_or_tuple, /)",
        Call::Two(objects::issubclass),
        "Whether a class is this one, derives from it, or is said to by __subclasscheck__. A\ntuple or a \
         union asks for any of its members.",
    ),
    method(
        "iter",
        "(object, sentinel=<unrepresentable>, /)",
        Call::Slice(iteration::iter),
        "An iterator over an object, by __iter__ or else by __getitem__ with 0, 1, 2 and so on.\n\nWith a \
         sentinel, object is a function: it is called for every item, until it returns\nsomething equal to \
         the sentinel.",
    ),
    method(
        "len",
        "(obj, /)",
        Call::Quick(1, objects::len_at_hand, objects::len),
        "How many items an object says it has, by its type's __len__.",
    ),
    method(
        "locals",
        "()",
        Call::Slice(run::locals),
        "The names and values of the scope that calls this: a copy in a function, the\nnamespace itself in \
         a module or a class.",
    ),
    method(
        "max",
        "(*args, **kwargs)",
        Call::Full(numbers::max),
        "The largest of the arguments, or of one iterable's items; the first of them if several are \
         equal.\n\nThey are compared by what key gives for each. Without items it is default, or ValueError.",
    ),
    method(
        "min",
        "(*args, **kwargs)",
        Call::Full(numbers::min),
        "The smallest of the arguments, or of one iterable's items; the first of them if several are \
         equal.\n\nThey are compared by what key gives for each. Without items it is default, or ValueError.",
    ),
    method(
        "next",
        "(iterator, default=<unrepresentable>, /)",
        Call::Slice(iteration::next),
        "Takes an iterator one step. At its end it gives the default, or raises StopIteration without one.",
    ),
    method(
        "oct",
        "(number, /)",
        Call::One(numbers::oct),
        "An integer in base eight as text: digits behind 0o.",
    ),
    method(
        "open",
        "(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, closefd=True, opener=None)",
        Call::Slice(io::open),
        "A file as an object to read from or to write to.\n\nThe mode has r, w, x or a, and may have b for \
         bytes and + for both directions.\nOSError if the system refuses.",
    ),
    method(
        "ord",
        "(character, /)",
        Call::One(numbers::ord),
        "The code point of a text of one character, or the number in one byte.",
    ),
    method(
        "pow",
        "(base, exp, mod=None)",
        Call::Slice(numbers::pow),
        "base to the power exp. With mod, the remainder of that by mod, at less cost than in two steps.",
    ),
    method(
        "print",
        "(*args, sep=' ', end='\\n', file=None, flush=False)",
        Call::Full(io::print),
        "Writes its arguments as text, sep between them and end behind them, to file or else to sys.stdout.",
    ),
    method("quit", "(code=None)", Call::Slice(io::exit), "Ends the program."),
    method(
        "repr",
        "(obj, /)",
        Call::One(objects::repr),
        "How an object is shown to a programmer, by its type's __repr__: often as Python would write it.",
    ),
    method(
        "round",
        "(number, ndigits=None)",
        Call::Slice(numbers::round),
        "A number to so many decimals (or to tens, hundreds, ... if ndigits is negative); a\nhalf goes to \
         the even neighbour.\n\nWithout ndigits it is a whole number.",
    ),
    method(
        "setattr",
        "(obj, name, value, /)",
        Call::Three(objects::setattr),
        "What obj.name = value does, for a name that is computed.",
    ),
    method(
        "sorted",
        "(iterable, /, *, key=None, reverse=False)",
        Call::Full(iteration::sorted),
        "A list of an iterable's items from the smallest to the largest.\n\nEqual ones stay in order. They \
         are compared by what key gives for each of them;\nreverse puts the largest first.",
    ),
    method(
        "sum",
        "(iterable, /, start=0)",
        Call::Slice(numbers::sum),
        "start and every item of an iterable, added from left to right. Texts are refused with TypeError.",
    ),
    method(
        "vars",
        "(object=<unrepresentable>, /)",
        Call::Slice(objects::vars),
        "An object's dict of attributes, or locals() without an argument. TypeError if it has none.",
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

/// Makes the module, at boot: functions, types, exceptions.
pub fn make(vm: &Vm) -> Res<()> {
    crate::modules::make_at_boot(vm, "builtins", &vm.builtins)?;
    for (what, place) in Common::ALL.iter().zip(&vm.commons) {
        place.set(match what {
            Common::AssertionError => vm.exc.AssertionError.to_value(),
            Common::NotImplementedError => vm.exc.NotImplementedError.to_value(),
            Common::Tuple => vm.types.tuple.to_value(),
            Common::List => vm.types.list.to_value(),
            Common::Set => vm.types.set.to_value(),
            Common::All => vm.builtin("all")?,
            Common::Any => vm.builtin("any")?,
        });
    }
    if let Some(dict) = vm.builtins.get::<Dict>() {
        vm.add_types(dict)?;
        vm.exc.fill_builtins(vm, dict)?;
    }
    Ok(())
}
