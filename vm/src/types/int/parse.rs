//! Text to int and back: literals, the constructor, and decimal output with its limit.

use std::borrow::Cow;
use std::fmt::Write;

use dashu_int::{IBig, UBig};

use super::{Num, is_exact_int, is_int, magnitude_bits, scratch, view};
use crate::object::call::Args;
use crate::raised::{Raised, Res};
use crate::types::str::{Str, StrBuilder};
use crate::value::Value;
use crate::vm::Vm;

/// The decimal zeros of Unicode 16; the nine digits follow each.
const DECIMAL_ZEROS: [u32; 76] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50,
    0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40,
    0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x10d40,
    0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da,
    0x11730, 0x118e0, 0x11950, 0x11bf0, 0x11c50, 0x11d50, 0x11da0, 0x11f50, 0x16130, 0x16a60, 0x16ac0,
    0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0,
    0x1e5f1, 0x1e950, 0x1fbf0,
];

/// The digit that a character is, in any script.
pub fn decimal_digit(c: u32) -> Option<u8> {
    let at = DECIMAL_ZEROS.partition_point(|zero| *zero <= c);
    let zero = *DECIMAL_ZEROS.get(at.checked_sub(1)?)?;
    if c - zero < 10 { Some((c - zero) as u8) } else { None }
}

/// White space beyond ASCII.
fn is_wide_space(c: u32) -> bool {
    matches!(c, 0x85 | 0xa0 | 0x1680 | 0x2000..=0x200a | 0x2028 | 0x2029 | 0x202f | 0x205f | 0x3000)
}

/// The text of a number in ASCII: digits of other scripts as digits, white space as spaces, the rest as `?`. A text that is
/// ASCII already stays as it is, and where it is.
pub fn to_ascii_number<'a>(vm: &Vm, text: &'a Str) -> Res<Cow<'a, [u8]>> {
    if let Some(ascii) = text.ascii() {
        return Ok(Cow::Borrowed(ascii.as_bytes()));
    }
    vm.room_for_bytes(text.len() as u128)?;
    let ascii = |c: u32| match c {
        0x1c..=0x1f => b' ',
        0..0x80 => c as u8,
        _ if is_wide_space(c) => b' ',
        _ => decimal_digit(c).map_or(b'?', |d| b'0' + d),
    };
    Ok(Cow::Owned(text.chars().iter().map(ascii).collect()))
}

/// ASCII white space as C's `isspace` has it.
fn is_space(c: u8) -> bool {
    matches!(c, b' ' | 9..=13)
}

/// Strips white space at both ends.
pub fn strip(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|c| !is_space(*c)).unwrap_or(text.len());
    let end = text.iter().rposition(|c| !is_space(*c)).map_or(start, |at| at + 1);
    &text[start..end]
}

/// Why a text is no int.
pub enum BadInt {
    /// It is not written as one.
    Syntax,
    /// It has more digits (so many) than `sys.set_int_max_str_digits` allows.
    TooLong(usize),
}

/// Reads an int in a base of 2 to 36, or of 0: as in source code.
pub fn int_from_text(text: &[u8], base: u32, max_digits: usize) -> Result<IBig, BadInt> {
    let text = strip(text);
    let (negative, mut text) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let prefix = match text {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 10,
    };
    let literal = base == 0;
    let base = if literal { prefix } else { base };
    if prefix == base && prefix != 10 {
        text = &text[2..];
        // One underscore may follow the prefix.
        text = text.strip_prefix(b"_").unwrap_or(text);
    } else if literal && text.first() == Some(&b'0') && text.iter().any(|c| *c != b'0' && *c != b'_') {
        return Err(BadInt::Syntax);
    }
    if let Some(small) = few_digits(text, base) {
        return Ok(IBig::from(if negative { -small } else { small }));
    }
    let digits = digits_of(text, base)?;
    if max_digits != 0 && digits.len() > max_digits.max(640) && !base.is_power_of_two() {
        return Err(BadInt::TooLong(digits.len()));
    }
    let magnitude = magnitude(&digits, base)?;
    Ok(if negative { -IBig::from(magnitude) } else { IBig::from(magnitude) })
}

