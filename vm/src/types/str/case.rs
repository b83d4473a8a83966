//! Upper, lower and title case, and the methods that ask about the kinds of characters.

use super::args::text;
use super::build::{StrBuilder, mapped};
use super::casing::{FOLD, LOWER, SIGMA, SWAP, TITLE, UPPER, is_cased};
use super::search::Unit;
use super::unicode::{self, Mapped};
use super::{Chars, Str};
use crate::fuel::owe_bytes;
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

const FINAL_SIGMA: u32 = 0x3C2;
const SMALL_SIGMA: u32 = 0x3C3;

/// A new ASCII str whose bytes are those of another, mapped.
fn map_ascii(vm: &Vm, this: &Str, mut map: impl FnMut(u8) -> u8) -> Res {
    if this.len() <= 1 {
        return vm.str_from_iter(this.len(), 0x7F, this.bytes().iter().map(|b| u32::from(map(*b))));
    }
    mapped(vm, this.bytes(), map)
}

/// Maps each character to one or more.
fn map_chars(vm: &Vm, this: &Str, mut map: impl FnMut(usize, u32) -> Mapped) -> Res {
    let mut out = StrBuilder::with_capacity(vm, this.len(), this.max_bound())?;
    for (at, c) in this.chars().iter().enumerate() {
        map(at, c).iter().try_for_each(|c| out.push_char(*c))?;
    }
    out.finish()
}

/// Maps each character to one, in a walk that sees how wide they become and another that writes them; `None` if one becomes more.
fn map_units<U: Unit>(vm: &Vm, units: &[U], map: impl FnMut(u32) -> Option<u32> + Clone) -> Option<Res> {
    let (mut first, mut second) = (map.clone(), map);
    let mut seen = 0;
    for unit in units {
        seen |= first((*unit).into())?;
    }
    let singles = units.iter().map(|unit| second((*unit).into()).unwrap_or(0));
    Some(vm.str_from_iter(units.len(), seen, singles))
}

/// Maps each character to one as `single` says, or as `full` says if one becomes more.
fn map_text(
    vm: &Vm,
    this: &Str,
    single: impl FnMut(u32) -> Option<u32> + Clone,
    full: impl FnMut(usize, u32) -> Mapped,
) -> Res {
    let made = match this.chars() {
        Chars::One(s) => map_units(vm, s, single),
        Chars::Two(s) => map_units(vm, s, single),
        Chars::Four(s) => map_units(vm, s, single),
    };
    made.unwrap_or_else(|| map_chars(vm, this, full))
}

/// Lower case at a place: a capital sigma depends on whether it ends a word.
fn lower_at(chars: Chars<'_>, at: usize, c: u32) -> Mapped {
    if c != SIGMA {
        return LOWER.full(c);
    }
    let cased = |c: Option<u32>| c.is_some_and(unicode::is_cased);
    let visible = |c: &u32| !unicode::is_case_ignorable(*c);
    let before = cased(chars.slice(0, at).iter().rev().find(visible));
    let after = cased(chars.slice(at + 1, chars.len()).iter().find(visible));
    unicode::single(if before && !after { FINAL_SIGMA } else { SMALL_SIGMA })
}

pub(super) fn upper(vm: &Vm, this: &Value) -> Res {
    let this = text(this);
    if this.is_ascii() {
        return map_ascii(vm, this, |b| b.to_ascii_uppercase());
    }
    let uppers = UPPER.view();
    map_text(vm, this, move |c| uppers.single(c), |_, c| UPPER.full(c))
}

pub(super) fn lower(vm: &Vm, this: &Value) -> Res {
    let this = text(this);
    if this.is_ascii() {
        return map_ascii(vm, this, |b| b.to_ascii_lowercase());
    }
    let lowers = LOWER.view();
    map_text(vm, this, move |c| lowers.single(c), |at, c| lower_at(this.chars(), at, c))
}

pub(super) fn casefold(vm: &Vm, this: &Value) -> Res {
    let this = text(this);
    if this.is_ascii() {
        return map_ascii(vm, this, |b| b.to_ascii_lowercase());
    }
    let folds = FOLD.view();
    map_text(vm, this, move |c| folds.single(c), |_, c| FOLD.full(c))
}

pub(super) fn swapcase(vm: &Vm, this: &Value) -> Res {
    let this = text(this);
    if this.is_ascii() {
        return map_ascii(vm, this, |b| if b.is_ascii_alphabetic() { b ^ 0x20 } else { b });
    }
    let full = |at, c| if c == SIGMA { lower_at(this.chars(), at, c) } else { SWAP.full(c) };
    let swaps = SWAP.view();
    map_text(vm, this, move |c| swaps.single(c), full)
}

