//! All of CPython's Lib compiles and verifies. That is no part of this repository, so the test is run by name:
//! `RYOKAN_LIB=folder cargo test -p ryokan-compiler --test library -- --ignored`.

use std::path::{Path, PathBuf};

use ryokan_bytecode::verify;
use ryokan_compiler::{Mode, Options, Unlimited, compile_bytes};

/// Files that are wrong on purpose, or in encodings that the compiler does not know.
fn is_wrong_on_purpose(path: &Path) -> bool {
    let text = path.to_string_lossy();
    ["bad_coding", "badsyntax", "module_koi8_r", "lib2to3"].iter().any(|part| text.contains(part))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "py") && path.exists() {
            found.push(path);
        }
    }
}

#[test]
#[ignore = "it wants a folder in RYOKAN_LIB"]
fn library() {
    let folder = std::env::var_os("RYOKAN_LIB").expect("RYOKAN_LIB names a folder");
    let mut found = Vec::new();
    files(Path::new(&folder), &mut found);
    assert!(!found.is_empty(), "there are files in RYOKAN_LIB");
    let mut wrong = String::new();
    for path in found.iter().filter(|p| !is_wrong_on_purpose(p)) {
        let source = std::fs::read(path).expect("it can be read");
        let name = path.to_string_lossy();
        match compile_bytes(&source, &name, Mode::Exec, &Options::default(), &Unlimited) {
            Err(error) => wrong.push_str(&format!("{error}\n")),
            Ok(code) => {
                if let Err(fault) = verify(&code) {
                    wrong.push_str(&format!("{name}: {fault}\n"));
                }
            }
        }
    }
    println!("{} files", found.len());
    assert!(wrong.is_empty(), "{wrong}");
}
