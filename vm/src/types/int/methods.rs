//! The methods of int, and its table.

use dashu_int::ops::DivRem;
use dashu_int::{IBig, Sign, UBig};
use ryokan_bytecode::BinaryOp;

use super::{BigInt, Num, arith, bytes, magnitude_bits, parse, view};
use crate::fuel::owe_bytes;
use crate::object::Layout;
use crate::object::native::{Call, GetSet, Method, class_method, getter, method};
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, type_flag};
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// `int`. The layout is that of instances of subclasses; the VM makes exact ints itself.
pub static TYPE: TypeDef = TypeDef {
    name: "int",
    layout: Layout::BigInt,
    flags: type_flag::BASETYPE | type_flag::MATCH_SELF,
    doc: "int([x]) -> integer\nint(x, base=10) -> integer\n\nConvert a number or string to an integer, or return 0 if no \
          arguments\nare given.  If x is a number, return x.__int__().  For floating-point\nnumbers, this truncates \
          towards zero.\n\nIf x is not a number or if base is given, then x must be a string,\nbytes, or bytearray \
          instance representing an integer literal in the\ngiven base.  The literal can be preceded by '+' or '-' and be \
          surrounded\nby whitespace.  The base defaults to 10.  Valid bases are 0 and 2-36.\nBase 0 means to interpret \
          the base from the string as an integer\niteral.\n>>> int('0b100', base=0)\n4",
    slots: Slots {
        repr: Some(parse::repr),
        hash: Some(arith::hash),
        bool: Some(arith::truth),
        compare: Some(arith::compare),
        new: Some(parse::new),
        neg: Some(arith::negative),
        pos: Some(arith::positive),
        abs: Some(arith::absolute),
        invert: Some(arith::invert),
        int: Some(arith::positive),
        index: Some(arith::positive),
        float: Some(arith::to_float),
        pow3: Some(super::power::power3),
        number: numbers(&[
            (BinaryOp::Add, arith::add),
            (BinaryOp::Subtract, arith::subtract),
            (BinaryOp::Multiply, arith::multiply),
            (BinaryOp::FloorDivide, arith::floor_divide),
            (BinaryOp::Remainder, arith::remainder),
            (BinaryOp::TrueDivide, arith::true_divide_values),
            (BinaryOp::Power, super::power::power),
            (BinaryOp::LeftShift, arith::left_shift),
            (BinaryOp::RightShift, arith::right_shift),
            (BinaryOp::And, arith::and),
            (BinaryOp::Or, arith::or),
            (BinaryOp::Xor, arith::xor),
        ]),
        ..Slots::NONE
    },
    methods: METHODS,
    getset: GETSET,
    ..TypeDef::EMPTY
};

fn number(this: &Value) -> Num<'_> {
    view(this).unwrap_or(Num::Small(0))
}

static GETSET: &[GetSet] = &[
    getter("real", arith::positive, "the real part of a complex number"),
    getter("imag", |vm, _| vm.int(0), "the imaginary part of a complex number"),
    getter("numerator", arith::positive, "the numerator of a rational number in lowest terms"),
    getter("denominator", |vm, _| vm.int(1), "the denominator of a rational number in lowest terms"),
];

