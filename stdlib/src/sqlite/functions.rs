//! Functions, aggregates and collations of Python's.

use std::cmp::Ordering;
use std::ffi::CString;

use ryokan_sqlite::{Call, Kind, Making};
use ryokan_vm::native::*;

use super::State;
use super::args::{Shape, c_text, place, warn_named};
use super::calls::{Kept, attempt, call, enter};
use super::connection::Connection;
use super::errors::{error, misuse, raise};

/// The category of limits that says how many arguments a function can have.
const FUNCTION_ARG: i32 = 6;

/// Keeps a callable under a new number.
fn remember(cx: &Cx, this: &Connection, callable: &Value) -> Res<u64> {
    let state = cx.state::<State>()?;
    let number = state.last.get() + 1;
    state.last.set(number);
    this.table(cx, &this.callables)?.set(cx, &number.into_value(cx)?, callable)?;
    Ok(number)
}

/// Lets a callable go that SQLite calls no more.
pub fn forget(cx: &Cx, this: &Connection, number: u64) -> Res<()> {
    drop(this.table(cx, &this.callables)?.remove(cx, &number.into_value(cx)?)?);
    Ok(())
}

/// The callable of a number.
fn callable(cx: &Cx, kept: &Kept<'_>, number: u64) -> Res {
    let table = kept.connection.table(cx, &kept.connection.callables)?;
    let found = table.get(cx, &number.into_value(cx)?)?;
    found.ok_or(()).map_err(|()| cx.system_error("what SQLite calls is gone"))
}

/// Reports what a callback has raised, if that is wanted, or drops it.
pub fn report(cx: &Cx, raised: Raised, callable: &Value) {
    if cx.state::<State>().is_ok_and(|state| state.reports.get()) {
        cx.unraisable_while(raised, "on sqlite3 callback", callable);
    } else {
        drop(cx.take_raised(raised));
    }
}

/// Ends a call with an error, of which SQLite says this, unless memory or a number was too large.
fn fail(cx: &Cx, call: &Call<'_>, raised: Raised, callable: &Value, message: &str) {
    if cx.is_raised(&raised, "OverflowError") {
        call.fail_too_big();
    } else if cx.is_raised(&raised, "MemoryError") {
        call.fail_no_memory();
    } else {
        call.fail(message);
    }
    report(cx, raised, callable);
}

/// The bytes of an argument, copied.
fn bytes_of(cx: &Cx, call: &Call<'_>, at: usize) -> Res<Vector<u8>> {
    let len = call.bytes(at, <[u8]>::len);
    cx.work_on_bytes(len)?;
    let mut copy = cx.vector(len)?;
    call.bytes(at, |bytes| copy.extend_from_slice(bytes));
    Ok(copy)
}

/// An argument as a value.
fn argument(cx: &Cx, call: &Call<'_>, at: usize) -> Res {
    match call.kind(at) {
        Kind::Null => Ok(Value::NONE),
        Kind::Integer => call.integer(at).into_value(cx),
        Kind::Float => call.float(at).into_value(cx),
        Kind::Blob => (&bytes_of(cx, call, at)?[..]).into_value(cx),
        Kind::Text => text(cx, &bytes_of(cx, call, at)?),
    }
}

/// A str of bytes. `UnicodeDecodeError`
pub fn text(cx: &Cx, bytes: &[u8]) -> Res {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into_value(cx),
        Err(_) => cx.decode(bytes, Codec::Utf8, "strict", true).map(|(text, _)| text),
    }
}

/// Calls something with the arguments of a call.
fn call_with(cx: &Cx, callable: &Value, call: &Call<'_>) -> Res {
    let mut arguments = cx.vector(call.len())?;
    for at in 0..call.len() {
        arguments.push(argument(cx, call, at)?);
    }
    cx.call(callable, &arguments[..])
}

