//! The short way of what is done most: operators of two finite numbers of at most 38 digits each, whose result is such a number, too,
//! and raises nothing. It looks at the current context where that lies, and runs no Python. What it does not do, it leaves alone.

use std::cmp::Ordering;

use ryokan_vm::native::*;

use super::State;
use super::calc::{Limits, Rounding, flag};
use super::coeff::{Rest, SMALL_DIGITS, TENS, digits_of, wide_product, wide_shifted_right};
use super::context::Context;
use super::object::{Decimal, Small, made_small};

/// A result before it is rounded: what it is worth, and what lies behind its last digit.
pub struct Raw {
    small: Small,
    rest: Rest,
    /// What is signaled in any case.
    status: u32,
}

impl Raw {
    fn exact(small: Small) -> Raw {
        Raw { small, rest: Rest::Zero, status: 0 }
    }
}

/// A number or a short int.
#[inline(always)]
fn operand(value: &Value) -> Option<Small> {
    match value.body::<Decimal>() {
        Some(decimal) => decimal.head.get().small(),
        None => {
            let n = Int::exact_small(value)?;
            Some(Small { n: n.unsigned_abs().into(), exp: 0, negative: n < 0 })
        }
    }
}

/// Runs a short way, and rounds what it gives in the current context.
#[inline(always)]
pub fn operator(
    cx: &Cx,
    left: &Value,
    right: &Value,
    op: impl FnOnce(&Limits, Small, Small) -> Option<Raw>,
) -> Option<Res> {
    let (a, b) = (operand(left)?, operand(right)?);
    let state = cx.state::<State>().ok()?;
    if state.current_at.get() != crate::contextvars::serial(cx) {
        return None;
    }
    let made = state.current.body(|context: &Context| {
        let limits = context.limits.get();
        let raw = op(&limits, a, b)?;
        let (small, digits, status) = rounded(&limits, raw)?;
        if status & context.traps.bits.get() != 0 {
            return None;
        }
        if status != 0 {
            context.flags.bits.set(context.flags.bits.get() | status);
        }
        Some((small, digits))
    });
    let (small, digits) = made??;
    Some(made_small(cx, small, digits))
}

/// A result within the limits, if it is neither too large nor too small for them.
#[inline(always)]
fn rounded(limits: &Limits, raw: Raw) -> Option<(Small, i64, u32)> {
    let Raw { mut small, rest, mut status } = raw;
    let mut digits = digits_of(small.n);
    let adjusted = small.exp + digits - 1;
    // One more is kept free for what rounding may add.
    if adjusted >= limits.emax || adjusted < limits.emin || (limits.clamp && small.exp > limits.etop()) {
        return None;
    }
    let cut = digits - limits.prec;
    if cut <= 0 && rest.is_zero() {
        return Some((small, digits, status));
    }
    let rest = if cut > 0 {
        let unit = TENS[cut as usize];
        let whole = small.n / unit;
        let behind = small.n - whole * unit;
        small.n = whole;
        small.exp += cut;
        digits -= cut;
        Rest::of(behind.cmp(&(unit / 2)), behind == 0).and(rest)
    } else {
        rest
    };
    status |= if rest.is_zero() { flag::ROUNDED } else { flag::ROUNDED | flag::INEXACT };
    let up = match (limits.rounding, rest) {
        (_, Rest::Zero) => false,
        (Rounding::HalfEven, Rest::Half) => small.n & 1 == 1,
        (Rounding::HalfEven | Rounding::HalfUp | Rounding::HalfDown, Rest::Low) => false,
        (Rounding::HalfEven | Rounding::HalfUp | Rounding::HalfDown, Rest::High) => true,
        (Rounding::HalfUp, Rest::Half) | (Rounding::Up, _) => true,
        (Rounding::HalfDown, Rest::Half) | (Rounding::Down, _) => false,
        (Rounding::Ceiling, _) => !small.negative,
        (Rounding::Floor, _) => small.negative,
        (Rounding::ZeroFiveUp, _) => small.n.is_multiple_of(5),
    };
    if up {
        small.n += 1;
        if small.n == TENS[digits as usize] {
            // 99.. has become 100..
            if digits >= limits.prec {
                small.n /= 10;
                small.exp += 1;
            } else {
                digits += 1;
            }
        }
    }
    Some((small, digits, status))
}

/// Two numbers with one exponent, if both stay small.
#[inline(always)]
fn aligned(a: Small, b: Small) -> Option<(u128, u128, i64)> {
    let apart = a.exp - b.exp;
    if apart == 0 {
        return Some((a.n, b.n, a.exp));
    }
    let lifted = |n: u128, by: i64| {
        let fits = by < SMALL_DIGITS && n != 0 && n < TENS[(SMALL_DIGITS - by) as usize];
        fits.then(|| n * TENS[by as usize])
    };
    if apart > 0 { Some((lifted(a.n, apart)?, b.n, b.exp)) } else { Some((a.n, lifted(b.n, -apart)?, a.exp)) }
}

