//! `_pickle`: objects as bytes, and back.
//!
//! | file | what |
//! |---|---|
//! | `op.rs` | the opcodes |
//! | `pickler.rs`, `memo.rs`, `output.rs` | the type `Pickler`, what it remembers, what it writes |
//! | `save.rs`, `saving.rs`, `reduce.rs`, `globals.rs` | writing: objects of builtin types; collections; all others; names |
//! | `unpickler.rs`, `input.rs`, `stack.rs` | the type `Unpickler`, what it reads, what it works on |
//! | `load.rs`, `texts.rs`, `building.rs` | reading: the loop over opcodes; what lines and counted bytes say; objects |
//! | `buffer.rs` | `PickleBuffer` |
//!
//! What a pickle says is data of a stranger. A size is held against what there is to be read before anything is made for it; the stack
//! and the memo are in the heap's budget. Writing nests as the objects do and looks at the native stack; reading does not nest.

mod buffer;
mod building;
mod globals;
mod input;
mod load;
mod memo;
mod op;
mod output;
mod pickler;
mod reduce;
mod save;
mod saving;
mod stack;
mod texts;
mod unpickler;

use std::cell::Cell;

use ryokan_vm::native::*;

use self::buffer::PickleBuffer;
use pickler::{Pickler, PicklerMemoProxy};
use unpickler::{Unpickler, UnpicklerMemoProxy};

native_module! {
    /// Objects as bytes and back: what the module pickle stands on.
    "_pickle" {
        types { Pickler, Unpickler, PickleBuffer }
        classes {
            "PickleError" = &PICKLE_ERROR;
            "PicklingError" = &PICKLING_ERROR;
            "UnpicklingError" = &UNPICKLING_ERROR;
        }
        fill = fill;
        functions {
            /// Writes an object to a file, which has a method write, in a protocol of 0 to 5; a negative one is the newest.
            dump(obj: Value, file: Value, protocol: Value = Value::NONE => "None", *, fix_imports: bool = True, buffer_callback: Value = Value::NONE => "None") = pickler::dump;
            /// An object as bytes, in a protocol of 0 to 5; a negative one is the newest.
            dumps(obj: Value, protocol: Value = Value::NONE => "None", *, fix_imports: bool = True, buffer_callback: Value = Value::NONE => "None") = pickler::dumps;
            /// Reads an object from a file, which has the methods read and readline.
            load(file: Value, *, fix_imports: bool = True, encoding: Given = Given(None) => "'ASCII'", errors: Given = Given(None) => "'strict'", buffers: Value = Value::NONE => "()") = unpickler::load;
            /// The object that bytes say.
            loads(data: Value, /, *, fix_imports: bool = True, encoding: Given = Given(None) => "'ASCII'", errors: Given = Given(None) => "'strict'", buffers: Value = Value::NONE => "()") = unpickler::loads;
        }
    }
}

native_exception! {
    /// What goes wrong in pickling and unpickling.
    pub static PICKLE_ERROR = "_pickle.PickleError": "Exception";
}

