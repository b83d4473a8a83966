//! Sequences of operations on a heap, with refused allocations and changing caps, against the model of `alloc/tests`.
//!
//! Each byte or two is a choice. The heap is verified and compared with the model after every sixteenth step, and at the end.
#![no_main]

#[path = "../../alloc/tests/toy/mod.rs"]
mod toy;

use libfuzzer_sys::fuzz_target;
use toy::Random;
use toy::model::Model;

/// Steps of an input: the model looks at every object for each.
const STEPS: usize = 600;

fuzz_target!(|data: &[u8]| {
    let mut model = Model::new(Random::Bytes(data.to_vec().into_iter()));
    for step in 1..=STEPS {
        if model.is_over() {
            break;
        }
        model.step();
        if step % 16 == 0 {
            model.compare();
        }
    }
    model.compare();
    model.end();
});
