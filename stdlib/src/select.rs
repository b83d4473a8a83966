//! `select`: waiting until descriptors are ready.

use std::cell::Cell;
use std::io;
use std::time::{Duration, Instant};

use ryokan_system as sys;
use ryokan_vm::native::*;

use crate::posix::args::{FileNo, descriptor_of, number, quick};

native_module! {
    /// Waiting until descriptors are ready: select(), poll() and epoll.
    "select" {
        consts {
            "POLLIN" = 1; "POLLPRI" = 2; "POLLOUT" = 4; "POLLERR" = 8; "POLLHUP" = 16; "POLLNVAL" = 32; "POLLRDNORM" = 64;
            "POLLRDBAND" = 128; "POLLWRNORM" = 256; "POLLWRBAND" = 512; "POLLMSG" = 1024; "POLLRDHUP" = 8192; "PIPE_BUF" = 4096;
            "EPOLLIN" = 1; "EPOLLPRI" = 2; "EPOLLOUT" = 4; "EPOLLERR" = 8; "EPOLLHUP" = 16; "EPOLLRDNORM" = 64; "EPOLLRDBAND" = 128;
            "EPOLLWRNORM" = 256; "EPOLLWRBAND" = 512; "EPOLLMSG" = 1024; "EPOLLRDHUP" = 8192; "EPOLLEXCLUSIVE" = 1_i64 << 28;
            "EPOLLWAKEUP" = 1_i64 << 29; "EPOLLONESHOT" = 1_i64 << 30; "EPOLLET" = 1_i64 << 31; "EPOLL_CLOEXEC" = 0x80000;
        }
        types { Epoll }
        fill = fill;
        functions {
            /// Waits until something in three lists is ready: to be read, to be written, or for something exceptional; gives the three lists of
            /// what is. timeout is in seconds; None waits for ever.
            select(rlist: Value, wlist: Value, xlist: Value, timeout: Value = Value::NONE => "None", /);
            /// An object that waits for descriptors which are registered with it.
            poll() = new_poll;
        }
    }
}

fn fill(module: &Filler) -> Res<()> {
    module.add("error", module.cx().builtin("OSError")?)
}

native_type! {
    /// Waits for descriptors.
    "select.poll" = pub struct Poll { watched: Own<Vec<(i32, i16)>>, waits: Cell<bool> }
    methods {
        /// Adds a descriptor, or changes what is waited for.
        register(fd: FileNo, eventmask: Mask = Mask(7) => "select.POLLIN | select.POLLPRI | select.POLLOUT", /);
        /// Changes what is waited for; OSError if the descriptor is not registered.
        modify(fd: FileNo, eventmask: Mask, /);
        /// Removes a descriptor; KeyError if it is not registered.
        unregister(fd: FileNo, /);
        /// Waits until something has come: pairs of a descriptor and what has. timeout is in milliseconds; None or less than 0 waits for ever.
        poll(timeout: Value = Value::NONE => "None", /) = poll_wait;
    }
}

native_type! {
    /// epoll(sizehint=-1, flags=0)
    ///
    /// Waits for descriptors, as many as there are.
    "select.epoll" = pub struct Epoll { fd: Cell<i32> }
    flags: SUBCLASS;
    new(sizehint: i32 = -1, flags: i32 = 0) = new_epoll;
    slots { del = close_epoll; }
    getters {
        /// whether it is closed
        closed = |_, this: This<Epoll>| this.fd.get() < 0;
    }
    methods {
        /// Closes it. A second call does nothing.
        close() = close;
        /// The number of its descriptor.
        fileno();
        /// Adds a descriptor.
        register(fd: FileNo, eventmask: u32 = 7 => "select.EPOLLIN | select.EPOLLPRI | select.EPOLLOUT") = epoll_register;
        /// Changes what is waited for.
        modify(fd: FileNo, eventmask: u32) = epoll_modify;
        /// Removes a descriptor.
        unregister(fd: FileNo) = epoll_unregister;
        /// Waits until something has come: pairs of a descriptor and what has. timeout is in seconds; None or less than 0 waits for ever.
        poll(timeout: Value = Value::NONE => "None", maxevents: i32 = -1) = epoll_poll;
        /// The object.
        __enter__() = enter;
        /// Closes it.
        __exit__(*args) = exit;
    }
    class_methods {
        /// An object of a descriptor that is an epoll.
        fromfd(fd: i32, /);
    }
}

/// What a poll waits for.
#[derive(Clone, Copy)]
struct Mask(u16);

impl<'a> FromArg<'a> for Mask {
    fn from_arg(cx: &'a Cx, arg: &'a Value, _: &Place) -> Res<Mask> {
        match cx.index_i128(arg)? {
            Some(n) if n < 0 => Err(cx.value_error("value must be positive")),
            Some(n) if n <= u16::MAX.into() => Ok(Mask(n as u16)),
            _ => Err(cx.overflow_error("Python int too large for C unsigned short")),
        }
    }
}

