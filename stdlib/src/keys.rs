//! `_ryokan_keys`: keys of passwords, which `hashlib` gives out. CPython has them from OpenSSL, as `_hashlib`.
//!
//! Both are made to take their time. They do so in pieces, without the lock, and pay for each piece before it.

use ryokan_vm::native::*;
use salsa20::SalsaCore;
use salsa20::cipher::{StreamCipherCore, typenum::U4};

use crate::hmac::{Keyed, keyed_by, known_as};

native_module! {
    /// Keys of passwords.
    "_ryokan_keys" {
        functions {
            /// A key of a password, by so many rounds of a digest (PBKDF2).
            pbkdf2_hmac(hash_name: Text, password: Buffer, salt: Buffer, iterations: &Value, dklen: &Value = &Value::NONE => "None");
            /// A key of a password that costs memory, too (RFC 7914).
            scrypt(password: Buffer, *, salt: Buffer, n: Big, r: Big, p: Big, maxmem: &Value = &Value::small(0) => "0", dklen: &Value = &Value::small(64) => "64");
        }
    }
}

/// What OpenSSL's functions take as a number.
const MOST: i64 = i32::MAX as i64;
/// So many rounds are made between two looks at budget and signals.
const ROUNDS: u64 = 1000;

/// What a round costs, in instructions.
const ROUND: u64 = 16;

/// Pays for the work to come; what signals have come in meanwhile is heeded. Runs Python.
fn pay(cx: &Cx, instructions: u64) -> Res<()> {
    cx.work(instructions)?;
    cx.check_signals()
}

/// How long the key is to be, within what the system's numbers hold.
fn length_of(cx: &Cx, length: &Value) -> Res<Option<usize>> {
    let length = cx.long(length)?;
    Ok(usize::try_from(length).ok().filter(|_| (1..=MOST).contains(&length)))
}

fn pbkdf2_hmac(cx: &Cx, hash_name: Text, password: Buffer, salt: Buffer, iterations: &Value, dklen: &Value) -> Res {
    let Some(known) = known_as(&hash_name) else {
        return Err(cx.value_error("[digital envelope routines] unsupported"));
    };
    let rounds = match cx.long(iterations)? {
        none if none < 1 => return Err(cx.value_error("iteration value must be greater than 0.")),
        many if many > MOST => return Err(cx.overflow_error("iteration value is too great.")),
        rounds => rounds as u64,
    };
    let length = match dklen {
        none if none.is_none() => known.size,
        given => match length_of(cx, given)? {
            Some(length) => length,
            None if cx.long(given)? < 1 => return Err(cx.value_error("key length must be greater than 0.")),
            None => return Err(cx.overflow_error("key length is too great.")),
        },
    };
    let salt = salt.copied(cx)?;
    let keyed = keyed_by(cx, known, &password)?;
    derive(cx, &keyed, &salt, rounds, length)?.as_slice().into_value(cx)
}

/// PBKDF2 (RFC 8018). `MemoryError`; what signals and budgets raise.
fn derive(cx: &Cx, keyed: &Keyed, salt: &[u8], rounds: u64, length: usize) -> Res<Vector<u8>> {
    let mut key = cx.vector(length)?;
    for number in 1u32.. {
        cx.work_on_bytes(salt.len())?;
        let mut first = keyed.copy();
        first.feed(salt);
        first.feed(&number.to_be_bytes());
        let mut last = first.digest();
        let (mut sum, mut left) = (last.clone(), rounds - 1);
        loop {
            let now = left.min(ROUNDS);
            pay(cx, (now + 1) * ROUND)?;
            // Few rounds are over before others could begin.
            match now {
                0 => break,
                1..100 => keyed.iterate(&mut last, &mut sum, now),
                _ => cx.blocking(|| keyed.iterate(&mut last, &mut sum, now)),
            }
            left -= now;
        }
        let missing = length - key.len();
        key.extend_from_slice(&sum[..sum.len().min(missing)]);
        if missing <= sum.len() {
            break;
        }
    }
    Ok(key)
}

// ---- scrypt ----------------------------------------------------------------------------------------------------------------

/// A number without sign. `OverflowError`, `ValueError`.
fn number(cx: &Cx, given: &Big) -> Res<u64> {
    match u64::try_from(&given.0) {
        Ok(number) => Ok(number),
        Err(_) if given.0 < dashu_int::IBig::ZERO => Err(cx.value_error("Cannot convert negative int")),
        Err(_) => Err(cx.overflow_error("Python int too large for C unsigned long")),
    }
}

/// What scrypt costs: how often it mixes, blocks of so many times 128 bytes, and so many of those.
struct Costs {
    n: u64,
    r: usize,
    p: usize,
}

impl Costs {
    /// Looks at numbers as OpenSSL does. `ValueError`.
    fn of(cx: &Cx, n: u64, r: u64, p: u64, memory: u64) -> Res<Costs> {
        let refused = |why: &str| Err(cx.value_error(format_args!("[digital envelope routines] {why}")));
        let large = u64::from(u32::MAX);
        if r == 0 || p == 0 {
            return Err(cx.value_error("Invalid parameter combination for n, r, p, maxmem."));
        }
        if r > large || p > large {
            return refused("parameter too large");
        }
        let blocks = u128::from(128 * r) * (u128::from(n) + 2 + u128::from(p));
        let short = r < 4 && n >= 1 << (16 * r);
        if r * p > (1 << 30) - 1 || short || blocks > u128::from(memory) {
            return refused("memory limit exceeded");
        }
        Ok(Costs { n, r: r as usize, p: p as usize })
    }
}

