//! Sending and receiving.

use std::time::Instant;

use ryokan_system as sys;
use ryokan_vm::native::*;

use super::address::{parse, show};
use super::object::Sock;
use super::{timed_out, transfer};

/// How much is to be received; `ValueError` if it is negative.
fn size_of(cx: &Cx, size: i64, function: &str) -> Res<usize> {
    usize::try_from(size).map_err(|_| cx.value_error(format_args!("negative buffersize in {function}")))
}
/// The same of a buffer: all of it for 0.
fn part_of(cx: &Cx, buffer: &BufferMut, count: i64, function: &str) -> Res<usize> {
    let count = size_of(cx, count, function)?;
    if count > buffer.len() {
        return Err(cx.value_error("buffer too small for requested bytes"));
    }
    Ok(if count == 0 { buffer.len() } else { count })
}

pub fn recv(cx: &Cx, this: Sock, size: i64, flags: i32) -> Res {
    // Of nothing there is nothing to wait for.
    if size == 0 {
        return b"".as_slice().into_value(cx);
    }
    let mut out = ByteWriter::zeros(cx, size_of(cx, size, "recv")?)?;
    let (fd, bytes) = (this.fd(), out.as_mut_slice());
    let count = transfer(cx, fd, false, this.timeout(), || sys::recv(fd, flags, bytes))?;
    out.truncate(count);
    out.finish()
}
pub fn recv_into(cx: &Cx, this: Sock, buffer: BufferMut, count: i64, flags: i32) -> Res<usize> {
    let room = part_of(cx, &buffer, count, "recv_into")?;
    if room == 0 {
        return Ok(0);
    }
    let mut out = ByteWriter::zeros(cx, room)?;
    let (fd, bytes) = (this.fd(), out.as_mut_slice());
    let count = transfer(cx, fd, false, this.timeout(), || sys::recv(fd, flags, bytes))?;
    buffer.write(0, &out.as_slice()[..count.min(out.len())]);
    Ok(count)
}
pub fn recvfrom(cx: &Cx, this: Sock, size: i64, flags: i32) -> Res<(Value, Value)> {
    let mut out = ByteWriter::zeros(cx, size_of(cx, size, "recvfrom")?)?;
    let (fd, bytes) = (this.fd(), out.as_mut_slice());
    let (count, address) = transfer(cx, fd, false, this.timeout(), || sys::recvfrom(fd, bytes, flags))?;
    out.truncate(count);
    Ok((out.finish()?, show(cx, address.as_ref())?))
}
pub fn recvfrom_into(
    cx: &Cx,
    this: Sock,
    buffer: BufferMut,
    count: i64,
    flags: i32,
) -> Res<(usize, Value)> {
    let mut out = ByteWriter::zeros(cx, part_of(cx, &buffer, count, "recvfrom_into")?)?;
    let (fd, bytes) = (this.fd(), out.as_mut_slice());
    let (count, address) = transfer(cx, fd, false, this.timeout(), || sys::recvfrom(fd, bytes, flags))?;
    buffer.write(0, &out.as_slice()[..count.min(out.len())]);
    Ok((count, show(cx, address.as_ref())?))
}

/// Signals are not wanted where the other end is gone.
pub const QUIET: i32 = libc::MSG_NOSIGNAL;

pub fn send(cx: &Cx, this: Sock, data: Buffer, flags: i32) -> Res<usize> {
    let copy = data.copied(cx)?;
    let (fd, bytes) = (this.fd(), copy.as_slice());
    transfer(cx, fd, true, this.timeout(), || sys::send(fd, flags | QUIET, bytes))
}
pub fn sendall(cx: &Cx, this: Sock, data: Buffer, flags: i32) -> Res<()> {
    let copy = data.copied(cx)?;
    let (fd, mut rest) = (this.fd(), copy.as_slice());
    let waits = this.timeout().filter(|time| !time.is_zero());
    let end = waits.and_then(|time| Instant::now().checked_add(time));
    while !rest.is_empty() {
        // The time is that of the whole.
        let left = match end {
            Some(end) => {
                let left = end.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    return Err(timed_out(cx));
                }
                Some(left)
            }
            None => this.timeout(),
        };
        let count = transfer(cx, fd, true, left, || sys::send(fd, flags | QUIET, rest))?;
        rest = &rest[count..];
        cx.check_signals()?;
    }
    Ok(())
}
pub fn sendto(cx: &Cx, this: Sock, args: Args) -> Res<usize> {
    args.no_keywords(cx, "socket.sendto")?;
    let (data, flags, address) = match args.positional() {
        [data, address] => (data, 0, address),
        [data, flags, address] => (data, i32::from_arg(cx, flags, &crate::posix::args::ANY)?, address),
        given => {
            let count = given.len();
            return Err(cx.type_error(format_args!("sendto() takes 2 or 3 arguments ({count} given)")));
        }
    };
    let copy = Buffer::of(cx, data)?.copied(cx)?;
    let address = parse(cx, address, this.family(), "sendto")?;
    let (fd, bytes) = (this.fd(), copy.as_slice());
    transfer(cx, fd, true, this.timeout(), || sys::sendto(fd, bytes, flags | QUIET, &address))
}
