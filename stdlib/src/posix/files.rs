//! Files by their paths: making, removing, renaming, and changing what is about them.

use ryokan_system as sys;
use ryokan_vm::native::*;

use super::args::{self, CWD, DirFd, Id, Number, Path, PathArg, PathOrFd, call, done, is_missing, name_value, number};
use crate::library;

native_module! {
    /// A part of the module.
    "posix" {
        functions {
            /// Whether the user may use a path so: F_OK, or R_OK, W_OK and X_OK together.
            access(path: Path, mode: i32, *, dir_fd: DirFd = CWD => "None", effective_ids: bool = false => "False", follow_symlinks: bool = true => "True");
            /// Changes the working directory.
            chdir(path: PathOrFd);
            /// Changes the working directory to an open one.
            fchdir(fd: Number);
            /// Changes the root directory.
            chroot(path: Path);
            /// Changes the mode of a file.
            chmod(path: PathOrFd, mode: i32, *, dir_fd: DirFd = CWD => "None", follow_symlinks: bool = true => "(os.name != 'nt')");
            /// Changes the mode of an open file.
            fchmod(fd: Number, mode: i32);
            /// Changes owner and group of a file; -1 leaves one as it is.
            chown(path: PathOrFd, uid: Value, gid: Value, *, dir_fd: DirFd = CWD => "None", follow_symlinks: bool = true => "True");
            /// The same of an open file.
            fchown(fd: Number, uid: Value, gid: Value);
            /// The same of a symbolic link itself.
            lchown(path: Path, uid: Value, gid: Value);
            /// The working directory.
            getcwd();
            /// The working directory, as bytes.
            getcwdb();
            /// Gives a file another name, too.
            link(src: Path, dst: Path, *, src_dir_fd: DirFd = CWD => "None", dst_dir_fd: DirFd = CWD => "None", follow_symlinks: bool = true => "(os.name != 'nt')");
            /// Makes a symbolic link at dst that points to src.
            symlink(src: Path, dst: Path, target_is_directory: bool = false => "False", *, dir_fd: DirFd = CWD => "None");
            /// Where a symbolic link points to.
            readlink(path: Path, *, dir_fd: DirFd = CWD => "None");
            /// Renames a file; another one that has the name goes.
            rename(src: Path, dst: Path, *, src_dir_fd: DirFd = CWD => "None", dst_dir_fd: DirFd = CWD => "None");
            /// The same.
            replace(src: Path, dst: Path, *, src_dir_fd: DirFd = CWD => "None", dst_dir_fd: DirFd = CWD => "None");
            /// Removes a file.
            remove(path: Path, *, dir_fd: DirFd = CWD => "None") = unlink;
            /// The same.
            unlink(path: Path, *, dir_fd: DirFd = CWD => "None");
            /// Removes an empty directory.
            rmdir(path: Path, *, dir_fd: DirFd = CWD => "None");
            /// Makes a directory.
            mkdir(path: Path, mode: i32 = 511, *, dir_fd: DirFd = CWD => "None");
            /// Makes a named pipe.
            mkfifo(path: Path, mode: i32 = 438, *, dir_fd: DirFd = CWD => "None");
            /// Makes a node: a file, a named pipe, or what stands for a device.
            mknod(path: Path, mode: i32 = 384, device: u64 = 0, *, dir_fd: DirFd = CWD => "None");
            /// Makes a file as long as a length.
            truncate(path: PathOrFd, length: i64);
            /// Sets the times of access and change of a file: two numbers of seconds, or of nanoseconds as ns; the current time without.
            utime(path: PathOrFd, times: Value = Value::NONE => "None", *, ns: Given = Given(None) => "None", dir_fd: DirFd = CWD => "None", follow_symlinks: bool = true => "True");
            /// The value of an extended attribute.
            getxattr(path: PathOrFd, attribute: Path, *, follow_symlinks: bool = true => "True");
            /// Sets an extended attribute.
            setxattr(path: PathOrFd, attribute: Path, value: Buffer, flags: i32 = 0, *, follow_symlinks: bool = true => "True");
            /// Removes an extended attribute.
            removexattr(path: PathOrFd, attribute: Path, *, follow_symlinks: bool = true => "True");
            /// The names of the extended attributes.
            listxattr(path: args::DirOrFd = here() => "None", *, follow_symlinks: bool = true => "True");
            /// A limit or feature of a file, by name or number.
            pathconf(path: PathOrFd, name: Value);
        }
    }
}

