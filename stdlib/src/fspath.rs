//! Paths as the system takes them, and what all modules share that call it.

use std::ffi::CString;
use std::io;

use rustix::io::Errno;
use ryokan_vm::native::*;

/// `os.fspath`: a str or bytes as it is, or what `__fspath__` gives. Runs Python; `TypeError`.
pub fn fspath(cx: &Cx, value: &Value) -> Res {
    if cx.is_str(value) || Bytes::of(value).is_some() {
        return Ok(value.clone());
    }
    // A class can say by None that its instances are no paths.
    let says_no = cx.attr_opt(&cx.class_of(value), "__fspath__")?.is_none_or(|method| method.is_none());
    let path = if says_no { None } else { cx.call_special(value, "__fspath__", ())? };
    let Some(path) = path else {
        let kind = cx.type_name(value);
        return Err(cx.type_error(format_args!("expected str, bytes or os.PathLike object, not {kind}")));
    };
    if cx.is_str(&path) || Bytes::of(&path).is_some() {
        return Ok(path);
    }
    Err(cx.type_error(format_args!(
        "expected {}.__fspath__() to return str or bytes, not {}",
        cx.type_name(value),
        cx.type_name(&path)
    )))
}

/// The bytes of a str or bytes, ready for the system; `ValueError` if there is a 0 in them.
pub fn c_string(cx: &Cx, value: &Value, what: &str) -> Res<CString> {
    beginning(cx, value, what, usize::MAX)
}

/// The bytes of a path, as [`c_string`]. Of a path that is too long for any call only as much is copied as the call refuses.
pub fn c_path(cx: &Cx, value: &Value, what: &str) -> Res<CString> {
    beginning(cx, value, what, libc::PATH_MAX as usize + 1)
}

/// So many of the bytes of a str or bytes at most; all of them are looked at.
fn beginning(cx: &Cx, value: &Value, what: &str, most: usize) -> Res<CString> {
    let encoded = if cx.is_str(value) { cx.to_system(value)? } else { value.clone() };
    let Some(bytes) = Bytes::of(&encoded) else { return Err(cx.system_error("a path is str or bytes")) };
    let bytes = bytes.as_slice();
    if bytes.contains(&0) {
        return Err(cx.value_error(what));
    }
    CString::new(&bytes[..bytes.len().min(most)]).map_err(|_| cx.value_error(what))
}

/// Calls the system, without the lock; a call that a signal has interrupted is made again when the signal was heeded.
pub fn system<T>(cx: &Cx, mut call: impl FnMut() -> Result<T, Errno> + Send) -> Res<Result<T, Errno>>
where
    T: Send,
{
    loop {
        // (What came in before would not end it.)
        cx.check_signals()?;
        match cx.blocking(&mut call) {
            Err(Errno::INTR) => cx.check_signals()?,
            done => return Ok(done),
        }
    }
}

/// `OSError` of an error number.
#[cold]
pub fn os_error(cx: &Cx, error: Errno) -> Raised {
    cx.os_error_about(error.raw_os_error(), None, None)
}

/// The same of a call of `ryokan_system`.
#[cold]
pub fn io_error(cx: &Cx, error: &io::Error) -> Raised {
    cx.os_error_about(error.raw_os_error().unwrap_or(libc::EIO), None, None)
}
