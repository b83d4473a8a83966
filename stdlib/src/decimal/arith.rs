//! The four operations, and what is made of them.

use std::cmp::Ordering;

use ryokan_vm::native::*;

use super::calc::{Calc, Limits, Rounding, flag};
use super::coeff::{Coeff, Rest, SMALL_DIGITS, wide_product, wide_shifted_right};
use super::num::{Kind, Num};

impl Calc<'_> {
    // ---- sums -------------------------------------------------------------------------------------------------------------

    pub fn add(&mut self, a: &Num, b: &Num) -> Res<Num> {
        self.add_signed(a, b, b.negative)
    }
    pub fn sub(&mut self, a: &Num, b: &Num) -> Res<Num> {
        self.add_signed(a, b, !b.negative)
    }
    /// The sum, where the second one has a sign of its own.
    #[inline]
    fn add_signed(&mut self, a: &Num, b: &Num, b_negative: bool) -> Res<Num> {
        if a.is_special() || b.is_special() {
            return self.add_special(a, b, b_negative);
        }
        if a.exp == b.exp {
            return self.add_aligned(&a.coeff, a.negative, &b.coeff, b_negative, a.exp);
        }
        self.add_apart(a, b, b_negative)
    }
    #[cold]
    fn add_special(&mut self, a: &Num, b: &Num, b_negative: bool) -> Res<Num> {
        if let Some(nan) = self.nan_among(&[a, b])? {
            return Ok(nan);
        }
        if a.is_infinite() && b.is_infinite() && a.negative != b_negative {
            return Ok(self.invalid(flag::INVALID_OPERATION));
        }
        Ok(Num::infinity(if a.is_infinite() { a.negative } else { b_negative }))
    }
    /// Coefficients of one exponent.
    #[inline]
    fn add_aligned(&mut self, a: &Coeff, a_neg: bool, b: &Coeff, b_neg: bool, exp: i64) -> Res<Num> {
        let (coeff, negative) = if a_neg == b_neg {
            (a.add(self.cx, b)?, a_neg)
        } else {
            match a.cmp(b) {
                Ordering::Greater => (a.sub(self.cx, b)?, a_neg),
                Ordering::Less => (b.sub(self.cx, a)?, b_neg),
                Ordering::Equal => (Coeff::ZERO, self.limits.rounding == Rounding::Floor),
            }
        };
        let sum = Num::new(self.cx, negative, coeff, exp)?;
        self.finish(sum)
    }
    fn add_apart(&mut self, a: &Num, b: &Num, b_negative: bool) -> Res<Num> {
        let swapped = a.exp < b.exp;
        let (high, high_neg, low, low_neg) =
            if swapped { (b, b_negative, a, a.negative) } else { (a, a.negative, b, b_negative) };
        if high.coeff.is_zero() {
            return self.add_aligned(&high.coeff, high_neg, &low.coeff, low_neg, low.exp);
        }
        // Below this exponent a number is too small to be seen: any other small one gives the same result.
        let least = high.exp - 1 + (high.digits - self.limits.prec - 1).min(0);
        let tiny;
        let low = if low.adjusted() < least {
            let coeff = if low.coeff.is_zero() { Coeff::ZERO } else { Coeff::ONE };
            tiny = Num { kind: Kind::Finite, negative: low.negative, exp: least, digits: 1, coeff };
            &tiny
        } else {
            low
        };
        let aligned = high.coeff.shifted_left(self.cx, high.exp - low.exp)?;
        self.add_aligned(&aligned, high_neg, &low.coeff, low_neg, low.exp)
    }

    pub fn plus(&mut self, a: &Num) -> Res<Num> {
        self.signed(a, false)
    }
    pub fn minus(&mut self, a: &Num) -> Res<Num> {
        self.signed(a, true)
    }
    pub fn abs(&mut self, a: &Num) -> Res<Num> {
        self.signed(a, a.negative)
    }
    fn signed(&mut self, a: &Num, turned: bool) -> Res<Num> {
        if let Some(nan) = self.nan_of(a)? {
            return Ok(nan);
        }
        let negative =
            if a.is_zero() && self.limits.rounding != Rounding::Floor { false } else { a.negative != turned };
        self.finish(a.clone().with_sign(negative))
    }

    // ---- products ---------------------------------------------------------------------------------------------------------

    #[inline]
    pub fn mul(&mut self, a: &Num, b: &Num) -> Res<Num> {
        if let (Kind::Finite, Kind::Finite, Coeff::Small(x), Coeff::Small(y)) =
            (a.kind, b.kind, &a.coeff, &b.coeff)
        {
            let negative = a.negative != b.negative;
            let most = a.digits + b.digits;
            if most <= SMALL_DIGITS {
                let product = Num::new(self.cx, negative, Coeff::Small(x * y), a.exp + b.exp)?;
                return self.finish(product);
            }
            // The product without so many digits that at least as many are left as the context wants.
            let cut = most - 1 - self.limits.prec;
            if self.limits.prec < SMALL_DIGITS && (0..=SMALL_DIGITS).contains(&cut) && *x != 0 && *y != 0 {
                let (coeff, rest) = wide_shifted_right(wide_product(*x, *y), cut);
                return self.mul_cut(negative, coeff, rest, a.exp + b.exp, cut);
            }
        }
        let product = self.exact_product(a, b)?;
        self.finish(product)
    }
    /// A product that was cut before it is finished. Where it becomes too small, more is cut than that.
    fn mul_cut(&mut self, negative: bool, coeff: u128, rest: Rest, exp: i64, cut: i64) -> Res<Num> {
        let product = Num::new(self.cx, negative, Coeff::Small(coeff), exp + cut)?;
        if rest.is_zero() && cut > 0 {
            // The context may ask for all of its zeros, and says that it was rounded in any case.
            self.signal(flag::ROUNDED);
        }
        self.finish_rest(product, rest)
    }
    /// The product with all of its digits.
    pub fn exact_product(&mut self, a: &Num, b: &Num) -> Res<Num> {
        let negative = a.negative != b.negative;
        if a.is_special() || b.is_special() {
            if let Some(nan) = self.nan_among(&[a, b])? {
                return Ok(nan);
            }
            if a.is_zero() || b.is_zero() {
                return Ok(self.invalid(flag::INVALID_OPERATION));
            }
            return Ok(Num::infinity(negative));
        }
        let coeff = a.coeff.mul(self.cx, &b.coeff)?;
        Num::new(self.cx, negative, coeff, a.exp + b.exp)
    }
    pub fn fma(&mut self, a: &Num, b: &Num, c: &Num) -> Res<Num> {
        let product = self.exact_product(a, b)?;
        // What the product says of a NaN stands, whatever is added.
        if product.is_nan() && self.status & flag::INVALID_OPERATION != 0 {
            return Ok(product);
        }
        self.add(&product, c)
    }

    // ---- quotients --------------------------------------------------------------------------------------------------------

    pub fn div(&mut self, a: &Num, b: &Num) -> Res<Num> {
        let negative = a.negative != b.negative;
        if a.is_special() || b.is_special() {
            return self.div_special(a, b, false);
        }
        if b.is_zero() {
            return Ok(self.div_by_zero(a, negative));
        }
        let ideal = a.exp - b.exp;
        if a.is_zero() {
            return self.finish(Num::zero(negative, ideal));
        }
        // A quotient that is exact has no more digits than that.
        let bound = a.digits + 4 * b.digits + 1;
        if self.limits.prec > bound.max(1000)
            && let Some(exact) = self.quotient(a, b, bound, true)?
        {
            return self.finish(exact.0);
        }
        let Some((quotient, rest)) = self.quotient(a, b, self.limits.prec, false)? else {
            return Ok(Num::NAN);
        };
        self.finish_rest(quotient, rest)
    }
    #[cold]
    fn div_special(&mut self, a: &Num, b: &Num, whole: bool) -> Res<Num> {
        if let Some(nan) = self.nan_among(&[a, b])? {
            return Ok(nan);
        }
        let negative = a.negative != b.negative;
        if a.is_infinite() {
            if b.is_infinite() {
                return Ok(self.invalid(flag::INVALID_OPERATION));
            }
            return Ok(Num::infinity(negative));
        }
        if whole {
            return Ok(Num::zero(negative, 0));
        }
        self.signal(flag::CLAMPED);
        Ok(Num::zero(negative, self.limits.etiny()))
    }
    #[cold]
    fn div_by_zero(&mut self, a: &Num, negative: bool) -> Num {
        if a.is_zero() {
            return self.invalid(flag::DIVISION_UNDEFINED);
        }
        self.signal(flag::DIVISION_BY_ZERO);
        Num::infinity(negative)
    }
    /// The quotient of numbers that are not zero, with a digit or two more than asked for. Nothing if it must be exact and is not.
    fn quotient(&mut self, a: &Num, b: &Num, prec: i64, only_exact: bool) -> Res<Option<(Num, Rest)>> {
        let cx = self.cx;
        let shift = b.digits - a.digits + prec + 1;
        let ideal = a.exp - b.exp;
        let (above, below) = (shift.max(0), (-shift).max(0));
        let (mut quotient, rest) =
            a.coeff.shifted_left(cx, above)?.div_rem(cx, &b.coeff.shifted_left(cx, below)?)?;
        let mut exp = ideal - shift;
        if rest.is_zero() {
            let zeros = quotient.trailing_zeros(cx)?.min((ideal - exp).max(0));
            quotient = quotient.shifted_right(cx, zeros)?.0;
            exp += zeros;
        } else if only_exact {
            return Ok(None);
        }
        let rest = if rest.is_zero() { Rest::Zero } else { Rest::Low };
        Ok(Some((Num::new(cx, a.negative != b.negative, quotient, exp)?, rest)))
    }

    /// The whole quotient and the remainder of finite numbers, the second not zero. Nothing if the quotient has too many digits.
    fn whole_quotient(&mut self, a: &Num, b: &Num) -> Res<Option<(Num, Num)>> {
        let cx = self.cx;
        let (negative, exp) = (a.negative != b.negative, a.exp.min(b.exp));
        if a.is_zero() {
            return Ok(Some((Num::zero(negative, 0), Num::zero(a.negative, exp))));
        }
        let apart = a.adjusted() - b.adjusted();
        if apart < 0 {
            let rest = a.coeff.shifted_left(cx, a.exp - exp)?;
            return Ok(Some((Num::zero(negative, 0), Num::new(cx, a.negative, rest, exp)?)));
        }
        if apart > self.limits.prec {
            return Ok(None);
        }
        let (x, y) = (a.coeff.shifted_left(cx, a.exp - exp)?, b.coeff.shifted_left(cx, b.exp - exp)?);
        let (quotient, rest) = x.div_rem(cx, &y)?;
        let quotient = Num::new(cx, negative, quotient, 0)?;
        if quotient.digits > self.limits.prec {
            return Ok(None);
        }
        Ok(Some((quotient, Num::new(cx, a.negative, rest, exp)?)))
    }
    pub fn divide_int(&mut self, a: &Num, b: &Num) -> Res<Num> {
        if a.is_special() || b.is_special() {
            return self.div_special(a, b, true);
        }
        if b.is_zero() {
            return Ok(self.div_by_zero(a, a.negative != b.negative));
        }
        match self.whole_quotient(a, b)? {
            Some((quotient, _)) => self.finish(quotient),
            None => Ok(self.invalid(flag::DIVISION_IMPOSSIBLE)),
        }
    }
    /// What a remainder is where one of both is special, or the second zero; nothing if it is to be computed.
    fn rem_special(&mut self, a: &Num, b: &Num) -> Res<Option<Num>> {
        if a.is_special() || b.is_special() {
            if let Some(nan) = self.nan_among(&[a, b])? {
                return Ok(Some(nan));
            }
            if a.is_infinite() {
                return Ok(Some(self.invalid(flag::INVALID_OPERATION)));
            }
            return self.finish(a.clone()).map(Some);
        }
        if b.is_zero() {
            let why = if a.is_zero() { flag::DIVISION_UNDEFINED } else { flag::INVALID_OPERATION };
            return Ok(Some(self.invalid(why)));
        }
        Ok(None)
    }
    pub fn rem(&mut self, a: &Num, b: &Num) -> Res<Num> {
        if let Some(special) = self.rem_special(a, b)? {
            return Ok(special);
        }
        match self.whole_quotient(a, b)? {
            Some((_, rest)) => self.finish(rest),
            None => Ok(self.invalid(flag::DIVISION_IMPOSSIBLE)),
        }
    }
    pub fn divmod(&mut self, a: &Num, b: &Num) -> Res<(Num, Num)> {
        let negative = a.negative != b.negative;
        if let Some(nan) = self.nan_among(&[a, b])? {
            return Ok((nan.clone(), nan));
        }
        if a.is_infinite() {
            let nan = self.invalid(flag::INVALID_OPERATION);
            let whole = if b.is_infinite() { Num::NAN } else { Num::infinity(negative) };
            return Ok((whole, nan));
        }
        if b.is_infinite() {
            return Ok((Num::zero(negative, 0), self.finish(a.clone())?));
        }
        if b.is_zero() {
            if a.is_zero() {
                let nan = self.invalid(flag::DIVISION_UNDEFINED);
                return Ok((nan.clone(), nan));
            }
            self.signal(flag::DIVISION_BY_ZERO | flag::INVALID_OPERATION);
            return Ok((Num::infinity(negative), Num::NAN));
        }
        match self.whole_quotient(a, b)? {
            Some((quotient, rest)) => Ok((self.finish(quotient)?, self.finish(rest)?)),
            None => {
                let nan = self.invalid(flag::DIVISION_IMPOSSIBLE);
                Ok((nan.clone(), nan))
            }
        }
    }
    /// The remainder to the nearest whole quotient, the even one of two.
    pub fn rem_near(&mut self, a: &Num, b: &Num) -> Res<Num> {
        if let Some(special) = self.rem_special(a, b)? {
            return Ok(special);
        }
        let Some((quotient, rest)) = self.whole_quotient(a, b)? else {
            return Ok(self.invalid(flag::DIVISION_IMPOSSIBLE));
        };
        // Otherwise the rest is far less than half, or the other one of both.
        let near = (-1..=1).contains(&(b.adjusted() - rest.adjusted()));
        if near && !rest.is_zero() {
            let other = {
                let toward = b.clone().with_sign(!a.negative);
                self.within(Limits::MAX).add(&rest, &toward)?
            };
            let order = other.cmp_abs(self.cx, &rest)?;
            if order.is_lt() || (order.is_eq() && quotient.coeff.is_odd()) {
                if self.incremented(quotient)?.digits > self.limits.prec {
                    return Ok(self.invalid(flag::DIVISION_IMPOSSIBLE));
                }
                return self.finish(other);
            }
        }
        self.finish(rest)
    }
}
