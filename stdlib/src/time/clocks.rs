//! The system's clocks, and sleeping.

use std::time::Duration;

use ryokan_vm::native::*;

use super::{c_int, counted};

/// The numbers of clocks.
pub const REALTIME: i32 = 0;
pub const MONOTONIC: i32 = 1;
pub const PROCESS: i32 = 2;
pub const THREAD: i32 = 3;

const NANOSECONDS: i64 = 1_000_000_000;

/// The time of a clock, if the host lets scripts have one.
pub fn clock(cx: &Cx, read: fn(&Cx) -> Duration) -> Res<Duration> {
    cx.require(Capability::Clock)?;
    Ok(read(cx))
}
fn system_clock(cx: &Cx, number: i32) -> Res<Duration> {
    cx.require(Capability::Clock)?;
    cx.system_clock(number)
}
fn seconds(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1e9
}
fn nanos(time: Duration) -> i64 {
    time.as_nanos() as i64
}

pub fn time(cx: &Cx) -> Res<f64> {
    clock(cx, Cx::now).map(seconds)
}
pub fn time_ns(cx: &Cx) -> Res<i64> {
    clock(cx, Cx::now).map(nanos)
}
pub fn monotonic(cx: &Cx) -> Res<f64> {
    clock(cx, Cx::monotonic).map(seconds)
}
pub fn monotonic_ns(cx: &Cx) -> Res<i64> {
    clock(cx, Cx::monotonic).map(nanos)
}
pub fn process_time(cx: &Cx) -> Res<f64> {
    clock(cx, Cx::cpu_time).map(seconds)
}
pub fn process_time_ns(cx: &Cx) -> Res<i64> {
    clock(cx, Cx::cpu_time).map(nanos)
}
pub fn thread_time(cx: &Cx) -> Res<f64> {
    system_clock(cx, THREAD).map(seconds)
}
pub fn thread_time_ns(cx: &Cx) -> Res<i64> {
    system_clock(cx, THREAD).map(nanos)
}

// ---- clocks by their number --------------------------------------------------------------------------------------

/// The number of a clock: whatever is wrong with it is a `TypeError`.
fn clock_id(cx: &Cx, number: &Value) -> Res<i32> {
    let fits = match cx.index_i128(number) {
        Ok(number) => number.and_then(|number| i32::try_from(number).ok()),
        Err(raised) => cx.catch(raised, "Exception").map(|_| None)?,
    };
    fits.ok_or(()).map_err(|()| {
        let kind = cx.type_name(number);
        cx.type_error(format_args!("clk_id should be integer, not {kind}"))
    })
}

pub fn clock_gettime(cx: &Cx, clk_id: &Value) -> Res<f64> {
    system_clock(cx, clock_id(cx, clk_id)?).map(seconds)
}
pub fn clock_gettime_ns(cx: &Cx, clk_id: &Value) -> Res<i64> {
    system_clock(cx, clock_id(cx, clk_id)?).map(nanos)
}
pub fn clock_getres(cx: &Cx, args: Args<'_>) -> Res<f64> {
    let args = counted(cx, args, "clock_getres", 1, 1)?;
    let number = c_int(cx, &args[0])?;
    cx.require(Capability::Clock)?;
    cx.clock_resolution(number).map(seconds)
}
pub fn clock_settime(cx: &Cx, args: Args<'_>) -> Res<()> {
    let args = counted(cx, args, "clock_settime", 2, 2)?;
    let number = c_int(cx, &args[0])?;
    let time = nanoseconds(cx, &args[1], f64::floor)?;
    set_clock(cx, number, time)
}
pub fn clock_settime_ns(cx: &Cx, args: Args<'_>) -> Res<()> {
    let args = counted(cx, args, "clock_settime", 2, 2)?;
    let number = c_int(cx, &args[0])?;
    let Some(time) = Int::of(&args[1]) else {
        let kind = cx.type_name(&args[1]);
        return Err(cx.type_error(format_args!("expect int, got {kind}")));
    };
    let time = time.small().ok_or(()).map_err(|()| out_of_range(cx))?;
    set_clock(cx, number, time)
}
/// To set a clock is to reach out to every process there is.
fn set_clock(cx: &Cx, number: i32, nanoseconds: i64) -> Res<()> {
    cx.require(Capability::Clock)?;
    cx.require(Capability::Processes)?;
    cx.set_clock(number, nanoseconds)
}

