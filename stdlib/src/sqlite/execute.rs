//! Running statements.

use std::sync::Arc;

use ryokan_sqlite::{self as sqlite, Database, constants as sql};
use ryokan_vm::native::*;

use super::bind::Target;
use super::calls::{attempt, call, enter};
use super::connection::Connection;
use super::constants::PARSE_COLNAMES;
use super::cursor::{Cursor, expect_sql};
use super::errors::misuse;
use super::fetch::find_converters;
use super::settings::cursor;
use super::statement::{Statement, cached, check_size, prepare};
use super::transactions::{Control, commit, run_where};

/// A run of `execute` or `executemany`.
struct Run<'a> {
    cursor: &'a Cursor,
    connection: &'a Obj<Connection>,
    database: &'a Database,
    statement: Arc<sqlite::Statement>,
    changes_rows: bool,
}

impl Run<'_> {
    /// Executes the statement with parameters; whether there is a row, and the number of the row that was inserted last.
    fn once(&self, cx: &Cx, parameters: &Value) -> Res<(bool, i64)> {
        let Run { cursor, connection, database, statement, changes_rows } = self;
        let target = Target { database, statement };
        target.bind_all(cx, parameters)?;
        let (row, changes, last_row) =
            attempt(cx, connection, database, |inside, handler| match inside.step(statement, handler) {
                sql::SQLITE_ROW => Ok((true, 0, inside.last_row())),
                sql::SQLITE_DONE => {
                    let changes = inside.changes();
                    let last_row = inside.last_row();
                    inside.reset(statement, handler);
                    Ok((false, changes, last_row))
                }
                code => Err(inside.fault_of(code)),
            })?;
        if connection.detect_types.get() != 0 {
            cursor.converters.set(find_converters(cx, connection, database, statement)?);
        }
        if cursor.description.is_none() {
            cursor.description.set(self.describe(cx)?);
        }
        if *changes_rows && !row {
            cursor.row_count.set(cursor.row_count.get() + changes);
        }
        Ok((row, last_row))
    }
    /// Executes the statement with one row of parameters after the other.
    fn each(&self, cx: &Cx, rows: &Iter) -> Res<()> {
        while let Some(parameters) = rows.next(cx)? {
            if self.once(cx, &parameters)?.0 {
                let statement = &self.statement;
                call(cx, self.connection, self.database, |inside, handler| inside.reset(statement, handler))?;
            }
        }
        Ok(())
    }
    /// What `description` says of the columns: their names. None if there are none.
    fn describe(&self, cx: &Cx) -> Res {
        let count = enter(cx, self.database).columns(&self.statement);
        if count == 0 {
            return Ok(Value::NONE);
        }
        let mut columns = cx.vector(usize::try_from(count).unwrap_or(0))?;
        for at in 0..count {
            let Some(name) = enter(cx, self.database).column_name(&self.statement, at) else {
                return Err(cx.no_memory());
            };
            let name = super::functions::text(cx, self.shown(&name))?;
            columns.push(
                Tuple::from_fn(cx, 7, |at| if at == 0 { name.clone() } else { Value::NONE })?.into_value(),
            );
        }
        let count = columns.len();
        Ok(Tuple::from_last(cx, &mut columns, count)?.into_value())
    }
    /// A column's name without the type that stands in brackets, where that is looked for.
    fn shown<'n>(&self, name: &'n [u8]) -> &'n [u8] {
        if self.connection.detect_types.get() & PARSE_COLNAMES == 0 {
            return name;
        }
        match memchr::memchr(b'[', name) {
            Some(at) => name[..at].strip_suffix(b" ").unwrap_or(&name[..at]),
            None => name,
        }
    }
}

/// Begins a transaction if a statement wants one and there is none.
fn begin(cx: &Cx, connection: &Obj<Connection>, database: &Database, changes_rows: bool) -> Res<()> {
    let legacy = connection.control.get() == Control::Legacy && changes_rows;
    let Some(level) = connection.level.get().filter(|_| legacy) else { return Ok(()) };
    run_where(cx, connection, database, Some(false), level.begin())
}

/// Runs a statement with each of some rows of parameters, or with one.
fn run(
    cx: &Cx,
    cursor: This<'_, Cursor>,
    (connection, database): (&Obj<Connection>, &Database),
    text: &Value,
    parameters: Parameters<'_>,
) -> Res<()> {
    let rows = match parameters {
        Parameters::Each(rows) if cx.is_iterator(rows) => Some(Iter::over(rows.clone())),
        Parameters::Each(rows) => Some(cx.iter(rows)?),
        Parameters::One(_) => None,
    };
    cursor.description.set(Value::NONE);
    cursor.converters.set(Value::NONE);
    cursor.release(cx)?;
    let statement: Obj<Statement> = cached(cx, connection, database, text)?;
    let changes_rows = statement.changes_rows.get();
    let prepared = statement.prepared(cx)?;
    cursor.statement.set(Some(statement.into_value()));
    cursor.row_count.set(if changes_rows { 0 } else { -1 });
    let readonly = prepared.as_ref().is_none_or(|made| enter(cx, database).is_readonly(made));
    if rows.is_some() && readonly {
        return Err(misuse(cx, "executemany() can only execute DML statements."));
    }
    // There is nothing but comments.
    let Some(prepared) = prepared else {
        cursor.finish();
        return Ok(());
    };
    begin(cx, connection, database, changes_rows)?;
    let run = Run { cursor: &cursor, connection, database, statement: prepared, changes_rows };
    let row = match (rows, parameters) {
        (Some(rows), _) => run.each(cx, &rows).map(|()| false)?,
        (None, parameters) => {
            let none = Tuple::from_fn(cx, 0, |_| Value::NONE)?.into_value();
            let given = if let Parameters::One(Some(given)) = parameters { given } else { &none };
            let (row, last_row) = run.once(cx, given)?;
            cursor.last_row.set(last_row.into_value(cx)?);
            row
        }
    };
    if !row {
        cursor.finish();
    }
    Ok(())
}

