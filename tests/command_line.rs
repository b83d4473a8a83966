//! The command's options, the prompt, and what is shown of errors: as CPython 3.14 does it.
//!
//! `tests/command_lines/NAME.sh` is run by a shell, `$PYTHON` in it being the command, with `NAME.in` to read if there is one. What it
//! prints, on both outputs, and the exit status must be `NAME.out`, which CPython has printed (`tests/update` makes it).
#![cfg(unix)]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

fn run(script: &Path) -> String {
    let text = std::fs::read_to_string(script).expect("readable");
    let input = std::fs::read(script.with_extension("in")).unwrap_or_default();
    let mut command = Command::new("sh");
    command.args(["-c", &format!("exec 2>&1\n{text}")]);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"PYTHON")) {
        command.env_remove(name);
    }
    command.env("PYTHON", env!("CARGO_BIN_EXE_ryokan")).env("LC_ALL", "C.UTF-8").env("NO_COLOR", "1");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("there is a shell");
    // Who reads nothing may be gone by now.
    let _ = child.stdin.take().expect("it is piped").write_all(&input);
    let output = child.wait_with_output().expect("it ends");
    let code = output.status.code().unwrap_or(-1);
    format!("{}exit status {code}\n", String::from_utf8_lossy(&output.stdout))
}

#[test]
fn command_lines() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/command_lines");
    let files = std::fs::read_dir(folder).expect("the folder is part of the repository");
    let mut scripts: Vec<_> = files.map(|file| file.expect("readable").path()).collect();
    scripts.retain(|path| path.extension().is_some_and(|extension| extension == "sh"));
    scripts.sort();
    assert!(scripts.len() > 30);
    let mut wrong = Vec::new();
    for script in &scripts {
        let expected = std::fs::read_to_string(script.with_extension("out")).expect("there is one");
        let got = run(script);
        if got != expected {
            let name = script.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            wrong.push(format!("{name}: expected\n{expected}\ngot\n{got}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
