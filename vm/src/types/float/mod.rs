//! `float`: immediate almost always, boxed where it has an identity or an exponent that does not fit.
//!
//! ```text
//! Word         |x| in [2^-255, 2^257), zeros, infinities, NaN
//! FloatBox     [header 8][value: f64]     any float, and instances of subclasses
//! ```
//!
//! Unlike ints, an exact box may hold what would fit in a word: it is then a number that was given its identity.
//!
//! Read next: `arith.rs` (operators and rounding), `text.rs` (repr, parsing, hexadecimal).

use dashu_int::{IBig, Sign, UBig};
use ryokan_alloc::Header;
use ryokan_bytecode::BinaryOp;

use crate::object::Layout;
use crate::object::call::Args;
use crate::object::native::{Call, GetSet, Method, class_method, getter, method};
use crate::object::payload::object;
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, TypeFlags};
use crate::raised::Res;
use crate::types::int::view;
use crate::types::str::{Str, StrBuilder};
use crate::value::{Value, Word};
use crate::vm::Vm;

mod arith;
mod text;

pub use arith::{div_mod, hash_float, power_of, round_scaled, scale};
pub use text::{Digits, float_from_ascii, float_prefix, repr_text, shortest, without_underscores};

/// The payload of `float`.
#[repr(C)]
pub struct FloatBox {
    head: Header,
    /// The number.
    pub value: f64,
}

const _: () = assert!(size_of::<FloatBox>() == 16);

object! {
    FloatBox as Float {
        tracked: false,
        values: [],
        plain: [value],
    }
}

impl FloatBox {
    /// A payload.
    pub fn new(head: Header, value: f64) -> FloatBox {
        FloatBox { head, value }
    }
}

/// The number of a float or an instance of a subclass.
#[inline]
pub fn float_of(value: &Value) -> Option<f64> {
    let word = value.word();
    if word.is_float() { Some(word.float()) } else { value.get::<FloatBox>().map(|b| b.value) }
}

/// Whether its type is float itself.
#[inline]
pub fn is_exact_float(value: &Value) -> bool {
    value.word().is_float() || value.exact::<FloatBox>().is_some()
}

/// Splits a finite float other than zero into an odd-or-even integer below 2^53 and a power of two.
pub fn decode(x: f64) -> (u64, i32) {
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i32;
    let fraction = bits & ((1 << 52) - 1);
    if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) }
}

/// The integer part as a big integer. The float must be finite.
pub fn truncated(x: f64) -> IBig {
    if x.abs() < 9.0e18 {
        return IBig::from(x as i64);
    }
    // Above 2^62 every float is an integer.
    let (mantissa, exponent) = decode(x);
    let sign = if x < 0.0 { Sign::Negative } else { Sign::Positive };
    IBig::from_parts(sign, UBig::from(mantissa) << exponent as usize)
}

impl Vm {
    /// A float. Runs no Python; `MemoryError`.
    #[inline]
    pub fn float(&self, value: f64) -> Res {
        match Word::try_float(value) {
            Some(word) => Ok(Value::immediate(word)),
            None => Ok(self.new_object(|head| FloatBox { head, value })?.into_value()),
        }
    }

    /// The float that a real number is: of a float, through `__float__`, through `__index__`. Runs Python (`__float__`, `__index__`);
    /// raises what that raises, `TypeError` if there is neither, or `__float__` gives no float, `OverflowError` if the int is too
    /// large, and as [`Vm::warn_of_subclass`].
    #[inline]
    pub fn as_f64(&self, value: &Value) -> Res<f64> {
        match float_of(value) {
            Some(x) => Ok(x),
            None => self.as_f64_slow(value),
        }
    }

    fn as_f64_slow(&self, value: &Value) -> Res<f64> {
        if let Some(n) = view(value)
            && value.word().is_special() | crate::types::int::is_exact_int(value)
        {
            return self.int_as_f64(n);
        }
        match self.float_through_slots(value)? {
            Some(x) => Ok(x),
            None => Err(self.type_error(format_args!("must be real number, not {}", self.type_name(value)))),
        }
    }

