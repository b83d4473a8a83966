//! Square root, exponential function and logarithms, correctly rounded.
//!
//! A result is computed with some digits more than it is to have, and again with still more as long as it is so close to the middle
//! between two numbers that its rounding is in doubt. None of them is ever such a middle, other than the exact ones.

use dashu_int::ops::{BitTest, SquareRoot, SquareRootRem};
use dashu_int::{IBig, UBig};
use ryokan_vm::native::*;

use super::calc::{Calc, Limits, Rounding, flag};
use super::coeff::{BITS_PER_DIGIT, Coeff, Rest, room, ten_to};
use super::fixed;
use super::num::{Kind, Num};

/// A first result: sign, coefficient that may be off by 1, exponent.
struct Approx {
    negative: bool,
    coeff: UBig,
    exp: i64,
}

impl Calc<'_> {
    /// Runs something with results rounded half to even, as those of functions are in any context.
    fn half_even<R>(&mut self, work: impl FnOnce(&mut Self) -> Res<R>) -> Res<R> {
        let rounding = std::mem::replace(&mut self.limits.rounding, Rounding::HalfEven);
        let done = work(self);
        self.limits.rounding = rounding;
        done
    }
    /// Asks for results of more and more digits, until the rounding is certain.
    fn settle(&mut self, approx: impl Fn(&mut Self, i64) -> Res<Approx>) -> Res<Num> {
        let mut more = 4;
        loop {
            room(self.cx, self.limits.prec)?;
            let Approx { negative, coeff, exp } = approx(self, self.limits.prec + more)?;
            let n = Num::new(self.cx, negative, Coeff::of(coeff), exp)?;
            if self.is_settled(&n)? {
                return self.half_even(|calc| calc.finish_rest(n, Rest::Low));
            }
            more = more * 2 + 16;
        }
    }
    /// Whether a coefficient that may be off by 1 or 2 is rounded the same way in any case.
    fn is_settled(&self, n: &Num) -> Res<bool> {
        let cut = (n.digits - self.limits.prec).max(self.limits.etiny() - n.exp);
        if cut > n.digits + 1 {
            return Ok(true);
        }
        let unit = Coeff::of(ten_to(self.cx, cut)?);
        let behind = n.coeff.div_rem(self.cx, &unit)?.1.big();
        let half = unit.big() >> 1usize;
        Ok(&behind + 3u8 < half || behind > half + 3u8)
    }

    // ---- the square root --------------------------------------------------------------------------------------------------

    pub fn sqrt(&mut self, a: &Num) -> Res<Num> {
        if let Some(nan) = self.nan_of(a)? {
            return Ok(nan);
        }
        if a.is_zero() {
            let zero = Num::zero(a.negative, a.exp.div_euclid(2));
            return self.half_even(|calc| calc.finish(zero));
        }
        if a.negative {
            return Ok(self.invalid(flag::INVALID_OPERATION));
        }
        if a.is_infinite() {
            return Ok(a.clone());
        }
        let (cx, exp) = (self.cx, a.exp.div_euclid(2));
        let coeff = a.coeff.shifted_left(cx, a.exp.rem_euclid(2))?;
        room(cx, a.digits)?;
        let (root, rest) = coeff.big().sqrt_rem();
        if rest.is_zero() {
            let root = Num::new(cx, false, Coeff::of(root), exp)?;
            return self.half_even(|calc| calc.finish(root));
        }
        // One digit more than the result is to have.
        let shift = self.limits.prec + 1 - (coeff.digits(cx)? + 1) / 2;
        let scaled = match shift >= 0 {
            true => coeff.shifted_left(cx, 2 * shift)?,
            false => coeff.shifted_right(cx, -2 * shift)?.0,
        };
        room(cx, 2 * self.limits.prec)?;
        let root = Num::new(cx, false, Coeff::of(scaled.big().sqrt()), exp - shift)?;
        self.half_even(|calc| calc.finish_rest(root, Rest::Low))
    }

    // ---- the exponential function -------------------------------------------------------------------------------------------

    pub fn exp(&mut self, a: &Num) -> Res<Num> {
        if let Some(nan) = self.nan_of(a)? {
            return Ok(nan);
        }
        if a.is_infinite() {
            return Ok(if a.negative { Num::zero(false, 0) } else { a.clone() });
        }
        if a.is_zero() {
            return Ok(Num::ONE);
        }
        let (cx, prec) = (self.cx, self.limits.prec);
        if a.adjusted() >= 19 {
            // Beyond any exponent.
            if a.negative {
                self.signal(
                    flag::INEXACT | flag::ROUNDED | flag::SUBNORMAL | flag::UNDERFLOW | flag::CLAMPED,
                );
                return Ok(Num::zero(false, self.limits.etiny()));
            }
            self.signal(flag::OVERFLOW | flag::INEXACT | flag::ROUNDED);
            return Ok(Num::infinity(false));
        }
        if a.adjusted() <= -prec - 4 {
            // So close to 1 that it is rounded to that, from whichever side.
            let near = Num::new(cx, false, Coeff::of(ten_to(cx, prec)?), -prec)?;
            return self.half_even(|calc| calc.finish_rest(near, Rest::Low));
        }
        self.settle(|calc, digits| calc.exp_approx(a, digits))
    }
    fn exp_approx(&mut self, a: &Num, digits: i64) -> Res<Approx> {
        let cx = self.cx;
        let bits = (digits as f64 * BITS_PER_DIGIT) as usize + 32;
        // What is taken off in multiples of ln 10 may have 61 bits.
        let inner = bits + 64;
        let scaled = scaled(cx, a, inner)?;
        let (power, rest) = fixed::by_ln_ten(cx, &scaled, inner)?;
        let made = fixed::exp(cx, &(rest >> (inner - bits)), bits)?;
        let power = i64::try_from(&power).unwrap_or(i64::MAX / 4);
        let coeff = (made * ten_to(cx, digits - 1)?) >> bits;
        Ok(Approx { negative: false, coeff, exp: power - (digits - 1) })
    }

    // ---- logarithms -----------------------------------------------------------------------------------------------------------

    pub fn ln(&mut self, a: &Num) -> Res<Num> {
        if let Some(special) = self.ln_special(a)? {
            return Ok(special);
        }
        if is_power_of_ten(self.cx, a)? && a.adjusted() == 0 {
            return Ok(Num::zero(false, 0));
        }
        self.settle(|calc, digits| calc.ln_approx(a, digits, false))
    }
    pub fn log10(&mut self, a: &Num) -> Res<Num> {
        if let Some(special) = self.ln_special(a)? {
            return Ok(special);
        }
        if is_power_of_ten(self.cx, a)? {
            let exact = Num::of_int(a.adjusted().into());
            return self.half_even(|calc| calc.finish(exact));
        }
        self.settle(|calc, digits| calc.ln_approx(a, digits, true))
    }
    fn ln_special(&mut self, a: &Num) -> Res<Option<Num>> {
        if let Some(nan) = self.nan_of(a)? {
            return Ok(Some(nan));
        }
        if a.is_zero() {
            return Ok(Some(Num::infinity(true)));
        }
        if a.negative {
            return Ok(Some(self.invalid(flag::INVALID_OPERATION)));
        }
        Ok(a.is_infinite().then(|| a.clone()))
    }
    /// The logarithm to the base of e, or of ten, of a number other than 1.
    fn ln_approx(&mut self, a: &Num, digits: i64, decimal: bool) -> Res<Approx> {
        let cx = self.cx;
        // The number is x * 10^power, x between 0.31 and 3.2.
        let top = a.coeff.shifted_right(cx, (a.digits - 3).max(0))?.0.word().unwrap_or(0);
        let top = if a.digits < 3 { top * 10u64.pow(3 - a.digits as u32) } else { top };
        let power = a.adjusted() + i64::from(top >= 316);
        // Where x is close to 1, its logarithm begins that far behind the point.
        let x = Num { exp: a.exp - power, ..a.clone() };
        let near = if power == 0 {
            let apart = self.within(Limits::MAX).sub(&x, &Num::ONE)?;
            (-apart.adjusted()).max(0)
        } else {
            0
        };
        let bits = ((digits + near) as f64 * BITS_PER_DIGIT) as usize + 32;
        let inner = bits + 64;
        let (_, x) = scaled(cx, &x, inner)?.into_parts();
        let mut sum = fixed::ln(cx, &x, inner)?;
        if decimal {
            sum = (sum << inner) / fixed::ln_ten(cx, inner)? + (IBig::from(power) << inner);
        } else if power != 0 {
            sum += fixed::ln_ten(cx, inner)? * IBig::from(power);
        }
        let (sign, sum) = sum.into_parts();
        // As many digits as were asked for, or one more or less.
        let log = (sum.bit_len() as f64 - inner as f64) / BITS_PER_DIGIT;
        let places = digits - log.floor() as i64;
        let coeff = match places >= 0 {
            true => (sum * ten_to(cx, places)?) >> inner,
            false => (sum >> inner) / ten_to(cx, -places)?,
        };
        Ok(Approx { negative: sign == dashu_int::Sign::Negative, coeff, exp: -places })
    }
}

/// A number as a fixed-point one.
fn scaled(cx: &Cx, a: &Num, bits: usize) -> Res<IBig> {
    room(cx, a.digits.saturating_add(a.exp.abs().min(a.digits + bits as i64)))?;
    let coeff = a.coeff.big();
    let magnitude = match a.exp >= 0 {
        true => (coeff * ten_to(cx, a.exp)?) << bits,
        false => (coeff << bits) / ten_to(cx, -a.exp)?,
    };
    let sign = if a.negative { dashu_int::Sign::Negative } else { dashu_int::Sign::Positive };
    Ok(IBig::from_parts(sign, magnitude))
}

/// Whether a number that is neither zero nor negative is a power of ten.
pub fn is_power_of_ten(cx: &Cx, a: &Num) -> Res<bool> {
    if a.kind != Kind::Finite {
        return Ok(false);
    }
    let zeros = a.coeff.trailing_zeros(cx)?;
    Ok(zeros == a.digits - 1 && a.coeff.shifted_right(cx, zeros)?.0.is_one())
}
