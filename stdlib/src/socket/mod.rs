//! `_socket`: connections to other machines and processes.
//!
//! | file | what |
//! |---|---|
//! | `object.rs` | the type of sockets: making, connecting, options, closing |
//! | `transfer.rs`, `messages.rs` | sending and receiving: bytes; messages with data beside them |
//! | `address.rs` | addresses, from Python and to it |
//! | `names.rs` | names of hosts, services and interfaces, and bytes of addresses |
//! | `constants.rs` | constants |

use std::cell::Cell;
use std::io;
use std::time::{Duration, Instant};

use ryokan_system as sys;
use ryokan_vm::native::*;

mod address;
mod constants;
mod messages;
mod names;
mod object;
pub mod transfer;

use crate::posix::args::{number, quick};
use names::*;
pub use object::Socket;

native_exception! {
    /// An address cannot be found for a name, or a name for an address.
    pub static GAI_ERROR = "socket.gaierror": "OSError";
    /// A host cannot be found.
    static HOST_ERROR = "socket.herror": "OSError";
}

native_state! {
    /// The timeout of new sockets: nothing waits for ever.
    pub struct State { pub timeout: Cell<Option<Duration>> }
}

native_module! {
    /// Sockets. The module socket is what programs use.
    "_socket" {
        types { Socket }
        classes { "gaierror" = &GAI_ERROR; "herror" = &HOST_ERROR; }
        fill = fill;
        functions {
            /// Closes the socket of a descriptor.
            close(object: i32, /), shows = "($self, object, /)";
            /// A copy of the descriptor of a socket, which other programs do not inherit.
            dup(object: i32, /), shows = "($self, object, /)";
            /// How many bytes data beside a message has with its header.
            CMSG_LEN(length: i64, /) = messages::beside_len, shows = "";
            /// The same with what lies before the next such data.
            CMSG_SPACE(length: i64, /) = messages::beside_space, shows = "";
            /// Two sockets that are connected with each other.
            socketpair(family: i32 = libc::AF_UNIX => "1", r#type: i32 = libc::SOCK_STREAM => "1", proto: i32 = 0, /), shows = "";
            /// What a host and a service mean: a list of tuples of family, type, protocol, name and address.
            getaddrinfo(host: Value, port: Value, family: i32 = 0, r#type: i32 = 0, proto: i32 = 0, flags: i32 = 0), shows = "";
            /// The names of an address's host and service.
            getnameinfo(sockaddr: &Value, flags: i32, /), shows = "";
            /// The name of this host.
            gethostname(), shows = "($self, /)";
            /// The address of a host, as text.
            gethostbyname(host: &Value, /), shows = "";
            /// The name, other names and addresses of a host.
            gethostbyname_ex(host: &Value, /), shows = "";
            /// The name, other names and addresses of the host at an address.
            gethostbyaddr(host: &Value, /), shows = "";
            /// The port of a service.
            getservbyname(name: &Value, protocol: Value = Value::NONE => "None", /), shows = "";
            /// The name of the service at a port.
            getservbyport(port: i32, protocol: Value = Value::NONE => "None", /), shows = "";
            /// The number of a protocol.
            getprotobyname(name: &Value, /), shows = "";
            /// The four bytes of an address that is written as text.
            inet_aton(ip_addr: &Value, /);
            /// The text of an address of four bytes.
            inet_ntoa(packed_ip: Buffer, /);
            /// The bytes of an address of a family that is written as text.
            inet_pton(family: i32, ip: &Value, /), shows = "";
            /// The text of the bytes of an address of a family.
            inet_ntop(family: i32, packed: Buffer, /), shows = "";
            /// A number of 16 bits in the order of the network, from the machine's.
            htons(integer: &Value, /) = swap_short;
            /// A number of 32 bits in the order of the network, from the machine's.
            htonl(integer: &Value, /) = swap_long;
            /// A number of 16 bits in the order of the machine, from the network's.
            ntohs(integer: &Value, /) = swap_short;
            /// A number of 32 bits in the order of the machine, from the network's.
            ntohl(integer: &Value, /) = swap_long;
            /// The timeout of new sockets, in seconds; None for none.
            getdefaulttimeout(), shows = "($self, /)";
            /// Sets it.
            setdefaulttimeout(object: &Value, /), shows = "($self, object, /)";
            /// The interfaces: pairs of number and name.
            if_nameindex(), shows = "($self, /)";
            /// The number of an interface.
            if_nametoindex(oname: &Value, /);
            /// The name of an interface.
            if_indextoname(if_index: u32, /);
        }
    }
}

fn fill(module: &Filler) -> Res<()> {
    let cx = module.cx();
    for (name, value) in constants::CONSTANTS {
        module.add(name, *value)?;
    }
    module.add("has_ipv6", true)?;
    module.add("error", cx.builtin("OSError")?)?;
    module.add("timeout", cx.builtin("TimeoutError")?)?;
    module.alias("SocketType", "socket")
}

/// What is about the network is the host's to allow.
pub fn net(cx: &Cx) -> Res<()> {
    cx.require(Capability::Net)
}

/// `TimeoutError: timed out`
#[cold]
fn timed_out(cx: &Cx) -> Raised {
    cx.raise_builtin("TimeoutError", "timed out")
}

/// How long a socket waits: nothing for ever, and no time at all for one that does not wait.
pub type Timeout = Option<Duration>;

/// Waits until a descriptor can be read or written; whether it can.
fn wait_until_ready(cx: &Cx, fd: i32, writes: bool, end: Instant) -> Res<bool> {
    let events = if writes { libc::POLLOUT } else { libc::POLLIN };
    let left = end.saturating_duration_since(Instant::now());
    let ready = crate::select::wait(cx, Some(left), |most| {
        sys::poll(&mut [libc::pollfd { fd, events, revents: 0 }], most)
    })?;
    Ok(ready > 0)
}

/// Does something with a socket, that may have to wait for it. `TimeoutError` when the time of the socket is over.
pub fn transfer<T: Send>(
    cx: &Cx,
    fd: i32,
    writes: bool,
    timeout: Timeout,
    mut call: impl FnMut() -> io::Result<T> + Send,
) -> Res<T> {
    let waits = timeout.is_some_and(|time| !time.is_zero());
    let end = timeout.filter(|_| waits).and_then(|time| Instant::now().checked_add(time));
    loop {
        // (What came in before would not end it.)
        cx.check_signals()?;
        if let Some(end) = end
            && !wait_until_ready(cx, fd, writes, end)?
        {
            return Err(timed_out(cx));
        }
        match cx.blocking(&mut call) {
            Ok(done) => return Ok(done),
            Err(error) => match error.raw_os_error() {
                Some(libc::EINTR) => cx.check_signals()?,
                // Somebody else was faster.
                Some(libc::EAGAIN) if waits => {}
                _ => return Err(cx.os_error_about(number(&error), None, None)),
            },
        }
    }
}

/// A timeout of an argument. Runs Python.
pub fn timeout_of(cx: &Cx, value: &Value) -> Res<Timeout> {
    if value.is_none() {
        return Ok(None);
    }
    if !cx.is_number(value) {
        let kind = cx.type_name(value);
        return Err(cx.type_error(format_args!("'{kind}' object cannot be interpreted as an integer or float")));
    }
    let seconds = cx.float(value)?;
    if seconds.is_nan() {
        return Err(cx.value_error("Invalid value NaN (not a number)"));
    }
    if seconds < 0.0 {
        return Err(cx.value_error("Timeout value out of range"));
    }
    // What is more than the clock can count waits as long as that.
    match Duration::try_from_secs_f64(seconds) {
        Ok(time) if time.as_secs() <= i64::MAX as u64 / 1_000_000_000 => Ok(Some(time)),
        _ => Err(cx.overflow_error("timestamp too large to convert to C PyTime_t")),
    }
}

fn getdefaulttimeout(cx: &Cx) -> Res<Option<f64>> {
    Ok(cx.state::<State>()?.timeout.get().map(|time| time.as_secs_f64()))
}
fn setdefaulttimeout(cx: &Cx, timeout: &Value) -> Res<()> {
    let timeout = timeout_of(cx, timeout)?;
    cx.state::<State>()?.timeout.set(timeout);
    Ok(())
}
fn close(cx: &Cx, fd: i32) -> Res<()> {
    net(cx)?;
    match cx.blocking(|| sys::close(fd)) {
        // The other side has gone: it is closed all the same.
        Err(error) if error.raw_os_error() != Some(libc::ECONNRESET) => quick(cx, Err(error)),
        _ => Ok(()),
    }
}
fn dup(cx: &Cx, fd: i32) -> Res<i64> {
    net(cx)?;
    quick(cx, sys::dup(fd))
}
fn socketpair(cx: &Cx, family: i32, kind: i32, protocol: i32) -> Res<(Value, Value)> {
    net(cx)?;
    let [one, other] = quick(cx, sys::socketpair(family, kind | libc::SOCK_CLOEXEC, protocol))?;
    Ok((object::of(cx, one, family, kind, protocol)?, object::of(cx, other, family, kind, protocol)?))
}
