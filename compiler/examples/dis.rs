//! Prints the listing of files, or of standard input: `cargo run -p ryokan-compiler --example dis -- [-c] [FILE..]`.
//!
//! With `-c`, only says which files fail.
use std::io::Read;

use ryokan_compiler::{Mode, Options, Unlimited, compile_bytes};

fn main() {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let check = files.first().is_some_and(|f| f == "-c");
    if check {
        files.remove(0);
    }
    if files.is_empty() {
        files.push("-".to_owned());
    }
    let (mut fine, mut bytes) = (0, 0);
    for file in &files {
        let mut source = Vec::new();
        let read = match file.as_str() {
            "-" => std::io::stdin().read_to_end(&mut source).map(drop),
            _ => std::fs::read(file).map(|data| source = data),
        };
        if let Err(error) = read {
            println!("{file}: {error}");
            continue;
        }
        let options = Options::default();
        match compile_bytes(&source, file, Mode::Exec, &options, &Unlimited) {
            Ok(code) => match ryokan_bytecode::verify(&code) {
                Ok(_) => {
                    fine += 1;
                    bytes += source.len();
                    if !check {
                        print!("{}", ryokan_bytecode::dis::listing(&code));
                    }
                }
                Err(fault) => println!("{file}: {fault:?}\n{}", if check { String::new() } else { ryokan_bytecode::dis::listing(&code) }),
            },
            Err(error) => println!("{file}: {error}"),
        }
        if !check {
            for warning in options.warnings.borrow().iter() {
                println!("{file}:{}: SyntaxWarning: {}", warning.line, warning.message);
            }
        }
    }
    if check {
        println!("{fine} of {} files, {bytes} bytes", files.len());
    }
}
