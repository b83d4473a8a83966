//! Random programs on a heap and on a plain model of it (`toy/model.rs`), side by side.
//!
//! `RYOKAN_MODEL_PROGRAMS` sets how many programs run, and `RYOKAN_MODEL_SEED` the first seed.

// Unsafe calls go to the toy VM, which keeps the heap's rules by construction.
#![allow(clippy::undocumented_unsafe_blocks)]

mod toy;

use toy::Random;
use toy::model::Model;

fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default)
}

#[test]
fn random_programs_agree_with_the_model() {
    let first = setting("RYOKAN_MODEL_SEED", 1);
    let programs = setting("RYOKAN_MODEL_PROGRAMS", 300);
    for seed in first..first + programs {
        let outcome = std::panic::catch_unwind(|| {
            let mut model = Model::new(Random::Seed(seed * 2 + 1));
            for step in 1..=400 {
                model.step();
                if step % 100 == 0 {
                    model.compare();
                }
            }
            model.end();
        });
        assert!(outcome.is_ok(), "RYOKAN_MODEL_SEED={seed}");
    }
}
