//! Listings as data: each `tests/listings/*.py` beside the listing of its code. `UPDATE=1` rewrites them.

use std::path::Path;

use ryokan_bytecode::{dis, verify};
use ryokan_compiler::{Mode, Options, Unlimited, compile};

#[test]
fn listings() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/listings");
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).expect("the folder is there") {
        let path = entry.expect("it can be read").path();
        if path.extension().is_none_or(|e| e != "py") {
            continue;
        }
        count += 1;
        let source = std::fs::read_to_string(&path).expect("text");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let code = compile(&source, &name, Mode::Exec, &Options::default(), &Unlimited)
            .unwrap_or_else(|e| panic!("{name}: {e}"));
        verify(&code).unwrap_or_else(|e| panic!("{name}: {e}\n{}", dis::listing(&code)));
        let listing = dis::listing(&code);
        let beside = path.with_extension("txt");
        if update {
            std::fs::write(&beside, &listing).expect("it can be written");
        } else if std::fs::read_to_string(&beside).unwrap_or_default() != listing {
            wrong.push(name);
        }
    }
    assert!(count > 20, "the sources are there");
    assert!(wrong.is_empty(), "listings differ (UPDATE=1 rewrites them): {wrong:?}");
}
