//! The system's log.

use std::ffi::{CStr, CString};
use std::sync::{Mutex, PoisonError};

/// The name that messages in the system's log begin with: the system keeps its address.
static IDENT: Mutex<Option<CString>> = Mutex::new(None);

/// Opens the system's log, with a name that messages begin with, or none.
pub fn open_log(ident: Option<CString>, options: i32, facility: i32) {
    let mut kept = IDENT.lock().unwrap_or_else(PoisonError::into_inner);
    // The old name is let go when the system has the new one.
    let old = std::mem::replace(&mut *kept, ident);
    let ident = kept.as_ref().map_or(std::ptr::null(), |ident| ident.as_ptr());
    // SAFETY: the name ends with a 0, and stays where it is until another one is given.
    unsafe { libc::openlog(ident, options, facility) };
    drop(old);
}
/// Writes a message to the system's log.
pub fn write_log(priority: i32, message: &CStr) {
    // SAFETY: both texts end with a 0; the format takes one text.
    unsafe { libc::syslog(priority, c"%s".as_ptr(), message.as_ptr()) };
}
/// Closes the system's log.
pub fn close_log() {
    let mut kept = IDENT.lock().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: the call takes nothing.
    unsafe { libc::closelog() };
    *kept = None;
}
/// Sets which priorities are written, and gives what was set before.
pub fn set_log_mask(mask: i32) -> i32 {
    // SAFETY: the call takes a number.
    unsafe { libc::setlogmask(mask) }
}
