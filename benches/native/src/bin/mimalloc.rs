//! What mimalloc needs to allocate and to free a small block, in instructions: the column beside ours in docs/performance.md.
//!
//! ```text
//! cd benches/native && cargo build --release --bin mimalloc && ./count-mimalloc
//! ```
//!
//! `mimalloc SIZE TIMES BURST`: TIMES times, BURST blocks of SIZE bytes are allocated, then freed. Under callgrind, the difference of two
//! runs with other TIMES is what so many turns cost.

use std::hint::black_box;

use libmimalloc_sys::{mi_free, mi_malloc};

fn main() {
    let number = |n: usize| std::env::args().nth(n).and_then(|text| text.parse::<usize>().ok());
    let (Some(size), Some(times), Some(burst)) = (number(1), number(2), number(3)) else {
        eprintln!("usage: mimalloc SIZE TIMES BURST");
        std::process::exit(2);
    };
    let mut blocks = vec![std::ptr::null_mut(); burst];
    for _ in 0..times {
        for block in &mut blocks {
            // SAFETY: it may be called with any size.
            *block = unsafe { mi_malloc(black_box(size)) };
        }
        for block in black_box(&mut blocks) {
            // SAFETY: allocated above, and freed once; freeing null is allowed.
            unsafe { mi_free(*block) };
        }
    }
}