pub fn pthread_getcpuclockid(cx: &Cx, args: Args<'_>) -> Res<i32> {
    const NO_SUCH_PROCESS: i32 = 3;
    let args = counted(cx, args, "pthread_getcpuclockid", 1, 1)?;
    if !cx.has_index(&args[0]) {
        let kind = cx.arg_name(&args[0]);
        return Err(
            cx.type_error(format_args!("pthread_getcpuclockid() argument 1 must be int, not {kind}"))
        );
    }
    let ident = cx.to_index(&args[0])?;
    cx.require(Capability::Clock)?;
    let ident = ident.small().and_then(|ident| u64::try_from(ident).ok());
    match ident.and_then(|ident| cx.native_thread_id(ident)) {
        // Linux makes the number of such a clock of the thread's: its complement, and three bits that say what is measured.
        Some(thread) => Ok((!(thread as i32) << 3) | 6),
        None => Err(cx.os_error(&std::io::Error::from_raw_os_error(NO_SUCH_PROCESS), None)),
    }
}

pub fn get_clock_info(cx: &Cx, args: Args<'_>) -> Res {
    let args = counted(cx, args, "get_clock_info", 1, 1)?;
    if !cx.is_str(&args[0]) {
        let kind = cx.arg_name(&args[0]);
        return Err(cx.type_error(format_args!("get_clock_info() argument 1 must be str, not {kind}")));
    }
    let name = cx.str(&args[0])?;
    if name.as_str().contains('\0') {
        return Err(cx.value_error("embedded null character"));
    }
    let (number, calls) = match name.as_str() {
        "time" => (REALTIME, "clock_gettime(CLOCK_REALTIME)"),
        "monotonic" | "perf_counter" => (MONOTONIC, "clock_gettime(CLOCK_MONOTONIC)"),
        "process_time" => (PROCESS, "clock_gettime(CLOCK_PROCESS_CPUTIME_ID)"),
        "thread_time" => (THREAD, "clock_gettime(CLOCK_THREAD_CPUTIME_ID)"),
        _ => return Err(cx.value_error("unknown clock")),
    };
    cx.require(Capability::Clock)?;
    let namespace = cx.class_of(&cx.attr(&cx.import("sys")?, "implementation")?);
    let info = cx.call(&namespace, ())?;
    cx.set_attr(&info, "implementation", calls)?;
    cx.set_attr(&info, "monotonic", number != REALTIME)?;
    cx.set_attr(&info, "adjustable", number == REALTIME)?;
    cx.set_attr(&info, "resolution", seconds(cx.clock_resolution(number)?))?;
    Ok(info)
}

// ---- sleeping ----------------------------------------------------------------------------------------------------

#[cold]
fn out_of_range(cx: &Cx) -> Raised {
    cx.overflow_error("timestamp out of range for C PyTime_t")
}

/// A number of seconds, an int or a float, as nanoseconds. `TypeError`, `ValueError`, `OverflowError`.
pub fn nanoseconds(cx: &Cx, seconds: &Value, round: fn(f64) -> f64) -> Res<i64> {
    let Some(seconds) = cx.float_value(seconds) else {
        let whole = match cx.to_index(seconds) {
            Ok(whole) => whole,
            Err(raised) => {
                drop(cx.catch(raised, "TypeError")?);
                let kind = cx.type_name(seconds);
                return Err(cx
                    .type_error(format_args!("'{kind}' object cannot be interpreted as an integer or float")));
            }
        };
        let whole = whole.small().and_then(|seconds| seconds.checked_mul(NANOSECONDS));
        return whole.ok_or(()).map_err(|()| out_of_range(cx));
    };
    if seconds.is_nan() {
        return Err(cx.value_error("Invalid value NaN (not a number)"));
    }
    let nanoseconds = round(seconds * NANOSECONDS as f64);
    // The bounds are powers of two.
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&nanoseconds) {
        Ok(nanoseconds as i64)
    } else {
        Err(out_of_range(cx))
    }
}

/// Away from zero: who asks for a wait gets one.
pub fn away_from_zero(x: f64) -> f64 {
    if x < 0.0 { x.floor() } else { x.ceil() }
}

pub fn sleep(cx: &Cx, time: &Value) -> Res<()> {
    let time = nanoseconds(cx, time, away_from_zero)?;
    let Ok(time) = u64::try_from(time) else {
        return Err(cx.value_error("sleep length must be non-negative"));
    };
    cx.require(Capability::Clock)?;
    cx.sleep(Duration::from_nanos(time))
}
