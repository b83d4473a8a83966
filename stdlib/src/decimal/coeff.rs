//! Coefficients: whole numbers, in a word of 128 bits as long as they have no more than 38 digits, else as big ints.
//!
//! What is cut off of a coefficient is known by how it compares with half a unit of the last digit that stays: [`Rest`].

use std::cmp::Ordering;

use dashu_int::UBig;
use dashu_int::ops::{BitTest, DivRem};
use ryokan_vm::native::*;

/// The most digits of a small coefficient.
pub const SMALL_DIGITS: i64 = 38;
/// Bits that a digit takes, and a bit of room.
pub const BITS_PER_DIGIT: f64 = 3.321_928_094_887_363;

/// The powers of ten that fit 128 bits.
pub static TENS: [u128; 39] = {
    let mut table = [1; 39];
    let mut at = 1;
    while at < 39 {
        table[at] = table[at - 1] * 10;
        at += 1;
    }
    table
};

/// A coefficient. It is small if and only if it has no more than 38 digits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Coeff {
    Small(u128),
    Big(UBig),
}

/// What lies behind the last digit, in units of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rest {
    Zero,
    /// More than nothing, less than half.
    Low,
    Half,
    High,
}

impl Rest {
    /// Of a remainder of a division.
    #[inline]
    pub fn of(twice: Ordering, zero: bool) -> Rest {
        match (zero, twice) {
            (true, _) => Rest::Zero,
            (_, Ordering::Less) => Rest::Low,
            (_, Ordering::Equal) => Rest::Half,
            (_, Ordering::Greater) => Rest::High,
        }
    }
    /// The rest, with a further one behind it.
    #[inline]
    pub fn and(self, further: Rest) -> Rest {
        match self {
            _ if further == Rest::Zero => self,
            Rest::Zero => Rest::Low,
            Rest::Half => Rest::High,
            other => other,
        }
    }
    pub fn is_zero(self) -> bool {
        self == Rest::Zero
    }
}

/// How many digits a number has; 1 for zero.
#[inline]
pub fn digits_of(n: u128) -> i64 {
    let bits = 128 - (n | 1).leading_zeros();
    let least = (bits * 1233) >> 12;
    i64::from(least) + i64::from(n >= TENS[least as usize] || least == 0)
}

/// So many tens multiplied. `MemoryError`, as all that follow.
pub fn ten_to(cx: &Cx, power: i64) -> Res<UBig> {
    if let Some(small) = usize::try_from(power).ok().and_then(|at| TENS.get(at)) {
        return Ok(UBig::from(*small));
    }
    room(cx, power)?;
    let power = power as usize;
    Ok(UBig::from(5u8).pow(power) << power)
}

/// Asks whether numbers of so many digits can be worked with.
pub fn room(cx: &Cx, digits: i64) -> Res<()> {
    if digits < 200 { Ok(()) } else { room_for_many(cx, digits) }
}
#[cold]
fn room_for_many(cx: &Cx, digits: i64) -> Res<()> {
    cx.room_for_product((digits as f64 * BITS_PER_DIGIT) as u128)
}

impl Coeff {
    pub const ZERO: Coeff = Coeff::Small(0);
    pub const ONE: Coeff = Coeff::Small(1);

