//! Generated programs, here and under CPython 3.14: both must print the same and end with the same exception.
//!
//! `RYOKAN_PYTHON` names the command of CPython; without it the target only runs the programs.
#![no_main]

use libfuzzer_sys::fuzz_target;
use ryokan_fuzz::oracle::compare;
use ryokan_fuzz::programs::generate;
use ryokan_fuzz::{Settings, show};

fuzz_target!(|data: &[u8]| {
    let source = generate(data);
    show(|| source.clone());
    compare(&source, &Settings::default());
});
