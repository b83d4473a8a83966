//! The `ryokan` command.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: ryokan::refused::Allocator = ryokan::refused::Allocator;

fn main() -> ExitCode {
    ryokan::refused::prepare();
    ryokan::command::main()
}
