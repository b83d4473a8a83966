//! `_signal`: who is told of which signal. When and where that happens is in `vm/signals.rs`; what reaches the system is the host's.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::host::{SignalAction, SignalInfo, Signals};
use crate::native::*;
use crate::vm::signals::{COUNT, SIGINT};

/// The signals of Linux.
const NAMES: &[(&str, i32)] = &[
    ("SIGHUP", 1),
    ("SIGINT", 2),
    ("SIGQUIT", 3),
    ("SIGILL", 4),
    ("SIGTRAP", 5),
    ("SIGIOT", 6),
    ("SIGABRT", 6),
    ("SIGBUS", 7),
    ("SIGFPE", 8),
    ("SIGKILL", 9),
    ("SIGUSR1", 10),
    ("SIGSEGV", 11),
    ("SIGUSR2", 12),
    ("SIGPIPE", 13),
    ("SIGALRM", 14),
    ("SIGTERM", 15),
    ("SIGSTKFLT", 16),
    ("SIGCLD", 17),
    ("SIGCHLD", 17),
    ("SIGCONT", 18),
    ("SIGSTOP", 19),
    ("SIGTSTP", 20),
    ("SIGTTIN", 21),
    ("SIGTTOU", 22),
    ("SIGURG", 23),
    ("SIGXCPU", 24),
    ("SIGXFSZ", 25),
    ("SIGVTALRM", 26),
    ("SIGPROF", 27),
    ("SIGWINCH", 28),
    ("SIGPOLL", 29),
    ("SIGIO", 29),
    ("SIGPWR", 30),
    ("SIGSYS", 31),
    ("SIGRTMIN", 34),
    ("SIGRTMAX", 64),
];

crate::native_exception! {
    /// A timer that does not exist, or a time that it does not take.
    static ITIMER_ERROR = "signal.ItimerError": "OSError";
}

crate::native_record! {
    /// What is known of a signal that was waited for.
    static SIGINFO = "signal.struct_siginfo" { si_signo, si_code, si_errno, si_pid, si_uid, si_status, si_band };
}

crate::native_module! {
    /// Signals: functions that are told of them, timers that send them, and waiting for them.
    "_signal" {
        consts {
            "NSIG" = i64::from(COUNT);
            "SIG_DFL" = 0;
            "SIG_IGN" = 1;
            "SIG_BLOCK" = 0;
            "SIG_UNBLOCK" = 1;
            "SIG_SETMASK" = 2;
            "ITIMER_REAL" = 0;
            "ITIMER_VIRTUAL" = 1;
            "ITIMER_PROF" = 2;
        }
        classes {
            "ItimerError" = &ITIMER_ERROR;
            "struct_siginfo" = &SIGINFO;
        }
        fill = fill;
        functions {
            /// Raises KeyboardInterrupt: what is called for SIGINT if nothing else was set.
            default_int_handler(signalnum: i64, frame: Value, /);
            /// Sets who is told of a signal: a function, SIG_DFL or SIG_IGN. Gives who was told before. In the main thread alone.
            signal(signalnum: i64, handler: Value, /);
            /// Who is told of a signal: a function, SIG_DFL, SIG_IGN, or None if that is none of Python's.
            getsignal(signalnum: i64, /);
            /// Has SIGALRM sent in so many seconds, or no more for 0; gives how many were left.
            alarm(seconds: i64, /);
            /// Waits until a signal has come in and was handled.
            pause();
            /// Sends a signal to the calling thread.
            raise_signal(signalnum: i64, /);
            /// Sets a timer; gives the time and the interval that it had.
            setitimer(which: i64, seconds: f64, interval: f64 = 0.0, /);
            /// The time that a timer has left, and its interval.
            getitimer(which: i64, /);
            /// Whether a signal ends a system call that waits.
            siginterrupt(signalnum: i64, flag: i64, /);
            /// What the system calls a signal, or None.
            strsignal(signalnum: i64, /);
            /// The numbers of all signals.
            valid_signals();
            /// Has the number of each signal written to a file, for who waits for that; -1 for none. Gives the file before.
            set_wakeup_fd(fd: i64, /, *, warn_on_full_buffer: bool = true => "True");
            /// Sends a signal to a thread of this process.
            pthread_kill(thread_id: u64, signalnum: i64, /);
            /// Sends a signal to a process, by a descriptor of it.
            pidfd_send_signal(pidfd: i32, signalnum: i32, siginfo: Value = Value::NONE => "None", flags: i32 = 0, /);
            /// Changes which signals the calling thread does not get now; gives those before.
            pthread_sigmask(how: i64, mask: Value, /);
            /// The signals that have come in and are blocked.
            sigpending();
            /// Waits for one of these signals; gives its number.
            sigwait(sigset: Value, /);
            /// Waits for one of these signals; gives what is known of it.
            sigwaitinfo(sigset: Value, /);
            /// The same, for so many seconds at most: then None.
            sigtimedwait(sigset: Value, timeout: Value, /);
        }
    }
}

