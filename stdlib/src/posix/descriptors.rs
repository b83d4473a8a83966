//! Open files: reading, writing, and what else a descriptor can do.

use std::os::fd::IntoRawFd;

use ryokan_system as sys;
use ryokan_vm::native::*;

use super::args::{ANY, CWD, DirFd, Number, Path, call, done, is_missing, quick};

native_record! {
    /// The size of a terminal, in columns and lines.
    pub static TERMINAL_SIZE = "os.terminal_size" { columns, lines };
}

native_module! {
    /// A part of the module.
    "posix" {
        classes { "terminal_size" = &TERMINAL_SIZE; }
        functions {
            /// Opens a file and returns its descriptor, which other programs do not inherit.
            open(path: Path, flags: i32, mode: i32 = 511, *, dir_fd: DirFd = CWD => "None");
            /// Closes a descriptor.
            close(fd: Number);
            /// Closes the descriptors from fd_low on and below fd_high, whatever happens.
            closerange(fd_low: i32, fd_high: i32, /);
            /// Reads at most so many bytes.
            read(fd: Number, length: i64, /);
            /// Reads into a buffer; returns how many bytes.
            readinto(fd: Number, buffer: BufferMut, /);
            /// Reads into buffers, one after the other; returns how many bytes.
            readv(fd: Number, buffers: Value, /);
            /// Reads from a place, which the position does not follow.
            pread(fd: Number, length: i64, offset: i64, /);
            /// As readv() from a place.
            preadv(fd: Number, buffers: Value, offset: i64, flags: i32 = 0, /);
            /// Writes bytes; returns how many.
            write(fd: Number, data: Buffer, /);
            /// Writes the bytes of buffers, one after the other; returns how many.
            writev(fd: Number, buffers: Value, /);
            /// Writes to a place, which the position does not follow.
            pwrite(fd: Number, buffer: Buffer, offset: i64, /);
            /// As writev() to a place.
            pwritev(fd: Number, buffers: Value, offset: i64, flags: i32 = 0, /);
            /// Goes to a position, and returns it.
            lseek(fd: Number, position: i64, whence: i32, /);
            /// A copy of a descriptor, which other programs do not inherit.
            dup(fd: Number, /);
            /// Makes fd2 a copy of a descriptor.
            dup2(fd: Number, fd2: Number, inheritable: bool = true => "True");
            /// Writes a file to its device.
            fsync(fd: super::args::FileNo);
            /// Writes the data of a file to its device.
            fdatasync(fd: super::args::FileNo);
            /// Makes an open file as long as a length.
            ftruncate(fd: Number, length: i64, /);
            /// Whether it is a terminal.
            isatty(fd: Number, /);
            /// The path of a terminal.
            ttyname(fd: Number, /);
            /// The size of a terminal: a terminal_size.
            get_terminal_size(fd: i32 = 1 => "<unrepresentable>", /);
            /// A pipe: the descriptor to read from, and the one to write to.
            pipe();
            /// A pipe, with flags.
            pipe2(flags: i32, /);
            /// Whether a descriptor waits.
            get_blocking(fd: Number, /);
            /// Sets that.
            set_blocking(fd: Number, blocking: bool, /);
            /// Whether other programs inherit a descriptor.
            get_inheritable(fd: Number, /);
            /// Sets that.
            set_inheritable(fd: Number, inheritable: i32, /);
            /// Locks a part of a file, from the position on.
            lockf(fd: Number, command: i32, length: i64, /);
            /// Says how a part of a file will be used.
            posix_fadvise(fd: Number, offset: i64, length: i64, advice: i32, /);
            /// Reserves room for a part of a file.
            posix_fallocate(fd: Number, offset: i64, length: i64, /);
            /// Copies from one descriptor to another in the system; returns how many bytes.
            sendfile(out_fd: Number, in_fd: Number, offset: Value, count: i64);
            /// Copies between files in the system; returns how many bytes.
            copy_file_range(src: Number, dst: Number, count: i64, offset_src: Value = Value::NONE => "None", offset_dst: Value = Value::NONE => "None");
            /// Copies where one end is a pipe; returns how many bytes.
            splice(src: Number, dst: Number, count: i64, offset_src: Value = Value::NONE => "None", offset_dst: Value = Value::NONE => "None", flags: u32 = 0);
            /// A file that lies in memory.
            memfd_create(name: Path, flags: u32 = 1 => "MFD_CLOEXEC");
            /// A descriptor that counts, and can be waited for.
            eventfd(initval: u32, flags: i32 = 0x80000 => "EFD_CLOEXEC");
            /// Reads the count.
            eventfd_read(fd: Number);
            /// Adds to the count.
            eventfd_write(fd: Number, value: u64);
            /// Both ends of a pseudo-terminal.
            openpty();
            /// Opens a pseudo-terminal.
            posix_openpt(oflag: i32, /);
            /// Prepares the other end of a pseudo-terminal.
            grantpt(fd: Number, /);
            /// Unlocks the other end of a pseudo-terminal.
            unlockpt(fd: Number, /);
            /// The path of the other end of a pseudo-terminal.
            ptsname(fd: Number, /);
            /// Makes a terminal the controlling one, and the standard streams.
            login_tty(fd: Number, /);
            /// The process group of a terminal.
            tcgetpgrp(fd: Number, /);
            /// Sets the process group of a terminal.
            tcsetpgrp(fd: Number, pgid: i32, /);
            /// A limit or feature of an open file, by name or number.
            fpathconf(fd: Number, name: Value, /);
            /// The encoding of a terminal, or None.
            device_encoding(fd: i32);
        }
    }
}

