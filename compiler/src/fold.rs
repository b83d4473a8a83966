//! Constant folding: what an operator on constants gives, within the limits that CPython sets.
//!
//! A fold that would raise, or whose result would be large, is `None`: the operation stays in the code.

use dashu_int::IBig;
use dashu_int::ops::{BitTest, DivRemEuclid};
use ryokan_bytecode::{BinaryOp, Const, Text};

use crate::tree::UnaryOp;

const MAX_INT_BITS: usize = 128;
const MAX_ITEMS: usize = 256;
const MAX_TEXT: usize = 4096;

/// The truth of a constant.
pub fn truth(value: &Const) -> bool {
    match value {
        Const::None | Const::False => false,
        Const::True | Const::Ellipsis | Const::Code(_) | Const::Slice(_) | Const::BigInt(..) => true,
        Const::Int(n) => *n != 0,
        Const::Float(bits) => f64::from_bits(*bits) != 0.0,
        Const::Complex(re, im) => f64::from_bits(*re) != 0.0 || f64::from_bits(*im) != 0.0,
        Const::Str(text) => !text.as_wtf8().is_empty(),
        Const::Bytes(bytes) => !bytes.is_empty(),
        Const::Tuple(items) | Const::FrozenSet(items) => !items.is_empty(),
    }
}

/// A constant of an int.
pub fn int_const(value: &IBig) -> Const {
    match i64::try_from(value) {
        Ok(small) => Const::Int(small),
        Err(_) => {
            let (sign, magnitude) = value.clone().into_parts();
            Const::BigInt(sign == dashu_int::Sign::Negative, magnitude.to_le_bytes().into())
        }
    }
}

/// The int of a constant; a bool is one.
pub fn as_int(value: &Const) -> Option<IBig> {
    match value {
        Const::True => Some(IBig::ONE),
        Const::False => Some(IBig::ZERO),
        Const::Int(n) => Some(IBig::from(*n)),
        Const::BigInt(negative, bytes) => {
            let magnitude = IBig::from(dashu_int::UBig::from_le_bytes(bytes));
            Some(if *negative { -magnitude } else { magnitude })
        }
        _ => None,
    }
}

fn is_int(value: &Const) -> bool {
    matches!(value, Const::True | Const::False | Const::Int(_) | Const::BigInt(..))
}

fn as_float(value: &Const) -> Option<f64> {
    match value {
        Const::Float(bits) => Some(f64::from_bits(*bits)),
        Const::Int(n) => Some(*n as f64),
        Const::True => Some(1.0),
        Const::False => Some(0.0),
        Const::BigInt(..) => {
            let float = as_int(value)?.to_f64().value();
            float.is_finite().then_some(float)
        }
        _ => None,
    }
}

fn float(value: f64) -> Option<Const> {
    Some(Const::Float(value.to_bits()))
}

/// `op value`
pub fn unary(op: UnaryOp, value: &Const) -> Option<Const> {
    match (op, value) {
        (UnaryOp::Not, _) => Some(if truth(value) { Const::False } else { Const::True }),
        (UnaryOp::Invert, Const::True | Const::False) => None,
        (UnaryOp::Negative, Const::Float(bits)) => float(-f64::from_bits(*bits)),
        (UnaryOp::Positive, Const::Float(_) | Const::Complex(..)) => Some(value.clone()),
        (UnaryOp::Negative, Const::Complex(re, im)) => {
            Some(Const::Complex((-f64::from_bits(*re)).to_bits(), (-f64::from_bits(*im)).to_bits()))
        }
        (UnaryOp::Negative, _) => as_int(value).map(|n| int_const(&-n)),
        (UnaryOp::Positive, _) => as_int(value).map(|n| int_const(&n)),
        (UnaryOp::Invert, _) => as_int(value).map(|n| int_const(&!n)),
    }
}

/// `left op right`
pub fn binary(left: &Const, op: BinaryOp, right: &Const) -> Option<Const> {
    match (left, right) {
        _ if is_int(left) && is_int(right) => ints(left, op, right),
        (Const::Complex(..), _) | (_, Const::Complex(..)) => complexes(left, op, right),
        (Const::Float(_), _) | (_, Const::Float(_)) => floats(as_float(left)?, op, as_float(right)?),
        _ if op == BinaryOp::Multiply && is_int(left) => repeat(right, left),
        _ if op == BinaryOp::Multiply && is_int(right) => repeat(left, right),
        _ if op == BinaryOp::Add => concat(left, right),
        _ => None,
    }
}