/// A class of exceptions under `PickleError`.
macro_rules! errors {
    ($($(#[doc = $doc:literal])* $key:ident = $name:literal;)*) => { $(
        $(#[doc = $doc])*
        pub static $key: ClassKey = ClassKey::new(|vm| {
            new_error(Cx::of(vm), $name, $($doc)*)
        });
    )* };
}

errors! {
    /// An object cannot be pickled.
    PICKLING_ERROR = "PicklingError";
    /// Bytes are no pickle, or none that can be read.
    UNPICKLING_ERROR = "UnpicklingError";
}

/// A class of exceptions of this module, under `PickleError`.
fn new_error(cx: &Cx, name: &str, doc: &str) -> Res {
    let namespace = Dict::new(cx)?;
    namespace.set_str(cx, "__module__", "_pickle")?;
    namespace.set_str(cx, "__doc__", doc.trim())?;
    let bases = (cx.class_of_key(&PICKLE_ERROR)?,);
    cx.call(&cx.builtin("type")?, (name, bases, namespace.into_value()))
}

native_state! {
    /// What both directions ask of other modules, and names that they look up often.
    pub struct State {
        /// Functions that take objects apart, by class.
        pub reducers: Slot,
        /// Numbers of globals, and the reverse, and what was found by number.
        pub numbers: Slot,
        pub by_number: Slot,
        pub found: Slot,
        /// Where Python 2 had what Python 3 has elsewhere, and the reverse: `(module, name)` to the same, and modules.
        pub names_to_3: Slot,
        pub modules_to_3: Slot,
        pub names_to_2: Slot,
        pub modules_to_2: Slot,
        /// `codecs.encode`, `getattr`, `functools.partial`
        pub encode: Slot,
        pub getattr: Slot,
        pub partial: Slot,
        /// Names.
        pub reduce_ex: Slot,
        pub reduce: Slot,
        pub getstate: Slot,
        pub qualname: Slot,
        pub name: Slot,
        pub module: Slot,
        pub setstate: Slot,
        pub latin1: Slot,
    }
}

fn fill(module: &Filler) -> Res<()> {
    let cx = module.cx();
    let state = cx.state::<State>()?;
    let copyreg = cx.import("copyreg")?;
    // An interpreter without a library knows no names of Python 2.
    let compat = match cx.import("_compat_pickle") {
        Ok(compat) => Some(compat),
        Err(raised) => {
            drop(cx.catch(raised, "ImportError")?);
            None
        }
    };
    for (slot, module, shown, name) in [
        (&state.reducers, Some(&copyreg), "copyreg", "dispatch_table"),
        (&state.numbers, Some(&copyreg), "copyreg", "_extension_registry"),
        (&state.by_number, Some(&copyreg), "copyreg", "_inverted_registry"),
        (&state.found, Some(&copyreg), "copyreg", "_extension_cache"),
        (&state.names_to_3, compat.as_ref(), "_compat_pickle", "NAME_MAPPING"),
        (&state.modules_to_3, compat.as_ref(), "_compat_pickle", "IMPORT_MAPPING"),
        (&state.names_to_2, compat.as_ref(), "_compat_pickle", "REVERSE_NAME_MAPPING"),
        (&state.modules_to_2, compat.as_ref(), "_compat_pickle", "REVERSE_IMPORT_MAPPING"),
    ] {
        let Some(module) = module else { continue };
        let dict = cx.attr(module, name)?;
        if Dict::exact(&dict).is_none() {
            let kind = cx.type_name(&dict);
            return Err(cx.runtime_error(format_args!("{shown}.{name} should be a dict, not {kind}")));
        }
        slot.set(dict);
    }
    module.add_to_type::<PicklerMemoProxy>("__hash__", Value::NONE)?;
    module.add_to_type::<UnpicklerMemoProxy>("__hash__", Value::NONE)?;
    state.encode.set(cx.attr(&cx.import("_codecs")?, "encode")?);
    state.getattr.set(cx.builtin("getattr")?);
    state.partial.set(cx.attr(&cx.import("_functools")?, "partial")?);
    for (slot, name) in [
        (&state.reduce_ex, "__reduce_ex__"),
        (&state.reduce, "__reduce__"),
        (&state.getstate, "__getstate__"),
        (&state.qualname, "__qualname__"),
        (&state.name, "__name__"),
        (&state.module, "__module__"),
        (&state.setstate, "__setstate__"),
        (&state.latin1, "latin1"),
    ] {
        slot.set(cx.intern(name)?);
    }
    Ok(())
}

/// A pickler or unpickler at work: nobody may use it from within. Ends when it is dropped.
struct InUse<'a>(&'a Cell<bool>);

impl<'a> InUse<'a> {
    /// `RuntimeError` if it is at work already.
    fn begin(cx: &Cx, flag: &'a Cell<bool>, what: &str) -> Res<InUse<'a>> {
        if flag.replace(true) {
            return Err(cx.runtime_error(format_args!("{what} object is already used")));
        }
        Ok(InUse(flag))
    }
}

impl Drop for InUse<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

/// The name of a value's class, with its module unless that goes without saying.
fn full_name(cx: &Cx, value: &Value) -> String {
    let class = cx.class_of(value);
    let part = |name: &str| match cx.attr(&class, name).and_then(|part| cx.str(&part)) {
        Ok(part) => part.to_string(),
        Err(raised) => {
            drop(cx.take_raised(raised));
            String::new()
        }
    };
    let (module, name) = (part("__module__"), part("__qualname__"));
    if matches!(&*module, "builtins" | "__main__" | "") { name } else { format!("{module}.{name}") }
}

/// An error that is told where it was met.
#[cold]
fn noted(cx: &Cx, raised: Raised, note: impl FnOnce() -> Res<String>) -> Raised {
    let exception = match cx.catch(raised, "Exception") {
        Ok(exception) => exception,
        Err(raised) => return raised,
    };
    match note().and_then(|note| cx.call_method(&exception, "add_note", (note,))) {
        Ok(_) => cx.raise_value(exception),
        Err(raised) => cx.chain(raised, exception),
    }
}
