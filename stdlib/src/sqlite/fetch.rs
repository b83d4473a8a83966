//! Rows: their values, converters, and fetching them.

use ryokan_sqlite::{Database, Kind, Statement as Prepared, constants as sql};
use ryokan_vm::native::*;

use super::adapt::converter;
use super::calls::{attempt, enter};
use super::connection::Connection;
use super::constants::{PARSE_COLNAMES, PARSE_DECLTYPES};
use super::cursor::{Cursor, count};
use super::errors::error;
use super::statement::Statement;

/// The converters of a statement's columns: a tuple, with None for those that have none.
pub fn find_converters(cx: &Cx, connection: &Connection, database: &Database, statement: &Prepared) -> Res {
    let columns = enter(cx, database).columns(statement);
    let mut found = cx.vector(usize::try_from(columns).unwrap_or(0))?;
    for at in 0..columns {
        found.push(column_converter(cx, connection, database, statement, at)?.unwrap_or(Value::NONE));
    }
    let count = found.len();
    Ok(Tuple::from_last(cx, &mut found, count)?.into_value())
}

/// The converter of a column: by the type in brackets in its name, or by the type that it was declared with.
fn column_converter(
    cx: &Cx,
    connection: &Connection,
    database: &Database,
    statement: &Prepared,
    at: i32,
) -> Res<Option<Value>> {
    let wanted = connection.detect_types.get();
    if wanted & PARSE_COLNAMES != 0 {
        let Some(name) = enter(cx, database).column_name(statement, at) else { return Err(cx.no_memory()) };
        if let Some(named) = in_brackets(&name)
            && let Some(found) = converter(cx, named)?
        {
            return Ok(Some(found));
        }
    }
    if wanted & PARSE_DECLTYPES == 0 {
        return Ok(None);
    }
    let Some(declared) = enter(cx, database).column_type(statement, at) else { return Ok(None) };
    let end = declared.iter().position(|byte| matches!(byte, b' ' | b'(')).unwrap_or(declared.len());
    converter(cx, &declared[..end])
}

/// What stands in the first brackets that are closed.
fn in_brackets(name: &[u8]) -> Option<&[u8]> {
    let mut start = None;
    for (at, byte) in name.iter().enumerate() {
        match (byte, start) {
            (b'[', _) => start = Some(at + 1),
            (b']', Some(start)) => return Some(&name[start..at]),
            _ => {}
        }
    }
    None
}

/// A place in a row.
struct Field<'a> {
    connection: &'a Connection,
    database: &'a Database,
    statement: &'a Prepared,
    column: i32,
}

impl Field<'_> {
    /// The bytes of a text or a blob, copied.
    fn bytes(&self, cx: &Cx) -> Res<Vector<u8>> {
        let len = enter(cx, self.database).len(self.statement, self.column);
        cx.work_on_bytes(len)?;
        let mut copy = cx.vector(len)?;
        copy.resize(len, 0);
        let there = enter(cx, self.database).copy(self.statement, self.column, &mut copy);
        copy.truncate(there);
        Ok(copy)
    }
    /// The same as a bytes object.
    fn blob(&self, cx: &Cx) -> Res {
        let len = enter(cx, self.database).len(self.statement, self.column);
        cx.work_on_bytes(len)?;
        let mut copy = ByteWriter::zeros(cx, len)?;
        let there = enter(cx, self.database).copy(self.statement, self.column, copy.as_mut_slice());
        copy.truncate(there);
        copy.finish()
    }
    /// What a converter makes of the bytes; None of none.
    fn converted(&self, cx: &Cx, converter: &Value) -> Res {
        let empty = {
            let inside = enter(cx, self.database);
            inside.kind(self.statement, self.column) == Kind::Null
                || inside.len(self.statement, self.column) == 0
        };
        if empty { Ok(Value::NONE) } else { cx.call(converter, (self.blob(cx)?,)) }
    }
    /// The value.
    fn value(&self, cx: &Cx) -> Res {
        let inside = enter(cx, self.database);
        let (statement, column) = (self.statement, self.column);
        match inside.kind(statement, column) {
            Kind::Null => Ok(Value::NONE),
            Kind::Integer => inside.integer(statement, column).into_value(cx),
            Kind::Float => inside.float(statement, column).into_value(cx),
            kind => {
                drop(inside);
                if kind == Kind::Blob { self.blob(cx) } else { self.text(cx) }
            }
        }
    }
    /// A text, as the connection's factory makes it.
    fn text(&self, cx: &Cx) -> Res {
        let factory = self.connection.text_factory.get();
        if !factory.is(&cx.builtin("str")?) {
            return cx.call(&factory, (self.blob(cx)?,));
        }
        let bytes = self.bytes(cx)?;
        match std::str::from_utf8(&bytes) {
            Ok(text) => text.into_value(cx),
            Err(_) => Err(self.undecoded(cx, &bytes)),
        }
    }
    #[cold]
    fn undecoded(&self, cx: &Cx, bytes: &[u8]) -> Raised {
        let name = enter(cx, self.database).column_name(self.statement, self.column).unwrap_or_default();
        // Each byte that is not ASCII is shown as one character, of three bytes.
        let _charge = match cx.charge(bytes.len().saturating_mul(3)) {
            Ok(charge) => charge,
            Err(raised) => return raised,
        };
        let shown: String =
            bytes.iter().map(|&byte| if byte.is_ascii() { char::from(byte) } else { '\u{fffd}' }).collect();
        let name = String::from_utf8_lossy(&name);
        let message = format_args!("Could not decode to UTF-8 column '{name}' with text '{shown}'");
        error(cx, "OperationalError", message)
    }
}