fn files(cx: &Cx) -> Res<()> {
    cx.require(Capability::Files)
}
/// The size of a read; `OSError` if it is negative.
fn room(cx: &Cx, length: i64) -> Res<usize> {
    usize::try_from(length).map_err(|_| cx.os_error_about(libc::EINVAL, None, None))
}

fn open(cx: &Cx, path: Path, flags: i32, mode: i32, dir: DirFd) -> Res<i64> {
    files(cx)?;
    let opened = match call(cx, || sys::open_at(dir.0, &path.0.c, flags, mode as u32))? {
        Err(error) if is_missing(&error) => {
            let found = crate::library::open(cx, &path.0.c, flags);
            found.map_or(Err(error), |opened| opened.map(|fd| i64::from(fd.into_raw_fd())))
        }
        opened => opened,
    };
    opened.map_err(|error| path.error(cx, &error))
}
fn close(cx: &Cx, fd: Number) -> Res<()> {
    files(cx)?;
    // It is closed even if a signal interrupts that.
    match cx.blocking(|| sys::close(fd.0)) {
        Err(error) if error.raw_os_error() != Some(libc::EINTR) => quick(cx, Err(error)),
        _ => Ok(()),
    }
}
fn closerange(cx: &Cx, low: i32, high: i32) -> Res<()> {
    files(cx)?;
    cx.blocking(|| sys::close_range(low, high.saturating_sub(1)));
    Ok(())
}

fn read(cx: &Cx, fd: Number, length: i64) -> Res {
    files(cx)?;
    let mut out = ByteWriter::zeros(cx, room(cx, length)?)?;
    let buffer = out.as_mut_slice();
    let count = done(cx, || sys::read(fd.0, buffer))?;
    out.truncate(count);
    out.finish()
}
fn pread(cx: &Cx, fd: Number, length: i64, offset: i64) -> Res {
    files(cx)?;
    let mut out = ByteWriter::zeros(cx, room(cx, length)?)?;
    let buffer = out.as_mut_slice();
    let count = done(cx, || sys::pread(fd.0, offset, buffer))?;
    out.truncate(count);
    out.finish()
}
/// Reads into buffers of somebody else's, through one of this call.
fn scatter(cx: &Cx, fd: Number, buffers: &[BufferMut], at: Option<(i64, i32)>) -> Res<usize> {
    files(cx)?;
    let mut out = ByteWriter::zeros(cx, buffers.iter().map(BufferMut::len).sum())?;
    let bytes = out.as_mut_slice();
    let count = done(cx, || match at {
        Some((offset, 0)) => sys::pread(fd.0, offset, bytes),
        Some((offset, flags)) => sys::pread_with(fd.0, offset, bytes, flags),
        None => sys::read(fd.0, bytes),
    })?;
    let mut rest = &out.as_slice()[..count];
    for buffer in buffers {
        let (now, later) = rest.split_at(buffer.len().min(rest.len()));
        buffer.write(0, now);
        rest = later;
    }
    Ok(count)
}
fn buffers_of(cx: &Cx, values: &Value, function: &'static str) -> Res<Vec<BufferMut>> {
    cx.expect_sequence(values)
        .map_err(|raised| {
            drop(cx.take_raised(raised));
            cx.type_error(format_args!("{function}() arg 2 must be a sequence"))
        })?;
    let list = List::from_iterable(cx, values)?;
    (0..list.len()).filter_map(|at| list.get(at)).map(|value| BufferMut::from_arg(cx, &value, &Place { function, ..ANY })).collect()
}
fn readinto(cx: &Cx, fd: Number, buffer: BufferMut) -> Res<usize> {
    scatter(cx, fd, &[buffer], None)
}
fn readv(cx: &Cx, fd: Number, buffers: Value) -> Res<usize> {
    scatter(cx, fd, &buffers_of(cx, &buffers, "readv")?, None)
}
fn preadv(cx: &Cx, fd: Number, buffers: Value, offset: i64, flags: i32) -> Res<usize> {
    scatter(cx, fd, &buffers_of(cx, &buffers, "preadv")?, Some((offset, flags)))
}

