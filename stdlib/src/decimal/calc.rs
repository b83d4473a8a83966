//! A calculation: a context, and the signals that it has given so far. Here is how results are made to fit the context.

use ryokan_vm::native::*;

use super::coeff::{Coeff, Rest, TENS, ten_to};
use super::num::{Kind, Num};

/// Signals and conditions, as bits.
pub mod flag {
    pub const CLAMPED: u32 = 0x1;
    pub const CONVERSION_SYNTAX: u32 = 0x2;
    pub const DIVISION_BY_ZERO: u32 = 0x4;
    pub const DIVISION_IMPOSSIBLE: u32 = 0x8;
    pub const DIVISION_UNDEFINED: u32 = 0x10;
    pub const INEXACT: u32 = 0x40;
    pub const INVALID_CONTEXT: u32 = 0x80;
    pub const INVALID_OPERATION: u32 = 0x100;
    pub const FLOAT_OPERATION: u32 = 0x400;
    pub const OVERFLOW: u32 = 0x800;
    pub const ROUNDED: u32 = 0x1000;
    pub const SUBNORMAL: u32 = 0x2000;
    pub const UNDERFLOW: u32 = 0x4000;
    /// All that are the signal `InvalidOperation`.
    pub const INVALID: u32 =
        CONVERSION_SYNTAX | DIVISION_IMPOSSIBLE | DIVISION_UNDEFINED | INVALID_CONTEXT | INVALID_OPERATION;
    pub const ERRORS: u32 = INVALID | DIVISION_BY_ZERO;
}

pub const MAX_PREC: i64 = 999_999_999_999_999_999;
pub const MAX_EMAX: i64 = MAX_PREC;
pub const MIN_EMIN: i64 = -MAX_PREC;
pub const MIN_ETINY: i64 = MIN_EMIN - (MAX_PREC - 1);

/// How a result is rounded, in the order of their numbers in `_decimal`'s table of names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rounding {
    Up,
    Down,
    Ceiling,
    Floor,
    HalfUp,
    HalfDown,
    HalfEven,
    ZeroFiveUp,
}

/// What a context says of results.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    pub prec: i64,
    pub emax: i64,
    pub emin: i64,
    pub rounding: Rounding,
    pub clamp: bool,
}

impl Limits {
    /// Those within which what can be exact is exact.
    pub const MAX: Limits =
        Limits { prec: MAX_PREC, emax: MAX_EMAX, emin: MIN_EMIN, rounding: Rounding::HalfEven, clamp: false };
    /// The least exponent of a number.
    #[inline]
    pub fn etiny(&self) -> i64 {
        self.emin - (self.prec - 1)
    }
    /// The largest exponent of a number of all digits.
    #[inline]
    pub fn etop(&self) -> i64 {
        self.emax - (self.prec - 1)
    }
}

pub struct Calc<'a> {
    pub cx: &'a Cx,
    pub limits: Limits,
    pub status: u32,
}

impl<'a> Calc<'a> {
    #[inline]
    pub fn new(cx: &'a Cx, limits: Limits) -> Calc<'a> {
        Calc { cx, limits, status: 0 }
    }
    /// Another calculation with other limits.
    pub fn within(&self, limits: Limits) -> Calc<'a> {
        Calc::new(self.cx, limits)
    }
    #[inline]
    pub fn signal(&mut self, status: u32) {
        self.status |= status;
    }
    /// No number, and why.
    #[cold]
    pub fn invalid(&mut self, status: u32) -> Num {
        self.status |= status;
        Num::NAN
    }

    // ---- results that are no numbers ------------------------------------------------------------------------------------

    /// What an operation gives of an operand that is no number, if it is none.
    pub fn nan_of(&mut self, a: &Num) -> Res<Option<Num>> {
        self.nan_among(&[a])
    }
    /// The same of several: the first that signals, or else the first.
    pub fn nan_among(&mut self, operands: &[&Num]) -> Res<Option<Num>> {
        let signaling = operands.iter().find(|n| n.kind == Kind::Signaling);
        if signaling.is_some() {
            self.signal(flag::INVALID_OPERATION);
        }
        let Some(found) = signaling.or_else(|| operands.iter().find(|n| n.is_nan())) else {
            return Ok(None);
        };
        let quiet = Num { kind: Kind::Quiet, ..(*found).clone() };
        self.cut_payload(quiet).map(Some)
    }
    /// Cuts what a NaN says to what the context has room for.
    pub fn cut_payload(&mut self, mut nan: Num) -> Res<Num> {
        let most = self.limits.prec - i64::from(self.limits.clamp);
        if nan.digits > most {
            let unit = Coeff::of(ten_to(self.cx, most)?);
            nan.coeff = nan.coeff.div_rem(self.cx, &unit)?.1;
            nan.digits = if nan.coeff.is_zero() { 0 } else { nan.coeff.digits(self.cx)? };
        }
        Ok(nan)
    }

    // ---- rounding ---------------------------------------------------------------------------------------------------------

    /// A number within the limits.
    #[inline]
    pub fn finish(&mut self, n: Num) -> Res<Num> {
        self.finish_rest(n, Rest::Zero)
    }
    /// The same of a number with something behind its last digit.
    #[inline]
    pub fn finish_rest(&mut self, n: Num, rest: Rest) -> Res<Num> {
        let limits = &self.limits;
        let adjusted = n.adjusted();
        if n.is_finite()
            && rest.is_zero()
            && n.digits <= limits.prec
            && adjusted <= limits.emax
            && adjusted >= limits.emin
            && (!limits.clamp || n.exp <= limits.etop())
        {
            return Ok(n);
        }
        self.fit(n, rest)
    }

