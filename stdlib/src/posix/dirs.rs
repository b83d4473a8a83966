//! Directories: `listdir`, and `scandir`, whose entries know what the directory says of them.

use std::cell::Cell;
use std::ffi::CString;
use std::os::fd::OwnedFd;

use rustix::fs::{Dir, FileType};
use rustix::io::Errno;
use ryokan_system as sys;
use ryokan_vm::native::*;

use super::args::{self, DirFd, DirOrFd, PathArg, is_missing, name_value, number};
use super::stat::{look, record};
use crate::fspath::system;
use crate::library;

native_module! {
    /// A part of the module.
    "posix" {
        types { DirEntry, Scan }
        functions {
            /// The names in a directory, in no order, without . and ..
            listdir(path: DirOrFd = super::files::here() => "None");
            /// An iterator of the entries of a directory: DirEntry objects, in no order, without . and ..
            scandir(path: DirOrFd = super::files::here() => "None");
        }
    }
}

native_type! {
    /// An entry of a directory, as scandir() gives it.
    "posix.DirEntry" = pub struct DirEntry {
        name: Slot, path: Slot, kind: Cell<Option<FileType>>, inode: Cell<u64>, dir: Cell<Option<i32>>, stat: Maybe, lstat: Maybe,
    }
    slots { repr = repr; }
    members {
        /// the name
        name = |_, this: Entry| this.name.get();
        /// the path: that of the directory, and the name
        path = |_, this: Entry| this.path.get();
    }
    methods {
        /// Whether it is a directory, or with follow_symlinks a link to one.
        is_dir(*, follow_symlinks: bool = true => "True");
        /// Whether it is a file, or with follow_symlinks a link to one.
        is_file(*, follow_symlinks: bool = true => "True");
        /// Whether it is a symbolic link.
        is_symlink();
        /// Whether it is a junction: no.
        is_junction();
        /// What the system knows of it: a stat_result, asked for once.
        stat(*, follow_symlinks: bool = true => "True");
        /// The number of the file.
        inode();
        /// The path.
        __fspath__() = fspath;
    }
    class_methods {
        /// The class with a type argument.
        __class_getitem__(object: &Value, /) = class_getitem;
    }
}

type Entry<'a> = This<'a, DirEntry>;

native_type! {
    /// Gives the entries of a directory. It is closed at its end, by close(), or by leaving a with statement.
    "posix.ScandirIterator" = pub struct Scan { dir: Own<Option<Folder>>, path: Slot, bytes: Cell<bool>, fd: Cell<Option<i32>> }
    slots { iter = itself; next = next_entry; del = warn_open; }
    methods {
        /// Closes the directory.
        close();
        /// The iterator itself.
        __enter__() = enter;
        /// Closes the directory.
        __exit__(*args) = exit;
    }
}