/// The number of up to so many digits, and nothing else, as fit in 64 bits in any base; `None` of anything else.
fn few_digits(text: &[u8], base: u32) -> Option<i64> {
    const FEW: usize = 12;
    if text.is_empty() || text.len() > FEW {
        return None;
    }
    text.iter().try_fold(0, |sum, c| {
        let digit = (*c as char).to_digit(base)?;
        Some(sum * i64::from(base) + i64::from(digit))
    })
}

/// `int(text)` of a few ASCII digits with perhaps a sign; `None` of anything else, good or bad.
pub(super) fn plain_decimal(text: &[u8]) -> Option<i64> {
    match text {
        [b'-', digits @ ..] => few_digits(digits, 10).map(|number| -number),
        digits => few_digits(digits, 10),
    }
}

/// The digits without underscores, each of which must stand between two digits.
fn digits_of(text: &[u8], base: u32) -> Result<Vec<u8>, BadInt> {
    let mut digits = Vec::with_capacity(text.len());
    let mut after_digit = false;
    for &c in text {
        if c == b'_' && after_digit {
            after_digit = false;
        } else if (c as char).is_digit(base) {
            digits.push(c);
            after_digit = true;
        } else {
            return Err(BadInt::Syntax);
        }
    }
    if after_digit { Ok(digits) } else { Err(BadInt::Syntax) }
}

fn magnitude(digits: &[u8], base: u32) -> Result<UBig, BadInt> {
    let text = std::str::from_utf8(digits).map_err(|_| BadInt::Syntax)?;
    match u64::from_str_radix(text, base) {
        Ok(small) => Ok(UBig::from(small)),
        Err(_) => UBig::from_str_radix(text, base).map_err(|_| BadInt::Syntax),
    }
}

/// More digits than this many bits can never be asked for under a limit of one digit per 3.32 bits.
fn certainly_longer(bits: usize, max_digits: usize) -> bool {
    max_digits != 0 && bits / 10 * 3 > max_digits + 16
}

/// The decimal digits of an int; ValueError if there are more than the limit allows.
pub fn decimal_text(vm: &Vm, x: Num<'_>) -> Res<String> {
    let big = match x {
        Num::Small(n) => return Ok(n.to_string()),
        Num::Big(n) => n,
    };
    let limit = vm.sys.int_max_str_digits.get();
    let bits = magnitude_bits(big);
    if certainly_longer(bits, limit) {
        return Err(too_long_to_show(vm, limit));
    }
    vm.room_for_work(bits as u128 * 3, scratch::QUOTIENT / 2)?;
    let text = big.to_string();
    if limit != 0 && text.trim_start_matches('-').len() > limit {
        return Err(too_long_to_show(vm, limit));
    }
    Ok(text)
}

fn too_long_to_show(vm: &Vm, limit: usize) -> Raised {
    vm.value_error(format_args!(
        "Exceeds the limit ({limit} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit"
    ))
}

/// The digits of an int in base 2, 8 or 16, with its sign; no limit concerns them.
pub fn radix_text(vm: &Vm, x: Num<'_>, base: u8, upper: bool) -> Res<String> {
    // The text, what is made of it by whoever asks, and the str.
    let digits = x.bits() as u128 / u128::from(base.ilog2()) + 3;
    vm.room_for_bytes(digits * 4)?;
    let number = x.big();
    let mut text = String::with_capacity(digits as usize);
    // Writing to a String does not fail.
    let _ = if upper {
        write!(text, "{:#}", number.in_radix(base))
    } else {
        write!(text, "{}", number.in_radix(base))
    };
    Ok(text)
}

/// What a 64-bit number takes at most in decimal digits with its sign.
pub const DECIMAL_ROOM: usize = 20;

/// What it takes in base 2, with a sign and a prefix.
pub const RADIX_ROOM: usize = 67;

