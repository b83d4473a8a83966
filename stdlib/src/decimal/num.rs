//! Numbers as arithmetic has them: a sign, a coefficient, an exponent; or an infinity, or no number.

use std::cmp::Ordering;

use ryokan_vm::native::*;

use super::coeff::Coeff;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Finite,
    Infinite,
    /// No number; its coefficient is what it says, and has 0 digits if it says nothing.
    Quiet,
    /// The same, which raises `InvalidOperation` where it is an operand.
    Signaling,
}

#[derive(Clone, Debug)]
pub struct Num {
    pub kind: Kind,
    pub negative: bool,
    pub exp: i64,
    /// Digits of the coefficient; 1 for zero.
    pub digits: i64,
    pub coeff: Coeff,
}

impl Num {
    pub const NAN: Num =
        Num { kind: Kind::Quiet, negative: false, exp: 0, digits: 0, coeff: Coeff::Small(0) };
    pub const ONE: Num = Num { digits: 1, kind: Kind::Finite, coeff: Coeff::Small(1), ..Num::NAN };

    pub fn infinity(negative: bool) -> Num {
        Num { kind: Kind::Infinite, negative, ..Num::NAN }
    }
    pub fn zero(negative: bool, exp: i64) -> Num {
        Num { kind: Kind::Finite, negative, exp, digits: 1, coeff: Coeff::ZERO }
    }
    #[inline]
    pub fn new(cx: &Cx, negative: bool, coeff: Coeff, exp: i64) -> Res<Num> {
        let digits = coeff.digits(cx)?;
        Ok(Num { kind: Kind::Finite, negative, exp, digits, coeff })
    }
    /// Of a number that fits a word.
    pub fn of_int(n: i128) -> Num {
        let coeff = n.unsigned_abs();
        let digits = super::coeff::digits_of(coeff);
        Num { kind: Kind::Finite, negative: n < 0, exp: 0, digits, coeff: Coeff::Small(coeff) }
    }
    #[inline]
    pub fn is_special(&self) -> bool {
        self.kind != Kind::Finite
    }
    #[inline]
    pub fn is_finite(&self) -> bool {
        self.kind == Kind::Finite
    }
    pub fn is_nan(&self) -> bool {
        matches!(self.kind, Kind::Quiet | Kind::Signaling)
    }
    pub fn is_infinite(&self) -> bool {
        self.kind == Kind::Infinite
    }
    #[inline]
    pub fn is_zero(&self) -> bool {
        self.kind == Kind::Finite && self.coeff.is_zero()
    }
    /// The exponent that it has when it is written with one digit before the point.
    #[inline]
    pub fn adjusted(&self) -> i64 {
        self.exp + self.digits - 1
    }
    pub fn with_sign(mut self, negative: bool) -> Num {
        self.negative = negative;
        self
    }
    pub fn negated(mut self) -> Num {
        self.negative = !self.negative;
        self
    }
    /// -1, 0 or 1.
    pub fn sign(&self) -> i32 {
        match (self.is_zero(), self.negative) {
            (true, _) => 0,
            (_, true) => -1,
            _ => 1,
        }
    }
    /// Whether it is a whole number, and odd: nothing if it is none.
    pub fn whole_is_odd(&self, cx: &Cx) -> Res<Option<bool>> {
        if !self.is_finite() {
            return Ok(None);
        }
        if self.is_zero() {
            return Ok(Some(false));
        }
        if self.exp >= 0 {
            return Ok(Some(self.exp == 0 && self.coeff.is_odd()));
        }
        if self.digits <= -self.exp || self.coeff.trailing_zeros(cx)? < -self.exp {
            return Ok(None);
        }
        Ok(Some(self.coeff.shifted_right(cx, -self.exp)?.0.is_odd()))
    }
    /// The whole number, if it is one and fits.
    pub fn to_i64(&self, cx: &Cx) -> Res<Option<i64>> {
        if !self.is_finite() || self.whole_is_odd(cx)?.is_none() {
            return Ok(None);
        }
        if self.is_zero() {
            return Ok(Some(0));
        }
        if self.adjusted() > 18 {
            return Ok(None);
        }
        let whole = match self.exp {
            exp if exp >= 0 => self.coeff.shifted_left(cx, exp)?,
            exp => self.coeff.shifted_right(cx, -exp)?.0,
        };
        let Coeff::Small(n) = whole else { return Ok(None) };
        Ok(i64::try_from(n).ok().map(|n| if self.negative { -n } else { n }))
    }

    /// Compares two that are numbers, infinities included, by what they are worth without their signs.
    pub fn cmp_abs(&self, cx: &Cx, other: &Num) -> Res<Ordering> {
        if self.is_infinite() || other.is_infinite() {
            return Ok(self.is_infinite().cmp(&other.is_infinite()));
        }
        if self.is_zero() || other.is_zero() {
            return Ok(other.is_zero().cmp(&self.is_zero()));
        }
        let by_size = self.adjusted().cmp(&other.adjusted());
        if by_size.is_ne() {
            return Ok(by_size);
        }
        // Both begin at the same place: the shorter one is brought to the length of the other.
        match self.exp - other.exp {
            0 => Ok(self.coeff.cmp(&other.coeff)),
            more if more > 0 => Ok(self.coeff.shifted_left(cx, more)?.cmp(&other.coeff)),
            less => Ok(self.coeff.cmp(&other.coeff.shifted_left(cx, -less)?)),
        }
    }
    /// The same with their signs.
    pub fn cmp(&self, cx: &Cx, other: &Num) -> Res<Ordering> {
        let signs = self.sign().cmp(&other.sign());
        if signs.is_ne() || self.is_zero() {
            return Ok(signs);
        }
        let order = self.cmp_abs(cx, other)?;
        Ok(if self.negative { order.reverse() } else { order })
    }
    /// The order of all of them, NaNs and exponents included.
    pub fn cmp_total(&self, cx: &Cx, other: &Num) -> Res<Ordering> {
        if self.negative != other.negative {
            return Ok(other.negative.cmp(&self.negative));
        }
        let order = self.cmp_total_abs(cx, other)?;
        Ok(if self.negative { order.reverse() } else { order })
    }
    /// The same without signs.
    pub fn cmp_total_abs(&self, cx: &Cx, other: &Num) -> Res<Ordering> {
        let rank = |n: &Num| match n.kind {
            Kind::Finite | Kind::Infinite => 0,
            Kind::Signaling => 1,
            Kind::Quiet => 2,
        };
        let by_kind = rank(self).cmp(&rank(other));
        if by_kind.is_ne() {
            return Ok(by_kind);
        }
        if self.is_nan() {
            return Ok(self.coeff.cmp(&other.coeff).then(self.digits.cmp(&other.digits)));
        }
        Ok(self.cmp_abs(cx, other)?.then(self.exp.cmp(&other.exp)))
    }
}
