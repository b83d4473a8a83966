//! Factorials, binomials, divisors, and roots of ints.
//!
//! Long products are taken as balanced trees, so that the large multiplications meet operands of like size, and the heap is
//! asked for the result's room beforehand.

use std::borrow::Cow;

use dashu_int::UBig;
use dashu_int::ops::{Gcd, SquareRoot};
use ryokan_vm::native::*;

/// An int that is not negative: most are short.
pub enum Magnitude {
    Small(u64),
    Big(UBig),
}

impl Magnitude {
    fn of(cx: &Cx, value: &Value) -> Res<Magnitude> {
        let number = cx.to_index(value)?;
        Ok(match number.small() {
            Some(n) => Magnitude::Small(n.unsigned_abs()),
            None => Magnitude::Big(number.magnitude().into_owned()),
        })
    }
    fn big(&self) -> Cow<'_, UBig> {
        match self {
            Magnitude::Small(n) => Cow::Owned(UBig::from(*n)),
            Magnitude::Big(n) => Cow::Borrowed(n),
        }
    }
    fn is_zero(&self) -> bool {
        matches!(self, Magnitude::Small(0))
    }
}

impl IntoValue for Magnitude {
    fn into_value(self, cx: &Cx) -> Res {
        match self {
            Magnitude::Small(n) => n.into_value(cx),
            Magnitude::Big(n) => n.into_value(cx),
        }
    }
}

impl From<UBig> for Magnitude {
    fn from(number: UBig) -> Magnitude {
        Magnitude::Big(number)
    }
}

impl From<u128> for Magnitude {
    fn from(number: u128) -> Magnitude {
        u64::try_from(number).map_or_else(|_| Magnitude::Big(number.into()), Magnitude::Small)
    }
}

// ---- divisors ----------------------------------------------------------------------------------------------------

fn small_gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// The greatest common divisor, of large numbers in a quadratic number of steps, of words.
fn common(cx: &Cx, a: Magnitude, b: Magnitude) -> Res<Magnitude> {
    match (&a, &b) {
        (Magnitude::Small(a), Magnitude::Small(b)) => return Ok(Magnitude::Small(small_gcd(*a, *b))),
        (Magnitude::Small(0), _) => return Ok(b),
        (_, Magnitude::Small(0)) => return Ok(a),
        _ => {}
    }
    let (a, b) = (a.big(), b.big());
    cx.work((a.as_words().len() as u64).saturating_mul(b.as_words().len() as u64) / 16)?;
    let divisor = (&*a).gcd(&*b);
    Ok(match u64::try_from(&divisor) {
        Ok(small) => Magnitude::Small(small),
        Err(_) => Magnitude::Big(divisor),
    })
}

pub fn gcd(cx: &Cx, integers: Args<'_>) -> Res<Magnitude> {
    integers.no_keywords(cx, "math.gcd")?;
    let mut divisor = Magnitude::Small(0);
    for integer in integers.positional() {
        divisor = common(cx, divisor, Magnitude::of(cx, integer)?)?;
    }
    Ok(divisor)
}

pub fn lcm(cx: &Cx, integers: Args<'_>) -> Res<Magnitude> {
    integers.no_keywords(cx, "math.lcm")?;
    let mut multiple = Magnitude::Small(1);
    for integer in integers.positional() {
        multiple = common_multiple(cx, multiple, Magnitude::of(cx, integer)?)?;
    }
    Ok(multiple)
}

fn common_multiple(cx: &Cx, a: Magnitude, b: Magnitude) -> Res<Magnitude> {
    if a.is_zero() || b.is_zero() {
        return Ok(Magnitude::Small(0));
    }
    if let (Magnitude::Small(a), Magnitude::Small(b)) = (&a, &b)
        && let Some(multiple) = (a / small_gcd(*a, *b)).checked_mul(*b)
    {
        return Ok(Magnitude::Small(multiple));
    }
    let (x, y) = (a.big().into_owned(), b.big().into_owned());
    cx.room_for_product((cx.bits_of(&x) + cx.bits_of(&y)) as u128)?;
    let divisor = common(cx, a, b)?;
    Ok(Magnitude::Big(x / &*divisor.big() * y))
}

// ---- roots, factorials, binomials --------------------------------------------------------------------------------

pub fn isqrt(cx: &Cx, n: Int) -> Res<Magnitude> {
    if n.is_negative() {
        return Err(cx.value_error("isqrt() argument must be nonnegative"));
    }
    if let Some(n) = n.small() {
        return Ok(Magnitude::Small(n.unsigned_abs().isqrt()));
    }
    cx.room_for_product(n.bits() as u128)?;
    Ok(n.magnitude().sqrt().into())
}

