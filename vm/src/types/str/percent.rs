//! The `%` operator of str and of the bytes types.
//!
//! Both are one engine over characters: bytes are characters below 256, and the result is turned back into
//! bytes.

use super::build::StrBuilder;
use super::{Chars, Str};
use crate::object::ty::{TypeFlags, TypeObj};
use crate::raised::{Raised, Res};
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::format::{FloatStyle, float_parts};
use crate::types::int::{
    DECIMAL_ROOM, Num, RADIX_ROOM, decimal_text, is_int, radix_text, small_radix_text, small_text, view,
};
use crate::types::memoryview::BufferFlags;
use crate::types::plain_format::{FIXED_ROOM, fixed_text};
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// `text % arguments`
pub(super) fn str_percent(vm: &Vm, left: &Value, right: &Value) -> Res {
    if !left.has::<Str>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    // Methods called on the way could drop the last other reference to the format.
    let format = left.clone();
    if super::args::text(&format).is_text("%s") {
        // A format of one field and nothing else gives the very str that it shows.
        let only = match right.exact::<Tuple>().map(|t| t.items()) {
            Some([only]) if only.exact::<Str>().is_some() => Some(only),
            None if right.exact::<Str>().is_some() => Some(right),
            _ => None,
        };
        if let Some(only) = only {
            return Ok(only.clone());
        }
    }
    let chars = super::args::text(&format).chars();
    let fields = (0..chars.len()).any(|at| chars.at(at) == u32::from(b'%'));
    let out = run(vm, chars, right, false)?;
    // Where there is nothing to fill in, the format is what it says, of whatever class.
    if fields { out.finish() } else { Ok(format) }
}

/// The same for bytes, as characters below 256.
pub(crate) fn bytes_percent<'v>(vm: &'v Vm, format: &[u8], right: &Value) -> Res<StrBuilder<'v>> {
    run(vm, Chars::One(format), right, true)
}

/// One conversion: what stands between `%` and its letter.
#[derive(Default)]
struct Spec {
    left: bool,
    plus: bool,
    blank: bool,
    alternate: bool,
    zero: bool,
    width: usize,
    precision: Option<usize>,
    letter: u32,
}

struct Percent<'a> {
    vm: &'a Vm,
    format: Chars<'a>,
    at: usize,
    bytes: bool,
    /// The mapping that `%(name)s` looks in.
    mapping: Option<&'a Value>,
    /// The value found there last.
    current: Value,
    /// Positional arguments: how many there are (a single one counts as unlimited until taken), and how many
    /// were taken.
    arguments: &'a Value,
    taken: usize,
    single: bool,
    single_left: bool,
}

/// Whether an object finds items by keys. A deque only counts them; a class of one does so unless it has a method of its own.
fn takes_keys(vm: &Vm, value: &Value) -> bool {
    if vm.slots(value).getitem().is_none() {
        return false;
    }
    let name = &vm.names.__getitem__;
    let mut classes = vm.type_of(value).mro_items().iter().filter_map(|class| class.get::<TypeObj>());
    let first = classes.find(|class| class.dict().get_name(name).is_some());
    first.is_none_or(|class| !class.has(TypeFlags::COUNTED))
}

fn run<'v>(vm: &'v Vm, format: Chars<'_>, arguments: &Value, bytes: bool) -> Res<StrBuilder<'v>> {
    let single = !arguments.has::<Tuple>();
    let plain =
        arguments.has::<Str>() || (bytes && (arguments.has::<Bytes>() || arguments.has::<ByteArray>()));
    let mapping = (single && !plain && takes_keys(vm, arguments)).then_some(arguments);
    let mut job = Percent {
        vm,
        format,
        at: 0,
        bytes,
        mapping,
        current: Value::UNBOUND,
        arguments,
        taken: 0,
        single,
        single_left: single,
    };
    let mut out = StrBuilder::new(vm);
    while job.at < format.len() {
        vm.work(1)?;
        let rest = format.slice(job.at, format.len());
        let found = match rest {
            Chars::One(rest) => super::split::near(rest, b'%'),
            wide => super::search::find(wide, Chars::One(b"%")),
        };
        let literal = found.unwrap_or(rest.len());
        if literal > 0 {
            out.push_chars(rest.slice(0, literal))?;
        }
        job.at += literal;
        if job.at < format.len() {
            job.at += 1;
            job.conversion(&mut out)?;
        }
    }
    let left_over = if single { job.single_left } else { job.taken < job.count() };
    if left_over && mapping.is_none() {
        let kind = if bytes { "bytes" } else { "string" };
        return Err(vm.type_error(format_args!("not all arguments converted during {kind} formatting")));
    }
    Ok(out)
}

