//! The functions of `math` that are about ints: factorials, binomials, divisors, roots.
//!
//! Long products are taken as balanced trees, so that the large multiplications meet operands of like size, and the heap is
//! asked for the result's room beforehand.

use dashu_int::ops::{Gcd, SquareRoot};
use dashu_int::{IBig, Sign, UBig};

use crate::raised::Res;
use crate::types::int::{Num, scratch, view};
use crate::value::Value;
use crate::vm::Vm;

/// The magnitude of an argument that must be an int.
fn magnitude(vm: &Vm, value: &Value) -> Res<UBig> {
    Ok(vm.index_big(value)?.into_parts().1)
}

/// Folds over the magnitudes of ints; both operands are known to be positive.
fn fold(vm: &Vm, args: &[Value], start: UBig, mut step: impl FnMut(UBig, UBig) -> Res<UBig>) -> Res {
    let mut sum = start;
    for arg in args {
        sum = step(sum, magnitude(vm, arg)?)?;
    }
    vm.int_from_big(sum.into())
}

fn gcd_of(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn big_gcd(a: UBig, b: UBig) -> UBig {
    match (u64::try_from(&a), u64::try_from(&b)) {
        (Ok(a), Ok(b)) => UBig::from(gcd_of(a, b)),
        (Ok(0), _) => b,
        (_, Ok(0)) => a,
        _ => {
            // A quadratic number of steps, of words.
            let words = (a.as_words().len() as u64).saturating_mul(b.as_words().len() as u64);
            crate::fuel::owe(words / 16);
            a.gcd(b)
        }
    }
}

pub fn gcd(vm: &Vm, args: &[Value]) -> Res {
    fold(vm, args, UBig::ZERO, |a, b| Ok(big_gcd(a, b)))
}

pub fn lcm(vm: &Vm, args: &[Value]) -> Res {
    fold(vm, args, UBig::ONE, |a, b| {
        if a.is_zero() || b.is_zero() {
            return Ok(UBig::ZERO);
        }
        vm.room_for_work((words_bits(&a) + words_bits(&b)) as u128, scratch::PRODUCT)?;
        let divisor = big_gcd(a.clone(), b.clone());
        Ok(a / divisor * b)
    })
}

fn words_bits(n: &UBig) -> usize {
    n.as_words().len() * 64
}

pub fn isqrt(vm: &Vm, value: &Value) -> Res {
    let n = vm.index_big(value)?;
    if n.sign() == Sign::Negative {
        return Err(vm.value_error("isqrt() argument must be nonnegative"));
    }
    let n = n.into_parts().1;
    vm.room_for_work(words_bits(&n) as u128, scratch::PRODUCT)?;
    vm.int_from_big(n.sqrt().into())
}

/// The product of `count` numbers, `first`, `first + step`, and so on.
fn product(first: &UBig, count: u64, step: u64) -> UBig {
    if count <= 8 {
        let mut result = UBig::ONE;
        let mut at = first.clone();
        for _ in 0..count {
            result *= &at;
            at += step;
        }
        return result;
    }
    let half = count / 2;
    let middle = first + UBig::from(half) * step;
    product(first, half, step) * product(&middle, count - half, step)
}

/// Bits of `n!`, not less than there are.
fn factorial_bits(n: u64) -> u128 {
    u128::from(n) * u128::from(64 - n.leading_zeros())
}

/// `n!`: the odd numbers of each halving of n, and a power of two.
fn factorial_of(n: u64) -> UBig {
    let (mut odd_part, mut layer, mut low) = (UBig::ONE, UBig::ONE, 3);
    for halving in (0..64 - n.leading_zeros()).rev() {
        // Odd numbers from where the last layer stopped up to n / 2^halving.
        let high = n >> halving;
        if high >= low {
            let count = (high - low) / 2 + 1;
            layer *= product(&UBig::from(low), count, 2);
            low += 2 * count;
        }
        odd_part *= &layer;
    }
    odd_part << (n - u64::from(n.count_ones())) as usize
}

pub fn factorial(vm: &Vm, value: &Value) -> Res {
    let n = vm.index_big(value)?;
    if n.sign() == Sign::Negative {
        return Err(vm.value_error("factorial() not defined for negative values"));
    }
    match i64::try_from(&n) {
        Ok(n) => factorial_int(vm, n as u64),
        Err(_) => Err(vm.overflow_error(format_args!("factorial() argument should not exceed {}", i64::MAX))),
    }
}

fn factorial_int(vm: &Vm, n: u64) -> Res {
    if n <= 33 {
        return vm.int_from_big((1..=u128::from(n)).product::<u128>().into());
    }
    vm.room_for_work(factorial_bits(n), scratch::PRODUCT)?;
    vm.int_from_big(factorial_of(n).into())
}

/// Arguments n and k of `comb` and `perm`.
fn pair(vm: &Vm, n: &Value, k: &Value) -> Res<(UBig, UBig)> {
    let (n, k) = (vm.index_big(n)?, vm.index_big(k)?);
    if n.sign() == Sign::Negative {
        return Err(vm.value_error("n must be a non-negative integer"));
    }
    if k.sign() == Sign::Negative {
        return Err(vm.value_error("k must be a non-negative integer"));
    }
    Ok((n.into_parts().1, k.into_parts().1))
}

/// `n * (n - 1) * ..`, k factors.
fn falling(vm: &Vm, n: &UBig, k: u64) -> Res<UBig> {
    vm.room_for_work(u128::from(k) * u128::from(bit_len(n)), scratch::PRODUCT)?;
    Ok(product(&(n - UBig::from(k) + UBig::ONE), k, 1))
}

fn bit_len(n: &UBig) -> u32 {
    view_bits(n) as u32
}

fn view_bits(n: &UBig) -> usize {
    Num::Big(n.as_ibig()).bits()
}

pub fn perm(vm: &Vm, args: &[Value]) -> Res {
    let Some(k) = args.get(1).and_then(Value::bound).filter(|k| !k.is_none()) else {
        return factorial(vm, &args[0]);
    };
    let (n, k) = pair(vm, &args[0], k)?;
    if k > n {
        return vm.int(0);
    }
    let Ok(k) = i64::try_from(IBig::from(k)) else {
        return Err(vm.overflow_error(format_args!("k must not exceed {}", i64::MAX)));
    };
    vm.int_from_big(falling(vm, &n, k as u64)?.into())
}

pub fn comb(vm: &Vm, args: &[Value]) -> Res {
    let (n, k) = pair(vm, &args[0], &args[1])?;
    if k > n {
        return vm.int(0);
    }
    let rest = &n - &k;
    let k = k.min(rest);
    let Ok(k) = i64::try_from(IBig::from(k)) else {
        return Err(vm.overflow_error(format_args!("min(n - k, k) must not exceed {}", i64::MAX)));
    };
    if let (Some(Num::Small(n)), true) = (view(&args[0]), k <= 62)
        && let Some(small) = small_comb(n as u128, k as u128)
    {
        return vm.int_from_i128(small as i128);
    }
    let numerator = falling(vm, &n, k as u64)?;
    vm.room_for_work(factorial_bits(k as u64), scratch::PRODUCT)?;
    vm.int_from_big((numerator / factorial_of(k as u64)).into())
}

/// A binomial by running products, each of which is one itself; `None` if it grows too large.
fn small_comb(n: u128, k: u128) -> Option<u128> {
    let mut result = 1u128;
    for i in 0..k {
        result = result.checked_mul(n - i)? / (i + 1);
        if result > i128::MAX as u128 {
            return None;
        }
    }
    Some(result)
}