/// The working directory, as if None was given.
pub fn here() -> args::DirOrFd {
    args::DirOrFd(PathArg::here())
}

/// Does something to a path; what fails is about it. The library's files cannot be changed.
fn at(cx: &Cx, path: &PathArg, make: impl FnMut() -> std::io::Result<i64> + Send) -> Res<()> {
    cx.require(Capability::Files)?;
    match call(cx, make)? {
        Ok(_) => Ok(()),
        Err(error) if is_missing(&error) && library::find(cx, &path.c).is_some() => {
            Err(path.error(cx, &std::io::Error::from_raw_os_error(libc::EROFS)))
        }
        Err(error) => Err(path.error(cx, &error)),
    }
}
/// The same where what fails names no path.
fn made_at(cx: &Cx, path: &PathArg, make: impl FnMut() -> std::io::Result<i64> + Send) -> Res<()> {
    at(cx, &PathArg { c: path.c.clone(), ..PathArg::here() }, make)
}
/// The same of two.
fn at_both(cx: &Cx, from: &PathArg, to: &PathArg, make: impl FnMut() -> std::io::Result<i64> + Send) -> Res<()> {
    cx.require(Capability::Files)?;
    match call(cx, make)? {
        Ok(_) => Ok(()),
        Err(error) => {
            let fixed = is_missing(&error) && library::find(cx, &from.c).is_some();
            let number = if fixed { libc::EROFS } else { number(&error) };
            Err(cx.os_error_about(number, Some(&from.given), Some(&to.given)))
        }
    }
}
fn nofollow(follow: bool) -> i32 {
    if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW }
}

fn access(cx: &Cx, path: Path, mode: i32, dir: DirFd, effective_ids: bool, follow: bool) -> Res<bool> {
    cx.require(Capability::Files)?;
    let flags = nofollow(follow) | if effective_ids { libc::AT_EACCESS } else { 0 };
    match call(cx, || sys::access_at(dir.0, &path.0.c, mode, flags))? {
        Ok(_) => Ok(true),
        Err(error) => Ok(is_missing(&error) && library::allows(cx, &path.0.c, mode)),
    }
}
fn chdir(cx: &Cx, path: PathOrFd) -> Res<()> {
    cx.require(Capability::Environment)?;
    at(cx, &path, || path.0.fd.map_or_else(|| sys::chdir(&path.0.c), sys::fchdir))
}
fn fchdir(cx: &Cx, fd: Number) -> Res<()> {
    cx.require(Capability::Environment)?;
    done(cx, || sys::fchdir(fd.0)).map(drop)
}
fn chroot(cx: &Cx, path: Path) -> Res<()> {
    cx.require(Capability::Processes)?;
    at(cx, &path, || sys::chroot(&path.0.c))
}
fn chmod(cx: &Cx, path: PathOrFd, mode: i32, dir: DirFd, follow: bool) -> Res<()> {
    path.no_fd_with(cx, "chmod", dir, follow)?;
    at(cx, &path, || match path.0.fd {
        Some(fd) => sys::fchmod(fd, mode as u32),
        None => sys::chmod_at(dir.0, &path.0.c, mode as u32, nofollow(follow)),
    })
}
fn fchmod(cx: &Cx, fd: Number, mode: i32) -> Res<()> {
    cx.require(Capability::Files)?;
    done(cx, || sys::fchmod(fd.0, mode as u32)).map(drop)
}
fn ids(cx: &Cx, uid: &Value, gid: &Value) -> Res<(u32, u32)> {
    Ok((Id::of(cx, uid, "uid")?.0, Id::of(cx, gid, "gid")?.0))
}
fn chown(cx: &Cx, path: PathOrFd, uid: Value, gid: Value, dir: DirFd, follow: bool) -> Res<()> {
    let (uid, gid) = ids(cx, &uid, &gid)?;
    path.no_fd_with(cx, "chown", dir, follow)?;
    at(cx, &path, || match path.0.fd {
        Some(fd) => sys::fchown(fd, uid, gid),
        None => sys::chown_at(dir.0, &path.0.c, uid, gid, nofollow(follow)),
    })
}
fn fchown(cx: &Cx, fd: Number, uid: Value, gid: Value) -> Res<()> {
    let (uid, gid) = ids(cx, &uid, &gid)?;
    cx.require(Capability::Files)?;
    done(cx, || sys::fchown(fd.0, uid, gid)).map(drop)
}
fn lchown(cx: &Cx, path: Path, uid: Value, gid: Value) -> Res<()> {
    let (uid, gid) = ids(cx, &uid, &gid)?;
    at(cx, &path, || sys::chown_at(CWD.0, &path.0.c, uid, gid, libc::AT_SYMLINK_NOFOLLOW))
}

