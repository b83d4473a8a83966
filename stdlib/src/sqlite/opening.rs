//! Opening and closing connections.

use std::ffi::CString;

use ryokan_sqlite::{Database, constants as sql};
use ryokan_vm::native::*;

use super::args::{Shape, place};
use super::calls::{call, enter};
use super::connection::Connection;
use super::errors::{misuse, raise};
use super::hooks::watch_progress;
use super::transactions::{Control, Level, run, run_where};
use crate::fspath::{c_string, fspath};

/// The parameters of a connection.
const NAMES: [&str; 9] = [
    "database",
    "timeout",
    "detect_types",
    "isolation_level",
    "check_same_thread",
    "factory",
    "cached_statements",
    "uri",
    "autocommit",
];
/// The place of the factory among them.
const FACTORY: usize = 5;

/// `DeprecationWarning` of more than one argument that is given by position.
fn warn_positional(cx: &Cx, what: &str, args: Args<'_>) -> Res<()> {
    if !(2..NAMES.len()).contains(&args.positional().len()) {
        return Ok(());
    }
    let message = format!(
        "Passing more than 1 positional argument to {what}() is deprecated. Parameters 'timeout', 'detect_types', 'isolation_level', \
         'check_same_thread', 'factory', 'cached_statements' and 'uri' will become keyword-only parameters in Python 3.15."
    );
    cx.warn("DeprecationWarning", &message)
}

pub fn connect(cx: &Cx, args: Args<'_>) -> Res {
    warn_positional(cx, "sqlite3.connect", args)?;
    let given = args.get_named(cx, "factory").or(args.positional().get(FACTORY));
    let factory = match given {
        Some(factory) => factory.clone(),
        None => cx.class::<Connection>()?,
    };
    let mut slots = cx.vector(args.positional().len() + args.named_count())?;
    slots.extend(args.positional().iter().cloned());
    let mut names = cx.vector(args.named_count())?;
    for (name, value) in args.named() {
        names.push(name.clone());
        slots.push(value.clone());
    }
    cx.call_named(&factory, &slots, &names)
}

/// What a connection is opened with.
struct Wishes {
    database: CString,
    milliseconds: i32,
    detect_types: i32,
    level: Option<Level>,
    check_thread: bool,
    cached: i32,
    uri: bool,
    control: Control,
}

fn read_wishes(cx: &Cx, args: Args<'_>) -> Res<Wishes> {
    let shape = Shape { name: "Connection", names: &NAMES, positional: 8, unnamed: 0, required: 1 };
    let given = shape.read(cx, args)?;
    warn_positional(cx, "_sqlite3.Connection", args)?;
    let wish = |at: usize| given.get(at).and_then(Option::as_ref);
    let path = fspath(cx, wish(0).unwrap_or(&Value::NONE))?;
    let database = c_string(cx, &path, "embedded null byte")?;
    let flag = |at: usize, default: bool| wish(at).map_or(Ok(default), |value| cx.truth(value));
    let number = |at: usize, default: i32| {
        wish(at).map_or(Ok(default), |value| i32::from_arg(cx, value, &place("Connection", NAMES[at])))
    };
    let timeout = wish(1).map_or(Ok(5.0), |value| cx.float(value))?;
    Ok(Wishes {
        database,
        milliseconds: (timeout * 1000.0) as i32,
        detect_types: number(2, 0)?,
        level: wish(3).map_or(Ok(Some(Level::Plain)), |value| Level::of(cx, value))?,
        check_thread: flag(4, true)?,
        cached: number(6, 128)?,
        uri: flag(7, false)?,
        control: wish(8).map_or(Ok(Control::Legacy), |value| Control::of(cx, value))?,
    })
}

