//! Hostile programs: every method of every builtin type, called with objects whose special methods do harm.
//!
//! The first byte says how the run is stressed and whether memory is short. What a program prints is not looked at: it must end, and
//! its heap must be in order then, every count exact.
#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use ryokan_fuzz::hostile::{generate, settings};
use ryokan_fuzz::{run, show};

fuzz_target!(|data: &[u8]| -> Corpus {
    let Some((&how, rest)) = data.split_first() else { return Corpus::Reject };
    let source = generate(rest);
    let settings = settings(how, data.len());
    show(|| format!("{source}\n{settings:?}"));
    let outcome = run(&source, &settings);
    show(|| outcome.shown());
    Corpus::Keep
});