    /// Through `__float__` or `__index__`; `None` if it has neither.
    fn float_through_slots(&self, value: &Value) -> Res<Option<f64>> {
        let slots = self.slots(value);
        let (to_float, index) = (slots.float(), slots.index());
        if let Some(to_float) = to_float {
            let found = to_float.call(self, value)?;
            return match float_of(&found) {
                Some(x) => {
                    if found.header().is_some() && self.type_of(&found).word() != self.types.float.word() {
                        let method = format!("{}.__float__", self.type_name(value));
                        self.warn_of_subclass(&method, "float", &found)?;
                    }
                    Ok(Some(x))
                }
                None => Err(self.type_error(format_args!(
                    "{}.__float__ returned non-float (type {})",
                    self.type_name(value),
                    self.type_name(&found)
                ))),
            };
        }
        if index.is_some() {
            let found = self.index(value)?;
            return match view(&found) {
                Some(n) => self.int_as_f64(n).map(Some),
                None => Ok(None),
            };
        }
        Ok(None)
    }

    /// `int(x)` of a float. Runs no Python; `ValueError` of a NaN, `OverflowError` of an infinity, `MemoryError`.
    pub fn int_from_f64(&self, x: f64) -> Res {
        if x.is_nan() {
            return Err(self.value_error("cannot convert float NaN to integer"));
        }
        if x.is_infinite() {
            return Err(self.overflow_error("cannot convert float infinity to integer"));
        }
        if x.abs() < 9.0e18 { self.int(x as i64) } else { self.int_from_big(truncated(x)) }
    }
}