    fn fit(&mut self, n: Num, rest: Rest) -> Res<Num> {
        match n.kind {
            Kind::Finite => {}
            Kind::Infinite => return Ok(n),
            Kind::Quiet | Kind::Signaling => return self.cut_payload(n),
        }
        let (n, rest) = self.fit_exponent(n, rest)?;
        if n.is_special() {
            return Ok(n);
        }
        let cut = n.digits - self.limits.prec;
        if cut <= 0 && rest.is_zero() {
            return Ok(n);
        }
        self.round(n, rest, cut.max(0))
    }

    /// Rounds a number without its last digits; it may have a rest already.
    fn round(&mut self, mut n: Num, rest: Rest, cut: i64) -> Res<Num> {
        let (coeff, first) = n.coeff.shifted_right(self.cx, cut)?;
        let rest = if cut == 0 { rest } else { first.and(rest) };
        n.exp += cut;
        self.signal(if rest.is_zero() { flag::ROUNDED } else { flag::ROUNDED | flag::INEXACT });
        n.digits = (n.digits - cut).max(1);
        n.coeff = coeff;
        if self.goes_up(&n.coeff, n.negative, rest) {
            n = self.incremented(n)?;
            if n.digits > self.limits.prec {
                // 999.. has become 1000..
                n.coeff = n.coeff.shifted_right(self.cx, 1)?.0;
                n.exp += 1;
                n.digits -= 1;
            }
            return Ok(self.fit_exponent(n, Rest::Zero)?.0);
        }
        Ok(n)
    }
    /// With 1 more in its last digit.
    pub fn incremented(&self, mut n: Num) -> Res<Num> {
        n.coeff = n.coeff.add(self.cx, &Coeff::ONE)?;
        n.digits = n.coeff.digits(self.cx)?;
        Ok(n)
    }
    /// Whether a coefficient with a rest is rounded away from zero.
    #[inline]
    pub fn goes_up(&self, coeff: &Coeff, negative: bool, rest: Rest) -> bool {
        if rest.is_zero() {
            return false;
        }
        match self.limits.rounding {
            Rounding::Down => false,
            Rounding::Up => true,
            Rounding::Ceiling => !negative,
            Rounding::Floor => negative,
            Rounding::HalfUp => rest == Rest::Half || rest == Rest::High,
            Rounding::HalfDown => rest == Rest::High,
            Rounding::HalfEven => rest == Rest::High || (rest == Rest::Half && coeff.is_odd()),
            Rounding::ZeroFiveUp => matches!(coeff.last_digit(), 0 | 5),
        }
    }

    /// Brings the exponent within its bounds: an overflow, a number that is too small, one whose exponent is to be clamped.
    fn fit_exponent(&mut self, mut n: Num, rest: Rest) -> Res<(Num, Rest)> {
        let limits = self.limits;
        let adjusted = n.adjusted();
        if adjusted > limits.emax {
            if n.is_zero() {
                n.exp = if limits.clamp { limits.etop() } else { limits.emax };
                self.signal(flag::CLAMPED);
                return Ok((n, rest));
            }
            return Ok((self.overflow(n.negative)?, Rest::Zero));
        }
        if limits.clamp && n.exp > limits.etop() {
            let shift = n.exp - limits.etop();
            n.coeff = n.coeff.shifted_left(self.cx, shift)?;
            n.exp -= shift;
            self.signal(flag::CLAMPED);
            if !n.is_zero() {
                n.digits += shift;
                if adjusted < limits.emin {
                    self.signal(flag::SUBNORMAL);
                }
            }
            return Ok((n, rest));
        }
        if adjusted < limits.emin {
            return self.subnormal(n, rest);
        }
        Ok((n, rest))
    }
    fn subnormal(&mut self, mut n: Num, rest: Rest) -> Res<(Num, Rest)> {
        let etiny = self.limits.etiny();
        if n.is_zero() && rest.is_zero() {
            if n.exp < etiny {
                n.exp = etiny;
                self.signal(flag::CLAMPED);
            }
            return Ok((n, rest));
        }
        self.signal(flag::SUBNORMAL);
        if n.exp >= etiny && rest.is_zero() {
            return Ok((n, rest));
        }
        let cut = (etiny - n.exp).max(0);
        let (coeff, first) = n.coeff.shifted_right(self.cx, cut)?;
        let rest = if cut == 0 { rest } else { first.and(rest) };
        n.exp += cut;
        n.digits = coeff.digits(self.cx)?;
        n.coeff = coeff;
        if self.goes_up(&n.coeff, n.negative, rest) {
            n = self.incremented(n)?;
        }
        self.signal(flag::ROUNDED);
        if !rest.is_zero() {
            self.signal(flag::INEXACT | flag::UNDERFLOW);
            if n.is_zero() {
                self.signal(flag::CLAMPED);
            }
        }
        Ok((n, Rest::Zero))
    }
    /// What is too large: an infinity, or the largest number.
    pub fn overflow(&mut self, negative: bool) -> Res<Num> {
        let toward_zero = match self.limits.rounding {
            Rounding::Down | Rounding::ZeroFiveUp => true,
            Rounding::Ceiling => negative,
            Rounding::Floor => !negative,
            _ => false,
        };
        let made = if toward_zero { self.largest(negative)? } else { Num::infinity(negative) };
        self.signal(flag::OVERFLOW | flag::INEXACT | flag::ROUNDED);
        Ok(made)
    }
    /// The largest number of a sign.
    pub fn largest(&self, negative: bool) -> Res<Num> {
        let prec = self.limits.prec;
        let coeff = match TENS.get(prec as usize) {
            Some(ten) => Coeff::Small(ten - 1),
            None => Coeff::Big(ten_to(self.cx, prec)? - 1u8),
        };
        Ok(Num { kind: Kind::Finite, negative, exp: self.limits.etop(), digits: prec, coeff })
    }
}
