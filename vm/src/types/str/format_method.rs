//! `str.format` and `str.format_map`: a small language of fields in braces.
//!
//! ```text
//! text      := (literal | "{{" | "}}" | field)*
//! field     := "{" name ["!" conversion] [":" spec] "}"      the spec is a text again, two levels deep
//! name      := first ("." attribute | "[" index "]")*
//! ```

use super::args::text;
use super::build::StrBuilder;
use super::unicode::decimal;
use super::{Chars, Str};
use crate::object::call::Args;
use crate::raised::{Raised, Res};
use crate::value::Value;
use crate::vm::Vm;

const OPEN: u32 = 0x7B;
const CLOSE: u32 = 0x7D;
const DOT: u32 = 0x2E;
const BRACKET: u32 = 0x5B;
const END_BRACKET: u32 = 0x5D;
const BANG: u32 = 0x21;
const COLON: u32 = 0x3A;

/// How fields without a number of their own get one.
#[derive(PartialEq)]
enum Numbering {
    Unknown,
    Automatic,
    Manual,
}

/// Where fields find their values.
enum Source<'a> {
    Arguments(Args<'a>),
    Mapping(&'a Value),
}

struct Formatter<'a> {
    vm: &'a Vm,
    source: Source<'a>,
    numbering: Numbering,
    next: usize,
}

/// A field, its parts borrowed from the text.
struct Field<'t> {
    name: Chars<'t>,
    conversion: Option<u32>,
    spec: Chars<'t>,
    nested: bool,
}

pub(super) fn format(vm: &Vm, args: Args<'_>) -> Res {
    let source = Source::Arguments(Args { pos: &args.pos[1..], ..args });
    run(vm, &args.pos[0], source)
}

pub(super) fn format_map(vm: &Vm, this: &Value, mapping: &Value) -> Res {
    run(vm, this, Source::Mapping(mapping))
}

fn run(vm: &Vm, this: &Value, source: Source<'_>) -> Res {
    // Where there is nothing to replace, it stays what it is.
    let brace = |c: u32| c == u32::from(b'{') || c == u32::from(b'}');
    vm.work_on_bytes(text(this).len().saturating_mul(8))?;
    if this.exact::<Str>().is_some() && !text(this).chars().iter().any(brace) {
        return Ok(this.clone());
    }
    let mut formatter = Formatter { vm, source, numbering: Numbering::Unknown, next: 0 };
    formatter.expand(text(this).chars(), 2)
}

/// The number that decimal digits spell; `None` if there are other characters or none at all.
fn integer(vm: &Vm, digits: Chars<'_>) -> Res<Option<i64>> {
    let mut number = 0i64;
    for c in digits.iter() {
        let Some(digit) = decimal(c) else { return Ok(None) };
        number = match number.checked_mul(10).and_then(|n| n.checked_add(i64::from(digit))) {
            Some(number) => number,
            None => return Err(vm.value_error("Too many decimal digits in format string")),
        };
    }
    Ok((!digits.is_empty()).then_some(number))
}

