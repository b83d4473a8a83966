//! Messages of sockets: bytes, and data beside them.

use std::io;
use std::mem::zeroed;

use crate::checked_long;
use crate::sockets::{Address, Raw};

/// Data beside the bytes: the level and the kind that they are of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Beside {
    /// Whose kinds they are.
    pub level: i32,
    /// What they are.
    pub kind: i32,
    /// The data.
    pub data: Vec<u8>,
}

/// A message that came.
#[derive(Debug)]
pub struct Message {
    /// How many bytes.
    pub count: usize,
    /// What came beside them.
    pub beside: Vec<Beside>,
    /// What the system says of it.
    pub flags: i32,
    /// Who sent it.
    pub address: Option<Address>,
}

/// Bytes of the header of data beside: their length, level and kind.
const HEADER: usize = size_of::<usize>() + 8;
/// Every header lies at a multiple of that.
const WORD: usize = size_of::<usize>();

/// Data beside in the order and place that the system wants, in words so that they are aligned.
fn packed(all: &[Beside]) -> Vec<usize> {
    let mut bytes: Vec<u8> = Vec::new();
    for beside in all {
        bytes.extend((HEADER + beside.data.len()).to_ne_bytes());
        bytes.extend(beside.level.to_ne_bytes());
        bytes.extend(beside.kind.to_ne_bytes());
        bytes.extend(&beside.data);
        bytes.resize(bytes.len().next_multiple_of(WORD), 0);
    }
    let word = |word: &[u8]| word.try_into().map_or(0, usize::from_ne_bytes);
    bytes.chunks_exact(WORD).map(word).collect()
}

/// The reverse, of what the system has filled.
fn unpacked(words: &[usize], length: usize) -> Vec<Beside> {
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_ne_bytes()).collect();
    let mut rest = &bytes[..length.min(bytes.len())];
    let mut all = Vec::new();
    while let Some((head, behind)) = rest.split_at_checked(HEADER) {
        let (length, kinds) = head.split_at(WORD);
        let length = length.try_into().map_or(0, usize::from_ne_bytes);
        let number = |at: usize| kinds[at..at + 4].try_into().map_or(0, i32::from_ne_bytes);
        let Some(count) = length.checked_sub(HEADER) else { break };
        let data = behind[..count.min(behind.len())].to_vec();
        all.push(Beside { level: number(0), kind: number(4), data });
        rest = behind.get(count.next_multiple_of(WORD)..).unwrap_or(&[]);
    }
    all
}

/// Sends bytes, and data beside them; to an address, or to whom the socket is connected with.
pub fn sendmsg(
    fd: i32,
    bytes: &[u8],
    beside: &[Beside],
    flags: i32,
    address: Option<&Address>,
) -> io::Result<usize> {
    let mut to = address.map(Raw::of).transpose()?;
    let mut control = packed(beside);
    let mut part = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    // SAFETY: zeros are a value of the struct. Every part outlives the call, with its own length; the call writes none of them.
    let sent = unsafe {
        let mut message: libc::msghdr = zeroed();
        if let Some(to) = &mut to {
            message.msg_name = to.place_mut().cast();
            message.msg_namelen = to.length;
        }
        message.msg_iov = &mut part;
        message.msg_iovlen = 1;
        if !control.is_empty() {
            message.msg_control = control.as_mut_ptr().cast();
            message.msg_controllen = size_of_val(&control[..]) as _;
        }
        libc::sendmsg(fd, &message, flags)
    };
    checked_long(sent as i64).map(|count| count as usize)
}

/// Receives bytes, and as much data beside them as there is room for.
pub fn recvmsg(fd: i32, bytes: &mut [u8], room: usize, flags: i32) -> io::Result<Message> {
    let mut from = Raw::empty();
    let mut control = vec![0_usize; room.div_ceil(WORD)];
    let mut part = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
    // SAFETY: zeros are a value of the struct. Every part outlives the call, and the call is told how long it is.
    let (count, message) = unsafe {
        let mut message: libc::msghdr = zeroed();
        message.msg_name = from.place_mut().cast();
        message.msg_namelen = from.length;
        message.msg_iov = &mut part;
        message.msg_iovlen = 1;
        if room > 0 {
            message.msg_control = control.as_mut_ptr().cast();
            message.msg_controllen = room as _;
        }
        (libc::recvmsg(fd, &mut message, flags), message)
    };
    let count = checked_long(count as i64)? as usize;
    from.length = message.msg_namelen;
    let beside = unpacked(&control, message.msg_controllen);
    let address = if from.length == 0 { None } else { from.read() };
    Ok(Message { count, beside, flags: message.msg_flags, address })
}

/// How many bytes so much data beside has with its header; and with what lies before the next one.
pub fn beside_len(length: usize) -> (usize, usize) {
    (HEADER + length, HEADER + length.next_multiple_of(WORD))
}
