//! Dialects: which characters separate, quote and escape, and when.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::{error, registry};

/// Fields are quoted where they must be.
pub const MINIMAL: i64 = 0;
/// All are.
pub const ALL: i64 = 1;
/// All are that are no numbers; what is read without quotes is a number.
pub const NONNUMERIC: i64 = 2;
/// None is.
pub const NONE: i64 = 3;
/// Strs are; what is read without quotes is a number, or None.
pub const STRINGS: i64 = 4;
/// All are but None.
pub const NOTNULL: i64 = 5;

native_type! {
    /// How records are written.
    "_csv.Dialect" = pub struct Dialect {
        delimiter: Cell<u32>,
        doublequote: Cell<bool>,
        escapechar: Cell<Option<u32>>,
        lineterminator: Slot,
        quotechar: Cell<Option<u32>>,
        quoting: Cell<i64>,
        skipinitialspace: Cell<bool>,
        strict: Cell<bool>,
    }
    flags: SUBCLASS;
    new(*args, **names) = new;
    getters {
        /// what separates fields
        delimiter = |cx: &Cx, this: This<Dialect>| character(cx, Some(this.delimiter.get()));
        /// what stands before a character that means itself
        escapechar = |cx: &Cx, this: This<Dialect>| character(cx, this.escapechar.get());
        /// what ends a record that is written
        lineterminator = |_: &Cx, this: This<Dialect>| this.lineterminator.get();
        /// what stands around a field
        quotechar = |cx: &Cx, this: This<Dialect>| character(cx, this.quotechar.get());
        /// when fields are quoted
        quoting = |_: &Cx, this: This<Dialect>| this.quoting.get();
    }
    members {
        /// whether a quote within quotes is doubled
        doublequote = |_: &Cx, this: This<Dialect>| this.doublequote.get();
        /// whether spaces behind a delimiter mean nothing
        skipinitialspace = |_: &Cx, this: This<Dialect>| this.skipinitialspace.get();
        /// whether bad input is an error
        strict = |_: &Cx, this: This<Dialect>| this.strict.get();
    }
    methods {
        /// Refuses: a dialect is not pickled.
        __reduce__() = no_pickle;
        /// Refuses: a dialect is not pickled.
        __reduce_ex__(protocol: &Value, /) = no_pickle_ex;
    }
}

/// What the machines need of a dialect.
#[derive(Clone, Copy)]
pub struct Rules {
    pub delimiter: u32,
    pub doublequote: bool,
    pub escape: Option<u32>,
    pub quote: Option<u32>,
    pub quoting: i64,
    pub skip_space: bool,
    pub strict: bool,
}

impl Dialect {
    /// All but the line's end.
    pub fn rules(&self) -> Rules {
        Rules {
            delimiter: self.delimiter.get(),
            doublequote: self.doublequote.get(),
            escape: self.escapechar.get(),
            quote: self.quotechar.get(),
            quoting: self.quoting.get(),
            skip_space: self.skipinitialspace.get(),
            strict: self.strict.get(),
        }
    }
    /// What ends a record.
    pub fn end(&self) -> Value {
        self.lineterminator.get()
    }
}

fn character(cx: &Cx, c: Option<u32>) -> Res {
    c.map_or(Ok(Value::NONE), |c| Chars::Four(&[c]).into_value(cx))
}
fn no_pickle(cx: &Cx, this: This<Dialect>) -> Res {
    Err(cx.type_error(format_args!("cannot pickle '{}' instances", cx.short_type_name(this.value()))))
}
fn no_pickle_ex(cx: &Cx, this: This<Dialect>, _: &Value) -> Res {
    no_pickle(cx, this)
}

const NAMES: [&str; 9] = [
    "dialect", "delimiter", "doublequote", "escapechar", "lineterminator", "quotechar", "quoting", "skipinitialspace", "strict",
];

/// A character, or None if that may be.
fn asked_character(cx: &Cx, name: &str, value: &Value, optional: bool) -> Res<Option<u32>> {
    if value.is_none() && optional {
        return Ok(None);
    }
    let what = if optional { "a unicode character or None" } else { "a unicode character" };
    match Str::of(value) {
        Some(text) if text.len() == 1 => Ok(Some(text.chars().at(0))),
        Some(text) => {
            let len = text.len();
            Err(cx.type_error(format_args!("\"{name}\" must be {what}, not a string of length {len}")))
        }
        None => {
            let kind = cx.type_name(value);
            Err(cx.type_error(format_args!("\"{name}\" must be {what}, not {kind}")))
        }
    }
}

/// What was given by name, or else what another dialect has. Runs Python.
fn parameters(cx: &Cx, args: Args) -> Res<(Value, [Option<Value>; 9])> {
    for (name, _) in args.named() {
        let text = cx.str(name)?;
        if !NAMES.contains(&&*text) {
            let message = format_args!("this function got an unexpected keyword argument '{text}'");
            return Err(cx.type_error(message));
        }
    }
    let given = args.positional();
    let mut values: [Option<Value>; 9] = Default::default();
    for (at, name) in NAMES.iter().enumerate() {
        values[at] = given.get(at).or_else(|| args.get_named(cx, name)).cloned();
    }
    let mut dialect = values[0].take().unwrap_or_default();
    if cx.is_str(&dialect) {
        dialect = get_dialect(cx, &dialect)?;
    }
    Ok((dialect, values))
}