    /// Of a big int, in the form that it is to have.
    pub fn of(n: UBig) -> Coeff {
        match u128::try_from(&n) {
            Ok(small) if small < TENS[38] => Coeff::Small(small),
            _ => Coeff::Big(n),
        }
    }
    pub fn of_word(n: u128) -> Coeff {
        if n < TENS[38] { Coeff::Small(n) } else { Coeff::Big(UBig::from(n)) }
    }
    pub fn big(&self) -> UBig {
        match self {
            Coeff::Small(n) => UBig::from(*n),
            Coeff::Big(n) => n.clone(),
        }
    }
    #[inline]
    pub fn is_zero(&self) -> bool {
        matches!(self, Coeff::Small(0))
    }
    pub fn is_one(&self) -> bool {
        matches!(self, Coeff::Small(1))
    }
    pub fn is_odd(&self) -> bool {
        match self {
            Coeff::Small(n) => n & 1 == 1,
            Coeff::Big(n) => n.bit(0),
        }
    }
    /// The number, if it fits a word.
    pub fn word(&self) -> Option<u64> {
        match self {
            Coeff::Small(n) => u64::try_from(*n).ok(),
            Coeff::Big(_) => None,
        }
    }
    pub fn last_digit(&self) -> u8 {
        match self {
            Coeff::Small(n) => (n % 10) as u8,
            Coeff::Big(n) => n % 10u8,
        }
    }
    /// How many digits it has; 1 for zero.
    #[inline]
    pub fn digits(&self, cx: &Cx) -> Res<i64> {
        match self {
            Coeff::Small(n) => Ok(digits_of(*n)),
            Coeff::Big(n) => big_digits(cx, n),
        }
    }
    /// With so many zeros behind it.
    #[inline]
    pub fn shifted_left(&self, cx: &Cx, places: i64) -> Res<Coeff> {
        match self {
            Coeff::Small(0) => Ok(Coeff::ZERO),
            Coeff::Small(n) if places < 38 && *n < TENS[38 - places as usize] => {
                Ok(Coeff::Small(n * TENS[places as usize]))
            }
            _ if places == 0 => Ok(self.clone()),
            Coeff::Big(n) => Ok(Coeff::Big(n * ten_to(cx, places)?)),
            Coeff::Small(n) => Ok(Coeff::Big(ten_to(cx, places)? * *n)),
        }
    }
    /// Without its last digits, and what those were.
    #[inline]
    pub fn shifted_right(&self, cx: &Cx, places: i64) -> Res<(Coeff, Rest)> {
        match self {
            _ if places == 0 => Ok((self.clone(), Rest::Zero)),
            Coeff::Small(n) if places <= 38 => {
                let unit = TENS[places as usize];
                let (whole, rest) = (n / unit, n % unit);
                Ok((Coeff::Small(whole), Rest::of(rest.cmp(&(unit / 2)), rest == 0)))
            }
            Coeff::Small(n) => Ok((Coeff::ZERO, if *n == 0 { Rest::Zero } else { Rest::Low })),
            Coeff::Big(n) => big_shifted_right(cx, n, places),
        }
    }
    pub fn add(&self, cx: &Cx, other: &Coeff) -> Res<Coeff> {
        if let (Coeff::Small(a), Coeff::Small(b)) = (self, other) {
            return Ok(Coeff::of_word(a + b));
        }
        self.room_with(cx, other)?;
        Ok(match (self, other) {
            (Coeff::Big(a), Coeff::Big(b)) => Coeff::Big(a + b),
            (Coeff::Big(a), Coeff::Small(b)) | (Coeff::Small(b), Coeff::Big(a)) => Coeff::Big(a + *b),
            (Coeff::Small(a), Coeff::Small(b)) => Coeff::of_word(a + b),
        })
    }
    /// The difference to one that is not larger.
    pub fn sub(&self, cx: &Cx, other: &Coeff) -> Res<Coeff> {
        if let (Coeff::Small(a), Coeff::Small(b)) = (self, other) {
            return Ok(Coeff::Small(a.wrapping_sub(*b)));
        }
        self.room_with(cx, other)?;
        Ok(Coeff::of(match (self, other) {
            (Coeff::Big(a), Coeff::Big(b)) => a - b,
            (Coeff::Big(a), Coeff::Small(b)) => a - *b,
            (Coeff::Small(a), _) => UBig::from(*a) - other.big(),
        }))
    }
    pub fn mul(&self, cx: &Cx, other: &Coeff) -> Res<Coeff> {
        if let (Coeff::Small(a), Coeff::Small(b)) = (self, other)
            && let Some(product) = a.checked_mul(*b)
        {
            return Ok(Coeff::of_word(product));
        }
        self.room_with(cx, other)?;
        Ok(match (self, other) {
            (Coeff::Big(a), Coeff::Big(b)) => Coeff::Big(a * b),
            (Coeff::Big(a), Coeff::Small(b)) | (Coeff::Small(b), Coeff::Big(a)) => Coeff::of(a * *b),
            (Coeff::Small(a), Coeff::Small(b)) => Coeff::of(UBig::from(*a) * *b),
        })
    }
    /// Quotient and remainder; the other one is not zero.
    pub fn div_rem(&self, cx: &Cx, other: &Coeff) -> Res<(Coeff, Coeff)> {
        if let (Coeff::Small(a), Coeff::Small(b)) = (self, other) {
            return Ok((Coeff::Small(a / b), Coeff::Small(a % b)));
        }
        self.room_with(cx, other)?;
        let (quotient, rest) = match (self, other) {
            (Coeff::Big(a), Coeff::Big(b)) => a.div_rem(b),
            _ => self.big().div_rem(other.big()),
        };
        Ok((Coeff::of(quotient), Coeff::of(rest)))
    }
    pub fn cmp(&self, other: &Coeff) -> Ordering {
        match (self, other) {
            (Coeff::Small(a), Coeff::Small(b)) => a.cmp(b),
            (Coeff::Small(_), Coeff::Big(_)) => Ordering::Less,
            (Coeff::Big(_), Coeff::Small(_)) => Ordering::Greater,
            (Coeff::Big(a), Coeff::Big(b)) => a.cmp(b),
        }
    }
    fn bits(&self) -> u128 {
        match self {
            Coeff::Small(_) => 128,
            Coeff::Big(n) => n.bit_len() as u128,
        }
    }
    fn room_with(&self, cx: &Cx, other: &Coeff) -> Res<()> {
        let bits = self.bits() + other.bits();
        if bits < 1024 { Ok(()) } else { cx.room_for_product(bits) }
    }
    /// How many zeros it ends with; it is not zero.
    pub fn trailing_zeros(&self, cx: &Cx) -> Res<i64> {
        match self {
            Coeff::Small(n) => Ok(small_trailing_zeros(*n)),
            Coeff::Big(n) => big_trailing_zeros(cx, n),
        }
    }
    /// Its digits as a text. Charged as work; the text is not.
    pub fn text(&self, cx: &Cx) -> Res<String> {
        match self {
            Coeff::Small(n) => Ok(n.to_string()),
            Coeff::Big(n) => {
                let bits = n.bit_len() as u128;
                cx.room_for_product(bits * 2)?;
                Ok(n.to_string())
            }
        }
    }
}

