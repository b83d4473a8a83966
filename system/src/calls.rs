//! Calls that take numbers and texts, and give a number.

use std::ffi::CStr;
use std::io;

use crate::checked_long;

/// Writes calls that give -1 when they fail.
macro_rules! calls {
    ($($(#[doc = $doc:literal])* $name:ident($($arg:ident: $ty:ty),*) = $call:expr;)*) => { $(
        $(#[doc = $doc])*
        pub fn $name($($arg: $ty),*) -> io::Result<i64> {
            // SAFETY: the call takes numbers, and texts that end with a 0 and outlive it.
            checked_long(unsafe { $call } as i64)
        }
    )* };
}

/// The working directory, in place of a descriptor of a directory.
pub const AT_CWD: i32 = libc::AT_FDCWD;

calls! {
    /// Opens a file below a directory.
    open_at(dir: i32, path: &CStr, flags: i32, mode: u32) = libc::openat(dir, path.as_ptr(), flags | libc::O_CLOEXEC, mode);
    /// Whether a file may be used so.
    access_at(dir: i32, path: &CStr, mode: i32, flags: i32) = libc::faccessat(dir, path.as_ptr(), mode, flags);
    /// Changes the working directory.
    chdir(path: &CStr) = libc::chdir(path.as_ptr());
    /// The same, to an open one.
    fchdir(fd: i32) = libc::fchdir(fd);
    /// Changes the root directory.
    chroot(path: &CStr) = libc::chroot(path.as_ptr());
    /// Changes a file's mode.
    chmod_at(dir: i32, path: &CStr, mode: u32, flags: i32) = libc::fchmodat(dir, path.as_ptr(), mode, flags);
    /// The same of an open one.
    fchmod(fd: i32, mode: u32) = libc::fchmod(fd, mode);
    /// Changes a file's owner.
    chown_at(dir: i32, path: &CStr, uid: u32, gid: u32, flags: i32) = libc::fchownat(dir, path.as_ptr(), uid, gid, flags);
    /// The same of an open one.
    fchown(fd: i32, uid: u32, gid: u32) = libc::fchown(fd, uid, gid);
    /// Gives a file another name, too.
    link_at(from: i32, old: &CStr, to: i32, new: &CStr, flags: i32) = libc::linkat(from, old.as_ptr(), to, new.as_ptr(), flags);
    /// Makes a symbolic link.
    symlink_at(target: &CStr, dir: i32, path: &CStr) = libc::symlinkat(target.as_ptr(), dir, path.as_ptr());
    /// Renames a file.
    rename_at(from: i32, old: &CStr, to: i32, new: &CStr) = libc::renameat(from, old.as_ptr(), to, new.as_ptr());
    /// Removes a name.
    unlink_at(dir: i32, path: &CStr, flags: i32) = libc::unlinkat(dir, path.as_ptr(), flags);
    /// Makes a directory.
    mkdir_at(dir: i32, path: &CStr, mode: u32) = libc::mkdirat(dir, path.as_ptr(), mode);
    /// Makes a named pipe.
    mkfifo_at(dir: i32, path: &CStr, mode: u32) = libc::mkfifoat(dir, path.as_ptr(), mode);
    /// Makes a node of a device.
    mknod_at(dir: i32, path: &CStr, mode: u32, device: u64) = libc::mknodat(dir, path.as_ptr(), mode, device);
    /// Cuts a file off, or makes it longer.
    truncate(path: &CStr, length: i64) = libc::truncate(path.as_ptr(), length);
    /// The same of an open one.
    ftruncate(fd: i32, length: i64) = libc::ftruncate(fd, length);
    /// Removes an extended attribute.
    removexattr(path: &CStr, name: &CStr) = libc::removexattr(path.as_ptr(), name.as_ptr());
    /// The same of a symbolic link itself.
    lremovexattr(path: &CStr, name: &CStr) = libc::lremovexattr(path.as_ptr(), name.as_ptr());
    /// The same of an open file.
    fremovexattr(fd: i32, name: &CStr) = libc::fremovexattr(fd, name.as_ptr());
    /// Writes a file's data to its device.
    fsync(fd: i32) = libc::fsync(fd);
    /// The same without what is only about the file.
    fdatasync(fd: i32) = libc::fdatasync(fd);
    /// Goes to a position.
    lseek(fd: i32, offset: i64, whence: i32) = libc::lseek(fd, offset, whence);
    /// A copy of a descriptor, not inherited.
    dup(fd: i32) = libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 0);
    /// A copy of a descriptor under a number.
    dup2(fd: i32, to: i32) = libc::dup2(fd, to);
    /// The same with flags.
    dup3(fd: i32, to: i32, flags: i32) = libc::dup3(fd, to, flags);
    /// A control of a descriptor that takes a number.
    fcntl(fd: i32, command: i32, argument: i64) = libc::fcntl(fd, command, argument);
    /// Locks a part of a file.
    lockf(fd: i32, command: i32, length: i64) = libc::lockf(fd, command, length);
    /// Locks a file.
    flock(fd: i32, operation: i32) = libc::flock(fd, operation);
    /// Says how a file will be used.
    fadvise(fd: i32, offset: i64, length: i64, advice: i32) = { let error = libc::posix_fadvise(fd, offset, length, advice); failed_with(error) };
    /// Reserves room in a file.
    fallocate(fd: i32, offset: i64, length: i64) = { let error = libc::posix_fallocate(fd, offset, length); failed_with(error) };
    /// Whether it is a terminal.
    isatty(fd: i32) = libc::isatty(fd);
    /// A counter that can be waited for.
    eventfd(value: u32, flags: i32) = libc::eventfd(value, flags);
    /// A file in memory.
    memfd_create(name: &CStr, flags: u32) = libc::memfd_create(name.as_ptr(), flags);
    /// A descriptor of a process.
    pidfd_open(pid: i32, flags: u32) = libc::syscall(libc::SYS_pidfd_open, pid, flags);
    /// Opens memory that processes share by its name.
    shm_open(name: &CStr, flags: i32, mode: u32) = libc::shm_open(name.as_ptr(), flags, mode);
    /// Removes its name.
    shm_unlink(name: &CStr) = libc::shm_unlink(name.as_ptr());
    /// Removes the name of a semaphore.
    sem_unlink(name: &CStr) = libc::sem_unlink(name.as_ptr());
    /// Enters a namespace.
    setns(fd: i32, kind: i32) = libc::setns(fd, kind);
    /// Leaves namespaces.
    unshare(flags: i32) = libc::unshare(flags);
    /// The mask of modes of new files: gives the old one.
    umask(mask: u32) = libc::umask(mask);
    /// The process's number.
    getpid() = libc::getpid();
    /// The parent's number.
    getppid() = libc::getppid();
    /// Who runs the process.
    getuid() = libc::getuid();
    /// As whom it is treated.
    geteuid() = libc::geteuid();
    /// The group that runs the process.
    getgid() = libc::getgid();
    /// As whose member it is treated.
    getegid() = libc::getegid();
    /// The process group of a process.
    getpgid(pid: i32) = libc::getpgid(pid);
    /// The session of a process.
    getsid(pid: i32) = libc::getsid(pid);
    /// Begins a session.
    setsid() = libc::setsid();
    /// Moves a process to a group.
    setpgid(pid: i32, group: i32) = libc::setpgid(pid, group);
    /// Changes the user.
    setuid(uid: u32) = libc::setuid(uid);
    /// Changes the group.
    setgid(gid: u32) = libc::setgid(gid);
    /// Changes the effective user.
    seteuid(uid: u32) = libc::seteuid(uid);
    /// Changes the effective group.
    setegid(gid: u32) = libc::setegid(gid);
    /// Changes both users.
    setreuid(real: u32, effective: u32) = libc::setreuid(real, effective);
    /// Changes both groups.
    setregid(real: u32, effective: u32) = libc::setregid(real, effective);
    /// Changes all three users.
    setresuid(real: u32, effective: u32, saved: u32) = libc::setresuid(real, effective, saved);
    /// Changes all three groups.
    setresgid(real: u32, effective: u32, saved: u32) = libc::setresgid(real, effective, saved);
    /// Sets the groups to those of a user.
    initgroups(user: &CStr, gid: u32) = libc::initgroups(user.as_ptr(), gid);
    /// Sends a signal to a process.
    kill(pid: i32, signal: i32) = libc::kill(pid, signal);
    /// Sends a signal to a group of processes.
    killpg(group: i32, signal: i32) = libc::killpg(group, signal);
    /// Sets a priority.
    setpriority(which: i32, who: u32, priority: i32) = libc::setpriority(which as _, who, priority);
    /// The group of processes that a terminal belongs to.
    tcgetpgrp(fd: i32) = libc::tcgetpgrp(fd);
    /// Gives a terminal to a group of processes.
    tcsetpgrp(fd: i32, group: i32) = libc::tcsetpgrp(fd, group);
    /// Lets others run.
    sched_yield() = libc::sched_yield();
    /// The greatest priority of a policy.
    sched_get_priority_max(policy: i32) = libc::sched_get_priority_max(policy);
    /// The least priority of a policy.
    sched_get_priority_min(policy: i32) = libc::sched_get_priority_min(policy);
    /// The policy of a process.
    sched_getscheduler(pid: i32) = libc::sched_getscheduler(pid);
    /// Opens a pseudo-terminal.
    posix_openpt(flags: i32) = libc::posix_openpt(flags);
    /// Prepares a pseudo-terminal.
    grantpt(fd: i32) = libc::grantpt(fd);
    /// Unlocks a pseudo-terminal.
    unlockpt(fd: i32) = libc::unlockpt(fd);
    /// Runs a command by the shell.
    system(command: &CStr) = libc::system(command.as_ptr());
    /// Changes the open file's flags of a control without an argument.
    ioctl(fd: i32, request: u64, argument: i64) = libc::ioctl(fd, request as _, argument);
    /// Makes an epoll.
    epoll_create(flags: i32) = libc::epoll_create1(flags);
}

/// -1 and the error number in its place, of a call that gives the number.
fn failed_with(error: i32) -> i32 {
    if error == 0 {
        return 0;
    }
    // SAFETY: the address is the calling thread's own `errno`.
    unsafe { *libc::__errno_location() = error };
    -1
}

/// Calls whose -1 may be a result: then the error number says whether it is.
macro_rules! ambiguous {
    ($($(#[doc = $doc:literal])* $name:ident($($arg:ident: $ty:ty),*) = $call:expr;)*) => { $(
        $(#[doc = $doc])*
        pub fn $name($($arg: $ty),*) -> io::Result<i64> {
            // SAFETY: the call takes numbers and texts that end with a 0; the address is the calling thread's own `errno`.
            let (result, error) = unsafe {
                *libc::__errno_location() = 0;
                let result = $call as i64;
                (result, *libc::__errno_location())
            };
            if result == -1 && error != 0 { Err(io::Error::from_raw_os_error(error)) } else { Ok(result) }
        }
    )* };
}

ambiguous! {
    /// A limit or feature of the system; -1 if there is none.
    sysconf(name: i32) = libc::sysconf(name);
    /// The same of a file.
    pathconf(path: &CStr, name: i32) = libc::pathconf(path.as_ptr(), name);
    /// The same of an open file.
    fpathconf(fd: i32, name: i32) = libc::fpathconf(fd, name);
    /// A priority.
    getpriority(which: i32, who: u32) = libc::getpriority(which as _, who);
    /// Makes the process nicer.
    nice(by: i32) = libc::nice(by);
}

/// Ends the process at once.
pub fn exit_now(status: i32) -> ! {
    // SAFETY: the call does not return.
    unsafe { libc::_exit(status) }
}

/// Writes all files to their devices.
pub fn sync() {
    // SAFETY: the call takes nothing and cannot fail.
    unsafe { libc::sync() }
}