/// Makes a value the result of a call. Runs Python; `ProgrammingError` if it is none that can be stored.
fn set_result(cx: &Cx, call: &Call<'_>, value: &Value) -> Res<()> {
    if value.is_none() {
        call.null();
    } else if let Some(int) = Int::of(value) {
        match int.small() {
            Some(number) => call.set_integer(number),
            None => return Err(cx.overflow_error("Python int too large to convert to SQLite INTEGER")),
        }
    } else if let Some(number) = cx.float_value(value) {
        call.set_float(number);
    } else if cx.is_str(value) {
        let bytes = cx.utf8(value)?;
        check_length(cx, bytes.as_slice().len(), "string")?;
        call.set_text(std::str::from_utf8(bytes.as_slice()).unwrap_or_default());
    } else if has_bytes(cx, value)? {
        let bytes = Buffer::of(cx, value)?;
        check_length(cx, bytes.len(), "BLOB")?;
        bytes.read(|bytes| call.set_blob(bytes));
    } else {
        let kind = cx.type_name(value);
        let message = format_args!("User-defined functions cannot return '{kind}' values to SQLite");
        return Err(misuse(cx, message));
    }
    Ok(())
}

/// Whether an object has bytes to be stored.
pub fn has_bytes(cx: &Cx, value: &Value) -> Res<bool> {
    let plain = Bytes::of(value).is_some() || cx.is_bytearray(value);
    Ok(plain || cx.attr_opt(&cx.class_of(value), "__buffer__")?.is_some())
}

/// Pays for a copy of so many bytes. `OverflowError` if SQLite cannot count them.
pub fn check_length(cx: &Cx, len: usize, what: &str) -> Res<()> {
    if len > i32::MAX as usize {
        return Err(cx.overflow_error(format_args!("{what} is longer than INT_MAX bytes")));
    }
    cx.work_on_bytes(len)
}

/// A function is called.
pub fn on_call(cx: &Cx, kept: &Kept<'_>, number: u64, call: Call<'_>) {
    let function = match callable(cx, kept, number) {
        Ok(function) => function,
        Err(raised) => {
            return fail(cx, &call, raised, &Value::NONE, "user-defined function raised exception");
        }
    };
    let done = call_with(cx, &function, &call).and_then(|value| set_result(cx, &call, &value));
    if let Err(raised) = done {
        fail(cx, &call, raised, &function, "user-defined function raised exception");
    }
}

/// The object of an aggregate that is under way; nothing if it was never made.
fn instance(cx: &Cx, kept: &Kept<'_>, call: &Call<'_>) -> Res<Option<Value>> {
    let number = call.kept(false).map_or(0, |kept| kept.get());
    if number == 0 {
        return Ok(None);
    }
    kept.connection.table(cx, &kept.connection.instances)?.get(cx, &number.into_value(cx)?)
}

/// The same, made at the first row.
fn instance_of(cx: &Cx, kept: &Kept<'_>, call: &Call<'_>, class: &Value) -> Res {
    if let Some(there) = instance(cx, kept, call)? {
        return Ok(there);
    }
    let made = cx.call(class, ())?;
    let this = kept.connection;
    let number = this.last_instance.get() + 1;
    this.last_instance.set(number);
    let Some(place) = call.kept(true) else { return Err(cx.no_memory()) };
    this.table(cx, &this.instances)?.set(cx, &number.into_value(cx)?, &made)?;
    place.set(number);
    Ok(made)
}

/// Calls a method of an aggregate's object with the arguments of a call; the message says what went wrong.
fn method_with(
    cx: &Cx,
    object: &Value,
    call: &Call<'_>,
    method: &str,
) -> Result<Value, (Raised, &'static str)> {
    let found = cx.attr(object, method).map_err(|raised| (raised, "not defined"))?;
    call_with(cx, &found, call).map_err(|raised| (raised, "raised error"))
}

/// An aggregate gets a row, by `step`, or loses one, by `inverse`.
pub fn on_row(cx: &Cx, kept: &Kept<'_>, number: u64, call: Call<'_>, method: &str) {
    let class = callable(cx, kept, number).unwrap_or_else(|raised| {
        drop(cx.take_raised(raised));
        Value::NONE
    });
    let object = match instance_of(cx, kept, &call, &class) {
        Ok(object) => object,
        Err(raised) => {
            let message = "user-defined aggregate's '__init__' method raised error";
            return fail(cx, &call, raised, &class, message);
        }
    };
    if let Err((raised, what)) = method_with(cx, &object, &call, method) {
        fail(cx, &call, raised, &class, &format!("user-defined aggregate's '{method}' method {what}"));
    }
}