/// The row that a statement stands at. Runs Python: converters, and the factory of texts.
fn row(cx: &Cx, cursor: &Cursor, connection: &Connection, statement: &Prepared) -> Res {
    let database = &statement.database();
    let columns = enter(cx, database).row_columns(statement);
    let converters = Tuple::of(&cursor.converters.get());
    let mut values = cx.vector(usize::try_from(columns).unwrap_or(0))?;
    for column in 0..columns {
        let field = Field { connection, database, statement, column };
        let converter = converters.as_ref().and_then(|all| all.get(values.len()));
        values.push(match converter.filter(|converter| !converter.is_none()) {
            Some(converter) => field.converted(cx, &converter)?,
            None => field.value(cx)?,
        });
    }
    let count = values.len();
    Ok(Tuple::from_last(cx, &mut values, count)?.into_value())
}

/// Goes on to the next row of the cursor's statement, which is let go at its end.
fn go_on(
    cx: &Cx,
    cursor: &Cursor,
    connection: &Obj<Connection>,
    statement: &Prepared,
    changes_rows: bool,
) -> Res<()> {
    let database = statement.database();
    let changes =
        attempt(cx, connection, &database, |inside, handler| match inside.step(statement, handler) {
            sql::SQLITE_ROW => Ok(None),
            sql::SQLITE_DONE => {
                let changes = inside.changes();
                inside.reset(statement, handler);
                Ok(Some(changes))
            }
            code => {
                let fault = inside.fault_of(code);
                inside.reset(statement, handler);
                Err(fault)
            }
        });
    match changes {
        Ok(None) => Ok(()),
        Ok(Some(changes)) => {
            if changes_rows {
                cursor.row_count.set(changes);
            }
            cursor.finish();
            Ok(())
        }
        Err(raised) => {
            cx.aside(|| cursor.finish());
            Err(raised)
        }
    }
}

/// The next row of a cursor, as its factory makes it; nothing at the end.
pub fn next(cx: &Cx, this: This<'_, Cursor>) -> Res<Option<Value>> {
    let (connection, _) = this.usable(cx)?;
    let Some(statement) = this.statement.get().and_then(|made| Obj::<Statement>::from_value(made).ok())
    else {
        return Ok(None);
    };
    let Some(prepared) = statement.prepared(cx)? else { return Ok(None) };
    let changes_rows = statement.changes_rows.get();
    let row = this.alone(|| {
        let row = row(cx, &this, &connection, &prepared)?;
        go_on(cx, &this, &connection, &prepared, changes_rows)?;
        Ok(row)
    })?;
    let factory = this.row_factory.get();
    if factory.is_none() { Ok(Some(row)) } else { cx.call(&factory, (this.value(), row)).map(Some) }
}

pub fn fetch_one(cx: &Cx, this: This<'_, Cursor>) -> Res<Option<Value>> {
    next(cx, this)
}

pub fn fetch_many(cx: &Cx, this: This<'_, Cursor>, size: Given) -> Res<List> {
    let most = match size.0 {
        Some(size) => count(cx, &size, "for C")?,
        None => this.array_size.get(),
    };
    let rows = List::new(cx, 0)?;
    this.usable(cx)?;
    for _ in 0..most {
        let Some(row) = next(cx, this)? else { break };
        rows.push(cx, row)?;
    }
    Ok(rows)
}

pub fn fetch_all(cx: &Cx, this: This<'_, Cursor>) -> Res<List> {
    let rows = List::new(cx, 0)?;
    while let Some(row) = next(cx, this)? {
        rows.push(cx, row)?;
    }
    Ok(rows)
}
