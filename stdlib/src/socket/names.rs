//! Names of hosts, services and interfaces, and the bytes of addresses.

use std::ffi::CString;
use std::net::{Ipv4Addr, Ipv6Addr};

use ryokan_system as sys;
use ryokan_system::Address;
use ryokan_vm::native::*;

use super::address::{host_text, resolve, show, text_of_v6};
use super::{GAI_ERROR, net};
use crate::fspath::c_string;
use crate::posix::args::quick;

/// `socket.gaierror` of an error number of `getaddrinfo`.
#[cold]
pub fn gai_error(cx: &Cx, error: i32) -> Raised {
    if error == libc::EAI_SYSTEM {
        let error = std::io::Error::last_os_error();
        return cx.os_error(&error, None);
    }
    let made = || cx.call(&cx.class_of_key(&GAI_ERROR)?, (error, sys::gai_text(error)));
    match made() {
        Ok(error) => cx.raise_value(error),
        Err(raised) => raised,
    }
}

pub fn getaddrinfo(
    cx: &Cx,
    host: Value,
    port: Value,
    family: i32,
    kind: i32,
    protocol: i32,
    flags: i32,
) -> Res<List> {
    net(cx)?;
    let name = match host.is_none() {
        true => None,
        false if cx.is_str(&host) || Bytes::of(&host).is_some() => Some(host_text(cx, &host)?),
        false => return Err(cx.type_error("getaddrinfo() argument 1 must be string or None")),
    };
    let service = if port.is_none() {
        None
    } else if cx.is_int(&port) {
        let text = cx.str(&port)?;
        Some(CString::new(text.as_str()).map_err(|_| cx.value_error("embedded null character"))?)
    } else if cx.is_str(&port) || Bytes::of(&port).is_some() {
        Some(c_string(cx, &port, "embedded null character")?)
    } else {
        return Err(cx.raise_os("Int or String expected"));
    };
    let found = cx.blocking(|| {
        sys::getaddrinfo(name.as_deref(), service.as_deref(), [family, kind, protocol, flags])
    });
    let found = found.map_err(|error| gai_error(cx, error))?;
    let list = List::new(cx, found.len())?;
    for one in &found {
        let canonical = cx.from_system(&one.canonical)?;
        let address = show(cx, Some(&one.address))?;
        list.push(cx, (one.family, one.kind, one.protocol, canonical, address))?;
    }
    Ok(list)
}

pub fn getnameinfo(cx: &Cx, sockaddr: &Value, flags: i32) -> Res<(Value, Value)> {
    net(cx)?;
    let Some(items) = Tuple::of(sockaddr) else {
        return Err(cx.type_error("getnameinfo() argument 1 must be a tuple"));
    };
    let (host, port, rest) = match items.as_slice() {
        [host, port, rest @ ..] if rest.len() <= 2 && cx.is_str(host) => (host, port, rest),
        _ => return Err(cx.type_error("getnameinfo(): illegal sockaddr argument")),
    };
    let part = |at: usize| {
        rest.get(at).map_or(Ok(0), |value| u32::from_arg(cx, value, &crate::posix::args::ANY))
    };
    let (flow, scope) = (part(0)?, part(1)?);
    if flow > 0xF_FFFF {
        return Err(cx.overflow_error("getnameinfo(): flowinfo must be 0-1048575."));
    }
    let service = cx.str(port)?;
    let service = CString::new(service.as_str()).map_err(|_| cx.value_error("embedded null character"))?;
    let name = host_text(cx, host)?;
    let hints = [0, libc::SOCK_DGRAM, 0, libc::AI_NUMERICHOST];
    let found = sys::getaddrinfo(Some(&name), Some(&service), hints).map_err(|error| gai_error(cx, error))?;
    let [only] = &found[..] else {
        return Err(cx.raise_os("sockaddr resolved to multiple addresses"));
    };
    let address = match &only.address {
        Address::V6(bytes, port, ..) => Address::V6(*bytes, *port, flow, scope),
        Address::V4(..) if !rest.is_empty() => {
            return Err(cx.raise_os("IPv4 sockaddr must be 2 tuple"));
        }
        other => other.clone(),
    };
    let names = cx.blocking(|| sys::getnameinfo(&address, flags)).map_err(|error| gai_error(cx, error))?;
    Ok((cx.from_system(&names.0)?, cx.from_system(&names.1)?))
}

