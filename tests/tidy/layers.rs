//! The layers of `vm/src`: a module names what lies in its own layer or below it, and nothing above.
//!
//! The layers are those of the table in `docs/ARCHITECTURE.md`, from the lowest to the highest. An arrow is a path that begins with
//! `crate::` (or with enough `super::`), in a `use` or in the middle of code. What lies low reaches what lies above through a method that
//! a file above implements. A macro's `$crate::` is an arrow of whoever expands it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Source, root, sources};

/// Arrows that point up and stay: from a file to a module, and why.
const UPWARD: &[(&str, &str, &str)] = &[
    ("collect.rs", "types", "weak references to garbage die before its finalizers run"),
    (
        "hooks.rs",
        "types",
        "a death asks a generator whether it has ended, and has no time for more than its flag",
    ),
    (
        "host.rs",
        "modules",
        "the host says which native modules there are: it holds their tables and looks into none",
    ),
    ("object/kind.rs", "types", "a native type is made as classes are"),
    ("object/ty.rs", "types", "a type owns a dict of names, and tuples of its bases and of its MRO"),
    ("profile.rs", "types", "a profile's nodes are code objects"),
    ("stack/mod.rs", "types", "a frame names the function that it runs"),
    ("vm/errors.rs", "types", "an exception on its way gets the one that is handled as its context"),
    ("vm/lookup.rs", "types", "a name is a str, and says whether it may be kept"),
    ("vm/mod.rs", "counts", "the state of a VM: what a metered run keeps"),
    ("vm/mod.rs", "types", "the state of a VM: its builtin types and its exceptions"),
];

/// What the crate's root gives again, and where it lies.
const AT_ROOT: &[(&str, &str)] = &[
    ("Value", "value"),
    ("Raised", "raised"),
    ("Res", "raised"),
    ("Vm", "vm"),
    ("VmConfig", "vm"),
    ("Host", "host"),
];

/// The layer of each module, from the table: the rows of `## Layers`, whose second cell names modules.
fn layers() -> BTreeMap<String, usize> {
    let page = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).expect("readable");
    let section = page.lines().skip_while(|line| *line != "## Layers").skip(1);
    let rows = section.take_while(|line| !line.starts_with("## ")).filter(|line| line.starts_with("| "));
    let mut layers = BTreeMap::new();
    for (height, row) in rows.enumerate().skip(1) {
        let modules = row.split('|').nth(2).expect("a row has a cell of modules");
        for name in modules.split('`').skip(1).step_by(2) {
            assert!(layers.insert(name.to_string(), height).is_none(), "{name} is in two layers");
        }
    }
    assert!(layers.len() > 20, "the table of layers is not where this test looks");
    layers
}

/// The first names of what stands in braces: `{a::b, c::{d, e}}` names `a` and `c`.
fn first_names(text: &str, names: &mut Vec<String>) {
    let (mut depth, mut from) = (0, 1);
    for (at, c) in text.char_indices() {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        if depth == 0 || (c == ',' && depth == 1) {
            names.extend(first_name(text[from..at].trim_start()));
            from = at + 1;
        }
        if depth == 0 {
            return;
        }
    }
}

/// The name that a text begins with.
fn first_name(text: &str) -> Option<String> {
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len());
    (end > 0).then(|| text[..end].to_string())
}

/// Whether a name ends just before what follows `text`.
fn is_inside_a_name(text: &str) -> bool {
    text.ends_with(|c: char| c.is_alphanumeric() || "_$:".contains(c))
}

/// What a file's code names from the crate's root: modules of `vm/src`.
fn named(source: &Source) -> BTreeSet<String> {
    let code = source.code();
    let code = code.split("#[cfg(test)]").next().unwrap_or_default();
    let mut names = Vec::new();
    let mut follow = |rest: &str| match rest.starts_with('{') {
        true => first_names(rest, &mut names),
        false => names.extend(first_name(rest)),
    };
    for (at, path) in code.match_indices("crate::") {
        if !is_inside_a_name(&code[..at]) {
            follow(&code[at + path.len()..]);
        }
    }
    // `super` of a module at depth 1 is the root.
    let inner = source.path.trim_start_matches("vm/src/").trim_end_matches(".rs").trim_end_matches("/mod");
    let up = "super::".repeat(inner.split('/').count());
    for (at, path) in code.match_indices(&up) {
        if !is_inside_a_name(&code[..at]) && !code[at + path.len()..].starts_with("super::") {
            follow(&code[at + path.len()..]);
        }
    }
    let resolve = |name: String| {
        AT_ROOT.iter().find(|(given, _)| *given == name).map_or(name, |(_, at)| at.to_string())
    };
    names.into_iter().map(resolve).collect()
}

#[test]
fn names_are_found_wherever_they_stand() {
    let text = "use crate::{a::{b, c}, d};\nuse super::e::f; // crate::no\nfn g() { crate::h::i(\"crate::no\"); $crate::no; super::super::no }\n\
                #[cfg(test)]\nuse crate::no;";
    let source = |path: &str| Source { path: path.into(), text: text.into() };
    let found = |path: &str| named(&source(path)).into_iter().collect::<Vec<_>>().join(" ");
    assert_eq!(found("vm/src/x.rs"), "a d e h");
    assert_eq!(found("vm/src/x/mod.rs"), "a d e h");
    assert_eq!(found("vm/src/x/y.rs"), "a d h no");
}

#[test]
fn arrows_in_vm_point_down() {
    let layers = layers();
    let mut excepted: BTreeSet<_> =
        UPWARD.iter().map(|(file, module, _)| (file.to_string(), module.to_string())).collect();
    let mut wrong = Vec::new();
    let sources = sources();
    for source in sources.iter().filter(|s| s.path.starts_with("vm/src/") && s.path != "vm/src/lib.rs") {
        let file = source.path.trim_start_matches("vm/src/");
        let module = file.split('/').next().unwrap_or_default().trim_end_matches(".rs");
        let Some(height) = layers.get(module) else {
            wrong.push(format!("{module} is in no layer: give it a place in docs/ARCHITECTURE.md"));
            continue;
        };
        for name in named(source) {
            let up = layers.get(&name).is_some_and(|other| other > height);
            if up && !excepted.remove(&(file.to_string(), name.clone())) {
                wrong.push(format!("{file} names {name}, which lies above it"));
            }
        }
    }
    wrong.extend(
        excepted.iter().map(|(file, name)| format!("{file} does not name {name} any more: strike it here")),
    );
    assert!(wrong.is_empty(), "layers, against docs/ARCHITECTURE.md:\n{}", wrong.join("\n"));
}