/// `float`
pub static TYPE: TypeDef = TypeDef {
    name: "float",
    layout: Layout::Float,
    construct: Some(construct),
    flags: TypeFlags::BASETYPE.union(TypeFlags::MATCH_SELF),
    doc: "float(number=0.0)\nfloat(text)\n\nA number of 64 bits in binary: 53 of them are digits. A text is \
          decimal, or one of\ninf and nan, with white space around it; ValueError if it is neither.",
    slots: Slots {
        repr: Some(repr),
        hash: Some(|vm, this| Ok(hash_float(number(this)).unwrap_or_else(|| vm.id_hash(this)))),
        bool: Some(|_, this| Ok(number(this) != 0.0)),
        compare: Some(arith::compare),
        new: Some(new),
        neg: Some(|vm, this| vm.float(-number(this))),
        pos: Some(itself),
        abs: Some(|vm, this| vm.float(number(this).abs())),
        int: Some(trunc),
        float: Some(itself),
        pow3: Some(arith::power3),
        number: numbers(&[
            (BinaryOp::Add, arith::add),
            (BinaryOp::Subtract, arith::subtract),
            (BinaryOp::Multiply, arith::multiply),
            (BinaryOp::TrueDivide, arith::true_divide),
            (BinaryOp::FloorDivide, arith::floor_divide),
            (BinaryOp::Remainder, arith::remainder),
            (BinaryOp::Power, arith::power),
        ]),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    write: Some(write),
    ..TypeDef::EMPTY
};

/// The number of a method's `self`.
pub fn number(this: &Value) -> f64 {
    float_of(this).unwrap_or(0.0)
}

fn itself(vm: &Vm, this: &Value) -> Res {
    if is_exact_float(this) { Ok(this.clone()) } else { vm.float(number(this)) }
}

fn repr(vm: &Vm, this: &Value) -> Res {
    vm.str_from_ascii(repr_text(number(this)).as_bytes())
}

fn write(_: &Vm, this: &Value, text: &mut StrBuilder<'_>) -> Res<()> {
    text.push_str(&repr_text(number(this)))
}

fn trunc(vm: &Vm, this: &Value) -> Res {
    vm.int_from_f64(number(this))
}

/// `float.__new__(class, x=0, /)`
fn construct(vm: &Vm, args: &[Value]) -> Option<Res> {
    const EXACT: u64 = 1 << 53;
    let [number] = args else { return None };
    let word = number.word();
    if word.is_int() && word.int().unsigned_abs() <= EXACT {
        return Some(vm.float(word.int() as f64));
    }
    is_exact_float(number).then(|| Ok(number.take()))
}

fn new(vm: &Vm, class: &Value, args: Args<'_>) -> Res {
    // A class with an `__init__` of its own may take names.
    if !args.names.is_empty() && vm.expect_type(class)?.slots().init() == vm.types.float.slots().init() {
        return Err(vm.type_error("float() takes no keyword arguments"));
    }
    let exact = class.word() == vm.types.float.word();
    let value = match args.pos {
        [] => 0.0,
        [x] if exact && is_exact_float(x) => return Ok(x.take()),
        [x] => vm.float_of_any(x)?,
        _ => {
            return Err(
                vm.type_error(format_args!("float expected at most 1 argument, got {}", args.pos.len()))
            );
        }
    };
    if exact { vm.float(value) } else { vm.new_of_class(class, |head| FloatBox { head, value }) }
}

impl Vm {
    /// `float(x)`. Runs Python (`__float__`, `__index__`, `__buffer__`); raises as [`Vm::as_f64`] and [`Vm::work`], `ValueError` if a
    /// text spells no number, and `MemoryError`.
    pub fn float_of_any(&self, x: &Value) -> Res<f64> {
        if is_exact_float(x) {
            return Ok(number(x));
        }
        let text = x.get::<Str>();
        if x.exact::<Str>().is_none()
            && let Some(found) = self.float_through_slots(x)?
        {
            return Ok(found);
        }
        if let Some(text) = text {
            return self.float_of_text(x, &crate::types::int::to_ascii_number(self, text)?);
        }
        if let Some(bytes) = self.number_bytes(x).or_else(|| self.exported_bytes(x)) {
            return self.float_of_text(x, &bytes);
        }
        Err(self.type_error(format_args!(
            "float() argument must be a string or a real number, not '{}'",
            self.type_name(x)
        )))
    }

    fn float_of_text(&self, x: &Value, text: &[u8]) -> Res<f64> {
        self.work_on_bytes(text.len() * 8)?;
        // One copy of it stands already; another is made without underscores.
        self.room_for_bytes(text.len() as u128 * 2)?;
        match float_from_ascii(text) {
            Some(value) => Ok(value),
            None => {
                let shown = self.repr(x)?;
                let shown = self.text(&shown);
                Err(self.value_error(format_args!("could not convert string to float: {shown}")))
            }
        }
    }
}

static GETSET: &[GetSet] =
    &[getter("real", itself, "the number itself"), getter("imag", |vm, _| vm.float(0.0), "always 0.0")];

static METHODS: &[Method] = &[
    class_method(
        "from_number",
        "($type, number, /)",
        Call::Two(from_number),
        "The float nearest to a number of any type. Unlike the class itself it takes no text.",
    ),
    method("conjugate", "($self, /)", Call::One(itself), "The number itself: it has no imaginary part."),
    method(
        "__trunc__",
        "($self, /)",
        Call::One(trunc),
        "The int that is left without what stands after the point. ValueError for NaN,\nOverflowError for \
         an infinity.",
    ),
    method(
        "__floor__",
        "($self, /)",
        Call::One(|vm, this| vm.int_from_f64(number(this).floor())),
        "The nearest int that is not above the number.",
    ),
    method(
        "__ceil__",
        "($self, /)",
        Call::One(|vm, this| vm.int_from_f64(number(this).ceil())),
        "The nearest int that is not below the number.",
    ),
    method(
        "__round__",
        "($self, ndigits=None, /)",
        Call::Slice(arith::round),
        "The nearest int, of two the even one; or, with ndigits, the nearest float with so many decimals.",
    ),
    method(
        "as_integer_ratio",
        "($self, /)",
        Call::One(as_integer_ratio),
        "Two ints whose quotient is exactly this number, without a common factor, and the\nsecond of them \
         positive.\n\nAn infinity is an OverflowError, NaN a ValueError.",
    ),
    class_method(
        "fromhex",
        "($type, string, /)",
        Call::Two(text::fromhex),
        "The float that text such as '0x1.8p3' writes in hexadecimal, with an exponent of two.",
    ),
    method(
        "hex",
        "($self, /)",
        Call::One(text::hex),
        "The number in hexadecimal with an exponent of two, such as '0x1.8p+3': exact, and\nread again by \
         fromhex().",
    ),
    method(
        "is_integer",
        "($self, /)",
        Call::One(|_, this| Ok(Value::bool(number(this).is_finite() && number(this).fract() == 0.0))),
        "Whether nothing stands after the point. An infinity or NaN is none.",
    ),
    method(
        "__getnewargs__",
        "($self, /)",
        Call::One(|vm, this| vm.new_tuple(vec![vm.float(number(this))?])),
        "",
    ),
    class_method(
        "__getformat__",
        "($type, typestr, /)",
        Call::Two(getformat),
        "How numbers of this kind, 'double' or 'float', are laid out in memory: a text for\ntests of the \
         interpreter.",
    ),
    method(
        "__format__",
        "($self, format_spec, /)",
        Call::Two(crate::types::format::format_method),
        "The number as text, as the spec says.",
    ),
    method(
        "__divmod__",
        "($self, value, /)",
        Call::Two(arith::divmod),
        "The pair of self // value and self % value.",
    ),
    method(
        "__rdivmod__",
        "($self, value, /)",
        Call::Two(|vm, a, b| arith::divmod(vm, b, a)),
        "The pair of value // self and value % self.",
    ),
];

fn from_number(vm: &Vm, class: &Value, number: &Value) -> Res {
    if class.word() == vm.types.float.word() && is_exact_float(number) {
        return Ok(number.clone());
    }
    let value = vm.float(vm.as_f64(number)?)?;
    if class.word() == vm.types.float.word() { Ok(value) } else { vm.call(class, &[value]) }
}

fn getformat(vm: &Vm, _: &Value, name: &Value) -> Res {
    let Some(name) = name.get::<Str>() else {
        return Err(
            vm.type_error(format_args!("__getformat__() argument must be str, not {}", vm.arg_name(name)))
        );
    };
    if name.is_text("double") || name.is_text("float") {
        return vm.str(if cfg!(target_endian = "little") {
            "IEEE, little-endian"
        } else {
            "IEEE, big-endian"
        });
    }
    Err(vm.value_error("__getformat__() argument 1 must be 'double' or 'float'"))
}

fn as_integer_ratio(vm: &Vm, this: &Value) -> Res {
    let x = number(this);
    if x.is_infinite() {
        return Err(vm.overflow_error("cannot convert Infinity to integer ratio"));
    }
    if x.is_nan() {
        return Err(vm.value_error("cannot convert NaN to integer ratio"));
    }
    if x == 0.0 {
        return vm.new_tuple(vec![vm.int(0)?, vm.int(1)?]);
    }
    let (mantissa, exponent) = decode(x);
    let zeros = mantissa.trailing_zeros();
    let (mantissa, exponent) = (mantissa >> zeros, exponent + zeros as i32);
    let sign = if x < 0.0 { Sign::Negative } else { Sign::Positive };
    let numerator = IBig::from_parts(sign, UBig::from(mantissa) << exponent.max(0) as usize);
    let denominator = IBig::ONE << (-exponent).max(0) as usize;
    vm.new_tuple(vec![vm.int_from_big(numerator)?, vm.int_from_big(denominator)?])
}