/// The product of `count` numbers, `first`, `first + step`, and so on.
fn product(first: &UBig, count: u64, step: u64) -> UBig {
    if count <= 8 {
        let mut result = UBig::ONE;
        let mut at = first.clone();
        for _ in 0..count {
            result *= &at;
            at += step;
        }
        return result;
    }
    let half = count / 2;
    let middle = first + UBig::from(half) * step;
    product(first, half, step) * product(&middle, count - half, step)
}

/// Bits of `n!`, not less than there are.
fn factorial_bits(n: u64) -> u128 {
    u128::from(n) * u128::from(64 - n.leading_zeros())
}

/// `n!`: the odd numbers of each halving of n, and a power of two.
fn factorial_of(n: u64) -> UBig {
    let (mut odd_part, mut layer, mut low) = (UBig::ONE, UBig::ONE, 3);
    for halving in (0..64 - n.leading_zeros()).rev() {
        // Odd numbers from where the last layer stopped up to n / 2^halving.
        let high = n >> halving;
        if high >= low {
            let count = (high - low) / 2 + 1;
            layer *= product(&UBig::from(low), count, 2);
            low += 2 * count;
        }
        odd_part *= &layer;
    }
    odd_part << (n - u64::from(n.count_ones())) as usize
}

pub fn factorial(cx: &Cx, n: Int) -> Res<Magnitude> {
    if n.is_negative() {
        return Err(cx.value_error("factorial() not defined for negative values"));
    }
    match n.small() {
        // Products of 64 and of 128 bits.
        Some(n @ ..=20) => Ok(Magnitude::Small((1..=n as u64).product())),
        Some(n @ ..=33) => Ok((1..=n as u128).product::<u128>().into()),
        Some(n) => {
            cx.room_for_product(factorial_bits(n as u64))?;
            Ok(factorial_of(n as u64).into())
        }
        None => {
            Err(cx.overflow_error(format_args!("factorial() argument should not exceed {}", i64::MAX)))
        }
    }
}

/// How many there are, and how many are taken, must not be negative.
fn check_pair(cx: &Cx, n: &Int, k: &Int) -> Res<()> {
    if n.is_negative() {
        return Err(cx.value_error("n must be a non-negative integer"));
    }
    if k.is_negative() {
        return Err(cx.value_error("k must be a non-negative integer"));
    }
    Ok(())
}

/// `n * (n - 1) * ..`, k factors; k is at most n.
fn falling(cx: &Cx, n: &UBig, k: u64) -> Res<UBig> {
    cx.room_for_product(u128::from(k) * cx.bits_of(n) as u128)?;
    Ok(product(&(n - UBig::from(k) + UBig::ONE), k, 1))
}

/// How many factors there are, which C's `long long` must hold.
fn factors(cx: &Cx, k: &UBig, name: &str) -> Res<u64> {
    match i64::try_from(k) {
        Ok(k) => Ok(k as u64),
        Err(_) => Err(cx.overflow_error(format_args!("{name} must not exceed {}", i64::MAX))),
    }
}

pub fn perm(cx: &Cx, n: Int, k: Option<Int>) -> Res<Magnitude> {
    let Some(k) = k else { return factorial(cx, n) };
    check_pair(cx, &n, &k)?;
    if let (Some(n), Some(k)) = (n.small(), k.small())
        && k <= n
        && let Some(product) = (0..k as u64).try_fold(1_u64, |product, i| product.checked_mul(n as u64 - i))
    {
        return Ok(Magnitude::Small(product));
    }
    let (n, k) = (n.magnitude(), k.magnitude());
    if k > n {
        return Ok(Magnitude::Small(0));
    }
    Ok(falling(cx, &n, factors(cx, &k, "k")?)?.into())
}

pub fn comb(cx: &Cx, n: Int, k: Int) -> Res<Magnitude> {
    check_pair(cx, &n, &k)?;
    if let (Some(n), Some(k)) = (n.small(), k.small()) {
        if k > n {
            return Ok(Magnitude::Small(0));
        }
        let k = k.min(n - k);
        if k <= 62
            && let Some(binomial) = small_comb(n as u128, k as u128)
        {
            return Ok(binomial.into());
        }
    }
    let (n, k) = (n.magnitude(), k.magnitude());
    if k > n {
        return Ok(Magnitude::Small(0));
    }
    let rest = &*n - &*k;
    let k = factors(cx, if rest < *k { &rest } else { &k }, "min(n - k, k)")?;
    let numerator = falling(cx, &n, k)?;
    cx.room_for_product(factorial_bits(k))?;
    Ok((numerator / factorial_of(k)).into())
}

/// A binomial by running products, each of which is one itself; `None` if it grows too large.
fn small_comb(n: u128, k: u128) -> Option<u128> {
    let mut result = 1u128;
    for i in 0..k {
        result = result.checked_mul(n - i)? / (i + 1);
    }
    Some(result)
}
