//! Generated programs, here and under CPython 3.14: both must print the same and end with the same exception.
//!
//! `RYOKAN_PYTHON` names the command of CPython; without it the target only runs the programs.
#![no_main]

use std::cell::RefCell;

use libfuzzer_sys::fuzz_target;
use ryokan_fuzz::oracle::Oracle;
use ryokan_fuzz::programs::generate;
use ryokan_fuzz::{Settings, run, show};

thread_local! {
    static ORACLE: RefCell<Option<Oracle>> = RefCell::new(Oracle::start());
}

fuzz_target!(|data: &[u8]| {
    let source = generate(data);
    show(|| source.clone());
    let ours = run(&source, &Settings::default());
    if ours.was_stopped() {
        return;
    }
    ORACLE.with_borrow_mut(|oracle| {
        let Some(running) = oracle else { return };
        let Some((out, error, message)) = running.run(&source) else {
            *oracle = Oracle::start();
            return;
        };
        if matches!(error.as_deref(), Some("Stopped" | "MemoryError")) {
            return;
        }
        let same = out.as_bytes() == ours.out && error == ours.error && message == ours.message;
        assert!(
            same,
            "CPython prints otherwise:\n{source}\nours: {}\nCPython: {out}[{error:?}: {message}]",
            ours.shown()
        );
    });
});