pub(super) fn capitalize(vm: &Vm, this: &Value) -> Res {
    let this = text(this);
    let mut first = true;
    if this.is_ascii() {
        return map_ascii(vm, this, |b| match std::mem::take(&mut first) {
            true => b.to_ascii_uppercase(),
            false => b.to_ascii_lowercase(),
        });
    }
    let (titles, lowers) = (TITLE.view(), LOWER.view());
    let single = move |c| if std::mem::take(&mut first) { titles.single(c) } else { lowers.single(c) };
    map_text(vm, this, single, |at, c| if at == 0 { TITLE.full(c) } else { lower_at(this.chars(), at, c) })
}

pub(super) fn title(vm: &Vm, this: &Value) -> Res {
    let this = text(this);
    let mut in_word = false;
    if this.is_ascii() {
        return map_ascii(vm, this, |b| {
            let mapped = if in_word { b.to_ascii_lowercase() } else { b.to_ascii_uppercase() };
            in_word = b.is_ascii_alphabetic();
            mapped
        });
    }
    let (titles, lowers) = (TITLE.view(), LOWER.view());
    let single = move |c| {
        let single = if in_word { lowers.single(c) } else { titles.single(c) };
        in_word = is_cased(c);
        single
    };
    map_text(vm, this, single, |at, c| {
        let mapped = if in_word { lower_at(this.chars(), at, c) } else { TITLE.full(c) };
        in_word = is_cased(c);
        mapped
    })
}

// ---- questions --------------------------------------------------------------------------------------------

/// The text that every character of is asked about.
fn asked(this: &Value) -> &Str {
    let this = text(this);
    owe_bytes(this.len() * 8);
    this
}

fn all(this: &Value, test: fn(u32) -> bool) -> Res {
    let this = asked(this);
    Ok(Value::bool(!this.is_empty() && this.chars().iter().all(test)))
}

pub(super) fn isalpha(_: &Vm, this: &Value) -> Res {
    all(this, unicode::is_alpha)
}
pub(super) fn isalnum(_: &Vm, this: &Value) -> Res {
    all(this, unicode::is_alnum)
}
pub(super) fn isdecimal(_: &Vm, this: &Value) -> Res {
    all(this, |c| unicode::decimal(c).is_some())
}
pub(super) fn isdigit(_: &Vm, this: &Value) -> Res {
    all(this, |c| unicode::digit(c).is_some())
}
pub(super) fn isnumeric(_: &Vm, this: &Value) -> Res {
    all(this, |c| unicode::numeric(c).is_some())
}
pub(super) fn isspace(_: &Vm, this: &Value) -> Res {
    all(this, unicode::is_space)
}
pub(super) fn isascii(_: &Vm, this: &Value) -> Res {
    Ok(Value::bool(asked(this).is_ascii()))
}
pub(super) fn isprintable(_: &Vm, this: &Value) -> Res {
    Ok(Value::bool(asked(this).chars().iter().all(unicode::is_printable)))
}

/// Whether characters are a name.
pub fn is_identifier(chars: Chars<'_>) -> bool {
    let mut chars = chars.iter();
    chars.next().is_some_and(unicode::is_id_start) && chars.all(unicode::is_id_continue)
}

pub(super) fn isidentifier(_: &Vm, this: &Value) -> Res {
    Ok(Value::bool(is_identifier(asked(this).chars())))
}

pub(super) fn isupper(_: &Vm, this: &Value) -> Res {
    let mut found = false;
    for c in asked(this).chars().iter() {
        if unicode::is_lower(c) || unicode::is_title(c) {
            return Ok(Value::FALSE);
        }
        found = found || unicode::is_upper(c);
    }
    Ok(Value::bool(found))
}

pub(super) fn islower(_: &Vm, this: &Value) -> Res {
    let mut found = false;
    for c in asked(this).chars().iter() {
        if unicode::is_upper(c) || unicode::is_title(c) {
            return Ok(Value::FALSE);
        }
        found = found || unicode::is_lower(c);
    }
    Ok(Value::bool(found))
}

pub(super) fn istitle(_: &Vm, this: &Value) -> Res {
    let (mut found, mut in_word) = (false, false);
    for c in asked(this).chars().iter() {
        if unicode::is_upper(c) || unicode::is_title(c) {
            if in_word {
                return Ok(Value::FALSE);
            }
            (found, in_word) = (true, true);
        } else if unicode::is_lower(c) {
            if !in_word {
                return Ok(Value::FALSE);
            }
            found = true;
        } else {
            in_word = false;
        }
    }
    Ok(Value::bool(found))
}
