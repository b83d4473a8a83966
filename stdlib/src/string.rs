//! `_string`: the two parsers that `string.Formatter` is made of.
//!
//! Both give iterators that parse as they go: an error is raised where it is met. What is parsed is told by places in the text, so that
//! nothing is copied but the parts that are given.

use std::cell::Cell;

use ryokan_vm::native::*;

native_module! {
    /// The parsers of format strings and of the names of their fields.
    "_string" {
        functions {
            /// The parts of a format string: tuples of the text before a field, the field's name, its format and its conversion.
            formatter_parser(object: Value, /), shows = "($self, object, /)";
            /// The first part of a field's name, and an iterator over the others: pairs of whether it is an attribute, and its name.
            formatter_field_name_split(object: Value, /) = split_name, shows = "($self, object, /)";
        }
    }
}

native_type! {
    "formatteriterator" = struct Parts { text: Str, at: Cell<usize> }
    slots { iter = itself; next = next_part; }
}

native_type! {
    "fieldnameiterator" = struct Names { text: Str, at: Cell<usize> }
    slots { iter = itself; next = next_name; }
}

fn text_of(cx: &Cx, object: &Value) -> Res<Str> {
    Str::of(object).ok_or(()).map_err(|()| cx.type_error(format_args!("expected str, got {}", cx.type_name(object))))
}

fn formatter_parser(cx: &Cx, object: Value) -> Res<Obj<Parts>> {
    cx.new(Parts { text: text_of(cx, &object)?, at: Cell::new(0) })
}

const OPEN: u32 = b'{' as u32;
const CLOSE: u32 = b'}' as u32;
const BRACKET: u32 = b'[' as u32;

/// A field: where its name ends, its conversion, where its format begins and ends, and where the text goes on.
struct Field {
    name_end: usize,
    conversion: Option<u32>,
    format: (usize, usize),
    next: usize,
}

/// Reads a field, from behind its opening brace.
fn read_field(cx: &Cx, text: Chars, start: usize) -> Res<Field> {
    let (len, mut at) = (text.len(), start);
    let mut end = None;
    while at < len && end.is_none() {
        let c = text.at(at);
        at += 1;
        match u8::try_from(c) {
            Ok(b'{') => return Err(cx.value_error("unexpected '{' in field name")),
            Ok(b'[') => {
                while at < len && text.at(at) != u32::from(b']') {
                    at += 1;
                }
            }
            Ok(b'}' | b':' | b'!') => end = Some(c),
            _ => {}
        }
    }
    let Some(end) = end else { return Err(cx.value_error("expected '}' before end of string")) };
    let mut field = Field { name_end: at - 1, conversion: None, format: (at, at), next: at };
    if end == CLOSE {
        return Ok(field);
    }
    if end == u32::from(b'!') {
        if at >= len {
            return Err(cx.value_error("end of string while looking for conversion specifier"));
        }
        field.conversion = Some(text.at(at));
        at += 1;
        if at < len {
            let c = text.at(at);
            at += 1;
            field.next = at;
            if c == CLOSE {
                return Ok(field);
            }
            if c != u32::from(b':') {
                return Err(cx.value_error("expected ':' after conversion specifier"));
            }
        }
    }
    let (from, mut depth) = (at, 1);
    while at < len {
        match text.at(at) {
            OPEN => depth += 1,
            CLOSE => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Ok(Field { format: (from, at - 1), next: at, ..field });
        }
    }
    Err(cx.value_error("unmatched '{' in format spec"))
}