fn fill(module: &Filler) -> Res<()> {
    for (name, number) in NAMES {
        module.add(name, *number)?;
    }
    Ok(())
}

fn host(cx: &Cx) -> Res<&dyn Signals> {
    cx.require(Capability::Processes)?;
    match cx.vm().host.signals() {
        Some(signals) => Ok(signals),
        None => Err(cx.os_error(&std::io::ErrorKind::Unsupported.into(), None)),
    }
}

fn number(cx: &Cx, given: i64) -> Res<i32> {
    match i32::try_from(given) {
        Ok(number) if (1..COUNT).contains(&number) => Ok(number),
        _ => Err(cx.value_error("signal number out of range")),
    }
}

fn default_int_handler(cx: &Cx, _: i64, _: Value) -> Res {
    let class = cx.vm().builtin("KeyboardInterrupt")?;
    Err(cx.raise_value(cx.call(&class, ())?))
}

/// The function that SIGINT has from the start.
fn default_handler(cx: &Cx) -> Res {
    cx.attr(&cx.import("_signal")?, "default_int_handler")
}

fn getsignal(cx: &Cx, signalnum: i64) -> Res {
    let number = number(cx, signalnum)?;
    let known = cx.vm().signals.handlers[number as usize].clone();
    if !known.is_unbound() {
        return Ok(known);
    }
    if number == SIGINT {
        return default_handler(cx);
    }
    let action = cx.vm().host.signals().map_or(Some(SignalAction::Default), |signals| signals.get(number));
    Ok(match action {
        Some(SignalAction::Default) => Value::small(0),
        Some(SignalAction::Ignore) => Value::small(1),
        _ => Value::NONE,
    })
}

fn signal(cx: &Cx, signalnum: i64, handler: Value) -> Res {
    if !cx.vm().hears_signals() {
        return Err(cx.value_error("signal only works in main thread of the main interpreter"));
    }
    let number = number(cx, signalnum)?;
    let action = match cx.small_int(&handler).filter(|_| cx.is_int(&handler)) {
        Some(0) => SignalAction::Default,
        Some(1) => SignalAction::Ignore,
        _ if cx.is_callable(&handler) => SignalAction::Notify,
        _ => {
            return Err(
                cx.type_error("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object")
            );
        }
    };
    let before = getsignal(cx, signalnum)?;
    host(cx)?.set(number, action).map_err(|error| cx.os_error(&error, None))?;
    // What has come in until now is for who was told until now.
    cx.vm().handle_signals()?;
    let plain = number == SIGINT && handler.is(&default_handler(cx)?);
    let kept = match action {
        SignalAction::Default => Value::small(0),
        SignalAction::Ignore => Value::small(1),
        SignalAction::Notify if plain => Value::UNBOUND,
        SignalAction::Notify => handler,
    };
    cx.vm().signals.handlers[number as usize].set(kept);
    Ok(before)
}

fn alarm(cx: &Cx, seconds: i64) -> Res<i64> {
    // The system takes a number without sign.
    Ok(i64::from(host(cx)?.alarm(seconds as u32)))
}