/// How long to wait, of a number of seconds: nothing for ever.
fn time_of(cx: &Cx, timeout: &Value, unit: f64, kind: &str) -> Res<Option<Duration>> {
    if timeout.is_none() {
        return Ok(None);
    }
    if !cx.is_number(timeout) {
        return Err(cx.type_error(format_args!("timeout must be a {kind} or None")));
    }
    let time = cx.float(timeout)? * unit;
    if time.is_nan() {
        return Err(cx.value_error("Invalid value NaN (not a number)"));
    }
    if time > 9.2e9 {
        return Err(cx.overflow_error("timeout is too large"));
    }
    Ok(if time < 0.0 { None } else { Some(Duration::from_secs_f64(time)) })
}

/// Waits by a call that is told for how many milliseconds, until it gives something or the time is over. A signal that comes in is
/// heeded.
pub fn wait<T: Send>(
    cx: &Cx,
    time: Option<Duration>,
    mut call: impl FnMut(i32) -> io::Result<T> + Send,
) -> Res<T> {
    let end = time.and_then(|time| Instant::now().checked_add(time));
    loop {
        // (What came in before would not end it.)
        cx.check_signals()?;
        let left = end.map(|end| end.saturating_duration_since(Instant::now()));
        // A part of a millisecond is waited for, too.
        let most = left.map_or(-1, |left| i32::try_from(left.as_nanos().div_ceil(1_000_000)).unwrap_or(i32::MAX));
        match cx.blocking(|| call(most)) {
            Ok(found) => return Ok(found),
            Err(error) if error.raw_os_error() == Some(libc::EINTR) => cx.check_signals()?,
            Err(error) => return Err(cx.os_error_about(number(&error), None, None)),
        }
    }
}

// ---- select ----------------------------------------------------------------------------------------------------------

/// As many descriptors as `select` knows.
const MOST: i32 = 1024;

fn descriptors(cx: &Cx, list: &Value) -> Res<Vec<(Value, i32)>> {
    // (A list is walked as it is, also if a `fileno()` changes it.)
    let items = match List::of(list).map_or_else(|| List::from_iterable(cx, list), Ok) {
        Ok(items) => items,
        Err(raised) => {
            drop(cx.catch(raised, "TypeError")?);
            return Err(cx.type_error("arguments 1-3 must be sequences"));
        }
    };
    let mut found = Vec::new();
    for at in 0..items.len() {
        let Some(item) = items.get(at) else { break };
        let fd = descriptor_of(cx, &item)?;
        if fd >= MOST {
            return Err(cx.value_error("filedescriptor out of range in select()"));
        }
        found.push((item, fd));
    }
    Ok(found)
}

fn select(cx: &Cx, rlist: Value, wlist: Value, xlist: Value, timeout: Value) -> Res<(List, List, List)> {
    if !timeout.is_none() && cx.is_number(&timeout) && cx.float(&timeout)? < 0.0 {
        return Err(cx.value_error("timeout must be non-negative"));
    }
    let time = time_of(cx, &timeout, 1.0, "float")?;
    let lists = [descriptors(cx, &rlist)?, descriptors(cx, &wlist)?, descriptors(cx, &xlist)?];
    let asked = [libc::POLLIN, libc::POLLOUT, libc::POLLPRI];
    let mut watched: Vec<libc::pollfd> = Vec::new();
    for (list, events) in lists.iter().zip(asked) {
        watched.extend(list.iter().map(|(_, fd)| libc::pollfd { fd: *fd, events, revents: 0 }));
    }
    wait(cx, time, |most| sys::poll(&mut watched, most))?;
    if watched.iter().any(|one| one.revents & libc::POLLNVAL != 0) {
        return Err(cx.os_error_about(libc::EBADF, None, None));
    }
    // What an end or an error makes ready is read and written.
    let shows = [
        libc::POLLIN | libc::POLLHUP | libc::POLLERR,
        libc::POLLOUT | libc::POLLERR,
        libc::POLLPRI,
    ];
    let mut results = watched.iter();
    let mut ready = Vec::new();
    for (list, shown) in lists.iter().zip(shows) {
        let found = List::new(cx, 0)?;
        for ((item, _), one) in list.iter().zip(results.by_ref().take(list.len())) {
            if one.revents & shown != 0 {
                found.push(cx, item)?;
            }
        }
        ready.push(found);
    }
    match <[List; 3]>::try_from(ready) {
        Ok([read, write, exceptional]) => Ok((read, write, exceptional)),
        Err(_) => Err(cx.system_error("there are three lists")),
    }
}

// ---- poll ------------------------------------------------------------------------------------------------------------