fn next_part(cx: &Cx, this: This<Parts>) -> Res<Option<Value>> {
    let (text, start) = (this.text.chars(), this.at.get());
    let len = text.len();
    if start >= len {
        return Ok(None);
    }
    cx.work((len / 64) as u64)?;
    let brace = (start..len).find(|at| matches!(text.at(*at), OPEN | CLOSE));
    let Some(brace) = brace else {
        this.at.set(len);
        let literal = this.text.slice(cx, start, len)?;
        return (literal, (), (), ()).into_value(cx).map(Some);
    };
    // What is read twice after an error is nothing: the iterator goes on behind the brace.
    this.at.set(brace + 1);
    let (c, next) = (text.at(brace), (brace + 1 < len).then(|| text.at(brace + 1)));
    if c == CLOSE && next != Some(CLOSE) {
        return Err(cx.value_error("Single '}' encountered in format string"));
    }
    if next.is_none() {
        return Err(cx.value_error("Single '{' encountered in format string"));
    }
    if next == Some(c) {
        this.at.set(brace + 2);
        let literal = this.text.slice(cx, start, brace + 1)?;
        return (literal, (), (), ()).into_value(cx).map(Some);
    }
    let field = read_field(cx, text, brace + 1)?;
    this.at.set(field.next);
    let literal = this.text.slice(cx, start, brace)?;
    let name = this.text.slice(cx, brace + 1, field.name_end)?;
    let format = this.text.slice(cx, field.format.0, field.format.1)?;
    let conversion = field.conversion.map(|c| Chars::Four(&[c]).into_value(cx)).transpose()?;
    (literal, name, format, conversion).into_value(cx).map(Some)
}

// ---- names of fields -------------------------------------------------------------------------------------------------

/// A part of a name as it is looked up: a number if all of it are digits.
fn key(cx: &Cx, text: &Str, start: usize, end: usize) -> Res {
    let mut number: Option<i64> = (start < end).then_some(0);
    for at in start..end {
        let Some(digit) = unicode::decimal(text.chars().at(at)) else {
            number = None;
            break;
        };
        let larger = number.and_then(|n| n.checked_mul(10)?.checked_add(i64::from(digit)));
        number = Some(larger.ok_or(()).map_err(|()| cx.value_error("Too many decimal digits in format string"))?);
    }
    match number {
        Some(number) => number.into_value(cx),
        None => text.slice(cx, start, end),
    }
}

fn split_name(cx: &Cx, object: Value) -> Res {
    let text = text_of(cx, &object)?;
    let chars = text.chars();
    let is_end = |at: &usize| matches!(chars.at(*at), BRACKET | 0x2E);
    cx.work((chars.len() / 64) as u64)?;
    let end = (0..chars.len()).find(is_end).unwrap_or(chars.len());
    let first = key(cx, &text, 0, end)?;
    let rest = cx.new(Names { text, at: Cell::new(end) })?;
    (first, rest).into_value(cx)
}

fn next_name(cx: &Cx, this: This<Names>) -> Res<Option<Value>> {
    let (text, start) = (this.text.chars(), this.at.get());
    let len = text.len();
    if start >= len {
        return Ok(None);
    }
    cx.work((len / 64) as u64)?;
    let by_attribute = match text.at(start) {
        BRACKET => false,
        0x2E => true,
        _ => {
            this.at.set(start + 1);
            return Err(cx.value_error("Only '.' or '[' may follow ']' in format field specifier"));
        }
    };
    let from = start + 1;
    let (name, end, next) = if by_attribute {
        let end = (from..len).find(|at| matches!(text.at(*at), BRACKET | 0x2E)).unwrap_or(len);
        (None, end, end)
    } else {
        let end = (from..len).find(|at| text.at(*at) == u32::from(b']'));
        let Some(end) = end else {
            this.at.set(len);
            return Err(cx.value_error("Missing ']' in format string"));
        };
        (Some(()), end, end + 1)
    };
    this.at.set(next);
    if end == from {
        return Err(cx.value_error("Empty attribute in format string"));
    }
    let name = match name {
        Some(()) => key(cx, &this.text, from, end)?,
        None => this.text.slice(cx, from, end)?,
    };
    (by_attribute, name).into_value(cx).map(Some)
}