/// The parameters of a run.
#[derive(Clone, Copy)]
enum Parameters<'a> {
    One(Option<&'a Value>),
    Each(&'a Value),
}

/// Runs it while nobody else uses the cursor, which has no statement afterwards if that fails.
fn run_alone(cx: &Cx, this: This<'_, Cursor>, text: &Value, parameters: Parameters<'_>) -> Res {
    let (connection, database) = this.usable(cx)?;
    let done = this.alone(|| {
        run(cx, this, (&connection, &database), text, parameters).inspect_err(|_| {
            this.row_count.set(-1);
            cx.aside(|| {
                if let Err(raised) = this.release(cx) {
                    drop(cx.take_raised(raised));
                }
            });
        })
    });
    done.map(|()| this.to_value())
}

pub fn execute(cx: &Cx, this: This<'_, Cursor>, args: Args<'_>) -> Res {
    args.count(cx, "execute", 1, 2)?;
    let text = expect_sql(cx, args.positional().first(), "execute")?;
    run_alone(cx, this, text, Parameters::One(args.positional().get(1)))
}

pub fn execute_many(cx: &Cx, this: This<'_, Cursor>, args: Args<'_>) -> Res {
    args.count(cx, "executemany", 2, 2)?;
    let text = expect_sql(cx, args.positional().first(), "executemany")?;
    run_alone(cx, this, text, Parameters::Each(&args.positional()[1]))
}

pub fn execute_script(cx: &Cx, this: This<'_, Cursor>, script: &Value) -> Res {
    let script = super::args::text_without_zeros(cx, script, "executescript() argument")?;
    let (connection, database) = this.usable(cx)?;
    let bytes = script.as_slice();
    check_size(cx, &database, bytes)?;
    cx.work_on_bytes(bytes.len())?;
    if let Some(connection) = This::<Connection>::of(cx, connection.value())
        && connection.control.get() == Control::Legacy
    {
        commit(cx, connection)?;
    }
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        at += attempt(cx, &connection, &database, |inside, handler| {
            let (made, behind) = inside.prepare(rest, handler).map_err(|code| inside.fault_of(code))?;
            let Some(made) = made else { return Ok(behind.max(1)) };
            loop {
                match inside.step(&made, handler) {
                    sql::SQLITE_ROW => {}
                    sql::SQLITE_DONE => break,
                    code => return Err(inside.fault_of(code)),
                }
            }
            inside.reset(&made, handler);
            Ok(behind.max(1))
        })?;
    }
    Ok(this.to_value())
}

/// Calls a method of a new cursor of a connection, a plain one whatever `cursor()` of a subclass makes.
fn by_cursor(cx: &Cx, this: This<'_, Connection>, method: &str, args: Args<'_>) -> Res {
    let cursor = cursor(cx, this, Given(None))?;
    cx.call_method(&cursor, method, args.positional())
}
pub fn by_connection(cx: &Cx, this: This<'_, Connection>, args: Args<'_>) -> Res {
    args.count(cx, "execute", 1, 2)?;
    by_cursor(cx, this, "execute", args)
}
pub fn many_by_connection(cx: &Cx, this: This<'_, Connection>, args: Args<'_>) -> Res {
    args.count(cx, "executemany", 2, 2)?;
    by_cursor(cx, this, "executemany", args)
}
pub fn script_by_connection(cx: &Cx, this: This<'_, Connection>, args: Args<'_>) -> Res {
    args.count(cx, "executescript", 1, 1)?;
    by_cursor(cx, this, "executescript", args)
}

/// `connection(sql)`: a statement.
pub fn prepared(cx: &Cx, this: This<'_, Connection>, args: Args<'_>) -> Res<Obj<Statement>> {
    let database = this.open(cx)?;
    if args.named_count() > 0 {
        return Err(cx.type_error("sqlite3.Connection() takes no keyword arguments"));
    }
    let [text] = args.positional() else {
        let count = args.positional().len();
        return Err(cx.type_error(format_args!("function takes exactly 1 argument ({count} given)")));
    };
    if !cx.is_str(text) {
        return Err(cx.type_error(format_args!("argument 1 must be str, not {}", cx.arg_name(text))));
    }
    this.check_thread(cx)?;
    prepare(cx, &this.object(), &database, text)
}
