//! The parameters of a statement.

use ryokan_sqlite::{Bound, Database, Inside, Statement};
use ryokan_vm::native::*;

use super::adapt::prepared;
use super::calls::enter;
use super::errors::{misuse, raise};
use super::functions::{check_length, has_bytes};

/// What is bound to.
pub struct Target<'a> {
    pub database: &'a Database,
    pub statement: &'a Statement,
}

impl Target<'_> {
    /// Gives the parameter at a place, from 1, a value that can be stored.
    fn put(&self, cx: &Cx, at: i32, value: Bound<'_>) -> Res<()> {
        self.put_with(cx, |inside| inside.bind(self.statement, at, value))
    }
    fn put_with(&self, cx: &Cx, bind: impl FnOnce(&Inside<'_>) -> i32) -> Res<()> {
        let inside = enter(cx, self.database);
        match bind(&inside) {
            0 => Ok(()),
            code => {
                let fault = inside.fault_of(code);
                drop(inside);
                Err(raise(cx, &fault))
            }
        }
    }
    /// The same of any value. Runs Python; `ProgrammingError` if it cannot be stored.
    fn bind(&self, cx: &Cx, at: i32, value: &Value) -> Res<()> {
        let value = &prepared(cx, value)?;
        if value.is_none() {
            return self.put(cx, at, Bound::Null);
        }
        if let Some(int) = Int::of(value) {
            let Some(number) = int.small() else {
                return Err(cx.overflow_error("Python int too large to convert to SQLite INTEGER"));
            };
            return self.put(cx, at, Bound::Integer(number));
        }
        if let Some(number) = cx.float_value(value) {
            return self.put(cx, at, Bound::Float(number));
        }
        if cx.is_str(value) {
            let bytes = cx.utf8(value)?;
            check_length(cx, bytes.as_slice().len(), "string")?;
            return self.put(cx, at, Bound::Text(std::str::from_utf8(bytes.as_slice()).unwrap_or_default()));
        }
        if has_bytes(cx, value)? {
            let bytes = Buffer::of(cx, value)?;
            check_length(cx, bytes.len(), "BLOB")?;
            // Nobody else runs between looking at the bytes and copying them: the thread is inside already.
            return self.put_with(cx, |inside| {
                bytes.read(|bytes| inside.bind(self.statement, at, Bound::Blob(bytes)))
            });
        }
        let kind = cx.type_name(value);
        Err(misuse(cx, format_args!("Error binding parameter {at}: type '{kind}' is not supported")))
    }
    /// The name of a parameter, with the mark that it begins with.
    fn name(&self, cx: &Cx, at: i32) -> Option<String> {
        let name = enter(cx, self.database).parameter_name(self.statement, at)?;
        Some(String::from_utf8_lossy(&name).into_owned())
    }
    /// Gives all parameters their values, out of a sequence or of a mapping. Runs Python.
    pub fn bind_all(&self, cx: &Cx, parameters: &Value) -> Res<()> {
        let count = enter(cx, self.database).parameters(self.statement);
        let plain = matches!(cx.plain(parameters), Plain::Tuple | Plain::List);
        let is_dict = Dict::of(parameters).is_some();
        if plain || !is_dict && is_sequence(cx, parameters)? {
            return self.bind_sequence(cx, parameters, count);
        }
        if is_dict || cx.attr_opt(&cx.class_of(parameters), "__getitem__")?.is_some() {
            return self.bind_mapping(cx, parameters, count);
        }
        Err(misuse(cx, "parameters are of unsupported type"))
    }
    fn bind_sequence(&self, cx: &Cx, parameters: &Value, count: i32) -> Res<()> {
        let given = cx.len(parameters)?;
        if i32::try_from(given) != Ok(count) {
            return Err(misuse(
                cx,
                format_args!(
                    "Incorrect number of bindings supplied. The current statement uses {count}, and there are {given} supplied."
                ),
            ));
        }
        for at in 1..=count {
            cx.work(1)?;
            if let Some(name) = self.name(cx, at).filter(|name| !name.starts_with('?')) {
                return Err(misuse(
                    cx,
                    format_args!(
                        "Binding {at} ('{name}') is a named parameter, but you supplied a sequence which requires nameless (qmark) \
                         placeholders."
                    ),
                ));
            }
            let value = cx.item_at(parameters, i64::from(at) - 1)?;
            self.bind(cx, at, &value)?;
        }
        Ok(())
    }
    fn bind_mapping(&self, cx: &Cx, parameters: &Value, count: i32) -> Res<()> {
        for at in 1..=count {
            cx.work(1)?;
            let Some(name) = self.name(cx, at) else {
                let message = format_args!(
                    "Binding {at} has no name, but you supplied a dictionary (which has only names)."
                );
                return Err(misuse(cx, message));
            };
            let name = name.get(1..).unwrap_or_default();
            let value = match cx.item(parameters, name) {
                Ok(value) => value,
                Err(raised) => {
                    drop(cx.catch(raised, "LookupError")?);
                    let message = format_args!("You did not supply a value for binding parameter :{name}.");
                    return Err(misuse(cx, message));
                }
            };
            self.bind(cx, at, &value)?;
        }
        Ok(())
    }
}

/// Whether an object gives items by number: it has a `__getitem__`.
fn is_sequence(cx: &Cx, value: &Value) -> Res<bool> {
    if cx.is_str(value) || Tuple::of(value).is_some() || List::of(value).is_some() {
        return Ok(true);
    }
    if cx.attr_opt(&cx.class_of(value), "__getitem__")?.is_none() {
        return Ok(false);
    }
    Ok(match cx.expect_sequence(value) {
        Ok(()) => true,
        Err(raised) => {
            drop(cx.catch(raised, "TypeError")?);
            false
        }
    })
}