pub fn gethostname(cx: &Cx) -> Res {
    cx.require(Capability::Environment)?;
    cx.from_system(&quick(cx, sys::gethostname())?)
}

/// The address of a host, as text.
fn address_text(address: &Address) -> String {
    match address {
        Address::V4(bytes, _) => Ipv4Addr::from(*bytes).to_string(),
        Address::V6(bytes, _, _, scope) => text_of_v6(bytes, *scope),
        _ => String::new(),
    }
}
pub fn gethostbyname(cx: &Cx, host: &Value) -> Res<String> {
    net(cx)?;
    let name = host_text(cx, host)?;
    Ok(address_text(&resolve(cx, &name, libc::AF_INET)?))
}
/// The name of a host and its addresses.
fn host_of(cx: &Cx, name: &CString, shown: Vec<u8>) -> Res<(Value, List, List)> {
    let hints = [libc::AF_INET, libc::SOCK_STREAM, 0, libc::AI_CANONNAME];
    let found = cx.blocking(|| sys::getaddrinfo(Some(name), None, hints));
    let found = found.map_err(|error| gai_error(cx, error))?;
    let addresses = List::new(cx, found.len())?;
    let mut canonical = shown;
    for one in &found {
        if canonical.is_empty() {
            canonical = one.canonical.clone();
        }
        addresses.push(cx, address_text(&one.address))?;
    }
    Ok((cx.from_system(&canonical)?, List::new(cx, 0)?, addresses))
}
pub fn gethostbyname_ex(cx: &Cx, host: &Value) -> Res<(Value, List, List)> {
    net(cx)?;
    let name = host_text(cx, host)?;
    host_of(cx, &name, Vec::new())
}
pub fn gethostbyaddr(cx: &Cx, host: &Value) -> Res<(Value, List, List)> {
    net(cx)?;
    let name = host_text(cx, host)?;
    let address = resolve(cx, &name, libc::AF_UNSPEC)?;
    let found = cx.blocking(|| sys::getnameinfo(&address, libc::NI_NAMEREQD));
    let (found, _) = found.map_err(|error| gai_error(cx, error))?;
    let addresses = List::new(cx, 1)?;
    addresses.push(cx, address_text(&address))?;
    Ok((cx.from_system(&found)?, List::new(cx, 0)?, addresses))
}

/// A name, and perhaps that of a protocol.
fn text_arg(cx: &Cx, value: &Value, function: &str, at: usize) -> Res<CString> {
    if !cx.is_str(value) {
        let kind = cx.arg_name(value);
        return Err(cx.type_error(format_args!("{function}() argument {at} must be str, not {kind}")));
    }
    c_string(cx, value, "embedded null character")
}
fn protocol_arg(cx: &Cx, value: &Value, function: &str) -> Res<Option<CString>> {
    if value.is_none() { Ok(None) } else { text_arg(cx, value, function, 2).map(Some) }
}
pub fn getservbyname(cx: &Cx, name: &Value, protocol: Value) -> Res<i64> {
    let name = text_arg(cx, name, "getservbyname", 1)?;
    let protocol = protocol_arg(cx, &protocol, "getservbyname")?;
    match sys::service_port(&name, protocol.as_deref()) {
        Some(port) => Ok(i64::from(port)),
        None => Err(cx.raise_os("service/proto not found")),
    }
}
pub fn getservbyport(cx: &Cx, port: i32, protocol: Value) -> Res {
    let protocol = protocol_arg(cx, &protocol, "getservbyport")?;
    let Ok(port) = u16::try_from(port) else {
        return Err(cx.overflow_error("getservbyport: port must be 0-65535."));
    };
    match sys::service_name(port, protocol.as_deref()) {
        Some(name) => cx.from_system(name.as_bytes()),
        None => Err(cx.raise_os("port/proto not found")),
    }
}
pub fn getprotobyname(cx: &Cx, name: &Value) -> Res<i32> {
    let name = text_arg(cx, name, "getprotobyname", 1)?;
    sys::protocol_number(&name).ok_or(()).map_err(|()| cx.raise_os("protocol not found"))
}

pub fn if_nameindex(cx: &Cx) -> Res<List> {
    net(cx)?;
    let found = quick(cx, sys::interfaces())?;
    let list = List::new(cx, found.len())?;
    for (number, name) in found {
        list.push(cx, (number, cx.from_system(&name)?))?;
    }
    Ok(list)
}
pub fn if_nametoindex(cx: &Cx, name: &Value) -> Res<u32> {
    net(cx)?;
    let name = c_string(cx, &crate::fspath::fspath(cx, name)?, "embedded null byte")?;
    quick(cx, sys::interface_number(&name))
}
pub fn if_indextoname(cx: &Cx, number: u32) -> Res {
    net(cx)?;
    cx.from_system(&quick(cx, sys::interface_name(number))?)
}

