//! Messages: bytes, and data beside them.

use ryokan_system as sys;
use ryokan_system::{Beside, Message};
use ryokan_vm::native::*;

use super::address::{parse, show};
use super::object::Sock;
use super::transfer::QUIET;
use super::transfer;
use crate::posix::args::ANY;

/// A length of data beside a message, with its header; `OverflowError`.
fn length_of(cx: &Cx, length: i64, function: &str) -> Res<(usize, usize)> {
    let plain = usize::try_from(length).ok().filter(|length| sys::beside_len(*length).1 <= i32::MAX as usize);
    match plain {
        Some(length) => Ok(sys::beside_len(length)),
        None => Err(cx.overflow_error(format_args!("{function}() argument out of range"))),
    }
}
pub fn beside_len(cx: &Cx, length: i64) -> Res<usize> {
    length_of(cx, length, "CMSG_LEN").map(|(len, _)| len)
}
pub fn beside_space(cx: &Cx, length: i64) -> Res<usize> {
    length_of(cx, length, "CMSG_SPACE").map(|(_, space)| space)
}

/// The items of an argument.
fn items(cx: &Cx, value: &Value, what: &str) -> Res<List> {
    List::from_iterable(cx, value).map_err(|raised| match cx.catch(raised, "TypeError") {
        Ok(_) => cx.type_error(format_args!("{what} must be an iterable")),
        Err(raised) => raised,
    })
}
fn flags_of(cx: &Cx, value: Option<&Value>) -> Res<i32> {
    value.map_or(Ok(0), |flags| i32::from_arg(cx, flags, &ANY))
}

/// How many arguments a method takes. `TypeError`.
fn arguments<'a>(cx: &Cx, args: Args<'a>, function: &str, most: usize) -> Res<&'a [Value]> {
    args.no_keywords(cx, function)?;
    let given = args.positional().len();
    let (bound, word) = match given {
        0 => (1, "least"),
        more if more > most => (most, "most"),
        _ => return Ok(args.positional()),
    };
    let s = if bound == 1 { "" } else { "s" };
    Err(cx.type_error(format_args!("{function}() takes at {word} {bound} argument{s} ({given} given)")))
}

/// Data beside a message, from Python.
fn beside_of(cx: &Cx, values: &Value) -> Res<Vec<Beside>> {
    let list = items(cx, values, "sendmsg() argument 2")?;
    let (mut all, mut at) = (Vec::new(), 0);
    while let Some(value) = list.get(at) {
        at += 1;
        let what = "[sendmsg() ancillary data items]() argument must be";
        let Some(item) = Tuple::of(&value) else {
            let kind = cx.arg_name(&value);
            return Err(cx.type_error(format_args!("{what} 3-item tuple, not {kind}")));
        };
        let [level, kind, data] = item.as_slice() else {
            let len = item.len();
            return Err(cx.type_error(format_args!("{what} tuple of length 3, not {len}")));
        };
        let number = |value: &Value| match cx.index_i128(value)? {
            Some(number) if number > i128::from(i32::MAX) => {
                Err(cx.overflow_error("signed integer is greater than maximum"))
            }
            Some(number) => i32::try_from(number)
                .map_err(|_| cx.overflow_error("signed integer is less than minimum")),
            None => Err(cx.overflow_error("Python int too large to convert to C long")),
        };
        let (level, kind) = (number(level)?, number(kind)?);
        let data = Buffer::of(cx, data)?;
        cx.room_for_bytes(data.len())?;
        all.push(Beside { level, kind, data: data.read(<[u8]>::to_vec) });
    }
    Ok(all)
}

pub fn sendmsg(cx: &Cx, this: Sock, args: Args) -> Res<usize> {
    let given = arguments(cx, args, "sendmsg", 4)?;
    let buffers = items(cx, &given[0], "sendmsg() argument 1")?;
    let (mut bytes, mut at) = (ByteWriter::new(cx), 0);
    while let Some(buffer) = buffers.get(at) {
        at += 1;
        Buffer::of(cx, &buffer)?.read(|part| bytes.push(part))?;
    }
    let flags = flags_of(cx, given.get(2))?;
    let address = match given.get(3).filter(|address| !address.is_none()) {
        Some(address) => Some(parse(cx, address, this.family(), "sendmsg")?),
        None => None,
    };
    let beside = given.get(1).map_or(Ok(Vec::new()), |beside| beside_of(cx, beside))?;
    let (fd, bytes) = (this.fd(), bytes.as_slice());
    transfer(cx, fd, true, this.timeout(), || sys::sendmsg(fd, bytes, &beside, flags | QUIET, address.as_ref()))
}

