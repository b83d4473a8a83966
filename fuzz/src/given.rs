//! Programs that are given an input: its first byte as `HOW`, the others as `DATA`, a literal of bytes.
//!
//! Such a program takes what a module of ours reads (a pickle, a row, a format) and prints what it made of it. So an input is what the
//! module gets, and the fuzzer mutates that, not a text around it.

use crate::oracle::answer;
use crate::{Settings, run, show};

/// Runs a program that is given an input, here and under CPython: both must print the same and end with the same exception. What one of
/// them had no time, no memory or no depth for is not compared; where `compared` refuses an input it runs here alone. An empty input says
/// nothing of how.
pub fn check(program: &str, data: &[u8], compared: impl FnOnce(&[u8]) -> bool) {
    let Some((&how, given)) = data.split_first() else { return };
    let source = program.replace("DATA", &literal(given)).replace("HOW", &how.to_string());
    show(|| source.clone());
    let ours = run(&source, &Settings { fuel: 3_000_000, ..Settings::default() });
    if ours.was_stopped() || String::from_utf8_lossy(&ours.out).contains("MemoryError") || !compared(given) {
        return;
    }
    let Some((out, error, message)) = answer(&source) else { return };
    let stopped = matches!(error.as_deref(), Some("Stopped" | "MemoryError"));
    if stopped || out.contains("MemoryError") || out.contains("too deep") {
        return;
    }
    assert!(
        out.as_bytes() == ours.out && error == ours.error && message == ours.message,
        "CPython prints otherwise:\n{how} {}\nours: {}\nCPython: {out}[{error:?}: {message}]",
        literal(given),
        ours.shown()
    );
}

/// A literal of bytes.
pub fn literal(bytes: &[u8]) -> String {
    let escaped: String = bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect();
    format!("b'{escaped}'")
}
