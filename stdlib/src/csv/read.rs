//! Readers.

use std::cell::Cell;

use ryokan_vm::native::*;

use super::dialect::{Dialect, of_args};
use super::parse::{Parser, State};
use super::{error, limit};

native_type! {
    /// Gives the records in lines of text, each a list of fields.
    "_csv.reader" = pub struct Reader { lines: Iter, dialect: Obj<Dialect>, parser: Own<Parser>, count: Cell<u64>, advances: Cell<u64> }
    flags: SUBCLASS;
    slots { iter = itself; next = next_record; }
    members {
        /// the dialect
        dialect = |_, this: This<Reader>| this.dialect.value().clone();
        /// how many lines were read
        line_num = |_, this: This<Reader>| this.count.get();
    }
}

/// `_csv.reader`
pub fn reader(cx: &Cx, args: Args) -> Res<Obj<Reader>> {
    args.count(cx, "reader", 1, 2)?;
    let lines = cx.iter(&args.positional().first().cloned().unwrap_or_default())?;
    let dialect = of_args(cx, args.behind(1))?;
    cx.new(Reader { lines, dialect, parser: Own::default(), count: Cell::new(0), advances: Cell::new(0) })
}

fn next_record(cx: &Cx, this: This<Reader>) -> Res<Option<Value>> {
    let (fields, limit, rules) = (List::new(cx, 0)?, limit(cx)?, this.dialect.rules());
    this.parser.with(cx, Parser::reset)?;
    this.advances.set(this.advances.get() + 1);
    let own = this.advances.get();
    loop {
        let Some(line) = this.lines.next(cx)? else {
            let (state, len) = this.parser.with(cx, |parser| (parser.state, parser.len()))?;
            if len == 0 && state != State::Quoted {
                return Ok(None);
            }
            if rules.strict {
                return Err(error(cx, "unexpected end of data"));
            }
            let nothing = "".into_value(cx)?;
            if let Some(nothing) = Str::of(&nothing) {
                this.parser.with(cx, |parser| parser.save(cx, &rules, &nothing, &fields))??;
            }
            break;
        };
        if this.advances.get() != own {
            return Err(error(cx, "iterator has already advanced the reader"));
        }
        let Some(text) = Str::of(&line) else {
            let kind = cx.type_name(&line);
            return Err(error(
                cx,
                format_args!("iterator should return strings, not {kind} (the file should be opened in text mode)"),
            ));
        };
        this.count.set(this.count.get() + 1);
        let state = this.parser.with(cx, |parser| {
            parser.line(cx, &rules, &text, limit, &fields)?;
            Ok(parser.state)
        })??;
        if state == State::Record {
            break;
        }
    }
    Ok(Some(fields.into_value()))
}