impl Formatter<'_> {
    fn expand(&mut self, chars: Chars<'_>, depth: u32) -> Res {
        let vm = self.vm;
        if depth == 0 {
            return Err(vm.value_error("Max string recursion exceeded"));
        }
        let mut out = StrBuilder::new(vm);
        let mut at = 0;
        while at < chars.len() {
            let brace = |i: &usize| matches!(chars.at(*i), OPEN | CLOSE);
            let found = (at..chars.len()).find(brace).unwrap_or(chars.len());
            out.push_chars(chars.slice(at, found))?;
            if found == chars.len() {
                break;
            }
            let (c, next) = (chars.at(found), (found + 1 < chars.len()).then(|| chars.at(found + 1)));
            if next == Some(c) {
                out.push_char(c)?;
                at = found + 2;
                continue;
            }
            if c == CLOSE || next.is_none() {
                let brace = if c == CLOSE { '}' } else { '{' };
                return Err(vm.value_error(format_args!("Single '{brace}' encountered in format string")));
            }
            let (field, after) = parse_field(vm, chars, found + 1)?;
            at = after;
            let shown = self.field(&field, depth)?;
            if found == 0 && at == chars.len() && shown.exact::<Str>().is_some() {
                // A text of one field and nothing else gives the very str that it shows.
                return Ok(shown);
            }
            out.push_value(&shown)?;
        }
        out.finish()
    }

    /// What a field shows, as a str.
    fn field(&mut self, field: &Field<'_>, depth: u32) -> Res {
        let vm = self.vm;
        vm.work(1)?;
        let mut value = self.value(field.name)?;
        if let Some(conversion) = field.conversion {
            value = match char::from_u32(conversion) {
                Some('r') => vm.repr(&value)?,
                Some('s') => vm.to_str(&value)?,
                Some('a') => vm.ascii(&value)?,
                Some(c @ '!'..='~') => {
                    return Err(vm.value_error(format_args!("Unknown conversion specifier {c}")));
                }
                _ => {
                    return Err(
                        vm.value_error(format_args!("Unknown conversion specifier \\x{conversion:x}"))
                    );
                }
            };
        }
        if field.spec.is_empty() && value.exact::<Str>().is_some() {
            return Ok(value);
        }
        let spec = if field.nested { self.expand(field.spec, depth - 1)? } else { vm.str_from(field.spec)? };
        vm.format(&value, &spec)
    }

    /// The value that a field names.
    fn value(&mut self, name: Chars<'_>) -> Res {
        let vm = self.vm;
        let first_end = (0..name.len()).find(|i| matches!(name.at(*i), DOT | BRACKET)).unwrap_or(name.len());
        let mut value = self.first(name.slice(0, first_end))?;
        let mut at = first_end;
        while at < name.len() {
            let is_item = match name.at(at) {
                DOT => false,
                BRACKET => true,
                _ => {
                    return Err(vm.value_error("Only '.' or '[' may follow ']' in format field specifier"));
                }
            };
            let start = at + 1;
            let ends = |i: &usize| match name.at(*i) {
                END_BRACKET => is_item,
                DOT | BRACKET => !is_item,
                _ => false,
            };
            let end = match (start..name.len()).find(ends) {
                Some(end) => end,
                None if is_item => return Err(vm.value_error("Missing ']' in format string")),
                None => name.len(),
            };
            if start == end {
                return Err(vm.value_error("Empty attribute in format string"));
            }
            let part = name.slice(start, end);
            at = if is_item { end + 1 } else { end };
            value = if !is_item {
                vm.get_attr(&value, &vm.str_from(part)?)?
            } else if let Some(number) = integer(vm, part)? {
                vm.get_item(&value, &vm.int(number)?)?
            } else {
                vm.get_item(&value, &vm.str_from(part)?)?
            };
        }
        Ok(value)
    }

    /// The value that the first part of a name stands for.
    fn first(&mut self, name: Chars<'_>) -> Res {
        let vm = self.vm;
        let mut number = integer(vm, name)?;
        if number.is_some() || name.is_empty() {
            let wanted = if name.is_empty() { Numbering::Automatic } else { Numbering::Manual };
            if self.numbering == Numbering::Unknown {
                self.numbering = wanted;
            } else if self.numbering != wanted {
                return Err(vm.value_error(if name.is_empty() {
                    "cannot switch from manual field specification to automatic field numbering"
                } else {
                    "cannot switch from automatic field numbering to manual field specification"
                }));
            }
            if name.is_empty() {
                number = Some(self.next as i64);
                self.next += 1;
            }
        }
        match (&self.source, number) {
            (Source::Mapping(_), Some(_)) => Err(vm.value_error("Format string contains positional fields")),
            (Source::Mapping(mapping), None) => vm.get_item(mapping, &vm.str_from(name)?),
            (Source::Arguments(args), Some(number)) => match args.pos.get(number as usize) {
                Some(value) => Ok(value.clone()),
                None => Err(vm.index_error(format_args!(
                    "Replacement index {number} out of range for positional args tuple"
                ))),
            },
            (Source::Arguments(args), None) => {
                let key = vm.str_from(name)?;
                let same = |n: &Value| n.get::<Str>().is_some_and(|n| n.equals(text(&key)));
                match args.names.iter().position(same) {
                    Some(at) => Ok(args.named[at].clone()),
                    None => Err(key_error(vm, key)),
                }
            }
        }
    }
}

#[cold]
fn key_error(vm: &Vm, key: Value) -> Raised {
    match vm.new_exception(&vm.exc.KeyError, vec![key]) {
        Ok(exception) => vm.raise_value(exception),
        Err(raised) => raised,
    }
}

/// Reads a field whose brace was just read; gives it with the index behind its end.
fn parse_field<'t>(vm: &Vm, chars: Chars<'t>, start: usize) -> Res<(Field<'t>, usize)> {
    let len = chars.len();
    let mut at = start;
    let mut last = None;
    while at < len {
        let c = chars.at(at);
        at += 1;
        last = Some(c);
        match c {
            OPEN => return Err(vm.value_error("unexpected '{' in field name")),
            BRACKET => at = (at..len).find(|i| chars.at(*i) == END_BRACKET).unwrap_or(len),
            CLOSE | COLON | BANG => break,
            _ => {}
        }
    }
    let mut field = Field {
        name: chars.slice(start, at.max(start + 1) - 1),
        conversion: None,
        spec: chars.slice(0, 0),
        nested: false,
    };
    match last {
        Some(CLOSE) => return Ok((field, at)),
        Some(BANG) => {
            if at >= len {
                return Err(vm.value_error("end of string while looking for conversion specifier"));
            }
            field.conversion = Some(chars.at(at));
            at += 1;
            if at < len {
                at += 1;
                match chars.at(at - 1) {
                    CLOSE => return Ok((field, at)),
                    COLON => {}
                    _ => return Err(vm.value_error("expected ':' after conversion specifier")),
                }
            }
        }
        Some(COLON) => {}
        _ => return Err(vm.value_error("expected '}' before end of string")),
    }
    let (spec, mut depth) = (at, 1);
    while at < len {
        at += 1;
        match chars.at(at - 1) {
            OPEN => {
                field.nested = true;
                depth += 1;
            }
            CLOSE => {
                depth -= 1;
                if depth == 0 {
                    field.spec = chars.slice(spec, at - 1);
                    return Ok((field, at));
                }
            }
            _ => {}
        }
    }
    Err(vm.value_error("unmatched '{' in format spec"))
}
