//! The type of sockets: making, connecting, options, closing.

use std::cell::Cell;
use std::time::{Duration, Instant};

use ryokan_system as sys;
use ryokan_vm::native::*;

use super::address::{parse, show};
use super::messages::*;
use super::transfer::*;
use super::{State, Timeout, net, timeout_of, timed_out, transfer, wait_until_ready};
use crate::posix::args::{number, quick};

native_type! {
    /// socket(family=AF_INET, type=SOCK_STREAM, proto=0, fileno=None)
    ///
    /// A socket. With fileno it is one that is open already; what it is like is asked of the system then.
    "_socket.socket" = pub struct Socket { fd: Cell<i32>, family: Cell<i32>, kind: Cell<i32>, protocol: Cell<i32>, timeout: Cell<Timeout> }
    flags: SUBCLASS;
    new(*args, **names) = new;
    init(family: i32 = -1, r#type: i32 = -1, proto: i32 = -1, fileno: Value = Value::NONE => "None") = init;
    slots { repr = repr; del = finalize; }
    getters {
        /// how long calls wait, in seconds
        timeout = gettimeout;
    }
    members {
        /// the family of addresses
        family = |_, this: Sock| this.family.get();
        /// the kind of socket
        r#type = |_, this: Sock| this.kind.get();
        /// the protocol
        proto = |_, this: Sock| this.protocol.get();
    }
    methods {
        /// Takes a connection: a descriptor, and the address of who it is.
        _accept() = accept;
        /// Gives the socket an address.
        bind(object: &Value, /);
        /// Closes the socket. A second call does nothing.
        close();
        /// Connects the socket with an address.
        connect(object: &Value, /);
        /// The same; returns an error number instead of raising an error of the system.
        connect_ex(object: &Value, /);
        /// Parts from the descriptor and returns it.
        detach();
        /// The number of the descriptor; -1 if the socket is closed.
        fileno();
        /// The address of who the socket is connected with.
        getpeername();
        /// The address of the socket.
        getsockname();
        /// An option: a number, or so many bytes.
        getsockopt(level: i32, optname: i32, buflen: i32 = 0, /);
        /// Waits for connections; so many may wait to be taken.
        listen(backlog: i32 = 128, /);
        /// At most so many bytes.
        recv(bufsize: i64, flags: i32 = 0, /);
        /// Receives into a buffer; returns how many bytes.
        recv_into(buffer: BufferMut, nbytes: i64 = 0, flags: i32 = 0);
        /// At most so many bytes, and the address of who has sent them.
        recvfrom(bufsize: i64, flags: i32 = 0, /);
        /// Receives into a buffer; returns how many bytes, and the address of who has sent them.
        recvfrom_into(buffer: BufferMut, nbytes: i64 = 0, flags: i32 = 0);
        /// Receives a message: recvmsg(bufsize[, ancbufsize[, flags]]). Returns its bytes, what came beside them (tuples of level, kind
        /// and data), flags, and the address of who has sent it.
        recvmsg(*args);
        /// The same into buffers, with how many bytes came: recvmsg_into(buffers[, ancbufsize[, flags]]).
        recvmsg_into(*args);
        /// Sends bytes; returns how many.
        send(data: Buffer, flags: i32 = 0, /);
        /// Sends all bytes.
        sendall(data: Buffer, flags: i32 = 0, /);
        /// Sends the bytes of buffers, and data beside them, tuples of level, kind and data; returns how many bytes:
        /// sendmsg(buffers[, ancdata[, flags[, address]]]).
        sendmsg(*args);
        /// Sends bytes to an address: sendto(data[, flags], address).
        sendto(*args);
        /// Whether calls wait, without a timeout.
        setblocking(object: bool, /);
        /// Whether calls wait.
        getblocking();
        /// How long calls wait, in seconds: 0 not at all, None for ever.
        settimeout(object: &Value, /);
        /// How long calls wait.
        gettimeout();
        /// Sets an option: a number, bytes, or None and a length.
        setsockopt(*args);
        /// Ends receiving (SHUT_RD), sending (SHUT_WR), or both (SHUT_RDWR).
        shutdown(object: i32, /);
    }
}

pub type Sock<'a> = This<'a, Socket>;

impl Socket {
    /// The descriptor.
    pub fn fd(&self) -> i32 {
        self.fd.get()
    }
    /// How long it waits.
    pub fn timeout(&self) -> Timeout {
        self.timeout.get()
    }
    /// The family of its addresses.
    pub fn family(&self) -> i32 {
        self.family.get()
    }
}

fn new(cx: &Cx, class: &Value, _: Args) -> Res {
    cx.new_of(
        class,
        Socket {
            fd: Cell::new(-1),
            family: Cell::new(0),
            kind: Cell::new(0),
            protocol: Cell::new(0),
            timeout: Cell::new(None),
        },
    )
}

/// A socket of an open descriptor.
pub fn of(cx: &Cx, fd: i32, family: i32, kind: i32, protocol: i32) -> Res {
    let timeout = cx.state::<State>()?.timeout.get();
    let kind = kind & !(libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK);
    let made = cx.new(Socket {
        fd: Cell::new(fd),
        family: Cell::new(family),
        kind: Cell::new(kind),
        protocol: Cell::new(protocol),
        timeout: Cell::new(timeout),
    })?;
    if timeout.is_some() {
        set_waits(cx, fd, false)?;
    }
    Ok(made.into_value())
}

fn init(cx: &Cx, this: Sock, family: i32, kind: i32, protocol: i32, fileno: Value) -> Res<()> {
    net(cx)?;
    let (mut family, mut kind, mut protocol) = (family, kind, protocol);
    let fd = if fileno.is_none() {
        family = if family == -1 { libc::AF_INET } else { family };
        kind = if kind == -1 { libc::SOCK_STREAM } else { kind };
        protocol = protocol.max(0);
        quick(cx, cx.blocking(|| sys::socket(family, kind, protocol)))?
    } else {
        let fd = i32::from_arg(cx, &fileno, &crate::posix::args::ANY)?;
        if fd < 0 {
            return Err(cx.value_error("negative file descriptor"));
        }
        let option = |which: i32| quick(cx, sys::getsockopt(fd, libc::SOL_SOCKET, which));
        // This also tells whether it is a socket.
        let address = quick(cx, sys::getsockname(fd))?;
        if family == -1 {
            family = match address {
                Some(sys::Address::V4(..)) => libc::AF_INET,
                Some(sys::Address::V6(..)) => libc::AF_INET6,
                Some(sys::Address::Unix(_)) => libc::AF_UNIX,
                Some(sys::Address::Other(family, _)) => family,
                None => option(libc::SO_DOMAIN)?,
            };
        }
        kind = if kind == -1 { option(libc::SO_TYPE)? } else { kind };
        protocol = if protocol == -1 { option(libc::SO_PROTOCOL)? } else { protocol };
        fd
    };
    this.fd.set(fd);
    this.family.set(family);
    this.kind.set(kind & !(libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK));
    this.protocol.set(protocol);
    if kind & libc::SOCK_NONBLOCK != 0 {
        this.timeout.set(Some(Duration::ZERO));
        return Ok(());
    }
    let timeout = cx.state::<State>()?.timeout.get();
    this.timeout.set(timeout);
    if timeout.is_some() { set_waits(cx, fd, false) } else { Ok(()) }
}

/// Whether the system lets calls of a descriptor wait.
fn set_waits(cx: &Cx, fd: i32, waits: bool) -> Res<()> {
    let flags = quick(cx, sys::fcntl(fd, libc::F_GETFL, 0))?;
    let bit = i64::from(libc::O_NONBLOCK);
    let wanted = if waits { flags & !bit } else { flags | bit };
    if wanted == flags { Ok(()) } else { quick(cx, sys::fcntl(fd, libc::F_SETFL, wanted)).map(drop) }
}

fn repr(cx: &Cx, this: Sock) -> Res {
    format_args!(
        "<socket object, fd={}, family={}, type={}, proto={}>",
        this.fd.get(),
        this.family.get(),
        this.kind.get(),
        this.protocol.get()
    )
    .into_value(cx)
}
fn finalize(cx: &Cx, this: Sock) {
    if this.fd.get() == -1 {
        return;
    }
    cx.aside(|| {
        let warned = cx.repr(this.value()).and_then(|shown| {
            let message = format!("unclosed {shown}");
            cx.warn_about("ResourceWarning", &message, 1, Some(this.value()))
        });
        if let Err(raised) = warned {
            cx.unraisable(raised, this.value());
        }
    });
    let fd = this.fd.replace(-1);
    if fd >= 0 {
        // Nobody can be told what fails.
        let _ = sys::close(fd);
    }
}

fn accept(cx: &Cx, this: Sock) -> Res<(i32, Value)> {
    let fd = this.fd();
    let (made, address) = transfer(cx, fd, false, this.timeout(), || sys::accept(fd))?;
    match show(cx, address.as_ref()) {
        Ok(address) => Ok((made, address)),
        Err(raised) => {
            let _ = sys::close(made);
            Err(raised)
        }
    }
}
fn bind(cx: &Cx, this: Sock, address: &Value) -> Res<()> {
    let address = parse(cx, address, this.family(), "bind")?;
    let fd = this.fd();
    quick(cx, cx.blocking(|| sys::bind(fd, &address)))
}
fn listen(cx: &Cx, this: Sock, backlog: i32) -> Res<()> {
    let fd = this.fd();
    quick(cx, cx.blocking(|| sys::listen(fd, backlog.max(0))))
}
fn close(cx: &Cx, this: Sock) -> Res<()> {
    let fd = this.fd.replace(-1);
    if fd == -1 {
        return Ok(());
    }
    match cx.blocking(|| sys::close(fd)) {
        Err(error) if error.raw_os_error() != Some(libc::ECONNRESET) => quick(cx, Err(error)),
        _ => Ok(()),
    }
}
fn detach(_: &Cx, this: Sock) -> i32 {
    this.fd.replace(-1)
}
fn fileno(_: &Cx, this: Sock) -> i32 {
    this.fd.get()
}

/// Connects; an error number if the system refuses.
fn join(cx: &Cx, this: Sock, address: &Value, function: &str) -> Res<Result<(), i32>> {
    let address = parse(cx, address, this.family(), function)?;
    let (fd, timeout) = (this.fd(), this.timeout());
    let begun = match cx.blocking(|| sys::connect(fd, &address)) {
        Ok(()) => return Ok(Ok(())),
        Err(error) => number(&error),
    };
    let waits = match begun {
        libc::EINTR => {
            cx.check_signals()?;
            // The system goes on connecting.
            timeout.is_none_or(|time| !time.is_zero())
        }
        libc::EINPROGRESS => timeout.is_some_and(|time| !time.is_zero()),
        _ => false,
    };
    if !waits {
        return Ok(Err(begun));
    }
    let end = timeout.unwrap_or(Duration::from_secs(u64::MAX >> 32));
    let end = Instant::now() + end;
    if !wait_until_ready(cx, fd, true, end)? {
        return if function == "connect" { Err(timed_out(cx)) } else { Ok(Err(libc::EAGAIN)) };
    }
    let error = quick(cx, sys::getsockopt(fd, libc::SOL_SOCKET, libc::SO_ERROR))?;
    Ok(if error == 0 || error == libc::EISCONN { Ok(()) } else { Err(error) })
}
fn connect(cx: &Cx, this: Sock, address: &Value) -> Res<()> {
    join(cx, this, address, "connect")?.map_err(|error| cx.os_error_about(error, None, None))
}
fn connect_ex(cx: &Cx, this: Sock, address: &Value) -> Res<i32> {
    Ok(join(cx, this, address, "connect_ex")?.err().unwrap_or(0))
}

fn getpeername(cx: &Cx, this: Sock) -> Res {
    show(cx, quick(cx, sys::getpeername(this.fd()))?.as_ref())
}
fn getsockname(cx: &Cx, this: Sock) -> Res {
    show(cx, quick(cx, sys::getsockname(this.fd()))?.as_ref())
}

fn getsockopt(cx: &Cx, this: Sock, level: i32, option: i32, length: i32) -> Res {
    if length == 0 {
        return quick(cx, sys::getsockopt(this.fd(), level, option))?.into_value(cx);
    }
    let Some(length) = usize::try_from(length).ok().filter(|length| *length <= 1024) else {
        return Err(cx.raise_os("getsockopt buflen out of range"));
    };
    let mut bytes = vec![0; length];
    let count = quick(cx, sys::getsockopt_bytes(this.fd(), level, option, &mut bytes))?;
    Bytes::new(cx, &bytes[..count.min(length)]).map(Bytes::into_value)
}
fn setsockopt(cx: &Cx, this: Sock, args: Args) -> Res<()> {
    args.no_keywords(cx, "socket.setsockopt")?;
    args.count(cx, "setsockopt", 3, 4)?;
    let int = |value: &Value| i32::from_arg(cx, value, &crate::posix::args::ANY);
    match args.positional() {
        [level, option, value] => {
            let (level, option) = (int(level)?, int(option)?);
            if cx.is_int(value) {
                let number = int(value)?;
                return quick(cx, sys::setsockopt(this.fd(), level, option, Some(&number.to_ne_bytes()), 0));
            }
            let bytes = Buffer::of(cx, value)?.read(<[u8]>::to_vec);
            quick(cx, sys::setsockopt(this.fd(), level, option, Some(&bytes), 0))
        }
        [level, option, none, length] => {
            let (level, option) = (int(level)?, int(option)?);
            if !none.is_none() {
                let kind = cx.type_name(none);
                return Err(cx.type_error(format_args!("setsockopt() argument 3 must be None, not {kind}")));
            }
            let length = u32::from_arg(cx, length, &crate::posix::args::ANY)?;
            quick(cx, sys::setsockopt(this.fd(), level, option, None, length))
        }
        _ => Ok(()),
    }
}
fn shutdown(cx: &Cx, this: Sock, how: i32) -> Res<()> {
    let fd = this.fd();
    quick(cx, cx.blocking(|| sys::shutdown(fd, how)))
}

fn set_timeout(cx: &Cx, this: Sock, timeout: Timeout) -> Res<()> {
    // One with a timeout is waited for before each call.
    set_waits(cx, this.fd(), timeout.is_none())?;
    this.timeout.set(timeout);
    Ok(())
}
fn setblocking(cx: &Cx, this: Sock, waits: bool) -> Res<()> {
    set_timeout(cx, this, if waits { None } else { Some(Duration::ZERO) })
}
fn getblocking(_: &Cx, this: Sock) -> bool {
    this.timeout.get().is_none_or(|time| !time.is_zero())
}
fn settimeout(cx: &Cx, this: Sock, timeout: &Value) -> Res<()> {
    let timeout = timeout_of(cx, timeout)?;
    set_timeout(cx, this, timeout)
}
fn gettimeout(_: &Cx, this: Sock) -> Option<f64> {
    this.timeout.get().map(|time| time.as_secs_f64())
}