/// Writes bytes that nobody can change meanwhile.
fn gather(cx: &Cx, fd: Number, buffers: &[Buffer], at: Option<(i64, i32)>) -> Res<usize> {
    files(cx)?;
    let mut copy = ByteWriter::new(cx);
    for buffer in buffers {
        buffer.read(|bytes| copy.push(bytes))?;
    }
    let bytes = copy.as_slice();
    done(cx, || match at {
        Some((offset, 0)) => sys::pwrite(fd.0, offset, bytes),
        Some((offset, flags)) => sys::pwrite_with(fd.0, offset, bytes, flags),
        None => sys::write(fd.0, bytes),
    })
}
fn sources_of(cx: &Cx, values: &Value, function: &str) -> Res<Vec<Buffer>> {
    cx.expect_sequence(values)
        .map_err(|raised| {
            drop(cx.take_raised(raised));
            cx.type_error(format_args!("{function}() arg 2 must be a sequence"))
        })?;
    let list = List::from_iterable(cx, values)?;
    (0..list.len()).filter_map(|at| list.get(at)).map(|value| Buffer::of(cx, &value)).collect()
}
fn write(cx: &Cx, fd: Number, data: Buffer) -> Res<usize> {
    gather(cx, fd, &[data], None)
}
fn writev(cx: &Cx, fd: Number, buffers: Value) -> Res<usize> {
    gather(cx, fd, &sources_of(cx, &buffers, "writev")?, None)
}
fn pwrite(cx: &Cx, fd: Number, buffer: Buffer, offset: i64) -> Res<usize> {
    gather(cx, fd, &[buffer], Some((offset, 0)))
}
fn pwritev(cx: &Cx, fd: Number, buffers: Value, offset: i64, flags: i32) -> Res<usize> {
    gather(cx, fd, &sources_of(cx, &buffers, "pwritev")?, Some((offset, flags)))
}

/// Calls that take a descriptor and numbers.
macro_rules! plain {
    ($($name:ident($($arg:ident: $ty:ty),*) -> $out:ty = $call:expr;)*) => { $(
        fn $name(cx: &Cx, $($arg: $ty),*) -> Res<$out> {
            files(cx)?;
            done(cx, || $call)
        }
    )* };
}
plain! {
    lseek(fd: Number, position: i64, whence: i32) -> i64 = sys::lseek(fd.0, position, whence);
    dup(fd: Number) -> i64 = sys::dup(fd.0);
    fsync(fd: super::args::FileNo) -> () = sys::fsync(fd.0).map(drop);
    fdatasync(fd: super::args::FileNo) -> () = sys::fdatasync(fd.0).map(drop);
    ftruncate(fd: Number, length: i64) -> () = sys::ftruncate(fd.0, length).map(drop);
    pipe2(flags: i32) -> (i32, i32) = sys::pipe(flags).map(|[read, write]| (read, write));
    lockf(fd: Number, command: i32, length: i64) -> () = sys::lockf(fd.0, command, length).map(drop);
    posix_fadvise(fd: Number, offset: i64, length: i64, advice: i32) -> () = sys::fadvise(fd.0, offset, length, advice).map(drop);
    posix_fallocate(fd: Number, offset: i64, length: i64) -> () = sys::fallocate(fd.0, offset, length).map(drop);
    eventfd(initval: u32, flags: i32) -> i64 = sys::eventfd(initval, flags);
    openpty() -> (i32, i32) = sys::openpty();
    posix_openpt(flags: i32) -> i64 = sys::posix_openpt(flags);
    grantpt(fd: Number) -> () = sys::grantpt(fd.0).map(drop);
    unlockpt(fd: Number) -> () = sys::unlockpt(fd.0).map(drop);
    login_tty(fd: Number) -> () = sys::login_tty(fd.0);
    tcgetpgrp(fd: Number) -> i64 = sys::tcgetpgrp(fd.0);
    tcsetpgrp(fd: Number, group: i32) -> () = sys::tcsetpgrp(fd.0, group).map(drop);
}

