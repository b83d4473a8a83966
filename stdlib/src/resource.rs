//! `resource`: limits of the process, and what it has used.

use ryokan_system as sys;
use ryokan_vm::native::*;

use crate::posix::args::{number, quick};

native_record! {
    /// What a process has used: times, memory, faults, and how often it did what.
    pub static RUSAGE = "resource.struct_rusage" {
        ru_utime, ru_stime, ru_maxrss, ru_ixrss, ru_idrss, ru_isrss, ru_minflt, ru_majflt, ru_nswap, ru_inblock, ru_oublock,
        ru_msgsnd, ru_msgrcv, ru_nsignals, ru_nvcsw, ru_nivcsw
    };
}

native_module! {
    /// Limits of the process, and what it has used.
    "resource" {
        consts {
            "RLIMIT_CPU" = 0; "RLIMIT_FSIZE" = 1; "RLIMIT_DATA" = 2; "RLIMIT_STACK" = 3; "RLIMIT_CORE" = 4; "RLIMIT_RSS" = 5;
            "RLIMIT_NPROC" = 6; "RLIMIT_NOFILE" = 7; "RLIMIT_OFILE" = 7; "RLIMIT_MEMLOCK" = 8; "RLIMIT_AS" = 9;
            "RLIMIT_MSGQUEUE" = 12; "RLIMIT_NICE" = 13; "RLIMIT_RTPRIO" = 14; "RLIMIT_RTTIME" = 15; "RLIMIT_SIGPENDING" = 11;
            "RLIM_INFINITY" = -1; "RUSAGE_SELF" = 0; "RUSAGE_CHILDREN" = -1; "RUSAGE_THREAD" = 1;
        }
        classes { "struct_rusage" = &RUSAGE; }
        fill = fill;
        functions {
            /// What the process (RUSAGE_SELF), its children or its thread have used: a struct_rusage.
            getrusage(who: i32, /);
            /// The soft and the hard limit of a resource; -1 for none.
            getrlimit(resource: i32, /);
            /// Sets the soft and the hard limit of a resource.
            setrlimit(resource: i32, limits: &Value, /);
            /// The limits of a process, and sets them if some are given.
            prlimit(pid: i32, resource: i32, limits: Value = Value::NONE => "None", /);
            /// The size of a page of memory.
            getpagesize();
        }
    }
}

fn fill(module: &Filler) -> Res<()> {
    module.add("error", module.cx().builtin("OSError")?)
}

/// The record of what was used.
pub fn usage_record(cx: &Cx, usage: &libc::rusage) -> Res {
    let time = |time: &libc::timeval| time.tv_sec as f64 + time.tv_usec as f64 * 1e-6;
    let counts = [
        usage.ru_maxrss,
        usage.ru_ixrss,
        usage.ru_idrss,
        usage.ru_isrss,
        usage.ru_minflt,
        usage.ru_majflt,
        usage.ru_nswap,
        usage.ru_inblock,
        usage.ru_oublock,
        usage.ru_msgsnd,
        usage.ru_msgrcv,
        usage.ru_nsignals,
        usage.ru_nvcsw,
        usage.ru_nivcsw,
    ];
    let mut items = vec![time(&usage.ru_utime).into_value(cx)?, time(&usage.ru_stime).into_value(cx)?];
    for count in counts {
        items.push(count.into_value(cx)?);
    }
    cx.record(&RUSAGE, items)
}

fn getrusage(cx: &Cx, who: i32) -> Res {
    match sys::getrusage(who) {
        Ok(usage) => usage_record(cx, &usage),
        Err(error) if number(&error) == libc::EINVAL => Err(cx.value_error("invalid who parameter")),
        Err(error) => quick(cx, Err(error)),
    }
}

/// As many limits as there are.
const LIMITS: i32 = 16;

fn check(cx: &Cx, resource: i32) -> Res<()> {
    if (0..LIMITS).contains(&resource) { Ok(()) } else { Err(cx.value_error("invalid resource specified")) }
}
fn limit(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(-1)
}
fn getrlimit(cx: &Cx, resource: i32) -> Res<(i64, i64)> {
    check(cx, resource)?;
    let found = quick(cx, sys::getrlimit(resource))?;
    Ok((limit(found.rlim_cur), limit(found.rlim_max)))
}
fn limits_of(cx: &Cx, limits: &Value) -> Res<(u64, u64)> {
    let limits = Tuple::from_iterable(cx, limits)?;
    let [soft, hard] = limits.as_slice() else {
        return Err(cx.value_error("expected a tuple of 2 integers"));
    };
    let number = |value: &Value| -> Res<u64> {
        match cx.index_i128(value)? {
            Some(-1) => Ok(u64::MAX),
            Some(n) if n < 0 => Err(cx.value_error("Cannot convert negative int")),
            Some(n) => u64::try_from(n).map_err(|_| cx.overflow_error("Python int too large to convert to C rlim_t")),
            None => Err(cx.overflow_error("Python int too large to convert to C rlim_t")),
        }
    };
    Ok((number(soft)?, number(hard)?))
}
fn setrlimit(cx: &Cx, resource: i32, limits: &Value) -> Res<()> {
    cx.require(Capability::Processes)?;
    check(cx, resource)?;
    let (soft, hard) = limits_of(cx, limits)?;
    match sys::setrlimit(resource, soft, hard) {
        Ok(()) => Ok(()),
        Err(error) if number(&error) == libc::EINVAL => {
            Err(cx.value_error("current limit exceeds maximum limit"))
        }
        Err(error) if number(&error) == libc::EPERM => Err(cx.value_error("not allowed to raise maximum limit")),
        Err(error) => quick(cx, Err(error)),
    }
}
fn prlimit(cx: &Cx, pid: i32, resource: i32, limits: Value) -> Res<(i64, i64)> {
    cx.require(Capability::Processes)?;
    check(cx, resource)?;
    if pid != 0 && i64::from(pid) != quick(cx, sys::getpid())? {
        let wanted = if limits.is_none() { None } else { Some(limits_of(cx, &limits)?) };
        let (soft, hard) = quick(cx, sys::prlimit(pid, resource, wanted))?;
        return Ok((limit(soft), limit(hard)));
    }
    let before = getrlimit(cx, resource)?;
    if !limits.is_none() {
        setrlimit(cx, resource, &limits)?;
    }
    Ok(before)
}
fn getpagesize(cx: &Cx) -> Res<i64> {
    quick(cx, sys::sysconf(libc::_SC_PAGESIZE))
}
