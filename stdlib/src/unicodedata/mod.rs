//! `unicodedata`: the properties of characters in Unicode 16, and in Unicode 3.2.
//!
//! Categories and numbers are the VM's, names of characters the ones that literals have, normal forms those of a crate; the rest is in
//! `data.txt` and `sequences.txt`. Unicode 3.2 is told by what was different in it.

use std::cell::Cell;

use ryokan_vm::native::*;
use unicode_normalization::char::canonical_combining_class;

mod data;
mod forms;

use data::{of_range, of_single};
use forms::Form;

/// Functions of the module, and methods of an object of another version: the same, over what says which.
macro_rules! both {
    ($($name:ident = $inner:path: ($($arg:ident: $t:ty),*) -> $r:ty;)*) => {
        $(fn $name(cx: &Cx, $($arg: $t),*) -> Res<$r> {
            $inner(cx, Version::New, $($arg),*)
        })*
        /// The methods.
        mod of_object {
            use super::*;
            $(pub fn $name(cx: &Cx, this: This<Ucd>, $($arg: $t),*) -> Res<$r> {
                $inner(cx, this.version.get(), $($arg),*)
            })*
        }
    };
}

native_module! {
    /// The properties of characters, as Unicode 16.0.0 has them.
    "unicodedata" {
        consts { "unidata_version" = "16.0.0"; }
        types { Ucd }
        fill = fill;
        functions {
            /// The bidirectional class.
            bidirectional(chr: &Value, /), shows = "($self, chr, /)";
            /// The general category.
            category(chr: &Value, /), shows = "($self, chr, /)";
            /// The canonical combining class.
            combining(chr: &Value, /), shows = "($self, chr, /)";
            /// The value of a decimal digit; ValueError if it is none and there is no default.
            decimal(chr: &Value, default: Given = Given(None) => "<unrepresentable>", /), shows = "($self, chr, default=<unrepresentable>, /)";
            /// What the character decomposes to; empty if it does not.
            decomposition(chr: &Value, /), shows = "($self, chr, /)";
            /// The value of a digit; ValueError if it is none and there is no default.
            digit(chr: &Value, default: Given = Given(None) => "<unrepresentable>", /), shows = "($self, chr, default=<unrepresentable>, /)";
            /// The width in East Asian text.
            east_asian_width(chr: &Value, /), shows = "($self, chr, /)";
            /// Whether a str is in a normal form: 'NFC', 'NFKC', 'NFD' or 'NFKD'.
            is_normalized(form: &Value, unistr: &Value, /), shows = "($self, form, unistr, /)";
            /// The character, or the sequence of characters, of a name; KeyError if there is none.
            lookup(name: &Value, /), shows = "($self, name, /)";
            /// 1 if the character is mirrored in text from right to left, else 0.
            mirrored(chr: &Value, /), shows = "($self, chr, /)";
            /// The name; ValueError if there is none and no default.
            name(chr: &Value, default: Given = Given(None) => "<unrepresentable>", /), shows = "($self, chr, default=<unrepresentable>, /)";
            /// A str in a normal form: 'NFC', 'NFKC', 'NFD' or 'NFKD'.
            normalize(form: &Value, unistr: &Value, /), shows = "($self, form, unistr, /)";
            /// The value of a numeric character; ValueError if it is none and there is no default.
            numeric(chr: &Value, default: Given = Given(None) => "<unrepresentable>", /), shows = "($self, chr, default=<unrepresentable>, /)";
        }
    }
}