fn cwd(cx: &Cx) -> Res<Vec<u8>> {
    use std::os::unix::ffi::OsStringExt;
    cx.require(Capability::Environment)?;
    let found = std::env::current_dir().map_err(|error| cx.os_error_about(number(&error), None, None))?;
    Ok(found.into_os_string().into_vec())
}
fn getcwd(cx: &Cx) -> Res {
    cx.from_system(&cwd(cx)?)
}
fn getcwdb(cx: &Cx) -> Res<Bytes> {
    Bytes::new(cx, &cwd(cx)?)
}

fn link(cx: &Cx, src: Path, dst: Path, from: DirFd, to: DirFd, follow: bool) -> Res<()> {
    // Following is what the system does not do by itself.
    let flags = if follow { libc::AT_SYMLINK_FOLLOW } else { 0 };
    at_both(cx, &src, &dst, || sys::link_at(from.0, &src.0.c, to.0, &dst.0.c, flags))
}
fn symlink(cx: &Cx, src: Path, dst: Path, _: bool, dir: DirFd) -> Res<()> {
    at_both(cx, &src, &dst, || sys::symlink_at(&src.0.c, dir.0, &dst.0.c))
}
fn readlink(cx: &Cx, path: Path, dir: DirFd) -> Res {
    cx.require(Capability::Files)?;
    let mut target = vec![0; libc::PATH_MAX as usize];
    let found = call(cx, || sys::readlink_at(dir.0, &path.0.c, &mut target))?;
    let length = found.map_err(|error| {
        let is_link = !(is_missing(&error) && library::find(cx, &path.0.c).is_some());
        path.error(cx, &if is_link { error } else { std::io::Error::from_raw_os_error(libc::EINVAL) })
    })?;
    name_value(cx, &target[..length], path.is_bytes)
}
fn rename(cx: &Cx, src: Path, dst: Path, from: DirFd, to: DirFd) -> Res<()> {
    at_both(cx, &src, &dst, || sys::rename_at(from.0, &src.0.c, to.0, &dst.0.c))
}
fn replace(cx: &Cx, src: Path, dst: Path, from: DirFd, to: DirFd) -> Res<()> {
    rename(cx, src, dst, from, to)
}
fn unlink(cx: &Cx, path: Path, dir: DirFd) -> Res<()> {
    at(cx, &path, || sys::unlink_at(dir.0, &path.0.c, 0))
}
fn rmdir(cx: &Cx, path: Path, dir: DirFd) -> Res<()> {
    at(cx, &path, || sys::unlink_at(dir.0, &path.0.c, libc::AT_REMOVEDIR))
}
fn mkdir(cx: &Cx, path: Path, mode: i32, dir: DirFd) -> Res<()> {
    at(cx, &path, || sys::mkdir_at(dir.0, &path.0.c, mode as u32))
}
fn mkfifo(cx: &Cx, path: Path, mode: i32, dir: DirFd) -> Res<()> {
    made_at(cx, &path, || sys::mkfifo_at(dir.0, &path.0.c, mode as u32))
}
fn mknod(cx: &Cx, path: Path, mode: i32, device: u64, dir: DirFd) -> Res<()> {
    made_at(cx, &path, || sys::mknod_at(dir.0, &path.0.c, mode as u32, device))
}
fn truncate(cx: &Cx, path: PathOrFd, length: i64) -> Res<()> {
    match path.0.fd {
        Some(fd) => {
            cx.require(Capability::Files)?;
            done(cx, || sys::ftruncate(fd, length)).map(drop)
        }
        None => at(cx, &path, || sys::truncate(&path.0.c, length)),
    }
}

