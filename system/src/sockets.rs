//! Sockets: addresses as plain data, and the calls that take them.

use std::ffi::{CStr, CString};
use std::io;
use std::mem::{size_of, zeroed};

use crate::{checked, checked_long};

/// Where a socket is, or whom it talks to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Address {
    /// Address and port.
    V4([u8; 4], u16),
    /// Address, port, flow and scope.
    V6([u8; 16], u16, u32, u32),
    /// A path; one that begins with a 0 is no file, and none at all is a socket without a name.
    Unix(Vec<u8>),
    /// Of another family, whose number this is: its bytes.
    Other(i32, Vec<u8>),
}

/// Room for any address.
pub(crate) struct Raw {
    storage: libc::sockaddr_storage,
    pub(crate) length: libc::socklen_t,
}

impl Raw {
    pub(crate) fn empty() -> Raw {
        // SAFETY: zeros are a value of the struct.
        Raw { storage: unsafe { zeroed() }, length: size_of::<libc::sockaddr_storage>() as libc::socklen_t }
    }
    /// Of an address; an error if it is too long.
    pub(crate) fn of(address: &Address) -> io::Result<Raw> {
        let mut raw = Raw::empty();
        match address {
            Address::V4(bytes, port) => {
                let made = libc::sockaddr_in {
                    sin_family: libc::AF_INET as _,
                    sin_port: port.to_be(),
                    sin_addr: libc::in_addr { s_addr: u32::from_ne_bytes(*bytes) },
                    sin_zero: [0; 8],
                };
                raw.put(made);
            }
            Address::V6(bytes, port, flow, scope) => {
                let made = libc::sockaddr_in6 {
                    sin6_family: libc::AF_INET6 as _,
                    sin6_port: port.to_be(),
                    sin6_flowinfo: flow.to_be(),
                    sin6_addr: libc::in6_addr { s6_addr: *bytes },
                    sin6_scope_id: *scope,
                };
                raw.put(made);
            }
            Address::Unix(path) => {
                // SAFETY: zeros are a value of the struct.
                let mut made: libc::sockaddr_un = unsafe { zeroed() };
                made.sun_family = libc::AF_UNIX as _;
                if path.len() > made.sun_path.len() {
                    return Err(io::Error::from_raw_os_error(libc::ENAMETOOLONG));
                }
                for (place, byte) in made.sun_path.iter_mut().zip(path) {
                    *place = *byte as libc::c_char;
                }
                raw.put(made);
                // A path that is a file's has its 0; any other has no more than its bytes.
                let ends = usize::from(
                    path.first().is_some_and(|first| *first != 0) && path.len() < made.sun_path.len(),
                );
                raw.length = (size_of::<libc::sa_family_t>() + path.len() + ends) as libc::socklen_t;
            }
            Address::Other(..) => return Err(io::Error::from_raw_os_error(libc::EAFNOSUPPORT)),
        }
        Ok(raw)
    }
    fn put<T>(&mut self, made: T) {
        assert!(size_of::<T>() <= size_of::<libc::sockaddr_storage>(), "any address finds room");
        // SAFETY: there is room, and the storage is aligned for any address.
        unsafe { (&raw mut self.storage).cast::<T>().write(made) };
        self.length = size_of::<T>() as libc::socklen_t;
    }
    fn place(&self) -> *const libc::sockaddr {
        (&raw const self.storage).cast()
    }
    pub(crate) fn place_mut(&mut self) -> *mut libc::sockaddr {
        (&raw mut self.storage).cast()
    }
    /// What the system has put there.
    pub(crate) fn read(&self) -> Option<Address> {
        let length = (self.length as usize).min(size_of::<libc::sockaddr_storage>());
        if length < size_of::<libc::sa_family_t>() {
            return None;
        }
        let family = i32::from(self.storage.ss_family);
        // SAFETY: the storage is as large as any of the structs, is aligned for them, and any bytes are a value of each.
        unsafe {
            let place = &raw const self.storage;
            Some(match family {
                libc::AF_INET => {
                    let found = &*place.cast::<libc::sockaddr_in>();
                    Address::V4(found.sin_addr.s_addr.to_ne_bytes(), u16::from_be(found.sin_port))
                }
                libc::AF_INET6 => {
                    let found = &*place.cast::<libc::sockaddr_in6>();
                    let flow = u32::from_be(found.sin6_flowinfo);
                    Address::V6(
                        found.sin6_addr.s6_addr,
                        u16::from_be(found.sin6_port),
                        flow,
                        found.sin6_scope_id,
                    )
                }
                libc::AF_UNIX => {
                    let found = &*place.cast::<libc::sockaddr_un>();
                    let count = (length - size_of::<libc::sa_family_t>()).min(found.sun_path.len());
                    let mut path: Vec<u8> = found.sun_path[..count].iter().map(|c| *c as u8).collect();
                    if path.first().is_some_and(|first| *first != 0) {
                        let end = path.iter().position(|byte| *byte == 0).unwrap_or(path.len());
                        path.truncate(end);
                    }
                    Address::Unix(path)
                }
                other => {
                    let bytes = std::slice::from_raw_parts(place.cast::<u8>(), length);
                    Address::Other(other, bytes[size_of::<libc::sa_family_t>()..].to_vec())
                }
            })
        }
    }
}

