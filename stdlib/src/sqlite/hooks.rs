//! What watches a connection: who gives permission, who hears of progress, who sees statements.

use ryokan_vm::native::*;

use super::args::{Shape, place, warn_named};
use super::calls::{Kept, enter};
use super::connection::Connection;
use super::errors::{error, raise};
use super::functions::{report, text};

/// After how many instructions a statement reports its progress at the latest.
const REPORT: u32 = 1000;

/// One argument, which may be given by name, but is warned of then.
fn callback(cx: &Cx, args: Args<'_>, method: &'static str, name: &'static str) -> Res {
    let shape = Shape { name: method, names: &[name], positional: 1, unnamed: 0, required: 1 };
    let given = shape.read(cx, args)?.pop().flatten();
    warn_named(cx, method, args, &[name])?;
    Ok(given.unwrap_or(Value::NONE))
}

pub fn set_authorizer(cx: &Cx, this: This<'_, Connection>, args: Args<'_>) -> Res<()> {
    let callback = callback(cx, args, "set_authorizer", "authorizer_callback")?;
    let database = this.usable(cx)?;
    let on = !callback.is_none();
    this.authorizer.set(on.then_some(callback));
    let inside = enter(cx, &database);
    match inside.set_authorizer(on) {
        0 => Ok(()),
        code => {
            let fault = inside.fault_of(code);
            drop(inside);
            this.authorizer.set(None);
            Err(raise(cx, &fault))
        }
    }
}

pub fn set_trace_callback(cx: &Cx, this: This<'_, Connection>, args: Args<'_>) -> Res<()> {
    let callback = callback(cx, args, "set_trace_callback", "trace_callback")?;
    let database = this.usable(cx)?;
    let on = !callback.is_none();
    this.tracer.set(on.then_some(callback));
    enter(cx, &database).set_trace(on);
    Ok(())
}

pub fn set_progress_handler(cx: &Cx, this: This<'_, Connection>, args: Args<'_>) -> Res<()> {
    let names = ["progress_handler", "n"];
    let shape = Shape { name: "set_progress_handler", names: &names, positional: 2, unnamed: 0, required: 2 };
    let mut given = shape.read(cx, args)?;
    if args.positional().is_empty() {
        warn_named(cx, "set_progress_handler", args, &names[..1])?;
    }
    let (Some(count), Some(handler)) = (given.pop().flatten(), given.pop().flatten()) else {
        return Err(cx.system_error("an argument that is asked for is missing"));
    };
    let count = i32::from_arg(cx, &count, &place("set_progress_handler", "n"))?;
    let database = this.usable(cx)?;
    let handler = Some(handler).filter(|handler| !handler.is_none() && count > 0);
    watch_progress(&this, &enter(cx, &database), handler.is_some().then_some(count.unsigned_abs()));
    this.progress.set(handler);
    Ok(())
}

/// Has statements report their progress, so that somebody is called after each so many instructions, if he is.
pub fn watch_progress(this: &Connection, inside: &ryokan_sqlite::Inside<'_>, count: Option<u32>) {
    let count = count.unwrap_or(REPORT);
    // Reports come more often than he is called who wants few of them.
    let reports = count.div_ceil(REPORT).max(1);
    this.reports.set((reports, 0));
    this.interval.set(count / reports);
    inside.set_progress(i32::try_from(count / reports).unwrap_or(i32::MAX));
}

/// A statement has made progress: it is paid for, and may be stopped.
pub fn on_progress(cx: &Cx, kept: &Kept<'_>) -> bool {
    let this = kept.connection;
    if let Err(raised) = cx.work(this.interval.get().into()) {
        kept.keep(cx, raised);
        return true;
    }
    let (each, so_far) = this.reports.get();
    let Some(handler) = this.progress.get() else { return false };
    if so_far + 1 < each {
        this.reports.set((each, so_far + 1));
        return false;
    }
    this.reports.set((each, 0));
    let stops = cx.call(&handler, ()).and_then(|answer| cx.truth(&answer));
    stops.unwrap_or_else(|raised| {
        report(cx, raised, &handler);
        true
    })
}

/// A statement asks for permission.
pub fn on_authorize(cx: &Cx, kept: &Kept<'_>, action: i32, about: [Option<&[u8]>; 4]) -> i32 {
    let denied = ryokan_sqlite::constants::SQLITE_DENY;
    let Some(authorizer) = kept.connection.authorizer.get() else { return denied };
    let ask = || -> Res<i32> {
        let mut slots = [const { Value::NONE }; 5];
        slots[0] = action.into_value(cx)?;
        for (slot, name) in slots[1..].iter_mut().zip(about) {
            *slot = name.map_or(Ok(Value::NONE), |name| text(cx, name))?;
        }
        let answer = cx.call(&authorizer, &slots[..])?;
        if cx.is_int(&answer) { i32::from_arg(cx, &answer, &place("authorizer", "")) } else { Ok(denied) }
    };
    ask().unwrap_or_else(|raised| {
        report(cx, raised, &authorizer);
        denied
    })
}

/// A statement begins.
pub fn on_trace(cx: &Cx, kept: &Kept<'_>, sql: &[u8], expanded: Result<&[u8], i32>) {
    let Some(tracer) = kept.connection.tracer.get() else { return };
    let shown = expanded.unwrap_or_else(|code| {
        let raised = match code {
            ryokan_sqlite::constants::SQLITE_NOMEM => cx.no_memory(),
            _ => error(cx, "DataError", "Expanded SQL string exceeds the maximum string length"),
        };
        report(cx, raised, &tracer);
        sql
    });
    let called = cx.work_on_bytes(shown.len()).and_then(|()| cx.call(&tracer, (text(cx, shown)?,)));
    if let Err(raised) = called {
        report(cx, raised, &tracer);
    }
}
