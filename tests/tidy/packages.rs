//! Which of our packages may use which.

use crate::root;

/// Each package and the packages of ours that it may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("bytecode", &[]),
    ("compiler", &["bytecode"]),
    ("alloc", &[]),
    ("vm", &["bytecode", "alloc"]),
    ("system", &[]),
    ("sqlite", &[]),
    ("stdlib", &["vm", "compiler", "system", "sqlite"]),
    ("library", &["bytecode", "compiler"]),
];

#[test]
fn arrows_point_one_way() {
    for (package, allowed) in ARROWS {
        let manifest =
            std::fs::read_to_string(root().join(package).join("Cargo.toml")).expect("every package has one");
        let used = manifest
            .lines()
            .skip_while(|line| *line != "[dependencies]")
            .filter_map(|line| line.strip_prefix("ryokan-"))
            .map(|rest| rest.split(['.', ' ', '=']).next().unwrap_or_default());
        for name in used {
            assert!(allowed.contains(&name), "{package} must not know {name}");
        }
    }
}
