//! `_csv`: the native half of `csv`.
//!
//! | file | what |
//! |---|---|
//! | `dialect.rs` | dialects, and their register |
//! | `read.rs`, `parse.rs` | reading records, and the state machine that splits lines into fields |
//! | `write.rs` | writing records |

use std::cell::Cell;

use ryokan_vm::native::*;

mod dialect;
mod parse;
mod read;
mod write;

use dialect::{get_dialect, list_dialects, register_dialect, unregister_dialect};
use read::reader;
use write::writer;

native_module! {
    /// CSV parsing and writing.
    "_csv" {
        consts {
            "QUOTE_MINIMAL" = dialect::MINIMAL; "QUOTE_ALL" = dialect::ALL; "QUOTE_NONNUMERIC" = dialect::NONNUMERIC;
            "QUOTE_NONE" = dialect::NONE; "QUOTE_STRINGS" = dialect::STRINGS; "QUOTE_NOTNULL" = dialect::NOTNULL;
        }
        types { dialect::Dialect }
        classes { "Error" = &ERROR; }
        fill = fill;
        functions {
            /// The most characters of a field; a new limit is set if it is given.
            field_size_limit(new_limit: Given = Given(None) => "<unrepresentable>");
            /// The dialect of a name.
            get_dialect(name: &Value);
            /// The names of all dialects.
            list_dialects();
            /// An iterator over the records in lines of text, each a list of strs.
            reader(*args, **names), shows = "($module, iterable, /, dialect='excel', **fmtparams)";
            /// Gives a dialect a name.
            register_dialect(*args, **names), shows = "($module, name, /, dialect='excel', **fmtparams)";
            /// Takes a name away.
            unregister_dialect(name: &Value);
            /// What writes records to an object with a method write.
            writer(*args, **names), shows = "($module, fileobj, /, dialect='excel', **fmtparams)";
        }
    }
}

native_exception! {
    static ERROR = "_csv.Error": "Exception";
}

native_state! {
    struct State { dialects: Slot, limit: Cell<Option<i64>> }
}

fn fill(module: &Filler) -> Res<()> {
    module.add("Reader", module.cx().class::<read::Reader>()?)?;
    module.add("Writer", module.cx().class::<write::Writer>()?)?;
    module.add("_dialects", registry(module.cx())?)
}

/// The dialects by name.
fn registry(cx: &Cx) -> Res<Dict> {
    let state = cx.state::<State>()?;
    if let Some(there) = state.dialects.dict() {
        return Ok(there);
    }
    let made = Dict::new(cx)?;
    state.dialects.set(made.value().clone());
    Ok(made)
}

/// The most characters of a field.
fn limit(cx: &Cx) -> Res<i64> {
    Ok(cx.state::<State>()?.limit.get().unwrap_or(128 << 10))
}

fn field_size_limit(cx: &Cx, new_limit: Given) -> Res<i64> {
    let old = limit(cx)?;
    if let Some(new) = new_limit.0 {
        if !Int::is_exact(&new) {
            return Err(cx.type_error("limit must be an integer"));
        }
        let new = cx.long(&new)?;
        cx.state::<State>()?.limit.set(Some(new));
    }
    Ok(old)
}

#[cold]
fn error(cx: &Cx, message: impl std::fmt::Display) -> Raised {
    cx.raise_of(&ERROR, message)
}

/// An iterator, or the module's own error.
fn iterate(cx: &Cx, value: &Value) -> Res<Iter> {
    cx.iter(value).or_else(|raised| {
        drop(cx.catch(raised, "TypeError")?);
        Err(error(cx, format_args!("iterable expected, not {}", cx.type_name(value))))
    })
}