fn new_poll(cx: &Cx) -> Res<Obj<Poll>> {
    cx.new(Poll { watched: Own::default(), waits: Cell::new(false) })
}
fn register(cx: &Cx, this: This<Poll>, fd: FileNo, mask: Mask) -> Res<()> {
    this.watched.with(cx, |watched| match watched.iter_mut().find(|(known, _)| *known == fd.0) {
        Some((_, events)) => *events = mask.0 as i16,
        None => watched.push((fd.0, mask.0 as i16)),
    })
}
fn modify(cx: &Cx, this: This<Poll>, fd: FileNo, mask: Mask) -> Res<()> {
    let found = this.watched.with(cx, |watched| {
        watched.iter_mut().find(|(known, _)| *known == fd.0).map(|(_, events)| *events = mask.0 as i16)
    })?;
    found.ok_or(()).map_err(|()| cx.os_error_about(libc::ENOENT, None, None))
}
fn unregister(cx: &Cx, this: This<Poll>, fd: FileNo) -> Res<()> {
    let found = this.watched.with(cx, |watched| {
        let at = watched.iter().position(|(known, _)| *known == fd.0);
        at.map(|at| watched.remove(at))
    })?;
    match found {
        Some(_) => Ok(()),
        None => Err(cx.key_error(Value::small(i64::from(fd.0)))),
    }
}
fn poll_wait(cx: &Cx, this: This<Poll>, timeout: Value) -> Res<Vec<(i32, i32)>> {
    let time = time_of(cx, &timeout, 1e-3, "real number")?;
    if this.waits.replace(true) {
        return Err(cx.runtime_error("concurrent poll() invocation"));
    }
    let watched = this.watched.with(cx, |watched| watched.clone());
    let waited = watched.and_then(|watched| {
        let mut watched: Vec<libc::pollfd> =
            watched.into_iter().map(|(fd, events)| libc::pollfd { fd, events, revents: 0 }).collect();
        wait(cx, time, |most| sys::poll(&mut watched, most)).map(|_| watched)
    });
    this.waits.set(false);
    let came = waited?.into_iter().filter(|one| one.revents != 0);
    Ok(came.map(|one| (one.fd, i32::from(one.revents as u16))).collect())
}

// ---- epoll -----------------------------------------------------------------------------------------------------------

fn new_epoll(cx: &Cx, class: &Value, sizehint: i32, flags: i32) -> Res {
    if sizehint != -1 && sizehint <= 0 {
        return Err(cx.value_error("negative sizehint"));
    }
    if flags & !0x80000 != 0 {
        return Err(cx.os_error_about(libc::EINVAL, None, None));
    }
    let fd = quick(cx, sys::epoll_create(libc::EPOLL_CLOEXEC))? as i32;
    cx.new_of(class, Epoll { fd: Cell::new(fd) })
}
fn fromfd(cx: &Cx, class: &Value, fd: i32) -> Res {
    cx.new_of(class, Epoll { fd: Cell::new(fd) })
}
fn open(cx: &Cx, this: This<Epoll>) -> Res<i32> {
    let fd = this.fd.get();
    if fd < 0 { Err(cx.value_error("I/O operation on closed epoll object")) } else { Ok(fd) }
}
fn close(cx: &Cx, this: This<Epoll>) -> Res<()> {
    let fd = this.fd.replace(-1);
    if fd < 0 { Ok(()) } else { quick(cx, cx.blocking(|| sys::close(fd))) }
}
fn close_epoll(_: &Cx, this: This<Epoll>) {
    let fd = this.fd.replace(-1);
    if fd >= 0 {
        // Nobody can be told what fails.
        let _ = sys::close(fd);
    }
}
fn fileno(cx: &Cx, this: This<Epoll>) -> Res<i32> {
    open(cx, this)
}
fn control(cx: &Cx, this: This<Epoll>, operation: i32, fd: FileNo, mask: u32) -> Res<()> {
    let epoll = open(cx, this)?;
    quick(cx, cx.blocking(|| sys::epoll_ctl(epoll, operation, fd.0, mask)))
}
fn epoll_register(cx: &Cx, this: This<Epoll>, fd: FileNo, mask: u32) -> Res<()> {
    control(cx, this, libc::EPOLL_CTL_ADD, fd, mask)
}
fn epoll_modify(cx: &Cx, this: This<Epoll>, fd: FileNo, mask: u32) -> Res<()> {
    control(cx, this, libc::EPOLL_CTL_MOD, fd, mask)
}
fn epoll_unregister(cx: &Cx, this: This<Epoll>, fd: FileNo) -> Res<()> {
    control(cx, this, libc::EPOLL_CTL_DEL, fd, 0)
}
fn epoll_poll(cx: &Cx, this: This<Epoll>, timeout: Value, maxevents: i32) -> Res<Vec<(i32, u32)>> {
    let epoll = open(cx, this)?;
    let time = time_of(cx, &timeout, 1.0, "real number")?;
    let most = match maxevents {
        -1 => MOST as usize - 1,
        most if most > 0 => (most as usize).min(1 << 16),
        most => {
            return Err(cx.value_error(format_args!("maxevents must be greater than 0, got {most}")));
        }
    };
    wait(cx, time, |milliseconds| sys::epoll_wait(epoll, most, milliseconds))
}
fn enter(cx: &Cx, this: This<Epoll>) -> Res {
    open(cx, this)?;
    Ok(this.to_value())
}
fn exit(cx: &Cx, this: This<Epoll>, _: Args) -> Res {
    cx.call_method(this.value(), "close", ())
}
