//! The system: its names and limits, the environment, random bytes.

use ryokan_system as sys;
use ryokan_vm::native::*;

use super::args::{call, done, number, quick};
use super::names::{self, CONFSTR, SYSCONF};
use crate::chance::chance_bytes;
use crate::fspath::{c_string, fspath};

native_record! {
    /// The processor times of the process and its children, and the time since some moment, in seconds.
    pub static TIMES_RESULT = "posix.times_result" { user, system, children_user, children_system, elapsed };
    /// The names of the system.
    pub static UNAME_RESULT = "posix.uname_result" { sysname, nodename, release, version, machine };
}

native_module! {
    /// A part of the module.
    "posix" {
        classes { "times_result" = &TIMES_RESULT; "uname_result" = &UNAME_RESULT; }
        functions {
            /// Sets a variable of the environment.
            putenv(name: &Value, value: &Value, /);
            /// Removes a variable of the environment.
            unsetenv(name: &Value, /);
            /// The environment: a new dict.
            _create_environ() = environ;
            /// The path of an object: a str or bytes as it is, or what its __fspath__() gives.
            fspath(path: &Value) = path_of;
            /// What the system says of an error number.
            strerror(code: i32, /);
            /// So many random bytes.
            urandom(size: i64, /);
            /// Random bytes, as the system gives them.
            getrandom(size: i64, flags: u32 = 0);
            /// Sets the mask of modes of new files, and returns the old one.
            umask(mask: i32, /);
            /// The names of the system: a uname_result.
            uname();
            /// The processor times: a times_result.
            times();
            /// A limit or feature of the system, by name or number.
            sysconf(name: Value, /);
            /// A text of the configuration, by name or number; None if there is none.
            confstr(name: Value, /);
            /// How many processors there are.
            cpu_count();
            /// How many processes wanted to run, over the last 1, 5 and 15 minutes.
            getloadavg();
            /// Writes all files to their devices.
            sync();
            /// The path of the controlling terminal.
            ctermid();
            /// The number of a device, of its two parts.
            makedev(major: u32, minor: u32, /);
            /// The first part of the number of a device.
            major(device: u64, /);
            /// The second part of the number of a device.
            minor(device: u64, /);
        }
    }
}

fn variable(cx: &Cx, value: &Value) -> Res<Vec<u8>> {
    Ok(c_string(cx, &fspath(cx, value)?, "embedded null byte")?.into_bytes())
}
fn putenv(cx: &Cx, name: &Value, value: &Value) -> Res<()> {
    cx.require(Capability::Environment)?;
    let (name, value) = (variable(cx, name)?, variable(cx, value)?);
    if name.contains(&b'=') {
        return Err(cx.value_error("illegal environment variable name"));
    }
    if name.is_empty() {
        return Err(cx.os_error_about(libc::EINVAL, None, None));
    }
    sys::set_variable(&name, Some(&value));
    Ok(())
}
fn unsetenv(cx: &Cx, name: &Value) -> Res<()> {
    cx.require(Capability::Environment)?;
    let name = variable(cx, name)?;
    if name.contains(&b'=') || name.is_empty() {
        return Err(cx.os_error_about(libc::EINVAL, None, None));
    }
    sys::set_variable(&name, None);
    Ok(())
}
/// The environment as a dict of bytes; empty where the host does not tell.
pub fn environ(cx: &Cx) -> Res<Dict> {
    let dict = Dict::new(cx)?;
    if cx.allows(Capability::Environment) {
        for (name, value) in sys::environment() {
            dict.set(cx, Bytes::new(cx, &name)?.value(), Bytes::new(cx, &value)?)?;
        }
    }
    Ok(dict)
}
fn path_of(cx: &Cx, path: &Value) -> Res {
    fspath(cx, path)
}
fn strerror(cx: &Cx, code: i32) -> Res {
    let error = cx.os_error_about(code, None, None);
    let error = cx.take_raised(error);
    cx.attr(&error, "strerror")
}

