//! `hostile SEED [HOW]`: prints the hostile program of a seed, or runs it as HOW says (a byte, see `hostile::settings`).
//! `RYOKAN_FUZZ_ECHO=1` shows what a program prints while it runs.
//! `hostile --run FILE [HOW]`: runs a program of a file.
//! `hostile --write FIRST COUNT FOLDER`: writes programs to `FOLDER/SEED.py`.
//! `hostile --methods COUNT`: runs COUNT programs, and prints how often each special method of each builtin type was called.

use std::collections::BTreeMap;
use std::process::Command;

use ryokan_fuzz::hostile::receivers::{Attribute, attributes};
use ryokan_fuzz::hostile::{generate_seed, settings};
use ryokan_fuzz::run;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| args.get(at).and_then(|text| text.parse::<u64>().ok());
    match args.first().map(String::as_str) {
        Some("--methods") => methods(number(1).unwrap_or(1000)),
        Some("--run") => {
            let source = args.get(1).and_then(|path| std::fs::read_to_string(path).ok());
            run(&source.expect("a program to run"), &settings(number(2).unwrap_or(0) as u8, 0));
        }
        Some("--write") => {
            let (first, count) = (number(1).unwrap_or(0), number(2).unwrap_or(1));
            let folder = args.get(3).map_or(".", String::as_str);
            for seed in first..first + count {
                let text = generate_seed(seed);
                std::fs::write(format!("{folder}/{seed}.py"), text).expect("the folder can be written to");
            }
        }
        _ => {
            let source = generate_seed(number(0).unwrap_or(0));
            match number(1) {
                None => print!("{source}"),
                Some(how) => {
                    run(&source, &settings(how as u8, 0));
                }
            }
        }
    }
}

/// What the program of a seed prints, run by a process of its own, which it may kill or keep for twenty seconds.
fn output_of(seed: u64) -> String {
    let me = std::env::current_exe().expect("this example");
    let args = ["20".to_string(), me.display().to_string(), seed.to_string(), "0".to_string()];
    let done =
        Command::new("timeout").args(args).env("RYOKAN_FUZZ_ECHO", "1").output().expect("a process starts");
    String::from_utf8_lossy(&done.stdout).into_owned()
}

/// Counts what programs call: each prints the names of its operations when it comes to them.
fn methods(count: u64) {
    let workers = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let outputs = |worker: u64| (worker..count).step_by(workers as usize).map(output_of).collect::<String>();
    let all: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|worker| scope.spawn(move || outputs(worker))).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    let mut reached: BTreeMap<&str, usize> = BTreeMap::new();
    for line in all.iter().flat_map(|out| out.lines()) {
        *reached.entry(line).or_default() += 1;
    }
    let times = |attribute: &Attribute| reached.get(attribute.path().as_str()).copied().unwrap_or(0);
    let mut owner = "";
    for attribute in attributes().iter().filter(|a| a.is_special()) {
        if attribute.owner != owner {
            owner = &attribute.owner;
            print!("\n{owner}:");
        }
        print!(" {} {}", attribute.name, times(attribute));
    }
    let specials: Vec<&Attribute> = attributes().iter().filter(|a| a.is_special()).collect();
    let never = |list: &[&Attribute]| -> Vec<String> {
        list.iter().filter(|a| times(a) == 0).map(|a| a.path()).collect()
    };
    let all: Vec<&Attribute> = attributes().iter().collect();
    let operations: usize = attributes().iter().map(times).sum();
    println!("\n\n{count} programs, {operations} operations");
    println!("{} special methods, never called: {}", specials.len(), never(&specials).join(" "));
    println!("{} attributes, never used: {}", all.len(), never(&all).join(" "));
}
