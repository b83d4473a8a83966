//! `FileIO`: a descriptor of the system.
//!
//! The standard streams of a host that is not the system are files, too: what is done to their descriptors goes to the host.

use std::cell::Cell;

use rustix::fs::{self, SeekFrom};
use rustix::io::Errno;
use ryokan_system::Fd;
use ryokan_vm::native::*;

use super::base::{RawIOBase, close_plainly};
use super::{Size, no_pickle, offset, unsupported, whence, writable};
use crate::fspath::{c_path, fspath, io_error, os_error, system};

native_type! {
    /// FileIO(file, mode='r', closefd=True, opener=None)
    ///
    /// A file without a buffer. file is a path, or the number of a descriptor, which is closed with the stream if closefd is true. opener is
    /// called instead of the system, with the path and flags, and gives a descriptor.
    "_io.FileIO" = pub struct FileIO(RawIOBase) {
        fd: Cell<i32>, created: Cell<bool>, readable: Cell<bool>, writable: Cell<bool>, appending: Cell<bool>,
        seekable: Cell<Option<bool>>, closefd: Cell<bool>, finalizing: Cell<bool>, block: Cell<u32>, size: Cell<i64>,
        kept: Own<Vec<u8>>,
    }
    flags: SUBCLASS, DICT, WEAKREF;
    shows: "(file, mode='r', closefd=True, opener=None)";
    new(*args, **names) = new;
    init(file: Value, mode: Value = Value::NONE => "'r'", closefd: bool = true => "True", opener: Value = Value::NONE => "None") = init;
    slots { repr = repr; }
    getters {
        /// whether the file is closed
        closed = |_, this: File| this.fd.get() < 0;
        /// whether the descriptor is closed with the file
        closefd = |_, this: File| this.closefd.get();
        /// the best size of a buffer
        _blksize = |_, this: File| this.block.get();
        /// the mode, as open() takes it
        mode = |_, this: File| this.mode();
    }
    attributes {
        /// whether the file is about to die
        _finalizing = |_, this: File| this.finalizing.get(), |cx, this: File, value: Option<&Value>| set_flag(cx, &this.finalizing, value);
    }
    methods {
        /// At most size bytes by one call of the system, all that are left if size is negative; None if there are none yet.
        read(size: Size = Size(-1) => "-1", /);
        /// All bytes that are left; None if there are none yet.
        readall();
        /// Reads into a buffer; returns how many bytes, None if there are none yet.
        readinto(buffer: &Value, /);
        /// Writes bytes; returns how many, which may be fewer, or None if the file takes none yet.
        write(b: Buffer, /);
        /// Goes to a position and returns it: pos bytes from the start (0), from here (1) or from the end (2).
        seek(pos: &Value, whence: Value = Value::NONE => "0", /);
        /// The position.
        tell();
        /// Makes the file as long as a size, or as the position.
        truncate(size: Value = Value::NONE => "None", /);
        /// Closes the file. A second call does nothing.
        close();
        /// Whether there is a position that can be changed.
        seekable();
        /// Whether the file was opened for reading.
        readable();
        /// Whether the file was opened for writing.
        writable() = is_writable;
        /// The number of the descriptor.
        fileno();
        /// Whether it is a terminal.
        isatty();
        /// The same, where what the file was when it was opened tells that it is none.
        _isatty_open_only() = isatty_open_only;
        /// Warns that the file was not closed.
        _dealloc_warn(object: &Value, /) = dealloc_warn;
        /// Fails: a file cannot be pickled.
        __getstate__() = getstate;
    }
}

type File<'a> = This<'a, FileIO>;

/// Sets a flag that CPython has as a member.
pub fn set_flag(cx: &Cx, flag: &Cell<bool>, value: Option<&Value>) -> Res<()> {
    let Some(value) = value else { return Err(cx.type_error("can't delete numeric/char attribute")) };
    if !value.is(&Value::TRUE) && !value.is(&Value::FALSE) {
        return Err(cx.type_error("attribute value type must be bool"));
    }
    flag.set(value.is(&Value::TRUE));
    Ok(())
}

