//! The folders and files of the embedded library, for who asks the system for them.
//!
//! They lie in a folder that no system has. Where the system knows nothing of an absolute path, these functions look whether the library
//! does: it has folders that can be listed, and files that can be read, all of them read-only and of one day. A path that the system
//! knows costs nothing more.

use std::ffi::CStr;
use std::io;
use std::os::fd::OwnedFd;

use rustix::fs::{self, MemfdFlags, Mode, SealFlags};
use ryokan_vm::native::*;

/// When all of it was made: the first day that a zip file knows, 1980-01-01, as seconds.
const MADE: i64 = 315_532_800;

/// What there is at a path.
pub enum Entry {
    /// A folder, and the names in it: those of folders end with a slash.
    Folder(Vec<&'static str>),
    /// A file: its path in the library, and its size.
    File(String, usize),
}

/// Looks what the library has at an absolute path; nothing for any other. A name that goes up is followed by the text.
pub fn find(cx: &Cx, path: &CStr) -> Option<Entry> {
    let library = cx.library()?;
    let text = path.to_str().ok()?;
    let first = library.root().split('/').nth(1)?;
    text.strip_prefix('/')?.trim_start_matches('/').strip_prefix(first)?;
    let mut names: Vec<&str> = Vec::new();
    for name in text.split('/') {
        match name {
            "" | "." => {}
            ".." => drop(names.pop()),
            name => names.push(name),
        }
    }
    let mut root = library.root().split('/').skip(1);
    let mut rest = names.iter();
    loop {
        match (root.next(), rest.as_slice().first()) {
            (Some(wanted), Some(name)) if wanted == *name => drop(rest.next()),
            (Some(wanted), None) => return Some(Entry::Folder(vec![wanted])),
            (Some(_), Some(_)) => return None,
            (None, _) => break,
        }
    }
    let inside = rest.as_slice().join("/");
    if let Some(names) = library.list(&inside) {
        return Some(Entry::Folder(names));
    }
    let size = library.size(&inside).filter(|_| !text.ends_with('/'))?;
    Some(Entry::File(inside, size))
}

/// What `stat` says of a path. The number of a file comes from its path.
pub fn stat(cx: &Cx, path: &CStr) -> Option<libc::stat> {
    let entry = find(cx, path)?;
    let mut stat = ryokan_system::no_stat().ok()?;
    let (mode, size, links) = match &entry {
        Entry::Folder(names) => {
            (libc::S_IFDIR | 0o555, 0, 2 + names.iter().filter(|name| name.ends_with('/')).count())
        }
        Entry::File(_, size) => (libc::S_IFREG | 0o444, *size, 1),
    };
    stat.st_mode = mode;
    stat.st_nlink = links as libc::nlink_t;
    stat.st_size = size as i64;
    stat.st_blksize = 4096;
    stat.st_blocks = size.div_ceil(512) as i64;
    stat.st_ino = number(&[path.to_bytes()]);
    (stat.st_atime, stat.st_mtime, stat.st_ctime) = (MADE, MADE, MADE);
    Some(stat)
}

/// A number for a path, given in parts (FNV-1a, of its names alone): two files of the library have different ones.
pub fn number(parts: &[&[u8]]) -> u64 {
    let names = parts.iter().flat_map(|part| part.split(|byte| *byte == b'/'));
    let names = names.filter(|name| !matches!(*name, b"" | b"."));
    let bytes = names.flat_map(|name| name.iter().chain(b"/"));
    bytes.fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Whether a path may be used so, as `access` asks: nobody writes to it, and what is a file is not run.
pub fn allows(cx: &Cx, path: &CStr, mode: i32) -> bool {
    match find(cx, path) {
        Some(Entry::Folder(_)) => mode & libc::W_OK == 0,
        Some(Entry::File(..)) => mode & (libc::W_OK | libc::X_OK) == 0,
        None => false,
    }
}

/// Opens a file for reading: a descriptor of memory that has its bytes, and cannot be changed. A folder has no descriptor.
pub fn open(cx: &Cx, path: &CStr, flags: i32) -> Option<io::Result<OwnedFd>> {
    let entry = find(cx, path)?;
    if flags & libc::O_ACCMODE != libc::O_RDONLY || flags & libc::O_TRUNC != 0 {
        return Some(Err(io::Error::from_raw_os_error(libc::EROFS)));
    }
    let Entry::File(inside, size) = entry else {
        let asked = if flags & libc::O_DIRECTORY != 0 { libc::EOPNOTSUPP } else { libc::EISDIR };
        return Some(Err(io::Error::from_raw_os_error(asked)));
    };
    let bytes = cx.library()?.source(&inside, size)?;
    Some(bytes.and_then(|bytes| Ok(in_memory(&bytes)?)))
}

fn in_memory(bytes: &[u8]) -> rustix::io::Result<OwnedFd> {
    let fd = fs::memfd_create(c"library", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
    let mut rest = bytes;
    while !rest.is_empty() {
        rest = &rest[rustix::io::write(&fd, rest)?.min(rest.len())..];
    }
    fs::seek(&fd, fs::SeekFrom::Start(0))?;
    fs::fchmod(&fd, Mode::from_raw_mode(0o444))?;
    fs::fcntl_add_seals(&fd, SealFlags::SEAL | SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE)?;
    Ok(fd)
}
