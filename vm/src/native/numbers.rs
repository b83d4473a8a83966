//! Numbers: ints of any size, looked at where they lie; exact floats; and the budget of arithmetic on large ints.

use std::borrow::Cow;

use dashu_int::{IBig, Sign, UBig};

use super::convert::{FromArg, IntoValue, Place};
use super::cx::Cx;
use crate::raised::Res;
use crate::types::float::{float_of, is_exact_float, repr_text};
use crate::types::int::{Num, is_exact_int, is_int, magnitude_bits, scratch, view};
use crate::value::Value;

/// An int, a bool, or an instance of a subclass of int. As a parameter it takes what has an `__index__` (runs Python; `TypeError`).
///
/// It owns a reference to the object and copies no digits: an int never changes.
pub struct Int(Value);

impl Int {
    /// The value as one, if it is one.
    #[inline]
    pub fn of(value: &Value) -> Option<Int> {
        if is_int(value) { Some(Int(value.clone())) } else { None }
    }
    /// Whether a value is exactly an int: neither a bool nor of another subclass.
    #[inline]
    pub fn is_exact(value: &Value) -> bool {
        is_exact_int(value)
    }
    /// The number of a value that is exactly an int, if it fits.
    #[inline]
    pub fn exact_small(value: &Value) -> Option<i64> {
        match view(value) {
            Some(Num::Small(n)) if is_exact_int(value) => Some(n),
            _ => None,
        }
    }
    /// The value as one, if it is exactly an int or a bool: nothing of Python's can override what is done with it.
    #[inline]
    pub fn plain(value: &Value) -> Option<Int> {
        let plain = is_exact_int(value) || (value.word().is_special() && is_int(value));
        if plain { Some(Int(value.clone())) } else { None }
    }
    #[inline]
    fn number(&self) -> Num<'_> {
        view(&self.0).unwrap_or(Num::Small(0))
    }
    /// The number, if it fits.
    #[inline]
    pub fn small(&self) -> Option<i64> {
        match self.number() {
            Num::Small(n) => Some(n),
            Num::Big(_) => None,
        }
    }
    /// Whether it is below zero.
    #[inline]
    pub fn is_negative(&self) -> bool {
        self.number().is_negative()
    }
    /// Whether it is zero.
    #[inline]
    pub fn is_zero(&self) -> bool {
        self.number().is_zero()
    }
    /// Bits of its magnitude.
    #[inline]
    pub fn bits(&self) -> usize {
        self.number().bits()
    }
    /// The number: a large one is lent, a small one made.
    pub fn big(&self) -> Cow<'_, IBig> {
        self.number().big()
    }
    /// Its magnitude: that of a large number is lent, unless it is negative.
    pub fn magnitude(&self) -> Cow<'_, UBig> {
        match self.number() {
            Num::Small(n) => Cow::Owned(UBig::from(n.unsigned_abs())),
            Num::Big(n) => match n.as_ubig() {
                Some(magnitude) => Cow::Borrowed(magnitude),
                None => Cow::Owned(n.clone().into_parts().1),
            },
        }
    }
    /// The nearest float; nothing if the number is too large for one.
    pub fn to_f64(&self) -> Option<f64> {
        match self.number() {
            Num::Small(n) => Some(n as f64),
            Num::Big(n) => Some(n.to_f64().value()).filter(|x| x.is_finite()),
        }
    }
    /// The number as `m * 2**e`, `m` in [0.5, 1) and rounded to a float, for one whose float would be too large. Zero is `(0, 0)`.
    pub fn to_scaled_f64(&self) -> (f64, usize) {
        let magnitude = self.magnitude();
        let shift = self.bits().saturating_sub(64);
        let top = u64::try_from(&(&*magnitude >> shift)).unwrap_or(u64::MAX);
        let rest = shift > 0 && magnitude.trailing_zeros().is_some_and(|zeros| zeros < shift);
        // What is left out below 64 bits only says on which side of the middle between two floats the number lies.
        let rounded = (top | u64::from(rest)) as f64;
        let scaled = rounded * 0.5_f64.powi((self.bits() - shift) as i32);
        let (scaled, exponent) = if scaled < 1.0 { (scaled, self.bits()) } else { (0.5, self.bits() + 1) };
        (if self.is_negative() { -scaled } else { scaled }, exponent)
    }
    /// The object.
    pub fn value(&self) -> &Value {
        &self.0
    }
}

impl<'a> FromArg<'a> for Int {
    #[inline]
    fn from_arg(cx: &'a Cx, arg: &'a Value, _: &Place) -> Res<Int> {
        cx.to_index(arg)
    }
}

/// The number as an exact int.
impl IntoValue for Int {
    fn into_value(self, cx: &Cx) -> Res {
        cx.vm().exact_int(&self.0)
    }
}

impl IntoValue for UBig {
    #[inline]
    fn into_value(self, cx: &Cx) -> Res {
        cx.vm().int_from_big(IBig::from_parts(Sign::Positive, self))
    }
}

impl Cx {
    /// `operator.index(value)`. Runs Python; `TypeError`.
    #[inline]
    pub fn to_index(&self, value: &Value) -> Res<Int> {
        match Int::of(value) {
            Some(int) => Ok(int),
            None => self.vm().index(value).map(Int),
        }
    }
    /// The number of a float that is not of a subclass.
    #[inline]
    pub fn exact_float(&self, value: &Value) -> Option<f64> {
        if is_exact_float(value) { float_of(value) } else { None }
    }
    /// The number of a float, of a subclass too.
    #[inline]
    pub fn float_value(&self, value: &Value) -> Option<f64> {
        float_of(value)
    }
    /// The int of a float without what stands after its point. Runs no Python; `ValueError` of a NaN, `OverflowError` of an infinity,
    /// `MemoryError`.
    #[inline]
    pub fn int_of_float(&self, x: f64) -> Res {
        self.vm().int_from_f64(x)
    }
    /// `repr(x)` of a float.
    pub fn float_text(&self, x: f64) -> String {
        repr_text(x)
    }
    /// Bits that the magnitude of a large int takes.
    pub fn bits_of(&self, number: &UBig) -> usize {
        magnitude_bits(number.as_ibig())
    }
    /// Asks whether a product, a root or the like of so many bits may be computed now, and charges a metered run for it: the arithmetic
    /// itself can neither be refused memory nor be stopped. Runs no Python; `MemoryError`, and as [`Cx::work`].
    #[inline]
    pub fn room_for_product(&self, bits: u128) -> Res<()> {
        self.vm().room_for_work(bits, scratch::PRODUCT)
    }
    /// Asks whether so many bytes outside of the heap may be taken for a while. Runs no Python; `MemoryError`.
    #[inline]
    pub fn room_for_bytes(&self, bytes: usize) -> Res<()> {
        self.vm().room_for_bytes(bytes as u128)
    }
    /// Charges a metered run for work that was done, where nothing can be raised: it is owed until other work is charged.
    #[inline]
    pub fn owe(&self, instructions: u64) {
        self.vm().owe(instructions);
    }
    /// `-value`. Runs Python; `TypeError`.
    pub fn negative(&self, value: &Value) -> Res {
        self.vm().negative(value)
    }
    /// `+value`. Runs Python; `TypeError`.
    pub fn positive(&self, value: &Value) -> Res {
        self.vm().positive(value)
    }
    /// `~value`. Runs Python; `TypeError`.
    pub fn invert(&self, value: &Value) -> Res {
        self.vm().invert(value)
    }
    /// `abs(value)`. Runs Python; `TypeError`.
    pub fn absolute(&self, value: &Value) -> Res {
        self.vm().absolute(value)
    }
}