/// Makes a socket, which other programs do not inherit.
pub fn socket(family: i32, kind: i32, protocol: i32) -> io::Result<i32> {
    // SAFETY: the call takes numbers only.
    checked(unsafe { libc::socket(family, kind | libc::SOCK_CLOEXEC, protocol) })
}
/// Gives a socket an address.
pub fn bind(fd: i32, address: &Address) -> io::Result<()> {
    let raw = Raw::of(address)?;
    // SAFETY: the address is whole, and its length that of it.
    checked(unsafe { libc::bind(fd, raw.place(), raw.length) }).map(drop)
}
/// Connects a socket.
pub fn connect(fd: i32, address: &Address) -> io::Result<()> {
    let raw = Raw::of(address)?;
    // SAFETY: as above.
    checked(unsafe { libc::connect(fd, raw.place(), raw.length) }).map(drop)
}
/// Waits for connections, so many of them.
pub fn listen(fd: i32, most: i32) -> io::Result<()> {
    // SAFETY: the call takes numbers only.
    checked(unsafe { libc::listen(fd, most) }).map(drop)
}
/// Takes a connection: its socket, and who it is.
pub fn accept(fd: i32) -> io::Result<(i32, Option<Address>)> {
    let mut raw = Raw::empty();
    // SAFETY: there is room for any address, and the call is told how much.
    let made = checked(unsafe { libc::accept4(fd, raw.place_mut(), &mut raw.length, libc::SOCK_CLOEXEC) })?;
    Ok((made, raw.read()))
}
/// A socket's own address.
pub fn getsockname(fd: i32) -> io::Result<Option<Address>> {
    let mut raw = Raw::empty();
    // SAFETY: as above.
    checked(unsafe { libc::getsockname(fd, raw.place_mut(), &mut raw.length) })?;
    Ok(raw.read())
}
/// The address of who a socket is connected to.
pub fn getpeername(fd: i32) -> io::Result<Option<Address>> {
    let mut raw = Raw::empty();
    // SAFETY: as above.
    checked(unsafe { libc::getpeername(fd, raw.place_mut(), &mut raw.length) })?;
    Ok(raw.read())
}
/// Sends to an address.
pub fn sendto(fd: i32, bytes: &[u8], flags: i32, address: &Address) -> io::Result<usize> {
    let raw = Raw::of(address)?;
    // SAFETY: the address is whole; the call reads no more bytes than there are.
    let sent =
        unsafe { libc::sendto(fd, bytes.as_ptr().cast(), bytes.len(), flags, raw.place(), raw.length) };
    checked_long(sent as i64).map(|count| count as usize)
}
/// Receives, and says from whom.
pub fn recvfrom(fd: i32, bytes: &mut [u8], flags: i32) -> io::Result<(usize, Option<Address>)> {
    let mut raw = Raw::empty();
    // SAFETY: there is room for any address; the call writes no more bytes than there are.
    let count = unsafe {
        libc::recvfrom(fd, bytes.as_mut_ptr().cast(), bytes.len(), flags, raw.place_mut(), &mut raw.length)
    };
    let count = checked_long(count as i64)? as usize;
    Ok((count, if raw.length == 0 { None } else { raw.read() }))
}
/// Ends reading, writing or both.
pub fn shutdown(fd: i32, how: i32) -> io::Result<()> {
    // SAFETY: the call takes numbers only.
    checked(unsafe { libc::shutdown(fd, how) }).map(drop)
}
/// An option of a socket that is a number.
pub fn getsockopt(fd: i32, level: i32, option: i32) -> io::Result<i32> {
    let (mut value, mut length) = (0_i32, size_of::<i32>() as libc::socklen_t);
    // SAFETY: the place is a number, of whose size the call is told.
    checked(unsafe { libc::getsockopt(fd, level, option, (&raw mut value).cast(), &mut length) })?;
    Ok(value)
}
/// An option of a socket that is bytes, of which there are at most so many.
pub fn getsockopt_bytes(fd: i32, level: i32, option: i32, bytes: &mut [u8]) -> io::Result<usize> {
    let mut length = bytes.len() as libc::socklen_t;
    // SAFETY: the call writes no more bytes than there are.
    checked(unsafe { libc::getsockopt(fd, level, option, bytes.as_mut_ptr().cast(), &mut length) })?;
    Ok(length as usize)
}
/// Sets an option of a socket, of bytes, or of none and a length.
pub fn setsockopt(fd: i32, level: i32, option: i32, bytes: Option<&[u8]>, length: u32) -> io::Result<()> {
    let (place, length) = match bytes {
        Some(bytes) => (bytes.as_ptr().cast(), bytes.len() as libc::socklen_t),
        None => (std::ptr::null(), length),
    };
    // SAFETY: the call reads as many bytes as there are, or is given none.
    checked(unsafe { libc::setsockopt(fd, level, option, place, length) }).map(drop)
}