fn pause(cx: &Cx) -> Res<()> {
    host(cx)?;
    let handled = cx.vm().signals.handled.clone();
    let before = handled.load(Ordering::Relaxed);
    cx.vm().wait_for(None, move |most| {
        if handled.load(Ordering::Relaxed) != before {
            return true;
        }
        std::thread::sleep(most.unwrap_or(Duration::from_millis(5)).min(Duration::from_millis(5)));
        false
    })?;
    Ok(())
}

fn raise_signal(cx: &Cx, signalnum: i64) -> Res<()> {
    let number = i32::try_from(signalnum)
        .map_err(|_| cx.overflow_error("Python int too large to convert to C int"))?;
    host(cx)?.raise(number).map_err(|error| cx.os_error(&error, None))?;
    cx.vm().handle_signals()
}

fn timer_error(cx: &Cx, error: &std::io::Error) -> Raised {
    let number = error.raw_os_error().unwrap_or(22);
    let make = || -> Res {
        let class = cx.class_of_key(&ITIMER_ERROR)?;
        cx.call(&class, (i64::from(number), crate::types::exceptions::errno::text(number)))
    };
    match make() {
        Ok(exception) => cx.raise_value(exception),
        Err(raised) => raised,
    }
}

/// A timer's number, and times that it takes.
fn timer(cx: &Cx, which: i64, set: Option<(f64, f64)>) -> Res<(f64, f64)> {
    let time = |seconds: f64| {
        let time = if seconds >= 0.0 { Duration::try_from_secs_f64(seconds).ok() } else { None };
        // A time that is not zero stays so.
        time.map(|time| if seconds > 0.0 { time.max(Duration::from_micros(1)) } else { time })
    };
    let set = match set {
        Some((first, interval)) => match (time(first), time(interval)) {
            (Some(first), Some(interval)) => Some((first, interval)),
            _ => return Err(timer_error(cx, &std::io::Error::from_raw_os_error(22))),
        },
        None => None,
    };
    let which = i32::try_from(which).unwrap_or(-1);
    let (left, interval) = host(cx)?.timer(which, set).map_err(|error| timer_error(cx, &error))?;
    Ok((left.as_secs_f64(), interval.as_secs_f64()))
}

fn setitimer(cx: &Cx, which: i64, seconds: f64, interval: f64) -> Res<(f64, f64)> {
    timer(cx, which, Some((seconds, interval)))
}
fn getitimer(cx: &Cx, which: i64) -> Res<(f64, f64)> {
    timer(cx, which, None)
}

fn siginterrupt(cx: &Cx, signalnum: i64, flag: i64) -> Res<()> {
    let number = number(cx, signalnum)?;
    host(cx)?.ends_calls(number, flag != 0).map_err(|error| cx.os_error(&error, None))
}

fn strsignal(cx: &Cx, signalnum: i64) -> Res<Option<String>> {
    let number = number(cx, signalnum)?;
    Ok(cx.vm().host.signals().and_then(|signals| signals.describe(number)))
}

/// A set of numbers of signals; two of them belong to the C library.
fn set_of(cx: &Cx, set: u64) -> Res {
    let numbers = (1..COUNT).filter(|number| set >> (number - 1) & 1 != 0 && ![32, 33].contains(number));
    let numbers: Vec<Value> = numbers.map(|number| Value::small(number.into())).collect();
    let made = cx.vm().new_set()?;
    for number in numbers {
        made.add(cx.vm(), number)?;
    }
    Ok(made.into_value())
}

fn valid_signals(cx: &Cx) -> Res {
    set_of(cx, u64::MAX)
}

/// The set that an iterable of numbers is.
fn bits_of(cx: &Cx, signals: &Value) -> Res<u64> {
    let mut set = 0;
    for item in cx.vm().collect(signals)? {
        let given = cx.index(&item)?;
        match i32::try_from(given) {
            Ok(number) if (1..COUNT).contains(&number) => set |= 1 << (number - 1),
            _ => {
                return Err(
                    cx.value_error(format_args!("signal number {given} out of range [1; {}]", COUNT - 1))
                );
            }
        }
    }
    Ok(set)
}

