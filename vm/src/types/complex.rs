//! `complex`: two floats.
//!
//! Arithmetic follows C's Annex G as CPython 3.14 does: a real operand has no imaginary part (it is not one of 0.0), and
//! infinities that came out as NaN + NaN j are recovered.

use ryokan_alloc::Header;
use ryokan_bytecode::{BinaryOp, CompareOp};

use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, class_method, member, method};
use crate::object::payload::object;
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, TypeFlags};
use crate::raised::Res;
use crate::types::float::{float_of, float_prefix, hash_float, repr_text, without_underscores};
use crate::types::int::{strip, to_ascii_number, view};
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `complex`.
#[repr(C)]
pub struct Complex {
    head: Header,
    /// The real part.
    pub re: f64,
    /// The imaginary part.
    pub im: f64,
}

const _: () = assert!(size_of::<Complex>() == 24);

object! {
    Complex {
        tracked: false,
        values: [],
        plain: [re, im],
    }
}

/// A number with both parts.
pub type Pair = (f64, f64);

impl Vm {
    /// A complex number. Runs no Python; `MemoryError`.
    pub fn complex(&self, re: f64, im: f64) -> Res {
        Ok(self.new_object(|head| Complex { head, re, im })?.into_value())
    }
}

// ---- arithmetic --------------------------------------------------------------------------------------------------

/// An infinite part as 1, any other as 0, with its sign.
fn boxed(part: f64) -> f64 {
    (if part.is_infinite() { 1.0f64 } else { 0.0 }).copysign(part)
}

/// A part that is NaN as a zero of its sign.
fn no_nan(part: f64) -> f64 {
    if part.is_nan() { 0.0f64.copysign(part) } else { part }
}

fn product((mut a, mut b): Pair, (mut c, mut d): Pair) -> Pair {
    let (ac, bd, ad, bc) = (a * c, b * d, a * d, b * c);
    let (re, im) = (ac - bd, ad + bc);
    if !(re.is_nan() && im.is_nan()) {
        return (re, im);
    }
    let mut recover = false;
    if a.is_infinite() || b.is_infinite() {
        (a, b, c, d) = (boxed(a), boxed(b), no_nan(c), no_nan(d));
        recover = true;
    }
    if c.is_infinite() || d.is_infinite() {
        (a, b, c, d) = (no_nan(a), no_nan(b), boxed(c), boxed(d));
        recover = true;
    }
    if !recover && [ac, bd, ad, bc].iter().any(|p| p.is_infinite()) {
        (a, b, c, d) = (no_nan(a), no_nan(b), no_nan(c), no_nan(d));
        recover = true;
    }
    if recover { (f64::INFINITY * (a * c - b * d), f64::INFINITY * (a * d + b * c)) } else { (re, im) }
}

/// The quotient; `None` by zero.
fn quotient((a, b): Pair, (c, d): Pair) -> Option<Pair> {
    let (re, im) = if c.abs() >= d.abs() {
        if c == 0.0 {
            return None;
        }
        let ratio = d / c;
        let divisor = c + d * ratio;
        ((a + b * ratio) / divisor, (b - a * ratio) / divisor)
    } else if d.abs() >= c.abs() {
        let ratio = c / d;
        let divisor = c * ratio + d;
        ((a * ratio + b) / divisor, (b * ratio - a) / divisor)
    } else {
        (f64::NAN, f64::NAN)
    };
    if re.is_nan() && im.is_nan() {
        if (a.is_infinite() || b.is_infinite()) && c.is_finite() && d.is_finite() {
            let (x, y) = (boxed(a), boxed(b));
            return Some((f64::INFINITY * (x * c + y * d), f64::INFINITY * (y * c - x * d)));
        }
        if (c.is_infinite() || d.is_infinite()) && a.is_finite() && b.is_finite() {
            let (x, y) = (boxed(c), boxed(d));
            return Some((0.0 * (a * x + b * y), 0.0 * (b * x - a * y)));
        }
    }
    Some((re, im))
}