fn small_trailing_zeros(mut n: u128) -> i64 {
    let mut zeros = 0;
    // A number that is divided by 10^k is divided by 2^k.
    for step in [32, 16, 8, 4, 2, 1] {
        while n.trailing_zeros() >= step && n.is_multiple_of(TENS[step as usize]) {
            n /= TENS[step as usize];
            zeros += i64::from(step);
        }
    }
    zeros
}

fn big_trailing_zeros(cx: &Cx, n: &UBig) -> Res<i64> {
    let twos = n.trailing_zeros().unwrap_or(0) as i64;
    // By steps that double as long as the division has no rest, and are halved then.
    let (mut step, mut zeros, mut left) = (16i64, 0i64, n.clone());
    let mut grows = true;
    while step > 0 {
        if zeros + step > twos {
            (step, grows) = (step / 2, false);
            continue;
        }
        cx.room_for_product(left.bit_len() as u128)?;
        let (whole, rest) = (&left).div_rem(ten_to(cx, step)?);
        if rest.is_zero() {
            (left, zeros) = (whole, zeros + step);
            step = if grows { step * 2 } else { step };
        } else {
            (step, grows) = (step / 2, false);
        }
    }
    Ok(zeros)
}

fn big_shifted_right(cx: &Cx, n: &UBig, places: i64) -> Res<(Coeff, Rest)> {
    let bits = n.bit_len();
    if places as f64 * BITS_PER_DIGIT > bits as f64 + 8.0 {
        return Ok((Coeff::ZERO, Rest::Low));
    }
    room(cx, bits as i64 / 3)?;
    let unit = ten_to(cx, places)?;
    let (whole, rest) = n.div_rem(&unit);
    let zero = rest.is_zero();
    Ok((Coeff::of(whole), Rest::of((rest << 1usize).cmp(&unit), zero)))
}

fn big_digits(cx: &Cx, n: &UBig) -> Res<i64> {
    let (bits, words) = (n.bit_len(), n.as_words());
    let shift = bits.saturating_sub(64);
    let at = shift / 64;
    let low = words.get(at).copied().unwrap_or(0);
    let high = words.get(at + 1).copied().unwrap_or(0);
    let top = ((u128::from(high) << 64 | u128::from(low)) >> (shift % 64)) as u64;
    let log = (top as f64).log10() + shift as f64 * std::f64::consts::LOG10_2;
    let doubt = 1e-9 + bits as f64 * 1e-15;
    let (least, most) = ((log - doubt).floor(), (log + doubt).floor());
    if least == most {
        return Ok(least as i64 + 1);
    }
    let beyond = *n >= ten_to(cx, most as i64)?;
    Ok(most as i64 + i64::from(beyond))
}

/// A product of 256 bits: its high and its low half.
pub fn wide_product(a: u128, b: u128) -> (u128, u128) {
    let half = |n: u128| (n >> 64, n & u128::from(u64::MAX));
    let ((a1, a0), (b1, b0)) = (half(a), half(b));
    let (low, mid, cross, high) = (a0 * b0, a1 * b0, a0 * b1, a1 * b1);
    let (mid, carry) = mid.overflowing_add(cross);
    let (low, up) = low.overflowing_add(mid << 64);
    (high + (mid >> 64) + (u128::from(carry) << 64) + u128::from(up), low)
}

/// A number of 256 bits without its last digits, of which there are at most 38, and what those were. The quotient fits 128 bits.
pub fn wide_shifted_right(number: (u128, u128), places: i64) -> (u128, Rest) {
    let low_places = places.min(19);
    let (first, rest) = divided(number, TENS[low_places as usize] as u64);
    if places == low_places {
        let unit = TENS[places as usize];
        return (first.1, Rest::of(u128::from(rest).cmp(&(unit / 2)), rest == 0));
    }
    let unit = TENS[(places - low_places) as usize];
    let (whole, high) = divided(first, unit as u64);
    let behind = if rest == 0 { Rest::Zero } else { Rest::Low };
    (whole.1, Rest::of(u128::from(high).cmp(&(unit / 2)), high == 0).and(behind))
}

/// A number of 256 bits divided by a word.
fn divided(number: (u128, u128), by: u64) -> ((u128, u128), u64) {
    let (by, mask) = (u128::from(by), u128::from(u64::MAX));
    let mut rest = 0;
    let mut step = |word: u128| {
        let part = rest << 64 | word;
        let quotient = part / by;
        rest = part - quotient * by;
        quotient & mask
    };
    let words = [number.0 >> 64, number.0 & mask, number.1 >> 64, number.1 & mask].map(&mut step);
    ((words[0] << 64 | words[1], words[2] << 64 | words[3]), rest as u64)
}
