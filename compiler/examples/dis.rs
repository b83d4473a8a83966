//! Prints the listing of files, or of standard input: `cargo run -p ryokan-compiler --example dis -- [-c] [FILE..]`.
//!
//! With `-c`, only says which files fail.
use std::io::Read;

use ryokan_compiler::{Mode, Options, Unlimited, compile_bytes};

/// Each code object as lines of tab-separated fields, for programs that compare.
fn print_raw(code: &ryokan_bytecode::Code) {
    use ryokan_bytecode::{Const, InstrIndex, LocalKind, OperandKind};
    let text = |t: &ryokan_bytecode::Text| String::from_utf8_lossy(t.as_wtf8()).into_owned();
    println!("CODE\t{}\t{}\t{}\t{:#x}", text(&code.name), text(&code.qualname), code.first_line, code.flags);
    for local in &code.locals {
        println!("LOCAL\t{}\t{:?}\t{}", text(&local.name).escape_debug(), local.kind, local.hidden);
    }
    for (at, instr) in code.instrs.iter().enumerate() {
        let Some(op) = instr.op() else { continue };
        let arg = instr.arg() as usize;
        let shown = match op.operand() {
            OperandKind::Const => match &code.consts[arg] {
                Const::Code(inner) => format!("code {}", text(&inner.name)),
                other => ryokan_bytecode::dis::show(other),
            },
            OperandKind::Name => text(&code.names[arg]),
            OperandKind::Local => {
                let local = &code.locals[arg];
                let kind = if local.kind == LocalKind::Plain { "" } else { "*" };
                format!("{}{kind}", text(&local.name))
            }
            _ => String::new(),
        };
        let p = code.position(InstrIndex::of(at));
        let h = code
            .handler(InstrIndex::of(at))
            .map_or("-".to_owned(), |h| format!("{}:{}", h.target.0, h.depth));
        println!(
            "I\t{at}\t{}\t{arg}\t{}\t{h}\t{} {} {} {}",
            op.name(),
            shown.escape_debug(),
            p.line,
            p.end_line,
            p.col,
            p.end_col
        );
    }
    println!("END");
    for inner in &code.consts {
        if let Const::Code(inner) = inner {
            print_raw(inner);
        }
    }
}

fn main() {
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    let check = files.first().is_some_and(|f| f == "-c");
    if check {
        files.remove(0);
    }
    let errors = files.first().is_some_and(|f| f == "-e");
    if errors {
        files.remove(0);
    }
    let raw = files.first().is_some_and(|f| f == "-r");
    if raw {
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
                    if errors {
                        println!("'ok'");
                    } else if raw {
                        print_raw(&code);
                    } else if !check {
                        print!("{}", ryokan_bytecode::dis::listing(&code));
                    }
                }
                Err(fault) => println!(
                    "{file}: {fault:?}\n{}",
                    if check { String::new() } else { ryokan_bytecode::dis::listing(&code) }
                ),
            },
            Err(ryokan_compiler::CompileError::Syntax(e)) if errors => println!(
                "['{}', {:?}, {}, {}, {}, {}]",
                e.kind.name(),
                e.message,
                e.line,
                e.col,
                e.end_line,
                e.end_col
            ),
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