static METHODS: &[Method] = &[
    method(
        "conjugate",
        "($self, /)",
        Call::One(arith::positive),
        "Returns self, the complex conjugate of any int.",
    ),
    method(
        "bit_length",
        "($self, /)",
        Call::One(bit_length),
        "Number of bits necessary to represent self in binary.\n\n>>> bin(37)\n'0b100101'\n>>> (37).bit_length()\n6",
    ),
    method(
        "bit_count",
        "($self, /)",
        Call::One(bit_count),
        "Number of ones in the binary representation of the absolute value of self.\n\nAlso known as the population \
         count.\n\n>>> bin(13)\n'0b1101'\n>>> (13).bit_count()\n3",
    ),
    method(
        "to_bytes",
        "($self, /, length=1, byteorder='big', *, signed=False)",
        Call::Slice(bytes::to_bytes),
        "Return an array of bytes representing an integer.",
    ),
    class_method(
        "from_bytes",
        "($type, /, bytes, byteorder='big', *, signed=False)",
        Call::Slice(bytes::from_bytes),
        "Return the integer represented by the given array of bytes.",
    ),
    method(
        "as_integer_ratio",
        "($self, /)",
        Call::One(|vm, this| vm.new_tuple(vec![vm.exact_int(this)?, vm.int(1)?])),
        "Return a pair of integers, whose ratio is equal to the original int.\n\nThe ratio is in lowest terms and has a \
         positive denominator.\n\n>>> (10).as_integer_ratio()\n(10, 1)\n>>> (-10).as_integer_ratio()\n(-10, 1)\n>>> \
         (0).as_integer_ratio()\n(0, 1)",
    ),
    method("__trunc__", "($self, /)", Call::One(arith::positive), "Truncating an Integral returns itself."),
    method("__floor__", "($self, /)", Call::One(arith::positive), "Flooring an Integral returns itself."),
    method("__ceil__", "($self, /)", Call::One(arith::positive), "Ceiling of an Integral returns itself."),
    method(
        "__round__",
        "($self, ndigits=None, /)",
        Call::Slice(round),
        "Rounding an Integral returns itself.\n\nRounding with an ndigits argument also returns an integer.",
    ),
    method("__getnewargs__", "($self, /)", Call::One(|vm, this| vm.new_tuple(vec![copy(vm, this)?])), ""),
    method(
        "__format__",
        "($self, format_spec, /)",
        Call::Two(crate::format::format_method),
        "Convert to a string according to format_spec.",
    ),
    method("__sizeof__", "($self, /)", Call::One(sizeof), "Returns size in memory, in bytes."),
    method(
        "is_integer",
        "($self, /)",
        Call::One(|_, _| Ok(Value::TRUE)),
        "Returns True. Exists for duck type compatibility with float.is_integer.",
    ),
    method("__divmod__", "($self, value, /)", Call::Two(arith::divmod), "Return divmod(self, value)."),
    method(
        "__rdivmod__",
        "($self, value, /)",
        Call::Two(arith::reflected_divmod),
        "Return divmod(value, self).",
    ),
];

/// An int of the same number and an identity of its own.
fn copy(vm: &Vm, this: &Value) -> Res {
    match number(this) {
        Num::Small(n) => vm.int(n),
        Num::Big(n) => vm.int_from_big(n.clone()),
    }
}

fn bit_length(vm: &Vm, this: &Value) -> Res {
    vm.int(number(this).bits() as i64)
}

fn bit_count(vm: &Vm, this: &Value) -> Res {
    let ones = match number(this) {
        Num::Small(n) => n.unsigned_abs().count_ones() as i64,
        Num::Big(n) => {
            let words = n.as_sign_words().1;
            owe_bytes(words.len() * 8);
            words.iter().map(|w| i64::from(w.count_ones())).sum()
        }
    };
    vm.int(ones)
}

/// What CPython would need: 24 bytes, and 4 for each 30 bits.
fn sizeof(vm: &Vm, this: &Value) -> Res {
    let bits = match (this.get::<BigInt>(), number(this)) {
        (Some(big), _) => magnitude_bits(&big.value),
        (None, n) => n.bits(),
    };
    vm.int(24 + 4 * bits.div_ceil(30).max(1) as i64)
}

/// `round(n, ndigits)`: to a multiple of a power of ten, ties to an even one.
fn round(vm: &Vm, args: &[Value]) -> Res {
    let this = &args[0];
    let Some(digits) = args.get(1).and_then(Value::bound).filter(|d| !d.is_none()) else {
        return arith::positive(vm, this);
    };
    let digits = vm.index_big(digits)?;
    if digits.sign() == Sign::Positive {
        return vm.exact_int(this);
    }
    // 10^n is above twice the number: nothing but zero remains.
    let bits = number(this).bits();
    let Some(places) = usize::try_from(-digits).ok().filter(|p| *p <= bits / 3 + 2) else { return vm.int(0) };
    vm.room_for_bits(bits as u128 * 6 + 64)?;
    let power = UBig::from(10u8).pow(places);
    let (sign, magnitude) = number(this).big().into_owned().into_parts();
    let (quotient, rest) = magnitude.div_rem(&power);
    let twice = &rest << 1;
    let odd = quotient.as_words().first().is_some_and(|w| w & 1 == 1);
    let up = twice > power || (twice == power && odd);
    let rounded = if up { (quotient + UBig::ONE) * power } else { quotient * power };
    vm.int_from_big(IBig::from_parts(sign, rounded))
}
