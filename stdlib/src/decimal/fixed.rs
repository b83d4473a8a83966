//! Exponential function and logarithm of binary fixed-point numbers: `n` of so many bits is `n / 2^bits`.
//!
//! Each result is off by less than 2^16 units of its last place.

use dashu_int::ops::{DivEuclid, DivRemEuclid};
use dashu_int::{IBig, UBig};
use ryokan_vm::native::*;

use super::State;

/// Bits that a result has beyond those that were asked for, while it is computed.
const GUARD: usize = 32;

/// Asks whether numbers of so many bits may be multiplied.
fn room(cx: &Cx, bits: usize) -> Res<()> {
    if bits < 512 { Ok(()) } else { cx.room_for_product(2 * bits as u128) }
}

/// The artanh of the reciprocal of a small number.
fn artanh_of_reciprocal(cx: &Cx, n: u32, bits: usize) -> Res<UBig> {
    let square = u64::from(n) * u64::from(n);
    let mut power = (UBig::ONE << bits) / n;
    let (mut sum, mut k) = (power.clone(), 1u64);
    loop {
        cx.work(bits as u64 / 64 + 1)?;
        power /= square;
        k += 2;
        if power.is_zero() {
            return Ok(sum);
        }
        sum += &power / k;
    }
}

/// The natural logarithm of ten. The longest one that was asked for is kept.
pub fn ln_ten(cx: &Cx, bits: usize) -> Res<IBig> {
    let state = cx.state::<State>()?;
    let kept = state.ln_ten_bits.get();
    if kept >= bits
        && let Some(number) = Int::of(&state.ln_ten.get())
    {
        return Ok(&*number.big() >> (kept - bits));
    }
    room(cx, bits)?;
    let inner = bits + GUARD;
    let part = |times: u32, n: u32| Ok(artanh_of_reciprocal(cx, n, inner)? * times);
    let sum: UBig = part(46, 31)? + part(34, 49)? + part(20, 161)?;
    let made = IBig::from(sum >> GUARD);
    state.ln_ten.set(made.clone().into_value(cx)?);
    state.ln_ten_bits.set(bits);
    Ok(made)
}

/// e to the power of a number that is not negative and less than 4.
pub fn exp(cx: &Cx, x: &UBig, bits: usize) -> Res<UBig> {
    // The argument is halved so many times, and the result squared as many times.
    let halvings = (bits as f64).sqrt() as usize + 1;
    let inner = bits + halvings + GUARD;
    // As x has `bits` and not `inner` of them, this is x / 2^halvings.
    let small = x << (inner - bits - halvings);
    let one = UBig::ONE << inner;
    let (mut sum, mut term, mut k) = (&one + &small, small.clone(), 1u32);
    loop {
        room(cx, inner)?;
        k += 1;
        term = ((&term * &small) >> inner) / k;
        if term.is_zero() {
            break;
        }
        sum += &term;
    }
    for _ in 0..halvings {
        room(cx, inner)?;
        sum = (&sum * &sum) >> inner;
    }
    Ok(sum >> (inner - bits))
}

/// The natural logarithm of a number between 0.3 and 3.3.
pub fn ln(cx: &Cx, x: &UBig, bits: usize) -> Res<IBig> {
    const FLOAT_BITS: usize = 48;
    if bits <= FLOAT_BITS {
        let ln = (x.to_f64().value() / (1u64 << bits) as f64).ln();
        return Ok(IBig::from((ln * (1u64 << bits) as f64) as i64));
    }
    cx.check_stack()?;
    // A third of the digits is known: one step of Halley's method gives all.
    let known_bits = bits / 3 + GUARD.min(bits / 6);
    let known = ln(cx, &(x >> (bits - known_bits)), known_bits)? << (bits - known_bits);
    room(cx, bits)?;
    let (sign, magnitude) = known.clone().into_parts();
    let power = exp(cx, &magnitude, bits)?;
    let (left, right) = match sign {
        dashu_int::Sign::Positive => (x.clone(), power),
        dashu_int::Sign::Negative => ((x * power) >> bits, UBig::ONE << bits),
    };
    let (left, right) = (IBig::from(left), IBig::from(right));
    let step = ((&left - &right) << (bits + 1)).div_euclid(&left + &right);
    Ok(known + step)
}

/// A number as a multiple of the logarithm of ten, and what is left: not negative, and less than that.
pub fn by_ln_ten(cx: &Cx, x: &IBig, bits: usize) -> Res<(IBig, UBig)> {
    let unit = ln_ten(cx, bits)?;
    room(cx, bits)?;
    Ok(x.div_rem_euclid(unit))
}
