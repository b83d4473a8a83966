//! The `ryokan` command with a program, as tests from outside run it. (Each test file is a crate, which may need only a part.)
#![allow(dead_code)]

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Output, Stdio};

/// Runs a program, with nothing to read.
pub fn ryokan(options: &[&str], program: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ryokan"));
    command.args(options).args(["-c", program]).stdin(Stdio::null()).env_remove("PYTHONHASHSEED");
    command.output().expect("the command starts")
}

/// Sends Ctrl-C to a program that has printed `ready`; gives its exit code and what it printed then.
#[cfg(unix)]
pub fn interrupted(program: &str) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ryokan"));
    command.args(["-u", "-c", program]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the command starts");
    let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut line = String::new();
    out.read_line(&mut line).expect("readable");
    assert_eq!(line, "ready\n");
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("kill is there").success());
    let mut rest = String::new();
    out.read_to_string(&mut rest).expect("readable");
    (child.wait().expect("it ends").code(), rest)
}