#[inline(always)]
pub fn add(limits: &Limits, a: Small, b: Small) -> Option<Raw> {
    let (x, y, exp) = aligned(a, b)?;
    let (n, negative) = if a.negative == b.negative {
        (x + y, a.negative)
    } else {
        match x.cmp(&y) {
            Ordering::Greater => (x - y, a.negative),
            Ordering::Less => (y - x, b.negative),
            Ordering::Equal => (0, limits.rounding == Rounding::Floor),
        }
    };
    if n >= TENS[38] {
        return None;
    }
    Some(Raw::exact(Small { n, exp, negative }))
}
#[inline(always)]
pub fn sub(limits: &Limits, a: Small, b: Small) -> Option<Raw> {
    add(limits, a, Small { negative: !b.negative, ..b })
}
#[inline(always)]
pub fn mul(limits: &Limits, a: Small, b: Small) -> Option<Raw> {
    let (exp, negative) = (a.exp + b.exp, a.negative != b.negative);
    if let (Ok(x), Ok(y)) = (u64::try_from(a.n), u64::try_from(b.n)) {
        let n = u128::from(x) * u128::from(y);
        if n < TENS[38] {
            return Some(Raw::exact(Small { n, exp, negative }));
        }
    }
    let most = digits_of(a.n) + digits_of(b.n);
    if most <= SMALL_DIGITS {
        return Some(Raw::exact(Small { n: a.n * b.n, exp, negative }));
    }
    let cut = most - 1 - limits.prec;
    if limits.prec >= SMALL_DIGITS || !(0..=SMALL_DIGITS).contains(&cut) || a.n == 0 || b.n == 0 {
        return None;
    }
    let (n, rest) = wide_shifted_right(wide_product(a.n, b.n), cut);
    let status = if cut > 0 { flag::ROUNDED } else { 0 };
    Some(Raw { small: Small { n, exp: exp + cut, negative }, rest, status })
}
#[inline(always)]
pub fn div(limits: &Limits, a: Small, b: Small) -> Option<Raw> {
    if a.n == 0 || b.n == 0 {
        return None;
    }
    let (ideal, negative) = (a.exp - b.exp, a.negative != b.negative);
    let shift = digits_of(b.n) - digits_of(a.n) + limits.prec + 1;
    if !(0..SMALL_DIGITS).contains(&shift) || a.n >= TENS[(SMALL_DIGITS - shift) as usize] {
        return None;
    }
    let above = a.n * TENS[shift as usize];
    let mut n = above / b.n;
    let mut exp = ideal - shift;
    if n * b.n != above {
        return Some(Raw { small: Small { n, exp, negative }, rest: Rest::Low, status: 0 });
    }
    // An exact quotient has no more zeros than its exponent wants.
    let mut left = shift;
    for step in [16, 8, 4, 2, 1] {
        while left >= step && n.trailing_zeros() >= step as u32 {
            let unit = TENS[step as usize];
            let whole = n / unit;
            if whole * unit != n {
                break;
            }
            (n, left, exp) = (whole, left - step, exp + step);
        }
    }
    Some(Raw::exact(Small { n, exp, negative }))
}

/// The order of two numbers.
#[inline(always)]
pub fn compare(left: &Value, right: &Value) -> Option<Ordering> {
    let (a, b) = (operand(left)?, operand(right)?);
    let sign = |n: &Small| if n.n == 0 { 0 } else { 1 - 2 * i32::from(n.negative) };
    let signs = sign(&a).cmp(&sign(&b));
    if signs.is_ne() || a.n == 0 {
        return Some(signs);
    }
    let (x, y, _) = aligned(a, b)?;
    Some(if a.negative { y.cmp(&x) } else { x.cmp(&y) })
}

/// A number with the exponent of another one, in the current context.
#[inline(always)]
pub fn quantize(limits: &Limits, a: Small, b: Small) -> Option<Raw> {
    let more = a.exp - b.exp;
    if b.exp > limits.emax || b.exp < limits.etiny() || a.n == 0 || limits.clamp {
        return None;
    }
    if more >= 0 {
        if more >= SMALL_DIGITS || a.n >= TENS[(SMALL_DIGITS - more) as usize] {
            return None;
        }
        let n = a.n * TENS[more as usize];
        return (digits_of(n) <= limits.prec).then_some(Raw::exact(Small { n, exp: b.exp, ..a }));
    }
    if -more >= SMALL_DIGITS || digits_of(a.n) + more >= limits.prec {
        return None;
    }
    let unit = TENS[-more as usize];
    let n = a.n / unit;
    let behind = a.n - n * unit;
    let rest = Rest::of(behind.cmp(&(unit / 2)), behind == 0);
    // What becomes zero has no digits that the context could look at.
    (n != 0).then_some(Raw { small: Small { n, exp: b.exp, ..a }, rest, status: flag::ROUNDED })
}