native_type! {
    /// The properties of characters in a version of Unicode.
    "unicodedata.UCD" = struct Ucd { version: Cell<Version> }
    members {
        /// the version
        unidata_version = |_, _: This<Ucd>| "3.2.0";
    }
    methods {
        /// The bidirectional class.
        bidirectional(chr: &Value, /) = of_object::bidirectional;
        /// The general category.
        category(chr: &Value, /) = of_object::category;
        /// The canonical combining class.
        combining(chr: &Value, /) = of_object::combining;
        /// The value of a decimal digit; ValueError if it is none and there is no default.
        decimal(chr: &Value, default: Given = Given(None) => "<unrepresentable>", /) = of_object::decimal;
        /// What the character decomposes to; empty if it does not.
        decomposition(chr: &Value, /) = of_object::decomposition;
        /// The value of a digit; ValueError if it is none and there is no default.
        digit(chr: &Value, default: Given = Given(None) => "<unrepresentable>", /) = of_object::digit;
        /// The width in East Asian text.
        east_asian_width(chr: &Value, /) = of_object::east_asian_width;
        /// Whether a str is in a normal form: 'NFC', 'NFKC', 'NFD' or 'NFKD'.
        is_normalized(form: &Value, unistr: &Value, /) = of_object::is_normalized;
        /// The character, or the sequence of characters, of a name; KeyError if there is none.
        lookup(name: &Value, /) = of_object::lookup;
        /// 1 if the character is mirrored in text from right to left, else 0.
        mirrored(chr: &Value, /) = of_object::mirrored;
        /// The name; ValueError if there is none and no default.
        name(chr: &Value, default: Given = Given(None) => "<unrepresentable>", /) = of_object::name;
        /// A str in a normal form: 'NFC', 'NFKC', 'NFD' or 'NFKD'.
        normalize(form: &Value, unistr: &Value, /) = of_object::normalize;
        /// The value of a numeric character; ValueError if it is none and there is no default.
        numeric(chr: &Value, default: Given = Given(None) => "<unrepresentable>", /) = of_object::numeric;
    }
}

/// Of Unicode.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Version {
    /// 16.0.0
    New,
    /// 3.2.0
    Old,
}

fn fill(module: &Filler) -> Res<()> {
    module.add("ucd_3_2_0", module.cx().new(Ucd { version: Cell::new(Version::Old) })?)
}

both! {
    bidirectional = bidirectional_of: (chr: &Value) -> &'static str;
    category = category_of: (chr: &Value) -> &'static str;
    combining = combining_of: (chr: &Value) -> u32;
    decimal = decimal_of: (chr: &Value, default: Given) -> Value;
    decomposition = decomposition_of: (chr: &Value) -> String;
    digit = digit_of: (chr: &Value, default: Given) -> Value;
    east_asian_width = width_of: (chr: &Value) -> &'static str;
    is_normalized = is_normalized_in: (form: &Value, unistr: &Value) -> bool;
    lookup = lookup_in: (name: &Value) -> Value;
    mirrored = mirrored_of: (chr: &Value) -> u32;
    name = name_of: (chr: &Value, default: Given) -> Value;
    normalize = normalize_in: (form: &Value, unistr: &Value) -> Value;
    numeric = numeric_of: (chr: &Value, default: Given) -> Value;
}

/// The character that a str of one is. `TypeError`
fn one(cx: &Cx, function: &str, chr: &Value) -> Res<u32> {
    let Some(text) = Str::of(chr) else {
        let kind = cx.arg_name(chr);
        let message = format_args!("{function}() argument must be a unicode character, not {kind}");
        return Err(cx.type_error(message));
    };
    match text.len() {
        1 => Ok(text.chars().at(0)),
        len => Err(cx.type_error(format_args!(
            "{function}(): argument must be a unicode character, not a string of length {len}"
        ))),
    }
}

/// The same of the first of two arguments.
fn first(cx: &Cx, function: &str, chr: &Value) -> Res<u32> {
    let Some(text) = Str::of(chr) else {
        let kind = cx.arg_name(chr);
        let message = format_args!("{function}() argument 1 must be a unicode character, not {kind}");
        return Err(cx.type_error(message));
    };
    match text.len() {
        1 => Ok(text.chars().at(0)),
        len => Err(cx.type_error(format_args!(
            "{function}(): argument 1 must be a unicode character, not a string of length {len}"
        ))),
    }
}

/// What Unicode 3.2 had otherwise, if that is asked for: `-` is nothing.
fn old(version: Version, ranges: &data::Ranges, c: u32) -> Option<&'static str> {
    if version == Version::New {
        return None;
    }
    match of_range(ranges, c) {
        "" => None,
        "-" => Some(""),
        value => Some(value),
    }
}

/// Whether a character had no meaning in that version.
fn is_unassigned(version: Version, c: u32) -> bool {
    category_in(version, c) == "Cn"
}

fn bidirectional_of(cx: &Cx, version: Version, chr: &Value) -> Res<&'static str> {
    let c = one(cx, "bidirectional", chr)?;
    Ok(old(version, &data::OLD_BIDIRECTIONAL, c).unwrap_or_else(|| of_range(&data::BIDIRECTIONAL, c)))
}

