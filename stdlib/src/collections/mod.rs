//! `_collections`: the native half of `collections`.
//!
//! | file | what |
//! |---|---|
//! | `deque.rs`, `deque_iter.rs` | `deque`, and the iterators over it |
//! | `defaultdict.rs` | `defaultdict` |
//! | `ordered.rs`, `ordered_views.rs` | `OrderedDict`, and its views and iterators |
//! | `tuplegetter.rs` | the fields of named tuples |

use ryokan_vm::native::*;

mod deque;
mod deque_iter;

native_module! {
    /// Containers beyond the builtin ones.
    ///
    /// deque is a sequence that grows and shrinks at both ends, defaultdict a dict that makes the values of missing keys, OrderedDict
    /// a dict whose order can be changed.
    "_collections" {
        types { deque::Deque, deque_iter::DequeIter, deque_iter::DequeReverseIter }
    }
}
