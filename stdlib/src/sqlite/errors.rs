//! The exceptions, and which of them a fault is.

use std::fmt::Display;

use ryokan_sqlite::Fault;
use ryokan_vm::native::*;

use super::{State, constants};

/// The classes with their bases, in the order in which they are made.
const CLASSES: [(&str, &str); 10] = [
    ("Warning", "Exception"),
    ("Error", "Exception"),
    ("InterfaceError", "Error"),
    ("DatabaseError", "Error"),
    ("DataError", "DatabaseError"),
    ("IntegrityError", "DatabaseError"),
    ("InternalError", "DatabaseError"),
    ("NotSupportedError", "DatabaseError"),
    ("OperationalError", "DatabaseError"),
    ("ProgrammingError", "DatabaseError"),
];

/// Makes the classes: a dict of them by name.
pub fn make_classes(cx: &Cx) -> Res<Dict> {
    let made = Dict::new(cx)?;
    let kind = cx.builtin("type")?;
    for (name, base) in CLASSES {
        let base = match made.get_str(cx, base)? {
            Some(base) => base,
            None => cx.builtin(base)?,
        };
        let names = Dict::new(cx)?;
        names.set_str(cx, "__module__", "sqlite3")?;
        let class = cx.call(&kind, (name, (base,), names.into_value()))?;
        made.set_str(cx, name, class)?;
    }
    Ok(made)
}

/// The class of a name.
pub fn class(cx: &Cx, name: &str) -> Res {
    let found = match cx.state::<State>()?.errors.dict() {
        Some(errors) => errors.get_str(cx, name)?,
        None => None,
    };
    found.ok_or(()).map_err(|()| cx.system_error("_sqlite3 is not imported"))
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