fn category_in(version: Version, c: u32) -> &'static str {
    if let Some(category) = old(version, &data::OLD_CATEGORY, c) {
        return category;
    }
    unicode::category(c).map_or("Cs", unicode::short_name)
}
fn category_of(cx: &Cx, version: Version, chr: &Value) -> Res<&'static str> {
    Ok(category_in(version, one(cx, "category", chr)?))
}

fn combining_in(version: Version, c: u32) -> u32 {
    match old(version, &data::OLD_COMBINING, c) {
        Some(class) => class.parse().unwrap_or(0),
        None => char::from_u32(c).map_or(0, |c| u32::from(canonical_combining_class(c))),
    }
}
fn combining_of(cx: &Cx, version: Version, chr: &Value) -> Res<u32> {
    Ok(combining_in(version, one(cx, "combining", chr)?))
}

fn width_of(cx: &Cx, version: Version, chr: &Value) -> Res<&'static str> {
    let c = one(cx, "east_asian_width", chr)?;
    Ok(old(version, &data::OLD_WIDTH, c).unwrap_or_else(|| of_range(&data::WIDTH, c)))
}

fn mirrored_of(cx: &Cx, version: Version, chr: &Value) -> Res<u32> {
    let c = one(cx, "mirrored", chr)?;
    let mirrored = old(version, &data::OLD_MIRRORED, c).unwrap_or_else(|| of_range(&data::MIRRORED, c));
    Ok(u32::from(mirrored == "1"))
}

const HANGUL: std::ops::Range<u32> = 0xAC00..0xD7A4;

fn decomposition_of(cx: &Cx, version: Version, chr: &Value) -> Res<String> {
    let c = one(cx, "decomposition", chr)?;
    if HANGUL.contains(&c) {
        let at = c - HANGUL.start;
        // A leading consonant, a vowel, and perhaps a trailing consonant.
        let tail = match at % 28 {
            0 => String::new(),
            tail => format!(" {:04X}", 0x11A7 + tail),
        };
        return Ok(format!("{:04X} {:04X}{tail}", 0x1100 + at / 588, 0x1161 + at % 588 / 28));
    }
    let found = match version {
        Version::New => None,
        Version::Old if is_unassigned(version, c) => Some("-"),
        Version::Old => of_single(&data::OLD_DECOMPOSITION, c),
    };
    let found = found.or_else(|| of_single(&data::DECOMPOSITION, c)).unwrap_or("");
    Ok(if found == "-" { String::new() } else { found.replace(',', " ") })
}

/// A number, or the default, or `ValueError`.
fn number(cx: &Cx, found: Option<impl IntoValue>, default: Given, what: &str) -> Res {
    match (found, default.0) {
        (Some(found), _) => found.into_value(cx),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(cx.value_error(format_args!("not a {what}"))),
    }
}

/// What a number was in Unicode 3.2: nothing if it is as now, nothing within if it was none.
fn old_number(version: Version, singles: &data::Ranges, c: u32) -> Option<Option<f64>> {
    match version {
        Version::New => None,
        Version::Old if is_unassigned(version, c) => Some(None),
        Version::Old => of_single(singles, c).map(|value| value.parse().ok()),
    }
}

fn decimal_of(cx: &Cx, version: Version, chr: &Value, default: Given) -> Res {
    let c = first(cx, "decimal", chr)?;
    let old = old_number(version, &data::OLD_DECIMAL, c).map(|n| n.map(|n| n as u32));
    number(cx, old.unwrap_or_else(|| unicode::decimal(c)), default, "decimal")
}
fn digit_of(cx: &Cx, _: Version, chr: &Value, default: Given) -> Res {
    let c = first(cx, "digit", chr)?;
    number(cx, unicode::digit(c), default, "digit")
}
fn numeric_of(cx: &Cx, version: Version, chr: &Value, default: Given) -> Res {
    let c = first(cx, "numeric", chr)?;
    let old = old_number(version, &data::OLD_NUMERIC, c);
    number(cx, old.unwrap_or_else(|| unicode::numeric(c)), default, "numeric character")
}

// ---- names -----------------------------------------------------------------------------------------------------------

/// No name is longer.
const LONGEST_NAME: usize = 256;