fn concat(left: &Const, right: &Const) -> Option<Const> {
    match (left, right) {
        (Const::Str(a), Const::Str(b)) => Some(Const::Str(join_wtf8(&[a.as_wtf8(), b.as_wtf8()]))),
        (Const::Bytes(a), Const::Bytes(b)) => Some(Const::Bytes([&a[..], b].concat().into())),
        (Const::Tuple(a), Const::Tuple(b)) => Some(Const::Tuple([&a[..], b].concat().into())),
        _ => None,
    }
}

/// The concatenation of texts. Surrogates that meet stay two characters, as in Python.
pub fn join_wtf8(parts: &[&[u8]]) -> Text {
    Text::from_wtf8(&parts.concat())
}

fn repeat(value: &Const, count: &Const) -> Option<Const> {
    let Const::Int(count) = (match count {
        Const::True => &Const::Int(1),
        Const::False => &Const::Int(0),
        other => other,
    }) else {
        return None;
    };
    let count = usize::try_from(*count).ok();
    let fits = |len: usize, limit: usize| {
        let count = count?;
        (len.checked_mul(count)? <= limit).then_some(count)
    };
    match value {
        Const::Str(text) => {
            let chars = text.as_wtf8().iter().filter(|b| **b & 0xC0 != 0x80).count();
            Some(Const::Str(Text::from_wtf8(&text.as_wtf8().repeat(fits(chars, MAX_TEXT)?))))
        }
        Const::Bytes(bytes) => Some(Const::Bytes(bytes.repeat(fits(bytes.len(), MAX_TEXT)?).into())),
        Const::Tuple(items) => {
            let count = fits(items.len(), MAX_ITEMS)?;
            (items.iter().all(|i| !matches!(i, Const::Tuple(_))))
                .then(|| Const::Tuple((0..count).flat_map(|_| items.iter().cloned()).collect()))
        }
        _ => None,
    }
}

fn ints(left: &Const, op: BinaryOp, right: &Const) -> Option<Const> {
    if let (Const::True | Const::False, Const::True | Const::False) = (left, right) {
        let (a, b) = (*left == Const::True, *right == Const::True);
        let bit = match op {
            BinaryOp::And => Some(a & b),
            BinaryOp::Or => Some(a | b),
            BinaryOp::Xor => Some(a ^ b),
            _ => None,
        };
        if let Some(bit) = bit {
            return Some(if bit { Const::True } else { Const::False });
        }
    }
    let (a, b) = (as_int(left)?, as_int(right)?);
    let zero = IBig::ZERO;
    let value = match op {
        BinaryOp::Add => a + b,
        BinaryOp::Subtract => a - b,
        BinaryOp::Multiply => {
            if a != zero && b != zero && bits(&a) + bits(&b) > MAX_INT_BITS {
                return None;
            }
            a * b
        }
        BinaryOp::FloorDivide | BinaryOp::Remainder => {
            let (quotient, remainder) = floor_div(&a, &b)?;
            if op == BinaryOp::Remainder { remainder } else { quotient }
        }
        BinaryOp::TrueDivide => return true_divide(&a, &b),
        BinaryOp::And => a & b,
        BinaryOp::Or => a | b,
        BinaryOp::Xor => a ^ b,
        BinaryOp::LeftShift => {
            let by = usize::try_from(&b).ok()?;
            if a != zero && by != 0 && (by > MAX_INT_BITS || bits(&a) > MAX_INT_BITS - by) {
                return None;
            }
            if a == zero { a } else { a << by }
        }
        BinaryOp::RightShift => {
            let by = usize::try_from(&b).ok()?;
            a >> by
        }
        BinaryOp::Power => return power(&a, &b),
        _ => return None,
    };
    Some(int_const(&value))
}

fn bits(n: &IBig) -> usize {
    if *n < IBig::ZERO { (-n).bit_len() } else { n.bit_len() }
}

/// Quotient and remainder, the remainder with the divisor's sign.
fn floor_div(a: &IBig, b: &IBig) -> Option<(IBig, IBig)> {
    if *b == IBig::ZERO {
        return None;
    }
    let (quotient, remainder) = a.div_rem_euclid(b);
    let remainder = IBig::from(remainder);
    if *b < IBig::ZERO && remainder != IBig::ZERO {
        return Some((quotient - 1, remainder + b));
    }
    Some((quotient, remainder))
}

fn true_divide(a: &IBig, b: &IBig) -> Option<Const> {
    let exact = |n: &IBig| bits(n) <= 53;
    if *b == IBig::ZERO || !exact(a) || !exact(b) {
        return None;
    }
    float(a.to_f64().value() / b.to_f64().value())
}

