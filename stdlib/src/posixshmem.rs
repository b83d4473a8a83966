//! `_posixshmem`: memory that processes share by its name.

use std::ffi::CString;

use ryokan_system as system;
use ryokan_vm::native::*;

native_module! {
    /// Memory that processes share by its name.
    "_posixshmem" {
        functions {
            /// Opens the memory of a name, and makes it if the flags say so. Returns a file descriptor.
            shm_open(path: &Value, flags: i32, mode: i32 = 0o777 => "511");
            /// Removes the name. The memory is there as long as somebody has it.
            shm_unlink(path: &Value, /);
        }
    }
}

/// The name, as C takes it.
fn name_of(cx: &Cx, argument: &str, path: &Value) -> Res<CString> {
    cx.require(Capability::Files)?;
    if !cx.is_str(path) {
        let kind = cx.arg_name(path);
        return Err(cx.type_error(format_args!("{argument} must be str, not {kind}")));
    }
    let text = cx.str(path)?;
    CString::new(text.as_str()).map_err(|_| cx.value_error("embedded null character"))
}
fn failed(cx: &Cx, error: &std::io::Error, path: &Value) -> Raised {
    cx.os_error_about(error.raw_os_error().unwrap_or(0), Some(path), None)
}
fn shm_open(cx: &Cx, path: &Value, flags: i32, mode: i32) -> Res<i64> {
    let name = name_of(cx, "shm_open() argument 'path'", path)?;
    system::shm_open(&name, flags, mode as u32).map_err(|error| failed(cx, &error, path))
}
fn shm_unlink(cx: &Cx, path: &Value) -> Res<()> {
    let name = name_of(cx, "shm_unlink() argument", path)?;
    system::shm_unlink(&name).map(drop).map_err(|error| failed(cx, &error, path))
}
