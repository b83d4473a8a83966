//! The format mini-language of `format()`, f-strings and `str.format`.
//!
//! ```text
//! [[fill]align][sign][z][#][0][width][grouping][.[precision][grouping]][type]
//! ```
//!
//! A spec is parsed over code points, because its fill may be any character. Numbers are laid out in parts (sign, prefix,
//! grouped digits, the rest), and padding goes where the alignment says. Locale-aware `n` behaves as in the C locale.

use crate::raised::{Raised, Res};
use crate::types::complex::{Complex, Pair};
use crate::types::float::{float_of, shortest};
use crate::types::int::{Num, decimal_digit, decimal_text, radix_text, view};
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

/// A format specification.
#[derive(Clone, Debug)]
pub struct Spec {
    /// What padding is made of.
    pub fill: u32,
    /// `<`, `>`, `^` or `=`.
    pub align: u8,
    /// `+`, `-` or a space, if given.
    pub sign: Option<u8>,
    /// `z`: a negative zero becomes positive.
    pub no_negative_zero: bool,
    /// `#`
    pub alternate: bool,
    /// The least width.
    pub width: usize,
    /// `,` or `_` between groups of the integer part.
    pub grouping: Option<u8>,
    /// `.precision`
    pub precision: Option<usize>,
    /// `,` or `_` between groups of the fraction.
    pub fraction_grouping: Option<u8>,
    /// The type's letter.
    pub kind: Option<u32>,
}

/// The next character, if it is one of these.
fn one_of(spec: &[u32], at: &mut usize, accepted: &[u8]) -> Option<u8> {
    let c = u8::try_from(*spec.get(*at)?).ok().filter(|c| accepted.contains(c))?;
    *at += 1;
    Some(c)
}

fn integer(vm: &Vm, spec: &[u32], at: &mut usize) -> Res<Option<usize>> {
    let mut number = None;
    while let Some(digit) = spec.get(*at).and_then(|c| decimal_digit(*c)) {
        let next = number.unwrap_or(0usize).checked_mul(10).and_then(|n| n.checked_add(usize::from(digit)));
        match next.filter(|n| *n <= isize::MAX as usize) {
            Some(next) => number = Some(next),
            None => return Err(vm.value_error("Too many decimal digits in format string")),
        }
        *at += 1;
    }
    Ok(number)
}

fn both_separators(vm: &Vm) -> Raised {
    vm.value_error("Cannot specify both ',' and '_'.")
}

/// `,` or `_`, but not both.
fn separator(vm: &Vm, spec: &[u32], at: &mut usize) -> Res<Option<u8>> {
    let mut found = one_of(spec, at, b",");
    if let Some(underscore) = one_of(spec, at, b"_") {
        if found.is_some() {
            return Err(both_separators(vm));
        }
        found = Some(underscore);
    }
    if found == Some(b'_') && spec.get(*at) == Some(&u32::from(b',')) {
        return Err(both_separators(vm));
    }
    Ok(found)
}

