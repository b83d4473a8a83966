//! `faulthandler`: where the threads of a program stand, said on request, after a time, at a signal; and of which signal it dies.
//!
//! The stacks are those of Python. They are read by a thread that has the interpreter's lock: a thread that waits for time to pass, or
//! the main thread, which heeds signals between two instructions. A handler of the system's has no lock: of a signal that the program
//! dies of (such as SIGSEGV) only its name is said. What CPython has to provoke such signals, for its tests, is left out.

use std::cell::Cell;
use std::fmt::Write;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use ryokan_system::{self as system, Fd};
use ryokan_vm::native::*;

native_module! {
    /// Where the threads of a program stand.
    "faulthandler" {
        functions {
            /// Says of which signal the program dies, in a file.
            enable(file: &Value = &Value::NONE => "sys.stderr", all_threads: bool = True), shows = "($module, /, file=sys.stderr, all_threads=True)";
            /// Says it no more. Whether it was said.
            disable(), shows = "($module, /)";
            /// Whether enable() was called.
            is_enabled(), shows = "($module, /)";
            /// Writes where the threads, or this one, stand.
            dump_traceback(file: &Value = &Value::NONE => "sys.stderr", all_threads: bool = True), shows = "($module, /, file=sys.stderr, all_threads=True)";
            /// Says that there is no stack of C's to show.
            dump_c_stack(file: &Value = &Value::NONE => "sys.stderr"), shows = "($module, /, file=sys.stderr)";
            /// Writes where all threads stand once a number of seconds has passed, or each time; and ends the process, if exit says so.
            dump_traceback_later(timeout: &Value, repeat: bool = False, file: &Value = &Value::NONE => "sys.stderr", exit: bool = False), shows = "($module, /, timeout, repeat=False, file=sys.stderr, exit=False)";
            /// Takes that back.
            cancel_dump_traceback_later(), shows = "($module, /)";
            /// Writes where the threads stand whenever a signal comes in; with chain, what was done before is done then, too.
            register(signum: i32, file: &Value = &Value::NONE => "sys.stderr", all_threads: bool = True, chain: bool = False), shows = "($module, /, signum, file=sys.stderr, all_threads=True, chain=False)";
            /// Takes that back. Whether there was anything.
            unregister(signum: i32, /), shows = "($module, signum, /)";
        }
    }
}

native_state! {
    struct State {
        enabled: Cell<bool>,
        /// The file of enable(), which stays open as long as it is written to.
        file: Slot,
        /// What stops the thread that waits.
        waiting: Own<Option<Arc<Stop>>>,
        /// The handlers of signals, by their numbers.
        handlers: Slot,
    }
}

/// How many frames of a thread are shown, and how many threads.
const MOST_FRAMES: usize = 100;
const MOST_THREADS: usize = 100;
/// How many characters of a name are shown.
const MOST_CHARS: usize = 500;

// ---- files -------------------------------------------------------------------------------------------------------------

/// The descriptor of a file: a number, or what its `fileno()` gives; of `sys.stderr` by default. It is flushed. Runs Python.
fn fd_of(cx: &Cx, file: &Value) -> Res<(Fd, Value)> {
    cx.require(Capability::Files)?;
    let file = match file.is_none() {
        false => file.clone(),
        true => match cx.sys_attr("stderr")? {
            None => return Err(cx.runtime_error("unable to get sys.stderr")),
            Some(file) if file.is_none() => return Err(cx.runtime_error("sys.stderr is None")),
            Some(file) => file,
        },
    };
    let fd = |number: i64| i32::try_from(number).ok().and_then(|number| Fd::new(number).ok());
    if Int::of(&file).is_some() {
        if !Int::is_exact(&file) {
            cx.warn("RuntimeWarning", "bool is used as a file descriptor")?;
        }
        return match fd(cx.long(&file)?) {
            Some(fd) => Ok((fd, file)),
            None => Err(cx.value_error("file is not a valid file descriptor")),
        };
    }
    let number = cx.call_method(&file, "fileno", ())?;
    let Some(fd) = cx.small_int(&number).and_then(fd) else {
        return Err(cx.runtime_error("file.fileno() is not a valid file descriptor"));
    };
    if let Err(raised) = cx.call_method(&file, "flush", ()) {
        drop(cx.catch(raised, "Exception")?);
    }
    Ok((fd, file))
}
/// Writes all of a text; what fails is nobody's concern.
fn write(fd: Fd, text: &str) {
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        match rustix::io::write(fd, rest) {
            Ok(0) => return,
            Ok(count) => rest = rest.get(count..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            Err(_) => return,
        }
    }
}

