//! House rules as a test: who may know whom, how long files and functions are, where unsafe code lies, which lists there are, what
//! comments tell of methods that may raise, and what the release binary's handlers hold.
//!
//! A rule with exceptions lists them with their reasons, and an exception that nothing needs any more fails too.

mod handlers;
mod layers;
mod lists;
mod packages;
mod sizes;
mod text;
mod told;
mod unsafe_code;

use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files below a folder.
fn walk(folder: &Path, list: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder of ours") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            walk(&path, list);
        } else if path.extension().is_some_and(|e| e == "rs") {
            list.push(path);
        }
    }
}

/// A Rust file of ours.
struct Source {
    /// From the root of the repository.
    path: String,
    text: String,
}

impl Source {
    /// Its code, without comments and what stands in strings, and with all its lines.
    fn code(&self) -> String {
        text::code(&self.text)
    }
}

/// Where the code of the program lies.
const FOLDERS: [&str; 9] = [
    "bytecode/src",
    "compiler/src",
    "alloc/src",
    "vm/src",
    "system/src",
    "sqlite/src",
    "stdlib/src",
    "library/src",
    "src",
];

/// Every Rust file of ours, tests and benches aside.
fn sources() -> Vec<Source> {
    let mut list = Vec::new();
    for folder in FOLDERS {
        walk(&root().join(folder), &mut list);
    }
    list.sort();
    let read = |path: PathBuf| Source {
        text: std::fs::read_to_string(&path).expect("readable"),
        path: path.strip_prefix(root()).expect("it lies there").display().to_string(),
    };
    list.into_iter().map(read).collect()
}
