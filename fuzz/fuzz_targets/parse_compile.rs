//! Bytes as source text: no panic, whatever compiles is accepted by the verifier and can be listed, and every byte that the
//! compiler was granted is given back.
//!
//! The first byte says how: two bits the mode, the rest divided by four how much is optimised, the upper half how much memory there is.
#![no_main]

use std::cell::Cell;

use libfuzzer_sys::fuzz_target;
use ryokan_compiler::{Budget, Mode, Options};

/// Memory for the compiler.
struct Room(Cell<usize>);

impl Budget for Room {
    fn charge(&self, bytes: usize) -> bool {
        let left = self.0.get().checked_sub(bytes);
        left.map(|left| self.0.set(left)).is_some()
    }
    fn refund(&self, bytes: usize) {
        self.0.set(self.0.get() + bytes);
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((&how, source)) = data.split_first() else { return };
    let mode = match how % 4 {
        0 | 1 => Mode::Exec,
        2 => Mode::Eval,
        _ => Mode::Single,
    };
    let options = Options { optimize: how / 4 % 3, ..Options::default() };
    let granted = match how >> 4 {
        0 => 64 << 20,
        n => 256 << n,
    };
    let room = Room(Cell::new(granted));
    if let Ok(code) = ryokan_compiler::compile_bytes(source, "fuzz", mode, &options, &room) {
        if let Err(fault) = ryokan_bytecode::verify(&code) {
            panic!("the compiler made code that the verifier refuses: {fault:?}");
        }
        assert!(!ryokan_bytecode::dis::listing(&code).is_empty());
    }
    assert_eq!(room.0.get(), granted, "not everything was given back");
    if let Ok(text) = std::str::from_utf8(source) {
        ryokan_compiler::parses(text, &room);
        assert_eq!(room.0.get(), granted, "not everything was given back");
    }
});