fn new(cx: &Cx, class: &Value, args: Args) -> Res {
    let (dialect, mut values) = parameters(cx, args)?;
    if dialect.body::<Dialect>().is_some() && values.iter().all(Option::is_none) {
        return Ok(dialect);
    }
    if !dialect.is_none() {
        for (value, name) in values.iter_mut().zip(NAMES).skip(1) {
            if value.is_none() {
                *value = cx.attr_opt(&dialect, name).or_else(|raised| {
                    drop(cx.catch(raised, "Exception")?);
                    Ok(None)
                })?;
            }
        }
    }
    let [_, delimiter, double, escape, end, quote, quoting, skip, strict] = values;
    let truth = |value: Option<Value>, default: bool| value.map_or(Ok(default), |value| cx.truth(&value));
    let delimiter = delimiter.map_or(Ok(Some(u32::from(b','))), |c| asked_character(cx, "delimiter", &c, false))?;
    let double = truth(double, true)?;
    let escape = escape.map_or(Ok(None), |c| asked_character(cx, "escapechar", &c, true))?;
    let end = match end {
        None => "\r\n".into_value(cx)?,
        Some(end) if cx.is_str(&end) => end,
        Some(end) => {
            let kind = cx.type_name(&end);
            return Err(cx.type_error(format_args!("\"lineterminator\" must be a string, not {kind}")));
        }
    };
    let quote_is_none = quote.as_ref().is_some_and(Value::is_none);
    let quote = quote.map_or(Ok(Some(u32::from(b'"'))), |c| asked_character(cx, "quotechar", &c, true))?;
    let quoting = match quoting {
        None if quote_is_none => NONE,
        None => MINIMAL,
        Some(value) if !Int::is_exact(&value) => {
            let kind = cx.type_name(&value);
            return Err(cx.type_error(format_args!("\"quoting\" must be an integer, not {kind}")));
        }
        Some(value) => cx.long(&value)?,
    };
    let (skip_space, strict) = (truth(skip, false)?, truth(strict, false)?);
    let delimiter = delimiter.unwrap_or_default();
    let rules = Rules { delimiter, doublequote: double, escape, quote, quoting, skip_space, strict };
    check(cx, &rules, &end)?;
    cx.new_of(class, Dialect {
        delimiter: Cell::new(delimiter),
        doublequote: Cell::new(double),
        escapechar: Cell::new(escape),
        lineterminator: Slot::new(end),
        quotechar: Cell::new(quote),
        quoting: Cell::new(quoting),
        skipinitialspace: Cell::new(skip_space),
        strict: Cell::new(strict),
    })
}

/// Refuses what would make records that nobody can read.
fn check(cx: &Cx, rules: &Rules, end: &Value) -> Res<()> {
    if !(MINIMAL..=NOTNULL).contains(&rules.quoting) {
        return Err(cx.type_error("bad \"quoting\" value"));
    }
    if rules.quoting != NONE && rules.quote.is_none() {
        return Err(cx.type_error("quotechar must be set if quoting enabled"));
    }
    let bad = |what: &str| Err(cx.value_error(format_args!("bad {what} value")));
    let ends_line = |c: u32| c == u32::from(b'\n') || c == u32::from(b'\r');
    let skipped = |c: u32| rules.skip_space && c == u32::from(b' ');
    let (delimiter, escape, quote) = (Some(rules.delimiter), rules.escape, rules.quote);
    let end = Str::of(end);
    let in_end = |c: u32| end.as_ref().is_some_and(|end| end.chars().iter().any(|other| other == c));
    // Each by itself comes first, a delimiter that is skipped excepted.
    let alone = [("delimiter", delimiter, false), ("escapechar", escape, true), ("quotechar", quote, true)];
    for (what, c, is_skipped) in alone {
        let Some(c) = c else { continue };
        if ends_line(c) || is_skipped && skipped(c) {
            return bad(what);
        }
        if in_end(c) {
            return bad(&format!("{what} or lineterminator"));
        }
    }
    if delimiter == escape {
        return bad("delimiter or escapechar");
    }
    if delimiter == quote {
        return bad("delimiter or quotechar");
    }
    if escape.is_some() && escape == quote {
        return bad("escapechar or quotechar");
    }
    Ok(())
}

// ---- the register ----------------------------------------------------------------------------------------------------

/// The dialect that a reader or writer gets by its arguments behind the first. Runs Python.
pub fn of_args(cx: &Cx, args: Args) -> Res<Obj<Dialect>> {
    let class = cx.class::<Dialect>()?;
    let made = args.call(cx, &class)?;
    Obj::from_value(made).map_err(|_| cx.type_error("a dialect was expected"))
}

pub fn get_dialect(cx: &Cx, name: &Value) -> Res {
    registry(cx)?.get(cx, name)?.ok_or(()).map_err(|()| error(cx, "unknown dialect"))
}
pub fn list_dialects(cx: &Cx) -> Res<List> {
    List::from_iterable(cx, registry(cx)?.value())
}
pub fn register_dialect(cx: &Cx, args: Args) -> Res<()> {
    args.count(cx, "register_dialect", 1, 2)?;
    let name = args.positional().first().cloned().unwrap_or_default();
    if !cx.is_str(&name) {
        return Err(cx.type_error("dialect name must be a string"));
    }
    let dialect = of_args(cx, args.behind(1))?;
    registry(cx)?.set(cx, &name, dialect)
}
pub fn unregister_dialect(cx: &Cx, name: &Value) -> Res<()> {
    registry(cx)?.remove(cx, name)?.map(drop).ok_or(()).map_err(|()| error(cx, "unknown dialect"))
}