/// A time of a number of seconds. Runs Python.
fn seconds(cx: &Cx, value: &Value) -> Res<libc::timespec> {
    if cx.is_int(value) {
        return Ok(libc::timespec { tv_sec: time_t(cx, cx.index_i128(value)?)?, tv_nsec: 0 });
    }
    let seconds = cx.float(value)?;
    if seconds.is_nan() {
        return Err(cx.value_error("Invalid value NaN (not a number)"));
    }
    let whole = seconds.floor();
    let mut nanos = ((seconds - whole) * 1e9).floor();
    let mut whole = if whole.abs() < 9.2e18 { whole as i64 } else { time_t(cx, None)? };
    if nanos >= 1e9 {
        nanos -= 1e9;
        whole += 1;
    }
    Ok(libc::timespec { tv_sec: whole, tv_nsec: nanos as i64 })
}
fn time_t(cx: &Cx, number: Option<i128>) -> Res<i64> {
    number
        .and_then(|n| i64::try_from(n).ok())
        .ok_or(())
        .map_err(|()| cx.overflow_error("timestamp out of range for platform time_t"))
}
fn nanoseconds(cx: &Cx, value: &Value) -> Res<libc::timespec> {
    if !cx.has_index(value) {
        let kind = cx.type_name(value);
        return Err(cx.type_error(format_args!("'{kind}' object cannot be interpreted as an integer")));
    }
    let nanos = cx.index_i128(value)?;
    let whole = time_t(cx, nanos.map(|n| n.div_euclid(1_000_000_000)))?;
    Ok(libc::timespec { tv_sec: whole, tv_nsec: nanos.unwrap_or(0).rem_euclid(1_000_000_000) as i64 })
}

fn utime(cx: &Cx, path: PathOrFd, times: Value, ns: Given, dir: DirFd, follow: bool) -> Res<()> {
    let pair = |value: &Value, what: &str| -> Res<(Value, Value)> {
        match Tuple::of(value).as_ref().map(Tuple::as_slice) {
            Some([atime, mtime]) => Ok((atime.clone(), mtime.clone())),
            _ => Err(cx.type_error(format_args!("utime: '{what}' must be {}", if what == "ns" { "a tuple of two ints" } else { "either a tuple of two ints or None" }))),
        }
    };
    let when = match ns.0 {
        Some(_) if !times.is_none() => {
            return Err(cx.value_error("utime: you may specify either 'times' or 'ns' but not both"));
        }
        Some(ns) => {
            let (atime, mtime) = pair(&ns, "ns")?;
            Some([nanoseconds(cx, &atime)?, nanoseconds(cx, &mtime)?])
        }
        None if times.is_none() => None,
        None => {
            let (atime, mtime) = pair(&times, "times")?;
            Some([seconds(cx, &atime)?, seconds(cx, &mtime)?])
        }
    };
    path.no_fd_with(cx, "utime", dir, follow)?;
    at(cx, &path, || {
        match path.0.fd {
            Some(fd) => sys::futimens(fd, when),
            None => sys::utimens_at(dir.0, &path.0.c, when, nofollow(follow)),
        }
        .map(|()| 0)
    })
}