// ---- bytes of addresses ----------------------------------------------------------------------------------------------

/// The number of a part of an address as the C library reads it: decimal, octal or hexadecimal.
fn part(text: &str) -> Option<u32> {
    match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None if text.len() > 1 && text.starts_with('0') => u32::from_str_radix(&text[1..], 8).ok(),
        None if text.starts_with(|c: char| c.is_ascii_digit()) => text.parse().ok(),
        None => None,
    }
}
/// The bytes of an address of one to four parts, of which the last fills what is left.
fn loose(text: &str) -> Option<[u8; 4]> {
    let parts: Vec<u32> = text.trim_end().split('.').map(part).collect::<Option<_>>()?;
    let (last, first) = parts.split_last()?;
    if first.len() > 3 || first.iter().any(|part| *part > 255) {
        return None;
    }
    let bits = 32 - 8 * first.len() as u32;
    if bits < 32 && *last >> bits != 0 {
        return None;
    }
    let high = first.iter().zip([24, 16, 8]).fold(0, |sum, (part, shift)| sum | part << shift);
    Some((high | last).to_be_bytes())
}
pub fn inet_aton(cx: &Cx, text: &Value) -> Res<Bytes> {
    let text = text_arg(cx, text, "inet_aton", 1)?;
    match text.to_str().ok().and_then(loose) {
        Some(bytes) => Bytes::new(cx, &bytes),
        None => Err(cx.raise_os("illegal IP address string passed to inet_aton")),
    }
}
pub fn inet_ntoa(cx: &Cx, packed: Buffer) -> Res<String> {
    match packed.read(|bytes| <[u8; 4]>::try_from(bytes)) {
        Ok(bytes) => Ok(Ipv4Addr::from(bytes).to_string()),
        Err(_) => Err(cx.raise_os("packed IP wrong length for inet_ntoa")),
    }
}
pub fn inet_pton(cx: &Cx, family: i32, text: &Value) -> Res<Bytes> {
    let text = text_arg(cx, text, "inet_pton", 2)?;
    let text = text.to_str().unwrap_or("");
    let bytes = match family {
        libc::AF_INET => text.parse::<Ipv4Addr>().ok().map(|address| address.octets().to_vec()),
        libc::AF_INET6 => text.parse::<Ipv6Addr>().ok().map(|address| address.octets().to_vec()),
        _ => return Err(cx.os_error_about(libc::EAFNOSUPPORT, None, None)),
    };
    match bytes {
        Some(bytes) => Bytes::new(cx, &bytes),
        None => Err(cx.raise_os("illegal IP address string passed to inet_pton")),
    }
}
pub fn inet_ntop(cx: &Cx, family: i32, packed: Buffer) -> Res<String> {
    let wrong = || cx.value_error("invalid length of packed IP address string");
    match family {
        libc::AF_INET => {
            let bytes = packed.read(|bytes| <[u8; 4]>::try_from(bytes)).map_err(|_| wrong())?;
            Ok(Ipv4Addr::from(bytes).to_string())
        }
        libc::AF_INET6 => {
            let bytes = packed.read(|bytes| <[u8; 16]>::try_from(bytes)).map_err(|_| wrong())?;
            Ok(text_of_v6(&bytes, 0))
        }
        _ => Err(cx.value_error(format_args!("unknown address family {family}"))),
    }
}

/// A number that fits so many bits.
fn fitting(cx: &Cx, value: &Value, bits: u32) -> Res<u32> {
    match cx.index_i128(value)? {
        Some(n) if n < 0 => Err(cx.value_error("Cannot convert negative int")),
        Some(n) if n >> bits == 0 => Ok(n as u32),
        _ => Err(cx.overflow_error(format_args!("Python int too large for C uint{bits}_t"))),
    }
}
pub fn swap_short(cx: &Cx, value: &Value) -> Res<i64> {
    Ok(i64::from((fitting(cx, value, 16)? as u16).to_be()))
}
pub fn swap_long(cx: &Cx, value: &Value) -> Res<i64> {
    Ok(i64::from(fitting(cx, value, 32)?.to_be()))
}