// ---- stacks ------------------------------------------------------------------------------------------------------------

/// A text in ASCII, cut off where it is long.
fn push_plain(out: &mut String, text: &str) {
    for c in text.chars().take(MOST_CHARS) {
        match c {
            ' '..='~' => out.push(c),
            c => out.extend(c.escape_unicode()),
        }
    }
    if text.chars().nth(MOST_CHARS).is_some() {
        out.push_str("...");
    }
}
/// The lines of a frame and of those that called it.
fn push_stack(cx: &Cx, out: &mut String, frame: Value) -> Res<()> {
    let mut frame = frame;
    for _ in 0..MOST_FRAMES {
        let code = cx.attr(&frame, "f_code")?;
        let line = cx.attr(&frame, "f_lineno")?;
        out.push_str("  File \"");
        push_plain(out, &cx.str(&cx.attr(&code, "co_filename")?)?);
        let _ = write!(out, "\", line {} in ", cx.str(&line)?);
        push_plain(out, &cx.str(&cx.attr(&code, "co_name")?)?);
        out.push('\n');
        frame = cx.attr(&frame, "f_back")?;
        if frame.is_none() {
            return Ok(());
        }
    }
    out.push_str("  ...\n");
    Ok(())
}
/// How the system calls a thread.
fn thread_name(cx: &Cx, ident: u64) -> Option<String> {
    let number = cx.native_thread_id(ident)?;
    let name = cx.read_file(&format!("/proc/self/task/{number}/comm"), 64).ok()?;
    Some(String::from_utf8_lossy(&name).trim_end().to_string()).filter(|name| !name.is_empty())
}
fn push_heading(cx: &Cx, out: &mut String, ident: u64, current: bool) {
    let _ = write!(out, "{} 0x{ident:016x}", if current { "Current thread" } else { "Thread" });
    if let Some(name) = thread_name(cx, ident) {
        out.push_str(" [");
        push_plain(out, &name);
        out.push(']');
    }
    out.push_str(" (most recent call first):\n");
}
/// Where the threads stand, but for one that only tells of them; or where this one stands.
fn stacks(cx: &Cx, all_threads: bool, without: Option<u64>) -> Res<String> {
    let mut out = String::new();
    let frames = cx.call_method(&cx.import("sys")?, "_current_frames", ())?;
    let Some(frames) = Dict::of(&frames) else { return Ok(out) };
    let own = cx.thread_ident();
    if !all_threads {
        out.push_str("Stack (most recent call first):\n");
        if let Some(frame) = frames.get(cx, &own.into_value(cx)?)? {
            push_stack(cx, &mut out, frame)?;
        }
        return Ok(out);
    }
    let mut threads = Vec::new();
    let mut from = 0;
    while let Some((next, ident, frame)) = frames.next_item(from) {
        from = next;
        let ident = cx.small_int(&ident).unwrap_or(0) as u64;
        if Some(ident) != without && threads.len() < MOST_THREADS {
            threads.push((ident, frame));
        }
    }
    // The last one that was begun comes first.
    threads.reverse();
    let count = threads.len();
    for (at, (ident, frame)) in threads.into_iter().enumerate() {
        push_heading(cx, &mut out, ident, ident == own);
        push_stack(cx, &mut out, frame)?;
        if at + 1 < count {
            out.push('\n');
        }
    }
    Ok(out)
}
fn dump_traceback(cx: &Cx, file: &Value, all_threads: bool) -> Res<()> {
    let (fd, _kept) = fd_of(cx, file)?;
    write(fd, &stacks(cx, all_threads, None)?);
    Ok(())
}
fn dump_c_stack(cx: &Cx, file: &Value) -> Res<()> {
    let (fd, _kept) = fd_of(cx, file)?;
    write(fd, "Current thread's C stack trace (most recent call first):\n  <cannot get C stack on this system>\n");
    Ok(())
}