/// Opens what a connection is to be opened with. A database that is no file needs no files.
fn open(cx: &Cx, wishes: &Wishes) -> Res<Database> {
    let name = &wishes.database;
    if wishes.uri || !matches!(name.as_bytes(), b"" | b":memory:") {
        cx.require(Capability::Files)?;
    }
    // Without files even what SQLite puts aside, and what a statement attaches, lies in memory.
    let files = (!cx.allows(Capability::Files)).then_some(c"memdb");
    let uri = if wishes.uri { sql::SQLITE_OPEN_URI } else { 0 };
    let flags = sql::SQLITE_OPEN_READWRITE | sql::SQLITE_OPEN_CREATE | uri;
    let opened = cx.blocking(|| {
        let database = Database::open(name, flags, files)?;
        database.enter().set_timeout(wishes.milliseconds);
        Ok(database)
    });
    opened.map_err(|fault| raise(cx, &fault))
}

pub fn init(cx: &Cx, this: This<'_, Connection>, args: Args<'_>) -> Res<()> {
    let wishes = read_wishes(cx, args)?;
    if this.ready.replace(false) {
        shut(cx, this)?;
    }
    let database = open(cx, &wishes)?;
    watch_progress(&this, &enter(cx, &database), None);
    this.detect_types.set(wishes.detect_types);
    this.level.set(wishes.level);
    this.control.set(wishes.control);
    this.thread.set(if wishes.check_thread { cx.thread_ident() } else { 0 });
    this.cache_size.set(usize::try_from(wishes.cached).unwrap_or(0));
    this.row_factory.set(Value::NONE);
    this.text_factory.set(cx.builtin("str")?);
    drop(this.database.with(cx, |place| place.replace(database.clone()))?);
    this.ready.set(true);
    if wishes.control == Control::Off { run(cx, &this.object(), &database, "BEGIN") } else { Ok(()) }
}

pub fn close(cx: &Cx, this: This<'_, Connection>) -> Res<()> {
    this.check_thread(cx)?;
    if !this.ready.get() {
        return Err(misuse(cx, "Base Connection.__init__ not called."));
    }
    shut(cx, this)
}

/// Closes the connection with all that belongs to it, if it is open. A transaction that the connection has begun by itself is rolled back.
fn shut(cx: &Cx, this: This<'_, Connection>) -> Res<()> {
    let blobs = this.blobs.with(cx, std::mem::take)?;
    for blob in blobs.iter().filter_map(std::sync::Weak::upgrade) {
        let last = blob.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        cx.blocking(|| drop(last));
    }
    let Some(database) = this.database.with(cx, |database| database.clone())? else { return Ok(()) };
    let rolled_back = match this.control.get() {
        Control::Off => run_where(cx, &this.object(), &database, Some(true), "ROLLBACK"),
        _ => Ok(()),
    };
    cx.finally(rolled_back, || let_go(cx, this, &database))
}

fn let_go(cx: &Cx, this: This<'_, Connection>, database: &Database) -> Res<()> {
    this.cache.set(Value::NONE);
    let open = this.database.with(cx, Option::take)?;
    call(cx, &this.object(), database, |inside, _| inside.close())?;
    drop(open);
    this.authorizer.set(None);
    this.tracer.set(None);
    this.progress.set(None);
    if database.has_ended() {
        this.callables.set(Value::NONE);
        this.instances.set(Value::NONE);
    }
    Ok(())
}

/// A connection dies, which should have been closed.
pub fn finalize(cx: &Cx, this: This<'_, Connection>) {
    if !matches!(this.database.with(cx, |database| database.is_some()), Ok(true)) {
        return;
    }
    cx.aside(|| {
        let warned = cx.repr(this.value()).and_then(|shown| {
            let message = format!("unclosed database in {shown}");
            cx.warn_about("ResourceWarning", &message, 1, Some(this.value()))
        });
        if let Err(raised) = warned {
            cx.unraisable(raised, this.value());
        }
        // Nobody is called any more.
        this.tracer.set(None);
        this.authorizer.set(None);
        this.progress.set(None);
        if let Err(raised) = shut(cx, this) {
            cx.unraisable(raised, this.value());
        }
    });
}