/// The numbers below 100 in two digits each.
const PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[0; 2]; 100];
    let mut n = 0;
    while n < 100 {
        pairs[n] = [b'0' + (n / 10) as u8, b'0' + (n % 10) as u8];
        n += 1;
    }
    pairs
};

/// Writes a 64-bit number without a detour through the allocator.
pub fn small_text(n: i64, buffer: &mut [u8; DECIMAL_ROOM]) -> &[u8] {
    let (mut rest, mut at) = (n.unsigned_abs(), buffer.len());
    while rest >= 100 {
        at -= 2;
        buffer[at..at + 2].copy_from_slice(&PAIRS[(rest % 100) as usize]);
        rest /= 100;
    }
    if rest >= 10 {
        at -= 2;
        buffer[at..at + 2].copy_from_slice(&PAIRS[rest as usize]);
    } else {
        at -= 1;
        buffer[at] = b'0' + rest as u8;
    }
    if n < 0 {
        at -= 1;
        buffer[at] = b'-';
    }
    &buffer[at..]
}

/// Writes a 64-bit number in base 2, 8 or 16: its sign, a prefix, its digits.
pub fn small_radix_text<'b>(
    n: i64,
    base: u8,
    upper: bool,
    prefix: &str,
    buffer: &'b mut [u8; RADIX_ROOM],
) -> &'b [u8] {
    let digits = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
    let (bits, mask) = (base.ilog2(), u64::from(base) - 1);
    let (mut rest, mut at) = (n.unsigned_abs(), buffer.len());
    loop {
        at -= 1;
        buffer[at] = digits[(rest & mask) as usize];
        rest >>= bits;
        if rest == 0 {
            break;
        }
    }
    at -= prefix.len();
    buffer[at..at + prefix.len()].copy_from_slice(prefix.as_bytes());
    if n < 0 {
        at -= 1;
        buffer[at] = b'-';
    }
    &buffer[at..]
}

/// `repr(n)`
pub fn repr(vm: &Vm, this: &Value) -> Res {
    match view(this).unwrap_or(Num::Small(0)) {
        Num::Small(n) => {
            let mut buffer = [0; DECIMAL_ROOM];
            vm.str_from_ascii(small_text(n, &mut buffer))
        }
        big => vm.str_from_ascii(decimal_text(vm, big)?.as_bytes()),
    }
}

/// Appends `repr(n)`.
pub fn write(vm: &Vm, this: &Value, text: &mut StrBuilder<'_>) -> Res<()> {
    match view(this).unwrap_or(Num::Small(0)) {
        Num::Small(n) => text.push_ascii(small_text(n, &mut [0; DECIMAL_ROOM])),
        big => text.push_str(&decimal_text(vm, big)?),
    }
}

// ---- the constructor ---------------------------------------------------------------------------------------------

/// `int.__new__(class, x=0, /, base=10)`
pub fn new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let exact = class.word() == vm.types.int.word();
    let (given, named) = (args.pos.len(), args.names.len());
    if given + named > 2 && (named > 0 || !exact) {
        let (kind, total) = (if given == 0 { "keyword " } else { "" }, given + named);
        return Err(vm.type_error(format_args!("int() takes at most 2 {kind}arguments ({total} given)")));
    }
    let value = construct(vm, args)?;
    if exact {
        return Ok(value);
    }
    let number = view(&value).map_or(IBig::ZERO, |n| n.big().into_owned());
    vm.int_of_class(class, number)
}

