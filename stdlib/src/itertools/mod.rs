//! `itertools`: iterators that count, join, select, group and combine.
//!
//! | file | the iterators |
//! |---|---|
//! | `infinite.rs` | count, cycle, repeat |
//! | `sequence.rs` | chain, islice |
//! | `select.rs` | compress, dropwhile, takewhile, filterfalse |
//! | `apply.rs` | accumulate, starmap |
//! | `group.rs` | groupby |
//! | `rows.rs` | batched, pairwise, zip_longest |
//! | `odometer.rs` | product, permutations, combinations, combinations_with_replacement |
//! | `tee.rs` | tee |
//!
//! Asking an iterator for its next item runs Python, which may ask the very iterator that asks: so each body keeps its state in
//! cells, reads them again afterwards, and holds what it works with itself.

mod apply;
mod group;
mod infinite;
mod odometer;
mod rows;
mod select;
mod sequence;
mod tee;

use ryokan_vm::native::*;

use apply::{Accumulate, StarMap};
use group::{GroupBy, Grouper};
use infinite::{Count, Cycle, Repeat};
use odometer::{Combinations, Multisets, Permutations, Product};
use rows::{Batched, Pairwise, ZipLongest};
use select::{Compress, DropWhile, FilterFalse, TakeWhile};
use sequence::{Chain, ISlice};
use tee::{Tee, TeeData};

native_module! {
    /// Iterators that are made of other iterators, and of little else.
    ///
    /// Without an end: count, cycle, repeat. Of one iterable or several: accumulate, batched, chain, compress,
    /// dropwhile, filterfalse, groupby, islice, pairwise, starmap, takewhile, tee, zip_longest. Of all the ways to
    /// choose items: product, permutations, combinations, combinations_with_replacement.
    "itertools" {
        types {
            Accumulate, Batched, Chain, Combinations, Compress, Count, Cycle, DropWhile, FilterFalse, GroupBy, Grouper, ISlice,
            Multisets, Pairwise, Permutations, Product, Repeat, StarMap, TakeWhile, Tee, TeeData, ZipLongest,
        }
        functions {
            /// A tuple of n iterators over the items of one iterable, each at its own pace.
            tee(iterable: &Value, n: i64 = 2, /) = tee::tee;
        }
    }
}