fn dup2(cx: &Cx, fd: Number, to: Number, inheritable: bool) -> Res<i64> {
    files(cx)?;
    if fd.0 < 0 || to.0 < 0 {
        return Err(cx.os_error_about(libc::EBADF, None, None));
    }
    done(cx, || match inheritable || fd.0 == to.0 {
        true => sys::dup2(fd.0, to.0),
        false => sys::dup3(fd.0, to.0, libc::O_CLOEXEC),
    })
}
fn pipe(cx: &Cx) -> Res<(i32, i32)> {
    pipe2(cx, libc::O_CLOEXEC)
}
fn isatty(cx: &Cx, fd: Number) -> bool {
    let _ = cx;
    sys::isatty(fd.0).is_ok_and(|answer| answer == 1)
}
fn ttyname(cx: &Cx, fd: Number) -> Res {
    files(cx)?;
    cx.from_system(&quick(cx, sys::ttyname(fd.0))?)
}
fn ptsname(cx: &Cx, fd: Number) -> Res {
    files(cx)?;
    cx.from_system(&quick(cx, sys::ptsname(fd.0))?)
}
fn get_terminal_size(cx: &Cx, fd: i32) -> Res {
    let size = quick(cx, sys::window(fd))?;
    cx.record(&TERMINAL_SIZE, [i32::from(size.ws_col), i32::from(size.ws_row)])
}
fn get_blocking(cx: &Cx, fd: Number) -> Res<bool> {
    let flags = quick(cx, sys::fcntl(fd.0, libc::F_GETFL, 0))?;
    Ok(flags & i64::from(libc::O_NONBLOCK) == 0)
}
fn set_blocking(cx: &Cx, fd: Number, blocking: bool) -> Res<()> {
    let flags = quick(cx, sys::fcntl(fd.0, libc::F_GETFL, 0))?;
    let wanted = if blocking { flags & !i64::from(libc::O_NONBLOCK) } else { flags | i64::from(libc::O_NONBLOCK) };
    quick(cx, sys::fcntl(fd.0, libc::F_SETFL, wanted)).map(drop)
}
fn get_inheritable(cx: &Cx, fd: Number) -> Res<bool> {
    let flags = quick(cx, sys::fcntl(fd.0, libc::F_GETFD, 0))?;
    Ok(flags & i64::from(libc::FD_CLOEXEC) == 0)
}
fn set_inheritable(cx: &Cx, fd: Number, inheritable: i32) -> Res<()> {
    let flags = quick(cx, sys::fcntl(fd.0, libc::F_GETFD, 0))?;
    let close = i64::from(libc::FD_CLOEXEC);
    let wanted = if inheritable != 0 { flags & !close } else { flags | close };
    quick(cx, sys::fcntl(fd.0, libc::F_SETFD, wanted)).map(drop)
}

/// A place, of None or a number that is not negative.
fn place(cx: &Cx, value: &Value) -> Res<Option<i64>> {
    if value.is_none() { Ok(None) } else { crate::io::offset(cx, value).map(Some) }
}
fn count_of(cx: &Cx, count: i64) -> Res<usize> {
    usize::try_from(count).map_err(|_| cx.value_error("negative value for 'count' not allowed"))
}
fn sendfile(cx: &Cx, out: Number, from: Number, offset: Value, count: i64) -> Res<usize> {
    files(cx)?;
    let (mut offset, count) = (place(cx, &offset)?, room(cx, count)?);
    done(cx, || sys::sendfile(out.0, from.0, offset.as_mut(), count))
}
fn copy_file_range(cx: &Cx, src: Number, dst: Number, count: i64, from: Value, to: Value) -> Res<usize> {
    files(cx)?;
    let (mut from, mut to, count) = (place(cx, &from)?, place(cx, &to)?, count_of(cx, count)?);
    done(cx, || sys::copy_file_range(src.0, from.as_mut(), dst.0, to.as_mut(), count))
}
fn splice(cx: &Cx, src: Number, dst: Number, count: i64, from: Value, to: Value, flags: u32) -> Res<usize> {
    files(cx)?;
    let (mut from, mut to, count) = (place(cx, &from)?, place(cx, &to)?, count_of(cx, count)?);
    done(cx, || sys::splice(src.0, from.as_mut(), dst.0, to.as_mut(), count, flags))
}
fn memfd_create(cx: &Cx, name: Path, flags: u32) -> Res<i64> {
    files(cx)?;
    done(cx, || sys::memfd_create(&name.0.c, flags))
}
fn eventfd_read(cx: &Cx, fd: Number) -> Res<u64> {
    let mut bytes = [0; 8];
    done(cx, || sys::read(fd.0, &mut bytes))?;
    Ok(u64::from_ne_bytes(bytes))
}
fn eventfd_write(cx: &Cx, fd: Number, value: u64) -> Res<()> {
    done(cx, || sys::write(fd.0, &value.to_ne_bytes())).map(drop)
}
fn fpathconf(cx: &Cx, fd: Number, name: Value) -> Res<i64> {
    let name = super::names::number(cx, &name, super::names::PATHCONF)?;
    quick(cx, sys::fpathconf(fd.0, name))
}
fn device_encoding(cx: &Cx, fd: i32) -> Res<Option<Value>> {
    if isatty(cx, Number(fd)) { cx.intern("utf-8").map(Some) } else { Ok(None) }
}
