//! `errno`: names of the system's error numbers, and `OSError`s of them.

use crate::modules::add;
use crate::raised::Res;
use crate::types::dict::Dict;
use crate::value::Value;
use crate::vm::Vm;

/// `errno.__doc__`
pub const DOC: &str = "The system's error numbers by name.";

/// (name, number, text)
static ROWS: &[(&str, i64, &str)] = &[
    ("EPERM", 1, "Operation not permitted"),
    ("ENOENT", 2, "No such file or directory"),
    ("ESRCH", 3, "No such process"),
    ("EINTR", 4, "Interrupted system call"),
    ("EIO", 5, "Input/output error"),
    ("EBADF", 9, "Bad file descriptor"),
    ("ECHILD", 10, "No child processes"),
    ("EAGAIN", 11, "Resource temporarily unavailable"),
    ("ENOMEM", 12, "Cannot allocate memory"),
    ("EACCES", 13, "Permission denied"),
    ("EEXIST", 17, "File exists"),
    ("ENOTDIR", 20, "Not a directory"),
    ("EISDIR", 21, "Is a directory"),
    ("EINVAL", 22, "Invalid argument"),
    ("EMFILE", 24, "Too many open files"),
    ("EFBIG", 27, "File too large"),
    ("ENOSPC", 28, "No space left on device"),
    ("ESPIPE", 29, "Illegal seek"),
    ("EROFS", 30, "Read-only file system"),
    ("EPIPE", 32, "Broken pipe"),
    ("EDOM", 33, "Numerical argument out of domain"),
    ("ERANGE", 34, "Numerical result out of range"),
    ("ENAMETOOLONG", 36, "File name too long"),
    ("ENOSYS", 38, "Function not implemented"),
    ("ENOTEMPTY", 39, "Directory not empty"),
    ("ELOOP", 40, "Too many levels of symbolic links"),
    ("ENOTSUP", 95, "Operation not supported"),
    ("EADDRINUSE", 98, "Address already in use"),
    ("ECONNABORTED", 103, "Software caused connection abort"),
    ("ECONNRESET", 104, "Connection reset by peer"),
    ("ETIMEDOUT", 110, "Connection timed out"),
    ("ECONNREFUSED", 111, "Connection refused"),
    ("EALREADY", 114, "Operation already in progress"),
    ("EINPROGRESS", 115, "Operation now in progress"),
];

/// Adds the numbers.
pub fn fill(vm: &Vm, dict: &Dict) -> Res<()> {
    let by_number = vm.new_dict()?;
    for (name, number, _) in ROWS {
        let (key, text) = (vm.int(*number)?, vm.intern(name)?);
        add(vm, dict, name, Value::small(*number))?;
        let hash = vm.hash(&key)?;
        by_number.insert(vm, key, hash, text)?;
    }
    add(vm, dict, "errorcode", by_number.into_value())
}

/// What the system says of an error number.
pub fn text(number: i64) -> Option<&'static str> {
    ROWS.iter().find(|r| r.1 == number).map(|r| r.2)
}

/// The error number of an I/O error.
pub fn number(error: &std::io::Error) -> i64 {
    use std::io::ErrorKind;
    match (error.raw_os_error(), error.kind()) {
        (Some(number), _) => i64::from(number),
        (None, ErrorKind::NotFound) => 2,
        (None, ErrorKind::PermissionDenied) => 13,
        (None, ErrorKind::AlreadyExists) => 17,
        (None, ErrorKind::IsADirectory) => 21,
        (None, ErrorKind::NotADirectory) => 20,
        (None, ErrorKind::BrokenPipe) => 32,
        _ => 5,
    }
}