fn new(cx: &Cx, class: &Value, _: Args) -> Res {
    let file = FileIO {
        fd: Cell::new(-1),
        created: Cell::new(false),
        readable: Cell::new(false),
        writable: Cell::new(false),
        appending: Cell::new(false),
        seekable: Cell::new(None),
        closefd: Cell::new(true),
        finalizing: Cell::new(false),
        block: Cell::new(0),
        size: Cell::new(-1),
        kept: Own::default(),
    };
    cx.new_of(class, file)
}

/// What a mode says.
struct Mode {
    flags: fs::OFlags,
    created: bool,
    readable: bool,
    writable: bool,
    appending: bool,
}

impl Mode {
    fn parse(cx: &Cx, text: &str) -> Res<Mode> {
        let (mut read, mut write, mut plus, mut kinds) = (false, false, false, 0);
        let (mut created, mut appending, mut flags) = (false, false, fs::OFlags::CLOEXEC);
        let bad = || {
            cx.value_error("Must have exactly one of create/read/write/append mode and at most one plus")
        };
        for c in text.chars() {
            match c {
                'b' => continue,
                '+' if plus => return Err(bad()),
                '+' => {
                    plus = true;
                    continue;
                }
                'r' => read = true,
                'w' => flags |= fs::OFlags::CREATE | fs::OFlags::TRUNC,
                'x' => {
                    created = true;
                    flags |= fs::OFlags::CREATE | fs::OFlags::EXCL;
                }
                'a' => {
                    appending = true;
                    flags |= fs::OFlags::CREATE | fs::OFlags::APPEND;
                }
                _ => return Err(cx.value_error(format_args!("invalid mode: {text}"))),
            }
            write |= c != 'r';
            kinds += 1;
        }
        if kinds != 1 {
            return Err(bad());
        }
        let (readable, writable) = (read || plus, write || plus);
        flags |= match (readable, writable) {
            (true, true) => fs::OFlags::RDWR,
            (true, false) => fs::OFlags::RDONLY,
            _ => fs::OFlags::WRONLY,
        };
        Ok(Mode { flags, created, readable, writable, appending })
    }
}

fn init(cx: &Cx, this: File, file: Value, mode: Value, closefd: bool, opener: Value) -> Res<()> {
    if this.fd.get() >= 0 {
        if this.closefd.get() {
            close_descriptor(cx, this)?;
        } else {
            this.fd.set(-1);
        }
    }
    if file.is(&Value::TRUE) || file.is(&Value::FALSE) {
        cx.warn_about("RuntimeWarning", "bool is used as a file descriptor", 1, None)?;
    }
    let number = if cx.is_int(&file) { Some(cx.index(&file)?) } else { None };
    if number.is_some_and(|number| number < 0) {
        return Err(cx.value_error("negative file descriptor"));
    }
    let path = match number {
        None => Some(c_path(cx, &fspath(cx, &file)?, "embedded null byte")?),
        Some(_) => None,
    };
    let mode = match mode.is_none() {
        true => Mode::parse(cx, "r")?,
        false => Mode::parse(cx, &mode_text(cx, &mode)?)?,
    };
    this.created.set(mode.created);
    this.readable.set(mode.readable);
    this.writable.set(mode.writable);
    this.appending.set(mode.appending);
    this.seekable.set(None);
    this.closefd.set(closefd);
    this.size.set(-1);
    if let Some(number) = number {
        let number = i32::try_from(number)
            .map_err(|_| cx.overflow_error("Python int too large to convert to C int"))?;
        if number > 2 {
            cx.require(Capability::Files)?;
        }
        this.fd.set(number);
    } else {
        if !closefd {
            return Err(cx.value_error("Cannot use closefd=False with file name"));
        }
        cx.require(Capability::Files)?;
        open_path(cx, this, &file, path, &opener, mode.flags)?;
    }
    let looked = look(cx, this, &file).and_then(|()| cx.set_attr(this.value(), "name", &file));
    if looked.is_err() && number.is_none() {
        let open = this.fd.replace(-1);
        // What fails is that the file cannot be used; that it cannot be closed either says no more.
        let _ = ryokan_system::close(open);
    } else if looked.is_err() {
        // It is not ours to close.
        this.fd.set(-1);
    }
    looked?;
    if mode.appending
        && let Err(raised) = seek_to(cx, this, 0, 2)
    {
        drop(cx.take_raised(raised));
    }
    Ok(())
}

