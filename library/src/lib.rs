//! The pure half of the standard library, in the program: the codes of its modules, verified when they were built, and their sources,
//! packed.
//!
//! The modules are CPython's, taken from the crate `rustpython-pylib` when this crate is built (`build.rs`); nothing of them lies in the
//! repository, and nothing is read from the build machine's folders when a program runs. Files are named by their paths below
//! [`ROOT`], a folder that no system has: `json/decoder.py`.
//!
//! The image begins with a table: for each file, in the order of their paths, where its path, its code and its source stand.

#![forbid(unsafe_code)]

mod names;

pub use names::{FROZEN, ROOT, frozen};

static IMAGE: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/library.image"));

/// Words of an entry of the table: place and length of the path, of the code, of the packed source, and the source's own length.
const ENTRY: usize = 7;

/// A file of the library.
#[derive(Clone, Copy)]
pub struct File {
    /// Its path below [`ROOT`].
    pub path: &'static str,
    /// Its code, as `ryokan_bytecode::image` writes it; empty for what is no module.
    pub code: &'static [u8],
    packed: &'static [u8],
    len: usize,
}

fn word(at: usize) -> usize {
    let bytes = IMAGE.get(at * 4..at * 4 + 4).and_then(|bytes| bytes.try_into().ok());
    bytes.map_or(0, u32::from_le_bytes) as usize
}

fn count() -> usize {
    word(0)
}

fn file(index: usize) -> File {
    let at = 1 + index * ENTRY;
    let part = |at: usize| IMAGE.get(word(at)..word(at) + word(at + 1)).unwrap_or_default();
    File {
        path: std::str::from_utf8(part(at)).unwrap_or_default(),
        code: part(at + 2),
        packed: part(at + 4),
        len: word(at + 6),
    }
}

/// The first file whose path is not less than this one.
fn position(path: &str) -> usize {
    let (mut low, mut high) = (0, count());
    while low < high {
        let middle = low.midpoint(high);
        if file(middle).path < path {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    low
}

/// A file by its path below [`ROOT`].
pub fn find(path: &str) -> Option<File> {
    let at = position(path);
    (at < count()).then(|| file(at)).filter(|file| file.path == path)
}

/// The names in a folder, those of folders ending with a slash; none if there is no such folder. The root is "".
pub fn list(folder: &str) -> Option<Vec<&'static str>> {
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let mut names: Vec<&str> = Vec::new();
    for index in position(&prefix)..count() {
        let Some(rest) = file(index).path.strip_prefix(&prefix) else { break };
        let name = rest.find('/').map_or(rest, |slash| &rest[..=slash]);
        if names.last() != Some(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then_some(names)
}

impl File {
    /// Its bytes.
    pub fn source(&self) -> Vec<u8> {
        miniz_oxide::inflate::decompress_to_vec_with_limit(self.packed, self.len).unwrap_or_default()
    }

    /// How many bytes that will be.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it is an empty file.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}
