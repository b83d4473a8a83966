//! The library that is part of the program, as the VM asks for it; and the text of its files, for tracebacks.

use std::io;

use ryokan_library::{FROZEN, ROOT};
use ryokan_vm::host::Library;

/// The embedded library.
pub struct Embedded;

impl Library for Embedded {
    fn root(&self) -> &'static str {
        ROOT
    }
    fn module(&self, path: &str) -> Option<(&'static str, &'static [u8])> {
        ryokan_library::find(path).map(|file| (file.path, file.code)).filter(|module| !module.1.is_empty())
    }
    fn source(&self, path: &str, most: usize) -> Option<io::Result<Vec<u8>>> {
        let file = ryokan_library::find(path)?;
        Some(if file.len() > most { Err(io::ErrorKind::OutOfMemory.into()) } else { Ok(file.source()) })
    }
    fn size(&self, path: &str) -> Option<usize> {
        ryokan_library::find(path).map(|file| file.len())
    }
    fn list(&self, folder: &str) -> Option<Vec<&'static str>> {
        ryokan_library::list(folder)
    }
    fn frozen(&self) -> &'static [(&'static str, &'static str)] {
        FROZEN
    }
}

/// The text of a file of the library, by the name that its code has.
pub fn text(filename: &str) -> Option<String> {
    let path = match filename.strip_prefix("<frozen ").and_then(|rest| rest.strip_suffix('>')) {
        Some(name) => ryokan_library::frozen(name)?,
        None => filename.strip_prefix(ROOT)?.strip_prefix('/')?,
    };
    String::from_utf8(ryokan_library::find(path)?.source()).ok()
}