fn mode_text(cx: &Cx, mode: &Value) -> Res<String> {
    if !cx.is_str(mode) {
        let kind = cx.arg_name(mode);
        return Err(cx.type_error(format_args!("FileIO() argument 'mode' must be str, not {kind}")));
    }
    Ok(cx.str(mode)?.to_string())
}

fn open_path(
    cx: &Cx,
    this: File,
    file: &Value,
    path: Option<std::ffi::CString>,
    opener: &Value,
    flags: fs::OFlags,
) -> Res<()> {
    use std::os::fd::IntoRawFd;
    if !opener.is_none() {
        let given = cx.call(opener, (file, flags.bits()))?;
        if !cx.has_index(&given) {
            return Err(cx.type_error("expected integer from opener"));
        }
        let fd = cx.long(&given)?;
        if fd < 0 {
            return Err(cx.value_error(format_args!("opener returned {fd}")));
        }
        this.fd.set(i32::try_from(fd).map_err(|_| cx.overflow_error("Python int too large to convert to C int"))?);
        // Whatever an opener gives is not to be inherited.
        return Fd::new(this.fd.get())
            .map_err(|error| io_error(cx, &error))
            .and_then(|fd| rustix::io::fcntl_setfd(fd, rustix::io::FdFlags::CLOEXEC).map_err(|e| os_error(cx, e)));
    }
    let Some(path) = path else { return Err(cx.system_error("a file has a path or a number")) };
    let opened = match system(cx, || fs::open(&path, flags, fs::Mode::from_raw_mode(0o666)))? {
        Err(Errno::NOENT) => {
            let found = crate::library::open(cx, &path, flags.bits() as i32);
            found.unwrap_or_else(|| Err(std::io::Error::from_raw_os_error(libc::ENOENT)))
        }
        opened => opened.map_err(std::io::Error::from),
    };
    let fd = opened.map_err(|error| cx.os_error_about(error.raw_os_error().unwrap_or(libc::EIO), Some(file), None))?;
    this.fd.set(fd.into_raw_fd());
    Ok(())
}

/// Looks at what was opened: no directory, and how large its blocks are.
fn look(cx: &Cx, this: File, name: &Value) -> Res<()> {
    this.block.set(super::DEFAULT_BUFFER_SIZE as u32);
    if this.is_hosted(cx) {
        return Ok(());
    }
    let fd = this.descriptor(cx)?;
    match fs::fstat(fd) {
        Ok(stat) => {
            if fs::FileType::from_raw_mode(stat.st_mode) == fs::FileType::Directory {
                return Err(cx.os_error_about(libc::EISDIR, Some(name), None));
            }
            if stat.st_blksize > 1 {
                this.block.set(stat.st_blksize as u32);
            }
            this.size.set(stat.st_size);
            this.seekable.set((fs::FileType::from_raw_mode(stat.st_mode) == fs::FileType::RegularFile).then_some(true));
            Ok(())
        }
        Err(Errno::BADF) => Err(cx.os_error_about(libc::EBADF, None, None)),
        Err(_) => Ok(()),
    }
}