impl Percent<'_> {
    fn count(&self) -> usize {
        self.arguments.get::<Tuple>().map_or(1, |tuple| tuple.items().len())
    }

    /// The next argument.
    fn next(&mut self) -> Res {
        if self.single {
            if self.single_left {
                self.single_left = false;
                return Ok(self.current.bound().unwrap_or(self.arguments).clone());
            }
        } else if let Some(item) = self.arguments.get::<Tuple>().and_then(|t| t.items().get(self.taken)) {
            self.taken += 1;
            return Ok(item.clone());
        }
        Err(self.vm.type_error("not enough arguments for format string"))
    }

    /// The next character of a conversion.
    fn read(&mut self) -> Res<u32> {
        if self.at >= self.format.len() {
            return Err(self.vm.value_error("incomplete format"));
        }
        self.at += 1;
        Ok(self.format.at(self.at - 1))
    }

    /// `(name)`: makes what the mapping has under the name the one argument.
    fn key(&mut self) -> Res<()> {
        let vm = self.vm;
        let Some(mapping) = self.mapping else { return Err(vm.type_error("format requires a mapping")) };
        let start = self.at;
        let mut depth = 1;
        while depth > 0 && self.at < self.format.len() {
            match self.format.at(self.at) {
                0x28 => depth += 1,
                0x29 => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
        if depth > 0 {
            return Err(vm.value_error("incomplete format key"));
        }
        let name = self.format.slice(start, self.at - 1);
        let key = match name {
            Chars::One(name) if self.bytes => vm.bytes(name)?,
            name => vm.str_from(name)?,
        };
        self.current = vm.get_item(mapping, &key)?;
        (self.single, self.single_left) = (true, true);
        Ok(())
    }

    /// A `*`: a width or a precision among the arguments.
    fn star(&mut self, c_type: &str) -> Res<i64> {
        let vm = self.vm;
        let value = self.next()?;
        if !is_int(&value) {
            return Err(vm.type_error("* wants int"));
        }
        let fits = |n: &i64| c_type != "int" || i32::try_from(*n).is_ok();
        match vm.as_i64(&value).filter(fits) {
            Some(number) => Ok(number),
            None => Err(vm.overflow_error(format_args!("Python int too large to convert to C {c_type}"))),
        }
    }

    /// Digits, the first of which was read already; gives the number and the character behind it.
    fn digits(&mut self, mut c: u32, most: u64, what: &str) -> Res<(usize, u32)> {
        let mut number = 0u64;
        while (0x30..0x3A).contains(&c) {
            let digit = u64::from(c - 0x30);
            if number > (most - digit) / 10 {
                return Err(self.vm.value_error(format_args!("{what} too big")));
            }
            number = number * 10 + digit;
            c = self.read()?;
        }
        Ok((number as usize, c))
    }

    fn conversion(&mut self, out: &mut StrBuilder<'_>) -> Res<()> {
        let mut c = self.read()?;
        if c == 0x25 {
            return out.push_char(c);
        }
        if c == 0x28 {
            self.key()?;
            c = self.read()?;
        }
        let mut spec = Spec::default();
        loop {
            match char::from_u32(c) {
                Some('-') => spec.left = true,
                Some('+') => spec.plus = true,
                Some(' ') => spec.blank = true,
                Some('#') => spec.alternate = true,
                Some('0') => spec.zero = true,
                _ => break,
            }
            c = self.read()?;
        }
        if c == 0x2A {
            let width = self.star("ssize_t")?;
            spec.left |= width < 0;
            spec.width = width.unsigned_abs() as usize;
            c = self.read()?;
        } else {
            (spec.width, c) = self.digits(c, i64::MAX as u64, "width")?;
        }
        if c == 0x2E {
            c = self.read()?;
            if c == 0x2A {
                spec.precision = Some(self.star("int")?.max(0) as usize);
                c = self.read()?;
            } else {
                let (precision, after) = self.digits(c, i32::MAX as u64, "precision")?;
                (spec.precision, c) = (Some(precision), after);
            }
        }
        if matches!(c, 0x68 | 0x6C | 0x4C) {
            c = self.read()?;
        }
        spec.letter = c;
        let value = self.next()?;
        self.convert(out, spec, &value)
    }

    /// Shows a value as the letter of its conversion says.
    fn convert(&mut self, out: &mut StrBuilder<'_>, mut spec: Spec, value: &Value) -> Res<()> {
        let (vm, c) = (self.vm, spec.letter);
        match char::from_u32(c) {
            Some('s' | 'b') if self.bytes => {
                let shown = bytes_of(vm, value)?;
                self.pad_text(out, &spec, Chars::One(shown.as_slice()))
            }
            Some('r' | 'a') if self.bytes => self.pad_value(out, &spec, &vm.ascii(value)?),
            Some('s') => self.pad_value(out, &spec, &vm.to_str(value)?),
            Some('r') => self.pad_value(out, &spec, &vm.repr(value)?),
            Some('a') => self.pad_value(out, &spec, &vm.ascii(value)?),
            Some('c') => {
                let c = if self.bytes { byte_of(vm, value)? } else { char_of(vm, value)? };
                spec.precision = None;
                let one = [c];
                self.pad_text(out, &spec, Chars::Four(&one))
            }
            Some('d' | 'i' | 'u' | 'o' | 'x' | 'X') => self.integer(out, &spec, value),
            Some('e' | 'E' | 'f' | 'F' | 'g' | 'G') => self.float(out, &spec, value),
            _ => {
                let shown = char::from_u32(c).filter(|c| (' '..='~').contains(c)).unwrap_or('?');
                Err(vm.value_error(format_args!(
                    "unsupported format character '{shown}' ({c:#x}) at index {}",
                    self.at - 1
                )))
            }
        }
    }

    fn pad_value(&self, out: &mut StrBuilder<'_>, spec: &Spec, value: &Value) -> Res<()> {
        value.get::<Str>().map_or(Ok(()), |text| self.pad_text(out, spec, text.chars()))
    }

    fn pad_text(&self, out: &mut StrBuilder<'_>, spec: &Spec, chars: Chars<'_>) -> Res<()> {
        let chars = match spec.precision {
            Some(most) if most < chars.len() => chars.slice(0, most),
            _ => chars,
        };
        let spaces = spec.width.saturating_sub(chars.len());
        if !spec.left {
            out.push_repeated(32, spaces)?;
        }
        out.push_chars(chars)?;
        if spec.left { out.push_repeated(32, spaces) } else { Ok(()) }
    }

    /// Writes a number: sign and prefix, zeros or spaces, digits.
    fn pad_number(&self, out: &mut StrBuilder<'_>, spec: &Spec, prefix: &str, body: &[u8]) -> Res<()> {
        let (sign, body) = match body.strip_prefix(b"-") {
            Some(body) => ("-", body),
            None if spec.plus => ("+", body),
            None if spec.blank => (" ", body),
            None => ("", body),
        };
        let missing = spec.width.saturating_sub(sign.len() + prefix.len() + body.len());
        if !spec.left && !spec.zero {
            out.push_repeated(32, missing)?;
        }
        out.push_str(sign)?;
        out.push_str(prefix)?;
        if !spec.left && spec.zero {
            out.push_repeated(0x30, missing)?;
        }
        out.push_ascii(body)?;
        if spec.left { out.push_repeated(32, missing) } else { Ok(()) }
    }

    fn integer(&self, out: &mut StrBuilder<'_>, spec: &Spec, value: &Value) -> Res<()> {
        let vm = self.vm;
        let letter = char::from_u32(spec.letter).unwrap_or('d');
        let number = if is_int(value) { value.clone() } else { whole_number(vm, letter, value)? };
        let Some(number) = view(&number) else { return Err(wrong_kind(vm, letter, value)) };
        if let (Num::Small(n), None) = (number, spec.precision) {
            return self.small_integer(out, spec, letter, n);
        }
        let (prefix, digits) = match letter {
            'o' => ("0o", radix_text(vm, number, 8, false)?),
            'x' => ("0x", radix_text(vm, number, 16, false)?),
            'X' => ("0X", radix_text(vm, number, 16, true)?),
            _ => ("", decimal_text(vm, number)?),
        };
        let prefix = if spec.alternate { prefix } else { "" };
        let sign = if number.is_negative() { "-" } else { "" };
        let magnitude = digits.strip_prefix('-').unwrap_or(&digits);
        let zeros = spec.precision.unwrap_or(0).saturating_sub(magnitude.len());
        // The zeros, the number with them, what is built, and the str.
        vm.room_for_bytes(zeros as u128 * 5)?;
        let padded = [sign, &"0".repeat(zeros), magnitude].concat();
        self.pad_number(out, spec, prefix, padded.as_bytes())
    }

    fn small_integer(&self, out: &mut StrBuilder<'_>, spec: &Spec, letter: char, n: i64) -> Res<()> {
        let (mut decimal, mut radix) = ([0; DECIMAL_ROOM], [0; RADIX_ROOM]);
        let (prefix, body) = match letter {
            'o' => ("0o", small_radix_text(n, 8, false, "", &mut radix)),
            'x' => ("0x", small_radix_text(n, 16, false, "", &mut radix)),
            'X' => ("0X", small_radix_text(n, 16, true, "", &mut radix)),
            _ => ("", small_text(n, &mut decimal)),
        };
        self.pad_number(out, spec, if spec.alternate { prefix } else { "" }, body)
    }

    fn float(&self, out: &mut StrBuilder<'_>, spec: &Spec, value: &Value) -> Res<()> {
        let vm = self.vm;
        let number = match vm.as_f64(value) {
            Ok(number) => number,
            Err(raised) if self.bytes && vm.raised_is(&raised, &vm.exc.TypeError) => {
                drop(vm.take_raised(raised));
                let kind = vm.type_name(value);
                return Err(vm.type_error(format_args!("float argument required, not {kind}")));
            }
            Err(raised) => return Err(raised),
        };
        let letter = char::from_u32(spec.letter).unwrap_or('f');
        let precision = spec.precision.unwrap_or(6);
        let mut room = [b'-'; FIXED_ROOM + 1];
        if let ('f' | 'F', false, [_, rest @ ..]) = (letter, spec.alternate, &mut room)
            && let Some(text) = fixed_text(number, precision, rest)
        {
            let used = text.len();
            let from = usize::from(!number.is_sign_negative());
            return self.pad_number(out, spec, "", &room[from..=used]);
        }
        // The digits and their copies, what is built, and the str.
        vm.room_for_bytes(precision as u128 * 6)?;
        let style = FloatStyle {
            kind: letter.to_ascii_lowercase() as u8,
            precision,
            alternate: spec.alternate,
            dot_zero: false,
            upper: letter.is_ascii_uppercase(),
        };
        let (whole, rest, _) = float_parts(number, style);
        let sign = if number.is_sign_negative() && !number.is_nan() { "-" } else { "" };
        self.pad_number(out, spec, "", [sign, &whole, &rest].concat().as_bytes())
    }
}

#[cold]
fn wrong_kind(vm: &Vm, letter: char, value: &Value) -> Raised {
    let wanted = if matches!(letter, 'o' | 'x' | 'X') { "an integer" } else { "a real number" };
    let kind = vm.type_name(value);
    vm.type_error(format_args!("%{letter} format: {wanted} is required, not {kind}"))
}

/// The int that an argument of an integer conversion stands for.
fn whole_number(vm: &Vm, letter: char, value: &Value) -> Res {
    let slots = vm.slots(value);
    if slots.index().is_none() && slots.int().is_none() && slots.float().is_none() {
        return Err(wrong_kind(vm, letter, value));
    }
    let result = if matches!(letter, 'o' | 'x' | 'X') { vm.index(value) } else { vm.int_of(value) };
    match result {
        Err(raised) if vm.raised_is(&raised, &vm.exc.TypeError) => {
            drop(vm.take_raised(raised));
            Err(wrong_kind(vm, letter, value))
        }
        result => result,
    }
}

fn code_of(vm: &Vm, value: &Value) -> Res<Option<i64>> {
    if vm.slots(value).index().is_none() {
        return Ok(None);
    }
    vm.index_clamped(value).map(Some)
}

/// The type of a value, with the module that it is from; but not that of the program.
fn kind_of(vm: &Vm, value: &Value) -> String {
    let name = vm.type_of(value).full_name(vm);
    name.strip_prefix("__main__.").map_or_else(|| name.to_string(), str::to_string)
}

/// The character of a `%c`.
fn char_of(vm: &Vm, value: &Value) -> Res<u32> {
    let what = match value.get::<Str>() {
        Some(text) if text.len() == 1 => return Ok(text.chars().at(0)),
        Some(text) => format!("a string of length {}", text.len()),
        None => match code_of(vm, value)? {
            Some(code @ 0..=0x10_FFFF) => return Ok(code as u32),
            Some(_) => return Err(vm.overflow_error("%c arg not in range(0x110000)")),
            None => kind_of(vm, value),
        },
    };
    Err(vm.type_error(format_args!("%c requires an int or a unicode character, not {what}")))
}

/// The byte of a `%c`.
fn byte_of(vm: &Vm, value: &Value) -> Res<u32> {
    let what = match crate::types::bytes_methods::slice_of(value) {
        Some([byte]) => return Ok(u32::from(*byte)),
        Some(other) => {
            let kind = if value.has::<Bytes>() { "bytes" } else { "bytearray" };
            format!("a {kind} object of length {}", other.len())
        }
        None => match code_of(vm, value)? {
            Some(code @ 0..=255) => return Ok(code as u32),
            Some(_) => return Err(vm.overflow_error("%c arg not in range(256)")),
            None => kind_of(vm, value),
        },
    };
    Err(vm.type_error(format_args!("%c requires an integer in range(256) or a single byte, not {what}")))
}

/// What `%b` and `%s` write of a value.
fn bytes_of(vm: &Vm, value: &Value) -> Res<crate::object::Ref<Bytes>> {
    use crate::types::bytes_methods::{call_bytes, standing_bytes};
    if let Ok(bytes) = crate::object::Ref::from_value(value.clone()) {
        return Ok(bytes);
    }
    if let Some(array) = value.get::<ByteArray>() {
        return crate::object::Ref::from_value(vm.bytes(array.as_slice())?).map_err(|_| vm.no_memory());
    }
    if let Some(bytes) = call_bytes(vm, value)? {
        return Ok(bytes);
    }
    match standing_bytes(vm, value, BufferFlags::FULL_READ_ONLY)? {
        Some(bytes) => Ok(bytes),
        None => Err(vm.type_error(format_args!(
            "%b requires a bytes-like object, or an object that implements __bytes__, not '{}'",
            vm.type_name(value)
        ))),
    }
}
