//! The methods of int, and its table.

use dashu_int::ops::DivRem;
use dashu_int::{IBig, Sign, UBig};
use ryokan_bytecode::BinaryOp;

use super::{BigInt, Num, arith, bytes, magnitude_bits, parse, unbox_word, view};
use crate::fuel::owe_bytes;
use crate::object::Layout;
use crate::object::native::{Call, GetSet, Method, class_method, getter, method};
use crate::object::slots::{Slots, numbers};
use crate::object::ty::{TypeDef, TypeFlags};
use crate::raised::Res;
use crate::types::str::Str;
use crate::value::Value;
use crate::vm::Vm;

/// `int`. The layout is that of instances of subclasses; the VM makes exact ints itself.
pub static TYPE: TypeDef = TypeDef {
    name: "int",
    layout: Layout::BigInt,
    construct: Some(construct),
    flags: TypeFlags::BASETYPE.union(TypeFlags::MATCH_SELF),
    doc: "int(number=0)\nint(text, base=10)\n\nA whole number of any size.\n\nA number loses what stands \
          after its point. A text, or bytes, has digits of the base\n(2 to 36, or 0 to go by a prefix such \
          as 0x), perhaps with a sign, underscores\nbetween digits, and white space around. ValueError if \
          it has anything else.",
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
    write: Some(parse::write),
    ..TypeDef::EMPTY
};

fn construct(_: &Vm, args: &[Value]) -> Option<Res> {
    const EXACT: f64 = (1u64 << 60) as f64;
    let [number] = args else { return None };
    if number.word().is_int() {
        return Some(Ok(number.take()));
    }
    if let Some(text) = number.exact::<Str>() {
        return parse::plain_decimal(text.ascii()?.as_bytes()).map(|number| Ok(Value::small(number)));
    }
    let word = unbox_word(number.word());
    (word.is_float() && word.float().abs() < EXACT).then(|| Ok(Value::small(word.float() as i64)))
}

fn number(this: &Value) -> Num<'_> {
    view(this).unwrap_or(Num::Small(0))
}

static GETSET: &[GetSet] = &[
    getter("real", arith::positive, "the number itself"),
    getter("imag", |vm, _| vm.int(0), "always 0"),
    getter("numerator", arith::positive, "the number itself, over a denominator of 1"),
    getter("denominator", |vm, _| vm.int(1), "always 1"),
];

static METHODS: &[Method] = &[
    method(
        "conjugate",
        "($self, /)",
        Call::One(arith::positive),
        "The number itself: it has no imaginary part.",
    ),
    method(
        "bit_length",
        "($self, /)",
        Call::One(bit_length),
        "How many binary digits the number has without its sign; 0 has none.",
    ),
    method(
        "bit_count",
        "($self, /)",
        Call::One(bit_count),
        "How many of the binary digits are ones. The sign does not count.",
    ),
    method(
        "to_bytes",
        "($self, /, length=1, byteorder='big', *, signed=False)",
        Call::Slice(bytes::to_bytes),
        "The number as so many bytes, the most significant first if byteorder is 'big' and\nlast if it is \
         'little'.\n\nWith signed, two's complement. OverflowError if the number needs more bytes, or is\n\
         negative and signed is false.",
    ),
    class_method(
        "from_bytes",
        "($type, /, bytes, byteorder='big', *, signed=False)",
        Call::Slice(bytes::from_bytes),
        "The number that bytes stand for, the most significant first if byteorder is 'big'\nand last if it \
         is 'little'.\n\nWith signed, they are two's complement.",
    ),
    method(
        "as_integer_ratio",
        "($self, /)",
        Call::One(|vm, this| vm.new_tuple(vec![vm.exact_int(this)?, vm.int(1)?])),
        "The pair (self, 1): the number as a fraction.",
    ),
    method(
        "__trunc__",
        "($self, /)",
        Call::One(arith::positive),
        "The number itself, which has nothing after its point.",
    ),
    method(
        "__floor__",
        "($self, /)",
        Call::One(arith::positive),
        "The number itself, which is its own floor.",
    ),
    method(
        "__ceil__",
        "($self, /)",
        Call::One(arith::positive),
        "The number itself, which is its own ceiling.",
    ),
    method(
        "__round__",
        "($self, ndigits=None, /)",
        Call::Slice(round),
        "The number itself; with negative ndigits, the nearest multiple of 10, 100, ..., of two the even \
         one.",
    ),
    method("__getnewargs__", "($self, /)", Call::One(|vm, this| vm.new_tuple(vec![copy(vm, this)?])), ""),
    method(
        "__format__",
        "($self, format_spec, /)",
        Call::Two(crate::types::format::format_method),
        "The number as text, as the spec says.",
    ),
    method(
        "__sizeof__",
        "($self, /)",
        Call::One(sizeof),
        "The bytes that CPython would need for the number.",
    ),
    method(
        "is_integer",
        "($self, /)",
        Call::One(|_, _| Ok(Value::TRUE)),
        "Always True: floats answer the same question.",
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
        Call::Two(arith::reflected_divmod),
        "The pair of value // self and value % self.",
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