/// Where entries come from.
enum Folder {
    System(Dir),
    /// A folder of the library: its path, and names, those of folders end with a slash.
    Library(CString, std::vec::IntoIter<&'static str>),
}

/// What a folder says of an entry.
struct Found {
    name: CString,
    kind: FileType,
    inode: u64,
}

/// Opens a directory for reading its entries.
fn open(cx: &Cx, path: &PathArg) -> Res<Folder> {
    cx.require(Capability::Files)?;
    let opened = match path.fd {
        // The position is that of the other descriptor: it begins at the start again.
        Some(fd) => args::call(cx, || {
            if sys::fstat(fd)?.st_mode & libc::S_IFMT != libc::S_IFDIR {
                return Err(std::io::Error::from_raw_os_error(libc::ENOTDIR));
            }
            let fd = sys::Fd::new(fd)?;
            let own: OwnedFd = rustix::io::dup(fd)?;
            let mut dir = Dir::new(own)?;
            dir.rewind();
            Ok(dir)
        })?,
        None => {
            let flags = rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::DIRECTORY | rustix::fs::OFlags::CLOEXEC;
            let text = &path.c;
            system(cx, || rustix::fs::open(text, flags, rustix::fs::Mode::empty()).and_then(Dir::new))?
                .map_err(|error| error.into())
        }
    };
    match opened {
        Ok(dir) => Ok(Folder::System(dir)),
        Err(error) if is_missing(&error) => match library::find(cx, &path.c) {
            Some(library::Entry::Folder(names)) => Ok(Folder::Library(path.c.clone(), names.into_iter())),
            Some(_) => Err(path.error_unless_fd(cx, &std::io::Error::from_raw_os_error(libc::ENOTDIR))),
            None => Err(path.error_unless_fd(cx, &error)),
        },
        Err(error) => Err(path.error_unless_fd(cx, &error)),
    }
}

/// The next entry that is neither the directory itself nor its parent.
fn next_of(folder: &mut Folder) -> Option<Result<Found, Errno>> {
    let dir = match folder {
        Folder::System(dir) => dir,
        Folder::Library(path, names) => {
            let name = names.next()?;
            let (name, kind) = match name.strip_suffix('/') {
                Some(name) => (name, FileType::Directory),
                None => (name, FileType::RegularFile),
            };
            let inode = library::number(&[path.to_bytes(), name.as_bytes()]);
            let name = CString::new(name).map_err(|_| Errno::INVAL);
            return Some(name.map(|name| Found { name, kind, inode }));
        }
    };
    loop {
        match dir.next()? {
            Ok(entry) if matches!(entry.file_name().to_bytes(), b"." | b"..") => {}
            Ok(entry) => {
                let (kind, inode) = (entry.file_type(), entry.ino());
                return Some(Ok(Found { name: entry.file_name().to_owned(), kind, inode }));
            }
            Err(error) => return Some(Err(error)),
        }
    }
}

fn listdir(cx: &Cx, path: DirOrFd) -> Res<List> {
    let mut dir = open(cx, &path)?;
    let list = List::new(cx, 0)?;
    while let Some(entry) = cx.blocking(|| next_of(&mut dir)) {
        cx.work(4)?;
        let entry = entry.map_err(|error| path.error_unless_fd(cx, &error.into()))?;
        list.push(cx, name_value(cx, entry.name.to_bytes(), path.is_bytes)?)?;
    }
    Ok(list)
}

fn scandir(cx: &Cx, path: DirOrFd) -> Res<Obj<Scan>> {
    let dir = open(cx, &path)?;
    let shown = if path.path.is_none() { cx.intern(".")? } else { path.path.clone() };
    cx.new(Scan {
        dir: Own::new(Some(dir)),
        path: Slot::new(shown),
        bytes: Cell::new(path.is_bytes),
        fd: Cell::new(path.fd),
    })
}

fn next_entry(cx: &Cx, this: This<Scan>) -> Res<Option<Value>> {
    let Some(mut dir) = this.dir.with(cx, Option::take)? else { return Ok(None) };
    let found = cx.blocking(|| next_of(&mut dir));
    let entry = match found {
        None => return Ok(None),
        Some(Err(error)) => {
            return Err(cx.os_error_about(error.raw_os_error(), Some(&this.path.get()), None));
        }
        Some(Ok(entry)) => entry,
    };
    this.dir.with(cx, |place| *place = Some(dir))?;
    let name = entry.name.to_bytes();
    let value = name_value(cx, name, this.bytes.get())?;
    let path = match this.fd.get() {
        // The entries of a descriptor are found below it alone.
        Some(_) => value.clone(),
        None => join(cx, &this.path.get(), name, this.bytes.get())?,
    };
    let kind = Some(entry.kind).filter(|kind| *kind != FileType::Unknown);
    let made = DirEntry {
        name: Slot::new(value),
        path: Slot::new(path),
        kind: Cell::new(kind),
        inode: Cell::new(entry.inode),
        dir: Cell::new(this.fd.get()),
        stat: Maybe::default(),
        lstat: Maybe::default(),
    };
    cx.new(made).map(|made| Some(made.into_value()))
}

/// The path of a name in a directory.
fn join(cx: &Cx, path: &Value, name: &[u8], as_bytes: bool) -> Res {
    let encoded = if cx.is_str(path) { cx.to_system(path)? } else { path.clone() };
    let mut whole = ByteWriter::new(cx);
    if let Some(folder) = Bytes::of(&encoded) {
        whole.push(folder.as_slice())?;
        if !folder.as_slice().ends_with(b"/") && !folder.as_slice().is_empty() {
            whole.push(b"/")?;
        }
    }
    whole.push(name)?;
    name_value(cx, whole.as_slice(), as_bytes)
}

fn close(cx: &Cx, this: This<Scan>) -> Res<()> {
    this.dir.with(cx, Option::take).map(drop)
}
fn enter(_: &Cx, this: This<Scan>) -> Value {
    this.to_value()
}
fn exit(cx: &Cx, this: This<Scan>, _: Args) -> Res<()> {
    close(cx, this)
}
fn warn_open(cx: &Cx, this: This<Scan>) {
    if this.dir.with(cx, Option::take).is_ok_and(|dir| dir.is_none()) {
        return;
    }
    cx.aside(|| {
        let warned = cx.repr(this.value()).and_then(|shown| {
            let message = format!("unclosed scandir iterator {shown}");
            cx.warn_about("ResourceWarning", &message, 1, Some(this.value()))
        });
        if let Err(raised) = warned {
            cx.unraisable(raised, this.value());
        }
    });
}

// ---- entries ---------------------------------------------------------------------------------------------------------

fn ask(cx: &Cx, this: Entry, follow: bool) -> Res<Option<Value>> {
    let place = if follow { &this.stat } else { &this.lstat };
    if let Some(known) = place.get() {
        return Ok(Some(known));
    }
    let given = if this.dir.get().is_some() { this.name.get() } else { this.path.get() };
    let path = args::Path::from_arg(cx, &given, &Place { function: "DirEntry", ..args::ANY })?;
    let dir = this.dir.get().map_or(args::CWD, DirFd);
    match look(cx, &path, dir, follow)? {
        Ok(stat) => {
            let made = record(cx, &stat)?;
            place.set(Some(made.clone()));
            Ok(Some(made))
        }
        Err(error) if number(&error) == libc::ENOENT => Ok(None),
        Err(error) => Err(path.error(cx, &error)),
    }
}

fn stat(cx: &Cx, this: Entry, follow: bool) -> Res {
    let follows = follow && is_symlink(cx, this)?;
    match ask(cx, this, follows)? {
        Some(found) => Ok(found),
        None => Err(cx.os_error_about(libc::ENOENT, Some(&this.path.get()), None)),
    }
}

/// Whether it is of a kind.
fn is(cx: &Cx, this: Entry, wanted: FileType, follow: bool) -> Res<bool> {
    match this.kind.get() {
        Some(kind) if kind != FileType::Symlink || !follow => Ok(kind == wanted),
        known => {
            let follows = follow && known.is_none_or(|kind| kind == FileType::Symlink);
            let Some(found) = ask(cx, this, follows)? else { return Ok(false) };
            let mode = cx.index(&cx.attr(&found, "st_mode")?)?;
            Ok(FileType::from_raw_mode(mode as u32) == wanted)
        }
    }
}
fn is_dir(cx: &Cx, this: Entry, follow: bool) -> Res<bool> {
    is(cx, this, FileType::Directory, follow)
}
fn is_file(cx: &Cx, this: Entry, follow: bool) -> Res<bool> {
    is(cx, this, FileType::RegularFile, follow)
}
fn is_symlink(cx: &Cx, this: Entry) -> Res<bool> {
    is(cx, this, FileType::Symlink, false)
}
fn is_junction(_: &Cx, _: Entry) -> bool {
    false
}
fn inode(_: &Cx, this: Entry) -> u64 {
    this.inode.get()
}
fn fspath(_: &Cx, this: Entry) -> Value {
    this.path.get()
}
fn class_getitem(cx: &Cx, class: &Value, item: &Value) -> Res {
    cx.generic_alias(class, item)
}
fn repr(cx: &Cx, this: Entry) -> Res {
    let name = cx.repr(&this.name.get())?;
    format_args!("<DirEntry {name}>").into_value(cx)
}
