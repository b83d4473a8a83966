//! `generate SEED [COUNT]`: prints the program of a seed, or writes those of many to files `SEED.py` in the working folder.

use ryokan_fuzz::programs::{bytes_of, generate};

fn main() {
    let mut args = std::env::args().skip(1);
    let seed = args.next().and_then(|text| text.parse().ok()).unwrap_or(0);
    match args.next().and_then(|text| text.parse::<u64>().ok()) {
        None => print!("{}", generate(&bytes_of(seed))),
        Some(count) => {
            for seed in seed..seed + count {
                std::fs::write(format!("{seed}.py"), generate(&bytes_of(seed)))
                    .expect("the folder can be written to");
            }
        }
    }
}