fn name_of(cx: &Cx, version: Version, chr: &Value, default: Given) -> Res {
    let c = first(cx, "name", chr)?;
    let known = !(version == Version::Old && is_unassigned(version, c));
    match (known.then(|| character_name(c)).flatten(), default.0) {
        (Some(name), _) => name.into_value(cx),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(cx.value_error("no such name")),
    }
}

fn lookup_in(cx: &Cx, version: Version, name: &Value) -> Res {
    let text = match Str::of(name) {
        Some(_) => name.clone(),
        None => {
            let bytes = Buffer::of(cx, name)?;
            let text = bytes.read(|bytes| String::from_utf8_lossy(&bytes[..bytes.len().min(300)]).into_owned());
            text.into_value(cx)?
        }
    };
    let text = cx.str(&text)?;
    if text.len() > LONGEST_NAME {
        return Err(cx.key_error("name too long".into_value(cx)?));
    }
    // Version 3.2 had fewer characters, and no second names.
    let is_old = |c: char| {
        let first = || character_name(u32::from(c)).is_some_and(|name| name.eq_ignore_ascii_case(&text));
        is_made_by_rule(&text) || !is_unassigned(version, u32::from(c)) && first()
    };
    let found = character_named(&text).filter(|c| version != Version::Old || is_old(*c));
    // Version 3.2 had no sequences.
    let sequence = || data::sequence(&text).filter(|_| version == Version::New);
    match found.map(|c| vec![u32::from(c)]).or_else(sequence) {
        Some(chars) => Chars::Four(&chars).into_value(cx),
        None => Err(cx.key_error(format_args!("undefined character name '{text}'").into_value(cx)?)),
    }
}

// ---- normal forms ----------------------------------------------------------------------------------------------------

/// The form and the text of two arguments.
fn form_and_text(cx: &Cx, function: &str, form: &Value, text: &Value) -> Res<(Option<Form>, Str)> {
    let asked = |value: &Value, number: u32| match Str::of(value) {
        Some(text) => Ok(text),
        None => {
            let kind = cx.arg_name(value);
            Err(cx.type_error(format_args!("{function}() argument {number} must be str, not {kind}")))
        }
    };
    let (form, text) = (asked(form, 1)?, asked(text, 2)?);
    let form = match form.ascii() {
        Some("NFC") => Some(Form::C),
        Some("NFKC") => Some(Form::Kc),
        Some("NFD") => Some(Form::D),
        Some("NFKD") => Some(Form::Kd),
        _ => None,
    };
    Ok((form, text))
}

fn is_normalized_in(cx: &Cx, version: Version, form: &Value, unistr: &Value) -> Res<bool> {
    let (form, text) = form_and_text(cx, "is_normalized", form, unistr)?;
    let form = form.ok_or(()).map_err(|()| cx.value_error("invalid normalization form"))?;
    if text.is_ascii() {
        return Ok(true);
    }
    cx.work(text.len() as u64 / 4)?;
    match version {
        Version::New => Ok(forms::is_normal(form, &text)),
        Version::Old => {
            let made = forms::normal(cx, form, &text, old_mapping)?;
            cx.holds(&made, CompareOp::Eq, unistr)
        }
    }
}

fn normalize_in(cx: &Cx, version: Version, form: &Value, unistr: &Value) -> Res {
    let (form, text) = form_and_text(cx, "normalize", form, unistr)?;
    if text.is_empty() {
        return "".into_value(cx);
    }
    let form = form.ok_or(()).map_err(|()| cx.value_error("invalid normalization form"))?;
    cx.work(text.len() as u64 / 2)?;
    if text.is_ascii() || (version == Version::New && forms::is_normal(form, &text)) {
        return text.plain(cx);
    }
    match version {
        Version::New => forms::normal(cx, form, &text, Some),
        Version::Old => forms::normal(cx, form, &text, old_mapping),
    }
}

/// Characters whose decompositions were corrected after Unicode 3.2, and what they were.
const CORRECTED: [(u32, u32); 5] =
    [(0x2F868, 0x2136A), (0x2F874, 0x5F33), (0x2F91F, 0x43AB), (0x2F95F, 0x7AAE), (0x2F9BF, 0x4D57)];

/// What Unicode 3.2 makes of a character before all else: another one where its decomposition was corrected since; nothing of one that it
/// does not know, which stays.
fn old_mapping(c: u32) -> Option<u32> {
    if is_unassigned(Version::Old, c) {
        return None;
    }
    Some(CORRECTED.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to))
}