impl FileIO {
    /// Whether it is closed.
    pub fn is_closed(&self) -> bool {
        self.fd.get() < 0
    }
    /// The number of the descriptor.
    pub fn number(&self) -> i32 {
        self.fd.get()
    }
    /// The best size of a buffer.
    pub fn block(&self) -> usize {
        self.block.get() as usize
    }
    /// Whether the host's streams are meant, not the system's.
    fn is_hosted(&self, cx: &Cx) -> bool {
        self.fd.get() <= 2 && !cx.has_system_streams()
    }
    fn descriptor(&self, cx: &Cx) -> Res<Fd> {
        if self.is_closed() {
            return Err(cx.value_error("I/O operation on closed file"));
        }
        Fd::new(self.fd.get()).map_err(|error| io_error(cx, &error))
    }
    fn mode(&self) -> &'static str {
        match (self.created.get(), self.appending.get(), self.readable.get(), self.writable.get()) {
            (true, _, true, _) => "xb+",
            (true, _, false, _) => "xb",
            (_, true, true, _) => "ab+",
            (_, true, false, _) => "ab",
            (_, _, true, true) => "rb+",
            (_, _, true, false) => "rb",
            _ => "wb",
        }
    }
    /// `ValueError` if it is closed, `UnsupportedOperation` if it was not opened for reading.
    fn check_readable(&self, cx: &Cx) -> Res<Fd> {
        let fd = self.descriptor(cx)?;
        if self.readable.get() { Ok(fd) } else { Err(unsupported(cx, "File not open for reading")) }
    }
    fn check_writable(&self, cx: &Cx) -> Res<Fd> {
        let fd = self.descriptor(cx)?;
        if self.writable.get() { Ok(fd) } else { Err(unsupported(cx, "File not open for writing")) }
    }

    /// Reads into bytes that nobody else has; how many, or nothing if there are none yet.
    pub fn read_some(&self, cx: &Cx, into: &mut [u8]) -> Res<Option<usize>> {
        let fd = self.check_readable(cx)?;
        if self.is_hosted(cx) {
            return self.read_hosted(cx, into).map(Some);
        }
        match system(cx, || rustix::io::read(fd, &mut *into))? {
            Ok(count) => Ok(Some(count)),
            Err(Errno::AGAIN) => Ok(None),
            Err(error) => Err(os_error(cx, error)),
        }
    }
    /// Writes bytes that nobody else has; how many, or nothing if it takes none yet.
    pub fn write_some(&self, cx: &Cx, bytes: &[u8]) -> Res<Option<usize>> {
        let fd = self.check_writable(cx)?;
        if self.is_hosted(cx) {
            let stream = self.fd.get() as u8;
            return match cx.write_standard(stream, bytes) {
                Ok(()) => Ok(Some(bytes.len())),
                Err(error) => Err(cx.os_error(&error, None)),
            };
        }
        match system(cx, || rustix::io::write(fd, bytes))? {
            Ok(count) => Ok(Some(count)),
            Err(Errno::AGAIN) => Ok(None),
            Err(error) => Err(os_error(cx, error)),
        }
    }
    /// Of the host's standard input: what is left of a line, or the next one.
    fn read_hosted(&self, cx: &Cx, into: &mut [u8]) -> Res<usize> {
        let empty = self.kept.with(cx, |kept| kept.is_empty())?;
        if empty {
            let line = cx.read_standard(usize::MAX / 2).map_err(|error| cx.os_error(&error, None))?;
            self.kept.with(cx, |kept| *kept = line)?;
        }
        self.kept.with(cx, |kept| {
            let count = kept.len().min(into.len());
            into[..count].copy_from_slice(&kept[..count]);
            kept.drain(..count);
            count
        })
    }
    /// All bytes that are left; nothing if there are none yet.
    pub fn read_rest(&self, cx: &Cx) -> Res<Option<Value>> {
        self.check_readable(cx)?;
        let mut all = ByteWriter::new(cx);
        // The size tells how much is to be read, and one byte more is asked for, which shows the end.
        let mut step = match (self.size.get(), self.seekable.get()) {
            (size, Some(true)) if size > 0 => {
                let at = Fd::new(self.fd.get()).ok().and_then(|fd| fs::tell(fd).ok()).unwrap_or(0);
                usize::try_from(size).unwrap_or(0).saturating_sub(at as usize) + 1
            }
            _ => super::DEFAULT_BUFFER_SIZE.min(8192),
        };
        loop {
            let before = all.len();
            all.push_zeros(step)?;
            let count = self.read_some(cx, &mut all.as_mut_slice()[before..])?;
            all.truncate(before + count.unwrap_or(0));
            match count {
                None if before == 0 => return Ok(None),
                None | Some(0) => return all.finish().map(Some),
                Some(count) if count < step => step = step.saturating_sub(count).max(256),
                Some(_) => step = all.len().clamp(8192, 16 << 20),
            }
            cx.work_on_bytes(step)?;
        }
    }
}