/// What a name and a service may mean.
pub struct Found {
    /// The family of the address.
    pub family: i32,
    /// The kind of socket.
    pub kind: i32,
    /// The protocol.
    pub protocol: i32,
    /// The name that the host calls itself by, if it was asked for.
    pub canonical: Vec<u8>,
    /// The address.
    pub address: Address,
}

/// What a name and a service mean; an error is a number of its own kind.
pub fn getaddrinfo(
    host: Option<&CStr>,
    service: Option<&CStr>,
    [family, kind, protocol, flags]: [i32; 4],
) -> Result<Vec<Found>, i32> {
    let place = |text: Option<&CStr>| text.map_or(std::ptr::null(), CStr::as_ptr);
    // SAFETY: the texts end with a 0 or are none; the list is whole until it is freed; an address's length is that of it.
    unsafe {
        let mut hints: libc::addrinfo = zeroed();
        (hints.ai_family, hints.ai_socktype) = (family, kind);
        (hints.ai_protocol, hints.ai_flags) = (protocol, flags);
        let mut list = std::ptr::null_mut();
        let error = libc::getaddrinfo(place(host), place(service), &hints, &mut list);
        if error != 0 {
            return Err(error);
        }
        let (mut all, mut at) = (Vec::new(), list);
        while let Some(one) = at.as_ref() {
            let mut raw = Raw::empty();
            let length = (one.ai_addrlen as usize).min(size_of::<libc::sockaddr_storage>());
            std::ptr::copy_nonoverlapping(one.ai_addr.cast::<u8>(), raw.place_mut().cast::<u8>(), length);
            raw.length = length as libc::socklen_t;
            let canonical = match one.ai_canonname.is_null() {
                true => Vec::new(),
                false => CStr::from_ptr(one.ai_canonname).to_bytes().to_vec(),
            };
            if let Some(address) = raw.read() {
                let (family, kind, protocol) = (one.ai_family, one.ai_socktype, one.ai_protocol);
                all.push(Found { family, kind, protocol, canonical, address });
            }
            at = one.ai_next;
        }
        libc::freeaddrinfo(list);
        Ok(all)
    }
}
/// What is said of such an error.
pub fn gai_text(error: i32) -> String {
    // SAFETY: the call gives a text that stays.
    unsafe { CStr::from_ptr(libc::gai_strerror(error)) }.to_string_lossy().into_owned()
}
/// The names of an address's host and service; an error is as of [`getaddrinfo`].
pub fn getnameinfo(address: &Address, flags: i32) -> Result<(Vec<u8>, Vec<u8>), i32> {
    let Ok(raw) = Raw::of(address) else { return Err(libc::EAI_FAMILY) };
    let (mut host, mut service) = ([0 as libc::c_char; 1025], [0 as libc::c_char; 32]);
    // SAFETY: the address is whole, and there is as much room as the call is told.
    let error = unsafe {
        libc::getnameinfo(
            raw.place(),
            raw.length,
            host.as_mut_ptr(),
            host.len() as libc::socklen_t,
            service.as_mut_ptr(),
            service.len() as libc::socklen_t,
            flags,
        )
    };
    let text = |row: &[libc::c_char]| row.iter().take_while(|c| **c != 0).map(|c| *c as u8).collect();
    if error == 0 { Ok((text(&host), text(&service))) } else { Err(error) }
}

