//! Functions, aggregates and collations, which SQLite knows by numbers.

use std::ffi::{CStr, c_void};
use std::ptr::null_mut;

use libsqlite3_sys as ffi;

use crate::callbacks::{self as on, Handler, with_handler};
use crate::database::Inside;

/// What is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Making {
    /// A function.
    Function,
    /// An aggregate.
    Aggregate,
    /// An aggregate over windows.
    Window,
}

/// A number as SQLite keeps it.
fn address(number: u64) -> *mut c_void {
    number as *mut c_void
}

impl Inside<'_> {
    /// Makes a function or an aggregate of a number of arguments, -1 for any, which is told by its own number. Gives a code.
    pub fn create_function(
        &self,
        name: &CStr,
        arguments: i32,
        flags: i32,
        (making, number): (Making, u64),
        handler: &dyn Handler,
    ) -> i32 {
        let Some(raw) = self.changeable() else { return ffi::SQLITE_MISUSE };
        let (name, flags, app) = (name.as_ptr(), flags | ffi::SQLITE_UTF8, address(number));
        let (step, finish, gone) = (Some(on::on_step as _), Some(on::on_finish as _), Some(on::on_gone as _));
        // SAFETY: the connection is open, the name ends with a 0, and the functions are what SQLite takes them for.
        with_handler(self.shared, handler, || unsafe {
            match making {
                Making::Function => {
                    let call = Some(on::on_call as _);
                    ffi::sqlite3_create_function_v2(raw, name, arguments, flags, app, call, None, None, gone)
                }
                Making::Aggregate => ffi::sqlite3_create_function_v2(
                    raw, name, arguments, flags, app, None, step, finish, gone,
                ),
                Making::Window => {
                    let (value, inverse) = (Some(on::on_value as _), Some(on::on_inverse as _));
                    ffi::sqlite3_create_window_function(
                        raw, name, arguments, flags, app, step, finish, value, inverse, gone,
                    )
                }
            }
        })
    }
    /// Takes a function away, or an aggregate. Gives a code.
    pub fn remove_function(&self, name: &CStr, arguments: i32, handler: &dyn Handler) -> i32 {
        let Some(raw) = self.changeable() else { return ffi::SQLITE_MISUSE };
        let (name, flags, app) = (name.as_ptr(), ffi::SQLITE_UTF8, null_mut());
        // SAFETY: as above.
        with_handler(self.shared, handler, || unsafe {
            ffi::sqlite3_create_function_v2(raw, name, arguments, flags, app, None, None, None, None)
        })
    }
    /// Makes a function fail whenever it is called.
    pub(crate) fn forbid_function(&self, name: &CStr, arguments: i32) {
        let Some(raw) = self.changeable() else { return };
        let (name, flags, app) = (name.as_ptr(), ffi::SQLITE_UTF8, null_mut());
        let call = Some(on::on_forbidden as _);
        // SAFETY: as above.
        unsafe { ffi::sqlite3_create_function_v2(raw, name, arguments, flags, app, call, None, None, None) };
    }
    /// Makes an order of texts, which is told by its number; without one it is taken away. Gives a code.
    pub fn create_collation(&self, name: &CStr, number: Option<u64>, handler: &dyn Handler) -> i32 {
        let Some(raw) = self.changeable() else { return ffi::SQLITE_MISUSE };
        let (name, coding) = (name.as_ptr(), ffi::SQLITE_UTF8);
        // SAFETY: as above.
        with_handler(self.shared, handler, || unsafe {
            match number.map(address) {
                None => ffi::sqlite3_create_collation_v2(raw, name, coding, null_mut(), None, None),
                Some(app) => {
                    let (compare, gone) = (Some(on::on_compare as _), Some(on::on_gone as _));
                    ffi::sqlite3_create_collation_v2(raw, name, coding, app, compare, gone)
                }
            }
        })
    }
}