/// Whether digits of a type can stand in groups with such a separator.
fn may_group(kind: Option<u32>, separator: u8) -> bool {
    match kind.map(|k| u8::try_from(k).unwrap_or(0)) {
        None | Some(b'd' | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%') => true,
        Some(b'b' | b'o' | b'x' | b'X') => separator == b'_',
        Some(_) => false,
    }
}

impl Spec {
    /// Parses a specification. `align` and `kind` are the defaults for the value's type.
    fn parse(vm: &Vm, value: &Value, spec: &[u32], align: u8, kind: Option<u8>) -> Res<Spec> {
        let mut at = 0;
        let (mut fill, mut filled, mut aligned) = (u32::from(b' '), false, false);
        let mut align = align;
        let numeric = align == b'>';
        let is_align =
            |c: Option<&u32>| c.is_some_and(|c| [b'<', b'>', b'=', b'^'].map(u32::from).contains(c));
        if is_align(spec.get(1)) {
            (fill, align, filled, aligned) = (spec[0], spec[1] as u8, true, true);
            at = 2;
        } else if is_align(spec.first()) {
            (align, aligned) = (spec[0] as u8, true);
            at = 1;
        }
        let sign = one_of(spec, &mut at, b" +-");
        let no_negative_zero = one_of(spec, &mut at, b"z").is_some();
        let alternate = one_of(spec, &mut at, b"#").is_some();
        if !filled && one_of(spec, &mut at, b"0").is_some() {
            fill = u32::from(b'0');
            if !aligned && numeric {
                align = b'=';
            }
        }
        let width = integer(vm, spec, &mut at)?.unwrap_or(0);
        let grouping = separator(vm, spec, &mut at)?;
        let (mut precision, mut fraction_grouping) = (None, None);
        if one_of(spec, &mut at, b".").is_some() {
            precision = integer(vm, spec, &mut at)?;
            fraction_grouping = separator(vm, spec, &mut at)?;
            if precision.is_none() && fraction_grouping.is_none() {
                return Err(vm.value_error("Format specifier missing precision"));
            }
        }
        if spec.len() - at > 1 {
            let text: String = spec.iter().map(|c| char::from_u32(*c).unwrap_or('\u{FFFD}')).collect();
            return Err(vm.value_error(format_args!(
                "Invalid format specifier '{text}' for object of type '{}'",
                vm.type_name(value)
            )));
        }
        let kind = spec.get(at).copied().or(kind.map(u32::from));
        let letter = kind.and_then(|k| u8::try_from(k).ok());
        let refused = match (grouping, fraction_grouping) {
            (Some(separator), _) if !may_group(kind, separator) => Some(separator),
            (_, Some(separator)) if letter == Some(b'n') => Some(separator),
            _ => None,
        };
        if let Some(separator) = refused {
            return Err(vm.value_error(format_args!(
                "Cannot specify '{}' with {}.",
                separator as char,
                shown_kind(kind)
            )));
        }
        Ok(Spec {
            fill,
            align,
            sign,
            no_negative_zero,
            alternate,
            width,
            grouping,
            precision,
            fraction_grouping,
            kind,
        })
    }

    /// The type's letter, if it is ASCII.
    fn letter(&self) -> Option<u8> {
        self.kind.map(|k| u8::try_from(k).unwrap_or(0))
    }
}

/// A type's letter as messages show it.
fn shown_kind(kind: Option<u32>) -> String {
    match kind.unwrap_or(0) {
        c @ 33..128 => format!("'{}'", c as u8 as char),
        c => format!("'\\x{c:x}'"),
    }
}

fn unknown_kind(vm: &Vm, value: &Value, spec: &Spec) -> Raised {
    vm.value_error(format_args!(
        "Unknown format code {} for object of type '{}'",
        shown_kind(spec.kind),
        vm.type_name(value)
    ))
}

/// `value.__format__(spec)` of int, float, complex and str.
pub fn format_method(vm: &Vm, value: &Value, spec: &Value) -> Res {
    let Some(text) = spec.get::<Str>() else {
        return Err(
            vm.type_error(format_args!("__format__() argument must be str, not {}", vm.arg_name(spec)))
        );
    };
    if text.is_empty() {
        return vm.to_str(value);
    }
    vm.room_for_bytes(text.len() as u128 * 6)?;
    let spec: Vec<u32> = text.chars().iter().collect();
    format_value(vm, value, &spec)
}

/// `format(value, spec)` of an int, float, complex number or str, or an instance of a subclass.
pub fn format_value(vm: &Vm, value: &Value, spec: &[u32]) -> Res {
    if spec.is_empty() {
        return vm.to_str(value);
    }
    if let Some(text) = value.get::<Str>() {
        return format_str(vm, value, text, spec);
    }
    if let Some(x) = float_of(value) {
        let spec = Spec::parse(vm, value, spec, b'>', None)?;
        return format_float(vm, value, x, &spec);
    }
    if let Some(n) = view(value) {
        let spec = Spec::parse(vm, value, spec, b'>', Some(b'd'))?;
        return format_int(vm, value, n, &spec);
    }
    if let Some(z) = value.get::<Complex>() {
        let spec = Spec::parse(vm, value, spec, b'>', None)?;
        return format_complex(vm, value, (z.re, z.im), &spec);
    }
    Err(vm.type_error(format_args!("unsupported format string passed to {}.__format__", vm.type_name(value))))
}

/// Pads `len` characters on both sides as the alignment says, and makes the str.
fn padded(vm: &Vm, spec: &Spec, len: usize, most: u32, chars: impl Iterator<Item = u32>) -> Res {
    let padding = spec.width.saturating_sub(len);
    let left = match spec.align {
        b'<' => 0,
        b'^' => padding / 2,
        _ => padding,
    };
    let fill = |count: usize| std::iter::repeat_n(spec.fill, count);
    let most = if padding == 0 { most } else { most.max(spec.fill) };
    vm.str_from_iter(len + padding, most, fill(left).chain(chars).chain(fill(padding - left)))
}

fn format_str(vm: &Vm, value: &Value, text: &Str, spec: &[u32]) -> Res {
    let spec = Spec::parse(vm, value, spec, b'<', Some(b's'))?;
    if spec.letter() != Some(b's') {
        return Err(unknown_kind(vm, value, &spec));
    }
    let refused = match &spec {
        Spec { sign: Some(b' '), .. } => Some("Space not allowed"),
        Spec { sign: Some(_), .. } => Some("Sign not allowed"),
        Spec { no_negative_zero: true, .. } => Some("Negative zero coercion (z) not allowed"),
        Spec { alternate: true, .. } => Some("Alternate form (#) not allowed"),
        Spec { align: b'=', .. } => Some("'=' alignment not allowed"),
        _ => None,
    };
    if let Some(what) = refused {
        return Err(vm.value_error(format_args!("{what} in string format specifier")));
    }
    let len = text.len().min(spec.precision.unwrap_or(usize::MAX));
    if len == text.len() && spec.width <= len {
        return Ok(value.clone());
    }
    let chars = text.chars().slice(0, len);
    padded(vm, &spec, len, chars.max_char(), chars.iter())
}

/// A number in parts.
struct Parts {
    negative: bool,
    prefix: &'static str,
    /// The integer part; empty for what is not made of digits.
    digits: String,
    /// Point, fraction, exponent, percent sign.
    rest: String,
}

/// Digits in groups from the right, with leading zeros up to a width that counts the separators.
fn grouped(digits: &str, separator: u8, size: usize, width: usize) -> String {
    let (mut left, mut width) = (digits.len() as isize, width as isize);
    let bytes = digits.as_bytes();
    let mut reversed = Vec::with_capacity(digits.len() * 4 / 3 + 1);
    loop {
        let len = left.max(width).max(1).min(size as isize);
        let taken = left.min(len).max(0);
        let from = (left - taken) as usize;
        reversed.extend(bytes[from..left as usize].iter().rev());
        reversed.extend(std::iter::repeat_n(b'0', (len - taken) as usize));
        left -= taken;
        width -= len;
        if left <= 0 && width <= 0 {
            break;
        }
        width -= 1;
        reversed.push(separator);
    }
    reversed.iter().rev().map(|c| *c as char).collect()
}

/// The digits behind a point in groups of three.
fn group_fraction(rest: &str, separator: u8) -> String {
    let Some(tail) = rest.strip_prefix('.') else { return rest.to_string() };
    let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
    let mut text = String::from(".");
    for (at, c) in tail[..digits].chars().enumerate() {
        if at != 0 && at % 3 == 0 {
            text.push(separator as char);
        }
        text.push(c);
    }
    text + &tail[digits..]
}

/// Signs, groups and pads a number's parts.
fn lay_out(spec: &Spec, parts: &Parts, group: usize) -> (String, usize, String) {
    let sign = match (parts.negative, spec.sign) {
        (true, _) => "-",
        (false, Some(b'+')) => "+",
        (false, Some(b' ')) => " ",
        _ => "",
    };
    let head = format!("{sign}{}", parts.prefix);
    let rest = match spec.fraction_grouping {
        Some(separator) => group_fraction(&parts.rest, separator),
        None => parts.rest.clone(),
    };
    let zeros = spec.fill == u32::from(b'0') && spec.align == b'=';
    let least = if zeros { spec.width.saturating_sub(head.len() + rest.len()) } else { 0 };
    let digits = match spec.grouping {
        Some(separator) if !parts.digits.is_empty() => grouped(&parts.digits, separator, group, least),
        _ => parts.digits.clone(),
    };
    let len = head.len() + digits.len() + rest.len();
    let inner = if spec.align == b'=' { spec.width.saturating_sub(len) } else { 0 };
    (head, inner, digits + &rest)
}

/// A number's str, by its parts.
fn finish(vm: &Vm, spec: &Spec, parts: &Parts, group: usize) -> Res {
    vm.room_for_bytes(spec.width as u128 * 8)?;
    let (head, inner, tail) = lay_out(spec, parts, group);
    let body = head
        .bytes()
        .map(u32::from)
        .chain(std::iter::repeat_n(spec.fill, inner))
        .chain(tail.bytes().map(u32::from));
    let most = if inner == 0 { 127 } else { spec.fill.max(127) };
    padded(vm, spec, head.len() + inner + tail.len(), most, body)
}

fn format_int(vm: &Vm, value: &Value, n: Num<'_>, spec: &Spec) -> Res {
    let letter = spec.letter();
    if let Some(b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%') = letter {
        return format_float(vm, value, vm.int_as_f64(n)?, spec);
    }
    if !matches!(letter, Some(b'b' | b'c' | b'd' | b'o' | b'x' | b'X' | b'n')) {
        return Err(unknown_kind(vm, value, spec));
    }
    if spec.precision.is_some() {
        return Err(vm.value_error("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        return Err(vm.value_error("Negative zero coercion (z) not allowed in integer format specifier"));
    }
    if letter == Some(b'c') {
        return format_char(vm, value, spec);
    }
    let (base, prefix) = match letter {
        Some(b'b') => (2, "0b"),
        Some(b'o') => (8, "0o"),
        Some(b'x') => (16, "0x"),
        Some(b'X') => (16, "0X"),
        _ => (10, ""),
    };
    let digits = match (base, n) {
        (10, n) => decimal_text(vm, n)?.trim_start_matches('-').to_string(),
        (2, Num::Small(n)) => format!("{:b}", n.unsigned_abs()),
        (8, Num::Small(n)) => format!("{:o}", n.unsigned_abs()),
        (_, Num::Small(n)) if letter == Some(b'X') => format!("{:X}", n.unsigned_abs()),
        (_, Num::Small(n)) => format!("{:x}", n.unsigned_abs()),
        (base, n) => radix_text(vm, n, base, letter == Some(b'X'))?.trim_start_matches('-').to_string(),
    };
    let prefix = if spec.alternate { prefix } else { "" };
    let parts = Parts { negative: n.is_negative(), prefix, digits, rest: String::new() };
    finish(vm, spec, &parts, if base == 10 { 3 } else { 4 })
}

fn format_char(vm: &Vm, value: &Value, spec: &Spec) -> Res {
    if spec.sign.is_some() {
        return Err(vm.value_error("Sign not allowed with integer format specifier 'c'"));
    }
    if spec.alternate {
        return Err(vm.value_error("Alternate form (#) not allowed with integer format specifier 'c'"));
    }
    match vm.index_long(value)? {
        c @ 0..0x11_0000 => padded(vm, spec, 1, c as u32, std::iter::once(c as u32)),
        _ => Err(vm.overflow_error("%c arg not in range(0x110000)")),
    }
}

/// More digits than this a float does not have: the rest are zeros.
const MOST_DIGITS: usize = 1100;

/// How a float is written out.
#[derive(Clone, Copy)]
pub struct FloatStyle {
    /// `e`, `f`, `g`, or `r` for the shortest that gives the float back.
    pub kind: u8,
    /// Digits behind the point, or significant ones for `g`.
    pub precision: usize,
    /// `#`: keeps the point, and `g`'s zeros.
    pub alternate: bool,
    /// Adds `.0` to what would look like an int.
    pub dot_zero: bool,
    /// `E`, `INF`, `NAN`.
    pub upper: bool,
}

/// The magnitude of a float: integer part (empty for infinities and NaN), the rest, and whether it is zero as shown.
pub fn float_parts(x: f64, style: FloatStyle) -> (String, String, bool) {
    if !x.is_finite() {
        let text = if x.is_nan() { "nan" } else { "inf" };
        return (String::new(), if style.upper { text.to_uppercase() } else { text.to_string() }, false);
    }
    let (digits, point) = rounded_digits(x.abs(), style);
    let zero = digits.iter().all(|d| *d == b'0');
    let precision = if style.kind == b'g' { style.precision.max(1) } else { style.precision };
    let scientific = match style.kind {
        b'e' => true,
        b'f' => false,
        b'g' => point <= -4 || i64::from(point) > precision as i64 - i64::from(style.dot_zero),
        _ => point <= -4 || point > 16,
    };
    let shown_point = if scientific { 1 } else { point };
    // Digits to show, counted from the first one.
    let end = match style.kind {
        b'e' => precision as i64 + 1,
        b'f' => precision as i64 + i64::from(point),
        b'g' if style.alternate => precision as i64,
        _ => digits.len() as i64,
    };
    let least = i64::from(shown_point) + i64::from(style.dot_zero && !scientific);
    let end = end.max(least);
    let digit = |at: i64| if at < 0 { '0' } else { digits.get(at as usize).map_or('0', |d| *d as char) };
    let whole: String =
        if shown_point <= 0 { "0".into() } else { (0..i64::from(shown_point)).map(digit).collect() };
    let mut rest = String::new();
    let fraction = i64::from(shown_point)..end;
    if !fraction.is_empty() || style.alternate {
        rest.push('.');
        rest.extend(fraction.map(digit));
    }
    if scientific {
        let exponent = point - 1;
        let sign = if exponent < 0 { '-' } else { '+' };
        rest.push_str(&format!("{}{sign}{:02}", if style.upper { 'E' } else { 'e' }, exponent.abs()));
    }
    (whole, rest, zero)
}

/// The correctly rounded digits of a finite magnitude, `0.d1d2.. * 10^point`.
fn rounded_digits(x: f64, style: FloatStyle) -> (Vec<u8>, i32) {
    let precision = style.precision.min(MOST_DIGITS);
    let (digits, point) = match style.kind {
        b'f' => {
            if let Some(text) = fixed(x, precision) {
                let whole = text.len() - precision;
                return trimmed(&text, whole as i32);
            }
            let text = format!("{x:.precision$}");
            let whole = text.find('.').unwrap_or(text.len());
            (text.bytes().filter(|c| *c != b'.').collect::<Vec<u8>>(), whole as i32)
        }
        b'e' | b'g' => {
            let after = if style.kind == b'e' { precision } else { precision.max(1) - 1 };
            let text = format!("{x:.after$e}");
            let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
            (mantissa.bytes().filter(|c| *c != b'.').collect(), exponent.parse::<i32>().unwrap_or(0) + 1)
        }
        _ => {
            let shortest = shortest(x);
            (shortest.digits, shortest.point)
        }
    };
    trimmed(&digits, point)
}

/// The digits without zeros at both ends, and where the point is then.
fn trimmed(digits: &[u8], point: i32) -> (Vec<u8>, i32) {
    let Some(first) = digits.iter().position(|d| *d != b'0') else { return (vec![b'0'], 1) };
    let last = digits.iter().rposition(|d| *d != b'0').unwrap_or(first);
    (digits[first..=last].to_vec(), point - first as i32)
}

/// The digits of a magnitude with so many behind the point, at least one before it, rounded half to even: by whole numbers, where the
/// magnitude times a power of ten is one of 128 bits. Nothing otherwise.
fn fixed(x: f64, precision: usize) -> Option<Vec<u8>> {
    // 53 bits and 10 to the 22nd are 127 bits.
    const MOST: usize = 22;
    let (bits, fraction) = (x.to_bits(), (1u64 << 52) - 1);
    let exponent = (bits >> 52 & 0x7FF) as i32;
    if precision > MOST || exponent == 0 {
        return None;
    }
    let (mantissa, shift) = (u128::from(bits & fraction | 1 << 52), 1075 - exponent);
    if !(1..=126).contains(&shift) {
        return None;
    }
    let scaled = mantissa * 10u128.pow(precision as u32);
    let (whole, rest, half) = (scaled >> shift, scaled & ((1 << shift) - 1), 1u128 << (shift - 1));
    let up = rest > half || (rest == half && whole & 1 == 1);
    let mut number = whole + u128::from(up);
    let mut digits = Vec::with_capacity(precision + 20);
    while number != 0 || digits.len() <= precision {
        digits.push(b'0' + (number % 10) as u8);
        number /= 10;
    }
    digits.reverse();
    Some(digits)
}

/// The style that a spec means; `None` for a type that floats do not have.
fn float_style(vm: &Vm, spec: &Spec) -> Res<Option<FloatStyle>> {
    let letter = spec.letter();
    let kind = match letter.map(|l| l.to_ascii_lowercase()) {
        None if spec.precision.is_none() => b'r',
        None | Some(b'g' | b'n') => b'g',
        Some(b'%') => b'f',
        Some(kind @ (b'e' | b'f')) => kind,
        _ => return Ok(None),
    };
    if letter == Some(b'N') {
        return Ok(None);
    }
    let precision = spec.precision.unwrap_or(if kind == b'r' { 0 } else { 6 });
    if precision >= i32::MAX as usize {
        return Err(vm.value_error("precision too big"));
    }
    vm.room_for_bytes(precision as u128 * 4)?;
    let upper = letter.is_some_and(|l| l.is_ascii_uppercase());
    Ok(Some(FloatStyle { kind, precision, alternate: spec.alternate, dot_zero: spec.kind.is_none(), upper }))
}

fn format_float(vm: &Vm, value: &Value, x: f64, spec: &Spec) -> Res {
    let Some(style) = float_style(vm, spec)? else { return Err(unknown_kind(vm, value, spec)) };
    let percent = spec.letter() == Some(b'%');
    let mut parts = float_as_parts(if percent { x * 100.0 } else { x }, style, spec);
    if percent {
        parts.rest.push('%');
    }
    finish(vm, spec, &parts, 3)
}

fn float_as_parts(x: f64, style: FloatStyle, spec: &Spec) -> Parts {
    let (digits, rest, zero) = float_parts(x, style);
    let negative = x.is_sign_negative() && !x.is_nan() && !(zero && spec.no_negative_zero);
    Parts { negative, prefix: "", digits, rest }
}

fn format_complex(vm: &Vm, value: &Value, (re, im): Pair, spec: &Spec) -> Res {
    let style = match spec.letter() {
        Some(b'%') => None,
        _ => float_style(vm, spec)?,
    };
    let Some(style) = style else { return Err(unknown_kind(vm, value, spec)) };
    if spec.fill == u32::from(b'0') {
        return Err(vm.value_error("Zero padding is not allowed in complex format specifier"));
    }
    if spec.align == b'=' {
        return Err(vm.value_error("'=' alignment flag is not allowed in complex format specifier"));
    }
    let style = FloatStyle { dot_zero: false, ..style };
    let part = |x: f64, sign: Option<u8>| {
        let bare = Spec { fill: u32::from(b' '), align: b'<', width: 0, sign, ..spec.clone() };
        let (head, _, tail) = lay_out(&bare, &float_as_parts(x, style, &bare), 3);
        head + &tail
    };
    let plain = spec.kind.is_none();
    let only_imaginary = plain && re == 0.0 && re.is_sign_positive();
    let text = if only_imaginary {
        format!("{}j", part(im, spec.sign))
    } else {
        let (open, close) = if plain { ("(", ")") } else { ("", "") };
        format!("{open}{}{}j{close}", part(re, spec.sign), part(im, Some(b'+')))
    };
    vm.room_for_bytes(spec.width as u128 * 8)?;
    padded(vm, spec, text.len(), 127, text.bytes().map(u32::from))
}
