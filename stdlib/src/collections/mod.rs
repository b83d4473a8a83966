//! `_collections`: the native half of `collections`.
//!
//! | file | what |
//! |---|---|
//! | `deque.rs`, `deque_iter.rs` | `deque`, and the iterators over it |
//! | `defaultdict.rs` | `defaultdict` |
//! | `ordered.rs`, `ordered_views.rs` | `OrderedDict`, and its views and iterators |
//! | `tuplegetter.rs` | the fields of named tuples |

use ryokan_vm::native::*;

mod defaultdict;
mod deque;
mod deque_iter;
mod ordered;
mod ordered_views;
mod tuplegetter;

native_module! {
    /// Containers beyond the builtin ones.
    ///
    /// deque is a sequence that grows and shrinks at both ends, defaultdict a dict that makes the values of missing keys, OrderedDict
    /// a dict whose order can be changed.
    "_collections" {
        types {
            deque::Deque, deque_iter::DequeIter, deque_iter::DequeReverseIter,
            defaultdict::DefaultDict, ordered::OrderedDict, tuplegetter::TupleGetter,
        }
        functions {
            /// Counts the items of an iterable in a mapping: each adds one to its value, which begins with 0.
            _count_elements(mapping: &Value, iterable: Iter, /) = count_elements;
        }
    }
}

fn count_elements(cx: &Cx, mapping: &Value, items: Iter) -> Res<()> {
    // A class with a `get` or `__setitem__` of its own is asked by them.
    if Dict::keeps(cx, mapping, &["get", "__setitem__"])?
        && let Some(dict) = Dict::of(mapping)
    {
        while let Some(item) = items.next(cx)? {
            let hash = cx.hash(&item)?;
            dict.tally(cx, item, hash, 1)?;
        }
        return Ok(());
    }
    let get = cx.attr(mapping, "get")?;
    let one = 1.into_value(cx)?;
    while let Some(item) = items.next(cx)? {
        let old = cx.call(&get, (&item, 0))?;
        let new = cx.binary(BinaryOp::Add, &old, &one)?;
        cx.set_item(mapping, &item, new)?;
    }
    Ok(())
}
