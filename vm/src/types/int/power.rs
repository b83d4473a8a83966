//! `pow` of ints, with and without a modulus.

use dashu_int::fast_div::ConstDivisor;
use dashu_int::{IBig, Sign, UBig};

use super::{Num, scratch, view};
use crate::raised::Res;
use crate::value::Value;
use crate::vm::Vm;

/// The slot of `**`.
pub fn power(vm: &Vm, a: &Value, b: &Value) -> Res {
    let (Some(x), Some(y)) = (view(a), view(b)) else { return Ok(Value::NOT_IMPLEMENTED) };
    if y.is_negative() {
        // As CPython: the floats decide, and complain of zero.
        return crate::types::float::power_of(vm, vm.int_as_f64(x)?, vm.int_as_f64(y)?);
    }
    // The bases whose powers stay small, whatever the exponent.
    match (x, y) {
        (_, Num::Small(0)) => return vm.int(1),
        (Num::Small(0 | 1), _) => return vm.exact_int(a),
        (Num::Small(-1), _) => return vm.int(if is_odd(y) { -1 } else { 1 }),
        _ => {}
    }
    let Num::Small(exponent) = y else { return Err(vm.no_memory()) };
    if let (Num::Small(x), Ok(e)) = (x, u32::try_from(exponent))
        && let Some(small) = x.checked_pow(e)
    {
        return vm.int(small);
    }
    let zeros = trailing_zeros(x);
    let shifted = zeros as u128 * exponent as u128;
    let exponent = exponent as usize;
    let big = x.big();
    if zeros + 1 == x.bits() {
        // A power of two, with a sign.
        let sign = if x.is_negative() && exponent % 2 == 1 { Sign::Negative } else { Sign::Positive };
        vm.room_for_bits(shifted)?;
        return vm.int_from_big(IBig::from_parts(sign, UBig::ONE << shifted as usize));
    }
    vm.room_for_work(x.bits() as u128 * exponent as u128, scratch::SQUARE)?;
    vm.int_from_big(big.pow(exponent))
}

fn is_odd(x: Num<'_>) -> bool {
    match x {
        Num::Small(n) => n & 1 == 1,
        Num::Big(n) => n.as_sign_words().1.first().is_some_and(|w| w & 1 == 1),
    }
}

fn trailing_zeros(x: Num<'_>) -> usize {
    match x {
        Num::Small(n) => n.trailing_zeros() as usize,
        Num::Big(n) => n.trailing_zeros().unwrap_or(0),
    }
}

/// The slot of `pow(a, b, c)`.
pub fn power3(vm: &Vm, a: &Value, b: &Value, c: &Value) -> Res {
    if c.is_none() {
        return power(vm, a, b);
    }
    let (Some(x), Some(y), Some(m)) = (view(a), view(b), view(c)) else { return Ok(Value::NOT_IMPLEMENTED) };
    power_mod(vm, x, y, m)
}

/// `pow(x, y, m)`: the result has the sign of the modulus.
pub fn power_mod(vm: &Vm, x: Num<'_>, y: Num<'_>, m: Num<'_>) -> Res {
    if m.is_zero() {
        return Err(vm.value_error("pow() 3rd argument cannot be 0"));
    }
    let negative = m.is_negative();
    let bits = m.bits();
    let modulus = m.big().into_owned().into_parts().1;
    if bits == 1 {
        return vm.int(0);
    }
    vm.room_for_bits((bits as u128) * 4 + x.bits() as u128)?;
    // A square and a reduction for each bit of the exponent.
    let words = (bits / 64 + 1) as f64;
    let each = words * words.sqrt() / 8.0;
    vm.work((each * y.bits() as f64) as u64)?;
    let residue = match (u64::try_from(&modulus), y) {
        (Ok(m), Num::Small(e @ 0..)) => UBig::from(small_power_mod(residue_of(x, m), e as u64, m)),
        _ => {
            let ring = ConstDivisor::new(modulus.clone());
            let base = ring.reduce(x.big().into_owned());
            let exponent = y.big().into_owned().into_parts().1;
            let base = if y.is_negative() {
                match base.inv() {
                    Some(inverse) => inverse,
                    None => return Err(vm.value_error("base is not invertible for the given modulus")),
                }
            } else {
                base
            };
            base.pow(&exponent).residue()
        }
    };
    let result = IBig::from(residue);
    let result = if negative && !result.is_zero() { result - IBig::from(modulus) } else { result };
    vm.int_from_big(result)
}

/// `x mod m`, not negative.
fn residue_of(x: Num<'_>, m: u64) -> u64 {
    match x {
        Num::Small(n) => i128::from(n).rem_euclid(i128::from(m)) as u64,
        Num::Big(n) => {
            let (sign, magnitude) = n.clone().into_parts();
            let r = magnitude % m;
            if sign == Sign::Negative && r != 0 { m - r } else { r }
        }
    }
}

fn small_power_mod(base: u64, mut exponent: u64, m: u64) -> u64 {
    let wide = u128::from(m);
    let (mut square, mut result) = (u128::from(base), 1 % wide);
    while exponent != 0 {
        if exponent & 1 == 1 {
            result = result * square % wide;
        }
        square = square * square % wide;
        exponent >>= 1;
    }
    result as u64
}
