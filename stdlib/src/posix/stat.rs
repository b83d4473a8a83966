//! What the system knows of files and file systems.

use ryokan_vm::native::*;

use super::args::{self, DirFd, Number, PathArg, PathOrFd, call, is_missing, quick};
use crate::library;

native_record! {
    /// What the system knows of a file: mode, number, device, links, owner, group, size and times; further attributes have the times as
    /// floats and in nanoseconds.
    pub static STAT_RESULT = "os.stat_result" {
        st_mode, st_ino, st_dev, st_nlink, st_uid, st_gid, st_size, _st_atime, _st_mtime, _st_ctime;
        st_atime, st_mtime, st_ctime, st_atime_ns, st_mtime_ns, st_ctime_ns, st_blksize, st_blocks, st_rdev
    };
    /// What the system knows of a file system: sizes of blocks, how many there are and are free, files, flags and the longest name.
    pub static STATVFS_RESULT = "os.statvfs_result" {
        f_bsize, f_frsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail, f_flag, f_namemax; f_fsid
    };
}

native_module! {
    /// A part of the module.
    "posix" {
        classes { "stat_result" = &STAT_RESULT; "statvfs_result" = &STATVFS_RESULT; }
        functions {
            /// What the system knows of a file: a stat_result. The path may be an open descriptor; with follow_symlinks=False a symbolic
            /// link itself is meant.
            stat(path: PathOrFd, *, dir_fd: DirFd = args::CWD => "None", follow_symlinks: bool = true => "True");
            /// As stat() of a symbolic link itself.
            lstat(path: args::Path, *, dir_fd: DirFd = args::CWD => "None");
            /// As stat() of an open descriptor.
            fstat(fd: Number);
            /// What the system knows of the file system that a path or a descriptor lies in: a statvfs_result.
            statvfs(path: PathOrFd);
            /// The same of an open descriptor.
            fstatvfs(fd: Number, /);
        }
    }
}

/// The record of what the system tells.
pub fn record(cx: &Cx, stat: &libc::stat) -> Res {
    let time = |seconds: i64, nanos: i64| {
        let whole = i128::from(seconds) * 1_000_000_000 + i128::from(nanos);
        (seconds as f64 + 1e-9 * nanos as f64, whole)
    };
    let (atime, atime_ns) = time(stat.st_atime, stat.st_atime_nsec);
    let (mtime, mtime_ns) = time(stat.st_mtime, stat.st_mtime_nsec);
    let (ctime, ctime_ns) = time(stat.st_ctime, stat.st_ctime_nsec);
    let items = [
        stat.st_mode.into_value(cx)?,
        stat.st_ino.into_value(cx)?,
        stat.st_dev.into_value(cx)?,
        stat.st_nlink.into_value(cx)?,
        args::Id(stat.st_uid).number().into_value(cx)?,
        args::Id(stat.st_gid).number().into_value(cx)?,
        stat.st_size.into_value(cx)?,
        stat.st_atime.into_value(cx)?,
        stat.st_mtime.into_value(cx)?,
        stat.st_ctime.into_value(cx)?,
        atime.into_value(cx)?,
        mtime.into_value(cx)?,
        ctime.into_value(cx)?,
        atime_ns.into_value(cx)?,
        mtime_ns.into_value(cx)?,
        ctime_ns.into_value(cx)?,
        stat.st_blksize.into_value(cx)?,
        stat.st_blocks.into_value(cx)?,
        stat.st_rdev.into_value(cx)?,
    ];
    cx.record(&STAT_RESULT, items)
}

/// Asks the system.
pub fn look(cx: &Cx, path: &PathArg, dir: DirFd, follow: bool) -> Res<std::io::Result<libc::stat>> {
    let flags = if follow { 0 } else { libc::AT_SYMLINK_NOFOLLOW };
    let (text, fd) = (&path.c, path.fd);
    let found = call(cx, || match fd {
        Some(fd) => ryokan_system::fstat(fd),
        None => ryokan_system::stat_at(dir.0, text, flags),
    })?;
    Ok(found.or_else(|error| library::stat(cx, text).filter(|_| is_missing(&error)).ok_or(error)))
}

fn stat(cx: &Cx, path: PathOrFd, dir_fd: DirFd, follow_symlinks: bool) -> Res {
    cx.require(Capability::Files)?;
    path.no_fd_with(cx, "stat", dir_fd, follow_symlinks)?;
    let found = look(cx, &path, dir_fd, follow_symlinks)?;
    record(cx, &found.map_err(|error| path.error(cx, &error))?)
}
fn lstat(cx: &Cx, path: args::Path, dir_fd: DirFd) -> Res {
    cx.require(Capability::Files)?;
    let found = look(cx, &path, dir_fd, false)?;
    record(cx, &found.map_err(|error| path.error(cx, &error))?)
}
fn fstat(cx: &Cx, fd: Number) -> Res {
    cx.require(Capability::Files)?;
    let found = args::done(cx, || ryokan_system::fstat(fd.0))?;
    record(cx, &found)
}

fn filesystem(cx: &Cx, found: &libc::statvfs) -> Res {
    let items = [
        found.f_bsize,
        found.f_frsize,
        found.f_blocks,
        found.f_bfree,
        found.f_bavail,
        found.f_files,
        found.f_ffree,
        found.f_favail,
        found.f_flag,
        found.f_namemax,
        found.f_fsid,
    ];
    cx.record(&STATVFS_RESULT, items)
}
fn statvfs(cx: &Cx, path: PathOrFd) -> Res {
    cx.require(Capability::Files)?;
    let found = call(cx, || match path.0.fd {
        Some(fd) => ryokan_system::fstatvfs(fd),
        None => ryokan_system::statvfs(&path.0.c),
    })?;
    filesystem(cx, &found.map_err(|error| path.error(cx, &error))?)
}
fn fstatvfs(cx: &Cx, fd: Number) -> Res {
    cx.require(Capability::Files)?;
    filesystem(cx, &quick(cx, cx.blocking(|| ryokan_system::fstatvfs(fd.0)))?)
}