fn set_wakeup_fd(cx: &Cx, fd: i64, _: bool) -> Res<i64> {
    if !cx.vm().hears_signals() {
        return Err(cx.value_error("set_wakeup_fd only works in main thread of the main interpreter"));
    }
    let fd = i32::try_from(fd).map_err(|_| cx.overflow_error("Python int too large to convert to C int"))?;
    let host = host(cx)?;
    // A handler must not wait.
    if fd != -1 && host.waits(fd).map_err(|error| cx.os_error(&error, None))? {
        return Err(cx.value_error(format_args!("the fd {fd} must be in non-blocking mode")));
    }
    Ok(i64::from(host.wake(fd)))
}

fn pidfd_send_signal(cx: &Cx, pidfd: i32, signalnum: i32, siginfo: Value, flags: i32) -> Res<()> {
    if !siginfo.is_none() {
        return Err(cx.type_error("siginfo must be None"));
    }
    host(cx)?.send(pidfd, signalnum, flags as u32).map_err(|error| cx.os_error(&error, None))?;
    // It may have been for this process.
    cx.vm().handle_signals()
}

fn pthread_kill(cx: &Cx, thread_id: u64, signalnum: i64) -> Res<()> {
    let number = i32::try_from(signalnum).unwrap_or(-1);
    let gone = || cx.os_error(&std::io::Error::from_raw_os_error(3), None);
    let native = cx.native_thread_id(thread_id).ok_or_else(gone)?;
    host(cx)?.kill_thread(native, number).map_err(|error| cx.os_error(&error, None))?;
    cx.vm().handle_signals()
}

fn pthread_sigmask(cx: &Cx, how: i64, mask: Value) -> Res {
    let set = bits_of(cx, &mask)?;
    let how = i32::try_from(how).unwrap_or(-1);
    let before = host(cx)?.mask(how, set).map_err(|error| cx.os_error(&error, None))?;
    // What was blocked until now may come in.
    cx.vm().handle_signals()?;
    set_of(cx, before)
}

fn sigpending(cx: &Cx) -> Res {
    set_of(cx, host(cx)?.pending().map_err(|error| cx.os_error(&error, None))?)
}

/// Waits for a signal of a set, piece by piece, so that others run and Ctrl-C is seen.
fn wait(cx: &Cx, set: &Value, most: Option<Duration>) -> Res<Option<SignalInfo>> {
    let set = bits_of(cx, set)?;
    let until = most.and_then(|most| std::time::Instant::now().checked_add(most));
    const PIECE: Duration = Duration::from_millis(2);
    loop {
        let found = host(cx)?.wait(set, Some(Duration::ZERO)).map_err(|error| cx.os_error(&error, None))?;
        if found.is_some() {
            return Ok(found);
        }
        if most.is_some() && until.is_none_or(|until| std::time::Instant::now() >= until) {
            return Ok(None);
        }
        cx.blocking(|| std::thread::sleep(PIECE));
        cx.vm().handle_signals()?;
        cx.vm().check_signals()?;
    }
}

fn sigwait(cx: &Cx, sigset: Value) -> Res<i64> {
    Ok(wait(cx, &sigset, None)?.map_or(0, |info| i64::from(info.number)))
}

fn shown(cx: &Cx, info: SignalInfo) -> Res {
    let fields = [
        i64::from(info.number),
        i64::from(info.code),
        i64::from(info.errno),
        i64::from(info.pid),
        i64::from(info.uid),
        i64::from(info.status),
        info.band,
    ];
    cx.record(&SIGINFO, fields)
}

fn sigwaitinfo(cx: &Cx, sigset: Value) -> Res {
    match wait(cx, &sigset, None)? {
        Some(info) => shown(cx, info),
        None => Ok(Value::NONE),
    }
}

fn sigtimedwait(cx: &Cx, sigset: Value, timeout: Value) -> Res {
    let seconds = cx.float(&timeout)?;
    if seconds < 0.0 {
        return Err(cx.value_error("timeout must be non-negative"));
    }
    let most = Duration::try_from_secs_f64(seconds)
        .map_err(|_| cx.overflow_error("timestamp out of range for platform time_t"))?;
    match wait(cx, &sigset, Some(most))? {
        Some(info) => shown(cx, info),
        None => Ok(Value::NONE),
    }
}
