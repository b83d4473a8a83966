//! Writers.

use ryokan_vm::native::*;

use super::dialect::{ALL, Dialect, NONE, NONNUMERIC, NOTNULL, Rules, STRINGS, of_args};
use super::{error, iterate};

native_type! {
    /// Writes records.
    "_csv.writer" = pub struct Writer { write: Slot, dialect: Obj<Dialect> }
    flags: SUBCLASS;
    members {
        /// the dialect
        dialect = |_, this: This<Writer>| this.dialect.value().clone();
    }
    methods {
        /// Writes a record, and gives what write gave.
        writerow(row: &Value, /) = write_row;
        /// Writes records.
        writerows(rows: &Value, /) = write_rows;
    }
}

/// `_csv.writer`
pub fn writer(cx: &Cx, args: Args) -> Res<Obj<Writer>> {
    args.count(cx, "writer", 1, 2)?;
    let file = args.positional().first().cloned().unwrap_or_default();
    let write = cx.attr_opt(&file, "write")?.filter(|write| cx.is_callable(write));
    let write = write.ok_or(()).map_err(|()| cx.type_error("argument 1 must have a \"write\" method"))?;
    let dialect = of_args(cx, args.behind(1))?;
    cx.new(Writer { write: Slot::new(write), dialect })
}

/// A record that is being written.
struct Record<'a> {
    cx: &'a Cx,
    out: StrWriter<'a>,
    rules: Rules,
    end: Value,
    fields: usize,
}

impl Record<'_> {
    /// Adds a field: the text of a value, or nothing. `quoted` if it is in any case.
    fn add(&mut self, text: Option<&Str>, quoted: bool) -> Res<()> {
        let (cx, rules) = (self.cx, self.rules);
        if self.fields > 0 {
            self.out.push_char(rules.delimiter)?;
        }
        self.fields += 1;
        let Some(text) = text.filter(|text| !text.is_empty()) else {
            return self.add_empty(text.is_none(), quoted);
        };
        let chars = text.chars();
        cx.work((chars.len() / 32) as u64)?;
        let special = |c: u32| self.is_special(c);
        let quoted = quoted || (rules.quoting != NONE && chars.iter().any(|c| special(c) && !self.is_escaped(c)));
        if quoted {
            self.quote()?;
        }
        let mut from = 0;
        for at in 0..chars.len() {
            let c = chars.at(at);
            if !self.is_special(c) {
                continue;
            }
            let before = if Some(c) == rules.quote && rules.quoting != NONE && rules.doublequote {
                Some(c)
            } else if rules.quoting == NONE || self.is_escaped(c) {
                let message = "need to escape, but no escapechar set";
                Some(rules.escape.ok_or(()).map_err(|()| error(cx, message))?)
            } else {
                None
            };
            if let Some(before) = before {
                self.out.push_chars(chars.slice(from, at))?;
                self.out.push_char(before)?;
                from = at;
            }
        }
        self.out.push_chars(chars.slice(from, chars.len()))?;
        if quoted { self.quote() } else { Ok(()) }
    }
    /// Whether a character does not stand for itself.
    fn is_special(&self, c: u32) -> bool {
        let rules = &self.rules;
        c == rules.delimiter
            || Some(c) == rules.escape
            || Some(c) == rules.quote
            || matches!(c, 0x0A | 0x0D)
            || (c != 0x0A && c != 0x0D && Str::of(&self.end).is_some_and(|end| end.chars().iter().any(|other| other == c)))
    }
    /// Whether it is escaped within quotes, too.
    fn is_escaped(&self, c: u32) -> bool {
        let rules = &self.rules;
        (Some(c) == rules.quote && !rules.doublequote) || Some(c) == rules.escape
    }
    fn quote(&mut self) -> Res<()> {
        self.out.push_char(self.rules.quote.unwrap_or_default())
    }
    /// Adds a field of no characters.
    fn add_empty(&mut self, null: bool, quoted: bool) -> Res<()> {
        let rules = self.rules;
        let mut quoted = quoted;
        if rules.delimiter == u32::from(b' ') && rules.skip_space {
            if rules.quoting == NONE || (null && matches!(rules.quoting, STRINGS | NOTNULL)) {
                return Err(error(
                    self.cx,
                    "empty field must be quoted if delimiter is a space and skipinitialspace is true",
                ));
            }
            quoted = true;
        }
        if quoted {
            self.quote()?;
            self.quote()?;
        }
        Ok(())
    }
}

fn write_row(cx: &Cx, this: This<Writer>, row: &Value) -> Res {
    let items = iterate(cx, row)?;
    let (rules, end) = (this.dialect.rules(), this.dialect.end());
    let mut record = Record { cx, out: StrWriter::new(cx), rules, end: end.clone(), fields: 0 };
    let mut null = false;
    while let Some(item) = items.next(cx)? {
        let quoted = match rules.quoting {
            NONNUMERIC => !cx.is_numeric(&item),
            ALL => true,
            STRINGS => cx.is_str(&item),
            NOTNULL => !item.is_none(),
            _ => false,
        };
        null = item.is_none();
        if null {
            record.add(None, quoted)?;
        } else if let Some(text) = Str::of(&item) {
            record.add(Some(&text), quoted)?;
        } else {
            let shown = cx.str_value(&item)?;
            record.add(Str::of(&shown).as_ref(), quoted)?;
        }
    }
    if record.fields > 0 && record.out.is_empty() {
        if rules.quoting == NONE || (null && matches!(rules.quoting, STRINGS | NOTNULL)) {
            return Err(error(cx, "single empty field record must be quoted"));
        }
        record.fields -= 1;
        record.add(None, true)?;
    }
    record.out.push_value(&end)?;
    let line = record.out.finish()?;
    cx.call(&this.write.get(), (line,))
}

fn write_rows(cx: &Cx, this: This<Writer>, rows: &Value) -> Res<()> {
    let rows = cx.iter(rows)?;
    while let Some(row) = rows.next(cx)? {
        drop(write_row(cx, this, &row)?);
    }
    Ok(())
}
