//! Addresses, from Python and to it.

use std::ffi::CString;
use std::net::{Ipv4Addr, Ipv6Addr};

use ryokan_system as sys;
use ryokan_system::Address;
use ryokan_vm::native::*;

use super::names::gai_error;

/// As Python shows it; None if there is none.
pub fn show(cx: &Cx, address: Option<&Address>) -> Res {
    match address {
        None => Ok(Value::NONE),
        Some(Address::V4(bytes, port)) => {
            (Ipv4Addr::from(*bytes).to_string(), i64::from(*port)).into_value(cx)
        }
        Some(Address::V6(bytes, port, flow, scope)) => {
            let text = text_of_v6(bytes, *scope);
            (text, i64::from(*port), i64::from(*flow), i64::from(*scope)).into_value(cx)
        }
        Some(Address::Unix(path)) if path.first() == Some(&0) => Bytes::new(cx, path).map(Bytes::into_value),
        Some(Address::Unix(path)) => cx.from_system(path),
        Some(Address::Other(family, bytes)) => (*family, Bytes::new(cx, bytes)?).into_value(cx),
    }
}

/// The text of an address, as the C library writes it.
pub fn text_of_v6(bytes: &[u8; 16], scope: u32) -> String {
    match sys::getnameinfo(&Address::V6(*bytes, 0, 0, scope), libc::NI_NUMERICHOST) {
        Ok((host, _)) => String::from_utf8_lossy(&host).into_owned(),
        Err(_) => Ipv6Addr::from(*bytes).to_string(),
    }
}

/// The text of a host's name: a str by the encoding of such names, or bytes.
pub fn host_text(cx: &Cx, host: &Value) -> Res<CString> {
    let null = || cx.type_error("host name must not contain null character");
    if cx.is_str(host) {
        let text = cx.str(host)?;
        if text.as_str().is_ascii() {
            return CString::new(text.as_str()).map_err(|_| null());
        }
        let encoded = cx.call_method(host, "encode", ("idna",))?;
        let Some(bytes) = Bytes::of(&encoded) else {
            return Err(cx.type_error("encoding of hostname failed"));
        };
        return CString::new(bytes.as_slice()).map_err(|_| null());
    }
    if Bytes::of(host).is_some() || cx.is_bytearray(host) {
        return Buffer::of(cx, host)?.read(|bytes| CString::new(bytes)).map_err(|_| null());
    }
    let kind = cx.type_name(host);
    Err(cx.type_error(format_args!("str, bytes or bytearray expected, not {kind}")))
}

/// The address of a host of a family: a name, an address as text, nothing for any, `<broadcast>` for all. Asks the network.
pub fn resolve(cx: &Cx, host: &CString, family: i32) -> Res<Address> {
    let text = host.to_str().unwrap_or("");
    match text {
        "" if family == libc::AF_INET => return Ok(Address::V4([0; 4], 0)),
        "" if family == libc::AF_INET6 => return Ok(Address::V6([0; 16], 0, 0, 0)),
        "255.255.255.255" | "<broadcast>" => {
            if family != libc::AF_INET && family != libc::AF_UNSPEC {
                return Err(cx.raise_os("address family mismatched"));
            }
            return Ok(Address::V4([255; 4], 0));
        }
        _ => {}
    }
    if family != libc::AF_INET6
        && let Ok(address) = text.parse::<Ipv4Addr>()
    {
        return Ok(Address::V4(address.octets(), 0));
    }
    if family != libc::AF_INET
        && let Ok(address) = text.parse::<Ipv6Addr>()
    {
        return Ok(Address::V6(address.octets(), 0, 0, 0));
    }
    let found = cx.blocking(|| sys::getaddrinfo(Some(host), None, [family, libc::SOCK_DGRAM, 0, 0]));
    let found = found.map_err(|error| gai_error(cx, error))?;
    match found.into_iter().next() {
        Some(found) => Ok(found.address),
        None => Err(gai_error(cx, libc::EAI_NONAME)),
    }
}

/// A port.
fn port_of(cx: &Cx, port: &Value, function: &str) -> Res<u16> {
    match cx.index_i128(port)?.and_then(|port| u16::try_from(port).ok()) {
        Some(port) => Ok(port),
        None => Err(cx.overflow_error(format_args!("{function}(): port must be 0-65535."))),
    }
}

/// What a socket of a family takes for an address. Runs Python, and asks the network.
pub fn parse(cx: &Cx, value: &Value, family: i32, function: &str) -> Res<Address> {
    match family {
        libc::AF_UNIX => {
            if cx.is_str(value) {
                let encoded = cx.to_system(value)?;
                let bytes = Bytes::of(&encoded).map(|bytes| bytes.as_slice().to_vec()).unwrap_or_default();
                return unix(cx, bytes);
            }
            let path = Buffer::of(cx, value)?.read(<[u8]>::to_vec);
            unix(cx, path)
        }
        libc::AF_INET => {
            let items = tuple(cx, value, "AF_INET", function)?;
            let [host, port] = items.as_slice() else {
                return Err(cx.type_error("AF_INET address must be a pair (host, port)"));
            };
            let host = host_text(cx, host)?;
            let port = port_of(cx, port, function)?;
            match resolve(cx, &host, libc::AF_INET)? {
                Address::V4(bytes, _) => Ok(Address::V4(bytes, port)),
                _ => Err(cx.raise_os("address family mismatched")),
            }
        }
        libc::AF_INET6 => {
            let items = tuple(cx, value, "AF_INET6", function)?;
            let (host, port, rest) = match items.as_slice() {
                [host, port, rest @ ..] if rest.len() <= 2 => (host, port, rest),
                _ => {
                    return Err(cx.type_error("AF_INET6 address must be a tuple (host, port[, flowinfo[, scopeid]])"));
                }
            };
            let host = host_text(cx, host)?;
            let port = port_of(cx, port, function)?;
            let part = |at: usize| rest.get(at).map_or(Ok(0), |value| u32::from_arg(cx, value, &crate::posix::args::ANY));
            let (flow, scope) = (part(0)?, part(1)?);
            if flow > 0xF_FFFF {
                return Err(cx.overflow_error(format_args!("{function}(): flowinfo must be 0-1048575.")));
            }
            match resolve(cx, &host, libc::AF_INET6)? {
                Address::V6(bytes, _, _, own) => Ok(Address::V6(bytes, port, flow, if scope == 0 { own } else { scope })),
                _ => Err(cx.raise_os("address family mismatched")),
            }
        }
        _ => Err(cx.raise_os(format_args!("{function}(): bad family"))),
    }
}

fn unix(cx: &Cx, path: Vec<u8>) -> Res<Address> {
    // A name that is no file's may have zeros, and as many bytes as there is room.
    let abstract_name = path.first() == Some(&0);
    let most = if abstract_name { 108 } else { 107 };
    if path.len() > most {
        return Err(cx.raise_os("AF_UNIX path too long"));
    }
    Ok(Address::Unix(path))
}

fn tuple(cx: &Cx, value: &Value, family: &str, function: &str) -> Res<Tuple> {
    Tuple::of(value).ok_or(()).map_err(|()| {
        let kind = cx.type_name(value);
        cx.type_error(format_args!("{function}(): {family} address must be tuple, not {kind}"))
    })
}