fn power(a: &IBig, b: &IBig) -> Option<Const> {
    if *b < IBig::ZERO {
        if *a == IBig::ZERO || bits(a) > 53 || bits(b) > 53 {
            return None;
        }
        return float(a.to_f64().value().powf(b.to_f64().value()));
    }
    if *b == IBig::ZERO {
        return Some(Const::Int(1));
    }
    let exponent = usize::try_from(b).ok()?;
    if bits(a).checked_mul(exponent)? > MAX_INT_BITS {
        return None;
    }
    Some(int_const(&a.pow(exponent)))
}

fn floats(a: f64, op: BinaryOp, b: f64) -> Option<Const> {
    match op {
        BinaryOp::Add => float(a + b),
        BinaryOp::Subtract => float(a - b),
        BinaryOp::Multiply => float(a * b),
        BinaryOp::TrueDivide if b != 0.0 => float(a / b),
        // The corners of the rest (infinities, NaN, complex results) are the VM's.
        BinaryOp::FloorDivide | BinaryOp::Remainder if a.is_finite() && b.is_finite() && b != 0.0 => {
            let (quotient, remainder) = float_div_mod(a, b);
            float(if op == BinaryOp::Remainder { remainder } else { quotient })
        }
        BinaryOp::Power if a.is_finite() && b.is_finite() && a != 0.0 && (a > 0.0 || b.floor() == b) => {
            let size = if a == -1.0 { 1.0 } else { a.abs().powf(b) };
            let odd = b.abs() % 2.0 == 1.0;
            if size.is_finite() { float(if a < 0.0 && odd { -size } else { size }) } else { None }
        }
        _ => None,
    }
}

/// Quotient, a whole number, and remainder, with the divisor's sign, of finite numbers.
fn float_div_mod(a: f64, b: f64) -> (f64, f64) {
    let rest = a % b;
    let (whole, rest) = match (a - rest) / b {
        whole if rest == 0.0 => (whole, 0.0f64.copysign(b)),
        whole if (rest < 0.0) != (b < 0.0) => (whole - 1.0, rest + b),
        whole => (whole, rest),
    };
    let quotient = match whole.floor() {
        _ if whole == 0.0 => 0.0f64.copysign(a / b),
        below if whole - below > 0.5 => below + 1.0,
        below => below,
    };
    (quotient, rest)
}

fn complexes(left: &Const, op: BinaryOp, right: &Const) -> Option<Const> {
    let parts = |value: &Const| match value {
        Const::Complex(re, im) => Some((f64::from_bits(*re), Some(f64::from_bits(*im)))),
        other => as_float(other).map(|re| (re, None)),
    };
    let ((a, ai), (b, bi)) = (parts(left)?, parts(right)?);
    let made = |re: f64, im: f64| Some(Const::Complex(re.to_bits(), im.to_bits()));
    // A real operand has no imaginary part at all (3.14): zeros keep their signs.
    match (op, ai, bi) {
        (BinaryOp::Add, Some(x), Some(y)) => made(a + b, x + y),
        (BinaryOp::Add, Some(x), None) | (BinaryOp::Add, None, Some(x)) => made(a + b, x),
        (BinaryOp::Subtract, Some(x), Some(y)) => made(a - b, x - y),
        (BinaryOp::Subtract, Some(x), None) => made(a - b, x),
        (BinaryOp::Subtract, None, Some(y)) => made(a - b, -y),
        (BinaryOp::Multiply, Some(x), None) => made(a * b, x * b),
        (BinaryOp::Multiply, None, Some(y)) => made(a * b, a * y),
        _ => None,
    }
}

/// `container[index]`, of text, bytes and tuples.
pub fn subscript(container: &Const, index: &Const) -> Option<Const> {
    let index = match index {
        Const::Int(n) => *n,
        Const::True => 1,
        Const::False => 0,
        _ => return None,
    };
    let at = |len: usize| {
        let index = if index < 0 { index + len as i64 } else { index };
        usize::try_from(index).ok().filter(|at| *at < len)
    };
    match container {
        Const::Tuple(items) => at(items.len()).map(|at| items[at].clone()),
        Const::Bytes(bytes) => at(bytes.len()).map(|at| Const::Int(i64::from(bytes[at]))),
        Const::Str(text) => {
            let text = text.as_str()?;
            let at = at(text.chars().count())?;
            let mut buffer = [0; 4];
            let one = text.chars().nth(at)?;
            Some(Const::Str(Text::from(&*one.encode_utf8(&mut buffer))))
        }
        _ => None,
    }
}
