//! Ryokan: Python 3.14 whose memory can be seen, counted and capped.
//!
//! This crate is the `ryokan` command and a small facade for embedding:
//!
//! ```no_run
//! let python = ryokan::Interpreter::builder().memory_limit(64 << 20).build().expect("64 MB are enough to begin");
//! python.exec("rooms = [n * n for n in range(10)]").expect("it runs");
//! assert_eq!(python.eval_to_string("sum(rooms)").expect("it runs"), "285");
//! ```
//!
//! | file | what |
//! |---|---|
//! | `interpreter.rs` | [`Interpreter`]: the facade |
//! | `host.rs` | [`SystemHost`]: files, streams, clocks and the compiler, as the VM asks for them |
//! | `command.rs` | the command line |
//! | `counts.rs` | what `--count` prints |
//! | `dedent.rs` | the margin of a program that `-c` gives |
//! | `explain/` | what `--explain` records, and its page |
//! | `help.rs` | what `--help` prints |
//! | `library.rs` | the embedded library, as the VM asks for it |
//! | `memory.rs` | how much memory the system has: the cap of a run that was given none |
//! | `prompt.rs` | the prompt of `-i` |
//! | `reports.rs` | when reports of the heap are written |
//! | `signal.rs` | signals, and the timers that send them |
//! | `startup.rs` | what happens before a program runs |
//! | `uncaught.rs` | what becomes of an exception that nobody has caught |
//! | `watch.rs` | who looks at the clock where calls have a limit of time |
//! | `finish.rs` | how an interpreter ends: the order in which modules go |
//!
//! Methods say whether Python may run in them, and what they raise, as those of the VM do (`ryokan_vm::vm`). What those of the facade
//! raise, they give as an [`Error`].

mod clock;
pub mod command;
mod compiling;
pub mod counts;
mod dedent;
mod explain;
pub mod finish;
mod help;
pub mod host;
pub mod interpreter;
mod library;
pub mod memory;
mod options;
mod others;
mod prompt;
pub mod refused;
mod reports;
mod signal;
mod startup;
mod uncaught;
mod watch;

pub use host::SystemHost;
pub use interpreter::{Builder, Error, Interpreter};
pub use ryokan_vm::native;
pub use ryokan_vm::native::Capability;
pub use ryokan_vm::stress::Stress;
