//! `fcntl`: controls of descriptors.

use ryokan_system as sys;
use ryokan_vm::native::*;

use crate::posix::args::{FileNo, call, done, number, quick};

native_module! {
    /// Controls of descriptors: fcntl() and ioctl(), and locks of files.
    "fcntl" {
        fill = fill;
        functions {
            /// Does a control of a descriptor, with a number, or with bytes, which come back as the system has left them.
            fcntl(fd: FileNo, cmd: i32, arg: Value = Value::NONE => "0", /);
            /// Does a control of a device, with a number, with bytes that come back, or with a buffer that is changed if mutate_flag is true.
            ioctl(fd: FileNo, request: Value, arg: Value = Value::NONE => "0", mutate_flag: bool = true => "True", /);
            /// Locks or unlocks a file: LOCK_SH, LOCK_EX or LOCK_UN, with LOCK_NB.
            flock(fd: FileNo, operation: i32, /);
            /// Locks or unlocks len bytes of a file, from start on, counted from whence.
            lockf(fd: FileNo, cmd: i32, len: Value = Value::NONE => "0", start: Value = Value::NONE => "0", whence: i32 = 0, /);
        }
    }
}

const CONSTANTS: &[(&str, i64)] = &[
    ("LOCK_SH", 1),
    ("LOCK_EX", 2),
    ("LOCK_NB", 4),
    ("LOCK_UN", 8),
    ("LOCK_MAND", 32),
    ("LOCK_READ", 64),
    ("LOCK_WRITE", 128),
    ("LOCK_RW", 192),
    ("F_DUPFD", 0),
    ("F_GETFD", 1),
    ("F_SETFD", 2),
    ("F_GETFL", 3),
    ("F_SETFL", 4),
    ("F_GETLK", 5),
    ("F_SETLK", 6),
    ("F_SETLKW", 7),
    ("F_SETOWN", 8),
    ("F_GETOWN", 9),
    ("F_SETSIG", 10),
    ("F_GETSIG", 11),
    ("F_RDLCK", 0),
    ("F_WRLCK", 1),
    ("F_UNLCK", 2),
    ("F_EXLCK", 4),
    ("F_SHLCK", 8),
    ("F_GETLK64", 5),
    ("F_SETLK64", 6),
    ("F_SETLKW64", 7),
    ("F_OWNER_TID", 0),
    ("F_OWNER_PID", 1),
    ("F_OWNER_PGRP", 2),
    ("F_SETOWN_EX", 15),
    ("F_GETOWN_EX", 16),
    ("F_DUPFD_QUERY", 1027),
    ("F_GET_RW_HINT", 1035),
    ("F_SET_RW_HINT", 1036),
    ("F_GET_FILE_RW_HINT", 1037),
    ("F_SET_FILE_RW_HINT", 1038),
    ("RWH_WRITE_LIFE_NOT_SET", 0),
    ("RWH_WRITE_LIFE_NONE", 1),
    ("RWH_WRITE_LIFE_SHORT", 2),
    ("RWH_WRITE_LIFE_MEDIUM", 3),
    ("RWH_WRITE_LIFE_LONG", 4),
    ("RWH_WRITE_LIFE_EXTREME", 5),
    ("F_SEAL_FUTURE_WRITE", 16),
    ("F_OFD_GETLK", 36),
    ("F_OFD_SETLK", 37),
    ("F_OFD_SETLKW", 38),
    ("F_SETLEASE", 1024),
    ("F_GETLEASE", 1025),
    ("F_NOTIFY", 1026),
    ("F_DUPFD_CLOEXEC", 1030),
    ("F_SETPIPE_SZ", 1031),
    ("F_GETPIPE_SZ", 1032),
    ("F_ADD_SEALS", 1033),
    ("F_GET_SEALS", 1034),
    ("F_SEAL_SEAL", 1),
    ("F_SEAL_SHRINK", 2),
    ("F_SEAL_GROW", 4),
    ("F_SEAL_WRITE", 8),
    ("FD_CLOEXEC", 1),
    ("DN_ACCESS", 1),
    ("DN_MODIFY", 2),
    ("DN_CREATE", 4),
    ("DN_DELETE", 8),
    ("DN_RENAME", 16),
    ("DN_ATTRIB", 32),
    ("DN_MULTISHOT", 0x8000_0000),
    ("FASYNC", 8192),
    ("FICLONE", 0x4004_9409),
    ("FICLONERANGE", 0x4020_940D),
];

fn fill(module: &Filler) -> Res<()> {
    CONSTANTS.iter().try_for_each(|(name, value)| module.add(name, *value))
}

