//! `hostile SEED [HOW]`: prints the hostile program of a seed, or runs it as HOW (a byte, see `fuzz_targets/hostile.rs`) says.
//! `hostile --write FIRST COUNT FOLDER`: writes programs to `FOLDER/SEED.py`.
//! `hostile --methods COUNT`: runs COUNT programs, and prints how often each special method of each builtin type was called.

use std::collections::BTreeMap;

use ryokan_fuzz::hostile::receivers::{Attribute, attributes};
use ryokan_fuzz::hostile::{generate_seed, settings};
use ryokan_fuzz::run;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let number = |at: usize| args.get(at).and_then(|text| text.parse::<u64>().ok());
    match args.first().map(String::as_str) {
        Some("--methods") => methods(number(1).unwrap_or(1000)),
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

/// Counts what programs call: each prints the names of its operations when it comes to them.
fn methods(count: u64) {
    let mut reached: BTreeMap<String, usize> = BTreeMap::new();
    for seed in 0..count {
        let outcome = run(&generate_seed(seed), &settings(0, 0));
        for line in String::from_utf8_lossy(&outcome.out).lines() {
            *reached.entry(line.to_string()).or_default() += 1;
        }
    }
    let times = |attribute: &Attribute| reached.get(&attribute.path()).copied().unwrap_or(0);
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
    println!("\n\n{count} programs, {} operations", reached.values().sum::<usize>());
    println!("{} special methods, never called: {}", specials.len(), never(&specials).join(" "));
    println!("{} attributes, never used: {}", all.len(), never(&all).join(" "));
}
