//! What a connection can be asked and told.

use ryokan_sqlite::constants as sql;
use ryokan_vm::native::*;

use super::calls::enter;
use super::connection::Connection;
use super::constants::is_option;
use super::cursor::Cursor;
use super::errors::{misuse, raise};

/// The option that lets SQL name an address that SQLite calls.
const ENABLE_FTS3_TOKENIZER: i32 = 1004;

type Conn<'a> = This<'a, Connection>;

pub fn total_changes(cx: &Cx, this: Conn<'_>) -> Res<i64> {
    let database = this.open(cx)?;
    Ok(enter(cx, &database).total_changes())
}
pub fn in_transaction(cx: &Cx, this: Conn<'_>) -> Res<bool> {
    let database = this.open(cx)?;
    Ok(!enter(cx, &database).is_autocommit())
}
pub fn text_factory(_: &Cx, this: Conn<'_>) -> Value {
    this.text_factory.get()
}

pub fn cursor(cx: &Cx, this: Conn<'_>, factory: Given) -> Res {
    this.usable(cx)?;
    let factory = match factory.0 {
        Some(factory) => factory,
        None => cx.class::<Cursor>()?,
    };
    let made = cx.call(&factory, (this.value(),))?;
    let Some(cursor) = This::<Cursor>::of(cx, &made) else {
        let kind = cx.type_name(&made);
        return Err(cx.type_error(format_args!("factory must return a cursor, not {kind}")));
    };
    if !this.row_factory.is_none() {
        cursor.row_factory.set(this.row_factory.get());
    }
    Ok(made)
}

pub fn interrupt(cx: &Cx, this: Conn<'_>) -> Res<()> {
    this.open(cx)?.interrupt();
    Ok(())
}

pub fn iterdump(cx: &Cx, this: Conn<'_>, filter: Value) -> Res {
    this.open(cx)?;
    let dump = cx.attr(&cx.import("sqlite3.dump")?, "_iterdump")?;
    cx.call_named(&dump, &[this.to_value(), filter], &[cx.intern("filter")?])
}

/// A limit, set to another value unless that is negative; what it was. `ProgrammingError` if there is no such limit.
fn limit(cx: &Cx, this: Conn<'_>, category: i32, limit: i32) -> Res<i32> {
    let database = this.usable(cx)?;
    let was = enter(cx, &database).limit(category, limit);
    if was < 0 { Err(misuse(cx, "'category' is out of bounds")) } else { Ok(was) }
}
pub fn getlimit(cx: &Cx, this: Conn<'_>, category: i32) -> Res<i32> {
    limit(cx, this, category, -1)
}
pub fn setlimit(cx: &Cx, this: Conn<'_>, category: i32, new: i32) -> Res<i32> {
    limit(cx, this, category, new)
}

/// `ValueError` if there is no such option.
fn check_option(cx: &Cx, option: i32) -> Res<()> {
    if is_option(option) {
        return Ok(());
    }
    Err(cx.value_error(format_args!("unknown config 'op': {option}")))
}

pub fn getconfig(cx: &Cx, this: Conn<'_>, option: i32) -> Res<bool> {
    let database = this.usable(cx)?;
    check_option(cx, option)?;
    let inside = enter(cx, &database);
    let asked = inside.get_config(option).map_err(|code| inside.fault_of(code));
    drop(inside);
    asked.map_err(|fault| raise(cx, &fault))
}

pub fn setconfig(cx: &Cx, this: Conn<'_>, option: i32, on: bool) -> Res<()> {
    let database = this.usable(cx)?;
    check_option(cx, option)?;
    if option == ENABLE_FTS3_TOKENIZER && on {
        return Err(misuse(cx, "Unable to set config"));
    }
    let inside = enter(cx, &database);
    let code = inside.set_config(option, on);
    let fault = inside.fault_of(code);
    drop(inside);
    match code {
        sql::SQLITE_OK => Ok(()),
        sql::SQLITE_ERROR => Err(misuse(cx, "Unable to set config")),
        _ => Err(raise(cx, &fault)),
    }
}
