//! A native flamegraph of the VM: which Rust functions a program's time goes to.
//!
//! ```text
//! cd benches/native && cargo run --release --bin flame -- ../programs/parser.py /tmp/parser.svg [SECONDS]
//! ```
//!
//! The program is run again and again until SECONDS (5) of CPU time are gone, each time in a new interpreter. A handler that goes on to
//! another by a jump leaves no frame, so under `run` stand the handlers themselves and what they called: a box is a kind of
//! instruction. (The profile of Python functions is the command's: `ryokan --profile`.)

use std::fs::File;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Samples a second; a prime, so as not to beat with anything.
const FREQUENCY: i32 = 997;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args_os().skip(1);
    let (Some(program), Some(picture)) = (args.next(), args.next()) else {
        return Err("usage: flame PROGRAM.py OUT.svg [SECONDS]".into());
    };
    let seconds = match args.next() {
        Some(text) => text.to_str().and_then(|text| text.parse().ok()).ok_or("SECONDS is not a number")?,
        None => 5.0,
    };
    let source = std::fs::read_to_string(&program)?;
    let picture = PathBuf::from(picture);
    let limit = Duration::try_from_secs_f64(seconds)?;

    let guard = pprof::ProfilerGuardBuilder::default().frequency(FREQUENCY).build()?;
    let (started, mut runs) = (Instant::now(), 0u32);
    while runs == 0 || started.elapsed() < limit {
        let interpreter = ryokan::Interpreter::builder().build().ok_or("no memory for an interpreter")?;
        interpreter.exec(&source).map_err(|error| error.to_string())?;
        runs += 1;
    }
    let report = guard.report().build()?;
    let samples: isize = report.data.values().sum();
    report.flamegraph(File::create(&picture)?)?;
    eprintln!("{runs} runs, {samples} samples: {}", picture.display());
    Ok(())
}