#[allow(clippy::too_many_arguments, reason = "so many it has in Python")]
fn scrypt(cx: &Cx, password: Buffer, salt: Buffer, n: Big, r: Big, p: Big, maxmem: &Value, dklen: &Value) -> Res {
    let (n, r, p) = (number(cx, &n)?, number(cx, &r)?, number(cx, &p)?);
    let most = cx.long(maxmem)?;
    let length = length_of(cx, dklen)?;
    if n < 2 || !n.is_power_of_two() {
        return Err(cx.value_error("n must be a power of 2."));
    }
    if !(0..=MOST).contains(&most) {
        return Err(cx.value_error("maxmem must be positive and smaller than 2147483647"));
    }
    let Some(length) = length else {
        return Err(cx.value_error("dklen must be greater than 0 and smaller than 2147483647"));
    };
    let costs = Costs::of(cx, n, r, p, if most == 0 { 32 << 20 } else { most as u64 })?;
    let Some(sha) = known_as("sha256") else { return Err(cx.system_error("there is no SHA-256")) };
    let salt = salt.copied(cx)?;
    let keyed = keyed_by(cx, sha, &password)?;
    let mut blocks = derive(cx, &keyed, &salt, 1, costs.p * costs.r * 128)?;
    mix_all(cx, &costs, &mut blocks)?;
    derive(cx, &keyed, &blocks, 1, length)?.as_slice().into_value(cx)
}

/// Room for so many words, which are charged already. `MemoryError` if the system has none.
fn room_for(cx: &Cx, words: usize) -> Res<Vec<u32>> {
    let mut room = Vec::new();
    match room.try_reserve_exact(words) {
        Ok(()) => Ok(room),
        Err(_) => Err(cx.raise_builtin("MemoryError", "")),
    }
}

/// Mixes every block, one after the other, in the same memory.
fn mix_all(cx: &Cx, costs: &Costs, bytes: &mut [u8]) -> Res<()> {
    let (width, n) = (32 * costs.r, costs.n as usize);
    let size = width * (n + 2);
    let _charge = cx.charge(size * 4)?;
    let mut memory = room_for(cx, width * n)?;
    let mut mixing = Mixing { block: room_for(cx, width)?, other: room_for(cx, width)?, width };
    mixing.other.resize(width, 0);
    for block in bytes.chunks_exact_mut(width * 4) {
        let (words, _) = block.as_chunks();
        mixing.block.clear();
        mixing.block.extend(words.iter().map(|word| u32::from_le_bytes(*word)));
        memory.clear();
        let piece = (1 << 16) / width + 1;
        for step in (0..2 * n).step_by(piece) {
            let steps = step..(step + piece).min(2 * n);
            pay(cx, (steps.len() * width / 4) as u64)?;
            cx.blocking(|| steps.for_each(|step| mixing.step(&mut memory, step < n, n)));
        }
        let words = mixing.block.iter().flat_map(|word| word.to_le_bytes());
        block.iter_mut().zip(words).for_each(|(byte, new)| *byte = new);
    }
    Ok(())
}

/// A block that is mixed, and the room for the next one.
struct Mixing {
    block: Vec<u32>,
    other: Vec<u32>,
    width: usize,
}

impl Mixing {
    /// Remembers the block, or mixes a remembered one into it; and mixes it.
    fn step(&mut self, memory: &mut Vec<u32>, fills: bool, n: usize) {
        if fills {
            memory.extend_from_slice(&self.block);
        } else {
            let chosen = self.block[self.width - 16] as usize & (n - 1);
            let old = &memory[chosen * self.width..(chosen + 1) * self.width];
            self.block.iter_mut().zip(old).for_each(|(word, old)| *word ^= old);
        }
        self.mix();
    }
    /// Every 64 bytes are those before, mixed with them; the even ones come first then.
    fn mix(&mut self) {
        let mut last = [0; 16];
        last.copy_from_slice(&self.block[self.width - 16..]);
        let half = self.width / 32;
        for (at, part) in self.block.chunks_exact(16).enumerate() {
            last.iter_mut().zip(part).for_each(|(word, other)| *word ^= other);
            salsa(&mut last);
            let place = at / 2 + if at % 2 == 0 { 0 } else { half };
            self.other[place * 16..][..16].copy_from_slice(&last);
        }
        std::mem::swap(&mut self.block, &mut self.other);
    }
}

/// Salsa20 of eight rounds.
fn salsa(words: &mut [u32; 16]) {
    let mut mixed = [0; 64];
    SalsaCore::<U4>::from_raw_state(*words).write_keystream_block((&mut mixed).into());
    let (parts, _) = mixed.as_chunks();
    words.iter_mut().zip(parts).for_each(|(word, part)| *word = u32::from_le_bytes(*part));
}
