//! Calls that fill something, or take bytes.

use std::ffi::CStr;
use std::io;

use crate::{checked, checked_long};

/// Makes a value whose bytes may all be 0, and lets a call fill it.
macro_rules! filled {
    ($($(#[doc = $doc:literal])* $name:ident($($arg:ident: $ty:ty),*) -> $out:ty = |$place:ident| $call:expr;)*) => { $(
        $(#[doc = $doc])*
        pub fn $name($($arg: $ty),*) -> io::Result<$out> {
            // SAFETY: the struct is of numbers, so that zeros are a value of it; the call takes it whole, and texts that end with a 0.
            unsafe {
                let mut made: $out = std::mem::zeroed();
                let $place = &raw mut made;
                checked($call)?;
                Ok(made)
            }
        }
    )* };
}

filled! {
    /// What the system knows of a file below a directory.
    stat_at(dir: i32, path: &CStr, flags: i32) -> libc::stat = |place| libc::fstatat(dir, path.as_ptr(), place, flags);
    /// The same of an open file.
    fstat(fd: i32) -> libc::stat = |place| libc::fstat(fd, place);
    /// The same record, of nothing: all in it is 0.
    no_stat() -> libc::stat = |_place| 0;
    /// What the system knows of a file system.
    statvfs(path: &CStr) -> libc::statvfs = |place| libc::statvfs(path.as_ptr(), place);
    /// The same of that of an open file.
    fstatvfs(fd: i32) -> libc::statvfs = |place| libc::fstatvfs(fd, place);
    /// The two ends of a pipe.
    pipe(flags: i32) -> [i32; 2] = |place| libc::pipe2(place.cast(), flags);
    /// A connected pair of sockets.
    socketpair(family: i32, kind: i32, protocol: i32) -> [i32; 2] = |place| libc::socketpair(family, kind, protocol, place.cast());
    /// How large a terminal is.
    window(fd: i32) -> libc::winsize = |place| libc::ioctl(fd, libc::TIOCGWINSZ, place);
    /// Names of the system.
    uname() -> libc::utsname = |place| libc::uname(place);
    /// The scheduling of a process.
    sched_getparam(pid: i32) -> libc::sched_param = |place| libc::sched_getparam(pid, place);
    /// How long a process may run in turn.
    sched_rr_get_interval(pid: i32) -> libc::timespec = |place| libc::sched_rr_get_interval(pid, place);
    /// What a process, or all its children, have used.
    getrusage(who: i32) -> libc::rusage = |place| libc::getrusage(who, place);
    /// A limit of the process.
    getrlimit(which: i32) -> libc::rlimit = |place| libc::getrlimit(which as _, place);
    /// How a terminal is set.
    tcgetattr(fd: i32) -> libc::termios = |place| libc::tcgetattr(fd, place);
    /// The three users of the process.
    getresuid() -> [u32; 3] = |place| { let at: *mut u32 = place.cast(); libc::getresuid(at, at.add(1), at.add(2)) };
    /// The three groups of the process.
    getresgid() -> [u32; 3] = |place| { let at: *mut u32 = place.cast(); libc::getresgid(at, at.add(1), at.add(2)) };
    /// The processor times of the process and its children.
    times() -> libc::tms = |place| if libc::times(place) == -1 { -1 } else { 0 };
    /// How loaded the system is, over three periods.
    getloadavg() -> [f64; 3] = |place| if libc::getloadavg(place.cast(), 3) == 3 { 0 } else { -1 };
}

/// Sets the scheduling of a process.
pub fn sched_setscheduler(pid: i32, policy: i32, priority: i32) -> io::Result<()> {
    let param = libc::sched_param { sched_priority: priority };
    // SAFETY: the struct is whole.
    checked(unsafe { libc::sched_setscheduler(pid, policy, &param) }).map(drop)
}
/// The same without the policy.
pub fn sched_setparam(pid: i32, priority: i32) -> io::Result<()> {
    let param = libc::sched_param { sched_priority: priority };
    // SAFETY: the struct is whole.
    checked(unsafe { libc::sched_setparam(pid, &param) }).map(drop)
}
/// Sets a limit of the process.
pub fn setrlimit(which: i32, soft: u64, hard: u64) -> io::Result<()> {
    let limit = libc::rlimit { rlim_cur: soft, rlim_max: hard };
    // SAFETY: the struct is whole.
    checked(unsafe { libc::setrlimit(which as _, &limit) }).map(drop)
}
/// Sets a terminal.
pub fn tcsetattr(fd: i32, when: i32, how: &libc::termios) -> io::Result<()> {
    // SAFETY: the struct is whole.
    checked(unsafe { libc::tcsetattr(fd, when, how) }).map(drop)
}
/// Sets the times of a file below a directory: of access and of change, as seconds and nanoseconds.
pub fn utimens_at(dir: i32, path: &CStr, times: Option<[libc::timespec; 2]>, flags: i32) -> io::Result<()> {
    let place = times.as_ref().map_or(std::ptr::null(), |times| times.as_ptr());
    // SAFETY: the text ends with a 0; the times are two, or none.
    checked(unsafe { libc::utimensat(dir, path.as_ptr(), place, flags) }).map(drop)
}
/// The same of an open file.
pub fn futimens(fd: i32, times: Option<[libc::timespec; 2]>) -> io::Result<()> {
    let place = times.as_ref().map_or(std::ptr::null(), |times| times.as_ptr());
    // SAFETY: the times are two, or none.
    checked(unsafe { libc::futimens(fd, place) }).map(drop)
}

/// Calls that read into bytes.
macro_rules! reading {
    ($($(#[doc = $doc:literal])* $name:ident($($arg:ident: $ty:ty),*; $buffer:ident) = $call:expr;)*) => { $(
        $(#[doc = $doc])*
        pub fn $name($($arg: $ty,)* $buffer: &mut [u8]) -> io::Result<usize> {
            // SAFETY: the call writes no more bytes than there are, and takes texts that end with a 0.
            checked_long(unsafe { $call } as i64).map(|count| count as usize)
        }
    )* };
}
reading! {
    /// Reads.
    read(fd: i32; buffer) = libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len());
    /// Reads from a place.
    pread(fd: i32, offset: i64; buffer) = libc::pread(fd, buffer.as_mut_ptr().cast(), buffer.len(), offset);
    /// Where a symbolic link points to.
    readlink_at(dir: i32, path: &CStr; buffer) = libc::readlinkat(dir, path.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len());
    /// The value of an extended attribute; how long it is, of no room.
    getxattr(path: &CStr, name: &CStr; buffer) = libc::getxattr(path.as_ptr(), name.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len());
    /// The same of a symbolic link itself.
    lgetxattr(path: &CStr, name: &CStr; buffer) = libc::lgetxattr(path.as_ptr(), name.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len());
    /// The same of an open file.
    fgetxattr(fd: i32, name: &CStr; buffer) = libc::fgetxattr(fd, name.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len());
    /// The names of the extended attributes.
    listxattr(path: &CStr; buffer) = libc::listxattr(path.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len());
    /// The same of a symbolic link itself.
    llistxattr(path: &CStr; buffer) = libc::llistxattr(path.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len());
    /// The same of an open file.
    flistxattr(fd: i32; buffer) = libc::flistxattr(fd, buffer.as_mut_ptr().cast(), buffer.len());
    /// Random bytes.
    getrandom(flags: u32; buffer) = libc::getrandom(buffer.as_mut_ptr().cast(), buffer.len(), flags);
    /// A text of the configuration; how long it is with its 0, of no room.
    confstr(name: i32; buffer) = { let length = libc::confstr(name, buffer.as_mut_ptr().cast(), buffer.len()); if length == 0 { -1 } else { length as i64 } };
    /// Reads what a socket has received.
    recv(fd: i32, flags: i32; buffer) = libc::recv(fd, buffer.as_mut_ptr().cast(), buffer.len(), flags);
}

/// Calls that take bytes.
macro_rules! writing {
    ($($(#[doc = $doc:literal])* $name:ident($($arg:ident: $ty:ty),*; $buffer:ident) = $call:expr;)*) => { $(
        $(#[doc = $doc])*
        pub fn $name($($arg: $ty,)* $buffer: &[u8]) -> io::Result<usize> {
            // SAFETY: the call reads no more bytes than there are, and takes texts that end with a 0.
            checked_long(unsafe { $call } as i64).map(|count| count as usize)
        }
    )* };
}
writing! {
    /// Writes.
    write(fd: i32; bytes) = libc::write(fd, bytes.as_ptr().cast(), bytes.len());
    /// Writes to a place.
    pwrite(fd: i32, offset: i64; bytes) = libc::pwrite(fd, bytes.as_ptr().cast(), bytes.len(), offset);
    /// Sets an extended attribute.
    setxattr(path: &CStr, name: &CStr, flags: i32; bytes) = libc::setxattr(path.as_ptr(), name.as_ptr(), bytes.as_ptr().cast(), bytes.len(), flags);
    /// The same of a symbolic link itself.
    lsetxattr(path: &CStr, name: &CStr, flags: i32; bytes) = libc::lsetxattr(path.as_ptr(), name.as_ptr(), bytes.as_ptr().cast(), bytes.len(), flags);
    /// The same of an open file.
    fsetxattr(fd: i32, name: &CStr, flags: i32; bytes) = libc::fsetxattr(fd, name.as_ptr(), bytes.as_ptr().cast(), bytes.len(), flags);
    /// Sends by a socket.
    send(fd: i32, flags: i32; bytes) = libc::send(fd, bytes.as_ptr().cast(), bytes.len(), flags);
}

/// Copies from one descriptor to another in the system.
pub fn sendfile(out: i32, from: i32, offset: Option<&mut i64>, count: usize) -> io::Result<usize> {
    let place = offset.map_or(std::ptr::null_mut(), std::ptr::from_mut);
    // SAFETY: the place is a number, or none.
    checked_long(unsafe { libc::sendfile(out, from, place, count) } as i64).map(|count| count as usize)
}
/// The same between files, each at a place or where it is.
pub fn copy_file_range(
    from: i32,
    at: Option<&mut i64>,
    to: i32,
    place: Option<&mut i64>,
    count: usize,
) -> io::Result<usize> {
    let at = at.map_or(std::ptr::null_mut(), std::ptr::from_mut);
    let place = place.map_or(std::ptr::null_mut(), std::ptr::from_mut);
    // SAFETY: each place is a number, or none.
    checked_long(unsafe { libc::copy_file_range(from, at, to, place, count, 0) } as i64)
        .map(|count| count as usize)
}
/// The same where one of the two is a pipe.
pub fn splice(
    from: i32,
    at: Option<&mut i64>,
    to: i32,
    place: Option<&mut i64>,
    count: usize,
    flags: u32,
) -> io::Result<usize> {
    let at = at.map_or(std::ptr::null_mut(), std::ptr::from_mut);
    let place = place.map_or(std::ptr::null_mut(), std::ptr::from_mut);
    // SAFETY: each place is a number, or none.
    checked_long(unsafe { libc::splice(from, at, to, place, count, flags) } as i64)
        .map(|count| count as usize)
}

/// The groups of the process.
pub fn getgroups() -> io::Result<Vec<u32>> {
    let mut groups = vec![0; 1 << 16];
    // SAFETY: there is room for as many as the call is told.
    let count = checked(unsafe { libc::getgroups(groups.len() as i32, groups.as_mut_ptr()) })?;
    groups.truncate(count as usize);
    Ok(groups)
}
/// Sets them.
pub fn setgroups(groups: &[u32]) -> io::Result<()> {
    // SAFETY: there are as many as the call is told.
    checked(unsafe { libc::setgroups(groups.len(), groups.as_ptr()) }).map(drop)
}
/// The groups of a user.
pub fn getgrouplist(user: &CStr, group: u32) -> io::Result<Vec<u32>> {
    let mut groups = vec![0; 1 << 16];
    let mut count = groups.len() as i32;
    // SAFETY: there is room for as many as the call is told; the text ends with a 0.
    checked(unsafe { libc::getgrouplist(user.as_ptr(), group, groups.as_mut_ptr(), &mut count) })?;
    groups.truncate(count as usize);
    Ok(groups)
}
/// On which processors a process may run.
pub fn sched_getaffinity(pid: i32) -> io::Result<Vec<usize>> {
    // SAFETY: zeros are an empty set; the call takes it whole, and the set has as many places as are looked at.
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        checked(libc::sched_getaffinity(pid, size_of_val(&set), &mut set))?;
        Ok((0..libc::CPU_SETSIZE as usize).filter(|cpu| libc::CPU_ISSET(*cpu, &set)).collect())
    }
}
/// Says so; the numbers that there can be no processor of are left out.
pub fn sched_setaffinity(pid: i32, cpus: &[usize]) -> io::Result<()> {
    // SAFETY: as above.
    unsafe {
        let mut set: libc::cpu_set_t = std::mem::zeroed();
        cpus.iter()
            .filter(|cpu| **cpu < libc::CPU_SETSIZE as usize)
            .for_each(|cpu| libc::CPU_SET(*cpu, &mut set));
        checked(libc::sched_setaffinity(pid, size_of_val(&set), &set)).map(drop)
    }
}
/// The path of a terminal.
pub fn ttyname(fd: i32) -> io::Result<Vec<u8>> {
    named(|buffer| {
        // SAFETY: there is as much room as the call is told.
        unsafe { libc::ttyname_r(fd, buffer.as_mut_ptr().cast(), buffer.len()) }
    })
}
/// The path of the other end of a pseudo-terminal.
pub fn ptsname(fd: i32) -> io::Result<Vec<u8>> {
    named(|buffer| {
        // SAFETY: there is as much room as the call is told.
        unsafe { libc::ptsname_r(fd, buffer.as_mut_ptr().cast(), buffer.len()) }
    })
}
/// The name of who has logged in.
pub fn getlogin() -> io::Result<Vec<u8>> {
    // SAFETY: the call gives a text that stays until it is called again, which whoever has the interpreter's lock does alone.
    unsafe {
        let name = libc::getlogin();
        if name.is_null() {
            return Err(io::Error::last_os_error());
        }
        Ok(CStr::from_ptr(name).to_bytes().to_vec())
    }
}
/// The text that a call has written, which gives an error number.
fn named(call: impl FnOnce(&mut [u8]) -> i32) -> io::Result<Vec<u8>> {
    let mut buffer = vec![0; 4096];
    match call(&mut buffer) {
        0 => {
            let end = buffer.iter().position(|byte| *byte == 0).unwrap_or(buffer.len());
            buffer.truncate(end);
            Ok(buffer)
        }
        error => Err(io::Error::from_raw_os_error(error)),
    }
}

/// The limits of a process, soft and hard; sets them if some are given.
pub fn prlimit(pid: i32, which: i32, wanted: Option<(u64, u64)>) -> io::Result<(u64, u64)> {
    let wanted = wanted.map(|(soft, hard)| libc::rlimit { rlim_cur: soft, rlim_max: hard });
    let place = wanted.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    let mut found = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: both structs are whole, or there is none.
    checked(unsafe { libc::prlimit(pid, which as _, place, &mut found) })?;
    Ok((found.rlim_cur, found.rlim_max))
}

/// A control of a descriptor with bytes, which may be changed: there must be as many as any control touches.
pub fn fcntl_bytes(fd: i32, command: i32, bytes: &mut [u8]) -> io::Result<i64> {
    assert!(bytes.len() >= LARGEST, "a control finds room");
    // SAFETY: no control of the system reads or writes more bytes than there are.
    checked_long(unsafe { libc::fcntl(fd, command, bytes.as_mut_ptr()) } as i64)
}
/// The same of a device.
pub fn ioctl_bytes(fd: i32, request: u64, bytes: &mut [u8]) -> io::Result<i64> {
    // How many bytes a control touches stands in its number.
    let touched = (request >> 16 & 0x3FFF) as usize;
    if bytes.len() < LARGEST.max(touched) {
        return Err(io::Error::from_raw_os_error(libc::EINVAL));
    }
    // SAFETY: there are as many bytes as the control's number says, or it is an old one without that, of fewer than there are; what it means
    // by addresses in them is the system's to check.
    checked_long(unsafe { libc::ioctl(fd, request as _, bytes.as_mut_ptr()) } as i64)
}
/// As many bytes as a control of a descriptor has at most.
const LARGEST: usize = 1024;

/// Locks a part of a file, or unlocks it.
pub fn lock(fd: i32, waits: bool, kind: i16, whence: i16, start: i64, length: i64) -> io::Result<()> {
    let lock = libc::flock { l_type: kind, l_whence: whence, l_start: start, l_len: length, l_pid: 0 };
    // SAFETY: the struct is whole.
    checked(unsafe { libc::fcntl(fd, if waits { libc::F_SETLKW } else { libc::F_SETLK }, &lock) }).map(drop)
}

/// Waits until something is ready: descriptors with what is waited for; what has come is left there. -1 waits for ever.
pub fn poll(descriptors: &mut [libc::pollfd], milliseconds: i32) -> io::Result<usize> {
    // SAFETY: there are as many as the call is told.
    let ready =
        unsafe { libc::poll(descriptors.as_mut_ptr(), descriptors.len() as libc::nfds_t, milliseconds) };
    checked(ready).map(|ready| ready as usize)
}
/// Changes what an epoll waits for.
pub fn epoll_ctl(epoll: i32, operation: i32, fd: i32, events: u32) -> io::Result<()> {
    let mut event = libc::epoll_event { events, u64: fd as u64 };
    // SAFETY: the struct is whole.
    checked(unsafe { libc::epoll_ctl(epoll, operation, fd, &mut event) }).map(drop)
}
/// Waits for what an epoll waits for: descriptors, and what has come. -1 waits for ever.
pub fn epoll_wait(epoll: i32, most: usize, milliseconds: i32) -> io::Result<Vec<(i32, u32)>> {
    let mut events = vec![libc::epoll_event { events: 0, u64: 0 }; most];
    // SAFETY: there is room for as many as the call is told.
    let ready = checked(unsafe { libc::epoll_wait(epoll, events.as_mut_ptr(), most as i32, milliseconds) })?;
    Ok(events[..ready as usize].iter().map(|event| (event.u64 as i32, event.events)).collect())
}

/// Sets how large a terminal is.
pub fn set_window(fd: i32, rows: u16, columns: u16) -> io::Result<()> {
    let mut size = window(fd)?;
    (size.ws_row, size.ws_col) = (rows, columns);
    // SAFETY: the struct is whole.
    checked(unsafe { libc::ioctl(fd, libc::TIOCSWINSZ, &size) }).map(drop)
}
