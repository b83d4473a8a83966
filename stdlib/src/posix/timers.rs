//! Timers that are read as files.

use ryokan_system as sys;
use ryokan_vm::native::*;

use super::args::{FileNo, done};

native_module! {
    /// A part of the module.
    "posix" {
        functions {
            /// Makes a timer of a clock: a descriptor from which is read how often it has gone off.
            timerfd_create(clockid: i32, /, *, flags: i32 = libc::TFD_CLOEXEC => "TFD_CLOEXEC"), shows = "($module, clockid, /, *, flags=0)";
            /// Sets a timer: when it goes off first, and how often then, in seconds. Returns what it was set to.
            timerfd_settime(fd: FileNo, /, *, flags: i32 = 0, initial: f64 = 0.0, interval: f64 = 0.0);
            /// The same in nanoseconds.
            timerfd_settime_ns(fd: FileNo, /, *, flags: i32 = 0, initial: Value = Value::small(0) => "0", interval: Value = Value::small(0) => "0");
            /// When a timer goes off next, and how often then, in seconds.
            timerfd_gettime(fd: FileNo, /);
            /// The same in nanoseconds.
            timerfd_gettime_ns(fd: FileNo, /);
        }
    }
}

const SECOND: f64 = 1e9;

/// Nanoseconds of seconds, rounded down. `OverflowError`.
fn nanoseconds(cx: &Cx, seconds: f64) -> Res<i64> {
    let count = (seconds * SECOND).floor();
    if (-9.2e18..9.2e18).contains(&count) {
        return Ok(count as i64);
    }
    Err(cx.overflow_error("timestamp out of range for C PyTime_t"))
}
fn seconds((initial, interval): (i64, i64)) -> (f64, f64) {
    (initial as f64 / SECOND, interval as f64 / SECOND)
}

fn timerfd_create(cx: &Cx, clock: i32, flags: i32) -> Res<i32> {
    cx.require(Capability::Files)?;
    done(cx, || sys::timerfd_create(clock, flags))
}
fn timerfd_settime(cx: &Cx, fd: FileNo, flags: i32, initial: f64, interval: f64) -> Res<(f64, f64)> {
    cx.require(Capability::Files)?;
    let (initial, interval) = (nanoseconds(cx, initial)?, nanoseconds(cx, interval)?);
    done(cx, || sys::timerfd_settime(fd.0, flags, initial, interval)).map(seconds)
}
fn timerfd_settime_ns(cx: &Cx, fd: FileNo, flags: i32, initial: Value, interval: Value) -> Res<(i64, i64)> {
    cx.require(Capability::Files)?;
    let number = |value: &Value| match cx.index_i128(value)?.and_then(|number| i64::try_from(number).ok()) {
        Some(number) => Ok(number),
        None => Err(cx.overflow_error("int too big to convert")),
    };
    let (initial, interval) = (number(&initial)?, number(&interval)?);
    done(cx, || sys::timerfd_settime(fd.0, flags, initial, interval))
}
fn timerfd_gettime(cx: &Cx, fd: FileNo) -> Res<(f64, f64)> {
    timerfd_gettime_ns(cx, fd).map(seconds)
}
fn timerfd_gettime_ns(cx: &Cx, fd: FileNo) -> Res<(i64, i64)> {
    cx.require(Capability::Files)?;
    done(cx, || sys::timerfd_gettime(fd.0))
}
