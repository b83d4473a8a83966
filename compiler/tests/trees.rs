//! What is made of a source's tree is what is made of the source: every program of the tests, places included.

use std::path::{Path, PathBuf};

use ryokan_compiler::{Mode, Options, Source, Unlimited, compile_bytes, compile_tree, describe};

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "py") {
            found.push(path);
        }
    }
}

#[test]
fn trees_compile_as_their_sources() {
    let mut found = Vec::new();
    files(Path::new("../tests/programs"), &mut found);
    if let Some(library) = std::env::var_os("RYOKAN_LIB") {
        files(Path::new(&library), &mut found);
    }
    assert!(found.len() > 100, "the programs are there");
    let (mut compared, mut differ) = (0, Vec::new());
    for path in found {
        let Ok(source) = std::fs::read(&path) else { continue };
        let name = path.display().to_string();
        for optimize in [0, 2] {
            let options = || Options { optimize, ..Options::default() };
            let Ok(code) = compile_bytes(&source, &name, Mode::Exec, &options(), &Unlimited) else {
                continue;
            };
            let tree = describe(Source::Bytes(&source), &name, Mode::Exec, &options(), &Unlimited);
            let tree = tree.unwrap_or_else(|error| panic!("{name}: {error}"));
            let again = compile_tree(&tree, &name, &options(), &Unlimited);
            let again = again.unwrap_or_else(|error| panic!("{name}: {error}"));
            if code != again {
                differ.push(name.clone());
            }
            compared += 1;
        }
    }
    assert!(differ.is_empty(), "their trees make other code: {differ:#?}");
    assert!(compared > 200, "most programs can be compiled");
}