fn read(cx: &Cx, this: File, size: Size) -> Res<Option<Value>> {
    this.check_readable(cx)?;
    let Ok(size) = usize::try_from(size.0) else { return readall_of(cx, this) };
    let mut out = ByteWriter::zeros(cx, size)?;
    let count = this.read_some(cx, out.as_mut_slice())?;
    out.truncate(count.unwrap_or(0));
    count.map(|_| out.finish()).transpose()
}
fn readall_of(cx: &Cx, this: File) -> Res<Option<Value>> {
    if cx.is_exact::<FileIO>(this.value()) {
        return this.read_rest(cx);
    }
    cx.call_method(this.value(), "readall", ()).map(Some)
}
fn readall(cx: &Cx, this: File) -> Res<Option<Value>> {
    this.read_rest(cx)
}

/// Reads through a buffer of this call into another one's.
fn readinto(cx: &Cx, this: File, buffer: &Value) -> Res<Option<usize>> {
    this.check_readable(cx)?;
    let buffer = writable(cx, buffer, "readinto")?;
    let mut bytes = ByteWriter::zeros(cx, buffer.len())?;
    let count = this.read_some(cx, bytes.as_mut_slice())?;
    if let Some(count) = count {
        buffer.write(0, &bytes.as_slice()[..count]);
    }
    Ok(count)
}

fn write(cx: &Cx, this: File, bytes: Buffer) -> Res<Option<usize>> {
    this.check_writable(cx)?;
    // Another thread could change the bytes meanwhile.
    let mut copy = ByteWriter::new(cx);
    bytes.read(|bytes| copy.push(bytes))?;
    this.write_some(cx, copy.as_slice())
}

/// Goes to a position.
pub fn seek_to(cx: &Cx, this: File, offset: i64, whence: i32) -> Res<i64> {
    let fd = this.descriptor(cx)?;
    if this.is_hosted(cx) {
        return Err(cx.os_error_about(libc::ESPIPE, None, None));
    }
    let to = match whence {
        0 => match u64::try_from(offset) {
            Ok(offset) => SeekFrom::Start(offset),
            Err(_) => return Err(cx.os_error_about(libc::EINVAL, None, None)),
        },
        1 => SeekFrom::Current(offset),
        2 => SeekFrom::End(offset),
        3 if offset >= 0 => SeekFrom::Data(offset as u64),
        4 if offset >= 0 => SeekFrom::Hole(offset as u64),
        _ => return Err(cx.os_error_about(libc::EINVAL, None, None)),
    };
    match fs::seek(fd, to) {
        Ok(at) => {
            this.seekable.set(Some(true));
            Ok(at as i64)
        }
        Err(error) => Err(os_error(cx, error)),
    }
}

fn seek(cx: &Cx, this: File, pos: &Value, from: Value) -> Res<i64> {
    this.descriptor(cx)?;
    let (pos, from) = (offset(cx, pos)?, whence(cx, &from)?);
    seek_to(cx, this, pos, from)
}
fn tell(cx: &Cx, this: File) -> Res<i64> {
    seek_to(cx, this, 0, 1)
}
fn truncate(cx: &Cx, this: File, size: Value) -> Res {
    let fd = this.check_writable(cx)?;
    let size = if size.is_none() { tell(cx, this)?.into_value(cx)? } else { size };
    let length = offset(cx, &size)?;
    let Ok(length) = u64::try_from(length) else {
        return Err(cx.os_error_about(libc::EINVAL, None, None));
    };
    system(cx, || fs::ftruncate(fd, length))?.map_err(|error| os_error(cx, error))?;
    this.size.set(-1);
    Ok(size)
}

