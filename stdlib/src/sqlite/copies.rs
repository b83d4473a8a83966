//! Copies of databases: backups, and databases as bytes.

use std::time::Duration;

use ryokan_sqlite::{Backup, Database, Fault, constants as sql};
use ryokan_vm::native::*;

use super::args::{Shape, c_text, database_name, place};
use super::calls::{attempt, call};
use super::connection::Connection;
use super::errors::{error, raise};

pub fn backup(cx: &Cx, this: This<'_, Connection>, args: Args<'_>) -> Res<()> {
    let names = ["target", "pages", "progress", "name", "sleep"];
    let shape = Shape { name: "backup", names: &names, positional: 1, unnamed: 0, required: 1 };
    let given = shape.read(cx, args)?;
    let [Some(target), pages, progress, name, sleep] = &given[..] else {
        return Err(cx.system_error("an argument that is asked for is missing"));
    };
    let Some(other) = This::<Connection>::of(cx, target) else {
        return Err(place("backup", "target").must_be(cx, "sqlite3.Connection", target));
    };
    let pages = match pages {
        Some(pages) => i32::from_arg(cx, pages, &place("backup", "pages"))?,
        None => -1,
    };
    let name = database_name(cx, name.as_ref(), "backup")?;
    let sleep = sleep.as_ref().map_or(Ok(0.25), |sleep| cx.float(sleep))?;
    let source = this.usable(cx)?;
    if target.is(this.value()) {
        return Err(cx.value_error("target cannot be the same connection instance"));
    }
    let other = other.open(cx)?;
    let progress = progress.as_ref().filter(|progress| !progress.is_none());
    if progress.is_some_and(|progress| !cx.is_callable(progress)) {
        return Err(cx.type_error("progress argument must be a callable"));
    }
    let begun = cx.blocking(|| Backup::begin(&source, &name, &other));
    let copy = begun.map_err(|fault| raise(cx, &fault))?;
    let sleep = Duration::try_from_secs_f64(sleep).unwrap_or_default();
    run(cx, copy, if pages == 0 { -1 } else { pages }, progress, sleep)
}

/// Copies so many pages after each other, and tells of each step.
fn run(cx: &Cx, mut copy: Backup, pages: i32, progress: Option<&Value>, sleep: Duration) -> Res<()> {
    let last = loop {
        cx.work(1000)?;
        let (code, (left, all)) = cx.blocking(|| (copy.step(pages), copy.pages()));
        if let Some(progress) = progress {
            cx.call(progress, (code, left, all))?;
        }
        match code {
            sql::SQLITE_OK => {}
            // The database is in use: it may be free in a while.
            sql::SQLITE_BUSY | sql::SQLITE_LOCKED => cx.sleep(sleep)?,
            code => break code,
        }
    };
    let finished = match cx.blocking(|| copy.finish()) {
        Ok(()) if last != sql::SQLITE_DONE => Err(Fault::of(last)),
        finished => finished,
    };
    finished.map_err(|fault| raise(cx, &fault))
}

pub fn serialize(cx: &Cx, this: This<'_, Connection>, name: Given) -> Res {
    let database: Database = this.usable(cx)?;
    let name = database_name(cx, name.0.as_ref(), "serialize")?;
    let image = call(cx, &this.object(), &database, |inside, handler| inside.serialize(&name, handler))?;
    let Some(image) = image else {
        let name = name.to_string_lossy();
        return Err(error(cx, "OperationalError", format_args!("unable to serialize '{name}'")));
    };
    cx.work_on_bytes(image.len())?;
    (&image[..]).into_value(cx)
}

pub fn deserialize(cx: &Cx, this: This<'_, Connection>, args: Args<'_>) -> Res<()> {
    if args.positional().len() != 1 {
        let count = args.positional().len();
        let message = format_args!("deserialize() takes exactly 1 positional argument ({count} given)");
        return Err(cx.type_error(message));
    }
    let shape =
        Shape { name: "deserialize", names: &["data", "name"], positional: 1, unnamed: 1, required: 1 };
    let given = shape.read(cx, args)?;
    let [Some(data), name] = &given[..] else {
        return Err(cx.system_error("an argument that is asked for is missing"));
    };
    let data = if cx.is_str(data) {
        let text = cx.utf8(data)?;
        Buffer::of(cx, text.value())?
    } else {
        Buffer::of(cx, data)?
    };
    let name = match name {
        None => c"main".to_owned(),
        Some(name) => c_text(cx, name, "deserialize() argument 'name'")?,
    };
    let database = this.usable(cx)?;
    let copy = data.copied(cx)?;
    let bytes = &copy[..];
    attempt(cx, &this.object(), &database, |inside, handler| {
        match inside.deserialize(&name, bytes, handler) {
            sql::SQLITE_OK => Ok(()),
            code => Err(inside.fault_of(code)),
        }
    })
}