/// Makes what a method of an aggregate's object gives the result.
fn answer(cx: &Cx, class: &Value, object: &Value, call: &Call<'_>, method: &str) {
    let given = match cx.call_method(object, method, ()) {
        Ok(given) => given,
        Err(raised) => {
            let missing = cx.is_raised(&raised, "AttributeError");
            let what = if missing { "not defined" } else { "raised error" };
            let message = format!("user-defined aggregate's '{method}' method {what}");
            return fail(cx, call, raised, class, &message);
        }
    };
    if let Err(raised) = set_result(cx, call, &given) {
        let message = match method {
            "value" => "unable to set result from user-defined aggregate's 'value' method".to_string(),
            _ => format!("user-defined aggregate's '{method}' method raised error"),
        };
        fail(cx, call, raised, class, &message);
    }
}

/// The value of an aggregate over a window is asked for.
pub fn on_value(cx: &Cx, kept: &Kept<'_>, number: u64, call: Call<'_>) {
    let found = callable(cx, kept, number).and_then(|class| Ok((instance(cx, kept, &call)?, class)));
    match found {
        Ok((Some(object), class)) => answer(cx, &class, &object, &call, "value"),
        Ok((None, _)) => call.null(),
        Err(raised) => {
            fail(cx, &call, raised, &Value::NONE, "user-defined aggregate's 'value' method raised error")
        }
    }
}

/// An aggregate ends. One whose object could not be made has said so.
pub fn on_finish(cx: &Cx, kept: &Kept<'_>, number: u64, call: Call<'_>) {
    let found = callable(cx, kept, number).and_then(|class| Ok((instance(cx, kept, &call)?, class)));
    match found {
        Ok((Some(object), class)) => {
            // What was raised before is not lost by what is called now.
            cx.aside(|| answer(cx, &class, &object, &call, "finalize"));
            let number = call.kept(false).map_or(0, |kept| kept.replace(0));
            let table = kept.connection.table(cx, &kept.connection.instances);
            let removed = table.and_then(|table| table.remove(cx, &number.into_value(cx)?));
            if let Err(raised) = removed {
                drop(cx.take_raised(raised));
            }
        }
        Ok((None, _)) => {}
        Err(raised) => {
            fail(cx, &call, raised, &Value::NONE, "user-defined aggregate's 'finalize' method raised error");
        }
    }
}

/// Two texts are compared. What that raises ends the statement.
pub fn on_compare(cx: &Cx, kept: &Kept<'_>, number: u64, left: &[u8], right: &[u8]) -> Ordering {
    let compare = || -> Res<Ordering> {
        let function = callable(cx, kept, number)?;
        cx.work_on_bytes(left.len() + right.len())?;
        let (left, right) = match (text(cx, left), text(cx, right)) {
            (Ok(left), Ok(right)) => (left, right),
            (left, right) => {
                for raised in [left, right].into_iter().filter_map(Result::err) {
                    drop(cx.take_raised(raised));
                }
                return Ok(Ordering::Equal);
            }
        };
        let order = cx.call(&function, (left, right))?;
        Ok(match Int::of(&order) {
            Some(order) if order.is_negative() => Ordering::Less,
            Some(order) if order.is_zero() => Ordering::Equal,
            Some(_) => Ordering::Greater,
            None => Ordering::Equal,
        })
    };
    if kept.raised.is_some() {
        return Ordering::Equal;
    }
    compare().unwrap_or_else(|raised| {
        kept.keep(cx, raised);
        Ordering::Equal
    })
}

/// `ProgrammingError` if a function cannot have so many arguments.
fn check_count(cx: &Cx, this: &Connection, name: &str, count: i32) -> Res<()> {
    let database = this.usable(cx)?;
    let most = enter(cx, &database).limit(FUNCTION_ARG, -1);
    if (-1..=most).contains(&count) {
        return Ok(());
    }
    Err(misuse(cx, format_args!("'{name}' must be between -1 and {most}, not {count}")))
}