/// The name of this host.
pub fn gethostname() -> io::Result<Vec<u8>> {
    let mut name = vec![0; 256];
    // SAFETY: there is as much room as the call is told, but for a 0 that stays.
    checked(unsafe { libc::gethostname(name.as_mut_ptr().cast(), name.len() - 1) })?;
    name.truncate(name.iter().position(|byte| *byte == 0).unwrap_or(0));
    Ok(name)
}
/// The port of a service, by its name and that of its protocol.
pub fn service_port(name: &CStr, protocol: Option<&CStr>) -> Option<u16> {
    // SAFETY: the texts end with a 0 or are none; what is found stays until the next is asked for, by whoever has the interpreter's lock.
    let found = unsafe {
        libc::getservbyname(name.as_ptr(), protocol.map_or(std::ptr::null(), CStr::as_ptr)).as_ref()
    };
    found.map(|found| u16::from_be(found.s_port as u16))
}
/// The name of the service at a port.
pub fn service_name(port: u16, protocol: Option<&CStr>) -> Option<CString> {
    // SAFETY: as above.
    unsafe {
        let protocol = protocol.map_or(std::ptr::null(), CStr::as_ptr);
        let found = libc::getservbyport(i32::from(port.to_be()), protocol).as_ref()?;
        Some(CStr::from_ptr(found.s_name).to_owned())
    }
}
/// The number of a protocol.
pub fn protocol_number(name: &CStr) -> Option<i32> {
    // SAFETY: as above.
    unsafe { libc::getprotobyname(name.as_ptr()).as_ref() }.map(|found| found.p_proto)
}
/// The number of an interface.
pub fn interface_number(name: &CStr) -> io::Result<u32> {
    // SAFETY: the text ends with a 0.
    match unsafe { libc::if_nametoindex(name.as_ptr()) } {
        0 => Err(io::Error::last_os_error()),
        number => Ok(number),
    }
}
/// The name of an interface.
pub fn interface_name(number: u32) -> io::Result<Vec<u8>> {
    let mut name = [0 as libc::c_char; libc::IF_NAMESIZE];
    // SAFETY: there is as much room as a name takes.
    if unsafe { libc::if_indextoname(number, name.as_mut_ptr()) }.is_null() {
        return Err(io::Error::last_os_error());
    }
    Ok(name.iter().take_while(|c| **c != 0).map(|c| *c as u8).collect())
}
/// The interfaces: numbers and names.
pub fn interfaces() -> io::Result<Vec<(u32, Vec<u8>)>> {
    // SAFETY: the row is whole until it is freed, and ends with a number 0.
    unsafe {
        let row = libc::if_nameindex();
        if row.is_null() {
            return Err(io::Error::last_os_error());
        }
        let (mut all, mut at) = (Vec::new(), row);
        while (*at).if_index != 0 {
            all.push(((*at).if_index, CStr::from_ptr((*at).if_name).to_bytes().to_vec()));
            at = at.add(1);
        }
        libc::if_freenameindex(row);
        Ok(all)
    }
}