fn construct(vm: &Vm, args: Args<'_>) -> Res {
    if args.pos.len() > 2 {
        return Err(vm.type_error(format_args!("int expected at most 2 arguments, got {}", args.pos.len())));
    }
    let mut base = args.pos.get(1);
    for (name, value) in args.names.iter().zip(args.named) {
        if vm.text(name) != "base" {
            return Err(vm.unexpected_keyword("int", name, &["base"]));
        }
        if base.is_some() {
            return Err(vm.type_error("argument for int() given by name ('base') and position (2)"));
        }
        base = Some(value);
    }
    match (args.pos.first(), base) {
        (None, None) => vm.int(0),
        (None, Some(_)) => Err(vm.type_error("int() missing string argument")),
        (Some(x), None) if is_exact_int(x) => Ok(x.take()),
        (Some(x), None) => vm.int_of(x),
        (Some(x), Some(base)) => {
            let base = vm.index_clamped(base)?;
            let Some(base) = u32::try_from(base).ok().filter(|b| *b == 0 || (2..=36).contains(b)) else {
                return Err(vm.value_error("int() base must be >= 2 and <= 36, or 0"));
            };
            match vm.int_of_text(x, base, true)? {
                Some(value) => Ok(value),
                None => Err(vm.type_error("int() can't convert non-string with explicit base")),
            }
        }
    }
}

impl Vm {
    /// `int(x)`. Runs Python (`__int__`, `__index__`, `__buffer__`); raises what that raises, `TypeError` if there is none, or
    /// `__int__` gives no int, `ValueError` if a text spells no number or too long a one, and as [`Vm::room_for_work`] and
    /// [`Vm::warn_of_subclass`].
    pub fn int_of(&self, x: &Value) -> Res {
        if is_exact_int(x) {
            return Ok(x.clone());
        }
        if let Some(to_int) = self.slots(x).int() {
            let found = to_int.call(self, x)?;
            if !is_int(&found) {
                return Err(self
                    .type_error(format_args!("__int__ returned non-int (type {})", self.type_name(&found))));
            }
            if !is_exact_int(&found) {
                self.warn_of_subclass("__int__", "int", &found)?;
            }
            return self.exact_int(&found);
        }
        if self.slots(x).index().is_some() {
            return self.index(x);
        }
        match self.int_of_text(x, 10, false)? {
            Some(value) => Ok(value),
            None => Err(self.type_error(format_args!(
                "int() argument must be a string, a bytes-like object or a real number, not '{}'",
                self.type_name(x)
            ))),
        }
    }

    /// The int that a str or a bytes-like object spells; `None` if it is no text.
    fn int_of_text(&self, x: &Value, base: u32, explicit: bool) -> Res<Option<Value>> {
        let text = match x.get::<Str>() {
            Some(text) => to_ascii_number(self, text)?,
            None => match self.number_bytes(x) {
                Some(bytes) => Cow::Owned(bytes),
                // With a base, text is asked for.
                None if explicit => return Ok(None),
                None => match self.exported_bytes(x) {
                    Some(bytes) => Cow::Owned(bytes),
                    None => return Ok(None),
                },
            },
        };
        // A digit is at most six bits.
        self.room_for_work(text.len() as u128 * 6, scratch::PARSE)?;
        match int_from_text(&text, base, self.sys.int_max_str_digits.get()) {
            Ok(number) => self.int_from_big(number).map(Some),
            Err(BadInt::TooLong(digits)) => Err(self.value_error(format_args!(
                "Exceeds the limit ({} digits) for integer string conversion: value has {digits} digits; \
                 use sys.set_int_max_str_digits() to increase the limit",
                self.sys.int_max_str_digits.get()
            ))),
            Err(BadInt::Syntax) => {
                let shown = match x.has::<Str>() {
                    true => self.shown(x, 200)?,
                    false => self.shown(&self.bytes(&text[..text.len().min(200)])?, 200)?,
                };
                Err(self.value_error(format_args!("invalid literal for int() with base {base}: {shown}")))
            }
        }
    }

    /// `repr(value)`, at most so many characters of it, for messages. Runs Python and raises as [`Vm::repr`].
    pub fn shown(&self, value: &Value, most: usize) -> Res<String> {
        let repr = self.repr(value)?;
        let text = repr.get::<Str>();
        let shown = |c: u32| char::from_u32(c).unwrap_or('\u{FFFD}');
        Ok(text.map(|text| text.chars().iter().take(most).map(shown).collect()).unwrap_or_default())
    }
}