/// Makes a function or an aggregate; whether it could be made.
fn create(
    cx: &Cx,
    this: This<'_, Connection>,
    (name, count, flags): (CString, i32, i32),
    making: Making,
    callable: Option<&Value>,
) -> Res<Result<(), ryokan_sqlite::Fault>> {
    let database = this.usable(cx)?;
    let number = callable.map(|callable| remember(cx, &this, callable)).transpose()?;
    call(cx, &this.object(), &database, |inside, handler| {
        let code = match number {
            Some(number) => inside.create_function(&name, count, flags, (making, number), handler),
            None => inside.remove_function(&name, count, handler),
        };
        match code {
            0 => Ok(()),
            code => Err(inside.fault_of(code)),
        }
    })
}

pub fn create_function(cx: &Cx, this: This<'_, Connection>, args: Args<'_>) -> Res<()> {
    let shape = Shape {
        name: "create_function",
        names: &["name", "narg", "func", "deterministic"],
        positional: 3,
        unnamed: 0,
        required: 3,
    };
    let given = shape.read(cx, args)?;
    warn_named(cx, "create_function", args, &["name", "narg", "func"])?;
    let [Some(name), Some(count), Some(function), deterministic] = &given[..] else {
        return Err(cx.system_error("an argument that is asked for is missing"));
    };
    let name = c_text(cx, name, "create_function() argument 'name'")?;
    let count = i32::from_arg(cx, count, &place("create_function", "narg"))?;
    let deterministic = deterministic.as_ref().map_or(Ok(false), |value| cx.truth(value))?;
    check_count(cx, &this, "narg", count)?;
    let flags = if deterministic { ryokan_sqlite::constants::SQLITE_DETERMINISTIC } else { 0 };
    create(cx, this, (name, count, flags), Making::Function, Some(function))?
        .map_err(|_| error(cx, "OperationalError", "Error creating function"))
}

pub fn create_aggregate(cx: &Cx, this: This<'_, Connection>, args: Args<'_>) -> Res<()> {
    let names = ["name", "n_arg", "aggregate_class"];
    let shape = Shape { name: "create_aggregate", names: &names, positional: 3, unnamed: 0, required: 3 };
    let given = shape.read(cx, args)?;
    warn_named(cx, "create_aggregate", args, &names)?;
    let [Some(name), Some(count), Some(class)] = &given[..] else {
        return Err(cx.system_error("an argument that is asked for is missing"));
    };
    let name = c_text(cx, name, "create_aggregate() argument 'name'")?;
    let count = i32::from_arg(cx, count, &place("create_aggregate", "n_arg"))?;
    check_count(cx, &this, "n_arg", count)?;
    create(cx, this, (name, count, 0), Making::Aggregate, Some(class))?
        .map_err(|_| error(cx, "OperationalError", "Error creating aggregate"))
}

pub fn create_window_function(
    cx: &Cx,
    this: This<'_, Connection>,
    name: &Value,
    num_params: i32,
    class: Value,
) -> Res<()> {
    let name = c_text(cx, name, "create_window_function() argument 1")?;
    check_count(cx, &this, "num_params", num_params)?;
    let class = Some(&class).filter(|class| !class.is_none());
    create(cx, this, (name, num_params, 0), Making::Window, class)?.map_err(|fault| raise(cx, &fault))
}

pub fn create_collation(cx: &Cx, this: This<'_, Connection>, name: &Value, callback: Value) -> Res<()> {
    let name = c_text(cx, name, "create_collation() argument 1")?;
    let database = this.usable(cx)?;
    let number = match callback.is_none() {
        true => None,
        false if !cx.is_callable(&callback) => return Err(cx.type_error("parameter must be callable")),
        false => Some(remember(cx, &this, &callback)?),
    };
    let made = attempt(cx, &this.object(), &database, |inside, handler| {
        match inside.create_collation(&name, number, handler) {
            0 => Ok(()),
            code => Err(inside.fault_of(code)),
        }
    });
    // SQLite does not tell that it has no use for a collation that it did not take.
    if let (Err(_), Some(number)) = (&made, number) {
        cx.aside(|| forget(cx, &this, number).map_err(|raised| drop(cx.take_raised(raised))).ok());
    }
    made
}