// ---- signals that the program dies of ----------------------------------------------------------------------------------

fn enable(cx: &Cx, file: &Value, _all_threads: bool) -> Res<()> {
    let (fd, file) = fd_of(cx, file)?;
    cx.require(Capability::Processes)?;
    let state = cx.state::<State>()?;
    state.file.set(file);
    state.enabled.set(true);
    system::tell_of_fatal(fd.number()).map_err(|error| cx.os_error(&error, None))
}
fn disable(cx: &Cx) -> Res<bool> {
    let state = cx.state::<State>()?;
    let enabled = state.enabled.replace(false);
    if enabled {
        system::keep_silent();
    }
    state.file.set(Value::NONE);
    Ok(enabled)
}
fn is_enabled(cx: &Cx) -> Res<bool> {
    Ok(cx.state::<State>()?.enabled.get())
}

// ---- after a time ------------------------------------------------------------------------------------------------------

/// Tells a thread that waits to stop.
#[derive(Default)]
struct Stop {
    stopped: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    fn stop(&self) {
        *self.stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }
    /// Waits for that, at most so long; whether it has come.
    fn wait(&self, most: Duration) -> bool {
        let stopped = self.stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(stopped, most, |stopped| !*stopped);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// What the thread that waits does.
struct Plan {
    timeout: Duration,
    repeat: bool,
    exit: bool,
    fd: Fd,
    stop: Arc<Stop>,
}

native_type! {
    /// Waits, and tells where the threads stand.
    "faulthandler._watch" = struct Watch { plan: Own<Plan>, file: Slot }
    call() = watch;
}

/// `0:00:01.500000`
fn shown_time(time: Duration) -> String {
    let (seconds, micros) = (time.as_secs(), time.subsec_micros());
    let mut shown = format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if micros > 0 {
        let _ = write!(shown, ".{micros:06}");
    }
    shown
}
fn watch(cx: &Cx, this: This<'_, Watch>) -> Res<()> {
    let plan = |plan: &mut Plan| (plan.timeout, plan.repeat, plan.exit, plan.fd, Arc::clone(&plan.stop));
    let (timeout, repeat, exit, fd, stop) = this.plan.with(cx, plan)?;
    loop {
        let stopped =
            cx.wait_for(Some(timeout), |most| stop.wait(most.unwrap_or(timeout)))?;
        if stopped {
            return Ok(());
        }
        let stacks = stacks(cx, true, Some(cx.thread_ident()))?;
        write(fd, &format!("Timeout ({})!\n{stacks}", shown_time(timeout)));
        if exit {
            system::exit_now(1);
        }
        if !repeat {
            return Ok(());
        }
    }
}
/// A number of seconds, greater than 0.
fn seconds(cx: &Cx, value: &Value) -> Res<Duration> {
    if !cx.is_number(value) {
        let kind = cx.type_name(value);
        return Err(cx.type_error(format_args!("'{kind}' object cannot be interpreted as an integer or float")));
    }
    let seconds = cx.float(value)?;
    if seconds <= 0.0 {
        return Err(cx.value_error("timeout must be greater than 0"));
    }
    const MOST: f64 = 9_223_372_036.0;
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if seconds < MOST => Ok(time),
        _ => Err(cx.overflow_error("timestamp out of range for C PyTime_t")),
    }
}
fn dump_traceback_later(cx: &Cx, timeout: &Value, repeat: bool, file: &Value, exit: bool) -> Res<()> {
    let timeout = seconds(cx, timeout)?;
    let (fd, file) = fd_of(cx, file)?;
    if exit {
        cx.require(Capability::Processes)?;
    }
    cancel_dump_traceback_later(cx)?;
    let stop = Arc::new(Stop::default());
    let plan = Plan { timeout, repeat, exit, fd, stop: Arc::clone(&stop) };
    let watch = cx.new(Watch { plan: Own::new(plan), file: Slot::new(file) })?;
    let no_args = Tuple::from_fn(cx, 0, |_| Value::NONE)?;
    cx.call_method(&cx.import("_thread")?, "start_new_thread", (watch, no_args))?;
    cx.state::<State>()?.waiting.with(cx, |waiting| *waiting = Some(stop))
}
fn cancel_dump_traceback_later(cx: &Cx) -> Res<()> {
    let waiting = cx.state::<State>()?.waiting.with(cx, Option::take)?;
    if let Some(waiting) = waiting {
        waiting.stop();
    }
    Ok(())
}

// ---- at a signal -------------------------------------------------------------------------------------------------------

native_type! {
    /// Tells where the threads stand when a signal has come in.
    "faulthandler._handler" = struct Handler { fd: Cell<i32>, all_threads: Cell<bool>, chain: Cell<bool>, file: Slot, before: Slot }
    call(signum: &Value, frame: &Value) = handle;
}

fn handle(cx: &Cx, this: This<'_, Handler>, signum: &Value, _: &Value) -> Res<()> {
    if let Ok(fd) = Fd::new(this.fd.get()) {
        write(fd, &stacks(cx, this.all_threads.get(), None)?);
    }
    if this.chain.get() {
        // What was done before is done by the system and the module `signal`, as if nobody stood between.
        let signal = cx.import("_signal")?;
        cx.call_method(&signal, "signal", (signum, this.before.get()))?;
        cx.call_method(&signal, "raise_signal", (signum,))?;
        cx.check_signals()?;
        cx.call_method(&signal, "signal", (signum, this.value()))?;
    }
    Ok(())
}
fn check_signal(cx: &Cx, signum: i32) -> Res<()> {
    if system::is_fatal(signum) {
        let message = format_args!("signal {signum} cannot be registered, use enable() instead");
        return Err(cx.runtime_error(message));
    }
    if !(1..=64).contains(&signum) {
        return Err(cx.value_error("signal number out of range"));
    }
    Ok(())
}
/// The handlers, by their numbers.
fn handlers(cx: &Cx) -> Res<Dict> {
    let state = cx.state::<State>()?;
    if let Some(handlers) = state.handlers.dict() {
        return Ok(handlers);
    }
    let handlers = Dict::new(cx)?;
    state.handlers.set(handlers.value().clone());
    Ok(handlers)
}
fn register(cx: &Cx, signum: i32, file: &Value, all_threads: bool, chain: bool) -> Res<()> {
    check_signal(cx, signum)?;
    let (fd, file) = fd_of(cx, file)?;
    unregister(cx, signum)?;
    let handler = cx.new(Handler {
        fd: Cell::new(fd.number()),
        all_threads: Cell::new(all_threads),
        chain: Cell::new(chain),
        file: Slot::new(file),
        before: Slot::default(),
    })?;
    let before = cx.call_method(&cx.import("_signal")?, "signal", (signum, &handler))?;
    handler.before.set(before);
    handlers(cx)?.set(cx, &Value::small(signum.into()), handler)
}
fn unregister(cx: &Cx, signum: i32) -> Res<bool> {
    check_signal(cx, signum)?;
    let Some(handler) = handlers(cx)?.remove(cx, &Value::small(signum.into()))? else { return Ok(false) };
    let Some(handler) = handler.body::<Handler>() else { return Ok(false) };
    let before = handler.before.get();
    if !before.is_none() {
        cx.call_method(&cx.import("_signal")?, "signal", (signum, before))?;
    }
    Ok(true)
}