/// Asks a call for bytes, first how many.
fn sized(cx: &Cx, path: &PathArg, none: std::io::Result<Vec<u8>>, mut ask: impl FnMut(&mut [u8]) -> std::io::Result<usize> + Send) -> Res<Vec<u8>> {
    cx.require(Capability::Files)?;
    loop {
        let length = match call(cx, || ask(&mut []))? {
            Ok(length) => length,
            // The library's files have none.
            Err(error) if is_missing(&error) && library::find(cx, &path.c).is_some() => {
                return none.map_or_else(|error| Err(path.error(cx, &error)), Ok);
            }
            Err(error) => return Err(path.error(cx, &error)),
        };
        let mut buffer = vec![0; length];
        if length == 0 {
            return Ok(buffer);
        }
        match call(cx, || ask(&mut buffer))? {
            Ok(length) => {
                buffer.truncate(length);
                return Ok(buffer);
            }
            // It has grown meanwhile.
            Err(error) if error.raw_os_error() == Some(libc::ERANGE) => {}
            Err(error) => return Err(path.error(cx, &error)),
        }
    }
}
fn check_follow(cx: &Cx, path: &PathArg, function: &str, follow: bool) -> Res<()> {
    path.no_fd_with(cx, function, CWD, follow)
}
fn getxattr(cx: &Cx, path: PathOrFd, name: Path, follow: bool) -> Res<Bytes> {
    check_follow(cx, &path, "getxattr", follow)?;
    let value = sized(cx, &path, Err(std::io::Error::from_raw_os_error(libc::ENODATA)), |buffer| match (path.0.fd, follow) {
        (Some(fd), _) => sys::fgetxattr(fd, &name.0.c, buffer),
        (None, true) => sys::getxattr(&path.0.c, &name.0.c, buffer),
        (None, false) => sys::lgetxattr(&path.0.c, &name.0.c, buffer),
    })?;
    Bytes::new(cx, &value)
}
fn setxattr(cx: &Cx, path: PathOrFd, name: Path, value: Buffer, flags: i32, follow: bool) -> Res<()> {
    check_follow(cx, &path, "setxattr", follow)?;
    let mut copy = ByteWriter::new(cx);
    value.read(|bytes| copy.push(bytes))?;
    let bytes = copy.as_slice();
    at(cx, &path, || {
        match (path.0.fd, follow) {
            (Some(fd), _) => sys::fsetxattr(fd, &name.0.c, flags, bytes),
            (None, true) => sys::setxattr(&path.0.c, &name.0.c, flags, bytes),
            (None, false) => sys::lsetxattr(&path.0.c, &name.0.c, flags, bytes),
        }
        .map(|_| 0)
    })
}
fn removexattr(cx: &Cx, path: PathOrFd, name: Path, follow: bool) -> Res<()> {
    check_follow(cx, &path, "removexattr", follow)?;
    at(cx, &path, || match (path.0.fd, follow) {
        (Some(fd), _) => sys::fremovexattr(fd, &name.0.c),
        (None, true) => sys::removexattr(&path.0.c, &name.0.c),
        (None, false) => sys::lremovexattr(&path.0.c, &name.0.c),
    })
}
fn listxattr(cx: &Cx, path: args::DirOrFd, follow: bool) -> Res<List> {
    check_follow(cx, &path, "listxattr", follow)?;
    let names = sized(cx, &path, Ok(Vec::new()), |buffer| match (path.0.fd, follow) {
        (Some(fd), _) => sys::flistxattr(fd, buffer),
        (None, true) => sys::listxattr(&path.0.c, buffer),
        (None, false) => sys::llistxattr(&path.0.c, buffer),
    })?;
    let list = List::new(cx, 0)?;
    for name in names.split(|byte| *byte == 0).filter(|name| !name.is_empty()) {
        list.push(cx, cx.from_system(name)?)?;
    }
    Ok(list)
}
fn pathconf(cx: &Cx, path: PathOrFd, name: Value) -> Res<i64> {
    let name = super::names::number(cx, &name, super::names::PATHCONF)?;
    cx.require(Capability::Files)?;
    let found = match path.0.fd {
        Some(fd) => sys::fpathconf(fd, name),
        None => sys::pathconf(&path.0.c, name),
    };
    found.map_err(|error| path.error(cx, &error))
}
