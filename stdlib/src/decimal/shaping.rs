//! Operations that change how a number is written, or pick one of two: quantize, to_integral, next_plus, max and their like.

use std::cmp::Ordering;

use ryokan_vm::native::*;

use super::calc::{Calc, Limits, Rounding, flag};
use super::coeff::{Coeff, Rest};
use super::num::{Kind, Num};

impl Calc<'_> {
    pub fn quantize(&mut self, a: &Num, b: &Num) -> Res<Num> {
        if a.is_special() || b.is_special() {
            if let Some(nan) = self.nan_among(&[a, b])? {
                return Ok(nan);
            }
            if a.is_infinite() && b.is_infinite() {
                return Ok(a.clone());
            }
            return Ok(self.invalid(flag::INVALID_OPERATION));
        }
        let limits = self.limits;
        if b.exp > limits.emax || b.exp < limits.etiny() {
            return Ok(self.invalid(flag::INVALID_OPERATION));
        }
        if a.is_zero() {
            return self.finish(Num::zero(a.negative, b.exp));
        }
        let more = a.exp - b.exp;
        if a.digits + more > limits.prec {
            return Ok(self.invalid(flag::INVALID_OPERATION));
        }
        let (made, status) = self.with_exponent(a, b.exp)?;
        if made.digits > limits.prec || made.adjusted() > limits.emax {
            return Ok(self.invalid(flag::INVALID_OPERATION));
        }
        self.signal(status);
        self.finish(made)
    }
    /// A finite number with another exponent, rounded where that is larger; and what that signals.
    pub fn with_exponent(&mut self, a: &Num, exp: i64) -> Res<(Num, u32)> {
        let more = a.exp - exp;
        if more >= 0 {
            let coeff = a.coeff.shifted_left(self.cx, more)?;
            return Ok((Num::new(self.cx, a.negative, coeff, exp)?, 0));
        }
        let (coeff, rest) = a.coeff.shifted_right(self.cx, -more)?;
        let up = self.goes_up(&coeff, a.negative, rest);
        let mut made = Num::new(self.cx, a.negative, coeff, exp)?;
        if up {
            made = self.incremented(made)?;
        }
        Ok((made, flag::ROUNDED | if rest == Rest::Zero { 0 } else { flag::INEXACT }))
    }
    /// Without zeros behind it.
    pub fn reduce(&mut self, a: &Num) -> Res<Num> {
        if let Some(nan) = self.nan_of(a)? {
            return Ok(nan);
        }
        let mut n = self.finish(a.clone())?;
        if n.is_special() {
            return Ok(n);
        }
        if n.is_zero() {
            return Ok(Num::zero(n.negative, 0));
        }
        let most = if self.limits.clamp { self.limits.etop() } else { self.limits.emax };
        let zeros = n.coeff.trailing_zeros(self.cx)?.min(most - n.exp);
        if zeros > 0 {
            n.coeff = n.coeff.shifted_right(self.cx, zeros)?.0;
            n.exp += zeros;
            n.digits -= zeros;
        }
        Ok(n)
    }
    /// A whole number; whether it says that it was rounded.
    pub fn rounded_to_integral(&mut self, a: &Num, tells: bool) -> Res<Num> {
        if let Some(nan) = self.nan_of(a)? {
            return Ok(nan);
        }
        if a.is_special() || a.exp >= 0 {
            return Ok(a.clone());
        }
        if a.is_zero() {
            return Ok(Num::zero(a.negative, 0));
        }
        let (made, status) = self.with_exponent(a, 0)?;
        if tells {
            self.signal(status);
        }
        Ok(made)
    }

    // ---- neighbours -------------------------------------------------------------------------------------------------------

    /// The next number of the context above, or below.
    pub fn next(&mut self, a: &Num, up: bool) -> Res<Num> {
        if let Some(nan) = self.nan_of(a)? {
            return Ok(nan);
        }
        if a.is_infinite() {
            return if a.negative == up { self.largest(a.negative) } else { Ok(a.clone()) };
        }
        let rounding = if up { Rounding::Ceiling } else { Rounding::Floor };
        let mut inner = self.within(Limits { rounding, ..self.limits });
        let there = inner.finish(a.clone())?;
        if inner.status & flag::INEXACT != 0 {
            return Ok(there);
        }
        let tiny = Num { exp: self.limits.etiny() - 1, ..Num::ONE };
        if up { inner.add(&there, &tiny) } else { inner.sub(&there, &tiny) }
    }
    pub fn next_toward(&mut self, a: &Num, b: &Num) -> Res<Num> {
        if let Some(nan) = self.nan_among(&[a, b])? {
            return Ok(nan);
        }
        let order = a.cmp(self.cx, b)?;
        if order.is_eq() {
            return Ok(a.clone().with_sign(b.negative));
        }
        let made = self.next(a, order.is_lt())?;
        if made.is_infinite() {
            self.signal(flag::OVERFLOW | flag::ROUNDED | flag::INEXACT);
        } else if made.adjusted() < self.limits.emin {
            self.signal(flag::UNDERFLOW | flag::SUBNORMAL | flag::ROUNDED | flag::INEXACT);
            if made.is_zero() {
                self.signal(flag::CLAMPED);
            }
        }
        Ok(made)
    }

    // ---- one of two -------------------------------------------------------------------------------------------------------

    /// The larger or the smaller one, or the one of the larger or smaller magnitude.
    pub fn choose(&mut self, a: &Num, b: &Num, largest: bool, magnitude: bool) -> Res<Num> {
        let chosen = if a.kind == Kind::Quiet && !b.is_nan() {
            b
        } else if b.kind == Kind::Quiet && !a.is_nan() {
            a
        } else {
            if let Some(nan) = self.nan_among(&[a, b])? {
                return Ok(nan);
            }
            let order = if magnitude { a.cmp_abs(self.cx, b)? } else { a.cmp(self.cx, b)? };
            let order = if order.is_eq() { a.cmp_total(self.cx, b)? } else { order };
            if order.is_lt() == largest { b } else { a }
        };
        self.finish(chosen.clone())
    }
    /// -1, 0 or 1; a NaN if one is one, which signals if `signals`.
    pub fn compare(&mut self, a: &Num, b: &Num, signals: bool) -> Res<Num> {
        if a.is_nan() || b.is_nan() {
            if signals {
                self.signal(flag::INVALID_OPERATION);
            }
            return Ok(self.nan_among(&[a, b])?.unwrap_or(Num::NAN));
        }
        Ok(of_order(a.cmp(self.cx, b)?))
    }

    // ---- exponents and places ---------------------------------------------------------------------------------------------

    pub fn logb(&mut self, a: &Num) -> Res<Num> {
        if let Some(nan) = self.nan_of(a)? {
            return Ok(nan);
        }
        if a.is_infinite() {
            return Ok(Num::infinity(false));
        }
        if a.is_zero() {
            self.signal(flag::DIVISION_BY_ZERO);
            return Ok(Num::infinity(true));
        }
        self.finish(Num::of_int(a.adjusted().into()))
    }
    pub fn scaleb(&mut self, a: &Num, b: &Num) -> Res<Num> {
        if let Some(nan) = self.nan_among(&[a, b])? {
            return Ok(nan);
        }
        let most = 2 * (i128::from(self.limits.emax) + i128::from(self.limits.prec));
        let by = match b.is_finite() && b.exp == 0 {
            true => b.coeff.word().filter(|n| i128::from(*n) <= most),
            false => None,
        };
        let Some(by) = by else { return Ok(self.invalid(flag::INVALID_OPERATION)) };
        if a.is_infinite() {
            return Ok(a.clone());
        }
        let by = if b.negative { -(by as i64) } else { by as i64 };
        // Beyond that both ways lead to an overflow or to zero.
        let exp =
            (i128::from(a.exp) + i128::from(by)).clamp(-4_000_000_000_000_000_000, 2_000_000_000_000_000_001);
        self.finish(Num { exp: exp as i64, ..a.clone() })
    }
    /// How many places a number is to be moved: a whole number that is no larger than the precision.
    fn places(&mut self, b: &Num) -> Option<i64> {
        let prec = self.limits.prec;
        let places = if b.is_finite() && b.exp == 0 { b.coeff.word() } else { None };
        let places = places.and_then(|n| i64::try_from(n).ok()).filter(|n| *n <= prec);
        if places.is_none() {
            self.signal(flag::INVALID_OPERATION);
        }
        places.map(|n| if b.negative { -n } else { n })
    }
    /// The last so many digits of a coefficient.
    fn last_digits(&self, coeff: &Coeff, digits: i64, count: i64) -> Res<Coeff> {
        if digits <= count {
            return Ok(coeff.clone());
        }
        let unit = Coeff::ONE.shifted_left(self.cx, count)?;
        Ok(coeff.div_rem(self.cx, &unit)?.1)
    }
    pub fn shift(&mut self, a: &Num, b: &Num) -> Res<Num> {
        if let Some(nan) = self.nan_among(&[a, b])? {
            return Ok(nan);
        }
        let Some(places) = self.places(b) else { return Ok(Num::NAN) };
        if a.is_infinite() {
            return Ok(a.clone());
        }
        let (cx, prec) = (self.cx, self.limits.prec);
        let coeff = if places >= 0 {
            self.last_digits(&a.coeff, a.digits, prec - places)?.shifted_left(cx, places)?
        } else {
            self.last_digits(&a.coeff, a.digits, prec)?.shifted_right(cx, -places)?.0
        };
        Num::new(cx, a.negative, coeff, a.exp)
    }
    pub fn rotate(&mut self, a: &Num, b: &Num) -> Res<Num> {
        if let Some(nan) = self.nan_among(&[a, b])? {
            return Ok(nan);
        }
        let Some(places) = self.places(b) else { return Ok(Num::NAN) };
        if a.is_infinite() {
            return Ok(a.clone());
        }
        let (cx, prec) = (self.cx, self.limits.prec);
        let left = if places >= 0 { places } else { prec + places };
        let whole = self.last_digits(&a.coeff, a.digits, prec)?;
        let digits = whole.digits(cx)?;
        let low = self.last_digits(&whole, digits, prec - left)?.shifted_left(cx, left)?;
        let high = whole.shifted_right(cx, prec - left)?.0;
        Num::new(cx, a.negative, low.add(cx, &high)?, a.exp)
    }

    // ---- digits as bits ---------------------------------------------------------------------------------------------------

    /// The digits of a number that is made of nothing but 0 and 1, the lowest first.
    fn bits(&mut self, a: &Num) -> Res<Option<Vec<u8>>> {
        if a.is_finite() && a.exp == 0 && !a.negative {
            self.cx.room_for_bytes(a.digits as usize)?;
            let text = a.coeff.text(self.cx)?;
            if text.bytes().all(|digit| digit <= b'1') {
                return Ok(Some(text.into_bytes().into_iter().rev().map(|digit| digit - b'0').collect()));
            }
        }
        self.signal(flag::INVALID_OPERATION);
        Ok(None)
    }
    fn of_bits(&mut self, bits: impl DoubleEndedIterator<Item = u8>) -> Res<Num> {
        let text: String = bits.rev().map(|bit| char::from(b'0' + bit)).collect();
        let coeff = super::text::coeff_of(self.cx, &text)?;
        let digits = coeff.digits(self.cx)?;
        let coeff = self.last_digits(&coeff, digits, self.limits.prec)?;
        Num::new(self.cx, false, coeff, 0)
    }
    pub fn logical(&mut self, a: &Num, b: &Num, op: fn(u8, u8) -> u8) -> Res<Num> {
        let Some(a) = self.bits(a)? else { return Ok(Num::NAN) };
        let Some(b) = self.bits(b)? else { return Ok(Num::NAN) };
        let at = |bits: &[u8], place: usize| bits.get(place).copied().unwrap_or(0);
        self.of_bits((0..a.len().max(b.len())).map(|place| op(at(&a, place), at(&b, place))))
    }
    pub fn logical_invert(&mut self, a: &Num) -> Res<Num> {
        let Some(a) = self.bits(a)? else { return Ok(Num::NAN) };
        let prec = usize::try_from(self.limits.prec).unwrap_or(usize::MAX);
        self.cx.room_for_bytes(prec.saturating_mul(2))?;
        self.of_bits((0..prec).map(|place| 1 - a.get(place).copied().unwrap_or(0)))
    }

    /// What kind of a number it is, in the words of the specification.
    pub fn number_class(&self, a: &Num) -> &'static str {
        let names = match a.kind {
            Kind::Quiet => return "NaN",
            Kind::Signaling => return "sNaN",
            Kind::Infinite => ["+Infinity", "-Infinity"],
            Kind::Finite if a.coeff.is_zero() => ["+Zero", "-Zero"],
            Kind::Finite if a.adjusted() < self.limits.emin => ["+Subnormal", "-Subnormal"],
            Kind::Finite => ["+Normal", "-Normal"],
        };
        names[usize::from(a.negative)]
    }
}

/// An order as a number.
pub fn of_order(order: Ordering) -> Num {
    Num::of_int(order as i128)
}
