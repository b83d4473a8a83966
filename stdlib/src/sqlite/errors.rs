//! The exceptions, and which of them a fault is.

use std::fmt::Display;

use ryokan_sqlite::Fault;
use ryokan_vm::native::*;

use super::{State, constants};
use crate::exceptions::Family;

/// The classes.
pub const FAMILY: Family = Family {
    module: "sqlite3",
    rows: &[
        ("Warning", &["Exception"], None),
        ("Error", &["Exception"], None),
        ("InterfaceError", &["Error"], None),
        ("DatabaseError", &["Error"], None),
        ("DataError", &["DatabaseError"], None),
        ("IntegrityError", &["DatabaseError"], None),
        ("InternalError", &["DatabaseError"], None),
        ("NotSupportedError", &["DatabaseError"], None),
        ("OperationalError", &["DatabaseError"], None),
        ("ProgrammingError", &["DatabaseError"], None),
    ],
};

/// The class of a name.
pub fn class(cx: &Cx, name: &str) -> Res {
    FAMILY.class(cx, &cx.state::<State>()?.errors, name)
}

/// Raises an exception of the class of a name.
#[cold]
pub fn error(cx: &Cx, name: &str, message: impl Display) -> Raised {
    match class(cx, name) {
        Ok(class) => cx.raise(&class, message),
        Err(raised) => raised,
    }
}

/// `ProgrammingError`
#[cold]
pub fn misuse(cx: &Cx, message: impl Display) -> Raised {
    error(cx, "ProgrammingError", message)
}

/// Which class the fault of a code is.
fn class_of(code: i32) -> &'static str {
    match code {
        // INTERNAL, NOTFOUND
        2 | 12 => "InternalError",
        // ERROR, PERM to LOCKED, READONLY to IOERR, FULL to SCHEMA
        1 | 3..=6 | 8..=10 | 13..=17 => "OperationalError",
        // TOOBIG
        18 => "DataError",
        // CONSTRAINT, MISMATCH
        19 | 20 => "IntegrityError",
        // MISUSE, RANGE
        21 | 25 => "InterfaceError",
        _ => "DatabaseError",
    }
}

/// Raises what a fault is.
#[cold]
pub fn raise(cx: &Cx, fault: &Fault) -> Raised {
    if fault.code == ryokan_sqlite::constants::SQLITE_NOMEM {
        return cx.no_memory();
    }
    let made = class(cx, class_of(fault.code)).and_then(|class| {
        let exception = cx.call(&class, (fault.message.as_str(),))?;
        cx.set_attr(&exception, "sqlite_errorcode", fault.extended)?;
        cx.set_attr(&exception, "sqlite_errorname", constants::name_of(fault.extended))?;
        Ok(exception)
    });
    match made {
        Ok(exception) => cx.raise_value(exception),
        Err(raised) => raised,
    }
}