/// A real number by a complex one; `None` by zero.
fn real_quotient(a: f64, (c, d): Pair) -> Option<Pair> {
    let (re, im) = if c.abs() >= d.abs() {
        if c == 0.0 {
            return None;
        }
        let ratio = d / c;
        let divisor = c + d * ratio;
        (a / divisor, (-a * ratio) / divisor)
    } else if d.abs() >= c.abs() {
        let ratio = c / d;
        let divisor = c * ratio + d;
        ((a * ratio) / divisor, -a / divisor)
    } else {
        (f64::NAN, f64::NAN)
    };
    if re.is_nan() && im.is_nan() && a.is_finite() && (c.is_infinite() || d.is_infinite()) {
        let (x, y) = (boxed(c), boxed(d));
        return Some((0.0 * (a * x), 0.0 * (-a * y)));
    }
    Some((re, im))
}

/// A whole power by repeated squaring.
fn whole_power(base: Pair, mut exponent: u32) -> Pair {
    let (mut result, mut square) = ((1.0, 0.0), base);
    while exponent != 0 {
        if exponent & 1 == 1 {
            result = product(result, square);
        }
        exponent >>= 1;
        if exponent != 0 {
            square = product(square, square);
        }
    }
    result
}

/// A power by polar coordinates; `None` for zero to a negative or complex power.
fn polar_power((a, b): Pair, (c, d): Pair) -> Option<Pair> {
    if c == 0.0 && d == 0.0 {
        return Some((1.0, 0.0));
    }
    if a == 0.0 && b == 0.0 {
        return if d != 0.0 || c < 0.0 { None } else { Some((0.0, 0.0)) };
    }
    let size = a.hypot(b);
    let angle = b.atan2(a);
    let mut length = size.powf(c);
    let mut phase = angle * c;
    if d != 0.0 {
        length *= (-angle * d).exp();
        phase += d * size.ln();
    }
    // An angle without bound has no cosine: CPython's answer to that is the same as to zero.
    if phase.is_infinite() {
        return None;
    }
    Some((length * phase.cos(), length * phase.sin()))
}

/// `x ** y`
pub fn power_of(vm: &Vm, x: Pair, y: Pair) -> Res {
    let whole = y.1 == 0.0 && y.0 == y.0.floor() && y.0.abs() <= 100.0;
    let result = match y.0 {
        n if whole && n > 0.0 => Some(whole_power(x, n as u32)),
        n if whole => quotient((1.0, 0.0), whole_power(x, -n as u32)),
        _ => polar_power(x, y),
    };
    match result {
        None => Err(vm.zero_division("zero to a negative or complex power")),
        Some((re, im)) if re.is_infinite() || im.is_infinite() => {
            Err(vm.overflow_error("complex exponentiation"))
        }
        Some((re, im)) => vm.complex(re, im),
    }
}

/// An operand: a complex number, or a real one.
enum Operand {
    Pair(f64, f64),
    Real(f64),
}

impl Operand {
    fn pair(&self) -> Pair {
        match *self {
            Operand::Pair(re, im) => (re, im),
            Operand::Real(re) => (re, 0.0),
        }
    }
}

fn operand(vm: &Vm, value: &Value) -> Res<Option<Operand>> {
    if let Some(z) = value.get::<Complex>() {
        return Ok(Some(Operand::Pair(z.re, z.im)));
    }
    if let Some(x) = float_of(value) {
        return Ok(Some(Operand::Real(x)));
    }
    match view(value) {
        Some(n) => Ok(Some(Operand::Real(vm.int_as_f64(n)?))),
        None => Ok(None),
    }
}

/// Both operands; leaves the function with `NotImplemented` if one is no number.
macro_rules! operands {
    ($vm:expr, $a:expr, $b:expr) => {
        match (operand($vm, $a)?, operand($vm, $b)?) {
            (Some(x), Some(y)) => (x, y),
            _ => return Ok(Value::NOT_IMPLEMENTED),
        }
    };
}

fn add(vm: &Vm, a: &Value, b: &Value) -> Res {
    match operands!(vm, a, b) {
        (Operand::Pair(a, b), Operand::Real(c)) => vm.complex(a + c, b),
        (Operand::Real(a), Operand::Pair(c, d)) => vm.complex(a + c, d),
        (x, y) => vm.complex(x.pair().0 + y.pair().0, x.pair().1 + y.pair().1),
    }
}

fn subtract(vm: &Vm, a: &Value, b: &Value) -> Res {
    match operands!(vm, a, b) {
        (Operand::Pair(a, b), Operand::Real(c)) => vm.complex(a - c, b),
        (Operand::Real(a), Operand::Pair(c, d)) => vm.complex(a - c, -d),
        (x, y) => vm.complex(x.pair().0 - y.pair().0, x.pair().1 - y.pair().1),
    }
}

