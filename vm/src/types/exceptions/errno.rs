//! The system's error numbers: what the system says of them, and which one an I/O error is.

use std::io::{Error, ErrorKind};

/// What the system says of an error number.
pub fn text(number: i32) -> String {
    let mut text = Error::from_raw_os_error(number).to_string();
    if let Some(at) = text.rfind(" (os error") {
        text.truncate(at);
    }
    text
}

/// The error number of an I/O error.
pub fn number(error: &Error) -> i32 {
    match (error.raw_os_error(), error.kind()) {
        (Some(number), _) => number,
        (None, ErrorKind::NotFound) => 2,
        (None, ErrorKind::PermissionDenied) => 13,
        (None, ErrorKind::AlreadyExists) => 17,
        (None, ErrorKind::IsADirectory) => 21,
        (None, ErrorKind::NotADirectory) => 20,
        (None, ErrorKind::BrokenPipe) => 32,
        _ => 5,
    }
}