fn size_of(cx: &Cx, size: i64) -> Res<usize> {
    usize::try_from(size).map_err(|_| cx.value_error("negative argument not allowed"))
}
fn urandom(cx: &Cx, size: i64) -> Res {
    chance_bytes(cx, size_of(cx, size)?)
}
fn getrandom(cx: &Cx, size: i64, flags: u32) -> Res {
    let Ok(size) = usize::try_from(size) else {
        return Err(cx.os_error_about(libc::EINVAL, None, None));
    };
    let mut out = ByteWriter::zeros(cx, size)?;
    let bytes = out.as_mut_slice();
    let count = match cx.fixed_bytes(bytes) {
        true => size,
        false => done(cx, || sys::getrandom(flags, bytes))?,
    };
    out.truncate(count);
    out.finish()
}
fn umask(cx: &Cx, mask: i32) -> Res<i64> {
    cx.require(Capability::Files)?;
    quick(cx, sys::umask(mask as u32))
}

fn text(field: &[libc::c_char]) -> Vec<u8> {
    field.iter().take_while(|c| **c != 0).map(|c| *c as u8).collect()
}
fn uname(cx: &Cx) -> Res {
    cx.require(Capability::Environment)?;
    let names = quick(cx, sys::uname())?;
    let fields = [&names.sysname, &names.nodename, &names.release, &names.version, &names.machine];
    let items = fields.iter().map(|field| cx.from_system(&text(&field[..]))).collect::<Res<Vec<_>>>()?;
    cx.record(&UNAME_RESULT, items)
}
fn times(cx: &Cx) -> Res {
    cx.require(Capability::Clock)?;
    let times = quick(cx, sys::times())?;
    let ticks = quick(cx, sys::sysconf(libc::_SC_CLK_TCK))?.max(1) as f64;
    let of = |count: i64| count as f64 / ticks;
    let since = cx.monotonic().as_secs_f64();
    let since = (since * ticks).floor() / ticks;
    cx.record(&TIMES_RESULT, [of(times.tms_utime), of(times.tms_stime), of(times.tms_cutime), of(times.tms_cstime), since])
}
fn sysconf(cx: &Cx, name: Value) -> Res<i64> {
    quick(cx, sys::sysconf(names::number(cx, &name, SYSCONF)?))
}
fn confstr(cx: &Cx, name: Value) -> Res {
    let name = names::number(cx, &name, CONFSTR)?;
    let mut buffer = vec![0; 4096];
    match sys::confstr(name, &mut buffer) {
        Ok(length) => cx.from_system(&buffer[..length.saturating_sub(1).min(buffer.len())]),
        Err(error) if number(&error) == libc::EINVAL => quick(cx, Err(error)),
        Err(_) => Ok(Value::NONE),
    }
}
fn cpu_count(cx: &Cx) -> Option<i64> {
    if let Some(given) = cx.cpu_count() {
        return Some(i64::from(given));
    }
    sys::sysconf(libc::_SC_NPROCESSORS_ONLN).ok().filter(|count| *count >= 1)
}
fn getloadavg(cx: &Cx) -> Res<(f64, f64, f64)> {
    match sys::getloadavg() {
        Ok([one, five, fifteen]) => Ok((one, five, fifteen)),
        Err(_) => Err(cx.raise_os("Load averages are unobtainable")),
    }
}
fn sync(cx: &Cx) -> Res<()> {
    cx.require(Capability::Files)?;
    cx.blocking(sys::sync);
    call(cx, || Ok(()))?.map_err(|error| cx.os_error_about(number(&error), None, None))
}
fn ctermid(_: &Cx) -> &'static str {
    "/dev/tty"
}
fn makedev(_: &Cx, major: u32, minor: u32) -> u64 {
    libc::makedev(major, minor) as u64
}
fn major(_: &Cx, device: u64) -> u32 {
    libc::major(device)
}
fn minor(_: &Cx, device: u64) -> u32 {
    libc::minor(device)
}