/// How many bytes a control may have.
const MOST: usize = 1024;

/// Bytes that are given to a control: a str or bytes; nothing of a number.
fn given(cx: &Cx, arg: &Value, function: &str) -> Res<Option<Vec<u8>>> {
    if arg.is_none() || cx.has_index(arg) {
        return Ok(None);
    }
    let bytes = if cx.is_str(arg) { cx.to_system(arg)? } else { arg.clone() };
    let Ok(buffer) = Buffer::of(cx, &bytes).map_err(|raised| drop(cx.take_raised(raised))) else {
        let kind = cx.type_name(arg);
        return Err(cx.type_error(format_args!(
            "{function}() argument 3 must be an integer, a bytes-like object, or a string, not {kind}"
        )));
    };
    if buffer.len() > MOST {
        return Err(cx.value_error(format_args!("{function} argument 3 is too long")));
    }
    Ok(Some(buffer.read(<[u8]>::to_vec)))
}

fn fcntl(cx: &Cx, fd: FileNo, cmd: i32, arg: Value) -> Res {
    cx.require(Capability::Files)?;
    if let Some(mut bytes) = given(cx, &arg, "fcntl")? {
        let length = bytes.len();
        // More than the caller gave may be written.
        bytes.resize(MOST, 0);
        done(cx, || sys::fcntl_bytes(fd.0, cmd, &mut bytes))?;
        return Bytes::new(cx, &bytes[..length]).map(Bytes::into_value);
    }
    let argument = whole(cx, &arg)?;
    done(cx, || sys::fcntl(fd.0, cmd, argument))?.into_value(cx)
}

/// As many bytes as a control of a device may touch.
const ROOM: usize = 1 << 14;

/// A number as the system takes it: 32 or 64 bits, with or without a sign.
fn whole(cx: &Cx, arg: &Value) -> Res<i64> {
    if arg.is_none() {
        return Ok(0);
    }
    match cx.index_i128(arg)? {
        Some(n) if n >= i64::MIN.into() && n <= u64::MAX.into() => Ok(n as i64),
        _ => Err(cx.overflow_error("Python int too large to convert to C unsigned int")),
    }
}

fn ioctl(cx: &Cx, fd: FileNo, request: Value, arg: Value, mutate: bool) -> Res {
    cx.require(Capability::Files)?;
    let request = whole(cx, &request)? as u64;
    if arg.is_none() || cx.has_index(&arg) {
        let argument = whole(cx, &arg)?;
        return quick(cx, cx.blocking(|| sys::ioctl(fd.0, request, argument)))?.into_value(cx);
    }
    if !cx.is_str(&arg)
        && let Some(buffer) = BufferMut::of(cx, &arg)?
    {
        let length = buffer.len();
        let mut bytes = buffer.read(<[u8]>::to_vec);
        bytes.resize(length.max(ROOM), 0);
        let result = quick(cx, cx.blocking(|| sys::ioctl_bytes(fd.0, request, &mut bytes)))?;
        if mutate {
            buffer.write(0, &bytes[..length]);
            return result.into_value(cx);
        }
        return Bytes::new(cx, &bytes[..length]).map(Bytes::into_value);
    }
    let Some(mut bytes) = given(cx, &arg, "ioctl")? else { return Ok(Value::NONE) };
    let length = bytes.len();
    bytes.resize(ROOM, 0);
    quick(cx, cx.blocking(|| sys::ioctl_bytes(fd.0, request, &mut bytes)))?;
    Bytes::new(cx, &bytes[..length]).map(Bytes::into_value)
}

fn flock(cx: &Cx, fd: FileNo, operation: i32) -> Res<()> {
    cx.require(Capability::Files)?;
    done(cx, || sys::flock(fd.0, operation)).map(drop)
}

fn lockf(cx: &Cx, fd: FileNo, cmd: i32, len: Value, start: Value, whence: i32) -> Res<()> {
    cx.require(Capability::Files)?;
    let kind = match cmd & !4 {
        8 => libc::F_UNLCK,
        1 => libc::F_RDLCK,
        2 => libc::F_WRLCK,
        _ => return Err(cx.value_error("unrecognized lockf argument")),
    };
    let part = |value: &Value| if value.is_none() { Ok(0) } else { crate::io::offset(cx, value) };
    let (length, start) = (part(&len)?, part(&start)?);
    let waits = cmd & 4 == 0;
    match call(cx, || sys::lock(fd.0, waits, kind as i16, whence as i16, start, length))? {
        Ok(()) => Ok(()),
        Err(error) => Err(cx.os_error_about(number(&error), None, None)),
    }
}
