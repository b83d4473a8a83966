//! Several interpreters in one program, as PEP 734 has them: what `concurrent.interpreters` and its queues stand on.
//!
//! | file | what |
//! |---|---|
//! | `primitives.rs`, `config.rs` | `_interpreters`: making interpreters, and work in them |
//! | `script.rs` | what is executed there: texts, codes, functions |
//! | `caught.rs` | what is told of an exception that nobody caught there |
//! | `load.rs`, `pack.rs`, `unpack.rs` | how objects cross: into a form that belongs to no heap, and out of it |
//! | `queues.rs` | `_interpqueues` |
//! | `channels/` | `_interpchannels` |

mod caught;
pub mod channels;
mod config;
mod load;
mod pack;
pub mod primitives;
pub mod queues;
mod script;
mod unpack;

use ryokan_vm::native::*;

/// A class of exceptions under one of ours.
fn error_under(cx: &Cx, module: &str, name: &str, base: &Value, doc: &str) -> Res {
    let namespace = Dict::new(cx)?;
    namespace.set_str(cx, "__module__", module)?;
    if !doc.is_empty() {
        namespace.set_str(cx, "__doc__", doc)?;
    }
    cx.call(&cx.builtin("type")?, (name, (base,), namespace.into_value()))
}

/// Raises an exception with another one as its cause, and without a context.
fn caused(cx: &Cx, later: Raised, cause: Value) -> Raised {
    let later = cx.take_raised(later);
    let set = cx.set_attr(&later, "__cause__", cause).and_then(|()| cx.set_attr(&later, "__context__", Value::NONE));
    match set {
        Ok(()) => cx.raise_value(later),
        Err(raised) => raised,
    }
}

/// Lets those go that nobody needs any more. One that goes may have been the last to hold another: who holds whom in a long row is
/// gone after some more looks.
fn keep_needed<T>(all: &mut Vec<T>, is_needed: impl Fn(&T) -> bool) {
    const LOOKS: usize = 16;
    for _ in 0..LOOKS {
        let before = all.len();
        all.retain(&is_needed);
        if all.len() == before {
            break;
        }
    }
}

/// Pays for looking through so many.
fn pay_for(cx: &Cx, count: usize) -> Res<()> {
    cx.work(1 + count as u64 / 16)
}

/// What IDs name, in messages.
struct Named(&'static str);

impl Named {
    /// The number of an ID: `TypeError`, `ValueError` or `OverflowError` if it is none. Runs Python (`__index__`).
    fn id(&self, cx: &Cx, id: &Value) -> Res<i64> {
        let name = self.0;
        if !cx.has_index(id) {
            let kind = cx.type_name(id);
            return Err(cx.type_error(format_args!("{name} ID must be an int, got {kind}")));
        }
        let number = cx.to_index(id)?;
        match number.small() {
            _ if number.is_negative() => {
                let shown = cx.repr(number.value())?;
                Err(cx.value_error(format_args!("{name} ID must be a non-negative int, got {shown}")))
            }
            Some(id) => Ok(id),
            None => {
                let (most, shown) = (i64::MAX, cx.repr(number.value())?);
                Err(cx.overflow_error(format_args!("max {name} ID is {most}, got {shown}")))
            }
        }
    }
}

/// What becomes of an item whose interpreter has ended: 1 it goes, 2 an error, 3 something that stands for it; -1 means the default.
fn unbound_op(cx: &Cx, op: i32, default: i32) -> Res<i32> {
    match op {
        -1 => Ok(default),
        1..=3 => Ok(op),
        _ => Err(cx.value_error(format_args!("unsupported unboundop {op}"))),
    }
}

/// Whether it is a class, and one under a builtin one.
fn is_class(cx: &Cx, value: &Value, base: &str) -> Res<bool> {
    if !cx.is_instance(value, &cx.builtin("type")?)? {
        return Ok(false);
    }
    let found = cx.call(&cx.builtin("issubclass")?, (value, cx.builtin(base)?))?;
    cx.truth(&found)
}