/// Closes the descriptor, which is closed whatever the system says.
fn close_descriptor(cx: &Cx, this: File) -> Res<()> {
    let fd = this.fd.replace(-1);
    if fd < 0 || fd <= 2 && !cx.has_system_streams() {
        return Ok(());
    }
    match cx.blocking(|| ryokan_system::close(fd)) {
        Err(error) if error.raw_os_error() != Some(libc::EINTR) => Err(io_error(cx, &error)),
        _ => Ok(()),
    }
}

fn close(cx: &Cx, this: File) -> Res<()> {
    if !this.closefd.get() {
        let closed = close_plainly(cx, this.value());
        this.fd.set(-1);
        return closed;
    }
    let flushed = close_plainly(cx, this.value());
    if this.finalizing.get() {
        cx.aside(|| match dealloc_warn(cx, this, this.value()) {
            Ok(()) => (),
            Err(raised) => cx.unraisable(raised, this.value()),
        });
    }
    match (flushed, this.fd.get() >= 0) {
        (Ok(()), true) => close_descriptor(cx, this),
        (Err(raised), true) => {
            let first = cx.take_raised(raised);
            match close_descriptor(cx, this) {
                Ok(()) => Err(cx.raise_value(first)),
                Err(later) => Err(cx.chain(later, first)),
            }
        }
        (flushed, _) => flushed,
    }
}

/// Warns that a file was not closed, which something else may be said to be.
fn dealloc_warn(cx: &Cx, this: File, source: &Value) -> Res<()> {
    if this.fd.get() < 0 || !this.closefd.get() {
        return Ok(());
    }
    let shown = cx.repr(source)?;
    cx.warn_about("ResourceWarning", &format!("unclosed file {shown}"), 1, Some(source)).or_else(|raised| {
        if cx.is_raised(&raised, "Warning") {
            cx.unraisable(raised, this.value());
        } else {
            drop(cx.take_raised(raised));
        }
        Ok(())
    })
}

fn seekable(cx: &Cx, this: File) -> Res<bool> {
    this.descriptor(cx)?;
    if this.seekable.get().is_none() {
        let found = match seek_to(cx, this, 0, 1) {
            Ok(_) => true,
            Err(raised) => {
                drop(cx.take_raised(raised));
                false
            }
        };
        this.seekable.set(Some(found));
    }
    Ok(this.seekable.get() == Some(true))
}
fn readable(cx: &Cx, this: File) -> Res<bool> {
    this.descriptor(cx)?;
    Ok(this.readable.get())
}
fn is_writable(cx: &Cx, this: File) -> Res<bool> {
    this.descriptor(cx)?;
    Ok(this.writable.get())
}
fn fileno(cx: &Cx, this: File) -> Res<i32> {
    this.descriptor(cx).map(Fd::number)
}
fn isatty(cx: &Cx, this: File) -> Res<bool> {
    let fd = this.descriptor(cx)?;
    Ok(if this.is_hosted(cx) { cx.is_terminal(this.fd.get() as u8) } else { rustix::termios::isatty(fd) })
}
fn isatty_open_only(cx: &Cx, this: File) -> Res<bool> {
    if this.seekable.get() == Some(true) { this.descriptor(cx).map(|_| false) } else { isatty(cx, this) }
}
fn getstate(cx: &Cx, this: File) -> Res {
    Err(no_pickle(cx, this.value()))
}

fn repr(cx: &Cx, this: File) -> Res {
    let class = cx.type_name(this.value());
    if this.is_closed() {
        return format_args!("<{class} [closed]>").into_value(cx);
    }
    let (mode, closefd) = (this.mode(), if this.closefd.get() { "True" } else { "False" });
    match cx.attr_opt(this.value(), "name")? {
        None => {
            format_args!("<{class} fd={} mode='{mode}' closefd={closefd}>", this.fd.get()).into_value(cx)
        }
        Some(name) => {
            let shown = cx.repr_once(this.value(), || cx.repr(&name)?.into_value(cx))?;
            let Some(shown) = shown else {
                return Err(cx.runtime_error(format_args!("reentrant call inside {class}.__repr__")));
            };
            let shown = cx.str(&shown)?;
            format_args!("<{class} name={shown} mode='{mode}' closefd={closefd}>").into_value(cx)
        }
    }
}
