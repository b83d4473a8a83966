//! The `ryokan` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ryokan::command::main()
}
