//! Where unsafe code lies, and how much of it.

use std::collections::BTreeMap;

use crate::text::{code, words};
use crate::{root, sources};

/// How often code says `unsafe`: blocks, functions, traits and impls, outside comments and strings.
fn unsafe_blocks(code: &str) -> usize {
    words(code).filter(|word| *word == "unsafe").count()
}

#[test]
fn unsafe_blocks_are_counted_in_code_alone() {
    let text = r##"
        // unsafe { } /* unsafe */
        /* unsafe /* unsafe */ unsafe */ unsafe fn f<'a>(s: &'a str) {}
        const A: &str = "unsafe \" unsafe"; const B: &[u8] = br#"unsafe " \"#; const C: char = '"';
        unsafe impl T for U { fn not_unsafe_here() { let c = '\''; unsafe { g('\\', "\\") } } }
    "##;
    assert_eq!(unsafe_blocks(&code(text)), 3);
}

/// What `docs/ARCHITECTURE.md` says of unsafe code: how many blocks each file may have. A row of its table names a folder, then files
/// with their numbers, then the fact that they stand on.
fn unsafe_table() -> BTreeMap<String, usize> {
    let page = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).expect("readable");
    let mut table = BTreeMap::new();
    for line in page.lines().skip_while(|line| *line != "## Unsafe").filter(|line| line.starts_with("| `")) {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let folder = cells.next().unwrap_or_default().trim_matches('`');
        let files = cells.next().unwrap_or_default();
        assert!(cells.next().is_some_and(|fact| fact.len() > 20), "no fact: {line}");
        for file in files.split(", ") {
            let (name, count) = file.split_once(' ').unwrap_or_else(|| panic!("no number: {file}"));
            let path = format!("{folder}{}.rs", name.trim_matches('`'));
            let count = count.parse().unwrap_or_else(|_| panic!("no number: {file}"));
            assert!(table.insert(path.clone(), count).is_none(), "{path} is listed twice");
        }
    }
    table
}

/// So many files of `vm/` may have unsafe blocks.
const UNSAFE_FILES: usize = 35;

#[test]
fn unsafe_code_has_an_address() {
    let mut listed = unsafe_table();
    let (mut wrong, mut in_vm) = (Vec::new(), 0);
    for source in sources() {
        let (shown, count) = (&source.path, unsafe_blocks(&source.code()));
        in_vm += usize::from(count > 0 && shown.starts_with("vm/"));
        match listed.remove(shown) {
            None if count > 0 => wrong.push(format!("{shown} has {count} and is not listed")),
            Some(_) if count == 0 => wrong.push(format!("{shown} has none and is listed")),
            Some(most) if count > most => wrong.push(format!("{shown} has {count}, {most} are listed")),
            _ => {}
        }
    }
    wrong.extend(listed.keys().map(|path| format!("{path} is listed and is not there")));
    assert!(wrong.is_empty(), "unsafe blocks, against docs/ARCHITECTURE.md:\n{}", wrong.join("\n"));
    assert!(in_vm <= UNSAFE_FILES, "{in_vm} files of vm/ have unsafe blocks");
}