/// How much room there is for data beside a message. `ValueError`.
fn room_of(cx: &Cx, value: Option<&Value>) -> Res<usize> {
    let room = value.map_or(Ok(0), |room| cx.index(room))?;
    match usize::try_from(room).ok().filter(|room| *room <= i32::MAX as usize) {
        Some(room) => cx.room_for_bytes(room * 3).map(|()| room),
        None => Err(cx.value_error("invalid ancillary data buffer length")),
    }
}

/// What a message has but its bytes, for Python.
fn shown(cx: &Cx, first: Value, message: &Message) -> Res {
    let list = List::new(cx, message.beside.len())?;
    for beside in &message.beside {
        list.push(cx, (beside.level, beside.kind, Bytes::new(cx, &beside.data)?))?;
    }
    (first, list, message.flags, show(cx, message.address.as_ref())?).into_value(cx)
}

/// Receives a message. If it cannot be shown, descriptors that came with it are closed.
fn receive(cx: &Cx, this: Sock, bytes: &mut [u8], room: usize, flags: i32) -> Res<Message> {
    let fd = this.fd();
    transfer(cx, fd, false, this.timeout(), || sys::recvmsg(fd, bytes, room, flags))
}
fn close_descriptors(message: &Message) {
    let carried = |beside: &&Beside| beside.level == libc::SOL_SOCKET && beside.kind == libc::SCM_RIGHTS;
    for beside in message.beside.iter().filter(carried) {
        for fd in beside.data.chunks_exact(4) {
            let _ = fd.try_into().map(i32::from_ne_bytes).map(sys::close);
        }
    }
}

pub fn recvmsg(cx: &Cx, this: Sock, args: Args) -> Res {
    let given = arguments(cx, args, "recvmsg", 3)?;
    let size = cx.index_i128(&given[0])?.and_then(|size| i64::try_from(size).ok());
    let size = size.ok_or(()).map_err(|()| cx.overflow_error("Python int too large to convert to C ssize_t"))?;
    let room = given.get(1);
    let flags = flags_of(cx, given.get(2))?;
    let size = usize::try_from(size).map_err(|_| cx.value_error("negative buffer size in recvmsg()"))?;
    let room = room_of(cx, room)?;
    let mut out = ByteWriter::zeros(cx, size)?;
    let message = receive(cx, this, out.as_mut_slice(), room, flags)?;
    out.truncate(message.count);
    let made = out.finish().and_then(|bytes| shown(cx, bytes, &message));
    if made.is_err() {
        close_descriptors(&message);
    }
    made
}

pub fn recvmsg_into(cx: &Cx, this: Sock, args: Args) -> Res {
    let given = arguments(cx, args, "recvmsg_into", 3)?;
    let list = items(cx, &given[0], "recvmsg_into() argument 1")?;
    let (mut buffers, mut at) = (Vec::new(), 0);
    while let Some(value) = list.get(at) {
        at += 1;
        let what = "recvmsg_into() argument 1 must be an iterable of single-segment read-write buffers";
        buffers.push(BufferMut::of(cx, &value)?.ok_or(()).map_err(|()| cx.type_error(what))?);
    }
    let flags = flags_of(cx, given.get(2))?;
    let room = room_of(cx, given.get(1))?;
    let mut out = ByteWriter::zeros(cx, buffers.iter().map(BufferMut::len).sum())?;
    let message = receive(cx, this, out.as_mut_slice(), room, flags)?;
    let mut rest = &out.as_slice()[..message.count.min(out.len())];
    for buffer in &buffers {
        let (now, later) = rest.split_at(buffer.len().min(rest.len()));
        buffer.write(0, now);
        rest = later;
    }
    let made = message.count.into_value(cx).and_then(|count| shown(cx, count, &message));
    if made.is_err() {
        close_descriptors(&message);
    }
    made
}
