//! Powers, as libmpdec defines them: by products of some more digits if the exponent is whole, by a logarithm otherwise. Unlike the
//! other functions they may be off by one in the last digit, and are the same number as there.

use std::cmp::Ordering;

use dashu_int::ops::{BitTest, DivRem};
use dashu_int::{UBig, fast_div::ConstDivisor};
use ryokan_vm::native::*;

use super::calc::{Calc, Limits, MAX_EMAX, Rounding, flag};
use super::coeff::{Coeff, room};
use super::num::{Kind, Num};

/// An exponent that no context has room for.
const FAR: i64 = 2 * MAX_EMAX + 3;

/// Digits of a number's magnitude.
fn digits_of(n: i64) -> i64 {
    super::coeff::digits_of(n.unsigned_abs().into())
}

impl Calc<'_> {
    pub fn pow(&mut self, base: &Num, exp: &Num) -> Res<Num> {
        if let Some(nan) = self.nan_among(&[base, exp])? {
            return Ok(nan);
        }
        let odd = exp.whole_is_odd(self.cx)?;
        let negative = base.negative && odd == Some(true);
        if base.is_zero() {
            if exp.is_zero() {
                return Ok(self.invalid(flag::INVALID_OPERATION));
            }
            return Ok(if exp.negative { Num::infinity(negative) } else { Num::zero(negative, 0) });
        }
        if base.negative && (odd.is_none() || exp.is_infinite()) {
            return Ok(self.invalid(flag::INVALID_OPERATION));
        }
        if exp.is_infinite() {
            return match base.cmp(self.cx, &Num::ONE)? {
                Ordering::Equal => self.inexact_one(negative),
                order if order.is_lt() == exp.negative => Ok(Num::infinity(negative)),
                _ => Ok(Num::zero(negative, 0)),
            };
        }
        if base.is_infinite() {
            return Ok(match (exp.is_zero(), exp.negative) {
                (true, _) => Num { negative, ..Num::ONE },
                (_, true) => Num::zero(negative, 0),
                _ => Num::infinity(negative),
            });
        }
        if exp.is_zero() {
            return Ok(Num { negative, ..Num::ONE });
        }
        if base.cmp_abs(self.cx, &Num::ONE)?.is_eq() {
            return self.power_of_one(base, exp, odd.is_some(), negative);
        }
        if let Some(bound) = self.far_power(base, exp, negative)? {
            return Ok(bound);
        }
        if odd.is_some() { self.whole_power(base, exp, negative) } else { self.real_power(base, exp) }
    }
    /// 1 with as many zeros as the context has digits for.
    fn one_of_digits(&self, negative: bool, zeros: i64) -> Res<Num> {
        let coeff = Coeff::ONE.shifted_left(self.cx, zeros)?;
        Num::new(self.cx, negative, coeff, -zeros)
    }
    fn inexact_one(&mut self, negative: bool) -> Res<Num> {
        self.signal(flag::INEXACT | flag::ROUNDED);
        self.one_of_digits(negative, self.limits.prec - 1)
    }
    fn power_of_one(&mut self, base: &Num, exp: &Num, whole: bool, negative: bool) -> Res<Num> {
        if !whole {
            return self.inexact_one(negative);
        }
        if exp.negative {
            return Ok(Num { negative, ..Num::ONE });
        }
        // 1.00 ** 3 has six zeros.
        let zeros = match base.exp {
            0 => 0,
            exp_of_one => {
                let times = exp.to_i64(self.cx)?.and_then(|times| times.checked_mul(-exp_of_one));
                times.unwrap_or(i64::MAX)
            }
        };
        if zeros > self.limits.prec - 1 {
            self.signal(flag::ROUNDED);
            return self.one_of_digits(negative, self.limits.prec - 1);
        }
        self.one_of_digits(negative, zeros.max(0))
    }
    /// What a power is that is certainly too large or too small.
    fn far_power(&mut self, base: &Num, exp: &Num, negative: bool) -> Res<Option<Num>> {
        let adjusted = base.adjusted();
        // The logarithm to the base of ten of the logarithm of the base: not less than this.
        let log = match adjusted {
            n if n > 0 => digits_of(n) - 1,
            n if n < -1 => digits_of(n + 1) - 1,
            n => {
                let magnitude = base.clone().with_sign(false);
                let apart = self.within(Limits::MAX).sub(&magnitude, &Num::ONE)?;
                apart.adjusted() - if n == 0 { 2 } else { 1 }
            }
        };
        let large = (adjusted < 0) == exp.negative;
        let bound = if large { self.limits.emax } else { self.limits.etiny() };
        if digits_of(bound) >= log.saturating_add(exp.adjusted()) {
            return Ok(None);
        }
        let far = if large { FAR } else { self.limits.etiny() - 1 };
        let beyond = Num { negative, exp: far, ..Num::ONE };
        self.finish(beyond).map(Some)
    }
    fn whole_power(&mut self, base: &Num, exp: &Num, negative: bool) -> Res<Num> {
        let limits = Limits {
            prec: self.limits.prec + exp.adjusted() + 3 + i64::from(exp.negative),
            rounding: Rounding::HalfEven,
            clamp: false,
            ..self.limits
        };
        let mut inner = self.within(limits);
        let base = if exp.negative { inner.div(&Num::ONE, base)? } else { base.clone() };
        if inner.status & flag::ERRORS != 0 {
            self.signal(inner.status);
            return Ok(Num::NAN);
        }
        let times = exp.coeff.shifted_left(self.cx, exp.exp.max(0))?;
        let times = times.shifted_right(self.cx, (-exp.exp).max(0))?.0.big();
        let made = match u64::try_from(&times) {
            Ok(times) => inner.power_from_above(&base, times)?,
            Err(_) => inner.power_from_below(base, times)?,
        };
        self.signal(inner.status);
        let made = if made.is_infinite() { Num { exp: FAR, ..Num::ONE } } else { made };
        self.finish(made.with_sign(negative))
    }
    /// Whether a product cannot change any more.
    fn is_lost(&self, n: &Num) -> bool {
        n.is_special() || (n.is_zero() && self.status & flag::CLAMPED != 0)
    }
    /// By the bits of the exponent, from the highest on.
    fn power_from_above(&mut self, base: &Num, times: u64) -> Res<Num> {
        let mut made = base.clone();
        let mut bit = 1u64 << (63 - times.leading_zeros());
        while bit > 1 {
            bit >>= 1;
            self.cx.work(16)?;
            made = self.mul(&made, &made)?;
            if times & bit != 0 {
                made = self.mul(&made, base)?;
            }
            if self.is_lost(&made) {
                break;
            }
        }
        Ok(made)
    }
    /// The same from the lowest on.
    fn power_from_below(&mut self, mut base: Num, mut times: UBig) -> Res<Num> {
        let mut made = Num::ONE;
        while !times.is_zero() {
            self.cx.work(16)?;
            if times.trailing_zeros() == Some(0) {
                made = self.mul(&made, &base)?;
                if self.is_lost(&made) {
                    break;
                }
            }
            base = self.mul(&base, &base)?;
            times >>= 1;
        }
        Ok(made)
    }
    fn real_power(&mut self, base: &Num, exp: &Num) -> Res<Num> {
        let prec = base.digits.max(self.limits.prec) + 4 + 19;
        let mut inner = self.within(Limits { prec, ..Limits::MAX });
        let ln = inner.ln(base)?;
        let product = inner.mul(&ln, exp)?;
        let made = inner.exp(&product)?;
        self.signal(inner.status & flag::ERRORS | flag::INEXACT | flag::ROUNDED);
        if made.is_finite() && made.cmp_abs(self.cx, &Num::ONE)?.is_eq() {
            return self.one_of_digits(false, self.limits.prec - 1);
        }
        let made = match made.kind {
            Kind::Infinite => Num { exp: FAR, ..Num::ONE },
            // It was too small for any context.
            _ if made.is_zero() => Num { exp: self.limits.etiny() - 1, ..Num::ONE },
            _ => made,
        };
        self.finish(made)
    }

    /// `base ** exp % modulus` of whole numbers.
    pub fn pow_mod(&mut self, base: &Num, exp: &Num, modulus: &Num) -> Res<Num> {
        if let Some(nan) = self.nan_among(&[base, exp, modulus])? {
            return Ok(nan);
        }
        let cx = self.cx;
        let odd = exp.whole_is_odd(cx)?;
        let whole = base.whole_is_odd(cx)?.and(odd).and(modulus.whole_is_odd(cx)?);
        let refused = whole.is_none()
            || exp.negative && !exp.is_zero()
            || modulus.is_zero()
            || modulus.digits + modulus.exp > self.limits.prec
            || exp.is_zero() && base.is_zero();
        if refused {
            return Ok(self.invalid(flag::INVALID_OPERATION));
        }
        let negative = base.negative && odd == Some(true);
        if exp.is_zero() {
            let one = modulus.cmp_abs(cx, &Num::ONE)?.is_ne();
            return Ok(Num::of_int(one.into()));
        }
        if base.is_zero() {
            return Ok(Num::zero(negative, 0));
        }
        let modulus = whole_magnitude(cx, modulus)?;
        if modulus.is_one() {
            return Ok(Num::zero(negative, 0));
        }
        let (ring, times) = (ConstDivisor::new(modulus.clone()), whole_magnitude(cx, exp)?);
        // The base may be a one with so many zeros that they are better reduced by themselves.
        let coeff = base.coeff.shifted_right(cx, (-base.exp).max(0))?.0.big();
        let zeros = UBig::from(base.exp.max(0) as u64);
        let work = u128::from(times.bit_len() as u64 + 64) * modulus.bit_len() as u128;
        cx.room_for_product(work)?;
        let base = ring.reduce(coeff.div_rem(&modulus).1) * ring.reduce(UBig::from(10u8)).pow(&zeros);
        let made = base.pow(&times).residue();
        Num::new(cx, negative, Coeff::of(made), 0)
    }
}

/// The magnitude of a whole number.
fn whole_magnitude(cx: &Cx, n: &Num) -> Res<UBig> {
    room(cx, n.digits.saturating_add(n.exp.max(0)))?;
    let whole = n.coeff.shifted_left(cx, n.exp.max(0))?;
    Ok(whole.shifted_right(cx, (-n.exp).max(0))?.0.big())
}
