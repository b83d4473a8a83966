//! The machine that splits lines into fields.
//!
//! As long as a field is one piece of its line, it is told by two places in it; only what is put together of several pieces is copied.

use ryokan_vm::native::*;

use super::dialect::{NONE, NONNUMERIC, NOTNULL, Rules, STRINGS};
use super::error;

/// Where the machine is.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub enum State {
    /// Before a record.
    #[default]
    Record,
    /// Before a field.
    Field,
    /// In a field without quotes.
    Plain,
    /// Behind an escape in one.
    Escaped,
    /// Behind an escaped end of a line.
    EscapedEnd,
    /// Within quotes.
    Quoted,
    /// Behind an escape there.
    QuotedEscaped,
    /// Behind a quote there.
    Quote,
    /// Behind a record's end.
    End,
}

/// The machine, and the field that it is in.
#[derive(Default)]
pub struct Parser {
    pub state: State,
    /// What of the field is no piece of the line.
    spilled: Option<Vector<u32>>,
    /// The piece of the line that belongs to it, too.
    piece: (usize, usize),
    /// Whether it began without quotes.
    plain: bool,
}

const NEWLINE: u32 = b'\n' as u32;
const RETURN: u32 = b'\r' as u32;

impl Parser {
    /// How many characters the field has.
    pub fn len(&self) -> usize {
        self.spilled.as_ref().map_or(0, |spilled| spilled.len()) + self.piece.1 - self.piece.0
    }
    /// Forgets the field.
    pub fn reset(&mut self) {
        *self = Parser::default();
    }
    /// Moves the piece to what was put together.
    fn spill(&mut self, cx: &Cx, line: Chars) -> Res<()> {
        let (from, to) = std::mem::take(&mut self.piece);
        if from == to {
            return Ok(());
        }
        let mut spilled = match self.spilled.take() {
            Some(spilled) => spilled,
            None => cx.vector(to - from)?,
        };
        cx.reserve(&mut spilled, to - from)?;
        spilled.extend(line.slice(from, to).iter());
        self.spilled = Some(spilled);
        Ok(())
    }
    /// Adds the characters between two places.
    fn add(&mut self, cx: &Cx, line: Chars, from: usize, to: usize, limit: i64) -> Res<()> {
        if self.piece.0 == self.piece.1 {
            self.piece = (from, to);
        } else if self.piece.1 == from {
            self.piece.1 = to;
        } else {
            self.spill(cx, line)?;
            self.piece = (from, to);
        }
        if self.len() as i64 > limit {
            return Err(error(cx, format_args!("field larger than field limit ({limit})")));
        }
        Ok(())
    }
    /// Adds a newline that is in no line.
    fn add_newline(&mut self, cx: &Cx, line: Chars) -> Res<()> {
        self.spill(cx, line)?;
        let mut spilled = match self.spilled.take() {
            Some(spilled) => spilled,
            None => cx.vector(1)?,
        };
        cx.reserve(&mut spilled, 1)?;
        spilled.push(NEWLINE);
        self.spilled = Some(spilled);
        Ok(())
    }
    /// Ends the field, and adds it to a record.
    pub fn save(&mut self, cx: &Cx, rules: &Rules, line: &Str, fields: &List) -> Res<()> {
        let plain = std::mem::take(&mut self.plain);
        if plain && self.len() == 0 && matches!(rules.quoting, NOTNULL | STRINGS) {
            return fields.push(cx, ());
        }
        let text = match self.spilled {
            None => {
                let (from, to) = std::mem::take(&mut self.piece);
                line.slice(cx, from, to)?
            }
            Some(_) => {
                self.spill(cx, line.chars())?;
                let spilled = self.spilled.take();
                Chars::Four(spilled.as_deref().unwrap_or_default()).into_value(cx)?
            }
        };
        let number = plain && matches!(rules.quoting, NONNUMERIC | STRINGS) && Str::of(&text).is_some_and(|text| !text.is_empty());
        let field = if number { cx.call(&cx.builtin("float")?, (text,))? } else { text };
        fields.push(cx, field)
    }
    /// Takes a line. The fields that end in it are added to a record.
    pub fn line(&mut self, cx: &Cx, rules: &Rules, line: &Str, limit: i64, fields: &List) -> Res<()> {
        let (chars, mut at) = (line.chars(), 0);
        let len = chars.len();
        cx.work((len / 32) as u64)?;
        while at < len {
            let run = self.run(rules, chars, at);
            if run > at {
                self.add(cx, chars, at, run, limit)?;
                at = run;
                continue;
            }
            self.step(cx, rules, line, at, limit, fields)?;
            at += 1;
        }
        self.end_of_line(cx, rules, line, fields)?;
        // What the field has so far does not outlive the line.
        self.spill(cx, chars)
    }
    /// Up to where characters only add to the field.
    fn run(&self, rules: &Rules, chars: Chars, from: usize) -> usize {
        let quote = rules.quote.filter(|_| rules.quoting != NONE);
        let stops: [Option<u32>; 4] = match self.state {
            State::Plain => [Some(rules.delimiter), rules.escape, Some(NEWLINE), Some(RETURN)],
            State::Quoted => [quote, rules.escape, None, None],
            _ => return from,
        };
        // A place without a character is taken by one that stops anyway, or by none.
        let none = stops.iter().flatten().next().copied().unwrap_or(u32::MAX);
        let stops = stops.map(|stop| stop.unwrap_or(none));
        let found = match chars {
            Chars::One(units) => units[from..].iter().position(|c| stops.contains(&u32::from(*c))),
            Chars::Two(units) => units[from..].iter().position(|c| stops.contains(&u32::from(*c))),
            Chars::Four(units) => units[from..].iter().position(|c| stops.contains(c)),
        };
        found.map_or(chars.len(), |at| from + at)
    }
    /// Takes one character.
    fn step(&mut self, cx: &Cx, rules: &Rules, line: &Str, at: usize, limit: i64, fields: &List) -> Res<()> {
        let chars = line.chars();
        let c = chars.at(at);
        let ends = matches!(c, NEWLINE | RETURN);
        let quote = Some(c) == rules.quote && rules.quoting != NONE;
        let escape = Some(c) == rules.escape;
        if self.state == State::Record {
            if ends {
                self.state = State::End;
                return Ok(());
            }
            self.state = State::Field;
        }
        match self.state {
            State::Field => {
                self.plain = true;
                if ends {
                    self.save(cx, rules, line, fields)?;
                    self.state = State::End;
                } else if quote {
                    self.plain = false;
                    self.state = State::Quoted;
                } else if escape {
                    self.state = State::Escaped;
                } else if c == u32::from(b' ') && rules.skip_space {
                } else if c == rules.delimiter {
                    self.save(cx, rules, line, fields)?;
                } else {
                    self.add(cx, chars, at, at + 1, limit)?;
                    self.state = State::Plain;
                }
            }
            State::Escaped => {
                self.add(cx, chars, at, at + 1, limit)?;
                self.state = if ends { State::EscapedEnd } else { State::Plain };
            }
            State::Plain | State::EscapedEnd => {
                if ends {
                    self.save(cx, rules, line, fields)?;
                    self.state = State::End;
                } else if escape {
                    self.state = State::Escaped;
                } else if c == rules.delimiter {
                    self.save(cx, rules, line, fields)?;
                    self.state = State::Field;
                } else {
                    self.add(cx, chars, at, at + 1, limit)?;
                    self.state = State::Plain;
                }
            }
            State::Quoted if escape => self.state = State::QuotedEscaped,
            State::Quoted => self.state = if rules.doublequote { State::Quote } else { State::Plain },
            State::QuotedEscaped => {
                self.add(cx, chars, at, at + 1, limit)?;
                self.state = State::Quoted;
            }
            State::Quote => {
                if quote {
                    self.add(cx, chars, at, at + 1, limit)?;
                    self.state = State::Quoted;
                } else if c == rules.delimiter {
                    self.save(cx, rules, line, fields)?;
                    self.state = State::Field;
                } else if ends {
                    self.save(cx, rules, line, fields)?;
                    self.state = State::End;
                } else if rules.strict {
                    let shown = |c: u32| char::from_u32(c).unwrap_or('\u{FFFD}');
                    let (one, other) = (shown(rules.delimiter), shown(rules.quote.unwrap_or_default()));
                    return Err(error(cx, format_args!("'{one}' expected after '{other}'")));
                } else {
                    self.add(cx, chars, at, at + 1, limit)?;
                    self.state = State::Plain;
                }
            }
            State::End if !ends => {
                return Err(error(
                    cx,
                    "new-line character seen in unquoted field - do you need to open the file with newline=''?",
                ));
            }
            State::End | State::Record => {}
        }
        Ok(())
    }
    /// The line is over.
    fn end_of_line(&mut self, cx: &Cx, rules: &Rules, line: &Str, fields: &List) -> Res<()> {
        match self.state {
            State::Field | State::Plain | State::Quote => {
                self.plain |= self.state == State::Field;
                self.save(cx, rules, line, fields)?;
                self.state = State::Record;
            }
            State::End => self.state = State::Record,
            State::Escaped => {
                self.add_newline(cx, line.chars())?;
                self.state = State::Plain;
            }
            State::QuotedEscaped => {
                self.add_newline(cx, line.chars())?;
                self.state = State::Quoted;
            }
            State::EscapedEnd | State::Quoted | State::Record => {}
        }
        Ok(())
    }
}