fn multiply(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (re, im) = match operands!(vm, a, b) {
        (Operand::Pair(a, b), Operand::Real(c)) => (a * c, b * c),
        (Operand::Real(a), Operand::Pair(c, d)) => (a * c, a * d),
        (x, y) => product(x.pair(), y.pair()),
    };
    vm.complex(re, im)
}

fn true_divide(vm: &Vm, a: &Value, b: &Value) -> Res {
    let result = match operands!(vm, a, b) {
        (_, Operand::Real(0.0)) => None,
        (Operand::Pair(a, b), Operand::Real(c)) => Some((a / c, b / c)),
        (Operand::Real(a), y) => real_quotient(a, y.pair()),
        (x, y) => quotient(x.pair(), y.pair()),
    };
    match result {
        Some((re, im)) => vm.complex(re, im),
        None => Err(vm.zero_division("division by zero")),
    }
}

fn power(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (x, y) = operands!(vm, a, b);
    power_of(vm, x.pair(), y.pair())
}

fn power3(vm: &Vm, a: &Value, b: &Value, c: &Value) -> Res {
    if c.is_none() { power(vm, a, b) } else { Err(vm.value_error("complex modulo")) }
}

// ---- slots -------------------------------------------------------------------------------------------------------

/// `complex`
pub static TYPE: TypeDef = TypeDef {
    name: "complex",
    layout: Layout::Complex,
    flags: TypeFlags::BASETYPE,
    doc: "complex(number)\ncomplex(text)\ncomplex(real, imag)\n\nA number with a real and an imaginary \
          part, each a float: 0 if not given. ValueError\nif a text does not read like '1+2j'.",
    slots: Slots {
        repr: Some(|vm, this| vm.str_from_ascii(complex_text(pair(this)).as_bytes())),
        hash: Some(hash),
        bool: Some(|_, this| Ok(pair(this) != (0.0, 0.0))),
        compare: Some(compare),
        new: Some(new),
        neg: Some(|vm, this| vm.complex(-pair(this).0, -pair(this).1)),
        pos: Some(itself),
        abs: Some(abs),
        pow3: Some(power3),
        number: numbers(&[
            (BinaryOp::Add, add),
            (BinaryOp::Subtract, subtract),
            (BinaryOp::Multiply, multiply),
            (BinaryOp::TrueDivide, true_divide),
            (BinaryOp::Power, power),
        ]),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

/// Both parts of a method's `self`.
pub fn pair(this: &Value) -> Pair {
    this.get::<Complex>().map_or((0.0, 0.0), |z| (z.re, z.im))
}

fn itself(vm: &Vm, this: &Value) -> Res {
    match this.exact::<Complex>() {
        Some(_) => Ok(this.clone()),
        None => vm.complex(pair(this).0, pair(this).1),
    }
}

/// `repr(z)`: parts without `.0`; brackets unless the real part is a positive zero.
pub fn complex_text((re, im): Pair) -> String {
    let part = |x: f64| {
        let text = repr_text(x);
        text.strip_suffix(".0").map_or(text.clone(), str::to_string)
    };
    if re == 0.0 && re.is_sign_positive() {
        return format!("{}j", part(im));
    }
    let im = part(im);
    let sign = if im.starts_with('-') { "" } else { "+" };
    format!("({}{sign}{im}j)", part(re))
}

fn hash(vm: &Vm, this: &Value) -> Res<i64> {
    let (re, im) = pair(this);
    let part = |x: f64| hash_float(x).unwrap_or_else(|| vm.id_hash(this));
    match part(re).wrapping_add(part(im).wrapping_mul(1_000_003)) {
        -1 => Ok(-2),
        hash => Ok(hash),
    }
}

fn compare(vm: &Vm, a: &Value, b: &Value, op: CompareOp) -> Res {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (re, im) = pair(a);
    let equal = if let Some(other) = b.get::<Complex>() {
        re == other.re && im == other.im
    } else if let Some(x) = float_of(b) {
        re == x && im == 0.0
    } else if view(b).is_some() {
        im == 0.0 && vm.equal(&vm.float(re)?, b)?
    } else {
        return Ok(Value::NOT_IMPLEMENTED);
    };
    Ok(Value::bool(equal == (op == CompareOp::Eq)))
}

fn abs(vm: &Vm, this: &Value) -> Res {
    let (re, im) = pair(this);
    let size = re.hypot(im);
    if size.is_infinite() && re.is_finite() && im.is_finite() {
        return Err(vm.overflow_error("absolute value too large"));
    }
    vm.float(size)
}

// ---- the constructor ---------------------------------------------------------------------------------------------

fn make(vm: &Vm, class: &Value, re: f64, im: f64) -> Res {
    if class.word() == vm.types.complex.word() {
        return vm.complex(re, im);
    }
    vm.new_of_class(class, |head| Complex { head, re, im })
}

/// `complex.__new__(class, real=0, imag=0)`
fn new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    let given = args.len();
    if given > 2 {
        return Err(vm.type_error(format_args!("complex() takes at most 2 arguments ({given} given)")));
    }
    let (mut real, mut imag) = (args.pos.first(), args.pos.get(1));
    for (name, value) in args.names.iter().zip(args.named) {
        let text = vm.text(name);
        let (slot, place) = match text.as_str() {
            "real" => (&mut real, 1),
            "imag" => (&mut imag, 2),
            _ => {
                return Err(vm.unexpected_keyword("complex", name, &["real", "imag"]));
            }
        };
        if slot.is_some() {
            return Err(vm.type_error(format_args!(
                "argument for complex() given by name ('{text}') and position ({place})"
            )));
        }
        *slot = Some(value);
    }
    if let (Some(only), None, true) = (real, imag, args.names.is_empty()) {
        return from_one(vm, class, only);
    }
    let (re, re_im) = real.map_or(Ok((0.0, None)), |v| vm.complex_argument(v, "real"))?;
    let (im, im_im) = imag.map_or(Ok((0.0, None)), |v| vm.complex_argument(v, "imag"))?;
    make(vm, class, im_im.map_or(re, |x| re - x), re_im.map_or(im, |x| x + im))
}

fn from_one(vm: &Vm, class: &Value, value: &Value) -> Res {
    if value.exact::<Complex>().is_some() && class.word() == vm.types.complex.word() {
        return Ok(value.take());
    }
    if let Some(text) = value.get::<Str>() {
        vm.work_on_bytes(text.byte_len() * 8)?;
        let text = to_ascii_number(vm, text)?;
        vm.room_for_bytes(text.len() as u128 * 2)?;
        return match parse(&text) {
            Some((re, im)) => make(vm, class, re, im),
            None if has_lone_underscore(&text) => {
                let text = vm.text(&vm.repr(value)?);
                Err(vm.value_error(format_args!("could not convert string to complex: {text}")))
            }
            None => Err(vm.value_error("complex() arg is a malformed string")),
        };
    }
    match vm.to_pair(value)? {
        Some((re, im)) => make(vm, class, re, im.unwrap_or(0.0)),
        None => Err(vm.type_error(format_args!(
            "complex() argument must be a string or a number, not {}",
            vm.type_name(value)
        ))),
    }
}

impl Vm {
    /// The number that a value is, with its imaginary part if it has one; `None` if it is no number. Runs Python (`__complex__`,
    /// `__float__`, `__index__`); raises what that raises, `TypeError` if it gives something else, and as [`Vm::as_f64`].
    pub fn to_pair(&self, value: &Value) -> Res<Option<(f64, Option<f64>)>> {
        if value.exact::<Complex>().is_none()
            && float_of(value).is_none()
            && !crate::types::int::is_exact_int(value)
            && let Some(made) = self.call_special(value, &self.names.__complex__, &[])?
        {
            let part = |z: &Complex| (z.re, Some(z.im));
            if made.exact::<Complex>().is_none() && made.has::<Complex>() {
                self.warn_of_subclass("__complex__", "complex", &made)?;
            }
            return match made.get::<Complex>() {
                Some(z) => Ok(Some(part(z))),
                None => Err(self.type_error(format_args!(
                    "__complex__ returned non-complex (type {})",
                    self.type_name(&made)
                ))),
            };
        }
        if let Some(z) = value.get::<Complex>() {
            return Ok(Some((z.re, Some(z.im))));
        }
        self.real_part(value)
    }

    /// The number that a value without an imaginary part is; `None` if it is no number.
    fn real_part(&self, value: &Value) -> Res<Option<(f64, Option<f64>)>> {
        let slots = self.slots(value);
        if slots.float().is_none() && slots.index().is_none() {
            return Ok(None);
        }
        self.as_f64(value).map(|x| Some((x, None)))
    }

    fn complex_argument(&self, value: &Value, name: &str) -> Res<(f64, Option<f64>)> {
        let found = match value.get::<Complex>() {
            Some(z) if name == "imag" => Some((z.re, Some(z.im))),
            None if name == "imag" => self.real_part(value)?,
            _ => self.to_pair(value)?,
        };
        match found {
            Some((re, None)) => Ok((re, None)),
            Some(parts) => {
                let slots = self.slots(value);
                if slots.float().is_some() || slots.index().is_some() {
                    return Ok(parts);
                }
                let kind = self.type_name(value);
                let message = format!("complex() argument '{name}' must be a real number, not {kind}");
                self.warn("DeprecationWarning", &message, 1)?;
                Ok(parts)
            }
            None => Err(self.type_error(format_args!(
                "complex() argument '{name}' must be a real number, not {}",
                self.type_name(value)
            ))),
        }
    }
}

/// Reads what `complex()` reads of ASCII text.
fn parse(text: &[u8]) -> Option<Pair> {
    let clean = without_underscores(strip(text))?;
    let inner = match clean.as_slice() {
        [b'(', rest @ .., b')'] => strip(rest),
        [b'(', ..] => return None,
        all => all,
    };
    let number = |text: &[u8]| std::str::from_utf8(text).ok().and_then(|t| t.parse::<f64>().ok());
    let unit = |text: &[u8]| match text {
        [] | [b'+'] => Some(1.0),
        [b'-'] => Some(-1.0),
        _ => None,
    };
    let first = float_prefix(inner);
    let (head, rest) = inner.split_at(first);
    match rest {
        [] => Some((number(head)?, 0.0)),
        [b'j' | b'J'] if first > 0 => Some((0.0, number(head)?)),
        [middle @ .., b'j' | b'J'] if first == 0 => Some((0.0, unit(middle)?)),
        [middle @ .., b'j' | b'J'] if matches!(middle.first(), Some(b'+' | b'-')) => {
            let second = float_prefix(middle);
            let im = if second == 0 {
                unit(middle)?
            } else if second == middle.len() {
                number(middle)?
            } else {
                return None;
            };
            Some((number(head)?, im))
        }
        _ => None,
    }
}

static GETSET: &[GetSet] = &[
    member("real", |vm, this| vm.float(pair(this).0), "the part without j"),
    member("imag", |vm, this| vm.float(pair(this).1), "the factor of j"),
];

static METHODS: &[Method] = &[
    class_method(
        "from_number",
        "($type, number, /)",
        Call::Two(from_number),
        "The complex number that equals a number of any type. Unlike the class itself it takes no text.",
    ),
    method(
        "conjugate",
        "($self, /)",
        Call::One(|vm, this| vm.complex(pair(this).0, -pair(this).1)),
        "The number with the sign of its imaginary part turned round.",
    ),
    method(
        "__complex__",
        "($self, /)",
        Call::One(itself),
        "The number itself; of a subclass, the same value as exactly a complex.",
    ),
    method(
        "__getnewargs__",
        "($self, /)",
        Call::One(|vm, this| vm.new_tuple(vec![vm.float(pair(this).0)?, vm.float(pair(this).1)?])),
        "",
    ),
    method(
        "__format__",
        "($self, format_spec, /)",
        Call::Two(crate::types::format::format_method),
        "The number as text, as the spec says.",
    ),
];

fn from_number(vm: &Vm, class: &Value, number: &Value) -> Res {
    let exact = class.word() == vm.types.complex.word();
    if exact && number.exact::<Complex>().is_some() {
        return Ok(number.clone());
    }
    match vm.to_pair(number)? {
        Some((re, im)) if exact => vm.complex(re, im.unwrap_or(0.0)),
        Some((re, im)) => vm.call(class, &[vm.complex(re, im.unwrap_or(0.0))?]),
        None => Err(vm.type_error(format_args!("must be real number, not {}", vm.type_name(number)))),
    }
}

/// Whether an underscore of a number's text does not stand between two digits.
fn has_lone_underscore(bytes: &[u8]) -> bool {
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    (0..bytes.len()).any(|at| bytes[at] == b'_' && !(at > 0 && digit(at - 1) && digit(at + 1)))
}
